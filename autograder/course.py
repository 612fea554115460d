"""An nbgrader course folder: its configuration, the assignments in it, what was submitted.

Everything about paths and names comes from nbgrader, so that a course with its own nbgrader_config.py works as it is.
"""

import contextlib
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGrader
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearHiddenTests
from sqlalchemy.exc import DBAPIError
from traitlets.config import Config

from autograder import exercise, notebook

CONFIG = '''"""Made by `autograder make`; nbgrader's own commands read it too."""

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "digits"
c.CourseDirectory.root = {root!r}
# What a student writes into a Markdown cell is shown, not run
c.HTMLExporter.sanitize_html = True
# Else a student's heading could take the id of a box of the formgrader
c.HTMLExporter.exclude_anchor_links = True
'''


class CourseError(Exception):
    """A course folder that cannot be used as asked; the message says what to do."""


class Course(NamedTuple):
    """An open course: nbgrader's view of its folders, and the configuration that its commands would read."""

    folder: Path
    directory: CourseDirectory
    config: Config

    @property
    def db_url(self) -> str:
        return self.directory.db_url

    def path(self, step: str, student: str, assignment: str) -> Path:
        """The folder of one step (source, release, submitted, autograded or feedback) for a student ('.' for none)."""
        return Path(self.directory.format_path(getattr(self.directory, f"{step}_directory"), student, assignment))


def open_course(folder: Path, *, create: bool = False) -> Course:
    """Read the course's nbgrader_config.py (the instructor's code). Raises `CourseError` if there is none."""
    folder = folder.resolve()
    if create and not (folder / "nbgrader_config.py").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "nbgrader_config.py").write_text(CONFIG.format(root=str(folder)))
    if not folder.is_dir():
        raise CourseError(f"{folder} is no folder; --course names an nbgrader course (the folder with source/)")
    _find_alembic()
    with _inside(folder):
        app = NbGrader(log_level=logging.ERROR)
        app.initialize([])
        config = app.config
        if "root" not in config.CourseDirectory:
            config.CourseDirectory.root = str(folder)
        directory = CourseDirectory(config=config, log=app.log)
        directory.db_url  # noqa: B018  resolved while we are in the course's folder
    if not directory.db_url.startswith("sqlite") and not directory.course_id:
        raise CourseError("a gradebook on a database server needs a name: set c.CourseDirectory.course_id = 'NAME' "
                          "in nbgrader_config.py, then generate the assignment again")
    return Course(folder, directory, config)


def make(path: Path, course: Course) -> str:
    """Build a text exercise into the course and generate its release with nbgrader; returns the assignment's name.

    path: the exercise.py, or its folder lessons/NN_topic, which names assignment and notebook. A bank of misconceptions
    beside it goes to `misconceptions/`, from where nothing is released.
    """
    path = path / "exercise.py" if path.is_dir() else path
    text = exercise.build(path)
    assignment = path.resolve().parent.name
    folder = course.path("source", ".", assignment)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{assignment.split('_', 1)[-1]}.ipynb").write_text(text)
    bank_beside = path.with_name("misconceptions.py")
    if bank_beside.is_file():
        kept = _bank_path(course, assignment)
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(bank_beside.read_text())
    generate(course, assignment)
    return assignment


def generate(course: Course, assignment: str) -> None:
    """nbgrader's own generate_assignment: the release folder and the gradebook's cells. Raises `CourseError`."""
    with _inside(course.folder):
        outcome = _api(course).generate_assignment(assignment, force=True, create=True)
    if not outcome["success"]:
        raise CourseError(f"nbgrader could not generate {assignment}:\n{outcome.get('log') or outcome['error']}")


def feedback(course: Course, assignment: str) -> Path:
    """nbgrader's own generate_feedback for everyone; returns the folder of the pages. Raises `CourseError`."""
    with _inside(course.folder):
        outcome = _api(course).generate_feedback(assignment, force=True)
    if not outcome["success"]:
        raise CourseError(f"nbgrader could not write the feedback for {assignment}:\n"
                          f"{outcome.get('log') or outcome['error']}")
    return course.path("feedback", "*", assignment).parent.parent


def sources(course: Course, assignment: str) -> tuple[notebook.Source, ...]:
    """The instructor's notebooks, with the cells as the gradebook holds them. Raises `CourseError`."""
    folder = course.path("source", ".", assignment)
    try:
        with Gradebook(course.db_url, course.directory.course_id) as gradebook:
            try:
                names = sorted(n.name for n in gradebook.find_assignment(assignment).notebooks)
            except MissingEntry:
                names = []
            held = {n: {c.name: c.source for c in gradebook.find_notebook(n, assignment).source_cells} for n in names}
    except (DBAPIError, ImportError) as error:
        raise CourseError(f"the gradebook cannot be read ({getattr(error, 'orig', error)}); see that "
                          "c.CourseDirectory.db_url is right, its server runs and nothing has it locked, "
                          "then run the same command again") from error
    if not names:
        raise CourseError(f"the gradebook of {course.folder} has no notebooks of {assignment}; "
                          f"run `nbgrader generate_assignment {assignment}` there first")
    found, clear = [], ClearHiddenTests(parent=course.directory)
    marks = (clear.begin_test_delimeter, clear.end_test_delimeter)
    for name in names:
        try:
            text = (folder / f"{name}.ipynb").read_text()
            found.append(notebook.read_source(name, text, held[name], marks))
        except (OSError, ValueError, KeyError) as error:
            raise CourseError(f"{folder / name}.ipynb cannot be used for grading: {error}") from error
    return tuple(found)


def instructor_files(course: Course, assignment: str) -> dict[str, bytes]:
    """What the assignment brings beside its notebooks, by relative path."""
    folder = course.path("source", ".", assignment)
    places = ((path, path.relative_to(folder)) for path in sorted(folder.rglob("*")))
    return {str(place): path.read_bytes() for path, place in places
            if path.is_file() and path.suffix != ".ipynb" and not any(part.startswith(".") for part in place.parts)}


def released_files(course: Course, assignment: str) -> frozenset[str] | None:
    """The relative paths of what students got beside the notebooks; None where there is no release to look at."""
    folder = course.path("release", ".", assignment)
    if not folder.is_dir():
        return None
    return frozenset(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def bank(course: Course, assignment: str) -> str:
    """The text of the assignment's bank of misconceptions (`autograder.bank`); empty if there is none."""
    path = _bank_path(course, assignment)
    return path.read_text() if path.is_file() else ""


def _bank_path(course: Course, assignment: str) -> Path:
    return course.folder / "misconceptions" / f"{assignment}.py"


def submissions(course: Course, assignment: str) -> list[tuple[str, Path]]:
    """(student, folder) of everyone who has handed something in, sorted by name; links are no submissions.

    Raises `CourseError` for a name that no gradebook can hold.
    """
    root = course.path("submitted", "*", assignment)
    position = root.parts.index("*")
    pattern = str(Path(*root.parts[position:]))
    base = Path(*root.parts[:position])
    found = ((folder.relative_to(base).parts[0], folder) for folder in base.glob(pattern))
    own = sorted((student, folder) for student, folder in found if folder.is_dir() and not student.startswith(".")
                 and folder.resolve() == base.resolve() / folder.relative_to(base))
    for student, folder in own:
        if notebook.writable(student) != student or not student.isprintable():
            raise CourseError(f"the name of the folder {str(folder)!r} is no printable text in UTF-8; rename it")
    return own


def _api(course: Course) -> NbGraderAPI:
    api = NbGraderAPI(coursedir=course.directory, config=course.config)
    api.log.setLevel(logging.ERROR)
    return api


def _find_alembic() -> None:
    """nbgrader starts `alembic` by name: let it find the one of this environment, also where that is not activated."""
    tools, path = str(Path(sys.executable).parent), os.environ.get("PATH", "")
    if tools not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([tools, path])


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
