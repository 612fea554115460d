"""A link to the PDF of the book in the foot of every page, as long as there is a PDF, which `make pdf` makes.

Pages hold a mark where the link belongs (extra_footer in _config.yml).  It is filled by whichever comes last, the build
of the site or the printing of the PDF, so a site without a PDF has no dead link.
"""

import re
from pathlib import Path

NAME = "graded-digits.pdf"
MARK = re.compile(r"<!-- pdf -->(?:.*?<!-- /pdf -->)?", re.DOTALL)


def link(site):
    """Fill the mark in every page of a built site, or empty it where there is no PDF."""
    pdf = site / NAME
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        depth = len(page.relative_to(site).parts) - 1
        shown = ""
        if pdf.exists() and page.name != "404.html":    # that page is shown at any address, so it has no relative links
            size = f"{pdf.stat().st_size / 1e6:.1f}"
            shown = f'<a href="{"../" * depth}{NAME}">The whole book as a PDF</a> ({size} MB).<!-- /pdf -->'
        better = MARK.sub(lambda _, shown=shown: f"<!-- pdf -->{shown}", text)
        if better != text:
            page.write_text(better, encoding="utf-8")


def finish(app, exception):
    if not exception and app.builder.format == "html":
        link(Path(app.outdir))


def setup(app):
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
