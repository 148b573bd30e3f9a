package io.inframetrics.cli.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.cli.Executed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BacktestCommandTest {

  @TempDir private Path folder;

  @Test
  void writesARowForEachRowWithScoreAndAlarm() throws IOException {
    Path csv = series("in.csv", 400, 300, 90);
    Path out = folder.resolve("deep/out.csv");

    Executed executed =
        Executed.command("backtest", "--csv", csv.toString(), "--out", out.toString());

    assertThat(executed.exitCode()).as(executed.err()).isZero();
    List<String> rows = Files.readAllLines(csv);
    List<String> scored = Files.readAllLines(out);
    assertThat(scored).hasSameSizeAs(rows);
    assertThat(scored.get(0)).isEqualTo("timestamp,value,anomaly_score,anomaly");
    for (int i = 1; i < rows.size(); i++) {
      assertThat(scored.get(i)).startsWith(rows.get(i) + ",").matches(".*,[01]\\.\\d{6},[01]");
    }
    assertThat(scored.get(301)).endsWith(",1");
    assertThat(scored.subList(1, 301)).allMatch(row -> row.endsWith(",0"));
  }

  @Test
  void takesEveryKindOfTimeAndMissingValues() throws IOException {
    Path csv = folder.resolve("in.csv");
    Files.writeString(
        csv,
        """
        2026-02-19 11:27:43,1.50
        2026-02-19 11:32,2
        2026-02-19 11:37:43.000000,
        2026-02-19T11:42:43Z,NaN
        2026-02-19T12:47:43+01:00,5e3
        2026-02-19T11:52:43,6
        1771502263,7,ignored
        2026-02-19 11:27:43,1
        2026-02-19 13:27:43+01:00,inf
        2026-02-19T12:27+0000,8
        2026-02-20,9
        """);
    Path out = folder.resolve("out.csv");

    Executed executed =
        Executed.command("backtest", "--csv", csv.toString(), "--out", out.toString());

    assertThat(executed.exitCode()).as(executed.err()).isZero();
    assertThat(Files.readString(out))
        .isEqualTo(
            """
            timestamp,value,anomaly_score,anomaly
            2026-02-19 11:27:43,1.50,0.000000,0
            2026-02-19 11:32,2,0.000000,0
            2026-02-19 11:37:43.000000,,0.000000,0
            2026-02-19T11:42:43Z,NaN,0.000000,0
            2026-02-19T12:47:43+01:00,5e3,0.000000,0
            2026-02-19T11:52:43,6,0.000000,0
            1771502263,7,0.000000,0
            2026-02-19 11:27:43,1,0.000000,0
            2026-02-19 13:27:43+01:00,inf,0.000000,0
            2026-02-19T12:27+0000,8,0.000000,0
            2026-02-20,9,0.000000,0
            """);
  }

  @Test
  void overwritesNoSeriesAndIgnoresNoOption() throws IOException {
    Path csv = series("in.csv", 400, 300, 90);
    String before = Files.readString(csv);
    Path out = folder.resolve("out.csv");

    Executed.command("backtest", "--csv", csv, "--out", out, "--findings", csv)
        .refused("--findings '" + csv + "' is the series itself or --out: give another file");
    Executed.command("backtest", "--csv", csv, "--out", out, "--every", "5m")
        .refused("--every has no effect here: add --findings FILE");
    Executed.command(
            "backtest", "--csv", csv, "--out", out, "--findings", out, "--time-zone", "CEST")
        .refused(
            "--time-zone 'CEST' is not valid: use the name of a time zone with its summer time, such"
                + " as Europe/Berlin, or UTC");
    assertThat(csv).hasContent(before);
  }

  @Test
  void writesWhatEachRunOfADeploymentWouldReport() throws IOException {
    // One point five minutes before a run.
    Path csv = series("in.csv", 700, 575, 90);
    Path findings = folder.resolve("deep/findings.jsonl");

    Executed executed =
        Executed.command(
            "backtest", "--csv", csv, "--out", folder.resolve("out.csv"), "--findings", findings);

    assertThat(executed.exitCode()).as(executed.err()).isZero();
    List<String> lines = Files.readAllLines(findings);
    assertThat(lines).isNotEmpty();
    assertThat(lines.get(0))
        .startsWith(
            "{\"run\":\"2026-02-03T00:00:00Z\",\"series\":\"in.csv\",\"analysis\":\"anomalies\","
                + "\"change\":\"new\",\"detector\":\"anomaly\",\"severity\":\"WARNING\","
                + "\"start\":\"2026-02-02T23:55:00Z\"");
    assertThat(lines).anyMatch(line -> line.contains("\"change\":\"closed\""));
    // The row where the finding starts is the row that alarms.
    assertThat(Files.readAllLines(folder.resolve("out.csv")).get(576)).endsWith(",1");
    assertThat(executed.out()).startsWith("in.csv: ").contains(" findings in ", " runs, ");
  }

  /**
   * At five in the morning by local clocks, which is another time in UTC after the last Sunday of
   * March.
   */
  @Test
  void knowsAJobByTheClocksOfItsZone() throws IOException {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (Instant at = Instant.parse("2026-03-12T00:00:00Z");
        at.isBefore(Instant.parse("2026-03-31T00:00:00Z"));
        at = at.plusSeconds(900)) {
      boolean runs = at.atZone(berlin).getHour() == 5;
      text.append(at).append(',').append((runs ? 75 : 8) + random.nextGaussian()).append('\n');
    }
    Path csv = Files.writeString(folder.resolve("job.csv"), text);

    assertThat(newIn(csv, "Europe/Berlin")).isZero();
    assertThat(newIn(csv, "UTC")).isPositive();
  }

  /** New anomalies from the day before summer time on. */
  private long newIn(Path csv, String zone) throws IOException {
    Path findings = folder.resolve("findings.jsonl");
    Executed executed =
        Executed.command(
            "backtest",
            "--csv",
            csv,
            "--out",
            folder.resolve("out.csv"),
            "--findings",
            findings,
            "--every",
            "6h",
            "--time-zone",
            zone);
    assertThat(executed.exitCode()).as(executed.err()).isZero();
    try (Stream<String> lines = Files.lines(findings)) {
      return lines
          .filter(line -> line.contains("\"change\":\"new\",\"detector\":\"anomaly\""))
          .filter(line -> line.compareTo("{\"run\":\"2026-03-28") > 0)
          .count();
    }
  }

  @Test
  void judgesAKnownTypeByItsThresholdAndItsCapacityToo() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      text.append(Instant.parse("2026-02-01T00:00:00Z").plusSeconds(900L * i));
      text.append(',').append(50 + 0.25 * i).append('\n');
    }
    Path csv = folder.resolve("disk.csv");
    Files.writeString(csv, text);
    Path findings = folder.resolve("findings.jsonl");

    Executed executed =
        Executed.command(
            "backtest",
            "--csv",
            csv,
            "--out",
            folder.resolve("out.csv"),
            "--findings",
            findings,
            "--every",
            "1h",
            "--type",
            "disk_usage");

    assertThat(executed.exitCode()).as(executed.err()).isZero();
    assertThat(Files.readString(findings))
        .contains("\"analysis\":\"forecast\",\"change\":\"new\",\"detector\":\"forecast\"")
        .contains("\"change\":\"still\",\"detector\":\"forecast\"")
        .contains("\"change\":\"new\",\"detector\":\"threshold\"")
        .contains("\"unit\":\"Percent\"");
  }

  @Test
  void doesNotAlarmAtAChangeThatIsTooSmallForAFinding() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 1_500; i++) {
      text.append(1_770_000_000L + 300L * i).append(i < 1_000 ? ",41.00\n" : ",41.01\n");
    }
    Path csv = folder.resolve("flat.csv");
    Files.writeString(csv, text);
    Path out = folder.resolve("out.csv");
    Path findings = folder.resolve("findings.jsonl");

    Executed executed =
        Executed.command("backtest", "--csv", csv, "--out", out, "--findings", findings);

    assertThat(executed.exitCode()).as(executed.err()).isZero();
    assertThat(Files.readAllLines(out).subList(1, 1_501)).allMatch(row -> row.endsWith(",0"));
    assertThat(Files.readString(findings)).doesNotContain("\"detector\":\"anomaly\"");
  }

  @Test
  void mirrorsAFolderAndHoldsItAgainstLabels() throws IOException {
    Path in = Files.createDirectories(folder.resolve("in/a"));
    series("in/a/one.csv", 400, 300, 90);
    series("in/two.csv", 400, 300, 90);
    series("in/three.csv", 400, 300, 90);
    Files.writeString(in.resolve("notes.txt"), "no series");
    Path labels = folder.resolve("labels.json");
    Files.writeString(
        labels,
        """
        {"a/one.csv": [["2026-02-02 00:30:00.000000", "2026-02-02 01:30:00.000000"]],
         "two.csv": [["2026-02-02 03:00:00", "2026-02-02 04:00:00"]],
         "elsewhere.csv": []}
        """);
    Path out = folder.resolve("out");

    Executed executed =
        Executed.command(
            "backtest",
            "--csv",
            folder.resolve("in").toString(),
            "--out",
            out.toString(),
            "--label-windows",
            labels.toString());

    assertThat(executed.exitCode()).as(executed.err()).isZero();
    assertThat(out.resolve("a/one.csv")).exists();
    assertThat(out.resolve("two.csv")).exists();
    assertThat(out.resolve("a/notes.txt")).doesNotExist();
    assertThat(executed.out().lines())
        .containsExactly(
            "a/one.csv: 1 caught, 0 missed, 0 false alarms",
            "three.csv: not labelled",
            "two.csv: 0 caught, 1 missed, 1 false alarm",
            "total of 2 series: 1 caught, 1 missed, 1 false alarm, 0.36 a day",
            "labels without a series: elsewhere.csv");
  }

  @Test
  void takesTheLabelThatEndsInTheNameUnlessThereAreTwo() throws IOException {
    Path csv = series("in/one.csv", 400, 300, 90);
    Path out = folder.resolve("out.csv");
    Path labels = folder.resolve("labels.json");
    String window = "[[\"2026-02-02 00:30:00\", \"2026-02-02 01:30:00\"]]";
    Files.writeString(labels, "{\"a/one.csv\": " + window + "}");

    assertThat(
            Executed.command("backtest", "--csv", csv, "--out", out, "--label-windows", labels)
                .out())
        .startsWith("one.csv: 1 caught");

    Files.writeString(labels, "{\"a/one.csv\": " + window + ", \"b/one.csv\": []}");
    Executed.command("backtest", "--csv", csv, "--out", out, "--label-windows", labels)
        .refused(
            "series 'one.csv' matches both 'a/one.csv' and 'b/one.csv': give --csv the folder above");
  }

  @Test
  void sortsASeriesAndSaysSo() throws IOException {
    Path csv = folder.resolve("in.csv");
    Files.writeString(csv, "1771502863,1\n1771502563,2\n1771502263,3\n");
    Path out = folder.resolve("out.csv");
    Path labels = folder.resolve("labels.json");
    Files.writeString(labels, "{\"in.csv\": []}");

    Executed executed =
        Executed.command("backtest", "--csv", csv, "--out", out, "--label-windows", labels);

    assertThat(executed.exitCode()).isZero();
    assertThat(executed.err())
        .isEqualTo(
            "warning: file '%s' is not in the order of time: its rows were sorted by time, and are written in the order of the file%n"
                .formatted(csv));
    assertThat(executed.out()).contains("0.00 a day");

    Files.writeString(csv, "1771502263,3\n1771502863,1\n1771502563,2\n1771503163,2\n");
    assertThat(Executed.command("backtest", "--csv", csv, "--out", out).err())
        .contains("is not in the order of time");

    Files.writeString(csv, "1771502263,3\n1771502563,2\n1771502563,1\n1771503163,2\n");
    assertThat(Executed.command("backtest", "--csv", csv, "--out", out).err())
        .isEqualTo(
            "warning: file '%s' has 1 row with the time of another row: they stay in the order of the file%n"
                .formatted(csv));
  }

  @Test
  void anyOrderOfTheRowsGivesTheSameScores() throws IOException {
    Path csv = series("in.csv", 400, 300, 90);
    Path out = folder.resolve("out.csv");
    Executed.command("backtest", "--csv", csv, "--out", out).succeeded();
    List<String> sorted = Files.readAllLines(out);

    List<String> rows = new ArrayList<>(Files.readAllLines(csv));
    String header = rows.remove(0);
    for (int seed = 0; seed < 3; seed++) {
      Collections.shuffle(rows, new Random(seed));
      Files.writeString(csv, header + "\n" + String.join("\n", rows) + "\n");
      assertThat(Executed.command("backtest", "--csv", csv, "--out", out).err()).hasLineCount(1);
      List<String> scored = Files.readAllLines(out);
      for (int i = 0; i < rows.size(); i++) {
        assertThat(scored.get(i + 1)).startsWith(rows.get(i) + ",");
      }
      assertThat(scored).containsExactlyInAnyOrderElementsOf(sorted);
    }
  }

  @Test
  void readsTheAnswerOfTheAwsCommandInTheOrderOfTime() throws IOException {
    Path json =
        Files.writeString(
            folder.resolve("in.json"),
            """
            {"Label": "CPUUtilization", "Datapoints": [
              {"Timestamp": "2026-02-01T00:05:00+00:00", "Average": 2.5, "Unit": "Percent"},
              {"Timestamp": "2026-02-01T00:00:00+00:00", "Average": 2.0, "Unit": "Percent"}]}
            """);
    Path out = folder.resolve("out.csv");

    Executed executed = Executed.command("backtest", "--csv", json, "--out", out);

    assertThat(executed.err()).endsWith("its rows were sorted by time%n".formatted());
    assertThat(out)
        .hasContent(
            """
            timestamp,value,anomaly_score,anomaly
            2026-02-01T00:00:00+00:00,2.0,0.000000,0
            2026-02-01T00:05:00+00:00,2.5,0.000000,0
            """);
  }

  @Test
  void followsALinkToAFolderAndTakesAnyCase() throws IOException {
    series("in/one.CSV", 30, 99, 0);
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("in"));

    Executed.command("backtest", "--csv", link, "--out", folder.resolve("out")).succeeded();

    assertThat(folder.resolve("out/one.CSV")).exists();
  }

  @Test
  void namesFileLineAndFixOfABadRow() throws IOException {
    Path csv = folder.resolve("in.csv");
    Files.writeString(csv, "timestamp,value\n2026-02-19 11:27:43,1\nyesterday,2\n");
    assertRefused(
        csv,
        "file '%s', line 3: timestamp 'yesterday' is not a time: use 2026-02-19 11:27:43, ISO-8601"
                .formatted(csv)
            + " or epoch seconds");

    Files.writeString(csv, "timestamp,value\n2026-02-19 11:27:43,high\n");
    assertRefused(
        csv,
        "file '%s', line 2: value 'high' is not a number: use a number, or leave it empty"
            .formatted(csv));

    // A first line is a header only if it has no time for another reason than a mistake in it.
    Files.writeString(csv, "2026-13-19 11:27:43,1\n2026-02-19 11:27:43,2\n");
    assertRefused(csv, "line 1: timestamp '2026-13-19 11:27:43' is not a time");
    Files.writeString(csv, "2026-02-30 11:27:43,1\n");
    assertRefused(csv, "line 1: timestamp '2026-02-30 11:27:43' is not a time");

    Files.writeString(csv, "timestamp,value\ntime,number\n");
    assertRefused(csv, "line 2: timestamp 'time' is not a time");

    Files.writeString(csv, "time,value\n177150226300000000000000,1\n");
    assertRefused(csv, "line 2: timestamp '177150226300000000000000' is not a time");

    Files.writeString(csv, "2026-02-19 11:27:43|1\n");
    assertRefused(csv, "line 1: '2026-02-19 11:27:43|1' has no comma: use timestamp,value");
  }

  @Test
  void takesHeadersLineEndsAndEmptyFilesAsTheyCome() throws IOException {
    assertThat(scored("\uFEFFtimestamp,value\r\n2026-02-19 11:27:43,1\r\n"))
        .isEqualTo("2026-02-19 11:27:43,1,0.000000,0\n");
    assertThat(scored("\n,0\n1771502263,1\n\n1771502563,2"))
        .isEqualTo("1771502263,1,0.000000,0\n1771502563,2,0.000000,0\n");
    assertThat(scored("timestamp,value\n")).isEmpty();
    assertThat(scored("")).isEmpty();
  }

  @Test
  void takesNoAnswersForSeries() throws IOException {
    series("in/one.csv", 30, 99, 0);
    Path in = folder.resolve("in");
    for (int i = 0; i < 2; i++) {
      Executed.command("backtest", "--csv", in, "--out", in.resolve("scored")).succeeded();
    }
    assertThat(in.resolve("scored/one.csv")).exists();
    assertThat(in.resolve("scored/scored")).doesNotExist();
  }

  @Test
  void refusesLabelsThatAreNone() throws IOException {
    Path csv = series("in.csv", 5, 9, 0);
    Path labels = folder.resolve("labels.json");
    for (String wrong :
        List.of(
            "\"2026-02-02\"",
            "[[\"2026-02-02 01:00\"]]",
            "[[\"2026-02-02 01:00\", \"soon\"]]",
            "[[\"2026-02-02 01:00\", \"2026-02-02 00:00\"]]")) {
      Files.writeString(labels, "{\"in.csv\": " + wrong + "}");
      Executed.command("backtest", "--csv", csv, "--out", "x.csv", "--label-windows", labels)
          .refused("is not valid: use [\"start\", \"end\"], the earlier one first");
    }
  }

  @Test
  void refusesWhatCannotBe() throws IOException {
    Path csv = series("in.csv", 5, 9, 0);
    assertRefused(folder.resolve("none.csv"), "there is no file");
    assertRefused(Files.createDirectory(folder.resolve("empty")), "has no *.csv");
    assertThat(Executed.command("backtest", "--csv", csv.toString(), "--out", csv.toString()))
        .returns(2, Executed::exitCode)
        .satisfies(one -> assertThat(one.err()).contains("is the series itself"));
    assertThat(
            Executed.command(
                "backtest", "--csv", csv.toString(), "--out", "x.csv", "--detector", "oracle"))
        .returns(2, Executed::exitCode)
        .satisfies(
            one -> assertThat(one.err()).contains("detector 'oracle' is not known: use 'anomaly'"));
  }

  /** What comes out without its header. */
  private String scored(String text) throws IOException {
    Path csv = Files.writeString(folder.resolve("some.csv"), text);
    Path out = folder.resolve("some-out.csv");
    Executed.command("backtest", "--csv", csv, "--out", out).succeeded();
    return Files.readString(out).replaceFirst("timestamp,value,anomaly_score,anomaly\n", "");
  }

  private void assertRefused(Path csv, String message) {
    Executed executed =
        Executed.command(
            "backtest", "--csv", csv.toString(), "--out", folder.resolve("out").toString());
    assertThat(executed.exitCode()).isEqualTo(2);
    assertThat(executed.err()).contains(message).hasLineCount(1);
  }

  /** Noise around 20 every five minutes from February 1st 2026 on, one value of it another. */
  private Path series(String name, int rows, int at, double value) throws IOException {
    Random random = new Random(3);
    Files.createDirectories(folder.resolve(name).getParent());
    StringBuilder text = new StringBuilder("timestamp,value\n");
    for (int i = 0; i < rows; i++) {
      int minutes = 5 * i;
      text.append(
          "2026-02-%02d %02d:%02d:00,%s%n"
              .formatted(
                  1 + minutes / 1_440,
                  minutes / 60 % 24,
                  minutes % 60,
                  i == at ? value : 20 + random.nextGaussian()));
    }
    return Files.writeString(folder.resolve(name), text);
  }
}
