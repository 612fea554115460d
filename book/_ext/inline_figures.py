"""Plots made by a page become part of it, so that their ink follows the page's light or dark mode.

A picture in an `<img>` cannot see the theme. The lessons draw axes and text in the placeholder colour
#010101, set in book/figures.mplstyle; inside the page it becomes `currentColor`. The drawing is named by the
`alt` text of its cell.
"""

import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

INK = "#010101"


class InlineFigures(SphinxPostTransform):
    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs):
        for number, image in enumerate(list(self.document.findall(nodes.image))):
            path = Path(self.env.srcdir) / image["uri"]
            if path.suffix == ".svg" and "jupyter_execute" in path.parts:
                svg = inline_svg(path.read_text(encoding="utf-8"), image.get("alt", ""), f"figure{number}-")
                image.replace_self(nodes.raw("", svg, format="html"))


def inline_svg(svg, alt, prefix):
    """The <svg> element of a matplotlib file, named by alt, with ids that are unique in the page."""
    svg = svg[svg.index("<svg"):]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'id="([^"]+)"', rf'id="{prefix}\1"', svg)
    svg = re.sub(r'href="#([^"]+)"', rf'href="#{prefix}\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}\1)", svg)
    svg = svg.replace(INK, "currentColor")
    width, height = re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups()
    tag = (f'<svg class="figure" role="img" aria-label="{escape(alt)}" viewBox="0 0 {width} {height}" '
           f'style="max-width: {float(width) * 4 / 3:.0f}px" xmlns="http://www.w3.org/2000/svg" '
           'xmlns:xlink="http://www.w3.org/1999/xlink">')
    return re.sub(r"<svg[^>]*>", lambda _: tag, svg, count=1)


def setup(app):
    app.add_post_transform(InlineFigures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
