"""MathJax served by the site itself, in the parts that the book needs.

The one file that MathJax offers for this carries its menu, 108 of 262 KB, which makes every formula a stop of the Tab
key. `mathjax3_config: {loader: {load: [...]}}` names the parts; they are copied, and announced to the browser so that
it asks for all of them at once instead of one after the other.
"""

import importlib.util
import re
from pathlib import Path

from sphinx.util.fileutil import copy_asset

FONTS = Path("output", "chtml", "fonts", "woff-v2")
MATHS = re.compile(r'class="(?:[^"]* )?math[ "]')


def copy_mathjax(app, exception):
    if exception or app.builder.format != "html":
        return
    # The package's folder has a dash in its name, so it cannot be imported, but it can be found.
    source = Path(importlib.util.find_spec("sphinx-mathjax-offline").origin).parent / "static" / "mathjax"
    target = Path(app.outdir) / "_static" / "mathjax"
    for part in ["startup", *parts(app.config)]:
        copy_asset(str(source / f"{part}.js"), str((target / part).parent))
    copy_asset(str(source / FONTS), str(target / FONTS))


def parts(config):
    """The names of MathJax' parts that a page with maths loads, such as "input/tex".

    The output asks for its font itself.  If the page did, too, the font might arrive first, and no formula be typeset.
    """
    named = (config.mathjax3_config or {}).get("loader", {}).get("load", [])
    return [*named, *(f"{part}/fonts/tex" for part in named if part.startswith("output/"))]


def announce(app, pagename, templatename, context, doctree):
    if MATHS.search(context.get("body", "")):
        files = [context["pathto"](f"_static/mathjax/{part}.js", 1) for part in parts(app.config)]
        notes = [f'<link rel="preload" as="script" href="{file}">\n' for file in files]
        context["metatags"] = context.get("metatags", "") + "".join(notes)


def setup(app):
    app.connect("html-page-context", announce)
    app.connect("build-finished", copy_mathjax)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
