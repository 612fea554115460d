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
# # Rebuild
#
# You put the whole network together: `initialise`, `forward`, `backward`, `update`, `training_step`, `train` and
# `predict`.
# At the end it has to do, step by step and weight by weight, what Keras does.
# All of it is worth **30 points** and takes about an hour; you need NumPy and nothing else.
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
# Later functions call earlier ones by name. Where a hidden check looks at a function that calls others, it puts right
# ones in the place of those, so that a mistake costs its points once. The checks that you see here, and the last
# section, run everything as you wrote it.

# %% [markdown]
# The next cell is for the checks; run it, and skip it as you read.

# %% nbgrader={"schema_version": 3, "grade_id": "imports", "solution": false, "grade": false, "locked": true}
import copy
import itertools

import numpy as np

from autograder.checks import answer_of


def result_of(function, *arguments, parts=1):
    """What a function gives for copies of the arguments; parts: how many things it returns. An error explains itself."""
    kept = []

    def call(*copies):
        kept.append(function(*copies))
        return None if kept[0] is None else 0.0

    answer_of(call, *copy.deepcopy(arguments))
    if parts > 1:
        assert isinstance(kept[0], tuple | list) and len(kept[0]) == parts, (
            f"{parts} things must come back (return a, b, ...); yours: {kept[0]!r:.60}")
    return kept[0]


def arrays_of(answer, like, what, names=("W", "b")):
    """Of a list of pairs of arrays: (name, array, its counterpart in `like`) of each, if it has the form of `like`."""
    found = []
    assert isinstance(answer, list | tuple), f"{what}: a list of pairs, one a layer, is wanted; yours: {answer!r:.60}"
    assert len(answer) == len(like), f"{what}: wanted are {len(like)} pairs, one a layer; yours are {len(answer)}"
    for number, (pair, counterparts) in enumerate(zip(answer, like, strict=True), start=1):
        assert isinstance(pair, list | tuple) and len(pair) == 2, (
            f"{what}: layer {number} is a pair ({names[0]}, {names[1]}); yours: {pair!r:.60}")
        for name, array, counterpart in zip(names, pair, counterparts, strict=True):
            name = f"{what}: {name} of layer {number}"
            assert isinstance(array, np.ndarray), f"{name} must be an array; yours: {array!r:.60}"
            assert array.shape == counterpart.shape, f"{name} has the shape {counterpart.shape}; yours: {array.shape}"
            assert array.dtype.kind == "f", f"{name} consists of floats; yours has the dtype {array.dtype}"
            found.append((name, array, counterpart))
    return found


def flat(value):
    """All arrays in lists of lists and tuples of them."""
    if isinstance(value, list | tuple):
        return [array for part in value for array in flat(part)]
    return [value] if isinstance(value, np.ndarray) else []


def leaves_alone(function, *arguments):
    """Assert that a call changes none of its arguments."""
    before = copy.deepcopy(arguments)
    function(*arguments)
    for number, (old, new) in enumerate(zip(before, arguments, strict=True), start=1):
        same = len(flat(old)) == len(flat(new)) and all(map(np.array_equal, flat(old), flat(new)))
        assert same, f"the call changed its argument number {number}; build new arrays and new lists"

# %% [markdown]
# ## The parts
#
# The next cell holds what you have written in the earlier exercises, here as the reference has it: the layer and ReLU
# with their gradients, the loss of logits with its gradient, and one step of Adam.
# Run it, and look up in it what your functions may call.
# `as_keras_holds` and `adam_rate` belong to `adam`: Keras keeps the betas in float32, and so does whoever wants to agree
# with it to more than eight digits.

# %% nbgrader={"schema_version": 3, "grade_id": "parts", "solution": false, "grade": false, "locked": true}
from solutions.network import dense, dense_backward                     # noqa: F401
from solutions.activations import relu, relu_backward, softmax          # noqa: F401
from solutions.losses import cross_entropy_from_logits, cross_entropy_from_logits_backward
from solutions.optimizers import as_keras_holds, adam_rate, adam        # noqa: F401

# %% [markdown]
# ## A worked example: a network is a list
#
# The whole network is one list with a pair `(W, b)` for every layer, and nothing else.
# Whatever has to be done for all layers is therefore a loop over pairs, and whatever there is once for every weight
# (gradients, Adam's two averages) has its place in a list of the same form.
# Here are the two simplest such functions: the one reads a network, the other builds a list like it.

# %% nbgrader={"schema_version": 3, "grade_id": "worked_example", "solution": false, "grade": false, "locked": true}
from solutions.network import count_parameters
from solutions.rebuild import zeros_for

notebooks_model = [(np.ones((784, 100)), np.ones(100)), (np.ones((100, 10)), np.ones(10))]
{"parameters": count_parameters(notebooks_model), "shapes": [(W.shape, b.shape) for W, b in zeros_for(notebooks_model)]}

# %% [markdown]
# ## 1. Weights to start from (3 points)
#
# Three lines are missing.
# `itertools.pairwise((784, 100, 10))` gives (784, 100) and then (100, 10), which is all that the loop needs to know.
# Before you write them: how large is the largest weight that the first layer may get?

# %% nbgrader={"schema_version": 3, "grade_id": "initialise", "solution": true, "grade": false, "locked": false}
from solutions.rebuild import initialise    # blanks: "limit = " "W = " "b = "

# %% nbgrader={"schema_version": 3, "grade_id": "initialise_check", "solution": false, "grade": true, "locked": true, "points": 1}
layers = result_of(initialise, (784, 100, 10), np.random.default_rng(1))
arrays_of(layers, notebooks_model, "initialise((784, 100, 10), rng)")
assert count_parameters(layers) == 79_510, f"the notebook's model has 79,510 parameters; yours has {count_parameters(layers):,}"
for number, (W, b) in enumerate(layers, start=1):
    assert not b.any(), f"all biases start at 0; yours of layer {number} do not"
    assert W.min() < 0 < W.max(), f"weights lie on both sides of 0; yours of layer {number} go from {W.min():.3g} to {W.max():.3g}"
    assert len(np.unique(W)) > W.size / 2, f"layer {number}: every weight is drawn for itself; of yours, many are the same"
largest = abs(layers[0][0]).max()
assert 0.07 < largest < 0.09, f"784 inputs and 100 units: the largest weight is a little above 0.08; yours is {largest:.3g}"

# %% nbgrader={"schema_version": 3, "grade_id": "initialise_random", "solution": false, "grade": true, "locked": true, "points": 2}
# Hidden: other sizes; how the weights are spread between their bounds; that they come from rng.
### BEGIN HIDDEN TESTS
sizes = (300, 200, 200, 20)
layers = result_of(initialise, sizes, np.random.default_rng())
like = [(np.zeros(pair), np.zeros(pair[1])) for pair in itertools.pairwise(sizes)]
for name, array, _ in arrays_of(layers, like, f"initialise({sizes}, rng)"):
    if array.ndim == 1:
        assert not array.any(), f"{name} is not 0 everywhere"
        continue
    n_in, n_out = array.shape
    limit = np.sqrt(6 / (n_in + n_out))
    assert np.abs(array).max() <= limit * (1 + 1e-6), f"{name} has numbers beyond the limit: it depends on inputs + units of its own layer"
    assert np.abs(array).max() >= 0.98 * limit, f"{name} stays far within the limit: it depends on inputs + units of its own layer"
    if array.size > 10_000:
        ranks = (np.arange(array.size) + 0.5) / array.size
        uneven = np.abs((np.sort(array, axis=None) / limit + 1) / 2 - ranks).max()
        assert uneven < 0.03, f"{name}: every number between the bounds must be equally likely (uniform)"
    for axis in (0, 1):
        means = array.mean(axis=axis)
        assert np.abs(means).max() < 7 * limit / np.sqrt(3 * array.shape[axis]), f"{name}: rows or columns are not independent draws"
first, second = layers[0][0].ravel()[:40_000], layers[1][0].ravel()
assert abs(np.corrcoef(first, second)[0, 1]) < 0.1, "two layers got the same random numbers: one generator must serve them all"
tiny = np.concatenate([array.ravel() for array, _ in result_of(initialise, (1,) * 2001, np.random.default_rng())])
assert 1.7 < np.abs(tiny).max() <= 3**0.5 * (1 + 1e-6), "the limit is not quite right: 1 input and 1 unit make it the root of 3"

draws = [result_of(initialise, (8, 6, 4), np.random.default_rng(seed)) for seed in (5, 5, 6)]
flat_draws = [np.concatenate([array.ravel() for array in flat(draw)]) for draw in draws]
assert np.array_equal(flat_draws[0], flat_draws[1]), "two generators with one seed must give the same weights: draw with rng"
assert not np.allclose(flat_draws[0], flat_draws[2]), "another seed must give other weights: draw with rng"
rng = np.random.default_rng()
once, again = (np.concatenate([array.ravel() for array in flat(initialise((8, 6, 4), rng))]) for _ in range(2))
assert not np.allclose(once, again), "a second call with the same generator must give other weights: draw with rng, never with one of your own"
assert [(W.shape, b.shape) for W, b in result_of(initialise, (5, 2), np.random.default_rng())] == [((5, 2), (2,))], \
    "two sizes make one layer"
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Forward (4 points)
#
# From here on you write whole functions.
# `forward` has two things to return: the logits, and the `trace`, for on the way back every layer needs to know what
# came in and what it made of it.
# Before you write it: for the notebook's model and a batch of 32 images, which shapes stand in the trace?

# %% nbgrader={"schema_version": 3, "grade_id": "forward", "solution": true, "grade": false, "locked": false}
from solutions.rebuild import forward

# %% nbgrader={"schema_version": 3, "grade_id": "forward_check", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
layers = [(np.array([[1.0, -1.0], [2.0, 0.0]]), np.array([0.0, 1.0])),
          (np.array([[1.0, 0.0], [3.0, -2.0]]), np.array([-5.0, 0.5]))]
x = np.array([[1.0, 2.0], [-2.0, 0.5]])
z1, z2 = np.array([[5.0, 0.0], [-1.0, 3.0]]), np.array([[0.0, 0.5], [4.0, -5.5]])    # worked out by hand

logits, trace = result_of(forward, layers, x, parts=2)
assert np.shape(logits) == (2, 2), f"two images and two classes: the logits have the shape (2, 2); yours: {np.shape(logits)}"
(_, a1, _), (_, first_z, _), (_, a2, _), (_, second_z, _) = arrays_of(trace, [(x, z1), (x, z2)], "trace", ("the input", "z"))
assert np.allclose(a1, x), "the first layer's input is x itself; your trace has something else there"
assert np.allclose(first_z, z1), f"z of the first layer, before ReLU, is\n{z1}; yours:\n{first_z}"
assert np.allclose(a2, [[5.0, 0.0], [0.0, 3.0]]), f"the second layer receives what ReLU makes of z; yours received\n{a2}"
assert np.allclose(second_z, z2), f"z of the last layer is\n{z2}; yours:\n{second_z}"
assert np.allclose(logits, z2), f"the logits are z of the last layer, with nothing done to them; yours:\n{logits}"
leaves_alone(forward, layers, x)

# %% nbgrader={"schema_version": 3, "grade_id": "forward_random", "solution": false, "grade": true, "locked": true, "points": 3}
# Hidden: one, two, three and four layers, some of them square, and random numbers.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import rebuild as reference

rng = np.random.default_rng()
for sizes in ((5, 3), (6, 7, 4), (9, 9, 9, 9), (7, 9, 8, 9, 6)):
    layers = [(rng.normal(size=pair) / 2, rng.normal(size=pair[1])) for pair in itertools.pairwise(sizes)]
    x = 5 * rng.normal(size=(15, sizes[0]))
    right_logits, right_trace = reference.forward(layers, x)
    logits, trace = result_of(forward, layers, x, parts=2)
    depth = f"a network of {len(layers)} layers, "
    expect(logits, right_logits, what=depth + "logits", tolerance=1e-9)
    for name, array, wanted in arrays_of(trace, right_trace, depth + "trace", ("the input", "z")):
        expect(array, wanted, what=name, tolerance=1e-9)
    expect(result_of(forward, layers, x[:1], parts=2)[0], right_logits[:1], what=depth + "logits of a batch of one", tolerance=1e-9)
    expect(result_of(forward, layers, x, parts=2)[0], right_logits, what=depth + "logits, asked a second time,", tolerance=1e-9)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. Backward (5 points)
#
# The chain rule, from the last layer to the first.
# `d` arrives as the gradient at the logits; `dense_backward` turns the gradient at a layer's z into those of its W, its
# b and its input; and between two layers the gradient passes ReLU, which looks at z.
# Two things to mind: the last layer has no ReLU, and the answer is in the order of the layers, the first one first.
# Before you write it: for which z of the trace do you never ask?

# %% nbgrader={"schema_version": 3, "grade_id": "backward", "solution": true, "grade": false, "locked": false}
from solutions.rebuild import backward

# %% nbgrader={"schema_version": 3, "grade_id": "backward_check", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
layers = [(np.array([[1.0, -1.0], [2.0, 0.0]]), np.array([0.0, 1.0])),
          (np.array([[1.0, 0.0], [3.0, -2.0]]), np.array([-5.0, 0.5]))]
trace = [(np.array([[1.0, 2.0], [-2.0, 0.5]]), np.array([[5.0, 0.0], [-1.0, 3.0]])),
         (np.array([[5.0, 0.0], [0.0, 3.0]]), np.array([[0.0, 0.5], [4.0, -5.5]]))]    # of the check above
d = np.array([[1.0, -1.0], [0.0, 2.0]])

gradients = result_of(backward, layers, trace, d)
(_, dW1, _), (_, db1, _), (_, dW2, _), (_, db2, _) = arrays_of(gradients, layers, "gradients", ("dW", "db"))
assert np.allclose(dW2, [[5.0, -5.0], [0.0, 6.0]]), (
    f"dW of the last layer: no ReLU stands behind it, so its d is the one given, and its input is in the trace; yours:\n{dW2}")
assert np.allclose(db2, [1.0, 1.0]), f"db of the last layer is the sum of d over the batch; yours: {db2}"
assert np.allclose(db1, [1.0, -4.0]), (
    f"db of the first layer: what the last layer hands back is [[1, 5], [0, -4]], and ReLU lets it pass where the first "
    f"layer's z is above 0; yours: {db1}")
assert np.allclose(dW1, [[1.0, 8.0], [2.0, -2.0]]), f"dW of the first layer belongs to that d and to the input x; yours:\n{dW1}"
leaves_alone(backward, layers, trace, d)

# %% nbgrader={"schema_version": 3, "grade_id": "backward_random", "solution": false, "grade": true, "locked": true, "points": 4}
# Hidden: one to four layers, square ones too, z that are exactly 0; the trace given is always a right one.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import rebuild as reference

rng = np.random.default_rng()
for sizes in ((5, 3), (6, 7, 4), (9, 9, 9, 9), (7, 9, 8, 9, 6)):
    layers = [(rng.normal(size=pair) / 2, rng.normal(size=pair[1])) for pair in itertools.pairwise(sizes)]
    for W, b in layers[:-1]:
        W[:, 0], b[0] = 0.0, 0.0
    x = 5 * rng.normal(size=(15, sizes[0]))
    _, trace = reference.forward(layers, x)
    d = rng.normal(size=(15, sizes[-1]))
    right = reference.backward(layers, trace, d)
    gradients = result_of(backward, layers, trace, d)
    for name, array, wanted in arrays_of(gradients, right, f"a network of {len(layers)} layers, gradients", ("dW", "db")):
        expect(array, wanted, what=name, tolerance=1e-9)
    for name, array, wanted in arrays_of(result_of(backward, layers, trace, d), right, "asked a second time", ("dW", "db")):
        expect(array, wanted, what=name, tolerance=1e-9)
### END HIDDEN TESTS

# %% [markdown]
# Nobody has to believe a gradient.
# Move one weight a little up and a little down, and the loss tells the slope by itself.
# The second of the next two cells is no check; it asks the loss about three weights and puts your gradient beside it.
# The first holds made-up images to try things on: 8 x 8 pixels, noise with a bright row, a bright column, or both.
# Keras has trained on these bars, with the same weights to start from and the same batches, and `losses_of_keras` holds
# what it reported; section 6 needs that.

# %% nbgrader={"schema_version": 3, "grade_id": "bars", "solution": false, "grade": false, "locked": true}
from solutions.lockstep import bars, bars_task, losses_of_keras

# %%
layers, x, y, _ = bars_task()
logits, trace = forward(layers, x)
gradients = backward(layers, trace, cross_entropy_from_logits_backward(y, logits))
slopes = {}
for number, row, column in ((0, 20, 3), (0, 33, 12), (1, 5, 2)):
    losses = []
    for move in (1e-5, -1e-5):
        moved = copy.deepcopy(layers)
        moved[number][0][row, column] += move
        losses.append(cross_entropy_from_logits(y, forward(moved, x)[0]))
    slopes[f"layer {number + 1}, W[{row}, {column}]"] = {"the loss says": round((losses[0] - losses[1]) / 2e-5, 8),
                                                    "you say": round(float(gradients[number][0][row, column]), 8)}
dict(slopes)

# %% [markdown]
# ## 4. Update (4 points)
#
# Every weight and every bias takes one step of `adam`, each with its own gradient and its own two averages.
# `adam` works on arrays of any one shape and returns the new array, the new m and the new v of it.
# Before you write it: how many calls of `adam` does the notebook's model need for one step?

# %% nbgrader={"schema_version": 3, "grade_id": "update", "solution": true, "grade": false, "locked": false}
from solutions.rebuild import update

# %% nbgrader={"schema_version": 3, "grade_id": "update_check", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
layers = [(np.array([[1.0, -2.0]]), np.array([0.5, 3.0])), (np.array([[4.0], [-1.0]]), np.array([0.0]))]
gradients = [(np.array([[4.0, -3.0]]), np.array([2.0, -8.0])), (np.array([[-1.0], [5.0]]), np.array([-2.0]))]
m, v = ([(np.zeros_like(W), np.zeros_like(b)) for W, b in layers] for _ in range(2))

new_layers, new_m, new_v = result_of(update, layers, gradients, m, v, 1, parts=3)
for name, array, old in arrays_of(new_layers, layers, "the new layers"):
    assert not np.allclose(array, old, rtol=0, atol=1e-6), f"{name} has not moved"
for (name, array, grad), old in zip(arrays_of(new_layers, gradients, "the new layers"), flat(layers), strict=True):
    assert np.allclose(array, old - 0.001 * np.sign(grad), rtol=0, atol=1e-6), (
        f"{name}: the first step of Adam is 0.001 against the sign of the gradient, whatever its size; yours went from {old} to {array}")
for name, array, grad in arrays_of(new_m, gradients, "the new m"):
    assert np.allclose(array, grad / 10), f"{name}: after the first step it is a tenth of the gradient; yours: {array}"
for name, array, grad in arrays_of(new_v, gradients, "the new v"):
    assert np.allclose(array, grad**2 / 1000), f"{name}: after the first step it is a thousandth of the squared gradient; yours: {array}"
leaves_alone(update, layers, gradients, m, v, 1)

# %% nbgrader={"schema_version": 3, "grade_id": "update_random", "solution": false, "grade": true, "locked": true, "points": 3}
# Hidden: several steps of several networks, with averages that are not 0.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import rebuild as reference

rng = np.random.default_rng()
for sizes in ((5, 3), (3, 3, 3, 3), (6, 7, 4)):
    layers, gradients, m = ([(rng.normal(size=pair), rng.normal(size=pair[1])) for pair in itertools.pairwise(sizes)] for _ in range(3))
    v = [(rng.uniform(0.5, 2.0, size=pair), rng.uniform(0.5, 2.0, size=pair[1])) for pair in itertools.pairwise(sizes)]
    for t, size in ((1, 1.0), (2, 1e-3), (3, 30.0), (7, 1e-6), (500, 1.0)):
        if size == 1e-6:
            m, v = reference.zeros_for(layers), reference.zeros_for(layers)
        grads = [(size * dW, size * db) for dW, db in gradients]
        right = reference.update(layers, grads, m, v, t)
        answer = result_of(update, layers, grads, m, v, t, parts=3)
        for kind, new, wanted in zip(("layers", "m", "v"), answer, right, strict=True):
            for name, array, counterpart in arrays_of(new, wanted, f"step t = {t}, the new {kind}"):
                scale = np.abs(counterpart).max()
                expect(array / scale, counterpart / scale, what=name, tolerance=1e-10)
        layers, m, v = right
### END HIDDEN TESTS

# %% [markdown]
# ## 5. One step of training (4 points)
#
# Now the parts call each other: one batch goes forward, its loss is taken, the gradient comes back, every weight moves.
# Use your `forward`, `backward` and `update`, and the two functions of the loss.
# Before you write it: a network of zeros says nothing about three classes; what is its loss?

# %% nbgrader={"schema_version": 3, "grade_id": "training_step", "solution": true, "grade": false, "locked": false}
from solutions.rebuild import training_step

# %% nbgrader={"schema_version": 3, "grade_id": "training_step_check", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
layers = [(np.zeros((2, 4)), np.zeros(4)), (np.zeros((4, 3)), np.zeros(3))]
m, v = ([(np.zeros_like(W), np.zeros_like(b)) for W, b in layers] for _ in range(2))
x, y = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, 1.0], [2.0, 2.0]]), np.array([0, 0, 1, 0])

new_layers, new_m, new_v, loss = result_of(training_step, layers, m, v, 1, x, y, parts=4)
assert np.ndim(loss) == 0, f"the loss is one number, a mean over the batch; yours: {loss!r:.60}"
assert np.isclose(loss, np.log(3)), f"all three classes are equally likely, so the loss before the step is log 3; yours is {float(loss):.6f}"
arrays_of(new_m, layers, "the new m"), arrays_of(new_v, layers, "the new v")
for name, array, old in arrays_of(new_layers, layers, "the new layers")[:-1]:
    assert np.allclose(array, old), f"{name}: with zeros in both layers only the last b has a gradient; this training_step moved it"
assert np.allclose(new_layers[-1][1], [0.001, -0.001, -0.001], atol=1e-5), (
    f"most of the four labels are 0: the first step raises the bias of class 0 and lowers the others; yours: {new_layers[-1][1]}")
assert np.allclose(new_m[-1][1], np.array([-5.0, 1.0, 4.0]) / 120), (
    f"m of the last b is a tenth of its gradient, which is [-5, 1, 4] / 12; yours: {new_m[-1][1]}")
leaves_alone(training_step, layers, m, v, 1, x, y)

# %% nbgrader={"schema_version": 3, "grade_id": "training_step_random", "solution": false, "grade": true, "locked": true, "points": 3}
# Hidden: random networks and batches, several steps; forward, backward and update are right ones here.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import rebuild as reference

rng = np.random.default_rng()
yours = forward, backward, update
forward, backward, update = reference.forward, reference.backward, reference.update
try:
    for sizes in ((5, 3), (6, 9, 4), (8, 8, 8, 8)):
        layers = [(rng.normal(size=pair), rng.normal(size=pair[1])) for pair in itertools.pairwise(sizes)]
        m, v = reference.zeros_for(layers), reference.zeros_for(layers)
        for t, n in enumerate((12, 7, 1, 9), start=1):
            x, y = rng.normal(size=(n, sizes[0])), rng.integers(0, sizes[-1], size=n)
            *right, right_loss = reference.training_step(layers, m, v, t, x, y)
            *answer, loss = result_of(training_step, layers, m, v, t, x, y, parts=4)
            expect(loss, right_loss, what=f"step t = {t}, {n} samples: the loss", tolerance=1e-9)
            for kind, new, wanted in zip(("layers", "m", "v"), answer, right, strict=True):
                for name, array, counterpart in arrays_of(new, wanted, f"step t = {t}, {n} samples: the new {kind}"):
                    scale = np.abs(counterpart).max()
                    expect(array / scale, counterpart / scale, what=name, tolerance=1e-9)
            layers, m, v = right
finally:
    forward, backward, update = yours
### END HIDDEN TESTS

# %% [markdown]
# ## 6. Train (4 points)
#
# Which rows make up which batch is not for `train` to decide: it is told, by lists of row numbers, and takes them as
# they come.
# That is what makes two programs comparable.
# Before you write it: which of t, m and v start anew when an epoch begins?
#
# The check below trains on the bars from above, and compares the loss of each of 14 steps with what Keras reported.
# Real digits are too many to travel with this notebook; the hidden checks of the last section have them.

# %% nbgrader={"schema_version": 3, "grade_id": "train", "solution": true, "grade": false, "locked": false}
from solutions.rebuild import train

# %% nbgrader={"schema_version": 3, "grade_id": "train_check", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
layers, x, y, epochs = bars_task()
new_layers, losses = result_of(train, layers, x, y, epochs, parts=2)
arrays_of(new_layers, layers, "the trained layers")
assert isinstance(losses, list | tuple | np.ndarray), f"the losses are a list of numbers, one a step; yours: {losses!r:.60}"
assert np.shape(losses) == (14,), f"two epochs of seven batches are 14 steps, and each has one loss; yours have the shape {np.shape(losses)}"
near = np.isclose(losses, losses_of_keras(), rtol=0, atol=1e-8)
wrong = 1 + np.argmin(near)
hints = {1: "nothing has been trained yet: are the rows and labels of the first batch right, and forward and the loss?",
         2: "one step has been taken: are backward and update right, and do the new layers take the place of the old ones?",
         3: "two steps have been taken: do t, m and v go on from step to step?",
         7: "this is the short batch at the end of the epoch: has it all its rows?",
         8: "the first epoch is over: was its last, short batch trained on?",
         9: "the second epoch has begun: t, m and v go on where the first one left them"}
assert near.all(), (f"Keras' loss of step {wrong} is {losses_of_keras()[wrong - 1]:.8f}, yours is {losses[wrong - 1]:.8f}; "
                    + hints.get(wrong, "the steps before agree: what changes from step to step?"))
leaves_alone(train, layers, x, y, epochs[:1])

# %% nbgrader={"schema_version": 3, "grade_id": "train_random", "solution": false, "grade": true, "locked": true, "points": 3}
# Hidden: random networks, labels and batches of any size, and float32; training_step is a right one here.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import rebuild as reference

rng = np.random.default_rng()
yours = forward, backward, update, training_step
forward, backward, update = reference.forward, reference.backward, reference.update
training_step = reference.training_step
try:
    for sizes, lengths in (((5, 4), (6, 6, 5)), ((6, 8, 3), (10, 4, 9)), ((4, 7, 5, 3), (1, 12, 2))):
        layers = [(rng.normal(size=pair), rng.normal(size=pair[1])) for pair in itertools.pairwise(sizes)]
        x, y = rng.normal(size=(20, sizes[0])), rng.integers(0, sizes[-1], size=20)
        epochs = [np.split(order, np.cumsum(lengths)[:-1]) for order in (rng.permutation(20)[:sum(lengths)] for _ in range(3))]
        right, right_losses = reference.train(layers, x, y, epochs)
        new, losses = result_of(train, layers, x, y, epochs, parts=2)
        assert isinstance(losses, list | tuple | np.ndarray), f"the losses are a list of numbers, one a step; yours: {losses!r:.60}"
        expect(np.asarray(losses), np.array(right_losses), what="the losses of three epochs of three batches", tolerance=1e-9)
        for name, array, wanted in arrays_of(new, right, "layers after three epochs of three batches"):
            expect(array, wanted, what=name, tolerance=1e-9)
        new, losses = result_of(train, layers, x, y, epochs, parts=2)
        expect(np.asarray(losses), np.array(right_losses), what="the losses, asked a second time,", tolerance=1e-9)
    singles = [(W.astype(np.float32), b.astype(np.float32)) for W, b in layers]
    new, _ = result_of(train, singles, x.astype(np.float32), y, epochs, parts=2)
    for name, array, wanted in arrays_of(new, right, "float32 layers"):
        assert array.dtype == np.float32, f"{name} is {array.dtype}, but the layers came as float32: are m and v of the dtype of layers?"
        expect(array, wanted, what=name, tolerance=1e-3)
    one, losses = result_of(train, layers, x, y, [[np.arange(20)]], parts=2)
    expect(np.asarray(losses), np.array(reference.train(layers, x, y, [[np.arange(20)]])[1]), what="the loss of a single batch", tolerance=1e-9)
finally:
    forward, backward, update, training_step = yours
### END HIDDEN TESTS

# %% [markdown]
# ## 7. Predict (2 points)
#
# The network is trained; which class does it see?
# Before you write it: why is no softmax needed for that?

# %% nbgrader={"schema_version": 3, "grade_id": "predict", "solution": true, "grade": false, "locked": false}
from solutions.rebuild import predict

# %% nbgrader={"schema_version": 3, "grade_id": "predict_check", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
layers = [(np.eye(3), np.zeros(3))]    # the logits are the images themselves
x = np.array([[0.25, 0.5, 0.125], [-3.0, -2.0, -1.0], [4.0, 4.0, 1.0], [0.0, 2.0, 3.0]])
classes = answer_of(predict, layers, x)
assert classes.shape == (4,), f"four images have four classes, the shape is (4,); yours: {classes.shape}"
assert classes.dtype.kind in "iu", f"classes are integers; yours have the dtype {classes.dtype}"
assert classes[0] == 1, f"the logits {x[0]} are largest at place 1; yours says {classes[0]}"
assert classes[1] == 2, f"of negative logits, too, the largest counts: {x[1]} is largest at place 2; yours says {classes[1]}"
assert classes[2] == 0, f"of equal logits the first counts: {x[2]} is class 0; yours says {classes[2]}"
assert classes[3] == 2, f"the logits {x[3]} are largest at place 2; yours says {classes[3]}"
leaves_alone(predict, layers, x)

# %% nbgrader={"schema_version": 3, "grade_id": "predict_random", "solution": false, "grade": true, "locked": true, "points": 1}
# Hidden: random networks, square batches, very large logits; forward is a right one here.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import rebuild as reference

rng = np.random.default_rng()
yours = forward
forward = reference.forward
try:
    for sizes, size in (((6, 9, 5), 1.0), ((8, 8, 8), 1.0), ((7, 30, 10), 200.0), ((6, 5), 1e6)):
        layers = [(rng.normal(size=pair), rng.normal(size=pair[1])) for pair in itertools.pairwise(sizes)]
        layers[-1] = (size * layers[-1][0], size * layers[-1][1])
        for n in (sizes[-1], 40, 1):
            x = rng.normal(size=(n, sizes[0]))
            expect(answer_of(predict, layers, x), reference.predict(layers, x), what=f"classes of {n} images, logits of the size {size:g}", tolerance=0)
    layers[-1] = (layers[-1][0], layers[-1][1] - 1e9)
    expect(answer_of(predict, layers, x), reference.predict(layers, x), what="the class, all logits negative,", tolerance=0)
    layers = [(np.eye(3), np.zeros(3))]
    close = 3.0 + 1e-9 * np.array([[0.0, 1.0, 2.0], [1.0, 2.0, 0.0]])
    expect(answer_of(predict, layers, close), np.array([2, 1]), what="the class of logits that are almost equal", tolerance=0)
    layers = [(np.zeros((3, 4)), np.array([1.0, 2.0, 2.0, 2.0]))]
    expect(answer_of(predict, layers, rng.normal(size=(5, 3))), np.full(5, 1), what="the class of equal logits", tolerance=0)
finally:
    forward = yours
### END HIDDEN TESTS

# %% [markdown]
# Does it work?
# The next cell is no check: it trains a fresh network on 600 images with bars and asks about 300 others.
# Try it without the hidden layer, `sizes = (64, 3)`: a bright row may lie anywhere, and a single layer cannot say so.

# %%
rng = np.random.default_rng(1)
x, y = bars(600, rng)
x_test, y_test = bars(300, rng)
sizes = (64, 64, 3)
epochs = [[order[first:first + 10] for first in range(0, 600, 10)] for order in (rng.permutation(600) for _ in range(10))]
layers, losses = train(initialise(sizes, rng), x, y, epochs)
f"{sizes}: right for {np.mean(predict(layers, x_test) == y_test):.0%} of the images that it was not trained on"

# %% [markdown]
# ## 8. In lockstep with Keras (4 points)
#
# The real thing: the notebook's network, 79,510 parameters, on digits of MNIST.
# The checks of this section are hidden, because the digits are not in this notebook.
# They hand your `train` the weights that Keras started from and the batches that it took, and compare all weights after
# 1, 2, 10 and 22 steps, the loss of every step, and the answers of `predict`.
# Nothing is replaced here: forward, backward, update, step and loop are yours.
# What passed so far, on random networks, will pass here too.

# %% nbgrader={"schema_version": 3, "grade_id": "lockstep_start", "solution": false, "grade": true, "locked": true, "points": 2}
# Hidden: every weight after 1, 2 and 10 steps. train, training_step, update, backward and forward are yours.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import lockstep

layers, x, y, epochs = lockstep.digits_task()
for steps in (1, 2, 10):
    new, _ = result_of(train, layers, x, y, [epochs[0][:steps]], parts=2)
    right, _ = lockstep.digits_answer(steps)
    for name, array, wanted in arrays_of(new, right, f"real digits, after {steps} steps"):
        expect(array, wanted, what=name, tolerance=1e-10)
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "lockstep_end", "solution": false, "grade": true, "locked": true, "points": 2}
# Hidden: two epochs, with a short last batch each; losses, weights and predictions. Everything is yours.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import lockstep
from solutions import rebuild as reference

layers, x, y, epochs = lockstep.digits_task()
new, losses = result_of(train, layers, x, y, epochs, parts=2)
right, right_losses = lockstep.digits_answer()
expect(np.asarray(losses), np.array(right_losses), what="real digits, the losses of 22 steps", tolerance=1e-10)
for name, array, wanted in arrays_of(new, right, "real digits, after 22 steps"):
    expect(array, wanted, what=name, tolerance=1e-10)
expect(answer_of(predict, new, x), reference.predict(right, x), what="real digits, the predicted classes", tolerance=0)
### END HIDDEN TESTS

# %% [markdown]
# ## Done?
#
# Restart the kernel, run all cells, save, and hand in this notebook under its own name.
