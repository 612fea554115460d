"""A whole class through the command line, one of every kind: each gets what it deserves, and nobody else pays."""

import importlib.util
import json
import os
import shutil
import signal
import sqlite3
import sys
from collections import Counter
from pathlib import Path

import pytest

LIMITS = ["--cell-limit", "4", "--time-limit", "7", "--memory", "512", "--disk", "64", "--jobs", "2"]


@pytest.fixture(scope="module")
def simulated():
    """The generator: a script, hence no module that could be imported by name."""
    spec = importlib.util.spec_from_file_location("simulated_class", Path(__file__).with_name("simulated_class.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def graded(simulated, tmp_path_factory):
    """(course folder, what is expected, how the run went, what is wrong): a class with one of every kind, graded."""
    course = tmp_path_factory.mktemp("class") / "course"
    expected = simulated.simulate(course, 10, seed=7, every_kind=True)
    ran, wrong = simulated.grade(course, expected, *LIMITS)
    return course, expected, ran, wrong


@pytest.fixture
def again(graded, simulated, tmp_path):
    """A copy of the graded course to spoil: (folder, function that says what is wrong with it)."""
    course, expected, _, _ = graded
    copy = tmp_path / "course"
    shutil.copytree(course, copy, symlinks=True, ignore=lambda folder, names: {"submitted"} & set(names))
    handed_in = {path: kept for path, kept in expected.fingerprints.items() if not path.startswith("submitted")}
    return copy, lambda: simulated.verify(copy, expected._replace(fingerprints=handed_in))


@pytest.fixture
def fresh(graded, tmp_path):
    """A copy of the course in which nobody has handed in."""
    shutil.copytree(graded[0], tmp_path / "course",
                    ignore=lambda folder, names: {"submitted", "autograded", "report"} & set(names))
    return tmp_path / "course"


def records(course, expected):
    lines = (course / "report" / expected.assignment / "results.jsonl").read_text().splitlines()
    return {record["student"]: record for record in map(json.loads, lines)}


def test_everybody_in_a_mixed_class_has_exactly_the_grade_that_they_deserve(graded):
    assert graded[3] == []


def test_honest_students_among_hostile_ones_keep_full_marks(graded):
    course, expected, _, _ = graded
    found, students = records(course, expected), [member for member in expected.members if member.family == "honest"]
    assert len(students) >= 10
    assert {found[member.student]["score"] for member in students} == {sum(expected.points.values())}


def test_hostile_students_get_what_their_right_answers_are_worth_and_no_more(graded):
    course, expected, _, _ = graded
    found, students = records(course, expected), [member for member in expected.members if member.family == "hostile"]
    assert len({member.kind for member in students}) >= 30
    assert [m.kind for m in students if found[m.student]["score"] != sum(m.deserves.values())] == []


def test_no_process_of_a_hostile_class_outlives_the_command(graded):
    assert graded[2].left == ()


def test_the_class_of_a_seed_is_always_the_same(simulated, graded, fresh):
    _, expected, _, _ = graded
    again = simulated.simulate(fresh, 10, seed=7, every_kind=True)
    own = {path for path in again.fingerprints if path.split("/")[1:2] in [
        [m.student] for m in again.members if m.family in ("honest", "partly", "wrong")]}
    assert again.members == expected.members
    assert len(own) > 20
    assert {path: again.fingerprints[path] for path in own} == {path: expected.fingerprints[path] for path in own}


def test_a_large_class_is_mixed_as_the_shares_say(simulated, fresh):
    expected = simulated.simulate(fresh, 200, seed=3)
    assert Counter(member.family for member in expected.members) == {
        "honest": 120, "partly": 40, "wrong": 24, "broken": 6, "hostile": 10}
    families = [member.family for member in expected.members]
    assert families != sorted(families)


@pytest.mark.parametrize("family", ["partly", "wrong", "broken", "hostile"])
def test_grades_of_every_family_are_known_before_anything_is_graded(graded, simulated, family):
    _, expected, _, _ = graded
    full = sum(expected.points.values())
    scores = {sum(member.deserves.values()) for member in expected.members if member.family == family}
    assert min(scores) < full
    assert len(scores) > 1


# What verify must notice


def spoilt(course, expected, change):
    """Rewrite results.jsonl: change edits the list of records."""
    path = course / "report" / expected.assignment / "results.jsonl"
    found = [json.loads(line) for line in path.read_text().splitlines()]
    change(found)
    path.write_text("".join(json.dumps(record) + "\n" for record in found))


def more(found):
    found[0]["checks"][0]["score"] += 1


@pytest.mark.parametrize(("change", "said"), [
    (lambda found: found.pop(), "has no result"),
    (lambda found: found.append(found[3]), "has 2 results"),
    (lambda found: found.append(found[3] | {"student": "nobody"}), "handed nothing in"),
    (lambda found: found[0].update(score=19.5), "as the parts"),
    (lambda found: found[0].update(confined=False), "without a sandbox"),
    (lambda found: found[0].update(status="errored"), "has the status errored"),
    (lambda found: found[0]["checks"].pop(), "no verdict"),
    (more, "deserved are"),
], ids=["lost", "doubled", "invented", "wrong sum", "unconfined", "errored", "no verdict", "a forged point"])
def test_a_wrong_line_in_the_results_is_noticed(graded, again, change, said):
    course, verify = again
    spoilt(course, graded[1], change)
    assert any(said in line for line in verify())


def test_a_gradebook_that_disagrees_is_noticed(graded, again):
    course, verify = again
    with sqlite3.connect(course / "gradebook.db") as database:
        database.execute("update grade set auto_score = auto_score + 1 where id in (select id from grade limit 1)")
    assert any("the gradebook holds" in line for line in verify())


def test_a_changed_source_a_missing_page_and_a_leak_are_noticed(graded, again):
    course, verify = again
    expected = graded[1]
    pages = [course / "autograded" / m.student / expected.assignment / f"{expected.notebook}.ipynb"
             for m in expected.members[:3]]
    next((course / "source").rglob("*.ipynb")).write_text("{}")
    pages[0].unlink()
    pages[1].write_text('{"text": "LEAKED /etc/shadow"}')
    pages[2].write_text("x" * 3_000_000)
    text = "\n".join(verify())
    assert "was changed, made or deleted" in text
    assert "has no graded notebook" in text
    assert "saw what it must not: ['LEAKED /etc/shadow']" in text
    assert "3,000,000 characters" in text


def test_a_file_that_was_left_behind_is_noticed(graded, again):
    course, verify = again
    assert verify() == []
    (course / "report" / graded[1].token).write_text("x")
    assert [line for line in verify() if "was written" in line]


# What the hostile ones do harm with, where nothing confines them


def test_the_daemon_does_outlive_its_command_and_is_noticed(simulated, graded, again):
    _, verify = again
    ran = simulated.watched([sys.executable, "-c", simulated.DAEMON.format(token=graded[1].token)], Path.cwd(), 0.05,
                            linger=0.5)
    try:
        assert len(ran.left) == 1
        assert "os.setsid" in ran.left[0].command
        assert [line for line in verify() if "has outlived the run" in line]
    finally:
        for process in ran.left:
            os.kill(process.pid, signal.SIGKILL)


def test_the_writer_does_write_where_it_may(simulated, tmp_path):
    exec(simulated.WRITES.format(places=[str(tmp_path)], token="left"), {})
    assert (tmp_path / "left").read_text() == "x"


def test_the_spy_does_see_a_secret_that_can_be_read(simulated, tmp_path, capsys):
    (tmp_path / "secret").write_text("x")
    exec(simulated.LOOKS.format(secrets=[str(tmp_path / "secret")], course="nowhere"), {})
    printed = capsys.readouterr().out
    assert f"LEAKED {tmp_path / 'secret'}" in printed
    assert "LOOKED" in printed


def test_the_copied_reference_is_right_where_it_can_be_imported(simulated, graded):
    exercise = simulated.Exercise(graded[0], graded[1].assignment)
    answers = {name: simulated.REFERENCE.format(name=name, root="") for name in exercise.functions}
    assert exercise.deserved(answers) == exercise.points


# Watching a command


def test_the_memory_of_everything_that_a_command_starts_is_watched(simulated, tmp_path):
    child = "import sys, time; x = bytearray(80 * 2**20); x[::4096] = b'x' * len(x[::4096]); time.sleep(1)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    ran = simulated.watched([sys.executable, "-c", parent], tmp_path, 0.05)
    assert ran.code == 0
    assert ran.peak > 80 * 2**20
    assert ran.peak_of["the command"][0] < 80 * 2**20


def test_somebody_elses_submissions_are_never_mixed_in(simulated, graded):
    with pytest.raises(SystemExit, match="handed in"):
        simulated.simulate(graded[0], 10)


def test_a_grader_that_ends_badly_is_told_with_its_words(simulated, graded, tmp_path):
    ran, wrong = simulated.grade(tmp_path / "nowhere", graded[1])
    assert ran.code == 2
    assert "is no folder" in wrong[0]
