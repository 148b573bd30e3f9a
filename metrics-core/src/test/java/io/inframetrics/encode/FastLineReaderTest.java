package io.inframetrics.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines as we write them are read in a shorter way, which must say what the longer one says. */
class FastLineReaderTest {

  private static final CollectionRun RUN =
      new CollectionRun("run-1", Instant.parse("2026-02-19T11:27:43Z"));
  private static final List<String> NAMES =
      List.of("i-0abc", "a b", "100%", "a#b", "größe", "x,y=z", "\"", "\\", "🚀", "i-0abd");
  private static final List<Double> VALUES =
      List.of(
          0.0, -0.0, 37.66, 1e15, 1.0E16, 123456789012345.6, 0.1, 1e-7, -1e300, 4.9e-324, 1.0 / 3);

  private final Random random = new Random(20_260_219);

  @Test
  void saysOfAnyLineWhatTheDecoderSays() {
    for (int i = 0; i < 4_000; i++) {
      byte[] line = line();
      if (i % 4 != 0) {
        line[random.nextInt(line.length - 1)] = mutation();
      }
      assertSame(line);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.5",
        "01.5",
        "1.",
        ".5",
        "-1.5",
        "+1.5",
        "--1.5",
        "1.5e3",
        "1.5e",
        "1.5E+",
        "1.5E-3",
        "15",
        "1e5",
        "-0.0",
        "-0",
        "1.7976931348623157E308",
        "1.8E308",
        "0.1234567890123456789",
        "123456789012345678901234567890.5",
        "999999999999999.9",
        "\"1.5\"",
        "1.5 ",
        "NaN",
        "1.5.5"
      })
  void readsNumbersAsTheDecoderDoes(String number) {
    assertSame(example().replace("37.66", number).getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1771500463",
        "01771500463",
        "0",
        "-1",
        "99999999999",
        "100000000000",
        "1771500463000",
        "1771500463.0",
        "\"1771500463\""
      })
  void readsTimestampsAsTheDecoderDoes(String timestamp) {
    String line = example();
    assertSame(line.replace(":1771500463", ":" + timestamp).getBytes(StandardCharsets.UTF_8));
    assertSame(line.replace("1771500463", timestamp).getBytes(StandardCharsets.UTF_8));
  }

  private static String example() {
    return text(
        new Metric(
            Series.of(MetricType.CPU_UTILIZATION, "i-0abc"),
            RUN.observedAt(),
            37.66,
            MetricUnit.PERCENT,
            "eu-west-1",
            RUN));
  }

  /** Reads the line after a good one, whose texts it may repeat, in both ways. */
  private static void assertSame(byte[] line) {
    byte[] before = example().getBytes(StandardCharsets.UTF_8);
    List<Line> read = read(before, line);
    // A space in front is nothing to JSON, and nothing that we write.
    List<Line> decoded = read(before, " ".getBytes(StandardCharsets.UTF_8), line);

    assertThat(summary(read))
        .as(new String(line, StandardCharsets.UTF_8))
        .isEqualTo(summary(decoded));
  }

  private static List<String> summary(List<Line> lines) {
    return lines.stream()
        .map(line -> line instanceof Line.Good good ? good.toString() : "bad " + line.number())
        .collect(Collectors.toList());
  }

  private static List<Line> read(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    List<Line> lines = new ArrayList<>();
    try (JsonLinesReader reader =
        new JsonLinesReader(new ByteArrayInputStream(all.toByteArray()), RUN)) {
      for (Line line = reader.next(); line != null; line = reader.next()) {
        lines.add(line);
      }
    }
    return lines;
  }

  private byte[] line() {
    Map<String, String> dimensions =
        random.nextInt(3) > 0 ? Map.of() : Map.of(name(), name(), "device", name());
    return text(new Metric(
            Series.of(
                new MetricType(random.nextBoolean() ? "cpu_utilization" : "queue_depth"),
                name(),
                dimensions),
            RUN.observedAt().plusSeconds(random.nextInt(3)),
            VALUES.get(random.nextInt(VALUES.size())),
            MetricUnit.values()[random.nextInt(MetricUnit.values().length)],
            name(),
            random.nextBoolean() ? RUN : new CollectionRun("run-2", RUN.observedAt())))
        .getBytes(StandardCharsets.UTF_8);
  }

  private String name() {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  private byte mutation() {
    String characters = "\"\\{}:, #x0129-.eE\u0001\u007f";
    return (byte) characters.charAt(random.nextInt(characters.length()));
  }

  private static String text(Metric metric) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonLinesWriter writer = new JsonLinesWriter(out)) {
      writer.write(metric);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
