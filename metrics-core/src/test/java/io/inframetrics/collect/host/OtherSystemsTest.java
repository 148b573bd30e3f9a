package io.inframetrics.collect.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.inframetrics.collect.host.MachineProbe.CpuCounters;
import io.inframetrics.collect.host.MachineProbe.DiskState;
import io.inframetrics.collect.host.MachineProbe.InterfaceCounters;
import io.inframetrics.collect.host.MachineProbe.MemoryState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.Mock;
import org.mockito.junit.jupiter.MockitoExtension;
import oshi.hardware.CentralProcessor;
import oshi.hardware.GlobalMemory;
import oshi.hardware.HardwareAbstractionLayer;
import oshi.hardware.NetworkIF;
import oshi.software.os.FileSystem;
import oshi.software.os.NetworkParams;
import oshi.software.os.OSFileStore;
import oshi.software.os.OperatingSystem;
import oshi.spi.SystemInfoProvider;

/** Systems that the tests do not run on: OSHI is a mock that answers as it would there. */
@ExtendWith(MockitoExtension.class)
class OtherSystemsTest {

  @TempDir Path root;

  @Mock private SystemInfoProvider oshi;
  @Mock private OperatingSystem system;
  @Mock private HardwareAbstractionLayer hardware;
  @Mock private CentralProcessor processor;
  @Mock private GlobalMemory memory;

  private MachineProbe probe;

  @BeforeEach
  void openProbe() {
    when(oshi.getOperatingSystem()).thenReturn(system);
    when(oshi.getHardware()).thenReturn(hardware);
    when(hardware.getProcessor()).thenReturn(processor);
    when(hardware.getMemory()).thenReturn(memory);
    probe = new OshiProbe(oshi, false, root, System::nanoTime);
  }

  @ParameterizedTest
  @CsvSource({"' mac-1 ', mac-1", "' ', localhost", ", localhost"})
  void aMachineWithoutANameIsLocalhost(String reported, String expected) throws IOException {
    NetworkParams network = mock();
    when(system.getNetworkParams()).thenReturn(network);
    when(network.getHostName()).thenReturn(reported);

    assertThat(probe.hostName()).isEqualTo(expected);
  }

  @Test
  void waitingForADiskIsNotWork() throws IOException {
    // user, nice, system, idle, iowait, irq, softirq, steal
    when(processor.getSystemCpuLoadTicks()).thenReturn(new long[] {100, 10, 50, 700, 130, 5, 4, 1});

    assertThat(probe.cpu()).isEqualTo(new CpuCounters("machine", 170, 1_000));
  }

  @Test
  void noProcessorTimesIsAFailure() {
    when(processor.getSystemCpuLoadTicks()).thenReturn(new long[8]);

    assertThatThrownBy(probe::cpu)
        .isInstanceOf(IOException.class)
        .hasMessage("the system reports no processor times");
  }

  @Test
  void memoryThatIsNotAvailableIsUsed() throws IOException {
    when(memory.getTotal()).thenReturn(16_000L);
    when(memory.getAvailable()).thenReturn(4_000L);

    assertThat(probe.memory()).isEqualTo(new MemoryState(12_000, 16_000));
  }

  /** 31 GiB with 24 of them in ZFS's cache, which the kernel does not count as available. */
  @Test
  void theCacheOfZfsIsNotUsedMemory() throws IOException {
    when(memory.getTotal()).thenReturn(32_721_352L * 1_024);
    when(memory.getAvailable()).thenReturn(2_531_272L * 1_024);
    new FileTree(root)
        .file(
            "proc/spl/kstat/zfs/arcstats",
            """
            13 1 0x01 147 39984 6000000000 900000000000000
            name                            type data
            size                            4    25769803776
            c_min                           4    1046883264
            c_max                           4    31457280000
            memory_available_bytes          3    24000000000""");

    MemoryState state = probe.memory();

    assertThat(100.0 * state.usedBytes() / state.limitBytes()).isCloseTo(18.48, within(0.01));
  }

  @Test
  void memoryIsNeverUsedLessThanNotAtAll() throws IOException {
    when(memory.getTotal()).thenReturn(16_000L);
    when(memory.getAvailable()).thenReturn(14_000L);
    new FileTree(root).file("proc/spl/kstat/zfs/arcstats", "size 4 5000\nc_min 4 10");

    assertThat(probe.memory()).isEqualTo(new MemoryState(0, 16_000));
  }

  @Test
  void noMemoryIsAFailure() {
    assertThatThrownBy(probe::memory)
        .isInstanceOf(IOException.class)
        .hasMessage("the system reports no memory");
  }

  @Test
  void theFileSystemsAreListedAgainOnlyWhenTheMountTableChanges() throws IOException {
    FileSystem fileSystem = mock();
    OSFileStore store = mountedAtRoot();
    when(system.getFileSystem()).thenReturn(fileSystem);
    when(fileSystem.getFileStores(true)).thenReturn(List.of(store));
    FileTree files = new FileTree(root).file("proc/self/mounts", "/dev/sda1 / ext4 rw 0 0");

    assertThat(probe.disks()).extracting(DiskState::mount).containsExactly("/");
    probe.disks();
    verify(fileSystem).getFileStores(true);

    files.file("proc/self/mounts", "/dev/sda1 / ext4 ro 0 0");
    probe.disks();
    verify(fileSystem, times(2)).getFileStores(true);
  }

  @Test
  void withoutAMountTableTheFileSystemsAreListedEachTime() throws IOException {
    FileSystem fileSystem = mock();
    OSFileStore store = mountedAtRoot();
    when(system.getFileSystem()).thenReturn(fileSystem);
    when(fileSystem.getFileStores(true)).thenReturn(List.of(store));

    probe.disks();
    probe.disks();

    verify(fileSystem, times(2)).getFileStores(true);
  }

  @Test
  void noFileSystemIsAFailure() {
    FileSystem fileSystem = mock();
    when(system.getFileSystem()).thenReturn(fileSystem);

    assertThatThrownBy(probe::disks)
        .isInstanceOf(IOException.class)
        .hasMessage("the system reports no file system with a size");
  }

  @Test
  void loopbackCountsWhereThereIsNothingElse() throws IOException {
    NetworkIF loopback = mock();
    when(loopback.getName()).thenReturn("lo0");
    when(loopback.getIfOperStatus()).thenReturn(NetworkIF.IfOperStatus.UP);
    when(loopback.queryNetworkInterface())
        .thenReturn(NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress()));
    when(loopback.getBytesRecv()).thenReturn(7L);
    when(loopback.getBytesSent()).thenReturn(9L);
    when(hardware.getNetworkIFs(true)).thenReturn(List.of(loopback));

    assertThat(probe.interfaces()).containsExactly(new InterfaceCounters("lo0", 7, 9));
  }

  private OSFileStore mountedAtRoot() {
    OSFileStore store = mock();
    when(store.getMount()).thenReturn("/");
    when(store.getVolume()).thenReturn("/dev/sda1");
    when(store.getType()).thenReturn("ext4");
    return store;
  }
}
