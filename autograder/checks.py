"""For hidden checks: compare an answer with the expected one, and name the mistake that gives just this answer.

Hidden checks run on the trusted side only, so they may import this module and the reference; nothing of it is released.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np


def expect(actual: Any, expected: np.ndarray, mistakes: Mapping[str, Any] | None = None, *, what: str = "the result",
           tolerance: float = 1e-6) -> None:
    """Raise AssertionError unless `actual` is `expected` within `tolerance` (relative and absolute).

    mistakes: sentence -> what the mistake that it describes would have given for the same input; the first one that
    fits becomes the message.  Shape, kind of number and finiteness are told before values.
    """
    if actual is None:
        raise AssertionError(f"{what} is None: does the function end with `return`?")
    for sentence, wrong in (mistakes or {}).items():
        if same(actual, wrong, tolerance) and not same(wrong, expected, tolerance):
            raise AssertionError(sentence)
    if np.shape(actual) != expected.shape:
        raise AssertionError(f"{what} must have the shape {expected.shape}; yours has {np.shape(actual)}")
    got = np.asarray(actual)
    if got.dtype.kind == "b":
        raise AssertionError(f"{what} consists of True and False; numbers are asked for")
    if got.dtype.kind not in "iuf":
        raise AssertionError(f"{what} must be real numbers; yours has the dtype {got.dtype}")
    if np.isnan(got).any():
        raise AssertionError(f"{what} contains nan (not a number): which step gives 0/0, inf/inf or inf*0?")
    wrong_places = ~np.isclose(got, expected, rtol=tolerance, atol=tolerance)
    if wrong_places.any():
        raise AssertionError(f"{what} is wrong in {wrong_places.sum()} of {expected.size} places")


def same(actual: Any, expected: Any, tolerance: float = 1e-6) -> bool:
    """Whether two values agree in shape, in being truth values or numbers, and in value (nan equals nan)."""
    a, b = np.asarray(actual), np.asarray(expected)
    if a.shape != b.shape or (a.dtype.kind == "b") != (b.dtype.kind == "b") or a.dtype.kind not in "biuf":
        return False
    return bool(np.allclose(a, b, rtol=tolerance, atol=tolerance, equal_nan=True))
