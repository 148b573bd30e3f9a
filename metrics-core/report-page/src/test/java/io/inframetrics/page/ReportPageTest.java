package io.inframetrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.page.RunDetails.Visit;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.report.JsonValues;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.memory.InMemoryStores;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class ReportPageTest {

  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  private static final String REPORT = AnalyzeMetrics.reportKey("report", "run-1", NOW);
  private static final String CHARTS = AnalyzeMetrics.reportKey("charts", "run-1", NOW);

  private final InMemoryStores stores = new InMemoryStores();

  private void store(String key, String text) {
    try (StagedObject<String> staged = stores.documents().create(key, Deadlines.never())) {
      staged.body().write(text.getBytes(StandardCharsets.UTF_8));
      staged.commit();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String page(@Nullable RunDetails details, @Nullable String reportKey) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ReportPage(stores.documents())
        .write(
            new PageRequest("run-1", NOW, reportKey, details, ZoneOffset.UTC),
            out,
            Deadlines.never());
    String page = out.toString(StandardCharsets.UTF_8);
    assertThat(page).endsWith("</html>\n");
    return page;
  }

  private String page() {
    return page(null, REPORT);
  }

  /** What people read, without elements, each run of blanks as one. */
  private static String text(String page) {
    return page.replaceAll("(?s)<(script|style)\\b.*?</\\1>|<wbr>", "")
        .replaceAll("(?s)<[^>]*>", " ")
        .replaceAll("\\s+", " ");
  }

  private static List<Map<String, @Nullable Object>> embedded(String page, String id) {
    Matcher script =
        Pattern.compile("(?s)<script type=\"application/json\" id=\"" + id + "\">(.*?)</script>")
            .matcher(page);
    assertThat(script.find()).isTrue();
    assertThat(script.group(1)).doesNotContain("<", ">");
    try (JsonParser json =
        new JsonFactory().createParser(ObjectReadContext.empty(), script.group(1))) {
      json.nextToken();
      return JsonValues.objects(JsonValues.value(json));
    }
  }

  private static String finding(String series, String severity, String rest) {
    return """
    {"analysis":"anomalies","series_id":"%s","detector":"threshold","severity":"%s",\
    "start":"2026-11-27T10:00:00Z","latest":"2026-11-27T12:00:00Z","ongoing":true,\
    "value":97.66,"unit":"Percent","reason":"high"%s}\
    """
        .formatted(series, severity, rest);
  }

  private static String report(String status, String findings, String rest) {
    return """
    {"run_id":"run-1","observed_at":"2026-11-27T12:00:00Z","status":"%s","subject":"CRITICAL: cpu on a: high",\
    "severity":"critical","findings":[%s],"summary":"the summary","new_in_a_later_version":[{"a":[1]}]%s}\
    """
        .formatted(status, findings, rest);
  }

  private static String charts(List<String> series, int blanks) {
    return series.stream()
        .map(
            id ->
                "{\"series_id\":\"%s\",\"tops\":\"%s\",\"low\":0,\"high\":1.5}"
                    .formatted(id, "A".repeat(blanks)))
        .collect(
            Collectors.joining(
                ",\n", "{\"run_id\":\"run-1\",\"charts\":[\n", "],\"series_left_out\":3}"));
  }

  @Test
  void namesFromOutsideStayText() {
    String name = "</script><script>alert(1)</script><b>web</b> & 'x'";
    String series = "cpu_utilization#" + name;
    store(
        REPORT,
        report("<i>HEALTHY</i>", finding(series, "critical", ""), "")
            .replace("the summary", "<u>summary</u>")
            .replace("cpu on a: high", "<em>high</em>"));
    store(CHARTS, charts(List.of(series), 4));
    RunDetails details =
        new RunDetails(
            "{\"StartAt\":\"<s>\",\"States\":{\"<s>\":{\"Type\":\"<t>\",\"Next\":\"<s>\"}}}",
            "<status>",
            "<error>",
            "<cause>",
            NOW,
            NOW,
            List.of(new Visit("<s>", "", "Task", "<outcome>", NOW, Duration.ZERO, 0, "<why>")),
            List.of("<key>"),
            Map.of("<call>", 1L),
            "<cost>");
    String page = page(details, REPORT);

    assertThat(page)
        .doesNotContain("<script>alert", "<b>web", "<i>", "<u>", "<em>", "<s>", "<t>", "<status>")
        .doesNotContain("<why>", "<key>", "<call>", "<cost>")
        .contains("&lt;b&gt;web&lt;/b&gt;", "&lt;why&gt;", "&lt;key&gt;", "&lt;cost&gt;");
    assertThat(page(details, null))
        .doesNotContain("<error>", "<cause>")
        .contains("The run failed: &lt;error&gt;", "&lt;cause&gt;");
    assertThat(embedded(page, "charts").get(0)).containsEntry("series_id", series);
    assertThat(embedded(page, "findings").get(0))
        .containsEntry("series_id", series)
        .containsEntry("id", "finding-1");
  }

  @Test
  void theBrowserMayRunThePagesOwnScriptsOnly() {
    Matcher policy = Pattern.compile("Policy\" content=\"([^\"]*)\"").matcher(page());

    assertThat(policy.find()).isTrue();
    assertThat(policy.group(1))
        .startsWith("default-src &#39;none&#39;")
        .doesNotContain("unsafe", "http", "*");
    assertThat(page()).doesNotContain(" style=", " onclick=", "src=\"", "href=\"http");
  }

  @Test
  void whatChangedSinceTheRunBeforeIsSaid() {
    store(
        REPORT,
        report(
            "DEGRADED",
            String.join(
                ",",
                finding("cpu_utilization#new", "critical", ""),
                finding("cpu_utilization#worse", "critical", ""),
                finding("cpu_utilization#better", "info", ""),
                finding("cpu_utilization#still", "warning", "")),
            """
            ,"muted":[%s],"before":{"run_id":"run-0","observed_at":"2026-11-27T11:00:00Z","status":"HEALTHY",\
            "findings":[%s]}\
            """
                .formatted(
                    finding(
                        "cpu_utilization#muted",
                        "critical",
                        ",\"muted_until\":\"2026-11-30T00:00:00Z\""),
                    List.of("worse", "better", "still", "muted", "gone").stream()
                        .map(name -> finding("cpu_utilization#" + name, "warning", ""))
                        .collect(Collectors.joining(",")))));
    String text = text(page());

    assertThat(text)
        .contains("Critical cpu on a: high")
        .contains("Health: DEGRADED, was HEALTHY")
        .contains("New 1 CPU utilization on new (threshold) Worse 1 CPU utilization on worse")
        .contains("Less severe 1 CPU utilization on better")
        .contains("Gone 1 CPU utilization on gone")
        .contains("Compared with 2026-11-27 11:00, run run-0")
        .contains("Muted: 1")
        .contains("Muted until 2026-11-30 00:00")
        .contains("Value 97.7 % When since 2026-11-27 10:00, 2 h Found by threshold (anomalies)");
  }

  @Test
  void whatIsNotKnownIsSaid() {
    String anomalies = AnalyzeMetrics.reportKey("anomalies", "run-1", NOW);
    store(
        REPORT,
        report(
                "DEGRADED",
                finding("cpu_utilization#old", "warning", ",\"analyzed\":false"),
                """
                ,"health":{"status":"DEGRADED","expected":3,"processed":2,"missing":["raw-metrics/x.json"],\
                "failed_branches":["disk_usage"],"checks":[{"name":"collected","ok":false,"detail":"3 of 4"},\
                {"name":"sinks","ok":false,"detail":"1 sink failure"}]},\
                "analyses":[{"analysis":"forecast","failed":true,"report_key":""},\
                {"analysis":"anomalies","failed":false,"report_key":"%s","series_read":9,"series_judged":7,\
                "series_not_judged":2,"points_missing":12,"seconds_missing":3600,"series_in_other_unit":2,"series_without_points":1}]\
                """
                    .formatted(anomalies))
            .replace("the summary", "not well\\ndisk_usage failed: no such host"));
    store(
        anomalies,
        """
        {"series":[{"series_id":"cpu_utilization#young","points":3,"points_missing":12,"forecast":{"a":[1]}},
        {"series_id":"cpu_utilization#old"}],
        "failed":[{"what":"cpu_utilization#b","reason":"timed out"}],"skipped":["cpu_utilization#c"]}
        """);
    String text = text(page());

    assertThat(text)
        .contains("The analysis forecast failed")
        .contains("Not collected Disk usage: no such host")
        .contains("Not well: sinks 1 sink failure")
        .doesNotContain("Not well: collected")
        .contains("Not processed in time")
        .contains("raw-metrics/x.json")
        .contains("Could not be read by anomalies cpu_utilization#b: timed out")
        .contains("Skipped by anomalies")
        .contains("CPU utilization on c")
        .contains("Too few points for anomalies: 2 series")
        .contains("The first is judged after 12 points more, in about 1 h.")
        .contains("CPU utilization on young: 12 points more and 1 more")
        .contains("In another unit than the limit: 2 series")
        .contains("No recent points for anomalies: 1 series")
        .contains("Not looked at now")
        .contains("This run could not look; the run before reported it.")
        .contains("in the console of Step Functions");
  }

  @Test
  void aCalmRunSaysWhatWasLookedAt() {
    String judged =
        ",\"analyses\":[{\"analysis\":\"anomalies\",\"series_read\":12,\"series_judged\":%d}]";
    store(REPORT, report("HEALTHY", "", judged.formatted(12)));
    assertThat(text(page()))
        .contains("Nothing needs attention 12 series were read and 12 judged")
        .contains("Everything could be read and judged.")
        .contains("No open findings.")
        .contains("This is the first run with a report");
    store(REPORT, report("HEALTHY", "", judged.formatted(0)));
    assertThat(text(page()))
        .contains("12 series were read, and none has enough points to be judged yet.");
    store(REPORT, report("HEALTHY", "", ""));
    assertThat(text(page())).contains("There was nothing to look at yet.");
  }

  @Test
  void aRunThatIsNotHealthyIsNotCalledCalm() {
    store(REPORT, report("DEGRADED", "", ""));
    assertThat(text(page()))
        .contains("Degraded CRITICAL: cpu on a: high No findings of what could be looked at.")
        .contains("The run is DEGRADED What people were notified of")
        .doesNotContain("Everything could be read");
    store(REPORT, report("UNHEALTHY", "", ""));
    assertThat(text(page())).contains("Unhealthy CRITICAL: cpu on a: high");
  }

  @Test
  void aRunThatFailedSaysWhyAtTheTop() {
    String text = text(PageFixtures.failed().page());

    assertThat(text)
        .contains("Failed The run failed: PipelineFailed InfraMetrics UNHEALTHY: the &lt;u&gt;")
        .contains("No open findings are known: the run left no report.")
        .contains("CollectNetworkMetrics Task error caught , 1 min 11 s, 3 retries")
        .doesNotContain("What changed");
  }

  @Test
  void everyPartOfARunMayBeMissing() {
    assertThat(text(page(null, null))).contains("No report of this run").contains("No charts.");
    assertThat(text(page())).contains("The report '%s' does not exist.".formatted(REPORT));
    store(REPORT, "");
    assertThat(text(page())).contains("The report '%s' is empty.".formatted(REPORT));
    store(REPORT, "{\"findings\": [{}], \"analyses\": 3, \"before\": [], \"health\"");
    assertThat(text(page())).contains("cannot be read");
    store(REPORT, "{\"findings\": [{}, 7, null], \"analyses\": 3, \"before\": [], \"muted\": {}}");
    assertThat(page()).contains("id=\"finding-1\"");
    RunDetails strange =
        new RunDetails(
            "no state machine",
            "SUCCEEDED",
            null,
            null,
            NOW,
            NOW,
            List.of(new Visit("A", "", "Task", "SUCCEEDED", NOW, Duration.ZERO, 0)),
            List.of(),
            Map.of(),
            null);
    assertThat(text(page(strange, null)))
        .contains("The run succeeded, and its report was not composed.")
        .doesNotContain("State machine");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"charts\":[{\"series_id\":\"a\"},{\"series_id\":\"b\",\"tops\":\"AA",
        "{\"charts\":[{\"series_id\":\"a\"},{\"tops\":\"no series\"},7]}"
      })
  void brokenChartsAreLeftOutAndTheRestStays(String document) {
    store(REPORT, report("HEALTHY", "", ""));
    store(CHARTS, document);
    String page = page();

    assertThat(embedded(page, "charts"))
        .extracting(chart -> chart.get("series_id"))
        .isSubsetOf("a");
    assertThat(text(page)).contains("the summary");
    if (document.endsWith("AA")) {
      assertThat(text(page)).contains("1 chart.").contains("cannot be read");
    }
  }

  @Test
  void thePageIsBoundedAndKeepsTheChartsOfFindings() {
    store(REPORT, report("HEALTHY", finding("cpu_utilization#s199", "critical", ""), ""));
    store(
        CHARTS,
        charts(IntStream.range(0, 200).mapToObj(i -> "cpu_utilization#s" + i).toList(), 30_000));
    String page = page();
    List<Map<String, @Nullable Object>> charts = embedded(page, "charts");

    assertThat((long) page.getBytes(StandardCharsets.UTF_8).length)
        .isLessThanOrEqualTo(ReportPage.MAX_BYTES)
        .isGreaterThan(ReportPage.MAX_BYTES * 9 / 10);
    assertThat(charts.get(0)).containsEntry("series_id", "cpu_utilization#s199");
    assertThat(charts.get(0)).containsEntry("high", 1.5);
    assertThat(text(page))
        .contains(
            "%d charts. %d charts are left out".formatted(charts.size(), 203 - charts.size()));
  }

  @Test
  void membersOfAFindingAreMarkedAndNamed() {
    String anomalies = AnalyzeMetrics.reportKey("anomalies", "run-1", NOW);
    store(
        REPORT,
        report(
            "HEALTHY",
            finding("cpu_utilization#*", "critical", ""),
            ",\"analyses\":[{\"analysis\":\"anomalies\",\"report_key\":\"%s\"}]"
                .formatted(anomalies)));
    store(
        anomalies,
        "{\"findings\":[%s]}"
            .formatted(
                finding(
                    "cpu_utilization#*",
                    "critical",
                    IntStream.range(0, 25)
                        .mapToObj(i -> finding("cpu_utilization#m" + i, "warning", ""))
                        .collect(Collectors.joining(",", ",\"members\":[", "]")))));
    String page = page();

    assertThat(page).contains("data-series=\"cpu_utilization#m0\"");
    assertThat(text(page))
        .contains("CPU utilization on many instances")
        .contains("25 single findings")
        .contains("CPU utilization on m19: high, from 2026-11-27 10:00 and 5 more")
        .contains("CPU utilization on m0, the worst of them");
    assertThat(embedded(page, "findings")).hasSize(26);
  }

  @Test
  void scriptsAreKnownByTheirHash() {
    assertThat(Scripts.PAGE.scripts()).noneMatch(script -> script.contains("</script"));
    assertThat(Scripts.PAGE.policy().split("sha256-"))
        .hasSize(1 + Scripts.PAGE.scripts().size() + Scripts.PAGE.styles().size())
        .allMatch(part -> part.startsWith("default") || decodes(part.substring(0, 44)));
  }

  private static boolean decodes(String hash) {
    return Base64.getDecoder().decode(hash).length == 32;
  }
}
