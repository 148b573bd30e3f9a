/**
 * The ports: the pipeline's storage and notifications, implemented by the modules under {@code
 * sinks/}.
 *
 * <ul>
 *   <li>Writers: {@link io.inframetrics.sink.RawMetricSink} (files), {@link
 *       io.inframetrics.sink.MetricRecordSink} (records), {@link
 *       io.inframetrics.sink.MetricPublisher} (data points), {@link io.inframetrics.sink.Notifier}.
 *   <li>Readers: {@link io.inframetrics.sink.RawMetricSource}, {@link
 *       io.inframetrics.sink.MetricHistory}.
 *   <li>State: {@link io.inframetrics.sink.RunLedger} (what was processed, how far each type is
 *       collected, what each analysis found), {@link io.inframetrics.sink.DocumentStore}
 *       (quarantine, reports).
 * </ul>
 *
 * <p>For every port: implementations are safe to use from several threads, and every write is safe
 * to repeat. A sink retries temporary failures itself, briefly and within the given {@link
 * io.inframetrics.time.Deadline}. What still fails is returned as data in a {@link
 * io.inframetrics.sink.WriteResult}. If nothing useful happened, the sink throws {@link
 * io.inframetrics.pipeline.RetryableFailureException} if a later try may help, or any other
 * unchecked exception, with a message that says what to fix, if it cannot. The test kit has a
 * contract to subclass for each port.
 */
@NullMarked
package io.inframetrics.sink;

import org.jspecify.annotations.NullMarked;
