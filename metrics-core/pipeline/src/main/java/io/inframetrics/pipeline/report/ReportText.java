package io.inframetrics.pipeline.report;

import io.inframetrics.detect.ReadableText;
import io.inframetrics.detect.Severity;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import io.inframetrics.metric.SeriesId;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.report.ReportedFinding.Identity;
import io.inframetrics.pipeline.report.RunReport.Muted;
import io.inframetrics.text.SubjectLine;
import io.inframetrics.text.Texts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes subject and summary of a report, each within its limit. */
final class ReportText {

  /** Characters that the subject keeps for what is wrong, however long the name of the series. */
  private static final int MIN_VERDICT = 40;

  private static final int MAX_NAME_LENGTH = 100;

  /** UTF-8 bytes of a line about a finding, so that a few always fit. */
  private static final int MAX_LINE_BYTES = 400;

  /** UTF-8 bytes that the texts of the health check and of an analysis have at least. */
  private static final int HEALTH_BYTES = 1_200;

  private static final int ANALYSIS_BYTES = 600;
  private static final int MUTED_BYTES = 400;

  /** What people call the built-in types. */
  private static final Map<String, String> SHORT_NAMES =
      Map.of(
          MetricType.CPU_UTILIZATION.name(), "cpu",
          MetricType.MEMORY_USAGE.name(), "memory",
          MetricType.DISK_USAGE.name(), "disk",
          MetricType.NETWORK_TRAFFIC.name(), "network");

  private ReportText() {}

  /**
   * The worst finding and how many more there are; {@code health} if there are none. At most
   * {@value SubjectLine#MAX_LENGTH} printable ASCII characters.
   */
  static String subject(List<ReportedFinding> findings, String health) {
    if (findings.isEmpty()) {
      return SubjectLine.of(health.isBlank() ? "InfraMetrics" : health);
    }
    ReportedFinding worst = findings.get(0);
    List<String> remarks = new ArrayList<>();
    if (!worst.ongoing()) {
      remarks.add("over");
    }
    if (!worst.analyzed()) {
      remarks.add("not analyzed now");
    }
    if (findings.size() > 1) {
      remarks.add("+%d more".formatted(findings.size() - 1));
    }
    String end = remarks.isEmpty() ? "" : " (" + String.join(", ", remarks) + ")";
    String start = worst.severity() + ": ";
    int room = SubjectLine.MAX_LENGTH - start.length() - end.length();
    String verdict = (worst.secondsLeft() == null ? ": " : " ") + Texts.oneLine(verdict(worst));
    String name = Texts.oneLine(name(worst));
    String shortName = Texts.shorten(name, room - Math.min(verdict.length(), MIN_VERDICT));
    String text = shortName + Texts.shorten(verdict, room - shortName.length());
    return SubjectLine.of(start + text + end);
  }

  private static String name(ReportedFinding finding) {
    Series series = series(finding);
    if (series == null) {
      return finding.seriesId();
    }
    String type = SHORT_NAMES.getOrDefault(series.type().name(), series.type().name());
    StringBuilder name = new StringBuilder(type);
    series.dimensions().values().forEach(value -> name.append(' ').append(value));
    return series.instanceId().equals("*")
        ? name.toString()
        : name.append(" on ").append(series.instanceId()).toString();
  }

  private static String verdict(ReportedFinding finding) {
    Long left = finding.secondsLeft();
    if (left == null) {
      return finding.reason();
    }
    return left <= 0 ? "full now" : "full in " + shortDuration(Duration.ofSeconds(left));
  }

  private static String shortDuration(Duration duration) {
    if (duration.toMinutes() < 120) {
      return Math.max(1, duration.toMinutes()) + " min";
    }
    return duration.toHours() < 48
        ? duration.toHours() + " h"
        : ReadableText.count(duration.toDays(), "day");
  }

  private static @Nullable Series series(ReportedFinding finding) {
    try {
      return SeriesId.parse(finding.seriesId());
    } catch (IllegalArgumentException e) {
      return null; // A detector of somebody else may name anything.
    }
  }

  /**
   * What is open, what is muted, how the run did, what the analyses say beside their findings.
   *
   * @param isNew findings that the report before did not have
   * @param analyses summaries of the analyses
   * @param end its last lines
   */
  static String summary(
      RunReport report,
      Set<Identity> isNew,
      List<Muted> muted,
      String health,
      List<String> analyses,
      String end,
      int maxBytes) {
    List<String> rest =
        analyses.stream()
            .map(AnalyzeMetrics::withoutFindings)
            .map(text -> Texts.shortenBytes(text, ANALYSIS_BYTES))
            .toList();
    String mutes = Texts.shortenBytes(mutes(muted), MUTED_BYTES);
    int fixed =
        SeriesId.utf8Length(end)
            + SeriesId.utf8Length(mutes)
            + rest.stream().mapToInt(SeriesId::utf8Length).sum()
            + 2 * (rest.size() + 4);
    int forHealth = Math.min(SeriesId.utf8Length(health), HEALTH_BYTES);
    String findings = findings(report, isNew, muted, maxBytes - fixed - forHealth);
    int left = maxBytes - fixed - SeriesId.utf8Length(findings);
    List<String> parts = new ArrayList<>();
    parts.add(findings);
    parts.add(mutes);
    parts.add(Texts.shortenBytes(health, Math.max(left, 0)));
    parts.addAll(rest);
    parts.add(end);
    parts.removeIf(String::isBlank);
    return Texts.shortenBytes(String.join("\n\n", parts), maxBytes);
  }

  private static String findings(
      RunReport report, Set<Identity> isNew, List<Muted> muted, int maxBytes) {
    List<ReportedFinding> findings = report.findings();
    if (findings.isEmpty()) {
      String none = muted.isEmpty() ? "No open findings" : "No open findings that are not muted";
      String unknown = String.join(", ", report.failed());
      return none + (unknown.isEmpty() ? "." : " are known: no answer from " + unknown + ".");
    }
    StringBuilder text = new StringBuilder();
    text.append(ReadableText.count(findings.size(), "open finding")).append(": ");
    text.append(counts(findings)).append("; ").append(isNew.size()).append(" new.");
    String more = "\nand %d more in the report";
    int bytes = SeriesId.utf8Length(text.toString()) + more.length() + 10;
    for (int i = 0; i < findings.size(); i++) {
      String line = "\n" + line(findings.get(i), isNew);
      bytes += SeriesId.utf8Length(line);
      if (bytes > maxBytes) {
        return text.append(more.formatted(findings.size() - i)).toString();
      }
      text.append(line);
    }
    return text.toString();
  }

  private static String counts(List<ReportedFinding> findings) {
    List<String> counts = new ArrayList<>();
    for (Severity severity : List.of(Severity.CRITICAL, Severity.WARNING, Severity.INFO)) {
      long n = findings.stream().filter(finding -> finding.severity() == severity).count();
      if (n > 0) {
        counts.add(n + " " + severity.name().toLowerCase(Locale.ROOT));
      }
    }
    return String.join(", ", counts);
  }

  private static String line(ReportedFinding finding, Set<Identity> isNew) {
    StringBuilder line = new StringBuilder();
    line.append(finding.severity());
    line.append(isNew.contains(finding.identity()) ? " new " : " still ");
    line.append(Texts.oneLine(longName(finding), MAX_NAME_LENGTH)).append(": ");
    line.append(Texts.oneLine(finding.reason()));
    if (!finding.ongoing()) {
      line.append(", from ").append(ReadableText.time(finding.start()));
      line.append(" to ").append(ReadableText.time(finding.latest()));
    } else if (finding.secondsLeft() == null) {
      line.append(", since ").append(ReadableText.time(finding.start()));
    }
    if (!finding.analyzed()) {
      line.append(", not analyzed now");
    }
    return Texts.shortenBytes(line.toString(), MAX_LINE_BYTES);
  }

  private static String longName(ReportedFinding finding) {
    Series series = series(finding);
    if (series == null) {
      return finding.seriesId();
    }
    StringBuilder name = new StringBuilder(series.type().name());
    name.append(' ').append(series.instanceId());
    series.dimensions().forEach((key, value) -> name.append(' ').append(key + "=" + value));
    return name.toString();
  }

  private static String mutes(List<Muted> muted) {
    if (muted.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder("Muted, not in the subject: ");
    text.append(ReadableText.count(muted.size(), "finding"));
    for (Muted one : muted) {
      text.append("\n")
          .append(one.finding().severity())
          .append(' ')
          .append(Texts.oneLine(longName(one.finding()), MAX_NAME_LENGTH))
          .append(" until ")
          .append(ReadableText.time(one.mute().until()));
    }
    return text.toString();
  }
}
