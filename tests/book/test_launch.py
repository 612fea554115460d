"""Every lesson and exercise opens in Colab, in Binder and on one's own machine.

Each link is followed in the tree that is published, and what it leads to is run.
"""

import ast
import json
import re
import subprocess
import sys
import zipfile
from collections import Counter
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, unquote, urlsplit

import nbformat
import pytest
from nbclient import NotebookClient

from autograder import course, exercise

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted(path.parent.name for path in ROOT.glob("lessons/*/lesson.md"))
for_every_lesson = pytest.mark.parametrize("lesson", LESSONS)


def launches(published, lesson):
    """For the lesson and for its exercise: the addresses of Colab, Binder and the download, as its page has them."""
    page = (published.tree / "gh-pages" / "lessons" / lesson / "lesson.html").read_text(encoding="utf-8")
    boxes = re.findall(r'<div class="launch">.*?</div>', page, re.DOTALL)
    return [[unescape(target) for target in re.findall(r'href="([^"]+)"', box)] for box in boxes]


def behind(published, lesson, colab, binder, download):
    """The three files of the tree that three links lead to."""
    owner, name = urlsplit(published.url).path.strip("/").split("/")
    colab = urlsplit(colab)
    assert colab.netloc == "colab.research.google.com"
    start = f"/github/{owner}/{name}/blob/"
    assert colab.path.startswith(start)
    binder = urlsplit(binder)
    assert (binder.netloc, binder.path.rpartition("/")[0]) == ("mybinder.org", f"/v2/gh/{owner}/{name}")
    branch, labpath = binder.path.rpartition("/")[2], parse_qs(binder.query)["labpath"][0]
    page = published.tree / "gh-pages" / "lessons" / lesson
    return published.tree / unquote(colab.path[len(start):]), published.tree / branch / labpath, page / download


@for_every_lesson
def test_every_link_leads_to_the_same_notebook_of_the_published_tree(published, lesson):
    boxes = launches(published, lesson)
    assert len(boxes) == 2, "one for the lesson, one for its exercise"
    for box in boxes:
        files = behind(published, lesson, *box)
        texts = [file.read_text(encoding="utf-8") for file in files]
        assert texts[0] == texts[1] == texts[2]
        notebook = nbformat.reads(texts[0], as_version=4)
        nbformat.validate(notebook)
        assert notebook.metadata.kernelspec.name == "python3"
        assert not [cell for cell in notebook.cells if cell.get("outputs")]


def test_an_exercise_goes_to_the_quick_binder_unless_it_needs_more_than_numpy(published):
    branch = {lesson: urlsplit(launches(published, lesson)[1][1]).path.rpartition("/")[2] for lesson in LESSONS}
    assert [lesson for lesson in LESSONS if branch[lesson] == "notebooks"] == ["08_improve"]
    assert set(branch.values()) == {"notebooks", "notebooks-numpy"}
    small, large = (published.tree / name / "requirements.txt" for name in ("notebooks-numpy", "notebooks"))
    assert re.fullmatch(r"numpy==[\d.]+\n", small.read_text())
    assert {"numpy", "tensorflow-cpu", "mlxtend"} <= {line.partition("==")[0] for line in large.read_text().split()}


def test_the_guide_for_students_offers_every_exercise(published):
    page = (published.tree / "gh-pages/book/students.html").read_text(encoding="utf-8")
    rows = re.findall(r"<tr><td>.*?</tr>", re.search(r'<table class="table launch-table">.*?</table>', page)[0])
    for lesson, row in zip(LESSONS, rows, strict=True):
        to_lesson, *targets = (unescape(target) for target in re.findall(r'href="([^"]+)"', row))
        assert to_lesson == f"../lessons/{lesson}/lesson.html"
        in_lesson = launches(published, lesson)[1]
        assert targets[:2] == in_lesson[:2]
        assert f"../{targets[2]}" == in_lesson[2]


def test_no_link_of_the_tree_s_own_is_left_out(published):
    """The notebooks of the branches are those that pages offer, no more."""
    offered = {file for lesson in LESSONS for box in launches(published, lesson)
               for file in behind(published, lesson, *box)}
    assert {file.resolve() for file in published.tree.rglob("*.ipynb")} >= {file.resolve() for file in offered}
    colab = {file.resolve() for file in (published.tree / "notebooks").rglob("*.ipynb")}
    assert colab <= {file.resolve() for file in offered}


# What no student may be given

def parts(text, begin, end):
    """The stripped lines between two marks, and those outside."""
    inside, outside, within = [], [], False
    for line in text.splitlines():
        if begin in line or end in line:
            within = begin in line
        else:
            (inside if within else outside).append(line.strip())
    return inside, outside


def cells(notebook):
    return ["".join(cell["source"]) for cell in json.loads(notebook)["cells"]]


@for_every_lesson
def test_no_exercise_of_the_tree_holds_a_line_of_a_solution_or_hidden_test(published, lesson):
    path = ROOT / "lessons" / lesson / "exercise.py"
    secret, public = exercise.solution_lines(path), Counter()
    for cell in cells(exercise.build(path)):
        cell = "\n".join(parts(cell, "### BEGIN SOLUTION", "### END SOLUTION")[1])
        public.update(parts(cell, "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")[1])
    files = list(published.tree.rglob(f"exercises/{lesson}/*"))
    assert len(files) == (2 if lesson == "08_improve" else 3)
    for file in files:
        released = Counter(line.strip() for cell in cells(file.read_text(encoding="utf-8"))
                           for line in cell.splitlines())
        assert {line for line in secret if released[line] > public[line]} == set()


def test_nothing_of_the_tree_holds_a_line_of_a_hidden_test(published):
    hidden, public = set(), set()
    for lesson in LESSONS:
        text = (ROOT / "lessons" / lesson / "exercise.py").read_text(encoding="utf-8")
        inside, outside = parts(text, "BEGIN HIDDEN TESTS", "END HIDDEN TESTS")
        hidden |= {line for line in inside if len(line) > 15}
        public |= set(outside)
    for text in (*ROOT.glob("solutions/*.py"), *ROOT.glob("lessons/*/lesson.md")):
        public |= {line.strip() for line in text.read_text(encoding="utf-8").splitlines()}
    hidden -= public
    assert len(hidden) > 500
    for file in published.tree.rglob("*"):
        if file.suffix in {".html", ".ipynb", ".js", ".json", ".md", ".py", ".txt", ".xml"}:
            text = file.read_text(encoding="utf-8")
            text = "\n".join(cells(text)) if file.suffix == ".ipynb" else unescape(re.sub(r"<[^>]+>", "", text))
            assert hidden & {line.strip() for line in text.splitlines()} == set(), file


# They run

EXERCISES = """
import json, sys
from importlib.abc import MetaPathFinder

class Absent(MetaPathFinder):       # a student has neither, whatever this machine has
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("solutions", "autograder"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
for path in sys.argv[1:]:
    names = {"__name__": "__main__"}
    for cell in json.load(open(path, encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            try:
                exec("".join(cell["source"]), names)
            except NotImplementedError:
                print(path, "asks for its first function")
                break
"""


def test_every_exercise_runs_up_to_the_first_thing_asked(published, tmp_path):
    notebooks = sorted(str(path) for path in (published.tree / "notebooks" / "exercises").rglob("*.ipynb"))
    assert len(notebooks) == len(LESSONS)
    done = subprocess.run([sys.executable, "-I", "-c", EXERCISES, *notebooks], cwd=tmp_path, capture_output=True,
                          text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [f"{path} asks for its first function" for path in notebooks]


def run(notebook, folder):
    """The outputs of a notebook's last cell, run in a folder."""
    where = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources=where).execute()
    return "".join(output.get("text", "") for output in notebook.cells[-1].outputs)


def lesson_notebook(published, path="lessons/00_first_model/first_model_lesson.ipynb"):
    return nbformat.read(published.tree / "notebooks" / path, as_version=4)


WHERE = ("import matplotlib, os, sys, myst_nb, solutions.pages\n"
         "print(solutions.pages.__file__, myst_nb.__file__, os.getcwd(), matplotlib.rcParams['figure.facecolor'],"
         " 'autograder' in sys.modules, sep='\\n')")


def test_a_lesson_alone_in_a_folder_fetches_what_it_imports_and_runs_to_its_end(published, tmp_path):
    """As in Colab, and after a download; the archive is one as GitHub makes it, at another address."""
    with zipfile.ZipFile(tmp_path / "notebooks.zip", "w") as archive:
        for file in (published.tree / "notebooks").rglob("*"):
            archive.write(file, Path("another-course-notebooks") / file.relative_to(published.tree / "notebooks"))
    notebook = lesson_notebook(published)
    address = f"{published.url}/archive/refs/heads/notebooks.zip"
    assert address in notebook.cells[1].source
    notebook.cells[1].source = notebook.cells[1].source.replace(address, (tmp_path / "notebooks.zip").as_uri())
    notebook.cells.append(nbformat.v4.new_code_cell(WHERE))
    alone = tmp_path / "alone"
    alone.mkdir()
    course = alone / "another-course" / "another-course-notebooks"
    assert run(notebook, alone).splitlines() == [
        str(course / "solutions/pages.py"), str(course / "myst_nb.py"), str(course / "lessons/00_first_model"),
        "white", "False"]


def test_in_binder_a_lesson_finds_what_it_imports_beside_it(published):
    notebook = lesson_notebook(published)
    notebook.cells = [notebook.cells[1], nbformat.v4.new_code_cell("import os\nprint(course, os.getcwd(), missing)")]
    here = published.tree / "notebooks" / "lessons" / "00_first_model"
    assert run(notebook, here).split() == [str(published.tree / "notebooks"), str(here)]


# Their text

@for_every_lesson
def test_a_lesson_s_notebook_is_plain_markdown(published, lesson):
    topic = lesson.partition("_")[2]
    notebook = lesson_notebook(published, f"lessons/{lesson}/{topic}_lesson.ipynb")
    assert published.site in notebook.cells[0].source
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            text = re.sub(r"^(```+).*?^\1", "", cell.source, flags=re.DOTALL | re.MULTILINE)
            assert not re.search(r"\{[a-z][\w:-]*\}`|^(:::|```\{|\(.*\)=|: )", text, re.MULTILINE), cell.source
            assert not re.search(r"\]\((?!https://)", re.sub(r"\$.*?\$|`.*?`", "", text)), cell.source


class Page:
    """Says what it is asked, so that a test sees it."""

    title_here, address = "Here", "https://example.org/here.html"

    def role(self, name, text):
        return f"<{name}:{text}>"

    def title(self, target):
        return f"title of {target}"

    def link(self, target):
        return f"https://example.org/{target}"


@pytest.mark.parametrize(("myst", "markdown"), [
    ("A {term}`logit` and `{term}` and ``{x}`y` ``.", "A <term:logit> and `{term}` and ``{x}`y` ``."),
    ("See [](a.md), [b](b.md#c) and [d](https://d).",
     "See [title of a.md](https://example.org/a.md), [b](https://example.org/b.md#c) and [d](https://d)."),
    ("You need\n: a pen\n\nIt takes\n: an hour", "**You need**: a pen\n\n**It takes**: an hour"),
    (":::{admonition} Why *so*?\n:class: tip\nBecause.\n\nOf that.\n:::",
     "> **Why *so*?**\n>\n> Because.\n>\n> Of that."),
    (":::{note}\nMind.\n:::", "> **Note**\n>\n> Mind."),
    ("```python\n{x}`y`\n: z\n```", "```python\n{x}`y`\n: z\n```"),
    ("(place)=\n## Title\n% nothing\ntext", "## Title\ntext"),
    ("$$\na &= b \\\\\n&= c\n$$", "$$\n\\begin{aligned}\na &= b \\\\\n&= c\n\\end{aligned}\n$$"),
    ("::::{tab-set}\n:::{tab-item} A\na\n:::\n::::\n\nAfter.",
     "*The page shows something here that a notebook cannot: [see it there](https://example.org/here.html).*\n\nAfter."),
    (":::{quiz} Which?\n( ) *one*\n: No.\n\n(x) two\n: Yes, {term}`it`.\n\n  Really.\n:::",
     "**Question.** Which?\n\n1. *one*\n2. two\n\n<details><summary>Answers</summary>\n\n1. **Not this one.** No.\n"
     "2. **Right.** Yes, <term:it>.\n\n  Really.\n\n</details>"),
])
def test_myst_becomes_markdown_that_every_notebook_shows(extension, myst, markdown):
    assert extension("plain_notebook").plain(myst, Page()) == markdown


def test_folded_cells_stay_folded_and_no_output_is_kept(extension):
    plain_notebook, address = extension("plain_notebook"), extension("address").address_of("https://github.com/a/b")
    cell = {"cell_type": "code", "metadata": {"tags": ["hide-input"]}, "source": "1", "outputs": [{}]}
    made = plain_notebook.lesson_notebook({"cells": [cell]}, Page(), address, "lessons/00_x")
    assert made["cells"][-1]["metadata"]["jupyter"] == {"source_hidden": True}
    assert made["cells"][-1]["outputs"] == []


def test_what_an_exercise_imports_inside_a_function_counts(extension, tmp_path):
    launch = extension("launch")
    for code, numpy_only in (("import numpy.linalg, os", True), ("def f():\n    import keras", False)):
        path = tmp_path / "n.ipynb"
        path.write_text(json.dumps({"cells": [{"cell_type": "code", "source": [code]}]}))
        assert launch.needs_numpy_only(path) is numpy_only


def test_released_exercises_are_made_again_only_when_something_changed(extension, tmp_path, monkeypatch):
    launch, made = extension("launch"), []
    release = tmp_path / "release"
    for folder in ("lessons/00_first_model", "solutions", "autograder", "release"):
        (tmp_path / folder).mkdir(parents=True)
    (release / "first_model.ipynb").touch()
    monkeypatch.setattr(course, "open_course", lambda *_, **__: SimpleNamespace(path=lambda *_: release))
    monkeypatch.setattr(course, "make", lambda source, _: made.append(source) or source.parent.name)
    source = tmp_path / "lessons/00_first_model/exercise.py"
    for text, times in (("one", 1), ("one", 1), ("another", 2)):
        source.write_text(text)
        kept = launch.release(tmp_path, ["lessons/00_first_model/lesson"], tmp_path / "keep")
        assert (kept / "exercises/00_first_model/first_model.ipynb").exists()
        assert len(made) == times


@for_every_lesson
def test_the_first_cell_knows_every_package_that_a_lesson_imports(published, lesson, extension):
    notebook = lesson_notebook(published, f"lessons/{lesson}/{lesson.partition('_')[2]}_lesson.ipynb")
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    code = [re.sub(r"^(\s*)%.*", r"\1pass", text, flags=re.MULTILINE) for text in code]
    code += [module.read_text(encoding="utf-8") for module in ROOT.glob("solutions/*.py")]
    nodes = [node for text in code for node in ast.walk(ast.parse(text))]
    imported = {alias.name.split(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module.split(".")[0] for node in nodes if isinstance(node, ast.ImportFrom)}
    given = {"solutions", "myst_nb", "IPython"}        # beside the notebook, and what runs it
    assert imported - sys.stdlib_module_names - given <= set(extension("plain_notebook").PACKAGES)
