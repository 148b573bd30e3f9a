package io.inframetrics.functions.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.detect.Severity;
import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.pipeline.collect.CollectionResult.Failure;
import io.inframetrics.pipeline.collect.CollectionResult.Status;
import io.inframetrics.pipeline.process.ProcessRawMetrics;
import io.inframetrics.pipeline.report.ComposeReport;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EmbeddedMetricsTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final EmbeddedMetrics metrics =
      new EmbeddedMetrics(
          "InfraMetrics",
          "prod",
          new PrintStream(out, false, StandardCharsets.UTF_8),
          ManualClock.at(SampleMetrics.RUN.observedAt()));

  @Test
  void tellsWhatWasCollected() {
    collected();

    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"_aws":{"Timestamp":1771500463000,"CloudWatchMetrics":[{"Namespace":"InfraMetrics","Dimensions":[["Stack"]],\
            "Metrics":[{"Name":"MetricsCollected","Unit":"Count"},{"Name":"SinkFailures","Unit":"Count"},{"Name":"LastSuccessAge","Unit":"Seconds"}]}]},\
            "Stack":"prod","MetricsCollected":40,"SinkFailures":1,"LastSuccessAge":90,"metric_type":"all","run_id":"%s"}
            """
                .formatted(SampleMetrics.RUN.runId()));
  }

  @Test
  void hasEightMetricsAndNoMore() {
    collected();
    metrics.processed(new ProcessRawMetrics.Result(1, 39, 1, List.of("q"), List.of()));
    metrics.analyzed(new AnalyzeMetrics.Result("anomalies", List.of(), "reports/r.json", "none"));
    reported();

    Set<String> names = new TreeSet<>();
    for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
      JsonNode json = JsonMapper.shared().readTree(line);
      JsonNode directive = json.path("_aws").path("CloudWatchMetrics").get(0);
      assertThat(directive.path("Dimensions").toString()).isEqualTo("[[\"Stack\"]]");
      for (JsonNode metric : directive.path("Metrics")) {
        names.add(metric.path("Name").asString());
        assertThat(json.path(metric.path("Name").asString()).isNumber()).isTrue();
      }
    }
    assertThat(names).hasSize(EmbeddedMetrics.COUNT).hasSize(EmbeddedMetrics.Name.values().length);
  }

  @Test
  void tellsHowManyFindingsAreOpenBySeverity() {
    reported();

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("\"Stack\":\"prod\",\"OpenCriticalFindings\":2,\"OpenWarningFindings\":0,")
        .endsWith("\"analysis\":\"report\"}\n");
  }

  private void reported() {
    metrics.reported(
        new ComposeReport.Result(
            "subject",
            "summary",
            Severity.CRITICAL,
            true,
            1,
            "reports/r.json",
            Map.of(Severity.CRITICAL, 2L)));
  }

  private void collected() {
    metrics.collected(
        new CollectionResult(
            "all",
            SampleMetrics.RUN.runId(),
            SampleMetrics.RUN.observedAt(),
            SampleMetrics.RUN.observedAt().minusSeconds(90),
            Status.PARTIAL,
            List.of(new CollectedObject("key", MetricType.CPU_UTILIZATION, 40)),
            List.of(Failure.ofLabel("data_points", "throttled")),
            null));
  }
}
