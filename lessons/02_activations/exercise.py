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

HINTS = {
    "is ambiguous": "`if`, `and`, `max` and `min` decide about one number, and here they got an array",
    "converted to Python scalar": "functions of `math`, and `float`, take one number; NumPy's work element by element",
    "could not be broadcast": "a sum or a maximum over an axis loses that axis, unless you keep it with length 1",
    "not aligned": "`np.dot` and `@` are matrix products; `*` multiplies element by element",
    "in its core dimension": "`np.dot` and `@` are matrix products; `*` multiplies element by element",
    "setting an array element": "one place of an array holds one number, and here it was to hold an array",
    "Cannot cast ufunc": "`*=`, `-=` and `/=` write into the given array, and one of integers cannot hold fractions",
    "tuple index out of range": "the function counts on more axes than the array has",
    "too many indices": "the function counts on more axes than the array has",
    "math range error": "the exponent is too large for a float",
}


def answer_of(function, *arguments, **options):
    """What a function gives for copies of the arguments; an error explains itself."""
    try:
        answer = function(*[a.copy() if isinstance(a, np.ndarray) else a for a in arguments], **options)
    except AssertionError as error:
        raise AssertionError(f"an `assert` in your own code failed {error}".strip()) from error
    except Exception as error:
        for text, hint in HINTS.items():
            if text in str(error):
                raise AssertionError(f"{error}: {hint} (the first argument has the shape {np.shape(arguments[0])})") from error
        raise
    assert answer is not None, "nothing came back: end the function with `return ...`; print shows, return gives"
    assert isinstance(answer, np.ndarray | np.generic), f"a NumPy array of numbers must come back; yours is {answer!r:.60}"
    return np.asarray(answer)

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
    expect(answer_of(relu, z), reference.relu(z), {
        "np.max is the maximum over a whole axis; you need the larger of two numbers, element by element": np.max(z),
        "np.max(z, 0) is the maximum over the axis 0; you need the larger of two numbers, element by element": np.max(z, 0),
        "np.max(z, axis=1) is the maximum over the axis 1; you need the larger of two numbers, element by element": np.max(z, 1),
        "the numbers were added up over an axis: each keeps its own place": np.maximum(z, 0.0).sum(axis=0),
        "the numbers were added up: each keeps its own place": np.maximum(z, 0.0).sum(),
        "the negative numbers were dropped; they must become 0, so that the shape stays": z[z > 0],
        "negative values were mirrored (absolute value), not set to 0": np.abs(z),
        "the answer consists of True and False: you compared z with 0 but did not use z itself": z > 0,
        "the answer consists of True and False, and the wrong way round": z < 0,
        "1 for positive and 0 for negative numbers is the slope of ReLU, not ReLU": (z > 0) * 1.0,
        "this is the sign of z: positive values must pass unchanged": np.sign(z),
        "the negative half was kept and the positive one set to 0": np.minimum(z, 0.0),
        "the sign is wrong: positive values came back negative": -np.maximum(z, 0.0),
        "the sign is wrong: this is max(-z, 0)": np.maximum(-z, 0.0),
        "values above 1 were cut off: ReLU has no upper bound": np.clip(z, 0.0, 1.0),
        "values above 6 were cut off: that is ReLU6, ReLU has no upper bound": np.clip(z, 0.0, 6.0),
        "negative values became 0.01 * z (leaky ReLU), not 0": np.where(z > 0, z, 0.01 * z),
        "negative values became 0.1 * z (leaky ReLU), not 0": np.where(z > 0, z, 0.1 * z),
        "negative values became 0.2 * z (leaky ReLU), not 0": np.where(z > 0, z, 0.2 * z),
        "negative values became 1, not 0": np.where(z > 0, z, 1.0),
        "negative values became -1, not 0": np.where(z > 0, z, -1.0),
        "everything below 1 was replaced by 1: the bound is 0": np.maximum(z, 1.0),
        "positive values below 1 were lost: the bound is 0, not 1": np.where(z > 1, z, 0.0),
        "positive values became 1; they must pass unchanged": np.where(z > 0, 1.0, z),
        "positive values were squared (z * relu(z), or a second factor z)": np.where(z > 0, z * z, 0.0),
        "every value was squared": z * z,
        "this is softplus, a smooth relative of ReLU": np.logaddexp(0.0, z),
        "this is z * sigmoid(z), a smooth relative of ReLU": z * reference.sigmoid(z),
        "this is the sigmoid": reference.sigmoid(z),
        "this is tanh": np.tanh(z),
        "this is ELU: negative values must become exactly 0": np.where(z > 0, z, np.expm1(np.minimum(z, 0.0))),
        "z + abs(z) is twice ReLU: the factor 1/2 is missing": z + np.abs(z),
        "z was shifted until its smallest value was 0; compare each value with 0 instead": z - z.min(),
        "z came back unchanged: negative values must become 0": z,
        "the answer to the visible check came back, whatever z is": [[0.0, 0.0, 2.0], [7.5, 0.0, 0.5]],
        "negative values became nan, not 0": np.where(z > 0, z, np.nan),
    }, what="relu(z)", given=z, tolerance=1e-10)
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
    s = reference.sigmoid(z)
    passed = np.where(z > 0, d, 0.0)
    expect(answer_of(relu_backward, d, z), reference.relu_backward(d, z), {
        "this is relu(z) * d: multiply d by the slope of ReLU, which is 0 or 1, not by its value": np.maximum(z, 0.0) * d,
        "this is relu(z) * relu(d): multiply d by the slope of ReLU": np.maximum(z, 0.0) * np.maximum(d, 0.0),
        "this is relu(z): the slope is asked for, times d": np.maximum(z, 0.0),
        "d is missing: the chain rule multiplies the slope by the gradient that comes in": (z > 0) * 1.0,
        "this is the comparison z > 0 itself; multiply it by d": z > 0,
        "this is (d * z) > 0, because * comes before >: put the comparison in parentheses": d * z > 0,
        "this is z * d: multiply d by the slope of ReLU, which is 0 or 1": z * d,
        "the gradients that pass were dropped into a shorter array: keep the shape of z": d[z > 0],
        "the mask is the wrong way round: gradients pass where z > 0": np.where(z > 0, 0.0, d),
        "the sign of d decided; z decides where the gradient passes": np.where(d > 0, d, 0.0),
        "d and z are in the wrong order: the first argument is the incoming gradient": np.where(d > 0, z, 0.0),
        "this is relu(d * z): z > 0 decides, and d passes": np.maximum(d * z, 0.0),
        "this is relu(d) * z: z > 0 decides, and d passes": np.maximum(d, 0.0) * z,
        "d was added to the right answer": d + passed,
        "where z is between 0 and 1 the gradient was lost: the bound is 0": np.where(z > 1, d, 0.0),
        "where z is above 6 the gradient was lost: that is ReLU6": np.where((z > 0) & (z < 6), d, 0.0),
        "gradients were clipped at +-1: d passes unchanged": np.clip(passed, -1.0, 1.0),
        "gradients were clipped at +-5: d passes unchanged": np.clip(passed, -5.0, 5.0),
        "only the sign of d came back: d passes unchanged": np.sign(passed),
        "this is the slope of tanh": d * (1 - np.tanh(z) ** 2),
        "every d was multiplied by every slope (np.outer): keep the shape of z": np.outer(d, z > 0),
        "d and z both had to be positive: only z decides, and gradients may be negative": np.where((d > 0) & (z > 0), d, 0.0),
        "d came back unchanged: no gradient passes where z < 0": d,
        "where z < 0 the gradient was turned around; it must be 0": np.where(z > 0, d, -d),
        "where z < 0 the result is -1, not 0: np.sign is not the slope": np.where(z > 0, d, -1.0),
        "where z < 0 the result is 1, not 0": np.where(z > 0, d, 1.0),
        "where z < 0 the result is z, not 0": np.where(z > 0, d, z),
        "where z > 0 the result is 1; it must be d": np.where(z > 0, 1.0, d),
        "0.01 * d where z < 0 is the gradient of leaky ReLU": np.where(z > 0, d, 0.01 * d),
        "0.1 * d where z < 0 is the gradient of leaky ReLU": np.where(z > 0, d, 0.1 * d),
        "0.2 * d where z < 0 is the gradient of leaky ReLU": np.where(z > 0, d, 0.2 * d),
        "this is the slope of the sigmoid": d * s * (1 - s),
        "the slope is 0 or 1, not the sigmoid of z": d * s,
        "the slope is 0 or 1, not z cut off at 0 and 1": d * np.clip(z, 0.0, 1.0),
        "the sign is wrong: ReLU's slope is never negative": -passed,
        "the absolute values came back: gradients may be negative": np.abs(passed),
        "d and the slope were added; the chain rule multiplies": d + (z > 0),
        "d was divided by z": np.where(z > 0, d / z, 0.0),
        "d was raised to a power": np.where(z > 0, d * d, 0.0),
        "the gradients were added up: keep one for each element": passed.sum(),
        "the gradients were added up over an axis: keep one for each element": passed.sum(axis=0),
        "the gradients were added up over the axis 1: keep one for each element": passed.sum(axis=1),
        "the gradients were averaged: keep one for each element": passed.mean(),
        "the gradients were averaged over an axis: keep one for each element": passed.mean(axis=0),
        "* multiplies element by element; @ and np.dot mix the elements (here: slope @ d.T)": (z > 0) @ d.T,
        "* multiplies element by element; @ and np.dot mix the elements (here: d @ slope.T)": d @ (z > 0).T,
        "* multiplies element by element; @ and np.dot mix the elements (here: slope.T @ d)": (z > 0).T @ d,
        "* multiplies element by element; @ and np.dot mix the elements (here: d.T @ slope)": d.T @ (z > 0),
        **({"* multiplies element by element; @ and np.dot mix the elements (here: d @ slope)": d @ (z > 0),
            "* multiplies element by element; @ and np.dot mix the elements (here: slope @ d)": (z > 0) @ d}
           if shape[0] == shape[1] else {}),
        "the answer to the visible check came back, whatever d and z are": [[0.0, -4.0], [0.25, 0.0]],
    }, what="relu_backward(d, z)", tolerance=1e-10, given=d)
    expect(answer_of(relu_backward, d, z), passed, what="relu_backward(d, z), called a second time", tolerance=1e-10)
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "relu_backward_edges", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
d, z = np.array([[5.0, 5.0]]), np.array([[-1.0, 2.0]])
relu_backward(d, z)
assert d.tolist() == [[5.0, 5.0]], "your relu_backward overwrote its argument d; return a new array"
assert z.tolist() == [[-1.0, 2.0]], "your relu_backward overwrote its argument z; return a new array"
### BEGIN HIDDEN TESTS
z = np.array([[-1.0, 0.0, 2.0]])
d = (rng.integers(3, 10, size=(1, 3)) + 0.375) * np.array([[1.0, -1.0, 1.0]])
expect(answer_of(relu_backward, d, z), reference.relu_backward(d, z), {
    "at z = 0 the slope is taken as 0 (as in Keras): z > 0, not z >= 0": np.where(z >= 0, d, 0.0),
    "at z = 0 the slope is taken as 0 (as in Keras), not 0.5": np.array([[0.0, 0.5, 1.0]]) * d,
    "at z = 0 the slope is taken as 0, not 1": np.array([[0.0, 1.0, 1.0]]),
    "at z = 0 the slope is taken as 0; z / abs(z) and relu(z) / z are 0/0 there": np.array([[0.0, np.nan, 1.0]]) * d,
}, what="relu_backward(d, z) at z = 0")
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
    expect(answer_of(leaky_relu, z, slope), reference.leaky_relu(z, slope), {
        "the slope is fixed at 0.2: use the argument negative_slope": np.where(z > 0, z, 0.2 * z),
        "the slope is fixed at 0.01: use the argument negative_slope": np.where(z > 0, z, 0.01 * z),
        "negative values became 0: that is ReLU": np.maximum(z, 0.0),
        "negative values were replaced by the slope itself; multiply z by it": np.where(z > 0, z, slope),
        "negative values were replaced by minus the slope; multiply z by it": np.where(z > 0, z, -slope),
        "everything below the slope was replaced by it; multiply z by it": np.maximum(z, slope),
        "negative values came out positive: multiply z, not abs(z)": np.where(z > 0, z, -slope * z),
        "the slope was applied to the positive side": np.where(z > 0, slope * z, z),
        "the slope was applied to the positive side, and the negative one set to 0": np.where(z > 0, slope * z, 0.0),
        "the slope was applied to both sides": slope * z,
        "the positive values were lost: they pass unchanged": np.where(z > 0, 0.0, slope * z),
        "slope * z was added on both sides: only negative values are multiplied": np.maximum(z, 0.0) + slope * z,
        "negative values got z + slope * z: the slope alone is the factor": np.where(z > 0, z, z + slope * z),
        "negative values got z - slope * z: the slope alone is the factor": np.where(z > 0, z, z - slope * z),
        "the smaller of the two lines was taken instead of the larger": np.minimum(z, slope * z),
        "negative values were divided by the slope": np.where(z > 0, z, z / slope),
        "the slope was subtracted from negative values; multiply": np.where(z > 0, z, z - slope),
        "the slope was added to negative values; multiply": np.where(z > 0, z, z + slope),
        "z was raised to the power of the slope; multiply": np.where(z > 0, z, -np.abs(z) ** slope),
        "negative values were multiplied twice by the slope": np.where(z > 0, z, slope * slope * z),
        "this is ELU: the negative side is a straight line": np.where(z > 0, z, slope * np.expm1(np.minimum(z, 0.0))),
        "the sign is wrong everywhere": -reference.leaky_relu(z, slope),
        "the absolute value came back": np.abs(z),
        "positive values up to the slope were multiplied as well: the bound is 0": np.where(z > slope, z, slope * z),
        "positive values up to 1 were multiplied as well: the bound is 0": np.where(z > 1, z, slope * z),
        "z was cut off below at minus the slope; multiply": np.maximum(z, -slope),
        "this is ELU: the negative side is a straight line, slope * z": np.where(z > 0, z, np.expm1(np.minimum(z, 0.0))),
        "exp does not occur in leaky ReLU": np.where(z > 0, z, np.expm1(slope * z)),
        "negative values were squared": np.where(z > 0, z, slope * z * z),
        "only one of the two branches may add up: positive values came back larger": np.maximum(z, 0.0) * (1 + slope),
        "np.max is the maximum over an axis; you need the larger of two numbers, element by element": max(z.max(), (slope * z).max()),
        "z came back unchanged: negative values are multiplied by the slope": z,
        "this is the slope of leaky ReLU, not its value": np.where(z > 0, 1.0, slope),
        "the answer consists of True and False": z > 0,
        "the negative values were dropped: keep the shape of z": z[z > 0],
    }, what="leaky_relu(z, negative_slope)", given=z)
    expect(answer_of(leaky_relu, z), reference.leaky_relu(z), {
        "the default slope is 0.2, yours is 0.01": np.where(z > 0, z, 0.01 * z),
        "the default slope is 0.2, yours is 0.1": np.where(z > 0, z, 0.1 * z),
        "the default slope is 0.2, yours is 0.3": np.where(z > 0, z, 0.3 * z),
        "the slope of an earlier call was kept: without the argument it is 0.2": reference.leaky_relu(z, slope),
    }, what="leaky_relu(z)", given=z)
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
    e = np.exp(z)
    expect(answer_of(sigmoid, z), s, {
        "this is the slope of the sigmoid, s * (1 - s), not the sigmoid": s * (1 - s),
        "the sign of the exponent is wrong: large z must give values near 1": 1 - s,
        "this is 1 + exp(-z): if you wrote 1 / 1 + exp(-z), the denominator needs parentheses": 1 + 1 / e,
        "the denominator is 1 + exp(-z), not 1 - exp(-z)":
            np.divide(1.0, 1 - 1 / e, where=z != 0, out=np.full(z.shape, np.inf)),
        "the 1 in the denominator is missing: this is exp(z)": e,
        "this is exp(-z), only a part of the formula": 1 / e,
        "the signs of the two exponents differ: exp(z) / (1 + exp(z)) or 1 / (1 + exp(-z))": e / (1 + 1 / e),
        "this is tanh: its values run from -1 to 1, the sigmoid's from 0 to 1": np.tanh(z),
        "the values run from -1 to 1, the sigmoid's from 0 to 1": 2 * s - 1,
        "this is 1 / (1 + exp(-2 z)), the same as (1 + tanh(z)) / 2; the sigmoid is (1 + tanh(z / 2)) / 2": reference.sigmoid(2 * z),
        "the denominator is 1 + exp(-z), not 2 + exp(-z)": 1 / (2 + 1 / e),
        "the argument was halved": reference.sigmoid(z / 2),
        "this is sigmoid(abs(z)): negative numbers need their own sign": reference.sigmoid(np.abs(z)),
        "this is sigmoid(-abs(z)): positive numbers need their own sign": reference.sigmoid(-np.abs(z)),
        "this is softmax over each row; the sigmoid treats every element by itself": reference.softmax(z),
        "this is softmax over each column; the sigmoid treats every element by itself": reference.softmax(z.T).T,
        "this is softmax over the whole array; the sigmoid treats every element by itself": e / e.sum(),
        "the exponentials were added up; the sigmoid treats every element by itself": 1 / (1 + (1 / e).sum()),
        "clip(0.2 z + 0.5) is only a rough approximation (the hard sigmoid)": np.clip(0.2 * z + 0.5, 0.0, 1.0),
        "clip(z / 6 + 0.5) is only a rough approximation (the hard sigmoid)": np.clip(z / 6 + 0.5, 0.0, 1.0),
        "clip(z) between 0 and 1 is no sigmoid": np.clip(z, 0.0, 1.0),
        "z / (1 + abs(z)) is another curve (softsign)": z / (1 + np.abs(z)),
        "(1 + z / (1 + abs(z))) / 2 is only a rough approximation": 0.5 * (1 + z / (1 + np.abs(z))),
        "this is an arctangent, another curve": 0.5 + np.arctan(z) / np.pi,
        "clipping z at +-10 changes the values beyond": reference.sigmoid(np.clip(z, -10.0, 10.0)),
        "clipping z at +-5 changes the values beyond": reference.sigmoid(np.clip(z, -5.0, 5.0)),
        "clipping z at +-6 changes the values beyond": reference.sigmoid(np.clip(z, -6.0, 6.0)),
        "the result was clipped: values below 0.0001 are not allowed to change": np.clip(s, 1e-4, 1 - 1e-4),
        "the logarithm of the sigmoid came back": np.log(s),
        "2.718 is not e: use np.exp": 1 / (1 + 2.718 ** -z),
        "2.72 is not e: use np.exp": 1 / (1 + 2.72 ** -z),
        "2.71 is not e: use np.exp": 1 / (1 + 2.71 ** -z),
        "2 ** -z instead of e ** -z": 1 / (1 + 2.0 ** -z),
        "10 ** -z instead of e ** -z": 1 / (1 + 10.0 ** -z),
        "the result was squared": s * s,
        "z * sigmoid(z) is another activation (swish)": z * s,
        "this is ReLU": np.maximum(z, 0.0),
        "this is softplus, log(1 + exp(z))": np.logaddexp(0.0, z),
        "the result was rounded to 0 or 1": np.round(s),
        "the answer consists of True and False": s > 0.5,
        "exp(-z**2): z must not be squared": np.exp(-z * z),
        "1 / (1 + exp(-z**2)): z must not be squared": reference.sigmoid(z * z),
        "z was used modulo its sign: negative numbers came back as 0": np.where(z < 0, 0.0, s),
        "numbers from 0 on came back as 0: is one branch never filled?": np.where(z < 0, s, 0.0),
        "positive numbers came back as 1: only the negative side was computed": np.where(z > 0, 1.0, s),
        "the answer to the visible check came back, whatever z is": reference.sigmoid(np.array([[-2.0, 0.0], [2.0, 3.0]])),
    }, what="sigmoid(z)", given=z)
    expect(answer_of(sigmoid, z), s, what="sigmoid(z), called a second time")
expect(answer_of(sigmoid, np.array([[-2, 0, 3]])), reference.sigmoid(np.array([[-2.0, 0.0, 3.0]])), {
    "integer input: the result was stored in an integer array, which cuts every value to 0": np.array([[0, 0, 0]]),
}, what="sigmoid of integers")
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
    e, s, top, square = np.exp(z), reference.sigmoid(z), z.max(axis=1, keepdims=True), shape[0] == shape[1]
    shifted = np.exp(z - top)
    expect(answer_of(softmax, z), reference.softmax(z), {
        "the columns were normalised: every ROW must sum to 1 (which axis is the sum over?)": e / e.sum(axis=0),
        "the columns were normalised after the rows were shifted: every ROW must sum to 1": shifted / shifted.sum(axis=0),
        "one sum over the whole batch: every ROW must sum to 1 (the sum needs an axis)": e / e.sum(),
        "one sum over the whole batch, after a shift of the rows: the sum needs an axis": shifted / shifted.sum(),
        "each column was shifted by its own maximum: shift the rows":
            np.exp(z - z.max(axis=0)) / np.exp(z - z.max(axis=0)).sum(axis=1, keepdims=True),
        **({"the sums of the rows were spread along the wrong axis: keep the summed axis with length 1": e / e.sum(axis=1),
            "the sums of the shifted rows were spread along the wrong axis: keep the summed axis with length 1":
                shifted / shifted.sum(axis=1),
            "the shift was spread along the wrong axis: keep the axis of the maximum with length 1":
                np.exp(z - z.max(axis=1)) / np.exp(z - z.max(axis=1)).sum(axis=1, keepdims=True),
            "shift and sum were spread along the wrong axis: keep the axes of maximum and sum with length 1":
                np.exp(z - z.max(axis=1)) / np.exp(z - z.max(axis=1)).sum(axis=1)} if square else {}),
        "exp is missing: logits may be negative, probabilities may not": z / z.sum(axis=1, keepdims=True),
        "exp is missing: the shifted logits were divided by their sum": (z - top) / np.where(shape[1] > 1, (z - top).sum(
            axis=1, keepdims=True), 1.0),
        "exp is missing: abs(z) was normalised": np.abs(z) / np.abs(z).sum(axis=1, keepdims=True),
        "exp is missing: z**2 was normalised": z * z / (z * z).sum(axis=1, keepdims=True),
        "exp is missing: relu(z) was normalised": np.maximum(z, 0.0) / np.maximum(z, 0.0).sum(axis=1, keepdims=True),
        "exp is missing: z minus its smallest value was normalised":
            (z - z.min(axis=1, keepdims=True)) / (z - z.min(axis=1, keepdims=True)).sum(axis=1, keepdims=True),
        "exp is missing in the sum": e / z.sum(axis=1, keepdims=True),
        "exp is missing above the fraction line": z / e.sum(axis=1, keepdims=True),
        "only the shifted logits came back: exp and the division are missing": z - top,
        "this is the slope p * (1 - p), not the probability p": reference.softmax(z) * (1 - reference.softmax(z)),
        "only the sums of the rows came back, which are 1": np.ones(len(z)),
        "the probabilities were added up along the row": np.cumsum(reference.softmax(z), axis=1),
        "exp(z - max) was divided by the number of classes: divide by the SUM": shifted / shape[1],
        "exp(z) was divided by the number of classes: divide by the SUM": e / shape[1],
        "this is tanh of each element": np.tanh(z),
        "this is ReLU of each element": np.maximum(z, 0.0),
        "exp came back without the division: rows must sum to 1": e,
        "this is exp(z - max), or exp(z) divided by its largest value: divide by the SUM of the row": shifted,
        "only the sum came back: divide exp by it": e.sum(axis=1, keepdims=True),
        "only the denominator was shifted: shift numerator and denominator alike": e / shifted.sum(axis=1, keepdims=True),
        "only the numerator was shifted: shift numerator and denominator alike": shifted / e.sum(axis=1, keepdims=True),
        "exp of the sum is not the sum of the exps": e / np.exp(z.sum(axis=1, keepdims=True)),
        "the fraction is upside down": e.sum(axis=1, keepdims=True) / e,
        "this is the sigmoid of each element: rows do not sum to 1": s,
        "normalised sigmoids are not softmax": s / s.sum(axis=1, keepdims=True),
        "1 + sum in the denominator belongs to the sigmoid: rows do not sum to 1": e / (1 + e.sum(axis=1, keepdims=True)),
        "this is log-softmax: the logarithm must go": reference.log_softmax(z),
        "minus the logarithm came back: that belongs to the loss": -reference.log_softmax(z),
        "a sign is wrong: the largest logit must get the largest probability": reference.softmax(-z),
        "abs(z) was used: a very negative logit must get a small probability": reference.softmax(np.abs(z)),
        "this divides by the mean instead of the sum: rows do not sum to 1": e / e.mean(axis=1, keepdims=True),
        "z was divided by its largest value; subtract it": reference.softmax(z / top),
        "z was divided by the largest value of the batch; subtract it": reference.softmax(z / z.max()),
        "z was standardised; subtract one number from each row and divide by none":
            reference.softmax((z - z.mean(axis=1, keepdims=True)) / np.maximum(z.std(axis=1, keepdims=True), 1e-300)),
        "the logits were squashed first: softmax takes z itself": reference.softmax(s),
        "2 ** z instead of e ** z": reference.softmax(z * np.log(2.0)),
        "10 ** z instead of e ** z": reference.softmax(z * np.log(10.0)),
        "2.718 is not e: use np.exp": reference.softmax(z * np.log(2.718)),
        "2.72 is not e: use np.exp": reference.softmax(z * np.log(2.72)),
        "2.71 is not e: use np.exp": reference.softmax(z * np.log(2.71)),
        "only the largest logit got all: that is argmax, not softmax": (z == top) * 1.0,
        "this is argmax: a probability for each class is asked for": z.argmax(axis=1),
        "only the largest probability of each row came back": reference.softmax(z).max(axis=1),
        "softmax was applied twice": reference.softmax(reference.softmax(z)),
        "the probabilities were squared": reference.softmax(z) ** 2,
        "rows have length 1, but they must SUM to 1": z / np.sqrt((z * z).sum(axis=1, keepdims=True)),
        "exp(z) has rows of length 1, but they must SUM to 1": e / np.sqrt((e * e).sum(axis=1, keepdims=True)),
        "every class got the same probability: z was not used": np.full(shape, 1 / shape[1]),
        "the probabilities were sorted: each class keeps its place": np.sort(reference.softmax(z), axis=1),
        "every row got the probabilities of the first": np.repeat(reference.softmax(z)[:1], len(z), axis=0),
        "every row got the probabilities of the last": np.repeat(reference.softmax(z)[-1:], len(z), axis=0),
        "only the first row came back: the batch has several": reference.softmax(z)[0],
        "only the last row came back: the batch has several": reference.softmax(z)[-1],
        "a row has the shape (1, classes) of its own: stack the rows to one array of two axes": reference.softmax(z)[:, None],
        "the answer to the visible check came back, whatever z is": reference.softmax(np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])),
    }, what="softmax(z)")
    expect(answer_of(softmax, z), reference.softmax(z), what="softmax(z), called a second time")
small = np.array([[-9.0, -4.0, 3.0], [2.0, -9.0, 1.0]])
expect(answer_of(softmax, small), reference.softmax(small), what="softmax(z), where some probabilities are small,")
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "softmax_edges", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
z = np.array([[4.0, -3.0], [2000.0, -2000.0]])
softmax(z)
assert z.tolist() == [[4.0, -3.0], [2000.0, -2000.0]], "your softmax overwrote its argument z; return a new array"
### BEGIN HIDDEN TESTS
expect(answer_of(softmax, np.array([[1, 2], [3, 3]])), reference.softmax(np.array([[1.0, 2.0], [3.0, 3.0]])), {
    "integer logits: the result was stored in an integer array, which cuts every probability to 0": np.zeros((2, 2)),
}, what="softmax of integers")
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
right = reference.softmax(far)
with np.errstate(all="ignore"):
    expect(answer_of(softmax, far), right, {
        "rows far apart give nan: shift each row by its OWN largest logit, not by that of the whole batch":
            np.where(far > 1000, right, np.nan),
        "rows far apart give 0: shift each row by its OWN largest logit, not by that of the whole batch":
            np.where(far > 1000, right, 0.0),
        "large logits got equal shares, their differences are lost (clipped? nan replaced?): shift each row instead":
            np.where(np.abs(far) > 1000, 1 / 3, right),
        "logits above a bound got equal shares, their differences are lost (clipped? nan replaced?): shift each row instead":
            np.where(far > 1000, 1 / 3, right),
    }, what="softmax of rows far apart")
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
