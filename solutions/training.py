"""Training: batches, epochs, history.

The order of the samples is data: a schedule is a list of epochs, an epoch a list of batches, a batch an array
of row numbers.  Whoever trains on one schedule, here or in Keras, takes the same steps.
"""

from typing import NamedTuple

import numpy as np

from solutions.losses import SOFTMAX_CROSS_ENTROPY
from solutions.network import backward, forward
from solutions.optimizers import RULES


class State(NamedTuple):
    """What an optimizer remembers: the number of steps, and its arrays as long as all parameters together."""

    steps: int
    arrays: tuple[np.ndarray, ...]


class History(NamedTuple):
    """One number an epoch.  loss, accuracy: as training saw them; val_...: after the epoch, on other data."""

    loss: list[float]
    accuracy: list[float]
    val_loss: list[float]
    val_accuracy: list[float]


def batches(n, batch_size, rng):
    """One epoch's batches: all n samples once, in a fresh random order, batch_size at a time.

    rng: a `np.random.Generator` -> a list of 1-D index arrays; none is empty, only the last may be shorter
    than batch_size.
    """
    order = rng.permutation(n)
    return [order[start : start + batch_size] for start in range(0, n, batch_size)]


def schedule(n, batch_size, epochs, rng):
    """Batches for several epochs, each in a fresh order."""
    return [batches(n, batch_size, rng) for _ in range(epochs)]


def fit(params, x, y, epochs, optimizer="adam", validation=None, hidden="relu",
        loss=SOFTMAX_CROSS_ENTROPY, **settings):
    """Train a network; returns the new parameters and the History.

    params: [(W, b), ...]; x: (n, inputs), y: integer labels (n,); epochs: from `schedule`;
    optimizer: a key of RULES, whose settings (lr=...) may follow; validation: a pair (x, y);
    hidden: a key of `network.HIDDEN`; loss: a `losses.Loss` of labels and logits.
    All arithmetic is done in the dtype of params; no argument is changed.
    ValueError: unknown names, epochs as a number, or data that do not fit the network or each other.
    """
    if isinstance(epochs, int):
        raise ValueError(f"epochs must be lists of batches, got the number {epochs}; "
                         f"take schedule(len(x), 32, {epochs}, rng)")
    state = start(params, optimizer)
    x, y = check_data(params, x, y)
    history = History([], [], [], [])
    for epoch in epochs:
        params, state, value, share = train_epoch(params, state, x, y, epoch,
                                                  optimizer, hidden, loss, **settings)
        history.loss.append(value)
        history.accuracy.append(share)
        if validation is not None:
            x_val, y_val = validation
            value, share = evaluate(params, x_val, y_val, hidden, loss)
            history.val_loss.append(value)
            history.val_accuracy.append(share)
    return params, history


def evaluate(params, x, y, hidden="relu", loss=SOFTMAX_CROSS_ENTROPY):
    """Loss and accuracy of a network on data, without training."""
    x, y = check_data(params, x, y)
    return summary(loss, y, forward(params, x, hidden)[0])


def start(params, optimizer="adam"):
    """The State of an optimizer before its first step."""
    if optimizer not in RULES:
        raise ValueError(f"optimizer must be one of {', '.join(RULES)}, got {optimizer!r}")
    return State(0, tuple(np.full_like(pack(params), value) for value in RULES[optimizer].start))


def train_epoch(params, state, x, y, epoch, optimizer="adam", hidden="relu",
                loss=SOFTMAX_CROSS_ENTROPY, **settings):
    """One pass over the batches of `epoch`: the new params and State, and the epoch's loss and accuracy.

    As Keras reports them: over the samples as they were seen, while the parameters went on changing.
    """
    w = pack(params)
    params = unpack(w, params)
    gradient = np.empty_like(w)
    arrays = tuple(array.copy() for array in state.arrays)
    logits = np.empty((len(x), len(params[-1][1])), w.dtype)
    for t, rows in enumerate(epoch, start=state.steps + 1):
        logits[rows], trace = forward(params, x[rows], hidden)
        d = loss.gradient(y[rows], trace[-1][1])
        pack(backward(params, trace, d, hidden), out=gradient)
        update(RULES[optimizer], w, gradient, arrays, t, settings)
        if t % 100 == 0:
            drop_subnormals(arrays)
    seen = np.concatenate(epoch)
    return params, State(state.steps + len(epoch), arrays), *summary(loss, y[seen], logits[seen])


def update(rule, w, gradient, arrays, t, settings):
    """One step of an optimizer, written over the vector w and the state arrays."""
    if rule.counts_steps:
        settings = {**settings, "t": t}
    if rule.in_place:
        rule.in_place(w, gradient, *arrays, **settings)
    else:
        new = rule.step(w, gradient, *arrays, **settings)
        for vector, values in zip((w, *arrays), new if arrays else (new,), strict=True):
            vector[:] = values


def drop_subnormals(arrays):
    """Set to 0 what is about to become a subnormal number, with which processors compute far more slowly.

    The averages of a pixel that is rarely lit fade that far; no weight notices the difference.
    """
    for array in arrays:
        array[np.abs(array) < 1e8 * np.finfo(array.dtype).tiny] = 0


def pack(layers, out=None):
    """All W and b of `layers` behind each other in one vector: an optimizer need not know of layers."""
    return np.concatenate([array.ravel() for layer in layers for array in layer], out=out)


def unpack(vector, layers):
    """The opposite of pack: W and b in the shapes of `layers`, as views that follow the vector's changes."""
    shapes = [array.shape for layer in layers for array in layer]
    parts = np.split(vector, np.cumsum([np.prod(shape) for shape in shapes])[:-1])
    views = [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]
    return list(zip(views[::2], views[1::2], strict=True))


def summary(loss, y, logits):
    """Loss and accuracy of logits, as plain numbers."""
    return float(loss.value(y, logits)), float((logits.argmax(axis=1) == y).mean())


def check_data(params, x, y):
    """x in the dtype of params and y as an array; ValueError unless both fit the network and each other."""
    x, y = np.asarray(x), np.asarray(y)
    inputs, classes = len(params[0][0]), len(params[-1][1])
    if x.ndim != 2 or x.shape[1] != inputs:
        raise ValueError(f"x must be (n, {inputs}) for this network, got {x.shape}; "
                         "are the images flattened?")
    if y.shape != (len(x),) or y.dtype.kind not in "iu":
        raise ValueError(f"y must be {len(x)} integer labels, one a row of x, got {y.dtype} {y.shape}; "
                         "neither one-hot rows nor another data set's labels will do")
    if len(y) and not 0 <= y.min() <= y.max() < classes:
        raise ValueError(f"labels must be 0 to {classes - 1} for this network, got {y.min()} to {y.max()}; "
                         "has the last layer one unit a class?")
    return x.astype(params[0][0].dtype, copy=False), y


def run_epoch(x, y, W, b, epoch, gradients, lr):
    """One pass over the batches of `epoch` by plain gradient descent: one step a batch, each from where the last ended.

    x: (n, inputs), y: labels (n,); W: (inputs, units), b: (units,); epoch: a list of index arrays, one a batch;
    gradients(x, y, W, b), given the rows of one batch, returns three things: their loss, dW and db; lr: the rate
    -> the new W, the new b, and the losses (batches,), each measured before the step of its batch.
    No argument is changed.
    """
    losses = []
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        W, b = W - lr * dW, b - lr * db
    return W, b, np.array(losses)


def epoch_mean(values, sizes):
    """Mean over all samples of an epoch, from the means over its batches.

    values: the loss (or the accuracy) of each batch, (batches,); sizes: how many samples each batch had, (batches,)
    -> one number, in which every sample counts alike.  As `keras.Model.fit` reports an epoch.
    """
    return np.dot(values, sizes) / np.sum(sizes)


def early_stopping(val_losses, patience, min_delta=0.0):
    """When to stop, and which epoch was the best; returns (last, best), epochs counted from 0.

    val_losses: the validation loss after each epoch, (epochs,) -> last, the epoch after which training ends, and
    best, the last epoch up to there that was an improvement.  The first epoch is an improvement, and so is each whose
    loss is below that of the best one before it by more than min_delta.  Training ends after `patience` epochs in a
    row that were none, after one if patience is 0, or else with the list.
    Prechelt (1998); as `keras.callbacks.EarlyStopping`.
    """
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return epoch, best
    return len(val_losses) - 1, best
