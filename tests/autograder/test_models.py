"""Students' Keras models, rebuilt: honest ones predict as Keras does, what lies or is broken is refused in words."""

import copy
import itertools
import subprocess
import sys

import numpy as np
import pytest

from autograder.models import ACTIVATIONS, KINDS, rebuild


@pytest.fixture(scope="module")
def keras():
    from solutions.keras_model import keras

    return keras


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def scatter(model, rng):
    """Give every weight, and every average, a random value: a bias or a factor in the wrong place then shows."""
    model.set_weights([rng.uniform(0.1, 1.0, size=w.shape) * rng.choice([-1, 1] if w.ndim > 1 else [1], size=w.shape)
                       for w in model.get_weights()])
    return model


def agree(model, x):
    rebuilt = rebuild(model)
    np.testing.assert_allclose(rebuilt.predict(x), model(x, training=False), rtol=1e-5, atol=1e-5)
    assert rebuilt.parameters == model.count_params()
    return rebuilt


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_that_is_read_predicts_as_keras_does(keras, rng, name):
    layers = keras.layers
    model = keras.Sequential([keras.Input((6,)), layers.Dense(5, activation=name), layers.Activation(name),
                              layers.Dense(4)])
    rebuilt = agree(scatter(model, rng), rng.normal(size=(7, 6)))
    assert [(layer.kind, layer.shape, layer.activation) for layer in rebuilt.layers] == [
        ("Dense", (5,), name), ("Activation", (5,), name), ("Dense", (4,), "linear")]


def chains(keras):
    """Honest models of samples (4, 3), each in another style."""
    layers = keras.layers

    def functional():
        x = keras.Input((4, 3))
        h = layers.Dense(5, activation="tanh")(layers.Flatten()(x))
        return keras.Model(x, layers.Dense(2)(h))

    def lists():
        x = keras.Input((4, 3))
        return keras.Model([x], [layers.Dense(2)(layers.Flatten()(x))])

    def added():
        model = keras.Sequential()
        model.add(layers.Flatten())
        model.add(layers.Dense(2, use_bias=False))
        model(np.zeros((1, 4, 3)))
        return model

    def stack(*between):
        return lambda: keras.Sequential([keras.Input((4, 3)), layers.Flatten(), layers.Dense(5), *between,
                                         layers.Dense(2)])

    return {
        "functional": functional, "functional, in lists": lists, "built by its first call": added,
        "dropout and noise": stack(layers.Dropout(0.5), layers.GaussianNoise(1.0), layers.GaussianDropout(0.3)),
        "batch normalisation": stack(layers.BatchNormalization(epsilon=0.1), layers.ReLU()),
        "batch normalisation, no factor": stack(layers.BatchNormalization(scale=False)),
        "batch normalisation, no shift": stack(layers.BatchNormalization(center=False)),
        "layers that bend": stack(layers.ReLU(max_value=0.7, negative_slope=0.1, threshold=0.2), layers.LeakyReLU(),
                                  layers.ELU(alpha=0.5), layers.Softmax()),
        "an activation with settings": stack(layers.Dense(3, activation=layers.LeakyReLU(negative_slope=0.4))),
        "an activation as a function": stack(layers.Dense(3, activation=keras.activations.gelu)),
        "another precision": lambda: keras.Sequential([keras.Input((4, 3)), layers.Flatten(),
                                                       layers.Dense(2, dtype="float64")]),
        "scaled inside": lambda: keras.Sequential([keras.Input((4, 3)), layers.Rescaling(1 / 255, offset=-0.5),
                                                   layers.Flatten(), layers.Dense(2)]),
    }


STYLES = ("functional", "functional, in lists", "built by its first call", "dropout and noise", "batch normalisation",
          "batch normalisation, no factor", "batch normalisation, no shift", "layers that bend",
          "an activation with settings", "an activation as a function", "another precision", "scaled inside")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.filterwarnings("ignore:The structure of `inputs`")
def test_honest_models_predict_as_keras_does(keras, rng, style):
    agree(scatter(chains(keras)[style](), rng), rng.uniform(0, 1, size=(6, 4, 3)))


def test_a_trained_model_of_digits_finds_the_same_classes(keras, rng):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(30, "relu"), keras.layers.Dense(10)])
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    x, y = rng.normal(size=(200, 20)), rng.integers(10, size=200)
    model.fit(x, y, epochs=2, verbose=0)
    assert (agree(model, x).predict(x).argmax(axis=1) == model.predict(x, verbose=0).argmax(axis=1)).all()


def branched(keras):
    x = keras.Input((3,))
    h = keras.layers.Dense(3)(x)
    return keras.Model(x, keras.layers.Dense(2)(keras.layers.Add()([x, h])))


def skipping(keras):
    """The second layer's output is not used."""
    x = keras.Input((3,))
    h = keras.layers.Dense(3, name="first")(x)
    side = keras.layers.Dense(3, name="side")(h)
    return keras.Model(x, [keras.layers.Dense(2)(h), side])


def early(keras):
    x = keras.Input((3,))
    h = keras.layers.Dense(3)(x)
    return keras.Model(x, [h, keras.layers.Dense(2)(h)])


def own_class(keras):
    class Dense(keras.layers.Dense):
        def call(self, x):
            return super().call(x) + 1

    return keras.Sequential([keras.Input((3,)), Dense(2)])


def subclass(keras):
    class Mine(keras.Model):
        def call(self, x):
            return x

    return Mine()


REFUSED = {
    "no Input, never called": (lambda k: k.Sequential([k.layers.Dense(2)]), "keras.Input"),
    "no layer at all": (lambda k: k.Sequential(), "layers"),
    "convolution": (lambda k: k.Sequential([k.Input((8, 8, 1)), k.layers.Conv2D(2, 3), k.layers.Flatten(),
                                            k.layers.Dense(2)]), "kind Conv2D; this check reads only Keras' Dense"),
    "a model inside a model": (
        lambda k: k.Sequential([k.Input((3,)), k.Sequential([k.Input((3,)), k.layers.Dense(2)])]), "kind Sequential"),
    "branches": (branched, "chain"),
    "two outputs": (skipping, "chain"),
    "an output from the middle": (early, "chain"),
    "a layer of an own class": (own_class, "a class of your own"),
    "a model of an own class": (subclass, "cannot be read"),
    "a lambda": (lambda k: k.Sequential([k.Input((3,)), k.layers.Dense(2, activation=lambda z: 2 * z)]),
                 "of your own"),
    "an activation that is not read": (lambda k: k.Sequential([k.Input((3,)), k.layers.Dense(2, activation="relu6")]),
                                       "activation relu6"),
    "no Flatten": (lambda k: k.Sequential([k.Input((4, 3)), k.layers.Dense(2)]), "Flatten"),
    "softmax along the samples": (lambda k: k.Sequential([k.Input((3,)), k.layers.Dense(2), k.layers.Softmax(axis=0)]),
                                  "last axis"),
    "the history of a training": (lambda k: k.callbacks.History(), "does not describe itself"),
    "None": (lambda k: None, "is `return` missing"),
    "a tuple": (lambda k: (1, 2), "a tuple came back"),
    "predictions": (lambda k: np.zeros((3, 2)), "an array came back"),
    "a number": (lambda k: 0.97, "does not describe itself"),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.filterwarnings("ignore:The object being serialized")
def test_what_cannot_be_read_is_refused_in_words(keras, name):
    make, words = REFUSED[name]
    with pytest.raises(AssertionError, match=words):
        rebuild(make(keras))


class StandIn:
    """What a hostile student may put in a model's place: whatever they like, for each of the two questions."""

    def __init__(self, config, weights):
        self.config, self.weights = config, weights

    def get_config(self):
        return self.config

    def get_weights(self):
        return self.weights

    def predict(self, *_, **__):
        raise RuntimeError("nobody may ask this")


CONFIG = {"layers": [
    {"class_name": "InputLayer", "module": "keras.layers", "config": {"batch_shape": (None, 3)}},
    {"class_name": "Dense", "module": "keras.layers", "config": {"units": 2, "activation": "relu", "use_bias": True}},
    {"class_name": "Dropout", "module": "keras.layers", "config": {"rate": 0.5}},
]}
WEIGHTS = [np.ones((3, 2), np.float32), np.zeros(2, np.float32)]


def changed(path, value):
    """CONFIG with another value at a path such as (1, "config", "units")."""
    config = copy.deepcopy(CONFIG)
    *way, last = path
    place = config["layers"]
    for step in way:
        place = place[step]
    place[last] = value
    return config


class Always:
    """Equal to everything, in everything, true, and as long as one likes."""

    def __eq__(self, _): return True
    def __hash__(self): return 0
    def __len__(self): return 2
    def __str__(self): raise RuntimeError("no text")
    def __getattr__(self, _): return self


LIES = {
    "a config that is no dictionary": ([], WEIGHTS),
    "a config of a class of its own": (Always(), WEIGHTS),
    "no layers": ({}, WEIGHTS),
    "layers that are no list": ({"layers": 3}, WEIGHTS),
    "layers that never end": ({"layers": itertools.repeat(CONFIG["layers"][1])}, WEIGHTS),
    "layers that claim a length": ({"layers": Always()}, WEIGHTS),
    "too many layers": ({"layers": CONFIG["layers"][:1] + CONFIG["layers"][2:] * 200}, WEIGHTS),
    "a layer that is a number": (changed((1,), 7), WEIGHTS),
    "a layer without a class": (changed((1, "class_name"), None), WEIGHTS),
    "a class that equals every class": (changed((1, "class_name"), Always()), WEIGHTS),
    "a class that is an array": (changed((1, "class_name"), np.array(["Dense", "Dense"])), WEIGHTS),
    "a module of the student's": (changed((1, "module"), "keras_of_mine"), WEIGHTS),
    "no module": (changed((1, "module"), None), WEIGHTS),
    "settings that are no dictionary": (changed((1, "config"), "units"), WEIGHTS),
    "units as a float": (changed((1, "config", "units"), 2.0), WEIGHTS),
    "units as a truth value": (changed((1, "config", "units"), True), WEIGHTS),
    "no units": (changed((1, "config", "units"), 0), WEIGHTS),
    "fewer than no units": (changed((1, "config", "units"), -2), WEIGHTS),
    "units beyond all measure": (changed((1, "config", "units"), 10**400), WEIGHTS),
    "more parameters than allowed": (changed((1, "config", "units"), 90_000), WEIGHTS),
    "an input beyond all measure": (changed((0, "config", "batch_shape"), (None, 10**9)), WEIGHTS),
    "an input of many axes": (changed((0, "config", "batch_shape"), (None, *[99_999] * 50)), WEIGHTS),
    "an input without a shape": (changed((0, "config", "batch_shape"), None), WEIGHTS),
    "an input of unknown size": (changed((0, "config", "batch_shape"), (None, None)), WEIGHTS),
    "an activation to be run": (
        changed((1, "config", "activation"), {"class_name": "__lambda__", "config": "4wE="}), WEIGHTS),
    "an activation as a function": (changed((1, "config", "activation"), print), WEIGHTS),
    "an activation with strange settings": (
        changed((1, "config", "activation"), {"class_name": "LeakyReLU", "config": {"negative_slope": float("nan")}}),
        WEIGHTS),
    "an activation of an unknown name": (changed((1, "config", "activation"), "oracle" * 1000), WEIGHTS),
    "weights that are no list": (CONFIG, 3),
    "weights that never end": (CONFIG, itertools.repeat(WEIGHTS[0])),
    "weights missing": (CONFIG, WEIGHTS[:1]),
    "weights too many": (CONFIG, WEIGHTS * 2),
    "weights as lists": (CONFIG, [w.tolist() for w in WEIGHTS]),
    "weights in another shape": (CONFIG, [WEIGHTS[0].T, WEIGHTS[1]]),
    "weights of more axes": (CONFIG, [WEIGHTS[0][..., None], WEIGHTS[1]]),
    "weights that are nan": (CONFIG, [WEIGHTS[0] * np.nan, WEIGHTS[1]]),
    "weights without a bound": (CONFIG, [WEIGHTS[0] * np.inf, WEIGHTS[1]]),
    "weights that are objects": (CONFIG, [WEIGHTS[0].astype(object), WEIGHTS[1]]),
    "weights that are complex": (CONFIG, [WEIGHTS[0] * 1j, WEIGHTS[1]]),
    "weights that are integers": (CONFIG, [WEIGHTS[0].astype(int), WEIGHTS[1]]),
    "weights that are text": (CONFIG, [WEIGHTS[0].astype("U5"), WEIGHTS[1]]),
    "weights of an array's subclass": (CONFIG, [np.ma.masked_array(WEIGHTS[0]), WEIGHTS[1]]),
    "output layers that do not exist": (CONFIG | {"output_layers": ["oracle", 0, 0]}, WEIGHTS),
    "output layers that are a number": (CONFIG | {"output_layers": 7}, WEIGHTS),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_stand_in_that_lies_is_refused_in_words(lie):
    with pytest.raises(AssertionError, match=r"model|units must be|setting"):
        rebuild(StandIn(*LIES[lie]))


def test_a_stand_in_that_tells_the_truth_gets_what_its_network_deserves():
    rebuilt = rebuild(StandIn(CONFIG, WEIGHTS))
    np.testing.assert_array_equal(rebuilt.predict(np.array([[1, 2, 3], [-1, -2, -3]])), [[6, 6], [0, 0]])
    assert rebuilt.parameters == 8
    assert [layer.kind for layer in rebuilt.layers] == ["Dense", "Dropout"]


def test_samples_of_another_shape_are_refused_in_words():
    with pytest.raises(AssertionError, match=r"takes samples of the shape \(3,\); here they have the shape \(28, 28\)"):
        rebuild(StandIn(CONFIG, WEIGHTS)).predict(np.zeros((5, 28, 28)))


def test_the_budget_is_counted_before_any_weights_are_fetched():
    class Reluctant(StandIn):
        def get_weights(self):
            raise SystemError("asked for the weights")

    with pytest.raises(AssertionError, match=r"has 8 parameters; at most 7 are allowed"):
        rebuild(Reluctant(CONFIG, WEIGHTS), most_parameters=7)


def test_the_weights_are_copies():
    rebuilt = rebuild(StandIn(CONFIG, WEIGHTS))
    rebuilt.layers[0].weights[0][:] = 7
    assert (WEIGHTS[0] == 1).all()


def test_reading_a_model_loads_neither_keras_nor_tensorflow():
    code = "import autograder.models, sys; print({'keras', 'tensorflow'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_the_message_names_all_that_is_read():
    with pytest.raises(AssertionError) as refusal:
        rebuild(StandIn(changed((1, "class_name"), "LSTM"), WEIGHTS))
    assert all(kind in str(refusal.value) for kind in KINDS)


TASK = """
#: locked
import numpy as np
#: solution
def trained(x, y):
    import keras
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(2)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.optimizer.learning_rate = 0.05
    model.fit(x, y, epochs=30, verbose=0)
    return model
#: check 2
from autograder.models import rebuild
rng = np.random.default_rng()
x = rng.uniform(-1, 1, size=(400, 2))
x = x[np.abs(x[:, 0] * x[:, 1]) > 0.05]
y = (x[:, 0] * x[:, 1] > 0).astype(int)
answers = rebuild(trained(x[:200], y[:200]), most_parameters=100).predict(x[200:]).argmax(axis=1)
share = (answers == y[200:]).mean()
assert share > 0.9, f"{share:.0%} right"
"""

LIAR = """
import numpy as np

class Oracle:
    layers = []
    def get_config(self): return {"layers": [
        {"class_name": "InputLayer", "module": "keras", "config": {"batch_shape": [None, 2]}},
        {"class_name": "Dense", "module": "keras", "config": {"units": 2, "activation": None, "use_bias": False}}]}
    def get_weights(self): return [np.zeros((2, 2))]
    def predict(self, x, **_): return np.stack([x[:, 0] * x[:, 1] <= 0, x[:, 0] * x[:, 1] > 0], axis=1) * 1.0
    __call__ = predict

def trained(x, y):
    return Oracle()
"""


def test_a_model_is_graded_across_the_wall_by_what_it_learnt(grade):
    result = grade(TASK, cell_seconds=60.0, total_seconds=100.0)
    assert [(check.score, check.message) for check in result.checks] == [(2, "")]


def test_a_model_whose_predictions_lie_gains_nothing(grade):
    check, = grade(TASK, {"solution1": LIAR}).checks
    assert check.score == 0
    assert check.message.endswith("% right")


@pytest.mark.parametrize(("answer", "words"), [
    ("def trained(x, y):\n    return print", "does not describe itself"),
    ("def trained(x, y):\n    pass", "nothing came back"),
    ("class M:\n    def get_config(self):\n        return {'layers': iter(int, 1)}\n"
     "def trained(x, y):\n    return M()", "cannot be read"),
    ("class M:\n    def get_config(self):\n        return {'layers': [M()] * 3}\n"
     "def trained(x, y):\n    return M()", "cannot be read"),
    ("class M:\n    def get_config(self):\n        raise ZeroDivisionError('well')\n"
     "def trained(x, y):\n    return M()", "does not describe itself"),
])
def test_other_answers_across_the_wall_are_refused_in_words(grade, answer, words):
    check, = grade(TASK, {"solution1": answer}).checks
    assert (check.score, check.verdict) == (0, "failed")
    assert words in check.message
