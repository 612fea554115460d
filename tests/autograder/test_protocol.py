"""Frames: what arrives as it was sent, and what is refused; and the sum of a result."""

import socket
import struct
import time

import pytest

from autograder import protocol
from autograder.protocol import Channel, Check, Gone, Result, TimedOut
from autograder.values import BadMessage, NotPlain


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours), theirs


def soon():
    return time.monotonic() + 5.0


def test_a_frame_arrives_as_it_was_sent(ends):
    ours, theirs = ends
    Channel(theirs).send({"kind": "x", "n": 1}, [b"ab", b"", b"c"])
    assert ours.receive(deadline=soon()) == ({"kind": "x", "n": 1}, [b"ab", b"", b"c"])


def raw(text, size=0, data=b""):
    return struct.pack(">QQ", len(text), size) + text + data


@pytest.mark.parametrize("frame", [raw(b"{"), raw(b"[]"), raw(b"5"), raw(b"{}"), raw(b'{"sizes": 5}'),
                                   raw(b'{"sizes": [1]}'), raw(b'{"sizes": [-1, 2]}', 1, b"x"),
                                   raw(b'{"sizes": [true]}', 1, b"x"), raw(b"\xff\xfe"), raw(b"[" * 100_000),
                                   struct.pack(">QQ", 2**63, 0), struct.pack(">QQ", 2, 2**63)],
                         ids=lambda frame: repr(frame[16:40]))
def test_a_malformed_frame_is_refused(ends, frame):
    ours, theirs = ends
    theirs.sendall(frame)
    with pytest.raises(BadMessage):
        ours.receive(deadline=soon())


def test_half_a_frame_runs_into_the_deadline(ends):
    ours, theirs = ends
    theirs.sendall(raw(b'{"sizes": []}')[:20])
    with pytest.raises(TimedOut):
        ours.receive(deadline=time.monotonic() + 0.05)


def test_a_deadline_that_has_passed_is_not_waited_for(ends):
    with pytest.raises(TimedOut):
        ends[0].receive(deadline=time.monotonic() - 1)


def test_a_closed_channel_is_told(ends):
    ours, theirs = ends
    theirs.close()
    with pytest.raises(Gone):
        ours.receive(deadline=soon())
    with pytest.raises(Gone):
        ours.send({"kind": "x"}, [bytes(10**6)], deadline=soon())


def test_a_frame_that_is_too_large_is_not_sent(ends):
    with pytest.raises(NotPlain, match="at most"):
        ends[0].send({"kind": "x" * (protocol.MAX_MESSAGE_BYTES // 8 + 1)})


def test_a_result_adds_up_what_is_given_automatically():
    checks = (Check("n", "a", 2, 1.5, "partial"), Check("n", "b", 3, None, "manual"), Check("n", "c", 1, 0.0, "failed"))
    result = Result("ada", "graded", "", checks)
    assert (result.score, result.points) == (1.5, 6)
