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
# # The first exercise
#
# Ten minutes, **4 points**: you write two functions of one line each. What you really learn is how every exercise of this
# course works: write, check, restart, hand in.
#
# 1. **Write.** Below `def` stands what the function has to do. Put your code in place of `raise NotImplementedError()`,
#    indented as that line is, and run the cell (Shift and Enter).
# 2. **Check.** Run the check below it. If all is well it stays silent. Otherwise the last line of its output says what was
#    wanted, what came and what to do; run it as often as you like.
# 3. **Restart.** Choose *Kernel, Restart and run all*. A notebook remembers what you ran an hour ago, even if that cell is
#    gone; after a restart it knows only what is written in it, and so does the person or program that grades it.
# 4. **Hand in.** Save the notebook and submit it under the name it came with.

# %% [markdown]
# The next cell is for the checks; run it, and skip it as you read.

# %% nbgrader={"schema_version": 3, "grade_id": "imports", "solution": false, "grade": false, "locked": true}
import numpy as np

from autograder.checks import answer_of

# %% [markdown]
# ## 1. Add two arrays (2 points)
#
# Two arrays of one shape are added element by element: the first to the first, the second to the second, and so on.
# NumPy arrays do that by themselves, lists do not: try `[1, 2] + [10, 20]` and `np.array([1, 2]) + np.array([10, 20])` in a
# cell of your own.
# Before you write it: what is the sum of `[1, 2, 3]` and `[10, 20, 30]`?

# %% nbgrader={"schema_version": 3, "grade_id": "add", "solution": true, "grade": false, "locked": false}
def add(a, b):
    """The sum of two arrays, element by element.

    a, b: numbers, both of one shape -> a new array of that shape; a and b stay as they are.
    """
    ### BEGIN SOLUTION
    return a + b
    ### END SOLUTION

# %% [markdown]
# This check is visible: read what it compares, then run it.

# %% nbgrader={"schema_version": 3, "grade_id": "add_check", "solution": false, "grade": true, "locked": true, "points": 1}
total = answer_of(add, np.array([1, 2, 3]), np.array([10, 20, 30]))
assert total.shape == (3,), f"three numbers and three numbers have three sums, shape (3,); yours has the shape {total.shape}"
assert total.tolist() == [11, 22, 33], f"[1, 2, 3] and [10, 20, 30] add up to [11, 22, 33]; yours is {total.tolist()}"

# %% [markdown]
# The next check is hidden: here it does nothing, and when you are graded it compares other arrays, drawn anew each time.
# Nobody can pass it by repeating the numbers of the visible check; a function that does what its text says passes.

# %% nbgrader={"schema_version": 3, "grade_id": "add_random", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
# Hidden: random arrays of other shapes.
### BEGIN HIDDEN TESTS
from autograder.checks import expect

rng = np.random.default_rng()
for shape in ((4,), (2, 3), (3, 3), (1,), (2, 2, 2)):
    a, b = rng.uniform(2, 9, size=shape), -rng.uniform(10, 20, size=shape)
    wanted = np.array([float(p) + float(q) for p, q in zip(a.ravel(), b.ravel(), strict=True)]).reshape(shape)
    expect(answer_of(add, a, b), wanted, what=f"the sum of two arrays of the shape {shape}", tolerance=1e-12)
    expect(answer_of(add, a, b), wanted, what="the sum, asked for a second time,", tolerance=1e-12)
    first, second = a.copy(), b.copy()
    add(first, second)
    assert np.array_equal(first, a), "your add overwrote its argument a: build a new array"
    assert np.array_equal(second, b), "your add overwrote its argument b: build a new array"
expect(answer_of(add, np.array([1, 2]), np.array([0.5, 0.25])), np.array([1.5, 2.25]), what="the sum of [1, 2] and [0.5, 0.25]")
expect(answer_of(add, np.array([5, -3]), np.array([-7, 3])), np.array([-2, 0]), what="the sum of [5, -3] and [-7, 3]")
### END HIDDEN TESTS

# %% [markdown]
# ## 2. The digit that is answered (2 points)
#
# A network answers an image with ten numbers, one for each digit, and its answer is the digit with the largest of them. For
# several images at once the numbers stand in rows: an array of the shape (n, 10) becomes n digits. No loop is needed, for
# `np.argmax` finds the place of the largest number; tell it by `axis` along what to look.
# Before you write it: what is the answer to an image with the ten numbers 0, 0, 0.2, 0.9, 0, 0.7, 0, 0, 0, 0?

# %% nbgrader={"schema_version": 3, "grade_id": "classify", "solution": true, "grade": false, "locked": false}
def classify(outputs):
    """The place of the largest number in each row, which is the digit that a network answers.

    outputs: (n, classes), a row for each image -> integers (n,), 0 to classes - 1; the first place where several are largest.
    """
    ### BEGIN SOLUTION
    return np.argmax(outputs, axis=1)
    ### END SOLUTION

# %% nbgrader={"schema_version": 3, "grade_id": "classify_check", "solution": false, "grade": true, "locked": true, "points": 1}
outputs = np.array([[0, 0, 0.2, 0.9, 0, 0.7, 0, 0, 0, 0], [0.8, 0.1, 0, 0, 0, 0, 0, 0, 0, 0.3], [0, 0, 0, 0, 0, 0, 0, 0, 0.4, 0.6]])
digits = answer_of(classify, outputs)
assert digits.shape == (3,), f"three images have three answers, shape (3,); yours has the shape {digits.shape}: one answer a row, axis=1"
assert digits.dtype.kind in "iu", f"digits are whole numbers; yours have the dtype {digits.dtype}"
assert digits.tolist() == [3, 0, 9], f"the largest numbers stand at the places 3, 0 and 9 of their rows; yours are {digits.tolist()}"

# %% nbgrader={"schema_version": 3, "grade_id": "classify_random", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
# Hidden: random outputs, other numbers of images and classes.
### BEGIN HIDDEN TESTS
from autograder.checks import expect

rng = np.random.default_rng()
for n, classes in ((6, 10), (1, 10), (10, 10), (4, 3), (25, 2), (5, 12)):
    wanted = rng.integers(0, classes, size=n)
    for offset in (0, -7, 40):
        outputs = offset + rng.uniform(0, 3, size=(n, classes))
        outputs[np.arange(n), wanted] = offset + 4 + rng.uniform(0, 1, size=n)
        given = outputs.copy()
        digits = answer_of(classify, outputs)
        expect(digits, wanted, what=f"the answers to outputs of the shape {outputs.shape}", tolerance=0)
        assert digits.dtype.kind in "iu", f"digits are whole numbers; yours have the dtype {digits.dtype}"
        classify(outputs)
        assert np.array_equal(outputs, given), "your classify overwrote its argument: leave outputs as they are"
ties = np.array([[0.5, 0.9, 0.9, 0.1], [1.0, 0.0, 1.0, 1.0]])
expect(answer_of(classify, ties), np.array([1, 0]), what="the answers where several numbers are largest (the first counts)", tolerance=0)
### END HIDDEN TESTS

# %% [markdown]
# ## Done
#
# All checks silent? Choose *Kernel, Restart and run all*, save, and hand the notebook in.
