"""Checks that cannot cross the wall: run as nbgrader runs them, in the student's own process, within the sandbox.

They patch or delete what the student defined, inspect code, look at plots. A student's code could reach such a verdict
by itself, so it is marked as forgeable. It gets a worker of its own, whose output is dropped: no cell that is shown has
ever been in one process with the text of a check. What the process says about a check with hidden tests is not shown
either: it could say what they are.
"""

from collections.abc import Collection, Mapping

from autograder import notebook
from autograder.notebook import Source, Step
from autograder.protocol import Check
from autograder.wall import Options, Session, Stopped


def verdicts(source: Source, steps: list[Step], files: Mapping[str, bytes], options: Options, deadline: float,
             wanted: Collection[str]) -> dict[str, Check]:
    """Run all cells in order; returns the checks of these grade_ids. Raises `Refused` where nothing can be confined."""
    found: dict[str, Check] = {}
    session: Session | None = None
    over = ""
    secret = any(notebook.hidden_lines(s.cell["source"]) for s in steps if _grade_id(s) in wanted)
    for step in steps if wanted else []:
        if step.cell["cell_type"] != "code" or not (step.student or step.check):
            continue
        verdict = ("limit", 0.0, over)
        if not over:
            try:
                session = session or Session(files, options, deadline)
                session.revive()
                verdict = _run(session, step, step.check and _grade_id(step) in wanted, secret)
            except Stopped as stop:
                verdict = ("limit" if stop.limit else "failed", 0.0, str(stop))
                over = str(stop) if session is None or session.over else ""
        if step.check and _grade_id(step) in wanted:
            meta = notebook.nbgrader(step.cell)
            kind, score, message = verdict
            found[meta["grade_id"]] = Check(source.name, meta["grade_id"], float(meta["points"]), score, kind, message,
                                            forgeable=True)
    if session:
        session.close()
    return found


def _grade_id(step: Step) -> str | None:
    return notebook.grade_id_of(step.cell)


def _run(session: Session, step: Step, judged: bool, secret: bool) -> tuple[str, float, str]:
    """Run a cell; the verdict, if it is a check to be judged. Of all other checks only what students have runs here.

    secret: the session knows hidden tests, so that nothing which it says is shown, and it can say yes or no only.
    """
    if not judged:
        session.run(notebook.visible(step.cell["source"]) if step.check else step.cell["source"])
        return "passed", 0.0, ""
    points = float(notebook.nbgrader(step.cell)["points"])
    error, value = session.judge(step.cell["source"])
    if error is None:
        score = notebook.partial_credit(value, points)
        score = score if score == points or not secret else 0.0
        return ("passed" if score == points else "partial"), score, ""
    if secret:
        return "failed", 0.0, "this check failed; it runs beside your code, so what failed in it is not shown"
    return "failed", 0.0, error.strip() or "the check failed"
