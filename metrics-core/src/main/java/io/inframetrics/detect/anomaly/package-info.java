/**
 * What is unusual for a series, learned from its own past. {@link
 * io.inframetrics.detect.anomaly.AnomalyDetector} answers with findings for a history, {@link
 * io.inframetrics.detect.anomaly.AnomalyStream} with a score for each point as it comes; both
 * follow the same evidence.
 */
@NullMarked
package io.inframetrics.detect.anomaly;

import org.jspecify.annotations.NullMarked;
