"""How the site's pages become one document to print; the PDF itself is looked at in tests/book/browser/test_pdf.py."""

import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "book/_ext"))

import paper  # noqa: E402
import paper_link  # noqa: E402

LESSON = "lessons/02_activations/lesson"
NAMES = ["book/index", LESSON, "book/students"]
BASE = "https://example.org/course/"


@pytest.fixture
def article(tmp_path):
    """The article of a lesson with this body, as it is printed."""
    def read(body):
        page = tmp_path / f"{LESSON}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f'<article class="bd-article">{body}</article>', encoding="utf-8")
        return paper.article(tmp_path, LESSON, NAMES, BASE)
    return read


@pytest.mark.parametrize(("address", "printed"), [
    ("#here", "#activations-here"),
    ("../../book/students.html", "#students"),
    ("../../book/students.html#install", "#students-install"),
    ("activations.ipynb", BASE + "lessons/02_activations/activations.ipynb"),
    ("https://example.com/x", "https://example.com/x"),
])
def test_a_link_leads_to_its_place_in_the_document_or_to_the_site(article, address, printed):
    assert article(f'<a href="{address}">x</a>').a["href"] == printed


def test_ids_of_two_pages_never_meet(article):
    found = article('<p id="a">x</p><svg aria-labelledby="a b"><clipPath id="c"/><g clip-path="url(#c)"/></svg>')
    assert [element["id"] for element in found.select("[id]")] == ["activations-a", "activations-c"]
    assert found.g["clip-path"] == "url(#activations-c)"
    assert found.svg["aria-labelledby"] == "activations-a activations-b"


def test_a_quiz_is_printed_with_every_answer(article):
    found = article('<details class="quiz-option quiz-right"><summary>a logit</summary><div>Right.</div></details>')
    assert not found.find("details")
    assert found.get_text() == "a logitRight."
    assert "quiz-right" in found.div["class"]


def test_what_only_a_screen_has_is_left_out(article):
    found = article('<h2>T<a class="headerlink">#</a></h2><button>Copy</button><canvas></canvas><script>1</script>'
                    '<noscript>Allow it</noscript>'
                    '<details class="hide above-input"><summary>Show</summary>code</details>'
                    '<details class="hide below-input"><summary>Show</summary>output</details>')
    assert found.get_text() == "Toutput"


def test_pictures_are_found_from_where_the_document_lies(article):
    assert article('<img src="../../_images/a.png">').img["src"] == "../html/_images/a.png"


def test_every_page_of_the_contents_is_a_chapter_with_a_name_of_its_own():
    names = [name for _, chapters in paper.parts() for name in chapters]
    assert len({paper.anchor(name) for name in names}) == len(names)
    assert paper.anchor(LESSON) == "activations"


def tag(writer, kind, kids, **more):
    made = DictionaryObject({NameObject("/S"): NameObject(f"/{kind}"), NameObject("/K"): ArrayObject(kids),
                             **{NameObject(f"/{name}"): value for name, value in more.items()}})
    return writer._add_object(made)


def test_tags_without_a_meaning_leave_what_they_hold_in_its_place():
    writer = PdfWriter()
    pages = [writer.add_blank_page(10, 10).indirect_reference for _ in range(2)]
    first = tag(writer, "NonStruct", [NumberObject(0)], Pg=pages[0])
    second = tag(writer, "NonStruct", [NumberObject(5)], Pg=pages[1])
    strong = tag(writer, "Strong", [NumberObject(1)], Pg=pages[0])
    around = tag(writer, "NonStruct", [strong, second])
    paragraph = tag(writer, "P", [first, around])
    owners = writer._add_object(ArrayObject([first, strong]))
    others = writer._add_object(ArrayObject([second]))
    tree = DictionaryObject({NameObject("/Nums"): ArrayObject([NumberObject(0), owners, NumberObject(1), others])})
    root = DictionaryObject({NameObject("/K"): paragraph, NameObject("/ParentTree"): tree})

    paper.untangle(root)

    assert [part["/S"] for part in paper.elements(root)] == ["/P", "/Strong"]
    kids = paragraph.get_object()["/K"]
    assert kids[0] == 0
    assert kids[1].get_object()["/S"] == "/Strong"
    assert (kids[2]["/MCID"], kids[2].raw_get("/Pg")) == (5, pages[1])
    assert list(owners.get_object()) == [paragraph, strong]
    assert list(others.get_object()) == [paragraph]


def test_the_link_is_there_only_with_the_pdf(tmp_path):
    page = tmp_path / "book" / "index.html"
    page.parent.mkdir()
    page.write_text("<footer><!-- pdf --></footer>", encoding="utf-8")
    paper_link.link(tmp_path)
    assert "href" not in page.read_text(encoding="utf-8")
    (tmp_path / paper_link.NAME).write_bytes(b"0" * 1_500_000)
    for _ in range(2):      # the second time, the link is there already
        paper_link.link(tmp_path)
        links = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").find_all("a")
        assert [link["href"] for link in links] == [f"../{paper_link.NAME}"]
        assert "(1.5 MB)" in page.read_text(encoding="utf-8")
    (tmp_path / paper_link.NAME).unlink()
    paper_link.link(tmp_path)
    assert "href" not in page.read_text(encoding="utf-8")
