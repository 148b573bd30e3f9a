package io.inframetrics.sink.cloudwatch;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.PublishOutcome;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.time.Deadline;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/**
 * Publishes metrics to CloudWatch. Each request is tried once, because CloudWatch counts a repeated
 * request twice; a failed one does not stop those after it. Observations that CloudWatch would
 * reject are rejected one by one before they are sent.
 *
 * <p>The result counts observations: each is written or failed once; under {@link
 * DimensionPolicy#BOTH} its series decides. Of each kind the first {@value
 * PublishOutcome#MAX_NAMED} failures are named, a whole datum counting as one; the rest are one
 * item.
 *
 * <p>Thread-safe. Never throws, except errors of the JVM.
 */
public final class CloudWatchMetricPublisher implements MetricPublisher {

  private static final Logger LOG = LoggerFactory.getLogger(CloudWatchMetricPublisher.class);

  private final CloudWatchClient client;
  private final CloudWatchSettings settings;
  private final AwsCalls calls;
  private final Clock clock;

  /**
   * A publisher with this client and these settings.
   *
   * @param client closed by the caller; its own retries must be off
   * @param settings what is published
   * @param calls log and limit each request
   * @param clock decides what lies in CloudWatch's time window
   */
  public CloudWatchMetricPublisher(
      CloudWatchClient client, CloudWatchSettings settings, AwsCalls calls, Clock clock) {
    this.client = client;
    this.settings = settings;
    this.calls = calls;
    this.clock = clock;
  }

  @Override
  public WriteResult publish(Batches metrics, Deadline deadline) {
    PublishOutcome outcome = new PublishOutcome();
    try {
      publish(metrics, deadline, outcome);
    } catch (StopReadingException e) {
      outcome.deadlinePassed(deadline);
    } catch (RuntimeException e) {
      // A publisher never throws: every failure is part of its result.
      LOG.warn("some metrics could not be read", e);
      outcome.unreadable(e);
    }
    return outcome.result();
  }

  private void publish(Batches metrics, Deadline deadline, PublishOutcome outcome) {
    DimensionPolicy policy = settings.policy();
    boolean instances = policy.hasInstances();
    if (instances) {
      SeriesBudget budget = new SeriesBudget(settings.seriesBudget());
      if (budget.isExceededBy(untilDeadline(metrics, deadline))) {
        outcome.rejected(PublishOutcome.ALL, budget.refusal(), 1);
        instances = false;
      }
    }
    if (!instances && !policy.hasFleet()) {
      return;
    }
    Requests requests = new Requests(client, settings.namespace(), calls, deadline, outcome);
    Publication publication = new Publication(settings, instances, requests, outcome, clock);
    try {
      untilDeadline(metrics, deadline).forEach(publication::add);
    } finally {
      // What was read is valid, whatever happened to the rest.
      publication.finish();
    }
  }

  private static Batches untilDeadline(Batches metrics, Deadline deadline) {
    return consumer ->
        metrics.forEach(
            batch -> {
              if (!batch.isEmpty() && deadline.hasPassed()) {
                throw new StopReadingException();
              }
              consumer.accept(batch);
            });
  }

  /** Stops the caller that pushes batches. */
  static final class StopReadingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StopReadingException() {
      super("no more batches are needed", null, false, false);
    }
  }
}
