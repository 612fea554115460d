"""Trusted jobs in processes of their own: what they say, and what becomes of those that do not end well."""

import os
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder import tester
from autograder.tester import Bounds, Failure

MINUTE = Bounds(60.0)


def double(job, say):
    say("began")
    return 2 * job


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    """Functions of this file by the name under which the forked process can import them."""
    monkeypatch.syspath_prepend(os.path.dirname(__file__))
    import sys

    monkeypatch.setitem(sys.modules, "test_tester", sys.modules[__name__])
    for function in (double, fail, end, sleep, closure, swallow, connect, listen, count_processes, processors):
        monkeypatch.setattr(function, "__module__", "test_tester")


def fail(job, say):
    say("tried")
    raise ValueError("no good")


def end(job, say):
    say("before the end")
    os._exit(job)


def sleep(job, _):
    time.sleep(job)


def closure(job, _):
    return lambda: job


def swallow(job, _):
    return len(bytearray(job))


def connect(port, _):
    socket.create_connection(("127.0.0.1", port), timeout=5).close()


def listen(_, __):
    return socket.create_server(("127.0.0.1", 0)).getsockname()[1] > 0


def count_processes(_, __):
    return len(list(Path("/proc/self/task").iterdir()))


def processors(seconds, _):
    time.sleep(seconds)
    return os.sched_getaffinity(0)


def test_a_job_answers_from_a_process_of_its_own():
    assert tester.call(double, 21, MINUTE) == 42


def test_an_exception_is_a_failure_with_type_text_traceback_and_what_was_said():
    failure = tester.call(fail, None, MINUTE)
    assert (failure.kind, failure.message, failure.said) == ("ValueError", "no good", ("tried",))
    assert "Traceback" in failure.details


def test_what_a_job_said_outlives_its_process():
    failure = tester.call(end, 3, MINUTE)
    assert failure == Failure("Died", "its process ended with exit code 3 and gave no result", "", ("before the end",))
    assert tester.call(double, 1, MINUTE) == 2


def test_an_overdue_job_is_killed():
    assert tester.call(sleep, 600, Bounds(0.5)) == Failure("Overdue", "no result after 0.5 s; killed")


def test_a_result_that_cannot_be_sent_is_a_failure():
    failure = tester.call(closure, 1, MINUTE)
    assert "could not be sent" in failure.message


def test_a_job_that_takes_too_much_memory_is_a_failure_of_its_own():
    assert tester.call(swallow, 2**20, Bounds(60.0, 2**28)) == 2**20
    assert tester.call(swallow, 2**30, Bounds(60.0, 2**28)).kind == "MemoryError"


def test_a_job_has_no_network():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        connect(port, None)
        assert tester.call(connect, port, MINUTE).kind == "OSError"


def test_a_job_starts_with_one_thread():
    assert tester.call(count_processes, None, MINUTE) == 1


def test_running_jobs_end_when_the_run_is_abandoned_and_later_ones_do_not_start():
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(tester.call(sleep, 600, Bounds(600.0))))
    thread.start()
    while not tester._CHILDREN:
        time.sleep(0.01)
    with tester.abandoned():
        thread.join(30)
        assert tester.call(double, 1, MINUTE).kind == "Abandoned"
    assert outcomes[0].kind == "Died"
    assert tester.call(double, 1, MINUTE) == 2


def test_jobs_that_run_at_the_same_time_have_a_processor_each_as_far_as_there_are_some():
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(lambda _: tester.call(processors, 0.5, Bounds(60.0, pinned=True)), range(2))
    assert len(first) == len(second) == 1
    assert first != second or len(os.sched_getaffinity(0)) == 1
