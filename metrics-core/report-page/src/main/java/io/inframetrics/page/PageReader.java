package io.inframetrics.page;

import static io.inframetrics.pipeline.report.JsonValues.flag;
import static io.inframetrics.pipeline.report.JsonValues.number;
import static io.inframetrics.pipeline.report.JsonValues.objects;
import static io.inframetrics.pipeline.report.JsonValues.text;

import io.inframetrics.page.PageModel.Change;
import io.inframetrics.page.PageModel.Changes;
import io.inframetrics.page.PageModel.Gap;
import io.inframetrics.page.PageModel.Headline;
import io.inframetrics.page.PageModel.Link;
import io.inframetrics.page.PageModel.PageData;
import io.inframetrics.page.PageModel.Tile;
import io.inframetrics.page.RunDetails.Visit;
import io.inframetrics.page.RunView.Analysis;
import io.inframetrics.page.RunView.Bar;
import io.inframetrics.page.RunView.Check;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.text.Texts;
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
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.core.json.JsonFactory;

/** Reads what a run left and says it in the page's words. */
final class PageReader {

  /** Findings that the page shows: many more are never read, and each takes a kilobyte. */
  private static final int MAX_FINDINGS = 1_000;

  /** Members of a finding that the page names. */
  private static final int MAX_MEMBERS = 20;

  /** Members of all findings that charts mark. */
  private static final int MAX_MARKED = 5_000;

  private static final int MAX_OBJECTS = 100;

  /** States in the timeline. */
  private static final int MAX_BARS = 200;

  private static final JsonFactory JSON = new JsonFactory();

  private final PageRequest request;
  private final DocumentStore documents;
  private final Deadline deadline;
  private final Words words;
  private final EmbeddedJson embedded;
  private final Map<String, StoredAnalysis> analyses = new LinkedHashMap<>();
  private final Map<String, String> ids = new HashMap<>();
  private final Set<String> anchors = new HashSet<>();
  private Map<String, @Nullable Object> report = Map.of();
  private String problem = "";
  private int marked;

  private PageReader(PageRequest request, DocumentStore documents, Deadline deadline) {
    this.request = request;
    this.documents = documents;
    this.deadline = deadline;
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
    readReport();
    List<Map<String, @Nullable Object>> found = objects(report.get("findings"));
    Map<String, Map<String, @Nullable Object>> before = before();
    List<FindingView> findings = new ArrayList<>();
    for (Map<String, @Nullable Object> finding :
        found.subList(0, Math.min(found.size(), MAX_FINDINGS))) {
      findings.add(finding(finding, before, "finding-" + (findings.size() + 1)));
    }
    List<FindingView> muted = new ArrayList<>();
    for (Map<String, @Nullable Object> finding : objects(report.get("muted"))) {
      if (muted.size() < MAX_FINDINGS) {
        muted.add(finding(finding, before, "muted-" + (muted.size() + 1)));
      }
    }
    List<String> keys =
        List.of(
            AnalyzeMetrics.reportKey("charts-forecast", request.runId(), request.observedAt()),
            AnalyzeMetrics.reportKey("charts", request.runId(), request.observedAt()));
    return new PageModel(
        request.live() ? Scripts.LIVE : Scripts.PAGE,
        words.zone(),
        request.zone().getRules().getOffset(request.observedAt()).getTotalSeconds(),
        request.runId(),
        words.time(request.observedAt()),
        headline(findings),
        tiles(found),
        changes(found, before),
        gaps(found),
        findings,
        found.size() - findings.size(),
        muted,
        run(),
        report.isEmpty() ? null : request.reportKey(),
        text(report, "summary"),
        new PageData(
            out -> embedded.writeCharts(out, keys, room),
            embedded::writeFindings,
            out -> out.writeUserContent(embedded.leftOut())));
  }

  private void readReport() {
    String key = request.reportKey();
    if (key == null) {
      return;
    }
    Optional<StoredObject> object = documents.open(key, deadline);
    if (object.isEmpty()) {
      problem = "The report '%s' does not exist.".formatted(key);
      return;
    }
    try (StoredObject stored = object.get();
        JsonParser json = JSON.createParser(ObjectReadContext.empty(), stored.body())) {
      report = StoredAnalysis.object(json);
      problem = report.isEmpty() ? "The report '%s' is empty.".formatted(key) : "";
    } catch (JacksonIOException e) {
      throw e;
    } catch (JacksonException e) {
      problem = "The report '%s' cannot be read: %s.".formatted(key, Texts.jsonMistake(e));
    }
    for (Map<String, @Nullable Object> one : objects(report.get("analyses"))) {
      String analysisKey = text(one, "report_key");
      analyses.put(
          text(one, "analysis"),
          analysisKey.isEmpty()
              ? StoredAnalysis.empty()
              : StoredAnalysis.read(analysisKey, documents, deadline));
    }
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
    for (Map<String, @Nullable Object> run : objects(report.get("before"))) {
      for (Map<String, @Nullable Object> finding : objects(run.get("findings"))) {
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
    StoredAnalysis analysis = analyses.getOrDefault(analysisName, StoredAnalysis.empty());
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
    if (!problem.isEmpty()) {
      more.add(problem);
    }
    if (report.isEmpty()) {
      if (details != null && details.status().equals("SUCCEEDED")) {
        more.add("The run succeeded, and its report was not composed.");
        return new Headline("degraded", "No report", "No report of this run", more);
      }
      if (details == null) {
        if (problem.isEmpty()) {
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
    String subject = text(report, "subject");
    if (!findings.isEmpty()) {
      String level = findings.get(0).severity();
      String prefix = level.toUpperCase(Locale.ROOT) + ": ";
      return new Headline(
          level,
          level.substring(0, 1).toUpperCase(Locale.ROOT) + level.substring(1),
          subject.startsWith(prefix) ? subject.substring(prefix.length()) : subject,
          more);
    }
    if (!text(report, "status").equals("HEALTHY")) {
      more.add("No findings of what could be looked at.");
      return text(report, "status").equals("UNHEALTHY")
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
    return objects(report.get("analyses")).stream()
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
    List<Map<String, @Nullable Object>> runs = objects(report.get("before"));
    if (report.isEmpty()) {
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
    objects(report.get("muted")).forEach(finding -> now.add(identity(finding)));
    before.forEach(
        (identity, finding) -> {
          if (!now.contains(identity)) {
            groups.getOrDefault("gone", new ArrayList<>()).add(link(finding));
          }
        });
    List<Change> changes = new ArrayList<>();
    String status = text(report, "status");
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

  // What is not known ---------------------------------------------------------------------------

  private List<Gap> gaps(List<Map<String, @Nullable Object>> found) {
    List<Gap> gaps = new ArrayList<>();
    Map<String, @Nullable Object> health = health();
    for (Map<String, @Nullable Object> one : objects(report.get("analyses"))) {
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
    List<String> failedBranches = texts(health.get("failed_branches"));
    addNames(
        gaps, "bad", "Not collected", "", failedBranches.stream().map(this::whyFailed).toList());
    for (Check check : checks()) {
      // That of the failed branches is said already.
      if (!check.ok() && (failedBranches.isEmpty() || !check.name().equals("collected"))) {
        gaps.add(new Gap("bad", "Not well: " + check.name(), check.detail(), List.of(), 0));
      }
    }
    String status = text(report, "status");
    if (checks().isEmpty() && !status.isEmpty() && !status.equals("HEALTHY")) {
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
        texts(health.get("missing")));
    for (Map<String, @Nullable Object> one : objects(report.get("analyses"))) {
      String name = text(one, "analysis");
      StoredAnalysis analysis = analyses.getOrDefault(name, StoredAnalysis.empty());
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
        found.stream()
            .filter(finding -> Boolean.FALSE.equals(finding.get("analyzed")))
            .map(finding -> Words.seriesName(text(finding, "series_id")))
            .toList());
    return gaps;
  }

  /** The type and the reason that the summary gives, which is all that a report has of it. */
  private String whyFailed(String type) {
    String start = type + " failed: ";
    return text(report, "summary")
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

  // The run -------------------------------------------------------------------------------------

  private Map<String, @Nullable Object> health() {
    List<Map<String, @Nullable Object>> health = objects(report.get("health"));
    return health.isEmpty() ? Map.of() : health.get(0);
  }

  private List<Check> checks() {
    return objects(health().get("checks")).stream()
        .map(one -> new Check(text(one, "name"), flag(one, "ok"), text(one, "detail")))
        .toList();
  }

  private RunView run() {
    Map<String, String> facts = new LinkedHashMap<>();
    RunDetails details = request.details();
    String status = text(report, "status");
    if (!status.isEmpty()) {
      facts.put(RunView.HEALTH, status);
    }
    if (StoredAnalysis.count(health(), "expected") > 0) {
      facts.put(
          "Raw files",
          "%d of %d processed"
              .formatted(
                  StoredAnalysis.count(health(), "processed"),
                  StoredAnalysis.count(health(), "expected")));
    }
    if (details != null) {
      facts.put(RunView.EXECUTION, details.status());
      facts.put("Started", words.time(details.start()));
      facts.put(RunView.TOOK, Words.duration(Duration.between(details.start(), details.end())));
    }
    List<Analysis> looked = new ArrayList<>();
    for (Map<String, @Nullable Object> one : objects(report.get("analyses"))) {
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
        checks(),
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

  private static List<String> texts(@Nullable Object value) {
    return value instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
  }
}
