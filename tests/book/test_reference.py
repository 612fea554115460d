"""The reference shows what the source says: nothing missing, every link to the lines of the definition."""

import argparse
import ast
import json
import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from autograder import cli

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "book/_ext"))

import commands  # noqa: E402
import docstrings  # noqa: E402
import reference  # noqa: E402
import schema  # noqa: E402

PAGES = {name: (ROOT / f"book/{name}.md").read_text(encoding="utf-8") for name in ("solutions", "autograder")}
REFERENCES = [(module, (only or "").split()) for text in PAGES.values()
              for module, only in re.findall(r"^:::\{reference\} (\S+)\n(?::only: (.*)\n)?", text, re.MULTILINE)]


def test_every_module_of_the_reference_has_a_section():
    documented = {module for module, only in REFERENCES if not only}
    assert {f"solutions.{path.stem}" for path in (ROOT / "solutions").glob("[a-z]*.py")} <= documented


def test_every_module_of_the_autograder_is_described_or_listed_once():
    modules = sorted(path.stem for path in (ROOT / "autograder").glob("[a-z]*.py"))
    listed = re.findall(r"^:::\{contents-of\} autograder\n(?::to: source\n)?(.*)$", PAGES["autograder"], re.MULTILINE)
    assert sorted(" ".join(listed).split()) == modules
    described = {module.partition(".")[2] for module, _ in REFERENCES if module.startswith("autograder.")}
    assert sorted(listed[0].split()) == sorted(described)


@pytest.mark.parametrize(("module", "only"), REFERENCES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_source_link_leads_to_the_lines_of_the_definition(module, only):
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["repository"]
    theme = SimpleNamespace(html_theme_options={"repository_url": config["url"], "repository_branch": config["branch"]})
    reference.configure(None, theme)
    for node in reference.public(reference.tree(module).body):
        if only and node.name not in only:
            continue
        names = [node.name, *(f"{node.name}.{part.name}" for part in reference.public(getattr(node, "body", []))
                              if isinstance(node, ast.ClassDef))]
        for name in names:
            address = theme.linkcode_resolve("py", {"module": module, "fullname": name})
            file, first, last = re.fullmatch(
                rf"{re.escape(config['url'])}/blob/{config['branch']}/(.+)#L(\d+)-L(\d+)", address).groups()
            lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
            assert re.match(rf"\s*(def|class) {name.rpartition('.')[2]}\b", lines[int(first) - 1]), address
            assert int(last) >= int(first)


def test_what_is_not_in_the_source_has_no_link():
    assert reference.linkcode_resolve("py", {"module": "solutions.losses", "fullname": "hinge"}) is None
    assert reference.linkcode_resolve("js", {"module": "solutions.losses", "fullname": "mse"}) is None


def test_parameters_and_the_result_become_a_list():
    text = "d: the gradient, z: the input,\nboth of one shape -> that shape.\nAs in Keras."
    parts = docstrings.split_lists(text, ["d", "z"])
    assert parts == [[("d", "the gradient"), ("z", "the input, both of one shape"), ("returns", "that shape")],
                     "As in Keras."]


def test_parameters_that_are_described_together_stay_together():
    assert docstrings.split_lists("w, grad: one shape; lr is the rate.", ["w", "grad", "lr"]) \
        == [[("w, grad", "one shape"), ("lr", "the rate")]]


def test_errors_are_listed_with_their_reasons():
    assert docstrings.split_lists("Counts.  ValueError: a class outside 0 to k - 1.", ["k"]) \
        == ["Counts.", [("ValueError", "a class outside 0 to k - 1")]]


def test_a_word_before_a_colon_is_no_parameter():
    assert docstrings.split_lists("Note: nothing happens.", ["z"]) == ["Note: nothing happens."]


def test_code_and_maths_are_left_alone_and_signs_are_not_taken_for_markup():
    text = docstrings.markdown(r"All *inputs <b> of `a_*b` and $a_* < b$ [x].")
    assert text == r"All \*inputs \<b> of `a_*b` and $a_* < b$ \[x\]."


def test_an_example_with_empty_lines_is_one_block():
    assert docstrings.markdown("So:\n\n    a = 1\n\n    b = 2").count("```python") == 1


def test_names_of_the_repository_become_links_and_others_do_not():
    def full(text):
        return reference.full_name(text, "solutions.optimizers")

    assert full("adam_rate") == "solutions.optimizers.adam_rate"
    assert full("solutions.training") == "solutions.training"
    assert full("training.schedule") == "solutions.training.schedule"
    assert full("adam(w, grad)") == "solutions.optimizers.adam"
    assert full("keras.optimizers.Adam") is None
    assert full("lr=0.1") is None


def test_a_signature_shows_defaults_and_fields_as_written():
    assert reference.signature(reference.find("solutions.optimizers", "sgd")) == "(w, grad, lr=0.01)"
    fields = reference.signature(reference.find("solutions.optimizers", "Rule"))
    assert fields.startswith("(step: Callable, start: tuple[float, ...], counts_steps: bool = False")
    assert "eps=1e-7" in reference.signature(reference.find("solutions.optimizers", "adam"))


def test_every_command_and_option_is_described():
    parser = cli._parser()
    found = {command.prog: (command, help) for command, help in commands.commands(parser)}
    assert {"autograder make", "autograder grade", "autograder collect", "autograder feedback"} <= set(found)
    for command, help in found.values():
        assert help
        for action in command._actions:
            if action.option_strings and not isinstance(action, argparse._HelpAction):
                assert action.help, f"{command.prog} {action.option_strings} has no help text"
                text = commands.meaning(action)
                assert text.endswith(".")
                assert "%(" not in text
                assert "here:" not in text, "what holds for this machine is not the reader's"


def test_a_default_is_told_once():
    parser = argparse.ArgumentParser()
    told = parser.add_argument("--a", default=2.0, help="how much (default: %(default)g)")
    untold = parser.add_argument("--b", default="x", help="which")
    assert commands.meaning(told) == "How much (default: 2)."
    assert commands.meaning(untold) == "Which (default: x)."


def test_every_field_of_the_published_schema_is_described():
    published = json.loads((ROOT / "autograder/results.schema.json").read_text(encoding="utf-8"))
    text = schema.fields(published, published).astext()
    for name, about in published["properties"].items():
        assert name in text
        assert about["description"] in text
    for name, about in published["$defs"]["check"]["properties"].items():
        assert f"checks[].{name}" in text
        assert about["description"] in text


def test_the_schema_is_published_with_the_site():
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]
    assert "autograder/results.schema.json" in config["html_extra_path"]
