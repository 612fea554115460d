# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Preprocessing
#
# You write the six functions between a file of images and a network: `scale`, `flatten`, `one_hot`, `train_val_split`,
# `stratified_split` and `standardise`.
# Together they are worth **20 points** and take about 40 minutes; you need NumPy and nothing else.
#
# How it works:
#
# 1. Replace `raise NotImplementedError()` by your code. The text below `def` says what the function has to do.
# 2. Run the check below it. It stays silent if all is well, and says what is wrong if not. Run it as often as you like.
# 3. Before you hand in, choose *Kernel, Restart and run all*: the checks must pass from top to bottom.
#
# The help grows less as you go on. A function like the first two is worked out for you. `scale` and `flatten` take one line
# each. Of `one_hot` and `train_val_split` you get the greater part and fill in what is missing. Of `stratified_split`
# and `standardise` you get the first line and the text.
#
# Some checks are hidden: they use fresh random numbers every time, so write what the text says, not what a check shows.
# No function changes an array that it was given, and what comes back is an array, not a list.

# %% [markdown]
# The next cell is for the checks; run it, and skip it as you read.

# %% nbgrader={"schema_version": 3, "grade_id": "imports", "solution": false, "grade": false, "locked": true}
import numpy as np

from autograder.checks import answer_of


def refuses(function, *arguments):
    """Whether a function raises a ValueError for these arguments."""
    try:
        function(*arguments)
    except ValueError:
        return True
    except Exception as error:
        raise AssertionError(f"a ValueError is due here; yours raised {type(error).__name__}: {error}") from error
    return False

# %% [markdown]
# ## A worked example: brighten
#
# The task: raise every pixel of some images by the same amount; nothing can be brighter than 255.
#
# 1. *What comes in, what goes out?* Arrays of any shape, `uint8` both times. The shape stays.
# 2. *One case by hand.* `[0, 100, 250]` raised by 10 is `[10, 110, 255]`.
# 3. *Where is the trap?* `uint8` has no number above 255: there 250 + 10 is 4, since counting starts again at 0, and no
#    error tells you. So calculate in a wider type, and go back when everything fits.
# 4. *Write it,* and say behind `#` why a line is there if that is not plain to see.
# 5. *Try the case from step 2.* An `assert` stays silent if its condition holds, else it shows the text behind the comma.

# %% nbgrader={"schema_version": 3, "grade_id": "brighten", "solution": false, "grade": false, "locked": true}
def brighten(x, amount):
    """Images with every pixel raised by amount; what would go beyond 255 stays at 255.

    x: uint8, any shape; amount: 0 to 255 -> uint8, the same shape; x itself stays as it is.
    """
    wide = x.astype(np.int64)      # uint8 would start again at 0
    return np.minimum(wide + amount, 255).astype(np.uint8)


x = np.array([[0, 100, 250]], np.uint8)
brighter = brighten(x, 10)
assert brighter.tolist() == [[10, 110, 255]], f"[[0, 100, 250]] raised by 10 is [[10, 110, 255]]; yours is {brighter}"
assert brighter.dtype == np.uint8, f"uint8 must come back; yours is {brighter.dtype}"
assert x.tolist() == [[0, 100, 250]], f"x must stay as it is; now it is {x}"

# %% [markdown]
# ## 1. Scale (3 points)
#
# A network learns best from small numbers, so its pixels run from 0 to 1 instead of 0 to 255.
# The type matters as in the example: `uint8` holds no fractions, and a plain division gives `float64`, twice the memory of
# the `float32` that Keras calculates in.
# Before you write it: what becomes of `[0, 51, 255]`?

# %% nbgrader={"schema_version": 3, "grade_id": "scale", "solution": true, "grade": false, "locked": false}
from solutions.preprocessing import scale

# %% nbgrader={"schema_version": 3, "grade_id": "scale_check", "solution": false, "grade": true, "locked": true, "points": 1}
x = np.array([[[0, 51], [102, 255]]], np.uint8)
a = answer_of(scale, x)
assert a.shape == x.shape, f"scale keeps the shape {x.shape}; yours returned {a.shape}"
assert a.dtype.kind == "f", f"numbers between 0 and 1 are floats; yours have the dtype {a.dtype}"
assert a.min() >= 0, f"no scaled pixel is below 0; yours go down to {a.min()}"
assert a.max() <= 1, f"no scaled pixel is above 1; yours go up to {a.max()}"
assert np.allclose(a, [[[0.0, 0.2], [0.4, 1.0]]]), f"{x.tolist()} becomes [[[0, 0.2], [0.4, 1]]]; yours is {a.tolist()}"

# %% nbgrader={"schema_version": 3, "grade_id": "scale_random", "solution": false, "grade": true, "locked": true, "points": 1}
# Hidden: random images, dark ones and single rows too.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import preprocessing as reference

rng = np.random.default_rng()
for shape in ((2, 5, 4), (7,), (3, 6)):
    for brightest in (255, 120):
        x = rng.integers(1, brightest + 1, size=shape, dtype=np.uint8)
        x.flat[0], x.flat[-1] = 3, brightest
        expect(answer_of(scale, x), reference.scale(x), what="scale(x)")
        expect(answer_of(scale, x), reference.scale(x), what="scale(x), called a second time")
        expect(answer_of(scale, 255 - x), reference.scale(255 - x), what="scale of other images of the same shape")
for values in ([[0, 1, 1, 0]], [[0, 0]], [[7, 7]], [[255, 255, 255]], [[254, 128, 127, 129]]):
    x = np.array(values, np.uint8)
    expect(answer_of(scale, x), reference.scale(x), what=f"scale of the pixels {values}")
every = np.arange(256, dtype=np.uint8).reshape(16, 16)
expect(answer_of(scale, every), reference.scale(every), what="scale of all pixels from 0 to 255")
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "scale_type", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
x = np.array([[[0, 51], [102, 255]]], np.uint8)
a = answer_of(scale, x)
assert a.dtype == np.float32, f"the numbers are to be float32; yours are {a.dtype}"
scale(x)
assert x.tolist() == [[[0, 51], [102, 255]]], f"scale overwrote its argument, now {x.tolist()}; return a new array"
### BEGIN HIDDEN TESTS
x = rng.integers(2, 255, size=(3, 4, 4), dtype=np.uint8)
given = x.copy()
a = scale(x)
assert np.array_equal(x, given), "scale overwrote its argument; return a new array"
assert a.dtype == np.float32, f"the numbers are to be float32; yours are {a.dtype}"
expect(a, given / 255, what="scale(x)")
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Flatten (2 points)
#
# A dense layer takes one row a sample, so an image of 28 lines with 28 pixels becomes a row of 784: the first line, then
# the second, and so on. Images of other sizes, not square ones either, must work, too.
# Before you write it: which row does the image `[[1, 2, 3], [4, 5, 6]]` become?

# %% nbgrader={"schema_version": 3, "grade_id": "flatten", "solution": true, "grade": false, "locked": false}
from solutions.preprocessing import flatten

# %% nbgrader={"schema_version": 3, "grade_id": "flatten_check", "solution": false, "grade": true, "locked": true, "points": 1}
x = np.array([[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]])
a = answer_of(flatten, x)
assert a.ndim == 2, f"the result has two axes, images and pixels; yours has the shape {a.shape}"
assert len(a) == 2, f"two images make two rows; yours are {len(a)}"
assert a.shape == (2, 6), f"two images of 2 lines with 3 pixels become (2, 6); yours has the shape {a.shape}"
assert a[0].tolist() == [1, 2, 3, 4, 5, 6], f"the first image becomes [1, 2, 3, 4, 5, 6]; yours became {a[0].tolist()}"
assert a[1].tolist() == [7, 8, 9, 10, 11, 12], f"the second image becomes [7, ..., 12]; yours became {a[1].tolist()}"

# %% nbgrader={"schema_version": 3, "grade_id": "flatten_random", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
# Hidden: random images of other sizes, one image alone, other types of numbers.
### BEGIN HIDDEN TESTS
from autograder.checks import expect

rng = np.random.default_rng()
for shape in ((3, 4, 4), (4, 3, 5), (1, 3, 4), (5, 28, 28), (2, 1, 3), (3, 2, 1)):
    size = int(np.prod(shape))
    for dtype in (np.uint8, np.float32, np.int64):
        x = (rng.permutation(size) % 251 + 1).astype(dtype).reshape(shape)
        given = x.copy()
        a = answer_of(flatten, x)
        expect(a, np.array([[pixel for line in image for pixel in line] for image in x]), what=f"flatten(x) of the shape {shape}")
        assert a.dtype == dtype, f"the pixels came as {np.dtype(dtype)} and must stay so; yours are {a.dtype}"
        flatten(x)
        assert np.array_equal(x, given), "flatten overwrote its argument; return a new array"
x = np.array([[[0.25, -1.5], [1e6, 0.125]]])
expect(answer_of(flatten, x), np.array([[0.25, -1.5, 1e6, 0.125]]), what="flatten of fractions", tolerance=1e-12)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. One-hot labels (3 points)
#
# The label 2 of three classes, written as a row, is `[0, 0, 1]`: all on the class 2 and nothing elsewhere.
# The function already refuses labels that cannot be; the line that makes the rows is missing.
# `k` says how many classes there are, for a class need not occur among the labels at hand.
# Before you write it: what is the first row of `one_hot(np.array([1, 3]), 5)`?

# %% nbgrader={"schema_version": 3, "grade_id": "one_hot", "solution": true, "grade": false, "locked": false}
from solutions.preprocessing import one_hot    # blanks: "np.eye"

# %% nbgrader={"schema_version": 3, "grade_id": "one_hot_check", "solution": false, "grade": true, "locked": true, "points": 1}
y = np.array([1, 3])
a = answer_of(one_hot, y, 5)
assert a.shape == (2, 5), f"two labels of 5 classes make the shape (2, 5); yours is {a.shape}"
assert a.dtype.kind == "f", f"floats are asked for, as a loss needs them; yours have the dtype {a.dtype}"
assert np.allclose(a.sum(axis=1), 1.0), f"each row holds one 1 and else 0, so it sums to 1; your rows sum to {a.sum(axis=1)}"
assert a[0].argmax() == 1, f"the label 1 has its 1 in column 1, counted from 0; your row is {a[0]}"
assert a[1].tolist() == [0, 0, 0, 1, 0], f"the label 3 becomes [0, 0, 0, 1, 0]; yours became {a[1].tolist()}"

# %% nbgrader={"schema_version": 3, "grade_id": "one_hot_random", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
# Hidden: random labels, more and fewer than there are classes, some classes absent.
### BEGIN HIDDEN TESTS
from autograder.checks import expect

rng = np.random.default_rng()
for n, k in ((6, 4), (3, 7), (5, 5), (1, 3), (40, 10), (4, 10)):
    for dtype in (np.uint8, np.int64):
        y = rng.integers(0, k - 1, size=n).astype(dtype)
        y[-1] = k - 2
        y[0] = 1
        given = y.copy()
        a = answer_of(one_hot, y, k)
        expect(a, np.array([[float(i == label) for i in range(k)] for label in y.tolist()]), what=f"one_hot(y, {k})", tolerance=1e-12)
        assert a.dtype.kind == "f", f"floats are asked for; yours have the dtype {a.dtype}"
        one_hot(y, k)
        assert np.array_equal(y, given), "one_hot overwrote its argument; return a new array"
for y, k in (([0, 1, 2], 3), ([2, 2], 3), ([0, 0, 0], 2), ([0], 1)):
    expect(answer_of(one_hot, np.array(y), k), np.array([[float(i == label) for i in range(k)] for label in y]), what=f"one_hot({y}, {k})")
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "one_hot_refuses", "solution": false, "grade": true, "locked": true, "points": 1}
assert answer_of(one_hot, np.array([0, 2]), 3).tolist() == [[1, 0, 0], [0, 0, 1]], "the labels 0 and 2 of three classes come out wrong"
assert answer_of(one_hot, np.array([], dtype=int), 3).shape == (0, 3), "no label at all gives no row: the shape (0, 3)"
for label in (-1, 3):
    assert refuses(one_hot, np.array([0, label]), 3), f"{label} is no label of three classes: a ValueError is due; keep the first lines"

# %% [markdown]
# ## 4. A part to validate on (4 points)
#
# A model is judged by images that it was not trained on, so a part of them is put aside.
# Which part is drawn at random, and `rng` draws: `rng.permutation(n)` gives the numbers from 0 to n - 1 in a random order.
# One order for both arrays, or else the labels belong to other images.
# Most lines are there; read them, then fill in the two that are missing.
# Before you write it: 10 samples, `val_fraction` 0.3: how many rows has each of the four arrays?
#
# The next cell gives `check_split`, which refuses what cannot be split; the cell after it is for the checks.

# %% nbgrader={"schema_version": 3, "grade_id": "check_split", "solution": false, "grade": false, "locked": true}
from solutions.preprocessing import check_split

check_split(np.zeros((10, 2)), np.zeros(10), 0.3, 10)    # stays silent: of 10 samples 3 can be put aside

# %% nbgrader={"schema_version": 3, "grade_id": "examine", "solution": false, "grade": false, "locked": true}
def rows_of(split, y, val_fraction, n_val, seed, shape=(2, 2)):
    """Split numbered samples; returns which of them went into which part, once the four arrays fit together."""
    n, size = len(y), int(np.prod(shape))
    x = np.arange(n * size).reshape(n, *shape)
    parts = answer_of(split, x, y, val_fraction, np.random.default_rng(seed), parts=4)
    x_train, x_val, y_train, y_val = parts
    shapes = ", ".join(str(part.shape) for part in parts)
    axes = [part.ndim for part in parts]
    assert axes == [x.ndim, x.ndim, 1, 1], f"x_train, x_val, y_train, y_val must come back, in this order; yours have the shapes {shapes}"
    assert len(x_val) == n_val, f"{n_val} of {n} samples go into the validation part, the second array; your shapes are {shapes}"
    assert len(x_train) == n - n_val, f"{n - n_val} of {n} samples go into the training part, the first array; your shapes are {shapes}"
    assert (len(y_train), len(y_val)) == (n - n_val, n_val), f"each part has as many labels as images; your shapes are {shapes}"
    rows = []
    for name, images, labels in (("training", x_train, y_train), ("validation", x_val, y_val)):
        assert images.shape[1:] == shape, f"a sample keeps its shape {shape}; in the {name} part it is {images.shape[1:]}"
        numbers = (images.reshape(len(images), size)[:, 0] // size).astype(int)
        known = numbers.min() >= 0 and numbers.max() < n and np.array_equal(images, x[numbers])
        assert known, f"the {name} part holds samples that are not in x: are pixels of different samples mixed?"
        assert np.array_equal(labels, y[numbers]), f"in the {name} part the labels belong to other samples: x and y need one order"
        assert images.dtype == x.dtype, f"the samples came as {x.dtype} and must stay so; in the {name} part they are {images.dtype}"
        assert len(set(numbers)) == len(numbers), f"the {name} part holds some samples twice"
        rows.append(numbers)
    both = len(set(rows[0]) & set(rows[1]))
    assert both == 0, f"{both} samples are in both parts: what a model was trained on cannot judge it"
    assert len(set(rows[0]) | set(rows[1])) == n, "some samples are in neither part"
    return rows


def is_shuffled(rows, y):
    """Whether neither the samples nor, much, their classes stand in order."""
    falls = (np.diff(rows) < 0).mean()
    return 0.15 < falls < 0.85 and (np.diff(y[rows]) != 0).mean() > 0.4

# %% nbgrader={"schema_version": 3, "grade_id": "train_val_split", "solution": true, "grade": false, "locked": false}
from solutions.preprocessing import train_val_split    # blanks: "rng.permutation" "return"

# %% nbgrader={"schema_version": 3, "grade_id": "train_val_split_check", "solution": false, "grade": true, "locked": true, "points": 1}
y = np.arange(10) % 5
train, val = rows_of(train_val_split, y, 0.3, n_val=3, seed=0)
y = np.repeat(np.arange(10), 20)
train, val = rows_of(train_val_split, y, 0.2, n_val=40, seed=1)
assert len(set(y[val])) > 5, f"the data are sorted by class, and your validation part holds only the classes {sorted(set(y[val].tolist()))}"
assert is_shuffled(val, y), f"the validation part is to be in a random order; yours begins with the samples {val[:8]}"
assert is_shuffled(train, y), f"the training part is to be in a random order; yours begins with the samples {train[:8]}"

# %% nbgrader={"schema_version": 3, "grade_id": "train_val_split_random", "solution": false, "grade": true, "locked": true, "points": 1}
# Hidden: other sizes, fractions and shapes.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng()
for n, fraction, n_val, shape in ((9, 0.3, 3, (3,)), (11, 0.3, 3, (2, 2)), (60, 0.5, 30, (4, 2)), (100, 0.19, 19, (1,)), (7, 0.8, 6, ())):
    y = rng.integers(0, 10, size=n).astype(np.uint8)
    train, val = rows_of(train_val_split, y, fraction, n_val, rng.integers(10**6), shape)
y = np.repeat(np.arange(8), 15)
for _ in range(3):
    train, val = rows_of(train_val_split, y, 0.5, 60, rng.integers(10**6))
    assert is_shuffled(val, y), "the validation part is not in a random order"
    assert is_shuffled(train, y), "the training part is not in a random order"
seen = [set(rows_of(train_val_split, np.arange(6), 0.5, 3, rng.integers(10**6))[1]) for _ in range(50)]
assert set.union(*seen) == set(range(6)), "some samples never get into the validation part, however often one splits"
assert not set.intersection(*seen), "some samples always get into the validation part, however often one splits"
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "train_val_split_rng", "solution": false, "grade": true, "locked": true, "points": 1}
y = np.arange(50) % 10
(train, val), (train_again, val_again), (train_other, val_other) = [rows_of(train_val_split, y, 0.2, 10, seed) for seed in (3, 3, 4)]
assert np.array_equal(val, val_again), "the same rng must give the same split, to repeat an experiment: draw with rng only"
assert np.array_equal(train, train_again), "the same rng must give the same training part, to repeat an experiment: draw with rng only"
assert set(val) != set(val_other), "another rng must give another split: draw with the argument rng, not with one of your own"
### BEGIN HIDDEN TESTS
y = np.arange(80) % 7
seeds = rng.integers(10**6, size=4)
splits = [rows_of(train_val_split, y, 0.25, 20, seed) for seed in seeds]
again = [rows_of(train_val_split, y, 0.25, 20, seed) for seed in seeds]
for (train, val), (train_again, val_again) in zip(splits, again, strict=True):
    assert np.array_equal(val, val_again), "the same rng must give the same split: draw with rng only"
    assert np.array_equal(train, train_again), "the same rng must give the same split: draw with rng only"
assert len({tuple(val) for _, val in splits}) == len(set(seeds.tolist())), "another rng must give another split: draw with the argument rng"
one = np.random.default_rng(seeds[0])
first, second = (answer_of(train_val_split, np.arange(40), y[:40], 0.5, one, parts=4)[0] for _ in range(2))
assert not np.array_equal(first, second), "one rng, used twice, must go on and give two splits: draw with it, do not copy it"
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "train_val_split_edges", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
x, y = np.arange(20).reshape(10, 2), np.arange(10)
state = np.random.get_state()[1:3]
parts = train_val_split(x, y, 0.3, np.random.default_rng(5))
assert len(parts) == 4 and np.array_equal(parts[1][:, 0] // 2, parts[3]), "images and labels of the validation part belong together"
assert x.tolist() == np.arange(20).reshape(10, 2).tolist(), "your train_val_split changed its argument x: build new arrays"
assert y.tolist() == list(range(10)), "your train_val_split changed its argument y: build new arrays"
same = np.array_equal(np.random.get_state()[1], state[0]) and np.random.get_state()[2] == state[1]
assert same, "your train_val_split draws with np.random itself, which other code may depend on: draw with rng"
for images, fraction, what in ((x[:9], 0.3, "9 images and 10 labels"), (x, 0.01, "a validation part of nothing")):
    refused = refuses(train_val_split, images, y, fraction, np.random.default_rng(5))
    assert refused, f"{what} must raise a ValueError; keep the line with check_split"
### BEGIN HIDDEN TESTS
np.random.seed(rng.integers(1000, 10**6))
state = np.random.get_state()[1:3]
train_val_split(x, y, 0.3, np.random.default_rng(5))
same = np.array_equal(np.random.get_state()[1], state[0]) and np.random.get_state()[2] == state[1]
assert same, "your train_val_split draws with np.random itself or seeds it, which other code may depend on: draw with rng"
### END HIDDEN TESTS

# %% [markdown]
# ## 5. The same mix of classes in both parts (5 points)
#
# Drawn as above, a small validation part may get many more of one class than of another, by chance.
# A stratified split draws from each class by itself.
# Now you have the first line and the text, no more. `np.unique` tells which classes occur, `np.flatnonzero(y == c)` where
# the class `c` stands, and `check_split` takes the size of the smallest class as `n`.
# At the end both parts have to be shuffled once more, or the classes would stand one behind the other.
# Before you write it: 30 samples of the class 3, 10 of the class 7, `val_fraction` 0.2. How many of each class are in `y_val`?

# %% nbgrader={"schema_version": 3, "grade_id": "stratified_split", "solution": true, "grade": false, "locked": false}
from solutions.preprocessing import stratified_split

# %% nbgrader={"schema_version": 3, "grade_id": "stratified_split_check", "solution": false, "grade": true, "locked": true, "points": 1}
y = np.repeat([3, 7], [30, 10])
train, val = rows_of(stratified_split, y, 0.2, n_val=8, seed=0)
assert (y[val] == 3).sum() == 6, f"0.2 of 30 samples of the class 3 are 6; your validation part has {(y[val] == 3).sum()}"
assert (y[val] == 7).sum() == 2, f"0.2 of 10 samples of the class 7 are 2; your validation part has {(y[val] == 7).sum()}"
y = np.repeat(np.arange(10), 20)
train, val = rows_of(stratified_split, y, 0.2, n_val=40, seed=1)
assert is_shuffled(val, y), f"the validation part is to be shuffled, classes mixed; yours begins with the classes {y[val][:8]}"
assert is_shuffled(train, y), f"the training part is to be shuffled, classes mixed; yours begins with the classes {y[train][:8]}"

# %% nbgrader={"schema_version": 3, "grade_id": "stratified_split_random", "solution": false, "grade": true, "locked": true, "points": 2}
# Hidden: classes of different sizes, in any order, with any integers as labels.
### BEGIN HIDDEN TESTS
rng = np.random.default_rng()
for labels, sizes, fraction, shape in (
        ([0, 1, 2], [9, 11, 40], 0.3, (3,)), ([2, 5, 9, 11], [10, 20, 30, 10], 0.2, (2, 2)), ([8, 4], [7, 23], 0.4, ()),
        (list(range(10)), [14] * 10, 0.19, (1, 2)), ([1], [20], 0.25, (2,)), ([-1, 1], [12, 18], 0.7, (2,))):
    wanted = {label: round(fraction * size) for label, size in zip(labels, sizes, strict=True)}
    for _ in range(4):
        y = rng.permutation(np.repeat(labels, sizes))
        train, val = rows_of(stratified_split, y, fraction, sum(wanted.values()), rng.integers(10**6), shape)
        for label, share in wanted.items():
            found = (y[val] == label).sum()
            assert found == share, (f"of the {(y == label).sum()} samples of the class {label}, {share} belong into the validation part "
                                    f"(val_fraction {fraction}); yours has {found}")
seen = [set(rows_of(stratified_split, np.repeat([4, 6], 4), 0.5, 4, rng.integers(10**6))[1]) for _ in range(50)]
assert set.union(*seen) == set(range(8)), "some samples never get into the validation part, however often one splits"
assert not set.intersection(*seen), "some samples always get into the validation part, however often one splits"
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "stratified_split_rng", "solution": false, "grade": true, "locked": true, "points": 1}
y = np.arange(50) % 5
(train, val), (train_again, val_again), (train_other, val_other) = [rows_of(stratified_split, y, 0.2, 10, seed) for seed in (3, 3, 4)]
assert np.array_equal(val, val_again), "the same rng must give the same split, to repeat an experiment: draw with rng only"
assert np.array_equal(train, train_again), "the same rng must give the same training part, to repeat an experiment: draw with rng only"
assert set(val) != set(val_other), "another rng must give another split: shuffle each class with rng before you cut it"
### BEGIN HIDDEN TESTS
y = rng.permutation(np.repeat([1, 2, 6], [40, 60, 20]))
seeds = rng.integers(10**6, size=4)
splits = [rows_of(stratified_split, y, 0.25, 30, seed) for seed in seeds]
again = [rows_of(stratified_split, y, 0.25, 30, seed) for seed in seeds]
for (train, val), (train_again, val_again) in zip(splits, again, strict=True):
    assert np.array_equal(val, val_again), "the same rng must give the same split: draw with rng only"
    assert np.array_equal(train, train_again), "the same rng must give the same split: draw with rng only"
    assert is_shuffled(val, np.arange(len(y))), "the validation part is not in a random order"
    assert is_shuffled(train, np.arange(len(y))), "the training part is not in a random order"
assert len({tuple(val) for _, val in splits}) == len(set(seeds.tolist())), "another rng must give another split: draw with the argument rng"
y = np.repeat(np.arange(8), 15)
for _ in range(3):
    train, val = rows_of(stratified_split, y, 0.4, 48, rng.integers(10**6))
    assert is_shuffled(val, y), "in the validation part the classes are not mixed"
    assert is_shuffled(train, y), "in the training part the classes are not mixed"
one = np.random.default_rng(seeds[0])
first, second = (answer_of(stratified_split, np.arange(40), np.arange(40) % 2, 0.5, one, parts=4)[0] for _ in range(2))
assert not np.array_equal(first, second), "one rng, used twice, must go on and give two splits: draw with it, do not copy it"
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "stratified_split_edges", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
x, y = np.arange(40).reshape(20, 2), np.arange(20) % 2
state = np.random.get_state()[1:3]
parts = stratified_split(x, y, 0.3, np.random.default_rng(5))
assert len(parts) == 4 and np.array_equal(parts[1][:, 0] // 2 % 2, parts[3]), "images and labels of the validation part belong together"
assert x.tolist() == np.arange(40).reshape(20, 2).tolist(), "your stratified_split changed its argument x: build new arrays"
assert y.tolist() == [0, 1] * 10, "your stratified_split changed its argument y: build new arrays"
same = np.array_equal(np.random.get_state()[1], state[0]) and np.random.get_state()[2] == state[1]
assert same, "your stratified_split draws with np.random itself, which other code may depend on: draw with rng"
one_alone = np.array([0] * 19 + [1])
for images, labels, what in ((x[:19], y, "19 images and 20 labels"), (x, one_alone, "a class with one sample, too small for both parts,")):
    refused = refuses(stratified_split, images, labels, 0.3, np.random.default_rng(5))
    assert refused, f"{what} must raise a ValueError; check_split does that, with the size of the smallest class as n"
### BEGIN HIDDEN TESTS
np.random.seed(rng.integers(1000, 10**6))
state = np.random.get_state()[1:3]
stratified_split(x, y, 0.3, np.random.default_rng(5))
same = np.array_equal(np.random.get_state()[1], state[0]) and np.random.get_state()[2] == state[1]
assert same, "your stratified_split draws with np.random itself or seeds it, which other code may depend on: draw with rng"
### END HIDDEN TESTS

# %% [markdown]
# ## 6. Mean 0 and deviation 1 (3 points)
#
# Another common scale: subtract the mean, divide by the standard deviation.
# Both numbers come from the training set, and the very same two are used for every other image, since a model may know
# nothing of the images that are to judge it.
# Before you write it: with `train` = `[[1, 3]]`, whose mean is 2 and deviation 1, what becomes of `other` = `[[2, 4]]`?

# %% nbgrader={"schema_version": 3, "grade_id": "standardise", "solution": true, "grade": false, "locked": false}
from solutions.preprocessing import standardise

# %% nbgrader={"schema_version": 3, "grade_id": "standardise_check", "solution": false, "grade": true, "locked": true, "points": 1}
train, other = np.array([[1.0, 3.0], [3.0, 1.0]]), np.array([[2.0, 4.0]])
a, b = answer_of(standardise, train, other, parts=2)
assert (a.shape, b.shape) == (train.shape, other.shape), f"the shapes {train.shape} and {other.shape} stay; yours are {a.shape} and {b.shape}"
assert np.isclose(a.mean(), 0.0), f"the new training set has the mean 0; yours has {a.mean()}"
assert np.isclose(a.std(), 1.0), f"the new training set has the standard deviation 1; yours has {a.std()}"
assert np.allclose(b, [[0.0, 2.0]]), f"with the mean 2 and deviation 1 of train, [[2, 4]] becomes [[0, 2]]; yours became {b.tolist()}"

# %% nbgrader={"schema_version": 3, "grade_id": "standardise_random", "solution": false, "grade": true, "locked": true, "points": 1}
# Hidden: random images, the others of another brightness and number.
### BEGIN HIDDEN TESTS
from autograder.checks import expect

rng = np.random.default_rng()
for train_shape, other_shape in (((4, 3), (2, 3)), ((3, 3), (3, 3)), ((5, 2, 2), (1, 2, 2)), ((6, 4), (4,)), ((2, 2), (3, 5))):
    train = rng.uniform(0.1, 0.9, size=train_shape) + 0.5 * np.arange(train_shape[-1])
    train.flat[0] = 5.0
    other = rng.uniform(1.0, 4.0, size=other_shape)
    mean = train.sum() / train.size
    sd = np.sqrt(((train - mean) ** 2).sum() / train.size)
    for call in ("", ", called a second time"):
        a, b = answer_of(standardise, train, other, parts=2)
        expect(a, (train - mean) / sd, what=f"the new train{call}", tolerance=1e-9)
        expect(b, (other - mean) / sd, what=f"the new other{call}", tolerance=1e-9)
x32, other32 = train.astype(np.float32), other.astype(np.float32)
a, b = answer_of(standardise, x32, other32, parts=2)
for name, part in (("train", a), ("other", b)):
    assert part.dtype == np.float32, (f"dtypes stay as they came: float32 images must give float32, and the new {name} is {part.dtype} "
                                      "(does an np.float64 stand in the calculation?)")
expect(a, (x32 - mean) / sd, what="the new train of float32 images", tolerance=1e-5)
expect(b, (other32 - mean) / sd, what="the new other of float32 images", tolerance=1e-5)
a, b = answer_of(standardise, np.array([[1.0, 3.0]]), np.full((2, 2), 4.0), parts=2)
expect(b, np.full((2, 2), 2.0), what="the new other, where all of other is 4 and train has the mean 2 and deviation 1,")
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "standardise_edges", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
train, other = np.array([[1.0, 3.0]]), np.array([[2.0, 4.0]])
a, b = standardise(train, other)
assert np.allclose(a, [[-1.0, 1.0]]), f"[[1, 3]] becomes [[-1, 1]]; yours became {a}"
assert np.allclose(b, [[0.0, 2.0]]), f"with the mean 2 and deviation 1 of train, [[2, 4]] becomes [[0, 2]]; yours became {b}"
assert train.tolist() == [[1.0, 3.0]], "your standardise overwrote its argument train: build a new array"
assert other.tolist() == [[2.0, 4.0]], "your standardise overwrote its argument other: build a new array"
for value in (0.0, 0.25):
    refused = refuses(standardise, np.full((4, 4), value), other)
    assert refused, f"a training set that is {value} everywhere has the deviation 0: that must raise a ValueError"
### BEGIN HIDDEN TESTS
train, other = rng.uniform(1, 2, size=(3, 4)), rng.uniform(3, 4, size=(2, 4))
given = train.copy(), other.copy()
standardise(train, other)
assert np.array_equal(train, given[0]), "your standardise overwrote its argument train: build a new array"
assert np.array_equal(other, given[1]), "your standardise overwrote its argument other: build a new array"
### END HIDDEN TESTS

# %% [markdown]
# ## Done
#
# Choose *Kernel, Restart and run all* once more. If every cell stays silent, save the notebook and hand it in.
