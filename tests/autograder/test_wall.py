"""The wall between a check and the student's code, by a real, confined worker."""

import io
import time
import warnings
from contextlib import redirect_stdout

import numpy as np
import pytest

from autograder import wall
from autograder.names import Names
from autograder.values import NotPlain, StudentError

CODE = """
import warnings
import numpy as np
class Box:
    size = 3
    def __init__(self, *items): self.items = list(items)
    def add(self, item): self.items.append(item); return self
    def __len__(self): return len(self.items)
    def __getitem__(self, i): return self.items[i]
    def __str__(self): return "box"
    def __eq__(self, other): return True
    def __add__(self, other): return 42
    def __contains__(self, other): return True
    def __iter__(self): return iter(())
    def __enter__(self): return self
    def __exit__(self, *error): return True
class Big(Box): pass
class Trouble(ValueError): pass
class More(Trouble): pass
def fails(kind=More): raise kind("said")
def double(x):
    "Twice x."
    return 2 * x
def count(n):
    while n:
        yield n
        n -= 1
def push(xs, x): xs.append(x)
def apply(f, *args, **kwargs): return f(*args, **kwargs)
def talk(): print("talked")
def warn(): warnings.warn("old", DeprecationWarning)
def exits(): raise SystemExit(3)
def draw(rng=np.random): return float(rng.random())
x = 5
words = ["a"]
def get_x(): return x
"""


@pytest.fixture(scope="module")
def session():
    made = wall.Session({"data.txt": b"hello"}, wall.Options(cell_seconds=5.0, total_seconds=300.0))
    made.run(CODE)
    yield made
    made.close()


@pytest.fixture
def student(session):
    session.settle()
    return session.get


def test_plain_values_come_over_as_copies(student):
    words = student("words")
    words.append("changed here")
    assert student("words") == ["a"]


def test_an_unknown_name_is_a_name_error_here(student):
    with pytest.raises(NameError, match="'nothing' is not defined"):
        student("nothing")


def test_functions_take_and_give_plain_data(student):
    assert student("double")(4) == 8
    assert student("double")(x=np.float32(1.5)) == np.float32(3)
    assert student("double").__doc__ == "Twice x."
    assert student("double").__name__ == "double"


def test_objects_can_be_called_asked_indexed_measured_and_changed(student):
    box = student("Box")(1, 2)
    assert (len(box), box[0], box[-1], box[0:2], box.items, box.size) == (2, 1, 2, [1, 2], [1, 2], 3)
    assert str(box) == f"{box}" == "box"
    box.items = [7]
    assert box.add(8).items == [7, 8]


def test_one_object_is_one_stand_in(student):
    box = student("Box")(1)
    assert box.add(2) is box


def test_no_comparison_arithmetic_membership_or_iteration_is_left_to_the_student(student):
    box = student("Box")(1, 2)
    assert box != 3
    assert box != student("Box")(1, 2)
    with pytest.raises(TypeError):
        box + 1
    with pytest.raises(TypeError):
        assert 3 in box
    with pytest.raises(TypeError):
        list(box)
    with pytest.raises(TypeError):
        float(box)
    assert not np.array_equal(box, [1, 2])


def test_no_special_attribute_crosses(student):
    for name in ("__dict__", "__class_getitem__", "__array__", "__reduce__", "__index__", "__code__"):
        assert not hasattr(student("Box")(), name) or name == "__reduce__"


def test_kinds_of_the_students_own_classes_are_known(student):
    big, box = student("Big"), student("Box")
    assert isinstance(big(), box)
    assert not isinstance(box(), big)
    assert issubclass(big, box)
    assert not isinstance(3, box)


def test_only_what_can_be_called_is_callable(student):
    assert callable(student("double"))
    assert not callable(student("Box")())


def test_a_student_context_cannot_swallow_the_checks_exception(student):
    with pytest.raises(ZeroDivisionError), student("Box")():
        1 / 0  # noqa: B018


def test_the_students_exceptions_can_be_caught_by_their_own_and_by_builtin_classes(student):
    for kind in (student("More"), student("Trouble"), ValueError):
        with pytest.raises(kind, match=r"^said$"):
            student("fails")()
    assert issubclass(student("More"), student("Trouble"))
    with pytest.raises(SystemExit):
        student("exits")()
    with pytest.raises(KeyError):
        student("fails")(KeyError)


def test_an_exception_class_of_the_check_is_not_the_students(student):
    class More(Exception):
        pass

    with pytest.raises(ValueError, match="said") as caught:
        student("fails")()
    assert not isinstance(caught.value, More)


def test_generators_are_lazy_and_end(student):
    numbers = student("count")(2)
    assert [next(numbers), next(numbers)] == [2, 1]
    with pytest.raises(StopIteration):
        next(numbers)
    assert list(student("count")(3)) == [3, 2, 1]
    assert next(student("count")(-1)) == -1


def test_output_of_a_call_is_printed_where_the_check_prints(student):
    out = io.StringIO()
    with redirect_stdout(out):
        student("talk")()
    assert out.getvalue() == "talked\n"


def test_warnings_of_a_call_are_given_here(student):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        student("warn")()
    assert [(w.category, str(w.message)) for w in caught] == [(DeprecationWarning, "old")]


def test_functions_of_the_check_can_be_handed_over_with_keywords_and_exceptions(student):
    apply, double = student("apply"), student("double")
    assert apply(lambda a, b=1: a + b, 3, b=4) == 7
    assert apply(lambda a: double(a) + 1, 3) == 7
    assert apply(double, 5) == 10
    assert apply(np.sum, [1, 2]) == 3
    with pytest.raises(ZeroDivisionError):
        apply(lambda: 1 / 0)


def test_an_argument_that_cannot_cross_is_the_checks_fault(session, student):
    with pytest.raises(wall.CannotCross, match="argument"):
        student("double")(object())
    assert session.uncrossed is not None


def test_in_place_changes_come_back_only_where_they_are_declared(session, student):
    xs = []
    student("push")(xs, 1)
    assert xs == []
    session.in_place = frozenset({"push"})
    student("push")(xs, 1)
    student("push")(xs=xs, x=2)
    session.in_place = frozenset()
    assert xs == [1, 2]


def test_a_seed_set_here_holds_there_even_if_set_again_and_nothing_comes_back(student):
    np.random.seed(7)
    first, second = student("draw")(), student("draw")()
    assert first != second
    np.random.seed(7)
    assert student("draw")() == first
    np.random.seed(7)
    assert np.random.random() == first


def test_numbers_that_a_check_has_drawn_without_a_seed_are_not_told_by_the_random_state(session, student):
    session.run("import numpy as np\ndef state(): return np.random.get_state()[1:3]")
    state = session.get("state")
    np.random.seed(3)
    (keys, place), ours = state(), np.random.get_state()
    assert keys.tolist() == ours[1].tolist()
    state()
    np.random.random(1000)
    again, place_again = state()
    assert (again.tolist(), place_again) == (keys.tolist(), place)


def test_a_function_that_a_check_lends_answers_no_more_when_the_check_is_over(session):
    session.run("def keep(f): session_kept.append(f); return f(2)\nsession_kept = []\n"
                "def again(): return session_kept[0](2)")
    assert session.get("keep")(lambda x: x + 40) == 42
    assert session.get("again")() == 42
    session.take_back()
    with pytest.raises(RuntimeError, match="lent for the time of an earlier check"):
        session.get("again")()


def test_an_answer_of_a_lent_function_that_is_too_large_to_cross_is_the_callers_error(session):
    with pytest.raises(Exception, match="an integer of 16610 bits"):
        session.get("apply")(lambda: 10**5000)
    assert session.uncrossed is None
    assert session.get("double")(2) == 4


def test_a_generator_that_is_passed_goes_on_where_it_was(student):
    rng, again = np.random.default_rng(3), np.random.default_rng(3)
    assert [student("draw")(rng) for _ in range(3)] == [again.random() for _ in range(3)]
    assert rng.random() == np.random.default_rng(3).random()


def test_files_lie_in_the_folder_that_the_code_runs_in(session):
    assert session.run("print(open('data.txt').read())")[0]["text"] == "hello\n"


def test_a_cell_shows_its_last_value_plots_and_commands(session):
    shown = session.run("!echo hi\nimport matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\n1 + 1")
    assert shown[0]["text"] == "hi\n"
    assert {kind for output in shown[1:] for kind in output["data"]} == {"text/plain", "image/png"}
    assert shown[-1]["data"] == {"text/plain": "2"}


@pytest.mark.parametrize("line", ["%matplotlib inline", "exit()", "%config InlineBackend.figure_format = 'retina'",
                                  "%%time", "%load_ext autoreload"])
def test_ordinary_magics_do_not_stop_a_cell(session, line):
    session.run(f"{line}\nmark = {line!r}")
    assert session.get("mark") == line


def names(session, follow=True):
    made = Names(session, frozenset({"x", "get_x", "missing"}), {"own": 1})
    made.follow = follow
    return made


def test_a_function_that_a_check_binds_is_bound_on_the_students_side_and_so_is_a_deletion(session):
    made = Names(session, frozenset({"double"}), {})
    made.follow = True
    double = made["double"]
    session.run("def twice_double(x): return double(double(x))")
    made["double"] = abs
    assert session.get("twice_double")(-3) == 3
    del made["double"]
    with pytest.raises(NameError):
        session.get("twice_double")(-3)
    made["double"] = double
    assert session.get("twice_double")(-3) == -12


def test_data_that_a_check_binds_stays_here_until_the_next_of_the_students_cells(session):
    made = names(session)
    made["x"] = 9
    assert (made["x"], made["get_x"]()) == (9, 5)
    session.run("x = 6")
    assert made["x"] == 6
    made.share = True
    made["x"] = 5
    assert (made["x"], made["get_x"]()) == (5, 5)


def test_what_a_check_binds_to_a_students_name_stays_here_if_it_cannot_cross(session):
    made = names(session)
    thing = object()
    made["x"] = thing
    assert made["x"] is thing
    with pytest.raises(NotPlain):
        session.set("x", thing)


def test_names_that_are_not_the_students_are_never_asked_for(session):
    session.run("own = 2\nassert_allclose = print")
    made = names(session)
    assert made["own"] == 1
    with pytest.raises(KeyError):
        made["assert_allclose"]
    with pytest.raises(NameError):
        made["missing"]


@pytest.fixture
def own_session():
    """For tests that break it."""
    made = wall.Session({}, wall.Options(cell_seconds=0.5, total_seconds=60.0))
    made.run(CODE)
    yield made
    made.close()


def test_a_dead_worker_is_told_and_stays_stopped_until_it_is_revived(own_session):
    own_session.run("import os\ndef die(): os._exit(1)")
    own_session.set("x", 6)
    box = own_session.get("Box")(1)
    for _ in range(2):
        with pytest.raises(wall.Stopped, match="ended its own process"):
            own_session.get("die")()
    assert own_session.stopped is not None
    own_session.revive()
    assert own_session.get("x") == 5
    with pytest.raises(StudentError, match="lost"):
        box.add(1)


def test_an_endless_call_is_stopped_and_the_worker_goes_on(own_session):
    own_session.run("def endless():\n    while True: pass")
    own_session.set("x", 6)
    with pytest.raises(wall.Stopped, match=r"stopped after 0\.5 s") as caught:
        own_session.get("endless")()
    assert caught.value.limit
    own_session.revive()
    assert own_session.get("x") == 6


def test_an_exception_in_the_middle_of_a_conversation_ends_the_worker(own_session):
    def impatient():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        own_session.get("apply")(impatient)
    assert not own_session.alive
    own_session.revive()
    assert own_session.get("double")(2) == 4


def test_a_machine_that_cannot_confine_is_refused_with_its_reason(monkeypatch):
    refusal = {"kind": "refused", "message": "no user namespaces: do this"}
    monkeypatch.setattr(wall.protocol.Channel, "receive", lambda *_, **__: (refusal, []))
    with pytest.raises(wall.Refused, match="no user namespaces: do this"):
        wall.Session({}, wall.Options(total_seconds=20.0))


def test_a_worker_that_does_not_come_up_says_why():
    with pytest.raises(RuntimeError, match=r"the worker did not start: ValueError: embedded null"):
        wall.Session({"a\0b": b""}, wall.Options(total_seconds=20.0))


def test_what_one_answer_may_hold_is_an_option():
    made = wall.Session({}, wall.Options(message_bytes=2**20, message_depth=5, output_chars=1000))
    try:
        made.run("import numpy as np\ndef give(n): return np.zeros(n)\ndef nest(n): return [nest(n - 1)] if n else 0")
        assert made.get("give")(100_000).shape == (100_000,)
        with pytest.raises(ValueError, match="too large to cross"):
            made.get("give")(200_000)
        assert made.get("nest")(3) == [[[0]]]
        with pytest.raises(ValueError, match="nested deeper than 5 levels"):
            made.get("nest")(9)
        shown, = made.run("print('x' * 5000)")
        assert len(shown["text"]) == 1000
    finally:
        made.close()


def test_what_the_sandbox_ended_is_told_by_its_limit():
    made = wall.Session({}, wall.Options(cpu_seconds=1.0, total_seconds=60.0, cell_seconds=30.0))
    try:
        with pytest.raises(wall.Stopped, match="may use 1 s of processor time") as stopped:
            made.run("import os\nfor _ in range(3):\n    os.fork()\nwhile True: pass")
        assert stopped.value.limit
    finally:
        made.close()
    made = wall.Session({}, wall.Options(memory_bytes=300 * 2**20, total_seconds=60.0, cell_seconds=30.0))
    try:
        with pytest.raises(wall.Stopped, match="may use 300 MiB of memory"):
            made.run("import os, time\nfor _ in range(3):\n    os.fork()\nx = bytearray(150 * 2**20)\ntime.sleep(20)")
    finally:
        made.close()


def test_a_session_may_be_given_the_deadline_of_a_whole_submission():
    with pytest.raises(wall.Stopped, match="the whole submission may take 120 s"):
        wall.Session({}, wall.Options(), deadline=time.monotonic() - 1)


def test_without_a_wall_the_same_session_works_and_is_said_to_be_unconfined():
    made = wall.Session({"data.txt": b"x"}, wall.Options(confined=False, total_seconds=30.0))
    try:
        made.run("found = open('data.txt').read()")
        assert made.get("found") == "x"
    finally:
        made.close()
