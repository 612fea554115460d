import warnings

import numpy as np
import pytest

from solutions.evaluation import (
    accuracy,
    confusion_matrix,
    f1,
    interval,
    per_class,
    precision,
    recall,
    standard_error,
    worst_mistakes,
)


@pytest.fixture
def answers(rng):
    """300 labels of 5 classes, of which class 3 never occurs, and outputs that are right now and then."""
    y = rng.choice([0, 1, 2, 4], size=300)
    return y, rng.normal(size=(300, 5)) + 1.5 * np.eye(5)[y]


def test_accuracy_is_that_of_keras(keras, answers):
    y, p = answers
    metric = keras.metrics.SparseCategoricalAccuracy()
    metric.update_state(y, p)
    np.testing.assert_allclose(accuracy(y, p), float(metric.result()), rtol=1e-6)


def test_accuracy_by_hand_needs_no_output_above_one_half():
    p = np.array([[0.4, 0.3, 0.3], [0.1, 0.8, 0.1], [0.5, 0.3, 0.2], [0.2, 0.2, 0.6]])
    assert accuracy(np.array([0, 1, 2, 0]), p) == 0.5


def test_accuracy_takes_labels_as_a_column():
    assert accuracy(np.array([[0], [1], [0]]), np.eye(3)[[0, 1, 2]]) == pytest.approx(2 / 3)


def test_of_equal_outputs_the_first_counts():
    assert accuracy(np.array([0, 1]), np.ones((2, 2))) == 0.5


def test_confusion_matrix_is_that_of_tensorflow(keras, answers):
    import tensorflow as tf

    y, p = answers
    matrix = confusion_matrix(y, p.argmax(axis=1), 5)
    np.testing.assert_array_equal(matrix, tf.math.confusion_matrix(y, p.argmax(axis=1), 5))
    assert matrix.dtype.kind == "i"


def test_confusion_matrix_has_true_classes_in_rows_and_counts_repeated_pairs():
    np.testing.assert_array_equal(confusion_matrix([0, 0, 0, 2], [1, 1, 0, 2], 4),
                                  [[1, 2, 0, 0], [0, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]])


def test_confusion_matrix_takes_uint8_labels_of_many_classes():
    assert confusion_matrix(np.array([19], np.uint8), np.array([18], np.uint8), 20)[19, 18] == 1


@pytest.mark.parametrize("wrong", [-1, 3])
def test_confusion_matrix_refuses_classes_that_are_not_there(wrong):
    with pytest.raises(ValueError, match="classes must be 0 to 2"):
        confusion_matrix([0, 1], [0, wrong], 3)


def test_confusion_matrix_refuses_outputs_instead_of_classes():
    with pytest.raises(ValueError, match="take argmax"):
        confusion_matrix(np.array([0, 1]), np.eye(2), 2)


def test_scores_are_those_of_scikit_learn(answers):
    from sklearn.metrics import precision_recall_fscore_support

    y, p = answers
    expected = precision_recall_fscore_support(y, p.argmax(axis=1), labels=range(5), zero_division=0)
    for ours, theirs in zip(per_class(confusion_matrix(y, p.argmax(axis=1), 5)), expected, strict=True):
        np.testing.assert_allclose(ours, theirs)


def test_scores_of_a_class_that_never_occurs_are_zero_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scores = per_class(confusion_matrix([0, 0], [0, 0], 2))
    assert [float(share[1]) for share in scores] == [0, 0, 0, 0]
    assert [float(share[0]) for share in scores] == [1, 1, 1, 2]


def test_precision_looks_down_a_column_and_recall_along_a_row():
    matrix = np.array([[8, 2], [0, 10]])
    np.testing.assert_allclose(precision(matrix), [1, 10 / 12])
    np.testing.assert_allclose(recall(matrix), [0.8, 1])
    np.testing.assert_allclose(f1(matrix), [16 / 18, 20 / 22])


def test_f1_is_the_harmonic_mean_of_precision_and_recall(rng):
    matrix = rng.integers(1, 9, size=(4, 4))
    np.testing.assert_allclose(1 / f1(matrix), (1 / precision(matrix) + 1 / recall(matrix)) / 2)


def test_the_mean_recall_weighted_by_support_is_the_accuracy(answers):
    y, p = answers
    scores = per_class(confusion_matrix(y, p.argmax(axis=1), 5))
    assert np.average(scores.recall, weights=scores.support) == pytest.approx(accuracy(y, p))


def test_worst_mistakes_by_hand():
    y = np.array([0, 1, 2, 0, 1])
    p = np.array([[0.9, 0.1, 0.0], [0.6, 0.3, 0.1], [0.8, 0.1, 0.1], [0.2, 0.8, 0.0], [0.2, 0.7, 0.1]])
    assert worst_mistakes(y, p, 2).tolist() == [2, 3]
    assert worst_mistakes(y, p, 9).tolist() == [2, 3, 1]
    assert worst_mistakes(y, p, 0).tolist() == []


def test_of_equal_outputs_the_first_is_the_answer_whose_mistakes_count():
    assert worst_mistakes(np.array([0, 1]), np.full((2, 2), 0.5), 2).tolist() == [1]


def test_no_mistakes_are_an_array_that_can_be_an_index():
    worst = worst_mistakes(np.array([0, 1]), np.eye(2), 3)
    assert worst.tolist() == []
    assert worst.dtype.kind == "i"


def test_standard_error_by_hand_and_as_drawn_samples_scatter(rng):
    assert standard_error(0.9, 900) == pytest.approx(0.01)
    shares = rng.binomial(900, 0.9, size=40_000) / 900
    assert shares.std() == pytest.approx(standard_error(0.9, 900), rel=0.02)


@pytest.mark.parametrize(("hits", "n"), [(9750, 10_000), (924, 1000), (0, 20), (20, 20), (1, 1)])
def test_interval_is_the_wilson_interval_of_scipy(hits, n):
    from scipy.stats import binomtest, norm

    expected = binomtest(hits, n).proportion_ci(confidence_level=2 * norm.cdf(1.96) - 1, method="wilson")
    low, high = interval(hits / n, n)
    np.testing.assert_allclose((low, high), expected, atol=1e-12)
    assert 0 <= low < high <= 1


def test_at_ten_thousand_images_the_interval_is_three_tenths_of_a_point_wide_on_each_side():
    low, high = interval(0.975, 10_000)
    assert high - low == pytest.approx(0.006, abs=2e-4)


@pytest.mark.parametrize(("share", "n"), [(97.5, 10_000), (-0.1, 10), (0.5, 0)])
def test_interval_refuses_percentages_and_empty_samples(share, n):
    with pytest.raises(ValueError, match="divide a percentage by 100"):
        interval(share, n)
