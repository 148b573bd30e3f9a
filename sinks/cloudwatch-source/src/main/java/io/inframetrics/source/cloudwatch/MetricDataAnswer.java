package io.inframetrics.source.cloudwatch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * An answer of GetMetricData, read into arrays. The SDK would make two objects of each value before
 * anyone sees it. It still marshals, signs, sends, and reads errors: a request that carries one of
 * these as an attribute gets the answer here, and the SDK an empty one. Used by one thread.
 */
final class MetricDataAnswer {

  /** Reads the answers of requests that carry the attribute. */
  static final ExecutionInterceptor READER = new Reader();

  static final ExecutionAttribute<MetricDataAnswer> ATTRIBUTE =
      new ExecutionAttribute<>("io.inframetrics.source.cloudwatch.MetricDataAnswer");

  private static final byte[] EMPTY_MAP = {(byte) 0xa0};
  private static final double MILLIS = 1_000;
  private static final int EXPECTED = 64;

  private List<Result> results = List.of();
  private @Nullable String nextToken;

  /**
   * The values of one query.
   *
   * @param times milliseconds since 1970
   */
  record Result(
      @Nullable String id, @Nullable String status, long[] times, double[] values) {}

  List<Result> results() {
    return results;
  }

  @Nullable String nextToken() {
    return nextToken;
  }

  /**
   * Takes the place of what was read before.
   *
   * @throws IOException if it is not such an answer
   */
  void read(byte[] cbor) throws IOException {
    List<Result> read = new ArrayList<>();
    String token = null;
    CborReader in = new CborReader(cbor);
    for (long left = in.map(); in.hasNext(left); left--) {
      String name = in.text();
      if (in.isNull()) {
        continue;
      }
      switch (name) {
        case "MetricDataResults" -> {
          for (long items = in.array(); in.hasNext(items); items--) {
            read.add(result(in));
          }
        }
        case "NextToken" -> token = in.text();
        default -> in.skip();
      }
    }
    results = read;
    nextToken = token;
  }

  private static Result result(CborReader in) throws IOException {
    String id = null;
    String status = null;
    double[] times = {};
    double[] values = {};
    for (long left = in.map(); in.hasNext(left); left--) {
      String name = in.text();
      if (in.isNull()) {
        continue;
      }
      switch (name) {
        case "Id" -> id = in.text();
        case "StatusCode" -> status = in.text();
        case "Timestamps" -> times = numbers(in);
        case "Values" -> values = numbers(in);
        default -> in.skip();
      }
    }
    long[] millis = new long[times.length];
    for (int i = 0; i < times.length; i++) {
      millis[i] = Math.round(times[i] * MILLIS);
    }
    return new Result(id, status, millis, values);
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

  private static final class Reader implements ExecutionInterceptor {

    @Override
    public Optional<InputStream> modifyHttpResponseContent(
        Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
      MetricDataAnswer answer = attributes.getAttribute(ATTRIBUTE);
      InputStream body = context.responseBody().orElse(null);
      if (answer == null || body == null || !context.httpResponse().isSuccessful()) {
        return context.responseBody();
      }
      try (body) {
        answer.read(body.readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e); // The attempt is made again, as after any cut-off.
      }
      return Optional.of(new ByteArrayInputStream(EMPTY_MAP));
    }
  }
}
