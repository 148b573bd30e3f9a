package io.inframetrics.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.collect.Observation;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonLinesTest {

  private static final Instant OBSERVED_AT = Instant.parse("2026-02-19T11:27:43Z");
  private static final CollectionRun RUN = new CollectionRun("run-1", OBSERVED_AT);
  private static final CollectionRun OTHERWISE =
      new CollectionRun("file-1", Instant.parse("2026-02-19T12:00:00Z"));

  private static final List<Metric> METRICS =
      List.of(
          new Metric(
              Series.of(MetricType.CPU_UTILIZATION, "i-0abc"),
              OBSERVED_AT,
              37.66,
              MetricUnit.PERCENT,
              "eu-west-1",
              RUN),
          new Metric(
              Series.of(MetricType.DISK_USAGE, "host 1/ü", Map.of("device", "/")),
              Instant.ofEpochSecond(1771500400),
              81,
              MetricUnit.PERCENT,
              "local",
              RUN),
          new Metric(
              Series.of(MetricType.NETWORK_TRAFFIC, "a#b%", Map.of("x", "y", "k=", ",v")),
              OBSERVED_AT,
              1e-9,
              MetricUnit.MEGABITS_PER_SECOND,
              "eu-west-1",
              RUN));

  /** Bytes in ISO 8859-1, one character each. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          i-1                 | eu\\nwest         | the region of an observation of cpu_utilization has a line break
          i-1                 | eu\\u2028west     | the region of an observation
          i-1                 | eu\\u202ewest     | the region of an observation
          i\\u2028-1         | eu                | a name of an observation of cpu_utilization has a line break
          i\\u202e-1         | eu                | a name of an observation
          i\\u2066-1         | eu                | a name of an observation
          i\\u200f-1         | eu                | a name of an observation
          i\\n-1             | eu                | none a control character
          i\\u0085-1         | eu                | none a control character
          i\u00c0\u00af-1     | eu                | not valid UTF-8
          i\u00e0\u0080\u00af-1 | eu             | not valid UTF-8
          i-1                 | e\u00c1\u0081u     | not valid UTF-8
          """)
  void refusesTextThatMisleadsReaders(String instanceId, String region, String reason)
      throws IOException {
    String json =
        """
        {"metric_type":"cpu_utilization","timestamp":1771500463,"value":1.5,"unit":"Percent",\
        "instance_id":"%s","region":"%s"}
        """
            .formatted(instanceId, region);
    try (JsonLinesReader reader =
        new JsonLinesReader(
            new ByteArrayInputStream(json.getBytes(StandardCharsets.ISO_8859_1)), OTHERWISE)) {
      assertThat(reader.next())
          .isInstanceOfSatisfying(Line.Bad.class, bad -> assertThat(bad.reason()).contains(reason));
    }
  }

  @Test
  void writesTheGoldenFile() throws IOException {
    assertThat(written(METRICS)).isEqualTo(golden());
  }

  @Test
  void readsWhatItWrites() throws IOException {
    List<Line> lines = read(golden());

    assertThat(lines)
        .containsExactly(
            new Line.Good(1, METRICS.get(0)),
            new Line.Good(2, METRICS.get(1)),
            new Line.Good(3, METRICS.get(2)));
  }

  @Test
  void writesNothingForNothing() {
    assertThat(written(List.of())).isEmpty();
    assertThat(read("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void keepsAValueThatIsNoNumberAsTextAndRefusesItWhenRead(double value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonLinesWriter writer = new JsonLinesWriter(out)) {
      writer.write(
          new Observation(METRICS.get(0).series(), OBSERVED_AT, value, MetricUnit.PERCENT, "local"),
          RUN);
    }

    Line line = read(out.toString(StandardCharsets.UTF_8)).get(0);

    assertThat(line).isInstanceOf(Line.Bad.class);
    assertThat(((Line.Bad) line).reason())
        .isEqualTo("value '" + value + "' is not a finite number");
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {0, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE, 0.1, 1e15, 1 / 3d})
  void keepsEveryBitOfAValue(double value) {
    Metric metric =
        new Metric(METRICS.get(0).series(), OBSERVED_AT, value, MetricUnit.PERCENT, "local", RUN);

    Line.Good line = (Line.Good) read(written(List.of(metric))).get(0);

    assertThat(Double.doubleToRawLongBits(line.metric().value()))
        .isEqualTo(Double.doubleToRawLongBits(value));
  }

  /** A store may refuse them, but then it is one line that is refused and not the file. */
  @ParameterizedTest
  @ValueSource(strings = {"half \uD800", "\uDC00 half", "\uD83D\uDE80", "東京"})
  void keepsEveryTextEvenHalfACharacter(String text) {
    Metric metric =
        new Metric(
            Series.of(MetricType.DISK_USAGE, text, Map.of("label", text)),
            OBSERVED_AT,
            1,
            MetricUnit.PERCENT,
            text,
            RUN);

    assertThat(read(written(List.of(metric, METRICS.get(0), metric))))
        .containsExactly(
            new Line.Good(1, metric), new Line.Good(2, METRICS.get(0)), new Line.Good(3, metric));
  }

  @ParameterizedTest
  @ValueSource(strings = {"37.66", "-1", "1e3", "+.5", "7."})
  void readsAValueInQuotes(String value) {
    Line.Good line = (Line.Good) read(line("value", "\"" + value + "\"")).get(0);

    assertThat(line.metric().value()).isEqualTo(Double.parseDouble(value));
  }

  @Test
  void fillsInWhatOthersLeaveOut() {
    Line.Good line =
        (Line.Good)
            read("{\"metric_type\":\"queue_depth\",\"timestamp\":1771500463,\"value\":3,"
                    + "\"unit\":\"Count\",\"instance_id\":\"q\",\"more\":{\"a\":[1,{}]}}")
                .get(0);

    assertThat(line.metric())
        .isEqualTo(
            new Metric(
                Series.of(new MetricType("queue_depth"), "q"),
                OBSERVED_AT,
                3,
                MetricUnit.COUNT,
                "unknown",
                OTHERWISE));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      textBlock =
          """
          metric_type  | "all"           | metric type 'all' is not a valid name
          metric_type  | "CPU"           | metric type 'CPU' is not a valid name
          metric_type  | null            | metric_type is missing
          metric_type  | 7               | metric_type is not a string
          timestamp    | 1771500463000   | timestamp 1771500463000 is not a whole number of seconds since 1970 (milliseconds are not accepted)
          timestamp    | 1.5             | timestamp 1.5 is not a whole number of seconds
          timestamp    | "1771500463"    | timestamp 1771500463 is not a whole number of seconds
          timestamp    | 99999999999999999999999 | timestamp 99999999999999999999999 is not a whole number of seconds
          timestamp    | null            | timestamp is missing
          value        | "abc"           | value 'abc' is not a finite number
          value        | "1d"            | value '1d' is not a finite number
          value        | "NaN"           | value 'NaN' is not a finite number
          value        | "1e999"         | value '1e999' is not a finite number
          value        | 1e999           | value '1e999' is not a finite number
          value        | null            | value 'null' is not a finite number
          value        | true            | value is neither a number nor a number in quotes
          value        | NaN             | is not a number in JSON
          value        | +1              | JSON spec does not allow numbers to have plus signs
          unit         | "percent"       | unit 'percent' is not known: use a CloudWatch unit such as Percent
          instance_id  | " "             | instance id ' ' is not valid
          instance_id  | null            | instance_id is missing
          region       | ""              | region of series 'cpu_utilization#i-0abc' is blank
          run_id       | ""              | run id '' is not valid
          collected_at | "yesterday"     | collected_at 'yesterday' is not an ISO-8601 instant
          dimensions   | []              | dimensions is not an object with string values
          dimensions   | {"a":1}         | dimension a is not a string
          dimensions   | {"a":null}      | dimension 'a' is missing
          metric_id    | "other#1"       | metric_id is 'other#1' but the other fields make it 'cpu_utilization#i-0abc#1771500463'
          """)
  void saysWhatIsWrongWithALine(String field, String value, String reason) {
    String text = line(field, value);

    Line.Bad bad = (Line.Bad) read(text).get(0);

    assertThat(bad.reason()).contains(reason).doesNotContain("Feature");
    assertThat(bad.text()).asString(StandardCharsets.UTF_8).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{", "[]", "7", "\"x\"", "{}{}", "{} x", "nonsense", "{\"a\":1", "{\"a\" 1}"})
  void refusesWhatIsNotOneObject(String text) {
    assertThat(read(text)).singleElement().isInstanceOf(Line.Bad.class);
  }

  @ParameterizedTest
  @MethodSource
  void goesOnAfterALineThatExceedsALimitOfTheParser(String text) {
    List<Line> lines = read(text + "\n" + line("value", "2"));

    assertThat(lines.get(0))
        .isInstanceOfSatisfying(
            Line.Bad.class, bad -> assertThat(bad.reason()).startsWith("not valid JSON: "));
    assertThat(lines.get(1)).isInstanceOf(Line.Good.class);
  }

  static List<String> goesOnAfterALineThatExceedsALimitOfTheParser() {
    return List.of(
        line("value", "1".repeat(1_001)),
        line("timestamp", "1".repeat(1_001)),
        line("other", "[".repeat(1_001) + "]".repeat(1_001)),
        "{\"" + "n".repeat(60_000) + "\":1}");
  }

  @Test
  @Timeout(20)
  void refusesALongTextThatIsNoNumberWithoutDelay() {
    String digits = "\"" + "1".repeat(1_000_000) + "x\"";

    assertThat(read(line("value", digits))).singleElement().isInstanceOf(Line.Bad.class);
  }

  @Test
  void keepsAReasonShortHoweverLongTheLine() {
    Line.Bad bad = (Line.Bad) read(line("unit", "\"" + "x".repeat(100_000) + "\"")).get(0);

    assertThat(bad.reason()).startsWith("unit 'xxx").hasSizeLessThan(1_100);
  }

  @Test
  void saysInOneLineWhatIsNotClosed() {
    Line.Bad bad = (Line.Bad) read("{\"value\":1").get(0);

    assertThat(bad.reason())
        .isEqualTo(
            "not valid JSON at byte 10: Unexpected end-of-input: expected close marker for Object");
  }

  @Test
  void goesOnAfterABadLineAndCountsEveryLine() {
    List<Line> lines =
        read(line("value", "1") + "\n\nnonsense\r\n  \r\n" + line("value", "2") + "\r\n{\n");

    assertThat(lines).extracting(Line::number).containsExactly(1L, 3L, 5L, 6L);
    assertThat(lines.get(2)).isInstanceOf(Line.Good.class);
    assertThat(((Line.Bad) lines.get(1)).text())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("nonsense\r");
  }

  @Test
  void refusesInvalidUtf8AndKeepsItsBytes() {
    byte[] text = line("instance_id", "\"?\"").getBytes(StandardCharsets.ISO_8859_1);
    text[indexOf(text, '?')] = (byte) 0xC3;

    Line.Bad bad = (Line.Bad) read(new ByteArrayInputStream(text)).get(0);

    assertThat(bad.text()).isEqualTo(text);
  }

  @Test
  void takesALineOfTheLongestLengthAndRefusesOneByteMore() {
    String longest = padded(JsonLinesReader.MAX_LINE_BYTES);
    String longer = padded(JsonLinesReader.MAX_LINE_BYTES + 1);
    String much = padded(3 * JsonLinesReader.MAX_LINE_BYTES);

    List<Line> lines =
        read(
            longest
                + "\n"
                + longer
                + "\n"
                + line("value", "3")
                + "\n"
                + much
                + "\n"
                + line("value", "5"));

    assertThat(lines).extracting(Line::number).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(lines.get(0)).isInstanceOf(Line.Good.class);
    assertThat(lines.get(2)).isInstanceOf(Line.Good.class);
    assertThat(lines.get(4)).isInstanceOf(Line.Good.class);
    for (int i : new int[] {1, 3}) {
      Line.Bad bad = (Line.Bad) lines.get(i);
      assertThat(bad.reason()).contains("more than 1048576 bytes");
      assertThat(bad.text()).hasSize(JsonLinesReader.MAX_LINE_BYTES);
    }
  }

  @Test
  void readsTheSameFromAStreamThatGivesOneByteAtATime() throws IOException {
    InputStream trickle =
        new ByteArrayInputStream(golden().getBytes(StandardCharsets.UTF_8)) {
          @Override
          public synchronized int read(byte[] b, int off, int len) {
            return super.read(b, off, Math.min(len, 1));
          }
        };

    assertThat(read(trickle)).isEqualTo(read(golden()));
  }

  private static String line(String field, String value) {
    StringBuilder line = new StringBuilder("{");
    for (String[] known :
        new String[][] {
          {"metric_type", "\"cpu_utilization\""},
          {"timestamp", "1771500463"},
          {"value", "37.66"},
          {"unit", "\"Percent\""},
          {"instance_id", "\"i-0abc\""},
          {"region", "\"local\""},
        }) {
      if (!known[0].equals(field)) {
        line.append('"').append(known[0]).append("\":").append(known[1]).append(',');
      }
    }
    return line.append('"').append(field).append("\":").append(value).append('}').toString();
  }

  private static String padded(int length) {
    String line = line("value", "1");
    return line + " ".repeat(length - line.length());
  }

  private static int indexOf(byte[] bytes, char c) {
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == c) {
        return i;
      }
    }
    throw new AssertionError("no " + c);
  }

  private static String written(List<Metric> metrics) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonLinesWriter writer = new JsonLinesWriter(out)) {
      metrics.forEach(writer::write);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static List<Line> read(String text) {
    return read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Line> read(InputStream in) {
    List<Line> lines = new ArrayList<>();
    try (JsonLinesReader reader = new JsonLinesReader(in, OTHERWISE)) {
      Line line;
      while ((line = reader.next()) != null) {
        lines.add(line);
      }
    }
    return lines;
  }

  private static String golden() throws IOException {
    try (InputStream in = JsonLinesTest.class.getResourceAsStream("/golden/raw-file.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
