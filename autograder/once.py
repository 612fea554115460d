"""What is made of the instructor's cells, once for a class: they are the same in every submission.

Rehearsing fills `KNOWN`, every forked tester gets it. Byte code is the grader's own: no student's text comes here.
"""

import ast
import functools
import marshal
from collections.abc import Callable
from importlib.util import MAGIC_NUMBER
from types import CodeType
from typing import Any

# (function, version of the byte code, texts) -> what it made of them; plain data, since it goes to other processes
KNOWN: dict[tuple[str, ...], Any] = {}


def remembered(function: Callable) -> Callable:
    """A function of texts that looks into `KNOWN` first."""
    @functools.wraps(function)
    def asking(*texts: str) -> Any:
        key = (function.__name__, MAGIC_NUMBER.hex(), *texts)
        if key not in KNOWN:
            KNOWN[key] = function(*texts)
        return KNOWN[key]

    return asking


def compiled(code: str, label: str) -> tuple[CodeType, CodeType | None]:
    """A cell's byte code: (all statements, None), or where it ends with an expression (what stands before, that one).

    code: plain Python.  label: the file name that a traceback gives.  Raises SyntaxError.
    """
    body, last = _byte_code(code, label)
    return marshal.loads(body), marshal.loads(last) if last else None


@remembered
def _byte_code(code: str, label: str) -> tuple[bytes, bytes]:
    tree = ast.parse(code)
    end, last = tree.body[-1] if tree.body else None, b""
    if isinstance(end, ast.Expr):
        tree.body.pop()
        last = marshal.dumps(compile(ast.Expression(end.value), label, "eval"))
    return marshal.dumps(compile(tree, label, "exec")), last
