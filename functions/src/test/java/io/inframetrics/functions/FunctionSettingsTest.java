package io.inframetrics.functions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.detect.threshold.Threshold;
import io.inframetrics.metric.MetricType;
import io.inframetrics.naming.HiveObjectKeys;
import io.inframetrics.pipeline.analysis.Mute;
import io.inframetrics.sink.cloudwatch.DimensionPolicy;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionSettingsTest {

  private static final MetricType QUEUE_DEPTH = new MetricType("queue_depth");

  @Test
  void hasDefaultsForAllButTheStores() {
    FunctionSettings settings = read();

    assertThat(settings.bucket()).isEqualTo("metrics");
    assertThat(settings.table()).isEqualTo("records");
    assertThat(settings.topicArn()).isEmpty();
    assertThat(settings.namespace()).isEqualTo("InfraMetrics");
    assertThat(settings.dimensionPolicy()).isEqualTo(DimensionPolicy.FLEET);
    assertThat(settings.retention()).isEqualTo(Duration.ofDays(30));
    assertThat(settings.schedule().period()).isEqualTo(Duration.ofHours(3));
    assertThat(settings.schedule().maxWindow()).isEqualTo(Duration.ofDays(1));
    assertThat(settings.sources()).isEmpty();
    assertThat(settings.publish()).isEqualTo(PublishPath.CLASSIC);
  }

  @Test
  void readsEverythingThatIsGiven() {
    FunctionSettings settings =
        read(
            "INFRAMETRICS_SOURCE", "synthetic, queues",
            "INFRAMETRICS_TOPIC_ARN", "arn:aws:sns:eu-west-1:000000000000:t",
            "INFRAMETRICS_NAMESPACE", "Ours",
            "INFRAMETRICS_PUBLISH", "otlp",
            "INFRAMETRICS_DIMENSION_POLICY", "both",
            "INFRAMETRICS_SERIES_BUDGET", "7",
            "INFRAMETRICS_STACK", "prod",
            "INFRAMETRICS_RETENTION", "P10D",
            "INFRAMETRICS_KEY_LAYOUT", "hive",
            "INFRAMETRICS_PERIOD", "PT48H",
            "INFRAMETRICS_HISTORY_POINTS", "500",
            "INFRAMETRICS_THRESHOLDS", "queue_depth=1000, cpu_utilization=70",
            "INFRAMETRICS_SUSTAINED", "queue_depth=PT5M",
            "INFRAMETRICS_CAPACITIES", "queue_depth=5000",
            "INFRAMETRICS_MUTE",
                "disk_usage#*@2026-02-19T22:00Z/2026-02-20T06:00Z;cpu_*@2026-02-19T22:00Z/2026-02-20T06:00Z",
            "INFRAMETRICS_COLLECTOR_SYNTHETIC_INSTANCES", "3",
            "PATH", "/bin");

    assertThat(settings.sources()).containsExactly("synthetic", "queues");
    assertThat(settings.topicArn()).contains("arn:aws:sns:eu-west-1:000000000000:t");
    assertThat(settings.namespace()).isEqualTo("Ours");
    assertThat(settings.publish()).isEqualTo(PublishPath.OTLP);
    assertThat(settings.dimensionPolicy()).isEqualTo(DimensionPolicy.BOTH);
    assertThat(settings.seriesBudget()).isEqualTo(7);
    assertThat(settings.stack()).isEqualTo("prod");
    assertThat(settings.retention()).isEqualTo(Duration.ofDays(10));
    assertThat(settings.keys()).isInstanceOf(HiveObjectKeys.class);
    assertThat(settings.schedule().maxWindow()).isEqualTo(Duration.ofHours(48));
    assertThat(settings.analysis().reporting().window()).isEqualTo(Duration.ofHours(48));
    assertThat(settings.analysis().reporting().mutes())
        .extracting(Mute::pattern)
        .containsExactly("disk_usage#*", "cpu_*");
    assertThat(settings.analysis().reading().historyPoints()).isEqualTo(500);
    assertThat(settings.analysis().judging().thresholds())
        .containsEntry(QUEUE_DEPTH, Threshold.above(1_000).sustainedFor(Duration.ofMinutes(5)))
        .containsEntry(
            MetricType.CPU_UTILIZATION,
            Threshold.above(70).criticalAbove(95).sustainedFor(Duration.ofMinutes(10)))
        .containsKey(MetricType.DISK_USAGE);
    assertThat(settings.analysis().judging().capacities()).containsEntry(QUEUE_DEPTH, 5_000.0);
    assertThat(settings.collectors()).containsEntry("synthetic", Map.of("instances", "3"));
  }

  @Test
  void tellsEveryMistakeAtOnce() {
    Map<String, String> environment = new HashMap<>();
    environment.put("INFRAMETRICS_BUKET", "metrics");
    environment.put("INFRAMETRICS_PERIOD", "3h");
    environment.put("INFRAMETRICS_DIMENSION_POLICY", "each");
    environment.put("INFRAMETRICS_COLLECTOR_QUEUES_URL", "x");

    assertThatThrownBy(() -> FunctionSettings.of(environment, Clock.systemUTC()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("INFRAMETRICS_BUCKET is missing: give the name of the S3 bucket")
        .hasMessageContaining("INFRAMETRICS_TABLE is missing: give the name of the DynamoDB table")
        .hasMessageContaining(
            "INFRAMETRICS_PERIOD is '3h': use a positive ISO-8601 duration such as PT5M")
        .hasMessageContaining(
            "INFRAMETRICS_DIMENSION_POLICY is 'each': use one of [fleet, instance, both]")
        .hasMessageContaining(
            "INFRAMETRICS_COLLECTOR_QUEUES_URL does not belong to a chosen source:"
                + " INFRAMETRICS_SOURCE names []")
        .hasMessageContaining(
            "the installation has no setting INFRAMETRICS_BUKET: remove or correct it")
        .satisfies(e -> assertThat(e.getMessage()).containsOnlyOnce("INFRAMETRICS_PERIOD"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          INFRAMETRICS_SERIES_BUDGET  | 0          | use a whole number from 1 to 100000
          INFRAMETRICS_PUBLISH        | OTLP       | INFRAMETRICS_PUBLISH is 'OTLP': use one of [classic, otlp, both]
          INFRAMETRICS_RETENTION      | PT23H      | INFRAMETRICS_RETENTION is 'PT23H': use P1D to P36500D
          INFRAMETRICS_RETENTION      | P36501D    | use P1D to P36500D
          INFRAMETRICS_NAMESPACE      | AWS/Ours   | INFRAMETRICS_NAMESPACE: namespace 'AWS/Ours' is not valid
          INFRAMETRICS_STACK          | prüfung    | INFRAMETRICS_STACK: a fixed dimension is not valid: value 'prüfung'
          INFRAMETRICS_LOOK_BEHIND    | -PT5M      | INFRAMETRICS_LOOK_BEHIND is '-PT5M': use an ISO-8601 duration such as PT30M, or PT0S
          INFRAMETRICS_MAX_WINDOW     | PT1H       | the maximum window PT1H is shorter than the period PT3H
          INFRAMETRICS_HISTORY_POINTS | 1          | use a whole number from 2 to 100000
          INFRAMETRICS_TIME_ZONE      | Mars/Base1 | INFRAMETRICS_TIME_ZONE is 'Mars/Base1': use the name of a time zone with its summer time, such as Europe/Berlin, or UTC
          INFRAMETRICS_TIME_ZONE      | +02:00     | INFRAMETRICS_TIME_ZONE is '+02:00': use the name of a time zone
          INFRAMETRICS_MUTE           | disk_usage | INFRAMETRICS_MUTE is 'disk_usage': use a list of SERIES@FROM/UNTIL, the earlier time first, such as disk_usage#build-*@2026-02-19T22:00Z/2026-02-20T06:00Z; 'disk_usage' is not a valid entry
          INFRAMETRICS_KEY_LAYOUT     | flat       | use one of [dated, hive]
          INFRAMETRICS_THRESHOLDS     | CPU=3      | 'CPU=3' is not a valid entry
          INFRAMETRICS_THRESHOLDS     | cpu        | 'cpu' is not a valid entry
          INFRAMETRICS_SUSTAINED      | cpu_utilization=15 | such as queue_depth=PT5M,cpu_utilization=PT15M; 'cpu_utilization=15' is not a valid entry
          INFRAMETRICS_SUSTAINED      | cpu_utilization=PT-1S | 'cpu_utilization=PT-1S' is not a valid entry
          INFRAMETRICS_SUSTAINED      | queue_depth=PT5M | 'queue_depth', which has no threshold: add it to INFRAMETRICS_THRESHOLDS
          INFRAMETRICS_CAPACITIES     | disk_usage=-1 | 'disk_usage=-1' is not a valid entry
          """)
  void rejectsAnInvalidValue(String name, String value, String message) {
    assertThatThrownBy(() -> read(name, value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void makesTheCollectorsOfTheChosenSource() {
    CollectorRegistry registry =
        read("INFRAMETRICS_SOURCE", "synthetic").discover(loader(), Clock.systemUTC());

    assertThat(registry.types()).containsAll(MetricType.builtIn());
  }

  @Test
  void asksForASourceWhereOneIsNeeded() {
    assertThatThrownBy(() -> read().discover(loader(), Clock.systemUTC()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("INFRAMETRICS_SOURCE is missing: name one or more of [")
        .hasMessageContaining("synthetic");
  }

  @Test
  void givesAVariableToTheSourceWithTheLongestName() {
    FunctionSettings settings =
        read(
            "INFRAMETRICS_SOURCE", "queues,queues_eu",
            "INFRAMETRICS_COLLECTOR_QUEUES_EU_URL", "a",
            "INFRAMETRICS_COLLECTOR_QUEUES_URL", "b");

    assertThat(settings.collectors())
        .isEqualTo(Map.of("queues_eu", Map.of("url", "a"), "queues", Map.of("url", "b")));
  }

  private static ClassLoader loader() {
    return FunctionSettingsTest.class.getClassLoader();
  }

  private static FunctionSettings read(String... more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("INFRAMETRICS_BUCKET", "metrics");
    environment.put("INFRAMETRICS_TABLE", "records");
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return FunctionSettings.of(environment, Clock.systemUTC());
  }
}
