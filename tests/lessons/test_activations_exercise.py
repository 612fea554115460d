"""The exercise on activations tells wrong from right, says what is wrong, and does so behind the wall as here."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from autograder import demo, executor, intake, notebook
from autograder.wall import Options

FUNCTIONS = ("relu", "relu_backward", "leaky_relu", "sigmoid", "softmax")
IN_PLACE = ["in place", "in place, *=", "in place", "in place, stable", "in place, -="]
TYPICAL = ["abs", "z >= 0", "default 0.01", "naive", "global shift"]
CLUMSY = ["list", "wrong precedence", "Python's max", "warnings silenced", "keepdims missing"]
SILENT = ["missing return", "fixed answer", "copy of integers", "errstate silenced", "no shift"]
GOOD = ["np.where", "mask with a copy", "None as default", "math.exp, overflow caught", "vectorize with a signature"]


def function_of(grade_id):
    return max((name for name in FUNCTIONS if grade_id.startswith(name)), key=len)


def lost(messages):
    return {grade_id: message for grade_id, message in messages.items() if message}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_wrong_version_loses_points_and_reads_why(function, wrong_versions, grade_here, diagnose_here):
    unnoticed, unexplained, misnamed = [], [], []
    for version in wrong_versions:
        if version.function == function:
            messages, mistake = lost(grade_here({function: version.cell})), diagnose_here(version)
            read = [*messages.values(), mistake.sentence if mistake else ""]
            if not messages:
                unnoticed.append(version.what)
            if not any(words in text for words in version.words.split("|") for text in read):
                unexplained.append((version.what, version.words, read))
            if (mistake.name if mistake else "") != version.name:
                misnamed.append((version.what, version.name, mistake))
    assert not unnoticed
    assert not unexplained
    assert not misnamed


def test_the_bank_names_most_of_what_students_write(wrong_versions):
    assert sum(bool(version.name) for version in wrong_versions) / len(wrong_versions) >= 0.85


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_right_version_gets_all_points_and_is_given_no_mistake(
        function, right_versions, grade_here, diagnose_here):
    versions = [v for v in right_versions if v.function == function]
    graded = {v.what: lost(grade_here({function: v.cell})) for v in versions}
    assert not {what: messages for what, messages in graded.items() if messages}
    assert [(v.what, mistake) for v in versions if (mistake := diagnose_here(v))] == []


def test_a_wrong_function_costs_the_others_nothing(wrong_versions, grade_here):
    first_of_each = {v.function: v for v in reversed(wrong_versions)}
    for function, version in first_of_each.items():
        assert {function_of(grade_id) for grade_id in lost(grade_here({function: version.cell}))} == {function}


def test_every_version_has_a_name_of_its_own_and_every_wrong_one_words(wrong_versions, right_versions):
    for versions in (wrong_versions, right_versions):
        assert [name for name, n in Counter((v.function, v.what) for v in versions).items() if n > 1] == []
    assert all(v.words for v in wrong_versions)
    assert {v.function for v in right_versions} == {v.function for v in wrong_versions} == set(FUNCTIONS)


@pytest.mark.parametrize("body", ["raise NotImplementedError()", "pass", "return None"])
def test_an_unwritten_function_gets_no_points_in_any_check(body, activations_cells, grade_here):
    messages = grade_here({name: f"def {name}(*arguments, **options):\n    {body}\n" for name in FUNCTIONS})
    assert set(lost(messages)) == {cell.grade_id for cell in activations_cells if cell.points}


@pytest.mark.parametrize(("function", "code", "points"), [
    ("sigmoid", demo.OVERFLOW, 2), ("softmax", demo.COLUMNS, 5), ("relu", demo.IN_PLACE, 1)])
def test_the_mistakes_of_the_demo_class_cost_what_the_demo_says(function, code, points, activations_cells, grade_here):
    messages = lost(grade_here({function: code}))
    assert sum(cell.points for cell in activations_cells if cell.grade_id in messages) == points


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("names", [IN_PLACE, TYPICAL, CLUMSY, SILENT, GOOD],
                         ids=["in_place", "typical", "clumsy", "silent", "good"])
def test_the_sandbox_gives_the_same_verdicts_messages_and_names_as_this_process(
        names, wrong_versions, right_versions, grade_here, released_activations, activations_known, tmp_path):
    known = {(v.function, v.what): v for v in right_versions + wrong_versions}
    versions = [known[function, what] for function, what in zip(FUNCTIONS, names, strict=True)]
    answers = {v.function: v.cell for v in versions}
    sources, released = released_activations
    demo.hand_in(released, tmp_path, demo.Classmate("max", "five versions", answers, 0))
    submission = intake.read("max", tmp_path / "max" / demo.ASSIGNMENT)
    assignment = executor.Assignment(sources, {}, Options(), known=activations_known)
    result = executor.grade(executor.Job(submission, assignment))
    assert {check.mistake for check in result.checks} - {""} == {v.name for v in versions} - {""}
    behind = {check.grade_id: check.message for check in result.checks}
    assert _without_numbers(behind) == _without_numbers(grade_here(answers))
    assert {check.grade_id for check in result.checks if check.score == 0} == set(lost(behind))


def test_the_sandbox_grades_a_notebook_whose_helpers_stand_in_cells_of_their_own(released_activations, tmp_path):
    sources, released = released_activations
    demo.hand_in(released, tmp_path, demo.classmates()[0])
    path = tmp_path / "ada" / demo.ASSIGNMENT / f"{demo.NOTEBOOK}.ipynb"
    book = json.loads(path.read_text())
    place = next(i for i, cell in enumerate(book["cells"]) if notebook.grade_id_of(cell) == "relu")
    book["cells"][place]["source"] = "def relu(z):\n    return larger(z, 0.0)\n"
    book["cells"].insert(place, {"cell_type": "code", "metadata": {}, "id": "mine", "outputs": [],
                                 "execution_count": None, "source": "larger = np.maximum"})
    path.write_text(json.dumps(book))
    result = executor.grade(executor.Job(intake.read("ada", path.parent), executor.Assignment(sources, {}, Options())))
    assert (result.score, lost({c.grade_id: c.message for c in result.checks})) == (20, {})


def test_the_visible_checks_say_no_function_that_would_be_the_answer(released_activations):
    book = json.loads(Path(released_activations[1]).read_text())
    checks = "".join("".join(c["source"]) for c in book["cells"] if c["metadata"].get("nbgrader", {}).get("grade"))
    assert not re.search(r"np\.(maximum|clip|tanh|logaddexp|heaviside)\b|keepdims|\.max\(", checks)


def _without_numbers(messages):
    """The messages with numbers blanked, cut off where they show an array or a line of code."""
    number = re.compile(r"[-+]?(\d[\d.]*(e[-+]?\d+)?|inf|nan)")
    return {grade_id: number.sub("#", message.split(" (your code,")[0]).split("yours is [[")[0]
            for grade_id, message in messages.items()}
