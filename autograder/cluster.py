"""Many jobs, any order, as many at a time as there are cores; each in a process of its own, forked from a warm server.

Knows no notebooks: it is handed the function to call. A job that takes its process down costs nobody else anything.
"""

import contextlib
import multiprocessing
import os
import resource
import sys
import time
import traceback
import types
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple

# Loaded once, before the first fork; no library in it starts threads or holds secrets
PRELOAD = ["autograder.executor"]


class Failure(NamedTuple):
    """A job that gave no result: the type and text of what went wrong, and the traceback for the log."""

    kind: str
    message: str
    details: str = ""


class _Running(NamedTuple):
    job: Any
    process: Any
    pipe: Connection
    deadline: float


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(function: Callable[[Any], Any], jobs: Iterable[Any], workers: int, seconds: float,
        memory_bytes: int = 4 * 2**30) -> Iterator[tuple[Any, Any]]:
    """Yield (job, result or `Failure`) as they end; a job that runs longer than `seconds` is killed.

    memory_bytes: what one job's process may use, so that a huge answer cannot take the machine down.

    function must be importable (not from `__main__`). It and the jobs are pickled to trusted processes of this program;
    nothing that a student wrote is unpickled.
    """
    if workers < 1:
        raise ValueError(f"at least one worker is needed, got {workers}")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)
    waiting = iter(jobs)
    running: list[_Running] = []
    exhausted = False
    try:
        while running or not exhausted:
            while not exhausted and len(running) < workers:
                try:
                    running.append(_start(context, partial(_limited, memory_bytes, function), next(waiting), seconds))
                except StopIteration:
                    exhausted = True
            if not running:
                break
            soonest = min(one.deadline for one in running)
            wait([one.pipe for one in running], timeout=max(0.0, soonest - time.monotonic()))
            for one in list(running):
                if one.pipe.poll() or time.monotonic() > one.deadline:
                    running.remove(one)
                    yield one.job, _finish(one, seconds)
    finally:
        for one in running:
            one.process.kill()
            one.process.join()


def _start(context: Any, function: Callable, job: Any, seconds: float) -> _Running:
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(function, job, theirs), daemon=False)
    with _blank_main():
        process.start()
    theirs.close()
    return _Running(job, process, ours, time.monotonic() + seconds)


@contextlib.contextmanager
def _blank_main() -> Iterator[None]:
    """Hide the program's main module from multiprocessing, which would run it again in every child (2 s)."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _finish(one: _Running, seconds: float) -> Any:
    try:
        if one.pipe.poll():
            result = one.pipe.recv()
        else:
            one.process.kill()
            result = Failure("Overdue", f"no result after {seconds:g} s; killed")
    except (EOFError, OSError):         # the second where it ends while it is sending
        one.process.join()
        result = Failure("Died", f"its process ended with exit code {one.process.exitcode} and gave no result")
    one.pipe.close()
    one.process.join(5)
    if one.process.is_alive():
        one.process.kill()
        one.process.join()
    return result


def _limited(memory_bytes: int, function: Callable, job: Any) -> Any:
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    limit = memory_bytes if most == resource.RLIM_INFINITY else min(memory_bytes, most)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    return function(job)


def _child(function: Callable, job: Any, pipe: Connection) -> None:
    try:
        result = function(job)
    except BaseException as error:
        result = Failure(type(error).__name__, str(error), traceback.format_exc())
    try:
        pipe.send(result)
    except Exception as error:
        pipe.send(Failure(type(error).__name__, f"its result could not be sent: {error}"))
