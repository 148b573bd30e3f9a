package io.inframetrics.page;

import static io.inframetrics.pipeline.report.JsonValues.flag;
import static io.inframetrics.pipeline.report.JsonValues.number;
import static io.inframetrics.pipeline.report.JsonValues.objects;
import static io.inframetrics.pipeline.report.JsonValues.text;

import io.inframetrics.page.PageModel.Change;
import io.inframetrics.page.PageModel.Changes;
import io.inframetrics.page.PageModel.Headline;
import io.inframetrics.page.PageModel.Link;
import io.inframetrics.page.PageModel.PageData;
import io.inframetrics.page.PageModel.Tile;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.time.Deadline;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Reads what a run left and says it in the page's words. */
final class PageReader {

  /** Findings that the page shows: many more are never read, and each takes a kilobyte. */
  private static final int MAX_FINDINGS = 1_000;

  /** Members of a finding that the page names. */
  private static final int MAX_MEMBERS = 20;

  /** Members of all findings that charts mark. */
  private static final int MAX_MARKED = 5_000;

  private final PageRequest request;
  private final StoredRun run;
  private final Words words;
  private final EmbeddedJson embedded;
  private final Map<String, String> ids = new HashMap<>();
  private final Set<String> anchors = new HashSet<>();
  private int marked;

  private PageReader(PageRequest request, DocumentStore documents, Deadline deadline) {
    this.request = request;
    this.run = StoredRun.read(request.reportKey(), documents, deadline);
    this.words = new Words(request.zone());
    this.embedded = new EmbeddedJson(documents, deadline);
  }

  /**
   * The model of a page.
   *
   * @param room bytes that charts may still take, asked for while they are written
   */
  static PageModel read(
      PageRequest request, DocumentStore documents, Deadline deadline, LongSupplier room) {
    return new PageReader(request, documents, deadline).model(room);
  }

  private PageModel model(LongSupplier room) {
    List<Map<String, @Nullable Object>> found = run.findings();
    Map<String, Map<String, @Nullable Object>> before = before();
    List<FindingView> findings = new ArrayList<>();
    for (Map<String, @Nullable Object> finding :
        found.subList(0, Math.min(found.size(), MAX_FINDINGS))) {
      findings.add(finding(finding, before, "finding-" + (findings.size() + 1)));
    }
    List<FindingView> muted = new ArrayList<>();
    for (Map<String, @Nullable Object> finding : objects(run.report().get("muted"))) {
      if (muted.size() < MAX_FINDINGS) {
        muted.add(finding(finding, before, "muted-" + (muted.size() + 1)));
      }
    }
    List<String> keys =
        List.of(
            AnalyzeMetrics.forecastChartsKey(request.runId(), request.observedAt()),
            AnalyzeMetrics.chartsKey(request.runId(), request.observedAt()));
    return new PageModel(
        Scripts.PAGE,
        words.zone(),
        request.zone().getRules().getOffset(request.observedAt()).getTotalSeconds(),
        request.runId(),
        words.time(request.observedAt()),
        headline(findings),
        tiles(found),
        changes(found, before),
        GapReader.read(run),
        findings,
        found.size() - findings.size(),
        muted,
        RunReader.read(run, request.details(), words),
        run.isMissing() ? null : request.reportKey(),
        text(run.report(), "summary"),
        new PageData(
            out -> embedded.writeCharts(out, keys, room),
            embedded::writeFindings,
            out -> out.writeUserContent(embedded.leftOut())));
  }

  // Findings ------------------------------------------------------------------------------------

  private static String identity(Map<String, @Nullable Object> finding) {
    return text(finding, "analysis")
        + " "
        + StoredAnalysis.identity(text(finding, "series_id"), text(finding, "detector"));
  }

  /** Findings of the run before that went on then, by identity. */
  private Map<String, Map<String, @Nullable Object>> before() {
    Map<String, Map<String, @Nullable Object>> open = new LinkedHashMap<>();
    for (Map<String, @Nullable Object> earlier : objects(run.report().get("before"))) {
      for (Map<String, @Nullable Object> finding : objects(earlier.get("findings"))) {
        if (flag(finding, "ongoing")) {
          open.put(identity(finding), finding);
        }
      }
    }
    return open;
  }

  private static String change(
      Map<String, @Nullable Object> finding, Map<String, Map<String, @Nullable Object>> before) {
    if (!flag(finding, "ongoing")) {
      return "over";
    }
    Map<String, @Nullable Object> earlier = before.get(identity(finding));
    if (earlier == null) {
      return "new";
    }
    int worse = Severities.compare(text(finding, "severity"), text(earlier, "severity"));
    return worse > 0 ? "worse" : worse < 0 ? "better" : "still";
  }

  private FindingView finding(
      Map<String, @Nullable Object> finding,
      Map<String, Map<String, @Nullable Object>> before,
      String id) {
    String analysisName = text(finding, "analysis");
    String series = text(finding, "series_id");
    String detector = text(finding, "detector");
    StoredAnalysis analysis = run.details(analysisName);
    List<Map<String, @Nullable Object>> members = analysis.members(series, detector);
    ids.putIfAbsent(identity(finding), id);
    embedded.add(analysisName, finding, id);
    for (Map<String, @Nullable Object> member : members) {
      // A member of the same series is a part of what the finding marks.
      if (marked < MAX_MARKED) {
        marked++;
        embedded.add(analysisName, member, id);
      }
    }
    String chartOf =
        series.endsWith("#*") && !members.isEmpty() ? text(members.get(0), "series_id") : series;
    boolean ongoing = flag(finding, "ongoing");
    boolean analyzed = !Boolean.FALSE.equals(finding.get("analyzed"));
    Number value = number(finding, "value");
    String mutedUntil = text(finding, "muted_until");
    return new FindingView(
        id,
        Severities.word(text(finding, "severity")),
        analysisName,
        detector,
        series,
        Words.seriesName(series),
        text(finding, "reason"),
        value == null ? "" : Words.value(value.doubleValue(), text(finding, "unit")),
        since(finding, ongoing, number(finding, "seconds_left") != null),
        "%s (%s)".formatted(detector, analysisName),
        change(finding, before),
        ongoing,
        analyzed,
        mutedUntil.isEmpty() ? null : words.time(mutedUntil),
        full(analysis.forecast(series, detector)),
        chartOf,
        chartOf.equals(series) ? "" : Words.seriesName(chartOf),
        anchors.add(series) ? Words.anchor(series) : null,
        members.stream().limit(MAX_MEMBERS).map(member -> member(series, member)).toList(),
        Math.max(members.size() - MAX_MEMBERS, 0));
  }

  private String member(String series, Map<String, @Nullable Object> member) {
    String name = text(member, "series_id");
    String when = words.time(text(member, "start"));
    if (!flag(member, "ongoing")) {
      when += " to " + words.time(text(member, "latest"));
    }
    String what = text(member, "reason") + ", from " + when;
    return name.equals(series) ? what : Words.seriesName(name) + ": " + what;
  }

  private String since(Map<String, @Nullable Object> finding, boolean ongoing, boolean isForecast) {
    String start = text(finding, "start");
    if (!ongoing) {
      return "from %s to %s, over"
          .formatted(words.time(start), words.time(text(finding, "latest")));
    }
    if (isForecast) {
      return "since " + words.time(start);
    }
    try {
      Duration ago = Duration.between(Instant.parse(start), request.observedAt());
      return ago.isNegative() || ago.isZero()
          ? "since " + words.time(start)
          : "since %s, %s".formatted(words.time(start), Words.duration(ago));
    } catch (DateTimeException e) {
      return "since " + start;
    }
  }

  /** When it is full in the page's time zone; empty if that is not known. */
  private String full(Map<String, @Nullable Object> forecast) {
    String at = text(forecast, "exhausted_at");
    String earliest = text(forecast, "earliest");
    String latest = text(forecast, "latest");
    if (at.isEmpty() || earliest.isEmpty()) {
      return at.isEmpty() ? "" : words.time(at);
    }
    return latest.isEmpty()
        ? "%s (%s at the earliest)".formatted(words.time(at), words.time(earliest))
        : "%s (%s to %s)".formatted(words.time(at), words.time(earliest), words.time(latest));
  }

  // At a glance ---------------------------------------------------------------------------------

  private Headline headline(List<FindingView> findings) {
    RunDetails details = request.details();
    List<String> more = new ArrayList<>();
    if (!run.problem().isEmpty()) {
      more.add(run.problem());
    }
    if (run.isMissing()) {
      if (details != null && details.status().equals("SUCCEEDED")) {
        more.add("The run succeeded, and its report was not composed.");
        return new Headline("degraded", "No report", "No report of this run", more);
      }
      if (details == null) {
        if (run.problem().isEmpty()) {
          more.add("The run left no report. Look at the execution of the state machine.");
        }
        return new Headline("failed", "Failed", "No report of this run", more);
      }
      if (details.cause() != null && !details.cause().isBlank()) {
        more.add(details.cause());
      }
      String error = details.error() == null ? details.status() : details.error();
      return new Headline("failed", "Failed", "The run failed: " + error, more);
    }
    String subject = text(run.report(), "subject");
    if (!findings.isEmpty()) {
      String level = findings.get(0).severity();
      String prefix = level.toUpperCase(Locale.ROOT) + ": ";
      return new Headline(
          level,
          level.substring(0, 1).toUpperCase(Locale.ROOT) + level.substring(1),
          subject.startsWith(prefix) ? subject.substring(prefix.length()) : subject,
          more);
    }
    if (!run.status().equals("HEALTHY")) {
      more.add("No findings of what could be looked at.");
      return run.status().equals("UNHEALTHY")
          ? new Headline("failed", "Unhealthy", subject, more)
          : new Headline("degraded", "Degraded", subject, more);
    }
    long read = most("series_read");
    long judged = most("series_judged");
    if (read == 0) {
      more.add("There was nothing to look at yet.");
    } else if (judged == 0) {
      more.add("%d series were read, and none has enough points to be judged yet.".formatted(read));
    } else {
      more.add(
          "%d series were read and %d judged: nothing is unusual, and nothing will be full soon."
              .formatted(read, judged));
    }
    return new Headline("none", "Healthy", "Nothing needs attention", more);
  }

  /** The analyses look at the same series, and one of them not at all types. */
  private long most(String count) {
    return run.analyses().stream()
        .mapToLong(one -> StoredAnalysis.count(one, count))
        .max()
        .orElse(0);
  }

  private List<Tile> tiles(List<Map<String, @Nullable Object>> found) {
    List<Tile> tiles = new ArrayList<>();
    for (String severity : List.of("critical", "warning", "info")) {
      long count =
          found.stream()
              .filter(one -> Severities.word(text(one, "severity")).equals(severity))
              .count();
      tiles.add(new Tile(Long.toString(count), severity, count == 0 ? "" : severity));
    }
    return tiles;
  }

  private Changes changes(
      List<Map<String, @Nullable Object>> found,
      Map<String, Map<String, @Nullable Object>> before) {
    List<Map<String, @Nullable Object>> runs = objects(run.report().get("before"));
    if (run.isMissing()) {
      return new Changes("Without a report there is nothing to compare.", false, List.of());
    }
    if (runs.isEmpty()) {
      return new Changes(
          "This is the first run with a report: there is nothing to compare with.",
          false,
          List.of());
    }
    Map<String, List<Link>> groups = new LinkedHashMap<>();
    for (String kind : List.of("new", "worse", "better", "over", "gone")) {
      groups.put(kind, new ArrayList<>());
    }
    Set<String> now = new HashSet<>();
    for (Map<String, @Nullable Object> finding : found) {
      now.add(identity(finding));
      List<Link> group = groups.get(change(finding, before));
      if (group != null) {
        group.add(link(finding));
      }
    }
    objects(run.report().get("muted")).forEach(finding -> now.add(identity(finding)));
    before.forEach(
        (identity, finding) -> {
          if (!now.contains(identity)) {
            groups.getOrDefault("gone", new ArrayList<>()).add(link(finding));
          }
        });
    List<Change> changes = new ArrayList<>();
    String status = run.status();
    String statusBefore = text(runs.get(0), "status");
    if (!status.equals(statusBefore)) {
      changes.add(
          new Change("status", "Health: %s, was %s".formatted(status, statusBefore), List.of()));
    }
    Map<String, String> titles =
        Map.of(
            "new", "New",
            "worse", "Worse",
            "better", "Less severe",
            "over", "Came and went",
            "gone", "Gone");
    groups.forEach(
        (kind, links) -> {
          if (!links.isEmpty()) {
            changes.add(new Change(kind, titles.getOrDefault(kind, kind), links));
          }
        });
    String comparedWith =
        "%s, run %s"
            .formatted(words.time(text(runs.get(0), "observed_at")), text(runs.get(0), "run_id"));
    return new Changes(comparedWith, changes.isEmpty(), changes);
  }

  private Link link(Map<String, @Nullable Object> finding) {
    return new Link(
        "%s (%s)"
            .formatted(Words.seriesName(text(finding, "series_id")), text(finding, "detector")),
        ids.getOrDefault(identity(finding), ""),
        Severities.word(text(finding, "severity")));
  }
}
