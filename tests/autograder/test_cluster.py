"""Many jobs: each in a process of its own, and what becomes of those that do not end well."""

import math
import operator
import os
import time

import pytest

from autograder import cluster
from autograder.cluster import Failure


def test_results_come_with_their_jobs_in_any_order():
    assert sorted(cluster.run(math.sqrt, [9, 4, 1, 0], 2, 60.0)) == [(0, 0), (1, 1), (4, 2), (9, 3)]


def test_a_quick_job_does_not_wait_for_a_slow_one():
    first, _ = next(iter(cluster.run(time.sleep, [2.0, 0.0], 2, 60.0)))
    assert first == 0.0


def test_no_more_jobs_are_taken_than_there_are_workers():
    taken = []

    def jobs():
        for n in range(5):
            taken.append(n)
            yield n

    running = cluster.run(abs, jobs(), 2, 60.0)
    next(running)
    assert len(taken) <= 3
    assert len(list(running)) == 4


def test_an_exception_is_a_failure_with_type_text_and_traceback():
    (_, failure), = cluster.run(math.sqrt, [-1], 1, 60.0)
    assert (failure.kind, "math domain error" in failure.message) == ("ValueError", True)
    assert "Traceback" in failure.details


def test_a_job_that_takes_its_process_down_costs_nobody_else_anything():
    outcomes = dict(cluster.run(os._exit, [3], 1, 60.0)) | dict(cluster.run(abs, [-5], 1, 60.0))
    assert outcomes[3] == Failure("Died", "its process ended with exit code 3 and gave no result")
    assert outcomes[-5] == 5


def test_a_job_that_ends_the_program_is_a_failure():
    (_, failure), = cluster.run(operator.call, [exit], 1, 60.0)
    assert failure.kind == "SystemExit"


def test_an_overdue_job_is_killed():
    (_, failure), = cluster.run(time.sleep, [600], 1, 0.5)
    assert failure == Failure("Overdue", "no result after 0.5 s; killed")


def test_a_result_that_cannot_be_sent_is_a_failure():
    (_, failure), = cluster.run(memoryview, [b"x"], 1, 60.0)
    assert failure.kind == "TypeError"
    assert "could not be sent" in failure.message


def test_a_job_that_takes_too_much_memory_is_a_failure_of_its_own():
    (_, failure), = cluster.run(bytearray, [2**31], 1, 60.0, memory_bytes=2**30)
    assert failure.kind == "MemoryError"


def test_no_jobs_no_results():
    assert list(cluster.run(abs, [], 2, 60.0)) == []


def test_at_least_one_worker_is_needed():
    with pytest.raises(ValueError, match="at least one worker is needed, got 0"):
        list(cluster.run(abs, [1], 0, 60.0))


def test_there_is_at_least_one_core():
    assert cluster.cores() >= 1
