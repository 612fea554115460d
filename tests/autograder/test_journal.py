"""The journal: what is kept, what comes back; whole runs that are killed, interrupted or out of space, then resumed.

Run as a program, this file is such runs, so that they have a process of their own to die in.
"""

import contextlib
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder import gradebook, journal
from autograder.course import open_course
from autograder.gradebook import GradebookError, Recorder
from autograder.journal import Journal, JournalError, from_json, to_json
from autograder.protocol import Check, Receipt, Result

CLASS = [f"student{n}" for n in range(10)]


def result(student, score=1.0, page="{}"):
    return Result(student, "graded", "", (Check("work", "check1", 2, score, "partial"),), (("work", page),),
                  (("work", "solution1"),), 0.5, True, Receipt("ab", 12, "2024-03-01T12:00:00+00:00"))


@pytest.fixture
def kept(tmp_path):
    with Journal(tmp_path, "ps1") as opened:
        yield opened


def waiting(opened):
    return [one.student for batch in opened.pending() for one in batch]


@pytest.mark.parametrize("whole", [
    result("ada"), Result("ada", "errored", "it failed\n\0\ud800é"),
    result("ada")._replace(checks=(Check("n", "c", 2, None, "errored", "why", "a mistake", "in words", True),)),
    result("ada", 1 / 3, page="\udcff\x00😀")], ids=["usual", "without checks", "without a score", "odd text"])
def test_a_result_comes_back_as_it_was_kept(kept, whole):
    assert from_json(to_json(whole)) == whole
    kept.keep("key", whole)
    assert list(kept.pending()) == [[whole]]


@pytest.mark.parametrize("text", ["", "{", "5", "null", "[]", "{}", '{"student": "ada"}', to_json(result("ada"))[:-5],
                                  to_json(result("ada")).replace('"status"', '"state"'),
                                  to_json(result("ada")).replace('"verdict"', '"word"'),
                                  to_json(result("ada")).replace('[["work", "{}"]]', '["abc"]')])
def test_text_that_is_no_result_is_refused(text):
    with pytest.raises(ValueError):     # noqa: PT011  whatever it says
        from_json(text)


def test_what_is_recorded_is_not_pending_and_is_found_under_its_key_without_pages(kept):
    kept.keep_all([("k1", result("ada")), ("k2", result("ben"))])
    kept.mark_recorded(["ada"])
    assert waiting(kept) == ["ben"]
    assert kept.find("ada", "k1") == result("ada")._replace(notebooks=())
    assert kept.find("ada", "k2") is None
    assert kept.find("cleo", "k1") is None


def test_a_new_result_takes_the_place_of_the_earlier_one(kept):
    kept.keep("old", result("ada", 0.0))
    kept.mark_recorded(["ada"])
    kept.keep("new", result("ada", 2.0))
    assert list(kept.pending()) == [[result("ada", 2.0)]]
    assert kept.find("ada", "old") is None


def test_who_is_forgotten_is_neither_found_nor_pending(kept):
    kept.keep("key", result("ada"))
    kept.forget("ada")
    assert kept.find("ada", "key") is None
    assert waiting(kept) == []


def test_everything_is_still_there_in_the_next_run(tmp_path):
    with Journal(tmp_path, "ps1") as opened:
        opened.keep_all([("k", result("ada")), ("k", result("ben"))])
        opened.mark_recorded(["ben"])
    with Journal(tmp_path, "ps1") as opened:
        assert waiting(opened) == ["ada"]
        assert opened.find("ben", "k")
        assert opened.warnings == []


@pytest.mark.parametrize(("limit", "most", "batches"), [
    ("MOST_AT_ONCE", 2, [["a", "b"], ["c", "d"], ["e"]]), ("MOST_CHARACTERS", 250, [["a", "b"], ["c", "d"], ["e"]]),
    ("MOST_CHARACTERS", 1, [["a"], ["b"], ["c"], ["d"], ["e"]])])
def test_pending_results_come_in_batches_that_fit_into_memory(kept, monkeypatch, limit, most, batches):
    monkeypatch.setattr(journal, limit, most)
    kept.keep_all([("k", result(name, page="x" * 100)) for name in "abcde"])
    assert [[one.student for one in batch] for batch in kept.pending()] == batches


def test_what_the_gradebook_refuses_is_told_kept_and_tried_again_by_the_next_run_only(tmp_path):
    asked = []

    def refuse_ben(batch):
        asked.append([one.student for one in batch])
        return {one.student: "no room" for one in batch if one.student == "ben"}

    with Journal(tmp_path, "ps1") as opened:
        opened.keep_all([("k", result("ada")), ("k", result("ben"))])
        assert opened.settle(refuse_ben) == {"ben": "no room"}
        opened.keep("k", result("cleo"))
        assert opened.settle(refuse_ben) == {}
    with Journal(tmp_path, "ps1") as opened:
        opened.settle(refuse_ben)
        opened.keep("another", result("ben"))
        opened.settle(refuse_ben)
    assert asked == [["ada", "ben"], ["cleo"], ["ben"], ["ben"]]


def test_a_gradebook_that_fails_leaves_everything_pending(kept):
    def fail(_):
        raise GradebookError("locked")

    kept.keep("k", result("ada"))
    with pytest.raises(GradebookError):
        kept.settle(fail)
    assert waiting(kept) == ["ada"]


def test_the_file_stays_small_whatever_the_pages_hold(tmp_path):
    for _ in range(3):
        with Journal(tmp_path, "ps1") as opened:
            opened.keep_all([("k", result(f"s{n}", page="x" * 100_000)) for n in range(50)])
            opened.settle(lambda batch: {})
        assert sum(path.stat().st_size for path in opened.path.parent.iterdir()) < 200_000


def test_two_runs_on_one_assignment_are_refused_and_told_who_the_other_is(tmp_path):
    with Journal(tmp_path, "ps1"), Journal(tmp_path, "ps2"):
        with pytest.raises(JournalError, match=rf"ps1 is being graded already, by process {os.getpid()} on .*end it"):
            Journal(tmp_path, "ps1").__enter__()
    with Journal(tmp_path, "ps1"):
        pass


def spoil(path, how):
    """Make a journal unusable; it holds 60 results."""
    if how == "another version":
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA user_version = 1")
    elif how == "another table":
        with contextlib.closing(sqlite3.connect(path)) as database:
            database.execute("ALTER TABLE kept RENAME TO others")
    else:
        data = path.read_bytes()
        path.write_bytes({"garbage": b"garbage" * 1000, "cut": data[:len(data) // 2], "only a header": data[:100],
                          "overwritten": data[:8192] + bytes(8192) + data[16384:]}[how])


@pytest.mark.parametrize("how", ["another version", "another table", "garbage", "cut", "only a header", "overwritten"])
def test_a_journal_that_is_damaged_or_of_another_version_is_set_aside_and_the_class_is_graded_again(tmp_path, how):
    for number in (1, 2):
        with Journal(tmp_path, "ps1") as opened:
            opened.keep_all([("k", result(f"s{n}", page="x" * 1000)) for n in range(60)])
        spoil(opened.path, how)
        spoilt = opened.path.read_bytes()
        with Journal(tmp_path, "ps1") as opened:
            assert waiting(opened) == []
            opened.keep("k", result("ada"))
            assert waiting(opened) == ["ada"]
        assert f"was set aside as ps1.db.unusable-{number}" in opened.warnings[0]
        assert "graded again" in opened.warnings[0]
        assert opened.path.with_name(f"ps1.db.unusable-{number}").read_bytes() == spoilt


def test_an_empty_file_is_a_new_journal(tmp_path):
    (tmp_path / ".autograder").mkdir()
    (tmp_path / ".autograder" / "ps1.db").touch()
    with Journal(tmp_path, "ps1") as opened:
        opened.keep("k", result("ada"))
        assert opened.warnings == []


@pytest.mark.parametrize(("table", "column"), [("kept", "result"), ("pending", "notebooks")])
@pytest.mark.parametrize("text", ["{", "5", "[[1]]"])
def test_a_damaged_row_costs_its_own_student_one_more_grading_and_nobody_else_anything(tmp_path, table, column, text):
    with Journal(tmp_path, "ps1") as opened:
        opened.keep_all([("k", result("ada")), ("k", result("ben"))])
    with contextlib.closing(sqlite3.connect(opened.path)) as database, database:
        database.execute(f"UPDATE {table} SET {column} = ? WHERE student = 'ada'", (text,))
    with Journal(tmp_path, "ps1") as opened:
        if column == "result":
            assert opened.find("ada", "k") is None
        assert waiting(opened) == ["ben"]
        assert opened.find("ada", "k") is None
        assert "kept of ada is damaged; they are graded again" in opened.warnings[0]


def test_a_journal_that_another_program_has_open_is_not_taken_for_damaged(tmp_path, monkeypatch):
    monkeypatch.setattr(journal, "PATIENCE", 0.05)
    with Journal(tmp_path, "ps1") as opened:
        opened.keep("k", result("ada"))
    with contextlib.closing(sqlite3.connect(opened.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM kept")
        with pytest.raises(JournalError, match=r"database is locked.*run the same command again"):
            Journal(tmp_path, "ps1").__enter__()
    with Journal(tmp_path, "ps1") as opened:
        assert waiting(opened) == ["ada"]


def test_a_folder_that_cannot_be_made_is_said_with_what_to_do(tmp_path):
    (tmp_path / ".autograder").write_text("in the way")
    with pytest.raises(JournalError, match=r"File exists.*lets you write, then run the same command again"):
        Journal(tmp_path, "ps1").__enter__()


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course whose gradebook knows ps1, made with nbgrader's API."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "nbgrader_config.py").write_text("c = get_config()\n")
    with Gradebook(open_course(folder).db_url) as book:
        book.add_assignment("ps1")
        book.add_notebook("work", "ps1")
        book.add_grade_cell("check1", "work", "ps1", max_score=2, cell_type="code")
        book.add_solution_cell("solution1", "work", "ps1")
    return folder


def whole_runs(how, course, folder, wrap=()):
    """Run this file as a program; returns what it says of each run of the course."""
    done = subprocess.run([*wrap, sys.executable, __file__, how, str(course), str(folder)], capture_output=True,
                          text=True, env={**os.environ, "PYTHONHASHSEED": "0"})
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def check_resumed(run):
    """After a run that ended early and one that resumed it: nobody lost, nobody graded twice, nothing half-written."""
    assert len(set(run["first"]) - set(run["kept"])) <= 1       # killed between grading and keeping
    assert sorted(run["second"]) == sorted(set(CLASS) - set(run["kept"]))
    assert run["scores"] == {student: [float(n % 3)] for n, student in enumerate(CLASS)}
    assert run["pages"] == {student: student for student in CLASS}
    assert run["left_over"] == []


@pytest.mark.parametrize("end", ["kill", "interrupt"])
def test_a_run_that_is_ended_anywhere_is_resumed_without_loss_and_without_grading_twice(course, tmp_path, end):
    runs = whole_runs(end, course, tmp_path)
    assert [run["ended"] for run in runs] == [{"kill": "SIGKILL", "interrupt": "KeyboardInterrupt"}[end]] * len(runs)
    assert len(runs) == {"kill": 26, "interrupt": 8}[end]
    assert {len(run["kept"]) for run in runs} - {0, len(CLASS)}      # some ended in the middle
    for run in runs:
        check_resumed(run)


def test_a_limit_on_the_size_of_files_ends_a_run_with_an_error_that_helps_and_it_is_resumed(course, tmp_path):
    check_out_of_space(whole_runs("limit", course, tmp_path))


def test_a_full_disk_ends_a_run_with_an_error_that_helps_and_it_is_resumed(course, tmp_path):
    """In a mount namespace of its own, on a disk of 4 MiB in memory."""
    wrap = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"]), "sh", "-c",
            'mount -t tmpfs -o size=4m tmpfs "$1" && shift && exec "$@"', "sh", str(tmp_path)]
    if not shutil.which("unshare") or subprocess.run([*wrap, "true"], capture_output=True).returncode:
        pytest.skip("this user may not mount a small disk: needs root, or user namespaces and unshare (util-linux)")
    check_out_of_space(whole_runs("full", course, tmp_path, wrap))


def check_out_of_space(runs):
    ended = [run["ended"] for run in runs]
    assert {"JournalError", "GradebookError"} <= set(ended)
    for run in runs:
        if run["ended"]:
            assert "run the same command again" in run["message"]
        check_resumed(run)


def grade_class(folder, page=""):
    """A run as `autograder grade` does it, of students whose grading gives points at once."""
    with Journal(folder, "ps1") as kept, Recorder(open_course(folder), "ps1") as recorder:
        assert not kept.settle(recorder.record)
        for number, student in enumerate(CLASS):
            if kept.find(student, "key"):
                continue
            with (folder / "graded.txt").open("a") as log:
                log.write(f"{student}\n")
            kept.keep("key", result(student, number % 3, page=f"{student}{page}"))
            if number % 3 == 2:
                kept.settle(recorder.record)
        kept.settle(recorder.record)


def graded_so_far(folder):
    log = folder / "graded.txt"
    return log.read_text().split() if log.exists() else []


def resumed(folder, ended, message=""):
    """Resume a run that has ended early; returns what it left and what is there in the end."""
    first = graded_so_far(folder)
    with Journal(folder, "ps1") as kept:
        known = [student for student in CLASS if kept.find(student, "key")]
        assert kept.warnings == []
    grade_class(folder)
    with contextlib.closing(sqlite3.connect(folder / "gradebook.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        scores = {}
        for student, score in database.execute(
                "SELECT s.student_id, g.auto_score FROM submitted_assignment s JOIN submitted_notebook n ON "
                "n.assignment_id = s.id JOIN grade g ON g.notebook_id = n.id ORDER BY s.student_id"):
            scores.setdefault(student, []).append(score)
    pages = {path.parts[-3]: path.read_text().rstrip("x") for path in folder.glob("autograded/*/*/work.ipynb")}
    print(json.dumps({"ended": ended, "message": message, "first": first, "kept": known, "scores": scores,
                      "pages": pages, "second": graded_so_far(folder)[len(first):],
                      "left_over": [path.name for path in folder.glob("autograded/*/.*")]}))


class EndAt:
    """Counts what a program calls and returns from; ends it at a given number of that.

    own: count what journal.py and gradebook.py themselves do, else everything, deep in the libraries, too.
    """

    def __init__(self, own, at=None, end=None):
        self.files = (journal.__file__, gradebook.__file__) if own else None
        self.at, self.end, self.count = at, end, 0

    def __call__(self, frame, event, argument):
        if self.files is None or frame.f_code.co_filename in self.files:
            self.count += 1
            if self.count == self.at:
                self.end()

    def run(self, folder):
        sys.setprofile(self)
        try:
            grade_class(folder)
        finally:
            sys.setprofile(None)


def in_a_fork(function):
    """Call a function in a child; returns what it writes to the pipe that it is given, and how it ended."""
    ours, theirs = os.pipe()
    if child := os.fork():
        os.close(theirs)
        said = os.fdopen(ours).read()
        _, status = os.waitpid(child, 0)
        return said, signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    code = 1
    try:
        function(theirs)
        code = 0
    except KeyboardInterrupt:
        code = 130
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


def interrupt():
    raise KeyboardInterrupt


def ended_runs(fresh, end, points):
    """Runs that are ended at points that a seeded lottery draws."""
    lottery = random.Random(4)
    for own in (True, False):
        def count(pipe, own=own):
            counter = EndAt(own)
            counter.run(fresh())
            os.write(pipe, str(counter.count).encode())

        most = int(in_a_fork(count)[0])
        for _ in range(points // 2):
            at, folder = lottery.randrange(1, most - most // 20), fresh()
            _, ended = in_a_fork(lambda _, own=own, at=at, folder=folder: EndAt(own, at, end).run(folder))
            resumed(folder, {130: "KeyboardInterrupt"}.get(ended, ended))


def full_disk(fresh):
    """Runs on a disk of which all but some KiB are taken, until that is freed."""
    for free in (0, 8, 40, 100, 160, 200, 250, 300, 350, 400, 450, 500, 2000):
        folder = fresh()
        filler = folder.with_name("filler")
        with filler.open("wb") as file:
            room = os.statvfs(folder)
            os.posix_fallocate(file.fileno(), 0, max(1, room.f_bavail * room.f_frsize - free * 1024))
        resumed(folder, *out_of_space(folder, filler.unlink))


def limited_files(fresh):
    """Runs under a limit on the size of each file, until that is lifted."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for limit, page in ((4096, 0), (40_000, 9000), (90_000, 0), (120_000, 0), (500_000, 9000)):
        folder = fresh()
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        resumed(folder, *out_of_space(folder, lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard)), page))


def out_of_space(folder, make_room, page=20_000):
    try:
        grade_class(folder, page="x" * page)
    except (JournalError, GradebookError) as error:
        return type(error).__name__, str(error)
    finally:
        make_room()
    return "", ""


def main(how, course, folder):
    def fresh():
        shutil.rmtree(Path(folder, "run"), ignore_errors=True)
        return Path(shutil.copytree(course, Path(folder, "run")))

    {"kill": lambda: ended_runs(fresh, kill, 26), "interrupt": lambda: ended_runs(fresh, interrupt, 8),
     "full": lambda: full_disk(fresh), "limit": lambda: limited_files(fresh)}[how]()


if __name__ == "__main__":
    main(*sys.argv[1:])
