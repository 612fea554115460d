"""A whole class: what has changed is graded, each result is kept, and a run may end at any moment."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder import course, grading, tester, wall
from autograder.journal import Journal

WORK = """
#: solution
def double(x):
    return 2 * x
#: check 1
assert double(1) == 2
#: check 2
if double(1) == 13:
    import os
    os._exit(3)
assert double(2) == 4
"""
RIGHT, WRONG, DEADLY = "def double(x): return 2 * x", "def double(x): return x", "def double(x): return {1: 13}.get(x)"


class Told:
    """A progress that remembers."""

    def __init__(self):
        self.graded, self.unchanged = [], 0

    def done(self, result):
        self.graded.append(result.student)

    def skipped(self, number):
        self.unchanged += number

    def note(self, text):
        pass


@pytest.fixture
def opened(make, tmp_path):
    """A course with one assignment, released."""
    made = course.open_course(tmp_path / "course", create=True)
    folder = made.path("source", ".", "ps1")
    folder.mkdir(parents=True)
    (folder / "work.ipynb").write_text(make.document(make.cells(WORK)))
    course.generate(made, "ps1")
    return made


@pytest.fixture
def hand_in(make, opened):
    def run(**answers):
        source, = course.sources(opened, "ps1")
        for student, answer in answers.items():
            text = make.document(make.answered(source, {"solution1": answer}))
            make.hand_in(opened.folder / "submitted" / student / "ps1", text)
    return run


def grade(opened, **options):
    told = Told()
    plan = grading.Plan(wall.Options(cell_seconds=5.0, total_seconds=30.0), workers=2, **options)
    return grading.grade_class(opened, "ps1", plan, told), told


def recorded(opened):
    with Gradebook(opened.db_url, opened.directory.course_id) as gradebook:
        return {s.student.id: s.score for s in gradebook.assignment_submissions("ps1")}


def test_everybody_is_graded_and_recorded_once(opened, hand_in):
    hand_in(ada=RIGHT, ben=WRONG)
    graded, told = grade(opened)
    assert [(r.student, r.score) for r in graded.results] == [("ada", 3), ("ben", 0)]
    assert sorted(told.graded) == ["ada", "ben"]
    assert recorded(opened) == {"ada": 3, "ben": 0}


def test_only_what_has_changed_is_graded_again(opened, hand_in):
    hand_in(ada=RIGHT, ben=WRONG, cleo=RIGHT)
    first, _ = grade(opened)
    hand_in(ben=RIGHT)
    second, told = grade(opened)
    assert (told.graded, told.unchanged, second.unchanged) == (["ben"], 2, 2)
    assert [(r.student, r.score) for r in second.results] == [("ada", 3), ("ben", 3), ("cleo", 3)]
    assert second.results[0] == first.results[0]
    assert recorded(opened) == {"ada": 3, "ben": 3, "cleo": 3}


def test_a_changed_source_or_limit_or_the_wish_grades_everybody_again(make, opened, hand_in):
    hand_in(ada=RIGHT)
    grade(opened)
    assert grade(opened)[1].graded == []
    assert grade(opened, again=True)[1].graded == ["ada"]
    harder = make.document(make.cells(WORK + "assert double(3) == 7"))
    (opened.path("source", ".", "ps1") / "work.ipynb").write_text(harder)
    course.generate(opened, "ps1")
    graded, told = grade(opened)
    assert told.graded == ["ada"]
    assert "does not pass for your own solution" in " ".join(graded.warnings)
    tighter = grading.Plan(wall.Options(cell_seconds=4.0, total_seconds=30.0), workers=2)
    told = Told()
    grading.grade_class(opened, "ps1", tighter, told)
    assert told.graded == ["ada"]


def test_what_was_deleted_is_made_again(opened, hand_in):
    hand_in(ada=RIGHT, ben=RIGHT)
    grade(opened)
    (opened.folder / "autograded" / "ada" / "ps1" / "work.ipynb").unlink()
    assert grade(opened)[1].graded == ["ada"]
    assert (opened.folder / "autograded" / "ada" / "ps1" / "work.ipynb").exists()


def test_when_the_grader_itself_fails_it_tries_once_more_and_keeps_the_points_until_then(opened, hand_in, monkeypatch):
    calls, call = [], tester.call

    def counted(function, job, *rest, **more):
        calls.append(getattr(job, "student", ""))
        return call(function, job, *rest, **more)

    monkeypatch.setattr(tester, "call", counted)
    hand_in(ada=RIGHT, ben=DEADLY.replace("13}", "13, 2: 4}"), cleo=RIGHT)
    graded, _ = grade(opened)
    ada, ben, cleo = graded.results
    assert (ada.score, cleo.score) == (3, 3)
    assert (ben.status, [(c.verdict, c.score) for c in ben.checks]) == (
        "errored", [("failed", 0.0), ("errored", None)])
    assert "failed twice" in ben.message
    assert calls.count("ben") == 2
    _, told = grade(opened)
    assert told.graded == ["ben"]


def test_nobody_has_handed_in(opened):
    with pytest.raises(course.CourseError, match="nobody has handed in ps1"):
        grade(opened)


def test_a_result_that_was_kept_but_not_recorded_is_recorded_without_grading(opened, hand_in):
    hand_in(ada=RIGHT)
    graded, _ = grade(opened)
    with Journal(opened.folder, "ps1") as kept:
        kept.keep("another key", graded.results[0]._replace(student="ben", notebooks=(("work", "{}"),)))
    _, told = grade(opened)
    assert told.graded == []
    assert recorded(opened) == {"ada": 3, "ben": 3}


SLOW = "import time\ntime.sleep(0.4)\n" + RIGHT
CLASS = [f"s{n:02}" for n in range(12)]


@contextlib.contextmanager
def command(opened):
    """`autograder grade` in a process of its own; its process number stands in every child's environment."""
    process = subprocess.Popen([sys.executable, "-m", "autograder.cli", "grade", "ps1", "--course", str(opened.folder)],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def records(opened):
    path = opened.folder / "report" / "ps1" / "results.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def wait_for(condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def descendants(pid):
    found = set()
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                found |= {child} | descendants(child)
    return found


def running(pids):
    left = set()
    for pid in pids:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                left.add(pid)
    return left


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_may_be_ended_at_any_moment_and_is_gone_on_with(opened, hand_in, number):
    hand_in(**dict.fromkeys(CLASS, SLOW))
    with command(opened) as process:
        wait_for(lambda: len(records(opened)) >= 3)
        started = descendants(process.pid)
        os.kill(process.pid, number)
        _, said = process.communicate(timeout=60)
    assert process.returncode == (-signal.SIGKILL if number == signal.SIGKILL else 130)
    assert number == signal.SIGKILL or "run the same command again to go on" in said
    assert len(started) >= 2        # the zygotes, and whom they have forked at that moment
    wait_for(lambda: not running(started))
    before = {record["student"] for record in records(opened)}
    graded, told = grade_as_the_command(opened)
    assert 3 <= len(before) < len(CLASS)
    assert [(r.student, r.score) for r in graded.results] == [(student, 3) for student in CLASS]
    assert not before & set(told.graded)
    assert recorded(opened) == dict.fromkeys(CLASS, 3)


def grade_as_the_command(opened):
    told = Told()
    return grading.grade_class(opened, "ps1", grading.Plan(wall.Options(), workers=2), told), told


def test_two_runs_at_once_are_one_too_many(opened, hand_in):
    hand_in(ada=RIGHT)
    with Journal(opened.folder, "ps1"):
        with command(opened) as process:
            _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "is being graded already" in said
