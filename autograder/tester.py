"""Run one trusted job in a process of its own, forked from a warm zygote: what it does to itself costs nobody else.

The process has no network and a limit on its memory, since it works on what students' code answers. Jobs and outcomes
are pickled between trusted processes of this program; nothing that a student wrote is unpickled.
"""

import contextlib
import os
import pickle
import resource
import socket
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from autograder import kernel, protocol, wall, zygote

ROLE = "autograder.tester"


class Failure(NamedTuple):
    """A job that gave no result: the type and text of what went wrong, the traceback, what it had said until then."""

    kind: str
    message: str
    details: str = ""
    said: tuple = ()


class Bounds(NamedTuple):
    """What one job may use: wall-clock seconds, bytes of memory beyond what its zygote holds, one processor or any."""

    seconds: float
    memory_bytes: int = 4 * 2**30
    pinned: bool = False


def call(function: Callable, job: Any, bounds: Bounds, libraries: Sequence[str] = ()) -> Any:
    """What function(job, say) returns in a process of its own, or a `Failure`; what it hands to `say` is kept there.

    function must be importable, not from `__main__`. A job that runs longer than bounds.seconds is killed.
    """
    zygote.start(ROLE, libraries)       # both import at the same time
    workers = zygote.address(wall.ROLE, libraries)
    address = zygote.address(ROLE, libraries)
    place = Path(address).parent        # the zygote removes it, whatever becomes of this process
    child = _running(zygote.Child(address))
    if child is None:
        return Failure("Abandoned", "the run was ended")
    try:
        with (_processor() if bounds.pinned else contextlib.nullcontext() as processor,
              tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as folder):
            order = pickle.dumps((function, job, bounds.memory_bytes, tuple(libraries), workers))
            message = {"path": sys.path, "processor": processor, "folder": folder}
            return _outcome(child, message, order, bounds.seconds)
    finally:
        with _LOCK:
            _CHILDREN.discard(child)
        child.end()


def _outcome(child: zygote.Child, message: dict, order: bytes, seconds: float) -> Any:
    """Hand the order over, and listen until there is a result or an end."""
    deadline = time.monotonic() + seconds
    said: list[Any] = []
    channel = protocol.Channel(child.wire, most_bytes=None)
    try:
        channel.send(message, [order], deadline=deadline)
        while True:
            reply, blobs = channel.receive(deadline=deadline)
            if reply["kind"] == "done":
                outcome = pickle.loads(blobs[0])
                return outcome._replace(said=tuple(said)) if isinstance(outcome, Failure) else outcome
            said.append(pickle.loads(blobs[0]))
    except protocol.TimedOut:
        return Failure("Overdue", f"no result after {seconds:g} s; killed", said=tuple(said))
    except protocol.Gone:
        code = child.exit_code()
        return Failure("Died", f"its process ended with exit code {code} and gave no result", said=tuple(said))


_CHILDREN: set[zygote.Child] = set()
_BUSY: Counter[int] = Counter()         # jobs on each processor
_LOCK = threading.Lock()
_ABANDONED = threading.Event()


@contextlib.contextmanager
def _processor() -> Iterator[int | None]:
    """The processor with the fewest jobs of this process: no student's crowd of processes slows down another's."""
    if not hasattr(os, "sched_getaffinity"):
        yield None
        return
    with _LOCK:
        chosen = min(sorted(os.sched_getaffinity(0)), key=_BUSY.__getitem__)
        _BUSY[chosen] += 1
    try:
        yield chosen
    finally:
        with _LOCK:
            _BUSY[chosen] -= 1


def _running(child: zygote.Child) -> zygote.Child | None:
    with _LOCK:
        if not _ABANDONED.is_set():
            _CHILDREN.add(child)
            return child
    child.end()
    return None


@contextlib.contextmanager
def abandoned() -> Iterator[None]:
    """End all running jobs of this process, and start none, while this lasts: their threads come to an end at once."""
    with _LOCK:
        _ABANDONED.set()
        for child in _CHILDREN:
            child.kill()
    try:
        yield
    finally:
        _ABANDONED.clear()


def prepare() -> None:
    """In the zygote: what grading needs; the student's side never sees this process."""
    from autograder import executor  # noqa: F401  the jobs come from there; nothing here depends on it

    _leave_network()


def main(wire: socket.socket) -> None:
    """In the forked process: take one order, carry it out, say what came of it."""
    channel = protocol.Channel(wire, most_bytes=None)
    message, (order,) = channel.receive()
    sys.path[:] = message["path"]
    tempfile.tempdir = message["folder"]        # its client removes it, however this ends
    if message["processor"] is not None:
        os.sched_setaffinity(0, {message["processor"]})

    def say(what: Any) -> None:
        channel.send({"kind": "said"}, [pickle.dumps(what)])

    try:
        function, job, memory_bytes, libraries, workers = pickle.loads(order)
        _limit_memory(memory_bytes)
        zygote.use(wall.ROLE, libraries, workers)
        outcome = function(job, say)
    except BaseException as error:
        outcome = Failure(type(error).__name__, str(error), traceback.format_exc())
    try:
        data = pickle.dumps(outcome)
    except Exception as error:
        data = pickle.dumps(Failure(type(error).__name__, f"its result could not be sent: {error}"))
    channel.send({"kind": "done"}, [data])


def _leave_network() -> None:
    """A new, empty network, for all who are forked.

    An ordinary user needs a user namespace for that; where there is none, `confine` refuses to run students' code, and
    says what to do.
    """
    if sys.platform != "linux":
        return
    user, group = os.geteuid(), os.getegid()
    try:
        if user == 0:
            kernel.unshare(kernel.NEWNET)
            return
        kernel.unshare(kernel.NEWUSER | kernel.NEWNET)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    except OSError:
        return


def _limit_memory(memory_bytes: int) -> None:
    held = next(int(line.split()[1]) * 1024 for line in Path("/proc/self/status").read_text().splitlines()
                if line.startswith("VmData"))
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    limit = held + memory_bytes if most == resource.RLIM_INFINITY else min(held + memory_bytes, most)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
