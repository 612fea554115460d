"""Comparing networks fairly, and training one within a budget: how much is noise, what to choose, what it costs.

Keras is imported inside the functions that build with it: it takes seconds to load, and comparing needs none of it.
"""

import numpy as np


def parameters_of(sizes):
    """How many weights and biases a dense network has; nothing needs to be built to know it.

    sizes: units from the input to the output, two or more -> one integer.
    Between two neighbours of `sizes` stands one dense layer: a weight for every pair of an input and a unit, and
    a bias for every unit.  For (784, 10) it is 7,850.  As `keras.Model.count_params`.
    """
    return sum((sizes[i] + 1) * sizes[i + 1] for i in range(len(sizes) - 1))


def t_value(n):
    """Student's t for a 95 % interval from n values: how many standard errors it reaches to each side.

    n: how many values, 2 to 20 -> one number; for large n it would be 1.96.  As `scipy.stats.t.ppf(0.975, n - 1)`.
    """
    table = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788, 2.1604,
             2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930]
    return table[n - 2]


def mean_interval(a):
    r"""The mean of several runs and how far it is to be trusted: mean and half-width of its 95 % interval.

    a: accuracies of one setting, (n,), a run with its own seed each -> two numbers, mean and half.
    $\mathrm{half} = t \, s / \sqrt{n}$, where s is the standard deviation with $n - 1$ below the root.
    """
    half = t_value(len(a)) * np.std(a, ddof=1) / np.sqrt(len(a))
    return float(np.mean(a)), float(half)


def paired_difference(a, b):
    r"""How much better b is than a, and how far that is to be trusted: mean and half-width of the 95 % interval.

    a, b: accuracies of two settings, both (n,), where run i of a and run i of b had the same seed
    -> two numbers, mean and half, of the n differences b - a.
    $\mathrm{half} = t \, s / \sqrt{n}$: t is `t_value(n)`, and s the standard deviation of the differences with
    $n - 1$ below the root.  Student (1908).
    ValueError: a and b have different lengths, or there are fewer than two runs.
    """
    if len(a) != len(b) or len(a) < 2:
        raise ValueError(f"a and b need one length, 2 or more runs, got {len(a)} and {len(b)}")
    differences = np.subtract(b, a)
    half = t_value(len(a)) * differences.std(ddof=1) / np.sqrt(len(a))
    return float(differences.mean()), float(half)


def choose(accuracy):
    r"""The setting to take, by the rule of one standard error: the simplest that is about as good as the best.

    accuracy: on validation data, (settings, runs), the settings from the simplest to the most expensive
    -> one integer, the row of the setting.
    Find the setting with the highest mean over its runs, of equal ones the first.  Its standard error is
    $s / \sqrt{n}$, where s is the standard deviation of its n runs with $n - 1$ below the root.  Take the first
    setting whose mean is at least the highest mean minus that standard error.  Breiman et al. (1984), section 3.4.3.
    """
    means = accuracy.mean(axis=1)
    best = means.argmax()
    error = accuracy[best].std(ddof=1) / np.sqrt(accuracy.shape[1])
    return int(np.flatnonzero(means >= means[best] - error)[0])


def bars(n, rng):
    """Made-up images to try a network on: a thick bar in one of ten directions, which is its label, and noise.

    n: how many, rng: a `np.random.Generator` -> x: float32 (n, 784), 0 to 1, and y: integers 0 to 9, (n,).
    """
    y = rng.integers(10, size=n)
    slant = (y * np.pi / 10)[:, None, None]
    row, column = np.indices((28, 28)) - 13.5
    bar = np.abs(row * np.cos(slant) - column * np.sin(slant)) < 3
    x = 0.8 * bar + rng.uniform(0.0, 0.2, size=bar.shape)
    return x.reshape(n, 784).astype(np.float32), y


def layers_of(model):
    """What a Keras model consists of, layer by layer: (class, units or rate, activation); None where it has none."""
    found = []
    for layer in model.get_config()["layers"]:
        settings = layer["config"]
        if layer["class_name"] != "InputLayer":
            size = settings.get("units", settings.get("rate"))
            found.append((layer["class_name"], size, settings.get("activation")))
    return found


def build_model(sizes, hidden="relu", dropout=0.0, rate=0.001):
    """A dense network in Keras, compiled and ready for `fit`; its outputs are logits.

    sizes: units from the input to the output, for instance (784, 100, 10); hidden: the activation of every hidden
    layer, while the last layer has none; dropout: the share of a `Dropout` layer behind every hidden layer, and 0
    stands for no such layers; rate: Adam's learning rate
    -> a `keras.Sequential`.
    Its loss is sparse categorical cross-entropy of logits (`from_logits=True`), its metric accuracy.
    """
    from keras import Input, Sequential, layers, losses, optimizers

    model = Sequential([Input((sizes[0],))])
    for units in sizes[1:-1]:
        model.add(layers.Dense(units, activation=hidden))
        if dropout > 0:
            model.add(layers.Dropout(dropout))
    model.add(layers.Dense(sizes[-1]))
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=optimizers.Adam(rate), loss=loss, metrics=["accuracy"])
    return model


def improve(x, y, seed):
    """A trained Keras model for ten classes, as good as you can make it within the budget.

    x: images, float32 (n, 784), 0 to 1; y: their labels, integers 0 to 9, (n,), in any order, perhaps sorted;
    seed: an integer -> a trained Keras model: images (m, 784) in, ten outputs each, the largest for the class.
    Budget: at most 100,000 parameters, and 15 seconds for 4,000 images.
    The same seed gives the same model, another seed another one: `keras.utils.set_random_seed(seed)` comes first.
    """
    from keras.utils import set_random_seed

    set_random_seed(seed)
    model = build_model((784, 120, 10), rate=0.003)
    model.fit(x, y, epochs=5, batch_size=32, verbose=0)
    return model
