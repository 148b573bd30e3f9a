package io.inframetrics.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.cli.Executed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The time is that of {@code VirtualContext}: 2026-02-19T11:27:43Z. */
@Timeout(60)
class StatusCommandTest {

  @TempDir Path data;

  private Executed status(String... more) {
    Object[] arguments = new Object[3 + more.length];
    System.arraycopy(new Object[] {"status", "--data", data}, 0, arguments, 0, 3);
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Executed.command(arguments);
  }

  private void run(String id, String status, String health, String more) throws IOException {
    Path folder = Files.createDirectories(data.resolve("runs").resolve(id));
    Files.writeString(
        folder.resolve("run.json"),
        """
        {"run_id":"%s","status":"%s","health":"%s","started_at":"2026-02-19T11:20:00Z",\
        "ended_at":"2026-02-19T11:24:43Z"%s}
        """
            .formatted(id, status, health, more));
  }

  private void report(String severity, String findings, String analyses) throws IOException {
    Files.createDirectories(data.resolve("reports"));
    Files.writeString(
        data.resolve("reports/latest.json"),
        """
        {"run_id":"local-1","observed_at":"2026-02-19T11:24:42Z","severity":"%s",\
        "subject":"%s: disk | full in 13 min","findings":[%s],"muted":[],"analyses":[%s]}
        """
            .formatted(severity, severity.toUpperCase(java.util.Locale.ROOT), findings, analyses));
  }

  private static String finding(String severity) {
    return """
    {"analysis":"forecast","series_id":"disk_usage#web-1#device=/","detector":"forecast",\
    "severity":"%s","start":"2026-02-19T10:00:00Z","reason":"full | in 13 min"}\
    """
        .formatted(severity);
  }

  @Test
  void afterARunWithoutFindingsAllIsWell() throws IOException {
    run("local-20260219T112000Z-aa", "SUCCEEDED", "HEALTHY", "");
    report("none", "", "");

    Executed text = status();

    assertThat(text.exitCode()).isZero();
    assertThat(text.lines())
        .containsExactly(
            "OK: run local-20260219T112000Z-aa is HEALTHY, no open warnings",
            "last run  local-20260219T112000Z-aa SUCCEEDED, HEALTHY, ended 3 minutes ago",
            "open findings: 0");
    Executed nagios = status("--format", "nagios");
    assertThat(nagios.exitCode()).isZero();
    assertThat(nagios.lines())
        .containsExactly(
            "INFRAMETRICS OK - run local-20260219T112000Z-aa is HEALTHY, no open warnings |"
                + " critical=0 warning=0 info=0 age=180s");
  }

  @ParameterizedTest
  @CsvSource({"info,0,OK", "warning,1,WARNING", "critical,2,CRITICAL"})
  void theWorstFindingIsTheState(String severity, int exitCode, String state) throws IOException {
    run("local-20260219T112000Z-aa", "SUCCEEDED", "HEALTHY", "");
    report(severity, finding(severity), "");

    Executed nagios = status("--format=nagios");

    assertThat(nagios.exitCode()).isEqualTo(exitCode);
    assertThat(nagios.out()).startsWith("INFRAMETRICS " + state + " - ").contains(severity + "=1");
    assertThat(nagios.lines().get(0)).as("one bar, before the figures").matches("[^|]*\\|[^|]*");
    assertThat(nagios.lines().get(1))
        .isEqualTo(
            severity.toUpperCase(java.util.Locale.ROOT)
                + " disk_usage#web-1#device=/: full / in 13 min, since 2026-02-19T10:00:00Z");
    Executed json = status("--format=json");
    assertThat(json.exitCode()).isEqualTo(exitCode);
    assertThat(json.json().path("state").stringValue()).isEqualTo(state);
    assertThat(json.json().path("exit_code").intValue()).isEqualTo(exitCode);
    assertThat(json.json().at("/findings/0/severity").stringValue()).isEqualTo(severity);
    assertThat(json.json().at("/last_run/age_seconds").longValue()).isEqualTo(180);
    assertThat(status().exitCode()).isEqualTo(exitCode);
  }

  @ParameterizedTest
  @CsvSource({
    "SUCCEEDED,DEGRADED,1",
    "FAILED,UNHEALTHY,2",
    "TIMED_OUT,UNKNOWN,2",
    "ABORTED,UNKNOWN,3"
  })
  void aRunThatDidNotGoWellIsSaid(String status, String health, int exitCode) throws IOException {
    run("local-20260219T112000Z-aa", status, health, ",\"error\":\"PipelineUnhealthy\"");
    report("none", "", "");

    assertThat(status("--format", "nagios").exitCode()).isEqualTo(exitCode);
  }

  @Test
  void theRunThatStartedLastCounts() throws IOException {
    run("local-20260219T112001Z-aa", "SUCCEEDED", "HEALTHY", "");
    run("local-20260219T112000Z-bb", "FAILED", "UNHEALTHY", "");

    assertThat(status().out()).contains("OK: run local-20260219T112001Z-aa");
  }

  @Test
  void whatWasNotJudgedIsNamed() throws IOException {
    run("local-20260219T112000Z-aa", "SUCCEEDED", "HEALTHY", "");
    report(
        "none",
        "",
        """
        {"analysis":"anomalies","failed":false,"series_not_judged":4,"points_missing":19,\
        "series_in_other_unit":2},\
        {"analysis":"forecast","failed":true}\
        """);

    Executed text = status();

    assertThat(text.exitCode()).isEqualTo(1);
    assertThat(text.out())
        .startsWith("WARNING: the analysis forecast failed")
        .contains(
            "  anomalies: 4 series not judged yet, about 19 more points needed",
            "  anomalies: 2 series in another unit than the limit",
            "  forecast: the analysis failed");
    assertThat(status("--format=json").json().path("not_judged")).hasSize(3);
  }

  @Test
  void aReportThatCouldNotBeComposedIsAWarning() throws IOException {
    run(
        "local-20260219T112000Z-aa",
        "SUCCEEDED",
        "HEALTHY",
        ",\"output\":{\"report\":{\"report_key\":\"\",\"severity\":\"none\"}}");

    assertThat(status().exitCode()).isEqualTo(1);
    assertThat(status().out()).contains("composed no report");
  }

  @Test
  void whereReportsAreOnAwsTheRecordOfTheRunSaysWhatIsOpen() throws IOException {
    run(
        "local-20260219T112000Z-aa",
        "SUCCEEDED",
        "HEALTHY",
        """
        ,"output":{"report":{"report_key":"reports/x.json","severity":"critical","subject":"CRITICAL: x"},\
        "analyses":[{"findings":[%s]}]}\
        """
            .formatted(finding("critical")));

    assertThat(status("--format=nagios").out())
        .startsWith("INFRAMETRICS CRITICAL - x | critical=1 ");
  }

  @Test
  void anOldRunSaysNothingAboutNow() throws IOException {
    run("local-20260219T112000Z-aa", "SUCCEEDED", "HEALTHY", "");
    report("critical", finding("critical"), "");

    assertThat(status("--max-age", "3m").exitCode()).isEqualTo(2);
    Executed old = status("--max-age", "179s", "--format", "nagios");
    assertThat(old.exitCode()).isEqualTo(3);
    assertThat(old.out()).startsWith("INFRAMETRICS UNKNOWN - the last run ended 3 minutes ago");
  }

  @Test
  void withoutARunNothingIsKnown() {
    Executed text = status();

    assertThat(text.exitCode()).isEqualTo(3);
    assertThat(text.out()).isEqualTo("UNKNOWN: no run is recorded in '" + data + "'\n");
    assertThat(status("--format=json").json().path("state").stringValue()).isEqualTo("UNKNOWN");
  }

  @Test
  void forNagiosEverythingThatIsWrongIsUnknown() throws IOException {
    for (String mistake : new String[] {"--max-age=soon", "--date=x", "more"}) {
      Executed wrong = status("--format", "nagios", mistake);
      assertThat(wrong.exitCode()).isEqualTo(3);
      assertThat(wrong.out()).startsWith("INFRAMETRICS UNKNOWN - inframetrics status: ");
      assertThat(wrong.err()).isEmpty();
    }
    Path folder = Files.createDirectories(data.resolve("runs/local-1-a"));
    Files.writeString(folder.resolve("run.json"), "{\"run_id\":");
    Executed broken = status("--format=nagios");
    assertThat(broken.exitCode()).isEqualTo(3);
    assertThat(broken.out()).contains("run.json' is not JSON");
    Files.writeString(folder.resolve("run.json"), "{}");
    assertThat(status("--format=nagios").out()).contains("was not written by a run");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--format=xml", "--max-age=0s", "--date=x"})
  void aWrongArgumentIsRefused(String mistake) {
    status(mistake).refused("inframetrics status: ");
  }
}
