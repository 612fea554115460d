"""The trusted side of the wall: a session with a confined worker, and stand-ins for what the student defined.

A check cell runs here, in the tester. A name that the student defined is looked up in the worker: plain data and arrays
come over as copies, everything else as a `Remote` that can be called and asked for attributes, and nothing more. No
comparison, arithmetic or truth value is ever left to the student's side.
"""

import builtins
import contextlib
import functools
import random
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from autograder import protocol, sandbox

GRACE_SECONDS = 2.0     # what a worker gets beyond the limit that it enforces itself, before it is killed


class Options(NamedTuple):
    """How submissions are run. Times are wall-clock seconds; memory and disk are bytes."""

    confined: bool = True
    cell_seconds: float = 20.0       # one cell, or one call made by a check
    total_seconds: float = 120.0     # a whole submission, start-up included
    memory_bytes: int = 2 * 2**30
    disk_bytes: int = 256 * 2**20
    imports: tuple[str, ...] = ()    # libraries that the worker imports before it is confined
    hide: tuple[str, ...] = ()       # folders that no worker may see


class Refused(RuntimeError):
    """The machine cannot confine the worker; the message says why and what to do."""


class CannotCross(Exception):
    """A check asks for something that cannot cross the wall; the check is at fault, not the student."""


class StudentError(Exception):
    """An exception of the student's that has no counterpart here; the message names it."""


class Stopped(BaseException):
    """The student's code hit a limit or took its process down; not an Exception, so that no check can swallow it."""

    def __init__(self, limit: bool, message: str):
        super().__init__(message)
        self.limit = limit


class Remote:
    """Something that lives on the student's side: it can be called and asked for attributes."""

    __slots__ = ("_handle", "_session", "_type")

    def __init__(self, session: "Session", handle: int, type_name: str):
        self._session, self._handle, self._type = session, handle, type_name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._session.call(self._handle, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in ("__name__", "__doc__"):
            raise AttributeError(f"{name} of the student's {self._type} does not cross the wall")
        return self._session.command("attribute", handle=self._handle, name=name)

    def __repr__(self) -> str:
        return f"<the student's {self._type}>"


class Session:
    """A worker and the commands that it obeys. After a crash or a limit, `revive` starts another one."""

    def __init__(self, files: Mapping[str, bytes], options: Options):
        self.files, self.options = dict(files), options
        self.deadline = time.monotonic() + options.total_seconds
        self.history: list[str] = []             # sources of the cells that ran, for a replay
        self.in_place: frozenset[str] = frozenset()
        self.copy_back = False                   # a check may ask to see arguments changed in place
        self.changed: set[str] = set()           # functions that changed an argument
        self.shared: dict[int, str] = {}         # id -> name of functions that both sides have from the instructor
        self.version = 0                         # grows with everything that may change the student's names
        self._random = _random_states()
        self.start()

    def start(self) -> None:
        """Start a worker; raises `Refused` where it cannot be confined and `Stopped` where it does not come up."""
        self.remotes: dict[int, Remote] = {}
        self.labels: dict[int, str] = {}
        self.callbacks: list[Any] = []
        ours, theirs = socket.socketpair()
        self._complaints = tempfile.TemporaryFile()
        self._folder = contextlib.ExitStack()
        cwd = "/" if self.options.confined else self._folder.enter_context(
            tempfile.TemporaryDirectory(prefix="autograder-", ignore_cleanup_errors=True))
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-m", "autograder.worker", str(theirs.fileno())], pass_fds=[theirs.fileno()],
                cwd=cwd, env=sandbox.clean_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=self._complaints, start_new_session=True)
        self.channel = protocol.Channel(ours)
        node, blobs = protocol.encode(self.files)
        order = {"confined": self.options.confined, "imports": self.options.imports, "hide": self.options.hide,
                 "limits": {"memory_bytes": self.options.memory_bytes, "disk_bytes": self.options.disk_bytes,
                            "cpu_seconds": int(self.options.total_seconds) + 1},
                 "files": node}
        try:
            self.channel.send(order, blobs, deadline=self.deadline)
            reply, _ = self.channel.receive(deadline=self.deadline)
        except protocol.TimedOut:
            self.close()
            raise Stopped(True, self._total_message()) from None
        except protocol.Gone:
            self.process.wait(5)
            self._complaints.seek(0)
            raise RuntimeError("the worker did not start: "
                               + self._complaints.read()[-2000:].decode(errors="replace")) from None
        if reply["kind"] == "refused":
            self.close()
            raise Refused(reply["message"])

    def close(self) -> None:
        """Kill the worker and everything in its namespaces."""
        self.process.kill()
        self.process.wait()
        self.channel.wire.close()
        self._complaints.close()
        self._folder.close()

    def revive(self) -> None:
        """A fresh worker in the state that the old one had after the last cell that ended by itself."""
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

    def command(self, kind: str, **fields: Any) -> Any:
        """Look something up or change it on the student's side; returns the value that comes back."""
        reply, blobs = self._ask(kind, **fields)
        if reply["kind"] == "missing":
            raise NameError(f"name {fields['name']!r} is not defined")
        if reply["kind"] == "raised":
            raise _exception(reply)
        return self._decode(reply, blobs)

    def get(self, name: str) -> Any:
        """The student's value of a name; raises NameError if there is none."""
        value = self.command("get", name=name)
        if isinstance(value, Remote):
            self.labels[value._handle] = name
        return value

    def set(self, name: str, value: Any) -> None:
        """Bind a name on the student's side."""
        node, blobs = protocol.encode(value, self._opaque)
        self._ask("set", blobs, name=name, value=node)

    def call(self, handle: int, args: tuple, kwargs: dict) -> Any:
        """Call the student's object; its output, warnings and exception appear here as if it had been called here."""
        try:
            node, blobs = protocol.encode([list(args), list(kwargs.values()), self._new_random()], self._opaque)
        except protocol.NotPlain as error:
            raise CannotCross(f"an argument cannot be handed to the student's function: {error}") from None
        arguments, keywords, states = node["list"]
        fields = {"random": states} if states is not None else {}
        named = dict(zip(kwargs, keywords["list"], strict=True))
        reply, blobs = self._ask("call", blobs, handle=handle, args=arguments["list"], kwargs=named,
                                 errstate=np.geterr(), **fields)
        for name, stream in (("stdout", sys.stdout), ("stderr", sys.stderr)):
            if isinstance(reply.get(name), str):
                stream.write(reply[name])
        if reply["kind"] == "raised":
            raise _exception(reply)
        result, changed = self._pair(self._decode(reply, blobs))
        self._see_changes(handle, args, changed)
        for names, message in reply.get("warnings", []):
            warnings.warn(str(message), _builtin(names, Warning, UserWarning), stacklevel=3)
        return result

    def _ask(self, kind: str, blobs: list[bytes] = (), **fields: Any) -> tuple[dict, list[bytes]]:  # type: ignore[assignment]
        """Send a command and wait for its answer, serving call-backs meanwhile."""
        if kind not in ("get", "attribute"):
            self.version += 1
        seconds = min(self.options.cell_seconds, self.deadline - time.monotonic())
        deadline = min(time.monotonic() + self.options.cell_seconds + GRACE_SECONDS, self.deadline)
        if seconds <= 0:
            raise Stopped(True, self._total_message())
        message = {"kind": kind, "seconds": seconds, **fields}
        try:
            while True:
                self.channel.send(message, blobs, deadline=deadline)
                reply, received = self.channel.receive(deadline=deadline)
                if reply.get("kind") != "callback":
                    break
                message, blobs = self._call_back(reply, received)
        except protocol.TimedOut:
            self.process.kill()
            over = time.monotonic() >= self.deadline
            raise Stopped(True, self._total_message() if over else self._cell_message()) from None
        except protocol.Gone:
            raise Stopped(False, "your code ended its own process (exit, a crash, or too much memory)") from None
        except protocol.BadMessage as error:
            self.process.kill()
            raise Stopped(False, f"your code sent {error}") from None
        except protocol.NotPlain as error:
            raise CannotCross(f"an argument is too large: {error}") from None
        if reply.get("kind") == "timeout":
            raise Stopped(True, self._cell_message())
        if reply.get("kind") not in ("ran", "value", "missing", "raised"):
            raise Stopped(False, "your code sent an answer of an unknown kind")
        return reply, received

    def _call_back(self, reply: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        try:
            function = self.callbacks[reply["number"]]
            arguments = protocol.decode(reply["args"], blobs)
        except (LookupError, TypeError) as error:
            raise protocol.BadMessage(f"a malformed call-back: {type(error).__name__}") from None
        try:
            node, data = protocol.encode(function(*arguments))
            return {"kind": "value", "value": node}, data
        except Exception as error:
            return {"kind": "raised", "message": f"{type(error).__name__}: {error}"}, []

    def _decode(self, reply: dict, blobs: list[bytes]) -> Any:
        try:
            return protocol.decode(reply.get("value"), blobs, self._remote)
        except protocol.BadMessage as error:
            raise Stopped(False, f"your code sent {error}") from None

    def _remote(self, kind: str, body: Any, _: Any) -> Remote:
        if kind != "object" or type(body[0]) is not int:
            raise protocol.BadMessage(f"a value of the form {kind[:40]!r}")
        return self.remotes.setdefault(body[0], Remote(self, body[0], str(body[1])[:80]))

    @staticmethod
    def _pair(value: Any) -> tuple[Any, dict]:
        if not isinstance(value, list) or len(value) != 2 or not isinstance(value[1], dict):
            raise Stopped(False, "your code sent an answer of an unknown form")
        return value[0], value[1]

    def _see_changes(self, handle: int, args: tuple, changed: dict) -> None:
        """Note in-place changes; copy them back only where the function is declared to work in place."""
        name = self.labels.get(handle, "")
        if changed:
            self.changed.add(name)
        if not (self.copy_back or name in self.in_place):
            return
        for index, new in changed.items():
            old = args[index] if type(index) is int and 0 <= index < len(args) else None
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
            return {"object": value._handle}
        if isinstance(value, np.random.Generator):
            return {"generator": [type(value.bit_generator).__name__, node(value.bit_generator.state)]}
        if isinstance(value, np.random.RandomState):
            return {"generator": ["RandomState", node(value.get_state(legacy=False))]}
        if id(value) in self.shared:
            return {"name": self.shared[id(value)]}
        library = _library_name(value)
        if library:
            return {"library": library}
        if callable(value):
            self.callbacks.append(value)
            return {"callback": len(self.callbacks) - 1}
        raise protocol.NotPlain(f"a {type(value).__name__} is neither plain data nor an array nor a function")

    def _new_random(self) -> list | None:
        """The global random states, where a check has set them since they last crossed; they cross this way only."""
        states = _random_states()
        if _same_states(states, self._random):
            return None
        self._random = states
        return [states[0], states[1]]

    def _cell_message(self) -> str:
        return f"stopped after {self.options.cell_seconds:g} s: your code did not end (an endless loop?)"

    def _total_message(self) -> str:
        return f"stopped: the whole submission may take {self.options.total_seconds:g} s"


class Names(MutableMapping):
    """The names of a check cell: the instructor's own, and the student's, looked up live.

    Deleting or rebinding one of the student's names in a check does the same on the student's side, so that a check may
    take a helper away and see who misses it.
    """

    def __init__(self, session: Session, student_names: frozenset[str], own: dict[str, Any]):
        self.session, self.student_names, self.own = session, student_names, own
        self.follow = False                        # whether changes of student names cross
        self._cache: dict[str, tuple[int, Any]] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self.student_names:
            return self.own[name]
        version, value = self._cache.get(name, (-1, None))
        if version != self.session.version:
            try:
                value = self.session.get(name)
            except NameError:
                self.own.pop(name, None)
                raise
            self._cache[name] = (self.session.version, value)
        self.own[name] = value
        return value

    def refresh(self, names: frozenset[str]) -> None:
        """Bring the student's values to where functions of the check find them."""
        for name in names & self.student_names:
            with contextlib.suppress(NameError):
                self[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.own[name] = value
        if name in self.student_names and self.follow:
            self.session.set(name, value)

    def __delitem__(self, name: str) -> None:
        self.own.pop(name, None)
        if name in self.student_names and self.follow:
            self.session.command("delete", name=name)

    def __iter__(self):
        return iter(self.own)

    def __len__(self) -> int:
        return len(self.own)


def _exception(reply: dict) -> Exception:
    """The student's exception as one of the same builtin class, so that checks can catch it; always an Exception."""
    names = [str(n) for n in reply.get("types", [])][:20] or ["Exception"]
    message = str(reply.get("message", ""))[:5000]
    kind = _builtin(names, Exception, StudentError)
    text = message if names[0] == kind.__name__ else f"{names[0]}: {message}"
    try:
        error = kind(text)
    except TypeError:
        error = StudentError(f"{names[0]}: {message}")
    error.where = [str(line)[:300] for line in reply.get("where", [])][:3]
    return error


def _builtin(names: Any, base: type, default: type) -> type:
    for name in names if isinstance(names, list) else []:
        kind = np.linalg.LinAlgError if name == "LinAlgError" else getattr(builtins, str(name), None)
        if isinstance(kind, type) and issubclass(kind, base):
            return kind
    return default


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


def _random_states() -> tuple[Any, Any]:
    return np.random.get_state(), random.getstate()


def _same_states(a: tuple[Any, Any], b: tuple[Any, Any]) -> bool:
    return (a[0][2] == b[0][2] and np.array_equal(a[0][1], b[0][1]) and a[0][3:] == b[0][3:] and a[1] == b[1])


def project_folders() -> tuple[str, ...]:
    """The folders of this project's own packages: no worker may see them."""
    here = Path(__file__).resolve().parent
    return (str(here), str(here.parent / "solutions"), str(here.parent / "lessons"), str(here.parent / "tests"))
