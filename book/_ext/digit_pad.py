"""Draw a digit, and the course's network reads it: the directive `digit-pad`, and `{pad}` for its numbers in the text.

    :::{digit-pad}
    It learned from {pad}`n_train` images and gets {pad}`right` of {pad}`n_test` test images right.
    :::

The network is trained when a build begins that has none for these digits and this reference (digit_pad_network.py).
What the directive contains stands below the pad, and alone where there are no scripts or no screen.
"""

import hashlib
from pathlib import Path

import digit_pad_network
from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

FOLDER = Path("_static", "digit-pad")
LOGGER = logging.getLogger(__name__)

TOOL = Path(__file__).with_suffix(".html")
ROW = """<tr><th scope="row">{digit}</th>
<td aria-hidden="true"><span class="digit-pad-track"><span class="digit-pad-bar"></span></span></td>
<td class="digit-pad-share"></td><td class="digit-pad-mark" aria-hidden="true">◀</td></tr>
"""
SAMPLE = '<button type="button" data-digit="{digit}">{digit}</button>\n'
VOICE = """<figure class="digit-pad-voice">
<canvas role="img" aria-label="the unit's weights, strong where there is ink"></canvas><figcaption></figcaption>
</figure>
"""


class digit_pad(nodes.Element):
    """The pad; its children stand below it."""


class DigitPadDirective(SphinxDirective):
    has_content = True

    def run(self):
        path = network_path(self.env.app)
        self.env.note_dependency(str(path))
        self.env.note_dependency(str(TOOL))
        version = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
        node = digit_pad("", version=version)
        self.state.nested_parse(self.content, self.content_offset, node)
        return [node]


class PadRole(SphinxRole):
    """{pad}`right`: one of the network's facts, for instance how many test images it gets right."""

    def run(self):
        path = network_path(self.env.app)
        self.env.note_dependency(str(path))
        facts = digit_pad_network.load(path).facts()
        if self.text not in facts:
            LOGGER.warning("the pad's facts are %s, got %r", ", ".join(facts), self.text, location=self.get_location())
            return [], []
        fact = facts[self.text]
        return [nodes.Text(f"{fact:,}" if isinstance(fact, int) else fact)], []


def network_path(app):
    return Path(app.doctreedir).parent / "digit-pad" / "network.npz"


def train_if_needed(app):
    path = network_path(app)
    mark = digit_pad_network.fingerprint(Path(app.srcdir) / "solutions")
    if digit_pad_network.load(path, mark) is None:
        LOGGER.info("training the network of the digit pad")
        digit_pad_network.save(path, digit_pad_network.train(), mark)


def copy_network(app, exception):
    if exception or app.builder.format != "html":
        return
    network = digit_pad_network.load(network_path(app))
    folder = Path(app.outdir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "network.bin").write_bytes(network.weights())
    (folder / "samples.bin").write_bytes(network.samples.tobytes())


def load_on_this_page(app, pagename, templatename, context, doctree):
    if doctree is not None and any(doctree.findall(digit_pad)):
        app.add_css_file("digit-pad/digit-pad.css")
        app.add_js_file("digit-pad/pad.js", type="module")


def visit_pad(self, node):
    rows, samples = ("".join(part.format(digit=digit) for digit in range(10)) for part in (ROW, SAMPLE))
    self.body.append(TOOL.read_text(encoding="utf-8").format(
        version=node["version"], rows=rows, samples=samples, voices=6 * VOICE))


def depart_pad(self, node):
    self.body.append("</div>\n")


def skip(self, node):
    """Paper has no pad, only the text below it."""


def setup(app):
    app.add_node(digit_pad, html=(visit_pad, depart_pad),
                 **dict.fromkeys(("latex", "text", "man", "texinfo"), (skip, skip)))
    app.add_directive("digit-pad", DigitPadDirective)
    app.add_role("pad", PadRole())
    app.connect("builder-inited", train_if_needed)
    app.connect("html-page-context", load_on_this_page)
    app.connect("build-finished", copy_network)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
