"""Assignments and submissions built from a few lines of text, and the grading of many of them at once."""

import json
from types import SimpleNamespace

import pytest

from autograder import cluster, diagnosis, executor, intake, notebook, tester, wall

STUB = "raise NotImplementedError()"


def metadata(kind, grade_id, points=None):
    """nbgrader's metadata of a cell: solution, check, locked, manual (graded by a person) or task."""
    meta = {"schema_version": 3, "grade_id": grade_id, "solution": kind in ("solution", "manual"),
            "grade": kind in ("check", "manual"), "locked": kind in ("check", "locked"), "task": kind == "task"}
    return {"nbgrader": meta | ({} if points is None else {"points": points})}


def cell(kind, text, grade_id="", points=None, **more):
    """A notebook cell; kind "free" has no grade_id, "text" is Markdown."""
    meta = metadata(kind, grade_id, points) if grade_id else {}
    made = {"cell_type": "markdown" if kind in ("text", "task") else "code", "id": grade_id or "free",
            "metadata": meta, "source": text}
    return (made | ({} if made["cell_type"] == "markdown" else {"outputs": [], "execution_count": None})) | more


def cells(text):
    """Cells from text: a line `#: check 2 in-place` starts a check of 2 points that carries the tag in-place.

    Grade ids are the kind and a number: solution1, solution2, check1 and so on.
    """
    found, count = [], {}
    for part in text.split("#:")[1:]:
        heading, _, code = part.partition("\n")
        kind, *rest = heading.split()
        count[kind] = count.get(kind, 0) + 1
        points = float(rest.pop(0)) if kind in ("check", "manual", "task") else None
        made = cell(kind, code.strip("\n"), "" if kind in ("free", "text") else f"{kind}{count[kind]}", points)
        if rest:
            made["metadata"]["tags"] = rest
        found.append(made)
    return found


def source(made, name="work"):
    """An instructor's notebook; every solution cell is released as STUB."""
    made = cells(made) if isinstance(made, str) else made
    stubs = {notebook.grade_id_of(c): STUB for c in made if notebook.nbgrader(c).get("solution")}
    return notebook.Source(name, tuple(made), {}, stubs)


def answered(instructor, answers):
    """The cells that a student hands in: the instructor's, with these texts (or STUB) in the solution cells."""
    return [{**c, "source": answers.get(notebook.grade_id_of(c), STUB)} if notebook.nbgrader(c).get("solution") else c
            for c in instructor.cells]


def document(made, **more):
    """The JSON of a notebook with these cells."""
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made} | more)


def hand_in(folder, text, name="work"):
    """Write a submitted notebook; returns its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.ipynb").write_text(text)
    return folder


def job(folder, *sources, student="student", files=None, rehearsal=None, bank="", **options):
    """A job with short limits, confined."""
    limits = wall.Options(**{"cell_seconds": 2.0, "total_seconds": 20.0, "hide": wall.project_folders()} | options)
    known = diagnosis.learn(bank) if bank else None
    made = executor.Assignment(sources, files or {}, limits, known=known)
    if rehearsal is not None:
        made = made._replace(in_place=rehearsal.in_place, unfit=rehearsal.unfit, forgeable=rehearsal.forgeable,
                             numeric=rehearsal.numeric, shares=rehearsal.shares)
    return executor.Job(intake.read(student, folder), made)


def in_process(function, job):
    """What a function of the executor makes of a job, in a process of its own."""
    return tester.call(function, job, tester.Bounds(60.0))


def grade_all(jobs, workers=2):
    """Grade jobs in processes of their own, as `autograder grade` does; returns {student: result}."""
    outcomes = dict(cluster.run(in_process, executor.grade, ((one.student, one) for one in jobs), workers=workers))
    refused = [o for o in outcomes.values() if isinstance(o, tester.Failure) and o.kind == "Refused"]
    if refused:
        raise wall.Refused(refused[0].message)
    return outcomes


def scores(result):
    """{grade_id: score} of a result."""
    return {check.grade_id: check.score for check in result.checks}


@pytest.fixture(scope="session")
def make():
    """Builders: cell, cells, source, answered, document, hand_in, job, grade_all, scores."""
    return SimpleNamespace(STUB=STUB, metadata=metadata, cell=cell, cells=cells, source=source, answered=answered,
                           document=document, hand_in=hand_in, job=job, grade_all=grade_all, in_process=in_process,
                           scores=scores)


@pytest.fixture
def grade(tmp_path):
    """Grade one submission of cells (text) in this process: `grade(instructor, answers, **options)`."""
    def run(instructor, answers=None, submitted=None, **options):
        instructor = source(instructor) if isinstance(instructor, str) else instructor
        made = submitted if submitted is not None else (
            list(instructor.cells) if answers is None else answered(instructor, answers))
        return executor.grade(job(hand_in(tmp_path / "in", document(made)), instructor, **options))
    return run
