package io.inframetrics.detect;

import java.util.List;

/**
 * Finds what somebody should know about in one series.
 *
 * <p><b>Episodes.</b> A finding is an episode: a stretch of points with one cause. Answer every
 * episode that the history shows, also those that are over ({@link Finding#ongoing}); the caller
 * decides which are recent enough to report. Episodes of one history do not overlap and are ordered
 * by time.
 *
 * <p><b>No look-ahead.</b> What is said about a point may depend on that point and those before it,
 * never on later ones, nor on how many there are. So a detector that streams point by point fits:
 * for each call it starts with a new state and pushes the points through.
 *
 * <p><b>Deterministic.</b> The same history gives the same findings, word for word: no clock, no
 * randomness, nothing remembered from call to call. That also makes an instance safe to use from
 * several threads.
 *
 * <p><b>Any history.</b> It may be empty, one point, constant, or have gaps. If it is too short to
 * judge, the answer is empty, not an exception. All numbers that come out are finite.
 */
@FunctionalInterface
public interface Detector {

  /** The episodes of a series, ordered by time; empty if there is nothing to report. */
  List<Finding> detect(SeriesHistory history);

  /**
   * Points that a series must have before its findings say anything about it. A summary says of how
   * many series this is not yet true. Default: 1.
   */
  default int pointsNeeded() {
    return 1;
  }
}
