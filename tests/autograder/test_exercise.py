"""From a text exercise to an instructor's notebook: what is written out, and how each mistake is told."""

import json

import nbformat
import pytest

from autograder import exercise
from autograder.exercise import ExerciseError

SOLUTION = '# %% nbgrader={"schema_version": 3, "grade_id": "a", "solution": true, "grade": false, "locked": false}\n'
CHECK = ('# %% nbgrader={"schema_version": 3, "grade_id": "a_check", "solution": false, "grade": true, "locked": true, '
         '"points": 1}\n')


@pytest.fixture
def build(tmp_path, monkeypatch):
    """`build(text)`: the cells of an exercise, with a small reference package in place of ours."""
    (tmp_path / "reference_for_tests").mkdir()
    (tmp_path / "reference_for_tests" / "__init__.py").write_text("")
    (tmp_path / "reference_for_tests" / "maths.py").write_text(
        'TABLE = {}\n\n\ndef double(x):\n    """Twice x."""\n    y = x\n    return x + y\n\n\n'
        "def bare(x):\n    return x\n\n\ndef helper(x):\n    return x + 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(exercise, "REFERENCE", "reference_for_tests")

    def run(text):
        path = tmp_path / "01_topic" / "exercise.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return json.loads(exercise.build(path))["cells"]
    return run


def source(cell):
    return "".join(cell["source"])


def test_a_solution_keeps_signature_and_docstring_and_marks_the_body(build):
    cell, = build(SOLUTION + "from reference_for_tests.maths import double")
    assert source(cell) == ('def double(x):\n    """Twice x."""\n    ### BEGIN SOLUTION\n    y = x\n    return x + y\n'
                            "    ### END SOLUTION")


def test_a_solution_without_docstring_is_marked_from_its_first_line(build):
    cell, = build(SOLUTION + "from reference_for_tests.maths import bare")
    assert source(cell) == "def bare(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION"


def test_a_part_that_is_not_asked_for_is_written_out_whole(build):
    cell, = build("# %%\nfrom reference_for_tests.maths import helper")
    assert source(cell) == "def helper(x):\n    return x + 1"


def test_hidden_tests_keep_their_imports_of_the_reference(build):
    text = ("### BEGIN HIDDEN TESTS\nfrom reference_for_tests import maths\nassert double(1) == maths.double(1)\n"
            "### END HIDDEN TESTS")
    cells = build(SOLUTION + "from reference_for_tests.maths import double\n\n" + CHECK + text)
    assert source(cells[1]) == text


def test_the_notebook_is_valid_and_carries_nbgraders_metadata(build, tmp_path):
    build("# %% [markdown]\n# Prose.\n\n" + SOLUTION + "from reference_for_tests.maths import double")
    book = nbformat.reads(exercise.build(tmp_path / "01_topic" / "exercise.py"), as_version=4)
    nbformat.validate(book)
    assert book.cells[1].metadata.nbgrader.grade_id == "a"
    assert book.metadata.kernelspec.name == "python3"


def test_secret_lines_are_the_bodies_and_the_hidden_tests(build, tmp_path):
    build(SOLUTION + "from reference_for_tests.maths import double\n\n" + CHECK
          + "assert double(1) == 2\n### BEGIN HIDDEN TESTS\nassert double(3) == 6\n### END HIDDEN TESTS")
    secret = exercise.solution_lines(tmp_path / "01_topic" / "exercise.py")
    assert secret == {"y = x", "return x + y", "assert double(3) == 6"}


@pytest.mark.parametrize(("text", "message"), [
    (SOLUTION + "x = 1", r"cell 'a': a solution cell imports its answer"),
    (SOLUTION + "from reference_for_tests.maths import triple", r"reference_for_tests.maths has no triple"),
    (SOLUTION + "from reference_for_tests.physics import double", r"reference_for_tests.physics has no double"),
    (SOLUTION + "from reference_for_tests.maths import TABLE", r"TABLE is no function"),
    (SOLUTION + "import reference_for_tests.maths", r"write `from reference_for_tests.module import function`"),
    (SOLUTION + "def f(:", r"cell 'a': line 1 is no Python"),
    (2 * (SOLUTION + "from reference_for_tests.maths import double\n\n"), r"cell 'a': this grade_id is used twice"),
    (CHECK + "### BEGIN HIDDEN TESTS\nassert True", r"cell 'a_check': hidden tests that begin must end"),
    (CHECK + "assert unknown(1)", r"cell 'a_check': unknown is defined nowhere above"),
    ("# %%\ndef f():\n    return later\n\n# %%\nlater = 1", r"cell 1: later is defined nowhere above"),
], ids=["no answer", "no such function", "no such module", "no function", "plain import", "no Python", "id twice",
        "hidden without end", "unknown name", "name from below"])
def test_a_mistake_names_the_cell_and_the_mend(build, text, message):
    with pytest.raises(ExerciseError, match=message):
        build(text)


def test_an_exercise_that_does_not_exist_is_told(tmp_path):
    with pytest.raises(ExerciseError, match=r"does not exist; an exercise is a file lessons/NN_topic/exercise\.py"):
        exercise.build(tmp_path / "exercise.py")


def test_an_answer_may_be_marked_by_hand(build):
    cell, = build(SOLUTION + "x = 1\n### BEGIN SOLUTION\nx = 2\n### END SOLUTION")
    assert "### BEGIN SOLUTION" in source(cell)


def test_blanks_leave_only_the_named_statements_to_the_student():
    code = 'from solutions.activations import softmax    # blanks: "return"'
    text = exercise.write_out(code, solution=True, where="here")
    marked = text.split(exercise.BEGIN)[1].split(exercise.END)[0]
    assert marked.strip().startswith("return")
    assert "np.exp" in text.split(exercise.BEGIN)[0]


def test_neighbouring_blanks_make_one_gap():
    code = 'from solutions.preprocessing import train_val_split    # blanks: "n_val = " "val, train" "return"'
    text = exercise.write_out(code, solution=True, where="here")
    assert text.count(exercise.BEGIN) == text.count(exercise.END) == 1
    assert "rng.permutation" in text.split(exercise.BEGIN)[0]


def test_a_blank_that_names_no_statement_or_several_is_an_error():
    for piece in ("no such text", "e"):
        code = f'from solutions.activations import softmax    # blanks: "{piece}"'
        with pytest.raises(exercise.ExerciseError, match="name one by a piece of text"):
            exercise.write_out(code, solution=True, where="here")


def test_functions_for_visible_checks_are_written_out_whole():
    text = exercise.write_out("from autograder.checks import answer_of", solution=False, where="here")
    assert text.startswith("def answer_of(")
