package io.inframetrics.sink.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.encode.JsonLinesWriter;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.naming.DatedObjectKeys;
import io.inframetrics.naming.ObjectKeys;
import io.inframetrics.naming.QuarantineKeys;
import io.inframetrics.pipeline.process.ProcessRawMetrics;
import io.inframetrics.pipeline.process.ProcessRawMetrics.Delivery;
import io.inframetrics.pipeline.process.ProcessRawMetrics.Result;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.aws.FaultPlan;
import io.inframetrics.testkit.memory.InMemoryRecords;
import io.inframetrics.testkit.memory.InMemoryRunLedger;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;

/** Raw files in S3 become records once, however often and in which order they are announced. */
class ProcessFromS3Test {

  @RegisterExtension static final TestBucket BUCKET = new TestBucket();

  private final InMemoryRecords records = new InMemoryRecords();
  private final InMemoryRunLedger ledger = new InMemoryRunLedger();
  private final List<Metric> metrics = SampleMetrics.fleet(MetricType.CPU_UTILIZATION, 30, 6);

  @Test
  void processesFilesWithOddKeysThatAreAnnouncedTwiceAndOutOfOrder() throws IOException {
    List<String> keys =
        List.of(
            "raw-metrics/plain.json",
            "raw-metrics/by hand/a b+c%20d.json",
            "raw-metrics/größe/東京-\uD83D\uDE80.json");
    for (int i = 0; i < keys.size(); i++) {
      put(keys.get(i), metrics.subList(60 * i, 60 * i + 60), "no metric\n");
    }
    List<Delivery> deliveries = new ArrayList<>();
    keys.forEach(key -> deliveries.add(new Delivery(null, key)));
    Collections.reverse(deliveries);
    keys.forEach(key -> deliveries.add(new Delivery(null, key)));

    Result result =
        process(BUCKET.stores(), new TeamsOwnKeys()).process(deliveries, Deadlines.never());

    assertThat(result.filesProcessed()).isEqualTo(6);
    assertThat(result.metricsFailed()).isEqualTo(6);
    assertThat(records.metrics()).hasSize(180);
    assertThat(ledger.marks().keySet()).containsExactlyInAnyOrderElementsOf(keys);
    for (String key : keys) {
      assertThat(RawFiles.read(BUCKET.stores(), QuarantineKeys.lines(key)))
          .asString(StandardCharsets.UTF_8)
          .isEqualTo("no metric\n");
    }
    assertThat(BUCKET.stores().documentStore().list("quarantine/", Deadlines.never())).hasSize(6);
  }

  @Test
  void storesEveryRecordOnceWhenTheConnectionBreaksInTheFile() throws IOException {
    String key = new DatedObjectKeys().key(MetricType.CPU_UTILIZATION, SampleMetrics.RUN);
    put(key, metrics, "");
    FaultPlan plan = FaultPlan.endingAtByte(8_000);

    Result result =
        process(BUCKET.through(plan, plan::restore), new DatedObjectKeys())
            .process(List.of(new Delivery(null, key)), Deadlines.never());

    assertThat(plan.bytes()).as("the connection broke, and reading continued").isGreaterThan(8_000);
    assertThat(result.metricsProcessed()).isEqualTo(180);
    assertThat(result.metricsFailed()).isZero();
    assertThat(records.metrics()).hasSize(180);
  }

  private ProcessRawMetrics process(S3Stores stores, ObjectKeys keys) {
    return new ProcessRawMetrics(
        stores.rawMetricSource(),
        records,
        stores.documentStore(),
        ledger,
        keys,
        ManualClock.at(SampleMetrics.RUN.observedAt()));
  }

  private static void put(String key, List<Metric> metrics, String tail) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    try (JsonLinesWriter writer = new JsonLinesWriter(content)) {
      metrics.forEach(writer::write);
    }
    content.write(tail.getBytes(StandardCharsets.UTF_8));
    CollectionRun run = SampleMetrics.RUN;
    BUCKET
        .client()
        .putObject(
            request ->
                request
                    .bucket(BUCKET.name())
                    .key(key)
                    .metadata(new Origin(run.runId(), SampleMetrics.WINDOW_START, null).metadata()),
            RequestBody.fromBytes(content.toByteArray()));
  }

  /** A naming that takes any name for one of a file of the run. */
  private static final class TeamsOwnKeys implements ObjectKeys {

    @Override
    public String key(MetricType type, CollectionRun run) {
      return PREFIX + type + " of " + run.runId() + RawFile.EXTENSION;
    }

    @Override
    public List<String> dayPrefixes(LocalDate day, List<MetricType> types) {
      return List.of(PREFIX);
    }

    @Override
    public Optional<RawFile> parse(String key) {
      return Optional.of(new RawFile(MetricType.CPU_UTILIZATION, SampleMetrics.RUN.observedAt()));
    }
  }
}
