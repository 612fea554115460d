"""A site that stands on its own: no other host is asked, and no page loads what it does not need."""

from pathlib import Path

from docutils import nodes
from page_repairs import repaired
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

log = logging.getLogger(__name__)

INDEX = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="canonical" href="{root}">
<link rel="icon" href="_static/favicon.svg">
<meta http-equiv="refresh" content="0; url={root}">
</head>
<body><main><h1>{title}</h1><p><a href="{root}">Open the book</a></p></main></body>
</html>
"""


class SourceRole(SphinxRole):
    """{source}`solutions/activations.py`: a link to a file of the repository, whose address is set once."""

    def run(self):
        path = self.text
        if not (Path(self.env.srcdir) / path).exists():
            log.warning("no such file in the repository: %s", path, location=self.get_location())
        options = self.config.html_theme_options
        url = f"{options['repository_url']}/blob/{options['repository_branch']}/{path}"
        reference = nodes.reference("", "", nodes.literal("", path), refuri=url, internal=False)
        return [reference], []


def finish_pages(app, exception):
    if exception or app.builder.format != "html":
        return
    out = Path(app.outdir)
    for page in out.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        better = repaired(text)
        if better != text:
            page.write_text(better, encoding="utf-8")
    if app.config.root_doc == "index":
        return
    # The book starts below the site's root, where sphinx-external-toc leaves a redirect without a name.
    root = app.builder.get_target_uri(app.config.root_doc)
    index = INDEX.format(language=app.config.language, title=app.config.html_title, root=root)
    (out / "index.html").write_text(index, encoding="utf-8")


def setup(app):
    # Jupyter Book sets this even where its extension for comments is not loaded.
    app.add_config_value("comments_config", {}, "")
    app.add_role("source", SourceRole())
    app.connect("build-finished", finish_pages, priority=900)
    app.setup_extension("light_maths")
    app.setup_extension("icon_fonts")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
