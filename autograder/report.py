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

MARKS = {"passed": "✓", "partial": "◐", "failed": "✗", "limit": "⏱", "errored": "!", "manual": "✎", "unanswered": "–"}


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


def safe_cell(value: object) -> object:
    """A value for a spreadsheet: text that one would run as a formula is quoted."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def _write_csv(path: Path, results: Sequence[Result]) -> None:
    summaries = summarise(results)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["student", "status", "score", "points", *(f"{s.notebook}/{s.grade_id}" for s in summaries), "message"])
        for result in results:
            scores = {(c.notebook, c.grade_id): c.score for c in result.checks}
            row = [result.student, result.status, result.score, result.points,
                   *("" if (score := scores.get((s.notebook, s.grade_id))) is None else score for s in summaries), result.message]
            writer.writerow([safe_cell(value) for value in row])


def _page(assignment: str, results: Sequence[Result], warnings: Sequence[str]) -> str:
    shares = [r.score / r.points for r in results if r.points]
    bins = [0] * 10
    for share in shares:
        bins[min(int(share * 10), 9)] += 1
    return Environment(autoescape=True).from_string(TEMPLATE).render(
        assignment=assignment, results=results, summaries=summarise(results), warnings=warnings, marks=MARKS, bins=bins,
        highest=max(bins, default=1) or 1, unconfined=[r.student for r in results if not r.confined],
        mean=statistics.mean(shares) if shares else 0, median=statistics.median(shares) if shares else 0,
        attention=[(r, [c for c in r.checks if c.verdict in ("errored", "manual", "limit")]) for r in results
                   if r.status != "graded" or any(c.verdict in ("errored", "manual", "limit") for c in r.checks)])


TEMPLATE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ assignment }}: class report</title>
<style>
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 25%, transparent); --bar: #2a78b8; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; } th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: left; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } td.mark { text-align: center; }
.warn { border-left: 4px solid #c60; padding: .3rem .8rem; }
.bar { display: inline-block; height: .8em; background: var(--bar); vertical-align: baseline; }
.rotate { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; font-weight: normal; }
svg text { fill: currentColor; font-size: 12px; } svg rect { fill: var(--bar); }
</style>
</head>
<body>
<h1>{{ assignment }}: class report</h1>
{% if unconfined %}<p class="warn"><strong>Graded without a sandbox.</strong> The code of {{ unconfined|length }}
submission(s) ran with all rights of the account that graded it; treat that account as open to them.</p>{% endif %}
{% for warning in warnings %}<p class="warn">{{ warning }}</p>{% endfor %}
<p>{{ results|length }} submissions; mean {{ "%.0f"|format(100 * mean) }} %, median {{ "%.0f"|format(100 * median) }} % of the points
that are given automatically.</p>
<h2>Scores</h2>
<svg width="420" height="150" role="img" aria-label="Number of submissions by share of points, in steps of 10 %">
{% for n in bins %}{% set h = 100 * n / highest %}
<rect x="{{ 10 + 40 * loop.index0 }}" y="{{ 120 - h }}" width="34" height="{{ h }}"></rect>
{% if n %}<text x="{{ 27 + 40 * loop.index0 }}" y="{{ 115 - h }}" text-anchor="middle">{{ n }}</text>{% endif %}
<text x="{{ 10 + 40 * loop.index0 }}" y="138">{{ 10 * loop.index0 }}</text>{% endfor %}
<text x="404" y="138">%</text></svg>
{% if attention %}<h2>Needs a look</h2><ul>
{% for result, checks in attention %}<li><strong>{{ result.student }}</strong>: {{ result.status }}{% if result.message %}:
{{ result.message }}{% endif %}{% for c in checks %}<br>{{ c.grade_id }}: {{ c.verdict }}, {{ c.message }}{% endfor %}</li>
{% endfor %}</ul>{% endif %}
<h2>Submissions</h2>
<p>{% for verdict, mark in marks.items() %}{{ mark }} {{ verdict }}{{ ", " if not loop.last }}{% endfor %}</p>
<div class="wide" tabindex="0" role="region" aria-label="Submissions"><table><thead><tr><th scope="col">Student</th>
<th scope="col" class="n">Score</th>
{% for s in summaries %}<th scope="col"><span class="rotate">{{ s.grade_id }}</span></th>{% endfor %}</tr></thead><tbody>
{% for result in results %}<tr><th scope="row">{{ result.student }}</th>
<td class="n">{{ "%g"|format(result.score) }} / {{ "%g"|format(result.points) }}</td>
{% for check in result.checks %}<td class="mark" title="{{ check.message }}">{{ marks[check.verdict] }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table></div>
<h2>Checks</h2>
<div class="wide" tabindex="0" role="region" aria-label="Checks"><table><thead><tr><th scope="col">Check</th>
<th scope="col" class="n">Points</th><th scope="col">Passed</th><th scope="col">What students were told</th></tr></thead><tbody>
{% for s in summaries %}<tr><th scope="row">{{ s.grade_id }}</th><td class="n">{{ "%g"|format(s.points) }}</td>
<td style="white-space: nowrap"><span class="bar" style="width: {{ 6 * s.passed / s.submissions }}em"></span> {{ s.passed }} of {{ s.submissions }}</td>
<td>{% for message, n in s.messages %}{{ n }} &times; {{ message|truncate(200) }}<br>{% endfor %}</td></tr>
{% endfor %}</tbody></table></div>
</body>
</html>
"""
