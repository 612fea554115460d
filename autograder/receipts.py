"""Receipts: who handed in what, and when it came in. The submission itself is never asked.

`receipts/ASSIGNMENT.jsonl` in the course holds one line for each new content, and is only ever added to.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from nbgrader.utils import parse_utc

from autograder import archives
from autograder.protocol import Receipt, Submission

_WORDS = ("student", "sha256", "received", "from")


def seal(files: Mapping[str, bytes]) -> Receipt:
    """Hash and size of everything that was kept, by name; the same names and contents give the same hash."""
    digest = hashlib.sha256()
    for name, data in sorted((name.encode(), data) for name, data in files.items()):
        for part in (name, data):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return Receipt(digest.hexdigest(), sum(map(len, files.values())))


class Book:
    """The receipts of one assignment, open for adding; made by `open_book`."""

    def __init__(self, file: BinaryIO):
        self._file = file
        self._received: dict[tuple[str, str], str] = {}
        self._origins: dict[str, list[str]] = {}
        for line in _mended(file):
            self._remember(line)

    def issue(self, submission: Submission, now: datetime, origin: str) -> Submission:
        """The submission with its receipt: the time at which this content first came in from this student.

        now: the time for a content that is new (UTC if it has no time zone).  origin: where it came from, in words.
        """
        sha256 = submission.receipt.sha256
        if (submission.student, sha256) not in self._received:
            line = {"student": submission.student, "sha256": sha256, "size": submission.receipt.size,
                    "received": utc(now), "from": origin}
            self._file.write(json.dumps(line).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            self._remember(line)
        received = self._received[submission.student, sha256]
        return submission._replace(receipt=submission.receipt._replace(received=received))

    def origins(self, student: str) -> list[str]:
        """Where all that this student has handed in came from, the earliest first."""
        return self._origins.get(student, [])

    def _remember(self, line: dict) -> None:
        self._received.setdefault((line["student"], line["sha256"]), line["received"])
        self._origins.setdefault(line["student"], []).append(line["from"])


@contextmanager
def open_book(course_folder: Path, assignment: str) -> Iterator[Book]:
    """The receipts of an assignment; other processes wait until this one has closed them. Raises OSError."""
    path = course_folder / "receipts" / f"{assignment}.jsonl"
    new = not path.exists()
    path.parent.mkdir(exist_ok=True)
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if new:
            _sync_folder(path.parent)
        yield Book(file)


def exchange_time(folder: Path) -> datetime | None:
    """The time that nbgrader's exchange wrote to timestamp.txt, if it did; only for courses whose exchange is trusted.

    In a folder that came any other way it is the student's word.
    """
    try:
        text = archives.regular(folder / "timestamp.txt", 100).decode().strip()
        return parse_utc(text) if text else None
    except (archives.LeftOut, ValueError, OverflowError, TypeError):
        return None


def utc(time: datetime) -> str:
    """ISO 8601 in UTC, to the second; a time without a zone is UTC, as nbgrader's are."""
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="seconds")


def _mended(file: BinaryIO) -> Iterator[dict]:
    """The receipts in a file; a last line that a crash has torn is taken off, a whole one gets its end."""
    file.seek(0)
    text = file.read()
    whole, _, last = text.rpartition(b"\n")
    if last and _parsed(last):
        file.write(b"\n")
    elif last:
        file.truncate(len(text) - len(last))
    for line in [*whole.split(b"\n"), last]:
        if found := _parsed(line):
            yield found


def _parsed(line: bytes) -> dict | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) and all(isinstance(found.get(word), str) for word in _WORDS) else None


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
