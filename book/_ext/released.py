"""What a student is given of one function: taken from the notebook, built and cleared as for a release."""

import ast
import importlib
import re
import sys
from typing import NamedTuple

import nbformat
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

from autograder import exercise


class Task(NamedTuple):
    """One function of a released notebook and all that is needed to run its visible checks."""

    title: str
    text: str                       # Markdown
    stub: str
    function: str
    given: list[str]                # the cells above it that students get whole
    checks: list[tuple[str, str]]   # grade_id, code

    @property
    def packages(self):
        """What the given cells import that is no part of Python."""
        found = set()
        for node in ast.walk(ast.parse("\n".join(self.given))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {name.split(".")[0] for name in names}
        return sorted(found - sys.stdlib_module_names)

    @property
    def given_names(self):
        """Modules and functions that the reader's code may use, in the order in which they are given."""
        found = []
        for node in ast.parse("\n".join(self.given)).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                found += [alias.asname or alias.name for alias in node.names]
        return list(dict.fromkeys(found)) + functions("\n".join(self.given))


def student_cells(path):
    """The cells of the notebook as a student gets it: without solutions and hidden tests."""
    notebook = nbformat.reads(exercise.build(path), as_version=4)
    for clear in (ClearSolutions(), ClearHiddenTests()):
        notebook, _ = clear.preprocess(notebook, {})
    return notebook.cells


def task(path, name):
    """The exercise `name` of the text exercise at `path`. Raises `ExerciseError`."""
    cells = student_cells(path)
    answers = {}                    # name of a function -> number of the cell in which students write it
    for number, cell in enumerate(cells):
        if cell.cell_type == "code" and meta(cell).get("solution"):
            answers |= dict.fromkeys(functions(cell.source), number)
    place = next((n for n, cell in enumerate(cells) if meta(cell).get("grade_id") == name and n in answers.values()),
                 answers.get(name))
    if place is None:
        raise exercise.ExerciseError(f"{path.parent.name}/{path.name} leaves no function {name!r} to the student; "
                                     f"there are: {', '.join(answers)}")
    own = functions(cells[place].source)
    foreign = answers.keys() - own
    end = next((n for n in sorted(set(answers.values())) if n > place), len(cells))
    visible = [n for n in range(place, end) if cells[n].cell_type == "code" and meta(cells[n]).get("grade")
               and ast.parse(cells[n].source).body]
    checks = [(meta(cells[n]).grade_id, cells[n].source.strip()) for n in visible]
    if not checks:
        raise exercise.ExerciseError(f"{path.parent.name}/{path.name}: {name} has no visible check, so a page has "
                                     "nothing to say about an answer; choose another function")
    for grade_id, code in checks:
        if needed := sorted(names(code) & foreign):
            raise exercise.ExerciseError(f"{path.parent.name}/{path.name}: the check {grade_id} also calls "
                                         f"{', '.join(needed)}, which a page does not have; choose another function")
    given = [cell.source for cell in cells[:visible[-1]] if cell.cell_type == "code" and meta(cell).get("locked")
             and not meta(cell).get("grade") and not names(cell.source) & foreign]
    title, text = words(cells, place)
    return Task(title or own[-1], text, cells[place].source, own[-1], given, checks)


def meta(cell):
    return cell.metadata.get("nbgrader", {})


def functions(code):
    return [node.name for node in ast.parse(code).body if isinstance(node, ast.FunctionDef)]


def names(code):
    return {node.id for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Name)}


def sources(path):
    """The files that a released notebook is made of: the exercise and the modules whose functions it writes out."""
    modules = re.findall(rf"^from ((?:{exercise.REFERENCE}|{exercise.CHECKS})\S*) import",
                         path.read_text(encoding="utf-8"), re.MULTILINE)
    return {str(path), *(importlib.import_module(module).__file__ for module in modules)}


def words(cells, place):
    """Title and text of the task: the Markdown between its heading and its cell, without number and points."""
    texts = []
    for cell in reversed(cells[:place]):
        if cell.cell_type == "markdown":
            texts.insert(0, cell.source)
            if heading := re.match(r"#+ (?:\d+\. )?(.*?)(?: \(\d+ points?\))?\n", cell.source + "\n"):
                texts[0] = cell.source[heading.end():]
                return heading[1], "\n\n".join(texts).strip()
        elif meta(cell).get("grade"):
            break
    return "", "\n\n".join(texts).strip()
