"""What comes in: every hostile upload costs its own student at most, and the neighbours' submissions are complete."""

import gzip
import io
import json
import os
import re
import shutil
import socket
import struct
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest

from autograder import archives, course, intake, receipts
from autograder.archives import Limits
from autograder.intake import IntakeError

NB = b'{"nbformat": 4, "cells": []}'
EVIL = b'{"nbformat": 4, "cells": ["evil"]}'
HONEST = {"work.ipynb": NB, "data/numbers.csv": b"1,2,3"}
WHEN = datetime(2026, 3, 2, 8, 30, 15, tzinfo=UTC)


def zipped(*members, how=zipfile.ZIP_DEFLATED):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return made.getvalue()


def tarred(*members):
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, data in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


def odd(name, kind=None, mode=0):
    """A member that is no file, for a tar (kind) or a zip (mode)."""
    if kind:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, "../../ada-lovelace/ps1/work.ipynb"
        return info
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def twice(name, one, other):
    with pytest.warns(UserWarning, match="Duplicate name"):
        return zipped((name, one), (name, other))


def changed(data, field, value, form):
    """A zip with one field of its first entry in the table of contents changed."""
    at = data.index(b"PK\1\2") + field
    return data[:at] + struct.pack(form, value) + data[at + struct.calcsize(form):]


def crowd(number):
    """A zip of so many empty files, all at one place."""
    body = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    entry = struct.pack("<4s4B4H3L5H2L", b"PK\1\2", 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    count = min(number, 65535)
    return body + entry * number + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, number * len(entry),
                                               len(body), 0)


def overlapping():
    data = zipped(("work.ipynb", os.urandom(20_000)))
    at = data.index(b"PK\1\2")
    table = data[at:-22]
    return data[:at] + table * 50 + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 50, 50, 50 * len(table), at, 0)


def nested(depth):
    data = NB
    for n in range(depth):
        data = zipped((f"inner{n}.zip" if n else "work.ipynb", data), ("again.zip", data))
    return data


def beside(*others):
    """A zip with an ordinary notebook and this."""
    return {"hw.zip": zipped(("work.ipynb", NB), *others)}


def tar_beside(*others):
    return {"hw.tgz": tarred(*others, ("work.ipynb", NB))}


# name -> (what mallory uploads, what is kept of it, what the sentence about the rest says; none if there is no rest)
ATTACKS = {
    "zip: traversal": (beside(("../../ada-lovelace/ps1/work.ipynb", EVIL)), {"work.ipynb": NB}, "leads out"),
    "zip: traversal behind litter": (beside(("__MACOSX/../../x", EVIL)), {"work.ipynb": NB}, "leads out"),
    "zip: absolute": (beside(("/etc/cron.d/evil", EVIL)), {"work.ipynb": NB}, "leads out"),
    "zip: drive letter": (beside(("C:/evil", EVIL)), {"work.ipynb": NB}, "leads out"),
    "zip: backslashes": (beside(("..\\..\\evil", EVIL)), {"work.ipynb": NB}, "backslash"),
    "zip: link": (beside((odd("l", mode=0o120777), b"/etc/passwd")), {"work.ipynb": NB}, "hw.zip: l is a link"),
    "zip: link as the notebook": ({"hw.zip": zipped((odd("work.ipynb", mode=0o120777), b"/etc/passwd"))}, {}, "a link"),
    "zip: pipe": (beside((odd("p", mode=0o010644), b"")), {"work.ipynb": NB}, "hw.zip: p is a pipe"),
    "zip: encrypted": ({"hw.zip": changed(zipped(("work.ipynb", NB)), 8, 1, "<H")}, {}, "without a password"),
    "zip: cut off": ({"hw.zip": zipped(("work.ipynb", NB))[:-10]}, {}, "no whole zip"),
    "zip: empty": ({"hw.zip": zipped()}, {}, "hw.zip is empty"),
    "zip: nothing but litter": ({"hw.zip": zipped((".DS_Store", b""))}, {}, "hw.zip is empty"),
    "zip: no zip": ({"hw.zip": b"MZ\x90"}, {}, "no whole zip"),
    "zip: behind a program": ({"hw.zip": b"MZ\x90" * 99 + zipped(("work.ipynb", NB))}, {"work.ipynb": NB}, None),
    "zip: bomb, flat": (beside(("zeros", b"\0" * (51 * 2**20))), {"work.ipynb": NB}, "zeros does not fit into"),
    "zip: bomb, ratio": (beside(("zeros", b"\0" * 2**21)), {"work.ipynb": NB}, "200 times larger"),
    "zip: bomb, overlapping": ({"hw.zip": overlapping()}, {}, "overlap, as bombs have"),
    "zip: bomb, nested": ({"hw.zip": nested(6)}, {}, "an archive within an archive"),
    "zip: 100,000 entries": ({"hw.zip": crowd(100_000)}, {}, "table of contents of more than"),
    "zip: 21,000 entries": ({"hw.zip": crowd(21_000)}, {"a": b""}, "hw.zip holds too many files"),
    "zip: huge name": (beside(("x" * 60_000, b"")), {"work.ipynb": NB}, r"x…? has a name of more than 255 bytes"),
    "zip: deep": (beside(("d/" * 500 + "x", b"")), {"work.ipynb": NB}, "more than 20 folders deep"),
    "zip: a name twice": ({"hw.zip": twice("work.ipynb", NB, EVIL)}, {}, "work.ipynb is there 2 times"),
    "zip: a name twice, one content": ({"hw.zip": twice("work.ipynb", NB, NB)}, {"work.ipynb": NB}, None),
    "zip: names that differ in case": (beside(("WORK.ipynb", EVIL), ("a", b"")), {"a": b""}, "is there 2 times"),
    "zip: names that differ in Unicode form": (beside(("e\u0301", b"1"), ("é", b"2")), {"work.ipynb": NB}, "2 times"),
    "zip: name with a line end": (beside(("a\nb: fine", EVIL)), {"work.ipynb": NB}, r"a\\nb: fine has a name"),
    "zip: name that runs from right to left": (beside(("\u202efoo", EVIL)), {"work.ipynb": NB}, r"\\u202efoo has"),
    "zip: name with a terminal's code": (beside(("\x1b[2Jx", EVIL)), {"work.ipynb": NB}, r"\\x1b\[2Jx has"),
    "zip: size too small": ({"hw.zip": changed(zipped(("work.ipynb", NB)), 24, 5, "<L")}, {}, "is damaged"),
    "zip: size too large": ({"hw.zip": changed(zipped(("work.ipynb", NB)), 24, 9999, "<L")}, {}, "is damaged"),
    "zip: zip64 without sizes": ({"hw.zip": changed(zipped(("work.ipynb", NB)), 24, 2**32 - 1, "<L")}, {},
                                 "no whole zip|larger than"),
    "zip: another checksum": ({"hw.zip": changed(zipped(("work.ipynb", NB)), 16, 1, "<L")}, {}, "is damaged"),
    "zip: file and folder of one name": (beside(("d", b""), ("d/x", b"")), {"work.ipynb": NB, "d": b""}, "of a file"),
    "zip: another student's Moodle folder": (
        {"hw.zip": zipped(("Ada Lovelace_1_assignsubmission_file_/work.ipynb", EVIL))}, {"work.ipynb": EVIL}, None),
    "zip: forged time": (beside(("timestamp.txt", b"1999-01-01 00:00:00 UTC")), {"work.ipynb": NB}, None),
    "tar: link": (tar_beside((odd("l", tarfile.SYMTYPE), b"")), {"work.ipynb": NB}, "l is a link"),
    "tar: hard link": (tar_beside((odd("l", tarfile.LNKTYPE), b"")), {"work.ipynb": NB}, "l is a link"),
    "tar: device": (tar_beside((odd("zero", tarfile.CHRTYPE), b"")), {"work.ipynb": NB}, "zero is a device"),
    "tar: pipe": (tar_beside((odd("p", tarfile.FIFOTYPE), b"")), {"work.ipynb": NB}, "p is a pipe"),
    "tar: sparse": (tar_beside((odd("s", tarfile.GNUTYPE_SPARSE), b"")), {"work.ipynb": NB}, "s is packed as a sparse"),
    "tar: traversal": (tar_beside(("a/../../../x", EVIL)), {"work.ipynb": NB}, "leads out"),
    "tar: absolute": (tar_beside(("/etc/cron.d/evil", EVIL)), {"work.ipynb": NB}, "leads out"),
    "tar: bomb": (tar_beside(("zeros", b"\0" * (12 * 2**20))), {}, "unpacks to more than"),
    "tar: cut off": ({"hw.tgz": tarred(("work.ipynb", NB))[:-12]}, {}, "breaks off|damaged"),
    "tar: 9,000 entries": (
        {"hw.tgz": gzip.compress(b"".join(tarfile.TarInfo(str(n)).tobuf() for n in range(9_000)))},
        dict.fromkeys(sorted(map(str, range(9_000)))[:200], b""), "9,000 files are too many; 200 are kept"),
    "a name in two archives": ({"a.zip": zipped(("work.ipynb", NB)), "b.zip": zipped(("work.ipynb", EVIL)),
                                "c.zip": zipped(("work.ipynb", NB))}, {}, "work.ipynb is there 2 times"),
    "nine archives": ({f"{n}.zip": zipped((f"{n}.csv", b"")) for n in range(9)},
                      {f"{n}.csv": b"" for n in range(5)}, "5.zip is one archive too many"),
    "an archive beside the notebook": ({"work.ipynb": NB, "hw.zip": zipped(("hw/work.ipynb", EVIL))},
                                       {"work.ipynb": NB}, "was handed in beside an archive"),
    "another student's Moodle folder": ({"Ada Lovelace_1_assignsubmission_file_/work.ipynb": EVIL},
                                        {"work.ipynb": EVIL}, None),
    "another student's folder": ({"ada-lovelace/ps1/work.ipynb": EVIL}, {"work.ipynb": EVIL}, None),
    "forged time": ({"work.ipynb": NB, "timestamp.txt": b"1999-01-01 00:00:00 UTC"}, {"work.ipynb": NB}, None),
    "a folder called as the notebook": ({"work.ipynb/x.txt": b""}, {"work.ipynb/x.txt": b""}, "a folder, not a note"),
    "a notebook in two folders": ({"a/work.ipynb": NB, "b/work.ipynb": EVIL}, {}, "work.ipynb is there 2 times"),
    "a notebook of 21 MiB": ({"work.ipynb": b" " * (21 * 2**20)}, {}, "larger than 20,971,520 bytes"),
    "300 files": ({f"{n}.txt": b"" for n in range(300)} | {"z/work.ipynb": NB},
                  {f"{n}.txt": b"" for n in sorted(map(str, range(300)))[:199]} | {"work.ipynb": NB},
                  "301 files are too many; 200 are kept, notebooks before others"),
    "another kind of archive": ({"work.rar": b"Rar!"}, {}, "cannot be unpacked here"),
    "thirty links": (tar_beside(*((odd(str(n), tarfile.SYMTYPE), b"") for n in range(30))), {"work.ipynb": NB},
                     "10 more things were left out"),
}


def moodle(uploads):
    """Moodle's download of {(full name, number): {path: bytes}}."""
    return zipped(*((f"{name}_{number}_assignsubmission_file_/{path}", data)
                    for (name, number), files in uploads.items() for path, data in files.items()))


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """An open course without students, to be copied: opening one takes nbgrader a while."""
    return course.open_course(tmp_path_factory.mktemp("empty"), create=True)


@pytest.fixture
def klass(tmp_path, empty):
    """A course of its own; `klass.collect(path or bytes, ...)`, `klass.read(student)`, `klass.lines()`."""
    (tmp_path / "course").mkdir()
    directory = type(empty.directory)(config=empty.config, log=empty.directory.log)
    directory.root = str(tmp_path / "course")
    opened = course.Course(tmp_path / "course", directory, empty.config)

    def collect(what, name="download.zip", **more):
        path = tmp_path / name if isinstance(what, bytes) else what
        if isinstance(what, bytes):
            path.write_bytes(what)
        return intake.collect(opened, "ps1", [path], **{"received": WHEN} | more)

    def read(student):
        return intake.read(student, opened.path("submitted", student, "ps1"))

    def lines():
        return [json.loads(line) for line in (opened.folder / "receipts" / "ps1.jsonl").read_text().splitlines()]
    return SimpleNamespace(course=opened, collect=collect, read=read, lines=lines, folder=tmp_path / "course")


def kept(submission):
    return {**submission.files, **submission.notebooks}


def complete(submission, student, files=HONEST):
    """Is this all that an honest student handed in, without a word about it?"""
    return (submission.student, kept(submission), submission.complaints, list(submission.notebooks)) == (
        student, files, (), ["work.ipynb"])


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_hostile_upload_costs_its_own_student_only(klass, attack):
    upload, expected, why = ATTACKS[attack]
    outcome = klass.collect(moodle({("Ada Lovelace", 1): HONEST, ("Mal Ory", 2): upload, ("Zoë Zuse", 3): HONEST}))
    assert {student for student, _ in outcome.taken} == {"ada-lovelace", "mal-ory", "zoe-zuse"}
    assert complete(klass.read("ada-lovelace"), "ada-lovelace")
    assert complete(klass.read("zoe-zuse"), "zoe-zuse")
    assert not [problem for problem in outcome.problems if not problem.startswith("mal-ory: ")]
    assert [line["student"] for line in klass.lines()] == ["ada-lovelace", "mal-ory", "zoe-zuse"]
    assert {line["received"] for line in klass.lines()} == {"2026-03-02T08:30:15+00:00"}
    assert {path.name for path in (klass.folder / "submitted").iterdir()} == {"ada-lovelace", "mal-ory", "zoe-zuse"}
    got = klass.read("mal-ory")
    said = " ".join(got.complaints)
    assert kept(got) == expected
    assert re.search(why, said) if why else not said


@pytest.mark.parametrize("pack", ["zip", "tar", "tar.gz", "tar.xz", "folder"])
@pytest.mark.parametrize("style", ["_", ""])
def test_a_class_of_moodle_s_is_collected_from_any_kind_of_archive_or_folder(klass, tmp_path, pack, style):
    whole = tmp_path / "whole"
    for person in ("Ada Lovelace_1", "Zoë Zuse_3"):
        for name, data in HONEST.items():
            path = whole / f"{person}_assignsubmission_file{style}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    if pack != "folder":
        forms = {"tar.gz": "gztar", "tar.xz": "xztar"}
        whole = Path(shutil.make_archive(str(tmp_path / "packed"), forms.get(pack, pack), whole))
    outcome = klass.collect(whole)
    assert outcome == ((("ada-lovelace", "work.ipynb and 1 more file"), ("zoe-zuse", "work.ipynb and 1 more file")), ())
    assert complete(klass.read("ada-lovelace"), "ada-lovelace")
    assert complete(klass.read("zoe-zuse"), "zoe-zuse")


def test_moodle_s_flat_names_and_online_texts(klass):
    outcome = klass.collect(zipped(("Ada Lovelace_1_assignsubmission_file_work.ipynb", NB),
                                   ("Ada Lovelace_1_assignsubmission_onlinetext_onlinetext.html", b"hello"),
                                   ("Zoë Zuse_3_assignsubmission_onlinetext_onlinetext.html", b"hello")))
    assert outcome.taken == (("ada-lovelace", "work.ipynb"),)
    assert [problem.split(":")[0] for problem in outcome.problems] == ["Ada Lovelace (Moodle 1)", "Zoë Zuse (Moodle 3)"]
    assert complete(klass.read("ada-lovelace"), "ada-lovelace", {"work.ipynb": NB})


def test_of_canvas_resubmissions_the_latest_is_collected_under_the_notebook_s_name(klass):
    source = klass.course.path("source", ".", "ps1")
    source.mkdir(parents=True)
    (source / "work.ipynb").write_text("{}")
    outcome = klass.collect(zipped(("lovelaceada_1_10_work.ipynb", b"1"), ("lovelaceada_1_12_work-2.ipynb", NB),
                                   ("lovelaceada_LATE_1_11_work-1.ipynb", b"2"), ("zusezoë_3_13_work.ipynb", NB)))
    assert outcome == ((("lovelaceada", "work.ipynb"), ("zusezoe", "work.ipynb")), ())
    assert complete(klass.read("lovelaceada"), "lovelaceada", {"work.ipynb": NB})
    assert complete(klass.read("zusezoe"), "zusezoe", {"work.ipynb": NB})


def test_folders_of_students_are_collected_as_they_are_named(klass, tmp_path):
    for student in ("ada", "José O'Neil"):
        for name, data in HONEST.items():
            (tmp_path / "in" / student / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "in" / student / name).write_bytes(data)
    (tmp_path / "in" / "empty").mkdir()
    (tmp_path / "in" / "zoe.ipynb").write_bytes(NB)
    outcome = klass.collect(tmp_path / "in")
    assert [student for student, _ in outcome.taken] == ["José O'Neil", "ada"]
    assert outcome.problems == ("zoe.ipynb: not in a student's folder; left out, collect it with --student",
                                "empty: an empty folder; nothing was handed in")
    assert complete(klass.read("José O'Neil"), "José O'Neil")


@pytest.mark.parametrize("name", ["work.ipynb", "work.zip", "folder"])
def test_a_single_notebook_archive_or_folder_needs_a_student(klass, tmp_path, name):
    path = tmp_path / name
    if name == "folder":
        path.mkdir()
        (path / "work.ipynb").write_bytes(NB)
    else:
        path.write_bytes(NB if name == "work.ipynb" else zipped(("work.ipynb", NB)))
    with pytest.raises(IntakeError, match="--student"):
        klass.collect(path)
    assert klass.collect(path, student="ada") == ((("ada", "work.ipynb"),), ())
    assert complete(klass.read("ada"), "ada", {"work.ipynb": NB})


def test_several_files_of_one_student_are_one_submission(klass, tmp_path):
    (tmp_path / "work.ipynb").write_bytes(NB)
    (tmp_path / "data.csv").write_bytes(b"1")
    intake.collect(klass.course, "ps1", [tmp_path / "work.ipynb", tmp_path / "data.csv"], student="ada")
    assert complete(klass.read("ada"), "ada", {"work.ipynb": NB, "data.csv": b"1"})


@pytest.mark.parametrize("student", ["../x", ".x", "a/b", "x" * 101])
def test_a_student_s_id_that_is_no_folder_name_is_refused(klass, tmp_path, student):
    (tmp_path / "work.ipynb").write_bytes(NB)
    with pytest.raises(IntakeError, match="--student"):
        klass.collect(tmp_path / "work.ipynb", student=student)


@pytest.mark.parametrize(("name", "data", "why"), [
    ("none.zip", None, "does not exist"), ("cut.zip", moodle({("Ada", 1): HONEST})[:-30], "no whole zip"),
    ("cut.tgz", tarred(("Ada_1_assignsubmission_file_/w.ipynb", NB))[:60], "breaks off|damaged"),
    ("bare.zip", zipped(("work.ipynb", NB)), "say whose with --student"),
    ("one.zip", zipped(("hw1/work.ipynb", NB)), "say whose with --student")])
def test_a_download_that_cannot_be_used_is_told_and_nothing_collected(klass, tmp_path, name, data, why):
    if data:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(IntakeError, match=why):
        klass.collect(tmp_path / name)
    assert not (klass.folder / "submitted").exists()


def test_two_people_of_one_name_are_not_collected_without_a_roster(klass, tmp_path):
    uploads = {("Ada Lovelace", 1): HONEST, ("Ada Lovelace", 2): {"work.ipynb": EVIL}, ("Zoë Zuse", 3): HONEST}
    outcome = klass.collect(moodle(uploads))
    assert [student for student, _ in outcome.taken] == ["zoe-zuse"]
    problem, = outcome.problems
    assert "Ada Lovelace (Moodle 1) and Ada Lovelace (Moodle 2) would all be ada-lovelace; none" in problem
    assert "pass a roster" in problem
    (tmp_path / "roster.csv").write_text("student,name,moodle_id\nada,,1\nlove,,2\nzoe,Zoë Zuse,\n")
    outcome = klass.collect(moodle(uploads), roster=tmp_path / "roster.csv")
    assert [student for student, _ in outcome.taken] == ["ada", "love", "zoe"]
    assert outcome.problems == ()
    assert complete(klass.read("ada"), "ada")


def test_somebody_of_the_same_name_cannot_replace_what_was_collected_earlier(klass):
    klass.collect(moodle({("Ada Lovelace", 1): HONEST}))
    outcome = klass.collect(moodle({("Ada Lovelace", 2): {"work.ipynb": EVIL}, ("Zoë Zuse", 3): HONEST}))
    assert [student for student, _ in outcome.taken] == ["zoe-zuse"]
    assert "Ada Lovelace (Moodle 1) was collected under this name before, now Ada Lovelace (Moodle 2)" in \
        outcome.problems[0]
    assert complete(klass.read("ada-lovelace"), "ada-lovelace")


def test_whom_the_roster_does_not_know_is_told_and_not_collected(klass, tmp_path):
    (tmp_path / "roster.csv").write_text("student,name\nada,Ada Lovelace\n")
    outcome = klass.collect(moodle({("Ada Lovelace", 1): HONEST, ("Mal Ory", 2): HONEST}),
                            roster=tmp_path / "roster.csv")
    assert [student for student, _ in outcome.taken] == ["ada"]
    assert outcome.problems == ("Mal Ory (Moodle 2) is not in the roster; add the name, or 2 in a column moodle_id; "
                                "not collected",)


def test_a_new_submission_replaces_the_old_one_whole_and_the_old_one_keeps_its_receipt(klass):
    klass.collect(moodle({("Ada Lovelace", 1): HONEST}))
    later = datetime(2026, 3, 9, tzinfo=UTC)
    klass.collect(moodle({("Ada Lovelace", 1): {"work.ipynb": EVIL}}), received=later)
    klass.collect(moodle({("Ada Lovelace", 1): {"work.ipynb": EVIL}}), received=later.replace(day=10))
    assert complete(klass.read("ada-lovelace"), "ada-lovelace", {"work.ipynb": EVIL})
    assert [line["received"][:10] for line in klass.lines()] == ["2026-03-02", "2026-03-09"]
    assert [path.name for path in (klass.folder / "submitted" / "ada-lovelace").iterdir()] == ["ps1"]
    assert receipts.exchange_time(klass.course.path("submitted", "ada-lovelace", "ps1")) == datetime(2026, 3, 9)


def test_a_submission_is_replaced_also_where_the_file_system_cannot_swap(klass, monkeypatch):
    klass.collect(moodle({("Ada Lovelace", 1): HONEST}))
    monkeypatch.setattr(intake, "libc", SimpleNamespace())
    klass.collect(moodle({("Ada Lovelace", 1): {"work.ipynb": EVIL}}))
    assert complete(klass.read("ada-lovelace"), "ada-lovelace", {"work.ipynb": EVIL})
    assert [path.name for path in (klass.folder / "submitted" / "ada-lovelace").iterdir()] == ["ps1"]


def test_a_link_in_the_place_of_a_submission_is_replaced_and_not_followed(klass, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "precious").write_text("x")
    (klass.folder / "submitted" / "ada-lovelace").mkdir(parents=True)
    (klass.folder / "submitted" / "ada-lovelace" / "ps1").symlink_to(tmp_path / "elsewhere")
    klass.collect(moodle({("Ada Lovelace", 1): HONEST}))
    assert complete(klass.read("ada-lovelace"), "ada-lovelace")
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["precious"]


@pytest.mark.parametrize("upload", [{}, {".DS_Store": b"x"}, {"__MACOSX/a": b"x"}, {"timestamp.txt": b"1999-01-01"}])
def test_an_empty_submission_is_told_and_replaces_nothing(klass, upload):
    klass.collect(moodle({("Ada Lovelace", 1): HONEST, ("Mal Ory", 2): HONEST}))
    outcome = klass.collect(moodle({("Mal Ory", 2): upload, ("Zoë Zuse", 3): HONEST}))
    assert [student for student, _ in outcome.taken] == ["zoe-zuse"]
    assert complete(klass.read("mal-ory"), "mal-ory")
    assert complete(klass.read("zoe-zuse"), "zoe-zuse")


def test_an_upload_that_the_download_has_damaged_is_not_collected_by_half(klass):
    good = moodle({("Ada Lovelace", 1): HONEST, ("Mal Ory", 2): HONEST, ("Zoë Zuse", 3): HONEST})
    klass.collect(moodle({("Mal Ory", 2): {"work.ipynb": EVIL}}))
    at = good.index(b"Mal Ory_2_assignsubmission_file_/work.ipynb", good.index(b"PK\1\2")) - 46
    outcome = klass.collect(good[:at + 16] + b"\0\0\0\0" + good[at + 20:])
    assert [student for student, _ in outcome.taken] == ["ada-lovelace", "zoe-zuse"]
    assert "mal-ory: work.ipynb is damaged in the download; download it again; what was there before stays" in \
        outcome.problems
    assert complete(klass.read("mal-ory"), "mal-ory", {"work.ipynb": EVIL})
    assert complete(klass.read("zoe-zuse"), "zoe-zuse")


def test_a_download_that_names_a_file_twice_leaves_that_student_out(klass):
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped(("Mal Ory_2_assignsubmission_file_/work.ipynb", NB),
                      ("Mal Ory_2_assignsubmission_file_/work.ipynb", EVIL),
                      ("Zoë Zuse_3_assignsubmission_file_/work.ipynb", NB))
    outcome = klass.collect(data)
    assert outcome.taken == (("zoe-zuse", "work.ipynb"),)
    assert "mal-ory: work.ipynb is there twice with different contents; what was there before stays" in outcome.problems


def test_names_in_a_download_that_lead_elsewhere_are_told(klass):
    outcome = klass.collect(zipped(("Ada Lovelace_1_assignsubmission_file_/work.ipynb", NB), ("../../evil", EVIL),
                                   ("Mal Ory_2_assignsubmission_file_/../../evil", EVIL),
                                   (odd("Mal Ory_2_assignsubmission_file_/l", mode=0o120777), b"/etc/passwd")))
    assert outcome.taken == (("ada-lovelace", "work.ipynb"),)
    said = "\n".join(outcome.problems)
    assert "../../evil has a name that leads out" in said
    assert "mal-ory: l is a link; hand in the file itself." in said
    assert "mal-ory: nothing in it can be collected" in said


def test_a_crowd_of_bad_names_does_not_bury_the_other_problems(klass):
    crowd = [(f"Mal Ory_2_assignsubmission_file_/../{n}", b"") for n in range(300)]
    outcome = klass.collect(zipped(*crowd, ("Ada Lovelace_1_assignsubmission_file_/work.ipynb", NB)))
    assert outcome.taken == (("ada-lovelace", "work.ipynb"),)
    assert len(outcome.problems) == intake.MAX_PROBLEMS + 1
    assert outcome.problems[-1] == "download.zip: 100 more names in it were left out"


def test_one_upload_that_is_too_large_costs_nobody_else(klass):
    few = Limits(total_bytes=1000, entries=3)
    noise = {f"{n}.bin": os.urandom(900) for n in range(3)}
    outcome = klass.collect(moodle({("Ada Lovelace", 1): HONEST, ("Mal Ory", 2): {"big": os.urandom(2000), **noise},
                                    ("Zoë Zuse", 3): HONEST}), limits=few)
    assert [student for student, _ in outcome.taken] == ["ada-lovelace", "mal-ory", "zoe-zuse"]
    assert "mal-ory: big is larger than 1,000 bytes; clear its outputs or leave it out." in outcome.problems
    assert complete(klass.read("zoe-zuse"), "zoe-zuse")


def test_a_class_that_fills_the_disk_is_stopped_before_anything_is_put_in_place(klass, monkeypatch):
    monkeypatch.setattr(intake, "MAX_CLASS_BYTES", 40)
    with pytest.raises(IntakeError, match="unpacks to more than 40 bytes"):
        klass.collect(moodle({("Ada Lovelace", 1): HONEST, ("Zoë Zuse", 3): HONEST}))
    monkeypatch.setattr(intake, "MAX_CLASS_ENTRIES", 3)
    with pytest.raises(IntakeError, match="more than 3 files"):
        klass.collect(moodle({("Ada Lovelace", 1): HONEST, ("Zoë Zuse", 3): HONEST}))
    assert not (klass.folder / "submitted").exists()


def test_a_full_disk_is_told_and_nothing_is_left_by_half(klass, monkeypatch):
    def full(self, target, data):
        raise OSError(28, "No space left on device")
    monkeypatch.setattr(intake._Upload, "_write", full)
    with pytest.raises(IntakeError, match="No space left on device"):
        klass.collect(moodle({("Ada Lovelace", 1): HONEST}))
    assert sorted(path.name for path in klass.folder.iterdir()) == ["receipts"]


def test_what_was_collected_is_read_as_it_was_received(klass):
    klass.collect(moodle({("Ada Lovelace", 1): {"hw.zip": zipped(*((f"hw/{n}", d) for n, d in HONEST.items()))}}))
    got = klass.read("ada-lovelace")
    assert complete(got, "ada-lovelace")
    line, = klass.lines()
    assert (line["sha256"], line["size"]) == got.receipt[:2]
    assert line["from"] == "Moodle/1/Ada Lovelace"
    with receipts.open_book(klass.folder, "ps1") as book:
        again = book.issue(got, datetime.now(UTC), "folder")
    assert again.receipt.received == "2026-03-02T08:30:15+00:00"


@pytest.fixture
def folder(tmp_path):
    """A submission as it lies on the disk: HONEST."""
    for name, data in HONEST.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(data)
    return tmp_path / "in"


def test_an_honest_folder_is_read_whole_and_without_its_litter(folder):
    for name in (".DS_Store", ".ipynb_checkpoints/work-checkpoint.ipynb", "__MACOSX/._work.ipynb", ".git/HEAD",
                 "timestamp.txt"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"x")
    (folder / ".hidden").symlink_to("/etc/passwd")
    got = intake.read("ada", folder)
    assert complete(got, "ada")
    assert got.receipt == receipts.seal(HONEST)


@pytest.mark.parametrize(("name", "make", "why"), [
    ("work.ipynb", lambda path: path.symlink_to("/etc/passwd"), "work.ipynb is a link; hand in the file itself."),
    ("work.ipynb", os.mkfifo, "work.ipynb is a pipe, no file."),
    ("work.ipynb", lambda path: path.mkdir(), "work.ipynb is a folder, not a notebook."),
    ("more", lambda path: path.symlink_to("/etc"), "more is a link; hand in the file itself."),
    ("loop", lambda path: path.symlink_to("."), "loop is a link; hand in the file itself."),
    ("zero", lambda path: os.mknod(path, 0o020666, os.makedev(1, 5)), "zero is a device, no file."),
    (b"\xff.txt", lambda path: path.write_bytes(b""), "\\udcff.txt has a name that is not UTF-8 or holds invisible or "
                                                       "control characters; rename it."),
    ("a\nb", lambda path: path.write_bytes(b""), "a\\nb has a name that is not UTF-8 or holds invisible or control "
                                                 "characters; rename it."),
    ("DATA/numbers.csv", lambda path: (path.parent.mkdir(), path.write_bytes(b"other")),
     "DATA/numbers.csv is there 2 times with different contents; hand in the one that counts.")])
def test_what_cannot_be_read_is_left_out_with_a_sentence(folder, name, make, why):
    path = folder / (os.fsdecode(name))
    if path.exists():
        path.unlink()
    try:
        make(path)
    except PermissionError:
        pytest.skip("only root may make devices")
    got = intake.read("ada", folder)
    assert got.complaints == (why,)
    assert {**kept(got), "work.ipynb": NB, "data/numbers.csv": b"1,2,3"} == HONEST


def test_a_socket_is_left_out(folder, monkeypatch):
    monkeypatch.chdir(folder)           # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as door:
        door.bind("door")
        assert intake.read("ada", folder).complaints == ("door is a socket, no file.",)


def test_a_file_without_permission_costs_itself_only(folder, monkeypatch):
    real = os.open

    def refuse(path, *arguments, **more):
        if path == "numbers.csv":
            raise PermissionError(13, "Permission denied")
        return real(path, *arguments, **more)
    monkeypatch.setattr(archives.os, "open", refuse)
    got = intake.read("ada", folder)
    assert kept(got) == {"work.ipynb": NB}
    assert got.complaints == ("data/numbers.csv cannot be read (Permission denied).",)


def test_a_folder_that_is_not_there_or_a_link_is_an_empty_submission_with_a_sentence(tmp_path, folder):
    (tmp_path / "link").symlink_to(folder)
    for name in ("link", "none"):
        got = intake.read("ada", tmp_path / name)
        assert kept(got) == {}
        assert "the folder cannot be opened" in got.complaints[0]


@pytest.mark.parametrize(("limits", "why"), [
    (Limits(total_bytes=30), "work.ipynb is larger|numbers.csv does not fit into the 30 bytes of a submission"),
    (Limits(notebook_bytes=5), "work.ipynb is larger than 5 bytes"),
    (Limits(depth=0), "data is a folder that lies too deep"),
    (Limits(entries=1), "the folder holds too many files: no more than 1 of a submission are looked at"),
    (Limits(files=1), "2 files are too many; 1 are kept, notebooks before others"),
    (Limits(name_bytes=10), "data/numbers.csv has a name of more than 10 bytes")])
def test_each_limit_is_kept_and_told(folder, limits, why):
    got = intake.read("ada", folder, limits)
    assert len(kept(got)) == 1
    assert len(got.complaints) == 1
    assert re.search(why, got.complaints[0])


def test_the_limits_of_archives_are_kept_and_told(folder):
    (folder / "a.zip").write_bytes(zipped(("x", b"x" * 100), ("y", b"\0" * 2**21)))
    assert "a.zip is one archive too many" in intake.read("ada", folder, Limits(archives=0)).complaints[0]
    assert "y is more than 3 times larger" in intake.read("ada", folder, Limits(ratio=3)).complaints[0]
    wide = Limits(total_bytes=2**21, ratio=10_000)
    assert intake.read("ada", folder, wide).complaints == (
        "a.zip: y does not fit into the 2,097,152 bytes of a submission.",)
    assert intake.read("ada", folder, wide._replace(total_bytes=2**21 - 1)).complaints == (
        "a.zip: y does not fit into the 2,097,151 bytes of a submission.",)
    assert len(kept(intake.read("ada", folder, wide._replace(total_bytes=2**22)))) == 4


def test_what_is_unpacked_in_vain_counts_too(folder):
    data = bytearray(zipped(*((f"{n}.bin", b"\0" * 10_000) for n in range(20))))
    for n in range(20):         # each checksum wrong: unpacked, then thrown away
        at = data.index(b"%d.bin" % n, data.index(b"PK\1\2")) - 46
        data[at + 16] ^= 1
    (folder / "a.zip").write_bytes(bytes(data))
    said = intake.read("ada", folder, Limits(total_bytes=25_000)).complaints
    assert [sentence.split(".bin ")[1] for sentence in said] == ["is damaged; pack it again."] * 2 + [
        "does not fit into the 25,000 bytes of a submission."] * 18


def test_a_notebook_in_a_folder_counts_only_where_the_top_has_none(folder):
    (folder / "old").mkdir()
    (folder / "old" / "other.ipynb").write_bytes(EVIL)
    assert list(intake.read("ada", folder).notebooks) == ["work.ipynb"]
    assert intake.read("ada", folder).files["old/other.ipynb"] == EVIL
    (folder / "work.ipynb").unlink()
    assert intake.read("ada", folder).notebooks == {"other.ipynb": EVIL}


def test_a_folder_within_the_folder_is_read_as_if_it_were_the_folder(tmp_path, folder):
    (tmp_path / "outer").mkdir()
    shutil.move(folder, tmp_path / "outer" / "hw1")
    (tmp_path / "outer" / "readme.txt").write_text("")
    assert kept(intake.read("ada", tmp_path / "outer")) == HONEST | {"readme.txt": b""}
    (tmp_path / "outer" / "data").mkdir()
    (tmp_path / "outer" / "data" / "numbers.csv").write_bytes(b"9")
    got = intake.read("ada", tmp_path / "outer")
    assert kept(got) == HONEST | {"readme.txt": b""}
    assert got.complaints == ("data/numbers.csv gives way to the file of that name beside the notebook.",)


def test_an_archive_in_a_folder_is_unpacked_where_it_lies(folder):
    (folder / "data" / "more.zip").write_bytes(zipped(("more/x.csv", b"1"), ("more/y.csv", b"2")))
    assert kept(intake.read("ada", folder)) == HONEST | {"data/x.csv": b"1", "data/y.csv": b"2"}


def test_a_time_in_the_submission_is_believed_only_where_the_course_says_so(klass, folder):
    (folder / "timestamp.txt").write_text("2026-01-01 12:00:00 UTC")
    with receipts.open_book(klass.folder, "ps2") as book:
        believed = intake.receive(book, "ada", folder, WHEN, exchange_times=True)
    assert believed.receipt.received == "2026-01-01T12:00:00+00:00"
    with receipts.open_book(klass.folder, "ps1") as book:
        assert intake.receive(book, "ada", folder, WHEN).receipt.received == "2026-03-02T08:30:15+00:00"
    assert complete(believed, "ada")
    line, = klass.lines()
    assert line["from"] == "folder"


def test_reading_changes_nothing_on_the_disk(folder):
    (folder / "hw.zip").write_bytes(zipped(("a/work.ipynb", NB)))
    before = sorted(folder.rglob("*"))
    intake.read("ada", folder)
    assert sorted(folder.rglob("*")) == before


def test_what_was_read_and_written_again_is_the_same_submission(tmp_path, folder):
    (folder / "hw.zip").write_bytes(zipped(("hw/sub/x.csv", b"1"), ("hw/other.ipynb", EVIL)))
    got = intake.read("ada", folder)
    for name, data in kept(got).items():
        (tmp_path / "again" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "again" / name).write_bytes(data)
    assert intake.read("ada", tmp_path / "again") == got._replace(complaints=())


@pytest.mark.parametrize(("name", "data"), [("a.zip", zipped(("d/work.ipynb", NB), ("x.csv", b"1" * 600))),
                                            ("a.tar", gzip.decompress(tarred(("ü" * 90, NB), ("x.csv", b"1" * 600)))),
                                            ("a.tgz", tarred(("work.ipynb", NB)))])
def test_no_change_of_bytes_makes_reading_raise_or_lose_everything_silently(tmp_path, name, data):
    random = Random(4)
    for _ in range(200):
        spoilt = bytearray(data)
        for _ in range(random.choice((1, 1, 3, 20))):
            at = random.randrange(len(spoilt))
            spoilt[at] = random.choice((0, 0xff, random.randrange(256)))
        (tmp_path / name).write_bytes(bytes(spoilt[:random.choice((len(spoilt), random.randrange(len(spoilt)))) + 1]))
        got = intake.read("ada", tmp_path)
        assert got.complaints or kept(got)


def test_there_are_enough_kinds_of_hostile_uploads():
    assert len(ATTACKS) >= 35
