"""The PDF that `make pdf` printed: tagged, with bookmarks, readable aloud and by machines."""

import logging
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

ROOT = Path(__file__).parents[3]
SITE = ROOT / "_build" / "html"
sys.path.insert(0, str(ROOT / "book/_ext"))

import paper  # noqa: E402


@pytest.fixture(scope="module")
def pdf():
    if not (SITE / paper.NAME).exists():
        pytest.skip("the book was not printed; `make check-book` and `make pdf` print it")
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    return PdfReader(SITE / paper.NAME)


@pytest.fixture(scope="module")
def texts(pdf):
    return [page.extract_text() for page in pdf.pages]


@pytest.fixture(scope="module")
def tags(pdf):
    return list(paper.elements(pdf.root_object["/StructTreeRoot"]))


@pytest.fixture(scope="module")
def titles():
    """The titles of all chapters, as the contents have them."""
    return [element.get_text() for element in paper_contents().select(".contents a")]


def paper_contents():
    return paper.BeautifulSoup(paper.document(SITE), "html.parser")


def test_it_is_tagged_and_says_its_language_and_title(pdf):
    root = pdf.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title == "Graded Digits"


def test_every_chapter_has_a_bookmark_that_leads_to_its_page(pdf, texts, titles):
    marks = {mark.title.strip(): pdf.get_destination_page_number(mark)
             for mark in pdf.outline if not isinstance(mark, list)}
    assert set(titles) <= set(marks)
    for title in titles:
        assert title in " ".join(texts[marks[title]].split())


def test_the_contents_tell_the_right_pages(pdf, texts, titles):
    marks = {mark.title.strip(): pdf.get_destination_page_number(mark) + 1
             for mark in pdf.outline if not isinstance(mark, list)}
    lines = [" ".join(line.split()) for line in texts[1].splitlines()]
    told = " ".join(lines)
    for title in titles:
        assert f"{title} {marks[title]}" in told


def test_no_page_is_blank(texts):
    for number, text in enumerate(texts, 1):
        assert len(text.split()) > 3, f"page {number} is blank"


def test_figures_and_formulas_have_a_text(tags):
    figures = [tag for tag in tags if tag["/S"] == "/Figure"]
    formulas = [tag for tag in tags if tag["/S"] == "/Formula"]
    assert len(figures) > 30
    assert len(formulas) > 300
    assert all(str(tag.get("/Alt", "")).strip() for tag in figures + formulas)


def test_tables_headings_and_lists_are_tagged_as_such(tags):
    kinds = {tag["/S"] for tag in tags}
    assert {"/H1", "/H2", "/Table", "/TH", "/L", "/LI", "/Link", "/Code"} <= kinds
    assert "/NonStruct" not in kinds


def test_a_formula_can_be_copied_as_text(texts):
    assert any("z=xW+b" in "".join(text.split()) for text in texts)


def test_every_link_within_the_book_has_a_target(pdf):
    targets = {name.lstrip("/") for name in pdf.named_destinations}
    wanted = set()
    for page in pdf.pages:
        for annotation in page.get("/Annots", ()):
            place = annotation.get_object().get("/Dest")
            if isinstance(place, str):
                wanted.add(place.lstrip("/"))
    assert len(wanted) > 100
    assert wanted <= targets


def test_no_link_leads_into_the_machine_that_printed_it(pdf):
    for page in pdf.pages:
        for annotation in page.get("/Annots", ()):
            action = annotation.get_object().get("/A") or {}
            assert str(action.get("/URI", "https:")).startswith(("https:", "http:"))


def test_the_site_links_to_it(page, site, pdf):
    page.goto(f"{site}/lessons/02_activations/lesson.html")
    link = page.get_by_role("link", name="The whole book as a PDF")
    answer = page.request.get(page.evaluate("a => a.href", link.element_handle()))
    assert answer.status == 200
    assert answer.body().startswith(b"%PDF")
