package io.inframetrics.functions.aws;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.functions.FunctionSettings;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.Notifier;
import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.Stores;
import io.inframetrics.sink.cloudwatch.CloudWatchMetricPublisher;
import io.inframetrics.sink.cloudwatch.CloudWatchSettings;
import io.inframetrics.sink.dynamodb.DynamoDbSettings;
import io.inframetrics.sink.dynamodb.DynamoDbStores;
import io.inframetrics.sink.otlp.OtlpMetricPublisher;
import io.inframetrics.sink.otlp.OtlpSettings;
import io.inframetrics.sink.s3.S3Stores;
import io.inframetrics.sink.sns.SnsNotifier;
import io.inframetrics.sink.sns.SnsSettings;
import java.time.Clock;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * The stores of an installation on AWS. Each client is built when it is first needed: a function
 * that only reads marks loads neither S3's nor CloudWatch's. A subclass may replace a store.
 * Thread-safe. Close it to close the clients.
 */
public class AwsStores implements Stores, AutoCloseable {

  /** Parallel calls; the HTTP client keeps as many connections by default. */
  private static final int PARALLEL_CALLS = 5;

  private final Once<AwsClients> clients;
  private final String bucket;
  private final Once<ExecutorService> threads =
      new Once<>(() -> InvocationThreads.atMost(PARALLEL_CALLS, "dynamodb"));
  private final Supplier<S3Stores> s3;
  private final Supplier<DynamoDbStores> dynamoDb;
  private final Supplier<MetricPublisher> publisher;
  private final Supplier<Notifier> notifier;

  /**
   * Stores over the bucket, table, namespace and topic of {@code settings}.
   *
   * @param clients called once, when a client is first needed
   */
  public AwsStores(FunctionSettings settings, Supplier<AwsClients> clients, Clock clock) {
    this.clients = new Once<>(clients);
    this.bucket = settings.bucket();
    Supplier<AwsCalls> calls =
        new Once<>(
            () -> new AwsCalls(CallSettings.DEFAULTS, new Random(), AwsCalls.Sleeper.THREAD));
    this.s3 =
        new Once<>(
            () ->
                S3Stores.over(S3Stores.client(this.clients.get()), settings.bucket(), calls.get()));
    this.dynamoDb =
        new Once<>(
            () ->
                new DynamoDbStores(
                    this.clients.get().build("dynamodb", DynamoDbClient.builder()),
                    settings.table(),
                    calls.get(),
                    new DynamoDbSettings(settings.retention()),
                    threads.get(),
                    clock));
    this.publisher = new Once<>(() -> publisher(settings, this.clients.get(), calls.get(), clock));
    this.notifier =
        new Once<>(
            () ->
                new SnsNotifier(
                    this.clients.get().build("sns", SnsClient.builder()),
                    new SnsSettings(topic(settings), "s3://" + settings.bucket() + "/"),
                    calls.get()));
  }

  private static MetricPublisher publisher(
      FunctionSettings settings, AwsClients clients, AwsCalls calls, Clock clock) {
    return switch (settings.publish()) {
      case CLASSIC -> classic(settings, clients, calls, clock);
      case OTLP -> otlp(settings, clients, clock);
      case BOTH -> {
        MetricPublisher classic = classic(settings, clients, calls, clock);
        MetricPublisher otlp = otlp(settings, clients, clock);
        yield (metrics, deadline) ->
            classic.publish(metrics, deadline).plus(otlp.publish(metrics, deadline));
      }
    };
  }

  private static MetricPublisher classic(
      FunctionSettings settings, AwsClients clients, AwsCalls calls, Clock clock) {
    return new CloudWatchMetricPublisher(
        clients.build("cloudwatch", CloudWatchClient.builder()),
        CloudWatchSettings.of(settings.namespace())
            .withPolicy(settings.dimensionPolicy())
            .withSeriesBudget(settings.seriesBudget())
            .withDimensions(Map.of("Stack", settings.stack())),
        calls,
        clock);
  }

  private static MetricPublisher otlp(FunctionSettings settings, AwsClients clients, Clock clock) {
    return OtlpMetricPublisher.toCloudWatch(
        clients,
        OtlpSettings.toCloudWatch(clients)
            .withResource(
                Map.of(
                    "service.namespace", settings.namespace(), "service.name", settings.stack())),
        AwsCalls.Sleeper.THREAD,
        clock);
  }

  private static String topic(FunctionSettings settings) {
    return settings
        .topicArn()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "INFRAMETRICS_TOPIC_ARN is missing: give the ARN of the SNS topic"));
  }

  @Override
  public RawMetricSink rawMetricSink() {
    return s3.get().rawMetricSink();
  }

  @Override
  public RawMetricSource rawMetricSource() {
    return s3.get().rawMetricSource();
  }

  @Override
  public MetricRecordSink metricRecordSink() {
    return dynamoDb.get().metricRecordSink();
  }

  @Override
  public MetricHistory metricHistory() {
    return dynamoDb.get().metricHistory();
  }

  @Override
  public MetricPublisher metricPublisher() {
    return publisher.get();
  }

  @Override
  public RunLedger runLedger() {
    return dynamoDb.get().runLedger();
  }

  @Override
  public DocumentStore documentStore() {
    return s3.get().documentStore();
  }

  @Override
  public Notifier notifier() {
    return notifier.get();
  }

  /** The address at which the AWS console shows an object of the bucket. */
  public String consoleLink(String key) {
    return S3Console.link(clients.get().region(), bucket, key);
  }

  @Override
  public void close() {
    threads.ifMade(ExecutorService::shutdownNow);
    clients.ifMade(AwsClients::close);
  }

  private static final class Once<T> implements Supplier<T> {

    private final Supplier<T> supplier;
    private @Nullable T made;

    Once(Supplier<T> supplier) {
      this.supplier = supplier;
    }

    @Override
    public synchronized T get() {
      if (made == null) {
        made = supplier.get();
      }
      return made;
    }

    synchronized void ifMade(Consumer<T> consumer) {
      if (made != null) {
        consumer.accept(made);
      }
    }
  }
}
