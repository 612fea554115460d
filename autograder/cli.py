"""The command line: parse, call, print. Nothing below this module prints or exits."""

import argparse
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import autograder
from autograder import archives, cgroups, cluster, course, demo, grading, intake, journal, probes, report, sandbox, wall
from autograder.exercise import ExerciseError
from autograder.progress import Progress
from autograder.protocol import Result
from autograder.report import printable

ROOT = Path(__file__).resolve().parent.parent
BUILD_BOOK = [str(Path(sys.executable).parent / "jupyter-book"), "build", ".", "--toc", "book/_toc.yml"]
MIB = 2**20


class Limit(NamedTuple):
    """A limit on the command line: the tuple of defaults that it is in, its flag, unit, least value, scale, meaning."""

    of: Any             # wall.Options() or archives.Limits()
    field: str
    flag: str
    unit: str
    least: float
    scale: int          # how many of the field's units are one of the flag's
    meaning: str

    @property
    def kind(self) -> type:
        return float if self.unit == "SECONDS" else int


RUN, UPLOAD = wall.Options(), archives.Limits()
LIMITS = (
    Limit(RUN, "cell_seconds", "--cell-limit", "SECONDS", 0.1, 1, "wall time of one cell or one call"),
    Limit(RUN, "total_seconds", "--time-limit", "SECONDS", 1, 1, "wall time of a whole submission"),
    Limit(RUN, "cpu_seconds", "--cpu-limit", "SECONDS", 1, 1, "processor time, all its processes together"),
    Limit(RUN, "memory_bytes", "--memory", "MIB", 128, MIB, "memory, all its processes together"),
    Limit(RUN, "disk_bytes", "--disk", "MIB", 1, MIB, "what it writes, all files together"),
    Limit(RUN, "disk_files", "--disk-files", "N", 100, 1, "files and folders that it makes"),
    Limit(RUN, "file_bytes", "--file-size", "MIB", 1, MIB, "one file that it writes"),
    Limit(RUN, "processes", "--processes", "N", 1, 1, "processes and threads at a time"),
    Limit(RUN, "open_files", "--open-files", "N", 32, 1, "open files of one process"),
    Limit(RUN, "output_chars", "--output", "CHARACTERS", 1000, 1, "what one cell or call prints; more is cut"),
    Limit(RUN, "message_bytes", "--message-size", "MIB", 1, MIB, "arrays in one answer of a student's function"),
    Limit(RUN, "message_depth", "--message-depth", "N", 4, 1, "nesting of lists and dicts in one answer"),
    Limit(UPLOAD, "total_bytes", "--upload-size", "MIB", 1, MIB, "all that is handed in, unpacked"),
    Limit(UPLOAD, "notebook_bytes", "--notebook-size", "MIB", 1, MIB, "one notebook"),
    Limit(UPLOAD, "files", "--upload-files", "N", 1, 1, "files beside the notebooks"),
    Limit(UPLOAD, "entries", "--upload-entries", "N", 1, 1, "entries looked at in a folder or an archive"),
    Limit(UPLOAD, "archives", "--upload-archives", "N", 0, 1, "zips and tars that are unpacked"),
    Limit(UPLOAD, "depth", "--upload-depth", "N", 1, 1, "folders in folders"),
    Limit(UPLOAD, "ratio", "--upload-ratio", "N", 10, 1, "how many times larger than its archive a file may be"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 well, 1 something needs a look, 2 could not be done."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return options.run(options)
    except (course.CourseError, ExerciseError, journal.JournalError, intake.IntakeError, wall.Refused,
            sandbox.CannotConfine, OSError) as error:
        print(f"autograder: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("autograder: interrupted; what has been graded is kept, run the same command again to go on",
              file=sys.stderr)
        return 130


def _interrupt(*_: object) -> None:
    """SIGTERM ends a run as Ctrl-C does."""
    raise KeyboardInterrupt


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

    collect = commands.add_parser("collect", help="take in what an LMS delivers: archives or folders of submissions")
    collect.add_argument("assignment")
    collect.add_argument("paths", nargs="+", type=Path, help="zips, tars or folders as Moodle or Canvas name them")
    collect.add_argument("--roster", type=Path, help="CSV that maps the LMS' names to the course's: see the guide")
    collect.add_argument("--student", help="who handed in a single notebook or archive")
    collect.add_argument("--received", type=_moment, help="when these came in (ISO 8601; default: now)")
    _add_limits(collect, UPLOAD, "limits of what is handed in; what exceeds one is left out")
    collect.set_defaults(run=_collect)

    feedback = commands.add_parser("feedback", help="write the feedback pages (nbgrader's generate_feedback)")
    feedback.add_argument("assignment")
    feedback.set_defaults(run=_feedback)

    for command in (make, collect, grade, feedback):
        command.add_argument("--course", type=Path, default=Path("_build/course"), help="the nbgrader course folder")

    check = commands.add_parser("check-sandbox", help="try what a submission must not be able to do")
    check.set_defaults(run=_check_sandbox)

    show = commands.add_parser("demo", help="book, assignment, a graded class, feedback and report, all under _build/")
    _add_grading_options(show)
    show.set_defaults(run=_demo, cell_seconds=3.0)
    return parser


def _add_grading_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--jobs", type=_at_least(1, int), default=cluster.cores(),
                        help="submissions at a time on this machine (here: %(default)s)")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="grade on the workers of this Dask scheduler instead")
    parser.add_argument("--again", action="store_true", help="grade also what has not changed since it was graded")
    parser.add_argument("--exchange-times", action="store_true",
                        help="believe the times in the timestamp.txt files that nbgrader's exchange has written")
    _add_limits(parser, RUN, "limits of a submission that runs; what exceeds one is stopped")
    _add_limits(parser, UPLOAD, "limits of what is handed in; what exceeds one is left out")
    parser.add_argument("--unconfined", action="store_true",
                        help="run student code WITHOUT a sandbox, with all your rights; the report says so")


def _add_limits(parser: argparse.ArgumentParser, of: Any, title: str) -> None:
    group = parser.add_argument_group(title)
    for limit in (limit for limit in LIMITS if limit.of is of):
        default = limit.kind(getattr(of, limit.field) / limit.scale)
        group.add_argument(limit.flag, type=_at_least(limit.least, limit.kind), default=default, metavar=limit.unit,
                           dest=limit.field, help=f"{limit.meaning} (default: %(default)g)")


def _limits(options: argparse.Namespace, of: Any) -> Any:
    """The limits that were asked for."""
    asked = {limit.field: getattr(options, limit.field) * limit.scale for limit in LIMITS if limit.of is of}
    return of._replace(**asked)


def _moment(text: str) -> datetime:
    """For argparse: a time; without a zone, local time."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a time such as 2026-11-23T18:00, got {text}") from None


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


def _collect(options: argparse.Namespace) -> int:
    opened = course.open_course(options.course)
    collected = intake.collect(opened, options.assignment, options.paths, received=options.received,
                               roster=options.roster, student=options.student, limits=_limits(options, UPLOAD))
    for student, what in collected.taken:
        print(f"{printable(student):20} {printable(what)}")
    for problem in collected.problems:
        print(f"warning: {printable(problem, 500)}", file=sys.stderr)
    print(f"collected {len(collected.taken)} submissions of {options.assignment}")
    return 1 if collected.problems else 0


def _grade(options: argparse.Namespace) -> int:
    opened = course.open_course(options.course)
    graded, page = _grade_and_report(opened, options.assignment, options)
    for warning in (*graded.warnings, *report.cautions(graded.results)):
        print(f"warning: {printable(warning, 500)}", file=sys.stderr)
    for result in graded.results:
        print(f"{printable(result.student):20} {result.score:6g} / {result.points:g}  {result.status}  "
              f"{printable(result.message)}".rstrip())
    if graded.unchanged:
        print(f"{graded.unchanged} had not changed and were not graded again (--again does)")
    print(f"class report: {page}")
    return 1 if any(map(_needs_a_look, graded.results)) else 0


def _needs_a_look(result: Result) -> bool:
    return result.status != "graded" or any(check.verdict == "errored" for check in result.checks)


def _grade_and_report(opened: course.Course, assignment: str,
                      options: argparse.Namespace) -> tuple[grading.Graded, Path]:
    total = len(grading.handed_in(opened, assignment))
    folder = opened.folder / "report" / assignment
    folder.mkdir(parents=True, exist_ok=True)
    plan = grading.Plan(_limits(options, RUN)._replace(confined=not options.unconfined), _limits(options, UPLOAD),
                        options.jobs, options.scheduler, options.again, options.exchange_times)
    with Progress(total, results=folder / "results.jsonl") as progress:
        graded = grading.grade_class(opened, assignment, plan, progress)
    return graded, report.write(folder, assignment, graded.results, graded.warnings)


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
    bounds = cgroups.bounds()
    print(f"control groups: {_most(bounds.memory_bytes)} bytes of memory and {_most(bounds.processes)} processes "
          "for the grader as a whole")
    broken = [probe.name for probe in found if not probe.holds]
    print("every promise holds" if not broken else f"NOT HELD: {', '.join(broken)}; do not grade strangers' code here")
    return 1 if broken else 0


def _most(number: int | None) -> str:
    return f"at most {number:,}" if number else "any number of"


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
    graded, page = _grade_and_report(opened, assignment, options)
    results = graded.results

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
