"""Values: what crosses unchanged, and what is refused."""

import json
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from autograder import values
from autograder.values import BadMessage, NotPlain, decode, encode

Point = namedtuple("Point", "x y")


def crossed(value):
    """A value after its way through the wire's form."""
    node, blobs = encode(value)
    return decode(json.loads(json.dumps(node)), blobs)


PLAIN = [None, True, False, 0, -1, 2**53, -(2**200), 1.5, float("inf"), -0.0, "", "ünï\ud800", b"", b"\x00\xff", 1 + 2j,
         [], [1, [2]], (), (1, (2,)), set(), {1, 2.5}, frozenset({1}), {}, {"a": [1]}, {(1, 2): None}, range(1, 10, 3),
         Counter("aab"), OrderedDict(b=1, a=2), deque([1, 2], maxlen=3), Point(1, [2]), date(2024, 2, 29),
         datetime(2024, 2, 29, 12, 30, 1, 5), datetime(2024, 1, 1, tzinfo=UTC), timedelta(-1, 5, 7), Fraction(-1, 3),
         Decimal("1.20"), {"a": 1}.keys(), {"a": 1}.items()]


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_data_crosses_unchanged(value):
    found = crossed(value)
    assert found == value
    assert repr(found) == repr(value)


def test_numbers_that_equal_nothing_cross_too():
    assert np.isnan(crossed(float("nan")))
    assert crossed(Decimal("NaN")).is_nan()


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint64", "float16", "float32", ">f8", "longdouble", "complex64",
                                   "U5", "S3", "datetime64[s]", "timedelta64[ms]"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3)])
def test_arrays_keep_dtype_shape_and_values(dtype, shape):
    array = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(dtype)
    found = crossed(array)
    assert (type(found), found.dtype, found.shape) == (np.ndarray, array.dtype, array.shape)
    assert np.array_equal(found, array)


def test_a_received_array_can_be_written_to():
    found = crossed(np.zeros(3))
    found[0] = 1
    assert found.tolist() == [1, 0, 0]


@pytest.mark.parametrize("value", [np.float32(1.5), np.int8(-3), np.bool_(True), np.complex128(1j), np.str_("ab"),
                                   np.datetime64("2024-02-03")], ids=repr)
def test_numpy_scalars_keep_their_type(value):
    assert crossed(value) == value
    assert type(crossed(value)) is type(value)


def test_array_views_and_other_orders_of_memory_cross_by_value():
    array = np.arange(12.0).reshape(3, 4)
    assert np.array_equal(crossed(array[::2, ::-1].T), array[::2, ::-1].T)


def test_subclasses_arrive_as_what_they_are_made_of():
    class Lying(list):
        def __eq__(self, other):
            return True

    class Sub(np.ndarray):
        pass

    class Whole(int):
        pass

    assert type(crossed(Lying([1]))) is list
    assert type(crossed(np.zeros(2).view(Sub))) is np.ndarray
    assert type(crossed(Whole(3))) is int


def test_a_default_dictionary_keeps_a_builtin_factory_and_no_other():
    assert crossed(defaultdict(list, a=[1]))["new"] == []
    with pytest.raises(KeyError):
        crossed(defaultdict(lambda: 3))["new"]


@pytest.mark.parametrize("value", [
    pytest.param(object(), id="object"), pytest.param(print, id="function"), pytest.param(int, id="class"),
    pytest.param(iter([]), id="iterator"), pytest.param(np.array([None]), id="object array"),
    pytest.param(np.zeros(1, "i4,f4"), id="structured array"), pytest.param(2**10_000, id="huge integer")])
def test_what_is_no_plain_data_does_not_cross(value):
    with pytest.raises(NotPlain):
        encode(value)


def test_a_list_that_contains_itself_does_not_cross():
    endless = []
    endless.append(endless)
    with pytest.raises(NotPlain, match="containing itself"):
        encode(endless)


MALFORMED = [[1], {"a": 1, "b": 2}, {}, {"eval": "1"}, {"object": [0, "f", True]}, {"array": ["|O", [1], 0]},
             {"array": ["<f8", [2], 0]}, {"array": ["<f8", [-1], 0]}, {"array": ["<f8", [1] * 40, 0]},
             {"array": ["<f8", [2**62, 2**62], 0]}, {"array": ["f8,i4", [1], 0]}, {"array": [None, [1], 0]},
             {"bytes": 5}, {"bytes": -1}, {"bytes": "0"}, {"bytes": True}, {"int": "x"}, {"int": "f" * 5000},
             {"list": {}}, {"list": "ab"}, {"dict": [[{"list": []}, 1]]}, {"dict": 5}, {"set": [{"list": []}]},
             {"complex": []}, {"range": [0, 1, 0]}, {"scalar": ["<f8", 3]}, {"Decimal": "1e99999999"},
             {"Decimal": "x"}, {"Fraction": [1, 0]}, {"Fraction": [1.5, 2]}, {"date": "never"}, {"datetime": 5},
             {"timedelta": ["a"]}, {"deque": [[], "x"]}, {"defaultdict": ["eval", []]}, {"dict_items": [1]},
             {"named": ["a b", ["x"], [1]]}, {"named": ["P", ["__class__"], [1]]}, {"named": ["P", ["x"], [1, 2]]},
             {"named": ["P", [5], [1]]}]


@pytest.mark.parametrize("node", MALFORMED, ids=lambda node: json.dumps(node)[:50])
def test_a_malformed_value_is_refused(node):
    with pytest.raises(BadMessage):
        decode(node, [bytes(8)])


def test_a_value_nested_deeper_than_allowed_is_refused():
    node = 1
    for _ in range(values.MAX_DEPTH + 2):
        node = {"list": [node]}
    with pytest.raises(BadMessage, match="nested"):
        decode(node, [])


def test_bytes_that_were_sent_once_cannot_be_used_twice():
    one = {"array": ["<f8", [1], 0]}
    with pytest.raises(BadMessage, match="not sent"):
        decode({"list": [one, one]}, [bytes(8)])


class Own(StopIteration):
    pass


@pytest.mark.parametrize("error", [StopIteration(4), StopAsyncIteration(), Own()], ids=repr)
def test_an_exception_that_would_end_an_iteration_of_the_checks_crosses_as_another(error):
    found = values.exception(json.loads(json.dumps(values.describe(error))))
    assert not isinstance(found, StopIteration | StopAsyncIteration)
    assert type(error).__name__ in str(found)


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("k"), ZeroDivisionError(), FileNotFoundError(2, "no", "f"),
                                   SystemExit(3), np.linalg.LinAlgError("singular")], ids=repr)
def test_builtin_exceptions_cross_as_the_same_class_and_text(error):
    found = values.exception(json.loads(json.dumps(values.describe(error))))
    assert (type(found), str(found)) == (type(error), str(error))


def test_the_arguments_of_an_exception_cross_with_it():
    assert values.exception(values.describe(KeyError("k"))).args == ("k",)
    assert values.exception(values.describe(SystemExit(3))).code == 3


@pytest.mark.parametrize("error", [KeyboardInterrupt(), GeneratorExit()], ids=repr)
def test_exceptions_that_end_programs_arrive_as_ordinary_ones(error):
    assert type(values.exception(values.describe(error))) is values.StudentError


def test_an_exception_that_cannot_be_shown_still_crosses():
    class Evil(ValueError):
        def __str__(self):
            raise SystemExit

    found = values.exception(values.describe(Evil()))
    assert isinstance(found, ValueError)
    assert str(found) == "Evil: (no message)"


@pytest.mark.parametrize("described", [{}, {"types": None}, {"types": [5, None]}, {"types": ["type"]},
                                       {"types": ["ValueError"], "args": {"eval": 1}, "message": None},
                                       {"types": ["UnicodeDecodeError"], "message": "m"}], ids=str)
def test_a_forged_exception_is_an_ordinary_one(described):
    assert isinstance(values.exception(described), Exception)
