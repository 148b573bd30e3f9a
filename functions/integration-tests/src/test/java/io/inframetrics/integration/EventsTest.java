package io.inframetrics.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.aws.AwsClients;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.functions.FunctionSettings;
import io.inframetrics.functions.FunctionsContext;
import io.inframetrics.functions.VerbBeans;
import io.inframetrics.functions.VerbMetrics;
import io.inframetrics.functions.aws.AwsStores;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.naming.ObjectKeys;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Events as S3 sends them, through the bean of Lambda into the real sinks: twice, in any order, of
 * keys that are encoded in one shape and not in the other.
 */
@Timeout(120)
class EventsTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final List<String> KEYS =
      List.of(
          RawFile.KEY,
          "raw-metrics/2026/02/19/by hand/metrics-cpu_utilization-1771500463.json",
          "raw-metrics/a+b/metrics-cpu_utilization-1771500463.json",
          "raw-metrics/100%25/metrics-cpu_utilization-1771500463.json",
          "raw-metrics/größe/東京-\uD83D\uDE80/metrics-cpu_utilization-1771500463.json");

  @Test
  void filesAreProcessedOnceHoweverTheyAreAnnounced() {
    Installed installed = Installed.fresh();
    RawFile file = new RawFile(3, 4);
    KEYS.forEach(key -> file.land(installed, key));
    List<String> events = new ArrayList<>();
    for (String key : KEYS) {
      events.add(notification(key));
      events.add(notification(key));
      events.add(eventBridge(key));
    }
    Collections.shuffle(events, new Random(4));
    ExecutorService threads = Executors.newCachedThreadPool();
    try (AwsStores stores = stores(installed);
        FunctionsContext functions = functions(stores, threads)) {
      for (String event : events) {
        JsonNode answer = JSON.readTree(functions.call("process", event));
        assertThat(answer.path("files_processed").asInt(0)).as(event).isEqualTo(1);
        assertThat(answer.path("metrics_processed").asInt(0)).as(event).isEqualTo(12);
        assertThat(answer.path("metrics_failed").asInt(0)).as(event).isEqualTo(2);
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(installed.points(Fleet.TYPE)).isEqualTo(new Fleet(3, 4).answer(1));
    assertThat(installed.ledger().processed(KEYS, Deadlines.never()))
        .containsOnlyKeys(KEYS)
        .allSatisfy((key, mark) -> assertThat(mark.accepted()).isEqualTo(12));
    assertThat(installed.objects("quarantine/").keySet())
        .containsExactlyInAnyOrderElementsOf(
            KEYS.stream()
                .flatMap(key -> List.of("quarantine/" + key, reasons(key)).stream())
                .collect(Collectors.toList()));
    assertThat(installed.objects("raw-metrics/").keySet())
        .containsExactlyInAnyOrderElementsOf(KEYS);
  }

  private static String reasons(String key) {
    return "quarantine/" + key + ".reasons.json";
  }

  /** The key is encoded as in a form: a space is a plus, a plus is not. */
  private static String notification(String key) {
    return JSON.writeValueAsString(
        Map.of(
            "Records",
            List.of(
                Map.of(
                    "eventSource",
                    "aws:s3",
                    "eventName",
                    "ObjectCreated:Put",
                    "s3",
                    Map.of(
                        "object",
                        Map.of(
                            "key",
                            URLEncoder.encode(key, StandardCharsets.UTF_8)
                                .replace("%2F", "/")))))));
  }

  /** The key is as it is. */
  private static String eventBridge(String key) {
    return JSON.writeValueAsString(
        Map.of(
            "source",
            "aws.s3",
            "detail-type",
            "Object Created",
            "detail",
            Map.of("object", Map.of("key", key))));
  }

  private static AwsStores stores(Installed installed) {
    Map<String, String> environment = new HashMap<>(StandIns.environment());
    environment.put("INFRAMETRICS_BUCKET", installed.bucket());
    environment.put("INFRAMETRICS_TABLE", installed.table());
    return new AwsStores(
        FunctionSettings.of(environment, StandIns.CLOCK),
        () -> AwsClients.fromEnvironment(environment),
        StandIns.CLOCK);
  }

  private static FunctionsContext functions(AwsStores stores, ExecutorService threads) {
    FunctionSettings defaults =
        FunctionSettings.of(
            Map.of("INFRAMETRICS_BUCKET", "b", "INFRAMETRICS_TABLE", "t"), StandIns.CLOCK);
    return FunctionsContext.start(
        new VerbBeans(
            stores,
            CollectorRegistry.of(List.of()),
            new AnyKeys(),
            defaults.schedule(),
            defaults.analysis(),
            threads,
            VerbMetrics.NONE,
            StandIns.CLOCK));
  }

  /** A team's naming, which takes any key for one of a file of the sample run. */
  private static final class AnyKeys implements ObjectKeys {

    @Override
    public String key(MetricType type, CollectionRun run) {
      return PREFIX + type + ".json";
    }

    @Override
    public List<String> dayPrefixes(LocalDate day, List<MetricType> types) {
      return List.of(PREFIX);
    }

    @Override
    public Optional<RawFile> parse(String key) {
      return Optional.of(new RawFile(Fleet.TYPE, SampleMetrics.RUN.observedAt()));
    }
  }
}
