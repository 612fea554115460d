"""Wrong and right versions of the first exercise's function, as students write them; see `autograder.bank`."""

import numpy as np

from autograder.bank import Bank


def add(a, b):
    """The sum of two arrays, element by element."""
    return a + b


bank = Bank(add)


@bank.probe
def rows(add):
    return add(np.array([1, 2, 3]), np.array([10, 20, 30]))


@bank.probe
def square(add):
    return add(np.array([[1.5, -2.0], [4.0, 0.25]]), np.array([[3.0, 7.0], [-6.5, 1.0]]))


@bank.probe
def single(add):
    return add(np.array([2.0]), np.array([-5.0]))


@bank.probe
def whole_and_fraction(add):
    return add(np.array([1, 2]), np.array([0.5, 0.25]))


@bank.wrong("the arrays were subtracted: `+` adds")
def add_minus(a, b):
    return a - b


@bank.wrong("the arrays were multiplied: `+` adds")
def add_times(a, b):
    return a * b


@bank.wrong("one number came back, the sum of everything: the elements keep their places, so leave `sum` out")
def add_everything(a, b):
    return np.sum(a) + np.sum(b)


@bank.wrong("this is the dot product (`@`): `+` adds element by element")
def add_dot(a, b):
    return np.sum(a * b)


@bank.wrong("the arrays were put one behind the other: with arrays `+` adds, with lists it joins")
def add_joined(a, b):
    return np.concatenate([a, b])


@bank.wrong("`list(a) + list(b)` joins two lists into a longer one: add the arrays themselves")
def add_lists(a, b):
    return list(a) + list(b)


@bank.wrong("a was overwritten: `a += b` changes the caller's array, `a + b` makes a new one")
def add_in_place(a, b):
    a += b
    return a


@bank.wrong("this is a itself: b has to be added to it")
def add_only_a(a, b):
    return a.copy()


@bank.wrong("this is b itself: a has to be added to it")
def add_only_b(a, b):
    return b.copy()


@bank.wrong("this is the mean of a and b: leave out the division by 2")
def add_mean(a, b):
    return (a + b) / 2


@bank.wrong("only the first elements were added: is `return` inside the loop, or an index `[0]` left over?")
def add_first(a, b):
    return a[0] + b[0]


@bank.wrong("the answer to the visible check came back, whatever a and b are")
def add_answer(a, b):
    return np.array([11, 22, 33])


@bank.wrong("the fractions were lost: an array made like a (`empty_like`, `zeros_like`) has a's type, and whole "
            "numbers stay whole. `a + b` finds the right type")
def add_whole(a, b):
    total = np.zeros_like(a)
    total[...] = a + b
    return total


@bank.wrong("signs were dropped: negative numbers are added as they are")
def add_sizes(a, b):
    return np.abs(a) + np.abs(b)


@bank.wrong("every element of a was added to every element of b: only elements at the same place are added")
def add_outer(a, b):
    return np.add.outer(a, b)


@bank.wrong("nothing came back: `print` shows a result, `return` hands it over")
def add_printed(a, b):
    print(a + b)


@bank.wrong("a list came back: return the array itself, without `tolist` or brackets")
def add_as_list(a, b):
    return (a + b).tolist()


@bank.right
def add_function(a, b):
    return np.add(a, b)


@bank.right
def add_swapped(a, b):
    total = b + a
    return total


@bank.right
def add_loop(a, b):
    total = np.zeros(a.shape)
    for place in np.ndindex(a.shape):
        total[place] = a[place] + b[place]
    return total


@bank.right
def add_builtin(a, b):
    return sum([a, b])
