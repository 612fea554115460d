"""What is published besides the pages: one address for it all, a 404 page, redirects, sitemap, cards, the workflow."""

import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from types import SimpleNamespace

import matplotlib.image
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
OLD = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]
WORKFLOW = (ROOT / ".github/workflows/publish.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pages(published):
    """{name: text} of the pages that a reader sees."""
    html = published.tree / "gh-pages"
    texts = {str(page.relative_to(html)): page.read_text(encoding="utf-8") for page in html.rglob("*.html")
             if "_static" not in page.parts}
    return {name: text for name, text in texts.items() if 'http-equiv="refresh"' not in text}


def test_nothing_of_an_address_is_left_when_the_setting_changes(published):
    owner, name = OLD.rsplit("/", 2)[1:]
    old = re.compile(rf"github\.com/{owner}|{owner}\.github\.io|/{owner}/{name}|/{name}/", re.IGNORECASE)
    files = [path for path in published.tree.rglob("*") if path.is_file()]
    assert len(files) > 100
    for path in files:
        found = old.search(path.read_bytes().decode("utf-8", errors="ignore"))
        assert not found, f"{path.relative_to(published.tree)} holds {found and found[0]}"


@pytest.mark.parametrize(("url", "site", "base"), [
    ("https://github.com/Ann/course", "https://ann.github.io/course/", "/course/"),
    ("https://github.com/Ann/course.git/", "https://ann.github.io/course/", "/course/"),
    ("https://github.com/Ann/ann.github.io", "https://ann.github.io/", "/"),
])
def test_the_site_s_address_follows_from_the_repository_s(extension, url, site, base):
    address = extension("address").address_of(url)
    assert (address.site, address.base) == (site, base)


@pytest.mark.parametrize("url", ["https://gitlab.com/a/b", "https://github.com/a", "github.com/a/b",
                                 "https://github.com/a/b/tree/main"])
def test_an_address_that_is_no_repository_on_github_is_refused(extension, url):
    with pytest.raises(ValueError, match=r"is https://github\.com/OWNER/NAME, got"):
        extension("address").address_of(url)


def test_an_address_of_one_s_own_wins(extension):
    config = SimpleNamespace(html_baseurl="https://digits.example/", html_title="T", project="P",
                             html_theme_options={"repository_url": "https://github.com/a/b"})
    extension("publish").derive(None, config)
    assert (config.ogp_site_url, config.notfound_urls_prefix) == ("https://digits.example/", "/")


# The 404 page

def test_the_page_not_found_works_at_any_depth(published, pages):
    html = published.tree / "gh-pages"
    text = pages["404.html"]
    base = "/another-course/"
    for target in re.findall(r'(?:href|src|action)="([^"]*)"', text):
        if not target.startswith(("#", "https://")):
            assert target.startswith(base), target
            assert (html / re.split("[?#]", target.removeprefix(base))[0]).is_file(), target
    assert f'data-content_root="{base}"' in text
    assert 'content="noindex"' in text
    assert 'rel="canonical"' not in text


def test_the_page_not_found_offers_search_and_the_lessons(pages):
    main = re.search(r"<article.*?</article>", pages["404.html"], re.DOTALL)[0]
    assert re.search(r'<form [^>]*action="/another-course/search.html"', main)
    assert re.search(r'<input [^>]*name="q"', main)
    assert len(re.findall(r'href="/another-course/lessons/\w+/lesson.html"', main)) == len(list(ROOT.glob("lessons/*")))


# Redirects

def redirects(published):
    """{file: where it leads} in the published site."""
    html = published.tree / "gh-pages"
    found = {path: re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', path.read_text(encoding="utf-8"))
             for path in html.rglob("*.html")}
    return {path: match[1] for path, match in found.items() if match}


def test_every_redirect_leads_to_a_page(published, pages):
    html = published.tree / "gh-pages"
    found = redirects(published)
    for path, target in found.items():
        leads = (path.parent / target.partition("#")[0]).resolve().relative_to(html.resolve())
        assert str(leads) in pages, f"{path.relative_to(html)} -> {target}"
    table = (ROOT / "book/redirects.txt").read_text(encoding="utf-8")
    sources = [line.split()[0] for line in table.splitlines() if line and not line.startswith("#")]
    assert {html / f"{source}.html" for source in sources} <= set(found)


def test_every_lesson_has_short_addresses(published):
    found = {str(path.relative_to(published.tree / "gh-pages")) for path in redirects(published)}
    for folder in (path.name for path in ROOT.glob("lessons/*/")):
        number, _, topic = folder.partition("_")
        assert {f"lessons/{name}/index.html" for name in (number, topic, folder)} <= found


def test_a_redirect_says_where_it_leads_to_those_without_scripts(published):
    text = (published.tree / "gh-pages/lessons/02/index.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in text
    assert '<a href="../../lessons/02_activations/lesson.html">' in text
    assert '<noscript><meta http-equiv="refresh" content="0; url=../../lessons/02_activations/lesson.html">' in text


@pytest.mark.parametrize(("line", "message"), [
    ("old", "an old address and a page are wanted, got 'old'"),
    ("old nowhere", "line 2: there is no page nowhere"),
    ("a b", "a is a page itself"),
])
def test_a_redirect_that_cannot_work_stops_the_build(extension, tmp_path, line, message):
    publish = extension("publish")
    (tmp_path / "redirects.txt").write_text(f"# old, page\n{line}\n")
    with pytest.raises(publish.ExtensionError, match=re.escape(message)):
        publish.read_table(tmp_path / "redirects.txt", {"a", "b"})


# Search engines and shared links

def test_the_sitemap_names_every_page_once(published, pages):
    text = (published.tree / "gh-pages/sitemap.xml").read_text(encoding="utf-8")
    named = re.findall(r"<loc>(.*?)</loc>", text)
    wanted = set(pages) - {"404.html", "index.html", "genindex.html", "py-modindex.html", "search.html"}
    assert sorted(named) == sorted(set(named))
    assert {name.removeprefix(published.site) for name in named} - {"index.html"} == wanted
    robots = (published.tree / "gh-pages/robots.txt").read_text(encoding="utf-8")
    assert f"Sitemap: {published.site}sitemap.xml" in robots
    assert "Disallow: /another-course/pr-preview/" in robots


def test_a_page_says_which_address_is_its_own(published, pages):
    for name in pages:
        if name not in ("404.html", "index.html"):
            assert f'<link rel="canonical" href="{published.site}{name}" />' in pages[name], name


def tags(text):
    return {name: unescape(content) for name, content
            in re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)" />', text)}


def test_a_shared_link_shows_a_card_of_its_own_with_a_text_for_it(published, pages):
    cards = set()
    for name in (name for name in pages if name.startswith(("book/", "lessons/"))):
        shown = tags(pages[name])
        card = published.tree / "gh-pages" / shown["og:image"].removeprefix(published.site)
        assert matplotlib.image.imread(card).shape[:2] == (630, 1200), name
        assert (shown["og:image:width"], shown["og:image:height"]) == ("1200", "630")
        assert shown["og:title"] in shown["og:image:alt"]
        assert shown["twitter:card"] == "summary_large_image"
        assert shown["og:url"] == f"{published.site}{name}"
        assert shown["description"] == shown["og:description"] != ""
        assert pages[name].count('name="description"') == 1
        cards.add(card)
    assert set((published.tree / "gh-pages/_images/cards").iterdir()) == cards
    assert max(card.stat().st_size for card in cards) < 150_000


def test_a_card_is_drawn_again_only_when_its_text_changed(extension, tmp_path, monkeypatch):
    cards, drawn = extension("cards"), []

    def draw(path, *texts):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        drawn.append(texts)

    monkeypatch.setattr(cards, "draw", draw)
    for title, times in (("One", 1), ("One", 1), ("Two", 2)):
        config = SimpleNamespace(ogp_site_name="Book", html_baseurl="https://example.org/")
        app = SimpleNamespace(config=config, outdir=tmp_path, builder=SimpleNamespace(format="html"),
                              env=SimpleNamespace(titles={"a/b": cards.nodes.title("", title)}))
        doctree = cards.nodes.section("", cards.nodes.paragraph("", f"{title} says this."))
        context = {"meta": None, "metatags": ""}
        cards.name_card(app, "a/b", "page.html", context, doctree)
        assert len(drawn) == times
    assert context["meta"]["og:image:alt"] == "Two. Two says this."


@pytest.mark.parametrize("name", ["00", "08", None])
@pytest.mark.parametrize("title", ["Rebuild", "How Keras differs from the textbook", "Preprocessing and whatever more"])
def test_what_a_card_says_fits_on_it(extension, tmp_path, name, title):
    cards = extension("cards")
    cards.draw(tmp_path / "card.png", title, "Words that go on " * 30, "Book", name)
    ink = matplotlib.image.imread(tmp_path / "card.png")[:-20, :, 0] < 0.9
    assert not ink[:, -30:].any(), "runs over the right edge"
    below = slice(480, 515) if name else slice(350, 366)      # above the name of the book, above the row of digits
    assert not ink[below].any(), "runs into what is below"


# The workflow

def test_the_site_is_served_with_the_folders_that_begin_with_an_underscore(published):
    assert (published.tree / "gh-pages/.nojekyll").exists()
    assert "include-hidden-files: true" in WORKFLOW


def test_the_workflow_asks_for_no_right_that_it_does_not_need():
    jobs = yaml.safe_load(WORKFLOW)["jobs"]
    assert yaml.safe_load(WORKFLOW)["permissions"] == {}
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "build": {"contents": "read"}, "publish": {"contents": "write"}, "preview": {"contents": "write"},
        "remove-preview": {"contents": "write"}}
    for name in ("publish", "preview", "remove-preview"):
        commands = [step.get("run", "") for step in jobs[name]["steps"]]
        assert not any("make" in command.split() for command in commands), "who may write builds nothing"
    for name in ("preview", "remove-preview"):
        assert "head.repo.full_name == github.repository" in jobs[name]["if"], "a fork's run may not write"


def test_the_workflow_runs_the_gates_first_and_publishes_every_folder_of_the_tree(published):
    jobs = yaml.safe_load(WORKFLOW)["jobs"]
    made = [step["run"] for step in jobs["build"]["steps"] if step.get("run", "").startswith("make")]
    assert made == ["make check-book", "make site"]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert all(re.search(rf"^{line.split()[1]}:", makefile, re.MULTILINE) for line in made)
    sent = re.findall(r"publish\.sh _build/site/(\S+) (\S+)\n", WORKFLOW)
    assert {pair for pair in sent if pair[0] == pair[1]} == {(folder.name,) * 2 for folder in published.tree.iterdir()}


@pytest.fixture
def remote(tmp_path):
    """publish(folder, branch, below="") and files(branch), on a repository that a clone pushes to."""
    def git(*words, cwd=tmp_path / "clone"):
        return subprocess.run(["git", *words], cwd=cwd, check=True, capture_output=True, text=True).stdout

    git("init", "--quiet", "--bare", "remote", cwd=tmp_path)
    git("clone", "--quiet", "remote", "clone", cwd=tmp_path)
    git("config", "user.name", "a")
    git("config", "user.email", "a@example.org")
    git("commit", "--quiet", "--allow-empty", "-m", "a")
    git("push", "--quiet", "origin", "HEAD:main")

    def publish(texts, branch, below=""):
        folder = tmp_path / "made"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, text in texts.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        subprocess.run(["bash", ROOT / ".github/publish.sh", folder, branch, *([below] if below else [])],
                       cwd=tmp_path / "clone", check=True, capture_output=True)

    def files(branch):
        return git("ls-tree", "-r", "--name-only", branch, cwd=tmp_path / "remote").split()

    def commits(branch):
        return int(git("rev-list", "--count", branch, cwd=tmp_path / "remote"))

    return SimpleNamespace(publish=publish, files=files, commits=commits)


def test_a_branch_becomes_what_the_folder_holds_and_keeps_its_previews(remote):
    remote.publish({"index.html": "1", ".nojekyll": "", "_static/a.js": "1"}, "gh-pages")
    assert remote.files("gh-pages") == [".nojekyll", "_static/a.js", "index.html"]
    remote.publish({"index.html": "2"}, "gh-pages", "pr-preview/pr-7")
    remote.publish({"index.html": "3"}, "gh-pages", "pr-preview/pr-8")
    remote.publish({"index.html": "4", "new.html": ""}, "gh-pages")
    assert remote.files("gh-pages") == ["index.html", "new.html", "pr-preview/pr-7/index.html",
                                        "pr-preview/pr-8/index.html"]
    remote.publish({}, "gh-pages", "pr-preview/pr-7")
    assert remote.files("gh-pages") == ["index.html", "new.html", "pr-preview/pr-8/index.html"]


def test_a_branch_does_not_move_where_nothing_changed(remote):
    for text, commits in (("1", 2), ("1", 2), ("2", 3)):
        remote.publish({"a.ipynb": text}, "notebooks")
        assert remote.commits("notebooks") == commits
