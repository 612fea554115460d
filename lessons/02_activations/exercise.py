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
# Arrays come in, arrays go out; a loop over the elements is allowed, though NumPy makes it unnecessary.

# %% nbgrader={"schema_version": 3, "grade_id": "imports", "solution": false, "grade": false, "locked": true}
import warnings

import numpy as np

# %% [markdown]
# ## 1. ReLU (4 points)
#
# The rectified linear unit lets positive numbers through and turns negative ones into 0.
# Before you write it: what should `relu` give for `[[-1, 0], [2, 7.5]]`?

# %% nbgrader={"schema_version": 3, "grade_id": "relu", "solution": true, "grade": false, "locked": false}
from solutions.activations import relu

# %% nbgrader={"schema_version": 3, "grade_id": "relu_check", "solution": false, "grade": true, "locked": true, "points": 1}
z = np.array([[-1.0, 0.0, 2.0], [7.5, -0.5, 0.5]])
a = relu(z)
assert a is not None, "relu returned nothing: end the function with `return ...`"
assert np.shape(a) == (2, 3), f"relu works element by element and keeps the shape (2, 3); yours returned {np.shape(a)}"
assert np.asarray(a).dtype.kind in "fiu", f"relu returns numbers; yours returned the dtype {np.asarray(a).dtype}"
assert np.allclose(a[z > 0], z[z > 0]), f"positive numbers pass unchanged; yours turned {z[z > 0]} into {a[z > 0]}"
assert np.allclose(a[z <= 0], 0.0), f"negative numbers and 0 become 0; yours turned {z[z <= 0]} into {a[z <= 0]}"

# %% nbgrader={"schema_version": 3, "grade_id": "relu_random", "solution": false, "grade": true, "locked": true, "points": 2}
# Hidden: random numbers, small and large.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import activations as reference

rng = np.random.default_rng()
z = np.concatenate([rng.normal(scale=3.0, size=(rng.integers(3, 7), 4)), [[-20.0, 0.5, 6.5, 30.0]]])
expect(relu(z), reference.relu(z), {
    "np.max is the maximum over a whole axis; you need the larger of two numbers, element by element": np.max(z),
    "negative values were mirrored (absolute value), not set to 0": np.abs(z),
    "the answer consists of True and False: you compared z with 0 but did not use z itself": z > 0,
    "1 for positive and 0 for negative numbers is the slope of ReLU, not ReLU": (z > 0) * 1.0,
    "the negative half was kept and the positive one set to 0": np.minimum(z, 0.0),
    "the sign is wrong: positive values came back negative": -np.maximum(z, 0.0),
    "values above 1 were cut off: ReLU has no upper bound": np.clip(z, 0.0, 1.0),
    "values above 6 were cut off: that is ReLU6, ReLU has no upper bound": np.clip(z, 0.0, 6.0),
    "negative values became 0.01 * z (leaky ReLU), not 0": np.where(z > 0, z, 0.01 * z),
    "negative values became 0.2 * z (leaky ReLU), not 0": np.where(z > 0, z, 0.2 * z),
    "this is softplus, a smooth relative of ReLU": np.logaddexp(0.0, z),
    "this is ELU: negative values must become exactly 0": np.where(z > 0, z, np.expm1(np.minimum(z, 0.0))),
    "z came back unchanged: negative values must become 0": z,
}, what="relu(z)")
expect(relu(np.array([-2, 0, 3])), np.array([0.0, 0.0, 3.0]), what="relu of integers")
expect(relu(rng.normal(size=(2, 2, 2)) - 10.0), np.zeros((2, 2, 2)), what="relu of a three-dimensional array")
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "relu_edges", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
z = np.array([-3.0, 4.0])
relu(z)
assert z.tolist() == [-3.0, 4.0], "your relu overwrote its argument z; build a new array, the backward pass needs z"
### BEGIN HIDDEN TESTS
a = relu(np.array([-np.inf, np.inf]))
expect(a, np.array([0.0, np.inf]), {
    "relu(-inf) must be 0, yours is nan: -inf * 0 is not a number, so do not multiply by the comparison": [np.nan, np.inf],
}, what="relu([-inf, inf])")
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
g = relu_backward(d, z)
assert g is not None, "relu_backward returned nothing: end the function with `return ...`"
assert np.shape(g) == (2, 2), f"the gradient has the shape of z, (2, 2); yours has {np.shape(g)}"
assert np.allclose(g[z > 0], d[z > 0]), f"where z > 0 the slope is 1, so d passes unchanged; yours gave {g[z > 0]} for {d[z > 0]}"
assert np.allclose(g[z < 0], 0.0), f"where z < 0 the slope is 0, so nothing passes; yours gave {g[z < 0]}"

# %% nbgrader={"schema_version": 3, "grade_id": "relu_backward_random", "solution": false, "grade": true, "locked": true, "points": 2}
# Hidden: random gradients of both signs.
### BEGIN HIDDEN TESTS
z = rng.normal(scale=2.0, size=(5, 3))
d = rng.normal(scale=3.0, size=(5, 3))
s = 1 / (1 + np.exp(-z))
expect(relu_backward(d, z), reference.relu_backward(d, z), {
    "this is relu(z) * d: multiply d by the slope of ReLU, which is 0 or 1, not by its value": np.maximum(z, 0.0) * d,
    "d is missing: the chain rule multiplies the slope by the gradient that comes in": (z > 0) * 1.0,
    "this is the comparison z > 0 itself; multiply it by d": z > 0,
    "the mask is the wrong way round: gradients pass where z > 0": np.where(z > 0, 0.0, d),
    "the sign of d decided; z decides where the gradient passes": np.where(d > 0, d, 0.0),
    "d and z are in the wrong order: the first argument is the incoming gradient": np.where(d > 0, z, 0.0),
    "d came back unchanged: no gradient passes where z < 0": d,
    "0.01 * d where z < 0 is the gradient of leaky ReLU": np.where(z > 0, d, 0.01 * d),
    "0.2 * d where z < 0 is the gradient of leaky ReLU": np.where(z > 0, d, 0.2 * d),
    "this is the slope of the sigmoid": d * s * (1 - s),
    "the sign is wrong: ReLU's slope is never negative": -np.where(z > 0, d, 0.0),
    "the result was cut off at 0: gradients may be negative": np.maximum(np.where(z > 0, d, 0.0), 0.0),
}, what="relu_backward(d, z)")
expect(relu_backward(np.array([2, -3]), np.array([1, -1])), np.array([2.0, 0.0]), what="relu_backward of integers")
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "relu_backward_edges", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
d, z = np.array([5.0, 5.0]), np.array([-1.0, 2.0])
relu_backward(d, z)
assert d.tolist() == [5.0, 5.0], "your relu_backward overwrote its argument d; return a new array"
assert z.tolist() == [-1.0, 2.0], "your relu_backward overwrote its argument z; return a new array"
### BEGIN HIDDEN TESTS
z = np.array([-1.0, 0.0, 2.0])
d = rng.normal(size=3) + np.array([3.0, 4.0, 5.0])
expect(relu_backward(d, z), reference.relu_backward(d, z), {
    "at z = 0 the slope is taken as 0 (as in Keras): z > 0, not z >= 0": np.where(z >= 0, d, 0.0),
    "at z = 0 the slope is taken as 0 (as in Keras), not 0.5": np.array([0.0, 0.5, 1.0]) * d,
    "at z = 0 the slope is taken as 0; np.sign or z / abs(z) gives something else there": np.array([0.0, np.nan, 1.0]) * d,
}, what="relu_backward(d, z) at z = 0")
### END HIDDEN TESTS

# %% [markdown]
# ## 3. Leaky ReLU (3 points)
#
# A unit whose `z` is negative for every image gets no gradient through ReLU and never learns again: it is dead.
# Leaky ReLU keeps a small slope on the negative side.

# %% nbgrader={"schema_version": 3, "grade_id": "leaky_relu", "solution": true, "grade": false, "locked": false}
from solutions.activations import leaky_relu

# %% nbgrader={"schema_version": 3, "grade_id": "leaky_relu_check", "solution": false, "grade": true, "locked": true, "points": 1}
z = np.array([-10.0, 0.0, 3.0])
a = leaky_relu(z)
assert a is not None, "leaky_relu returned nothing: end the function with `return ...`"
assert np.shape(a) == (3,), f"leaky_relu keeps the shape (3,); yours returned {np.shape(a)}"
assert np.isclose(a[2], 3.0), f"positive numbers pass unchanged; yours turned 3 into {a[2]}"
assert np.isclose(a[0], -2.0), f"with the default slope 0.2, -10 becomes -2; yours gave {a[0]}"
assert np.isclose(a[1], 0.0), f"0 stays 0; yours gave {a[1]}"

# %% nbgrader={"schema_version": 3, "grade_id": "leaky_relu_random", "solution": false, "grade": true, "locked": true, "points": 2} tags=["in-place"]
# Hidden: random numbers and random slopes.
### BEGIN HIDDEN TESTS
z = rng.normal(scale=3.0, size=(4, 5))
slope = float(rng.uniform(0.25, 0.6))
given = z.copy()
a = leaky_relu(z, slope)
assert np.array_equal(z, given), "your leaky_relu overwrote its argument z; return a new array"
expect(a, reference.leaky_relu(z, slope), {
    "the slope is fixed at 0.2: use the argument negative_slope": np.where(z > 0, z, 0.2 * z),
    "the slope is fixed at 0.01: use the argument negative_slope": np.where(z > 0, z, 0.01 * z),
    "negative values became 0: that is ReLU": np.maximum(z, 0.0),
    "negative values were replaced by the slope itself; multiply z by it": np.where(z > 0, z, slope),
    "negative values came out positive: multiply z, not abs(z)": np.where(z > 0, z, -slope * z),
    "the slope was applied to the positive side": np.where(z > 0, slope * z, z),
    "the slope was applied to both sides": slope * z,
    "the smaller of the two lines was taken instead of the larger": np.minimum(z, slope * z),
    "negative values were divided by the slope": np.where(z > 0, z, z / slope),
    "the slope was subtracted from negative values; multiply": np.where(z > 0, z, z - slope),
    "z came back unchanged: negative values are multiplied by the slope": z,
    "this is the slope of leaky ReLU, not its value": np.where(z > 0, 1.0, slope),
}, what="leaky_relu(z, negative_slope)")
expect(leaky_relu(z, negative_slope=slope), reference.leaky_relu(z, slope), what="leaky_relu(z, negative_slope=...)")
expect(leaky_relu(z), reference.leaky_relu(z), {
    "the default slope is 0.2, yours is 0.01": np.where(z > 0, z, 0.01 * z),
}, what="leaky_relu(z)")
expect(leaky_relu(np.array([-5, 0, 5])), np.array([-1.0, 0.0, 5.0]), {
    "integers were kept as integers: -5 * 0.2 must give -1.0": np.array([0, 0, 5]),
}, what="leaky_relu of integers")
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Sigmoid (4 points)
#
# The sigmoid squeezes any number into the range from 0 to 1. The formula is short; the trap is that `np.exp(1000)`
# overflows. Find a way in which no exponent is ever positive.
# Before you write it: what are `sigmoid(0)` and `sigmoid(-1000)`?

# %% nbgrader={"schema_version": 3, "grade_id": "sigmoid", "solution": true, "grade": false, "locked": false}
from solutions.activations import sigmoid

# %% nbgrader={"schema_version": 3, "grade_id": "sigmoid_check", "solution": false, "grade": true, "locked": true, "points": 1}
z = np.array([[-2.0, 0.0], [2.0, 3.0]])
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    a = sigmoid(z)
assert a is not None, "sigmoid returned nothing: end the function with `return ...`"
assert np.shape(a) == (2, 2), f"sigmoid works element by element and keeps the shape (2, 2); yours returned {np.shape(a)}"
assert np.isclose(a[0, 1], 0.5), f"sigmoid(0) is 0.5; yours gave {a[0, 1]}"
assert np.isclose(a[0, 0] + a[1, 0], 1.0), f"sigmoid(-2) and sigmoid(2) add up to 1; yours gave {a[0, 0]} and {a[1, 0]}"
assert np.isclose(a[1, 1], 0.9525741268224334), f"sigmoid(3) is 0.95257...; yours gave {a[1, 1]}"

# %% nbgrader={"schema_version": 3, "grade_id": "sigmoid_random", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
# Hidden: random numbers, integers too.
### BEGIN HIDDEN TESTS
z = np.concatenate([rng.normal(scale=4.0, size=(4, 4)), [[-12.0, 12.0, -25.0, 25.0]]])
given = z.copy()
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    a, whole = sigmoid(z), sigmoid(np.array([-2, 0, 3]))
assert np.array_equal(z, given), "your sigmoid overwrote its argument z; return a new array"
s = reference.sigmoid(z)
expect(a, s, {
    "this is the slope of the sigmoid, s * (1 - s), not the sigmoid": s * (1 - s),
    "the sign of the exponent is wrong: large z must give values near 1": 1 - s,
    "this is tanh: its values run from -1 to 1, the sigmoid's from 0 to 1": np.tanh(z),
    "the argument was doubled: this is (1 + tanh(z)) / 2": reference.sigmoid(2 * z),
    "this is softmax over each row; the sigmoid treats every element by itself": reference.softmax(z),
    "this is softmax over the whole array; the sigmoid treats every element by itself": np.exp(z) / np.exp(z).sum(),
    "clip(0.2 z + 0.5) is only a rough approximation (the hard sigmoid)": np.clip(0.2 * z + 0.5, 0.0, 1.0),
    "clip(z / 6 + 0.5) is only a rough approximation (the hard sigmoid)": np.clip(z / 6 + 0.5, 0.0, 1.0),
    "clipping z at +-10 changes the values beyond": reference.sigmoid(np.clip(z, -10.0, 10.0)),
    "clipping z at +-20 changes the values beyond": reference.sigmoid(np.clip(z, -20.0, 20.0)),
    "the logarithm of the sigmoid came back": np.log(s),
    "the result was rounded to 0 or 1": np.round(s),
    "the answer consists of True and False": s > 0.5,
}, what="sigmoid(z)", tolerance=1e-12)
expect(whole, reference.sigmoid(np.array([-2.0, 0.0, 3.0])), {
    "integer input: the result was stored in an integer array, which cuts every value to 0": np.array([0, 0, 0]),
}, what="sigmoid of integers")
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "sigmoid_stable", "solution": false, "grade": true, "locked": true, "points": 2}
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    a = sigmoid(np.array([-1000.0, 1000.0]))
assert not np.isnan(a).any(), f"sigmoid([-1000, 1000]) is [0, 1]; yours is {a}: exp overflowed to inf, and inf / inf is nan"
assert np.allclose(a, [0.0, 1.0]), f"sigmoid([-1000, 1000]) is [0, 1]; yours is {a}"
with warnings.catch_warnings():
    warnings.simplefilter("error")
    try:
        sigmoid(np.array([-1000.0, 1000.0]))
    except RuntimeWarning as warning:
        raise AssertionError(f"sigmoid warns ({warning}): some exponent is still positive, perhaps in a branch that "
                             "np.where computes and throws away") from None
### BEGIN HIDDEN TESTS
with warnings.catch_warnings():
    warnings.simplefilter("error")
    try:
        tails = sigmoid(np.array([-700.0, -40.0, 40.0, 800.0]))
    except RuntimeWarning as warning:
        raise AssertionError(f"sigmoid warns for large arguments ({warning})") from None
assert tails[1] > 0 and abs(tails[1] / np.exp(-40.0) - 1) < 1e-6, \
    "sigmoid(-40) is tiny but not 0, and clipping z changes it: compute it with exp(z), which is small there"
### END HIDDEN TESTS

# %% [markdown]
# ## 5. Softmax (5 points)
#
# Softmax turns each row of logits into probabilities: positive, and adding up to 1.
# Two traps: `exp` overflows for large logits, and a sum along the wrong axis mixes the images of a batch.
# Before you write it: what happens to softmax if you subtract one number from all logits of a row?

# %% nbgrader={"schema_version": 3, "grade_id": "softmax", "solution": true, "grade": false, "locked": false}
from solutions.activations import softmax

# %% nbgrader={"schema_version": 3, "grade_id": "softmax_check", "solution": false, "grade": true, "locked": true, "points": 1}
z = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
p = softmax(z)
assert p is not None, "softmax returned nothing: end the function with `return ...`"
assert np.shape(p) == (2, 3), f"softmax keeps the shape (2, 3); yours returned {np.shape(p)}"
assert np.allclose(p.sum(axis=1), 1.0), f"every row sums to 1; yours sum to {p.sum(axis=1)}"
assert np.allclose(p[1], 1 / 3), f"three equal logits have equal probabilities, 1/3 each; yours are {p[1]}"
assert np.isclose(p[0, 2] / p[0, 1], np.e), f"a logit larger by 1 means e times the probability; yours is {p[0, 2] / p[0, 1]} times"

# %% nbgrader={"schema_version": 3, "grade_id": "softmax_random", "solution": false, "grade": true, "locked": true, "points": 2} tags=["in-place"]
# Hidden: random logits, square batches too.
### BEGIN HIDDEN TESTS
for shape in ((4, 3), (5, 5), (1, 10)):
    z = rng.normal(scale=2.0, size=shape)
    given, e, s = z.copy(), np.exp(z), reference.sigmoid(z)
    p = softmax(z)
    assert np.array_equal(z, given), "your softmax overwrote its argument z; return a new array"
    square = shape[0] == shape[1]
    expect(p, reference.softmax(z), {
        "the columns were normalised: every ROW must sum to 1 (which axis is the sum over?)": e / e.sum(axis=0),
        "one sum over the whole batch: every ROW must sum to 1 (the sum needs an axis)": e / e.sum(),
        **({"the sums of the rows were spread along the wrong axis: keep the summed axis with length 1":
            e / e.sum(axis=1)} if square else {}),
        **({"the shift was spread along the wrong axis, or numerator and denominator were shifted differently":
            np.exp(z - z.max(axis=1)) / np.exp(z - z.max(axis=1)).sum(axis=1, keepdims=True)} if square else {}),
        "exp is missing: logits may be negative, probabilities may not": z / z.sum(axis=1, keepdims=True),
        "exp came back without the division: rows must sum to 1": e,
        "the sum is missing: exp(z - max) alone does not sum to 1": np.exp(z - z.max(axis=1, keepdims=True)),
        "only the denominator was shifted: shift numerator and denominator alike":
            e / np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True),
        "this is the sigmoid of each element: rows do not sum to 1": s,
        "normalised sigmoids are not softmax": s / s.sum(axis=1, keepdims=True),
        "this is log-softmax: the logarithm must go": reference.log_softmax(z),
        "a sign is wrong: the largest logit must get the largest probability": reference.softmax(-z),
        "this divides by the largest instead of the sum": e / e.max(axis=1, keepdims=True),
        "2 ** z instead of e ** z": 2.0**z / (2.0**z).sum(axis=1, keepdims=True),
        "only the largest logit got all: that is argmax, not softmax": (z == z.max(axis=1, keepdims=True)) * 1.0,
        "softmax was applied twice": reference.softmax(reference.softmax(z)),
    }, what="softmax(z)")
expect(softmax(np.array([[1, 2], [3, 3]])), reference.softmax(np.array([[1.0, 2.0], [3.0, 3.0]])), what="softmax of integers")
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "softmax_stable", "solution": false, "grade": true, "locked": true, "points": 2}
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    p = softmax(np.array([[1000.0, 1000.0], [-1000.0, -1000.0]]))
assert not np.isnan(p).any(), f"large logits must work: softmax([[1000, 1000], [-1000, -1000]]) is all 0.5; yours is {p.tolist()}"
assert np.allclose(p, 0.5), f"softmax([[1000, 1000], [-1000, -1000]]) is all 0.5; yours is {p.tolist()}"
### BEGIN HIDDEN TESTS
far = np.array([[0.0, 1.0, 2.0], [2000.0, 2001.0, 1999.0], [-3000.0, -3001.0, -2999.0]])
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    p = softmax(far)
expect(p, reference.softmax(far), {
    "rows far apart give nan: shift each row by its OWN maximum, not by that of the whole batch":
        np.where(far > 1000, reference.softmax(far), np.nan),
}, what="softmax of rows far apart")
assert not caught, f"softmax warns for large logits ({caught[0].message})"
### END HIDDEN TESTS

# %% [markdown]
# ## Done?
#
# Restart the kernel, run all cells, save, and hand in this notebook under its own name.
