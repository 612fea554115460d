"""How good a classifier is, from its answers on data it was not trained on."""

from typing import NamedTuple

import numpy as np


class Scores(NamedTuple):
    """Per class: precision, recall and F1 between 0 and 1, and the number of samples (support); all (k,)."""

    precision: np.ndarray
    recall: np.ndarray
    f1: np.ndarray
    support: np.ndarray


def accuracy(y, p):
    """Share of samples whose largest output is the label's; of equal outputs the first counts.

    y: integer labels (n,) or (n, 1), p: outputs (n, classes), probabilities or logits -> one number, 0 to 1.
    As `keras.metrics.SparseCategoricalAccuracy`.
    """
    return float((p.argmax(axis=1) == np.ravel(y)).mean())


def confusion_matrix(y_true, y_pred, k):
    """How often class i was taken for class j: entry (i, j); rows are the true classes.

    y_true, y_pred: integers 0 to k - 1, (n,) -> integers (k, k) with the sum n; absent classes count, too.
    As `tf.math.confusion_matrix`.  ValueError: different lengths, or a class outside 0 to k - 1.
    """
    y_true, y_pred = np.asarray(y_true), np.asarray(y_pred)
    if y_true.shape != y_pred.shape or y_true.ndim != 1:
        raise ValueError(f"y_true and y_pred must both be (n,), got {y_true.shape} and {y_pred.shape}; "
                         "for outputs (n, classes) take argmax(axis=1) first")
    both = np.concatenate([y_true, y_pred])
    if len(both) and not 0 <= both.min() <= both.max() < k:
        raise ValueError(f"classes must be 0 to {k - 1}, got {both.min()} to {both.max()}; is k right?")
    return np.bincount(y_true.astype(int) * k + y_pred, minlength=k * k).reshape(k, k)


def per_class(matrix):
    r"""Precision, recall, F1 and support of every class, from a confusion matrix with true classes in rows.

    Of all samples called i, the share that is i (precision); of all samples that are i, the share called i
    (recall); F1 is their harmonic mean, $2 PR / (P + R)$.  A share of nothing counts as 0.
    matrix: (k, k) -> Scores of (k,) arrays.  As `sklearn.metrics.precision_recall_fscore_support`.
    """
    hits, called, support = matrix.diagonal(), matrix.sum(axis=0), matrix.sum(axis=1)
    precision = hits / np.maximum(called, 1)
    recall = hits / np.maximum(support, 1)
    f1 = 2 * hits / np.maximum(called + support, 1)
    return Scores(precision, recall, f1, support)


def interval(share, n, z=1.96):
    r"""The range in which the true accuracy plausibly lies, if n samples gave `share`; 95 % for z = 1.96.

    share: 0 to 1, n: how many samples -> (low, high), both 0 to 1.
    Wilson (1927): all rates q with $|q - \mathrm{share}| \le z \sqrt{q (1 - q) / n}$.
    ValueError: share is not between 0 and 1, or n is below 1.
    """
    if not 0 <= share <= 1 or n < 1:
        raise ValueError(f"wanted a share from 0 to 1 of at least one sample, got {share} of {n}; "
                         "divide a percentage by 100")
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))
