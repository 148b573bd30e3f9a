package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.cli.monitor.StopRequest;
import io.inframetrics.cli.page.Browser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pages that runs leave, and the command that writes them again. */
@Timeout(60)
class RunPagesTest {

  @TempDir Path folder;

  private final List<URI> opened = new ArrayList<>();
  private Optional<String> cannotOpen = Optional.empty();

  private final VirtualContext around =
      new VirtualContext() {
        @Override
        public Browser browser() {
          return page -> {
            opened.add(page);
            return cannotOpen;
          };
        }
      };

  private DataFolder data() {
    return new DataFolder(folder.resolve("data of web-1"));
  }

  private Executed run(String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("run", "--source=synthetic", "--data", data().root().toString()));
    arguments.addAll(List.of(more));
    return Executed.command(around, arguments.toArray());
  }

  private Executed report(Object... more) {
    List<Object> arguments = new ArrayList<>(List.of("report", "--data", data().root()));
    arguments.addAll(List.of(more));
    return Executed.command(around, arguments.toArray());
  }

  /** The page of the only run. */
  private Path page() {
    return data().keys("reports").stream()
        .filter(key -> key.contains("/report-") && key.endsWith(".html"))
        .map(data().root()::resolve)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aRunLeavesItsPageAndNamesItAsSomethingToClickOn() throws IOException {
    Executed run = run("--open").succeeded();

    assertThat(page())
        .content()
        .startsWith("<!DOCTYPE html>")
        .contains("13 state transitions are 0.00033 USD on AWS")
        .containsPattern("CollectFunction</th><td class=\"number\">4</td>")
        .containsPattern("AnalyzeFunction</th><td class=\"number\">3</td>");
    assertThat(data().root().resolve("reports/latest.html")).hasSameBinaryContentAs(page());
    assertThat(run.lines()).contains("  Page: " + page().toUri());
    assertThat(page().toUri().toString()).startsWith("file:///").contains("data%20of%20web-1");
    assertThat(opened).containsExactly(page().toUri());
    assertThat(data().keys("definitions"))
        .singleElement()
        .satisfies(
            key ->
                assertThat(data().text(key))
                    .isEqualTo(
                        Files.readString(
                            around.home().resolve("deploy/statemachine/pipeline.asl.json"))));
    assertThat(data().onlyRun().path("objects").values())
        .extracting(key -> key.asString(""))
        .contains(
            "raw-metrics/2026/02/19/metrics-disk_usage-1771500463.json",
            data().onlyRun().path("output").path("report").path("report_key").stringValue());
  }

  @Test
  void aQuietRunWritesItsPageAndSaysNothing() {
    assertThat(run("--quiet").succeeded().out()).isEmpty();
    assertThat(page()).exists();
    assertThat(opened).isEmpty();
  }

  @Test
  void aFailedRunHasAPageToo() {
    Executed failed =
        run(
            "--fail=cpu_utilization",
            "--fail=memory_usage",
            "--fail=disk_usage",
            "--fail=network_traffic");

    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.lines()).contains("  Page: " + page().toUri());
    assertThat(report().succeeded().lines()).containsExactly(page().toString());
  }

  @Test
  void aPageThatCannotBeWrittenIsOneNoteAndFailsNoRun() throws IOException {
    Files.createDirectories(data().root().resolve("reports/latest.html/in-the-way"));

    Executed run = run();

    assertThat(run.exitCode()).isZero();
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .startsWith("note: the page of the run was not written: ");
    assertThat(run.out()).contains(" SUCCEEDED, HEALTHY").doesNotContain("  Page: ");
    assertThat(report().err())
        .startsWith("inframetrics report: the page of run 'local-")
        .hasLineCount(1);
    assertThat(report().exitCode()).isEqualTo(1);
  }

  @Test
  void aRunThatOnlyCollectsHasNoPage() {
    assertThat(run("--only=collect").succeeded().out()).doesNotContain("Page:");
    assertThat(data().keys("reports")).isEmpty();
    report().refused("has no report, because its state machine composes none");
    run("--only=collect", "--open").refused("--only collect finds nothing to show");
    run("--only=collect", "--serve=0").refused("leave out --open and --serve");
    run("--serve=65536").refused("--serve is 65536: use a port from 0 to 65535");
  }

  @Test
  void aMachineWithoutADesktopIsToldWhereThePageIs() {
    cannotOpen = Optional.of("note: there is no desktop here");

    Executed run = run("--open");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEqualTo("note: there is no desktop here\n");
  }

  @Test
  void aMonitorServesThePageOfEachRunUntilItIsStopped() throws IOException {
    List<String> served = new ArrayList<>();
    StringBuilder waits = new StringBuilder();
    VirtualContext browsing =
        new VirtualContext() {
          @Override
          public Browser browser() {
            return page -> {
              opened.add(page);
              return Optional.empty();
            };
          }

          @Override
          public void await(Duration time, StopRequest stop) throws InterruptedException {
            waits.append(time).append(' ');
            served.add(read(opened.get(0)));
            served.add(read(opened.get(0).resolve("/health")));
            if (time.toHours() > 0) {
              throw new InterruptedException("stopped");
            }
            clock.advance(time);
          }
        };
    List<Object> arguments =
        List.of("run", "--source=synthetic", "--data", data().root(), "--serve=0", "--open");

    Executed run =
        Executed.command(
            browsing,
            Stream.concat(arguments.stream(), Stream.of("--every=10s", "--runs=2")).toArray());

    assertThat(waits.toString()).isEqualTo("PT10S PT24H ");
    assertThat(opened).hasSize(1);
    assertThat(run.out()).startsWith("Page: " + opened.get(0));
    assertThat(served.get(0)).contains("; connect-src ", "20260219T112743Z");
    assertThat(served.get(1)).contains("\"status\":\"SUCCEEDED\"", "\"age_seconds\"");
    assertThat(served.get(2)).contains("20260219T112753Z");
    assertThat(Files.readString(data().root().resolve("reports/latest.html")))
        .doesNotContain("connect-src");
    assertThatThrownBy(() -> read(opened.get(0)))
        .as("it has ended")
        .hasRootCauseInstanceOf(ConnectException.class);
  }

  private static String read(URI address) {
    try (InputStream in = address.toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anEarlierRunIsShownAgainAlsoFromTheArchive() throws IOException {
    run().succeeded();
    String earlier = data().onlyRun().path("run_id").stringValue();
    Path page = page();
    for (int i = 0; i < 10; i++) {
      data().write("runs/local-20260219T11%02d00Z-a/run.json".formatted(30 + i), "{}");
    }
    around.clock.advance(Duration.ofHours(3));
    run().succeeded();
    assertThat(data().root().resolve("runs").resolve(earlier)).doesNotExist();
    Files.delete(page);

    assertThat(report("--run", earlier).succeeded().lines()).containsExactly(page.toString());
    String withCharts = Files.readString(page);
    assertThat(withCharts).contains(earlier, "\"tops\"");

    for (String key : data().keys("reports")) {
      if (key.contains("/charts-") && key.contains(earlier)) {
        Files.delete(data().root().resolve(key));
      }
    }
    report("--run", earlier).succeeded();
    assertThat(page).as("charts are made again").hasContent(withCharts);
    assertThat(data().keys("reports"))
        .filteredOn(key -> key.contains(earlier))
        .noneMatch(key -> key.contains("/charts-"));
    assertThat(Files.readString(data().root().resolve("reports/latest.html")))
        .isNotEqualTo(Files.readString(page));
    Path out = folder.resolve("new/page.html");
    assertThat(report("--run", earlier, "--out", out, "--open").succeeded().lines())
        .containsExactly(out.toString());
    assertThat(out).hasSameBinaryContentAs(page);
    assertThat(opened).containsExactly(out.toUri());
  }

  @Test
  void whatCannotBeShownIsOneSentence() throws IOException {
    report().refused("no run is recorded in '" + data().root() + "'");
    report("--run", "local-1").refused("there is no run 'local-1'", "no run is recorded there");
    run().succeeded();
    String runId = data().onlyRun().path("run_id").stringValue();
    report("--run", "local-1").refused("there is no run 'local-1'", "the newest there is " + runId);
    report("--run", runId + "x").refused("did you mean " + runId + "?");
    report("--run", "../" + runId).refused("there is no run '../");
    Path record = data().root().resolve("runs").resolve(runId).resolve("run.json");
    String whole = Files.readString(record);
    Files.writeString(record, whole.substring(0, whole.length() / 2));
    report().refused("file '" + record + "' is not JSON");
    Files.writeString(record, "{}");
    report().refused("was not written by a run");
    Files.writeString(record, whole);
    Files.delete(data().root().resolve(page().toString().replace(".html", ".json")));
    report().refused("is not in '" + data().root() + "'", "--store aws");
  }

  private void series(String name, int points, IntToDoubleFunction values) throws IOException {
    Path file = folder.resolve("series").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        IntStream.range(0, points)
            .mapToObj(i -> "%d,%s%n".formatted(1_771_000_200L + 300 * i, values.applyAsDouble(i)))
            .collect(Collectors.joining()));
  }

  private Executed reportSeries(Object... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "report", "--csv", folder.resolve("series"), "--out", folder.resolve("p.html")));
    arguments.addAll(List.of(more));
    return Executed.command(around, arguments.toArray());
  }

  @Test
  void seriesFromElsewhereAreAPageInOneCommand() throws IOException {
    Random random = new Random(7);
    series("disk_usage/build-1.csv", 600, i -> 60 + 0.05 * i + random.nextGaussian() / 10);
    series(
        "cpu_utilization/web-1.csv",
        600,
        i -> (i > 200 && i < 210 ? 70 : 30) + random.nextGaussian());
    series("memory_usage/gone.csv", 100, i -> 50);

    Executed report = reportSeries("--open");

    assertThat(report.exitCode()).as(report.err()).isZero();
    assertThat(report.lines()).containsExactly(folder.resolve("p.html").toString());
    assertThat(report.err())
        .isEqualTo(
            "note: a series ends more than 1 day before the newest point, and is left out:"
                + " memory_usage#gone\n");
    assertThat(opened).containsExactly(folder.resolve("p.html").toUri());
    assertThat(folder.resolve("p.html"))
        .content()
        .contains("Disk usage on build-1", "CPU utilization on web-1", "the usual", "reaches 100 %")
        .doesNotContain("connect-src");
  }

  @Test
  void optionsOfRunsAndOfSeriesExcludeEachOther() throws IOException {
    series("web-1.csv", 3, i -> i);
    reportSeries("--run", "local-1").refused("--run has no effect with --csv");
    reportSeries("--data", folder).refused("--data has no effect with --csv");
    reportSeries("--type", "CPU").refused("--type: metric type 'CPU' is not a valid name");
    report("--type", "disk_usage").refused("--type has no effect here: add --csv FOLDER");
    Executed.command("report", "--csv", folder.resolve("none")).refused("there is no file");
  }
}
