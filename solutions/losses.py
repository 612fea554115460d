"""Losses as means over the batch, and their gradients with respect to what the loss was given.

Cross-entropy comes in three forms, because Keras has three ways to read the last layer:

- of logits (`cross_entropy_from_logits`): what a Keras model with a softmax *or* a sigmoid head trains, since
  with the TensorFlow backend both activations hand their input on to sparse categorical cross-entropy;
- of probabilities (`cross_entropy`): the textbook's formula;
- of scores that need not sum to 1 (`cross_entropy_of_scores`): what Keras computes from any other output.

y holds integer labels (batch,); target has the shape of the prediction.  Probabilities are kept EPSILON away
from 0 and 1, as in Keras; beyond that their gradient is 0.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from solutions.activations import sigmoid, softmax

EPSILON = 1e-7


class Loss(NamedTuple):
    """A loss as training needs it: functions of (y, logits), a mean over the batch and its gradient."""

    value: Callable
    gradient: Callable


def cross_entropy_from_logits(y, z):
    r"""Mean of $-\log \mathrm{softmax}(z)_y = \log \sum_j e^{z_j} - z_y$ over the batch.

    y: integer labels (batch,), z: logits (batch, classes) -> one number.
    Finite for every finite z, also where the probability itself rounds to 0, and without a RuntimeWarning:
    adding one number to a whole row changes nothing, so shift each row until its largest logit is 0.
    As `keras.losses.SparseCategoricalCrossentropy(from_logits=True)`.
    """
    shifted = z - z.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(shifted).sum(axis=1))
    return (log_sum - shifted[np.arange(len(y)), y]).mean()


def cross_entropy_from_logits_backward(y, z):
    r"""Gradient of `cross_entropy_from_logits` with respect to z.

    $(\mathrm{softmax}(z) - \mathrm{onehot}(y)) / n$, n the size of the batch.
    y: integer labels (batch,), z: logits (batch, classes) -> the shape of z.
    """
    d = softmax(z)
    d[np.arange(len(y)), y] -= 1
    return d / len(y)


def cross_entropy(y, p):
    r"""Mean of $-\log p_y$ over the batch: only the probability of the true class counts.

    y: integer labels (batch,), p: probabilities (batch, classes) -> one number.
    p is clipped to [1e-7, 1 - 1e-7] first, so that no loss is above 16.12 and a perfect prediction has 1e-7.
    As `keras.losses.CategoricalCrossentropy()` with one-hot targets and rows that sum to 1.
    """
    p_true = p[np.arange(len(y)), y]
    p_true = np.clip(p_true, 1e-7, 1 - 1e-7)
    return -np.log(p_true).mean()


def cross_entropy_backward(y, p):
    r"""Gradient of `cross_entropy` with respect to p.

    $-1 / (n \, p_y)$ for the true class and 0 elsewhere, n the size of the batch; 0 where p was clipped, too.
    y: integer labels (batch,), p: probabilities (batch, classes) -> the shape of p.
    """
    rows, d = np.arange(len(y)), np.zeros_like(p)
    d[rows, y] = -1 / (len(y) * clipped(p[rows, y])) * unclipped(p[rows, y])
    return d


def cross_entropy_of_scores(y, p):
    r"""Mean of $-\log (p_y / \sum_j p_j)$ over the batch, for outputs in (0, 1) that need not sum to 1.

    y: integer labels (batch,), p: for instance the outputs of sigmoids (batch, classes) -> one number.
    p is clipped to [1e-7, 1 - 1e-7] first.
    As `keras.losses.SparseCategoricalCrossentropy()` of a plain array.
    """
    p = clipped(p)
    return -np.log(p[np.arange(len(y)), y] / p.sum(axis=1)).mean()


def cross_entropy_of_scores_backward(y, p):
    r"""Gradient of `cross_entropy_of_scores` with respect to p.

    $(1 / \sum_j p_j - \mathrm{onehot}(y) / p_y) / n$, n the size of the batch; 0 where p was clipped.
    y: integer labels (batch,), p: scores (batch, classes) -> the shape of p.
    """
    rows, q = np.arange(len(y)), clipped(p)
    d = np.repeat(1 / q.sum(axis=1, keepdims=True), q.shape[1], axis=1)
    d[rows, y] -= 1 / q[rows, y]
    return d * unclipped(p) / len(y)


def mse(target, p):
    r"""Mean squared error, the mean of $(p - \mathrm{target})^2$ over all entries.

    target, p: one shape -> one number.  As `keras.losses.MeanSquaredError()`.
    """
    return ((p - target) ** 2).mean()


def mse_backward(target, p):
    r"""Gradient of `mse` with respect to p: $2 (p - \mathrm{target}) / N$, N the number of entries.

    target, p: one shape -> the same shape.
    """
    return 2 * (p - target) / p.size


def binary_cross_entropy(target, p):
    r"""Mean of $-t \log p - (1 - t) \log (1 - p)$ over all entries: every output is a yes-or-no question.

    target: 0 or 1, p: probabilities, both of one shape -> one number.  p is clipped to [1e-7, 1 - 1e-7]
    first.  As `keras.losses.BinaryCrossentropy()` of a plain array.
    """
    p = clipped(p)
    return -(target * np.log(p) + (1 - target) * np.log(1 - p)).mean()


def binary_cross_entropy_backward(target, p):
    r"""Gradient of `binary_cross_entropy` with respect to p.

    $(p - t) / (p (1 - p)) / N$, N the number of entries; 0 where p was clipped.
    target, p: one shape -> the same shape.
    """
    q = clipped(p)
    return (q - target) / (q * (1 - q)) * unclipped(p) / p.size


def binary_cross_entropy_from_logits(target, z):
    r"""Binary cross-entropy of $\sigma(z)$, the mean of $\max(z, 0) - z t + \log(1 + e^{-|z|})$.

    target: 0 or 1, z: logits, both of one shape -> one number, finite for every finite z.
    As `keras.losses.BinaryCrossentropy(from_logits=True)`, and as a Keras model with a sigmoid *or* a softmax
    head.
    """
    return (np.maximum(z, 0) - z * target + np.log1p(np.exp(-np.abs(z)))).mean()


def binary_cross_entropy_from_logits_backward(target, z):
    r"""Gradient of `binary_cross_entropy_from_logits` with respect to z.

    $(\sigma(z) - t) / N$, N the number of entries.  target, z: one shape -> the same shape.
    """
    return (sigmoid(z) - target) / z.size


def clipped(p):
    """p, kept at least EPSILON away from 0 and 1."""
    return np.clip(p, EPSILON, 1 - EPSILON)


def unclipped(p):
    """Where `clipped` leaves p alone, and hence where a gradient passes."""
    return (p >= EPSILON) & (p <= 1 - EPSILON)


SOFTMAX_CROSS_ENTROPY = Loss(cross_entropy_from_logits, cross_entropy_from_logits_backward)
