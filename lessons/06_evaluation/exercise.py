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
# # Evaluation
#
# You write the six functions that say how good a classifier is, how sure you may be of that, and where it fails:
# `interval`, `confusion_matrix`, `precision`, `recall`, `f1` and `worst_mistakes`.
# Together they are worth **20 points** and take about 45 minutes; you need NumPy and nothing else.
#
# How it works:
#
# 1. Replace `raise NotImplementedError()` in each function by your code. The text below `def` says what the function
#    has to do. In the first two, part of the code is there already.
# 2. Run the check below it. It stays silent if all is well, and says what is wrong if not. Run it as often as you like.
# 3. Before you hand in, choose *Kernel, Restart and run all*: the checks must pass from top to bottom.
#
# Some checks are hidden: they use fresh random numbers every time, so write what the text says, not what a check shows.
#
# What holds for all six: no function changes an array that it was given, and none prints a warning.
# Where an array is asked for, return a NumPy array, not a list.
# Loops are allowed, though NumPy makes most of them unnecessary.

# %% [markdown]
# The next cell is for the checks; run it, and skip it as you read.

# %% nbgrader={"schema_version": 3, "grade_id": "imports", "solution": false, "grade": false, "locked": true}
import numpy as np

from autograder.checks import answer_of


def random_counts(k, rng, gaps=False):
    """A random confusion matrix with most samples in class 0; with gaps, some classes are never called or have no samples."""
    counts = rng.integers(1, 20, size=(k, k))
    counts[0] += 3 * counts.sum()
    counts += np.diag(np.arange(k) * counts.sum())
    if gaps:
        counts[:, -1], counts[-2], counts[-3], counts[:, -3] = 0, 0, 0, 0
    return counts

# %% [markdown]
# ## Worked example: accuracy and its standard error
#
# Two functions are given. Read them: you will need their ideas in what follows.
#
# `accuracy` takes the class with the largest output as the answer and compares it with the label.
# Comparing gives `True` and `False`, and the mean of these is a share.
#
# `standard_error` says how much such a share depends on luck: had other images been drawn for the test, the share would
# have come out differently, typically by this much.

# %% nbgrader={"schema_version": 3, "grade_id": "given", "solution": false, "grade": false, "locked": true}
from solutions.evaluation import accuracy, standard_error

# %%
y = np.array([0, 1, 2, 0])
p = np.array([[0.4, 0.3, 0.3], [0.1, 0.8, 0.1], [0.5, 0.3, 0.2], [0.2, 0.2, 0.6]])
accuracy(y, p)

# %%
{n: round(standard_error(0.95, n), 4) for n in (100, 1_000, 10_000)}

# %% [markdown]
# With 95 of 100 images right, the standard error is about two percentage points; a hundred times as many images make it ten
# times smaller. But try `standard_error(1.0, 20)`: twenty right
# answers out of twenty, and the formula claims that no luck was involved.

# %% [markdown]
# ## 1. An interval that never lies flat (3 points)
#
# "Share plus or minus two standard errors" fails for shares near 0 and 1: it leaves the range from 0 to 1, or shrinks to
# nothing. The reason is that it takes the standard error *at the measured share*, as if that were the true one.
#
# Wilson turned the question round: for which true rates $q$ would the measured share be no surprise? A rate $q$ has its own
# standard error, $\sqrt{q (1 - q) / n}$, and belongs to the interval if the share lies within $z$ of these.
# Solving that for $q$ gives the two formulas in the docstring.
#
# The check of the arguments and `centre` are given; write `half` and the end. The checks hand in no impossible arguments.
# Before you write it: after 20 right answers out of 20, could the true rate be 0.9? Could it be 0.5?

# %% nbgrader={"schema_version": 3, "grade_id": "interval", "solution": true, "grade": false, "locked": false}
from solutions.evaluation import interval    # blanks: "half =" "return"

# %% nbgrader={"schema_version": 3, "grade_id": "interval_check", "solution": false, "grade": true, "locked": true, "points": 1}
low, high = answer_of(interval, 0.9, 100, parts=2)
assert low.shape == high.shape == (), f"low and high are single numbers; yours have the shapes {low.shape} and {high.shape}"
assert low < high, f"the lower bound comes first; yours are {low} and {high}"
assert low < 0.9 < high, f"the measured share, here 0.9, lies inside; yours is {low:.4f} to {high:.4f}"
assert np.isclose(0.9 - low, 0.07437, atol=5e-5), f"90 of 100 right: the lower bound is 0.0744 below the share; yours is {0.9 - low:.4f} below"
assert np.isclose(high - 0.9, 0.04477, atol=5e-5), f"90 of 100 right: the upper bound is 0.0448 above the share; yours is {high - 0.9:.4f} above"
low, high = answer_of(interval, 1.0, 20, parts=2)
assert low < 1, f"20 right of 20 leave room for a true rate below 1; your interval is {low:.4f} to {high:.4f}"
assert high <= 1 + 1e-9, f"no rate is above 1; your interval is {low:.4f} to {high:.4f}"
narrow, wide = answer_of(interval, 0.7, 50, z=1.0, parts=2), answer_of(interval, 0.7, 50, z=3.0, parts=2)
assert wide[0] < narrow[0] < narrow[1] < wide[1], f"a larger z makes a wider interval; z = 1 gave {narrow}, z = 3 gave {wide}"

# %% nbgrader={"schema_version": 3, "grade_id": "interval_random", "solution": false, "grade": true, "locked": true, "points": 2}
# Hidden: random shares, small and large samples, other values of z, and the shares 0 and 1.
### BEGIN HIDDEN TESTS
from autograder.checks import expect, no_overflow
from solutions import evaluation as reference


def bounds_of(share, n, *z):
    """Low and high as one array."""
    return np.array([np.ravel(bound) for bound in answer_of(interval, share, n, *z, parts=2)])


rng = np.random.default_rng()
for n in (10, 37, 400, 5_000):
    hits = int(rng.integers(1, 1 + n // 3))
    z = float(rng.choice([0.5, 1.28, 1.645, 2.576, 3.5]))
    with no_overflow("interval warns", "is there a root of a negative number?"):
        for share in (hits / n, 1 - hits / n):
            wanted = np.array(reference.interval(share, n))[:, None]
            expect(bounds_of(share, n), wanted, what=f"interval({share:.4g}, {n})", tolerance=1e-9)
            expect(bounds_of(share, n, z), np.array(reference.interval(share, n, z))[:, None],
                   what=f"interval({share:.4g}, {n}, z={z})", tolerance=1e-9)
            expect(bounds_of(share, n), wanted, what=f"interval({share:.4g}, {n}), called again,", tolerance=1e-9)
for share, n in ((0.0, 1), (1.0, 1), (0, 20), (1, 20), (0.0, 3), (0.998, 1_000), (0.002, 500), (1.0, 10_000)):
    with no_overflow("interval warns", "is there a root of a negative number?"):
        expect(bounds_of(share, n), np.array(reference.interval(share, n))[:, None], what=f"interval({share}, {n})", tolerance=1e-9)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. The confusion matrix (5 points)
#
# One number hides which digits are taken for which. The confusion matrix counts every pair: entry $(i, j)$ says how often a
# sample of class $i$ was called $j$. **Rows are the true classes**, columns the answers; some books have it the other way
# round.
#
# Three traps. The same pair occurs many times, and each time counts. A class may be missing, even the last one: it still has
# its row and its column, which is why the function is told `k`. And MNIST's labels are `uint8`, whose arithmetic wraps
# around: `np.array([19], np.uint8) * 20` is 124.
#
# The checks of the arguments are given; write the counting. The checks hand in no impossible labels.
# Before you write it: on paper, what is the matrix of `y_true = [0, 0, 0, 2]` and `y_pred = [1, 1, 0, 2]` with `k = 4`?

# %% nbgrader={"schema_version": 3, "grade_id": "confusion_matrix", "solution": true, "grade": false, "locked": false}
from solutions.evaluation import confusion_matrix    # blanks: "return"

# %% nbgrader={"schema_version": 3, "grade_id": "confusion_matrix_check", "solution": false, "grade": true, "locked": true, "points": 1}
y_true, y_pred = np.array([0, 0, 0, 2]), np.array([1, 1, 0, 2])
matrix = answer_of(confusion_matrix, y_true, y_pred, 4)
assert matrix.shape == (4, 4), f"four classes make a matrix of the shape (4, 4), whatever classes occur; yours has {matrix.shape}"
assert matrix.dtype.kind in "iu", f"counts are integers; yours have the dtype {matrix.dtype}"
assert matrix.sum() == 4, f"four samples make four counts in all, repeated pairs included; yours are {matrix.sum()}"
assert matrix[1, 0] != 2, "rows are the TRUE classes: twice a 0 was called 1, which belongs into row 0, column 1; yours has it in row 1"
assert matrix[0, 1] == 2, f"twice a 0 was called 1, so entry (0, 1) is 2; yours is {matrix[0, 1]}"
assert matrix[0, 0] == 1 == matrix[2, 2], f"a 0 and a 2 were called right: entries (0, 0) and (2, 2) are 1; yours are {matrix[0, 0]} and {matrix[2, 2]}"

# %% nbgrader={"schema_version": 3, "grade_id": "confusion_matrix_random", "solution": false, "grade": true, "locked": true, "points": 2}
# Hidden: random labels.
### BEGIN HIDDEN TESTS
from autograder.checks import expect


def labels_for(counts):
    """Labels and answers, in random order, whose confusion matrix is `counts`."""
    pairs = np.repeat(np.argwhere(counts >= 0), counts.ravel(), axis=0)
    return rng.permutation(pairs).T


rng = np.random.default_rng()
for k in (2, 3, 5, 10):
    counts = rng.integers(1, 7, size=(k, k))
    counts[0, 1], counts[0, 0] = counts[1, 0] + 2, counts[0, 0] + 1
    y_true, y_pred = labels_for(counts)
    for dtype in (np.int64, np.int32):
        matrix = answer_of(confusion_matrix, y_true.astype(dtype), y_pred, k)
        expect(matrix, counts, what="confusion_matrix(y_true, y_pred, k)", tolerance=0)
        assert matrix.dtype.kind in "iu", f"counts are integers; yours have the dtype {matrix.dtype}"
    expect(answer_of(confusion_matrix, y_pred, y_true, k), counts.T, what="confusion_matrix, called again with other labels,", tolerance=0)
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "confusion_matrix_edges", "solution": false, "grade": true, "locked": true, "points": 2} tags=["in-place"]
y_true, y_pred = np.array([2, 0, 1]), np.array([2, 1, 1])
confusion_matrix(y_true, y_pred, 3)
assert y_true.tolist() == [2, 0, 1] and y_pred.tolist() == [2, 1, 1], "your confusion_matrix overwrote its arguments; leave them as they are"
matrix = answer_of(confusion_matrix, np.array([19], np.uint8), np.array([18], np.uint8), 20)
assert matrix.shape == (20, 20) and matrix[19, 18] == 1, "a 19 called 18, both uint8, belongs into entry (19, 18): does your arithmetic wrap around?"
### BEGIN HIDDEN TESTS
for k, unseen, uncalled in ((4, [3], [3]), (6, [0, 4], [4]), (5, [2], [0, 4]), (7, [6], [2]), (4, [0, 1, 2], [1, 2, 3])):
    counts = rng.integers(2, 7, size=(k, k))
    counts[0, -1] += 6
    counts[unseen], counts[:, uncalled] = 0, 0
    y_true, y_pred = labels_for(counts)
    expect(answer_of(confusion_matrix, y_true, y_pred, k), counts, what="confusion_matrix where classes are missing", tolerance=0)
counts = rng.integers(1, 4, size=(30, 30))
y_true, y_pred = labels_for(counts)
for dtypes in ((np.uint8, np.uint8), (np.uint8, np.int64), (np.int8, np.uint8)):
    expect(answer_of(confusion_matrix, y_true.astype(dtypes[0]), y_pred.astype(dtypes[1]), 30), counts,
           what="confusion_matrix of small integers such as uint8, 30 classes,", tolerance=0)
counts = np.array([[70_000, 300], [5, 40]]) + rng.integers(0, 9, size=(2, 2))
expect(answer_of(confusion_matrix, *labels_for(counts), 2), counts, what="confusion_matrix of many samples", tolerance=0)
nothing = np.zeros(0, dtype=int)
expect(answer_of(confusion_matrix, nothing, nothing, 3), np.zeros((3, 3), dtype=int), what="confusion_matrix of no labels at all", tolerance=0)
before = y_true.copy(), y_pred.copy()
confusion_matrix(y_true, y_pred, 30)
assert np.array_equal(y_true, before[0]) and np.array_equal(y_pred, before[1]), "your confusion_matrix overwrote its arguments; leave them as they are"
### END HIDDEN TESTS

# %% [markdown]
# ## 3. Precision (3 points)
#
# If the model says "this is an 8", may you believe it? Precision is the share of these claims that are true, for every
# class: the right ones among all samples that were *called* 8.
# Everything needed stands in the confusion matrix; from here on its argument is all you get.
#
# A class that was never called has a share of nothing, 0 / 0. It counts as 0 here, and no warning may appear. Do not add a
# small number to the denominator for that: it would change the precision of all other classes as well.
# Before you write it: is "all samples that were called 8" a row or a column of the matrix?

# %% nbgrader={"schema_version": 3, "grade_id": "precision", "solution": true, "grade": false, "locked": false}
from solutions.evaluation import precision

# %% nbgrader={"schema_version": 3, "grade_id": "precision_check", "solution": false, "grade": true, "locked": true, "points": 1}
matrix = np.array([[8, 2, 0], [0, 6, 4], [0, 0, 4]])
shares = answer_of(precision, matrix)
assert shares.shape == (3,), f"one share for each of the 3 classes, the shape is (3,); yours has {shares.shape}"
assert shares.dtype.kind == "f", f"shares are floats; yours have the dtype {shares.dtype}"
assert np.isclose(shares[0], 1.0), f"8 samples were called 0, and all 8 are: the precision is 1; yours is {shares[0]}"
assert np.isclose(shares[1], 0.75), f"8 samples were called 1, and 6 of them are: the precision is 0.75; yours is {shares[1]}"
assert np.isclose(shares[2], 0.5), f"8 samples were called 2, and 4 of them are: the precision is 0.5; yours is {shares[2]}"

# %% nbgrader={"schema_version": 3, "grade_id": "precision_random", "solution": false, "grade": true, "locked": true, "points": 2} tags=["in-place"]
matrix = np.array([[5, 0], [3, 0]])
precision(matrix)
assert matrix.tolist() == [[5, 0], [3, 0]], "your precision overwrote the matrix; leave it as it is"
# Hidden: random matrices, with classes that were never called.
### BEGIN HIDDEN TESTS
from autograder.checks import expect, no_overflow
from solutions import evaluation as reference

rng = np.random.default_rng()
for k in (2, 3, 5, 10):
    counts = random_counts(k, rng)
    expect(answer_of(precision, counts), reference.precision(counts), what="precision(matrix)")
    expect(answer_of(precision, counts.T), reference.precision(counts.T), what="precision(matrix), called again with another matrix,")
for k in (5, 10):
    counts = random_counts(k, rng, gaps=True)
    with no_overflow("precision warns", "something was divided by 0: what should stand below the line for a class that was never called?"):
        expect(answer_of(precision, counts), reference.precision(counts), what="precision(matrix) where some classes were never called")
    shares = answer_of(precision, counts)
    assert (shares[counts.sum(axis=0) == 0] == 0).all(), "the precision of a class that was never called is 0"
few = np.array([[1, 0, 0], [0, 1, 1], [0, 0, 0]])
expect(answer_of(precision, few), np.array([1.0, 1.0, 0.0]), what="precision of small counts, to the last digit (add no small number),", tolerance=1e-12)
first = np.array([[0, 0, 0], [0, 1, 0], [0, 1, 1]])
expect(answer_of(precision, first), np.array([0, 0.5, 1]), what="precision where the FIRST class is empty")
expect(answer_of(precision, np.zeros((2, 2), dtype=int)), np.zeros(2), what="precision of a matrix of zeros", tolerance=1e-12)
fresh = random_counts(6, rng, gaps=True)
given = fresh.copy()
precision(fresh)
assert np.array_equal(fresh, given), "your precision overwrote the matrix; leave it as it is"
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Recall (2 points)
#
# The other half of the question: of all samples that *are* an 8, which share did the model find?
# A class of which there are no samples has the recall 0, again without a warning.
# Before you write it: a model calls every image an 8. What are the precision and the recall of the 8?

# %% nbgrader={"schema_version": 3, "grade_id": "recall", "solution": true, "grade": false, "locked": false}
from solutions.evaluation import recall

# %% nbgrader={"schema_version": 3, "grade_id": "recall_check", "solution": false, "grade": true, "locked": true, "points": 1}
matrix = np.array([[8, 2, 0], [0, 6, 2], [3, 0, 1]])
shares = answer_of(recall, matrix)
assert shares.shape == (3,), f"one share for each of the 3 classes, the shape is (3,); yours has {shares.shape}"
assert shares.dtype.kind == "f", f"shares are floats; yours have the dtype {shares.dtype}"
assert np.isclose(shares[0], 0.8), f"10 samples are a 0, and 8 of them were found: the recall is 0.8; yours is {shares[0]}"
assert np.isclose(shares[1], 0.75), f"8 samples are a 1, and 6 of them were found: the recall is 0.75; yours is {shares[1]}"
assert np.isclose(shares[2], 0.25), f"4 samples are a 2, and 1 of them was found: the recall is 0.25; yours is {shares[2]}"

# %% nbgrader={"schema_version": 3, "grade_id": "recall_random", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
matrix = np.array([[5, 3], [0, 0]])
recall(matrix)
assert matrix.tolist() == [[5, 3], [0, 0]], "your recall overwrote the matrix; leave it as it is"
# Hidden: random matrices, with classes of which there are no samples.
### BEGIN HIDDEN TESTS
from autograder.checks import expect, no_overflow
from solutions import evaluation as reference

rng = np.random.default_rng()
for k in (2, 3, 5, 10):
    counts = random_counts(k, rng)
    expect(answer_of(recall, counts), reference.recall(counts), what="recall(matrix)")
    expect(answer_of(recall, counts.T), reference.recall(counts.T), what="recall(matrix), called again with another matrix,")
for k in (5, 10):
    counts = random_counts(k, rng, gaps=True)
    with no_overflow("recall warns", "something was divided by 0: what should stand below the line for a class without samples?"):
        expect(answer_of(recall, counts), reference.recall(counts), what="recall(matrix) where some classes have no samples")
    shares = answer_of(recall, counts)
    assert (shares[counts.sum(axis=1) == 0] == 0).all(), "the recall of a class without samples is 0"
few = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 0]])
expect(answer_of(recall, few), np.array([1.0, 1.0, 0.0]), what="recall of small counts, to the last digit (add no small number),", tolerance=1e-12)
first = np.array([[0, 0, 0], [0, 1, 0], [0, 1, 1]])
expect(answer_of(recall, first), np.array([0, 1, 0.5]), what="recall where the FIRST class is empty")
expect(answer_of(recall, np.zeros((2, 2), dtype=int)), np.zeros(2), what="recall of a matrix of zeros", tolerance=1e-12)
fresh = random_counts(6, rng, gaps=True)
given = fresh.copy()
recall(fresh)
assert np.array_equal(fresh, given), "your recall overwrote the matrix; leave it as it is"
### END HIDDEN TESTS

# %% [markdown]
# ## 5. F1 (3 points)
#
# Precision alone is easy to push up (claim an 8 only when certain), recall alone too (claim it always).
# F1 is their *harmonic* mean, which is close to the smaller of the two: cheating on one costs the other.
#
# The trap is a class that has samples and was called, but never rightly: precision and recall are both 0, and the formula
# reads 0 / 0. The result is 0, without a warning, and again no small number may be added.
# Before you write it: put the counts into $2 P R / (P + R)$ and see what cancels.
# For a precision of 1 and a recall of 0.02, what is the arithmetic mean, and what is F1?

# %% nbgrader={"schema_version": 3, "grade_id": "f1", "solution": true, "grade": false, "locked": false}
from solutions.evaluation import f1

# %% nbgrader={"schema_version": 3, "grade_id": "f1_check", "solution": false, "grade": true, "locked": true, "points": 1}
matrix = np.array([[2, 6, 0], [0, 5, 0], [0, 1, 4]])
scores = answer_of(f1, matrix)
assert scores.shape == (3,), f"one score for each of the 3 classes, the shape is (3,); yours has {scores.shape}"
assert scores.dtype.kind == "f", f"scores are floats; yours have the dtype {scores.dtype}"
assert not np.isclose(scores[0], 0.625), "0.625 is the arithmetic mean of the precision 1 and the recall 0.25; F1 is the harmonic one"
assert np.isclose(scores[0], 0.4), f"precision 1 and recall 0.25 give F1 = 0.4; yours is {scores[0]}"
assert np.isclose(scores[1], 10 / 17), f"precision 5/12 and recall 1 give F1 = 0.588; yours is {scores[1]}"
assert np.isclose(scores[2], 8 / 9), f"precision 1 and recall 0.8 give F1 = 0.889; yours is {scores[2]}"

# %% nbgrader={"schema_version": 3, "grade_id": "f1_random", "solution": false, "grade": true, "locked": true, "points": 2} tags=["in-place"]
matrix = np.array([[0, 3], [5, 2]])
f1(matrix)
assert matrix.tolist() == [[0, 3], [5, 2]], "your f1 overwrote the matrix; leave it as it is"
# Hidden: random matrices, with classes that were never called, that have no samples, or that were never called rightly.
### BEGIN HIDDEN TESTS
from autograder.checks import expect, no_overflow
from solutions import evaluation as reference

rng = np.random.default_rng()
for k in (2, 3, 5, 10):
    counts = random_counts(k, rng)
    expect(answer_of(f1, counts), reference.f1(counts), what="f1(matrix)")
    expect(answer_of(f1, counts[::-1, ::-1]), reference.f1(counts)[::-1], what="f1(matrix), called again with another matrix,")
    poor = np.roll(counts, 1, axis=0)
    expect(answer_of(f1, poor), reference.f1(poor), what="f1(matrix) of a poor model")
for k in (5, 10):
    counts = random_counts(k, rng, gaps=True)
    never_right = random_counts(k, rng)
    never_right[1, 1] = 0
    for case in (counts, never_right, counts.T):
        with no_overflow("f1 warns", "something was divided by 0: what if precision and recall are both 0?"):
            expect(answer_of(f1, case), reference.f1(case), what="f1(matrix) where a class was never called, is not there, or was never right")
        assert (answer_of(f1, case)[case.diagonal() == 0] == 0).all(), "the F1 of a class without a right answer is 0"
exact = np.array([[1, 0, 0, 0], [0, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0]])
expect(answer_of(f1, exact), np.array([1.0, 0.5, 0.5, 0.0]), what="f1 of small counts, to the last digit (add no small number),", tolerance=1e-12)
first = np.array([[0, 0, 0], [0, 1, 0], [0, 1, 1]])
expect(answer_of(f1, first), np.array([0, 2 / 3, 2 / 3]), what="f1 where the FIRST class is empty")
expect(answer_of(f1, np.zeros((2, 2), dtype=int)), np.zeros(2), what="f1 of a matrix of zeros", tolerance=1e-12)
fresh = random_counts(6, rng, gaps=True)
given = fresh.copy()
f1(fresh)
assert np.array_equal(fresh, given), "your f1 overwrote the matrix; leave it as it is"
### END HIDDEN TESTS

# %% [markdown]
# ## 6. The worst mistakes (4 points)
#
# Numbers say how often a model fails, images say why. The most telling ones are those that it got wrong *and was sure of*:
# a label that is wrong, a digit that nobody could read, a kind of writing that the training set lacks.
#
# Return the places of these images, so that `images[worst_mistakes(y, p, 9)]` can be shown. An index array consists of
# integers, also when it is empty.
# Mind which numbering you are in: the places among the mistakes are not the places in the test set.
# Before you write it: which of your steps must come first, sorting or throwing out the right answers?

# %% nbgrader={"schema_version": 3, "grade_id": "worst_mistakes", "solution": true, "grade": false, "locked": false}
from solutions.evaluation import worst_mistakes

# %% nbgrader={"schema_version": 3, "grade_id": "worst_mistakes_check", "solution": false, "grade": true, "locked": true, "points": 1}
y = np.array([0, 1, 2, 0, 1, 2])
p = np.array([[0.9, 0.1, 0.0], [0.6, 0.3, 0.1], [0.7, 0.1, 0.2], [0.2, 0.8, 0.0], [0.0, 1.0, 0.0], [0.3, 0.5, 0.2]])
worst = answer_of(worst_mistakes, y, p, 2)
assert worst.ndim == 1, f"places are a row of integers, of one axis; yours has the shape {worst.shape}"
assert worst.dtype.kind in "iu", f"places are integers; yours have the dtype {worst.dtype}"
assert len(worst) == 2, f"two were wanted, and there are four mistakes; yours are {len(worst)}"
assert not {0, 4} & set(worst.tolist()), f"samples 0 and 4 were answered rightly; yours are {worst.tolist()}"
assert worst[0] == 3, f"the most confident mistake is sample 3, called 1 with 0.8; yours is sample {worst[0]}"
assert worst[1] == 2, f"the second is sample 2, called 0 with 0.7; yours is sample {worst[1]}"
worst = answer_of(worst_mistakes, y, p, 10)
assert len(worst) == 4, f"ten were wanted, but there are only four mistakes; yours are {len(worst)}"

# %% nbgrader={"schema_version": 3, "grade_id": "worst_mistakes_random", "solution": false, "grade": true, "locked": true, "points": 2}
# Hidden: random probabilities.
### BEGIN HIDDEN TESTS
from autograder.checks import expect


def wanted_mistakes(y, p, n):
    """By counting instead of sorting: a mistake's rank is the number of mistakes that come before it."""
    mistakes = [i for i in range(len(y)) if list(p[i]).index(max(p[i])) != y[i]]
    rank = {i: sum(max(p[j]) > max(p[i]) or (max(p[j]) == max(p[i]) and j < i) for j in mistakes) for i in mistakes}
    return np.array(sorted(mistakes, key=rank.get)[:n], dtype=int)


rng = np.random.default_rng()
for m, k in ((30, 3), (80, 10), (12, 12)):
    p = rng.dirichlet(np.ones(k), size=m)
    answers = p.argmax(axis=1)
    y = np.where(rng.random(m) < 0.6, (answers + rng.integers(1, k, size=m)) % k, answers)
    sure, unsure = np.argsort(-p.max(axis=1))[[0, 3, -1]], np.argsort(-p.max(axis=1))[[1, 2, 4, -2]]
    y[sure], y[unsure] = answers[sure], (answers[unsure] + 1) % k
    for n in (1, 3, 4, 1000):
        expect(answer_of(worst_mistakes, y, p, n), wanted_mistakes(y, p, n), what=f"worst_mistakes(y, p, {n})", tolerance=0)
    coarse = np.round(p * 1024).astype(np.float32) / 1024
    expect(answer_of(worst_mistakes, y.astype(np.uint8), coarse, 9), wanted_mistakes(y, coarse, 9),
           what="worst_mistakes of uint8 labels and float32 probabilities", tolerance=0)
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "worst_mistakes_edges", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
y, p = np.array([1, 0]), np.array([[0.75, 0.25], [0.5, 0.5]])
worst_mistakes(y, p, 1)
assert y.tolist() == [1, 0] and p.tolist() == [[0.75, 0.25], [0.5, 0.5]], "your worst_mistakes overwrote its arguments; leave them as they are"
worst = answer_of(worst_mistakes, np.array([1, 1, 1]), np.array([[0.75, 0.25], [0.25, 0.75], [0.75, 0.25]]), 2)
assert worst.tolist() == [0, 2], f"samples 0 and 2 are equally confident mistakes, the lower place comes first; yours are {worst.tolist()}"
### BEGIN HIDDEN TESTS
levels = np.array([[0.5, 0.25, 0.25], [0.25, 0.625, 0.125], [0.125, 0.125, 0.75], [0.25, 0.25, 0.5]])
p = levels[rng.integers(0, 4, size=400)]
y = np.where(rng.random(400) < 0.8, (p.argmax(axis=1) + 1) % 3, p.argmax(axis=1))
for n in (5, 150, 400):
    expect(answer_of(worst_mistakes, y, p, n), wanted_mistakes(y, p, n), what="worst_mistakes among equally confident ones (lower place first)",
           tolerance=0)
tied = np.array([[0.4, 0.4, 0.2], [0.4, 0.4, 0.2], [0.1, 0.45, 0.45], [0.3, 0.35, 0.35]])
expect(answer_of(worst_mistakes, np.array([0, 1, 2, 1]), tied, 4), np.array([2, 1]),
       what="worst_mistakes where two classes have the same probability (the answer is the first)", tolerance=0)
for n, y in ((3, p.argmax(axis=1)), (0, (p.argmax(axis=1) + 1) % 3)):
    worst = answer_of(worst_mistakes, y, p, n)
    expect(worst, np.zeros(0, dtype=int), what=f"worst_mistakes(y, p, {n}){' of a model without mistakes' if n else ''}", tolerance=0)
    assert worst.dtype.kind in "iu", f"an index array consists of integers also when it is empty; yours has the dtype {worst.dtype}"
given = y.copy(), p.copy()
worst_mistakes(y, p, 7)
assert np.array_equal(y, given[0]) and np.array_equal(p, given[1]), "your worst_mistakes overwrote its arguments; leave them as they are"
### END HIDDEN TESTS

# %% [markdown]
# ## Done?
#
# Restart the kernel, run all cells, save, and hand in this notebook under its own name.
