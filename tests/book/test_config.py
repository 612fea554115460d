"""The book's configuration keeps its promises: strict, offline, with one place for each setting."""

import re
from pathlib import Path

import pytest
import yaml
from jupyter_book.config import get_final_config

ROOT = Path(__file__).parents[2]
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
TOC = yaml.safe_load((ROOT / "book/_toc.yml").read_text(encoding="utf-8"))
OWN_PAGES = [*sorted((ROOT / "book").glob("*.md")), *sorted(ROOT.glob("lessons/*/lesson.md"))]


@pytest.fixture(scope="module")
def sphinx_config():
    settings, _ = get_final_config(user_yaml=ROOT / "_config.yml", sourcedir=ROOT, raise_on_invalid=True,
                                   cli_config={"latex_individualpages": False})
    return settings


def toc_entries(node):
    if isinstance(node, dict):
        yield from (node[key] for key in ("root", "file") if key in node)
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from toc_entries(child)


def test_every_entry_of_the_contents_is_a_page_and_every_page_is_an_entry():
    pages = {str(page.relative_to(ROOT).with_suffix("")) for page in OWN_PAGES}
    assert set(toc_entries(TOC)) == pages


def test_a_failing_cell_stops_the_build(sphinx_config):
    assert sphinx_config["nb_execution_raise_on_error"] is True
    assert sphinx_config["nb_execution_mode"] == "cache"
    assert sphinx_config["nb_output_stderr"] == "remove-warn"


@pytest.mark.parametrize("extension", ["myst_nb", "sphinxcontrib.bibtex", "sphinx.ext.mathjax", "sphinx_design",
                                       "light_site", "inline_figures", "quiz"])
def test_the_book_loads(sphinx_config, extension):
    assert extension in sphinx_config["extensions"]


@pytest.mark.parametrize("extension", ["sphinx_thebe", "sphinx_comments", "sphinx.ext.intersphinx"])
def test_the_book_does_without_extensions_that_ask_other_hosts(sphinx_config, extension):
    assert extension not in sphinx_config["extensions"]


def test_theme_options_keep_the_repository_buttons(sphinx_config):
    options = sphinx_config["html_theme_options"]
    assert options["repository_url"] == CONFIG["repository"]["url"]
    assert options["use_repository_button"] is True
    assert options["navbar_persistent"] == []
    assert sphinx_config["html_context"]["default_mode"] == "auto"


def test_maths_comes_from_the_site_itself(sphinx_config):
    assert "//" not in sphinx_config["mathjax_path"]


def test_the_font_of_formulas_is_left_to_the_output(sphinx_config):
    parts = sphinx_config["mathjax3_config"]["loader"]["load"]
    assert not [part for part in parts if "fonts" in part], "a font that arrives before the output breaks all formulas"


@pytest.mark.parametrize("page", OWN_PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_only_the_configuration_names_the_repository(page):
    assert CONFIG["repository"]["url"] not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", OWN_PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", text)
    cards = [link + ".md" for link in re.findall(r"^:link: (?!https?:)(\S+)$", text, re.MULTILINE)]
    for link in links + cards:
        assert (page.parent / link).is_file(), f"{page.name} links to {link}, which does not exist"
    for source in re.findall(r"\{source\}`([^`]+)`", text):
        assert (ROOT / source).is_file(), f"{page.name} names the source {source}, which does not exist"


@pytest.mark.parametrize("page", OWN_PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_citations_are_in_the_bibliography(page):
    known = set(re.findall(r"^@\w+\{(\w+),", (ROOT / "book/references.bib").read_text(encoding="utf-8"), re.MULTILINE))
    cited = {key for keys in re.findall(r"\{cite:[pt]\}`([^`]+)`", page.read_text(encoding="utf-8"))
             for key in keys.split(",")}
    assert cited <= known
