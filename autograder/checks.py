"""For checks: ask a student's function, compare its answer with the expected one, and say what is wrong in words.

Hidden checks run on the trusted side only, so they may import this module and the reference. A visible cell that says
`from autograder.checks import answer_of` gets that function written out by the build, as parts of the reference are.
"""

import contextlib
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np


def answer_of(function, *arguments, parts=None, **options):
    """What a function gives for copies of the arguments, as an array; an error explains itself.

    parts: how many arrays it gives, for a function that returns a tuple.
    """
    hints = {
        "is ambiguous": "`if`, `and`, `max` and `min` decide about one number, and here they got an array",
        "converted to Python scalar": "functions of `math`, and `float`, take one number; NumPy's take arrays",
        "could not be broadcast": "perhaps a sum or a maximum lost the axis it went over; keep it with length 1",
        "not aligned": "`np.dot` and `@` are matrix products; `*` multiplies element by element",
        "in its core dimension": "`np.dot` and `@` are matrix products; `*` multiplies element by element",
        "setting an array element": "one place of an array holds one number, and here it was to hold an array",
        "Cannot cast ufunc": "`*=`, `-=` and `/=` write into the given array, and integers cannot hold fractions",
        "tuple index out of range": "the function counts on more axes than the array has",
        "too many indices": "the function counts on more axes than the array has",
        "math range error": "the exponent is too large for a float",
    }
    try:
        answer = function(*[a.copy() if isinstance(a, np.ndarray) else a for a in arguments], **options)
    except AssertionError as error:
        raise AssertionError(f"an `assert` in your own code failed {error}".strip()) from error
    except Exception as error:
        for text, hint in hints.items():
            if text in str(error):
                shapes = ", ".join(str(np.shape(a)) for a in arguments if isinstance(a, np.ndarray))
                raise AssertionError(f"{error}: {hint} (the arguments have the shapes {shapes})") from error
        raise
    assert answer is not None, "nothing came back: end the function with `return ...`; print shows, return gives"
    answers = (answer,) if parts is None else answer
    assert isinstance(answers, tuple | list), f"{parts} values must come back (return a, b); yours is {answer!r:.60}"
    assert len(answers) == (parts or 1), f"{parts} values must come back (return a, b); yours are {len(answers)}"
    for value in answers:
        assert isinstance(value, np.ndarray | np.generic | int | float), (
            f"a NumPy array or number must come back; yours is {value!r:.60}")
    return np.asarray(answer) if parts is None else tuple(np.asarray(value) for value in answers)


def expect(actual: Any, expected: Any, *, what: str = "the result", tolerance: float = 1e-6, given: Any = None) -> None:
    """Raise AssertionError unless `actual` is `expected` within `tolerance` (relative and absolute).

    The message tells shape, kind of number, nan, a pattern that the wrong values follow, and an example: `given` is the
    input of a function that works element by element.
    """
    expected = np.asarray(expected)
    if actual is None:
        raise AssertionError(f"{what} is None: does the function end with `return`?")
    if not isinstance(actual, np.ndarray | np.generic | int | float):
        raise AssertionError(f"{what} must be an array; yours is {actual!r:.60}")
    got = np.asarray(actual)
    if same(got, expected, tolerance):
        return
    if got.dtype.kind not in "biuf":
        raise AssertionError(f"{what} must be real numbers; yours has the dtype {got.dtype}")
    if got.shape != expected.shape:
        raise AssertionError(f"{what} must have the shape {expected.shape}; yours has {got.shape}"
                             + shape_pattern(got, expected, tolerance))
    if got.dtype.kind == "b":
        raise AssertionError(f"{what} consists of True and False; numbers are asked for")
    if np.isnan(got).any():
        raise AssertionError(f"{what} contains nan (not a number): which step gives 0/0, inf/inf or inf*0?")
    wrong_places = ~np.isclose(got, expected, rtol=tolerance, atol=tolerance)
    message = f"{what} is wrong in {wrong_places.sum()} of {expected.size} places"
    message += pattern(got, expected, tolerance, given)
    if given is not None:
        first = np.flatnonzero(wrong_places)[0]
        message += f"; the first: {np.ravel(given)[first]:.6g} gave {got.ravel()[first]:.6g}"
    raise AssertionError(message)


def same(actual: Any, expected: Any, tolerance: float = 1e-6) -> bool:
    """Whether two values agree in shape, in being truth values or numbers, and in value (nan equals nan)."""
    a, b = np.asarray(actual), np.asarray(expected)
    if a.shape != b.shape or (a.dtype.kind == "b") != (b.dtype.kind == "b") or a.dtype.kind not in "biuf":
        return False
    return bool(np.allclose(a, b, rtol=tolerance, atol=tolerance, equal_nan=True))


def shape_pattern(got: np.ndarray, expected: np.ndarray, tolerance: float) -> str:
    """What a result of another shape has in common with the expected one, as the end of a sentence; often nothing."""
    if same(got, expected.T, tolerance):
        return ": rows and columns changed places"
    if got.size == expected.size and same(got.ravel(), expected.ravel(), tolerance):
        return ": the numbers are right, the shape of the input was lost"
    if expected.ndim and expected.size:
        for place, part in (("first", expected[:1]), ("last", expected[-1:]),
                            ("first", expected.ravel()[:1]), ("last", expected.ravel()[-1:])):
            if got.size == part.size and same(got.ravel(), part.ravel(), tolerance):
                kind = "row" if part.size > 1 else "element"
                return f": only the {place} {kind} came back (is `return` inside the loop?)"
    return ""


def pattern(got: np.ndarray, expected: np.ndarray, tolerance: float, given: Any = None) -> str:
    """What wrong values have in common, as the end of a sentence; nothing if they follow no simple rule."""

    def is_(wrong: Any) -> bool:
        return same(got, wrong, tolerance)

    if not np.isfinite(got).all() or not np.isfinite(expected).all():
        return ""
    if is_(np.zeros_like(expected)):
        return ": everything is 0"
    if is_(np.trunc(expected)):
        return ": the values were cut to whole numbers (stored in an integer array, or divided with //)"
    for digits in range(9):
        if is_(np.round(expected, digits)):
            return f": the values were rounded to {digits} digits"
    if is_(-expected):
        return ": the sign of every value is wrong"
    if is_(1 - expected):
        return ": every value is 1 minus the right one"
    if np.allclose(np.sort(got, axis=None), np.sort(expected, axis=None), rtol=tolerance, atol=tolerance):
        return ": the right numbers stand in the wrong places"
    right = np.isclose(got, expected, rtol=tolerance, atol=tolerance)
    if given is not None and (~right).sum() > 1:
        values, inputs = got[~right], np.asarray(given)[~right]
        if same(values, inputs, tolerance):
            return ": there the given value came back unchanged"
        if same(values, np.full_like(values, values[0]), tolerance):
            return f": there it is always {values[0]:.4g}"
        if inputs[0] and same(values, values[0] / inputs[0] * inputs, tolerance):
            return f": there it is {values[0] / inputs[0]:.4g} times the given value"
        if same(values, values[0] - inputs[0] + inputs, tolerance):
            return f": there it is the given value with {values[0] - inputs[0]:.4g} added"
    if expected.ndim > 1 and len(expected) > 1:
        for place, row, others in (("first", right[0], right[1:]), ("last", right[-1], right[:-1])):
            if row.all() and not others.all(axis=tuple(range(1, right.ndim))).any():
                return f": only the {place} row is right"
            if others.all():
                return f": only the {place} row is not right (was it left out, or treated in another way?)"
    if expected.size > 1:
        if right.flat[0] and not right.ravel()[1:].any():
            return ": only the first element is right (is `return` inside the loop?)"
        for place, others in (("last", right.ravel()[:-1]), ("first", right.ravel()[1:])):
            if others.all():
                return f": only the {place} element is not right (was it left out, or treated in another way?)"
    offset = np.mean(got - expected)
    if is_(expected + offset):
        return f": every value is off by {offset:.4g}"
    largest = np.unravel_index(np.argmax(np.abs(expected)), expected.shape)
    factor = got[largest] / expected[largest] if expected[largest] else 0.0
    if factor and abs(factor - 1) > 1e-3 and is_(expected * factor):
        return f": every value is {factor:.4g} times the right one"
    return ""


@contextlib.contextmanager
def no_overflow(what: str, hint: str) -> Iterator[None]:
    """Raise AssertionError, with the hint, if what runs inside overflows or divides by 0, silenced warning or not.

    Only `np.errstate` in the student's own function keeps this from being seen.
    """
    with warnings.catch_warnings(record=True) as caught, np.errstate(over="raise", divide="raise", invalid="raise"):
        warnings.simplefilter("always")
        try:
            yield
        except FloatingPointError as error:
            raise AssertionError(f"{what}: {error}; {hint}") from None
    for warning in caught:
        if issubclass(warning.category, RuntimeWarning):
            raise AssertionError(f"{what}: {warning.message}; {hint}")
