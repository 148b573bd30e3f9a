/**
 * Every name that leaves the process, one small class each: {@link io.inframetrics.metric.SeriesId}
 * and {@link io.inframetrics.metric.MetricId} identify records, {@link
 * io.inframetrics.naming.ObjectKeys} names raw files, {@link io.inframetrics.naming.QuarantineKeys}
 * what was refused.
 */
@NullMarked
package io.inframetrics.naming;

import org.jspecify.annotations.NullMarked;
