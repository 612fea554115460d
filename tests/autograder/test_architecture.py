"""Who may import whom. The tables are the design; a new arrow is a decision, not an accident."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

AUTOGRADER = {
    "__init__": set(),
    "tables": set(), "values": {"tables"}, "protocol": {"values"},
    "checks": set(), "exercise": set(), "once": set(), "notebook": {"once"},
    "bank": set(), "diagnosis": {"bank"},
    "kernel": set(), "seccomp": {"kernel"}, "rootfs": {"kernel"},
    "cgroups": set(), "usage": {"kernel"}, "monitor": {"kernel", "usage"},
    "sandbox": {"kernel", "monitor", "probes", "rootfs", "seccomp", "usage"},
    "probes": {"attempts", "kernel", "sandbox"}, "attempts": {"kernel", "seccomp"},
    "worker": {"protocol", "sandbox", "values"},
    "zygote": {"sandbox"},
    # remote and names know the wall's session by its type only
    "remote": {"wall"}, "names": {"remote", "values", "wall"},
    "wall": {"protocol", "remote", "sandbox", "values", "zygote"},
    "inside": {"notebook", "protocol", "wall"},
    "executor": {"diagnosis", "inside", "names", "notebook", "once", "protocol", "wall"},
    # loads the executor before it forks, and calls what it is handed
    "tester": {"executor", "kernel", "protocol", "wall", "zygote"},
    "cluster": set(),
    "course": {"exercise", "notebook"},
    "archives": set(), "lms": {"archives"}, "receipts": {"archives", "protocol"},
    "intake": {"archives", "course", "kernel", "lms", "protocol", "receipts"},
    "gradebook": {"course", "protocol"},
    "journal": {"protocol"},
    "report": {"protocol"}, "progress": {"protocol", "report"},
    "demo": {"solutions"},
    # rebuilds students' networks with the reference's activations
    "models": {"solutions"},
    "grading": {"archives", "cluster", "course", "diagnosis", "executor", "gradebook", "intake", "journal", "notebook",
                "progress", "protocol", "receipts", "tester", "wall"},
    "cli": {"archives", "cgroups", "cluster", "course", "demo", "exercise", "grading", "intake", "journal", "probes",
            "progress", "protocol", "report", "sandbox", "wall"},
}
SOLUTIONS = {
    "__init__": set(), "data": set(), "preprocessing": set(), "activations": set(), "losses": {"activations"},
    "optimizers": set(), "network": {"activations"}, "training": {"network", "losses", "optimizers"},
    "evaluation": set(), "pages": set(),
    "rebuild": {"activations", "losses", "network", "optimizers"},
    "lockstep": {"data", "preprocessing", "rebuild", "training"},
    "keras_model": {"data"}, "improve": set(),
}


def imports(package, path):
    """(modules of the same package, other top-level packages) that a module imports anywhere in its text."""
    own, other = set(), set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            modules = [(alias.name, []) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [(node.module or package, [alias.name for alias in node.names])]
        else:
            continue
        for module, names in modules:
            top, _, rest = module.partition(".")
            if top != package:
                other.add(top)
            else:
                own |= {rest.split(".")[0]} if rest else set(names)
    return own, other


def modules(package):
    return sorted(path.stem for path in (ROOT / package).glob("*.py"))


@pytest.mark.parametrize("name", modules("autograder"))
def test_autograder_modules_import_only_what_the_design_allows(name):
    own, other = imports("autograder", ROOT / "autograder" / f"{name}.py")
    allowed = AUTOGRADER[name]
    assert own <= allowed - {"solutions"}
    assert "solutions" not in other or "solutions" in allowed


@pytest.mark.parametrize("name", modules("solutions"))
def test_solutions_modules_import_only_downwards(name):
    own, other = imports("solutions", ROOT / "solutions" / f"{name}.py")
    assert own <= SOLUTIONS[name]
    assert "autograder" not in other
    # improve: inside two functions, so that importing it costs nothing
    assert name in ("keras_model", "improve") or not other & {"tensorflow", "keras"}


def test_no_module_imports_the_command_line():
    for name in modules("autograder"):
        assert "cli" not in imports("autograder", ROOT / "autograder" / f"{name}.py")[0]


def test_nothing_that_a_student_wrote_can_be_unpickled():
    for name in ("tables", "values", "protocol", "worker", "remote", "names", "wall", "executor", "notebook",
                 "inside", "journal", "archives", "intake", "lms", "receipts", "gradebook", "grading", "report"):
        _, other = imports("autograder", ROOT / "autograder" / f"{name}.py")
        assert not other & {"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle"}


@pytest.mark.parametrize("name", [n for n in modules("autograder") if n not in ("attempts", "cli", "probes")])
def test_nothing_below_the_command_line_prints_or_exits(name):
    calls = {ast.unparse(node.func) for node in ast.walk(ast.parse((ROOT / "autograder" / f"{name}.py").read_text()))
             if isinstance(node, ast.Call)}
    allowed = {"print"} if name == "worker" else set()     # inside the wall, into what the cell shows
    assert not calls & {"print", "sys.exit", "exit", "quit"} - allowed
