"""The gradebook on a real PostgreSQL server, which these tests start and stop: no network, nobody else's data."""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
from collections import deque
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
import sqlalchemy
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin

from autograder import course
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
CONFIG = """c = get_config()
c.CourseDirectory.root = {root!r}
c.CourseDirectory.db_url = {url!r}
c.CourseDirectory.course_id = "digits"      # nbgrader's own empty one is refused by a database that checks foreign keys
"""
PR_SET_PDEATHSIG = 1


def binary(name):
    """The path of one of PostgreSQL's programs: on PATH, or where Debian and its kin put them; None without."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: path.parts[-3].zfill(4))
    return shutil.which(name) or (str(versions[-1]) if versions else None)


def somebody():
    """PostgreSQL refuses to run as root: another user's rights, if the tests run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def running(command, **how):
    """Run a server until the block ends, or this process does."""
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, **how,
                               preexec_fn=lambda: ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT))
    try:
        said = []
        for line in process.stderr:
            said.append(line)
            if "ready to accept connections" in line:
                break
        else:
            raise RuntimeError(f"PostgreSQL did not start:\n{''.join(said)}")
        # What else it says is read and dropped, so that it never waits for a reader
        threading.Thread(target=deque, args=(process.stderr, 0), daemon=True).start()
        yield
    finally:
        process.send_signal(signal.SIGINT)      # stop, and end every connection
        try:
            process.wait(30)
        finally:
            process.kill()


@pytest.fixture(scope="module")
def server():
    """A server of its own, on a Unix socket in a temporary folder; `run` does SQL as its superuser."""
    psycopg = pytest.importorskip("psycopg", reason="psycopg is missing: pip install 'graded-digits[postgresql]'")
    initdb, postgres = binary("initdb"), binary("postgres")
    if not (initdb and postgres):
        pytest.skip("there is no PostgreSQL server to start: install one (Debian, Ubuntu: apt-get install postgresql)")
    # Not pytest's folder: the path of a socket has 107 characters at most, and another user has to come in
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        how = {"env": {"LC_ALL": "C", "PATH": os.environ["PATH"]}, "cwd": folder, **somebody()}
        if "user" in how:
            os.chown(folder, how["user"], how["group"])
        subprocess.run([initdb, "-D", f"{folder}/data", "-U", "grader", "--auth=trust", "--encoding=UTF8", "--no-sync"],
                       check=True, capture_output=True, **how)

        def run(sql):
            with psycopg.connect(host=folder, user="grader", dbname="postgres", autocommit=True) as connection:
                connection.execute(sql)

        with running([postgres, "-D", f"{folder}/data", "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"],
                     **how):
            yield SimpleNamespace(url=f"postgresql+psycopg://grader:secret@/%s?host={folder}", run=run)


@pytest.fixture(scope="module")
def generated(make, server, tmp_path_factory):
    """A course whose assignment nbgrader itself has generated into the database `made`."""
    folder = tmp_path_factory.mktemp("course")
    server.run("CREATE DATABASE made")
    (folder / "nbgrader_config.py").write_text(CONFIG.format(root=str(folder), url=server.url % "made"))
    cells = make.cells(CELLS)
    cells[0]["source"] = "### BEGIN SOLUTION\nx = 1\n### END SOLUTION"
    book = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3",
                                                             "language": "python"}})
    book.cells = [nbformat.from_dict(cell) for cell in cells]
    (folder / "source" / "ps1").mkdir(parents=True)
    nbformat.write(book, folder / "source" / "ps1" / "work.ipynb")
    course.generate(course.open_course(folder), "ps1")
    return folder


@pytest.fixture
def opened(generated, server, tmp_path):
    """A fresh copy of that course and its database."""
    server.run("CREATE DATABASE work TEMPLATE made")
    folder = tmp_path / "course"
    shutil.copytree(generated, folder)
    (folder / "nbgrader_config.py").write_text(CONFIG.format(root=str(folder), url=server.url % "work"))
    yield course.open_course(folder)
    server.run("DROP DATABASE work WITH (FORCE)")


def graded(student, auto=2.0, *, received="", unanswered=()):
    """A result for ps1."""
    checks = (Check("work", "check1", 2, auto, "passed"), Check("work", "manual1", 5, None, "manual"))
    page = nbformat.writes(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(f"Of {student}.")]))
    return Result(student, "graded", "", checks, (("work", page),), unanswered, receipt=Receipt(received=received))


@pytest.fixture
def recorder(opened):
    with Recorder(opened, "ps1") as made:
        yield made


def scores(opened):
    """{student: (automatic score, manual score, needs a person)} of check1."""
    with Gradebook(opened.db_url, "digits") as book:
        grades = [g for s in book.assignment_submissions("ps1") for n in s.notebooks for g in n.grades]
        return {grade.student.id: (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
                for grade in grades if grade.name == "check1"}


def at_first(recorder, statement, act):
    """Do something right before the recorder's next statement that begins like this, once."""
    def listen(connection, cursor, text, *_):
        if text.startswith(statement) and not done:
            done.append(text)
            act()

    done = []
    sqlalchemy.event.listen(recorder.engine, "before_cursor_execute", listen)
    return done


def test_a_batch_is_recorded_and_read_back_with_nbgraders_gradebook(opened, recorder):
    batch = [graded(f"s{n}", n / 100, received="2024-03-01T12:00:00+00:00") for n in range(200)]
    assert recorder.record([*batch, graded("zoe", None, unanswered=(("work", "solution1"),))]) == {}
    assert scores(opened) == {f"s{n}": (n / 100, None, False) for n in range(200)} | {"zoe": (None, None, True)}
    with Gradebook(opened.db_url, "digits") as book:
        assert book.find_submission("ps1", "s0").timestamp == datetime(2024, 3, 1, 12)
        assert book.find_submission("ps1", "zoe").timestamp is None
        assert book.find_comment("solution1", "work", "ps1", "zoe").auto_comment == "No response."
        assert book.find_comment("solution1", "work", "ps1", "s0").auto_comment is None
        assert book.find_submission("ps1", "s100").max_score == 7
    assert recorder.still_recorded(["s0", "zoe", "somebody"]) == {"s0", "zoe"}


def test_a_score_given_by_hand_is_kept_and_flagged_for_another_look(opened, recorder):
    recorder.record([graded("ada", 0.0)])
    with Gradebook(opened.db_url, "digits") as book:
        book.find_grade("check1", "work", "ps1", "ada").manual_score = 1.0
        book.db.commit()
    recorder.record([graded("ada", 2.0)])
    assert scores(opened) == {"ada": (2.0, 1.0, True)}


def test_recording_again_makes_no_second_row(opened, recorder):
    recorder.record([graded("ada", 0.0), graded("ben", 0.0)])
    recorder.record([graded("ada", 2.0), graded("cleo")])
    with recorder.engine.connect() as connection:
        for table, rows in [("student", 3), ("submitted_assignment", 3), ("submitted_notebook", 3), ("grade", 6)]:
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == rows


def test_nbgraders_own_commands_read_what_was_recorded(opened, recorder, tmp_path):
    recorder.record([graded("ada", 1.5)])
    (opened.folder / "submitted" / "ada" / "ps1").mkdir(parents=True)
    assert "Of ada." in (course.feedback(opened, "ps1") / "ada" / "ps1" / "work.html").read_text()
    with Gradebook(opened.db_url, "digits") as book:
        CsvExportPlugin(to=str(tmp_path / "grades.csv")).export(book)
    assert "ps1,,,ada,,,,1.5,0.0,1.5,7.0" in (tmp_path / "grades.csv").read_text()


def test_late_work_loses_what_the_courses_plugin_takes(opened, recorder):
    with Gradebook(opened.db_url, "digits") as book:
        book.update_or_create_assignment("ps1", duedate=datetime(2024, 3, 1))
        recorder.record([graded("ada")])
        book.find_submission("ps1", "ada").extension = timedelta(days=1)
        book.db.commit()
    opened.directory.config.LateSubmissionPlugin.penalty_method = "zero"
    with Recorder(opened, "ps1") as strict:
        strict.record([graded("ada", received="2024-03-01T12:00:00"), graded("ben", received="2024-03-01T12:00:00")])
    with Gradebook(opened.db_url, "digits") as book:
        late = {s.student.id: s.late_submission_penalty for s in book.assignment_submissions("ps1")}
    assert late == {"ada": 0.0, "ben": 2.0}


@pytest.mark.parametrize("statement", ["SELECT assignment", "INSERT INTO submitted_assignment", "UPDATE grade",
                                       "UPDATE submitted_notebook"])
def test_a_connection_that_is_lost_leaves_the_gradebook_as_it_was_and_the_next_run_completes(
        opened, recorder, server, statement):
    recorder.record([graded("ada", 1.0)])
    batch = [graded("ada", 2.0), graded("ben", 2.0)]
    lost = at_first(recorder, statement, lambda: server.run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'work' AND pid <> pg_backend_pid()"))
    with pytest.raises(GradebookError, match="see that it is there, that its server runs") as raised:
        recorder.record(batch)
    assert lost
    assert "secret" not in str(raised.value)
    assert scores(opened) == {"ada": (1.0, None, False)}
    assert recorder.record(batch) == {}
    assert scores(opened) == {"ada": (2.0, None, False), "ben": (2.0, None, False)}


def test_a_connection_that_is_lost_between_two_batches_is_renewed(opened, recorder, server):
    recorder.record([graded("ada")])
    server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'work'")
    assert recorder.record([graded("ben")]) == {}
    assert set(scores(opened)) == {"ada", "ben"}


def test_a_gradebook_that_stays_locked_is_left_as_it_was_and_the_error_says_what_to_do(opened, recorder):
    recorder.record([graded("ada", 1.0)])
    with recorder.engine.connect() as other, Recorder(opened, "ps1", patience=0.05) as hasty:
        other.exec_driver_sql("LOCK TABLE grade IN EXCLUSIVE MODE")
        with pytest.raises(GradebookError, match=r"lock timeout.*end what has it locked \(formgrader"):
            hasty.record([graded("ada", 2.0)])
        other.rollback()
        assert scores(opened) == {"ada": (1.0, None, False)}
        assert hasty.record([graded("ada", 2.0)]) == {}


def test_another_writer_who_adds_the_same_student_at_the_same_time_costs_nobody_a_grade(opened, recorder):
    def meanwhile():
        with Gradebook(opened.db_url, "digits") as book:
            book.add_student("ada", first_name="Ada")

    raced = at_first(recorder, "INSERT INTO student", meanwhile)
    assert recorder.record([graded("ada"), graded("ben")]) == {}
    assert raced
    assert set(scores(opened)) == {"ada", "ben"}
    with Gradebook(opened.db_url, "digits") as book:
        assert book.find_student("ada").first_name == "Ada"


def test_a_name_that_the_database_refuses_costs_its_own_student_only(opened, recorder):
    failed = recorder.record([graded("ada"), graded("x" * 129), graded("zoe")])
    assert list(failed) == ["x" * 129]
    assert "value too long" in failed["x" * 129]
    assert set(scores(opened)) == {"ada", "zoe"}


def test_a_server_that_is_not_there_is_said_with_what_to_do_and_without_the_password(opened):
    opened.directory.db_url = "postgresql+psycopg://grader:secret@/work?host=/nowhere"
    with Recorder(opened, "ps1") as recorder, pytest.raises(GradebookError, match="that its server runs") as raised:
        recorder.record([graded("ada")])
    assert "secret" not in str(raised.value)


def test_a_database_without_nbgraders_tables_is_said_with_what_to_do(opened, server):
    opened.directory.db_url = server.url % "postgres"
    with Recorder(opened, "ps1") as recorder, pytest.raises(GradebookError, match="nbgrader db upgrade"):
        recorder.record([graded("ada")])
