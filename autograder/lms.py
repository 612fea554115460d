"""Whose file is it? Names as learning platforms give them to the files of a download, and the course's roster.

Only the outermost name is asked, which the platform has made; what stands behind it is the student's own.
- Moodle: `Full Name_123_assignsubmission_file_/work.ipynb`, newer versions without the last underscore, and
  `Full Name_123_assignsubmission_file_work.ipynb` where folders are switched off (mod/assign/classes/downloader.php).
  The number is the participant's in this one assignment, not the user's.
- Canvas: `lastfirst_123_456_work.ipynb`, with `_LATE` behind the name: the user's number, then the file's
  (lib/content_zipper.rb). A file handed in again under the same name gets -1, -2, ... behind it.
- Otherwise: one folder for each student.
"""

import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from autograder.archives import key, kind, shown

_MOODLE = re.compile(r"(?P<name>[^_/]+)(?:_(?P<number>\d+))?_assignsubmission_(?P<plugin>[a-z0-9]+)(?:_(?P<file>.*))?")
_CANVAS = re.compile(r"(?P<name>[\w-]+?)(?:_LATE)?_(?P<number>\d+)_(?P<id>\d+)_(?P<file>.+)")
_CANVAS_TEXT = re.compile(r"(?P<name>[\w-]+?)(?:_LATE)?_(?P<number>\d+)_(?P<what>text|link)\.html")
_CANVAS_ANONYMOUS = re.compile(r"(?:LATE_)?anon_[^_]+_\d+_.+")
_UNKNOWN = re.compile(r"\d+-\d+ - .+ - .+ \d{4} \d{3,4} [AP]M.*|.+_attempt_\d{4}(?:-\d\d){5}.*")
NOBODYS = ("no names as Moodle or Canvas give them, and no folder for each student; if this is one student's own, say "
           "whose with --student")
MAX_ID_BYTES = 100      # of a student's id, which becomes the name of folders


class IntakeError(Exception):
    """What an instructor asked to collect cannot be; the message says what to do."""


class Person(NamedTuple):
    """Someone as a platform names them. platform: Moodle, Canvas, or empty where the name is the course's own id."""

    platform: str
    number: str
    name: str

    def __str__(self) -> str:
        return f"{shown(self.name)} ({self.platform} {self.number})" if self.platform else shown(self.name)

    @property
    def origin(self) -> str:
        """For receipts: the same for one person, another for another person of the same name."""
        return f"{self.platform}/{self.number}/{self.name}" if self.platform else "collected"


class Sorted(NamedTuple):
    """What the names of a download say. files: name -> (whose, path within what they handed in)."""

    files: dict[str, tuple[Person, str]]
    problems: list[str]


class Roster(NamedTuple):
    """A course's students, by what platforms call them."""

    students: frozenset[str]
    numbers: Mapping[tuple[str, str], str]              # (platform, number) -> student
    names: Mapping[tuple[str, str], frozenset[str]]     # (platform, bare name) -> students known by name only

    def find(self, person: Person) -> str:
        """The student's id; raises `LookupError`, whose message is the rest of a sentence."""
        if not person.platform:
            if person.name in self.students:
                return person.name
            raise LookupError("is no student of the roster; correct the folder's name or the roster")
        if found := self.numbers.get((person.platform, person.number)):
            return found
        students = self.names.get((person.platform, _bare(person.name)), frozenset())
        if len(students) == 1:
            return next(iter(students))
        column = f"{person.platform.lower()}_id"
        if students:
            raise LookupError(f"could be {' or '.join(sorted(students))}; give the roster a column {column}")
        raise LookupError(f"is not in the roster; add the name, or {person.number} in a column {column}")

    def sure(self, person: Person) -> bool:
        """Is this person known by a number, which nobody can choose?"""
        return (person.platform, person.number) in self.numbers


def read_roster(path: Path) -> Roster:
    """A CSV file with a column `student` and any of `name`, `moodle_id`, `canvas_id`. Raises `IntakeError`.

    moodle_id: the number in the names of Moodle's download, or "Participant 123" as in its grading worksheet.
    Who has a number for a platform is never known by name there: names can be changed to somebody else's.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise IntakeError(f"the roster {path} cannot be read ({error}); it is a CSV file in UTF-8") from None
    first = text.partition("\n")[0]
    reader = csv.DictReader(text.splitlines(), delimiter=";" if first.count(";") > first.count(",") else ",")
    rows = [{(k or "").strip().lower(): (v or "").strip() for k, v in row.items() if isinstance(v, str)}
            for row in reader]
    if "student" not in [(name or "").strip().lower() for name in reader.fieldnames or []]:
        raise IntakeError(f"the roster {path} has no column 'student'; its first line names the columns, "
                          "such as student,name,canvas_id")
    return _roster(path, [row for row in rows if any(row.values())])


def _roster(path: Path, rows: list[dict[str, str]]) -> Roster:
    numbers: dict[tuple[str, str], str] = {}
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        student = row.get("student", "")
        if why := unfit(student):
            raise IntakeError(f"the roster {path} has a student {shown(student)!r}, which {why}")
        for platform in ("Moodle", "Canvas"):
            number = row.get(f"{platform.lower()}_id", "").split(" ")[-1]
            if number and numbers.setdefault((platform, number), student) != student:
                raise IntakeError(f"the roster {path} has {platform} {number} twice: "
                                  f"{numbers[platform, number]} and {student}")
            if not number:
                for name in _orders(row.get("name", "")):
                    names[platform, name].add(student)
    return Roster(frozenset(row["student"] for row in rows), numbers,
                  {name: frozenset(students) for name, students in names.items()})


def sort(names: Collection[str], notebooks: Collection[str], roster: Roster | None, *, packed: bool) -> Sorted:
    """Whose each file of a download is, by the platform that most likely has made its names. Raises `IntakeError`.

    notebooks: the names of the assignment's notebooks; they tell `lab-1` from a second upload of `lab`.
    packed: the names are from an archive, which may be one student's own.
    """
    names = sorted(names)
    tops = {name.partition("/")[0] for name in names}
    if any(_MOODLE.fullmatch(top) for top in tops):
        return _moodle(names)
    if any(map(_UNKNOWN.fullmatch, tops)):
        raise IntakeError(f"{shown(min(filter(_UNKNOWN.fullmatch, tops)))} looks like a name from Brightspace or Black"
                          "board, which are not read; put each student's files into a folder with the student's id")
    if any("/" in name for name in names):
        if loose := [name for name in names if _CANVAS.fullmatch(name)]:
            raise IntakeError(f"{shown(loose[0])} has a name that Canvas gives, but there are folders beside it; "
                              "Canvas' files need a folder of their own")
        return _folders(names, alone=not packed or roster is not None)
    if not any(form.fullmatch(name) for name in names for form in (_CANVAS, _CANVAS_TEXT, _CANVAS_ANONYMOUS)):
        raise IntakeError(NOBODYS)
    return _canvas(names, notebooks, roster)


def _moodle(names: Iterable[str]) -> Sorted:
    found = Sorted({}, [])
    for name in names:
        top, slash, rest = name.partition("/")
        match = _MOODLE.fullmatch(top)
        if not match:
            found.problems.append(f"{shown(name)}: not a name that Moodle gives; left out")
            continue
        person = Person("Moodle", match["number"] or "", match["name"].strip())
        path = rest if slash else match["file"] or ""
        if match["plugin"] != "file":
            found.problems.append(f"{person}: {shown(path)} is no file but Moodle's {match['plugin']}; left out, "
                                  "only uploaded files are collected")
        elif path:
            found.files[name] = person, path
    return found


def _canvas(names: Iterable[str], notebooks: Collection[str], roster: Roster | None) -> Sorted:
    found = Sorted({}, [])
    uploads: dict[tuple[Person, str], list[tuple[int, int, str]]] = defaultdict(list)
    doubtful: list[tuple[Person, str]] = []
    for name in names:
        match = _CANVAS.fullmatch(name)
        if _CANVAS_ANONYMOUS.fullmatch(name):
            found.problems.append(f"{shown(name)}: handed in anonymously; let Canvas show names and download again")
        elif text := _CANVAS_TEXT.fullmatch(name):
            found.problems.append(f"{Person('Canvas', text['number'], text['name'])}: a {text['what']} typed into "
                                  "Canvas; left out, only uploaded files are collected")
        elif not match:
            found.problems.append(f"{shown(name)}: not a name that Canvas gives; left out")
        else:
            match, doubt = _reading(match, roster)
            if not match:
                found.problems.append(f"{shown(name)}: could be from two students; correct their names in Canvas")
                continue
            person = Person("Canvas", match["number"], match["name"])
            file, again = _first_name(match["file"], notebooks)
            uploads[person, file].append((int(match["id"]), again, name))
            doubtful += [(person, name)] if doubt else []
    for (person, file), versions in uploads.items():
        found.files[max(versions)[-1]] = person, file
    sure = {person for name, (person, _) in found.files.items() if (person, name) not in doubtful}
    for person, name in doubtful:
        if person in sure and name in found.files:
            del found.files[name]
            found.problems.append(f"{shown(name)}: a student's name may end in a number here; left out, pass a roster "
                                  "with a column canvas_id")
    return found


def _reading(match: re.Match, roster: Roster | None) -> tuple[re.Match | None, bool]:
    """(the right reading, is it doubtful) of `name_1_2_3_file`: a student may be called `name_1` and be number 2.

    Names can be chosen in Canvas, so that `ada_1` must not become number 1. With a roster, exactly one reading leads to
    someone, else nobody; without, a third number as long as those of files leaves a doubt.
    """
    text = match.string
    other = re.compile(rf"(?P<name>{match['name']}_{match['number']})_(?P<number>{match['id']})"
                       r"_(?P<id>[1-9]\d{3,})_(?P<file>.+)").fullmatch(text)
    if not other:
        return match, False
    if not roster:
        return match, True
    known = {}
    for reading in (match, other):
        try:
            known[roster.find(Person("Canvas", reading["number"], reading["name"]))] = reading
        except LookupError:
            continue
    return (None if len(known) > 1 else next(iter(known.values()), match)), False


def _first_name(file: str, notebooks: Collection[str]) -> tuple[str, int]:
    """(name without Canvas' number of a later upload, that number), for archives and the assignment's notebooks."""
    stem, dot, ending = file.partition(".") if kind(file) else file.rpartition(".")
    base, dash, number = stem.rpartition("-")
    again = dash and number.isdecimal() and len(number) < 4
    if again and (kind(file) or (ending == "ipynb" and stem not in notebooks and base in notebooks)):
        return f"{base}{dot}{ending}", int(number)
    return file, 0


def _folders(names: Iterable[str], *, alone: bool) -> Sorted:
    """alone: a single folder can be a single student's; else it may be what one student has packed."""
    found = Sorted({}, [])
    top, *others = {name.partition("/")[0] for name in names if "/" in name}
    within = [name.partition("/")[2] for name in names if "/" in name]
    if not others and (any(_MOODLE.fullmatch(name.partition("/")[0]) for name in within)
                       or all(map(_CANVAS.fullmatch, within))):
        raise IntakeError(f"the only folder is {shown(top)}, with names in it that a platform gives: a download within "
                          "a folder? Pass that folder itself, or pack its files without it")
    if not others and not alone:
        raise IntakeError(NOBODYS)
    for name in names:
        top, slash, rest = name.partition("/")
        if slash:
            found.files[name] = Person("", "", top), rest
        else:
            found.problems.append(f"{shown(name)}: not in a student's folder; left out, collect it with --student")
    return found


def student_id(person: Person) -> str:
    """An id for someone who is in no roster: the name in lower case, without accents on ASCII letters.

    Empty if nothing is left.
    """
    if not person.platform:
        return "" if unfit(person.name) else person.name
    text = ""
    for character in unicodedata.normalize("NFKD", person.name.casefold()):
        group = unicodedata.category(character)[0]      # letter, number, mark, ...
        if group in "LN" or (group == "M" and not text[-1:].isascii()):
            text += character
        elif group != "M":
            text += "-"
    text = re.sub("-+", "-", unicodedata.normalize("NFC", text)).strip("-")
    return text.encode()[:MAX_ID_BYTES].decode(errors="ignore")


def unfit(student: str) -> str:
    """Why this cannot be a student's id; empty if it can."""
    if not student or student.startswith(".") or not student.isprintable() or set("/\\") & set(student):
        return "cannot be a folder's name; use letters, digits and - _ . (not first)"
    if len(student.encode()) > MAX_ID_BYTES:
        return f"is longer than {MAX_ID_BYTES} bytes"
    return ""


def _bare(name: str) -> str:
    """Letters and digits only, without case and accents: platforms differ in all the rest."""
    return "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if unicodedata.category(c)[0] in "LN")


def _orders(name: str) -> set[str]:
    """A name as platforms may write it: first name first, last name first."""
    words = name.replace(",", " ").split()
    return {_bare("".join(words[n:] + words[:n])) for n in range(len(words))} - {""}


def clashes(students: Mapping[Person, str]) -> dict[str, list[Person]]:
    """Students' ids that would stand for more than one person, or that some computers take for one folder."""
    found: dict[str, list[Person]] = defaultdict(list)
    for person, student in students.items():
        found[key(student)].append(person)
    return {students[people[0]]: people for people in found.values() if len(people) > 1}
