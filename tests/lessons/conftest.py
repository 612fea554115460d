"""What the tests of the exercises share: their cells, a quick grader in this process, released notebooks."""

import ast
import contextlib
import functools
import inspect
import io
import itertools
import json
import re
import symtable
import textwrap
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

import numpy as np
import pytest

from autograder import course, diagnosis, exercise, notebook
from solutions import activations

HERE = Path(__file__).parent


class Version(NamedTuple):
    """A version of a function: its solution cell, and if it is wrong, words that its student reads and its name.

    The words stand in a message of a check or in the diagnosis; name: the mistake in the bank that behaves alike.
    """

    function: str
    what: str
    cell: str
    words: str
    name: str


class Cell(NamedTuple):
    """A code cell of an instructor's notebook: points is 0 unless it is a check; compiled once, it runs many times.

    names: the global ones that it uses; makes: those among them that it defines, assigns or imports.
    """

    grade_id: str
    solution: bool
    points: float
    code: CodeType
    names: frozenset[str] = frozenset()
    makes: frozenset[str] = frozenset()


def code_cells(path: Path) -> list[Cell]:
    """The compiled code cells of the text exercise at `path`."""
    found = []
    for cell in json.loads(exercise.build(path))["cells"]:
        if cell["cell_type"] == "code":
            meta = cell["metadata"].get("nbgrader", {})
            name = meta.get("grade_id", "")
            text = "".join(cell["source"])
            made = {symbol.get_name() for symbol in symtable.symtable(text, name, "exec").get_symbols()
                    if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()}
            found.append(Cell(name, meta.get("solution", False), meta.get("points", 0.0),
                              compile(text, f"<{name}>", "exec"), notebook.global_names(text), frozenset(made)))
    return found


def run_cells(cells: list[Cell], answers: Mapping[str, str], only: str = "",
              until_lost: bool = False) -> dict[str, str]:
    """Run the cells with some solutions replaced; returns grade_id -> message of every check, empty where it passed.

    only: leave out the checks that do not use this name, and run them unheard where they define what others need.
    until_lost: stop at the first check that fails.

    Hidden checks draw fresh numbers, and the same ones here in every run of the tests.
    """
    cells, heard = _those_for(cells, only), {cell.grade_id for cell in cells if not only or only in cell.names}
    names: dict = {"__name__": "__main__"}
    messages = {}
    with (warnings.catch_warnings(), np.errstate(), contextlib.redirect_stdout(io.StringIO()),
          pytest.MonkeyPatch.context() as patch):
        patch.setattr(np.random, "default_rng", _repeatable(np.random.default_rng))
        warnings.simplefilter("ignore")
        for cell in cells:
            answer = answers.get(cell.grade_id)
            try:
                exec(cell.code if answer is None else answer, names)
                message = ""
            except Exception as error:
                message = str(error) if isinstance(error, AssertionError) else f"{type(error).__name__}: {error}"
            if cell.points and cell.grade_id in heard:
                messages[cell.grade_id] = message
                if message and until_lost:
                    break
    return messages


def _repeatable(default_rng: Callable[[Any], np.random.Generator]) -> Callable[..., np.random.Generator]:
    """The same function, whose calls without a seed take 0, 1, 2 and so on."""
    seeds = itertools.count()
    return lambda seed=None: default_rng(next(seeds) if seed is None else seed)


def _those_for(cells: list[Cell], only: str) -> list[Cell]:
    kept, needed = [], set()
    for cell in reversed(cells):
        if not cell.points or not only or only in cell.names or cell.makes & needed:
            kept.append(cell)
            needed |= cell.names - cell.makes
    return kept[::-1]


class Built(NamedTuple):
    """An exercise in a course: the instructor's notebook, the released one, and what a submission is graded with."""

    course: course.Course
    instructor: Path
    released: Path
    sources: tuple


@pytest.fixture(scope="session")
def nbgrader_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home of its own for Jupyter, so that no configuration of this machine has a say."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
            patch.setenv(name, str(home / name.lower()))
        patch.setenv("JUPYTER_NO_CONFIG", "1")
        yield home


@pytest.fixture(scope="session")
def built_exercises(tmp_path_factory: pytest.TempPathFactory, nbgrader_home: Path) -> dict[str, Built]:
    """Every exercise, made into one course with nbgrader; by the name of its folder."""
    opened = course.open_course(tmp_path_factory.mktemp("course"), create=True)
    built = {}
    for path in sorted((HERE.parents[1] / "lessons").glob("*/exercise.py")):
        name = course.make(path, opened)
        notebook = f"{name.split('_', 1)[-1]}.ipynb"
        built[name] = Built(opened, opened.path("source", ".", name) / notebook,
                            opened.path("release", ".", name) / notebook, course.sources(opened, name))
    return built


@pytest.fixture(scope="session")
def released_activations(built_exercises: dict[str, Built]) -> tuple[tuple, Path]:
    """What the exercise on activations is graded with, and the notebook that its students get."""
    built = built_exercises["02_activations"]
    return built.sources, built.released


@pytest.fixture(scope="session")
def activations_cells() -> list[Cell]:
    """The cells of the exercise on activations."""
    return code_cells(HERE.parents[1] / "lessons" / "02_activations" / "exercise.py")


@pytest.fixture(scope="session")
def grade_here(activations_cells: list[Cell]) -> Callable[[Mapping[str, str]], dict[str, str]]:
    """Grades answers to the exercise on activations in this process."""
    return lambda answers: run_cells(activations_cells, answers)


@pytest.fixture(scope="session")
def activations_known() -> diagnosis.Knowledge:
    """What the bank of misconceptions on activations knows."""
    return diagnosis.learn((HERE.parents[1] / "lessons" / "02_activations" / "misconceptions.py").read_text())


@pytest.fixture(scope="session")
def diagnose_here(activations_cells: list[Cell], activations_known: diagnosis.Knowledge
                  ) -> Callable[[Version], diagnosis.Diagnosis | None]:
    """Names the mistake of a version by the bank of the exercise on activations."""
    given = [cell for cell in activations_cells if not cell.points]

    def diagnose(version: Version) -> diagnosis.Diagnosis | None:
        names: dict = {"__name__": "__main__"}
        with warnings.catch_warnings(), np.errstate():
            for cell in given:
                exec(version.cell if cell.grade_id == version.function else cell.code, names)
            students = names.get(version.function)
            return diagnosis.diagnose(activations_known, version.function, students) if callable(students) else None

    return diagnose


@pytest.fixture(scope="session")
def exercise_cells() -> Callable[..., dict[str, str]]:
    """Runs the cells of any exercise in this process, some solutions replaced (`run_cells`)."""
    cells = functools.cache(code_cells)
    return lambda path, answers, **options: run_cells(cells(path), answers, **options)


def read_versions(path: Path) -> list[Version]:
    """The versions in a text file; its first paragraphs say how it is written."""
    found = []
    for block in re.split(r"\n(?=[a-z_]+: )", path.read_text())[1:]:
        head, *lines = block.splitlines()
        function, what = head.split(": ", 1)
        words, name = (next((line.removeprefix(arrow) for line in lines if line.startswith(arrow)), "")
                       for arrow in ("-> ", "=> "))
        code = textwrap.dedent("\n".join(line for line in lines if not line.startswith(("-> ", "=> ")))).strip()
        found.append(Version(function, what, as_cell(function, code), words, name and f"{function}_{name}"))
    return found


def as_cell(function: str, code: str) -> str:
    """A solution cell from an expression, the body of the function, or a whole cell."""
    if f"def {function}(" not in code.lower() and f"{function} = " not in code:
        with contextlib.suppress(SyntaxError):
            ast.parse(code, mode="eval")
            code = f"return {code}"
        signature = inspect.signature(getattr(activations, function))
        code = f"def {function}{signature}:\n" + textwrap.indent(code, "    ")
    return f"import math\n\n\n{code}\n"


@pytest.fixture(scope="session")
def wrong_versions() -> list[Version]:
    """Wrong versions of the activations."""
    return read_versions(HERE / "wrong_activations.txt")


@pytest.fixture(scope="session")
def right_versions() -> list[Version]:
    """Right versions of the activations."""
    return read_versions(HERE / "right_activations.txt")
