"""Progress of grading: a bar on a terminal, a plain log elsewhere; each result as a line of JSON once it is known."""

import contextlib
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Self

from tqdm import tqdm

from autograder.protocol import Result
from autograder.report import as_record, printable

LOG_EVERY = 60.0        # seconds between two lines of a log that tell rate and time left
KINDS = ("graded", "broken", "errored", "with a limit", "to review")    # the last two are graded and counted besides


class Progress:
    """Tells how far grading is: `with Progress(total) as progress: ... progress.done(result)`.

    On a terminal a bar with rate, time left and counts. Elsewhere (cron, systemd, CI, a file) a log: a line for every
    submission, one with rate and time left every minute, one at the end, each with the time (UTC) in front.
    A stream that cannot be written to any more falls silent, and grading goes on.

    results: a file to which every result is added as a line of JSON (`report.schema`) as soon as it is known. It goes
    on where an interrupted run stopped, so that the last line of a student counts; `report.write` replaces it in the
    end. Raises OSError if it cannot be opened.
    """

    def __init__(self, total: int, stream: IO[str] | None = None, results: Path | None = None, *,
                 clock: Callable[[], float] = time.monotonic):
        self.total, self.results, self.clock = total, results, clock
        self.stream: IO[str] | None = stream or sys.stderr
        self.terminal = _is_terminal(self.stream)
        self.counts: Counter[str] = Counter()
        self.graded, self.unchanged = 0, 0
        self._file: IO[bytes] | None = None
        self._bar: tqdm[Any] | None = None

    def __enter__(self) -> Self:
        self._started = self._told = self.clock()
        self._file = _end_of_lines(self.results) if self.results else None
        if self.terminal:
            with self._unless_gone():
                self._bar = tqdm(total=self.total, file=self.stream, desc="grading", unit=" submissions",
                                 dynamic_ncols=True)
        else:
            self._say(f"grading {self.total:,} submissions")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._file:
            self._file.close()
        if self._bar:
            with self._unless_gone():
                self._bar.close()
            self._bar = None
        took = tqdm.format_interval(self.clock() - self._started)
        whole = kind is None and self._count >= self.total
        how = "finished" if whole else "stopped"
        self._say(f"{how} after {self._count:,} of {self.total:,} submissions in {took}: {self.state()}")

    def done(self, result: Result) -> None:
        """One submission has been graded."""
        self._add(result)
        self.graded += 1
        self.counts.update(_kinds(result))
        if self._bar:
            with self._unless_gone():
                self._bar.set_postfix_str(self.state(), refresh=False)
                self._bar.update()
        else:
            self._say(self._line(result))
            self._tell_now_and_then()

    def skipped(self, n: int) -> None:
        """So many more submissions are as they were and are not graded again; rate and time left do not count them."""
        self.unchanged += n
        if self._bar:
            with self._unless_gone():
                self._bar.initial += n
                self._bar.n += n
                self._bar.set_postfix_str(self.state(), refresh=False)
                self._bar.update(0)
        else:
            self._tell_now_and_then()

    def note(self, text: str) -> None:
        """Something that an instructor should read now: a line of its own, above the bar if there is one."""
        self._say(printable(text, 1_000))

    def state(self) -> str:
        """The counts in words, such as "395 graded, 5 broken, 12 with a limit, 1,600 unchanged"."""
        counts = {kind: self.counts[kind] for kind in KINDS} | {"unchanged": self.unchanged}
        return ", ".join(f"{n:,} {kind}" for kind, n in counts.items() if n) or "nothing graded"

    @property
    def _count(self) -> int:
        return self.graded + self.unchanged

    def _add(self, result: Result) -> None:
        """Add a line to the file; if that fails, say so once: the whole file is written at the end all the same."""
        if not self._file:
            return
        try:
            self._file.write(json.dumps(as_record(result)).encode() + b"\n")
            self._file.flush()
        except OSError as error:
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None
            self.note(f"{self.results} cannot be written while grading goes on ({error.strerror})")

    def _line(self, result: Result) -> str:
        """One submission in columns; strangers' text stands last, and two spaces are in none of it."""
        reasons = [result.message] * bool(result.message) + [
            f"{check.grade_id}: {check.verdict}, {check.message}"
            for check in result.checks if result.status == "graded" and check.verdict in ("limit", "errored")]
        number = f"{self._count:,}".rjust(len(f"{self.total:,}"))
        score = f"{result.score:g}/{result.points:g}"
        return (f"{number}/{self.total:,}  {result.status:7}  {score}  {result.seconds:.1f} s  "
                f"{printable(result.student, 80)}  {printable('; '.join(reasons))}".rstrip())

    def _tell_now_and_then(self) -> None:
        now = self.clock()
        if now - self._told < LOG_EVERY:
            return
        self._told = now
        rate = self.graded / (now - self._started)
        left = tqdm.format_interval((self.total - self._count) / rate) if rate else "unknown"
        self._say(f"{self._count:,} of {self.total:,} submissions ({100 * self._count // max(self.total, 1)} %): "
                  f"{self.state()}; {60 * rate:.1f} a minute, time left {left}")

    def _say(self, line: str) -> None:
        """A line, above the bar if there is one; with the time where it goes into a log."""
        if not self.stream:
            return
        time_of_day = "" if self.terminal else datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ  ")
        encoding = getattr(self.stream, "encoding", None) or "utf-8"
        text = f"{time_of_day}{line}".encode(encoding, "backslashreplace").decode(encoding)
        with self._unless_gone():
            if self._bar:
                self._bar.write(text, file=self.stream)
            else:
                self.stream.write(f"{text}\n")
                self.stream.flush()

    @contextlib.contextmanager
    def _unless_gone(self) -> Iterator[None]:
        """A terminal that was closed, or a reader that has left, must not stop the grading."""
        try:
            yield
        except (OSError, ValueError):
            self.stream = None
            if self._bar:
                self._bar.disable = True
                self._bar = None


def _is_terminal(stream: IO[str]) -> bool:
    """Whether a bar can be drawn: on a terminal that moves its cursor and knows how wide it is."""
    if not stream.isatty() or os.environ.get("TERM") == "dumb":
        return False
    with contextlib.suppress(OSError):
        return os.get_terminal_size(stream.fileno()).columns > 0
    return True


def _kinds(result: Result) -> set[str]:
    """What a result counts as, of `KINDS`: its status; if it is graded, also whether something in it needs a look."""
    verdicts = {check.verdict for check in result.checks} if result.status == "graded" else set()
    besides = {"limit": "with a limit", "errored": "to review"}
    return {result.status} | {besides[verdict] for verdict in verdicts & besides.keys()}


def _end_of_lines(path: Path) -> IO[bytes]:
    """Open a file to add lines to it; a line that an interruption has cut off goes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a+b")
    file.seek(0)
    file.truncate(file.read().rfind(b"\n") + 1)
    return file
