"""Results in nbgrader's gradebook and its autograded folder."""

import shutil
from datetime import datetime
from types import SimpleNamespace

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder import course, executor, gradebook, notebook
from autograder.protocol import Check, Result

CELLS = """
#: solution
x = 1
#: check 2
assert x == 1
#: manual 5
Essay.
"""


@pytest.fixture(scope="module")
def generated(make, tmp_path_factory):
    """A course with one assignment, as nbgrader generates it."""
    folder = tmp_path_factory.mktemp("course")
    opened = course.open_course(folder, create=True)
    cells = make.cells(CELLS)
    cells[0]["source"] = "### BEGIN SOLUTION\nx = 1\n### END SOLUTION"
    book = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3",
                                                             "language": "python"}})
    book.cells = [nbformat.from_dict(cell) for cell in cells]
    (folder / "source" / "ps1").mkdir(parents=True)
    nbformat.write(book, folder / "source" / "ps1" / "work.ipynb")
    course.generate(opened, "ps1")
    return folder


@pytest.fixture
def opened(generated, tmp_path):
    """A fresh copy of that course."""
    shutil.copytree(generated, tmp_path / "course")
    (tmp_path / "course" / "nbgrader_config.py").unlink()
    return course.open_course(tmp_path / "course", create=True)


@pytest.fixture
def student(opened):
    """Record results of one student, and read what the gradebook then holds."""
    folder = opened.folder / "submitted" / "ada" / "ps1"
    folder.mkdir(parents=True)

    def record(auto=2.0, essay=None, *, status="graded", verdict="passed", notebooks=(("work", "{}"),), unanswered=()):
        checks = (Check("work", "check1", 2, auto, verdict), Check("work", "manual1", 5, essay, "manual"))
        gradebook.record(opened, "ps1", Result("ada", status, "", checks, tuple(notebooks), unanswered), folder)

    def held():
        with Gradebook(opened.db_url) as book:
            submission = book.find_submission("ps1", "ada")
            grades = {g.name: (g.auto_score, g.manual_score, g.needs_manual_grade)
                      for n in submission.notebooks for g in n.grades}
            comments = {c.name: c.auto_comment for n in submission.notebooks for c in n.comments}
            late = [n.late_submission_penalty for n in submission.notebooks]
            return SimpleNamespace(grades=grades, comments=comments, timestamp=submission.timestamp,
                                   score=submission.score, late=late)

    return SimpleNamespace(record=record, held=held, folder=folder,
                           autograded=opened.folder / "autograded" / "ada" / "ps1")


def set_manual_score(opened, score):
    with Gradebook(opened.db_url) as book:
        book.find_grade("check1", "work", "ps1", "ada").manual_score = score
        book.db.commit()


def test_scores_are_recorded_and_what_a_person_grades_is_flagged(student):
    student.record(auto=1.5)
    assert student.held().grades == {"check1": (1.5, None, False), "manual1": (None, None, True)}


def test_grading_again_replaces_the_automatic_score(student):
    student.record(auto=0.0)
    student.record(auto=2.0)
    assert student.held().grades["check1"] == (2.0, None, False)


def test_a_score_given_by_hand_is_kept_and_flagged_for_another_look(opened, student):
    student.record(auto=0.0)
    set_manual_score(opened, 1.0)
    student.record(auto=2.0)
    assert student.held().grades["check1"] == (2.0, 1.0, True)
    assert student.held().score == 1.0


def test_an_errored_check_has_no_score_and_waits_for_a_person(student):
    student.record(auto=None, verdict="errored")
    assert student.held().grades["check1"] == (None, None, True)


def test_an_answer_left_as_released_gets_nbgraders_comment_and_loses_it_when_answered(student):
    student.record(unanswered=(("work", "solution1"),))
    assert student.held().comments["solution1"] == "No response."
    student.record()
    assert student.held().comments["solution1"] is None


def test_the_time_of_the_submission_is_the_one_that_the_exchange_noted(student):
    (student.folder / "timestamp.txt").write_text("2024-03-01 12:00:00.5 UTC")
    student.record()
    assert student.held().timestamp == datetime(2024, 3, 1, 12, 0, 0, 500_000)
    assert (student.autograded / "timestamp.txt").read_text().startswith("2024-03-01T12:00:00.5")


@pytest.mark.parametrize("text", ["", "never", "2024-13-45", "9" * 90, "=1+1", "\x00", "1" * 500, "inf", "1e400", "[]",
                                  "0001-01-01 00:00:00 +2359", "12:00 PM " * 10, "\udcff"])
def test_a_forged_time_of_submission_ends_nothing(student, text):
    (student.folder / "timestamp.txt").write_bytes(text.encode("utf-8", "surrogateescape"))
    student.record()
    assert student.held().grades["check1"][0] == 2.0


def test_a_linked_time_of_submission_is_not_read(student, tmp_path):
    (tmp_path / "other.txt").write_text("2024-03-01 12:00:00 UTC")
    (student.folder / "timestamp.txt").symlink_to(tmp_path / "other.txt")
    student.record()
    assert student.held().timestamp is None


def test_the_penalty_for_late_work_is_nbgraders_with_the_courses_plugin(opened, student, monkeypatch):
    (opened.folder / "late.py").write_text(
        "from nbgrader.plugins import BasePlugin\nclass Minus(BasePlugin):\n"
        "    def late_submission_penalty(self, student_id, score, total_seconds_late): return 0.5\n")
    config = opened.config.copy()
    config.AssignLatePenalties.plugin_class = "late.Minus"
    with Gradebook(opened.db_url) as book:
        book.update_or_create_assignment("ps1", duedate=datetime(2024, 3, 1))
    (student.folder / "timestamp.txt").write_text("2024-03-02 00:00:00 UTC")
    late = opened._replace(config=config, directory=type(opened.directory)(config=config))
    checks = (Check("work", "check1", 2, 2.0, "passed"),)
    monkeypatch.syspath_prepend(str(opened.folder))
    gradebook.record(late, "ps1", Result("ada", "graded", "", checks, (("work", "{}"),)), student.folder)
    assert student.held().late == [0.5]


def test_graded_notebooks_replace_the_earlier_ones_as_a_whole(student):
    student.record(notebooks=(("work", "one"),))
    (student.autograded / "left over.txt").write_text("x")
    student.record(notebooks=(("work", "two"),))
    assert [p.name for p in student.autograded.iterdir()] == ["work.ipynb"]
    assert (student.autograded / "work.ipynb").read_text() == "two"
    assert [p.name for p in student.autograded.parent.iterdir()] == ["ps1"]


def test_a_grader_that_failed_leaves_the_earlier_pages_in_place(student):
    student.record(notebooks=(("work", "earlier"),))
    student.record(auto=None, status="errored", verdict="errored", notebooks=())
    assert (student.autograded / "work.ipynb").read_text() == "earlier"
    assert student.held().grades["check1"][0] is None


def test_feedback_pages_are_made_for_everybody_and_tell_why_a_notebook_was_not_graded(make, opened):
    sources = course.sources(opened, "ps1")
    well = [*make.answered(sources[0], {"solution1": "x = 1"}), make.cell("free", "'\ud800\x07'"),
            make.cell("text", "<script>alert(1)</script>[x](javascript:alert(1))")]
    texts = {"ada": make.document(well), "ben": "{", "cleo": make.document([])}
    for student, text in texts.items():
        folder = make.hand_in(opened.folder / "submitted" / student / "ps1", text)
        result = executor.grade(make.job(folder, *sources, student=student))
        gradebook.record(opened, "ps1", result, folder)
    pages = {path.parent.parent.name: path.read_text() for path in course.feedback(opened, "ps1").rglob("work.html")}
    assert sorted(pages) == ["ada", "ben", "cleo"]
    assert "not a notebook (its JSON cannot be read)" in pages["ben"]
    assert "<script>alert(1)" not in pages["ada"]
    assert 'href="javascript' not in pages["ada"]


def test_a_broken_submission_is_recorded_with_nothing(make, opened):
    folder = make.hand_in(opened.folder / "submitted" / "ben" / "ps1", "{")
    result = executor.grade(make.job(folder, *course.sources(opened, "ps1"), student="ben"))
    gradebook.record(opened, "ps1", result, folder)
    with Gradebook(opened.db_url) as book:
        assert book.find_grade("check1", "work", "ps1", "ben").auto_score == 0
    assert notebook.read_submission(opened.folder / "autograded" / "ben" / "ps1", "work")[0]["source"].startswith(
        "**This notebook could not be graded.**")
