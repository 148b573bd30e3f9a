package io.inframetrics.collect.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.inframetrics.collect.host.CgroupV2.CpuLimit;
import io.inframetrics.collect.host.CgroupV2.MemoryLimit;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupV2Test {

  private static final long GIB = 1L << 30;

  @TempDir Path root;
  private FileTree tree;
  private CgroupV2 cgroup;

  @BeforeEach
  void setUp() {
    tree = new FileTree(root);
    cgroup = new CgroupV2(root);
  }

  @Test
  void aMachineWithoutGroupsHasNoLimits() throws IOException {
    assertNoLimits();
    tree.file("proc/self/cgroup", "4:memory:/a\n1:cpu:/a");
    assertNoLimits();
    tree.file("proc/self/cgroup", "0::/")
        .file("proc/self/mountinfo", "22 1 0:20 / /proc rw - proc proc rw");
    assertNoLimits();
  }

  @Test
  void aGroupWithoutControllersHasNoLimits() throws IOException {
    tree.group("/", "/", "/sys/fs/cgroup").file("sys/fs/cgroup/cpu.stat", "usage_usec 5");
    assertNoLimits();
  }

  @Test
  void unlimitedGroupsHaveNoLimits() throws IOException {
    tree.group("/", "/", "/sys/fs/cgroup");
    limits("sys/fs/cgroup", "max 100000", "max");
    assertNoLimits();
  }

  @Test
  void aContainerWithItsOwnNamespaceSeesItsGroupAsTheRoot() throws IOException {
    tree.group("/", "/", "/sys/fs/cgroup");
    limits("sys/fs/cgroup", "50000 100000", "536870912");
    assertThat(cgroup.cpuLimit(4))
        .contains(new CpuLimit(root.resolve("sys/fs/cgroup").toString(), 0.5, 7_000_000));
    assertThat(cgroup.memoryLimit(8 * GIB)).contains(new MemoryLimit(300_000_000, 536_870_912));
  }

  @Test
  void aGroupOfTheMachineIsFoundByItsPath() throws IOException {
    tree.group("/system.slice/app.service", "/", "/sys/fs/cgroup/unified");
    limits("sys/fs/cgroup/unified/system.slice/app.service", "150000 100000", "1073741824");
    assertThat(cgroup.cpuLimit(4)).get().extracting(CpuLimit::cpus).isEqualTo(1.5);
    assertThat(cgroup.memoryLimit(8 * GIB))
        .get()
        .extracting(MemoryLimit::limitBytes)
        .isEqualTo(GIB);
  }

  @Test
  void aMountOfAPartOfTheTreeIsSeenRelativeToThatPart() throws IOException {
    tree.group("/docker/abc/inner", "/docker/abc", "/sys/fs/cgroup");
    limits("sys/fs/cgroup/inner", "50000 100000", "max");
    assertThat(cgroup.cpuLimit(4)).get().extracting(CpuLimit::cpus).isEqualTo(0.5);
    tree.group("/docker/abc", "/docker/abc", "/sys/fs/cgroup");
    limits("sys/fs/cgroup", "25000 100000", "max");
    assertThat(cgroup.cpuLimit(4)).get().extracting(CpuLimit::cpus).isEqualTo(0.25);
  }

  @Test
  void aGroupOutsideOfTheMountFallsBackToItsTop() throws IOException {
    limits("sys/fs/cgroup", "50000 100000", "max");
    for (String path : new String[] {"/../../other", "/not/there"}) {
      tree.group(path, "/", "/sys/fs/cgroup");
      assertThat(cgroup.cpuLimit(4)).get().extracting(CpuLimit::cpus).isEqualTo(0.5);
    }
  }

  @Test
  void theTightestGroupCountsWithItsOwnUse() throws IOException {
    tree.group("/pod/container", "/", "/sys/fs/cgroup");
    limits("sys/fs/cgroup/pod/container", "300000 100000", "4294967296");
    limits("sys/fs/cgroup/pod", "200000 100000", "2147483648");
    tree.file("sys/fs/cgroup/pod/memory.current", "900000000")
        .file("sys/fs/cgroup/pod/cpu.stat", "nr_periods 1\nusage_usec 99");
    assertThat(cgroup.cpuLimit(8))
        .contains(new CpuLimit(root.resolve("sys/fs/cgroup/pod").toString(), 2, 99));
    assertThat(cgroup.memoryLimit(8 * GIB)).contains(new MemoryLimit(800_000_000, 2 * GIB));
  }

  @Test
  void ofEqualLimitsTheOuterGroupCounts() throws IOException {
    tree.group("/pod/container", "/", "/sys/fs/cgroup");
    limits("sys/fs/cgroup/pod/container", "200000 100000", "1073741824");
    limits("sys/fs/cgroup/pod", "200000 100000", "1073741824");
    tree.file("sys/fs/cgroup/pod/cpu.stat", "usage_usec 99")
        .file("sys/fs/cgroup/pod/memory.current", "500000000");
    assertThat(cgroup.cpuLimit(8)).get().extracting(CpuLimit::usedMicros).isEqualTo(99L);
    assertThat(cgroup.memoryLimit(8 * GIB))
        .get()
        .extracting(MemoryLimit::usedBytes)
        .isEqualTo(400_000_000L);
  }

  @Test
  void limitsThatTheMachineIsBelowAnywayDoNotBind() throws IOException {
    tree.group("/", "/", "/sys/fs/cgroup");
    limits("sys/fs/cgroup", "800000 100000", Long.toString(16 * GIB));
    assertThat(cgroup.cpuLimit(8)).isEmpty();
    assertThat(cgroup.memoryLimit(16 * GIB)).isEmpty();
  }

  @Test
  void aSetOfProcessorsIsALimitToo() throws IOException {
    tree.group("/", "/", "/sys/fs/cgroup");
    limits("sys/fs/cgroup", "max 100000", "max");
    tree.file("sys/fs/cgroup/cpuset.cpus.effective", "0-2,7");
    assertThat(cgroup.cpuLimit(8)).get().extracting(CpuLimit::cpus).isEqualTo(4.0);
    assertThat(cgroup.cpuLimit(4)).isEmpty();
    tree.file("sys/fs/cgroup/cpu.max", "150000 100000");
    assertThat(cgroup.cpuLimit(8)).get().extracting(CpuLimit::cpus).isEqualTo(1.5);
  }

  @Test
  void usedMemoryIsNeverNegative() throws IOException {
    tree.group("/", "/", "/sys/fs/cgroup");
    limits("sys/fs/cgroup", "max 100000", "1073741824");
    tree.file("sys/fs/cgroup/memory.current", "4096");
    assertThat(cgroup.memoryLimit(8 * GIB)).contains(new MemoryLimit(0, GIB));
  }

  @Test
  void whatCannotBeUnderstoodIsSaid() {
    tree.group("/", "/", "/sys/fs/cgroup").file("sys/fs/cgroup/cpu.max", "lots");
    assertThatIOException()
        .isThrownBy(() -> cgroup.cpuLimit(8))
        .withMessageEndingWith("cpu.max says 'lots': expected quota and period");
    tree.file("sys/fs/cgroup/memory.max", "1GB");
    assertThatIOException()
        .isThrownBy(() -> cgroup.memoryLimit(8 * GIB))
        .withMessageEndingWith("memory.max says '1GB': expected a whole number");
    tree.file("sys/fs/cgroup/memory.max", "1073741824");
    assertThatIOException()
        .isThrownBy(() -> cgroup.memoryLimit(8 * GIB))
        .isInstanceOf(NoSuchFileException.class);
    tree.file("sys/fs/cgroup/memory.current", "5").file("sys/fs/cgroup/memory.stat", "anon 5");
    assertThatIOException()
        .isThrownBy(() -> cgroup.memoryLimit(8 * GIB))
        .withMessageEndingWith("memory.stat has no line 'inactive_file'");
  }

  private void limits(String group, String cpuMax, String memoryMax) {
    tree.file(group + "/cpu.max", cpuMax)
        .file(group + "/cpu.stat", "usage_usec 7000000\nuser_usec 1\nsystem_usec 2")
        .file(group + "/memory.max", memoryMax)
        .file(group + "/memory.current", "400000000")
        .file(group + "/memory.stat", "anon 1\nfile 2\nactive_file 3\ninactive_file 100000000");
  }

  private void assertNoLimits() throws IOException {
    assertThat(cgroup.cpuLimit(8)).isEmpty();
    assertThat(cgroup.memoryLimit(8 * GIB)).isEmpty();
  }
}
