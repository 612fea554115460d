"""What every exercise in lessons/ promises to students and instructors."""

import ast
import json
import re
import runpy
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.validator import Validator

from autograder import executor, exercise, intake, notebook
from autograder.wall import Options

LESSONS = Path(__file__).resolve().parents[2] / "lessons"
EXERCISES = sorted(LESSONS.glob("*/exercise.py"))

# What a student need not have: this project and its dependencies, NumPy and Matplotlib excepted
MISSING = {"solutions", "autograder", "lessons", "keras", "tensorflow", "pandas", "seaborn", "scipy", "sklearn",
           "mlxtend", "nbgrader", "jupytext", "myst_nb", "IPython"}
NEEDED = {"08_improve": {"keras", "tensorflow"}}      # beside NumPy and Matplotlib

STUDENTS_PYTHON = '''
import json, sys


class Blocker:
    """Refuses the packages that a student need not have."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in sys.argv[2:]:
            raise ModuleNotFoundError(f"no {name} in a student's environment", name=name)


sys.meta_path.insert(0, Blocker())
names = {"__name__": "__main__"}
for grade_id, source in json.load(open(sys.argv[1])):
    try:
        exec(compile(source, grade_id, "exec"), names)
    except BaseException as error:
        print(grade_id, type(error).__name__, error)
        break
'''

for_every_exercise = pytest.mark.parametrize("path", EXERCISES, ids=[path.parent.name for path in EXERCISES])


def code_of(book):
    """(grade_id, text) of the code cells."""
    return [(notebook.grade_id_of(cell) or "", notebook.source(cell)) for cell in book["cells"]
            if cell["cell_type"] == "code"]


def run_as_a_student(cells, folder, assignment):
    """What stops the cells in a Python that has NumPy and Matplotlib (or what is needed); empty if nothing does."""
    (folder / "cells.json").write_text(json.dumps(cells))
    (folder / "run.py").write_text(STUDENTS_PYTHON)
    missing = sorted(MISSING - NEEDED.get(assignment, set()))
    ran = subprocess.run([sys.executable, "-I", "-W", "ignore", "run.py", "cells.json", *missing],
                         cwd=folder, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def grade(built, folder):
    return executor.grade(executor.Job(intake.read("max", folder), executor.Assignment(built.sources, {}, Options())))


def test_there_are_exercises():
    assert EXERCISES


@for_every_exercise
def test_the_text_runs_as_a_script(path):
    runpy.run_path(str(path), run_name="__main__")


@for_every_exercise
def test_the_reference_gets_all_points(path, built_exercises, tmp_path):
    built = built_exercises[path.parent.name]
    (tmp_path / built.instructor.name).write_text(built.instructor.read_text())
    result = grade(built, tmp_path)
    assert [(c.grade_id, c.message) for c in result.checks if c.verdict not in ("passed", "manual")] == []
    by_hand = sum(c.points for c in result.checks if c.verdict == "manual")
    assert result.score == result.points - by_hand > by_hand


@for_every_exercise
def test_the_released_notebook_untouched_gets_no_points_in_any_check(path, built_exercises):
    built = built_exercises[path.parent.name]
    result = grade(built, built.released.parent)
    assert {c.grade_id: c.score for c in result.checks} == {c.grade_id: 0.0 for c in result.checks}


@for_every_exercise
def test_an_empty_submission_gets_no_points(path, built_exercises, tmp_path):
    built = built_exercises[path.parent.name]
    assert grade(built, tmp_path).score == 0
    empty = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / built.released.name).write_text(json.dumps(empty))
    result = grade(built, tmp_path)
    assert (result.status, result.score) == ("graded", 0)


@for_every_exercise
def test_text_metadata_and_gradebook_agree_on_the_points(path, built_exercises):
    built = built_exercises[path.parent.name]
    promised = section = None
    headings, given = {}, Counter()
    for cell in json.loads(built.instructor.read_text())["cells"]:
        text = notebook.source(cell)
        if cell["cell_type"] == "markdown":
            if total := re.search(r"\*\*(\d+) points?\*\*", text):
                promised = int(total[1])
            if heading := re.search(r"^## (.*) \((\d+) points?\)$", text, re.MULTILINE):
                section = heading[1]
                headings[section] = int(heading[2])
        if notebook.nbgrader(cell).get("grade"):
            given[section] += notebook.nbgrader(cell)["points"]
    with Gradebook(built.course.db_url, built.course.directory.course_id) as gradebook:
        kept = gradebook.find_assignment(path.parent.name).max_score
    assert headings == given
    assert promised == sum(headings.values()) == kept


@for_every_exercise
def test_no_released_file_holds_a_line_of_a_solution_or_hidden_test(path, built_exercises):
    built = built_exercises[path.parent.name]
    secret = exercise.solution_lines(path)
    public = Counter(line.strip() for text in open_parts(built.instructor) for line in text.splitlines())
    assert secret
    for file in built.released.parent.rglob("*"):
        released = Counter()
        if file.suffix == ".ipynb":
            for cell in json.loads(file.read_text())["cells"]:
                released.update(line.strip() for line in notebook.source(cell).splitlines())
        elif file.is_file():
            released.update(line.strip() for line in file.read_text().splitlines())
        assert {line for line in secret if released[line] > public[line]} == set()


def open_parts(instructor):
    """The text of the instructor's cells outside nbgrader's marks."""
    marked = re.compile(r"^[^\n]*BEGIN (SOLUTION|HIDDEN TESTS).*?END \1[^\n]*$", re.MULTILINE | re.DOTALL)
    return [marked.sub("", notebook.source(cell)) for cell in json.loads(instructor.read_text())["cells"]]


@for_every_exercise
def test_the_released_notebook_needs_little_and_stops_at_what_is_unwritten(path, built_exercises, tmp_path):
    cells = code_of(json.loads(built_exercises[path.parent.name].released.read_text()))
    assert re.match(r"\w+ NotImplementedError", run_as_a_student(cells, tmp_path, path.parent.name))


@for_every_exercise
def test_the_released_notebook_with_right_answers_runs_from_top_to_bottom(path, built_exercises, tmp_path):
    built = built_exercises[path.parent.name]
    right = dict(code_of(json.loads(built.instructor.read_text())))
    cells = [(grade_id, right[grade_id] if "NotImplementedError" in text else text)
             for grade_id, text in code_of(json.loads(built.released.read_text()))]
    assert run_as_a_student(cells, tmp_path, path.parent.name) == ""


@for_every_exercise
def test_every_function_to_write_says_what_it_takes_and_gives(path, built_exercises):
    book = json.loads(built_exercises[path.parent.name].released.read_text())
    for cell in book["cells"]:
        if notebook.nbgrader(cell).get("solution") and cell["cell_type"] == "code":
            functions = [node for node in ast.parse(notebook.source(cell)).body if isinstance(node, ast.FunctionDef)]
            assert functions
            assert all("->" in (ast.get_docstring(node) or "") for node in functions), notebook.source(cell)


@for_every_exercise
def test_nbgraders_own_validation_passes_for_the_reference(path, built_exercises, nbgrader_home):
    assert Validator().validate(str(built_exercises[path.parent.name].instructor)) == {}


@for_every_exercise
def test_grade_ids_are_unique(path, built_exercises):
    book = json.loads(built_exercises[path.parent.name].instructor.read_text())
    ids = [notebook.nbgrader(cell)["grade_id"] for cell in book["cells"] if notebook.nbgrader(cell)]
    assert len(ids) == len(set(ids))
