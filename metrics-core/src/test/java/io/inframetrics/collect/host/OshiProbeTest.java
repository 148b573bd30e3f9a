package io.inframetrics.collect.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.inframetrics.collect.host.MachineProbe.CpuCounters;
import io.inframetrics.collect.host.MachineProbe.DiskState;
import io.inframetrics.collect.host.MachineProbe.InterfaceCounters;
import io.inframetrics.collect.host.MachineProbe.MemoryState;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** This very machine, checked against what Linux says in other ways. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "compares with /proc and /sys")
class OshiProbeTest {

  private static final double MIB = 1 << 20;

  /** A root without control groups: what the machine says, whatever this test's container is. */
  @TempDir Path withoutGroups;

  private final MachineProbe probe = OshiProbe.open(Path.of("/"), System::nanoTime);

  @Test
  void hostNameIsTheKernels() throws IOException {
    assertThat(probe.hostName())
        .isEqualTo(Files.readString(Path.of("/proc/sys/kernel/hostname")).trim());
  }

  @Test
  void processorTimesAreThoseOfProcStat() throws IOException {
    CpuCounters counters = OshiProbe.open(withoutGroups, System::nanoTime).cpu();
    long[] jiffies =
        Arrays.stream(Files.readAllLines(Path.of("/proc/stat")).get(0).split("\\s+"))
            .skip(1)
            .limit(8)
            .mapToLong(Long::parseLong)
            .toArray();
    double total = LongStream.of(jiffies).sum();
    double busy = total - jiffies[3] - jiffies[4];
    // Counted in different units since the machine started: shares are what must agree.
    assertThat(counters.busy() / counters.capacity()).isCloseTo(busy / total, within(0.01));
    assertThat(counters.source()).isEqualTo("machine");
  }

  @Test
  void aQuotaReplacesTheMachinesProcessors() throws IOException {
    new FileTree(withoutGroups)
        .group("/", "/", "/sys/fs/cgroup")
        .file("sys/fs/cgroup/cpu.max", "1000 100000")
        .file("sys/fs/cgroup/cpu.stat", "usage_usec 123")
        .file("sys/fs/cgroup/memory.max", "1048576")
        .file("sys/fs/cgroup/memory.current", "524288")
        .file("sys/fs/cgroup/memory.stat", "inactive_file 262144");
    MachineProbe limited = OshiProbe.open(withoutGroups, () -> 5_000_000_000L);
    CpuCounters counters = limited.cpu();
    assertThat(counters.busy()).isEqualTo(123);
    assertThat(counters.capacity()).as("a hundredth of 5 seconds").isEqualTo(50_000);
    assertThat(counters.source()).endsWith("sys/fs/cgroup@0.01");
    assertThat(limited.memory()).isEqualTo(new MemoryState(262_144, 1_048_576));
  }

  @Test
  void memoryIsThatOfProcMeminfo() throws IOException {
    MemoryState memory = OshiProbe.open(withoutGroups, System::nanoTime).memory();
    double total = meminfo("MemTotal:");
    double used = total - meminfo("MemAvailable:");
    assertThat((double) memory.limitBytes()).isEqualTo(total);
    assertThat((double) memory.usedBytes()).isCloseTo(used, within(256 * MIB));
  }

  @Test
  void theRootDiskIsThatOfItsFileStore() throws IOException {
    List<DiskState> disks = probe.disks();
    assertThat(disks).extracting(DiskState::mount).contains("/").doesNotHaveDuplicates();
    DiskState root = disks.stream().filter(d -> d.mount().equals("/")).findAny().orElseThrow();
    FileStore store = Files.getFileStore(Path.of("/"));
    double used = store.getTotalSpace() - store.getUnallocatedSpace();
    assertThat((double) root.usedBytes()).isCloseTo(used, within(256 * MIB));
    assertThat((double) root.availableBytes()).isCloseTo(store.getUsableSpace(), within(256 * MIB));
  }

  @Test
  void interfacesAreThoseOfProcNetDev() throws IOException {
    List<InterfaceCounters> interfaces = probe.interfaces();
    assertThat(interfaces).isNotEmpty();
    List<String> lines = Files.readAllLines(Path.of("/proc/net/dev"));
    for (InterfaceCounters each : interfaces) {
      String[] columns =
          lines.stream()
              .map(String::trim)
              .filter(line -> line.startsWith(each.name() + ":"))
              .map(line -> line.substring(each.name().length() + 1).trim().split("\\s+"))
              .findAny()
              .orElseThrow();
      // Read a moment later, so not less.
      assertThat(Double.parseDouble(columns[0]) - each.receivedBytes()).isBetween(0.0, 64 * MIB);
      assertThat(Double.parseDouble(columns[8]) - each.sentBytes()).isBetween(0.0, 64 * MIB);
    }
  }

  @Test
  void countersNeverFall() throws IOException {
    CpuCounters before = probe.cpu();
    List<InterfaceCounters> older = probe.interfaces();
    CpuCounters now = probe.cpu();
    List<InterfaceCounters> newer = probe.interfaces();
    assertThat(now.source()).isEqualTo(before.source());
    assertThat(now.busy()).isGreaterThanOrEqualTo(before.busy());
    assertThat(now.capacity()).isGreaterThanOrEqualTo(before.capacity());
    for (int i = 0; i < older.size(); i++) {
      assertThat(newer.get(i).receivedBytes()).isGreaterThanOrEqualTo(older.get(i).receivedBytes());
    }
  }

  private static double meminfo(String key) throws IOException {
    return Files.readAllLines(Path.of("/proc/meminfo")).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.replaceAll("\\D", ""))
        .mapToDouble(Double::parseDouble)
        .map(kib -> kib * 1_024)
        .findAny()
        .orElseThrow();
  }
}
