"""What came in: one student's files from the disk, and the downloads of a learning platform for a whole class.

Nothing that a student can put into a submission raises here, or costs another student theirs: it is left out, with one
sentence each in `Submission.complaints`.
"""

import bz2
import errno
import gzip
import itertools
import lzma
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from autograder import archives, lms, receipts
from autograder.archives import Broken, Entry, LeftOut, Limits, TooLarge, key, kind, shown, tidy
from autograder.course import Course
from autograder.kernel import libc
from autograder.lms import IntakeError, Person
from autograder.protocol import Submission

IntakeLimits = Limits
LIMITS = IntakeLimits()
MAX_COMPLAINTS = 20             # sentences about one submission; more are counted
MAX_PROBLEMS = 200              # sentences about the names in one download; more are counted
MAX_CLASS_BYTES = 100 * 2**30   # of one download, unpacked to the disk
MAX_CLASS_ENTRIES = 1_000_000   # of one download: their names are held in memory
_EXCHANGE, _HERE = 2, -100      # RENAME_EXCHANGE of linux/fs.h, AT_FDCWD of fcntl.h
# What a file system says to a name or a path that it cannot hold, which is the student's fault
_BAD_NAME = {errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.ENOTDIR, errno.EISDIR, errno.EEXIST}

Source = Callable[[], Iterator[Entry]]


class Collected(NamedTuple):
    """taken: (student, what) of each submission that is in the course now.  problems: sentences."""

    taken: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]


def read(student: str, folder: Path, limits: IntakeLimits = LIMITS) -> Submission:
    """Everything that a student has handed in, archives unpacked; `receipt` without its time (see `receive`)."""
    bag = _Bag(limits)
    direct = bag.take(lambda: archives.folder(folder, limits))
    unpacked: dict[str, list[bytes]] = defaultdict(list)
    for archive in [name for name in direct if kind(name)]:
        for name, data in bag.unpack(archive, direct.pop(archive)).items():
            unpacked[name].append(data)
    packed = bag.single(unpacked)
    beside = set(map(key, direct))
    for name in packed:
        if key(name) in beside and packed[name] != direct.get(name):
            bag.complain(f"{shown(name)} was handed in beside an archive, too; the one in the archive is left out")
    files = {name: data for name, data in packed.items() if key(name) not in beside} | direct
    notebooks, others = bag.parted(files)
    return Submission(student, notebooks, others, bag.complaints, receipts.seal(others | notebooks))


def receive(book: receipts.Book, student: str, folder: Path, now: datetime, *,
            exchange_times: bool = False, limits: IntakeLimits = LIMITS) -> Submission:
    """`read`, with a receipt: the time when this content first came in.

    exchange_times: believe timestamp.txt for that, as nbgrader's exchange writes it; for courses that use the exchange.
    """
    when = receipts.exchange_time(folder) if exchange_times else None
    return book.issue(read(student, folder, limits), when or now, "exchange" if when else "folder")


class _Bag:
    """What is kept of one submission, how much more may be, and what was left out."""

    def __init__(self, limits: Limits):
        self.limits = limits
        # how much is still free
        self.files, self.entries = limits.files, limits.entries
        self.bytes, self.archives = limits.total_bytes, limits.archives
        self._sentences: list[str] = []
        self._more = 0

    @property
    def complaints(self) -> tuple[str, ...]:
        more = [f"{self._more:,} more things were left out."] if self._more else []
        return (*self._sentences, *more)

    def complain(self, sentence: str) -> None:
        if len(self._sentences) < MAX_COMPLAINTS:
            self._sentences.append(sentence + ".")
        else:
            self._more += 1

    def unpack(self, name: str, data: bytes) -> dict[str, bytes]:
        """The files of an archive, by the path that they get; a single folder around all of them is taken off."""
        self.files += 1         # the archive itself is not kept
        self.bytes += len(data)
        if not self.archives:
            self.complain(f"{shown(name)} is one archive too many; at most {self.limits.archives} are unpacked")
            return {}
        self.archives -= 1
        try:
            source = archives.unpack(name, data, self.limits)
        except Broken as error:
            self.complain(f"{shown(name)} {error}")
            return {}
        before = self.complaints
        found = self.take(source, name)
        if not found and self.complaints == before:
            self.complain(f"{shown(name)} is empty")
        top = {inner.partition("/")[0] for inner in found}
        if len(top) == 1 and all("/" in inner for inner in found):
            found = {inner.partition("/")[2]: data for inner, data in found.items()}
        place = name.rpartition("/")[0]
        return {f"{place}/{inner}" if place else inner: data for inner, data in found.items()}

    def take(self, source: Source, archive: str = "") -> dict[str, bytes]:
        """The files of a folder or an archive, as far as the limits go: notebooks first, then archives."""
        try:
            tidied, seen = self._tidied(source, archive)
            names = sorted(set(tidied.values()), key=_importance)
            chosen = set(names[:self.files])
            if len(names) > len(chosen):
                self.complain(f"{self._within(archive)}{len(names):,} files are too many; {len(chosen)} are kept, "
                              "notebooks before others")
            self.files -= len(chosen)
            found: dict[str, list[bytes]] = defaultdict(list)
            for rank in range(3):
                wanted = {raw: name for raw, name in tidied.items() if name in chosen and _importance(name)[0] == rank}
                again = itertools.islice(source(), seen if wanted else 0)
                for name, data in self._contents(again, wanted, archive):
                    found[name].append(data)
        except Broken as error:
            self.complain(f"{shown(archive) or 'the folder'} {error}")
            return {}
        return self.single(found, archive)

    def _tidied(self, source: Source, archive: str) -> tuple[dict[str, str], int]:
        """({name as it is given: as it is kept} of what can be, number of names seen); complains about all others."""
        names, free = {}, self.entries
        for entry in source():
            if not self.entries:
                self.complain(f"{shown(archive) or 'the folder'} holds too many files: no more than "
                              f"{self.limits.entries:,} of a submission are looked at")
                break
            self.entries -= 1
            try:
                name = tidy(entry.name, self.limits)
                why = entry.refused or _unreadable(name, archive)
            except LeftOut as error:
                name, why = entry.name, str(error)
            if name and why:
                self.complain(f"{self._within(archive)}{shown(name)} {why}")
            elif name and (archive or name != "timestamp.txt"):
                names[entry.name] = name
        return names, free - self.entries

    def _contents(self, entries: Iterator[Entry], wanted: Mapping[str, str],
                  archive: str) -> Iterator[tuple[str, bytes]]:
        """(kept name, bytes) of the wanted (name as given -> as kept); the same name may come again."""
        left = 2 * len(wanted)      # a name that is there thousands of times is not read each time
        for entry in entries:
            name = wanted.get(entry.name, "")
            if not name or entry.refused:
                continue
            if not left:
                break
            left -= 1
            most = self.limits.notebook_bytes if _is_notebook(name) else self.limits.total_bytes
            try:
                data = entry.read(min(most, self.bytes))
            except LeftOut as error:
                self.bytes -= min(error.cost, self.bytes)
                full = isinstance(error, TooLarge) and self.bytes < most
                why = f"does not fit into the {self.limits.total_bytes:,} bytes of a submission" if full else error
                self.complain(f"{self._within(archive)}{shown(name)} {why}")
            else:
                self.bytes -= len(data)
                yield name, data

    def single(self, found: Mapping[str, Sequence[bytes]], archive: str = "") -> dict[str, bytes]:
        """The files whose names stand for one content; what differs in case only is one name on some computers."""
        same: dict[str, dict[bytes, str]] = defaultdict(dict)
        for name, contents in found.items():
            for data in contents:
                same[key(name)].setdefault(data, name)
        for known in same.values():
            if len(known) > 1:
                self.complain(f"{self._within(archive)}{shown(min(known.values()))} is there {len(known)} times "
                              "with different contents; hand in the one that counts")
        return {name: data for known in same.values() if len(known) == 1 for data, name in known.items()}

    def parted(self, files: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """(notebooks by file name, other files by path): where none is at the top, the uppermost ones count."""
        if not any(_is_notebook(name) and "/" not in name for name in files):
            files = self._raised(files)
        kept: dict[str, bytes] = {}
        names = set(map(key, files))
        for name in sorted(files):
            parts = key(name).split("/")
            if any("/".join(parts[:n]) in names for n in range(1, len(parts))):
                self.complain(f"{shown(name)} lies in a folder that has the name of a file; rename one of them")
            elif name != "timestamp.txt":
                kept[name] = files[name]
        top = {name for name in kept if _is_notebook(name) and "/" not in name}
        return {name: kept[name] for name in kept if name in top}, {n: kept[n] for n in kept if n not in top}

    def _raised(self, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """The uppermost notebooks at the top; with them the files beside them, if they are all in one folder."""
        nested = sorted(filter(_is_notebook, files), key=lambda name: (name.count("/"), name))
        level = [name for name in nested if name.count("/") == nested[0].count("/")]
        homes = {name.rpartition("/")[0] for name in level}
        if len(homes) == 1:
            home = homes.pop() + "/"
            raised = {name.removeprefix(home): data for name, data in files.items() if name.startswith(home)}
            taken = set(map(key, raised))
            for name in [name for name in files if not name.startswith(home) and key(name) in taken]:
                self.complain(f"{shown(name)} gives way to the file of that name beside the notebook")
            return {n: data for n, data in files.items() if not n.startswith(home) and key(n) not in taken} | raised
        found: dict[str, list[bytes]] = defaultdict(list)
        for name in level:
            found[name.rpartition("/")[2]].append(files[name])
        return {name: data for name, data in files.items() if name not in level} | self.single(found)

    def _within(self, archive: str) -> str:
        return f"{shown(archive)}: " if archive else ""


def _unreadable(name: str, archive: str) -> str:
    if archive and kind(name):
        return "is an archive within an archive; hand in its files"
    return "is an archive that cannot be unpacked here; hand in a zip" if name.lower().endswith(
        archives.OTHER_PACKED) else ""


def _is_notebook(name: str) -> bool:
    return name.lower().endswith(".ipynb")


def _importance(name: str) -> tuple[int, int, str]:
    return 0 if _is_notebook(name) else 1 if kind(name) else 2, name.count("/"), name


class _Delivery(NamedTuple):
    """What one path brings. files: name -> (whose, path within what they handed in)."""

    source: Source
    files: Mapping[str, tuple[Person, str]]


class _Upload:
    """What one person handed in, on its way into the course: as it was uploaded, archives packed."""

    def __init__(self, folder: Path, limits: Limits):
        folder.mkdir()
        self.folder, self.limits = folder, limits
        self.files, self.bytes = 0, 0
        self.complaints: list[str] = []
        self.spoilt = ""        # why nothing of it can be used

    def add(self, path: str, entry: Entry) -> int:
        """Write one file of it, returns its bytes; what cannot be taken becomes a complaint."""
        try:
            name = tidy(path, self.limits)
            if name in ("", "timestamp.txt"):
                return 0
            if entry.refused or self.files >= self.limits.entries:
                raise LeftOut(entry.refused or "is one file too many")
            data = entry.read(min(self.limits.total_bytes, 2 * self.limits.total_bytes - self.bytes))
            self._write(self.folder / name, data)
        except LeftOut as error:
            self.complaints.append(f"{shown(path)} {error}.")
            if error.damaged:
                self.spoilt = f"{shown(path)} is damaged in the download; download it again"
            return 0
        self.files += 1
        self.bytes += len(data)
        return len(data)

    def doubt(self, origins: Sequence[str], person: Person) -> None:
        """Take nothing of it if somebody else of the same platform was collected as this student before."""
        for origin in origins:
            platform, _, rest = origin.partition("/")
            number, _, name = rest.partition("/")
            if platform == person.platform and number != person.number:
                self.spoilt = (f"{Person(platform, number, name)} was collected under this name before, now {person}; "
                               "pass a roster that tells them apart")

    def _write(self, target: Path, data: bytes) -> None:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                file.write(data)
        except OSError as error:
            if error.errno not in _BAD_NAME:
                raise
            if not target.is_file():
                raise LeftOut(f"has a name that cannot be written ({error.strerror})") from None
            if target.read_bytes() != data:
                self.spoilt = f"{shown(target.name)} is there twice with different contents"


def collect(course: Course, assignment: str, paths: Sequence[Path], *, student: str | None = None,
            received: datetime | None = None, roster: Path | None = None, limits: IntakeLimits = LIMITS) -> Collected:
    """Put what a learning platform delivers into the course's submitted/ folder, with receipts. Raises `IntakeError`.

    paths: downloads of Moodle or Canvas (archives, or folders with what was in them), or folders with a folder for each
    student; later ones replace earlier ones.  student: all paths are this student's.  received: when they came in
    (default: now).  roster: a CSV file, see `lms.read_roster`.
    """
    people = lms.read_roster(roster) if roster and not student else None
    problems: list[str] = []
    taken: list[tuple[str, str]] = []
    when = received or datetime.now(UTC)
    try:
        if student:
            deliveries = [_personal(paths, student, limits)]
        else:
            notebooks = {path.stem for path in course.path("source", ".", assignment).glob("*.ipynb")}
            deliveries = [_delivery(path, notebooks, people, limits, problems) for path in paths]
        students = _students({person for d in deliveries for person, _ in d.files.values()}, people, problems)
        with receipts.open_book(course.folder, assignment) as book:
            for delivery in deliveries:
                with tempfile.TemporaryDirectory(prefix=".collect-", dir=course.folder) as stage:
                    uploads = _staged(delivery, students, Path(stage), limits)
                    for person in sorted(uploads, key=students.__getitem__):
                        upload = uploads[person]
                        if people is None or not people.sure(person):
                            upload.doubt(book.origins(students[person]), person)
                        target = course.path("submitted", students[person], assignment)
                        what, complaints = _settle(upload, students[person], target, book, when, person.origin)
                        problems += [f"{students[person]}: {complaint}" for complaint in complaints]
                        taken += [(students[person], what)] if what else []
    except Broken as error:
        raise IntakeError(f"a download {error}; download it again") from None
    except OSError as error:
        raise IntakeError(f"cannot write to the course: {error}; mend that and collect again") from error
    return Collected(tuple(taken), tuple(problems))


def _settle(upload: "_Upload", student: str, target: Path, book: receipts.Book, when: datetime,
            origin: str) -> tuple[str, Sequence[str]]:
    """Put one upload in its place; returns (what it is, complaints), with nothing for what cannot be collected."""
    complaints = upload.complaints[:MAX_COMPLAINTS]
    if upload.spoilt or not upload.files:
        return "", [*complaints, f"{upload.spoilt or 'nothing in it can be collected'}; what was there before stays"]
    submission = book.issue(read(student, upload.folder, upload.limits), when, origin)
    _put(upload.folder, target, submission.receipt.received)
    return _what(submission), [*complaints, *submission.complaints]


def _personal(paths: Sequence[Path], student: str, limits: Limits) -> _Delivery:
    """Everything in these paths is one student's; an archive is taken as it is."""
    if why := lms.unfit(student):
        raise IntakeError(f"--student {shown(student)!r} {why}")
    sources = []
    for path in map(_existing, paths):
        if path.is_dir():
            sources.append(partial(archives.folder, path, limits))
        else:
            sources.append(partial(iter, [Entry(path.name, partial(archives.regular, path))]))
    person = Person("", "", student)

    def source() -> Iterator[Entry]:
        return itertools.chain.from_iterable(one() for one in sources)

    return _Delivery(source, {name: (person, name) for name in _tidied(source(), limits, [])})


def _delivery(path: Path, notebooks: set[str], roster: lms.Roster | None, limits: Limits,
              problems: list[str]) -> _Delivery:
    """A download for a whole class, or folders of students."""
    path = _existing(path)
    if not path.is_dir() and not kind(path.name):
        raise IntakeError(f"{path} is one file: whose? Say so with --student, or pass the platform's whole download")
    source = partial(_opened, path, limits)
    try:
        told: list[str] = []
        names = _tidied(source(), limits, told)
        found = lms.sort(names, notebooks, roster, packed=not path.is_dir())
    except (Broken, IntakeError) as error:
        raise IntakeError(f"{path}: {error}") from None
    told += found.problems
    if path.is_dir():
        used = {name.partition("/")[0] for name in names}
        empty = {p.name for p in path.iterdir() if p.is_dir() and not p.name.startswith(".")} - used
        told += [f"{shown(name)}: an empty folder; nothing was handed in" for name in sorted(empty)]
    problems += told[:MAX_PROBLEMS]
    if len(told) > MAX_PROBLEMS:
        problems.append(f"{path.name}: {len(told) - MAX_PROBLEMS:,} more names in it were left out")
    return _Delivery(source, found.files)


def _existing(path: Path) -> Path:
    if not path.exists():
        raise IntakeError(f"{path} does not exist; pass a platform's download, or a folder with students' folders")
    return path.resolve()


def _opened(path: Path, limits: Limits) -> Iterator[Entry]:
    """The entries of a download, which may be larger than memory."""
    if path.is_dir():
        yield from archives.folder(path, limits)
        return
    how = kind(path.name)
    openers: dict[str, Any] = {"gz": gzip.open, "bz2": bz2.open, "xz": lzma.open}
    try:
        with openers.get(how, open)(path, "rb") as file:
            # how well the platform has packed an upload says nothing about its student
            free = limits._replace(ratio=MAX_CLASS_BYTES)
            if how == "zip":
                yield from archives.unzip(archives.open_zip(file), free)
            else:
                yield from archives.untar(file, 4 * MAX_CLASS_ENTRIES)
    except OSError as error:
        raise IntakeError(f"it cannot be read ({error.strerror})") from None


def _tidied(entries: Iterator[Entry], limits: Limits, problems: list[str]) -> set[str]:
    """The names in a download, as they are kept; adds a sentence for each that cannot be."""
    names = set()
    for number, entry in enumerate(entries):
        if number >= MAX_CLASS_ENTRIES:
            raise IntakeError(f"there are more than {MAX_CLASS_ENTRIES:,} files in it; collect it in parts")
        try:
            names.add(tidy(entry.name, limits))
        except LeftOut as error:
            problems.append(f"{shown(entry.name)} {error}")
    return names - {""}


def _students(people: set[Person], roster: lms.Roster | None, problems: list[str]) -> dict[Person, str]:
    """Ids of all whom the roster knows, or whose names make one; two people are never one student."""
    found = {}
    for person in sorted(people):
        try:
            found[person] = roster.find(person) if roster else lms.student_id(person)
            if not found[person]:
                raise LookupError("has no name that can be a student's id; pass a roster")
        except LookupError as error:
            found.pop(person, None)
            problems.append(f"{person} {error}; not collected")
    for student, several in lms.clashes(found).items():
        problems.append(f"{' and '.join(map(str, several))} would all be {student}; none of them is collected, "
                        "pass a roster that tells them apart (columns student, moodle_id or canvas_id)")
        found = {person: student for person, student in found.items() if person not in several}
    return found


def _staged(delivery: _Delivery, students: Mapping[Person, str], stage: Path, limits: Limits) -> dict[Person, _Upload]:
    """Write everyone's files into folders of their own, not yet where submissions are looked for."""
    uploads: dict[Person, _Upload] = {}
    free = MAX_CLASS_BYTES
    for entry in delivery.source():
        with suppress(LeftOut):
            name = tidy(entry.name, limits)
            if name in delivery.files and delivery.files[name][0] in students:
                person, path = delivery.files[name]
                if person not in uploads:
                    uploads[person] = _Upload(stage / str(len(uploads)), limits)
                free -= uploads[person].add(path, entry)
                if free < 0:
                    raise IntakeError(f"it unpacks to more than {MAX_CLASS_BYTES:,} bytes; collect it in parts")
    return uploads


def _put(fresh: Path, target: Path, received: str) -> None:
    """Put a folder in the place of another in one step; the time is written as nbgrader's exchange would."""
    (fresh / "timestamp.txt").write_text(received)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as beside:
        near = Path(beside) / "x"
        shutil.move(fresh, near)
        if os.path.lexists(target):
            _exchange(near, target)
        else:
            near.rename(target)


def _exchange(fresh: Path, target: Path) -> None:
    rename = getattr(libc, "renameat2", None)
    if rename is None or rename(_HERE, os.fsencode(fresh), _HERE, os.fsencode(target), _EXCHANGE):
        # a file system that cannot: for a moment there is neither, but never half of one
        target.rename(fresh.with_name("old"))
        fresh.rename(target)


def _what(submission: Submission) -> str:
    names = ", ".join(map(shown, sorted(submission.notebooks))) or "no notebook"
    more = len(submission.files)
    return names + (f" and {more} more file{'s' * (more > 1)}" if more else "")
