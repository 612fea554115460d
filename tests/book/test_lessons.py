"""A lesson measures what it says: no result is typed in, every figure has words, every quiz option answers."""

import ast
import json
import re
from pathlib import Path

import pytest
import yaml

from autograder import exercise

ROOT = Path(__file__).parents[2]
LESSONS = sorted(ROOT.glob("lessons/*/lesson.md"))
CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
QUIZ = re.compile(r"^:::\{quiz\} (.+?)\n(.*?)^:::$", re.MULTILINE | re.DOTALL)

MEASURING = [*LESSONS, ROOT / "book" / "keras.md"]      # every page that runs code

for_every_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.parent.name)
for_every_page = pytest.mark.parametrize("page", MEASURING, ids=lambda page: page.parent.name)

# Numbers that define something (a bound, a divisor, a version) may be written out; results may not.
DEFINITIONS = {"0", "1", "255"}
VERSION = "Keras 3 "


def cells(text):
    """(options, code) of each code cell; options are the YAML block between the lines of dashes."""
    for body in CELL.findall(text):
        match = re.match(r"---\n(.*?)^---\n(.*)", body, re.MULTILINE | re.DOTALL)
        yield (yaml.safe_load(match[1]), match[2]) if match else ({}, body)


def prose(text):
    """The sentences of a lesson: without front matter, code, formulas, roles, targets of links and quizzes."""
    text = re.sub(r"\A---\n.*?^---\n", "", text, flags=re.MULTILINE | re.DOTALL)
    text = QUIZ.sub("", text)
    text = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"\]\([^)\s]*\)", "]", text)
    text = re.sub(r"\$\$.*?\$\$|\$[^$]+\$", "", text, flags=re.DOTALL)
    return re.sub(r"(\{[\w:]+\})?`[^`]*`", "", text)


@for_every_page
def test_a_lesson_is_executed(page):
    head = yaml.safe_load(page.read_text(encoding="utf-8").split("---\n")[1])
    assert head["file_format"] == "mystnb"


@for_every_page
def test_no_result_is_typed_into_the_prose(page):
    text = prose(page.read_text(encoding="utf-8")).replace(VERSION, "")
    numbers = set(re.findall(r"(?<![\w-])\d[\d.,]*\d|(?<![\w-])\d(?!\w)", text)) - DEFINITIONS
    assert not numbers, f"computed numbers are quoted with glue, typed ones are definitions: {sorted(numbers)}"
    assert not re.search(r"\d\s*(%|percent)", text)


@for_every_page
def test_every_number_that_is_quoted_is_kept_by_a_cell(page):
    text = page.read_text(encoding="utf-8")
    quoted = set(re.findall(r"\{glue:text\}`(\w+)", text))
    kept = set()
    for _, code in cells(text):
        for node in ast.walk(ast.parse(re.sub(r"^%.*$", "", code, flags=re.MULTILINE))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "keep":
                kept |= {keyword.arg for keyword in node.keywords}
    assert quoted == kept


@for_every_page
def test_every_figure_has_words(page):
    for options, code in cells(page.read_text(encoding="utf-8")):
        if "plt.subplots" in code or "plt.figure" in code:
            alt = options["mystnb"]["image"]["alt"]
            assert len(alt.split()) >= 15, f"too short to stand for the figure: {alt}"
            assert not re.search(r"\d\.\d{2}|\d %", alt.replace("0.2 to 1", "")), "a measured number in the alt text"


@for_every_lesson
def test_readers_predict_before_they_see(lesson):
    text = lesson.read_text(encoding="utf-8")
    predictions = [part.split(":::", 1)[1] for part in text.split(":::{admonition} Predict, then run")[1:]]
    assert len(predictions) >= 2
    for rest in predictions:
        options, _ = next(cells(rest))
        assert "hide-output" in options["tags"]


@for_every_lesson
def test_quiz_options_answer_and_one_is_right(lesson):
    quizzes = QUIZ.findall(lesson.read_text(encoding="utf-8"))
    assert len(quizzes) >= 4
    for question, body in quizzes:
        options = re.findall(r"^\((x| )\) (.+)\n: (.+)$", body, re.MULTILINE)
        marked = re.findall(r"^\((?:x| )\) ", body, re.MULTILINE)
        assert len(options) == len(marked) >= 3, f"an option without feedback in: {question}"
        assert [mark for mark, _, _ in options].count("x") == 1, question
        feedback = [words for _, _, words in options]
        assert len(set(feedback)) == len(feedback), f"two options share one feedback in: {question}"


@for_every_lesson
def test_the_right_option_is_not_always_at_the_same_place(lesson):
    quizzes = QUIZ.findall(lesson.read_text(encoding="utf-8"))
    places = {re.findall(r"^\((x| )\)", body, re.MULTILINE).index("x") for _, body in quizzes}
    assert len(places) > 1


@for_every_lesson
def test_a_lesson_does_not_print_the_exercise_s_answers(lesson):
    text = lesson.read_text(encoding="utf-8")
    for cell in json.loads(exercise.build(lesson.with_name("exercise.py")))["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution") and cell["cell_type"] == "code":
            for function in ast.parse(cell["source"]).body:
                if isinstance(function, ast.FunctionDef):
                    _docstring, first, *_ = function.body
                    assert ast.unparse(first) not in text, f"the lesson shows how {function.name} begins"
