"""Many items on one machine or many: every one answered once, whatever becomes of those who do the work."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from autograder import cluster, executor, grading, wall
from autograder.protocol import Submission


def numbered(items):
    return list(enumerate(items))


def power(base, exponent):
    return base ** exponent


def wait(_, seconds):
    time.sleep(seconds)
    return seconds


def fail(_, text):
    raise ValueError(text)


def thread_name(_, __):
    time.sleep(0.2)
    return threading.current_thread().ident


def test_results_come_with_their_keys_each_once():
    assert sorted(cluster.run(power, 2, numbered([3, 1, 2]))) == [(0, 8), (1, 2), (2, 4)]


def test_a_quick_item_does_not_wait_for_a_slow_one():
    assert [key for key, _ in cluster.run(wait, None, numbered([1.0, 0.0]), workers=2)] == [1, 0]


def test_as_many_items_run_at_a_time_as_there_are_workers():
    assert len({outcome for _, outcome in cluster.run(thread_name, None, numbered(range(6)), workers=3)}) == 3


def test_few_items_are_read_ahead():
    taken = []

    def items():
        for n in range(100):
            taken.append(n)
            yield n, n

    running = cluster.run(power, 2, items(), workers=2)
    next(running)
    assert len(taken) <= 2 * cluster.AHEAD + 2
    assert len(list(running)) == 99


def test_an_exception_outside_the_work_is_told_with_its_key():
    (key, lost), = cluster.run(fail, None, [("ada", "no good")])
    assert (key, lost) == ("ada", cluster.Lost("ValueError", "no good"))


def test_no_items_no_results():
    assert list(cluster.run(power, 2, [])) == []


def test_at_least_one_worker_is_needed():
    with pytest.raises(ValueError, match="at least one worker is needed, got 0"):
        list(cluster.run(power, 2, numbered([1]), workers=0))


def test_there_is_at_least_one_core():
    assert cluster.cores() >= 1


def test_a_cluster_of_this_process_takes_work_from_nobody_else():
    """Only Dask's HTTP server listens, without pages, on the loopback device."""
    running = cluster.run(wait, None, numbered([0.0, 0.5]), workers=1)
    next(running)
    inodes = {str(fd.readlink()) for fd in Path("/proc/self/fd").iterdir() if fd.is_symlink()}
    listening = []
    for table in ("/proc/self/net/tcp", "/proc/self/net/tcp6"):
        for line in Path(table).read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes:
                listening.append(fields[1].partition(":")[0])
    list(running)
    assert set(listening) <= {"0100007F"}


def test_a_scheduler_that_does_not_answer_is_an_error_that_says_what_to_start(monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    with pytest.raises(ConnectionError, match=r"start `dask scheduler` and `dask worker tcp://127\.0\.0\.1:9`"):
        list(cluster.run(power, 2, numbered([1]), scheduler="tcp://127.0.0.1:9"))


@pytest.fixture
def machines(tmp_path):
    """A real scheduler and two workers, each a process, as on three machines."""
    started = []

    def start(*arguments):
        started.append(subprocess.Popen([sys.executable, "-m", "dask", *arguments], cwd=tmp_path,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        return started[-1]

    file = tmp_path / "scheduler.json"
    start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    workers = [start("worker", "--scheduler-file", str(file), "--nworkers", "1", "--nthreads", "1", "--no-nanny",
                     "--no-dashboard", "--host", "127.0.0.1") for _ in range(2)]
    deadline = time.monotonic() + 60
    while not file.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    yield json.loads(file.read_text())["address"], workers
    for process in started:
        process.kill()
        process.wait()


HONEST = """
#: solution
import time
time.sleep(0.2)
def double(x): return 2 * x
#: check 2
assert double(3) == 6
"""


def test_submissions_of_a_worker_that_is_killed_are_graded_elsewhere_each_once(make, machines):
    address, workers = machines
    instructor = make.source(HONEST)
    assignment = executor.Assignment((instructor,), {}, wall.Options())
    text = make.document(list(instructor.cells)).encode()
    submissions = [(f"s{n:02}", Submission(f"s{n:02}", {"work.ipynb": text})) for n in range(16)]
    results = []
    for key, result in cluster.run(grading.grade_one, assignment, submissions, scheduler=address):
        results.append((key, result.student, result.status, result.score))
        if len(results) == 3:
            os.kill(workers[0].pid, signal.SIGKILL)
    assert sorted(results) == [(name, name, "graded", 2.0) for name, _ in submissions]
    assert workers[0].wait(10) == -signal.SIGKILL
    assert workers[1].poll() is None


def test_a_scheduler_without_workers_is_an_error(machines, monkeypatch):
    address, workers = machines
    for worker in workers:
        worker.kill()
        worker.wait()
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1.0)
    with pytest.raises(ConnectionError, match="no Dask scheduler with a worker answers"):
        list(cluster.run(power, 2, numbered([1]), scheduler=address))
