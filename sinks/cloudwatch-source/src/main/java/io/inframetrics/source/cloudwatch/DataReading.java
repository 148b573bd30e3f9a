package io.inframetrics.source.cloudwatch;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.source.cloudwatch.Metric.Dimension;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of a window in the fewest calls and pushes them, series by series, oldest first.
 * Keeps the values of one call in memory. Used by one thread.
 */
final class DataReading {

  private static final String OPERATION = "cloudwatch:GetMetricData";

  /** Basic monitoring writes every five minutes, detailed monitoring every minute. */
  private static final int BASIC = 300;

  private static final int DETAILED = 60;
  private static final double BITS = 8;
  private static final double MEGA = 1_000_000;
  private static final int NAMED = 3;
  private static final String COMPLETE = "Complete";
  private static final String PARTIAL = "PartialData";

  private final Place place;
  private final WatchedType type;
  private final int period;
  private final CollectionRequest request;
  private final MetricConsumer consumer;
  private final String region;
  private final Instant from;
  private final Instant to;
  private final List<String> incomplete = new ArrayList<>();

  DataReading(
      Place place,
      WatchedType type,
      int period,
      CollectionRequest request,
      MetricConsumer consumer) {
    this.place = place;
    this.type = type;
    this.period = period;
    this.request = request;
    this.consumer = consumer;
    this.region = place.region();
    // A value stands at the start of its period, and is final only after the end of it. The two
    // values before the window tell whether monitoring is basic or detailed.
    this.from =
        aligned(request.since().minusSeconds(type.isTraffic() && period < BASIC ? 2 * BASIC : 0));
    this.to = aligned(request.until());
  }

  private Instant aligned(Instant instant) {
    return Instant.ofEpochSecond(Math.floorDiv(instant.getEpochSecond(), period) * (long) period);
  }

  /**
   * Reads and pushes.
   *
   * @throws RetryableFailureException if something is missing; what there is has been pushed
   */
  void read(List<WatchedSeries> series) {
    if (series.isEmpty() || !from.isBefore(to)) {
      return;
    }
    long values = (to.getEpochSecond() - from.getEpochSecond()) / period;
    int parts = type.metrics().size();
    long fits = Math.min(Limits.QUERIES, Math.max(1, Limits.POINTS / values));
    int batch = (int) Math.max(1, fits / parts);
    for (int start = 0; start < series.size(); start += batch) {
      readBatch(series.subList(start, Math.min(start + batch, series.size())));
    }
    if (!incomplete.isEmpty()) {
      throw new RetryableFailureException(
          "%d of %d metrics in %s are incomplete, first %s"
              .formatted(
                  incomplete.size(),
                  series.size() * parts,
                  place.name(),
                  String.join(", ", incomplete.subList(0, Math.min(NAMED, incomplete.size())))));
    }
  }

  private void readBatch(List<WatchedSeries> batch) {
    int parts = type.metrics().size();
    Values[] values = new Values[batch.size() * parts];
    Arrays.setAll(values, query -> new Values());
    Page.Tokens tokens = new Page.Tokens(OPERATION);
    MetricDataAnswer answer = new MetricDataAnswer();
    do {
      CborCall call = new CborCall(body(batch, tokens.current()), answer);
      place.call(
          OPERATION,
          request.deadline(),
          limits ->
              place
                  .cloudWatch()
                  .getMetricData(data -> data.overrideConfiguration(call.with(limits))));
      answer.results().forEach(result -> take(result, values));
    } while (tokens.follow(answer.nextToken()));
    for (int i = 0; i < batch.size(); i++) {
      push(batch.get(i), Arrays.copyOfRange(values, i * parts, (i + 1) * parts));
    }
  }

  /** The request for a batch: each metric is a query, by its number. */
  private byte[] body(List<WatchedSeries> batch, @Nullable String token) {
    CborWriter out = new CborWriter();
    out.map(token == null ? 5 : 6);
    out.text("StartTime").time(from.getEpochSecond());
    out.text("EndTime").time(to.getEpochSecond());
    out.text("ScanBy").text("TimestampAscending");
    out.text("MaxDatapoints").number(Limits.POINTS);
    if (token != null) {
      out.text("NextToken").text(token);
    }
    out.text("MetricDataQueries").array(batch.size() * type.metrics().size());
    int number = 0;
    for (WatchedSeries each : batch) {
      for (Metric metric : each.metrics()) {
        query(out, number++, metric, each.account());
      }
    }
    return out.toByteArray();
  }

  private void query(CborWriter out, int number, Metric metric, @Nullable String account) {
    out.map(account == null ? 2 : 3);
    if (account != null) {
      out.text("AccountId").text(account);
    }
    out.text("Id").text("q" + number);
    out.text("MetricStat").map(3);
    out.text("Period").number(period);
    out.text("Stat").text(type.statistic());
    out.text("Metric").map(3);
    out.text("Namespace").text(metric.namespace());
    out.text("MetricName").text(metric.metricName());
    out.text("Dimensions").array(metric.dimensions().size());
    for (Dimension dimension : metric.dimensions()) {
      out.map(2).text("Name").text(dimension.name()).text("Value").text(dimension.value());
    }
  }

  private static void take(MetricDataAnswer.Result result, Values[] values) {
    String id = String.valueOf(result.id());
    int number;
    try {
      number = Integer.parseInt(id.substring(Math.min(1, id.length())));
    } catch (NumberFormatException e) {
      return; // Not a query of ours.
    }
    if (number >= 0 && number < values.length) {
      values[number].add(result);
    }
  }

  private void push(WatchedSeries series, Values[] values) {
    for (Values each : values) {
      if (!COMPLETE.equals(each.status)) {
        incomplete.add(
            "%s (%s)".formatted(series.series(), each.status == null ? "no answer" : each.status));
      }
      each.sort();
    }
    Values first = values[0];
    for (int i = 0; i < first.count; i++) {
      long second = first.times[i]; // Perhaps none that an Instant can have.
      if (second < from.getEpochSecond() || second >= to.getEpochSecond()) {
        continue;
      }
      Instant time = Instant.ofEpochSecond(second);
      if (!request.includes(time)) {
        continue;
      }
      double value = first.values[i];
      boolean whole = true;
      for (int part = 1; part < values.length; part++) {
        int index = values[part].find(first.times[i]);
        whole &= index >= 0;
        value += index < 0 ? 0 : values[part].values[index];
      }
      if (type.isTraffic()) {
        int seconds = first.spacing(i, period);
        whole &= seconds > 0;
        value = value * BITS / MEGA / seconds;
      }
      if (whole) { // Otherwise the rest is late; a later run looks behind.
        consumer.accept(new Observation(series.series(), time, value, type.unit(), region));
      }
    }
  }

  /** The values of one query, of one page or several. */
  private static final class Values {

    private long[] times = {};
    private double[] values = {};
    private int count;
    private boolean sorted = true;
    private @Nullable String status;

    void add(MetricDataAnswer.Result result) {
      int size = Math.min(result.times().length, result.values().length);
      status = result.times().length == result.values().length ? result.status() : PARTIAL;
      if (count == 0) { // Of most queries there is one page.
        times = result.times();
        values = result.values();
      } else {
        times = Arrays.copyOf(times, count + size);
        values = Arrays.copyOf(values, count + size);
        System.arraycopy(result.times(), 0, times, count, size);
        System.arraycopy(result.values(), 0, values, count, size);
      }
      for (int i = Math.max(1, count); i < count + size; i++) {
        sorted &= times[i - 1] < times[i];
      }
      count += size;
    }

    /** Oldest first; of two values of one time the one that came last stays. */
    void sort() {
      if (sorted) {
        return;
      }
      Integer[] order = new Integer[count];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (a, b) -> Long.compare(times[a], times[b])); // Stable.
      long[] sortedTimes = new long[count];
      double[] sortedValues = new double[count];
      int kept = 0;
      for (Integer i : order) {
        if (kept > 0 && sortedTimes[kept - 1] == times[i]) {
          kept--;
        }
        sortedTimes[kept] = times[i];
        sortedValues[kept++] = values[i];
      }
      times = sortedTimes;
      values = sortedValues;
      count = kept;
    }

    int find(long time) {
      return Arrays.binarySearch(times, 0, count, time);
    }

    /**
     * The seconds that value {@code i} covers: the period of the query, or five minutes where basic
     * monitoring writes no more often; 0 if its neighbours do not tell yet.
     */
    int spacing(int i, int period) {
      if (period >= BASIC) {
        return period;
      }
      long before = i == 0 ? Long.MAX_VALUE : times[i] - times[i - 1];
      long after = i + 1 == count ? Long.MAX_VALUE : times[i + 1] - times[i];
      long least = Math.min(before, after);
      if (least == Long.MAX_VALUE) {
        return 0;
      }
      return least < BASIC ? DETAILED : BASIC;
    }
  }
}
