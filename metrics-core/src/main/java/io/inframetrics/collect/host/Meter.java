package io.inframetrics.collect.host;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Turns readings of one kind into values. Immutable; safe to share.
 *
 * @param what what is read, for messages: "the ... cannot be read"
 * @param level the values of one reading; null where only the difference of two means something
 * @param change the values of two readings, the older first; a series without a meaningful value is
 *     left out
 * @param <R> what one reading gives
 */
record Meter<R>(
    MetricType type,
    MetricUnit unit,
    String what,
    Reader<R> reader,
    @Nullable Function<R, List<Sample>> level,
    BiFunction<R, R, List<Sample>> change) {

  /** A meter that needs only one reading. */
  static <R> Meter<R> ofLevels(
      MetricType type, String what, Reader<R> reader, Function<R, List<Sample>> level) {
    return new Meter<>(
        type, MetricUnit.PERCENT, what, reader, level, (before, now) -> level.apply(now));
  }

  /** The values of one reading; empty where only differences mean something. */
  Optional<List<Sample>> of(R reading) {
    return Optional.ofNullable(level).map(values -> values.apply(reading));
  }

  interface Reader<R> {
    R read() throws IOException;
  }

  record Sample(Series series, double value) {}
}
