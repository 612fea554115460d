"""Folders, zips and tars as readers of bytes that a student chose: what they yield, and what they say no to."""

import bz2
import gzip
import io
import lzma
import os
import socket
import stat
import struct
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from autograder import archives
from autograder.archives import Broken, LeftOut, Limits

LIMITS = Limits()
BIG = 10**9


def zipped(*members, how=zipfile.ZIP_DEFLATED):
    """A zip of (name or ZipInfo, bytes)."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, data in members:
            archive.writestr(name, data, compress_type=how)
    return made.getvalue()


def tarred(*members, form=tarfile.GNU_FORMAT):
    """A tar of (name, bytes), or of a TarInfo alone."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as archive:
        for name, data in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(data) if data is not None else info.size
            archive.addfile(info, io.BytesIO(data) if data is not None else None)
    return made.getvalue()


def header(name, size, kind=b"0"):
    """A tar header of our own, with fields that tarfile would not write; size: the raw field."""
    block = name.ljust(100, b"\0") + b"0000644\0" + 2 * b"0000000\0" + size.ljust(12, b"\0") + b"00000000000\0"
    block += b" " * 8 + kind + b"\0" * 100 + b"ustar\0" + b"00"
    block = block.ljust(512, b"\0")
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


def padded(data):
    return data + b"\0" * (-len(data) % 512)


def contents(entries):
    return [(entry.name, entry.refused or entry.read(BIG)) for entry in entries]


def packed(name, data, limits=LIMITS):
    return contents(archives.unpack(name, data, limits)())


def untar(data):
    return contents(archives.untar(io.BytesIO(data), 1000))


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_tars_of_every_common_form_are_read_as_tarfile_reads_them(form):
    members = [("a.txt", b"x"), ("empty", b""), ("f/" * 40 + "long.txt", b"y" * 1000), ("ü.txt", b"z" * 512)]
    data = tarred(*members, form=form)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        theirs = [(m.name, archive.extractfile(m).read()) for m in archive]
    assert untar(data) == theirs == members


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_a_name_longer_than_a_header_is_read_whole(form):
    assert untar(tarred(("n" * 200 + ".ipynb", b"x"), ("b", b"y"), form=form)) == [("n" * 200 + ".ipynb", b"x"),
                                                                               ("b", b"y")]


@pytest.mark.parametrize(("name", "press"), [("w.tar.gz", gzip.compress), ("w.tgz", gzip.compress),
                                             ("w.tar.bz2", bz2.compress), ("w.tar.xz", lzma.compress),
                                             ("w.TAR", bytes), ("w.zip", gzip.compress), ("w.tgz", bytes)])
def test_compressed_tars_are_unpacked_even_if_the_ending_lies(name, press):
    assert packed(name, press(tarred(("work.ipynb", b"{}")))) == [("work.ipynb", b"{}")]


def test_a_tar_made_by_the_system_s_own_program_is_read(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "work.ipynb").write_text("{}")
    made = subprocess.run(["tar", "cz", "-C", str(tmp_path), "."], capture_output=True, check=True).stdout
    assert packed("w.tgz", made) == [("./sub/work.ipynb", b"{}")]


def test_an_entry_may_be_left_unread():
    entries = archives.untar(io.BytesIO(tarred(("a", b"x" * 5000), ("b", b"y"))), 100)
    assert [entry.name for entry in entries] == ["a", "b"]


def test_folders_and_volume_names_are_no_files():
    folder = tarfile.TarInfo("d")
    folder.type = tarfile.DIRTYPE
    assert untar(tarred((folder, None), ("d/a", b"x"))) == [("d/a", b"x")]
    assert packed("w.zip", zipped(("d/", b""), ("d/a", b"x"))) == [("d/a", b"x")]


@pytest.mark.parametrize(("kind", "why"), [
    (tarfile.SYMTYPE, "link"), (tarfile.LNKTYPE, "link"), (tarfile.CHRTYPE, "device"), (tarfile.BLKTYPE, "device"),
    (tarfile.FIFOTYPE, "pipe"), (tarfile.CONTTYPE, None), (b"V", "no ordinary file"), (b"\x99", "no ordinary file")])
def test_what_is_no_file_in_a_tar_is_refused_and_the_next_one_read(kind, why):
    odd = tarfile.TarInfo("odd")
    odd.type, odd.linkname = kind, "/etc/passwd"
    (name, found), last = untar(tarred((odd, None), ("work.ipynb", b"{}")))
    assert name == "odd"
    assert found == b"" if why is None else why in found
    assert last == ("work.ipynb", b"{}")


def test_links_with_a_size_do_not_hide_the_next_file():
    data = header(b"link", b"00000001000", b"2") + header(b"work.ipynb", b"00000000002") + padded(b"{}")
    assert [name for name, _ in untar(data)] == ["link", "work.ipynb"]


def test_sparse_files_are_refused_in_all_forms_and_the_next_one_read():
    old = bytearray(header(b"old", b"00000000000", b"S"))
    old[482] = 1                                    # an extension block follows
    old[148:156] = b" " * 8
    old[148:156] = b"%06o\0 " % sum(old)
    data = bytes(old) + b"\0" * 512 + tarred(("a", b"x"))
    (_, why), last = untar(data)
    assert "sparse" in why
    assert last == ("a", b"x")
    record = b"22 GNU.sparse.major=1\n"
    data = header(b"p", b"%011o" % len(record), b"x") + padded(record) + tarred(("a", b"x"), ("b", b"y"))
    (_, why), last = untar(data)
    assert "sparse" in why
    assert last == ("b", b"y")


def test_sparse_files_as_gnu_tar_makes_them_are_refused(tmp_path):
    with (tmp_path / "holes").open("wb") as file:
        for at in range(0, 2**21, 2**17):
            file.seek(at)
            file.write(b"x")
    (tmp_path / "work.ipynb").write_text("{}")
    for form in ("gnu", "pax"):
        made = subprocess.run(["tar", "cS", f"--format={form}", "-C", str(tmp_path), "holes", "work.ipynb"],
                              capture_output=True, check=True).stdout
        found = dict(untar(made))
        assert found["work.ipynb"] == b"{}"
        assert all("sparse" in why for name, why in found.items() if name != "work.ipynb")


def pax(record, size=None):
    """An extended header with this text before an ordinary file."""
    return header(b"p", b"%011o" % (size or len(record)), b"x") + padded(record) + tarred(("a", b"x"))


@pytest.mark.parametrize(("data", "why"), [
    pytest.param(header(b"a", b"\xff" * 12), "sizes in it that cannot be", id="a negative size"),
    pytest.param(header(b"a", b"-0000000777"), "no whole tar", id="a negative size in octal"),
    pytest.param(header(b"a", b"zzz"), "no whole tar", id="a size that is no number"),
    pytest.param(header(b"a", b"\x80" + b"\0" * 3 + b"\x7f" + b"\xff" * 7), "sizes in it", id="a size of 8 EiB"),
    pytest.param(header(b"a", b"00000100000") + b"x" * 512, "breaks off", id="a size beyond the end"),
    pytest.param(header(b"a", b"0").replace(b"ustar", b"Ustar"), "no whole tar", id="a wrong checksum"),
    pytest.param(tarred(("a", b"x"))[:300], "breaks off", id="a header cut off"),
    pytest.param(header(b"L", b"10000000000", b"L") + b"x" * 512, "too long", id="a long name of 1 GiB"),
    pytest.param(header(b"p", b"10000000000", b"x") + b"x" * 512, "too long", id="a pax header of 1 GiB"),
    pytest.param(pax(b"11 size=-5\n"), "sizes in it that cannot be", id="a negative pax size"),
    pytest.param(pax(b"0 size=10\n"), "broken extended headers", id="a pax record of length 0"),
    pytest.param(pax(b"99 size=1\n"), "broken extended headers", id="a pax record without an end"),
    pytest.param(pax(b"6 a=b\n" * 101), "broken extended headers", id="a hundred and one pax records"),
    pytest.param(pax(b"1" * 60000), "sizes in it that cannot be", id="digits without end"),
    pytest.param(header(b"p", b"0", b"x") * 1001, "more than 1,000 headers", id="headers of headers without end"),
])
def test_a_hostile_tar_ends_in_a_sentence(data, why):
    with pytest.raises(Broken, match=why):
        untar(data)


def test_a_pax_size_and_path_replace_those_of_the_header():
    record = b"9 size=4\n19 path=work.ipynb\n"
    data = header(b"p", b"%011o" % len(record), b"x") + padded(record) + header(b"x", b"0") + padded(b"abcd")
    assert untar(data + tarred(("b", b"y"))) == [("work.ipynb", b"abcd"), ("b", b"y")]


def test_global_headers_change_nothing():
    record = b"16 path=evil.py\n"
    data = header(b"g", b"%011o" % len(record), b"g") + padded(record) + tarred(("a", b"x"))
    assert untar(data) == [("a", b"x")]


@pytest.mark.parametrize("press", [gzip.compress, bz2.compress, lzma.compress])
def test_a_bomb_of_zeros_is_stopped_by_its_ratio(press):
    with pytest.raises(Broken, match="unpacks to more than 1,048,576 bytes"):
        packed("w.tgz", press(tarred(("zeros", b"\0" * 2**23))), LIMITS._replace(ratio=2))


def test_a_tar_that_unpacks_to_more_than_anyone_may_hand_in_is_stopped():
    data = gzip.compress(tarred(("noise", os.urandom(3000))))
    with pytest.raises(Broken, match="unpacks to more than 2,000 bytes"):
        packed("w.tgz", data, LIMITS._replace(total_bytes=1000))


def test_pieces_behind_each_other_are_one_stream_but_not_without_end():
    made = tarred(("a", b"x"))
    assert packed("w.tgz", gzip.compress(made[:700]) + gzip.compress(made[700:]) + b"\0" * 9) == [("a", b"x")]
    with pytest.raises(Broken, match="more than 100 pieces"):
        packed("w.tgz", gzip.compress(b"") * 200)


@pytest.mark.parametrize(("name", "data", "why"), [
    ("w.tgz", gzip.compress(b"x" * 5000)[:-20], "breaks off"),
    ("w.tgz", b"not packed at all", "damaged, or no archive"),
    ("w.tgz", b"", "damaged, or no archive|breaks off"),
    ("w.tar.xz", lzma.compress(b"x" * 5000)[:40], "breaks off"),
    ("w.tgz", gzip.compress(b"just text" * 100), "no whole tar"),
    ("w.zip", b"", "no whole zip"),
    ("w.zip", b"PK\3\4", "no whole zip"),
    ("w.zip", zipped(("a", b"x"))[:-30], "no whole zip"),
    ("w.zip", b"PK\5\6" + b"\0" * 8 + b"\xff" * 10, "table of contents"),
])
def test_what_is_no_whole_archive_ends_in_a_sentence(name, data, why):
    with pytest.raises(Broken, match=why):
        packed(name, data)


def test_an_xz_file_may_not_ask_for_more_memory_than_allowed():
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 0, "dict_size": 2**29}]
    data = lzma.compress(b"x", filters=filters)
    with pytest.raises(Broken, match="damaged"):
        packed("w.tar.xz", data)


def test_a_zip_behind_other_bytes_is_still_a_zip():
    assert packed("w.zip", b"#!/bin/sh\nexit\n" + zipped(("a", b"x"))) == [("a", b"x")]


def test_notebooks_come_first_out_of_a_zip():
    assert [n for n, _ in packed("w.zip", zipped(("a", b""), ("z.ipynb", b"")))] == ["z.ipynb", "a"]


@pytest.mark.parametrize(("mode", "why"), [(stat.S_IFLNK, "link"), (stat.S_IFIFO, "pipe"), (stat.S_IFCHR, "device"),
                                           (stat.S_IFSOCK, "socket"), (stat.S_IFDIR, "no file"), (stat.S_IFREG, None)])
def test_what_is_no_file_in_a_zip_is_refused(mode, why):
    info = zipfile.ZipInfo("odd")
    info.external_attr = (mode | 0o777) << 16
    (_, found), = packed("w.zip", zipped((info, b"/etc/passwd")))
    assert found == b"/etc/passwd" if why is None else why in found


def central(data, field, value, form="<L"):
    """A zip with one field of its (first) entry in the table of contents changed."""
    at = data.index(b"PK\1\2") + field
    return data[:at] + struct.pack(form, value) + data[at + struct.calcsize(form):]


def test_an_encrypted_member_is_refused():
    (_, why), = packed("w.zip", central(zipped(("a", b"x")), 8, 1, "<H"))
    assert "password" in why


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_packed_in_a_way_that_can_ask_for_any_memory_are_refused(how):
    (_, why), = packed("w.zip", zipped(("a", b"x" * 100), how=how))
    assert "unusual" in why


@pytest.mark.parametrize(("what", "field", "value"), [
    ("a smaller size than there is", 24, 10), ("a larger size than there is", 24, 5000),
    ("less packed than there is", 20, 3), ("another checksum", 16, 1),
    ("a place beyond the end", 42, 2**31), ("a zip64 size that is missing", 24, 2**32 - 1)])
def test_a_zip_that_lies_about_a_member_is_damaged(what, field, value):
    data = central(zipped(("a", os.urandom(500) * 4)), field, value)
    with pytest.raises((Broken, LeftOut), match=r"damaged|no whole zip|larger"):
        packed("w.zip", data)


def test_a_size_that_is_announced_too_large_is_not_unpacked_at_all():
    entry, = archives.unpack("w.zip", zipped(("a", b"x" * 100)), LIMITS)()
    with pytest.raises(LeftOut, match="larger than 99 bytes"):
        entry.read(99)
    assert entry.read(100) == b"x" * 100


def test_a_member_with_the_ratio_of_a_bomb_is_left_out_and_a_small_array_of_zeros_is_not():
    zeros = zipped(("small", b"\0" * 2**20), ("large", b"\0" * (2**20 + 1)))
    small, large = archives.unpack("w.zip", zeros, LIMITS)()
    assert small.read(BIG) == b"\0" * 2**20
    with pytest.raises(LeftOut, match="more than 200 times larger"):
        large.read(BIG)


def test_members_that_overlap_are_a_bomb():
    data = zipped(("kernel", os.urandom(2000)))
    at = data.index(b"PK\1\2")
    table, end = data[at:-22], data[-22:]
    many = data[:at] + table * 30 + end[:8] + struct.pack("<HHL", 30, 30, 30 * len(table)) + end[16:]
    with pytest.raises(Broken, match="overlap"):
        packed("w.zip", many)


def test_a_table_of_contents_made_to_take_long_is_not_read():
    data = zipped(("a", b"x"))
    at = len(data) - 22
    data = data[:at + 12] + struct.pack("<L", archives.MAX_TABLE + 1) + data[at + 16:]
    with pytest.raises(Broken, match="table of contents of more than 4,194,304 bytes"):
        packed("w.zip", data)


def test_a_zip64_table_is_not_read_in_place_of_the_checked_one():
    data = zipped(("a", b"x"))
    at, table = len(data) - 22, data.index(b"PK\1\2")
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, at - table, table)
    data = data[:at] + record + struct.pack("<4sLQL", b"PK\6\7", 0, at, 1) + data[at:]
    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == ["a"]
    with pytest.raises(Broken, match="unusual way"):
        packed("w.zip", data)


def test_extra_fields_made_to_take_long_are_not_read():
    info = zipfile.ZipInfo("b")
    info.extra = b"\xca\xfe\0\0" * 257
    with pytest.raises(Broken, match="unusual way"):
        packed("w.zip", zipped(("a", b"x"), (info, b"y")))
    info.extra = b"\xca\xfe\0\0" * 256
    assert len(packed("w.zip", zipped(("a", b"x"), (info, b"y")))) == 2


def test_utf8_names_are_read_also_where_the_zip_does_not_say_so():
    said = zipped(("grün.txt", b"x"))
    unsaid = bytearray(said)
    unsaid[7] &= ~8
    unsaid[said.index(b"PK\1\2") + 9] &= ~8
    assert packed("w.zip", bytes(unsaid)) == packed("w.zip", said) == [("grün.txt", b"x")]


@pytest.mark.parametrize(("name", "kept"), [
    ("work.ipynb", "work.ipynb"), ("./a//b.txt", "a/b.txt"), ("Grün Haus/ö.csv", "Grün Haus/ö.csv"),
    ("e\u0301.txt", "é.txt"), ("חיבור.ipynb", "חיבור.ipynb"), ("می\u200cخواهم.txt", "می\u200cخواهم.txt"),
    (".DS_Store", ""), ("a/.git/x", ""), ("__MACOSX/._work.ipynb", ""), (".ipynb_checkpoints/w.ipynb", ""), ("./", "")])
def test_ordinary_names_are_kept_and_litter_is_dropped(name, kept):
    assert archives.tidy(name, LIMITS) == kept


@pytest.mark.parametrize(("name", "why"), [
    ("/etc/passwd", "leads out"), ("../x", "leads out"), ("a/../../x", "leads out"), ("__MACOSX/../../x", "leads out"),
    ("C:\\x", "leads out"), ("c:x", "leads out"), ("a\\..\\x", "backslash"), ("a\nb", "control"), ("a\0b", "control"),
    ("a\x1b[31mb", "control"), ("fdp\u202ebynpi.work", "invisible"), ("a\u200fb", "invisible"),
    ("\ufeffwork.ipynb", "invisible"), ("a\udcff", "not UTF-8"), ("a/" * 21 + "x", "deep"), ("x" * 256, "255 bytes"),
    ("ü" * 128, "255 bytes"), (("x" * 250 + "/") * 6 + "x", "255 bytes")])
def test_names_that_lead_elsewhere_or_deceive_are_refused(name, why):
    with pytest.raises(LeftOut, match=why):
        archives.tidy(name, LIMITS)


def test_a_name_in_a_sentence_is_one_short_line():
    assert archives.shown("a\nb\u202e\udcff") == "a\\nb\\u202e\\udcff"
    assert len(archives.shown("x" * 1000)) == 80


def test_a_folder_is_walked_without_links_pipes_or_sockets(tmp_path):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key").write_text("k")
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "b.txt").write_text("b")
    (folder / "a.txt").write_text("a")
    (folder / "link").symlink_to(secret / "key")
    (folder / "way").symlink_to(secret)
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(folder / "door"))
        found = dict(contents(archives.folder(folder, LIMITS)))
    assert found.pop("a.txt") == b"a"
    assert found.pop("sub/b.txt") == b"b"
    assert {name: why.split(";")[0] for name, why in found.items()} == {
        "link": "is a link", "way": "is a link", "pipe": "is a pipe, no file", "door": "is a socket, no file"}


def test_a_file_that_becomes_a_link_or_a_pipe_after_it_was_listed_is_refused(tmp_path):
    (tmp_path / "secret").write_text("k")
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        (tmp_path / "in" / name).write_text("x")
    entries = archives.folder(tmp_path / "in", LIMITS)
    first = next(entries)
    (tmp_path / "in" / "a").unlink()
    (tmp_path / "in" / "a").symlink_to(tmp_path / "secret")
    with pytest.raises(LeftOut, match="is a link"):
        first.read(BIG)
    second = next(entries)
    (tmp_path / "in" / "b").unlink()
    os.mkfifo(tmp_path / "in" / "b")
    with pytest.raises(LeftOut, match="is a pipe"):
        second.read(BIG)


def test_a_folder_that_becomes_a_link_after_it_was_looked_at_is_not_entered(tmp_path, monkeypatch):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key").write_text("k")
    (tmp_path / "in" / "sub").mkdir(parents=True)
    real = os.open

    def swap(path, *arguments, **more):
        if path == "sub":
            (tmp_path / "in" / "sub").rmdir()
            (tmp_path / "in" / "sub").symlink_to(tmp_path / "secret")
        return real(path, *arguments, **more)
    monkeypatch.setattr(archives.os, "open", swap)
    (name, why), = contents(archives.folder(tmp_path / "in", LIMITS))
    assert name == "sub"
    assert "cannot be read" in why


def test_a_folder_that_is_a_link_is_not_opened(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(Broken, match="cannot be opened"):
        list(archives.folder(tmp_path / "link", LIMITS))


def test_a_file_without_permission_is_told(tmp_path, monkeypatch):
    (tmp_path / "a").write_text("x")
    entry, = archives.folder(tmp_path, LIMITS)

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")
    monkeypatch.setattr(archives.os, "open", refuse)
    with pytest.raises(LeftOut, match=r"cannot be read \(Permission denied\)"):
        entry.read(BIG)


def test_a_folder_that_cannot_be_listed_is_told(tmp_path, monkeypatch):
    (tmp_path / "a").write_text("x")

    def broken(*_):
        raise OSError(5, "Input/output error")
    monkeypatch.setattr(archives.os, "scandir", broken)
    assert contents(archives.folder(tmp_path, LIMITS)) == [("the folder", "cannot be read (Input/output error)")]


def test_folders_too_deep_and_too_full_are_told(tmp_path, monkeypatch):
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c" / "x").write_text("")
    assert "too deep" in dict(contents(archives.folder(tmp_path, Limits(depth=2))))["a/b/c"]
    for n in range(5):
        (tmp_path / str(n)).write_text("")
    monkeypatch.setattr(archives, "MAX_LISTED", 3)
    found = dict(contents(archives.folder(tmp_path, LIMITS)))
    assert found["the folder"] == "holds more than 3 files"


def test_a_walk_leaves_no_descriptor_open(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "x").write_text("x")
    (tmp_path / "a" / "y").write_text("y")
    before = len(list(Path("/proc/self/fd").iterdir()))
    contents(archives.folder(tmp_path, LIMITS))
    next(archives.folder(tmp_path, LIMITS))
    assert len(list(Path("/proc/self/fd").iterdir())) == before
