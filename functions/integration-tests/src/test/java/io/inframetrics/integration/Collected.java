package io.inframetrics.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.encode.JsonLinesReader;
import io.inframetrics.encode.Line;
import io.inframetrics.metric.Point;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.aws.PutMetricData;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a run of {@link Fleet} left behind, as others find it. */
final class Collected {

  private final Installed installed;
  private final Fleet fleet;
  private final String where;
  private final SortedMap<String, String> files;
  private final SortedMap<String, List<Point>> inFile;

  private Collected(
      Installed installed,
      Fleet fleet,
      String where,
      SortedMap<String, String> files,
      SortedMap<String, List<Point>> inFile) {
    this.installed = installed;
    this.fleet = fleet;
    this.where = where;
    this.files = files;
    this.inFile = inFile;
  }

  static Collected of(Installed installed, Fleet fleet, String where) {
    SortedMap<String, String> files = installed.objects("raw-metrics/");
    SortedMap<String, List<Point>> inFile = new TreeMap<>();
    files.values().forEach(text -> read(text, inFile));
    return new Collected(installed, fleet, where, files, inFile);
  }

  private static void read(String text, SortedMap<String, List<Point>> points) {
    ByteArrayInputStream bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    try (JsonLinesReader reader = new JsonLinesReader(bytes, SampleMetrics.RUN)) {
      for (Line line = reader.next(); line != null; line = reader.next()) {
        if (!(line instanceof Line.Good good)) {
          throw new AssertionError("a bad line in a raw file: " + line);
        }
        points
            .computeIfAbsent(good.metric().series().id(), id -> new ArrayList<>())
            .add(new Point(good.metric().timestamp().getEpochSecond(), good.metric().value()));
      }
    }
  }

  /**
   * One raw file, with one answer of the source from end to end; records of the same content, each
   * series and instant once.
   */
  void isWholeAndOnce() {
    assertThat(files.keySet())
        .as(where)
        .containsExactly("raw-metrics/2026/02/19/metrics-cpu_utilization-1771500463.json");
    assertThat(inFile).as(where).isEqualTo(fleet.answer(answerStored()));
    assertThat(installed.points(Fleet.TYPE)).as(where).isEqualTo(inFile);
    assertThat(installed.recordItems()).as(where).containsExactlyElementsOf(inFile.keySet());
  }

  /** Which of the source's answers the file holds. */
  int answerStored() {
    return (int) (inFile.values().iterator().next().get(0).value() / Fleet.STEP);
  }

  /** CloudWatch took every observation of the file as often as this. */
  void wasPublished(int times) {
    List<Double> expected = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      inFile.values().forEach(points -> points.forEach(point -> expected.add(point.value())));
    }
    assertThat(published()).as(where).isEqualTo(sorted(expected));
  }

  /** CloudWatch took some observations of the file, none of them more often than it is there. */
  void wasPublishedAtMostOnce() {
    List<Double> left = new ArrayList<>();
    inFile.values().forEach(points -> points.forEach(point -> left.add(point.value())));
    List<Double> open = sorted(left);
    int next = 0;
    for (double value : published()) {
      while (next < open.size() && open.get(next) < value) {
        next++;
      }
      assertThat(next).as("%s: %s was published too often", where, value).isLessThan(open.size());
      assertThat(open.get(next)).as(where).isEqualTo(value);
      next++;
    }
  }

  private static List<Double> sorted(List<Double> values) {
    return values.stream().sorted().toList();
  }

  /** Every value that CloudWatch took, as often as it counts it, sorted. */
  private List<Double> published() {
    List<Double> values = new ArrayList<>();
    for (PutMetricData request : installed.published()) {
      for (PutMetricData.Datum datum : request.data()) {
        datum
            .weights()
            .forEach(
                (value, count) -> {
                  for (int i = 0; i < count; i++) {
                    values.add(value);
                  }
                });
      }
    }
    return sorted(values);
  }
}
