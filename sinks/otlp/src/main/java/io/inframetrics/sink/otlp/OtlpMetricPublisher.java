package io.inframetrics.sink.otlp;

import io.inframetrics.aws.AwsCalls.Sleeper;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.HttpPosts;
import io.inframetrics.metric.Metric;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.PublishOutcome;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.time.Deadline;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes each metric as a data point of a gauge, by OTLP over HTTP, in the fewest requests. A
 * request is sent once, since it is not known what a second one does; only if the server says that
 * it is too busy (429), is it sent a second time, after the time that the server asks for, if that
 * is before the deadline. A failed request does not stop those after it. No redirect is followed,
 * and an answer that is not OTLP is a failure.
 *
 * <p>The result counts metrics: each is written or failed once. Of each kind the first {@value
 * PublishOutcome#MAX_NAMED} failures are named, the rest are one item. If a server rejects a part
 * of a request, it does not say which; that is one item with their number.
 *
 * <p>Thread-safe. Never throws, except errors of the JVM.
 */
public final class OtlpMetricPublisher implements MetricPublisher {

  private static final Logger LOG = LoggerFactory.getLogger(OtlpMetricPublisher.class);

  private final OtlpSettings settings;
  private final Sender sender;
  private final Clock clock;

  private OtlpMetricPublisher(
      OtlpSettings settings, HttpPosts posts, Sleeper sleeper, Clock clock) {
    this.settings = settings;
    this.sender = new Sender(settings, posts, sleeper, clock);
    this.clock = clock;
  }

  /** A publisher to any server, such as an OpenTelemetry Collector. */
  public static OtlpMetricPublisher to(OtlpSettings settings, Sleeper sleeper, Clock clock) {
    return new OtlpMetricPublisher(settings, HttpPosts.unsigned(), sleeper, clock);
  }

  /**
   * A publisher to CloudWatch, whose requests are signed. It needs the permission {@code
   * cloudwatch:PutMetricData}.
   *
   * @param clients closed by the caller
   * @param settings such as {@link OtlpSettings#toCloudWatch}
   */
  public static OtlpMetricPublisher toCloudWatch(
      AwsClients clients, OtlpSettings settings, Sleeper sleeper, Clock clock) {
    return new OtlpMetricPublisher(settings, clients.posts("monitoring"), sleeper, clock);
  }

  @Override
  public WriteResult publish(Batches metrics, Deadline deadline) {
    PublishOutcome outcome = new PublishOutcome();
    OpenRequest request = new OpenRequest(settings);
    Sending sending = full -> sender.send(full, request.contentType(), deadline, outcome);
    try {
      metrics.forEach(
          batch -> {
            if (!batch.isEmpty() && deadline.hasPassed()) {
              throw new DeadlinePassedException();
            }
            add(batch, clock.instant(), request, sending, outcome);
          });
    } catch (DeadlinePassedException e) {
      outcome.deadlinePassed(deadline);
    } catch (RuntimeException e) {
      // A publisher never throws: every failure is part of its result.
      LOG.warn("some metrics could not be read", e);
      outcome.unreadable(e);
    }
    // What was read is valid, whatever happened to the rest.
    if (!request.isEmpty()) {
      sending.send(request.take());
    }
    return outcome.result();
  }

  /** Sends a full request. */
  @FunctionalInterface
  interface Sending {
    void send(OpenRequest.Full request);
  }

  /** Adds what can be sent to {@code request}, and sends it whenever it is full. */
  static void add(
      List<Metric> batch,
      Instant clock,
      OpenRequest request,
      Sending sending,
      PublishOutcome outcome) {
    Instant now = clock.truncatedTo(ChronoUnit.SECONDS);
    Instant earliest = now.minus(Limits.MAX_AGE).plus(Limits.TIME_MARGIN);
    Instant latest = now.plus(Limits.MAX_AHEAD).minus(Limits.TIME_MARGIN);
    for (Metric metric : batch) {
      String refusal = refusal(metric, earliest, latest);
      if (refusal == null) {
        refusal = request.prepare(metric);
      }
      if (refusal != null) {
        outcome.rejected(metric.id(), refusal, 1);
        continue;
      }
      if (!request.hasRoomFor(metric)) {
        sending.send(request.take());
      }
      request.add(metric);
    }
  }

  private static @Nullable String refusal(Metric metric, Instant earliest, Instant latest) {
    Instant time = metric.timestamp();
    return time.isBefore(earliest) || time.isAfter(latest)
        ? "timestamp %s is out of range: CloudWatch accepts two weeks back to ten minutes ahead, and a margin of %d minute is kept at both ends"
            .formatted(time, Limits.TIME_MARGIN.toMinutes())
        : null;
  }

  /** Stops the caller that pushes batches. */
  private static final class DeadlinePassedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DeadlinePassedException() {
      super("no more batches are needed", null, false, false);
    }
  }
}
