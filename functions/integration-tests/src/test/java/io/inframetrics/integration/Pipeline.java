package io.inframetrics.integration;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.naming.DatedObjectKeys;
import io.inframetrics.pipeline.collect.CollectMetrics;
import io.inframetrics.pipeline.collect.CollectOneType;
import io.inframetrics.pipeline.collect.CollectionSchedule;
import io.inframetrics.pipeline.process.ProcessRawMetrics;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.cloudwatch.CloudWatchMetricPublisher;
import io.inframetrics.sink.cloudwatch.CloudWatchSettings;
import io.inframetrics.sink.dynamodb.DynamoDbSettings;
import io.inframetrics.sink.dynamodb.DynamoDbStores;
import io.inframetrics.sink.s3.S3Stores;
import io.inframetrics.testkit.SampleMetrics;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The verbs over the AWS sinks, as a function's sandbox has them when it has just started: nothing
 * is remembered from an earlier one.
 */
final class Pipeline {

  /** The time of everything that is told the time: the end of the sample run's window. */
  static final Clock CLOCK = Clock.fixed(SampleMetrics.RUN.observedAt(), ZoneOffset.UTC);

  private static final ExecutorService COLLECTORS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "collector");
            thread.setDaemon(true);
            return thread;
          });

  private final S3Stores s3;
  private final DynamoDbStores dynamoDb;
  private final MetricPublisher publisher;

  /**
   * A pipeline over a bucket and a table.
   *
   * @param executor of DynamoDB's calls: {@code Runnable::run} makes their order certain
   */
  Pipeline(AwsClients clients, AwsCalls calls, Installed installed, Executor executor) {
    this.s3 = S3Stores.over(S3Stores.client(clients), installed.bucket(), calls);
    this.dynamoDb =
        new DynamoDbStores(
            clients.build("dynamodb", DynamoDbClient.builder()),
            installed.table(),
            calls,
            DynamoDbSettings.DEFAULTS,
            executor,
            CLOCK);
    this.publisher =
        new CloudWatchMetricPublisher(
            clients.build("cloudwatch", CloudWatchClient.builder()),
            CloudWatchSettings.of(installed.namespace()),
            calls,
            CLOCK);
  }

  private Pipeline(S3Stores s3, Pipeline other) {
    this.s3 = s3;
    this.dynamoDb = other.dynamoDb;
    this.publisher = other.publisher;
  }

  /** The same with the smallest parts that S3 takes, so that a file of megabytes has several. */
  Pipeline withSmallParts() {
    return new Pipeline(s3.withPartBytes(5 << 20), this);
  }

  CollectMetrics collect(MetricCollector collector) {
    return new CollectMetrics(
        CollectorRegistry.of(List.of(collector)),
        new CollectOneType(
                s3.rawMetricSink(),
                s3.rawMetricSource(),
                dynamoDb.metricRecordSink(),
                publisher,
                dynamoDb.runLedger(),
                new DatedObjectKeys(),
                CollectionSchedule.DEFAULTS,
                COLLECTORS)
            .lookingBehind(s3::documentStore),
        CLOCK);
  }

  ProcessRawMetrics process() {
    return new ProcessRawMetrics(
        s3.rawMetricSource(),
        dynamoDb.metricRecordSink(),
        s3.documentStore(),
        dynamoDb.runLedger(),
        new DatedObjectKeys(),
        CLOCK);
  }

  MetricHistory history() {
    return dynamoDb.metricHistory();
  }

  RunLedger ledger() {
    return dynamoDb.runLedger();
  }
}
