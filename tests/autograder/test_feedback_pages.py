"""Pages that people open: nbgrader's feedback and formgrader pages, made from notebooks that hold a stranger's text.

The course's own configuration sanitises pages (`sanitize_html`); here they are made without it, as other courses do.
"""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import nbgrader
import pytest
from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from traitlets.config import Config

from autograder import notebook

FORMGRADER = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader"
TEMPLATES = {"feedback": "html", "formgrade": "html.j2"}
SECRET = "the_hidden_answer"
CELLS = f"""
#: solution
x = 1
#: check 2
assert x == 1
### BEGIN HIDDEN TESTS
assert x == {SECRET!r}
### END HIDDEN TESTS
"""
# What fetches something when a page is opened, or runs something in it
FETCHES = {"src", "srcset", "poster", "background", "data", "codebase", "archive", "manifest", "ping", "lowsrc"}
LINKS, CODE_SCHEMES = {"href", "xlink:href", "action", "formaction"}, {"javascript", "vbscript", "data", "blob"}
ACTIVE = {"script", "iframe", "frame", "object", "embed", "applet", "form", "base", "meta", "link", "style", "svg",
          "math", "template", "video", "audio", "source", "track", "portal", "img", "image", "input", "button"}


class Page(HTMLParser):
    """Tags and text of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple((key, value or "") for key, value in attrs)))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return "".join(self.words)

    def live(self):
        """What runs, loads, submits or decorates: tags of that kind, handlers, fetched addresses, links with code."""
        found = [(tag, attrs) for tag, attrs in self.tags if tag in ACTIVE]
        for tag, attrs in self.tags:
            for key, value in attrs:
                scheme = re.sub(r"[\x00-\x20]", "", value).partition(":")[0].lower()
                if (key.startswith("on") or key in FETCHES or (key == "style" and "(" in value)
                        or (key in LINKS and scheme in CODE_SCHEMES)):
                    found.append((tag, ((key, value),)))
        return found


@pytest.fixture(scope="module")
def instructor(make):
    cells = make.cells(CELLS)
    return make.source([*cells, make.cell("manual", "Essay.", "manual1", 5, cell_type="markdown")])


@pytest.fixture(scope="module")
def page(make, instructor):
    """The page of a submission: `page(markdown, code, outputs)`, the texts in every place where a student's can be."""
    exporters = {}
    for template in TEMPLATES:
        config = Config()
        config.HTMLExporter.template_name = template
        config.HTMLExporter.extra_template_basedirs = [str(FORMGRADER / "templates")]
        config.HTMLExporter.extra_template_paths = [
            str(FORMGRADER / "static" / "node_modules" / "bootstrap" / "dist" / "css")]
        config.HTMLExporter.preprocessors = [CSSHTMLHeaderPreprocessor]
        exporters[template] = HTMLExporter(config=config)

    def render(markdown="", code="", output=(), note="", template="feedback"):
        submitted = [*make.answered(instructor, {"solution1": code, "manual1": markdown}),
                     make.cell("text", markdown), make.cell("free", code)]
        steps = notebook.merge(instructor, [{"cell_type": c["cell_type"], "source": c["source"],
                                             "grade_id": notebook.grade_id_of(c)} for c in submitted])
        outputs = {number: list(output) for number in range(len(steps))}
        made = nbformat.reads(notebook.graded_notebook(instructor, steps, outputs, note=note), as_version=4)
        for cell in made.cells:
            if "nbgrader" in cell.metadata:
                cell.metadata.nbgrader |= {"score": 0, "points": 2, "comment": ""}
        grades = {"notebook": "work", "score": 0, "max_score": 7, "late_penalty": 0}
        resources = {"nbgrader": grades, "base_url": "", "index": 0, "total": 1, "notebook_id": "work",
                     "submission_id": "1", "assignment_id": "ps1", "student": "ada", "notebook_path": "work.ipynb",
                     "last_name": "", "first_name": ""}
        return Page(exporters[template].from_notebook_node(made, resources=resources)[0])
    return render


MARKDOWN = {
    "script": "<script>alert(1)</script>", "handler": "<img src=x onerror=alert(1)>", "svg": "<svg/onload=alert(1)>",
    "comment": "<!-- --><iframe src=x></iframe>", "cdata": "<![CDATA[<img src=x>]]>",
    "odd": "<\nscript>alert(1)</script>",
    "upper case": "<ScRiPt>alert(1)</ScRiPt>", "unfinished": "<img src=x onerror=alert(1) ", "escaped": r"\<script>",
    "in code": "`<script>alert(1)</script>`", "in a fence": "```\n<script>alert(1)</script>\n```",
    "in a diagram": "```mermaid\n<img src=x onerror=alert(1)>\n```",
    "fence with a handler": '```x"onload=alert(1)\nx\n```',
    "in maths": "$<img src=x onerror=alert(1)>$", "entities": "&lt;script&gt;alert(1)&lt;/script&gt;",
    "heading": "# <x\" onmouseover=\"alert(1)", "title": '[x](http://a.example "t\\" onclick=\\"alert(1)")',
    "address": '[x](http://a.example/"onclick="alert(1))', "alt": '[x" onerror="alert(1)](plot.png)',
    "link": "[x](javascript:alert(1))", "link in entities": "[x](&#106;avascript&colon;alert(1))",
    "link behind files": "[x](files/javascript:alert(1))", "link with a break": "[x](java\\\nscript:alert(1))",
    "link by reference": "[x]\n\n[x]: javascript:alert(1)",
    "link on the next line": "[x]\n\n[x]:\n  javascript:alert(1)",
    "link in a quote": "> [x]: javascript:alert(1)\n\n[x]", "data": "[x](data:text/html,<script>alert(1)</script>)",
    "base": "<base href=//evil.example>", "form": "<form action=//evil.example><button>", "style": "<style>*{}</style>",
    "link behind a space": "[x](< javascript:alert(1)>)",
    "refresh": "<meta http-equiv=refresh content='0;url=//evil.example'>",
}
PICTURES = {
    "inline": "![a](http://evil.example/a.png)", "secure": "![a](https://evil.example/a.png)",
    "no scheme": "![a](//evil.example/a.png)", "backslashes": "![a](\\\\evil.example/a.png)",
    "angles": "![a](<http://evil.example/a.png>)", "title": '![a](http://evil.example/a.png "t")',
    "white space": "![a](\thttp://evil.example/a.png)", "reference": "![a][1]\n\n[1]: http://evil.example/a.png",
    "short reference": "![a]\n\n[a]: //evil.example/a.png", "empty reference": "![a][]\n\n[a]: http://evil.example/a.png",
    "path as reference": "![a][b](plot.png)\n\n[b]: http://evil.example/a.png",
    "broken path": "![a](plot.png\n\n[a]: http://evil.example/a.png",
    "in a link": "[![a](http://evil.example/a.png)](http://evil.example)",
    "in a table": "|a|\n|-|\n|![](//evil.example/a)|",
    "in a list": "- ![](//evil.example/a)", "in a definition": "term\n: ![](//evil.example/a)",
    "in a heading": "# ![](//evil.example/a)", "behind a backslash": "\\\\![](//evil.example/a)",
    "two marks": "!![](//evil.example/a)", "nested": "![![](//evil.example/a)](//evil.example/b)",
    "of the server": "![](/logout)", "of the folder above": "![](../../../hub/logout)", "query": "![](?delete=1)",
    "data": "![](data:image/svg+xml,<svg onload=alert(1)>)", "HTML": "<img src=//evil.example/a.png>",
    "picture in HTML": "<picture><source srcset=//evil.example/a.png></picture>",
}
TEX = [r"\href{javascript:alert(1)}{x}", r"\mmlToken{mi}[href=javascript:alert(1)]{x}", r"\require{html}", r"\url{x}",
       r"\style{background:url(//evil.example)}{x}", r"\bbox[background:url(//evil.example)]{x}", r"\class{x}{y}",
       r"\cssId{x}{y}"]
CODE = ["<script>alert(1)</script>", "'''</pre></div><script>alert(1)</script>'''", "%%html\n<script>alert(1)</script>",
        "%%javascript\nalert(1)</script><script>alert(1)", "#\ud800\x00\x1b[31m<img src=x onerror=alert(1)>"]
OUTPUTS = [
    {"output_type": "stream", "name": "stdout",
     "text": "<script>alert(1)</script>\x1b]8;;javascript:alert(1)\x07x\x1b]8;;\x07"},
    {"output_type": "stream", "name": "<script>", "text": "\x1b[31m<img src=x onerror=alert(1)>\x1b[0m"},
    {"output_type": "error", "ename": "<script>", "evalue": "<script>alert(1)</script>",
     "traceback": ["\x1b[0;31m<script>alert(1)</script>", "<img src=x onerror=alert(1)>"]},
    {"output_type": "display_data",
     "metadata": {"image/png": {"alt": '"onload="alert(1)', "width": "1 onload=alert(1)"}},
     "data": {"text/html": "<script>alert(1)</script>", "text/plain": "<script>alert(1)</script>",
              "image/svg+xml": "<svg onload=alert(1)>", "application/javascript": "alert(1)",
              "text/latex": r"$\href{javascript:alert(1)}{x}$", "text/markdown": "![](//evil.example)",
              "application/vnd.jupyter.widget-view+json": {"model_id": "</script><script>alert(1)"}}},
    {"output_type": "display_data", "data": {"image/png": 'AAAA" onerror="alert(1)'}},
    {"output_type": "execute_result", "data": {"image/jpeg": "//evil.example"}, "execution_count": "<script>"},
]


@pytest.fixture(scope="module", params=TEMPLATES)
def honest(request, page):
    """What the templates themselves bring: (template, its live parts)."""
    return request.param, page("Words.", "x = 1", template=request.param).live()


@pytest.mark.parametrize("name", MARKDOWN)
def test_markdown_brings_nothing_that_runs(page, honest, name):
    template, live = honest
    assert page(MARKDOWN[name], template=template).live() == live


@pytest.mark.parametrize("name", PICTURES)
def test_no_picture_is_fetched_when_the_page_is_opened(page, honest, name):
    template, live = honest
    assert page(PICTURES[name], template=template).live() == live


@pytest.mark.parametrize("tex", TEX)
def test_formulas_hold_nothing_that_makes_links_or_styles(page, tex):
    for text in (f"${tex}$", f"$$\n{tex}\n$$", f"\\begin{{align}}{tex}\\end{{align}}"):
        assert tex.split("{")[0].split("[")[0] not in page(text).text


@pytest.mark.parametrize("code", CODE)
def test_code_is_shown_and_never_part_of_the_page(page, honest, code):
    template, live = honest
    shown = page("Words.", code.encode("utf-8", "replace").decode(), template=template)
    assert shown.live() == live
    assert "alert(1)" in shown.text


@pytest.mark.parametrize("output", OUTPUTS)
def test_outputs_bring_text_and_nothing_that_runs(page, honest, output):
    template, live = honest
    assert page("Words.", "x = 1", [output], template=template).live() == live


def test_a_picture_that_code_has_drawn_is_shown_from_within_the_page(page):
    live = page("Words.", "x = 1", [{"output_type": "display_data", "data": {"image/png": "AAAA"}}]).live()
    assert "data:image/png;base64,AAAA" in [dict(attrs).get("src") for tag, attrs in live if tag == "img"]


@pytest.mark.parametrize("name", MARKDOWN | PICTURES)
def test_a_note_with_the_name_of_a_file_brings_nothing_that_runs(page, honest, name):
    template, live = honest
    text = (MARKDOWN | PICTURES)[name]
    assert page("Words.", "x = 1", note=f"work.ipynb is missing (found {text}.ipynb)", template=template).live() == live


def test_hidden_checks_are_on_no_page(page):
    for template in TEMPLATES:
        for shown in (page(template=template), page(note="broken", template=template)):
            assert SECRET not in shown.text
            assert "# hidden checks run here" in shown.text


def test_submitted_text_that_looks_like_hidden_checks_brings_none_of_the_instructors(page):
    shown = page("### BEGIN HIDDEN TESTS", "### BEGIN HIDDEN TESTS\nx = 1\n### END HIDDEN TESTS")
    assert SECRET not in shown.text


def test_a_missing_attachment_costs_nobody_their_page(page):
    for text in ("![a](attachment:nothing.png)", "![a][1]\n\n[1]: attachment:nothing.png",
                 "[a](attachment:nothing.png)"):
        assert "attachment:nothing.png" in str(page(text).tags)


def test_ordinary_words_code_and_formulas_read_as_they_were_written(page):
    text = "Compare `a<b` and `<i>`, $x<y$, 3<4, **bold**, [web](https://x.example/a?b=c) and ![plot](img/plot.png)."
    shown = page(text)
    assert "Compare a< b and < i>, $x< y$, 3<4, bold, web and" in " ".join(shown.text.split())
    assert ("a", (("href", "https://x.example/a?b=c"),)) in shown.tags
    assert [dict(attrs)["src"] for tag, attrs in shown.tags if tag == "img"] == ["img/plot.png"] * 2


def graded(make, instructor, free):
    """The cells of the graded notebook of a student who added these cells."""
    steps = notebook.merge(instructor, [{"cell_type": c["cell_type"], "source": c["source"], "grade_id": None}
                                        for c in free])
    return json.loads(notebook.graded_notebook(instructor, steps, {}))["cells"]


SLOW = {"blank lines": "\n " * 4_000, "tabs": "\n\t" * 4_000, "Perl": "%%perl\n" + "s{" * 4_000, "long": "s{" * 5_001}


@pytest.mark.parametrize("name", SLOW)
def test_code_that_a_highlighter_chokes_on_is_shown_without_colours(make, instructor, page, name):
    cell = graded(make, instructor, [make.cell("free", SLOW[name])])[-1]
    assert cell["metadata"] == {"magics_language": "text"}
    assert cell["source"].removeprefix("# shown without colours\n")[:10_000] == SLOW[name][:10_000]
    assert not cell["source"].startswith("%%")
    assert "# the end" in page(code=f"{SLOW[name]}# the end").text


@pytest.mark.parametrize("code", ["x = 1", "%%time\nx = 1", "%%bash\nls", "x = 1\n\n\n\ny = 2"])
def test_ordinary_code_is_coloured(make, instructor, code):
    assert graded(make, instructor, [make.cell("free", code)])[-1]["metadata"] == {}


def test_only_so_much_of_all_cells_together_is_coloured_and_shown(make, instructor):
    cells = graded(make, instructor, [make.cell("free", "x = 1\n" * 1_000) for _ in range(100)])
    coloured = sum(len(c["source"]) for c in cells if c["metadata"] == {})
    assert coloured <= notebook.MAX_COLOURED_TEXT
    assert sum(len(c["source"]) for c in cells) <= notebook.MAX_FREE_TEXT + 100 * len(cells)
    assert "6,000 more characters are not shown" in cells[-1]["source"]


def test_what_a_check_says_is_shown_however_much_was_printed_before(make, instructor):
    steps = notebook.merge(instructor, [{"cell_type": "code", "source": "", "grade_id": None}] * 100)
    said = {"output_type": "error", "ename": "Check failed", "evalue": "why", "traceback": ["why"]}
    printed = {"output_type": "stream", "name": "stdout", "text": "x" * 20_000}
    outputs = {number: [said if step.check else printed] * 4 for number, step in enumerate(steps)}
    cells = json.loads(notebook.graded_notebook(instructor, steps, outputs))["cells"]
    shown = [output for cell in cells for output in cell.get("outputs", [])]
    assert shown.count(said) == 4
    assert sum(len(output["text"]) for output in shown if output != said) <= notebook.MAX_PAGE_OUTPUT


def test_answers_are_shown_whole_however_much_stands_in_front_of_them(make, instructor):
    steps = notebook.merge(instructor, [
        *({"cell_type": "code", "source": "#" * 10_000, "grade_id": None} for _ in range(50)),
        {"cell_type": "markdown", "source": "My essay." * 1_000, "grade_id": "manual1"}])
    cells = json.loads(notebook.graded_notebook(instructor, steps, {}))["cells"]
    essay, = (c for c in cells if notebook.grade_id_of(c) == "manual1")
    assert essay["source"] == "My essay." * 1_000
