"""Exercises in the page: what they show and run is what a student's notebook holds, and it works.

The harness runs here in this Python with NumPy, as it does in the reader's browser (tests/book/browser).
"""

import json
import re
import sys
from pathlib import Path

import pytest
import yaml
from sphinx.testing.util import SphinxTestApp

from autograder import course, exercise, notebook

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "book/_ext"), str(ROOT / "book/_static/py-exercise")]
import harness  # noqa: E402
import released  # noqa: E402

SAMPLE = ROOT / "tests/book/sample/exercise.py"
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]
IN_PAGES = [(path.with_name("exercise.py"), name) for path in sorted(ROOT.glob("lessons/*/lesson.md"))
            for name in re.findall(r"^```\{py-exercise\} (\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE)]
for_every_exercise = pytest.mark.parametrize(("path", "name"), IN_PAGES, ids=[name for _, name in IN_PAGES])

CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book/_ext")!r})
extensions = ["myst_parser", "py_exercise"]
html_theme = "basic"
html_static_path = [{str(ROOT / "book/_static")!r}]
pyodide_url = "https://example.org/pyodide/"
"""


def heard(task, code):
    """What the page is told of a run."""
    told = []
    run = {"function": task.function, "given": task.given, "checks": task.checks, "code": code}
    harness.run_json(json.dumps(run), lambda kind, value: told.append((kind, json.loads(value))))
    return told


def verdicts(told):
    return [value["passed"] for kind, value in told if kind == "verdict"]


@pytest.fixture
def total():
    return released.task(SAMPLE, "total")


@pytest.fixture
def build(tmp_path):
    """build(directives, exercise=..., settings=...) -> the page and the warnings; a second call builds it again."""
    apps = []
    source = tmp_path / "source"
    source.mkdir()

    def build(text, text_exercise=None, settings=""):
        (source / "conf.py").write_text(CONF + settings, encoding="utf-8")
        if not (source / "index.md").exists() or (source / "index.md").read_text() != text:
            (source / "index.md").write_text(text, encoding="utf-8")
        (source / "exercise.py").write_text(text_exercise or SAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
        app = SphinxTestApp(srcdir=source, builddir=tmp_path / "out")
        apps.append(app)
        app.build()
        return Path(app.outdir, "index.html").read_text(encoding="utf-8"), app.warning.getvalue()
    yield build
    for app in apps:
        app.cleanup()


def page_with(*names):
    return "# Page\n\n" + "\n".join(f"```{{py-exercise}} {name}\n```\n" for name in names)


@for_every_exercise
def test_the_reference_passes_the_checks_of_the_page_and_the_stub_fails(path, name):
    task = released.task(path, name)
    answers = {notebook.nbgrader(cell).get("grade_id"): notebook.source(cell)
               for cell in json.loads(exercise.build(path))["cells"]}
    told = heard(task, answers[name])
    assert [value for kind, value in told if kind in ("error", "output")] == []
    assert verdicts(told) == [True] * len(task.checks)
    told = heard(task, task.stub)
    assert verdicts(told) == [False] * len(task.checks)
    assert {value["message"] for kind, value in told if kind == "verdict"} == {
        f"{task.function} is not written yet: put your code in place of raise NotImplementedError()"}


@for_every_exercise
def test_a_page_needs_no_package_but_numpy_and_has_words_for_the_task(path, name):
    task = released.task(path, name)
    assert task.packages == ["numpy"]
    assert task.title
    assert len(task.text) > 50


def test_every_lesson_has_two_functions_to_write_in_the_page():
    counts = {path.parent.name: 0 for path in ROOT.glob("lessons/*/lesson.md")}
    for path, _ in IN_PAGES:
        counts[path.parent.name] += 1
    assert {name for name, count in counts.items() if count < 2} == set()


def test_a_page_holds_what_the_released_notebook_holds_and_no_more(tmp_path):
    path = ROOT / "lessons/03_losses/exercise.py"
    made = course.open_course(tmp_path, create=True)
    course.make(path, made)
    cells = json.loads((made.path("release", ".", "03_losses") / "losses.ipynb").read_text(encoding="utf-8"))["cells"]
    held = {notebook.source(cell).strip() for cell in cells}
    for name in [name for where, name in IN_PAGES if where == path]:
        task = released.task(path, name)
        assert task.stub.strip() in held
        assert {code.strip() for _, code in task.checks} <= held
        assert {code.strip() for code in task.given} <= held
        assert task.text.splitlines()[0] in "\n".join(held)


def test_a_page_names_what_the_reader_may_use():
    task = released.task(ROOT / "lessons/03_losses/exercise.py", "cross_entropy_from_logits_backward")
    assert task.given_names == ["np", "answer_of", "draw", "shortfall", "softmax"]


def test_hidden_tests_and_solutions_do_not_reach_the_page(build):
    page, warnings = build(page_with("total", "largest"))
    assert warnings == ""
    assert "hidden test" not in page
    assert "return sum" not in page
    assert "total_random" not in page
    assert "total_empty" in page


def test_the_python_that_is_loaded_is_the_one_that_is_tested():
    version = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]["pyodide"]
    assert f"/v{version}/" in CONFIG["pyodide_url"]


@pytest.mark.parametrize(("name", "old", "new", "words"), [
    ("totl", "", "", "leaves no function 'totl' to the student; there are: total, largest"),
    ("largest", "assert ask(largest, [1, 3, 2])", "assert total([1]) == 1 and ask(largest, [1, 3, 2])",
     "the check largest_check also calls total, which a page does not have; choose another function"),
    ("largest", 'assert ask(largest, [1, 3, 2]) == 3, "the largest of [1, 3, 2] is 3"', "# Nothing to see.",
     "largest has no visible check"),
])
def test_an_exercise_that_cannot_work_stops_a_strict_build_and_says_why(build, name, old, new, words):
    text = SAMPLE.read_text(encoding="utf-8")
    assert old in text
    _, warnings = build(page_with(name), text.replace(old, new))
    assert words in warnings


def test_a_book_that_does_not_say_where_python_is_cannot_have_exercises(build):
    _, warnings = build(page_with("total"), settings='\npyodide_url = "https://example.org/pyodide"')
    assert "let pyodide_url in _config.yml name the folder of Pyodide, ending in a slash" in warnings


def test_a_changed_exercise_builds_its_page_again(build):
    page, _ = build(page_with("total"))
    assert "Add up the numbers of a list." in page
    page, _ = build(page_with("total"), SAMPLE.read_text(encoding="utf-8").replace("Add up", "Sum up"))
    assert "Sum up the numbers of a list." in page


def test_a_page_without_an_exercise_loads_nothing_for_one(build):
    page, _ = build("# Page\n\nText.\n")
    assert "py-exercise" not in page
    page, _ = build(page_with("total"))
    assert page.count('<script type="module" src="_static/py-exercise/exercise.js') == 1


@pytest.mark.parametrize(("code", "message", "lines"), [
    ("def total(numbers):\n    pass", "nothing came back: end the function with `return ...`", []),
    ("def total(numbers):\n    return 7", "[1, 2, 3] adds up to 6; yours is 7", []),
    ("def total(numbers):\n    return numbers.sum()", "AttributeError: 'list' object has no attribute 'sum'",
     [[2, "total", "return numbers.sum()"]]),
    ("def other(n):\n    return 1 / 0\n\ndef total(n):\n    return other(n)", "ZeroDivisionError: division by zero",
     [[5, "total", "return other(n)"], [2, "other", "return 1 / 0"]]),
    ("def total(numbers):\n    assert numbers == []", "an `assert` in your own code failed",
     [[2, "total", "assert numbers == []"]]),
    ("def total(numbers):\n    return input('numbers? ')",
     "RuntimeError: input() cannot ask anybody here; write the values into the code instead",
     [[2, "total", "return input('numbers? ')"]]),
    ("def total(numbers):\n    return total(numbers)",
     "RecursionError: a function calls itself and never comes to an end", [[2, "total", "return total(numbers)"]] * 3),
    ("def total(numbers):\n    raise MemoryError",
     "MemoryError: this asks for more memory than a page has; how large is the array or list?",
     [[2, "total", "raise MemoryError"]]),
    ("def sum_up(numbers):\n    return 6",
     "there is no function total in your code, and the checks call it by this name", []),
])
def test_a_failed_check_is_told_in_words_and_with_the_reader_s_own_lines(total, code, message, lines):
    verdict = next(value for kind, value in heard(total, code) if kind == "verdict")
    assert verdict == {"passed": False, "message": message, "lines": lines}


@pytest.mark.parametrize(("code", "message", "line"), [
    ("def total(numbers)\n    return 6", "SyntaxError: Python cannot read this line: expected ':'", 1),
    ("def total(numbers):\nreturn 6", "IndentationError: Python cannot read this line: "
     "expected an indented block after function definition on line 1", 2),
    ("import torrch",
     "ModuleNotFoundError: there is no module 'torrch' here; NumPy and Python's own modules are enough", 1),
    ("\nimport sys\nsys.exit()", "SystemExit: your code ends Python (exit or quit), so that nothing can be checked", 3),
])
def test_code_that_does_not_run_is_told_with_its_line_and_no_check_runs(total, code, message, line):
    [(kind, problem)] = heard(total, code)
    assert (kind, problem["message"], problem["lines"][0][0]) == ("error", message, line)


def test_a_check_without_words_shows_what_does_not_hold(total):
    told = heard(total._replace(checks=[("silent", "x = 2\nassert total([1]) == x")]), "def total(n):\n    return 1")
    assert told[-1][1]["message"] == "this does not hold: assert total([1]) == x"


def test_printed_text_is_shown_and_cut_where_it_is_too_much(total):
    told = heard(total, "import sys\nprint('mind this', file=sys.stderr)\nfor _ in range(100_000):\n    print('again')")
    printed = "".join(value for kind, value in told if kind == "output")
    assert printed.startswith("mind this\nagain\n")
    assert printed.endswith("\n[more than 10,000 characters were printed; the rest is not shown]\n")
    assert 10_000 < len(printed) < 10_100


def test_a_run_leaves_python_as_it_was(total):
    before = input, sys.stdout, sys.stderr
    heard(total, "def total(n):\n    return input()")
    assert (input, sys.stdout, sys.stderr) == before


