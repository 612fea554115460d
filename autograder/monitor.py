"""The trusted processes around a confined one: they wait, watch, end; none runs the caller's code again."""

import contextlib
import os
import select
import signal
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NoReturn

from autograder import kernel

MEMORY_CHECK_MS = 100


def watch(keeper: int, memory_bytes: int, lifeline: int | None = None) -> NoReturn:
    """Wait for the end; make an end when all inside hold more than `memory_bytes` or the lifeline hangs up."""
    try:
        _let_go(set() if lifeline is None else {lifeline})
        news, ended = select.poll(), os.pidfd_open(keeper)
        news.register(ended, select.POLLIN)
        if lifeline is not None:
            news.register(lifeline, select.POLLRDHUP)   # and POLLHUP, POLLERR; what is sent on it counts for nothing
        while not (found := news.poll(MEMORY_CHECK_MS)):
            if _memory_in_use(keeper, memory_bytes) > memory_bytes:
                os.kill(keeper, signal.SIGKILL)
                break
        if found and ended not in dict(found):
            os.kill(keeper, signal.SIGKILL)
        end_like(keeper)
    finally:
        os._exit(1)         # never the caller's code, whatever happens; the keeper follows


def end_like(child: int) -> NoReturn:
    """Wait for `child` and end with its status."""
    code = 1
    try:
        _let_go()
        _, status = os.waitpid(child, 0)
        code = _exit_code(status)
    finally:
        os._exit(code)


def reap_until(student: int) -> NoReturn:
    """The duty of process 1: collect orphans, and end, with all inside, when the student ends."""
    code = 1
    try:
        _let_go()
        ended, status = os.wait()
        while ended != student:
            ended, status = os.wait()
        code = _exit_code(status)
    finally:
        os._exit(code)


def _exit_code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _let_go(keep: Iterable[int] = ()) -> None:
    """Keep no descriptor, so that the other side sees end-of-file; no handler, so that signals end this."""
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    close_all_but(set(keep))


def close_all_but(keep: set[int]) -> None:
    """Close all descriptors except these; 0, 1 and 2, which libraries take for granted, lead to /dev/null."""
    null = os.open("/dev/null", os.O_RDWR)
    for fd in {0, 1, 2} - keep:
        os.dup2(null, fd)
    kernel.close_all_but(keep)


def _memory_in_use(keeper: int, enough: int) -> int:
    """Bytes of data and page tables of all inside; beyond `enough`, what forks share is counted only once."""
    inside = list(_descendants(str(keeper)))
    quick = sum(sizes(process, "status", "RssAnon", "VmSwap", "VmPTE") for process in inside)
    return quick if quick <= enough else sum(map(_fair_share, inside))


def _fair_share(process: str) -> int:
    """Where the kernel does not tell the share, the whole counts."""
    data = sizes(process, "smaps_rollup", "Pss_Anon", "SwapPss") or sizes(process, "status", "RssAnon", "VmSwap")
    return data + sizes(process, "status", "VmPTE")


def _descendants(process: str) -> Iterator[str]:
    with contextlib.suppress(OSError):                  # it may end while we look
        for children in Path("/proc", process, "task").glob("*/children"):
            for child in children.read_text().split():
                yield child
                yield from _descendants(child)


def sizes(process: str, file: str, *names: str) -> int:
    """Sum of these lines of a file in /proc/PID, in bytes; 0 if the process has ended."""
    total = 0
    with contextlib.suppress(OSError):
        for line in Path("/proc", process, file).read_text(errors="replace").splitlines():
            name, _, value = line.partition(":")
            total += int(value.split()[0]) * 1024 if name in names else 0
    return total
