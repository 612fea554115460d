import warnings

import numpy as np
import pytest

from solutions import activations
from solutions.activations import leaky_relu, log_softmax, relu, relu_backward, sigmoid, softmax, softmax_backward

ELEMENTWISE = ["relu", "leaky_relu", "sigmoid", "tanh", "elu", "silu", "gelu"]
ROWWISE = ["softmax", "log_softmax"]
Z = np.array([[-30.0, -2.5, -0.75, -1e-3], [0.0, 1e-3, 0.6, 1.9], [3.3, 8.0, 25.0, -7.0]])


def tolerance(name, dtype):
    """TensorFlow holds the constants of leaky_relu and gelu in float32 whatever the dtype."""
    return 2e-6 if dtype == "float32" or name in ("leaky_relu", "gelu") else 1e-13


@pytest.fixture(autouse=True)
def warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ELEMENTWISE + ROWWISE)
def test_values_are_those_of_keras(keras, name, dtype):
    expected = np.asarray(getattr(keras.ops, name)(Z.astype(dtype)))
    np.testing.assert_allclose(getattr(activations, name)(Z.astype(dtype)), expected,
                               rtol=tolerance(name, dtype), atol=tolerance(name, dtype))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", [*ELEMENTWISE, "softmax"])
def test_gradients_are_those_of_keras_also_at_zero(keras, tape_gradient, rng, name, dtype):
    z, d = Z.astype(dtype), rng.normal(size=Z.shape).astype(dtype)
    expected = tape_gradient(lambda x: d * getattr(keras.ops, name)(x), z)
    np.testing.assert_allclose(getattr(activations, f"{name}_backward")(d, z), expected,
                               rtol=tolerance(name, dtype), atol=tolerance(name, dtype))


@pytest.mark.parametrize("name", [*ELEMENTWISE, "softmax"])
def test_gradients_are_the_slopes_of_the_functions(numerical_gradient, rng, name):
    z, d = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    expected = numerical_gradient(lambda x: (d * getattr(activations, name)(x)).sum(), z)
    np.testing.assert_allclose(getattr(activations, f"{name}_backward")(d, z), expected, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize(("name", "keyword"), [("leaky_relu", "negative_slope"), ("elu", "alpha")])
def test_the_parameter_means_what_it_means_in_keras(keras, tape_gradient, name, keyword):
    expected = np.asarray(getattr(keras.ops, name)(Z, **{keyword: 0.25}))
    np.testing.assert_allclose(getattr(activations, name)(Z, **{keyword: 0.25}), expected, rtol=1e-12)
    slope = tape_gradient(lambda x: getattr(keras.ops, name)(x, **{keyword: 0.25}), Z)
    backward = getattr(activations, f"{name}_backward")
    np.testing.assert_allclose(backward(np.ones_like(Z), Z, **{keyword: 0.25}), slope, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("name", ELEMENTWISE + ROWWISE)
def test_the_float_dtype_is_kept(name, dtype):
    z = np.array([[-1, 0, 2]], dtype)
    assert getattr(activations, name)(z).dtype == dtype
    if name != "log_softmax":
        assert getattr(activations, f"{name}_backward")(z, z).dtype == dtype


@pytest.mark.parametrize("name", ELEMENTWISE + ROWWISE)
def test_integers_are_taken_as_floats(name):
    function = getattr(activations, name)
    np.testing.assert_array_equal(function(np.array([[-2, 0, 3]])), function(np.array([[-2.0, 0.0, 3.0]])))


@pytest.mark.parametrize("function", [relu, sigmoid, leaky_relu])
def test_pixels_do_not_wrap_around(function):
    np.testing.assert_array_equal(function(np.array([0, 1, 255], np.uint8)), function(np.array([0.0, 1.0, 255.0])))


@pytest.mark.parametrize("name", ELEMENTWISE + ROWWISE)
def test_no_argument_is_changed(name):
    z, d = Z.copy(), np.ones_like(Z)
    getattr(activations, name)(z)
    if name != "log_softmax":
        getattr(activations, f"{name}_backward")(d, z)
    np.testing.assert_array_equal(z, Z)
    np.testing.assert_array_equal(d, np.ones_like(Z))


def test_relu_keeps_infinity_and_cuts_minus_infinity():
    np.testing.assert_array_equal(relu(np.array([-np.inf, -0.5, 0.5, np.inf])), [0, 0, 0.5, np.inf])


def test_relu_passes_a_gradient_only_where_z_is_above_zero():
    np.testing.assert_array_equal(relu_backward(np.array([-3.0, 4.0, -5.0]), np.array([-1.0, 0.0, 2.0])), [0, 0, -5])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_sigmoid_survives_a_thousand(dtype):
    np.testing.assert_array_equal(sigmoid(np.array([-1000, 0, 1000], dtype)), [0, 0.5, 1])
    np.testing.assert_array_equal(sigmoid(np.array([-np.inf, np.inf], dtype)), [0, 1])


@pytest.mark.parametrize("name", [*ELEMENTWISE, "softmax"])
def test_a_thousand_overflows_nowhere(name):
    z = np.array([[-1000, 1000]], np.float32)
    assert np.isfinite(getattr(activations, name)(z)).all()
    assert np.isfinite(getattr(activations, f"{name}_backward")(np.ones_like(z), z)).all()


def test_sigmoid_is_precise_in_both_tails():
    np.testing.assert_allclose(sigmoid(np.array([-100.0, 12.0])), [np.exp(-100.0), 1 / (1 + np.exp(-12.0))], rtol=1e-15)


def test_sigmoid_takes_single_numbers():
    assert sigmoid(0) == 0.5


def test_softmax_survives_large_logits():
    np.testing.assert_allclose(softmax(np.array([[1000.0, 1000.0], [-1000.0, -1000.0]])), [[0.5, 0.5], [0.5, 0.5]])


def test_softmax_treats_every_row_by_itself():
    z = np.array([[1000.0, 1001.0, 999.0], [-1000.0, -999.0, -1001.0], [0.0, 1.0, -1.0]])
    np.testing.assert_allclose(softmax(z), np.tile(softmax(z[2]), (3, 1)))
    np.testing.assert_allclose(softmax(z).sum(axis=1), 1)


def test_softmax_of_one_row_may_be_one_dimensional():
    np.testing.assert_allclose(softmax(np.log([1.0, 2.0, 5.0])), [0.125, 0.25, 0.625])


def test_softmax_backward_is_blind_to_a_shift_of_the_whole_row():
    np.testing.assert_allclose(softmax_backward(np.full_like(Z, 3.0), Z), 0, atol=1e-15)


def test_log_softmax_is_finite_where_the_probability_is_zero():
    np.testing.assert_array_equal(log_softmax(np.array([[0.0, 2000.0]])), [[-2000, 0]])
