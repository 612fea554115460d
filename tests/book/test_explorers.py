"""What a page with something to play with loads, what it says without scripts, and whether its lines can be seen."""

import importlib.util
import re
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

from solutions.pages import explorer

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "book" / "_static" / "explorers"
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book/_ext")!r})
extensions = ["myst_parser", "explorers"]
html_static_path = [{str(ROOT / "book/_static")!r}]
html_theme = "basic"
"""


@pytest.fixture
def build(tmp_path):
    """A function that builds a page which ends with the explorers given, and one without, and returns both and the
    warnings."""
    apps = []

    def build(*explorers):
        (tmp_path / "conf.py").write_text(CONF, encoding="utf-8")
        page = "\n\n".join(["# Page", "[](other.md)", *(each.data for each in explorers)])
        (tmp_path / "index.md").write_text(page, encoding="utf-8")
        (tmp_path / "other.md").write_text("---\norphan: true\n---\n# Other", encoding="utf-8")
        apps.append(SphinxTestApp(srcdir=tmp_path, builddir=tmp_path / "out"))
        apps[0].build()
        pages = [(Path(apps[0].outdir) / name).read_text(encoding="utf-8") for name in ("index.html", "other.html")]
        return *pages, apps[0].warning.getvalue()

    yield build
    for app in apps:
        app.cleanup()


def kinds():
    spec = importlib.util.spec_from_file_location("explorers", ROOT / "book/_ext/explorers.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return sorted({path.stem for path in STATIC.glob("*.js")} - module.SHARED)


def test_only_a_page_with_an_explorer_loads_one(build):
    kind = kinds()[0]
    page, other, warnings = build(explorer(kind, {}, "What it shows."), explorer(kind, {}, "The same again."))
    assert warnings == ""
    assert re.findall(r'<script type="module" src="([^"?]+)', page) == [f"_static/explorers/{kind}.js"]
    assert len(re.findall(r'href="_static/explorers/explorer\.css', page)) == 1
    assert "explorers/" not in other


def test_a_kind_that_nobody_draws_stops_a_strict_build(build):
    page, _, warnings = build(explorer("parabolas", {}, "What it shows."))
    assert "no explorer of the kind 'parabolas'; there are: " in warnings
    assert kinds()[0] in warnings
    assert "<script type=\"module\"" not in page


def test_a_table_of_the_data_stands_below_the_summary_without_scripts(build):
    data = {"table": {"columns": ["z", "<value>"], "rows": [["at −1", -0.5], ["a & b", "-"]]}}
    page, _, _ = build(explorer(kinds()[0], data, "What it shows."))
    found = re.search(r"What it shows\.</p>(<table.*?</table>)<script", page, re.DOTALL)[1]
    assert re.findall(r"<t[hd](?: [^>]*)?>(.*?)</t", found) == ["z", "&lt;value&gt;", "at −1", "−0.5", "a &amp; b", "-"]


@pytest.mark.parametrize(("scheme", "ground"), [("light", "#ffffff"), ("dark", "#121212")])
def test_every_line_can_be_told_from_the_ground(scheme, ground):
    """Text wears these colours too, hence 4.5:1 (WCAG 1.4.3); for lines 3:1 would do (1.4.11)."""
    css = (STATIC / "explorer.css").read_text(encoding="utf-8")
    selector = r'^html\[data-theme="dark"\] \.explorer' if scheme == "dark" else r"^\.explorer"
    colours = re.findall(r"--explorer-\d: (#\w{6});", re.search(selector + r" \{(.*?)\}", css, re.M | re.S)[1])
    assert len(colours) == 5
    for colour in colours:
        darker, lighter = sorted((luminance(colour), luminance(ground)))
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, colour


def luminance(colour):
    """Relative luminance of #rrggbb, as WCAG 2 defines it."""
    parts = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    return sum(weight * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
               for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))
