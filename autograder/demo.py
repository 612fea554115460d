"""A small class for `make demo`: generated submissions, and the grade that each of them deserves."""

import inspect
import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from solutions import activations

ASSIGNMENT, NOTEBOOK = "02_activations", "activations"
FUNCTIONS = ("relu", "relu_backward", "leaky_relu", "sigmoid", "softmax")


class Classmate(NamedTuple):
    """A submission: what its student did, the code for each function (untouched where missing), the points deserved."""

    student: str
    what: str
    code: Mapping[str, str]
    deserves: float
    whole_file: str | None = None      # handed in instead of a notebook


def classmates() -> list[Classmate]:
    """The demo class. Points: relu 4, relu_backward 4, leaky_relu 3, sigmoid 4, softmax 5."""
    right = {name: inspect.getsource(getattr(activations, name)) for name in FUNCTIONS}
    return [
        Classmate("ada", "all right", right, 20),
        Classmate("ben", "right, and noisy on stderr", right | {"relu": right["relu"] + NOISE}, 20),
        Classmate("cleo", "two functions of five", {n: right[n] for n in ("relu", "relu_backward")}, 8),
        Classmate("dan", "softmax over the columns, sigmoid that overflows",
                  right | {"softmax": COLUMNS, "sigmoid": OVERFLOW}, 13),
        Classmate("eve", "relu overwrites its argument", right | {"relu": IN_PLACE}, 19),
        Classmate("finn", "untouched", {}, 0),
        Classmate("gus", "softmax ends the process", right | {"softmax": CRASH}, 15),
        Classmate("hal", "sigmoid never ends", right | {"sigmoid": ENDLESS}, 16),
        Classmate("ivy", "no code, patches numpy.testing and friends", dict.fromkeys(FUNCTIONS, CHEAT), 0),
        Classmate("jo", "a file that is no notebook", {}, 0, whole_file="{"),
    ]


def hand_in(released: Path, submitted: Path, classmate: Classmate) -> None:
    """Fill in the released notebook as this student did, and put it where nbgrader's collect would."""
    folder = submitted / classmate.student / ASSIGNMENT
    folder.mkdir(parents=True, exist_ok=True)
    notebook = json.loads(released.read_text())
    for cell in notebook["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in classmate.code:
            cell["source"] = classmate.code[grade_id]
    text = json.dumps(notebook) if classmate.whole_file is None else classmate.whole_file
    (folder / f"{NOTEBOOK}.ipynb").write_text(text)


NOISE = """

import sys
print("this goes to stderr", file=sys.stderr)
"""

COLUMNS = """
def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)
"""

OVERFLOW = """
def sigmoid(z):
    return 1 / (1 + np.exp(-z))
"""

IN_PLACE = """
def relu(z):
    z[z < 0] = 0
    return z
"""

CRASH = """
import os
def softmax(z):
    os._exit(1)
"""

ENDLESS = """
def sigmoid(z):
    while True:
        pass
"""

CHEAT = """
import builtins
import numpy.testing

class Anything(np.ndarray):
    def __new__(cls): return np.zeros(()).view(cls)
    def __eq__(self, other): return True
    def __array_ufunc__(self, *args, **kwargs): return True

for module in (np, numpy.testing):
    for name in ("allclose", "isclose", "array_equal", "shape", "assert_allclose", "assert_array_equal"):
        if hasattr(module, name):
            setattr(module, name, lambda *args, **kwargs: True)
builtins.AssertionError = Warning

def _fake(*args, **kwargs): return Anything()
relu = relu_backward = leaky_relu = sigmoid = softmax = _fake
"""
