"""The version behind every script that another one imports."""

import pytest


@pytest.fixture
def versions(extension):
    return extension("module_versions")


def test_what_stands_beside_a_module_gets_the_version_and_a_new_one_replaces_it(versions):
    code = ('import {mount} from "./explorer.js";\nexport * from "./plot.js";\n'
            'new Worker(new URL("worker.js", import.meta.url));\nfetch(new URL("harness.py", import.meta.url));\n')
    once = versions.with_version(code, "0a1b2c3d")
    assert once.count("?v=0a1b2c3d") == 4
    assert '"./explorer.js?v=0a1b2c3d"' in once
    assert '"harness.py?v=0a1b2c3d"' in once
    assert versions.with_version(once, "99999999") == once.replace("0a1b2c3d", "99999999")


@pytest.mark.parametrize("code", [
    "await import(`${address}pyodide.mjs`);", "new URL(`${name}?v=${root.dataset.version}`, import.meta.url);",
    'const words = "x.js";'])
def test_other_addresses_stay(versions, code):
    assert versions.with_version(code, "0a1b2c3d") == code


def test_a_version_follows_names_and_contents(versions, tmp_path):
    (tmp_path / "a.js").write_text("1")
    first = versions.version_of(tmp_path)
    (tmp_path / "a.js").write_text("2")
    second = versions.version_of(tmp_path)
    (tmp_path / "a.js").rename(tmp_path / "b.js")
    assert len({first, second, versions.version_of(tmp_path)}) == 3


def test_every_folder_with_modules_that_import_each_other_is_named(versions):
    static = versions.Path(versions.__file__).parents[1] / "_static"
    found = {module.parent.name for module in static.glob("*/*.js")
             if versions.REFERENCE.search(module.read_text(encoding="utf-8"))}
    assert found == set(versions.FOLDERS)
