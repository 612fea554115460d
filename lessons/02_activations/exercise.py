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
# # Activations
#
# You write the five functions that give a network its bends and its probabilities: `relu`, `relu_backward`,
# `leaky_relu`, `sigmoid` and `softmax`.
# Together they are worth **20 points** and take about 45 minutes; you need NumPy and nothing else.
#
# How it works:
#
# 1. Replace `raise NotImplementedError()` in each function by your code. The text below `def` says what the function
#    has to do.
# 2. Run the check below it. It stays silent if all is well, and says what is wrong if not. Run it as often as you like.
# 3. Before you hand in, choose *Kernel, Restart and run all*: the checks must pass from top to bottom.
#
# Some checks are hidden: they use fresh random numbers every time, so write what the text says, not what a check shows.
#
# What holds for all five: NumPy arrays come in, of floats or of integers, and a NumPy array goes out, not a list.
# No function changes an array that it was given.
# A loop over the elements is allowed, though NumPy makes it unnecessary.

# %% [markdown]
# The next cell is for the checks; run it, and skip it as you read.

# %% nbgrader={"schema_version": 3, "grade_id": "imports", "solution": false, "grade": false, "locked": true}
import warnings

import numpy as np

from autograder.checks import answer_of

# %% [markdown]
# ## 1. ReLU (4 points)
#
# The rectified linear unit lets positive numbers through and turns negative ones into 0, the infinite ones too:
# `relu` of `-np.inf` is 0, and `relu` of `np.inf` is `np.inf`.
# Before you write it: what should `relu` give for `[[-1, 0], [2, 7.5]]`?

# %% nbgrader={"schema_version": 3, "grade_id": "relu", "solution": true, "grade": false, "locked": false}
from solutions.activations import relu

# %% nbgrader={"schema_version": 3, "grade_id": "relu_check", "solution": false, "grade": true, "locked": true, "points": 1}
z = np.array([[-1.0, 0.0, 2.0], [7.5, -0.5, 0.5]])
a = answer_of(relu, z)
assert a.shape == z.shape, f"relu works element by element and keeps the shape {z.shape}; yours returned {a.shape}"
assert a.dtype.kind in "fiu", f"relu returns numbers; yours returned the dtype {a.dtype}"
assert np.allclose(a[z > 0], z[z > 0]), f"positive numbers pass unchanged; yours turned {z[z > 0]} into {a[z > 0]}"
assert np.allclose(a[z <= 0], 0.0), f"negative numbers and 0 become 0; yours turned {z[z <= 0]} into {a[z <= 0]}"
for z in (np.array([-1.0, 2.0]), np.array([[[3.0], [-4.0]]])):
    a = answer_of(relu, z)
    assert a.shape == z.shape, f"any shape must work; yours turned the shape {z.shape} into {a.shape}"

# %% nbgrader={"schema_version": 3, "grade_id": "relu_random", "solution": false, "grade": true, "locked": true, "points": 2}
# Hidden: random numbers, small and large.
### BEGIN HIDDEN TESTS
from autograder.checks import expect, no_overflow
from solutions import activations as reference

rng = np.random.default_rng()


def fractions(rows, columns):
    """Random odd multiples of 1/1024, exact as float32 too: negative in the first column, else positive in the last column and row."""
    numbers = (2 * rng.integers(0, 6400, size=(rows, columns)) + 1) / 1024 * rng.choice([-1.0, 1.0], size=(rows, columns))
    numbers[-1], numbers[:, -1] = np.abs(numbers[-1]), np.abs(numbers[:, -1])
    numbers[:, 0] = -np.abs(numbers[:, 0])
    numbers[0, 0], numbers[-1, -1] = -0.25, 0.25
    numbers[0, -1], numbers[-1, 0] = numbers[0, -1] + 10, numbers[-1, 0] - 10
    return numbers


for shape in ((5, 4), (2, 3)):
    z = fractions(*shape)
    z[0, -2:] = 6.5, 30.0
    expect(answer_of(relu, z), reference.relu(z), what="relu(z)", given=z, tolerance=1e-10)
    expect(answer_of(relu, z), reference.relu(z), what="relu(z), called a second time", tolerance=1e-10)
expect(answer_of(relu, np.array([[-2, 0, 3]])), np.array([[0.0, 0.0, 3.0]]), what="relu of integers")
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "relu_edges", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
z = np.array([[4.0, -3.0]])
relu(z)
assert z.tolist() == [[4.0, -3.0]], "your relu overwrote its argument z; build a new array, the backward pass needs z"
a = answer_of(relu, np.array([[-np.inf, np.inf]]))
assert not np.isnan(a).any(), f"relu([[-inf, inf]]) is [[0, inf]]; yours is {a}: -inf * 0 and -inf + inf are nan, not a number"
assert a.tolist() == [[0.0, np.inf]], f"relu([[-inf, inf]]) is [[0, inf]]; yours is {a}"
### BEGIN HIDDEN TESTS
fresh = rng.integers(-80, -1, size=(2, 3)) / 8
given = fresh.copy()
relu(fresh)
assert np.array_equal(fresh, given), "your relu overwrote its argument z; build a new array, the backward pass needs z"
### END HIDDEN TESTS

# %% [markdown]
# ## 2. The gradient of ReLU (4 points)
#
# Going backward, ReLU receives `d`, the gradient of the loss with respect to its output, and passes on the gradient with
# respect to its input `z`. The chain rule says: multiply by the slope. Where `z` is exactly 0 the slope is taken as 0.
# Before you write it: for `z = [-1, 0, 2]` and `d = [5, 5, 5]`, which gradients survive?

# %% nbgrader={"schema_version": 3, "grade_id": "relu_backward", "solution": true, "grade": false, "locked": false}
from solutions.activations import relu_backward

# %% nbgrader={"schema_version": 3, "grade_id": "relu_backward_check", "solution": false, "grade": true, "locked": true, "points": 1}
z = np.array([[-1.0, 2.0], [3.0, -0.5]])
d = np.array([[5.0, -4.0], [0.25, 7.0]])
g = answer_of(relu_backward, d, z)
assert g.shape == z.shape, f"the gradient has the shape of z, {z.shape}; yours has {g.shape}"
assert g.dtype.kind in "fiu", f"a gradient consists of numbers; yours has the dtype {g.dtype}"
assert np.allclose(g[z > 0], d[z > 0]), f"where z > 0 the slope is 1, so d passes unchanged; yours gave {g[z > 0]} for {d[z > 0]}"
assert np.allclose(g[z < 0], 0.0), f"where z < 0 the slope is 0, so nothing passes; yours gave {g[z < 0]}"
for z in (np.array([-1.0, 2.0]), np.array([[[3.0], [-4.0]]])):
    g = answer_of(relu_backward, np.ones_like(z), z)
    assert g.shape == z.shape, f"any shape must work; yours turned the shape {z.shape} into {g.shape}"

# %% nbgrader={"schema_version": 3, "grade_id": "relu_backward_random", "solution": false, "grade": true, "locked": true, "points": 2}
# Hidden: random gradients of both signs.
### BEGIN HIDDEN TESTS
for shape in ((5, 3), (2, 2)):
    z, d = fractions(*shape), np.abs(fractions(*shape))
    d[::2] *= -1
    right = reference.relu_backward(d, z)
    expect(answer_of(relu_backward, d, z), right, what="relu_backward(d, z)", tolerance=1e-10, given=d)
    expect(answer_of(relu_backward, d, z), right, what="relu_backward(d, z), called a second time", tolerance=1e-10)
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "relu_backward_edges", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
d, z = np.array([[5.0, 5.0]]), np.array([[-1.0, 2.0]])
relu_backward(d, z)
assert d.tolist() == [[5.0, 5.0]], "your relu_backward overwrote its argument d; return a new array"
assert z.tolist() == [[-1.0, 2.0]], "your relu_backward overwrote its argument z; return a new array"
### BEGIN HIDDEN TESTS
z = np.array([[-1.0, 0.0, 2.0]])
d = (rng.integers(3, 10, size=(1, 3)) + 0.375) * np.array([[1.0, -1.0, 1.0]])
expect(answer_of(relu_backward, d, z), reference.relu_backward(d, z), what="relu_backward(d, z) at z = 0", given=d)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. Leaky ReLU (3 points)
#
# A unit whose `z` is negative for every image gets no gradient through ReLU and never learns again: it is dead.
# Leaky ReLU keeps a small slope on the negative side, 0.2 unless `negative_slope` says otherwise.
# Integers work too: the integer -4 becomes -0.8.
# Before you write it: what should `leaky_relu` give for `[-10, 0, 3]`?

# %% nbgrader={"schema_version": 3, "grade_id": "leaky_relu", "solution": true, "grade": false, "locked": false}
from solutions.activations import leaky_relu

# %% nbgrader={"schema_version": 3, "grade_id": "leaky_relu_check", "solution": false, "grade": true, "locked": true, "points": 1}
z = np.array([[-10.0, 0.0, 3.0], [0.5, -0.5, 8.0]])
a = answer_of(leaky_relu, z)
assert a.shape == z.shape, f"leaky_relu works element by element and keeps the shape {z.shape}; yours returned {a.shape}"
assert a.dtype.kind in "fiu", f"leaky_relu returns numbers; yours returned the dtype {a.dtype}"
assert np.allclose(a[z > 0], z[z > 0]), f"positive numbers pass unchanged; yours turned {z[z > 0]} into {a[z > 0]}"
assert np.isclose(a[0, 1], 0.0), f"0 stays 0; yours gave {a[0, 1]}"
assert np.isclose(a[0, 0], -2.0), f"with the default slope 0.2, -10 becomes -2; yours gave {a[0, 0]}"
a = answer_of(leaky_relu, z, negative_slope=0.25)
assert np.isclose(a[0, 0], -2.5), f"with negative_slope=0.25, -10 becomes -2.5; yours gave {a[0, 0]}"
for z in (np.array([-1.0, 2.0]), np.array([[[3.0], [-4.0]]])):
    a = answer_of(leaky_relu, z)
    assert a.shape == z.shape, f"any shape must work; yours turned the shape {z.shape} into {a.shape}"

# %% nbgrader={"schema_version": 3, "grade_id": "leaky_relu_random", "solution": false, "grade": true, "locked": true, "points": 1}
# Hidden: random numbers and random slopes.
### BEGIN HIDDEN TESTS
for shape in ((4, 5), (2, 3)):
    z = fractions(*shape)
    slope = float(rng.integers(17, 31)) / 64
    expect(answer_of(leaky_relu, z, slope), reference.leaky_relu(z, slope), what="leaky_relu(z, negative_slope)", given=z)
    expect(answer_of(leaky_relu, z), reference.leaky_relu(z), what="leaky_relu(z)", given=z)
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "leaky_relu_edges", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
z = np.array([[4.0, -3.0]])
leaky_relu(z)
assert z.tolist() == [[4.0, -3.0]], "your leaky_relu overwrote its argument z; return a new array"
a = answer_of(leaky_relu, np.array([[-5, 0, 5, -4]]))
assert np.allclose(a, [[-1.0, 0.0, 5.0, -0.8]]), f"leaky_relu of the integers [[-5, 0, 5, -4]] is [[-1, 0, 5, -0.8]]; yours is {a}"
### BEGIN HIDDEN TESTS
fresh = rng.integers(-80, -1, size=(2, 3)) / 8
given = fresh.copy()
leaky_relu(fresh, 0.5)
assert np.array_equal(fresh, given), "your leaky_relu overwrote its argument z; return a new array"
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Sigmoid (4 points)
#
# The sigmoid squeezes any number into the range from 0 to 1. The formula is short; the trap is that `np.exp(1000)`
# overflows. Find a way in which no exponent is ever positive; to silence the warning is not enough.
# Before you write it: what are `sigmoid(0)` and `sigmoid(-1000)`?

# %% nbgrader={"schema_version": 3, "grade_id": "sigmoid", "solution": true, "grade": false, "locked": false}
from solutions.activations import sigmoid

# %% nbgrader={"schema_version": 3, "grade_id": "sigmoid_check", "solution": false, "grade": true, "locked": true, "points": 1}
z = np.array([[-2.0, 0.0], [2.0, 3.0]])
a = answer_of(sigmoid, z)
assert a.shape == z.shape, f"sigmoid works element by element and keeps the shape {z.shape}; yours returned {a.shape}"
assert a.dtype.kind == "f", f"sigmoid returns floats; yours returned the dtype {a.dtype}"
assert np.isclose(a[0, 1], 0.5), f"sigmoid(0) is 0.5; yours gave {a[0, 1]}"
assert np.isclose(a[0, 0] + a[1, 0], 1.0), f"sigmoid(-2) and sigmoid(2) add up to 1; yours gave {a[0, 0]} and {a[1, 0]}"
assert np.isclose(a[1, 1], 0.9525741268224334), f"sigmoid(3) is 0.95257...; yours gave {a[1, 1]}"
for z in (np.array([-1.0, 2.0]), np.array([[[3.0], [-4.0]]])):
    a = answer_of(sigmoid, z)
    assert a.shape == z.shape, f"any shape must work; yours turned the shape {z.shape} into {a.shape}"

# %% nbgrader={"schema_version": 3, "grade_id": "sigmoid_random", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
z = np.array([[4.0, -3.0]])
sigmoid(z)
assert z.tolist() == [[4.0, -3.0]], "your sigmoid overwrote its argument z; return a new array"
# Hidden: random numbers, integers too.
### BEGIN HIDDEN TESTS
for shape in ((4, 3), (2, 2)):
    z = np.concatenate([fractions(*shape) / 2, np.full((1, shape[1]), -12.0), np.full((1, shape[1]), 12.0)])
    z[-1, 0], z[-2, 0] = 0.0, -1.0
    s = reference.sigmoid(z)
    expect(answer_of(sigmoid, z), s, what="sigmoid(z)", given=z)
    expect(answer_of(sigmoid, z), s, what="sigmoid(z), called a second time")
expect(answer_of(sigmoid, np.array([[-2, 0, 3]])), reference.sigmoid(np.array([[-2.0, 0.0, 3.0]])), what="sigmoid of integers")
expect(answer_of(sigmoid, np.zeros((2, 2))), np.full((2, 2), 0.5), what="sigmoid(0), to the last digit,", tolerance=1e-12)
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "sigmoid_stable", "solution": false, "grade": true, "locked": true, "points": 2} tags=["in-place"]
z = np.array([[-1000.0, 1000.0]])
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    a = answer_of(sigmoid, z)
assert not np.isnan(a).any(), f"sigmoid([[-1000, 1000]]) is [[0, 1]]; yours is {a}: exp overflowed to inf, and inf / inf is nan"
assert np.allclose(a, [[0.0, 1.0]], atol=1e-3), f"sigmoid([[-1000, 1000]]) is [[0, 1]]; yours is {a}"
for warning in caught:
    assert not issubclass(warning.category, RuntimeWarning), (
        f"sigmoid warns ({warning.message}): some exponent is still positive, perhaps in a branch that np.where computes "
        "and throws away")
### BEGIN HIDDEN TESTS
a = answer_of(sigmoid, np.array([[-1000.0, -50.0, 50.0]]))
assert np.abs(a - [[0.0, 0.0, 1.0]]).max() < 1e-14, (
    f"sigmoid(-1000) and sigmoid(-50) are 0 to 20 digits, yours are {a[0, 0]:.2g} and {a[0, 1]:.2g}: clip neither z nor the result, "
    "and add no epsilon")
with no_overflow("sigmoid warns for large arguments", "some exponent is still positive, and to silence the warning is not enough"):
    answer_of(sigmoid, np.array([[-720.0, -40.0, 40.0, 800.0]]))
tiny = answer_of(sigmoid, np.array([[-300.0, -720.0]]))
half = answer_of(sigmoid, np.array([[-8.0, -12.0]], dtype=np.float16)).astype(float)
assert not (tiny[0, 0] > 0 == tiny[0, 1] and abs(half[0, 0] / np.exp(-8.0) - 1) < 0.1 and half[0, 1] == 0), \
    "exp still overflows, and np.errstate only silences it: find a way in which no exponent is positive"
large = np.array([[-2000.0, 2000.0]])
sigmoid(large)
assert large.tolist() == [[-2000.0, 2000.0]], "your sigmoid overwrote large values of its argument z; return a new array"
### END HIDDEN TESTS

# %% [markdown]
# ## 5. Softmax (5 points)
#
# Softmax turns each row of logits into probabilities: positive, and adding up to 1.
# The checks give it two axes, (batch, classes).
# Two traps: `exp` overflows for large logits, and a sum along the wrong axis mixes the images of a batch.
# As for the sigmoid, no exponent may be positive; then nothing overflows, no sum is 0, and no epsilon has to be added.
# Before you write it: what happens to softmax if you subtract one number from all logits of a row?

# %% nbgrader={"schema_version": 3, "grade_id": "softmax", "solution": true, "grade": false, "locked": false}
from solutions.activations import softmax

# %% nbgrader={"schema_version": 3, "grade_id": "softmax_check", "solution": false, "grade": true, "locked": true, "points": 1}
z = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
p = answer_of(softmax, z)
assert p.shape == z.shape, f"softmax keeps the shape {z.shape}; yours returned {p.shape}"
assert p.dtype.kind == "f", f"softmax returns floats; yours returned the dtype {p.dtype}"
assert np.allclose(p.sum(axis=1), 1.0), f"every row sums to 1; yours sum to {p.sum(axis=1)}"
assert np.allclose(p[1], 1 / 3), f"three equal logits have equal probabilities, 1/3 each; yours are {p[1]}"
assert np.isclose(p[0, 2] / p[0, 1], np.e), f"a logit larger by 1 means e times the probability; yours is {p[0, 2] / p[0, 1]} times"
assert np.isclose(p[0, 1] / p[0, 0], np.e), f"a logit larger by 1 means e times the probability; yours is {p[0, 1] / p[0, 0]} times"

# %% nbgrader={"schema_version": 3, "grade_id": "softmax_random", "solution": false, "grade": true, "locked": true, "points": 1}
# Hidden: random logits, square batches too.
### BEGIN HIDDEN TESTS
for shape in ((4, 3), (2, 3), (5, 5), (1, 10)):
    z = rng.normal(scale=2.0, size=shape)
    z[:, 1] = 0.1 + np.abs(z[:, 1])
    z[:, 0], z[:, -1] = -0.5 - np.abs(z[:, 0]), 0.5 + np.abs(z[:, -1])
    z = rng.permuted(z, axis=1)
    z[0] = np.sort(z[0])[::-1]
    expect(answer_of(softmax, z), reference.softmax(z), what="softmax(z)")
    expect(answer_of(softmax, z), reference.softmax(z), what="softmax(z), called a second time")
small = np.array([[-9.0, -4.0, 3.0], [2.0, -9.0, 1.0]])
expect(answer_of(softmax, small), reference.softmax(small), what="softmax(z), where some probabilities are small,")
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "softmax_edges", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
z = np.array([[4.0, -3.0], [2000.0, -2000.0]])
softmax(z)
assert z.tolist() == [[4.0, -3.0], [2000.0, -2000.0]], "your softmax overwrote its argument z; return a new array"
### BEGIN HIDDEN TESTS
expect(answer_of(softmax, np.array([[1, 2], [3, 3]])), reference.softmax(np.array([[1.0, 2.0], [3.0, 3.0]])), what="softmax of integers")
p = answer_of(softmax, np.array([[-20.0, -20.0], [2.0, 2.0]]))
expect(p, np.full((2, 2), 0.5), what="softmax of equal logits", tolerance=1e-4)
expect(p, np.full((2, 2), 0.5), what="softmax of equal logits, to the last digit (do not add an epsilon, do not clip),", tolerance=1e-12)
p = answer_of(softmax, np.array([[0.0, -2000.0], [-2000.0, 0.0]]))
expect(p, np.eye(2), what="softmax of logits that are far apart, to the last digit (do not add an epsilon, do not clip),",
       tolerance=1e-12)
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "softmax_stable", "solution": false, "grade": true, "locked": true, "points": 2}
for z in (np.array([[1000.0, 1000.0]]), np.array([[-1000.0, -1000.0]])):
    p = answer_of(softmax, z)
    assert not np.isnan(p).any(), (f"large logits must work: softmax({z.tolist()}) is [[0.5, 0.5]]; yours is {p.tolist()}, because "
                                   "exp(1000) is inf, exp(-1000) is 0, and inf/inf and 0/0 are nan")
    assert np.allclose(p, 0.5), f"softmax({z.tolist()}) is [[0.5, 0.5]]; yours is {p.tolist()}"
### BEGIN HIDDEN TESTS
far = np.array([[0.0, 1.0, 2.0], [100000.0, 100001.0, 99999.0], [-100000.0, -100001.0, -99999.0]])
wide = np.array([[-1000.0, 0.0, 1000.0], [0.0, 800.0, 800.0]])
with np.errstate(all="ignore"):
    expect(answer_of(softmax, far), reference.softmax(far), what="softmax of rows far apart")
    p = answer_of(softmax, wide)
assert not np.isnan(p).any(), ("logits far apart in one row give nan: shift by the LARGEST logit of the row, not by the smallest or "
                               "the mean, so that no exponent is positive")
expect(p, np.array([[0.0, 0.0, 1.0], [0.0, 0.5, 0.5]]), what="softmax of logits far apart in one row")
with no_overflow("softmax warns", "some exponent is still positive, or some sum is 0: look at the shift of each row"):
    answer_of(softmax, far)
    answer_of(softmax, wide)
### END HIDDEN TESTS

# %% [markdown]
# ## Done?
#
# Restart the kernel, run all cells, save, and hand in this notebook under its own name.
