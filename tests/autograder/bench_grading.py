"""Time grading: stock `nbgrader autograde` against `autograder grade`, the same submissions, on the same cores.

Both work on copies of one course and take turns, so that a busy moment of the machine hits both; a ratio is the median
of the ratios within a round.  Only ratios carry over to other machines.  Stock runs as instructors run it: one command
for the class, one student after the other, from compiled bytecode.

NumPy: the exercise on activations as `autograder make` builds it, answered right, in part and wrong.  Keras: a notebook
of the same kind, whose student trains 784-100-10 for one epoch on 4,000 digits, and whose checks see arrays only.

    python tests/autograder/bench_grading.py [--students 12] [--rounds 3] [--sizes 10,100] [--notebooks numpy,keras]
"""

import argparse
import importlib.util
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import simulated_class as simulated

from solutions.data import load_mnist

OUT = simulated.ROOT / "_build" / "bench" / "grading.json"
CONFIG = 'c = get_config()\nc.CourseDirectory.course_id = "bench"\n'     # no root: the course may be copied
COMPILED = ("tensorflow", "keras", "numpy", "nbgrader", "nbclient", "nbconvert", "nbformat", "jupyter_client", "zmq",
            "IPython", "ipykernel", "sqlalchemy", "alembic", "distributed", "traitlets")
LEAST_TIMES, MOST_TIMES = 4, 50     # how often the class is repeated for the long run

# (grade_id, kind of cell, points, text)
KERAS_CELLS = [
    ("imports", "locked", 0, """
import keras
import numpy as np

with np.load("digits.npz") as file:
    x_train, x_test = (file[name].reshape(-1, 784).astype("float32") / 255 for name in ("x_train", "x_test"))
    y_train, y_test = file["y_train"], file["y_test"]
"""),
    ("train", "solution", 0, """
### BEGIN SOLUTION
keras.utils.set_random_seed(1)
model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(100, activation="relu"),
                          keras.layers.Dense(10, activation="sigmoid")])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, epochs=1, batch_size=32, verbose=0)
weights = model.get_weights()
layers = [(layer.units, layer.activation.__name__) for layer in model.layers]
predictions = model.predict(x_test, verbose=0)
### END SOLUTION
"""),
    ("architecture", "check", 2, """
shapes = [array.shape for array in weights]
assert shapes == [(784, 100), (100,), (100, 10), (10,)], f"784-100-10 is asked for; your weights are {shapes}"
assert [units for units, _ in layers] == [100, 10] and layers[0][1] == "relu", f"your layers are {layers}"
"""),
    ("predictions", "check", 1, """
assert predictions.shape == (len(x_test), 10), f"one row of 10 an image; yours have the shape {predictions.shape}"
"""),
    ("accuracy", "check", 3, """
### BEGIN HIDDEN TESTS
a = x_test
for W, b in zip(weights[::2], weights[1::2], strict=True):
    z = a @ W + b
    a = np.maximum(z, 0)
accuracy = np.mean(z.argmax(axis=1) == y_test)
assert accuracy > 0.7, f"your weights get {accuracy:.1%} of {len(x_test)} images right; 70 % are asked for"
assert np.mean(predictions.argmax(axis=1) == z.argmax(axis=1)) > 0.99, "these are not the predictions of your weights"
### END HIDDEN TESTS
"""),
]


class Class(NamedTuple):
    """A course with submissions: its template folder, and what each of the class deserves, by check."""

    name: str
    course: Path
    assignment: str
    members: tuple[simulated.Member, ...]


def main() -> int:
    options = parse()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:options.cores])
    with tempfile.TemporaryDirectory(prefix="bench-grading-") as folder:
        bench = Bench(Path(folder), environment(Path(folder)))
        found: dict[str, Any] = {"machine": facts(), "notebooks": {}}
        for name in options.notebooks:
            made = {"numpy": numpy_class, "keras": keras_class}[name](Path(folder), options)
            found["notebooks"][name] = measured = bench.compare(made, options.rounds, options.times)
            report(made, measured)
            if options.sizes and name == options.notebooks[0]:
                measured["growth"] = bench.growth(made, options.sizes)
                report_growth(measured["growth"])
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(found, indent=1) + "\n")
    print(f"\nwritten to {OUT.relative_to(simulated.ROOT)}")
    return 0


def parse() -> argparse.Namespace:
    def numbers(text: str) -> list[int]:
        return [int(part) for part in text.split(",") if part]

    def names(text: str) -> list[str]:
        chosen = text.split(",")
        if unknown := set(chosen) - {"numpy", "keras"}:
            raise argparse.ArgumentTypeError(f"numpy and keras there are, not {', '.join(sorted(unknown))}")
        return chosen

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=12, help="in the class with NumPy notebooks (%(default)s)")
    parser.add_argument("--keras-students", type=int, default=4, help="in the class with Keras notebooks (%(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="in which both graders take turns (%(default)s)")
    parser.add_argument("--times", type=int, default=0,
                        help="how often ours grades the class in its long run; 0: until it takes as long as stock")
    parser.add_argument("--sizes", type=numbers, default=[10, 30, 100],
                        help="of classes that show how time grows, e.g. 10,30,100,300,1000 (10,30,100)")
    parser.add_argument("--notebooks", type=names, default=["numpy", "keras"], help="numpy,keras")
    parser.add_argument("--cores", type=int, default=2, help="for both (%(default)s)")
    return parser.parse_args()


# The classes


def numpy_class(folder: Path, options: argparse.Namespace) -> Class:
    """The exercise on activations; nobody is hostile, for stock would not survive it."""
    course = new_course(folder / "numpy")
    expected = simulated.simulate(course, options.students, odd_names=False, families=("honest", "partly", "wrong"))
    return Class("NumPy", course, expected.assignment, expected.members)


def keras_class(folder: Path, options: argparse.Namespace) -> Class:
    """Students who train with Keras, each a little differently."""
    course, lesson = new_course(folder / "keras"), folder / "lessons" / "01_digits"
    lesson.mkdir(parents=True)
    (lesson / "exercise.py").write_text("".join(map(keras_cell, *zip(*KERAS_CELLS, strict=True))))
    (course / "source" / lesson.name).mkdir(parents=True)
    (x_train, y_train), (x_test, y_test) = load_mnist(small=True)
    np.savez_compressed(course / "source" / lesson.name / "digits.npz", x_train=x_train, y_train=y_train,
                        x_test=x_test, y_test=y_test)
    subprocess.run([*simulated.autograder_command(), "make", str(lesson), "--course", str(course)], check=True,
                   stdout=subprocess.DEVNULL)
    exercise = simulated.Exercise(course, lesson.name)
    full, (right,) = exercise.points, exercise.right.values()
    kinds = {
        "as the reference": (right, full),
        "another seed": (right.replace("seed(1)", "seed(2)"), full),
        "softmax": (right.replace('"sigmoid"', '"softmax"'), full),
        "not trained": (re.sub("model.fit.*", "", right), full | {"accuracy": 0.0}),
        "no bias": (right.replace("100, activation", "100, use_bias=False, activation"),
                    {"architecture": 0.0, "predictions": 1.0, "accuracy": 0.0}),
        "64 units": (right.replace("Dense(100", "Dense(64"), full | {"architecture": 0.0}),
    }
    members = []
    for number, kind in zip(range(options.keras_students), [*kinds] * options.keras_students, strict=False):
        answer, deserves = kinds[kind]
        members.append(simulated.Member(f"s{number:05d}", "honest", kind, deserves))
        handed = simulated.Handed(kind, {"train": answer})
        simulated.hand_in(exercise, handed, course / "submitted" / members[-1].student / lesson.name)
    return Class("Keras", course, lesson.name, tuple(members))


def keras_cell(grade_id: str, kind: str, points: int, text: str) -> str:
    """A cell of a text exercise."""
    meta = {"schema_version": 3, "grade_id": grade_id, "solution": kind == "solution", "grade": kind == "check",
            "locked": kind != "solution"} | ({"points": points} if points else {})
    return f"# %% nbgrader={json.dumps(meta)}{text}\n"


def new_course(folder: Path) -> Path:
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text(CONFIG)
    return folder


# Measuring


class Bench:
    """Runs both graders on fresh copies of a class."""

    def __init__(self, folder: Path, variables: Mapping[str, str]):
        self.folder, self.variables = folder, variables

    def compare(self, made: Class, rounds: int, times: int) -> dict:
        """Rounds of stock, ours, and ours on the class repeated; then memory and what stock needs one by one."""
        self.ours(made, 1)         # the caches of the disk are warm from here on
        alone = [self.stock(made, 1) for _ in range(3)][1:]
        found: dict[str, Any] = {"students": len(made.members), "rounds": [], "stock_one_student": {
            key: statistics.median(run[key] for run in alone) for key in ("seconds", "cpu")}}
        for number in range(rounds):
            turns = {"stock": lambda: self.stock(made), "ours": lambda: self.ours(made)}
            order = sorted(turns, reverse=number % 2 == 0)
            this = {who: turns[who]() for who in order}
            times = times or int(np.clip(this["stock"]["seconds"] / this["ours"]["seconds"], LEAST_TIMES, MOST_TIMES))
            this["ours_long"] = self.ours(made, times * len(made.members))
            found["rounds"].append(this)
            found["differences"] = differences(made, this["stock"], this["ours"])
            for run in this.values():
                del run["scores"]
        found["times"] = times
        found["memory"] = {"ours": self.ours(made, interval=0.1)["memory"],
                           "stock": self.stock(made, 1, interval=0.1)["memory"]}
        return found

    def growth(self, made: Class, sizes: Sequence[int]) -> list[dict]:
        """Ours for classes of several sizes, the smallest first."""
        kept = ("students", "seconds", "cpu", "command_cpu", "memory")
        return [{key: found[key] for key in kept} for found in
                (self.ours(made, size, interval=1.0) for size in sorted(sizes))]

    def ours(self, made: Class, students: int = 0, interval: float = 0.0) -> dict:
        """`autograder grade`; interval: s between two looks at the memory, 0 for none, since looking costs time."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            course = self.copy(made, Path(folder) / "course", students or len(made.members))
            command = [*simulated.autograder_command(), "grade", made.assignment, "--course", str(course)]
            ran = self.run(command, course, interval)
            lines = (course / "report" / made.assignment / "results.jsonl").read_text().splitlines()
            each = [json.loads(line)["seconds"] for line in lines]
            return self.told(ran, made, course, each)

    def stock(self, made: Class, students: int = 0, interval: float = 0.0) -> dict:
        """`nbgrader autograde` for the whole class; a submission's time is from the one before it to its own page."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            course = self.copy(made, Path(folder) / "course", students or len(made.members))
            ran = self.run([sys.executable, "-m", "nbgrader", "autograde", made.assignment], course, interval)
            done = sorted(path.stat().st_mtime for path in course.glob(f"autograded/*/{made.assignment}/*.ipynb"))
            return self.told(ran, made, course, np.diff(done).tolist())

    def told(self, ran: simulated.Ran, made: Class, course: Path, each: list[float]) -> dict:
        scores = simulated.gradebook_scores(course, made.assignment)
        memory = {label: {"largest": largest, "together": together, "most": most}
                  for label, (largest, together, most) in ran.peak_of.items()}
        return {"students": len(scores), "seconds": ran.seconds, "cpu": ran.cpu, "each": each, "scores": scores,
                "command_cpu": ran.own_cpu, "memory": {"peak": ran.peak, "processes": memory}}

    def copy(self, made: Class, course: Path, students: int) -> Path:
        """A fresh course in which this many have handed in: the class, repeated or cut to that number."""
        shutil.copytree(made.course, course, ignore=lambda _, names: {"submitted"} & set(names))
        for number in range(students):
            member = made.members[number % len(made.members)]
            shutil.copytree(made.course / "submitted" / member.student, course / "submitted" / f"s{number:05d}")
        return course

    def run(self, command: Sequence[str], course: Path, interval: float) -> simulated.Ran:
        """interval 0: the memory is not looked at."""
        ran = simulated.watched(command, course, interval or 1e6, environment=self.variables)
        if ran.code:
            raise SystemExit(f"{' '.join(command)} ended with {ran.code}:\n{ran.output[-3000:]}")
        return ran


def environment(folder: Path) -> dict[str, str]:
    """For both graders: bytecode is written and used, and no configuration of this machine has a say."""
    tools = str(Path(sys.executable).parent)
    variables = os.environ | {"PATH": os.pathsep.join([tools, os.environ.get("PATH", "")])}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        variables[name] = str(folder / name.lower())
    return variables


def differences(made: Class, stock: Mapping, ours: Mapping) -> list[dict]:
    """Every check on which the graders disagree with each other, or ours with what is deserved."""
    found = []
    for number, member in enumerate(made.members):
        student = f"s{number:05d}"
        for check, deserved in member.deserves.items():
            scores = {"deserved": deserved, "ours": ours["scores"][student].get(check),
                      "stock": stock["scores"][student].get(check)}
            if len(set(scores.values())) > 1:
                found.append({"kind": member.kind, "check": check, **scores})
    return found


def facts() -> dict:
    """The machine, the versions, and whether stock can start as fast as it does elsewhere."""
    packages = ("numpy", "tensorflow", "keras", "nbgrader", "nbclient", "nbconvert", "ipykernel", "distributed")
    model = [line.split(": ")[1] for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    found = {"cores": len(os.sched_getaffinity(0)), "cores_of_machine": os.cpu_count(), "processor": model[:1],
             "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
             "load": os.getloadavg()[0], "python": platform.python_version(),
             "versions": {name: metadata.version(name) for name in packages}, "not_compiled": not_compiled()}
    print(f"{found['cores']} of {found['cores_of_machine']} cores ({', '.join(found['processor'])}), "
          f"{found['memory_gib']} GiB, Python {found['python']}, "
          + ", ".join(f"{name} {version}" for name, version in found["versions"].items()))
    if found["load"] > 0.5:
        print(f"WARNING: something else keeps {found['load']:.1f} cores busy: that costs ours, which uses all cores, "
              "more than stock, which uses one at a time; only processor times can be trusted")
    if found["not_compiled"]:
        print(f"WARNING: no bytecode for {', '.join(found['not_compiled'])}: stock starts more slowly than it would "
              f"elsewhere, and every ratio below flatters us; run `{Path(sys.executable).name} -m compileall` first")
    return found


def not_compiled() -> list[str]:
    """Packages of which more than one module in fifty has no bytecode for this Python."""
    found = []
    for name in COMPILED:
        spec = importlib.util.find_spec(name)
        modules = [path for place in (spec.submodule_search_locations or []) for path in Path(place).rglob("*.py")]
        bare = sum(not Path(importlib.util.cache_from_source(str(path))).exists() for path in modules)
        found += [f"{name} ({bare} of {len(modules)} modules)"] if bare > len(modules) / 50 else []
    return found


# Telling


def report(made: Class, measured: dict) -> None:
    rounds, students, times = measured["rounds"], measured["students"], measured["times"]
    print(f"\n{made.name}: {students} submissions, {len(rounds)} rounds; long run of ours: the class {times} times")
    print(f"{'':34}{'stock':>12}{'ours':>12}{'ours, long':>12}")
    for what, number in {"submissions a second": lambda run: run["students"] / run["seconds"],
                         "the whole command, s": lambda run: run["seconds"],
                         "processor time a submission, s": lambda run: run["cpu"] / run["students"],
                         "median of a submission, s": lambda run: statistics.median(run["each"]),
                         "p95 of a submission, s": lambda run: float(np.percentile(run["each"], 95))}.items():
        middle = [statistics.median(number(one[who]) for one in rounds) for who in ("stock", "ours", "ours_long")]
        print(f"{what:34}" + "".join(f"{value:12.3f}" for value in middle))
    measured["ratios"] = ratios(rounds, times, measured["stock_one_student"])
    for what, each in measured["ratios"].items():
        told = f"{statistics.median(each):8.2f}   ({min(each):.2f} to {max(each):.2f})" if each else " unclear"
        print(f"x stock, {what:49}{told}")
    print(f"stock started for one student alone: {measured['stock_one_student']['seconds']:.2f} s")
    report_memory(measured["memory"])
    report_differences(made, measured["differences"])


def report_differences(made: Class, found: Sequence[Mapping]) -> None:
    """By kind of submission, with the points that were deserved and given in the checks that differ."""
    compared = sum(len(member.deserves) for member in made.members)
    wrong = {who: sum(one[who] != one["deserved"] for one in found) for who in ("ours", "stock")}
    print(f"of {compared} checks, ours is not what is deserved on {wrong['ours']}, stock on {wrong['stock']}")
    for kind in dict.fromkeys(one["kind"] for one in found):
        own = [one for one in found if one["kind"] == kind]
        points = [sum(one[who] or 0.0 for one in own) for who in ("deserved", "ours", "stock")]
        print("  {}: deserved {:g}, ours {:g}, stock {:g} ({})".format(
            kind, *points, ", ".join(one["check"] for one in own)))


def ratios(rounds: Sequence[Mapping], times: int, alone: Mapping[str, float]) -> dict[str, list[float]]:
    """Ours over stock for each round; the last two leave out what either needs to start.

    alone: what stock takes for one student.  A round in which the noise is larger than what is sought gives no number.
    """
    def rate(run: Mapping) -> float:
        return run["students"] / run["seconds"]

    def one_more(what: str) -> list[float]:
        pairs = [((one["stock"][what] - alone[what]) / max(1, one["stock"]["students"] - 1),
                  (one["ours_long"][what] - one["ours"][what]) / (one["ours"]["students"] * (times - 1)))
                 for one in rounds]
        return [stock / ours for stock, ours in pairs if stock > 0 and ours > 0]

    return {"the same class": [rate(one["ours"]) / rate(one["stock"]) for one in rounds],
            "long run (both take about as long)": [rate(one["ours_long"]) / rate(one["stock"]) for one in rounds],
            "one submission more": one_more("seconds"),
            "processor time of one submission more": one_more("cpu")}


def report_memory(memory: Mapping) -> None:
    for who, found in memory.items():
        print(f"memory of {who}, MiB: {found['peak'] / 2**20:,.0f} in all, of which")
        for label, of in found["processes"].items():
            print(f"    {label:40} {of['largest'] / 2**20:8,.0f} the largest of at most {of['most']}, "
                  f"{of['together'] / 2**20:,.0f} together")


def report_growth(growth: list[dict]) -> None:
    """Time against number, the straight line through it, and what the command itself did."""
    print("\nHow time grows, fitted by straight lines:")
    n = np.array([one["students"] for one in growth], dtype=float)
    lines = {}
    for key, what in {"seconds": "wall time", "cpu": "processor time of all processes",
                      "command_cpu": "processor time of the command itself"}.items():
        measured = np.array([one[key] for one in growth])
        slope, start = np.polyfit(n, measured, 1) if len(n) > 1 else (measured[0] / n[0], 0.0)
        lines[key] = start + slope * n
        print(f"    {what:40}{start:8.2f} s to start and {slope:.4f} s a submission")
    print("".join(f"{heading:>12}" for heading in (
        "students", "s", "a second", "fitted s", "off", "CPU s", "share", "peak MiB")))
    for one, fitted in zip(growth, lines["seconds"], strict=True):
        took, busy = one["seconds"], one["command_cpu"]
        print(f"{one['students']:12}{took:12.1f}{one['students'] / took:12.2f}{fitted:12.1f}{took / fitted - 1:12.1%}"
              f"{busy:12.1f}{busy / took:12.0%}{one['memory']['peak'] / 2**20:12,.0f}")
    print("CPU s: of the command itself, which reads submissions and writes gradebook and pages; its share of the\n"
          "wall time is the most that these can cost.")


if __name__ == "__main__":
    start = time.perf_counter()
    code = main()
    print(f"took {time.perf_counter() - start:.0f} s")
    sys.exit(code)
