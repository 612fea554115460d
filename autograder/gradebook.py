"""Results into nbgrader's own gradebook and `autograded/` folder, by one writer, as nbgrader's commands expect them.

A batch goes in two steps: every student's graded notebooks, each folder replaced as a whole and safe on the disk; then
all scores in one transaction. Either may be done again without harm, so a run that was stopped repeats its last batch.
"""

import contextlib
import errno
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy
from nbgrader import api, utils
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import Connection, Table, bindparam, func, insert, or_, select, update
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError

from autograder.course import Course, CourseError
from autograder.protocol import Result

PATIENCE = 60.0             # seconds to wait for a gradebook that another program is writing to
MOST_AT_ONCE = 500          # results in one transaction: databases limit the names in one query

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS)     # nobody's pages can be written, not one student's
_ADVICE = {
    "SQLITE_BUSY": "end what has it locked (formgrader, another nbgrader command)",
    "55P03": "end what has it locked (formgrader, another nbgrader command)",
    "SQLITE_ERROR": "run `nbgrader db upgrade` and `nbgrader generate_assignment` for it",
    "42": "run `nbgrader db upgrade` and `nbgrader generate_assignment` for it, and see that you may write to it",
    "SQLITE_FULL": "free some space on that disk",
    "53100": "free some space on the database server's disk",
    "SQLITE_IOERR": "see that its disk has space and works",
    "SQLITE_READONLY": "see that you may write to it and to its folder",
    "SQLITE_NOTADB": "put an intact copy of it in its place",
    "SQLITE_CORRUPT": "put an intact copy of it in its place",
}

_STUDENTS: Table = api.Student.__table__
_SUBMISSIONS: Table = api.SubmittedAssignment.__table__
_SHEETS: Table = api.SubmittedNotebook.__table__
_GRADES: Table = api.Grade.__table__
_COMMENTS: Table = api.Comment.__table__


class GradebookError(CourseError):
    """The gradebook or its disk as a whole cannot be used; the message says what to do. No result is at fault."""


class _Layout(NamedTuple):
    """What the gradebook knows of the assignment; cells by (notebook's name, cell's name)."""

    assignment: str
    due: datetime | None
    notebooks: dict[str, str]                   # name -> id
    graded: dict[tuple[str, str], str]          # cells that give points -> id
    commented: dict[tuple[str, str], str]       # cells that are commented on -> id


class Recorder:
    """The one writer of an assignment's results; keeps its connection for a whole run.

    patience: seconds to wait for a gradebook that is locked.  Raises `GradebookError` for one that cannot be used.
    """

    def __init__(self, course: Course, assignment: str, *, patience: float = PATIENCE):
        self.course, self.assignment = course, assignment
        self.penalties = _penalties(course)
        self.engine = _engine(course.db_url, patience)

    def __enter__(self) -> "Recorder":
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.dispose()

    def record(self, results: Sequence[Result]) -> dict[str, str]:
        """Record a batch; returns {student: why} of those whose own result could not be recorded.

        Scores and comments that a person gave are kept; recording a result again changes nothing.
        Raises `GradebookError` where it is no single result's fault: the batch's scores are then as they were before.
        """
        # In one order, so that two writers to one server never wait for each other
        ordered = [result for _, result in sorted({result.student: result for result in results}.items())]
        failed: dict[str, str] = {}
        for start in range(0, len(ordered), MOST_AT_ONCE):
            batch = self._place_pages(ordered[start:start + MOST_AT_ONCE], failed)
            if batch and self._write_scores(batch):         # one is at fault, which the others must not pay for
                faults = ((result.student, self._write_scores([result])) for result in batch)
                failed |= {student: fault for student, fault in faults if fault}
        return failed

    def still_recorded(self, students: Iterable[str]) -> set[str]:
        """Those of the students whose scores are in the gradebook and whose graded notebooks are in `autograded/`."""
        with self._transaction() as connection:
            layout = _layout(connection, self.assignment)
            query = select(_SUBMISSIONS.c.student_id).where(_SUBMISSIONS.c.assignment_id == layout.assignment)
            known = set(connection.scalars(query))
        return {student for student in students if student in known
                and all((self._folder(student) / f"{name}.ipynb").is_file() for name in layout.notebooks)}

    def _folder(self, student: str) -> Path:
        if student in ("", ".", "..") or "/" in student or "\0" in student:
            raise ValueError(f"{student!r} cannot be a student's name, for it cannot name a folder")
        return self.course.path("autograded", student, self.assignment)

    def _place_pages(self, results: Sequence[Result], failed: dict[str, str]) -> list[Result]:
        """Write the graded notebooks; returns the results whose scores may follow, the others' faults in `failed`."""
        placed, folders = [], []
        try:
            for result in results:
                try:
                    folder = self._folder(result.student)
                    if result.notebooks:
                        _replace_folder(folder, result)
                        folders.append(folder)
                    placed.append(result)
                except (OSError, ValueError) as error:
                    if isinstance(error, OSError) and error.errno in _FULL:
                        raise
                    failed[result.student] = f"the graded notebooks could not be written ({error})"
            with ThreadPoolExecutor(16) as threads:     # a disk takes many at once in little more time than one
                list(threads.map(_finish_folder, folders))
        except OSError as error:
            raise GradebookError(f"the graded notebooks could not be written ({error}); the scores of this batch are "
                                 "as they were before. Free some space, then run the same command again") from error
        return placed

    def _write_scores(self, results: Sequence[Result]) -> str:
        """All scores or none; returns the fault of the results that kept them from being written, if there is one."""
        try:
            with self._transaction() as connection:
                batch = _Batch(connection, _layout(connection, self.assignment), results)
                batch.set_times()
                batch.set_grades()
                batch.set_comments()
                batch.set_penalties(self.penalties)
        except GradebookError:
            raise
        except Exception as error:      # also the instructor's plug-in may raise anything
            return f"{type(error).__name__}: {error}"
        return ""

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """All or nothing. Raises `GradebookError` for what is the database's fault, and no single result's."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except (IntegrityError, DataError):
            raise
        except DBAPIError as error:
            reason = " ".join(str(error.orig).split())
            code = str(getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", ""))
            advice = next((text for start, text in _ADVICE.items() if code.startswith(start)),
                          "see that it is there, that its server runs and that you may write to it")
            raise GradebookError(f"the gradebook {self.engine.url.render_as_string(hide_password=True)} cannot be used "
                                 f"({reason}); the scores of this batch are as they were before. To go on, {advice}, "
                                 "then run the same command again") from error


class _Batch:
    """Results being written in one transaction; what is missing of students, submissions and their parts is made."""

    def __init__(self, connection: Connection, layout: _Layout, results: Sequence[Result]):
        self.connection, self.layout, self.results = connection, layout, results
        students = [result.student for result in results]
        known = set(connection.scalars(select(_STUDENTS.c.id).where(_STUDENTS.c.id.in_(students))))
        if new := [{"id": student} for student in students if student not in known]:
            connection.execute(insert(_STUDENTS), new)
        made = self._rows(_SUBMISSIONS, "assignment_id", "student_id", [(layout.assignment, s) for s in students])
        self.submissions = {student: row for (_, student), row in made.items()}
        pairs = {(student, name): (notebook, submission) for student, submission in self.submissions.items()
                 for name, notebook in layout.notebooks.items()}
        rows = self._rows(_SHEETS, "notebook_id", "assignment_id", list(pairs.values()))
        self.sheets = {names: rows[pair] for names, pair in pairs.items()}

    def set_times(self) -> None:
        """When each was received; the time of an earlier recording stays where there is none."""
        times = ((self.submissions[result.student], _time(result)) for result in self.results)
        self._change(_SUBMISSIONS, {"timestamp": bindparam("time")},
                     [{"row": row, "time": time} for row, time in times if time])

    def set_grades(self) -> None:
        """Automatic scores; what has none, or has one that a person gave, waits for a person (again)."""
        rows = self._rows(_GRADES, "cell_id", "notebook_id", self._cells(self.layout.graded))
        changes = []
        for result in self.results:
            for check in result.checks:
                cell = self.layout.graded.get((check.notebook, check.grade_id))
                if cell is None:
                    raise ValueError(f"the gradebook has no graded cell {check.grade_id!r} in {check.notebook}.ipynb; "
                                     "run `nbgrader generate_assignment`, then grade again")
                changes.append({"row": rows[cell, self.sheets[result.student, check.notebook]],
                                "score": check.score, "by_hand": check.score is None})
        by_hand = bindparam("by_hand", type_=sqlalchemy.Boolean)
        self._change(_GRADES, {"auto_score": bindparam("score"),
                               "needs_manual_grade": or_(_GRADES.c.manual_score.is_not(None), by_hand)}, changes)

    def set_comments(self) -> None:
        """nbgrader's automatic comment, on an answer that was left as released."""
        rows = self._rows(_COMMENTS, "cell_id", "notebook_id", self._cells(self.layout.commented))
        self._change(_COMMENTS, {"auto_comment": bindparam("text")}, [
            {"row": rows[cell, self.sheets[result.student, name[0]]],
             "text": "No response." if name in result.unanswered else None}
            for result in self.results for name, cell in self.layout.commented.items()])

    def set_penalties(self, penalties: AssignLatePenalties | None) -> None:
        """nbgrader's own rule for late submissions, with the plug-in that the course has configured."""
        graded = {self.sheets[result.student, name]: result.student
                  for result in self.results for name, _ in result.notebooks}
        here = _SHEETS.c.id.in_(graded)
        self.connection.execute(update(_SHEETS).values(late_submission_penalty=None)
                                .where(here, _SHEETS.c.late_submission_penalty.is_not(None)))
        late = self._seconds_late() if penalties else {}
        sums = self._scores(graded) if late else {}
        changes = []
        for sheet, student in graded.items():
            if penalties and student in late:
                penalties.init_plugin()         # as nbgrader does: one for each notebook
                score = sums.get(sheet, 0.0)
                penalty = penalties.plugin_inst.late_submission_penalty(student, score, late[student])
                if penalty is not None:
                    changes.append({"row": sheet, "penalty": min(max(penalty, 0.0), score)})
        self._change(_SHEETS, {"late_submission_penalty": bindparam("penalty")}, changes)

    def _scores(self, sheets: Iterable[str]) -> dict[str, float]:
        """{submitted notebook: its score}, as nbgrader computes it."""
        sheet = _GRADES.c.notebook_id
        sums = self.connection.execute(
            select(sheet.label("sheet"), func.sum(api.Grade.score).label("score")).group_by(sheet)
            .where(_GRADES.c.cell_id.in_(self.layout.graded.values()), sheet.in_(sheets)))
        return {row.sheet: row.score for row in sums}

    def _seconds_late(self) -> dict[str, float]:
        """{student: seconds after the due date and their extension}, of those who were late."""
        due, table = self.layout.due, _SUBMISSIONS.c
        if due is None:
            return {}
        received = self.connection.execute(select(table.student_id, table.timestamp, table.extension).where(
            table.id.in_(self.submissions.values()), table.timestamp.is_not(None)))
        seconds = {student: (time - due - (extension or timedelta(0))).total_seconds()
                   for student, time, extension in received}
        return {student: late for student, late in seconds.items() if late > 0}

    def _cells(self, cells: dict[tuple[str, str], str]) -> list[tuple[str, str]]:
        """(cell, submitted notebook) for each of the cells and every student."""
        return [(cell, self.sheets[result.student, notebook])
                for (notebook, _), cell in cells.items() for result in self.results]

    def _rows(self, table: Table, first: str, second: str,
              wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """{(first, second): id} of the rows with these pairs in two columns; those that are missing are made.

        The query names both columns, in the order of the table's index: nbgrader has no index on either alone.
        """
        one, two = table.c[first], table.c[second]
        query = select(table.c.id, one, two).where(one.in_({a for a, _ in wanted}), two.in_({b for _, b in wanted}))
        found = {(a, b): row for row, a, b in self.connection.execute(query)}
        if new := {pair: api.new_uuid() for pair in wanted if pair not in found}:
            self.connection.execute(insert(table), [{"id": row, first: a, second: b} for (a, b), row in new.items()])
        return found | new

    def _change(self, table: Table, values: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        """Set these columns in many rows, each found by its `row`."""
        if rows:
            self.connection.execute(update(table).where(table.c.id == bindparam("row")).values(values), rows)


def _layout(connection: Connection, assignment: str) -> _Layout:
    """What is to be filled in for each student. Raises `GradebookError` where the gradebook has no such assignment."""
    found = connection.execute(select(api.Assignment.id, api.Assignment.duedate)
                               .where(api.Assignment.name == assignment)).first()
    if found is None:
        raise GradebookError(f"the gradebook has no assignment {assignment!r}; "
                             f"run `nbgrader generate_assignment {assignment}` first")
    notebooks = connection.execute(select(api.Notebook.name, api.Notebook.id)
                                   .where(api.Notebook.assignment_id == found.id))
    cell = api.BaseCell.__table__.c
    cells = connection.execute(select(api.Notebook.name, cell.name, cell.type, cell.id)
                               .join(api.Notebook, api.Notebook.id == cell.notebook_id)
                               .where(api.Notebook.assignment_id == found.id)).all()
    graded, commented = ({(notebook, name): row for notebook, name, kind, row in cells if kind in kinds}
                         for kinds in (("GradeCell", "TaskCell"), ("SolutionCell", "TaskCell")))
    return _Layout(found.id, found.duedate, {book.name: book.id for book in notebooks}, graded, commented)


def _penalties(course: Course) -> AssignLatePenalties | None:
    """nbgrader's way to the course's plug-in for late submissions; None where there is none that takes points away."""
    try:
        penalties = AssignLatePenalties(parent=course.directory)
        penalties.init_plugin()
    except Exception as error:      # the instructor's own code
        raise GradebookError(f"the plug-in for late penalties cannot be used ({type(error).__name__}: {error}); "
                             "see c.AssignLatePenalties.plugin_class in nbgrader_config.py") from error
    plugin = penalties.plugin_inst
    return None if type(plugin) is LateSubmissionPlugin and plugin.penalty_method == "none" else penalties


def _engine(url: str, patience: float) -> sqlalchemy.Engine:
    """A connection that waits for a locked database instead of failing at once, and that is renewed if it was lost."""
    try:
        parsed = sqlalchemy.make_url(url)
        kind = parsed.get_backend_name()
        options = {"timeout": patience, "isolation_level": None} if kind == "sqlite" else {}
        engine = sqlalchemy.create_engine(parsed, pool_pre_ping=True, connect_args=options)
    except (ArgumentError, ImportError) as error:
        raise GradebookError(f"c.CourseDirectory.db_url in nbgrader_config.py cannot be used ({error}); for PostgreSQL "
                             "it is postgresql+psycopg://USER@HOST/DATABASE, and needs the package psycopg") from error
    # Python's sqlite3 would begin a transaction with the first change only, after what that depends on was read
    begin = {"sqlite": "BEGIN IMMEDIATE", "postgresql": f"SET LOCAL lock_timeout = {round(1000 * patience)}"}
    if statement := begin.get(kind):
        sqlalchemy.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(statement))
    return engine


def _replace_folder(target: Path, result: Result) -> None:
    """Put a result's notebooks in place as a whole; what was there before waits beside them to be removed."""
    fresh, old = _beside(target, "fresh"), _beside(target, "old")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        for name, text in result.notebooks:
            (fresh / f"{name}.ipynb").write_text(text, encoding="utf-8")
        if time := _time(result):
            (fresh / "timestamp.txt").write_text(time.isoformat())
        shutil.rmtree(old, ignore_errors=True)
        if os.path.lexists(target):
            target.rename(old)
        fresh.rename(target)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _finish_folder(target: Path) -> None:
    """Wait until a new folder, its files and its name are on the disk, then remove the old one."""
    for path in (*target.iterdir(), target, target.parent, target.parent.parent):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    shutil.rmtree(_beside(target, "old"), ignore_errors=True)


def _beside(target: Path, step: str) -> Path:
    return target.with_name(f".{target.name}.{step}")


def _time(result: Result) -> datetime | None:
    """When the submission was received, if its receipt says so; UTC, as the gradebook keeps times."""
    try:
        return utils.parse_utc(result.receipt.received) if result.receipt.received else None
    except (ValueError, OverflowError):
        return None
