package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.cli.input.ProductFiles;
import io.inframetrics.cli.publish.PublishOptions;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.synthetic.SyntheticFleet;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.Stores;
import io.inframetrics.sink.local.LocalStores;
import io.inframetrics.sink.local.RawFileEvents;
import io.inframetrics.workflow.execution.ExecutionListener;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.TaskHandler;
import io.inframetrics.workflow.execution.WorkflowClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process dies before each store operation of one whole run in turn, and after the last: by
 * default with one way to process, with {@code -Psoak} with both. The next process, on the same
 * folder, loses no raw file and doubles no record.
 */
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class FailPointTest {

  private static final SyntheticFleet FLEET =
      SyntheticFleet.builder().instances(1).step(Duration.ofHours(1)).build();

  @TempDir Path folder;

  /** When a raw file that has landed is processed. */
  private enum Processing {
    /** At once, before its collection stores records itself. */
    AT_ONCE,
    /** While the state machine waits, after all collections. */
    WHILE_WAITING
  }

  @ParameterizedTest
  @EnumSource
  void losesAndDoublesNothingWhereverARunDies(Processing processing) throws Exception {
    losesAndDoublesNothing(processing, Processing.values().length);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("soak")
  void losesAndDoublesNothingWhereverARunDiesHoweverItProcesses(Processing processing)
      throws Exception {
    losesAndDoublesNothing(processing, 1);
  }

  /** Dies at every n-th operation, at another one for each way to process. */
  private void losesAndDoublesNothing(Processing processing, int every) throws Exception {
    List<String> operations = new Life(folder.resolve("whole"), processing).whole();
    // What is left behind after an operation is what there is before the next.
    int points = operations.size() + 1;
    ExecutorService pair = Executors.newFixedThreadPool(2);
    try {
      List<Callable<Void>> lives = new ArrayList<>();
      for (int point = 1 + processing.ordinal() % every; point <= points; point += every) {
        int operation = point;
        String name = operation < points ? "before " + operations.get(operation - 1) : "at the end";
        lives.add(() -> dieAndGoOn(processing, operation, "died " + operation + ", " + name));
      }
      for (Future<Void> life : pair.invokeAll(lives)) {
        life.get();
      }
    } finally {
      pair.shutdownNow();
    }
    System.out.printf("%d fail points, processing %s%n", points, processing);
    assertThat(points).as("fail points").isGreaterThanOrEqualTo(60);
    assertThat(operations)
        .contains(
            "RawMetricSink.open",
            "RawMetricSink.commit",
            "RawMetricSource.open",
            "MetricRecordSink.write",
            "MetricPublisher.publish",
            "RunLedger.markProcessed",
            "RunLedger.advanceCollectedUntil",
            "RunLedger.replaceAnalysisMarks",
            "DocumentStore.create",
            "DocumentStore.commit",
            "Notifier.send");
  }

  private Void dieAndGoOn(Processing processing, int operation, String when) {
    DataFolder data = new DataFolder(folder.resolve(String.valueOf(operation)));
    Life life = new Life(data.root(), processing);
    life.dieBefore(operation, when);
    Map<String, String> committed = rawFiles(data);

    life.clock.advance(Duration.ofMinutes(1));
    life.whole();

    assertThat(rawFiles(data)).as(when).containsAllEntriesOf(committed);
    assertThat(data.keys("raw-metrics")).as(when).hasSize(committed.size() + 4);
    assertThat(data.processed()).as(when).isEqualTo(data.keys("raw-metrics"));
    assertThat(data.records()).as(when).isEqualTo(expected(data));
    assertThat(data.keys(".staging")).as(when).isEmpty();
    assertThat(data.keys("quarantine")).as(when).isEmpty();
    assertThat(data.rows("PRAGMA integrity_check")).as(when).containsExactly(List.of("ok"));
    return null;
  }

  private static Map<String, String> rawFiles(DataFolder data) {
    Map<String, String> files = new HashMap<>();
    data.keys("raw-metrics").forEach(key -> files.put(key, data.text(key)));
    return files;
  }

  /** Whatever any raw file says, once, with the value that the fleet has then. */
  private static Map<String, Double> expected(DataFolder data) {
    Map<String, Double> values = new TreeMap<>(data.observations());
    for (MetricType type : MetricType.builtIn()) {
      for (Series series : FLEET.series(type, 0)) {
        values.replaceAll(
            (id, value) ->
                id.startsWith(series.id() + "#")
                    ? (Double) FLEET.value(series, Instant.ofEpochSecond(second(id)))
                    : value);
      }
    }
    return values;
  }

  private static long second(String metricId) {
    return Long.parseLong(metricId.substring(metricId.lastIndexOf('#') + 1));
  }

  /** The processes that use one folder, one after another. */
  private static final class Life extends VirtualContext {
    private final Path data;
    private final Processing processing;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int last = Integer.MAX_VALUE;
    private int runs;
    private CrashingStores crashing;

    Life(Path data, Processing processing) {
      this.data = data;
      this.processing = processing;
    }

    /** Runs to the end and answers the operations of the run. */
    List<String> whole() {
      last = Integer.MAX_VALUE;
      try (LocalPipeline pipeline = open()) {
        ExecutionResult result = run(pipeline);
        assertThat(result.succeeded()).as(String.valueOf(result.cause())).isTrue();
        deliverAll();
      }
      return crashing.operations();
    }

    void dieBefore(int operation, String when) {
      last = operation;
      try (LocalPipeline pipeline = open()) {
        assertThatThrownBy(
                () -> {
                  run(pipeline);
                  deliverAll();
                  crashing.endReached();
                })
            .as(when)
            .isInstanceOf(CrashingStores.Crash.class);
      } finally {
        waiting.clear();
      }
    }

    private LocalPipeline open() {
      StoreOptions store = new StoreOptions();
      store.data = data;
      return LocalPipeline.open(
          new LocalPipeline.Options(
              store,
              List.of("synthetic"),
              null,
              null,
              Set.of(),
              Duration.ofHours(1),
              home().resolve(ProductFiles.DEFINITION),
              new PublishOptions(),
              false,
              List.of()),
          this);
    }

    private ExecutionResult run(LocalPipeline pipeline) {
      return pipeline.run("run-" + ++runs, ExecutionListener.NONE);
    }

    private void deliverAll() {
      for (Runnable each = waiting.poll(); each != null; each = waiting.poll()) {
        each.run();
      }
    }

    @Override
    public WorkflowClock workflowClock() {
      return WorkflowClock.virtual();
    }

    @Override
    public SourceCollectors collectors(
        CommandSettings settings, ClassLoader classLoader, @Nullable String instance) {
      return SourceCollectors.of(CollectorRegistry.of(FLEET.collectors()));
    }

    @Override
    public Stores stores(LocalStores stores) {
      crashing = new CrashingStores(stores, last);
      return crashing;
    }

    @Override
    public RawFileEvents deliver(LocalStores stores, RawFileEvents.Listener listener) {
      return stores.deliverTo(
          listener,
          new RawFileEvents.Workers() {
            @Override
            public void execute(Runnable task) {
              waiting.add(task);
              if (processing == Processing.AT_ONCE) {
                deliverAll();
              }
            }

            @Override
            public void executeAfter(Duration delay, Runnable task) {
              throw new IllegalStateException("no delivery is tried again");
            }

            @Override
            public void close() {}
          });
    }

    @Override
    public TaskHandler tasks(TaskHandler tasks) {
      return call -> {
        if (call.state().equals("CheckPipelineHealth")) {
          deliverAll();
        }
        return tasks.handle(call);
      };
    }
  }
}
