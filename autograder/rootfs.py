"""The files that a confined process sees: the system and Python, read-only; its own folders; nothing else.

Built in a new mount namespace: an empty file system in memory becomes the root, the former root moves below
it, what is shown is bound from there, then the former root is taken off: nothing is left to climb back to.
"""

import os
import pwd
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from autograder import kernel
from autograder.kernel import NODEV, NOEXEC, NOSUID, RDONLY

HOME, WORK, TEMPORARY, SHARED_MEMORY = "/home/student", "/home/student/work", "/tmp", "/dev/shm"
OLD_ROOT, DISK = "/.old", "/.disk"
SYSTEM = ("/usr", "/bin", "/lib", "/lib32", "/lib64", "/sbin")
SETTINGS = ("/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime")
EXCHANGE = "/usr/local/share/nbgrader"      # what all students handed in, unless nbgrader was told otherwise
# Not /dev/zero: mapped as shared, it is memory that no limit counts
DEVICES = ("/dev/null", "/dev/full", "/dev/random", "/dev/urandom")
DEVICE_LINKS = {"fd": "fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}


class Shown(NamedTuple):
    """One place of the new tree."""

    target: str             # where the student sees it
    source: str | None      # the real path that is shown there; None: an empty folder that hides another


def plan(hide: Iterable[str | os.PathLike[str]]) -> list[Shown]:
    """What to show and what to cover, outer folders first.  Ask while the old paths are still in place."""
    shown = {Shown(path, os.path.realpath(path)) for path in _wanted() if Path(path).exists()}
    shown |= {Shown(source, source) for _, source in shown if source and Path(source).is_dir()}
    hidden = {os.path.realpath(folder) for folder in (*hide, EXCHANGE) if Path(folder).exists()}
    covers = {cover for folder in hidden for cover in _covers(folder, shown)}
    return sorted(shown | covers, key=_from_outside_in)


def _from_outside_in(place: Shown) -> tuple[int, bool]:
    return len(Path(place.target).parts), place.source is None


def _wanted() -> set[str]:
    """System folders that are no links, a few settings, this Python's folders; never the project's own."""
    system = {path for path in SYSTEM if not Path(path).is_symlink()}
    prefixes = {sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix}
    for prefix in prefixes - {"/usr", "/usr/local"}:
        _refuse_a_home(prefix)
    packages = {path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")}
    return system | prefixes | packages | set(SETTINGS)


def _refuse_a_home(prefix: str) -> None:
    """A Python installed right into a home folder would show all of that home."""
    homes = {"/"} | {user.pw_dir for user in pwd.getpwall() if user.pw_uid == os.getuid()}
    for home in homes:
        if Path(os.path.realpath(home)).is_relative_to(os.path.realpath(prefix)):
            raise OSError(f"Python's folder {prefix} contains {home}, which no student may see; "
                          "install Python, or a virtual environment, in a folder of its own")


def _covers(folder: str, shown: Iterable[Shown]) -> Iterable[Shown]:
    """Where `folder` would be seen."""
    if not Path(folder).is_dir():
        raise ValueError(f"only folders can be hidden, not {folder}")
    for target, source in shown:
        if source and Path(folder).is_relative_to(source):
            yield Shown(str(Path(target, Path(folder).relative_to(source))), None)


def build(shown: list[Shown], user: int, disk_bytes: int, disk_files: int) -> None:
    """Put the new tree in place of the old; only `user`'s folders can be written."""
    os.umask(0o022)
    links = {path: Path(path).readlink() for path in SYSTEM if Path(path).is_symlink()}
    _new_root()
    for path, leads_to in links.items():
        Path(path).symlink_to(leads_to)
    _writable_folders(user, disk_bytes, disk_files)     # first: Python may lie below /tmp
    for place in shown:
        _show(*place)
    _etc(user)
    _devices()
    _processes()
    kernel.unmount(OLD_ROOT)
    Path(OLD_ROOT).rmdir()
    for path in ("/", *(target for target, source in shown if source is None)):
        kernel.restrict_mount(path, RDONLY | NOSUID | NODEV, recursive=False)
    os.chdir(WORK)


def _new_root() -> None:
    """An empty root; the old one, with all that is mounted in it, at OLD_ROOT."""
    base = os.path.realpath("/tmp")         # any folder will do: what lies there is seen again at OLD_ROOT
    kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)      # nothing done here shows outside
    _empty_folder(base, "mode=755,size=1m")
    Path(base + OLD_ROOT).mkdir()
    kernel.pivot_root(base, base + OLD_ROOT)
    os.chdir("/")


def _empty_folder(path: str, options: str) -> None:
    kernel.mount("tmpfs", path, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, options)


def _show(target: str, source: str | None, attributes: int = RDONLY | NOSUID | NODEV) -> None:
    """Bind `source` of the old root, and all that is mounted in it, to `target`; or cover `target`."""
    if source is None:
        _empty_folder(target, "mode=755,size=64k")
        return
    old = Path(OLD_ROOT + source)
    if not Path(target).exists():
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        Path(target).mkdir() if old.is_dir() else Path(target).touch()
    kernel.mount(str(old), target, flags=kernel.MS_BIND | kernel.MS_REC)
    kernel.restrict_mount(target, attributes)


def _etc(user: int) -> None:
    """One user and one group; no names of the machine's people."""
    Path("/etc").mkdir(exist_ok=True)
    Path("/etc/passwd").write_text(f"student:x:{user}:{user}::{HOME}:/bin/sh\n")
    Path("/etc/group").write_text(f"student:x:{user}:\n")


def _devices() -> None:
    for device in DEVICES:
        _show(device, device, RDONLY | NOSUID | NOEXEC)     # a device is written to all the same
    for name, leads_to in DEVICE_LINKS.items():
        Path("/dev", name).symlink_to(f"/proc/self/{leads_to}")


def _processes() -> None:
    """/proc of the new pid namespace, with nothing but processes.

    Where a container's own /proc is partly masked, the kernel grants no new one; none at all hides even more.
    """
    Path("/proc").mkdir()
    flags = kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    try:
        kernel.mount("proc", "/proc", "proc", flags, "subset=pid")
    except PermissionError:
        return


def _writable_folders(user: int, disk_bytes: int, disk_files: int) -> None:
    """One file system in memory with one cap on bytes and files, seen at three places."""
    Path(DISK).mkdir()
    _empty_folder(DISK, f"mode=755,size={disk_bytes},nr_inodes={disk_files}")
    for target in (HOME, TEMPORARY, SHARED_MEMORY):
        part = Path(DISK, Path(target).name)
        part.mkdir()
        Path(target).mkdir(parents=True, exist_ok=True)
        kernel.mount(str(part), target, flags=kernel.MS_BIND)
    Path(WORK).mkdir()
    for folder in (HOME, WORK, TEMPORARY, SHARED_MEMORY):
        Path(folder).chmod(0o700)
        os.chown(folder, user, user)
    kernel.unmount(DISK)
    Path(DISK).rmdir()
