"""A whole class: rehearse, grade what has changed, keep each result, record it.

The order of things makes a run safe to end at any moment: a result is kept in the journal before it is recorded in the
gradebook, recording it twice changes nothing, and what the journal knows is not graded again.
"""

import contextlib
import hashlib
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from autograder import (
    archives,
    cluster,
    course,
    diagnosis,
    executor,
    gradebook,
    intake,
    journal,
    notebook,
    receipts,
    tester,
    wall,
)
from autograder.course import Course, CourseError
from autograder.executor import Assignment, Job
from autograder.progress import Progress
from autograder.protocol import Result, Submission

SPARE_SECONDS = 30.0            # for the checks' own work, beyond the limit of the submission
TESTER_BYTES = 2 * 2**30        # of memory for the checks' own work, beyond the limit of the submission
LEARNING_SECONDS = 600.0        # for the probes of a bank of misconceptions, once for a class
BATCH, BATCH_SECONDS = 100, 10.0    # results that are recorded together, and how long one may wait for that


class Plan(NamedTuple):
    """How a class is graded. scheduler: address of a Dask cluster, else this machine with so many workers."""

    limits: wall.Options
    upload: archives.Limits = archives.Limits()
    workers: int | None = None
    scheduler: str | None = None
    again: bool = False             # grade also what has not changed
    exchange_times: bool = False    # believe the timestamp.txt of nbgrader's exchange


class Graded(NamedTuple):
    """The results of a class, by name, and what the instructor should know."""

    results: list[Result]
    warnings: list[str]
    unchanged: int


def grade_class(opened: Course, name: str, plan: Plan, progress: Progress) -> Graded:
    """Grade everything that was handed in for an assignment.

    Raises `CourseError`, `wall.Refused`, `JournalError`, `GradebookError` or ConnectionError; what was graded until
    then is kept.
    """
    folders = handed_in(opened, name)
    with (journal.Journal(opened.folder, name) as kept, gradebook.Recorder(opened, name) as recorder,
          receipts.open_book(opened.folder, name) as book):
        assignment, warnings = prepare(opened, name, plan)
        run = _Run(plan, progress, assignment, kept, recorder, book)
        run.grade(folders)
        warnings += [*kept.warnings, *(f"the gradebook did not take the result of {student} ({why}); it is tried "
                                       "again by the next run" for student, why in sorted(kept.refused.items()))]
    return Graded(sorted(run.results, key=lambda r: r.student), warnings, run.unchanged)


def handed_in(opened: Course, name: str) -> list[tuple[str, Path]]:
    """(student, folder) of everyone who has handed in. Raises `CourseError` if that is nobody, or without checks."""
    course.sources(opened, name)
    folders = course.submissions(opened, name)
    if not folders:
        raise CourseError(f"nobody has handed in {name}: a submission is looked for in "
                          f"{opened.path('submitted', 'STUDENT', name)}")
    return folders


class _Run:
    """One pass over a class: what has changed is graded, whatever ends is kept at once and recorded in batches."""

    def __init__(self, plan: Plan, progress: Progress, assignment: Assignment, kept: journal.Journal,
                 recorder: gradebook.Recorder, book: receipts.Book):
        self.plan, self.progress, self.assignment = plan, progress, assignment
        self.kept, self.recorder, self.receipts = kept, recorder, book
        self.results: list[Result] = []
        self.unchanged = 0

    def grade(self, folders: list[tuple[str, Path]]) -> None:
        """Grade and record; if that is interrupted, what has been kept is recorded all the same, if it can be."""
        self.kept.settle(self.recorder.record)      # what a run before this one has graded and not recorded
        ended = cluster.run(grade_one, self.assignment, self._changed(folders), workers=self.plan.workers,
                            scheduler=self.plan.scheduler)
        waiting, since = 0, time.monotonic()
        try:
            for (submission, key), outcome in ended:
                result = _result(outcome, submission, self.assignment)
                self.kept.keep(key, result)
                self.progress.done(result)
                self.results.append(result._replace(notebooks=()))
                waiting += 1
                if waiting >= BATCH or time.monotonic() - since > BATCH_SECONDS:
                    self.kept.settle(self.recorder.record)
                    waiting, since = 0, time.monotonic()
        except BaseException:
            with tester.abandoned():
                ended.close()
            with contextlib.suppress(journal.JournalError, gradebook.GradebookError):
                self.kept.settle(self.recorder.record)
            raise
        self.kept.settle(self.recorder.record)

    def _changed(self, folders: list[tuple[str, Path]]) -> Iterator[tuple[tuple[Submission, str], Submission]]:
        """Read the submissions one by one; those that are graded already are results, the others are to be graded."""
        recorded = set() if self.plan.again else self.recorder.still_recorded(student for student, _ in folders)
        fingerprint = _fingerprint(self.assignment)
        for student, folder in folders:
            submission = intake.receive(self.receipts, student, folder, datetime.now(UTC),
                                        exchange_times=self.plan.exchange_times, limits=self.plan.upload)
            key = hashlib.sha256(f"{submission.receipt.sha256} {fingerprint}".encode()).hexdigest()
            old = self.kept.find(student, key) if student in recorded else None
            if old and old.status != "errored":
                self.results.append(old)
                self.unchanged += 1
                self.progress.skipped(1)
            else:
                yield (submission, key), submission


def prepare(opened: Course, name: str, plan: Plan) -> tuple[Assignment, list[str]]:
    """What grading needs beside the submissions, after the instructor's own solution has been graded; and warnings."""
    sources = course.sources(opened, name)
    warnings = [w for source in sources for w in source.warnings]
    libraries = tuple(sorted(notebook.imported(sources)))
    limits = plan.limits._replace(hide=(str(opened.folder),), libraries=libraries, pinned=plan.scheduler is None)
    made = Assignment(sources, course.instructor_files(opened, name), limits,
                      released=course.released_files(opened, name))
    rehearsal = _once(rehearse, made, plan)
    if not isinstance(rehearsal, executor.Rehearsal):
        raise _failed(rehearsal, "the instructor's own notebook")
    said = {
        "does not pass for your own solution and is left to be graded by hand": rehearsal.unfit,
        "sets a variable of the student's cell, which their code can then read: see that it is not the answer":
            dict.fromkeys(sorted(rehearsal.shares), ""),
        "cannot cross the wall and runs beside the student's code in the sandbox: its points are NOT forgery-proof":
            rehearsal.forgeable,
    }
    warnings += [f"{n}.ipynb, check {check!r} {what}" + (f" ({why})" if why else "")
                 for what, checks in said.items() for (n, check), why in checks.items()]
    made = made._replace(in_place=rehearsal.in_place, unfit=rehearsal.unfit, forgeable=rehearsal.forgeable,
                         numeric=rehearsal.numeric, shares=rehearsal.shares,
                         cells=rehearsal.cells)
    if bank := course.bank(opened, name):
        known = _once(learn, (bank, libraries), plan)
        if isinstance(known, diagnosis.Knowledge):
            made = made._replace(known=diagnosis.pack(known))
        else:
            warnings.append(f"misconceptions/{name}.py cannot be used, so no mistake is named "
                            f"({known.kind}: {known.message})")
    return made, warnings


def _once(function: Any, shared: Any, plan: Plan) -> Any:
    """One piece of work where the submissions will be graded, too."""
    (_, outcome), = cluster.run(function, shared, [("", None)], workers=1, scheduler=plan.scheduler)
    return outcome


def _failed(failure: Any, who: str) -> Exception:
    if failure.kind == "Refused":
        return wall.Refused(failure.message)
    return CourseError(f"{who} could not be graded: {failure.kind}: {failure.message}\n"
                       f"{getattr(failure, 'details', '')}")


def _bounds(limits: wall.Options) -> tester.Bounds:
    return tester.Bounds(limits.total_seconds + SPARE_SECONDS, limits.memory_bytes + TESTER_BYTES,
                         limits.pinned)


def rehearse(assignment: Assignment, _: None) -> Any:
    """On a worker: grade the instructor's own notebooks."""
    limits = assignment.options
    return tester.call(executor.rehearse, assignment, _bounds(limits), limits.libraries)


def learn(shared: tuple[str, tuple[str, ...]], _: None) -> Any:
    """On a worker: show the probes of a bank to the versions in it."""
    bank, libraries = shared
    return tester.call(learn_quietly, bank, tester.Bounds(LEARNING_SECONDS), libraries)


def learn_quietly(bank: str, _: Any) -> diagnosis.Knowledge:
    return diagnosis.learn(bank)


def grade_one(assignment: Assignment, submission: Submission) -> Any:
    """On a worker: grade one submission; if the grader itself fails, once more; then what is known is a result."""
    job, limits = Job(submission, assignment), assignment.options
    said: tuple = ()
    for _ in range(2):
        outcome = tester.call(executor.grade, job, _bounds(limits), limits.libraries)
        if not isinstance(outcome, tester.Failure) or outcome.kind in ("Refused", "Abandoned"):
            return outcome
        said += outcome.said
    return executor.ungraded(job, f"the grader itself failed twice ({outcome.kind}: {outcome.message}); "
                             "grade by hand or grade again", said)


def _result(outcome: Any, submission: Submission, assignment: Assignment) -> Result:
    if isinstance(outcome, Result):
        return outcome
    if outcome.kind == "Refused":
        raise _failed(outcome, submission.student)
    return executor.ungraded(Job(submission, assignment),
                             f"the cluster lost it ({outcome.kind}: {outcome.message}); grade again")


def _fingerprint(assignment: Assignment) -> str:
    """Of all that may change a grade beside the submission: sources, files, limits, bank, the grader itself."""
    limits = assignment.options._replace(hide=(), pinned=False)
    files = sorted((name, hashlib.sha256(data).hexdigest()) for name, data in assignment.files.items())
    text = json.dumps([assignment.sources, files, sorted(assignment.released or ()), limits,
                       sorted(assignment.in_place), sorted(assignment.numeric),
                       sorted(assignment.shares),
                       sorted(assignment.unfit), sorted(assignment.forgeable),
                       assignment.known.text if assignment.known else ""], sort_keys=True)
    found = hashlib.sha256(text.encode())
    for module in sorted(Path(__file__).parent.glob("*.py")):
        found.update(module.read_bytes())
    return found.hexdigest()
