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
# # Losses
#
# You write the numbers that training makes smaller, the gradients that tell it how, and the number that you report in
# the end: `cross_entropy`, `cross_entropy_from_logits` and its gradient, `mse` and its gradient, and `accuracy`.
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
# What holds for all six: rows are samples. Labels `y` are integers of the shape (batch,), one class number for each row.
# A loss and an accuracy are *one number* for the whole batch, a mean; a gradient has the shape of what it belongs to.
# No function changes an array that it was given.

# %% [markdown]
# The next cell is for the checks; run it, and skip it as you read. Its `draw(5, 3)` makes random labels and logits for five
# rows and three classes, should you want to try something.

# %% nbgrader={"schema_version": 3, "grade_id": "imports", "solution": false, "grade": false, "locked": true}
import numpy as np

from autograder.checks import answer_of

rng = np.random.default_rng()


def draw(n, k):
    """Random labels (n,) and logits (n, k), n above 2; the labels repeat, and argmax gets some right and some wrong."""
    while True:
        y, z = rng.integers(0, k, size=n), rng.normal(scale=2.0, size=(n, k))
        hits = (z.argmax(axis=1) == y).sum()
        if 1 < len(set(y.tolist())) < n and 0 < hits < n and 2 * hits != n and not (y == np.arange(n)).any():
            return y, z

# %% [markdown]
# ## A worked example
#
# Every loss of labels is made in three steps: pick one number in each row, turn it into a penalty, take the mean.
# Here they are for a loss that you will not need again: by how much does the logit of the true class fall short of the
# largest logit of its row? It is 0 if the true class wins.

# %% nbgrader={"schema_version": 3, "grade_id": "worked_example", "solution": false, "grade": false, "locked": true}
def shortfall(y, z):
    """Mean distance of the true class's logit from the largest of its row.

    y: integer labels (batch,), z: logits (batch, classes) -> one number.
    """
    rows = np.arange(len(y))         # 0, 1, 2, ...: the number of each row
    picked = z[rows, y]              # row 0 at column y[0], row 1 at column y[1], ...: (batch,)
    penalty = z.max(axis=1) - picked
    return penalty.mean()


y = np.array([2, 0])
z = np.array([[1.0, 5.0, 3.0],       # the true class 2 has 3.0, two below the largest
              [4.0, 0.0, 1.0]])      # the true class 0 is the largest
shortfall(y, z)                      # (2 + 0) / 2

# %% [markdown]
# The step in the middle is worth a second look. `z[rows, y]` takes two lists of the same length and reads them in pairs.
# `z[:, y]` is something else: all rows, and for each of them all the columns in `y`. Try both.

# %% [markdown]
# ## 1. Cross-entropy of probabilities (4 points)
#
# The penalty of cross-entropy is $-\log p_y$, the surprise at what happened: nothing if the model gave the true class
# the probability 1, and more and more the less it gave.
# One line is there already. It keeps the probability a little away from 0, whose logarithm is minus infinity, and from 1,
# as Keras does. Write the line before it, which makes `p_true`, and the line after it.
# Before you write: a model gives the true class 1/2 in one row and 1/8 in another. What is the mean loss, in units of
# $\log 2$?

# %% nbgrader={"schema_version": 3, "grade_id": "cross_entropy", "solution": true, "grade": false, "locked": false}
from solutions.losses import cross_entropy    # blanks: "np.arange" "return"

# %% nbgrader={"schema_version": 3, "grade_id": "cross_entropy_check", "solution": false, "grade": true, "locked": true, "points": 1}
y = np.array([0, 2])
p = np.array([[0.5, 0.25, 0.25], [0.5, 0.375, 0.125]])
loss = answer_of(cross_entropy, y, p)
assert loss.shape == (), f"a loss is one number for the whole batch, its mean; yours has the shape {loss.shape}"
assert loss > 0, f"every probability here is below 1, so its surprise, and the loss, is above 0; yours is {loss}"
assert np.isclose(loss, 2 * np.log(2)), (
    f"p[0, 0] is 1/2 (surprise: log 2) and p[1, 2] is 1/8 (surprise: 3 log 2), so the mean is 2 log 2 = 1.3863; yours is {loss:.4f}")
loss = answer_of(cross_entropy, np.array([1]), np.array([[0.5, 0.25, 0.25]]))
assert np.isclose(loss, 2 * np.log(2)), f"a single row with p = 1/4 for the true class has the loss log 4 = 1.3863; yours is {loss}"

# %% nbgrader={"schema_version": 3, "grade_id": "cross_entropy_random", "solution": false, "grade": true, "locked": true, "points": 2}
# Hidden: random probabilities, and as many rows as classes.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import activations, losses as reference

for n, k in ((5, 3), (4, 4), (3, 10), (7, 2)):
    y, z = draw(n, k)
    p = activations.softmax(z)
    expect(answer_of(cross_entropy, y, p), reference.cross_entropy(y, p), what="cross_entropy(y, p)")
    expect(answer_of(cross_entropy, y, p), reference.cross_entropy(y, p), what="cross_entropy(y, p), called a second time")
    others = (y + 1) % k
    expect(answer_of(cross_entropy, others, p), reference.cross_entropy(others, p), what="cross_entropy of the same p and other labels")
    expect(answer_of(cross_entropy, y.astype(np.uint8), p.astype(np.float32)), reference.cross_entropy(y, p),
           what="cross_entropy of float32 probabilities and uint8 labels", tolerance=1e-5)
y, z = draw(3, 4)
p = activations.softmax(8 * z)
expect(answer_of(cross_entropy, y, p), reference.cross_entropy(y, p), what="cross_entropy of a very sure model")
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "cross_entropy_edges", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
y, p = np.array([0, 1]), np.array([[0.0, 1.0], [0.0, 1.0]])
cross_entropy(y, p)
assert p.tolist() == [[0.0, 1.0], [0.0, 1.0]], "your cross_entropy overwrote its argument p; clip a copy, the model needs its outputs"
loss = answer_of(cross_entropy, y[:1], p[:1])
assert np.isfinite(loss), f"the probability 0 for the true class is clipped to 1e-7, and its loss is 16.118; yours is {loss}"
assert abs(loss - 16.1181) < 1e-3, f"the probability 0 for the true class is clipped to 1e-7, and its loss is 16.118; yours is {loss}"
### BEGIN HIDDEN TESTS
from autograder.checks import expect, no_overflow
from solutions import activations, losses as reference

with no_overflow("cross_entropy warns for p = 0", "clip before the logarithm, not after it"):
    expect(answer_of(cross_entropy, y, p), reference.cross_entropy(y, p), what="cross_entropy with p = 0 and p = 1")
    perfect = answer_of(cross_entropy, y[1:], p[1:])
expect(perfect, 1e-7, what="the loss of a perfect row, where p is clipped to 1 - 1e-7,", tolerance=4e-8)
expect(answer_of(cross_entropy, np.array([3]), np.eye(10)[3:4]), 1e-7, tolerance=4e-8,
       what="the loss of a perfect row of ten classes (make nothing sum to 1 again),")
small = np.array([[1e-6, 1 - 1e-6], [1e-5, 1 - 1e-5]])
expect(answer_of(cross_entropy, np.array([0, 0]), small), reference.cross_entropy(np.array([0, 0]), small),
       what="cross_entropy of small probabilities, which are not clipped,")
y, z = draw(5, 3)
given = activations.softmax(100 * z)
fresh, labels = given.copy(), y.copy()
cross_entropy(labels, fresh)
assert np.array_equal(fresh, given), "your cross_entropy overwrote its argument p; work on a copy"
assert np.array_equal(labels, y), "your cross_entropy overwrote its argument y; work on a copy"
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Cross-entropy of logits (5 points)
#
# A model without a last activation gives logits, and the probabilities are their softmax, which is given below.
# So the loss could be $-\log$ of what `softmax` returns. The first two checks accept that, the third one does not: a
# probability below about $10^{-308}$ is rounded to 0, and the loss is lost with it.
#
# Put the two formulas together on paper first, and the logarithm and the exponential in the numerator cancel out:
#
# $$-\log \frac{e^{z_y}}{\sum_j e^{z_j}} = \log \sum_j e^{z_j} - z_y$$
#
# What is left is one sum of exponentials in each row, and the trick of `softmax` keeps that finite.
# There is nothing to clip, the loss may be as large as it is.
# Before you write: class 0 is true and the logits are (0, 1000). What is the loss?

# %% nbgrader={"schema_version": 3, "grade_id": "softmax_given", "solution": false, "grade": false, "locked": true}
from solutions.activations import softmax

# %% nbgrader={"schema_version": 3, "grade_id": "cross_entropy_from_logits", "solution": true, "grade": false, "locked": false}
from solutions.losses import cross_entropy_from_logits

# %% nbgrader={"schema_version": 3, "grade_id": "cross_entropy_from_logits_check", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
y, z = np.array([0, 2]), np.array([[3.0, 3.0, 3.0], [-2.0, -2.0, -2.0]])
loss = answer_of(cross_entropy_from_logits, y, z)
assert loss.shape == (), f"a loss is one number for the whole batch, its mean; yours has the shape {loss.shape}"
assert np.isclose(loss, np.log(3)), f"equal logits of three classes mean p = 1/3 in each row, so the loss is log 3 = 1.0986; yours is {loss:.4f}"
loss = answer_of(cross_entropy_from_logits, np.array([1, 0]), np.log([[0.75, 0.25], [0.25, 0.75]]))
assert np.isclose(loss, np.log(4)), f"these logits are the logarithms of 3/4 and 1/4; each true class has 1/4, the loss is log 4 = 1.3863; yours is {loss:.4f}"
cross_entropy_from_logits(y, z)
assert z.tolist() == [[3.0] * 3, [-2.0] * 3], "your cross_entropy_from_logits overwrote its argument z (does a line begin with `z -=`?)"

# %% nbgrader={"schema_version": 3, "grade_id": "cross_entropy_from_logits_random", "solution": false, "grade": true, "locked": true, "points": 2} tags=["in-place"]
# Hidden: random logits, integers and float32 too.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import losses as reference

for n, k in ((5, 3), (4, 4), (3, 10), (7, 2)):
    y, z = draw(n, k)
    z += rng.normal(scale=5.0, size=(n, 1))
    expect(answer_of(cross_entropy_from_logits, y, z), reference.cross_entropy_from_logits(y, z),
           what="cross_entropy_from_logits(y, z)")
    expect(answer_of(cross_entropy_from_logits, y, z), reference.cross_entropy_from_logits(y, z),
           what="cross_entropy_from_logits(y, z), called a second time")
    others = (y + 1) % k
    expect(answer_of(cross_entropy_from_logits, others, z), reference.cross_entropy_from_logits(others, z),
           what="cross_entropy_from_logits of the same z and other labels")
    expect(answer_of(cross_entropy_from_logits, y.astype(np.uint8), z.astype(np.float32)),
           reference.cross_entropy_from_logits(y, z), what="cross_entropy_from_logits of float32 logits and uint8 labels", tolerance=1e-5)
    whole = np.round(3 * z).astype(int)
    expect(answer_of(cross_entropy_from_logits, y, whole), reference.cross_entropy_from_logits(y, whole.astype(float)),
           what="cross_entropy_from_logits of integers")
expect(answer_of(cross_entropy_from_logits, np.array([1]), np.array([[2.0, 2.0]])), np.log(2),
       what="cross_entropy_from_logits of a single row")
y, z = draw(5, 3)
fresh, labels = z.copy(), y.copy()
cross_entropy_from_logits(labels, fresh)
assert np.array_equal(fresh, z), "your cross_entropy_from_logits overwrote its argument z (does a line begin with `z -=`?)"
assert np.array_equal(labels, y), "your cross_entropy_from_logits overwrote its argument y; work on a copy"
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "cross_entropy_from_logits_stable", "solution": false, "grade": true, "locked": true, "points": 2}
y, z = np.array([0]), np.array([[0.0, 1000.0]])
with np.errstate(all="ignore"):
    loss = answer_of(cross_entropy_from_logits, y, z)
assert not np.isnan(loss), "the loss of class 0 with the logits (0, 1000) is 1000; yours is nan: exp(1000) is inf, and inf / inf is nan"
assert not np.isinf(loss), ("the loss of class 0 with the logits (0, 1000) is 1000; yours is infinite: exp(1000) overflows, "
                            "or a probability was rounded to 0 before its logarithm was taken")
assert np.isclose(loss, 1000.0), f"the loss of class 0 with the logits (0, 1000) is 1000; yours is {loss}: clip nothing, add nothing"
### BEGIN HIDDEN TESTS
from autograder.checks import expect, no_overflow
from solutions import losses as reference

far = np.array([[0.0, 1.0, 2.0], [100000.0, 100001.0, 99999.0], [-100000.0, -100001.0, -99999.0]])
wide = np.array([[-1000.0, 0.0, 1000.0], [0.0, 800.0, 800.0], [750.0, -750.0, 0.0]])
small = np.array([[0.0, 20.0], [20.0, 0.0], [-20.0, 20.0]])
for z in (far, wide, small):
    for shift in range(z.shape[1]):
        y = (np.arange(3) + shift) % z.shape[1]
        with np.errstate(all="ignore"):
            loss = answer_of(cross_entropy_from_logits, y, z)
        expect(loss, reference.cross_entropy_from_logits(y, z), what="cross_entropy_from_logits of logits that are large or far apart")
        with no_overflow("cross_entropy_from_logits warns", "some exponent is still positive, or a logarithm is taken of 0"):
            answer_of(cross_entropy_from_logits, y, z)
sure = np.array([[0.0, 40.0], [30.0, 0.0], [-20.0, 20.0]])
expect(answer_of(cross_entropy_from_logits, sure.argmax(axis=1), sure), 0.0,
       what="cross_entropy_from_logits of a model that is sure and right (add no epsilon),", tolerance=1e-8)
with no_overflow("cross_entropy_from_logits warns for float32 logits", "an exponent above 88 overflows there: shift each row"):
    loss = answer_of(cross_entropy_from_logits, np.array([1, 0]), np.array([[200.0, 0.0], [-200.0, 0.0]], dtype=np.float32))
expect(loss, 200.0, what="cross_entropy_from_logits of large float32 logits")
### END HIDDEN TESTS

# %% [markdown]
# ## 3. The gradient of cross-entropy (4 points)
#
# Differentiate $\log \sum_j e^{z_j} - z_y$ with respect to one logit $z_i$ of the row.
# The first term gives $e^{z_i} / \sum_j e^{z_j}$, the softmax; the second one gives 1 for the true class and 0 elsewhere.
# And the loss is a mean, so there is one more factor.
# Before you write: what do the entries of a row of the gradient sum to?
#
# The check compares a single row with a *numerical* gradient: move one logit a little to both sides and see what the
# loss does. It is the surest test for a gradient that you derive yourself.

# %% nbgrader={"schema_version": 3, "grade_id": "cross_entropy_from_logits_backward", "solution": true, "grade": false, "locked": false}
from solutions.losses import cross_entropy_from_logits_backward

# %% nbgrader={"schema_version": 3, "grade_id": "cross_entropy_from_logits_backward_check", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
y, z = np.array([1, 0]), np.array([[7.0, 7.0], [0.0, 0.0]])
d = answer_of(cross_entropy_from_logits_backward, y, z)
assert d.shape == z.shape, f"the gradient has the shape of z, {z.shape}; yours has {d.shape}"
assert np.allclose(d.sum(axis=1), 0.0), f"every row of the gradient sums to 0, as softmax and truth both sum to 1; yours sum to {d.sum(axis=1)}"
assert d[0, 1] < 0 < d[0, 0], f"the true class's entry is negative (a larger logit lowers the loss), the others are positive; yours: {d[0]}"
assert np.allclose(np.abs(d), 0.25), f"here every entry is 1/4 or -1/4: probabilities of 1/2, and a mean over two rows; yours: {d.tolist()}"
cross_entropy_from_logits_backward(y, z)
assert z.tolist() == [[7.0, 7.0], [0.0, 0.0]], "your function overwrote its argument z; work on a new array"


def slope(z, i, step=1e-5):
    """Numerical slope of the loss of one row, whose true class is 2, along the logit i."""
    right, left = z.copy(), z.copy()
    right[0, i] += step
    left[0, i] -= step
    return (-np.log(softmax(right)[0, 2]) + np.log(softmax(left)[0, 2])) / (2 * step)


z = np.array([[0.5, -1.0, 1.5, 0.0]])
d = answer_of(cross_entropy_from_logits_backward, np.array([2]), z)
slopes = np.array([[slope(z, i) for i in range(4)]])
assert np.allclose(d, slopes, atol=1e-7), f"the loss's slopes along the four logits, measured, are {slopes.round(4).tolist()}; yours are {d.round(4).tolist()}"

# %% nbgrader={"schema_version": 3, "grade_id": "cross_entropy_from_logits_backward_random", "solution": false, "grade": true, "locked": true, "points": 3} tags=["in-place"]
# Hidden: random logits, large ones and integers too.
### BEGIN HIDDEN TESTS
from autograder.checks import expect, no_overflow
from solutions import losses as reference

for n, k in ((5, 3), (4, 4), (3, 10), (7, 2)):
    y, z = draw(n, k)
    right = reference.cross_entropy_from_logits_backward(y, z)
    expect(answer_of(cross_entropy_from_logits_backward, y, z), right, what="the gradient of cross_entropy_from_logits")
    expect(answer_of(cross_entropy_from_logits_backward, y, z), right,
           what="the gradient of cross_entropy_from_logits, asked for a second time")
    others = (y + 1) % k
    expect(answer_of(cross_entropy_from_logits_backward, others, z), reference.cross_entropy_from_logits_backward(others, z),
           what="the gradient for the same z and other labels")
    expect(answer_of(cross_entropy_from_logits_backward, y.astype(np.uint8), z.astype(np.float32)), right,
           what="the gradient for float32 logits and uint8 labels", tolerance=1e-5)
    whole = np.round(z).astype(int)
    expect(answer_of(cross_entropy_from_logits_backward, y, whole),
           reference.cross_entropy_from_logits_backward(y, whole.astype(float)), what="the gradient for integer logits")
large = np.array([[0.0, 1000.0, 1000.0], [-1000.0, 0.0, -2000.0], [100000.0, 0.0, -100000.0]])
y = np.array([0, 1, 2])
with no_overflow("the gradient warns for large logits", "use the given softmax, which keeps its exponents below 0"):
    expect(answer_of(cross_entropy_from_logits_backward, y, large), reference.cross_entropy_from_logits_backward(y, large),
           what="the gradient for large logits")
sure = np.array([[0.0, 15.0]])
expect(answer_of(cross_entropy_from_logits_backward, y[1:2], sure), reference.cross_entropy_from_logits_backward(y[1:2], sure),
       what="the gradient where the model is nearly right (round nothing)", tolerance=5e-8)
y, z = draw(5, 3)
fresh, labels = z.copy(), y.copy()
cross_entropy_from_logits_backward(labels, fresh)
assert np.array_equal(fresh, z), "your function overwrote its argument z; work on a new array"
assert np.array_equal(labels, y), "your function overwrote its argument y; work on a copy"
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Mean squared error (2 points)
#
# The oldest loss of all: how far off is each number, squared, and the mean of *all* entries.
# There are no integer labels here; the target has the shape of the prediction, for digits one-hot rows.
# Before you write: what is the loss of the prediction (0.5, 0.5) if the target is (1, 0)?

# %% nbgrader={"schema_version": 3, "grade_id": "mse", "solution": true, "grade": false, "locked": false}
from solutions.losses import mse

# %% nbgrader={"schema_version": 3, "grade_id": "mse_check", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
target, p = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]), np.array([[4.0, 0.0, 1.0], [0.0, 0.0, -1.0]])
loss = answer_of(mse, target, p)
assert loss.shape == (), f"a loss is one number, the mean of all entries; yours has the shape {loss.shape}"
assert loss >= 0, f"squares are never negative, nor is their mean; yours is {loss}"
assert np.isclose(loss, 14 / 6), f"the six squares are 9, 0, 1, 0, 0, 4; their mean is 14/6 = 2.3333; yours is {loss:.4f}"
mse(target, p)
assert p[0, 0] == 4.0 and target[0, 0] == 1.0, "your mse overwrote an argument; work on a new array"

# %% nbgrader={"schema_version": 3, "grade_id": "mse_random", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
# Hidden: random numbers, square and not, and integers.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import losses as reference

for shape in ((4, 3), (3, 3), (1, 5), (6, 2)):
    target, p = rng.normal(size=shape), 0.3 + rng.normal(scale=2.0, size=shape)
    given = target.copy(), p.copy()
    expect(answer_of(mse, target, p), reference.mse(target, p), what="mse(target, p)")
    expect(answer_of(mse, target, p), reference.mse(target, p), what="mse(target, p), called a second time")
    expect(answer_of(mse, target.astype(np.float32), p.astype(np.float32)), reference.mse(target, p), what="mse of float32 numbers", tolerance=1e-5)
    mse(target, p)
    assert np.array_equal(target, given[0]) and np.array_equal(p, given[1]), "your mse overwrote an argument; work on a new array"
expect(answer_of(mse, np.array([[1, 0], [0, 4]]), np.array([[3, 0], [1, 1]])), 3.5, what="mse of integers")
expect(answer_of(mse, np.array([[2.0, -1.0]]), np.array([[2.0, -1.0]])), 0.0, what="mse of a perfect prediction", tolerance=1e-12)
### END HIDDEN TESTS

# %% [markdown]
# ## 5. The gradient of the mean squared error (2 points)
#
# Every entry of `p` is in one of the squares only, so its slope has one term; the mean over $N$ entries adds a factor.
# Before you write: if all errors double, what happens to the loss, and what to its gradient?

# %% nbgrader={"schema_version": 3, "grade_id": "mse_backward", "solution": true, "grade": false, "locked": false}
from solutions.losses import mse_backward

# %% nbgrader={"schema_version": 3, "grade_id": "mse_backward_check", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
target, p = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]), np.array([[4.0, 0.0, 1.5], [0.0, 0.0, -2.0]])
d = answer_of(mse_backward, target, p)
assert d.shape == p.shape, f"the gradient has the shape of p, {p.shape}; yours has {d.shape}"
assert d[0, 0] > 0 > d[1, 2], f"where p is too large the slope is positive, where p is too small it is negative; yours: {d.tolist()}"
assert np.allclose(d[p == target], 0.0), f"where p is right the slope is 0; yours: {d[p == target]}"
assert np.isclose(d[0, 0], 1.0), f"p[0, 0] is 3 too large; the square's slope is 6, and the mean is over 6 entries, so 1.0; yours is {d[0, 0]:.4f}"
mse_backward(target, p)
assert p[0, 0] == 4.0 and target[0, 0] == 1.0, "your mse_backward overwrote an argument; work on a new array"

# %% nbgrader={"schema_version": 3, "grade_id": "mse_backward_random", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
# Hidden: random numbers, square and not, and integers.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import losses as reference

for shape in ((4, 3), (3, 3), (1, 5), (6, 2)):
    target, p = rng.normal(size=shape), 0.3 + rng.normal(scale=2.0, size=shape)
    given = target.copy(), p.copy()
    right = reference.mse_backward(target, p)
    expect(answer_of(mse_backward, target, p), right, what="mse_backward(target, p)")
    expect(answer_of(mse_backward, target, p), right, what="mse_backward(target, p), called a second time")
    expect(answer_of(mse_backward, target.astype(np.float32), p.astype(np.float32)), right, what="mse_backward of float32 numbers", tolerance=1e-5)
    mse_backward(target, p)
    assert np.array_equal(target, given[0]) and np.array_equal(p, given[1]), "your mse_backward overwrote an argument; work on a new array"
expect(answer_of(mse_backward, np.array([[1, 0], [0, 4]]), np.array([[3, 0], [1, 1]])), np.array([[1.0, 0.0], [0.5, -1.5]]),
       what="mse_backward of integers")
### END HIDDEN TESTS

# %% [markdown]
# ## 6. Accuracy (3 points)
#
# Training needs a loss, because it has slopes; people ask how many answers are right.
# An answer is the class with the largest output, whether the outputs are probabilities or logits. Of several equal
# outputs the first counts.
# Labels often come from a file or from Keras as a column, with the shape (batch, 1); that must work too.
# Before you write: what does NumPy make of `a == b` if `a` has the shape (4,) and `b` the shape (4, 1)?

# %% nbgrader={"schema_version": 3, "grade_id": "accuracy", "solution": true, "grade": false, "locked": false}
from solutions.evaluation import accuracy

# %% nbgrader={"schema_version": 3, "grade_id": "accuracy_check", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
y = np.array([2, 0, 1, 1])
p = np.array([[0.2, 0.3, 0.5], [0.4, 0.3, 0.3], [0.3, 0.3, 0.4], [0.1, 0.7, 0.2]])
share = answer_of(accuracy, y, p)
assert share.shape == (), f"an accuracy is one number for the whole batch; yours has the shape {share.shape}"
assert np.isclose(share, 0.75), f"the rows answer 2, 0, 2, 1, so three of four are right: 0.75; yours is {share}"
share = answer_of(accuracy, y, np.log(p))
assert np.isclose(share, 0.75), f"logits count as well as probabilities: the largest one is the answer, so 0.75; yours is {share}"
share = answer_of(accuracy, y.reshape(-1, 1), p)
assert np.isclose(share, 0.75), (f"labels of the shape (4, 1) have the same accuracy, 0.75; yours is {share}: "
                                 "are four answers compared with four labels, or each answer with each label?")
accuracy(y, p)
assert p[0].tolist() == [0.2, 0.3, 0.5] and y.tolist() == [2, 0, 1, 1], "your accuracy overwrote an argument; work on a copy"

# %% nbgrader={"schema_version": 3, "grade_id": "accuracy_random", "solution": false, "grade": true, "locked": true, "points": 2} tags=["in-place"]
# Hidden: random logits and probabilities, as many rows as classes, and ties.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import activations, evaluation

for n, k in ((7, 4), (5, 5), (30, 3), (11, 10)):
    y, z = draw(n, k)
    while np.mean(y == y.reshape(-1, 1)) == evaluation.accuracy(y, z) or np.mean(
            z.argmax(axis=1) == y.reshape(-1, 1)) == evaluation.accuracy(y, z):
        y, z = draw(n, k)
    right = evaluation.accuracy(y, z)
    for outputs in (z, activations.softmax(z), z - 50.0, z.astype(np.float32)):
        for labels in (y, y.reshape(-1, 1), y.astype(np.uint8), y.reshape(-1, 1).astype(np.int32)):
            kind = "logits" if (outputs < 0).any() else "probabilities"
            expect(answer_of(accuracy, labels, outputs), right, what=f"accuracy of {kind} and labels of the shape {labels.shape}",
                   tolerance=1e-7)
    expect(answer_of(accuracy, z.argmax(axis=1), z), 1.0, what="accuracy if every answer is right", tolerance=1e-12)
    expect(answer_of(accuracy, z.argmin(axis=1), z), 0.0, what="accuracy if every answer is wrong", tolerance=1e-12)
    fresh, labels = z.copy(), y.copy()
    accuracy(labels, fresh)
    assert np.array_equal(fresh, z) and np.array_equal(labels, y), "your accuracy overwrote an argument; work on a copy"
    column = y.reshape(-1, 1)
    accuracy(column, z)
    assert column.shape == (n, 1), "your accuracy gave its argument y another shape, in place; `np.ravel(y)` makes a new array"
ties = np.array([[1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [1.0, 1.0, 1.0]])
expect(answer_of(accuracy, np.array([0, 1, 0]), ties), 1.0, what="accuracy with equal outputs, of which the first counts,")
expect(answer_of(accuracy, np.array([1, 2, 2]), ties), 0.0, what="accuracy with equal outputs, of which the first counts,")
close = np.array([[0.333333, 0.333335, 0.333332], [0.2499, 0.2501, 0.5]])
expect(answer_of(accuracy, np.array([1, 2]), close), 1.0, what="accuracy with outputs that are nearly equal (do not round them)")
expect(answer_of(accuracy, np.array([1]), np.array([[-3.0, -2.0]])), 1.0, what="accuracy of a single row")
expect(answer_of(accuracy, np.array([[1]]), np.array([[-3.0, -2.0]])), 1.0, what="accuracy of a single row and a label of the shape (1, 1)")
expect(answer_of(accuracy, np.array([1, 0]), np.array([[1, 3], [2, 5]])), 0.5, what="accuracy of integer outputs")
### END HIDDEN TESTS

# %% [markdown]
# ## Done?
#
# Restart the kernel, run all cells, save, and hand in this notebook under its own name.
