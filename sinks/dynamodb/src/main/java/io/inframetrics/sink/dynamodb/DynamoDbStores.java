package io.inframetrics.sink.dynamodb;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.RunLedger;
import java.time.Clock;
import java.util.concurrent.Executor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The ports that one DynamoDB table serves. Thread-safe; keep one for the life of the process,
 * since it remembers which series are listed. The caller closes the client.
 */
public final class DynamoDbStores {

  private final DynamoDbMetricRecords records;
  private final DynamoDbRunLedger ledger;

  /**
   * Creates stores over a table as {@link DynamoDbTable} defines it; makes no call yet.
   *
   * @param tableName or ARN of the table
   * @param executor makes the calls of one write or read, as many at once as it has threads: {@code
   *     Runnable::run} makes one after the other; 4 to 8 threads hide most of the waiting even on
   *     one processor. It must run every task, and must not be the one that calls these stores
   * @param clock by which items expire
   */
  public DynamoDbStores(
      DynamoDbClient client,
      String tableName,
      AwsCalls calls,
      DynamoDbSettings settings,
      Executor executor,
      Clock clock) {
    Table table = new Table(client, tableName, calls, executor);
    SeriesIndex index = new SeriesIndex(table, settings.retention(), clock);
    this.records = new DynamoDbMetricRecords(table, index, settings.retention(), clock);
    this.ledger = new DynamoDbRunLedger(table, settings.retention(), clock);
  }

  public MetricRecordSink metricRecordSink() {
    return records;
  }

  public MetricHistory metricHistory() {
    return records;
  }

  public RunLedger runLedger() {
    return ledger;
  }
}
