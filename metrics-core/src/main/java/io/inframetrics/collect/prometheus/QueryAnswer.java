package io.inframetrics.collect.prometheus;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What a Prometheus server answered to an instant query with a range selector: every scraped sample
 * of the range, with the time of its scrape. Unknown fields and native histograms are skipped.
 *
 * @param error why the server refused the query; empty if it did not
 * @param warnings what the server says about an answer that may not be complete
 * @see <a href="https://prometheus.io/docs/prometheus/latest/querying/api/">HTTP API</a>
 */
record QueryAnswer(List<RawSeries> series, String error, List<String> warnings) {

  /** Bytes of an answer; a million samples of usual series. */
  static final long MAX_BYTES = 32L << 20;

  private static final JsonFactory JSON = new JsonFactory();
  private static final String METRIC_NAME = "__name__";
  private static final double MILLIS_OF_A_SECOND = 1_000;

  /** Warnings to keep; a server may send one for each series. */
  private static final int MAX_WARNINGS = 3;

  /**
   * Reads the answer as it arrives.
   *
   * @throws TooManySamplesException if there are more than {@code maxSamples}, or too many bytes
   * @throws IllegalArgumentException with one sentence, if it is JSON of another kind
   * @throws JacksonException if it is not JSON, or cannot be read
   */
  static QueryAnswer read(InputStream in, long maxSamples) throws TooManySamplesException {
    Bounded bounded = new Bounded(in);
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), bounded)) {
      return new Reader(json, maxSamples).read();
    } catch (JacksonException e) {
      if (bounded.exceeded) {
        throw new TooManySamplesException("has more than %d bytes".formatted(MAX_BYTES));
      }
      throw e;
    }
  }

  /** An answer larger than the limit; a shorter time span would give a smaller one. */
  static final class TooManySamplesException extends Exception {

    private static final long serialVersionUID = 1L;

    TooManySamplesException(String sentence) {
      super(sentence);
    }
  }

  private static final class Reader {

    private final JsonParser json;
    private final long maxSamples;
    private final List<RawSeries> series = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private String status = "";
    private String error = "";
    private long samples;

    Reader(JsonParser json, long maxSamples) {
      this.json = json;
      this.maxSamples = maxSamples;
    }

    QueryAnswer read() throws TooManySamplesException {
      require(json.nextToken(), JsonToken.START_OBJECT);
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        json.nextToken();
        switch (name) {
          case "status" -> status = text();
          case "error" -> error = text();
          case "warnings" -> warnings();
          case "data" -> data();
          default -> json.skipChildren();
        }
      }
      if (!status.equals("success") && error.isEmpty()) {
        error = "an error without a reason";
      }
      return new QueryAnswer(series, error, warnings);
    }

    private void warnings() {
      require(json.currentToken(), JsonToken.START_ARRAY);
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (warnings.size() < MAX_WARNINGS) {
          warnings.add(text());
        }
        json.skipChildren();
      }
    }

    private void data() throws TooManySamplesException {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        json.skipChildren();
        return;
      }
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        json.nextToken();
        if (name.equals("resultType")) {
          if (!text().equals("matrix")) {
            throw unexpected();
          }
        } else if (name.equals("result")) {
          require(json.currentToken(), JsonToken.START_ARRAY);
          while (json.nextToken() != JsonToken.END_ARRAY) {
            series();
          }
        } else {
          json.skipChildren();
        }
      }
    }

    private void series() throws TooManySamplesException {
      require(json.currentToken(), JsonToken.START_OBJECT);
      Map<String, String> labels = new HashMap<>();
      RawSeries read = null;
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        json.nextToken();
        if (name.equals("metric")) {
          labels = labels();
        } else if (name.equals("values")) {
          String metric = labels.getOrDefault(METRIC_NAME, "");
          labels.remove(METRIC_NAME);
          read = new RawSeries(new RawSeries.Key(metric, labels), 16);
          values(read);
        } else {
          json.skipChildren();
        }
      }
      if (read != null) {
        series.add(read);
      }
    }

    private Map<String, String> labels() {
      require(json.currentToken(), JsonToken.START_OBJECT);
      Map<String, String> labels = new HashMap<>();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        json.nextToken();
        String value = text();
        if (!value.isEmpty()) {
          labels.put(name, value);
        }
      }
      return labels;
    }

    private void values(RawSeries read) throws TooManySamplesException {
      require(json.currentToken(), JsonToken.START_ARRAY);
      while (json.nextToken() != JsonToken.END_ARRAY) {
        require(json.currentToken(), JsonToken.START_ARRAY);
        JsonToken time = json.nextToken();
        if (time != JsonToken.VALUE_NUMBER_FLOAT && time != JsonToken.VALUE_NUMBER_INT) {
          throw unexpected();
        }
        double seconds = json.getDoubleValue();
        json.nextToken();
        double value = number(text());
        require(json.nextToken(), JsonToken.END_ARRAY);
        if (++samples > maxSamples) {
          throw new TooManySamplesException("has more than %d samples".formatted(maxSamples));
        }
        read.add(Math.round(seconds * MILLIS_OF_A_SECOND), value);
      }
    }

    private double number(String text) {
      return switch (text) {
        case "+Inf" -> Double.POSITIVE_INFINITY;
        case "-Inf" -> Double.NEGATIVE_INFINITY;
        default -> {
          try {
            yield Double.parseDouble(text);
          } catch (NumberFormatException e) {
            throw unexpected();
          }
        }
      };
    }

    private String text() {
      require(json.currentToken(), JsonToken.VALUE_STRING);
      return json.getString();
    }

    private void require(JsonToken found, JsonToken expected) {
      if (found != expected) {
        throw unexpected();
      }
    }

    private static IllegalArgumentException unexpected() {
      return new IllegalArgumentException(
          "answers something else than the samples of a range: check that it is a Prometheus server");
    }
  }

  /** Ends with an exception where the answer becomes too large. */
  private static final class Bounded extends FilterInputStream {

    private long left = MAX_BYTES;
    private boolean exceeded;

    Bounded(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      return count(super.read(), 1);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      return count(read, read);
    }

    private int count(int result, int bytes) throws IOException {
      left -= Math.max(0, bytes);
      if (left < 0) {
        exceeded = true;
        throw new IOException("the answer is too large");
      }
      return result;
    }
  }
}
