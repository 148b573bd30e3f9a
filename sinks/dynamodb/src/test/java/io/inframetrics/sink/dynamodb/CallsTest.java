package io.inframetrics.sink.dynamodb;

import static io.inframetrics.testkit.SampleMetrics.WINDOW_START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.aws.AwsCallRefusedException;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.sink.RunLedger.ProcessedMark;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.WriteResult.Failed;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** How many calls each method makes, and what becomes of calls that do not do all. */
class CallsTest {

  private static final Instant NOW = SampleMetrics.RUN.observedAt();
  private static final MetricType CPU = MetricType.CPU_UTILIZATION;

  private final LocalTable table = new LocalTable();
  private final DynamoDbStores stores = table.stores(ManualClock.at(NOW));

  @AfterEach
  void close() {
    table.close();
  }

  @Test
  void writesFullBatchesOf25() {
    warmUp(26);

    assertThat(write(fleet(25, 36), false)).isEqualTo(WriteResult.written(900));
    // Each batch reads how far its type is packed, after it is written.
    assertThat(table.calls()).isEqualTo(Map.of("BatchWriteItem", 1L, "BatchGetItem", 1L));

    table.forgetRequests();
    write(fleet(26, 1), false);
    assertThat(table.calls()).isEqualTo(Map.of("BatchWriteItem", 2L, "BatchGetItem", 1L));
    assertThat(table.requests(BatchWriteItemRequest.class))
        .extracting(request -> request.requestItems().get(table.name).size())
        .containsExactlyInAnyOrder(25, 1);
  }

  @Test
  void looksAHundredKeysUpInOneCallInsteadOfWritingThem() {
    write(fleet(101, 2), false);
    table.forgetRequests();

    assertThat(write(fleet(100, 2), true)).isEqualTo(WriteResult.duplicate(200));
    assertThat(table.calls()).isEqualTo(Map.of("BatchGetItem", 1L + 1));
    assertThat(table.requests(BatchGetItemRequest.class).get(0).requestItems().get(table.name))
        .satisfies(
            asked -> assertThat(asked.projectionExpression()).isEqualTo("#partition, #sort"));

    table.forgetRequests();
    assertThat(write(fleet(101, 2), true)).isEqualTo(WriteResult.duplicate(202));
    assertThat(table.calls()).isEqualTo(Map.of("BatchGetItem", 2L + 1));
  }

  @Test
  void readsTheIndexOnceAProcessAndWritesItOnlyForNewSeries() {
    write(fleet(50, 1), false);
    assertThat(table.calls())
        .isEqualTo(Map.of("BatchGetItem", 1L + 1, "BatchWriteItem", 2L, "UpdateItem", 1L));

    table.forgetRequests();
    DynamoDbStores otherProcess = table.stores(ManualClock.at(NOW));
    otherProcess
        .metricRecordSink()
        .write(new Batch(WINDOW_START, fleet(50, 2), false), Deadlines.never());
    assertThat(table.calls()).isEqualTo(Map.of("BatchGetItem", 1L + 1, "BatchWriteItem", 2L));
  }

  @Test
  void readsARangeInOneQueryAndTheSeriesOfATypeInOneBatch() {
    for (int run = 0; run < 240; run++) {
      Instant at = NOW.minus(SampleMetrics.PERIOD.multipliedBy(run));
      stores
          .metricRecordSink()
          .write(
              new Batch(
                  at.minus(SampleMetrics.PERIOD),
                  List.of(SampleMetrics.metric(CPU, "i-00000", at, run)),
                  false),
              Deadlines.never());
    }
    table.forgetRequests();

    var series = fleet(1, 1).get(0).series();
    var history = stores.metricHistory();
    assertThat(history.points(series, Instant.EPOCH, NOW, 240, Deadlines.never())).hasSize(240);
    // A small page tells how many points an item has; the next one has the rest.
    assertThat(table.calls()).isEqualTo(Map.of("Query", 2L));

    table.forgetRequests();
    assertThat(history.points(series, Instant.EPOCH, NOW, 1, Deadlines.never())).hasSize(1);
    assertThat(table.calls()).isEqualTo(Map.of("Query", 1L));

    table.forgetRequests();
    assertThat(history.series(CPU, NOW.minus(SampleMetrics.PERIOD), Deadlines.never())).hasSize(1);
    assertThat(table.calls()).isEqualTo(Map.of("BatchGetItem", 1L));

    table.forgetRequests();
    history.points(series, NOW, NOW.minusSeconds(1), 1, Deadlines.never());
    assertThat(table.calls()).isEmpty();
  }

  @Test
  void keepsTheLedgerWithOneCallEach() {
    var ledger = stores.runLedger();
    List<String> keys = IntStream.range(0, 100).mapToObj(i -> "raw-metrics/" + i).toList();

    ledger.markProcessed(new ProcessedMark(keys.get(0), 1, 0, NOW), Deadlines.never());
    assertThat(table.calls()).isEqualTo(Map.of("PutItem", 1L));

    table.forgetRequests();
    assertThat(ledger.processed(keys, Deadlines.never())).hasSize(1);
    assertThat(table.calls()).isEqualTo(Map.of("BatchGetItem", 1L));
    assertThat(
            table
                .requests(BatchGetItemRequest.class)
                .get(0)
                .requestItems()
                .get(table.name)
                .consistentRead())
        .isTrue();
    List<String> tooMany = new ArrayList<>(keys);
    tooMany.add("raw-metrics/100");
    assertThatThrownBy(() -> ledger.processed(tooMany, Deadlines.never()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("101 keys");

    table.forgetRequests();
    ledger.advanceCollectedUntil(CPU, NOW, Deadlines.never());
    ledger.advanceCollectedUntil(CPU, NOW.minusSeconds(1), Deadlines.never());
    ledger.collectedUntil(CPU, Deadlines.never());
    assertThat(table.calls()).isEqualTo(Map.of("UpdateItem", 2L, "BatchGetItem", 1L));
  }

  @Test
  void sendsAgainWhatABatchLeftUntilAllIsDone() {
    table.doOnly(items -> Math.max(1, items * 4 / 10));
    List<Metric> metrics = fleet(400, 3);

    assertThat(write(metrics, false)).isEqualTo(WriteResult.written(metrics.size()));
    assertThat(write(metrics, true)).isEqualTo(WriteResult.duplicate(metrics.size()));

    table.doOnly(items -> items);
    assertThat(stores.metricHistory().series(CPU, NOW, Deadlines.never())).hasSize(400);
    for (Metric metric : metrics) {
      assertThat(
              stores
                  .metricHistory()
                  .points(
                      metric.series(),
                      metric.timestamp(),
                      metric.timestamp(),
                      1,
                      Deadlines.never()))
          .hasSize(1);
    }
  }

  @Test
  void givesBackWhatABatchNeverDoes() {
    warmUp(30);
    // 25 items: 24 of them never; the other 5 are done.
    table.doOnly(items -> items > 5 ? 1 : items == 5 || items == 1 ? items : 0);
    table.fail(
        request ->
            request instanceof BatchWriteItemRequest write
                    && write.requestItems().get(table.name).size() == 20
                ? LocalTable.serviceFailure(400, "ThrottlingException")
                : null);

    WriteResult result = write(fleet(30, 2), false);

    assertThat(result.written()).isEqualTo(20);
    assertThat(result.rejected()).isEmpty();
    assertThat(result.retryable()).hasSize(40);
    assertThat(result.retryable()).extracting(Failed::id).doesNotHaveDuplicates();
    assertThat(result.retryable().get(0).reason()).contains("ThrottlingException");

    table.doOnly(items -> items);
    table.fail(request -> null);
    assertThat(write(fleet(30, 2), true)).isEqualTo(new WriteResult(40, 20, List.of(), List.of()));
  }

  @Test
  void givesEverythingBackWhenTheIndexOrTheLookFails() {
    table.fail(request -> LocalTable.serviceFailure(500, "InternalServerError"));
    assertThat(write(fleet(10, 2), false).retryable()).hasSize(20);
    assertThat(write(fleet(10, 2), true).retryable()).hasSize(20);

    table.fail(request -> null);
    assertThat(write(fleet(10, 2), true)).isEqualTo(WriteResult.written(20));
  }

  @Test
  void givesEverythingBackWithoutACallWhenNoTimeIsLeft() {
    WriteResult result =
        stores
            .metricRecordSink()
            .write(new Batch(WINDOW_START, fleet(3, 1), false), Deadlines.passed());

    assertThat(result.retryable()).hasSize(3);
    assertThat(table.calls()).isEmpty();
  }

  @Test
  void throwsWhatNoItemIsAtFaultOf() {
    table.fail(request -> LocalTable.serviceFailure(400, "AccessDeniedException"));

    assertThatThrownBy(() -> write(fleet(3, 1), false))
        .isInstanceOf(AwsCallRefusedException.class)
        .hasMessageContaining("of table '" + table.name + "' was rejected")
        .hasMessageContaining("AccessDeniedException");
  }

  @Test
  void refusesTheOneItemOfABatchThatIsNotValid() {
    List<WriteRequest> requests = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      requests.add(
          Table.putRequest(
              Map.of(
                  "series_id", AttributeValue.fromS("s" + i),
                  "window_start", AttributeValue.fromS("w"),
                  "data",
                      AttributeValue.fromS("x".repeat(i == 17 ? RecordItem.MAX_BYTES + 1 : 10)))));
    }

    List<Table.Refusal> refusals = table.table().write(requests, Deadlines.never());

    assertThat(refusals).hasSize(1);
    assertThat(refusals.get(0).mayHeal()).isFalse();
    assertThat(refusals.get(0).reason()).contains("Item size");
    assertThat(refusals.get(0).request()).isEqualTo(requests.get(17));
    assertThat(table.items()).hasSize(24);
  }

  @Test
  void failsAReadThatIsThrottledToTheEnd() {
    table.fail(
        request ->
            request instanceof BatchGetItemRequest
                ? LocalTable.serviceFailure(400, "ProvisionedThroughputExceededException")
                : null);

    assertThatThrownBy(() -> stores.runLedger().collectedUntil(CPU, Deadlines.never()))
        .isInstanceOf(RetryableFailureException.class);
  }

  private void warmUp(int instances) {
    write(fleet(instances, 3), false);
    table.forgetRequests();
  }

  private WriteResult write(List<Metric> metrics, boolean mayBeStored) {
    return stores
        .metricRecordSink()
        .write(new Batch(WINDOW_START, metrics, mayBeStored), Deadlines.never());
  }

  private static List<Metric> fleet(int instances, int points) {
    return SampleMetrics.fleet(CPU, instances, points);
  }
}
