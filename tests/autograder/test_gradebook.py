"""Results in nbgrader's gradebook and its autograded folder."""

import contextlib
import errno
import shutil
import sqlite3
import threading
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
import sqlalchemy
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties

from autograder import course, executor, gradebook
from autograder.gradebook import GradebookError, Recorder
from autograder.protocol import Check, Receipt, Result

CELLS = """
#: solution
x = 1
#: check 2
assert x == 1
#: manual 5
Essay.
"""
LATE = datetime(2024, 3, 2)
IN_TIME = "2024-02-29T00:00:00+00:00"


@pytest.fixture(scope="module")
def generated(make, tmp_path_factory):
    """A course as nbgrader generates it: ps1 of one notebook, ps2 of two, one of them with a task."""
    folder = tmp_path_factory.mktemp("course")
    opened = course.open_course(folder, create=True)
    more = f"{CELLS}#: task 3\nDraw.\n#: check 1\nassert True\n"
    notebooks = {"ps1/work": CELLS, "ps2/work": CELLS, "ps2/more": more}
    for name, text in notebooks.items():
        cells = make.cells(text)
        cells[0]["source"] = "### BEGIN SOLUTION\nx = 1\n### END SOLUTION"
        book = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3",
                                                                 "language": "python"}})
        book.cells = [nbformat.from_dict(cell) for cell in cells]
        path = folder / "source" / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(book, path)
    for assignment in ("ps1", "ps2"):
        course.generate(opened, assignment)
    return folder


@pytest.fixture
def opened(generated, tmp_path):
    """A fresh copy of that course."""
    shutil.copytree(generated, tmp_path / "course")
    (tmp_path / "course" / "nbgrader_config.py").unlink()
    return course.open_course(tmp_path / "course", create=True)


def graded(student, auto=2.0, essay=None, *, status="graded", verdict="passed", notebooks=(("work", "{}"),),
           unanswered=(), received=""):
    """A result for ps1."""
    checks = (Check("work", "check1", 2, auto, verdict), Check("work", "manual1", 5, essay, "manual"))
    return Result(student, status, "", checks, tuple(notebooks), unanswered, receipt=Receipt(received=received))


@pytest.fixture
def record(opened):
    """Record results for ps1 as one batch."""
    def run(*results, into=opened, patience=gradebook.PATIENCE):
        with Recorder(into, "ps1", patience=patience) as recorder:
            return recorder.record(results)
    return run


@pytest.fixture
def student(opened, record):
    """Record results of one student, and read what the gradebook then holds."""
    def held():
        with Gradebook(opened.db_url) as book:
            submission = book.find_submission("ps1", "ada")
            grades = {g.name: (g.auto_score, g.manual_score, g.needs_manual_grade)
                      for n in submission.notebooks for g in n.grades}
            comments = {c.name: c.auto_comment for n in submission.notebooks for c in n.comments}
            late = [n.late_submission_penalty for n in submission.notebooks]
            return SimpleNamespace(grades=grades, comments=comments, timestamp=submission.timestamp,
                                   score=submission.score, late=late)

    def one(auto=2.0, essay=None, **more):
        assert record(graded("ada", auto, essay, **more)) == {}

    return SimpleNamespace(record=one, held=held, folder=opened.folder / "submitted" / "ada" / "ps1",
                           autograded=opened.folder / "autograded" / "ada" / "ps1")


def set_manual_score(opened, score):
    with Gradebook(opened.db_url) as book:
        book.find_grade("check1", "work", "ps1", "ada").manual_score = score
        book.find_comment("solution1", "work", "ps1", "ada").manual_comment = "well done"
        book.db.commit()


def rows(opened):
    """Every row of the database, with the names that ids of new rows stand for in place of the random ids."""
    engine = sqlalchemy.create_engine(opened.db_url)
    names, found = {}, []
    with engine.connect() as connection:
        for table in ("student", "submitted_assignment", "submitted_notebook", "grade", "comment"):
            for row in connection.execute(sqlalchemy.text(f"SELECT * FROM {table}")).mappings():
                fields = {name: names.get(value, value) for name, value in row.items() if name != "id"}
                if "student_id" in fields or table == "submitted_notebook":
                    names[row["id"]] = (table, *(str(value) for value in fields.values() if value))
                found.append((table, row["id"] if table == "student" else "", sorted(fields.items())))
    engine.dispose()
    return sorted(found, key=repr)


def test_scores_are_recorded_and_what_a_person_grades_is_flagged(student):
    student.record(auto=1.5)
    assert student.held().grades == {"check1": (1.5, None, False), "manual1": (None, None, True)}


def test_grading_again_replaces_the_automatic_score(student):
    student.record(auto=0.0)
    student.record(auto=2.0)
    assert student.held().grades["check1"] == (2.0, None, False)


def test_a_score_given_by_hand_is_kept_and_flagged_for_another_look(opened, student):
    student.record(auto=0.0)
    set_manual_score(opened, 1.0)
    student.record(auto=2.0)
    assert student.held().grades["check1"] == (2.0, 1.0, True)
    assert student.held().score == 1.0


def test_a_comment_given_by_hand_is_kept(opened, student):
    student.record()
    set_manual_score(opened, 1.0)
    student.record(unanswered=(("work", "solution1"),))
    with Gradebook(opened.db_url) as book:
        assert book.find_comment("solution1", "work", "ps1", "ada").manual_comment == "well done"


def test_an_errored_check_has_no_score_and_waits_for_a_person(student):
    student.record(auto=None, verdict="errored")
    assert student.held().grades["check1"] == (None, None, True)


def test_an_answer_left_as_released_gets_nbgraders_comment_and_loses_it_when_answered(student):
    student.record(unanswered=(("work", "solution1"),))
    assert student.held().comments["solution1"] == "No response."
    student.record()
    assert student.held().comments["solution1"] is None


def test_recording_again_changes_no_row(opened, record):
    batch = [graded(f"s{n}", auto=n / 2, received=IN_TIME, unanswered=(("work", "solution1"),)) for n in range(4)]
    record(*batch)
    first = rows(opened)
    record(*batch)
    assert rows(opened) == first


def test_a_submission_is_made_row_by_row_as_nbgrader_makes_it(opened, generated, tmp_path):
    shutil.copy(generated / "gradebook.db", tmp_path / "theirs.db")
    with Recorder(opened, "ps2") as recorder:
        recorder.record([Result("ada", "graded", "", receipt=Receipt(received="2024-03-01T12:00:00.5+00:00"))])
    with Gradebook(f"sqlite:///{tmp_path / 'theirs.db'}") as book:
        book.update_or_create_student("ada")
        with pytest.warns(sqlalchemy.exc.SAWarning):        # nbgrader's own way of adding rows; nothing is lost
            book.update_or_create_submission("ps2", "ada", timestamp="2024-03-01 12:00:00.5 UTC")
    theirs = opened._replace(directory=SimpleNamespace(db_url=f"sqlite:///{tmp_path / 'theirs.db'}"))
    assert rows(opened) == rows(theirs)
    assert [table for table, *_ in rows(opened)].count("grade") == 6        # the cells of ps2 that give points
    assert [table for table, *_ in rows(opened)].count("comment") == 5      # its solutions, essays and its task


def test_parts_of_a_submission_that_are_missing_are_made(opened, student):
    student.record()
    with contextlib.closing(sqlite3.connect(opened.folder / "gradebook.db")) as database, database:
        for table in ("grade", "comment", "submitted_notebook"):
            database.execute(f"DELETE FROM {table}")
    student.record(auto=1.0)
    assert student.held().grades == {"check1": (1.0, None, False), "manual1": (None, None, True)}
    assert set(student.held().comments) == {"solution1", "manual1"}


def test_a_batch_takes_as_many_queries_as_one_result(opened):
    counts = []
    with Recorder(opened, "ps1") as recorder:
        sqlalchemy.event.listen(recorder.engine, "before_cursor_execute", lambda *_: counts.append(1))
        recorder.record([graded("ada")])
        one = len(counts)
        recorder.record([graded(f"s{n}") for n in range(50)])
    assert len(counts) == 2 * one
    assert one < 25


def test_a_large_batch_goes_in_pieces(opened, record, monkeypatch):
    monkeypatch.setattr(gradebook, "MOST_AT_ONCE", 2)
    names = [f"s{n}" for n in range(5)]
    assert record(*(graded(name) for name in names)) == {}
    with Recorder(opened, "ps1") as recorder:
        assert recorder.still_recorded([*names, "somebody"]) == set(names)


def test_of_two_results_of_one_student_the_last_counts(student, record):
    record(graded("ada", 1.0), graded("ada", 2.0))
    assert student.held().grades["check1"][0] == 2.0


def test_the_time_of_the_submission_is_the_one_on_its_receipt(student):
    student.record(received="2024-03-01T14:00:00.5+02:00")
    assert student.held().timestamp == datetime(2024, 3, 1, 12, 0, 0, 500_000)
    assert (student.autograded / "timestamp.txt").read_text().startswith("2024-03-01T12:00:00.5")


def test_a_time_is_kept_when_a_later_recording_has_none(student):
    student.record(received=IN_TIME)
    student.record()
    assert student.held().timestamp == datetime(2024, 2, 29)


@pytest.mark.parametrize("text", ["", "never", "2024-13-45", "9" * 90, "=1+1", "\x00", "1" * 500, "inf", "1e400", "[]",
                                  "0001-01-01 00:00:00 +2359", "12:00 PM " * 10, "\udcff"])
def test_a_forged_time_of_submission_ends_nothing(student, text):
    student.record(received=text)
    assert student.held().grades["check1"][0] == 2.0


def test_no_file_of_a_submission_gives_its_time(student):
    student.folder.mkdir(parents=True)
    (student.folder / "timestamp.txt").write_text("2024-03-01 12:00:00 UTC")
    student.record()
    assert student.held().timestamp is None
    assert not (student.autograded / "timestamp.txt").exists()


@pytest.fixture
def due(opened, monkeypatch):
    """The course with a due date of 1 March 2024 and the given plug-in for late penalties, as text or by its name."""
    def set_up(plugin="", **options):
        with Gradebook(opened.db_url) as book:
            book.update_or_create_assignment("ps1", duedate=datetime(2024, 3, 1))
        config = opened.config.copy()
        config.LateSubmissionPlugin.update(options)
        if plugin:
            (opened.folder / "late.py").write_text(
                "from nbgrader.plugins import BasePlugin\nclass Late(BasePlugin):\n"
                f"    def late_submission_penalty(self, student_id, score, total_seconds_late): {plugin}\n")
            monkeypatch.syspath_prepend(str(opened.folder))
            monkeypatch.delitem(__import__("sys").modules, "late", raising=False)
            config.AssignLatePenalties.plugin_class = "late.Late"
        return opened._replace(config=config, directory=type(opened.directory)(config=config))
    return set_up


def test_the_penalty_for_late_work_is_nbgraders_with_the_courses_plugin(due, student, record):
    record(graded("ada", received=LATE.isoformat()), into=due("return 0.5"))
    assert student.held().late == [0.5]


@pytest.mark.parametrize(("plugin", "penalty"), [("return score", 1.5), ("return 99", 1.5), ("return -1", 0),
                                                 ("return None", None), ("return total_seconds_late / 86400", 1.0)])
def test_a_penalty_is_what_nbgrader_itself_would_assign(due, opened, student, record, plugin, penalty):
    late = due(plugin)
    record(graded("ada", 1.5, received=LATE.isoformat()), into=late)
    assert student.held().late == [penalty]
    AssignLatePenalties(parent=late.directory).preprocess(nbformat.v4.new_notebook(), {"nbgrader": {
        "notebook": "work", "assignment": "ps1", "student": "ada", "db_url": opened.db_url}})
    assert student.held().late == [penalty]


def test_an_extension_counts_and_work_in_time_loses_an_earlier_penalty(due, opened, student, record):
    late = due(penalty_method="zero")
    record(graded("ada", received=LATE.isoformat()), into=late)
    assert student.held().late == [2.0]
    with Gradebook(opened.db_url) as book:
        book.find_submission("ps1", "ada").extension = timedelta(days=1)
        book.db.commit()
    record(graded("ada", received=LATE.isoformat()), into=late)
    assert student.held().late == [None]


def test_without_a_plugin_an_earlier_penalty_is_taken_back(due, student, record):
    record(graded("ada", received=LATE.isoformat()), into=due(penalty_method="zero"))
    record(graded("ada", received=LATE.isoformat()), into=due(penalty_method="none"))
    assert student.held().late == [None]


def test_a_result_for_which_the_penalty_plugin_fails_is_named_and_not_recorded(due, student, record):
    late = due("return {'ben': 1.0}[student_id]")
    failed = record(graded("ada", received=LATE.isoformat()), graded("ben", received=LATE.isoformat()),
                    graded("cleo", received=IN_TIME), into=late)
    assert failed == {"ada": "KeyError: 'ada'"}
    with Recorder(late, "ps1") as recorder:
        assert recorder.still_recorded(["ada", "ben", "cleo"]) == {"ben", "cleo"}


def test_a_penalty_plugin_that_cannot_be_loaded_is_said_before_anything_is_graded(due):
    late = due()
    late.directory.config.AssignLatePenalties.plugin_class = "nowhere.Late"
    with pytest.raises(GradebookError, match=r"nowhere.*see c\.AssignLatePenalties\.plugin_class"):
        Recorder(late, "ps1")


def test_graded_notebooks_replace_the_earlier_ones_as_a_whole(student):
    student.record(notebooks=(("work", "one"),))
    (student.autograded / "left over.txt").write_text("x")
    student.record(notebooks=(("work", "two"),))
    assert [p.name for p in student.autograded.iterdir()] == ["work.ipynb"]
    assert (student.autograded / "work.ipynb").read_text() == "two"
    assert [p.name for p in student.autograded.parent.iterdir()] == ["ps1"]


def test_what_a_killed_run_left_of_a_folder_is_taken_away(student):
    for step in ("fresh", "old"):
        (student.autograded.parent / f".ps1.{step}").mkdir(parents=True)
        (student.autograded.parent / f".ps1.{step}" / "work.ipynb").write_text("half")
    student.record()
    assert [p.name for p in student.autograded.parent.iterdir()] == ["ps1"]


def test_a_grader_that_failed_leaves_the_earlier_pages_in_place(student):
    student.record(notebooks=(("work", "earlier"),))
    student.record(auto=None, status="errored", verdict="errored", notebooks=())
    assert (student.autograded / "work.ipynb").read_text() == "earlier"
    assert student.held().grades["check1"][0] is None


def test_one_result_that_cannot_be_recorded_does_not_cost_the_others(opened, record):
    (opened.folder / "autograded" / "dora").mkdir(parents=True)
    (opened.folder / "autograded" / "dora" / ".ps1.fresh").write_text("in the way")
    odd = graded("ben")._replace(checks=(Check("work", "no such cell", 2, 1.0, "passed"),))
    failed = record(graded("ada"), odd, graded("../cleo"), graded("dora"), graded("\udcff"), graded("zoe"))
    assert sorted(failed) == ["../cleo", "ben", "dora", "\udcff"]
    assert "no graded cell 'no such cell' in work.ipynb" in failed["ben"]
    assert "cannot name a folder" in failed["../cleo"]
    assert "in the way" not in failed["dora"]
    assert "File exists" in failed["dora"]
    with Recorder(opened, "ps1") as recorder:
        assert recorder.still_recorded(["ada", "ben", "dora", "zoe"]) == {"ada", "zoe"}


def test_pages_that_are_gone_are_not_taken_for_recorded(student, opened):
    student.record()
    (student.autograded / "work.ipynb").unlink()
    with Recorder(opened, "ps1") as recorder:
        assert recorder.still_recorded(["ada"]) == set()


@contextlib.contextmanager
def another_program(opened, *statements):
    """The gradebook is open in another program, which is in the middle of a transaction."""
    database = sqlite3.connect(opened.folder / "gradebook.db", isolation_level=None, check_same_thread=False)
    with contextlib.closing(database):
        for statement in statements:
            database.execute(statement).fetchall()
        yield database


@pytest.mark.parametrize("statements", [["BEGIN EXCLUSIVE"], ["BEGIN", "SELECT * FROM student"]],
                         ids=["writing", "reading"])
def test_a_gradebook_that_stays_locked_is_left_as_it_was_and_the_error_says_what_to_do(opened, record, statements):
    record(graded("ada", 1.0), graded("ben", 1.0))
    before = rows(opened)
    with another_program(opened, *statements):
        with pytest.raises(GradebookError, match=r"database is locked.*end what has it locked \(formgrader"):
            record(graded("ada", 2.0), graded("cleo"), patience=0.05)
    assert rows(opened) == before
    assert record(graded("ada", 2.0), graded("cleo")) == {}


def test_a_gradebook_that_is_locked_for_a_while_is_waited_for(opened, student):
    asked, failed = threading.Event(), {}
    with Recorder(opened, "ps1") as recorder:
        sqlalchemy.event.listen(recorder.engine, "engine_connect", lambda _: asked.set())
        with another_program(opened, "BEGIN EXCLUSIVE") as other:
            thread = threading.Thread(target=lambda: failed.update(recorder.record([graded("ada")]) or {"none": ""}))
            thread.start()
            assert asked.wait(60)
            other.execute("ROLLBACK")
            thread.join()
    assert failed == {"none": ""}
    assert student.held().grades["check1"][0] == 2.0


def test_a_manual_score_given_while_the_batch_waits_is_seen(opened, student):
    student.record()
    asked = threading.Event()
    with Recorder(opened, "ps1") as recorder:
        sqlalchemy.event.listen(recorder.engine, "engine_connect", lambda _: asked.set())
        with another_program(opened, "BEGIN EXCLUSIVE", "UPDATE grade SET manual_score = 0.5") as other:
            thread = threading.Thread(target=recorder.record, args=([graded("ada", 1.0)],))
            thread.start()
            assert asked.wait(60)
            other.execute("COMMIT")
            thread.join()
    assert student.held().grades["check1"] == (1.0, 0.5, True)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_ends_the_batch_with_an_error_and_leaves_no_half_folder(opened, student, record, monkeypatch, code):
    student.record(notebooks=(("work", "earlier"),))
    before, write = rows(opened), Path.write_text

    def full(path, text, **more):
        write(path, text[:1], **more)
        raise OSError(code, "no space")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(GradebookError, match=r"no space.*Free some space, then run the same command again"):
        record(graded("ada", 1.0), graded("ben", 1.0))
    monkeypatch.undo()
    assert rows(opened) == before
    assert [p.name for p in student.autograded.parent.iterdir()] == ["ps1"]
    assert (student.autograded / "work.ipynb").read_text() == "earlier"


def test_an_assignment_that_was_never_generated_is_said_with_what_to_do(opened):
    with Recorder(opened, "ps9") as recorder, pytest.raises(GradebookError, match="generate_assignment ps9"):
        recorder.record([graded("ada")])


@pytest.mark.parametrize(("url", "advice"), [
    ("sqlite:////nowhere/at/all.db", "see that it is there"), ("sqlite:///{}/empty.db", "nbgrader db upgrade"),
    ("sqlite:///{}/garbage.db", "put an intact copy")])
def test_a_gradebook_that_cannot_be_used_is_said_with_what_to_do(opened, tmp_path, url, advice):
    (tmp_path / "garbage.db").write_bytes(b"garbage" * 1000)
    opened.directory.db_url = url.format(tmp_path)
    with Recorder(opened, "ps1") as recorder, pytest.raises(GradebookError, match=advice):
        recorder.record([graded("ada")])


@pytest.mark.parametrize("url", ["nonsense", "fortran://a/b"])
def test_an_address_that_no_library_understands_is_said_with_what_to_do(opened, url):
    opened.directory.db_url = url
    with pytest.raises(GradebookError, match=r"postgresql\+psycopg://"):
        Recorder(opened, "ps1")


def test_feedback_pages_are_made_for_everybody_and_tell_why_a_notebook_was_not_graded(make, opened, record):
    sources = course.sources(opened, "ps1")
    well = [*make.answered(sources[0], {"solution1": "x = 1"}), make.cell("free", "'\ud800\x07'"),
            make.cell("text", "<script>alert(1)</script>[x](javascript:alert(1))")]
    texts = {"ada": make.document(well), "ben": "{", "cleo": make.document([])}
    for student, text in texts.items():
        folder = make.hand_in(opened.folder / "submitted" / student / "ps1", text)
        record(executor.grade(make.job(folder, *sources, student=student)))
    pages = {path.parent.parent.name: path.read_text() for path in course.feedback(opened, "ps1").rglob("work.html")}
    assert sorted(pages) == ["ada", "ben", "cleo"]
    assert "not a notebook (its JSON cannot be read)" in pages["ben"]
    assert "<script>alert(1)" not in pages["ada"]
    assert 'href="javascript' not in pages["ada"]


def test_a_broken_submission_is_recorded_with_nothing(make, opened, record):
    folder = make.hand_in(opened.folder / "submitted" / "ben" / "ps1", "{")
    record(executor.grade(make.job(folder, *course.sources(opened, "ps1"), student="ben")))
    with Gradebook(opened.db_url) as book:
        assert book.find_grade("check1", "work", "ps1", "ben").auto_score == 0
    page = nbformat.read(opened.folder / "autograded" / "ben" / "ps1" / "work.ipynb", nbformat.NO_CONVERT)
    assert page.cells[0].source.startswith("**This notebook could not be graded.**")
