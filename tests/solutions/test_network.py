import numpy as np
import pytest

from solutions.losses import cross_entropy_from_logits, cross_entropy_from_logits_backward
from solutions.network import (
    HIDDEN,
    backward,
    count_parameters,
    dense,
    dense_backward,
    forward,
    glorot_uniform,
    initialise,
)

Y = np.array([0, 2, 1, 1, 0, 2])


@pytest.fixture
def network(rng):
    """Two hidden layers, with biases that are not 0."""
    return [(W, rng.normal(size=b.shape)) for W, b in initialise((5, 4, 4, 3), rng, np.float64)]


@pytest.fixture
def x(rng):
    return rng.normal(size=(6, 5))


@pytest.mark.parametrize(("n_in", "n_out", "limit"), [(784, 100, 0.0824), (100, 10, 0.2335)])
def test_initial_weights_are_spread_like_those_of_keras(keras, rng, n_in, n_out, limit):
    ours = glorot_uniform(n_in, n_out, rng)
    theirs = np.asarray(keras.initializers.GlorotUniform(seed=1)((n_in, n_out)))
    quantiles = np.linspace(0, 1, 11)
    for weights in (ours, theirs):
        assert weights.shape == (n_in, n_out)
        np.testing.assert_allclose(np.quantile(weights, quantiles), limit * (2 * quantiles - 1), atol=0.1 * limit)
        np.testing.assert_allclose(weights.var(), 2 / (n_in + n_out), rtol=0.05)
        assert np.abs(weights).max() <= np.sqrt(6 / (n_in + n_out))


def test_the_digits_model_has_79510_parameters_and_starts_with_biases_of_zero(rng):
    params = initialise((784, 100, 10), rng)
    assert count_parameters(params) == 79_510
    assert [(W.shape, W.dtype, b.shape, b.dtype) for W, b in params] == [
        ((784, 100), np.float32, (100,), np.float32), ((100, 10), np.float32, (10,), np.float32)]
    assert not any(b.any() for _, b in params)


def test_initial_weights_follow_their_generator():
    first, again, other = (initialise((3, 2), np.random.default_rng(seed))[0][0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).all()


@pytest.mark.parametrize("sizes", [(784,), (784, 0, 10), ()])
def test_initialise_refuses_a_network_without_layers_or_units(rng, sizes):
    with pytest.raises(ValueError, match=r"sizes must name the inputs and at least one layer.*\(784, 100, 10\)"):
        initialise(sizes, rng)


def test_dense_is_the_dense_layer_of_keras(keras, keras_model, rng, x):
    W, b = rng.normal(size=(5, 3)), rng.normal(size=3)
    with keras_model.precision("float64"):
        layer = keras.layers.Dense(3)
        layer.build((None, 5))
        layer.set_weights([W, b])
        np.testing.assert_allclose(dense(x, W, b), layer(x), rtol=1e-13)


@pytest.mark.parametrize(("n", "n_in", "n_out"), [(1, 1, 1), (3, 3, 3), (5, 4, 3)])
def test_dense_backward_is_the_gradient_of_tensorflow(keras, tape_gradient, rng, n, n_in, n_out):
    x, W, d, b = (rng.normal(size=size) for size in ((n, n_in), (n_in, n_out), (n, n_out), n_out))
    dW, db, dx = dense_backward(x, W, d)
    ops = keras.ops
    np.testing.assert_allclose(dW, tape_gradient(lambda W: d * (ops.matmul(x, W) + b), W), rtol=1e-12)
    np.testing.assert_allclose(db, tape_gradient(lambda b: d * (ops.matmul(x, W) + b), b), rtol=1e-12)
    np.testing.assert_allclose(dx, tape_gradient(lambda x: d * (ops.matmul(x, W) + b), x), rtol=1e-12)


@pytest.mark.parametrize("hidden", HIDDEN)
def test_the_whole_network_and_its_gradients_are_those_of_keras(keras, keras_model, network, x, hidden):
    import tensorflow as tf

    logits, trace = forward(network, x, hidden)
    gradients = backward(network, trace, cross_entropy_from_logits_backward(Y, logits), hidden)
    # keras.activations.gelu would be the exact form; see solutions.activations.gelu
    in_keras = keras.ops.gelu if hidden == "gelu" else hidden
    with keras_model.precision("float64"):
        model = keras_model.build_model((5, 4, 4, 3), in_keras, head="linear", dtype="float64")
        keras_model.set_parameters(model, network)
        with tf.GradientTape() as tape:
            theirs = model(x)
            loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(Y, theirs)
        expected = tape.gradient(loss, [v.value for v in model.trainable_variables])
    # TensorFlow holds the constants of leaky_relu and gelu in float32
    tolerance = 1e-6 if hidden in ("leaky_relu", "gelu") else 1e-12
    np.testing.assert_allclose(logits, theirs, rtol=tolerance)
    for ours, reference in zip([array for layer in gradients for array in layer], expected, strict=True):
        np.testing.assert_allclose(ours, reference, rtol=10 * tolerance, atol=tolerance)


def test_gradients_are_the_slopes_of_the_loss(network, x, numerical_gradient):
    logits, trace = forward(network, x, "tanh")
    gradients = backward(network, trace, cross_entropy_from_logits_backward(Y, logits), "tanh")
    for layer, pair in enumerate(network):
        for part in (0, 1):

            def loss(values, layer=layer, part=part):
                changed = [list(pair) for pair in network]
                changed[layer][part] = values
                return cross_entropy_from_logits(Y, forward(changed, x, "tanh")[0])

            np.testing.assert_allclose(gradients[layer][part], numerical_gradient(loss, pair[part]), atol=1e-8)


def test_a_network_without_a_hidden_layer_is_one_dense_layer(rng, x):
    params = initialise((5, 3), rng, np.float64)
    logits, trace = forward(params, x)
    np.testing.assert_array_equal(logits, dense(x, *params[0]))
    (dW, db), = backward(params, trace, np.ones_like(logits))
    np.testing.assert_allclose(dW, np.repeat(x.sum(axis=0)[:, None], 3, axis=1))
    np.testing.assert_array_equal(db, [6, 6, 6])


def test_forward_and_backward_change_no_argument(network, x):
    before = [x.copy(), *(array.copy() for layer in network for array in layer)]
    logits, trace = forward(network, x)
    d = np.ones_like(logits)
    backward(network, trace, d)
    for array, copy in zip([x, *(array for layer in network for array in layer)], before, strict=True):
        np.testing.assert_array_equal(array, copy)
    np.testing.assert_array_equal(d, np.ones_like(logits))


def test_an_unknown_activation_is_named_together_with_the_known_ones(network, x):
    with pytest.raises(ValueError, match=r"hidden must be one of relu, .*, got 'rely'"):
        forward(network, x, "rely")
