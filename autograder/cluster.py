"""Many items, any order, on one machine or many, by dask.distributed; an item of a lost worker is done again elsewhere.

Knows no notebooks: it is handed the function to call. Without an address the cluster is this process, with a thread for
each core, and takes work from nobody else; what a thread does is wait for processes (`autograder.tester`).
"""

import contextlib
import logging
import os
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any, NamedTuple

import dask
from distributed import Client, LocalCluster, WorkerPlugin, as_completed, get_worker

AHEAD = 2               # items handed out for each thread, so that none waits and few are held in memory
LOST_WORKERS = 3        # an item that so many workers were lost with is not handed out again
CONNECT_SECONDS = 30.0
NOWHERE = "127.0.0.1:0"     # Dask insists on an HTTP server; it gets no pages, and nobody else's network


class Lost(NamedTuple):
    """An item without a result: the type and text of what went wrong in the cluster, not in the work."""

    kind: str
    message: str


class _Work(WorkerPlugin):
    """What all items of a run share; the scheduler gives it to every worker, also to those that join later."""

    def __init__(self, name: str, function: Callable[[Any, Any], Any], shared: Any):
        self.name, self.function, self.shared = name, function, shared


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(function: Callable[[Any, Any], Any], shared: Any, items: Iterable[Any], *, workers: int | None = None,
        scheduler: str | None = None) -> Generator[tuple[Any, Any], None, None]:
    """Yield (key, function(shared, item)) as they end, or (key, `Lost`); exactly one for each item.

    items: pairs (key, item), read as they are needed. workers: of this machine, if there is no scheduler; one for each
    core unless given. scheduler: address of a Dask scheduler, such as tcp://10.0.0.1:8786. Raises ValueError for an
    impossible number of workers and ConnectionError where no scheduler or none of its workers answers.
    """
    if workers is not None and workers < 1:
        raise ValueError(f"at least one worker is needed, got {workers}")
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with _client(workers or cores(), scheduler) as client:
        name = f"autograder-{uuid.uuid4()}"
        client.register_plugin(_Work(name, function, shared), name=name)
        try:
            yield from _hand_out(client, name, iter(items))
        finally:
            with contextlib.suppress(Exception):
                client.unregister_worker_plugin(name)


@contextlib.contextmanager
def _client(workers: int, scheduler: str | None) -> Iterator[Client]:
    """A client of the scheduler, or of a cluster of threads that lives and dies with it."""
    settings = {"distributed.scheduler.allowed-failures": LOST_WORKERS,
                "distributed.scheduler.http.routes": [], "distributed.worker.http.routes": [],
                "distributed.worker.memory.target": False, "distributed.worker.memory.spill": False,
                "distributed.worker.memory.pause": False, "distributed.worker.memory.terminate": False,
                "distributed.worker.profile.enabled": False, "distributed.scheduler.work-stealing": False,
                "distributed.admin.tick.interval": "1s"}
    with contextlib.ExitStack() as stack:
        stack.enter_context(dask.config.set(settings))
        if scheduler is None:
            cluster = stack.enter_context(LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=False, dashboard_address=NOWHERE,
                worker_dashboard_address=NOWHERE, scheduler_kwargs={"dashboard": False}))
            yield stack.enter_context(Client(cluster, set_as_default=False))
            return
        try:
            client = stack.enter_context(Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False))
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except (OSError, TimeoutError, ValueError) as error:
            raise ConnectionError(f"no Dask scheduler with a worker answers at {scheduler} ({error}); start `dask "
                                  f"scheduler` and `dask worker {scheduler}` first") from None
        yield client


def _hand_out(client: Client, name: str, items: Iterator[Any]) -> Iterator[tuple[Any, Any]]:
    """Keep every worker busy with few items at a time."""
    keys: dict[Any, Any] = {}
    ended = as_completed(loop=client.loop)

    def more() -> None:
        room = AHEAD * max(1, sum(client.nthreads().values())) + 1
        while len(keys) < room:
            try:
                key, item = next(items)
            except StopIteration:
                return
            future = client.submit(_do, name, item, key=f"{name}-{uuid.uuid4()}", pure=False)
            keys[future] = key
            ended.add(future)

    more()
    for future in ended:
        key = keys.pop(future)
        try:
            outcome = future.result()
        except Exception as error:
            outcome = Lost(type(error).__name__, str(error)[:1000])
        future.release()
        yield key, outcome
        more()


def _do(name: str, item: Any) -> Any:
    """On a worker: one item."""
    work: Any = get_worker().plugins[name]
    return work.function(work.shared, item)
