package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.Forecast.Outcome;
import io.inframetrics.detect.ReadableText;
import io.inframetrics.detect.Severity;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import io.inframetrics.metric.SeriesId;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.State;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.TrackedFinding;
import io.inframetrics.pipeline.analysis.FindingsAcrossRuns.ClosedFinding;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.text.Texts;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes what an operator reads first: the verdict, the worst findings, one a line, and what is
 * missing. Never longer than its limit in UTF-8 bytes.
 */
final class AnalysisSummary {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Names in one list; the report has all of them. */
  private static final int MAX_NAMES = 8;

  private static final int MAX_NAME_LENGTH = 100;

  private static final String MORE = " more in the report";

  /** A line that {@link #write} made of a finding, or of the number of those that do not fit. */
  private static final Pattern FINDING =
      Pattern.compile("(CRITICAL|WARNING|INFO) (new|still) .*|and \\d+" + MORE);

  private final AnalysisSettings settings;
  private final boolean forecast;
  private final boolean noCapacity;
  private final Instant observedAt;

  /** {@code noCapacity}: something was collected, but nothing that has a capacity. */
  AnalysisSummary(
      AnalysisSettings settings, boolean forecast, boolean noCapacity, Instant observedAt) {
    this.settings = settings;
    this.forecast = forecast;
    this.noCapacity = noCapacity;
    this.observedAt = observedAt;
  }

  /**
   * The summary.
   *
   * @param missing branches without objects, in words
   * @param unknown types with a limit or a capacity that no branch collects, in words
   */
  String write(
      AnalysisProgress progress,
      AnalysisFindings found,
      List<String> missing,
      List<String> unknown,
      String reportKey) {
    List<TrackedFinding> findings = found.toReport();
    List<String> lines =
        findings.stream()
            .limit(settings.reporting().maxFindings())
            .map(AnalysisSummary::line)
            .toList();
    List<String> foot = new ArrayList<>();
    add(foot, "Open before, not analyzed now: ", found.unseen(), AnalysisSummary::name);
    List<ClosedFinding> closed = found.closedWithoutMembers();
    add(
        foot,
        "Closed: ",
        closed.stream().filter(one -> !one.becameUsual()).toList(),
        one -> name(one.mark()));
    add(
        foot,
        "Still present, now treated as normal: ",
        closed.stream().filter(ClosedFinding::becameUsual).toList(),
        one -> name(one.mark()));
    add(foot, "Gone, no longer expected to report: ", found.gone(), one -> one.mark().seriesId());
    add(foot, "No data from: ", missing, name -> name);
    add(
        foot,
        "Not collected, but with a %s: ".formatted(forecast ? "capacity" : "limit"),
        unknown,
        name -> name);
    add(foot, "No recent series of: ", progress.typesSilent, MetricType::name);
    add(
        foot,
        forecast ? "Not forecast: " : "Not judged by a limit: ",
        progress.otherUnits(),
        reason -> reason);
    add(foot, "Skipped for lack of time: all of ", progress.typesSkipped, MetricType::name);
    if (progress.skipped.size() > 0) {
      foot.add("Skipped for lack of time: " + count(progress.skipped.size(), "series"));
    }
    if (!progress.failures.isEmpty()) {
      AnalysisProgress.Failure first = progress.failures.get(0);
      foot.add(
          "Could not be read: %d, first %s: %s"
              .formatted(progress.failures.size(), cut(first.what()), first.reason()));
    }
    foot.add("Report: " + reportKey);
    return fit(
        verdict(progress, findings),
        lines,
        findings.size(),
        foot,
        settings.reporting().maxSummaryBytes());
  }

  private static <T> void add(
      List<String> foot, String heading, Collection<T> named, Function<T, String> name) {
    if (!named.isEmpty()) {
      foot.add(heading + names(named.stream().map(name).toList()));
    }
  }

  /**
   * Joins the lines, without those of the last findings that do not fit.
   *
   * @param lines findings, the worst first
   * @param total findings that there are, of which {@code lines} may be only some
   */
  static String fit(String head, List<String> lines, int total, List<String> foot, int maxBytes) {
    for (int shown = lines.size(); ; shown--) {
      List<String> all = new ArrayList<>();
      all.add(head);
      all.addAll(lines.subList(0, shown));
      if (shown < total) {
        all.add("and " + (total - shown) + MORE);
      }
      all.addAll(foot);
      String text = String.join("\n", all);
      if (shown == 0 || SeriesId.utf8Length(text) <= maxBytes) {
        return Texts.shortenBytes(text, maxBytes);
      }
    }
  }

  /** A summary that {@link #write} made, without the lines of its findings. */
  static String withoutFindings(String summary) {
    return summary
        .lines()
        .filter(line -> !FINDING.matcher(line).matches())
        .collect(Collectors.joining("\n"));
  }

  /** A name from outside, on one line and shortened if it is too long. */
  static String cut(String name) {
    return Texts.oneLine(name, MAX_NAME_LENGTH);
  }

  private String verdict(AnalysisProgress progress, List<TrackedFinding> findings) {
    String opening = (forecast ? "Capacity at " : "Anomalies at ") + time(observedAt) + ": ";
    String read = count(progress.seriesRead(), "series") + unread(progress);
    if (noCapacity) {
      return opening + "nothing to forecast: none of the collected types has a capacity.";
    }
    if (progress.seriesRead() == 0) {
      return opening + "no data, nothing could be analyzed.";
    }
    String others = forecast ? others(progress) : "";
    boolean allJudged = progress.seriesJudged() == progress.seriesRead();
    if (findings.isEmpty()) {
      if (!allJudged) {
        String nothing =
            progress.seriesJudged() == 0
                ? ""
                : forecast
                    ? "nothing reaches its capacity within " + horizon() + others + "; "
                    : "nothing unusual; ";
        return opening + nothing + judged(progress, read) + ".";
      }
      return opening
          + (forecast
              ? "none of %s reaches its capacity within %s%s.".formatted(read, horizon(), others)
              : "nothing unusual in " + read + ".");
    }
    int n = findings.size();
    String found =
        forecast
            ? n
                + " of "
                + read
                + (n == 1 ? " reaches its" : " reach their")
                + " capacity within "
                + horizon()
            : n + (n == 1 ? " finding in " : " findings in ") + read;
    String judged =
        allJudged ? "" : "; " + judged(progress, count(progress.seriesRead(), "series"));
    return opening + found + counts(findings) + others + judged + ".";
  }

  /** How many series were judged, and what the others need: silence about them is not good news. */
  private static String judged(AnalysisProgress progress, String read) {
    String judged = "%d of %s judged".formatted(progress.seriesJudged(), read);
    int tooShort = progress.seriesNotJudged;
    Duration time = Duration.ofSeconds(progress.secondsMissing());
    return tooShort == 0
        ? judged
        : "%s; %d %s about %s%s"
            .formatted(
                judged,
                tooShort,
                tooShort == 1 ? "needs" : "need",
                ReadableText.count(progress.pointsMissing, "more point"),
                time.isZero() ? "" : " (" + ReadableText.duration(time) + ")");
  }

  /** What was not read, said first, so that nobody takes it for good news. */
  private static String unread(AnalysisProgress progress) {
    List<String> parts = new ArrayList<>();
    int series = progress.skipped.size() + progress.seriesFailed;
    if (series > 0) {
      parts.add(count(series, "more"));
    }
    Set<MetricType> types = progress.typesUnlisted;
    if (!types.isEmpty()) {
      parts.add("all of " + typeNames(types));
    }
    return parts.isEmpty() ? "" : " (" + String.join(" and ", parts) + " not analyzed)";
  }

  private static String counts(List<TrackedFinding> findings) {
    List<String> parts = new ArrayList<>();
    for (Severity severity : List.of(Severity.CRITICAL, Severity.WARNING, Severity.INFO)) {
      int n = (int) findings.stream().filter(f -> f.finding().severity() == severity).count();
      addCount(parts, n, severityWord(severity, n));
    }
    long still = findings.stream().filter(f -> f.state() == State.STILL).count();
    String severities = String.join(", ", parts);
    return " ("
        + severities
        + "; "
        + (findings.size() - still)
        + " new, "
        + still
        + " reported before)";
  }

  private static String others(AnalysisProgress progress) {
    List<String> parts = new ArrayList<>();
    addCount(parts, progress.forecasts(Outcome.NOT_GROWING), "not growing");
    addCount(parts, progress.forecasts(Outcome.BEYOND_HORIZON), "growing slowly");
    return parts.isEmpty() ? "" : "; " + String.join(", ", parts);
  }

  private static void addCount(List<String> parts, int count, String what) {
    if (count > 0) {
      parts.add(count + " " + what);
    }
  }

  private static String line(TrackedFinding tracked) {
    Finding finding = tracked.finding();
    StringBuilder text = new StringBuilder();
    text.append(finding.severity())
        .append(tracked.state() == State.NEW ? " new " : " still ")
        .append(cut(name(finding.series())))
        .append(": ")
        .append(Texts.oneLine(finding.reason()));
    if (!finding.ongoing()) {
      text.append(", from ").append(time(finding.start()));
      text.append(" to ").append(time(finding.latest()));
      text.append(finding.becameUsual() ? ", now treated as normal" : "");
    } else if (finding.forecast() == null || tracked.state() == State.STILL) {
      text.append(", since ").append(time(finding.start()));
    }
    return text.toString();
  }

  private static String name(Series series) {
    StringBuilder text = new StringBuilder(series.type().name());
    text.append(' ').append(series.instanceId());
    series.dimensions().forEach((name, value) -> text.append(' ').append(name + "=" + value));
    return text.toString();
  }

  private static String name(AnalysisMark mark) {
    return mark.seriesId() + " (" + mark.detector() + ")";
  }

  private static String names(List<String> names) {
    List<String> first = names.stream().limit(MAX_NAMES).map(AnalysisSummary::cut).toList();
    String more = names.size() > MAX_NAMES ? " and " + (names.size() - MAX_NAMES) + " more" : "";
    return String.join(", ", first) + more;
  }

  private static String typeNames(Set<MetricType> types) {
    return names(types.stream().map(MetricType::name).toList());
  }

  private String horizon() {
    Duration horizon = settings.judging().horizon();
    return horizon.toDays() > 0
        ? count((int) horizon.toDays(), horizon.toDays() == 1 ? "day" : "days")
        : count((int) horizon.toMinutes(), horizon.toMinutes() == 1 ? "minute" : "minutes");
  }

  private static String severityWord(Severity severity, int count) {
    return switch (severity) {
      case CRITICAL -> "critical";
      case WARNING -> count == 1 ? "warning" : "warnings";
      case INFO -> "informational";
    };
  }

  private static String time(Instant instant) {
    return TIME.format(instant) + " UTC";
  }

  private static String count(int count, String noun) {
    return String.format(Locale.ROOT, "%,d %s", count, noun);
  }
}
