package io.inframetrics.collect.host;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Turns readings of one kind into values. Immutable; safe to share.
 *
 * @param <R> what one reading gives
 */
interface Meter<R> {

  /** The type of the values. */
  MetricType type();

  /** The unit of the values. */
  MetricUnit unit();

  /** What is read, for messages: "the ... cannot be read". */
  String what();

  /** Reads the machine. */
  R read() throws IOException;

  /** Values of one reading; none where only differences mean something. */
  Optional<List<Sample>> of(R reading);

  /** Values of two readings, the older first; a series without a meaningful one is left out. */
  List<Sample> between(R before, R now);

  /** One value. */
  record Sample(Series series, double value) {}
}
