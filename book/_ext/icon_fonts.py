"""Cut the theme's icons down to those in use: three web fonts of 300 KB become a few, and their 2,000 rules too.

An icon is in use if a page or a script names its class (`fa-sun`), or if a style sheet shows its character itself.
"""

import importlib.util
import logging
import re
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path("vendor", "fontawesome", "webfonts")
STYLE = Path("styles", "pydata-sphinx-theme.css")
RULE = re.compile(r'((?:\.fa-[\w-]+:+before,?)+)\{content:"\\([0-9a-f]+)"\}')     # .fa-pencil:before{content:"\f303"}
ESCAPED = re.compile(r'"\\([0-9a-f]{4})"')
CLASS = re.compile(r"\bfa-[a-z0-9-]+")
TRUETYPE = re.compile(r',url\([^)]*\.ttf\) format\("truetype"\)')    # for browsers older than 2016


def cut(style, others, used_classes):
    """The theme's style sheet without rules of unused icons, and the characters that are left to show.

    others: the text of all other style sheets.  used_classes: such as {"fa-sun"}.
    """
    def keep(rule):
        names = set(CLASS.findall(rule[1]))
        return rule[0] if names & used_classes else ""

    style = TRUETYPE.sub("", RULE.sub(keep, style))
    text = style + others
    literal = {ord(character) for character in text if "\ue000" <= character <= "\uf8ff"}
    return style, literal | {int(code, 16) for code in ESCAPED.findall(text)}


def subset_font(data, characters):
    """The web font in `data` with these characters only, or None if it has none of them."""
    font = TTFont(BytesIO(data))
    if not characters & font.getBestCmap().keys():
        return None
    options = subset.Options(flavor="woff2", layout_features=[], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    font.flavor = "woff2"
    result = BytesIO()
    font.save(result)
    return result.getvalue()


def cut_icons(app, exception):
    static = Path(app.outdir) / "_static"
    if exception or app.builder.format != "html" or not (static / STYLE).exists():
        return
    theme = Path(importlib.util.find_spec("pydata_sphinx_theme").origin).parent / "theme/pydata_sphinx_theme/static"
    texts = [page.read_text(encoding="utf-8") for page in Path(app.outdir).rglob("*.html")]
    texts += [script.read_text(encoding="utf-8") for script in static.rglob("*.js") if "mathjax" not in script.parts]
    used = set(CLASS.findall("\n".join(texts)))
    others = "".join(sheet.read_text(encoding="utf-8") for sheet in static.rglob("*.css") if sheet != static / STYLE)
    # From the theme's own files: those in the site may have been cut for other pages
    style, characters = cut((theme / STYLE).read_text(encoding="utf-8"), others, used)
    (static / STYLE).write_text(style, encoding="utf-8")
    for file in (theme / FONTS).glob("*.woff2"):
        smaller = subset_font(file.read_bytes(), characters)
        (static / FONTS / file.name).write_bytes(smaller or file.read_bytes())
    for spare in [*static.glob("vendor/fontawesome/**/*.ttf"), *static.glob("scripts/fontawesome.js*")]:
        spare.unlink()


def setup(app):
    logging.getLogger("fontTools").setLevel(logging.WARNING)      # it tells every step of every font
    app.connect("build-finished", cut_icons, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
