package io.inframetrics.benchmark;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.collect.Observation;
import io.inframetrics.encode.JsonLinesWriter;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.naming.DatedObjectKeys;
import io.inframetrics.sink.dynamodb.DynamoDbTable;
import io.inframetrics.sink.s3.S3Stores;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.aws.EmbeddedDynamoDb;
import io.inframetrics.testkit.aws.EmbeddedS3;
import io.inframetrics.testkit.aws.RecordingServer;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * In place of AWS, servers in this process; and events, each for work that was not done before: the
 * next run of a schedule. Runs are of the last two weeks, as CloudWatch takes no older points; so
 * after {@value #RUNS} of them there is a new bucket and a new table, and they begin again. Ask for
 * the environment of a process before its event.
 */
final class Servers implements AutoCloseable {

  private static final Duration PERIOD = Duration.ofHours(3);
  private static final int RUNS = 100;
  private static final int INSTANCES = 2;
  private static final int POINTS = 36;

  private final EmbeddedS3 s3 = EmbeddedS3.start();
  private final EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.start();
  private final RecordingServer others = RecordingServer.start(Clock.systemUTC());
  private final AwsClients clients = AwsClients.fromEnvironment(endpoints());
  private final S3Client objects = S3Stores.client(clients);
  private final DynamoDbTable tables =
      new DynamoDbTable(
          clients.build("dynamodb", DynamoDbClient.builder()),
          new AwsCalls(CallSettings.DEFAULTS, new Random(1), AwsCalls.Sleeper.THREAD));
  private final Instant firstRun =
      Instant.now().truncatedTo(ChronoUnit.HOURS).minus(PERIOD.multipliedBy(RUNS));
  private String bucket = "";
  private String table = "";
  private Instant lastRun = firstRun;
  private int runs;

  /** What a function needs to know of them. */
  Map<String, String> environment() {
    if (runs % RUNS == 0) {
      bucket = s3.newBucket();
      table = dynamoDb.newTableName();
      tables.createIfMissing(table, Deadlines.never());
    }
    Map<String, String> environment = endpoints();
    environment.put("INFRAMETRICS_BUCKET", bucket);
    environment.put("INFRAMETRICS_TABLE", table);
    environment.put("INFRAMETRICS_STACK", "benchmark");
    environment.put("INFRAMETRICS_SOURCE", "synthetic");
    environment.put("INFRAMETRICS_COLLECTOR_SYNTHETIC_INSTANCES", Integer.toString(INSTANCES));
    return environment;
  }

  /** The next event of {@code collect} or {@code process}. */
  String event(String function) {
    lastRun = firstRun.plus(PERIOD.multipliedBy(runs % RUNS));
    runs++;
    CollectionRun run = new CollectionRun("run-" + runs, lastRun);
    return function.equals("collect")
        ? "{\"metric_type\":\"cpu_utilization\",\"run_id\":\"%s\",\"observed_at\":\"%s\"}"
            .formatted(run.runId(), run.observedAt())
        : "{\"detail-type\":\"Object Created\",\"detail\":{\"object\":{\"key\":\"%s\"}}}"
            .formatted(newRawFile(run));
  }

  /** When the run of the last event was. */
  Instant lastRun() {
    return lastRun;
  }

  private String newRawFile(CollectionRun run) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (JsonLinesWriter lines = new JsonLinesWriter(file)) {
      for (int instance = 0; instance < INSTANCES; instance++) {
        for (int point = 0; point < POINTS; point++) {
          lines.write(
              new Observation(
                  Series.of(MetricType.CPU_UTILIZATION, "i-" + instance),
                  run.observedAt().minus(Duration.ofMinutes(5L * point)),
                  30 + point,
                  MetricUnit.PERCENT,
                  "eu-west-1"),
              run);
        }
      }
    }
    String key = new DatedObjectKeys().candidates(MetricType.CPU_UTILIZATION, run).get(0);
    objects.putObject(
        put -> put.bucket(bucket).key(key), RequestBody.fromBytes(file.toByteArray()));
    return key;
  }

  private Map<String, String> endpoints() {
    Map<String, String> environment = new HashMap<>();
    environment.put("AWS_REGION", "us-east-1");
    environment.put("AWS_ACCESS_KEY_ID", "test");
    environment.put("AWS_SECRET_ACCESS_KEY", "test");
    environment.putAll(others.environment());
    environment.putAll(dynamoDb.environment());
    environment.putAll(s3.environment());
    return environment;
  }

  @Override
  public void close() {
    clients.close();
    s3.close();
    dynamoDb.close();
    others.close();
  }
}
