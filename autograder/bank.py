"""A bank of misconceptions: wrong versions of what students write, right ones, and inputs that tell them apart.

`lessons/NN_topic/misconceptions.py` makes one `Bank` of the functions that its exercise asks for and registers versions
of them.  The name of a version begins with the name of its function; a probe's parameter is the function that it calls:

    bank = Bank(softmax)

    @bank.probe
    def rows_far_apart(softmax):
        return softmax(np.array([[1.0, 2.0], [100.0, 101.0]]))

    @bank.wrong("the columns were normalised: every ROW must sum to 1")
    def softmax_columns(z): ...

    @bank.right
    def softmax_by_loop(z): ...

The tests of the lessons hand every version in; grading names the wrong one that behaves as a student's (`diagnosis`).
"""

import ast
import inspect
import textwrap
from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any, NamedTuple


class BankError(ValueError):
    """A bank that cannot be used; the message says what to change in it."""


class Version(NamedTuple):
    """A version of a function: sentence tells the student what is wrong, and is empty for a right one."""

    name: str
    function: str
    code: FunctionType
    sentence: str = ""

    def cell(self) -> str:
        """The version as a student would write it: the function alone, under the name that the exercise asks for."""
        definition = ast.parse(textwrap.dedent(inspect.getsource(self.code))).body[0]
        if not isinstance(definition, ast.FunctionDef):
            raise BankError(f"{self.name} must be written with `def`")
        definition.decorator_list, definition.name = [], self.function
        return ast.unparse(definition)


class Bank:
    """Versions and probes of the functions of one exercise; made from the reference functions."""

    def __init__(self, *reference: Callable[..., Any]):
        self.reference = {function.__name__: function for function in reference}
        self.wrong_versions: list[Version] = []
        self.right_versions: list[Version] = []
        self.probes: dict[str, list[Callable[[Callable[..., Any]], Any]]] = {name: [] for name in self.reference}

    def wrong(self, sentence: str) -> Callable[[FunctionType], FunctionType]:
        """Register a wrong version; sentence: what the student is told, in the words of the mistake."""
        if not isinstance(sentence, str) or not sentence:
            raise BankError('a wrong version needs the sentence that helps: @bank.wrong("...")')

        def register(code: FunctionType) -> FunctionType:
            self.wrong_versions.append(Version(code.__name__, self._function(code.__name__), code, sentence))
            return code

        return register

    def right(self, code: FunctionType) -> FunctionType:
        """Register a right alternative, which must get full marks."""
        self.right_versions.append(Version(code.__name__, self._function(code.__name__), code))
        return code

    def probe(self, call: FunctionType) -> FunctionType:
        """Register a probe: it calls the function that it is given and returns what came out, always with one input."""
        parameters = list(inspect.signature(call).parameters)
        if len(parameters) != 1 or parameters[0] not in self.reference:
            raise BankError(f"the probe {call.__name__} must take one parameter, named as the function that it calls: "
                            f"{', '.join(self.reference)}")
        self.probes[parameters[0]].append(call)
        return call

    def _function(self, name: str) -> str:
        found = [f for f in self.reference if name.startswith(f"{f}_")]
        if not found:
            raise BankError(f"{name} must begin with the name of its function ({', '.join(self.reference)}) and `_`")
        return max(found, key=len)


def load(text: str, name: str = "misconceptions.py") -> Bank:
    """The bank that a Python text makes under the name `bank`. Raises `BankError`."""
    module = ModuleType("misconceptions")
    module.__file__ = name
    exec(compile(text, name, "exec"), module.__dict__)
    found = getattr(module, "bank", None)
    if not isinstance(found, Bank):
        raise BankError(f"{name} makes no bank; write `bank = Bank(...)` with the functions of the exercise")
    return found
