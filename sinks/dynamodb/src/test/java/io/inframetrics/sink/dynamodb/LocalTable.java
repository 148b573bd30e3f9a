package io.inframetrics.sink.dynamodb;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.aws.EmbeddedDynamoDb;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/**
 * A new table of the stand-in for DynamoDB, with every request that was made to it. Batches may be
 * made to do a part of their items only, as the service does under load, and calls to fail.
 */
final class LocalTable implements AutoCloseable {

  static final AwsCalls CALLS =
      new AwsCalls(
          new CallSettings(3, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(30)),
          new Random(1),
          time -> {});

  private final Recorder recorder = new Recorder();
  private final ExecutorService threads = Executors.newFixedThreadPool(4);
  final DynamoDbClient client;
  final String name;

  LocalTable() {
    this(EmbeddedDynamoDb.shared().endpoint());
  }

  /** A new table of another server. */
  LocalTable(URI endpoint) {
    this(endpoint, UrlConnectionHttpClient.create());
  }

  LocalTable(URI endpoint, SdkHttpClient http) {
    this.name = EmbeddedDynamoDb.shared().newTableName();
    this.client =
        DynamoDbClient.builder()
            .endpointOverride(endpoint)
            .region(Region.EU_WEST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .httpClient(http)
            .overrideConfiguration(
                config ->
                    config
                        .retryStrategy(AwsRetryStrategy.doNotRetry())
                        .addExecutionInterceptor(recorder))
            .build();
    new DynamoDbTable(client, CALLS).createIfMissing(name, Deadlines.never());
    forgetRequests();
  }

  DynamoDbStores stores(Clock clock) {
    return new DynamoDbStores(client, name, CALLS, DynamoDbSettings.DEFAULTS, threads, clock);
  }

  /** Stores that try as often as the default says, without the waits between. */
  DynamoDbStores patientStores(Clock clock) {
    AwsCalls calls = new AwsCalls(CallSettings.DEFAULTS, new Random(1), time -> {});
    return new DynamoDbStores(client, name, calls, DynamoDbSettings.DEFAULTS, threads, clock);
  }

  Table table() {
    return new Table(client, name, CALLS, threads);
  }

  /** Makes each batch do as many of its items as {@code part} says, and leave the rest. */
  void doOnly(IntUnaryOperator part) {
    EmbeddedDynamoDb.shared().processOnly(name, part);
  }

  /** Makes calls fail with what {@code failures} answers for their request, if not null. */
  void fail(Function<SdkRequest, RuntimeException> failures) {
    recorder.failures = failures;
  }

  /** Makes calls fail after they were done. */
  void failAfter(Function<SdkRequest, RuntimeException> failures) {
    recorder.lateFailures = failures;
  }

  static RuntimeException serviceFailure(int status, String code) {
    return DynamoDbException.builder()
        .statusCode(status)
        .message(code)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(code).build())
        .build();
  }

  /** Requests so far by operation, such as {@code BatchWriteItem}, sorted by name. */
  Map<String, Long> calls() {
    return recorder.requests.stream()
        .collect(
            Collectors.groupingBy(
                request -> request.getClass().getSimpleName().replace("Request", ""),
                java.util.TreeMap::new,
                Collectors.counting()));
  }

  <T extends SdkRequest> List<T> requests(Class<T> type) {
    return recorder.requests.stream().filter(type::isInstance).map(type::cast).toList();
  }

  void forgetRequests() {
    recorder.requests.clear();
  }

  /** Everything that is in the table, expired or not. */
  List<Map<String, AttributeValue>> items() {
    List<Map<String, AttributeValue>> items = new ArrayList<>();
    client
        .scanPaginator(scan -> scan.tableName(name).consistentRead(true))
        .items()
        .forEach(items::add);
    return items;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    client.close();
  }

  private static final class Recorder implements ExecutionInterceptor {

    private final ConcurrentLinkedQueue<SdkRequest> requests = new ConcurrentLinkedQueue<>();
    private volatile Function<SdkRequest, RuntimeException> failures = request -> null;
    private volatile Function<SdkRequest, RuntimeException> lateFailures = request -> null;

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
      requests.add(context.request());
      RuntimeException failure = failures.apply(context.request());
      if (failure != null) {
        throw failure;
      }
      return context.request();
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
      RuntimeException failure = lateFailures.apply(context.request());
      if (failure != null) {
        throw failure;
      }
    }
  }
}
