"""A lesson as a notebook for any Jupyter or Colab: MyST's own syntax becomes plain Markdown, and a first cell fetches
what the lesson imports.

Measured numbers are written into the text, as on the page. What only the page can show becomes a link to it.
"""

import re
from textwrap import indent

# A run of backticks, what it encloses, the same run; before it perhaps the name of a role
SPAN = re.compile(r"(?:\{([a-zA-Z][\w:.+-]*)\})?(?<!`)(`+)(?!`)(.+?)(?<!`)\2(?!`)", re.DOTALL)
LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\((?!\w+:)([^)\s#]*)(#[^)\s]*)?\)")
FENCE = re.compile(r"(`{3,}|~{3,}|:{3,})\s*(?:\{([\w:.+-]+)\}\s*(.*)|.*)$")
DEFINITION = re.compile(r"^(\S.*)\n: +(?=\S)", re.MULTILINE)
INVISIBLE = re.compile(r"^(?:\([\w .:-]+\)=|%.*)\n?", re.MULTILINE)
FORMULA = re.compile(r"^\$\$\n(.*?)\n\$\$", re.MULTILINE | re.DOTALL)
OPTION = re.compile(r"^(?::[\w-]+:.*|---)$")
CHOICE = re.compile(r"^\((x| )\) (.*?)\n: (.*?)(?=\n\((?:x| )\) |\Z)", re.MULTILINE | re.DOTALL)
ADMONITIONS = {"admonition", "attention", "caution", "danger", "dropdown", "error", "hint", "important", "note",
               "seealso", "tip", "warning"}

SETUP = '''\
# Finds what this notebook imports: the course's own functions and its figure style, beside it or in its repository.
import importlib.util
import io
import os
import sys
import urllib.request
import zipfile
from pathlib import Path

here = Path.cwd()
course = next((folder for folder in (here, *here.parents) if (folder / "solutions" / "pages.py").exists()), None)
if course is None:
    with urllib.request.urlopen("{archive}") as answer:
        zipfile.ZipFile(io.BytesIO(answer.read())).extractall("{name}")
    course = next(Path("{name}").resolve().iterdir())
sys.path.insert(0, str(course))
os.chdir(course / "{folder}")

packages = {packages}
missing = " ".join(package for module, package in packages.items() if importlib.util.find_spec(module) is None)
if missing:
    %pip install --quiet {{missing}}
'''
PACKAGES = {"PIL": "pillow", "contourpy": "contourpy", "keras": "tensorflow", "matplotlib": "matplotlib",
            "mlxtend": "mlxtend", "numpy": "numpy", "pandas": "pandas", "seaborn": "seaborn",
            "tensorflow": "tensorflow", "threadpoolctl": "threadpoolctl"}


def lesson_notebook(notebook, page, address, folder):
    """The notebook that a reader opens; notebook: as MyST-NB read it; folder: of the lesson, lessons/NN_topic.

    page: what the Markdown refers to, with the methods `role(name, text)`, `title(target)`, `link(target)`; its
    `address` is that of the page itself, its `title_here` its title.
    """
    greeting = (f"*This is the lesson [{page.title_here}]({page.address}) of the course as a notebook. Run the next "
                "cell first; after that, cells need those above them.*")
    setup = SETUP.format(archive=address.archive, name=address.name, folder=folder, packages=PACKAGES)
    cells = [markdown_cell("start", greeting), code_cell("setup", setup, ["hide-input"])]
    for number, cell in enumerate(notebook["cells"]):
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and (text := plain(source, page)):
            cells.append(markdown_cell(f"text-{number}", text))
        elif cell["cell_type"] == "code":
            cells.append(code_cell(f"code-{number}", source, cell["metadata"].get("tags", [])))
    return {"cells": cells, "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python",
                                                        "name": "python3"}, "language_info": {"name": "python"}},
            "nbformat": 4, "nbformat_minor": 5}


def markdown_cell(name, text):
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": text.strip().splitlines(keepends=True)}


def code_cell(name, source, tags):
    """A cell without outputs; JupyterLab folds the code of those that the page folds or leaves out."""
    metadata = {"tags": tags} if tags else {}
    if {"hide-input", "hide-cell", "remove-input", "remove-cell"} & set(tags):
        metadata["jupyter"] = {"source_hidden": True}
    return {"cell_type": "code", "execution_count": None, "id": name, "metadata": metadata, "outputs": [],
            "source": source.strip().splitlines(keepends=True)}


def plain(text, page):
    """MyST Markdown as plain Markdown."""
    lines, parts, prose = text.splitlines(), [], []

    def end_of_prose():
        if any(line.strip() for line in prose):
            parts.append(plain_prose("\n".join(prose).strip("\n"), page))
        prose.clear()

    while lines:
        fence = FENCE.match(lines[0])
        if fence is None:
            prose.append(lines.pop(0))
            continue
        end_of_prose()
        marks, name, argument = fence.groups()
        end = next((n for n, line in enumerate(lines[1:], 1) if is_end(line, marks)), len(lines))
        body = lines[1:end]
        parts.append(plain_directive(name, argument, body, page) if name else "\n".join(lines[:end + 1]))
        del lines[:end + 1]
    end_of_prose()
    return "\n\n".join(parts)


def is_end(line, marks):
    line = line.strip()
    return len(line) >= len(marks) and set(line) == {marks[0]}


def plain_directive(name, argument, body, page):
    while body and (OPTION.match(body[0]) or not body[0].strip()):
        first = body.pop(0)
        if first == "---":
            body = body[body.index("---") + 1:]
    text = "\n".join(body)
    if name in ADMONITIONS:
        title = plain_prose(argument, page) if argument else name.capitalize()
        quoted = indent(f"**{title}**\n\n{plain(text, page)}", "> ", lambda _: True)
        return quoted.replace("> \n", ">\n")
    if name == "quiz":
        return plain_quiz(argument, text, page)
    if name == "math":
        return plain_prose(f"$$\n{text.strip()}\n$$", page)
    return f"*The page shows something here that a notebook cannot: [see it there]({page.address}).*"


def plain_quiz(question, text, page):
    """The options as a list, and what each of them answers, folded."""
    choices = [(mark == "x", option, feedback) for mark, option, feedback in CHOICE.findall(text)]
    options = [f"{number}. {plain_prose(option, page)}" for number, (_, option, _) in enumerate(choices, 1)]
    answers = [f"{number}. **{'Right.' if right else 'Not this one.'}** {plain_prose(feedback.strip(), page)}"
               for number, (right, _, feedback) in enumerate(choices, 1)]
    return "\n\n".join([f"**Question.** {plain_prose(question, page)}", "\n".join(options),
                        "<details><summary>Answers</summary>", "\n".join(answers), "</details>"])


def plain_prose(text, page):
    """Roles, links and definitions of a piece of text without fences."""
    text = INVISIBLE.sub("", text)
    text = FORMULA.sub(aligned, text)
    text = DEFINITION.sub(r"**\1**: ", text)
    text = SPAN.sub(lambda span: page.role(span[1], span[3]) if span[1] else span[0], text)
    return LINK.sub(lambda link: f"[{link[1] or page.title(link[2])}]({page.link(link[2])}{link[3] or ''})", text)


def aligned(formula):
    """A formula of several lines says so by itself; Sphinx says it for the page."""
    if "\\\\" not in formula[1] or "\\begin" in formula[1]:
        return formula[0]
    return f"$$\n\\begin{{aligned}}\n{formula[1]}\n\\end{{aligned}}\n$$"
