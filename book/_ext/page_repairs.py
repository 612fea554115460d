"""What is done to each finished page: theme and Sphinx load too much, and say too little to some readers."""

import re

# The theme ships its icons twice, as web fonts and as this script of 1.5 MB.
ICON_SCRIPT = re.compile(r"<!-- So that users can add .*? -->\s*<script [^>]*fontawesome\.js[^>]*></script>")

# What the generated pages lack for those who do not see them: the sidebar is no landmark, labels hide the visible
# text of the search button and of folded cells, and the bibliography claims roles that it does not fill.
REPAIRS = {
    '<div id="pst-primary-sidebar"': '<div id="pst-primary-sidebar" role="navigation" aria-label="Book"',
    'title="Search" aria-label="Search" data-bs-placement': 'title="Search" data-bs-placement',
    '<summary aria-label="Toggle hidden content">': "<summary>",
    '<div role="list" class="citation-list">': '<div class="citation-list">',
    ' role="doc-biblioentry"': "",
}

# Loaded on every page, and what a page that needs it holds.  Sphinx loads MathJax on pages whose children have maths.
SCRIPT = r'<script [^>]*src="[^"]*{}[^>]*></script>\s*'
NEEDED = {re.compile(asset): re.compile(mark) for asset, mark in {
    r"<script>window\.MathJax = .*?</script>\s*": r'class="(?:[^"]* )?math[ "]',
    SCRIPT.format(r"mathjax/startup\.js"): r'class="(?:[^"]* )?math[ "]',
    SCRIPT.format(r"_static/design-tabs\.js"): r'class="(?:[^"]* )?sd-tab-set[ "]',
    r'<link [^>]*href="[^"]*_static/sphinx-design\.min\.css[^>]*>\s*': r'class="(?:[^"]* )?sd-',
    SCRIPT.format(r"_static/clipboard\.min\.js"): r'class="(?:[^"]* )?highlight[ "]',
    SCRIPT.format(r"_static/copybutton\.js"): r'class="(?:[^"]* )?highlight[ "]',
    r'<link [^>]*href="[^"]*_static/copybutton\.css[^>]*>\s*': r'class="(?:[^"]* )?highlight[ "]',
    SCRIPT.format(r"_static/quiz\.js"): r'class="quiz[ "]',
    SCRIPT.format(r"_static/searchtools\.js"): 'id="search-results"',
    SCRIPT.format(r"_static/language_data\.js"): 'id="search-results"',
    SCRIPT.format(r"searchindex\.js"): 'id="search-results"',
}.items()}

# Scripts written into the head use the first two at once; every other one may wait until the page is shown.
WAITS = re.compile(r"<script (?![^>]*\b(?:defer|async|type)\b)"
                   r'([^>]*src="(?![^"]*/(?:documentation_options|doctools)\.js))')


def repaired(page):
    """The text of a page, repaired."""
    page = ICON_SCRIPT.sub("", page)
    for old, new in REPAIRS.items():
        page = page.replace(old, new)
    for asset, mark in NEEDED.items():
        if not mark.search(page):
            page = asset.sub("", page)
    return WAITS.sub(r'<script defer="defer" \1', page)
