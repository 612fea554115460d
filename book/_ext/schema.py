"""A JSON Schema as definition lists: `{schema} autograder/results.schema.json`, every field of it."""

import json
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective


class SchemaDirective(SphinxDirective):
    required_arguments = 1

    def run(self):
        path = Path(self.env.srcdir) / self.arguments[0]
        self.env.note_dependency(str(path))
        self.env.note_dependency(__file__)
        schema = json.loads(path.read_text(encoding="utf-8"))
        # html_extra_path puts the file itself beside the site's first page
        address = "../" * self.env.docname.count("/") + path.name
        link = nodes.reference("", "", nodes.literal("", path.name), refuri=address)
        return [nodes.paragraph("", "", nodes.Text("Its form as a JSON Schema, for programs: "), link, nodes.Text(".")),
                nodes.paragraph("", schema["description"]), fields(schema, schema)]


def fields(part, schema):
    """A definition list of the properties of an object, those of the objects in it as `checks[].verdict`."""
    return nodes.definition_list("", *(item(name, about) for name, about in properties(part, schema, "")),
                                 classes=["fields"])


def properties(part, schema, prefix):
    """(name with its place, description) of each property, in the schema's order."""
    for name, about in part["properties"].items():
        yield prefix + name, about
        inside = about.get("items", about)
        if "$ref" in inside:
            inside = schema["$defs"][inside["$ref"].rpartition("/")[2]]
        if "properties" in inside:
            yield from properties(inside, schema, f"{prefix}{name}{'[]' if 'items' in about else ''}.")


def item(name, about):
    what = nodes.inline("", "", nodes.Text(" "), *kind(about), classes=["kind"])
    term = nodes.term("", "", nodes.literal("", name), what)
    definition = nodes.definition("", nodes.paragraph("", about["description"]))
    choices = [(choice["const"], choice["description"]) for choice in about.get("oneOf", ())]
    if choices:
        definition += nodes.bullet_list("", *(nodes.list_item("", nodes.paragraph(
            "", "", nodes.literal("", word), nodes.Text(f": {text}"))) for word, text in choices))
    return nodes.definition_list_item("", term, definition)


def kind(about):
    """What stands there: "number", "string or null", one of some words, or always the same word."""
    if "const" in about:
        return [nodes.Text("always "), nodes.literal("", about["const"])]
    if "oneOf" in about:
        return [nodes.Text("one of these words")]
    types = about.get("type") or [choice["type"] for choice in about["anyOf"] if "type" in choice]
    return [nodes.Text(" or ".join([types] if isinstance(types, str) else types))]


def setup(app):
    app.add_directive("schema", SchemaDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
