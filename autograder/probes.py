"""What does the wall hold on this machine?  The same attempts, made outside and inside, by processes of their own.

An attempt that fails outside too proves nothing about the wall, so both answers are reported.  Outside, nothing is
harmed: files go to a temporary folder, a signal is number 0, and what mounts does so in a namespace of its own.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from autograder import kernel, sandbox

MIB = sandbox.MIB
LIMITS = sandbox.Limits(memory_bytes=512 * MIB, disk_bytes=8 * MIB, file_bytes=64 * MIB, processes=16)
TIMEOUT_SECONDS = 60


class Target(NamedTuple):
    """What there is to attack, on the trusted side."""

    secret: str         # stands in a file, in an environment variable and in a command line
    folder: str         # a temporary folder of the caller
    home: str
    grader: str         # the folder of this package
    victim: int         # pid of another process of the caller
    port: int           # where the caller listens on the loopback device
    address: str        # and by an abstract AF_UNIX address


def check() -> list[sandbox.Probe]:
    """Make every attempt outside and inside.  Raises CannotConfine where this machine cannot build the wall."""
    with _target() as target:
        inside = _attempt(target, confined=True)
        outside = _attempt(target, confined=False)
    return [sandbox.Probe(text, outside[text], inside[text]) for text in ATTEMPTS]


@contextmanager
def _target() -> Iterator[Target]:
    secret = secrets.token_hex(16)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="autograder-"))
        Path(folder, "secret").write_text(secret)
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        unix = stack.enter_context(socket.socket(socket.AF_UNIX))
        unix.bind(f"\0{secret}")
        unix.listen()
        wait_for_end_of_input = [sys.executable, "-c", "import sys; sys.stdin.read()", secret]
        victim = stack.enter_context(subprocess.Popen(wait_for_end_of_input, stdin=subprocess.PIPE))
        yield Target(secret, folder, str(Path.home()), str(Path(__file__).parent), victim.pid,
                     tcp.getsockname()[1], secret)


def _attempt(target: Target, *, confined: bool) -> dict[str, bool]:
    """Run `main` in a process of its own; it need not be installed, hence the path."""
    here = str(Path(__file__).parent.parent)
    code = f"import sys; sys.path.insert(0, {here!r}); from autograder import probes; probes.main()"
    environment = sandbox.clean_environment() if confined else {**os.environ, "SECRET": target.secret}
    order = json.dumps({"target": target, "confined": confined})
    done = subprocess.run([sys.executable, "-I", "-c", code], input=order, env=environment, cwd=target.folder,
                          capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False)
    if not done.stdout:
        raise RuntimeError(f"the probes gave no answer (status {done.returncode}): {done.stderr.strip()}")
    answer = json.loads(done.stdout)
    if "refusal" in answer:
        raise sandbox.CannotConfine(answer["refusal"])
    return answer


def main() -> None:
    """In the process of its own: an order on stdin, the answer on stdout."""
    order = json.loads(sys.stdin.read())
    target = Target(*order["target"])
    try:
        if order["confined"]:
            hide = [target.grader, str(Path(target.grader).parent / "solutions")]
            sandbox.confine(LIMITS, keep_fds=[1, 2], hide=hide)
    except sandbox.CannotConfine as refusal:
        print(json.dumps({"refusal": str(refusal)}))
        return
    print(json.dumps({text: _succeeds(attempt, target) for text, attempt in ATTEMPTS.items()}))


def _succeeds(attempt: Callable[[Target], Any], target: Target) -> bool:
    """In a child, since an attempt may end the process or change it."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    try:
        os._exit(0 if attempt(target) else 1)
    finally:
        os._exit(1)


def _see_home(target: Target) -> bool:
    """Python itself may lie in there, and is shown."""
    pythons = (sys.prefix, sys.base_prefix)
    return any(not any(Path(python).is_relative_to(entry) for python in pythons)
               for entry in Path(target.home).iterdir())


def _see_environment(target: Target) -> bool:
    return target.secret in os.environ.values() or _in_any_process("environ", target.secret)


def _in_any_process(file: str, text: str) -> bool:
    for path in Path("/proc").glob(f"[0-9]*/{file}"):
        with suppress(OSError):
            if text.encode() in path.read_bytes():
                return True
    return False


def _connect_tcp(target: Target) -> bool:
    socket.create_connection(("127.0.0.1", target.port), timeout=5).close()
    return True


def _connect_unix(target: Target) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(f"\0{target.address}")
    return True


def _write_elsewhere(target: Target) -> bool:
    """Asked only, since outside it might be allowed."""
    return any(os.access(folder, os.W_OK) for folder in (target.folder, sys.prefix, "/", "/usr", "/etc", "/dev"))


def _fill_disk(_: Target) -> bool:
    with Path("large").open("wb") as file:
        for _part in range(LIMITS.disk_bytes // MIB + 1):
            file.write(bytes(MIB))
    return True


def _fork_many(_: Target) -> bool:
    children: list[int] = []
    try:
        while len(children) <= LIMITS.processes:
            child = os.fork()
            if child == 0:
                time.sleep(TIMEOUT_SECONDS)
                os._exit(0)
            children.append(child)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
    return True


def _signal(target: Target) -> bool:
    """Numbers up to the own one are in use inside as well, by others."""
    os.kill(target.victim, 0)
    return target.victim > os.getpid() or _in_any_process("cmdline", target.secret)


def _become_root(_: Target) -> bool:
    os.setuid(0)
    return True


def _new_user_namespace(_: Target) -> bool:
    kernel.unshare(kernel.NEWUSER)
    return True


def _mount(target: Target) -> bool:
    kernel.unshare(kernel.NEWNS if os.getuid() == 0 else kernel.NEWNS | kernel.NEWUSER)
    kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("tmpfs", target.folder, "tmpfs")
    return True


def _trace(_: Target) -> bool:
    trace_me = 0
    return kernel.libc.ptrace(trace_me, 0, None, None) == 0


ATTEMPTS: dict[str, Callable[[Target], Any]] = {
    "read a file of yours": lambda target: Path(target.folder, "secret").read_text() == target.secret,
    "see what is in your home folder": _see_home,
    "read the grader's code or the solutions": lambda target: any(Path(target.grader).glob("*.py")),
    "read your environment variables": _see_environment,
    "see your processes": lambda target: _in_any_process("cmdline", target.secret),
    "signal your processes": _signal,
    "connect to a program of yours by TCP": _connect_tcp,
    "connect to a program of yours by a local socket": _connect_unix,
    "write outside its own folders": _write_elsewhere,
    "write more files than the disk limit": _fill_disk,
    "use more memory than the limit": lambda _: bytearray(LIMITS.memory_bytes + 64 * MIB),
    "start more processes than the limit": _fork_many,
    "become root": _become_root,
    "make a user namespace": _new_user_namespace,
    "mount a file system": _mount,
    "trace a process": _trace,
}
