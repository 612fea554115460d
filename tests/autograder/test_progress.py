"""What is told while a class is graded: on a terminal, in a log, and for programs."""

import contextlib
import io
import json
import os
import re
import termios

import pytest

from autograder import report
from autograder.progress import LOG_EVERY, Progress, printable
from autograder.protocol import Check, Result

PASSED, LIMIT = Check("n", "a", 2, 2.0, "passed"), Check("n", "b", 3, 0.0, "limit", "took longer than 20 s")
OURS = Check("n", "c", 3, None, "errored", "cannot cross")
ADA = Result("ada", "graded", "", (PASSED, LIMIT), seconds=1.26)
BEN = Result("ben", "broken", "no notebook", seconds=0.1)
CY = Result("cy", "errored", "the grader failed twice", (OURS,))
TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ  ")


class Clock:
    """Seconds that pass only when told to."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


class Terminal(io.StringIO):
    def isatty(self):
        return True


def log_of(results, total=3, clock=None, steps=0.0, **more):
    """The lines of a log without their times, for results that end so many seconds after each other."""
    stream, clock = io.StringIO(), clock or Clock()
    with Progress(total, stream, clock=clock, **more) as progress:
        for result in results:
            clock.now += steps
            progress.done(result)
    lines = stream.getvalue().splitlines()
    assert all(TIME.match(line) for line in lines)
    return [TIME.sub("", line) for line in lines]


def test_a_log_has_a_line_for_every_submission_and_one_for_all():
    assert log_of([ADA, BEN, CY]) == [
        "grading 3 submissions",
        "1/3  graded   2/5  1.3 s  ada  b: limit, took longer than 20 s",
        "2/3  broken   0/0  0.1 s  ben  no notebook",
        "3/3  errored  0/3  0.0 s  cy  the grader failed twice",
        "finished after 3 of 3 submissions in 00:00: 1 graded, 1 broken, 1 errored, 1 with a limit"]


def test_a_check_that_is_left_to_a_person_is_counted_and_named():
    lines = log_of([Result("di", "graded", "x.csv is a link", (OURS,))], total=1)
    assert lines[1].endswith("di  x.csv is a link; c: errored, cannot cross")
    assert lines[2].endswith("1 graded, 1 to review")


def test_a_log_tells_rate_and_time_left_every_minute():
    lines = log_of([ADA] * 12, total=20, steps=LOG_EVERY / 4)
    told = [line for line in lines if "a minute" in line]
    assert told == ["4 of 20 submissions (20 %): 4 graded, 4 with a limit; 4.0 a minute, time left 04:00",
                    "8 of 20 submissions (40 %): 8 graded, 8 with a limit; 4.0 a minute, time left 03:00",
                    "12 of 20 submissions (60 %): 12 graded, 12 with a limit; 4.0 a minute, time left 02:00"]


def test_what_is_unchanged_is_counted_and_spoils_neither_rate_nor_time_left():
    clock, stream = Clock(), io.StringIO()
    with Progress(100, stream, clock=clock) as progress:
        clock.now = LOG_EVERY
        progress.skipped(40)
        clock.now *= 2
        for _ in range(10):
            progress.done(BEN)
        progress.skipped(50)
    lines = [TIME.sub("", line) for line in stream.getvalue().splitlines()]
    assert lines[1] == "40 of 100 submissions (40 %): 40 unchanged; 0.0 a minute, time left unknown"
    assert lines[3] == "41 of 100 submissions (41 %): 1 broken, 40 unchanged; 0.5 a minute, time left 1:58:00"
    assert lines[-1] == "finished after 100 of 100 submissions in 02:00: 10 broken, 90 unchanged"


def test_an_interruption_is_told_and_passed_on():
    def interrupted():
        with Progress(5, stream) as progress:
            progress.done(BEN)
            raise KeyboardInterrupt

    stream = io.StringIO()
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert stream.getvalue().endswith("stopped after 1 of 5 submissions in 00:00: 1 broken\n")


def test_a_class_of_nobody_is_told_too():
    assert log_of([], total=0)[-1] == "finished after 0 of 0 submissions in 00:00: nothing graded"


EVIL = "\x1b[2J\x1b]0;gone\x07\r\n2026-01-01T00:00:00Z  1/1  graded  5/5  0.0 s  zoe\u202e\x9b1m\ud800" + "x" * 10_000


@pytest.mark.parametrize("stream", [io.StringIO, Terminal])
def test_what_strangers_wrote_makes_no_line_no_column_and_no_order_to_the_terminal(stream):
    stream = stream()
    check = Check("n", EVIL, 1, 0.0, "limit", EVIL)
    with Progress(2, stream) as progress:
        progress.done(Result(EVIL, "graded", EVIL, (check,)))
        progress.done(Result(EVIL, "broken", EVIL))
        progress.note(EVIL)
    text = stream.getvalue()
    assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e\ud800-\udfff]", text.replace("\x1b[A", ""))
    assert all(len(line) < 1_100 for line in text.splitlines())
    lines = [line for line in text.splitlines() if TIME.match(line)]
    assert [line.count("  ") for line in lines if "1/2" in line] == ([6] if not stream.isatty() else [])


def test_a_name_that_the_log_cannot_write_is_spelled_out():
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", errors="strict", write_through=True)
    with Progress(1, stream) as progress:
        progress.done(BEN._replace(student="Zoë"))
    assert b"  Zo\\xeb  " in raw.getvalue()


def on_a_terminal(columns):
    """What a terminal that is so wide shows of a class of three."""
    reader, writer = os.openpty()
    termios.tcsetwinsize(writer, (24, columns))
    with open(writer, "w") as stream, Progress(3, stream) as progress:
        for result in (ADA, BEN, CY):
            progress.done(result)
        progress.note("a word")
    shown = b""
    with contextlib.suppress(OSError):      # a terminal that nobody has open any more ends with an error
        while part := os.read(reader, 100_000):
            shown += part
    os.close(reader)
    return shown.decode()


def test_a_terminal_gets_a_bar_with_rate_time_left_and_counts(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    shown = on_a_terminal(200)
    assert re.search(r"grading: +0%.*0/3 \[00:00<", shown)
    assert re.search(r"3/3 \[\d\d:\d\d<00:00, .*(submissions/s|s/ submissions), "
                     "1 graded, 1 broken, 1 errored, 1 with a limit]", shown)
    assert "a word\r\n" in shown
    assert not re.search(r"\d\d:\d\d:\d\dZ", shown)
    assert shown.rstrip().splitlines()[-1].startswith("finished after 3 of 3")


@pytest.mark.parametrize(("kind", "columns"), [("dumb", 80), ("xterm", 0)])
def test_a_terminal_that_cannot_show_a_bar_gets_a_log(monkeypatch, kind, columns):
    monkeypatch.setenv("TERM", kind)
    lines = on_a_terminal(columns).splitlines()
    assert len(lines) == 6
    assert all(map(TIME.match, lines))


def test_unchanged_submissions_move_the_bar_but_are_not_taken_for_fast_work():
    stream = Terminal()
    with Progress(100, stream) as progress:
        progress.skipped(60)
        progress.done(BEN)
        bar = progress._bar
        assert (bar.n, bar.initial, bar.total) == (61, 60, 100)
    assert "1 broken, 60 unchanged" in stream.getvalue()


class Gone(io.StringIO):
    """A reader that leaves after the first line."""

    def write(self, text):
        if self.getvalue():
            raise BrokenPipeError
        return super().write(text)


class GoneTerminal(Gone, Terminal):
    pass


@pytest.mark.parametrize("kind", [Gone, GoneTerminal])
def test_grading_goes_on_when_nobody_reads_the_progress_any_more(tmp_path, kind):
    with Progress(3, kind(), tmp_path / "results.jsonl") as progress:
        for result in (ADA, BEN, CY):
            progress.done(result)
        progress.note("x")
    assert progress.graded == 3
    assert len((tmp_path / "results.jsonl").read_text().splitlines()) == 3


def test_each_result_is_a_line_of_json_as_soon_as_it_is_known(tmp_path):
    path = tmp_path / "report" / "results.jsonl"
    with Progress(2, io.StringIO(), path) as progress:
        for n, result in enumerate([ADA, BEN], 1):
            progress.done(result)
            lines = path.read_text().splitlines()
            assert len(lines) == n
            assert json.loads(lines[-1]) == report.as_record(result)


def test_a_line_that_an_interruption_cut_off_goes_and_whole_ones_stay(tmp_path):
    path = tmp_path / "results.jsonl"
    path.write_text('{"student": "ada"}\n{"student": "be')
    with Progress(1, io.StringIO(), path) as progress:
        progress.done(CY)
    assert [json.loads(line)["student"] for line in path.read_text().splitlines()] == ["ada", "cy"]
    path.write_text('{"stud')
    with Progress(1, io.StringIO(), path):
        pass
    assert path.read_text() == ""


def test_a_disk_that_is_full_is_told_once_and_costs_no_result():
    stream = io.StringIO()
    with Progress(2, stream) as progress:
        progress._file = open("/dev/full", "wb")
        progress.done(ADA)
        progress.done(BEN)
    assert stream.getvalue().count("cannot be written while grading goes on (No space left on device)") == 1
    assert progress.graded == 2


def test_a_file_that_cannot_be_opened_is_an_error_at_once(tmp_path):
    (tmp_path / "results.jsonl").mkdir()
    with pytest.raises(OSError, match=r"results\.jsonl"), Progress(1, io.StringIO(), tmp_path / "results.jsonl"):
        pass


def test_the_console_shows_strangers_text_by_the_same_rules():
    assert printable is report.printable
