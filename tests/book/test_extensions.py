"""The book's own extensions, each built into a one-page site: quiz, figures that follow the theme, source links."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sphinx.testing.util import SphinxTestApp

ROOT = Path(__file__).parents[2]

CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book/_ext")!r})
extensions = ["myst_parser", "light_site", "inline_figures", "quiz"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
root_doc = "book/index"
language = "en"
html_theme = "basic"
html_title = "A site"
mathjax_path = "mathjax/startup.js"
mathjax3_config = {{"loader": {{"load": ["core", "input/tex", "output/chtml"]}}}}
"""

QUIZ = """# Page

:::{quiz} Which may be *negative*?
( ) a probability
: It lies between 0 and 1.

(x) a logit $z$
: Any real number.

  And a second paragraph.
:::
"""


SVG = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="72pt" height="36pt" viewBox="0 0 72 36"
 xmlns="http://www.w3.org/2000/svg" version="1.1"><metadata>who made it</metadata>
<defs><path id="p" d="M 0 0 L 1 1" style="stroke: #010101"/><clipPath id="c"/></defs>
<g clip-path="url(#c)"><use xlink:href="#p"/></g></svg>
"""


@pytest.fixture
def build(tmp_path):
    """A function that builds one page and returns the site's folder, the page and the warnings."""
    apps = []

    def build(text, **files):
        source = tmp_path / "source"
        (source / "book").mkdir(parents=True)
        (source / "conf.py").write_text(CONF, encoding="utf-8")
        (source / "book/index.md").write_text(text, encoding="utf-8")
        (source / "jupyter_execute").mkdir()
        for name, content in files.items():
            (source / "jupyter_execute" / f"{name}.svg").write_text(content, encoding="utf-8")
        app = SphinxTestApp(srcdir=source, builddir=tmp_path / "out")
        apps.append(app)
        app.config.html_theme_options = {"repository_url": "https://example.org/course", "repository_branch": "main"}
        app.build()
        site = Path(app.outdir)
        return site, (site / "book/index.html").read_text(encoding="utf-8"), app.warning.getvalue()
    yield build
    for app in apps:
        app.cleanup()


def fragment(page, start, end):
    """The part of a page from start up to end, parsed, so it has to be well-formed."""
    begin = page.index(start)
    return ElementTree.fromstring(page[begin:page.index(end, begin)])


def test_a_quiz_is_a_named_group_that_needs_no_script(build):
    _, page, warnings = build(QUIZ)
    assert warnings == ""
    quiz = fragment(page, '<div aria-labelledby="', "</section>")
    assert quiz.get("role") == "group"
    named = [node for node in quiz.iter() if node.get("id") == quiz.get("aria-labelledby")]
    assert ["".join(node.itertext()) for node in named] == ["Which may be negative?"]
    options = quiz.findall("details")
    assert [option.get("class") for option in options] == ["quiz-option", "quiz-option quiz-right"]
    assert ["".join(option.find("summary").itertext()) for option in options] == ["a probability", "a logit \\(z\\)"]


def test_every_option_of_a_quiz_answers_in_words(build):
    _, page, _ = build(QUIZ)
    wrong, right = fragment(page, '<div aria-labelledby="', "</section>").findall("details")
    assert "".join(wrong.find("div").itertext()).strip() == "Not this one. It lies between 0 and 1."
    paragraphs = ["".join(node.itertext()) for node in right.find("div")]
    assert paragraphs == ["Right. Any real number.", "And a second paragraph."]


@pytest.mark.parametrize(("body", "reason"), [
    ("( ) one\n: no\n\n( ) two\n: no", "no option is right"),
    ("(x) one\n: yes\n\n(x) two\n: yes", "two options are right"),
    ("(x) one\n: yes", "there is only one option"),
    ("(x) one\n: yes\n\ntwo\n: not marked", "an option is not marked"),
])
def test_a_quiz_that_cannot_work_stops_a_strict_build(build, body, reason):
    _, page, warnings = build(f"# Page\n\n:::{{quiz}} Which?\n{body}\n:::\n")
    assert "exactly one (x)" in warnings, reason
    assert "<details" not in page


def test_a_plot_becomes_part_of_the_page_in_the_page_s_ink(build):
    _, page, warnings = build("# Page\n\n![A line & a corner](/jupyter_execute/plot.svg)\n", plot=SVG)
    assert warnings == ""
    svg = fragment(page, "<svg", "</p>")
    assert (svg.get("role"), svg.get("aria-label")) == ("img", "A line & a corner")
    assert "#010101" not in page
    assert "stroke: currentColor" in page
    assert "who made it" not in page


def test_two_plots_in_a_page_share_no_ids(build):
    _, page, _ = build("# Page\n\n![One](/jupyter_execute/a.svg) ![Two](/jupyter_execute/b.svg)\n", a=SVG, b=SVG)
    ids = re.findall(r'<(?:path|clipPath) id="([^"]+)"', page)
    assert len(ids) == len(set(ids)) == 4
    assert set(re.findall(r'href="#([^"]+-p)"', page)) == {name for name in ids if name.endswith("-p")}
    assert set(re.findall(r"url\(#([^)]+)\)", page)) == {name for name in ids if name.endswith("-c")}


def test_a_source_link_is_made_from_the_one_address(build):
    _, page, _ = build("# Page\n\n{source}`book/index.md`\n")
    assert 'href="https://example.org/course/blob/main/book/index.md"' in page


def test_a_link_to_a_missing_source_is_a_warning(build):
    _, _, warnings = build("# Page\n\n{source}`solutions/nowhere.py`\n")
    assert "no such file in the repository: solutions/nowhere.py" in warnings


def test_the_site_s_first_page_has_a_language_a_title_and_a_link(build):
    site, _, _ = build("# Page\n")
    first = (site / "index.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in first
    assert "<title>A site</title>" in first
    assert '<a href="book/index.html">' in first


def test_maths_is_typeset_by_a_script_of_the_site_s_own(build):
    site, page, _ = build("# Page\n\n$z$\n")
    script = re.search(r'<script [^>]*src="\.\./([^"?]*mathjax[^"?]*)', page)[1]
    assert (site / script).is_file()
    announced = re.findall(r'rel="preload" as="script" href="\.\./_static/mathjax/([^"]+)"', page)
    assert announced == ["core.js", "input/tex.js", "output/chtml.js", "output/chtml/fonts/tex.js"]
    assert all((site / "_static/mathjax" / name).is_file() for name in announced)
    assert len(list((site / "_static/mathjax/output/chtml/fonts/woff-v2").glob("*.woff"))) > 20
