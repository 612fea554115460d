"""Values that may cross the wall, as plain data and arrays; exceptions as their names and messages. Never pickle.

`encode` turns a value into JSON and the raw bytes of its arrays, `decode` turns them back. Both sides use the same
code, but only the trusted side relies on it: what it reads may have been written by a hostile program, so `decode`
accepts an allow-list of forms and raises `BadMessage` for everything else.
"""

import builtins
import functools
import json
import re
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from autograder import tables

MAX_DEPTH = 40                   # nesting of lists, tuples, sets and dicts
MAX_INT_BITS = 8_192
MAX_EXPONENT = 10_000            # of a Decimal: int() of a larger one would never end

_DTYPE = re.compile(r"[<>|=](?:[biufc]\d{1,2}|[US]\d{1,6}|[mM]8\[\d{0,6}[a-zA-Z]{1,2}\])")


class BadMessage(Exception):
    """A frame or value that the protocol does not allow; the text says which."""


class NotPlain(Exception):
    """A value that may not cross as data: it is neither plain data nor an array."""


def encode(value: Any, opaque: Callable[[Any, Callable], dict] | None = None, *,
           most_depth: int = MAX_DEPTH) -> tuple[Any, list[bytes]]:
    """Turn a value into (JSON node, array bytes); raises `NotPlain` for what may not cross.

    `opaque(value, node)` gives the node of a value that is not plain data; it may call `node` for parts that are.
    """
    blobs: list[bytes] = []

    def node(v: Any, depth: int) -> Any:
        if depth > most_depth:
            raise NotPlain(f"nested deeper than {most_depth} levels (or containing itself)")
        if v is None or isinstance(v, bool):
            return v
        if table := tables.take_apart(v):
            return {table[0]: [node(part, depth + 1) for part in table[1]]}
        if isinstance(v, np.generic) and not isinstance(v, np.object_ | np.void) and v.itemsize:
            return {"scalar": [v.dtype.str, blob(v.tobytes())]}
        if isinstance(v, str):
            return str(v)
        if isinstance(v, int):
            if v.bit_length() > MAX_INT_BITS:
                raise NotPlain(f"an integer of {v.bit_length()} bits; at most {MAX_INT_BITS} cross")
            return {"int": hex(v)} if v.bit_length() > 53 else int(v)
        if isinstance(v, float):
            return float(v)
        if isinstance(v, complex):
            return {"complex": [v.real, v.imag]}
        if isinstance(v, bytes | bytearray):
            return {"bytes": blob(bytes(v))}
        if isinstance(v, np.ndarray) and _DTYPE.fullmatch(v.dtype.str):
            array = np.asarray(v)
            return {"array": [array.dtype.str, list(array.shape), blob(array.tobytes())]}
        if isinstance(v, dict):
            pairs = [[node(k, depth + 1), node(x, depth + 1)] for k, x in v.items()]
            if isinstance(v, defaultdict):
                made = getattr(v.default_factory, "__name__", None)
                return {"defaultdict": [made if FACTORIES.get(str(made)) is v.default_factory else None, pairs]}
            return {next((k.__name__ for k in (Counter, OrderedDict) if isinstance(v, k)), "dict"): pairs}
        fields = getattr(v, "_fields", None)
        if isinstance(v, tuple) and isinstance(fields, tuple):
            return {"named": [type(v).__name__, list(fields), [node(x, depth + 1) for x in v]]}
        if isinstance(v, deque):
            return {"deque": [[node(x, depth + 1) for x in v], v.maxlen]}
        if type(v) in VIEWS:
            return {type(v).__name__: [node(x, depth + 1) for x in v]}
        if isinstance(v, datetime | date):
            return {"datetime" if isinstance(v, datetime) else "date": v.isoformat()}
        if isinstance(v, timedelta):
            return {"timedelta": [v.days, v.seconds, v.microseconds]}
        if isinstance(v, Fraction):
            return {"Fraction": [node(v.numerator, depth), node(v.denominator, depth)]}
        if isinstance(v, Decimal):
            return {"Decimal": str(v)}
        for name, kind in (("list", list), ("tuple", tuple), ("set", set), ("frozenset", frozenset)):
            if isinstance(v, kind):
                return {name: [node(x, depth + 1) for x in v]}
        if isinstance(v, range):
            return {"range": [v.start, v.stop, v.step]}
        if opaque is None:
            raise NotPlain(f"a {type(v).__name__} is neither plain data nor an array")
        return opaque(v, lambda part: node(part, depth + 1))

    def blob(data: bytes) -> int:
        blobs.append(data)
        return len(blobs) - 1

    return node(value, 0), blobs


def decode(node: Any, blobs: list[bytes], opaque: Callable[[str, Any, Callable], Any] | None = None, *,
           most_depth: int = MAX_DEPTH) -> Any:
    """The value of a JSON node; raises `BadMessage` for any form that is not on the list. Inverse of `encode`.

    `opaque(kind, body, value)` opens the forms that its caller has agreed to beyond plain data, or raises `BadMessage`.
    """

    def value(n: Any, depth: int) -> Any:
        if depth > most_depth:
            raise BadMessage(f"a value nested deeper than {most_depth} levels")
        if n is None or isinstance(n, bool | int | float | str):
            return n
        if not isinstance(n, dict) or len(n) != 1:
            raise BadMessage("a value of an unknown form")
        (kind, body), = n.items()
        make = forms.get(kind)
        if make is None:
            if opaque is None:
                raise BadMessage(f"a value of the form {str(kind)[:40]!r}, which may not come from this side")
            make = lambda b, d: opaque(kind, b, lambda part: value(part, d))  # noqa: E731
        try:
            return make(body, depth + 1)
        except (BadMessage, MemoryError):
            raise
        except Exception as error:
            raise BadMessage(f"a malformed {kind}: {type(error).__name__}") from None

    def items(body: Any, depth: int) -> list:
        if not isinstance(body, list):
            raise BadMessage("a container without a list of items")
        return [value(x, depth) for x in body]

    def integer(body: Any, _: int) -> int:
        if not isinstance(body, str) or len(body) > MAX_INT_BITS // 4 + 4:
            raise BadMessage("an integer that is too long")
        return int(body, 16)

    def array(body: Any, _: int) -> np.ndarray:
        name, shape, index = body
        if not isinstance(name, str) or not _DTYPE.fullmatch(name):
            raise BadMessage(f"an array of dtype {str(name)[:40]!r}")
        if len(shape) > 32 or not all(type(n) is int and 0 <= n < 2**40 for n in shape):
            raise BadMessage("an array of an impossible shape")
        return np.frombuffer(bytearray(data(index)), dtype=np.dtype(name)).reshape(shape)

    def data(index: Any) -> bytes:
        """Bytes that were sent; each may be used once, or a short message could fill the memory with copies."""
        if type(index) is not int or not 0 <= index < len(blobs) or index in used:
            raise BadMessage("bytes that were not sent")
        used.add(index)
        return blobs[index]

    def pairs(body: Any, depth: int) -> dict:
        return {value(k, depth): value(x, depth) for k, x in body}

    def table(kind: str, body: Any, depth: int) -> Any:
        return tables.put_together(kind, items(body, depth))

    used: set[int] = set()

    forms: dict[str, Callable[[Any, int], Any]] = {
        "int": integer,
        "complex": lambda b, _: complex(float(b[0]), float(b[1])),
        "bytes": lambda b, _: data(b),
        "array": array,
        "scalar": lambda b, d: array([b[0], [1], b[1]], d)[0],
        "range": lambda b, _: range(int(b[0]), int(b[1]), int(b[2])),
        "list": items,
        "tuple": lambda b, d: tuple(items(b, d)),
        "set": lambda b, d: {x for x in items(b, d)},  # noqa: C416  a loop can be interrupted, set() cannot
        "frozenset": lambda b, d: frozenset({x for x in items(b, d)}),  # noqa: C416
        "dict": pairs,
        "Counter": lambda b, d: Counter(pairs(b, d)),
        "OrderedDict": lambda b, d: OrderedDict(pairs(b, d)),
        "defaultdict": lambda b, d: defaultdict(None if b[0] is None else FACTORIES[b[0]], pairs(b[1], d)),
        "named": lambda b, d: _named(b[0], *b[1])._make(items(b[2], d)),
        "deque": lambda b, d: deque(items(b[0], d), None if b[1] is None else int(b[1])),
        "dict_keys": lambda b, d: dict.fromkeys(items(b, d)).keys(),
        "dict_values": lambda b, d: dict(enumerate(items(b, d))).values(),
        "dict_items": lambda b, d: dict(items(b, d)).items(),
        "date": lambda b, _: date.fromisoformat(b),
        "datetime": lambda b, _: datetime.fromisoformat(b),
        "timedelta": lambda b, _: timedelta(*b),
        "Fraction": lambda b, d: Fraction(_whole(value(b[0], d)), _whole(value(b[1], d))),
        "Decimal": _decimal,
        **{kind: functools.partial(table, kind) for kind in tables.KINDS},
    }
    return value(node, 0)


FACTORIES: dict[str, Any] = {kind.__name__: kind for kind in (int, float, str, list, tuple, set, dict, bool)}
VIEWS: tuple[type, ...] = (type({}.keys()), type({}.values()), type({}.items()))


@functools.lru_cache(maxsize=100)
def _named(name: str, *fields: str) -> Any:
    """A named tuple's class; `namedtuple` itself accepts identifiers only."""
    if not all(isinstance(part, str) and len(part) < 100 for part in (name, *fields)):
        raise BadMessage("a named tuple with strange names")
    return namedtuple(name, fields)


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise BadMessage("a fraction of something that is no integer")
    return value


def _decimal(body: Any, _: int) -> Decimal:
    if not isinstance(body, str) or len(body) > MAX_EXPONENT:
        raise BadMessage("a Decimal that is too long")
    found = Decimal(body)
    if found.is_finite() and abs(found.adjusted()) > MAX_EXPONENT:
        raise BadMessage("a Decimal that is too large or too small")
    return found


class StudentError(Exception):
    """An exception of the student's that has no counterpart on the other side; the message names it."""


def describe(error: BaseException) -> dict:
    """An exception as plain data: the names of its classes, its message, its arguments where they may cross."""
    try:
        text = str(error)[:5000]
    except BaseException:
        text = "(no message)"
    try:
        node, blobs = encode(list(error.args))
        args = None if blobs or len(json.dumps(node)) > 5000 else node
    except Exception:
        args = None
    return {"types": [cls.__name__ for cls in type(error).__mro__], "message": text, "args": args}


def exception(described: dict) -> BaseException:
    """An exception of the same builtin class, so that `except` finds it; never one that ends more than a call."""
    names = [n for n in _list(described.get("types")) if isinstance(n, str)][:20] or ["Exception"]
    message = str(described.get("message", ""))[:5000]
    kind = builtin(names, (Exception, SystemExit), StudentError)
    if names[0] == kind.__name__ and described.get("args") is not None:
        try:
            same = kind(*decode(described["args"], []))
            if str(same) == message:
                return same
        except Exception:
            pass
    text = message if names[0] == kind.__name__ else f"{names[0]}: {message}"
    try:
        return kind(text)
    except Exception:
        return StudentError(f"{names[0]}: {message}")


def builtin(names: Any, bases: type | tuple[type, ...], default: type) -> Any:
    """The first of these class names that is a builtin (or NumPy) exception or warning of the allowed kinds.

    Never one that ends an iteration: a check's own `map` or `next` would take it for the end of its items.
    """
    for name in names if isinstance(names, list) else []:
        kind = EXTRA.get(str(name)) or getattr(builtins, str(name), None)
        if isinstance(kind, type) and issubclass(kind, bases) and not issubclass(kind, ENDS):
            return kind
    return default


ENDS = (StopIteration, StopAsyncIteration)
EXTRA: dict[str, type] = {"LinAlgError": np.linalg.LinAlgError, "AxisError": np.exceptions.AxisError}


def _list(value: Any) -> list:
    return value if isinstance(value, list) else []
