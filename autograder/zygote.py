"""A process that has imported libraries once and forks a child for everyone who connects: start-up costs a fork.

One for a role: `autograder.worker` forks those that will confine themselves and run students' code, `autograder.tester`
those that run the instructor's checks. A zygote holds no submission, no check and no secret. It has one thread and
supervises its children: it kills one when its client hangs up, tells the client how it ended, and takes all with it.
"""

import atexit
import contextlib
import gc
import importlib
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from autograder import sandbox

# What may be loaded before the fork, where an instructor's notebook imports it: none of these starts a thread, and
# TensorFlow is safe to fork as long as no operation has run (`_check_forkable`)
LIBRARIES = frozenset({"keras", "matplotlib", "numpy", "pandas", "scipy", "seaborn", "sklearn", "tensorflow"})
START_SECONDS = 120.0
END_SECONDS = 5.0           # what a child gets to end in after SIGKILL
_STATUS = struct.Struct("i")


class Child:
    """A connection to a process that a zygote has forked: `wire` leads to it; `end` kills it."""

    def __init__(self, address: str):
        self.wire = socket.socket(socket.AF_UNIX)
        self._line, theirs = socket.socketpair()
        with theirs:
            self.wire.connect(address)
            socket.send_fds(self.wire, [b"+"], [theirs.fileno()])

    def kill(self) -> None:
        """Have it killed, with all that it has started in its namespaces or its process group; does not wait."""
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_WR)

    def exit_code(self, seconds: float = END_SECONDS) -> int | None:
        """How it ended (as `subprocess.Popen.returncode`); None while it has not, after `end` or if its zygote died."""
        try:
            self._line.settimeout(seconds)
            said = self._line.recv(_STATUS.size, socket.MSG_PEEK)
        except OSError:
            return None
        return os.waitstatus_to_exitcode(_STATUS.unpack(said)[0]) if len(said) == _STATUS.size else None

    def end(self, *, wait: bool = True) -> None:
        """Kill it, and wait until it is gone unless told otherwise."""
        self.kill()
        if wait:
            self.exit_code()
        self._line.close()
        self.wire.close()


class Zygote:
    """A zygote that is starting or running. It listens on a socket in a folder of this user alone."""

    def __init__(self, role: str, libraries: Sequence[str] = ()):
        self.role, self._folder = role, tempfile.mkdtemp(prefix="autograder-zygote-")
        self._path, self._ready, self._waiting = str(Path(self._folder, "socket")), False, threading.Lock()
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-m", "autograder.zygote", role, self._path, *libraries], cwd="/",
            env=sandbox.clean_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True)

    @property
    def address(self) -> str:
        """The path of the socket, as soon as it listens. Raises RuntimeError if it does not come up."""
        with self._waiting:
            if not self._ready:
                self._wait()
                self._ready = True
        return self._path

    def _wait(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        ready = select.poll()
        ready.register(self.process.stdout, select.POLLIN)
        if not ready.poll(START_SECONDS * 1000) or self.process.stdout.readline() != b"ready\n":
            self.process.kill()
            said = self.process.communicate()[1].decode(errors="replace")[-2000:]
            self.close()
            raise RuntimeError(f"the process that forks {self.role} did not start: {said}")
        self.process.stderr.close()

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def close(self) -> None:
        """End it and all its children."""
        self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream:
                stream.close()
        shutil.rmtree(self._folder, ignore_errors=True)


class _Key(NamedTuple):
    role: str
    libraries: tuple[str, ...]


_RUNNING: dict[_Key, Zygote] = {}
_ADDRESSES: dict[_Key, str] = {}        # of zygotes that another process keeps
_LOCK = threading.Lock()


def address(role: str, libraries: Sequence[str] = ()) -> str:
    """Where this process' zygote of a role listens. Started on first use, for all threads; ends with the process."""
    given = _ADDRESSES.get(_key(role, libraries))
    return given or start(role, libraries).address


def start(role: str, libraries: Sequence[str] = ()) -> Zygote:
    """This process' zygote of a role, which may still be importing."""
    key = _key(role, libraries)
    with _LOCK:
        if key not in _RUNNING or not _RUNNING[key].alive:
            if key in _RUNNING:
                _RUNNING.pop(key).close()
            _RUNNING[key] = Zygote(*key)
        return _RUNNING[key]


def _key(role: str, libraries: Sequence[str]) -> _Key:
    return _Key(role, tuple(sorted(set(libraries) & LIBRARIES)))


def use(role: str, libraries: Sequence[str], where: str) -> None:
    """In a forked process: take the zygote of the process that asked for it."""
    _ADDRESSES[_key(role, libraries)] = where


@atexit.register
def close_all() -> None:
    """End the zygotes that this process has started."""
    with _LOCK:
        while _RUNNING:
            _RUNNING.popitem()[1].close()


def main() -> None:
    """In the zygote: import, say so, serve until the process that started it has gone."""
    role, path, *libraries = sys.argv[1:]
    del sys.argv[1:]
    module = importlib.import_module(role)
    for library in libraries:
        with contextlib.suppress(ImportError):
            importlib.import_module(library)
    module.prepare()
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(1024)
    gc.collect()
    gc.freeze()                 # else every collection in a child would copy all pages
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    _null(1, 2)
    _Nursery(listener, module).serve()
    shutil.rmtree(Path(path).parent, ignore_errors=True)       # whoever started this may have had no time to


class _Nursery:
    """The zygote's children and the lines to their clients."""

    def __init__(self, listener: socket.socket, module: Any):
        self.listener, self.module = listener, module
        self.lines: dict[int, tuple[int, socket.socket, int]] = {}     # descriptor of line or pidfd -> pid, line, pidfd
        self.poll = select.poll()
        for descriptor in (listener.fileno(), 0):
            self.poll.register(descriptor, select.POLLIN)

    def serve(self) -> None:
        """Until standard input is closed."""
        while True:
            ready = {descriptor for descriptor, _ in self.poll.poll()}
            if 0 in ready:
                return
            for descriptor in ready & self.lines.keys():
                self._look(descriptor)
            if self.listener.fileno() in ready:
                self._accept()

    def _accept(self) -> None:
        wire, _ = self.listener.accept()
        wire.settimeout(END_SECONDS)
        try:
            _, (given,), *_ = socket.recv_fds(wire, 1, 1)
        except (OSError, ValueError):       # the client has gone before it said anything
            wire.close()
            return
        line = socket.socket(fileno=given)
        _check_forkable()
        zygote, pid = os.getpid(), os.fork()
        if pid == 0:
            line.close()
            self._be(wire, zygote)
        wire.close()
        pidfd = os.pidfd_open(pid)
        for descriptor in (pidfd, line.fileno()):
            self.lines[descriptor] = (pid, line, pidfd)
            self.poll.register(descriptor, select.POLLIN)

    def _be(self, wire: socket.socket, zygote: int) -> NoReturn:
        """In the child: forget the zygote, do the role's work, end."""
        try:
            sandbox.die_with_parent(zygote)
            os.setsid()
            for descriptor in self.lines:
                os.close(descriptor)
            self.listener.close()
            _null(0)
            wire.settimeout(None)
            self.module.main(wire)
            os._exit(0)
        finally:
            os._exit(1)

    def _look(self, descriptor: int) -> None:
        """A child has ended, or its client has hung up."""
        if descriptor not in self.lines:
            return
        pid, line, pidfd = self.lines[descriptor]
        if descriptor != pidfd:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        for one in (pidfd, line.fileno()):
            self.poll.unregister(one)
            del self.lines[one]
        os.close(pidfd)
        with line, contextlib.suppress(OSError):
            line.send(_STATUS.pack(status), socket.MSG_DONTWAIT)


def _check_forkable() -> None:
    """TensorFlow starts threads with its first operation; a child forked after that would hang."""
    context = sys.modules.get("tensorflow.python.eager.context")
    if context is not None and context.context()._context_handle is not None:
        raise RuntimeError("TensorFlow has run an operation in the process that forks; only importing it is safe")


def _null(*descriptors: int) -> None:
    null = os.open("/dev/null", os.O_RDWR)
    for descriptor in descriptors:
        os.dup2(null, descriptor)
    os.close(null)


if __name__ == "__main__":
    main()
