"""What does the wall hold on this machine?  The same attempts, made outside and inside, by processes of their own.

An attempt that fails outside too proves nothing about the wall, so both answers are reported.
"""

import json
import os
import secrets
import select
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from autograder import attempts, kernel, sandbox
from autograder.attempts import Target

OUTLIVE = "leave a process behind"
REFUSED = "refused:"
TIMEOUT_SECONDS = 60
LATE_SECONDS = 3.0      # what is there so long after the end of a confined run has outlived it


def check() -> list[sandbox.Probe]:
    """Make every attempt outside and inside.  Raises CannotConfine where this machine cannot build the wall."""
    with _target() as target:
        inside = _side(target, confined=True)
        outside = _side(target, confined=False)
    return [sandbox.Probe(text, outside[text], inside[text]) for text in inside]


@contextmanager
def _target() -> Iterator[Target]:
    secret = secrets.token_hex(16)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="autograder-check-")))
        for name in ("secret", "course/gradebook.db", "course/source/ps1/problem.ipynb",
                     "course/submitted/mate/ps1/a.ipynb"):
            Path(folder, name).parent.mkdir(parents=True, exist_ok=True)
            Path(folder, name).write_text(secret)
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        for address in (f"\0{secret}", str(folder / "socket")):
            unix = stack.enter_context(socket.socket(socket.AF_UNIX))
            unix.bind(address)
            unix.listen()
        wait_for_end_of_input = [sys.executable, "-c", "import sys; sys.stdin.read()", secret]
        victim = stack.enter_context(subprocess.Popen(wait_for_end_of_input, stdin=subprocess.PIPE))
        target = Target(secret, str(folder), victim.pid, secrets.token_hex(16), tcp.getsockname()[1],
                        udp.getsockname()[1], _port6(stack), str(Path.home()), str(Path(__file__).parent))
        with _shared_memory(target):
            yield target


def _port6(stack: ExitStack) -> int:
    with suppress(OSError):
        server = stack.enter_context(socket.create_server(("::1", 0), family=socket.AF_INET6))
        return server.getsockname()[1]
    return 0


@contextmanager
def _shared_memory(target: Target) -> Iterator[None]:
    """Of both kinds, as far as this machine has them."""
    create, remove = 0o1600, 0
    path, number = Path("/dev/shm", target.secret), kernel.libc.shmget(target.key, 4096, create)
    with suppress(OSError):
        path.touch()
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        kernel.libc.shmctl(number, remove, None)


def _side(target: Target, *, confined: bool) -> dict[str, bool]:
    """All attempts of one side of the wall."""
    with _neighbour(target, confined=confined):
        _run(target, "plant", confined=confined)
        found = json.loads(_run(target, "all", confined=confined))
        found |= {text: bool(_run(target, text, confined=confined, may_end=True)) for text in attempts.ENDING}
        found[OUTLIVE] = _outlived(target, confined=confined)
    return found


@contextmanager
def _neighbour(target: Target, *, confined: bool) -> Iterator[None]:
    with _start(target, "neighbour", target.neighbour, confined=confined) as process:
        try:
            _heed(process.stdout.readline(), process)       # type: ignore[union-attr]
            yield
        finally:
            process.communicate()                           # it waits for the end of its input
            for folder in attempts.SHARED:
                Path(folder, target.neighbour).unlink(missing_ok=True)


def _outlived(target: Target, *, confined: bool) -> bool:
    ours, theirs = os.pipe()
    try:
        _run(target._replace(line=theirs), OUTLIVE, confined=confined)
        os.close(theirs)
        return not select.select([ours], [], [], LATE_SECONDS if confined else 0.2)[0]
    finally:
        os.close(ours)          # whoever is left ends now


def _run(target: Target, what: str, *, confined: bool, may_end: bool = False) -> str:
    """What a run says at its end; nothing if something ended it before, as may be."""
    with _start(target, what, confined=confined) as process:
        try:
            said, complaint = process.communicate(timeout=TIMEOUT_SECONDS)
        finally:
            process.kill()
    return said if may_end else _heed(said, process, complaint)


def _heed(said: str, process: subprocess.Popen, complaint: str = "") -> str:
    if not said:
        raise RuntimeError(f"the probes gave no answer (status {process.returncode}): {complaint.strip()}")
    if said.startswith(REFUSED):
        raise sandbox.CannotConfine(said.removeprefix(REFUSED).strip())
    return said


def _start(target: Target, what: str, *mark: str, confined: bool) -> subprocess.Popen:
    """Run `main` in a process of its own; it need not be installed, hence the path.  The order holds the secret."""
    here = str(Path(__file__).parent.parent)
    code = f"import sys; sys.path.insert(0, {here!r}); from autograder import probes; probes.main(sys.argv[1])"
    order = target.path("order.json")
    order.write_text(json.dumps({"target": target, "what": what, "confined": confined}))
    home, work = target.path("home"), target.path("work")
    for folder in (home, work):
        folder.mkdir(exist_ok=True)
    outside = {**os.environ, "SECRET": target.secret, "HOME": str(home)}
    return subprocess.Popen([sys.executable, "-I", "-c", code, str(order), *mark], text=True, cwd=work,
                            env=sandbox.clean_environment() if confined else outside, stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            pass_fds=[target.line] if target.line >= 0 else [])


def main(path: str) -> None:
    """In the process of its own: say what came of what is ordered in this file."""
    order = json.loads(Path(path).read_text())
    target = Target(*order["target"])
    try:
        if order["confined"]:
            hide = [target.grader, str(Path(target.grader).parent / "solutions")]
            keep = [0, 1, 2] + ([target.line] if target.line >= 0 else [])
            sandbox.confine(sandbox.Limits(**attempts.LIMITS), keep_fds=keep, hide=hide)
    except sandbox.CannotConfine as refusal:
        print(REFUSED, refusal)
        return
    print(_do(order["what"], target))


def _do(what: str, target: Target) -> str:
    if what == "all":
        return json.dumps({text: _succeeds(attempt, target) for text, attempt in attempts.ATTEMPTS.items()})
    if what == "neighbour":
        attempts.be_neighbour(target)
    else:
        {"plant": attempts.plant, OUTLIVE: attempts.outlive, **attempts.ENDING}[what](target)
    return "done"


def _succeeds(attempt: Callable[[Target], Any], target: Target) -> bool:
    """In a child, since an attempt may end the process or change it."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    try:
        os._exit(0 if attempt(target) else 1)
    finally:
        os._exit(1)
