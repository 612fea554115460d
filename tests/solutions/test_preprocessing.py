import numpy as np
import pytest

from solutions.preprocessing import flatten, one_hot, prepare, scale, standardise, stratified_split, train_val_split

SPLITS = pytest.mark.parametrize("split", [train_val_split, stratified_split])


@pytest.fixture
def sorted_data():
    """100 images sorted by class; the image of row i holds the number i, its label is i // 10."""
    return np.arange(100).reshape(-1, 1), np.arange(100) // 10


def test_scale_maps_0_to_0_and_255_to_1_as_float32():
    pixels = np.array([[0, 51, 255]], np.uint8)
    scaled = scale(pixels)
    assert scaled.dtype == np.float32
    np.testing.assert_allclose(scaled, [[0, 0.2, 1]])
    np.testing.assert_array_equal(pixels, [[0, 51, 255]])


def test_flatten_reads_line_by_line():
    np.testing.assert_array_equal(flatten(np.arange(12).reshape(2, 2, 3)), [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]])


def test_flatten_is_the_flatten_layer_of_keras(keras, rng):
    x = rng.random((3, 28, 28), dtype=np.float32)
    np.testing.assert_array_equal(flatten(x), keras.layers.Flatten()(x))


def test_prepare_scales_and_flattens(rng):
    x = rng.integers(0, 256, size=(3, 28, 28), dtype=np.uint8)
    prepared = prepare(x)
    assert (prepared.shape, prepared.dtype) == ((3, 784), np.float32)
    np.testing.assert_allclose(prepared[2, 28 * 5 + 7], x[2, 5, 7] / 255)


def test_prepare_takes_a_dark_batch_as_it_is():
    np.testing.assert_allclose(prepare(np.full((1, 28, 28), 51, np.uint8)), np.full((1, 784), 0.2))


def test_one_hot_is_that_of_keras(keras):
    y = np.array([2, 0, 2, 1])
    expected = np.asarray(keras.ops.one_hot(y, 5))
    np.testing.assert_array_equal(one_hot(y, 5), expected)
    assert one_hot(y, 5).dtype == expected.dtype


def test_one_hot_takes_uint8_labels_and_none_at_all():
    np.testing.assert_array_equal(one_hot(np.array([1], np.uint8), 3), [[0, 1, 0]])
    assert one_hot(np.array([], int), 3).shape == (0, 3)


@pytest.mark.parametrize("label", [-1, 3])
def test_one_hot_refuses_a_label_outside_the_classes(label):
    with pytest.raises(ValueError, match=r"labels must be 0 to 2, got .*k is the number of classes"):
        one_hot(np.array([0, label]), 3)


@SPLITS
def test_split_keeps_pairs_together_and_loses_nothing(sorted_data, rng, split):
    x, y = sorted_data
    x_train, x_val, y_train, y_val = split(x, y, 0.2, rng)
    assert (len(x_train), len(x_val)) == (80, 20)
    np.testing.assert_array_equal(x_train[:, 0] // 10, y_train)
    np.testing.assert_array_equal(x_val[:, 0] // 10, y_val)
    np.testing.assert_array_equal(np.sort(np.concatenate([x_train, x_val])[:, 0]), np.arange(100))


@SPLITS
def test_split_shuffles_both_parts(sorted_data, rng, split):
    _, _, y_train, y_val = split(*sorted_data, 0.2, rng)
    assert len(set(y_train[:20])) >= 5
    assert len(set(y_val)) >= 5
    assert (np.diff(y_train) < 0).any()
    assert (np.diff(y_val) < 0).any()


@SPLITS
def test_split_follows_its_generator_and_leaves_the_global_one_alone(sorted_data, split):
    state = np.random.get_state()[1].copy()
    first, again, other = (split(*sorted_data, 0.2, np.random.default_rng(seed))[0] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    np.testing.assert_array_equal(np.random.get_state()[1], state)


@SPLITS
def test_split_changes_no_argument(sorted_data, rng, split):
    x, y = sorted_data
    split(x, y, 0.3, rng)
    np.testing.assert_array_equal(x[:, 0], np.arange(100))
    np.testing.assert_array_equal(y, np.arange(100) // 10)


def test_stratified_split_takes_its_share_of_every_class(rng):
    y = np.repeat([0, 1, 2], [10, 50, 40])
    _, _, y_train, y_val = stratified_split(np.zeros((100, 1)), y, 0.2, rng)
    np.testing.assert_array_equal(np.bincount(y_val), [2, 10, 8])
    np.testing.assert_array_equal(np.bincount(y_train), [8, 40, 32])


@SPLITS
def test_split_refuses_images_and_labels_of_different_lengths(rng, split):
    with pytest.raises(ValueError, match="one length, got 3 and 2"):
        split(np.zeros((3, 1)), np.zeros(2, int), 0.5, rng)


@SPLITS
@pytest.mark.parametrize("val_fraction", [0, 1, 1.5, -0.2, 0.01])
def test_split_refuses_a_fraction_that_leaves_one_part_empty(rng, split, val_fraction):
    with pytest.raises(ValueError, match=r"leave samples on both sides.*0\.2 is usual"):
        split(np.zeros((10, 1)), np.zeros(10, int), val_fraction, rng)


def test_stratified_split_refuses_a_class_with_one_sample(rng):
    with pytest.raises(ValueError, match="smallest class"):
        stratified_split(np.zeros((5, 1)), np.array([0, 0, 0, 0, 1]), 0.2, rng)


def test_standardise_gives_the_training_set_mean_0_and_deviation_1(rng):
    train, test = rng.random((50, 20)), rng.random((10, 20))
    new_train, new_test = standardise(train, test)
    np.testing.assert_allclose([new_train.mean(), new_train.std()], [0, 1], atol=1e-12)
    np.testing.assert_allclose(new_test, (test - train.mean()) / train.std())


def test_standardise_keeps_float32(rng):
    assert all(x.dtype == np.float32 for x in standardise(rng.random((5, 4), dtype=np.float32), np.ones(3, np.float32)))


@pytest.mark.parametrize("value", [0.0, 0.1])     # rounding gives the second one a deviation of 1e-17
def test_standardise_refuses_a_constant_training_set(value):
    with pytest.raises(ValueError, match=rf"must vary, got {value} everywhere"):
        standardise(np.full((5, 4), value), np.ones((2, 4)))
