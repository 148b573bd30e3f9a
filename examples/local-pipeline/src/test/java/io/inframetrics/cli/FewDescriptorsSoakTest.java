package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.cli.monitor.StopRequest;
import io.inframetrics.sink.local.LocalStores;
import io.inframetrics.sink.local.RawFileEvents;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Somebody else in the process of a monitor takes all file descriptors, and gives them back. */
@Tag("soak")
@Timeout(180)
class FewDescriptorsSoakTest {

  private static final int MOST = 1_000;
  private static final int RUNS = 16;

  @TempDir Path folder;

  @Test
  void aMonitorGoesOnWhenTheyAreFreeAgain() throws Exception {
    DataFolder data = new DataFolder(folder.resolve("data"));
    Path log = folder.resolve("monitor.txt");
    try (ChildCommand monitor =
        ChildCommand.startWithDescriptors(MOST, log, Hungry.class, data.root())) {
      assertThat(monitor.exitCode()).as(() -> text(log)).isEqualTo(1);
    }

    List<String> lines = Files.readAllLines(log);
    assertThat(lines).noneMatch(line -> line.startsWith("\tat "));
    assertThat(lines)
        .anyMatch(line -> line.contains("Too many open files"))
        .filteredOn(line -> line.contains(" SUCCEEDED, "))
        .as(() -> text(log))
        .hasSizeGreaterThanOrEqualTo(RUNS - 6)
        .hasSizeLessThan(RUNS);
    assertThat(data.processed()).isEqualTo(data.keys("raw-metrics"));
    assertThat(data.records()).isNotEmpty().isEqualTo(data.observations());
    List<String> points =
        data.keys("points").stream()
            .flatMap(key -> data.text(key).lines())
            .map(MonitorTest::identity)
            .toList();
    assertThat(new HashSet<>(points)).hasSameSizeAs(points);
    assertThat(data.keys(".staging")).isEmpty();
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A monitor with a run a virtual minute; every fourth one has no descriptors. */
  static final class Hungry extends VirtualContext {

    private final List<Closeable> taken = new ArrayList<>();
    private long nanos;
    private int run;

    /** Argument: data folder. */
    public static void main(String[] arguments) {
      System.exit(
          Main.commandLine(System.out, System.err, new Hungry())
              .execute(
                  "run",
                  "--source=synthetic",
                  "--every=1m",
                  "--runs=" + RUNS,
                  "--data=" + arguments[0]));
    }

    @Override
    public long nanoTime() {
      return nanos;
    }

    @Override
    RawFileEvents deliverTo(LocalStores stores, RawFileEvents.Listener listener) {
      return stores.deliverTo(listener, new WithoutDelays());
    }

    @Override
    public void await(Duration wait, StopRequest stop) {
      run++;
      nanos += wait.toNanos();
      clock.advance(wait);
      giveBack();
      if (run % 4 == 3 && run < RUNS - 2) {
        takeAll();
      }
    }

    private void takeAll() {
      while (true) {
        try {
          InputStream one = Files.newInputStream(Path.of("/dev/null"));
          taken.add(one);
        } catch (IOException e) {
          return;
        }
      }
    }

    private void giveBack() {
      for (Closeable each : taken) {
        try {
          each.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      taken.clear();
    }
  }
}
