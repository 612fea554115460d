"""Inside the wall: run the student's cells, answer calls to what they defined. Nothing here is trusted.

Forked by a zygote that has imported the libraries (`autograder.zygote`). It confines itself, and then obeys: run a
cell, look up a name, call a function. A student's code can do whatever it likes to this process; all it can change is
the answers that it would have given anyway.
"""

import contextlib
import functools
import importlib
import os
import random
import signal
import socket
import subprocess
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from autograder import protocol, sandbox, values

MAX_OUTPUTS = 200       # displays of one cell
MAX_SHOWN = 10_000_000  # characters of the displays of one cell


class CellTimeout(BaseException):
    """Raised inside student code that runs too long; not an Exception, so that `except Exception` lets it by."""


class _Outputs(list):
    """What a cell shows, up to a number and a size: an endless loop of plots must not cost its student the cell."""

    room = MAX_SHOWN

    def append(self, output: dict) -> None:
        self.room -= sum(len(text) for text in output.get("data", {}).values())
        if self.room > 0 and len(self) < MAX_OUTPUTS:
            super().append(output)


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

    def enable_gui(self, gui: str | None = None) -> None:
        """No windows here; `%matplotlib inline` asks all the same."""

    def ask_exit(self) -> None:
        """`exit()` in a notebook ends nothing that is graded."""

    def system(self, cmd: str) -> None:
        """Run a line such as `!ls`; IPython's own way needs a terminal."""
        done = subprocess.run(self.var_expand(cmd, depth=1), shell=True, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        print(done.stdout, end="")
        self.user_ns["_exit_code"] = done.returncode
    outputs: ClassVar["_Outputs"]           # of the cell that runs

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        Shell.outputs.append({"output_type": "error", "ename": etype.__name__, "evalue": str(evalue),
                              "traceback": [line for part in stb for line in part.split("\n")]})


def _plain_mime(data: dict) -> dict:
    return {kind: data[kind] for kind in ("text/plain", "image/png") if isinstance(data.get(kind), str)}


class Worker:
    """The student's namespace and the table of objects that the trusted side holds handles of."""

    def __init__(self, channel: protocol.Channel, output_chars: int, message_depth: int):
        self.channel, self.output_chars, self.depth = channel, output_chars, message_depth
        self.objects: list[Any] = []
        self.handles: dict[int, int] = {}       # id of an object -> its place in `objects`
        self.generators: dict[int, Any] = {}    # random generators that a check has passed
        self.looked_up: set[str] = set()        # names that the trusted side has asked for
        self.shell = Shell.instance()
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
        out, err = protocol.CappedText(self.output_chars), protocol.CappedText(self.output_chars)
        before = (0.0, 0.0)
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                try:
                    before = signal.setitimer(signal.ITIMER_REAL, message.get("seconds", 0))
                    reply, data = getattr(self, "do_" + message["kind"])(message, blobs)
                finally:
                    signal.setitimer(signal.ITIMER_REAL, before[0])     # of the call that a call-back interrupted
        except CellTimeout:
            reply, data = {"kind": "timeout"}, []
        except BaseException as error:
            reply, data = self.raised(error), []
        texts = {"stdout": out.getvalue(), "stderr": err.getvalue()}
        try:
            self.channel.send({**reply, **texts}, data)
        except values.NotPlain as error:
            too_large = ValueError(f"too large to cross: {error}")
            self.channel.send({"kind": "raised", **values.describe(too_large), **texts})

    def raised(self, error: BaseException) -> dict:
        """An exception as text; of one whose class is the student's own, that class too."""
        reply = {"kind": "raised", **values.describe(error), "where": _where(error)}
        if isinstance(error, Exception | SystemExit) and _foreign(type(error)):
            reply["class"] = self.chain(type(error))
        return reply

    def do_run(self, message: dict, _: list[bytes]) -> tuple[dict, list[bytes]]:
        """Run a cell; the reply lists its outputs, in nbformat's form."""
        Shell.outputs = _Outputs()
        result = self.shell.run_cell(message["source"], store_history=False)
        error = result.error_before_exec or result.error_in_exec
        if isinstance(error, CellTimeout):
            raise error
        return {"kind": "ran", "ok": error is None, "outputs": list(Shell.outputs)}, []

    def do_judge(self, message: dict, _: list[bytes]) -> tuple[dict, list[bytes]]:
        """Run a check that cannot cross the wall; the reply is its last value, if that is a number, or its error."""
        Shell.outputs = _Outputs()
        result = self.shell.run_cell(message["source"], store_history=False)
        error = result.error_before_exec or result.error_in_exec
        if error is not None:
            raise error
        number = isinstance(result.result, int | float | np.number) and not isinstance(result.result, bool)
        return self.reply(float(result.result) if number else None)

    def do_get(self, message: dict, _: list[bytes]) -> tuple[dict, list[bytes]]:
        self.looked_up.add(message["name"])
        if message["name"] not in self.names:
            return {"kind": "missing"}, []
        return self.reply(self.names[message["name"]])

    def do_look(self, message: dict, _: list[bytes]) -> tuple[dict, list[bytes]]:
        """Several names at once, [name, value] each; those that do not exist are left out."""
        self.looked_up.update(message["names"])
        return self.reply([[name, self.names[name]] for name in message["names"] if name in self.names])

    def do_set(self, message: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        self.names[message["name"]] = self.value(message["value"], blobs)
        return self.reply(None)

    def do_delete(self, message: dict, _: list[bytes]) -> tuple[dict, list[bytes]]:
        self.names.pop(message["name"], None)
        return self.reply(None)

    def do_attribute(self, message: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        held, name = self.asked(message, blobs)
        return self.reply(getattr(held, name))

    def do_assign(self, message: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        held, name, value = self.asked(message, blobs)
        setattr(held, name, value)
        return self.reply(None)

    def do_item(self, message: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        held, key = self.asked(message, blobs)
        return self.reply(held[key])

    def do_length(self, message: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        held, = self.asked(message, blobs)
        return self.reply(len(held))

    def do_text(self, message: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        held, kind = self.asked(message, blobs)
        return self.reply(str(held) if kind == "str" else repr(held))

    def do_instance(self, message: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        held, other = self.asked(message, blobs)
        return self.reply(isinstance(other, held))

    def do_subclass(self, message: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        held, other = self.asked(message, blobs)
        return self.reply(issubclass(other, held))

    def do_enter(self, message: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        held, = self.asked(message, blobs)
        return self.reply(type(held).__enter__(held))

    def do_leave(self, message: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        held, = self.asked(message, blobs)
        type(held).__exit__(held, None, None, None)
        return self.reply(None)

    def do_next(self, message: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        held, = self.asked(message, blobs)
        for value in held:
            return self.reply(value)
        return {"kind": "end"}, []

    def asked(self, message: dict, blobs: list[bytes]) -> list[Any]:
        """The object that a question is about, and what else the question says."""
        return [self.objects[message["handle"]], *self.value(message["args"], blobs)]

    def do_call(self, message: dict, blobs: list[bytes]) -> tuple[dict, list[bytes]]:
        """Call an object by its handle; arguments changed in place and warnings are sent beside the result."""
        args = [self.value(node, blobs) for node in message["args"]]
        kwargs = {name: self.value(node, blobs) for name, node in message["kwargs"].items()}
        if "random" in message:
            _set_random(self.value(message["random"], blobs))
        given = {**dict(enumerate(args)), **kwargs}
        before = {place: _fingerprint(a) for place, a in given.items()}
        bound = {name: self.names.get(name) for name in self.looked_up}
        try:
            with warnings.catch_warnings(record=True) as caught, np.errstate(**message["errstate"]):
                warnings.simplefilter("always")
                result = self.objects[message["handle"]](*args, **kwargs)
        except Exception as error:
            return {**self.raised(error), "same": self.still(bound)}, []
        changed = {place: a for place, a in given.items() if _fingerprint(a) != before[place]}
        reply, data = self.reply([result, changed])
        told = [[[cls.__name__ for cls in w.category.__mro__], str(w.message)[:500]] for w in caught[:20]]
        return {**reply, "same": self.still(bound), "warnings": told}, data

    def still(self, bound: dict[str, Any]) -> bool:
        """Whether these names stand for the same objects as before."""
        return all(self.names.get(name) is value for name, value in bound.items())

    def reply(self, value: Any) -> tuple[dict, list[bytes]]:
        try:
            node, data = values.encode(value, self.opaque, most_depth=self.depth)
        except values.NotPlain as error:
            raise ValueError(f"cannot cross: {error}") from None
        return {"kind": "value", "value": node}, data

    def opaque(self, value: Any, _: Callable[[Any], Any]) -> dict:
        """Keep what is not plain data here; the trusted side gets a handle of it."""
        if isinstance(value, type) and issubclass(value, Exception) and _foreign(value):
            return {"error": self.chain(value)}
        kind = "iterator" if isinstance(value, Iterator) else "function" if callable(value) else "object"
        return {kind: [self.keep(value), type(value).__name__]}

    def keep(self, value: Any) -> int:
        """The handle of an object; the same one for the same object."""
        if id(value) not in self.handles:
            self.handles[id(value)] = len(self.objects)
            self.objects.append(value)
        return self.handles[id(value)]

    def chain(self, kind: type) -> list:
        """An exception class: the student's own classes that it is made of, then the first builtin one."""
        own = [cls for cls in kind.__mro__ if _foreign(cls)]
        base = next(cls.__name__ for cls in kind.__mro__ if not _foreign(cls))
        return [*([self.keep(cls), cls.__name__] for cls in own), base]

    def value(self, node: Any, blobs: list[bytes]) -> Any:
        return values.decode(node, blobs, self.opened)

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
        if kind == "slice":
            return slice(*value(body))
        if kind == "generator":
            name, key, state = body
            if state is not None:
                self.generators[key] = _generator(name, value(state))
            return self.generators[key]
        raise values.BadMessage(f"unknown form {kind}")

    def call_back(self, number: int, *args: Any, **kwargs: Any) -> Any:
        """Call a function that lives on the trusted side (a check passed it as an argument)."""
        node, data = values.encode([list(args), kwargs], self.opaque, most_depth=self.depth)
        self.channel.send({"kind": "callback", "number": number, "args": node}, data)
        while True:
            reply, blobs = self.channel.receive()
            if reply["kind"] == "raised":
                raise values.exception(reply)
            if reply["kind"] == "value":
                return self.value(reply["value"], blobs)
            self.answer(reply, blobs)       # the function uses something of ours


def _raise_timeout(*_: Any) -> None:
    raise CellTimeout


def _where(error: BaseException) -> list[str]:
    """The lines of the student's cells that an exception went through, the last ones."""
    return [f"line {frame.lineno}: {frame.line}" for frame in traceback.extract_tb(error.__traceback__)
            if "ipykernel" in frame.filename or frame.filename.startswith("<ipython-input")][-3:]


def _foreign(kind: type) -> bool:
    """Whether an exception class is the student's own: the trusted side has no class of that name."""
    return kind is not object and values.builtin([kind.__name__], BaseException, values.StudentError) is not kind


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


def prepare() -> None:
    """In the zygote: what every notebook needs."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.cache_size = 0
    Shell.instance(config=config)
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"      # a plot is part of what a cell shows
    importlib.import_module("matplotlib.pyplot")


def main(wire: socket.socket) -> None:
    """Confine, serve. A machine that cannot confine is told to the tester, and nothing is run."""
    channel = protocol.Channel(wire, most_bytes=None)       # the order is the tester's
    try:
        order, blobs = channel.receive()
        files = values.decode(order["files"], blobs)
        if order["confined"]:
            sandbox.confine(sandbox.Limits(**order["limits"]), keep_fds=[wire.fileno()], hide=order["hide"],
                            cpus=order["cpus"])
        else:
            os.chdir(order["folder"])
        for name, data in files.items():
            target = Path(name)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    except sandbox.CannotConfine as error:
        channel.send({"kind": "refused", "message": str(error)})
        return
    except Exception as error:
        channel.send({"kind": "broken", "message": f"{type(error).__name__}: {error}"})
        return
    sys.path.insert(0, str(Path.cwd()))
    np.random.seed()            # else everybody would have the numbers that the zygote started with
    random.seed()
    channel.most_bytes = order["message_bytes"]
    worker = Worker(channel, order["output_chars"], order["message_depth"])
    channel.send({"kind": "ready"})
    worker.serve()
    os._exit(0)
