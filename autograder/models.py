"""A student's Keras model, read as plain data and rebuilt in NumPy on the trusted side, where it can be believed.

A model stays on the student's side of the wall, and what it says of itself, predictions above all, may be forged. So
a check asks only for its description (`get_config`) and its weights, and computes the predictions here: a model is as
good as the network that it says it is, and no better. Keras' own way back from a description runs code: not used.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from solutions import activations

MOST_PARAMETERS = 1_000_000
MOST_LAYERS = 100
MOST_UNITS = 100_000

Function = Callable[[np.ndarray], np.ndarray]
Run = Callable[[np.ndarray, Sequence[np.ndarray]], np.ndarray]      # of a layer: its input and its weights
Shape = tuple[int, ...]                                             # of one sample, without the batch


class Layer(NamedTuple):
    """A layer.

    kind: Keras' name of its class; shape: of what it puts out; activation: by name; run: what it computes.
    """

    kind: str
    shape: Shape
    activation: str
    weights: tuple[np.ndarray, ...]
    run: Run


class Network(NamedTuple):
    """A rebuilt model.

    inputs: the shape of one sample; layers: from first to last.
    """

    inputs: Shape
    layers: tuple[Layer, ...]

    @property
    def parameters(self) -> int:
        """How many numbers the model holds, as Keras' `count_params` tells it."""
        return sum(array.size for layer in self.layers for array in layer.weights)

    def predict(self, x: np.ndarray) -> np.ndarray:
        """The outputs for samples (n, *inputs), in float64. Layers that act in training only, such as Dropout, rest."""
        _require(x.shape[1:] == self.inputs,
                 f"your model takes samples of the shape {self.inputs}; here they have the shape {x.shape[1:]}")
        a = x.astype(float)
        with np.errstate(all="ignore"):
            for layer in self.layers:
                a = layer.run(a, layer.weights)
        return a


class _Plan(NamedTuple):
    """A layer before its weights are there, and the shapes that they must have."""

    run: Run
    shape: Shape
    activation: str = "linear"
    wanted: tuple[Shape, ...] = ()


def rebuild(model: Any, most_parameters: int = MOST_PARAMETERS) -> Network:
    """Read a Keras model, or what stands for one across the wall; AssertionError, in words for its student, if it is
    none, larger than `most_parameters`, branched, or made of other layers than those of `KINDS`.
    """
    config = _ask(model, "get_config")
    try:
        inputs, described = _read(config)
        plans: list[_Plan] = []
        for kind, settings in described:
            plans.append(KINDS[kind](settings, plans[-1].shape if plans else inputs))
        wanted = [shape for plan in plans for shape in plan.wanted]
    except AssertionError:
        raise
    except Exception:
        raise AssertionError("the description of your model, get_config(), cannot be read") from None
    size = sum(map(math.prod, wanted))
    _require(size <= most_parameters, f"your model has {size:,} parameters; at most {most_parameters:,} are allowed")
    weights = _checked(_ask(model, "get_weights"), wanted)
    return Network(inputs, tuple(
        Layer(kind, plan.shape, plan.activation, tuple(next(weights) for _ in plan.wanted), plan.run)
        for (kind, _), plan in zip(described, plans, strict=True)))


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise AssertionError(message)


def _ask(model: Any, question: str) -> Any:
    """What a method without arguments of the student's model gives."""
    try:
        return getattr(model, question)()
    except Exception as error:
        came = {type(None): "nothing came back (is `return` missing?)", tuple: "a tuple came back",
                list: "a list came back", dict: "a dictionary came back", np.ndarray: "an array came back"}
        what = came.get(type(model)) or f"what came back does not describe itself as one ({str(error)[:200]})"
        raise AssertionError(f"a Keras model is asked for; {what}") from None


def _read(config: dict) -> tuple[Shape, list[tuple[str, dict]]]:
    """The shape of a sample, and (class name, settings) of every layer behind the input."""
    layers = config["layers"]
    _require(0 < len(layers) <= MOST_LAYERS, f"your model has {len(layers)} layers; 1 to {MOST_LAYERS} are allowed")
    if "output_layers" in config:
        _require(_is_chain(config), "your model must be a chain: each layer is fed by the one before it alone, and "
                                    "the last one's output is the model's")
    found = [(_kind(layer), layer["config"]) for layer in layers]
    _require(found[0][0] == "InputLayer", "your model has no weights yet: begin it with the shape of one sample, "
                                          "for instance keras.Input((784,))")
    inputs = tuple(_whole(size) for size in found[0][1]["batch_shape"][1:])
    return inputs, found[1:]


def _kind(layer: Mapping) -> str:
    """The class of a layer by name. A student's own class may have the name of one of Keras'."""
    kind, module = layer["class_name"], layer["module"]
    own = type(module) is not str or module.split(".")[0] != "keras"
    _require(not own and kind in (*KINDS, "InputLayer"),
             f"your model has a layer of the kind {str(kind)[:50]}{' (a class of your own)' * own}; "
             f"this check reads only Keras' {', '.join(KINDS)}")
    return kind


def _is_chain(config: Mapping) -> bool:
    """Whether in a functional model each layer is fed by the one before it, and only the last gives the output."""
    def place(of: Any) -> list:
        return [str(of[0]), int(of[1]), int(of[2])]

    layers, out = config["layers"], config["output_layers"]
    fed = [place(tensor["config"]["keras_history"]) for layer in layers[1:] for node in layer["inbound_nodes"]
           for tensor in (*node["args"], *node["kwargs"].values()) if type(tensor) is dict]
    ends = [place(out if type(out[0]) is str else out[0])]
    return [*fed, *ends] == [[layer["name"], 0, 0] for layer in layers] and (type(out[0]) is str or len(out) == 1)


def _checked(given: Any, wanted: Sequence[Shape]) -> Iterator[np.ndarray]:
    """The arrays, each of finite floats in the shape wanted, in float64."""
    _require(type(given) in (list, tuple), "get_weights() of your model gives no list of arrays")
    _require(len(given) == len(wanted), f"your model has {len(given)} arrays of weights where its layers need "
                                        f"{len(wanted)}: is it built?")
    for array, shape in zip(given, wanted, strict=True):
        _require(type(array) is np.ndarray and array.dtype.kind == "f", "weights of your model are no arrays of floats")
        _require(array.shape == shape, f"weights of your model have the shape {array.shape}; their layer needs {shape}")
        _require(bool(np.isfinite(array).all()), "weights of your model are not finite (nan or inf): its training went "
                                                 "astray, and a smaller learning rate may help")
    return iter([array.astype(float) for array in given])


def _whole(value: Any) -> int:
    _require(type(value) is int and 0 < value <= MOST_UNITS,
             f"sizes and units must be whole numbers from 1 to {MOST_UNITS:,}; yours is {str(value)[:50]}")
    return value


def _number(settings: Mapping, key: str, default: float | None = None) -> float:
    value = settings.get(key, default)
    _require(type(value) in (int, float) and math.isfinite(value),
             f"the setting {key} of a layer must be one number; yours is {str(value)[:50]}")
    return float(value)


def _activation(given: Any) -> tuple[str, Function]:
    """Name and function of an activation: Keras describes it by its name, or as a layer where it has settings."""
    if type(given) is dict and given.get("class_name") in WITH_SETTINGS:
        return given["class_name"], WITH_SETTINGS[given["class_name"]](given["config"])
    name = "linear" if given is None else given
    _require(type(name) is str and name in ACTIVATIONS,
             f"your model has the activation {str(name)[:50] if type(name) is str else 'of your own making'}; "
             f"this check reads only Keras' {', '.join((*ACTIVATIONS, *WITH_SETTINGS))}")
    return name, ACTIVATIONS[name]


def _dense(settings: dict, shape: Shape) -> _Plan:
    _require(len(shape) == 1, f"a Dense layer of your model receives samples of the shape {shape}, and would treat "
                              "each row of them by itself: put keras.layers.Flatten() before it")
    units, (name, activation) = _whole(settings["units"]), _activation(settings["activation"])
    if settings["use_bias"]:
        return _Plan(lambda a, w: activation(a @ w[0] + w[1]), (units,), name, ((*shape, units), (units,)))
    return _Plan(lambda a, w: activation(a @ w[0]), (units,), name, ((*shape, units),))


def _batch_normalisation(settings: dict, shape: Shape) -> _Plan:
    """At work, with the averages that were kept in training."""
    _require(len(shape) == 1, "BatchNormalization is read only where a sample is one row of numbers")
    epsilon, scale, centre = _number(settings, "epsilon"), bool(settings["scale"]), bool(settings["center"])

    def run(a: np.ndarray, weights: Sequence[np.ndarray]) -> np.ndarray:
        *learned, mean, variance = weights
        a = (a - mean) / np.sqrt(variance + epsilon)
        a = a * learned[0] if scale else a
        return a + learned[-1] if centre else a

    return _Plan(run, shape, wanted=(shape,) * (2 + scale + centre))


def _flatten(_: dict, shape: Shape) -> _Plan:
    return _Plan(lambda a, _: a.reshape(len(a), -1), (math.prod(shape),))


def _rescaling(settings: dict, shape: Shape) -> _Plan:
    factor, offset = _number(settings, "scale"), _number(settings, "offset")
    return _Plan(lambda a, _: a * factor + offset, shape)


def _resting(_: dict, shape: Shape) -> _Plan:
    return _Plan(lambda a, _: a, shape)


def _bend(settings: dict, shape: Shape) -> _Plan:
    name, activation = _activation(settings["activation"])
    return _Plan(lambda a, _: activation(a), shape, name)


def _bend_by(kind: str) -> Callable[[dict, Shape], _Plan]:
    return lambda settings, shape: _bend({"activation": {"class_name": kind, "config": settings}}, shape)


def _relu(settings: dict) -> Function:
    slope, threshold = _number(settings, "negative_slope"), _number(settings, "threshold")
    top = math.inf if settings["max_value"] is None else _number(settings, "max_value")
    return lambda z: np.where(z >= threshold, np.minimum(z, top), slope * (z - threshold))


def _leaky_relu(settings: dict) -> Function:
    slope = _number(settings, "negative_slope")
    return lambda z: activations.leaky_relu(z, slope)


def _elu(settings: dict) -> Function:
    alpha = _number(settings, "alpha")
    return lambda z: activations.elu(z, alpha)


def _softmax(settings: dict) -> Function:
    _require(_number(settings, "axis") == -1, "Softmax is read along the last axis only")
    return activations.softmax


# NumPy has no error function, and Keras' gelu is exact unless asked for its approximation
_erf = np.vectorize(math.erf, otypes=[float])

ACTIVATIONS: dict[str, Function] = {
    "linear": lambda z: z,
    "relu": activations.relu,
    "leaky_relu": activations.leaky_relu,
    "elu": activations.elu,
    "selu": lambda z: 1.0507009873554805 * activations.elu(z, 1.6732632423543772),
    "silu": activations.silu,
    "gelu": lambda z: z * (1 + _erf(z / math.sqrt(2))) / 2,
    "softplus": lambda z: np.logaddexp(0.0, z),
    "tanh": np.tanh,
    "sigmoid": activations.sigmoid,
    "softmax": activations.softmax,
}
WITH_SETTINGS: dict[str, Callable[[dict], Function]] = {
    "ReLU": _relu, "LeakyReLU": _leaky_relu, "ELU": _elu, "Softmax": _softmax,
}
KINDS: dict[str, Callable[[dict, Shape], _Plan]] = {
    "Dense": _dense,
    "Activation": _bend,
    **{kind: _bend_by(kind) for kind in WITH_SETTINGS},
    "Dropout": _resting,
    "GaussianDropout": _resting,
    "GaussianNoise": _resting,
    "BatchNormalization": _batch_normalisation,
    "Flatten": _flatten,
    "Rescaling": _rescaling,
}
