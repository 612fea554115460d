"""The notebook's network in its plainest form: dense layers with ReLU between them, cross-entropy, Adam, no options.

What `network` and `training` do in general and fast, here as one would write it down.  A network is a list of
layers `[(W, b), ...]`, W: (inputs, units), b: (units,); gradients and Adam's averages m and v are lists of the same
form.  Floats keep their dtype, and no argument is changed.
"""

import itertools

import numpy as np

from solutions.activations import relu, relu_backward
from solutions.losses import cross_entropy_from_logits, cross_entropy_from_logits_backward
from solutions.network import dense, dense_backward
from solutions.optimizers import adam


def zeros_for(layers):
    """Zeros in the shapes and dtypes of all weights and biases, `[(W, b), ...]` like `layers` itself."""
    return [(np.zeros_like(W), np.zeros_like(b)) for W, b in layers]


def initialise(sizes, rng):
    r"""A fresh network, `sizes` units wide from the input to the output.

    sizes: for instance (784, 100, 10); rng: a `np.random.Generator` -> a list of layers `[(W, b), ...]`.
    W: float64 (inputs, units), uniform between $\pm \sqrt{6 / (\mathrm{inputs} + \mathrm{units})}$, drawn with rng;
    b: float64 (units,), all 0.  Glorot & Bengio (2010); as `keras.layers.Dense` starts.
    """
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = np.sqrt(6 / (n_in + n_out))
        W = rng.uniform(-limit, limit, size=(n_in, n_out))
        b = np.zeros(n_out)
        layers.append((W, b))
    return layers


def forward(layers, x):
    """Logits of a network, and what `backward` needs to know of the way there.

    layers: [(W, b), ...], any number of them; x: (batch, inputs) -> logits (batch, classes), and the trace:
    a list with one pair (a, z) for every layer, a the layer's input and z its output before the activation.
    ReLU stands between two layers; the last layer has no activation, its z are the logits.
    """
    a, trace = x, []
    for W, b in layers:
        z = dense(a, W, b)
        trace.append((a, z))
        a = relu(z)
    return z, trace


def backward(layers, trace, d):
    r"""Gradients of the loss with respect to all W and b, by the chain rule from the last layer to the first.

    layers: [(W, b), ...]; trace: [(a, z), ...] from `forward`;
    d: $\partial L / \partial \mathrm{logits}$ (batch, classes), which contains the 1 / batch of a mean
    -> a list of pairs (dW, db), in the order and the shapes of layers.  Rumelhart, Hinton & Williams (1986).
    """
    gradients = []
    for number in reversed(range(len(layers))):
        W, _ = layers[number]
        a, z = trace[number]
        if number < len(layers) - 1:
            d = relu_backward(d, z)
        dW, db, d = dense_backward(a, W, d)
        gradients.append((dW, db))
    return gradients[::-1]


def update(layers, gradients, m, v, t):
    """One Adam step, at Keras' default settings, for every weight and every bias.

    layers, gradients, m, v: lists of pairs, all in the same shapes; t: the number of this step, counted from 1
    -> three new lists of pairs: layers, m and v.
    """
    new_layers, new_m, new_v = [], [], []
    for (W, b), (dW, db), (mW, mb), (vW, vb) in zip(layers, gradients, m, v, strict=True):
        W, mW, vW = adam(W, dW, mW, vW, t)
        b, mb, vb = adam(b, db, mb, vb, t)
        new_layers.append((W, b))
        new_m.append((mW, mb))
        new_v.append((vW, vb))
    return new_layers, new_m, new_v


def training_step(layers, m, v, t, x, y):
    """One step of training on one batch: forward, loss, backward, update.

    layers, m, v: lists of pairs as in `update`; t: the number of this step, counted from 1;
    x: (batch, inputs), y: integer labels (batch,)
    -> the new layers, the new m, the new v, and the batch's loss as it was before this step (one number).
    The loss is softmax cross-entropy of the logits, a mean over the batch.
    """
    logits, trace = forward(layers, x)
    loss = cross_entropy_from_logits(y, logits)
    d = cross_entropy_from_logits_backward(y, logits)
    layers, m, v = update(layers, backward(layers, trace, d), m, v, t)
    return layers, m, v, loss


def train(layers, x, y, epochs):
    """Train a network on the given batches, in the given order.

    layers: [(W, b), ...]; x: (n, inputs), y: integer labels (n,);
    epochs: a list of epochs, an epoch a list of batches, a batch an array of row numbers
    -> the new layers, and a list with the loss of every step (one number a batch, as `training_step` gives it).
    Adam's m and v start as zeros in the shapes and dtypes of layers, t starts at 1; all three go on through all epochs.
    """
    m, v = zeros_for(layers), zeros_for(layers)
    t, losses = 0, []
    for epoch in epochs:
        for rows in epoch:
            t += 1
            layers, m, v, loss = training_step(layers, m, v, t, x[rows], y[rows])
            losses.append(loss)
    return layers, losses


def predict(layers, x):
    """The class of every row: the one with the largest logit, of equal ones the first.

    layers: [(W, b), ...]; x: (n, inputs) -> integers (n,).
    """
    logits, _ = forward(layers, x)
    return logits.argmax(axis=1)
