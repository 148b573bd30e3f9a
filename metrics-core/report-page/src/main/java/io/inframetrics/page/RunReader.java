package io.inframetrics.page;

import static io.inframetrics.pipeline.report.JsonValues.flag;
import static io.inframetrics.pipeline.report.JsonValues.text;

import io.inframetrics.page.RunDetails.Visit;
import io.inframetrics.page.RunView.Analysis;
import io.inframetrics.page.RunView.Bar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says how a run went. */
final class RunReader {

  private static final int MAX_OBJECTS = 100;

  /** States in the timeline. */
  private static final int MAX_BARS = 200;

  private RunReader() {}

  /** How a run went, as far as {@code details} and its report know. */
  static RunView read(StoredRun run, @Nullable RunDetails details, Words words) {
    Map<String, String> facts = new LinkedHashMap<>();
    String status = run.status();
    if (!status.isEmpty()) {
      facts.put(RunView.HEALTH, status);
    }
    if (StoredAnalysis.count(run.health(), "expected") > 0) {
      facts.put(
          "Raw files",
          "%d of %d processed"
              .formatted(
                  StoredAnalysis.count(run.health(), "processed"),
                  StoredAnalysis.count(run.health(), "expected")));
    }
    if (details != null) {
      facts.put(RunView.EXECUTION, details.status());
      facts.put("Started", words.time(details.start()));
      facts.put(RunView.TOOK, Words.duration(Duration.between(details.start(), details.end())));
    }
    List<Analysis> looked = new ArrayList<>();
    for (Map<String, @Nullable Object> one : run.analyses()) {
      looked.add(
          new Analysis(
              text(one, "analysis"),
              flag(one, "failed"),
              "%d series read, %d judged"
                  .formatted(
                      StoredAnalysis.count(one, "series_read"),
                      StoredAnalysis.count(one, "series_judged")),
              text(one, "report_key")));
    }
    List<String> objects = details == null ? List.of() : details.objects();
    List<Visit> visits = details == null ? List.of() : details.visits();
    return new RunView(
        facts,
        details != null,
        details == null ? null : StateMachineView.of(details.definition(), visits),
        details == null ? List.of() : bars(details),
        Math.max(visits.size() - MAX_BARS, 0),
        run.checks(),
        looked,
        objects.stream().limit(MAX_OBJECTS).toList(),
        Math.max(objects.size() - MAX_OBJECTS, 0),
        details == null ? Map.of() : details.calls(),
        details == null ? null : details.cost());
  }

  private static List<Bar> bars(RunDetails details) {
    double total = Math.max(1, Duration.between(details.start(), details.end()).toMillis());
    List<Bar> bars = new ArrayList<>();
    for (Visit visit : details.visits()) {
      if (bars.size() == MAX_BARS) {
        break;
      }
      Duration started = Duration.between(details.start(), visit.entered());
      String result = StateMachineView.result(visit);
      bars.add(
          new Bar(
              visit.state(),
              !visit.place().isEmpty(),
              result,
              StateMachineView.word(result),
              perMille(started.toMillis() / total, 0),
              // What is short must be seen, too.
              perMille(visit.duration().toMillis() / total, 3),
              "+" + Words.duration(started),
              Words.duration(visit.duration())));
    }
    return bars;
  }

  private static String perMille(double part, double least) {
    double scaled = Math.max(least, Math.min(part, 1) * Bar.SCALE);
    return Double.toString(Math.rint(scaled * 10) / 10);
  }
}
