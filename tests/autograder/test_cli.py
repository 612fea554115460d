"""The commands as an instructor types them: what they make, what they say, how they end."""

import json

import pytest
from nbgrader.api import Gradebook

from autograder import cli, demo, wall

ASSIGNMENT = demo.ASSIGNMENT


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with the demo class, made, handed in and graded by the commands."""
    folder = tmp_path_factory.mktemp("course")
    assert cli.main(["make", str(cli.ROOT / "lessons" / ASSIGNMENT), "--course", str(folder)]) == 0
    released = folder / "release" / ASSIGNMENT / f"{demo.NOTEBOOK}.ipynb"
    for mate in demo.classmates():
        demo.hand_in(released, folder / "submitted", mate)
    assert cli.main(["grade", ASSIGNMENT, "--course", str(folder), "--cell-limit", "1"]) == 1     # jo's is no notebook
    return folder


@pytest.mark.parametrize("mate", demo.classmates(), ids=lambda mate: mate.what)
def test_everyone_in_the_demo_class_gets_exactly_what_they_deserve(course, mate):
    with Gradebook(f"sqlite:///{course}/gradebook.db", "digits") as gradebook:
        assert gradebook.find_submission(ASSIGNMENT, mate.student).score == mate.deserves


def test_the_demo_class_has_every_kind_of_submission():
    deserved = [mate.deserves for mate in demo.classmates()]
    assert {0, 20} < set(deserved)
    assert len(deserved) >= 6


def test_grading_leaves_a_page_a_table_and_lines_of_json(course):
    report = course / "report" / ASSIGNMENT
    records = [json.loads(line) for line in (report / "results.jsonl").read_text().splitlines()]
    assert [r["student"] for r in records] == sorted(m.student for m in demo.classmates())
    assert all(r["confined"] for r in records)
    assert "Graded without a sandbox" not in (report / "index.html").read_text()
    assert (report / "results.csv").read_text().count("\n") == 1 + len(records)


def test_feedback_pages_tell_what_failed_and_hide_the_hidden_checks(course, capsys):
    assert cli.main(["feedback", ASSIGNMENT, "--course", str(course)]) == 0
    assert "feedback" in capsys.readouterr().out
    pages = {m.student: (course / "feedback" / m.student / ASSIGNMENT / f"{demo.NOTEBOOK}.html").read_text()
             for m in demo.classmates()}
    assert "your relu overwrote" in pages["eve"]
    assert "is not a notebook" in pages["jo"]
    assert not [student for student, page in pages.items() if "HIDDEN TESTS" in page or "from solutions" in page]


def test_unconfined_grading_is_asked_for_by_name_and_the_report_says_so(course, tmp_path, capsys):
    cli.main(["make", str(cli.ROOT / "lessons" / ASSIGNMENT), "--course", str(tmp_path)])
    ada = demo.classmates()[0]
    demo.hand_in(course / "release" / ASSIGNMENT / f"{demo.NOTEBOOK}.ipynb", tmp_path / "submitted", ada)
    assert cli.main(["grade", ASSIGNMENT, "--course", str(tmp_path), "--unconfined"]) == 0
    assert "Graded without a sandbox" in (tmp_path / "report" / ASSIGNMENT / "index.html").read_text()
    assert "20 / 20" in capsys.readouterr().out


def test_a_machine_that_cannot_confine_is_refused_with_the_mend(course, monkeypatch, capsys):
    def refuse(*_):
        raise wall.Refused("this kernel grants no namespaces; do this or that")
    monkeypatch.setattr(cli.grading, "grade_class", refuse)
    assert cli.main(["grade", ASSIGNMENT, "--course", str(course)]) == 2
    assert "do this or that" in capsys.readouterr().err


@pytest.mark.parametrize(("arguments", "said"), [
    (["grade", "nothing", "--course", "{course}"], "nbgrader generate_assignment nothing"),
    (["grade", ASSIGNMENT, "--course", "{course}/nowhere"], "is no folder"),
    (["make", "lessons/99_nowhere", "--course", "{course}"], "lessons/99_nowhere"),
    (["feedback", "nothing", "--course", "{course}"], "could not write the feedback"),
])
def test_what_cannot_be_done_is_said_with_the_next_step(course, capsys, arguments, said):
    assert cli.main([a.format(course=course) for a in arguments]) == 2
    assert said in capsys.readouterr().err


def test_an_assignment_that_nobody_handed_in_says_where_submissions_are_looked_for(tmp_path, capsys):
    cli.main(["make", str(cli.ROOT / "lessons" / ASSIGNMENT), "--course", str(tmp_path)])
    assert cli.main(["grade", ASSIGNMENT, "--course", str(tmp_path)]) == 2
    assert str(tmp_path / "submitted" / "STUDENT" / ASSIGNMENT) in capsys.readouterr().err


def test_check_sandbox_tells_what_was_allowed_outside_and_blocked_inside(capsys):
    assert cli.main(["check-sandbox"]) == 0
    out = capsys.readouterr().out
    assert out.count("ALLOWED  BLOCKED") >= 10
    assert "every promise holds" in out


@pytest.mark.parametrize("option", [["--jobs", "0"], ["--cell-limit", "0"], ["--time-limit", "-1"], ["--memory", "5"]])
def test_limits_that_nothing_could_run_under_are_refused(option, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["grade", ASSIGNMENT, *option])
    assert ended.value.code == 2
    assert "must be at least" in capsys.readouterr().err


def test_the_guide_lists_every_limit_with_its_default():
    guide = (cli.ROOT / "book" / "security.md").read_text()
    rows = [[field.strip(" `") for field in line.strip("|").split("|")] for line in guide.splitlines()
            if line.startswith("| `--")]
    assert [(flag, float(default), meaning) for flag, _, default, meaning in rows] == [
        (limit.flag, getattr(limit.of, limit.field) / limit.scale, limit.meaning) for limit in cli.LIMITS]


@pytest.mark.parametrize("of", [cli.RUN, cli.UPLOAD], ids=["run", "upload"])
def test_every_limit_can_be_set(of):
    others = {"confined", "hide", "libraries", "pinned", "name_bytes"}     # no limits; the file system's own
    assert {limit.field for limit in cli.LIMITS if limit.of is of} == set(of._fields) - others
