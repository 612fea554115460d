"""Notebooks as they come in and go out: read a submission safely, put it in the source's order, write what was graded.

Nothing that a submission carries beside the text of its cells is believed: tags, kernels, outputs, points and locks all
come from the instructor's notebook and the gradebook.
"""

import ast
import contextlib
import json
import re
import symtable
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from IPython.core.inputtransformer2 import TransformerManager

from autograder import once

MAX_CELLS = 2_000
MAX_SHOWN_TEXT = 50_000         # characters of one cell in a page: rendering much more takes hours
MAX_FREE_TEXT = 100_000         # characters of all cells that a student has added, of one of them a tenth
MAX_COLOURED_TEXT = 20_000      # characters of code that one page colours, of one cell a half
MAX_OUTPUTS = 300               # of one cell
MAX_OUTPUT_TEXT = 20_000        # characters of one output
MAX_PAGE_OUTPUT = 1_000_000     # characters of all outputs of a notebook, pictures apart
MAX_PICTURES = 20 * 2**20       # characters of the pictures of one notebook

HIDDEN_MARKS = ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS")      # nbgrader's, unless a course has its own
_HIDDEN = re.compile(r"^[^\n]*{}.*?{}[^\n]*\n?".format(*HIDDEN_MARKS), re.MULTILINE | re.DOTALL)
# The target of a Markdown link that is neither a web address nor a plain file name, such as javascript:...
_ODD_LINK = re.compile(r"(\](?:\(|:)[\s\x00-\x20]*<?[\s\x00-\x20]*)"
                       r"(?!https?://|mailto:|#|[\w./?=%~+-]*(?:[\s)>#`'\",;*|(){}\[\]]|$))", re.ASCII)
# A picture that is not a plain file beside the notebook: one of another server tells that, and when, a page is read
_PICTURE = re.compile(r"!(?=\[)(?!\[[^\[\]\\`<>!\n]*\]\((?!/|[\w./-]*\.\.)[\w./-]+\))", re.ASCII)
# Magics that run the code behind them: %%time and %%capture above a cell, %time before a statement
_TIMED = re.compile(r"\A\s*%%(?:time|capture|prun)\b[^\n]*\n|(?<=^)[ \t]*%(?:time|prun)[ \t]+(?=\S)", re.MULTILINE)
# Code that a highlighter takes minutes for: long gaps, and much of another language below a magic
_SLOW = re.compile(r"\s{300}|\A\s*%%(?!(?:time|capture|prun)\b)(?=[\s\S]{1000})")
# MathJax makes links and styles of these
_ACTIVE_TEX = re.compile(r"\\(?=(?:href|url|require|style|class|cssId|mmlToken|bbox)\b)")


class BrokenSubmission(Exception):
    """A submission that cannot be read; the message tells its student what is wrong and what to do."""


class Source(NamedTuple):
    """An instructor's notebook: its cells, with the text that the gradebook holds for the locked and graded ones."""

    name: str
    cells: tuple[dict, ...]
    metadata: dict
    stubs: Mapping[str, str]        # grade_id -> text of a solution cell as it was released
    warnings: tuple[str, ...] = ()


class Step(NamedTuple):
    """One cell of the notebook to grade: whose text it is, and where it runs."""

    cell: dict        # the instructor's cell, or the student's free one; source is the text to run
    student: bool     # run in the worker
    trusted: bool     # run in the tester
    check: bool       # an automatic check: tester only, gives points
    shown: bool       # part of the notebook that student and instructor get back


def read_source(name: str, text: str, gradebook_cells: Mapping[str, str],
                marks: tuple[str, str] = HIDDEN_MARKS) -> Source:
    """An instructor's notebook; checks and locked cells are taken as the gradebook holds them, as they were released.

    marks: what begins and ends hidden tests in this course; `HIDDEN_MARKS` stand for them from here on.
    Raises ValueError for a notebook that nbgrader cannot have released.
    """
    notebook = json.loads(text)
    cells, stubs, warnings = [], {}, []
    for cell in notebook["cells"]:
        cell = {**cell, "source": source(cell)}
        meta, grade_id = nbgrader(cell), grade_id_of(cell)
        if grade_id and grade_id not in gradebook_cells:
            raise ValueError(f"{name}.ipynb: cell {grade_id!r} is not in the gradebook; "
                             "run `nbgrader generate_assignment`, then grade again")
        if grade_id and meta.get("solution"):
            stubs[grade_id] = gradebook_cells[grade_id]
        elif grade_id and gradebook_cells[grade_id] != cell["source"]:
            if "AUTOTEST" not in cell["source"]:
                warnings.append(f"{name}.ipynb: cell {grade_id!r} has changed since the assignment was generated; "
                                "graded as it was released")
            cell["source"] = gradebook_cells[grade_id]
        for own, usual in zip(marks, HIDDEN_MARKS, strict=True):
            cell["source"] = cell["source"].replace(own, usual) if meta.get("grade") else cell["source"]
        cells.append(cell)
    return Source(name, tuple(cells), notebook.get("metadata", {}), stubs, tuple(warnings))


def find(sources: Sequence[Source], given: Mapping[str, bytes]) -> tuple[dict[str, list[dict] | str], list[str]]:
    """The submitted cells of each notebook, or what is wrong with it, by its name; and notes on what was taken for it.

    given: the submitted notebooks by file name. One under another name (`work (1).ipynb`) is known by its cells.
    """
    found: dict[str, list[dict] | str] = {}
    notes: list[str] = []
    spare = dict(given)
    for one in sources:
        if (data := spare.pop(f"{one.name}.ipynb", None)) is not None:
            found[one.name] = _cells_or_complaint(one.name, data)
    for one in sources:
        if one.name not in found:
            renamed = _renamed(one, spare)
            if renamed:
                file, found[one.name] = renamed
                del spare[file]
                notes.append(f"{file} was graded as {one.name}.ipynb.")
            else:
                others = f"found {', '.join(sorted(given)[:5])}" if given else "found no notebook"
                found[one.name] = (f"{one.name}.ipynb is missing ({others}); "
                                   "hand in the notebook under its released name")
        cells = found[one.name]
        if not isinstance(cells, str):
            notes += _notes(one, cells)
    return found, notes


def _cells_or_complaint(name: str, data: bytes) -> list[dict] | str:
    try:
        return parse(name, data)
    except BrokenSubmission as error:
        return str(error)


def _renamed(instructor: Source, given: Mapping[str, bytes]) -> tuple[str, list[dict]] | None:
    """The one notebook that has more cells of the instructor's than any other, if there is one."""
    known = {grade_id_of(cell) for cell in instructor.cells} - {None}
    shared = []
    for file, data in given.items():
        cells = _cells_or_complaint(file.removesuffix(".ipynb"), data)
        if not isinstance(cells, str):
            shared.append((len(known & {cell["grade_id"] for cell in cells}), file, cells))
    shared.sort(key=lambda one: -one[0])
    if not shared or not shared[0][0] or (len(shared) > 1 and shared[0][0] == shared[1][0]):
        return None
    return shared[0][1:]


def _notes(instructor: Source, cells: list[dict]) -> list[str]:
    """Cells that the student has taken away or handed in more than once."""
    ids = Counter(cell["grade_id"] for cell in cells)
    known = [i for i in map(grade_id_of, instructor.cells) if i]
    missing, twice = [i for i in known if not ids[i]], [i for i in known if ids[i] > 1]
    notes = [f"{instructor.name}.ipynb: missing cells: {_few(missing)}; graded without them."] if missing else []
    if twice:
        notes.append(f"{instructor.name}.ipynb: cells handed in twice or more: {_few(twice)}; the last of each counts.")
    return notes


def _few(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def parse(name: str, data: bytes) -> list[dict]:
    """The cells of a submitted notebook, reduced to kind, text and grade_id. Raises `BrokenSubmission`."""
    try:
        notebook = json.loads(data)
        cells = notebook["cells"]
        if notebook.get("nbformat") != 4:
            raise BrokenSubmission(f"{name}.ipynb is in notebook format {str(notebook.get('nbformat'))[:20]}, not 4; "
                                   "open it in Jupyter and save it again")
        if len(cells) > MAX_CELLS:
            raise BrokenSubmission(f"{name}.ipynb has {len(cells):,} cells; at most {MAX_CELLS:,} are graded")
        return [{"cell_type": _kind(cell), "source": writable(source(cell)), "grade_id": grade_id_of(cell)}
                for cell in cells]
    except (ValueError, RecursionError, UnicodeDecodeError):
        raise BrokenSubmission(f"{name}.ipynb is not a notebook (its JSON cannot be read); "
                               "download it again from Jupyter and hand in that file") from None
    except (KeyError, TypeError, AttributeError):
        raise BrokenSubmission(f"{name}.ipynb lacks what every notebook has (a list of cells with their text); "
                               "open it in Jupyter and save it again") from None


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put files, by relative path, into a folder."""
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def merge(instructor: Source, submitted: list[dict]) -> list[Step]:
    """The steps of grading, in the instructor's order; the student's free cells stay where they were among them.

    Of a cell handed in twice the last counts (as in nbgrader), the earlier ones run as free cells. A missing solution
    cell stays missing; a missing check is still run.
    """
    known = {grade_id_of(cell) for cell in instructor.cells} - {None}
    place = {cell["grade_id"]: i for i, cell in enumerate(submitted) if cell["grade_id"] in known}
    written = {grade_id_of(c) for c in instructor.cells if nbgrader(c).get("solution")}
    done: set[int] = set(place.values())
    steps: list[Step] = []

    def free(before: int) -> Iterator[Step]:
        for i in range(before):
            cell = submitted[i]
            if i not in done and (cell["grade_id"] not in known or cell["grade_id"] in written):
                bare = {"cell_type": cell["cell_type"], "metadata": {}, "source": cell["source"]}
                yield Step(bare, student=True, trusted=False, check=False, shown=True)
            done.add(i)

    for cell in instructor.cells:
        grade_id, meta = grade_id_of(cell), nbgrader(cell)
        if grade_id is None:
            steps.append(Step(cell, student=False, trusted=True, check=False, shown=False))
            continue
        steps.extend(free(place.get(grade_id, 0)))
        if meta.get("solution"):
            text = submitted[place[grade_id]]["source"] if grade_id in place else ""
            steps.append(Step({**cell, "source": text}, student=True, trusted=False, check=False, shown=True))
        elif meta.get("grade"):
            steps.append(Step(cell, student=False, trusted=True, check=cell["cell_type"] == "code", shown=True))
        else:
            steps.append(Step(cell, student=True, trusted=True, check=False, shown=True))
    steps.extend(free(len(submitted)))
    return steps


def student_names(instructor: Source) -> frozenset[str]:
    """Names that may come from the student: what the instructor's own solution cells bind, imports excepted."""
    names: set[str] = set()
    for cell in instructor.cells:
        if nbgrader(cell).get("solution") and cell["cell_type"] == "code":
            with contextlib.suppress(SyntaxError):      # a cell that a person grades need not be Python
                names |= bound_names(plain_python(cell["source"]))
    return frozenset(names)


@once.remembered
def plain_python(code: str) -> str:
    """A cell's code with IPython's magics turned into calls of `get_ipython()`; what is only timed stands as it is."""
    return TransformerManager().transform_cell(_TIMED.sub("", code))


def imported(sources: Iterable[Source]) -> set[str]:
    """The packages that the instructor's cells import, by their top-level names."""
    found: set[str] = set()
    for cell in (cell for one in sources for cell in one.cells if cell["cell_type"] == "code"):
        with contextlib.suppress(SyntaxError):
            for node in ast.walk(ast.parse(plain_python(cell["source"]))):
                if isinstance(node, ast.Import):
                    found |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found.add(node.module.partition(".")[0])
    return found


@once.remembered
def bound_names(code: str) -> set[str]:
    """Names that a cell assigns or defines at its top level, imports excepted."""
    names: set[str] = set()

    def visit(node: ast.AST, inside: bool) -> None:
        """inside: of a comprehension, whose variables are its own, but for `:=`."""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and not inside:
            names.add(node.id)
        elif isinstance(node, ast.NamedExpr):
            names.add(node.target.id)
            visit(node.value, inside)
        elif not isinstance(node, ast.Lambda):
            names.update(filter(None, (getattr(node, field, None) for field in BINDING.get(type(node), ()))))
            inside = inside or isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp)
            for child in ast.iter_child_nodes(node):
                visit(child, inside)

    visit(ast.parse(code), False)
    return names


# Syntax that binds a name which is no node of its own
BINDING: dict[type, tuple[str, ...]] = {
    ast.ExceptHandler: ("name",), ast.MatchAs: ("name",), ast.MatchStar: ("name",), ast.MatchMapping: ("rest",),
}


@once.remembered
def global_names(code: str) -> frozenset[str]:
    """Names that a cell, or a function in it, looks up globally."""
    names: set[str] = set()

    def visit(table: symtable.SymbolTable) -> None:
        for symbol in table.get_symbols():
            if table.get_type() == "module" or symbol.is_global():
                names.add(symbol.get_name())
        for child in table.get_children():
            visit(child)

    visit(symtable.symtable(code, "cell", "exec"))
    return frozenset(names)


def partial_credit(value: Any, points: float) -> float:
    """nbgrader's rule: a check whose last line is a number from 0 to its points gives that many, anything else all.

    Unlike nbgrader, a negative number and nan give nothing: the number may have been computed from an answer.
    """
    if not is_number(value):
        return points
    return float(min(value, points)) if value >= 0 else 0.0


def is_number(value: Any) -> bool:
    """Whether the last value of a check is a number of points."""
    number = isinstance(value, int | float | np.integer | np.floating)
    return number and not isinstance(value, bool | np.timedelta64)


def visible(code: str) -> str:
    """The text of a check without its hidden tests."""
    return _HIDDEN.sub("# hidden checks run here\n", code)


def hidden_lines(code: str) -> set[int]:
    """Line numbers (from 1) of a check's hidden tests."""
    lines: set[int] = set()
    for match in _HIDDEN.finditer(code):
        first = code.count("\n", 0, match.start()) + 1
        lines |= set(range(first, first + match.group().rstrip("\n").count("\n") + 1))
    return lines


def graded_notebook(instructor: Source, steps: list[Step], outputs: Mapping[int, list[dict]], note: str = "") -> str:
    """The graded notebook as JSON: the instructor's metadata, the text that was run, clean outputs, a note on top."""
    cells: list[dict] = []
    pictures, printed, free, colours = MAX_PICTURES, MAX_PAGE_OUTPUT, MAX_FREE_TEXT, MAX_COLOURED_TEXT
    if note:
        text = f"**This notebook could not be graded.** {inert_markdown(note)}"
        cells.append({"cell_type": "markdown", "id": "note", "metadata": {}, "source": text})
    for number, step in enumerate(steps):
        if not step.shown:
            continue
        meta = nbgrader(step.cell)
        text = visible(step.cell["source"]) if step.check else step.cell["source"]
        most = MAX_SHOWN_TEXT if meta else min(MAX_FREE_TEXT // 10, free)
        if step.student and len(text) > most:
            text = text[:most] + f"\n\n({len(text) - most:,} more characters are not shown)"
        free -= 0 if meta else min(len(text), most)
        if step.cell["cell_type"] != "code":
            if meta.get("solution") or not meta:
                text = inert_markdown(text)
            cells.append({"cell_type": "markdown", "id": f"cell-{number}", "metadata": _keep(meta), "source": text})
            continue
        # What a check says is shown, whatever the student's cells printed before
        shown = clean_outputs(outputs.get(number, []), pictures, printed if step.student else MAX_PAGE_OUTPUT)
        pictures -= sum(map(_picture, shown))
        printed -= sum(len(json.dumps(output)) - _picture(output) for output in shown) if step.student else 0
        plain = step.student and (len(text) > min(colours, MAX_COLOURED_TEXT // 2) or _SLOW.search(text))
        colours -= len(text) if step.student and not plain else 0
        if plain and text.lstrip().startswith("%%"):    # else nbconvert takes the language from there
            text = f"# shown without colours\n{text}"
        language = {"magics_language": "text"} if plain else {}
        cells.append({"cell_type": "code", "id": f"cell-{number}", "metadata": _keep(meta) | language, "source": text,
                      "execution_count": None, "outputs": shown})
    metadata = {key: instructor.metadata[key] for key in ("kernelspec", "language_info") if key in instructor.metadata}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def clean_outputs(outputs: list, pictures: int = MAX_PICTURES, text: int = MAX_PAGE_OUTPUT) -> list[dict]:
    """The outputs of a cell, rebuilt and capped in number and size.

    pictures, text: characters that are left for PNG pictures and for everything else.
    """
    found: list[dict] = []
    text = min(text, 5 * MAX_OUTPUT_TEXT)
    for output in outputs[:MAX_OUTPUTS]:
        clean = clean_output(output)
        if clean is None:
            continue
        picture = _picture(clean)
        pictures -= picture
        text -= len(json.dumps(clean)) - picture
        if text < 0 or pictures < 0:
            break
        found.append(clean)
    return found


def _picture(output: dict) -> int:
    return len(output.get("data", {}).get("image/png", ""))


def clean_output(output: Any) -> dict | None:
    """One output, rebuilt from its text and PNG pictures; everything else that a student's process says is dropped."""
    if not isinstance(output, dict):
        return None
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": _text(output.get("text"))}
    if kind == "error":
        lines = output.get("traceback")
        return {"output_type": "error", "ename": _text(output.get("ename"), 200),
                "evalue": _text(output.get("evalue"), 5000),
                "traceback": [_text(line, 500) for line in (lines if isinstance(lines, list) else [])[:200]]}
    if kind not in ("execute_result", "display_data"):
        return None
    given = output.get("data")
    data: dict[str, str] = {}
    if isinstance(given, dict):
        if isinstance(given.get("text/plain"), str):
            data["text/plain"] = _text(given["text/plain"])
        picture = given.get("image/png")
        if isinstance(picture, str) and len(picture) < 5 * 2**20 and re.fullmatch(r"[A-Za-z0-9+/=\n]*", picture):
            data["image/png"] = picture
    return {"output_type": "display_data", "metadata": {}, "data": data} if data else None


def inert_markdown(text: str) -> str:
    """A student's Markdown without what runs or fetches anything by itself.

    HTML shows as text, links lead to the web or to files beside it, pictures from elsewhere become links. A space is
    what makes them so: unlike an entity, it reads well in code and formulas, too.
    """
    text = _ODD_LINK.sub(r"\1./", text)
    text = _PICTURE.sub("! ", text)
    text = re.sub(r"<(?=[A-Za-z/!?])", "< ", text)
    return _ACTIVE_TEX.sub(r"\\ ", text)


def writable(text: str) -> str:
    """Text that every tool can write to a file: half characters (lone surrogates) become question marks."""
    return text.encode("utf-8", "replace").decode()


def nbgrader(cell: Mapping) -> dict:
    """A cell's nbgrader metadata, empty where it has none."""
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


def grade_id_of(cell: Mapping) -> str | None:
    """The id by which nbgrader knows a graded, solution, locked or task cell."""
    meta = nbgrader(cell)
    grade_id = meta.get("grade_id")
    if not isinstance(grade_id, str) or not any(meta.get(k) for k in ("grade", "solution", "locked", "task")):
        return None
    return grade_id


def source(cell: Mapping) -> str:
    """The text of a cell; nbformat allows one string or a list of lines."""
    text = cell["source"]
    if isinstance(text, list):
        text = "".join(text)
    if not isinstance(text, str):
        raise TypeError("the text of a cell is a string or a list of strings")
    return text


def _kind(cell: Mapping) -> str:
    return "code" if cell["cell_type"] == "code" else "markdown"


def _keep(meta: dict) -> dict:
    return {"nbgrader": meta} if meta else {}


def _text(value: Any, most: int = MAX_OUTPUT_TEXT) -> str:
    text = value if isinstance(value, str) else ""
    return writable("".join(c for c in text[:most] if c >= " " or c in "\n\t"))
