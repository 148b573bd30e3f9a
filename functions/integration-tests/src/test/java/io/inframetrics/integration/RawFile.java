package io.inframetrics.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.encode.JsonLinesWriter;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.RunLedger.ProcessedMark;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A raw file that somebody else dropped, with two lines that are no observations. */
record RawFile(int series, int points) {

  static final String KEY = "raw-metrics/2026/02/19/metrics-cpu_utilization-1771500463.json";
  static final int BAD_LINES = 2;

  private static final String BAD = "no JSON at all\n{\"metric_type\":\"cpu_utilization\"}\n";

  /** Puts it into a bucket under the usual key. */
  void land(Installed installed) {
    land(installed, KEY);
  }

  void land(Installed installed, String key) {
    installed.put(key, text());
  }

  private String text() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonLinesWriter writer = new JsonLinesWriter(bytes)) {
      new Fleet(series, points)
          .answer(1)
          .forEach(
              (id, list) ->
                  list.forEach(
                      point ->
                          writer.write(
                              new Metric(
                                  Series.of(Fleet.TYPE, id.substring(id.indexOf('#') + 1)),
                                  Instant.ofEpochSecond(point.epochSecond()),
                                  point.value(),
                                  io.inframetrics.metric.MetricUnit.PERCENT,
                                  "eu-west-1",
                                  SampleMetrics.RUN))));
    }
    return bytes.toString(StandardCharsets.UTF_8) + BAD;
  }

  /** Every good line is a record, the bad ones are in quarantine, and the file is marked. */
  void wasProcessed(Installed installed, String where) {
    wasProcessed(installed, KEY, where);
  }

  void wasProcessed(Installed installed, String key, String where) {
    Map<String, List<io.inframetrics.metric.Point>> expected = new Fleet(series, points).answer(1);
    assertThat(installed.points(Fleet.TYPE)).as(where).isEqualTo(expected);
    assertThat(installed.recordItems()).as(where).containsExactlyElementsOf(expected.keySet());
    assertThat(installed.objects("quarantine/"))
        .as(where)
        .containsOnlyKeys("quarantine/" + key, "quarantine/" + key + ".reasons.json")
        .containsEntry("quarantine/" + key, BAD);
    Map<String, ProcessedMark> marks =
        installed.ledger().processed(List.of(key), Deadlines.never());
    assertThat(marks).as(where).containsOnlyKeys(key);
    assertThat(marks.get(key).accepted()).as(where).isEqualTo((long) series * points);
    assertThat(marks.get(key).refused()).as(where).isEqualTo(BAD_LINES);
    assertThat(installed.openUploads()).as(where).isZero();
  }
}
