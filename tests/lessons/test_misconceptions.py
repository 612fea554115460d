"""The bank of misconceptions beside every exercise: wrong versions lose points and are named, right ones get all."""

import importlib.util
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from autograder import diagnosis, notebook
from autograder.bank import Bank, load

LESSONS = Path(__file__).resolve().parents[2] / "lessons"
BANKS = sorted(LESSONS.glob("*/misconceptions.py"))

for_every_bank = pytest.mark.parametrize("path", BANKS, ids=[path.parent.name for path in BANKS])


@cache
def bank_of(path: Path) -> Bank:
    """The bank as a module, so that the text of every version can be found."""
    spec = importlib.util.spec_from_file_location(f"misconceptions_{path.parent.name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.bank


@cache
def known_of(path: Path) -> diagnosis.Knowledge:
    return diagnosis.learn(path.read_text())


def lost(path, version, exercise_cells, **options):
    """grade_id -> message of the checks of its own function that fail for a version."""
    messages = exercise_cells(path.with_name("exercise.py"), {version.function: version.cell()},
                              only=version.function, **options)
    return {grade_id: message for grade_id, message in messages.items() if message}


@for_every_bank
def test_every_wrong_version_loses_points(path, exercise_cells):
    unnoticed = [v.name for v in bank_of(path).wrong_versions if not lost(path, v, exercise_cells, until_lost=True)]
    assert unnoticed == []


@for_every_bank
def test_every_right_version_gets_all_points(path, exercise_cells):
    punished = {v.name: lost(path, v, exercise_cells) for v in bank_of(path).right_versions}
    assert {name: messages for name, messages in punished.items() if messages} == {}


@for_every_bank
def test_every_wrong_version_is_named(path):
    """By its own sentence; versions that behave alike on every probe must say the same."""
    misnamed = {}
    for version in bank_of(path).wrong_versions:
        found = diagnosis.diagnose(known_of(path), version.function, version.code)
        if found is None or not found.exact or found.sentence != version.sentence:
            misnamed[version.name] = found
    assert misnamed == {}


@for_every_bank
def test_a_right_version_is_given_no_mistake(path):
    bank = bank_of(path)
    versions = [(name, name, code) for name, code in bank.reference.items()]
    versions += [(v.name, v.function, v.code) for v in bank.right_versions]
    found = {name: diagnosis.diagnose(known_of(path), function, code) for name, function, code in versions}
    assert {name: said for name, said in found.items() if said and said.exact} == {}


@for_every_bank
def test_probes_give_the_same_every_time(path):
    for name, probes in bank_of(path).probes.items():
        function = bank_of(path).reference[name]
        for probe in probes:
            first, second = (diagnosis.observe(probe, function) for _ in range(2))
            assert not first.error, (probe.__name__, first)
            assert diagnosis.alike(first.value, second.value, 0.0), probe.__name__


@for_every_bank
def test_a_version_that_changes_its_input_spoils_no_other(path):
    """Probes make their inputs anew: else what a later version does would depend on the earlier ones."""
    bank = load(path.read_text())
    for name, (right, wrong) in known_of(path).functions.items():
        changing = {mistake.name for mistake in wrong if any(outcome.changed for outcome in mistake.outcomes)}
        for version in bank.wrong_versions:
            if version.name in changing:
                for probe in bank.probes[name]:
                    diagnosis.observe(probe, version.code)
        for probe, before in zip(bank.probes[name], right, strict=True):
            after = diagnosis.observe(probe, bank.reference[name])
            assert diagnosis.alike(after.value, before.value, diagnosis.CLOSE), (name, probe.__name__)


@for_every_bank
def test_the_bank_knows_every_function_that_students_write(path, built_exercises):
    bank, sources = bank_of(path), built_exercises[path.parent.name].sources
    graded = set().union(*(notebook.student_names(source) for source in sources))
    assert graded == set(bank.reference)
    wrong = Counter(v.function for v in bank.wrong_versions)
    right = Counter(v.function for v in bank.right_versions)
    assert {name: (wrong[name], right[name]) for name in graded if wrong[name] < 3 or right[name] < 1} == {}


@for_every_bank
def test_names_and_sentences_are_written_once(path):
    bank = bank_of(path)
    names = Counter(v.name for v in bank.wrong_versions + bank.right_versions)
    assert [name for name, n in names.items() if n > 1] == []


@for_every_bank
def test_nothing_of_the_bank_is_released(path, built_exercises):
    sentences = {v.sentence for v in bank_of(path).wrong_versions}
    for file in built_exercises[path.parent.name].released.parent.rglob("*"):
        if file.is_file():
            text = file.read_text()
            assert not [s for s in sentences if s in text]
            assert file.name != "misconceptions.py"


def test_there_are_150_wrong_and_60_right_versions_and_a_bank_for_every_exercise():
    assert sum(len(bank_of(path).wrong_versions) for path in BANKS) >= 150
    assert sum(len(bank_of(path).right_versions) for path in BANKS) >= 60
