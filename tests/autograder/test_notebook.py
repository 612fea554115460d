"""Notebooks: what is read of a submission, the order of the steps, and what goes into the graded notebook."""

import json

import nbformat
import pytest

from autograder import notebook
from autograder.notebook import Source, Step

ASSIGNMENT = """
#: locked
import numpy as np
#: free
print("an example of the instructor's")
#: text
Some prose.
#: solution
def f(): ...
#: check 2
assert f() == 1
#: manual 3
Explain.
#: task 1
Do something.
"""


@pytest.fixture
def instructor(make):
    return make.source(ASSIGNMENT)


def steps_of(instructor, cells):
    return notebook.merge(instructor, [{"cell_type": c["cell_type"], "source": c["source"],
                                        "grade_id": notebook.grade_id_of(c)} for c in cells])


def shown(steps):
    return [notebook.grade_id_of(s.cell) or s.cell["source"] for s in steps if s.shown]


def test_each_kind_of_cell_runs_on_its_side(make, instructor):
    sides = {notebook.grade_id_of(s.cell) or s.cell["source"]: (s.student, s.trusted, s.check)
             for s in steps_of(instructor, make.answered(instructor, {})) if notebook.grade_id_of(s.cell)}
    assert sides == {"locked1": (True, True, False), "solution1": (True, False, False), "check1": (False, True, True),
                     "manual1": (True, False, False), "task1": (True, True, False)}


def test_the_instructors_order_wins_and_free_cells_stay_where_they_were(make, instructor):
    by_id = {notebook.grade_id_of(c): c for c in instructor.cells}
    free = {name: make.cell("free", name) for name in ("first", "before f", "after f", "last")}
    order = ["first", "locked1", "before f", "solution1", "after f", "check1", "manual1", "task1", "last"]
    handed_in = [(by_id | free)[name] for name in order]
    assert shown(steps_of(instructor, handed_in)) == order
    moved = [i for i in shown(steps_of(instructor, handed_in[::-1])) if i in by_id]
    assert moved == ["locked1", "solution1", "check1", "manual1", "task1"]


def test_a_check_that_is_missing_is_still_run_and_a_missing_answer_is_empty(instructor):
    steps = {notebook.grade_id_of(s.cell): s.cell["source"] for s in steps_of(instructor, [])}
    assert steps["check1"] == "assert f() == 1"
    assert steps["solution1"] == ""


def test_of_an_answer_given_twice_the_last_counts_and_the_first_runs_as_a_free_cell(make, instructor):
    first, last = (make.cell("solution", text, "solution1") for text in ("one", "two"))
    steps = steps_of(instructor, [first, last])
    assert [s.cell["source"] for s in steps if s.student and s.cell["source"] in ("one", "two")] == ["one", "two"]
    assert next(s.cell["source"] for s in steps if notebook.grade_id_of(s.cell) == "solution1") == "two"


def test_a_submitted_check_is_never_taken_as_text_to_run(make, instructor):
    steps = steps_of(instructor, [make.cell("check", "pass", "check1", 100)] * 3)
    assert not any(s.cell["source"] == "pass" for s in steps)


@pytest.mark.parametrize(("code", "names"), [
    ("x = 1\ndef f(): y = 2\nclass C: z = 3", {"x", "f", "C"}), ("import os\nfrom math import pi as p", set()),
    ("a, (b, *c) = 1, (2, 3)\nfor i in []: pass\nwith open('f') as g: pass", {"a", "b", "c", "i", "g"}),
    ("x: int = 1\ny += 1\n(n := 3)", {"x", "y", "n"}), ("print(z)\n[q for q in []]", set()), ("", set()),
    ("[last := q for q in []]\nf = lambda a: a", {"last", "f"}), ("try: pass\nexcept E as e: pass", {"e"}),
    ("match v:\n    case [a, *b]: pass\n    case {**c}: pass\n    case D() as d: pass", {"a", "b", "c", "d"})])
def test_names_that_a_cell_binds(code, names):
    assert notebook.bound_names(code) == names


def test_names_of_the_student_come_from_the_instructors_solution_cells_only(make):
    cells = ("#: locked\nimport math\nhelper = 1\n#: solution\n%%time\nimport os\nx = !ls\ndef f(): ...\n"
             "#: check 1\nz = f()")
    assert notebook.student_names(make.source(cells)) == {"x", "f"}


def test_names_that_a_check_looks_up_include_those_of_its_functions():
    names = notebook.global_names("def helper(n):\n    local = f(n)\n    return [g(x) for x in local]\nhelper(3)")
    assert {"f", "g", "helper"} <= names
    assert "local" not in names


HIDING = """visible = 1
### BEGIN HIDDEN TESTS
secret = 2
### END HIDDEN TESTS
also = 3
# BEGIN HIDDEN TESTS
more = 4
# END HIDDEN TESTS"""


def test_hidden_tests_are_cut_out_of_what_is_shown():
    assert "secret" not in notebook.visible(HIDING)
    assert "more" not in notebook.visible(HIDING)
    assert "visible = 1" in notebook.visible(HIDING)
    assert "also = 3" in notebook.visible(HIDING)


def test_hidden_lines_are_counted_from_one():
    assert notebook.hidden_lines(HIDING) == {2, 3, 4, 6, 7, 8}


def test_locked_cells_are_graded_as_they_were_released_and_the_author_is_told(make):
    cells = make.cells("#: solution\nx = 1\n#: check 1\nassert x == 2")
    source = notebook.read_source("work", make.document(cells), {"solution1": "x = ...", "check1": "assert x == 1"})
    assert source.cells[1]["source"] == "assert x == 1"
    assert source.stubs == {"solution1": "x = ..."}
    warning, = source.warnings
    assert "check1" in warning
    assert "graded as it was released" in warning


def test_a_cell_that_the_gradebook_does_not_know_is_an_error_with_a_mend(make):
    with pytest.raises(ValueError, match="run `nbgrader generate_assignment`"):
        notebook.read_source("work", make.document(make.cells("#: check 1\npass")), {})


def test_sources_may_be_lists_of_lines(make):
    made = make.cells("#: solution\nx = 1\ny = 2")
    made[0]["source"] = ["x = 1\n", "y = 2"]
    cell, = notebook.parse("work", make.document(made).encode())
    assert cell == {"cell_type": "code", "source": "x = 1\ny = 2", "grade_id": "solution1"}


TWO = "#: solution\nx = 1\n#: check 1\nassert x == 1"


def test_a_missing_notebook_names_what_was_found_instead(make):
    found, notes = notebook.find([make.source(TWO)], {"Work (1).ipynb": b"{}"})
    assert found["work"] == ("work.ipynb is missing (found Work (1).ipynb); "
                             "hand in the notebook under its released name")
    assert notes == []


def test_a_renamed_notebook_is_known_by_its_cells(make):
    given = {"work (1).ipynb": make.document(make.cells(TWO)).encode(), "notes.ipynb": make.document([]).encode()}
    found, notes = notebook.find([make.source(TWO)], given)
    assert [c["grade_id"] for c in found["work"]] == ["solution1", "check1"]
    assert notes == ["work (1).ipynb was graded as work.ipynb."]


def test_two_renamed_notebooks_are_one_too_many(make):
    text = make.document(make.cells(TWO)).encode()
    found, _ = notebook.find([make.source(TWO)], {"a.ipynb": text, "b.ipynb": text})
    assert "work.ipynb is missing (found a.ipynb, b.ipynb)" in found["work"]


def test_the_right_name_wins_over_what_has_more_cells(make):
    given = {"work.ipynb": make.document([]).encode(), "other.ipynb": make.document(make.cells(TWO)).encode()}
    assert notebook.find([make.source(TWO)], given)[0]["work"] == []


def test_missing_and_doubled_cells_are_told(make):
    made = make.cells("#: solution\nx = 1\n" + TWO)
    made[1]["metadata"]["nbgrader"]["grade_id"] = "solution1"
    _, notes = notebook.find([make.source(TWO + "\n#: check 2\npass")], {"work.ipynb": make.document(made).encode()})
    assert notes == ["work.ipynb: missing cells: check2; graded without them.",
                     "work.ipynb: cells handed in twice or more: solution1; the last of each counts."]


def test_what_the_instructors_cells_import_is_found_by_its_package(make):
    text = ("#: solution\nimport numpy as np\n%matplotlib inline\n#: check 1\nfrom tensorflow.keras import Model\n"
            "#: free\n((")
    assert notebook.imported([make.source(text)]) == {"numpy", "tensorflow"}


def graded(make, cells, outputs):
    steps = [Step(c, student=True, trusted=False, check=False, shown=True) for c in cells]
    return nbformat.reads(notebook.graded_notebook(Source("work", (), {}, {}), steps, outputs), as_version=4)


def test_the_graded_notebook_is_valid_and_keeps_nbgraders_metadata(make, instructor):
    book = nbformat.reads(notebook.graded_notebook(instructor, steps_of(instructor, []), {}), as_version=4)
    nbformat.validate(book)
    assert [c.metadata.nbgrader.grade_id for c in book.cells] == ["locked1", "solution1", "check1", "manual1", "task1"]


def test_a_note_stands_on_top_of_the_graded_notebook(instructor):
    text = notebook.graded_notebook(instructor, [], {}, note="because <b>")
    assert json.loads(text)["cells"][0]["source"] == "**This notebook could not be graded.** because < b>"


def test_outputs_are_rebuilt_from_text_and_png_alone(make):
    picture = "iVBORw0KGgo="
    given = [{"output_type": "stream", "name": "stdout", "text": "out\x1b[31m", "evil": 1},
             {"output_type": "display_data", "data": {"text/html": "<b>", "text/plain": "p", "image/png": picture}},
             {"output_type": "display_data", "data": {"text/html": "<script>"}},
             {"output_type": "display_data", "data": {"image/png": "\"><script>"}},
             {"output_type": "error", "ename": "E", "evalue": 5, "traceback": ["a", 7]},
             {"output_type": "update_display_data"}, "no dictionary", None]
    cell, = graded(make, [make.cell("free", "x")], {0: given}).cells
    assert cell.outputs == [
        {"output_type": "stream", "name": "stdout", "text": "out[31m"},
        {"output_type": "display_data", "metadata": {}, "data": {"text/plain": "p", "image/png": picture}},
        {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["a", ""]}]


def test_outputs_are_capped_in_number_text_and_pictures(make):
    line = {"output_type": "stream", "name": "stdout", "text": "x" * 10**6}
    many = [{"output_type": "stream", "name": "stdout", "text": "x"}] * 10**5
    picture = {"output_type": "display_data", "data": {"image/png": "A" * 4 * 2**20}}
    book = graded(make, [make.cell("free", "")] * 4, {0: [line] * 1000, 1: many, 2: [picture] * 50, 3: [picture] * 50})
    assert sum(len(o.text) for o in book.cells[0].outputs) <= 5 * notebook.MAX_OUTPUT_TEXT
    assert len(book.cells[1].outputs) == notebook.MAX_OUTPUTS
    assert len(book.cells[2].outputs) == 5
    assert len(book.cells[3].outputs) == 0


def test_markdown_of_the_instructor_is_left_alone_and_that_of_the_student_made_inert(make):
    instructor = make.source([make.cell("task", "<b>task</b>", "task1", 1)])
    steps = notebook.merge(instructor, [{"cell_type": "markdown", "source": "<i>mine</i>", "grade_id": None}])
    cells = json.loads(notebook.graded_notebook(instructor, steps, {}))["cells"]
    assert [c["source"] for c in cells] == ["<b>task</b>", "< i>mine< /i>"]
