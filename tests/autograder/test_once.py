"""What is made of the instructor's cells once for a class."""

import pytest

from autograder import once


@pytest.fixture(autouse=True)
def _own_memory(monkeypatch):
    monkeypatch.setattr(once, "KNOWN", {})


def run(text):
    names = {}
    code, last = once.compiled(text, "<cell>")
    exec(code, names)
    return names, eval(last, names) if last else None


def test_a_cell_is_run_and_its_last_expression_told():
    names, value = run("x = 3\nx + 1")
    assert (names["x"], value) == (3, 4)


@pytest.mark.parametrize("text", ["", "x = 3", "1\nx = 3", "# nothing"])
def test_a_cell_that_ends_with_no_expression_has_no_value(text):
    assert run(text)[1] is None


def test_a_traceback_names_the_cell_and_the_line():
    with pytest.raises(ZeroDivisionError) as caught:
        run("x = 0\n\n1 / x")
    assert [(str(entry.path), entry.lineno + 1) for entry in caught.traceback][-1] == ("<cell>", 3)


def test_what_was_made_once_is_not_made_again():
    calls = []
    twice = once.remembered(lambda text: calls.append(text) or text * 2)
    assert [twice("a"), twice("a"), twice("b")] == ["aa", "aa", "bb"]
    assert calls == ["a", "b"]


def test_broken_code_is_told_each_time():
    for _ in range(2):
        with pytest.raises(SyntaxError):
            once.compiled("x = (", "<cell>")


def test_byte_code_of_another_python_is_not_taken(monkeypatch):
    once.compiled("x = 3", "<cell>")
    once.KNOWN.update(dict.fromkeys(once.KNOWN, (b"", b"")))
    monkeypatch.setattr(once, "MAGIC_NUMBER", b"none")
    assert run("x = 3")[0]["x"] == 3
