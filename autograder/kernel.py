"""Linux system calls that Python 3.11 does not offer, by ctypes; what the kernel refuses is an OSError."""

import ctypes
import os
import platform
import struct
from collections.abc import Iterable

# linux/mount.h
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 8, 0x1000, 0x4000, 0x40000
MNT_DETACH = 2
RDONLY, NOSUID, NODEV, NOEXEC = 1, 2, 4, 8                      # MOUNT_ATTR_*
# linux/sched.h
NEWNS, NEWCGROUP, NEWUTS, NEWIPC = 0x00020000, 0x02000000, 0x04000000, 0x08000000
NEWUSER, NEWPID, NEWNET = 0x10000000, 0x20000000, 0x40000000
# linux/prctl.h
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
PR_CAPBSET_READ, PR_CAPBSET_DROP, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 23, 24, 47, 4
# asm-generic/unistd.h; the same numbers on every architecture
CLOSE_RANGE, MOUNT_SETATTR = 436, 442
KCMP = {"x86_64": 312, "aarch64": 272}

libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, *what: object) -> int:
    if result == -1:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), " ".join(map(str, what)))
    return result


def unshare(flags: int) -> None:
    """Move this process (NEWPID: its children) to new namespaces."""
    _checked(libc.unshare(ctypes.c_int(flags)), f"unshare({flags:#x})")


def mount(
    source: str, target: str, kind: str | None = None, flags: int = 0, options: str | None = None
) -> None:
    """mount(2)"""
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind, options)]
    result = libc.mount(texts[0], texts[1], texts[2], ctypes.c_ulong(flags), texts[3])
    _checked(result, "mount", kind or source, "on", target)


def restrict_mount(path: str, attributes: int, *, recursive: bool = True) -> None:
    """Add attributes (RDONLY, ...) to the mount at `path`; if recursive, to those below too."""
    change = struct.pack("QQQQ", attributes, 0, 0, 0)   # struct mount_attr: set, clear, propagation, userns_fd
    current_folder, below = -100, 0x8000 if recursive else 0    # AT_FDCWD, AT_RECURSIVE
    number, folder, flags = (ctypes.c_long(n) for n in (MOUNT_SETATTR, current_folder, below))
    result = libc.syscall(number, folder, os.fsencode(path), flags, change, ctypes.c_size_t(len(change)))
    _checked(result, "mount_setattr", path)


def unmount(path: str) -> None:
    """Take off the mount at `path` with all below it."""
    _checked(libc.umount2(os.fsencode(path), ctypes.c_int(MNT_DETACH)), "umount", path)


def pivot_root(new: str, old: str) -> None:
    """Make `new` the root folder of the mount namespace and put the former root at `old`."""
    _checked(libc.pivot_root(os.fsencode(new), os.fsencode(old)), "pivot_root", new)


def set_host_name(name: str) -> None:
    """sethostname(2)"""
    _checked(libc.sethostname(name.encode(), ctypes.c_size_t(len(name))), "sethostname")


def prctl(option: int, *values: int) -> int:
    """prctl(2); arguments that are not given are zero, as the kernel demands."""
    numbers = (*values, 0, 0, 0, 0)[:4]
    return _checked(libc.prctl(ctypes.c_int(option), *map(ctypes.c_ulong, numbers)), f"prctl({option})")


def same_memory(process: int, other: int) -> bool:
    """Whether two processes share all their memory, as threads do; False also where the kernel does not say."""
    number = KCMP.get(platform.machine())
    compare_memory = 1
    return number is not None and libc.syscall(*map(ctypes.c_long, (number, process, other, compare_memory, 0, 0))) == 0


def forbid_capabilities() -> None:
    """No file that is executed can bring a capability back."""
    capability = 0
    while _is_capability(capability):
        prctl(PR_CAPBSET_DROP, capability)
        capability += 1
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)


def _is_capability(number: int) -> bool:
    try:
        prctl(PR_CAPBSET_READ, number)
    except OSError:
        return False        # one more than this kernel has
    return True


def drop_capabilities() -> None:
    """Give up all capabilities that this process has."""
    version_3_of_myself = struct.pack("Ii", 0x20080522, 0)      # linux/capability.h
    _checked(libc.capset(version_3_of_myself, bytes(24)), "capset")


def close_all_but(keep: Iterable[int]) -> None:
    """Close every file descriptor from 3 on except these."""
    start = 3
    for fd in sorted({fd for fd in keep if fd >= 3}):
        _close_range(start, fd - 1)
        start = fd + 1
    _close_range(start, 0x7FFFFFFF)


def _close_range(first: int, last: int) -> None:
    if first <= last:
        _checked(libc.syscall(*map(ctypes.c_long, (CLOSE_RANGE, first, last, 0))), "close_range")
