"""Time one epoch of the digits' model: the NumPy reference, Keras, scikit-learn, and the bare matrix products.

The contestants take turns, so that a busy moment of the machine hits all of them; a ratio is the median of the
ratios within a round.  Only ratios carry over to other machines.

    python tests/solutions/bench_epoch.py [--rounds 5] [--rows 60000]
"""

import argparse
import os
import statistics
import time
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from solutions import keras_model
from solutions.data import load_mnist, mnist_source
from solutions.network import initialise
from solutions.preprocessing import prepare
from solutions.training import batches, start, train_epoch

SIZES = (784, 100, 10)
BATCH = 32


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rows", type=int, default=60_000, help="the data are repeated or cut to this length")
    options = parser.parse_args()
    x, y = rows_of_digits(options.rows)
    print(f"One epoch of {'-'.join(map(str, SIZES))}, float32, Adam, {len(x)} rows in batches of {BATCH} "
          f"({mnist_source().description}); {os.cpu_count()} cores, {options.rounds} rounds")
    report(measure(contestants(x, y), options.rounds))


def rows_of_digits(n):
    """n digits to train on; the data are repeated if there are fewer."""
    (x, y), _ = load_mnist()
    rows = np.arange(n) % len(x)
    return prepare(x[rows]), y[rows]


def contestants(x, y):
    """The name of each contestant, and a function that trains one epoch."""
    return {
        "bare matrix products, 1 thread": products(x),
        "NumPy reference, 1 thread": numpy_epoch(x, y),
        "scikit-learn MLPClassifier, 1 thread": sklearn_epoch(x, y),
        "Keras fit": keras_epoch(x, y, steps_per_execution=1),
        "Keras fit, steps_per_execution=200": keras_epoch(x, y, steps_per_execution=200),
    }


def products(x):
    """The five matrix products of every training step and nothing else: no arithmetic can be saved on them."""
    (W1, _), (W2, _) = initialise(SIZES, np.random.default_rng(1))

    def run():
        for begin in range(0, len(x), BATCH):
            batch = x[begin : begin + BATCH]
            hidden = batch @ W1
            logits = hidden @ W2
            hidden.T @ logits
            batch.T @ (logits @ W2.T)

    return on_one_thread(run)


def numpy_epoch(x, y):
    rng = np.random.default_rng(1)
    params = initialise(SIZES, rng)
    return on_one_thread(lambda: train_epoch(params, start(params), x, y, batches(len(x), BATCH, rng)))


def sklearn_epoch(x, y):
    def run():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            MLPClassifier(SIZES[1:-1], batch_size=BATCH, max_iter=1, alpha=0).fit(x, y)

    return on_one_thread(run)


def keras_epoch(x, y, steps_per_execution):
    model = keras_model.build_model(SIZES)
    model.compile(model.optimizer, model.loss, metrics=["accuracy"], steps_per_execution=steps_per_execution)
    # The first steps also build the graph, which is no part of an epoch.
    first = slice(BATCH * steps_per_execution)
    model.fit(x[first], y[first], batch_size=BATCH, verbose=0)
    return lambda: model.fit(x, y, batch_size=BATCH, verbose=0)


def on_one_thread(run):
    """NumPy and scikit-learn gain nothing from more BLAS threads on matrices this small."""

    def limited():
        with threadpool_limits(1, user_api="blas"):
            run()

    return limited


def measure(functions, rounds):
    """Seconds of every function in every round."""
    seconds = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            begin = time.perf_counter()
            function()
            seconds[name].append(time.perf_counter() - begin)
    return seconds


def report(seconds):
    names = list(seconds)
    floor, reference = (seconds[name] for name in names[:2])
    print(f"{'':40} {'median s':>9} {'range s':>15} {'x NumPy':>8} {'x products':>11}")
    for name in names:
        own = seconds[name]
        spread = f"{min(own):.2f} - {max(own):.2f}"
        print(f"{name:40} {statistics.median(own):9.2f} {spread:>15} "
              f"{ratio(own, reference):8.2f} {ratio(own, floor):11.2f}")


def ratio(a, b):
    """The median over the rounds."""
    return statistics.median(p / q for p, q in zip(a, b, strict=True))


if __name__ == "__main__":
    main()
