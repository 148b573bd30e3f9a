package io.inframetrics.sink.cloudwatch;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.PublishOutcome;
import io.inframetrics.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricDataRequest;

/** Packs data into full requests and sends each once. Used by one thread. */
final class Requests {

  private static final Logger LOG = LoggerFactory.getLogger(Requests.class);

  private static final String OPERATION = "cloudwatch:PutMetricData";

  /**
   * Smaller requests are not compressed. A fleet's values rarely repeat and compress badly: for 66
   * KB, gzip takes four fifths of the CPU time that everything else takes, to save 45 KB of traffic
   * within a region, which is free.
   */
  static final int GZIP_FROM_BYTES = 128 << 10;

  /** What every datum contains: its map, and the names of its time and unit. */
  private static final int DATUM_BYTES =
      CborSize.MAP + CborSize.text("Timestamp") + CborSize.text("Unit");

  private static final int VALUE_NAME = CborSize.text("Value");
  private static final int VALUES_NAME = CborSize.text("Values");
  private static final int COUNTS_NAME = CborSize.text("Counts");

  private final CloudWatchClient client;
  private final String namespace;
  private final AwsCalls calls;
  private final Deadline deadline;
  private final PublishOutcome outcome;
  private final int emptyBytes;

  private List<MetricDatum> data = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private int bytes;

  Requests(
      CloudWatchClient client,
      String namespace,
      AwsCalls calls,
      Deadline deadline,
      PublishOutcome outcome) {
    this.client = client;
    this.namespace = namespace;
    this.calls = calls;
    this.deadline = deadline;
    this.outcome = outcome;
    this.emptyBytes =
        CborSize.MAP
            + CborSize.text("Namespace")
            + CborSize.text(namespace)
            + CborSize.text("MetricData")
            + CborSize.head(Limits.MAX_DATA);
    this.bytes = emptyBytes;
  }

  /**
   * Adds values of a metric and minute as one datum; sends the earlier data if there is no room.
   *
   * @param counts how often each value occurred
   */
  void add(ValueCounts minute, List<Double> values, List<Double> counts) {
    MetricIdentity identity = minute.identity();
    String unit = minute.unit().wireName();
    MetricDatum.Builder datum =
        MetricDatum.builder().metricName(identity.name()).timestamp(minute.minute()).unit(unit);
    if (!identity.dimensions().isEmpty()) {
      datum.dimensions(identity.dimensions());
    }
    int size =
        DATUM_BYTES
            + identity.bytes()
            + CborSize.time((double) minute.minute().getEpochSecond())
            + CborSize.text(unit);
    long points = counts.stream().mapToLong(Double::longValue).sum();
    if (points == 1) {
      datum.value(values.get(0));
      size += VALUE_NAME + CborSize.number(values.get(0));
    } else {
      datum.values(values);
      size += VALUES_NAME + CborSize.numbers(values);
    }
    if (points > values.size()) {
      datum.counts(counts);
      size += COUNTS_NAME + CborSize.numbers(counts);
    }
    if (data.size() == Limits.MAX_DATA || bytes + size > Limits.MAX_REQUEST_BYTES) {
      flush();
    }
    data.add(datum.build());
    parts.add(new Part(minute, points));
    bytes += size;
  }

  /** Bytes of the request so far, uncompressed; an upper bound, too high by two bytes at most. */
  int bytes() {
    return bytes;
  }

  void flush() {
    if (data.isEmpty()) {
      return;
    }
    List<MetricDatum> full = data;
    data = new ArrayList<>();
    LOG.debug("sending {} bytes before compression, MetricDatum entries: {}", bytes, full.size());
    bytes = emptyBytes;
    try {
      calls.once(
          OPERATION,
          deadline,
          limits ->
              client.putMetricData(
                  PutMetricDataRequest.builder()
                      .namespace(namespace)
                      .metricData(full)
                      .overrideConfiguration(
                          limits.toBuilder()
                              .compressionConfiguration(
                                  gzip -> gzip.minimumCompressionThresholdInBytes(GZIP_FROM_BYTES))
                              .build())
                      .build()));
      outcome.written(
          parts.stream().filter(part -> part.minute.counted()).mapToLong(Part::points).sum());
    } catch (AwsServiceException e) {
      // A failure that may heal has another type: this rejection is final.
      LOG.warn("CloudWatch rejected a request, MetricDatum entries: {}", full.size(), e);
      parts.forEach(part -> outcome.rejected(part.id(), reason(e), part.points));
    } catch (RuntimeException e) {
      LOG.warn("a request to CloudWatch failed, MetricDatum entries: {}", full.size(), e);
      parts.forEach(part -> outcome.retryable(part.id(), reason(e), part.points));
    }
    parts.clear();
  }

  private static String reason(RuntimeException e) {
    return e instanceof RetryableFailureException ? String.valueOf(e.getMessage()) : e.toString();
  }

  private record Part(ValueCounts minute, long points) {

    String id() {
      return minute.identity().id() + "#" + minute.minute().getEpochSecond();
    }
  }
}
