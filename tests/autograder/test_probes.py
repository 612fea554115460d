"""`check-sandbox` finds what holds and what does not: also in a wall with holes, made by taking parts of it away."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from autograder import attempts, probes, sandbox

PACKAGE = Path(sandbox.__file__).parent
MODULES = ("__init__", "attempts", "kernel", "monitor", "probes", "rootfs", "sandbox", "seccomp", "usage")
NOBODY = {"user": 65534, "group": 65534, "extra_groups": []}
SYSTEM_PYTHON = "/usr/bin/python3"
CHECK = """
import json, sys
sys.path.insert(0, {folder!r})
from autograder import sandbox
print(json.dumps([probe[:3] for probe in sandbox.check()]))"""


@pytest.fixture
def package():
    """A copy of what the sandbox is made of, that everybody can read."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        (Path(folder) / "autograder").mkdir()
        for name in MODULES:
            shutil.copy(PACKAGE / f"{name}.py", Path(folder, "autograder"))
        yield Path(folder, "autograder")


def checked(package, python=sys.executable, before="", **identity):
    """({attempt: succeeded outside}, {attempt: succeeded inside}), told by a process of whoever is asked for."""
    code = before + CHECK.format(folder=str(package.parent))
    done = subprocess.run([python, "-I", "-c", code], cwd="/", capture_output=True, text=True, timeout=100, **identity)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return {name: outside for name, outside, _ in found}, {name: inside for name, _, inside in found}


def broken(inside):
    return [name for name, succeeded in inside.items() if succeeded]


def need_system_python():
    version = subprocess.run([SYSTEM_PYTHON, "-c", "import sys; print(sys.version_info >= (3, 11))"],
                             capture_output=True, check=False)
    if os.getuid() != 0 or version.stdout.strip() != b"True":
        pytest.skip("needs root, who becomes an ordinary user, and a Python 3.11 that such a user may run")


# Whoever may start the check can do these without the wall; for the others the machine may say no
ALLOWED_TO_ALL = {
    "read a file of yours", "read the hidden checks", "read the gradebook", "change the gradebook",
    "read another student's submission", "change another student's submission", "read your environment variables",
    "connect to a program of yours by TCP", "connect to a program of yours by a local socket",
    "connect to a program of yours by a socket in a folder", "see your processes", "signal your processes",
    "see a run beside it", "connect to a run beside it", "find what an earlier run left to be read at the start",
    "use more memory than the limit", "use more memory than the limit, in several processes",
    "use more processor time than the limit, in several processes", "start more processes than the limit",
    "start more threads than the limit", "open more files than the limit", "write more than the disk limit",
    "write more files than the limit", "write a larger file than the limit", "choose its processors",
    probes.OUTLIVE,
}


@pytest.mark.parametrize("who", ["whoever runs this", "an ordinary user"])
def test_every_promise_holds_and_every_attempt_is_real(package, who):
    before = left_behind()
    if who == "an ordinary user":
        need_system_python()
        outside, inside = checked(package, SYSTEM_PYTHON, **NOBODY)
    else:
        outside, inside = checked(package)
    assert broken(inside) == []
    assert {name for name in ALLOWED_TO_ALL if not outside[name]} == set()
    assert outside.keys() == {*attempts.ATTEMPTS, *attempts.ENDING, probes.OUTLIVE}
    assert eventually(lambda: left_behind() <= before)       # another test may be at it in these folders


def eventually(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.1)
    return condition()


def left_behind():
    """Names like those of the check's folders and secrets."""
    return {path.name for folder in attempts.SHARED for path in Path(folder).iterdir()
            if re.fullmatch(r"autograder-check-\w{8}|[0-9a-f]{32}", path.name)}


def without(package, module, text, instead=""):
    path = package / f"{module}.py"
    assert path.read_text().count(text) == 1
    path.write_text(path.read_text().replace(text, instead))


def test_holes_are_found(package):
    without(package, "sandbox", " | kernel.NEWNET", "")
    without(package, "sandbox", "        _set_limits(limits)\n")
    without(package, "sandbox", "        seccomp.install(machine)\n")
    without(package, "monitor", "used = meter.look()", "used = Used()")
    without(package, "rootfs", "RDONLY | NOSUID | NODEV, recursive=False", "NOSUID | NODEV, recursive=False")
    _, inside = checked(package)
    assert set(broken(inside)) >= {
        "connect to a program of yours by TCP", "send to a program of yours by UDP",
        "connect to a program of yours by a local socket", "talk to the kernel by netlink",
        "use more memory than the limit", "use more memory than the limit, in several processes",
        "use more processor time than the limit, in several processes", "start more processes than the limit",
        "start more threads than the limit", "open more files than the limit", "write a larger file than the limit",
        "run a program that is no file", "use io_uring", "choose its processors",
    }


def test_runs_that_share_folders_and_survive_are_found(package):
    """Without namespaces of processes and mounts, a run sees its neighbour, its predecessor and all that is yours."""
    without(package, "sandbox", "        rootfs.build(shown, student_id, limits.disk_bytes, limits.disk_files)\n")
    without(package, "sandbox", "student_id, keeper_fd = _enter_pid_namespace()", "student_id, keeper_fd = os.getuid()")
    without(package, "sandbox", "        _enter_namespaces()\n")
    without(package, "sandbox", "    kernel.drop_capabilities()\n")
    without(package, "sandbox", "    kernel.forbid_capabilities()\n")
    without(package, "sandbox", "clean_environment(HOME, **", "clean_environment(**")
    _, inside = checked(package)
    assert set(broken(inside)) >= {
        "read a file of yours", "read the gradebook", "change the gradebook", "read the grader's code or the solutions",
        "see your processes", "signal your processes", "see a run beside it", "connect to a run beside it",
        "write more than the disk limit", "write more files than the limit", probes.OUTLIVE,
    }


def test_a_machine_without_a_wall_says_so(package):
    refuse = "import sys; sys.platform = 'plan9'\n"
    without(package, "sandbox", '    if sys.platform != "linux":', "    if True:")
    with pytest.raises(AssertionError, match="CannotConfine: The sandbox cannot be built: it is made of parts"):
        checked(package, before=refuse)


def test_probes_that_cannot_run_are_no_proof(package):
    without(package, "attempts", "def plant(target: Target) -> None:\n", "def plant(target):\n    1 / 0\n")
    with pytest.raises(AssertionError, match=r"RuntimeError: the probes gave no answer \(status 1\)(.|\n)*ZeroDiv"):
        checked(package)
