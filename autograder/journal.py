"""What a grading run remembers on disk, so that nothing is graded twice and nothing is lost, however the run ends.

A result goes three steps, and a run may be killed before, in or after each of them:

    graded -> `keep`              on the disk when this returns, so it is not graded again
           -> gradebook.record    may be repeated: recording a result again changes nothing
           -> `mark_recorded`     its pages are dropped here; the rest tells that this submission is done

`settle` goes the last two steps for everything that is kept. A run calls it before it grades anything, which is all
that resuming takes, and again after each batch that it keeps.
"""

import contextlib
import fcntl
import itertools
import json
import os
import platform
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from autograder.protocol import Check, Receipt, Result

FOLDER = ".autograder"
PATIENCE = 5.0                      # seconds to wait for a journal that another program has open
MOST_AT_ONCE = 200                  # results, and
MOST_CHARACTERS = 64 * 2**20        # characters of pages, that are read back at a time

# Another set of fields is another format, whether or not somebody thinks of raising a number
_FORMAT = zlib.crc32(repr((1, Result._fields, Check._fields, Receipt._fields)).encode()) & 0x7FFFFFFF

_TABLES = [
    # key: what was graded and how, opaque; result: JSON, without the notebooks
    "CREATE TABLE kept (student TEXT PRIMARY KEY, key TEXT NOT NULL, result TEXT NOT NULL)",
    # JSON of the notebooks of a result that is not yet in the gradebook
    "CREATE TABLE pending (student TEXT PRIMARY KEY, notebooks TEXT NOT NULL)",
]


class JournalError(Exception):
    """The journal cannot be used, or another run is using it; the message says what to do."""


class _Unusable(Exception):
    """The file is damaged or in another format."""


class Journal:
    """The results of one assignment: those on their way to the gradebook, and what has arrived there.

    folder: the course's.  warnings: sentences about what was found unusable, and what that means for the grades.
    One at a time: a second one for the same assignment raises `JournalError` until the first is closed or killed.
    """

    def __init__(self, folder: Path, assignment: str):
        self.path = folder / FOLDER / f"{assignment}.db"
        self.assignment = assignment
        self.warnings: list[str] = []
        self.refused: dict[str, str] = {}       # what the gradebook did not take in this run, and why

    def __enter__(self) -> "Journal":
        with self._explained():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = _lock(self.path.with_suffix(".lock"), self.assignment)
        try:
            with self._explained():
                try:
                    self._db = _open(self.path)
                except _Unusable as error:
                    aside = _set_aside(self.path)
                    self.warnings.append(f"the journal {self.path} {error}, so it was set aside as {aside.name}; "
                                         "submissions that were graded before are graded again")
                    self._db = _open(self.path)
        except BaseException:
            os.close(self._lock)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            with contextlib.suppress(sqlite3.Error):        # nothing depends on the file getting smaller
                self._db.executescript("PRAGMA incremental_vacuum")     # `execute` would free one page only
            self._db.close()
        finally:
            os.close(self._lock)

    def keep(self, key: str, result: Result) -> None:
        """Keep a result in place of any earlier one of that student; it is on the disk when this returns."""
        self.keep_all([(key, result)])

    def keep_all(self, results: Iterable[tuple[str, Result]]) -> None:
        """Keep a batch of (key, result), all or none; they are on the disk when this returns."""
        results = list(results)
        with self._explained(), self._db:
            self._db.executemany("REPLACE INTO kept VALUES (?, ?, ?)", [
                (result.student, key, to_json(result._replace(notebooks=()))) for key, result in results])
            self._db.executemany("REPLACE INTO pending VALUES (?, ?)", [
                (result.student, json.dumps(result.notebooks)) for _, result in results])
        for _, result in results:
            self.refused.pop(result.student, None)

    def settle(self, record: Callable[[Sequence[Result]], Mapping[str, str]]) -> dict[str, str]:
        """Record in the gradebook all that is kept and not yet there; returns {student: why} of what it did not take.

        record: `gradebook.Recorder.record`.  What was not taken stays kept, and is tried again by the next run.
        """
        failed: dict[str, str] = {}
        for batch in self.pending():
            refused = record(batch)
            self.mark_recorded([result.student for result in batch if result.student not in refused])
            failed |= refused
        self.refused |= failed
        return failed

    def pending(self) -> Iterator[list[Result]]:
        """Batches of what is kept and not yet in the gradebook, except what it refused in this run."""
        with self._explained():
            rows = self._db.execute("SELECT student, length(notebooks) FROM pending ORDER BY student").fetchall()
        waiting = [(student, size) for student, size in rows if student not in self.refused]
        while waiting:
            sizes = itertools.accumulate(size for _, size in waiting[:MOST_AT_ONCE])
            fit = max(1, sum(size <= MOST_CHARACTERS for size in sizes))
            read = [self._read(student) for student, _ in waiting[:fit]]
            yield [result for result in read if result]
            del waiting[:fit]

    def mark_recorded(self, students: Iterable[str]) -> None:
        """These students' results are in the gradebook and their pages in its folder: drop the pages here."""
        with self._explained(), self._db:
            self._db.executemany("DELETE FROM pending WHERE student = ?", [(student,) for student in students])

    def find(self, student: str, key: str) -> Result | None:
        """The result that is kept for this student under this key, without its notebooks."""
        with self._explained():
            row = self._db.execute("SELECT result FROM kept WHERE student = ? AND key = ?", (student, key)).fetchone()
        try:
            return from_json(row[0]) if row else None
        except ValueError:
            return None

    def forget(self, student: str) -> None:
        """Drop what is kept of a student, who is then graded again."""
        with self._explained(), self._db:
            for table in ("kept", "pending"):
                self._db.execute(f"DELETE FROM {table} WHERE student = ?", (student,))

    def _read(self, student: str) -> Result | None:
        with self._explained():
            row = self._db.execute("SELECT result, notebooks FROM pending LEFT JOIN kept USING (student) "
                                   "WHERE student = ?", (student,)).fetchone()
        try:
            return from_json(row[0])._replace(notebooks=tuple((name, page) for name, page in json.loads(row[1])))
        except (ValueError, TypeError):
            self.forget(student)
            self.warnings.append(f"what the journal {self.path} kept of {student} is damaged; they are graded again")
            return None

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise JournalError(f"the journal {self.path} cannot be used ({error}); what it kept before is safe. See "
                               "that the disk has space and lets you write, then run the same command again") from error


def to_json(result: Result) -> str:
    """A result as one line of JSON."""
    fields = result._asdict() | {"checks": [check._asdict() for check in result.checks],
                                 "receipt": result.receipt._asdict()}
    return json.dumps(fields)


def from_json(text: str) -> Result:
    """The result that `to_json` wrote. Raises ValueError for any other text."""
    try:
        fields = json.loads(text)
        return Result(**fields | {"checks": tuple(Check(**check) for check in fields["checks"]),
                                  "receipt": Receipt(**fields["receipt"]),
                                  "notebooks": tuple((name, page) for name, page in fields["notebooks"]),
                                  "unanswered": tuple((name, cell) for name, cell in fields["unanswered"])})
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"this is no result: {error}") from error


def _open(path: Path) -> sqlite3.Connection:
    """Open or make the database. Raises `_Unusable` for a file that is damaged or in another format.

    A write-ahead log that is synced at each commit: one sync a commit, where a rollback journal takes three. Held by
    one process (locking_mode), it needs no shared memory either, so that it works on a network's disk.
    """
    new = not path.exists()
    db = sqlite3.connect(path, timeout=PATIENCE)
    try:
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        if new:
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        (version,), = db.execute("PRAGMA user_version").fetchall()
        (tables,), = db.execute("SELECT count(*) FROM sqlite_master").fetchall()
        if version == 0 and tables == 0:
            with db:
                db.execute("BEGIN")
                for table in _TABLES:
                    db.execute(table)
                db.execute(f"PRAGMA user_version = {_FORMAT}")
            _to_disk(path.parent)
        elif version != _FORMAT:
            raise _Unusable("was written by another version of the autograder")
        elif db.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
            raise _Unusable("is damaged")
        db.execute("SELECT student, key, result, notebooks FROM kept LEFT JOIN pending USING (student) LIMIT 1")
        return db
    except _Unusable:
        db.close()
        raise
    except sqlite3.DatabaseError as error:
        db.close()
        # Errors of the file, not of the disk, the lock or the rights: those may pass
        if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_ERROR")):
            raise _Unusable(f"is damaged ({error})") from error
        raise


def _set_aside(path: Path) -> Path:
    """Rename a file, with the files that SQLite keeps beside it, to the first free name; returns that."""
    aside = next(name for number in itertools.count(1)
                 if not (name := path.with_name(f"{path.name}.unusable-{number}")).exists())
    for suffix in ("-wal", "-shm", "-journal", ""):
        with contextlib.suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
    return aside


def _lock(path: Path, assignment: str) -> int:
    """Lock a file for as long as this process lives; returns its descriptor. Raises `JournalError` if it is locked."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"process {os.getpid()} on {platform.node()}".encode(), 0)
    except BlockingIOError:
        holder = os.pread(handle, 200, 0).decode(errors="replace") or "another process"
        os.close(handle)
        raise JournalError(f"{assignment} is being graded already, by {holder}. Wait until that has ended, or "
                           "end it (it can be resumed), then run the same command again") from None
    except BaseException:
        os.close(handle)
        raise
    return handle


def _to_disk(folder: Path) -> None:
    for path in (folder, folder.parent):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
