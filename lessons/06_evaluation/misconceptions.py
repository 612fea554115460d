"""What students write in the exercise on evaluation: wrong versions with the sentence that helps, and right ones."""

import numpy as np

from autograder.bank import Bank
from solutions.evaluation import (
    accuracy,
    confusion_matrix,
    f1,
    interval,
    precision,
    recall,
    standard_error,
    worst_mistakes,
)

bank = Bank(interval, confusion_matrix, precision, recall, f1, worst_mistakes)


# interval


@bank.probe
def ninety_of_a_hundred(interval):
    return interval(0.9, 100)


@bank.probe
def eleven_of_thirty_seven(interval):
    return interval(11 / 37, 37)


@bank.probe
def narrower(interval):
    return interval(0.7, 50, z=1.0)


@bank.probe
def none_right(interval):
    return interval(0, 20)


@bank.probe
def one_right(interval):
    return interval(0.05, 20)


@bank.probe
def all_right(interval):
    return interval(1.0, 20)


@bank.right
def interval_by_roots(share, n, z=1.96):
    low, high = sorted(np.roots([1 + z**2 / n, -2 * share - z**2 / n, share**2]))
    return low, high


@bank.right
def interval_of_counts(share, n, z=1.96):
    hits, total = share * n, n + z**2
    centre = (hits + z**2 / 2) / total
    half = z / total * (hits * (1 - share) + z * z / 4) ** 0.5
    return centre - half, centre + half


@bank.right
def interval_as_a_clipped_list(share, n, z=1.96):
    shrink = 1 + z**2 / n
    centre = (share + z**2 / (2 * n)) / shrink
    half = z * np.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2) / shrink
    return list(np.clip([centre - half, centre + half], 0, 1))


@bank.right
def interval_in_float64(share, n, z=1.96):
    share, n, z = np.float64(share), np.float64(n), np.float64(z)
    centre = (2 * n * share + z**2) / (2 * (n + z**2))
    half = z * np.sqrt(z**2 + 4 * n * share * (1 - share)) / (2 * (n + z**2))
    return np.maximum(centre - half, 0), np.minimum(centre + half, 1)


@bank.wrong("this is the share plus and minus z standard errors, which shrinks to nothing at 0 and 1 and runs over "
            "the edge near them: take Wilson's centre and his half, which has a second term under the root")
def interval_wald(share, n, z=1.96):
    half = z * np.sqrt(share * (1 - share) / n)
    return share - half, share + half


@bank.wrong("this is the share plus and minus z standard errors, cut off at 0 and 1: cutting hides that the formula "
            "fails near the edges; take Wilson's centre and his half")
def interval_wald_clipped(share, n, z=1.96):
    half = z * np.sqrt(share * (1 - share) / n)
    return max(0.0, share - half), min(1.0, share + half)


@bank.wrong("the square root is missing: what stands under it is a variance, and half of the width is measured as a "
            "standard deviation")
def interval_without_root(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * (share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, centre - half), min(1.0, centre + half)


@bank.wrong("the second term under the root is missing: without it the interval is too narrow, and of no width at 0 "
            "and 1")
def interval_without_second_term(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n)
    return max(0.0, centre - half), min(1.0, centre + half)


@bank.wrong("half is not divided by 1 + z**2 / n; centre and half share this denominator")
def interval_without_denominator(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, centre - half), min(1.0, centre + half)


@bank.wrong("in the second term under the root n must be squared: z**2 / (4 * n) is far too large")
def interval_with_4n(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n))
    return max(0.0, centre - half), min(1.0, centre + half)


@bank.wrong("in the second term under the root z must be squared")
def interval_with_z_unsquared(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z / (4 * n**2))
    return max(0.0, centre - half), min(1.0, centre + half)


@bank.wrong("your interval reaches from 0 to 1 whatever the share is: half is far too large (do 1 + z**2 / n and 4 * "
            "n**2 stand in parentheses?), or min and max are the wrong way round")
def interval_with_4_times_n_squared(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / 4 * n**2)
    return max(0.0, centre - half), min(1.0, centre + half)


@bank.wrong("the argument z is not used: your interval has 1.96 written into it, so it is right for 95 % only")
def interval_with_fixed_z(share, n, z=1.96):
    centre = (share + 1.96**2 / (2 * n)) / (1 + 1.96**2 / n)
    half = 1.96 / (1 + 1.96**2 / n) * np.sqrt(share * (1 - share) / n + 1.96**2 / (4 * n**2))
    return max(0.0, centre - half), min(1.0, centre + half)


@bank.wrong("half uses 1.96 where the argument z belongs")
def interval_with_fixed_z_in_half(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = 1.96 / (1 + 1.96**2 / n) * np.sqrt(share * (1 - share) / n + 1.96**2 / (4 * n**2))
    return max(0.0, centre - half), min(1.0, centre + half)


@bank.wrong("the bounds come back in the wrong order: low first, then high")
def interval_high_first(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return min(1.0, centre + half), max(0.0, centre - half)


@bank.wrong("centre and half came back; the two bounds are asked for, the centre minus half and the centre plus half")
def interval_centre_and_half(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return centre, half


@bank.wrong("a single number came back, half of the width; two are asked for, the lower and the upper bound")
def interval_half_only(share, n, z=1.96):
    return z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))


@bank.wrong("the interval is laid around the measured share; Wilson's lies around `centre`, which is closer to one "
            "half")
def interval_around_the_share(share, n, z=1.96):
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, share - half), min(1.0, share + half)


@bank.wrong("share * (1 - share) is not divided by n: the number of samples makes the interval narrow")
def interval_variance_without_n(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) + z**2 / (4 * n**2))
    return max(0.0, centre - half), min(1.0, centre + half)


@bank.wrong("share * 1 - share is 0 for every share: put 1 - share in parentheses")
def interval_without_parentheses(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(max(0.0, share * 1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, centre - half), min(1.0, centre + half)


@bank.wrong("the root ends too early: both terms stand under it")
def interval_root_over_first_term(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * (np.sqrt(share * (1 - share) / n) + z**2 / (4 * n**2))
    return max(0.0, centre - half), min(1.0, centre + half)


@bank.wrong("the bounds were multiplied by 100: rates go from 0 to 1, not to 100 %")
def interval_in_percent(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return 100 * max(0.0, centre - half), 100 * min(1.0, centre + half)


@bank.wrong("the bounds were rounded: return them as they are, and round where you print them")
def interval_rounded(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return round(max(0.0, centre - half), 3), round(min(1.0, centre + half), 3)


@bank.wrong("your interval reaches from 0 to 1 whatever the share is: half is far too large (do 1 + z**2 / n and 4 * "
            "n**2 stand in parentheses?), or min and max are the wrong way round")
def interval_min_for_max(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return min(0.0, centre - half), max(1.0, centre + half)


@bank.wrong("this is the interval for the share of mistakes, 1 - share")
def interval_of_mistakes(share, n, z=1.96):
    share = 1 - share
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, centre - half), min(1.0, centre + half)


@bank.wrong("n - 1 is used where the formula has n")
def interval_with_n_minus_1(share, n, z=1.96):
    n = n - 1
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, centre - half), min(1.0, centre + half)


@bank.wrong("half was subtracted and added twice: it is already one half of the width")
def interval_twice_as_wide(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, centre - 2 * half), min(1.0, centre + 2 * half)


@bank.wrong("half was halved: it is already one half of the width, so subtract and add all of it")
def interval_half_as_wide(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, centre - half / 2), min(1.0, centre + half / 2)


@bank.wrong("your interval reaches from 0 to 1 whatever the share is: half is far too large (do 1 + z**2 / n and 4 * "
            "n**2 stand in parentheses?), or min and max are the wrong way round")
def interval_precedence_of_denominator(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / 1 + z**2 / n * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, centre - half), min(1.0, centre + half)


@bank.wrong("this is z standard errors around the centre (Agresti and Coull's interval), a relative of Wilson's: "
            "under the root of half stand the measured share and a second term")
def interval_agresti_coull(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(centre * (1 - centre) / (n + z**2))
    return max(0.0, centre - half), min(1.0, centre + half)


@bank.wrong("only one standard error was used, without the factor z in front of the root")
def interval_without_z(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = 1 / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return max(0.0, centre - half), min(1.0, centre + half)


@bank.wrong("nothing came back: print shows the bounds, return gives them to whoever called")
def interval_printed(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    print(max(0.0, centre - half), min(1.0, centre + half))


@bank.wrong("low and high were added up or packed into one text: return them as two numbers, `return low, high`")
def interval_as_text(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return f"{centre - half:.4f} to {centre + half:.4f}"


@bank.wrong("the share plus and minus one standard error came back: z says how many, and Wilson's formula differs "
            "near 0 and 1")
def interval_one_standard_error(share, n, z=1.96):
    return share - standard_error(share, n), share + standard_error(share, n)


@bank.wrong("in the second term under the root n is not squared: z**2 / (4 * n**2)")
def interval_with_n_unsquared(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n))
    return centre - half, centre + half


@bank.wrong("parentheses are missing in the second term under the root: `/ 4 * n**2` multiplies by n**2")
def interval_multiplies_by_n(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / 4 * n**2)
    return centre - half, centre + half


@bank.wrong("the 4 was squared as well: z**2 / (4 * n**2), not z**2 / (4 * n)**2")
def interval_squares_the_4(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n) ** 2)
    return centre - half, centre + half


@bank.wrong("the first term under the root was not divided by n")
def interval_variance_of_one(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) + z**2 / (4 * n**2))
    return centre - half, centre + half


@bank.wrong("the argument z is not used: 2 stands in the place of 1.96, and of every other z")
def interval_with_2_for_z(share, n, z=1.96):
    z = 2
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return centre - half, centre + half


@bank.wrong("share * (1 - share) was divided by n - 1: the formula has n")
def interval_with_n_minus_1_in_the_variance(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / max(n - 1, 1) + z**2 / (4 * n**2))
    return centre - half, centre + half


@bank.wrong("this is z standard errors around the centre: under the root of half stand the measured share, not the "
            "centre, and a second term")
def interval_error_of_the_centre(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * standard_error(centre, n)
    return max(0.0, centre - half), min(1.0, centre + half)


@bank.wrong("the second term under the root was subtracted: it is added, so that the root is above 0 also at the edges")
def interval_second_term_subtracted(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n - z**2 / (4 * n**2))
    return centre - half, centre + half


@bank.wrong("parentheses are missing in front of the root: `z / 1 + z**2 / n` is z, plus the rest; the whole of "
            "1 + z**2 / n is the denominator")
def interval_divides_by_1(share, n, z=1.96):
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / 1 + z**2 / n * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return centre - half, centre + half


@bank.wrong("the centre is not divided by 1 + z**2 / n; centre and half share this denominator")
def interval_centre_undivided(share, n, z=1.96):
    centre = share + z**2 / (2 * n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return centre - half, centre + half


@bank.wrong("the 2 is missing in the centre: it is moved by z**2 / (2 * n)")
def interval_centre_without_2(share, n, z=1.96):
    centre = (share + z**2 / n) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return centre - half, centre + half


# confusion_matrix


@bank.probe
def repeated_pairs(confusion_matrix):
    return confusion_matrix(np.array([0, 0, 0, 1, 1, 2, 2, 2, 2]), np.array([1, 1, 0, 1, 2, 2, 2, 0, 2]), 3)


@bank.probe
def every_class_once(confusion_matrix):
    return confusion_matrix(np.array([0, 1, 2]), np.array([0, 1, 2]), 3)


@bank.probe
def missing_classes(confusion_matrix):
    return confusion_matrix(np.array([2, 0, 2, 0]), np.array([0, 0, 2, 3]), 5)


@bank.probe
def last_class_only_called(confusion_matrix):
    return confusion_matrix(np.array([0, 1, 1]), np.array([0, 2, 1]), 3)


@bank.probe
def small_integers(confusion_matrix):
    return confusion_matrix(np.array([19, 3], np.uint8), np.array([18, 19], np.uint8), 20)


@bank.probe
def many_of_a_kind(confusion_matrix):
    return confusion_matrix(np.repeat([0, 1], [400, 3]), np.repeat([1, 0], [400, 3]), 2)


@bank.right
def confusion_matrix_loop(y_true, y_pred, k):
    matrix = np.zeros((k, k), dtype=int)
    for t, c in zip(y_true, y_pred, strict=True):
        matrix[t, c] += 1
    return matrix


@bank.right
def confusion_matrix_add_at(y_true, y_pred, k):
    matrix = np.zeros((k, k), dtype=np.int32)
    np.add.at(matrix, (y_true, y_pred), 1)
    return matrix


@bank.right
def confusion_matrix_one_hot(y_true, y_pred, k):
    classes = np.eye(k, dtype=int)
    return classes[y_true].T @ classes[y_pred]


@bank.right
def confusion_matrix_compared(y_true, y_pred, k):
    return np.array([[np.sum((y_true == i) & (y_pred == j)) for j in range(k)] for i in range(k)])


@bank.right
def confusion_matrix_row_by_row(y_true, y_pred, k):
    return np.stack([np.bincount(y_pred[y_true == i], minlength=k) for i in range(k)])


@bank.right
def confusion_matrix_histogram(y_true, y_pred, k):
    counts, _, _ = np.histogram2d(y_true, y_pred, bins=[np.arange(k + 1), np.arange(k + 1)])
    return counts.astype(int)


@bank.wrong("a pair is counted once, however often it occurs: either `= 1` sets where `+= 1` counts, or "
            "`matrix[y_true, y_pred] += 1` read all values before it wrote any: look at np.add.at or np.bincount, or "
            "write a loop")
def confusion_matrix_fancy_index(y_true, y_pred, k):
    matrix = np.zeros((k, k), dtype=int)
    matrix[y_true, y_pred] += 1
    return matrix


@bank.wrong("rows and columns changed places: the TRUE classes are the rows, so the label is the first index")
def confusion_matrix_transposed(y_true, y_pred, k):
    matrix = np.zeros((k, k), dtype=int)
    np.add.at(matrix, (y_pred, y_true), 1)
    return matrix


@bank.wrong("classes that do not occur lost their row and column: the shape is (k, k), whatever the labels are")
def confusion_matrix_present_only(y_true, y_pred, k):
    present = np.union1d(y_true, y_pred)
    return np.array([[np.sum((y_true == i) & (y_pred == j)) for j in present] for i in present])


@bank.wrong("the number of classes was taken from the true labels: use the argument k, for a class may be called that "
            "no sample has")
def confusion_matrix_k_from_labels(y_true, y_pred, k):
    k = int(y_true.max(initial=-1)) + 1
    matrix = np.zeros((k, k), dtype=int)
    np.add.at(matrix, (y_true, y_pred), 1)
    return matrix


@bank.wrong("the number of classes was guessed from the largest label that occurs: use the argument k")
def confusion_matrix_k_from_both(y_true, y_pred, k):
    k = int(np.concatenate([y_true, y_pred]).max(initial=-1)) + 1
    matrix = np.zeros((k, k), dtype=int)
    np.add.at(matrix, (y_true, y_pred), 1)
    return matrix


@bank.wrong("the rows were divided by their sums: counts are asked for, shares come later")
def confusion_matrix_row_shares(y_true, y_pred, k):
    counts = np.zeros((k, k))
    np.add.at(counts, (y_true, y_pred), 1)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


@bank.wrong("the columns were divided by their sums: counts are asked for, shares come later")
def confusion_matrix_column_shares(y_true, y_pred, k):
    counts = np.zeros((k, k))
    np.add.at(counts, (y_true, y_pred), 1)
    return counts / np.maximum(counts.sum(axis=0), 1)


@bank.wrong("the counts were divided by the number of samples: counts are asked for")
def confusion_matrix_shares_of_all(y_true, y_pred, k):
    counts = np.zeros((k, k))
    np.add.at(counts, (y_true, y_pred), 1)
    return counts / max(len(y_true), 1)


@bank.wrong("the counts are floats: counts are integers, so ask for them where the matrix is made (`dtype`), or turn "
            "them into integers at the end")
def confusion_matrix_floats(y_true, y_pred, k):
    matrix = np.zeros((k, k))
    np.add.at(matrix, (y_true, y_pred), 1)
    return matrix


@bank.wrong("only right answers were counted: the mistakes, off the diagonal, are missing")
def confusion_matrix_diagonal_only(y_true, y_pred, k):
    return np.diag(np.bincount(y_true[y_true == y_pred], minlength=k))


@bank.wrong("only mistakes were counted: the right answers belong on the diagonal")
def confusion_matrix_mistakes_only(y_true, y_pred, k):
    matrix = np.zeros((k, k), dtype=int)
    np.add.at(matrix, (y_true[y_true != y_pred], y_pred[y_true != y_pred]), 1)
    return matrix


@bank.wrong("np.histogram2d with bins=k cuts the range from the smallest to the largest label that occurs into k "
            "parts: give it the edges")
def confusion_matrix_histogram_bins(y_true, y_pred, k):
    counts, _, _ = np.histogram2d(y_true, y_pred, bins=k)
    return counts.astype(int)


@bank.wrong("there is one class too many: the classes are 0 to k - 1, so the shape is (k, k)")
def confusion_matrix_k_plus_1(y_true, y_pred, k):
    matrix = np.zeros((k + 1, k + 1), dtype=int)
    np.add.at(matrix, (y_true, y_pred), 1)
    return matrix


@bank.wrong("your arithmetic wraps around for labels of the dtype uint8: turn them into larger integers before you "
            "multiply by k")
def confusion_matrix_wraps(y_true, y_pred, k):
    return np.bincount(y_true * k + y_pred, minlength=k * k)[: k * k].reshape(k, k)


@bank.wrong("the entries are uint8, which starts again at 0 after 255: count in larger integers")
def confusion_matrix_uint8_counts(y_true, y_pred, k):
    matrix = np.zeros((k, k), dtype=np.uint8)
    np.add.at(matrix, (y_true, y_pred), 1)
    return matrix


@bank.wrong("minlength is missing: np.bincount stops at the largest pair that occurs, and the counts do not fill the "
            "(k, k) places")
def confusion_matrix_without_minlength(y_true, y_pred, k):
    return np.bincount(y_true.astype(int) * k + y_pred).reshape(k, k)


@bank.wrong("the pairs were numbered with the answer in front, y_pred * k + y_true, and without minlength: the label "
            "goes in front, and every one of the k * k pairs needs its place")
def confusion_matrix_transposed_without_minlength(y_true, y_pred, k):
    return np.bincount(y_pred.astype(int) * k + y_true).reshape(k, k)


@bank.wrong("the matrix says whether a pair occurs, by True and False; it has to say how often")
def confusion_matrix_bool(y_true, y_pred, k):
    matrix = np.zeros((k, k), dtype=bool)
    matrix[y_true, y_pred] = True
    return matrix


@bank.wrong("the counts came back as one long row: give them the shape (k, k)")
def confusion_matrix_flat(y_true, y_pred, k):
    return np.bincount(y_true.astype(int) * k + y_pred, minlength=k * k)


@bank.wrong("the last sample was not counted: range(n - 1) ends at n - 2")
def confusion_matrix_without_last(y_true, y_pred, k):
    matrix = np.zeros((k, k), dtype=int)
    for i in range(len(y_true) - 1):
        matrix[y_true[i], y_pred[i]] += 1
    return matrix


@bank.wrong("the first sample was not counted: Python counts from 0")
def confusion_matrix_without_first(y_true, y_pred, k):
    matrix = np.zeros((k, k), dtype=int)
    for i in range(1, len(y_true)):
        matrix[y_true[i], y_pred[i]] += 1
    return matrix


@bank.wrong("only the first sample was counted: `return` stands inside the loop")
def confusion_matrix_return_in_loop(y_true, y_pred, k):
    matrix = np.zeros((k, k), dtype=int)
    for t, c in zip(y_true, y_pred, strict=True):
        matrix[t, c] += 1
        return matrix


@bank.wrong("every pair was counted in both directions: a 4 called 9 is not a 9 called 4")
def confusion_matrix_symmetric(y_true, y_pred, k):
    matrix = np.zeros((k, k), dtype=int)
    np.add.at(matrix, (y_true, y_pred), 1)
    np.add.at(matrix, (y_pred, y_true), 1)
    return matrix


@bank.wrong("every entry is one too large: start counting at 0, not at 1")
def confusion_matrix_starts_at_1(y_true, y_pred, k):
    matrix = np.ones((k, k), dtype=int)
    np.add.at(matrix, (y_true, y_pred), 1)
    return matrix


@bank.wrong("a list of lists came back: make a NumPy array of it")
def confusion_matrix_list(y_true, y_pred, k):
    matrix = [[0] * k for _ in range(k)]
    for t, c in zip(y_true, y_pred, strict=True):
        matrix[t][c] += 1
    return matrix


@bank.wrong("all rows are the same row: `[[0] * k] * k` repeats one list k times, and writing into it writes into "
            "every row")
def confusion_matrix_repeated_row(y_true, y_pred, k):
    matrix = [[0] * k] * k
    for t, c in zip(y_true, y_pred, strict=True):
        matrix[t][c] += 1
    return np.array(matrix)


@bank.wrong("your function changes y_true: `*=` and `+=` write into the array that was given; compute a new one")
def confusion_matrix_in_place(y_true, y_pred, k):
    y_true *= k
    y_true += y_pred
    return np.bincount(y_true, minlength=k * k)[: k * k].reshape(k, k)


@bank.wrong("the numbers of samples per class came back; entry (i, j) must say how often class i was called j")
def confusion_matrix_support(y_true, y_pred, k):
    return np.bincount(y_true, minlength=k)


@bank.wrong("the number of right answers per class came back; the mistakes have places of their own, entry (i, j)")
def confusion_matrix_hits(y_true, y_pred, k):
    return np.bincount(y_true[y_true == y_pred], minlength=k)


@bank.wrong("the classes are counted from 1: class 0 belongs into row 0 and column 0")
def confusion_matrix_shifted(y_true, y_pred, k):
    matrix = np.zeros((k, k), dtype=int)
    for t, c in zip(y_true, y_pred, strict=True):
        matrix[t - 1, c - 1] += 1
    return matrix


@bank.wrong("nothing came back: print shows the matrix, return gives it to whoever called")
def confusion_matrix_printed(y_true, y_pred, k):
    matrix = np.zeros((k, k), dtype=int)
    np.add.at(matrix, (y_true, y_pred), 1)
    print(matrix)


@bank.wrong("ten classes are written into the code: use the argument k")
def confusion_matrix_ten(y_true, y_pred, k):
    matrix = np.zeros((10, 10), dtype=int)
    np.add.at(matrix, (y_true, y_pred), 1)
    return matrix


@bank.wrong("every mistake was counted in both directions: a 4 called 9 is not a 9 called 4")
def confusion_matrix_mirrored(y_true, y_pred, k):
    matrix = np.zeros((k, k), dtype=int)
    for t, c in zip(y_true, y_pred, strict=True):
        matrix[t, c] += 1
        matrix[c, t] += t != c
    return matrix


# precision

PLAIN = np.array([[8, 2, 1], [0, 6, 3], [3, 0, 4]])
NEVER_CALLED = np.array([[5, 1, 0], [2, 3, 0], [2, 2, 0]])
NO_SAMPLES = np.array([[4, 1, 2], [0, 0, 0], [1, 2, 7]])
POOR = np.array([[1, 4, 3], [6, 2, 5], [0, 8, 1]])
NEVER_RIGHT = np.array([[0, 3, 1], [2, 5, 0], [1, 0, 0]])
ZEROS = np.zeros((2, 2), dtype=int)
FIRST_EMPTY = np.array([[0, 0, 0], [0, 5, 2], [0, 3, 4]])
FEW = np.array([[1, 1, 0], [0, 1, 0], [0, 0, 0]])


def deviates_a_little(answer, right):
    """Whether an answer is off by less than a probe's comparison would see."""
    return bool(np.shape(answer) == np.shape(right) and 1e-13 < np.abs(np.subtract(answer, right)).max() < 1e-5)


@bank.probe
def precision_of_plain(precision):
    return precision(PLAIN.copy())


@bank.probe
def precision_of_never_called(precision):
    return precision(NEVER_CALLED.copy())


@bank.probe
def precision_without_samples(precision):
    return precision(NO_SAMPLES.copy())


@bank.probe
def precision_of_zeros(precision):
    return precision(ZEROS.copy())


@bank.probe
def precision_first_empty(precision):
    return precision(FIRST_EMPTY.copy())


@bank.probe
def precision_a_little_off(precision):
    return deviates_a_little(precision(FEW.copy()), [1.0, 0.5, 0.0])


@bank.right
def precision_by_divide(matrix):
    hits, called = np.diag(matrix), matrix.sum(axis=0)
    return np.divide(hits, called, out=np.zeros(len(matrix)), where=called > 0)


@bank.right
def precision_by_loop(matrix):
    shares = np.zeros(len(matrix), dtype=np.float32)
    for i in range(len(matrix)):
        called = sum(matrix[:, i])
        if called:
            shares[i] = matrix[i, i] / called
    return shares


@bank.right
def precision_by_where(matrix):
    called = np.sum(matrix, axis=0)
    return np.where(called == 0, 0.0, np.diagonal(matrix) / np.where(called == 0, 1, called))


@bank.right
def precision_quiet(matrix):
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(matrix.diagonal() / matrix.sum(axis=0))


@bank.wrong("this is recall: precision asks about the samples that were CALLED i, which is a column of the matrix, "
            "not a row")
def precision_along_rows(matrix):
    return np.diag(matrix) / np.maximum(matrix.sum(axis=1), 1)


@bank.wrong("a class that was never called gives 0 / 0, which is nan: its precision is 0")
def precision_without_guard(matrix):
    return np.diag(matrix) / matrix.sum(axis=0)


@bank.wrong("recall came back, with nan for a class without samples: precision divides by the sums of the columns")
def precision_along_rows_without_guard(matrix):
    return np.diag(matrix) / matrix.sum(axis=1)


@bank.wrong("the warning was silenced, but nan came back for a class that was never called: its precision is 0")
def precision_silenced_nan(matrix):
    with np.errstate(all="ignore"):
        return np.diag(matrix) / matrix.sum(axis=0)


@bank.wrong("the values are right, but 0 was divided by 0 on the way and NumPy warns: np.where and np.nan_to_num come "
            "too late, the division must not happen")
def precision_mended_afterwards(matrix):
    return np.nan_to_num(np.diag(matrix) / matrix.sum(axis=0))


@bank.wrong("a small number was added to the denominator: it changes the precision of every class; treat the class "
            "that was never called by itself")
def precision_with_epsilon(matrix):
    return np.diag(matrix) / (matrix.sum(axis=0) + 1e-4)


@bank.wrong("1 was added to every denominator, which makes every precision too small: only a sum of 0 needs another "
            "number there")
def precision_with_plus_1(matrix):
    return np.diag(matrix) / (matrix.sum(axis=0) + 1)


@bank.wrong("the counts were divided by the number of all samples: divide each by how often its class was called")
def precision_of_all_samples(matrix):
    return np.diag(matrix) / max(matrix.sum(), 1)


@bank.wrong("the right answers were counted but not divided: precision is a share")
def precision_counts(matrix):
    return np.diag(matrix).astype(float)


@bank.wrong("one number came back, the mean over the classes: each class has its own precision")
def precision_macro(matrix):
    return np.mean(np.diag(matrix) / np.maximum(matrix.sum(axis=0), 1))


@bank.wrong("one number came back, the accuracy: each class has its own precision")
def precision_is_accuracy(matrix):
    return np.trace(matrix) / max(matrix.sum(), 1)


@bank.wrong("the whole matrix came back, divided by its column sums: the precisions are its diagonal")
def precision_matrix(matrix):
    return matrix / np.maximum(matrix.sum(axis=0), 1)


@bank.wrong("the shares were multiplied by 100: precision goes from 0 to 1")
def precision_percent(matrix):
    return 100 * np.diag(matrix) / np.maximum(matrix.sum(axis=0), 1)


@bank.wrong("this is 1 - precision, the share of the claims that are wrong")
def precision_of_mistakes(matrix):
    called = np.maximum(matrix.sum(axis=0), 1)
    return (matrix.sum(axis=0) - np.diag(matrix)) / called


@bank.wrong("every share below 1 was cut to 0: `//` does that, and so does storing the shares in an array of "
            "integers, such as np.zeros_like of a row of counts; use `/` and floats")
def precision_floor(matrix):
    return np.diag(matrix) // np.maximum(matrix.sum(axis=0), 1)


@bank.wrong("every share below 1 was cut to 0: `//` does that, and so does storing the shares in an array of "
            "integers, such as np.zeros_like of a row of counts; use `/` and floats")
def precision_integer_array(matrix):
    shares = np.zeros_like(matrix[0])
    for i in range(len(matrix)):
        shares[i] = matrix[i, i] / max(matrix[:, i].sum(), 1)
    return shares


@bank.wrong("right answers were divided by wrong ones: the denominator is everything that was called i, right answers "
            "included")
def precision_right_to_wrong(matrix):
    return np.diag(matrix) / np.maximum(matrix.sum(axis=0) - np.diag(matrix), 1)


@bank.wrong("a class that was never called got the precision 1; it counts as 0 here")
def precision_nothing_is_1(matrix):
    called = matrix.sum(axis=0)
    return np.where(called == 0, 1.0, np.diag(matrix) / np.maximum(called, 1))


@bank.wrong("classes that were never called were left out: each class keeps its place, with the share 0")
def precision_drops_classes(matrix):
    called = matrix.sum(axis=0)
    return np.diag(matrix)[called > 0] / called[called > 0]


@bank.wrong("all classes got 0 because one was never called: only that one does")
def precision_all_zero(matrix):
    called = matrix.sum(axis=0)
    if (called == 0).any():
        return np.zeros(len(matrix))
    return np.diag(matrix) / called


@bank.wrong("the largest entry of each column was taken: right answers stand on the diagonal, even where they are not "
            "the most")
def precision_of_column_maximum(matrix):
    return matrix.max(axis=0) / np.maximum(matrix.sum(axis=0), 1)


@bank.wrong("the result has two axes: keepdims is of no use here, the shape is (k,)")
def precision_keepdims(matrix):
    return np.diag(matrix) / np.maximum(matrix.sum(axis=0, keepdims=True), 1)


@bank.wrong("the shares were rounded: return them as they are, and round where you print them")
def precision_rounded(matrix):
    return np.round(np.diag(matrix) / np.maximum(matrix.sum(axis=0), 1), 2)


@bank.wrong("a list came back: make a NumPy array of it")
def precision_list(matrix):
    return [float(matrix[i, i] / max(matrix[:, i].sum(), 1)) for i in range(len(matrix))]


@bank.wrong("your function writes into the matrix that it was given: work on new arrays")
def precision_in_place(matrix):
    matrix[:, matrix.sum(axis=0) == 0] = np.eye(len(matrix), dtype=int)[:, matrix.sum(axis=0) == 0]
    return np.diag(matrix) / matrix.sum(axis=0) * (matrix.sum(axis=1) > 0)


@bank.wrong("only the first class came back: `return` stands inside the loop")
def precision_return_in_loop(matrix):
    for i in range(len(matrix)):
        return np.array([matrix[i, i] / max(matrix[:, i].sum(), 1)])


@bank.wrong("nothing came back: print shows the shares, return gives them to whoever called")
def precision_printed(matrix):
    print(np.diag(matrix) / np.maximum(matrix.sum(axis=0), 1))


@bank.wrong("the loop ends at a class that was never called, so the classes behind it keep their 0: only that one is "
            "passed over (`continue`, not `break`)")
def precision_stops_at_empty(matrix):
    shares = np.zeros(len(matrix))
    for i in range(len(matrix)):
        if matrix[:, i].sum() == 0:
            break
        shares[i] = matrix[i, i] / matrix[:, i].sum()
    return shares


@bank.wrong("a small number was added above or below the line: it changes the precision of every class; treat the "
            "class that was never called by itself")
def precision_with_tiny_epsilon(matrix):
    return np.diag(matrix) / (matrix.sum(axis=0) + 1e-8)


@bank.wrong("ten classes are written into the code: the matrix says how many there are, len(matrix)")
def precision_of_ten(matrix):
    return np.array([matrix[i, i] / max(matrix[:, i].sum(), 1) for i in range(10)])


# recall


@bank.probe
def recall_of_plain(recall):
    return recall(PLAIN.copy())


@bank.probe
def recall_of_never_called(recall):
    return recall(NEVER_CALLED.copy())


@bank.probe
def recall_without_samples(recall):
    return recall(NO_SAMPLES.copy())


@bank.probe
def recall_of_zeros(recall):
    return recall(ZEROS.copy())


@bank.probe
def recall_first_empty(recall):
    return recall(FIRST_EMPTY.copy())


@bank.probe
def recall_a_little_off(recall):
    return deviates_a_little(recall(FEW.T.copy()), [1.0, 0.5, 0.0])


@bank.right
def recall_by_divide(matrix):
    hits, support = np.diag(matrix), matrix.sum(axis=1)
    return np.divide(hits, support, out=np.zeros(len(matrix)), where=support > 0)


@bank.right
def recall_by_loop(matrix):
    return np.array([row[i] / sum(row) if row.any() else 0.0 for i, row in enumerate(matrix)])


@bank.right
def recall_of_the_transpose(matrix):
    return precision(matrix.T)


@bank.right
def recall_float32(matrix):
    support = np.sum(matrix, axis=1).astype(np.float32)
    support[support == 0] = 1
    return np.diagonal(matrix).astype(np.float32) / support


@bank.wrong("this is precision: recall asks about the samples that ARE i, which is a row of the matrix, not a column")
def recall_along_columns(matrix):
    return np.diag(matrix) / np.maximum(matrix.sum(axis=0), 1)


@bank.wrong("a class without samples gives 0 / 0, which is nan: its recall is 0")
def recall_without_guard(matrix):
    return np.diag(matrix) / matrix.sum(axis=1)


@bank.wrong("precision came back, with nan for a class that was never called: recall divides by the sums of the rows")
def recall_along_columns_without_guard(matrix):
    return np.diag(matrix) / matrix.sum(axis=0)


@bank.wrong("the warning was silenced, but nan came back for a class without samples: its recall is 0")
def recall_silenced_nan(matrix):
    with np.errstate(all="ignore"):
        return np.diag(matrix) / matrix.sum(axis=1)


@bank.wrong("the values are right, but 0 was divided by 0 on the way and NumPy warns: see to it that the division "
            "does not happen")
def recall_mended_afterwards(matrix):
    support = matrix.sum(axis=1)
    return np.where(support > 0, np.diag(matrix) / support, 0.0)


@bank.wrong("a small number was added to the denominator: it changes the recall of every class; treat the class "
            "without samples by itself")
def recall_with_epsilon(matrix):
    return np.diag(matrix) / (matrix.sum(axis=1) + 1e-4)


@bank.wrong("1 was added to every denominator, which makes every recall too small: only a sum of 0 needs another "
            "number there")
def recall_with_plus_1(matrix):
    return np.diag(matrix) / (matrix.sum(axis=1) + 1)


@bank.wrong("the counts were divided by the number of all samples: divide each by the number of samples of its class")
def recall_of_all_samples(matrix):
    return np.diag(matrix) / max(matrix.sum(), 1)


@bank.wrong("the right answers were counted but not divided: recall is a share")
def recall_counts(matrix):
    return np.diag(matrix).astype(float)


@bank.wrong("one number came back, the mean over the classes: each class has its own recall")
def recall_macro(matrix):
    return np.mean(np.diag(matrix) / np.maximum(matrix.sum(axis=1), 1))


@bank.wrong("one number came back, the accuracy: each class has its own recall")
def recall_is_accuracy(matrix):
    return np.trace(matrix) / max(matrix.sum(), 1)


@bank.wrong("the row sums were spread along the columns: pick the diagonal first, or keep the summed axis with length "
            "1")
def recall_matrix_broadcast(matrix):
    return matrix / np.maximum(matrix.sum(axis=1), 1)


@bank.wrong("the whole matrix came back, divided by its row sums: the recalls are its diagonal")
def recall_matrix(matrix):
    return matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)


@bank.wrong("the shares were multiplied by 100: recall goes from 0 to 1")
def recall_percent(matrix):
    return 100 * np.diag(matrix) / np.maximum(matrix.sum(axis=1), 1)


@bank.wrong("this is 1 - recall, the share of the samples that were missed")
def recall_of_mistakes(matrix):
    return (matrix.sum(axis=1) - np.diag(matrix)) / np.maximum(matrix.sum(axis=1), 1)


@bank.wrong("this is 1 - recall, the share of the samples that were missed")
def recall_taken_from_1(matrix):
    return 1 - np.diag(matrix) / np.maximum(matrix.sum(axis=1), 1)


@bank.wrong("`//` or an array of integers cut every share below 1 to 0: use `/` and floats")
def recall_floor(matrix):
    return np.diag(matrix) // np.maximum(matrix.sum(axis=1), 1)


@bank.wrong("right answers were divided by wrong ones: the denominator is every sample of the class, the ones found "
            "included")
def recall_right_to_wrong(matrix):
    return np.diag(matrix) / np.maximum(matrix.sum(axis=1) - np.diag(matrix), 1)


@bank.wrong("a class without samples got the recall 1; it counts as 0 here")
def recall_nothing_is_1(matrix):
    support = matrix.sum(axis=1)
    return np.where(support == 0, 1.0, np.diag(matrix) / np.maximum(support, 1))


@bank.wrong("classes without samples were left out: each class keeps its place, with the share 0")
def recall_drops_classes(matrix):
    support = matrix.sum(axis=1)
    return np.diag(matrix)[support > 0] / support[support > 0]


@bank.wrong("every share was divided by the sum of the first row: each class has its own row")
def recall_of_first_row(matrix):
    return np.diag(matrix) / max(matrix[0].sum(), 1)


@bank.wrong("every class got the same support, the mean of the rows: each has a row sum of its own")
def recall_of_mean_support(matrix):
    return np.diag(matrix) / max(matrix.sum() / len(matrix), 1)


@bank.wrong("a list came back: make a NumPy array of it")
def recall_list(matrix):
    return [float(matrix[i, i] / max(matrix[i].sum(), 1)) for i in range(len(matrix))]


@bank.wrong("your function writes into the matrix that it was given: work on new arrays")
def recall_in_place(matrix):
    empty = matrix.sum(axis=1) == 0
    matrix[empty] = 1
    return np.where(empty, 0.0, np.diag(matrix) / matrix.sum(axis=1))


@bank.wrong("nothing came back: print shows the shares, return gives them to whoever called")
def recall_printed(matrix):
    print(np.diag(matrix) / np.maximum(matrix.sum(axis=1), 1))


@bank.wrong("this is specificity, the share of the OTHER samples that were rightly not called i")
def recall_is_specificity(matrix):
    called = matrix.sum(axis=0) - matrix.diagonal()
    others = matrix.sum() - matrix.sum(axis=1)
    return (others - called) / np.maximum(others, 1)


@bank.wrong("the largest entry of each row was taken: right answers stand on the diagonal")
def recall_of_row_maximum(matrix):
    return matrix.max(axis=1) / np.maximum(matrix.sum(axis=1), 1)


@bank.wrong("the shares came back as a column: the shape is (k,)")
def recall_column(matrix):
    return (matrix.diagonal() / np.maximum(matrix.sum(axis=1), 1)).reshape(-1, 1)


@bank.wrong("the loop ends at a class without samples, so the classes behind it keep their 0: only that one is passed "
            "over (`continue`, not `break`)")
def recall_stops_at_empty(matrix):
    shares = np.zeros(len(matrix))
    for i, row in enumerate(matrix):
        if row.sum() == 0:
            break
        shares[i] = row[i] / row.sum()
    return shares


@bank.wrong("a small number was added above or below the line: it changes the recall of every class; treat the class "
            "without samples by itself")
def recall_with_tiny_epsilon(matrix):
    return np.diag(matrix) / (matrix.sum(axis=1) + 1e-8)


@bank.wrong("ten classes are written into the code: the matrix says how many there are, len(matrix)")
def recall_of_ten(matrix):
    return np.array([matrix[i, i] / max(matrix[i].sum(), 1) for i in range(10)])


# f1


@bank.probe
def f1_of_plain(f1):
    return f1(PLAIN.copy())


@bank.probe
def f1_of_poor(f1):
    return f1(POOR.copy())


@bank.probe
def f1_of_never_called(f1):
    return f1(NEVER_CALLED.copy())


@bank.probe
def f1_never_right(f1):
    return f1(NEVER_RIGHT.copy())


@bank.probe
def f1_of_zeros(f1):
    return f1(ZEROS.copy())


@bank.probe
def f1_first_empty(f1):
    return f1(FIRST_EMPTY.copy())


@bank.probe
def f1_a_little_off(f1):
    matrix = np.array([[1, 0, 0, 0], [0, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0]])
    return deviates_a_little(f1(matrix), [1.0, 0.5, 0.5, 0.0])


@bank.right
def f1_by_where(matrix):
    p, r = precision(matrix), recall(matrix)
    total = np.where(p + r == 0, 1, p + r)
    return 2 * p * r / total


@bank.right
def f1_of_counts(matrix):
    hits = np.diag(matrix)
    missed, invented = matrix.sum(axis=1) - hits, matrix.sum(axis=0) - hits
    return np.divide(2 * hits, 2 * hits + missed + invented, out=np.zeros(len(matrix)), where=hits > 0)


@bank.right
def f1_by_loop(matrix):
    scores = np.zeros(len(matrix))
    for i in range(len(matrix)):
        if matrix[i, i] > 0:
            p, r = matrix[i, i] / matrix[:, i].sum(), matrix[i, i] / matrix[i].sum()
            scores[i] = 2 / (1 / p + 1 / r)
    return scores


@bank.wrong("this is the arithmetic mean of precision and recall: F1 is the harmonic mean, which is closer to the "
            "smaller one")
def f1_arithmetic(matrix):
    return (precision(matrix) + recall(matrix)) / 2


@bank.wrong("this is the geometric mean, the root of precision times recall: F1 is the harmonic mean")
def f1_geometric(matrix):
    return np.sqrt(precision(matrix) * recall(matrix))


@bank.wrong("the factor 2 is missing: without it even a perfect class would have a score of one half")
def f1_without_2(matrix):
    return np.diag(matrix) / np.maximum(matrix.sum(axis=0) + matrix.sum(axis=1), 1)


@bank.wrong("the denominator is missing: precision times recall is divided by precision plus recall")
def f1_product(matrix):
    return 2 * precision(matrix) * recall(matrix)


@bank.wrong("this is precision times recall: the harmonic mean divides twice that by their sum")
def f1_plain_product(matrix):
    return precision(matrix) * recall(matrix)


@bank.wrong("this is the smaller of precision and recall: F1 is near it, but is their harmonic mean")
def f1_minimum(matrix):
    return np.minimum(precision(matrix), recall(matrix))


@bank.wrong("where precision and recall are both 0 you divide 0 by 0, and nan comes back: F1 is 0 there")
def f1_without_guard(matrix):
    p, r = precision(matrix), recall(matrix)
    return 2 * p * r / (p + r)


@bank.wrong("the warning was silenced, but nan came back where precision and recall are both 0: F1 is 0 there")
def f1_silenced_nan(matrix):
    p, r = precision(matrix), recall(matrix)
    with np.errstate(all="ignore"):
        return 2 * p * r / (p + r)


@bank.wrong("the values are right, but something was divided by 0 on the way and NumPy warns: mending afterwards "
            "comes too late, the division must not happen")
def f1_mended_afterwards(matrix):
    p, r = precision(matrix), recall(matrix)
    return np.nan_to_num(2 * p * r / (p + r))


@bank.wrong("the values are right, but something was divided by 0 on the way and NumPy warns: mending afterwards "
            "comes too late, the division must not happen")
def f1_of_reciprocals(matrix):
    return 2 / (1 / precision(matrix) + 1 / recall(matrix))


@bank.wrong("a small number was added to the denominator: it changes the score of every class; treat the case 0 / 0 "
            "by itself")
def f1_with_epsilon(matrix):
    p, r = precision(matrix), recall(matrix)
    return 2 * p * r / (p + r + 1e-4)


@bank.wrong("the denominator may not be raised to 1: precision plus recall is often below 1, and not only where it is "
            "0")
def f1_maximum_of_shares(matrix):
    p, r = precision(matrix), recall(matrix)
    return 2 * p * r / np.maximum(p + r, 1)


@bank.wrong("one number came back, the mean over the classes (macro F1): each class has its own score")
def f1_macro(matrix):
    return np.mean(2 * np.diag(matrix) / np.maximum(matrix.sum(axis=0) + matrix.sum(axis=1), 1))


@bank.wrong("one number came back, computed from all classes together (micro F1, which is the accuracy): each class "
            "has its own score")
def f1_micro(matrix):
    return np.trace(matrix) / max(matrix.sum(), 1)


@bank.wrong("one number came back, the harmonic mean of the mean precision and the mean recall: each class has its "
            "own score")
def f1_of_means(matrix):
    p, r = precision(matrix).mean(), recall(matrix).mean()
    return 2 * p * r / max(p + r, 1e-300)


@bank.wrong("this is the overlap divided by the union (Jaccard's index): the right answers must be counted twice, "
            "above and below the line")
def f1_jaccard(matrix):
    hits = np.diag(matrix)
    return hits / np.maximum(matrix.sum(axis=0) + matrix.sum(axis=1) - hits, 1)


@bank.wrong("parentheses are missing: `/ p + r` divides by p and then adds r")
def f1_precedence(matrix):
    p, r = precision(matrix), recall(matrix)
    return 2 * p * r / np.where(p == 0, 1, p) + r


@bank.wrong("this is F2, which counts recall more: F1 treats both alike")
def f1_is_f2(matrix):
    p, r = precision(matrix), recall(matrix)
    return 5 * p * r / np.where(p + r == 0, 1, 4 * p + r)


@bank.wrong("the counts were divided by the number of all samples: the denominator is made of the class's own row and "
            "column")
def f1_of_all_samples(matrix):
    return 2 * np.diag(matrix) / max(matrix.sum(), 1)


@bank.wrong("the row sums were used twice, which gives recall: F1 needs the column sums too")
def f1_is_recall(matrix):
    return 2 * np.diag(matrix) / np.maximum(2 * matrix.sum(axis=1), 1)


@bank.wrong("the column sums were used twice, which gives precision: F1 needs the row sums too")
def f1_is_precision(matrix):
    return 2 * np.diag(matrix) / np.maximum(2 * matrix.sum(axis=0), 1)


@bank.wrong("this is 1 - F1: a good class must have a score near 1")
def f1_inverted(matrix):
    return 1 - 2 * np.diag(matrix) / np.maximum(matrix.sum(axis=0) + matrix.sum(axis=1), 1)


@bank.wrong("the scores were weighted with the number of samples: each class has a score of its own, between 0 and 1")
def f1_weighted(matrix):
    support = matrix.sum(axis=1)
    return 2 * np.diag(matrix) / np.maximum(matrix.sum(axis=0) + support, 1) * support / max(support.sum(), 1)


@bank.wrong("the scores were multiplied by 100: F1 goes from 0 to 1")
def f1_percent(matrix):
    return 200 * np.diag(matrix) / np.maximum(matrix.sum(axis=0) + matrix.sum(axis=1), 1)


@bank.wrong("`//` or an array of integers cut every score below 1 to 0: use `/` and floats")
def f1_floor(matrix):
    return 2 * np.diag(matrix) // np.maximum(matrix.sum(axis=0) + matrix.sum(axis=1), 1)


@bank.wrong("classes without a right answer were left out: each class keeps its place, with the score 0")
def f1_drops_classes(matrix):
    p, r = precision(matrix), recall(matrix)
    return (2 * p * r)[p + r > 0] / (p + r)[p + r > 0]


@bank.wrong("a class with neither precision nor recall got the score 1; it counts as 0")
def f1_nothing_is_1(matrix):
    p, r = precision(matrix), recall(matrix)
    return np.where(p + r == 0, 1.0, 2 * p * r / np.where(p + r == 0, 1, p + r))


@bank.wrong("the scores were rounded: return them as they are, and round where you print them")
def f1_rounded(matrix):
    return np.round(2 * np.diag(matrix) / np.maximum(matrix.sum(axis=0) + matrix.sum(axis=1), 1), 2)


@bank.wrong("a list came back: make a NumPy array of it")
def f1_list(matrix):
    return [float(2 * matrix[i, i] / max(matrix[i].sum() + matrix[:, i].sum(), 1)) for i in range(len(matrix))]


@bank.wrong("precision, recall and F1 came back together; only F1 is asked for")
def f1_all_three(matrix):
    p, r = precision(matrix), recall(matrix)
    return p, r, 2 * p * r / np.where(p + r == 0, 1, p + r)


@bank.wrong("your function writes into the matrix that it was given: work on new arrays")
def f1_in_place(matrix):
    hits, both = np.diag(matrix).copy(), matrix.sum(axis=0) + matrix.sum(axis=1)
    np.fill_diagonal(matrix, 0)
    return 2 * hits / np.maximum(both, 1)


@bank.wrong("nothing came back: print shows the scores, return gives them to whoever called")
def f1_printed(matrix):
    print(2 * np.diag(matrix) / np.maximum(matrix.sum(axis=0) + matrix.sum(axis=1), 1))


@bank.wrong("all classes got 0 because one of them has no score: only that one is 0")
def f1_all_zero(matrix):
    p = matrix.diagonal() / np.maximum(matrix.sum(axis=0), 1)
    r = matrix.diagonal() / np.maximum(matrix.sum(axis=1), 1)
    return np.zeros(len(matrix)) if (p + r == 0).any() else 2 * p * r / (p + r)


@bank.wrong("the factor 2 is missing, and 0 / 0 gives nan where precision and recall are both 0")
def f1_without_2_or_guard(matrix):
    with np.errstate(all="ignore"):
        p, r = matrix.diagonal() / matrix.sum(axis=0), matrix.diagonal() / matrix.sum(axis=1)
        return p * r / (p + r)


@bank.wrong("the loop ends at a class without a score, so the classes behind it keep their 0: only that one is passed "
            "over (`continue`, not `break`)")
def f1_stops_at_empty(matrix):
    scores = np.zeros(len(matrix))
    for i in range(len(matrix)):
        if matrix[i, i] == 0:
            break
        scores[i] = 2 * matrix[i, i] / (matrix[i].sum() + matrix[:, i].sum())
    return scores


@bank.wrong("a small number was added above or below the line: it changes the score of every class; treat the case "
            "0 / 0 by itself")
def f1_with_tiny_epsilon(matrix):
    p, r = precision(matrix), recall(matrix)
    return 2 * p * r / (p + r + 1e-8)


@bank.wrong("the samples that were missed are not counted below the line: a class's row has a part there as well as "
            "its column")
def f1_without_the_missed(matrix):
    return 2 * np.diag(matrix) / np.maximum(np.diag(matrix) + matrix.sum(axis=0), 1)


@bank.wrong("the row and column sums were multiplied: they are added below the line")
def f1_product_of_sums(matrix):
    return 2 * np.diag(matrix) / np.maximum(matrix.sum(axis=0) * matrix.sum(axis=1), 1)


# worst_mistakes

LABELS = np.array([0, 1, 2, 0, 1, 2, 1, 0, 2, 1])
SAID = np.array([[0.98, 0.01, 0.01], [0.6, 0.3, 0.1], [0.7, 0.1, 0.2], [0.19, 0.8, 0.01], [0.0, 1.0, 0.0],
                 [0.35, 0.36, 0.29], [0.15, 0.0, 0.85], [0.05, 0.02, 0.93], [0.42, 0.4, 0.18], [0.55, 0.44, 0.01]])


def equally_confident(m=200):
    """Labels and probabilities of m samples; most are mistakes, and of their confidences only two differ."""
    i = np.arange(m)
    p = np.where((i % 7 < 3)[:, None], [0.75, 0.25], [0.5, 0.5])
    return np.where(i % 5 == 0, 0, 1), p


@bank.probe
def three_worst(worst_mistakes):
    return worst_mistakes(LABELS.copy(), SAID.copy(), 3)


@bank.probe
def more_than_there_are(worst_mistakes):
    return worst_mistakes(LABELS.copy(), SAID.copy(), 100)


@bank.probe
def none_wanted(worst_mistakes):
    return worst_mistakes(LABELS.copy(), SAID.copy(), 0)


@bank.probe
def many_ties(worst_mistakes):
    return worst_mistakes(*equally_confident(), 120)


@bank.probe
def no_mistakes(worst_mistakes):
    return worst_mistakes(SAID.argmax(axis=1), SAID.copy(), 2)


@bank.probe
def two_classes_alike(worst_mistakes):
    return worst_mistakes(np.array([0, 1, 2]), np.array([[0.4, 0.4, 0.2], [0.4, 0.4, 0.2], [0.1, 0.45, 0.45]]), 3)


@bank.probe
def confidences_close_together(worst_mistakes):
    p = np.array([[0.501, 0.499], [0.504, 0.496], [0.502, 0.498], [0.503, 0.497]])
    return worst_mistakes(np.ones(4, dtype=int), p, 4)


@bank.right
def worst_mistakes_by_python(y, p, n):
    answers = p.argmax(axis=1)
    wrong = [i for i in range(len(y)) if answers[i] != y[i]]
    wrong.sort(key=lambda i: -max(p[i]))
    return np.array(wrong[:n], dtype=int)


@bank.right
def worst_mistakes_by_lexsort(y, p, n):
    wrong, = np.nonzero(np.argmax(p, axis=1) != y)
    return wrong[np.lexsort((wrong, -p.max(axis=1)[wrong]))][:n]


@bank.right
def worst_mistakes_marked(y, p, n):
    wrong = p.argmax(axis=1) != y
    confidence = np.where(wrong, p.max(axis=1), -1.0)
    return np.argsort(-confidence, kind="stable")[: min(n, np.count_nonzero(wrong))]


@bank.right
def worst_mistakes_sorted_first(y, p, n):
    order = np.argsort(1 - p.max(axis=1), kind="mergesort")
    return order[p.argmax(axis=1)[order] != y[order]][:n].astype(np.int32)


@bank.wrong("the least confident mistakes came first: np.argsort sorts upwards, and the largest confidence is wanted "
            "first")
def worst_mistakes_least_first(y, p, n):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    return wrong[np.argsort(p[wrong].max(axis=1), kind="stable")][:n]


@bank.wrong("these are places among the mistakes: use them as an index into the places of the mistakes, to get places "
            "in y")
def worst_mistakes_places_among_mistakes(y, p, n):
    confidence = p.max(axis=1)[p.argmax(axis=1) != y]
    return np.argsort(-confidence, kind="stable")[:n]


@bank.wrong("right answers came back too: first keep the samples whose answer differs from the label")
def worst_mistakes_of_all(y, p, n):
    return np.argsort(-p.max(axis=1), kind="stable")[:n]


@bank.wrong("the right answers were thrown out after cutting to n, so that too few remain: throw them out first")
def worst_mistakes_cut_first(y, p, n):
    top = np.argsort(-p.max(axis=1), kind="stable")[:n]
    return top[p.argmax(axis=1)[top] != y[top]]


@bank.wrong("the mistakes came back in the order of the data: sort them by confidence before you cut")
def worst_mistakes_unsorted(y, p, n):
    return np.flatnonzero(p.argmax(axis=1) != y)[:n]


@bank.wrong("the right mistakes were found, but sorted by place at the end: the most confident comes first")
def worst_mistakes_sorted_by_place(y, p, n):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    return np.sort(wrong[np.argsort(-p[wrong].max(axis=1), kind="stable")][:n])


@bank.wrong("the samples were sorted by the probability of the TRUE class, which is another question (the largest "
            "loss): confidence is the probability of the answer that the model gave")
def worst_mistakes_by_loss(y, p, n):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    return wrong[np.argsort(p[wrong, y[wrong]], kind="stable")][:n]


@bank.wrong("the samples were sorted by the lead of the answer over the true class: confidence is the probability of "
            "the answer alone")
def worst_mistakes_by_margin(y, p, n):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    return wrong[np.argsort(p[wrong, y[wrong]] - p[wrong].max(axis=1), kind="stable")][:n]


@bank.wrong("equally confident mistakes are in the wrong order, the lower place comes first: reversing a sorted array "
            "reverses ties as well, so sort the negative confidences instead, with kind='stable'")
def worst_mistakes_reversed(y, p, n):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    return wrong[np.argsort(p[wrong].max(axis=1), kind="stable")[::-1]][:n]


@bank.wrong("equally confident mistakes are in no certain order: np.argsort keeps the order of ties with "
            "kind='stable' only")
def worst_mistakes_unstable(y, p, n):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    return wrong[np.argsort(-p[wrong].max(axis=1))][:n]


@bank.wrong("the confidences came back; their places are asked for")
def worst_mistakes_confidences(y, p, n):
    return -np.sort(-p.max(axis=1)[p.argmax(axis=1) != y])[:n]


@bank.wrong("True and False came back, one for each sample; the places of the mistakes are asked for, in order")
def worst_mistakes_mask(y, p, n):
    return p.argmax(axis=1) != y


@bank.wrong("where there are fewer than n mistakes, right answers fill up the rest: return fewer than n places")
def worst_mistakes_filled_up(y, p, n):
    confidence = np.where(p.argmax(axis=1) != y, p.max(axis=1), 0.0)
    return np.argsort(-confidence, kind="stable")[:n]


@bank.wrong("cutting from the end with [-n:] gives everything for n = 0, because -0 is 0; and reversing the rest "
            "reverses ties: sort downwards and cut from the front")
def worst_mistakes_cut_from_the_end(y, p, n):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    return wrong[np.argsort(p[wrong].max(axis=1), kind="stable")][-n:][::-1]


@bank.wrong("the n most confident mistakes came back with the least confident of them first")
def worst_mistakes_upwards(y, p, n):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    return wrong[np.argsort(-p[wrong].max(axis=1), kind="stable")][:n][::-1]


@bank.wrong("argmax and max went down the columns (axis=0): each row is one sample, so both need axis=1")
def worst_mistakes_columns(y, p, n):
    wrong = np.flatnonzero(p.argmax(axis=0) != y)
    return wrong[np.argsort(-p.max(axis=0)[wrong], kind="stable")][:n]


@bank.wrong("all mistakes came back: the argument n says how many are wanted")
def worst_mistakes_without_n(y, p, n):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    return wrong[np.argsort(-p[wrong].max(axis=1), kind="stable")]


@bank.wrong("one place too many came back: [:n] are already n of them")
def worst_mistakes_n_plus_1(y, p, n):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    return wrong[np.argsort(-p[wrong].max(axis=1), kind="stable")][: n + 1]


@bank.wrong("one place too few came back: [:n] are n of them, [:n - 1] is one less")
def worst_mistakes_n_minus_1(y, p, n):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    return wrong[np.argsort(-p[wrong].max(axis=1), kind="stable")][: max(n - 1, 0)]


@bank.wrong("the most confident mistake is missing: Python counts from 0, so the cut begins at 0")
def worst_mistakes_without_first(y, p, n):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    return wrong[np.argsort(-p[wrong].max(axis=1), kind="stable")][1 : n + 1]


@bank.wrong("the answers that the model gave came back; the places of these samples are asked for")
def worst_mistakes_answers(y, p, n):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    return p[wrong].argmax(axis=1)[np.argsort(-p[wrong].max(axis=1), kind="stable")][:n]


@bank.wrong("the labels of these samples came back; their places are asked for")
def worst_mistakes_labels(y, p, n):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    return y[wrong[np.argsort(-p[wrong].max(axis=1), kind="stable")][:n]]


@bank.wrong("mistakes with a confidence below one half were left out: the largest probability is the answer, however "
            "small it is")
def worst_mistakes_above_half(y, p, n):
    wrong = np.flatnonzero((p.argmax(axis=1) != y) & (p.max(axis=1) > 0.5))
    return wrong[np.argsort(-p[wrong].max(axis=1), kind="stable")][:n]


@bank.wrong("a sample is a mistake if another class has the largest probability, not already if the true class has "
            "less than one half")
def worst_mistakes_true_below_half(y, p, n):
    wrong = np.flatnonzero(p[np.arange(len(y)), y] < 0.5)
    return wrong[np.argsort(-p[wrong].max(axis=1), kind="stable")][:n]


@bank.wrong("right answers came back instead of mistakes: keep the samples whose answer DIFFERS from the label")
def worst_mistakes_right_ones(y, p, n):
    right = np.flatnonzero(p.argmax(axis=1) == y)
    return right[np.argsort(-p[right].max(axis=1), kind="stable")][:n]


@bank.wrong("of equal probabilities you take the last as the answer; argmax, and this course, take the first")
def worst_mistakes_last_of_equal(y, p, n):
    answers = p.shape[1] - 1 - p[:, ::-1].argmax(axis=1)
    wrong = np.flatnonzero(answers != y)
    return wrong[np.argsort(-p[wrong].max(axis=1), kind="stable")][:n]


@bank.wrong("a mistake is a sample whose ANSWER differs from the label; where two classes share the largest "
            "probability, comparing probabilities instead of classes misses it")
def worst_mistakes_by_probability(y, p, n):
    wrong = np.flatnonzero(p[np.arange(len(y)), y] < p.max(axis=1))
    return wrong[np.argsort(-p[wrong].max(axis=1), kind="stable")][:n]


@bank.wrong("the places have two axes: np.argwhere and np.column_stack make columns, a single row of integers is "
            "asked for")
def worst_mistakes_two_axes(y, p, n):
    wrong = np.argwhere(p.argmax(axis=1) != y)
    return wrong[np.argsort(-p[wrong[:, 0]].max(axis=1), kind="stable")][:n]


@bank.wrong("a list came back: make a NumPy array of it, with an integer dtype")
def worst_mistakes_list(y, p, n):
    wrong = [i for i in range(len(y)) if p[i].argmax() != y[i]]
    return sorted(wrong, key=lambda i: -p[i].max())[:n]


@bank.wrong("without mistakes an empty array of floats came back, which cannot be an index: give np.array the dtype "
            "int")
def worst_mistakes_empty_floats(y, p, n):
    wrong = [i for i in range(len(y)) if p[i].argmax() != y[i]]
    return np.array(sorted(wrong, key=lambda i: -p[i].max())[:n])


@bank.wrong("your function writes into p: work on a copy, the probabilities are needed afterwards")
def worst_mistakes_in_place(y, p, n):
    wrong = p.argmax(axis=1) != y
    p[~wrong] = 0.0
    return np.argsort(-p.max(axis=1), kind="stable")[: min(n, wrong.sum())]


@bank.wrong("nothing came back: print shows the places, return gives them to whoever called")
def worst_mistakes_printed(y, p, n):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    print(wrong[np.argsort(-p[wrong].max(axis=1), kind="stable")][:n])


@bank.wrong("one number came back, the share or the count of the mistakes; their places are asked for")
def worst_mistakes_share(y, p, n):
    return 1 - accuracy(y, p)


@bank.wrong("only the first n mistakes were looked at: sort ALL mistakes, then cut to n")
def worst_mistakes_cut_before_sorting(y, p, n):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)[:n]
    return wrong[np.argsort(-p[wrong].max(axis=1), kind="stable")]


@bank.wrong("the places stand in a column: np.argwhere gives two axes, np.flatnonzero one")
def worst_mistakes_argwhere(y, p, n):
    return np.argwhere(p.argmax(axis=1) != y)[:n]


@bank.wrong("a tuple came back: np.where gives one array an axis, so take its first, np.where(...)[0]")
def worst_mistakes_tuple(y, p, n):
    return np.where(p.argmax(axis=1) != y)


@bank.wrong("the confidences were rounded before sorting, which makes ties of what is none")
def worst_mistakes_rounded(y, p, n):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    return wrong[np.argsort(-np.round(p[wrong].max(axis=1), 2), kind="stable")][:n]


@bank.wrong("True and False came back, one for each sample; the places of the mistakes are asked for, in order")
def worst_mistakes_mask_cut(y, p, n):
    return (p.argmax(axis=1) != y)[:n]


@bank.wrong("the samples were sorted by how unevenly all probabilities are spread: confidence is the largest of them "
            "alone")
def worst_mistakes_by_entropy(y, p, n):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    spread = -(p[wrong] * np.log(p[wrong] + 1e-12)).sum(axis=1)
    return wrong[np.argsort(spread, kind="stable")][:n]


@bank.wrong("the samples were sorted by the probability of the TRUE class, and the largest came first: confidence is "
            "the probability of the answer that the model gave")
def worst_mistakes_by_the_true_class(y, p, n):
    wrong = np.flatnonzero(p.argmax(axis=1) != y)
    return wrong[np.argsort(-p[wrong, y[wrong]], kind="stable")][:n]


@bank.wrong("these are places among the mistakes, the least confident first: sort downwards, and use the places as an "
            "index into the places of the mistakes")
def worst_mistakes_least_among_mistakes(y, p, n):
    return np.argsort(p.max(axis=1)[p.argmax(axis=1) != y])[:n]
