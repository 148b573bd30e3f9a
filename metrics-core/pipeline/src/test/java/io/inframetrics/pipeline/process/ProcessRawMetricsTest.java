package io.inframetrics.pipeline.process;

import static io.inframetrics.pipeline.testing.PipelineUnderTest.CPU_KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.process.ProcessRawMetrics.Delivery;
import io.inframetrics.pipeline.process.ProcessRawMetrics.Result;
import io.inframetrics.pipeline.testing.PipelineUnderTest;
import io.inframetrics.sink.RunLedger.ProcessedMark;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.memory.Faults;
import io.inframetrics.testkit.memory.Operation;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProcessRawMetricsTest {

  private static final String QUARANTINE = "quarantine/" + CPU_KEY;

  private final PipelineUnderTest pipeline = new PipelineUnderTest();

  @AfterEach
  void close() {
    pipeline.close();
  }

  @Test
  void storesTheGoodLinesQuarantinesTheBadOnesAndMarksTheFile() {
    String old = line("i-old", 1771500463L - 31 * 86_400, "1");
    pipeline
        .stores
        .rawMetrics()
        .drop(
            CPU_KEY,
            SampleMetrics.EXAMPLE_LINE
                + "\nnonsense\n"
                + line("i-nan", 1771500463, "\"NaN\"")
                + "\n"
                + line("i-1", 1771500463, "\"12.5\"")
                + "\n"
                + old
                + "\n");

    Result result = pipeline.process(CPU_KEY);

    assertThat(result).isEqualTo(new Result(1, 2, 3, List.of(QUARANTINE), List.of()));
    assertThat(pipeline.stores.records().metrics())
        .extracting(metric -> metric.series().instanceId())
        .containsExactlyInAnyOrder("i-0abc", "i-1");
    assertThat(pipeline.stores.documents().text(QUARANTINE))
        .isEqualTo("nonsense\n" + line("i-nan", 1771500463, "\"NaN\"") + "\n" + old + "\n");
    assertThat(pipeline.stores.documents().text(QUARANTINE + ".reasons.json"))
        .startsWith("[\n{\"line\":2,\"reason\":\"not valid JSON at byte 0: Unrecognized token")
        .contains("{\"line\":3,\"reason\":\"value 'NaN' is not a finite number\"}")
        .contains(
            "{\"line\":5,\"reason\":\"timestamp 1768822063 (2026-01-19T11:27:43Z) is more than 30"
                + " days before the file's time\"}\n"
                + "]\n");
    assertThat(pipeline.stores.ledger().marks())
        .containsExactly(
            Map.entry(CPU_KEY, new ProcessedMark(CPU_KEY, 2, 3, PipelineUnderTest.NOW)));
  }

  @Test
  void leavesACopyOfTheAcceptedLinesIfAskedTo() {
    String copy = "accepted-" + CPU_KEY.substring("raw-".length()) + ".gz";
    pipeline
        .stores
        .rawMetrics()
        .drop(
            CPU_KEY,
            "nonsense\n"
                + line("i-1", 1771500463, "\"12.50\"")
                + "\n"
                + line("i-2", 1771500463, "3")
                + "\n"
                + line("i-2", 1771500463, "4")
                + "\n"
                + SampleMetrics.EXAMPLE_LINE);
    pipeline
        .stores
        .records()
        .reject(metric -> metric.value() == 3, "as the table cannot hold threes");

    Result result = pipeline.processAndCopy(CPU_KEY);

    assertThat(result).isEqualTo(new Result(1, 3, 2, List.of(QUARANTINE), List.of()));
    assertThat(unzipped(copy).lines().toList())
        .hasSize(3)
        .contains(SampleMetrics.EXAMPLE_LINE)
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("{\"metric_id\":\"cpu_utilization#i-1#1771500463\"")
                    .contains("\"value\":12.5,", "\"run_id\":"))
        .anySatisfy(line -> assertThat(line).contains("#i-2#", "\"value\":4.0,"));
    String first = unzipped(copy);
    pipeline.processAndCopy(CPU_KEY);
    assertThat(unzipped(copy)).isEqualTo(first);
  }

  @Test
  void leavesNoCopyUnlessAskedToOrIfNothingIsAccepted() {
    pipeline.stores.rawMetrics().drop(CPU_KEY, SampleMetrics.EXAMPLE_LINE);
    pipeline.process(CPU_KEY);
    assertThat(pipeline.stores.documents().keys()).isEmpty();

    String other = "raw-metrics/2026/02/19/metrics-cpu_utilization-1771500464.json";
    pipeline.stores.rawMetrics().drop(other, "nonsense");
    pipeline.processAndCopy(other);
    assertThat(pipeline.stores.documents().keys())
        .containsExactly("quarantine/" + other, "quarantine/" + other + ".reasons.json");
  }

  @Test
  void doesNotMarkAFileWhoseCopyIsNotStored() {
    pipeline.stores.rawMetrics().drop(CPU_KEY, SampleMetrics.EXAMPLE_LINE);
    pipeline.stores.faults().failNext(1, Operation.DOCUMENT_COMMIT);

    assertThatThrownBy(() -> pipeline.processAndCopy(CPU_KEY))
        .isInstanceOf(RetryableFailureException.class);
    assertThat(pipeline.stores.ledger().marks()).isEmpty();
    assertThat(pipeline.stores.documents().keys()).isEmpty();
  }

  private String unzipped(String key) {
    try (StoredObject object =
            pipeline.stores.documents().open(key, pipeline.deadline()).orElseThrow();
        GZIPInputStream content = new GZIPInputStream(object.body())) {
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void leadsToTheSameWhenDeliveredAgain() {
    pipeline.stores.rawMetrics().drop(CPU_KEY, SampleMetrics.EXAMPLE_LINE + "\nnonsense");

    Result first = pipeline.process(CPU_KEY);
    String quarantined = pipeline.stores.documents().text(QUARANTINE);
    Result second = pipeline.process(CPU_KEY);

    assertThat(second).isEqualTo(first);
    assertThat(pipeline.stores.documents().text(QUARANTINE)).isEqualTo(quarantined);
    assertThat(pipeline.stores.records().metrics()).hasSize(1);
  }

  @Test
  void quarantinesEveryLineOfAFileWhoseNameSaysNothing() {
    String key = "raw-metrics/import.json";
    pipeline.stores.rawMetrics().drop(key, SampleMetrics.EXAMPLE_LINE);

    Result result = pipeline.process(key);

    assertThat(result.metricsFailed()).isEqualTo(1);
    assertThat(pipeline.stores.documents().text("quarantine/" + key + ".reasons.json"))
        .contains("the file's key 'raw-metrics/import.json' is not of the form");
  }

  @Test
  void quarantinesEveryLineOfAFileFromTheFuture() {
    String key = "raw-metrics/2026/02/20/metrics-cpu_utilization-1771588800.json";
    pipeline.stores.rawMetrics().drop(key, line("i", 1771588800, "1"));

    pipeline.process(key);

    assertThat(pipeline.stores.documents().text("quarantine/" + key + ".reasons.json"))
        .contains("dated 2026-02-20T12:00:00Z, more than 2 hours ahead of the clock");
  }

  @Test
  void quarantinesALineOfAnotherType() {
    pipeline
        .stores
        .rawMetrics()
        .drop(CPU_KEY, line("i", 1771500463, "1").replace("cpu_utilization", "memory_usage"));

    assertThat(pipeline.process(CPU_KEY).metricsFailed()).isEqualTo(1);
    assertThat(pipeline.stores.documents().text(QUARANTINE + ".reasons.json"))
        .contains("metric_type is 'memory_usage' in a file of 'cpu_utilization'");
  }

  @Test
  void quarantinesWhatTheRecordStoreCannotHold() {
    pipeline.stores.records().reject(metric -> metric.value() > 30, "too large");
    pipeline
        .stores
        .rawMetrics()
        .drop(CPU_KEY, line("i", 1771500463, "1") + "\n" + SampleMetrics.EXAMPLE_LINE);

    Result result = pipeline.process(CPU_KEY);

    assertThat(result).isEqualTo(new Result(1, 1, 1, List.of(QUARANTINE), List.of()));
    assertThat(pipeline.stores.documents().text(QUARANTINE))
        .isEqualTo(SampleMetrics.EXAMPLE_LINE + "\n");
    assertThat(pipeline.stores.documents().text(QUARANTINE + ".reasons.json"))
        .contains("{\"line\":null,\"reason\":\"too large\"}");
  }

  @Test
  void quarantinesATextOfHalfACharacterThatTheRecordStoreCannotHold() {
    String half = "half \\uD800";
    pipeline.stores.records().reject(metric -> metric.value() > 30, "not valid Unicode");
    pipeline
        .stores
        .rawMetrics()
        .drop(CPU_KEY, line(half, 1771500463, "31") + "\n" + line("i", 1771500463, "1") + "\n");

    Result result = pipeline.process(CPU_KEY);

    assertThat(result).isEqualTo(new Result(1, 1, 1, List.of(QUARANTINE), List.of()));
    assertThat(pipeline.stores.documents().text(QUARANTINE))
        .contains("\"instance_id\":\"" + half + "\"");
  }

  @Test
  void leavesNoMarkAndNoQuarantineWhenRecordsAreLeft() {
    pipeline.stores.records().retryLater(metric -> true, 1, "throttled");
    pipeline.stores.rawMetrics().drop(CPU_KEY, "nonsense\n" + SampleMetrics.EXAMPLE_LINE);

    assertThatThrownBy(() -> pipeline.process(CPU_KEY))
        .isInstanceOf(RetryableFailureException.class);

    assertThat(pipeline.stores.ledger().marks()).isEmpty();
    assertThat(pipeline.stores.documents().keys()).isEmpty();
    assertThat(pipeline.process(CPU_KEY).metricsProcessed()).isEqualTo(1);
  }

  @Test
  void processesTheOtherFilesWhenOneFails() {
    String other = CPU_KEY.replace("463", "464");
    pipeline.stores.rawMetrics().drop(CPU_KEY, SampleMetrics.EXAMPLE_LINE);
    pipeline.stores.rawMetrics().drop(other, line("i", 1771500464, "1"));
    pipeline.stores.faults().failNext(1, Operation.RAW_OPEN);

    assertThatThrownBy(
            () ->
                pipeline.process.process(
                    List.of(new Delivery(null, CPU_KEY), new Delivery(null, other)),
                    pipeline.deadline()))
        .isInstanceOf(RetryableFailureException.class);

    assertThat(pipeline.stores.ledger().marks()).containsOnlyKeys(other);
  }

  @Test
  void reportsTheQueueMessagesThatMustComeAgain() {
    pipeline.stores.rawMetrics().drop(CPU_KEY, SampleMetrics.EXAMPLE_LINE);

    Result result =
        pipeline.process.process(
            List.of(
                new Delivery("m1", CPU_KEY),
                new Delivery("m2", "raw-metrics/gone.json"),
                new Delivery("m2", "raw-metrics/gone-too.json"),
                new Delivery("m3", "elsewhere/x.json")),
            pipeline.deadline());

    assertThat(result).isEqualTo(new Result(1, 1, 0, List.of(), List.of("m2", "m3")));
  }

  /** Each of thousands of files would fail for itself, which takes longer than is left. */
  @Test
  void leavesTheFilesForWhichThereIsNoTime() {
    String gone = "raw-metrics/gone.json";
    ManualClock clock = ManualClock.at(PipelineUnderTest.NOW);
    Deadline deadline = Deadline.after(Duration.ofMinutes(1), clock);
    pipeline.stores.rawMetrics().drop(CPU_KEY, SampleMetrics.EXAMPLE_LINE);
    pipeline
        .stores
        .records()
        .reject(
            metric -> {
              clock.advance(Duration.ofMinutes(2));
              return false;
            },
            "never");
    List<Delivery> messages = new ArrayList<>(List.of(new Delivery("m0", CPU_KEY)));
    List<Delivery> wholeEvent = new ArrayList<>(List.of(new Delivery(null, CPU_KEY)));
    for (int i = 1; i < 10_000; i++) {
      messages.add(new Delivery("m" + i, gone));
      wholeEvent.add(new Delivery(null, gone));
    }

    Result result = pipeline.process.process(messages, deadline);

    assertThat(result.filesProcessed()).isEqualTo(1);
    assertThat(result.failedItemIds()).hasSize(9_999).startsWith("m1").doesNotContain("m0");
    clock.set(PipelineUnderTest.NOW);
    assertThatThrownBy(() -> pipeline.process.process(wholeEvent, deadline))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessage(
            "there was no time for 9,999 of 10,000 raw files, the first raw-metrics/gone.json: send fewer in one event");
  }

  @Test
  void saysWhatIsWrongWithAKey() {
    assertThatThrownBy(() -> pipeline.process("quarantine/" + CPU_KEY))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage(
            "object 'quarantine/" + CPU_KEY + "' is not a raw file: keys start with raw-metrics/");
    assertThatThrownBy(() -> pipeline.process(CPU_KEY))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage("there is no object '" + CPU_KEY + "': it was deleted or never written");
  }

  @Test
  void replaysLinesThatWereMended() {
    pipeline
        .stores
        .rawMetrics()
        .drop(CPU_KEY, line("i-1", 1771500463, "oops") + "\n" + line("i-2", 1771500463, "oops"));
    pipeline.process(CPU_KEY);
    mend(pipeline, line("i-1", 1771500463, "1") + "\n" + line("i-2", 1771500463, "oops") + "\n");
    ReplayQuarantine replay = replay(pipeline);

    ReplayQuarantine.Result result = replay.replay(CPU_KEY, pipeline.deadline());

    assertThat(result.accepted()).isEqualTo(1);
    assertThat(result.refused()).isEqualTo(1);
    assertThat(result.firstReason()).contains("not valid JSON");
    String newKey = Objects.requireNonNull(result.rawKey());
    assertThat(newKey).matches(".*/metrics-cpu_utilization-1771500463-r[0-9a-f]{8}\\.json");
    assertThat(replay.waiting(pipeline.deadline())).containsExactly("quarantine/" + newKey);
    assertThat(pipeline.stores.documents().keys())
        .contains(
            "quarantine/replayed/" + CPU_KEY,
            "quarantine/replayed/" + CPU_KEY + ".reasons.json",
            "quarantine/" + newKey,
            "quarantine/" + newKey + ".reasons.json")
        .doesNotContain(QUARANTINE);
    pipeline.process(newKey);
    assertThat(pipeline.stores.records().metrics())
        .extracting(metric -> metric.series().instanceId())
        .containsExactly("i-1");
  }

  @Test
  void changesNothingWhenNoLineIsGoodYet() {
    pipeline.stores.rawMetrics().drop(CPU_KEY, "nonsense");
    pipeline.process(CPU_KEY);
    List<String> before = pipeline.stores.documents().keys();

    ReplayQuarantine.Result result = replay(pipeline).replay(QUARANTINE, pipeline.deadline());

    assertThat(result.rawKey()).isNull();
    assertThat(pipeline.stores.documents().keys()).isEqualTo(before);
  }

  @Test
  void mayBreakOffAReplayAnywhereAndRepeatIt() {
    for (Operation operation :
        List.of(
            Operation.RAW_CREATE,
            Operation.RAW_COMMIT,
            Operation.DOCUMENT_OPEN,
            Operation.DOCUMENT_CREATE,
            Operation.DOCUMENT_COMMIT,
            Operation.DOCUMENT_MOVE)) {
      for (Faults.When when : Faults.When.values()) {
        for (int passing = 0; passing < 3; passing++) {
          replayBreaksAndHeals(operation, when, passing);
        }
      }
    }
  }

  private static void replayBreaksAndHeals(Operation operation, Faults.When when, int passing) {
    try (PipelineUnderTest pipeline = new PipelineUnderTest()) {
      pipeline.stores.rawMetrics().drop(CPU_KEY, "nonsense\nnonsense");
      pipeline.process(CPU_KEY);
      mend(pipeline, line("i-1", 1771500463, "1") + "\nnonsense\n");
      if (passing > 0) {
        pipeline.stores.faults().passNext(passing, operation);
      }
      pipeline.stores.faults().failNext(1, operation, when);
      for (int tries = 0; tries < 3; tries++) {
        try {
          replay(pipeline).replay(CPU_KEY, pipeline.deadline());
        } catch (RetryableFailureException e) {
          assertThat(e).hasMessageContaining("planned failure");
        } catch (InvalidRequestException e) {
          assertThat(e).hasMessageContaining("there are no rejected lines"); // It was moved.
        }
      }
      pipeline.stores.faults().clear();
      pipeline.stores.rawMetrics().keys().stream()
          .filter(key -> !key.equals(CPU_KEY))
          .forEach(pipeline::process);

      String point = operation + " " + when + " " + passing;
      assertThat(pipeline.stores.rawMetrics().keys()).as(point).hasSize(2);
      assertThat(pipeline.stores.records().metrics()).as(point).hasSize(1);
      assertThat(pipeline.stores.documents().keys())
          .as(point)
          .hasSize(4)
          .contains("quarantine/replayed/" + CPU_KEY)
          .doesNotContain(QUARANTINE);
    }
  }

  private static ReplayQuarantine replay(PipelineUnderTest pipeline) {
    return new ReplayQuarantine(
        pipeline.stores.rawMetrics(),
        pipeline.stores.rawMetrics(),
        pipeline.stores.documents(),
        pipeline.keys,
        pipeline.clock);
  }

  /** What an operator does with an editor. */
  private static void mend(PipelineUnderTest pipeline, String lines) {
    try (var staged = pipeline.stores.documents().create(QUARANTINE, pipeline.deadline())) {
      staged.body().write(lines.getBytes(StandardCharsets.UTF_8));
      staged.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(String instance, long timestamp, String value) {
    return "{\"metric_type\":\"cpu_utilization\",\"timestamp\":%d,\"value\":%s,\"unit\":\"Percent\",\"instance_id\":\"%s\",\"region\":\"local\"}"
        .formatted(timestamp, value, instance);
  }
}
