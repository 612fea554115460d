"""Wrong and right versions of the first exercise's functions, as students write them; see `autograder.bank`."""

import numpy as np

from autograder.bank import Bank


def add(a, b):
    """The sum of two arrays, element by element."""
    return a + b


def classify(outputs):
    """The place of the largest number in each row."""
    return np.argmax(outputs, axis=1)


bank = Bank(add, classify)


# add


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


# classify


@bank.probe
def three_images(classify):
    return classify(np.array([[0.1, 0.7, 0.2, 0.0], [0.9, 0.3, 0.2, 0.6], [0.0, 0.2, 0.4, 0.8]]))


@bank.probe
def as_many_images_as_classes(classify):
    return classify(np.array([[0.2, 0.9, 0.1], [0.3, 0.4, 0.8], [0.6, 0.7, 0.5]]))


@bank.probe
def one_image(classify):
    return classify(np.array([[0.1, 0.4, 0.3, 0.9, 0.2]]))


@bank.probe
def below_zero(classify):
    return classify(np.array([[-3.0, -1.5, -2.0], [-0.5, -4.0, -6.0]]))


@bank.probe
def several_largest(classify):
    return classify(np.array([[0.5, 0.9, 0.9, 0.1], [1.0, 0.0, 1.0, 1.0]]))


@bank.wrong("the largest numbers themselves came back: `max` gives the number, `argmax` its place")
def classify_largest_number(outputs):
    return outputs.max(axis=1)


@bank.wrong("one number came back for all images: without `axis`, `argmax` counts through the whole array as one "
            "long row. Look along each row, axis=1")
def classify_without_axis(outputs):
    return np.argmax(outputs)


@bank.wrong("the columns were searched: an image is a row, so axis=1")
def classify_of_columns(outputs):
    return np.argmax(outputs, axis=0)


@bank.wrong("this is the place of the smallest number: `argmax` finds the largest")
def classify_smallest(outputs):
    return np.argmin(outputs, axis=1)


@bank.wrong("every place is counted from 1: the first place of a row is 0, and it stands for the digit 0")
def classify_from_one(outputs):
    return np.argmax(outputs, axis=1) + 1


@bank.wrong("only the first image was answered: every row has an answer")
def classify_first_image(outputs):
    return np.argmax(outputs[0])


@bank.wrong("a loop with `return` inside ends in its first round: collect the answers of all rows, or leave the loop "
            "to `axis=1`")
def classify_loop_returns(outputs):
    for row in outputs:
        return np.array([np.argmax(row)])


@bank.wrong("where several numbers are largest, the last place came back; the first one counts, as with `argmax`")
def classify_last_of_several(outputs):
    return outputs.shape[1] - 1 - np.argmax(outputs[:, ::-1], axis=1)


@bank.wrong("the whole order of each row came back: `argsort` sorts, and only the place of the largest is asked for")
def classify_order(outputs):
    return np.argsort(outputs, axis=1)


@bank.wrong("rows of 0 and 1 came back, with the 1 at the answer: return the place of the largest number itself")
def classify_one_hot(outputs):
    return np.eye(outputs.shape[1])[np.argmax(outputs, axis=1)]


@bank.wrong("each number was compared with one half: the answer is the place of the largest, above one half or not")
def classify_above_half(outputs):
    return outputs > 0.5


@bank.wrong("the place of the first number above one half came back: it need not be the largest")
def classify_first_above_half(outputs):
    return np.argmax(outputs > 0.5, axis=1)


@bank.wrong("negative numbers took part without their sign: leave `abs` out")
def classify_by_size(outputs):
    return np.argmax(np.abs(outputs), axis=1)


@bank.wrong("the answer to the visible check came back, whatever the outputs are")
def classify_of_the_check(outputs):
    return np.array([3, 0, 9])


@bank.wrong("the shape (n, 1) came back: one number for each image has the shape (n,), so leave `keepdims` out")
def classify_as_column(outputs):
    return np.argmax(outputs, axis=1, keepdims=True)


@bank.wrong("the places came back as fractions: an array made with `np.zeros` holds floats, unless you say dtype=int")
def classify_as_floats(outputs):
    places = np.zeros(len(outputs))
    for row, numbers in enumerate(outputs):
        places[row] = np.argmax(numbers)
    return places


@bank.wrong("a list came back: return an array, as `np.argmax(..., axis=1)` makes it")
def classify_as_list(outputs):
    return [int(np.argmax(row)) for row in outputs]


@bank.wrong("nothing came back: `print` shows a result, `return` hands it over")
def classify_printed(outputs):
    print(np.argmax(outputs, axis=1))


@bank.wrong("outputs was overwritten: look for the largest number without marking it")
def classify_overwriting(outputs):
    places = np.argmax(outputs, axis=1)
    outputs[np.arange(len(outputs)), places] = -1.0
    return places


@bank.right
def classify_method(outputs):
    return outputs.argmax(axis=-1)


@bank.right
def classify_loop(outputs):
    places = np.zeros(len(outputs), dtype=int)
    for row in range(len(outputs)):
        for column in range(outputs.shape[1]):
            if outputs[row, column] > outputs[row, places[row]]:
                places[row] = column
    return places


@bank.right
def classify_of_a_list(outputs):
    return np.array([np.argmax(row) for row in outputs])


@bank.right
def classify_transposed(outputs):
    return np.argmax(outputs.T, axis=0)
