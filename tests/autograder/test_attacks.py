"""Hostile submissions: what each one gets, what it must not do, and that its neighbours keep full marks."""

import contextlib
import json
import os
import re
import time
from pathlib import Path

import pytest

from autograder import archives, executor, intake, notebook, tester, zygote
from autograder.protocol import Result

ASSIGNMENT = """
#: locked
import numpy as np
#: solution
def square(x):
    return x * x
#: check 2
assert square(3) == 9
a = square(np.array([1.0, -2.0]))
assert isinstance(a, np.ndarray) and a.shape == (2,), "keep the shape"
assert np.allclose(a, [1.0, 4.0]), "wrong values"
#: solution
def total(xs):
    return sum(xs)
#: check 3 in-place
### BEGIN HIDDEN TESTS
token = "the quick brown hidden test"
secret = list(np.random.default_rng().normal(size=5))
got = total(secret)
assert len(secret) == 5, "the list was changed"
assert abs(got - sum(secret)) < 1e-9, "wrong sum"
for got, expected in zip([total([x]) for x in secret], secret):
    assert got == expected
### END HIDDEN TESTS
#: check 2
round(2.0 - abs(total([1, 2]) - 3), 3)
#: check 2
try:
    total(None)
except TypeError as error:
    assert "not iterable" in str(error), "None has no items"
else:
    raise AssertionError("None has no sum")
#: check 1
well = False
try:
    well = total([4, 0]) == 4
except:
    pass
assert well, "4 + 0 is 4"
"""
FULL = 10.0
RIGHT = {"solution1": "def square(x):\n    return x * x", "solution2": "def total(xs):\n    return sum(xs)"}
HIDDEN = "quick brown hidden"

# What hostile code may use: the wire to the grader, open in its own process, and frames as the grader reads them
TOOLS = """
import gc, json, os, signal, socket, stat, struct, sys, threading, time
def wire():
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                return fd
        except OSError:
            pass
def frame(message, blobs=()):
    text = json.dumps({**message, "sizes": [len(b) for b in blobs]}).encode()
    return struct.pack(">QQ", len(text), sum(map(len, blobs))) + text + b"".join(blobs)
def answer(value, blobs=(), **more):
    os.write(wire(), frame({"kind": "value", "value": value, **more}, blobs))
def pair(value):
    return {"list": [value, {"dict": []}]}
"""
BOTH = "\nsquare = total = attack\n"


def calls(body):
    """Code whose functions do this when they are called."""
    return TOOLS + "def attack(x=None, *rest):\n" + "".join(f"    {line}\n" for line in body.splitlines()) + BOTH


def returns(body, expression):
    """Code that defines something and whose functions return it."""
    return TOOLS + body + f"\ndef attack(x=None, *rest):\n    return {expression}\n" + BOTH


ANYTHING = """
class Anything{base}:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __gt__ = __le__ = __ge__ = __contains__ = __lt__
    def __hash__(self): return 0
    def __bool__(self): return True
    def __sub__(self, other): return 0
    __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __sub__
    def __abs__(self): return 0
    def __round__(self, *n): return 2
    def __float__(self): return 0.0
    def __array_ufunc__(self, *a, **k): return True
    def __array_function__(self, *a, **k): return True
    {more}
"""

# name: code of the first solution cell; the second is left as it was released, so nothing is deserved
NOTHING_DESERVED = {
    # in the kernel
    "always equal": returns(ANYTHING.format(base="", more="pass"), "Anything()"),
    "int that is always equal": returns(ANYTHING.format(base="(int)", more="pass"), "Anything(7)"),
    "float that is always equal": returns(ANYTHING.format(base="(float)", more="pass"), "Anything(7)"),
    "array that is always equal": returns("import numpy as np" + ANYTHING.format(
        base="(np.ndarray)", more="pass"), "np.zeros(2).view(Anything)"),
    "lies about its class": returns(ANYTHING.format(
        base="", more="__class__ = property(lambda self: __import__('numpy').ndarray); shape = (2,); dtype = float"),
        "Anything()"),
    "list with a lying length": returns(
        "class Lying(list):\n    def __len__(self): return 5\n    def __iter__(self): return iter(())\n", "Lying()"),
    "object with a lying length": returns(
        "class Lying:\n    def __len__(self): return 2\n    def __iter__(self): return iter(())\n"
        "    def __getitem__(self, i): raise IndexError\n    shape = (2,)\n", "Lying()"),
    "array interface": returns(
        "import numpy as np\nclass Fake:\n    __array_interface__ = np.zeros(2).__array_interface__\n"
        "    def __array__(self, *a, **k): return np.array([1.0, 4.0])\n", "Fake()"),
    "object whose every attribute works": returns(
        "class Yes:\n    def __getattr__(self, name): return Yes()\n    def __call__(self, *a, **k): return True\n",
        "Yes()"),
    "context that swallows exceptions": returns(
        "class Swallow:\n    def __enter__(self): return self\n    def __exit__(self, *a): return True\n", "Swallow()"),
    "patched numpy and builtins": TOOLS + """
import builtins, numpy as np, numpy.testing
for module in (np, numpy.testing, builtins):
    for name in ("allclose", "isclose", "array_equal", "abs", "all", "isinstance", "round", "zip", "len"):
        if hasattr(module, name):
            setattr(module, name, lambda *a, **k: True)
builtins.AssertionError = Warning
def attack(*a): return 9
""" + BOTH,
    "names that the checks use": """
class np:
    ndarray = object
    allclose = staticmethod(lambda *a: True)
    array = staticmethod(lambda x: x)
def abs(x): return 0
def isinstance(*a): return True
def zip(*a): return []
def sum(x): return 0
def round(*a): return 2.0
def len(x): return 5
AssertionError = Warning
secret, token, raised, got, expected, a = [], "", False, 0, 0, 0
def square(x): return x
total = square
""",
    "transformers and hooks": TOOLS + """
import ast
shell = get_ipython()
shell.input_transformers_cleanup.append(lambda lines: ["pass"])
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
shell.ast_transformers.append(Drop())
type(shell).run_cell = lambda *a, **k: None
sys.settrace(lambda *a: None)
sys.excepthook = lambda *a: None
""",
    "takes over the worker": TOOLS + """
worker = next(o for o in gc.get_objects() if type(o).__name__ == "Worker")
worker.reply = lambda value: ({"kind": "value", "value": True}, [])
worker.do_call = lambda *a: ({"kind": "value", "value": {"list": [True, {"dict": []}]}}, [])
worker.do_get = lambda *a: ({"kind": "value", "value": {"function": [0, "f"]}}, [])
""",
    "poisoned modules": TOOLS + """
for name in ("autograder", "autograder.protocol", "autograder.values", "autograder.executor", "numpy", "numpy.testing"):
    sys.modules[name] = type(sys)("fake")
""",
    "changes its argument": calls("if isinstance(x, list): x.clear()\nreturn 0"),
    "seeds the random numbers": TOOLS + "import random, numpy as np\nnp.random.seed(0); random.seed(0)\n"
                                        "def attack(x): np.random.seed(0); random.seed(0); return 0\n" + BOTH,
    "displays points before it fails": "10\n#---\nimport IPython.display as d\nd.display(10)\n10",
    # forged credit: the fourth check ends with a number that is made of an answer
    "nan for partial credit": "def total(xs): return float('nan')",
    "infinity for partial credit": "def total(xs): return float('inf')",
    "a hundred thousand digits": "def total(xs): return 10 ** 2000",
    "negative partial credit": "def total(xs): return -1e9",
    # over the wire
    "replies in advance": TOOLS + "for _ in range(50):\n    answer(pair(9))\n",
    "verdicts instead of answers": TOOLS + """
for kind in ("passed", "verdict", "ran", "done", "ok", "", None, 3, ["value"], {"a": 1}):
    os.write(wire(), frame({"kind": kind, "score": 10, "ok": True, "value": True}))
""",
    "one reply too many at every call": calls("answer(pair(9))\nreturn 9"),
    "a later call gets the earlier answer": calls("answer(pair(x if isinstance(x, (int, float)) else 9))\nreturn 0"),
    "garbage on the wire": TOOLS + "os.write(wire(), b'x' * 100)",
    "a frame of 2**63 bytes": TOOLS + "os.write(wire(), struct.pack('>QQ', 2**63, 2**63))",
    "a frame that never ends": calls("os.write(wire(), struct.pack('>QQ', 1000, 0) + b'{'); time.sleep(60)"),
    "no JSON": TOOLS + "os.write(wire(), struct.pack('>QQ', 4, 0) + b'{{{{')",
    "JSON nested deeply": TOOLS + "os.write(wire(), struct.pack('>QQ', 200000, 0) + b'[' * 200000)",
    "JSON that is no object": TOOLS + "os.write(wire(), struct.pack('>QQ', 4, 0) + b'[17]')",
    "a value nested deeply": TOOLS + """
value = 1
for _ in range(400):
    value = {"list": [value]}
def attack(x=None): answer(value); return 1
""" + BOTH,
    "sizes that do not fit": TOOLS + """
text = json.dumps({"kind": "value", "value": {"bytes": 0}, "sizes": [-5, 10]}).encode()
os.write(wire(), struct.pack(">QQ", len(text), 5) + text + b"12345")
""",
    "one blob used very often": calls(
        "big = {'list': [{'array': ['<f8', [125000], 0]}] * 20000}\nanswer(pair(big), [bytes(10**6)])\nreturn 1"),
    "numbers with one hash": calls(
        "answer(pair({'set': [{'int': hex(i * (2**61 - 1))} for i in range(60000)]}))\nreturn 1"),
    "handles that nobody gave out": calls("answer(pair({'function': [999999, 'f']}))\nreturn 1"),
    "handles of a strange kind": calls(
        "for body in ([-1, 'f'], ['0', 'f'], [True, 'f'], [], None, {}, [0], [2**70, 3]):\n"
        "    answer(pair({'object': body}))\nreturn 1"),
    "an array of objects": calls("answer(pair({'array': ['|O', [2], 0]}), [bytes(16)])\nreturn 1"),
    "an array of an absurd shape": calls("answer(pair({'array': ['<f8', [2**62, 2**62], 0]}), [bytes(8)])\nreturn 1"),
    "forms of the other direction": calls(
        "for form in ('library', 'name', 'callback', 'generator', 'slice', 'eval'):\n"
        "    answer(pair({form: ['os', 'system']}))\nreturn 1"),
    "a decimal that takes for ever": calls("answer(pair({'Decimal': '1e999999999'}))\nreturn 1"),
    "a named tuple with code for a name": calls(
        "answer(pair({'named': ['x', ['a=print(1)', '__class__'], [1, 2]]}))\nreturn 1"),
    "malformed everything": calls(
        "for kind in ('int', 'complex', 'bytes', 'array', 'scalar', 'range', 'list', 'dict', 'set', 'deque', 'date',\n"
        "             'Fraction', 'defaultdict', 'Counter', 'dict_items', 'error', 'iterator', 'timedelta'):\n"
        "    for body in (None, 1, 'x', [], {}, [[]], [1, 2, 3], [None, None]):\n"
        "        answer(pair({kind: body}))\nreturn 1"),
    "call-backs that nobody passed": calls(
        "for number in (0, -1, 10**9, 'x', None, [], {}):\n"
        "    os.write(wire(), frame({'kind': 'callback', 'number': number, 'args': {'list': []}}))\nreturn 9"),
    "call-backs for ever": calls(
        "args = {'list': [{'list': []}, {'dict': []}]}\n"
        "while True:\n    os.write(wire(), frame({'kind': 'callback', 'number': 0, 'args': args}))"),
    "forged exceptions": calls(
        "for types in (None, 5, [], [5], ['BaseException'], ['KeyboardInterrupt'], ['Stopped'], ['CannotCross'],\n"
        "              ['SystemExit'], ['GeneratorExit'], ['type'], ['AssertionError', []]):\n"
        "    os.write(wire(), frame({'kind': 'raised', 'types': types, 'message': None, 'where': 7, 'args': 'x'}))\n"
        "return 1"),
    "forged exception classes": calls(
        "for chain in (None, 5, [], [[0, 'x y'], 'type'], [[0], 'Exception'], [['0', 'A'], 'KeyboardInterrupt']):\n"
        "    os.write(wire(), frame({'kind': 'raised', 'types': ['A'], 'message': 'm', 'class': chain}))\nreturn 1"),
    "forged warnings": calls(
        "answer(pair(1), warnings=[[['KeyboardInterrupt'], 'x']] * 10**5, moved=[1, 'x'], stdout=5)\nreturn 1"),
    "closes the wire": TOOLS + "os.close(wire())",
    "closes the wire when called": calls("os.close(wire())"),
    "shuts the wire down": calls("socket.socket(fileno=os.dup(wire())).shutdown(2)"),
    "answers later, from a thread": TOOLS + """
def late():
    while True:
        time.sleep(0.01)
        answer(pair(9))
threading.Thread(target=late, daemon=True).start()
""",
    # exceptions
    "raises AssertionError": calls("raise AssertionError('all well')"),
    "raises SystemExit": calls("raise SystemExit(0)"),
    "raises KeyboardInterrupt": calls("raise KeyboardInterrupt"),
    "raises GeneratorExit": calls("raise GeneratorExit"),
    "an exception that cannot be shown": returns(
        "class Evil(Exception):\n    def __str__(self): raise SystemExit\n    __repr__ = __str__\n",
        "(_ for _ in ()).throw(Evil())"),
    "an exception with an endless message": returns(
        "class Evil(Exception):\n    def __str__(self):\n        while True: pass\n", "(_ for _ in ()).throw(Evil())"),
    "an exception class with hostile names": returns(
        "Evil = type('<script>alert(1)</script>', (Exception,), {})\n", "(_ for _ in ()).throw(Evil('<b>'))"),
    # machine
    "ends its process": calls("os._exit(0)"),
    "kills its process": calls("os.kill(os.getpid(), signal.SIGKILL)"),
    "stops its process": calls("os.kill(os.getpid(), signal.SIGSTOP)"),
    "kills everybody": TOOLS + """
for pid in [-1, 1, os.getppid(), *range(2, 3000)]:
    if pid != os.getpid():
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
""",
    "ignores the alarm": calls("signal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass"),
    "swallows the alarm": calls(
        "while True:\n    try:\n        while True: pass\n    except BaseException:\n        pass"),
    "sleeps for ever": calls("time.sleep(1e6)"),
    "endless cell": "while True: pass",
    "many slow cells": calls("time.sleep(0.4)"),
    "generator without end": calls("while True: yield 0"),
    "memory hog": calls("hog = []\nwhile True: hog.append(bytearray(10**7))"),
    "fork bomb": TOOLS + "while True:\n    try:\n        os.fork()\n    except OSError:\n        time.sleep(0.01)\n",
    "thread bomb": TOOLS + "while True: threading.Thread(target=time.sleep, args=(60,)).start()",
    "disk flood": TOOLS + "with open('flood', 'wb') as f:\n    while True: f.write(bytes(10**6))\n",
    "output flood": "while True: print('x' * 10**5)",
    "output flood of a call": calls("while True: print('x' * 10**5)"),
    "display flood": "from IPython.display import display\nwhile True: display('x' * 1000)",
    "segmentation fault": calls("import ctypes; ctypes.string_at(0)"),
    "recursion without end": calls("return attack(x)"),
    "outlives the run": TOOLS + """
if os.fork() == 0:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True: time.sleep(1)
""",
    "unreadable code": "\x00\x01((((",
    "code nested deeply": "x = " + "(" * 50_000 + ")" * 50_000,
    "half characters": "x = '\ud800'",
}

# name: second solution cell; the first is right, so its two points are kept
FIRST_PART_DESERVED = {
    "dies in a later call": calls("os._exit(1)").replace(BOTH, "\ntotal = attack\n"),
    "endless in a later call": calls("while True: pass").replace(BOTH, "\ntotal = attack\n"),
    "dies in a later cell": "import os; os._exit(1)",
    "breaks the wire later": TOOLS + "os.write(wire(), b'x' * 100)\n",
    "too large to cross": "import numpy as np\ndef total(xs): return np.zeros((300, 2**20))",
}

LOOK = """
import glob
import os
seen = []
for start in ("/home", "/root", "/tmp", "/etc", "/srv", "/var", "/opt", "/mnt", "/work", os.getcwd()):
    for folder, _, names in os.walk(start):
        for name in names[:200]:
            try:
                with open(os.path.join(folder, name), "rb") as f:
                    seen.append(f.read(200_000))
            except OSError:
                pass
        if len(seen) > 3000: break
for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline"):
    if os.access(path, os.R_OK):
        seen.append(open(path, "rb").read())
for line in open("/proc/self/maps"):
    where, rights, *_ = line.split()
    start, end = (int(x, 16) for x in where.split("-"))
    if rights[0] == "r" and end - start < 2**26 and "[v" not in line:
        try:
            with open("/proc/self/mem", "rb") as f:
                f.seek(start)
                seen.append(f.read(end - start))
        except (OSError, ValueError):
            pass
needle = b"".join([b"quick ", b"brown ", b"hidden ", b"test"])
print("FOUND" if any(needle in s for s in seen) else "NOTHING", len(seen) > 5)
"""


@pytest.fixture(scope="module")
def instructor(make):
    return make.source(ASSIGNMENT)


@pytest.fixture(scope="module")
def graded(make, instructor, tmp_path_factory):
    """{name: result} of all attacks by code, graded in one run with honest neighbours before, between and after."""
    folder = tmp_path_factory.mktemp("attacks")
    jobs = []

    def add(name, answers, **limits):
        text = make.document(make.answered(instructor, answers))
        jobs.append(make.job(make.hand_in(folder / str(len(jobs)), text), instructor, student=name,
                             **{"memory_bytes": 2**29, **limits}))

    add("honest before", RIGHT, cell_seconds=20.0, total_seconds=60.0)
    for number, (name, code) in enumerate(NOTHING_DESERVED.items()):
        add(name, {"solution1": code}, cell_seconds=0.3, total_seconds=1.5)
        if number % 20 == 19:
            add(f"honest between {number}", RIGHT, cell_seconds=20.0, total_seconds=60.0)
    for name, code in FIRST_PART_DESERVED.items():
        add(name, RIGHT | {"solution2": code}, cell_seconds=1.0, total_seconds=60.0)
    add("looks for the tests", {**RIGHT, "solution1": RIGHT["solution1"] + LOOK}, cell_seconds=40.0, total_seconds=60.0)
    add("honest after", RIGHT, cell_seconds=20.0, total_seconds=60.0)
    return make.grade_all(jobs, workers=6)


@pytest.mark.parametrize("name", NOTHING_DESERVED)
def test_no_attack_gets_points(graded, name):
    result = graded[name]
    assert isinstance(result, Result), result
    assert result.score == 0, [c for c in result.checks if c.score]


@pytest.mark.parametrize("name", NOTHING_DESERVED)
def test_every_attack_is_given_a_reason_for_every_check(graded, name):
    checks = graded[name].checks
    assert [c.points for c in checks] == [2, 3, 2, 2, 1]
    assert all(c.verdict in ("failed", "limit", "partial") and c.score is not None for c in checks), checks
    assert all(c.message for c in checks if c.verdict != "partial")


@pytest.mark.parametrize("name", FIRST_PART_DESERVED)
def test_points_earned_before_a_crash_stay_earned(graded, make, name):
    scores = make.scores(graded[name])
    assert scores == {"check1": 2.0, "check2": 0.0, "check3": 0.0, "check4": 0.0, "check5": 0.0}


def test_honest_neighbours_of_attacks_keep_full_marks(graded):
    honest = {name: result.score for name, result in graded.items() if name.startswith("honest")}
    assert len(honest) == 6
    assert set(honest.values()) == {FULL}


def test_no_process_outlives_its_grader(graded):
    places = [made.address for made in zygote._RUNNING.values()]
    zygotes = {str(made.process.pid) for made in zygote._RUNNING.values()}

    def orphans():
        """What was forked for these grades has the command line of the zygote that it comes from."""
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                if any(place in path.read_text() for place in places) and path.parent.name not in zygotes:
                    found.append(path.parent.name)
        return found

    assert places

    deadline = time.monotonic() + 20
    while orphans() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert orphans() == []


def test_hidden_tests_are_neither_in_files_nor_in_memory_nor_in_the_environment(graded):
    assert "NOTHING True" in graded["looks for the tests"].notebooks[0][1]
    assert graded["looks for the tests"].score == FULL


def test_no_attack_brings_hidden_tests_into_the_graded_notebook(graded):
    for name, result in graded.items():
        assert HIDDEN not in result.notebooks[0][1], name


def test_no_flood_reaches_the_graded_notebook(graded):
    for name, result in graded.items():
        assert len(result.notebooks[0][1]) < 600_000, name


def test_every_graded_notebook_is_valid(graded):
    import nbformat
    for result in graded.values():
        nbformat.validate(nbformat.reads(result.notebooks[0][1], as_version=4))


# Attacks in the file


def meta(cells, grade_id):
    return next(c for c in cells if notebook.grade_id_of(c) == grade_id)


def edited(make, instructor, change, answers=None):
    """What a student hands in after `change` has edited its cells (a deep copy) in place, or returned others."""
    cells = json.loads(json.dumps(make.answered(instructor, answers or {})))
    return change(cells) or cells


def skip_tags(cells):
    for cell in cells:
        cell["metadata"]["tags"] = ["skip-execution", "remove-cell", "in-place", "raises-exception"]


def more_points(cells):
    for cell in cells:
        cell["metadata"].get("nbgrader", {}).update(points=1000)


def no_grade(cells):
    for cell in cells:
        cell["metadata"].get("nbgrader", {}).update(grade=False, solution=True, locked=False)


def emptied_checks(cells):
    for cell in cells:
        if "check" in (notebook.grade_id_of(cell) or ""):
            cell["source"] = "10"


def checks_given_twice(cells):
    return cells + [dict(c, source="10") for c in cells if "check" in (notebook.grade_id_of(c) or "")]


def wrong_schema(cells):
    for cell in cells:
        cell["metadata"].get("nbgrader", {}).update(schema_version=99, cell_type="markdown", checksum="0" * 32)


def strange_metadata(cells):
    kinds = [None, 5, [], {"nbgrader": 5}, {"nbgrader": {"grade_id": {}}}, "x", {}]
    for cell, strange in zip(cells, kinds, strict=False):
        cell["metadata"] = strange


def new_graded_cell(cells):
    cells.append({"cell_type": "code", "id": "x", "metadata": {"nbgrader": {
        "grade_id": "bonus", "grade": True, "solution": False, "locked": True, "points": 100, "schema_version": 3}},
        "source": "100", "outputs": [], "execution_count": None})


def forged_outputs(cells):
    for cell in cells:
        cell["outputs"] = [{"output_type": "execute_result", "metadata": {}, "execution_count": 1,
                            "data": {"text/html": "<script>x</script>", "text/plain": "10"}}]


def solution_as_markdown(cells):
    for cell in cells:
        cell["cell_type"] = "markdown"


def everything_reversed(cells):
    return cells[::-1]


def checks_only(cells):
    return [c for c in cells if "solution" not in (notebook.grade_id_of(c) or "")]


def nothing(cells):
    return [{"cell_type": "markdown", "metadata": {}, "source": ""}]


def takes_ids_of_checks(cells):
    for number in range(1, 6):
        meta(cells, f"check{number}")["metadata"]["nbgrader"].update(grade=False, solution=True, locked=False)
        meta(cells, f"check{number}")["source"] = "import builtins; builtins.AssertionError = Warning"


FILE_CHANGES = [skip_tags, more_points, no_grade, emptied_checks, checks_given_twice, wrong_schema, strange_metadata,
                new_graded_cell, forged_outputs, solution_as_markdown, everything_reversed, checks_only, nothing,
                takes_ids_of_checks]


@pytest.mark.parametrize("change", FILE_CHANGES, ids=lambda change: change.__name__)
def test_no_edited_file_gets_points_or_other_points(make, instructor, grade, change):
    result = grade(instructor, submitted=edited(make, instructor, change))
    assert (result.score, result.points) == (0, FULL)
    assert [c.grade_id for c in result.checks] == ["check1", "check2", "check3", "check4", "check5"]


@pytest.mark.parametrize("change", [skip_tags, more_points, no_grade, emptied_checks, checks_given_twice, wrong_schema,
                                    forged_outputs, takes_ids_of_checks], ids=lambda change: change.__name__)
def test_an_edited_file_does_not_cost_points_either(make, instructor, grade, change):
    result = grade(instructor, submitted=edited(make, instructor, change, RIGHT))
    assert (result.score, result.points) == (FULL, FULL)


def test_forged_outputs_and_script_are_not_shown(make, instructor, grade):
    def script(cells):
        forged_outputs(cells)
        cells.append(make.cell("text", "<script>alert(1)</script> [x](javascript:alert(1))"))
        cells.append(make.cell("text", "$\\href{javascript:alert(1)}{y}$"))
        meta(cells, "solution1")["source"] += (
            "\nfrom IPython.display import HTML, SVG, Javascript, display\ndisplay(HTML('<script>'), Javascript('x'))\n"
            "from IPython.display import publish_display_data\n"
            "publish_display_data({'image/svg+xml': '<svg onload=alert(1)>', 'text/plain': 'p', 'text/html': '<b>',\n"
            "                      'image/png': '\"><script>', 'application/javascript': 'x', 'text/latex': 'x'})")
    text = grade(instructor, submitted=edited(make, instructor, script, RIGHT)).notebooks[0][1]
    assert "<script>alert" not in text
    assert "](javascript" not in text
    assert "\\\\href" not in text
    kinds = {kind for cell in json.loads(text)["cells"] for output in cell.get("outputs", [])
             for kind in output.get("data", {})}
    assert kinds <= {"text/plain"}


def test_markdown_pages_render_without_live_links_or_script(make):
    from nbconvert.filters import markdown2html
    for text in ("[x](javascript:alert(1))", "[x](JaVaScript:alert(1))", "[x][1]\n\n[1]: javascript:alert(1)",
                 "![x](vbscript:alert(1))", "[x](&#106;avascript:alert(1))", "[x](javascript\\:alert(1))",
                 "[1]:\njavascript:alert(1)\n\n[1]", "[x](data:text/html,1)", "<img src=x onerror=alert(1)>",
                 "<a href='javascript:alert(1)'>x</a>", "<!-- --><svg/onload=alert(1)>", "[x](<javascript:alert(1)>)"):
        page = markdown2html(notebook.inert_markdown(text))
        assert not re.search(r"(href|src)=\"\s*(javascript|vbscript|data):", page, re.IGNORECASE), page
        assert not re.search(r"<(script|svg|img src=x|!--)", page), page


def test_ordinary_markdown_is_left_as_it_is():
    text = "A [link](https://x.org/a?b=c), a ![plot](img/plot.png), `d[k]: int`, $a < b$ and 3<4, [top](#top), **bold**"
    assert notebook.inert_markdown(text) == text


BROKEN_FILES = {
    "empty": b"", "no JSON": b"{", "binary": bytes(range(256)), "a list": b"[]", "a number": b"5", "null": b"null",
    "no cells": b'{"nbformat": 4}', "cells are no list": b'{"nbformat": 4, "cells": 5}',
    "cells of numbers": b'{"nbformat": 4, "cells": [1, 2]}',
    "a source that is a number": b'{"nbformat": 4, "cells": [{"cell_type": "code", "metadata": {}, "source": 5}]}',
    "a source of numbers": b'{"nbformat": 4, "cells": [{"cell_type": "code", "metadata": {}, "source": [5]}]}',
    "no source": b'{"nbformat": 4, "cells": [{"cell_type": "code", "metadata": {}}]}',
    "old format": b'{"nbformat": 3, "worksheets": [], "cells": []}', "future format": b'{"nbformat": 5, "cells": []}',
    "format as text": b'{"nbformat": "4", "cells": []}', "nested deeply": b'{"cells": ' + b"[" * 10**6,
    "a huge number": b'{"nbformat": 4, "cells": [], "x": ' + b"9" * 10**5 + b"}",
    "too many cells": json.dumps({"nbformat": 4, "cells": [
        {"cell_type": "code", "metadata": {}, "source": ""}] * (notebook.MAX_CELLS + 1)}).encode(),
    "too large": b" " * (archives.Limits().notebook_bytes + 1),
    "not UTF-8": '{"nbformat": 4, "cells": [], "x": "\xe9"}'.encode("latin-1"),
}


@pytest.mark.parametrize("name", BROKEN_FILES)
def test_a_broken_file_gets_nothing_and_its_author_is_told_why(make, instructor, tmp_path, name):
    (tmp_path / "work.ipynb").write_bytes(BROKEN_FILES[name])
    result = executor.grade(make.job(tmp_path, instructor))
    assert (result.status, result.score, result.points) == ("broken", 0, FULL)
    assert "work.ipynb" in result.message
    assert "could not be graded" in result.notebooks[0][1]
    assert all(c.verdict == "failed" and c.message for c in result.checks)


def special(kind, path, tmp_path, right):
    (tmp_path / "neighbour.ipynb").write_text(right)
    if kind == "symlink":
        path.symlink_to(tmp_path / "neighbour.ipynb")
    elif kind == "hanging link":
        path.symlink_to(tmp_path / "nowhere")
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()


@pytest.mark.parametrize("kind", ["symlink", "hanging link", "fifo", "folder", "missing"])
def test_a_notebook_that_is_no_regular_file_of_its_name_is_not_read(make, instructor, tmp_path, kind):
    folder = tmp_path / "in"
    folder.mkdir()
    special(kind, folder / "work.ipynb", tmp_path, make.document(make.answered(instructor, RIGHT)))
    result = executor.grade(make.job(folder, instructor))
    assert (result.status, result.score) == ("broken", 0)


@pytest.fixture
def honest_folder(make, instructor, tmp_path):
    return make.hand_in(tmp_path / "in", make.document(make.answered(instructor, RIGHT)))


def test_files_that_shadow_libraries_cost_nobody_anything(make, instructor, honest_folder):
    for name in ("numpy", "sitecustomize", "usercustomize", "autograder", "json", "socket", "IPython"):
        (honest_folder / f"{name}.py").write_text("raise SystemExit('shadowed')")
    (honest_folder / ".ipython" / "profile_default" / "startup").mkdir(parents=True)
    (honest_folder / ".ipython" / "profile_default" / "startup" / "a.py").write_text("import os; os._exit(1)")
    assert executor.grade(make.job(honest_folder, instructor)).score == FULL


def test_links_and_special_files_beside_the_notebook_are_left_out(make, instructor, honest_folder, tmp_path):
    (tmp_path / "secret.txt").write_text("secret")
    (honest_folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (honest_folder / "folder").symlink_to(tmp_path)
    (honest_folder / "loop").symlink_to(honest_folder)
    os.mkfifo(honest_folder / "fifo")
    (honest_folder / "data.txt").write_text("1")
    assert intake.read("ada", honest_folder).files == {"data.txt": b"1"}
    assert executor.grade(make.job(honest_folder, instructor)).score == FULL


def test_too_much_beside_the_notebook_is_said_and_the_notebook_still_graded(make, instructor, honest_folder):
    with (honest_folder / "huge.bin").open("wb") as huge:
        huge.truncate(archives.Limits().total_bytes + 1)
    result = executor.grade(make.job(honest_folder, instructor))
    assert (result.status, result.score) == ("graded", FULL)
    assert "huge.bin" in result.message


def test_deep_and_numerous_folders_are_not_followed_for_ever(make, instructor, honest_folder):
    deep = honest_folder
    for _ in range(300):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "file").write_text("x")
    most = archives.Limits().files
    for number in range(most + 10):
        (honest_folder / f"{number}.txt").write_text("x")
    taken = intake.read("ada", honest_folder)
    assert len(taken.files) + len(taken.notebooks) == most
    assert executor.grade(make.job(honest_folder, instructor)).score == FULL


def test_strange_file_names_cross_unchanged(make, instructor, honest_folder):
    for name in (b"a b.txt", b"; rm -rf x", "ünï.txt".encode(), b"-rf", b"new\nline", b"bytes-\xff.txt"):
        (honest_folder / os.fsdecode(name)).write_text("x")
    assert executor.grade(make.job(honest_folder, instructor)).score == FULL


def test_a_student_cannot_replace_the_instructors_files(make, tmp_path):
    read = "def read(): return open('data.txt').read()"
    instructor = make.source(f"#: solution\n{read}\n#: check 1\nassert read() == 'ours'")
    folder = make.hand_in(tmp_path, make.document(make.answered(instructor, {"solution1": read})))
    (folder / "data.txt").write_text("theirs")
    assert executor.grade(make.job(folder, instructor, files={"data.txt": b"ours"})).score == 1


def test_huge_cells_are_cut_in_the_page(make, instructor, grade):
    def essay(cells):
        cells.append(make.cell("text", "[" * 10**6))
        cells.append(make.cell("free", "#" * 10**6))
    result = grade(instructor, submitted=edited(make, instructor, essay, RIGHT))
    assert result.score == FULL
    assert len(result.notebooks[0][1]) < 300_000


def test_a_notebook_with_a_byte_order_mark_is_graded(make, instructor, tmp_path):
    text = make.document(make.answered(instructor, RIGHT))
    (tmp_path / "work.ipynb").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert executor.grade(make.job(tmp_path, instructor)).score == FULL


def test_an_attack_cannot_end_the_run_of_others(make, instructor, tmp_path):
    killer = {"solution1": NOTHING_DESERVED["kills everybody"]}
    bad = make.hand_in(tmp_path / "bad", make.document(make.answered(instructor, killer)))
    good = make.hand_in(tmp_path / "good", make.document(make.answered(instructor, RIGHT)))
    outcomes = make.grade_all([make.job(bad, instructor, student="bad"), make.job(good, instructor, student="good")])
    assert not isinstance(outcomes["bad"], tester.Failure)
    assert outcomes["good"].score == FULL
