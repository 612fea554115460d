"""Pages of what is in a package, made from the source without importing it: signatures, docstrings, links to the lines.

    :::{contents-of} solutions
    data preprocessing
    :::

    :::{reference} solutions.data
    :::

Reading the source instead of importing it costs no time (TensorFlow alone takes five seconds) and shows defaults and
fields as they are written.
"""

import ast
import functools
import re
from pathlib import Path

from docstrings import listing, markdown
from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).parents[2]
SIGNATURE = re.compile(r'(?<=<dt class="sig sig-object py").*?(?=</dt>)', re.DOTALL)
LINES = re.compile(r"<(/?)d[ld]\b")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def source(module):
    """The file of a module, below the repository's folder."""
    return Path(*module.split(".")).with_suffix(".py")


@functools.cache
def tree(module):
    return ast.parse((ROOT / source(module)).read_text(encoding="utf-8"))


def public(body):
    return [node for node in body if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and not node.name.startswith("_")]


def find(module, name):
    """The definition of "function", "Class" or "Class.method" in a module, or None; a field stands for its class."""
    found, body = None, tree(module).body
    for part in name.split("."):
        inside = [node for node in body if getattr(node, "name", None) == part]
        if not inside:
            return found if found and part in fields(found) else None
        found, body = inside[0], inside[0].body
    return found


def fields(node):
    """The fields of a NamedTuple, {name: its line}."""
    if not isinstance(node, ast.ClassDef) or "NamedTuple" not in map(ast.unparse, node.bases):
        return {}
    return {line.target.id: line for line in node.body if isinstance(line, ast.AnnAssign)}


def comments(node, module):
    """(field, what stands behind it in the source) of those fields of a NamedTuple that say something there."""
    lines = (ROOT / source(module)).read_text(encoding="utf-8").splitlines()
    behind = {name: lines[line.end_lineno - 1][line.end_col_offset:].strip() for name, line in fields(node).items()}
    return [(name, text.lstrip("# ")) for name, text in behind.items() if text.startswith("#")]


def full_name(text, module, node=None):
    """The full name of what code in a docstring stands for, if it is one of the repository's own: for a link."""
    name = text.partition("(")[0]
    package = module.partition(".")[0]
    candidates = [(module, f"{node.name}.{name}")] if isinstance(node, ast.ClassDef) else []
    candidates.append((module, name))
    if "." in name:
        head, _, rest = name.removeprefix(f"{package}.").partition(".")
        candidates.append((f"{package}.{head}", rest))
    if name.startswith(("solutions.", "autograder.")):
        candidates.append((".".join(name.split(".")[:2]), ".".join(name.split(".")[2:])))
    for where, what in candidates:
        if not (ROOT / source(where)).is_file():
            continue
        if not what:
            return where
        definition = find(where, what)
        if definition is not None and not any(part.startswith("_") for part in what.split(".")):
            return f"{where}.{what}"
    return None


def managed(node):
    """Whether this is a generator that `with` uses."""
    return any(ast.unparse(decorator).endswith("contextmanager") for decorator in node.decorator_list)


def signature(node):
    """Arguments and result, as written; of a class, what makes one."""
    if own := fields(node):
        return "(" + ", ".join(ast.unparse(line) for line in own.values()) + ")"
    if isinstance(node, ast.ClassDef):
        made = next((part for part in node.body if getattr(part, "name", "") == "__init__"), None)
        return signature(made) if made else ""
    arguments = node.args.args
    if arguments and arguments[0].arg in ("self", "cls"):
        node.args.args = arguments[1:]
    shown = node.returns and node.name != "__init__" and not managed(node)
    result = f" -> {ast.unparse(node.returns)}" if shown else ""
    text = re.sub(r"e-0(\d)", r"e-\1", f"({ast.unparse(node.args)}){result}")     # 1e-7, as it was written
    node.args.args = arguments
    return text


def names_of(node):
    if isinstance(node, ast.ClassDef):
        made = next((part for part in node.body if getattr(part, "name", "") == "__init__"), None)
        return [*fields(node), *(names_of(made) if made else [])]
    return [argument.arg for argument in [*node.args.args, *node.args.kwonlyargs]]


def entry(node, module, fence="`" * 9, inside=None):
    """The directive, in Markdown, that documents one definition and what is public in it."""
    decorators = set(map(ast.unparse, node.decorator_list))
    options = [f":module: {module}"]
    if isinstance(node, ast.ClassDef):
        kind = "exception" if any("Error" in base or "Exception" in base for base in map(ast.unparse, node.bases)) \
            else "class"
    elif "property" in decorators:
        kind = "property"
        options += [f":type: {ast.unparse(node.returns)}"] if node.returns else []
    else:
        kind = "method" if inside else "function"
        options += [f":{word}:" for word in ("classmethod", "staticmethod") if word in decorators]
    arguments = "" if kind == "property" else signature(node)
    name = f"{inside.name}.{node.name}" if inside else node.name
    lines = [f"{fence}{{py:{kind}}} {name}{arguments}", *options, ""]
    def resolve(code):
        return full_name(code, module, inside or node)

    lines += [markdown(ast.get_docstring(node) or "", names_of(node), resolve), ""]
    if managed(node):
        lines += [f"For `with {node.name}(…):`.", ""]
    if said := comments(node, module):
        lines += [listing(said, resolve), ""]
    if isinstance(node, ast.ClassDef):
        for part in public(node.body):
            lines += [entry(part, module, fence[:-1], node), ""]
    return "\n".join([*lines, fence])


class ReferenceDirective(SphinxDirective):
    """All that is public in one module; `:only:` names what others call, where most of it serves the module itself."""

    required_arguments = 1
    option_spec = {"only": directives.unchanged}  # noqa: RUF012 (docutils' own convention)

    def run(self):
        module = self.arguments[0]
        self.env.note_dependency(str(ROOT / source(module)))
        self.env.note_dependency(__file__)
        tree.cache_clear()
        found = public(tree(module).body)
        if "only" in self.options:
            wanted = self.options["only"].split()
            missing = set(wanted) - {node.name for node in found}
            if missing:
                raise self.error(f"{module} has no public {', '.join(sorted(missing))}")
            found = [node for node in found if node.name in wanted]
        text = markdown(ast.get_docstring(tree(module)) or "", resolve=lambda code: full_name(code, module))
        whole = "\n\n".join([f"```{{py:module}} {module}\n```", text, f"Source: {{source}}`{source(module)}`",
                             *(entry(node, module) for node in found)])
        return parse(self, whole)


class ContentsDirective(SphinxDirective):
    """Modules, each with the first line of its docstring; `:to: source` leads to the file, else to the section."""

    required_arguments = 1
    has_content = True
    option_spec = {"to": lambda value: directives.choice(value, ("section", "source"))}  # noqa: RUF012

    def run(self):
        items = []
        for name in " ".join(self.content).split():
            module = f"{self.arguments[0]}.{name}"
            self.env.note_dependency(str(ROOT / source(module)))
            first = (ast.get_docstring(tree(module)) or "").splitlines()[0]
            link = f"{{source}}`{source(module)}`" if self.options.get("to") == "source" \
                else f"{{py:mod}}`{name} <{module}>`"
            items.append(f"{link}\n: {markdown(first, resolve=functools.partial(full_name, module=module))}")
        return parse(self, "\n\n".join([":::{container} entries", *items, ":::"]))


def parse(directive, text):
    """The nodes that this Markdown makes where the directive stands."""
    place = nodes.Element()
    directive.state.nested_parse(StringList(text.splitlines(), "reference"), directive.content_offset, place)
    return place.children


def linkcode_resolve(domain, info):
    """For sphinx.ext.linkcode: the address of a definition's lines in the repository."""
    node = find(info["module"], info["fullname"]) if domain == "py" and info["module"] else None
    if node is None:
        return None
    return f"{linkcode_resolve.base}/{source(info['module']).as_posix()}#L{node.lineno}-L{node.end_lineno}"


def load_style(app, pagename, templatename, context, doctree):
    # Sphinx writes a long signature as a list of definitions without terms, which screen readers announce as broken
    if "body" in context:
        context["body"] = SIGNATURE.sub(lambda match: LINES.sub(r"<\1span", match[0]), context["body"])
    styled = {"entries", "options", "fields"}
    if doctree is not None and any(isinstance(node, addnodes.desc) or styled.intersection(node["classes"])
                                   for node in doctree.findall(nodes.Element)):
        app.add_css_file("reference.css")


def configure(app, config):
    options = config.html_theme_options
    linkcode_resolve.base = f"{options['repository_url']}/blob/{options['repository_branch']}"
    config.linkcode_resolve = linkcode_resolve


def setup(app):
    app.setup_extension("sphinx.ext.linkcode")
    app.add_directive("reference", ReferenceDirective)
    app.add_directive("contents-of", ContentsDirective)
    app.connect("config-inited", configure)
    app.connect("html-page-context", load_style)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
