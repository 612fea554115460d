"""An exercise to do in the page: `py-exercise`, the same task, stub and visible checks as in the student's notebook.

    ```{py-exercise} softmax
    ```

names a function, or the grade_id of a solution cell, of the exercise.py beside the page. Nothing is written twice: what
the page shows and runs is taken from the released notebook. The rest is done in the reader's browser, by the scripts
in `_static/py-exercise/`.
"""

import json
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

import released
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from autograder.exercise import ExerciseError

FILES = "py-exercise"          # below _static
GUIDE = "book/students"        # tells how to get the notebook
GRADED = ("These are the visible checks of the notebook, run in your browser: nothing is sent, nothing is graded. "
          "A grade comes from the notebook that you hand in, and from hidden checks.")


class py_exercise(nodes.Element):
    """The whole exercise: title, text, stub, checks.  `data` is what the script in the page is told."""


class py_exercise_title(nodes.TextElement):
    """Its heading."""


class py_exercise_more(nodes.Element):
    """Code to read, folded away below `label`."""


class PyExerciseDirective(SphinxDirective):
    required_arguments = 1

    def run(self):
        if not self.config.pyodide_url.endswith("/"):
            raise self.error("an exercise in the page needs Python: let pyodide_url in _config.yml name the folder of "
                             f"Pyodide, ending in a slash; it is {self.config.pyodide_url!r}")
        path = Path(self.env.doc2path(self.env.docname)).with_name("exercise.py")
        try:
            found = released.task(path, self.arguments[0])
        except ExerciseError as error:
            raise self.error(str(error)) from error
        for source in (*released.sources(path), __file__, released.__file__):
            self.env.note_dependency(source)
        serial = f"py-exercise-{found.function.replace('_', '-')}"
        inline, messages = self.state.inline_text(found.title, self.lineno)
        data = {"function": found.function, "stub": found.stub, "given": found.given, "checks": found.checks,
                "packages": found.packages}
        node = py_exercise("", py_exercise_title("", "", *inline, ids=[f"{serial}-title"]), ids=[serial], data=data)
        self.state.nested_parse(StringList(found.text.splitlines(), source=str(path)), 0, node)
        node += nodes.container("", block(found.stub), classes=["py-exercise-stub"])
        checks = [part for grade_id, code in found.checks
                  for part in (nodes.paragraph("", "", nodes.literal("", grade_id)), block(code))]
        node += py_exercise_more("", *checks, label="Read the checks")
        given = ", ".join(found.given_names)
        node += py_exercise_more("", *map(block, found.given), label=f"Read what is given: {given}")
        return [node, *messages]


def block(code):
    return nodes.literal_block(code, code, language="python")


def visit_exercise(self, node):
    serial, builder, config = node["ids"][0], self.builder, self.config
    guide = builder.get_relative_uri(builder.current_docname, GUIDE) if GUIDE in builder.env.found_docs else ""
    self.body.append(self.starttag(node, "section", CLASS="py-exercise", **{
        "aria-labelledby": f"{serial}-title", "data-pyodide": config.pyodide_url, "data-guide": guide,
        "data-seconds": str(config.py_exercise_seconds)}))


def depart_exercise(self, node):
    # "<" is escaped so that no text can end the script element
    data = json.dumps(node["data"]).replace("<", "\\u003c")
    host = urlsplit(self.config.pyodide_url).hostname
    source = "Python, about 9 MB, from " + (host or "this site")
    self.body.append(f'<p class="py-exercise-note">{GRADED}</p>\n'
                     f'<p class="py-exercise-note py-exercise-load" hidden>“Run the checks” loads {escape(source)}; '
                     "before that nothing is loaded.</p>\n"
                     "<noscript><p>To run it here, your browser has to allow JavaScript; the notebook works without."
                     f'</p></noscript>\n<script type="application/json">{data}</script>\n</section>\n')


def visit_title(self, node):
    self.body.append(self.starttag(node, "h3", "", CLASS="py-exercise-title"))


def depart_title(self, node):
    self.body.append("</h3>\n")


def visit_more(self, node):
    self.body.append(f'<details class="py-exercise-more"><summary>{node["label"]}</summary>\n')


def depart_more(self, node):
    self.body.append("</details>\n")


def skip(self, node):
    """Other builders print title, text, stub and checks one below the other."""


def load_scripts(app, pagename, templatename, context, doctree):
    """Only pages with an exercise get its script and style; neither loads anything before the reader runs it."""
    if doctree and next(doctree.findall(py_exercise), None):
        app.add_css_file(f"{FILES}/py-exercise.css")
        app.add_js_file(f"{FILES}/exercise.js", type="module")


def setup(app):
    app.add_config_value("pyodide_url", "", "html")
    app.add_config_value("py_exercise_seconds", 20, "html")
    others = dict.fromkeys(("latex", "text", "man", "texinfo"), (skip, skip))
    app.add_node(py_exercise, html=(visit_exercise, depart_exercise), **others)
    app.add_node(py_exercise_title, html=(visit_title, depart_title), **others)
    app.add_node(py_exercise_more, html=(visit_more, depart_more), **others)
    app.add_directive("py-exercise", PyExerciseDirective)
    app.connect("html-page-context", load_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
