package io.inframetrics.collect;

import io.inframetrics.metric.MetricType;
import java.time.Duration;

/**
 * Observes one metric type of any number of instances. This is what teams implement.
 *
 * <pre>{@code
 * public final class QueueDepthCollector implements MetricCollector {
 *   private static final MetricType QUEUE_DEPTH = new MetricType("queue_depth");
 *
 *   public MetricType type() {
 *     return QUEUE_DEPTH;
 *   }
 *
 *   public void collect(CollectionRequest request, MetricConsumer consumer) {
 *     for (Queue queue : queues) {
 *       Series series = Series.of(QUEUE_DEPTH, queue.name());
 *       for (Sample sample : queue.samples(request.since(), request.until())) {
 *         consumer.accept(
 *             new Observation(series, sample.time(), sample.depth(), MetricUnit.COUNT, region));
 *       }
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p><b>Window.</b> Push every observation that the source has in {@code (since, until]}, each with
 * its own time; windows of different runs may overlap, because identity is series and second. A
 * source that only knows the present pushes one observation at {@code until}. If there is nothing
 * to report, return without pushing.
 *
 * <p><b>Memory.</b> Push as you read; do not buffer. Batches are written while you collect.
 *
 * <p><b>Threads.</b> One instance is called by one thread at a time for one run, but by different
 * threads over time and, where runs overlap, for several runs at once: keep no state of a call in
 * fields. The consumer may only be used by the calling thread. Collectors of one run are called
 * concurrently and do not affect one another.
 *
 * <p><b>Deadline.</b> {@code request.deadline()} is when the answer must be complete. At that
 * moment the thread is interrupted and everything pushed so far is kept; use the deadline as the
 * timeout of your own calls so that you can say what is missing. A collector that ignores both is
 * abandoned, and its run is reported as partial.
 *
 * <p><b>Partial results.</b> Push what you have, then throw: it is written, the run is reported as
 * partial, and the next run asks for the same window again.
 *
 * <p><b>What to throw.</b> {@link io.inframetrics.pipeline.InvalidRequestException} when a retry
 * cannot help (a setting is wrong). Anything else, preferably {@link
 * io.inframetrics.pipeline.RetryableFailureException} with one clear sentence, counts as temporary,
 * and the workflow retries it after 10, 20 and 40 seconds. Do not retry for longer than a few
 * seconds yourself.
 *
 * <p><b>Bad values.</b> Push what the source said: an observation that is not finite or far from
 * the window is rejected alone, with its reason, and goes to quarantine. Pushing another type than
 * {@link #type()} is a programming error and fails the collector.
 *
 * <p>{@code MetricCollectorContract} of the test kit checks all of this.
 */
public interface MetricCollector {

  /** The type of every observation that this collector pushes; constant. */
  MetricType type();

  /** The name in messages, such as {@code host}; constant, preferably short. */
  default String name() {
    String name = getClass().getSimpleName();
    return name.isEmpty() ? getClass().getName() : name; // An anonymous class has no simple name.
  }

  /**
   * How far before the last collection's end the window starts, for a source whose observations
   * come late or are corrected; constant, zero by default. An observation that an earlier run
   * collected with the same value is dropped, so it is stored and published once.
   */
  default Duration lookBehind() {
    return Duration.ZERO;
  }

  /**
   * How far back the first collection of the type goes, for a source with a memory; constant, zero
   * by default. It is never less than one period, and never more than the longest window that is
   * set. Of several collectors of a type the longest counts.
   */
  default Duration firstWindow() {
    return Duration.ZERO;
  }

  /**
   * Pushes the observations of the window.
   *
   * @throws Exception as described above; {@link InterruptedException} when interrupted
   */
  void collect(CollectionRequest request, MetricConsumer consumer) throws Exception;
}
