package io.inframetrics.collect.prometheus;

import java.util.List;

/**
 * What the rules want of one page.
 *
 * @param nanos when the page began to arrive, by {@link System#nanoTime}
 */
record ScrapedPage(List<Sample> samples, long nanos) {

  /**
   * One line.
   *
   * @param timestamp the line's own, in milliseconds since 1970, or {@link PageParser#NO_TIMESTAMP}
   */
  record Sample(RawSeries.Key key, double value, long timestamp) {}
}
