"""`expect`, with which hidden checks compare, tells shape, kind and pattern of a wrong answer."""

import warnings

import numpy as np
import pytest

from autograder.checks import expect, no_overflow

RIGHT = np.array([[0.5, 2.25, 4.0], [-1.5, 8.0, 3.125], [6.5, 7.75, -0.25]])
BUMPS = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 7.0], [8.0, 9.0, 11.0]])


def message_of(actual, expected=RIGHT, **options):
    with pytest.raises(AssertionError) as caught:
        expect(actual, expected, **options)
    return str(caught.value)


def test_the_right_answer_passes_in_any_float_and_as_integers():
    expect(RIGHT, RIGHT)
    expect(RIGHT.astype(np.float32), RIGHT)
    expect(np.array([1, 2]), np.array([1.0, 2.0]))
    expect(np.array([np.inf, -np.inf]), np.array([np.inf, -np.inf]))


@pytest.mark.parametrize(("actual", "words"), [
    (None, "does the function end with `return`?"),
    (RIGHT.tolist(), "must be an array"),
    ("text", "must be an array"),
    (RIGHT.astype(str), "must be real numbers"),
    (RIGHT.astype(complex), "must be real numbers"),
    (RIGHT > 1, "True and False"),
    (np.where(RIGHT > 2, RIGHT, np.nan), "nan"),
    (RIGHT[:, :2], "must have the shape (3, 3); yours has (3, 2)"),
    (RIGHT.ravel(), "the shape of the input was lost"),
    (RIGHT[0], "only the first row came back"),
    (RIGHT[-1:], "only the last row came back"),
    (RIGHT[0, 0], "only the first element came back"),
    (RIGHT[-1, -1], "only the last element came back"),
    (np.zeros((3, 3)), "everything is 0"),
    (RIGHT.astype(int), "cut to whole numbers"),
    (np.round(RIGHT, 1), "rounded to 1 digits"),
    (-RIGHT, "the sign of every value is wrong"),
    (1 - RIGHT, "1 minus the right one"),
    (RIGHT[::-1], "the right numbers stand in the wrong places"),
    (RIGHT + 0.25, "every value is off by 0.25"),
    (RIGHT * 3, "every value is 3 times the right one"),
    (RIGHT + BUMPS * [[0], [1], [1]], "only the first row is right"),
    (RIGHT + BUMPS * [[1], [1], [0]], "only the last row is right"),
    (RIGHT + BUMPS * [[1], [0], [0]], "only the first row is not right"),
    (RIGHT + BUMPS * [[0], [0], [1]], "only the last row is not right"),
    (RIGHT + BUMPS - np.eye(3) * [1, 0, 0], "only the first element is right"),
])
def test_what_is_wrong_is_told(actual, words):
    assert words in message_of(actual)


def test_a_transposed_answer_is_told():
    assert "rows and columns changed places" in message_of(RIGHT[:2].T, RIGHT[:2])


@pytest.mark.parametrize(("wrong", "words"), [
    ([1.0, -2.0, -3.0], "there the given value came back unchanged"),
    ([1.0, 7.0, 7.0], "there it is always 7"),
    ([1.0, -0.5, -0.75], "there it is 0.25 times the given value"),
    ([1.0, -1.5, -2.5], "there it is the given value with 0.5 added"),
    ([1.0, 4.0, 9.0], "the first: -2 gave 4"),
])
def test_with_the_input_given_the_wrong_places_are_described(wrong, words):
    given = np.array([1.0, -2.0, -3.0])
    assert words in message_of(np.array(wrong), np.array([1.0, 0.0, 0.0]), given=given)


def test_a_single_row_and_a_single_number_are_told_too():
    assert "wrong in 1 of 1 places" in message_of(np.array([3.0]), np.array([5.5]))
    assert "yours has ()" in message_of(3.0, np.array([[5.5, 1.0]]))


def test_an_overflow_is_seen_even_where_the_warning_is_silenced():
    def quiet():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.exp(np.array([1000.0]))

    for overflowing in (quiet, lambda: np.exp(np.array([1000.0])), lambda: np.array([1.0]) / 0.0):
        with pytest.raises(AssertionError, match=r"f: .*; mind the exponent"), no_overflow("f", "mind the exponent"):
            overflowing()


def test_a_warning_from_behind_the_wall_counts_and_others_do_not():
    with no_overflow("f", "hint"):
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        np.exp(np.array([-1000.0]))
    with pytest.raises(AssertionError, match="f: overflow; hint"), no_overflow("f", "hint"):
        warnings.warn("overflow", RuntimeWarning, stacklevel=1)
