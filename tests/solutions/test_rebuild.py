import numpy as np
import pytest

from solutions import network, rebuild, training
from solutions.losses import cross_entropy_from_logits


@pytest.fixture
def small(rng):
    """A network of two hidden layers in float64 and a batch for it: layers, x, y."""
    layers = [(W, rng.normal(scale=0.1, size=b.shape)) for W, b in rebuild.initialise((6, 5, 4, 3), rng)]
    return layers, rng.normal(size=(7, 6)), rng.integers(0, 3, size=7)


def assert_same(ours, expected, tolerance=0.0):
    """Between two lists of pairs, each array to each."""
    assert len(ours) == len(expected)
    for left, right in zip(ours, expected, strict=True):
        for a, b in zip(left, right, strict=True):
            np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


def test_the_network_of_the_notebook_has_79510_parameters(rng):
    layers = rebuild.initialise((784, 100, 10), rng)
    assert network.count_parameters(layers) == 79_510
    assert [(W.shape, b.shape) for W, b in layers] == [((784, 100), (100,)), ((100, 10), (10,))]


def test_initial_weights_are_glorots_and_biases_0():
    layers = rebuild.initialise((784, 100, 10), np.random.default_rng(3))
    assert_same(layers, network.initialise((784, 100, 10), np.random.default_rng(3), np.float64))


def test_initial_weights_have_the_bounds_and_the_spread_of_keras(keras, rng):
    (W, _), = rebuild.initialise((784, 100), rng)
    theirs = np.asarray(keras.initializers.GlorotUniform(seed=1)((784, 100)))
    np.testing.assert_allclose([abs(W).max(), W.std()], [abs(theirs).max(), theirs.std()], rtol=0.01)


def test_forward_is_the_general_one_with_relu(small):
    layers, x, _ = small
    logits, trace = rebuild.forward(layers, x)
    expected, general = network.forward(layers, x)
    np.testing.assert_array_equal(logits, expected)
    assert_same(trace, general)


def test_gradients_are_those_of_differences(small, rng, numerical_gradient):
    layers, x, y = small
    logits, trace = rebuild.forward(layers, x)
    gradients = rebuild.backward(layers, trace, rebuild.cross_entropy_from_logits_backward(y, logits))
    for number, pair in enumerate(layers):
        for place, array in enumerate(pair):

            def loss(value, number=number, place=place):
                changed = [list(layer) for layer in layers]
                changed[number][place] = value
                return cross_entropy_from_logits(y, rebuild.forward(changed, x)[0])

            np.testing.assert_allclose(gradients[number][place], numerical_gradient(loss, array), atol=1e-7)


def test_training_is_fit_step_by_step(small):
    layers, x, y = small
    epochs = [[np.array([0, 1, 2]), np.array([3, 4, 5]), np.array([6])], [np.array([5, 0, 6]), np.array([1])]]
    ours, losses = rebuild.train(layers, x, y, epochs)
    expected, history = training.fit(layers, x, y, epochs)
    assert_same(ours, expected, 1e-14)
    sizes = [len(rows) for epoch in epochs for rows in epoch]
    np.testing.assert_allclose([np.average(losses[:3], weights=sizes[:3]), np.average(losses[3:], weights=sizes[3:])],
                               history.loss)


def test_float32_stays_float32(small):
    layers, x, y = small
    layers = [(W.astype(np.float32), b.astype(np.float32)) for W, b in layers]
    trained, _ = rebuild.train(layers, x.astype(np.float32), y, [[np.arange(7)]] * 2)
    assert {array.dtype for layer in trained for array in layer} == {np.dtype(np.float32)}


def test_predictions_are_the_largest_logits_and_the_first_of_equal_ones(small):
    layers, x, _ = small
    np.testing.assert_array_equal(rebuild.predict(layers, x), network.forward(layers, x)[0].argmax(axis=1))
    assert rebuild.predict([(np.zeros((6, 3)), np.array([1.0, 2.0, 2.0]))], x[:1]).tolist() == [1]


def test_no_argument_is_changed(small):
    layers, x, y = small
    m, v = ([(np.full_like(W, 0.1), np.full_like(b, 0.2)) for W, b in layers] for _ in range(2))
    arrays = [x, *(array for pairs in (layers, m, v) for pair in pairs for array in pair)]
    before = [array.copy() for array in arrays]
    rebuild.training_step(layers, m, v, 2, x, y)
    rebuild.train(layers, x, y, [[np.arange(7)]])
    rebuild.predict(layers, x)
    for array, copy in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)
