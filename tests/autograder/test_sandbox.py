"""Every promise of the sandbox, by an honest attempt to break it from inside a process that is really confined.

As root each test also runs as an ordinary user, since the wall is built in another way for each.
"""

import contextlib
import errno
import json
import os
import platform
import re
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import types
from pathlib import Path

import pytest

from autograder import rootfs, sandbox, seccomp

REPOSITORY = Path(__file__).parents[2]
MODULES = ("__init__", "attempts", "kernel", "monitor", "probes", "rootfs", "sandbox", "seccomp", "usage")
MIB = 1 << 20
NOBODY = 65534


class Person:
    """Somebody who confines processes: an interpreter and a copy of the package that they can read."""

    def __init__(self, folder: Path, python: str, **identity):
        self.folder, self.python, self.identity = folder, python, identity

    def start(self, code, *, env=None, **options):
        """A trusted process, not yet confined; `sandbox` is imported."""
        first = f"import sys; sys.path.insert(0, {str(self.folder)!r})\nfrom autograder import sandbox\n"
        env = sandbox.clean_environment("/dev/null") if env is None else env      # nothing is cached
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([self.python, "-I", "-c", first + code], env=env, text=True, cwd="/",
                                **{**pipes, **self.identity, **options})

    def run(self, code, **options):
        with self.start(code, **options) as process:
            try:
                out, err = process.communicate(timeout=60)
            finally:
                process.kill()
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def inside(self, code, *, hide=(), before="", **limits):
        """Run `code` behind the wall, where it prints; returns the finished process."""
        return self.run(f"{before}\n{confinement(hide, **limits)}\n{code}")

    def printed(self, code, **options):
        """What `code` printed behind the wall, as a literal of JSON."""
        done = self.inside(f"import json, os\ndef show(x): print(json.dumps(x))\n{code}", **options)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def error(self, statement, **options):
        """The number of the OSError that `statement` raises behind the wall; 0 if it raises none."""
        attempt = "\n".join(f"    {line}" for line in statement.splitlines())
        code = f"import os, socket\ntry:\n{attempt}\n    show(0)\nexcept OSError as e:\n    show(e.errno)"
        return self.printed(code, **options)


def confinement(hide=(), **limits):
    return f"sandbox.confine(sandbox.Limits(**{limits}), keep_fds=[1, 2], hide={list(map(str, hide))})"


def _people():
    return ["root", "ordinary user"] if os.getuid() == 0 else ["ordinary user"]


@pytest.fixture(scope="session", params=_people())
def person(request):
    if os.getuid() != 0 or request.param == "root":
        yield Person(REPOSITORY, sys.executable)
        return
    python = "/usr/bin/python3"
    version = subprocess.run([python, "-c", "import sys; print(sys.version_info >= (3, 11))"], capture_output=True)
    if version.stdout.strip() != b"True":
        pytest.skip("no Python 3.11 that an ordinary user may run")
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        (Path(folder) / "autograder").mkdir()
        for name in MODULES:
            shutil.copy(REPOSITORY / "autograder" / f"{name}.py", Path(folder, "autograder"))
        Path(folder).chmod(0o755)
        yield Person(Path(folder), python, user=NOBODY, group=NOBODY, extra_groups=[])


@pytest.fixture(scope="session")
def myself():
    """Whoever runs the tests, with the course's environment."""
    return Person(REPOSITORY, sys.executable)


@pytest.fixture
def open_folder():
    """A folder that everybody may read, directly below /tmp."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def eventually(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def processes_with(text):
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if text.encode() in path.read_bytes() and int(path.parent.name) != os.getpid():
                found.append(path.parent.name)
        except OSError:
            continue
    return found


def test_no_file_of_the_machine_is_seen(person, open_folder):
    (open_folder / "secret").write_text("the answers")
    paths = [open_folder / "secret", REPOSITORY / "pyproject.toml", REPOSITORY / "solutions",
             person.folder / "autograder", "/etc/shadow", "/etc/hostname", "/var", "/run", "/sys", "/opt", "/srv",
             "/boot", "/dev/zero", "/.old", "/proc/sys", "/proc/meminfo", "/proc/keys", "/proc/kcore",
             *(Path.home() / name for name in (".ssh", ".bashrc", ".cache"))]
    assert all(Path(path).exists() for path in paths[:4])
    assert person.printed(f"show([p for p in {list(map(str, paths))} if os.path.lexists(p)])") == []


def test_the_old_root_cannot_be_reached(person):
    ways = """
def names(way):
    try:
        return way()
    except OSError as refusal:
        return type(refusal).__name__
top = os.open("/", os.O_RDONLY)
here = set(os.listdir("/"))
def by_dots():
    os.chdir("../../../../../..")
    return set(os.listdir(".")) == here
def by_descriptor():
    os.fchdir(top)
    return set(os.listdir("..")) == here
show({
    "dots": names(by_dots), "descriptor": names(by_descriptor), "chroot": names(lambda: os.chroot("/tmp")),
    "init": names(lambda: os.listdir("/proc/1/" "root/var")),
    "cwd": names(lambda: os.listdir("/proc/1/cwd/../../../var")),
    "mounts": [line for line in open("/proc/self/mountinfo") if "/.old" in line or "/.disk" in line],
})"""
    assert person.printed(ways) == {"dots": True, "descriptor": True, "chroot": "PermissionError",
                                    "init": "PermissionError", "cwd": "PermissionError", "mounts": []}


def test_a_kept_folder_would_lead_out_and_is_refused(person):
    done = person.run("import os\nfd = os.open('/', os.O_RDONLY)\nsandbox.confine(sandbox.Limits(), keep_fds=[fd])")
    assert "ValueError: keep_fds may name sockets, pipes and regular files" in done.stderr


def test_only_kept_descriptors_stay_open(person):
    before = "import os, socket\nopened = [os.open('/', os.O_RDONLY) for _ in range(50)]; pair = socket.socketpair()"
    code = """
def is_open(fd):
    try:
        return bool(os.fstat(fd))
    except OSError:
        return False
show([fd for fd in range(1000) if is_open(fd)])"""
    assert person.printed(code, before=before) == [0, 1, 2]
    assert person.printed("show(os.path.samestat(os.fstat(0), os.stat('/dev/null')))") is True


def test_the_environment_is_the_allow_list(person):
    later = "import os; os.environ['TOKEN'] = '123'"
    names = set(person.printed("show(dict(os.environ))", before=later)) - {"LC_CTYPE"}
    assert names == set(sandbox.clean_environment()) - {"LC_CTYPE"}
    started_with = person.printed("show(open('/proc/self/environ').read().split(chr(0)))")
    assert {entry.split("=")[0] for entry in started_with} <= names | {"", "LC_CTYPE"}
    places = person.printed("show([os.getcwd(), os.environ['HOME'], os.environ['MPLCONFIGDIR'], os.uname().nodename])")
    assert places == ["/home/student/work", "/home/student", "/home/student/.config/matplotlib", "sandbox"]


def test_a_process_started_with_secrets_is_refused(person):
    done = person.run(confinement(), env={**sandbox.clean_environment(), "TOKEN": "123"})
    assert "ValueError: a student could read TOKEN" in done.stderr
    assert "clean_environment()" in done.stderr
    assert "123" not in done.stderr


def test_only_its_own_processes_are_seen_and_reached(person):
    with person.start("import time; print(flush=True); time.sleep(60)") as victim:
        victim.stdout.readline()
        code = f"""
import signal
pids = sorted(int(name) for name in os.listdir("/proc") if name.isdigit())
def reach(pid, number):
    try:
        os.kill(pid, number)
        return "reached"
    except OSError as refusal:
        return type(refusal).__name__
show([pids, os.getppid(), reach({victim.pid}, 0), reach(-1, signal.SIGKILL), reach(1, signal.SIGKILL), "still here"])"""
        assert person.printed(code) == [[1, 2], 1, "ProcessLookupError", "ProcessLookupError", "reached", "still here"]
        assert victim.poll() is None
        victim.kill()


def test_it_shares_no_namespace_with_the_machine(person):
    kinds = ("cgroup", "ipc", "mnt", "net", "pid", "uts", *(["user"] if os.getuid() != 0 or person.identity else []))
    code = f"import json, os; print(json.dumps([os.readlink('/proc/self/ns/' + kind) for kind in {kinds}]))"
    outside, inside = (json.loads(run(code).stdout) for run in (person.run, person.inside))
    assert not set(inside) & set(outside)
    assert person.printed("show(os.getsid(0) == os.getpid())") is True


def test_process_1_is_closed_to_the_student(person):
    assert person.error("open('/proc/1/mem', 'rb')") == errno.EACCES
    assert person.error("open('/proc/1/environ', 'rb').read()") == errno.EACCES
    assert person.error("os.listdir('/proc/1/fd')") == errno.EACCES


def test_there_is_no_network(person):
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as local:
        local.bind(f"\0{os.getpid()}-of-the-grader")
        local.listen()
        assert person.error(f"socket.create_connection({tcp.getsockname()}, timeout=5)") == errno.ENETUNREACH
        assert person.error(f"socket.socket(socket.AF_UNIX).connect({local.getsockname().decode()!r})") \
            == errno.ECONNREFUSED
    udp = "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'', ('192.0.2.1', 53))"
    assert person.error(udp) == errno.ENETUNREACH
    assert person.error("socket.socket(socket.AF_NETLINK)") == errno.EPERM
    assert person.error("socket.socket(socket.AF_PACKET)") == errno.EPERM
    assert person.error("socket.socket(40, socket.SOCK_STREAM)") == errno.EPERM         # AF_VSOCK


def test_nothing_outside_its_own_folders_can_be_written(person):
    places = ["/", "/etc", "/usr", "/dev", "/home", sys.prefix if person.folder == REPOSITORY else "/usr/lib"]
    code = f"""
refused = []
for place in {places}:
    for act in (lambda: open(place + "/mark", "w"), lambda: os.chmod(place, 0o777), lambda: os.utime(place),
                lambda: os.mkdir(place + "/new"), lambda: os.symlink("/", place + "/link")):
        try:
            act()
            refused.append(None)
        except OSError as refusal:
            refused.append(refusal.errno)
show(sorted(set(refused)))"""
    assert set(person.printed(code)) <= {errno.EROFS, errno.EPERM}
    mounts = person.printed("show([line.split()[1:4:2] for line in open('/proc/self/mounts')])")
    writable = [place for place, flags in mounts if "rw" in flags.split(",")]
    assert sorted(writable) == ["/dev/shm", "/home/student", "/tmp"]
    assert all("nosuid" in flags for _, flags in mounts)
    assert all("nodev" in flags for place, flags in mounts if place not in rootfs.DEVICES)


def test_the_machine_notices_no_mounts(person):
    before = Path("/proc/self/mountinfo").read_text()
    assert person.inside("").returncode == 0
    assert Path("/proc/self/mountinfo").read_text() == before


def test_it_has_no_privileges_and_cannot_get_any(person):
    status = person.printed("show(dict(l.rstrip().split(':', 1) for l in open('/proc/self/status')))")
    assert [int(value, 16) for name, value in status.items() if name.startswith("Cap")] == [0] * 5
    assert (status["NoNewPrivs"].strip(), status["Seccomp"].strip()) == ("1", "2")
    assert "0" not in status["Uid"].split() + status["Gid"].split()
    assert person.error("os.setuid(0)") in (errno.EPERM, errno.EINVAL)      # not allowed; or there is no root
    assert person.error("os.setgid(0)") in (errno.EPERM, errno.EINVAL)
    assert status["Groups"].split() == [] or os.getuid() != 0
    if os.getuid() == 0 and not person.identity:
        done = person.run(f"{confinement()}\nimport os; print(os.getgroups())", extra_groups=[4, 27])
        assert done.stdout == "[]\n"
    raised = person.printed("import subprocess; show(subprocess.getoutput('su -c id root; sudo -n id; mount').lower())")
    assert "uid=0" not in raised


def test_another_user_for_every_process_of_root(myself):
    if os.getuid() != 0:
        pytest.skip("only root hands out users")
    first, second = myself.printed("show(os.getresuid())"), myself.printed("show(os.getresgid())")
    assert len(set(first)) == len(set(second)) == 1
    assert first[0] != second[0]
    assert min(first[0], second[0]) > sandbox.FIRST_FREE_ID


def test_the_root_of_a_container_with_few_ids_builds_the_wall_as_an_ordinary_user(person):
    container = """
import os
from autograder import kernel
user = os.getuid()
kernel.unshare(kernel.NEWUSER)
for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {os.getegid()} 1")):
    open(f"/proc/self/{name}", "w").write(text)
assert os.getuid() == 0"""
    container = container.replace("os.getegid()", str(person.identity.get("group", os.getgid())))
    found = person.printed("show([os.getuid(), os.getgid(), open('/proc/self/uid_map').read().split()[0]])",
                           before=container)
    assert found == [sandbox.STUDENT_ID] * 2 + [str(sandbox.STUDENT_ID)]


def call(machine, name):
    return {**seccomp.DENIED, **seccomp.JUDGED}[name][machine.column]


def test_denied_calls_answer_eperm(person):
    column = seccomp.MACHINES[platform.machine()].column
    numbers = {name: pair[column] for name, pair in seccomp.DENIED.items() if pair[column] is not None}
    code = f"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def answer(number):
    ctypes.set_errno(0)
    libc.syscall(ctypes.c_long(number), *[ctypes.c_long(0)] * 6)
    return ctypes.get_errno()
show({{name: answer(number) for name, number in {numbers}.items()}})"""
    assert person.printed(code) == dict.fromkeys(numbers, errno.EPERM)


CALLS = {       # name, arguments -> answer
    "a user namespace": (("clone", 0x10000000 | signal.SIGCHLD), errno.EPERM),
    "a mount namespace": (("clone", 0x00020000 | signal.SIGCHLD), errno.EPERM),
    "clone3": ((435, 0, 0), errno.ENOSYS),
    "calls of the future": ((467, 0, 0), errno.ENOSYS),
    "shared anonymous memory": (("mmap", 0, 4096, 3, 0x21, -1, 0), errno.ENOMEM),
    "memory that grows downwards": (("mmap", 0, 4096, 3, 0x122, -1, 0), errno.ENOMEM),
    "private memory": (("mmap", 0, 4096, 3, 0x22, -1, 0), 0),
    "typing into a terminal": (("ioctl", 0, 0x5412, 0), errno.EPERM),
    "typing, the number padded": (("ioctl", 0, 0x100005412, 0), errno.EPERM),
    "leaving the monitor": (("prctl", 1, 0), errno.EPERM),
    "dumping core": (("prlimit64", 0, 4, 0, 0), errno.EPERM),
    "an old personality": (("personality", 0x0400000), errno.EPERM),
    "asking the personality": (("personality", 0xFFFFFFFF), 0),
    "a socket of the crypto API": (("socket", 38, 5, 0), errno.EPERM),
    "a local socket": (("socket", 1, 1, 0), 0),
    "a pair of sockets that are not local": (("socketpair", 30, 1, 0, 0), errno.EPERM),
    "a larger buffer of a socket": (("setsockopt", 0, 1, 7, 0, 0), errno.EPERM),
    "a filter of a socket": (("setsockopt", 0, 1, 26, 0, 0), errno.EPERM),
    "making all wait who open a file": (("fcntl", 0, 1024, 1), errno.EPERM),
    "marks on a folder": (("fcntl", 0, 1026, 1), errno.EPERM),
    "locks that belong to no process": (("fcntl", 0, 37, 0), errno.EPERM),
    "flags of a descriptor": (("fcntl", 0, 1, 0), 0),
    "another filter": (("prctl", 22, 2, 0), errno.EPERM),
    "a table of locks as large as one likes": (("prctl", 78, 1, 1 << 20, 0, 0), errno.EPERM),
    "a core without neighbours": (("prctl", 62, 1, 0, 0, 0), errno.EPERM),
    "the name of a thread": (("prctl", 16, -1), None),
}


def test_arguments_are_judged(person):
    machine = seccomp.MACHINES[platform.machine()]
    asked = {what: [name if isinstance(name, int) else call(machine, name), *arguments]
             for what, ((name, *arguments), _) in CALLS.items()}
    code = f"""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
def answer(arguments):
    ctypes.set_errno(0)
    libc.syscall(*map(ctypes.c_long, arguments))
    return ctypes.get_errno()
show({{what: answer(arguments) for what, arguments in {asked}.items()}})"""
    answers = {what: answer for what, (_, answer) in CALLS.items() if answer is not None}
    assert {what: answer for what, answer in person.printed(code).items() if what in answers} == answers


@pytest.mark.skipif(platform.machine() != "x86_64", reason="only x86_64 has other sets of calls")
def test_other_sets_of_calls_are_closed(person):
    assert person.error("""
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
if libc.syscall(ctypes.c_long(0x40000000 + 39)) == -1:
    raise OSError(ctypes.get_errno(), "x32")""") == errno.EPERM
    int_0x80 = person.inside("""
import ctypes, mmap
readable_writable_executable = 7
code = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, readable_writable_executable)
code.write(bytes.fromhex("b814000000 cd80 c3"))     # mov eax, 20 (getpid); int 0x80; ret
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
print("survived")""")
    assert int_0x80.stdout == ""
    assert int_0x80.returncode == 128 + signal.SIGSYS


@pytest.mark.parametrize(("machine", "header"), [
    ("x86_64", "x86_64-linux-gnu/asm/unistd_64.h"), ("aarch64", "asm-generic/unistd.h")])
def test_numbers_are_the_kernels(machine, header):
    path = Path("/usr/include", header)
    if not path.exists():
        pytest.skip(f"{header} is not installed")
    defined = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", path.read_text()))
    defined.pop("syscalls", None)       # how many there are
    column, newest = seccomp.MACHINES[machine].column, max(map(int, defined.values()))
    for name, numbers in {**seccomp.DENIED, **seccomp.JUDGED}.items():
        number = numbers[column]
        if number is None or number <= newest:      # else these headers are older than the call
            assert defined.get(name) == (None if number is None else str(number)), name


def verdict(program, arch, number, *arguments):
    """What the kernel would answer: a classic BPF machine with the seven instructions in use."""
    words = [argument & 0xFFFFFFFFFFFFFFFF for argument in (*arguments, 0, 0, 0, 0, 0, 0)[:6]]
    data = struct.pack("=IIQ6Q", number, arch, 0, *words)
    loaded, at = 0, 0
    while True:
        code, if_true, if_false, constant = struct.unpack_from("=HBBI", program, 8 * at)
        at += 1
        if code == seccomp.RETURN:
            return constant
        if code == seccomp.LOAD:
            (loaded,) = struct.unpack_from("=I", data, constant)
        elif code == seccomp.AND:
            loaded &= constant
        else:
            passed = {seccomp.EQUAL: loaded == constant, seccomp.AT_LEAST: loaded >= constant,
                      seccomp.ANY_BIT: bool(loaded & constant)}[code]
            at += if_true if passed else if_false


@pytest.mark.parametrize("name", seccomp.MACHINES)
def test_the_filter_decides_alike_on_every_processor(name):
    machine = seccomp.MACHINES[name]
    program = seccomp.program(machine)
    allow, refuse, kill = 0x7FFF0000, 0x00050000, 0x80000000
    assert len(program) // 8 < 4096
    for numbers in seccomp.DENIED.values():
        if numbers[machine.column] is not None:
            assert verdict(program, machine.audit_arch, numbers[machine.column]) == refuse | errno.EPERM
    for (what, *arguments), answer in CALLS.values():
        number = what if isinstance(what, int) else call(machine, what)
        assert verdict(program, machine.audit_arch, number, *arguments) == (refuse | answer if answer else allow)
    assert verdict(program, machine.audit_arch, 63) == allow
    assert verdict(program, 0x40000003, 63) == kill


def test_too_much_memory_is_a_memory_error(person):
    code = """
try:
    block = bytearray(300 << 20)
except MemoryError:
    block = None
show([block is None, len(bytearray(50 << 20))])"""
    assert person.printed(code, memory_bytes=256 * MIB) == [True, 50 << 20]


def ended_by(done):
    """The limit that ended a run; the student printed nothing after it."""
    assert "survived" not in done.stdout
    return sandbox.reason(done.returncode)


def test_too_much_memory_in_all_processes_is_the_end(person):
    code = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        block = bytearray(os.urandom(1 << 20) * 100)
        break
time.sleep(50)
print("survived")"""
    assert ended_by(person.inside(code, memory_bytes=256 * MIB)) == "memory"


def test_memory_that_forks_share_counts_once(person):
    code = """
import time
block = bytearray(b"x") * (100 << 20)
children = [os.fork() for _ in range(1)]
if children[0]: children.append(os.fork())
if children[-1]: children.append(os.fork())
time.sleep(0.5)
if all(children):
    show([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children])"""
    assert person.printed(code, memory_bytes=256 * MIB) == [0, 0, 0]


def forked(code, **limits):
    """A zygote that holds 600 MiB forks a child, and `code` runs behind its wall; the zygote ends as its child does."""
    inner = "\n".join(f"    {line}" for line in f"{confinement(**limits)}\nimport json, time\n{code}".splitlines())
    return f"""
import os, signal
libraries = bytearray(b"x") * (600 << 20)
child = os.fork()
if child == 0:
{inner}
    os._exit(0)
ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
os._exit(ended) if ended >= 0 else os.kill(os.getpid(), -ended)"""


def test_what_was_inherited_comes_on_top_of_the_memory_limit(person):
    code = """
blocks = bytearray(b"y") * (150 << 20)
try:
    more = bytearray(100 << 20)
except MemoryError:
    print("MemoryError")
children = [os.fork() for _ in range(3)]                # eight processes share it
time.sleep(0.5)
if all(children):
    print([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children], flush=True)"""
    done = person.run(forked(code, memory_bytes=200 * MIB))
    assert (done.stdout, done.stderr, done.returncode) == ("MemoryError\n[0, 0, 0]\n", "", 0)


def test_forks_of_a_large_process_are_limited_together(person):
    code = """
for _ in range(8):
    if os.fork() == 0:
        block = bytearray(b"y") * (190 << 20)
        break
time.sleep(50)
print("survived", flush=True)"""
    assert ended_by(person.run(forked(code, memory_bytes=200 * MIB))) == "memory"


def test_memory_of_a_process_whose_first_thread_has_ended_counts(person):
    """Of such a process /proc/PID/status says nothing."""
    code = """
import ctypes, os, platform, threading, time
leave = {"x86_64": 60, "aarch64": 93}[platform.machine()]
def hold():
    block = bytearray(b"x") * (100 << 20)
    time.sleep(50)
for _ in range(4):
    if os.fork() == 0:
        threading.Thread(target=hold).start()
        ctypes.CDLL(None).syscall(leave, 0)
time.sleep(50)
print("survived")"""
    assert ended_by(person.inside(code, memory_bytes=256 * MIB)) == "memory"


def test_a_process_that_is_about_to_run_a_program_is_not_counted_twice(person):
    """Until then it has its parent's memory; here it waits for a pipe to be opened first."""
    code = """
import time
block = bytearray(b"x") * (150 << 20)
os.mkfifo("pipe")
if os.fork() == 0:
    block = None
    time.sleep(0.5)
    open("pipe", "w").close()
    os._exit(0)
redirect = [(os.POSIX_SPAWN_OPEN, 0, "pipe", os.O_RDONLY, 0)]
child = os.posix_spawn("/bin/true", ["true"], {}, file_actions=redirect)
show(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"""
    assert person.printed(code, memory_bytes=200 * MIB) == 0


def test_buffers_of_sockets_count_as_memory(person):
    code = """
import os, socket, time
for _ in range(4):
    if os.fork() == 0:
        pairs = [socket.socketpair() for _ in range(60)]
        for end in sum(pairs, ()):
            end.setblocking(False)
            try:
                while True: end.send(bytes(65536))
            except BlockingIOError: pass
        break
time.sleep(50)
print("survived")"""
    assert ended_by(person.inside(code, memory_bytes=128 * MIB)) == "memory"


def test_locks_of_files_without_end_are_the_end(person):
    code = """
import fcntl, time
file = open("file", "w")
for place in range(20_000):
    fcntl.lockf(file, fcntl.LOCK_EX, 1, 2 * place)
time.sleep(50)
print("survived")"""
    assert ended_by(person.inside(code)) == "memory"


BURN = """
import os, signal, time
def burn(seconds):
    while sum(os.times()[:2]) < seconds: pass
"""


@pytest.mark.parametrize("code", [
    "burn(50)",
    "for _ in range(4):\n    if os.fork() == 0: burn(50)\ntime.sleep(50)",
    "for _ in range(9):\n    if os.fork() == 0: burn(0.3); os._exit(0)\n    os.wait()\ntime.sleep(50)",
    "for _ in range(9):\n    if os.fork() == 0:\n        if os.fork() == 0: burn(0.3)\n        os._exit(0)\n"
    "time.sleep(50)",
    "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\nfor _ in range(9):\n    if os.fork() == 0: burn(0.5); os._exit(0)\n"
    "    try: os.wait()\n    except ChildProcessError: pass\ntime.sleep(50)",
], ids=["one process", "several at once", "one after the other", "orphans", "children whose end is ignored"])
def test_processor_time_of_all_processes_is_limited_together(person, code):
    assert ended_by(person.inside(f"{BURN}{code}\nprint('survived')", cpu_seconds=1)) == "cpu"


def test_a_caller_that_ignores_the_end_of_children_still_learns_how_it_ended(person):
    before = "import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN)"
    assert person.inside("raise SystemExit(7)", before=before).returncode == 7


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_shells_work(person, shell):
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here")
    script = "(exit 3) & wait $!; echo $?; echo $(echo in; false; echo $?) | cat; true && false || echo out"
    assert person.printed(f"import subprocess; show(subprocess.getoutput({shell!r} ' -c ' {shlex.quote(script)!r}))") \
        == "3\nin 1\nout"


def test_processor_time_within_the_limit_is_granted(person):
    done = person.inside(f"{BURN}burn(0.5); print('done')", cpu_seconds=2)
    assert (done.returncode, done.stdout) == (0, "done\n")


def test_wall_time_is_limited(person):
    started = time.monotonic()
    done = person.inside("import time; time.sleep(50); print('survived')", wall_seconds=0.5)
    assert ended_by(done) == "time"
    assert time.monotonic() - started >= 0.5


@pytest.mark.parametrize("end", [
    *(f"os._exit({number})" for number in (1, 120, 121, 124, 137, 138, 152, 246)),
    *(f"os.kill(os.getpid(), signal.{name})" for name in ("SIGUSR1", "SIGVTALRM", "SIGALRM", "SIGKILL")),
    *(f"os.kill({who}, signal.{name}); os._exit(3)" for name in ("SIGUSR1", "SIGVTALRM", "SIGALRM", "SIGKILL")
      for who in (1, 0)),
])
def test_a_student_cannot_pretend_that_a_limit_was_hit(myself, end):
    done = myself.inside(f"import os, signal; {end}")
    assert done.returncode > 0
    assert ended_by(done) == ""


def test_memory_is_not_hidden_in_files_without_a_name(person):
    assert person.error("os.memfd_create('x')") == errno.EPERM
    assert person.error("import mmap\nmmap.mmap(-1, 4096)") == errno.ENOMEM
    assert person.error("os.open('/dev/zero', os.O_RDWR)") == errno.ENOENT


def test_a_fork_bomb_ends_at_the_limit(person):
    code = """
import time
started = 0
try:
    while True:
        if os.fork() == 0:
            time.sleep(50)
        started += 1
except BlockingIOError:
    show(started)"""
    assert person.printed(code, processes=20) in (19, 20)


def test_too_many_threads_are_an_error(person):
    code = """
import threading
stop = threading.Event()
started = 0
try:
    while True:
        threading.Thread(target=stop.wait).start()
        started += 1
except RuntimeError:
    stop.set()
show(started)"""
    assert person.printed(code, processes=20) in (19, 20)


def test_too_many_open_files_are_an_error(person):
    assert person.error("files = []\nwhile True: files.append(open('/dev/null'))", open_files=40) == errno.EMFILE
    more = "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (900, 900))"
    assert "ValueError: not allowed to raise maximum limit" in person.inside(more, open_files=40).stderr


def test_a_deep_stack_is_cut_off(person):
    code = """
import ctypes
top = next(int(line.split()[0].split("-")[1], 16) for line in open("/proc/self/maps") if "[stack]" in line)
def write(below):
    child = os.fork()
    if child == 0:
        ctypes.memset(top - below, 0, 1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
show([write(900 << 10), write(1200 << 10)])"""
    assert person.printed(code, stack_bytes=1 * MIB) == [0, -signal.SIGSEGV]


def test_signals_that_wait_are_limited(person):
    code = """
import ctypes, signal
libc = ctypes.CDLL(None, use_errno=True)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGRTMIN})
sent = 0
while libc.sigqueue(os.getpid(), signal.SIGRTMIN, None) == 0:
    sent += 1
show([sent, ctypes.get_errno()])"""
    sent, number = person.printed(code, pending_signals=20)
    assert number == errno.EAGAIN
    assert sent <= 20


def test_no_core_is_dumped(person):
    code = """
child = os.fork()
if child == 0:
    os.abort()
show([os.WCOREDUMP(os.waitpid(child, 0)[1]), os.listdir()])"""
    assert person.printed(code) == [False, []]


def test_no_memory_is_locked_and_no_priority_taken(person):
    code = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.mlock(ctypes.create_string_buffer(4096), ctypes.c_size_t(4096))
answers = [ctypes.get_errno()]
for attempt in (lambda: os.nice(-1), lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))):
    try:
        attempt()
        answers.append(0)
    except OSError as refusal:
        answers.append(refusal.errno)
show(answers)"""
    assert set(person.printed(code)) <= {errno.EPERM, errno.ENOMEM}


def test_a_pinned_student_stays_on_its_processors(person):
    last = max(os.sched_getaffinity(0))
    code = "show(sorted(os.sched_getaffinity(0)))"
    start = f"sandbox.confine(sandbox.Limits(), keep_fds=[1, 2], cpus=[{last}])"
    widen = "import os; print(sorted(os.sched_getaffinity(0)))\nos.sched_setaffinity(0, range(64))"
    done = person.run(f"{start}\n{widen}")
    assert done.stdout == f"[{last}]\n"
    assert "PermissionError" in done.stderr
    assert person.printed(code) == sorted(os.sched_getaffinity(0))
    done = person.run("sandbox.confine(sandbox.Limits(), keep_fds=[], cpus=[4000])")
    assert "ValueError: cpus must be some of [" in done.stderr


def test_the_disk_limit_holds_for_all_folders_together(person):
    code = """
import errno
def fill(path):
    try:
        with open(path, "wb", buffering=0) as file:
            for written in range(1000):
                file.write(bytes(1 << 20))
    except OSError as refusal:
        return [written, errno.errorcode[refusal.errno]]
show([fill("a"), fill("/tmp/b"), fill("/dev/shm/c")])"""
    limits = {"disk_bytes": 8 * MIB, "file_bytes": 5 * MIB}
    (first, why), (second, full), (third, still) = person.printed(code, **limits)
    assert (first, why) == (5, "EFBIG")
    assert (second + third, full, still) == (3, "ENOSPC", "ENOSPC")
    files = "try:\n    for n in range(10**6): open(f'{n}', 'x').close()\nexcept OSError as e: show([n, e.errno])"
    count, number = person.printed(files, disk_files=50)
    assert number == errno.ENOSPC
    assert 20 < count < 50


def test_its_own_folders_work(person):
    code = """
import tempfile, subprocess, multiprocessing, stat
open("answer.txt", "w").write("42")
with tempfile.NamedTemporaryFile() as file:
    show([open(os.path.join(os.environ["HOME"], "work", "answer.txt")).read(), file.name[:5],
          subprocess.run(["cat", "answer.txt"], capture_output=True, text=True).stdout,
          multiprocessing.get_context("fork").Pool(2).map(abs, [-1, -2]),
          oct(stat.S_IMODE(os.stat("answer.txt").st_mode)), os.path.expanduser("~"), os.cpu_count() > 0])"""
    assert person.printed(code) == ["42", "/tmp/", "42", [1, 2], "0o600", "/home/student", True]


def test_the_monitor_ends_as_the_student_does(person):
    assert person.inside("raise SystemExit(7)").returncode == 7
    assert person.inside("import os; os.abort()").returncode == 128 + signal.SIGABRT
    assert person.inside("import os; os.kill(os.getpid(), 9)").returncode == 128 + signal.SIGKILL
    assert person.inside("1 / 0").stderr.endswith("ZeroDivisionError: division by zero\n")


def test_the_other_side_sees_the_end_at_once(person):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        fd, wire = theirs.fileno(), f"socket:[{os.fstat(theirs.fileno()).st_ino}]"
        code = f"""
import os, socket
sandbox.confine(sandbox.Limits(), keep_fds=[{fd}])
channel = socket.socket(fileno={fd})
channel.send(b"ready")
channel.recv(10)
os.kill(os.getpid(), 9)"""
        with person.start(code, pass_fds=[fd]) as process:
            theirs.close()
            ours.settimeout(10)
            assert ours.recv(10) == b"ready"
            assert len(holders(wire)) == 1
            ours.send(b"go")
            assert ours.recv(10) == b""
            assert process.wait(10) == 128 + signal.SIGKILL


def holders(wire):
    """Processes with this socket among their descriptors, as far as they may be asked."""
    found = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if str(link.readlink()) == wire:
                found.add(link.parts[2])
    return found


DAEMONS = """
import os, threading, time
import signal
def daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 3)
            time.sleep(600)
        os._exit(0)
daemon()
"""
# a thread that executes a program takes over the process but not its parent-death signal
EXEC_FROM_A_THREAD = "import sys\nthreading.Thread(target=os.execl, args=(sys.executable, sys.executable, '-c', " \
                     "'import time; print(flush=True); time.sleep(600)', MARK)).start(); time.sleep(600)"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("last", ["print(flush=True); time.sleep(600)", EXEC_FROM_A_THREAD], ids=["sleep", "exec"])
def test_nothing_survives_the_monitor(person, number, last):
    mark = f"mark-{os.urandom(8).hex()}"
    # A shell that starts the tests in the background has them, and what they start, ignore SIGINT
    stubborn = ("import signal; signal.signal(signal.SIGTERM, print); "
                "signal.signal(signal.SIGINT, signal.default_int_handler)")
    with person.start(f"MARK = {mark!r}\n{stubborn}\n{confinement()}{DAEMONS}{last}") as process:
        try:
            process.stdout.readline()
            assert len(processes_with(mark)) >= 4
            process.send_signal(number)
            process.wait(10)
        finally:
            process.kill()
    assert eventually(lambda: not processes_with(mark))


def test_nothing_survives_the_student(person):
    mark = f"mark-{os.urandom(8).hex()}"
    done = person.inside(f"MARK = {mark!r}{DAEMONS}import signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert done.returncode == 128 + signal.SIGKILL
    assert eventually(lambda: not processes_with(mark))


def test_nothing_survives_whoever_started_the_monitor(person):
    mark = f"mark-{os.urandom(8).hex()}"
    worker = f"""
import sys; sys.path.insert(0, {str(person.folder)!r})
from autograder import sandbox
sandbox.confine(sandbox.Limits(), keep_fds=[1, 2])
import time; print("{mark}", flush=True); time.sleep(600)"""
    starter = f"""
import os, subprocess, sys, time
subprocess.Popen([sys.executable, "-I", "-c", {worker!r}], env=sandbox.clean_environment())
time.sleep(600)"""
    with person.start(starter) as process:
        assert process.stdout.readline().strip() == mark
        process.kill()
    assert eventually(lambda: not processes_with(mark))


def test_an_orphan_ends_at_once(myself):
    assert myself.run(f"sandbox.die_with_parent({os.getpid()}); print('child')").stdout == "child\n"
    late = myself.run("sandbox.die_with_parent(1 << 22); print('orphan')")
    assert (late.stdout, late.returncode) == ("", 1)


def test_a_wall_within_the_wall_is_refused_with_advice(person):
    code = """
environment = dict(os.environ)
try:
    sandbox.confine(sandbox.Limits(), keep_fds=[1, 2])
    show("confined")
except sandbox.CannotConfine as refusal:
    show(str(refusal))"""
    message = person.printed(code)
    assert "The sandbox cannot be built: [Errno 1] Operation not permitted: 'prctl(1)'" in message
    assert "--unconfined" in message
    assert "--security-opt seccomp=unconfined" in message


def test_root_without_its_main_capability_is_refused_with_advice(myself):
    if os.getuid() != 0:
        pytest.skip("for root, as in a container")
    cap_sys_admin = 21
    drop = f"""
import ctypes, os, struct
libc = ctypes.CDLL(None)
everything_but = ((1 << 41) - 1) & ~(1 << {cap_sys_admin})
low, high = everything_but & 0xFFFFFFFF, everything_but >> 32
header, current = struct.pack("Ii", 0x20080522, 0), ctypes.create_string_buffer(24)
libc.capget(header, current)
words = list(struct.unpack("6I", current.raw))
libc.capset(header, struct.pack("6I", *(w & (low if i < 3 else high) for i, w in enumerate(words))))"""
    done = myself.inside("print('confined')", before=drop)
    assert done.stdout == ""
    assert "CannotConfine: The sandbox cannot be built: [Errno 1] Operation not permitted: 'unshare(" in done.stderr
    assert "docker run --cap-add SYS_ADMIN" in done.stderr


@pytest.mark.parametrize(("where", "value", "message"), [
    ("sys.platform", "darwin", "made of parts of Linux"),
    ("platform.release", lambda: "5.10.0-28-amd64", r"Linux 5\.14 or newer is needed, this is 5\.10\.0"),
    ("platform.machine", lambda: "riscv64", "its filter knows x86_64 and aarch64, not riscv64"),
])
def test_a_machine_that_cannot_is_told_why(monkeypatch, where, value, message):
    monkeypatch.setattr(f"autograder.sandbox.{where}", value)
    with pytest.raises(sandbox.CannotConfine, match=message):
        sandbox.confine(sandbox.Limits(), keep_fds=[])


def test_a_python_around_a_home_folder_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(rootfs.sys, "prefix", str(tmp_path))
    user = types.SimpleNamespace(pw_uid=os.getuid(), pw_dir=str(tmp_path / "people" / "me"))
    monkeypatch.setattr(rootfs.pwd, "getpwall", lambda: [user])
    with pytest.raises(sandbox.CannotConfine, match="people/me, which no student may see"):
        sandbox.confine(sandbox.Limits(), keep_fds=[])


def test_switched_off_namespaces_are_named(monkeypatch):
    monkeypatch.setattr(sandbox, "_read", lambda path: "1" if "apparmor" in path else "10000")
    assert "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0" in sandbox._advice(1000)
    monkeypatch.setattr(sandbox, "_read", lambda path: "0" if "max_user" in path else None)
    assert "sudo sysctl -w user.max_user_namespaces" in sandbox._advice(1000)


def test_python_below_tmp_is_shown_but_not_the_project_around_it(person, open_folder):
    """A repository cloned to /tmp, with its environment inside: the new root is built on /tmp, too."""
    packages = _environment(person, open_folder / ".venv")
    (open_folder / "answers.py").write_text("answer = 42")
    (packages / "shown.py").write_text("seen = True")
    here = Person(person.folder, str(open_folder / ".venv/bin/python"), **person.identity)
    code = f"import shown, sys; show([shown.seen, os.listdir({str(open_folder)!r}), sys.prefix])"
    assert here.printed(code) == [True, [".venv"], str(open_folder / ".venv")]
    assert here.printed(code, hide=[open_folder]) == [True, [".venv"], str(open_folder / ".venv")]


def test_hidden_folders_inside_what_is_shown_are_empty(person, open_folder):
    packages = _environment(person, open_folder / ".venv")
    (packages / "solutions").mkdir()
    (packages / "solutions" / "softmax.py").write_text("answer = 42")
    (packages / "link").symlink_to(packages / "solutions")
    here = Person(person.folder, str(open_folder / ".venv/bin/python"), **person.identity)
    look = f"""
def look(folder):
    return os.listdir(f"{packages}/" + folder), os.access(f"{packages}/" + folder, os.W_OK)
show([look("solutions"), look("link")])"""
    assert here.printed(look) == [[["softmax.py"], False]] * 2
    assert here.printed(look, hide=[packages / "link", open_folder / "missing"]) == [[[], False]] * 2


def test_a_hidden_folder_may_hold_a_python_that_is_shown(tmp_path, monkeypatch):
    course = tmp_path / "usr" / "course"
    (course / "venv" / "lib").mkdir(parents=True)
    monkeypatch.setattr(rootfs, "_wanted", lambda: {str(tmp_path / "usr"), str(course / "venv")})
    monkeypatch.setattr(rootfs, "EXCHANGE", str(tmp_path / "usr" / "exchange"))
    usr, exchange = str(tmp_path / "usr"), str(tmp_path / "usr" / "exchange")
    assert rootfs.plan([course]) == [(usr, usr), (str(course), None), (str(course / "venv"), str(course / "venv"))]
    Path(exchange).mkdir()
    assert (exchange, None) in rootfs.plan([])


def test_only_folders_can_be_hidden(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="only folders can be hidden"):
        rootfs.plan([tmp_path / "file"])


def _environment(person, folder):
    subprocess.run([person.python, "-m", "venv", "--without-pip", "--system-site-packages", folder], check=True)
    return next(folder.glob("lib/python3*/site-packages"))


def test_the_environment_takes_settings_of_its_list_only():
    assert sandbox.clean_environment(MPLBACKEND="svg", TZ="UTC")["MPLBACKEND"] == "svg"
    assert sandbox.clean_environment("/cache")["MPLCONFIGDIR"] == "/cache/.config/matplotlib"
    with pytest.raises(ValueError, match="not on the allow-list of a confined process: LD_PRELOAD, SECRET"):
        sandbox.clean_environment(SECRET="1", LD_PRELOAD="x.so")


def test_a_setting_made_before_holds_inside(person):
    env = sandbox.clean_environment("/dev/null", MPLBACKEND="svg")
    done = person.run(f"{confinement()}\nimport os; print(os.environ['MPLBACKEND'])", env=env)
    assert done.stdout == "svg\n"


def test_where_proc_is_masked_there_is_none(person):
    """As in containers: the kernel grants an ordinary user no new /proc, and all else is as it was."""
    if not person.identity:
        pytest.skip("root may mount another /proc")
    mask = f"""
import os
from autograder import kernel
kernel.unshare(kernel.NEWNS)
kernel.mount("none", "/", flags=kernel.MS_REC | kernel.MS_PRIVATE)
kernel.mount("/dev/null", "/proc/version", flags=kernel.MS_BIND)
os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})
kernel.prctl(kernel.PR_SET_DUMPABLE, 1)"""
    same_python_as_root = Person(person.folder, person.python)
    code = "import subprocess; show([os.listdir('/proc'), subprocess.getoutput('echo works'), os.getuid()])"
    assert same_python_as_root.printed(code, before=mask) == [[], "works", sandbox.STUDENT_ID]


def test_numpy_and_plots_work(myself):
    code = """
import matplotlib.pyplot as plt, numpy as np
plt.plot(np.linalg.inv(np.eye(3)))
plt.savefig("plot.png")
show(open("plot.png", "rb").read(4)[1:].decode())"""
    assert myself.printed(code) == "PNG"


def test_tensorflow_can_be_imported_and_trains(myself):
    code = """
model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(2)])
model.compile("sgd", "mse")
history = model.fit(np.ones((8, 4)), np.ones((8, 2)), epochs=1, verbose=0)
show(len(history.history["loss"]))"""
    assert myself.printed(code, before="import keras, numpy as np") == 1
