"""The network behind the digit pad: trained by the build, kept between builds, measured as the page runs it.

It is the notebook's 784-100-10, in NumPy from `solutions`, with softmax at its end, because the pad shows ten
probabilities and ten sigmoids are none.  Readers draw as they like, and few images are at hand without a download: in
every round of training each image is turned, slanted, scaled and moved a little, another way each time.
"""

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from solutions.data import load_mnist, mnist_source
from solutions.evaluation import accuracy
from solutions.network import forward, initialise
from solutions.preprocessing import prepare
from solutions.training import batches, start, train_epoch

SIZES = (784, 100, 10)
IMAGES = 48_000         # distorted images to train on: 12 rounds of 4,000, or 2 of the full set's 60,000
EPOCHS_A_ROUND = 2
RATE = 0.003            # Adam's, falling to 0 in a straight line over the rounds
SAMPLES = 3             # test images of each digit that the pad offers
PLACES = (np.indices((28, 28)).reshape(2, 784) - 13.5).astype(np.float32)


class PadNetwork(NamedTuple):
    """A trained network and what the page says about it.

    params: float32 [(W, b), ...], as trained; samples: uint8 (10, SAMPLES, 28, 28), each digit's first test images;
    right: how many of n_test images the network gets right with its weights in float16, as the page has them.
    """

    params: list
    samples: np.ndarray
    n_train: int
    n_test: int
    right: int
    rounds: int
    source: str

    def facts(self):
        """What the text of a page may quote."""
        return {**self.numbers(), "images": images_in_words(self.n_train)}

    def numbers(self):
        return {name: getattr(self, name) for name in ("n_train", "n_test", "right", "rounds", "source")}

    def weights(self):
        """The file that the page loads: W1, b1, W2, b2 row by row, float16, the low byte first."""
        return b"".join(array.astype("<f2").tobytes() for layer in self.params for array in layer)


def images_in_words(n):
    """How many training images, beside how many there are."""
    return "MNIST's 60,000 training images" if n == 60_000 else f"{n:,} of MNIST's 60,000 training images"


def fingerprint(solutions):
    """Changes with the reference in the folder `solutions`, with this module, and with the digits that are found."""
    source = mnist_source()
    digest = hashlib.sha256(str(source).encode())
    if source.path and source.path.exists():
        digest.update(f"{source.path.stat().st_size} {source.path.stat().st_mtime_ns}".encode())
    for module in [Path(__file__), *sorted(Path(solutions).glob("*.py"))]:
        digest.update(module.read_bytes())
    return digest.hexdigest()


def train():
    """A PadNetwork trained on the digits that are at hand, always the same for the same digits."""
    (images, y), (test_images, y_test) = load_mnist()
    rng = np.random.default_rng(0)
    pixels = images.astype(np.float32) / 255
    rounds = max(2, IMAGES // len(images))
    params = initialise(SIZES, rng)
    state = start(params)
    with threadpool_limits(1, "blas"):
        for number in range(rounds):
            x = distort(pixels, rng).reshape(len(pixels), 784)
            for _ in range(EPOCHS_A_ROUND):
                params, state, _, _ = train_epoch(params, state, x, y, batches(len(x), 32, rng),
                                                  lr=RATE * (1 - number / rounds))
        rounded = [(W.astype(np.float16).astype(np.float32), b.astype(np.float16).astype(np.float32))
                   for W, b in params]
        share = accuracy(y_test, forward(rounded, prepare(test_images))[0])
    samples = np.stack([test_images[y_test == digit][:SAMPLES] for digit in range(10)])
    return PadNetwork(params, samples, len(y), len(y_test), round(share * len(y_test)), rounds,
                      mnist_source().description)


def distort(images, rng, block=500):
    """Each image turned, slanted, scaled and moved a little, at random; paper comes in from outside.

    images: float32 (n, 28, 28), 0 to 1 -> the same shape and range.  Block by block, which is faster than all at once.
    """
    return np.concatenate([distort_block(images[i : i + block], rng) for i in range(0, len(images), block)])


def distort_block(images, rng):
    n = len(images)
    turn, slant = rng.normal(0, 0.15, (2, n))           # radians, and columns a row
    high, wide = np.exp(rng.normal(0, 0.1, (2, n)))
    move = rng.normal(0, 0.5, (n, 2, 1))                # pixels
    cos, sin = np.cos(turn), np.sin(turn)
    matrix = np.array([[cos * high, -sin * wide], [(sin + slant) * high, cos * wide]]).transpose(2, 0, 1)
    # Where each new pixel comes from, in images with a margin of a pixel of paper; it takes the mean of four there
    place = np.clip(matrix.astype(np.float32) @ PLACES + (13.5 + move).astype(np.float32), -1, 28) + 1
    corner = np.minimum(place.astype(np.int32), 28)
    down, right = (place - corner.astype(np.float32)).transpose(1, 0, 2)
    flat = np.pad(images, ((0, 0), (1, 1), (1, 1))).ravel()
    at = corner[:, 0] * 30 + corner[:, 1] + 900 * np.arange(n, dtype=np.int32)[:, None]
    above = flat[at] * (1 - right) + flat[at + 1] * right
    below = flat[at + 30] * (1 - right) + flat[at + 31] * right
    return (above * (1 - down) + below * down).reshape(n, 28, 28)


def save(path, network, mark):
    """Keep a network; mark: the fingerprint of what it was made from."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {f"{name}{i}": array for i, layer in enumerate(network.params)
              for name, array in zip("Wb", layer, strict=True)}
    with path.open("wb") as file:
        np.savez(file, mark=mark, samples=network.samples, **network.numbers(), **arrays)


def load(path, mark=None):
    """The PadNetwork kept at path, or None if there is none, or none with that mark."""
    if not path.exists():
        return None
    with np.load(path, allow_pickle=False) as kept:
        if mark is not None and str(kept["mark"]) != mark:
            return None
        params = [(kept[f"W{i}"], kept[f"b{i}"]) for i in range(len(SIZES) - 1)]
        numbers = {name: kept[name].item() for name in PadNetwork._fields if name not in ("params", "samples")}
        return PadNetwork(params, kept["samples"], **numbers)
