"""The whole book, built as strictly as for publication: the slowest test of this folder."""

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml

ROOT = Path(__file__).parents[2]
REPOSITORY = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]["url"]
LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


class Loads(HTMLParser):
    """What a page asks for when it opens."""

    def __init__(self):
        super().__init__()
        self.addresses = []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in LOADED and attrs.get(LOADED[tag]) and attrs.get("rel") not in ("canonical", "next", "prev"):
            self.addresses.append(attrs[LOADED[tag]])


class Links(HTMLParser):
    """Where the links of a page lead, and the places in it that a link can name."""

    def __init__(self):
        super().__init__()
        self.targets, self.places = [], set()

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.places |= {attrs[name] for name in ("id", "name") if attrs.get(name)}
        if tag == "a" and attrs.get("href"):
            self.targets.append(attrs["href"])


def file_of(site, page, address):
    """The file that an address in a page leads to; the 404 page gives them from the host's root."""
    base = f"/{REPOSITORY.rpartition('/')[2]}/"
    start, address = (site, address.removeprefix(base)) if address.startswith(base) else (page.parent, address)
    return start / unquote(address)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("book")
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(ROOT),
               "--toc", str(ROOT / "book/_toc.yml"), "--path-output", str(out), "-W", "--keep-going"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "MNIST_PATH": ""})
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return out / "_build" / "html"


@pytest.fixture(scope="module")
def pages(site):
    return {str(page.relative_to(site)): page.read_text(encoding="utf-8") for page in site.rglob("*.html")
            if "_static" not in page.parts}


def test_pages_load_nothing_from_other_hosts(site, pages):
    for name, text in pages.items():
        loads = Loads()
        loads.feed(text)
        for address in loads.addresses:
            assert not re.match(r"(https?:)?//", address), f"{name} asks {address}"
            address = re.split("[?#]", address)[0]
            assert file_of(site, site / name, address).exists(), f"{name} asks for {address}"


def test_every_link_leads_to_a_page_a_place_or_a_file_that_exists(site, pages):
    parsed = {}
    for name, text in pages.items():
        parsed[site / name] = links = Links()
        links.feed(text)
    broken = []
    for page, links in parsed.items():
        for target in links.targets:
            address, _, place = target.partition("#")
            inside = re.match(rf"{re.escape(REPOSITORY)}/(?:blob|tree|edit)/[^/]+/(.+)", address)
            if inside:
                missing = not (ROOT / unquote(inside[1])).exists()
            elif re.match(r"https?://|mailto:", address):
                missing = "." not in address.partition("://")[2] and not address.startswith("mailto:")
            else:
                file = file_of(site, page, address).resolve() if address else page
                missing = not file.is_file() or (place and file in parsed and unquote(place) not in parsed[file].places)
            if missing:
                broken.append(f"{page.relative_to(site)} -> {target}")
    assert broken == []


def test_outputs_show_no_warnings_and_no_machine(pages):
    for name, text in pages.items():
        if name.endswith("/lesson.html"):
            assert not re.search(r"WARNING|Traceback|TF-TRT|oneDNN|cuda", text), name
            outputs = re.findall(r'<div class="output .*?</pre>', text, re.DOTALL)
            assert outputs, name
            assert not [output for output in outputs if "np.float" in output], f"{name} shows a number as NumPy does"
        assert str(ROOT) not in text, name


def test_figures_are_inlined_and_named(pages):
    lesson = pages["lessons/02_activations/lesson.html"]
    figures = re.findall(r'<svg class="figure" role="img" aria-label="([^"]+)"', lesson)
    assert len(figures) == 4
    assert ".svg\"" not in re.search(r"<article.*</article>", lesson, re.DOTALL)[0]


def test_every_page_has_a_language_and_a_title(pages):
    for name, text in pages.items():
        assert re.search(r'<html lang="en"', text), name
        assert re.search(r"<title>.*\S.*</title>", text), name


def test_the_icon_script_that_no_page_needs_is_gone(site, pages):
    assert not (site / "_static/scripts/fontawesome.js").exists()
    assert not any("fontawesome.js" in text for text in pages.values())


def test_the_notebook_of_a_lesson_can_be_downloaded(site, pages):
    link = re.search(r'href="([^"]+\.ipynb)" download', pages["lessons/02_activations/lesson.html"])[1]
    text = (site / "lessons/02_activations" / link).read_text(encoding="utf-8")
    assert json.loads(text)["cells"]
    assert str(ROOT) not in text
    assert "(not measured)" not in text
