package io.inframetrics.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.aws.CallSettings;
import io.inframetrics.pipeline.collect.CollectMetrics;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.pipeline.collect.CollectionResult.Status;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.aws.FaultPlan;
import io.inframetrics.testkit.aws.ProxiedRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many requests a whole collection makes, beside the fewest that the services allow. */
@Timeout(120)
class CallCountsTest {

  private final FaultPlan plan = FaultPlan.passing();
  private final Installed installed = Installed.fresh();

  @Test
  void fourThousandSeriesWithOnePointEach() {
    seriesWithOnePointEach(4_000);
  }

  @Test
  @Tag("soak")
  void tenThousandSeriesWithOnePointEach() {
    seriesWithOnePointEach(10_000);
  }

  private void seriesWithOnePointEach(int series) {
    long items = series / 25;
    long batches = (series + 4_999) / 5_000;
    Fleet fleet = new Fleet(series, 1);
    try (Wire wire = new Wire(plan)) {
      Pipeline pipeline = pipeline(wire);
      Map<String, Long> first = calls(pipeline, fleet, "run-0", -10_800);
      Map<String, Long> next = calls(pipeline, fleet, "run-1", 0);

      // 25 items a call, a file that fits into a part, a datum's 150 values for most of the fleet;
      // how far the type is collected is read and moved on, and each batch of 5,000 reads what is
      // packed of its series.
      Map<String, Long> fewest =
          Map.of(
              "s3 PutObject", 1L,
              "dynamodb BatchWriteItem", items,
              "dynamodb BatchGetItem", 1 + batches,
              "dynamodb UpdateItem", 1L,
              "cloudwatch PutMetricData", 1L);
      assertThat(next).isEqualTo(fewest);
      // Series that are new this week are listed: the list is read once, and each batch of
      // 5,000 adds to its 16 parts.
      assertThat(first)
          .isEqualTo(
              Map.of(
                  "s3 PutObject",
                  1L,
                  "dynamodb BatchWriteItem",
                  items,
                  "dynamodb BatchGetItem",
                  2 + batches,
                  "dynamodb UpdateItem",
                  1 + 16 * batches,
                  "cloudwatch PutMetricData",
                  1L));
    }
  }

  @Test
  void aThousandSeriesWithThirtySixPointsEach() {
    Fleet fleet = new Fleet(1_000, 36);
    try (Wire wire = new Wire(plan)) {
      Pipeline pipeline = pipeline(wire);
      Map<String, Long> first = calls(pipeline, fleet, "run-0", -10_800);
      Map<String, Long> next = calls(pipeline, fleet, "run-1", 0);
      // The file has 9 MB: two parts, after a look whether the key is free. It is read back twice,
      // for records and for data points, since memory keeps 10,000 observations. Each of eight
      // batches reads what is packed of its series.
      Map<String, Long> fewest =
          Map.of(
              "s3 HeadObject", 1L,
              "s3 CreateMultipartUpload", 1L,
              "s3 UploadPart", 2L,
              "s3 CompleteMultipartUpload", 1L,
              "s3 GetObject", 2L,
              "dynamodb BatchWriteItem", 40L,
              "dynamodb BatchGetItem", 9L,
              "dynamodb UpdateItem", 1L,
              "cloudwatch PutMetricData", 1L);
      assertThat(next).isEqualTo(fewest);
      // The list of series is read once, and each of eight batches adds to one of its parts.
      Map<String, Long> listing = new TreeMap<>(fewest);
      listing.put("dynamodb BatchGetItem", 10L);
      listing.put("dynamodb UpdateItem", 9L);
      assertThat(first).isEqualTo(listing);
    }
  }

  private Pipeline pipeline(Wire wire) {
    return new Pipeline(
        wire.clients(), StandIns.calls(CallSettings.DEFAULTS), installed, Runnable::run);
  }

  private Map<String, Long> calls(Pipeline pipeline, Fleet fleet, String runId, long seconds) {
    int before = plan.count();
    Instant observedAt = SampleMetrics.RUN.observedAt().plusSeconds(seconds);
    CollectionResult result =
        pipeline
            .collect(fleet)
            .collect(new CollectMetrics.Request(null, runId, observedAt, null), Deadlines.never());
    assertThat(result.status()).as("%s", result.failures()).isEqualTo(Status.COLLECTED);
    List<ProxiedRequest> requests = plan.requests();
    return requests.subList(before, requests.size()).stream()
        .collect(
            Collectors.groupingBy(CallCountsTest::operation, TreeMap::new, Collectors.counting()));
  }

  private static String operation(ProxiedRequest request) {
    String operation =
        switch (request.service()) {
          case "dynamodb" -> request.target().substring(request.target().indexOf('.') + 1);
          case "cloudwatch" -> request.path().substring(request.path().lastIndexOf('/') + 1);
          default -> ofS3(request);
        };
    return request.service() + " " + operation;
  }

  private static String ofS3(ProxiedRequest request) {
    boolean ofUpload = request.path().contains("uploadId=");
    return switch (request.method()) {
      case "HEAD" -> "HeadObject";
      case "GET" -> "GetObject";
      case "POST" -> ofUpload ? "CompleteMultipartUpload" : "CreateMultipartUpload";
      case "PUT" -> ofUpload ? "UploadPart" : "PutObject";
      default -> request.method() + " " + request.path();
    };
  }
}
