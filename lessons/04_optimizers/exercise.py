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
# # Optimizers
#
# You write four rules by which a network learns, each as a single step: `momentum`, `nesterov`, `rmsprop` and `adam`,
# and `adam_rate`, which is a part of the last.
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
# **Which variant?** Books and libraries give these names to formulas that differ a little: where the rate stands, where
# epsilon stands. Here *Keras'* variants are asked for, exactly as the text below each `def` writes them down.
# The formula that you know from elsewhere may be a good rule and still lose the points, because its numbers differ.

# %% [markdown]
# The next cell is for the checks; run it, and skip it as you read.

# %% nbgrader={"schema_version": 3, "grade_id": "imports", "solution": false, "grade": false, "locked": true}
import numpy as np

from autograder.checks import answer_of


from solutions.optimizers import as_keras_holds    # noqa: F401  (momentum calls it where this is a notebook)


def walk(step, w, gradients, *state, counts_steps=False, **settings):
    """What `step` returns for one gradient after the other; w and the state go from each step into the next."""
    answers = []
    for t, grad in enumerate(gradients, start=1):
        clock = {"t": t} if counts_steps else {}
        w, *state = answer_of(step, w, grad, *state, parts=1 + len(state), **clock, **settings)
        for array in (w, *state):
            assert array.shape == grad.shape, f"every array that comes back has the shape of w, {grad.shape}; one has {array.shape}"
            assert array.dtype == grad.dtype, f"what comes in as {grad.dtype} goes out as {grad.dtype}; one array has the dtype {array.dtype}"
        answers.append((w, *state))
    return answers


def random_gradients(rng, shape, steps=4):
    """Gradients of both signs, a different one for each step; one number is 0 once, one is tiny once, one is always 0."""
    gradients = rng.uniform(0.5, 2.0, size=(steps, *shape)) * rng.choice([-1.0, 1.0], size=(steps, *shape))
    flat = gradients.reshape(steps, -1)
    flat[0, :2] = np.abs(flat[0, :2]) * [-1.0, 1.0]
    flat[1, 0], flat[2, 1], flat[:, -1] = 0.0, 1e-6, 0.0
    return gradients


# %% [markdown]
# ## How a step is written: an example
#
# Plain gradient descent needs the parameters `w`, their gradient, and a rate.
# Here it is, complete; run the cell.

# %% nbgrader={"schema_version": 3, "grade_id": "sgd", "solution": false, "grade": false, "locked": true}
from solutions.optimizers import sgd

# %% nbgrader={"schema_version": 3, "grade_id": "sgd_example", "solution": false, "grade": false, "locked": true}
path = [np.array([4.0, -1.0])]
for _ in range(3):
    grad = 2 * path[-1]                       # the gradient of the sum of w * w
    path.append(sgd(path[-1], grad, lr=0.25))
np.array(path)                                # one row a step

# %% [markdown]
# Three things hold for it and for all that you write:
#
# - **One step.** The function takes no loop over steps; whoever calls it does.
# - **State in, state out.** The other rules remember something, `m` or `v`. It comes in as an argument and goes out,
#   renewed, behind the new `w`, in the order that the text says. The caller hands it to the next step.
#   So the function itself remembers nothing: a network calls it for many arrays in turn, each with its own state.
# - **New arrays.** Arrays of floats come in, all of one shape, of one axis or two; arrays of that shape and precision go out.
#   None that came in is changed.
#
# Every number of `w` has its own gradient and its own state, and no number looks at its neighbours.

# %% [markdown]
# ## 1. Momentum (4 points)
#
# A heavy ball does not follow the slope, it is accelerated by it: the step `m` is a part `mu` of the step before, plus
# a step of gradient descent.
# In Keras `m` *is* the step, with the rate and the minus sign inside, and it is added to `w`.
# Two statements are left to you, each in the place of a `raise`.
# The line that is already there rounds `mu` as Keras does, so that a NumPy run can follow a Keras run to the last digit.
# It is not a part of the idea, it moves `w` far less than the checks can see, and you need nothing like it further down.
#
# Before you write it: `m` is 0 at the start. What is the first step, and how long is the second, if the gradient is the
# same and `mu` is 0.5?

# %% nbgrader={"schema_version": 3, "grade_id": "momentum", "solution": true, "grade": false, "locked": false}
from solutions.optimizers import momentum    # blanks: "lr * grad" "return"

# %% nbgrader={"schema_version": 3, "grade_id": "momentum_check", "solution": false, "grade": true, "locked": true, "points": 1}
w, grad = np.array([1.0, 2.0]), np.array([2.0, -4.0])
(w1, m1), (w2, m2) = walk(momentum, w, [grad, grad], np.zeros(2), lr=0.5, mu=0.5)
assert np.allclose(w1, [0.0, 4.0]), f"from m = 0 the first step is that of sgd, which leads to w = [0, 4]; yours leads to {w1}"
assert np.allclose(m1, [-1.0, 2.0]), f"m is the step itself, rate and minus sign inside, so m = [-1, 2] after the first step; yours is {m1}"
assert np.allclose(m2, [-1.5, 3.0]), f"the second step is half of the first plus a step of sgd, m = [-1.5, 3]; yours is {m2}"
assert np.allclose(w2, [-1.5, 7.0]), f"the second step leads to w = [-1.5, 7]; yours leads to {w2}"

# %% nbgrader={"schema_version": 3, "grade_id": "momentum_random", "solution": false, "grade": true, "locked": true, "points": 2}
# Hidden: four steps with random gradients, rates and mu, from a random w and m; then the defaults.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import optimizers as reference

rng = np.random.default_rng()
for shape in ((6,), (3, 4)):
    w, m = rng.normal(size=shape), rng.normal(size=shape)
    gradients = random_gradients(rng, shape)
    for start in (m, np.zeros(shape)):
        for settings in ({"lr": rng.integers(2, 8) / 16, "mu": rng.integers(9, 14) / 16}, {"lr": 1.5, "mu": 0.25}, {}):
            right = walk(reference.momentum, w, gradients, start, **settings)
            for t, (answer, expected) in enumerate(zip(walk(momentum, w, gradients, start, **settings), right, strict=True), 1):
                for name, a, b in zip(("w", "m"), answer, expected, strict=True):
                    expect(a, b, what=f"the new {name} of step {t}", tolerance=1e-9 if settings else 1e-5)
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "momentum_calls", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
w, grad, m = np.array([1.0, 2.0]), np.array([2.0, -4.0]), np.array([0.5, 0.25])
momentum(w, grad, m)
assert w.tolist() == [1.0, 2.0], "your momentum overwrote its argument w; build a new array (`w = w + ...` does, `w += ...` does not)"
assert m.tolist() == [0.5, 0.25], "your momentum overwrote its argument m; build a new array (`m = mu * m` does, `m *= mu` does not)"
assert grad.tolist() == [2.0, -4.0], "your momentum overwrote its argument grad; build a new array"
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import optimizers as reference

rng = np.random.default_rng()
walks, turns = [random_gradients(rng, shape) for shape in ((5,), (2, 3))], []
for gradients in walks:
    turns.append((np.ones(gradients.shape[1:]), np.zeros(gradients.shape[1:])))
for step in range(3):
    for k, gradients in enumerate(walks):
        w, m = turns[k]
        given = w.copy(), gradients[step].copy(), m.copy()
        turns[k] = momentum(*given, lr=0.25, mu=0.75)
        assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(given, (w, gradients[step], m), strict=True)), \
            "your momentum overwrote one of its arguments; build new arrays"
for (w, m), gradients in zip(turns, walks, strict=True):
    right = walk(reference.momentum, np.ones(m.shape), gradients[:3], np.zeros(m.shape), lr=0.25, mu=0.75)[-1]
    expect(w, right[0], what="w, with two arrays in turn and each with its own m,", tolerance=1e-9)
    expect(m, right[1], what="m, with two arrays in turn and each with its own m,", tolerance=1e-9)
### END HIDDEN TESTS

# %% [markdown]
# ## 2. Nesterov's momentum (3 points)
#
# The ball looks ahead: the new `m` is that of `momentum`, but `w` then moves by `mu` times the *new* `m` plus a step of
# gradient descent, as if the next step's share of momentum were taken already.
# From here on you write the whole function.
#
# Before you write it: with `m = 0` at the start, is the first step longer than that of `momentum`, or shorter?

# %% nbgrader={"schema_version": 3, "grade_id": "nesterov", "solution": true, "grade": false, "locked": false}
from solutions.optimizers import nesterov

# %% nbgrader={"schema_version": 3, "grade_id": "nesterov_check", "solution": false, "grade": true, "locked": true, "points": 1}
w, grad = np.array([1.0, 2.0]), np.array([2.0, -4.0])
(w1, m1), (w2, m2) = walk(nesterov, w, [grad, grad], np.zeros(2), lr=0.5, mu=0.5)
assert np.allclose(m1, [-1.0, 2.0]), f"m is renewed as in `momentum`, so m = [-1, 2] after the first step; yours is {m1}"
assert not np.allclose(w1, [0.0, 4.0]), f"w = {w1} is where plain momentum leads: w moves by mu times the NEW m, and by a step of sgd"
assert np.allclose(w1, [-0.5, 5.0]), f"the first step leads to w = [-0.5, 5]; yours leads to {w1}"
assert np.allclose(m2, [-1.5, 3.0]), f"after the second step m = [-1.5, 3]; yours is {m2}"
assert np.allclose(w2, [-2.25, 8.5]), f"the second step leads to w = [-2.25, 8.5]; yours leads to {w2}"

# %% nbgrader={"schema_version": 3, "grade_id": "nesterov_random", "solution": false, "grade": true, "locked": true, "points": 1}
# Hidden: four steps with random gradients, rates and mu, from a random w and m; then the defaults.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import optimizers as reference

rng = np.random.default_rng()
for shape in ((6,), (3, 4)):
    w, m = rng.normal(size=shape), rng.normal(size=shape)
    gradients = random_gradients(rng, shape)
    for start in (m, np.zeros(shape)):
        for settings in ({"lr": rng.integers(2, 8) / 16, "mu": rng.integers(9, 14) / 16}, {"lr": 1.5, "mu": 0.25}, {}):
            right = walk(reference.nesterov, w, gradients, start, **settings)
            for t, (answer, expected) in enumerate(zip(walk(nesterov, w, gradients, start, **settings), right, strict=True), 1):
                for name, a, b in zip(("w", "m"), answer, expected, strict=True):
                    expect(a, b, what=f"the new {name} of step {t}", tolerance=1e-9 if settings else 1e-5)
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "nesterov_calls", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
w, grad, m = np.array([1.0, 2.0]), np.array([2.0, -4.0]), np.array([0.5, 0.25])
nesterov(w, grad, m)
assert w.tolist() == [1.0, 2.0], "your nesterov overwrote its argument w; build a new array (`w = w + ...` does, `w += ...` does not)"
assert m.tolist() == [0.5, 0.25], "your nesterov overwrote its argument m; build a new array (`m = mu * m` does, `m *= mu` does not)"
assert grad.tolist() == [2.0, -4.0], "your nesterov overwrote its argument grad; build a new array"
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import optimizers as reference

rng = np.random.default_rng()
walks, turns = [random_gradients(rng, shape) for shape in ((5,), (2, 3))], []
for gradients in walks:
    turns.append((np.ones(gradients.shape[1:]), np.zeros(gradients.shape[1:])))
for step in range(3):
    for k, gradients in enumerate(walks):
        w, m = turns[k]
        given = w.copy(), gradients[step].copy(), m.copy()
        turns[k] = nesterov(*given, lr=0.25, mu=0.75)
        assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(given, (w, gradients[step], m), strict=True)), \
            "your nesterov overwrote one of its arguments; build new arrays"
for (w, m), gradients in zip(turns, walks, strict=True):
    right = walk(reference.nesterov, np.ones(m.shape), gradients[:3], np.zeros(m.shape), lr=0.25, mu=0.75)[-1]
    expect(w, right[0], what="w, with two arrays in turn and each with its own m,", tolerance=1e-9)
    expect(m, right[1], what="m, with two arrays in turn and each with its own m,", tolerance=1e-9)
### END HIDDEN TESTS

# %% [markdown]
# ## 3. RMSprop (4 points)
#
# Momentum lets the past decide about the direction; RMSprop lets it decide about the *size*.
# `v` is a running average of the squared gradient, one for every number of `w`, and the step is the gradient divided by
# the root of that average.
# Epsilon keeps the division finite where no gradient has come yet.
# In Keras' RMSprop it stands *inside* the root, $\sqrt{v + \epsilon}$; many texts, and PyTorch, write
# $\sqrt{v} + \epsilon$, and for small gradients that is quite another step.
#
# Before you write it: `v` starts at 0 and `rho` is 0.9. If all gradients are the same, is the first step the longest or
# the shortest?

# %% nbgrader={"schema_version": 3, "grade_id": "rmsprop", "solution": true, "grade": false, "locked": false}
from solutions.optimizers import rmsprop

# %% nbgrader={"schema_version": 3, "grade_id": "rmsprop_check", "solution": false, "grade": true, "locked": true, "points": 1}
w, grad = np.array([1.0, 2.0, 3.0]), np.array([4.0, -0.5, 0.0])
(w1, v1), (w2, v2) = walk(rmsprop, w, [grad, grad], np.zeros(3), lr=0.25, rho=0.75)
assert np.allclose(v1, [4.0, 0.0625, 0.0]), f"v is 3/4 of the old v and 1/4 of the squared gradient, so [4, 0.0625, 0]; yours is {v1}"
assert np.isfinite(w1).all(), f"where the gradient is 0 the step is 0, and yours gives {w1}: where does epsilon come in?"
assert np.allclose(w1[:2] - w[:2], [-0.5, 0.5]), (
    f"gradients of 4 and -0.5 both give a step of 2 * lr, to w = [0.5, 2.5, 3]; yours leads to {w1}")
assert w1[2] == 3.0, f"where the gradient is 0, w stays as it is; yours went from 3 to {w1[2]}"
assert np.allclose(v2, [7.0, 0.109375, 0.0]), f"after the second step v = [7, 0.109375, 0]; yours is {v2}"
assert np.allclose(w2[:2], [0.1220355, 2.8779643]), f"the second step leads to w = [0.122036, 2.877964, 3]; yours leads to {w2}"

# %% nbgrader={"schema_version": 3, "grade_id": "rmsprop_random", "solution": false, "grade": true, "locked": true, "points": 2}
# Visible: where epsilon stands. Hidden: four steps with random settings, from a random w and v; then the defaults.
(w1, _), = walk(rmsprop, np.zeros(1), [np.array([1e-4])], np.zeros(1), lr=1.0, rho=0.75)
assert np.allclose(w1, -0.3123475), (
    f"a gradient of 1e-4 with lr = 1, rho = 0.75 and the default epsilon leads from 0 to -0.312348; yours leads to {w1[0]:.6f}: "
    "is epsilon inside the root, and is it 1e-7?")
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import optimizers as reference

rng = np.random.default_rng()
for shape in ((6,), (3, 4)):
    w, v = rng.normal(size=shape), rng.uniform(0.1, 2.0, size=shape)
    gradients = random_gradients(rng, shape)
    for size in (1.0, 1e-3):
        for start in (v * size**2, np.zeros(shape)):
            for settings in ({"lr": rng.integers(2, 8) / 16, "rho": rng.integers(9, 14) / 16, "eps": rng.integers(1, 9) / 32},
                             {"lr": 1.5, "rho": 0.25}, {}):
                right = walk(reference.rmsprop, w, gradients * size, start, **settings)
                for t, (answer, expected) in enumerate(zip(walk(rmsprop, w, gradients * size, start, **settings), right, strict=True), 1):
                    expect(answer[0], expected[0], what=f"the new w of step {t}", tolerance=1e-9)
                    expect(answer[1] / size**2, expected[1] / size**2, what=f"the new v of step {t} (over the gradient's size squared)",
                           tolerance=1e-9)
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "rmsprop_calls", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
w, grad, v = np.array([1.0, 2.0]), np.array([2.0, -4.0]), np.array([0.5, 0.25])
rmsprop(w, grad, v)
assert w.tolist() == [1.0, 2.0], "your rmsprop overwrote its argument w; build a new array (`w = w - ...` does, `w -= ...` does not)"
assert v.tolist() == [0.5, 0.25], "your rmsprop overwrote its argument v; build a new array (`v = rho * v` does, `v *= rho` does not)"
assert grad.tolist() == [2.0, -4.0], "your rmsprop overwrote its argument grad; build a new array"
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import optimizers as reference

rng = np.random.default_rng()
walks, turns = [random_gradients(rng, shape) for shape in ((5,), (2, 3))], []
for gradients in walks:
    turns.append((np.ones(gradients.shape[1:]), np.zeros(gradients.shape[1:])))
for step in range(3):
    for k, gradients in enumerate(walks):
        w, v = turns[k]
        given = w.copy(), gradients[step].copy(), v.copy()
        turns[k] = rmsprop(*given, lr=0.25, rho=0.75)
        assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(given, (w, gradients[step], v), strict=True)), \
            "your rmsprop overwrote one of its arguments; build new arrays"
for (w, v), gradients in zip(turns, walks, strict=True):
    right = walk(reference.rmsprop, np.ones(v.shape), gradients[:3], np.zeros(v.shape), lr=0.25, rho=0.75)[-1]
    expect(w, right[0], what="w, with two arrays in turn and each with its own v,", tolerance=1e-9)
    expect(v, right[1], what="v, with two arrays in turn and each with its own v,", tolerance=1e-9)
### END HIDDEN TESTS

# %% [markdown]
# ## 4. Adam's rate (3 points)
#
# Adam keeps two running averages, `m` of the gradient and `v` of its square.
# Both start at 0, so they are too small at first: after `t` steps they have seen only the part $1 - \beta^t$ of what an
# average should see.
# Keras mends both with a single number, the rate of step `t`.
# Steps are counted from 1.
#
# Before you write it: what does the rate become after very many steps?

# %% nbgrader={"schema_version": 3, "grade_id": "adam_rate", "solution": true, "grade": false, "locked": false}
from solutions.optimizers import adam_rate

# %% nbgrader={"schema_version": 3, "grade_id": "adam_rate_check", "solution": false, "grade": true, "locked": true, "points": 1}
rate = answer_of(adam_rate, 1)
assert rate.shape == (), f"the rate is one number; yours has the shape {rate.shape}"
assert np.isclose(rate, 0.000316227766), f"the rate of step 1 with Keras' settings is 0.000316228; yours is {rate:.6g}"
rate = answer_of(adam_rate, 2, lr=0.5, b1=0.5, b2=0.75)
assert np.isclose(rate, 0.4409585518), f"the rate of step 2 with lr = 0.5, b1 = 0.5, b2 = 0.75 is 0.440959; yours is {rate:.6g}"
rate = answer_of(adam_rate, 20000, lr=0.5)
assert np.isclose(rate, 0.5), f"after very many steps nothing is left to correct, and the rate is lr; yours is {rate:.6g} for lr = 0.5"

# %% nbgrader={"schema_version": 3, "grade_id": "adam_rate_random", "solution": false, "grade": true, "locked": true, "points": 2}
# Hidden: random steps and settings.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import optimizers as reference

rng = np.random.default_rng()
for t in (1, 2, 3, int(rng.integers(4, 9)), 40, 3000):
    expect(1000 * answer_of(adam_rate, t), 1000 * reference.adam_rate(t), what=f"1000 times the rate of step {t}, Keras' settings,", tolerance=1e-9)
    for _ in range(3):
        settings = {"lr": rng.uniform(0.2, 2.0), "b1": rng.uniform(0.3, 0.7), "b2": rng.uniform(0.75, 0.97)}
        given = ", ".join(f"{name} = {value:.3f}" for name, value in settings.items())
        expect(answer_of(adam_rate, t, **settings), reference.adam_rate(t, **settings), what=f"the rate of step {t}, {given},", tolerance=1e-9)
        expect(answer_of(adam_rate, t, *settings.values()), reference.adam_rate(t, **settings),
               what=f"the rate of step {t}, called a second time,", tolerance=1e-9)
### END HIDDEN TESTS

# %% [markdown]
# ## 5. Adam (6 points)
#
# Now the whole step: renew `m` and `v`, then move `w` against `m`, divided by the root of `v`, at the rate of step `t`.
# You may call your `adam_rate`.
# Return `w`, `m` and `v` in this order, and return the averages as they are, not the corrected ones.
#
# Epsilon is added to $\sqrt{v}$ as it is, and the correction follows in the rate.
# The paper calls this form "epsilon hat", and Keras uses it.
# The paper's Algorithm 1 and PyTorch correct `v` first and add epsilon then.
# With gradients of ordinary size you will see no difference; a check uses tiny ones, where the two steps differ several
# times over.
# What no check sees is a last subtlety: Keras computes the powers of the betas in float32, and the reference does so too.
# At the default rate that moves `w` by less than a hundred-millionth a step; do not imitate it.
#
# Before you write it: by how much does the *first* step move a `w` whose gradient is 4, and one whose gradient is 0.01?

# %% nbgrader={"schema_version": 3, "grade_id": "adam", "solution": true, "grade": false, "locked": false}
from solutions.optimizers import adam

# %% nbgrader={"schema_version": 3, "grade_id": "adam_check", "solution": false, "grade": true, "locked": true, "points": 1}
w, gradients = np.array([1.0, 1.0, 1.0]), [np.array([4.0, -0.01, 0.0]), np.array([2.0, 0.03, 0.0]), np.array([-6.0, 0.01, 0.0])]
(w1, m1, v1), (w2, m2, v2), (w3, m3, v3) = walk(adam, w, gradients, np.zeros(3), np.zeros(3), counts_steps=True, lr=0.5, b1=0.5, b2=0.75)
assert np.allclose(m1, [2.0, -0.005, 0.0]), f"the new m is halfway from 0 to the gradient, [2, -0.005, 0]; yours is {m1}"
assert np.allclose(v1, [4.0, 0.000025, 0.0]), f"the new v is a quarter of the way from 0 to the squared gradient; yours is {v1}"
assert np.isfinite(w1).all(), f"where the gradient is 0 the step is 0, and yours gives {w1}: where does epsilon come in?"
assert np.allclose(w1, [0.5, 1.5, 1.0], atol=1e-4), f"the first step is lr against the sign of the gradient, whatever its size: [0.5, 1.5, 1]; yours leads to {w1}"
assert np.allclose(m2, [2.0, 0.0125, 0.0]), f"after the second step m = [2, 0.0125, 0]; yours is {m2}"
assert np.allclose(v2, [4.0, 0.00024375, 0.0]), f"after the second step v = [4, 0.00024375, 0]; yours is {v2}"
assert np.allclose(w2, [0.0590414, 1.1469612, 1.0], atol=1e-4), f"the second step leads to w = [0.05904, 1.14696, 1]; yours leads to {w2}"
assert np.allclose(w3, [0.3098884, 0.8078937, 1.0], atol=1e-4), f"the third step leads to w = [0.30989, 0.80789, 1]; yours leads to {w3}"

# %% nbgrader={"schema_version": 3, "grade_id": "adam_random", "solution": false, "grade": true, "locked": true, "points": 2}
# Hidden: five steps with random gradients and settings, from a random w; steps in the middle of a walk.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import optimizers as reference

rng = np.random.default_rng()
for shape in ((6,), (3, 4)):
    w, m, v, nothing = rng.normal(size=shape), rng.normal(size=shape), rng.uniform(0.1, 2.0, size=shape), np.zeros(shape)
    gradients = random_gradients(rng, shape, steps=5)
    for b1, b2 in ((0.5, 0.9375), (0.75, 0.875), (0.625, 0.25)):
        settings = {"lr": rng.integers(3, 9) / 8, "b1": b1, "b2": b2}
        for eps in ({}, {"eps": rng.integers(1, 9) / 32}):
            right = walk(reference.adam, w, gradients, nothing, nothing, counts_steps=True, **settings, **eps)
            answers = walk(adam, w, gradients, nothing, nothing, counts_steps=True, **settings, **eps)
            for t, (answer, expected) in enumerate(zip(answers, right, strict=True), 1):
                for name, a, b in zip("wmv", answer, expected, strict=True):
                    expect(a, b, what=f"the new {name} of step {t}", tolerance=1e-9)
            t = int(rng.integers(6, 12))
            middle = reference.adam(w, gradients[0], m, v, t, **settings, **eps)
            for name, a, b in zip("wmv", answer_of(adam, w, gradients[0], m, v, t, parts=3, **settings, **eps), middle, strict=True):
                expect(a, b, what=f"the new {name} of a step {t} from a given m and v", tolerance=1e-9)
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "adam_tiny", "solution": false, "grade": true, "locked": true, "points": 2}
# Visible: where epsilon stands. Hidden: tiny gradients and Keras' settings.
(w1, _, _), = walk(adam, np.zeros(1), [np.array([1e-6])], np.zeros(1), np.zeros(1), counts_steps=True, lr=1.0)
assert not np.isclose(w1[0], -0.909, atol=0.01), (
    f"a first gradient of 1e-6 leads from 0 to {w1[0]:.4f} at lr = 1: that is the form of the paper's Algorithm 1 and of PyTorch; "
    "Keras adds epsilon to the root of v as it is, not of the corrected v")
assert np.isclose(w1[0], -0.24025, rtol=1e-3), (
    f"a first gradient of 1e-6 leads from 0 to -0.24025 at lr = 1; yours leads to {w1[0]:.5f}: is epsilon 1e-7, and added to the root?")
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import optimizers as reference

rng = np.random.default_rng()
for shape in ((6,), (3, 4)):
    w, nothing = rng.normal(size=shape), np.zeros(shape)
    for size in (1.0, 1e-5, 1e-7):
        gradients = size * random_gradients(rng, shape, steps=5)
        for settings, tolerance in (({"lr": 0.5, "b1": 0.5, "b2": 0.9375}, 1e-9), ({}, 1e-4)):
            right = walk(reference.adam, w, gradients, nothing, nothing, counts_steps=True, **settings)
            answers = walk(adam, w, gradients, nothing, nothing, counts_steps=True, **settings)
            for t, ((a, m, v), (b, n, u)) in enumerate(zip(answers, right, strict=True), 1):
                expect((a - w) / settings.get("lr", 0.001), (b - w) / settings.get("lr", 0.001), tolerance=tolerance,
                       what=f"all that w moved until step {t}, in units of lr, for {'ordinary' if size == 1 else 'tiny'} gradients")
                expect(m / size, n / size, what=f"the new m of step {t}, over the size of the gradients,", tolerance=1e-9)
                expect(v / size**2, u / size**2, what=f"the new v of step {t}, over the squared size of the gradients,", tolerance=1e-9)
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "adam_calls", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
w, grad, m, v = np.array([1.0, 2.0]), np.array([2.0, -4.0]), np.array([0.5, 0.25]), np.array([0.5, 0.75])
adam(w, grad, m, v, 3)
assert w.tolist() == [1.0, 2.0], "your adam overwrote its argument w; build a new array (`w = w - ...` does, `w -= ...` does not)"
assert m.tolist() == [0.5, 0.25], "your adam overwrote its argument m; build a new array (`m = m + ...` does, `m += ...` does not)"
assert v.tolist() == [0.5, 0.75], "your adam overwrote its argument v; build a new array (`v = v + ...` does, `v += ...` does not)"
assert grad.tolist() == [2.0, -4.0], "your adam overwrote its argument grad; build a new array"
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import optimizers as reference

rng = np.random.default_rng()
walks, turns = [random_gradients(rng, shape) for shape in ((5,), (2, 3))], []
for gradients in walks:
    turns.append((np.ones(gradients.shape[1:]), np.zeros(gradients.shape[1:]), np.zeros(gradients.shape[1:])))
for step in range(3):
    for k, gradients in enumerate(walks):
        w, m, v = turns[k]
        given = w.copy(), gradients[step].copy(), m.copy(), v.copy()
        turns[k] = adam(*given, step + 1, lr=0.25, b1=0.75, b2=0.875)
        assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(given, (w, gradients[step], m, v), strict=True)), \
            "your adam overwrote one of its arguments; build new arrays"
for (w, m, v), gradients in zip(turns, walks, strict=True):
    right = walk(reference.adam, np.ones(m.shape), gradients[:3], np.zeros(m.shape), np.zeros(m.shape), counts_steps=True,
                 lr=0.25, b1=0.75, b2=0.875)[-1]
    for name, a, b in zip("wmv", (w, m, v), right, strict=True):
        expect(a, b, what=f"{name}, with two arrays in turn and each with its own m and v,", tolerance=1e-9)
### END HIDDEN TESTS

# %% [markdown]
# ## Done?
#
# Restart the kernel, run all cells, save, and hand in this notebook under its own name.
