package io.inframetrics.page;

import static io.inframetrics.pipeline.report.JsonValues.flag;
import static io.inframetrics.pipeline.report.JsonValues.text;

import io.inframetrics.page.PageModel.Gap;
import io.inframetrics.page.RunView.Check;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says what could not be collected, read or judged in a run. */
final class GapReader {

  private GapReader() {}

  /** What is not known after a run, in the order in which it came to be missed. */
  static List<Gap> read(StoredRun run) {
    List<Gap> gaps = new ArrayList<>();
    for (Map<String, @Nullable Object> one : run.analyses()) {
      if (flag(one, "failed")) {
        gaps.add(
            new Gap(
                "bad",
                "The analysis %s failed".formatted(text(one, "analysis")),
                "What it would have found is not known.",
                List.of(),
                0));
      }
    }
    List<String> failedBranches = texts(run.health().get("failed_branches"));
    addNames(
        gaps,
        "bad",
        "Not collected",
        "",
        failedBranches.stream().map(type -> whyFailed(type, run)).toList());
    for (Check check : run.checks()) {
      // That of the failed branches is said already.
      if (!check.ok() && (failedBranches.isEmpty() || !check.name().equals("collected"))) {
        gaps.add(new Gap("bad", "Not well: " + check.name(), check.detail(), List.of(), 0));
      }
    }
    String status = run.status();
    if (run.checks().isEmpty() && !status.isEmpty() && !status.equals("HEALTHY")) {
      gaps.add(
          new Gap(
              "bad",
              "The run is " + status,
              "What people were notified of, at the end of this page, says why.",
              List.of(),
              0));
    }
    addNames(
        gaps,
        "bad",
        "Not processed in time",
        "These raw files were written, and not read.",
        texts(run.health().get("missing")));
    for (Map<String, @Nullable Object> one : run.analyses()) {
      String name = text(one, "analysis");
      StoredAnalysis analysis = run.details(name);
      if (!analysis.problem().isEmpty()) {
        gaps.add(
            new Gap(
                "bad",
                "Details of %s are missing".formatted(name),
                analysis.problem(),
                List.of(),
                0));
      }
      addNames(gaps, "bad", "Could not be read by " + name, "", analysis.failures());
      addNames(
          gaps,
          "bad",
          "Skipped by " + name,
          "There was no time for them; the next run begins with others.",
          analysis.skipped().stream().map(Words::seriesName).toList());
      long notJudged = StoredAnalysis.count(one, "series_not_judged");
      if (notJudged > 0) {
        gaps.add(
            new Gap(
                "note",
                "Too few points for %s: %d series".formatted(name, notJudged),
                tooFew(one),
                analysis.notJudged().entrySet().stream()
                    .map(
                        series ->
                            "%s: %s more"
                                .formatted(
                                    Words.seriesName(series.getKey()),
                                    Words.count(series.getValue(), "point")))
                    .toList(),
                (int) Math.max(notJudged - analysis.notJudged().size(), 0)));
      }
      long otherUnit = StoredAnalysis.count(one, "series_in_other_unit");
      if (otherUnit > 0) {
        gaps.add(
            new Gap(
                "note",
                "In another unit than the %s: %d series"
                    .formatted(name.equals("forecast") ? "capacity" : "limit", otherUnit),
                "They are not compared with it. The end of this page says which units these are.",
                List.of(),
                0));
      }
      long empty = StoredAnalysis.count(one, "series_without_points");
      if (empty > 0) {
        gaps.add(
            new Gap(
                "note",
                "No recent points for %s: %d series".formatted(name, empty),
                "",
                List.of(),
                0));
      }
    }
    addNames(
        gaps,
        "note",
        "Not looked at now",
        "The run before reported these findings; they may go on.",
        run.findings().stream()
            .filter(finding -> Boolean.FALSE.equals(finding.get("analyzed")))
            .map(finding -> Words.seriesName(text(finding, "series_id")))
            .toList());
    return gaps;
  }

  /** The type and the reason that the summary gives, which is all that a report has of it. */
  private static String whyFailed(String type, StoredRun run) {
    String start = type + " failed: ";
    return text(run.report(), "summary")
        .lines()
        .filter(line -> line.startsWith(start))
        .findFirst()
        .map(line -> Words.typeName(type) + ": " + line.substring(start.length()))
        .orElse(Words.typeName(type));
  }

  private static String tooFew(Map<String, @Nullable Object> analysis) {
    long points = StoredAnalysis.count(analysis, "points_missing");
    long seconds = StoredAnalysis.count(analysis, "seconds_missing");
    if (points == 0) {
      return "";
    }
    return "The first is judged after %s more%s."
        .formatted(
            Words.count(points, "point"),
            seconds == 0 ? "" : ", in about " + Words.duration(Duration.ofSeconds(seconds)));
  }

  private static void addNames(
      List<Gap> gaps, String level, String title, String detail, List<String> names) {
    if (!names.isEmpty()) {
      List<String> first = names.stream().limit(StoredAnalysis.MAX_NAMES).toList();
      gaps.add(new Gap(level, title, detail, first, names.size() - first.size()));
    }
  }

  private static List<String> texts(@Nullable Object value) {
    return value instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
  }
}
