"""Runs a reader's code, then the checks, and says in words what happened: in the page's worker and in the tests alike.

A task is a dict: "function" (the name that the checks call), "given" (code that stands above the reader's), "code" (the
reader's) and "checks" ([name, code] each). `tell(kind, value)` hears of things as they happen, so that nothing said
before an endless loop is lost:
    "output", text                  printed, at most MOST characters in all
    "error", problem                the reader's code did not run; no check does
    "check", name                   a check begins
    "verdict", {"passed", ...}      the check has ended; a problem's entries follow if it failed
A problem is a dict: "message", and "lines", the places in the reader's code: [number, function or "", text] each.
"""

import builtins
import contextlib
import io
import json
import traceback

YOURS = "your code"     # the file name in tracebacks and warnings
MOST = 10_000           # characters of output that are shown


class Printed(io.TextIOBase):
    """Hands on what is printed until it is too much."""

    def __init__(self, tell):
        self.tell, self.left = tell, MOST

    def write(self, text):
        if self.left > 0:
            self.tell("output", text[:self.left])
            self.left -= len(text)
            if self.left <= 0:
                self.tell("output", f"\n[more than {MOST:,} characters were printed; the rest is not shown]\n")
        return len(text)


def no_input(prompt=""):
    raise RuntimeError("input() cannot ask anybody here; write the values into the code instead")


@contextlib.contextmanager
def confined(printed):
    """Printed text, warnings included, goes to the page, and nobody waits for a keyboard."""
    asked, builtins.input = builtins.input, no_input
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            yield
    finally:
        builtins.input = asked


def run(task, tell):
    names = {"__name__": "__main__"}
    with confined(Printed(tell)):
        for code in task["given"]:
            exec(compile(code, "given", "exec"), names)
        try:
            exec(compile(task["code"], YOURS, "exec"), names)
        except BaseException as error:      # also sys.exit()
            tell("error", problem(error, task))
            return
        for name, code in task["checks"]:
            tell("check", name)
            try:
                exec(compile(code, name, "exec"), names)
            except BaseException as error:
                tell("verdict", {"passed": False, **problem(error, task, code)})
            else:
                tell("verdict", {"passed": True})


def run_json(task, tell):
    """As `run`, for a caller that speaks no Python: text in, text out."""
    run(json.loads(task), lambda kind, value: tell(kind, json.dumps(value)))


def problem(error, task, check=""):
    lines = lines_of(error, task["code"].splitlines())
    return {"message": message_of(error, task["function"], check), "lines": lines}


def lines_of(error, code):
    """Where in the reader's code: the last three calls, also of an error that a check has put into other words."""
    if isinstance(error, SyntaxError) and error.filename == YOURS and error.lineno:
        places = [(error.lineno, "")]
    else:
        places = []
        while error and not places:
            frames = traceback.extract_tb(error.__traceback__)
            places = [(frame.lineno, frame.name) for frame in frames if frame.filename == YOURS]
            error = error.__cause__
    return [[number, function.removeprefix("<module>"), code[number - 1].strip() if number <= len(code) else ""]
            for number, function in places[-3:]]


def message_of(error, function, check):
    kind, text = type(error).__name__, str(error)
    if isinstance(error, AssertionError):
        if text:
            return text
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
        if check and frames[-1].filename != YOURS:
            return "this does not hold: " + check.splitlines()[frames[-1].lineno - 1].strip()
        return "an `assert` in your own code failed"
    if isinstance(error, NotImplementedError) and not text:
        return f"{function} is not written yet: put your code in place of raise NotImplementedError()"
    if isinstance(error, SyntaxError):
        return f"{kind}: Python cannot read this line: {error.msg}"
    if isinstance(error, NameError) and error.name == function:
        return f"there is no function {function} in your code, and the checks call it by this name"
    if isinstance(error, ModuleNotFoundError):
        return f"{kind}: there is no module {error.name!r} here; NumPy and Python's own modules are enough"
    if isinstance(error, RecursionError):
        return f"{kind}: a function calls itself and never comes to an end"
    if isinstance(error, MemoryError):
        return f"{kind}: this asks for more memory than a page has; how large is the array or list?"
    if isinstance(error, SystemExit):
        return f"{kind}: your code ends Python (exit or quit), so that nothing can be checked"
    return f"{kind}: {text}" if text else kind
