"""A text exercise becomes an instructor's notebook; everything after that is stock nbgrader.

`lessons/NN_topic/exercise.py` is a percent-format script whose solution cells import the reference. The build writes
the imported functions out: in a solution cell with the body between nbgrader's solution marks, elsewhere whole. Text
and checks thus live in the exercise, the answer lives in `solutions`, and there is no copy of either.

A solution cell that leaves only some statements to the student names them by a piece of their text:

    from solutions.activations import softmax    # blanks: "e = " "return"
"""

import ast
import builtins
import importlib
import inspect
import json
import re
import symtable
from collections.abc import Sequence
from pathlib import Path
from types import FunctionType
from typing import Any

import jupytext

REFERENCE, CHECKS = "solutions", "autograder.checks"      # the functions that the build writes out come from here
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
HIDDEN_BEGIN, HIDDEN_END = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"


class ExerciseError(ValueError):
    """A text exercise that cannot become an assignment; the message names the file, the cell and the mend."""


def build(path: Path) -> str:
    """The instructor's notebook (JSON) of the text exercise at `path`. Raises `ExerciseError`."""
    if not path.is_file():
        raise ExerciseError(f"{path} does not exist; an exercise is a file lessons/NN_topic/exercise.py")
    notebook = jupytext.read(path, fmt="py:percent")
    names: set[str] = set()
    ids: set[str] = set()
    for number, cell in enumerate(notebook.cells):
        meta = cell.metadata.get("nbgrader", {})
        where = f"{path.name}, cell {meta.get('grade_id', number + 1)!r}"
        if meta.get("grade_id") in ids:
            raise ExerciseError(f"{where}: this grade_id is used twice; every graded or solution cell needs its own")
        ids |= {meta["grade_id"]} if "grade_id" in meta else set()
        if cell.cell_type == "code":
            cell.source = write_out(cell.source, solution=bool(meta.get("solution")), where=where)
            _check_names(cell.source, names, where)
        cell["id"] = f"{path.parent.name.replace('_', '-')}-{number}"
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                         "language_info": {"name": "python"}}
    return json.dumps(notebook, indent=1, sort_keys=True) + "\n"


def write_out(code: str, *, solution: bool, where: str) -> str:
    """Replace imports from the reference by the functions' sources; hidden tests, never released, keep theirs."""
    lines = code.splitlines()
    hidden = _hidden(lines, where)
    found = False
    for node in reversed(_parse(code, where).body):
        if node.lineno in hidden:
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith((REFERENCE, CHECKS)):
            blanks = re.findall(r'"([^"]+)"', lines[(node.end_lineno or 0) - 1].partition("# blanks:")[2])
            texts = [function_text(_function(node.module or "", alias.name, where), solution=solution, blanks=blanks)
                     for alias in node.names]
            lines[node.lineno - 1:node.end_lineno] = "\n\n\n".join(texts).splitlines()
            found = True
        elif isinstance(node, ast.Import) and any(a.name.split(".")[0] == REFERENCE for a in node.names):
            raise ExerciseError(f"{where}: write `from {REFERENCE}.module import function`, so that the build "
                                "can write the function out")
    if solution and not found and BEGIN not in code:
        raise ExerciseError(f"{where}: a solution cell imports its answer (`from {REFERENCE}.module import function`) "
                            f"or marks it with {BEGIN} and {END}")
    return "\n".join(lines)


def function_text(function: FunctionType, *, solution: bool, blanks: Sequence[str] = ()) -> str:
    """A function's source; as a solution, everything behind its docstring stands between nbgrader's marks.

    blanks: pieces of the statements that are marked instead, where the student gets the rest. Raises `ExerciseError`.
    """
    text = inspect.getsource(function).rstrip()
    if not solution:
        return text
    lines = text.splitlines()
    if blanks:
        return "\n".join(_with_blanks(function, lines, blanks))
    first = ast.parse(text).body[0].body  # type: ignore[attr-defined]
    start = first[1].lineno if ast.get_docstring(ast.parse(text).body[0]) else first[0].lineno  # type: ignore[arg-type]
    indent = " " * first[0].col_offset
    return "\n".join([*lines[:start - 1], indent + BEGIN, *lines[start - 1:], indent + END])


def _with_blanks(function: FunctionType, lines: list[str], blanks: Sequence[str]) -> list[str]:
    """The lines of a function with marks around each statement that contains one of the pieces of text."""
    text = "\n".join(lines)
    _docstring, *body = ast.parse(text).body[0].body  # type: ignore[attr-defined]
    simple = [node for part in body for node in ast.walk(part)
              if isinstance(node, ast.stmt) and not hasattr(node, "body")]
    chosen: dict[int, tuple[int, int]] = {}      # first line -> last line, indentation
    for piece in blanks:
        found = [node for node in simple if piece in (ast.get_source_segment(text, node) or "")]
        if len(found) != 1:
            raise ExerciseError(f"the blank {piece!r} stands in {len(found)} statements of {function.__name__}; "
                                "name one by a piece of text that no other has")
        chosen[found[0].lineno] = (found[0].end_lineno or 0, found[0].col_offset)
    for start, (end, column) in sorted(chosen.items(), reverse=True):
        if chosen.get(end + 1, (0, None))[1] == column:     # neighbours make one gap
            end = chosen.pop(end + 1)[0]
            chosen[start] = (end, column)
    for start, (end, column) in sorted(chosen.items(), reverse=True):
        indent = " " * column
        lines[start - 1:end] = [indent + BEGIN, *lines[start - 1:end], indent + END]
    return lines


def solution_lines(path: Path) -> set[str]:
    """Lines that no student may be given: bodies of solutions and hidden tests, stripped; for checks of a release."""
    secret: set[str] = set()
    for cell in json.loads(build(path))["cells"]:
        inside = False
        for line in "".join(cell["source"]).splitlines():
            if BEGIN in line or HIDDEN_BEGIN in line:
                inside = True
            elif END in line or HIDDEN_END in line:
                inside = False
            elif inside and len(line.strip()) > 3:
                secret.add(line.strip())
    return secret


def _function(module: str, name: str, where: str) -> FunctionType:
    try:
        found: Any = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError):
        raise ExerciseError(f"{where}: {module} has no {name}; "
                            f"is it spelt as in {module.replace('.', '/')}.py?") from None
    if not inspect.isfunction(found):
        raise ExerciseError(f"{where}: {module}.{name} is no function; only functions can be written out")
    return found


def _parse(code: str, where: str) -> ast.Module:
    try:
        return ast.parse(code)
    except SyntaxError as error:
        raise ExerciseError(f"{where}: line {error.lineno} is no Python: {error.msg}") from None


def _hidden(lines: list[str], where: str) -> set[int]:
    inside, hidden = False, set()
    for number, line in enumerate(lines, 1):
        if HIDDEN_BEGIN in line:
            inside = True
        if inside:
            hidden.add(number)
        if HIDDEN_END in line:
            inside = False
    if inside:
        raise ExerciseError(f"{where}: hidden tests that begin must end: add a line `### {HIDDEN_END}`")
    return hidden


def _check_names(code: str, known: set[str], where: str) -> None:
    """Every name that a cell uses must come from it, an earlier cell or Python, or the student's copy would not run."""
    top = symtable.symtable(code, where, "exec")
    known |= {s.get_name() for s in top.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()}
    used: set[str] = set()

    def visit(table: symtable.SymbolTable) -> None:
        used.update(s.get_name() for s in table.get_symbols() if s.is_global() or table is top)
        for child in table.get_children():
            visit(child)

    visit(top)
    missing = sorted(used - known - set(dir(builtins)) - {"get_ipython"})
    if missing:
        raise ExerciseError(f"{where}: {', '.join(missing)} is defined nowhere above; import it in an earlier cell, "
                            f"or give it to the student with `from {REFERENCE}.module import ...`")
