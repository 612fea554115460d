"""Every command and option of a command line, told by its argparse parser: `{commands} autograder.cli:_parser`.

Each command becomes a section with its usage, its arguments and its options, so the page cannot fall behind the
program.  What a help text says in brackets about this machine ("here: 2") is left out.
"""

import argparse
import importlib
import re
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

HERE = re.compile(r" \(here: [^)]*\)")


class CommandsDirective(SphinxDirective):
    required_arguments = 1

    def run(self):
        module, _, function = self.arguments[0].partition(":")
        loaded = importlib.import_module(module)
        self.env.note_dependency(loaded.__file__)
        for name in vars(loaded).values():
            if getattr(name, "__file__", None) and Path(name.__file__).is_relative_to(self.env.srcdir):
                self.env.note_dependency(name.__file__)
        return [self.section(parser, help) for parser, help in commands(getattr(loaded, function)())]

    def section(self, parser, help):
        name = nodes.make_id(parser.prog)
        section = nodes.section("", nodes.title(parser.prog, parser.prog), ids=[name], names=[parser.prog])
        self.state.document.note_explicit_target(section, section)
        text = usage(parser)
        section += [nodes.paragraph("", sentence(help)),
                    nodes.literal_block(text, text, language="text", classes=["usage"])]
        for group in parser._action_groups:
            actions = [action for action in group._group_actions
                       if action.help and not isinstance(action, argparse._HelpAction)]
            if actions:
                title = {"positional arguments": "Arguments", "options": "Options"}.get(group.title, group.title)
                section += nodes.rubric("", title[0].upper() + title[1:])
                section += nodes.definition_list("", *map(self.item, actions), classes=["options"])
        return section

    def item(self, action):
        metavar = action.metavar or (action.dest if not action.option_strings else action.dest.upper())
        # the long form first, as the text of the book uses it
        for_reading = [" ".join(filter(None, (flag, metavar if action.nargs != 0 else "")))
                       for flag in action.option_strings] or [metavar]
        term = nodes.term("", "", *(nodes.literal("", form) for form in for_reading))
        return nodes.definition_list_item("", term, nodes.definition("", nodes.paragraph("", meaning(action))))


def commands(parser):
    """(parser, help) of each command of an argparse parser, in its order."""
    subparsers = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    helps = {choice.dest: choice.help for choice in subparsers._choices_actions}
    return [(command, helps[name]) for name, command in subparsers.choices.items()]


def usage(parser):
    """The command with what it must be given; its options follow below it on the page."""
    required = [action for action in parser._actions if action.required]
    words = []
    for action in required:
        word = action.metavar or action.dest
        words.append(f"{word} [{word} ...]" if action.nargs == "+" else word)
    return " ".join([parser.prog, *words, "[options]" if len(parser._actions) > 1 + len(required) else ""]).strip()


def meaning(action):
    """The help text as a sentence, with the default where it does not tell it itself."""
    text = HERE.sub("", action.help.replace("%(default)s", str(action.default)))
    text = re.sub(r"%\(default\)g", lambda _: f"{action.default:g}", text)
    plain = action.nargs != 0 and action.default is not None and action.option_strings
    if plain and "default" not in action.help:
        text = f"{text} (default: {action.default})"
    return sentence(text)


def sentence(text):
    return f"{text[0].upper()}{text[1:]}." if not text.endswith(".") else f"{text[0].upper()}{text[1:]}"


def setup(app):
    app.add_directive("commands", CommandsDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
