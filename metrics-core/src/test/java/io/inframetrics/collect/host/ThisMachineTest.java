package io.inframetrics.collect.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThisMachineTest {

  private static final int LOOPBACK = 772;

  @TempDir Path root;

  @Test
  void aRecordedNameCountsUnlessItSaysNothing() throws IOException {
    new FileTree(root).file("proc/sys/kernel/hostname", "db-2.example.com");
    ThisMachine machine = new ThisMachine(root);
    assertThat(machine.instanceId("web-1.example.com")).isEqualTo("web-1");
    assertThat(machine.instanceId("localhost")).isEqualTo("db-2");
    assertThat(machine.instanceId("")).isEqualTo("db-2");
  }

  @Test
  void theInterfacesAreThoseOfTheSourceHost() throws IOException {
    new FileTree(root)
        .netInterface("lo", LOOPBACK, "unknown", 7, 7)
        .netInterface("eth0", FileTree.ETHERNET, "up", 1, 1)
        .folder("sys/class/net/eth0/device")
        .netInterface("br0", FileTree.ETHERNET, "up", 1, 1);
    assertThat(new ThisMachine(root).interfaces()).containsExactly("eth0");
  }

  @Test
  void withoutSysfsNoneIsKnown(@TempDir Path other) throws IOException {
    assertThat(new ThisMachine(other).interfaces()).isEmpty();
  }

  @Test
  void namesAloneTellBridgesAndTheLoopback() {
    assertThat(ThisMachine.interfacesByName(List.of("lo", "ens5", "docker0", "veth12")))
        .containsExactly("ens5");
    assertThat(ThisMachine.interfacesByName(List.of("lo", "veth12"))).containsExactly("lo");
  }
}
