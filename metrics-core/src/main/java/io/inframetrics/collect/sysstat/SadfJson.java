package io.inframetrics.collect.sysstat;

import io.inframetrics.collect.sysstat.Sample.Row;
import io.inframetrics.text.Texts;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the JSON of {@code sadf -j}, one sample at a time.
 *
 * <p>What comes after the samples (restart marks, comments) is not read: a restart needs no mark
 * here, because the first sample after it is missing.
 */
final class SadfJson {

  /** Rows of one sample, such as network interfaces of one machine. */
  static final int MAX_ROWS = 20_000;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(50)
                  .maxNameLength(1_000)
                  .maxStringLength(10_000)
                  .build())
          .build();

  /** Takes what is read. */
  interface Handler {

    /**
     * Takes the header, before any sample.
     *
     * @param fileDate the local date on which the file was begun
     * @return whether to read the samples
     */
    boolean accepts(String nodeName, LocalDate fileDate) throws IOException;

    void sample(Sample sample);
  }

  private final JsonParser parser;
  private final String section;
  private final Handler handler;

  private SadfJson(JsonParser parser, String section, Handler handler) {
    this.parser = parser;
    this.section = section;
    this.handler = handler;
  }

  /**
   * Reads the samples of the first host, oldest first as they were recorded.
   *
   * @param section the name of the object or array whose rows are wanted, such as {@code net-dev}
   * @throws IOException with one sentence if this is not what {@code sadf} prints; the samples
   *     before are handed over
   */
  static void read(InputStream in, String section, Handler handler) throws IOException {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), in)) {
      new SadfJson(parser, section, handler).document();
    } catch (JacksonException e) {
      throw new IOException("sadf printed invalid JSON: " + Texts.jsonMistake(e), e);
    }
  }

  private void document() throws IOException {
    while (true) {
      JsonToken token = parser.nextToken();
      if (token == null) {
        throw new IOException("sadf printed no host");
      }
      if (token == JsonToken.PROPERTY_NAME && parser.currentName().equals("hosts")) {
        expect(parser.nextToken(), JsonToken.START_ARRAY, "hosts");
        expect(parser.nextToken(), JsonToken.START_OBJECT, "hosts");
        host();
        return;
      }
    }
  }

  private void host() throws IOException {
    String nodeName = null;
    LocalDate fileDate = null;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (name) {
        case "nodename" -> nodeName = parser.getString();
        case "file-date" -> fileDate = date(parser.getString());
        case "statistics" -> {
          expect(value, JsonToken.START_ARRAY, name);
          if (nodeName == null || fileDate == null) {
            throw new IOException("sadf printed samples without a nodename and a file-date");
          }
          if (handler.accepts(nodeName, fileDate)) {
            samples();
          }
          return;
        }
        default -> skip(value);
      }
    }
    throw new IOException("sadf printed no statistics");
  }

  private void samples() throws IOException {
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      expect(token, JsonToken.START_OBJECT, "statistics");
      SampleBuilder sample = new SampleBuilder();
      sampleObject(sample);
      if (sample.time == null) {
        throw new IOException("sadf printed a sample without a timestamp");
      }
      handler.sample(new Sample(sample.time, sample.interval, sample.rows));
    }
  }

  private static final class SampleBuilder {
    private @Nullable Instant time;
    private double interval;
    private final List<Row> rows = new ArrayList<>();
  }

  /** Reads an object of a sample; what is wanted may stand in one inside it. */
  private void sampleObject(SampleBuilder sample) throws IOException {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("timestamp") && value == JsonToken.START_OBJECT) {
        timestamp(sample);
      } else if (name.equals(section)) {
        rows(value, sample.rows);
      } else if (value == JsonToken.START_OBJECT) {
        sampleObject(sample);
      } else {
        skip(value);
      }
    }
  }

  private void timestamp(SampleBuilder sample) throws IOException {
    String date = "";
    String time = "";
    boolean utc = false;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (name) {
        case "date" -> date = parser.getString();
        case "time" -> time = parser.getString();
        case "utc" -> utc = value.isNumeric() && parser.getDoubleValue() == 1;
        // As a double: after an unmarked restart it may be larger than a long.
        case "interval" ->
            sample.interval = value.isNumeric() ? parser.getDoubleValue() : Double.NaN;
        default -> skip(value);
      }
    }
    if (!utc) {
      throw new IOException("sadf printed a time that is not in UTC: " + date + ' ' + time);
    }
    try {
      sample.time = date(date).atTime(LocalTime.parse(time)).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new IOException("sadf printed the time '%s'".formatted(Texts.oneLine(time, 40)), e);
    }
  }

  private void rows(JsonToken first, List<Row> rows) throws IOException {
    if (first == JsonToken.START_OBJECT) {
      rows.add(row());
      return;
    }
    expect(first, JsonToken.START_ARRAY, section);
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      expect(token, JsonToken.START_OBJECT, section);
      if (rows.size() == MAX_ROWS) {
        throw new IOException(
            "sadf printed more than %d rows of '%s' in one sample".formatted(MAX_ROWS, section));
      }
      rows.add(row());
    }
  }

  /** The only text in a row is what it is about: a CPU, an interface, a mount point. */
  private Row row() {
    String name = "";
    Map<String, Double> numbers = new HashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value == JsonToken.VALUE_STRING) {
        name = parser.getString();
      } else if (value.isNumeric()) {
        numbers.put(key, parser.getDoubleValue());
      } else {
        skip(value);
      }
    }
    return new Row(name, numbers);
  }

  private void skip(JsonToken value) {
    if (value.isStructStart()) {
      parser.skipChildren();
    }
  }

  private static void expect(@Nullable JsonToken actual, JsonToken wanted, String where)
      throws IOException {
    if (actual != wanted) {
      throw new IOException("sadf printed something unexpected in '%s'".formatted(where));
    }
  }

  private static LocalDate date(String text) throws IOException {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new IOException("sadf printed the date '%s'".formatted(Texts.oneLine(text, 40)), e);
    }
  }
}
