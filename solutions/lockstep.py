"""What a network is trained on to be compared with Keras step by step: weights to start from, data, and the batches.

In float64, where rounding stays far below every tolerance.  `tests/solutions/test_lockstep.py` trains Keras on both
tasks, so whoever agrees with the reference here agrees with Keras.
"""

import functools

import numpy as np

from solutions.data import load_mnist
from solutions.preprocessing import prepare
from solutions.rebuild import initialise, train
from solutions.training import schedule


def bars(n, rng):
    """Made-up images of 8 x 8 pixels, noise and bright lines: a row (class 0), a column (1), or one of each (2).

    n: how many; rng: a `np.random.Generator` -> x: float64 (n, 64), y: integers (n,).
    """
    y = np.arange(n) % 3
    x = 0.5 * rng.random((n, 8, 8))
    places = (8 * rng.random((n, 2))).astype(int)
    for image, kind, (row, column) in zip(x, y, places, strict=True):
        if kind != 1:
            image[row, :] += 0.5
        if kind != 0:
            image[:, column] += 0.5
    return x.reshape(n, 64), y


def bars_task():
    """A small network and the bars to train it on, always the same -> layers, x, y, epochs.

    Two epochs, in different orders, of seven batches, the last of which is shorter than the others.
    """
    rng = np.random.default_rng(0)
    layers = [(0.4 * rng.random((64, 16)) - 0.2, np.zeros(16)), (rng.random((16, 3)) - 0.5, np.zeros(3))]
    x, y = bars(100, rng)
    epochs = [[order[first:first + 16] for first in range(0, 100, 16)]
              for order in (np.arange(100), np.arange(100)[::-1])]
    return layers, x, y, epochs


def losses_of_keras():
    """The loss that Keras reported for each of the 14 steps of `bars_task`, in float64 -> (14,)."""
    return np.array([1.167778470147, 1.095734338255, 1.110774370384, 1.210308426744, 1.122231375914, 1.082718927613,
                     1.187894607013, 1.085850058534, 1.138117723557, 1.145567676647, 1.142630067777, 1.052189879124,
                     1.073141927020, 1.142418929380])


@functools.cache
def digits_task():
    """The notebook's network and 330 real digits to train it on, always the same -> layers, x, y, epochs.

    Two epochs of 11 batches, of which the last has 10 rows.
    """
    (images, labels), _ = load_mnist(small=True)
    rng = np.random.default_rng(7)
    layers = initialise((784, 100, 10), rng)
    return layers, prepare(images[:330]), labels[:330], schedule(330, 32, 2, rng)


@functools.cache
def digits_answer(steps=22):
    """What the reference makes of the first steps of `digits_task` -> the new layers, the loss of each step."""
    layers, x, y, epochs = digits_task()
    return train(layers, x, y, [[rows for epoch in epochs for rows in epoch][:steps]])
