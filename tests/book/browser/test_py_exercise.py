"""Exercises in the page, with real Python: Pyodide's core from this server and a task that needs no NumPy.

The page is built by the test, from the same extension and the same scripts as the book.
"""

import html
import re
import shutil
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sphinx.testing.util import SphinxTestApp

from autograder.exercise import solution_lines

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "book/_ext"))
import released  # noqa: E402

SITE = ROOT / "_build/html"
LESSONS = sorted(ROOT.glob("lessons/*/exercise.py"))
SECONDS = 4     # the page's limit; a run that ends needs some thousandths of that

CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book/_ext")!r})
extensions = ["myst_parser", "py_exercise"]
html_theme = "sphinx_book_theme"
html_static_path = [{str(ROOT / "book/_static")!r}]
html_favicon = {str(ROOT / "book/_static/favicon.svg")!r}
html_css_files = ["book.css"]
html_context = {{"default_mode": "auto"}}
html_theme_options = {{"navbar_persistent": []}}
html_title = "A book"
language = "en"
pyodide_url = "/pyodide/"
py_exercise_seconds = {SECONDS}
"""

PAGE = """# Page

## Exercises

```{py-exercise} total
```

```{py-exercise} largest
```
"""

RIGHT = "def total(numbers):\n    return sum(numbers)\n"

# The theme has no answer to a refusal, so what it keeps is let through.
REFUSES = """for (const name of ["getItem", "setItem", "removeItem"]) {
  const own = Storage.prototype[name];
  Storage.prototype[name] = function (key, ...rest) {
    if (key.startsWith("py-exercise")) throw new DOMException("refused", "SecurityError");
    return own.call(this, key, ...rest);
  };
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory, serve):
    """The address of a page with two exercises, whose Python comes from the test's own server."""
    folder = tmp_path_factory.mktemp("exercises")
    source = folder / "source"
    source.mkdir()
    shutil.copy(ROOT / "tests/book/sample/exercise.py", source)
    for name, text in (("conf.py", CONF), ("index.md", PAGE)):
        (source / name).write_text(text, encoding="utf-8")
    app = SphinxTestApp(srcdir=source, builddir=folder / "out")
    app.build()
    assert app.warning.getvalue() == ""
    app.cleanup()
    return serve("/py-exercise", Path(app.outdir)) + "/index.html"


class Exercise:
    """One exercise of an open page."""

    def __init__(self, page, function="total"):
        self.page, self.section = page, page.locator(f"#py-exercise-{function}")
        self.code = self.section.get_by_label(f"Your code for {function}")
        self.run = self.section.get_by_role("button", name="Run the checks")
        self.stop = self.section.get_by_role("button", name="Stop")
        self.status = self.section.get_by_role("status")
        self.items = self.section.locator(".py-exercise-list > li")
        self.printed = self.section.locator(".py-exercise-output")

    def ends(self, text):
        expect(self.status).to_have_text(re.compile(text), timeout=60_000)

    def answers(self, code, text):
        """Runs the code; the status ends as `text`."""
        self.code.fill(code)
        self.run.click()
        self.ends(text)


@pytest.fixture
def exercise(page, address):
    page.goto(address)
    return Exercise(page)


def test_nothing_of_python_is_loaded_before_the_first_run_and_once_for_all_exercises(page, address):
    asked = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.goto(address, wait_until="networkidle")
    assert not {"pyodide.mjs", "worker.js", "harness.py", "pyodide.asm.wasm"} & set(asked)
    note = page.locator(".py-exercise-load").first
    expect(note).to_contain_text("loads Python, about 9 MB, from this site; before that nothing is loaded")
    first, second = Exercise(page), Exercise(page, "largest")
    first.answers(RIGHT, "All 2 visible checks have passed")
    expect(note).to_have_count(0)
    second.answers("def largest(numbers):\n    return max(numbers)", "The visible check has passed")
    assert asked.count("worker.js") == asked.count("pyodide.asm.wasm") == 1


def test_the_stub_fails_by_the_check_s_own_words_and_the_right_answer_passes(exercise):
    exercise.run.click()
    exercise.ends("0 of 2 checks passed")
    expect(exercise.items).to_have_count(2)
    expect(exercise.items.first).to_contain_text("Failed total_check")
    expect(exercise.items.first).to_contain_text("total is not written yet")
    exercise.answers("def total(numbers):\n    pass", "0 of 2 checks passed")
    expect(exercise.items.first).to_contain_text("nothing came back: end the function with `return ...`")
    exercise.answers("def total(numbers):\n    return numbers[0] if numbers else 0", "1 of 2 checks passed")
    expect(exercise.items.first).to_contain_text("[1, 2, 3] adds up to 6; yours is 1")
    expect(exercise.items.last).to_have_text("Passed total_empty")
    exercise.answers(RIGHT, "All 2 visible checks have passed")
    expect(exercise.section.get_by_text("Failed")).to_have_count(0)


def test_an_error_names_the_line_and_leads_there(exercise):
    exercise.answers("def total(numbers):\n    return sum(numbers", "does not run yet")
    expect(exercise.items).to_contain_text("SyntaxError")
    exercise.answers("def total(numbers):\n    start = 0\n    return start + nothing", "0 of 2 checks passed")
    expect(exercise.items.first).to_contain_text("name 'nothing' is not defined")
    exercise.items.first.get_by_role("button", name="line 3").click()
    expect(exercise.code).to_be_focused()
    chosen = exercise.code.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")
    assert chosen == "    return start + nothing"


def test_an_endless_loop_ends_and_the_next_run_works(exercise):
    exercise.answers("def total(numbers):\n    print('so far')\n    while True:\n        pass",
                     f"Stopped after {SECONDS} seconds, while the check total_check was running")
    expect(exercise.printed).to_have_text("so far\n")
    exercise.answers(RIGHT, "All 2 visible checks have passed")


def test_a_run_can_be_stopped(exercise):
    exercise.code.fill("while True:\n    print('again')")
    exercise.run.click()
    expect(exercise.printed).to_contain_text("the rest is not shown", timeout=60_000)
    assert len(exercise.printed.text_content()) < 10_200
    exercise.stop.click()
    exercise.ends("Stopped. The next run starts Python anew")
    expect(exercise.run).to_be_focused()
    expect(exercise.stop).to_be_hidden()
    exercise.answers(RIGHT, "All 2 visible checks have passed")


def test_two_exercises_wait_for_each_other(exercise, page):
    exercise.code.fill("while True:\n    pass")
    exercise.run.click()
    second = Exercise(page, "largest")
    second.code.fill("def largest(numbers):\n    return max(numbers)")
    second.run.click()
    expect(second.status).to_have_text("Waiting for another run on this page to end.")
    exercise.stop.click()
    exercise.ends("Stopped")
    second.ends("The visible check has passed")


def test_what_cannot_work_in_a_page_is_told_in_words(exercise):
    exercise.answers("def total(numbers):\n    return int(input())", "0 of 2")
    expect(exercise.items.first).to_contain_text("input() cannot ask anybody here")
    exercise.answers("def total(numbers):\n    return [0] * 10 ** 12", "0 of 2")
    expect(exercise.items.first).to_contain_text(re.compile("more memory than a page has|OverflowError"))
    exercise.answers("def total(numbers):\n    return total(numbers)", "0 of 2|gave up")
    exercise.answers("import numpyy", "does not run yet")
    expect(exercise.items).to_contain_text("there is no module 'numpyy' here")
    exercise.answers("import sys\nsys.exit()", "does not run yet")
    exercise.answers("def sum_up(numbers):\n    return sum(numbers)", "0 of 2")
    expect(exercise.items.first).to_contain_text("there is no function total in your code")
    exercise.answers(RIGHT, "All 2 visible checks have passed")


def test_what_was_written_is_there_after_a_reload_and_reset_can_be_undone(exercise, page):
    stub = exercise.code.input_value()
    assert "raise NotImplementedError()" in stub
    exercise.code.fill(RIGHT)
    page.reload()
    expect(exercise.code).to_have_value(RIGHT)
    exercise.section.get_by_role("button", name="Reset").click()
    expect(exercise.code).to_have_value(stub)
    exercise.section.get_by_role("button", name="Undo the reset").click()
    expect(exercise.code).to_have_value(RIGHT)
    exercise.section.get_by_role("button", name="Reset").click()
    page.reload()
    expect(exercise.code).to_have_value(stub)
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('py-exercise'))") == []


def test_a_browser_that_keeps_nothing_is_no_obstacle(page, address):
    page.add_init_script(REFUSES)
    page.goto(address)
    Exercise(page).answers(RIGHT, "All 2 visible checks have passed")


def test_everything_can_be_done_with_the_keyboard(exercise, page):
    exercise.code.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("def total(numbers):\nwhole = 0\nfor number in numbers:\nwhole += number\n")
    page.keyboard.press("Backspace")
    page.keyboard.type("return whole")
    assert exercise.code.input_value() == ("def total(numbers):\n    whole = 0\n    for number in numbers:\n"
                                           "        whole += number\n    return whole")
    page.keyboard.press("Control+Enter")
    exercise.ends("All 2 visible checks have passed")
    page.keyboard.press("Tab")
    expect(exercise.run).to_be_focused()
    page.keyboard.press("Enter")
    exercise.ends("All 2 visible checks have passed")


def test_where_python_cannot_be_reached_the_page_says_so(exercise, page, faults):
    page.route("**/pyodide/**", lambda route: route.abort())
    exercise.answers(RIGHT, "Python could not be loaded from 127.0.0.1")
    page.unroute("**/pyodide/**")
    exercise.answers(RIGHT, "All 2 visible checks have passed")
    assert faults
    faults.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken_in_any_state(exercise, page, axe, scheme):
    page.emulate_media(color_scheme=scheme)
    assert axe(page, ".py-exercise") == []
    exercise.section.get_by_text("Read the checks").click()
    exercise.answers("def total(numbers):\n    print('x' * 500)\n    return sum(numbers) or 7", "1 of 2")
    assert axe(page, ".py-exercise") == []
    exercise.answers("def total(numbers:", "does not run yet")
    assert axe(page, ".py-exercise") == []
    exercise.code.fill("while True: pass")
    exercise.run.click()
    expect(exercise.status).to_have_text("Running.")
    assert axe(page, ".py-exercise") == []
    exercise.stop.click()
    exercise.ends("Stopped")


def test_on_a_phone_long_lines_are_wrapped_and_every_line_is_seen(phone, address):
    phone.goto(address)
    exercise = Exercise(phone)
    exercise.code.fill("def total(numbers):\n    return sum(numbers)    # " + "long " * 60)
    exercise.run.tap()
    exercise.ends("All 2 visible checks have passed")
    assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert exercise.code.evaluate("area => area.scrollHeight <= area.clientHeight")
    assert exercise.code.evaluate("area => area.scrollWidth <= area.clientWidth")


def test_no_file_of_the_site_holds_a_hidden_test_or_a_line_of_a_solution():
    secret, public = set(), set()
    for path in LESSONS:
        secret |= {line for line in solution_lines(path) if len(line) > 20 and not line.startswith("from ")}
        public |= {line.strip() for cell in released.student_cells(path) for line in cell.source.splitlines()}
    for page in (*ROOT.glob("lessons/*/lesson.md"), *ROOT.glob("book/*.md")):
        public |= {line.strip() for line in page.read_text(encoding="utf-8").splitlines()}
    secret -= public
    assert len(secret) > 500
    for file in SITE.rglob("*"):
        if file.suffix in {".html", ".js", ".json", ".ipynb", ".txt", ".md", ".py", ".xml"}:
            text = file.read_text(encoding="utf-8")
            as_data = text.replace("\\n", "\n").replace('\\"', '"').replace("\\u003c", "<").replace("\\\\", "\\")
            as_page = html.unescape(re.sub(r"<[^>]*>", "", text))
            lines = {line.strip(' ",') for line in (as_data + as_page).splitlines()}
            assert secret & lines == set(), file


def test_the_book_s_own_page_asks_the_address_in_the_settings_and_only_after_the_click(page, site, faults):
    asked = []
    page.route("https://cdn.jsdelivr.net/**", lambda route: (asked.append(route.request.url), route.abort()))
    page.goto(f"{site}/lessons/00_first_model/lesson.html?pyodide=https://example.org/", wait_until="networkidle")
    assert asked == []
    exercise = Exercise(page, "add")
    exercise.run.click()
    exercise.ends("Python could not be loaded from cdn.jsdelivr.net.*the notebook works without")
    version = re.search(r'"pyodide": "([^"]+)"', (ROOT / "package.json").read_text(encoding="utf-8"))[1]
    assert asked == [f"https://cdn.jsdelivr.net/pyodide/v{version}/full/pyodide.mjs"]
    assert all("cdn.jsdelivr.net" in fault or "ERR_FAILED" in fault for fault in faults)
    faults.clear()
