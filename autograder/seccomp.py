"""The system calls a confined process may not make: a filter in classic BPF, built and installed without a library.

Numbers are from the kernel's `arch/x86/entry/syscalls/syscall_64.tbl` and `include/uapi/asm-generic/unistd.h`
(which aarch64 uses).  How a filter works: `Documentation/userspace-api/seccomp_filter.rst`; the choice of calls follows
what container engines deny, plus what would get round the limits of `sandbox`.
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
    x32_bit: int        # x86_64 answers a second set of numbers, x32, marked by this bit


MACHINES = {"x86_64": Machine(0xC000003E, 0, 0x40000000), "aarch64": Machine(0xC00000B7, 1, 0)}

# name: (x86_64, aarch64); None where the architecture has no such call
DENIED: dict[str, tuple[int | None, int | None]] = {
    # new or other namespaces, other views of the file system
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "fanotify_init": (300, 262),
    "lookup_dcookie": (212, 18), "quotactl": (179, 60), "quotactl_fd": (443, 443),
    # memory, files and state of other processes
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "process_madvise": (440, 440), "kcmp": (312, 272), "pidfd_getfd": (438, 438),
    # large or rarely used parts of the kernel, known for holes
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "modify_ldt": (154, None), "uselib": (134, None), "nfsservctl": (180, 42),
    # the machine itself
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "swapon": (167, 224), "swapoff": (168, 225),
    "reboot": (169, 142), "acct": (163, 89), "syslog": (103, 116), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266), "iopl": (172, None),
    "ioperm": (173, None), "vhangup": (153, 58), "sethostname": (170, 161), "setdomainname": (171, 162),
    # memory that no limit counts
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "msgget": (68, 186),
    "semget": (64, 190),
}
CLONE3 = (435, 435)
NEWEST_KNOWN = 466              # removexattrat, Linux 6.13: what came later was not judged and does not exist in here

# Constants of linux/sched.h, linux/mman.h, asm-generic/{ioctls,resource}.h, linux/socket.h
NAMESPACE_FLAGS = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000
MAP_SHARED, MAP_ANONYMOUS, MAP_GROWSDOWN = 0x01, 0x20, 0x100
TIOCSTI, TIOCLINUX, TIOCSETD = 0x5412, 0x541C, 0x5423
RLIMIT_CORE = 4
AF_UNIX, AF_INET, AF_INET6 = 1, 2, 10

# One instruction of classic BPF is 8 bytes: code, jump if true, jump if false, constant (linux/filter.h)
LOAD, EQUAL, AT_LEAST, ANY_BIT, AND, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
ALLOW, KILL = 0x7FFF0000, 0x80000000
NUMBER, ARCH, ARGUMENTS = 0, 4, 16      # offsets in struct seccomp_data


def _op(code: int, k: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, k)


def _answer(error: int) -> bytes:
    return _op(RETURN, 0x00050000 | error)      # SECCOMP_RET_ERRNO


def _load_argument(index: int) -> bytes:
    """The low 32 bits (both architectures are little-endian): all that the kernel reads of the arguments judged here."""
    return _op(LOAD, ARGUMENTS + 8 * index)


def _when(test: int, k: int, then: bytes) -> bytes:
    """Run `then` if the loaded value passes the test, else jump over it."""
    return _op(test, k, 0, len(then) // 8) + then


def _deny(index: int, *values: int) -> bytes:
    """Refuse these values of an argument, allow all others."""
    refusals = (_when(EQUAL, value, _answer(errno.EPERM)) for value in values)
    return _load_argument(index) + b"".join(refusals) + _op(RETURN, ALLOW)


def _only(index: int, *values: int) -> bytes:
    """Allow these values of an argument, refuse all others."""
    passes = (_when(EQUAL, value, _op(RETURN, ALLOW)) for value in values)
    return _load_argument(index) + b"".join(passes) + _answer(errno.EPERM)


def _judged() -> dict[tuple[int, int], bytes]:
    """Calls that are needed, but not with every argument: (x86_64, aarch64) -> the instructions that decide."""
    private = _when(ANY_BIT, MAP_GROWSDOWN, _answer(errno.ENOMEM)) + _op(AND, MAP_SHARED | MAP_ANONYMOUS)
    return {
        (56, 220): _load_argument(0) + _when(ANY_BIT, NAMESPACE_FLAGS, _answer(errno.EPERM)) + _op(RETURN, ALLOW),
        # RLIMIT_DATA counts neither shared anonymous memory nor mappings that grow downwards
        (9, 222): _load_argument(3) + private
        + _when(EQUAL, MAP_SHARED | MAP_ANONYMOUS, _answer(errno.ENOMEM)) + _op(RETURN, ALLOW),
        (41, 198): _only(0, AF_UNIX, AF_INET, AF_INET6),                    # socket: no netlink, packet, vsock, alg
        (16, 29): _deny(1, TIOCSTI, TIOCLINUX, TIOCSETD),                   # ioctl: no typing into a terminal
        (157, 167): _deny(0, kernel.PR_SET_PDEATHSIG),                             # prctl: nobody outlives the monitor
        (135, 92): _only(0, 0, 0xFFFFFFFF),                                 # personality: ask, or the usual one
        (302, 261): _deny(1, RLIMIT_CORE), (160, 164): _deny(0, RLIMIT_CORE),   # prlimit64, setrlimit: see `sandbox`
    }


def program(machine: Machine) -> bytes:
    """The filter: another architecture is killed, newer calls do not exist, denied ones answer EPERM."""
    column = machine.column
    code = [_op(LOAD, ARCH), _op(EQUAL, machine.audit_arch, 1, 0), _op(RETURN, KILL), _op(LOAD, NUMBER)]
    if machine.x32_bit:
        code.append(_when(ANY_BIT, machine.x32_bit, _answer(errno.EPERM)))
    code.append(_when(AT_LEAST, NEWEST_KNOWN + 1, _answer(errno.ENOSYS)))
    # its flags lie behind a pointer that BPF cannot follow; without it libc takes clone
    code.append(_when(EQUAL, CLONE3[column], _answer(errno.ENOSYS)))
    numbers = (pair[column] for pair in DENIED.values())
    code += [_when(EQUAL, number, _answer(errno.EPERM)) for number in numbers if number is not None]
    code += [_when(EQUAL, pair[column], decide) for pair, decide in _judged().items()]
    return b"".join(code) + _op(RETURN, ALLOW)


class _Program(ctypes.Structure):
    """struct sock_fprog"""

    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_char_p))


def install(machine: Machine) -> None:
    """Put the filter on this process and all that it starts; it cannot be taken off.  OSError if refused."""
    code = program(machine)
    described = _Program(len(code) // 8, code)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_SECCOMP, kernel.SECCOMP_MODE_FILTER, ctypes.addressof(described))
