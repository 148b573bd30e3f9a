package io.inframetrics.testkit.memory;

import io.inframetrics.metric.Metric;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.WriteResult.Failed;
import io.inframetrics.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Publishes into a list; what is published twice is in it twice. Thread-safe. */
public final class InMemoryPublisher implements MetricPublisher {

  private final List<Metric> published = new ArrayList<>();
  private final Refusals rejected = new Refusals();
  private final Faults faults;

  public InMemoryPublisher() {
    this(new Faults());
  }

  /** A planned failure is answered as one retryable item. */
  public InMemoryPublisher(Faults faults) {
    this.faults = faults;
  }

  /** Rejects the metrics of {@code which} from now on, for {@code reason}. */
  public void reject(Predicate<Metric> which, String reason) {
    rejected.add(which, Integer.MAX_VALUE, reason);
  }

  @Override
  public WriteResult publish(Batches metrics, Deadline deadline) {
    try {
      return faults.around(Operation.PUBLISH, () -> take(metrics));
    } catch (RuntimeException e) {
      // A publisher never throws: its answer reports every failure.
      return new WriteResult(0, 0, List.of(), List.of(new Failed("points", e.toString())));
    }
  }

  private WriteResult take(Batches metrics) {
    List<Metric> accepted = new ArrayList<>();
    List<Failed> refused = new ArrayList<>();
    metrics.forEach(
        batch -> {
          for (Metric metric : batch) {
            Failed rejection = rejected.refusal(metric);
            if (rejection == null) {
              accepted.add(metric);
            } else {
              refused.add(rejection);
            }
          }
        });
    synchronized (published) {
      published.addAll(accepted);
    }
    return new WriteResult(accepted.size(), 0, refused, List.of());
  }

  public List<Metric> published() {
    synchronized (published) {
      return List.copyOf(published);
    }
  }
}
