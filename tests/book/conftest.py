"""The site as it is published, built from a copy of the repository that has another address, unexecuted."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXTENSIONS = ROOT / "book" / "_ext"
URL = "https://github.com/Some-One/another-course"


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """`tree`: the folder with the branches; `log`: what the build said; `site`: the address that follows from URL."""
    root = tmp_path_factory.mktemp("copy")
    for folder in ("book", "lessons", "solutions", "autograder"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    config = (ROOT / "_config.yml").read_text(encoding="utf-8")
    config = re.sub(r"(?m)^  url: .*", f"  url: {URL}", config).replace("notebooks: cache", 'notebooks: "off"')
    (root / "_config.yml").write_text(config, encoding="utf-8")
    if (ROOT / "_build" / ".released").is_dir():        # made anew if it is not of these exercises
        shutil.copytree(ROOT / "_build" / ".released", root / "_build" / ".released")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    build = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(root),
             "--toc", str(root / "book/_toc.yml")]
    done = subprocess.run(build, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    subprocess.run([sys.executable, str(root / "book/_ext/site_tree.py")], check=True, env=environment)
    return SimpleNamespace(root=root, tree=root / "_build" / "site", log=done.stdout + done.stderr, url=URL,
                           site="https://some-one.github.io/another-course/")


@pytest.fixture
def extension(monkeypatch):
    """extension(name): a module of book/_ext, which import one another as Sphinx finds them."""
    monkeypatch.syspath_prepend(str(EXTENSIONS))

    def load(name):
        return __import__(name)
    return load
