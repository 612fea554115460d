"""Checks that cannot cross the wall: reached beside the student's code, marked as forgeable, and telling nothing."""

import json

import pytest

from autograder import executor

# look at code, as no check across the wall can
CHECKED = """
#: solution
def helper(x):
    return x + 1
def f(x):
    return helper(x)
#: check 2
import inspect
assert "helper" in inspect.getsource(f), "use your helper"
#: check 1
assert f(1) == 2
#: check 3
assert f(2) == 3
### BEGIN HIDDEN TESTS
assert f.__code__.co_argcount == 1, "hidden wisdom"
### END HIDDEN TESTS
"""


@pytest.fixture(scope="module")
def rehearsed(make, tmp_path_factory):
    instructor = make.source(CHECKED)
    folder = make.hand_in(tmp_path_factory.mktemp("own"), make.document(list(instructor.cells)))
    job = make.job(folder, instructor, cell_seconds=5.0)
    rehearsal = executor.rehearse(job.assignment)
    return instructor, rehearsal


@pytest.fixture
def grade_answer(make, tmp_path, rehearsed):
    """The result of a solution cell, {grade_id: check}."""
    def run(answer, **options):
        instructor, rehearsal = rehearsed
        folder = make.hand_in(tmp_path, make.document(make.answered(instructor, {"solution1": answer})))
        result = executor.grade(make.job(folder, instructor, rehearsal=rehearsal, **options))
        return result, {check.grade_id: check for check in result.checks}
    return run


RIGHT = "def helper(x): return x + 1\ndef f(x): return helper(x)"


def test_rehearsing_tells_the_checks_that_have_to_run_beside_the_students_code(rehearsed):
    _, rehearsal = rehearsed
    assert rehearsal.forgeable.keys() == {("work", "check1"), ("work", "check3")}
    assert rehearsal.unfit == {}


def test_a_right_answer_passes_and_the_points_are_marked_as_forgeable(grade_answer):
    result, checks = grade_answer(RIGHT)
    assert result.score == 6
    assert [c.forgeable for c in checks.values()] == [True, False, True]


def test_a_wrong_answer_loses_its_check_only(grade_answer):
    _, checks = grade_answer(RIGHT.replace("return helper(x)", "return x + 1"))
    assert [c.verdict for c in checks.values()] == ["failed", "passed", "passed"]


def test_the_message_of_a_check_is_read_where_no_hidden_test_is_near(make, tmp_path):
    instructor = make.source("#: solution\ndef f(x): return x\n#: check 1\nassert f.__code__.co_argcount == 1, 'one x'")
    right = make.hand_in(tmp_path / "right", make.document(list(instructor.cells)))
    rehearsal = executor.rehearse(make.job(right, instructor).assignment)
    wrong = make.document(make.answered(instructor, {"solution1": "def f(x, y=0): return x"}))
    result = executor.grade(make.job(make.hand_in(tmp_path / "wrong", wrong), instructor, rehearsal=rehearsal))
    assert [(c.verdict, c.message) for c in result.checks] == [("failed", "AssertionError: one x")]


def test_hidden_tests_of_a_check_that_crosses_the_wall_are_never_beside_the_students_code(make, tmp_path):
    text = ("#: solution\ndef f(x): return x\n#: check 1\nassert f(1) == 1\n### BEGIN HIDDEN TESTS\n"
            "wisdom = f(2) == 2\n### END HIDDEN TESTS\n#: check 1\nassert f.__code__.co_argcount == 1")
    instructor = make.source(text)
    right = make.hand_in(tmp_path / "right", make.document(list(instructor.cells)))
    rehearsal = executor.rehearse(make.job(right, instructor).assignment)
    assert rehearsal.forgeable.keys() == {("work", "check2")}
    thief = ("class Code:\n    @property\n    def co_argcount(self):\n"
             "        raise ValueError(str([c.source for c in get_ipython().history_manager.input_hist_raw] "
             "if 0 else list(globals())))\ndef f(x): return x\nclass F:\n    __code__ = Code()\n"
             "    def __call__(self, x): return x\nf = F()")
    stolen = make.document(make.answered(instructor, {"solution1": thief}))
    result = executor.grade(make.job(make.hand_in(tmp_path / "thief", stolen), instructor, rehearsal=rehearsal))
    assert result.checks[1].message.startswith("ValueError: ['")
    assert "wisdom" not in json.dumps(result.checks)


def test_nothing_is_told_of_a_check_with_hidden_tests(grade_answer):
    result, checks = grade_answer(RIGHT.replace("def f(x)", "def f(x, y=0)"))
    assert checks["check3"].verdict == "failed"
    assert "what failed in it is not shown" in checks["check3"].message
    assert "wisdom" not in json.dumps(result)


def test_the_text_of_such_a_check_reaches_no_page_even_if_the_answer_steals_it(grade_answer):
    thief = RIGHT + """
import sys, inspect
def helper(x):
    texts = []
    frame = sys._getframe()
    while frame:
        texts += [repr(v) for v in frame.f_locals.values() if "hidden" in repr(v)]
        frame = frame.f_back
    open("/tmp/stolen", "a").write("".join(texts))
    print(texts)
    raise ValueError("".join(texts))
try:
    print(open("/tmp/stolen").read())
except OSError:
    print("nothing stolen")
"""
    result, _ = grade_answer(thief)
    assert "nothing stolen" in json.dumps(result)
    assert "wisdom" not in json.dumps(result)


def test_forging_such_a_check_touches_no_other(grade_answer):
    forger = RIGHT + "\nimport inspect\ninspect.getsource = lambda f: 'helper'\ndef f(x): return -1"
    _, checks = grade_answer(forger)
    assert (checks["check1"].score, checks["check2"].score) == (2, 0)


def test_an_answer_that_ends_its_process_or_never_ends_costs_these_points_only(grade_answer):
    _, checks = grade_answer("import os\n" + RIGHT + "\nimport inspect\ninspect.getsource = lambda f: os._exit(1)")
    assert [(c.score, c.verdict) for c in checks.values()] == [(0, "failed"), (1, "passed"), (3, "passed")]
    _, checks = grade_answer(RIGHT + "\nimport inspect\ndef forever(f):\n    while True: pass\n"
                             "inspect.getsource = forever", cell_seconds=1.0)
    assert [(c.score, c.verdict) for c in checks.values()] == [(0, "limit"), (1, "passed"), (3, "passed")]


def test_an_untouched_stub_gets_nothing(grade_answer, make):
    result, _ = grade_answer(make.STUB)
    assert result.score == 0


def test_a_check_that_fails_on_both_sides_is_left_to_a_person(make, tmp_path):
    instructor = make.source("#: solution\ndef f(x): return x\n#: check 1\nassert f(1) == 2, 'wrong'")
    job = make.job(make.hand_in(tmp_path, make.document(list(instructor.cells))), instructor)
    rehearsal = executor.rehearse(job.assignment)
    assert (rehearsal.unfit, rehearsal.forgeable) == ({("work", "check1"): "wrong"}, {})
