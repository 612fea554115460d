"""The process that forks: its children, and the end of all of them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder import protocol, values, wall, zygote


def gone(pid, seconds=10.0):
    """Whether a process ends (or is a zombie) in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return True
        except FileNotFoundError:
            return True
        time.sleep(0.02)
    return False


def children(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


@pytest.fixture
def workers():
    made = zygote.Zygote(wall.ROLE)
    yield made
    made.close()


def start(made):
    """An unconfined worker that waits for commands."""
    child = zygote.Child(made.address)
    channel = protocol.Channel(child.wire)
    files, blobs = values.encode({})
    channel.send({"confined": False, "cpus": None, "folder": "/tmp", "files": files, "output_chars": 100,
                  "message_bytes": 10**6, "message_depth": 5}, blobs)
    assert channel.receive()[0] == {"kind": "ready"}
    return child, channel


def test_a_child_that_is_killed_is_gone_and_its_end_is_told(workers):
    child, _ = start(workers)
    pid, = children(workers.process.pid)
    child.kill()
    assert child.exit_code() == -signal.SIGKILL
    assert gone(pid)
    child.end()


def test_the_exit_code_of_a_child_is_told(workers):
    child, channel = start(workers)
    channel.send({"kind": "run", "source": "import os; os._exit(7)", "seconds": 5})
    assert child.exit_code() == 7
    child.end()


def test_a_child_that_runs_has_no_exit_code(workers):
    child, _ = start(workers)
    assert child.exit_code(0.0) is None
    child.end()


def test_a_child_may_be_ended_twice_and_asked_afterwards(workers):
    child, _ = start(workers)
    child.end()
    assert child.exit_code() is None
    child.end()


def test_children_end_with_the_client_that_asked_for_them(workers):
    code = ("import sys; from autograder import zygote, protocol\n"
            f"child = zygote.Child({workers.address!r}); print(flush=True); sys.stdin.read()")
    client = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    client.stdout.readline()
    while not children(workers.process.pid):
        time.sleep(0.01)
    pid, = children(workers.process.pid)
    client.kill()
    client.wait()
    client.stdin.close()
    client.stdout.close()
    assert gone(pid)


def test_zygote_and_children_end_with_the_process_that_started_them():
    code = ("import sys; from autograder import zygote, wall\n"
            "made = zygote.Zygote(wall.ROLE); child = zygote.Child(made.address)\n"
            "print(made.process.pid, made.address, flush=True); sys.stdin.read()")
    owner = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    number, address = owner.stdout.readline().decode().split()
    pid = int(number)
    while not children(pid):
        time.sleep(0.01)
    child, = children(pid)
    os.kill(owner.pid, signal.SIGKILL)
    owner.wait()
    owner.stdin.close()
    owner.stdout.close()
    assert gone(pid)
    assert gone(child)
    assert not Path(address).parent.exists()


def test_what_a_dead_zygote_forked_has_no_exit_code_and_a_new_one_takes_over():
    first = zygote.address(wall.ROLE)
    child, _ = start(zygote._RUNNING[(wall.ROLE, ())])
    zygote._RUNNING[(wall.ROLE, ())].process.kill()
    zygote._RUNNING[(wall.ROLE, ())].process.wait()
    assert child.exit_code() is None
    child.end()
    assert zygote.address(wall.ROLE) != first


def test_a_client_that_says_nothing_costs_nobody_anything(workers):
    import socket

    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(workers.address)
    child, _ = start(workers)
    child.end()


def test_the_zygote_has_one_thread_and_no_tensorflow_context():
    made = zygote.Zygote(wall.ROLE, ("tensorflow",))
    try:
        assert made.address
        assert len(list(Path(f"/proc/{made.process.pid}/task").iterdir())) == 1
        sessions = [start(made) for _ in range(2)]
        for _, channel in sessions:
            code = "import tensorflow as tf; print(float(tf.reduce_sum(tf.ones((3, 3)) @ tf.ones((3, 3)))))"
            channel.send({"kind": "run", "source": code, "seconds": 60})
        for child, channel in sessions:
            assert channel.receive()[0]["stdout"] == "27.0\n"
            child.end()
    finally:
        made.close()


def test_forking_after_an_operation_of_tensorflow_is_refused(monkeypatch):
    from types import SimpleNamespace

    used = SimpleNamespace(context=lambda: SimpleNamespace(_context_handle=object()))
    monkeypatch.setitem(sys.modules, "tensorflow.python.eager.context", used)
    with pytest.raises(RuntimeError, match="only importing it is safe"):
        zygote._check_forkable()


def test_a_zygote_that_cannot_start_says_why():
    with pytest.raises(RuntimeError, match=r"No module named 'autograder\.nothing'"):
        zygote.Zygote("autograder.nothing").address  # noqa: B018  waits until it listens


def test_only_known_libraries_are_loaded_before_the_fork():
    assert zygote.address(wall.ROLE, ["antigravity"]) == zygote.address(wall.ROLE)


def test_random_numbers_differ_from_one_submission_to_the_next():
    drawn = set()
    for _ in range(2):
        session = wall.Session({}, wall.Options())
        session.run("import numpy as np, random; x = (float(np.random.random()), random.random())")
        drawn.add(session.get("x"))
        session.close()
    assert len(drawn) == 2
