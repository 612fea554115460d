"""Which known mistake behaves as a student's function does: both are shown the same probes and compared.

A name is given for behaviour, never for how code looks, and never changes a verdict.
"""

import contextlib
import copy
import io
import pickle
import re
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from autograder.bank import Bank, load

CLOSE, LOOSE = 1e-6, 1e-4      # relative and absolute; float32 answers need the loose one
ENOUGH = 0.5                   # of the probes on which a mistake or the student is wrong, for a mistake to be named
MOST_DEPTH = 6


class Outcome(NamedTuple):
    """What a function did with one probe: its answers, or the gist of its error; whether it warned.

    changed: the places (or names) of the arguments that it changed.
    """

    value: Any = None
    error: str = ""
    warned: bool = False
    changed: frozenset[int | str] = frozenset()


class Mistake(NamedTuple):
    """A wrong version: its name in the bank, the sentence that helps, and what it does with the probes."""

    name: str
    sentence: str
    outcomes: tuple[Outcome, ...]


class Known(NamedTuple):
    """What the reference and the wrong versions of one function do with its probes."""

    right: tuple[Outcome, ...]
    wrong: tuple[Mistake, ...]


class Knowledge(NamedTuple):
    """A bank after its versions have seen the probes: made once, it serves every submission."""

    text: str
    functions: Mapping[str, Known]

    def unpacked(self) -> "Knowledge":
        return self


class Packed(NamedTuple):
    """Knowledge as bytes, which travel with every submission and are opened for those that need them.

    data: pickled and opened by trusted processes of this program only; made from the instructor's bank.
    """

    text: str
    data: bytes

    def unpacked(self) -> Knowledge:
        return pickle.loads(self.data)


def pack(known: Knowledge) -> Packed:
    """Knowledge, ready to travel."""
    return Packed(known.text, pickle.dumps(known))


class Diagnosis(NamedTuple):
    """A known mistake: its name in the bank, the sentence that helps, and whether every probe agreed."""

    name: str
    sentence: str
    exact: bool = True

    def text(self, function: str) -> str:
        """The diagnosis as a line of feedback."""
        sure = "does what this known mistake does" if self.exact else "gives on some inputs what this mistake gives"
        return f"Your {function} {sure}: {self.sentence}"


class _Watched:
    """A function that is called through this object: answers are copied, changes of arguments are noticed."""

    def __init__(self, function: Callable[..., Any]):
        self.function, self.changed = function, set[int | str]()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        given: dict[int | str, Any] = dict(enumerate(args)) | kwargs
        before = {place: _copy(value) for place, value in given.items()}
        try:
            return _copy(self.function(*args, **kwargs))
        finally:
            self.changed |= {place for place, value in before.items()
                             if not isinstance(value, np.random.Generator) and not alike(value, given[place], 0.0)}


def observe(probe: Callable[[Callable[..., Any]], Any], function: Callable[..., Any]) -> Outcome:
    """Show one probe to one function. An error of the function is part of its outcome."""
    watched = _Watched(function)
    silent = contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO())
    with warnings.catch_warnings(record=True) as caught, silent[0], silent[1]:
        warnings.simplefilter("always")
        try:
            value, error = _data(probe(watched)), ""
        except (Exception, SystemExit) as raised:
            value, error = None, _gist(raised)
    return Outcome(value, error, any(issubclass(w.category, RuntimeWarning) for w in caught),
                   frozenset(watched.changed))


def _gist(raised: BaseException) -> str:
    """The kind of an error and how its message begins, without numbers and the function's own name."""
    # NumPy's own classes of errors reach a check as the builtin ones that they extend, named in the message
    kind = next(c.__name__ for c in type(raised).__mro__ if c.__module__ == "builtins")
    message = re.sub(r"^_?[A-Z]\w*Error: |\w+\(\)", "", str(raised)).lower()
    return f"{kind}: {re.sub('[^a-z]+', ' ', message).strip()[:40]}"


def learn(text: str) -> Knowledge:
    """Show the probes of a bank (its Python text) to the versions in it. Raises `BankError`, or what it raises."""
    bank = load(text)
    found = {}
    for function, probes in bank.probes.items():
        right = tuple(observe(probe, bank.reference[function]) for probe in probes)
        shown = (Mistake(v.name, v.sentence, tuple(observe(probe, v.code) for probe in probes))
                 for v in bank.wrong_versions if v.function == function)
        found[function] = Known(right, tuple(m for m in shown if not all(map(_agree, m.outcomes, right))))
    return Knowledge(text, found)


@lru_cache(maxsize=8)
def _bank(text: str) -> Bank:
    return load(text)


def diagnose(knowledge: Knowledge, function: str, students: Callable[..., Any]) -> Diagnosis | None:
    """The known mistake that behaves as the student's function; None where it is right or like none of them."""
    right, wrong = knowledge.functions[function]
    theirs = tuple(observe(probe, students) for probe in _bank(knowledge.text).probes[function])
    if all(map(_agree, theirs, right)):
        return None
    for mistake in wrong:
        if all(map(_agree, theirs, mistake.outcomes)):
            return Diagnosis(mistake.name, mistake.sentence)
    off = [not _agree_loosely(a, b) for a, b in zip(theirs, right, strict=True)]
    if any(off):           # else the loose comparison would take every version with right values for theirs
        for mistake in wrong:
            if all(map(_agree_loosely, theirs, mistake.outcomes)):
                return Diagnosis(mistake.name, mistake.sentence)
    best, most = None, 0.0
    for mistake in wrong:
        involved = [not (_agree_but_for_kinds(a, c) and _agree_but_for_kinds(b, c))
                    for a, b, c in zip(theirs, mistake.outcomes, right, strict=True)]
        explained = [_explains(b, a, value_is_off)
                     for a, b, value_is_off in zip(theirs, mistake.outcomes, off, strict=True)]
        share = sum(i and e for i, e in zip(involved, explained, strict=True)) / max(1, sum(involved))
        if share >= ENOUGH and share > most:
            best, most = mistake, share
    return Diagnosis(best.name, best.sentence, exact=False) if best else None


def _agree(a: Outcome, b: Outcome) -> bool:
    return a.error == b.error and a.warned == b.warned and a.changed == b.changed and alike(a.value, b.value, CLOSE)


def _agree_loosely(a: Outcome, b: Outcome) -> bool:
    return a.error == b.error and alike(a.value, b.value, LOOSE, kinds=False)


def _agree_but_for_kinds(a: Outcome, b: Outcome) -> bool:
    return a.warned == b.warned and a.changed == b.changed and _agree_loosely(a, b)


def _explains(mistake: Outcome, theirs: Outcome, value_is_off: bool) -> bool:
    """Whether a mistake accounts for what is wrong in theirs: the value, or else a warning or a changed argument."""
    if not _agree_loosely(mistake, theirs):
        return False
    if value_is_off:
        return _tells(theirs)
    return bool(mistake.changed & theirs.changed) or (mistake.warned and theirs.warned)


def _tells(outcome: Outcome) -> bool:
    """Whether an outcome says enough to go by: nan, zeros and shapes that do not fit have too many causes."""
    if outcome.error:
        return "broadcast" not in outcome.error
    numbers = list(_numbers(outcome.value))
    return bool(numbers) and all(np.isfinite(n).all() and n.any() for n in numbers)


def _numbers(value: Any) -> list[np.ndarray]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [n for part in value for n in _numbers(part)]
    array = np.asarray(value) if isinstance(value, np.ndarray | np.generic | int | float) else np.zeros(0, dtype=str)
    return [array] if array.dtype.kind in "biuf" and array.size else []


def alike(a: Any, b: Any, tolerance: float, *, kinds: bool = True, depth: int = 0) -> bool:
    """Whether two answers are the same: containers part by part, arrays in shape, kind of number and value."""
    if depth > MOST_DEPTH:
        return False
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(alike(a[k], b[k], tolerance, kinds=kinds, depth=depth + 1) for k in a)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(alike(x, y, tolerance, kinds=kinds, depth=depth + 1)
                                        for x, y in zip(a, b, strict=True))
    numbers = np.ndarray | np.generic | int | float
    if isinstance(a, numbers) and isinstance(b, numbers):
        x, y = np.asarray(a), np.asarray(b)
        if x.shape != y.shape or x.dtype.kind not in "biuf" or y.dtype.kind not in "biuf":
            return x.shape == y.shape and x.dtype.kind == y.dtype.kind and bool(np.array_equal(x, y))
        if kinds and _kind(x) != _kind(y):
            return False
        return bool(np.allclose(x, y, rtol=tolerance, atol=tolerance, equal_nan=True))
    return type(a) is type(b) and isinstance(a, str | bytes | None) and a == b


def _kind(array: np.ndarray) -> str:
    return "i" if array.dtype.kind == "u" else array.dtype.kind


def _data(value: Any, depth: int = 0) -> Any:
    """An answer as plain data; `...`, which is like nothing else, stands for what is none."""
    if isinstance(value, np.ndarray | np.generic):
        return ... if value.dtype.hasobject else value
    if value is None or isinstance(value, bool | int | float | complex | str | bytes):
        return value
    if depth < MOST_DEPTH and isinstance(value, list | tuple):
        return tuple(_data(part, depth + 1) for part in value)
    if depth < MOST_DEPTH and isinstance(value, dict):
        return {str(key): _data(part, depth + 1) for key, part in value.items()}
    return ...


def _copy(value: Any) -> Any:
    """Arrays and containers copied; what else there is stays as it is."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if type(value) in (list, tuple):
        return type(value)(_copy(part) for part in value)
    if type(value) is dict:
        return {key: _copy(part) for key, part in value.items()}
    if isinstance(value, np.random.Generator):
        return copy.deepcopy(value)
    return value
