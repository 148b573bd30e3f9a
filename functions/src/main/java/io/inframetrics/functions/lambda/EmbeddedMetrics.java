package io.inframetrics.functions.lambda;

import io.inframetrics.detect.Severity;
import io.inframetrics.functions.VerbMetrics;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.pipeline.process.ProcessRawMetrics;
import io.inframetrics.pipeline.report.ComposeReport;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes the pipeline's own metrics as log lines that CloudWatch reads: no call, no permission. All
 * {@value #COUNT} have the stack as their only dimension, because each costs as much as any custom
 * metric. Thread-safe.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">Embedded
 *     metric format</a>
 */
public final class EmbeddedMetrics implements VerbMetrics {

  public static final int COUNT = 8;

  private final JsonFactory json = new JsonFactory();
  private final String namespace;
  private final String stack;
  private final PrintStream out;
  private final Clock clock;

  public enum Name {
    /** Observations that a run collected. */
    METRICS_COLLECTED("MetricsCollected", "Count"),
    /** What failed in a run, by sink. */
    SINK_FAILURES("SinkFailures", "Count"),
    /** From the end of the last window that was collected and stored to the end of this one. */
    LAST_SUCCESS_AGE("LastSuccessAge", "Seconds"),
    /** Raw files that became records. */
    FILES_PROCESSED("FilesProcessed", "Count"),
    /** Lines that went to quarantine. */
    METRICS_REJECTED("MetricsRejected", "Count"),
    /** Findings that are reported to people. */
    FINDINGS("Findings", "Count"),
    /** Critical findings in the report of a run, without those that are muted. */
    OPEN_CRITICAL_FINDINGS("OpenCriticalFindings", "Count"),
    /** The same of warnings. */
    OPEN_WARNING_FINDINGS("OpenWarningFindings", "Count");

    private final String label;
    private final String unit;

    Name(String label, String unit) {
      this.label = label;
      this.unit = unit;
    }

    public String label() {
      return label;
    }
  }

  /** Writes the metrics of one stack to {@code out}, which is standard output in Lambda. */
  public EmbeddedMetrics(String namespace, String stack, PrintStream out, Clock clock) {
    this.namespace = namespace;
    this.stack = stack;
    this.out = out;
    this.clock = clock;
  }

  @Override
  public void collected(CollectionResult result) {
    Map<Name, Long> values = new LinkedHashMap<>();
    values.put(Name.METRICS_COLLECTED, result.metricCount());
    values.put(Name.SINK_FAILURES, (long) result.failures().size());
    Instant since = Objects.requireNonNull(result.since());
    Instant observedAt = Objects.requireNonNull(result.observedAt());
    values.put(Name.LAST_SUCCESS_AGE, Duration.between(since, observedAt).toSeconds());
    String runId = Objects.requireNonNull(result.runId());
    write(values, Map.of("run_id", runId, "metric_type", result.metricType()));
  }

  @Override
  public void processed(ProcessRawMetrics.Result result) {
    Map<Name, Long> values = new LinkedHashMap<>();
    values.put(Name.FILES_PROCESSED, (long) result.filesProcessed());
    values.put(Name.METRICS_REJECTED, result.metricsFailed());
    write(values, Map.of());
  }

  @Override
  public void analyzed(AnalyzeMetrics.Result result) {
    write(
        Map.of(Name.FINDINGS, (long) result.findings().size()),
        Map.of("analysis", result.analysis()));
  }

  @Override
  public void reported(ComposeReport.Result result) {
    Map<Name, Long> values = new LinkedHashMap<>();
    values.put(Name.OPEN_CRITICAL_FINDINGS, result.findings(Severity.CRITICAL));
    values.put(Name.OPEN_WARNING_FINDINGS, result.findings(Severity.WARNING));
    write(values, Map.of("analysis", ComposeReport.REPORT));
  }

  private void write(Map<Name, Long> values, Map<String, String> fields) {
    StringWriter line = new StringWriter();
    try (JsonGenerator generator = json.createGenerator(ObjectWriteContext.empty(), line)) {
      generator.writeStartObject();
      generator.writeObjectPropertyStart("_aws");
      generator.writeNumberProperty("Timestamp", clock.millis());
      generator.writeArrayPropertyStart("CloudWatchMetrics");
      generator.writeStartObject();
      generator.writeStringProperty("Namespace", namespace);
      generator.writeArrayPropertyStart("Dimensions");
      generator.writeStartArray();
      generator.writeString("Stack");
      generator.writeEndArray();
      generator.writeEndArray();
      generator.writeArrayPropertyStart("Metrics");
      for (Name name : values.keySet()) {
        generator.writeStartObject();
        generator.writeStringProperty("Name", name.label);
        generator.writeStringProperty("Unit", name.unit);
        generator.writeEndObject();
      }
      generator.writeEndArray();
      generator.writeEndObject();
      generator.writeEndArray();
      generator.writeEndObject();
      generator.writeStringProperty("Stack", stack);
      values.forEach((name, value) -> generator.writeNumberProperty(name.label, value));
      new TreeMap<>(fields).forEach(generator::writeStringProperty);
      generator.writeEndObject();
    }
    byte[] bytes = line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    out.write(bytes, 0, bytes.length);
    out.flush();
  }
}
