"""`exercise-notebooks`: a table of all exercises, each with its three links; the guide for students shows it."""

from html import escape

from address import address_of
from docutils import nodes
from launch import LESSON, exercise_file, link_list
from sphinx.util.docutils import SphinxDirective

WORDS = ("Colab", "Binder", "Download")
ROW = '<tr><td><a class="reference internal" href="{page}">{title}</a></td><td>{links}</td></tr>'
TABLE = ('<table class="table launch-table"><thead><tr><th>Lesson</th><th>Its exercise</th></tr></thead>'
         "<tbody>{rows}</tbody></table>")


class exercise_notebooks(nodes.Element):
    """Where the table goes; its rows are known when all pages are read."""


class ExerciseNotebooks(SphinxDirective):
    def run(self):
        return [exercise_notebooks()]


def fill(app, doctree, docname):
    for node in list(doctree.findall(exercise_notebooks)):
        if app.builder.format != "html":
            node.parent.remove(node)
            continue
        address = address_of(app.config.html_theme_options["repository_url"])
        to_root = "../" * docname.count("/")
        rows = []
        for lesson in sorted(filter(LESSON.fullmatch, app.env.found_docs)):
            title, exercise = app.env.titles[lesson].astext(), exercise_file(lesson, app.released)
            if exercise:
                page = app.builder.get_relative_uri(docname, lesson)
                links = link_list(exercise, address, to_root, title, f"The exercise of {title}", WORDS)
                rows.append(ROW.format(page=page, title=escape(title), links=links))
        node.replace_self(nodes.raw("", TABLE.format(rows="".join(rows)), format="html"))


def add_style(app, pagename, templatename, context, doctree):
    if doctree is not None and '"table launch-table"' in context["body"]:
        app.add_css_file("launch.css")


def setup(app):
    app.add_node(exercise_notebooks)
    app.add_directive("exercise-notebooks", ExerciseNotebooks)
    app.connect("doctree-resolved", fill)
    app.connect("html-page-context", add_style)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
