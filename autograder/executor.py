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
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from autograder import diagnosis, inside, notebook, once
from autograder.names import Names
from autograder.notebook import Source, Step
from autograder.protocol import CappedText, Check, Result, Submission
from autograder.wall import ENDED, CannotCross, Options, Refused, Session, Stopped

DIAGNOSIS_SECONDS = 10.0         # for all probes of one notebook, after its checks
MAX_MESSAGE = 5_000              # characters of what is said about one check; an answer may be quoted in it


class Assignment(NamedTuple):
    """All that grading a class needs beside its submissions; picklable, made once by the orchestrator."""

    sources: tuple[Source, ...]                  # the instructor's notebooks
    files: Mapping[str, bytes]                   # the instructor's other files; they replace the student's
    options: Options
    in_place: frozenset[str] = frozenset()       # functions whose reference changes its arguments
    unfit: Mapping[tuple[str, str], str] = {}    # checks that do not pass for the instructor either, and why
    forgeable: Mapping[tuple[str, str], str] = {}   # checks that pass only in the student's own process, and why
    known: diagnosis.Knowledge | diagnosis.Packed | None = None     # what the bank of misconceptions knows, if any
    numeric: frozenset[tuple[str, str]] = frozenset()   # checks that end with a number of points
    shares: frozenset[tuple[str, str]] = frozenset()    # checks that set data which the student's code has to see
    released: frozenset[str] | None = None       # the instructor's files that students have; None: all
    cells: Mapping[tuple[str, ...], Any] = {}    # what rehearsing made of the instructor's cells (`once.KNOWN`)


class Job(NamedTuple):
    """One submission to grade."""

    submission: Submission
    assignment: Assignment

    @property
    def student(self) -> str:
        return self.submission.student


class Rehearsal(NamedTuple):
    """What grading the instructor's own notebook showed, before any student's is touched."""

    in_place: frozenset[str]
    unfit: dict[tuple[str, str], str]
    forgeable: dict[tuple[str, str], str]
    numeric: frozenset[tuple[str, str]]
    shares: frozenset[tuple[str, str]]
    cells: dict[tuple[str, ...], Any]


def grade(job: Job, say: Callable[[Check], None] = lambda _: None) -> Result:
    """Grade one submission. Whatever is wrong with it ends up in its own result; only `Refused` is raised.

    say: is told each verdict at once, so that it is known even if this process comes to an end.
    """
    started = time.monotonic()
    _reseed()
    once.KNOWN.update(job.assignment.cells)
    given, assignment = job.submission, job.assignment
    found, notes = notebook.find(assignment.sources, given.notebooks)
    files, left_out = _beside(given.files, assignment)
    deadline = started + assignment.options.total_seconds
    checks: list[Check] = []
    notebooks, unanswered = [], []
    for source in assignment.sources:
        cells = found[source.name]
        if isinstance(cells, str):
            notes.insert(0, cells)
            wrong = [Check(source.name, i, points, 0.0, "failed", cells) for i, points in graded_cells(source)]
            for check in wrong:
                say(check)
            checks += wrong
            untouched = notebook.merge(source, [])
            notebooks.append((source.name, notebook.graded_notebook(source, untouched, {}, note=cells)))
            continue
        run = _Run(source, notebook.merge(source, cells), files, job.assignment, deadline, say)
        with _instructor_folder(assignment.files):
            checks += run.grade()
        notebooks.append((source.name, notebook.graded_notebook(source, run.steps, run.outputs)))
        unanswered += [(source.name, i) for i in run.unanswered]
    broken = all(isinstance(cells, str) for cells in found.values())
    message = " ".join([*given.complaints, *left_out, *notes])
    return Result(job.student, "broken" if broken else "graded", message, tuple(checks), tuple(notebooks),
                  tuple(unanswered), time.monotonic() - started, assignment.options.confined,
                  given.receipt)


def _beside(given: Mapping[str, bytes], assignment: Assignment) -> tuple[dict[str, bytes], list[str]]:
    """The files that a worker gets: the student's, and in their place the instructor's that were released; and what
    had to be left out, since a file cannot stand where a folder does."""
    own = {name: data for name, data in assignment.files.items()
           if assignment.released is None or name in assignment.released}
    clash = [name for name in given
             if any(name.startswith(f"{other}/") or other.startswith(f"{name}/") for other in own)]
    kept = {name: data for name, data in given.items() if name not in clash}
    return kept | own, [f"{name[:100]} is in the way of a file of the assignment and left out." for name in clash[:5]]


def ungraded(job: Job, message: str, known: Iterable[Check] = ()) -> Result:
    """The result of a job whose grading failed: a person finds the student's text in the pages and decides.

    known: verdicts that were reached before it failed; they count.
    """
    verdicts = {(check.notebook, check.grade_id): check for check in known}
    found, _ = notebook.find(job.assignment.sources, job.submission.notebooks)
    checks: list[Check] = []
    notebooks = []
    for source in job.assignment.sources:
        checks += [verdicts.get((source.name, i)) or Check(source.name, i, points, None, "errored", message)
                   for i, points in graded_cells(source)]
        cells = found[source.name]
        steps = notebook.merge(source, [] if isinstance(cells, str) else cells)
        notebooks.append((source.name, notebook.graded_notebook(source, steps, {}, note=message)))
    return Result(job.student, "errored", message, tuple(checks), tuple(notebooks),
                  confined=job.assignment.options.confined, receipt=job.submission.receipt)


def rehearse(assignment: Assignment, say: Callable[[Check], None] = lambda _: None) -> Rehearsal:
    """Grade the instructor's own notebooks: finds how each check can be run, and functions that work in place.

    A check that does not pass is tried once more with its data shown to the student's code, then beside that code.
    """
    found = Rehearsal(frozenset(), {}, {}, frozenset(), frozenset(), {})
    for source in assignment.sources:
        cells = [{"cell_type": c["cell_type"], "source": c["source"], "grade_id": notebook.grade_id_of(c)}
                 for c in source.cells]
        steps, (files, _) = notebook.merge(source, cells), _beside({}, assignment)

        def run(shares: frozenset[tuple[str, str]], source: Source = source, steps: list[Step] = steps,
                files: dict[str, bytes] = files) -> tuple[_Run, dict[tuple[str, str], str]]:
            deadline = time.monotonic() + assignment.options.total_seconds
            made = _Run(source, steps, files, assignment._replace(shares=shares), deadline, say, allow_changes=True)
            with _instructor_folder(assignment.files):
                checks = made.grade()
            return made, {(source.name, check.grade_id): _shortfall(check) for check in checks
                          if check.verdict in ("failed", "errored", "limit", "partial")}

        first, failed = run(frozenset())
        binds = _checks_that_bind(source)
        _, still = run(frozenset(binds)) if failed and binds else (first, failed)
        mended = {name for key in failed.keys() - still.keys() for name in binds.get(key, ())}
        shares = frozenset(key for key, names in binds.items() if names & mended)
        deadline = time.monotonic() + assignment.options.total_seconds
        beside = inside.verdicts(source, steps, files, assignment.options, deadline, {i for _, i in still})
        passed = {(source.name, i) for i, check in beside.items() if check.verdict == "passed"}
        found = Rehearsal(found.in_place | (first.changed - {""}),
                          found.unfit | {key: why for key, why in failed.items() if key in still.keys() - passed},
                          found.forgeable | {key: why for key, why in failed.items() if key in passed},
                          found.numeric | first.numeric, found.shares | shares, {})
    return found._replace(cells=dict(once.KNOWN))


def _checks_that_bind(source: Source) -> dict[tuple[str, str], set[str]]:
    """The checks that bind names of the student's, and which."""
    theirs = notebook.student_names(source)
    found: dict[tuple[str, str], set[str]] = {}
    for cell in source.cells:
        meta = notebook.nbgrader(cell)
        if cell["cell_type"] == "code" and meta.get("grade") and not meta.get("solution"):
            with contextlib.suppress(SyntaxError):      # which running the check tells
                code = notebook.plain_python(cell["source"])
                found[source.name, meta["grade_id"]] = notebook.bound_names(code) & theirs
    return {key: names for key, names in found.items() if names}


def _shortfall(check: Check) -> str:
    return check.message or f"it gives {check.score:g} of {check.points:g} points"


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

    def __init__(self, source: Source, steps: list[Step], files: dict[str, bytes], assignment: Assignment,
                 deadline: float, say: Callable[[Check], None], *, allow_changes: bool = False):
        self.source, self.steps, self.files, self.assignment = source, steps, files, assignment
        self.deadline, self.say = deadline, say
        self.allow_changes = allow_changes
        self.outputs: dict[int, list[dict]] = {}
        self.unanswered: list[str] = []
        self.changed: set[str] = set()
        self.numeric: set[tuple[str, str]] = set()      # checks whose last value was a number
        self.looked_up: frozenset[str] = frozenset()    # by the instructor's code so far, functions included
        self.over = ""                  # why nothing more can be run, once the limit of the whole submission is reached

    def grade(self) -> list[Check]:
        """Go through the steps; a limit or crash costs the step that it happens in."""
        try:
            self.session = Session(self.files, self.assignment.options, self.deadline)
        except Stopped as stop:
            return [self._verdict(s, 0.0, "limit", str(stop)) for s in self.steps if self._gives_points(s)]
        self.session.in_place = self.assignment.in_place
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
                    if (self.source.name, checks[-1].grade_id) not in self.assignment.forgeable:
                        self.say(checks[-1])
            checks = self._with_forgeable(checks)
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
        if self.session.over:
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
        if key in self.assignment.forgeable:
            return self._verdict(step, 0.0, "failed", "not run")        # `_with_forgeable` runs it
        if key in self.assignment.unfit:
            return self._verdict(step, None, "errored", "this check does not pass for the instructor's own solution "
                                 f"either, so a person has to grade it ({self.assignment.unfit[key]})")
        if self.over:
            return self._verdict(step, 0.0, "limit", self.over)
        self.names.share = key in self.assignment.shares
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
            self.numeric |= {key} if notebook.is_number(value) else set()
            if key in self.assignment.numeric and not notebook.is_number(value):
                return self._verdict(step, 0.0, "failed", "this check ends with a number of points, and with your "
                                     f"answer it ended with a {type(value).__name__}")
            score = notebook.partial_credit(value, points)
            self.outputs[number] = shown
            return self._verdict(step, score, "passed" if score == points else "partial")
        finally:
            self.session.copy_back = False
            self.session.take_back()
            if not self.session.alive and not self.over:
                self._go_on(self.session.stopped or Stopped(False, ENDED))
        self.outputs[number] = [_error({"failed": "Check failed", "limit": "Limit"}.get(check.verdict, "Not graded"),
                                       check.message)]
        return check

    def _with_forgeable(self, checks: list[Check]) -> list[Check]:
        """The checks, those that cannot cross the wall with the verdict that they reach on the other side of it."""
        wanted = {grade_id for name, grade_id in self.assignment.forgeable if name == self.source.name}
        found = inside.verdicts(self.source, self.steps, self.files, self.assignment.options, self.deadline, wanted)
        places = {notebook.grade_id_of(step.cell): number for number, step in enumerate(self.steps) if step.check}
        for check in found.values():
            self.say(check)
            if check.message:
                self.outputs[places[check.grade_id]] = [_error("Check failed", check.message)]
        return [found.get(check.grade_id, check) for check in checks]

    def _diagnosed(self, checks: list[Check]) -> list[Check]:
        """The checks with the known mistakes that the functions in them behave as; shown in the cells' outputs, too."""
        if not self.assignment.known or self.over or not any(check.verdict == "failed" for check in checks):
            return checks
        self.session.deadline = min(self.session.deadline, time.monotonic() + DIAGNOSIS_SECONDS)
        knowledge = self.assignment.known.unpacked()
        known = knowledge.functions.keys() & notebook.student_names(self.source)
        places = {notebook.grade_id_of(step.cell): (n, step) for n, step in enumerate(self.steps) if step.check}
        found: dict[str, diagnosis.Diagnosis | None] = {}
        named = []
        for check in checks:
            number, step = places.get(check.grade_id, (-1, None))
            if check.verdict == "failed" and step:
                for function in sorted(known & notebook.global_names(notebook.plain_python(step.cell["source"]))):
                    if function not in found:
                        found[function] = self._diagnose(knowledge, function)
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
        except (Stopped, Exception, SystemExit):        # a name is a help, and must not cost a verdict
            return None
        finally:
            self.session.copy_back = False

    def _execute(self, step: Step, *, follow: bool) -> tuple[list[dict], Any]:
        """Run the instructor's code here; returns its printed output and the value of its last expression."""
        text = notebook.plain_python(step.cell["source"])
        code, last = once.compiled(text, _label(step))
        self.looked_up |= notebook.global_names(text)
        self.names.refresh(self.looked_up)
        self.names.follow = follow
        printed = CappedText()
        with self._time_limit(), contextlib.redirect_stdout(printed), contextlib.redirect_stderr(CappedText()):
            exec(code, self.names.own, self.names)
            value = eval(last, self.names.own, self.names) if last else None
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
        return Check(self.source.name, meta["grade_id"], float(meta["points"]), score, verdict, message[:MAX_MESSAGE])


def _explain(error: BaseException, step: Step) -> str:
    """What a student reads about a failed check: the message; the failing line if it is one that they may see."""
    text = _text_of(error)
    kind = type(error).__name__
    label = _label(step)
    lines = [f.lineno or 1 for f in traceback.extract_tb(error.__traceback__) if f.filename == label]
    hidden = bool(lines) and lines[-1] in notebook.hidden_lines(step.cell["source"])
    if isinstance(error, NotImplementedError):
        return "not written yet: the cell still raises NotImplementedError"
    if hidden and not isinstance(error, AssertionError) and not getattr(error, "theirs", False):
        return f"{kind} in a hidden check"      # a library's message may hold what the check asked for
    if hidden:
        text = _before_values(text, error)
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


def _before_values(text: str, error: BaseException) -> str:
    """What the author wrote of a hidden check's message: libraries add the values that they expected."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    unittest = [f for f in frames if Path(f.f_code.co_filename).parent.name == "unittest"]
    if unittest:
        message = unittest[0].f_locals.get("msg")
        return message[:MAX_MESSAGE] if isinstance(message, str) else ""
    kept: list[str] = []
    for line in text.splitlines():
        if line.strip().startswith(("ACTUAL", "DESIRED", "x:", "y:", "Max ", "Mismatch at", "[", "Differences in")):
            break
        kept.append(line)
    return "\n".join(kept).strip()


def _text_of(error: BaseException) -> str:
    """An exception's message; one that holds something of the student's may fail to tell."""
    try:
        text = str(error).strip()
        return text if len(text) <= MAX_MESSAGE else text[:MAX_MESSAGE] + "…"
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


__all__ = ["Assignment", "Job", "Refused", "Rehearsal", "grade", "graded_cells", "rehearse", "ungraded"]
