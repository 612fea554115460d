"""Closes a chain: exercises compare students with the reference on these tasks, and here the reference meets Keras."""

import numpy as np
import pytest

from solutions import lockstep, network, rebuild


def steps_of(epochs):
    """The batches of all epochs, counted from 1."""
    return enumerate((rows for epoch in epochs for rows in epoch), start=1)


@pytest.fixture(scope="session")
def in_keras(keras_model):
    """in_keras(task): Keras' loss and parameters after every step of a task, and its model at the end."""

    def run(task):
        layers, x, y, epochs = task
        with keras_model.precision("float64"):
            model = keras_model.build_model((len(layers[0][0]), *(len(b) for _, b in layers)), dtype="float64")
        keras_model.set_parameters(model, layers)
        losses, states = [], []
        for _, rows in steps_of(epochs):
            losses += keras_model.fit_in_order(model, x, y, [[rows]])["loss"]
            states.append(keras_model.parameters(model))
        return losses, states, model

    return run


@pytest.mark.parametrize(("task", "steps"), [(lockstep.bars_task, 14), (lockstep.digits_task, 22)])
def test_every_step_of_the_reference_is_a_step_of_keras(task, steps, in_keras, largest_difference):
    layers, x, y, epochs = task()
    losses, states, model = in_keras(task())
    m, v = rebuild.zeros_for(layers), rebuild.zeros_for(layers)
    for t, rows in steps_of(epochs):
        layers, m, v, loss = rebuild.training_step(layers, m, v, t, x[rows], y[rows])
        assert abs(loss - losses[t - 1]) <= 1e-10, t
        assert largest_difference(layers, states[t - 1]) <= 1e-10, t
    assert t == steps
    at_once, their_losses = rebuild.train(*task())
    assert largest_difference(at_once, states[-1]) <= 1e-10
    np.testing.assert_allclose(their_losses, losses, atol=1e-10)
    np.testing.assert_array_equal(rebuild.predict(at_once, x), np.asarray(model(x)).argmax(axis=1))


def test_the_losses_that_students_see_are_those_of_keras(in_keras):
    losses, *_ = in_keras(lockstep.bars_task())
    np.testing.assert_allclose(lockstep.losses_of_keras(), losses, rtol=0, atol=1e-10)


def test_the_answer_for_the_digits_is_training_on_their_task(largest_difference):
    layers, losses = rebuild.train(*lockstep.digits_task())
    answer, its_losses = lockstep.digits_answer()
    assert largest_difference(layers, answer) == 0
    assert losses == its_losses
    first, _ = lockstep.digits_answer(1)
    assert 0 < largest_difference(first, lockstep.digits_task()[0]) < 0.0011


def test_the_digits_are_real_and_their_last_batch_is_short(digits):
    layers, x, y, epochs = lockstep.digits_task()
    np.testing.assert_array_equal(x, digits[0][:330])
    np.testing.assert_array_equal(y, digits[1][:330])
    assert [[len(rows) for rows in epoch] for epoch in epochs] == [[32] * 10 + [10]] * 2
    assert network.count_parameters(layers) == 79_510


def test_22_steps_are_enough_to_learn_something():
    layers, x, y, epochs = lockstep.digits_task()
    trained, _ = rebuild.train(layers, x, y, epochs)
    assert (rebuild.predict(layers, x) == y).mean() < 0.3
    assert (rebuild.predict(trained, x) == y).mean() > 0.6


def test_bars_are_what_their_labels_say():
    x, y = lockstep.bars(60, np.random.default_rng(1))
    images = x.reshape(-1, 8, 8)
    rows, columns = ((images >= 0.5).all(axis=axis).sum(axis=1) for axis in (2, 1))
    assert 0 <= x.min() <= x.max() < 1.5
    np.testing.assert_array_equal(rows, np.array([1, 0, 1])[y])
    np.testing.assert_array_equal(columns, np.array([0, 1, 1])[y])


def test_bars_need_a_hidden_layer():
    rng = np.random.default_rng(1)
    x, y = lockstep.bars(600, rng)
    x_test, y_test = lockstep.bars(300, rng)
    epochs = [[order[first:first + 10] for first in range(0, 600, 10)] for order in [np.arange(600)] * 30]
    shares = {}
    for sizes in ((64, 3), (64, 32, 3)):
        layers, _ = rebuild.train(rebuild.initialise(sizes, rng), x, y, epochs)
        shares[sizes] = (rebuild.predict(layers, x_test) == y_test).mean()
    assert shares[64, 3] < 0.6 < 0.9 < shares[64, 32, 3]
