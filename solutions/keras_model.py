"""The notebook's model in Keras: build it, train it in a given order, take its parameters out and put them in.

The only module that loads Keras and TensorFlow by itself.  TensorFlow is needed, not just any backend of Keras: there,
sigmoid and softmax hand their logits on to cross-entropy (see `solutions.losses`).
"""

import contextlib
import logging
import os

import numpy as np

if (backend := os.environ.setdefault("KERAS_BACKEND", "tensorflow")) != "tensorflow":
    raise ImportError(f"the course needs Keras on TensorFlow, got KERAS_BACKEND={backend}; "
                      "unset that variable or set it to tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@contextlib.contextmanager
def native_stderr_muted():
    """Drop what C++ writes to stderr; Python's exceptions still come through."""
    saved = os.dup(2)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)


# TensorFlow 2.21 greets before it reads TF_CPP_MIN_LOG_LEVEL, and a notebook would print that.
with native_stderr_muted():
    import keras
logging.getLogger("tensorflow").setLevel(logging.ERROR)


@contextlib.contextmanager
def precision(dtype):
    """Within this block Keras creates, converts and computes in dtype, "float32" or "float64".

    A layer's dtype is not enough: the learning rate and the data that fit is given would stay float32.
    """
    floatx, policy = keras.config.floatx(), keras.config.dtype_policy()
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    try:
        yield
    finally:
        keras.config.set_floatx(floatx)
        keras.config.set_dtype_policy(policy)


def build_model(sizes=(784, 100, 10), hidden="relu", head="sigmoid", optimizer="adam",
                loss="sparse_categorical_crossentropy", dtype="float32"):
    """A compiled dense network; without arguments the model of the notebook.

    sizes: units from the input to the output; hidden, head: activations of the hidden layers and of the last;
    optimizer, loss: as `compile` takes them.  With float64, name the optimizer or create it within `precision`.
    The initial weights depend on `keras.utils.set_random_seed`.
    """
    with precision(dtype):
        model = keras.Sequential([keras.Input((sizes[0],))])
        for units in sizes[1:-1]:
            model.add(keras.layers.Dense(units, activation=hidden))
        model.add(keras.layers.Dense(sizes[-1], activation=head))
        model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    return model


def parameters(model):
    """Copies of all weights and biases, `[(W, b), ...]`, as `solutions.network` has them."""
    return [tuple(np.array(weights) for weights in layer.get_weights()) for layer in model.layers]


def set_parameters(model, params):
    """Start a model from `[(W, b), ...]`.  ValueError: other layers or shapes than the model's."""
    wanted = [(W.shape, b.shape) for W, b in parameters(model)]
    if (given := [(W.shape, b.shape) for W, b in params]) != wanted:
        raise ValueError(f"the model's layers have the shapes {wanted}, got {given}; "
                         "build both from the same `sizes`")
    for layer, weights in zip(model.layers, params, strict=True):
        layer.set_weights(weights)


def fit_in_order(model, x, y, epochs):
    """Train a model on exactly these batches; returns Keras' history, {"loss": [...], "accuracy": [...]}.

    epochs: from `training.schedule`; in an epoch all batches but the last must have one size, for Keras cuts
    the rows itself.  ValueError if not.
    """
    history: dict[str, list[float]] = {}
    with precision(model.dtype_policy.name):
        for batches in epochs:
            batch_size = len(batches[0])
            if any(len(rows) != batch_size for rows in batches[:-1]) or len(batches[-1]) > batch_size:
                raise ValueError(f"every batch must have {batch_size} rows, as the first, and only the last may have "
                                 f"fewer; got {[len(rows) for rows in batches]}; use training.schedule")
            order = np.concatenate(batches)
            report = model.fit(x[order], y[order], batch_size=batch_size, shuffle=False, verbose=0)
            for name, values in report.history.items():
                history.setdefault(name, []).extend(values)
    return history


def download_mnist():
    """Fetch the 70,000 images into Keras' cache, where `data.load_mnist` finds them from then on.

    Returns `(x_train, y_train), (x_test, y_test)`.  The only function of the course that uses the network, and
    only if an intact file is not there yet.
    """
    return keras.datasets.mnist.load_data()
