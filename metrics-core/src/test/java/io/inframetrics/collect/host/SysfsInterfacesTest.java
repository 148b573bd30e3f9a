package io.inframetrics.collect.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.inframetrics.collect.host.MachineProbe.InterfaceCounters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SysfsInterfacesTest {

  private static final int ETHERNET = 1;
  private static final int LOOPBACK = 772;
  private static final int TUNNEL = 65_534;

  @TempDir Path root;
  private FileTree tree;

  @BeforeEach
  void setUp() {
    tree = new FileTree(root).netInterface("lo", LOOPBACK, "unknown", 7, 7);
  }

  @Test
  void aMachineHasItsDevicesAndNotWhatRunsOverThem() throws IOException {
    tree.netInterface("ens5", ETHERNET, "up", 100, 50)
        .folder("sys/class/net/ens5/device")
        .netInterface("ens6", ETHERNET, "up", 10, 5)
        .folder("sys/class/net/ens6/device")
        .netInterface("bond0", ETHERNET, "up", 110, 55)
        .netInterface("docker0", ETHERNET, "up", 1, 1)
        .netInterface("wg0", TUNNEL, "unknown", 1, 1)
        .file("sys/class/net/bonding_masters", "bond0");
    assertThat(read())
        .containsExactly(
            new InterfaceCounters("ens5", 100, 50), new InterfaceCounters("ens6", 10, 5));
  }

  @Test
  void aDeviceThatIsDownDoesNotCount() throws IOException {
    tree.netInterface("eth0", ETHERNET, "up", 100, 50)
        .folder("sys/class/net/eth0/device")
        .netInterface("wlan0", ETHERNET, "down", 0, 0)
        .folder("sys/class/net/wlan0/device");
    assertThat(read()).extracting(InterfaceCounters::name).containsExactly("eth0");
  }

  @Test
  void aContainerHasItsEthernet() throws IOException {
    tree.netInterface("eth0", ETHERNET, "up", 100, 50)
        .netInterface("tunl0", 768, "down", 0, 0)
        .netInterface("tun0", TUNNEL, "unknown", 1, 1)
        .netInterface("docker0", ETHERNET, "up", 1, 1)
        .netInterface("veth12ab", ETHERNET, "up", 1, 1);
    assertThat(read()).containsExactly(new InterfaceCounters("eth0", 100, 50));
  }

  @Test
  void withoutANetworkTheLoopbackStandsIn() throws IOException {
    assertThat(read()).containsExactly(new InterfaceCounters("lo", 7, 7));
  }

  @Test
  void anInterfaceThatVanishesWhileReadIsLeftOut() throws IOException {
    tree.netInterface("eth0", ETHERNET, "up", 100, 50).folder("sys/class/net/eth1");
    assertThat(read()).extracting(InterfaceCounters::name).containsExactly("eth0");
  }

  @Test
  void whatCannotBeUnderstoodIsSaid() {
    tree.netInterface("eth0", ETHERNET, "up", 100, 50)
        .file("sys/class/net/eth0/statistics/rx_bytes", "many");
    assertThatIOException()
        .isThrownBy(this::read)
        .withMessageEndingWith("rx_bytes says 'many': expected a whole number");
    assertThatIOException().isThrownBy(() -> new SysfsInterfaces(root.resolve("elsewhere")).read());
  }

  private List<InterfaceCounters> read() throws IOException {
    return new SysfsInterfaces(root).read();
  }
}
