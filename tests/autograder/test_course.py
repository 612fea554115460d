"""An nbgrader course folder, seen from outside: what is found in it, and what is said where something is missing."""

import json

import pytest

from autograder import course, notebook
from autograder.course import CourseError

EXERCISE = '''# %%
import numpy as np

# %% nbgrader={"schema_version": 3, "grade_id": "relu", "solution": true, "grade": false, "locked": false}
from solutions.activations import relu

# %% nbgrader={"schema_version": 3, "grade_id": "check", "solution": false, "grade": true, "locked": true, "points": 1}
assert relu(np.array(2.0)) == 2.0
### BEGIN HIDDEN TESTS
assert relu(np.array(-3.0)) == 0.0
### END HIDDEN TESTS
'''


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A course with one exercise, made from text."""
    folder = tmp_path_factory.mktemp("lessons") / "02_topic"
    folder.mkdir()
    (folder / "exercise.py").write_text(EXERCISE)
    opened = course.open_course(tmp_path_factory.mktemp("course"), create=True)
    assert course.make(folder, opened) == "02_topic"
    return opened


def test_an_exercise_becomes_a_release_without_its_answer_and_hidden_tests(made):
    text = (made.path("release", ".", "02_topic") / "topic.ipynb").read_text()
    assert "def relu" in text
    assert "NotImplementedError" in text
    assert "np.array(2.0)" in text
    assert "-3.0" not in text
    assert "HIDDEN" not in text
    assert "SOLUTION" not in text


def test_the_sources_hold_the_hidden_tests_and_the_stubs(made):
    source, = course.sources(made, "02_topic")
    assert source.name == "topic"
    assert "-3.0" in source.cells[2]["source"]
    assert "NotImplementedError" in source.stubs["relu"]
    assert source.warnings == ()


def test_a_notebook_that_lost_its_gradebook_cell_is_told(made):
    path = made.path("source", ".", "02_topic") / "topic.ipynb"
    before = path.read_text()
    book = json.loads(before)
    book["cells"][2]["metadata"]["nbgrader"]["grade_id"] = "renamed"
    path.write_text(json.dumps(book))
    try:
        with pytest.raises(CourseError, match="'renamed' is not in the gradebook; run `nbgrader generate_assignment`"):
            course.sources(made, "02_topic")
    finally:
        path.write_text(before)


def test_an_unknown_assignment_names_the_mend(made):
    with pytest.raises(CourseError, match="run `nbgrader generate_assignment ps9` there first"):
        course.sources(made, "ps9")


def test_a_folder_that_does_not_exist_is_told(tmp_path):
    with pytest.raises(CourseError, match="is no folder; --course names an nbgrader course"):
        course.open_course(tmp_path / "nowhere")


def test_an_assignment_that_nbgrader_cannot_generate_is_told(made):
    with pytest.raises(CourseError, match="nbgrader could not generate nothing"):
        course.generate(made, "nothing")


def test_an_existing_configuration_is_never_overwritten(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'mine'\n")
    opened = course.open_course(tmp_path, create=True)
    assert opened.directory.course_id == "mine"
    assert opened.path("submitted", "ada", "ps1") == tmp_path / "submitted" / "ada" / "ps1"


def test_folders_that_the_configuration_names_are_used(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.submitted_directory = 'in'\n")
    opened = course.open_course(tmp_path)
    (tmp_path / "in" / "ada" / "ps1").mkdir(parents=True)
    assert course.submissions(opened, "ps1") == [("ada", tmp_path / "in" / "ada" / "ps1")]


def test_submissions_are_folders_with_a_students_name_and_no_links(tmp_path):
    opened = course.open_course(tmp_path, create=True)
    for name in ("zoe", "ada", "José O'Neil", "-rf", "=1+1", ".hidden", "[x]"):
        (tmp_path / "submitted" / name / "ps1").mkdir(parents=True)
    (tmp_path / "submitted" / "file").write_text("x")
    (tmp_path / "submitted" / "eve").mkdir()
    (tmp_path / "submitted" / "eve" / "ps1").symlink_to(tmp_path / "submitted" / "ada" / "ps1")
    (tmp_path / "submitted" / "mallory").symlink_to(tmp_path / "submitted" / "ada")
    assert [s for s, _ in course.submissions(opened, "ps1")] == ["-rf", "=1+1", "José O'Neil", "[x]", "ada", "zoe"]


def test_a_student_whose_name_no_gradebook_can_hold_is_told_before_anything_is_graded(tmp_path):
    opened = course.open_course(tmp_path, create=True)
    (tmp_path / "submitted" / b"bytes-\xff".decode("utf-8", "surrogateescape") / "ps1").mkdir(parents=True)
    with pytest.raises(CourseError, match="rename"):
        course.submissions(opened, "ps1")


def test_the_instructors_files_come_without_the_notebooks(made):
    (made.path("source", ".", "02_topic") / "data.csv").write_text("1")
    assert course.instructor_files(made, "02_topic") == {"data.csv": b"1"}


def test_a_course_may_mark_its_hidden_tests_in_its_own_way(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.root = {str(tmp_path)!r}\n"
        "c.ClearHiddenTests.begin_test_delimeter = 'VERSTECKT'\nc.ClearHiddenTests.end_test_delimeter = 'SICHTBAR'\n")
    (tmp_path / "02_topic").mkdir()
    (tmp_path / "02_topic" / "exercise.py").write_text(
        EXERCISE.replace("BEGIN HIDDEN TESTS", "VERSTECKT").replace("END HIDDEN TESTS", "SICHTBAR"))
    opened = course.open_course(tmp_path)
    course.make(tmp_path / "02_topic", opened)
    assert "-3.0" not in (opened.path("release", ".", "02_topic") / "topic.ipynb").read_text()
    check = course.sources(opened, "02_topic")[0].cells[2]["source"]
    assert "-3.0" in check
    assert notebook.visible(check) == "assert relu(np.array(2.0)) == 2.0\n# hidden checks run here\n"


def test_the_instructors_files_are_all_but_notebooks_and_hidden_ones(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(f"get_config().CourseDirectory.root = {str(tmp_path)!r}\n")
    for name in ("data.csv", "work.ipynb", ".git/config", "sub/more.txt"):
        path = tmp_path / "source" / "ps1" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    assert course.instructor_files(course.open_course(tmp_path), "ps1") == {"data.csv": b"x", "sub/more.txt": b"x"}


def test_a_gradebook_that_cannot_be_read_is_an_error_with_the_next_step(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.root = {str(tmp_path)!r}\n"
        f"c.CourseDirectory.db_url = 'sqlite:///{tmp_path}/gradebook.db'\n")
    (tmp_path / "gradebook.db").write_bytes(b"no database" * 1000)
    with pytest.raises(CourseError, match=r"the gradebook cannot be read .*then run the same command again"):
        course.sources(course.open_course(tmp_path), "ps1")


def test_a_gradebook_on_a_server_needs_a_course_id(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.root = {str(tmp_path)!r}\n"
        "c.CourseDirectory.db_url = 'postgresql+psycopg://me@nowhere/grades'\n")
    with pytest.raises(CourseError, match=r"set c\.CourseDirectory\.course_id"):
        course.open_course(tmp_path)
