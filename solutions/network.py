"""A dense network as a list of layers `[(W, b), ...]`: initialise, forward, backward.

W: (inputs, units), b: (units,).  The last layer gives logits; between two layers stands one activation, named
by `hidden`.  Rows are samples throughout.
"""

import itertools

import numpy as np

from solutions import activations

HIDDEN = {
    "relu": (activations.relu, activations.relu_backward),
    "leaky_relu": (activations.leaky_relu, activations.leaky_relu_backward),
    "sigmoid": (activations.sigmoid, activations.sigmoid_backward),
    "tanh": (activations.tanh, activations.tanh_backward),
    "elu": (activations.elu, activations.elu_backward),
    "silu": (activations.silu, activations.silu_backward),
    "gelu": (activations.gelu, activations.gelu_backward),
    "linear": (lambda z: z, lambda d, z: d),
}


def glorot_uniform(n_in, n_out, rng):
    r"""Random weights for one layer, uniform between $\pm \sqrt{6 / (n_{in} + n_{out})}$.

    rng: a `np.random.Generator` -> float64 (n_in, n_out), the variance $2 / (n_{in} + n_{out})$.
    Glorot & Bengio (2010); as `keras.initializers.GlorotUniform`, the default of `keras.layers.Dense`.
    """
    limit = np.sqrt(6 / (n_in + n_out))
    return rng.uniform(-limit, limit, size=(n_in, n_out))


def initialise(sizes, rng, dtype=np.float32):
    """A fresh network, `sizes` units wide from the input to the output, as Keras starts one.

    sizes: for instance (784, 100, 10) -> [(W, b), ...], W from `glorot_uniform` and b all 0, both of dtype.
    ValueError: fewer than two sizes, or a size below 1.
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes must name the inputs and at least one layer, each 1 or more, got {sizes}; "
                         "the digits' model is (784, 100, 10)")
    return [(glorot_uniform(n_in, n_out, rng).astype(dtype), np.zeros(n_out, dtype))
            for n_in, n_out in itertools.pairwise(sizes)]


def count_parameters(params):
    """How many numbers training may change: all weights and biases."""
    return sum(W.size + b.size for W, b in params)


def dense(x, W, b):
    """One dense layer before its activation, $x W + b$; b is added to every row.

    x: (batch, inputs), W: (inputs, units), b: (units,) -> (batch, units).  As `keras.layers.Dense`.
    """
    return x @ W + b


def dense_backward(x, W, d):
    r"""Gradients of the loss with respect to W, b and x, behind $z = x W + b$; returns (dW, db, dx).

    x: (batch, inputs), W: (inputs, units), d: $\partial L / \partial z$ (batch, units)
    -> the shapes of W, b and x.  If L is a mean over the batch, d already contains the 1 / batch.
    """
    return x.T @ d, d.sum(axis=0), d @ W.T


def forward(params, x, hidden="relu"):
    """Logits of a network, and what `backward` needs to know of the way there.

    x: (batch, inputs), hidden: a key of HIDDEN
    -> logits (batch, classes), and for every layer the pair (its input, its output before the activation).
    """
    activation, _ = choose(hidden)
    trace: list[tuple[np.ndarray, np.ndarray]] = []
    for W, b in params:
        a = activation(trace[-1][1]) if trace else x
        trace.append((a, dense(a, W, b)))
    return trace[-1][1], trace


def backward(params, trace, d, hidden="relu"):
    r"""Gradients of the loss for every layer, `[(dW, db), ...]`, by the chain rule from last to first.

    trace: from `forward`, d: $\partial L / \partial \mathrm{logits}$ (batch, classes).
    Rumelhart, Hinton & Williams (1986).
    """
    _, activation_backward = choose(hidden)
    gradients = []
    for layer in reversed(range(1, len(params))):
        W, _ = params[layer]
        dW, db, da = dense_backward(trace[layer][0], W, d)
        gradients.append((dW, db))
        d = activation_backward(da, trace[layer - 1][1])
    # Not dense_backward: nobody asks for the gradient of the images, a third of the first layer's arithmetic.
    x = trace[0][0]
    gradients.append((x.T @ d, d.sum(axis=0)))
    return gradients[::-1]


def choose(hidden):
    """The pair (activation, its backward) of that name; ValueError for a name that is not in HIDDEN."""
    if hidden not in HIDDEN:
        raise ValueError(f"hidden must be one of {', '.join(HIDDEN)}, got {hidden!r}")
    return HIDDEN[hidden]
