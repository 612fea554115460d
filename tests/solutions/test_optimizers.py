import numpy as np
import pytest

from solutions import optimizers
from solutions.optimizers import RULES, adam, adam_in_place, adam_rate, sgd

NAMES = ["sgd", "momentum", "nesterov", "rmsprop", "adagrad", "adam", "adamw", "lion"]
TOLERANCE = {"float32": 3e-7, "float64": 1e-15}


@pytest.fixture(scope="module")
def keras_optimizer(keras):
    """keras_optimizer(name): a fresh Keras optimizer with Keras' own defaults, momentum 0.9."""
    makers = {
        "sgd": keras.optimizers.SGD,
        "momentum": lambda: keras.optimizers.SGD(momentum=0.9),
        "nesterov": lambda: keras.optimizers.SGD(momentum=0.9, nesterov=True),
        "rmsprop": keras.optimizers.RMSprop,
        "adagrad": keras.optimizers.Adagrad,
        "adam": keras.optimizers.Adam,
        "adamw": keras.optimizers.AdamW,
        "lion": keras.optimizers.Lion,
    }
    return lambda name: makers[name]()


@pytest.fixture
def gradients(rng):
    """Different gradients of very different sizes, zeros among them."""
    return [rng.normal(size=(4, 3)) * 10.0 ** rng.integers(-7, 2, size=(4, 3)) * (rng.random((4, 3)) > 0.2)
            for _ in range(6)]


def run(name, w, gradients):
    """Parameters after every step, by the pure functions."""
    rule, path = RULES[name], []
    state = [np.full_like(w, value) for value in rule.start]
    for t, grad in enumerate(gradients, start=1):
        clock = {"t": t} if rule.counts_steps else {}
        new = rule.step(w, grad, *state, **clock)
        w, *state = new if state else (new,)
        path.append(w)
    return path


def test_every_optimizer_has_a_rule():
    assert set(RULES) == set(NAMES)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", NAMES)
def test_six_steps_with_different_gradients_follow_keras(keras, keras_model, keras_optimizer, gradients, rng,
                                                         name, dtype):
    start = rng.normal(size=(4, 3)).astype(dtype)
    gradients = [grad.astype(dtype) for grad in gradients]
    with keras_model.precision(dtype):
        variable, optimizer = keras.Variable(start, dtype=dtype), keras_optimizer(name)
        for step, (grad, w) in enumerate(zip(gradients, run(name, start, gradients), strict=True), start=1):
            optimizer.apply([keras.ops.convert_to_tensor(grad)], [variable])
            np.testing.assert_allclose(w, variable.numpy(), rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype],
                                       err_msg=f"{name}, step {step}")
            assert w.dtype == dtype


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", NAMES)
def test_no_step_changes_its_arguments(gradients, name, dtype):
    w, grad = np.ones((4, 3), dtype), gradients[0].astype(dtype)
    state = [np.full_like(w, 0.25) for _ in RULES[name].start]
    before = [array.copy() for array in (w, grad, *state)]
    RULES[name].step(w, grad, *state, **({"t": 3} if RULES[name].counts_steps else {}))
    for array, copy in zip((w, grad, *state), before, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_adam_in_place_is_adam_bit_for_bit(rng, dtype):
    w, m, v = rng.normal(size=500).astype(dtype), np.zeros(500, dtype), np.zeros(500, dtype)
    in_place = [w.copy(), m.copy(), v.copy()]
    for t in range(1, 301):
        grad = (rng.normal(size=500) * (rng.random(500) > 0.5) * 10.0 ** -(t % 9)).astype(dtype)
        w, m, v = adam(w, grad, m, v, t)
        adam_in_place(in_place[0], grad, *in_place[1:], t)
    for pure, written_over in zip((w, m, v), in_place, strict=True):
        np.testing.assert_array_equal(pure, written_over)


def test_gradient_descent_goes_downhill_by_hand():
    np.testing.assert_allclose(sgd(np.array([1.0, 2.0]), np.array([10.0, -10.0]), lr=0.1), [0, 3])


@pytest.mark.parametrize("size", [1e-4, 1.0, 1e4])
def test_adams_first_step_has_the_length_of_the_rate_whatever_the_gradient(size):
    w, m, v = adam(np.zeros(2), np.array([size, -size]), np.zeros(2), np.zeros(2), t=1, lr=0.1)
    np.testing.assert_allclose(w, [-0.1, 0.1], rtol=0.05)
    np.testing.assert_allclose(m, [0.1 * size, -0.1 * size])
    np.testing.assert_allclose(v, [0.001 * size**2] * 2)


def test_adam_stands_still_without_a_gradient():
    w, *_ = adam(np.array([3.0]), np.zeros(1), np.zeros(1), np.zeros(1), t=1)
    np.testing.assert_array_equal(w, [3])


def test_the_form_of_pytorch_is_another_one():
    """Epsilon in the other place changes the first step of a small gradient by more than half."""
    g, eps = 1e-6, 1e-7
    w, *_ = adam(np.zeros(1), np.array([g]), np.zeros(1), np.zeros(1), t=1, eps=eps)
    np.testing.assert_allclose(w, -0.001 * np.sqrt(0.001) * g / (np.sqrt(0.001) * g + eps), rtol=1e-4)
    assert abs(w[0] / (-0.001 * g / (g + eps)) - 1) > 0.5


@pytest.mark.parametrize("name", NAMES)
def test_every_optimizer_finds_the_bottom_of_a_valley(name):
    w, rule = np.array([1.0, -1.0]), RULES[name]
    state = [np.full_like(w, value) for value in rule.start]
    for t in range(1, 2001):
        clock = {"t": t} if rule.counts_steps else {}
        new = rule.step(w, w * [1.0, 10.0], *state, lr=0.01, **clock)
        w, *state = new if state else (new,)
    assert np.abs(w).max() < 0.5, f"{name} ended at {w}"


def test_the_defaults_are_those_of_keras(keras, keras_optimizer):
    import inspect

    for name in NAMES:
        theirs = keras_optimizer(name).get_config()
        ours = {k: p.default for k, p in inspect.signature(getattr(optimizers, name)).parameters.items()}
        names = {"lr": "learning_rate", "b1": "beta_1", "b2": "beta_2", "eps": "epsilon", "rho": "rho",
                 "decay": "weight_decay", "mu": "momentum"}
        for short, long in names.items():
            if short in ours:
                np.testing.assert_allclose(ours[short], theirs[long], rtol=1e-6, err_msg=f"{name}: {short}")


def test_adams_rate_makes_up_for_averages_that_start_at_0_and_then_is_lr():
    np.testing.assert_allclose(adam_rate(1, lr=0.5, b1=0.5, b2=0.75), 0.5)      # 0.5 * sqrt(1/4) / (1/2)
    np.testing.assert_allclose(adam_rate(2, lr=1.0, b1=0.5, b2=0.6), 0.8 / 0.75)
    np.testing.assert_allclose(adam_rate(20_000), 0.001, rtol=1e-6)
