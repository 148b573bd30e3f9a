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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SysfsInterfacesTest {

  private static final int ETHERNET = FileTree.ETHERNET;
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
  void aRootlessContainerHasItsTap() throws IOException {
    tree.netInterface("tap0", ETHERNET, "unknown", 100, 50)
        .netInterface("tun0", TUNNEL, "unknown", 90, 45)
        .netInterface("veth12ab", ETHERNET, "up", 1, 1);
    assertThat(read()).containsExactly(new InterfaceCounters("tap0", 100, 50));
  }

  @ParameterizedTest
  @CsvSource({"venet0, 65535", "tun0, 65534", "ppp0, 512", "wg0, 65534", "tap_vpn, 1"})
  void aContainerWithOneTunnelHasThat(String name, int type) throws IOException {
    tree.netInterface(name, type, "unknown", 100, 50)
        .netInterface("docker0", ETHERNET, "up", 1, 1)
        .netInterface("sit0", 776, "down", 0, 0);
    assertThat(read()).containsExactly(new InterfaceCounters(name, 100, 50));
  }

  @Test
  void aTunnelThatIsDownIsNoWayOut() throws IOException {
    tree.netInterface("tun0", TUNNEL, "down", 0, 0);
    assertThat(read()).extracting(InterfaceCounters::name).containsExactly("lo");
  }

  @Test
  void aVirtualFunctionUnderItsCardDoesNotCountAgain() throws IOException {
    tree.card("eth0", "up", 100, 50).card("enP1s2", "up", 90, 45).master("enP1s2", "eth0");
    assertThat(read()).containsExactly(new InterfaceCounters("eth0", 100, 50));
  }

  @Test
  void aFailoverPairCountsOnceEvenWithOneOfItsCardsGone() throws IOException {
    tree.card("ens3", "up", 100, 50)
        .card("ens3nsby", "up", 10, 5)
        .card("ens4", "down", 90, 45)
        .master("ens3nsby", "ens3")
        .master("ens4", "ens3");
    assertThat(read()).containsExactly(new InterfaceCounters("ens3", 100, 50));
  }

  @Test
  void aFailoverPairInABondCountsOnce() throws IOException {
    tree.card("eth0", "up", 100, 50)
        .card("enP1s2", "up", 90, 45)
        .netInterface("bond0", ETHERNET, "up", 100, 50)
        .netInterface("bond0.7", ETHERNET, "up", 60, 30)
        .master("enP1s2", "eth0")
        .master("eth0", "bond0")
        .lower("bond0", "bond0.7");
    assertThat(read()).containsExactly(new InterfaceCounters("eth0", 100, 50));
  }

  @Test
  void aCardUnderOneThatIsDownCountsItself() throws IOException {
    tree.card("eth0", "down", 0, 0).card("enP1s2", "up", 90, 45).master("enP1s2", "eth0");
    assertThat(read()).containsExactly(new InterfaceCounters("enP1s2", 90, 45));
  }

  @Test
  void thePortsOfASwitchChipDoNotCountBesideItsCard() throws IOException {
    tree.card("eth0", "up", 100, 50)
        .card("lan1", "up", 60, 30)
        .card("lan2", "up", 40, 20)
        .lower("eth0", "lan1")
        .lower("eth0", "lan2");
    assertThat(read()).containsExactly(new InterfaceCounters("eth0", 100, 50));
  }

  @Test
  void whatAContainerRunsOverItsEthernetDoesNotCountAgain() throws IOException {
    tree.netInterface("eth0", ETHERNET, "up", 100, 50)
        .netInterface("eth1", ETHERNET, "up", 10, 5)
        .netInterface("eth2", ETHERNET, "up", 20, 10)
        .netInterface("eth0.100", ETHERNET, "up", 60, 30)
        .netInterface("br0", ETHERNET, "up", 9, 9)
        .netInterface("team0", ETHERNET, "up", 30, 15)
        .netInterface("incusbr0", ETHERNET, "up", 8, 8)
        .netInterface("veth1", ETHERNET, "up", 8, 8)
        .netInterface("vxlan7", ETHERNET, "unknown", 7, 7)
        .lower("eth0", "eth0.100")
        .master("eth0", "br0")
        .master("eth1", "team0")
        .master("eth2", "team0")
        .master("veth1", "incusbr0");
    assertThat(read()).extracting(InterfaceCounters::name).containsExactly("eth0", "eth1", "eth2");
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
