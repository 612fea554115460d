"""What holds a student's files: a folder, a zip, a tar. Name by name, bounded, believing nothing that a header says.

`folder`, `unzip` and `untar` yield entries; an entry's bytes can be read until the next one is drawn. They have side by
side what Python's own modules do not promise for hostile input: tarfile, as shipped with releases still in use, loops
for ever on crafted headers (CVE-2024-6232, CVE-2025-8194), so the few fields that matter are read here.
"""

import bz2
import errno
import io
import itertools
import lzma
import os
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

MAX_LISTED = 100_000            # names of one folder: more are not even sorted
MAX_TABLE = 4 * 2**20           # bytes of a zip's table of contents: 30,000 files of an environment handed in with it
MAX_EXTRA = 1024                # bytes of one entry's extra fields there: zipfile takes seconds for crafted ones
MAX_TAR_HEADER = 64 * 2**10     # bytes of a long name or of extended headers
MAX_RECORDS = 100               # in one extended header: size, path, times, attributes
MAX_STREAMS = 100               # compressed pieces one behind the other in one file
MAX_XZ_MEMORY = 128 * 2**20     # xz -9 needs 65 MiB to unpack; a header may ask for 4 GiB
SMALL = 2**20                   # bytes that may be packed to any ratio: an array of zeros is no bomb

PACKED = {".zip": "zip", ".tar": "tar", ".tar.gz": "gz", ".tgz": "gz", ".tar.bz2": "bz2", ".tbz2": "bz2",
          ".tar.xz": "xz", ".txz": "xz"}
OTHER_PACKED = (".rar", ".7z")  # for which Python has no reader
_MAGIC = ((b"PK", "zip"), (b"\x1f\x8b", "gz"), (b"BZh", "bz2"), (b"\xfd7zXZ\0", "xz"))
_KINDS = {stat.S_IFLNK: "is a link; hand in the file itself", stat.S_IFIFO: "is a pipe, no file",
          stat.S_IFSOCK: "is a socket, no file",
          stat.S_IFBLK: "is a device, no file", stat.S_IFCHR: "is a device, no file"}
_LITTER = {"__MACOSX", "Thumbs.db", "desktop.ini"}
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Limits(NamedTuple):
    """What one student may hand in; more is left out, with a sentence."""

    files: int = 200                        # kept
    entries: int = 20_000                   # looked at in the folder and its archives
    archives: int = 5                       # unpacked
    notebook_bytes: int = 20 * 2**20        # of one notebook
    total_bytes: int = 50 * 2**20           # of everything, unpacked; an archive itself is no larger either
    depth: int = 20                         # folders in folders
    name_bytes: int = 255                   # of one part of a path (UTF-8); file systems hold no more
    ratio: int = 200                        # unpacked to packed: text reaches 50, bombs 1,000 and more


class LeftOut(Exception):
    """A file that cannot be taken; the message is the rest of a sentence that begins with its name.

    damaged: its bytes are not what they were when it was packed.  cost: bytes that were unpacked in vain.
    """

    def __init__(self, message: str, *, damaged: bool = False, cost: int = 0):
        super().__init__(message)
        self.damaged, self.cost = damaged, cost


class TooLarge(LeftOut):
    """A file of more than `most` bytes."""

    def __init__(self, most: int):
        super().__init__(f"is larger than {most:,} bytes; clear its outputs or leave it out")


class Broken(Exception):
    """A folder or an archive of which nothing can be used; the message is the rest of a sentence, as in `LeftOut`."""


class Entry(NamedTuple):
    """One name in a folder or an archive.

    read: (most) -> all bytes; raises `LeftOut` if there are more than most.  refused: why it cannot be taken at all.
    """

    name: str
    read: Callable[[int], bytes]
    refused: str = ""


def tidy(name: str, limits: Limits) -> str:
    """A relative path as it is kept (composed Unicode, one slash between parts); empty for what nobody hands in.

    Raises `LeftOut` for a name that leads elsewhere or that deceives people and tools.
    """
    plain = name.isascii() and name.isprintable()       # most are, and all else takes a while with 20,000 names
    parts = [part for part in (name if plain else unicodedata.normalize("NFC", name)).split("/")
             if part not in ("", ".")]
    if name.startswith("/") or ".." in parts or re.match("[A-Za-z]:", name):
        raise LeftOut("has a name that leads out of its folder; pack the files with plain names")
    if "\\" in name:
        raise LeftOut("has a backslash in its name; rename it, or pack it with another program")
    if any(map(_litter, parts)):
        return ""
    if not plain and any(map(_deceptive, name)):
        raise LeftOut("has a name that is not UTF-8 or holds invisible or control characters; rename it")
    if len(parts) - 1 > limits.depth:
        raise LeftOut(f"lies more than {limits.depth} folders deep; move it up")
    found = "/".join(parts)
    if any(len(part.encode()) > limits.name_bytes for part in parts) or len(found.encode()) > 5 * limits.name_bytes:
        raise LeftOut(f"has a name of more than {limits.name_bytes} bytes; rename it")
    return found


def key(name: str) -> str:
    """What two names have in common that are one file on some computers."""
    return unicodedata.normalize("NFC", name.casefold())


def shown(name: str) -> str:
    """A name for a sentence: one line, at most 80 characters, nothing invisible."""
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name[:81])
    return text if len(text) <= 80 else text[:79] + "…"


def kind(name: str) -> str:
    """zip, tar, gz, bz2 or xz (compressed tars) by the end of a file's name; empty for what is no archive."""
    return next((found for ending, found in PACKED.items() if name.lower().endswith(ending)), "")


def folder(path: Path, limits: Limits) -> Iterator[Entry]:
    """The files below a folder, sorted and before its folders; no link is followed, not even one put there meanwhile.

    Raises `Broken` if it cannot be opened.
    """
    try:
        handle = os.open(path, _FOLDER)
    except OSError as error:
        raise Broken(f"cannot be opened ({error.strerror}, or it is a link)") from None
    yield from _below(handle, "", limits.depth)


def _below(handle: int, prefix: str, depth: int) -> Iterator[Entry]:
    """The entries of an open folder, which is closed at the end."""
    try:
        try:
            with os.scandir(handle) as names:
                listed = itertools.islice(names, MAX_LISTED + 1)
                found = sorted(listed, key=lambda entry: (entry.is_dir(follow_symlinks=False), entry.name))
        except OSError as error:
            yield Entry(prefix or "the folder", _nothing, f"cannot be read ({error.strerror})")
            return
        if len(found) > MAX_LISTED:
            yield Entry(prefix or "the folder", _nothing, f"holds more than {MAX_LISTED:,} files")
        for entry in found[:MAX_LISTED]:
            yield from _one(handle, entry, prefix + entry.name, depth)
    finally:
        os.close(handle)


def _one(handle: int, entry: os.DirEntry, name: str, depth: int) -> Iterator[Entry]:
    """What one name of a folder stands for; hidden folders are not even looked into."""
    if _litter(entry.name):
        return
    try:
        mode = entry.stat(follow_symlinks=False).st_mode
        if not stat.S_ISDIR(mode):
            yield Entry(name, partial(regular, entry.name, folder=handle), _refused(mode))
        elif not depth:
            yield Entry(name, _nothing, "is a folder that lies too deep; move its files up")
        else:
            if name.lower().endswith(".ipynb"):
                yield Entry(name, _nothing, "is a folder, not a notebook")
            yield from _below(os.open(entry.name, _FOLDER, dir_fd=handle), f"{name}/", depth - 1)
    except OSError as error:
        yield Entry(name, _nothing, f"cannot be read ({error.strerror})")


def regular(name: str | Path, most: int, *, folder: int | None = None) -> bytes:
    """The bytes of a regular file, at most `most`; waits for no pipe. Raises `LeftOut`.

    folder: descriptor of the open folder that the name is in.
    """
    try:
        handle = os.open(name, _FILE, dir_fd=folder)
    except OSError as error:
        link = error.errno == errno.ELOOP
        raise LeftOut(_KINDS[stat.S_IFLNK] if link else f"cannot be read ({error.strerror})") from None
    with os.fdopen(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise LeftOut(_refused(status.st_mode) or "is no file")
        if status.st_size > most:
            raise TooLarge(most)
        try:
            data = file.read(most + 1)
        except OSError as error:
            raise LeftOut(f"cannot be read ({error.strerror})") from None
    if len(data) > most:
        raise TooLarge(most)
    return data


def unpack(name: str, data: bytes, limits: Limits) -> Callable[[], Iterator[Entry]]:
    """The entries of an archive in memory, as often as asked for; its bytes say more of its kind than its name.

    Raises `Broken` at once or while the entries are drawn.
    """
    found = next((k for start, k in _MAGIC if data.startswith(start)), "")
    found = found or ("tar" if data[257:262] == b"ustar" else kind(name))
    if found == "zip":
        _check_table(data)
        archive = open_zip(io.BytesIO(data))
        return lambda: unzip(archive, limits)
    if found != "tar":
        # hidden files and such are not kept, but have to be unpacked to get at what lies behind them
        data = inflate(data, found, 2 * limits.total_bytes, limits.ratio)
    return lambda: untar(io.BytesIO(data), 2 * limits.entries)


def _check_table(data: bytes) -> None:
    """Is the table of contents one that zipfile reads at once? It is found here as zipfile finds it."""
    at = data.rfind(b"PK\5\6")
    if at < 0 or at + 22 > len(data):
        raise Broken("is no whole zip file; hand it in again")
    size, = struct.unpack_from("<L", data, at + 12)
    if size > MAX_TABLE:
        raise Broken(f"has a table of contents of more than {MAX_TABLE:,} bytes; hand in the few files that matter")
    if data[max(at - 20, 0):at].startswith(b"PK\6\7"):     # zip64's own table, for archives of gigabytes
        raise Broken("is packed in an unusual way; pack it with an ordinary program")
    entry, end = at - size, at
    while 0 <= entry <= end - 46:
        name, extra, comment = struct.unpack_from("<3H", data, entry + 28)
        if extra > MAX_EXTRA:
            raise Broken("is packed in an unusual way; pack it with an ordinary program")
        entry += 46 + name + extra + comment


def open_zip(file: BinaryIO) -> zipfile.ZipFile:
    """Read the table of contents of a zip. Raises `Broken`."""
    try:
        archive = zipfile.ZipFile(file)
        size = file.seek(0, io.SEEK_END)
    except Exception:       # zipfile lets many kinds out, and a student chose the bytes
        raise Broken("is no whole zip file; hand it in again") from None
    if sum(info.compress_size for info in archive.infolist()) > size:
        raise Broken("has members that overlap, as bombs have; pack it with an ordinary program")
    return archive


def unzip(archive: zipfile.ZipFile, limits: Limits) -> Iterator[Entry]:
    """The files of a zip, notebooks first."""
    for info in sorted(archive.infolist(), key=lambda info: not info.orig_filename.endswith(".ipynb")):
        if not info.orig_filename.endswith("/"):
            yield Entry(_zip_name(info), partial(_unzip_one, archive, info, limits.ratio), _zip_refused(info))


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name with all its bytes; many programs write UTF-8 without saying so."""
    if not info.flag_bits & 0x800:
        try:
            return info.orig_filename.encode("cp437").decode()
        except UnicodeError:
            pass
    return info.orig_filename


def _zip_refused(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x2041:
        return "is encrypted; hand it in without a password"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in an unusual way; pack it with an ordinary program"
    return _refused(info.external_attr >> 16)


def _unzip_one(archive: zipfile.ZipFile, info: zipfile.ZipInfo, ratio: int, most: int) -> bytes:
    if info.file_size > most:
        raise TooLarge(most)
    if info.file_size > max(SMALL, ratio * info.compress_size):
        raise LeftOut(_bomb(ratio))
    try:
        # zipfile gives no more than the size in the header, and then the checksum tells that it was wrong
        with archive.open(info) as member:
            data = member.read(most + 1)
    except Exception:
        data = None
    if data is None or len(data) != info.file_size:
        raise LeftOut("is damaged; pack it again", damaged=True, cost=info.file_size)
    return data


def inflate(data: bytes, how: str, most: int, ratio: int) -> bytes:
    """What gz, bz2 or xz have packed, counted while it is unpacked. Raises `Broken`."""
    most = min(most, max(SMALL, ratio * len(data)))
    whole = bytearray()
    for _ in range(MAX_STREAMS):
        try:
            stream = _decompressor(how)
            whole += stream.decompress(data, most + 1 - len(whole))
        except (zlib.error, OSError, lzma.LZMAError, MemoryError, EOFError):
            raise Broken("is damaged, or no archive of the kind that its name says; pack it again") from None
        if len(whole) > most:
            raise Broken(f"unpacks to more than {most:,} bytes; hand in the few files that matter")
        if not stream.eof:
            raise Broken("breaks off in the middle; hand it in again")
        data = stream.unused_data.lstrip(b"\0")
        if not data:
            return bytes(whole)
    raise Broken(f"is made of more than {MAX_STREAMS} pieces; pack it again")


def _decompressor(how: str) -> Any:
    if how == "xz":
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MAX_XZ_MEMORY)
    return bz2.BZ2Decompressor() if how == "bz2" else zlib.decompressobj(wbits=31)


def untar(file: BinaryIO, most_headers: int) -> Iterator[Entry]:
    """The files of an uncompressed tar (ustar, GNU, pax), in their order. Raises `Broken`."""
    long_name, more = "", dict[str, str]()
    for _ in range(most_headers):
        block = _take(file, 512, may_end=True)
        if not block.strip(b"\0"):
            return
        name, size, letter = _tar_header(block)
        if letter in b"LKxXg":
            text = _take(file, -(-size // 512) * 512 if size <= MAX_TAR_HEADER else -1)[:size]
            if letter == b"L":
                long_name = _decoded(text.rstrip(b"\0"))
            elif letter in b"xX":
                more = _pax(text)
            continue
        sparse = letter == b"S" or any(word.startswith("GNU.sparse") for word in more)
        extended = letter == b"S" and block[482]
        while extended:
            extended = _take(file, 512)[504]
        name = more.get("path") or long_name or name
        size = 0 if letter in b"123456" else _number(more.get("size", "").encode() or None, size)
        long_name, more = "", {}
        start = file.tell()
        if letter not in b"5" and not (letter in b"0\0" and name.endswith("/")):
            yield Entry(name, partial(_untar_one, file, size), _tar_refused(letter, sparse))
        _skip(file, start + -(-size // 512) * 512 - file.tell())
    raise Broken(f"has more than {most_headers:,} headers; hand in the few files that matter")


def _tar_header(block: bytes) -> tuple[str, int, bytes]:
    """(name, size, type) of a header block."""
    fields = block[:148] + b" " * 8 + block[156:]
    written = _octal(block[148:156])
    if written != sum(fields) and written != sum(struct.unpack("512b", fields)):
        raise Broken("is no whole tar archive; pack it again")
    name = _decoded(block[:100].split(b"\0")[0])
    if block[257:263] == b"ustar\0" and block[345:500].strip(b"\0"):
        name = _decoded(block[345:500].split(b"\0")[0]) + "/" + name
    return name, _octal(block[124:136]), block[156:157]


def _octal(field: bytes) -> int:
    if field[0] & 0x80:         # GNU's binary form; 0xff starts a negative number
        return _number(str(int.from_bytes(field[1:], "big")).encode() if field[0] == 0x80 else b"", 0)
    text = field.strip(b" \0")
    if text.strip(b"01234567"):
        raise Broken("is no whole tar archive; pack it again")
    return int(text or b"0", 8)


def _number(text: bytes | None, otherwise: int) -> int:
    if text is None:
        return otherwise
    if not text.isdigit() or len(text) > 18:
        raise Broken("has sizes in it that cannot be; pack it again")
    return int(text)


def _pax(text: bytes) -> dict[str, str]:
    """The records of an extended header: 'LENGTH KEY=VALUE\\n', one behind the other."""
    found: dict[str, str] = {}
    at, free = 0, MAX_RECORDS
    while at < len(text) and text[at]:
        length, _, _ = text[at:at + 20].partition(b" ")
        end = at + _number(length, 0)
        word, equals, value = text[at + len(length) + 1:end - 1].partition(b"=")
        if not equals or text[end - 1:end] != b"\n" or not free:
            raise Broken("has broken extended headers; pack it again")
        found[_decoded(word)] = _decoded(value)
        at, free = end, free - 1
    return found


def _tar_refused(letter: bytes, sparse: bool) -> str:
    if sparse:
        return "is packed as a sparse file; pack it with an ordinary program"
    names = {b"1": stat.S_IFLNK, b"2": stat.S_IFLNK, b"3": stat.S_IFCHR, b"4": stat.S_IFBLK, b"6": stat.S_IFIFO}
    if letter in names:
        return _KINDS[names[letter]]
    return "" if letter in b"0\x007" else "is no ordinary file"


def _untar_one(file: BinaryIO, size: int, most: int) -> bytes:
    if size > most:
        raise TooLarge(most)
    return _take(file, size)


def _take(file: BinaryIO, size: int, *, may_end: bool = False) -> bytes:
    """Exactly this many bytes; none at all where the file may end."""
    if size < 0:
        raise Broken("has headers that are too long; pack it again")
    try:
        data = file.read(size)
    except (OSError, EOFError, zlib.error, lzma.LZMAError):
        raise Broken("is damaged; pack it again") from None
    if len(data) != size and not (may_end and not data):
        raise Broken("breaks off in the middle; hand it in again")
    return data


def _skip(file: BinaryIO, size: int) -> None:
    while size > 0:
        size -= len(_take(file, min(size, SMALL)))


def _refused(mode: int) -> str:
    """Why a file of this mode is not taken; empty for a regular one, or where no kind is noted."""
    found = stat.S_IFMT(mode)
    return "" if found in (0, stat.S_IFREG) else _KINDS.get(found, "is no file")


def _bomb(ratio: int) -> str:
    return f"is more than {ratio} times larger than it was packed, as bombs are; hand in the file itself"


def _litter(part: str) -> bool:
    """Is it what an honest tool leaves behind: hidden files, checkpoints, a Mac's second copies?"""
    return part.startswith(".") or part in _LITTER


def _deceptive(character: str) -> bool:
    found = unicodedata.category(character)
    # the two joiners are part of words in Persian and Hindi, and of emoji
    return found in ("Cc", "Cs", "Zl", "Zp") or (found == "Cf" and character not in "\u200c\u200d")


def _decoded(text: bytes) -> str:
    return text.decode("utf-8", "surrogateescape")


def _nothing(most: int) -> bytes:
    raise LeftOut("cannot be read")
