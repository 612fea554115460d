"""What the build takes away from the theme, and what it has to leave."""

import importlib.util
import sys
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

sys.path.insert(0, str(Path(__file__).parents[2] / "book" / "_ext"))
from icon_fonts import FONTS, cut, subset_font
from page_repairs import repaired

THEME = Path(importlib.util.find_spec("pydata_sphinx_theme").origin).parent / "theme/pydata_sphinx_theme/static"
STYLE = '''.fa-sun:before{content:"\\f185"}.fa-bed:before{content:"\\f236"}
.fa-pen:before,.fa-pencil:before{content:"\\f303"}
.warning::before{content:"\uf071"}.fa-spin{animation:spin}'''
HEAD = """<head>
<script src="_static/documentation_options.js?v=1"></script>
<script src="_static/doctools.js?v=2"></script>
<script src="_static/copybutton.js?v=3"></script>
<script async="async" src="_static/late.js"></script>
<script type="module" src="_static/module.js"></script>
<script>window.MathJax = {"options": {}}</script>
<script defer="defer" src="_static/mathjax/startup.js"></script>
<script src="searchindex.js"></script>
</head>"""


def test_rules_of_icons_in_use_stay_under_each_of_their_names():
    style, _ = cut(STYLE, "", {"fa-sun", "fa-pencil", "fa-spin"})
    assert style == STYLE.replace('.fa-bed:before{content:"\\f236"}', "")


def test_characters_are_kept_for_icons_in_use_and_for_styles_that_show_them_themselves():
    _, characters = cut(STYLE, 'summary:before{content:"\\f107"}', {"fa-sun"})
    assert characters == {0xF185, 0xF071, 0xF107}


def test_a_web_font_keeps_the_icons_in_use_and_nothing_else():
    data = (THEME / FONTS / "fa-solid-900.woff2").read_bytes()
    smaller = subset_font(data, {0xF185, 0xF071})
    assert TTFont(BytesIO(smaller)).getBestCmap().keys() == {0xF185, 0xF071}
    assert len(smaller) < len(data) / 50


def test_a_web_font_without_an_icon_in_use_is_left_alone():
    assert subset_font((THEME / FONTS / "fa-brands-400.woff2").read_bytes(), {0xF185}) is None


@pytest.mark.parametrize("script", ["documentation_options.js", "doctools.js", "copybutton.js"])
def test_scripts_wait_for_the_page_but_for_those_that_the_head_uses_at_once(script):
    tag = next(line for line in repaired(HEAD + '<div class="highlight">').splitlines() if script in line)
    assert ("defer" in tag) == (script == "copybutton.js")


@pytest.mark.parametrize("line", ['<script async="async" src="_static/late.js"></script>',
                                  '<script type="module" src="_static/module.js"></script>'])
def test_scripts_that_wait_anyway_are_left_as_they_are(line):
    assert line in repaired(HEAD)


def test_maths_and_search_are_loaded_where_there_is_something_to_do_for_them():
    assert "mathjax" not in repaired(HEAD).lower()
    assert "searchindex" not in repaired(HEAD)
    maths = repaired(f'{HEAD}<span class="math notranslate nohighlight">')
    assert "window.MathJax" in maths
    assert "startup.js" in maths
    assert "searchindex" in repaired(f'{HEAD}<div id="search-results"></div>')


def test_a_page_that_was_repaired_stays_as_it_is():
    assert repaired(repaired(HEAD)) == repaired(HEAD)
