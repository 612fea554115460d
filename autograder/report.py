"""Results to what an instructor reads: a page, a table (CSV) and a line of JSON for every submission."""

import csv
import json
import statistics
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment

from autograder.protocol import Check, Result

MARKS = {"passed": "✓", "partial": "◐", "failed": "✗", "limit": "L", "errored": "!", "manual": "✎", "unanswered": "–"}


class CheckSummary(NamedTuple):
    """One check over the whole class."""

    notebook: str
    grade_id: str
    points: float
    passed: int
    submissions: int
    messages: list[tuple[str, int]]     # the most common ones, with how many students got them


def write(folder: Path, assignment: str, results: Sequence[Result], warnings: Sequence[str] = ()) -> Path:
    """Write index.html, results.csv and results.jsonl into `folder`; returns the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    ordered = sorted(results, key=lambda r: r.student)
    (folder / "results.jsonl").write_text("".join(json.dumps(as_record(r)) + "\n" for r in ordered))
    _write_csv(folder / "results.csv", ordered)
    page = folder / "index.html"
    page.write_text(_page(assignment, ordered, warnings), encoding="utf-8")
    return page


def as_record(result: Result) -> dict:
    """One result as plain JSON: student, status, message, score, points, seconds, confined, and every check."""
    return {"student": result.student, "status": result.status, "message": result.message, "score": result.score,
            "points": result.points, "seconds": round(result.seconds, 3), "confined": result.confined,
            "checks": [check._asdict() for check in result.checks]}


def summarise(results: Sequence[Result]) -> list[CheckSummary]:
    """Every check over the class, in the order of the notebook."""
    columns: dict[tuple[str, str], list[Check]] = {}
    for result in results:
        for check in result.checks:
            columns.setdefault((check.notebook, check.grade_id), []).append(check)
    return [CheckSummary(notebook, grade_id, checks[0].points, sum(c.verdict == "passed" for c in checks), len(checks),
                         Counter(c.message for c in checks if c.message).most_common(3))
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


def safe_cell(value: object) -> object:
    """A value for a spreadsheet: text that one would run as a formula is quoted."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def _write_csv(path: Path, results: Sequence[Result]) -> None:
    summaries = summarise(results)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        columns = [f"{s.notebook}/{s.grade_id}" for s in summaries]
        writer.writerow(["student", "status", "score", "points", *columns, "message"])
        for result in results:
            scores = {(c.notebook, c.grade_id): c.score for c in result.checks}
            given = [scores.get((s.notebook, s.grade_id)) for s in summaries]
            row = [result.student, result.status, result.score, result.points, *given, result.message]
            writer.writerow([safe_cell(value) for value in row])


def _page(assignment: str, results: Sequence[Result], warnings: Sequence[str]) -> str:
    shares = [r.score / r.points for r in results if r.points]
    bins = [0] * 10
    for share in shares:
        bins[min(int(share * 10), 9)] += 1
    template = Environment(autoescape=True).from_string((Path(__file__).parent / "report.html").read_text())
    return template.render(
        assignment=assignment, results=results, summaries=summarise(results), warnings=warnings, marks=MARKS, bins=bins,
        mistakes=mistakes(results), highest=max(bins, default=1) or 1,
        unconfined=[r.student for r in results if not r.confined],
        mean=statistics.mean(shares) if shares else 0, median=statistics.median(shares) if shares else 0,
        attention=[(r, [c for c in r.checks if c.verdict in ("errored", "manual", "limit")]) for r in results
                   if r.status != "graded" or any(c.verdict in ("errored", "manual", "limit") for c in r.checks)])

