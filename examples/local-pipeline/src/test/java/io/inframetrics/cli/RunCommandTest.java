package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.encode.Line;
import io.inframetrics.workflow.execution.TaskHandler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Runs the real definition over an invented fleet of ten instances. */
@Timeout(60)
class RunCommandTest {

  private static final List<String> RAW_FILES =
      List.of(
          "raw-metrics/2026/02/19/metrics-cpu_utilization-1771500463.json",
          "raw-metrics/2026/02/19/metrics-disk_usage-1771500463.json",
          "raw-metrics/2026/02/19/metrics-memory_usage-1771500463.json",
          "raw-metrics/2026/02/19/metrics-network_traffic-1771500463.json");

  @TempDir Path folder;

  private final VirtualContext around = new VirtualContext();
  private DataFolder data;

  @BeforeEach
  void nameTheFolder() {
    data = new DataFolder(folder.resolve("data"));
  }

  private Executed run(Object... more) {
    Object[] arguments = new Object[5 + more.length];
    System.arraycopy(
        new Object[] {"run", "--source", "synthetic", "--data", data.root()}, 0, arguments, 0, 5);
    System.arraycopy(more, 0, arguments, 5, more.length);
    return Executed.command(around, arguments);
  }

  @Test
  void storesARawFileOfEachTypeWithOnlyItsOwnType() {
    run().succeeded();

    assertThat(data.keys("raw-metrics")).isEqualTo(RAW_FILES);
    for (String key : RAW_FILES) {
      String type = key.replaceAll(".*metrics-(.*)-\\d+\\.json", "$1");
      assertThat(data.text(key).lines())
          .isNotEmpty()
          .map(InputFile.JSON::readTree)
          .allMatch(line -> line.path("metric_type").asString("").equals(type));
      assertThat(data.rawLines(key)).hasOnlyElementsOfType(Line.Good.class);
    }
  }

  @Test
  void makesARecordOfEveryLineAndMarksEveryFile() {
    run().succeeded();

    assertThat(data.records()).isNotEmpty().isEqualTo(data.observations());
    assertThat(data.processed()).isEqualTo(RAW_FILES);
    assertThat(data.rows("SELECT sum(accepted), sum(refused) FROM processed"))
        .containsExactly(List.of(String.valueOf(data.observations().size()), "0"));
    assertThat(data.keys("quarantine")).isEmpty();
    assertThat(data.keys(".staging")).isEmpty();
  }

  @Test
  void recordsTheRunForMachines() throws IOException {
    run().succeeded();

    JsonNode run = data.onlyRun();
    Set<String> shape = new TreeSet<>();
    shape("", run, shape);
    assertThat(String.join("\n", shape) + "\n").isEqualTo(golden("run.shape.txt"));
    assertThat(run.path("status").stringValue()).isEqualTo("SUCCEEDED");
    assertThat(run.path("health").stringValue()).isEqualTo("HEALTHY");
    assertThat(run.path("transitions").intValue()).isEqualTo(13);
    assertThat(run.path("started_at").stringValue()).isEqualTo("2026-02-19T11:27:43Z");
    assertThat(run.path("ended_at").stringValue()).isEqualTo("2026-02-19T11:27:44Z");
    assertThat(run.path("delays"))
        .hasToString(
            "[{\"state\":\"WaitForProcessing\",\"kind\":\"wait\","
                + "\"begun_at\":\"2026-02-19T11:27:43Z\",\"seconds\":1.0}]");
    assertThat(data.keys("runs"))
        .containsExactly("runs/" + run.path("run_id").stringValue() + "/run.json");
  }

  @Test
  void notifiesOnceAndKeepsAReportOfEachAnalysisAndOfTheRun() {
    run().succeeded();

    assertThat(data.keys("notifications")).hasSize(1);
    String runId = data.onlyRun().path("run_id").stringValue();
    assertThat(data.text(data.keys("notifications").get(0)))
        .startsWith("Subject: InfraMetrics HEALTHY: 4 of 4 files processed, run ")
        .contains("\nrun_id: " + runId + "\n", "\nstatus: HEALTHY\n")
        .contains("\nseverity: none\n", "\nchanged: true\n", "\nsource: synthetic\n");
    List<String> reports =
        data.keys("reports").stream()
            .filter(key -> key.endsWith(".json") && !key.contains("/charts-"))
            .toList();
    assertThat(reports).hasSize(4);
    List<JsonNode> reported = new ArrayList<>();
    reported.addAll(data.onlyRun().path("output").path("analyses").values());
    reported.add(data.onlyRun().path("output").path("report"));
    List<String> keys = new ArrayList<>(reports);
    keys.remove("reports/latest.json");
    assertThat(reported)
        .extracting(report -> report.path("report_key").stringValue())
        .containsExactlyInAnyOrderElementsOf(keys);
    assertThat(reports).allMatch(key -> data.json(key).isObject());
  }

  @Test
  void tellsTheStatesAsTheyPassAndThenASummary() {
    Executed run = run("--verbose").succeeded();

    assertThat(run.lines())
        .filteredOn(line -> line.endsWith(" started"))
        .hasSize(14)
        .element(0)
        .asString()
        .contains("run local-20260219T112743Z-");
    assertThat(run.out())
        .contains("  WaitForProcessing waits 1.0 s")
        .contains("  CheckPipelineHealth done after 0.0 s")
        .containsPattern("run local-\\S+ SUCCEEDED, HEALTHY, in 1.0 s, 13 state transitions")
        .contains("Everything is in " + data.root())
        .doesNotContain("\u001B");
  }

  @Test
  void byDefaultAPersonSeesWhatWasCollectedAndWhereTheReportIs() {
    Executed run = run().succeeded();

    assertThat(run.out())
        .contains("  cpu_utilization  ", "Report: " + data.root().resolve("reports"))
        .doesNotContain(" started", " done after ", " waits ");
    assertThat(run.out().lines().filter(line -> !line.isBlank()).count()).isLessThan(50);
  }

  @Test
  void aTerminalSeesHowEachSeriesWent() {
    String blocks = "(?s).*  [\u2581-\u2588]+\\R.*";

    assertThat(run().succeeded().out()).doesNotMatch(blocks);
    around.clock.advance(Duration.ofHours(1));
    assertThat(run("--sparklines=always").succeeded().out()).matches(blocks);
    Executed status =
        Executed.command(around, "status", "--data", data.root(), "--sparklines=always");
    assertThat(status.out())
        .contains("\nseries:\n")
        .contains("page      " + data.root().resolve("reports").toUri())
        .matches("(?s).*\n  [\u2581-\u2588 ]{24}  cpu_utilization#.*");
  }

  @Test
  void quietPrintsOnlyWhatIsWrong() {
    assertThat(run("--quiet").succeeded().out()).isEmpty();

    Executed degraded = run("--quiet", "--fail=cpu_utilization").succeeded();

    assertThat(degraded.out())
        .containsPattern("run \\S+ SUCCEEDED, DEGRADED")
        .contains("  cpu_utilization  FAILED: ")
        .doesNotContain("memory_usage     ", "Everything is in", "retry");
  }

  @Test
  void aLaterRunBeginsWhereTheFirstEnded() {
    run().succeeded();
    around.clock.advance(Duration.ofMinutes(20));
    run().succeeded();

    assertThat(data.keys("raw-metrics")).hasSize(8);
    List<Line> second =
        data.rawLines("raw-metrics/2026/02/19/metrics-cpu_utilization-1771501663.json");
    assertThat(second).as("four points of ten instances, five minutes apart").hasSize(40);
    assertThat(data.records()).isEqualTo(data.observations());
  }

  @Test
  void severalRunsFollowOneAnother() {
    Executed run =
        Executed.command(
            new VirtualContext() {
              @Override
              public TaskHandler tasks(TaskHandler tasks) {
                TaskHandler inTurn = super.tasks(tasks);
                return call -> {
                  if (call.state().equals("NotifySuccess")) {
                    clock.advance(Duration.ofMinutes(5));
                  }
                  return inTurn.handle(call);
                };
              }
            },
            "run",
            "--source=synthetic",
            "--runs=3",
            "--every=1ms",
            "--data=" + data.root());

    run.succeeded();
    assertThat(data.keys("runs")).hasSize(3);
    assertThat(data.keys("notifications")).hasSize(3);
    assertThat(data.keys("raw-metrics")).hasSize(12).isEqualTo(data.processed());
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = RunCommandTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Every path of a document with the type that is there; elements of an array share one path. */
  private static void shape(String path, JsonNode node, Set<String> lines) {
    if (node.isObject()) {
      node.properties()
          .forEach(field -> shape(path + "/" + field.getKey(), field.getValue(), lines));
    } else if (node.isArray()) {
      lines.add(path + " array");
      node.forEach(element -> shape(path + "/*", element, lines));
    } else {
      lines.add(path + " " + node.getNodeType().name().toLowerCase(java.util.Locale.ROOT));
    }
  }
}
