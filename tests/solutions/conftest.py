"""What the tests of `solutions` share: no network, the small digits, Keras, and two kinds of gradients."""

import socket

import numpy as np
import pytest

from solutions.data import load_mnist
from solutions.preprocessing import prepare


@pytest.fixture(autouse=True)
def offline(monkeypatch, tmp_path):
    """No test reaches the network or this machine's own MNIST files."""

    def refuse(*_):
        raise AssertionError("a test tried to use the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.delenv("MNIST_PATH", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "no-keras-home"))


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.fixture(scope="session")
def digits():
    """The small digits, prepared: x_train, y_train, x_test, y_test."""
    (x_train, y_train), (x_test, y_test) = load_mnist(small=True)
    return prepare(x_train), y_train, prepare(x_test), y_test


@pytest.fixture(scope="session")
def keras_model():
    from solutions import keras_model

    return keras_model


@pytest.fixture(scope="session")
def keras(keras_model):
    return keras_model.keras


@pytest.fixture(scope="session")
def tape_gradient(keras):
    """tape_gradient(f, x): TensorFlow's gradient of the sum of f(x) with respect to x."""
    import tensorflow as tf

    def gradient(f, x):
        x = tf.constant(x)
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(f(x))
        return tape.gradient(total, x).numpy()

    return gradient


@pytest.fixture(scope="session")
def numerical_gradient():
    """numerical_gradient(f, x): central differences of the number f(x) for every entry of a float64 x."""

    def gradient(f, x, h=1e-6):
        result = np.empty_like(x)
        for i in np.ndindex(x.shape):
            up, down = x.copy(), x.copy()
            up[i] += h
            down[i] -= h
            result[i] = (f(up) - f(down)) / (2 * h)
        return result

    return gradient


@pytest.fixture(scope="session")
def largest_difference():
    """largest_difference(a, b): between two networks [(W, b), ...], over all weights and biases."""

    def difference(a, b):
        return max(np.abs(u - v).max() for left, right in zip(a, b, strict=True)
                   for u, v in zip(left, right, strict=True))

    return difference
