"""Versions of the seven functions of a network that students write, wrong and right, for the exercise beside it.

Probes run small networks: with one, two and three layers, square ones (in which a wrong order of layers gives numbers
instead of errors), batches of several sizes, z that are exactly 0, tiny gradients that show Adam's epsilon.
A version that calls another of the functions calls the right one.
"""

import itertools

import numpy as np

from autograder.bank import Bank
from solutions.activations import relu, relu_backward, softmax
from solutions.losses import cross_entropy_from_logits, cross_entropy_from_logits_backward
from solutions.network import dense, dense_backward
from solutions.optimizers import adam
from solutions.rebuild import backward, forward, initialise, predict, train, training_step, update, zeros_for

bank = Bank(initialise, forward, backward, update, training_step, train, predict)


def numbers(seed, *shape):
    """Fixed numbers of both signs."""
    return np.random.default_rng(seed).normal(size=shape)


def network(seed, *sizes):
    """Fixed layers of these sizes; biases are not 0."""
    return [(numbers(seed + k, *pair) / 2, numbers(seed + 50 + k, pair[1]))
            for k, pair in enumerate(itertools.pairwise(sizes))]


def with_corners(layers):
    """The same layers, but the first unit of every hidden one has z = 0 for every image."""
    changed = [(W.copy(), b.copy()) for W, b in layers]
    for W, b in changed[:-1]:
        W[:, 0], b[0] = 0.0, 0.0
    return changed


def averages(layers, size=0.5):
    """Averages as Adam keeps them, none of them 0, and those for squares positive."""
    m = [(size * np.cos(W), size * np.cos(b)) for W, b in layers]
    v = [(size**2 * (1 + np.sin(W) ** 2), size**2 * (1 + np.sin(b) ** 2)) for W, b in layers]
    return m, v


def moves(new, layers):
    """By how many thousandths each number moved: differences of new to old weights are too small to be compared."""
    return [(1000 * (W - old_W), 1000 * (b - old_b))
            for (W, b), (old_W, old_b) in zip(new, layers, strict=True)]


def form(value):
    """What an answer is made of: lists stay lists, an array becomes its shape."""
    if isinstance(value, list | tuple):
        return [form(part) for part in value]
    return str(np.shape(value))


# initialise: what every right answer has in common, for each is drawn in a way of its own


def facts(layers):
    """Lengths and shapes of layers, and their spread in shares of the limit, as far as draws do not change it."""
    found = []
    for W, b in layers:
        limit = np.sqrt(6 / sum(W.shape))
        found.append([len(layers), W.shape[0], W.shape[1], b.ndim, b.shape[-1], round(abs(W).max() / limit, 1),
                      round(W.min() / limit, 1), round(np.std(W) / limit, 1), bool(b.any()), round(float(b.max()), 1),
                      len(np.unique(W)) > W.size / 2, W.dtype.kind == "f"])
    return [tuple(row) for row in found]


def vector(layers):
    """All numbers of some layers."""
    return np.concatenate([array.ravel() for pair in layers for array in pair])


@bank.probe
def two_large_layers(initialise):
    return facts(initialise((400, 300, 50), np.random.default_rng(0)))


@bank.probe
def four_layers(initialise):
    return facts(initialise((60, 300, 90, 300, 60), np.random.default_rng(1)))


@bank.probe
def one_layer(initialise):
    return facts(initialise((200, 300), np.random.default_rng(2)))


@bank.probe
def the_same_seed_twice(initialise):
    once, again = (vector(initialise((6, 5, 4), np.random.default_rng(3))) for _ in range(2))
    return bool(np.allclose(once, again))


@bank.probe
def another_seed(initialise):
    once, again = (vector(initialise((6, 5, 4), np.random.default_rng(seed))) for seed in (4, 5))
    return bool(np.allclose(once, again))


@bank.probe
def one_generator_twice(initialise):
    rng = np.random.default_rng(6)
    once, again = (vector(initialise((6, 5, 4), rng)) for _ in range(2))
    return bool(np.allclose(once, again))


@bank.probe
def layers_of_one_size(initialise):
    (first, _), (second, _) = initialise((30, 30, 30), np.random.default_rng(7))
    return [bool(np.allclose(first, second)), bool(np.allclose(first[0], first[1])),
            bool(np.allclose(first[:, 0], first[:, 1]))]


@bank.probe
def the_second_of_unequal_layers(initialise):
    W, _ = initialise((300, 60, 200), np.random.default_rng(8))[1]
    return round(abs(W).max() / np.sqrt(6 / 260), 1)


@bank.wrong("the limit is that of He, which counts the inputs alone; Glorot's has inputs + units below the 6")
def initialise_he(sizes, rng):
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = np.sqrt(6 / n_in)
        layers.append((rng.uniform(-limit, limit, size=(n_in, n_out)), np.zeros(n_out)))
    return layers


@bank.wrong("the weights come from a normal distribution; Glorot's uniform ones never leave their limit")
def initialise_normal(sizes, rng):
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        layers.append((rng.normal(scale=np.sqrt(2 / (n_in + n_out)), size=(n_in, n_out)), np.zeros(n_out)))
    return layers


@bank.wrong("the root is missing in the limit: it is the root of 6 / (inputs + units)")
def initialise_no_root(sizes, rng):
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = 6 / (n_in + n_out)
        layers.append((rng.uniform(-limit, limit, size=(n_in, n_out)), np.zeros(n_out)))
    return layers


@bank.wrong("the limit has a 2 where a 6 belongs: 2 / (inputs + units) is the variance, and a uniform number between "
            "-limit and limit has only a third of limit squared")
def initialise_variance_as_limit(sizes, rng):
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = np.sqrt(2 / (n_in + n_out))
        layers.append((rng.uniform(-limit, limit, size=(n_in, n_out)), np.zeros(n_out)))
    return layers


@bank.wrong("the limit is 1 / root of the inputs, PyTorch's default; Keras takes Glorot's")
def initialise_pytorch(sizes, rng):
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = np.sqrt(1 / n_in)
        layers.append((rng.uniform(-limit, limit, size=(n_in, n_out)), np.zeros(n_out)))
    return layers


@bank.wrong("6 was divided by the product of inputs and units; Glorot's limit has their sum")
def initialise_product(sizes, rng):
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = np.sqrt(6 / (n_in * n_out))
        layers.append((rng.uniform(-limit, limit, size=(n_in, n_out)), np.zeros(n_out)))
    return layers


@bank.wrong("without parentheses 6 / inputs + units is a fraction plus units: put inputs + units in parentheses")
def initialise_no_parentheses(sizes, rng):
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = np.sqrt(6 / n_in + n_out)
        layers.append((rng.uniform(-limit, limit, size=(n_in, n_out)), np.zeros(n_out)))
    return layers


@bank.wrong("every weight is positive: the lower bound is minus the limit, not 0")
def initialise_positive(sizes, rng):
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        layers.append((rng.uniform(0, np.sqrt(6 / (n_in + n_out)), size=(n_in, n_out)), np.zeros(n_out)))
    return layers


@bank.wrong("the weights lie between 0 and 1: give rng.uniform its two bounds")
def initialise_unit_interval(sizes, rng):
    return [(rng.uniform(size=pair), np.zeros(pair[1])) for pair in itertools.pairwise(sizes)]


@bank.wrong("all layers got the limit of the first: inputs and units are those of the layer itself")
def initialise_one_limit(sizes, rng):
    limit = np.sqrt(6 / (sizes[0] + sizes[1]))
    return [(rng.uniform(-limit, limit, size=pair), np.zeros(pair[1])) for pair in itertools.pairwise(sizes)]


@bank.wrong("all layers got a limit from the network's first and last size: inputs and units are those of the layer")
def initialise_outer_limit(sizes, rng):
    limit = np.sqrt(6 / (sizes[0] + sizes[-1]))
    return [(rng.uniform(-limit, limit, size=pair), np.zeros(pair[1])) for pair in itertools.pairwise(sizes)]


@bank.wrong("all weights are 0: then all units of a layer stay alike for ever; draw them with rng")
def initialise_zeros(sizes, rng):
    return [(np.zeros(pair), np.zeros(pair[1])) for pair in itertools.pairwise(sizes)]


@bank.wrong("W lies on its side: its shape is (inputs, units)")
def initialise_transposed(sizes, rng):
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = np.sqrt(6 / (n_in + n_out))
        layers.append((rng.uniform(-limit, limit, size=(n_out, n_in)), np.zeros(n_out)))
    return layers


@bank.wrong("b has two axes; its shape is (units,), one axis")
def initialise_bias_with_two_axes(sizes, rng):
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = np.sqrt(6 / (n_in + n_out))
        layers.append((rng.uniform(-limit, limit, size=(n_in, n_out)), np.zeros((1, n_out))))
    return layers


@bank.wrong("b has one number for each input; it has one for each unit")
def initialise_bias_for_inputs(sizes, rng):
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = np.sqrt(6 / (n_in + n_out))
        layers.append((rng.uniform(-limit, limit, size=(n_in, n_out)), np.zeros(n_in)))
    return layers


@bank.wrong("the biases were drawn at random; they start at 0")
def initialise_random_biases(sizes, rng):
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = np.sqrt(6 / (n_in + n_out))
        layers.append((rng.uniform(-limit, limit, size=(n_in, n_out)), rng.uniform(-limit, limit, size=n_out)))
    return layers


@bank.wrong("the biases start at 1; they start at 0")
def initialise_biases_of_1(sizes, rng):
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = np.sqrt(6 / (n_in + n_out))
        layers.append((rng.uniform(-limit, limit, size=(n_in, n_out)), np.ones(n_out)))
    return layers


@bank.wrong("one layer is missing at the end: three sizes make two layers")
def initialise_one_layer_less(sizes, rng):
    layers = []
    for k in range(len(sizes) - 2):
        limit = np.sqrt(6 / (sizes[k] + sizes[k + 1]))
        layers.append((rng.uniform(-limit, limit, size=(sizes[k], sizes[k + 1])), np.zeros(sizes[k + 1])))
    return layers


@bank.wrong("only the first layer came back: is `return` inside the loop?")
def initialise_return_in_the_loop(sizes, rng):
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = np.sqrt(6 / (n_in + n_out))
        layers.append((rng.uniform(-limit, limit, size=(n_in, n_out)), np.zeros(n_out)))
        return layers
    return layers


@bank.wrong("weights and biases stand side by side; each layer is a pair (W, b) of its own")
def initialise_flat(sizes, rng):
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = np.sqrt(6 / (n_in + n_out))
        layers += [rng.uniform(-limit, limit, size=(n_in, n_out)), np.zeros(n_out)]
    return layers


@bank.wrong("the pairs are turned round: W comes first, then b")
def initialise_bias_first(sizes, rng):
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = np.sqrt(6 / (n_in + n_out))
        layers.append((np.zeros(n_out), rng.uniform(-limit, limit, size=(n_in, n_out))))
    return layers


@bank.wrong("rng was not used: a generator with a seed of its own gives every network the same weights")
def initialise_own_seed(sizes, rng):
    rng = np.random.default_rng(0)
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = np.sqrt(6 / (n_in + n_out))
        layers.append((rng.uniform(-limit, limit, size=(n_in, n_out)), np.zeros(n_out)))
    return layers


@bank.wrong("rng was not used: the weights come from somewhere else, so one seed gives different networks")
def initialise_global(sizes, rng):
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = np.sqrt(6 / (n_in + n_out))
        layers.append((np.random.uniform(-limit, limit, size=(n_in, n_out)), np.zeros(n_out)))
    return layers


@bank.wrong("each layer began with a fresh generator of one seed, so layers start alike: let one rng serve them all")
def initialise_fresh_generator_a_layer(sizes, rng):
    layers, seed = [], rng.integers(1_000_000)
    for n_in, n_out in itertools.pairwise(sizes):
        limit = np.sqrt(6 / (n_in + n_out))
        fresh = np.random.default_rng(seed)
        layers.append((fresh.uniform(-limit, limit, size=(n_in, n_out)), np.zeros(n_out)))
    return layers


@bank.wrong("all inputs of a unit got one and the same weight: W needs a draw for every pair of input and unit")
def initialise_one_draw_a_unit(sizes, rng):
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = np.sqrt(6 / (n_in + n_out))
        layers.append((np.tile(rng.uniform(-limit, limit, size=n_out), (n_in, 1)), np.zeros(n_out)))
    return layers


@bank.wrong("all units got the same weights: W needs a draw for every pair of input and unit")
def initialise_one_draw_an_input(sizes, rng):
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = np.sqrt(6 / (n_in + n_out))
        layers.append((np.tile(rng.uniform(-limit, limit, size=(n_in, 1)), (1, n_out)), np.zeros(n_out)))
    return layers


@bank.wrong("the weights are a hundredth of normal numbers, an old habit; the limit here depends on inputs and units")
def initialise_hundredth(sizes, rng):
    return [(0.01 * rng.normal(size=pair), np.zeros(pair[1])) for pair in itertools.pairwise(sizes)]


@bank.right
def initialise_by_index(sizes, rng):
    layers = []
    for k in range(len(sizes) - 1):
        bound = (6 / (sizes[k] + sizes[k + 1])) ** 0.5
        layers.append((rng.uniform(-bound, bound, (sizes[k], sizes[k + 1])), np.zeros((sizes[k + 1],))))
    return layers


@bank.right
def initialise_by_random(sizes, rng):
    return [((2 * rng.random(pair) - 1) * np.sqrt(6 / sum(pair)), np.zeros(pair[1]))
            for pair in itertools.pairwise(sizes)]


@bank.right
def initialise_last_layer_first(sizes, rng):
    layers = []
    for n_in, n_out in reversed(list(itertools.pairwise(sizes))):
        limit = np.sqrt(6 / (n_in + n_out))
        layers.insert(0, (rng.uniform(-limit, limit, size=(n_in, n_out)), np.zeros(n_out)))
    return layers


@bank.right
def initialise_row_by_row(sizes, rng):
    layers = []
    for n_in, n_out in itertools.pairwise(sizes):
        limit = np.sqrt(6) / np.sqrt(n_in + n_out)
        layers.append([np.array([rng.uniform(-limit, limit, n_out) for _ in range(n_in)]), np.zeros(n_out)])
    return layers


# forward


@bank.probe
def two_layers(forward):
    return forward(network(1, 4, 6, 3), numbers(1, 5, 4))


@bank.probe
def three_square_layers(forward):
    return forward(network(2, 5, 5, 5, 5), numbers(2, 5, 5))


@bank.probe
def a_single_layer(forward):
    return forward(network(3, 4, 3), numbers(3, 6, 4))


@bank.probe
def five_layers(forward):
    return forward(network(4, 6, 5, 7, 4, 6, 3), numbers(4, 4, 6))


@bank.probe
def one_image(forward):
    return forward(network(5, 6, 5, 3), numbers(5, 1, 6))


@bank.wrong("ReLU was applied to the logits; the last layer has no activation, and logits may be negative")
def forward_relu_last(layers, x):
    a, trace = x, []
    for W, b in layers:
        z = dense(a, W, b)
        trace.append((a, z))
        a = relu(z)
    return a, trace


@bank.wrong("there is no ReLU between the layers")
def forward_no_relu(layers, x):
    a, trace = x, []
    for W, b in layers:
        z = dense(a, W, b)
        trace.append((a, z))
        a = z
    return a, trace


@bank.wrong("the first result are probabilities; logits are asked for, without softmax")
def forward_softmax(layers, x):
    a, trace = x, []
    for W, b in layers:
        z = dense(a, W, b)
        trace.append((a, z))
        a = relu(z)
    return softmax(z), trace


@bank.wrong("the first result are sigmoids of the logits; the logits themselves are asked for")
def forward_sigmoid(layers, x):
    a, trace = x, []
    for W, b in layers:
        z = dense(a, W, b)
        trace.append((a, z))
        a = relu(z)
    return 1 / (1 + np.exp(-z)), trace


@bank.wrong("the first result are classes; all logits are asked for, `predict` chooses later")
def forward_argmax(layers, x):
    a, trace = x, []
    for W, b in layers:
        z = dense(a, W, b)
        trace.append((a, z))
        a = relu(z)
    return z.argmax(axis=1), trace


@bank.wrong("the trace holds what ReLU made of z; the way back needs z as it was before ReLU "
            "(stored after it, or overwritten in place)")
def forward_trace_after_relu(layers, x):
    a, trace = x, []
    for number, (W, b) in enumerate(layers):
        z = dense(a, W, b)
        out = relu(z) if number < len(layers) - 1 else z
        trace.append((a, out))
        a = out
    return z, trace


@bank.wrong("the trace holds what ReLU made of z, in the last layer too; z is asked for, as it was before ReLU")
def forward_trace_after_relu_everywhere(layers, x):
    a, trace = x, []
    for W, b in layers:
        z = dense(a, W, b)
        trace.append((a, relu(z)))
        a = relu(z)
    return z, trace


@bank.wrong("every pair of the trace begins with x; each layer has an input of its own")
def forward_trace_of_x(layers, x):
    a, trace = x, []
    for W, b in layers:
        z = dense(a, W, b)
        trace.append((x, z))
        a = relu(z)
    return z, trace


@bank.wrong("the trace pairs z with the layer's own output; the first of a pair is the layer's input")
def forward_trace_of_outputs(layers, x):
    a, trace = x, []
    for W, b in layers:
        z = dense(a, W, b)
        a = relu(z)
        trace.append((a, z))
    return z, trace


@bank.wrong("the trace lacks the last layer: it has one pair for every layer")
def forward_trace_too_short(layers, x):
    a, trace = x, []
    for number, (W, b) in enumerate(layers):
        z = dense(a, W, b)
        if number < len(layers) - 1:
            trace.append((a, z))
        a = relu(z)
    return z, trace


@bank.wrong("the trace begins with the last layer; keep the order of the layers")
def forward_trace_reversed(layers, x):
    a, trace = x, []
    for W, b in layers:
        z = dense(a, W, b)
        trace.insert(0, (a, z))
        a = relu(z)
    return z, trace


@bank.wrong("inputs and z stand in the trace one behind the other; each layer is a pair of its own")
def forward_trace_flat(layers, x):
    a, trace = x, []
    for W, b in layers:
        z = dense(a, W, b)
        trace += [a, z]
        a = relu(z)
    return z, trace


@bank.wrong("the trace consists of single arrays; each layer needs a pair, its input and its z")
def forward_trace_of_z_only(layers, x):
    a, trace = x, []
    for W, b in layers:
        z = dense(a, W, b)
        trace.append(z)
        a = relu(z)
    return z, trace


@bank.wrong("the pairs of the trace are turned round: first the layer's input, then its z")
def forward_trace_pairs_turned(layers, x):
    a, trace = x, []
    for W, b in layers:
        z = dense(a, W, b)
        trace.append((z, a))
        a = relu(z)
    return z, trace


@bank.wrong("only one thing came back; two are asked for, the logits and the trace")
def forward_logits_only(layers, x):
    a = x
    for W, b in layers:
        z = dense(a, W, b)
        a = relu(z)
    return z


@bank.wrong("the order of the results is turned round: first the logits, then the trace")
def forward_results_turned(layers, x):
    a, trace = x, []
    for W, b in layers:
        z = dense(a, W, b)
        trace.append((a, z))
        a = relu(z)
    return trace, z


@bank.wrong("the biases were left out")
def forward_no_bias(layers, x):
    a, trace = x, []
    for W, _ in layers:
        z = a @ W
        trace.append((a, z))
        a = relu(z)
    return z, trace


@bank.wrong("ReLU came before the bias was added: it takes the whole z, bias included")
def forward_bias_after_relu(layers, x):
    a, trace = x, []
    for W, b in layers:
        z = dense(a, W, b)
        trace.append((a, z))
        a = relu(a @ W) + b
    return z, trace


@bank.wrong("ReLU was applied to the images too; it stands between layers, not before the first")
def forward_relu_before_every_layer(layers, x):
    a, trace = x, []
    for W, b in layers:
        a = relu(a)
        z = dense(a, W, b)
        trace.append((a, z))
        a = z
    return z, trace


@bank.wrong("between the layers stands a sigmoid; it is ReLU")
def forward_sigmoid_between(layers, x):
    a, trace = x, []
    for W, b in layers:
        z = dense(a, W, b)
        trace.append((a, z))
        a = 1 / (1 + np.exp(-z))
    return z, trace


@bank.wrong("between the layers stands tanh; it is ReLU")
def forward_tanh_between(layers, x):
    a, trace = x, []
    for W, b in layers:
        z = dense(a, W, b)
        trace.append((a, z))
        a = np.tanh(z)
    return z, trace


@bank.wrong("between the layers stands softmax; it is ReLU")
def forward_softmax_between(layers, x):
    a, trace = x, []
    for W, b in layers:
        z = dense(a, W, b)
        trace.append((a, z))
        a = softmax(z)
    return z, trace


@bank.wrong("every layer received x; from the second on, a layer receives what the one before put out")
def forward_every_layer_takes_x(layers, x):
    trace = []
    for W, b in layers:
        z = dense(x, W, b)
        trace.append((x, z))
    return z, trace


@bank.wrong("W was transposed: for x of shape (batch, inputs) the product is x @ W")
def forward_transposed(layers, x):
    a, trace = x, []
    for W, b in layers:
        z = a @ W.T + b
        trace.append((a, z))
        a = relu(z)
    return z, trace


@bank.wrong("only the first layer was computed: is `return` inside the loop?")
def forward_return_in_the_loop(layers, x):
    trace = []
    for W, b in layers:
        z = dense(x, W, b)
        trace.append((x, z))
        return z, trace
    return x, trace


@bank.wrong("exactly two layers were computed; layers may hold any number of them, so loop over the list")
def forward_two_layers_only(layers, x):
    (W1, b1), (W2, b2) = layers[0], layers[1]
    z1 = dense(x, W1, b1)
    a1 = relu(z1)
    z2 = dense(a1, W2, b2)
    return z2, [(x, z1), (a1, z2)]


@bank.wrong("the layers were taken from the last to the first")
def forward_layers_reversed(layers, x):
    a, trace = x, []
    for W, b in reversed(layers):
        z = dense(a, W, b)
        trace.append((a, z))
        a = relu(z)
    return z, trace


@bank.wrong("the images were divided by 255 again: x comes prepared")
def forward_scales_again(layers, x):
    a, trace = x / 255, []
    for W, b in layers:
        z = dense(a, W, b)
        trace.append((a, z))
        a = relu(z)
    return z, trace


@bank.right
def forward_with_a_test_for_the_last(layers, x):
    trace = []
    for number, (W, b) in enumerate(layers):
        z = np.dot(x, W) + b
        trace.append([x, z])
        if number < len(layers) - 1:
            x = np.where(z > 0, z, 0)
    return [z, trace]


@bank.right
def forward_last_layer_apart(layers, x):
    trace, a = [], x
    for W, b in layers[:-1]:
        trace.append((a, a @ W + b))
        a = relu(trace[-1][1])
    W, b = layers[-1]
    trace.append((a, a @ W + b))
    return trace[-1][1], trace


@bank.right
def forward_in_two_lists(layers, x):
    inputs, outputs = [x], []
    for W, b in layers:
        outputs.append(dense(inputs[-1], W, b))
        inputs.append(np.maximum(outputs[-1], 0))
    return outputs[-1], list(zip(inputs, outputs, strict=False))


@bank.right
def forward_recursive(layers, x):
    W, b = layers[0]
    z = dense(x, W, b)
    if len(layers) == 1:
        return z, [(x, z)]
    logits, trace = forward(layers[1:], relu(z))
    return logits, [(x, z), *trace]


# backward


def way_back(seed, *sizes, batch=5):
    """The arguments of backward for a fixed network."""
    layers = with_corners(network(seed, *sizes))
    _, trace = forward(layers, numbers(seed + 9, batch, sizes[0]))
    return layers, trace, numbers(seed + 19, batch, sizes[-1])


@bank.probe
def through_two_layers(backward):
    return backward(*way_back(11, 4, 6, 3))


@bank.probe
def through_three_square_layers(backward):
    return backward(*way_back(12, 5, 5, 5, 5))


@bank.probe
def through_one_layer(backward):
    return backward(*way_back(13, 4, 3))


@bank.probe
def through_five_layers(backward):
    return backward(*way_back(14, 6, 5, 7, 4, 6, 3, batch=4))


@bank.probe
def through_a_batch_of_one(backward):
    return backward(*way_back(15, 3, 4, 2, batch=1))


@bank.wrong("the gradient was sent through ReLU at the logits too; the last layer has no activation")
def backward_relu_last(layers, trace, d):
    gradients = []
    for (W, _), (a, z) in zip(reversed(layers), reversed(trace), strict=True):
        d = relu_backward(d, z)
        dW, db, d = dense_backward(a, W, d)
        gradients.append((dW, db))
    return gradients[::-1]


@bank.wrong("the gradient never went through ReLU: between two layers it passes only where z > 0")
def backward_no_relu(layers, trace, d):
    gradients = []
    for (W, _), (a, _) in zip(reversed(layers), reversed(trace), strict=True):
        dW, db, d = dense_backward(a, W, d)
        gradients.append((dW, db))
    return gradients[::-1]


@bank.wrong("the gradients come from the last layer to the first; return them in the order of the layers")
def backward_reversed(layers, trace, d):
    gradients = []
    for number in reversed(range(len(layers))):
        a, z = trace[number]
        if number < len(layers) - 1:
            d = relu_backward(d, z)
        dW, db, d = dense_backward(a, layers[number][0], d)
        gradients.append((dW, db))
    return gradients


@bank.wrong("ReLU looked at the z of the layer whose gradient was just taken; its mask comes from the layer before")
def backward_relu_of_the_wrong_layer(layers, trace, d):
    gradients = []
    for (W, _), (a, z) in zip(reversed(layers), reversed(trace), strict=True):
        dW, db, d = dense_backward(a, W, d)
        d = relu_backward(d, z)
        gradients.append((dW, db))
    return gradients[::-1]


@bank.wrong("relu_backward got its arguments the wrong way round: first d, then z")
def backward_relu_arguments_turned(layers, trace, d):
    gradients = []
    for number in reversed(range(len(layers))):
        a, z = trace[number]
        if number < len(layers) - 1:
            d = relu_backward(z, d)
        dW, db, d = dense_backward(a, layers[number][0], d)
        gradients.append((dW, db))
    return gradients[::-1]


@bank.wrong("relu itself was applied to the gradient; negative gradients pass too, z decides (`relu_backward`)")
def backward_relu_of_d(layers, trace, d):
    gradients = []
    for number in reversed(range(len(layers))):
        if number < len(layers) - 1:
            d = relu(d)
        dW, db, d = dense_backward(trace[number][0], layers[number][0], d)
        gradients.append((dW, db))
    return gradients[::-1]


@bank.wrong("where z is exactly 0 the gradient passed; the slope of ReLU is 0 there (`relu_backward`)")
def backward_passes_at_0(layers, trace, d):
    gradients = []
    for number in reversed(range(len(layers))):
        a, z = trace[number]
        if number < len(layers) - 1:
            d = d * (z >= 0)
        dW, db, d = dense_backward(a, layers[number][0], d)
        gradients.append((dW, db))
    return gradients[::-1]


@bank.wrong("the gradient was multiplied by relu(z); the slope of ReLU is 0 or 1 (`relu_backward`)")
def backward_times_relu(layers, trace, d):
    gradients = []
    for number in reversed(range(len(layers))):
        a, z = trace[number]
        if number < len(layers) - 1:
            d = d * relu(z)
        dW, db, d = dense_backward(a, layers[number][0], d)
        gradients.append((dW, db))
    return gradients[::-1]


@bank.wrong("every layer got the d of the logits; each hands on another one, the third result of dense_backward")
def backward_same_d(layers, trace, d):
    gradients = []
    for (W, _), (a, _) in zip(layers, trace, strict=True):
        dW, db, _ = dense_backward(a, W, d)
        gradients.append((dW, db))
    return gradients


@bank.wrong("the layers were gone through from first to last; the chain rule begins at the last")
def backward_first_layer_first(layers, trace, d):
    gradients = []
    for number, ((W, _), (a, z)) in enumerate(zip(layers, trace, strict=True)):
        if number > 0:
            d = relu_backward(d, z)
        dW, db, d = dense_backward(a, W, d)
        gradients.append((dW, db))
    return gradients


@bank.wrong("the gradients were divided by the batch size once more; d contains the 1 / batch")
def backward_divided_again(layers, trace, d):
    from solutions.rebuild import backward as right

    return [(dW / len(d), db / len(d)) for dW, db in right(layers, trace, d)]


@bank.wrong("db is a mean over the batch; it is the sum, as dense_backward gives it")
def backward_db_mean(layers, trace, d):
    from solutions.rebuild import backward as right

    return [(dW, db / len(d)) for dW, db in right(layers, trace, d)]


@bank.wrong("the sign is turned round: these are the directions of descent; `update` subtracts by itself")
def backward_sign(layers, trace, d):
    from solutions.rebuild import backward as right

    return [(-dW, -db) for dW, db in right(layers, trace, d)]


@bank.wrong("the pairs are turned round: first dW, then db")
def backward_pairs_turned(layers, trace, d):
    from solutions.rebuild import backward as right

    return [(db, dW) for dW, db in right(layers, trace, d)]


@bank.wrong("each layer gave three arrays; a pair is asked for, dW and db")
def backward_with_dx(layers, trace, d):
    gradients = []
    for number in reversed(range(len(layers))):
        a, z = trace[number]
        if number < len(layers) - 1:
            d = relu_backward(d, z)
        dW, db, d = dense_backward(a, layers[number][0], d)
        gradients.append((dW, db, d))
    return gradients[::-1]


@bank.wrong("only one layer's gradients came back: is `return` inside the loop?")
def backward_return_in_the_loop(layers, trace, d):
    dW, db, _ = dense_backward(trace[-1][0], layers[-1][0], d)
    return [(dW, db)]


@bank.wrong("the first layer is missing: the loop must come down to layer 0")
def backward_without_the_first(layers, trace, d):
    from solutions.rebuild import backward as right

    return right(layers, trace, d)[1:]


@bank.wrong("dW was made with z; the layer's input, the first of the pair, belongs there")
def backward_with_z(layers, trace, d):
    gradients = []
    for number in reversed(range(len(layers))):
        _, z = trace[number]
        if number < len(layers) - 1:
            d = relu_backward(d, z)
        dW, db, d = dense_backward(z, layers[number][0], d)
        gradients.append((dW, db))
    return gradients[::-1]


@bank.wrong("every dW was made with the images x; each layer's own input belongs there")
def backward_with_x(layers, trace, d):
    gradients = []
    for number in reversed(range(len(layers))):
        if number < len(layers) - 1:
            d = relu_backward(d, trace[number][1])
        gradients.append((trace[0][0].T @ d, d.sum(axis=0)))
        d = d @ layers[number][0].T
    return gradients[::-1]


@bank.wrong("dW lies on its side: it has the shape of W")
def backward_transposed(layers, trace, d):
    from solutions.rebuild import backward as right

    return [(dW.T, db) for dW, db in right(layers, trace, d)]


@bank.wrong("d went back through W, not through its transpose (the two fit both only where W is square)")
def backward_through_W(layers, trace, d):
    gradients = []
    for number in reversed(range(len(layers))):
        a, z = trace[number]
        if number < len(layers) - 1:
            d = relu_backward(d, z)
        gradients.append((a.T @ d, d.sum(axis=0)))
        d = d @ layers[number][0]
    return gradients[::-1]


@bank.wrong("d went back through the W of the layer before; it goes through that of the layer it came to")
def backward_through_the_wrong_W(layers, trace, d):
    gradients = []
    for number in reversed(range(len(layers))):
        a, z = trace[number]
        if number < len(layers) - 1:
            d = relu_backward(d, z)
        gradients.append((a.T @ d, d.sum(axis=0)))
        if number > 0:
            d = d @ layers[number - 1][0].T
    return gradients[::-1]


@bank.wrong("dW and db stand side by side; each layer is a pair of its own")
def backward_flat(layers, trace, d):
    from solutions.rebuild import backward as right

    return [array for pair in right(layers, trace, d) for array in pair]


@bank.wrong("exactly two layers were gone through; layers may hold any number of them, so loop over the list")
def backward_two_layers_only(layers, trace, d):
    (x, z1), (a1, _) = trace[0], trace[1]
    dW2, db2, da1 = dense_backward(a1, layers[1][0], d)
    dW1, db1, _ = dense_backward(x, layers[0][0], relu_backward(da1, z1))
    return [(dW1, db1), (dW2, db2)]


@bank.wrong("the list that was given stays turned round: `.reverse()` changes it; loop over reversed(...) instead")
def backward_turns_the_trace(layers, trace, d):
    trace.reverse()
    gradients = []
    for number, ((W, _), (a, z)) in enumerate(zip(reversed(layers), trace, strict=True)):
        if number > 0:
            d = relu_backward(d, z)
        dW, db, d = dense_backward(a, W, d)
        gradients.append((dW, db))
    return gradients[::-1]


@bank.wrong("the lists that were given were emptied: `.pop()` changes them; take elements by index or reversed(...)")
def backward_empties_the_trace(layers, trace, d):
    gradients = []
    while trace:
        a, z = trace.pop()
        if len(trace) < len(layers) - 1:
            d = relu_backward(d, z)
        dW, db, d = dense_backward(a, layers[len(trace)][0], d)
        gradients.append((dW, db))
    return gradients[::-1]


@bank.wrong("the weights were moved already; backward only returns gradients, `update` moves")
def backward_moves(layers, trace, d):
    from solutions.rebuild import backward as right

    gradients = right(layers, trace, d)
    for (W, b), (dW, db) in zip(layers, gradients, strict=True):
        W -= 0.001 * dW
        b -= 0.001 * db
    return gradients


@bank.right
def backward_by_hand(layers, trace, d):
    gradients = [None] * len(layers)
    for number in range(len(layers) - 1, -1, -1):
        a, _ = trace[number]
        gradients[number] = [a.T @ d, d.sum(axis=0)]
        if number > 0:
            d = (d @ layers[number][0].T) * (trace[number - 1][1] > 0)
    return gradients


@bank.right
def backward_mask_from_inputs(layers, trace, d):
    gradients = []
    for (W, _), (a, _) in zip(layers[::-1], trace[::-1], strict=True):
        dW, db, d = dense_backward(a, W, d)
        d = np.where(a > 0, d, 0)    # a of a hidden layer is above 0 where its z is
        gradients.insert(0, (dW, db))
    return gradients


@bank.right
def backward_last_layer_apart(layers, trace, d):
    dW, db, da = dense_backward(trace[-1][0], layers[-1][0], d)
    gradients = [(dW, db)]
    for (W, _), (a, z) in zip(reversed(layers[:-1]), reversed(trace[:-1]), strict=True):
        dW, db, da = dense_backward(a, W, relu_backward(da, z))
        gradients.append((dW, db))
    gradients.reverse()
    return gradients


@bank.right
def backward_recursive(layers, trace, d):
    if len(layers) == 1:
        return [dense_backward(trace[0][0], layers[0][0], d)[:2]]
    dW, db, da = dense_backward(trace[-1][0], layers[-1][0], d)
    return [*backward(layers[:-1], trace[:-1], relu_backward(da, trace[-2][1])), (dW, db)]


# update


def to_update(seed, *sizes, size=1.0):
    """layers, gradients, m and v of a fixed network in the middle of training."""
    layers, gradients = network(seed, *sizes), network(seed + 7, *sizes)
    return layers, [(size * dW, size * db) for dW, db in gradients], *averages(layers, size)


def what_update_does(update, arguments, t, size=1.0):
    """The moves of a step, and the new averages in shares of the size of the gradients."""
    new, m, v = update(*arguments, t)
    return (moves(new, arguments[0]), [(mW / size, mb / size) for mW, mb in m],
            [(vW / size**2, vb / size**2) for vW, vb in v])


@bank.probe
def a_first_step(update):
    layers, gradients, *_ = to_update(21, 4, 3, 2)
    return what_update_does(update, (layers, gradients, zeros_for(layers), zeros_for(layers)), 1)


@bank.probe
def a_third_step(update):
    return what_update_does(update, to_update(22, 4, 5, 3), 3)


@bank.probe
def a_late_step_of_square_layers(update):
    return what_update_does(update, to_update(23, 3, 3, 3, 3), 40)


@bank.probe
def a_single_layer_s_step(update):
    return what_update_does(update, to_update(24, 4, 2), 2)


@bank.probe
def a_step_with_tiny_gradients(update):
    layers, gradients, *_ = to_update(25, 3, 4, 2, size=1e-6)
    return what_update_does(update, (layers, gradients, zeros_for(layers), zeros_for(layers)), 1, size=1e-6)


@bank.probe
def what_update_returns(update):
    return form(update(*to_update(26, 4, 3, 2), 1))


@bank.wrong("this is plain gradient descent; m and v are not used: each array takes a step of `adam`")
def update_sgd(layers, gradients, m, v, t):
    new = [(W - 0.001 * dW, b - 0.001 * db)
           for (W, b), (dW, db) in zip(layers, gradients, strict=True)]
    return new, m, v


@bank.wrong("the old m and v came back; return the new ones that `adam` gives")
def update_old_averages(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    return right(layers, gradients, m, v, t)[0], m, v


@bank.wrong("the old layers came back; return the new ones that `adam` gives")
def update_old_layers(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    return layers, *right(layers, gradients, m, v, t)[1:]


@bank.wrong("t was raised once more: it is already the number of this step")
def update_t_plus_1(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    return right(layers, gradients, m, v, t + 1)


@bank.wrong("t is always 1: give `adam` the t that came in")
def update_t_1(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    return right(layers, gradients, m, v, 1)


@bank.wrong("t went up from array to array; all arrays of one step share its t")
def update_t_counts_arrays(layers, gradients, m, v, t):
    new_layers, new_m, new_v = [], [], []
    for (W, b), (dW, db), (mW, mb), (vW, vb) in zip(layers, gradients, m, v, strict=True):
        W, mW, vW = adam(W, dW, mW, vW, t)
        b, mb, vb = adam(b, db, mb, vb, t + 1)
        t += 2
        new_layers.append((W, b))
        new_m.append((mW, mb))
        new_v.append((vW, vb))
    return new_layers, new_m, new_v


@bank.wrong("the biases did not move: they take a step of `adam` as the weights do")
def update_weights_only(layers, gradients, m, v, t):
    new_layers, new_m, new_v = [], [], []
    for (W, b), (dW, _), (mW, mb), (vW, vb) in zip(layers, gradients, m, v, strict=True):
        W, mW, vW = adam(W, dW, mW, vW, t)
        new_layers.append((W, b))
        new_m.append((mW, mb))
        new_v.append((vW, vb))
    return new_layers, new_m, new_v


@bank.wrong("the biases took a step of plain gradient descent; they have an m and a v of their own")
def update_biases_by_sgd(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    new, new_m, new_v = right(layers, gradients, m, v, t)
    new = [(W, b - 0.001 * db) for (W, _), (_, b), (_, db) in zip(new, layers, gradients, strict=True)]
    return (new, [(mW, mb) for (mW, _), (_, mb) in zip(new_m, m, strict=True)],
            [(vW, vb) for (vW, _), (_, vb) in zip(new_v, v, strict=True)])


@bank.wrong("new m and new v changed places: `adam` returns the array, then m, then v")
def update_averages_turned(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    new, new_m, new_v = right(layers, gradients, m, v, t)
    return new, new_v, new_m


@bank.wrong("`adam` got m and v the wrong way round: its arguments are w, grad, m, v, t")
def update_averages_given_turned(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    return right(layers, gradients, [(abs(vW), abs(vb)) for vW, vb in v],
                  [(abs(mW), abs(mb)) for mW, mb in m], t)


@bank.wrong("only one layer was updated: is `return` inside the loop?")
def update_return_in_the_loop(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    return right(layers[:1], gradients[:1], m[:1], v[:1], t)


@bank.wrong("only the last layer moved; every layer does")
def update_last_layer_only(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    new, new_m, new_v = right(layers[-1:], gradients[-1:], m[-1:], v[-1:], t)
    return layers[:-1] + new, m[:-1] + new_m, v[:-1] + new_v


@bank.wrong("the learning rate is another one; Keras' default is the one that `adam` has")
def update_rate(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    new, new_m, new_v = right(layers, gradients, m, v, t)
    return ([(W + 10 * (new_W - W), b + 10 * (new_b - b))
             for (W, b), (new_W, new_b) in zip(layers, new, strict=True)], new_m, new_v)


@bank.wrong("the gradients' sign was turned: `adam` descends by itself")
def update_ascent(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    return right(layers, [(-dW, -db) for dW, db in gradients], m, v, t)


@bank.wrong("m and v were left out and began at 0 again: hand the old ones to `adam`")
def update_averages_forgotten(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    return right(layers, gradients, zeros_for(layers), zeros_for(layers), t)


@bank.wrong("m began at 0 again: hand the old m to `adam`")
def update_m_forgotten(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    return right(layers, gradients, zeros_for(layers), v, t)


@bank.wrong("v began at 0 again: hand the old v to `adam`")
def update_v_forgotten(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    return right(layers, gradients, m, zeros_for(layers), t)


@bank.wrong("the gradients went to the layers in the reverse order; the n-th pair belongs to the n-th layer")
def update_gradients_reversed(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    return right(layers, gradients[::-1], m, v, t)


@bank.wrong("two steps were taken: `adam` is called once for each array")
def update_twice(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    layers, m, v = right(layers, gradients, m, v, t)
    return right(layers, gradients, m, v, t)


@bank.wrong("epsilon is added to the corrected root, as in PyTorch; Keras' form is the one of the given `adam`")
def update_pytorch(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    new, new_m, new_v = right(layers, gradients, m, v, t)

    def step(w, m, v):
        return w - 0.001 * m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)

    new = [(step(W, mW, vW), step(b, mb, vb))
           for (W, b), (mW, mb), (vW, vb) in zip(layers, new_m, new_v, strict=True)]
    return new, new_m, new_v


@bank.wrong("the bias correction is missing; the given `adam` has it")
def update_no_correction(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    _, new_m, new_v = right(layers, gradients, m, v, t)
    new = [(W - 0.001 * mW / (np.sqrt(vW) + 1e-7), b - 0.001 * mb / (np.sqrt(vb) + 1e-7))
           for (W, b), (mW, mb), (vW, vb) in zip(layers, new_m, new_v, strict=True)]
    return new, new_m, new_v


@bank.wrong("only the layers came back; m and v must come back too, or the next step has lost them")
def update_layers_only(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    return right(layers, gradients, m, v, t)[0]


@bank.wrong("the order of the results is another one: layers, then m, then v")
def update_layers_last(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    new, new_m, new_v = right(layers, gradients, m, v, t)
    return new_m, new_v, new


@bank.wrong("the three results of `adam` stayed together; build three lists, of the new layers, of m, and of v")
def update_triples(layers, gradients, m, v, t):
    return [(adam(W, dW, mW, vW, t), adam(b, db, mb, vb, t))
            for (W, b), (dW, db), (mW, mb), (vW, vb) in zip(layers, gradients, m, v, strict=True)]


@bank.wrong("the given lists were overwritten: build new lists, and leave layers, m and v as they are")
def update_in_place(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    new = right(layers, gradients, m, v, t)
    for old, fresh in zip((layers, m, v), new, strict=True):
        old[:] = fresh
    return layers, m, v


@bank.wrong("new weights were written into the given arrays (`-=` or `[:] =`); build new arrays")
def update_arrays_in_place(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    new = right(layers, gradients, m, v, t)
    for pair, fresh in zip(layers, new[0], strict=True):
        for old, array in zip(pair, fresh, strict=True):
            old[:] = array
    return layers, *new[1:]


@bank.wrong("the gradients were divided by the number of layers or scaled; hand them to `adam` as they are")
def update_scaled_gradients(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    return right(layers, [(dW / 2, db / 2) for dW, db in gradients], m, v, t)


@bank.wrong("the gradients were clipped at 1; hand them to `adam` as they are")
def update_clipped_gradients(layers, gradients, m, v, t):
    from solutions.rebuild import update as right

    return right(layers, [(np.clip(3 * dW, -1, 1) / 3, np.clip(3 * db, -1, 1) / 3) for dW, db in gradients], m, v, t)


@bank.right
def update_by_index(layers, gradients, m, v, t):
    new = [[], [], []]
    for k in range(len(layers)):
        steps = [adam(layers[k][i], gradients[k][i], m[k][i], v[k][i], t) for i in (0, 1)]
        for kind in range(3):
            new[kind].append([steps[0][kind], steps[1][kind]])
    return tuple(new)


@bank.right
def update_by_comprehension(layers, gradients, m, v, t):
    steps = [[adam(*arrays, t) for arrays in zip(*pairs, strict=True)]
             for pairs in zip(layers, gradients, m, v, strict=True)]
    return tuple([(W[kind], b[kind]) for W, b in steps] for kind in range(3))


@bank.right
def update_written_out(layers, gradients, m, v, t):
    b1, b2 = float(np.float32(0.9)), float(np.float32(0.999))
    rate = 0.001 * np.sqrt(1 - b2**t) / (1 - b1**t)
    new_m = [(0.9 * mW + 0.1 * dW, 0.9 * mb + 0.1 * db) for (mW, mb), (dW, db) in zip(m, gradients, strict=True)]
    new_v = [(0.999 * vW + 0.001 * dW**2, 0.999 * vb + 0.001 * db**2)
             for (vW, vb), (dW, db) in zip(v, gradients, strict=True)]
    new = [(W - rate * mW / (np.sqrt(vW) + 1e-7), b - rate * mb / (np.sqrt(vb) + 1e-7))
           for (W, b), (mW, mb), (vW, vb) in zip(layers, new_m, new_v, strict=True)]
    return new, new_m, new_v


# training_step


def what_a_step_does(training_step, layers, m, v, t, x, y):
    """The moves of a step, the new averages, the loss; averages of squares are small numbers."""
    new, m, v, loss = training_step(layers, m, v, t, x, y)
    return moves(new, layers), m, [(1000 * vW, 1000 * vb) for vW, vb in v], loss


@bank.probe
def from_the_start(training_step):
    layers = network(31, 4, 6, 3)
    return what_a_step_does(training_step, layers, zeros_for(layers), zeros_for(layers), 1,
                            numbers(31, 6, 4), np.array([2, 0, 1, 1, 0, 2]))


@bank.probe
def in_the_middle(training_step):
    layers = network(32, 5, 4, 4, 3)
    return what_a_step_does(training_step, layers, *averages(layers), 5, numbers(32, 4, 5), np.array([1, 1, 2, 0]))


@bank.probe
def with_one_sample(training_step):
    layers = network(33, 3, 4)
    return what_a_step_does(training_step, layers, *averages(layers), 2, numbers(33, 1, 3), np.array([3]))


@bank.probe
def with_as_many_samples_as_classes(training_step):
    layers = network(34, 4, 4)
    return what_a_step_does(training_step, layers, *averages(layers), 9, numbers(34, 4, 4), np.array([0, 3, 1, 1]))


@bank.probe
def what_a_step_returns(training_step):
    layers = network(35, 4, 3, 2)
    return form(training_step(layers, *averages(layers), 1, numbers(35, 5, 4), np.array([0, 1, 1, 0, 1])))


@bank.wrong("the loss is that after the step; return the one of the logits with which the step was taken")
def training_step_loss_after(layers, m, v, t, x, y):
    from solutions.rebuild import training_step as right

    layers, m, v, _ = right(layers, m, v, t, x, y)
    return layers, m, v, cross_entropy_from_logits(y, forward(layers, x)[0])


@bank.wrong("t was raised once more: it is already the number of this step")
def training_step_t_plus_1(layers, m, v, t, x, y):
    from solutions.rebuild import training_step as right

    return right(layers, m, v, t + 1, x, y)


@bank.wrong("t is always 1: hand the t that came in to update")
def training_step_t_1(layers, m, v, t, x, y):
    from solutions.rebuild import training_step as right

    return right(layers, m, v, 1, x, y)


@bank.wrong("the loss was added up over the batch; it is the mean")
def training_step_loss_sum(layers, m, v, t, x, y):
    from solutions.rebuild import training_step as right

    *new, loss = right(layers, m, v, t, x, y)
    return *new, loss * len(y)


@bank.wrong("softmax came twice: the functions of the loss take logits, and make the softmax themselves")
def training_step_softmax_twice(layers, m, v, t, x, y):
    logits, trace = forward(layers, x)
    p = softmax(logits)
    d = cross_entropy_from_logits_backward(y, p)
    return *update(layers, backward(layers, trace, d), m, v, t), cross_entropy_from_logits(y, p)


@bank.wrong("the gradient was taken of softmax's result, the loss of the logits; both take the logits")
def training_step_gradient_of_probabilities(layers, m, v, t, x, y):
    logits, trace = forward(layers, x)
    d = cross_entropy_from_logits_backward(y, softmax(logits))
    return *update(layers, backward(layers, trace, d), m, v, t), cross_entropy_from_logits(y, logits)


@bank.wrong("the loss was taken of softmax's result; it takes the logits, as its gradient does")
def training_step_loss_of_probabilities(layers, m, v, t, x, y):
    logits, trace = forward(layers, x)
    d = cross_entropy_from_logits_backward(y, logits)
    return *update(layers, backward(layers, trace, d), m, v, t), cross_entropy_from_logits(y, softmax(logits))


@bank.wrong("the gradient was divided by the batch size once more; it is already that of a mean")
def training_step_divided_again(layers, m, v, t, x, y):
    logits, trace = forward(layers, x)
    d = cross_entropy_from_logits_backward(y, logits) / len(y)
    return *update(layers, backward(layers, trace, d), m, v, t), cross_entropy_from_logits(y, logits)


@bank.wrong("the gradient is that of a sum over the batch; the loss is a mean, and so is its gradient")
def training_step_gradient_of_the_sum(layers, m, v, t, x, y):
    logits, trace = forward(layers, x)
    d = cross_entropy_from_logits_backward(y, logits) * len(y)
    return *update(layers, backward(layers, trace, d), m, v, t), cross_entropy_from_logits(y, logits)


@bank.wrong("softmax is missing in the gradient: logits minus one-hot labels is that of a squared error")
def training_step_no_softmax(layers, m, v, t, x, y):
    logits, trace = forward(layers, x)
    d = (logits - np.eye(logits.shape[1])[y]) / len(y)
    return *update(layers, backward(layers, trace, d), m, v, t), cross_entropy_from_logits(y, logits)


@bank.wrong("the gradient is that of ten sigmoids with binary cross-entropy; here it is softmax minus one-hot labels")
def training_step_sigmoid(layers, m, v, t, x, y):
    logits, trace = forward(layers, x)
    d = (1 / (1 + np.exp(-logits)) - np.eye(logits.shape[1])[y]) / len(y)
    return *update(layers, backward(layers, trace, d), m, v, t), cross_entropy_from_logits(y, logits)


@bank.wrong("the gradient's sign is turned: it is softmax minus one-hot labels")
def training_step_ascent(layers, m, v, t, x, y):
    logits, trace = forward(layers, x)
    d = -cross_entropy_from_logits_backward(y, logits)
    return *update(layers, backward(layers, trace, d), m, v, t), cross_entropy_from_logits(y, logits)


@bank.wrong("the old layers came back: the new ones that update gives must be returned")
def training_step_old_layers(layers, m, v, t, x, y):
    from solutions.rebuild import training_step as right

    return layers, *right(layers, m, v, t, x, y)[1:]


@bank.wrong("the old m and v came back: the new ones that update gives must be returned")
def training_step_old_averages(layers, m, v, t, x, y):
    from solutions.rebuild import training_step as right

    new, _, _, loss = right(layers, m, v, t, x, y)
    return new, m, v, loss


@bank.wrong("the loss is missing: four things are asked for, layers, m, v and the loss")
def training_step_no_loss(layers, m, v, t, x, y):
    from solutions.rebuild import training_step as right

    return right(layers, m, v, t, x, y)[:3]


@bank.wrong("only two things came back: m and v are missing, without which the next step cannot go on")
def training_step_layers_and_loss(layers, m, v, t, x, y):
    from solutions.rebuild import training_step as right

    new, _, _, loss = right(layers, m, v, t, x, y)
    return new, loss


@bank.wrong("the loss comes first; the order is layers, m, v, loss")
def training_step_loss_first(layers, m, v, t, x, y):
    from solutions.rebuild import training_step as right

    *new, loss = right(layers, m, v, t, x, y)
    return loss, *new


@bank.wrong("new m and new v changed places")
def training_step_averages_turned(layers, m, v, t, x, y):
    from solutions.rebuild import training_step as right

    new, new_m, new_v, loss = right(layers, m, v, t, x, y)
    return new, new_v, new_m, loss


@bank.wrong("the loss is one number for each sample; it is their mean")
def training_step_loss_a_sample(layers, m, v, t, x, y):
    from solutions.rebuild import training_step as right

    *new, _ = right(layers, m, v, t, x, y)
    logits, _ = forward(layers, x)
    return *new, -np.log(softmax(logits))[np.arange(len(y)), y]


@bank.wrong("the last number is the share of right answers; the loss is asked for")
def training_step_accuracy(layers, m, v, t, x, y):
    from solutions.rebuild import training_step as right

    *new, _ = right(layers, m, v, t, x, y)
    return *new, np.mean(forward(layers, x)[0].argmax(axis=1) == y)


@bank.wrong("a step of plain gradient descent was taken; update takes one of Adam")
def training_step_sgd(layers, m, v, t, x, y):
    logits, trace = forward(layers, x)
    gradients = backward(layers, trace, cross_entropy_from_logits_backward(y, logits))
    new = [(W - 0.001 * dW, b - 0.001 * db) for (W, b), (dW, db) in zip(layers, gradients, strict=True)]
    return new, m, v, cross_entropy_from_logits(y, logits)


@bank.wrong("m and v began at 0 again: hand the ones that came in to update")
def training_step_averages_forgotten(layers, m, v, t, x, y):
    from solutions.rebuild import training_step as right

    return right(layers, zeros_for(layers), zeros_for(layers), t, x, y)


@bank.wrong("only the first sample was used: the whole batch goes through the network at once")
def training_step_first_sample(layers, m, v, t, x, y):
    from solutions.rebuild import training_step as right

    return right(layers, m, v, t, x[:1], y[:1])


@bank.wrong("each sample got a step of its own: a batch makes one step, with the mean gradient")
def training_step_a_step_a_sample(layers, m, v, t, x, y):
    from solutions.rebuild import training_step as right

    loss = cross_entropy_from_logits(y, forward(layers, x)[0])
    for i in range(len(y)):
        layers, m, v, _ = right(layers, m, v, t + i, x[i:i + 1], y[i:i + 1])
    return layers, m, v, loss


@bank.wrong("two steps were taken on the batch; take one")
def training_step_twice(layers, m, v, t, x, y):
    from solutions.rebuild import training_step as right

    layers, m, v, loss = right(layers, m, v, t, x, y)
    return *right(layers, m, v, t, x, y)[:3], loss


@bank.wrong("the functions of the loss got their arguments the wrong way round: first the labels, then the logits")
def training_step_arguments_turned(layers, m, v, t, x, y):
    logits, trace = forward(layers, x)
    loss = cross_entropy_from_logits(logits, y)
    d = cross_entropy_from_logits_backward(logits, y)
    return *update(layers, backward(layers, trace, d), m, v, t), loss


@bank.wrong("the loss is a logarithm of another base; cross-entropy takes the natural one")
def training_step_log2(layers, m, v, t, x, y):
    from solutions.rebuild import training_step as right

    *new, loss = right(layers, m, v, t, x, y)
    return *new, loss / np.log(2)


@bank.wrong("the loss has the wrong sign: cross-entropy is never negative")
def training_step_loss_negative(layers, m, v, t, x, y):
    from solutions.rebuild import training_step as right

    *new, loss = right(layers, m, v, t, x, y)
    return *new, -loss


@bank.wrong("the given layers were overwritten; build new lists and arrays")
def training_step_in_place(layers, m, v, t, x, y):
    from solutions.rebuild import training_step as right

    new, new_m, new_v, loss = right(layers, m, v, t, x, y)
    layers[:] = new
    return layers, new_m, new_v, loss


@bank.wrong("the given layers, m and v were overwritten; build new lists and arrays")
def training_step_all_in_place(layers, m, v, t, x, y):
    from solutions.rebuild import training_step as right

    new, new_m, new_v, loss = right(layers, m, v, t, x, y)
    layers[:], m[:], v[:] = new, new_m, new_v
    return layers, m, v, loss


@bank.right
def training_step_by_hand(layers, m, v, t, x, y):
    logits, trace = forward(layers, x)
    p = softmax(logits)
    loss = -np.log(p[np.arange(len(y)), y]).mean()
    d = (p - np.eye(p.shape[1])[y]) / len(x)
    new_layers, new_m, new_v = update(layers, backward(layers, trace, d), m, v, t)
    return [new_layers, new_m, new_v, float(loss)]


@bank.right
def training_step_update_first(layers, m, v, t, x, y):
    logits, trace = forward(layers, x)
    gradients = backward(layers, trace, cross_entropy_from_logits_backward(y, logits))
    return *update(layers, gradients, m, v, t), np.array(cross_entropy_from_logits(y, logits))


@bank.right
def training_step_sample_by_sample(layers, m, v, t, x, y):
    total, gradients = 0.0, zeros_for(layers)
    for i in range(len(y)):
        logits, trace = forward(layers, x[i:i + 1])
        total += cross_entropy_from_logits(y[i:i + 1], logits) / len(y)
        one = backward(layers, trace, cross_entropy_from_logits_backward(y[i:i + 1], logits) / len(y))
        gradients = [(dW + eW, db + eb) for (dW, db), (eW, eb) in zip(gradients, one, strict=True)]
    return *update(layers, gradients, m, v, t), total


# train


def what_training_does(train, layers, x, y, epochs):
    """The moves of all weights, and the losses."""
    new, losses = train(layers, x, y, epochs)
    return moves(new, layers), np.asarray(losses)


def to_train(seed, *sizes, n=11, kind=float):
    """Fixed layers, images and labels."""
    layers = [(W.astype(kind), b.astype(kind)) for W, b in network(seed, *sizes)]
    return layers, numbers(seed, n, sizes[0]).astype(kind), np.arange(n) * 7 % sizes[-1]


UNEVEN = [np.array([3, 8, 0, 10]), np.array([1, 4, 7, 2]), np.array([9, 6, 5])]
OTHER = [np.array([5, 0, 9, 2]), np.array([10, 3, 6, 8]), np.array([1, 7, 4])]


@bank.probe
def one_epoch(train):
    return what_training_does(train, *to_train(41, 4, 6, 3), [UNEVEN])


@bank.probe
def two_epochs(train):
    return what_training_does(train, *to_train(42, 5, 4, 3), [UNEVEN, OTHER])


@bank.probe
def three_epochs_of_some_rows(train):
    return what_training_does(train, *to_train(43, 4, 3, 3, 2), [OTHER[:2], UNEVEN[1:], OTHER[1:]])


@bank.probe
def one_batch(train):
    return what_training_does(train, *to_train(44, 4, 3), [[np.array([2, 7, 4, 1])]])


@bank.probe
def one_batch_ten_times(train):
    return what_training_does(train, *to_train(45, 4, 5, 3), [[np.array([2, 7, 4])] for _ in range(10)])


@bank.probe
def dtype_of_the_layers(train):
    new, _ = train(*to_train(46, 4, 3, 2, kind=np.float32), [UNEVEN, OTHER])
    return [array.dtype == np.float32 for pair in new for array in pair]


@bank.probe
def what_training_returns(train):
    return form(train(*to_train(47, 4, 3, 2), [UNEVEN, OTHER[1:]]))


@bank.wrong("t starts anew with every epoch; it counts all steps, through all epochs")
def train_t_restarts(layers, x, y, epochs):
    m, v, losses = zeros_for(layers), zeros_for(layers), []
    for epoch in epochs:
        for t, rows in enumerate(epoch, start=1):
            layers, m, v, loss = training_step(layers, m, v, t, x[rows], y[rows])
            losses.append(loss)
    return layers, losses


@bank.wrong("the first step had t = 0, which divides 0 by 0; count the step before you use t")
def train_t_from_0(layers, x, y, epochs):
    m, v, t, losses = zeros_for(layers), zeros_for(layers), 0, []
    for epoch in epochs:
        for rows in epoch:
            layers, m, v, loss = training_step(layers, m, v, t, x[rows], y[rows])
            losses.append(loss)
            t += 1
    return layers, losses


@bank.wrong("t is 1 in every step; it counts the steps")
def train_t_1(layers, x, y, epochs):
    m, v, losses = zeros_for(layers), zeros_for(layers), []
    for epoch in epochs:
        for rows in epoch:
            layers, m, v, loss = training_step(layers, m, v, 1, x[rows], y[rows])
            losses.append(loss)
    return layers, losses


@bank.wrong("t counts the epochs; it counts the steps, one for each batch")
def train_t_counts_epochs(layers, x, y, epochs):
    m, v, losses = zeros_for(layers), zeros_for(layers), []
    for t, epoch in enumerate(epochs, start=1):
        for rows in epoch:
            layers, m, v, loss = training_step(layers, m, v, t, x[rows], y[rows])
            losses.append(loss)
    return layers, losses


@bank.wrong("the first step had t = 2; t is 1 in the first step")
def train_t_from_2(layers, x, y, epochs):
    m, v, t, losses = zeros_for(layers), zeros_for(layers), 1, []
    for epoch in epochs:
        for rows in epoch:
            t += 1
            layers, m, v, loss = training_step(layers, m, v, t, x[rows], y[rows])
            losses.append(loss)
    return layers, losses


@bank.wrong("m and v begin at 0 again with every epoch; they go on through all of training")
def train_averages_restart(layers, x, y, epochs):
    t, losses = 0, []
    for epoch in epochs:
        m, v = zeros_for(layers), zeros_for(layers)
        for rows in epoch:
            t += 1
            layers, m, v, loss = training_step(layers, m, v, t, x[rows], y[rows])
            losses.append(loss)
    return layers, losses


@bank.wrong("t, m and v start anew with every epoch; all three go on through all of training")
def train_all_restarts(layers, x, y, epochs):
    losses = []
    for epoch in epochs:
        m, v = zeros_for(layers), zeros_for(layers)
        for t, rows in enumerate(epoch, start=1):
            layers, m, v, loss = training_step(layers, m, v, t, x[rows], y[rows])
            losses.append(loss)
    return layers, losses


@bank.wrong("m and v are 0 in every step; keep what training_step returns and hand it to the next")
def train_averages_lost(layers, x, y, epochs):
    t, losses = 0, []
    for epoch in epochs:
        for rows in epoch:
            t += 1
            layers, _, _, loss = training_step(layers, zeros_for(layers), zeros_for(layers), t, x[rows], y[rows])
            losses.append(loss)
    return layers, losses


@bank.wrong("every step began with the first layers; the next step goes on with the new ones")
def train_layers_lost(layers, x, y, epochs):
    m, v, t, losses, new = zeros_for(layers), zeros_for(layers), 0, [], layers
    for epoch in epochs:
        for rows in epoch:
            t += 1
            new, m, v, loss = training_step(layers, m, v, t, x[rows], y[rows])
            losses.append(loss)
    return new, losses


@bank.wrong("every epoch began with the first layers; the next epoch goes on with the trained ones")
def train_layers_lost_between_epochs(layers, x, y, epochs):
    m, v, t, losses, new = zeros_for(layers), zeros_for(layers), 0, [], layers
    for epoch in epochs:
        new = layers
        for rows in epoch:
            t += 1
            new, m, v, loss = training_step(new, m, v, t, x[rows], y[rows])
            losses.append(loss)
    return new, losses


@bank.wrong("only the first epoch was trained: is `return` inside the outer loop?")
def train_first_epoch(layers, x, y, epochs):
    from solutions.rebuild import train as right

    return right(layers, x, y, epochs[:1])


@bank.wrong("only the last epoch was trained")
def train_last_epoch(layers, x, y, epochs):
    from solutions.rebuild import train as right

    return right(layers, x, y, epochs[-1:])


@bank.wrong("only the first batch was trained: is `return` inside the inner loop?")
def train_first_batch(layers, x, y, epochs):
    from solutions.rebuild import train as right

    return right(layers, x, y, [epochs[0][:1]])


@bank.wrong("the last batch of every epoch was left out; it counts, also if it is shorter")
def train_last_batch_dropped(layers, x, y, epochs):
    from solutions.rebuild import train as right

    return right(layers, x, y, [epoch[:-1] for epoch in epochs])


@bank.wrong("batches shorter than the first were left out; they count, too")
def train_short_batches_dropped(layers, x, y, epochs):
    from solutions.rebuild import train as right

    full = len(epochs[0][0])
    return right(layers, x, y, [[rows for rows in epoch if len(rows) >= full] for epoch in epochs])


@bank.wrong("one loss an epoch came back, a mean; one a step is asked for")
def train_loss_an_epoch(layers, x, y, epochs):
    from solutions.rebuild import train as right

    new, losses = right(layers, x, y, epochs)
    cuts = np.cumsum([len(epoch) for epoch in epochs])[:-1]
    return new, [float(np.mean(part)) for part in np.split(np.array(losses), cuts)]


@bank.wrong("only the last epoch's losses came back: make the list before the outer loop")
def train_losses_of_the_last_epoch(layers, x, y, epochs):
    from solutions.rebuild import train as right

    new, losses = right(layers, x, y, epochs)
    return new, losses[-len(epochs[-1]):]


@bank.wrong("the losses are one list an epoch; one list of all steps is asked for")
def train_losses_nested(layers, x, y, epochs):
    from solutions.rebuild import train as right

    new, losses = right(layers, x, y, epochs)
    found = iter(losses)
    return new, [[next(found) for _ in epoch] for epoch in epochs]


@bank.wrong("one number came back in the place of the losses; a list with one for every step is asked for")
def train_last_loss(layers, x, y, epochs):
    from solutions.rebuild import train as right

    new, losses = right(layers, x, y, epochs)
    return new, losses[-1]


@bank.wrong("the losses were added up from step to step; each step has its own")
def train_losses_added_up(layers, x, y, epochs):
    from solutions.rebuild import train as right

    new, losses = right(layers, x, y, epochs)
    return new, list(np.cumsum(losses))


@bank.wrong("the losses are those after each step; training_step returns the loss before it")
def train_losses_after(layers, x, y, epochs):
    m, v, t, losses = zeros_for(layers), zeros_for(layers), 0, []
    for epoch in epochs:
        for rows in epoch:
            t += 1
            layers, m, v, _ = training_step(layers, m, v, t, x[rows], y[rows])
            losses.append(cross_entropy_from_logits(y[rows], forward(layers, x[rows])[0]))
    return layers, losses


@bank.wrong("the losses are those of all data; each is that of its own batch")
def train_losses_of_all_data(layers, x, y, epochs):
    m, v, t, losses = zeros_for(layers), zeros_for(layers), 0, []
    for epoch in epochs:
        for rows in epoch:
            t += 1
            losses.append(cross_entropy_from_logits(y, forward(layers, x)[0]))
            layers, m, v, _ = training_step(layers, m, v, t, x[rows], y[rows])
    return layers, losses


@bank.wrong("the row numbers of the batches were not used: rows went by in their own order")
def train_ignores_rows(layers, x, y, epochs):
    from solutions.rebuild import train as right

    plain = []
    for epoch in epochs:
        starts = np.cumsum([0, *map(len, epoch)])
        plain.append([np.arange(first, last) for first, last in itertools.pairwise(starts)])
    return right(layers, x, y, plain)


@bank.wrong("the labels of a batch are not those of its images: take the same rows of y as of x")
def train_labels_of_other_rows(layers, x, y, epochs):
    m, v, t, losses = zeros_for(layers), zeros_for(layers), 0, []
    for epoch in epochs:
        for rows in epoch:
            t += 1
            layers, m, v, loss = training_step(layers, m, v, t, x[rows], y[:len(rows)])
            losses.append(loss)
    return layers, losses


@bank.wrong("every step saw all the data; a step sees the rows of its batch")
def train_all_rows(layers, x, y, epochs):
    from solutions.rebuild import train as right

    return right(layers, x, y, [[np.arange(len(x)) for _ in epoch] for epoch in epochs])


@bank.wrong("the batches of an epoch were taken from the last to the first")
def train_batches_reversed(layers, x, y, epochs):
    from solutions.rebuild import train as right

    return right(layers, x, y, [epoch[::-1] for epoch in epochs])


@bank.wrong("the first epoch's batches were used in every epoch")
def train_first_order_again(layers, x, y, epochs):
    from solutions.rebuild import train as right

    return right(layers, x, y, [epochs[0] for _ in epochs])


@bank.wrong("only the layers came back; the losses are asked for, too")
def train_layers_only(layers, x, y, epochs):
    from solutions.rebuild import train as right

    return right(layers, x, y, epochs)[0]


@bank.wrong("the order of the results is turned round: first the layers, then the losses")
def train_results_turned(layers, x, y, epochs):
    from solutions.rebuild import train as right

    new, losses = right(layers, x, y, epochs)
    return losses, new


@bank.wrong("the first layers came back; the trained ones are asked for")
def train_old_layers(layers, x, y, epochs):
    from solutions.rebuild import train as right

    return layers, right(layers, x, y, epochs)[1]


@bank.wrong("m and v are float64 whatever comes in, and float32 layers become float64: make them with zeros_for")
def train_float64_averages(layers, x, y, epochs):
    m, v = ([(np.zeros(W.shape), np.zeros(b.shape)) for W, b in layers] for _ in range(2))
    t, losses = 0, []
    for epoch in epochs:
        for rows in epoch:
            t += 1
            layers, m, v, loss = training_step(layers, m, v, t, x[rows], y[rows])
            losses.append(loss)
    return layers, losses


@bank.wrong("the list of layers that was given was overwritten; give the new layers a list of their own")
def train_in_place(layers, x, y, epochs):
    from solutions.rebuild import train as right

    new, losses = right(layers, x, y, epochs)
    layers[:] = new
    return layers, losses


@bank.right
def train_by_enumerate(layers, x, y, epochs):
    m, v, losses = zeros_for(layers), zeros_for(layers), []
    steps = [rows for epoch in epochs for rows in epoch]
    for t, rows in enumerate(steps, start=1):
        layers, m, v, loss = training_step(layers, m, v, t, x[rows], y[rows])
        losses.append(float(loss))
    return layers, losses


@bank.right
def train_without_training_step(layers, x, y, epochs):
    m, v = zeros_for(layers), zeros_for(layers)
    losses = []
    for epoch in epochs:
        for rows in epoch:
            logits, trace = forward(layers, x[rows])
            losses.append(cross_entropy_from_logits(y[rows], logits))
            gradients = backward(layers, trace, cross_entropy_from_logits_backward(y[rows], logits))
            layers, m, v = update(layers, gradients, m, v, len(losses))
    return layers, np.array(losses)


@bank.right
def train_with_a_state(layers, x, y, epochs):
    state, losses, t = (layers, zeros_for(layers), zeros_for(layers)), [], 1
    for epoch in epochs:
        for rows in epoch:
            *state, loss = training_step(*state, t, x[rows], y[rows])
            losses += [loss]
            t = t + 1
    return [state[0], losses]


# predict


@bank.probe
def some_images(predict):
    return predict(network(51, 4, 6, 3), numbers(51, 9, 4))


@bank.probe
def other_images(predict):
    return predict(network(52, 4, 5, 7), 3 * numbers(52, 40, 4))


@bank.probe
def as_many_images_as_classes(predict):
    return predict(network(53, 5, 5, 5), numbers(53, 5, 5))


@bank.probe
def equal_logits(predict):
    return predict([(np.zeros((2, 4)), np.array([1.0, 3.0, 3.0, 2.0]))], numbers(54, 3, 2))


@bank.probe
def negative_logits(predict):
    return predict([(np.eye(4), np.full(4, -10.0))], numbers(55, 9, 4))


@bank.probe
def large_logits(predict):
    return predict([(1e4 * np.eye(5), np.full(5, 5e4))], abs(numbers(56, 12, 5)))


@bank.probe
def one_image_s_class(predict):
    return predict(network(57, 4, 6, 5), numbers(58, 1, 4))


@bank.wrong("argmax went down the columns (axis=0): one class for each row is asked for")
def predict_axis_0(layers, x):
    return forward(layers, x)[0].argmax(axis=0)


@bank.wrong("argmax went over the whole array: one class for each row is asked for, so it needs an axis")
def predict_no_axis(layers, x):
    return np.asarray(forward(layers, x)[0].argmax())


@bank.wrong("these are the logits; the place of the largest in each row is asked for")
def predict_logits(layers, x):
    return forward(layers, x)[0]


@bank.wrong("these are probabilities; the place of the largest in each row is asked for")
def predict_probabilities(layers, x):
    return softmax(forward(layers, x)[0])


@bank.wrong("the largest logit of each row came back; its place is asked for")
def predict_largest_value(layers, x):
    return forward(layers, x)[0].max(axis=1)


@bank.wrong("the largest probability of each row came back; the place of the largest logit is asked for")
def predict_largest_probability(layers, x):
    return softmax(forward(layers, x)[0]).max(axis=1)


@bank.wrong("the place of the smallest logit came back")
def predict_argmin(layers, x):
    return forward(layers, x)[0].argmin(axis=1)


@bank.wrong("the classes are one too large: they count from 0")
def predict_from_1(layers, x):
    return forward(layers, x)[0].argmax(axis=1) + 1


@bank.wrong("the classes stand in a column of their own; the shape is (n,)")
def predict_column(layers, x):
    return forward(layers, x)[0].argmax(axis=1)[:, None]


@bank.wrong("these are one-hot rows; the number of the class is asked for")
def predict_one_hot(layers, x):
    logits, _ = forward(layers, x)
    return np.eye(logits.shape[1])[logits.argmax(axis=1)]


@bank.wrong("every logit was compared with a threshold; the largest of each row is asked for")
def predict_threshold(layers, x):
    return forward(layers, x)[0] > 0.5


@bank.wrong("ReLU was applied to the logits: where all are negative nothing is left to choose from")
def predict_relu(layers, x):
    return relu(forward(layers, x)[0]).argmax(axis=1)


@bank.wrong("the largest absolute value was chosen; a very negative logit speaks against its class")
def predict_absolute(layers, x):
    return abs(forward(layers, x)[0]).argmax(axis=1)


@bank.wrong("of equal logits the last was chosen; the first counts")
def predict_last_of_equal(layers, x):
    logits, _ = forward(layers, x)
    return logits.shape[1] - 1 - logits[:, ::-1].argmax(axis=1)


@bank.wrong("sigmoids of large logits are all exactly 1, and argmax takes the first: ask the logits themselves")
def predict_sigmoid(layers, x):
    logits, _ = forward(layers, x)
    return (1 / (1 + np.exp(-logits))).argmax(axis=1)


@bank.wrong("exp overflows for large logits and gives nan: no softmax is needed, the largest logit is enough")
def predict_unshifted_softmax(layers, x):
    e = np.exp(forward(layers, x)[0])
    return (e / e.sum(axis=1, keepdims=True)).argmax(axis=1)


@bank.wrong("the classes are floats; they are integers")
def predict_floats(layers, x):
    return forward(layers, x)[0].argmax(axis=1).astype(float)


@bank.wrong("only one image was answered; each row of x has a class")
def predict_first_image(layers, x):
    return np.asarray(forward(layers, x)[0][0].argmax())


@bank.wrong("a list came back; an array is asked for")
def predict_list(layers, x):
    return [int(row.argmax()) for row in forward(layers, x)[0]]


@bank.wrong("forward returns two things, logits and trace: take them apart before argmax")
def predict_of_the_pair(layers, x):
    return np.argmax(forward(layers, x), axis=1)


@bank.wrong("the largest input of the last layer was chosen; the logits are asked for")
def predict_of_the_last_input(layers, x):
    return forward(layers, x)[1][-1][0].argmax(axis=1)


@bank.wrong("only the last layer was used: x has to go through all of them")
def predict_last_layer_only(layers, x):
    return dense(x, *layers[-1]).argmax(axis=1)


@bank.wrong("ReLU is missing between the layers: let forward compute the logits")
def predict_linear(layers, x):
    for W, b in layers:
        x = dense(x, W, b)
    return x.argmax(axis=1)


@bank.right
def predict_by_np_argmax(layers, x):
    logits, _ = forward(layers, x)
    return np.argmax(logits, axis=-1)


@bank.right
def predict_by_loop(layers, x):
    return np.array([np.argmax(forward(layers, row[None])[0][0]) for row in x])


@bank.right
def predict_of_the_trace(layers, x):
    z = forward(layers, x)[1][-1][1]
    return np.argmax(z - z.max(axis=1, keepdims=True), axis=1).astype(np.int32)
