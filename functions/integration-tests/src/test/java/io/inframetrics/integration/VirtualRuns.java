package io.inframetrics.integration;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.functions.FunctionSettings;
import io.inframetrics.functions.FunctionsContext;
import io.inframetrics.functions.VerbBeans;
import io.inframetrics.functions.VerbMetrics;
import io.inframetrics.functions.aws.AwsStores;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Point;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.dynamodb.DynamoDbSettings;
import io.inframetrics.sink.dynamodb.DynamoDbStores;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.aws.PutMetricData;
import io.inframetrics.workflow.LambdaTasks;
import io.inframetrics.workflow.StateMachine;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.TaskHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The functions over the AWS sinks, run by the pipeline's definition, all on one virtual clock: the
 * waits between the tries of a call, between those of a task, and between those of the events that
 * tell of stored files.
 */
final class VirtualRuns implements AutoCloseable {

  private static final Path DEFINITION =
      Path.of("..", "..", "deploy", "statemachine", "pipeline.asl.json");
  private static final JsonMapper JSON = JsonMapper.shared();

  /** How Lambda repeats an event that a function failed to handle. */
  private static final List<Duration> EVENT_RETRIES =
      List.of(Duration.ofMinutes(1), Duration.ofMinutes(2));

  private final ManualClock clock;
  private final Wire wire;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final FunctionsContext functions;
  private final List<JsonNode> published = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private final List<String> deadLetters = new ArrayList<>();

  /** An event on its way. */
  private record Event(String key, Instant due, int failures) {}

  VirtualRuns(Installed installed, Wire wire, ManualClock clock) {
    this.clock = clock;
    this.wire = wire;
    Map<String, String> environment = new HashMap<>(wire.environment());
    environment.put("INFRAMETRICS_BUCKET", installed.bucket());
    environment.put("INFRAMETRICS_TABLE", installed.table());
    environment.put("INFRAMETRICS_NAMESPACE", installed.namespace());
    environment.put("INFRAMETRICS_SOURCE", "synthetic");
    environment.put("INFRAMETRICS_COLLECTOR_SYNTHETIC_INSTANCES", "2");
    FunctionSettings settings = FunctionSettings.of(environment, clock);
    this.functions =
        FunctionsContext.start(
            new VerbBeans(
                new VirtualStores(settings, wire.clients(), clock),
                FunctionSettings.discover(environment, VirtualRuns.class.getClassLoader(), clock),
                settings.keys(),
                settings.schedule(),
                settings.analysis(),
                threads,
                VerbMetrics.NONE,
                clock));
  }

  /** Those of an installation, but DynamoDB's calls wait on the virtual clock. */
  private static final class VirtualStores extends AwsStores {

    private final DynamoDbStores dynamoDb;

    VirtualStores(FunctionSettings settings, AwsClients clients, ManualClock clock) {
      super(settings, () -> clients, clock);
      this.dynamoDb =
          new DynamoDbStores(
              clients.build("dynamodb", DynamoDbClient.builder()),
              settings.table(),
              new AwsCalls(CallSettings.DEFAULTS, new Random(1), clock::advance),
              DynamoDbSettings.DEFAULTS,
              Runnable::run,
              clock);
    }

    @Override
    public MetricRecordSink metricRecordSink() {
      return dynamoDb.metricRecordSink();
    }

    @Override
    public MetricHistory metricHistory() {
      return dynamoDb.metricHistory();
    }

    @Override
    public RunLedger runLedger() {
      return dynamoDb.runLedger();
    }
  }

  /** Runs the pipeline, and handles the events of its files. */
  ExecutionResult run(String id, Instant start) throws IOException {
    LambdaTasks tasks =
        LambdaTasks.builder()
            .function("collect", this::collect)
            .function("healthCheck", input -> call("healthCheck", input.toString()))
            .function("analyze", input -> call("analyze", input.toString()))
            .publisher(
                message -> {
                  published.add(message);
                  return "id";
                })
            .build();
    TaskHandler timed =
        call -> {
          clock.set(call.time());
          handleEvents();
          try {
            return tasks.handle(call);
          } finally {
            call.takes(Duration.between(call.time(), clock.instant()));
          }
        };
    ExecutionResult result =
        StateMachine.load(DEFINITION, SUBSTITUTIONS)
            .execution()
            .name(id)
            .startTime(start)
            .input("{}")
            .tasks(timed)
            .run();
    while (!events.isEmpty()) {
      clock.set(events.stream().map(Event::due).min(Instant::compareTo).orElseThrow());
      handleEvents();
    }
    return result;
  }

  private static final Map<String, String> SUBSTITUTIONS =
      Map.of(
          "CollectFunctionArn", "arn:aws:lambda:eu-west-1:000000000000:function:collect:live",
          "HealthCheckFunctionArn",
              "arn:aws:lambda:eu-west-1:000000000000:function:healthCheck:live",
          "AnalyzeFunctionArn", "arn:aws:lambda:eu-west-1:000000000000:function:analyze:live",
          "NotificationTopicArn", "arn:aws:sns:eu-west-1:000000000000:reports",
          "AlarmTopicArn", "arn:aws:sns:eu-west-1:000000000000:alarms",
          "MessageFormat", "text",
          "PublishResource", "arn:aws:states:::sns:publish",
          "MetricSource", "synthetic");

  private JsonNode collect(JsonNode input) {
    JsonNode collection = call("collect", input.toString());
    for (JsonNode object : collection.path("objects")) {
      events.add(new Event(object.path("key").stringValue(), clock.instant(), 0));
    }
    return collection;
  }

  private JsonNode call(String function, String event) {
    return JSON.readTree(functions.call(function, event.getBytes(StandardCharsets.UTF_8)));
  }

  private void handleEvents() {
    List<Event> due =
        events.stream().filter(event -> !event.due().isAfter(clock.instant())).toList();
    events.removeAll(due);
    Instant now = clock.instant();
    for (Event event : due) {
      try {
        process(event.key());
      } catch (RuntimeException e) {
        if (event.failures() == EVENT_RETRIES.size()) {
          deadLetters.add(event.key());
        } else {
          Duration wait = EVENT_RETRIES.get(event.failures());
          events.add(new Event(event.key(), clock.instant().plus(wait), event.failures() + 1));
        }
      }
      clock.set(now); // Another function than the task's: both go on at the same time.
    }
  }

  private void process(String key) {
    call("process", "{\"detail\":{\"object\":{\"key\":\"%s\"}}}".formatted(key));
  }

  /** The keys of files whose events no try could handle. */
  List<String> deadLetters() {
    return deadLetters;
  }

  /** What an operator does about them. */
  void replayDeadLetters() {
    deadLetters.forEach(this::process);
  }

  List<JsonNode> published() {
    return published;
  }

  @Override
  public void close() {
    functions.close();
    threads.shutdownNow();
    wire.close();
  }

  /** Every point in the table, by series. */
  static SortedMap<String, List<Point>> points(Installed installed) {
    SortedMap<String, List<Point>> points = new TreeMap<>();
    MetricType.builtIn().forEach(type -> points.putAll(installed.points(type)));
    return points;
  }

  /** How often CloudWatch counts each value of each metric. */
  static Map<String, Double> sent(Installed installed) {
    Map<String, Double> sent = new TreeMap<>();
    for (PutMetricData request : installed.published()) {
      for (PutMetricData.Datum datum : request.data()) {
        datum
            .weights()
            .forEach(
                (value, count) -> sent.merge(datum.metricName() + " " + value, count, Double::sum));
      }
    }
    return sent;
  }
}
