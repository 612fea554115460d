"""Versions of the five activations that students write, wrong and right, for the exercise beside this file.

Probes are tables of numbers that keep the mistakes apart: both signs, inside and outside of 0..1 and beyond 6, more
rows than columns and as many, one axis and three, whole numbers, and numbers for which `exp` overflows.
"""

import warnings

import numpy as np

from autograder.bank import Bank
from solutions.activations import leaky_relu, relu, relu_backward, sigmoid, softmax

bank = Bank(relu, relu_backward, leaky_relu, sigmoid, softmax)

Z = np.array([[-0.25, 0.75, 12.5], [-7.25, 3.125, 0.5], [-1.5, -0.125, 6.75], [4.5, -3.75, -9.5]])
D = np.array([[2.5, -1.25, 0.75], [-3.5, 8.25, -6.5], [0.375, -0.5, 5.75], [-4.25, 9.5, -0.875]])
SQUARE = np.array([[-2.25, 1.75, 7.5], [0.625, -0.375, 2.5], [-5.5, 3.25, -1.125]])
D_SQUARE = np.array([[1.5, -2.75, 3.25], [6.5, -0.75, -1.375], [-8.5, 0.25, 4.75]])
VECTOR = np.array([-1.5, 2.25, -0.75, 0.5, 8.5])
CUBE = np.array([[[-3.5], [1.25]], [[0.375], [-0.625]]])
WHOLE = np.array([[-2, 9, 3], [5, -1, -8]])


# relu


@bank.probe
def some_rows(relu):
    return relu(Z.copy())


@bank.probe
def as_many_columns_as_rows(relu):
    return relu(SQUARE.copy())


@bank.probe
def of_the_visible_shape(relu):
    return relu(Z[:2].copy())


@bank.probe
def one_axis(relu):
    return relu(VECTOR.copy())


@bank.probe
def three_axes(relu):
    return relu(CUBE.copy())


@bank.probe
def zero_and_infinity(relu):
    a = relu(np.array([[-np.inf, 0.0, 2.5, np.inf]]))
    return np.where(np.isfinite(a), np.minimum(a, 30.0), a)         # all bounds count alike


@bank.probe
def two_calls(relu):
    return relu(Z.copy()), relu(-Z)


@bank.wrong("np.max is the maximum over a whole axis; you need the larger of two numbers, element by element")
def relu_largest_of_all(z):
    return np.max(z)


@bank.wrong("np.max(z, 0) is the maximum over the axis 0; you need the larger of two numbers, element by element")
def relu_largest_of_each_column(z):
    return np.max(z, 0)


@bank.wrong("np.max(z, axis=1) is the maximum over the axis 1; you need the larger of two numbers, element by element")
def relu_largest_of_each_row(z):
    return np.max(z, axis=1)


@bank.wrong("Python's max, `if` and `and` need one truth value, but a comparison of arrays has many; "
            "NumPy has functions that choose element by element")
def relu_python_max(z):
    return max(0, z)


@bank.wrong("the numbers were added up over an axis: each keeps its own place")
def relu_sum_of_each_column(z):
    return np.maximum(z, 0).sum(axis=0)


@bank.wrong("the numbers were added up: each keeps its own place")
def relu_sum(z):
    return np.maximum(z, 0).sum()


@bank.wrong("the numbers were averaged over an axis: each keeps its own place")
def relu_mean_of_each_column(z):
    return np.maximum(z, 0).mean(axis=0)


@bank.wrong("the negative numbers were dropped; they must become 0, so that the shape stays")
def relu_positive_ones_only(z):
    return z[z > 0]


@bank.wrong("negative values were mirrored (absolute value), not set to 0")
def relu_absolute_value(z):
    return np.abs(z)


@bank.wrong("1 for positive and 0 for negative numbers is the slope of ReLU, not ReLU")
def relu_slope(z):
    return np.where(z > 0, 1.0, 0.0)


@bank.wrong("the answer consists of True and False: you compared z with 0 but did not use z itself")
def relu_comparison(z):
    return z > 0


@bank.wrong("the answer consists of True and False, and the wrong way round")
def relu_comparison_turned(z):
    return z < 0


@bank.wrong("this is the sign of z: positive values must pass unchanged")
def relu_sign_of_z(z):
    return np.sign(z)


@bank.wrong("the negative half was kept and the positive one set to 0")
def relu_minimum(z):
    return np.minimum(z, 0)


@bank.wrong("the sign is wrong: positive values came back negative")
def relu_wrong_sign(z):
    return -np.maximum(z, 0)


@bank.wrong("the sign is wrong: this is max(-z, 0)")
def relu_of_minus_z(z):
    return np.maximum(-z, 0)


@bank.wrong("values above 1 were cut off: ReLU has no upper bound")
def relu_cut_at_1(z):
    return np.clip(z, 0, 1)


@bank.wrong("values above 6 were cut off: that is ReLU6, ReLU has no upper bound")
def relu_cut_at_6(z):
    return np.clip(z, 0, 6)


@bank.wrong("infinity became a finite number (clipped? nan replaced?): ReLU has no upper bound, and relu of inf is inf")
def relu_bounded_far_out(z):
    return np.clip(z, 0, 1e6)


@bank.wrong("negative values became 0.01 * z (leaky ReLU), not 0")
def relu_leaky_001(z):
    return np.where(z > 0, z, 0.01 * z)


@bank.wrong("negative values became 0.1 * z (leaky ReLU), not 0")
def relu_leaky_01(z):
    return np.maximum(z, 0.1 * z)


@bank.wrong("negative values became 0.2 * z (leaky ReLU), not 0")
def relu_leaky_02(z):
    return np.where(z > 0, z, 0.2 * z)


@bank.wrong("negative values became 1, not 0")
def relu_1_for_negative(z):
    return np.where(z > 0, z, 1)


@bank.wrong("negative values became -1, not 0")
def relu_minus_1_for_negative(z):
    return np.where(z > 0, z, -1)


@bank.wrong("negative values became nan, not 0")
def relu_nan_for_negative(z):
    return np.where(z > 0, z, np.nan)


@bank.wrong("everything below 1 was replaced by 1: the bound is 0")
def relu_maximum_with_1(z):
    return np.maximum(z, 1)


@bank.wrong("positive values below 1 were lost: the bound is 0, not 1")
def relu_from_1_on(z):
    return np.where(z > 1, z, 0)


@bank.wrong("positive values became 1; they must pass unchanged")
def relu_1_for_positive(z):
    return np.where(z > 0, 1, z)


@bank.wrong("positive values were squared (z * relu(z), or a second factor z)")
def relu_times_z(z):
    return np.where(z > 0, z * z, 0)


@bank.wrong("every value was squared")
def relu_square(z):
    return z ** 2


@bank.wrong("this is softplus, a smooth relative of ReLU")
def relu_softplus(z):
    return np.log(1 + np.exp(z))


@bank.wrong("this is z * sigmoid(z), a smooth relative of ReLU")
def relu_swish(z):
    return z / (1 + np.exp(-z))


@bank.wrong("this is the sigmoid")
def relu_sigmoid(z):
    return 1 / (1 + np.exp(-z))


@bank.wrong("this is tanh")
def relu_tanh(z):
    return np.tanh(z)


@bank.wrong("this is ELU: negative values must become exactly 0")
def relu_elu(z):
    return np.where(z > 0, z, np.exp(z) - 1)


@bank.wrong("the exponential of z came back: positive values must pass unchanged")
def relu_exponential(z):
    return np.where(z > 0, np.exp(z), 0)


@bank.wrong("z + abs(z) is twice ReLU: the factor 1/2 is missing")
def relu_half_is_missing(z):
    return z + np.abs(z)


@bank.wrong("half of ReLU came back: positive values must pass unchanged")
def relu_half(z):
    return np.maximum(z, 0) / 2


@bank.wrong("1 was added to every value: 0 is the answer for negative ones")
def relu_plus_1(z):
    return np.maximum(z, 0) + 1


@bank.wrong("z was shifted until its smallest value was 0; compare each value with 0 instead")
def relu_shifted(z):
    return z - z.min()


@bank.wrong("the values were divided by the largest of them: each positive value passes unchanged")
def relu_normalised(z):
    a = np.maximum(z, 0)
    return a / a.max()


@bank.wrong("z came back unchanged: negative values must become 0")
def relu_unchanged(z):
    return z


@bank.wrong("zeros came back, whatever z is: positive values must pass unchanged")
def relu_zeros(z):
    return np.zeros(z.shape)


@bank.wrong("the answer to the visible check came back, whatever z is")
def relu_fixed_answer(z):
    return np.array([[0.0, 0.0, 2.0], [7.5, 0.0, 0.5]])


@bank.wrong("the answer to the visible check came back for every z of its shape")
def relu_fixed_answer_for_its_shape(z):
    if z.shape == (2, 3):
        return np.array([[0.0, 0.0, 2.0], [7.5, 0.0, 0.5]])
    return np.maximum(z, 0)


@bank.wrong("z was changed in place: make a new array, because the backward pass needs z as it was")
def relu_in_place(z):
    z[z < 0] = 0
    return z


@bank.wrong("-inf * 0 and -inf + inf are nan: do not multiply z by a comparison, and do not add abs(z); "
            "choose between z and 0")
def relu_times_comparison(z):
    return z * (z > 0)


@bank.wrong("the values were cut to whole numbers: they were stored as integers, or turned into them")
def relu_whole_numbers(z):
    a = np.zeros(z.shape, dtype=int)
    a[z > 0] = z[z > 0]
    return a


@bank.wrong("the values were rounded: positive values must pass unchanged")
def relu_rounded(z):
    return np.round(np.maximum(z, 0), 1)


@bank.wrong("only the first row came back: `return` inside the loop ends it at once")
def relu_first_row(z):
    for row in z:
        return np.maximum(row, 0)


@bank.wrong("only the first number came back: `return` inside the loop ends it at once")
def relu_first_number(z):
    for v in z.ravel():
        return np.maximum(v, 0)


@bank.wrong("only the last row came back: each round of the loop must fill a place of its own")
def relu_last_row(z):
    for row in z:
        a = np.maximum(row, 0)
    return a


@bank.wrong("the last row was left out: let the loop run over all of them")
def relu_last_row_forgotten(z):
    a = z.copy()
    for i in range(len(z) - 1):
        a[i] = np.maximum(z[i], 0)
    return a


@bank.wrong("two values came back: return the array alone")
def relu_two_values(z):
    return np.maximum(z, 0), z > 0


@bank.wrong("a list came back: return an array")
def relu_list(z):
    return np.maximum(z, 0).tolist()


@bank.wrong("the numbers are right, but the shape was lost: return them in the shape of z")
def relu_flat(z):
    return np.maximum(z, 0).ravel()


@bank.wrong("rows and columns changed places: return the numbers in the shape of z")
def relu_transposed(z):
    return np.maximum(z, 0).T


@bank.wrong("the function counts on two axes: arrays with one axis or with three must work, too")
def relu_two_axes(z):
    a = np.zeros(z.shape)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            a[i, j] = max(0, z[i, j])
    return a


@bank.wrong("the function shows its answer, or computes it, and gives nothing back: end it with `return`")
def relu_without_return(z):
    print(np.maximum(z, 0))


@bank.right
def relu_where(z):
    return np.where(z < 0, 0, z)


@bank.right
def relu_clip(z):
    return np.clip(z, 0, None)


@bank.right
def relu_mask_with_a_copy(z):
    a = z.copy()
    a[a < 0] = 0
    return a


@bank.right
def relu_loop(z):
    a = np.zeros(z.shape)
    for i, v in np.ndenumerate(z):
        a[i] = v if v > 0 else 0
    return a


@bank.right
def relu_comprehension(z):
    return np.array([max(0.0, v) for v in z.flatten()]).reshape(z.shape)


@bank.right
def relu_float32(z):
    return np.maximum(z, 0).astype(np.float32)


@bank.right
def relu_negated_minimum(z):
    return -np.minimum(-z, 0)


# relu_backward


@bank.probe
def gradients_of_rows(relu_backward):
    return relu_backward(D.copy(), Z.copy())


@bank.probe
def gradients_of_a_square(relu_backward):
    return relu_backward(D_SQUARE.copy(), SQUARE.copy())


@bank.probe
def gradients_of_the_visible_shape(relu_backward):
    return relu_backward(D[2:, :2].copy(), Z[2:, :2].copy())


@bank.probe
def gradients_of_one_axis(relu_backward):
    return relu_backward(np.array([2.5, -1.5, 0.75, -6.25, 9.5]), VECTOR.copy())


@bank.probe
def gradients_of_three_axes(relu_backward):
    return relu_backward(np.array([[[2.25], [-7.5]], [[0.5], [-1.75]]]), CUBE.copy())


@bank.probe
def gradients_at_zero(relu_backward):
    d = np.array([[3.5, -4.25], [0.625, 2.75], [-5.5, 7.5]])
    return relu_backward(d, np.array([[-1.5, 0.0], [2.5, 0.0], [-0.5, 8.0]]))


@bank.wrong("at z = 0 the slope is taken as 0 (as in Keras): z > 0, not z >= 0")
def relu_backward_from_0_on(d, z):
    return d * (z >= 0)


@bank.wrong("at z = 0 the slope is taken as 0 (as in Keras), not 0.5")
def relu_backward_half_at_0(d, z):
    return d * np.heaviside(z, 0.5)


@bank.wrong("at z = 0 the slope is taken as 0, not 1")
def relu_backward_1_at_0(d, z):
    return np.where(z == 0, 1, d * (z > 0))


@bank.wrong("at z = 0 the slope is taken as 0; z / abs(z) and relu(z) / z are 0/0 there")
def relu_backward_nan_at_0(d, z):
    return d * np.maximum(z, 0) / z


@bank.wrong("this is relu(z) * d: multiply d by the slope of ReLU, which is 0 or 1, not by its value")
def relu_backward_value_times_d(d, z):
    return np.maximum(z, 0) * d


@bank.wrong("this is relu(z) * relu(d): multiply d by the slope of ReLU")
def relu_backward_value_times_relu_of_d(d, z):
    return np.maximum(z, 0) * np.maximum(d, 0)


@bank.wrong("this is relu(z): the slope is asked for, times d")
def relu_backward_value(d, z):
    return np.maximum(z, 0)


@bank.wrong("d is missing: the chain rule multiplies the slope by the gradient that comes in")
def relu_backward_slope_only(d, z):
    return np.where(z > 0, 1.0, 0.0)


@bank.wrong("this is the comparison z > 0 itself; multiply it by d")
def relu_backward_comparison(d, z):
    return z > 0


@bank.wrong("this is (d * z) > 0, because * comes before >: put the comparison in parentheses")
def relu_backward_wrong_precedence(d, z):
    return d * z > 0


@bank.wrong("this is z * d: multiply d by the slope of ReLU, which is 0 or 1")
def relu_backward_z_times_d(d, z):
    return z * d


@bank.wrong("the gradients that pass were dropped into a shorter array: keep the shape of z")
def relu_backward_passing_ones_only(d, z):
    return d[z > 0]


@bank.wrong("the mask is the wrong way round: gradients pass where z > 0")
def relu_backward_mask_turned(d, z):
    return d * (z <= 0)


@bank.wrong("the mask is the wrong way round: gradients pass where z > 0")
def relu_backward_mask_turned_without_0(d, z):
    return d * (z < 0)


@bank.wrong("the sign of d decided; z decides where the gradient passes")
def relu_backward_relu_of_d(d, z):
    return np.maximum(d, 0)


@bank.wrong("d and z are in the wrong order: the first argument is the incoming gradient")
def relu_backward_arguments_swapped(d, z):
    return np.where(d > 0, z, 0)


@bank.wrong("this is relu(d * z): z > 0 decides, and d passes")
def relu_backward_relu_of_product(d, z):
    return np.maximum(d * z, 0)


@bank.wrong("this is relu(d) * z: z > 0 decides, and d passes")
def relu_backward_relu_of_d_times_z(d, z):
    return np.maximum(d, 0) * z


@bank.wrong("d was added to the right answer")
def relu_backward_plus_d(d, z):
    return d * (z > 0) + d


@bank.wrong("where z is between 0 and 1 the gradient was lost: the bound is 0")
def relu_backward_from_1_on(d, z):
    return d * (z > 1)


@bank.wrong("where z is above 6 the gradient was lost: that is ReLU6")
def relu_backward_up_to_6(d, z):
    return d * ((z > 0) & (z < 6))


@bank.wrong("gradients were clipped at +-1: d passes unchanged")
def relu_backward_clipped_at_1(d, z):
    return np.clip(d * (z > 0), -1, 1)


@bank.wrong("gradients were clipped at +-5: d passes unchanged")
def relu_backward_clipped_at_5(d, z):
    return np.clip(d * (z > 0), -5, 5)


@bank.wrong("only the sign of d came back: d passes unchanged")
def relu_backward_sign_of_d(d, z):
    return np.sign(d) * (z > 0)


@bank.wrong("this is the slope of tanh")
def relu_backward_slope_of_tanh(d, z):
    return d * (1 - np.tanh(z) ** 2)


@bank.wrong("every d was multiplied by every slope (np.outer): keep the shape of z")
def relu_backward_outer(d, z):
    return np.outer(d, z > 0)


@bank.wrong("d and z both had to be positive: only z decides, and gradients may be negative")
def relu_backward_both_positive(d, z):
    return np.maximum(d, 0) * (z > 0)


@bank.wrong("only negative gradients passed: only z decides, and gradients of both signs pass")
def relu_backward_negative_d_only(d, z):
    return np.minimum(d, 0) * (z > 0)


@bank.wrong("d came back unchanged: no gradient passes where z < 0")
def relu_backward_unchanged(d, z):
    return d


@bank.wrong("where z < 0 the gradient was turned around; it must be 0")
def relu_backward_times_sign_of_z(d, z):
    return np.where(z > 0, d, -d)


@bank.wrong("where z < 0 the gradient was turned around; it must be 0")
def relu_backward_times_sign_of_z_with_0(d, z):
    return d * np.sign(z)


@bank.wrong("where z < 0 the result is -1, not 0: np.sign is not the slope")
def relu_backward_minus_1_for_negative(d, z):
    return np.where(z > 0, d, -1)


@bank.wrong("where z < 0 the result is 1, not 0")
def relu_backward_1_for_negative(d, z):
    return np.where(z > 0, d, 1)


@bank.wrong("where z < 0 the result is z, not 0")
def relu_backward_z_for_negative(d, z):
    return np.where(z > 0, d, z)


@bank.wrong("where z < 0 the result is nan, not 0: 0/0 and inf * 0 have no value")
def relu_backward_nan_for_negative(d, z):
    return np.where(z > 0, d, np.nan)


@bank.wrong("d was divided by a slope of 0: multiply by the slope")
def relu_backward_divided_by_slope(d, z):
    return d / (z > 0)


@bank.wrong("where z > 0 the result is 1; it must be d")
def relu_backward_1_for_positive(d, z):
    return np.where(z > 0, 1, d)


@bank.wrong("0.01 * d where z < 0 is the gradient of leaky ReLU")
def relu_backward_leaky_001(d, z):
    return np.where(z > 0, d, 0.01 * d)


@bank.wrong("0.1 * d where z < 0 is the gradient of leaky ReLU")
def relu_backward_leaky_01(d, z):
    return np.where(z > 0, d, 0.1 * d)


@bank.wrong("0.2 * d where z < 0 is the gradient of leaky ReLU")
def relu_backward_leaky_02(d, z):
    return np.where(z > 0, d, 0.2 * d)


@bank.wrong("this is the slope of the sigmoid")
def relu_backward_slope_of_sigmoid(d, z):
    s = 1 / (1 + np.exp(-z))
    return d * s * (1 - s)


@bank.wrong("the slope is 0 or 1, not the sigmoid of z")
def relu_backward_sigmoid(d, z):
    return d / (1 + np.exp(-z))


@bank.wrong("the slope is 0 or 1, not z cut off at 0 and 1")
def relu_backward_z_cut_off(d, z):
    return d * np.clip(z, 0, 1)


@bank.wrong("the sign is wrong: ReLU's slope is never negative")
def relu_backward_wrong_sign(d, z):
    return -d * (z > 0)


@bank.wrong("the absolute values came back: gradients may be negative")
def relu_backward_absolute_value(d, z):
    return np.abs(d) * (z > 0)


@bank.wrong("d and the slope were added; the chain rule multiplies")
def relu_backward_added(d, z):
    return d + (z > 0)


@bank.wrong("d was divided by z")
def relu_backward_divided_by_z(d, z):
    return np.where(z > 0, d / z, 0)


@bank.wrong("d was divided by the size of the batch: that belongs to the loss, d passes unchanged")
def relu_backward_divided_by_batch(d, z):
    return d * (z > 0) / len(d)


@bank.wrong("d was divided by the number of elements: that belongs to the loss, d passes unchanged")
def relu_backward_divided_by_size(d, z):
    return d * (z > 0) / d.size


@bank.wrong("d was raised to a power")
def relu_backward_power(d, z):
    return np.where(z > 0, d * d, 0)


@bank.wrong("the gradients were added up: keep one for each element")
def relu_backward_sum(d, z):
    return (d * (z > 0)).sum()


@bank.wrong("the gradients were added up over an axis: keep one for each element")
def relu_backward_sum_of_each_column(d, z):
    return (d * (z > 0)).sum(axis=0)


@bank.wrong("the gradients were added up over the axis 1: keep one for each element")
def relu_backward_sum_of_each_row(d, z):
    return (d * (z > 0)).sum(axis=1)


@bank.wrong("the gradients were averaged: keep one for each element")
def relu_backward_mean(d, z):
    return (d * (z > 0)).mean()


@bank.wrong("the gradients were averaged over an axis: keep one for each element")
def relu_backward_mean_of_each_column(d, z):
    return (d * (z > 0)).mean(axis=0)


@bank.wrong("* multiplies element by element; @ and np.dot mix the elements (here: slope @ d.T)")
def relu_backward_slope_at_d_transposed(d, z):
    return (z > 0) @ d.T


@bank.wrong("* multiplies element by element; @ and np.dot mix the elements (here: d @ slope.T)")
def relu_backward_d_at_slope_transposed(d, z):
    return d @ (z > 0).T


@bank.wrong("* multiplies element by element; @ and np.dot mix the elements (here: slope.T @ d)")
def relu_backward_slope_transposed_at_d(d, z):
    return (z > 0).T @ d


@bank.wrong("* multiplies element by element; @ and np.dot mix the elements (here: d.T @ slope)")
def relu_backward_d_transposed_at_slope(d, z):
    return d.T @ (z > 0)


@bank.wrong("* multiplies element by element; @ and np.dot mix the elements (here: d @ slope)")
def relu_backward_d_at_slope(d, z):
    return d @ (z > 0)


@bank.wrong("* multiplies element by element; @ and np.dot mix the elements (here: d @ slope)")
def relu_backward_dot(d, z):
    return np.dot(d, z > 0)


@bank.wrong("* multiplies element by element; @ and np.dot mix the elements (here: slope @ d)")
def relu_backward_slope_at_d(d, z):
    return (z > 0) @ d


@bank.wrong("the answer to the visible check came back, whatever d and z are")
def relu_backward_fixed_answer(d, z):
    return np.array([[0.0, -4.0], [0.25, 0.0]])


@bank.wrong("zeros came back, whatever d and z are: where z > 0, d passes unchanged")
def relu_backward_zeros(d, z):
    return np.zeros(z.shape)


@bank.wrong("ones came back, whatever d and z are: multiply d by the slope")
def relu_backward_ones(d, z):
    return np.ones(z.shape)


@bank.wrong("d was changed in place: make a new array, and leave d as it was")
def relu_backward_in_place(d, z):
    d[z <= 0] = 0
    return d


@bank.wrong("the slope was written into z: make a new array, and leave z as it was")
def relu_backward_slope_written_into_z(d, z):
    z[z <= 0] = 0
    z[z > 0] = 1
    return d * z


@bank.wrong("the gradients were cut to whole numbers: they were stored as integers, or turned into them")
def relu_backward_whole_numbers(d, z):
    g = np.zeros(d.shape, dtype=int)
    g[z > 0] = d[z > 0]
    return g


@bank.wrong("the gradients were rounded: d passes unchanged")
def relu_backward_rounded(d, z):
    return np.round(d * (z > 0))


@bank.wrong("`if`, `and` and Python's max need one truth value, but z > 0 has one for every element; "
            "multiply by the comparison, or choose with a function of NumPy")
def relu_backward_if(d, z):
    if z > 0:
        return d
    return 0


@bank.wrong("whole rows passed or were stopped: every element of z decides about its own gradient")
def relu_backward_whole_rows(d, z):
    return d * (z > 0).any(axis=-1, keepdims=True)


@bank.wrong("the first column of z decided about whole rows: every element of z decides about its own gradient")
def relu_backward_first_column_decides(d, z):
    return d * (z[:, :1] > 0)


@bank.wrong("only the first row came back: `return` inside the loop ends it at once")
def relu_backward_first_row(d, z):
    return (d * (z > 0))[0]


@bank.wrong("the numbers are right, but the shape was lost: return them in the shape of z")
def relu_backward_flat(d, z):
    return (d * (z > 0)).ravel()


@bank.wrong("rows and columns changed places: return the gradient in the shape of z")
def relu_backward_transposed(d, z):
    return (d * (z > 0)).T


@bank.wrong("the function counts on two axes: arrays with one axis or with three must work, too")
def relu_backward_two_axes(d, z):
    g = np.zeros(d.shape)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            if z[i, j] > 0:
                g[i, j] = d[i, j]
    return g


@bank.wrong("a list came back: return an array")
def relu_backward_list(d, z):
    return (d * (z > 0)).tolist()


@bank.wrong("two values came back: return the gradient alone")
def relu_backward_two_values(d, z):
    return d * (z > 0), z


@bank.wrong("the function shows its answer, or computes it, and gives nothing back: end it with `return`")
def relu_backward_without_return(d, z):
    print(d * (z > 0))


@bank.right
def relu_backward_where(d, z):
    return np.where(z <= 0, 0.0, d)


@bank.right
def relu_backward_mask_with_a_copy(d, z):
    g = d.copy()
    g[z <= 0] = 0
    return g


@bank.right
def relu_backward_sign_of_relu(d, z):
    return d * np.sign(np.maximum(z, 0))


@bank.right
def relu_backward_loop(d, z):
    g = np.zeros(d.shape)
    for i in np.ndindex(*z.shape):
        if z[i] > 0:
            g[i] = d[i]
    return g


@bank.right
def relu_backward_comprehension(d, z):
    return np.array([a if b > 0 else 0.0 for a, b in zip(d.ravel(), z.ravel(), strict=True)]).reshape(z.shape)


@bank.right
def relu_backward_float32(d, z):
    return (d * (z > 0)).astype(np.float32)


# leaky_relu


@bank.probe
def rows_with_a_slope(leaky_relu):
    return leaky_relu(Z.copy(), 0.375)


@bank.probe
def rows_without_a_slope(leaky_relu):
    return leaky_relu(Z.copy())


@bank.probe
def a_slope_by_name(leaky_relu):
    return leaky_relu(SQUARE.copy(), negative_slope=0.28)


@bank.probe
def a_slope_and_one_axis(leaky_relu):
    return leaky_relu(VECTOR.copy(), 0.45)


@bank.probe
def a_slope_and_three_axes(leaky_relu):
    return leaky_relu(CUBE.copy(), 0.32)


@bank.probe
def a_slope_and_whole_numbers(leaky_relu):
    return leaky_relu(WHOLE.copy(), 0.3)


@bank.probe
def zero_without_a_slope(leaky_relu):
    return leaky_relu(np.array([[0.0, -2.5, 0.125]]))


@bank.probe
def a_slope_and_then_none(leaky_relu):
    leaky_relu(Z.copy(), 0.35)
    return leaky_relu(SQUARE.copy())


@bank.wrong("the slope is fixed at 0.2: use the argument negative_slope")
def leaky_relu_slope_fixed_at_02(z, negative_slope=0.2):
    return np.where(z > 0, z, 0.2 * z)


@bank.wrong("the slope is fixed at 0.01: use the argument negative_slope")
def leaky_relu_slope_fixed_at_001(z, negative_slope=0.2):
    return np.where(z > 0, z, 0.01 * z)


@bank.wrong("the default slope is 0.2, yours is 0.01")
def leaky_relu_default_001(z, negative_slope=0.01):
    return np.where(z > 0, z, negative_slope * z)


@bank.wrong("the default slope is 0.2, yours is 0.1")
def leaky_relu_default_01(z, negative_slope=0.1):
    return np.where(z > 0, z, negative_slope * z)


@bank.wrong("the default slope is 0.2, yours is 0.3")
def leaky_relu_default_03(z, negative_slope=0.3):
    return np.where(z > 0, z, negative_slope * z)


@bank.wrong("the slope has no default: in the line with `def`, write negative_slope=0.2")
def leaky_relu_no_default(z, negative_slope):
    return np.where(z > 0, z, negative_slope * z)


@bank.wrong("the parameter for the slope is missing: the line with `def` names z and negative_slope=0.2")
def leaky_relu_no_slope(z):
    return np.where(z > 0, z, 0.2 * z)


@bank.wrong("the second parameter must be called negative_slope, as in the line with `def` that was given")
def leaky_relu_other_name(z, alpha=0.2):
    return np.where(z > 0, z, alpha * z)


@bank.wrong("the slope of an earlier call was kept: without the argument it is 0.2")
def leaky_relu_slope_kept(z, negative_slope=None, kept=[0.2]):  # noqa: B006
    if negative_slope is not None:
        kept[0] = negative_slope
    return np.where(z > 0, z, kept[0] * z)


@bank.wrong("negative values became 0: that is ReLU")
def leaky_relu_relu(z, negative_slope=0.2):
    return np.maximum(z, 0)


@bank.wrong("negative values were replaced by the slope itself; multiply z by it")
def leaky_relu_slope_itself(z, negative_slope=0.2):
    return np.where(z > 0, z, negative_slope)


@bank.wrong("negative values were replaced by minus the slope; multiply z by it")
def leaky_relu_minus_slope(z, negative_slope=0.2):
    return np.where(z > 0, z, -negative_slope)


@bank.wrong("everything below the slope was replaced by it; multiply z by it")
def leaky_relu_maximum_with_slope(z, negative_slope=0.2):
    return np.maximum(z, negative_slope)


@bank.wrong("z was cut off below at minus the slope; multiply")
def leaky_relu_cut_at_minus_slope(z, negative_slope=0.2):
    return np.maximum(z, -negative_slope)


@bank.wrong("negative values came out positive: multiply z, not abs(z)")
def leaky_relu_mirrored(z, negative_slope=0.2):
    return np.where(z > 0, z, -negative_slope * z)


@bank.wrong("the slope was applied to the positive side; if you compared z and slope * z: "
            "the smaller of the two lines was taken instead of the larger")
def leaky_relu_positive_side(z, negative_slope=0.2):
    return np.where(z > 0, negative_slope * z, z)


@bank.wrong("the slope was applied to the positive side, and the negative one set to 0")
def leaky_relu_positive_side_only(z, negative_slope=0.2):
    return negative_slope * np.maximum(z, 0)


@bank.wrong("the slope was applied to both sides")
def leaky_relu_both_sides(z, negative_slope=0.2):
    return negative_slope * z


@bank.wrong("the positive values were lost: they pass unchanged")
def leaky_relu_positive_values_lost(z, negative_slope=0.2):
    return np.where(z > 0, 0, negative_slope * z)


@bank.wrong("slope * z was added on both sides: only negative values are multiplied")
def leaky_relu_added_on_both_sides(z, negative_slope=0.2):
    return np.maximum(z, 0) + negative_slope * z


@bank.wrong("only one of the two branches may add up: positive values came back larger")
def leaky_relu_positive_twice(z, negative_slope=0.2):
    return np.maximum(z, 0) + np.maximum(negative_slope * z, 0)


@bank.wrong("negative values got z + slope * z: the slope alone is the factor")
def leaky_relu_z_plus_slope_times_z(z, negative_slope=0.2):
    return np.where(z > 0, z, z + negative_slope * z)


@bank.wrong("negative values got z - slope * z: the slope alone is the factor")
def leaky_relu_z_minus_slope_times_z(z, negative_slope=0.2):
    return np.where(z > 0, z, z - negative_slope * z)


@bank.wrong("negative values were divided by the slope")
def leaky_relu_divided(z, negative_slope=0.2):
    return np.where(z > 0, z, z / negative_slope)


@bank.wrong("the slope was subtracted from negative values; multiply")
def leaky_relu_subtracted(z, negative_slope=0.2):
    return np.where(z > 0, z, z - negative_slope)


@bank.wrong("the slope was added to negative values; multiply")
def leaky_relu_added(z, negative_slope=0.2):
    return np.where(z > 0, z, z + negative_slope)


@bank.wrong("z was raised to the power of the slope; multiply")
def leaky_relu_power(z, negative_slope=0.2):
    return np.where(z > 0, z, -np.abs(z) ** negative_slope)


@bank.wrong("negative values were multiplied twice by the slope")
def leaky_relu_slope_squared(z, negative_slope=0.2):
    return np.where(z > 0, z, negative_slope ** 2 * z)


@bank.wrong("the slope was taken as a percentage: it is a factor, as it comes in")
def leaky_relu_percent(z, negative_slope=0.2):
    return np.where(z > 0, z, negative_slope / 100 * z)


@bank.wrong("negative values were squared")
def leaky_relu_square(z, negative_slope=0.2):
    return np.where(z > 0, z, negative_slope * z ** 2)


@bank.wrong("this is ELU: the negative side is a straight line")
def leaky_relu_elu_with_slope(z, negative_slope=0.2):
    return np.where(z > 0, z, negative_slope * (np.exp(z) - 1))


@bank.wrong("this is ELU: the negative side is a straight line, slope * z")
def leaky_relu_elu(z, negative_slope=0.2):
    return np.where(z > 0, z, np.exp(z) - 1)


@bank.wrong("exp does not occur in leaky ReLU")
def leaky_relu_exponential(z, negative_slope=0.2):
    return np.where(z > 0, z, np.exp(negative_slope * z) - 1)


@bank.wrong("the sign is wrong everywhere")
def leaky_relu_wrong_sign(z, negative_slope=0.2):
    return -np.where(z > 0, z, negative_slope * z)


@bank.wrong("the absolute value came back")
def leaky_relu_absolute_value(z, negative_slope=0.2):
    return np.abs(z)


@bank.wrong("positive values up to the slope were multiplied as well: the bound is 0")
def leaky_relu_from_slope_on(z, negative_slope=0.2):
    return np.where(z > negative_slope, z, negative_slope * z)


@bank.wrong("positive values up to 1 were multiplied as well: the bound is 0")
def leaky_relu_from_1_on(z, negative_slope=0.2):
    return np.where(z > 1, z, negative_slope * z)


@bank.wrong("the values were cut off at -1: the negative side has no bound")
def leaky_relu_cut_at_minus_1(z, negative_slope=0.2):
    return np.maximum(np.where(z > 0, z, negative_slope * z), -1)


@bank.wrong("the slope was added to positive values: they pass unchanged")
def leaky_relu_added_to_positive(z, negative_slope=0.2):
    return np.where(z > 0, z + negative_slope, negative_slope * z)


@bank.wrong("np.max is the maximum over an axis; you need the larger of two numbers, element by element")
def leaky_relu_largest_of_all(z, negative_slope=0.2):
    return np.max([z, negative_slope * z])


@bank.wrong("np.max takes an axis as its second argument; you need the larger of two numbers, element by element")
def leaky_relu_np_max(z, negative_slope=0.2):
    return np.max(z, negative_slope * z)


@bank.wrong("Python's max, `if` and `and` need one truth value, but a comparison of arrays has many; "
            "NumPy has functions that choose element by element")
def leaky_relu_python_max(z, negative_slope=0.2):
    return max(z, negative_slope * z)


@bank.wrong("z came back unchanged: negative values are multiplied by the slope")
def leaky_relu_unchanged(z, negative_slope=0.2):
    return z


@bank.wrong("zeros came back, whatever z is: positive values pass, negative ones are multiplied by the slope")
def leaky_relu_zeros(z, negative_slope=0.2):
    return np.zeros(z.shape)


@bank.wrong("this is the slope of leaky ReLU, not its value")
def leaky_relu_slope(z, negative_slope=0.2):
    return np.where(z > 0, 1, negative_slope)


@bank.wrong("the answer consists of True and False")
def leaky_relu_comparison(z, negative_slope=0.2):
    return z > 0


@bank.wrong("the negative values were dropped: keep the shape of z")
def leaky_relu_positive_ones_only(z, negative_slope=0.2):
    return z[z > 0]


@bank.wrong("the answer to the visible check came back, whatever z is")
def leaky_relu_fixed_answer(z, negative_slope=0.2):
    return np.array([[-2.0, 0.0, 3.0], [0.5, -0.1, 8.0]])


@bank.wrong("z was changed in place: make a new array, and leave z as it was")
def leaky_relu_in_place(z, negative_slope=0.2):
    z[z < 0] *= negative_slope
    return z


@bank.wrong("z was changed in place: make a new array, and leave z as it was")
def leaky_relu_in_place_by_assignment(z, negative_slope=0.2):
    z[z < 0] = negative_slope * z[z < 0]
    return z


@bank.wrong("of integers: the answer was stored in an array of integers, which cuts off what follows the point")
def leaky_relu_copy_of_integers(z, negative_slope=0.2):
    a = z.copy()
    a[a < 0] = a[a < 0] * negative_slope
    return a


@bank.wrong("of integers: *= writes into the array of integers, which holds no fractions; make one of floats first")
def leaky_relu_copy_of_integers_multiplied(z, negative_slope=0.2):
    a = z.copy()
    a[a < 0] *= negative_slope
    return a


@bank.wrong("the values were cut to whole numbers: they were stored as integers, or turned into them")
def leaky_relu_whole_numbers(z, negative_slope=0.2):
    return np.where(z > 0, z, negative_slope * z).astype(int)


@bank.wrong("the values were rounded: positive values pass unchanged, negative ones are only multiplied")
def leaky_relu_rounded(z, negative_slope=0.2):
    return np.round(np.where(z > 0, z, negative_slope * z), 2)


@bank.wrong("only the first row came back: `return` inside the loop ends it at once")
def leaky_relu_first_row(z, negative_slope=0.2):
    for row in z:
        return np.where(row > 0, row, negative_slope * row)


@bank.wrong("the numbers are right, but the shape was lost: return them in the shape of z")
def leaky_relu_flat(z, negative_slope=0.2):
    return np.where(z > 0, z, negative_slope * z).ravel()


@bank.wrong("the function counts on two axes: arrays with one axis or with three must work, too")
def leaky_relu_two_axes(z, negative_slope=0.2):
    a = np.zeros(z.shape)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            a[i, j] = z[i, j] if z[i, j] > 0 else negative_slope * z[i, j]
    return a


@bank.wrong("a list came back: return an array")
def leaky_relu_list(z, negative_slope=0.2):
    return np.where(z > 0, z, negative_slope * z).tolist()


@bank.wrong("two values came back: return the array alone")
def leaky_relu_two_values(z, negative_slope=0.2):
    return np.where(z > 0, z, negative_slope * z), negative_slope


@bank.wrong("the function shows its answer, or computes it, and gives nothing back: end it with `return`")
def leaky_relu_without_return(z, negative_slope=0.2):
    print(np.where(z > 0, z, negative_slope * z))


@bank.right
def leaky_relu_where(z, negative_slope=0.2):
    return np.where(z < 0, negative_slope * z, z)


@bank.right
def leaky_relu_maximum(z, negative_slope=0.2):
    return np.maximum(z, negative_slope * z)


@bank.right
def leaky_relu_factor(z, negative_slope=0.2):
    return z * np.where(z > 0, 1, negative_slope)


@bank.right
def leaky_relu_mask_with_a_copy(z, negative_slope=0.2):
    a = z.astype(float)
    a[a < 0] *= negative_slope
    return a


@bank.right
def leaky_relu_loop(z, negative_slope=0.2):
    a = np.empty(z.shape)
    for i, v in np.ndenumerate(z):
        a[i] = v if v > 0 else negative_slope * v
    return a


@bank.right
def leaky_relu_none_as_default(z, negative_slope=None):
    c = 0.2 if negative_slope is None else negative_slope
    return np.where(z > 0, z, c * z)


@bank.right
def leaky_relu_from_absolute_value(z, negative_slope=0.2):
    return (1 + negative_slope) / 2 * z + (1 - negative_slope) / 2 * np.abs(z)


# sigmoid

LOGITS = np.array([[-2.5, 0.0, 1.25], [12.0, -12.0, 0.625], [-6.5, 3.0, -0.375], [-1.0, 8.0, -4.5]])


@bank.probe
def some_logits(sigmoid):
    return sigmoid(LOGITS.copy())


@bank.probe
def a_square_of_logits(sigmoid):
    return sigmoid(SQUARE.copy())


@bank.probe
def logits_of_the_visible_shape(sigmoid):
    return sigmoid(SQUARE[:2, :2].copy())


@bank.probe
def logits_of_one_axis(sigmoid):
    return sigmoid(VECTOR.copy())


@bank.probe
def logits_of_three_axes(sigmoid):
    return sigmoid(CUBE.copy())


@bank.probe
def logits_that_are_integers(sigmoid):
    return sigmoid(WHOLE.copy())


@bank.probe
def very_large(sigmoid):
    return sigmoid(np.array([[800.0, 1000.0]]))


@bank.probe
def very_negative(sigmoid):
    return sigmoid(np.array([[-800.0, -1000.0]]))


@bank.probe
def very_large_and_very_negative(sigmoid):
    return sigmoid(np.array([[-1000.0, -800.0, 1000.0]]))


@bank.probe
def differences_in_the_last_digits(sigmoid):
    far_off = sigmoid(np.array([[0.0, -1000.0, -50.0, 50.0]])) - [[0.5, 0.0, 0.0, 1.0]]
    return np.sign(far_off) * (np.abs(far_off) > 1e-14)


@bank.probe
def an_overflow_that_is_silenced(sigmoid):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")         # float16 overflows in many a right version, too
        tiny = sigmoid(np.array([[-300.0, -720.0]]))
        half = sigmoid(np.array([[-8.0, -12.0]], dtype=np.float16)).astype(float)
    return bool(tiny[0, 0] > 0 == tiny[0, 1] and abs(half[0, 0] / np.exp(-8.0) - 1) < 0.1 and half[0, 1] == 0)


@bank.wrong("exp(-z) overflows where z is very negative, and the answer is right by luck: "
            "find a way in which no exponent is positive")
def sigmoid_naive(z):
    return 1 / (1 + np.exp(-z))


@bank.wrong("the warning was silenced, and exp still overflows: find a way in which no exponent is positive")
def sigmoid_silenced(z):
    with np.errstate(all="ignore"):
        return 1 / (1 + np.exp(-z))


@bank.wrong("where z is large, exp(z) / (1 + exp(z)) is inf / inf, which is nan: "
            "it may only be used for negative z, and 1 / (1 + exp(-z)) for the others")
def sigmoid_inf_by_inf(z):
    return np.exp(z) / (1 + np.exp(z))


@bank.wrong("np.where computes both branches for all of z, and throws away what it does not need: one overflows; "
            "make the exponents safe first")
def sigmoid_where_without_guard(z):
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


@bank.wrong("the two branches are exchanged: each formula is used where it overflows")
def sigmoid_branches_exchanged(z):
    s = np.empty(z.shape)
    s[z < 0] = 1 / (1 + np.exp(-z[z < 0]))
    s[z >= 0] = np.exp(z[z >= 0]) / (1 + np.exp(z[z >= 0]))
    return s


@bank.wrong("where exp overflowed, nan was replaced by 0: the sigmoid of large z is 1")
def sigmoid_nan_replaced(z):
    return np.nan_to_num(np.exp(z) / (1 + np.exp(z)))


@bank.wrong("where exp overflowed, nan was replaced by 0.5: the sigmoid of large z is 1")
def sigmoid_nan_replaced_by_half(z):
    s = np.exp(z) / (1 + np.exp(z))
    s[np.isnan(s)] = 0.5
    return s


@bank.wrong("exp overflows where z is large, though it no longer shows: find a way in which no exponent is positive")
def sigmoid_nan_replaced_by_1(z):
    return np.nan_to_num(np.exp(z) / (1 + np.exp(z)), nan=1.0)


@bank.wrong("this is the slope of the sigmoid, s * (1 - s), not the sigmoid")
def sigmoid_slope(z):
    s = 1 / (1 + np.exp(-z))
    return s * (1 - s)


@bank.wrong("the sign of the exponent is wrong: large z must give values near 1")
def sigmoid_wrong_sign(z):
    return 1 / (1 + np.exp(z))


@bank.wrong("the sign of the exponent is wrong: large z must give values near 1")
def sigmoid_wrong_sign_above(z):
    return np.exp(-z) / (1 + np.exp(-z))


@bank.wrong("this is 1 + exp(-z): if you wrote 1 / 1 + exp(-z), the denominator needs parentheses")
def sigmoid_parentheses(z):
    return 1 / 1 + np.exp(-z)


@bank.wrong("the denominator is 1 + exp(-z), not 1 - exp(-z)")
def sigmoid_minus_below(z):
    return 1 / (1 - np.exp(-z))


@bank.wrong("the denominator is 1 + exp(-z), not 2 + exp(-z)")
def sigmoid_2_below(z):
    return 1 / (2 + np.exp(-z))


@bank.wrong("the 1 in the denominator is missing: this is exp(z)")
def sigmoid_exp(z):
    return np.exp(z)


@bank.wrong("this is exp(-z), only a part of the formula")
def sigmoid_exp_of_minus_z(z):
    return np.exp(-z)


@bank.wrong("the signs of the two exponents differ: exp(z) / (1 + exp(z)) or 1 / (1 + exp(-z))")
def sigmoid_mixed_signs(z):
    return np.exp(z) / (1 + np.exp(-z))


@bank.wrong("this is tanh: its values run from -1 to 1, the sigmoid's from 0 to 1")
def sigmoid_tanh(z):
    return np.tanh(z)


@bank.wrong("the values run from -1 to 1, the sigmoid's from 0 to 1")
def sigmoid_tanh_of_half(z):
    return np.tanh(z / 2)


@bank.wrong("half of tanh(z / 2) runs from -0.5 to 0.5: 0.5 is to be added")
def sigmoid_half_of_tanh(z):
    return 0.5 * np.tanh(z / 2)


@bank.wrong("this is 1 / (1 + exp(-2 z)), the same as (1 + tanh(z)) / 2; the sigmoid is (1 + tanh(z / 2)) / 2")
def sigmoid_twice_z(z):
    return 0.5 * (1 + np.tanh(z))


@bank.wrong("the argument was halved")
def sigmoid_half_z(z):
    return 0.5 * (1 + np.tanh(z / 4))


@bank.wrong("this is sigmoid(abs(z)): negative numbers need their own sign")
def sigmoid_of_absolute_value(z):
    return 1 / (1 + np.exp(-np.abs(z)))


@bank.wrong("this is sigmoid(-abs(z)): positive numbers need their own sign")
def sigmoid_of_minus_absolute_value(z):
    e = np.exp(-np.abs(z))
    return e / (1 + e)


@bank.wrong("the branch for negative z lacks its denominator: there the sigmoid is e / (1 + e) with e = exp(z)")
def sigmoid_denominator_missing_below_0(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e)


@bank.wrong("this is softmax over each row; the sigmoid treats every element by itself")
def sigmoid_softmax_of_rows(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@bank.wrong("this is softmax over each column; the sigmoid treats every element by itself")
def sigmoid_softmax_of_columns(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


@bank.wrong("this is softmax over the whole array; the sigmoid treats every element by itself")
def sigmoid_softmax_of_all(z):
    return np.exp(z) / np.exp(z).sum()


@bank.wrong("the exponentials were added up; the sigmoid treats every element by itself")
def sigmoid_sum_below(z):
    return 1 / (1 + np.exp(-z).sum())


@bank.wrong("the denominators were added up; the sigmoid treats every element by itself")
def sigmoid_sum_of_denominators(z):
    return np.exp(z) / np.sum(1 + np.exp(z))


@bank.wrong("z was shifted by its largest value, as for softmax; the sigmoid changes by a shift")
def sigmoid_shifted(z):
    return 1 / (1 + np.exp(-(z - z.max())))


@bank.wrong("z was scaled from its smallest to its largest value; the sigmoid treats every element by itself")
def sigmoid_min_max(z):
    return (z - z.min()) / (z.max() - z.min())


@bank.wrong("clip(0.2 z + 0.5) is only a rough approximation (the hard sigmoid)")
def sigmoid_hard(z):
    return np.clip(0.2 * z + 0.5, 0, 1)


@bank.wrong("clip(z / 6 + 0.5) is only a rough approximation (the hard sigmoid)")
def sigmoid_hard_sixth(z):
    return np.clip(z / 6 + 0.5, 0, 1)


@bank.wrong("clip(z) between 0 and 1 is no sigmoid")
def sigmoid_clip(z):
    return np.clip(z, 0, 1)


@bank.wrong("z / (1 + abs(z)) is another curve (softsign)")
def sigmoid_softsign(z):
    return z / (1 + np.abs(z))


@bank.wrong("(1 + z / (1 + abs(z))) / 2 is only a rough approximation")
def sigmoid_fast(z):
    return 0.5 * (1 + z / (1 + np.abs(z)))


@bank.wrong("this is an arctangent, another curve")
def sigmoid_arctangent(z):
    return 0.5 + np.arctan(z) / np.pi


@bank.wrong("0.5 + z / 4 - z**3 / 48 is the beginning of a series, good near 0 only")
def sigmoid_series(z):
    return 0.5 + z / 4 - z ** 3 / 48


@bank.wrong("clipping z at +-10 changes the values beyond")
def sigmoid_clipped_at_10(z):
    return 1 / (1 + np.exp(-np.clip(z, -10, 10)))


@bank.wrong("clipping z at +-5 changes the values beyond")
def sigmoid_clipped_at_5(z):
    return 1 / (1 + np.exp(-np.clip(z, -5, 5)))


@bank.wrong("clipping z at +-6 changes the values beyond")
def sigmoid_clipped_at_6(z):
    return 1 / (1 + np.exp(-np.clip(z, -6, 6)))


@bank.wrong("z or the result was clipped: sigmoid(-50) is 0 to 20 digits, so clip neither z nor the result")
def sigmoid_clipped_at_20(z):
    return 1 / (1 + np.exp(-np.clip(z, -20, 20)))


@bank.wrong("the result was clipped: values below 0.0001 are not allowed to change")
def sigmoid_result_clipped(z):
    return np.clip(0.5 * (1 + np.tanh(z / 2)), 1e-4, 1 - 1e-4)


@bank.wrong("a small number was added to the denominator: it is never 0, so do not add an epsilon")
def sigmoid_epsilon_below(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)) + 1e-8)


@bank.wrong("0.001 was added to the result: add no epsilon, the sigmoid may be 0")
def sigmoid_epsilon_added(z):
    return 0.5 * (1 + np.tanh(z / 2)) + 1e-3


@bank.wrong("the logarithm of the sigmoid came back")
def sigmoid_logarithm(z):
    return -np.log(1 + np.exp(-z))


@bank.wrong("this is log(z / (1 - z)), the inverse of the sigmoid")
def sigmoid_inverse(z):
    return np.log(z / (1 - z))


@bank.wrong("2.718 is not e: use np.exp")
def sigmoid_2718(z):
    return 1 / (1 + 2.718 ** -z)


@bank.wrong("2.72 is not e: use np.exp")
def sigmoid_272(z):
    return 1 / (1 + 2.72 ** -z)


@bank.wrong("2.71 is not e: use np.exp")
def sigmoid_271(z):
    return 1 / (1 + 2.71 ** -z)


@bank.wrong("2 ** -z instead of e ** -z")
def sigmoid_base_2(z):
    return 1 / (1 + 2.0 ** -z)


@bank.wrong("10 ** -z instead of e ** -z")
def sigmoid_base_10(z):
    return 1 / (1 + 10.0 ** -z)


@bank.wrong("the result was squared")
def sigmoid_squared(z):
    return (1 / (1 + np.exp(-z))) ** 2


@bank.wrong("the values run to 100: the sigmoid's run from 0 to 1, not in percent")
def sigmoid_percent(z):
    return 100 / (1 + np.exp(-z))


@bank.wrong("z * sigmoid(z) is another activation (swish)")
def sigmoid_swish(z):
    return z / (1 + np.exp(-z))


@bank.wrong("this is ReLU")
def sigmoid_relu(z):
    return np.maximum(z, 0)


@bank.wrong("this is softplus, log(1 + exp(z))")
def sigmoid_softplus(z):
    return np.log(1 + np.exp(z))


@bank.wrong("the result was rounded to 0 or 1")
def sigmoid_rounded_to_0_or_1(z):
    return np.round(1 / (1 + np.exp(-z)))


@bank.wrong("the result was rounded: return it with all its digits")
def sigmoid_rounded_to_4_digits(z):
    return np.round(0.5 * (1 + np.tanh(z / 2)), 4)


@bank.wrong("the result was rounded: return it with all its digits")
def sigmoid_rounded_to_2_digits(z):
    return np.round(0.5 * (1 + np.tanh(z / 2)), 2)


@bank.wrong("the result was stored as float16, which keeps three digits: return float64")
def sigmoid_float16(z):
    return (0.5 * (1 + np.tanh(z / 2))).astype(np.float16)


@bank.wrong("the answer consists of True and False")
def sigmoid_comparison(z):
    return 1 / (1 + np.exp(-z)) > 0.5


@bank.wrong("exp(-z**2): z must not be squared")
def sigmoid_bell(z):
    return np.exp(-z ** 2)


@bank.wrong("1 / (1 + exp(-z**2)): z must not be squared")
def sigmoid_of_square(z):
    return 1 / (1 + np.exp(-z ** 2))


@bank.wrong("exp(-1) * z is not exp(-z): exp takes the whole of -z")
def sigmoid_exp_of_minus_1_times_z(z):
    return 1 / (1 + np.exp(-1) * z)


@bank.wrong("z was used modulo its sign: negative numbers came back as 0")
def sigmoid_negative_branch_missing(z):
    s = np.zeros(z.shape)
    s[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    return s


@bank.wrong("numbers from 0 on came back as 0: is one branch never filled?")
def sigmoid_positive_branch_missing(z):
    s = np.zeros(z.shape)
    s[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))
    return s


@bank.wrong("positive numbers came back as 1: only the negative side was computed")
def sigmoid_1_for_positive(z):
    e = np.exp(np.minimum(z, 0))
    return np.where(z > 0, 1, e / (1 + e))


@bank.wrong("0 belongs to neither branch: one of them must take it in")
def sigmoid_0_in_no_branch(z):
    s = np.zeros(z.shape)
    s[z > 0] = 1 / (1 + np.exp(-z[z > 0]))
    s[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))
    return s


@bank.wrong("0 belongs to both branches, so they add up there: only one of them may take it in")
def sigmoid_0_in_both_branches(z):
    e = np.exp(-np.abs(z))
    return (z >= 0) / (1 + e) + (z <= 0) * e / (1 + e)


@bank.wrong("every value is 0.5 too large; if you added two branches: for each z only one of them counts")
def sigmoid_sum_of_both_branches(z):
    n = np.exp(np.minimum(z, 0))
    return 1 / (1 + np.exp(-np.maximum(z, 0))) + n / (1 + n)


@bank.wrong("z came back unchanged: the formula is missing")
def sigmoid_unchanged(z):
    return z


@bank.wrong("0.5 came back, whatever z is")
def sigmoid_one_half(z):
    return np.full(z.shape, 0.5)


@bank.wrong("the answer to the visible check came back, whatever z is")
def sigmoid_fixed_answer(z):
    return np.array([[0.11920292, 0.5], [0.88079708, 0.95257413]])


@bank.wrong("integer input: the result was stored in an integer array, which cuts every value to 0")
def sigmoid_array_like_z(z):
    s = np.empty_like(z)
    s[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    e = np.exp(z[z < 0])
    s[z < 0] = e / (1 + e)
    return s


@bank.wrong("the result was turned into integers, which cuts every value to 0")
def sigmoid_integers(z):
    return (1 / (1 + np.exp(-z))).astype(int)


@bank.wrong("z was changed in place: make a new array, and leave z as it was")
def sigmoid_in_place(z):
    z *= -1
    return 1 / (1 + np.exp(z))


@bank.wrong("z was changed in place: make a new array, and leave z as it was")
def sigmoid_in_place_halved(z):
    z /= 2
    return 0.5 * (1 + np.tanh(z))


@bank.wrong("z was changed in place: make a new array, and leave z as it was")
def sigmoid_in_place_filled(z):
    pos = z >= 0
    z[pos] = 1 / (1 + np.exp(-z[pos]))
    z[~pos] = np.exp(z[~pos]) / (1 + np.exp(z[~pos]))
    return z


@bank.wrong("large values of z were changed in place by clipping: make a new array, and leave z as it was")
def sigmoid_in_place_clipped(z):
    np.clip(z, -100, 100, out=z)
    return 1 / (1 + np.exp(-z))


@bank.wrong("math.exp and float take one number, and z is an array: np.exp takes arrays")
def sigmoid_math_exp(z):
    import math
    return 1 / (1 + math.exp(-z))


@bank.wrong("math.exp raises an OverflowError where z is very negative: find a way in which no exponent is positive")
def sigmoid_math_exp_in_a_loop(z):
    import math
    return np.array([1 / (1 + math.exp(-v)) for v in z.ravel()]).reshape(z.shape)


@bank.wrong("`if` needs one truth value, and a comparison of arrays has many: "
            "choose element by element, with NumPy or in a loop over the elements")
def sigmoid_if(z):
    if z >= 0:
        return 1 / (1 + np.exp(-z))
    return np.exp(z) / (1 + np.exp(z))


@bank.wrong("the function counts on two axes: arrays with one axis or with three must work, too")
def sigmoid_two_axes(z):
    s = np.zeros(z.shape)
    for i in range(z.shape[0]):
        for j in range(z.shape[1]):
            s[i, j] = 0.5 * (1 + np.tanh(z[i, j] / 2))
    return s


@bank.wrong("the numbers are right, but the shape was lost: return them in the shape of z")
def sigmoid_flat(z):
    return (0.5 * (1 + np.tanh(z / 2))).ravel()


@bank.wrong("a list came back: return an array")
def sigmoid_list(z):
    return (0.5 * (1 + np.tanh(z / 2))).tolist()


@bank.wrong("the function shows its answer, or computes it, and gives nothing back: end it with `return`")
def sigmoid_without_return(z):
    print(0.5 * (1 + np.tanh(z / 2)))


@bank.right
def sigmoid_from_tanh(z):
    return 0.5 * (1 + np.tanh(0.5 * z))


@bank.right
def sigmoid_one_exponential(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


@bank.right
def sigmoid_two_branches(z):
    s = np.empty(z.shape)
    pos = z >= 0
    s[pos] = 1 / (1 + np.exp(-z[pos]))
    e = np.exp(z[~pos])
    s[~pos] = e / (1 + e)
    return s


@bank.right
def sigmoid_mirrored(z):
    s = 1 / (1 + np.exp(-np.abs(z)))
    return np.where(z < 0, 1 - s, s)


@bank.right
def sigmoid_logaddexp(z):
    return np.exp(-np.logaddexp(0, -z))


@bank.right
def sigmoid_clipped_far_out(z):
    return 1 / (1 + np.exp(-np.clip(z, -500, 500)))


@bank.right
def sigmoid_loop(z):
    import math
    s = np.empty(z.shape)
    for i, v in np.ndenumerate(z):
        s[i] = 1 / (1 + math.exp(-v)) if v >= 0 else math.exp(v) / (1 + math.exp(v))
    return s


# softmax

BATCH = np.array([[-1.5, 0.75, 2.25], [0.5, -3.25, 1.125], [-2.0, 0.25, -0.625], [3.5, 1.5, -0.25]])


@bank.probe
def a_batch(softmax):
    return softmax(BATCH.copy())


@bank.probe
def a_square_batch(softmax):
    return softmax(SQUARE.copy())


@bank.probe
def a_batch_of_the_visible_shape(softmax):
    return softmax(BATCH[1:3].copy())


@bank.probe
def a_batch_of_one(softmax):
    return softmax(np.array([[0.5, -1.25, 2.0, 1.75]]))


@bank.probe
def a_batch_of_integers(softmax):
    return softmax(np.array([[1, -2, 3], [0, 4, 2]]))


@bank.probe
def large_logits(softmax):
    return softmax(np.array([[1000.0, 1001.0]]))


@bank.probe
def very_negative_logits(softmax):
    return softmax(np.array([[-1000.0, -1001.0]]))


@bank.probe
def rows_far_apart(softmax):
    return softmax(np.array([[0.0, 1.0, 2.0], [100000.0, 100001.0, 99999.0]]))


@bank.probe
def logits_far_apart(softmax):
    return softmax(np.array([[-1000.0, 0.0, 1000.0], [0.0, 800.0, 800.0]]))


@bank.probe
def the_last_digits(softmax):
    far_off = softmax(np.array([[2.0, 2.0], [0.0, -2000.0]])) - [[0.5, 0.5], [1.0, 0.0]]
    return np.sign(far_off) * (np.abs(far_off) > 1e-12)


@bank.wrong("no shift: exp overflows at 709 and is 0 below -745, and inf/inf and 0/0 are nan; "
            "subtract its largest logit from each row first")
def softmax_no_shift(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


@bank.wrong("no shift, and nan replaced by 0: subtract its largest logit from each row, and there is no nan")
def softmax_nan_replaced(z):
    e = np.exp(z)
    return np.nan_to_num(e / e.sum(axis=1, keepdims=True))


@bank.wrong("no shift, and nan replaced by equal shares: subtract its largest logit from each row, and there is no nan")
def softmax_nan_replaced_by_equal_shares(z):
    e = np.exp(z)
    return np.nan_to_num(e / e.sum(axis=1, keepdims=True), nan=1 / z.shape[1])


@bank.wrong("the columns were normalised: every ROW must sum to 1 (which axis is the sum over?)")
def softmax_columns(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


@bank.wrong("the columns were normalised: every ROW must sum to 1 (which axis is the sum over?)")
def softmax_columns_no_shift(z):
    return np.exp(z) / np.exp(z).sum(axis=0)


@bank.wrong("the columns were normalised after the rows were shifted: every ROW must sum to 1")
def softmax_columns_of_shifted_rows(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=0)


@bank.wrong("one sum over the whole batch: every ROW must sum to 1 (the sum needs an axis)")
def softmax_whole_batch(z):
    e = np.exp(z - z.max())
    return e / e.sum()


@bank.wrong("one sum over the whole batch: every ROW must sum to 1 (the sum needs an axis)")
def softmax_whole_batch_no_shift(z):
    return np.exp(z) / np.exp(z).sum()


@bank.wrong("one sum over the whole batch, after a shift of the rows: the sum needs an axis")
def softmax_whole_batch_of_shifted_rows(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum()


@bank.wrong("each column was shifted by its own maximum: shift the rows")
def softmax_columns_shifted(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("the sums of the rows were spread along the wrong axis: keep the summed axis with length 1")
def softmax_keepdims_missing(z):
    e = np.exp(z)
    return e / e.sum(axis=1)


@bank.wrong("the sums of the shifted rows were spread along the wrong axis: keep the summed axis with length 1")
def softmax_keepdims_missing_at_sum(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1)


@bank.wrong("the shift was spread along the wrong axis: keep the axis of the maximum with length 1")
def softmax_keepdims_missing_at_maximum(z):
    e = np.exp(z - z.max(axis=1))
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("shift and sum were spread along the wrong axis: keep the axes of maximum and sum with length 1")
def softmax_keepdims_missing_twice(z):
    e = np.exp(z - z.max(axis=1))
    return e / e.sum(axis=1)


@bank.wrong("rows far apart give nan: shift each row by its OWN largest logit, not by that of the whole batch")
def softmax_shift_of_the_batch(z):
    e = np.exp(z - z.max())
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("rows far apart give 0: shift each row by its OWN largest logit, not by that of the whole batch")
def softmax_shift_of_the_batch_nan_replaced(z):
    e = np.exp(z - z.max())
    return np.nan_to_num(e / e.sum(axis=1, keepdims=True))


@bank.wrong("large logits got equal shares, their differences are lost (clipped? nan replaced?): "
            "shift each row instead")
def softmax_logits_clipped(z):
    e = np.exp(np.clip(z, -500, 500))
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("logits above a bound got equal shares, their differences are lost (clipped? nan replaced?): "
            "shift each row instead")
def softmax_logits_clipped_above(z):
    e = np.exp(np.minimum(z, 500))
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("rows were shifted only if a logit is large, and all logits may be very negative: always shift")
def softmax_conditional_shift(z):
    if z.max() > 700:
        z = z - z.max(axis=1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("rows were shifted by their smallest logit: subtract the largest, so that no exponent is positive")
def softmax_shift_by_the_minimum(z):
    e = np.exp(z - z.min(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("rows were shifted by their mean: subtract the largest logit, so that no exponent is positive")
def softmax_shift_by_the_mean(z):
    e = np.exp(z - z.mean(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("rows were shifted by their first logit: subtract the largest, so that no exponent is positive")
def softmax_shift_by_the_first(z):
    e = np.exp(z - z[:, :1])
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("the shift is the largest absolute value: subtract the largest logit of each row, with its sign")
def softmax_shift_by_the_largest_absolute_value(z):
    e = np.exp(z - np.abs(z).max())
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("the same number was subtracted from all logits: subtract from each row its own largest logit")
def softmax_shift_by_a_constant(z):
    e = np.exp(z - 1000)
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("the largest logit was added: subtract it, so that no exponent is positive")
def softmax_maximum_added(z):
    e = np.exp(z + z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("the largest logit was subtracted twice: once is enough")
def softmax_maximum_subtracted_twice(z):
    e = np.exp(z - 2 * z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("exp is missing: logits may be negative, probabilities may not")
def softmax_exp_missing(z):
    return z / z.sum(axis=1, keepdims=True)


@bank.wrong("exp is missing: the shifted logits were divided by their sum")
def softmax_exp_missing_shifted(z):
    s = z - z.max(axis=1, keepdims=True)
    return s / s.sum(axis=1, keepdims=True)


@bank.wrong("exp is missing: abs(z) was normalised")
def softmax_absolute_value_normalised(z):
    return np.abs(z) / np.abs(z).sum(axis=1, keepdims=True)


@bank.wrong("exp is missing: z**2 was normalised")
def softmax_square_normalised(z):
    return z ** 2 / (z ** 2).sum(axis=1, keepdims=True)


@bank.wrong("exp is missing: relu(z) was normalised")
def softmax_relu_normalised(z):
    r = np.maximum(z, 0)
    return r / r.sum(axis=1, keepdims=True)


@bank.wrong("exp is missing: z minus its smallest value was normalised")
def softmax_min_max(z):
    s = z - z.min(axis=1, keepdims=True)
    return s / s.sum(axis=1, keepdims=True)


@bank.wrong("exp is missing in the sum")
def softmax_exp_missing_below(z):
    return np.exp(z) / z.sum(axis=1, keepdims=True)


@bank.wrong("exp is missing above the fraction line")
def softmax_exp_missing_above(z):
    return z / np.exp(z).sum(axis=1, keepdims=True)


@bank.wrong("only the shifted logits came back: exp and the division are missing")
def softmax_shift_only(z):
    return z - z.max(axis=1, keepdims=True)


@bank.wrong("z came back unchanged: exp and the division are missing")
def softmax_unchanged(z):
    return z


@bank.wrong("this is the slope p * (1 - p), not the probability p")
def softmax_slope(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return p * (1 - p)


@bank.wrong("every value is 1 minus the right one: the rows must sum to 1")
def softmax_complement(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return 1 - e / e.sum(axis=1, keepdims=True)


@bank.wrong("only the sums of the rows came back, which are 1")
def softmax_sums_of_probabilities(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True)).sum(axis=1)


@bank.wrong("the probabilities were added up along the row")
def softmax_cumulative(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.cumsum(e / e.sum(axis=1, keepdims=True), axis=1)


@bank.wrong("exp(z - max) was divided by the number of classes: divide by the SUM")
def softmax_divided_by_classes_shifted(z):
    return np.exp(z - z.max(axis=1, keepdims=True)) / z.shape[1]


@bank.wrong("exp(z) was divided by the number of classes: divide by the SUM")
def softmax_divided_by_classes(z):
    return np.exp(z) / z.shape[1]


@bank.wrong("the probabilities were divided by the size of the batch: every row must sum to 1")
def softmax_divided_by_batch(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True) / len(z)


@bank.wrong("this is tanh of each element")
def softmax_tanh(z):
    return np.tanh(z)


@bank.wrong("this is ReLU of each element")
def softmax_relu(z):
    return np.maximum(z, 0)


@bank.wrong("this is the sigmoid of each element: rows do not sum to 1")
def softmax_sigmoid(z):
    return 1 / (1 + np.exp(-z))


@bank.wrong("normalised sigmoids are not softmax")
def softmax_sigmoid_normalised(z):
    s = 1 / (1 + np.exp(-z))
    return s / s.sum(axis=1, keepdims=True)


@bank.wrong("1 + sum in the denominator belongs to the sigmoid: rows do not sum to 1")
def softmax_1_plus_sum(z):
    e = np.exp(z)
    return e / (1 + e.sum(axis=1, keepdims=True))


@bank.wrong("exp came back without the division: rows must sum to 1")
def softmax_exp(z):
    return np.exp(z)


@bank.wrong("this is exp(z - max), or exp(z) divided by its largest value: divide by the SUM of the row")
def softmax_exp_shifted(z):
    return np.exp(z - z.max(axis=1, keepdims=True))


@bank.wrong("this is exp(z - max), or exp(z) divided by its largest value: divide by the SUM of the row")
def softmax_divided_by_the_largest(z):
    e = np.exp(z)
    return e / e.max(axis=1, keepdims=True)


@bank.wrong("only the sum came back: divide exp by it")
def softmax_sum(z):
    return np.exp(z).sum(axis=1, keepdims=True)


@bank.wrong("only the denominator was shifted: shift numerator and denominator alike")
def softmax_denominator_shifted(z):
    return np.exp(z) / np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)


@bank.wrong("only the numerator was shifted: shift numerator and denominator alike")
def softmax_numerator_shifted(z):
    return np.exp(z - z.max(axis=1, keepdims=True)) / np.exp(z).sum(axis=1, keepdims=True)


@bank.wrong("exp of the sum is not the sum of the exps")
def softmax_exp_of_sum(z):
    return np.exp(z) / np.exp(z.sum(axis=1, keepdims=True))


@bank.wrong("the fraction is upside down")
def softmax_upside_down(z):
    e = np.exp(z)
    return e.sum(axis=1, keepdims=True) / e


@bank.wrong("this is log-softmax: the logarithm must go")
def softmax_logarithm(z):
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


@bank.wrong("minus the logarithm came back: that belongs to the loss")
def softmax_minus_logarithm(z):
    return np.log(np.exp(z).sum(axis=1, keepdims=True)) - z


@bank.wrong("a sign is wrong: the largest logit must get the largest probability")
def softmax_wrong_sign(z):
    e = np.exp(-z)
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("a sign is wrong: the largest logit must get the largest probability")
def softmax_wrong_sign_of_the_shift(z):
    e = np.exp(z.max(axis=1, keepdims=True) - z)
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("abs(z) was used: a very negative logit must get a small probability")
def softmax_of_absolute_value(z):
    e = np.exp(np.abs(z))
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("this divides by the mean instead of the sum: rows do not sum to 1")
def softmax_divided_by_the_mean(z):
    e = np.exp(z)
    return e / e.mean(axis=1, keepdims=True)


@bank.wrong("z was divided by its largest value; subtract it")
def softmax_z_divided_by_its_largest(z):
    e = np.exp(z / z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("z was divided by the largest value of the batch; subtract it")
def softmax_z_divided_by_the_largest_of_the_batch(z):
    e = np.exp(z / z.max())
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("z was divided by a number against the overflow, which changes the probabilities; subtract one instead")
def softmax_z_divided_by_1000(z):
    e = np.exp(z / 1000)
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("z was divided by 2 (a temperature): softmax takes z itself")
def softmax_temperature(z):
    e = np.exp((z - z.max(axis=1, keepdims=True)) / 2)
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("z was standardised; subtract one number from each row and divide by none")
def softmax_standardised(z):
    e = np.exp((z - z.mean(axis=1, keepdims=True)) / (z.std(axis=1, keepdims=True) + 1e-12))
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("the logits were squashed first: softmax takes z itself")
def softmax_of_sigmoid(z):
    e = np.exp(1 / (1 + np.exp(-z)))
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("2 ** z instead of e ** z")
def softmax_base_2(z):
    e = 2.0 ** (z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("10 ** z instead of e ** z")
def softmax_base_10(z):
    e = 10.0 ** (z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("2.718 is not e: use np.exp")
def softmax_2718(z):
    e = 2.718 ** (z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("2.72 is not e: use np.exp")
def softmax_272(z):
    e = 2.72 ** (z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("2.71 is not e: use np.exp")
def softmax_271(z):
    e = 2.71 ** (z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("only the largest logit got all: that is argmax, not softmax")
def softmax_largest_gets_all(z):
    return (z == z.max(axis=1, keepdims=True)) * 1.0


@bank.wrong("this is argmax: a probability for each class is asked for")
def softmax_argmax(z):
    return z.argmax(axis=1)


@bank.wrong("only the largest probability of each row came back")
def softmax_largest_probability(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True)).max(axis=1)


@bank.wrong("softmax was applied twice")
def softmax_twice(z):
    for _ in range(2):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        z = e / e.sum(axis=1, keepdims=True)
    return z


@bank.wrong("the probabilities were squared")
def softmax_squared(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True)) ** 2


@bank.wrong("rows have length 1, but they must SUM to 1")
def softmax_unit_length(z):
    return z / np.linalg.norm(z, axis=1, keepdims=True)


@bank.wrong("exp(z) has rows of length 1, but they must SUM to 1")
def softmax_exp_of_unit_length(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / np.linalg.norm(e, axis=1, keepdims=True)


@bank.wrong("every class got the same probability: z was not used")
def softmax_uniform(z):
    return np.full(z.shape, 1 / z.shape[1])


@bank.wrong("the probabilities were sorted: each class keeps its place")
def softmax_sorted(z):
    e = np.sort(np.exp(z - z.max(axis=1, keepdims=True)))
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("the rows came back in reversed order: each image keeps its place")
def softmax_reversed(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))[::-1]
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("every row was divided by the sum of another one: every row must sum to 1")
def softmax_sums_reversed(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)[::-1]


@bank.wrong("every row got the probabilities of the first")
def softmax_first_row_for_all(z):
    e = np.exp(z[0] - z[0].max())
    return np.tile(e / e.sum(), (len(z), 1))


@bank.wrong("every row got the probabilities of the last")
def softmax_last_row_for_all(z):
    p = np.zeros(z.shape)
    for row in z:
        e = np.exp(row - row.max())
        p[:] = e / e.sum()
    return p


@bank.wrong("only the first row came back: the batch has several")
def softmax_first_row(z):
    e = np.exp(z[0] - z[0].max())
    return e / e.sum()


@bank.wrong("only the last row came back: the batch has several")
def softmax_last_row(z):
    e = np.exp(z[-1] - z[-1].max())
    return e / e.sum()


@bank.wrong("the last row was left out: let the loop run over all of them")
def softmax_last_row_forgotten(z):
    p = np.zeros(z.shape)
    for i in range(len(z) - 1):
        e = np.exp(z[i] - z[i].max())
        p[i] = e / e.sum()
    return p


@bank.wrong("a row has the shape (1, classes) of its own: stack the rows to one array of two axes")
def softmax_nested_rows(z):
    return np.array([[np.exp(row - row.max()) / np.exp(row - row.max()).sum()] for row in z])


@bank.wrong("the answer to the visible check came back, whatever z is")
def softmax_fixed_answer(z):
    return np.array([[0.09003057, 0.24472847, 0.66524096], [1 / 3, 1 / 3, 1 / 3]])


@bank.wrong("the probabilities are right, but the shape was lost: return them in the shape of z")
def softmax_flat(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True)).ravel()


@bank.wrong("rows and columns changed places: return the probabilities in the shape of z")
def softmax_transposed(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True)).T


@bank.wrong("the probabilities were rounded: return them with all their digits")
def softmax_rounded_to_3_digits(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.round(e / e.sum(axis=1, keepdims=True), 3)


@bank.wrong("the probabilities were rounded: return them with all their digits")
def softmax_rounded_to_2_digits(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.round(e / e.sum(axis=1, keepdims=True), 2)


@bank.wrong("the division cut every probability to a whole number: divide with /, not with //")
def softmax_whole_number_division(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e // e.sum(axis=1, keepdims=True)


@bank.wrong("integer logits: the result was stored in an integer array, which cuts every probability to 0")
def softmax_array_like_z(z):
    p = np.zeros_like(z)
    for i, row in enumerate(z):
        e = np.exp(row - row.max())
        p[i] = e / e.sum()
    return p


@bank.wrong("a small number was added to the sum: after the shift the sum is at least 1, so do not add an epsilon")
def softmax_epsilon_below(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / (e.sum(axis=1, keepdims=True) + 1e-8)


@bank.wrong("a small number was added to the sum, which mends 0/0, but not inf/inf: "
            "shift each row, and do not add an epsilon")
def softmax_epsilon_instead_of_a_shift(z):
    e = np.exp(z)
    return e / (e.sum(axis=1, keepdims=True) + 1e-7)


@bank.wrong("a small number was added to exp: after the shift no sum is 0, so do not add an epsilon")
def softmax_epsilon_added_to_exp(z):
    e = np.exp(z - z.max(axis=1, keepdims=True)) + 1e-6
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("a small number was added to every probability: they may be 0, so do not add an epsilon")
def softmax_epsilon_added(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True) + 1e-7


@bank.wrong("small probabilities were raised to a bound: they may be 0, so do not clip (that belongs to the loss)")
def softmax_clipped(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return np.clip(e / e.sum(axis=1, keepdims=True), 1e-7, 1)


@bank.wrong("z was changed in place: make a new array, and leave z as it was")
def softmax_in_place(z):
    z -= z.max(axis=1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("z was changed in place: make a new array, and leave z as it was")
def softmax_in_place_written_into_z(z):
    for i in range(len(z)):
        e = np.exp(z[i] - z[i].max())
        z[i] = e / e.sum()
    return z


@bank.wrong("z was changed in place, and not even shifted: make a new array, and leave z as it was")
def softmax_in_place_no_shift(z):
    np.exp(z, out=z)
    z /= z.sum(axis=1, keepdims=True)
    return z


@bank.wrong("out= writes into the array of integers, which holds no fractions: let np.exp make an array of its own")
def softmax_in_place_of_integers(z):
    z = z - z.max(axis=1, keepdims=True)
    np.exp(z, out=z)
    z /= z.sum(axis=1, keepdims=True)
    return z


@bank.wrong("math.exp and float take one number, and z is an array: np.exp takes arrays")
def softmax_math_exp(z):
    import math
    return math.exp(z) / math.exp(z).sum()


@bank.wrong("Python's max compares whole rows, which have no single truth value: NumPy's max takes an axis")
def softmax_python_max(z):
    e = np.exp(z - max(z))
    return e / e.sum(axis=1, keepdims=True)


@bank.wrong("the axes of a batch are 0 and 1, there is no axis 2: every row is summed along the axis 1")
def softmax_axis_2(z):
    return np.exp(z) / np.exp(z).sum(axis=2, keepdims=True)


@bank.wrong("the argument is called keepdims; keepdim is PyTorch's")
def softmax_keepdim(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdim=True)


@bank.wrong("a list came back: return an array")
def softmax_list(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True)).tolist()


@bank.wrong("a list of rows came back: return one array")
def softmax_list_of_rows(z):
    p = []
    for row in z:
        e = np.exp(row - row.max())
        p.append(e / e.sum())
    return p


@bank.wrong("the function shows its answer, or computes it, and gives nothing back: end it with `return`")
def softmax_without_return(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    print(e / e.sum(axis=1, keepdims=True))


@bank.right
def softmax_new_axis(z):
    e = np.exp(z - z.max(axis=1)[:, None])
    return e / e.sum(axis=1)[:, None]


@bank.right
def softmax_transposed_twice(z):
    e = np.exp(z.T - z.max(axis=1))
    return (e / e.sum(axis=0)).T


@bank.right
def softmax_loop(z):
    p = np.zeros(z.shape)
    for i in range(len(z)):
        e = np.exp(z[i] - np.max(z[i]))
        p[i] = e / np.sum(e)
    return p


@bank.right
def softmax_from_logarithm(z):
    top = z.max(axis=1, keepdims=True)
    return np.exp(z - (top + np.log(np.exp(z - top).sum(axis=1, keepdims=True))))


@bank.right
def softmax_logaddexp(z):
    return np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))


@bank.right
def softmax_of_floats(z):
    z = z.astype(float)
    z -= z.max(axis=1, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=1, keepdims=True)


@bank.right
def softmax_shift_above_the_maximum(z):
    e = np.exp(z - z.max(axis=1, keepdims=True) - 1)
    return e / e.sum(axis=1, keepdims=True)
