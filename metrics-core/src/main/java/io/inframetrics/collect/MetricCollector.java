package io.inframetrics.collect;

import io.inframetrics.metric.MetricType;

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
 * its own time; windows may overlap from run to run, since identity is series and second. A source
 * that only knows the present pushes one observation at {@code until}. Nothing to report is a valid
 * answer: return without pushing.
 *
 * <p><b>Memory.</b> Push as you read; do not gather. Batches leave the process while you collect.
 *
 * <p><b>Threads.</b> One instance is called by one thread at a time for one run, but by different
 * threads over time and, where functions run side by side, for several runs at once: keep no state
 * of a call in fields. The consumer may only be used by the calling thread. Collectors of one run
 * are called concurrently and cannot see or harm one another.
 *
 * <p><b>Deadline.</b> {@code request.deadline()} is when the answer must be complete. At that
 * moment the thread is interrupted and whatever was pushed is kept; use the deadline as the timeout
 * of your own calls so that you can say what is missing. A collector that ignores both is
 * abandoned, and its run is reported as partial.
 *
 * <p><b>Partial results.</b> What was pushed before a failure is kept and written; the run is
 * reported as partial and the next run asks for the same window again. So push what you have, then
 * throw.
 *
 * <p><b>What to throw.</b> {@link io.inframetrics.pipeline.InvalidRequestException} when trying
 * again cannot help (a setting is wrong); anything else, best {@link
 * io.inframetrics.pipeline.RetryableFailureException} with one clear sentence, is taken as
 * something that may heal and is tried again by the workflow after 10, 20 and 40 seconds. Do not
 * retry for longer than a few seconds yourself.
 *
 * <p><b>Bad values.</b> Push what the source said: an observation that is not finite or far from
 * the window is refused alone, with its reason, and goes to quarantine. Pushing another type than
 * {@link #type()} is a mistake in the program and fails the collector.
 *
 * <p>{@code MetricCollectorContract} of the test kit checks all of this.
 */
public interface MetricCollector {

  /** The type of every observation that this collector pushes. Constant. */
  MetricType type();

  /** Names this collector in messages, such as {@code host}; constant, best short. */
  default String name() {
    String name = getClass().getSimpleName();
    return name.isEmpty() ? getClass().getName() : name; // An anonymous class has no simple name.
  }

  /**
   * Pushes the observations of the window.
   *
   * @throws Exception as said above; {@link InterruptedException} when told to stop
   */
  void collect(CollectionRequest request, MetricConsumer consumer) throws Exception;
}
