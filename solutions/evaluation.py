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


def precision(matrix):
    """Of all samples that were called i, the share that is i; for every class.

    matrix: counts (k, k), true classes in rows -> floats (k,), 0 to 1.
    For a class that was never called the share is 0, and no warning appears.
    As `sklearn.metrics.precision_score(..., average=None, zero_division=0)`.
    """
    return matrix.diagonal() / np.maximum(matrix.sum(axis=0), 1)


def recall(matrix):
    """Of all samples that are i, the share that was called i: the accuracy of every class.

    matrix: counts (k, k), true classes in rows -> floats (k,), 0 to 1.
    For a class without samples the share is 0, and no warning appears.
    As `sklearn.metrics.recall_score(..., average=None, zero_division=0)`.
    """
    return matrix.diagonal() / np.maximum(matrix.sum(axis=1), 1)


def f1(matrix):
    r"""The harmonic mean of precision P and recall R, $2 P R / (P + R)$, for every class.

    matrix: counts (k, k), true classes in rows -> floats (k,), 0 to 1.
    Where P and R are both 0 it is 0, and no warning appears.
    van Rijsbergen (1979), as $1 - E$; as `sklearn.metrics.f1_score(..., average=None, zero_division=0)`.
    """
    return 2 * matrix.diagonal() / np.maximum(matrix.sum(axis=0) + matrix.sum(axis=1), 1)


def per_class(matrix):
    """Precision, recall, F1 and support of every class, from a confusion matrix with true classes in rows.

    matrix: (k, k) -> Scores of (k,) arrays.  As `sklearn.metrics.precision_recall_fscore_support`.
    """
    return Scores(precision(matrix), recall(matrix), f1(matrix), matrix.sum(axis=1))


def worst_mistakes(y, p, n):
    """Which samples the model got wrong and was sure of: the n most confident mistakes.

    y: integer labels (samples,), p: probabilities (samples, classes), n: how many are wanted, 0 or more
    -> integers, the places of these samples in y; (n,), or fewer if there are fewer mistakes.
    The model's answer is the class with the largest probability, of equal ones the first; that probability is
    its confidence.  The most confident mistake comes first; of equally confident ones, the one at the lower place.
    """
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    most_confident_first = np.argsort(-p[wrong].max(axis=1), kind="stable")
    return wrong[most_confident_first][:n]


def standard_error(share, n):
    r"""How far a share of n random samples typically lies from the true one: $\sqrt{s (1 - s) / n}$.

    share: 0 to 1, n: how many samples -> one number, the standard deviation of such shares.
    """
    return float(np.sqrt(share * (1 - share) / n))


def interval(share, n, z=1.96):
    r"""The range in which the true share plausibly lies, if n samples gave `share`; 95 % for z = 1.96.

    All rates q with $|q - s| \le z \sqrt{q (1 - q) / n}$ for the share s, from centre - half to centre + half:
    $\mathrm{centre} = \frac{s + z^2 / 2n}{1 + z^2 / n}$ and
    $\mathrm{half} = \frac{z}{1 + z^2 / n} \sqrt{\frac{s (1 - s)}{n} + \frac{z^2}{4 n^2}}$.
    share: 0 to 1, n: how many samples -> (low, high), two numbers from 0 to 1.  Wilson (1927).
    ValueError: share is not between 0 and 1, or n is below 1.
    """
    if not 0 <= share <= 1 or n < 1:
        raise ValueError(f"wanted a share from 0 to 1 of at least one sample, got {share} of {n}; "
                         "divide a percentage by 100")
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, float(centre - half)), min(1.0, float(centre + half))
