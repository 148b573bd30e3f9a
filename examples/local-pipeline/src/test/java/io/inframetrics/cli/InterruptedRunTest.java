package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.inframetrics.workflow.execution.TaskHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
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
      monitor.interrupt();

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

  /** The command line with time for a machine that has much else to do. */
  static final class Patient {
    private Patient() {}

    public static void main(String[] arguments) {
      CommandContext around =
          new CommandContext() {
            @Override
            public boolean ownsProcess() {
              return true;
            }

            @Override
            public Duration patience() {
              return Duration.ofSeconds(60);
            }
          };
      System.exit(Main.commandLine(System.out, System.err, around).execute(arguments));
    }
  }

  @Test
  void controlCEndsRetries() throws Exception {
    assumeInterruptsArrive();
    Object[] run = {
      "run", "--source", "synthetic", "--data", data.root(), "--fail", "cpu_utilization"
    };
    try (ChildCommand failing = ChildCommand.start(Patient.class, run)) {
      failing.readUntil("retry 1 in 10.0 s");

      failing.interrupt();

      String rest = failing.readAll();
      assertThat(failing.exitCode()).as(rest).isZero();
      assertThat(rest)
          .contains("finishing the current run ... at most 60 s; Ctrl-C again ends it at once")
          .containsPattern("run \\S+ SUCCEEDED, DEGRADED")
          .contains("cpu_utilization  FAILED: ")
          .doesNotContain("Exception", "retry 2");
    }
    assertThat(data.onlyRun().path("health").stringValue()).isEqualTo("DEGRADED");
    assertThat(data.keys("notifications")).hasSize(1);
    assertThat(data.records()).isNotEmpty().isEqualTo(data.observations());
  }

  /** The command line with a health check that does not end. */
  static final class Hanging {
    private Hanging() {}

    public static void main(String[] arguments) {
      CommandContext around =
          new CommandContext() {
            @Override
            public boolean ownsProcess() {
              return true;
            }

            @Override
            public TaskHandler tasks(TaskHandler tasks) {
              return call -> {
                if (call.state().equals("CheckPipelineHealth")) {
                  System.out.println("hanging");
                  new CountDownLatch(1).await();
                }
                return tasks.handle(call);
              };
            }
          };
      System.exit(Main.commandLine(System.out, System.err, around).execute(arguments));
    }
  }

  @Test
  void whatDoesNotEndIsStoppedAfterFiveSecondsAndRecorded() throws Exception {
    assumeInterruptsArrive();
    try (ChildCommand hanging = ChildCommand.start(Hanging.class, monitor())) {
      hanging.readUntil("hanging");

      hanging.interrupt();

      String rest = hanging.readAll();
      assertThat(hanging.exitCode()).as(rest).isEqualTo(1);
      assertThat(rest)
          .containsPattern("run \\S+ ABORTED, UNKNOWN")
          .contains("stopped before it was complete; the next run continues with what is stored")
          .doesNotContain("Exception");
    }
    assertThat(data.onlyRun().path("status").stringValue()).isEqualTo("ABORTED");
    Executed.command("run", "--source", "synthetic", "--data", data.root()).succeeded();
    assertThat(data.records()).isNotEmpty().isEqualTo(data.observations());
  }

  @Test
  void aSecondControlCEndsAtOnce() throws Exception {
    assumeInterruptsArrive();
    try (ChildCommand hanging = ChildCommand.start(Hanging.class, monitor())) {
      hanging.readUntil("hanging");
      hanging.interrupt();
      hanging.readUntil("finishing the current run");
      long before = System.nanoTime();

      hanging.interrupt();

      assertThat(hanging.exitCode()).isEqualTo(130);
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
    }
    assertThat(data.keys("runs")).isEmpty();
    Executed.command("run", "--source", "synthetic", "--data", data.root()).succeeded();
    assertThat(data.records()).isNotEmpty().isEqualTo(data.observations());
  }

  @Test
  void aMonitorThatWaitsForItsNextRunEndsAtOnce() throws Exception {
    try (ChildCommand monitor = ChildCommand.start(WithoutWaits.class, monitor())) {
      monitor.readUntil(" SUCCEEDED, ");
      assertLibraryIsGone(monitor.pid());

      monitor.terminate();

      String rest = monitor.readAll();
      assertThat(rest).contains("Everything is in " + data.root()).doesNotContain("Exception");
      assertThat(monitor.exitCode()).as(rest).isZero();
    }
    assertThat(data.keys("runs")).hasSize(1);
    assertThat(data.root().resolve(".native")).doesNotExist();
  }

  /**
   * SQLite's library has a megabyte: while the process uses it, it has no name any more, so that no
   * signal can leave it behind, neither there nor in the temporary folder.
   */
  private void assertLibraryIsGone(long pid) throws IOException {
    Path maps = Path.of("/proc", String.valueOf(pid), "maps");
    if (Files.isReadable(maps)) {
      assertThat(Files.readAllLines(maps))
          .filteredOn(line -> line.contains("sqlite") && line.contains(".so"))
          .isNotEmpty()
          .allMatch(line -> line.contains(data.root().toString()) && line.endsWith("(deleted)"));
    }
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
