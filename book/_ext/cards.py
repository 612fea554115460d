"""The picture that a shared link to a page shows: its title, its first sentence, and digits of MNIST.

sphinxext.opengraph writes the tags; its own cards carry another project's logo, so each page names a card drawn here.
A lesson has its number in handwriting, every other page a row of digits. Cards are kept: one is drawn when its text is
new. No page loads its card; only whoever shows a link to it does.
"""

import hashlib
import textwrap
from functools import cache
from html import escape
from pathlib import Path

import numpy as np
from docutils import nodes
from launch import LESSON
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from solutions.data import load_mnist

WIDTH, HEIGHT, DPI = 1200, 630, 100     # pixels, the shape that links are shown in
MARGIN = 72
FOLDER = "_images/cards"
PAPER, INK, SOFT, ACCENT = "#ffffff", "#1f2328", "#57606a", "#3178c6"


@cache
def typical_digits():
    """One image of each digit, (10, 22, 22) without its margin: the one nearest to the mean of its class."""
    (images, labels), _ = load_mnist(small=True)
    x = images[:, 3:25, 3:25].astype(float)
    classes = [x[labels == digit] for digit in range(10)]
    return np.array([members[((members - members.mean(axis=0)) ** 2).sum(axis=(1, 2)).argmin()] for members in classes])


class Card:
    """A drawing in pixels, from the top left corner."""

    def __init__(self):
        self.figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor=PAPER)
        FigureCanvasAgg(self.figure)
        self.figure.add_artist(Rectangle((0, 0), 1, 14 / HEIGHT, facecolor=ACCENT, linewidth=0))

    def write(self, lines, top, pixels, colour=INK, weight="normal"):
        """Lines of text, their size in pixels; returns where the next may begin."""
        for line in lines:
            self.figure.text(MARGIN / WIDTH, 1 - (top + pixels) / HEIGHT, line, size=pixels * 72 / DPI, color=colour,
                             weight=weight, va="baseline", parse_math=False)
            top += 1.35 * pixels
        return top

    def title(self, text, top, width):
        """The title in one line of this width in pixels or, if that would be small, in two."""
        for pixels, most in ((72, 1), (60, 2), (48, 2)):
            letters = width / (0.62 * pixels)       # a bold letter is about as wide as this
            lines = textwrap.wrap(text, int(letters), break_long_words=False)
            if len(lines) <= most and max(map(len, lines)) <= letters:
                break
        return self.write(lines[:2], top, pixels, weight="bold")

    def show(self, digits, left, top, side):
        for place, digit in enumerate(digits):
            box = ((left + place * side) / WIDTH, 1 - (top + side) / HEIGHT, side / WIDTH, side / HEIGHT)
            axes = self.figure.add_axes(box)
            axes.imshow(typical_digits()[digit], cmap="gray_r", interpolation="nearest")
            axes.set_axis_off()


def draw(path, title, sentence, foot, number=None):
    """Write a card; number: that of a lesson, text such as 02."""
    card = Card()
    width = (WIDTH - 2 * MARGIN) - (470 if number else 0)
    top = card.title(title, MARGIN, width)
    card.write(shortened(sentence, int(width / 17.5), 5 if number else 1 if top > 200 else 2), top + 10, 32, SOFT)
    if number:
        side = 230
        card.show(map(int, number), WIDTH - MARGIN + 16 - len(number) * side, 190, side)
    else:
        card.show(range(10), MARGIN - 10, 366, 107)
    card.write([foot], HEIGHT - MARGIN - 34, 26)
    path.parent.mkdir(parents=True, exist_ok=True)
    card.figure.savefig(path, facecolor=PAPER, metadata={"Software": None})


def shortened(text, width, lines):
    """The text in at most so many lines, with an ellipsis where some of it is left out."""
    return textwrap.wrap(text, width, max_lines=lines, placeholder=" …") if text else []


def paragraphs(doctree):
    """The text of a page, paragraph by paragraph, without tables, lists and notes."""
    texts = [" ".join(node.astext().split()) for node in doctree.findall(nodes.paragraph)
             if isinstance(node.parent, nodes.section | nodes.container)]
    return [text for text in texts if text]


def beginning(text):
    """A short paragraph, or the first sentence of a longer one."""
    ends = [text.find(mark + " ") + 1 for mark in ".?:" if mark + " " in text]
    return text if len(text) <= 130 or not ends else text[:min(ends)].rstrip(":")


def name_card(app, pagename, templatename, context, doctree):
    """Draw the page's card unless it is there, and name it to sphinxext.opengraph."""
    if doctree is None or app.builder.format != "html":
        return
    title, texts = app.env.titles[pagename].astext(), paragraphs(doctree)
    sentence = beginning(texts[0]) if texts else ""
    description = textwrap.shorten(" ".join(texts) or f"{title}, {app.config.ogp_site_name}", 180, placeholder=" …")
    lesson = LESSON.fullmatch(pagename)
    foot = f"{app.config.ogp_site_name}   ·   {app.config.html_baseurl.partition('://')[2].rstrip('/')}"
    shown = (title, sentence, foot, lesson and lesson[1].split("_")[0])
    digest = hashlib.sha256(repr((shown, Path(__file__).read_text(encoding="utf-8"))).encode()).hexdigest()
    file = f"{pagename.replace('/', '_')}-{digest[:8]}.png"
    if not (Path(app.outdir) / FOLDER / file).exists():
        draw(Path(app.outdir) / FOLDER / file, *shown)
    context["meta"] = (context["meta"] or {}) | {
        "og:image": f"{app.config.html_baseurl}{FOLDER}/{file}",
        "og:image:width": str(WIDTH), "og:image:height": str(HEIGHT),
        "og:image:alt": escape(f"{title}. {sentence}".strip()),
        "og:description": escape(description)}
    context["metatags"] += f'<meta name="description" content="{escape(description)}" />\n'


def setup(app):
    app.setup_extension("sphinxext.opengraph")
    app.config.ogp_custom_meta_tags = ['<meta name="twitter:card" content="summary_large_image" />']
    app.connect("html-page-context", name_card, priority=400)      # before opengraph writes the tags
    return {"parallel_read_safe": True, "parallel_write_safe": True}
