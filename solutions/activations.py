"""Activations and their gradients, each function as its formula.

An activation keeps the float dtype of its input and turns integers into floats; no argument is changed.
Each `..._backward(d, z)` is one use of the chain rule: d is the gradient of the loss with respect to the
activation's output, z the activation's input, the result the gradient with respect to z.
"""

import numpy as np


def relu(z):
    r"""Rectified linear unit, $\max(z, 0)$, element by element.

    z: any shape -> the same shape; z itself is left as it is, because backward needs it.
    Floats keep their dtype, integers become float64.  Nair & Hinton (2010); as `keras.ops.relu`.
    """
    return np.maximum(z, 0.0)


def relu_backward(d, z):
    r"""Gradient of the loss with respect to z, behind $a = \max(z, 0)$.

    d: $\partial L / \partial a$, z: the input of relu, both of one shape -> the same shape.
    The slope is 1 where z > 0 and 0 elsewhere; at z = 0, where the limit from the right is 1 and from the
    left 0, it is 0 as in Keras.
    """
    return d * (z > 0)


def leaky_relu(z, negative_slope=0.2):
    r"""Leaky rectified linear unit: z where $z > 0$, `negative_slope` times z elsewhere.

    z: any shape -> the same shape.  Floats keep their dtype, integers become float64.
    Maas et al. (2013); as `keras.ops.leaky_relu`, whose default slope is 0.2 (the paper's is 0.01).
    """
    return np.maximum(z, 0.0) + negative_slope * np.minimum(z, 0.0)


def leaky_relu_backward(d, z, negative_slope=0.2):
    r"""Gradient of the loss with respect to z, behind `leaky_relu(z, negative_slope)`.

    d: $\partial L / \partial a$, z: the input of leaky_relu, both of one shape -> the same shape.
    The slope is 1 where z > 0 and `negative_slope` elsewhere, also at z = 0, as in Keras.
    """
    return np.where(z > 0, d, negative_slope * d)


def sigmoid(z):
    r"""Logistic sigmoid, $\sigma(z) = 1 / (1 + e^{-z})$, element by element.

    z: any shape -> the same shape, values from 0 to 1.  Floats keep their dtype, integers become float64.
    Right for z = -1000 and z = 1000 too, and without a RuntimeWarning: no exponent may be positive.
    As `keras.ops.sigmoid`.
    """
    numerator = np.exp(np.minimum(z, 0.0))
    return numerator / (numerator + np.exp(-np.maximum(z, 0.0)))


def sigmoid_backward(d, z):
    r"""Gradient of the loss with respect to z, behind $a = \sigma(z)$; $\sigma' = \sigma (1 - \sigma)$.

    d: $\partial L / \partial a$, z: the input of sigmoid, both of one shape -> the same shape.
    """
    a = sigmoid(z)
    return d * a * (1 - a)


def tanh(z):
    r"""Hyperbolic tangent, $(e^z - e^{-z}) / (e^z + e^{-z})$, element by element.

    z: any shape -> the same shape, values from -1 to 1.  Floats keep their dtype, integers become floats.
    Right for z = -1000 and z = 1000 too.  As `keras.ops.tanh`.
    """
    return np.tanh(z)


def tanh_backward(d, z):
    r"""Gradient of the loss with respect to z, behind $a = \tanh z$; $\tanh' = 1 - \tanh^2$.

    d: $\partial L / \partial a$, z: the input of tanh, both of one shape -> the same shape.
    """
    return d * (1 - np.tanh(z) ** 2)


def elu(z, alpha=1.0):
    r"""Exponential linear unit: z where $z > 0$, $\alpha (e^z - 1)$ elsewhere.

    z: any shape -> the same shape.  Floats keep their dtype, integers become float64.
    Large z must not overflow in the branch that is not used.  Clevert et al. (2016); as `keras.ops.elu`.
    """
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0.0)))


def elu_backward(d, z, alpha=1.0):
    r"""Gradient of the loss with respect to z, behind `elu(z, alpha)`: slope 1 or $\alpha e^z$.

    d: $\partial L / \partial a$, z: the input of elu, both of one shape -> the same shape.
    """
    return d * np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0.0)))


def silu(z):
    r"""Sigmoid linear unit (swish), $z \, \sigma(z)$, element by element.

    z: any shape -> the same shape.  Floats keep their dtype, integers become float64.
    Elfwing et al. (2018); as `keras.ops.silu`.
    """
    return z * sigmoid(z)


def silu_backward(d, z):
    r"""Gradient of the loss with respect to z, behind $a = z \, \sigma(z)$.

    The slope is $\sigma(z) \, (1 + z (1 - \sigma(z)))$.
    d: $\partial L / \partial a$, z: the input of silu, both of one shape -> the same shape.
    """
    s = sigmoid(z)
    return d * s * (1 + z * (1 - s))


def gelu(z):
    r"""Gaussian error linear unit in its tanh form, $\frac{z}{2} (1 + \tanh u)$, element by element.

    Here $u = \sqrt{2 / \pi} \, (z + 0.044715 \, z^3)$.
    z: any shape -> the same shape.  Floats keep their dtype, integers become floats.
    Hendrycks & Gimpel (2016); as `keras.ops.gelu`, whereas `keras.activations.gelu` takes the exact form
    $z \, \Phi(z)$ unless `approximate=True`.
    """
    u = (2 / np.pi) ** 0.5 * (z + 0.044715 * z**3)
    return 0.5 * z * (1 + np.tanh(u))


def gelu_backward(d, z):
    r"""Gradient of the loss with respect to z, behind $a = \frac{z}{2} (1 + \tanh u)$.

    The slope is $\frac{1}{2} (1 + t + z (1 - t^2) u')$ with $t = \tanh u$ and u as in `gelu`.
    d: $\partial L / \partial a$, z: the input of gelu, both of one shape -> the same shape.
    """
    c = (2 / np.pi) ** 0.5
    t = np.tanh(c * (z + 0.044715 * z**3))
    return d * 0.5 * (1 + t + z * (1 - t**2) * c * (1 + 3 * 0.044715 * z**2))


def softmax(z):
    r"""Probabilities from logits, $e^{z_i} / \sum_j e^{z_j}$, row by row.

    z: (batch, classes) or (classes,) -> the same shape; every row sums to 1.
    Floats keep their dtype, signed integers become float64.  Right for logits of any size and for rows far
    apart: adding one number to a whole row changes nothing, so shift each row until its largest logit is 0.
    Bridle (1990); as `keras.ops.softmax`.
    """
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_backward(d, z):
    r"""Gradient of the loss with respect to z, behind $p = \mathrm{softmax}(z)$.

    $\partial L / \partial z_i = p_i (d_i - \sum_j d_j p_j)$, row by row: every probability depends on every
    logit of its row.  d: $\partial L / \partial p$, z: the logits, both (batch, classes) -> the same shape.
    """
    p = softmax(z)
    return p * (d - (d * p).sum(axis=-1, keepdims=True))


def log_softmax(z):
    r"""Logarithm of softmax, $z_i - \log \sum_j e^{z_j}$, row by row.

    z: (batch, classes) or (classes,) -> the same shape, no value above 0.
    Floats keep their dtype, signed integers become float64.  Finite for every finite z, also where the
    probability itself rounds to 0; hence no logarithm of softmax's result.  As `keras.ops.log_softmax`.
    """
    shifted = z - z.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
