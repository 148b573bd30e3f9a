/**
 * The ports: what the pipeline asks of the world, implemented by the modules under {@code sinks/}.
 *
 * <ul>
 *   <li>Writers: {@link io.inframetrics.sink.RawMetricSink} (files), {@link
 *       io.inframetrics.sink.MetricRecordSink} (records), {@link
 *       io.inframetrics.sink.MetricPublisher} (data points), {@link io.inframetrics.sink.Notifier}.
 *   <li>Readers: {@link io.inframetrics.sink.RawMetricSource}, {@link
 *       io.inframetrics.sink.MetricHistory}.
 *   <li>Memory: {@link io.inframetrics.sink.RunLedger} (what was processed, how far each type is
 *       collected, what each analysis found), {@link io.inframetrics.sink.DocumentStore}
 *       (quarantine, reports).
 * </ul>
 *
 * <p>What holds for every port. Implementations are safe to use from several threads. Every write
 * is safe to repeat. A sink retries what may heal by itself, shortly and within the {@link
 * io.inframetrics.time.Deadline} that it is given; what is left after that comes back as data in a
 * {@link io.inframetrics.sink.WriteResult}, or, when nothing useful happened, as {@link
 * io.inframetrics.pipeline.RetryableFailureException} if trying later may help and as any other
 * unchecked exception, with a message that says what to mend, if it cannot. The test kit has a
 * contract to subclass for each port.
 */
@NullMarked
package io.inframetrics.sink;

import org.jspecify.annotations.NullMarked;
