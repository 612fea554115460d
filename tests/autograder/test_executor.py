"""One submission in, one result out: verdicts, limits, and what is never punished."""

import json

import numpy as np
import pytest

from autograder import executor
from autograder.notebook import partial_credit

F = "#: solution\ndef f(x):\n    return x * x\n"


def only(result):
    check, = result.checks
    return check.score, check.verdict, check.message


def outputs(result, number):
    return json.loads(result.notebooks[0][1])["cells"][number]["outputs"]


def test_a_check_that_passes_gives_its_points(grade):
    assert only(grade(F + "#: check 3\nassert f(2) == 4")) == (3, "passed", "")


def test_a_check_that_fails_gives_nothing_and_says_its_message(grade):
    assert only(grade(F + "#: check 3\nassert f(2) == 5, 'f(2) is 5'")) == (0, "failed", "f(2) is 5")


def test_without_a_message_the_failing_line_is_shown(grade):
    assert only(grade(F + "#: check 3\nx = 1\nassert f(2) == 5")) == (0, "failed", "this is not so: assert f(2) == 5")


def test_a_failing_hidden_line_is_not_shown(grade):
    text = F + "#: check 3\n### BEGIN HIDDEN TESTS\nassert f(2) == 5\n### END HIDDEN TESTS"
    result = grade(text)
    assert only(result) == (0, "failed", "a hidden check failed")
    assert "== 5" not in result.notebooks[0][1]


def test_expected_values_of_a_hidden_numpy_check_are_not_shown(grade):
    text = ("#: locked\nimport numpy as np\n" + F + "#: check 3\n### BEGIN HIDDEN TESTS\n"
            "np.testing.assert_allclose(f(np.array([2.0])), [123.0])\n### END HIDDEN TESTS")
    result = grade(text)
    assert "Not equal" in only(result)[2]
    assert "123" not in result.notebooks[0][1]
    assert "119" not in result.notebooks[0][1]


def test_of_a_hidden_unittest_check_only_the_authors_words_are_shown(grade):
    text = ("#: locked\nimport unittest\ntc = unittest.TestCase()\n" + F + "#: check 1\n### BEGIN HIDDEN TESTS\n"
            "tc.assertEqual(f(2), 123, 'too small')\n### END HIDDEN TESTS\n#: check 1\n### BEGIN HIDDEN TESTS\n"
            "tc.assertEqual(f(2), 123)\n### END HIDDEN TESTS")
    assert [c.message for c in grade(text).checks] == ["too small", "a hidden check failed"]


def test_an_exception_of_the_students_is_named_with_the_line_of_their_code(grade):
    _, verdict, message = only(grade(F + "#: check 1\nf(2)", {"solution1": "def f(x):\n    return x / 0"}))
    assert verdict == "failed"
    assert message == "ZeroDivisionError: division by zero (your code, line 2: return x / 0)"


def test_what_is_left_as_released_is_said_to_be_not_written_yet(grade):
    result = grade(F + "#: check 1\nassert f(2) == 4", {"solution1": "def f(x):\n    raise NotImplementedError()"})
    assert only(result) == (0, "failed", "not written yet: the cell still raises NotImplementedError")


def test_untouched_answers_are_listed_as_unanswered(grade):
    assert grade(F + "#: check 1\nassert f(2) == 4", {}).unanswered == (("work", "solution1"),)


@pytest.mark.parametrize(("value", "points", "score"), [
    (None, 4, 4), (True, 4, 4), (False, 4, 4), ("1", 4, 4), ([1], 4, 4), (1, 4, 1), (0, 4, 0), (2.5, 4, 2.5), (4, 4, 4),
    (5, 4, 4), (np.float32(2.5), 4, 2.5), (np.int64(1), 4, 1), (np.bool_(False), 4, 4), (-1, 4, 0),
    (float("nan"), 4, 0), (float("inf"), 4, 4), (float("-inf"), 4, 0), (10**400, 4, 4), (1j, 4, 4),
    (np.timedelta64(1, "s"), 4, 4), (np.array(1.0), 4, 4), (1, 0, 0)], ids=repr)
def test_the_last_value_of_a_check_is_partial_credit_if_it_is_a_number_in_range(value, points, score):
    assert partial_credit(value, points) == score


def test_partial_credit_has_its_own_verdict(grade):
    assert only(grade(F + "#: check 4\n3 if f(2) == 4 else 0")) == (3, "partial", "")


@pytest.mark.filterwarnings("ignore:call")
def test_stderr_and_warnings_never_cost_points(grade):
    noisy = ("import sys, warnings\nprint('cell', file=sys.stderr)\ndef f(x):\n    warnings.warn('call')\n"
             "    print('call', file=sys.stderr)\n    return x * x")
    result = grade(F + "#: check 3\nassert f(2) == 4", {"solution1": noisy})
    assert only(result)[0] == 3
    assert {"output_type": "stream", "name": "stderr", "text": "cell\n"} in outputs(result, 0)


def test_a_cell_that_fails_costs_only_the_checks_that_need_it(grade):
    text = F + "#: check 1\nassert f(2) == 4\n#: solution\ng = 1\n#: check 2\nassert g == 1"
    result = grade(text, {"solution1": "1 / 0", "solution2": "g = 1"})
    assert [c.score for c in result.checks] == [0, 2]


def test_a_crash_keeps_the_points_earned_before_and_after(grade):
    text = F + "#: check 1\nassert f(2) == 4\n#: solution\nimport os\n#: check 2\nassert f(3) == 9"
    result = grade(text, {"solution1": "def f(x):\n    return x * x", "solution2": "import os; os._exit(3)"})
    assert [c.score for c in result.checks] == [1, 2]
    assert "ended its own process" in outputs(result, 2)[0]["evalue"]


def test_an_endless_call_costs_its_check_alone_and_names_the_limit(grade):
    text = F + "#: check 1\nf(1)\n#: check 2\nassert f(2) == 4"
    slow = "def f(x):\n    while x == 1: pass\n    return x * x"
    result = grade(text, {"solution1": slow}, cell_seconds=0.3)
    assert [(c.score, c.verdict) for c in result.checks] == [(0, "limit"), (2, "passed")]
    assert "stopped after 0.3 s" in result.checks[0].message


def test_the_limit_of_a_submission_ends_it_and_keeps_what_was_earned(grade):
    text = F + "#: check 1\nassert f(2) == 4\n#: solution\nx = 1\n#: check 2\nassert f(3) == 9"
    result = grade(text, {"solution1": "def f(x):\n    return x * x", "solution2": "while True: pass"},
                   cell_seconds=60.0, total_seconds=2.0)
    assert [(c.score, c.verdict) for c in result.checks] == [(1, "passed"), (0, "limit")]
    assert "the whole submission may take 2 s" in result.checks[1].message


def test_an_answer_that_sends_a_check_round_for_ever_runs_into_the_limit(grade):
    text = F + "#: check 1\nfor _ in f(2):\n    pass\n#: check 1\nassert True"
    result = grade(text, {"solution1": "def f(x): return range(10 ** 18)"}, total_seconds=1.5)
    assert [(c.score, c.verdict) for c in result.checks] == [(0, "limit"), (0, "limit")]


@pytest.mark.parametrize("code", ["import os\ndef f(x): os._exit(0)", "def f(x):\n    while True: pass"])
def test_a_check_cannot_swallow_the_end_of_the_worker(grade, code):
    text = F + "#: check 1\nraised = False\ntry:\n    f(1)\nexcept:\n    raised = True\nassert raised"
    score, verdict, _ = only(grade(text, {"solution1": code}, cell_seconds=0.3))
    assert (score, verdict in ("failed", "limit")) == (0, True)


def test_a_check_that_asks_for_what_cannot_cross_is_errored_even_if_it_hides_it(grade):
    text = F + "#: check 1\ntry:\n    f(object())\nexcept Exception:\n    pass"
    score, verdict, message = only(grade(text))
    assert (score, verdict) == (None, "errored")
    assert "cannot cross the wall" in message


def test_failures_of_pytest_are_failures_of_the_check(grade):
    text = ("#: locked\nimport pytest\n" + F + "#: check 1\nwith pytest.raises(ValueError):\n    f(1)\n"
            "#: check 1\npytest.fail('no')")
    assert [(c.score, c.verdict) for c in grade(text).checks] == [(0, "failed"), (0, "failed")]


def test_a_check_that_ends_the_program_fails(grade):
    assert only(grade(F + "#: check 1\nraise SystemExit(0)"))[:2] == (0, "failed")


def test_a_locked_cell_that_ends_the_program_does_not_end_the_grading(grade):
    assert only(grade("#: locked\nraise SystemExit\n" + F + "#: check 1\nassert f(2) == 4"))[0] == 1


def test_an_answer_left_to_a_person_has_no_score_until_then(grade):
    result = grade("#: manual 4\nx = 1\n#: task 2\nDraw.", {"manual1": "my own answer"})
    assert [(c.score, c.verdict) for c in result.checks] == [(None, "manual"), (None, "manual")]


def test_an_answer_left_as_released_gets_nothing_without_a_person(grade):
    assert only(grade("#: manual 4\nx = 1", {})) == (0, "unanswered", "no answer")


def test_free_cells_and_helpers_of_the_student_count(grade, make):
    instructor = make.source(F + "#: check 1\nassert f(2) == 4")
    cells = [make.cell("free", "def helper(x): return x * x"),
             make.cell("solution", "def f(x): return helper(x)", "solution1")]
    assert only(grade(instructor, submitted=cells))[0] == 1


def test_a_student_cannot_answer_for_a_name_of_the_checks_own(grade):
    text = F + "#: check 1\nassert f(2) == 4\nassert isclose(1, 2)"
    score, verdict, message = only(grade(text, {"solution1": "def f(x): return x * x\ndef isclose(*a): return True"}))
    assert (score, verdict) == (0, "failed")
    assert "isclose" in message


def test_imports_of_the_instructors_answer_are_there_for_the_checks(grade):
    text = "#: solution\nimport math\ndef f(x):\n    return math.sqrt(x)\n#: check 1\nassert math.isclose(f(4), 2)"
    assert only(grade(text, {"solution1": "def f(x): return x ** 0.5"}))[0] == 1


def test_hidden_random_inputs_are_fresh_every_time(grade):
    text = ("#: locked\nimport random, numpy as np\n" + F
            + "#: check 1\nprint(random.random(), np.random.random())\nassert f(1)")
    first, second = (outputs(grade(text), 2)[0]["text"] for _ in range(2))
    assert first != second


def test_a_function_that_changes_its_argument_is_seen_only_where_that_is_asked(grade):
    overwrites = {"solution1": "def f(x):\n    x.append(1)\n    return 1"}
    check = "xs = []\nf(xs)\nassert xs == [], 'you changed the list'"
    assert only(grade(F + f"#: check 1\n{check}", overwrites))[0] == 1
    assert only(grade(F + f"#: check 1 in-place\n{check}", overwrites)) == (0, "failed", "you changed the list")


def rehearse(make, tmp_path, text):
    instructor = make.source(text)
    job = make.job(make.hand_in(tmp_path, make.document(list(instructor.cells))), instructor)
    return executor.rehearse(job.assignment)


def test_rehearsing_finds_functions_that_work_in_place_and_methods_too(make, tmp_path):
    text = ("#: solution\ndef push(xs): xs.append(1)\nclass Tools:\n    def fill(self, xs): xs.append(2)\n"
            "#: check 1\nxs = []\npush(xs)\nTools().fill(xs)\nassert xs == [1, 2]")
    rehearsal = rehearse(make, tmp_path, text)
    assert rehearsal.in_place == {"push", ".fill"}
    assert rehearsal.unfit == {}


def test_rehearsing_finds_checks_that_the_reference_does_not_pass_in_full(make, tmp_path):
    text = F + "#: check 1\nassert f(2) == 4\n#: check 2\nassert f(2) == 5, 'wrong check'\n#: check 4\n3"
    assert rehearse(make, tmp_path, text).unfit == {("work", "check2"): "wrong check",
                                                    ("work", "check3"): "it gives 3 of 4 points"}


def test_an_unfit_check_is_left_to_a_person_and_says_why(make, tmp_path):
    instructor = make.source(F + "#: check 1\nassert f(2) == 5")
    job = make.job(make.hand_in(tmp_path, make.document(list(instructor.cells))), instructor)
    unfit = job.assignment._replace(unfit={("work", "check1"): "because"})
    score, verdict, message = only(executor.grade(job._replace(assignment=unfit)))
    assert (score, verdict) == (None, "errored")
    assert "because" in message


def test_two_notebooks_of_an_assignment_are_graded_apart(make, tmp_path):
    first = make.source(F + "#: check 1\nassert f(2) == 4", "one")
    second = make.source(F + "#: check 2\nassert f(3) == 9", "two")
    make.hand_in(tmp_path, make.document(list(first.cells)), "one")
    result = executor.grade(make.job(tmp_path, first, second))
    assert [(c.notebook, c.score) for c in result.checks] == [("one", 1), ("two", 0)]
    assert (result.status, [name for name, _ in result.notebooks]) == ("graded", ["one", "two"])
    assert "two.ipynb is missing (found one.ipynb)" in result.message


def test_a_failure_in_a_helper_of_another_cell_is_told_by_the_line_of_the_check(grade):
    helper = "#: locked\ndef must(x):\n" + "\n" * 20 + "    assert x\n"
    score, verdict, message = only(grade(F + helper + "#: check 1\nmust(f(2) == 5)"))
    assert (score, verdict, message) == (0, "failed", "this is not so: must(f(2) == 5)")


def test_a_helper_that_explains_an_error_keeps_the_line_of_the_students_code(grade):
    check = ("#: check 1\ntry:\n    f(2)\nexcept ZeroDivisionError as error:\n"
             "    raise AssertionError('do not divide') from error")
    *_, message = only(grade(F + check, {"solution1": "def f(x):\n    return x / 0"}))
    assert message == "do not divide (your code, line 2: return x / 0)"


def test_a_file_among_the_instructors_is_there_for_checks_and_answers(make, tmp_path):
    instructor = make.source("#: solution\ndef f():\n    return open('data.txt').read()\n"
                             "#: check 1\nimport helper\nassert f() == open('data.txt').read() == helper.TEXT")
    files = {"data.txt": b"digits", "helper.py": b"TEXT = 'digits'"}
    job = make.job(make.hand_in(tmp_path, make.document(list(instructor.cells))), instructor, files=files)
    assert only(executor.grade(job))[:2] == (1, "passed")
    assert executor.rehearse(job.assignment).unfit == {}


def test_what_the_grader_failed_at_has_no_score_and_shows_the_students_text(make, tmp_path):
    instructor = make.source(F + "#: check 1\nassert f(2) == 4")
    folder = make.hand_in(tmp_path, make.document(make.answered(instructor, {"solution1": "def f(x): return 7"})))
    result = executor.ungraded(make.job(folder, instructor), "no reason")
    assert (result.status, only(result)) == ("errored", (None, "errored", "no reason"))
    assert "return 7" in result.notebooks[0][1]
    assert "no reason" in result.notebooks[0][1]


def test_what_cannot_even_be_read_is_left_ungraded_too(make, tmp_path):
    instructor = make.source(F + "#: check 1\nassert f(2) == 4")
    result = executor.ungraded(make.job(tmp_path / "nobody", instructor), "no reason")
    assert only(result) == (None, "errored", "no reason")


def rehearsed(make, folder, text):
    """An instructor's notebook and a grader of one answer to it, by all that rehearsing it has found."""
    instructor = make.source(text)
    job = make.job(make.hand_in(folder / "own", make.document(list(instructor.cells))), instructor)
    rehearsal = executor.rehearse(job.assignment)
    made = job.assignment._replace(unfit=rehearsal.unfit, forgeable=rehearsal.forgeable, numeric=rehearsal.numeric,
                                   shares=rehearsal.shares)

    def run(answer):
        text = make.document(make.answered(instructor, {"solution1": answer}))
        handed_in = make.job(make.hand_in(folder / "in", text), instructor)
        return executor.grade(handed_in._replace(assignment=made))
    return run


def test_an_answer_quoted_in_a_message_is_cut(grade):
    long = {"solution1": "def f(x):\n    return 'y' * 10**7"}
    _, _, message = only(grade(F + "#: check 1\nassert f(2) == 4, f'got {f(2)}'", long))
    assert len(message) <= executor.MAX_MESSAGE + 1


@pytest.mark.parametrize("variable", ["expected", "rng"])
def test_a_variable_of_the_check_is_its_own_even_if_the_students_cell_has_one_of_that_name(make, tmp_path, variable):
    text = ("#: solution\ndef f(x): return x * x\nexpected = f(2)\nrng = 0\n#: check 1\nimport numpy as np\n"
            "### BEGIN HIDDEN TESTS\nrng = np.random.default_rng()\nx = float(rng.integers(5, 9))\n"
            "expected = x ** 2\nassert f(x) == expected\n### END HIDDEN TESTS")
    grade = rehearsed(make, tmp_path, text)
    assert only(grade("def f(x): return x * x\nexpected = f(2)\nrng = 0"))[0] == 1
    cheats = {"expected": "def f(x): return globals()['expected']\nexpected = rng = 0",
              "rng": "class R:\n    def integers(self, a, b): return 2\ndef f(x): return 4.0\nrng, expected = R(), 4.0"}
    assert only(grade(cheats[variable]))[0] == 0


def test_partial_credit_is_given_for_a_number_only_where_the_check_ends_with_one(make, tmp_path):
    grade = rehearsed(make, tmp_path, F + "#: check 4\nf(2)")
    assert only(grade("def f(x): return 4"))[:2] == (4, "passed")
    assert only(grade("def f(x): return 3"))[:2] == (3, "partial")
    score, verdict, message = only(grade("def f(x): return [1]"))
    assert (score, verdict) == (0, "failed")
    assert "ended with a list" in message


def test_an_iteration_of_the_check_cannot_be_ended_by_the_answer(grade):
    stops = {"solution1": "def f(x):\n    raise StopIteration"}
    assert only(grade(F + "#: check 1\nassert all(map(lambda x: f(x) == x * x, [1, 2]))", stops))[0] == 0


@pytest.mark.parametrize(("check", "answer"), [
    ("assert {}[f(2)] == 'hidden-7'", "def f(x): return 'k'"),
    ("assert {'hidden-7': 1}[f(2)]\n", "def f(x): return 'k'"),
    ("assert f(2)['hidden-7']", "def f(x): return {}"),
    ("[1].index('hidden-7' if f(2) else 0)", "def f(x): return 1"),
    ("import unittest\nunittest.TestCase().assertEqual(f(2), 'hidden-7')", "def f(x): return 'x : y'"),
    ("np.testing.assert_string_equal(f(2), 'hidden-7')", "def f(x): return 'z'"),
])
def test_what_a_hidden_check_asked_for_is_not_in_its_message(grade, check, answer):
    text = F + f"#: check 1\nimport numpy as np\n### BEGIN HIDDEN TESTS\n{check}\n### END HIDDEN TESTS"
    result = grade(text, {"solution1": answer})
    assert only(result)[0] == 0
    assert "hidden-7" not in json.dumps(result)


def test_the_students_own_error_in_a_hidden_check_is_told(grade):
    text = F + "#: check 1\n### BEGIN HIDDEN TESTS\nassert f(2) == 4\n### END HIDDEN TESTS"
    *_, message = only(grade(text, {"solution1": "def f(x):\n    return x / 0"}))
    assert message == "ZeroDivisionError: division by zero (your code, line 2: return x / 0)"


def test_files_of_the_instructor_that_were_not_released_stay_with_the_checks(make, tmp_path):
    instructor = make.source("#: solution\nimport os\ndef f(): return sorted(os.listdir('.'))\n"
                             "#: check 1\nassert f() == ['data.txt'] and open('answers.txt').read() == '42'")
    job = make.job(make.hand_in(tmp_path, make.document(list(instructor.cells))), instructor,
                   files={"data.txt": b"", "answers.txt": b"42"})
    made = job.assignment._replace(released=frozenset({"data.txt"}))
    assert only(executor.grade(job._replace(assignment=made)))[:2] == (1, "passed")


@pytest.mark.parametrize("name", ["data.csv/x.txt", "data"])
def test_a_file_in_the_way_of_the_instructors_is_left_out(make, tmp_path, name):
    instructor = make.source(F + "#: check 1\nassert f(2) == 4")
    folder = make.hand_in(tmp_path, make.document(list(instructor.cells)))
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("")
    result = executor.grade(make.job(folder, instructor, files={"data.csv": b"1", "data/more.csv": b"2"}))
    assert only(result)[0] == 1
    assert f"{name} is in the way of a file of the assignment and left out" in result.message


def test_what_ends_a_worker_in_one_check_costs_the_cells_behind_it_nothing(grade):
    text = ("#: solution\ndef f(g): return g()\n#: check 1\nclass Odd: pass\nassert f(lambda: 1) == 1\nf(Odd())\n"
            "#: solution\ndef h(x): return x\n#: check 1\nassert h(1) == 1")
    assert [c.score for c in grade(text).checks][1] == 1


def test_data_that_the_students_code_has_to_see_is_shown_to_it_where_the_check_needs_that(make, tmp_path):
    text = ("#: solution\nlimit = 3\ndef above(xs): return [x for x in xs if x > limit]\n"
            "#: check 1\nlimit = 10\nassert above([5, 20]) == [20]\n#: check 1\nlimit = 3\nassert above([5]) == [5]")
    rehearsal = rehearse(make, tmp_path, text)
    assert rehearsal.shares == {("work", "check1"), ("work", "check2")}
    assert (rehearsal.unfit, rehearsal.forgeable) == ({}, {})
    grade = rehearsed(make, tmp_path, text)
    assert grade("limit = 3\ndef above(xs): return [x for x in xs if x > limit]").score == 2
    assert grade("limit = 3\ndef above(xs): return [x for x in xs if x > 3]").score == 1
