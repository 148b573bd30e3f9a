/**
 * Values beyond a fixed limit: {@link io.inframetrics.detect.threshold.ThresholdDetector} with a
 * {@link io.inframetrics.detect.threshold.Threshold} for each metric type.
 */
@NullMarked
package io.inframetrics.detect.threshold;

import org.jspecify.annotations.NullMarked;
