package io.inframetrics.detect.anomaly;

import io.inframetrics.detect.anomaly.AnomalyStream.Confidence;
import java.time.ZoneId;

/**
 * One point, and everything the detector knew when the point came.
 *
 * @param points how many points there were, this one included
 * @param elapsed seconds of history
 * @param known seconds for which the series is known, which may be more
 * @param amount how unusual the point is, without an upper bound; {@link Evidence#ALARM} alarms
 * @param evidence what the amount is made of; it describes this point until the next one is judged
 * @param zone by whose clocks it is a time of the day
 */
record JudgedPoint(
    long epochSecond,
    double value,
    long points,
    long elapsed,
    long known,
    double amount,
    Evidence evidence,
    ZoneId zone) {

  Confidence confidence() {
    return Confidence.of(known > elapsed ? Long.MAX_VALUE : points, known);
  }
}
