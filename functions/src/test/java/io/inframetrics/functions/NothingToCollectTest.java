package io.inframetrics.functions;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.functions.payload.CollectResponse;
import io.inframetrics.functions.payload.Payloads;
import io.inframetrics.metric.MetricType;
import io.inframetrics.naming.DatedObjectKeys;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.pipeline.collect.CollectionSchedule;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.memory.InMemoryStores;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The beans of an installation whose source finds nothing, and observations pushed to it. */
class NothingToCollectTest {

  private static final String NOTE = "no instance matches: set tags";

  private final InMemoryStores stores = new InMemoryStores();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final FunctionsContext functions =
      FunctionsContext.start(
          new VerbBeans(
              stores,
              CollectorRegistry.of(
                  MetricType.builtIn().stream().<MetricCollector>map(Empty::new).toList()),
              new DatedObjectKeys(),
              CollectionSchedule.DEFAULTS,
              AnalysisSettings.DEFAULTS,
              threads,
              VerbMetrics.NONE,
              ManualClock.at(SampleMetrics.RUN.observedAt())));

  @AfterEach
  void close() {
    functions.close();
    threads.shutdownNow();
  }

  private record Empty(MetricType type) implements MetricCollector {

    @Override
    public void collect(CollectionRequest request, MetricConsumer consumer) {
      consumer.note(NOTE);
    }
  }

  private JsonNode call(String function, String json) {
    return Payloads.JSON.readTree(functions.call(function, json));
  }

  private String collections() {
    return MetricType.builtIn().stream()
        .map(
            type ->
                functions.call(
                    "collect", "{\"run_id\":\"run-1\",\"metric_type\":\"%s\"}".formatted(type)))
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Test
  void eachBranchAnswersCollectedWithoutAnObjectAndTheRunIsDegraded() {
    assertThat(call("collect", "{\"run_id\":\"run-1\",\"metric_type\":\"cpu_utilization\"}"))
        .isEqualTo(
            Payloads.JSON.readTree(
                """
                {"metric_type":"cpu_utilization","run_id":"run-1","observed_at":"2026-02-19T11:27:43Z",
                 "status":"COLLECTED","metric_count":0,"objects":[],"sink_failures":[],"notes":["%s"]}
                """
                    .formatted(NOTE)));
    assertThat(stores.rawMetrics().keys()).isEmpty();

    String collections = collections();
    JsonNode health =
        call("healthCheck", "{\"run_id\":\"run-1\",\"collections\":%s}".formatted(collections));

    assertThat(health.path("status").stringValue()).isEqualTo("DEGRADED");
    assertThat(health.path("subject").stringValue())
        .isEqualTo("InfraMetrics DEGRADED: nothing to collect, run run-1");
    assertThat(health.path("summary").stringValue())
        .contains("NOT OK collected: 4 of 4 branches complete", "nothing to collect")
        .containsOnlyOnce("note: " + NOTE);
    for (String analysis : new String[] {"anomalies", "forecast"}) {
      JsonNode analyzed =
          call(
              "analyze",
              "{\"analysis\":\"%s\",\"run_id\":\"run-1\",\"collections\":%s}"
                  .formatted(analysis, collections));
      assertThat(analyzed.path("findings")).isEmpty();
    }
  }

  @Test
  void nothingNewTravelsInTheAnswerAndIsHealthy() {
    String nothingNew =
        """
        {"metric_type":"cpu_utilization","run_id":"run-1","observed_at":"2026-02-19T11:27:43Z",
         "status":"COLLECTED","metric_count":0,"objects":[],"sink_failures":[],
         "notes":["nothing new of cpu_utilization since 2026-02-19T11:22:43Z"],"nothing_new":true}
        """;
    String nothingMatches = collections().replaceFirst("^\\[", "[" + nothingNew + ",");

    for (String collections : new String[] {"[" + nothingNew + "]", nothingMatches}) {
      JsonNode health =
          call("healthCheck", "{\"run_id\":\"run-1\",\"collections\":%s}".formatted(collections));

      assertThat(health.path("status").stringValue()).isEqualTo("HEALTHY");
      assertThat(health.path("subject").stringValue())
          .isEqualTo("InfraMetrics HEALTHY: nothing new, run run-1");
    }
    JsonNode written =
        Payloads.JSON.valueToTree(
            CollectResponse.of(
                new CollectionResult(
                    "cpu_utilization",
                    "run-1",
                    Instant.parse("2026-02-19T11:27:43Z"),
                    null,
                    CollectionResult.Status.COLLECTED,
                    List.of(),
                    List.of(),
                    List.of("nothing new of cpu_utilization since 2026-02-19T11:22:43Z"),
                    true,
                    null)));
    assertThat(Payloads.JSON.readTree(written.toString()))
        .isEqualTo(Payloads.JSON.readTree(nothingNew));
  }

  @Test
  void observationsInTheEventAreStoredInPlaceOfTheCollectors() {
    JsonNode answer =
        call(
            "collect",
            """
            {"run_id":"push-1","metric_type":"queue_depth","metrics":[
              {"instance_id":"orders","timestamp":1771500000,"value":7,"unit":"Count","region":"eu-west-1"},
              {"instance_id":"orders","timestamp":1771500060,"value":"many","unit":"Count","region":"eu-west-1"}]}
            """);

    assertThat(answer.path("status").stringValue()).isEqualTo("PARTIAL");
    assertThat(answer.path("metric_count").intValue()).isEqualTo(1);
    assertThat(answer.path("objects").path(0).path("key").stringValue())
        .isEqualTo("raw-metrics/2026/02/19/metrics-queue_depth-1771500463.json");
    assertThat(answer.at("/sink_failures/0/reason").stringValue())
        .contains("1 observation rejected", "many");
    assertThat(stores.records().metrics()).hasSize(1);
  }
}
