"""Results to what an instructor reads: a page, a table (CSV) and a line of JSON for every submission.

Names and messages come from strangers: whatever is shown goes through `printable`, `safe_cell` or JSON's own quoting.
"""

import base64
import csv
import hashlib
import io
import json
import os
import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment

from autograder.protocol import Check, Result

SCHEMA = "graded-digits/results/1"
UNPUBLISHED = {"notebooks", "unanswered"}       # of a Result: pages and gradebook have them
MARKS = {"passed": "✓", "partial": "◐", "failed": "✗", "limit": "L", "errored": "!", "manual": "✎", "unanswered": "–"}
KINDS = {"errored": "The grader failed", "broken": "Could not be read", "check": "Checks that could not be graded",
         "limit": "Limits that were reached", "note": "Notes on what was handed in"}
MOST_MESSAGES = 20              # of one check on the page; results.jsonl has all
MOST_CELL_TEXT = 1_000          # characters; a spreadsheet's cell holds 32,767

_COLOURS = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_JOINERS = "\u200c\u200d"       # part of words in Persian and Hindi, and of emoji
_NO_CHARACTERS = re.compile("[\x00\ud800-\udfff]")
# Where semicolons part cells, as in German Excel, what follows one begins a cell, whatever is quoted
_INNER_FORMULA = re.compile(r";(?=[\s\"']*[=+\-@＝＋－＠﹢﹣﹦﹫−ー])")


def write(folder: Path, assignment: str, results: Sequence[Result], warnings: Sequence[str] = ()) -> Path:
    """Write index.html, results.csv and results.jsonl into `folder`, each whole or not at all; returns the page's path.

    results.csv begins with a byte order mark, without which Excel takes UTF-8 for another encoding and spoils umlauts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ordered = sorted(results, key=lambda r: r.student)
    page = folder / "index.html"
    _replace(folder / "results.jsonl", "".join(json.dumps(as_record(r)) + "\n" for r in ordered).encode())
    _replace(folder / "results.csv", _table(ordered).encode("utf-8-sig"))
    _replace(page, _page(assignment, ordered, [*warnings, *cautions(results)]).encode())
    return page


def as_record(result: Result) -> dict[str, Any]:
    """One result as plain JSON, as `schema` describes it: everything but the notebooks, with score and points."""
    record = {"schema": SCHEMA, **result._asdict(), "score": result.score, "points": result.points,
              "seconds": round(result.seconds, 3), "receipt": result.receipt._asdict(),
              "checks": [check._asdict() for check in result.checks]}
    return _readable({key: value for key, value in record.items() if key not in UNPUBLISHED})


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of one line of results.jsonl."""
    return json.loads((Path(__file__).parent / "results.schema.json").read_text(encoding="utf-8"))


def printable(text: str, most: int = 200) -> str:
    """One line of at most `most` characters that shows a stranger's text, and that no terminal, log or page obeys.

    Colours go, white space becomes single spaces; other control characters, those that turn the direction of writing,
    and half characters are spelled out, such as \\x07.
    """
    start = text[:10 * most]
    line = " ".join(_COLOURS.sub("", start).split())
    shown = "".join(c if c.isprintable() or c in _JOINERS else c.encode("unicode_escape").decode() for c in line)
    return shown if len(shown) <= most and start == text else shown[:most - 1] + "…"


def safe_cell(value: object) -> object:
    """A value for a spreadsheet: text becomes one line, and what a spreadsheet would run as a formula is quoted."""
    if not isinstance(value, str):
        return value
    text = _INNER_FORMULA.sub(";'", printable(value, MOST_CELL_TEXT))
    first = unicodedata.normalize("NFKC", text.lstrip(" \"'" + _JOINERS)[:1])
    return f"'{text}" if first and first in "=+-@−ー" else text


def cautions(results: Sequence[Result]) -> list[str]:
    """Sentences about how far these results can be trusted; none if all was confined and nothing can be forged."""
    said = []
    if bare := sum(not r.confined for r in results):
        said.append(f"Graded without a sandbox: the code of {bare:,} submission(s) ran with all rights of the account "
                    "that graded it; treat that account as open to them.")
    names = sorted({c.grade_id for r in results for c in r.checks if c.forgeable})
    if names:
        given = sum(forgeable_points(r) > 0 for r in results)
        checks = ", ".join(printable(name, 80) for name in names)
        said.append(f"Not forgery-proof: {checks} ran in the student's own process, which may give the verdict "
                    f"itself; {given:,} submission(s) have points from there.")
    return said


def forgeable_points(result: Result) -> float:
    """Points that this submission got from checks in the student's own process."""
    return sum(check.score or 0.0 for check in result.checks if check.forgeable)


class Told(NamedTuple):
    """What students were told about one check, and how many of them."""

    verdict: str
    message: str
    students: int


class CheckSummary(NamedTuple):
    """One check over the whole class; messages: the most common ones."""

    notebook: str
    grade_id: str
    points: float
    passed: int
    submissions: int
    messages: list[Told]
    forgeable: bool


def summarise(results: Sequence[Result]) -> list[CheckSummary]:
    """Every check over the class, in the order of the notebook."""
    columns: dict[tuple[str, str], list[Check]] = {}
    for result in sorted(results, key=lambda r: -len(r.checks)):    # the order of one that has them all
        for check in result.checks:
            columns.setdefault((check.notebook, check.grade_id), []).append(check)
    return [CheckSummary(notebook, grade_id, checks[0].points, sum(c.verdict == "passed" for c in checks), len(checks),
                         [Told(*what, n) for what, n in Counter((c.verdict, c.message) for c in checks if c.message)
                          .most_common(MOST_MESSAGES)], any(c.forgeable for c in checks))
            for (notebook, grade_id), checks in columns.items()]


class Mistake(NamedTuple):
    """A known mistake, as often as it was found: the number of students."""

    name: str
    sentence: str
    students: int


def mistakes(results: Sequence[Result]) -> list[Mistake]:
    """The known mistakes that were found in the class, the most common first."""
    students: dict[str, set[str]] = {}
    words: dict[str, str] = {}
    for result in results:
        for check in result.checks:
            if check.mistake:
                students.setdefault(check.mistake, set()).add(result.student)
                words.setdefault(check.mistake, check.diagnosis.partition(": ")[2])
    found = [Mistake(name, words[name], len(who)) for name, who in students.items()]
    return sorted(found, key=lambda mistake: (-mistake.students, mistake.name))


class Finding(NamedTuple):
    """Something that a person should look at; kind: a key of `KINDS`, check: empty for a whole submission."""

    kind: str
    check: str
    message: str
    students: list[str]


def findings(results: Sequence[Result]) -> list[Finding]:
    """What needs a look, alike things together, in the order of `KINDS`, the most common first.

    The checks of a submission that was not graded at all are not listed one by one.
    """
    found: dict[tuple[str, str, str], list[str]] = {}
    for result in results:
        if result.status != "graded" or result.message:
            kind = "note" if result.status == "graded" else result.status
            found.setdefault((kind, "", result.message), []).append(result.student)
        for check in result.checks if result.status == "graded" else ():
            if check.verdict in ("errored", "limit"):
                kind = "check" if check.verdict == "errored" else "limit"
                found.setdefault((kind, check.grade_id, check.message), []).append(result.student)
    order = list(KINDS)
    return sorted((Finding(*what, who) for what, who in found.items()),
                  key=lambda f: (order.index(f.kind), -len(f.students), f.check))


def _readable(value: Any) -> Any:
    """The same with text that every JSON reader and database takes: no half characters, no NUL."""
    if isinstance(value, str):
        return _NO_CHARACTERS.sub("\ufffd", value)
    if isinstance(value, dict):
        return {key: _readable(item) for key, item in value.items()}
    return [_readable(item) for item in value] if isinstance(value, list) else value


def _replace(path: Path, data: bytes) -> None:
    """Put a file in place in one step: a reader sees the old one or the new one, never half, whatever interrupts."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with fresh.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _table(results: Sequence[Result]) -> str:
    """The table (CSV): a row a student, a column a check; empty where a person has to decide."""
    summaries = summarise(results)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    columns = [f"{s.notebook}/{s.grade_id}{' (not forgery-proof)' if s.forgeable else ''}" for s in summaries]
    rows: list[list[object]] = [["student", "status", "score", "points", "not forgery-proof", "received", "bytes",
                                 "sha256", *columns, "message"]]
    for result in results:
        scores = {(c.notebook, c.grade_id): c.score for c in result.checks}
        given = [scores.get((s.notebook, s.grade_id)) for s in summaries]
        receipt = result.receipt
        rows.append([result.student, result.status, result.score, result.points, forgeable_points(result),
                     receipt.received, receipt.size, receipt.sha256, *given, result.message])
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _page(assignment: str, results: Sequence[Result], warnings: Sequence[str]) -> str:
    shares = [r.score / r.points for r in results if r.points]
    bins = [0] * 10
    for share in shares:
        bins[max(0, min(int(share * 10), 9))] += 1
    summaries = summarise(results)
    places = {(s.notebook, s.grade_id, t.verdict, t.message): f"m{i}-{k}"
              for i, s in enumerate(summaries, 1) for k, t in enumerate(s.messages, 1)}
    # finalize: nothing that is shown can be forgotten
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, finalize=_shown)
    environment.filters |= {"printable": printable, "digest": _digest}
    template = environment.from_string((Path(__file__).parent / "report.html").read_text(encoding="utf-8"))
    return template.render(
        assignment=assignment, results=results, summaries=summaries, warnings=warnings, marks=MARKS, bins=bins,
        findings=[(KINDS[kind], list(group)) for kind, group in groupby(findings(results), lambda f: f.kind)],
        mistakes=mistakes(results), places=places,
        grids=[{(c.notebook, c.grade_id): c for c in r.checks} for r in results],
        several=len({s.notebook for s in summaries}) > 1, forgeable=forgeable_points,
        open=any(s.forgeable for s in summaries),
        by_hand=Counter(c.grade_id for r in results for c in r.checks if c.verdict == "manual"),
        highest=max(bins, default=1) or 1,
        mean=statistics.mean(shares) if shares else 0, median=statistics.median(shares) if shares else 0)


def _shown(value: object) -> object:
    return printable(value, 2_000) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _digest(script: str) -> str:
    """By this the page's content security policy knows its own script, and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
