package io.inframetrics.source.cloudwatch;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer of GetMetricData, in arrays. Used by one thread. */
final class MetricDataAnswer extends Page {

  private static final int EXPECTED = 64;

  private final List<Result> results = new ArrayList<>();

  /** The values of one query. */
  static final class Result {

    private final @Nullable String id;
    private final @Nullable String status;
    private final long[] times;
    private final double[] values;

    private Result(@Nullable String id, @Nullable String status, long[] times, double[] values) {
      this.id = id;
      this.status = status;
      this.times = times;
      this.values = values;
    }

    @Nullable String id() {
      return id;
    }

    @Nullable String status() {
      return status;
    }

    /** Seconds since 1970, in the answer's order; the array itself, for its one reader. */
    long[] times() {
      return times;
    }

    double[] values() {
      return values;
    }
  }

  List<Result> results() {
    return results;
  }

  @Override
  void begin() {
    results.clear();
  }

  @Override
  void field(String name, CborReader in) throws IOException {
    if (!name.equals("MetricDataResults")) {
      in.skip();
      return;
    }
    for (long items = in.array(); in.hasNext(items); items--) {
      results.add(result(in));
    }
  }

  private static Result result(CborReader in) throws IOException {
    String id = null;
    String status = null;
    double[] times = {};
    double[] values = {};
    CborReader.Fields fields = in.fields();
    for (String name = fields.next(); name != null; name = fields.next()) {
      switch (name) {
        case "Id" -> id = in.text();
        case "StatusCode" -> status = in.text();
        case "Timestamps" -> times = numbers(in);
        case "Values" -> values = numbers(in);
        default -> in.skip();
      }
    }
    long[] seconds = new long[times.length];
    for (int i = 0; i < times.length; i++) {
      seconds[i] = Math.round(times[i]);
    }
    return new Result(id, status, seconds, values);
  }

  private static double[] numbers(CborReader in) throws IOException {
    long items = in.array();
    // What the answer announces is not believed before it is there.
    double[] numbers = new double[(int) Math.min(items < 0 ? EXPECTED : items, Limits.POINTS)];
    int count = 0;
    for (long left = items; in.hasNext(left); left--) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, Math.max(EXPECTED, 2 * count));
      }
      numbers[count++] = in.number();
    }
    return count == numbers.length ? numbers : Arrays.copyOf(numbers, count);
  }
}
