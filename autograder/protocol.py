"""Messages that cross the wall, in length-prefixed frames; and the results of grading.

A frame is a header (two big-endian 64-bit lengths), a JSON text and the raw bytes of the arrays in it (`values`).
"""

import io
import json
import socket
import struct
import time
from collections.abc import Mapping
from typing import NamedTuple

from autograder.values import BadMessage, NotPlain

MAX_MESSAGE_BYTES = 256 * 2**20  # arrays of one frame; its JSON may have an eighth of that
MAX_PRINTED = 200_000            # characters of one stream that a cell, call or check prints

_HEADER = struct.Struct(">QQ")


class Gone(Exception):
    """The other side has closed the channel."""


class TimedOut(Exception):
    """No whole frame arrived before the deadline."""


class Receipt(NamedTuple):
    """What was handed in.

    sha256: over names and contents; size: bytes; received: when it came in (UTC, ISO 8601).
    """

    sha256: str = ""
    size: int = 0
    received: str = ""


class Submission(NamedTuple):
    """What one student handed in, as bytes and names; nothing of it has been believed, parsed or run.

    notebooks: the .ipynb files at the top, by file name.  files: all others, by relative path.
    complaints: a sentence for each thing that was left out or could not be read.
    """

    student: str
    notebooks: Mapping[str, bytes] = {}
    files: Mapping[str, bytes] = {}
    complaints: tuple[str, ...] = ()
    receipt: Receipt = Receipt()


class Check(NamedTuple):
    """The verdict on one graded cell.

    verdict: passed, partial, failed (the student's), limit (which one: see message), errored (ours: nobody's points
    are lost silently), manual (a person grades it) or unanswered.  score: None where a person has to decide.
    mistake, diagnosis: of a failed check, the known mistake that behaves alike, by its name and in words.
    forgeable: the check ran in the student's own process, which may have given the verdict itself.
    """

    notebook: str
    grade_id: str
    points: float
    score: float | None
    verdict: str
    message: str = ""
    mistake: str = ""
    diagnosis: str = ""
    forgeable: bool = False


class Result(NamedTuple):
    """One submission, graded.

    status: graded, broken (could not be read) or errored (the grader's own fault).
    message: for the student, why it was not graded or what was left out of it.  confined: it ran in the sandbox.
    """

    student: str
    status: str
    message: str
    checks: tuple[Check, ...] = ()
    notebooks: tuple[tuple[str, str], ...] = ()     # (name, JSON of the graded notebook)
    unanswered: tuple[tuple[str, str], ...] = ()    # (notebook, grade_id) of solution cells left as released
    seconds: float = 0.0
    confined: bool = True
    receipt: Receipt = Receipt()

    @property
    def score(self) -> float:
        """Points given automatically; cells that a person grades count 0 until then."""
        return sum(check.score or 0.0 for check in self.checks)

    @property
    def points(self) -> float:
        """The most that the checks of this submission can give."""
        return sum(check.points for check in self.checks)


class CappedText(io.StringIO):
    """A text stream that keeps the first `most` characters and drops the rest."""

    def __init__(self, most: int = MAX_PRINTED):
        super().__init__()
        self.most = most

    def write(self, text: str) -> int:
        room = self.most - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)


class Channel:
    """One end of the wire: whole frames out, whole frames in."""

    def __init__(self, wire: socket.socket, most_bytes: int | None = MAX_MESSAGE_BYTES):
        """most_bytes: arrays of one frame; its JSON may have an eighth of that. None: any (among trusted)."""
        self.wire, self.most_bytes = wire, most_bytes

    def send(self, message: dict, blobs: list[bytes] = (), *, deadline: float | None = None) -> None:  # type: ignore[assignment]
        """Write one frame; raises `Gone` if the other side has closed, `TimedOut` after the deadline (monotonic s)."""
        text = json.dumps({**message, "sizes": [len(b) for b in blobs]}).encode()
        size = sum(len(b) for b in blobs)
        if self._too_large(len(text), size):
            raise NotPlain(f"{len(text) + size:,} bytes; at most {self.most_bytes:,} cross in one message")
        try:
            for part in (_HEADER.pack(len(text), size), text, *blobs):
                self.wire.settimeout(_left(deadline))
                self.wire.sendall(part)
        except TimeoutError:
            raise TimedOut from None
        except OSError:
            raise Gone from None

    def receive(self, *, deadline: float | None = None) -> tuple[dict, list[bytes]]:
        """Read one frame as (message, array bytes); raises `Gone`, `TimedOut` or `BadMessage`."""
        text_size, size = _HEADER.unpack(self._read(_HEADER.size, deadline))
        if self._too_large(text_size, size):
            raise BadMessage(f"a message of {text_size + size:,} bytes; at most {self.most_bytes:,} cross")
        text, data = self._read(text_size, deadline), self._read(size, deadline)
        try:
            message = json.loads(text)
            sizes = message.pop("sizes")
            if not all(type(n) is int and n >= 0 for n in sizes) or sum(sizes) != size:
                raise ValueError
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise BadMessage("a message that is not in the protocol's form") from None
        blobs, at = [], 0
        for n in sizes:
            blobs.append(data[at:at + n])
            at += n
        return message, blobs

    def _too_large(self, text: int, arrays: int) -> bool:
        return self.most_bytes is not None and (text > self.most_bytes // 8 or arrays > self.most_bytes)

    def _read(self, size: int, deadline: float | None) -> bytes:
        chunks, missing = [], size
        while missing:
            try:
                self.wire.settimeout(_left(deadline))
                chunk = self.wire.recv(min(missing, 2**20))
            except TimeoutError:
                raise TimedOut from None
            except OSError:
                raise Gone from None
            if not chunk:
                raise Gone
            chunks.append(chunk)
            missing -= len(chunk)
        return b"".join(chunks)


def _left(deadline: float | None) -> float | None:
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimedOut
    return left
