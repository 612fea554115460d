"""Results into nbgrader's own gradebook and `autograded/` folder, by one writer, as nbgrader's commands expect them."""

import shutil
import tempfile
import warnings
from datetime import datetime
from pathlib import Path

from nbformat.v4 import new_notebook
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy.exc import SAWarning

from autograder.course import Course
from autograder.notebook import BrokenSubmission, read_file
from autograder.protocol import Result


def record(course: Course, assignment: str, result: Result, folder: Path) -> None:
    """Write one result: the graded notebooks first (if there are any), then the scores.

    Scores and comments that a person gave are kept.

    folder: what the student handed in; nbgrader's timestamp.txt in it gives the time of the submission.
    """
    when = _timestamp(folder)
    if result.notebooks:
        _write_notebooks(course, assignment, result, when)
    with warnings.catch_warnings():
        # nbgrader's own way of adding a submission makes SQLAlchemy warn; nothing is lost
        warnings.simplefilter("ignore", SAWarning)
        _write_scores(course, assignment, result, when)
    _late_penalties(course, assignment, result)


def _write_scores(course: Course, assignment: str, result: Result, when: datetime | None) -> None:
    with Gradebook(course.db_url, course.directory.course_id) as gradebook:
        gradebook.update_or_create_student(result.student)
        extra = {"timestamp": when} if when else {}
        gradebook.update_or_create_submission(assignment, result.student, **extra)
        for check in result.checks:
            grade = gradebook.find_grade(check.grade_id, check.notebook, assignment, result.student)
            grade.auto_score = check.score
            grade.needs_manual_grade = check.score is None or grade.manual_score is not None
        for notebook in gradebook.find_submission(assignment, result.student).notebooks:
            for comment in notebook.comments:
                comment.auto_comment = "No response." if (notebook.name, comment.name) in result.unanswered else None
        gradebook.db.commit()


def _write_notebooks(course: Course, assignment: str, result: Result, when: datetime | None) -> None:
    """Put the graded notebooks in place in one step: a reader sees the old ones or the new ones, never half."""
    target = course.path("autograded", result.student, assignment)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{assignment}-", dir=target.parent))
    for name, text in result.notebooks:
        (fresh / f"{name}.ipynb").write_text(text)
    if when:
        (fresh / "timestamp.txt").write_text(when.isoformat())
    fresh.chmod(0o755)
    if target.exists():
        old = Path(tempfile.mkdtemp(prefix=f".{assignment}-old-", dir=target.parent))
        target.replace(old / "x")
        fresh.replace(target)
        shutil.rmtree(old)
    else:
        fresh.replace(target)


def _timestamp(folder: Path) -> datetime | None:
    """The time that nbgrader's exchange noted, if it is one."""
    try:
        text = read_file(folder / "timestamp.txt", 100)
        return utils.parse_utc(text.decode().strip()) if text else None
    except (BrokenSubmission, ValueError, OverflowError):
        return None


def _late_penalties(course: Course, assignment: str, result: Result) -> None:
    """nbgrader's own rule for late submissions, with the plug-in that the course has configured."""
    for name, _ in result.notebooks:
        resources = {"nbgrader": {"notebook": name, "assignment": assignment, "student": result.student,
                                  "db_url": course.db_url}}
        AssignLatePenalties(parent=course.directory).preprocess(new_notebook(), resources)
