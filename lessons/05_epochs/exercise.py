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
# # Epochs
#
# You write the parts of a training loop: `batches` cuts an epoch into batches, `dense` and `dense_backward` are a layer on
# the way forward and back, `run_epoch` takes the steps, `epoch_mean` reports them, and `early_stopping` knows when to end.
# At the end your six functions train a classifier together.
# They are worth **20 points** and take about 45 minutes; you need NumPy and nothing else.
#
# How it works:
#
# 1. Replace each `raise NotImplementedError()` by your code. The text below `def` says what the function has to do.
#    In two functions most lines are there already, later ones are yours from the first line to the last.
# 2. Run the check below it. It stays silent if all is well, and says what is wrong if not. Run it as often as you like.
# 3. Before you hand in, choose *Kernel, Restart and run all*: the checks must pass from top to bottom.
#
# Some checks are hidden: they use fresh random numbers every time, so write what the text says, not what a check shows.
#
# What holds for all six: no function changes an array that it was given, and none asks for random numbers but from the
# generator `rng` that it gets.

# %% [markdown]
# The next cell is for the checks; run it, and skip it as you read.

# %% nbgrader={"schema_version": 3, "grade_id": "imports", "solution": false, "grade": false, "locked": true}
import numpy as np
from autograder.checks import answer_of

rng = np.random.default_rng()
SQUARE = np.array([[0.5, -1.0, 2.0], [1.5, 3.0, -0.25], [-2.0, 0.75, 1.0]])


def fractions(*shape):
    """Random multiples of 1/32; sums of their products are exact in float32 too."""
    return rng.integers(-320, 320, size=shape) / 32


def layers():
    """Several x, W and b: a batch and a layer of any shape, of one sample, of one input, and square."""
    shapes = ((5, 4, 3), (3, 3, 3), (1, 4, 2), (6, 1, 1), (2, 5, 2))
    random = [(fractions(n, k), fractions(k, m), fractions(m) - 20) for n, k, m in shapes]
    return [*random, (SQUARE, 2 * SQUARE[::-1] + 1, SQUARE[1] + 3)]


def epoch_from(function, n, batch_size, rng):
    """What `batches` gives, as a list of index arrays; something else explains itself."""
    epoch = function(n, batch_size, rng)
    assert epoch is not None, "nothing came back: end the function with `return ...`; print shows, return gives"
    assert isinstance(epoch, list | tuple), f"a list of index arrays must come back; yours is {epoch!r:.60}"
    for rows in epoch:
        assert np.ndim(rows) == 1, f"each batch is an array of one axis; yours holds {rows!r:.60}"
        assert len(rows) > 0, f"no batch may be empty (the mean of nothing is nan); your sizes are {[len(r) for r in epoch]}"
        assert np.asarray(rows).dtype.kind in "iu", f"row numbers are integers; yours are {rows!r:.60}"
    return [np.asarray(rows) for rows in epoch]

# %% [markdown]
# ## 1. Batches (4 points)
#
# An epoch uses every sample exactly once, in a random order.
# The samples themselves stay where they are; what is shuffled and cut are their *row numbers*.
# The next cells show the moves on six cards.

# %%
cards = np.array(["ace", "two", "three", "four", "five", "six"])
order = np.random.default_rng(3).permutation(6)    # the numbers 0 to 5, each once, in a random order
order.tolist()

# %%
order[1:3]           # the places 1 and 2: a slice ends before its second number

# %%
order[4:99]          # the places 4 and 5: beyond the end there is nothing, and no error

# %%
cards[order[1:3]]    # an array of row numbers picks these rows

# %% [markdown]
# If the batch size does not divide the number of samples, the last batch is shorter; nobody is left out.
# Before you write it: which sizes do the batches have for `n = 10` and `batch_size = 4`, and which for `n = 12`?

# %% nbgrader={"schema_version": 3, "grade_id": "batches", "solution": true, "grade": false, "locked": false}
from solutions.training import batches    # blanks: "return"

# %% nbgrader={"schema_version": 3, "grade_id": "batches_check", "solution": false, "grade": true, "locked": true, "points": 1}
for n, batch_size, wanted in ((12, 4, [4, 4, 4]), (10, 4, [4, 4, 2]), (9, 4, [4, 4, 1]), (3, 8, [3])):
    epoch = epoch_from(batches, n, batch_size, np.random.default_rng(1))
    sizes = [len(rows) for rows in epoch]
    assert sizes == wanted, f"{n} samples, {batch_size} at a time, make batches of the sizes {wanted}; yours have {sizes}"
    used = sorted(np.concatenate(epoch).tolist())
    assert used == list(range(n)), f"each of the rows 0 to {n - 1} must occur exactly once; yours are {used}"

# %% nbgrader={"schema_version": 3, "grade_id": "batches_random", "solution": false, "grade": true, "locked": true, "points": 2}
# Hidden: other sizes, and whether the order is a random one.
### BEGIN HIDDEN TESTS
for n, batch_size in ((1, 1), (5, 1), (8, 8), (4, 100), (64, 32), (65, 32), (63, 32), (int(rng.integers(40, 400)), 7),
                      (35, int(rng.integers(2, 34)))):
    epoch = epoch_from(batches, n, batch_size, rng)
    sizes = [len(rows) for rows in epoch]
    full, rest = divmod(n, batch_size)
    assert sizes == [batch_size] * full + [rest] * (rest > 0), (
        f"{n} samples, {batch_size} at a time: your batches have the sizes {sizes[:5]}{' ...' if len(sizes) > 5 else ''}")
    used = np.sort(np.concatenate(epoch))
    assert len(np.unique(used)) == n, (f"{n} samples, {batch_size} at a time: only {len(np.unique(used))} of them occur, "
                                       "others several times")
    assert used[0] == 0 and used[-1] == n - 1, f"the rows are numbered from 0 to {n - 1}; yours from {used[0]} to {used[-1]}"

orders = np.array([np.concatenate(epoch_from(batches, 9, 4, rng)) for _ in range(60)])
assert (np.diff(orders, axis=1) != 1).any(), "the rows come in the order in which they are stored; they must be shuffled"
assert (orders != orders[0]).any(), "every epoch has the same order; draw a fresh one from rng each time"
for place in range(9):
    assert len(np.unique(orders[:, place])) > 1, f"in 60 epochs the same row always stands at the place {place}"
    for row in range(0, 9, 4):
        always = (np.sort(orders[:, row:row + 4]) == np.sort(orders[0, row:row + 4])).all()
        assert not always, "the same rows are always in one batch together: shuffle all rows, then cut"
steps = np.diff(orders, axis=1) % 9
assert len(np.unique(steps)) > 2, "the rows were turned round or moved on, not shuffled: neighbours stay neighbours"
large = epoch_from(batches, 400, 40, rng)
assert all(np.ptp(rows) > 40 for rows in large), "a batch consists of neighbours: shuffle the rows, not the batches"
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "batches_rng", "solution": false, "grade": true, "locked": true, "points": 1}
first, again, other = (np.concatenate(epoch_from(batches, 50, 8, np.random.default_rng(seed))) for seed in (1, 1, 2))
assert (first == again).all(), "two generators with the same seed must give the same order: use rng, and nothing else"
assert (first != other).any(), "another seed must give another order: use rng, do not make a generator of your own"
### BEGIN HIDDEN TESTS
seed = int(rng.integers(10, 10**6))
one = np.random.default_rng(seed)
epochs = [np.concatenate(epoch_from(batches, 50, 8, one)) for _ in range(3)]
for earlier, later in ((0, 1), (1, 2), (0, 2)):
    assert (epochs[earlier] != epochs[later]).any(), "two epochs from one generator have the same order; draw from rng each time"
twin = np.random.default_rng(seed)
for rows in epochs:
    assert (rows == np.concatenate(epoch_from(batches, 50, 8, twin))).all(), "the order depends on something else than rng"
np.random.seed(seed % 1000)
state = np.random.get_state()
epoch_from(batches, 50, 8, np.random.default_rng(seed))
after = np.random.get_state()
assert state[2] == after[2] and np.array_equal(state[1], after[1]), (
    "np.random's global numbers were drawn or seeded, which changes other parts of a program; use rng")
### END HIDDEN TESTS

# %% [markdown]
# ## 2. A dense layer (2 points)
#
# What the batch meets first: every unit of a layer weighs all inputs of a sample, adds them up, and adds its bias.
# Say the shapes aloud before you write it: (batch, inputs) and (inputs, units) make (batch, units).

# %% nbgrader={"schema_version": 3, "grade_id": "dense", "solution": true, "grade": false, "locked": false}
from solutions.network import dense

# %% nbgrader={"schema_version": 3, "grade_id": "dense_check", "solution": false, "grade": true, "locked": true, "points": 1}
x = np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 0.0, 10.0], [0.0, 0.0, 0.0]])
W = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
b = np.array([0.5, -0.5])
z = answer_of(dense, x, W, b)
assert z.shape == (4, 2), f"4 samples and 2 units make the shape (4, 2); yours has {z.shape}"
assert np.allclose(z[0], [0.5, -0.5]), f"for a sample of zeros only the bias is left, [0.5, -0.5]; yours gave {z[0]}"
assert np.allclose(z[1], [3.5, 3.5]), f"the sample [0, 1, 0] gets the weights of input 1 and the bias; yours gave {z[1]}"
assert np.allclose(z[2], [51.5, 61.5]), f"the sample [1, 0, 10] gets [51.5, 61.5]; yours gave {z[2]}"

# %% nbgrader={"schema_version": 3, "grade_id": "dense_random", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
x, W, b = np.array([[1.0, 2.0]]), np.array([[3.0, 4.0], [5.0, 6.0]]), np.array([7.0, 8.0])
dense(x, W, b)
assert x.tolist() == [[1.0, 2.0]], "your dense overwrote its argument x; return a new array"
assert W.tolist() == [[3.0, 4.0], [5.0, 6.0]], "your dense overwrote its argument W; return a new array"
assert b.tolist() == [7.0, 8.0], "your dense overwrote its argument b; return a new array"
# Hidden: random layers, square ones too.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import network

for x, W, b in layers():
    z = network.dense(x, W, b)
    what = f"dense for {len(x)} samples, {len(W)} inputs and {len(b)} units"
    expect(answer_of(dense, x, W, b), z, what=what)
    expect(answer_of(dense, x, W, b), z, what=f"{what}, called a second time,")
expect(answer_of(dense, np.array([[1, 2], [3, -4]]), np.array([[0.5, 0.25], [-0.5, 2.0]]), np.array([0.125, -3.0])),
       np.array([[-0.375, 1.25], [3.625, -10.25]]), what="dense of integer pixels")
### END HIDDEN TESTS

# %% [markdown]
# ## 3. The way back (4 points)
#
# Going backward, the layer receives $d = \partial L / \partial z$ and has to tell how the loss would change with each weight, each
# bias and each input.
# For one sample, one input and one unit you can find that by moving things a little:

# %%
h = 0.001
z = 3.0 * 0.5 + 1.0                            # z = x w + b with x = 3, w = 0.5, b = 1
by_w = (3.0 * (0.5 + h) + 1.0 - z) / h         # w moved by h: by how many h did z move?
by_b = (3.0 * 0.5 + (1.0 + h) - z) / h
by_x = ((3.0 + h) * 0.5 + 1.0 - z) / h
round(by_w, 6), round(by_b, 6), round(by_x, 6)

# %% [markdown]
# The three numbers are $x$, 1 and $w$.
# So $w$ is answerable for $d$ times $x$, $b$ for $d$ itself, and $x$ for $d$ times $w$.
# With a whole batch, a weight or a bias serves every sample, and what it is answerable for adds up *over the samples*; an
# input serves every unit, and adds up *over the units*.
# Each of the three results has the shape of the thing that it is the gradient of.
# A matrix product that gives this shape, and sums over what must be summed, is the one you want.

# %% nbgrader={"schema_version": 3, "grade_id": "dense_backward", "solution": true, "grade": false, "locked": false}
from solutions.network import dense_backward

# %% nbgrader={"schema_version": 3, "grade_id": "dense_backward_check", "solution": false, "grade": true, "locked": true, "points": 1}
x = np.array([[1.0, 0.0, 0.0], [0.0, 10.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
W = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
d = np.array([[5.0, -1.0], [2.0, 4.0], [0.0, 0.0], [1.0, 0.0]])
dW, db, dx = answer_of(dense_backward, x, W, d, parts=3)
for name, gradient, shape in (("dW", dW, (3, 2)), ("db", db, (2,)), ("dx", dx, (4, 3))):
    assert gradient.shape == shape, f"{name} must have the shape {shape}, as what it is the gradient of; yours has {gradient.shape}"
assert np.allclose(dW[0], [5, -1]), f"only sample 0 has an input 0, so these weights get its d, [5, -1]; yours get {dW[0]}"
assert np.allclose(dW[1], [20, 40]), f"only sample 1 has an input 1, and it is 10: these weights get [20, 40]; yours get {dW[1]}"
assert np.allclose(dW[2], 0), f"no sample has an input 2, so its weights get 0; yours get {dW[2]}"
assert np.allclose(db, [8, 3]), f"each bias gets the sum of its unit's d over the samples, [8, 3]; yours get {db}"
assert np.allclose(dx[2], 0), f"where d is 0 no gradient passes: sample 2 gets 0; yours gets {dx[2]}"
assert np.allclose(dx[3], [1, 3, 5]), f"sample 3 has d = [1, 0], so its inputs get the weights of unit 0; yours get {dx[3]}"

# %% nbgrader={"schema_version": 3, "grade_id": "dense_backward_random", "solution": false, "grade": true, "locked": true, "points": 2}
# Hidden: random layers of several shapes.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import network

for x, W, b in layers():
    d = fractions(len(x), len(b)) + 0.125
    for turn in ("", ", called a second time,"):
        answers = answer_of(dense_backward, x, W, d, parts=3)
        for name, got, wanted in zip(("dW", "db", "dx"), answers, network.dense_backward(x, W, d), strict=True):
            expect(got, wanted, what=f"{name} for {len(x)} samples, {len(W)} inputs and {len(b)} units{turn}")
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "dense_backward_edges", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
x, W, d = np.array([[1.0, 2.0]]), np.array([[3.0, 4.0], [5.0, 6.0]]), np.array([[7.0, 8.0]])
dense_backward(x, W, d)
assert x.tolist() == [[1.0, 2.0]], "your dense_backward overwrote its argument x; return new arrays"
assert W.tolist() == [[3.0, 4.0], [5.0, 6.0]], "your dense_backward overwrote its argument W; return new arrays"
assert d.tolist() == [[7.0, 8.0]], "your dense_backward overwrote its argument d; return new arrays"
dW, db, dx = answer_of(dense_backward, x, W, d, parts=3)
assert db.tolist() == [7.0, 8.0], f"for a batch of one sample db is its d, [7, 8]; yours is {db.tolist()}"
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import network

square = (SQUARE, 2 * SQUARE[::-1] + 1, SQUARE.T - 4 * SQUARE)
for name, got, wanted in zip(("dW", "db", "dx"), answer_of(dense_backward, *square, parts=3), network.dense_backward(*square), strict=True):
    expect(got, wanted, what=f"{name} of a square layer and a square batch")
whole = (np.array([[1, 2], [0, 3]]), np.array([[0.5, -0.25], [1.5, 2.0]]), np.array([[0.25, 0.5], [-0.5, 1.5]]))
for name, got, wanted in zip(("dW", "db", "dx"), answer_of(dense_backward, *whole, parts=3), network.dense_backward(*whole), strict=True):
    expect(got, wanted, what=f"{name} of integer pixels")
### END HIDDEN TESTS

# %% [markdown]
# ## 4. One epoch (4 points)
#
# Now the loop that turns batches into steps.
# Take the rows of a batch, ask for their loss and gradients, walk a little way downhill, and go on *from there*.
# What the model is, the loop need not know: `gradients` is a function that it is given, and calls.
# Before you write it: an epoch has 10 batches. How often does `W` change?

# %% nbgrader={"schema_version": 3, "grade_id": "run_epoch", "solution": true, "grade": false, "locked": false}
from solutions.training import run_epoch    # blanks: "gradients(" "lr * dW"

# %% nbgrader={"schema_version": 3, "grade_id": "run_epoch_check", "solution": false, "grade": true, "locked": true, "points": 1}
seen = []


def always_the_same(x, y, W, b):
    """Notes the rows that it was asked about; the loss counts the calls, and the gradients are constant."""
    seen.append((x.ravel().tolist(), y.tolist()))
    return float(len(seen)), np.full((1, 1), 2.0), np.array([-4.0])


x, y = np.arange(5.0).reshape(5, 1), np.arange(5) * 10
epoch = [np.array([3, 1]), np.array([0, 4]), np.array([2])]
W, b, losses = answer_of(run_epoch, x, y, np.zeros((1, 1)), np.zeros(1), epoch, always_the_same, 0.5, parts=3)
assert len(seen) == 3, f"3 batches need 3 gradients, one a step; your loop asked {len(seen)} times"
for rows, (pixels, labels) in zip(epoch, seen, strict=True):
    assert pixels == rows.tolist(), f"the batch {rows} needs the rows {rows} of x; your loop asked about the rows {pixels}"
    assert labels == (10 * rows).tolist(), f"the labels must be those of the same rows, {10 * rows}; yours were {labels}"
assert np.allclose(W, -3.0), f"3 steps of -0.5 times 2 lead from 0 to -3; your W is {W}"
assert np.allclose(b, 6.0), f"3 steps of -0.5 times -4 lead from 0 to 6; your b is {b}"
assert losses.tolist() == [1.0, 2.0, 3.0], f"one loss for each batch, in order: [1, 2, 3]; yours are {losses.tolist()}"

# %% nbgrader={"schema_version": 3, "grade_id": "run_epoch_random", "solution": false, "grade": true, "locked": true, "points": 2}
# Hidden: a layer with softmax cross-entropy, random data, several epochs.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import losses as reference, network, training


def one_layer(x, y, W, b):
    """Loss and gradients of softmax regression."""
    z = network.dense(x, W, b)
    dW, db, _ = network.dense_backward(x, W, reference.cross_entropy_from_logits_backward(y, z))
    return float(reference.cross_entropy_from_logits(y, z)), dW, db


for n, batch_size, lr in ((11, 4, 0.5), (12, 5, 1.5), (6, 6, 0.25), (7, 2, float(rng.integers(10, 90)) / 64)):
    x, y = rng.normal(size=(n, 3)), rng.integers(0, 3, size=n)
    W, b = rng.normal(size=(3, 3)), rng.normal(size=3)
    for number in range(2):
        epoch = training.batches(n, batch_size, rng)
        got = answer_of(run_epoch, x, y, W, b, epoch, one_layer, lr, parts=3)
        wanted = training.run_epoch(x, y, W, b, epoch, one_layer, lr)
        for name, value, right in zip(("W", "b", "losses"), got, wanted, strict=True):
            expect(value, right, what=f"{name} after epoch {number} with {len(epoch)} batches, the last of {len(epoch[-1])} rows")
        W, b, _ = wanted
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "run_epoch_edges", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
def downhill(x, y, W, b):
    """The gradient of a bowl: it points away from the lowest place, which is 0."""
    return float((W**2).sum() + (b**2).sum()) / 2, W, b


x, y, W, b = np.ones((4, 2)), np.zeros(4, dtype=int), np.array([[8.0], [4.0]]), np.array([2.0])
epoch = [np.array([0, 1, 2]), np.array([3])]
run_epoch(x, y, W, b, epoch, downhill, 0.5)
assert W.tolist() == [[8.0], [4.0]], "your run_epoch overwrote its argument W: `W -= ...` writes into the array that was given"
assert b.tolist() == [2.0], "your run_epoch overwrote its argument b: `b -= ...` writes into the array that was given"
assert (x == 1).all() and (y == 0).all(), "your run_epoch changed the data"
new, _, losses = answer_of(run_epoch, x, y, W, b, epoch, downhill, 0.5, parts=3)
assert new.tolist() == [[2.0], [1.0]], f"two steps halve [[8], [4]] twice, to [[2], [1]]; yours is {new.tolist()}"
### BEGIN HIDDEN TESTS
from autograder.checks import expect

expect(losses, np.array([42.0, 10.5]), what="losses, each before its step,")
assert [rows.tolist() for rows in epoch] == [[0, 1, 2], [3]], "your run_epoch changed the list of batches"
start = rng.integers(1, 9, size=(2, 3)) / 8
path = [start]
for _ in range(5):
    path.append(path[-1] - 0.25 * path[-1])
W, b, losses = answer_of(run_epoch, np.ones((5, 2)), np.zeros(5, dtype=int), start, np.zeros(3), [np.array([i]) for i in (4, 2, 0, 1, 3)],
                         downhill, 0.25, parts=3)
expect(W, path[-1], what="W after five batches of one row each")
expect(losses, np.array([(w**2).sum() / 2 for w in path[:-1]]), what="losses of five batches of one row each")
### END HIDDEN TESTS

# %% [markdown]
# ## 5. The loss of an epoch (2 points)
#
# `run_epoch` returns one loss a batch; the line that `fit` prints has one number an epoch.
# It is the mean over all *samples*: a last batch of one image must not count as much as a batch of 32.
# Before you write it: the losses are 3 and 5, the batches have 3 samples and 1. What is the mean loss of the four samples?

# %% nbgrader={"schema_version": 3, "grade_id": "epoch_mean", "solution": true, "grade": false, "locked": false}
from solutions.training import epoch_mean

# %% nbgrader={"schema_version": 3, "grade_id": "epoch_mean_check", "solution": false, "grade": true, "locked": true, "points": 1}
mean = answer_of(epoch_mean, np.array([3.0, 5.0]), np.array([2, 2]))
assert mean.shape == (), f"one number must come back; yours has the shape {mean.shape}"
assert np.isclose(mean, 4.0), f"two batches of equal size, losses 3 and 5: the mean is 4; yours is {mean}"
mean = answer_of(epoch_mean, np.array([0.75]), np.array([7]))
assert np.isclose(mean, 0.75), f"a single batch with the loss 0.75: the mean is 0.75; yours is {mean}"
mean = answer_of(epoch_mean, np.array([1.0, 1.0, 1.0]), np.array([32, 32, 5]))
assert np.isclose(mean, 1.0), f"if every batch has the loss 1, so has the epoch, whatever the sizes; yours is {mean}"

# %% nbgrader={"schema_version": 3, "grade_id": "epoch_mean_random", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
values, sizes = np.array([0.5, 0.25]), np.array([4, 2])
epoch_mean(values, sizes)
assert values.tolist() == [0.5, 0.25], "your epoch_mean overwrote its argument values"
assert sizes.tolist() == [4, 2], "your epoch_mean overwrote its argument sizes"
# Hidden: random losses and sizes.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import training

for values, sizes in (([3, 5], [3, 1]), ([1.0, 2.0], [2, 1]), ([2.0, 1.0, 4.0], [1, 5, 3]), ([0.5, 0.25, 8.0], [32, 32, 1]), ([7.0], [3]),
                      (rng.integers(1, 99, size=6) / 64, rng.permutation(6) + 2), (rng.integers(1, 99, size=9) / 64, [4] * 8 + [3])):
    values, sizes = np.array(values), np.array(sizes)
    wanted = training.epoch_mean(values, sizes)
    expect(answer_of(epoch_mean, values, sizes), wanted, what=f"epoch_mean for {len(sizes)} batches of the sizes {sizes.tolist()}")
    expect(answer_of(epoch_mean, values, sizes), wanted, what="epoch_mean, called a second time,")
### END HIDDEN TESTS

# %% [markdown]
# ## 6. When to stop (4 points)
#
# After each epoch the model is tried on validation data.
# While that loss still falls, go on; when it has not reached a new best for `patience` epochs in a row, stop.
# The weights to keep are those of the best epoch, not of the last one.
# Three details decide whether your function agrees with Keras: what an improvement is compared with, what a tie is, and
# which epoch is the last.
# Before you write it: for the losses `[4, 2, 3, 3, 1]` and `patience = 2`, does anybody ever see the 1?

# %% nbgrader={"schema_version": 3, "grade_id": "early_stopping", "solution": true, "grade": false, "locked": false}
from solutions.training import early_stopping

# %% nbgrader={"schema_version": 3, "grade_id": "early_stopping_check", "solution": false, "grade": true, "locked": true, "points": 1}
for val_losses, patience, wanted, why in (
        ([4.0, 3.0, 2.0, 1.0], 2, (3, 3), "the loss falls to the end of the list, so its last epoch is the last and the best"),
        ([4.0, 2.0, 3.0, 3.5, 1.0], 2, (3, 1), "after epoch 1 two epochs bring no improvement; the 1.0 is never reached"),
        ([4.0, 2.0, 3.0, 1.0, 2.0], 2, (4, 3), "one bad epoch is forgiven, and epoch 3 starts the counting anew")):
    last, best = answer_of(early_stopping, np.array(val_losses), patience, parts=2)
    assert (last, best) == wanted, (f"early_stopping({val_losses}, {patience}) gives (last, best) = {wanted}: {why}; "
                                    f"yours gives ({last}, {best})")

# %% nbgrader={"schema_version": 3, "grade_id": "early_stopping_random", "solution": false, "grade": true, "locked": true, "points": 2}
# Hidden: other losses, and random ones.
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import training


def stops_alike(val_losses, patience, *min_delta):
    """Compare with the reference, the last epoch and the best one by themselves."""
    wanted = training.early_stopping(val_losses, patience, *min_delta)
    last, best = answer_of(early_stopping, np.array(val_losses), patience, *min_delta, parts=2)
    given = f"the losses {np.array(val_losses).tolist()}, patience {patience}{', min_delta ' * len(min_delta)}{min_delta[0] if min_delta else ''}"
    expect(last, wanted[0], what=f"last, for {given},", tolerance=1e-9)
    expect(best, wanted[1], what=f"best, for {given},", tolerance=1e-9)


for val_losses in ([4.0, 2.0, 2.0, 2.0, 1.0], [4.0, 2.0, 3.5, 3.0, 2.5, 2.25, 1.0], [4.0, 5.0, 3.0, 4.0, 2.0, 3.0, 1.0, 2.0], [0.5, 2.0, 1.5, 3.0, 0.25],
                   [8.0, 6.0, 7.0, 7.0, 6.0, 5.0, 6.0, 6.0, 6.0, 6.0], [3.0, 4.0, 5.0, 6.0], [4.0, 3.0, 2.0], [2.0, 1.0, 1.5, 1.5, 1.5, 0.5]):
    for patience in (1, 2, 3, 5):
        stops_alike(val_losses, patience)
for _ in range(60):
    stops_alike(rng.integers(1, 24, size=rng.integers(2, 12)) / 8, int(rng.integers(1, 5)))
### END HIDDEN TESTS

# %% nbgrader={"schema_version": 3, "grade_id": "early_stopping_edges", "solution": false, "grade": true, "locked": true, "points": 1} tags=["in-place"]
val_losses = np.array([4.0, 3.75, 3.5, 3.0])
for patience in (2, 5):
    early_stopping(val_losses, patience, 0.5)
    assert val_losses.tolist() == [4.0, 3.75, 3.5, 3.0], "your early_stopping overwrote its argument val_losses"
last, best = answer_of(early_stopping, np.array([4.0, 3.75, 3.25, 3.0]), 2, 0.5, parts=2)
assert (last, best) == (3, 2), ("3.75 is not below 4 by more than 0.5, but 3.25 is: with min_delta=0.5 (last, best) is (3, 2); "
                                f"yours is ({last}, {best})")
### BEGIN HIDDEN TESTS
from autograder.checks import expect
from solutions import training


def stops_alike(val_losses, patience, *min_delta):
    """Compare with the reference, the last epoch and the best one by themselves."""
    wanted = training.early_stopping(val_losses, patience, *min_delta)
    last, best = answer_of(early_stopping, np.array(val_losses), patience, *min_delta, parts=2)
    given = f"the losses {np.array(val_losses).tolist()}, patience {patience}{', min_delta ' * len(min_delta)}{min_delta[0] if min_delta else ''}"
    expect(last, wanted[0], what=f"last, for {given},", tolerance=1e-9)
    expect(best, wanted[1], what=f"best, for {given},", tolerance=1e-9)


for val_losses in ([4.0, 3.5, 3.5, 2.0], [4.0, 3.75, 3.25, 3.0, 2.75, 2.5], [4.0, 3.75, 3.5, 3.25, 3.0, 2.0], [1.0, 0.75, 0.5, 0.25, 0.125],
                   [3.0, 2.0, 1.875, 1.75, 1.0, 1.125], [2.0, 2.25, 1.875, 2.0, 1.5]):
    for patience in (1, 2, 3):
        for min_delta in (0.0, 0.25, 0.5):
            stops_alike(val_losses, patience, min_delta)
for _ in range(40):
    stops_alike(rng.integers(1, 24, size=rng.integers(2, 12)) / 8, int(rng.integers(0, 5)), rng.integers(0, 5) / 8)
for val_losses in ([4.0, 3.0, 3.5, 1.0], [3.0], [3.0, 3.0], [2.0, 1.0]):
    stops_alike(val_losses, 0)
    stops_alike(val_losses, 1)
stops_alike([10.0, 20.0, 9.0, 30.0, 40.0], 2)
### END HIDDEN TESTS

# %% [markdown]
# ## All together
#
# Nothing to write here: the next cells train a classifier with your six functions.
# The points of three classes lie in three clouds that overlap, stored class by class, as data often are.
# First the gradients of the model: a single dense layer, softmax, cross-entropy.

# %%
from solutions.activations import softmax    # noqa: F401 (the gradient below calls it)
from solutions.losses import cross_entropy_from_logits, cross_entropy_from_logits_backward


def one_dense_layer(x, y, W, b):
    """The loss of softmax regression, and its gradients."""
    z = dense(x, W, b)
    dW, db, _ = dense_backward(x, W, cross_entropy_from_logits_backward(y, z))
    return cross_entropy_from_logits(y, z), dW, db

# %%
def train(lr=0.3, patience=3, seed=0, epochs=40):
    """Train until patience runs out, or for `epochs` at most; what came out, and the validation loss after each epoch."""
    rng = np.random.default_rng(seed)
    centres = np.array([[1.0, 0.0], [-0.5, 0.9], [-0.5, -0.9]])
    y, y_val = np.repeat([0, 1, 2], 100), np.repeat([0, 1, 2], 100)
    x, x_val = centres[y] + rng.normal(scale=0.6, size=(300, 2)), centres[y_val] + rng.normal(scale=0.6, size=(300, 2))
    W, b = np.zeros((2, 3)), np.zeros(3)
    val_losses = []
    while True:
        epoch = batches(len(x), 32, rng)
        W, b, losses = run_epoch(x, y, W, b, epoch, one_dense_layer, lr)
        loss = epoch_mean(losses, np.array([len(rows) for rows in epoch]))
        val_losses.append(float(one_dense_layer(x_val, y_val, W, b)[0]))
        last, best = early_stopping(np.array(val_losses), patience, 0.001)
        if last - best == patience or len(val_losses) == epochs:
            right = np.mean(dense(x_val, W, b).argmax(axis=1) == y_val)
            return {"last epoch": last, "best epoch": best, "loss": loss, "validation loss": val_losses[-1],
                    "validation accuracy": right, "validation losses": np.round(val_losses, 3)}


train()

# %% [markdown]
# Now play: `train(lr=3.0)`, `train(patience=1)`, another seed, or `batches` without its shuffling.
#
# ## Done?
#
# Restart the kernel, run all cells, save, and hand in this notebook under its own name.
