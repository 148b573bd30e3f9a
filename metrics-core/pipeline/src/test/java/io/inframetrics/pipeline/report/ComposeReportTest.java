package io.inframetrics.pipeline.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.detect.Severity;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.pipeline.analysis.Mute;
import io.inframetrics.pipeline.report.ComposeReport.Analysis;
import io.inframetrics.pipeline.report.ComposeReport.Request;
import io.inframetrics.pipeline.report.ComposeReport.Result;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.memory.Faults;
import io.inframetrics.testkit.memory.InMemoryDocuments;
import io.inframetrics.testkit.memory.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ComposeReportTest {

  private static final Instant START = Instant.parse("2026-02-19T12:00:00Z");
  private static final Duration PERIOD = Duration.ofHours(3);
  private static final String HEALTHY = "InfraMetrics HEALTHY: 4 of 4 files processed, run r";
  private static final String DISK = "disk_usage#build-1#device=/";

  private final Faults faults = new Faults();
  private final InMemoryDocuments documents = new InMemoryDocuments(faults);
  private final ManualClock clock = ManualClock.at(START);
  private AnalysisSettings settings = AnalysisSettings.DEFAULTS;
  private String status = "HEALTHY";
  private String health = HEALTHY;
  private int runs;

  /** A finding as the report of an analysis has it. */
  private record Found(
      String series,
      String detector,
      Severity severity,
      boolean ongoing,
      String reason,
      String more) {

    static Found of(String series, Severity severity) {
      return new Found(series, "threshold", severity, true, "97 % is above the threshold", "");
    }

    static Found full(String series, Severity severity, long seconds) {
      String forecast =
          ",\"forecast\":{\"outcome\":\"EXHAUSTS\",\"capacity\":100,\"seconds_left\":%d}"
              .formatted(seconds);
      return new Found(series, "forecast", severity, true, "96 % now: reaches 100 %", forecast);
    }

    Found because(String words) {
      return new Found(series, detector, severity, ongoing, words, more);
    }

    Found over() {
      return new Found(series, detector, severity, false, reason, more);
    }

    String json() {
      return """
      {"series_id":"%s","detector":"%s","severity":"%s","state":"NEW","start":"2026-02-19T09:00:00Z",\
      "latest":"2026-02-19T11:00:00Z","ongoing":%s,"value":97,"unit":"Percent","reason":"%s"%s}\
      """
          .formatted(series, detector, severity, ongoing, reason, more);
    }
  }

  private void store(String key, String text) {
    try (StagedObject<String> staged = documents.create(key, Deadlines.never())) {
      staged.body().write(text.getBytes(StandardCharsets.UTF_8));
      staged.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String report(List<Found> findings, String more) {
    return """
    {"analysis":"x","run_id":"r","open_before":[%s],"collections":[],
     "series":[{"series_id":"a","forecast":{"outcome":"NOT_GROWING"}}],"findings":[%s],
     "closed":[],"gone":[],"failed":[],"series_read":7,"summary":"s"}
    """
        .formatted(more, findings.stream().map(Found::json).collect(Collectors.joining(",")));
  }

  /** A run, three hours after the one before. */
  private Request run(List<Found> anomalies, List<Found> forecasts) {
    runs++;
    clock.set(START.plus(PERIOD.multipliedBy(runs)));
    store("reports/a" + runs, report(anomalies, ""));
    store("reports/f" + runs, report(forecasts, ""));
    return request("reports/a" + runs, "reports/f" + runs);
  }

  private Request request(String anomalies, String forecasts) {
    return new Request(
        "r" + runs,
        clock.instant(),
        status,
        health,
        health + "\nok collected",
        List.of(
            new Analysis("anomalies", anomalies, "Anomalies: as found.\nReport: a"),
            new Analysis("forecast", forecasts, "Capacity: as found.\nReport: f")));
  }

  private Result compose(Request request) {
    return new ComposeReport(documents, settings, clock).compose(request, Deadlines.never());
  }

  private Result compose(List<Found> anomalies, List<Found> forecasts) {
    return compose(run(anomalies, forecasts));
  }

  private Result compose(Found... anomalies) {
    return compose(List.of(anomalies), List.of());
  }

  @Test
  void theWorstFindingOfBothAnalysesLeads() {
    Result result =
        compose(
            List.of(
                Found.of("cpu_utilization#i-1", Severity.WARNING),
                Found.of("memory_usage#i-2", Severity.INFO)),
            List.of(Found.full(DISK, Severity.CRITICAL, 780)));

    assertThat(result.subject()).isEqualTo("CRITICAL: disk / on build-1 full in 13 min (+2 more)");
    assertThat(result.severityWord()).isEqualTo("critical");
    assertThat(result.newFindings()).isEqualTo(3);
    assertThat(result.changed()).isTrue();
    assertThat(result.findings(Severity.CRITICAL)).isEqualTo(1);
    assertThat(result.findings(Severity.WARNING)).isEqualTo(1);
    assertThat(result.reportKey()).isEqualTo("reports/2026/02/19/report-r1.json");
    assertThat(result.summary())
        .isEqualTo(
            """
            3 open findings: 1 critical, 1 warning, 1 info; 3 new.
            CRITICAL new disk_usage build-1 device=/: 96 % now: reaches 100 %
            WARNING new cpu_utilization i-1: 97 % is above the threshold, since 2026-02-19 09:00 UTC
            INFO new memory_usage i-2: 97 % is above the threshold, since 2026-02-19 09:00 UTC

            InfraMetrics HEALTHY: 4 of 4 files processed, run r
            ok collected

            Anomalies: as found.
            Report: a

            Capacity: as found.
            Report: f

            Report: reports/2026/02/19/report-r1.json\
            """);
    assertThat(documents.text(result.reportKey())).isEqualTo(documents.text(ComposeReport.LATEST));
  }

  @Test
  void withoutFindingsTheHealthLeads() {
    Result result = compose();

    assertThat(result.subject()).isEqualTo(HEALTHY);
    assertThat(result.severityWord()).isEqualTo("none");
    assertThat(result.newFindings()).isZero();
    assertThat(result.changed()).as("there is no report before").isTrue();
    assertThat(result.summary()).startsWith("No open findings.\n\nInfraMetrics HEALTHY");
    assertThat(compose().changed()).isFalse();
  }

  @Test
  void aRunWithAFailedAnalysisIsNotHealthy() {
    run(List.of(), List.of());

    Result result = compose(request("", "reports/f" + runs));

    assertThat(result.subject()).isEqualTo("InfraMetrics DEGRADED: anomalies failed, run r1");
    assertThat(result.summary())
        .contains("InfraMetrics DEGRADED: 4 of 4 files processed, run r\nok collected");
    assertThat(documents.text(result.reportKey())).contains("\"status\":\"DEGRADED\"");
    assertThat(compose().changed()).as("healthy again").isTrue();
  }

  @Test
  void whatIsTheSameIsNoChange() {
    Found finding = Found.of(DISK, Severity.WARNING);
    compose(finding);

    Result again = compose(finding);
    assertThat(again.changed()).isFalse();
    assertThat(again.newFindings()).isZero();
    assertThat(again.severityWord()).isEqualTo("warning");
    assertThat(again.summary()).contains("WARNING still disk_usage build-1 device=/: 97 %");

    Result worse = compose(Found.of(DISK, Severity.CRITICAL));
    assertThat(worse.changed()).isTrue();
    assertThat(worse.newFindings()).isZero();

    Result more = compose(Found.of(DISK, Severity.CRITICAL), Found.of("a#b", Severity.INFO));
    assertThat(more.changed()).isTrue();
    assertThat(more.newFindings()).isEqualTo(1);

    assertThat(compose(Found.of(DISK, Severity.CRITICAL)).changed()).as("one is over").isTrue();
    status = "DEGRADED";
    assertThat(compose(Found.of(DISK, Severity.CRITICAL)).changed()).as("the health").isTrue();
  }

  @Test
  void anEpisodeThatCameAndWentIsReportedOnce() {
    compose();

    Result spike = compose(Found.of("cpu_utilization#i-1", Severity.CRITICAL).over());

    assertThat(spike.subject())
        .isEqualTo("CRITICAL: cpu on i-1: 97 % is above the threshold (over)");
    assertThat(spike.changed()).isTrue();
    assertThat(spike.newFindings()).isEqualTo(1);
    assertThat(spike.summary())
        .contains(
            "CRITICAL new cpu_utilization i-1: 97 % is above the threshold, "
                + "from 2026-02-19 09:00 UTC to 2026-02-19 11:00 UTC");
    assertThat(compose().changed()).isFalse();
  }

  /** Its worst episode is over, but another one is not. */
  @Test
  void aFindingWithAMemberThatContinuesIsOpen() {
    String members = ",\"members\":[{\"series_id\":\"" + DISK + "\",\"ongoing\":true}]";
    Found worst =
        new Found(DISK, "threshold", Severity.WARNING, false, "worst of 2 episodes", members);

    assertThat(compose(worst).subject())
        .isEqualTo("WARNING: disk / on build-1: worst of 2 episodes");
    assertThat(compose(worst).changed()).isFalse();
  }

  @Test
  void whatANewTryOfTheSameRunAnswersIsTheSame() {
    compose(Found.of(DISK, Severity.WARNING));
    Request request = run(List.of(Found.of(DISK, Severity.CRITICAL)), List.of());
    Result first = compose(request);
    String report = documents.text(first.reportKey());

    assertThat(compose(request)).isEqualTo(first);
    assertThat(documents.text(first.reportKey())).isEqualTo(report);
    assertThat(documents.text(ComposeReport.LATEST)).isEqualTo(report);
  }

  /** Whichever of its calls fails or loses its answer. */
  @Test
  void aTryThatDiesAnywhereIsRepeatedWithTheSameAnswer() {
    for (Operation operation :
        List.of(Operation.DOCUMENT_OPEN, Operation.DOCUMENT_CREATE, Operation.DOCUMENT_COMMIT)) {
      for (Faults.When when : Faults.When.values()) {
        for (int pass = 0; pass < (operation == Operation.DOCUMENT_OPEN ? 4 : 2); pass++) {
          compose(Found.of(DISK, Severity.WARNING));
          Request request = run(List.of(Found.of("a#b", Severity.WARNING)), List.of());
          if (pass > 0) {
            faults.passNext(pass, operation);
          }
          faults.failNext(1, operation, when);
          assertThatThrownBy(() -> compose(request)).isInstanceOf(RetryableFailureException.class);

          Result result = compose(request);

          assertThat(result.newFindings()).as("%s %s %d", operation, when, pass).isEqualTo(1);
          assertThat(result.changed()).isTrue();
          assertThat(documents.text(ComposeReport.LATEST))
              .isEqualTo(documents.text(result.reportKey()));
        }
      }
    }
  }

  @Test
  void aLateRunDoesNotReplaceTheReportOfANewerOne() {
    Request late = run(List.of(), List.of());
    compose(Found.of(DISK, Severity.WARNING));
    String newest = documents.text(ComposeReport.LATEST);

    Result result = compose(late);

    assertThat(result.reportKey()).endsWith("report-r1.json");
    assertThat(documents.text(ComposeReport.LATEST)).isEqualTo(newest);
  }

  @Test
  void aReportDatedInTheFutureIsNotTakenForANewerOne() {
    compose(Found.of(DISK, Severity.WARNING));
    runs = -1;

    Result result = compose();

    assertThat(documents.text(ComposeReport.LATEST)).isEqualTo(documents.text(result.reportKey()));
  }

  @Test
  void whatAFailedAnalysisHadOpenStaysOpen() {
    compose(Found.of(DISK, Severity.CRITICAL));
    Request request = run(List.of(), List.of());

    Result failed = compose(request("", "reports/f" + runs));

    assertThat(failed.subject())
        .isEqualTo("CRITICAL: disk / on build-1: 97 % is above the threshold (not analyzed now)");
    assertThat(failed.changed()).as("an analysis failed").isTrue();
    assertThat(failed.newFindings()).isZero();
    assertThat(compose(Found.of(DISK, Severity.CRITICAL)).newFindings()).isZero();

    run(List.of(), List.of());
    assertThat(compose(request("", "")).summary()).contains(", not analyzed now");
    compose();
    run(List.of(), List.of());
    assertThat(compose(request("", "reports/f" + runs)).summary())
        .startsWith("No open findings are known: no answer from anomalies.");
  }

  @Test
  void whatIsOpenAndWasNotReadStaysOpenUntilItIsClosed() {
    compose(Found.of(DISK, Severity.WARNING));
    run(List.of(), List.of());
    String mark = "{\"series_id\":\"%s\",\"detector\":\"%s\",\"start\":\"2026-02-19T09:00:00Z\"}";
    store("reports/a" + runs, report(List.of(), mark.formatted(DISK, "threshold")));
    Result unread = compose(request("reports/a" + runs, "reports/f" + runs));
    assertThat(unread.subject()).startsWith("WARNING: disk / on build-1").contains("not analyzed");
    assertThat(unread.changed()).isFalse();

    run(List.of(), List.of());
    String closed =
        report(List.of(), mark.formatted(DISK, "threshold"))
            .replace("\"closed\":[]", "\"closed\":[" + mark.formatted(DISK, "threshold") + "]");
    store("reports/a" + runs, closed);
    Result over = compose(request("reports/a" + runs, "reports/f" + runs));
    assertThat(over.subject()).isEqualTo(HEALTHY);
    assertThat(over.changed()).isTrue();

    compose(Found.of(DISK, Severity.WARNING));
    run(List.of(), List.of());
    store("reports/a" + runs, report(List.of(), mark.formatted(DISK, "threshold-over")));
    assertThat(compose(request("reports/a" + runs, "reports/f" + runs)).subject())
        .as("over, by its mark")
        .isEqualTo(HEALTHY);
  }

  @Test
  void whatIsMutedIsListedAndNotDelivered() {
    compose(Found.of(DISK, Severity.CRITICAL));
    settings =
        AnalysisSettings.DEFAULTS.withMutes(
            Mute.list("disk_usage#build-*@2026-02-19T18:00Z/2026-02-19T21:00Z"));

    Result muted = compose(Found.of(DISK, Severity.CRITICAL));
    assertThat(muted.subject()).isEqualTo(HEALTHY);
    assertThat(muted.severityWord()).isEqualTo("none");
    assertThat(muted.changed()).as("whoever mutes knows").isFalse();
    assertThat(muted.findings(Severity.CRITICAL)).isZero();
    assertThat(muted.summary())
        .startsWith(
            "No open findings that are not muted.\n\nMuted, not in the subject: 1 finding\n")
        .contains("CRITICAL disk_usage build-1 device=/ until 2026-02-19 21:00 UTC");
    assertThat(documents.text(muted.reportKey()))
        .contains("\"findings\":[],\"muted\":[{\"analysis\":\"anomalies\"")
        .contains("\"muted_until\":\"2026-02-19T21:00:00Z\"");

    Result delivered = compose(Found.of(DISK, Severity.CRITICAL));
    assertThat(delivered.subject()).startsWith("CRITICAL: disk / on build-1");
    assertThat(delivered.changed()).as("what waited is delivered").isTrue();
    assertThat(delivered.newFindings()).isEqualTo(1);
  }

  @Test
  void aSubjectOfNinetyNineCharactersIsWholeAndALongerOneIsCut() {
    String fixed = "WARNING: cpu on i-1: ";
    String fits = "x".repeat(99 - fixed.length());

    assertThat(compose(Found.of("cpu_utilization#i-1", Severity.WARNING).because(fits)).subject())
        .isEqualTo(fixed + fits)
        .hasSize(99);
    assertThat(
            compose(Found.of("cpu_utilization#i-1", Severity.WARNING).because(fits + "x"))
                .subject())
        .isEqualTo(fixed + fits.substring(3) + "...")
        .hasSize(99);
    health = "h".repeat(99);
    assertThat(compose().subject()).isEqualTo(health);
    health = "h".repeat(100);
    assertThat(compose().subject()).isEqualTo("h".repeat(96) + "...");
  }

  @Test
  void whateverTheNamesTheSubjectIsPrintableAndSaysWhatIsWrongAndHowManyMore() {
    String end = " (+100 more)";
    for (int length : new int[] {1, 34, 35, 255}) {
      for (String letter : List.of("a", "\u00fc", "\ud83d\ude00", "-\u2028")) {
        String name = letter.repeat(Math.max(1, length / letter.length()));
        List<Found> many =
            IntStream.rangeClosed(0, 100)
                .mapToObj(i -> Found.of("cpu_utilization#i-" + i, Severity.INFO))
                .collect(Collectors.toList());
        many.add(Found.full("disk_usage#" + name + "#device=" + name, Severity.CRITICAL, 7_200));
        many.remove(0);

        String subject = compose(many, List.of()).subject();

        assertThat(subject)
            .hasSizeLessThanOrEqualTo(99)
            .matches("[ -~]+")
            .startsWith("CRITICAL: disk ")
            .endsWith(" full in 2 h" + end);
      }
    }
  }

  @Test
  void timeLeftIsShort() {
    long[] seconds = {0, 59, 60, 7_199, 7_200, 172_799, 172_800, 30 * 86_400};
    String[] words = {
      "now", "in 1 min", "in 1 min", "in 119 min", "in 2 h", "in 47 h", "in 2 days", "in 30 days"
    };
    for (int i = 0; i < seconds.length; i++) {
      Found found = Found.full("memory_usage#db", Severity.WARNING, seconds[i]);
      assertThat(compose(List.of(), List.of(found)).subject())
          .isEqualTo("WARNING: memory on db full " + words[i]);
    }
    Found full =
        new Found(
            DISK,
            "forecast",
            Severity.CRITICAL,
            true,
            "at its capacity",
            ",\"forecast\":{\"outcome\":\"EXHAUSTED\"}");
    assertThat(compose(full).subject()).isEqualTo("CRITICAL: disk / on build-1 full now");
  }

  @Test
  void aGroupIsNamedByItsReason() {
    Found group =
        new Found("cpu_utilization#*", "correlated", Severity.WARNING, true, "8 of 9", "");
    assertThat(compose(group).subject()).isEqualTo("WARNING: cpu: 8 of 9");
    assertThat(compose(Found.of("anything else", Severity.INFO)).subject())
        .isEqualTo("INFO: anything else: 97 % is above the threshold");
  }

  @Test
  void aSummaryKeepsItsLimitAndItsParts() {
    for (int findings : new int[] {0, 1, 7, 8, 9, 200}) {
      for (String letter : List.of("a", "\u4e2d")) {
        String reason = letter.repeat(200);
        List<Found> many =
            IntStream.range(0, findings)
                .mapToObj(i -> Found.of("cpu_utilization#i-" + i, Severity.WARNING).because(reason))
                .toList();
        for (int healthLength : new int[] {100, 4_096}) {
          health = letter.repeat(healthLength);
          Result result = compose(many, List.of());

          assertThat(result.summary().getBytes(StandardCharsets.UTF_8).length)
              .isLessThanOrEqualTo(4_096);
          assertThat(result.summary())
              .contains("Anomalies: as found.", "Capacity: as found.")
              .endsWith("Report: " + result.reportKey());
          long shown = result.summary().lines().filter(line -> line.startsWith("WARNING ")).count();
          assertThat(shown).isLessThanOrEqualTo(findings);
          if (shown < findings) {
            assertThat(shown).isPositive();
            assertThat(result.summary())
                .contains("and %d more in the report".formatted(findings - shown));
          }
        }
      }
    }
  }

  @Test
  void aLatestReportThatIsNotOneIsReplaced() {
    for (String text : List.of("", "[]", "null", "{", "{\"run_id\":\"x\"}")) {
      store(ComposeReport.LATEST, text);
      Result result = compose();
      assertThat(result.changed()).as(text).isTrue();
      assertThat(documents.text(ComposeReport.LATEST)).startsWith("{\"run_id\":\"r");
    }
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    run(List.of(), List.of());
    assertThatThrownBy(() -> compose(request("reports/missing", "")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("'reports/missing' of analysis 'anomalies' does not exist");
    store("reports/odd", "{\"findings\":[{\"severity\":\"BAD\"}]}");
    assertThatThrownBy(() -> compose(request("reports/odd", "")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("'reports/odd' is not the report of an analysis");
    store("reports/odd", "{\"findings\":[");
    assertThatThrownBy(() -> compose(request("reports/odd", "")))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessageContaining("'reports/odd' could not be read");
    Request nameless = new Request("", START, "HEALTHY", "s", "s", List.of());
    assertThatThrownBy(() -> compose(nameless))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("run id '' is not valid");
  }
}
