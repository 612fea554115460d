"""The trusted processes around a confined one: they wait, watch, end; none runs the caller's code again."""

import os
import select
import signal
import time
from typing import NoReturn

from autograder import kernel
from autograder.usage import Meter, Used

LOOK_SECONDS = 0.1      # between two looks; more where looking itself takes long
MOST_SECONDS = 0.5
BUSY = 10               # looking should not take more than about one part in so many of a processor
# Who waits for the monitor learns of a limit from the signal that ends it.  Nobody inside can send it one, and when a
# signal ends the student, the monitor's exit status tells.
REASONS = {"memory": signal.SIGUSR1, "cpu": signal.SIGVTALRM, "time": signal.SIGALRM}


def watch(keeper: int, most: Used, wall_seconds: float | None) -> NoReturn:
    """Wait for the end; make an end at a limit.  Nobody inside can prevent it."""
    reason = ""
    try:
        deadline = None if wall_seconds is None else time.monotonic() + wall_seconds
        spent = time.process_time()
        _let_go()
        ended = select.poll()
        ended.register(os.pidfd_open(keeper), select.POLLIN)
        meter = Meter(keeper, most.memory_bytes)
        pause = LOOK_SECONDS
        while not reason and not ended.poll(1000 * _until(deadline, pause)):
            before = time.monotonic()
            used = meter.look()
            looking = time.process_time() - spent       # who makes it costly pays for it
            reason = _limit_hit(used._replace(cpu_seconds=used.cpu_seconds + looking), most, deadline)
            pause = min(max(LOOK_SECONDS, BUSY * (time.monotonic() - before)), MOST_SECONDS)
        _end(keeper, most, reason)
    finally:
        os._exit(1)         # never the caller's code, whatever happens; the keeper follows


def _until(deadline: float | None, pause: float) -> float:
    return pause if deadline is None else max(0.0, min(pause, deadline - time.monotonic()))


def _limit_hit(used: Used, most: Used, deadline: float | None) -> str:
    if used.memory_bytes > most.memory_bytes:
        return "memory"
    if used.cpu_seconds >= most.cpu_seconds:
        return "cpu"
    return "time" if deadline is not None and time.monotonic() >= deadline else ""


def _end(keeper: int, most: Used, reason: str) -> NoReturn:
    """Kill what still lives, then end in a way that tells why."""
    os.kill(keeper, signal.SIGKILL)         # not yet waited for, so the number is still its own
    _, status, used = os.wait4(keeper, 0)
    code = _exit_code(status)
    by_signal = code > 128
    if not reason and by_signal and used.ru_utime + used.ru_stime >= most.cpu_seconds:
        reason = "cpu"                      # the kernel was faster
    if reason:
        number = REASONS[reason]
        signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
        os.kill(os.getpid(), number)
    os._exit(code)


def reason(exit_code: int | None) -> str:
    """Of a monitor that ended so (as in `subprocess.Popen.returncode`): memory, cpu, time, or nothing."""
    return next((name for name, number in REASONS.items() if exit_code == -number), "")


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


def _let_go() -> None:
    """Keep no descriptor, so that the other side sees end-of-file; no handler, so that signals end this."""
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)) or number == signal.SIGCHLD:      # ignored, it would leave no status
            signal.signal(number, signal.SIG_DFL)
    close_all_but(set())


def close_all_but(keep: set[int]) -> None:
    """Close all descriptors except these; 0, 1 and 2, which libraries take for granted, lead to /dev/null."""
    null = os.open("/dev/null", os.O_RDWR)
    for fd in {0, 1, 2} - keep:
        os.dup2(null, fd)
    kernel.close_all_but(keep)
