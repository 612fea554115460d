"""The class report: a page, a table and a line for every submission."""

import csv
import json

import pytest

from autograder import report
from autograder.protocol import Check, Result

EVIL = '<script>alert("x")</script>'
FAILED = Check("n", "a", 2, 0.0, "failed", EVIL)
RESULTS = [
    Result("zoe", "graded", "", (Check("n", "a", 2, 2.0, "passed"), Check("n", "b", 3, 1.5, "partial"))),
    Result("=cmd|calc", "graded", f"+1 {EVIL}", (FAILED, Check("n", "b", 3, None, "manual", "m"))),
    Result("ada", "broken", "@unreadable", (FAILED, Check("n", "b", 3, 0.0, "limit", "slow")), confined=False),
]


@pytest.fixture
def written(tmp_path):
    report.write(tmp_path / "report", "ps1", RESULTS, [f"warning {EVIL}"])
    return tmp_path / "report"


def test_the_page_escapes_whatever_students_wrote(written):
    page = (written / "index.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_page_says_who_ran_without_a_sandbox(written):
    assert "Graded without a sandbox" in (written / "index.html").read_text(encoding="utf-8")


def test_the_page_counts_passes_and_common_messages():
    first, second = report.summarise(RESULTS)
    assert (first.grade_id, first.points, first.passed, first.submissions) == ("a", 2, 1, 3)
    assert first.messages == [(EVIL, 2)]
    assert second.passed == 0


def test_a_spreadsheet_runs_no_cell_of_the_table(written):
    with (written / "results.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["student", "status", "score", "points", "n/a", "n/b", "message"]
    assert [row[0] for row in rows[1:]] == ["'=cmd|calc", "ada", "zoe"]
    assert not any(cell[:1] in tuple("=+-@\t\r") for row in rows for cell in row if cell)


def test_a_score_that_is_missing_is_an_empty_cell(written):
    with (written / "results.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert rows["'=cmd|calc"]["n/b"] == ""
    assert (rows["zoe"]["n/a"], rows["zoe"]["n/b"], rows["zoe"]["score"]) == ("2.0", "1.5", "3.5")


@pytest.mark.parametrize(("value", "safe"), [
    ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx"), ("plain", "plain"), ("", ""),
    (-1.5, -1.5), (None, None)])
def test_only_text_that_looks_like_a_formula_is_quoted(value, safe):
    assert report.safe_cell(value) == safe


def test_every_submission_is_one_line_of_json(written):
    lines = [json.loads(line) for line in (written / "results.jsonl").read_text().splitlines()]
    assert [line["student"] for line in lines] == ["=cmd|calc", "ada", "zoe"]
    assert (lines[2]["score"], lines[2]["points"], lines[1]["confined"]) == (3.5, 5, False)
    assert lines[2]["checks"][1] == {"notebook": "n", "grade_id": "b", "points": 3, "score": 1.5, "verdict": "partial",
                                     "message": "", "mistake": "", "diagnosis": ""}


def test_a_class_without_submissions_or_points_has_a_report_too(tmp_path):
    assert report.write(tmp_path, "ps1", []).is_file()
    assert report.write(tmp_path, "ps1", [Result("ada", "graded", "")]).is_file()
