"""What control groups say, on made-up machines: the one that runs the tests has others, or none."""

import pytest

from autograder import cgroups


@pytest.fixture
def machine(tmp_path):
    def make(groups, mounts, **files):
        """A root folder; files: by path below /sys/fs/cgroup."""
        (tmp_path / "proc/self").mkdir(parents=True)
        (tmp_path / "proc/self/cgroup").write_text("".join(f"{line}\n" for line in groups))
        (tmp_path / "proc/self/mountinfo").write_text("".join(f"{line}\n" for line in mounts))
        for name, text in files.items():
            path = tmp_path / "sys/fs/cgroup" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path
    return make


VERSION_2 = "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate"
VERSION_1 = ["31 30 0:27 {} /sys/fs/cgroup/memory rw shared:1 - cgroup cgroup rw,memory",
             "32 30 0:28 {} /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids",
             "33 30 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct"]


def test_the_tightest_group_around_counts(machine):
    root = machine(["0::/user.slice/run.scope"], [VERSION_2], **{
        "user.slice/memory.max": "4000\n", "user.slice/pids.max": "max\n",
        "user.slice/run.scope/memory.max": "9000\n", "user.slice/run.scope/pids.max": "77\n"})
    assert cgroups.bounds(root) == (4000, 77)


def test_the_group_of_a_container_is_at_the_top(machine):
    assert cgroups.bounds(machine(["0::/"], [VERSION_2], **{"memory.max": "123\n"})) == (123, None)


def test_version_1_has_a_hierarchy_for_each_controller(machine):
    groups = ["4:memory:/grading", "3:pids:/", "2:cpu,cpuacct:/grading", "0::/"]
    root = machine(groups, [mount.format("/") for mount in VERSION_1], **{
        "memory/grading/memory.limit_in_bytes": "5000\n", "pids/pids.max": "88\n",
        "memory/memory.limit_in_bytes": "9223372036854771712\n"})
    assert cgroups.bounds(root) == (5000, 88)


def test_a_container_sees_its_part_of_version_1(machine):
    root = machine(["4:memory:/docker/abc", "3:pids:/docker/abc"], [mount.format("/docker/abc") for mount in VERSION_1],
                   **{"memory/memory.limit_in_bytes": "5000\n", "pids/pids.max": "max\n"})
    assert cgroups.bounds(root) == (5000, None)


def test_no_bound_is_none(machine, tmp_path):
    unlimited = {"a/memory.max": "max\n", "a/pids.max": "max\n"}
    assert cgroups.bounds(machine(["0::/a"], [VERSION_2], **unlimited)) == (None, None)
    assert cgroups.bounds(tmp_path / "no proc") == (None, None)
