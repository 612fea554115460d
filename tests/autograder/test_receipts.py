"""Receipts: the first time counts, nothing is lost, and the student's word is not taken."""

import json
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from autograder import receipts
from autograder.protocol import Receipt, Submission

MONDAY = datetime(2026, 3, 2, 8, 30, 15, 999999, UTC)
TUESDAY = MONDAY + timedelta(days=1)


def handed_in(student="ada", text=b"{}"):
    return Submission(student, {"work.ipynb": text}, receipt=receipts.seal({"work.ipynb": text}))


def issue(folder, name, submission, now, origin):
    with receipts.open_book(folder, name) as book:
        return book.issue(submission, now, origin)


def lines(folder):
    return [json.loads(line) for line in (folder / "receipts" / "ps1.jsonl").read_text().splitlines()]


def test_a_receipt_says_who_what_how_much_when_and_from_where(tmp_path):
    given = issue(tmp_path, "ps1", handed_in(), MONDAY, "folder")
    assert given.receipt.received == "2026-03-02T08:30:15+00:00"
    assert given.receipt.size == 2
    assert lines(tmp_path) == [{"student": "ada", "sha256": given.receipt.sha256, "size": 2,
                                "received": "2026-03-02T08:30:15+00:00", "from": "folder"}]


def test_the_same_content_keeps_the_time_when_it_first_came_in(tmp_path):
    issue(tmp_path, "ps1", handed_in(), MONDAY, "folder")
    again = issue(tmp_path, "ps1", handed_in(), TUESDAY, "folder")
    assert again.receipt.received.startswith("2026-03-02")
    assert len(lines(tmp_path)) == 1


def test_another_content_and_another_student_get_receipts_of_their_own(tmp_path):
    with receipts.open_book(tmp_path, "ps1") as book:
        book.issue(handed_in(), MONDAY, "folder")
        assert book.issue(handed_in(text=b"{ }"), TUESDAY, "folder").receipt.received.startswith("2026-03-03")
        assert book.issue(handed_in("bob"), TUESDAY, "x").receipt.received.startswith("2026-03-03")
        assert book.issue(handed_in(), TUESDAY, "folder").receipt.received.startswith("2026-03-02")
    assert [line["student"] for line in lines(tmp_path)] == ["ada", "ada", "bob"]


def test_a_time_of_another_zone_is_written_in_utc_and_one_without_is_utc():
    assert receipts.utc(MONDAY.astimezone(timezone(timedelta(hours=5)))) == "2026-03-02T08:30:15+00:00"
    assert receipts.utc(MONDAY.replace(tzinfo=None)) == "2026-03-02T08:30:15+00:00"


@pytest.mark.parametrize("torn", [b'{"student": "eve", "sha', b"\0\0\0\0", b"{}", b'"text"', b"\xff\xfe"])
def test_a_line_that_a_crash_has_torn_is_mended_and_no_older_one_lost(tmp_path, torn):
    first = issue(tmp_path, "ps1", handed_in(), MONDAY, "folder")
    path = tmp_path / "receipts" / "ps1.jsonl"
    before = path.read_bytes()
    path.write_bytes(before + torn)
    assert issue(tmp_path, "ps1", handed_in(), TUESDAY, "folder") == first
    issue(tmp_path, "ps1", handed_in("bob"), TUESDAY, "folder")
    assert path.read_bytes().startswith(before)
    assert [line["student"] for line in lines(tmp_path)] == ["ada", "bob"]


def test_a_whole_last_line_without_its_end_is_kept(tmp_path):
    issue(tmp_path, "ps1", handed_in(), MONDAY, "folder")
    path = tmp_path / "receipts" / "ps1.jsonl"
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    issue(tmp_path, "ps1", handed_in("bob"), TUESDAY, "folder")
    assert [line["student"] for line in lines(tmp_path)] == ["ada", "bob"]


def test_a_spoilt_line_in_the_middle_is_left_where_it_is(tmp_path):
    (tmp_path / "receipts").mkdir()
    path = tmp_path / "receipts" / "ps1.jsonl"
    path.write_bytes(b"spoilt\n")
    issue(tmp_path, "ps1", handed_in(), MONDAY, "folder")
    again = issue(tmp_path, "ps1", handed_in(), TUESDAY, "folder")
    assert again.receipt.received.startswith("2026-03-02")
    assert path.read_bytes().startswith(b"spoilt\n{")


def test_a_name_with_a_line_end_stays_on_one_line(tmp_path):
    issue(tmp_path, "ps1", handed_in('a\n{"student": "b"}\u2028'), MONDAY, "folder")
    issue(tmp_path, "ps1", handed_in("bob"), MONDAY, "folder")
    assert len((tmp_path / "receipts" / "ps1.jsonl").read_bytes().split(b"\n")) == 3


def test_two_writers_wait_for_each_other(tmp_path):
    opened, told = threading.Event(), []

    def second():
        opened.wait()
        told.append(issue(tmp_path, "ps1", handed_in(), TUESDAY, "folder").receipt.received)
    other = threading.Thread(target=second)
    other.start()
    with receipts.open_book(tmp_path, "ps1") as book:
        opened.set()
        first = book.issue(handed_in(), MONDAY, "folder").receipt.received
        assert told == []
    other.join()
    assert told == [first]
    assert len(lines(tmp_path)) == 1


def test_what_came_from_where_is_remembered(tmp_path):
    issue(tmp_path, "ps1", handed_in(), MONDAY, "Moodle/1/Ada")
    with receipts.open_book(tmp_path, "ps1") as book:
        assert book.origins("ada") == ["Moodle/1/Ada"]
        assert book.origins("bob") == []


def test_names_and_contents_cannot_be_shifted_into_each_other():
    seals = [receipts.seal(files).sha256 for files in ({"a": b"bc"}, {"ab": b"c"}, {"a": b"b", "c": b""}, {},
                                                       {"a": b"b", "b": b"a"}, {"a": b"a", "b": b"b"})]
    assert len(set(seals)) == len(seals)
    assert receipts.seal({"a": b"1", "b": b"2"}) == receipts.seal({"b": b"2", "a": b"1"})
    assert receipts.seal({"a": b"12", "b": b"3"}).size == 3
    assert receipts.seal({}) == Receipt(receipts.seal({}).sha256, 0, "")


@pytest.mark.parametrize(("text", "expected"), [
    ("2026-03-02 08:30:15.000001 UTC", datetime(2026, 3, 2, 8, 30, 15, 1)),
    ("2026-03-02T10:30:15+02:00\n", datetime(2026, 3, 2, 8, 30, 15)),
    ("", None), ("soon", None), ("9" * 50, None), ("2026-03-02 25:99", None), ("x" * 101, None), ("\x00", None)])
def test_the_exchange_s_time_is_read_if_it_is_one(tmp_path, text, expected):
    (tmp_path / "timestamp.txt").write_text(text)
    assert receipts.exchange_time(tmp_path) == expected


def test_there_is_no_exchange_s_time_in_a_link_or_where_there_is_none(tmp_path):
    assert receipts.exchange_time(tmp_path) is None
    (tmp_path / "real").write_text("2026-03-02 08:30:15 UTC")
    (tmp_path / "timestamp.txt").symlink_to(tmp_path / "real")
    assert receipts.exchange_time(tmp_path) is None


def test_a_time_that_is_not_utf8_is_none(tmp_path):
    (tmp_path / "timestamp.txt").write_bytes(b"\xff\xfe2026")
    assert receipts.exchange_time(tmp_path) is None
