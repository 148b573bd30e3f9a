package io.inframetrics.sink.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.encode.JsonLinesWriter;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.naming.DatedObjectKeys;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.process.ProcessRawMetrics;
import io.inframetrics.pipeline.process.ProcessRawMetrics.Delivery;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.memory.InMemoryDocuments;
import io.inframetrics.testkit.memory.InMemoryRawMetrics;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A whole file through the pipeline: how many calls against the fewest possible, and storms. */
class WholeRunTest {

  private static final MetricType CPU = MetricType.CPU_UTILIZATION;
  private static final String KEY = new DatedObjectKeys().key(CPU, SampleMetrics.RUN);

  private final LocalTable table = new LocalTable();
  private final ManualClock clock = ManualClock.at(SampleMetrics.RUN.observedAt());
  private DynamoDbStores stores = table.stores(clock);
  private final InMemoryRawMetrics files = new InMemoryRawMetrics();

  @AfterEach
  void close() {
    table.close();
  }

  /** Twenty-five items a call is the least that BatchWriteItem allows. */
  @ParameterizedTest
  @CsvSource({"10000, 1, 2", "1000, 36, 8", "200, 180, 8", "26, 36, 1"})
  void makesAsFewWriteCallsAsCanBe(int series, int points, long batches) {
    process(SampleMetrics.fleet(CPU, series, points), false);

    long fewest = (series + Table.WRITES_A_CALL - 1) / Table.WRITES_A_CALL;
    assertThat(table.calls()).containsEntry("BatchWriteItem", fewest);

    table.forgetRequests();
    process(SampleMetrics.fleet(CPU, series, points), false);
    assertThat(table.calls())
        .as("of series that are known, with how far each batch is packed, and the file's mark")
        .isEqualTo(Map.of("BatchWriteItem", fewest, "BatchGetItem", batches, "PutItem", 1L));
  }

  @Test
  void makesAFewReadsOfAFileThatWasWrittenByItsCollector() {
    process(SampleMetrics.fleet(CPU, 1_000, 36), false);
    table.forgetRequests();

    process(SampleMetrics.fleet(CPU, 1_000, 36), true);

    // 8 batches of 125 series, 2 calls each, and one that reads how far they are packed.
    assertThat(table.calls()).isEqualTo(Map.of("BatchGetItem", 24L, "PutItem", 1L));
  }

  @Test
  @Tag("soak")
  void endsCompleteInAStormOfThrottles() {
    long seed = Long.getLong("inframetrics.soak.seed", System.nanoTime());
    System.out.println("-Dinframetrics.soak.seed=" + seed);
    Random random = new Random(seed);
    stores = table.patientStores(clock);
    List<Metric> metrics = SampleMetrics.fleet(CPU, 10_000, 1);
    table.doOnly(items -> Math.max(1, items * 4 / 10));
    table.fail(
        request ->
            random.nextInt(2) == 0 ? LocalTable.serviceFailure(400, "ThrottlingException") : null);
    table.failAfter(
        request ->
            random.nextInt(10) == 0 ? LocalTable.serviceFailure(500, "InternalServerError") : null);

    int tries = 0;
    boolean done = false;
    while (!done && tries < 20) {
      tries++;
      try {
        process(metrics, tries > 1);
        done = true;
      } catch (RuntimeException e) {
        assertThat(e).isInstanceOf(RetryableFailureException.class);
      }
    }

    table.fail(request -> null);
    table.failAfter(request -> null);
    table.doOnly(items -> items);
    System.out.println("complete after " + tries + " tries and " + table.calls());
    assertThat(done).isTrue();
    assertThat(stores.metricHistory().series(CPU, clock.instant(), Deadlines.never()))
        .hasSize(10_000);
    assertThat(
            table.items().stream()
                .filter(item -> !item.get("series_id").s().startsWith("@"))
                .count())
        .isEqualTo(10_000);
  }

  /** Through the pipeline, which says that a file may be stored; or as its collector would. */
  private void process(List<Metric> metrics, boolean mayBeStored) {
    MetricRecordSink sink = stores.metricRecordSink();
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    try (JsonLinesWriter writer = new JsonLinesWriter(lines)) {
      metrics.forEach(writer::write);
    }
    files.drop(
        KEY,
        lines.toString(StandardCharsets.UTF_8),
        SampleMetrics.RUN.runId(),
        SampleMetrics.WINDOW_START);
    ProcessRawMetrics process =
        new ProcessRawMetrics(
            files,
            (batch, deadline) ->
                sink.write(
                    new MetricRecordSink.Batch(batch.windowStart(), batch.metrics(), mayBeStored),
                    deadline),
            new InMemoryDocuments(),
            stores.runLedger(),
            new DatedObjectKeys(),
            clock);
    process.process(List.of(new Delivery(null, KEY)), Deadlines.never());
  }
}
