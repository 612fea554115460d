"""Versions of the four rules and of Adam's rate that students write, for the exercise beside this file.

Probes walk several steps with different gradients, one of them 0 and one tiny, since the first step alone says little:
it is the same for many rules.  Their settings can be held in float32 exactly, so that the reference's rounding of them
does not set it apart from the plain formula.
"""

import numpy as np

from autograder.bank import Bank
from solutions.optimizers import adam, adam_rate, momentum, nesterov, rmsprop

bank = Bank(momentum, nesterov, rmsprop, adam_rate, adam)

W = np.array([1.5, -0.75, 3.0, -2.25, 0.5])
STATE = np.array([0.5, -1.25, 0.75, 2.0, 0.25])
GRADIENTS = np.array([[-1.75, 0.5, 2.5, -0.625, 0.0], [0.0, -1.125, 0.75, 1.5, 0.0], [2.25, 1e-6, -1.375, 0.875, 0.0],
                      [-0.5, 1.25, 0.375, -3.0, 0.0]])
TABLE = np.array([[1.5, -0.5, 2.0], [0.25, 4.0, -3.5]])
TABLE_GRADIENT = np.array([[-2.5, 0.75, 1.0], [3.0, -0.25, 1.75]])
TABLE_STATE = np.array([[0.25, 1.5, 0.75], [2.0, 0.5, 1.25]])


def walk(step, gradients, *state, counts_steps=False, **settings):
    """All that a step returned, one gradient after the other, from copies of W and the state."""
    w, answers = W.copy(), []
    for t, grad in enumerate(gradients, start=1):
        clock = {"t": t} if counts_steps else {}
        w, *state = step(w.copy(), grad.copy(), *[part.copy() for part in state], **clock, **settings)
        answers.append((w, *state))
    return answers


# momentum


@bank.probe
def momentum_from_rest(momentum):
    return walk(momentum, GRADIENTS, np.zeros(5), lr=0.25, mu=0.75)


@bank.probe
def momentum_under_way(momentum):
    return walk(momentum, GRADIENTS, STATE, lr=1.5, mu=0.375)


@bank.probe
def momentum_of_a_table(momentum):
    return momentum(TABLE.copy(), TABLE_GRADIENT.copy(), TABLE_STATE.copy(), lr=0.5, mu=0.25)


@bank.probe
def momentum_with_keras_settings(momentum):
    return momentum(W.copy(), GRADIENTS[0].copy(), STATE.copy())


@bank.wrong("this is PyTorch's form, with the rate and the minus sign outside of m; in Keras m is the step itself: "
            "both belong inside, and m is added to w as it is")
def momentum_of_pytorch(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m + grad
    return w - lr * m, m


@bank.wrong("w moves as PyTorch moves it, but the minus sign is still outside of m: in Keras m is the step itself, "
            "so it already points downhill and is added")
def momentum_sign_outside(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m + lr * grad
    return w - m, m


@bank.wrong("the rate multiplies the whole of m, so the old step is shortened by it too; it belongs to the gradient "
            "alone")
def momentum_rate_outside(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - grad
    return w + lr * m, m


@bank.wrong("this climbs: the gradient points uphill, so its share of m needs a minus sign")
def momentum_uphill(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m + lr * grad
    return w + m, m


@bank.wrong("m is right, but it was subtracted from w; m already contains the minus sign and is added")
def momentum_subtracted(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return w - m, m


@bank.wrong("the old share of m has a minus sign: the step before goes on in its own direction, only shorter")
def momentum_old_step_turned_around(w, grad, m, lr=0.01, mu=0.9):
    m = -mu * m - lr * grad
    return w + m, m


@bank.wrong("the factor 1 - mu belongs to an average, such as Adam's; momentum is a running sum, and the gradient "
            "counts with the rate alone")
def momentum_as_an_average(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - (1 - mu) * lr * grad
    return w + m, m


@bank.wrong("w was moved by the old m: renew m first, then add the new one")
def momentum_moves_by_the_old(w, grad, m, lr=0.01, mu=0.9):
    return w + m, mu * m - lr * grad


@bank.wrong("w is right, but the old m came back: return the new one, the next step needs it")
def momentum_returns_the_old(w, grad, m, lr=0.01, mu=0.9):
    step = mu * m - lr * grad
    return w + step, m


@bank.wrong("the old m was not used: this is plain gradient descent, and mu has no part in it")
def momentum_forgets(w, grad, m, lr=0.01, mu=0.9):
    m = -lr * grad
    return w + m, m


@bank.wrong("mu is missing: the old m counts in full, so nothing ever slows down")
def momentum_without_friction(w, grad, m, lr=0.01, mu=0.9):
    m = m - lr * grad
    return w + m, m


@bank.wrong("lr is missing: the gradient's share of m is the gradient times the rate")
def momentum_without_rate(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - grad
    return w + m, m


@bank.wrong("mu multiplies the gradient's share as well: only the old m is shortened")
def momentum_shortens_both(w, grad, m, lr=0.01, mu=0.9):
    m = mu * (m - lr * grad)
    return w + m, m


@bank.wrong("mu and lr have changed places: mu belongs to the old m, the rate to the gradient")
def momentum_settings_swapped(w, grad, m, lr=0.01, mu=0.9):
    m = lr * m - mu * grad
    return w + m, m


@bank.wrong("the rate is written into the code: use the argument lr, which need not be 0.01")
def momentum_fixed_rate(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - 0.01 * grad
    return w + m, m


@bank.wrong("mu is written into the code: use the argument mu, which need not be 0.9")
def momentum_fixed_mu(w, grad, m, lr=0.01, mu=0.9):
    m = 0.9 * m - lr * grad
    return w + m, m


@bank.wrong("this is Nesterov's momentum, the next section's; here w moves by the new m and nothing else")
def momentum_looks_ahead(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return w + mu * m - lr * grad, m


@bank.wrong("the gradient was taken off twice: it is in the new m already, so w moves by m alone")
def momentum_gradient_twice(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return w + m - lr * grad, m


@bank.wrong("m came back before w: the order is the new w, then the new m")
def momentum_returns_swapped(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return m, w + m


@bank.wrong("only w came back: the caller needs the new m too, or the next step starts from an old one")
def momentum_returns_w_only(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return w + m


@bank.wrong("the new w and m were printed, and nothing came back: end the function with `return`")
def momentum_prints(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    print(w + m, m)


@bank.wrong("the arrays that came in were overwritten (`*=`, `-=`, `+=` do that): build new ones, the caller may "
            "still need the old")
def momentum_in_place(w, grad, m, lr=0.01, mu=0.9):
    m *= mu
    m -= lr * grad
    w += m
    return w, m


@bank.wrong("the gradients were averaged first: every number of w has its own gradient and its own m")
def momentum_mean_gradient(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad.mean()
    return w + m, m


@bank.wrong("w itself was multiplied by mu: only the step before is shortened, w keeps its place")
def momentum_shrinks_w(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return mu * w + m, m


@bank.wrong("only the sign of the gradient was used: its size counts, too")
def momentum_of_signs(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * np.sign(grad)
    return w + m, m


@bank.wrong("this is the form with an average, m = mu m + (1 - mu) g, as in Adam, and w moves by the rate times m; in "
            "Keras m is the step itself: the gradient counts with the rate alone, and m is added")
def momentum_average_outside(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m + (1 - mu) * grad
    return w - lr * m, m


@bank.wrong("the rate was used twice: it is inside m already, so m is added to w as it is")
def momentum_rate_twice(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return w + lr * m, m


@bank.wrong("the rate multiplies the old m as well: it belongs to the gradient alone")
def momentum_rate_over_all(w, grad, m, lr=0.01, mu=0.9):
    m = lr * (mu * m - grad)
    return w + m, m


@bank.wrong("the old m counts with 1 - mu: it counts with mu, which is near 1")
def momentum_mu_inverted(w, grad, m, lr=0.01, mu=0.9):
    m = (1 - mu) * m - lr * grad
    return w + m, m


@bank.wrong("mu was applied to the new m once more before it came back: return the step as it was taken")
def momentum_returns_shrunk(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return w + m, mu * m


@bank.wrong("m was counted twice: w moves by the new m alone, neither mu times m nor the old m is added")
def momentum_counts_m_twice(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return w + mu * m + m, m


@bank.wrong("the gradient was divided by its length first: its size counts, too")
def momentum_of_unit_length(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad / (np.linalg.norm(grad) + 1e-12)
    return w + m, m


@bank.wrong("the arrays that came in were overwritten (`*=`, `-=`, `+=` do that): build new ones, the caller may "
            "still need the old")
def momentum_in_place_grad(w, grad, m, lr=0.01, mu=0.9):
    grad *= lr
    m = mu * m - grad
    return w + m, m


@bank.right
def momentum_plain(w, grad, m, lr=0.01, mu=0.9):
    new_m = mu * m - lr * grad
    return w + new_m, new_m


@bank.right
def momentum_as_a_velocity(w, grad, m, lr=0.01, mu=0.9):
    velocity = np.multiply(m, mu)
    velocity -= grad * lr
    return [w + velocity, velocity]


@bank.right
def momentum_by_loop(w, grad, m, lr=0.01, mu=0.9):
    new_w, new_m = np.zeros(w.shape), np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        new_m[i] = mu * m[i] - lr * grad[i]
        new_w[i] = w[i] + new_m[i]
    return new_w, new_m


@bank.right
def momentum_copies_first(w, grad, m, lr=0.01, mu=0.9):
    w, m = w.copy(), m.copy()
    m *= mu
    m -= lr * grad
    w += m
    return w, m


# nesterov


@bank.probe
def nesterov_from_rest(nesterov):
    return walk(nesterov, GRADIENTS, np.zeros(5), lr=0.25, mu=0.75)


@bank.probe
def nesterov_under_way(nesterov):
    return walk(nesterov, GRADIENTS, STATE, lr=1.5, mu=0.375)


@bank.probe
def nesterov_of_a_table(nesterov):
    return nesterov(TABLE.copy(), TABLE_GRADIENT.copy(), TABLE_STATE.copy(), lr=0.5, mu=0.25)


@bank.probe
def nesterov_with_keras_settings(nesterov):
    return nesterov(W.copy(), GRADIENTS[0].copy(), STATE.copy())


@bank.wrong("this is plain momentum; if you did use mu * m, it was the OLD m: renew m first, then look ahead with "
            "the new")
def nesterov_is_plain_momentum(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return w + m, m


@bank.wrong("the step of gradient descent is missing behind the look ahead: w moves by mu times the new m and by "
            "the rate times the gradient, downhill")
def nesterov_without_the_gradient(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return w + mu * m, m


@bank.wrong("w moved by the whole new m and by a step of gradient descent: in front of m the factor mu is missing")
def nesterov_without_mu(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return w + m - lr * grad, m


@bank.wrong("w moved by the new m and by mu times the new m; its first part is a step of gradient descent, not the "
            "new m")
def nesterov_moves_twice(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return w + m + mu * m, m


@bank.wrong("the step of gradient descent behind the look ahead goes uphill: it needs a minus sign")
def nesterov_gradient_uphill(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return w + mu * m + lr * grad, m


@bank.wrong("this climbs: the gradient points uphill, so its share needs a minus sign in m and in w")
def nesterov_uphill(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m + lr * grad
    return w + mu * m + lr * grad, m


@bank.wrong("the look ahead was subtracted: m points downhill already, and mu times m is added")
def nesterov_looks_back(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return w - mu * m - lr * grad, m


@bank.wrong("w is right, but m is PyTorch's, without the rate and the minus sign; in Keras both are inside m")
def nesterov_of_pytorch(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m + grad
    return w - lr * (grad + mu * m), m


@bank.wrong("the minus sign is outside of m: in Keras m already points downhill, and so do the steps that contain it")
def nesterov_sign_outside(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m + lr * grad
    return w - mu * m - lr * grad, m


@bank.wrong("the step of gradient descent behind the look ahead lacks the rate")
def nesterov_without_rate_ahead(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return w + mu * m - grad, m


@bank.wrong("lr is missing in m: the gradient's share of m is the gradient times the rate")
def nesterov_without_rate_in_m(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - grad
    return w + mu * m - lr * grad, m


@bank.wrong("the look ahead came back as m; m is renewed only once a step, as in plain momentum")
def nesterov_keeps_the_look_ahead(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    m = mu * m - lr * grad
    return w + m, m


@bank.wrong("w is right, but the old m came back: return the new one, the next step needs it")
def nesterov_returns_the_old(w, grad, m, lr=0.01, mu=0.9):
    new = mu * m - lr * grad
    return w + mu * new - lr * grad, m


@bank.wrong("m was never renewed: w took the step of plain momentum, and the old m came back; renew m first, then "
            "look ahead with it")
def nesterov_never_renews(w, grad, m, lr=0.01, mu=0.9):
    return w + mu * m - lr * grad, m


@bank.wrong("the factor 1 - mu belongs to an average, such as Adam's; momentum is a running sum, and the gradient "
            "counts with the rate alone")
def nesterov_as_an_average(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - (1 - mu) * lr * grad
    return w + mu * m - lr * grad, m


@bank.wrong("m came back before w: the order is the new w, then the new m")
def nesterov_returns_swapped(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return m, w + mu * m - lr * grad


@bank.wrong("only w came back: the caller needs the new m too, or the next step starts from an old one")
def nesterov_returns_w_only(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return w + mu * m - lr * grad


@bank.wrong("the new w and m were printed, and nothing came back: end the function with `return`")
def nesterov_prints(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    print(w + mu * m - lr * grad, m)


@bank.wrong("the arrays that came in were overwritten (`*=`, `-=`, `+=` do that): build new ones, the caller may "
            "still need the old")
def nesterov_in_place(w, grad, m, lr=0.01, mu=0.9):
    m *= mu
    m -= lr * grad
    w += mu * m - lr * grad
    return w, m


@bank.wrong("the rate is written into the code: use the argument lr, which need not be 0.01")
def nesterov_fixed_rate(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - 0.01 * grad
    return w + mu * m - 0.01 * grad, m


@bank.wrong("mu is written into the code: use the argument mu, which need not be 0.9")
def nesterov_fixed_mu(w, grad, m, lr=0.01, mu=0.9):
    m = 0.9 * m - lr * grad
    return w + 0.9 * m - lr * grad, m


@bank.wrong("the gradients were averaged first: every number of w has its own gradient and its own m")
def nesterov_mean_gradient(w, grad, m, lr=0.01, mu=0.9):
    step = lr * grad.mean()
    m = mu * m - step
    return w + mu * m - step, m


@bank.wrong("the rate was used twice: it is inside m already; w moves by mu * m - lr * grad, without a factor in front")
def nesterov_rate_over_all(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return w + lr * (mu * m - grad), m


@bank.wrong("w moved by the new m, by mu times the new m and by a step of gradient descent: the new m alone has no "
            "part in it")
def nesterov_m_in_three_parts(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return w + mu * m + m - lr * grad, m


@bank.wrong("mu was applied twice to the new m: w moves by mu times the new m, once")
def nesterov_mu_squared(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m - lr * grad
    return w + mu * mu * m - lr * grad, m


@bank.wrong("the factor 1 - mu belongs to an average, such as Adam's: here the gradient counts with the rate alone, in "
            "m and in w")
def nesterov_average_outside(w, grad, m, lr=0.01, mu=0.9):
    m = mu * m + (1 - mu) * grad
    return w - lr * (mu * m + (1 - mu) * grad), m


@bank.right
def nesterov_plain(w, grad, m, lr=0.01, mu=0.9):
    step = -lr * grad
    new = mu * m + step
    return w + mu * new + step, new


@bank.right
def nesterov_by_the_old_and_the_new(w, grad, m, lr=0.01, mu=0.9):
    new = mu * m - lr * grad
    return w + new + mu * (new - m), new


@bank.right
def nesterov_written_out(w, grad, m, lr=0.01, mu=0.9):
    return [w + mu**2 * m - (1 + mu) * lr * grad, mu * m - lr * grad]


@bank.right
def nesterov_by_loop(w, grad, m, lr=0.01, mu=0.9):
    new_w, new_m = w.copy(), m.copy()
    for i in np.ndindex(w.shape):
        new_m[i] = mu * m[i] - lr * grad[i]
        new_w[i] += mu * new_m[i] - lr * grad[i]
    return new_w, new_m


# rmsprop


@bank.probe
def rmsprop_from_rest(rmsprop):
    return walk(rmsprop, GRADIENTS, np.zeros(5), lr=0.25, rho=0.75)


@bank.probe
def rmsprop_under_way(rmsprop):
    return walk(rmsprop, GRADIENTS, np.abs(STATE), lr=1.5, rho=0.375, eps=0.125)


@bank.probe
def rmsprop_of_a_table(rmsprop):
    return rmsprop(TABLE.copy(), TABLE_GRADIENT.copy(), TABLE_STATE.copy(), lr=0.5, rho=0.25)


@bank.probe
def rmsprop_of_small_gradients(rmsprop):
    return walk(rmsprop, 1e-3 * GRADIENTS, np.zeros(5), lr=0.25, rho=0.75)


@bank.probe
def rmsprop_with_keras_settings(rmsprop):
    w, v = rmsprop(W.copy(), GRADIENTS[0].copy(), np.abs(STATE))
    return 100 * (w - W), v


@bank.probe
def rmsprop_with_a_large_epsilon(rmsprop):
    return walk(rmsprop, GRADIENTS[:2], np.abs(STATE) / 8, lr=0.5, rho=0.75, eps=1.5)


@bank.wrong("epsilon stands outside of the root, as in PyTorch; in Keras' RMSprop it is added to v before the root "
            "is taken")
def rmsprop_epsilon_outside(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2
    return w - lr * grad / (np.sqrt(v) + eps), v


@bank.wrong("epsilon is missing: where no gradient has come yet this is 0/0, and small gradients make steps that "
            "are too long")
def rmsprop_without_epsilon(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2
    return w - lr * grad / np.sqrt(v), v


@bank.wrong("the root is missing: v is an average of squares, and the gradient is divided by its root")
def rmsprop_without_root(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2
    return w - lr * grad / (v + eps), v


@bank.wrong("w was moved with the old v: renew v first, then divide by its root")
def rmsprop_divides_by_the_old(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    return w - lr * grad / np.sqrt(v + eps), rho * v + (1 - rho) * grad**2


@bank.wrong("w is right, but the old v came back: return the new one, the next step needs it")
def rmsprop_returns_the_old(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    new = rho * v + (1 - rho) * grad**2
    return w - lr * grad / np.sqrt(new + eps), v


@bank.wrong("v must average the SQUARE of the gradient, not its absolute value")
def rmsprop_of_absolute_values(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * np.abs(grad)
    return w - lr * grad / np.sqrt(v + eps), v


@bank.wrong("v must average the SQUARE of the gradient, and the gradient itself came in: v turns negative, and its "
            "root is nan")
def rmsprop_of_the_gradient(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad
    return w - lr * grad / np.sqrt(v + eps), v


@bank.wrong("the gradient was doubled, not squared: * 2 stands where a square is meant")
def rmsprop_doubles(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad * 2
    return w - lr * grad / np.sqrt(v + eps), v


@bank.wrong("the factor 1 - rho is missing, so v is no average but grows to ten times its size and the steps are "
            "too short")
def rmsprop_no_average(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + grad**2
    return w - lr * grad / np.sqrt(v + eps), v


@bank.wrong("this is Adagrad, which adds up all squares for ever; RMSprop forgets: the old v counts with rho, the "
            "new square with 1 - rho")
def rmsprop_adds_for_ever(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = v + grad**2
    return w - lr * grad / np.sqrt(v + eps), v


@bank.wrong("rho and 1 - rho have changed places: the old v keeps the part rho")
def rmsprop_rho_swapped(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = (1 - rho) * v + rho * grad**2
    return w - lr * grad / np.sqrt(v + eps), v


@bank.wrong("v remembers nothing: the old v has to count with the part rho")
def rmsprop_forgets(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = (1 - rho) * grad**2
    return w - lr * grad / np.sqrt(v + eps), v


@bank.wrong("1 - rho was squared together with the gradient: the square belongs to the gradient alone")
def rmsprop_squares_the_factor(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + ((1 - rho) * grad) ** 2
    return w - lr * grad / np.sqrt(v + eps), v


@bank.wrong("this climbs: the step goes against the gradient, so it is subtracted from w")
def rmsprop_uphill(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2
    return w + lr * grad / np.sqrt(v + eps), v


@bank.wrong("v was averaged over all numbers: each number of w has its own v, that is what rescales them separately")
def rmsprop_one_v_for_all(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * np.mean(grad**2)
    return w - lr * grad / np.sqrt(v + eps), v


@bank.wrong("the gradient is missing above the fraction line: every number moved, and in one direction")
def rmsprop_without_gradient(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2
    return w - lr / np.sqrt(v + eps), v


@bank.wrong("only the sign of the gradient is above the fraction line: its size belongs there, too")
def rmsprop_of_signs(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2
    return w - lr * np.sign(grad) / np.sqrt(v + eps), v


@bank.wrong("the step is multiplied by the root, and it is to be divided by it")
def rmsprop_multiplies(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2
    return w - lr * grad * np.sqrt(v + eps), v


@bank.wrong("epsilon was kept inside v, where it adds up from step to step: add it under the root and return v "
            "without it")
def rmsprop_keeps_epsilon(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2 + eps
    return w - lr * grad / np.sqrt(v), v


@bank.wrong("the root of v came back: the next step needs v itself")
def rmsprop_returns_the_root(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2
    return w - lr * grad / np.sqrt(v + eps), np.sqrt(v)


@bank.wrong("v was corrected for its start at 0; that is Adam's idea, and RMSprop has no such correction")
def rmsprop_corrected(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2
    return w - lr * grad / np.sqrt(v / (1 - rho) + eps), v


@bank.wrong("epsilon was added to w instead of to v: the sum under the root needs its parentheses")
def rmsprop_epsilon_astray(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2
    return w - lr * grad / np.sqrt(v) + eps, v


@bank.wrong("epsilon is written into the code as 1e-8, PyTorch's; use the argument eps")
def rmsprop_epsilon_of_pytorch(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2
    return w - lr * grad / np.sqrt(v + 1e-8), v


@bank.wrong("epsilon is written into the code as 1e-7: use the argument eps, which may be another")
def rmsprop_fixed_epsilon(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2
    return w - lr * grad / np.sqrt(v + 1e-7), v


@bank.wrong("the rate is written into the code: use the argument lr, which need not be 0.001")
def rmsprop_fixed_rate(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2
    return w - 0.001 * grad / np.sqrt(v + eps), v


@bank.wrong("rho is written into the code: use the argument rho, which need not be 0.9")
def rmsprop_fixed_rho(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = 0.9 * v + 0.1 * grad**2
    return w - lr * grad / np.sqrt(v + eps), v


@bank.wrong("v came back before w: the order is the new w, then the new v")
def rmsprop_returns_swapped(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2
    return v, w - lr * grad / np.sqrt(v + eps)


@bank.wrong("only w came back: the caller needs the new v too, or the next step starts from an old one")
def rmsprop_returns_w_only(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2
    return w - lr * grad / np.sqrt(v + eps)


@bank.wrong("the new w and v were printed, and nothing came back: end the function with `return`")
def rmsprop_prints(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2
    print(w - lr * grad / np.sqrt(v + eps), v)


@bank.wrong("the arrays that came in were overwritten (`*=`, `-=`, `+=` do that): build new ones, the caller may "
            "still need the old")
def rmsprop_in_place(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v *= rho
    v += (1 - rho) * grad**2
    w -= lr * grad / np.sqrt(v + eps)
    return w, v


@bank.wrong("the gradient is not squared in v: v averages SQUARES, which are never negative")
def rmsprop_not_squared(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad
    with np.errstate(all="ignore"):
        return w - lr * grad / np.sqrt(v + eps), v


@bank.wrong("the root came back instead of v: the next step would average roots")
def rmsprop_returns_root(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = np.sqrt(rho * v + (1 - rho) * grad**2 + eps)
    return w - lr * grad / v, v


@bank.wrong("parentheses are missing or misplaced: w was divided by the root, too; only the step is")
def rmsprop_divides_w(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2
    return (w - lr * grad) / np.sqrt(v + eps), v


@bank.wrong("epsilon is not used; where v is 0 the step was set to 0, but small gradients make steps that are too long")
def rmsprop_guarded_by_where(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2
    return w - lr * np.divide(grad, np.sqrt(v), out=np.zeros_like(grad), where=v > 0), v


@bank.wrong("epsilon was squared under the root: it is added to v as it is")
def rmsprop_epsilon_squared(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2
    return w - lr * grad / np.sqrt(v + eps**2), v


@bank.wrong("epsilon is a lower bound of the root (np.maximum): it is ADDED to v, before the root is taken")
def rmsprop_epsilon_as_bound(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * grad**2
    return w - lr * grad / np.maximum(np.sqrt(v), eps), v


@bank.wrong("the gradient was multiplied by the rate before it was squared: v averages the squares of the gradients as "
            "they come, and the rate belongs to the step")
def rmsprop_rate_inside(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    v = rho * v + (1 - rho) * (lr * grad) ** 2
    return w - lr * grad / np.sqrt(v + eps), v


@bank.wrong("the arrays that came in were overwritten (`**=`, `*=`, `-=` do that): build new ones, the caller may "
            "still need the old")
def rmsprop_in_place_grad(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    grad **= 2
    v = rho * v + (1 - rho) * grad
    return w - lr * np.sqrt(grad) / np.sqrt(v + eps), v


@bank.right
def rmsprop_plain(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    new = v + (1 - rho) * (grad * grad - v)
    return w - (lr / np.sqrt(new + eps)) * grad, new


@bank.right
def rmsprop_by_power(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    squares = np.square(grad)
    v = np.multiply(rho, v) + squares - rho * squares
    return [w - lr * grad * (v + eps) ** -0.5, v]


@bank.right
def rmsprop_by_loop(w, grad, v, lr=0.001, rho=0.9, eps=1e-7):
    new_w, new_v = w.copy(), v.copy()
    for i in np.ndindex(w.shape):
        new_v[i] = rho * v[i] + (1 - rho) * grad[i] ** 2
        new_w[i] = w[i] - lr * grad[i] / (new_v[i] + eps) ** 0.5
    return new_w, new_v


# adam_rate


@bank.probe
def rates_of_the_first_steps(adam_rate):
    return [adam_rate(t, lr=0.5, b1=0.625, b2=0.875) for t in (1, 2, 3, 7)]


@bank.probe
def rate_by_place(adam_rate):
    return adam_rate(4, 1.25, 0.75, 0.9375)


@bank.probe
def rates_with_keras_settings(adam_rate):
    return [1000 * adam_rate(t) for t in (1, 2, 10, 5000)]


@bank.probe
def rate_after_many_steps(adam_rate):
    return adam_rate(4000, lr=0.5, b1=0.25, b2=0.5)


@bank.probe
def rate_to_the_last_digit(adam_rate):
    off = abs(adam_rate(1, lr=0.5, b1=0.625, b2=0.875) - 0.5 * 0.125**0.5 / 0.375)
    return [bool(1e-13 < off < 4e-9), bool(4e-9 < off < 1e-6)]


@bank.wrong("the root is missing: v averages squares, so its correction comes under a root")
def adam_rate_without_root(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * (1 - b2**t) / (1 - b1**t)


@bank.wrong("the betas have changed places: the root belongs to b2, the denominator to b1")
def adam_rate_betas_swapped(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * np.sqrt(1 - b1**t) / (1 - b2**t)


@bank.wrong("the fraction is upside down: the correction of m divides, and that of v, which is itself below the "
            "fraction line, multiplies")
def adam_rate_upside_down(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * (1 - b1**t) / np.sqrt(1 - b2**t)


@bank.wrong("both corrections are under a root: only v averages squares, so the correction of m stays as it is")
def adam_rate_root_of_all(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * np.sqrt((1 - b2**t) / (1 - b1**t))


@bank.wrong("the two corrections were multiplied: that of m divides")
def adam_rate_product(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * np.sqrt(1 - b2**t) * (1 - b1**t)


@bank.wrong("both corrections stand below the fraction line; that of v multiplies, since v itself is below it")
def adam_rate_divides_by_both(t, lr=0.001, b1=0.9, b2=0.999):
    return lr / (np.sqrt(1 - b2**t) * (1 - b1**t))


@bank.wrong("only m is corrected: v starts at 0 as well, and the root of its correction multiplies the rate")
def adam_rate_of_m_only(t, lr=0.001, b1=0.9, b2=0.999):
    return lr / (1 - b1**t)


@bank.wrong("only v is corrected: m starts at 0 as well, and its correction divides the rate")
def adam_rate_of_v_only(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * np.sqrt(1 - b2**t)


@bank.wrong("nothing is corrected: the rate comes back as it is, whatever t is")
def adam_rate_uncorrected(t, lr=0.001, b1=0.9, b2=0.999):
    return lr


@bank.wrong("t is not used: both betas are raised to the power of t, which counts the steps")
def adam_rate_without_t(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * np.sqrt(1 - b2) / (1 - b1)


@bank.wrong("the steps are counted from 1, and your powers are one too large: t itself is the power")
def adam_rate_one_too_late(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * np.sqrt(1 - b2 ** (t + 1)) / (1 - b1 ** (t + 1))


@bank.wrong("the steps are counted from 1, and your powers are one too small: in the first step 1 - beta**0 is 0, "
            "and you divide by it")
def adam_rate_one_too_early(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * np.sqrt(1 - b2 ** (t - 1)) / (1 - b1 ** (t - 1))


@bank.wrong("the betas were multiplied by t: they are raised to the power of t")
def adam_rate_times_t(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * np.sqrt(np.abs(1 - b2 * t)) / (1 - b1 * t)


@bank.wrong("in Python ^ is no power but a bitwise operation: powers are written with two stars")
def adam_rate_caret(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * np.sqrt(1 - b2 ^ t) / (1 - b1 ^ t)


@bank.wrong("1 - beta was raised to the power of t: the power belongs to beta alone, and the subtraction comes "
            "afterwards")
def adam_rate_power_of_the_difference(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * np.sqrt((1 - b2) ** t) / (1 - b1) ** t


@bank.wrong("the denominator lacks its parentheses: Python divides by 1 and subtracts the power afterwards")
def adam_rate_without_parentheses(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * np.sqrt(1 - b2**t) / 1 - b1**t


@bank.wrong("lr is missing: without it this is the correction, not the rate")
def adam_rate_without_lr(t, lr=0.001, b1=0.9, b2=0.999):
    return np.sqrt(1 - b2**t) / (1 - b1**t)


@bank.wrong("the rate 0.001 is written into the code: use the argument lr")
def adam_rate_fixed_lr(t, lr=0.001, b1=0.9, b2=0.999):
    return 0.001 * np.sqrt(1 - b2**t) / (1 - b1**t)


@bank.wrong("the betas are written into the code: use the arguments b1 and b2")
def adam_rate_fixed_betas(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)


@bank.wrong("the rate was divided by the root of t: that is another idea (Adagrad's decay), not a correction of "
            "averages")
def adam_rate_decays(t, lr=0.001, b1=0.9, b2=0.999):
    return lr / np.sqrt(t)


@bank.wrong("the powers themselves were divided: what the averages have seen is 1 minus the power")
def adam_rate_of_the_powers(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * np.sqrt(b2**t) / b1**t


@bank.wrong("the rate was printed, and nothing came back: end the function with `return`")
def adam_rate_prints(t, lr=0.001, b1=0.9, b2=0.999):
    print(lr * np.sqrt(1 - b2**t) / (1 - b1**t))


@bank.wrong("the corrections came back one by one: one number is asked for, the rate that contains both")
def adam_rate_in_parts(t, lr=0.001, b1=0.9, b2=0.999):
    return 1 - b1**t, 1 - b2**t


@bank.wrong("the rate was rounded: it needs all its digits")
def adam_rate_rounded(t, lr=0.001, b1=0.9, b2=0.999):
    return round(float(lr * np.sqrt(1 - b2**t) / (1 - b1**t)), 4)


@bank.wrong("the fraction is upside down and the root is missing: lr times the root of 1 - b2**t, over 1 - b1**t")
def adam_rate_upside_down_no_root(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * (1 - b1**t) / (1 - b2**t)


@bank.wrong("lr stands under the root: only 1 - b2**t belongs there")
def adam_rate_lr_under_root(t, lr=0.001, b1=0.9, b2=0.999):
    return np.sqrt(lr * (1 - b2**t)) / (1 - b1**t)


@bank.wrong("the root belongs to b2's correction and stands at b1's")
def adam_rate_root_below(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * (1 - b2**t) / np.sqrt(1 - b1**t)


@bank.wrong("the betas were multiplied by t: they are raised to the power of t")
def adam_rate_of_products(t, lr=0.001, b1=0.9, b2=0.999):
    with np.errstate(all="ignore"):
        return lr * np.sqrt(1 - b2 * t) / (1 - b1 * t)


@bank.wrong("the betas were multiplied by t: they are raised to the power of t")
def adam_rate_of_products_warns(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * np.sqrt(1 - b2 * t) / (1 - b1 * t)


@bank.wrong("a small number was added: epsilon belongs to the step of Adam, not to its rate")
def adam_rate_with_epsilon(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * np.sqrt(1 - b2**t) / (1 - b1**t + 1e-7)


@bank.wrong("the rate was rounded: it needs all its digits")
def adam_rate_rounded_late(t, lr=0.001, b1=0.9, b2=0.999):
    return round(float(lr * np.sqrt(1 - b2**t) / (1 - b1**t)), 8)


@bank.wrong("the rate was divided by the root of t as well: only the averages are corrected")
def adam_rate_decays_and_corrects(t, lr=0.001, b1=0.9, b2=0.999):
    return lr / np.sqrt(t) * np.sqrt(1 - b2**t) / (1 - b1**t)


@bank.wrong("the powers were added to 1: they are what the averages still lack, so they are subtracted from 1")
def adam_rate_adds_the_powers(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * np.sqrt(1 + b2**t) / (1 + b1**t)


@bank.wrong("the correction of v was squared: it comes under a root")
def adam_rate_squares(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * (1 - b2**t) ** 2 / (1 - b1**t)


@bank.wrong("both roots are swapped with what they belong to: the root is that of b2's correction, and b1's stands "
            "below the fraction line without a root")
def adam_rate_root_of_b1_above(t, lr=0.001, b1=0.9, b2=0.999):
    return lr * np.sqrt(1 - b1**t) / np.sqrt(1 - b2**t)


@bank.right
def adam_rate_by_math(t, lr=0.001, b1=0.9, b2=0.999):
    import math

    return lr * math.sqrt(1 - math.pow(b2, t)) / (1 - math.pow(b1, t))


@bank.right
def adam_rate_in_steps(t, lr=0.001, b1=0.9, b2=0.999):
    seen_m = 1 - np.power(b1, t)
    seen_v = 1 - np.power(b2, t)
    return lr / seen_m * seen_v**0.5


@bank.right
def adam_rate_by_loop(t, lr=0.001, b1=0.9, b2=0.999):
    power1 = power2 = 1.0
    for _ in range(t):
        power1, power2 = power1 * b1, power2 * b2
    return np.array(lr * (1 - power2) ** 0.5 / (1 - power1))


# adam


@bank.probe
def adam_from_rest(adam):
    return walk(adam, GRADIENTS, np.zeros(5), np.zeros(5), counts_steps=True, lr=0.75, b1=0.625, b2=0.875)


@bank.probe
def adam_under_way(adam):
    v = np.abs(STATE[::-1])
    return adam(W.copy(), GRADIENTS[3].copy(), STATE.copy(), v, 7, lr=1.5, b1=0.375, b2=0.75, eps=0.125)


@bank.probe
def adam_of_a_table(adam):
    return adam(TABLE.copy(), TABLE_GRADIENT.copy(), TABLE_STATE.copy(), 2 * TABLE_STATE, 3, lr=0.5, b1=0.25, b2=0.5)


@bank.probe
def adam_of_tiny_gradients(adam):
    return walk(adam, 1e-6 * GRADIENTS, np.zeros(5), np.zeros(5), counts_steps=True, lr=0.75, b1=0.625, b2=0.875)


@bank.probe
def adam_with_keras_settings(adam):
    w, m, v = adam(W.copy(), GRADIENTS[0].copy(), STATE.copy(), np.abs(STATE), 2)
    return 100 * (w - W), m, v


@bank.wrong("this is the form of the paper's Algorithm 1 and of PyTorch, with epsilon added to the root of the "
            "CORRECTED v; Keras adds it to the root of v as it is, and corrects by the rate")
def adam_of_the_paper(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps), m, v


@bank.wrong("epsilon stands inside the root; that is Keras' RMSprop, and Adam adds it to the root")
def adam_epsilon_inside(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / np.sqrt(v + eps), m, v


@bank.wrong("epsilon is missing: where no gradient has come yet this is 0/0, and tiny gradients make steps that are "
            "too long")
def adam_without_epsilon(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / np.sqrt(v), m, v


@bank.wrong("epsilon is written into the code as 1e-8, PyTorch's; use the argument eps")
def adam_epsilon_of_pytorch(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + 1e-8), m, v


@bank.wrong("epsilon is written into the code as 1e-7: use the argument eps, which may be another")
def adam_fixed_epsilon(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + 1e-7), m, v


@bank.wrong("the bias correction is missing: m and v start at 0, and the rate of step t makes up for it")
def adam_uncorrected(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * m / (np.sqrt(v) + eps), m, v


@bank.wrong("the correction of v is missing: v starts at 0 as well as m, and more slowly at that")
def adam_corrects_m_only(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("the correction of m is missing: m starts at 0 as well as v")
def adam_corrects_v_only(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - b2**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("t is not used: every step is corrected as if it were the first; the betas are raised to the power of t")
def adam_always_step_one(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - b2) / (1 - b1) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("t was raised by 1 although it counts from 1 already: the first step is t = 1, and t itself is the power")
def adam_one_too_late(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    t = t + 1
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("t was lowered by 1 although it counts from 1 already: 1 - beta**0 is 0, and the first step divides by it")
def adam_one_too_early(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    t = t - 1
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("the corrected averages came back as the state, so the next step corrects them once more: return m and "
            "v as they are")
def adam_keeps_the_corrected(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    w = w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps)
    return w, m / (1 - b1**t), v / (1 - b2**t)


@bank.wrong("the averages were corrected and kept so, and the next step corrects them once more: return m and v as "
            "they are, and let the rate correct")
def adam_of_the_paper_keeps_the_corrected(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = (b1 * m + (1 - b1) * grad) / (1 - b1**t)
    v = (b2 * v + (1 - b2) * grad**2) / (1 - b2**t)
    return w - lr * m / (np.sqrt(v) + eps), m, v


@bank.wrong("the root is missing: m is divided by the root of v, not by v")
def adam_without_root(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (v + eps), m, v


@bank.wrong("the root is missing in the correction of v: v averages squares, so both v and its correction come "
            "under a root")
def adam_correction_without_root(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * (1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("the betas have changed places everywhere: b1 belongs to m, b2 to v")
def adam_betas_swapped(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    b1, b2 = b2, b1
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("the rate was given the betas in the wrong order: the root belongs to b2, the denominator to b1")
def adam_betas_swapped_in_the_rate(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - b1**t) / (1 - b2**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("beta and 1 - beta have changed places: the old average keeps the part beta")
def adam_weights_swapped(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = (1 - b1) * m + b1 * grad
    v = (1 - b2) * v + b2 * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("v must average the SQUARE of the gradient, not its absolute value")
def adam_of_absolute_values(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * np.abs(grad)
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("v averages the square of the new m: it has to average the square of the gradient")
def adam_of_squared_m(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * m**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("the factor 1 - b1 is missing in m, so m is a sum and no average")
def adam_sum_in_m(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("the factor 1 - b2 is missing in v, so v is a sum and no average")
def adam_sum_in_v(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("this climbs: the step goes against m, so it is subtracted from w")
def adam_uphill(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w + lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("above the fraction line stands the gradient of this step; it has to be its average m")
def adam_without_m(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * grad / (np.sqrt(v) + eps), m, v


@bank.wrong("w was moved with the old m and v: renew both first, then move w")
def adam_moves_by_the_old(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    w = w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps)
    return w, b1 * m + (1 - b1) * grad, b2 * v + (1 - b2) * grad**2


@bank.wrong("w is right, but the old m and v came back: return the new ones, the next step needs them")
def adam_returns_the_old(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    n = b1 * m + (1 - b1) * grad
    u = b2 * v + (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * n / (np.sqrt(u) + eps), m, v


@bank.wrong("m and v remember nothing: the old averages have to count with the parts b1 and b2")
def adam_forgets(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = (1 - b1) * grad
    v = (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("m and v came back in the wrong order: the new w, then m, then v")
def adam_returns_swapped(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), v, m


@bank.wrong("w came back last: the order is the new w, then m, then v")
def adam_returns_w_last(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return m, v, w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps)


@bank.wrong("t came back as a fourth value: the caller counts the steps, and three values are asked for")
def adam_returns_t(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v, t + 1


@bank.wrong("only w came back: the caller needs the new m and v too, or the next step starts from old ones")
def adam_returns_w_only(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps)


@bank.wrong("the new w, m and v were printed, and nothing came back: end the function with `return`")
def adam_prints(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    print(w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v)


@bank.wrong("the arrays that came in were overwritten (`*=`, `-=`, `+=` do that): build new ones, the caller may "
            "still need the old")
def adam_in_place(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m += (1 - b1) * (grad - m)
    v += (1 - b2) * (grad**2 - v)
    w -= lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps)
    return w, m, v


@bank.wrong("the rate 0.001 is written into the code: use the argument lr")
def adam_fixed_lr(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - 0.001 * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("the betas are written into the code: use the arguments b1 and b2")
def adam_fixed_betas(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = 0.9 * m + 0.1 * grad
    v = 0.999 * v + 0.001 * grad**2
    return w - lr * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("adam_rate was called without the settings that came in, so it took its own defaults: hand lr, b1 and "
            "b2 on")
def adam_default_rate(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - 0.001 * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("v was averaged over all numbers: each number of w has its own v, that is what rescales them separately")
def adam_one_v_for_all(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * np.mean(grad**2)
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("the denominator lacks its parentheses: epsilon was added to w instead of to the root")
def adam_epsilon_astray(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / np.sqrt(v) + eps, m, v


@bank.wrong("m and v are right, but w took a step of plain gradient descent: m and v decide about the step")
def adam_is_plain_descent(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * grad, m, v


@bank.wrong("this is only right for the first step: a step of the rate against the sign of the gradient; later "
            "steps depend on m and v")
def adam_of_signs(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - lr * np.sign(grad), m, v


@bank.wrong("w shrinks by itself: weight decay belongs to AdamW, not to Adam")
def adam_with_decay(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - 0.004 * lr * w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("adam_rate got lr but not the betas, and took its own: hand lr, b1 and b2 on")
def adam_default_betas(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m, v = b1 * m + (1 - b1) * grad, b2 * v + (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("the rate was used twice: adam_rate contains lr already")
def adam_lr_twice(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m, v = b1 * m + (1 - b1) * grad, b2 * v + (1 - b2) * grad**2
    return w - lr * lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("m and v were corrected, and the rate corrects them once more: take adam_rate with m and v as they are")
def adam_corrected_twice(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m, v = b1 * m + (1 - b1) * grad, b2 * v + (1 - b2) * grad**2
    rate = lr * np.sqrt(1 - b2**t) / (1 - b1**t)
    return w - rate * m / (1 - b1**t) / (np.sqrt(v / (1 - b2**t)) + eps), m, v


@bank.wrong("v was averaged with b1: its own factor is b2")
def adam_b1_for_both(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m, v = b1 * m + (1 - b1) * grad, b1 * v + (1 - b1) * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("the new square counts with 1 - b1: old and new must count with b2 and 1 - b2")
def adam_v_takes_b1(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m, v = b1 * m + (1 - b1) * grad, b2 * v + (1 - b1) * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("the betas have changed places in the averages (not in the rate): b1 belongs to m, b2 to v")
def adam_betas_swapped_in_averages(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m, v = b2 * m + (1 - b2) * grad, b1 * v + (1 - b1) * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("the factors 1 - b1 and 1 - b2 are missing: m and v are averages, not sums")
def adam_no_averages(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m, v = b1 * m + grad, b2 * v + grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("m has the minus sign inside, as in momentum: Adam's m is the plain average of the gradients, and the step "
            "is subtracted")
def adam_sign_inside(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m, v = b1 * m - (1 - b1) * grad, b2 * v + (1 - b2) * grad**2
    return w + lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.wrong("epsilon is a lower bound of the root (np.maximum): it is ADDED to the root")
def adam_epsilon_as_bound(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m, v = b1 * m + (1 - b1) * grad, b2 * v + (1 - b2) * grad**2
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / np.maximum(np.sqrt(v), eps), m, v


@bank.wrong("v never gets smaller here, which is AMSGrad; Adam's v is the plain average of the squares")
def adam_keeps_the_larger_v(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m, v = b1 * m + (1 - b1) * grad, np.maximum(v, b2 * v + (1 - b2) * grad**2)
    return w - lr * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + eps), m, v


@bank.right
def adam_plain(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    rate = lr * np.sqrt(1 - b2**t) / (1 - b1**t)
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    return w - rate * m / (np.sqrt(v) + eps), m, v


@bank.right
def adam_by_its_rate(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = m - (1 - b1) * (m - grad)
    v = v - (1 - b2) * (v - np.square(grad))
    return [w - adam_rate(t, lr, b1, b2) * m / (v**0.5 + eps), m, v]


@bank.right
def adam_epsilon_hat_by_the_paper(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    seen = np.sqrt(1 - b2**t)
    return w - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps / seen), m, v


@bank.right
def adam_by_loop(w, grad, m, v, t, lr=0.001, b1=0.9, b2=0.999, eps=1e-7):
    import math

    w, m, v = w.copy(), m.copy(), v.copy()
    for i in np.ndindex(w.shape):
        m[i] = b1 * m[i] + (1 - b1) * grad[i]
        v[i] = b2 * v[i] + (1 - b2) * grad[i] ** 2
        w[i] -= lr * math.sqrt(1 - b2**t) / (1 - b1**t) * m[i] / (math.sqrt(v[i]) + eps)
    return w, m, v
