import numpy as np
import pytest

from solutions import training
from solutions.losses import (
    Loss,
    cross_entropy_from_logits,
    cross_entropy_from_logits_backward,
    mse,
    mse_backward,
)
from solutions.network import dense, dense_backward, forward, initialise
from solutions.optimizers import RULES
from solutions.preprocessing import one_hot
from solutions.training import (
    batches,
    early_stopping,
    epoch_mean,
    evaluate,
    fit,
    run_epoch,
    schedule,
    start,
    train_epoch,
)

SIZES = (784, 100, 10)


@pytest.fixture
def small(rng):
    """Ten features and three classes that can be told apart, and a network for them: params, x, y."""
    y = rng.integers(0, 3, size=70)
    return initialise((10, 8, 3), rng, np.float64), 2 * np.eye(3, 10)[y] + rng.normal(size=(70, 10)), y


@pytest.mark.parametrize(("n", "batch_size", "sizes"), [
    (12, 4, [4, 4, 4]), (10, 4, [4, 4, 2]), (9, 4, [4, 4, 1]), (3, 8, [3])])
def test_batches_use_every_sample_once_and_only_the_last_is_shorter(rng, n, batch_size, sizes):
    epoch = batches(n, batch_size, rng)
    assert [len(rows) for rows in epoch] == sizes
    np.testing.assert_array_equal(np.sort(np.concatenate(epoch)), np.arange(n))


def test_every_epoch_has_a_fresh_order():
    first, second = schedule(100, 32, 2, np.random.default_rng(1))
    assert (np.concatenate(first) != np.arange(100)).any()
    assert (np.concatenate(first) != np.concatenate(second)).any()
    np.testing.assert_array_equal(first[0], batches(100, 32, np.random.default_rng(1))[0])


@pytest.fixture(scope="session")
def lockstep(keras, keras_model, digits, largest_difference):
    """lockstep(dtype, epochs): NumPy and Keras from the same weights on the same batches of the 4,000 digits.

    Returns the largest difference of a weight, NumPy's parameters, its History and Keras' history.
    """

    def run(dtype, epochs):
        x, y, *_ = digits
        keras.utils.set_random_seed(1)
        with keras_model.precision(dtype):
            model = keras_model.build_model(optimizer="adam", dtype=dtype)
        params = keras_model.parameters(model)
        order = schedule(len(x), 32, epochs, np.random.default_rng(1))
        in_keras = keras_model.fit_in_order(model, x, y, order)
        params, history = fit(params, x, y, order)
        assert all(array.dtype == dtype for layer in params for array in layer)
        return largest_difference(params, keras_model.parameters(model)), params, history, in_keras

    return run


@pytest.fixture(scope="session")
def five_epochs(lockstep):
    return lockstep("float64", 5)


def test_five_float64_epochs_end_where_keras_ends(five_epochs):
    difference, *_ = five_epochs
    assert difference <= 1e-10, f"largest weight difference after 5 epochs: {difference:.1e}"


def test_reported_losses_and_accuracies_are_those_of_keras(five_epochs):
    _, _, history, in_keras = five_epochs
    np.testing.assert_allclose(history.loss, in_keras["loss"], rtol=1e-12)
    np.testing.assert_allclose(history.accuracy, in_keras["accuracy"], rtol=1e-12)


def test_one_float32_epoch_stays_close_to_keras(lockstep):
    difference, _, history, in_keras = lockstep("float32", 1)
    assert difference <= 1e-4, f"largest weight difference after 1 epoch: {difference:.1e}"
    np.testing.assert_allclose(history.loss, in_keras["loss"], atol=1e-5)


def test_five_epochs_on_the_small_digits_reach_88_percent(five_epochs, digits):
    _, params, *_ = five_epochs
    _, accuracy = evaluate(params, *digits[2:])
    assert accuracy > 0.88


@pytest.mark.parametrize("optimizer", sorted(RULES))
def test_fit_is_the_plain_loop_of_forward_backward_and_step(small, rng, optimizer):
    from solutions.losses import cross_entropy_from_logits_backward
    from solutions.network import backward

    params, x, y = small
    order = schedule(len(x), 16, 2, rng)
    rule, plain = RULES[optimizer], [array for layer in params for array in layer]
    memory = [[np.full_like(w, value) for value in rule.start] for w in plain]
    for t, rows in enumerate((rows for epoch in order for rows in epoch), start=1):
        layers = list(zip(plain[::2], plain[1::2], strict=True))
        logits, trace = forward(layers, x[rows])
        gradients = backward(layers, trace, cross_entropy_from_logits_backward(y[rows], logits))
        for i, grad in enumerate(array for layer in gradients for array in layer):
            new = rule.step(plain[i], grad, *memory[i], **({"t": t} if rule.counts_steps else {}))
            plain[i], *memory[i] = new if rule.start else (new,)
    trained, _ = fit(params, x, y, order, optimizer)
    for ours, expected in zip([array for layer in trained for array in layer], plain, strict=True):
        np.testing.assert_array_equal(ours, expected)


@pytest.mark.parametrize(("optimizer", "in_keras"), [("sgd", "SGD"), ("rmsprop", "RMSprop")])
def test_other_optimizers_and_activations_keep_step_with_keras(keras, keras_model, small, rng, largest_difference,
                                                               optimizer, in_keras):
    params, x, y = small
    order = schedule(len(x), 16, 3, rng)
    with keras_model.precision("float64"):
        theirs = getattr(keras.optimizers, in_keras)(learning_rate=0.05)
        model = keras_model.build_model((10, 8, 3), "tanh", "softmax", theirs, dtype="float64")
    keras_model.set_parameters(model, params)
    keras_model.fit_in_order(model, x, y, order)
    trained, _ = fit(params, x, y, order, optimizer, hidden="tanh", lr=0.05)
    assert largest_difference(trained, keras_model.parameters(model)) <= 1e-12


def test_another_loss_keeps_step_with_keras(keras, keras_model, small, rng, largest_difference):
    params, x, y = small
    order = schedule(len(x), 16, 2, rng)
    squares = Loss(lambda y, z: mse(one_hot(y, 3), z), lambda y, z: mse_backward(one_hot(y, 3), z))
    with keras_model.precision("float64"):
        model = keras_model.build_model((10, 8, 3), head="linear", optimizer=keras.optimizers.SGD(0.1), loss="mse",
                                        dtype="float64")
    keras_model.set_parameters(model, params)
    in_keras = keras_model.fit_in_order(model, x, one_hot(y, 3), order)
    trained, history = fit(params, x, y, order, "sgd", loss=squares, lr=0.1)
    assert largest_difference(trained, keras_model.parameters(model)) <= 1e-12
    np.testing.assert_allclose(history.loss, in_keras["loss"], rtol=1e-12)


def test_evaluate_is_that_of_keras(keras_model, small):
    params, x, y = small
    model = keras_model.build_model((10, 8, 3), dtype="float64")
    keras_model.set_parameters(model, params)
    with keras_model.precision("float64"):
        expected = model.evaluate(x, y, verbose=0)
    np.testing.assert_allclose(evaluate(params, x, y), expected, rtol=1e-12)


def test_the_reported_loss_is_the_one_seen_while_training(small):
    params, x, y = small
    whole_set = [np.arange(len(x))]
    _, history = fit(params, x, y, [whole_set, whole_set])
    after_one, _ = fit(params, x, y, [whole_set])
    assert history.loss == [evaluate(params, x, y)[0], evaluate(after_one, x, y)[0]]


def test_a_short_last_batch_counts_by_its_size(small):
    params, x, y = small
    _, history = fit(params, x, y, [[np.arange(60), np.arange(60, 70)]], "sgd", lr=0.0)
    np.testing.assert_allclose(history.loss, [evaluate(params, x, y)[0]])


def test_validation_is_measured_after_every_epoch(small, rng):
    params, x, y = small
    order = schedule(50, 16, 3, rng)
    trained, history = fit(params, x[:50], y[:50], order, validation=(x[50:], y[50:]))
    assert len(history.val_loss) == len(history.val_accuracy) == 3
    assert (history.val_loss[-1], history.val_accuracy[-1]) == evaluate(trained, x[50:], y[50:])


def test_without_validation_its_history_is_empty(small, rng):
    params, x, y = small
    _, history = fit(params, x, y, schedule(len(x), 16, 1, rng))
    assert (history.val_loss, history.val_accuracy) == ([], [])


def test_training_may_be_interrupted_after_any_epoch(small, rng):
    params, x, y = small
    order = schedule(len(x), 16, 2, rng)
    half, state, *_ = train_epoch(params, start(params), x, y, order[0])
    resumed, state, *_ = train_epoch(half, state, x, y, order[1])
    at_once, _ = fit(params, x, y, order)
    assert state.steps == 10
    for ours, expected in zip(resumed, at_once, strict=True):
        np.testing.assert_array_equal(ours[0], expected[0])


def test_training_changes_no_argument(small, rng):
    params, x, y = small
    state = start(params)
    arrays = [x, y, *(array for layer in params for array in layer), *state.arrays]
    before = [array.copy() for array in arrays]
    order = schedule(len(x), 16, 1, rng)
    fit(params, x, y, order)
    train_epoch(params, state, x, y, order[0])
    for array, copy in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_dropping_subnormal_numbers_changes_no_weight(digits, rng, monkeypatch):
    x, y, *_ = digits
    params, order = initialise((784, 16, 10), rng), schedule(len(x), 8, 3, rng)
    dropped = []
    drop = training.drop_subnormals

    def count_and_drop(arrays):
        before = [np.count_nonzero(array) for array in arrays]
        drop(arrays)
        dropped.append(sum(before) - sum(np.count_nonzero(array) for array in arrays))

    monkeypatch.setattr(training, "drop_subnormals", count_and_drop)
    with_drop, _ = fit(params, x, y, order)
    monkeypatch.setattr(training, "drop_subnormals", lambda arrays: None)
    without, _ = fit(params, x, y, order)
    assert sum(dropped) > 0
    for ours, expected in zip(with_drop, without, strict=True):
        np.testing.assert_array_equal(ours[0], expected[0])


def test_float64_images_are_computed_in_the_precision_of_the_network(small, rng):
    params, x, y = small
    params = [(W.astype(np.float32), b.astype(np.float32)) for W, b in params]
    trained, _ = fit(params, x, y, schedule(len(x), 16, 1, rng))
    assert {array.dtype for layer in trained for array in layer} == {np.dtype(np.float32)}


@pytest.mark.parametrize(("change", "message"), [
    (lambda x, y: (x.reshape(70, 2, 5), y), r"x must be \(n, 10\).*are the images flattened"),
    (lambda x, y: (x[:, :9], y), r"x must be \(n, 10\) for this network, got \(70, 9\)"),
    (lambda x, y: (x, one_hot(y, 3)), "neither one-hot rows"),
    (lambda x, y: (x, y.astype(float)), "integer labels, one a row of x, got float64"),
    (lambda x, y: (x, y[:60]), r"y must be 70 integer labels, one a row of x, got int64 \(60,\)"),
    (lambda x, y: (x, y + 1), "labels must be 0 to 2 for this network, got 1 to 3"),
    (lambda x, y: (x, y - 1), "labels must be 0 to 2 for this network, got -1 to 1"),
])
def test_data_that_do_not_fit_are_refused(small, rng, change, message):
    params, x, y = small
    with pytest.raises(ValueError, match=message):
        fit(params, *change(x, y), schedule(len(x), 16, 1, rng))
    with pytest.raises(ValueError, match=message):
        evaluate(params, *change(x, y))


def test_an_unknown_optimizer_is_named_together_with_the_known_ones(small, rng):
    params, x, y = small
    with pytest.raises(ValueError, match=r"optimizer must be one of sgd, .*, got 'Adam'"):
        fit(params, x, y, schedule(len(x), 16, 1, rng), "Adam")


def test_a_number_of_epochs_is_refused_with_the_way_to_make_a_schedule(small):
    params, x, y = small
    with pytest.raises(ValueError, match=r"got the number 5; take schedule\(len\(x\), 32, 5, rng\)"):
        fit(params, x, y, 5)


def one_layer(x, y, W, b):
    """The loss and the gradients of a network of one layer, from the tested parts."""
    z = dense(x, W, b)
    dW, db, _ = dense_backward(x, W, cross_entropy_from_logits_backward(y, z))
    return cross_entropy_from_logits(y, z), dW, db


def test_an_epoch_by_hand_is_one_step_a_batch_each_from_where_the_last_ended():
    def towards(x, y, W, b):
        return float(x[0, 0]), W - x[0], b - y[0]

    x, y = np.array([[8.0], [4.0]]), np.array([2, 0])
    W, b, losses = run_epoch(x, y, np.zeros((1, 1)), np.zeros(1), [np.array([1]), np.array([0])], towards, lr=0.5)
    assert (W.tolist(), b.tolist(), losses.tolist()) == ([[5.0]], [1.0], [4.0, 8.0])


def test_epochs_of_one_layer_keep_step_with_keras_and_report_its_loss(keras, keras_model, small, rng,
                                                                      largest_difference):
    _, x, y = small
    params, order = initialise((10, 3), rng, np.float64), schedule(len(x), 16, 3, rng)
    with keras_model.precision("float64"):
        model = keras_model.build_model((10, 3), head="softmax", optimizer=keras.optimizers.SGD(0.5), dtype="float64")
    keras_model.set_parameters(model, params)
    in_keras = keras_model.fit_in_order(model, x, y, order)
    (W, b), reported = params[0], []
    for epoch in order:
        W, b, losses = run_epoch(x, y, W, b, epoch, one_layer, lr=0.5)
        reported.append(epoch_mean(losses, [len(rows) for rows in epoch]))
    assert largest_difference([(W, b)], keras_model.parameters(model)) <= 1e-12
    np.testing.assert_allclose(reported, in_keras["loss"], rtol=1e-12)


def test_an_epoch_changes_no_argument(small, rng):
    _, x, y = small
    (W, b), = initialise((10, 3), rng, np.float64)
    epoch = batches(len(x), 16, rng)
    arrays = [x, y, W, b, *epoch]
    before = [array.copy() for array in arrays]
    run_epoch(x, y, W, b, epoch, one_layer, lr=0.5)
    for array, copy in zip(arrays, before, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize(("values", "sizes", "mean"), [
    ([3.0, 5.0], [2, 2], 4.0), ([3.0, 5.0], [3, 1], 3.5), ([0.25], [7], 0.25), ([1.0, 0.0, 6.0], [1, 2, 1], 1.75)])
def test_the_mean_of_an_epoch_counts_every_sample_alike(values, sizes, mean):
    assert epoch_mean(np.array(values), np.array(sizes)) == mean


@pytest.mark.parametrize(("val_losses", "patience", "min_delta", "expected"), [
    ([4, 3, 2, 1], 1, 0.0, (3, 3)),                 # never stops
    ([4, 2, 3, 1], 1, 0.0, (2, 1)),                 # and never sees the better epoch behind the rise
    ([4, 2, 3, 1], 2, 0.0, (3, 3)),
    ([4, 2, 2, 2, 1], 2, 0.0, (3, 1)),              # a tie is no improvement
    ([4, 2, 3, 3], 0, 0.0, (2, 1)),                 # patience 0 is patience 1
    ([4, 3, 3.5, 3.25, 3.125, 1], 3, 0.0, (4, 1)),  # better than the last epoch is not better than the best
    ([4, 3.75, 3.25, 3.5], 2, 0.5, (3, 2)),         # small steps add up: compared with the best epoch, not the last
    ([4, 3.5, 3.5, 2], 2, 0.5, (2, 0)),             # exactly min_delta is not enough
    ([1], 3, 0.0, (0, 0)),
])
def test_early_stopping_by_hand(val_losses, patience, min_delta, expected):
    assert early_stopping(val_losses, patience, min_delta) == expected


def test_early_stopping_is_that_of_keras(keras, rng):
    for _ in range(300):
        val_losses = rng.integers(1, 24, size=rng.integers(1, 12)) / 8      # exact in the float32 of Keras, with ties
        patience, min_delta = int(rng.integers(0, 5)), rng.integers(0, 4) / 8
        callback = keras.callbacks.EarlyStopping(patience=patience, min_delta=min_delta, mode="min")
        callback.set_model(model := keras.Sequential())
        model.stop_training = False
        callback.on_train_begin()
        for epoch, loss in enumerate(val_losses):
            callback.on_epoch_end(epoch, {"val_loss": loss})
            if model.stop_training:
                break
        assert early_stopping(val_losses, patience, min_delta) == (epoch, callback.best_epoch)
