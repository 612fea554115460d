"""The files a confined process sees: the system and Python, read-only; its own work folder; nothing else.

Called in a new mount namespace.  An empty file system in memory becomes the root, the former root moves below it, what
is shown is bound from there, and then the former root is taken off: nothing is left to climb back to.
"""

import errno
import os
import pwd
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from autograder import kernel

HOME, WORK, TEMPORARY = "/home/student", "/home/student/work", "/tmp"
OLD_ROOT = "/.old"
SYSTEM = ("/usr", "/bin", "/lib", "/lib32", "/lib64", "/sbin")
SETTINGS = ("/etc/alternatives", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime")
# Not /dev/zero: mapped shared, it is memory that no limit counts
DEVICES = ("/dev/null", "/dev/full", "/dev/random", "/dev/urandom")
DEVICE_LINKS = {"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1",
                "stderr": "/proc/self/fd/2"}


class Shown(NamedTuple):
    """One place in the new tree."""

    target: str             # where the student sees it
    source: str | None      # the real path that is shown there; None: an empty folder that hides what lies below


def plan(hide: Iterable[str | os.PathLike[str]]) -> list[Shown]:
    """What to show and what to cover, outer folders first.  Ask while the old paths are still in place."""
    shown = {Shown(path, os.path.realpath(path)) for path in _wanted() if Path(path).exists()}
    shown |= {Shown(source, source) for _, source in shown if source and Path(source).is_dir()}
    covers = {cover for folder in hide for cover in _covers(os.path.realpath(folder), shown)}
    return sorted(shown | covers, key=lambda place: (len(Path(place.target).parts), place.source is None))


def _wanted() -> set[str]:
    """System folders that are no links, a few settings, and the folders of this Python: never the project's own."""
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
                          "install Python, or make a virtual environment, in a folder of its own")


def _covers(folder: str, shown: Iterable[Shown]) -> Iterable[Shown]:
    """Where `folder` would be seen."""
    for target, source in shown:
        if source and Path(folder).is_relative_to(source):
            yield Shown(os.path.normpath(Path(target, Path(folder).relative_to(source))), None)


def build(shown: list[Shown], user: int, disk_bytes: int) -> None:
    """Put the new tree in place of the old; `user` owns the only writable folders.  OSError if the machine refuses."""
    os.umask(0o022)
    links = {path: str(Path(path).readlink()) for path in SYSTEM if Path(path).is_symlink()}
    _new_root()
    for path, leads_to in links.items():
        Path(path).symlink_to(leads_to)
    for place in shown:
        _show(*place)
    _etc(user)
    _devices()
    _processes()
    _writable_folders(user, disk_bytes)
    kernel.unmount(OLD_ROOT)
    Path(OLD_ROOT).rmdir()
    for read_only in ("/", *(target for target, source in shown if source is None)):
        kernel.restrict_mount(read_only, kernel.RDONLY | kernel.NOSUID | kernel.NODEV, recursive=False)
    os.chdir(WORK)


def _new_root() -> None:
    """An empty root; the old one, with all its mounts, at OLD_ROOT."""
    base = os.path.realpath("/tmp")
    kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)      # nothing done here shows outside
    _empty_folder(base, "mode=755,size=1m")
    Path(base + OLD_ROOT).mkdir()
    kernel.pivot_root(base, base + OLD_ROOT)
    os.chdir("/")


def _empty_folder(path: str, options: str) -> None:
    kernel.mount("tmpfs", path, "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, options)


def _show(target: str, source: str | None, attributes: int = kernel.RDONLY | kernel.NOSUID | kernel.NODEV) -> None:
    """Bind `source` of the old root to `target`, read-only with all that is mounted below; or cover `target`."""
    if source is None:
        _empty_folder(target, "mode=755,size=64k")
        return
    old = Path(OLD_ROOT + source)
    Path(target).parent.mkdir(parents=True, exist_ok=True)
    if not Path(target).exists():
        Path(target).mkdir() if old.is_dir() else Path(target).touch()
    kernel.mount(str(old), target, flags=kernel.MS_BIND | kernel.MS_REC)
    kernel.restrict_mount(target, attributes)


def _etc(user: int) -> None:
    """One user, one group, no names of the machine's people."""
    Path("/etc").mkdir(exist_ok=True)
    Path("/etc/passwd").write_text(f"student:x:{user}:{user}::{HOME}:/bin/sh\n")
    Path("/etc/group").write_text(f"student:x:{user}:\n")


def _devices() -> None:
    Path("/dev").mkdir()
    for device in DEVICES:
        _show(device, device, kernel.RDONLY | kernel.NOSUID | kernel.NOEXEC)
    for name, leads_to in DEVICE_LINKS.items():
        Path("/dev", name).symlink_to(leads_to)


def _processes() -> None:
    """/proc of the new pid namespace.  A container with a masked /proc refuses; then there is none, which hides more."""
    Path("/proc").mkdir()
    flags = kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
    try:
        kernel.mount("proc", "/proc", "proc", flags, "subset=pid")
    except PermissionError as refusal:
        if refusal.errno != errno.EPERM:
            raise


def _writable_folders(user: int, disk_bytes: int) -> None:
    """One capped file system in memory, seen as HOME, /tmp and /dev/shm."""
    disk = Path("/.disk")
    disk.mkdir()
    _empty_folder(str(disk), f"mode=755,size={disk_bytes},nr_inodes={max(1000, disk_bytes // 16384)}")
    for target in (HOME, TEMPORARY, "/dev/shm"):
        part = disk / Path(target).name
        part.mkdir()
        Path(target).mkdir(parents=True, exist_ok=True)
        kernel.mount(str(part), target, flags=kernel.MS_BIND)
        kernel.restrict_mount(target, kernel.NOSUID | kernel.NODEV)
        _hand_over(target, user)
    Path(WORK).mkdir()
    _hand_over(WORK, user)
    kernel.unmount(str(disk))
    disk.rmdir()


def _hand_over(path: str, user: int) -> None:
    Path(path).chmod(0o700)
    os.chown(path, user, user)
