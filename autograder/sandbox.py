"""Confine the running process: what it holds when it enters is all that it will ever reach.

Linux only, standard library only.  `confine` turns one trusted process into four:

    monitor   the process that called; outside; watches time and memory, ends with the student's status
    keeper    owns the new user and pid namespaces; waits
    init      process 1 inside: trusted code without privileges; when it ends, the kernel ends all inside
    student   the only one for which `confine` returns

Each of the first three takes all that follow with it, however it ends; hence the student is not process 1.
The wall: namespaces(7), the files of `rootfs`, no capabilities(7), the limits of getrlimit(2), and the
filter of `seccomp`.  Whatever cannot be done is an error: nobody runs half confined.

What it does not do: count what the kernel itself keeps for maps of memory, pipes and the like (some 1.5 GB were reached
with the limits below; when memory runs out, the kernel ends students first); share out the processors (give `cpus`: a
storm of processes slowed a neighbour thirtyfold on processors that both used); count all the time of processes that end
within a tenth of a second and whose parent ignores them (wall time bounds it); hide /usr, Python's own packages and the
paths of what is shown; keep two students who agreed on it from signalling each other, as by load or by locks on files
that both may read; stop an attack on a hole in the kernel.
"""

import os
import platform
import resource
import secrets
import select
import signal
import stat
import sys
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from autograder import kernel, monitor, rootfs, seccomp, usage
from autograder.rootfs import HOME, TEMPORARY

MIB = 1 << 20
STUDENT_ID = 1000               # user and group, as seen inside a user namespace
FIRST_FREE_ID = 600_000_000     # where root takes ids from: no password file uses them
OLDEST_LINUX = (5, 14)          # counts processes per user namespace; mount_setattr came with 5.12
OPTIONAL_VARIABLES = frozenset({"KERAS_BACKEND", "LC_CTYPE", "LD_LIBRARY_PATH", "PYTHONHASHSEED", "TZ"})

# a setting of the kernel, the value that forbids what the wall needs, the mend
MENDS = (
    ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1",
     "Ubuntu restricts user namespaces: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0."),
    ("/proc/sys/kernel/unprivileged_userns_clone", "0",
     "User namespaces are switched off: sudo sysctl -w kernel.unprivileged_userns_clone=1."),
    ("/proc/sys/user/max_user_namespaces", "0",
     "User namespaces are switched off: sudo sysctl -w user.max_user_namespaces=10000."),
)
CONTAINER = "docker run {}--security-opt seccomp=unconfined --security-opt apparmor=unconfined"


class Limits(NamedTuple):
    """What a confined process, and all that it starts, may use.  Behind each: what the student sees beyond it.

    Not limits but forbidden: core dumps, locked memory, queues of messages, real-time and higher priority.
    """

    # Beyond what this process holds when it is confined, as the libraries of a zygote.  In one process: MemoryError.
    # Of all processes together, buffers of sockets included: the end of the run; `reason` says memory
    memory_bytes: int = 2048 * MIB
    # Of all processes together, those that have ended included: the end of the run; `reason` says cpu
    cpu_seconds: float = 300
    # From now on: the end of the run; `reason` says time.  None: whoever started this must make an end
    wall_seconds: float | None = None
    # HOME, /tmp and /dev/shm together; they lie in memory, and come on top of memory_bytes: OSError, ENOSPC
    disk_bytes: int = 256 * MIB
    # Files, folders and links there: OSError, ENOSPC
    disk_files: int = 16384
    # One file: OSError, EFBIG; a program that is not Python gets SIGXFSZ
    file_bytes: int = 128 * MIB
    # At a time, threads count too: BlockingIOError; of a thread: RuntimeError
    processes: int = 64
    # And sockets and pipes, of one process: OSError, EMFILE
    open_files: int = 256
    # Of the main thread: SIGSEGV; Python's own limit of recursion comes first
    stack_bytes: int = 16 * MIB
    # Signals and timers that wait to be delivered: BlockingIOError
    pending_signals: int = 256


class Probe(NamedTuple):
    """Something that a student's code might attempt, and whether it succeeded."""

    name: str
    outside: bool       # where the wall is not in the way; if it fails here too, it says nothing of the wall
    inside: bool

    @property
    def holds(self) -> bool:
        """Whether the wall kept its promise."""
        return not self.inside


class CannotConfine(RuntimeError):
    """This machine refuses what the wall is made of; the message says what was tried and how to mend it."""


def confine(limits: Limits, *, keep_fds: Iterable[int], hide: Iterable[str | os.PathLike[str]] = (),
            cpus: Iterable[int] | None = None) -> None:
    """Return inside the wall.  The calling process stays outside as monitor and never returns.

    keep_fds: open sockets, pipes or files to keep; all others are closed, 0, 1 and 2 lead to /dev/null.
    hide: folders not to be seen even where they lie inside a Python installation, which is shown.
    cpus: the processors to run on, of those that this process may use; all of them unless given.  Two that share none
    cannot starve each other.

    The monitor ends with the student's exit status, or with 128 + n after signal n; at a limit by a signal, of which
    `reason` makes a word.  It is killed when the thread that started it ends.  Call this when all trusted modules are
    imported, in a process started with `env=clean_environment()`.  Raises ValueError if the request makes no sense,
    CannotConfine if the machine refuses a step: then the process must end, since it may be half confined.
    """
    user = os.geteuid()
    try:
        machine, keep, shown = _able_machine(), _keepable(keep_fds), rootfs.plan(hide)
        environment, processors = _inner_environment(), _processors(cpus)
        most = usage.Used(limits.memory_bytes + usage.sizes("self", "status", "RssAnon", "VmSwap"), limits.cpu_seconds)
        die_with_parent(os.getppid())
        caller, keeper = os.getpid(), _fork()
        if keeper:
            monitor.watch(keeper, most, limits.wall_seconds)
        kernel.close_all_but({0, 1, 2, *keep})
        die_with_parent(caller)
        os.sched_setaffinity(0, processors)
        student_id, keeper_fd = _enter_pid_namespace(), os.pidfd_open(os.getpid())
        init = _fork()
        if init:
            monitor.end_like(init)
        _enter_namespaces()
        rootfs.build(shown, student_id, limits.disk_bytes, limits.disk_files)
        _drop_privileges(student_id)
        _die_with(keeper_fd)
        _set_limits(limits)
        seccomp.install(machine)
        kernel.prctl(kernel.PR_SET_DUMPABLE, 0)         # the student may not look into process 1
        student = _fork()
        if student:
            monitor.reap_until(student)
        _settle(environment, keep)
    except OSError as refusal:
        raise CannotConfine(f"The sandbox cannot be built: {refusal}. {_advice(user)}") from refusal


def reason(exit_code: int | None) -> str:
    """Which limit ended a run: memory, cpu, time, or "" for none.

    exit_code: of the monitor, as in `subprocess.Popen.returncode`.  A student cannot forge it, having no way to choose
    by which signal the monitor ends.
    """
    return monitor.reason(exit_code)


def check() -> list[Probe]:
    """Attempt, outside and inside, what must not be possible.  CannotConfine where no wall can be built."""
    from autograder import probes  # which starts processes that confine themselves

    return probes.check()


def clean_environment(home: str | None = None, **settings: str) -> dict[str, str]:
    """The variables for a process that will be confined, and none of the caller's.

    home: where libraries keep caches until then; a folder in the caller's own cache unless given.
    settings: values for names of this list, e.g. MPLBACKEND, or of OPTIONAL_VARIABLES; else ValueError.
    """
    home = home or str(Path("~/.cache/autograder").expanduser())
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
        "TF_NUM_INTRAOP_THREADS": "1",      # else several for every core: too many for the limit
        "TF_NUM_INTEROP_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    unknown = settings.keys() - environment.keys() - OPTIONAL_VARIABLES
    if unknown:
        raise ValueError(f"not on the allow-list of a confined process: {', '.join(sorted(unknown))}")
    return environment | settings


def die_with_parent(parent_pid: int) -> None:
    """From now on end by SIGKILL when the thread that started this process ends; at once if it has ended."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        os._exit(1)


def _able_machine() -> seccomp.Machine:
    """Raise OSError on a machine of which we know that it cannot."""
    if sys.platform != "linux":
        raise OSError(f"it is made of parts of Linux, and this is {platform.system()}")
    version = tuple(int(number) for number in platform.release().split("-")[0].split(".")[:2])
    if version < OLDEST_LINUX:
        raise OSError("Linux {}.{} or newer is needed, this is {}".format(*OLDEST_LINUX, platform.release()))
    if platform.machine() not in seccomp.MACHINES:
        raise OSError(f"its filter knows {' and '.join(seccomp.MACHINES)}, not {platform.machine()}")
    if not Path(f"/proc/self/task/{os.getpid()}/children").exists():
        raise OSError("without /proc/PID/task/TID/children it cannot watch the memory in use")
    return seccomp.MACHINES[platform.machine()]


def _keepable(keep_fds: Iterable[int]) -> set[int]:
    """A folder's descriptor would lead out of the new root, a device's to the machine."""
    keep = set(keep_fds)
    for fd in keep:
        mode = os.fstat(fd).st_mode
        if not (stat.S_ISSOCK(mode) or stat.S_ISFIFO(mode) or stat.S_ISREG(mode)):
            raise ValueError(f"keep_fds may name sockets, pipes and regular files; {fd} is something else")
    return keep


def _inner_environment() -> dict[str, str]:
    """For the student; /proc/self/environ shows in addition what this process was started with."""
    variables = Path("/proc/self/environ").read_text(errors="replace").split("\0")
    started_with = {variable.split("=")[0] for variable in variables}
    foreign = started_with - clean_environment(HOME).keys() - OPTIONAL_VARIABLES - {""}
    if foreign:
        raise ValueError(f"a student could read {', '.join(sorted(foreign))} in this process' environment; "
                         "start it with env=sandbox.clean_environment()")
    settings = OPTIONAL_VARIABLES | {"MPLBACKEND", "TF_CPP_MIN_LOG_LEVEL"}
    return clean_environment(HOME, **{name: os.environ[name] for name in settings & os.environ.keys()})


def _processors(cpus: Iterable[int] | None) -> set[int]:
    usable = os.sched_getaffinity(0)
    wanted = usable if cpus is None else set(cpus)
    if not wanted or not wanted <= usable:
        raise ValueError(f"cpus must be some of {sorted(usable)}, which this process may use; got {sorted(wanted)}")
    return wanted


def _fork() -> int:
    """os.fork without the warning of Python 3.12 about threads of libraries, none of which is needed here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


def _enter_pid_namespace() -> int:
    """New pid namespace for the next child; returns the id of user and group that it will have inside.

    Root drops to an id that nobody else has.  An ordinary user stays itself for the files of the machine, but
    gets a user namespace of its own, where it has the right to build the wall; so does the root of a container that
    was given few ids.
    """
    Path("/proc/self/oom_score_adj").write_text("1000")     # the kernel's first choice if memory runs out
    user, group, free = os.geteuid(), os.getegid(), _free_id()
    if user == 0 and all(_is_mapped(free, kind) for kind in ("uid", "gid")):
        kernel.unshare(kernel.NEWPID)
        return free
    kernel.unshare(kernel.NEWUSER | kernel.NEWPID)
    Path("/proc/self/setgroups").write_text("deny")         # else an ordinary user may not write the next two
    Path("/proc/self/uid_map").write_text(f"{STUDENT_ID} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{STUDENT_ID} {group} 1")
    return STUDENT_ID


def _free_id() -> int:
    """Unlike any other on this machine, by the process number; hardly like one that another container hands out."""
    return FIRST_FREE_ID + (secrets.randbelow(200) << 22) + os.getpid()


def _is_mapped(number: int, kind: str) -> bool:
    ranges = (map(int, line.split()) for line in Path(f"/proc/self/{kind}_map").read_text().splitlines())
    return any(first <= number < first + count for first, _, count in ranges)


def _enter_namespaces() -> None:
    """Own mounts, a network without any device that is up, own shared memory and queues, own host name."""
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
    """As die_with_parent, for process 1, which cannot see its parent.  A change of user would undo it."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
    keeper_ended = select.poll()
    keeper_ended.register(keeper_fd, select.POLLIN)
    if keeper_ended.poll(0):
        os._exit(1)
    os.close(keeper_fd)


def _set_limits(limits: Limits) -> None:
    """Not RLIMIT_AS: TensorFlow maps several times the memory that it uses."""
    most = {
        resource.RLIMIT_DATA: usage.sizes("self", "status", "VmData") + limits.memory_bytes,
        resource.RLIMIT_CPU: int(limits.cpu_seconds) + 1,   # should the monitor be late
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_NPROC: limits.processes + 2,    # process 1 and, for ordinary users, the keeper
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CORE: 1,    # not 0: a crash handler behind a pipe, as Ubuntu's, is stopped by 1 only
        resource.RLIMIT_STACK: limits.stack_bytes,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: limits.pending_signals,
        resource.RLIMIT_NICE: 0,
        resource.RLIMIT_RTPRIO: 0,
    }
    for name, value in most.items():
        hard = resource.getrlimit(name)[1]
        lower = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(name, (lower, lower))


def _settle(environment: dict[str, str], keep: set[int]) -> None:
    """The student's own session, environment and descriptors."""
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)             # its own /proc/self stays readable
    os.setsid()
    os.umask(0o077)
    os.environ.clear()
    os.environ.update(environment)
    monitor.close_all_but(keep)


def _advice(user: int) -> str:
    """What to change on this machine for whoever it was that called, as far as it can be told."""
    advice = [mend for setting, bad, mend in MENDS if _read(setting) == bad]
    if user == 0:
        advice = [f"Inside a container, root needs: {CONTAINER.format('--cap-add SYS_ADMIN ')}."]
    elif not advice:
        advice = [f"Inside a container, an ordinary user needs: {CONTAINER.format('')}."]
    return " ".join([*advice, "To run without any wall takes the flag --unconfined."])


def _read(path: str) -> str | None:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return None
