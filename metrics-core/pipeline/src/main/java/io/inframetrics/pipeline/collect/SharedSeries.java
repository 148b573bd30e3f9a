package io.inframetrics.pipeline.collect;

import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.Series;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Notices series that several collectors of one type give. Their points are stored as one series,
 * so the run says so, once. Thread-safe.
 */
final class SharedSeries {

  /** The most series that are compared, so that memory does not grow with the fleet. */
  static final int MAX_SERIES = 10_000;

  private final RawFileWriting file;
  private final Map<Series, MetricCollector> givenBy = new HashMap<>();
  private final Set<Series> shared = new HashSet<>();
  private @Nullable String first;

  SharedSeries(RawFileWriting file) {
    this.file = file;
  }

  /** Passes what {@code collector} pushes on to {@code next}. */
  MetricConsumer consumerOf(MetricCollector collector, MetricConsumer next) {
    return new MetricConsumer() {

      private @Nullable Series last;

      @Override
      public void accept(Observation observation) {
        Series series = observation.series();
        if (!series.equals(last)) { // The points of a series come one after another.
          last = series;
          given(series, collector);
        }
        next.accept(observation);
      }

      @Override
      public void note(String sentence) {
        next.note(sentence);
      }
    };
  }

  private synchronized void given(Series series, MetricCollector collector) {
    MetricCollector other =
        givenBy.size() < MAX_SERIES ? givenBy.putIfAbsent(series, collector) : givenBy.get(series);
    if (other != null && other != collector && shared.add(series) && first == null) {
      first = "such as '%s' from %s and %s".formatted(series, other.name(), collector.name());
    }
  }

  /** Notes the shared series in the file, if there are some. */
  synchronized void note() {
    if (first != null) {
      file.note(
          "several sources measure the same %d series, %s: their points are stored together"
              .formatted(shared.size(), first));
    }
  }
}
