"""One PDF of the book, from the built site: `make pdf`.

The articles of all pages, in the order of the contents, become one document without navigation and widgets, in the
style of paper.css.  Chromium typesets its formulas and prints it, tagged and with bookmarks.  It is printed twice: the
first print tells on which page each chapter begins, the second has that in its contents.
"""

import base64
import json
import logging
import os
import re
import shutil
import subprocess
import sys
import tomllib
from html import escape
from io import BytesIO
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote

import paper_link
import yaml
from address import address_of
from bs4 import BeautifulSoup
from paper_link import NAME
from playwright.sync_api import sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, IndirectObject, NameObject

ROOT = Path(__file__).parents[2]
SITE = ROOT / "_build" / "html"
FOLDER = ROOT / "_build" / "paper"

# What a reader of paper cannot use, or need not see: a folded cell of code draws the figure that stands below it
LEFT_OUT = ", ".join((
    "script", "noscript", "button", "canvas", "input", "template", "[role=status]", ".headerlink", ".visually-hidden",
    ".toctree-wrapper", "details.hide.above-input", "details.hide > summary", ".launch", ".py-exercise-more",
    ".digit-pad > :not(.digit-pad-on-paper)"))
REFERRING = ("href", "xlink:href", "for", "aria-labelledby", "aria-describedby", "aria-controls")

# Each formula is a picture whose alternative is what its author typed.  MathJax draws letters as generated content,
# which Chromium leaves out of the tags; here they become text.
TYPESET = """async () => {
  const late = new Promise((_, give_up) => setTimeout(give_up, 120_000, new Error("no formula was typeset in 120 s")));
  await Promise.race([late, MathJax.startup.promise]);
  for (const item of MathJax.startup.document.math) {
    const shown = item.typesetRoot;
    shown.querySelector("mjx-math").removeAttribute("aria-hidden");
    shown.setAttribute("role", "img");
    shown.setAttribute("aria-label", "Formula: " + item.math.trim());
  }
  const letters = [...document.querySelectorAll("mjx-c")].map((place) => {
    const { content, padding } = getComputedStyle(place, "::before");
    return [place, content === "none" ? "" : JSON.parse(content), padding];
  });
  for (const [place, text, padding] of letters) {
    const letter = document.createElement("span");
    letter.className = "letter";
    letter.textContent = text;
    letter.style.padding = padding;
    place.replaceChildren(letter);
  }
  await document.fonts.ready;
}"""
NUMBER = """pages => {
  for (const place of document.querySelectorAll("[data-page-of]"))
    place.textContent = pages[place.dataset.pageOf] ?? "";
}"""


def main():
    logging.getLogger("pypdf").setLevel(logging.ERROR)     # it warns of how Chromium counts objects
    if not (SITE / "index.html").exists():
        sys.exit("the site is not built; run `make pdf`, which builds it first")
    FOLDER.mkdir(parents=True, exist_ok=True)
    page = FOLDER / "index.html"
    page.write_text(document(SITE), encoding="utf-8")
    finish(print_twice(page), SITE / NAME)
    paper_link.link(SITE)
    print(f"{SITE / NAME}: {len(PdfReader(SITE / NAME).pages)} pages, {(SITE / NAME).stat().st_size / 2**20:.1f} MiB")


def parts():
    """(caption, names of its pages) of each part of the contents; the first is the first page, without a caption."""
    toc = yaml.safe_load((ROOT / "book/_toc.yml").read_text(encoding="utf-8"))
    return [("", [toc["root"]]), *((part["caption"], [chapter["file"] for chapter in part["chapters"]])
                                   for part in toc["parts"])]


def document(site):
    """The whole book as one page of HTML, for paper.css."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    names = [name for _, chapters in parts() for name in chapters]
    base = address(config)
    articles = {name: article(site, name, names, base) for name in names}
    titles = {name: articles[name].h1.get_text().strip() for name in names}
    title = config["title"]
    titles[names[0]] = "About this book"
    articles[names[0]].h1.string = titles[names[0]]
    sheets = ["_static/pygments.css", *own_sheets(site, names)]
    running = "".join(f'@page {anchor(name)} {{ @top-right {{ content: "{quoted(titles[name])}" }} }}\n'
                      f"#{anchor(name)} {{ page: {anchor(name)} }}\n" for name in names)
    body = "".join(f'<section class="chapter" id="{anchor(name)}">{articles[name].decode_contents()}</section>\n'
                   for name in names)
    language = config["sphinx"]["config"]["language"]
    return f"""<!doctype html>
<html lang="{language}" data-theme="light">
<head><meta charset="utf-8"><title>{escape(title)}</title>
{"".join(f'<link rel="stylesheet" href="../html/{sheet}">' for sheet in sheets)}
<link rel="stylesheet" href="../../book/_ext/paper.css">
<style>{running}</style>
<script>window.MathJax = {json.dumps(mathjax(config))};</script>
<script defer src="../html/_static/{config["sphinx"]["config"]["mathjax_path"]}"></script>
</head>
<body>
{title_page(config)}
<nav class="contents"><h1>Contents</h1>
{"".join(f"<p>{escape(caption)}</p>" * bool(caption) + contents(chapters, titles) for caption, chapters in parts())}
</nav>
{body}</body></html>
"""


def mathjax(config):
    """The site's settings, without the second copy of each formula that it keeps for screen readers."""
    settings = config["sphinx"]["config"]["mathjax3_config"]
    wanted = [part for part in settings["loader"]["load"] if not part.startswith("a11y/")]
    return {**settings, "loader": {"load": wanted}, "options": {"processHtmlClass": "math"}}


def title_page(config):
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    site = address(config)
    icon = base64.b64encode((ROOT / config["html"]["favicon"]).read_bytes()).decode()
    return f"""<header>
<img alt="" src="data:image/svg+xml;base64,{icon}">
<p class="title">{escape(config["title"])}</p>
<p>A first course on neural networks in which everything is checked</p>
<p class="edition">Version {escape(version)}{date()}<br>
<a href="{escape(site)}">{escape(site.partition("://")[2])}</a></p>
<p class="terms">© {escape(config["copyright"])} {escape(config["author"])}. Text under CC BY 4.0, code under the BSD
3-Clause licence. Printed from the site, where quizzes answer, figures can be played with, and folded code can be
read.</p>
</header>"""


def address(config):
    """Where the site is published."""
    return config["sphinx"]["config"].get("html_baseurl") or address_of(config["repository"]["url"]).site


def date():
    """The day of the last change, where git knows it."""
    done = subprocess.run(["git", "log", "-1", "--format=%cs"], cwd=ROOT, capture_output=True, text=True, check=False)
    return f", {done.stdout.strip()}" if done.returncode == 0 and done.stdout.strip() else ""


def contents(names, titles):
    items = "".join(f'<li><a href="#{anchor(name)}">{escape(titles[name])}</a>'
                    f'<span data-page-of="{anchor(name)}">000</span></li>' for name in names)
    return f"<ol>{items}</ol>"


def anchor(name):
    """A page's name as an id: lessons/02_activations/lesson -> activations."""
    return re.sub(r"^(\d+_)?", "", name.removeprefix("lessons/").removeprefix("book/").removesuffix("/lesson"))


def quoted(text):
    """For a string in CSS."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def own_sheets(site, names):
    """The book's own style sheets that some page uses, not the theme's."""
    found = {}
    for name in names:
        text = (site / f"{name}.html").read_text(encoding="utf-8")
        for sheet in re.findall(r'<link [^>]*href="([^"]+\.css)', text):
            path = normpath(join(dirname(name), sheet))
            if (ROOT / "book" / path).is_file():
                found[path] = True
    return list(found)


def article(site, name, names, base):
    """The article of a page without what only a screen has, its ids and links fit for one document."""
    page = BeautifulSoup((site / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    found = page.select_one("article.bd-article")
    for element in found.select(LEFT_OUT):
        element.decompose()
    for listing in found.find_all("pre"):
        listing.append(BeautifulSoup("", "html.parser").new_tag("code"))
        listing.code.extend(list(listing.contents)[:-1])
    for element in found.find_all("details"):
        unfold(element)
    for element in found.select("[id]"):
        element["id"] = f"{anchor(name)}-{element['id']}"
    for element in found.find_all(True):
        for attribute in REFERRING:
            if attribute in element.attrs:
                refer(element, attribute, name, names, base)
        for attribute in ("clip-path", "style", "fill", "stroke", "mask", "filter"):
            if "url(#" in element.get(attribute, ""):
                element[attribute] = element[attribute].replace("url(#", f"url(#{anchor(name)}-")
        if element.name == "img" and not element["src"].startswith("data:"):
            element["src"] = "../html/" + normpath(join(dirname(name), element["src"]))
    return found


def unfold(details):
    """On paper nothing opens: what was folded stands there."""
    details.name = "div"
    details["class"] = [*details.get("class", []), "unfolded"]
    if details.summary:
        details.summary["class"] = [*details.summary.get("class", []), "unfolded-label"]
        details.summary.name = "div"


def refer(element, attribute, name, names, base):
    """Let an attribute that names a place in the page, or another page, name it in the document."""
    value = element[attribute]
    if attribute not in ("href", "xlink:href"):
        element[attribute] = " ".join(f"{anchor(name)}-{place}" for place in value.split())
        return
    if re.match(r"[a-z]+:", value):
        return
    path, _, place = value.partition("#")
    target = normpath(join(dirname(name), unquote(path))) if path else f"{name}.html"
    page = target.removesuffix(".html")
    if target.endswith(".html") and page in names:
        element[attribute] = f"#{anchor(page)}" + (f"-{unquote(place)}" if place else "")
    else:
        element[attribute] = base + target


def print_twice(page):
    """The PDF of a page, its contents with the numbers of pages."""
    draft, final = FOLDER / "draft.pdf", FOLDER / "final.pdf"
    options = {"tagged": True, "outline": True, "prefer_css_page_size": True, "print_background": True}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=flags())
        tab = browser.new_page()
        strangers = []
        tab.on("request", lambda request: strangers.append(request.url) if request.url.startswith("http") else None)
        tab.goto(page.as_uri())
        tab.evaluate(TYPESET)
        tab.pdf(path=draft, **options)
        places = PdfReader(draft)
        numbers = {place.lstrip("/"): places.get_destination_page_number(destination) + 1
                   for place, destination in places.named_destinations.items()}
        tab.evaluate(NUMBER, numbers)
        tab.pdf(path=final, **options)
        browser.close()
    if strangers:
        sys.exit(f"the book asks another host: {', '.join(strangers)}; paper.py should leave that out")
    return final


def chromium():
    names = (os.environ.get("CHROMIUM"), "google-chrome", "chromium", "chromium-browser", "chrome")
    found = next(filter(None, (shutil.which(name) for name in names if name)), None)
    if not found:
        sys.exit("no Chromium or Chrome was found to print with; install one, or let CHROMIUM name its executable")
    return found


def flags():
    """Of the browser: no host has an address, so nothing is fetched; files are."""
    return ["--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND", *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def finish(printed, target):
    """Tidy the tags, mark formulas as such, let readers show the book's title instead of the file's name."""
    writer = PdfWriter(clone_from=printed)
    tags = writer.root_object["/StructTreeRoot"]
    untangle(tags)
    for part in elements(tags):
        if str(part.get("/Alt", "")).startswith("Formula: "):
            part[NameObject("/S")] = NameObject("/Formula")
    writer.root_object[NameObject("/ViewerPreferences")] = DictionaryObject(
        {NameObject("/DisplayDocTitle"): BooleanObject(True)})
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    writer.add_metadata({"/Author": config["author"], "/Creator": config["title"]})
    untidy = BytesIO()
    writer.write(untidy)
    PdfWriter(clone_from=untidy).write(target)      # a copy holds what is still in use


def untangle(tags):
    """Take out the tags without a meaning, one for each run of text: they are nine of ten, and most of the file.

    What they hold goes to the tag around them, in its place; the tree of parents follows.
    """
    heirs = {}
    for part in list(elements(tags)):
        if not meaningless(part):
            kids = ArrayObject()
            for kid in listed(part.get("/K", ())):
                if isinstance(kid, DictionaryObject) and "/MCID" in kid and "/Pg" not in kid:
                    kid[NameObject("/Pg")] = part.raw_get("/Pg")
                kids += inherit(kid, part, heirs)
            part[NameObject("/K")] = kids
            shorten(part)
    for leaf in leaves(tags["/ParentTree"]):
        numbers = leaf["/Nums"]
        for index in range(1, len(numbers), 2):
            owners = numbers[index].get_object()
            if isinstance(owners, list):
                for place, owner in enumerate(owners):
                    owners[place] = heirs.get(key(owner), owner)
            else:
                numbers[index] = heirs.get(key(numbers[index]), numbers[index])


def shorten(part):
    """Marked content on the page that a tag names itself needs no more than its number."""
    kids = part["/K"]
    marked = [place for place, kid in enumerate(kids) if isinstance(kid, DictionaryObject) and "/MCID" in kid]
    if marked and "/Pg" not in part:
        part[NameObject("/Pg")] = kids[marked[0]].raw_get("/Pg")
    for place in marked:
        if key(kids[place].raw_get("/Pg")) == key(part.raw_get("/Pg")):
            kids[place] = kids[place]["/MCID"]


def inherit(kid, heir, heirs):
    """What a child adds to the tag `heir`: itself, or what it holds if it has no meaning; heirs remembers that."""
    part = kid.get_object()
    if not (isinstance(part, dict) and "/S" in part):
        return [kid]
    if not meaningless(part):
        part[NameObject("/P")] = heir.indirect_reference
        return [kid]
    heirs[key(kid)] = heir.indirect_reference
    found = []
    for inner in listed(part.get("/K", ())):
        # marked content is numbered page by page, and is on the page of the tag that holds it unless it says another
        if isinstance(inner, int):
            inner = DictionaryObject({NameObject("/Type"): NameObject("/MCR"), NameObject("/MCID"): inner})
        if isinstance(inner, DictionaryObject) and "/MCID" in inner and "/Pg" not in inner:
            inner[NameObject("/Pg")] = part.raw_get("/Pg")
        found += inherit(inner, heir, heirs)
    return found


def meaningless(part):
    return part["/S"] == "/NonStruct" and not part.keys() & {"/Alt", "/ActualText", "/ID", "/A"}


def listed(kids):
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    return list(kids) if isinstance(kids, list | tuple) else [kids]


def key(reference):
    if not isinstance(reference, IndirectObject):
        reference = getattr(reference, "indirect_reference", None)
    return reference and reference.idnum


def leaves(node):
    """The leaves of a tree of numbers."""
    node = node.get_object()
    if "/Nums" in node:
        yield node
    for kid in node.get("/Kids", ()):
        yield from leaves(kid)


def elements(root):
    """Every element of the tree of tags, in the order of reading."""
    for kid in listed(root.get_object().get("/K", ())):
        part = kid.get_object()
        if isinstance(part, dict) and "/S" in part:
            yield part
            yield from elements(part)


if __name__ == "__main__":
    main()
