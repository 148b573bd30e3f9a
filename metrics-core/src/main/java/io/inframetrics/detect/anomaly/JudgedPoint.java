package io.inframetrics.detect.anomaly;

import io.inframetrics.detect.anomaly.AnomalyStream.Confidence;

/**
 * One point, and everything the detector knew when the point came.
 *
 * @param points how many points there were, this one included
 * @param elapsed seconds of history
 * @param amount how unusual the point is, without an upper bound; {@link Evidence#ALARM} alarms
 * @param evidence what the amount is made of; it describes this point until the next one is judged
 */
record JudgedPoint(
    long epochSecond, double value, long points, long elapsed, double amount, Evidence evidence) {

  Confidence confidence() {
    return Confidence.of(points, elapsed);
  }
}
