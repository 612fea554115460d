import numpy as np
import pytest

from solutions import losses
from solutions.activations import sigmoid, softmax
from solutions.losses import (
    binary_cross_entropy,
    binary_cross_entropy_from_logits,
    cross_entropy,
    cross_entropy_backward,
    cross_entropy_from_logits,
    cross_entropy_from_logits_backward,
    cross_entropy_of_scores,
    cross_entropy_of_scores_backward,
    mse,
)
from solutions.preprocessing import one_hot

Y = np.array([0, 3, 1, 1, 2])
TARGET = one_hot(Y, 4).astype(float)


@pytest.fixture
def logits(rng):
    return rng.normal(scale=3, size=(5, 4))


def cases(keras, logits):
    """For every loss: its name, its first argument, a prediction, and the loss in Keras, as functions of arrays.

    Keras reads logits off the output of its own sigmoid and softmax, so probabilities are made in NumPy here.
    """
    loss = keras.losses
    return [
        ("cross_entropy_from_logits", Y, logits, lambda z: loss.SparseCategoricalCrossentropy(from_logits=True)(Y, z)),
        ("cross_entropy", Y, softmax(logits), lambda p: loss.CategoricalCrossentropy()(TARGET, p)),
        ("cross_entropy_of_scores", Y, sigmoid(logits), lambda p: loss.SparseCategoricalCrossentropy()(Y, p)),
        ("mse", TARGET, sigmoid(logits), lambda p: loss.MeanSquaredError()(TARGET, p)),
        ("binary_cross_entropy", TARGET, sigmoid(logits), lambda p: loss.BinaryCrossentropy()(TARGET, p)),
        ("binary_cross_entropy_from_logits", TARGET, logits,
         lambda z: loss.BinaryCrossentropy(from_logits=True)(TARGET, z)),
    ]


def test_values_are_those_of_keras(keras, keras_model, logits):
    with keras_model.precision("float64"):
        for name, y, prediction, in_keras in cases(keras, logits):
            expected = float(in_keras(keras.ops.convert_to_tensor(prediction)))
            np.testing.assert_allclose(getattr(losses, name)(y, prediction), expected, rtol=1e-12, err_msg=name)


def test_gradients_are_those_of_keras(keras, keras_model, tape_gradient, logits):
    with keras_model.precision("float64"):
        for name, y, prediction, in_keras in cases(keras, logits):
            if name != "cross_entropy":
                expected = tape_gradient(in_keras, prediction)
                np.testing.assert_allclose(getattr(losses, f"{name}_backward")(y, prediction), expected,
                                           rtol=1e-10, atol=1e-12, err_msg=name)


def test_gradients_are_the_slopes_of_the_losses(keras, numerical_gradient, logits):
    for name, y, prediction, _ in cases(keras, logits / 3):
        expected = numerical_gradient(lambda p, name=name, y=y: getattr(losses, name)(y, p), prediction)
        np.testing.assert_allclose(getattr(losses, f"{name}_backward")(y, prediction), expected,
                                   rtol=1e-6, atol=1e-8, err_msg=name)


def test_the_float_dtype_is_kept_and_no_argument_is_changed(keras, logits):
    for name, y, prediction, _ in cases(keras, logits):
        y, p = y.astype(np.float32) if y is TARGET else y, prediction.astype(np.float32)
        before = p.copy()
        assert getattr(losses, name)(y, p).dtype == np.float32, name
        assert getattr(losses, f"{name}_backward")(y, p).dtype == np.float32, name
        np.testing.assert_array_equal(p, before, err_msg=name)


def test_the_softmax_chain_rule_agrees_with_the_short_cut(logits):
    from solutions.activations import softmax_backward

    long_way = softmax_backward(cross_entropy_backward(Y, softmax(logits)), logits)
    np.testing.assert_allclose(long_way, cross_entropy_from_logits_backward(Y, logits), rtol=1e-12, atol=1e-14)


def test_cross_entropy_counts_only_the_true_class_by_hand():
    p = np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]])
    np.testing.assert_allclose(cross_entropy(np.array([0, 2]), p), -(np.log(0.5) + np.log(0.8)) / 2)


def test_a_wrong_certainty_costs_16_and_a_right_one_next_to_nothing():
    p = np.array([[0.0, 1.0]])
    np.testing.assert_allclose(cross_entropy(np.array([0]), p), -np.log(1e-7))
    np.testing.assert_allclose(cross_entropy(np.array([1]), p), 1e-7, rtol=1e-6)


def test_a_clipped_probability_has_no_gradient():
    p = np.array([[0.0, 1.0], [0.25, 0.75]])
    np.testing.assert_array_equal(cross_entropy_backward(np.array([0, 0]), p), [[0, 0], [-2, 0]])
    np.testing.assert_array_equal(cross_entropy_of_scores_backward(np.array([0, 1]), p)[0], [0, 0])


def test_a_clipped_probability_has_no_gradient_in_keras_either(keras, keras_model, tape_gradient):
    p, y = np.array([[0.0, 1.0, 0.5], [0.25, 0.5, 0.125]]), np.array([0, 1])
    target = one_hot(y, 3).astype(float)
    with keras_model.precision("float64"):
        expected = tape_gradient(lambda p: keras.losses.SparseCategoricalCrossentropy()(y, p), p)
        np.testing.assert_allclose(cross_entropy_of_scores_backward(y, p), expected, rtol=1e-10)
        expected = tape_gradient(lambda p: keras.losses.BinaryCrossentropy()(target, p), p)
        np.testing.assert_allclose(losses.binary_cross_entropy_backward(target, p), expected, rtol=1e-10)


def test_logits_of_any_size_give_finite_losses():
    z = np.array([[2000.0, -2000.0]])
    assert cross_entropy_from_logits(np.array([1]), z) == 4000
    assert binary_cross_entropy_from_logits(np.array([[0.0, 1.0]]), z) == 2000


def test_the_three_forms_agree_on_a_distribution(logits):
    p = softmax(logits)
    np.testing.assert_allclose(cross_entropy(Y, p), cross_entropy_from_logits(Y, logits), rtol=1e-12)
    np.testing.assert_allclose(cross_entropy_of_scores(Y, p), cross_entropy_from_logits(Y, logits), rtol=1e-6)


def test_the_three_forms_differ_on_sigmoid_outputs(logits):
    three = (cross_entropy_from_logits(Y, logits), cross_entropy_of_scores(Y, sigmoid(logits)),
             cross_entropy(Y, sigmoid(logits)))
    assert np.ptp(three) > 0.1
    assert len({round(float(value), 3) for value in three}) == 3


@pytest.mark.parametrize("head", ["sigmoid", "softmax"])
def test_keras_trains_softmax_cross_entropy_of_the_logits_whatever_the_head(keras, tape_gradient, logits, head):
    z = logits.astype(np.float32)
    loss = keras.losses.SparseCategoricalCrossentropy()
    np.testing.assert_allclose(tape_gradient(lambda z: loss(Y, getattr(keras.activations, head)(z)), z),
                               cross_entropy_from_logits_backward(Y, z), rtol=1e-4, atol=1e-7)


def test_keras_takes_the_scores_as_they_are_once_the_logits_are_lost(keras, logits):
    import tensorflow as tf

    value = keras.losses.SparseCategoricalCrossentropy()(Y, tf.nn.sigmoid(logits.astype(np.float32)))
    np.testing.assert_allclose(cross_entropy_of_scores(Y, sigmoid(logits)), float(value), rtol=1e-5)


def test_mean_squared_error_by_hand():
    assert mse(np.array([[0.0, 1.0]]), np.array([[3.0, 0.0]])) == 5


def test_binary_cross_entropy_of_a_coin_is_the_logarithm_of_two():
    np.testing.assert_allclose(binary_cross_entropy(TARGET, np.full((5, 4), 0.5)), np.log(2))
