package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A monitor that is told to end while others look on. */
@Timeout(120)
class InterruptedRunTest {

  @TempDir Path folder;

  private DataFolder data;

  @BeforeEach
  void nameTheFolder() {
    data = new DataFolder(folder.resolve("data"));
  }

  /** The command line, but for the state machine's waits. */
  static final class WithoutWaits {
    private WithoutWaits() {}

    public static void main(String[] arguments) {
      System.exit(
          Main.commandLine(System.out, System.err, new VirtualContext()).execute(arguments));
    }
  }

  private Object[] monitor() {
    return new Object[] {
      "run", "--verbose", "--source", "synthetic", "--every", "1h", "--data", data.root()
    };
  }

  @Test
  void controlCFinishesTheRunInHand() throws Exception {
    assumeInterruptsArrive();
    try (ChildCommand monitor = ChildCommand.start(Main.class, monitor())) {
      monitor.readUntil("WaitForProcessing waits");

      Executed.command("run", "--source", "synthetic", "--data", data.root())
          .refused("data folder '" + data.root() + "' is in use by process " + monitor.pid());
      Process kill = new ProcessBuilder("kill", "-INT", String.valueOf(monitor.pid())).start();
      assertThat(kill.waitFor()).isZero();

      String rest = monitor.readAll();
      assertThat(rest)
          .contains("finishing the current run ...", "NotifySuccess done")
          .containsPattern("run \\S+ SUCCEEDED, HEALTHY")
          .doesNotContain("Exception");
      assertThat(monitor.exitCode()).as(rest).isZero();
    }
    assertThat(data.onlyRun().path("status").stringValue()).isEqualTo("SUCCEEDED");
    assertThat(data.keys("notifications")).hasSize(1);
    assertThat(data.keys("raw-metrics")).hasSize(4).isEqualTo(data.processed());
    assertThat(data.records()).isNotEmpty().isEqualTo(data.observations());
  }

  @Test
  void aMonitorThatWaitsForItsNextRunEndsAtOnce() throws Exception {
    try (ChildCommand monitor = ChildCommand.start(WithoutWaits.class, monitor())) {
      monitor.readUntil(" SUCCEEDED, ");

      monitor.terminate();

      String rest = monitor.readAll();
      assertThat(rest).contains("Everything is in " + data.root()).doesNotContain("Exception");
      assertThat(monitor.exitCode()).as(rest).isZero();
    }
    assertThat(data.keys("runs")).hasSize(1);
  }

  /** Where a shell runs builds in the background, interrupts are ignored by all that it starts. */
  private static void assumeInterruptsArrive() throws IOException {
    Path status = Path.of("/proc/self/status");
    assumeTrue(Files.isReadable(status), "there is /proc and the command kill");
    String ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> line.substring("SigIgn:".length()).strip())
            .findFirst()
            .orElse("0");
    assumeTrue((Long.parseUnsignedLong(ignored, 16) & 2) == 0, "interrupts are not ignored");
  }
}
