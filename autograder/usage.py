"""What all processes of a confined run use together, read from /proc by their monitor."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from autograder import kernel

TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")
MANY_LOCKS = 10_000     # of files, by one run: more is taken for an attack on the kernel's memory
LOCKS_READ = 1 << 20    # bytes: the newest come first


class Process(NamedTuple):
    """One look at one process: own is what it used itself, total includes the children that it waited for."""

    pid: str
    started: str            # with it a number that is used again is another process
    own_seconds: float
    total_seconds: float


class Used(NamedTuple):
    """By all processes together: bytes of memory, seconds of processor time."""

    memory_bytes: int = 0
    cpu_seconds: float = 0.0


class Meter:
    """Looks again and again at all that lives below one process.

    memory: data, page tables and the buffers of sockets.  Pages that forks share count once, as soon as the quick
    sum is beyond `enough` bytes; of those shared with processes outside, only a share counts.
    cpu: the larger of two sums that can both be too small, never too large.  One adds what parents know of children
    for whom they waited; the other keeps what was last seen of each process that has ended.
    """

    def __init__(self, root: int, enough: int):
        self.root, self.enough = str(root), enough
        self.gone_seconds = 0.0
        self.seen: dict[tuple[str, str], float] = {}
        self.socket_bytes = 2 * int(_read("/proc/sys/net/core/wmem_default") or 212992)

    def look(self) -> Used:
        """What is in use now, and what of the processor was used until now."""
        inside = [process for pid in _descendants(self.root) if (process := _process(pid))]
        return Used(self._memory([process.pid for process in inside]), self._cpu(inside))

    def _memory(self, pids: list[str]) -> int:
        students = pids[1:]     # process 1 is ours; while it is alone, it still builds the wall
        if _locks(set(students)) > MANY_LOCKS:
            return self.enough + 1
        sockets = _sockets(students[0]) * self.socket_bytes if students else 0
        threads = [thread for pid in students if (thread := _thread_that_tells(pid))]
        quick = sockets + sum(sizes(thread, "status", "RssAnon", "VmSwap", "VmPTE") for thread in threads)
        return quick if quick <= self.enough else sockets + sum(map(_fair_share, _with_own_memory(threads)))

    def _cpu(self, inside: list[Process]) -> float:
        now = {(process.pid, process.started): process.own_seconds for process in inside}
        self.gone_seconds += sum(seconds for key, seconds in self.seen.items() if key not in now)
        self.seen = now
        return max(sum(process.total_seconds for process in inside), self.gone_seconds + sum(now.values()))


def _descendants(pid: str) -> Iterator[str]:
    with contextlib.suppress(OSError):                  # it may end while we look
        for thread in Path("/proc", pid, "task").iterdir():
            for child in _read(f"{thread}/children").split():
                yield child
                yield from _descendants(child)


def _process(pid: str) -> Process | None:
    after_the_name = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    if not after_the_name:
        return None
    user, system, children_user, children_system = (int(ticks) * TICK_SECONDS for ticks in after_the_name[11:15])
    own = user + system
    return Process(pid, after_the_name[19], own, own + children_user + children_system)


def _thread_that_tells(pid: str) -> str:
    """The process itself, or another thread where the first one has ended and the kernel says nothing of its memory."""
    candidates = [pid]
    with contextlib.suppress(OSError):
        candidates += [path.name for path in Path("/proc", pid, "task").iterdir()]
    return next((thread for thread in candidates if sizes(thread, "status", "VmPTE")), "")


def _with_own_memory(threads: list[str]) -> list[str]:
    """Without those that have all of it in common with one before, as a new process has until it runs a program."""
    found: list[str] = []
    for thread in threads:
        if not any(kernel.same_memory(int(thread), int(other)) for other in found):
            found.append(thread)
    return found


def _fair_share(pid: str) -> int:
    """Where the kernel does not tell the share, the whole counts."""
    data = sizes(pid, "smaps_rollup", "Pss_Anon", "SwapPss") or sizes(pid, "status", "RssAnon", "VmSwap")
    return data + sizes(pid, "status", "VmPTE")


def _sockets(pid: str) -> int:
    """How many there are in the network namespace of this process, those only waiting in a queue included."""
    words = _read(f"/proc/{pid}/net/sockstat").split()
    return int(words[2]) if words[:2] == ["sockets:", "used"] else 0


def _locks(pids: set[str]) -> int:
    """How many locks of files these processes hold: the fifth word of a line, the sixth of one that waits."""
    found = 0
    for line in _read("/proc/locks", LOCKS_READ).splitlines():
        words = line.split()
        found += len(words) > 5 and words[5 if words[1] == "->" else 4] in pids
    return found


def sizes(process: str, file: str, *names: str) -> int:
    """Sum of these lines of a file in /proc/PID, in bytes; 0 if the process has ended."""
    total = 0
    for line in _read(f"/proc/{process}/{file}").splitlines():
        name, _, value = line.partition(":")
        total += int(value.split()[0]) * 1024 if name in names else 0
    return total


def _read(path: str, most: int = 1 << 20) -> str:
    """The text of a file; empty where there is none, or none any more."""
    parts, size = [], 0
    with contextlib.suppress(OSError), open(path, "rb", buffering=0) as file:
        while size < most and (part := file.read(1 << 16)):
            parts.append(part)
            size += len(part)
    return b"".join(parts).decode(errors="replace")
