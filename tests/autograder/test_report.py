"""The class report: a page, a table and a line for every submission, whatever strangers wrote into them."""

import csv
import json
import re
from html.parser import HTMLParser

import pytest
from jsonschema import Draft202012Validator, ValidationError

from autograder import report
from autograder.protocol import Check, Receipt, Result

EVIL = '<script>alert("x")</script>'
FAILED = Check("n", "a", 2, 0.0, "failed", EVIL)
RECEIPT = Receipt("0123456789abcdef" * 4, 12_345, "2026-03-01T12:34:56+00:00")
RESULTS = [
    Result("zoe", "graded", "", (Check("n", "a", 2, 2.0, "passed"), Check("n", "b", 3, 1.5, "partial")),
           receipt=RECEIPT),
    Result("=cmd|calc", "graded", f"+1 {EVIL}", (FAILED, Check("n", "b", 3, None, "manual", "m"))),
    Result("ada", "broken", "@unreadable", (FAILED, Check("n", "b", 3, 0.0, "limit", "slow")), confined=False),
]
NAMES = {
    "script": EVIL, "quotes": "\"' onmouseover='alert(1)'", "link": "javascript:alert(1)", "comment": "-->]]><!--",
    "template": "{{ 7 * 7 }}{% raw %}", "right to left": "ada\u202egnp.exe", "isolates": "\u2066\u2067\u2068x\u2069",
    "half a character": "\ud800ada", "NUL": "a\0b", "terminal": "\x1b]0;gone\x07\x1b[2J\x9b31m", "bell": "\x07",
    "lines": "a\nb\r\nc\u2028d\x85e", "long": "x" * 10_000, "marks": "a" + "\u0301" * 10_000, "empty": "",
    "entities": "&lt;script&gt;&#0;", "style": "</style><style>*{display:none}",
}


@pytest.fixture
def written(tmp_path):
    report.write(tmp_path / "report", "ps1", RESULTS, [f"warning {EVIL}"])
    return tmp_path / "report"


class Page(HTMLParser):
    """A page's tags, texts and ids."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def page_of(tmp_path, results, warnings=()):
    return Page(report.write(tmp_path / "page", "ps1", results, warnings).read_text(encoding="utf-8"))


def rows_of(folder):
    with (folder / "results.csv").open(newline="", encoding="utf-8-sig") as file:
        return list(csv.reader(file))


def hostile(text):
    """A class of one in which a stranger's text stands wherever one can."""
    checks = [Check("n", verdict, 1, 0.0, verdict, text, text, f"{text}: {text}") for verdict in report.MARKS]
    return [Result(text, "graded", text, tuple(checks), receipt=RECEIPT), Result("b" + text, "broken", text)]


@pytest.mark.parametrize("name", NAMES)
def test_the_page_has_the_same_tags_whatever_students_wrote(tmp_path, name):
    plain, page = page_of(tmp_path, hostile("plain"), ["plain"]), page_of(tmp_path, hostile(NAMES[name]), [NAMES[name]])
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in plain.tags} | {"details", "summary"}
    attributes = {(tag, key) for tag, attrs in plain.tags for key in attrs}
    assert {(tag, key) for tag, attrs in page.tags for key in attrs} <= attributes
    assert len(page.all("script")) == 1
    assert all(a["href"].startswith("#") for a in page.all("a"))


@pytest.mark.parametrize("name", NAMES)
def test_no_character_that_hides_or_turns_text_reaches_the_page(tmp_path, name):
    page = report.write(tmp_path, "ps1", hostile(NAMES[name])).read_text(encoding="utf-8")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", page)


def test_names_and_messages_of_any_length_leave_the_page_readable(tmp_path):
    page = report.write(tmp_path, "ps1", hostile("x" * 10_000))
    assert "x" * 301 not in page.read_text()
    assert page.stat().st_size < 30_000


def test_the_pages_policy_runs_its_own_script_only_and_fetches_nothing(written):
    page = Page((written / "index.html").read_text(encoding="utf-8"))
    policy = page.all("meta")[2]["content"]
    script = re.search("<script>(.*)</script>", (written / "index.html").read_text(encoding="utf-8"), re.DOTALL)[1]
    assert policy.startswith("default-src 'none'; ")
    assert f"script-src '{report._digest(script)}'" in policy
    assert not [a for _, a in page.tags if {"src", "srcset", "action", "data"} & a.keys()]


def test_the_page_says_who_ran_without_a_sandbox(written):
    assert "Graded without a sandbox" in (written / "index.html").read_text(encoding="utf-8")
    assert not report.cautions([RESULTS[0]])


def test_points_that_can_be_forged_are_named_on_top_in_the_heading_and_in_the_students_row(tmp_path):
    open_check = Check("n", "plot", 3, 3.0, "passed", forgeable=True)
    results = [Result("ada", "graded", "", (open_check, Check("n", "b", 2, 2.0, "passed"))),
               Result("ben", "graded", "", (open_check._replace(score=0.0, verdict="failed"),))]
    assert report.cautions(results) == [
        "Not forgery-proof: plot ran in the student's own process, which may give the verdict itself; "
        "1 submission(s) have points from there."]
    assert [report.forgeable_points(r) for r in results] == [3, 0]
    page = page_of(tmp_path, results)
    assert report.cautions(results)[0] in page.text
    assert "plot (not forgery-proof)" in page.text
    assert "5 / 5 3" in page.text
    rows = rows_of(tmp_path / "page")
    assert rows[0].index("n/plot (not forgery-proof)") == 8
    assert [row[4] for row in rows] == ["not forgery-proof", "3.0", "0.0"]


def test_the_page_counts_passes_and_common_messages():
    first, second = report.summarise(RESULTS)
    assert (first.grade_id, first.points, first.passed, first.submissions) == ("a", 2, 1, 3)
    assert first.messages == [("failed", EVIL, 2)]
    assert second.passed == 0


def test_what_needs_a_look_is_put_together_the_graders_own_faults_first():
    limit, ours = Check("n", "a", 2, 0.0, "limit", "20 s"), Check("n", "a", 2, None, "errored", "our fault")
    results = [Result("ada", "graded", "", (limit,)), Result("ben", "graded", "x.csv is a link", (limit,)),
               Result("cy", "errored", "twice", (ours,)), Result("di", "graded", "", (ours,)),
               Result("ed", "broken", "no JSON", (FAILED,)), RESULTS[0]]
    assert report.findings(results) == [
        ("errored", "", "twice", ["cy"]), ("broken", "", "no JSON", ["ed"]), ("check", "a", "our fault", ["di"]),
        ("limit", "a", "20 s", ["ada", "ben"]), ("note", "", "x.csv is a link", ["ben"])]


def test_a_check_that_a_person_grades_is_counted_and_not_listed(tmp_path):
    page = page_of(tmp_path, [Result(f"s{i}", "graded", "", (Check("n", "essay", 5, None, "manual", "m"),))
                              for i in range(3)])
    assert "To grade by hand: essay, 3 answers." in page.text
    assert "Needs a look" not in page.text


def test_a_mark_leads_to_what_the_student_was_told(tmp_path):
    checks = [Check("n", "a", 1, 0.0, "failed", f"message {i}") for i in range(report.MOST_MESSAGES + 1)]
    page = page_of(tmp_path, [Result(f"s{i:02}", "graded", "", (check,)) for i, check in enumerate(checks)])
    ids = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    places = [attrs["href"][1:] for attrs in page.all("a") if "class" in attrs]
    assert set(places) <= ids
    assert places[0] == "m1-1"
    assert places[-1] == "m1"       # of a message that is too rare to be listed


def test_a_receipt_shows_time_size_and_the_first_digits_of_the_hash(tmp_path):
    page = page_of(tmp_path, [RESULTS[0]])
    assert "2026-03-01 12:34 12.3 0123456789ab" in page.text
    assert "0123456789abc" not in page.text


def test_a_submission_that_lacks_a_check_keeps_its_other_marks_in_their_columns(tmp_path):
    results = [RESULTS[0], Result("ben", "graded", "", (Check("n", "b", 3, 3.0, "passed"),))]
    assert rows_of(report.write(tmp_path, "ps1", results).parent)[1][8:10] == ["", "3.0"]
    page = (tmp_path / "index.html").read_text()
    assert re.search(r'ben<td class="n">3 / 3\s*<td>\s*<td>\s*<td class="passed">', page)


def test_every_table_has_a_caption_headings_with_a_scope_and_a_box_that_the_keyboard_reaches(written):
    page = Page((written / "index.html").read_text(encoding="utf-8"))
    boxes = [attrs for attrs in page.all("div") if attrs.get("class") == "wide"]
    assert len(page.all("table")) == len(page.all("caption")) == len(boxes) > 0
    assert all(box["tabindex"] == "0" and box["role"] == "region" and box["aria-label"] for box in boxes)
    assert all(th.get("scope") in ("col", "row") for th in page.all("th"))
    assert page.all("html") == [{"lang": "en"}]


def test_every_mark_has_its_verdict_as_text(tmp_path):
    checks = tuple(Check("n", verdict, 1, 0.0, verdict, "why") for verdict in report.MARKS)
    page = report.write(tmp_path, "ps1", [Result("ada", "graded", "", checks)]).read_text()
    row = page[page.index("Submissions, by student"):]
    assert re.findall("<i>([a-z]+)</i>", row) == list(report.MARKS)


def test_colours_stand_out_from_the_page_by_light_and_dark(written):
    page = (written / "index.html").read_text(encoding="utf-8")
    light, dark = re.findall(r":root \{([^}]*)\}", page)
    for colours, ground in ((light, "ffffff"), (dark, "121212")):
        for name in ("well", "ill", "look", "rest"):
            assert contrast(re.search(rf"--{name}: #([0-9a-f]+)", colours)[1], ground) >= 4.5, name


def contrast(one, other):
    """The ratio of WCAG 2: 4.5 and more is enough for text."""
    def luminance(colour):
        parts = [int(colour[i:i + 2], 16) / 255 for i in (0, 2, 4)]
        parts = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_as_wcag_does():
    assert contrast("000000", "ffffff") == pytest.approx(21)
    assert contrast("767676", "ffffff") == pytest.approx(4.54, abs=0.01)


def test_the_page_of_two_thousand_students_stays_light(tmp_path):
    told = Check("n", "", 1, 0.0, "failed", "the shape should be (2, 3), yours is (3, 2); " * 3)
    checks = [[told._replace(grade_id=f"check{i}", message=f"{told.message}{k % 50}") if (i + k) % 3 == 0 else
               Check("n", f"check{i}", 1, 1.0, "passed") for i in range(10)] for k in range(2_000)]
    results = [Result(f"student{k:04}", "graded", "", tuple(c), receipt=RECEIPT) for k, c in enumerate(checks)]
    assert report.write(tmp_path, "ps1", results).stat().st_size < 1_500_000


def test_a_class_without_submissions_or_points_has_a_report_too(tmp_path):
    assert report.write(tmp_path, "ps1", []).is_file()
    assert report.write(tmp_path, "ps1", [Result("ada", "graded", "")]).is_file()


def test_a_spreadsheet_runs_no_cell_of_the_table(written):
    rows = rows_of(written)
    assert rows[0] == ["student", "status", "score", "points", "not forgery-proof", "received", "bytes", "sha256",
                       "n/a", "n/b", "message"]
    assert [row[0] for row in rows[1:]] == ["'=cmd|calc", "ada", "zoe"]
    assert not any(cell[:1] in tuple("=+-@\t\r") for row in rows for cell in row if cell)


def test_a_score_that_is_missing_is_an_empty_cell(written):
    rows = {row[0]: dict(zip(rows_of(written)[0], row, strict=True)) for row in rows_of(written)[1:]}
    assert rows["'=cmd|calc"]["n/b"] == ""
    assert (rows["zoe"]["n/a"], rows["zoe"]["n/b"], rows["zoe"]["score"]) == ("2.0", "1.5", "3.5")
    assert (rows["zoe"]["bytes"], rows["zoe"]["sha256"]) == ("12345", RECEIPT.sha256)


@pytest.mark.parametrize(("value", "safe"), [
    ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\t=x", "'=x"), ("\r\n=x", "'=x"), ("\n-x", "'-x"),
    ("  =x", "'=x"), ("\u00a0\u3000=x", "'=x"), ("'=x", "''=x"), ('"=x', "'\"=x"), ('" \'@x', "'\" '@x"),
    ("＝x", "'＝x"), ("＋x", "'＋x"), ("－x", "'－x"), ("＠x", "'＠x"), ("﹢x", "'﹢x"), ("−x", "'−x"), ("ーx", "'ーx"),
    ("\u200d=x", "'\u200d=x"), ("\u200b=x", "\\u200b=x"), ("\0=x", "\\x00=x"), ("\ufeff=x", "\\ufeff=x"),
    ("a;=1", "a;'=1"), ('a";=1', 'a";\'=1'), ("a; \t@x", "a;' @x"), ('a;"-x', 'a;\'"-x'), ("a;b, -1", "a;b, -1"),
    ("shape (2, -1)", "shape (2, -1)"), ("two\nlines", "two lines"), ("plain", "plain"), ("", ""),
    ("\ud800", "\\ud800"), (-1.5, -1.5), (None, None), (0, 0)])
def test_only_text_that_a_spreadsheet_may_run_is_quoted_and_numbers_stay_numbers(value, safe):
    assert report.safe_cell(value) == safe


@pytest.mark.parametrize("name", NAMES)
def test_every_student_is_one_line_of_the_table_whatever_they_wrote(tmp_path, name):
    report.write(tmp_path, "ps1", hostile(NAMES[name]))
    text = (tmp_path / "results.csv").read_bytes().decode("utf-8-sig")
    assert text.count("\n") == text.count("\r\n") == 3
    # as a reader that parts cells at semicolons, and knows quotes at the start of a cell only, would see them
    cells = [cell for line in text.splitlines() for cell in line.split(";")]
    assert not [cell for cell in cells if re.match(r"[\s\"]*[=+\-@]", cell)]


def test_excel_is_told_that_the_table_is_utf_8(tmp_path):
    report.write(tmp_path, "ps1", [Result("Zoë Müller", "graded", "")])
    assert (tmp_path / "results.csv").read_bytes().startswith(b"\xef\xbb\xbfstudent,")
    assert rows_of(tmp_path)[1][0] == "Zoë Müller"


VALID = Draft202012Validator(report.schema())


def test_every_submission_is_one_line_of_json(written):
    lines = [json.loads(line) for line in (written / "results.jsonl").read_text().splitlines()]
    assert [line["student"] for line in lines] == ["=cmd|calc", "ada", "zoe"]
    assert (lines[2]["score"], lines[2]["points"], lines[1]["confined"]) == (3.5, 5, False)
    assert lines[2]["receipt"] == RECEIPT._asdict()
    assert lines[2]["checks"][1] == {"notebook": "n", "grade_id": "b", "points": 3, "score": 1.5, "verdict": "partial",
                                     "message": "", "mistake": "", "diagnosis": "", "forgeable": False}


@pytest.mark.parametrize("name", NAMES)
def test_every_record_is_as_the_schema_says(name):
    for result in [*RESULTS, *hostile(NAMES[name])]:
        record = report.as_record(result)
        VALID.validate(record)
        # what strict readers and databases refuse
        assert not re.search(r"\\u0000|\\ud[89a-f]", json.dumps(record).replace("\\\\", ""))


@pytest.mark.parametrize(("change", "where"), [
    ({"status": "lost"}, "status"), ({"schema": "graded-digits/results/0"}, "schema"), ({"score": None}, "score"),
    ({"receipt": {"sha256": "abc", "size": 1, "received": ""}}, "receipt"),
    ({"checks": [FAILED._asdict() | {"verdict": "wonderful"}]}, "checks"),
    ({"checks": [FAILED._asdict() | {"score": "2"}]}, "checks")])
def test_what_the_schema_does_not_know_is_no_record(change, where):
    with pytest.raises(ValidationError) as error:
        VALID.validate(report.as_record(RESULTS[0]) | change)
    assert error.value.absolute_path[0] == where


def test_the_schema_is_one_and_describes_every_field_and_verdict():
    schema = report.schema()
    Draft202012Validator.check_schema(schema)
    check = schema["$defs"]["check"]
    parts = [(schema, {*Result._fields, "schema", "score", "points"} - report.UNPUBLISHED),
             (check, set(Check._fields)), (schema["properties"]["receipt"], set(Receipt._fields))]
    for part, fields in parts:
        assert set(part["properties"]) == set(part["required"]) == fields
        assert all("description" in prop for prop in part["properties"].values())
    assert {one["const"] for one in check["properties"]["verdict"]["oneOf"]} == set(report.MARKS)
    assert schema["properties"]["schema"]["const"] == report.SCHEMA


def test_an_interrupted_run_leaves_the_earlier_report_whole(written, monkeypatch):
    before = {path.name: path.read_bytes() for path in written.iterdir()}

    def interrupt(_):
        raise KeyboardInterrupt
    monkeypatch.setattr(report.os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        report.write(written, "ps1", RESULTS[:1])
    assert {path.name: path.read_bytes() for path in written.iterdir()} == before


def test_who_is_reading_the_earlier_report_reads_it_to_its_end(written):
    before = {path: path.read_bytes() for path in written.iterdir()}
    readers = {path: path.open("rb") for path in before}
    report.write(written, "ps1", RESULTS[:1])
    for path, reader in readers.items():
        with reader:
            assert reader.read() == before[path] != path.read_bytes()


@pytest.mark.parametrize(("text", "shown"), [
    ("plain", "plain"), ("  two \n lines\t", "two lines"), ("\x1b[31mred\x1b[0m", "red"),
    ("\x1b]0;t\x07", "\\x1b]0;t\\x07"),
    ("a\u202eb", "a\\u202eb"), ("\ud800", "\\ud800"), ("\0", "\\x00"), ("می\u200cخواهم", "می\u200cخواهم"), ("", ""),
    ("x" * 200, "x" * 200), ("x" * 201, "x" * 199 + "…"), ("\n" * 5_000 + "x", "…"),
    ("Zoë 李明 👩\u200d🔬", "Zoë 李明 👩\u200d🔬")])
def test_printable_text_is_one_short_line_without_orders_to_the_terminal(text, shown):
    assert report.printable(text) == shown


def test_lines_that_are_too_long_are_cut_to_the_length_that_was_asked_for():
    assert report.printable("\x07" * 100, 10) == "\\x07\\x07\\…"
