"""One submission in, one result out: the student's cells run behind the wall, the instructor's checks on this side."""

import ast
import contextlib
import os
import random
import signal
import sys
import tempfile
import textwrap
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from autograder import diagnosis, notebook
from autograder.names import Names
from autograder.notebook import BrokenSubmission, Source, Step
from autograder.protocol import CappedText, Check, Result
from autograder.wall import CannotCross, Options, Refused, Session, Stopped

DIAGNOSIS_SECONDS = 10.0         # for all probes of one notebook, after its checks


class Job(NamedTuple):
    """Everything that grading one submission needs; picklable, made by the orchestrator."""

    student: str
    folder: str                                  # the submitted files
    sources: tuple[Source, ...]                  # the instructor's notebooks of this assignment
    files: Mapping[str, bytes]                   # the instructor's other files; they replace the student's
    options: Options
    in_place: frozenset[str] = frozenset()       # functions whose reference changes its arguments
    unfit: Mapping[tuple[str, str], str] = {}
    known: diagnosis.Knowledge | None = None     # what the bank of misconceptions knows, if there is one


class Rehearsal(NamedTuple):
    """What grading the instructor's own notebook showed, before any student's is touched."""

    in_place: frozenset[str]
    unfit: dict[tuple[str, str], str]


def grade(job: Job) -> Result:
    """Grade one submission. Whatever is wrong with it ends up in its own result; only `Refused` is raised."""
    started = time.monotonic()
    _reseed()
    checks: list[Check] = []
    notebooks, unanswered, complaints, broken = [], [], [], 0
    try:
        files = {**notebook.read_files(Path(job.folder)), **job.files}
    except BrokenSubmission as error:
        files, complaints = dict(job.files), [str(error)]
    for source in job.sources:
        try:
            steps = notebook.merge(source, notebook.read_submission(Path(job.folder), source.name))
        except BrokenSubmission as error:
            complaints.append(str(error))
            checks += [Check(source.name, i, points, 0.0, "failed", str(error)) for i, points in graded_cells(source)]
            untouched = notebook.merge(source, [])
            notebooks.append((source.name, notebook.graded_notebook(source, untouched, {}, note=str(error))))
            broken += 1
            continue
        run = _Run(source, steps, files, job)
        with _instructor_folder(job.files):
            checks += run.grade()
        notebooks.append((source.name, notebook.graded_notebook(source, steps, run.outputs)))
        unanswered += [(source.name, i) for i in run.unanswered]
    status = "broken" if broken == len(job.sources) else "graded"
    return Result(job.student, status, " ".join(complaints), tuple(checks), tuple(notebooks), tuple(unanswered),
                  time.monotonic() - started, job.options.confined)


def ungraded(job: Job, message: str) -> Result:
    """The result of a job whose grading failed: no score is given, a person finds the student's text in the pages."""
    checks: list[Check] = []
    notebooks = []
    for source in job.sources:
        checks += [Check(source.name, i, points, None, "errored", message) for i, points in graded_cells(source)]
        try:
            submitted = notebook.read_submission(Path(job.folder), source.name)
        except BrokenSubmission:
            submitted = []
        page = notebook.graded_notebook(source, notebook.merge(source, submitted), {}, note=message)
        notebooks.append((source.name, page))
    return Result(job.student, "errored", message, tuple(checks), tuple(notebooks), confined=job.options.confined)


def rehearse(job: Job) -> Rehearsal:
    """Grade the instructor's own notebooks: finds checks that cannot pass, and functions that work in place."""
    in_place: set[str] = set()
    unfit: dict[tuple[str, str], str] = {}
    for source in job.sources:
        cells = [{"cell_type": c["cell_type"], "source": c["source"], "grade_id": notebook.grade_id_of(c)}
                 for c in source.cells]
        run = _Run(source, notebook.merge(source, cells), dict(job.files), job, allow_changes=True)
        with _instructor_folder(job.files):
            checks = run.grade()
        unfit |= {(source.name, check.grade_id): check.message or f"it gives {check.score:g} of {check.points:g} points"
                  for check in checks
                  if check.verdict in ("failed", "errored", "limit", "partial")}
        in_place |= run.changed - {""}
    return Rehearsal(frozenset(in_place), unfit)


@contextlib.contextmanager
def _instructor_folder(files: Mapping[str, bytes]) -> Iterator[None]:
    """Work in a temporary folder with the instructor's files, where checks find their data and modules; never the
    student's, which could stand for a library."""
    before, path = Path.cwd(), list(sys.path)
    with tempfile.TemporaryDirectory(prefix="autograder-") as folder:
        notebook.write_files(Path(folder), files)
        os.chdir(folder)
        sys.path.insert(0, folder)
        try:
            yield
        finally:
            os.chdir(before)
            sys.path[:] = path


def graded_cells(source: Source) -> list[tuple[str, float]]:
    """(grade_id, points) of every cell that gives points, tasks included."""
    return [(meta["grade_id"], float(meta["points"])) for meta in map(notebook.nbgrader, source.cells)
            if meta.get("grade") or meta.get("task")]


class _Run:
    """The grading of one notebook: a worker, the names of the checks, what came out of every cell."""

    def __init__(self, source: Source, steps: list[Step], files: dict[str, bytes], job: Job, *,
                 allow_changes: bool = False):
        self.source, self.steps, self.files, self.job = source, steps, files, job
        self.allow_changes = allow_changes
        self.outputs: dict[int, list[dict]] = {}
        self.unanswered: list[str] = []
        self.changed: set[str] = set()
        self.looked_up: frozenset[str] = frozenset()    # by the instructor's code so far, functions included
        self.over = ""                  # why nothing more can be run, once the limit of the whole submission is reached

    def grade(self) -> list[Check]:
        """Go through the steps; a limit or crash costs the step that it happens in."""
        try:
            self.session = Session(self.files, self.job.options)
        except Stopped as stop:
            return [self._verdict(s, 0.0, "limit", str(stop)) for s in self.steps if self._gives_points(s)]
        self.session.in_place = self.job.in_place
        shell = _NoShell(lambda: self.names.follow)
        own: dict[str, Any] = {"__name__": "__main__", "__builtins__": __builtins__, "get_ipython": lambda: shell}
        self.names = Names(self.session, notebook.student_names(self.source), own)
        checks = []
        try:
            for number, step in enumerate(self.steps):
                if step.cell["cell_type"] == "code":
                    self._run_cell(number, step)
                if self._gives_points(step):
                    checks.append(self._check(number, step) if step.check else self._by_hand(step))
            # After all verdicts: nothing that the probes set off can cost or earn a point
            checks = self._diagnosed(checks)
        finally:
            self.changed = self.session.changed
            self.session.close()
        return checks

    def _gives_points(self, step: Step) -> bool:
        meta = notebook.nbgrader(step.cell)
        return bool(meta.get("grade") or meta.get("task"))

    def _run_cell(self, number: int, step: Step) -> None:
        """Run what is not a check: the student's text in the worker, the instructor's on both sides."""
        if step.student:
            self.outputs[number] = self._guarded(lambda: self.session.run(step.cell["source"]))
            meta = notebook.nbgrader(step.cell)
            if meta.get("solution"):
                self._trusted_imports(meta["grade_id"])
                if step.cell["source"].strip() == self.source.stubs.get(meta["grade_id"], "\0").strip():
                    self.unanswered.append(meta["grade_id"])
        if step.trusted and not step.check:
            before = dict(self.names.own)
            self._guarded(lambda: self._execute(step, follow=False)[0])
            if step.student:
                self.session.shared |= {id(v): (k, v) for k, v in self.names.own.items()
                                        if callable(v) and before.get(k) is not v}

    def _guarded(self, act: Callable[[], Any]) -> list[dict]:
        """Do something with the session; a limit or crash becomes an output, and the session goes on if it can."""
        if self.over:
            return [_error("Stopped", self.over)]
        self.session.settle()
        try:
            shown = act()
        except Stopped as stop:
            self._go_on(stop)
            return [_error("Stopped", str(stop))]
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return [_error(type(error).__name__, _text_of(error))]
        return shown if isinstance(shown, list) else []

    def _go_on(self, stop: Stopped) -> None:
        """After a limit or crash: the worker, or a fresh one, goes on, until the submission's time is up."""
        if time.monotonic() >= self.session.deadline:
            self.over = str(stop)
            return
        try:
            self.session.revive()
        except Stopped as again:
            self.over = str(again)

    def _trusted_imports(self, grade_id: str) -> None:
        """Import on this side what the instructor's own solution cell imports; never what the student's does."""
        code = next(c["source"] for c in self.source.cells if notebook.grade_id_of(c) == grade_id)
        try:
            body = ast.parse(notebook.plain_python(code)).body
        except SyntaxError:         # a cell that a person grades need not be Python
            return
        for node in body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                with contextlib.suppress(ImportError):
                    exec(compile(ast.Module([node], []), "<imports>", "exec"), self.names.own)

    def _check(self, number: int, step: Step) -> Check:
        """Run one check in this process and turn what happens into a verdict."""
        key = (self.source.name, notebook.nbgrader(step.cell)["grade_id"])
        if key in self.job.unfit:
            return self._verdict(step, None, "errored", "this check does not pass for the instructor's own solution "
                                 f"either, so a person has to grade it ({self.job.unfit[key]})")
        if self.over:
            return self._verdict(step, 0.0, "limit", self.over)
        self.session.copy_back = self.allow_changes or "in-place" in step.cell.get("metadata", {}).get("tags", [])
        points = float(notebook.nbgrader(step.cell)["points"])
        self.session.settle()
        try:
            shown, value = self._execute(step, follow=True)
        except Stopped as stop:
            check = self._stopped(step, stop)
        except CannotCross as error:
            check = self._verdict(step, None, "errored", f"this check cannot cross the wall: {error}")
        except KeyboardInterrupt:
            raise
        except BaseException as error:      # pytest's own failures are no Exceptions
            out_of_memory = isinstance(error, MemoryError)
            check = self._verdict(step, 0.0, "limit" if out_of_memory else "failed", _explain(error, step))
        else:
            score = partial_credit(value, points)
            self.outputs[number] = shown
            return self._verdict(step, score, "passed" if score == points else "partial")
        finally:
            self.session.copy_back = False
        self.outputs[number] = [_error({"failed": "Check failed", "limit": "Limit"}.get(check.verdict, "Not graded"),
                                       check.message)]
        return check

    def _diagnosed(self, checks: list[Check]) -> list[Check]:
        """The checks with the known mistakes that the functions in them behave as; shown in the cells' outputs, too."""
        if not self.job.known or self.over or not any(check.verdict == "failed" for check in checks):
            return checks
        self.session.deadline = min(self.session.deadline, time.monotonic() + DIAGNOSIS_SECONDS)
        known = self.job.known.functions.keys() & notebook.student_names(self.source)
        places = {notebook.grade_id_of(step.cell): (n, step) for n, step in enumerate(self.steps) if step.check}
        found: dict[str, diagnosis.Diagnosis | None] = {}
        named = []
        for check in checks:
            number, step = places.get(check.grade_id, (-1, None))
            if check.verdict == "failed" and step:
                for function in sorted(known & notebook.global_names(notebook.plain_python(step.cell["source"]))):
                    if function not in found:
                        found[function] = self._diagnose(self.job.known, function)
                    mistake = found[function]
                    if mistake and not check.mistake and mistake.sentence not in check.message:
                        check = check._replace(mistake=mistake.name, diagnosis=mistake.text(function))
                        self.outputs[number] = [_error("Check failed", f"{check.message}\n\n{check.diagnosis}")]
            named.append(check)
        return named

    def _diagnose(self, known: diagnosis.Knowledge, function: str) -> diagnosis.Diagnosis | None:
        """Show the probes to one of the student's functions; a limit that it hits ends that, and nothing else."""
        self.session.settle()
        self.session.copy_back = True
        try:
            with self._time_limit():
                students = self.session.get(function)
                return diagnosis.diagnose(known, function, students) if callable(students) else None
        except (Stopped, NameError):
            return None
        finally:
            self.session.copy_back = False

    def _execute(self, step: Step, *, follow: bool) -> tuple[list[dict], Any]:
        """Run the instructor's code here; returns its printed output and the value of its last expression."""
        code = notebook.plain_python(step.cell["source"])
        tree = ast.parse(code)
        last = tree.body[-1] if tree.body else None
        if isinstance(last, ast.Expr):
            tree.body.pop()
        label = _label(step)
        self.looked_up |= notebook.global_names(code)
        self.names.refresh(self.looked_up)
        self.names.follow = follow
        printed = CappedText()
        with self._time_limit(), contextlib.redirect_stdout(printed), contextlib.redirect_stderr(CappedText()):
            exec(compile(tree, label, "exec"), self.names.own, self.names)
            value = None
            if isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), label, "eval"), self.names.own, self.names)
        if self.session.stopped or self.session.uncrossed:      # and the code has swallowed it
            raise self.session.stopped or self.session.uncrossed  # type: ignore[misc]
        text = printed.getvalue()
        return ([{"output_type": "stream", "name": "stdout", "text": text}] if text else []), value

    def _stopped(self, step: Step, stop: Stopped) -> Check:
        self._go_on(stop)
        return self._verdict(step, 0.0, "limit" if stop.limit else "failed", str(stop))

    @contextlib.contextmanager
    def _time_limit(self) -> Iterator[None]:
        """Stop a check that is busy itself when the submission's time is up: an answer may send it round for ever."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def out_of_time(*_: Any) -> None:
            raise self.session.out_of_time()

        before = signal.signal(signal.SIGPROF, out_of_time)
        signal.setitimer(signal.ITIMER_PROF, max(0.1, self.session.deadline - time.monotonic()))
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)

    def _by_hand(self, step: Step) -> Check:
        """A cell that a person grades; an answer left as it was released gets nothing, as in nbgrader."""
        grade_id = notebook.nbgrader(step.cell)["grade_id"]
        released = self.source.stubs.get(grade_id)
        if released is not None and step.cell["source"].strip() in ("", released.strip()):
            return self._verdict(step, 0.0, "unanswered", "no answer")
        return self._verdict(step, None, "manual", "graded by a person")

    def _verdict(self, step: Step, score: float | None, verdict: str, message: str = "") -> Check:
        meta = notebook.nbgrader(step.cell)
        return Check(self.source.name, meta["grade_id"], float(meta["points"]), score, verdict, message)


def partial_credit(value: Any, points: float) -> float:
    """nbgrader's rule: a check whose last line is a number from 0 to its points gives that many, anything else all.

    Unlike nbgrader, a negative number and nan give nothing: the number may have been computed from an answer.
    """
    number = isinstance(value, int | float | np.integer | np.floating)
    if isinstance(value, bool | np.timedelta64) or not number:
        return points
    return float(min(value, points)) if value >= 0 else 0.0


def _explain(error: BaseException, step: Step) -> str:
    """What a student reads about a failed check: the message; the failing line if it is one that they may see."""
    text = _text_of(error)
    kind = type(error).__name__
    label = _label(step)
    lines = [f.lineno or 1 for f in traceback.extract_tb(error.__traceback__) if f.filename == label]
    hidden = bool(lines) and lines[-1] in notebook.hidden_lines(step.cell["source"])
    if hidden:
        text = _before_values(text, traceback.extract_tb(error.__traceback__)[-1].filename)
    if isinstance(error, NotImplementedError):
        return "not written yet: the cell still raises NotImplementedError"
    where = getattr(error, "where", None) or getattr(error.__cause__, "where", [])
    place = f" (your code, {where[-1]})" if where else ""
    if isinstance(error, AssertionError) and text:
        return text + place
    if isinstance(error, AssertionError) and hidden:
        return "a hidden check failed"
    if isinstance(error, AssertionError) and lines:
        return f"this is not so: {step.cell['source'].splitlines()[lines[-1] - 1].strip()}"
    if isinstance(error, AssertionError):
        return "the check failed"
    return f"{kind}: {text}{place}"


def _label(step: Step) -> str:
    """The file name under which a cell of the instructor's is compiled, by which a traceback names it."""
    return f"<{notebook.grade_id_of(step.cell) or 'cell'}>"


def _before_values(text: str, raised_in: str) -> str:
    """What the author wrote of a hidden check's message: libraries add the values that they expected."""
    if Path(raised_in).parent.name == "unittest":
        return text.partition(" : ")[2]
    kept: list[str] = []
    for line in text.splitlines():
        if line.strip().startswith(("ACTUAL", "DESIRED", "x:", "y:", "Max ", "Mismatch at", "[")):
            break
        kept.append(line)
    return "\n".join(kept).strip()


def _text_of(error: BaseException) -> str:
    """An exception's message; one that holds something of the student's may fail to tell."""
    try:
        return str(error).strip()
    except KeyboardInterrupt:
        raise
    except BaseException:
        return "(its message cannot be shown)"


class _NoShell:
    """Stands for IPython's shell on the trusted side: magics and shell commands of a notebook do nothing here.

    Except that a check must not do nothing: one that stands below a magic such as `%%script` is left to a person.
    """

    def __init__(self, in_check: Callable[[], bool]):
        self._in_check = in_check

    def __getattr__(self, _: str) -> Callable[..., None]:
        return lambda *args, **kwargs: None

    def run_cell_magic(self, name: str, *_: Any) -> None:
        if self._in_check():
            raise CannotCross(f"it stands below the magic %%{name}, which is not run")


def _error(name: str, message: str) -> dict:
    lines = [part for line in f"{name}: {message}".splitlines() for part in textwrap.wrap(line, 96) or [""]]
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": lines}


def _reseed() -> None:
    """A forked tester starts with its parent's random state: hidden inputs must be fresh for every submission."""
    random.seed()
    np.random.seed()


__all__ = ["Job", "Refused", "Rehearsal", "grade", "graded_cells", "partial_credit", "rehearse", "ungraded"]
