"""Wrong and right versions of the functions of preprocessing, as students write them; see `autograder.bank`."""

import numpy as np

from autograder.bank import Bank
from solutions.preprocessing import (
    check_split,
    flatten,
    one_hot,
    scale,
    standardise,
    stratified_split,
    train_val_split,
)

bank = Bank(scale, flatten, one_hot, train_val_split, stratified_split, standardise)

PIXELS = np.array([[[0, 51, 7], [128, 255, 102]], [[3, 90, 200], [254, 1, 60]]], np.uint8)
DARK = np.array([[4, 30, 12], [120, 9, 7]], np.uint8)


# scale

@bank.probe
def all_brightnesses(scale):
    return scale(PIXELS.copy())


@bank.probe
def dark_rows(scale):
    return scale(DARK.copy())


@bank.probe
def hardly_any_ink(scale):
    return scale(np.array([[0, 1, 1]], np.uint8))


@bank.probe
def all_alike(scale):
    return scale(np.array([7, 7], np.uint8))


@bank.probe
def type_of_the_scaled(scale):
    return np.asarray(scale(DARK.copy())).dtype.name


@bank.probe
def another_of_the_same_shape(scale):
    scale(DARK.copy())
    return scale(DARK[::-1] + 3)


@bank.wrong("`//` divides and drops the fraction, so everything below 255 becomes 0; a plain `/` keeps it")
def scale_whole_division(x):
    return (x // 255).astype(np.float32)


@bank.wrong("the result of the division was turned into `uint8`, which cuts all fractions to 0: leave it in float32")
def scale_back_to_uint8(x):
    return (x / 255).astype(np.uint8)


@bank.wrong("the values are right, but float64, since `uint8 / 255` gives that: convert to float32 before you divide")
def scale_float64(x):
    return x / 255


@bank.wrong("the values are float16, which has three digits only; float32 is asked for")
def scale_float16(x):
    return x.astype(np.float16) / 255


@bank.wrong("white must become exactly 1: the largest pixel is 255, so divide by 255, not by 256")
def scale_256(x):
    return x.astype(np.float32) / 256


@bank.wrong("the smallest and largest pixel of this batch decided: a dark image would become as bright as the others. "
            "Divide by 255, whatever is in the batch")
def scale_min_max(x):
    x = x.astype(np.float32)
    return (x - x.min()) / (x.max() - x.min())


@bank.wrong("you divide by the brightest pixel of this batch, so that the same image comes out differently in another "
            "batch; divide by 255")
def scale_by_the_maximum(x):
    return x.astype(np.float32) / x.max()


@bank.wrong("the type was changed and nothing else: the division by 255 is missing")
def scale_type_only(x):
    return x.astype(np.float32)


@bank.wrong("x came back as it was: convert it to float32 and divide by 255")
def scale_nothing(x):
    return x


@bank.wrong("the pixels were divided by 255 twice")
def scale_twice(x):
    return x.astype(np.float32) / 255 / 255


@bank.wrong("the pixels were multiplied by 255; from 0..255 to 0..1 it takes a division")
def scale_times(x):
    return x.astype(np.float32) * 255


@bank.wrong("`x /= 255` writes fractions into the given array of integers, which NumPy refuses; make a new array with "
            "`/`")
def scale_in_place(x):
    x /= 255
    return x


@bank.wrong("`x[...] = ` writes into the given array: its `uint8` cuts the fractions off, and the pixels are lost")
def scale_into_x(x):
    x[...] = x / 255
    return x


@bank.wrong("the pixels run from -1 to 1; from 0 to 1 is asked for, so only divide by 255")
def scale_to_plus_minus_1(x):
    return (x.astype(np.float32) - 127.5) / 127.5


@bank.wrong("`x - 128` starts again at 255 where x is below 128, since `uint8` knows no negative numbers; and nothing "
            "has to be subtracted here")
def scale_wrapped(x):
    return (x - 128).astype(np.float32) / 128


@bank.wrong("`int8` ends at 127, so that bright pixels became negative: convert to float32")
def scale_int8(x):
    return x.astype(np.int8).astype(np.float32) / 255


@bank.wrong("mean and deviation come in section 6; scale only divides by 255")
def scale_standardised(x):
    x = x.astype(np.float32)
    return (x - x.mean()) / (x.std() + 1e-7)


@bank.wrong("ink and paper changed places: 0 must stay 0 and 255 become 1, without `1 -`")
def scale_inverted(x):
    return 1 - x.astype(np.float32) / 255


@bank.wrong("everything above 1 was cut off (`np.clip`), so every grey became 1; divide by 255 instead")
def scale_clipped(x):
    return np.clip(x.astype(np.float32), 0, 1)


@bank.wrong("the pixels were compared with a threshold, which leaves black and white only; divide by 255 to keep the "
            "greys")
def scale_binary(x):
    return (x > 127).astype(np.float32)


@bank.wrong("the result was rounded; keep all digits")
def scale_rounded(x):
    return np.round(x.astype(np.float32) / 255, 2)


@bank.wrong("an image whose pixels are at most 1 was left unscaled: a very dark image is an image, too. Divide always")
def scale_if_needed(x):
    return x.astype(np.float32) / (255 if x.max() > 1 else 1)


@bank.wrong("the shape was lost: scale leaves it as it is, flattening comes next")
def scale_flattened(x):
    return (x.astype(np.float32) / 255).reshape(len(x), -1)


@bank.wrong("only the first image came back: divide the whole array at once")
def scale_first_only(x):
    return x[0].astype(np.float32) / 255


@bank.wrong("nothing came back: `print` shows a result, `return` hands it over")
def scale_printed(x):
    print(x.astype(np.float32) / 255)


@bank.wrong("a list came back; return the array itself, without `list` or `tolist`")
def scale_list(x):
    return (x.astype(np.float32) / 255).tolist()


@bank.wrong("a detour over float16 cost all digits but three: convert to float32 at once")
def scale_through_float16(x):
    return (x.astype(np.float16) / 255).astype(np.float32)


@bank.wrong("`1 // 255` is 0, so every pixel became 0: a plain `/` keeps fractions")
def scale_times_0(x):
    return x.astype(np.float32) * (1 // 255)


@bank.right
def scale_factor(x):
    return x * np.float32(1 / 255)


@bank.right
def scale_convert_last(x):
    return (x / 255).astype(np.float32)


@bank.right
def scale_divide(x):
    return np.divide(x, 255, dtype=np.float32)


@bank.right
def scale_loop(x):
    out = np.empty(x.shape, np.float32)
    for place in np.ndindex(x.shape):
        out[place] = float(x[place]) / 255.0
    return out


# flatten

COLUMN_BY_COLUMN = ("each image was read column by column: line by line is asked for, and is what `reshape` does by "
                    'itself, without a transpose and without `order="F"`')


@bank.probe
def two_oblong_images(flatten):
    return flatten(np.arange(1, 13).reshape(2, 2, 3))


@bank.probe
def three_square_images(flatten):
    return flatten(np.arange(1, 28).reshape(3, 3, 3))


@bank.probe
def one_image(flatten):
    return flatten(np.arange(1, 7).reshape(1, 3, 2))


@bank.probe
def digits(flatten):
    return flatten(np.arange(2 * 784).reshape(2, 28, 28))


@bank.probe
def type_of_the_rows(flatten):
    return flatten(PIXELS.copy()).dtype.name


@bank.probe
def fractions_and_large_numbers(flatten):
    return flatten(np.array([[[0.25, -1.5], [300.0, 0.125]]]))


@bank.wrong("all images became one long row: keep one row an image, `len(x)` rows")
def flatten_all(x):
    return x.ravel()


@bank.wrong("the shape is right, but pixels of different images were mixed: a reshape reads the array line by line, "
            "so the images must be the first of the two axes, without a transpose behind it")
def flatten_mixed(x):
    return x.reshape(-1, len(x)).T


@bank.wrong("rows and columns changed places: images are the rows, pixels the columns")
def flatten_columns(x):
    return x.reshape(len(x), -1).T


@bank.wrong("the number of images stands second in your `reshape`: it must be the first axis")
def flatten_wrong_way(x):
    return x.reshape(-1, len(x))


@bank.wrong("the axes of the whole array were turned round (`.T`), so that pixels of different images are mixed")
def flatten_transposed(x):
    return x.T.reshape(len(x), -1)


@bank.wrong(COLUMN_BY_COLUMN)
def flatten_fortran(x):
    return x.reshape(len(x), -1, order="F")


@bank.wrong(COLUMN_BY_COLUMN)
def flatten_by_columns(x):
    return x.transpose(0, 2, 1).reshape(len(x), -1)


@bank.wrong("784 is right for digits only: images of other sizes must work, so let NumPy find the number (-1)")
def flatten_784(x):
    return x.reshape(len(x), 784)


@bank.wrong("the sizes of MNIST's digits are written into the function: take them from x")
def flatten_28(x):
    return np.array([[image[i // 28, i % 28] for i in range(784)] for image in x])


@bank.wrong("height times height is right for square images only: take height times width")
def flatten_square(x):
    return x.reshape(x.shape[0], x.shape[1] * x.shape[1])


@bank.wrong("the lines of all images were put one below the other: each image makes one single row")
def flatten_stacked(x):
    return np.concatenate(x)


@bank.wrong("the images were put side by side: each image makes one single row")
def flatten_side_by_side(x):
    return np.hstack(x)


@bank.wrong("only the first image came back: all of them are asked for, one a row")
def flatten_first_only(x):
    return x[0].reshape(1, -1)


@bank.wrong("only the first line of each image came back: the others follow it in the same row")
def flatten_first_line(x):
    return x[:, 0]


@bank.wrong("the lines of each image were added up or averaged: keep every pixel")
def flatten_sum(x):
    return x.sum(axis=1)


@bank.wrong("there is an axis too many: two are asked for, images and pixels")
def flatten_three_axes(x):
    return x.reshape(len(x), -1, 1)


@bank.wrong("a single image lost its first axis (`squeeze`): one image makes one row, of the shape (1, pixels)")
def flatten_squeezed(x):
    return x.reshape(len(x), -1).squeeze()


@bank.wrong("the pixels were divided by 255; flatten changes the shape and nothing else")
def flatten_scaled(x):
    return x.reshape(len(x), -1) / 255


@bank.wrong("the values are right, but their type has changed: flatten leaves it as it is")
def flatten_floats(x):
    return x.reshape(len(x), -1).astype(np.float64)


@bank.wrong("the pixels came out backwards")
def flatten_backwards(x):
    return x.reshape(len(x), -1)[:, ::-1]


@bank.wrong("the images came out in the opposite order")
def flatten_last_first(x):
    return x.reshape(len(x), -1)[::-1]


@bank.wrong("`reshape` does not change x, it returns a new array: x came back with its old shape")
def flatten_forgotten(x):
    x.reshape(len(x), -1)
    return x


@bank.wrong("nothing came back: `print` shows a result, `return` hands it over")
def flatten_printed(x):
    print(x.reshape(len(x), -1))


@bank.wrong("a list came back: one array is asked for, of the shape (images, pixels)")
def flatten_list(x):
    return [image.ravel() for image in x]


@bank.wrong("the type changed: flatten moves no number and converts none")
def flatten_float32(x):
    return x.reshape(len(x), -1).astype(np.float32)


@bank.wrong("the given array got the new shape, in place (`x.shape = ...`): take x.reshape, which leaves it alone")
def flatten_in_place(x):
    x.shape = (len(x), -1)
    return x


@bank.wrong("the pixels came out as uint8, whatever they were: flatten leaves the type as it is")
def flatten_uint8(x):
    return x.reshape(len(x), -1).astype(np.uint8)


@bank.wrong("the lines of each image came out from the bottom up: line by line, from the top, is asked for")
def flatten_lines_from_below(x):
    return x[:, ::-1].reshape(len(x), -1)


@bank.right
def flatten_sizes(x):
    n, height, width = x.shape
    return x.reshape(n, height * width)


@bank.right
def flatten_stack(x):
    return np.stack([image.ravel() for image in x])


@bank.right
def flatten_function(x):
    return np.reshape(x, (x.shape[0], np.prod(x.shape[1:])))


@bank.right
def flatten_lines(x):
    return np.concatenate([x[:, line] for line in range(x.shape[1])], axis=1)


# one_hot

@bank.probe
def every_class_once(one_hot):
    return one_hot(np.array([0, 1, 2]), 3)


@bank.probe
def one_label(one_hot):
    return one_hot(np.array([1]), 3)


@bank.probe
def largest_class_absent(one_hot):
    return one_hot(np.array([2, 0, 2, 1]), 5)


@bank.probe
def more_labels_than_classes(one_hot):
    return one_hot(np.array([1, 0, 1, 1, 0]), 2)


@bank.probe
def ten_classes(one_hot):
    return one_hot(np.array([7, 3]), 10)


@bank.probe
def impossible_labels(one_hot):
    answers = []
    for label in (-1, 3):
        try:
            one_hot(np.array([label]), 3)
            answers.append(1)
        except Exception as error:
            answers.append(-1 if type(error) is ValueError else 2)
    return answers


@bank.wrong("`a[:, y] = 1` fills whole columns: give a row number to each label, `a[np.arange(len(y)), y]`")
def one_hot_columns_filled(y, k):
    a = np.zeros((len(y), k))
    a[:, y] = 1
    return a


@bank.wrong("`a[y] = 1` fills whole rows, and takes the label for a row number; the label is the column")
def one_hot_rows_filled(y, k):
    a = np.zeros((len(y), k))
    a[y] = 1
    return a


@bank.wrong("row and column changed places: the row is the sample, the column the label")
def one_hot_index_swapped(y, k):
    a = np.zeros((len(y), k))
    a[y, np.arange(len(y))] = 1
    return a


@bank.wrong("the number of columns was guessed from the largest label: the largest class may be absent, so use k")
def one_hot_k_from_labels(y, k):
    return np.eye(np.max(y) + 1)[y]


@bank.wrong("the classes were taken from the labels at hand (`np.unique`): an absent class would lose its column. Use "
            "k")
def one_hot_unique(y, k):
    classes = np.unique(y)
    return (y[:, None] == classes).astype(float)


@bank.wrong("10 columns are right for digits only: use k")
def one_hot_ten(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    return np.eye(10)[y]


@bank.wrong("the 1 stands one column too far left, and that of label 0 in the last: columns are counted from 0, like "
            "labels")
def one_hot_shifted(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    return np.eye(k)[y - 1]


@bank.wrong("there is a column too many: the k classes are 0 to k - 1")
def one_hot_extra_column(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    return np.eye(k + 1)[y]


@bank.wrong("the values are right, but integers: the loss calculates with floats, so ask for them (`dtype`)")
def one_hot_int(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    return np.eye(k, dtype=int)[y]


@bank.wrong("a comparison gives True and False: turn them into floats")
def one_hot_bool(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    return y[:, None] == np.arange(k)


@bank.wrong("0 and 1 changed places: the 1 belongs to the label's column, 0 to all others")
def one_hot_inverted(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    return 1 - np.eye(k)[y]


@bank.wrong("rows and columns changed places: one row a label, one column a class")
def one_hot_transposed(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    return np.eye(k)[:, y]


@bank.wrong("the identity matrix itself came back: take from it the row of each label")
def one_hot_identity(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    return np.eye(k)


@bank.wrong("the label itself stands in its column: a 1 belongs there, whatever the label is")
def one_hot_label_as_value(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    a = np.zeros((len(y), k))
    a[np.arange(len(y)), y] = y
    return a


@bank.wrong("all columns up to the label hold a 1; only the label's own column does")
def one_hot_cumulative(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    return (np.arange(k) <= y[:, None]).astype(float)


@bank.wrong("only the first label got its row: is `return` inside the loop?")
def one_hot_first_only(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    a = np.zeros((len(y), k))
    for i, label in enumerate(y):
        a[i, label] = 1
        return a
    return a


@bank.wrong("the rows were divided or smoothed: the label's column holds exactly 1, the others 0")
def one_hot_smoothed(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    return 0.9 * np.eye(k)[y] + 0.1 / k


@bank.wrong("the row of 1s and 0s is missing: a label came back as a single number")
def one_hot_labels(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    return y.astype(float)


@bank.wrong("labels that do not exist are accepted, and -1 silently counts as the last class: keep the lines that "
            "raise the ValueError")
def one_hot_accepts_all(y, k):
    return np.eye(k)[y]


@bank.wrong("nothing came back: `print` shows a result, `return` hands it over")
def one_hot_printed(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    print(np.eye(k)[y])


@bank.wrong("a list of lists came back: return an array")
def one_hot_list(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    return [[float(i == label) for i in range(k)] for label in y]


@bank.wrong("the check is an `assert`, which raises AssertionError: a ValueError is due, as in the lines that were "
            "given")
def one_hot_asserts(y, k):
    assert len(y) == 0 or (y.min() >= 0 and y.max() < k)
    return np.eye(k, dtype=np.float32)[y]


@bank.wrong("the labels were renumbered (np.unique): column i belongs to class i, also if a class is absent")
def one_hot_renumbered(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    return np.eye(k, dtype=np.float32)[np.unique(y, return_inverse=True)[1]]


@bank.wrong("only one row came back, that of the last label: the loop makes it anew each time instead of filling a "
            "table")
def one_hot_last_row(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    row = np.zeros(k, dtype=np.float32)
    row[y[-1:]] = 1
    return row


@bank.wrong("np.eye(n, k) does not look at the labels: pick rows of np.eye(k) with y")
def one_hot_eye_of_n(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    return np.eye(len(y), k, dtype=np.float32)


@bank.wrong("the columns are in the opposite order: the 1 of the label 0 stands in the first column")
def one_hot_columns_reversed(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    return np.eye(k)[::-1][y]


@bank.wrong("the labels were sorted first: row i belongs to label i of y, as it comes")
def one_hot_sorted(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    return np.eye(k)[np.sort(y)]


@bank.right
def one_hot_zeros(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    a = np.zeros((len(y), k))
    a[np.arange(len(y)), y] = 1
    return a


@bank.right
def one_hot_compared(y, k):
    if len(y) and not 0 <= np.min(y) <= np.max(y) < k:
        raise ValueError("labels must be 0 to k - 1")
    return (y[:, None] == np.arange(k)).astype(np.float64)


@bank.right
def one_hot_loop(y, k):
    a = np.zeros((len(y), k), dtype=np.float32)
    for i in range(len(y)):
        if not 0 <= y[i] < k:
            raise ValueError(f"no class {y[i]}")
        a[i][y[i]] = 1.0
    return a


@bank.right
def one_hot_identity_rows(y, k):
    if any(label < 0 or label >= k for label in y):
        raise ValueError("no such class")
    return np.identity(k).take(y, axis=0)


PARTS_SWAPPED = ("the two parts changed places: val_fraction is the share to validate on, and x_train, x_val, y_train, "
                 "y_val is the order in which they come back")


# The two splits give different rows with every way to draw, so their probes tell facts: 1 for yes and -1 for no.

def numbered(n):
    """n samples of two numbers; those of sample i are 2i and 2i + 1."""
    return np.arange(2 * n).reshape(n, 2)


def told(*facts):
    return [1 if fact else -1 for fact in facts]


def split_of(split, y, val_fraction, seed):
    return split(numbered(len(y)), y, val_fraction, np.random.default_rng(seed))


def shapes(parts):
    """Axes and length of every part; -1 for what is no array."""
    return [(np.ndim(p), len(p) + 1) if isinstance(p, np.ndarray) else (-1, -1) for p in parts]


def numbers(images):
    return np.asarray(images)[:, 0] // 2


def facts_of_pairs(split, y):
    x_train, x_val, y_train, y_val = split_of(split, y, 0.2, 0)
    train, val = set(numbers(x_train)), set(numbers(x_val))
    return told(np.array_equal(y[numbers(x_train)], y_train), np.array_equal(y[numbers(x_val)], y_val),
                (np.diff(x_train) == 1).all(), len(train) == len(x_train), len(val) == len(x_val),
                not train & val, train <= val or val <= train, len(train | val) == len(y))


def facts_of_order(split):
    y = np.repeat(np.arange(10), 20)
    x_train, x_val, y_train, y_val = split_of(split, y, 0.2, 0)
    return [fact for images, labels in ((x_train, y_train), (x_val, y_val))
            for fact in told(0.1 < (np.diff(numbers(images)) < 0).mean() < 0.9, (np.diff(labels) != 0).mean() > 0.4,
                             len(set(labels)) > 5)]


def facts_of_rng(split):
    y = np.arange(60) % 5
    first, again, other = (numbers(split_of(split, y, 0.4, seed)[1]) for seed in (1, 1, 2))
    rng = np.random.default_rng(3)
    one, two = (numbers(split(numbered(60), y, 0.4, rng)[1]) for _ in range(2))
    return told(np.array_equal(first, again), set(first) != set(other), np.array_equal(first, other),
                np.array_equal(one, two))


def facts_of_refusal(split, cases):
    facts = []
    for x, y, val_fraction in cases:
        try:
            split(x, y, val_fraction, np.random.default_rng(0))
            facts.append(1)
        except Exception as error:
            facts.append(-1 if type(error) is ValueError else 2)
    return facts


NEITHER_FITS = [(numbered(19), np.arange(20) % 2, 0.2), (numbered(20), np.arange(20) % 2, 0.01)]


# train_val_split

@bank.probe
def number_of_parts(train_val_split):
    return len(split_of(train_val_split, np.arange(10), 0.3, 0))


@bank.probe
def shapes_of_100(train_val_split):
    return shapes(split_of(train_val_split, np.arange(100) % 10, 0.2, 0))


@bank.probe
def shapes_of_9(train_val_split):
    return shapes(split_of(train_val_split, np.arange(9), 0.3, 0))


@bank.probe
def shapes_of_half(train_val_split):
    return shapes(split_of(train_val_split, np.arange(40), 0.6, 0))


@bank.probe
def pairs(train_val_split):
    return facts_of_pairs(train_val_split, np.arange(100) % 10)


@bank.probe
def order(train_val_split):
    return facts_of_order(train_val_split)


@bank.probe
def generator(train_val_split):
    return facts_of_rng(train_val_split)


@bank.probe
def refusal(train_val_split):
    return facts_of_refusal(train_val_split, NEITHER_FITS)


@bank.probe
def eleven_samples(train_val_split):
    parts = train_val_split(np.arange(22).reshape(11, 2), np.arange(11), 0.3, np.random.default_rng(2))
    return [len(part) for part in parts]


@bank.probe
def what_is_left_of_the_given(train_val_split):
    x, y = np.arange(20).reshape(10, 2), np.arange(10)
    parts = train_val_split(x, y, 0.3, np.random.default_rng(4))
    return [np.array_equal(parts[0][:, 0] // 2, parts[2]), x.tolist() == np.arange(20).reshape(10, 2).tolist()]


@bank.probe
def parts_of_images(train_val_split):
    parts = train_val_split(np.arange(60).reshape(10, 2, 3), np.arange(10), 0.3, np.random.default_rng(6))
    return [list(np.shape(part)) for part in parts]


@bank.wrong("nothing was shuffled: sorted data leave whole classes out of one part. Take `x[train]` with the numbers "
            "from rng.permutation, not plain slices of x")
def train_val_split_not_shuffled(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    n_val = round(val_fraction * len(x))
    return x[n_val:], x[:n_val], y[n_val:], y[:n_val]


@bank.wrong("the data were cut first and shuffled afterwards, so the validation part is always the same piece: draw "
            "the order first")
def train_val_split_cut_first(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    n_val = round(val_fraction * len(x))
    val, train = rng.permutation(n_val), n_val + rng.permutation(len(x) - n_val)
    return x[train], x[val], y[train], y[val]


@bank.wrong("images and labels no longer belong together: x and y were shuffled separately, or cut at different "
            "places. Draw one order, cut it once, and use both pieces for x and for y")
def train_val_split_two_orders(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    x, y = x[rng.permutation(len(x))], y[rng.permutation(len(y))]
    n_val = round(val_fraction * len(x))
    return x[n_val:], x[:n_val], y[n_val:], y[:n_val]


@bank.wrong("only x was shuffled: the labels kept the old order and now belong to other images. Take `y[train]` and "
            "`y[val]`, too")
def train_val_split_labels_left(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = rng.permutation(len(x))
    n_val = round(val_fraction * len(x))
    val, train = order[:n_val], order[n_val:]
    return x[train], x[val], y[n_val:], y[:n_val]


@bank.wrong("`rng.shuffle` changes the given array, and each call draws another order: x and y no longer belong "
            "together. Draw numbers with rng.permutation instead")
def train_val_split_shuffle(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    rng.shuffle(x)
    rng.shuffle(y)
    n_val = round(val_fraction * len(x))
    return x[n_val:], x[:n_val], y[n_val:], y[:n_val]


@bank.wrong("the validation images are still in the training part: what is put aside must not be trained on")
def train_val_split_train_is_all(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = rng.permutation(len(x))
    val = order[: round(val_fraction * len(x))]
    return x[order], x[val], y[order], y[val]


@bank.wrong("both parts were drawn independently, so they share samples: cut one order in two")
def train_val_split_drawn_twice(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    n_val = round(val_fraction * len(x))
    val, train = rng.permutation(len(x))[:n_val], rng.permutation(len(x))[n_val:]
    return x[train], x[val], y[train], y[val]


@bank.wrong("`choice` and `integers` draw with replacement: some samples come twice, others never. rng.permutation "
            "takes each once")
def train_val_split_with_replacement(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = rng.integers(0, len(x), size=len(x))
    n_val = round(val_fraction * len(x))
    val, train = order[:n_val], order[n_val:]
    return x[train], x[val], y[train], y[val]


@bank.wrong(PARTS_SWAPPED)
def train_val_split_fraction_swapped(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = rng.permutation(len(x))
    n_train = round(val_fraction * len(x))
    train, val = order[:n_train], order[n_train:]
    return x[train], x[val], y[train], y[val]


@bank.wrong(PARTS_SWAPPED)
def train_val_split_val_first(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = rng.permutation(len(x))
    n_val = round(val_fraction * len(x))
    val, train = order[:n_val], order[n_val:]
    return x[val], x[train], y[val], y[train]


@bank.wrong("images and labels alternate in what you return: the order is x_train, x_val, y_train, y_val, images "
            "first")
def train_val_split_alternating(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = rng.permutation(len(x))
    n_val = round(val_fraction * len(x))
    val, train = order[:n_val], order[n_val:]
    return x[train], y[train], x[val], y[val]


@bank.wrong("two pairs came back: four arrays are asked for, without inner parentheses")
def train_val_split_pairs(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = rng.permutation(len(x))
    n_val = round(val_fraction * len(x))
    val, train = order[:n_val], order[n_val:]
    return (x[train], y[train]), (x[val], y[val])


@bank.wrong("only the training part came back: x_train, x_val, y_train, y_val are asked for")
def train_val_split_train_only(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = rng.permutation(len(x))
    n_val = round(val_fraction * len(x))
    return x[order[n_val:]], y[order[n_val:]]


@bank.wrong("the numbers of the rows came back instead of the rows: use them as an index, `x[train]`")
def train_val_split_row_numbers(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = rng.permutation(len(x))
    n_val = round(val_fraction * len(x))
    val, train = order[:n_val], order[n_val:]
    return train, val, train, val


@bank.wrong("the order is drawn by a generator of your own with a fixed seed: every call gives the same split. Draw "
            "with the argument rng")
def train_val_split_own_seed(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = np.random.default_rng(0).permutation(len(x))
    n_val = round(val_fraction * len(x))
    val, train = order[:n_val], order[n_val:]
    return x[train], x[val], y[train], y[val]


@bank.wrong("the order does not come from rng, so nobody can repeat the split: `rng.permutation`, not "
            "`np.random.permutation` or a new generator")
def train_val_split_global(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = np.random.permutation(len(x))
    n_val = round(val_fraction * len(x))
    val, train = order[:n_val], order[n_val:]
    return x[train], x[val], y[train], y[val]


@bank.wrong("the training part kept its old order: shuffle it as well")
def train_val_split_train_sorted(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    n_val = round(val_fraction * len(x))
    val = rng.permutation(len(x))[:n_val]
    train = np.setdiff1d(np.arange(len(x)), val)
    return x[train], x[val], y[train], y[val]


@bank.wrong("both parts were put back into the old order: leave them as rng has drawn them")
def train_val_split_both_sorted(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = rng.permutation(len(x))
    n_val = round(val_fraction * len(x))
    val, train = np.sort(order[:n_val]), np.sort(order[n_val:])
    return x[train], x[val], y[train], y[val]


@bank.wrong("each sample was drawn by itself, so the parts have about the right size: exactly round(val_fraction * n) "
            "are asked for")
def train_val_split_coins(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = rng.permutation(len(x))
    chosen = rng.random(len(x)) < val_fraction
    val, train = order[chosen], order[~chosen]
    return x[train], x[val], y[train], y[val]


@bank.wrong("`int` cuts off where the text rounds: 0.3 of 9 samples are 3, not 2")
def train_val_split_cut_down(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = rng.permutation(len(x))
    n_val = int(val_fraction * len(x))
    val, train = order[:n_val], order[n_val:]
    return x[train], x[val], y[train], y[val]


@bank.wrong("the share is always 0.2, whatever val_fraction says")
def train_val_split_fixed_share(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = rng.permutation(len(x))
    n_val = round(0.2 * len(x))
    val, train = order[:n_val], order[n_val:]
    return x[train], x[val], y[train], y[val]


@bank.wrong("one sample is in neither part. Either rng.permutation was given one number less: it runs from 0 to n - 1 "
            "already, so give it all of len(x); or the order was cut at two places: one slice ends and the other "
            "begins at the same place, and the last has no end")
def train_val_split_one_lost(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = rng.permutation(len(x) - 1)
    n_val = round(val_fraction * len(x))
    val, train = order[:n_val], order[n_val:]
    return x[train], x[val], y[train], y[val]


@bank.wrong("the numbers inside the samples were shuffled, too (`permuted`): shuffle whole samples, by their row "
            "numbers")
def train_val_split_pixels_mixed(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = rng.permutation(len(x))
    n_val = round(val_fraction * len(x))
    val, train = order[:n_val], order[n_val:]
    return rng.permuted(x[train], axis=1), rng.permuted(x[val], axis=1), y[train], y[val]


@bank.wrong("the validation labels were taken from the training part: y_val is `y[val]`")
def train_val_split_wrong_labels(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = rng.permutation(len(x))
    n_val = round(val_fraction * len(x))
    val, train = order[:n_val], order[n_val:]
    return x[train], x[val], y[train], y[train]


@bank.wrong("the line that refuses is gone: images and labels of different lengths must raise a ValueError "
            "(check_split)")
def train_val_split_refuses_nothing(x, y, val_fraction, rng):
    order = rng.permutation(len(x))
    n_val = round(val_fraction * len(x))
    val, train = order[:n_val], order[n_val:]
    return x[train], x[val], y[train], y[val]


@bank.wrong("nothing came back: end the function with `return` and the four arrays")
def train_val_split_no_return(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = rng.permutation(len(x))
    n_val = round(val_fraction * len(x))
    print(x[order[n_val:]], x[order[:n_val]])


@bank.wrong("the number was rounded up: `round` decides, 0.3 of 11 samples are 3")
def train_val_split_rounded_up(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order, n = rng.permutation(len(x)), int(np.ceil(val_fraction * len(x)))
    return x[order[n:]], x[order[:n]], y[order[n:]], y[order[:n]]


@bank.wrong("each sample was drawn by itself with the probability val_fraction, so the number is left to chance: cut "
            "ONE random order after round(val_fraction * n)")
def train_val_split_by_coin(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    val = rng.random(len(x)) < val_fraction
    return x[~val], x[val], y[~val], y[val]


@bank.wrong("the given x and y were put into the new order, in place (`x[:] = ...`): index them, x[order] is a new "
            "array")
def train_val_split_writes_back(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order, n = rng.permutation(len(x)), round(val_fraction * len(x))
    x[:], y[:] = x[order], y[order]
    return x[n:], x[:n], y[n:], y[:n]


@bank.wrong("one sample is in both parts: cut the order in two at one and the same place; a slice that ends at a place "
            "leaves it out, and one that begins there has it, so subtract no 1")
def train_val_split_one_twice(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order, n_val = rng.permutation(len(x)), round(val_fraction * len(x))
    val, train = order[:n_val], order[n_val - 1:]
    return x[train], x[val], y[train], y[val]


@bank.wrong("the images were flattened or changed their shape: a split picks samples and leaves each of them as it is")
def train_val_split_flattened(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order, n_val = rng.permutation(len(x)), round(val_fraction * len(x))
    x, val, train = x.reshape(len(x), -1), order[:n_val], order[n_val:]
    return x[train], x[val], y[train], y[val]


@bank.right
def train_val_split_val_last(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = rng.permutation(len(x))
    n_train = len(x) - round(val_fraction * len(x))
    x, y = x[order], y[order]
    return x[:n_train], x[n_train:], y[:n_train], y[n_train:]


@bank.right
def train_val_split_choice(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = rng.choice(len(x), size=len(x), replace=False)
    val, train = np.split(order, [round(val_fraction * len(x))])
    return [x[train], x[val], y[train], y[val]]


@bank.right
def train_val_split_loop(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    order = list(range(len(x)))
    rng.shuffle(order)
    n_val = int(np.rint(val_fraction * len(x)))
    val, train = order[:n_val], order[n_val:]
    return (np.array([x[i] for i in train]), np.array([x[i] for i in val]),
            np.array([y[i] for i in train]), np.array([y[i] for i in val]))


@bank.right
def train_val_split_argsort(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(y))
    order = np.argsort(rng.random(len(y)))
    n_val = round(len(y) * val_fraction)
    return x[order][n_val:], x[order][:n_val], y[order][n_val:], y[order][:n_val]


# stratified_split

UNEVEN = np.repeat([2, 5, 9], [60, 29, 11])


@bank.probe
def number_of_stratified_parts(stratified_split):
    return len(split_of(stratified_split, np.arange(20) % 2, 0.3, 0))


@bank.probe
def shapes_of_uneven(stratified_split):
    return shapes(split_of(stratified_split, UNEVEN, 0.2, 0))


@bank.probe
def shapes_of_fractions(stratified_split):
    return shapes(split_of(stratified_split, np.repeat([0, 1, 2], 9), 0.3, 0))


@bank.probe
def shapes_of_most(stratified_split):
    return shapes(split_of(stratified_split, np.arange(40) % 4, 0.6, 0))


@bank.probe
def mix(stratified_split):
    facts = []
    for y, share in ((UNEVEN, 0.2), (np.repeat([0, 1, 2], [9, 18, 27]), 0.3), (np.arange(200) % 8, 0.4)):
        y_val = split_of(stratified_split, y, share, 0)[3]
        facts += told(all((y_val == c).sum() == round(share * (y == c).sum()) for c in np.unique(y)),
                      len({(y_val == c).sum() for c in np.unique(y)}) == 1)
    return facts


@bank.probe
def stratified_pairs(stratified_split):
    return facts_of_pairs(stratified_split, np.repeat(np.arange(10), 10))


@bank.probe
def stratified_pairs_alternating(stratified_split):
    return facts_of_pairs(stratified_split, np.arange(100) % 10)


@bank.probe
def stratified_order(stratified_split):
    return facts_of_order(stratified_split)


@bank.probe
def stratified_generator(stratified_split):
    return facts_of_rng(stratified_split)


@bank.probe
def stratified_refusal(stratified_split):
    return facts_of_refusal(stratified_split, [*NEITHER_FITS, (numbered(20), np.repeat([0, 1], [19, 1]), 0.3)])


@bank.probe
def labels_beyond_9(stratified_split):
    y = np.repeat([2, 12], [10, 20])
    return [len(part) for part in stratified_split(np.arange(60).reshape(30, 2), y, 0.2, np.random.default_rng(3))]


@bank.wrong("this is the plain random split: the classes get their share by chance only. Cut each class by itself")
def stratified_split_plain(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    order = rng.permutation(len(x))
    n_val = round(val_fraction * len(x))
    val, train = order[:n_val], order[n_val:]
    return x[train], x[val], y[train], y[val]


@bank.wrong("the first samples of each class go into the validation part every time: shuffle each class with rng "
            "before you cut it")
def stratified_split_first_of_each(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    train, val = [], []
    for c in np.unique(y):
        rows = np.flatnonzero(y == c)
        cut = round(val_fraction * len(rows))
        val.extend(rows[:cut])
        train.extend(rows[cut:])
    train, val = rng.permutation(train), rng.permutation(val)
    return x[train], x[val], y[train], y[val]


@bank.wrong("the mix is right, but the classes stand one behind the other: shuffle both parts once more at the end")
def stratified_split_in_blocks(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    train, val = [], []
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        cut = round(val_fraction * len(rows))
        val.extend(rows[:cut])
        train.extend(rows[cut:])
    return x[train], x[val], y[train], y[val]


@bank.wrong("the training part is in order, class by class: shuffle it as you do with the validation part")
def stratified_split_train_in_blocks(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    train, val = [], []
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        cut = round(val_fraction * len(rows))
        val.extend(rows[:cut])
        train.extend(rows[cut:])
    val = rng.permutation(val)
    return x[train], x[val], y[train], y[val]


@bank.wrong("the validation part is in order, class by class: shuffle it as you do with the training part")
def stratified_split_val_in_blocks(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    train, val = [], []
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        cut = round(val_fraction * len(rows))
        val.extend(rows[:cut])
        train.extend(rows[cut:])
    train = rng.permutation(train)
    return x[train], x[val], y[train], y[val]


@bank.wrong("nothing is shuffled at all: neither who gets into the validation part nor the order in it follows rng")
def stratified_split_not_shuffled(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    train, val = [], []
    for c in np.unique(y):
        rows = np.flatnonzero(y == c)
        cut = round(val_fraction * len(rows))
        val.extend(rows[:cut])
        train.extend(rows[cut:])
    return x[train], x[val], y[train], y[val]


@bank.wrong("`int` cuts off where the text rounds: 0.3 of 9 samples are 3, not 2")
def stratified_split_cut_down(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    train, val = [], []
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        cut = int(val_fraction * len(rows))
        val.extend(rows[:cut])
        train.extend(rows[cut:])
    train, val = rng.permutation(train), rng.permutation(val)
    return x[train], x[val], y[train], y[val]


@bank.wrong("every class gives the same number: a share of each is asked for, more of a class that has more")
def stratified_split_equal_numbers(x, y, val_fraction, rng):
    classes, counts = np.unique(y, return_counts=True)
    check_split(x, y, val_fraction, counts.min())
    cut = round(val_fraction * len(y) / len(classes))
    train, val = [], []
    for c in classes:
        rows = rng.permutation(np.flatnonzero(y == c))
        val.extend(rows[:cut])
        train.extend(rows[cut:])
    train, val = rng.permutation(train), rng.permutation(val)
    return x[train], x[val], y[train], y[val]


@bank.wrong("the labels were taken to be 0, 1, 2 and so on: samples with other labels are lost. Loop over "
            "np.unique(y)")
def stratified_split_range(x, y, val_fraction, rng):
    classes, counts = np.unique(y, return_counts=True)
    check_split(x, y, val_fraction, counts.min())
    train, val = [], []
    for c in range(len(classes)):
        rows = rng.permutation(np.flatnonzero(y == c))
        cut = round(val_fraction * len(rows))
        val.extend(rows[:cut])
        train.extend(rows[cut:])
    train, val = rng.permutation(np.array(train, int)), rng.permutation(np.array(val, int))
    return x[train], x[val], y[train], y[val]


@bank.wrong("only the last class came out: inside the loop, add to the lists of rows instead of making them anew")
def stratified_split_last_class(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        cut = round(val_fraction * len(rows))
        val, train = rows[:cut], rows[cut:]
    return x[train], x[val], y[train], y[val]


@bank.wrong("only the first class came out: is `return` inside the loop?")
def stratified_split_first_class(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        cut = round(val_fraction * len(rows))
        return x[rows[cut:]], x[rows[:cut]], y[rows[cut:]], y[rows[:cut]]


@bank.wrong("the numbers drawn count within the class (`rng.permutation(len(rows))`), but are used as rows of x: "
            "shuffle the rows themselves, rng.permutation(rows)")
def stratified_split_numbers_within(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    train, val = [], []
    for c in np.unique(y):
        rows = np.flatnonzero(y == c)
        drawn = rng.permutation(len(rows))
        cut = round(val_fraction * len(rows))
        val.extend(drawn[:cut])
        train.extend(drawn[cut:])
    train, val = rng.permutation(train), rng.permutation(val)
    return x[train], x[val], y[train], y[val]


@bank.wrong("the samples of the validation part are still in the training part: what is put aside must not be trained "
            "on")
def stratified_split_train_is_all(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    val = []
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        val.extend(rows[: round(val_fraction * len(rows))])
    train, val = rng.permutation(len(y)), rng.permutation(val)
    return x[train], x[val], y[train], y[val]


@bank.wrong("within a class some samples were drawn twice and others never: `choice` needs replace=False, "
            "rng.permutation takes each once")
def stratified_split_with_replacement(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    train, val = [], []
    for c in np.unique(y):
        rows = np.flatnonzero(y == c)
        rows = rng.choice(rows, size=len(rows))
        cut = round(val_fraction * len(rows))
        val.extend(rows[:cut])
        train.extend(rows[cut:])
    train, val = rng.permutation(train), rng.permutation(val)
    return x[train], x[val], y[train], y[val]


@bank.wrong("the last shuffle gave images and labels different orders: shuffle the row numbers once, and use them for "
            "both")
def stratified_split_two_orders(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    train, val = [], []
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        cut = round(val_fraction * len(rows))
        val.extend(rows[:cut])
        train.extend(rows[cut:])
    return (x[rng.permutation(train)], x[rng.permutation(val)], y[rng.permutation(train)], y[rng.permutation(val)])


@bank.wrong(PARTS_SWAPPED)
def stratified_split_fraction_swapped(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    train, val = [], []
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        cut = round(val_fraction * len(rows))
        train.extend(rows[:cut])
        val.extend(rows[cut:])
    train, val = rng.permutation(train), rng.permutation(val)
    return x[train], x[val], y[train], y[val]


@bank.wrong(PARTS_SWAPPED)
def stratified_split_val_first(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    train, val = [], []
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        cut = round(val_fraction * len(rows))
        val.extend(rows[:cut])
        train.extend(rows[cut:])
    train, val = rng.permutation(train), rng.permutation(val)
    return x[val], x[train], y[val], y[train]


@bank.wrong("images and labels alternate in what you return: the order is x_train, x_val, y_train, y_val, images "
            "first")
def stratified_split_alternating(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    train, val = [], []
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        cut = round(val_fraction * len(rows))
        val.extend(rows[:cut])
        train.extend(rows[cut:])
    train, val = rng.permutation(train), rng.permutation(val)
    return x[train], y[train], x[val], y[val]


@bank.wrong("lists of single samples came back: collect row numbers, and take `x[rows]` once at the end")
def stratified_split_lists(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    train, val = [], []
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        cut = round(val_fraction * len(rows))
        val.extend(rows[:cut])
        train.extend(rows[cut:])
    train, val = rng.permutation(train), rng.permutation(val)
    return [x[i] for i in train], [x[i] for i in val], [y[i] for i in train], [y[i] for i in val]


@bank.wrong("a generator of your own with a fixed seed draws: every call gives the same split. Draw with the argument "
            "rng")
def stratified_split_own_seed(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    rng = np.random.default_rng(0)
    train, val = [], []
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        cut = round(val_fraction * len(rows))
        val.extend(rows[:cut])
        train.extend(rows[cut:])
    train, val = rng.permutation(train), rng.permutation(val)
    return x[train], x[val], y[train], y[val]


@bank.wrong("the draw does not follow rng, so nobody can repeat the split: `rng.permutation`, not "
            "`np.random.permutation` or a new generator")
def stratified_split_global(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    train, val = [], []
    for c in np.unique(y):
        rows = np.random.permutation(np.flatnonzero(y == c))
        cut = round(val_fraction * len(rows))
        val.extend(rows[:cut])
        train.extend(rows[cut:])
    train, val = np.random.permutation(train), np.random.permutation(val)
    return x[train], x[val], y[train], y[val]


@bank.wrong("a class too small for both parts must raise a ValueError: give check_split the size of the smallest "
            "class, not len(x)")
def stratified_split_any_class(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, len(x))
    train, val = [], []
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        cut = round(val_fraction * len(rows))
        val.extend(rows[:cut])
        train.extend(rows[cut:])
    train, val = rng.permutation(train), rng.permutation(val)
    return x[train], x[val], y[train], y[val]


@bank.wrong("nothing is refused: call check_split first, with the size of the smallest class as n")
def stratified_split_refuses_nothing(x, y, val_fraction, rng):
    train, val = [], []
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        cut = round(val_fraction * len(rows))
        val.extend(rows[:cut])
        train.extend(rows[cut:])
    train, val = rng.permutation(np.array(train, int)), rng.permutation(np.array(val, int))
    return x[train], x[val], y[train], y[val]


@bank.wrong("nothing came back: end the function with `return` and the four arrays, outside the loop")
def stratified_split_no_return(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    for c in np.unique(y):
        print(rng.permutation(np.flatnonzero(y == c)))


@bank.wrong("the classes were taken to be 0 to 9: loop over those that occur, np.unique(y)")
def stratified_split_range_10(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min(initial=len(y)))
    rows = [rng.permutation(np.flatnonzero(y == c)) for c in range(10)]
    val = rng.permutation(np.concatenate([r[:round(val_fraction * len(r))] for r in rows]))
    train = rng.permutation(np.concatenate([r[round(val_fraction * len(r)):] for r in rows]))
    return x[train], x[val], y[train], y[val]


@bank.wrong("the training part is in the old order: shuffle it as well")
def stratified_split_train_sorted(x, y, val_fraction, rng):
    classes, counts = np.unique(y, return_counts=True)
    check_split(x, y, val_fraction, counts.min(initial=len(y)))
    val = np.concatenate([rng.permutation(np.flatnonzero(y == c))[:round(val_fraction * n)]
                          for c, n in zip(classes, counts, strict=True)])
    val, train = rng.permutation(val), np.setdiff1d(np.arange(len(y)), val)
    return x[train], x[val], y[train], y[val]


@bank.right
def stratified_split_lists_of_rows(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.unique(y, return_counts=True)[1].min())
    train, val = [], []
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        cut = round(val_fraction * len(rows))
        val.extend(rows[:cut])
        train.extend(rows[cut:])
    rng.shuffle(train)
    rng.shuffle(val)
    return x[train], x[val], y[train], y[val]


@bank.right
def stratified_split_one_order(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, min((y == c).sum() for c in set(y.tolist())))
    order = rng.permutation(len(x))
    in_val = np.zeros(len(x), bool)
    for c in set(y.tolist()):
        rows = order[y[order] == c]
        in_val[rows[: round(val_fraction * len(rows))]] = True
    val, train = order[in_val[order]], order[~in_val[order]]
    return x[train], x[val], y[train], y[val]


@bank.right
def stratified_split_val_at_the_end(x, y, val_fraction, rng):
    classes, counts = np.unique(y, return_counts=True)
    check_split(x, y, val_fraction, counts.min())
    train, val = np.zeros(0, int), np.zeros(0, int)
    for c, m in zip(classes, counts, strict=True):
        rows = rng.choice(np.where(y == c)[0], size=m, replace=False)
        n_train = m - round(val_fraction * m)
        train, val = np.append(train, rows[:n_train]), np.append(val, rows[n_train:])
    train, val = rng.permutation(train), rng.permutation(val)
    return [x[train], x[val], y[train], y[val]]


@bank.right
def stratified_split_up_to_the_largest(x, y, val_fraction, rng):
    check_split(x, y, val_fraction, np.bincount(y - y.min())[np.bincount(y - y.min()) > 0].min())
    val = []
    for c in range(y.min(), y.max() + 1):
        rows = np.nonzero(y == c)[0]
        val += rng.permutation(rows)[: round(val_fraction * len(rows))].tolist()
    train = [i for i in range(len(y)) if i not in val]
    train, val = rng.permutation(train), rng.permutation(val)
    return x[train], x[val], y[train], y[val]


# standardise

OTHER_AS_IT_WAS = ("other came back as it was: it needs the shift and factor of train. If you did apply them, train "
                   "had its new mean 0 and deviation 1 by then: keep both numbers in variables first")
TRAIN = np.array([[0.5, 1.0, 4.0], [2.5, 0.0, 1.0], [3.0, 7.0, 0.5]])
OTHER = np.array([[2.0, 5.0, 4.5], [8.0, 1.5, 2.5]])


@bank.probe
def both_parts(standardise):
    return standardise(TRAIN.copy(), OTHER.copy())


@bank.probe
def equal_shapes(standardise):
    return standardise(TRAIN.copy(), TRAIN[::-1] + 2)


@bank.probe
def images(standardise):
    return standardise(np.arange(12.0).reshape(3, 2, 2) ** 2, np.array([[[1.0, 8.0], [0.5, 3.0]]]))


@bank.probe
def one_row(standardise):
    return standardise(np.array([[1.0, 3.0]]), np.array([[2.0, 4.0]]))


@bank.probe
def constant(standardise):
    try:
        standardise(np.full((2, 2), 0.25), np.array([[0.5, 0.75]]))
        return 1
    except Exception as error:
        return -1 if type(error) is ValueError else 2


@bank.probe
def little_deviations_magnified(standardise):
    return 1e4 * (standardise(np.array([[0.5, 0.501]]), np.array([[0.6, 0.4]]))[0] - np.array([[-1.0, 1.0]]))


@bank.probe
def types_of_float32(standardise):
    return [np.asarray(part).dtype.name for part in standardise(TRAIN.astype(np.float32), OTHER.astype(np.float32))]


@bank.probe
def other_alike(standardise):
    try:
        standardise(np.array([[0.25, 0.75]]), np.full((1, 2), 0.5))
        return 1
    except Exception as error:
        return -1 if type(error) is ValueError else 2


@bank.wrong("other was given a mean and deviation of its own: use those of train for both")
def standardise_each_its_own(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    return (train - train.mean()) / train.std(), (other - other.mean()) / other.std()


@bank.wrong("mean and deviation were taken over train and other together: other may have no part in them")
def standardise_together(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    both = np.concatenate([train.ravel(), other.ravel()])
    return (train - both.mean()) / both.std(), (other - both.mean()) / both.std()


@bank.wrong("the statistics come from other: they must come from train")
def standardise_from_other(train, other):
    if train.std() == 0 or other.std() == 0:
        raise ValueError("constant")
    return (train - other.mean()) / other.std(), (other - other.mean()) / other.std()


@bank.wrong("every pixel got its own mean and deviation (axis=0): one number for all is asked for, so leave the axis "
            "out")
def standardise_per_pixel(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    return (train - train.mean(axis=0)) / train.std(axis=0), (other - train.mean(axis=0)) / train.std(axis=0)


@bank.wrong("every row of train got its own mean and deviation (axis=1): one number for all is asked for, so leave "
            "the axis out")
def standardise_per_row(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    new = (train - train.mean(axis=1, keepdims=True)) / train.std(axis=1, keepdims=True)
    return new, (other - train.mean()) / train.std()


@bank.wrong("the division by the standard deviation is missing")
def standardise_shift_only(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    return train - train.mean(), other - train.mean()


@bank.wrong("the mean was not subtracted")
def standardise_divide_only(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    return train / train.std(), other / train.std()


@bank.wrong("you divide by the variance: its square root, the standard deviation, is asked for")
def standardise_variance(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    return (train - train.mean()) / train.var(), (other - train.mean()) / train.var()


@bank.wrong("you divide by the square root of the standard deviation: `std` is a square root already")
def standardise_root_twice(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    return (train - train.mean()) / np.sqrt(train.std()), (other - train.mean()) / np.sqrt(train.std())


@bank.wrong("`ddof=1` estimates the deviation of a larger whole; here the deviation of the numbers themselves is "
            "asked for")
def standardise_ddof(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    return (train - train.mean()) / train.std(ddof=1), (other - train.mean()) / train.std(ddof=1)


@bank.wrong("you scale to 0..1 by the smallest and largest value: subtract the mean and divide by the standard "
            "deviation")
def standardise_min_max(train, other):
    if train.max() == train.min():
        raise ValueError("constant")
    low, width = train.min(), train.max() - train.min()
    return (train - low) / width, (other - low) / width


@bank.wrong("the parentheses are missing: without them only the mean is divided, since `/` comes before `-`")
def standardise_no_parentheses(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    return train - train.mean() / train.std(), other - train.mean() / train.std()


@bank.wrong("you multiply by the standard deviation: divide by it")
def standardise_multiplied(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    return (train - train.mean()) * train.std(), (other - train.mean()) * train.std()


@bank.wrong("the mean was added: subtract it")
def standardise_added(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    return (train + train.mean()) / train.std(), (other + train.mean()) / train.std()


@bank.wrong("the median was subtracted: the mean is asked for")
def standardise_median(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    return (train - np.median(train)) / train.std(), (other - np.median(train)) / train.std()


@bank.wrong(OTHER_AS_IT_WAS)
def standardise_too_late(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    train = (train - train.mean()) / train.std()
    return train, (other - train.mean()) / train.std()


@bank.wrong("the deviation was measured from 0 (a mean of squares): it is measured from the mean, as `std` does")
def standardise_around_0(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    size = np.sqrt((train**2).mean())
    return (train - train.mean()) / size, (other - train.mean()) / size


@bank.wrong(OTHER_AS_IT_WAS)
def standardise_train_only(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    return (train - train.mean()) / train.std(), other


@bank.wrong("the two results changed places: train first")
def standardise_swapped(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    return (other - train.mean()) / train.std(), (train - train.mean()) / train.std()


@bank.wrong("a single array came back: both are asked for, `return` the new train and the new other")
def standardise_one_result(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    return (train - train.mean()) / train.std()


@bank.wrong("mean and deviation came back: the two arrays are asked for, shifted and divided by them")
def standardise_statistics(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    return train.mean(), train.std()


@bank.wrong("the given arrays were overwritten (`-=` and `/=` work in place): build new ones with `-` and `/`")
def standardise_in_place(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    mean, sd = train.mean(), train.std()
    train -= mean
    train /= sd
    other -= mean
    other /= sd
    return train, other


@bank.wrong("a training set that is the same number everywhere gives 0 / 0: raise a ValueError for it")
def standardise_constant_allowed(train, other):
    return (train - train.mean()) / train.std(), (other - train.mean()) / train.std()


@bank.wrong("a small number was added to the deviation, which hides a training set that is the same number "
            "everywhere: raise a ValueError for it")
def standardise_epsilon(train, other):
    return (train - train.mean()) / (train.std() + 1e-8), (other - train.mean()) / (train.std() + 1e-8)


@bank.wrong("the result was rounded; keep all digits")
def standardise_rounded(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    return np.round((train - train.mean()) / train.std(), 2), np.round((other - train.mean()) / train.std(), 2)


@bank.wrong("nothing came back: `print` shows a result, `return` hands it over")
def standardise_printed(train, other):
    if train.std() == 0:
        raise ValueError("constant")
    print((train - train.mean()) / train.std(), (other - train.mean()) / train.std())


@bank.wrong("a small number was added to the deviation: every value is a little off; a deviation of 0 is refused "
            "anyway")
def standardise_epsilon_and_refusal(train, other):
    if train.min() == train.max():
        raise ValueError("the training set must vary")
    mean, sd = train.mean(), train.std() + 1e-7
    return (train - mean) / sd, (other - mean) / sd


@bank.wrong("other was shifted by the mean of train but divided by its own deviation: both numbers are those of train")
def standardise_own_deviation(train, other):
    if train.min() == train.max():
        raise ValueError("the training set must vary")
    return (train - train.mean()) / train.std(), (other - train.mean()) / other.std()


@bank.wrong("every image got its own mean and deviation: two single numbers, of the whole training set, are asked for")
def standardise_per_image(train, other):
    if train.min() == train.max():
        raise ValueError("the training set must vary")
    with np.errstate(all="ignore"):
        a, b = ((v - v.mean(axis=-1, keepdims=True)) / v.std(axis=-1, keepdims=True) for v in (train, other))
    return a, b


@bank.wrong("the deviation is the mean ABSOLUTE distance: the standard deviation is the root of the mean square "
            "(np.std)")
def standardise_absolute(train, other):
    if train.min() == train.max():
        raise ValueError("the training set must vary")
    sd = np.abs(train - train.mean()).mean()
    return (train - train.mean()) / sd, (other - train.mean()) / sd


@bank.wrong("an `other` that is the same number everywhere was refused: only train must vary")
def standardise_refuses_other(train, other):
    if train.min() == train.max() or other.min() == other.max():
        raise ValueError("the images must vary")
    return (train - train.mean()) / train.std(), (other - train.mean()) / train.std()


@bank.wrong("a ZeroDivisionError was raised where a ValueError is due")
def standardise_other_error(train, other):
    if train.std() == 0:
        raise ZeroDivisionError("the deviation is 0")
    return (train - train.mean()) / train.std(), (other - train.mean()) / train.std()


@bank.wrong("float32 became float64: the types stay as they came. Did you convert to float64, or is the mean or "
            "deviation an np.float64? `float` makes a plain number of it, which changes no type")
def standardise_float64(train, other):
    if train.min() == train.max():
        raise ValueError("the training set must vary")
    t, o = train.astype(np.float64), other.astype(np.float64)
    return (t - t.mean()) / t.std(), (o - t.mean()) / t.std()


@bank.wrong("a deviation of 0 was replaced by 1, which hides a training set that is the same number everywhere: raise "
            "a ValueError for it")
def standardise_deviation_replaced(train, other):
    mean, sd = train.mean(), train.std() or 1.0
    return (train - mean) / sd, (other - mean) / sd


@bank.right
def standardise_std(train, other):
    mean, sd = train.mean(), train.std()
    if sd == 0:
        raise ValueError("train does not vary")
    return (train - mean) / sd, (other - mean) / sd


@bank.right
def standardise_by_hand(train, other):
    mean = np.sum(train) / train.size
    variance = np.sum((train - mean) ** 2) / train.size
    if not variance > 0:
        raise ValueError("train does not vary")
    return [(part - mean) / np.sqrt(variance) for part in (train, other)]


@bank.right
def standardise_factor(train, other):
    if np.all(train == train.flat[0]):
        raise ValueError("train does not vary")
    factor = 1 / float(np.std(train, dtype=np.float64))
    shift = -float(np.mean(train, dtype=np.float64)) * factor
    return train * factor + shift, other * factor + shift


@bank.right
def standardise_float32(train, other):
    if train.max() - train.min() == 0:
        raise ValueError("train does not vary")
    mean, sd = train.astype(np.float64).mean(), train.astype(np.float64).std()
    return (np.subtract(train, mean) / sd).astype(train.dtype), (np.subtract(other, mean) / sd).astype(other.dtype)
