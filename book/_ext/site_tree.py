"""`make site`: what is published, in _build/site; each folder in it is the content of the branch of its name.

    gh-pages         the site, which GitHub Pages serves
    notebooks        all notebooks, what the lessons import, and Binder's environment with TensorFlow
    notebooks-numpy  the exercises that need NumPy only, and an environment that Binder starts quickly
"""

import json
import re
import shutil
import sys
from importlib import metadata
from pathlib import Path

from address import NOTEBOOKS, NUMPY_NOTEBOOKS, PAGES
from launch import FOLDER, needs_numpy_only
from plain_notebook import PACKAGES

ROOT = Path(__file__).parents[2]
PYTHON = "3.12"             # Binder's; Colab has the same
READ_ME = """# Made by the build

The notebooks of the course, made by `make site` on the branch `main`. Change them there: this branch is overwritten.
"""
MYST_NB = '''"""Stands in for MyST-NB, for the text of a notebook holds the measured numbers."""


def glue(name, value, display=True):
    """Nothing to do."""
'''


def make_tree(html, target, root=ROOT):
    """Write the three folders below target, anew; html: the built site, root: of the repository."""
    shutil.rmtree(target, ignore_errors=True)
    pages = target / PAGES
    shutil.copytree(html, pages, ignore=shutil.ignore_patterns(".buildinfo*"))
    (pages / ".nojekyll").touch()       # else GitHub Pages leaves out what begins with an underscore
    drop_old_cards(pages)

    everything = target / NOTEBOOKS
    shutil.copytree(html / FOLDER, everything)
    shutil.copytree(root / "solutions", everything / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    (everything / "myst_nb.py").write_text(MYST_NB, encoding="utf-8")
    style = (root / "book" / "figures.mplstyle").read_text(encoding="utf-8")
    (everything / "book").mkdir()
    # Transparent figures would be dark ink on a dark notebook
    (everything / "book" / "figures.mplstyle").write_text(style.replace("facecolor: none", "facecolor: white"),
                                                          encoding="utf-8")
    environment(everything, sorted({"tensorflow-cpu" if name == "tensorflow" else name for name in PACKAGES.values()}))

    small = target / NUMPY_NOTEBOOKS
    small.mkdir()
    for notebook in sorted((html / FOLDER / "exercises").glob("*/*.ipynb")):
        if needs_numpy_only(notebook):
            copy = small / notebook.relative_to(html / FOLDER)
            copy.parent.mkdir(parents=True)
            shutil.copy(notebook, copy)
    environment(small, ["numpy"])


def environment(folder, packages):
    """What Binder reads: the packages, in the versions that the book was built with.

    tensorflow-cpu is TensorFlow without what serves graphics cards, which Binder does not have.
    """
    pins = [f"{name}=={metadata.version(name.removesuffix('-cpu'))}" for name in packages]
    (folder / "requirements.txt").write_text("\n".join(pins) + "\n", encoding="utf-8")
    (folder / "runtime.txt").write_text(f"python-{PYTHON}\n", encoding="utf-8")
    (folder / "README.md").write_text(READ_ME, encoding="utf-8")


def drop_old_cards(pages):
    """Cards of earlier builds, which no page shows any more."""
    named = set()
    for page in pages.rglob("*.html"):
        named |= set(re.findall(r"/_images/cards/([^\"/]+\.png)", page.read_text(encoding="utf-8")))
    for card in (pages / "_images" / "cards").glob("*.png"):
        if card.name not in named:
            card.unlink()


def main():
    html, target = ROOT / "_build" / "html", ROOT / "_build" / "site"
    if not (html / FOLDER).is_dir():
        sys.exit(f"{html} holds no notebooks; run `make site`, which builds the book first")
    make_tree(html, target)
    count = sum(1 for path in target.rglob("*") if path.is_file())
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    print(json.dumps({"tree": str(target.relative_to(ROOT)), "files": count, "MB": round(size / 1e6, 1)}))


if __name__ == "__main__":
    main()
