"""What a published site needs besides its pages: its own address, a 404 page, redirects, sitemap.xml and robots.txt.

The address is derived from the repository's (see address.py), unless _config.yml names an html_baseurl of its own.
"""

from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from address import address_of
from launch import LESSON
from sphinx.errors import ExtensionError

TABLE = Path("book") / "redirects.txt"
REDIRECT = Path(__file__).with_name("redirect.html")

NOT_FOUND = """<h1>Page not found</h1>
<p>Nothing is published at this address. It may be mistyped, or the page has moved.</p>
<form class="not-found-search" role="search" action="{base}search.html" method="get">
<label for="not-found-words">Search the book</label>
<input id="not-found-words" type="search" name="q" autocomplete="off">
<button type="submit">Search</button>
</form>
<h2>Lessons</h2>
<ol start="0">{lessons}</ol>
<p><a href="{base}{root}.html">Back to the first page</a></p>
"""
STYLE = """<style>
.not-found-search { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: 1.5rem 0; }
.not-found-search :is(input, button) { font: inherit; padding: .35rem .7rem; border-radius: .25rem;
  color: var(--pst-color-text-base); background: var(--pst-color-surface);
  border: 1px solid var(--pst-color-text-muted); }
.not-found-search input { flex: 1 1 9rem; max-width: 18rem; min-width: 0; }
</style>"""


def derive(app, config):
    """Every setting that holds the site's address, from the one that holds the repository's."""
    config.html_baseurl = config.html_baseurl or address_of(config.html_theme_options["repository_url"]).site
    if not config.html_baseurl.endswith("/"):
        raise ExtensionError(f"html_baseurl is the address of a folder and ends with /, got {config.html_baseurl}")
    config.notfound_urls_prefix = urlsplit(config.html_baseurl).path
    config.notfound_pagename = "404"
    config.ogp_site_url = config.html_baseurl
    config.ogp_site_name = config.html_title or config.project
    config.redirect_html_template_file = str(REDIRECT)


def collect(app):
    """The 404 page and the redirects, from the titles and names of the pages."""
    prefix = app.config.notfound_urls_prefix
    lessons = [name for name in app.env.toctree_includes.get(app.config.root_doc, []) if LESSON.fullmatch(name)]
    items = "".join(f'<li><a href="{prefix}{name}.html">{escape(app.env.titles[name].astext())}</a></li>'
                    for name in lessons)
    body = NOT_FOUND.format(base=prefix, root=app.config.root_doc, lessons=items) + STYLE
    app.config.notfound_context = {"title": "Page not found", "body": body}
    table = short_addresses(app.env.found_docs) | read_table(Path(app.srcdir) / TABLE, app.env.found_docs)
    app.config.redirects = {source: f"{'../' * source.count('/')}{page}.html" for source, page in table.items()}
    return []


def short_addresses(docnames):
    """What people type, or keep of a longer address: lessons/02, lessons/activations, lessons/02_activations.

    A folder's index page answers with and without a slash at the end.
    """
    table = {}
    for docname in filter(LESSON.fullmatch, docnames):
        folder, topic = LESSON.fullmatch(docname).groups()
        table |= {f"lessons/{name}/index": docname for name in (folder, topic, folder.split("_")[0])}
    return table


def read_table(path, docnames):
    """The pairs of redirects.txt: address -> page. ExtensionError if a line leads nowhere or hides a page."""
    table = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        where = f"{path.name}, line {number}"
        if len(words) != 2:
            raise ExtensionError(f"{where}: an old address and a page are wanted, got {line!r}")
        source, page = words
        if page not in docnames:
            raise ExtensionError(f"{where}: there is no page {page}; name one without .html, as in book/_toc.yml")
        if source in docnames:
            raise ExtensionError(f"{where}: {source} is a page itself, which the redirect would replace")
        table[source] = page
    return table


def write_sitemap(app, exception):
    """sitemap.xml of all pages with a text of their own, also where only some were built anew, and robots.txt."""
    if exception or app.builder.format != "html":
        return
    base = app.config.html_baseurl
    pages = sorted(app.env.found_docs)
    entries = "".join(f"<url><loc>{escape(base + app.builder.get_target_uri(page))}</loc></url>\n" for page in pages)
    Path(app.outdir, "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{entries}</urlset>\n", encoding="utf-8")
    # Search engines read robots.txt at the root of a host only: it counts where the site has one of its own
    Path(app.outdir, "robots.txt").write_text(
        f"User-agent: *\nDisallow: {urlsplit(base).path}pr-preview/\n\nSitemap: {base}sitemap.xml\n", encoding="utf-8")


def finish_not_found(app, pagename, templatename, context, doctree):
    """The 404 page has no address of its own, is not to be found, and its scripts look for the site by its address."""
    if pagename == "404":
        context["pageurl"] = None
        context["content_root"] = app.config.notfound_urls_prefix
        context["metatags"] = context.get("metatags", "") + '<meta name="robots" content="noindex" />'


def setup(app):
    app.connect("config-inited", derive)
    app.connect("html-collect-pages", collect, priority=400)    # before the extensions that read what it sets
    app.connect("html-page-context", finish_not_found)
    app.connect("build-finished", write_sitemap)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
