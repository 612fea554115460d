"""The command line: parse, call, print. Nothing below this module prints or exits."""

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tqdm import tqdm

import autograder
from autograder import cluster, course, demo, diagnosis, executor, gradebook, probes, report, sandbox, wall
from autograder.exercise import ExerciseError
from autograder.protocol import Result

ROOT = Path(__file__).resolve().parent.parent
LEARNING_SECONDS = 600.0        # for the probes of a bank of misconceptions, once for a class
BUILD_BOOK = [str(Path(sys.executable).parent / "jupyter-book"), "build", ".", "--toc", "book/_toc.yml"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 well, 1 something needs a look, 2 could not be done."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except (course.CourseError, ExerciseError, wall.Refused, sandbox.CannotConfine) as error:
        print(f"autograder: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("autograder: interrupted; what was recorded so far is kept, run the same command again", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="autograder", description=autograder.__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    make = commands.add_parser("make", help="build exercises into a course and generate their releases")
    make.add_argument("exercises", nargs="+", type=Path, help="folders such as lessons/02_activations")
    make.set_defaults(run=_make)

    grade = commands.add_parser("grade", help="grade everything that was submitted for an assignment")
    grade.add_argument("assignment")
    _add_grading_options(grade)
    grade.set_defaults(run=_grade)

    feedback = commands.add_parser("feedback", help="write the feedback pages (nbgrader's generate_feedback)")
    feedback.add_argument("assignment")
    feedback.set_defaults(run=_feedback)

    for command in (make, grade, feedback):
        command.add_argument("--course", type=Path, default=Path("_build/course"), help="the nbgrader course folder")

    check = commands.add_parser("check-sandbox", help="try what a submission must not be able to do")
    check.set_defaults(run=_check_sandbox)

    show = commands.add_parser("demo", help="book, assignment, a graded class, feedback and report, all under _build/")
    _add_grading_options(show)
    show.set_defaults(run=_demo, cell_limit=3.0)
    return parser


def _add_grading_options(parser: argparse.ArgumentParser) -> None:
    defaults = wall.Options()
    parser.add_argument("--jobs", type=_at_least(1, int), default=cluster.cores(),
                        help="submissions at a time (here: %(default)s)")
    parser.add_argument("--cell-limit", type=_at_least(0.1, float), default=defaults.cell_seconds, metavar="SECONDS",
                        help="wall time of one cell or one call (default: %(default)g)")
    parser.add_argument("--time-limit", type=_at_least(1, float), default=defaults.total_seconds, metavar="SECONDS",
                        help="wall time of a whole notebook (default: %(default)g)")
    parser.add_argument("--memory", type=_at_least(512, int), default=defaults.memory_bytes // 2**20, metavar="MIB",
                        help="memory of a submission (default: %(default)s)")
    parser.add_argument("--unconfined", action="store_true",
                        help="run student code WITHOUT a sandbox, with all your rights; the report says so")


def _at_least(least: float, kind: Callable[[str], float]) -> Callable[[str], float]:
    """For argparse: a number of this kind that is not too small to work with."""
    def number(text: str) -> float:
        value = kind(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"must be at least {least:g}, got {text}")
        return value
    return number


def _make(options: argparse.Namespace) -> int:
    opened = course.open_course(options.course, create=True)
    for path in options.exercises:
        assignment = course.make(path, opened)
        print(f"made {assignment}: give students {opened.path('release', '.', assignment)}")
    return 0


def _grade(options: argparse.Namespace) -> int:
    opened = course.open_course(options.course)
    results, warnings = grade_all(opened, options.assignment, options)
    page = report.write(opened.folder / "report" / options.assignment, options.assignment, results, warnings)
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)
    for result in results:
        print(f"{result.student:20} {result.score:6g} / {result.points:g}  {result.status}  {result.message}".rstrip())
    print(f"class report: {page}")
    return 1 if any(r.status != "graded" or any(c.verdict == "errored" for c in r.checks) for r in results) else 0


def grade_all(opened: course.Course, assignment: str, options: argparse.Namespace) -> tuple[list[Result], list[str]]:
    """Rehearse with the instructor's own solution, then grade everyone and record each result as it comes."""
    limits = wall.Options(confined=not options.unconfined, cell_seconds=options.cell_limit,
                          total_seconds=options.time_limit, memory_bytes=options.memory * 2**20,
                          hide=(*wall.project_folders(), str(opened.folder)))
    sources = course.sources(opened, assignment)
    warnings = [w for source in sources for w in source.warnings]
    template = executor.Job("", "", sources, course.instructor_files(opened, assignment), limits)
    overdue = (limits.total_seconds + 30.0) * len(sources)
    memory = limits.memory_bytes + 2 * 2**30
    (_, rehearsal), = cluster.run(executor.rehearse, [template], 1, overdue, memory)
    if isinstance(rehearsal, cluster.Failure):
        raise _failed(rehearsal, "the instructor's own notebook")
    warnings += [f"{name}.ipynb, check {check!r} does not pass for your own solution and is left to be graded by hand: "
                 f"{message}" for (name, check), message in rehearsal.unfit.items()]
    folders = dict(course.submissions(opened, assignment))
    if not folders:
        raise course.CourseError(f"nobody has handed in {assignment}: a submission is looked for in "
                                 f"{opened.path('submitted', 'STUDENT', assignment)}")
    if bank := course.bank(opened, assignment):
        (_, known), = cluster.run(diagnosis.learn, [bank], 1, LEARNING_SECONDS)
        if isinstance(known, cluster.Failure):
            warnings.append(f"misconceptions/{assignment}.py cannot be used, so no mistake is named "
                            f"({known.kind}: {known.message})")
        else:
            template = template._replace(known=known)
    jobs = [template._replace(student=student, folder=str(folder), in_place=rehearsal.in_place, unfit=rehearsal.unfit)
            for student, folder in folders.items()]
    results = []
    graded = cluster.run(executor.grade, jobs, options.jobs, overdue, memory)
    for job, outcome in tqdm(graded, total=len(jobs), unit="submission", desc="grading", disable=None):
        if isinstance(outcome, cluster.Failure):
            if outcome.kind == "Refused":
                raise _failed(outcome, job.student)
            outcome = executor.ungraded(job, f"the grader itself failed ({outcome.kind}: {outcome.message}); "
                                        "grade by hand or grade again")
        gradebook.record(opened, assignment, outcome, folders[job.student])
        results.append(outcome)
    return sorted(results, key=lambda r: r.student), warnings


def _failed(failure: cluster.Failure, who: str) -> Exception:
    if failure.kind == "Refused":
        return wall.Refused(failure.message)
    return course.CourseError(f"{who} could not be graded: {failure.kind}: {failure.message}\n{failure.details}")


def _feedback(options: argparse.Namespace) -> int:
    pages = course.feedback(course.open_course(options.course), options.assignment)
    print(f"feedback pages: {pages}")
    return 0


def _check_sandbox(_: argparse.Namespace) -> int:
    found = probes.check()
    print(f"{'outside':9}inside")
    for probe in found:
        words = ["ALLOWED" if allowed else "BLOCKED" for allowed in (probe.outside, probe.inside)]
        print(f"{words[0]:9}{words[1]:9}{probe.name}")
    broken = [probe.name for probe in found if not probe.holds]
    print("every promise holds" if not broken else f"NOT HELD: {', '.join(broken)}; do not grade strangers' code here")
    return 1 if broken else 0


def _demo(options: argparse.Namespace) -> int:
    started, build = time.monotonic(), ROOT / "_build"
    _say(1, "building the book (jupyter-book)")
    log = build / "book.log"
    build.mkdir(exist_ok=True)
    with log.open("w") as out:
        book = subprocess.run([*BUILD_BOOK, "-W", "--keep-going"], cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
    if book.returncode:
        print(f"autograder: the book was not built; see {log}", file=sys.stderr)
        return 2

    _say(2, "making the assignment (text exercise to nbgrader release)")
    shutil.rmtree(build / "course", ignore_errors=True)
    opened = course.open_course(build / "course", create=True)
    assignment = course.make(ROOT / "lessons" / demo.ASSIGNMENT, opened)

    _say(3, "handing in for a class of ten, each in their own way")
    released = opened.path("release", ".", assignment) / f"{demo.NOTEBOOK}.ipynb"
    mates = {mate.student: mate for mate in demo.classmates()}
    for mate in mates.values():
        demo.hand_in(released, opened.folder / "submitted", mate)

    how = "WITHOUT a sandbox" if options.unconfined else "each in a sandbox"
    _say(4, f"grading, {options.jobs} at a time, {how}")
    results, warnings = grade_all(opened, assignment, options)
    page = report.write(opened.folder / "report" / assignment, assignment, results, warnings)

    _say(5, "writing feedback (nbgrader generate_feedback)")
    pages = course.feedback(opened, assignment)

    print(f"\n{'student':8} {'score':>9}  deserved  what the student did")
    for result in results:
        mate = mates[result.student]
        wrong = "" if result.score == mate.deserves else "   <-- NOT what was deserved"
        print(f"{result.student:8} {result.score:4g} / {result.points:g} {mate.deserves:9g}  {mate.what}{wrong}")
    print(f"\nbook          {build / 'html' / 'index.html'}\nassignment    {released.parent}\nclass report  {page}\n"
          f"feedback      {pages}\n\nDone in {time.monotonic() - started:.0f} s. "
          "To walk through the course folder as an instructor: "
          f"cd {opened.folder} and use nbgrader's own commands.")
    return 0 if all(r.score == mates[r.student].deserves for r in results) else 1


def _say(number: int, text: str) -> None:
    print(f"[{number}/5] {text} ...", flush=True)


if __name__ == "__main__":
    sys.exit(main())
