/**
 * Detectors that say what the values of a series mean: pure functions, without clock, store or
 * thread.
 *
 * <p>Give the newest points of a series to a {@link io.inframetrics.detect.Detector} and get what
 * an operator should know about them:
 *
 * <pre>{@code
 * SeriesHistory history =
 *     new SeriesHistory(Series.of(MetricType.DISK_USAGE, "i-0abc"), MetricUnit.PERCENT, points);
 * Detector detector = new ThresholdDetector(Map.of(MetricType.DISK_USAGE, Threshold.above(90)));
 * for (Finding finding : detector.detect(history)) {
 *   System.out.println(finding.severity() + " " + finding.reason());
 * }
 * // WARNING 93 % is above the threshold of 90 % (2 points)
 * }</pre>
 *
 * <p>The map:
 *
 * <ul>
 *   <li>In: {@link io.inframetrics.detect.SeriesHistory}, sorted and finite whatever it was made
 *       of. {@link io.inframetrics.detect.SeriesSummary} describes it in numbers.
 *   <li>Detectors: {@link io.inframetrics.detect.threshold.ThresholdDetector} (fixed limits by
 *       type, {@link io.inframetrics.detect.threshold.Threshold}), {@link
 *       io.inframetrics.detect.anomaly.AnomalyDetector} (unusual compared with the series' own
 *       past), {@link io.inframetrics.detect.forecast.ForecastDetector} (when a capacity is
 *       reached, with an interval, {@link io.inframetrics.detect.Forecast}).
 *   <li>Not a detector, as it needs to know what time it is: {@link
 *       io.inframetrics.detect.stale.StaleSeries} (stopped reporting).
 *   <li>Out: {@link io.inframetrics.detect.Finding}, one for each episode, with a {@link
 *       io.inframetrics.detect.Severity} and a reason in words.
 * </ul>
 *
 * <p>How the anomaly detector and the forecast work, and which class does which step, is explained
 * in {@code README.md} beside this file in the sources.
 *
 * <p>To add a detector of your own, implement the one method of {@link
 * io.inframetrics.detect.Detector}; its Javadoc is the contract.
 */
@NullMarked
package io.inframetrics.detect;

import org.jspecify.annotations.NullMarked;
