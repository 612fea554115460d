"""The digit pad's part of the build: the network is trained once, repeatably, and only pages with a pad load it."""

import sys
from pathlib import Path

import numpy as np
import pytest
from sphinx.testing.util import SphinxTestApp

from solutions.data import load_mnist

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "book/_ext"))
import digit_pad_network as pad  # noqa: E402

CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book/_ext")!r})
extensions = ["myst_parser", "digit_pad"]
myst_enable_extensions = ["colon_fence"]
html_theme = "basic"
"""


@pytest.fixture
def few(monkeypatch):
    """Training on 200 images only, and not for long."""
    (x, y), (x_test, y_test) = load_mnist(small=True)
    monkeypatch.setattr(pad, "load_mnist", lambda: ((x[:200], y[:200]), (x_test[:300], y_test[:300])))
    monkeypatch.setattr(pad, "IMAGES", 600)


@pytest.fixture
def network():
    """A PadNetwork that nobody trained."""
    rng = np.random.default_rng(0)
    params = [(rng.normal(size=(n, m)).astype(np.float32), rng.normal(size=m).astype(np.float32))
              for n, m in ((784, 100), (100, 10))]
    return pad.PadNetwork(params, np.zeros((10, 3, 28, 28), np.uint8), 4000, 1000, 965, 12, "some digits")


@pytest.fixture
def build(tmp_path, monkeypatch, network):
    """A function that builds a page with a pad and one without; returns the site's folder and the warnings."""
    trainings, apps = [], []
    monkeypatch.setattr(pad, "train", lambda: trainings.append(1) or network)
    source = tmp_path / "source"

    def build(text):
        (source / "solutions").mkdir(parents=True, exist_ok=True)
        (source / "conf.py").write_text(CONF)
        (source / "index.md").write_text(text)
        (source / "other.md").write_text("---\norphan: true\n---\n# Other\n")
        app = SphinxTestApp(srcdir=source, builddir=tmp_path / "out")
        apps.append(app)
        app.build()
        return Path(app.outdir), app.warning.getvalue()
    build.trainings = trainings
    build.source = source
    yield build
    for app in apps:
        app.cleanup()


def test_training_twice_gives_the_same_network(few):
    one, two = pad.train(), pad.train()
    assert one.facts() == two.facts()
    assert one.weights() == two.weights()


def test_training_learns_and_says_on_how_many_images(few):
    facts = pad.train().facts()
    assert (facts["n_train"], facts["n_test"], facts["rounds"]) == (200, 300, 3)
    assert 150 < facts["right"] <= 300         # guessing gets 30


def test_the_samples_are_the_first_test_images_of_each_digit(few):
    samples = pad.train().samples
    _, (x, y) = load_mnist(small=True)
    for digit in range(10):
        np.testing.assert_array_equal(samples[digit], x[:300][y[:300] == digit][:3])


class Still:
    """A generator of random numbers without any chance in it."""

    def normal(self, mean, deviation, size):
        return np.full(size, float(mean))


def test_a_distortion_by_nothing_leaves_the_image():
    images = np.random.default_rng(0).random((3, 28, 28), np.float32)
    np.testing.assert_allclose(pad.distort(images, Still()), images, atol=1e-5)


def test_distorted_digits_stay_images_of_about_as_much_ink():
    (x, _), _ = load_mnist(small=True)
    images = x[:700].astype(np.float32) / 255
    distorted = pad.distort(images, np.random.default_rng(0))
    assert distorted.shape == images.shape
    assert distorted.dtype == np.float32
    assert distorted.min() >= 0
    assert distorted.max() <= 1.0001
    assert abs(distorted.mean() / images.mean() - 1) < 0.05
    assert np.abs(distorted - images).mean() > 0.02


def test_the_weights_file_holds_both_layers_row_by_row_in_float16(network):
    numbers = np.frombuffer(network.weights(), "<f2")
    (W1, b1), (W2, b2) = network.params
    assert len(numbers) == 79_510
    np.testing.assert_array_equal(numbers[:78_400].reshape(784, 100), W1.astype(np.float16))
    np.testing.assert_array_equal(numbers[78_400:78_500], b1.astype(np.float16))
    np.testing.assert_array_equal(numbers[78_500:79_500].reshape(100, 10), W2.astype(np.float16))
    np.testing.assert_array_equal(numbers[79_500:], b2.astype(np.float16))


def test_a_kept_network_comes_back_for_its_mark_only(tmp_path, network):
    path = tmp_path / "new" / "network.npz"
    assert pad.load(path, "mark") is None
    pad.save(path, network, "mark")
    assert pad.load(path, "mark").facts() == network.facts()
    assert pad.load(path, "mark").weights() == network.weights()
    assert pad.load(path, "another") is None


def test_other_digits_or_another_reference_need_another_network(tmp_path, monkeypatch):
    monkeypatch.delenv("MNIST_PATH", raising=False)
    (tmp_path / "network.py").write_text("a = 1")
    first = pad.fingerprint(tmp_path)
    assert pad.fingerprint(tmp_path) == first
    monkeypatch.setenv("MNIST_PATH", str(tmp_path / "mnist.npz"))
    absent = pad.fingerprint(tmp_path)
    (tmp_path / "mnist.npz").write_bytes(b"digits")
    present = pad.fingerprint(tmp_path)
    (tmp_path / "network.py").write_text("a = 2")
    assert len({first, absent, present, pad.fingerprint(tmp_path)}) == 4


@pytest.mark.parametrize(("n", "words"), [(4000, "4,000 of MNIST's 60,000 training images"),
                                          (60_000, "MNIST's 60,000 training images")])
def test_the_text_says_how_much_of_mnist_the_network_has_seen(network, n, words):
    assert network._replace(n_train=n).facts()["images"] == words


def test_a_second_build_trains_nothing(build):
    for _ in range(2):
        build("# Page\n\n:::{digit-pad}\n:::\n")
    assert build.trainings == [1]


def test_a_page_is_written_anew_when_its_network_changes(build, monkeypatch, network):
    build("# Page\n\n{pad}`right`\n")
    monkeypatch.setattr(pad, "train", lambda: network._replace(right=971))
    (build.source / "solutions" / "network.py").write_text("changed = True")
    out, _ = build("# Page\n\n{pad}`right`\n")
    assert "971" in (out / "index.html").read_text()


def test_the_pad_s_numbers_and_text_stand_in_the_page(build):
    out, warnings = build("# Page\n\n:::{digit-pad}\nRight: {pad}`right` after {pad}`n_train` of {pad}`source`.\n:::\n")
    assert warnings == ""
    page = (out / "index.html").read_text()
    assert "Right: 965 after 4,000 of some digits." in page
    assert "<noscript><p>Drawing needs JavaScript" in page


def test_only_a_page_with_a_pad_loads_its_script_and_style(build):
    out, _ = build("# Page\n\n:::{digit-pad}\n:::\n")
    names = ("digit-pad/pad.js", "digit-pad/digit-pad.css")
    assert all(name in (out / "index.html").read_text() for name in names)
    assert not any(name in (out / "other.html").read_text() for name in names)


def test_the_site_carries_weights_and_samples(build, network):
    out, _ = build("# Page\n\n:::{digit-pad}\n:::\n")
    folder = out / "_static" / "digit-pad"
    assert (folder / "network.bin").read_bytes() == network.weights()
    assert (folder / "samples.bin").stat().st_size == 10 * 3 * 784


def test_a_fact_that_the_pad_does_not_have_is_a_warning(build):
    _, warnings = build("# Page\n\n{pad}`wrong`\n")
    assert "the pad's facts are n_train, n_test, right, rounds, source, images, got 'wrong'" in warnings
