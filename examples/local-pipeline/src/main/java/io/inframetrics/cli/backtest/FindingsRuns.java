package io.inframetrics.cli.backtest;

import io.inframetrics.cli.series.RecordedStores;
import io.inframetrics.cli.series.RecordedStores.Recording;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs the analyses of the pipeline over recorded series, as if a deployment had run at regular
 * times, and writes what each run would have reported: one JSON object a line. A run sees the rows
 * up to its time, and the marks that the run before left.
 */
final class FindingsRuns {

  /** What a recorded series is by default: a type that has neither a threshold nor a capacity. */
  static final String ANY_TYPE = "value";

  private static final Set<MetricType> PERCENTAGES =
      Set.of(MetricType.CPU_UTILIZATION, MetricType.MEMORY_USAGE, MetricType.DISK_USAGE);

  private static final ObjectMapper JSON = JsonMapper.shared();

  private final MetricType type;
  private final Duration every;
  private final AnalysisSettings settings;
  private final Writer out;

  /**
   * Runs to come.
   *
   * @param every time from run to run, at least a second
   * @param zone by whose clocks jobs run
   * @param out gets the lines; the caller's to close
   */
  FindingsRuns(MetricType type, Duration every, ZoneId zone, Writer out) {
    this.type = type;
    this.every = every;
    this.settings = AnalysisSettings.DEFAULTS.withWindow(every).withTimeZone(zone);
    this.out = out;
  }

  /** Analyzes a series at each time of the schedule; returns what became of it, in words. */
  String run(String name, List<SeriesFile.Row> rows) {
    List<Point> points = points(rows);
    if (points.isEmpty()) {
      return name + ": no values";
    }
    Recording recording = new Recording(Series.of(type, "recorded"), unit(), points);
    RecordedStores stores = new RecordedStores(List.of(recording));
    Clock clock = Clock.systemUTC();
    AnalyzeMetrics analyze = new AnalyzeMetrics(stores, stores, stores, settings, clock);
    Count count = new Count();
    long step = every.toSeconds();
    long seenWithin = settings.reading().seenWithin().toSeconds();
    long newest = recording.newest();
    for (long next = recording.oldest(); ; ) {
      // Whole multiples, as a schedule has them; the first run sees at least one row.
      long at = -Math.floorDiv(-next, step) * step;
      analyze(analyze, stores, name, at, count);
      if (at - newest > seenWithin) {
        return name + ": " + count;
      }
      long after = recording.firstAfter(at);
      // Nothing changes in a pause of more than a day but the first run that notices it.
      boolean pause = after - at > 2 * seenWithin && at - recording.lastUntil(at) > seenWithin;
      next = pause ? after : at + 1;
    }
  }

  private void analyze(
      AnalyzeMetrics analyze, RecordedStores stores, String name, long at, Count count) {
    count.runs++;
    Instant observedAt = Instant.ofEpochSecond(at);
    String runId = "backtest-" + at;
    CollectionResult collected = RecordedStores.collected(type, runId, observedAt);
    for (String analysis : List.of(AnalyzeMetrics.ANOMALIES, AnalyzeMetrics.FORECAST)) {
      // Each run is the first try of its report.
      stores.forgetDocuments();
      Deadline deadline = Deadline.after(Duration.ofDays(1), Clock.systemUTC());
      String key =
          analyze
              .analyze(new AnalyzeMetrics.Request(analysis, runId, List.of(collected)), deadline)
              .reportKey();
      JsonNode report;
      try (StoredObject stored = stores.open(key, deadline).orElseThrow()) {
        report = JSON.readTree(stored.body());
      }
      for (JsonNode finding : report.path("findings")) {
        boolean fresh = finding.path("state").asString("").equals("NEW");
        count.fresh += fresh ? 1 : 0;
        write(name, observedAt, analysis, fresh ? "new" : "still", (ObjectNode) finding);
      }
      for (String over : List.of("closed", "gone")) {
        for (JsonNode finding : report.path(over)) {
          count.closed++;
          write(name, observedAt, analysis, over, (ObjectNode) finding);
        }
      }
    }
  }

  private void write(String name, Instant run, String analysis, String change, ObjectNode finding) {
    ObjectNode line = JSON.createObjectNode();
    line.put("run", run.toString());
    line.put("series", name);
    line.put("analysis", analysis);
    line.put("change", change);
    finding.remove(List.of("series_id", "state"));
    line.setAll(finding);
    try {
      out.write(line + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("findings cannot be written", e);
    }
  }

  private MetricUnit unit() {
    return PERCENTAGES.contains(type) ? MetricUnit.PERCENT : MetricUnit.NONE;
  }

  private static List<Point> points(List<SeriesFile.Row> rows) {
    return rows.stream()
        .filter(row -> Double.isFinite(row.value()))
        .map(row -> new Point(row.epochSecond(), row.value()))
        .toList();
  }

  /** Runs, and what changed in them. */
  private static final class Count {
    private int runs;
    private int fresh;
    private int closed;

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d %s in %d %s, %d closed",
          fresh,
          fresh == 1 ? "finding" : "findings",
          runs,
          runs == 1 ? "run" : "runs",
          closed);
    }
  }
}
