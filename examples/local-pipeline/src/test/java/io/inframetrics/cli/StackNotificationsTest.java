package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.ProductFiles;
import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.functions.FunctionsContext;
import io.inframetrics.functions.VerbBeans;
import io.inframetrics.functions.VerbMetrics;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.naming.DatedObjectKeys;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.pipeline.analysis.Mute;
import io.inframetrics.pipeline.collect.CollectionSchedule;
import io.inframetrics.template.Stack;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.memory.InMemoryStores;
import io.inframetrics.workflow.LambdaTasks;
import io.inframetrics.workflow.StateMachine;
import io.inframetrics.workflow.execution.ExecutionResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * What arrives where: the template's state machine, topics, subscriptions and filters, with the
 * real functions over stores in memory, for a healthy, a degraded, a critical and a failed run.
 */
@Timeout(60)
class StackNotificationsTest {

  private static final MetricType[] TYPES = {
    MetricType.CPU_UTILIZATION,
    MetricType.MEMORY_USAGE,
    MetricType.DISK_USAGE,
    MetricType.NETWORK_TRAFFIC
  };

  private final Stack stack = Deployment.template().with(Map.of());
  private final ManualClock clock = ManualClock.at(VirtualContext.NOW);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final InMemoryStores stores = new InMemoryStores();
  private final Set<MetricType> failing = new HashSet<>();
  private final List<JsonNode> published = new ArrayList<>();
  private double disk = 40;
  private int runs;

  @AfterEach
  void close() {
    threads.shutdownNow();
  }

  /** One value of one instance at the end of the window. */
  private final class OneValue implements MetricCollector {

    private final MetricType type;

    OneValue(MetricType type) {
      this.type = type;
    }

    @Override
    public MetricType type() {
      return type;
    }

    @Override
    public void collect(CollectionRequest request, MetricConsumer consumer) {
      if (failing.contains(type)) {
        throw new RetryableFailureException("throttled");
      }
      boolean isDisk = type.equals(MetricType.DISK_USAGE);
      Series series =
          isDisk ? Series.of(type, "build-1", Map.of("device", "/")) : Series.of(type, "build-1");
      MetricUnit unit =
          type.equals(MetricType.NETWORK_TRAFFIC)
              ? MetricUnit.MEGABITS_PER_SECOND
              : MetricUnit.PERCENT;
      consumer.accept(
          new Observation(series, request.until(), isDisk ? disk : 40, unit, "eu-west-1"));
    }
  }

  /** Runs the state machine as the template substitutes it; answers what was published. */
  private JsonNode run(AnalysisSettings settings) {
    Map<String, String> substitutions = new HashMap<>();
    stack
        .resource("Pipeline")
        .at("/DefinitionSubstitutions")
        .properties()
        .forEach(each -> substitutions.put(each.getKey(), each.getValue().stringValue()));
    clock.advance(Duration.ofHours(3));
    try (FunctionsContext functions =
        FunctionsContext.start(
            new VerbBeans(
                stores,
                CollectorRegistry.of(Stream.of(TYPES).<MetricCollector>map(OneValue::new).toList()),
                new DatedObjectKeys(),
                CollectionSchedule.DEFAULTS,
                settings,
                threads,
                VerbMetrics.NONE,
                clock))) {
      ExecutionResult result =
          StateMachine.parse(
                  InputFile.text(VirtualContext.REPOSITORY.resolve(ProductFiles.DEFINITION)),
                  substitutions)
              .execution()
              .name("run-" + ++runs)
              .startTime(clock.instant())
              .tasks(
                  LambdaTasks.builder()
                      .function("${CollectFunction.Alias}", event -> collect(functions, event))
                      .function(
                          "${HealthCheckFunction.Alias}",
                          event -> call(functions, "healthCheck", event))
                      .function(
                          "${AnalyzeFunction.Alias}", event -> call(functions, "analyze", event))
                      .publisher(
                          message -> {
                            published.add(message);
                            return "id";
                          })
                      .build())
              .run();
      assertThat(published).as(result.cause()).hasSize(runs);
      return published.get(runs - 1);
    }
  }

  private JsonNode run() {
    return run(AnalysisSettings.DEFAULTS);
  }

  private static JsonNode call(FunctionsContext functions, String bean, JsonNode event) {
    return InputFile.JSON.readTree(functions.call(bean, InputFile.JSON.writeValueAsBytes(event)));
  }

  private static JsonNode collect(FunctionsContext functions, JsonNode event) {
    JsonNode collection = call(functions, "collect", event);
    for (JsonNode object : collection.path("objects")) {
      call(
          functions,
          "process",
          InputFile.JSON.readTree(
              "{\"detail\":{\"object\":{\"key\":%s}}}".formatted(object.get("key"))));
    }
    return collection;
  }

  private static String subject(JsonNode message) {
    return message.path("Subject").stringValue();
  }

  private static Map<String, String> attributes(JsonNode message) {
    Map<String, String> attributes = new HashMap<>();
    message
        .path("MessageAttributes")
        .properties()
        .forEach(
            each -> attributes.put(each.getKey(), each.getValue().get("StringValue").asString()));
    return attributes;
  }

  /** The settings of NotifyOn with which the mail recipient gets the message. */
  private static List<String> arrivesWith(JsonNode message) {
    List<String> arrives = new ArrayList<>();
    for (String notifyOn : List.of("every-run", "changes", "warning", "critical")) {
      Stack mailed =
          Deployment.template()
              .with(Map.of("NotificationEmail", "ops@example.com", "NotifyOn", notifyOn));
      boolean delivered =
          mailed.ofType("AWS::SNS::Subscription").values().stream()
              .filter(one -> one.at("/TopicArn").equals(message.get("TopicArn")))
              .anyMatch(one -> passes(one.at("/FilterPolicy"), attributes(message)));
      if (delivered) {
        arrives.add(notifyOn);
      }
    }
    return arrives;
  }

  private static boolean passes(JsonNode policy, Map<String, String> attributes) {
    return policy.properties().stream()
        .allMatch(
            each ->
                each.getValue()
                    .valueStream()
                    .anyMatch(value -> value.stringValue().equals(attributes.get(each.getKey()))));
  }

  @Test
  void healthyRuns() {
    JsonNode first = run();

    assertThat(first.get("TopicArn").stringValue()).isEqualTo("${ReportTopic}");
    assertThat(subject(first)).isEqualTo("InfraMetrics HEALTHY: 4 of 4 files processed, run run-1");
    assertThat(attributes(first))
        .isEqualTo(
            Map.of(
                "severity", "none",
                "changed", "true",
                "status", "HEALTHY",
                "run_id", "run-1",
                "source", "cloudwatch"));
    assertThat(first.get("Message").stringValue())
        .startsWith("No open findings.")
        .contains("4 of 4 raw files processed", "Anomalies at", "Capacity at")
        .endsWith("Source of the metrics: cloudwatch.");
    assertThat(arrivesWith(first)).containsExactly("every-run", "changes");

    JsonNode second = run();
    assertThat(attributes(second)).containsEntry("changed", "false");
    assertThat(arrivesWith(second)).containsExactly("every-run");
  }

  @Test
  void aDegradedRun() {
    run();
    failing.add(MetricType.CPU_UTILIZATION);

    JsonNode degraded = run();

    assertThat(subject(degraded))
        .isEqualTo("InfraMetrics DEGRADED: 1 failed: cpu_utilization, run run-2");
    assertThat(attributes(degraded))
        .containsEntry("status", "DEGRADED")
        .containsEntry("severity", "none")
        .containsEntry("changed", "true");
    assertThat(arrivesWith(degraded)).containsExactly("every-run", "changes");
    assertThat(attributes(run())).as("as before").containsEntry("changed", "false");
  }

  @Test
  void aCriticalRunWhichGoesOnIsMutedAndEnds() {
    run();
    disk = 97;

    JsonNode critical = run();

    assertThat(critical.get("TopicArn").stringValue()).isEqualTo("${ReportTopic}");
    assertThat(subject(critical))
        .startsWith("CRITICAL: disk / on build-1: 97 % is above the threshold of 90 %")
        .hasSizeLessThan(100);
    assertThat(attributes(critical))
        .containsEntry("status", "HEALTHY")
        .containsEntry("severity", "critical")
        .containsEntry("changed", "true");
    assertThat(arrivesWith(critical))
        .containsExactly("every-run", "changes", "warning", "critical");

    JsonNode again = run();
    assertThat(subject(again)).startsWith("CRITICAL: disk / on build-1");
    assertThat(attributes(again))
        .containsEntry("severity", "critical")
        .containsEntry("changed", "false");
    assertThat(arrivesWith(again)).containsExactly("every-run", "warning", "critical");

    JsonNode muted =
        run(
            AnalysisSettings.DEFAULTS.withMutes(
                List.of(
                    new Mute(
                        "disk_usage#*",
                        clock.instant(),
                        clock.instant().plus(Duration.ofDays(1))))));
    assertThat(subject(muted)).startsWith("InfraMetrics HEALTHY");
    assertThat(attributes(muted)).containsEntry("severity", "none");
    assertThat(muted.get("Message").stringValue())
        .contains("Muted, not in the subject: 1 finding", "CRITICAL disk_usage build-1 device=/");
    assertThat(arrivesWith(muted)).containsExactly("every-run");

    disk = 40;
    run();
    assertThat(attributes(run()))
        .containsEntry("severity", "none")
        .containsEntry("changed", "false");
  }

  @Test
  void aFailedRunGoesToTheOtherTopicAndThroughEveryFilter() {
    failing.addAll(List.of(TYPES));

    JsonNode failed = run();

    assertThat(failed.get("TopicArn").stringValue()).isEqualTo("${Topic}");
    assertThat(subject(failed)).isEqualTo("InfraMetrics: a pipeline run failed");
    assertThat(attributes(failed))
        .isEqualTo(
            Map.of(
                "severity", "critical",
                "changed", "true",
                "status", "FAILED",
                "run_id", "run-1",
                "source", "cloudwatch"));
    assertThat(arrivesWith(failed)).containsExactly("every-run", "changes", "warning", "critical");
    assertThat(stack.ofType("AWS::CloudWatch::Alarm").values())
        .allSatisfy(
            alarm -> assertThat(alarm.at("/AlarmActions").toString()).isEqualTo("[\"${Topic}\"]"));
    assertThat(stack.resource("StoppedRunRule").at("/Targets/0/Arn").stringValue())
        .isEqualTo("${Topic}");
  }
}
