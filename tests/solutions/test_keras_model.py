import os
import subprocess
import sys

import numpy as np
import pytest

from solutions.activations import sigmoid
from solutions.data import load_mnist
from solutions.network import forward
from solutions.training import schedule


def test_the_default_is_the_model_of_the_notebook(keras_model):
    model = keras_model.build_model()
    first, last = model.layers
    assert model.count_params() == 79_510
    assert (first.units, first.activation.__name__) == (100, "relu")
    assert (last.units, last.activation.__name__) == (10, "sigmoid")
    assert type(model.optimizer).__name__ == "Adam"
    assert model.loss == "sparse_categorical_crossentropy"


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_parameters_survive_the_way_out_and_in_and_predict_the_same(keras_model, rng, dtype):
    model, other = (keras_model.build_model((6, 5, 4), dtype=dtype) for _ in range(2))
    params = keras_model.parameters(model)
    keras_model.set_parameters(other, params)
    for (W, b), (W2, b2) in zip(params, keras_model.parameters(other), strict=True):
        np.testing.assert_array_equal(W, W2)
        np.testing.assert_array_equal(b, b2)
    x = rng.normal(size=(3, 6)).astype(dtype)
    np.testing.assert_allclose(sigmoid(forward(params, x)[0]), model(x), rtol=1e-5)


def test_parameters_are_copies(keras_model):
    model = keras_model.build_model((3, 2))
    keras_model.parameters(model)[0][0][:] = 7
    assert not (keras_model.parameters(model)[0][0] == 7).any()


def test_parameters_of_another_network_are_refused(keras_model):
    model = keras_model.build_model((3, 2))
    with pytest.raises(ValueError, match="build both from the same `sizes`"):
        keras_model.set_parameters(model, [(np.zeros((3, 4)), np.zeros(4))])


def test_sigmoid_and_softmax_heads_train_alike(keras_model, digits, largest_difference):
    x, y, *_ = digits
    order = schedule(500, 32, 2, np.random.default_rng(1))
    trained = []
    for head in ("sigmoid", "softmax"):
        keras_model.keras.utils.set_random_seed(1)
        model = keras_model.build_model(head=head)
        history = keras_model.fit_in_order(model, x, y, order)
        trained.append((keras_model.parameters(model), history["loss"]))
    assert largest_difference(trained[0][0], trained[1][0]) <= 1e-6
    np.testing.assert_allclose(trained[0][1], trained[1][1], rtol=1e-6)


def test_training_in_order_is_training_in_this_order(keras_model, rng):
    x, y = rng.normal(size=(6, 3)), np.array([0, 1, 0, 1, 0, 1])
    start, results = None, []
    for order in ([[0, 1], [2, 3], [4, 5]], [[4, 5], [2, 3], [0, 1]], [[0, 1], [2, 3], [4, 5]]):
        model = keras_model.build_model((3, 2), optimizer=keras_model.keras.optimizers.SGD(1.0))
        start = start or keras_model.parameters(model)
        keras_model.set_parameters(model, start)
        history = keras_model.fit_in_order(model, x, y, [[np.array(rows) for rows in order]])
        results.append(history["loss"])
    assert results[0] == pytest.approx(results[2], rel=1e-6)
    assert results[0] != pytest.approx(results[1], rel=1e-3)


@pytest.mark.parametrize("sizes", [[2, 3], [3, 2, 3]])
def test_batches_that_keras_could_not_cut_are_refused(keras_model, sizes):
    model = keras_model.build_model((3, 2))
    rows = np.split(np.arange(sum(sizes)), np.cumsum(sizes)[:-1])
    with pytest.raises(ValueError, match="only the last may have fewer"):
        keras_model.fit_in_order(model, np.zeros((9, 3)), np.zeros(9, int), [rows])


def test_precision_ends_with_its_block_even_after_an_error(keras_model):
    keras = keras_model.keras

    def fail():
        with keras_model.precision("float64"):
            assert (keras.config.floatx(), keras.config.dtype_policy().name) == ("float64", "float64")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (keras.config.floatx(), keras.config.dtype_policy().name) == ("float32", "float32")


def test_what_was_downloaded_is_found_from_then_on(keras_model, tmp_path, monkeypatch, rng):
    def download():
        (tmp_path / "datasets").mkdir()
        x, y = rng.integers(0, 256, size=(12, 28, 28), dtype=np.uint8), np.arange(12, dtype=np.uint8) % 10
        np.savez(tmp_path / "datasets" / "mnist.npz", x_train=x, y_train=y, x_test=x[:2], y_test=y[:2])
        return (x, y), (x[:2], y[:2])

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(keras_model.keras.datasets.mnist, "load_data", download)
    (downloaded, _), _ = keras_model.download_mnist()
    (found, _), _ = load_mnist()
    assert len(downloaded) == 12
    np.testing.assert_array_equal(found, downloaded)


def test_another_backend_is_refused():
    result = subprocess.run([sys.executable, "-c", "import solutions.keras_model"], capture_output=True, text=True,
                            env=os.environ | {"KERAS_BACKEND": "jax"}, check=False)
    assert result.returncode == 1
    assert "needs Keras on TensorFlow, got KERAS_BACKEND=jax" in result.stderr


def test_only_this_module_loads_tensorflow_and_it_does_so_silently():
    """A notebook would show whatever TensorFlow writes to stderr."""
    code = ("import sys\n"
            "import solutions.data, solutions.preprocessing, solutions.activations, solutions.losses\n"
            "import solutions.optimizers, solutions.network, solutions.training, solutions.evaluation\n"
            "assert not {'tensorflow', 'keras'} & set(sys.modules)\n"
            "import solutions.keras_model\n"
            "assert {'tensorflow', 'keras'} <= set(sys.modules)\n"
            "model = solutions.keras_model.build_model((2, 2))\n"
            "print(model.count_params())\n")
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, "6\n", "")
