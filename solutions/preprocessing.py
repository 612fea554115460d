"""From images and labels to what a dense network takes, and from one data set to two."""

import numpy as np


def scale(x):
    """Pixels from 0..255 to 0..1, by a division by 255.

    x: uint8, any shape -> float32, the same shape; x itself stays as it is.  As `keras.layers.Rescaling(1 / 255)`.
    """
    return x.astype(np.float32) / 255


def flatten(x):
    """Every image as one row, pixels line by line from the top left.

    x: (n, height, width) -> (n, height * width), the same dtype.  As `keras.layers.Flatten`.
    """
    return x.reshape(len(x), -1)


def prepare(x):
    """Images as a dense network takes them: scaled to 0..1 and flattened.

    x: uint8 (n, 28, 28) -> float32 (n, 784), the values 0 to 255 mapped to 0 to 1.
    """
    return flatten(scale(x))


def one_hot(y, k):
    """Labels as rows of k numbers: 1 in the label's column, 0 elsewhere.

    y: integers 0 to k - 1, (n,) -> float32 (n, k); a class may be absent from y.  As `keras.ops.one_hot`.
    ValueError: a label outside 0 to k - 1.
    """
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError(f"labels must be 0 to {k - 1}, got {np.min(y)} to {np.max(y)}; "
                         "k is the number of classes")
    return np.eye(k, dtype=np.float32)[y]


def train_val_split(x, y, val_fraction, rng):
    """Two parts of a data set drawn at random, without an overlap: one to train, one to validate.

    x: (n, ...), y: (n,), val_fraction: between 0 and 1, rng: a `np.random.Generator`
    -> x_train, x_val, y_train, y_val, dtypes as they came; the validation part has round(val_fraction * n) samples.
    Both parts are shuffled, x and y alike, for data sorted by class would leave whole classes out.
    ValueError: x and y differ in length, or one part would be empty.
    """
    check_split(x, y, val_fraction, len(x))
    order = rng.permutation(len(x))
    n_val = round(val_fraction * len(x))
    val, train = order[:n_val], order[n_val:]
    return x[train], x[val], y[train], y[val]


def stratified_split(x, y, val_fraction, rng):
    """As `train_val_split`, but `val_fraction` of every class: both parts have the same mix of classes.

    x: (n, ...), y: integers (n,), val_fraction: between 0 and 1, rng: a `np.random.Generator`
    -> x_train, x_val, y_train, y_val, dtypes as they came; of the m samples of a class, round(val_fraction * m) go
    into the validation part.  Both parts are shuffled, the classes mixed, x and y alike.
    ValueError: x and y differ in length, or a class is too small for both parts.
    """
    classes, counts = np.unique(y, return_counts=True)
    check_split(x, y, val_fraction, counts.min(initial=len(y)))
    by_class = [rng.permutation(np.flatnonzero(y == c)) for c in classes]
    cuts = [round(val_fraction * len(rows)) for rows in by_class]
    val = rng.permutation(np.concatenate([rows[:cut] for rows, cut in zip(by_class, cuts, strict=True)]))
    train = rng.permutation(np.concatenate([rows[cut:] for rows, cut in zip(by_class, cuts, strict=True)]))
    return x[train], x[val], y[train], y[val]


def check_split(x, y, val_fraction, n):
    """ValueError unless x and y belong together and n samples can be cut in two."""
    if len(x) != len(y):
        raise ValueError(f"x and y must have one length, got {len(x)} and {len(y)}; do they belong together?")
    if not 0 < round(val_fraction * n) < n:
        raise ValueError(f"val_fraction must leave samples on both sides, got {val_fraction} of {n} "
                         "(in the smallest class, if stratified); 0.2 is usual")


def standardise(train, other):
    """Mean 0 and standard deviation 1 for the training set, and the same shift and factor for other images.

    train, other: scaled images as floats, any shapes -> the new train, the new other, shapes and dtypes as they came.
    Mean and standard deviation are two single numbers, taken from train alone: a model may know nothing of a test set.
    ValueError: all of train is one and the same number.
    """
    if train.min() == train.max():
        raise ValueError(f"the training set must vary, got {train.min()} everywhere; are the images empty?")
    mean, sd = float(train.mean(dtype=np.float64)), float(train.std(dtype=np.float64))
    return (train - mean) / sd, (other - mean) / sd
