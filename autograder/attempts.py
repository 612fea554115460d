"""What a student's code might try: each attempt returns something true if it succeeds, else false or an exception.

Every attempt also runs outside the wall, so none does harm there: files go to a temporary folder, signals are number 0,
what is not the attempt's own is asked for and left as it was, and whatever is started ends by itself.
"""

import ctypes
import errno
import fcntl
import os
import platform
import resource
import select
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, NamedTuple

from autograder import kernel, seccomp

MIB = 1 << 20
LIMITS = {"memory_bytes": 128 * MIB, "cpu_seconds": 1, "disk_bytes": 8 * MIB, "disk_files": 200,
          "file_bytes": 4 * MIB, "processes": 16, "open_files": 64}
GIVE_UP_SECONDS = 60
SHARED = ("/tmp", "/dev/shm")   # where runs could leave something for each other


class Target(NamedTuple):
    """What there is to attack, on the trusted side."""

    secret: str         # stands in files, in an environment variable and in the command line of `victim`
    folder: str         # a temporary one of the caller
    victim: int         # pid of another process of the caller
    neighbour: str      # stands in the command line of another run, the same side of the wall; also names what it has
    tcp: int            # ports where the caller listens
    udp: int
    tcp6: int           # 0 where the machine has no IPv6
    home: str
    grader: str         # the folder of this package
    line: int = -1      # a pipe that the caller reads until everybody has closed it

    def path(self, *parts: str) -> Path:
        return Path(self.folder, *parts)

    @property
    def key(self) -> int:
        """Of a segment of System V's shared memory."""
        return int(self.secret[:7], 16)


def _reads(target: Target, *parts: str) -> bool:
    return target.secret in target.path(*parts).read_text()


def _changes(target: Target, *parts: str) -> bool:
    with target.path(*parts).open("a") as file:
        return bool(file.write("changed"))


def _see_home(target: Target) -> bool:
    """Python itself may lie in there, and is shown."""
    pythons = (sys.prefix, sys.base_prefix)
    return any(not any(Path(python).is_relative_to(entry) for python in pythons)
               for entry in Path(target.home).iterdir())


def _read_solutions(target: Target) -> bool:
    return any(Path(target.grader).glob("*.py")) or any(Path(target.grader).parent.glob("solutions/*.py"))


def _see_environment(target: Target) -> bool:
    return target.secret in os.environ.values() or _in_any_process("environ", target.secret)


def _in_any_process(file: str, text: str) -> bool:
    for path in Path("/proc").glob(f"[0-9]*/{file}"):
        with suppress(OSError):
            if text.encode() in path.read_bytes():
                return True
    return False


def _see_machine(_: Target) -> bool:
    """What runs on it, how it is set up, what its log says."""
    places = ("/sys/kernel", "/proc/sys/kernel", "/proc/meminfo", "/proc/kcore", "/var/log", "/run", "/etc/shadow")
    size_of_log = 10
    return any(os.access(place, os.R_OK) for place in places) or kernel.libc.klogctl(size_of_log, None, 0) >= 0


def _open_device(_: Target) -> bool:
    harmless = {"null", "zero", "full", "random", "urandom", "tty", "stdin", "stdout", "stderr"}
    devices = {path for path in Path("/dev").iterdir() if path.is_block_device() or path.is_char_device()}
    return any(os.access(device, os.R_OK) for device in devices if device.name not in harmless)


def _make_device(_: Target) -> bool:
    null_device, character_device = os.makedev(1, 3), 0o020600
    os.mknod("device", character_device, null_device)
    return bool(os.open("device", os.O_RDONLY))


def _connect(family: int, address: Any) -> bool:
    with socket.socket(family) as client:
        client.settimeout(5)
        client.connect(address)
    return True


def _send_udp(target: Target) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        return bool(client.sendto(b"hello", ("127.0.0.1", target.udp)))


def _ask_for_a_name(_: Target) -> bool:
    """At an address that is reserved for documentation: the question may leave, an answer is not waited for."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        return bool(client.sendto(b"\0" * 12, ("192.0.2.1", 53)))


def _listen(_: Target) -> bool:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return bool(server.getsockname())


def _opens_socket(family: int, protocol: int = 0) -> bool:
    with socket.socket(family, socket.SOCK_RAW, protocol) as opened:
        return opened.fileno() >= 0


def _victim(target: Target) -> int:
    """Numbers up to the own one are in use inside as well, by others."""
    os.kill(target.victim, 0)
    if target.victim < os.getpid() and not _in_any_process("cmdline", target.secret):
        raise ProcessLookupError
    return target.victim


def _read_memory(target: Target) -> bool:
    with Path(f"/proc/{_victim(target)}/mem").open("rb"):
        return True


def _trace(target: Target) -> bool:
    seize, trace_me = 0x4206, 0
    with suppress(OSError):
        if kernel.libc.ptrace(seize, _victim(target), None, None) == 0:
            return True
    return kernel.libc.ptrace(trace_me, 0, None, None) == 0


def _take_descriptor(target: Target) -> bool:
    return _call("pidfd_getfd", os.pidfd_open(_victim(target)), 0, 0) >= 0


def _change_limits(target: Target) -> bool:
    limits = resource.prlimit(_victim(target), resource.RLIMIT_CORE)
    return resource.prlimit(target.victim, resource.RLIMIT_CORE, limits) == limits


def _call(name: str, *arguments: int) -> int:
    number = seccomp.DENIED[name][seccomp.MACHINES[platform.machine()].column]
    return -1 if number is None else kernel.libc.syscall(*map(ctypes.c_long, (number, *arguments, 0, 0, 0)))


def _answers(name: str) -> bool:
    """Whether the kernel looks at the arguments, wrong as they are."""
    ctypes.set_errno(0)
    return _call(name, -1, 0, 0) >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS, errno.EACCES)


def _run_from_memory(_: Target) -> bool:
    program = os.memfd_create("program")
    os.write(program, Path("/bin/true").read_bytes())
    child = os.fork()
    if child == 0:
        os.execve(program, ["true"], {})
    return os.waitpid(child, 0)[1] == 0


def _keep_privileges(_: Target) -> bool:
    """And get them by running a program that has them: sudo, for one."""
    version_3, get_no_new_privileges = 0x20080522, 39
    held = ctypes.create_string_buffer(24)
    kernel.libc.capget((ctypes.c_uint32 * 2)(version_3, 0), held)
    return any(held.raw) or not kernel.prctl(get_no_new_privileges)


def _become_root(_: Target) -> bool:
    os.setuid(0)
    return True


def _new_user_namespace(_: Target) -> bool:
    kernel.unshare(kernel.NEWUSER)
    return True


def _enter_namespaces(target: Target) -> bool:
    return _call("setns", os.pidfd_open(_victim(target)), kernel.NEWUTS) == 0


def _mount(target: Target) -> bool:
    kernel.unshare(kernel.NEWNS if os.getuid() == 0 else kernel.NEWNS | kernel.NEWUSER)
    kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("tmpfs", target.folder, "tmpfs")
    return True


def _change_root(_: Target) -> bool:
    os.chroot(".")
    return True


def be_neighbour(target: Target) -> None:
    """In another run at the same time: be found, in every way there is, until the end of the input."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0{target.neighbour}")
        server.listen()
        for folder in SHARED:
            with suppress(OSError):
                Path(folder, target.neighbour).touch()
        print("ready", flush=True)
        sys.stdin.read()


def _see_neighbour(target: Target) -> bool:
    return (_in_any_process("cmdline", target.neighbour)
            or any(Path(folder, target.neighbour).exists() for folder in SHARED))


def _write_packages(_: Target) -> bool:
    """Asked only, since outside it might be allowed."""
    return any(os.access(folder, os.W_OK) for folder in (*sys.path, sys.prefix, sys.base_prefix) if folder)


def _write_elsewhere(target: Target) -> bool:
    return any(os.access(folder, os.W_OK) for folder in (target.folder, "/", "/usr", "/etc", "/dev", "/home"))


def _started_up() -> list[Path]:
    """Files that Python and its tools read when they start."""
    home = Path.home()
    packages = home / ".local/lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    return [home / ".ipython/profile_default/startup/00.py", home / ".jupyter/jupyter_config.py",
            home / ".config/matplotlib/matplotlibrc", home / ".keras/keras.json", home / ".pythonrc.py",
            packages / "usercustomize.py", packages / "sitecustomize.py", packages / "first.pth",
            Path("sitecustomize.py").absolute(), Path("matplotlibrc").absolute()]


def plant(target: Target) -> None:
    """In an earlier run: leave such files."""
    for path in _started_up():
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"# {target.secret}")


def _find_planted(target: Target) -> bool:
    return any(path.exists() and target.secret in path.read_text() for path in _started_up())


def outlive(target: Target) -> None:
    """Leave a process behind that holds the line until nobody reads it."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 3)
            nobody_reads = select.poll()
            nobody_reads.register(target.line, 0)
            nobody_reads.poll(1000 * GIVE_UP_SECONDS)
        os._exit(0)


def _write_files(number: int, size: int) -> bool:
    with tempfile.TemporaryDirectory(dir=".") as folder:
        for name in range(number):
            Path(folder, str(name)).write_bytes(bytes(size))
    return True


def _open_many_files(_: Target) -> bool:
    with ExitStack() as stack:
        return bool([stack.enter_context(Path("/dev/null").open()) for _ in range(LIMITS["open_files"] + 1)])


def _fork_many(_: Target) -> bool:
    children: list[int] = []
    try:
        while len(children) <= LIMITS["processes"]:
            child = os.fork()
            if child == 0:
                time.sleep(GIVE_UP_SECONDS)
                os._exit(0)
            children.append(child)
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
    return True


def _start_many_threads(_: Target) -> bool:
    stop = threading.Event()
    try:
        for _number in range(LIMITS["processes"] + 1):
            threading.Thread(target=stop.wait, daemon=True).start()
    finally:
        stop.set()
    return True


def fill_memory_together(_: Target) -> None:
    """Each of several processes stays below the limit of one."""
    children = []
    for _number in range(4):
        child = os.fork()
        if child == 0:
            block = bytearray(b"x") * (LIMITS["memory_bytes"] // 2)
            time.sleep(1)
            os._exit(len(block) == 0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


def compute_together(_: Target) -> None:
    """Several processes, one after the other, each below the limit of one."""
    for _number in range(3):
        child = os.fork()
        if child == 0:
            while sum(os.times()[:2]) < LIMITS["cpu_seconds"] / 2:
                pass
            os._exit(0)
        os.waitpid(child, 0)


def _lock_memory(_: Target) -> bool:
    return kernel.libc.mlock(ctypes.create_string_buffer(4096), ctypes.c_size_t(4096)) == 0


def _dump_core(_: Target) -> bool:
    """Asked only, since outside a handler might report it."""
    return resource.getrlimit(resource.RLIMIT_CORE)[1] not in (0, 1)


def _take_processor(_: Target) -> bool:
    """Asked for all those that it has already, which changes nothing."""
    os.sched_setaffinity(0, os.sched_getaffinity(0))
    return True


def _take_priority(_: Target) -> bool:
    os.nice(-1)
    return True


def _make_others_wait(target: Target) -> bool:
    """A lease on a file holds up whoever opens it."""
    place = target.path("secret") if target.path("secret").exists() else Path(sys.executable)
    with place.open("rb") as file:
        return fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK) == 0


def _watch_files(_: Target) -> bool:
    return kernel.libc.inotify_init() >= 0


ATTEMPTS: dict[str, Callable[[Target], Any]] = {
    "read a file of yours": lambda target: _reads(target, "secret"),
    "see what is in your home folder": _see_home,
    "read the grader's code or the solutions": _read_solutions,
    "read the hidden checks": lambda target: _reads(target, "course", "source", "ps1", "problem.ipynb"),
    "read the gradebook": lambda target: _reads(target, "course", "gradebook.db"),
    "change the gradebook": lambda target: _changes(target, "course", "gradebook.db"),
    "read another student's submission": lambda target: _reads(target, "course", "submitted", "mate", "ps1", "a.ipynb"),
    "change another student's submission":
        lambda target: _changes(target, "course", "submitted", "mate", "ps1", "a.ipynb"),
    "write outside its own folders": _write_elsewhere,
    "write to Python's packages": _write_packages,
    "read your environment variables": _see_environment,
    "see the machine's settings or log": _see_machine,
    "open a device": _open_device,
    "make a device": _make_device,
    "connect to a program of yours by TCP": lambda target: _connect(socket.AF_INET, ("127.0.0.1", target.tcp)),
    "connect to a program of yours by IPv6": lambda target: target.tcp6 and _connect(socket.AF_INET6,
                                                                                     ("::1", target.tcp6)),
    "send to a program of yours by UDP": _send_udp,
    "ask a name server (DNS)": _ask_for_a_name,
    "offer a service on a port": _listen,
    "connect to a program of yours by a local socket": lambda target: _connect(socket.AF_UNIX, f"\0{target.secret}"),
    "connect to a program of yours by a socket in a folder":
        lambda target: _connect(socket.AF_UNIX, str(target.path("socket"))),
    "talk to the kernel by netlink": lambda _: _opens_socket(socket.AF_NETLINK),
    "open a raw socket": lambda _: _opens_socket(socket.AF_INET, socket.IPPROTO_ICMP),
    "read the network's packets": lambda _: _opens_socket(socket.AF_PACKET),
    "see your processes": lambda target: _in_any_process("cmdline", target.secret),
    "signal your processes": _victim,
    "read the memory of your processes": _read_memory,
    "trace a process": _trace,
    "take an open file of your processes": _take_descriptor,
    "change the limits of your processes": _change_limits,
    "share memory with your processes (System V)": lambda target: kernel.libc.shmget(target.key, 0, 0) >= 0,
    "share memory with your processes (/dev/shm)": lambda target: Path("/dev/shm", target.secret).exists(),
    "see a run beside it": _see_neighbour,
    "connect to a run beside it": lambda target: _connect(socket.AF_UNIX, f"\0{target.neighbour}"),
    "become root": _become_root,
    "hold privileges, or get them by running a program": _keep_privileges,
    "make a user namespace": _new_user_namespace,
    "enter the namespaces of your processes": _enter_namespaces,
    "mount a file system": _mount,
    "change the root folder": _change_root,
    "use io_uring": lambda _: _answers("io_uring_setup"),
    "use bpf": lambda _: _answers("bpf"),
    "use the kernel's keys": lambda _: _answers("add_key"),
    "use userfaultfd": lambda _: _answers("userfaultfd"),
    "use performance counters": lambda _: _answers("perf_event_open"),
    "run a program that is no file": _run_from_memory,
    "find what an earlier run left to be read at the start": _find_planted,
    "use more memory than the limit": lambda _: bytearray(LIMITS["memory_bytes"] + 64 * MIB),
    "start more processes than the limit": _fork_many,
    "start more threads than the limit": _start_many_threads,
    "open more files than the limit": _open_many_files,
    "write more than the disk limit": lambda _: _write_files(LIMITS["disk_bytes"] // MIB + 1, MIB),
    "write more files than the limit": lambda _: _write_files(LIMITS["disk_files"] + 1, 0),
    "write a larger file than the limit": lambda _: _write_files(1, LIMITS["file_bytes"] + 1),
    "lock memory": _lock_memory,
    "dump core": _dump_core,
    "choose its processors": _take_processor,
    "raise its priority": _take_priority,
    "make others wait who open a file": _make_others_wait,
    "use up the watches on files": _watch_files,
}
# These end their run, so that each has one of its own: it succeeds if the run lives to say so
ENDING: dict[str, Callable[[Target], None]] = {
    "use more memory than the limit, in several processes": fill_memory_together,
    "use more processor time than the limit, in several processes": compute_together,
}
