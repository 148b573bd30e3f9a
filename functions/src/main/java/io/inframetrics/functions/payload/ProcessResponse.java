package io.inframetrics.functions.payload;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.inframetrics.pipeline.process.ProcessRawMetrics;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer of {@code process}.
 *
 * @param filesProcessed raw files that are processed now
 * @param metricsProcessed observations that are records now
 * @param metricsFailed rejected lines
 * @param quarantined keys of the rejected lines
 * @param batchItemFailures messages that SQS must deliver again
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html">Partial
 *     batch responses</a>
 */
@JsonPropertyOrder({
  "files_processed",
  "metrics_processed",
  "metrics_failed",
  "quarantined",
  "batchItemFailures"
})
public record ProcessResponse(
    @JsonProperty("files_processed") int filesProcessed,
    @JsonProperty("metrics_processed") long metricsProcessed,
    @JsonProperty("metrics_failed") long metricsFailed,
    @JsonProperty("quarantined") List<String> quarantined,
    @JsonProperty("batchItemFailures") List<BatchItemFailure> batchItemFailures) {

  public static ProcessResponse of(ProcessRawMetrics.Result result, List<String> unreadable) {
    List<String> failed = new ArrayList<>(unreadable);
    failed.addAll(result.failedItemIds());
    return new ProcessResponse(
        result.filesProcessed(),
        result.metricsProcessed(),
        result.metricsFailed(),
        result.quarantined(),
        failed.stream().map(BatchItemFailure::new).toList());
  }

  public record BatchItemFailure(@JsonProperty("itemIdentifier") String itemIdentifier) {}
}
