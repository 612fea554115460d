"""A class of any size, made from a seed: honest, unfinished, wrong, broken and hostile submissions, mixed.

Every member of the class comes with the grade that it deserves.  For an honest, unfinished or wrong submission, the
text of the checks says which: they are run here, three times, on the same answers, trusted, since every one of these
answers is this project's own (the reference, and the versions of the lesson's bank of misconceptions).  Hostile and
broken ones are never run here; what they deserve follows from which answers in them are right.

    python tests/autograder/simulated_class.py --course _build/simulated --students 2000 --seed 1 --grade
"""

import argparse
import contextlib
import csv
import ctypes
import hashlib
import importlib.util
import io
import itertools
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import psutil
from nbgrader.api import Assignment, BaseCell, Grade, Gradebook, Notebook, SubmittedAssignment, SubmittedNotebook

ROOT = Path(__file__).resolve().parents[2]
LESSON = ROOT / "lessons" / "02_activations"
SHARES = {"partly": 0.20, "wrong": 0.12, "broken": 0.03, "hostile": 0.05}       # the rest is honest
SLOW_ONE_IN = 4                     # a slow kind comes once where another one comes four times
MOST_PAGE_BYTES = 2 * 2**20         # of a graded notebook, whatever its student printed
ODD_NAMES = ("José O'Neil {}", "=1+1 {}", "-rf {}", "Zoë [x] {}", "@SUM(1) {}")


class Member(NamedTuple):
    """One of the class: deserves is the score of every check, by grade_id; status is graded or broken.

    told: whether the result must come with a message, about what was wrong with the file.
    """

    student: str
    family: str
    kind: str
    deserves: Mapping[str, float]
    status: str = "graded"
    told: bool = False


class Expected(NamedTuple):
    """What grading the class must show, and how to tell that nothing else was touched.

    fingerprints: SHA-256 of what was handed in and of the instructor's files.  token: no file, process or page may
    have this in its name that a hostile member tried to leave behind.
    """

    assignment: str
    notebook: str
    points: Mapping[str, float]
    members: tuple[Member, ...]
    fingerprints: Mapping[str, str]
    token: str


class Handed(NamedTuple):
    """What one member hands in, before it has a name.

    answers: text of solution cells; the others stay as they were released, or go if the text is None.
    change: edits the notebook, and returns bytes if something else is to be written in its place.
    plant: puts more into the folder.  right: answers that count, where the code may not be run to find out.
    """

    kind: str
    answers: Mapping[str, str | None]
    change: Callable[[dict], bytes | None] = lambda book: None
    plant: Callable[[Path], None] = lambda folder: None
    right: frozenset[str] | None = None
    status: str = "graded"
    told: bool = False


class Exercise:
    """An assignment of a course folder, as its files tell it."""

    def __init__(self, course: Path, assignment: str):
        self.course, self.assignment = course, assignment
        source, = (course / "source" / assignment).glob("*.ipynb")
        self.notebook = source.stem
        self.released = json.loads((course / "release" / assignment / source.name).read_text())
        self.cells = [(meta_of(cell), "".join(cell["source"])) for cell in json.loads(source.read_text())["cells"]
                      if cell["cell_type"] == "code"]
        self.points = {meta["grade_id"]: float(meta["points"]) for meta, _ in self.cells if meta.get("grade")}
        self.right = {meta["grade_id"]: "\n".join(line for line in text.splitlines() if " SOLUTION" not in line)
                      for meta, text in self.cells if meta.get("solution")}
        self.functions = tuple(self.right)
        self._compiled = [(meta, compile(text, f"<{meta.get('grade_id')}>", "exec")) for meta, text in self.cells]
        self._known: dict[tuple, dict[str, float] | None] = {}

    @cached_property
    def bank(self) -> Any:
        """The lesson's bank of misconceptions; loaded as a module, so that the text of its versions can be found."""
        path = ROOT / "lessons" / self.assignment / "misconceptions.py"
        spec = importlib.util.spec_from_file_location(f"misconceptions_{self.assignment}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.bank

    @cached_property
    def versions(self) -> tuple[dict[str, list[str]], list[tuple[str, str, str]]]:
        """Right texts of every function, and (name, function, text) of the wrong versions."""
        right = {name: [text] for name, text in self.right.items()}
        for version in self.bank.right_versions:
            right[version.function].append(version.cell())
        return right, [(v.name, v.function, v.cell()) for v in self.bank.wrong_versions]

    def deserved(self, answers: Mapping[str, str | None]) -> dict[str, float] | None:
        """The score of every check for these answers, none of them hostile; None if fresh numbers change a verdict."""
        key = tuple(sorted((name, text or "") for name, text in answers.items()))
        if key not in self._known:
            seen = [self._run_checks(answers) for _ in range(3)]
            self._known[key] = seen[0] if seen[0] == seen[1] == seen[2] else None
        return self._known[key]

    def _run_checks(self, answers: Mapping[str, str | None]) -> dict[str, float]:
        names: dict[str, Any] = {"__name__": "__main__"}
        scores = {}
        with warnings.catch_warnings(), np.errstate(), contextlib.redirect_stdout(io.StringIO()), \
                contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            for meta, code in self._compiled:
                grade_id = meta.get("grade_id")
                try:
                    exec((answers.get(grade_id) or "") if meta.get("solution") else code, names)
                    scores[grade_id] = self.points.get(grade_id, 0.0)
                except Exception:
                    scores[grade_id] = 0.0
        return {grade_id: scores[grade_id] for grade_id in self.points}

    def stub(self, name: str) -> str:
        """A solution cell as it was released."""
        return next("".join(cell["source"]) for cell in self.released["cells"] if meta_of(cell).get("grade_id") == name)

    def book(self, answers: Mapping[str, str | None]) -> dict:
        """The released notebook with these answers."""
        book = json.loads(json.dumps(self.released))
        for cell in list(book["cells"]):
            name = meta_of(cell).get("grade_id")
            if name in answers and answers[name] is None:
                book["cells"].remove(cell)
            elif name in answers:
                cell["source"] = answers[name]
        return book


def meta_of(cell: Mapping) -> dict:
    """nbgrader's metadata of a cell; empty if it has none."""
    return cell["metadata"].get("nbgrader", {})


def code_cell(text: str) -> dict:
    """A cell that the student added."""
    name = hashlib.sha256(text.encode()).hexdigest()[:8]
    return {"cell_type": "code", "id": f"own-{name}", "metadata": {}, "source": text,
            "outputs": [], "execution_count": None}


# A family yields its kinds, one each; turn counts how often it has been asked
Maker = Callable[[Exercise, random.Random, int], Iterator[Handed]]

# Honest: all right, each in a style of its own


def honest(exercise: Exercise, rng: random.Random, turn: int) -> Iterator[Handed]:
    """One submission of every honest kind, with versions of the functions drawn anew."""
    right, _ = exercise.versions

    def answers(wrap: Callable[[str, str], str] = lambda name, text: text) -> dict[str, str | None]:
        return {name: wrap(name, rng.choice(texts)) for name, texts in right.items()}

    first = exercise.functions[0]
    yield Handed("as the reference", dict(exercise.right))
    yield Handed("other right versions", answers())
    yield Handed("comments", answers(lambda name, text: f"# Übung: {name} ✓\n{text}\n# fertig"))
    yield Handed("helpers", answers(as_helper))
    yield Handed("tries things out", answers(), adding(f"print([{first}, 1 + 1])", f"{first}.__name__", "'ab' * 2"))
    yield Handed("prints to stderr", answers(lambda name, text: f"{text}\n\nimport sys\nprint(9, file=sys.stderr)"))
    yield Handed("prints to stderr when called", answers(lambda name, text: noisy(as_helper(name, text), name)))
    yield Handed("magics", answers(), adding("%matplotlib inline", "%%time\nsum(range(10))", "!true"))
    yield Handed("an exception left in", answers(), adding("1 / 0", "undefined_name"))
    yield Handed("saved with outputs", answers(), saved_with_outputs)
    yield Handed("an older notebook format", answers(), older_format)
    yield Handed("counts its cells", answers(lambda name, text: f"{text}\n\ncells = globals().get('cells', 0) + 1"))
    yield Handed("files beside it", answers(), plant=files_beside)
    yield Handed("a plot", answers(), adding("import matplotlib.pyplot as plt\nplt.plot([1, 2]);"))


def as_helper(name: str, text: str) -> str:
    """The work in a helper, which the function that was asked for calls."""
    text = re.sub(rf"\b{name}\b(?=\()", f"_{name}", text)
    return f"{text}\n\n\ndef {name}(*args, **kwargs):\n    return _{name}(*args, **kwargs)"


def noisy(text: str, name: str) -> str:
    start = f"def {name}(*args, **kwargs):\n"
    return text.replace(start, f"{start}    import sys\n    print('called', file=sys.stderr)\n")


def adding(*texts: str) -> Callable[[dict], None]:
    """A change that adds cells of the student's own at the end."""
    def change(book: dict) -> None:
        book["cells"] += [{"cell_type": "markdown", "id": "note", "metadata": {}, "source": "My notes: $a < b$"}]
        book["cells"] += [code_cell(text) for text in texts]
    return change


def saved_with_outputs(book: dict) -> None:
    for number, cell in enumerate(book["cells"]):
        if cell["cell_type"] == "code":
            cell["execution_count"] = number
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["3\n"]}]
    book["metadata"] |= {"colab": {"provenance": []}, "widgets": {}}


def older_format(book: dict) -> None:
    book["nbformat_minor"] = 2
    for cell in book["cells"]:
        del cell["id"]


def files_beside(folder: Path) -> None:
    (folder / "notes.txt").write_text("remember: rows sum to 1")
    (folder / "timestamp.txt").write_text("2026-03-01 12:00:00 UTC")


# Unfinished and wrong


def partly(exercise: Exercise, rng: random.Random, turn: int) -> Iterator[Handed]:
    """Some functions are right and the others unfinished, in the ways in which students leave them."""
    right, _ = exercise.versions
    ways = {
        "left as released": exercise.stub,
        "empty cells": lambda name: "",
        "a comment": lambda name: "# no idea",
        "pass": lambda name: f"def {name}(*args, **kwargs):\n    pass",
        "no Python": lambda name: f"def {name}(z:\n    return z",
        "an unknown name": lambda name: f"def {name}(*args, **kwargs):\n    return foo(args[0])",
        "another name": lambda name: f"def my_{name}(z):\n    return z",
    }
    for what, unfinished in ways.items():
        done = set(rng.sample(exercise.functions, rng.randrange(1, len(exercise.functions))))
        yield Handed(what, {name: rng.choice(right[name]) if name in done else unfinished(name) for name in right})
    yield Handed("untouched", {})


def wrong(exercise: Exercise, rng: random.Random, turn: int) -> Iterator[Handed]:
    """One or two known misconceptions; the other functions are right."""
    right, versions = exercise.versions
    for name, function, text in rng.sample(versions, len(versions)):
        answers = {other: rng.choice(texts) for other, texts in right.items()} | {function: text}
        if rng.random() < 0.25:
            name, second = f"{name} and another", rng.choice(versions)
            answers[second[1]] = second[2] if second[1] != function else text
        yield Handed(name, answers)


# Broken files


def broken(exercise: Exercise, rng: random.Random, turn: int) -> Iterator[Handed]:
    """Files that are no notebook get nothing and a status; notebooks with cells lost or doubled are graded."""
    right, first, name = exercise.right, exercise.functions[0], f"{exercise.notebook}.ipynb"
    everything = frozenset(right)
    text = json.dumps(exercise.book(right)).encode()
    for kind, data in {
        "cut off": text[:len(text) // 2], "an empty file": b"", "binary": bytes(range(256)) * 50,
        "a web page": b"<!DOCTYPE html><title>Log in</title>", "a list": b"[]", "nested deeply": b"[" * 10**6,
        "an older format": json.dumps({"nbformat": 3, "worksheets": []}).encode(),
        "a format of the future": text.replace(b'"nbformat": 4', b'"nbformat": 5'),
        "cells are numbers": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1, 2]}',
    }.items():
        yield Handed(kind, right, lambda book, data=data: data, right=frozenset(), status="broken", told=True)

    def instead(kind: str, act: Callable[[Path], None]) -> Handed:
        return Handed(kind, right, plant=lambda folder: act(folder / name), right=frozenset(), status="broken",
                      told=True)

    yield instead("no notebook", lambda path: path.unlink())
    yield instead("a link", lambda path: (path.rename(path.with_name("kept")), path.symlink_to("kept")))
    yield instead("a folder", lambda path: (path.unlink(), path.mkdir()))
    yield instead("a pipe", lambda path: (path.unlink(), os.mkfifo(path)))
    yield Handed("renamed", right, plant=lambda folder: (folder / name).rename(folder / "final_v2.ipynb"),
                 right=everything, told=True)
    yield Handed("cells missing", right | {first: None}, right=everything - {first}, told=True)
    yield Handed("checks missing", right, without_checks, right=everything)
    yield Handed("cells doubled", right, doubled, right=everything, told=True)
    yield Handed("cells reversed", right, lambda book: book["cells"].reverse(), right=everything)
    yield Handed("a copy beside it", right, plant=copy_beside, right=everything)
    yield Handed("a byte order mark", right, with_byte_order_mark, right=everything)


def without_checks(book: dict) -> None:
    book["cells"] = [cell for cell in book["cells"] if not meta_of(cell).get("grade")]


def doubled(book: dict) -> None:
    book["cells"] = [copy for cell in book["cells"] for copy in (json.loads(json.dumps(cell)), cell)]


def copy_beside(folder: Path) -> None:
    (folder / "copy (1).ipynb").write_text("{")


def with_byte_order_mark(book: dict) -> bytes:
    return b"\xef\xbb\xbf" + json.dumps(book).encode()


# Hostile: {name} stands for the function that is asked for, {token} for what must not be found afterwards

ANYTHING = """
class Anything(np.ndarray):
    def __eq__(self, other): return True
    __lt__ = __gt__ = __le__ = __ge__ = __ne__ = __contains__ = __eq__
    def __bool__(self): return True
    def __len__(self): return 5
    def __iter__(self): return iter(())
    def __array_ufunc__(self, *args, **kwargs): return True
    def __array_function__(self, *args, **kwargs): return True
def {name}(*args, **kwargs): return np.zeros(2).view(Anything)
"""
PATCHES = """
import builtins
import numpy.testing
for module in (np, numpy.testing, builtins):
    for patched in ("allclose", "isclose", "array_equal", "abs", "all", "isinstance", "assert_allclose", "shape"):
        if hasattr(module, patched):
            setattr(module, patched, lambda *args, **kwargs: True)
builtins.AssertionError = Warning
answer_of = expect = lambda *args, **kwargs: np.zeros(2)
def {name}(*args, **kwargs): return np.zeros(2)
"""
HOOKS = """
import ast, sys
shell = get_ipython()
shell.input_transformers_cleanup.append(lambda lines: ["pass"])
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
shell.ast_transformers.append(Drop())
sys.settrace(lambda *args: None)
sys.excepthook = lambda *args: None
for module in ("autograder.checks", "solutions", "solutions.activations", "numpy.testing"):
    sys.modules[module] = type(sys)("fake")
def {name}(*args, **kwargs): return args[0]
"""
REFERENCE = """
import importlib, sys
sys.path[:0] = [".", "..", {root!r}]
try:
    {name} = importlib.import_module("solutions.activations").{name}
except ImportError:
    pass
"""
WIRE = """
import os, stat
for fd in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode) or stat.S_ISFIFO(os.fstat(fd).st_mode):
            os.write(fd, b'{"kind": "passed", "score": 20}' * 10)
    except OSError:
        pass
"""
DAEMON = """
import ctypes, os, signal, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(15, b"{token}", 0, 0, 0)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        while True:
            time.sleep(1)
    os._exit(0)
"""
WRITES = """
import os
for place in {places!r}:
    for way in (lambda: open(os.path.join(place, "{token}"), "w").write("x"),
                lambda: os.symlink("/etc/passwd", os.path.join(place, "{token}")),
                lambda: os.mkdir(os.path.join(place, "{token}"))):
        try:
            way()
        except OSError:
            pass
"""
LOOKS = """
import gc, glob, os
looked = 0
for path in {secrets!r} + glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline"):
    looked += 1
    try:
        with open(path, "rb") as file:
            text = file.read(10**6)
        if text and not path.startswith("/proc") or {course!r}.encode() in text:
            print("LEA" "KED", path)
    except OSError:
        pass
if any("HIDDEN" " TESTS" in str(thing) for thing in gc.get_objects() if type(thing) in (str, bytes)):
    print("LEA" "KED objects")
print("LOO" "KED", looked)
"""
IN_A_CALL = "import ctypes, os, signal, sys, threading, time\ndef {name}(*args, **kwargs):\n"
# Bodies of the last function: its points are lost, the others' are kept
SELF_DESTRUCTIVE = {
    "ends its process": "    os._exit(0)",
    "kills everybody": "    os.kill(-1, signal.SIGKILL)\n    os.kill(os.getppid(), signal.SIGKILL)",
    "crashes": "    ctypes.string_at(0)",
    "recursion without end": "    return {name}(*args)",
    "memory bomb": "    hog = []\n    while True: hog.append(bytearray(10**7))",
    "thread bomb": "    while True: threading.Thread(target=time.sleep, args=(60,)).start()",
    "disk flood": "    with open('flood', 'wb') as f:\n        while True: f.write(bytes(10**6))",
    "raises SystemExit": "    raise SystemExit(0)",
}
SLOW_SELF_DESTRUCTIVE = {
    "endless loop": "    while True: pass",
    "endless loop that swallows exceptions":
        "    while True:\n        try:\n            while True: pass\n        except BaseException: pass",
    "fork bomb": "    while True:\n        try: os.fork()\n        except OSError: time.sleep(0.01)",
    "output flood of a call": "    while True: print('x' * 10**5)",
}
# In a cell of the student's own, beside right answers: nothing is lost
BESIDE_RIGHT_ANSWERS = {
    "outlives the run": DAEMON, "writes outside": WRITES, "looks for secrets": LOOKS,
    "output flood": "for _ in range(300): print('x' * 10**5)",
    "display flood": "from IPython.display import display\nfor _ in range(3000): display('x' * 1000)",
    "seeds the random numbers": "import random\nnp.random.seed(0); random.seed(0)",
    "spreadsheet formulae": "print('=1+1')\n'=cmd|calc!A0'",
}
NOTHING_DESERVED = {"always equal": ANYTHING, "patched numpy and builtins": PATCHES, "transformers and hooks": HOOKS,
                    "imports the reference": REFERENCE}


def hostile(exercise: Exercise, rng: random.Random, turn: int, names: Mapping[str, Any]) -> Iterator[Handed]:
    """One of every kind, standing for those of test_attacks; those that only a limit ends are rarer."""
    right, last, everything = exercise.right, exercise.functions[-1], frozenset(exercise.right)
    calls = SELF_DESTRUCTIVE | (SLOW_SELF_DESTRUCTIVE if turn % SLOW_ONE_IN == 0 else {})
    for kind, body in calls.items():
        yield Handed(kind, right | {last: (IN_A_CALL + body).replace("{name}", last)}, right=everything - {last})
    yield Handed("ends its process in a cell", right | {last: "import os; os._exit(1)"}, right=everything - {last})
    yield Handed("writes to every socket", right | {last: WIRE}, right=everything - {last})
    for kind, code in NOTHING_DESERVED.items():
        yield Handed(kind, {name: code.format(name=name, **names) for name in right}, right=frozenset())
    for kind, code in BESIDE_RIGHT_ANSWERS.items():
        yield Handed(kind, right, adding(code.format(**names)), right=everything)
    for kind, change in FILE_CHANGES.items():
        yield Handed(f"{kind}, nothing written", {}, change, right=frozenset())
        yield Handed(f"{kind}, all right", right, change, right=everything)
    for kind, plant in PLANTS.items():
        yield Handed(kind, right, plant=plant, right=everything)


def more_points(book: dict) -> None:
    for cell in book["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception", "in-place"]
        if meta_of(cell).get("grade"):
            meta_of(cell).update(points=1000, locked=False)


def emptied_checks(book: dict) -> None:
    for cell in book["cells"]:
        if meta_of(cell).get("grade"):
            cell["source"] = "20"
    book["cells"] += [json.loads(json.dumps(cell)) for cell in book["cells"] if meta_of(cell).get("grade")]


def forged_outputs(book: dict) -> None:
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "execute_result", "metadata": {}, "execution_count": 1,
                                "data": {"text/html": "<script>alert(1)</script>", "text/plain": "20"}}]
    book["cells"].append({"cell_type": "markdown", "id": "script", "metadata": {},
                          "source": "<script>alert(1)</script> [x](javascript:alert(1))"})


def shadowing_files(folder: Path) -> None:
    for name in ("numpy", "sitecustomize", "usercustomize", "autograder", "json", "IPython"):
        (folder / f"{name}.py").write_text("raise SystemExit('shadowed')")
    startup = folder / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "a.py").write_text("import os; os._exit(1)")
    (folder / "ipython_config.py").write_text("raise SystemExit")


def links_and_pipes(folder: Path) -> None:
    (folder / "link.txt").symlink_to("/etc/passwd")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "fifo")


def huge_file(folder: Path) -> None:
    with (folder / "huge.bin").open("wb") as file:
        file.truncate(200 * 2**20)


def forged_time(folder: Path) -> None:
    (folder / "timestamp.txt").write_text("9999-99-99 =1+1")


FILE_CHANGES = {"more points": more_points, "emptied and doubled checks": emptied_checks,
                "forged outputs": forged_outputs}
PLANTS = {"shadowing files": shadowing_files, "links and pipes": links_and_pipes, "a huge file": huge_file,
          "forged time": forged_time}


# The class


def simulate(course: Path, students: int, seed: int = 1, *, every_kind: bool = False, odd_names: bool = True,
             families: Sequence[str] = ("honest", *SHARES)) -> Expected:
    """Make a class hand in; the course is made first where there is none.  Returns what grading must show.

    every_kind: one of each kind first, whatever the shares say; then students is the least, not the number.
    """
    course, assignment = course.resolve(), LESSON.name
    if not (course / "source" / assignment).exists():
        subprocess.run([*autograder_command(), "make", str(LESSON), "--course", str(course)], check=True,
                       stdout=subprocess.DEVNULL)
    exercise, rng = Exercise(course, assignment), random.Random(seed)
    if any(course.glob("submitted/*")):
        raise SystemExit(f"somebody has handed in to {course} already; name a fresh folder with --course")
    token = f"sim{random.Random(f'{course}{seed}').randrange(10**9):09d}"
    names = {"token": token, "root": str(ROOT), "course": str(exercise.course), "places": outside(exercise.course),
             "secrets": secrets(exercise)}
    makers = {"honest": honest, "partly": partly, "wrong": wrong, "broken": broken,
              "hostile": partial(hostile, names=names)}
    drawn = draw(exercise, students, rng, {family: makers[family] for family in families}, every_kind)
    members = []
    for number, (family, handed) in enumerate(drawn):
        name = ODD_NAMES[number % len(ODD_NAMES)] if odd_names and number % 25 == 24 else "s{}"
        student = name.format(f"{number:05d}")
        members.append(Member(student, family, handed.kind, deserves(exercise, handed), handed.status, handed.told))
        if family == "honest" and members[-1].deserves != exercise.points:
            raise AssertionError(f"{handed.kind!r} is meant to be right: {members[-1].deserves}")
        hand_in(exercise, handed, course / "submitted" / student / assignment)
    return Expected(assignment, exercise.notebook, exercise.points, tuple(members), fingerprints(course), token)


def draw(exercise: Exercise, students: int, rng: random.Random, makers: Mapping[str, Maker],
         every_kind: bool) -> list[tuple[str, Handed]]:
    """(family, submission) of everybody, in an order that mixes them."""
    counts = {family: round(SHARES.get(family, 0.0) * students) for family in makers}
    counts["honest"] = students - sum(counts.values())
    drawn: list[tuple[str, Handed]] = []
    for family, make in makers.items():
        endless = itertools.chain.from_iterable(make(exercise, rng, turn) for turn in itertools.count())
        sure = (handed for handed in endless if handed.right is not None
                or exercise.deserved(exercise_answers(exercise, handed)) is not None)
        kinds = 0 if not every_kind else 3 if family == "wrong" else len(list(make(exercise, rng, 0)))
        drawn += [(family, handed) for handed in itertools.islice(sure, max(kinds, counts[family]))]
    rng.shuffle(drawn)
    return drawn


def exercise_answers(exercise: Exercise, handed: Handed) -> dict[str, str | None]:
    """The text of every solution cell, as it will be run."""
    return {name: handed.answers.get(name, exercise.stub(name)) for name in exercise.functions}


def deserves(exercise: Exercise, handed: Handed) -> dict[str, float]:
    """The score of every check: by running it, or for hostile and broken ones, by which answers in them are right."""
    if handed.right is None:
        scores = exercise.deserved(exercise_answers(exercise, handed))
    else:
        scores = exercise.deserved({name: exercise.right[name] if name in handed.right else exercise.stub(name)
                                    for name in exercise.functions})
    assert scores is not None, handed.kind
    return scores


def hand_in(exercise: Exercise, handed: Handed, folder: Path) -> None:
    """Write a submission where nbgrader's collect would."""
    folder.mkdir(parents=True)
    book = exercise.book(handed.answers)
    instead = handed.change(book)
    (folder / f"{exercise.notebook}.ipynb").write_bytes(json.dumps(book).encode() if instead is None else instead)
    handed.plant(folder)


def outside(course: Path) -> list[str]:
    """Folders in which a hostile member tries to leave something."""
    places = [tempfile.gettempdir(), "/var/tmp", "/dev/shm", str(Path.home()), str(ROOT), str(course),
              str(course / "submitted"), str(course / "source"), str(Path(np.__file__).parent)]
    return list(dict.fromkeys(places))


def secrets(exercise: Exercise) -> list[str]:
    """Files that a hostile member tries to read."""
    course, name = exercise.course, f"{exercise.notebook}.ipynb"
    return [str(path) for path in (course / "gradebook.db", course / "nbgrader_config.py",
                                   course / "source" / exercise.assignment / name,
                                   course / "submitted" / "s00000" / exercise.assignment / name,
                                   course / "misconceptions" / f"{exercise.assignment}.py",
                                   ROOT / "solutions" / "activations.py", ROOT / "autograder" / "checks.py",
                                   LESSON / "exercise.py", Path("/etc/shadow"))]


def fingerprints(course: Path) -> dict[str, str]:
    """What nobody may change while grading: path -> SHA-256, or kind and size of what is no small regular file."""
    found = {}
    for top in ("source", "release", "submitted", "misconceptions", "nbgrader_config.py"):
        below = sorted((course / top).rglob("*")) if (course / top).is_dir() else []
        for path in [course / top, *below]:
            if os.path.lexists(path):
                status = path.lstat()
                small = path.is_file() and not path.is_symlink() and status.st_size < 2**24
                content = hashlib.sha256(path.read_bytes()).hexdigest() if small else f"{status.st_mode:o}"
                found[str(path.relative_to(course))] = content
    return found


# Grading, and what came of it


def verify(course: Path, expected: Expected) -> list[str]:
    """Everything that is not as it must be, one sentence each; empty if all is well."""
    lines = (course / "report" / expected.assignment / "results.jsonl").read_text().splitlines()
    records = [json.loads(line) for line in lines]
    wrong = [f"{student!r} has {count} results" for student, count in Counter(r["student"] for r in records).items()
             if count != 1]
    members, by_student = {m.student: m for m in expected.members}, {r["student"]: r for r in records}
    wrong += [f"{who!r} has no result" for who in members.keys() - by_student.keys()]
    wrong += [f"{who!r} has a result and handed nothing in" for who in by_student.keys() - members.keys()]
    held = gradebook_scores(course, expected.assignment)
    wrong += [f"{who!r} is in the gradebook and handed nothing in" for who in held.keys() - members.keys()]
    for student in sorted(members.keys() & by_student.keys()):
        found = [*wrong_grades(by_student[student], members[student], expected),
                 *wrong_pages(course, members[student], expected)]
        if held.get(student) != dict(members[student].deserves):
            found.append(f"the gradebook holds {held.get(student)}")
        wrong += [f"{student!r} ({members[student].family}: {members[student].kind}): {what}" for what in found]
    return wrong + wrong_table(course, expected) + left_behind(course, expected)


def wrong_grades(record: Mapping, member: Member, expected: Expected) -> Iterator[str]:
    """What is wrong with one line of results.jsonl."""
    scores = {check["grade_id"]: check["score"] for check in record["checks"]}
    points = {check["grade_id"]: check["points"] for check in record["checks"]}
    if record["status"] != member.status:
        yield f"has the status {record['status']}, not {member.status} ({record['message']})"
    if points != dict(expected.points) or record["points"] != sum(expected.points.values()):
        yield f"was offered {points}, {record['points']} in all"
    for grade_id in expected.points:
        if scores.get(grade_id) != member.deserves[grade_id]:
            said = next((c["message"] for c in record["checks"] if c["grade_id"] == grade_id), "no verdict")
            yield f"{grade_id} gave {scores.get(grade_id)}, deserved are {member.deserves[grade_id]} ({said})"
    if record["score"] != sum(score or 0.0 for score in scores.values()):
        yield f"has {record['score']} points, and {scores} as the parts"
    if not record["confined"]:
        yield "was run without a sandbox"
    if member.told and not record["message"]:
        yield "is not told what is wrong"


def gradebook_scores(course: Path, assignment: str) -> dict[str, dict[str, float | None]]:
    """student -> grade_id -> score, as nbgrader's gradebook holds it; manual scores count, as in nbgrader."""
    with Gradebook(f"sqlite:///{course.resolve()}/gradebook.db") as gradebook:
        rows = (gradebook.db.query(SubmittedAssignment.student_id, BaseCell.name, Grade.score)
                .select_from(Grade).join(BaseCell, Grade.cell_id == BaseCell.id)
                .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
                .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
                .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
                .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
                .filter(Assignment.name == assignment).all())
    scores: dict[str, dict[str, float | None]] = {}
    for student, grade_id, score in rows:
        scores.setdefault(student, {})[grade_id] = score
    return scores


def wrong_pages(course: Path, member: Member, expected: Expected) -> Iterator[str]:
    """What is wrong with the graded notebook."""
    page = course / "autograded" / member.student / expected.assignment / f"{expected.notebook}.ipynb"
    if not page.is_file():
        yield "has no graded notebook"
        return
    text = page.read_text()
    if len(text) > MOST_PAGE_BYTES:
        yield f"has a graded notebook of {len(text):,} characters"
    if "LEAKED" in text or "BEGIN HIDDEN" in text:
        leaks = re.findall(r"LEAKED [\w/.]+|BEGIN HIDDEN.{40}", text)
        yield f"saw what it must not: {leaks[:5]}"
    if member.kind == "looks for secrets" and "LOOKED" not in text:
        yield "did not get to look for secrets"
    if "<script>alert" in text:
        yield "brought a script into the graded notebook"


def wrong_table(course: Path, expected: Expected) -> list[str]:
    """What is wrong with results.csv: one row each, and no cell that a spreadsheet would run."""
    with (course / "report" / expected.assignment / "results.csv").open(newline="", encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    wrong = [] if len(rows) == len(expected.members) else [f"results.csv has {len(rows)} rows"]
    return wrong + [f"results.csv has the formula {cell!r}" for row in rows for cell in row
                    if cell[:1] in ("=", "+", "@") or re.match(r"-\D", cell)]


def left_behind(course: Path, expected: Expected) -> list[str]:
    """Files that have changed, and files and processes that hostile members left."""
    now = fingerprints(course)
    wrong = [f"{path} was changed, made or deleted" for path in expected.fingerprints.keys() | now.keys()
             if expected.fingerprints.get(path) != now.get(path)]
    places = [Path(place) for place in outside(course)]
    wrong += [f"{place / expected.token} was written" for place in places if os.path.lexists(place / expected.token)]
    wrong += [f"{path} was written" for path in course.rglob(f"*{expected.token}*")]
    for process in psutil.process_iter(["name"]):
        if expected.token[:15] in (process.info["name"] or ""):
            wrong.append(f"process {process.pid} has outlived the run")
    return wrong


class Left(NamedTuple):
    """A process that is still there when it should not be."""

    pid: int
    command: str


class Ran(NamedTuple):
    """A finished command: wall time in s, exit code, output, peak memory in bytes, processes that outlived it.

    peak_of: label -> (largest process, largest sum, most processes at a time).  cpu: processor time in s of all its
    processes; own_cpu: of the command's own, as it was last seen.
    """

    seconds: float
    code: int
    output: str
    peak: int
    peak_of: Mapping[str, tuple[int, int, int]]
    cpu: float
    own_cpu: float
    left: tuple[Left, ...]


def watched(command: Sequence[str], cwd: Path, interval: float = 0.5, linger: float = 5.0,
            environment: Mapping[str, str] | None = None) -> Ran:
    """Run a command and watch the memory of everything that it starts, orphans included (proportional set size).

    interval: s between two samples.  linger: s that its processes have to end after it.
    """
    with orphans_come_here() as others, tempfile.TemporaryFile("w+") as output:
        started, before = time.perf_counter(), processor_time_of_children()
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT)
        memory = _Memory(process.pid, others, interval)
        code = process.wait()
        seconds = time.perf_counter() - started
        memory.stop()
        left = _still_alive(others, linger)
        output.seek(0)
        cpu = processor_time_of_children() - before
        return Ran(seconds, code, output.read(), memory.peak, memory.peak_of, cpu, memory.own_cpu, left)


def processor_time_of_children() -> float:
    """Seconds, of those that have ended, and of theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class _Memory:
    """Samples in a thread; reading the sizes of a large process takes milliseconds, so not too often."""

    def __init__(self, root: int, others: set[int], interval: float):
        self.root, self.others, self.interval = root, others, interval
        self.peak, self.peak_of, self.own_cpu = 0, {}, 0.0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._end.wait(self.interval):
            sums: dict[str, list[int]] = {}
            for process in descendants(self.others):
                with contextlib.suppress(psutil.Error, OSError):
                    if process.pid == self.root:
                        times = process.cpu_times()
                        self.own_cpu = times.user + times.system
                    label = "the command" if process.pid == self.root else label_of(process.cmdline())
                    size = proportional_size(process)
                    sums.setdefault(label, []).append(size)
            self.peak = max(self.peak, sum(map(sum, sums.values())))
            for label, sizes in sums.items():
                now = (max(sizes), sum(sizes), len(sizes))
                self.peak_of[label] = tuple(map(max, self.peak_of.get(label, now), now))


def descendants(others: set[int]) -> list[psutil.Process]:
    return [p for p in psutil.Process().children(recursive=True) if p.pid not in others]


def proportional_size(process: psutil.Process) -> int:
    """Bytes, shared pages divided among those who share them; where that may not be read, the resident size."""
    try:
        text = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
        return int(re.search(r"^Pss: +(\d+)", text, re.MULTILINE)[1]) * 1024
    except (PermissionError, TypeError):
        return process.memory_info().rss


def label_of(words: Sequence[str]) -> str:
    """What a process is, from its command line: the module or script that it runs."""
    if "-m" in words[:-1]:
        return words[words.index("-m") + 1]
    if "-c" in words[:-1]:
        found = re.search(r"(?:from|import) ([\w.]+)", words[words.index("-c") + 1])
        return found[1] if found else "python -c"
    return Path(next((word for word in words[1:] if not word.startswith("-")), words[0] if words else "(ended)")).name


@contextlib.contextmanager
def orphans_come_here() -> Iterator[set[int]]:
    """While inside, a process whose parent has ended becomes our child; yields the ids of the children so far."""
    prctl, subreaper = ctypes.CDLL(None).prctl, 36
    prctl(subreaper, 1, 0, 0, 0)
    try:
        yield {p.pid for p in psutil.Process().children(recursive=True)}
    finally:
        prctl(subreaper, 0, 0, 0, 0)


def _still_alive(others: set[int], seconds: float) -> tuple[Left, ...]:
    """Command lines of what is running on; helpers of Python's own get some time to end."""
    deadline = time.monotonic() + seconds
    while True:
        alive = []
        for process in descendants(others):
            with contextlib.suppress(psutil.Error):
                if process.status() == psutil.STATUS_ZOMBIE:
                    with contextlib.suppress(ChildProcessError):
                        os.waitpid(process.pid, os.WNOHANG)
                else:
                    alive.append(Left(process.pid, " ".join(process.cmdline())[:200] or process.name()))
        if not alive or time.monotonic() > deadline:
            return tuple(alive)
        time.sleep(0.05)


def autograder_command() -> list[str]:
    """The command as an instructor starts it."""
    script = Path(sys.executable).parent / "autograder"
    return [str(script)] if script.exists() else [sys.executable, "-m", "autograder.cli"]


def grade(course: Path, expected: Expected, *options: str, interval: float = 0.5) -> tuple[Ran, list[str]]:
    """Grade the class by the command line; returns how it went and everything that is wrong with it."""
    command = [*autograder_command(), "grade", expected.assignment, "--course", str(course.resolve()), *options]
    ran = watched(command, ROOT, interval)
    if ran.code not in (0, 1):
        return ran, [f"`autograder grade` ended with {ran.code}:\n{ran.output[-3000:]}"]
    wrong = [f"a process has outlived the run: {left.command}" for left in ran.left] + verify(course, expected)
    if ran.code != any(member.status != "graded" for member in expected.members):
        wrong.append(f"`autograder grade` ended with {ran.code}; 1 is due if somebody's work could not be read")
    return ran, wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=2000)
    parser.add_argument("--course", type=Path, required=True, help="made if it does not exist")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every-kind", action="store_true", help="one of each kind first, whatever their shares")
    parser.add_argument("--grade", action="store_true", help="grade it, and compare with what is deserved")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="after --: options for `autograder grade`")
    options = parser.parse_args()
    expected = simulate(options.course, options.students, options.seed, every_kind=options.every_kind)
    families = Counter(member.family for member in expected.members)
    print(f"{len(expected.members)} submissions in {options.course}: "
          + ", ".join(f"{count} {family}" for family, count in families.most_common()))
    if not options.grade:
        return 0
    limits = [o for o in options.rest if o != "--"] or ["--cell-limit", "3", "--time-limit", "12", "--memory", "1024"]
    ran, wrong = grade(options.course, expected, *limits)
    print(f"graded in {ran.seconds:.1f} s: {len(expected.members) / ran.seconds:.2f} submissions a second, "
          f"{ran.cpu / len(expected.members):.2f} s of processor time each; peak memory {ran.peak / 2**20:,.0f} MiB "
          f"({' '.join(limits)})")
    for label, (largest, together, most) in ran.peak_of.items():
        print(f"  {label:40} at most {most} at a time, {largest / 2**20:,.0f} MiB each, "
              f"{together / 2**20:,.0f} MiB together")
    print("\n".join(["everybody has the grade that they deserve"] if not wrong else [f"{len(wrong)} WRONG:", *wrong]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
