"""Pages with something to play with load what draws it: book/_static/explorers/explorer.css, KIND.js and KIND.css.

A code cell that ends with `solutions.pages.explorer(kind, data, summary)` leaves a <div class="explorer"> in its page.
Without scripts the reader sees the summary and, where data["table"] has "columns" and "rows", that table below it.
"""

import json
import re
from html import escape, unescape
from pathlib import Path

from sphinx.util import logging

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parents[1] / "_static" / "explorers"
SHARED = {"explorer", "controls", "plot"}    # modules that the kinds are made of
EXPLORER = re.compile(r'(<div class="explorer" data-kind="([^"]*)">.*?)'
                      r'(<script type="application/json">(.*?)</script>)', re.DOTALL)


def equip(app, pagename, templatename, context, doctree):
    """Styles and modules for the explorers of this page, and for no other."""
    body = context.get("body", "")
    kinds = sorted({unescape(kind) for _, kind, *_ in EXPLORER.findall(body)})
    known = {module.stem for module in FOLDER.glob("*.js")} - SHARED
    if kinds:
        app.add_css_file("explorers/explorer.css")
    for kind in kinds:
        if kind in known:
            app.add_js_file(f"explorers/{kind}.js", type="module")
            if (FOLDER / f"{kind}.css").exists():
                app.add_css_file(f"explorers/{kind}.css")
        else:
            log.warning("no explorer of the kind %r; there are: %s. Write book/_static/explorers/%s.js, or mend the "
                        "first argument of explorer(...)", kind, ", ".join(sorted(known)), kind, location=pagename)
    if kinds:
        context["body"] = EXPLORER.sub(lambda found: found[1] + table(json.loads(found[4])) + found[3], body)


def table(data):
    """The table that stands in for the drawing, as HTML; nothing where the data has none."""
    if not isinstance(data, dict) or "table" not in data:
        return ""
    head = "".join(f'<th scope="col">{text(name)}</th>' for name in data["table"]["columns"])
    rows = "".join(f'<tr><th scope="row">{text(first)}</th>{"".join(f"<td>{text(cell)}</td>" for cell in rest)}</tr>'
                   for first, *rest in data["table"]["rows"])
    return f'<table class="explorer-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def text(cell):
    """A cell's text; numbers get the minus sign that the page uses."""
    return escape(str(cell).replace("-", "\u2212", 1) if isinstance(cell, int | float) else str(cell))


def setup(app):
    app.connect("html-page-context", equip)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
