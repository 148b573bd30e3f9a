package io.inframetrics.sink.local;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.sink.Notifier.Notification;
import io.inframetrics.sink.RunLedger.ProcessedMark;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Another process on data folders: one that holds a folder, or one that dies. */
final class ChildProcess {

  /** The exit status of a process that died as it should; SIGKILL gives the same. */
  static final int KILLED = 137;

  static final MetricType TYPE = MetricType.CPU_UTILIZATION;

  /** Two batches, and a series that both share. */
  static final List<Metric> METRICS = SampleMetrics.fleet(TYPE, 12, 90);

  static final String RAW = "one line for each of " + METRICS.size() + " metrics\n";
  static final String REPORT = "reports/2026/02/19/report.json";
  static final String QUARANTINED = "quarantine/" + RawFiles.KEY;
  static final String REPLAYED = "quarantine/replayed/" + RawFiles.KEY;
  static final AnalysisMark FINDING =
      AnalysisMark.open("cpu_utilization#i-1", "threshold", SampleMetrics.RUN.observedAt());
  static final Notification NOTIFICATION =
      Notification.of("subject", "message", Map.of("run_id", SampleMetrics.RUN.runId()));

  private ChildProcess() {}

  /** A process that holds the folder until it can read something. */
  static Process holding(Path folder) throws IOException {
    return start(folder, "hold");
  }

  /**
   * A process that does the same work in the folders {@code 1}, {@code 2}, ... {@code steps} of
   * {@code root}, and dies when the work has taken as many steps in each of them as its name says.
   * It prints the kind of each last step. In a folder whose time has come nothing more happens
   * until the death: so each is left as by a process of its own.
   */
  static Process dying(Path root, int steps) throws IOException {
    return start(root, String.valueOf(steps));
  }

  private static Process start(Path folder, String what) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ChildProcess.class.getName(), folder.toString(), what));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    ManualClock clock = ManualClock.at(SampleMetrics.RUN.observedAt());
    if (args[1].equals("hold")) {
      try (LocalStores stores = LocalStores.open(folder, clock)) {
        System.out.println("holding");
        System.in.read();
        System.out.println("held " + stores.dataFolder());
      }
      return;
    }
    for (int last = 1; last <= Integer.parseInt(args[1]); last++) {
      workUntil(last, folder.resolve(String.valueOf(last)), clock);
    }
    // No shutdown hook, no finally: the end that a SIGKILL is.
    Runtime.getRuntime().halt(KILLED);
  }

  /** Returns when the work has taken its last step, after which its thread does nothing more. */
  private static void workUntil(int last, Path folder, ManualClock clock) throws Exception {
    BlockingQueue<String> ends = new ArrayBlockingQueue<>(1);
    AtomicInteger steps = new AtomicInteger();
    FailPoints stopping =
        step -> {
          if (steps.incrementAndGet() == last) {
            ends.add(step.name());
            while (true) {
              LockSupport.park();
            }
          }
        };
    Thread worker =
        new Thread(
            () -> {
              try (LocalStores stores = LocalStores.open(folder, clock, stopping)) {
                work(stores);
              } catch (IOException | RuntimeException e) {
                ends.add("failed: " + e);
              }
              ends.offer("survived " + steps.get());
            });
    worker.setDaemon(true);
    worker.start();
    System.out.println(ends.take());
  }

  /** One run's worth of writes; safe to repeat. */
  static void work(LocalStores stores) throws IOException {
    RawFiles.store(stores, SampleMetrics.RUN, RawFiles.KEY, RAW);
    for (Batch batch : SampleMetrics.batches(METRICS)) {
      if (!stores.metricRecordSink().write(batch, Deadlines.never()).isComplete()) {
        throw new IllegalStateException("records were not taken");
      }
    }
    if (stores.documentStore().open(REPLAYED, Deadlines.never()).isEmpty()) {
      put(stores, QUARANTINED, "bad line\n");
    }
    stores
        .runLedger()
        .markProcessed(
            new ProcessedMark(RawFiles.KEY, METRICS.size(), 1, SampleMetrics.RUN.observedAt()),
            Deadlines.never());
    stores
        .runLedger()
        .advanceCollectedUntil(TYPE, SampleMetrics.RUN.observedAt(), Deadlines.never());
    stores.documentStore().move(QUARANTINED, REPLAYED, Deadlines.never());
    stores.runLedger().replaceAnalysisMarks("anomalies", List.of(FINDING), Deadlines.never());
    put(stores, REPORT, "{}\n");
    stores.notifier().send(NOTIFICATION, Deadlines.never());
  }

  private static void put(LocalStores stores, String key, String content) throws IOException {
    try (StagedObject<String> staged = stores.documentStore().create(key, Deadlines.never())) {
      staged.body().write(content.getBytes(StandardCharsets.UTF_8));
      staged.commit();
    }
  }
}
