"""What students hand in for the exercise on losses: wrong versions, right ones, and inputs that tell them apart."""

import numpy as np

from autograder.bank import Bank
from solutions.activations import softmax
from solutions.evaluation import accuracy
from solutions.losses import (
    cross_entropy,
    cross_entropy_from_logits,
    cross_entropy_from_logits_backward,
    mse,
    mse_backward,
)

bank = Bank(cross_entropy, cross_entropy_from_logits, cross_entropy_from_logits_backward, mse, mse_backward, accuracy)


def five_rows():
    """Labels and logits, made anew each time: versions that write into their arguments must not reach other probes."""
    return np.array([2, 0, 2, 1, 0]), np.array([[0.5, -1.0, 2.0], [-0.25, 1.5, 0.75], [3.0, 0.0, -2.0],
                                                [0.1, 0.2, -0.7], [2.5, -1.5, 1.25]])


def square():
    """As many rows as classes, where a mistake with an axis gives numbers instead of an error."""
    return np.array([1, 0, 0]), np.array([[0.3, -1.2, 2.1], [1.4, 0.6, -0.9], [-0.5, 2.2, 0.8]])


def seven_answers():
    return np.array([2, 1, 0, 1, 2, 0, 1]), np.vstack([five_rows()[1], [[-3.0, -1.0, -2.0], [0.2, 0.9, 0.4]]])


@bank.probe
def probabilities(cross_entropy):
    y, z = five_rows()
    return cross_entropy(y, softmax(z))


@bank.probe
def as_many_rows_as_classes(cross_entropy):
    y, z = square()
    return cross_entropy(y, softmax(z))


@bank.probe
def a_single_row(cross_entropy):
    return cross_entropy(np.array([1]), np.array([[0.5, 0.3, 0.2]]))


@bank.probe
def two_classes(cross_entropy):
    return cross_entropy(np.array([1, 0, 1, 1]), np.array([[0.25, 0.75], [0.5, 0.5], [0.9, 0.1], [0.375, 0.625]]))


@bank.probe
def true_class_impossible(cross_entropy):
    return cross_entropy(np.array([0, 1]), np.array([[0.0, 1.0], [0.25, 0.75]]))


@bank.probe
def perfect_rows_magnified(cross_entropy):
    return 1e7 * cross_entropy(np.array([1, 0]), np.array([[0.0, 1.0], [1.0, 0.0]]))


@bank.probe
def small_but_not_clipped(cross_entropy):
    return cross_entropy(np.array([0, 0]), np.array([[1e-6, 1 - 1e-6], [1e-5, 1 - 1e-5]]))


@bank.probe
def float32_probabilities(cross_entropy):
    y, z = five_rows()
    return cross_entropy(y.astype(np.uint8), softmax(z).astype(np.float32))


@bank.probe
def ten_classes(cross_entropy):
    z = np.linspace(-2.0, 2.5, 30).reshape(3, 10) ** 2
    return cross_entropy(np.array([4, 0, 7]), softmax(z))


@bank.probe
def nearly_perfect_rows_magnified(cross_entropy):
    p = np.array([[2.6e-6, 1 - 2.6e-6], [1 - 2.6e-6, 2.6e-6]])
    return 1e6 * cross_entropy(np.array([1, 0]), p)


@bank.wrong("the losses of the rows were added up: the loss is their MEAN, or it would grow with the batch")
def cross_entropy_sum(y, p):
    p_true = np.clip(p[np.arange(len(y)), y], 1e-7, 1 - 1e-7)
    return -np.log(p_true).sum()


@bank.wrong("the minus sign is missing: the logarithm of a probability is negative, its surprise positive")
def cross_entropy_positive_log(y, p):
    p_true = np.clip(p[np.arange(len(y)), y], 1e-7, 1 - 1e-7)
    return np.log(p_true).mean()


@bank.wrong("`p[:, y]` takes the columns y in EVERY row; pair each row with its own label, as the worked example does")
def cross_entropy_all_pairs(y, p):
    p_true = np.clip(p[:, y], 1e-7, 1 - 1e-7)
    return -np.log(p_true).mean()


@bank.wrong("`p[y]` takes the rows y, all classes of them; the label chooses a COLUMN in each row")
def cross_entropy_label_as_row(y, p):
    p_true = np.clip(p[y], 1e-7, 1 - 1e-7)
    return -np.log(p_true).mean()


@bank.wrong("row and column are swapped: the row number is the first index, the label the second")
def cross_entropy_swapped_indices(y, p):
    p_true = np.clip(p[y, np.arange(len(y))], 1e-7, 1 - 1e-7)
    return -np.log(p_true).mean()


@bank.wrong("the sum was divided by rows times classes: the mean is over the rows only, each has one loss")
def cross_entropy_over_all_entries(y, p):
    p_true = np.clip(p[np.arange(len(y)), y], 1e-7, 1 - 1e-7)
    return -np.log(p_true).sum() / p.size


@bank.wrong("the sum was divided by the number of classes; divide by the number of rows")
def cross_entropy_over_classes(y, p):
    p_true = np.clip(p[np.arange(len(y)), y], 1e-7, 1 - 1e-7)
    return -np.log(p_true).sum() / p.shape[1]


@bank.wrong("this is log2, which counts in bits; cross-entropy takes the natural logarithm, np.log")
def cross_entropy_in_bits(y, p):
    p_true = np.clip(p[np.arange(len(y)), y], 1e-7, 1 - 1e-7)
    return -np.log2(p_true).mean()


@bank.wrong("this is log10; cross-entropy takes the natural logarithm, which NumPy calls np.log")
def cross_entropy_log10(y, p):
    p_true = np.clip(p[np.arange(len(y)), y], 1e-7, 1 - 1e-7)
    return -np.log10(p_true).mean()


@bank.wrong("this takes the LARGEST probability of each row, whatever the label says: a sure but wrong model would be "
            "praised")
def cross_entropy_largest(y, p):
    return -np.log(np.clip(p.max(axis=1), 1e-7, 1 - 1e-7)).mean()


@bank.wrong("the other classes were punished too, by log(1 - p): that is binary cross-entropy; here only the true "
            "class counts")
def cross_entropy_binary(y, p):
    target, q = np.eye(p.shape[1])[y], np.clip(p, 1e-7, 1 - 1e-7)
    return -(target * np.log(q) + (1 - target) * np.log(1 - q)).sum(axis=1).mean()


@bank.wrong("binary cross-entropy over all entries: here only the probability of the true class counts, once for each "
            "row")
def cross_entropy_binary_mean(y, p):
    target, q = np.eye(p.shape[1])[y], np.clip(p, 1e-7, 1 - 1e-7)
    return -(target * np.log(q) + (1 - target) * np.log(1 - q)).mean()


@bank.wrong("1e-7 was ADDED to the probability: that changes every loss, and a perfect row gets a negative one; clip "
            "instead")
def cross_entropy_epsilon_added(y, p):
    return -np.log(p[np.arange(len(y)), y] + 1e-7).mean()


@bank.wrong("softmax was applied to what are probabilities already; use p as it comes")
def cross_entropy_softmax_again(y, p):
    p_true = np.clip(softmax(p)[np.arange(len(y)), y], 1e-7, 1 - 1e-7)
    return -np.log(p_true).mean()


@bank.wrong("one loss for each row came back; the loss of the batch is their mean")
def cross_entropy_per_row(y, p):
    p_true = np.clip(p[np.arange(len(y)), y], 1e-7, 1 - 1e-7)
    return -np.log(p_true)


@bank.wrong("the upper bound of the clip is missing: a perfect row has the loss 1e-7, not 0")
def cross_entropy_clip_below_only(y, p):
    return -np.log(np.maximum(p[np.arange(len(y)), y], 1e-7)).mean() + 0.0


@bank.wrong("nothing was clipped, so a probability of 0 gives an infinite loss and a warning")
def cross_entropy_unclipped(y, p):
    return -np.log(p[np.arange(len(y)), y]).mean() + 0.0


@bank.wrong("the bound of the clip is not 1e-7: the largest loss must be 16.118")
def cross_entropy_clip_at_1e_15(y, p):
    return -np.log(np.clip(p[np.arange(len(y)), y], 1e-15, 1 - 1e-15)).mean()


@bank.wrong("the clip takes away too much: it begins at 1e-7, and a probability of 1e-5 keeps its own loss")
def cross_entropy_clip_at_1e_3(y, p):
    return -np.log(np.clip(p[np.arange(len(y)), y], 1e-3, 1 - 1e-3)).mean()


@bank.wrong("the clip stands behind the logarithm: log(0) has warned by then; clip the probability, not its logarithm")
def cross_entropy_clips_the_logarithm(y, p):
    return np.clip(-np.log(p[np.arange(len(y)), y]), 1e-7, 16.118095650958319).mean()


@bank.wrong("the mean was taken before the logarithm: it is the mean of the rows' losses, not the loss of a mean "
            "probability")
def cross_entropy_log_of_mean(y, p):
    return -np.log(np.clip(p[np.arange(len(y)), y].mean(), 1e-7, 1 - 1e-7))


@bank.wrong("the logarithm is missing: the loss of a row is -log p, not 1 - p")
def cross_entropy_no_logarithm(y, p):
    p_true = np.clip(p[np.arange(len(y)), y], 1e-7, 1 - 1e-7)
    return (1 - p_true).mean()


@bank.wrong("this is the entropy, the sum of -p log p over all classes: it does not use the labels at all")
def cross_entropy_entropy(y, p):
    q = np.clip(p, 1e-7, 1 - 1e-7)
    return -(q * np.log(q)).sum(axis=1).mean()


@bank.wrong("the labels were multiplied as if they were one-hot rows; they are class numbers and choose a column")
def cross_entropy_labels_as_factors(y, p):
    return -(y * np.log(np.clip(p, 1e-7, 1 - 1e-7))).sum(axis=1).mean()


@bank.wrong("the labels were shifted by one: class 0 is the column 0")
def cross_entropy_labels_from_one(y, p):
    p_true = np.clip(p[np.arange(len(y)), y.astype(int) - 1], 1e-7, 1 - 1e-7)
    return -np.log(p_true).mean()


@bank.wrong("only the first row was used: the loss is the mean over all rows")
def cross_entropy_first_row(y, p):
    return -np.log(np.clip(p[0, y[0]], 1e-7, 1 - 1e-7))


@bank.wrong("this is the exponential of the loss, the perplexity; leave the logarithm as it is")
def cross_entropy_perplexity(y, p):
    p_true = np.clip(p[np.arange(len(y)), y], 1e-7, 1 - 1e-7)
    return np.exp(-np.log(p_true).mean())


@bank.wrong("p itself was clipped, in place: the caller's probabilities have changed; np.clip without `out` gives a "
            "new array")
def cross_entropy_clips_in_place(y, p):
    np.clip(p, 1e-7, 1 - 1e-7, out=p)
    return -np.log(p[np.arange(len(y)), y]).mean()


@bank.wrong("the loss was rounded: return all digits, training needs them")
def cross_entropy_rounded(y, p):
    p_true = np.clip(p[np.arange(len(y)), y], 1e-7, 1 - 1e-7)
    return np.round(-np.log(p_true).mean(), 2)


@bank.wrong("the loss was printed and nothing came back: end the function with return")
def cross_entropy_printed(y, p):
    print(-np.log(np.clip(p[np.arange(len(y)), y], 1e-7, 1 - 1e-7)).mean())


@bank.wrong("the loss was rounded: return all digits, training needs them")
def cross_entropy_rounded_to_4(y, p):
    p_true = np.clip(p[np.arange(len(y)), y], 1e-7, 1 - 1e-7)
    return round(float(-np.log(p_true).mean()), 4)


@bank.wrong("`np.take(p, y)` counts through the whole array as one long row, so all numbers came from the first row; "
            "pair each row with its own label, as the worked example does")
def cross_entropy_flat_index(y, p):
    return -np.log(np.clip(np.take(p, y), 1e-7, 1 - 1e-7)).mean()


@bank.wrong("the table of one-hot rows has ten columns whatever p has: the number of classes is p.shape[1]")
def cross_entropy_ten_classes(y, p):
    p_true = (np.eye(10)[y] * p).sum(axis=1)
    return -np.log(np.clip(p_true, 1e-7, 1 - 1e-7)).mean()


@bank.wrong("the number of classes was guessed from the largest label, which need not occur: it is p.shape[1]")
def cross_entropy_classes_from_labels(y, p):
    p_true = (np.eye(int(y.max()) + 1)[y] * p).sum(axis=1)
    return -np.log(np.clip(p_true, 1e-7, 1 - 1e-7)).mean()


@bank.wrong("the logarithm was multiplied by the probability: that belongs to an entropy; the loss of a row is -log p, "
            "and each row counts once")
def cross_entropy_weighted_by_itself(y, p):
    p_true = np.clip(p[np.arange(len(y)), y], 1e-7, 1 - 1e-7)
    return -(p_true * np.log(p_true)).mean()


@bank.wrong("the logarithms of ALL probabilities were averaged: only that of the true class counts, one in each row")
def cross_entropy_all_classes(y, p):
    return -np.log(np.clip(p, 1e-7, 1 - 1e-7)).mean()


@bank.wrong("the minus sign is missing, and the losses of the rows were added up: the loss is minus the MEAN")
def cross_entropy_positive_sum(y, p):
    return np.log(np.clip(p[np.arange(len(y)), y], 1e-7, 1 - 1e-7)).sum()


@bank.wrong("the bound of the clip is not 1e-7: the largest loss must be 16.118")
def cross_entropy_clip_at_1e_8(y, p):
    return -np.log(np.clip(p[np.arange(len(y)), y], 1e-8, 1 - 1e-8)).mean()


@bank.wrong("the bound of the clip is not 1e-7: the largest loss must be 16.118")
def cross_entropy_clip_at_1e_12(y, p):
    return -np.log(np.clip(p[np.arange(len(y)), y], 1e-12, 1 - 1e-12)).mean()


@bank.right
def cross_entropy_by_loop(y, p):
    import math
    total = 0.0
    for i in range(len(y)):
        total -= math.log(min(max(float(p[i, y[i]]), 1e-7), 1 - 1e-7))
    return total / len(y)


@bank.right
def cross_entropy_of_one_hot(y, p):
    return -(np.eye(p.shape[1])[y] * np.log(np.clip(p, 1e-7, 1 - 1e-7))).sum() / len(y)


@bank.right
def cross_entropy_take_along_axis(y, p):
    p_true = np.take_along_axis(p, y[:, np.newaxis].astype(int), axis=1)
    return float(np.mean(-np.log(np.minimum(np.maximum(p_true, 1e-7), 1 - 1e-7))))


@bank.right
def cross_entropy_by_comprehension(y, p):
    return np.mean([-np.log(np.clip(row[label], 1e-7, 1 - 1e-7)) for label, row in zip(y, p, strict=True)])


@bank.probe
def logits(cross_entropy_from_logits):
    return cross_entropy_from_logits(*five_rows())


@bank.probe
def square_logits(cross_entropy_from_logits):
    return cross_entropy_from_logits(*square())


@bank.probe
def logits_that_are_moderately_large(cross_entropy_from_logits):
    return cross_entropy_from_logits(np.array([0, 1]), np.array([[0.0, 30.0, 25.0], [1.0, 18.0, 20.0]]))


@bank.probe
def loss_of_a_thousand(cross_entropy_from_logits):
    return cross_entropy_from_logits(np.array([0]), np.array([[0.0, 1000.0]]))


@bank.probe
def loss_of_nothing(cross_entropy_from_logits):
    return cross_entropy_from_logits(np.array([1]), np.array([[0.0, 1000.0]]))


@bank.probe
def logits_of_400(cross_entropy_from_logits):
    return cross_entropy_from_logits(np.array([1]), np.array([[399.0, 400.0]]))


@bank.probe
def very_negative_logits(cross_entropy_from_logits):
    z = np.array([[-1000.0, -1001.0, -999.0], [-2000.0, -2000.0, -2001.0]])
    return cross_entropy_from_logits(np.array([0, 1]), z)


@bank.probe
def logits_of_rows_far_apart(cross_entropy_from_logits):
    return cross_entropy_from_logits(np.array([0, 1]), np.array([[1000.0, 1001.0], [0.0, 1.0]]))


@bank.probe
def logits_far_apart_in_a_row(cross_entropy_from_logits):
    return cross_entropy_from_logits(np.array([1, 0]), np.array([[-1000.0, 0.0, 1000.0], [-800.0, -800.0, 0.0]]))


@bank.probe
def integer_logits(cross_entropy_from_logits):
    z = np.array([[1, -2, 3], [0, 2, 2], [4, 0, -1], [1, 1, 0], [-3, 2, 1]])
    return cross_entropy_from_logits(five_rows()[0], z)


@bank.wrong("exp overflows for logits above 709: shift each row by its own largest logit first")
def cross_entropy_from_logits_no_shift(y, z):
    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]).mean()


@bank.wrong("exp still overflows, and np.errstate only hides it: the loss comes out infinite; shift each row by its "
            "largest logit")
def cross_entropy_from_logits_silenced(y, z):
    with np.errstate(all="ignore"):
        return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]).mean()


@bank.wrong("this is minus log of softmax: where the probability rounds to 0 its logarithm is infinite; "
            "cancel logarithm and exponential on paper, as the text does")
def cross_entropy_from_logits_log_of_softmax(y, z):
    return -np.log(softmax(z)[np.arange(len(y)), y]).mean()


@bank.wrong("the probabilities were clipped, so that no loss can exceed 16.118: with logits nothing needs a clip")
def cross_entropy_from_logits_clipped(y, z):
    return -np.log(np.clip(softmax(z)[np.arange(len(y)), y], 1e-7, 1 - 1e-7)).mean()


@bank.wrong("1e-7 was added to the probabilities, which changes every loss and bounds it at 16.118: with logits "
            "nothing needs it")
def cross_entropy_from_logits_epsilon(y, z):
    return -np.log(softmax(z)[np.arange(len(y)), y] + 1e-7).mean()


@bank.wrong("the losses of the rows were added up: the loss is their MEAN, or it would grow with the batch")
def cross_entropy_from_logits_sum(y, z):
    return (np.logaddexp.reduce(z, axis=1) - z[np.arange(len(y)), y]).sum()


@bank.wrong("the sign is wrong: this is the mean logarithm of the probability, which is negative; the loss is minus "
            "that")
def cross_entropy_from_logits_sign(y, z):
    return (z[np.arange(len(y)), y] - np.logaddexp.reduce(z, axis=1)).mean()


@bank.wrong("the logits were taken for probabilities: a logit may be negative, and softmax stands between the two")
def cross_entropy_from_logits_as_probabilities(y, z):
    return -np.log(np.clip(z[np.arange(len(y)), y], 1e-7, 1 - 1e-7)).mean()


@bank.wrong("this is the sigmoid of the true logit: the other logits of the row must count as well, through softmax")
def cross_entropy_from_logits_sigmoid(y, z):
    return np.logaddexp(0.0, -z[np.arange(len(y)), y]).mean()


@bank.wrong("the rows were shifted inside the sum only: shift the true logit too, or add the shift back after the "
            "logarithm")
def cross_entropy_from_logits_shift_not_undone(y, z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return (np.log(e.sum(axis=1)) - z[np.arange(len(y)), y]).mean()


@bank.wrong("the true logit was shifted, the sum of exponentials was not: shift both")
def cross_entropy_from_logits_only_true_logit_shifted(y, z):
    shifted = z - z.max(axis=1, keepdims=True)
    return (np.log(np.exp(z).sum(axis=1)) - shifted[np.arange(len(y)), y]).mean()


@bank.wrong("one shift for the whole batch: rows far below it underflow to log(0); each row needs its OWN largest "
            "logit")
def cross_entropy_from_logits_one_shift(y, z):
    shifted = z - z.max()
    return (np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]).mean()


@bank.wrong("the rows were shifted by their smallest logit, so exponents are positive and overflow: subtract the "
            "LARGEST")
def cross_entropy_from_logits_shift_by_smallest(y, z):
    shifted = z - z.min(axis=1, keepdims=True)
    return (np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]).mean()


@bank.wrong("the rows were shifted by their mean, so some exponents are positive and may overflow: subtract the "
            "LARGEST logit")
def cross_entropy_from_logits_shift_by_mean(y, z):
    shifted = z - z.mean(axis=1, keepdims=True)
    return (np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]).mean()


@bank.wrong("the shift was added instead of subtracted, which makes exponents larger: subtract the largest logit")
def cross_entropy_from_logits_shift_added(y, z):
    shifted = z + z.max(axis=1, keepdims=True)
    return (np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]).mean()


@bank.wrong("the exponentials were added up along the batch (axis 0): the sum is over the classes of each row")
def cross_entropy_from_logits_sum_over_rows(y, z):
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=0))
    return -log_p[np.arange(len(y)), y].mean()


@bank.wrong("the exponentials of the whole batch went into one sum: each row has a sum of its own")
def cross_entropy_from_logits_one_sum(y, z):
    shifted = z - z.max(axis=1, keepdims=True)
    return (np.log(np.exp(shifted).sum()) - shifted[np.arange(len(y)), y]).mean()


@bank.wrong("the maximum over a row lost its axis and was spread along the wrong one: keep it with length 1 (keepdims)")
def cross_entropy_from_logits_no_keepdims(y, z):
    shifted = z - z.max(axis=1)
    return (np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]).mean()


@bank.wrong("the sum over a row lost its axis and was spread along the wrong one: keep it with length 1, "
            "or pick the true class before you subtract")
def cross_entropy_from_logits_sum_without_keepdims(y, z):
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1))
    return -log_p[np.arange(len(y)), y].mean()


@bank.wrong("`z[:, y]` takes the columns y in EVERY row; pair each row with its own label, as the worked example does")
def cross_entropy_from_logits_all_pairs(y, z):
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    return -log_p[:, y].mean()


@bank.wrong("`z[y]` takes the rows y, all classes of them; the label chooses a COLUMN in each row")
def cross_entropy_from_logits_label_as_row(y, z):
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    return -log_p[y].mean()


@bank.wrong("the mean was taken over rows and classes: each row has one loss, that of its true class")
def cross_entropy_from_logits_over_all_entries(y, z):
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    return -(np.eye(z.shape[1])[y] * log_p).mean()


@bank.wrong("one loss for each row came back; the loss of the batch is their mean")
def cross_entropy_from_logits_per_row(y, z):
    return np.logaddexp.reduce(z, axis=1) - z[np.arange(len(y)), y]


@bank.wrong("this is log2, which counts in bits; cross-entropy takes the natural logarithm, np.log")
def cross_entropy_from_logits_in_bits(y, z):
    shifted = z - z.max(axis=1, keepdims=True)
    return (np.log2(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y] / np.log(2)).mean()


@bank.wrong("`z -=` wrote the shifted logits into the caller's array: make a new one")
def cross_entropy_from_logits_in_place(y, z):
    z -= z.max(axis=1, keepdims=True)
    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]).mean()


@bank.wrong("this is the worked example: the largest logit stands where the logarithm of the sum of exponentials "
            "belongs")
def cross_entropy_from_logits_shortfall(y, z):
    return (z.max(axis=1) - z[np.arange(len(y)), y]).mean() + 0.0


@bank.wrong("the true logit was not subtracted: without it the labels have no say")
def cross_entropy_from_logits_no_label(y, z):
    return np.logaddexp.reduce(z, axis=1).mean()


@bank.wrong("the logarithm of the sum is missing")
def cross_entropy_from_logits_no_logarithm(y, z):
    shifted = z - z.max(axis=1, keepdims=True)
    return (np.exp(shifted).sum(axis=1) - shifted[np.arange(len(y)), y]).mean()


@bank.wrong("the other classes were punished too (binary cross-entropy of sigmoids): here a row has one true class, "
            "through softmax")
def cross_entropy_from_logits_binary(y, z):
    return (np.logaddexp(0.0, z) - z * np.eye(z.shape[1])[y]).mean()


@bank.wrong("the logits were clipped: large ones lose their differences; shift each row instead")
def cross_entropy_from_logits_clipped_logits(y, z):
    z = np.clip(z, -500, 500)
    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]).mean()


@bank.wrong("softmax was applied twice: the logits go into ONE softmax, and log sum exp contains it already")
def cross_entropy_from_logits_twice(y, z):
    p = softmax(z)
    return (np.logaddexp.reduce(p, axis=1) - p[np.arange(len(y)), y]).mean()


@bank.wrong("this takes the LARGEST logit as the true one, whatever the label says")
def cross_entropy_from_logits_largest(y, z):
    return (np.logaddexp.reduce(z, axis=1) - z.max(axis=1)).mean()


@bank.wrong("only the first row was used: the loss is the mean over all rows")
def cross_entropy_from_logits_first_row(y, z):
    return np.logaddexp.reduce(z[0]) - z[0, y[0]]


@bank.wrong("the labels were shifted by one: class 0 is the column 0")
def cross_entropy_from_logits_labels_from_one(y, z):
    return (np.logaddexp.reduce(z, axis=1) - z[np.arange(len(y)), y.astype(int) - 1]).mean()


@bank.wrong("the loss was printed and nothing came back: end the function with return")
def cross_entropy_from_logits_printed(y, z):
    print((np.logaddexp.reduce(z, axis=1) - z[np.arange(len(y)), y]).mean())


@bank.wrong("a small number was added to the probabilities: it changes every loss a little and large ones much; with "
            "logits nothing needs it")
def cross_entropy_from_logits_small_epsilon(y, z):
    return -np.log(softmax(z)[np.arange(len(y)), y] + 1e-12).mean()


@bank.wrong("the shift was undone the wrong way: what was subtracted before the exponential is ADDED after the "
            "logarithm")
def cross_entropy_from_logits_shift_undone_wrongly(y, z):
    largest = z.max(axis=1)
    log_sum = np.log(np.exp(z - largest[:, np.newaxis]).sum(axis=1)) - largest
    return (log_sum - z[np.arange(len(y)), y]).mean()


@bank.wrong("the columns were shifted, each by its own largest logit: that changes the softmax; shift the ROWS (axis "
            "1, with keepdims)")
def cross_entropy_from_logits_columns_shifted(y, z):
    shifted = z - z.max(axis=0)
    with np.errstate(all="ignore"):
        return (np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]).mean()


@bank.wrong("the exponentials were added up along the batch: each ROW has a sum of its own (axis 1)")
def cross_entropy_from_logits_columns_summed(y, z):
    shifted = z - z.max(axis=1, keepdims=True)
    return (np.log(np.exp(shifted).sum(axis=0)) - shifted[np.arange(len(y)), y]).mean()


@bank.wrong("sum and logarithm changed places: first add up the exponentials of a row, then take ONE logarithm")
def cross_entropy_from_logits_sum_of_logarithms(y, z):
    shifted = z - z.max(axis=1, keepdims=True)
    return (shifted.sum(axis=1) - shifted[np.arange(len(y)), y]).mean()


@bank.wrong("the exponentials of a row were averaged: the formula has their SUM")
def cross_entropy_from_logits_mean_of_exponentials(y, z):
    shifted = z - z.max(axis=1, keepdims=True)
    return (np.log(np.exp(shifted).mean(axis=1)) - shifted[np.arange(len(y)), y]).mean()


@bank.wrong("the sum was divided by the number of classes; divide by the number of rows")
def cross_entropy_from_logits_over_classes(y, z):
    return (np.logaddexp.reduce(z, axis=1) - z[np.arange(len(y)), y]).sum() / z.shape[1]


@bank.wrong("the sign is wrong, and the losses of the rows were added up: the loss is log sum exp minus the true "
            "logit, and the mean of that")
def cross_entropy_from_logits_negative_sum(y, z):
    return (z[np.arange(len(y)), y] - np.logaddexp.reduce(z, axis=1)).sum()


@bank.wrong("the logits were clipped: large ones lose their differences; shift each row instead")
def cross_entropy_from_logits_clipped_at_30(y, z):
    z = np.clip(z, -30, 30)
    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]).mean()


@bank.wrong("the logits were clipped: large ones lose their differences; shift each row instead")
def cross_entropy_from_logits_clipped_at_700(y, z):
    z = np.clip(z, -700, 700)
    return (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]).mean()


@bank.right
def cross_entropy_from_logits_logaddexp(y, z):
    return (np.logaddexp.reduce(z, axis=1) - z[np.arange(len(y)), y]).mean()


@bank.right
def cross_entropy_from_logits_by_loop(y, z):
    import math
    losses = []
    for label, row in zip(y, z, strict=True):
        top = float(max(row))
        losses.append(top + math.log(sum(math.exp(float(v) - top) for v in row)) - float(row[label]))
    return sum(losses) / len(losses)


@bank.right
def cross_entropy_from_logits_log_softmax(y, z):
    shifted = z - np.max(z, axis=1).reshape(-1, 1)
    log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1)).reshape(-1, 1)
    return -np.sum(log_p * np.eye(z.shape[1])[y]) / len(y)


@bank.right
def cross_entropy_from_logits_adds_the_shift_back(y, z):
    top = z.max(axis=1)
    log_sum = top + np.log(np.exp(z - top[:, None]).sum(axis=1))
    return float(np.mean(log_sum - np.take_along_axis(z, y[:, None].astype(int), axis=1)[:, 0]))


@bank.probe
def gradient_of_logits(cross_entropy_from_logits_backward):
    return cross_entropy_from_logits_backward(*five_rows())


@bank.probe
def gradient_of_a_square(cross_entropy_from_logits_backward):
    return cross_entropy_from_logits_backward(*square())


@bank.probe
def gradient_of_one_row(cross_entropy_from_logits_backward):
    return cross_entropy_from_logits_backward(np.array([1]), np.array([[0.5, 0.3, -0.2, 1.0]]))


@bank.probe
def gradient_of_large_logits(cross_entropy_from_logits_backward):
    z = np.array([[0.0, 1000.0, 1000.0], [-1000.0, 0.0, -2000.0]])
    return cross_entropy_from_logits_backward(np.array([0, 1]), z)


@bank.probe
def gradient_of_integers(cross_entropy_from_logits_backward):
    return cross_entropy_from_logits_backward(np.array([2, 0]), np.array([[1, -2, 3], [0, 2, 2]]))


@bank.probe
def gradient_of_two_classes(cross_entropy_from_logits_backward):
    z = np.array([[0.2, 1.0], [0.5, 0.4], [2.0, -1.0], [0.1, 0.3]])
    return cross_entropy_from_logits_backward(np.array([1, 0, 1, 1]), z)


@bank.probe
def gradient_of_ten_classes(cross_entropy_from_logits_backward):
    z = np.linspace(-2.0, 2.5, 30).reshape(3, 10) ** 2
    return cross_entropy_from_logits_backward(np.array([4, 0, 7]), z)


@bank.wrong("the division by the size of the batch is missing: the loss is a mean, so its gradient has the factor 1 / "
            "n")
def cross_entropy_from_logits_backward_no_mean(y, z):
    d = softmax(z)
    d[np.arange(len(y)), y] -= 1
    return d


@bank.wrong("the sign is wrong: the gradient is softmax minus truth, not truth minus softmax")
def cross_entropy_from_logits_backward_sign(y, z):
    d = softmax(z)
    d[np.arange(len(y)), y] -= 1
    return -d / len(y)


@bank.wrong("the truth was not subtracted: minus 1 for the true class is missing, so the labels have no say")
def cross_entropy_from_logits_backward_no_truth(y, z):
    return softmax(z) / len(y)


@bank.wrong("divided by rows times classes: the loss is a mean over the rows only")
def cross_entropy_from_logits_backward_over_all_entries(y, z):
    d = softmax(z)
    d[np.arange(len(y)), y] -= 1
    return d / d.size


@bank.wrong("divided by the number of classes; the loss is a mean over the rows")
def cross_entropy_from_logits_backward_over_classes(y, z):
    d = softmax(z)
    d[np.arange(len(y)), y] -= 1
    return d / d.shape[1]


@bank.wrong("`d[:, y] -= 1` subtracts from whole columns; pair each row with its own label, as the worked example does")
def cross_entropy_from_logits_backward_columns(y, z):
    d = softmax(z)
    d[:, y] -= 1
    return d / len(y)


@bank.wrong("`d[y] -= 1` subtracts from whole rows; the label chooses a COLUMN in each row")
def cross_entropy_from_logits_backward_rows(y, z):
    d = softmax(z)
    d[y] -= 1
    return d / len(y)


@bank.wrong("the factor p * (1 - p) does not belong here: it is the slope of a sigmoid, and softmax minus truth is "
            "complete")
def cross_entropy_from_logits_backward_sigmoid_slope(y, z):
    p = softmax(z)
    return (p - np.eye(z.shape[1])[y]) * p * (1 - p) / len(y)


@bank.wrong("only the true class got a gradient: the other logits raise the loss too, each by its probability")
def cross_entropy_from_logits_backward_true_class_only(y, z):
    target = np.eye(z.shape[1])[y]
    return (softmax(z) - target) * target / len(y)


@bank.wrong("only the wrong classes got a gradient: the entry of the true class is its probability minus 1")
def cross_entropy_from_logits_backward_wrong_classes_only(y, z):
    target = np.eye(z.shape[1])[y]
    return softmax(z) * (1 - target) / len(y)


@bank.wrong("this is the gradient with respect to the probabilities, -1 / p; the one with respect to the logits is "
            "asked for")
def cross_entropy_from_logits_backward_of_probabilities(y, z):
    return -np.eye(z.shape[1])[y] / np.maximum(softmax(z), 1e-7) / len(y)


@bank.wrong("this is the sigmoid of each logit: the logits of a row belong together, through softmax")
def cross_entropy_from_logits_backward_sigmoid(y, z):
    return (np.exp(-np.logaddexp(0.0, -z)) - np.eye(z.shape[1])[y]) / len(y)


@bank.wrong("softmax is missing: the truth was subtracted from the logits themselves")
def cross_entropy_from_logits_backward_no_softmax(y, z):
    return (z - np.eye(z.shape[1])[y]) / len(y)


@bank.wrong("softmax was applied twice")
def cross_entropy_from_logits_backward_softmax_twice(y, z):
    return (softmax(softmax(z)) - np.eye(z.shape[1])[y]) / len(y)


@bank.wrong("the class with the largest logit was taken for the true one: use the labels y")
def cross_entropy_from_logits_backward_argmax(y, z):
    return (softmax(z) - np.eye(z.shape[1])[z.argmax(axis=1)]) / len(y)


@bank.wrong("the label itself was subtracted, as a number: subtract 1 in the column that the label names")
def cross_entropy_from_logits_backward_label_as_number(y, z):
    return (softmax(z) - y.reshape(-1, 1)) / len(y)


@bank.wrong("in the true class's column the label was subtracted; subtract 1 there")
def cross_entropy_from_logits_backward_label_subtracted(y, z):
    d = softmax(z)
    d[np.arange(len(y)), y] -= y
    return d / len(y)


@bank.wrong("the labels, which are class numbers, were subtracted from whole columns: y is no one-hot row")
def cross_entropy_from_logits_backward_broadcast_labels(y, z):
    return (softmax(z) - y) / len(y)


@bank.wrong("the gradients of the rows were added up: each logit of each row keeps its own, so the shape is that of z")
def cross_entropy_from_logits_backward_summed(y, z):
    return (softmax(z) - np.eye(z.shape[1])[y]).sum(axis=0) / len(y)


@bank.wrong("softmax was divided by n before 1 was subtracted: both terms have the factor 1 / n")
def cross_entropy_from_logits_backward_late_truth(y, z):
    d = softmax(z) / len(y)
    d[np.arange(len(y)), y] -= 1
    return d


@bank.wrong("only the true class's entry was divided by n: both terms have the factor 1 / n")
def cross_entropy_from_logits_backward_softmax_not_divided(y, z):
    d = softmax(z)
    d[np.arange(len(y)), y] -= 1 / len(y)
    return d


@bank.wrong("this is the gradient of the squared error, 2 (p - truth) / N; cross-entropy has no 2 and divides by the "
            "rows only")
def cross_entropy_from_logits_backward_squared_error(y, z):
    d = softmax(z) - np.eye(z.shape[1])[y]
    return 2 * d / d.size


@bank.wrong("a factor 2 is too much: it belongs to squares, and there are none here")
def cross_entropy_from_logits_backward_doubled(y, z):
    return 2 * (softmax(z) - np.eye(z.shape[1])[y]) / len(y)


@bank.wrong("the labels were shifted by one: class 0 is the column 0")
def cross_entropy_from_logits_backward_labels_from_one(y, z):
    return (softmax(z) - np.eye(z.shape[1])[y - 1]) / len(y)


@bank.wrong("exp overflows for large logits, and inf / inf is nan: use the given softmax, which shifts each row")
def cross_entropy_from_logits_backward_no_shift(y, z):
    e = np.exp(z)
    return (e / e.sum(axis=1, keepdims=True) - np.eye(z.shape[1])[y]) / len(y)


@bank.wrong("softmax was taken along the batch: the probabilities of each ROW sum to 1")
def cross_entropy_from_logits_backward_columns_normalised(y, z):
    return (softmax(z.T).T - np.eye(z.shape[1])[y]) / len(y)


@bank.wrong("for integer logits the gradient was stored in an integer array, which cuts every entry to 0: make the "
            "array from softmax(z)")
def cross_entropy_from_logits_backward_integers(y, z):
    d = np.zeros_like(z)
    d[:] = (softmax(z) - np.eye(z.shape[1])[y]) / len(y)
    return d


@bank.wrong("the result was written into z: the caller's logits have changed; work on a new array")
def cross_entropy_from_logits_backward_in_place(y, z):
    d = (softmax(z) - np.eye(z.shape[1])[y]) / len(y)
    z[:] = d
    return d


@bank.wrong("the absolute values came back: the true class's entry must be negative, or training would lower its logit")
def cross_entropy_from_logits_backward_absolute(y, z):
    return np.abs(softmax(z) - np.eye(z.shape[1])[y]) / len(y)


@bank.wrong("only the row of the first sample is right, the others are 0: is `return` inside the loop?")
def cross_entropy_from_logits_backward_first_row(y, z):
    d = np.zeros(z.shape)
    for i in range(len(y)):
        d[i] = softmax(z[i:i + 1])[0]
        d[i, y[i]] -= 1
        return d / len(y)


@bank.wrong("a list came back: return the NumPy array, later steps multiply it with matrices")
def cross_entropy_from_logits_backward_list(y, z):
    return ((softmax(z) - np.eye(z.shape[1])[y]) / len(y)).tolist()


@bank.wrong("the gradient was printed and nothing came back: end the function with return")
def cross_entropy_from_logits_backward_printed(y, z):
    print((softmax(z) - np.eye(z.shape[1])[y]) / len(y))


@bank.wrong("the 1 was ADDED at the true class: the gradient there is softmax minus 1, so that a row sums to 0")
def cross_entropy_from_logits_backward_truth_added(y, z):
    return (softmax(z) + np.eye(z.shape[1])[y]) / len(y)


@bank.wrong("the entry of the true class was SET to -1: 1 is subtracted from the probability that stands there")
def cross_entropy_from_logits_backward_truth_set(y, z):
    d = softmax(z)
    d[np.arange(len(y)), y] = -1
    return d / len(y)


@bank.wrong("the sign is wrong and the division by the size of the batch is missing: softmax minus truth, over n")
def cross_entropy_from_logits_backward_sign_no_mean(y, z):
    return np.eye(z.shape[1])[y] - softmax(z)


@bank.wrong("the table of one-hot rows has ten columns whatever z has: the number of classes is z.shape[1]")
def cross_entropy_from_logits_backward_ten_classes(y, z):
    return (softmax(z) - np.eye(10)[y]) / len(y)


@bank.wrong("the number of classes was guessed from the largest label, which need not occur: it is z.shape[1]")
def cross_entropy_from_logits_backward_classes_from_labels(y, z):
    return (softmax(z) - np.eye(int(y.max()) + 1)[y]) / len(y)


@bank.wrong("one number for each row came back, the slope along its true logit: every logit has a slope, so the shape "
            "is that of z")
def cross_entropy_from_logits_backward_one_a_row(y, z):
    return (softmax(z)[np.arange(len(y)), y] - 1) / len(y)


@bank.wrong("the exponentials of the whole batch went into one sum: the probabilities of each ROW sum to 1, use the "
            "given softmax")
def cross_entropy_from_logits_backward_one_sum(y, z):
    e = np.exp(z - z.max())
    return (e / e.sum() - np.eye(z.shape[1])[y]) / len(y)


@bank.right
def cross_entropy_from_logits_backward_one_hot(y, z):
    return (softmax(z) - np.eye(z.shape[1])[y]) / len(y)


@bank.right
def cross_entropy_from_logits_backward_by_loop(y, z):
    d = np.zeros(z.shape)
    for i in range(z.shape[0]):
        e = np.exp(z[i] - z[i].max())
        for j in range(z.shape[1]):
            d[i, j] = (e[j] / e.sum() - (j == y[i])) / z.shape[0]
    return d


@bank.right
def cross_entropy_from_logits_backward_divided_first(y, z):
    n = z.shape[0]
    d = softmax(z) / n
    d[np.arange(n), y] -= 1 / n
    return d


@bank.right
def cross_entropy_from_logits_backward_comparison(y, z):
    truth = np.arange(z.shape[1]) == y.reshape(-1, 1)
    return np.where(truth, softmax(z) - 1, softmax(z)) / z.shape[0]


@bank.probe
def errors(mse):
    return mse(np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]), np.array([[4.0, 0.25, 1.0], [0.5, -0.75, -1.0]]))


@bank.probe
def errors_in_a_square(mse):
    return mse(np.array([[1.0, 2.0, 0.5], [-1.0, 0.5, 0.0], [0.0, 3.0, 1.0]]),
               np.array([[0.0, 4.5, 0.75], [3.0, 0.25, 0.125], [-0.5, 1.0, 2.25]]))


@bank.probe
def errors_of_one_row(mse):
    return mse(np.array([[0.0, 1.0, 0.0, 0.0]]), np.array([[0.2, 0.5, 0.1, 0.4]]))


@bank.probe
def errors_below_a_half(mse):
    return mse(np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]]), np.array([[0.25, 0.75], [0.625, 0.5], [1.0, 0.125]]))


@bank.probe
def integer_errors(mse):
    return mse(np.array([[1, 0, 2, 0, 5]] * 3), np.array([[3, 0, 1, 1, 1], [0, 2, 2, -1, 7], [4, 0, 0, 3, 2]]))


@bank.probe
def equal_errors(mse):
    target = np.arange(20.0).reshape(5, 4)
    return mse(target, target + 0.5)


@bank.wrong("the squares were added up: take their MEAN over all entries")
def mse_sum(target, p):
    return ((p - target) ** 2).sum()


@bank.wrong("the squares of a row were added up, and only the rows averaged: the mean is over ALL entries, rows times "
            "columns")
def mse_over_rows(target, p):
    return ((p - target) ** 2).sum() / len(p)


@bank.wrong("the sum was divided by the number of columns: the mean is over ALL entries")
def mse_over_columns(target, p):
    return ((p - target) ** 2).sum() / p.shape[1]


@bank.wrong("one mean for each column came back: take the mean over all entries, without an axis")
def mse_per_column(target, p):
    return ((p - target) ** 2).mean(axis=0)


@bank.wrong("one mean for each row came back: take the mean over all entries, without an axis")
def mse_per_row(target, p):
    return ((p - target) ** 2).mean(axis=1)


@bank.wrong("the square of each entry came back: take their mean")
def mse_no_mean(target, p):
    return (p - target) ** 2


@bank.wrong("the square root was taken: that is the root mean squared error")
def mse_root(target, p):
    return np.sqrt(((p - target) ** 2).mean())


@bank.wrong("this is the mean ABSOLUTE error: square the differences")
def mse_absolute(target, p):
    return np.abs(p - target).mean()


@bank.wrong("a factor 1/2 is too much: some books have it, so that the gradient has no 2, but the text here and Keras "
            "do not")
def mse_halved(target, p):
    return ((p - target) ** 2).mean() / 2


@bank.wrong("the square is missing, so that errors of both signs cancel out")
def mse_no_square(target, p):
    return (p - target).mean()


@bank.wrong("the mean was squared: square first, then take the mean, or errors of both signs cancel out")
def mse_square_of_mean(target, p):
    return (p - target).mean() ** 2


@bank.wrong("the squares were subtracted: take the square of the difference, not the difference of the squares")
def mse_difference_of_squares(target, p):
    return (p ** 2 - target ** 2).mean()


@bank.wrong("the variance takes away the mean error first: a prediction that is wrong by the same everywhere would "
            "get 0")
def mse_variance(target, p):
    return np.var(p - target)


@bank.wrong("this is the length of the error (np.linalg.norm), the root of a sum: take the mean of the squares")
def mse_norm(target, p):
    return np.linalg.norm(p - target)


@bank.wrong("the mean was divided by the number of rows once more")
def mse_twice_divided(target, p):
    return ((p - target) ** 2).mean() / len(p)


@bank.wrong("the middle of the squares came back: take the mean, not the median")
def mse_median(target, p):
    return np.median((p - target) ** 2)


@bank.wrong("only the largest square came back: take the mean")
def mse_largest(target, p):
    return ((p - target) ** 2).max()


@bank.wrong("only the first row was used: the mean is over all entries")
def mse_first_row(target, p):
    return ((p[0] - target[0]) ** 2).mean()


@bank.wrong("only the entries where the target is not 0 were used: every entry counts")
def mse_true_class_only(target, p):
    return ((p - target)[target > 0] ** 2).mean()


@bank.wrong("the sign is wrong: a mean of squares is not negative")
def mse_negative(target, p):
    return -((p - target) ** 2).mean()


@bank.wrong("`^` is no power in Python, it compares bits; write `** 2`")
def mse_caret(target, p):
    return ((p - target) ^ 2).mean()


@bank.wrong("the target was added: the error is the DIFFERENCE of prediction and target")
def mse_added(target, p):
    return ((p + target) ** 2).mean()


@bank.wrong("the differences were written into p: the caller's prediction has changed; make a new array")
def mse_in_place(target, p):
    p -= target
    return (p ** 2).mean()


@bank.wrong("the answer is a whole number: // or int cut the rest off")
def mse_whole_number(target, p):
    return ((p - target) ** 2).sum() // p.size


@bank.wrong("the loss was printed and nothing came back: end the function with return")
def mse_printed(target, p):
    print(((p - target) ** 2).mean())


@bank.wrong("the squares were added up and halved: some books have that; here and in Keras it is their mean")
def mse_half_of_sum(target, p):
    return ((p - target) ** 2).sum() / 2


@bank.wrong("the sum of the squares was halved and divided by the number of rows: it is the mean over ALL entries")
def mse_half_over_rows(target, p):
    return ((p - target) ** 2).sum() / (2 * len(p))


@bank.wrong("the mean was doubled: the factor 2 belongs to the gradient, not to the loss")
def mse_twice(target, p):
    return 2 * ((p - target) ** 2).mean()


@bank.wrong("parentheses are missing: in `p - target ** 2` only the target is squared")
def mse_no_parentheses(target, p):
    return (p - target ** 2).mean()


@bank.wrong("the difference was doubled (`* 2`), not squared (`** 2`), so that errors of both signs cancel out")
def mse_doubled(target, p):
    return ((p - target) * 2).mean()


@bank.wrong("this is the length of the error (np.linalg.norm) over the number of entries: take the mean of the "
            "squares, without a root")
def mse_norm_over_entries(target, p):
    return np.linalg.norm(p - target) / p.size


@bank.wrong("@ is the matrix product, which adds products of different entries: the square is taken entry by entry")
def mse_matrix_product(target, p):
    error = p - target
    return (error.T @ error).mean()


@bank.wrong("the sum was divided by N - 1, as for a sample's variance: the mean divides by N")
def mse_one_entry_less(target, p):
    return ((p - target) ** 2).sum() / (p.size - 1)


@bank.wrong("the number of classes is written into the code: use the shape that comes in")
def mse_ten_classes(target, p):
    return ((p - target) ** 2).sum() / (10 * len(p))


@bank.right
def mse_numpy(target, p):
    return np.mean(np.square(target - p))


@bank.right
def mse_by_loop(target, p):
    total, count = 0.0, 0
    for wanted, got in zip(target.ravel(), p.ravel(), strict=True):
        total += (float(got) - float(wanted)) ** 2
        count += 1
    return total / count


@bank.right
def mse_dot(target, p):
    error = (p - target).ravel()
    return float(error @ error) / error.size


@bank.right
def mse_mean_of_means(target, p):
    return ((p - target) ** 2).mean(axis=1).mean()


@bank.probe
def slopes(mse_backward):
    return mse_backward(np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]), np.array([[4.0, 0.25, 1.0], [0.5, -0.75, -1.0]]))


@bank.probe
def slopes_in_a_square(mse_backward):
    return mse_backward(np.array([[1.0, 2.0, 0.5], [-1.0, 0.5, 0.0], [0.0, 3.0, 1.0]]),
                        np.array([[0.0, 4.5, 0.75], [3.0, 0.25, 0.125], [-0.5, 1.0, 2.25]]))


@bank.probe
def slopes_of_one_row(mse_backward):
    return mse_backward(np.array([[0.0, 1.0, 0.0, 0.0]]), np.array([[0.2, 0.5, 0.1, 0.4]]))


@bank.probe
def integer_slopes(mse_backward):
    return mse_backward(np.array([[1, 0, 2, 0, 5]] * 3), np.array([[3, 0, 1, 1, 1], [0, 2, 2, -1, 7], [4, 0, 0, 3, 2]]))


@bank.wrong("the factor 2 is missing: the slope of a square is twice the number under it")
def mse_backward_no_two(target, p):
    return (p - target) / p.size


@bank.wrong("the sign is wrong: where p is too large the loss rises with p")
def mse_backward_sign(target, p):
    return 2 * (target - p) / p.size


@bank.wrong("divided by the number of rows only: the mean is over ALL entries")
def mse_backward_over_rows(target, p):
    return 2 * (p - target) / len(p)


@bank.wrong("divided by the number of rows only, and the factor 2 is missing")
def mse_backward_over_rows_no_two(target, p):
    return (p - target) / len(p)


@bank.wrong("divided by the number of columns only: the mean is over ALL entries")
def mse_backward_over_columns(target, p):
    return 2 * (p - target) / p.shape[1]


@bank.wrong("the division by the number of entries is missing: the loss is a mean")
def mse_backward_no_mean(target, p):
    return 2 * (p - target)


@bank.wrong("factor 2 and division are both missing: the loss is a mean of squares")
def mse_backward_difference(target, p):
    return p - target


@bank.wrong("one number came back: every entry of p has a slope of its own")
def mse_backward_mean(target, p):
    return (2 * (p - target)).mean()


@bank.wrong("one number for each column came back: every entry of p has a slope of its own")
def mse_backward_mean_of_columns(target, p):
    return (2 * (p - target)).mean(axis=0)


@bank.wrong("one number for each row came back: every entry of p has a slope of its own")
def mse_backward_mean_of_rows(target, p):
    return (2 * (p - target)).mean(axis=1)


@bank.wrong("the absolute value was taken: a slope may be negative")
def mse_backward_absolute(target, p):
    return 2 * np.abs(p - target) / p.size


@bank.wrong("the differences are still squared: the slope of a square is twice the number under it")
def mse_backward_still_squared(target, p):
    return 2 * (p - target) ** 2 / p.size


@bank.wrong("this is the gradient of the mean ABSOLUTE error, the sign of the difference")
def mse_backward_sign_only(target, p):
    return np.sign(p - target) / p.size


@bank.wrong("the loss came back, not its gradient")
def mse_backward_the_loss(target, p):
    return ((p - target) ** 2).mean()


@bank.wrong("the target was left out: the slope is twice the DIFFERENCE, over N")
def mse_backward_no_target(target, p):
    return 2 * p / p.size


@bank.wrong("the target was added: the slope is twice the DIFFERENCE, over N")
def mse_backward_added(target, p):
    return 2 * (p + target) / p.size


@bank.wrong("the factor p * (1 - p) is the slope of a sigmoid: it belongs to the layer before, not to the loss")
def mse_backward_sigmoid_slope(target, p):
    return 2 * (p - target) * p * (1 - p) / p.size


@bank.wrong("parentheses are missing: in `2 * p - target` only p is doubled")
def mse_backward_no_parentheses(target, p):
    return (2 * p - target) / p.size


@bank.wrong("the division was done in whole numbers (//): every slope was rounded down")
def mse_backward_floor(target, p):
    return 2 * (p - target) // p.size


@bank.wrong("for integers the slopes were stored in an integer array, which cuts them to whole numbers")
def mse_backward_integers(target, p):
    d = np.empty_like(p)
    d[:] = 2 * (p - target) / p.size
    return d


@bank.wrong("p was overwritten: the caller's prediction has changed; make a new array")
def mse_backward_in_place(target, p):
    d = 2 * (p - target) / p.size
    p[:] = d
    return d


@bank.wrong("p was overwritten: the caller's prediction has changed; make a new array")
def mse_backward_subtracts_in_place(target, p):
    p -= target
    return 2 * p / p.size


@bank.wrong("a list came back: return the NumPy array, later steps multiply it with matrices")
def mse_backward_list(target, p):
    return (2 * (p - target) / p.size).tolist()


@bank.wrong("the gradient was printed and nothing came back: end the function with return")
def mse_backward_printed(target, p):
    print(2 * (p - target) / p.size)


@bank.wrong("the sign is wrong and the division by the number of entries is missing: where p is too large the loss "
            "rises with p, and the loss is a mean")
def mse_backward_sign_no_mean(target, p):
    return 2 * (target - p)


@bank.wrong("the size of the difference was dropped, only its sign is left: the slope of a square grows with the "
            "distance")
def mse_backward_twice_the_sign(target, p):
    return 2 * np.sign(p - target) / p.size


@bank.wrong("the number of classes is written into the code: use the shape that comes in")
def mse_backward_ten_classes(target, p):
    return 2 * (p - target) / (10 * len(p))


@bank.wrong("the slopes were added up along the batch: every entry of p has a slope of its own")
def mse_backward_summed(target, p):
    return 2 * (p - target).sum(axis=0) / p.size


@bank.wrong("divided by the number of entries and by the number of rows once more: N counts all of them already")
def mse_backward_over_rows_again(target, p):
    return 2 * (p - target) / (p.size * len(p))


@bank.wrong("the sign is wrong and the factor 2 is missing: where p is too large the loss rises with p, twice as fast")
def mse_backward_sign_no_two(target, p):
    return (target - p) / p.size


@bank.wrong("the division by the number of entries was done twice")
def mse_backward_twice_divided(target, p):
    return 2 * (p - target) / p.size ** 2


@bank.wrong("this is the gradient of the ROOT of the mean squared error: leave the root out")
def mse_backward_of_the_root(target, p):
    return (p - target) / (p.size * np.sqrt(((p - target) ** 2).mean()))


@bank.right
def mse_backward_by_loop(target, p):
    d = np.zeros(p.shape)
    for place in np.ndindex(p.shape):
        d[place] = 2 * (p[place] - target[place]) / (p.shape[0] * p.shape[1])
    return d


@bank.right
def mse_backward_half(target, p):
    return (p - target) / (p.size / 2)


@bank.right
def mse_backward_numpy(target, p):
    return np.multiply(np.subtract(target, p), -2.0 / np.prod(p.shape))


@bank.probe
def answers(accuracy):
    return accuracy(*seven_answers())


@bank.probe
def answers_as_probabilities(accuracy):
    y, z = seven_answers()
    return accuracy(y, softmax(z))


@bank.probe
def labels_in_a_column(accuracy):
    return accuracy(np.array([[2], [1], [0], [1], [2]]), softmax(five_rows()[1]))


@bank.probe
def as_many_answers_as_classes(accuracy):
    return accuracy(np.array([2, 1, 1]), softmax(square()[1]))


@bank.probe
def all_right(accuracy):
    z = five_rows()[1]
    return accuracy(z.argmax(axis=1), z)


@bank.probe
def equal_outputs(accuracy):
    p = np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [1.0, 1.0, 1.0], [0.0, 2.0, 2.0]])
    return accuracy(np.array([0, 1, 2, 1]), p)


@bank.probe
def one_answer(accuracy):
    return accuracy(np.array([1]), np.array([[-3.0, -2.0]]))


@bank.probe
def answers_of_eight_rows(accuracy):
    z = np.array([[0.5, 1.5, -1.0, 0.0], [2.0, 0.25, 1.0, -0.5], [-1.0, -2.0, -0.5, -3.0], [0.0, 1.0, 0.5, 2.0],
                  [1.25, 1.0, 0.0, 0.75], [-0.5, 0.25, 0.125, 0.0], [3.0, -1.0, 2.0, 1.0], [0.1, 0.2, 0.4, 0.3]])
    return accuracy(np.array([2, 0, 2, 3, 1, 1, 2, 2]), z)


@bank.probe
def answers_in_a_square_of_columns(accuracy):
    z = np.array([[0.5, 1.5, -1.0, 0.0], [2.0, 0.25, 1.0, -0.5], [-1.0, -2.0, -0.5, -3.0], [0.0, 1.0, 0.5, 2.0]])
    return accuracy(np.array([[1], [1], [2], [0]]), z)


@bank.wrong("the largest output was looked for along the batch (axis 0): the answer of a row is the largest of its "
            "CLASSES")
def accuracy_axis_0(y, p):
    return (p.argmax(axis=0) == np.ravel(y)).mean()


@bank.wrong("argmax without an axis gives one place in the whole array: each row has an answer of its own")
def accuracy_no_axis(y, p):
    return (np.argmax(p) == np.ravel(y)).mean()


@bank.wrong("labels of the shape (n, 1) were compared with every answer, n times n of them: give y the shape (n,) "
            "first")
def accuracy_column_broadcast(y, p):
    return (p.argmax(axis=1) == y).mean()


@bank.wrong("this works for labels of the shape (n, 1) only; those of the shape (n,) must work too")
def accuracy_column_only(y, p):
    return (p.argmax(axis=1) == y[:, 0]).mean()


@bank.wrong("the number of right answers came back: divide by the number of rows")
def accuracy_count(y, p):
    return (p.argmax(axis=1) == np.ravel(y)).sum()


@bank.wrong("this is a percentage: an accuracy lies between 0 and 1")
def accuracy_percent(y, p):
    return 100 * (p.argmax(axis=1) == np.ravel(y)).mean()


@bank.wrong("this is the share of WRONG answers")
def accuracy_error_rate(y, p):
    return (p.argmax(axis=1) != np.ravel(y)).mean()


@bank.wrong("the answer of a row is its largest output, however small: a threshold of one half has no say")
def accuracy_threshold(y, p):
    return (p[np.arange(len(p)), np.ravel(y)] > 0.5).mean()


@bank.wrong("the outputs were rounded to 0 or 1 before the largest was looked for: take argmax of the outputs "
            "themselves")
def accuracy_rounded_outputs(y, p):
    return (np.round(p).argmax(axis=1) == np.ravel(y)).mean()


@bank.wrong("all entries were compared with a one-hot table: that counts every class that is rightly NOT chosen; "
            "compare one answer a row")
def accuracy_all_entries(y, p):
    return ((p > 0.5) == np.eye(p.shape[1], dtype=bool)[np.ravel(y)]).mean()


@bank.wrong("this is the mean output for the true class: count whether it is the largest one")
def accuracy_mean_probability(y, p):
    return p[np.arange(len(p)), np.ravel(y)].mean()


@bank.wrong("the count was divided by the number of classes; divide by the number of rows")
def accuracy_over_classes(y, p):
    return (p.argmax(axis=1) == np.ravel(y)).sum() / p.shape[1]


@bank.wrong("the count was divided by rows times classes; divide by the number of rows")
def accuracy_over_all_entries(y, p):
    return (p.argmax(axis=1) == np.ravel(y)).sum() / p.size


@bank.wrong("the smallest output was taken for the answer: argmax, not argmin")
def accuracy_argmin(y, p):
    return (p.argmin(axis=1) == np.ravel(y)).mean()


@bank.wrong("the largest VALUE was compared with the label; argmax gives the place where it stands")
def accuracy_max(y, p):
    return (p.max(axis=1) == np.ravel(y)).mean()


@bank.wrong("of equal outputs the LAST was taken; the first counts, as argmax has it")
def accuracy_last_of_ties(y, p):
    return ((p.shape[1] - 1 - p[:, ::-1].argmax(axis=1)) == np.ravel(y)).mean()


@bank.wrong("a label that shares the largest output with others was counted as right; of equal outputs only the first "
            "is the answer")
def accuracy_ties_count(y, p):
    return (p[np.arange(len(p)), np.ravel(y)] == p.max(axis=1)).mean()


@bank.wrong("True or False for each row came back; their mean is the accuracy")
def accuracy_per_row(y, p):
    return p.argmax(axis=1) == np.ravel(y)


@bank.wrong("True or False came back, whether ALL answers are right; the share of the right ones is asked for")
def accuracy_all_or_nothing(y, p):
    return bool((p.argmax(axis=1) == np.ravel(y)).all())


@bank.wrong("argmax of the labels was taken, as if they were one-hot rows: they are class numbers already")
def accuracy_one_hot_labels(y, p):
    return (p.argmax(axis=1) == np.argmax(y, axis=-1)).mean()


@bank.wrong("the labels were shifted by one: class 0 is the column 0")
def accuracy_labels_from_one(y, p):
    return (p.argmax(axis=1) + 1 == np.ravel(y)).mean()


@bank.wrong("the classes that occur were counted, not the rows: the share is that of the ROWS with the right answer")
def accuracy_of_sets(y, p):
    labels = set(np.ravel(y).tolist())
    return len(labels & set(p.argmax(axis=1).tolist())) / len(labels)


@bank.wrong("the absolute value of the outputs was used: a very negative logit is the least likely, not the answer")
def accuracy_absolute(y, p):
    return (np.abs(p).argmax(axis=1) == np.ravel(y)).mean()


@bank.wrong("only the first row was used: the share is over all rows")
def accuracy_first_row(y, p):
    return float(p[0].argmax() == np.ravel(y)[0])


@bank.wrong("the share was rounded: return all digits, and round where you print it")
def accuracy_rounded(y, p):
    return round(float((p.argmax(axis=1) == np.ravel(y)).mean()), 2)


@bank.wrong("the count was divided by n - 1: the last row counts too")
def accuracy_one_row_less(y, p):
    return (p.argmax(axis=1) == np.ravel(y)).sum() / max(len(p) - 1, 1)


@bank.wrong("the share came back as a text: return the number, and format it where you print it")
def accuracy_text(y, p):
    return f"{(p.argmax(axis=1) == np.ravel(y)).mean():.1%}"


@bank.wrong("the caller's outputs were overwritten: work on a copy")
def accuracy_in_place(y, p):
    p -= p.max(axis=1, keepdims=True)
    return (p.argmax(axis=1) == np.ravel(y)).mean()


@bank.wrong("the accuracy was printed and nothing came back: end the function with return")
def accuracy_printed(y, p):
    print((p.argmax(axis=1) == np.ravel(y)).mean())


@bank.wrong("0 or 1 came back: `//` or int cut the share to a whole number; divide with `/`")
def accuracy_whole_number(y, p):
    return (p.argmax(axis=1) == np.ravel(y)).sum() // len(p)


@bank.wrong("the answers are a column (keepdims), and labels of the shape (n,) were compared with each of them: give "
            "both the shape (n,)")
def accuracy_answers_in_a_column(y, p):
    return (np.argmax(p, axis=1, keepdims=True) == y).mean()


@bank.wrong("the label was looked for among several of the largest outputs: only the very largest is the answer")
def accuracy_two_guesses(y, p):
    return np.mean([label in row for label, row in zip(np.ravel(y), np.argsort(p, axis=1)[:, -2:], strict=True)])


@bank.wrong("the search for the largest output begins with 0, which all logits may lie below: begin with -np.inf, or "
            "with the first output")
def accuracy_from_zero(y, p):
    right = 0
    for label, row in zip(np.ravel(y), p, strict=True):
        answer, largest = 0, 0
        for column, value in enumerate(row):
            if value > largest:
                answer, largest = column, value
        right += answer == label
    return right / len(p)


@bank.wrong("the last row was left out: range(n - 1) ends at n - 2")
def accuracy_without_last(y, p):
    return (p.argmax(axis=1) == np.ravel(y))[:-1].sum() / len(p)


@bank.wrong("the shares of the classes were averaged (balanced accuracy): every ROW counts alike")
def accuracy_balanced(y, p):
    right, y = p.argmax(axis=1) == np.ravel(y), np.ravel(y)
    return np.mean([right[y == c].mean() for c in np.unique(y)])


@bank.wrong("rows in which several outputs are equally large were counted as wrong: the first of them is the answer")
def accuracy_ties_lose(y, p):
    alone = (p == p.max(axis=1, keepdims=True)).sum(axis=1) == 1
    return (alone & (p.argmax(axis=1) == np.ravel(y))).mean()


@bank.wrong("the caller's labels were given another shape, in place: `np.ravel(y)` makes a new array")
def accuracy_reshapes_in_place(y, p):
    y.shape = (-1,)
    return (p.argmax(axis=1) == y).mean()


@bank.right
def accuracy_by_loop(y, p):
    right = 0
    for label, row in zip(np.array(y).flatten(), p, strict=True):
        right += int(list(row).index(max(row)) == label)
    return right / len(p)


@bank.right
def accuracy_reshaped(y, p):
    return np.mean(np.argmax(p, axis=-1) == y.reshape(-1))


@bank.right
def accuracy_count_nonzero(y, p):
    return np.count_nonzero(np.argmax(p, axis=1).reshape(-1, 1) == y.reshape(-1, 1)) / p.shape[0]


@bank.right
def accuracy_of_errors(y, p):
    return 1 - np.mean(np.argmax(p, axis=1) - y.ravel().astype(int) != 0)
