/**
 * Names of what is stored: {@link io.inframetrics.naming.ObjectKeys} names raw files, {@link
 * io.inframetrics.naming.QuarantineKeys} rejected lines; {@link io.inframetrics.metric.SeriesId}
 * and {@link io.inframetrics.metric.MetricId} identify records.
 */
@NullMarked
package io.inframetrics.naming;

import org.jspecify.annotations.NullMarked;
