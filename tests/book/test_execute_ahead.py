"""Pages are executed before Sphinx reads them, into the cache that MyST-NB looks at, and only where that is needed."""

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest
from jupyter_cache import get_cache
from myst_nb.core.config import NbParserConfig
from myst_nb.core.read import create_nb_reader
from myst_parser.config.main import MdParserConfig

EXTENSION = Path(__file__).resolve().parents[2] / "book" / "_ext" / "execute_ahead.py"
HEAD = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n  display_name: Python 3\n---\n"
CODE = HEAD + "# Title\n\n```{code-cell} python\nprint(6 * 7)\n```\n"


@pytest.fixture
def execute_ahead():
    spec = importlib.util.spec_from_file_location("execute_ahead", EXTENSION)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def site(tmp_path):
    """A folder with a page that runs code, one whose code fails, and one without code; and what Sphinx hands over."""
    (tmp_path / "runs.md").write_text(CODE)
    (tmp_path / "fails.md").write_text(CODE.replace("6 * 7", "1 / 0"))
    (tmp_path / "text.md").write_text("# Only words")
    config = NbParserConfig(execution_mode="cache", execution_cache_path=str(tmp_path / "cache"))
    env = SimpleNamespace(mystnb_config=config, myst_config=MdParserConfig(),
                          doc2path=lambda name: tmp_path / f"{name}.md")
    return SimpleNamespace(srcdir=tmp_path), env


def cached(site, name):
    app, env = site
    text = (app.srcdir / f"{name}.md").read_text()
    notebook = create_nb_reader(f"{name}.md", env.myst_config, env.mystnb_config, text).read(text)
    cache = get_cache(env.mystnb_config.execution_cache_path)
    return cache.merge_match_into_notebook(notebook)[1].cells[-1].outputs


def test_a_page_is_found_in_the_cache_afterwards_and_not_executed_again(execute_ahead, site, monkeypatch):
    execute_ahead.execute_ahead(*site, ["text", "runs"])
    assert cached(site, "runs")[0]["text"] == "42\n"
    monkeypatch.setattr(execute_ahead, "single_nb_execution", lambda *_, **__: pytest.fail("executed again"))
    execute_ahead.execute_ahead(*site, ["text", "runs"])


def test_a_page_that_fails_is_left_to_the_build(execute_ahead, site):
    execute_ahead.execute_ahead(*site, ["fails", "runs"])
    assert cached(site, "runs")
    with pytest.raises(KeyError):
        cached(site, "fails")


def test_nothing_is_executed_unless_pages_are_cached(execute_ahead, site, monkeypatch):
    app, env = site
    monkeypatch.setattr(execute_ahead, "single_nb_execution", lambda *_, **__: pytest.fail("executed"))
    env.mystnb_config = NbParserConfig(execution_mode="off")
    execute_ahead.execute_ahead(app, env, ["runs"])
