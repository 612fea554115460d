"""The system calls that a confined process may not make: a filter in classic BPF, built without a library.

Numbers: the kernel's `arch/x86/entry/syscalls/syscall_64.tbl` and, for aarch64,
`include/uapi/asm-generic/unistd.h`.  How such filters work: `Documentation/userspace-api/seccomp_filter.rst`.
What this one denies: what container engines deny, and what would get round the limits of `sandbox`.
"""

import ctypes
import errno
import struct
from typing import NamedTuple

from autograder import kernel


class Machine(NamedTuple):
    """What the filter must know of a processor."""

    audit_arch: int     # AUDIT_ARCH_*, linux/audit.h
    column: int         # its column in the tables below
    x32_bit: int        # x86_64 answers to a second set of numbers, x32, marked by this bit


MACHINES = {"x86_64": Machine(0xC000003E, 0, 0x40000000), "aarch64": Machine(0xC00000B7, 1, 0)}

# name: (x86_64, aarch64); None where the architecture has no such call
DENIED: dict[str, tuple[int, int | None]] = {
    # other namespaces, other views of the files
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    "lookup_dcookie": (212, 18), "quotactl": (179, 60), "quotactl_fd": (443, 443),
    # memory, files and state of other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "kcmp": (312, 272), "pidfd_getfd": (438, 438),
    # parts of the kernel that are large or hardly used
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218), "modify_ldt": (154, None),
    "uselib": (134, None), "nfsservctl": (180, 42),
    # the machine itself
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "swapon": (167, 224),
    "swapoff": (168, 225), "reboot": (169, 142), "acct": (163, 89), "syslog": (103, 116),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171),
    "clock_adjtime": (305, 266), "iopl": (172, None), "ioperm": (173, None), "vhangup": (153, 58),
    "sethostname": (170, 161), "setdomainname": (171, 162),
    # memory that no limit counts: shared, spliced (a page keeps a huge one alive), or the kernel's own
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "msgget": (68, 186),
    "semget": (64, 190), "mq_open": (240, 180), "vmsplice": (278, 75), "seccomp": (317, 277),
    "landlock_create_ruleset": (444, 444), "landlock_add_rule": (445, 445), "landlock_restrict_self": (446, 446),
    # what one user may have only so many of, and all students of an ordinary user are that user; or the machine
    "inotify_init": (253, None), "inotify_init1": (294, 26), "fanotify_init": (300, 262), "io_setup": (206, 0),
    # a neighbour's processor, place in memory and files that are already read
    "sched_setaffinity": (203, 122), "migrate_pages": (256, 238), "move_pages": (279, 239),
    "fadvise64": (221, 223), "cachestat": (451, 451), "sync": (162, 81), "syncfs": (306, 267),
}
# needed, but not with every argument: `_decisions` judges them
JUDGED = {
    "clone": (56, 220), "mmap": (9, 222), "socket": (41, 198), "socketpair": (53, 199), "setsockopt": (54, 208),
    "ioctl": (16, 29), "fcntl": (72, 25), "prctl": (157, 167), "personality": (135, 92), "prlimit64": (302, 261),
    "setrlimit": (160, 164),
}
CLONE3 = 435                    # on both
NEWEST = 466                    # removexattrat, Linux 6.13: whatever came later was not judged

# linux/sched.h: CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
NEW_NAMESPACE = kernel.NEWNS | 0x7E000000
# asm-generic/mman.h, asm-generic/ioctls.h, asm-generic/resource.h, linux/socket.h
MAP_SHARED, MAP_ANONYMOUS, MAP_GROWSDOWN = 0x01, 0x20, 0x100
TIOCSTI, TIOCLINUX, TIOCSETD = 0x5412, 0x541C, 0x5423
RLIMIT_CORE = 4
AF_UNIX, AF_INET, AF_INET6 = 1, 2, 10
# asm-generic/socket.h: buffers, filters and groups: memory of the kernel
SO_SNDBUF, SO_RCVBUF, SO_ATTACH_FILTER, SO_ATTACH_BPF, SO_ATTACH_REUSEPORT_CBPF = 7, 8, 26, 50, 51
# linux/fcntl.h: all but leases and notifications, by which others who open a file are made to wait, and the locks
# that belong to no process, so that nobody could count them
FCNTL = (*range(12), 15, 16, 17, *(1024 + n for n in (1, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14)))
# linux/prctl.h: what libraries ask for, by the kernel's numbers.  Not among them: outliving the monitor (1), another
# filter (22), a core's second thread for oneself (62), tables as large as one likes (78)
PRCTL = (2, 3, 4, 7, 15, 16, 21, 23, 25, 29, 30, 36, 37, 38, 39, 40, 41, 42, 47, 50, 51, 52, 53, 54, 55, 56, 60, 61,
         63, 64, 0x41555856, 0x53564D41, 0x59616D61)

# linux/filter.h, linux/seccomp.h: an instruction is 8 bytes: code, jump if true, jump if false, constant
LOAD, EQUAL, AT_LEAST, ANY_BIT, AND, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16      # offsets in struct seccomp_data


def _op(code: int, constant: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, constant)


def _refuse(error: int) -> bytes:
    return _op(RETURN, 0x00050000 | error)      # SECCOMP_RET_ERRNO


ALLOW, KILL = _op(RETURN, 0x7FFF0000), _op(RETURN, 0x80000000)


def _argument(index: int) -> bytes:
    """Load the low 32 bits: all that the kernel reads of the arguments judged here (little-endian)."""
    return _op(LOAD, ARGUMENTS + 8 * index)


def _when(test: int, constant: int, then: bytes) -> bytes:
    """Run `then` if what was loaded passes the test, else jump over it."""
    return _op(test, constant, 0, len(then) // 8) + then


def _none_of(index: int, *values: int) -> bytes:
    refusals = (_when(EQUAL, value, _refuse(errno.EPERM)) for value in values)
    return _argument(index) + b"".join(refusals) + ALLOW


def _only(index: int, *values: int) -> bytes:
    return _argument(index) + b"".join(_when(EQUAL, value, ALLOW) for value in values) + _refuse(errno.EPERM)


def _decisions() -> dict[str, bytes]:
    """The instructions that judge the arguments of a call; they load what they need and always return."""
    shared = MAP_SHARED | MAP_ANONYMOUS
    return {
        "clone": _argument(0) + _when(ANY_BIT, NEW_NAMESPACE, _refuse(errno.EPERM)) + ALLOW,
        # RLIMIT_DATA counts neither what grows downwards nor anonymous memory that is shared
        "mmap": _argument(3) + _when(ANY_BIT, MAP_GROWSDOWN, _refuse(errno.ENOMEM))
        + _op(AND, shared) + _when(EQUAL, shared, _refuse(errno.ENOMEM)) + ALLOW,
        # no network, so that these sockets would only be more of the kernel to attack
        "socket": _argument(0) + b"".join(_when(EQUAL, family, _refuse(errno.ENETUNREACH))
                                          for family in (AF_INET, AF_INET6)) + _only(0, AF_UNIX),
        "socketpair": _only(0, AF_UNIX),
        "setsockopt": _none_of(2, SO_SNDBUF, SO_RCVBUF, SO_ATTACH_FILTER, SO_ATTACH_BPF, SO_ATTACH_REUSEPORT_CBPF),
        "ioctl": _none_of(1, TIOCSTI, TIOCLINUX, TIOCSETD),             # typing into a terminal
        "fcntl": _only(1, *FCNTL), "prctl": _only(0, *PRCTL),
        "personality": _only(0, 0, 0xFFFFFFFF),                         # the usual one, or a question
        "prlimit64": _none_of(1, RLIMIT_CORE), "setrlimit": _none_of(0, RLIMIT_CORE),   # see _set_limits
    }


def program(machine: Machine) -> bytes:
    """Kill for another architecture's calls, know no newer ones, answer EPERM to the denied, allow the rest."""
    column, decisions = machine.column, _decisions()
    code = [_op(LOAD, ARCHITECTURE), _op(EQUAL, machine.audit_arch, 1, 0), KILL, _op(LOAD, NUMBER)]
    if machine.x32_bit:
        code.append(_when(ANY_BIT, machine.x32_bit, _refuse(errno.EPERM)))
    code.append(_when(AT_LEAST, NEWEST + 1, _refuse(errno.ENOSYS)))
    # its flags lie behind a pointer, where a filter cannot look; the C library then takes clone
    code.append(_when(EQUAL, CLONE3, _refuse(errno.ENOSYS)))
    for numbers in DENIED.values():
        number = numbers[column]
        if number is not None:
            code.append(_when(EQUAL, number, _refuse(errno.EPERM)))
    code += [_when(EQUAL, JUDGED[name][column], decide) for name, decide in decisions.items()]
    return b"".join([*code, ALLOW])


PROGRAMS = {machine: program(machine) for machine in MACHINES.values()}


class _Program(ctypes.Structure):
    """struct sock_fprog"""

    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def install(machine: Machine) -> None:
    """Put the filter on this process and all that it starts; it cannot be taken off.  OSError if refused."""
    code = PROGRAMS[machine]
    described = _Program(len(code) // 8, code)
    filter_mode = 2
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_SECCOMP, filter_mode, ctypes.addressof(described))
