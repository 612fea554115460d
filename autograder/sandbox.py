"""Confine the running process: what it holds when it enters is all that it will ever reach.

Linux only, standard library only.  `confine` turns one trusted process into four:

    monitor   the process that called; outside; watches the memory in use and ends with the student's status
    keeper    owns the new user and pid namespaces; waits
    init      process 1 inside: trusted code without privileges; when it ends, the kernel ends everything inside
    student   the only one for which `confine` returns

Each of the first three takes all that follow with it, however it ends; that is why the student is not process 1 itself.
The wall: namespaces(7), files as in `rootfs`, no privileges (capabilities(7)), limits (getrlimit(2)), and the filter in
`seccomp`.  Whatever cannot be done is an error: nobody runs half confined.
"""

import contextlib
import os
import platform
import resource
import select
import signal
import stat
import sys
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

from autograder import kernel, rootfs, seccomp
from autograder.rootfs import HOME, TEMPORARY

MIB = 1 << 20
STUDENT_ID = 1000                   # user and group, as seen inside a user namespace
FIRST_FREE_ID = 600_000_000         # where root takes ids from: no password file and no container uses them
OLDEST_KERNEL = (5, 14)             # counts processes per user namespace; mount_setattr came with 5.12
MEMORY_CHECK_MS = 100
OPTIONAL_VARIABLES = frozenset({"KERAS_BACKEND", "LC_CTYPE", "LD_LIBRARY_PATH", "PYTHONHASHSEED", "TZ"})

# a setting of the kernel, the value that forbids what the wall needs, the mend
MENDS = (
    ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1",
     "Ubuntu restricts user namespaces: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0."),
    ("/proc/sys/kernel/unprivileged_userns_clone", "0",
     "Debian switched user namespaces off: sudo sysctl -w kernel.unprivileged_userns_clone=1."),
    ("/proc/sys/user/max_user_namespaces", "0",
     "User namespaces are switched off: sudo sysctl -w user.max_user_namespaces=10000."),
)


class Limits(NamedTuple):
    """What a confined process, and all that it starts, may use."""

    memory_bytes: int = 2048 * MIB      # data of one process (more: MemoryError), and of all together (more: killed)
    cpu_seconds: int = 300              # of one process
    disk_bytes: int = 256 * MIB         # HOME, /tmp and /dev/shm together
    file_bytes: int = 128 * MIB         # one file
    processes: int = 64                 # threads count too
    open_files: int = 256               # of one process


class CannotConfine(RuntimeError):
    """This machine refuses what the wall is made of; the message says what was tried and how to mend it."""


def confine(limits: Limits, *, keep_fds: Iterable[int], hide: Iterable[str | os.PathLike[str]] = ()) -> None:
    """Return inside the wall.  The calling process stays outside as monitor and never returns.

    keep_fds: open sockets, pipes or files to keep; 0, 1 and 2 lead to /dev/null unless listed, all others are closed.
    hide: folders that must not be seen even where they lie inside a Python installation, which is shown.

    The monitor ends with the student's exit status, or 128 + n after signal n.  Call it when all trusted modules are
    imported, in a process started with `env=clean_environment()`.  Raises ValueError if the request makes no sense,
    CannotConfine if the machine refuses a step; after that the process may be half confined and must end.
    """
    advice = _advice()
    try:
        machine, keep, shown = _able_machine(), _checked_fds(keep_fds), rootfs.plan(hide)
        environment = _checked_environment()
        _check_memory(limits)
        monitor, keeper = os.getpid(), _fork()
        if keeper:
            _monitor(keeper, limits.memory_bytes)
        die_with_parent(monitor)
        user, keeper_fd = _enter_pid_namespace(), os.pidfd_open(os.getpid())
        init = _fork()
        if init:
            _end_like(init)
        _enter_namespaces()
        rootfs.build(shown, user, limits.disk_bytes)
        _drop_privileges(user)
        _die_with(keeper_fd)
        _set_limits(limits)
        seccomp.install(machine)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)         # the student may not look into process 1
        student = _fork()
        if student:
            _reap_until(student)
        _settle(environment, keep)
    except OSError as refusal:
        raise CannotConfine(f"The sandbox could not be built: {refusal}. {advice}") from refusal


def clean_environment(home: str = HOME, **settings: str) -> dict[str, str]:
    """The variables for a process that will be confined, and none of the caller's.

    home: where caches go; give a folder of your own before confinement, since HOME does not exist outside.
    settings: values for names of this list, e.g. MPLBACKEND, or of OPTIONAL_VARIABLES; ValueError for another name.
    """
    environment = {
        "PATH": f"{sys.prefix}/bin:/usr/local/bin:/usr/bin:/bin",
        "HOME": home,
        "TMPDIR": TEMPORARY,
        "LANG": "C.UTF-8",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": f"{home}/.config/matplotlib",
        "KERAS_HOME": f"{home}/.keras",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    unknown = settings.keys() - environment.keys() - OPTIONAL_VARIABLES
    if unknown:
        raise ValueError(f"not on the allow-list of a confined process: {', '.join(sorted(unknown))}")
    return environment | settings


def die_with_parent(parent_pid: int) -> None:
    """From now on end by SIGKILL when the thread that started this process ends; end at once if that was before."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        os._exit(1)


def _able_machine() -> seccomp.Machine:
    release = tuple(int(number) for number in platform.release().split("-")[0].split(".")[:2])
    if release < OLDEST_KERNEL:
        raise OSError(f"Linux {'.'.join(map(str, OLDEST_KERNEL))} or newer is needed, this is {platform.release()}")
    if platform.machine() not in seccomp.MACHINES:
        raise OSError(f"the system call filter knows {', '.join(seccomp.MACHINES)}, not {platform.machine()}")
    if not Path(f"/proc/self/task/{os.getpid()}/children").exists():
        raise OSError("without /proc/PID/task/TID/children the memory in use cannot be watched")
    return seccomp.MACHINES[platform.machine()]


def _checked_fds(keep_fds: Iterable[int]) -> set[int]:
    """A folder's descriptor would lead out of the new root, a device's to the machine."""
    keep = set(keep_fds)
    for fd in keep:
        mode = os.fstat(fd).st_mode
        if not (stat.S_ISSOCK(mode) or stat.S_ISFIFO(mode) or stat.S_ISREG(mode)):
            raise ValueError(f"file descriptor {fd} may not be kept: only sockets, pipes and regular files may")
    return keep


def _checked_environment() -> dict[str, str]:
    """Inside, /proc/self/environ shows what this process was started with, whatever os.environ says now."""
    started_with = {entry.split(b"=")[0].decode() for entry in Path("/proc/self/environ").read_bytes().split(b"\0")}
    foreign = started_with - clean_environment().keys() - OPTIONAL_VARIABLES - {""}
    if foreign:
        raise ValueError(f"a student could read {', '.join(sorted(foreign))} of the environment; start this process "
                         "with env=sandbox.clean_environment()")
    settings = OPTIONAL_VARIABLES | {"MPLBACKEND", "TF_CPP_MIN_LOG_LEVEL"}
    return clean_environment(**{name: os.environ[name] for name in settings & os.environ.keys()})


def _check_memory(limits: Limits) -> None:
    used = _sizes("self", "status", "VmData")
    if limits.memory_bytes <= used:
        raise ValueError(f"memory_bytes is {limits.memory_bytes}, but this process already holds {used}")


def _fork() -> int:
    """os.fork; since 3.12 it warns where libraries have threads, which then do not exist in the child."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _enter_pid_namespace() -> int:
    """New pid namespace for the next child; returns the user and group id that the student will have inside.

    Root drops to an id that nobody else has.  An ordinary user stays that user for the files of the machine, but alone
    in a new user namespace, where it may build the wall.
    """
    if os.geteuid() == 0:
        kernel.unshare(kernel.NEWPID)
        return FIRST_FREE_ID + os.getpid()
    user, group = os.geteuid(), os.getegid()
    kernel.unshare(kernel.NEWUSER | kernel.NEWPID)
    Path("/proc/self/setgroups").write_text("deny")     # else no ordinary user may write the next two
    Path("/proc/self/uid_map").write_text(f"{STUDENT_ID} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{STUDENT_ID} {group} 1")
    return STUDENT_ID


def _enter_namespaces() -> None:
    """Own mounts, own network without any device that is up, own shared memory and queues, own host name."""
    kernel.unshare(kernel.NEWNS | kernel.NEWNET | kernel.NEWIPC | kernel.NEWUTS | kernel.NEWCGROUP)
    kernel.set_host_name("sandbox")


def _drop_privileges(user: int) -> None:
    kernel.forbid_capabilities()
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    kernel.drop_capabilities()


def _die_with(keeper_fd: int) -> None:
    """As `die_with_parent`, for process 1, which cannot see its parent; after the change of user, which would undo it."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    keeper_ended = select.poll()
    keeper_ended.register(keeper_fd, select.POLLIN)
    if keeper_ended.poll(0):
        os._exit(1)
    os.close(keeper_fd)


def _set_limits(limits: Limits) -> None:
    """Soft and hard limits.  RLIMIT_AS is left alone: TensorFlow maps far more addresses than it uses memory."""
    limit = {
        resource.RLIMIT_DATA: limits.memory_bytes,
        resource.RLIMIT_CPU: limits.cpu_seconds,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_NPROC: limits.processes + 1,    # process 1 is counted too
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CORE: 1,        # not 0: a crash handler behind a pipe, as on Ubuntu, is kept out by 1 only
        resource.RLIMIT_STACK: 16 * MIB,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: 256,
        resource.RLIMIT_NICE: 0,
        resource.RLIMIT_RTPRIO: 0,
    }
    for name, most in limit.items():
        allowed = resource.getrlimit(name)[1]
        value = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(name, (value, value))


def _settle(environment: dict[str, str], keep: set[int]) -> None:
    """The student's process: own session, clean environment, only the descriptors it may keep."""
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)             # its own /proc/self stays readable
    os.setsid()
    os.umask(0o077)
    os.environ.clear()
    os.environ.update(environment)
    _silence(keep)
    kernel.close_all_but(keep)


def _monitor(keeper: int, memory_bytes: int) -> NoReturn:
    """Wait for the end, and make it when all processes inside hold more than `memory_bytes` together."""
    try:
        _let_go()
        exit_of_keeper = select.poll()
        exit_of_keeper.register(os.pidfd_open(keeper), select.POLLIN)
        while not exit_of_keeper.poll(MEMORY_CHECK_MS):
            if _memory_in_use(keeper, memory_bytes) > memory_bytes:
                os.kill(keeper, signal.SIGKILL)
        _end_like(keeper)
    finally:
        os._exit(1)         # not the caller's code, whatever happens; the keeper follows


def _end_like(child: int) -> NoReturn:
    """Wait for `child` and end with its status."""
    code = 1
    try:
        _let_go()
        _, status = os.waitpid(child, 0)
        code = _exit_code(status)
    finally:
        os._exit(code)


def _reap_until(student: int) -> NoReturn:
    """The duty of process 1: collect orphans; end when the student does, and everything inside with it."""
    code = 1
    try:
        _let_go()
        ended = 0
        while ended != student:
            ended, status = os.wait()
        code = _exit_code(status)
    finally:
        os._exit(code)


def _exit_code(status: int) -> int:
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def _let_go() -> None:
    """Keep no descriptor, so that the other side sees end-of-file, and no handler: signals end this process."""
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    _silence(set())
    kernel.close_all_but(())


def _silence(keep: set[int]) -> None:
    null = os.open("/dev/null", os.O_RDWR)
    for fd in {0, 1, 2} - keep:
        os.dup2(null, fd)


def _memory_in_use(keeper: int, memory_bytes: int) -> int:
    """Bytes of data and page tables of all inside; what forked processes share is counted once, which takes longer."""
    inside = list(_descendants(str(keeper)))
    quick = sum(_sizes(process, "status", "RssAnon", "VmPTE") for process in inside)
    if quick <= memory_bytes:
        return quick
    return sum(_sizes(process, "smaps_rollup", "Pss_Anon") + _sizes(process, "status", "VmPTE") for process in inside)


def _descendants(process: str) -> Iterator[str]:
    with contextlib.suppress(OSError):                  # it may end while we look
        for children in Path("/proc", process, "task").glob("*/children"):
            for child in children.read_text().split():
                yield child
                yield from _descendants(child)


def _sizes(process: str, file: str, *names: str) -> int:
    """Sum of these sizes in a file of /proc/PID, in bytes; 0 if the process has ended or is process 1, which is closed."""
    total = 0
    with contextlib.suppress(OSError):
        for line in Path("/proc", process, file).read_text().splitlines():
            name, _, value = line.partition(":")
            total += int(value.split()[0]) * 1024 if name in names else 0
    return total


def _advice() -> str:
    """What to change on this machine, as far as it can be told."""
    advice = [text for path, bad, text in MENDS if _reads(path) == bad]
    if os.geteuid() == 0:
        advice.append("Inside a container, root needs CAP_SYS_ADMIN and no filter that denies mount: "
                      "docker run --cap-add SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined.")
    elif not advice:
        advice.append("An ordinary user needs user namespaces, which containers deny by default: "
                      "docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined.")
    return " ".join([*advice, "To run without any wall, say so: --unconfined."])


def _reads(path: str) -> str | None:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return None
