package io.inframetrics.collect.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostNameTest {

  private static final String MACHINE_ID = "0123456789abcdef0123456789abcdef";

  @TempDir Path root;

  /** Where DNS does not know the machine, Java calls it localhost; the kernel knows better. */
  @ParameterizedTest
  @CsvSource({"web-1, web-1", "web-1.example.com, web-1", "' db-2 ', db-2"})
  void aNameThatDoesNotResolveIsTheKernels(String kernel, String expected) throws IOException {
    new FileTree(root).file("proc/sys/kernel/hostname", kernel);
    assertThat(name("localhost")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"localhost", "localhost.localdomain", "LOCALHOST", "(none)", "''"})
  void aKernelWithoutANameLeavesTheReportedOne(String kernel) throws IOException {
    new FileTree(root).file("proc/sys/kernel/hostname", kernel).file("etc/machine-id", MACHINE_ID);
    assertThat(name("web-1")).isEqualTo("web-1");
  }

  @Test
  void machinesWithoutNamesDifferByAHashOfTheirMachineId() throws IOException {
    FileTree files = new FileTree(root).file("proc/sys/kernel/hostname", "localhost");
    files.file("etc/machine-id", MACHINE_ID);
    String one = name("localhost");
    files.file("etc/machine-id", MACHINE_ID.replace('0', '1'));
    String other = name("localhost");

    assertThat(one).matches("machine-[0-9a-f]{12}").isNotEqualTo(other);
    assertThat(MACHINE_ID).as("it is confidential").doesNotContain(one.substring(8));
    files.file("etc/machine-id", MACHINE_ID);
    assertThat(name("localhost")).as("the same every time").isEqualTo(one);
  }

  @Test
  void theMachineIdOfDbusWillDo() throws IOException {
    new FileTree(root)
        .file("etc/machine-id", "uninitialized")
        .file("var/lib/dbus/machine-id", MACHINE_ID);
    assertThat(name("localhost")).startsWith("machine-");
  }

  @Test
  void withoutAnythingItIsLocalhost() throws IOException {
    assertThat(name("localhost")).isEqualTo("localhost");
    new FileTree(root).file("etc/machine-id", "uninitialized");
    assertThat(name(" ")).isEqualTo("localhost");
  }

  private String name(String reported) throws IOException {
    return new HostName(root).orElse(() -> Optional.of(reported));
  }
}
