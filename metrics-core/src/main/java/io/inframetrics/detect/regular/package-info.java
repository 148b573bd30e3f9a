/**
 * Finds the regular jobs of a series, such as a weekly backup, so that they are normal and their
 * absence is not. Internal: {@code AnalyzeMetrics} puts it together with the other detectors.
 *
 * @hidden
 */
@NullMarked
package io.inframetrics.detect.regular;

import org.jspecify.annotations.NullMarked;
