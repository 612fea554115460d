"""Optimizers, each as one step: parameters, gradient and state in, new parameters and state out.

The variants and the defaults are Keras', and float32 parameters give float32 arithmetic, so that a NumPy run
can follow a Keras run step by step.  w, grad and the state arrays are arrays of one shape and float dtype; no
argument is changed, unless the function is called in_place.
`RULES` lists the optimizers by name, with what `solutions.training` has to know about their state.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


def as_keras_holds(value, w):
    """A setting rounded to float32, as Keras holds it for parameters of any dtype, in the dtype of w.

    Without it a float64 run by NumPy leaves Keras' path in the eighth digit.
    """
    return w.dtype.type(np.float32(value))


def sgd(w, grad, lr=0.01):
    r"""One step of gradient descent, $w - \eta g$; returns the new w.

    w, grad: one shape -> that shape; lr is the rate $\eta$.  As `keras.optimizers.SGD`.
    """
    return w - lr * grad


def momentum(w, grad, m, lr=0.01, mu=0.9):
    r"""One step of gradient descent with momentum; returns the new (w, m).

    $m \leftarrow \mu m - \eta g$, then $w \leftarrow w + m$.
    w, grad, m: one shape -> two arrays of that shape; m starts at 0.
    Polyak (1964), with rate and minus sign inside m as in `keras.optimizers.SGD(momentum=mu)`; PyTorch has both
    outside, $m \leftarrow \mu m + g$ and $w \leftarrow w - \eta m$.
    """
    mu = as_keras_holds(mu, w)
    m = mu * m - lr * grad
    return w + m, m


def nesterov(w, grad, m, lr=0.01, mu=0.9):
    r"""One step of gradient descent with Nesterov's momentum; returns the new (w, m).

    $m \leftarrow \mu m - \eta g$, then $w \leftarrow w + \mu m - \eta g$ with the new m.
    w, grad, m: one shape -> two arrays of that shape; m starts at 0.
    Sutskever et al. (2013), rewritten for the point looked ahead to, as
    `keras.optimizers.SGD(momentum=mu, nesterov=True)`; PyTorch's m is without rate and minus sign.
    """
    mu = as_keras_holds(mu, w)
    m = mu * m - lr * grad
    return w + mu * m - lr * grad, m


def rmsprop(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    r"""One RMSprop step; returns the new (w, v).

    $v \leftarrow \rho v + (1 - \rho) g^2$, then $w \leftarrow w - \eta g / \sqrt{v + \epsilon}$ with the new v.
    w, grad, v: one shape -> two arrays of that shape; v starts at 0.
    Hinton (2012), with epsilon inside the root as in `keras.optimizers.RMSprop`; PyTorch has it outside,
    $\sqrt{v} + \epsilon$.
    """
    v = rho * v + (1 - rho) * grad**2
    return w - lr * grad / np.sqrt(v + eps), v


def adagrad(w, grad, a, lr=0.001, eps=1e-7):
    r"""One Adagrad step; returns the new (w, a).

    $a \leftarrow a + g^2$, then $w \leftarrow w - \eta g / \sqrt{a + \epsilon}$.
    w, grad, a: one shape; a starts at 0.1.  Duchi et al. (2011); as `keras.optimizers.Adagrad`.
    """
    a = a + grad**2
    return w - lr * grad / np.sqrt(a + eps), a


def adam(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    r"""One Adam step; returns the new (w, m, v).

    $m \leftarrow m + (1 - \beta_1)(g - m)$ and $v \leftarrow v + (1 - \beta_2)(g^2 - v)$, then
    $w \leftarrow w - \alpha_t m / (\sqrt{v} + \epsilon)$ with the new m and v, and
    $\alpha_t = \eta \sqrt{1 - \beta_2^t} / (1 - \beta_1^t)$, which is `adam_rate`.
    w, grad, m, v: one shape -> three arrays of that shape; m and v start at 0; t counts the steps from 1.
    Kingma & Ba (2015), the form just before section 2.1 (epsilon hat: added to the plain root of v), as
    `keras.optimizers.Adam`; the paper's Algorithm 1 and PyTorch add epsilon to the corrected root instead.
    """
    # In the dtype of w: with powers in float64 a float32 run would leave Keras' path within one epoch.
    alpha = adam_rate(w.dtype.type(t), lr, as_keras_holds(b1, w), as_keras_holds(b2, w))
    m = m + (grad - m) * (1 - b1)
    v = v + (grad * grad - v) * (1 - b2)
    return w - alpha * m / (np.sqrt(v) + eps), m, v


def adam_rate(t, lr=0.001, b1=0.9, b2=0.999):
    r"""Adam's rate of step t with both bias corrections, $\alpha_t = \eta \sqrt{1 - \beta_2^t} / (1 - \beta_1^t)$.

    t: the number of the step, from 1; lr is $\eta$ -> one number.
    Kingma & Ba (2015), just before section 2.1.
    """
    return lr * np.sqrt(1 - b2**t) / (1 - b1**t)


def adam_in_place(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    """The step of `adam`, bit for bit, written over w, m and v; grad is used up as scratch paper.

    Adam's element-wise work takes longer than the matrix products of a small network, and much of that time
    goes into new arrays; here is only one.
    """
    alpha = adam_rate(w.dtype.type(t), lr, as_keras_holds(b1, w), as_keras_holds(b2, w))
    change = grad - m
    change *= 1 - b1
    m += change
    np.multiply(grad, grad, out=grad)
    grad -= v
    grad *= 1 - b2
    v += grad
    np.sqrt(v, out=grad)
    grad += eps
    np.multiply(m, alpha, out=change)
    change /= grad
    w -= change


def adamw(w, grad, m, v, t, lr=0.001, decay=0.004, b1=0.9, b2=0.999, eps=1e-7):
    r"""One step of Adam with decoupled weight decay; returns the new (w, m, v).

    First $w \leftarrow w - \lambda \eta w$ with $\lambda$ = decay, then a step of `adam`, whose averages know
    nothing of the decay.  w, grad, m, v, t: as in `adam`.
    Loshchilov & Hutter (2019); as `keras.optimizers.AdamW`, which lets biases decay, too.
    """
    return adam(w - w * as_keras_holds(decay, w) * lr, grad, m, v, t, lr, b1, b2, eps)


def lion(w, grad, m, lr=0.001, b1=0.9, b2=0.99):
    r"""One Lion step; returns the new (w, m).

    $w \leftarrow w - \eta \, \mathrm{sign}(\beta_1 m + (1 - \beta_1) g)$ with the old m, then
    $m \leftarrow \beta_2 m + (1 - \beta_2) g$.  w, grad, m: one shape; m starts at 0.
    Chen et al. (2023); as `keras.optimizers.Lion`.
    """
    b1, b2 = as_keras_holds(b1, w), as_keras_holds(b2, w)
    return w - lr * np.sign(b1 * m + (1 - b1) * grad), b2 * m + (1 - b2) * grad


class Rule(NamedTuple):
    """An optimizer for `solutions.training`.

    step: one of the functions above; start: the first value of each state array; counts_steps: whether step
    takes t; in_place: the same step for arrays that may be overwritten, if there is one.
    """

    step: Callable
    start: tuple[float, ...]
    counts_steps: bool = False
    in_place: Callable | None = None


RULES = {
    "sgd": Rule(sgd, ()),
    "momentum": Rule(momentum, (0.0,)),
    "nesterov": Rule(nesterov, (0.0,)),
    "rmsprop": Rule(rmsprop, (0.0,)),
    "adagrad": Rule(adagrad, (float(np.float32(0.1)),)),
    "adam": Rule(adam, (0.0, 0.0), counts_steps=True, in_place=adam_in_place),
    "adamw": Rule(adamw, (0.0, 0.0), counts_steps=True),
    "lion": Rule(lion, (0.0,)),
}
