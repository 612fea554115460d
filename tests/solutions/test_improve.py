import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from solutions.improve import (
    bars,
    build_model,
    choose,
    improve,
    layers_of,
    mean_interval,
    paired_difference,
    parameters_of,
    t_value,
)
from solutions.losses import cross_entropy_from_logits
from solutions.network import forward


@pytest.mark.parametrize("n", range(2, 21))
def test_t_is_students(n):
    assert t_value(n) == pytest.approx(stats.t.ppf(0.975, n - 1), abs=5e-5)


def test_the_interval_of_a_mean_is_scipys(rng):
    a = rng.normal(size=7)
    mean, half = mean_interval(a)
    low, high = stats.ttest_1samp(a, 0).confidence_interval()
    np.testing.assert_allclose([mean - half, mean + half], [low, high], rtol=1e-4)


def test_the_paired_interval_is_that_of_scipys_paired_test(rng):
    a, b = rng.normal(size=(2, 9))
    mean, half = paired_difference(a, b)
    low, high = stats.ttest_rel(b, a).confidence_interval()
    np.testing.assert_allclose([mean - half, mean + half], [low, high], rtol=1e-4)


def test_what_both_runs_of_a_pair_share_cancels():
    a = np.array([0.90, 0.95, 0.80])
    assert paired_difference(a, a + 0.25) == pytest.approx((0.25, 0.0), abs=1e-12)


@pytest.mark.parametrize(("n", "m"), [(3, 2), (1, 1), (0, 0), (1, 4)])
def test_runs_that_are_no_pairs_are_refused(n, m):
    with pytest.raises(ValueError, match=f"one length, 2 or more runs, got {n} and {m}"):
        paired_difference(np.zeros(n), np.zeros(m))


def test_intervals_hold_the_truth_as_often_as_they_say(rng):
    """Of 4,000 comparisons of equal settings 5 % are taken for different, give or take 0.35."""
    alarms = 0
    for _ in range(4_000):
        mean, half = paired_difference(rng.normal(size=5), rng.normal(size=5))
        alarms += abs(mean) > half
    assert alarms / 4_000 == pytest.approx(0.05, abs=0.011)


@pytest.mark.parametrize("sizes", [(784, 10), (784, 100, 10), (5, 7, 7, 3, 2)])
def test_parameters_are_those_that_keras_counts(keras_model, sizes):
    assert parameters_of(sizes) == keras_model.build_model(sizes).count_params()


@pytest.mark.parametrize(("table", "row"), [
    ([[0.80, 0.81], [0.91, 0.92], [0.90, 0.94], [0.89, 0.90]], 1),    # 0.915 is within 0.02 of 0.92
    ([[0.80, 0.81], [0.85, 0.99], [0.939, 0.941], [0.89, 0.90]], 2),  # 0.92 is not within 0.001 of 0.94
    ([[0.5, 0.5], [0.75, 0.75], [0.5, 1.0]], 1),                      # of equal means the first one's error counts
    ([[0.25, 0.25], [0.75, 0.75], [0.75, 0.75]], 1),
    ([[0.3, 0.1]], 0),
])
def test_the_rule_of_one_standard_error_by_hand(table, row):
    assert choose(np.array(table)) == row


def test_bars_show_their_label(rng):
    x, y = bars(500, rng)
    assert (x.shape, x.dtype) == ((500, 784), np.float32)
    assert 0 <= x.min() <= x.max() <= 1
    assert set(y) == set(range(10))
    means = np.stack([x[y == k].mean(axis=0) for k in range(10)])
    nearest = ((x[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    assert (nearest == y).all()


def test_a_built_model_has_what_was_asked_for(keras_model):
    model = build_model((6, 8, 7, 5), hidden="tanh", dropout=0.25, rate=0.02)
    assert layers_of(model) == [("Dense", 8, "tanh"), ("Dropout", 0.25, None), ("Dense", 7, "tanh"),
                                ("Dropout", 0.25, None), ("Dense", 5, "linear")]
    assert float(model.optimizer.learning_rate) == pytest.approx(0.02)
    assert layers_of(build_model((6, 5))) == [("Dense", 5, "linear")]


def test_its_loss_is_the_cross_entropy_of_logits(keras_model, rng):
    model = build_model((6, 8, 5))
    x, y = rng.normal(size=(40, 6)).astype(np.float32), rng.integers(5, size=40)
    logits, _ = forward(keras_model.parameters(model), x)
    assert model.evaluate(x, y, verbose=0)[0] == pytest.approx(cross_entropy_from_logits(y, logits), rel=1e-5)


def test_improve_stays_within_its_budget_learns_digits_and_follows_its_seed(digits):
    x, y, x_new, y_new = digits
    order = np.argsort(y, kind="stable")
    model, again, other = (improve(x[order], y[order], seed) for seed in (1, 1, 2))
    assert model.count_params() <= 100_000
    assert (np.asarray(model(x_new)).argmax(axis=1) == y_new).mean() > 0.9
    np.testing.assert_allclose(model.get_weights()[0], again.get_weights()[0], atol=1e-3)
    assert np.abs(model.get_weights()[0] - other.get_weights()[0]).max() > 0.01


def test_comparing_needs_no_keras():
    code = "import solutions.improve, sys; print({'keras', 'tensorflow'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
