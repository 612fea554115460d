"""What students write instead of batches, a layer and its gradients, an epoch, its mean, and early stopping."""

import numpy as np

from autograder.bank import Bank
from solutions.network import dense, dense_backward
from solutions.training import batches, early_stopping, epoch_mean, run_epoch

bank = Bank(batches, dense, dense_backward, run_epoch, epoch_mean, early_stopping)

# Three square arrays, so that a product of the wrong two gives numbers and no error.
SQUARE_X = np.array([[0.5, -1.0, 2.0], [1.5, 3.0, -0.25], [-2.0, 0.75, 1.0]])
SQUARE_W = np.array([[1.0, 2.5, -0.5], [-3.0, 0.25, 4.0], [0.75, -1.5, 2.0]])
SQUARE_D = np.array([[0.5, 0.25, -2.0], [1.0, -0.75, 3.0], [-1.25, 2.0, 0.5]])
X = np.array([[1.0, -2.0, 0.5, 3.0], [0.25, 4.0, -1.0, 2.0]])
W = np.array([[2.0, -1.0, 0.5], [1.0, 0.5, -3.0], [-0.25, 4.0, 1.0], [3.0, -2.0, 0.75]])
D = np.array([[1.0, -0.5, 2.0], [0.25, 3.0, -1.5]])


# --- batches: its answers are random, so the probes return what they have in common

def numbers(n, batch_size, epoch):
    """Sizes and use of the rows; what came back, where it is no list of index arrays."""
    if not isinstance(epoch, list | tuple):
        return type(epoch).__name__
    if not all(np.ndim(rows) == 1 for rows in epoch):
        return "not 1-D"
    rows = np.concatenate(epoch) if epoch else np.zeros(0, dtype=int)
    return [[len(part) for part in epoch], len(rows), len(np.unique(rows)), rows.dtype.kind in "iu",
            int(rows.min(initial=0)), int(rows.max(initial=0) < n)]


def order_of(epoch):
    return np.concatenate([np.ravel(rows) for rows in epoch])


@bank.probe
def batches_divide(batches):
    return numbers(12, 4, batches(12, 4, np.random.default_rng(0)))


@bank.probe
def batches_partial(batches):
    return numbers(10, 4, batches(10, 4, np.random.default_rng(0)))


@bank.probe
def batches_rest_one(batches):
    return numbers(9, 4, batches(9, 4, np.random.default_rng(0)))


@bank.probe
def batches_larger_than_n(batches):
    return numbers(3, 8, batches(3, 8, np.random.default_rng(0)))


@bank.probe
def batches_of_one(batches):
    return numbers(5, 1, batches(5, 1, np.random.default_rng(0)))


@bank.probe
def batches_seeds(batches):
    """Same seed, another seed, the same generator again."""
    rng = np.random.default_rng(1)
    first, second = order_of(batches(60, 8, rng)), order_of(batches(60, 8, rng))
    again = order_of(batches(60, 8, np.random.default_rng(1)))
    other = order_of(batches(60, 8, np.random.default_rng(2)))
    return [np.array_equal(a, b) for a, b in ((first, again), (first, other), (first, second))]


@bank.probe
def batches_order(batches):
    """In storage order, in reverse, shuffled in blocks or inside blocks, turned round."""
    parts = batches(60, 8, np.random.default_rng(3))
    order = order_of(parts)
    steps = np.diff(order)
    return [bool((steps == 1).all()), bool((steps == -1).all()), bool((steps % 60 == 1).all()),
            bool(all(np.ptp(rows) < 8 for rows in parts)), int(min(parts[0]) == 0 and max(parts[0]) == 7),
            bool(set(range(56, 60)) == set(np.ravel(parts[-1]).tolist()))]


@bank.probe
def batches_global_state(batches):
    saved = np.random.get_state()
    np.random.seed(5)
    before = np.random.get_state()
    batches(20, 8, np.random.default_rng(0))
    after = np.random.get_state()
    np.random.set_state(saved)
    return before[2] == after[2] and np.array_equal(before[1], after[1])


@bank.probe
def seventy_rows(batches):
    return [len(rows) for rows in batches(70, 9, np.random.default_rng(8))]


@bank.wrong("the last n % batch_size samples are never used: the last batch may be shorter, but it is a batch")
def batches_dropped(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[i * batch_size:(i + 1) * batch_size] for i in range(n // batch_size)]


@bank.wrong("where batch_size divides n an empty batch follows at the end, and the mean of nothing is nan: count in "
            "steps of batch_size and stop before n")
def batches_extra(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[i * batch_size:(i + 1) * batch_size] for i in range(n // batch_size + 1)]


@bank.wrong("the last batch was filled up with samples of the one before it, which count twice now: let it be shorter")
def batches_overlap(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[max(0, min(start, n - batch_size)):][:batch_size] for start in range(0, n, batch_size)]


@bank.wrong("the last batch was filled up with samples from the beginning, which count twice now: let it be shorter")
def batches_wrapped(n, batch_size, rng):
    order = rng.permutation(n)
    return [np.take(order, range(start, start + batch_size), mode="wrap") for start in range(0, n, batch_size)]


@bank.wrong("the rows were drawn with replacement: some samples come twice and others never; a permutation has each "
            "of them once")
def batches_replacement(n, batch_size, rng):
    order = rng.integers(0, n, size=n)
    return [order[start:start + batch_size] for start in range(0, n, batch_size)]


@bank.wrong("each batch was drawn by itself, so one sample may be in several batches and another in none: permute all "
            "rows once, then cut")
def batches_independent(n, batch_size, rng):
    return [rng.choice(n, size=min(batch_size, n - start), replace=False) for start in range(0, n, batch_size)]


@bank.wrong("the loop ends one place too early: if a single sample is left over for the last batch, it is lost")
def batches_n_minus_one(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[start:start + batch_size] for start in range(0, n - 1, batch_size)] or [order]


@bank.wrong("the batches overlap like shingles, because start moves on by 1: range needs batch_size as its "
            "third number")
def batches_sliding(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[start:start + batch_size] for start in range(n)]


@bank.wrong("these are batch_size parts; asked for are parts of batch_size samples each")
def batches_parts(n, batch_size, rng):
    return np.array_split(rng.permutation(n), batch_size)


@bank.wrong("np.array_split evens the sizes out; all batches but the last must have batch_size samples")
def batches_even(n, batch_size, rng):
    return np.array_split(rng.permutation(n), -(-n // batch_size))


@bank.wrong("the rows come in the order in which they are stored: data sorted by class would be learned class by "
            "class; shuffle them, and use what comes back (rng.permutation returns a shuffled copy)")
def batches_in_order(n, batch_size, rng):
    order = np.arange(n)
    return [order[start:start + batch_size] for start in range(0, n, batch_size)]


@bank.wrong("rows were reversed, not shuffled: take a random order from rng")
def batches_reversed(n, batch_size, rng):
    order = np.arange(n)[::-1]
    return [order[start:start + batch_size] for start in range(0, n, batch_size)]


@bank.wrong("the batches were shuffled, but each consists of neighbours: shuffle the rows first, then cut")
def batches_blocks(n, batch_size, rng):
    parts = [np.arange(start, min(start + batch_size, n)) for start in range(0, n, batch_size)]
    full = parts[:n // batch_size]
    rng.shuffle(full)
    return full + parts[n // batch_size:]


@bank.wrong("the batches were shuffled and the short one with them; shuffle the rows first, then cut, so that only the "
            "last batch is shorter")
def batches_short_anywhere(n, batch_size, rng):
    parts = [np.arange(start, min(start + batch_size, n)) for start in range(0, n, batch_size)]
    return parts[1:] + parts[:1]


@bank.wrong("the rows were shuffled inside each batch only, so the same samples always meet: shuffle first, then cut")
def batches_inside(n, batch_size, rng):
    return [start + rng.permutation(min(batch_size, n - start)) for start in range(0, n, batch_size)]


@bank.wrong("the order starts at a random place but is not shuffled: neighbours stay neighbours")
def batches_rolled(n, batch_size, rng):
    order = np.roll(np.arange(n), int(rng.integers(1, n)) if n > 1 else 0)
    return [order[start:start + batch_size] for start in range(0, n, batch_size)]


@bank.wrong("every batch has one sample too many, and neighbouring batches share it: a slice ends before its second "
            "number")
def batches_one_more(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[start:start + batch_size + 1] for start in range(0, n, batch_size)]


@bank.wrong("every batch lacks its last sample: a slice ends before its second number, so do not subtract 1")
def batches_one_less(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[start:start + batch_size - 1] for start in range(0, n, batch_size)]


@bank.wrong("row 0 is missing and row n does not exist: rows are numbered from 0 to n - 1")
def batches_from_one(n, batch_size, rng):
    order = rng.permutation(n) + 1
    return [order[start:start + batch_size] for start in range(0, n, batch_size)]


@bank.wrong("only the first batch came back: `return` stands inside the loop")
def batches_first(n, batch_size, rng):
    order = rng.permutation(n)
    for start in range(0, n, batch_size):
        return [order[start:start + batch_size]]


@bank.wrong("only one array came back, not a list of them: collect the batches in a list")
def batches_array(n, batch_size, rng):
    return rng.permutation(n)[:batch_size]


@bank.wrong("the whole order came back uncut: slice it into a list of pieces of batch_size")
def batches_uncut(n, batch_size, rng):
    return [rng.permutation(n)]


@bank.wrong("reshape cuts only where batch_size divides n, and gives one array, not a list: slice instead")
def batches_reshape(n, batch_size, rng):
    return rng.permutation(n).reshape(-1, batch_size)


@bank.wrong("a function with `yield` hands out one batch at a time and is used up after one pass; return a list")
def batches_yield(n, batch_size, rng):
    order = rng.permutation(n)
    for start in range(0, n, batch_size):
        yield order[start:start + batch_size]


@bank.wrong("the batches were printed, not returned")
def batches_print(n, batch_size, rng):
    order = rng.permutation(n)
    print([order[start:start + batch_size] for start in range(0, n, batch_size)])


@bank.wrong("the order comes from np.random, not from rng: nobody can repeat it, and other parts of the program get "
            "other numbers")
def batches_global(n, batch_size, rng):
    order = np.random.permutation(n)
    return [order[start:start + batch_size] for start in range(0, n, batch_size)]


@bank.wrong("np.random.seed inside the function makes every epoch the same, and resets the random numbers of the whole "
            "program; use rng")
def batches_seeded(n, batch_size, rng):
    np.random.seed(0)
    order = np.random.permutation(n)
    return [order[start:start + batch_size] for start in range(0, n, batch_size)]


@bank.wrong("every epoch has the same order, whatever rng is: either a new generator with a fixed seed draws it, or "
            "the first order was kept and comes back each time; draw a fresh one from the rng that comes in")
def batches_own_seed(n, batch_size, rng):
    order = np.random.default_rng(42).permutation(n)
    return [order[start:start + batch_size] for start in range(0, n, batch_size)]


@bank.wrong("a generator without a seed ignores rng, and nobody can repeat the run: use the rng that comes in")
def batches_own_generator(n, batch_size, rng):
    order = np.random.default_rng().permutation(n)
    return [order[start:start + batch_size] for start in range(0, n, batch_size)]


@bank.wrong("the row numbers became floats, and floats cannot pick rows")
def batches_floats(n, batch_size, rng):
    order = rng.permutation(n) * 1.0
    return [order[start:start + batch_size] for start in range(0, n, batch_size)]


@bank.wrong("each batch is a column or a row of a table; an index array has one axis")
def batches_columns(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[start:start + batch_size, None] for start in range(0, n, batch_size)]


@bank.wrong("the short batch comes first; it must be the last")
def batches_short_first(n, batch_size, rng):
    order = rng.permutation(n)
    return [part for part in np.split(order, range(n % batch_size, n, batch_size)) if len(part)]


@bank.wrong("the batch size is written into the code as 32: use the argument batch_size")
def batches_of_32(n, batch_size, rng):
    order = rng.permutation(n)
    return [order[start:start + 32] for start in range(0, n, 32)]


@bank.wrong("n // batch_size parts are too few where a rest remains, and np.array_split spreads it: cut with slices")
def batches_floor_parts(n, batch_size, rng):
    return np.array_split(rng.permutation(n), max(n // batch_size, 1))


@bank.wrong("rng.shuffle shuffles in place and returns None: name the array first, shuffle it, then cut it (or take "
            "rng.permutation, which returns a new one)")
def batches_of_none(n, batch_size, rng):
    order = rng.shuffle(np.arange(n))
    return [order[start:start + batch_size] for start in range(0, n, batch_size)]


@bank.wrong("one sample is never used: rng.permutation(n) gives 0 to n - 1 already, so subtract nothing")
def batches_one_row_less(n, batch_size, rng):
    order = rng.permutation(n - 1)
    return [order[start:start + batch_size] for start in range(0, n - 1, batch_size)]


@bank.wrong("the last batch was filled up with rows of the first, which count twice then: it may be shorter")
def batches_filled_up(n, batch_size, rng):
    order = rng.permutation(n)
    order = np.concatenate([order, order[:-n % batch_size]])
    return [order[start:start + batch_size] for start in range(0, n, batch_size)]


@bank.wrong("every batch was cut from a new permutation, so that rows repeat and others are missing: draw ONE order, "
            "then cut")
def batches_new_order_each(n, batch_size, rng):
    return [rng.permutation(n)[start:start + batch_size] for start in range(0, n, batch_size)]


@bank.wrong("the rows are not shuffled, and the last n % batch_size are never used")
def batches_in_order_dropped(n, batch_size, rng):
    return [np.arange(start, start + batch_size) for start in range(0, n - batch_size + 1, batch_size)]


@bank.wrong("the order comes from a copy of rng, so rng itself never moves on and every epoch has the same order: draw "
            "with rng itself")
def batches_copied_rng(n, batch_size, rng):
    import copy

    order = copy.deepcopy(rng).permutation(n)
    return [order[start:start + batch_size] for start in range(0, n, batch_size)]


@bank.wrong("one sample is never used: rng.permutation(n) gives 0 to n - 1 already, so subtract nothing")
def batches_order_too_short(n, batch_size, rng):
    order = rng.permutation(n - 1)
    return [order[start:start + batch_size] for start in range(0, n, batch_size)]


@bank.right
def batches_shuffle(n, batch_size, rng):
    order = np.arange(n)
    rng.shuffle(order)
    result = []
    while len(order):
        result.append(order[:batch_size])
        order = order[batch_size:]
    return result


@bank.right
def batches_split(n, batch_size, rng):
    return np.split(rng.permutation(n), range(batch_size, n, batch_size))


@bank.right
def batches_choice(n, batch_size, rng):
    order = rng.choice(n, size=n, replace=False)
    return tuple(order[i * batch_size:(i + 1) * batch_size] for i in range(int(np.ceil(n / batch_size))))


@bank.right
def batches_sorted_noise(n, batch_size, rng):
    order = np.argsort(rng.random(n))
    full = n // batch_size
    result = [order[i * batch_size:(i + 1) * batch_size] for i in range(full)]
    if n % batch_size:
        result.append(order[full * batch_size:])
    return result


@bank.right
def batches_lists(n, batch_size, rng):
    order = list(range(n))
    rng.shuffle(order)
    return [order[start:start + batch_size] for start in range(0, n, batch_size)]


# --- dense

@bank.probe
def dense_square(dense):
    return dense(SQUARE_X.copy(), SQUARE_W.copy(), np.array([1.0, -2.0, 0.5]))


@bank.probe
def dense_wide(dense):
    return dense(X.copy(), W.copy(), np.array([-1.0, 5.0, 0.25]))


@bank.probe
def dense_one_sample(dense):
    return dense(X[:1].copy(), W.copy(), np.array([-1.0, 5.0, 0.25]))


@bank.probe
def dense_integers(dense):
    return dense(np.array([[1, 2], [3, -4]]), np.array([[0.5, 0.25], [-0.5, 2.0]]), np.array([0.125, -3.0]))


@bank.wrong("the bias is missing: add b to every row")
def dense_no_bias(x, W, b):
    return x @ W


@bank.wrong("the bias was subtracted: z is x W plus b")
def dense_minus_bias(x, W, b):
    return x @ W - b


@bank.wrong("b was multiplied; it is added to every row of the product")
def dense_times_bias(x, W, b):
    return (x @ W) * b


@bank.wrong("W was transposed: it has the shape (inputs, units) already")
def dense_transposed(x, W, b):
    return x @ W.T + b


@bank.wrong("W and x are in the wrong order: (batch, inputs) comes first, then (inputs, units)")
def dense_swapped(x, W, b):
    return W @ x + b


@bank.wrong("x was transposed: rows are samples, (batch, inputs), as it comes in")
def dense_x_transposed(x, W, b):
    return x.T @ W + b


@bank.wrong("samples and units changed places: the formula W.T x has samples as columns, here they are rows")
def dense_columns(x, W, b):
    return W.T @ x.T + b[:, None]


@bank.wrong("* multiplies element by element; the sum over the inputs needs the matrix product @")
def dense_elementwise(x, W, b):
    return x * W + b


@bank.wrong("b was added down the columns: one bias belongs to one unit, which is a column of z")
def dense_bias_column(x, W, b):
    return x @ W + np.resize(b, len(x))[:, None]


@bank.wrong("b was added to W before the product: it must be added to the product")
def dense_bias_in_weights(x, W, b):
    return x @ (W + b)


@bank.wrong("every unit got the sum of all biases: unit k gets b[k]")
def dense_bias_sum(x, W, b):
    return x @ W + b.sum()


@bank.wrong("every unit got the first bias: unit k gets b[k]")
def dense_first_bias(x, W, b):
    return x @ W + b[0]


@bank.wrong("only the first sample got the bias: b is added to every row")
def dense_bias_once(x, W, b):
    z = x @ W
    z[0] = z[0] + b
    return z


@bank.wrong("a ReLU was applied: the layer ends before its activation")
def dense_relu(x, W, b):
    return np.maximum(x @ W + b, 0)


@bank.wrong("a sigmoid was applied: the layer ends before its activation")
def dense_sigmoid(x, W, b):
    return 1 / (1 + np.exp(-(x @ W + b)))


@bank.wrong("a softmax was applied: the layer ends before its activation")
def dense_softmax(x, W, b):
    e = np.exp(x @ W + b)
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("the rows were averaged: each sample keeps its own row")
def dense_mean(x, W, b):
    return (x @ W + b).mean(axis=0)


@bank.wrong("the rows were added up: each sample keeps its own row")
def dense_sum(x, W, b):
    return (x @ W + b).sum(axis=0)


@bank.wrong("only the first sample came back: the batch has several")
def dense_first(x, W, b):
    return x[0] @ W + b


@bank.wrong("the product was divided by the number of inputs: a layer adds up, it does not average")
def dense_averaged(x, W, b):
    return x @ W / len(W) + b


@bank.wrong("the result was stored in an array of x's kind, which cuts fractions off where x holds integers")
def dense_kind_of_x(x, W, b):
    z = np.zeros((len(x), W.shape[1]), dtype=x.dtype)
    z[:] = x @ W + b
    return z


@bank.wrong("the loop over the inputs lost the first of them")
def dense_lost_input(x, W, b):
    z = np.zeros((len(x), W.shape[1])) + b
    for i in range(1, len(W)):
        z += x[:, i:i + 1] * W[i]
    return z


@bank.wrong("the bias was added once for each input: add it once, outside of the loop over the inputs")
def dense_bias_in_loop(x, W, b):
    z = np.zeros((len(x), W.shape[1]))
    for i in range(len(W)):
        z += x[:, i:i + 1] * W[i] + b
    return z


@bank.wrong("`b += ...` writes into the array that was given, or fails where the shapes differ; return a new array")
def dense_into_bias(x, W, b):
    b += x @ W
    return b


@bank.wrong("z was printed, not returned")
def dense_print(x, W, b):
    print(x @ W + b)


@bank.wrong("a list came back; return the array itself")
def dense_list(x, W, b):
    return (x @ W + b).tolist()


@bank.wrong("b was added to x, before the product: it has one number a unit and is added to x @ W")
def dense_bias_inside(x, W, b):
    return (x + b) @ W


@bank.wrong("W was transposed and the bias is missing: x @ W + b")
def dense_transposed_no_bias(x, W, b):
    return x @ W.T


@bank.wrong("the samples were added up: each keeps a row of its own")
def dense_summed(x, W, b):
    return np.einsum("ij,jk->k", x, W) + b


@bank.wrong("the inner loop ends too early: the last input was left out")
def dense_without_last_input(x, W, b):
    return x[:, :-1] @ W[:-1] + b


@bank.right
def dense_dot(x, W, b):
    return np.dot(x, W) + b.reshape(1, -1)


@bank.right
def dense_loops(x, W, b):
    z = np.zeros((x.shape[0], W.shape[1]))
    for n in range(x.shape[0]):
        for k in range(W.shape[1]):
            for i in range(W.shape[0]):
                z[n, k] += x[n, i] * W[i, k]
            z[n, k] += b[k]
    return z


@bank.right
def dense_einsum(x, W, b):
    return np.einsum("ni,ik->nk", x, W) + b


@bank.right
def dense_float32(x, W, b):
    return x.astype(np.float32) @ W.astype(np.float32) + b.astype(np.float32)


# --- dense_backward

@bank.probe
def backward_one(dense_backward):
    return dense_backward(np.array([[2.0]]), np.array([[3.0]]), np.array([[5.0]]))


@bank.probe
def backward_square(dense_backward):
    return dense_backward(SQUARE_X.copy(), SQUARE_W.copy(), SQUARE_D.copy())


@bank.probe
def backward_wide(dense_backward):
    return dense_backward(X.copy(), W.copy(), D.copy())


@bank.probe
def backward_one_sample(dense_backward):
    return dense_backward(X[:1].copy(), W.copy(), D[:1].copy())


@bank.probe
def backward_integers(dense_backward):
    return dense_backward(np.array([[1, 2], [0, 3]]), np.array([[0.5, -0.25], [1.5, 2.0]]),
                          np.array([[0.25, 0.5], [-0.5, 1.5]]))


@bank.wrong("dW is transposed: it must have the shape of W, (inputs, units)")
def dense_backward_transposed(x, W, d):
    return d.T @ x, d.sum(axis=0), d @ W.T


@bank.wrong("dx needs W transposed: d is (batch, units), and dx must be (batch, inputs)")
def dense_backward_w_not_transposed(x, W, d):
    return x.T @ d, d.sum(axis=0), d @ W


@bank.wrong("dW needs x transposed: the sum runs over the samples, and these are the rows of x and of d")
def dense_backward_x_not_transposed(x, W, d):
    return x @ d, d.sum(axis=0), d @ W.T


@bank.wrong("dx came out as (inputs, batch): its rows must be samples, as in x")
def dense_backward_dx_transposed(x, W, d):
    return x.T @ d, d.sum(axis=0), W @ d.T


@bank.wrong("all three were divided by the batch size: d already contains the 1/n of the mean")
def dense_backward_divided(x, W, d):
    n = len(x)
    return x.T @ d / n, d.sum(axis=0) / n, d @ W.T / n


@bank.wrong("dW and db were divided by the batch size: d already contains the 1/n of the mean")
def dense_backward_divided_two(x, W, d):
    n = len(x)
    return x.T @ d / n, d.sum(axis=0) / n, d @ W.T


@bank.wrong("dW was divided by the batch size: d already contains the 1/n of the mean")
def dense_backward_dw_divided(x, W, d):
    return x.T @ d / len(x), d.sum(axis=0), d @ W.T


@bank.wrong("db is the sum over the samples, not their mean: d already contains the 1/n")
def dense_backward_db_mean(x, W, d):
    return x.T @ d, d.mean(axis=0), d @ W.T


@bank.wrong("db was summed over the units: each unit has its own bias, so sum over the samples (axis 0)")
def dense_backward_db_axis(x, W, d):
    return x.T @ d, d.sum(axis=1), d @ W.T


@bank.wrong("db is a single number: sum over the samples only, so that each unit keeps its own")
def dense_backward_db_scalar(x, W, d):
    return x.T @ d, d.sum(), d @ W.T


@bank.wrong("db has an axis too many: b is (units,), and so is its gradient")
def dense_backward_db_keepdims(x, W, d):
    return x.T @ d, d.sum(axis=0, keepdims=True), d @ W.T


@bank.wrong("db is d itself, one row a sample: the bias serves all samples, so their d add up")
def dense_backward_db_unsummed(x, W, d):
    return x.T @ d, d, d @ W.T


@bank.wrong("db is d of the first sample: add up all of them")
def dense_backward_db_first(x, W, d):
    return x.T @ d, d[0], d @ W.T


@bank.wrong("db must not contain x or W: z moves with b one to one")
def dense_backward_db_times_x(x, W, d):
    return x.T @ d, (x.sum(axis=1, keepdims=True) * d).sum(axis=0), d @ W.T


@bank.wrong("* multiplies element by element; dW is a matrix product, which sums over the samples")
def dense_backward_elementwise(x, W, d):
    return x.T * d, d.sum(axis=0), d @ W.T


@bank.wrong("dW is that of the first sample only: all samples add up")
def dense_backward_first(x, W, d):
    return np.outer(x[0], d[0]), d.sum(axis=0), d @ W.T


@bank.wrong("dW and db have the wrong sign: they say where the loss rises, and the step subtracts them")
def dense_backward_sign(x, W, d):
    return -(x.T @ d), -d.sum(axis=0), d @ W.T


@bank.wrong("all three have the wrong sign: a gradient says where the loss rises")
def dense_backward_all_signs(x, W, d):
    return -(x.T @ d), -d.sum(axis=0), -(d @ W.T)


@bank.wrong("dx is d itself: it has to go through the weights")
def dense_backward_dx_is_d(x, W, d):
    return x.T @ d, d.sum(axis=0), d


@bank.wrong("dx was multiplied by x: z moves with x by W alone")
def dense_backward_dx_times_x(x, W, d):
    return x.T @ d, d.sum(axis=0), d @ W.T * x


@bank.wrong("dW was multiplied by W: z moves with W by x alone")
def dense_backward_dw_times_w(x, W, d):
    return x.T @ d * W, d.sum(axis=0), d @ W.T


@bank.wrong("dx was summed over the samples: each sample has its own inputs")
def dense_backward_dx_summed(x, W, d):
    return x.T @ d, d.sum(axis=0), (d @ W.T).sum(axis=0)


@bank.wrong("d is missing: dW is not the sum of the inputs, each input counts with the d of its sample")
def dense_backward_without_d(x, W, d):
    return x.T @ np.ones_like(d), d.sum(axis=0), d @ W.T


@bank.wrong("the results are in the wrong order: return dW, db, dx, and yours come as dx, dW, db")
def dense_backward_dx_first(x, W, d):
    return d @ W.T, x.T @ d, d.sum(axis=0)


@bank.wrong("the results are in the wrong order: return dW, db, dx, and yours come as dW, dx, db")
def dense_backward_db_last(x, W, d):
    return x.T @ d, d @ W.T, d.sum(axis=0)


@bank.wrong("the results are in the wrong order: return dW, db, dx, and yours come backwards")
def dense_backward_backwards(x, W, d):
    return d @ W.T, d.sum(axis=0), x.T @ d


@bank.wrong("dx is missing: the layer before needs it; return dW, db, dx")
def dense_backward_two(x, W, d):
    return x.T @ d, d.sum(axis=0)


@bank.wrong("d was divided by the batch size in place: it contains the 1/n already, and arguments must not change")
def dense_backward_in_place(x, W, d):
    d /= len(d)
    return x.T @ d, d.sum(axis=0), d @ W.T


@bank.wrong("dW was stored in an array of x's kind, which cuts fractions off where x holds integers")
def dense_backward_kind_of_x(x, W, d):
    dW = np.zeros(W.shape, dtype=x.dtype)
    dW[:] = x.T @ d
    return dW, d.sum(axis=0), d @ W.T


@bank.wrong("the gradients were printed, not returned")
def dense_backward_print(x, W, d):
    print(x.T @ d, d.sum(axis=0), d @ W.T)


@bank.wrong("the sum over the samples starts with the second one: start at 0")
def dense_backward_from_one(x, W, d):
    dW, db = np.zeros(W.shape), np.zeros(W.shape[1])
    for n in range(1, len(x)):
        dW += np.outer(x[n], d[n])
        db += d[n]
    return dW, db, d @ W.T


@bank.wrong("dW is made of sums: multiply x and d sample by sample and add up then; the product of sums is not the sum "
            "of products")
def dense_backward_outer_of_sums(x, W, d):
    return np.outer(x.sum(axis=0), d.sum(axis=0)), d.sum(axis=0), d @ W.T


@bank.wrong("dW is that of the last sample: each turn of the loop overwrote it; start from zeros and add (`+=`)")
def dense_backward_last(x, W, d):
    return np.outer(x[-1], d[-1]), d.sum(axis=0), d @ W.T


@bank.wrong("dW and db were divided by the batch size: d already contains the 1/n of the mean")
def dense_backward_both_divided(x, W, d):
    return x.T @ d / len(x), d.mean(axis=0), d @ W.T


@bank.wrong("dx does not contain d: how much each input is answerable for is d times W, not W alone")
def dense_backward_dx_without_d(x, W, d):
    return x.T @ d, d.sum(axis=0), np.ones_like(d) @ W.T


@bank.wrong("a ReLU's slope was multiplied in: the layer has no activation here")
def dense_backward_relu(x, W, d):
    return x.T @ d, d.sum(axis=0), (d @ W.T) * (x > 0)


@bank.wrong("db is all 1: that is the slope of z along b; the chain rule multiplies it by d and adds up over the "
            "samples")
def dense_backward_db_ones(x, W, d):
    return x.T @ d, np.ones(d.shape[1]), d @ W.T


@bank.wrong("dW is made of means: multiply x and d sample by sample and add up then")
def dense_backward_outer_of_means(x, W, d):
    return np.outer(x.mean(axis=0), d.sum(axis=0)), d.sum(axis=0), d @ W.T


@bank.wrong("dx was made from dW: how much the inputs are answerable for depends on the weights, W")
def dense_backward_dx_of_dw(x, W, d):
    dW = x.T @ d
    return dW, d.sum(axis=0), d @ dW.T


@bank.right
def dense_backward_dot(x, W, d):
    dW = np.dot(x.T, d)
    db = np.sum(d, 0)
    dx = np.dot(W, d.T).T
    return [dW, db, dx]


@bank.right
def dense_backward_transposed_twice(x, W, d):
    return (d.T @ x).T, np.ones(len(d)) @ d, d.dot(W.T)


@bank.right
def dense_backward_loops(x, W, d):
    dW, db, dx = np.zeros(W.shape), np.zeros(W.shape[1]), np.zeros(x.shape)
    for n in range(len(x)):
        dW += np.outer(x[n], d[n])
        db += d[n]
        for i in range(len(W)):
            dx[n, i] = (W[i] * d[n]).sum()
    return dW, db, dx


@bank.right
def dense_backward_einsum(x, W, d):
    return np.einsum("ni,nk->ik", x, d), np.einsum("nk->k", d), np.einsum("nk,ik->ni", d, W)


# --- run_epoch

def squares(x, y, W, b):
    """A linear unit and the mean of its squared errors; the 1/n is inside, as in the course's losses."""
    d = (x @ W + b - y[:, None]) / len(x)
    return float((d**2).sum() * len(x) / 2), x.T @ d, d.sum(axis=0)


def uneven_epoch(run_epoch, epoch, lr=0.25):
    x = np.array([[1.0, 2.0], [0.5, -1.0], [-2.0, 0.25], [1.5, 0.75], [-0.5, 3.0], [2.0, -1.5]])
    y = np.array([2.0, -1.0, 0.5, 3.0, 1.0, -2.0])
    weights, bias = np.array([[0.5], [-0.25]]), np.array([0.125])
    answer = run_epoch(x, y, weights, bias, [np.array(rows) for rows in epoch], squares, lr)
    return [answer, weights, bias]


@bank.probe
def epoch_of_one_batch(run_epoch):
    return uneven_epoch(run_epoch, [[0, 1, 2, 3, 4, 5]])


@bank.probe
def epoch_with_a_short_batch(run_epoch):
    return uneven_epoch(run_epoch, [[3, 0, 4, 1], [5, 2]])


@bank.probe
def epoch_of_three(run_epoch):
    return uneven_epoch(run_epoch, [[2, 5], [0, 3], [4, 1]], lr=0.125)


@bank.probe
def epoch_of_single_rows(run_epoch):
    return uneven_epoch(run_epoch, [[5], [0], [3], [1]], lr=0.5)


@bank.wrong("every step used all rows; index x and y with the rows of the batch")
def run_epoch_all_rows(x, y, W, b, epoch, gradients, lr):
    losses = []
    for _ in epoch:
        loss, dW, db = gradients(x, y, W, b)
        losses.append(loss)
        W, b = W - lr * dW, b - lr * db
    return W, b, np.array(losses)


@bank.wrong("x was indexed with the rows of the batch and y was not: each image needs its own label")
def run_epoch_y_not_indexed(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[:len(rows)], W, b)
        losses.append(loss)
        W, b = W - lr * dW, b - lr * db
    return W, b, np.array(losses)


@bank.wrong("the same batch was used again and again: take the rows of this turn of the loop")
def run_epoch_same_batch(x, y, W, b, epoch, gradients, lr):
    losses = []
    for _ in epoch:
        loss, dW, db = gradients(x[epoch[0]], y[epoch[0]], W, b)
        losses.append(loss)
        W, b = W - lr * dW, b - lr * db
    return W, b, np.array(losses)


@bank.wrong("rows 0, 1, 2, ... were used in the order in which they are stored: a batch is an array of row numbers, "
            "index with it")
def run_epoch_in_order(x, y, W, b, epoch, gradients, lr):
    losses, start = [], 0
    for rows in epoch:
        loss, dW, db = gradients(x[start:start + len(rows)], y[start:start + len(rows)], W, b)
        start += len(rows)
        losses.append(loss)
        W, b = W - lr * dW, b - lr * db
    return W, b, np.array(losses)


@bank.wrong("one single row was used in each step; index with the whole array of row numbers")
def run_epoch_one_row(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, dW, db = gradients(x[rows[:1]], y[rows[:1]], W, b)
        losses.append(loss)
        W, b = W - lr * dW, b - lr * db
    return W, b, np.array(losses)


@bank.wrong("the steps go uphill: subtract the rate times the gradient")
def run_epoch_ascent(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        W, b = W + lr * dW, b + lr * db
    return W, b, np.array(losses)


@bank.wrong("the rate lr is missing: a step is lr times the gradient")
def run_epoch_no_rate(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        W, b = W - dW, b - db
    return W, b, np.array(losses)


@bank.wrong("the bias never changes: it takes a step as W does")
def run_epoch_b_fixed(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, dW, _ = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        W = W - lr * dW
    return W, b, np.array(losses)


@bank.wrong("W never changes: it takes a step as b does")
def run_epoch_w_fixed(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, _, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        b = b - lr * db
    return W, b, np.array(losses)


@bank.wrong("the bias took its step without the rate: lr belongs to both")
def run_epoch_b_no_rate(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        W, b = W - lr * dW, b - db
    return W, b, np.array(losses)


@bank.wrong("every step starts from the W and b of the beginning, so only the last batch counts: go on from where the "
            "last step ended")
def run_epoch_from_the_start(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        new_W, new_b = W - lr * dW, b - lr * db
    return new_W, new_b, np.array(losses)


@bank.wrong("the old W and b came back: return the new ones")
def run_epoch_returns_old(x, y, W, b, epoch, gradients, lr):
    losses, new_W, new_b = [], W, b
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], new_W, new_b)
        losses.append(loss)
        new_W, new_b = new_W - lr * dW, new_b - lr * db
    return W, b, np.array(losses)


@bank.wrong("the gradients were asked for at the weights of the beginning: ask at the weights of now, after the "
            "last step")
def run_epoch_old_gradients(x, y, W, b, epoch, gradients, lr):
    losses, new_W, new_b = [], W, b
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        new_W, new_b = new_W - lr * dW, new_b - lr * db
    return new_W, new_b, np.array(losses)


@bank.wrong("one step for the whole epoch, with the mean of the gradients: take a step after each batch")
def run_epoch_one_step(x, y, W, b, epoch, gradients, lr):
    answers = [gradients(x[rows], y[rows], W, b) for rows in epoch]
    dW = sum(a[1] for a in answers) / len(answers)
    db = sum(a[2] for a in answers) / len(answers)
    return W - lr * dW, b - lr * db, np.array([a[0] for a in answers])


@bank.wrong("only the first batch was used: `return` stands inside the loop")
def run_epoch_first(x, y, W, b, epoch, gradients, lr):
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        return W - lr * dW, b - lr * db, np.array([loss])


@bank.wrong("the last batch was left out: it may be short, but it counts")
def run_epoch_without_last(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch[:-1]:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        W, b = W - lr * dW, b - lr * db
    return W, b, np.array(losses)


@bank.wrong("short batches were left out: they are smaller, but they count")
def run_epoch_full_only(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        if len(rows) == len(epoch[0]):
            loss, dW, db = gradients(x[rows], y[rows], W, b)
            losses.append(loss)
            W, b = W - lr * dW, b - lr * db
    return W, b, np.array(losses)


@bank.wrong("the losses were measured after the step; what `fit` reports is the loss before it")
def run_epoch_loss_after(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        _, dW, db = gradients(x[rows], y[rows], W, b)
        W, b = W - lr * dW, b - lr * db
        losses.append(gradients(x[rows], y[rows], W, b)[0])
    return W, b, np.array(losses)


@bank.wrong("the gradients were divided by the batch size: they are means over the batch already")
def run_epoch_divided(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        W, b = W - lr * dW / len(rows), b - lr * db / len(rows)
    return W, b, np.array(losses)


@bank.wrong("the gradients were multiplied by the batch size: the rate applies to the mean over the batch")
def run_epoch_multiplied(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        W, b = W - lr * dW * len(rows), b - lr * db * len(rows)
    return W, b, np.array(losses)


@bank.wrong("the steps were divided by the number of batches: each batch takes a full step")
def run_epoch_shared_rate(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        W, b = W - lr / len(epoch) * dW, b - lr / len(epoch) * db
    return W, b, np.array(losses)


@bank.wrong("b's gradient was asked for after W had moved: take both from one call, at one place")
def run_epoch_one_after_the_other(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, dW, _ = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        W = W - lr * dW
        b = b - lr * gradients(x[rows], y[rows], W, b)[2]
    return W, b, np.array(losses)


@bank.wrong("`W -= ...` and `b -= ...` write into the arrays that were given: make new ones, W = W - ...")
def run_epoch_in_place(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        W -= lr * dW
        b -= lr * db
    return W, b, np.array(losses)


@bank.wrong("`b -= ...` writes into the array that was given: make a new one, b = b - ...")
def run_epoch_b_in_place(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        W = W - lr * dW
        b -= lr * db
    return W, b, np.array(losses)


@bank.wrong("the losses came first; return W, b, losses")
def run_epoch_losses_first(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        W, b = W - lr * dW, b - lr * db
    return np.array(losses), W, b


@bank.wrong("only the last loss came back: return one for each batch")
def run_epoch_last_loss(x, y, W, b, epoch, gradients, lr):
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        W, b = W - lr * dW, b - lr * db
    return W, b, np.array([loss])


@bank.wrong("the losses were averaged: return one for each batch, the mean comes later")
def run_epoch_mean_loss(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        W, b = W - lr * dW, b - lr * db
    return W, b, np.mean(losses)


@bank.wrong("the losses were added up as the epoch went on: each batch has its own")
def run_epoch_running_loss(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        W, b = W - lr * dW, b - lr * db
    return W, b, np.cumsum(losses)


@bank.wrong("the losses were multiplied by the sizes of the batches: each is a mean, and stays one")
def run_epoch_summed_loss(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss * len(rows))
        W, b = W - lr * dW, b - lr * db
    return W, b, np.array(losses)


@bank.wrong("the losses are missing: return W, b, losses")
def run_epoch_two(x, y, W, b, epoch, gradients, lr):
    for rows in epoch:
        _, dW, db = gradients(x[rows], y[rows], W, b)
        W, b = W - lr * dW, b - lr * db
    return W, b


@bank.wrong("the batches were taken in reverse: the first comes first")
def run_epoch_reversed(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch[::-1]:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        W, b = W - lr * dW, b - lr * db
    return W, b, np.array(losses)


@bank.wrong("each batch took two steps: one step a batch")
def run_epoch_twice(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        for _ in range(2):
            _, dW, db = gradients(x[rows], y[rows], W, b)
            W, b = W - lr * dW, b - lr * db
    return W, b, np.array(losses)


@bank.wrong("the rate was made smaller from batch to batch; it is lr in every step")
def run_epoch_decay(x, y, W, b, epoch, gradients, lr):
    losses = []
    for step, rows in enumerate(epoch, start=1):
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        W, b = W - lr / step * dW, b - lr / step * db
    return W, b, np.array(losses)


@bank.wrong("gradients of earlier batches were carried along: plain gradient descent forgets them after the step")
def run_epoch_accumulated(x, y, W, b, epoch, gradients, lr):
    losses, sum_W, sum_b = [], 0, 0
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        sum_W, sum_b = sum_W + dW, sum_b + db
        W, b = W - lr * sum_W, b - lr * sum_b
    return W, b, np.array(losses)


@bank.wrong("the rate is written into the code: use the argument lr")
def run_epoch_fixed_rate(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        W, b = W - 0.01 * dW, b - 0.01 * db
    return W, b, np.array(losses)


@bank.wrong("what `gradients` returns was unpacked in the wrong order: the loss comes first, then dW and db")
def run_epoch_unpacked_wrongly(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        dW, db, loss = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        W, b = W - lr * dW, b - lr * db
    return W, b, np.array(losses)


@bank.wrong("a list of losses came back: make an array of it")
def run_epoch_list(x, y, W, b, epoch, gradients, lr):
    losses = []
    for rows in epoch:
        loss, dW, db = gradients(x[rows], y[rows], W, b)
        losses.append(loss)
        W, b = W - lr * dW, b - lr * db
    return W, b, losses


@bank.right
def run_epoch_copies(x, y, W, b, epoch, gradients, lr):
    W, b = W.copy(), b.copy()
    losses = np.zeros(len(epoch))
    for i, rows in enumerate(epoch):
        losses[i], dW, db = gradients(x[rows], y[rows], W, b)
        W -= lr * dW
        b -= lr * db
    return W, b, losses


@bank.right
def run_epoch_take(x, y, W, b, epoch, gradients, lr):
    losses = []
    for i in range(len(epoch)):
        answer = gradients(np.take(x, epoch[i], axis=0), np.take(y, epoch[i]), W, b)
        losses = [*losses, answer[0]]
        W = W - answer[1] * lr
        b = b - answer[2] * lr
    return [W, b, np.asarray(losses)]


@bank.right
def run_epoch_recursive(x, y, W, b, epoch, gradients, lr):
    if len(epoch) == 0:
        return W, b, np.zeros(0)
    loss, dW, db = gradients(x[epoch[0]], y[epoch[0]], W, b)
    W, b, later = run_epoch(x, y, W - lr * dW, b - lr * db, epoch[1:], gradients, lr)
    return W, b, np.concatenate([[loss], later])


# --- epoch_mean

@bank.probe
def mean_of_equal_batches(epoch_mean):
    return epoch_mean(np.array([3.0, 5.0, 1.0]), np.array([2, 2, 2]))


@bank.probe
def mean_with_a_short_batch(epoch_mean):
    return epoch_mean(np.array([0.5, 0.25, 8.0, 1.75]), np.array([32, 32, 32, 1]))


@bank.probe
def mean_of_other_sizes(epoch_mean):
    return epoch_mean(np.array([2.0, 1.0, 4.0, 0.5]), np.array([1, 5, 3, 2]))


@bank.probe
def mean_of_thirds(epoch_mean):
    return epoch_mean(np.array([1.0, 2.0]), np.array([2, 1]))


@bank.probe
def mean_of_one_batch(epoch_mean):
    return epoch_mean(np.array([0.75]), np.array([7]))


@bank.probe
def mean_of_integers(epoch_mean):
    return epoch_mean(np.array([3, 6]), np.array([3, 1]))


@bank.probe
def mean_of_five_sizes(epoch_mean):
    return epoch_mean(np.array([3.5, 1.25, 6.75, 0.375, 2.625]), np.array([7, 4, 9, 5, 3]))


@bank.wrong("every batch counts alike, though the last has fewer samples: weight each by its size")
def epoch_mean_plain(values, sizes):
    return np.mean(values)


@bank.wrong("the losses were added up: divide by the number of samples")
def epoch_mean_sum(values, sizes):
    return np.sum(values)


@bank.wrong("this is the sum over all samples: divide by their number")
def epoch_mean_undivided(values, sizes):
    return np.dot(values, sizes)


@bank.wrong("divided by the number of batches: divide by the number of samples")
def epoch_mean_by_batches(values, sizes):
    return np.dot(values, sizes) / len(sizes)


@bank.wrong("the losses were not weighted: each is a mean over its batch, so multiply it by the batch's size first")
def epoch_mean_unweighted(values, sizes):
    return np.sum(values) / np.sum(sizes)


@bank.wrong("values and sizes changed places: the losses are averaged, the sizes are the weights")
def epoch_mean_swapped(values, sizes):
    return np.dot(values, sizes) / np.sum(values)


@bank.wrong("each loss was divided by its size: it is a mean already; multiply")
def epoch_mean_divided(values, sizes):
    return np.sum(values / sizes)


@bank.wrong("large batches were given small weights: a batch counts by its size, not by the inverse of it")
def epoch_mean_inverse(values, sizes):
    return np.average(values, weights=1 / sizes)


@bank.wrong("all batches were taken to be as large as the first")
def epoch_mean_first_size(values, sizes):
    return np.dot(values, sizes) / (sizes[0] * len(sizes))


@bank.wrong("the last batch was left out: it is short, but it counts by its size")
def epoch_mean_without_last(values, sizes):
    return np.dot(values[:-1], sizes[:-1]) / np.sum(sizes[:-1]) if len(values) > 1 else values[0]


@bank.wrong("only full batches were counted: a short one counts by its size")
def epoch_mean_full_only(values, sizes):
    return np.mean(values[sizes == sizes.max()])


@bank.wrong("only the last batch was reported")
def epoch_mean_last(values, sizes):
    return values[-1]


@bank.wrong("only the first batch was reported")
def epoch_mean_first(values, sizes):
    return values[0]


@bank.wrong("this is the median of the batches, not the mean of the samples")
def epoch_mean_median(values, sizes):
    return np.median(values)


@bank.wrong("the shares of the batches came back one by one: add them up")
def epoch_mean_shares(values, sizes):
    return values * sizes / np.sum(sizes)


@bank.wrong("the mean up to each batch came back: only the number at the end is asked for")
def epoch_mean_running(values, sizes):
    return np.cumsum(values * sizes) / np.cumsum(sizes)


@bank.wrong("the sizes were squared: each batch counts by its size, once")
def epoch_mean_squared(values, sizes):
    return np.dot(values, sizes**2) / np.sum(sizes**2)


@bank.wrong("the mean was rounded: return it as it is, rounding is for printing")
def epoch_mean_rounded(values, sizes):
    return np.round(np.dot(values, sizes) / np.sum(sizes), 4)


@bank.wrong("the mean was cut to a whole number: / divides, // cuts")
def epoch_mean_whole(values, sizes):
    return np.dot(values, sizes) // np.sum(sizes)


@bank.wrong("a batch was not weighted by its size but by its place")
def epoch_mean_places(values, sizes):
    return np.average(values, weights=np.arange(len(values)) + 1)


@bank.wrong("newer batches were given more weight; every sample counts alike")
def epoch_mean_moving(values, sizes):
    mean = values[0]
    for value in values[1:]:
        mean = 0.9 * mean + 0.1 * value
    return mean


@bank.wrong("`values *= sizes` writes into the array that was given; make a new one")
def epoch_mean_in_place(values, sizes):
    values *= sizes
    return values.sum() / sizes.sum()


@bank.wrong("the mean was printed, not returned")
def epoch_mean_print(values, sizes):
    print(np.dot(values, sizes) / np.sum(sizes))


@bank.wrong("the mean came back in an array or a list: return the number itself")
def epoch_mean_list(values, sizes):
    return np.array([np.dot(values, sizes) / np.sum(sizes)])


@bank.wrong("the weighted losses were averaged over the batches and divided by the samples as well: divide the sum "
            "once")
def epoch_mean_divided_twice(values, sizes):
    return np.mean(values * sizes) / np.sum(sizes)


@bank.wrong("the losses were cut to whole numbers: `int` drops the fraction")
def epoch_mean_cut(values, sizes):
    return int(np.dot(values, sizes)) / sizes.sum()


@bank.wrong("the size of a full batch is written into the code as 32: take the sizes that come in")
def epoch_mean_of_32(values, sizes):
    return np.dot(values, sizes) / (32 * (len(sizes) - 1) + sizes[-1])


@bank.wrong("this is the median of the samples, not their mean")
def epoch_mean_median_of_samples(values, sizes):
    return np.median(np.repeat(values, sizes))


@bank.wrong("all batches were taken to be as large as the largest: divide by the number of samples that there are")
def epoch_mean_largest_size(values, sizes):
    return np.dot(values, sizes) / (sizes.max() * len(sizes))


@bank.wrong("losses or sizes were sorted, so that a loss meets the size of another batch: leave both in their order")
def epoch_mean_both_sorted(values, sizes):
    return np.dot(np.sort(values), np.sort(sizes)) / np.sum(sizes)


@bank.wrong("losses or sizes were sorted, so that a loss meets the size of another batch: leave both in their order")
def epoch_mean_losses_sorted(values, sizes):
    return np.dot(np.sort(values), sizes) / np.sum(sizes)


@bank.wrong("the batches were weighted with the roots of their sizes: each counts by its size")
def epoch_mean_of_roots(values, sizes):
    return np.average(values, weights=np.sqrt(sizes))


@bank.wrong("losses and sizes were added up by themselves and multiplied then: multiply batch by batch, then add up")
def epoch_mean_product_of_sums(values, sizes):
    return np.sum(values) * np.sum(sizes) / len(sizes)


@bank.wrong("the sum over all samples was divided by the mean size, not by the number of samples")
def epoch_mean_by_mean_size(values, sizes):
    return np.dot(values, sizes) / np.mean(sizes)


@bank.wrong("1 was subtracted from the number of samples: divide by all of them")
def epoch_mean_one_sample_less(values, sizes):
    return np.dot(values, sizes) / max(np.sum(sizes) - 1, 1)


@bank.wrong("this is the geometric mean: add the losses up, each as often as it has samples")
def epoch_mean_geometric(values, sizes):
    return np.exp(np.average(np.log(values), weights=sizes))


@bank.wrong("the mean was rounded: return it as it is, rounding is for printing")
def epoch_mean_rounded_to_3(values, sizes):
    return round(float(np.dot(values, sizes) / np.sum(sizes)), 3)


@bank.right
def epoch_mean_average(values, sizes):
    return np.average(values, weights=sizes)


@bank.right
def epoch_mean_loop(values, sizes):
    total, n = 0.0, 0
    for value, size in zip(values, sizes, strict=True):
        total += value * size
        n += size
    return total / n


@bank.right
def epoch_mean_repeat(values, sizes):
    return float(np.mean(np.repeat(values, sizes)))


@bank.right
def epoch_mean_shares_added(values, sizes):
    return (values * (sizes / sizes.sum())).sum()


# --- early_stopping

@bank.probe
def stops_never(early_stopping):
    return [early_stopping(np.array(losses), 2) for losses in ([4.0, 3.0, 2.0, 1.0], [4.0, 2.0, 3.0, 1.0, 2.0])]


@bank.probe
def stops_after_two(early_stopping):
    return [early_stopping(np.array(losses), 2) for losses in ([4.0, 2.0, 3.0, 3.5, 1.0], [3.0, 4.0, 5.0, 6.0])]


@bank.probe
def stops_after_one(early_stopping):
    return early_stopping(np.array([4.0, 2.0, 3.0, 1.0, 5.0]), 1)


@bank.probe
def stops_at_ties(early_stopping):
    return [early_stopping(np.array([4.0, 2.0, 2.0, 2.0, 1.0]), 2), early_stopping(np.array([4.0, 2.0, 2.0, 3.0]), 3)]


@bank.probe
def stops_below_the_best(early_stopping):
    return early_stopping(np.array([4.0, 2.0, 3.5, 3.0, 2.5, 2.25, 1.0]), 3)


@bank.probe
def stops_counting_anew(early_stopping):
    return early_stopping(np.array([4.0, 5.0, 3.0, 4.0, 2.0, 3.0, 1.0, 2.0]), 2)


@bank.probe
def stops_with_min_delta(early_stopping):
    return [early_stopping(np.array([4.0, 3.75, 3.25, 3.0]), 2, 0.5),
            early_stopping(np.array([4.0, 3.5, 3.5, 2.0]), 2, 0.5),
            early_stopping(np.array([2.0, 2.25, 1.875, 2.0, 1.5]), 2, 0.25)]


@bank.probe
def stops_at_small_steps(early_stopping):
    return [early_stopping(np.array([3.0, 2.0, 1.875, 1.75, 1.0, 1.125]), 2, 0.25),
            early_stopping(np.array([10.0, 9.0, 8.25, 7.5, 6.0, 6.5]), 3, 0.5)]


@bank.probe
def stops_without_patience(early_stopping):
    return [early_stopping(np.array(losses), 0) for losses in ([4.0, 3.0, 3.5, 1.0], [3.0], [2.0, 1.0])]


@bank.probe
def stops_large_losses(early_stopping):
    return early_stopping(np.array([10.0, 20.0, 9.0, 30.0, 40.0, 8.0]), 2)


@bank.wrong("a tie was counted as an improvement: the loss must be below the best one, not equal to it")
def early_stopping_ties(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if epoch == 0 or loss + min_delta <= val_losses[best]:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return epoch, best
    return len(val_losses) - 1, best


@bank.wrong("training went on for one epoch too many: stop as soon as `patience` epochs in a row brought nothing")
def early_stopping_one_late(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best = epoch
        elif epoch - best > max(patience, 1):
            return epoch, best
    return len(val_losses) - 1, best


@bank.wrong("training stopped one epoch too early: `patience` epochs without an improvement are allowed to pass")
def early_stopping_one_early(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best = epoch
        elif epoch > 0 and epoch - best >= max(patience, 1) - 1:
            return epoch, best
    return len(val_losses) - 1, best


@bank.wrong("the loss was compared with that of the epoch before; compare it with the best one so far")
def early_stopping_previous(val_losses, patience, min_delta=0.0):
    best, waited = 0, 0
    for epoch in range(1, len(val_losses)):
        if val_losses[epoch] + min_delta < val_losses[epoch - 1]:
            best, waited = epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return epoch, best
    return len(val_losses) - 1, best


@bank.wrong("the counter counts rises from one epoch to the next; count the epochs since the best one")
def early_stopping_rises(val_losses, patience, min_delta=0.0):
    waited = 0
    for epoch in range(1, len(val_losses)):
        waited = waited + 1 if val_losses[epoch] + min_delta >= val_losses[epoch - 1] else 0
        if waited >= max(patience, 1):
            return epoch, int(np.argmin(val_losses[:epoch + 1]))
    return len(val_losses) - 1, int(np.argmin(val_losses))


@bank.wrong("the counter was never set back: after an improvement the counting begins anew")
def early_stopping_no_reset(val_losses, patience, min_delta=0.0):
    best, waited = 0, 0
    for epoch in range(1, len(val_losses)):
        if val_losses[epoch] + min_delta < val_losses[best]:
            best = epoch
        else:
            waited += 1
            if waited >= patience:
                return epoch, best
    return len(val_losses) - 1, best


@bank.wrong("the best epoch was looked for in the whole list, also behind the end of training: those epochs never "
            "happen")
def early_stopping_best_of_all(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return epoch, int(np.argmin(val_losses))
    return len(val_losses) - 1, best


@bank.wrong("with min_delta the smallest loss need not be the best epoch: it is the last one that was an improvement")
def early_stopping_smallest(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return epoch, int(np.argmin(val_losses[:epoch + 1]))
    return len(val_losses) - 1, int(np.argmin(val_losses))


@bank.wrong("the best epoch is not always `patience` before the last: training may also end with the list")
def early_stopping_last_minus_patience(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return epoch, epoch - max(patience, 1)
    return len(val_losses) - 1, len(val_losses) - 1 - patience


@bank.wrong("both epochs are counted from 1; count from 0, as Python and Keras do")
def early_stopping_from_one(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return epoch + 1, best + 1
    return len(val_losses), best + 1


@bank.wrong("last is the number of epochs that were trained; asked for is the number of the last one, counted from 0")
def early_stopping_count(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return epoch + 1, best
    return len(val_losses), best


@bank.wrong("if training ends with the list, its last epoch is len(val_losses) - 1, since epochs are counted from 0")
def early_stopping_length(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return epoch, best
    return len(val_losses), best


@bank.wrong("the best loss came back; asked for is the number of its epoch")
def early_stopping_loss(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return epoch, val_losses[best]
    return len(val_losses) - 1, val_losses[best]


@bank.wrong("the two numbers are in the wrong order: return last, best")
def early_stopping_swapped(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return best, epoch
    return best, len(val_losses) - 1


@bank.wrong("min_delta was not used: an improvement must be larger than it")
def early_stopping_without_delta(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best]:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return epoch, best
    return len(val_losses) - 1, best


@bank.wrong("min_delta has the wrong sign: now an epoch may even be a little worse and count as an improvement")
def early_stopping_delta_sign(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if epoch == 0 or loss - min_delta < val_losses[best]:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return epoch, best
    return len(val_losses) - 1, best


@bank.wrong("min_delta was taken as a share of the best loss; it is a plain difference")
def early_stopping_relative(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss < val_losses[best] * (1 - min_delta):
            best = epoch
        elif epoch - best >= max(patience, 1):
            return epoch, best
    return len(val_losses) - 1, best


@bank.wrong("exactly min_delta is not enough: the loss must be below the best one by more than that")
def early_stopping_delta_enough(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best] or (0 < min_delta == val_losses[best] - loss):
            best = epoch
        elif epoch - best >= max(patience, 1):
            return epoch, best
    return len(val_losses) - 1, best


@bank.wrong("the loss to beat was lowered without an improvement: after steps smaller than min_delta compare with the "
            "last epoch that was an improvement, so that small steps can add up")
def early_stopping_moving_bar(val_losses, patience, min_delta=0.0):
    best, bar, waited = 0, val_losses[0], 0
    for epoch in range(1, len(val_losses)):
        if val_losses[epoch] + min_delta < bar:
            best, waited = epoch, 0
        else:
            waited += 1
            if waited >= max(patience, 1):
                return epoch, best
        bar = min(bar, val_losses[epoch])
    return len(val_losses) - 1, best


@bank.wrong("large values were taken for good: a loss is better when it is smaller")
def early_stopping_maximum(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss - min_delta > val_losses[best]:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return epoch, best
    return len(val_losses) - 1, best


@bank.wrong("training never stops: patience was not used")
def early_stopping_never(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best = epoch
    return len(val_losses) - 1, best


@bank.wrong("training stopped at the first epoch without an improvement: wait for `patience` of them in a row")
def early_stopping_at_once(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best = epoch
        elif epoch > 0:
            return epoch, best
    return len(val_losses) - 1, best


@bank.wrong("if the list ends before patience does, nothing comes back: return the last epoch of the list then")
def early_stopping_none(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return epoch, best


@bank.wrong("with patience 0 training stopped before anything could get worse: one epoch without an improvement must "
            "have passed, as with patience 1")
def early_stopping_zero_at_once(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best = epoch
        if epoch - best >= patience:
            return epoch, best
    return len(val_losses) - 1, best


@bank.wrong("with patience 0 training never stopped: one epoch without an improvement ends it, as with patience 1")
def early_stopping_zero_never(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best = epoch
        elif epoch - best == patience and patience > 0:
            return epoch, best
    return len(val_losses) - 1, best


@bank.wrong("the loss to beat begins with a number of your own, which losses may lie above: begin with the first loss, "
            "or with np.inf")
def early_stopping_begins_at_one(val_losses, patience, min_delta=0.0):
    best, bar, waited = 0, 1.0, 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < bar:
            best, bar, waited = epoch, loss, 0
        else:
            waited += 1
            if waited >= max(patience, 1):
                return epoch, best
    return len(val_losses) - 1, best


@bank.wrong("the first epoch has no number before it to beat: it always counts as an improvement, and waiting begins "
            "behind it")
def early_stopping_first_waits(val_losses, patience, min_delta=0.0):
    best, waited = 0, 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best, waited = epoch, 0
        else:
            waited += 1
            if waited >= max(patience, 1):
                return epoch, best
    return len(val_losses) - 1, best


@bank.wrong("only the last epoch came back: return last, best")
def early_stopping_only_last(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return epoch
    return len(val_losses) - 1


@bank.wrong("the losses were sorted: their order is that of the epochs")
def early_stopping_sorted(val_losses, patience, min_delta=0.0):
    val_losses.sort()
    return len(val_losses) - 1, 0


@bank.wrong("last is the best epoch itself; training goes on for `patience` epochs more before it ends")
def early_stopping_last_is_best(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return best, best
    return len(val_losses) - 1, best


@bank.wrong("the best epoch is the first to have this loss, not the last: a tie is no improvement")
def early_stopping_last_of_ties(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return epoch, int(np.flatnonzero(val_losses[:epoch + 1] == val_losses[best])[-1])
    return len(val_losses) - 1, int(np.flatnonzero(val_losses == val_losses[best])[-1])


@bank.wrong("the best loss of the WHOLE list was looked for: training cannot know the epochs after its end, so go "
            "through the losses one by one and stop when patience runs out")
def early_stopping_argmin(val_losses, patience, min_delta=0.0):
    best = int(np.argmin(val_losses))
    return min(best + patience, len(val_losses) - 1), best


@bank.wrong("the last epoch came back twice: best is the last one that was an improvement")
def early_stopping_best_is_last(val_losses, patience, min_delta=0.0):
    best = 0
    for epoch, loss in enumerate(val_losses):
        if loss + min_delta < val_losses[best]:
            best = epoch
        elif epoch - best >= max(patience, 1):
            return epoch, epoch
    return len(val_losses) - 1, len(val_losses) - 1


@bank.wrong("losses that rise from one epoch to the next were counted: what counts is whether the BEST one was beaten")
def early_stopping_counts_rises(val_losses, patience, min_delta=0.0):
    best = wait = 0
    for epoch in range(1, len(val_losses)):
        if val_losses[epoch] < val_losses[best] - min_delta:
            best = epoch
        wait = wait + 1 if val_losses[epoch] >= val_losses[epoch - 1] else 0
        if wait >= max(patience, 1):
            return epoch, best
    return len(val_losses) - 1, best


@bank.wrong("the losses were sorted: their order is that of the epochs")
def early_stopping_sorts_what_is_left(val_losses, patience, min_delta=0.0):
    best = int(np.argmin(val_losses))
    val_losses.sort()
    return min(best + max(patience, 1), len(val_losses) - 1), best


@bank.right
def early_stopping_counter(val_losses, patience, min_delta=0.0):
    best, lowest, waited = 0, np.inf, 0
    for epoch in range(len(val_losses)):
        if val_losses[epoch] < lowest - min_delta:
            best, lowest, waited = epoch, val_losses[epoch], 0
        else:
            waited += 1
            if waited >= patience:
                return epoch, best
    return len(val_losses) - 1, best


@bank.right
def early_stopping_while(val_losses, patience, min_delta=0.0):
    epoch = best = np.int64(0)
    while epoch + 1 < len(val_losses):
        epoch = epoch + 1
        if val_losses[best] - val_losses[epoch] > min_delta:
            best = epoch
        if epoch - best == max(1, patience):
            break
    return [epoch, best]


@bank.right
def early_stopping_by_search(val_losses, patience, min_delta=0.0):
    n, best = len(val_losses), 0
    while True:
        window = val_losses[best + 1:best + 1 + max(patience, 1)]
        better = np.flatnonzero(window < val_losses[best] - min_delta)
        if len(better) == 0:
            return min(best + max(patience, 1), n - 1), best
        best = best + 1 + int(better[0])
