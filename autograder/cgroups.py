"""Which control groups bound what this process and all that it starts may use together.

Read only.  A group for every run would count the kernel's own memory too, but to move a process into a group takes the
kernel some 10 ms where none was moved just before, longer than all the rest of the wall, and ordinary users own none.
So the grader as a whole belongs into one, made by whoever starts it, as `systemd-run` and container engines do.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

UNLIMITED = 1 << 60     # version 1 says so by a number about as large
# the file of each bound, by the controller of a hierarchy; version 2 has one hierarchy for all
FILES = {"": {"memory_bytes": "memory.max", "processes": "pids.max"},
         "memory": {"memory_bytes": "memory.limit_in_bytes"}, "pids": {"processes": "pids.max"}}


class Bounds(NamedTuple):
    """Of all processes in the group together; None where no group sets one."""

    memory_bytes: int | None = None
    processes: int | None = None


def bounds(root: Path = Path("/")) -> Bounds:
    """The tightest of this process' groups and of those around them.  root: the folder of proc and sys."""
    found: dict[str, int] = {}
    for controller, group in _groups(root):
        for name, file in FILES[controller].items():
            with contextlib.suppress(OSError, ValueError):      # "max", or no such file in the group at the top
                found[name] = min(int(Path(group, file).read_text()), found.get(name, UNLIMITED))
    return Bounds(**{name: number for name, number in found.items() if number < UNLIMITED})


def _groups(root: Path) -> Iterator[tuple[str, Path]]:
    """Controller and folder of each group, from the inner ones outwards."""
    mounted = dict(_mounted(root))
    for line in _lines(root / "proc/self/cgroup"):
        _, controllers, path = line.split(":", 2)
        for controller in FILES.keys() & set(controllers.split(",")) & mounted.keys():
            shown, top = mounted[controller]
            group = Path(path)
            while group.is_relative_to(shown):
                yield controller, top / group.relative_to(shown)
                if group == group.parent:
                    break
                group = group.parent


def _mounted(root: Path) -> Iterator[tuple[str, tuple[str, Path]]]:
    """For each controller the group that is seen at the top of its hierarchy, and the folder where it is seen."""
    for line in _lines(root / "proc/self/mountinfo"):
        before, _, after = line.partition(" - ")
        shown, top = before.split()[3:5]
        kind, options = after.split()[0], after.split()[-1]
        for controller in {"cgroup2": [""], "cgroup": options.split(",")}.get(kind, []):
            yield controller, (shown, root / top.lstrip("/"))


def _lines(path: Path) -> list[str]:
    with contextlib.suppress(OSError):
        return path.read_text().splitlines()
    return []
