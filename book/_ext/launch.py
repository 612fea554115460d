"""Every lesson and every exercise as a notebook: links to Colab and Binder, and a file to download.

The notebooks are part of the site, in notebooks/: of a lesson without outputs (see plain_notebook.py), of an exercise
what `autograder make` gives to students. site_tree.py puts the same files on the branches that Colab and Binder read.
"""

import ast
import hashlib
import json
import posixpath
import re
import shutil
import sys
import tempfile
from collections import namedtuple
from html import escape
from importlib import metadata
from pathlib import Path

from address import address_of
from docutils import nodes
from myst_nb.core.variables import format_plain_text
from plain_notebook import lesson_notebook
from pybtex.database import parse_file
from sphinx.errors import ExtensionError

FOLDER = "notebooks"        # of the site
LESSON = re.compile(r"lessons/(\d+_(\w+))/lesson")
NOTE = """<p class="launch-note">Colab asks for a Google account, Binder for patience: it may take minutes to start, and
it forgets your work when you leave, so download the notebook before.</p>"""
Notebook = namedtuple("Notebook", "path what numpy_only")    # path: below FOLDER, and on the branches


def lesson_file(docname):
    """lessons/02_activations/lesson -> lessons/02_activations/activations_lesson.ipynb"""
    folder, topic = LESSON.fullmatch(docname).groups()
    return Notebook(f"lessons/{folder}/{topic}_lesson.ipynb", "lesson", False)


def exercise_file(docname, released):
    """The released notebook of the lesson's exercise, or None where it has none; released: what `release` gives."""
    folder, topic = LESSON.fullmatch(docname).groups()
    path = f"exercises/{folder}/{topic}.ipynb"
    return Notebook(path, "exercise", needs_numpy_only(released / path)) if (released / path).exists() else None


def needs_numpy_only(path):
    """Whether a notebook imports nothing but NumPy and Python's own modules."""
    code = "\n".join("".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
                     if cell["cell_type"] == "code")
    modules = set()
    for node in ast.walk(ast.parse(code)):
        modules |= {alias.name for alias in node.names} if isinstance(node, ast.Import) else set()
        modules |= {node.module or ""} if isinstance(node, ast.ImportFrom) else set()
    return {name.split(".")[0] for name in modules} <= sys.stdlib_module_names | {"numpy"}


class Page:
    """What the Markdown of one lesson refers to, with addresses on the published site."""

    def __init__(self, app, docname, address):
        self.env, self.docname, self.site = app.env, docname, address.site
        self.source = f"{address.url}/blob/{app.config.html_theme_options['repository_branch']}/"
        self.address = f"{self.site}{docname}.html"
        self.title_here = app.env.titles[docname].astext()
        glue = Path(app.outdir).parent / "jupyter_execute" / f"{docname}.glue.json"
        self.numbers = json.loads(glue.read_text(encoding="utf-8")) if glue.exists() else {}
        self.works = parse_file(Path(app.srcdir) / "book" / "references.bib").entries

    def document(self, target):
        """The page that a link to a source file names, from this one."""
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.docname), target.removesuffix(".md")))

    def title(self, target):
        title = self.env.titles.get(self.document(target))
        return title.astext() if title else target

    def link(self, target):
        """The address of a relative link; an empty one leads to this page."""
        return f"{self.site}{self.document(target)}.html" if target else self.address

    def role(self, name, text):
        """A role as Markdown; of an unknown one only its text is left."""
        if name == "glue:text":
            key, _, form = text.partition(":")
            known = self.numbers.get(key)
            return format_plain_text(known["data"]["text/plain"], form) if known else "(not measured)"
        if name in ("cite:p", "cite:t"):
            works = [self.work(key.strip(), name == "cite:p") for key in text.split(",")]
            return f"({'; '.join(works)})" if name == "cite:p" else ", ".join(works)
        if name == "source":
            return f"[`{text}`]({self.source}{text})"
        words, target = re.fullmatch(r"(.*?)(?:\s*<(.+)>)?", text, re.DOTALL).groups()
        if name == "term":
            return self.term(words, target or words)
        if name in ("ref", "numref") and (target or words) in self.env.get_domain("std").labels:
            document, place, title = self.env.get_domain("std").labels[target or words]
            return f"[{words if target else title}]({self.site}{document}.html#{place})"
        return words

    def work(self, key, parenthesised):
        entry = self.works[key]
        names = [" ".join(map(str, person.rich_prelast_names + person.rich_last_names))
                 for person in entry.persons["author"]]
        authors = " and ".join(names) if len(names) < 3 else f"{names[0]} *et al.*"
        year = entry.fields["year"]
        text = f"{authors}, {year}" if parenthesised else f"{authors} ({year})"
        return f"[{text}]({self.site}book/bibliography.html)"

    def term(self, words, target):
        objects = {name.lower(): (document, place) for (kind, name), (document, place)
                   in self.env.get_domain("std").objects.items() if kind == "term"}
        if target.lower() not in objects:
            return words
        document, place = objects[target.lower()]
        return f"[{words}]({self.site}{document}.html#{place})"


def release(root, docnames, keep):
    """The folder of the released exercises, exercises/NN_topic/topic.ipynb in it, as `autograder make` makes them.

    They are made in a course of their own and kept in `keep` until an exercise, the reference or nbgrader changes.
    """
    folders = [root / posixpath.dirname(name) for name in docnames]
    exercises = [folder / "exercise.py" for folder in folders if (folder / "exercise.py").exists()]
    stamp = hashlib.sha256(metadata.version("nbgrader").encode())
    for source in (*exercises, *sorted(root.glob("solutions/*.py")), *sorted(root.glob("autograder/*.py"))):
        stamp.update(source.read_bytes())
    if (keep / "stamp").exists() and (keep / "stamp").read_text() == stamp.hexdigest():
        return keep
    from autograder import course  # nbgrader takes a second to load, and is seldom needed

    shutil.rmtree(keep, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        made = course.open_course(Path(folder), create=True)
        for source in exercises:
            assignment = course.make(source, made)
            target = keep / "exercises" / assignment
            target.mkdir(parents=True)
            for notebook in made.path("release", ".", assignment).glob("*.ipynb"):
                shutil.copy(notebook, target)
    (keep / "stamp").write_text(stamp.hexdigest())
    return keep


def release_ahead(app, env, docnames):
    """Before the pages are read: the links say where an exercise runs, and its release knows what it imports."""
    if app.builder.format == "html":
        lessons = sorted(filter(LESSON.fullmatch, env.found_docs))
        app.released = release(Path(app.srcdir), lessons, Path(app.outdir).parent / ".released")


def links(notebook, address, to_root):
    """A box with the three links, as HTML; to_root: from the page to the site's root."""
    name = f"This {notebook.what} as a notebook"
    return (f'<div class="launch"><span class="launch-name">{name}</span>'
            f"{link_list(notebook, address, to_root, notebook.what, name)}</div>")


def link_list(notebook, address, to_root, what, name, words=("Open in Colab", "Open in Binder", "Download .ipynb")):
    """The three links; what: tells those of one list from those of another to whoever hears them; name: of the list."""
    hidden = f'<span class="visually-hidden"> ({escape(what)})</span>'
    targets = (address.colab(notebook.path), address.binder(notebook.path, notebook.numpy_only),
               f"{to_root}{FOLDER}/{notebook.path}")
    attributes = ("", "", f' download="{posixpath.basename(notebook.path)}"')
    items = "".join(f'<li><a href="{escape(target)}"{attribute}>{text}{hidden}</a></li>'
                    for target, attribute, text in zip(targets, attributes, words, strict=True))
    return f'<ul class="launch-links" aria-label="{escape(name)}">{items}</ul>'


def offer(app, doctree, docname):
    """Put the links of the lesson below its question, those of the exercise above the line that names its source."""
    if app.builder.format != "html" or not LESSON.fullmatch(docname):
        return
    address = address_of(app.config.html_theme_options["repository_url"])
    to_root = "../" * docname.count("/")
    section = doctree.next_node(nodes.section)
    after = 2 if isinstance(section[1], nodes.paragraph) and isinstance(section[1][0], nodes.emphasis) else 1
    section.insert(after, nodes.raw("", links(lesson_file(docname), address, to_root), format="html"))
    exercise = exercise_file(docname, app.released)
    if exercise is None:
        return
    named = [node for node in doctree.findall(nodes.reference)
             if node.get("refuri", "").endswith(f"/{posixpath.dirname(docname)}/exercise.py")]
    if not named:
        raise ExtensionError(f"{docname} has an exercise and does not name it; write {{source}}`"
                             f"{posixpath.dirname(docname)}/exercise.py` where its notebook shall be offered")
    paragraph = named[-1].parent
    html = links(exercise, address, to_root) + NOTE
    paragraph.parent.insert(paragraph.parent.index(paragraph), nodes.raw("", html, format="html"))


def add_style(app, pagename, templatename, context, doctree):
    if LESSON.fullmatch(pagename):
        app.add_css_file("launch.css")


def write_notebooks(app, exception):
    """All notebooks below the site's notebooks/, anew."""
    if exception or app.builder.format != "html":
        return
    address = address_of(app.config.html_theme_options["repository_url"])
    out = Path(app.outdir) / FOLDER
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(app.released, out, ignore=shutil.ignore_patterns("stamp"))
    for docname in sorted(filter(LESSON.fullmatch, app.env.found_docs)):
        made = Path(app.outdir).parent / "jupyter_execute" / f"{docname}.ipynb"
        notebook = lesson_notebook(json.loads(made.read_text(encoding="utf-8")), Page(app, docname, address), address,
                                   posixpath.dirname(docname))
        target = out / lesson_file(docname).path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def setup(app):
    app.connect("env-before-read-docs", release_ahead)
    app.connect("doctree-resolved", offer)
    app.connect("html-page-context", add_style)
    app.connect("build-finished", write_notebooks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
