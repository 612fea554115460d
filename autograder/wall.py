"""The trusted side of the wall: a session with a confined worker, and stand-ins for what the student defined.

A check cell runs here, in the tester. A name that the student defined is looked up in the worker: plain data and arrays
come over as copies, everything else as a `Remote` that can be called and asked for attributes, and nothing more. No
comparison, arithmetic or truth value is ever left to the student's side.
"""

import contextlib
import functools
import os
import random
import sys
import tempfile
import time
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from autograder import protocol, sandbox, values, zygote
from autograder.remote import Remote, RemoteCallable, RemoteIterator

ROLE = "autograder.worker"
GRACE_SECONDS = 2.0     # what a worker gets beyond the limit that it enforces itself, before it is killed
MAX_WARNINGS = 20       # of one call


class Options(NamedTuple):
    """How submissions are run: every limit that the command line sets. Times are wall-clock seconds."""

    confined: bool = True
    cell_seconds: float = 20.0       # one cell, or one call made by a check
    total_seconds: float = 120.0     # a whole submission with all its notebooks, start-up included
    cpu_seconds: float = 240.0       # processor time of all its processes together
    memory_bytes: int = 2 * 2**30    # of all its processes together
    disk_bytes: int = 256 * 2**20    # of all its files together
    disk_files: int = 16_384         # files, folders and links
    file_bytes: int = 128 * 2**20    # of one file
    processes: int = 64              # at a time; threads count too
    open_files: int = 256            # of one process
    output_chars: int = protocol.MAX_PRINTED        # of what one cell, call or check prints to one stream
    message_bytes: int = protocol.MAX_MESSAGE_BYTES     # of arrays in one answer; its text may have an eighth of that
    message_depth: int = values.MAX_DEPTH           # nesting of lists, tuples, sets and dicts in an answer
    hide: tuple[str, ...] = ()       # folders that no worker may see
    pinned: bool = False             # each submission to one processor, where one process hands out all of them
    libraries: tuple[str, ...] = ()  # imported before a worker is forked, of `zygote.LIBRARIES`


class Refused(RuntimeError):
    """The machine cannot confine the worker; the message says why and what to do."""


class CannotCross(Exception):
    """A check asks for something that cannot cross the wall; the check is at fault, not the student."""


ENDED = "your code ended its own process (exit, a crash, or too much memory)"


class Stopped(BaseException):
    """The student's code hit a limit or took its process down; not an Exception, so that no check can swallow it."""

    def __init__(self, limit: bool, message: str):
        super().__init__(message)
        self.limit = limit


class Session:
    """A worker and the commands that it obeys. After a crash or a limit, `revive` starts another one."""

    def __init__(self, files: Mapping[str, bytes], options: Options, deadline: float | None = None):
        """deadline: of the whole submission (monotonic seconds); from now on, if none is given."""
        self.files, self.options = dict(files), options
        self.deadline = time.monotonic() + options.total_seconds if deadline is None else deadline
        self.history: list[str] = []             # sources of the cells that ran, for a replay
        self.in_place: frozenset[str] = frozenset()
        self.copy_back = False                   # a check may ask to see arguments changed in place
        self.changed: set[str] = set()           # functions that changed an argument
        self.shared: dict[int, tuple[str, Any]] = {}    # id -> name and function that both sides have in a locked cell
        self.version = 0                         # grows with everything that may change the student's names
        self.rebound = 0                         # the version at which they may last have come to mean other objects
        self.age = 0                             # number of workers so far; what an earlier one handed out is lost
        self.stopped: Stopped | None = None      # what ended the worker, or its last call, since `settle`
        self.uncrossed: CannotCross | None = None
        _watch_seeds()
        self._seeds = SEEDS[0]
        self.start()

    def start(self) -> None:
        """Start a worker; raises `Refused` where it cannot be confined and `Stopped` where it does not come up."""
        self.remotes: dict[int, Remote] = {}
        self.labels: dict[int, str] = {}
        self.errors: dict[int, type] = {}        # handle -> our counterpart of the student's own exception class
        self.callbacks: list[Any] = []
        self.generators: dict[int, tuple[Any, str]] = {}    # id -> generator and its state when it last crossed
        self.alive = True
        self.age += 1
        self.version += 1
        self.rebound = self.version
        self._folder = contextlib.ExitStack()
        folder = "/" if self.options.confined else self._folder.enter_context(
            tempfile.TemporaryDirectory(prefix="autograder-", ignore_cleanup_errors=True))
        self.process = zygote.Child(zygote.address(ROLE, self.options.libraries))
        self.channel = protocol.Channel(self.process.wire, self.options.message_bytes)
        node, blobs = values.encode(self.files)
        limits = {name: getattr(self.options, name)
                  for name in ("memory_bytes", "cpu_seconds", "disk_bytes", "disk_files", "file_bytes", "processes",
                        "open_files")}
        limits["wall_seconds"] = max(1.0, self.deadline - time.monotonic()) + GRACE_SECONDS     # if nobody ends it
        order = {"confined": self.options.confined, "cpus": _processors(), "folder": folder, "files": node,
                 "hide": (*project_folders(), *self.options.hide),
                 "limits": limits | {"cpu_seconds": int(self.options.cpu_seconds)},
                 "output_chars": self.options.output_chars, "message_bytes": self.options.message_bytes,
                 "message_depth": self.options.message_depth}
        try:
            self.channel.send(order, blobs, deadline=self.deadline)
            reply, _ = self.channel.receive(deadline=self.deadline)
        except protocol.TimedOut:
            self.close()
            raise self._stop(True, self._total_message()) from None
        except protocol.Gone:
            raise RuntimeError(f"the worker did not start: it ended with {self._end()}") from None
        if reply["kind"] == "broken":
            self.close()
            raise RuntimeError(f"the worker did not start: {reply['message']}")
        if reply["kind"] == "refused":
            self.close()
            raise Refused(reply["message"])

    def close(self) -> None:
        """Kill the worker and everything in its namespaces."""
        self._end()

    def _end(self) -> int | None:
        code = self.process.exit_code(0.0)
        self.process.end(wait=not self.options.confined)    # what is confined writes nowhere
        self._folder.close()
        return code

    def settle(self) -> None:
        """Before a cell: forget what stopped the last one. (A check that swallows exceptions does not touch this.)"""
        self.stopped = self.uncrossed = None

    def revive(self) -> None:
        """Where the worker has ended: a fresh one in the state that it had after the last cell that ended by itself."""
        if self.alive:
            return
        self.close()
        self.start()
        replay, self.history = self.history, []
        for source in replay:
            self.run(source)

    def run(self, source: str) -> list[dict]:
        """Run one student cell; returns what it showed. Raises `Stopped` at a limit or if the worker goes down."""
        reply, _ = self._ask("run", source=source)
        self.history.append(source)
        outputs = [{"output_type": "stream", "name": name, "text": reply[name]}
                   for name in ("stdout", "stderr") if reply.get(name)]
        shown = reply.get("outputs")
        return outputs + (shown if isinstance(shown, list) else [])

    def judge(self, source: str) -> tuple[str | None, Any]:
        """Run a check on the student's side: (its error or None, its last value). That side may say what it likes."""
        reply, blobs = self._ask("judge", source=source)
        if reply["kind"] == "value":
            value = self._decode(reply, blobs)
            return None, value if isinstance(value, int | float) else None
        types = reply.get("types")
        name = types[0] if isinstance(types, list) and types and isinstance(types[0], str) else "Error"
        return f"{name[:100]}: {str(reply.get('message', ''))[:5000]}", None

    @property
    def over(self) -> bool:
        """Whether the time of the submission is up."""
        return time.monotonic() >= self.deadline

    def command(self, kind: str, blobs: list[bytes] = (), **fields: Any) -> Any:  # type: ignore[assignment]
        """Look something up or change it on the student's side; returns the value that comes back."""
        reply, data = self._ask(kind, blobs, **fields)
        self._print(reply)
        if reply["kind"] == "missing":
            raise NameError(f"name {fields.get('name')!r} is not defined")
        if reply["kind"] == "end" and kind == "next":
            raise StopIteration
        if reply["kind"] == "raised":
            raise self._exception(reply)
        return self._decode(reply, data)

    def get(self, name: str) -> Any:
        """The student's value of a name; raises NameError if there is none."""
        return self._labelled(self.command("get", name=name), name)

    def look(self, names: list[str]) -> dict[str, Any]:
        """The student's values of those of these names that exist, in one message where they fit into one."""
        try:
            found = self.command("look", names=names) if names else []
            pairs = {name: value for name, value in found}  # noqa: C416  a wrong form is an error here, not later
        except (TypeError, ValueError):
            pairs = {}
            for name in names:
                with contextlib.suppress(NameError):
                    pairs[name] = self.get(name)
        return {name: self._labelled(pairs[name], name) for name in names if name in pairs}

    def set(self, name: str, value: Any) -> None:
        """Bind a name on the student's side; raises `NotPlain` for a value that cannot cross."""
        node, blobs = values.encode(value, self._opaque)
        self.command("set", blobs, name=name, value=node)

    def about(self, remote: Remote, kind: str, *args: Any, label: str = "") -> Any:
        """Ask something of an object on the student's side."""
        node, blobs = self._encode(list(args))
        return self._labelled(self.command(kind, blobs, handle=self._held(remote), args=node), label)

    def typed(self, kind: type, remote: Remote, question: str, *args: Any) -> Any:
        """The same, where Python asks for an answer of this type and no other."""
        answer = self.about(remote, question, *args)
        if type(answer) is not kind:
            raise TypeError(f"{question} of the student's {remote._type} is no {kind.__name__}")
        return answer

    def assign(self, remote: Remote, name: str, value: Any) -> None:
        """Set an attribute of an object on the student's side."""
        self.about(remote, "assign", name, value)

    def call(self, function: Remote, args: tuple, kwargs: dict) -> Any:
        """Call the student's object; its output, warnings and exception appear here as if it had been called here."""
        node, blobs = self._encode([list(args), list(kwargs.values()), self._new_random()])
        arguments, keywords, states = node["list"]
        fields = {"random": states} if states is not None else {}
        named = dict(zip(kwargs, keywords["list"], strict=True))
        reply, blobs = self._ask("call", blobs, handle=self._held(function), args=arguments["list"], kwargs=named,
                                 errstate=np.geterr(), **fields)
        self._print(reply)
        if reply["kind"] == "raised":
            raise self._exception(reply)
        label = self.labels.get(function._handle, "")
        result, changed = self._pair(self._decode(reply, blobs))
        self._see_changes(label, {**dict(enumerate(args)), **kwargs}, changed)
        given = reply.get("warnings")
        for one in given[:MAX_WARNINGS] if isinstance(given, list) else []:
            if isinstance(one, list) and len(one) == 2:
                warnings.warn(str(one[1])[:500], values.builtin(one[0], Warning, UserWarning), stacklevel=3)
        return self._labelled(result, label and f"{label}()")

    def _labelled(self, value: Any, label: str) -> Any:
        """Remember by which name an object was reached, so that functions that work in place are known again."""
        if isinstance(value, Remote) and label:
            self.labels[value._handle] = label
        return value

    def _held(self, remote: Remote) -> int:
        if remote._age != self.age:
            raise values.StudentError(f"this {remote._type} was lost when your code ended its own process")
        return remote._handle

    def _encode(self, value: Any) -> tuple[Any, list[bytes]]:
        try:
            return values.encode(value, self._opaque)
        except values.NotPlain as error:
            self.uncrossed = CannotCross(f"an argument cannot be handed to the student's function: {error}")
            raise self.uncrossed from None

    def _print(self, reply: dict) -> None:
        for name, stream in (("stdout", sys.stdout), ("stderr", sys.stderr)):
            if isinstance(reply.get(name), str):
                stream.write(reply[name][:self.options.output_chars])

    def _stop(self, limit: bool, message: str, *, alive: bool = False) -> Stopped:
        """The exception to raise; unless the worker is well, it is killed."""
        self.stopped = Stopped(limit, message)
        if not alive:
            self.alive = False
            self.process.kill()
        return self.stopped

    def _ended(self) -> Stopped:
        """The exception for a worker that has gone: by itself, or because the sandbox ended it."""
        limits = {"memory": f"all its processes together may use {self.options.memory_bytes // 2**20:,} MiB of memory",
                  "cpu": f"all its processes together may use {self.options.cpu_seconds:g} s of processor time"}
        limit = limits.get(sandbox.reason(self.process.exit_code(1.0)))
        return self._stop(True, f"stopped: {limit}") if limit else self._stop(False, ENDED)

    def out_of_time(self) -> Stopped:
        """For a check that is still busy, itself, when the submission's time is up."""
        return self._stop(True, self._total_message())

    def _ask(self, kind: str, blobs: list[bytes] = (), **fields: Any) -> tuple[dict, list[bytes]]:  # type: ignore[assignment]
        """Send a command and wait for its answer, serving call-backs meanwhile."""
        if not self.alive:
            raise self.stopped or self._stop(False, ENDED)
        if kind not in ("get", "look", "attribute"):
            self.version += 1
            if kind != "call":
                self.rebound = self.version
        seconds = min(self.options.cell_seconds, self.deadline - time.monotonic())
        deadline = min(time.monotonic() + self.options.cell_seconds + GRACE_SECONDS, self.deadline)
        if seconds <= 0:
            raise self.out_of_time()
        message = {"kind": kind, "seconds": seconds, **fields}
        try:
            while True:
                self.channel.send(message, blobs, deadline=deadline)
                reply, received = self.channel.receive(deadline=deadline)
                if reply.get("kind") != "callback":
                    break
                message, blobs = self._call_back(reply, received)
        except protocol.TimedOut:
            over = time.monotonic() >= self.deadline
            raise self._stop(True, self._total_message() if over else self._cell_message()) from None
        except protocol.Gone:
            raise self._ended() from None
        except values.BadMessage as error:
            raise self._stop(False, f"your code sent {error}") from None
        except values.NotPlain as error:
            self.uncrossed = CannotCross(f"an argument is too large: {error}")
            raise self.uncrossed from None
        except BaseException:
            self._stop(False, ENDED)        # in the middle of a conversation that cannot be taken up again
            raise
        if kind == "call" and reply.get("same") is not True:    # their word will do: they are the student's own objects
            self.rebound = self.version
        if reply.get("kind") == "timeout":
            raise self._stop(True, self._cell_message(), alive=True)
        if reply.get("kind") not in ("ran", "value", "missing", "end", "raised"):
            raise self._stop(False, "your code sent an answer of an unknown kind")
        return reply, received

    def _call_back(self, reply: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        """Run a function of the check's that the student's code has called."""
        try:
            if type(reply["number"]) is not int or reply["number"] < 0:
                raise TypeError
            function = self.callbacks[reply["number"]]
            args, kwargs = values.decode(reply["args"], blobs, self._remote, most_depth=self.options.message_depth)
            if not isinstance(args, list) or not isinstance(kwargs, dict):
                raise TypeError
        except (LookupError, TypeError, ValueError) as error:
            raise values.BadMessage(f"a malformed call-back: {type(error).__name__}") from None
        try:
            if function is None:
                raise RuntimeError("this function was lent for the time of an earlier check")
            node, data = values.encode(function(*args, **kwargs), self._opaque)
        except (Exception, SystemExit) as error:
            return {"kind": "raised", **values.describe(error)}, []
        return {"kind": "value", "value": node}, data

    def take_back(self) -> None:
        """After a check: the functions that it has lent answer no more, else they could answer the next one."""
        self.callbacks = [None] * len(self.callbacks)

    def _decode(self, reply: dict, blobs: list[bytes]) -> Any:
        try:
            return values.decode(reply.get("value"), blobs, self._remote, most_depth=self.options.message_depth)
        except values.BadMessage as error:
            raise self._stop(False, f"your code sent {error}") from None

    def _remote(self, kind: str, body: Any, value: Any) -> Any:
        """A stand-in for what stays on the student's side; one and the same for one and the same object."""
        if kind == "error":
            return self._error_class(body)
        if kind not in ("object", "function", "iterator") or type(body[0]) is not int:
            raise values.BadMessage(f"a value of the form {kind[:40]!r}")
        stand_in = {"object": Remote, "function": RemoteCallable, "iterator": RemoteIterator}[kind]
        return self.remotes.setdefault(body[0], stand_in(self, body[0], str(body[1])[:80]))

    def _error_class(self, chain: Any) -> type:
        """Our counterpart of an exception class of the student's; chain: [[handle, name], ..., name of a builtin]."""
        *own, base = chain
        kind = values.builtin([base], (Exception, SystemExit), values.StudentError)
        for handle, name in reversed(own[:20]):
            if type(handle) is not int or not isinstance(name, str) or not name.isidentifier():
                raise values.BadMessage("an exception class with a strange name")
            kind = self.errors.setdefault(handle, type(name, (kind,), {"__str__": _message}))
        return kind

    def _exception(self, reply: dict) -> BaseException:
        """The student's exception as one that checks can catch: of a builtin class, or of our counterpart of theirs."""
        try:
            error: Any = values.exception(reply)
            if isinstance(reply.get("class"), list):
                own = self._error_class(reply["class"])
                text = str(reply.get("message", ""))[:5000]
                error = own.__new__(own, text)
                error.args, error.message = (text,), text
            error.theirs = True
            error.where = [str(line)[:300] for line in reply.get("where") or []][:3]
        except (TypeError, ValueError, values.BadMessage):
            raise self._stop(False, "your code sent an exception of an unknown form") from None
        return error

    def _pair(self, value: Any) -> tuple[Any, dict]:
        if not isinstance(value, list) or len(value) != 2 or not isinstance(value[1], dict):
            raise self._stop(False, "your code sent an answer of an unknown form")
        return value[0], value[1]

    def _see_changes(self, label: str, args: dict, changed: dict) -> None:
        """Note in-place changes; copy them back only where the function is declared to work in place."""
        if changed:
            self.changed.add(label)
        if not label or not (self.copy_back or label in self.in_place):
            return
        for place, new in changed.items():
            old = args.get(place)
            if isinstance(old, np.ndarray) and isinstance(new, np.ndarray) and old.shape == new.shape:
                np.copyto(old, new, casting="unsafe")
            elif isinstance(old, list) and isinstance(new, list):
                old[:] = new
            elif isinstance(old, dict | set) and type(new) is type(old):
                old.clear()
                old.update(new)

    def _opaque(self, value: Any, node: Any) -> dict:
        """Name what cannot be sent as data: the student's own objects, library functions, generators, call-backs."""
        if isinstance(value, Remote):
            return {"object": self._held(value)}
        if isinstance(value, slice):
            return {"slice": node([value.start, value.stop, value.step])}
        if isinstance(value, np.random.Generator | np.random.RandomState):
            return self._generator(value, node)
        if id(value) in self.shared:
            return {"name": self.shared[id(value)][0]}
        if isinstance(value, type) and value in self.errors.values():
            return {"object": next(handle for handle, kind in self.errors.items() if kind is value)}
        library = _library_name(value)
        if library:
            return {"library": library}
        if callable(value):
            self.callbacks.append(value)
            return {"callback": len(self.callbacks) - 1}
        raise values.NotPlain(f"a {type(value).__name__} is neither plain data nor an array nor a function")

    def _generator(self, value: Any, node: Any) -> dict:
        """A generator: its state, unless the student's copy has it already and may have drawn from it."""
        legacy = isinstance(value, np.random.RandomState)
        state = value.get_state(legacy=False) if legacy else value.bit_generator.state
        name = "RandomState" if legacy else type(value.bit_generator).__name__
        known = self.generators.get(id(value))
        self.generators[id(value)] = (value, repr(state))
        return {"generator": [name, id(value), None if known and known[1] == repr(state) else node(state)]}

    def _new_random(self) -> list | None:
        """The global random states, where a check has seeded them since they last crossed; they cross this way only.

        Not where it has merely drawn numbers: from the state after a draw, what was drawn can be told.
        """
        if self._seeds == SEEDS[0]:
            return None
        states: list = [np.random.get_state(), random.getstate()]
        self._seeds = SEEDS[0]
        return states

    def _cell_message(self) -> str:
        return f"stopped after {self.options.cell_seconds:g} s: your code did not end (an endless loop?)"

    def _total_message(self) -> str:
        return f"stopped: the whole submission may take {self.options.total_seconds:g} s"


def _processors() -> list[int] | None:
    """Where this process may run: its worker stays there, whatever it starts, and takes no time from others."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None


def _message(error: Any) -> str:
    return str(getattr(error, "message", "") or (error.args[0] if len(error.args) == 1 else error.args or ""))


def _library_name(value: Any) -> list[str] | None:
    """[module, name] of a function or class that any Python with the same packages has, else None."""
    module = "numpy" if isinstance(value, np.ufunc) else getattr(value, "__module__", None)
    name = getattr(value, "__qualname__", getattr(value, "__name__", None))
    if not isinstance(module, str) or not isinstance(name, str) or module.split(".")[0] in ("__main__", "solutions"):
        return None
    try:
        found = functools.reduce(getattr, name.split("."), sys.modules[module])
    except (KeyError, AttributeError):
        return None
    return [module, name] if found is value else None


SEEDS = [0]         # how often this process has set, or kept, the state of the global random numbers


def _watch_seeds() -> None:
    """From now on count the calls of NumPy's and Python's global seed, set_state and get_state."""
    for module, names in ((np.random, ("seed", "set_state", "get_state")), (random, ("seed", "setstate", "getstate"))):
        for name in names:
            if not hasattr(getattr(module, name), "counted"):
                setattr(module, name, _counted(getattr(module, name)))


def _counted(function: Any) -> Any:
    @functools.wraps(function)
    def counting(*args: Any, **kwargs: Any) -> Any:
        SEEDS[0] += 1
        return function(*args, **kwargs)

    counting.counted = True     # type: ignore[attr-defined]
    return counting


def project_folders() -> tuple[str, ...]:
    """The folders of this project's own packages: no worker may see them."""
    here = Path(__file__).resolve().parent
    return (str(here), str(here.parent / "solutions"), str(here.parent / "lessons"), str(here.parent / "tests"))
