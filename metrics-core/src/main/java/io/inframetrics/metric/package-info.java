/**
 * What is measured: {@link io.inframetrics.metric.Metric} is one value of one {@link
 * io.inframetrics.metric.Series} at one instant, collected by one {@link
 * io.inframetrics.metric.CollectionRun}.
 *
 * <p>Everything here is immutable, complete at construction and safe to share between threads.
 */
@NullMarked
package io.inframetrics.metric;

import org.jspecify.annotations.NullMarked;
