"""Inside the wall: run the student's cells, answer calls to what they defined. Nothing here is trusted.

Started by the tester as `python -I -m autograder.worker FD`, with one end of a socket pair as FD. It imports libraries,
confines itself, and then obeys: run a cell, look up a name, call a function. A student's code can do whatever it likes
to this process; all it can change is the answers that it would have given anyway.
"""

import contextlib
import functools
import importlib
import io
import itertools
import os
import random
import signal
import socket
import sys
import traceback
import warnings
from collections.abc import Callable, ItemsView, KeysView, ValuesView
from pathlib import Path
from types import GeneratorType
from typing import Any, ClassVar

import numpy as np
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder import protocol, sandbox

MAX_OUTPUT = 200_000    # characters of text kept for one cell or call
MAX_ITEMS = 100_000     # items taken from a generator or other iterator that a function returned
ITERATORS = (GeneratorType, map, zip, filter, enumerate, reversed, KeysView, ValuesView, ItemsView)


class CellTimeout(BaseException):
    """Raised inside student code that runs too long; not an Exception, so that `except Exception` lets it by."""


class CappedText(io.StringIO):
    """A text stream that keeps the first MAX_OUTPUT characters and drops the rest."""

    def write(self, text: str) -> int:
        room = MAX_OUTPUT - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)


class _Display(DisplayPublisher):
    def publish(self, data: dict, *_: Any, **__: Any) -> None:
        Shell.outputs.append({"output_type": "display_data", "data": _plain_mime(data)})


class _LastValue(DisplayHook):
    def write_output_prompt(self) -> None: ...
    def finish_displayhook(self) -> None: ...
    def log_output(self, format_dict: dict) -> None: ...

    def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:
        Shell.outputs.append({"output_type": "execute_result", "data": _plain_mime(format_dict)})


class Shell(InteractiveShell):
    """An IPython shell without sockets: magics and displays work, outputs are collected instead of sent."""

    display_pub_class = _Display
    displayhook_class = _LastValue
    outputs: ClassVar[list[dict]] = []      # of the cell that runs

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        Shell.outputs.append({"output_type": "error", "ename": etype.__name__, "evalue": str(evalue),
                              "traceback": [line for part in stb for line in part.split("\n")]})


def _plain_mime(data: dict) -> dict:
    return {kind: data[kind] for kind in ("text/plain", "image/png") if isinstance(data.get(kind), str)}


class Worker:
    """The student's namespace and the table of objects that the trusted side holds handles of."""

    def __init__(self, channel: protocol.Channel):
        self.channel = channel
        self.objects: list[Any] = []
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "nocolor"
        config.InteractiveShell.cache_size = 0
        self.shell = Shell.instance(config=config)
        self.names: dict[str, Any] = self.shell.user_ns

    def serve(self) -> None:
        """Answer until the channel closes."""
        signal.signal(signal.SIGALRM, _raise_timeout)
        while True:
            try:
                message, blobs = self.channel.receive()
            except protocol.Gone:
                return
            self.answer(message, blobs)

    def answer(self, message: dict, blobs: list[bytes]) -> None:
        """Do what one message asks and send one reply, whatever the student's code does."""
        out, err = CappedText(), CappedText()
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                try:
                    signal.setitimer(signal.ITIMER_REAL, message.get("seconds", 0))
                    reply, data = getattr(self, "do_" + message["kind"])(message, blobs)
                finally:
                    signal.setitimer(signal.ITIMER_REAL, 0)
        except CellTimeout:
            reply, data = {"kind": "timeout"}, []
        except BaseException as error:
            reply, data = {"kind": "raised", **_describe(error)}, []
        self.channel.send({**reply, "stdout": out.getvalue(), "stderr": err.getvalue()}, data)

    def do_run(self, message: dict, _: list[bytes]) -> tuple[dict, list[bytes]]:
        """Run a cell; the reply lists its outputs, in nbformat's form."""
        Shell.outputs.clear()
        result = self.shell.run_cell(message["source"], store_history=False)
        error = result.error_before_exec or result.error_in_exec
        if isinstance(error, CellTimeout):
            raise error
        return {"kind": "ran", "ok": error is None, "outputs": list(Shell.outputs)}, []

    def do_get(self, message: dict, _: list[bytes]) -> tuple[dict, list[bytes]]:
        if message["name"] not in self.names:
            return {"kind": "missing"}, []
        return self.reply(self.names[message["name"]])

    def do_set(self, message: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        self.names[message["name"]] = self.value(message["value"], blobs)
        return self.reply(None)

    def do_delete(self, message: dict, _: list[bytes]) -> tuple[dict, list[bytes]]:
        self.names.pop(message["name"], None)
        return self.reply(None)

    def do_attribute(self, message: dict, _: list[bytes]) -> tuple[dict, list[bytes]]:
        return self.reply(getattr(self.objects[message["handle"]], message["name"]))

    def do_call(self, message: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        """Call an object by its handle; arguments changed in place and warnings are sent beside the result."""
        args = [self.value(node, blobs) for node in message["args"]]
        kwargs = {name: self.value(node, blobs) for name, node in message["kwargs"].items()}
        if "random" in message:
            _set_random(self.value(message["random"], blobs))
        before = [_fingerprint(a) for a in args]
        with warnings.catch_warnings(record=True) as caught, np.errstate(**message["errstate"]):
            warnings.simplefilter("always")
            result = self.objects[message["handle"]](*args, **kwargs)
            if isinstance(result, ITERATORS):
                result = list(itertools.islice(result, MAX_ITEMS))
        changed = {i: a for i, a in enumerate(args) if _fingerprint(a) != before[i]}
        reply, data = self.reply([result, changed])
        reply["warnings"] = [[[cls.__name__ for cls in w.category.__mro__], str(w.message)[:500]] for w in caught[:20]]
        return reply, data

    def reply(self, value: Any) -> tuple[dict, list[bytes]]:
        node, data = protocol.encode(value, self.opaque)
        return {"kind": "value", "value": node}, data

    def opaque(self, value: Any, node: Callable[[Any], Any]) -> dict:
        """Keep what is not plain data here; the trusted side gets a handle of it, and the items of an iterator."""
        if isinstance(value, ITERATORS):
            return node(list(itertools.islice(value, MAX_ITEMS)))
        handle = next((i for i, known in enumerate(self.objects) if known is value), len(self.objects))
        if handle == len(self.objects):
            self.objects.append(value)
        return {"object": [handle, type(value).__name__, bool(callable(value))]}

    def value(self, node: Any, blobs: list[bytes]) -> Any:
        return protocol.decode(node, blobs, self.opened)

    def opened(self, kind: str, body: Any, value: Callable[[Any], Any]) -> Any:
        """What the trusted side names instead of sending: our own objects, its functions, libraries, generators."""
        if kind == "object":
            return self.objects[body]
        if kind == "callback":
            return functools.partial(self.call_back, body)
        if kind == "library":
            return functools.reduce(getattr, body[1].split("."), importlib.import_module(body[0]))
        if kind == "name":
            return self.names[body]
        if kind == "generator":
            return _generator(body[0], value(body[1]))
        raise protocol.BadMessage(f"unknown form {kind}")

    def call_back(self, number: int, *args: Any) -> Any:
        """Call a function that lives on the trusted side (a check passed it as an argument)."""
        node, data = protocol.encode(list(args))
        self.channel.send({"kind": "callback", "number": number, "args": node}, data)
        reply, blobs = self.channel.receive()
        if reply["kind"] == "raised":
            raise RuntimeError(reply["message"])
        return self.value(reply["value"], blobs)


def _raise_timeout(*_: Any) -> None:
    raise CellTimeout


def _describe(error: BaseException) -> dict:
    """An exception as text: the names of its classes, its message, the lines of the student's cells it went through."""
    where = [f"line {frame.lineno}: {frame.line}" for frame in traceback.extract_tb(error.__traceback__)
             if "ipykernel" in frame.filename or frame.filename.startswith("<ipython-input")]
    try:
        text = str(error)
    except BaseException:
        text = "(no message)"
    return {"types": [cls.__name__ for cls in type(error).__mro__], "message": text[:5000], "where": where[-3:]}


def _fingerprint(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return (value.dtype.str, value.shape, hash(value.tobytes()))
    return repr(value) if isinstance(value, list | dict | set | bytearray) else None


def _generator(name: str, state: dict) -> np.random.Generator | np.random.RandomState:
    if name == "RandomState":
        legacy = np.random.RandomState()
        legacy.set_state(state)
        return legacy
    bits = getattr(np.random, name)()
    bits.state = state
    return np.random.Generator(bits)


def _set_random(states: list) -> None:
    if states[0] is not None:
        np.random.set_state(states[0])
    if states[1] is not None:
        random.setstate(states[1])


def main() -> None:
    """Import, confine, serve. A machine that cannot confine is told to the tester, and nothing is run."""
    wire = socket.socket(fileno=int(sys.argv[1]))
    channel = protocol.Channel(wire)
    order, blobs = channel.receive()
    for name in order["imports"]:
        importlib.import_module(name)
    try:
        if order["confined"]:
            sandbox.confine(sandbox.Limits(**order["limits"]), keep_fds=[wire.fileno()], hide=order["hide"])
    except sandbox.CannotConfine as error:
        channel.send({"kind": "refused", "message": str(error)})
        return
    for name, data in protocol.decode(order["files"], blobs).items():
        target = Path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    sys.path.insert(0, str(Path.cwd()))
    worker = Worker(channel)
    channel.send({"kind": "ready"})
    worker.serve()
    os._exit(0)



if __name__ == "__main__":
    main()
