"""The numbers of a page are measured anew when the reference or the digits change, and only then."""

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest

EXTENSION = Path(__file__).resolve().parents[2] / "book" / "_ext" / "fresh_numbers.py"


@pytest.fixture
def fresh_numbers():
    spec = importlib.util.spec_from_file_location("fresh_numbers", EXTENSION)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def site(tmp_path):
    """What the extension asks of Sphinx: a source folder, a build folder, the pages."""
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "activations.py").write_text("relu = abs")
    (tmp_path / "_build" / ".jupyter_cache").mkdir(parents=True)
    app = SimpleNamespace(srcdir=tmp_path, doctreedir=tmp_path / "_build" / ".doctrees")
    env = SimpleNamespace(found_docs={"book/keras", "lessons/02_activations/lesson"})
    return app, env


def build(fresh_numbers, site):
    app, env = site
    stale = fresh_numbers.forget(app, env, set(), set(), set())
    fresh_numbers.remember(app, None)
    return sorted(stale)


def test_an_unchanged_reference_keeps_the_cache(fresh_numbers, site):
    build(fresh_numbers, site)
    (site[0].srcdir / "_build" / ".jupyter_cache").mkdir()
    assert build(fresh_numbers, site) == []
    assert (site[0].srcdir / "_build" / ".jupyter_cache").exists()


def test_a_changed_reference_makes_the_pages_stale(fresh_numbers, site):
    build(fresh_numbers, site)
    (site[0].srcdir / "_build" / ".jupyter_cache").mkdir()
    (site[0].srcdir / "solutions" / "activations.py").write_text("relu = max")
    assert build(fresh_numbers, site) == ["book/keras", "lessons/02_activations/lesson"]
    assert not (site[0].srcdir / "_build" / ".jupyter_cache").exists()


def test_other_digits_make_the_pages_stale(fresh_numbers, site, monkeypatch):
    monkeypatch.delenv("MNIST_PATH", raising=False)
    build(fresh_numbers, site)
    monkeypatch.setenv("MNIST_PATH", "elsewhere.npz")
    assert build(fresh_numbers, site) == ["book/keras", "lessons/02_activations/lesson"]


def test_a_failed_build_is_measured_again(fresh_numbers, site):
    app, env = site
    fresh_numbers.forget(app, env, set(), set(), set())
    fresh_numbers.remember(app, RuntimeError("a cell failed"))
    stale = fresh_numbers.forget(app, env, set(), set(), set())
    assert sorted(stale) == ["book/keras", "lessons/02_activations/lesson"]
