"""A known mistake is named by what the student's function does, after the verdicts, and never changes one."""

import pickle
import time
import warnings

import numpy as np
import pytest

from autograder import bank, cli, course, diagnosis, executor, report
from autograder.protocol import Check, Result

BANK = '''
import warnings

import numpy as np

from autograder.bank import Bank


def double(x):
    """Twice x."""
    return 2 * x


def split(x):
    """Two halves."""
    return x[:1], x[1:]


bank = Bank(double, split)


@bank.probe
def some_numbers(double):
    return double(np.array([1.0, -2.0, 0.5]))


@bank.probe
def two_rows(double):
    return double(np.array([[1.0, 2.0], [3.0, 4.0]]))


@bank.probe
def three_parts(split):
    return split(np.arange(3.0))


@bank.wrong("x was squared")
def double_squares(x):
    return x * x


@bank.wrong("x was changed in place")
def double_in_place(x):
    x *= 2
    return x


@bank.wrong("a list came back")
def double_list(x):
    return (2 * x).tolist()


@bank.wrong("the numbers were added up")
def double_sum(x):
    return 2 * x.sum()


@bank.wrong("float() takes one number")
def double_float(x):
    return 2 * float(x)


@bank.wrong("the warning is part of it")
def double_warns(x):
    warnings.warn("overflow", RuntimeWarning)
    return 2 * x


@bank.wrong("the answers are in the wrong order")
def split_swapped(x):
    return x[1:], x[:1]


@bank.right
def double_added(x):
    return x + x
'''


KNOWN = diagnosis.learn(BANK)


def lost(x):
    raise KeyError(x)


@pytest.mark.parametrize(("function", "name"), [
    (lambda x: x**2, "double_squares"),
    (lambda x: np.multiply(x, 2, out=x), "double_in_place"),
    (lambda x: [*(x + x)] if x.ndim == 1 else (2 * x).tolist(), "double_list"),
    (lambda x: np.sum(x) + np.sum(x), "double_sum"),
    (lambda x: [][1], None), (lost, None), (lambda x: x + x, None), (lambda x: (2 * x).astype(np.float32), None),
    (lambda x: x - 17, None),
])
def test_behaviour_is_named_whatever_the_code(function, name):
    found = diagnosis.diagnose(KNOWN, "double", function)
    assert (found and found.name) == name


def test_what_fits_on_some_probes_only_is_said_to_be_so():
    found = diagnosis.diagnose(KNOWN, "double", lambda x: x * x if x.ndim == 1 else x * x * x)
    assert (found.name, found.exact) == ("double_squares", False)
    assert "on some inputs" in found.text("double")


def test_an_error_is_evidence_by_its_words_not_by_its_kind():
    assert diagnosis.diagnose(KNOWN, "split", lost) is None
    assert diagnosis.diagnose(KNOWN, "double", lambda x: x["a"]) is None
    assert diagnosis.diagnose(KNOWN, "double", lambda x: 2 * float(x) if x.ndim > 1 else x - 17).name == "double_float"
    assert diagnosis.diagnose(KNOWN, "split", lambda x: (x[1:], x[:1])).name == "split_swapped"


def test_right_values_are_no_evidence_for_a_mistake_that_gives_right_values():
    def warns_late(x):
        x = 2 * x
        if x.ndim > 1:
            warnings.warn("overflow", RuntimeWarning, stacklevel=2)
        return x

    assert diagnosis.diagnose(KNOWN, "double", warns_late).name == "double_warns"
    assert diagnosis.diagnose(KNOWN, "double", lambda x: (2 * x).astype(int) if x.ndim > 1 else 2 * x) is None


def test_which_argument_was_changed_is_noticed():
    def both(probed):
        return probed(np.zeros(2), b=np.zeros(2))

    def second(a, b):
        b += 1
        return a

    assert diagnosis.observe(both, second).changed == {"b"}
    assert diagnosis.observe(both, lambda a, b: np.add(a, 1, out=a)).changed == {0}


def test_a_version_as_its_student_would_write_it():
    made = bank.Bank(len)
    assert [v.name for v in bank.load(BANK).right_versions] == ["double_added"]

    @made.wrong("too long")
    def len_plus_one(x):
        return len(x) + 1

    assert made.wrong_versions[0].cell() == "def len(x):\n    return len(x) + 1"


@pytest.mark.parametrize(("text", "words"), [
    ("bank = 3", "write `bank = Bank"),
    ("@bank.wrong('')\ndef len_x(x): return 1", "the sentence that helps"),
    ("@bank.right\ndef other(x): return 1", "must begin with"),
    ("@bank.probe\ndef p(other): return 1", "must take one parameter"),
])
def test_a_bank_that_cannot_be_used_says_what_to_change(text, words):
    with pytest.raises(bank.BankError, match=words):
        bank.load(f"from autograder.bank import Bank\nbank = Bank(len)\n{text}")


WORK = """
#: solution
def double(x):
    return 2 * x
def split(x):
    return x[:1], x[1:]
#: check 2
import numpy as np
assert double(np.array([3.0])).tolist() == [6.0], "not twice"
#: check 1
assert double(np.array([2.0])).tolist() == [4.0], "not twice here"
"""


def test_the_feedback_names_the_mistake_behind_the_wall(grade):
    result = grade(WORK, {"solution1": "def double(x):\n    return x ** 2"}, bank=BANK)
    first, second = result.checks
    assert (first.verdict, first.mistake) == ("failed", "double_squares")
    assert first.diagnosis == "Your double does what this known mistake does: x was squared"
    assert (second.verdict, second.mistake) == ("passed", "")
    assert first.message == "not twice"
    assert "x was squared" in result.notebooks[0][1]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("code", "name"), [
    ("def double(x):\n    x *= 2.0\n    return x - 0.5 * 0", "double_in_place"),
    ("def double(x):\n    return 2 * float(x)", "double_float"),
    ("import warnings\ndef double(x):\n    warnings.warn('!', RuntimeWarning)\n    return 2 * x", "double_warns"),
])
def test_changed_arguments_errors_and_warnings_are_seen_through_the_wall(grade, code, name):
    result = grade(WORK.replace('[4.0], "not', '[], "not'), {"solution1": code}, bank=BANK)
    assert result.checks[1].mistake == name


def test_probes_cost_no_verdict_and_no_more_than_their_time(grade, monkeypatch):
    monkeypatch.setattr(executor, "DIAGNOSIS_SECONDS", 1.0)
    code = "def double(x):\n    while x.ndim > 1:\n        pass\n    return x if x[0] == 3 else 2 * x"
    started = time.monotonic()
    result = grade(WORK, {"solution1": code}, bank=BANK, cell_seconds=10.0, total_seconds=20.0)
    assert [check.verdict for check in result.checks] == ["failed", "passed"]
    assert time.monotonic() - started < 8


def test_without_a_bank_or_with_one_for_other_functions_nothing_is_named(grade):
    wrong = {"solution1": "def double(x):\n    return x ** 2"}
    for text in ("", BANK.replace("double", "triple")):
        assert [check.mistake for check in grade(WORK, wrong, bank=text).checks] == ["", ""]


def test_a_broken_bank_is_reported_and_grading_goes_on(tmp_path, make, capsys):
    opened = course.open_course(tmp_path / "course", create=True)
    folder = opened.path("source", ".", "work")
    folder.mkdir(parents=True)
    (folder / "work.ipynb").write_text(make.document(make.cells(WORK)))
    course.generate(opened, "work")
    make.hand_in(opened.path("submitted", "ada", "work"), make.document(make.cells(WORK)))
    (opened.folder / "misconceptions").mkdir()
    (opened.folder / "misconceptions" / "work.py").write_text("bank = 1 / 0")
    assert cli.main(["grade", "work", "--course", str(opened.folder)]) == 0
    said = capsys.readouterr()
    assert "3 / 3" in said.out
    assert "misconceptions/work.py cannot be used, so no mistake is named (ZeroDivisionError" in said.err


def test_what_a_bank_knows_can_be_handed_to_another_process():
    text = BANK + """
@bank.wrong("a generator came back")
def double_lazy(x):
    return (2 * v for v in x)
"""
    learnt = pickle.loads(pickle.dumps(diagnosis.learn(text)))
    assert diagnosis.diagnose(learnt, "double", lambda x: x * x).name == "double_squares"
    assert diagnosis.diagnose(learnt, "double", lambda x: (2 * v for v in x)) is None


def test_the_report_counts_students_not_checks():
    check = Check("n", "a", 1, 0.0, "failed", "m", "double_squares", "Your double does what ...: x was squared")
    results = [Result("ada", "graded", "", (check, check)), Result("max", "graded", "", (check,))]
    assert report.mistakes(results) == [report.Mistake("double_squares", "x was squared", 2)]


@pytest.mark.parametrize("raised", ["SystemExit(0)", "KeyboardInterrupt", "type('Own', (BaseException,), {})"])
def test_a_function_that_ends_the_program_costs_no_verdict_in_the_diagnosis(grade, raised):
    code = f"def double(x):\n    if x.ndim > 1 or len(x) != 1:\n        raise {raised}\n    return x ** 2"
    result = grade(WORK, {"solution1": code}, bank=BANK)
    assert result.status == "graded"
    assert "failed" in [check.verdict for check in result.checks]
