package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several machines that collect into one place, and one that analyzes all of it. */
@Timeout(120)
class PartialRunsTest {

  private static final List<String> HOSTS = List.of("web-1", "web-2", "web-3");

  @TempDir Path folder;

  /** A machine whose memory is nearly full. */
  private record Machine(String instance, MetricType type) implements MetricCollector {

    static SourceCollectors of(String instance) {
      return SourceCollectors.of(
          CollectorRegistry.of(
              MetricType.builtIn().stream()
                  .<MetricCollector>map(type -> new Machine(instance, type))
                  .toList()));
    }

    @Override
    public void collect(CollectionRequest request, MetricConsumer consumer) {
      consumer.accept(
          new Observation(
              Series.of(type, instance), request.until(), 96, MetricUnit.PERCENT, "here"));
    }
  }

  private static final class Machines extends VirtualContext {

    @Override
    public SourceCollectors collectors(
        CommandSettings settings, ClassLoader classLoader, @Nullable String instance) {
      return Machine.of(String.valueOf(instance));
    }
  }

  @Test
  void collectOnOneFolderAndAnalyzeThere() {
    DataFolder data = new DataFolder(folder.resolve("data"));
    for (String host : HOSTS) {
      Executed run =
          Executed.command(
                  new Machines(),
                  "run",
                  "--only=collect",
                  "--instance",
                  host,
                  "--data",
                  data.root())
              .succeeded();
      assertThat(run.out())
          .contains("SUCCEEDED, HEALTHY", "memory_usage     1 observation in raw-metrics/")
          .doesNotContain("Anomalies", "Report:");
    }
    assertThat(data.keys("raw-metrics")).as("one second, three runs").hasSize(12);
    assertThat(data.processed()).hasSize(12);
    assertThat(data.keys("notifications")).isEmpty();
    assertThat(data.keys("reports")).isEmpty();

    Executed analyze =
        Executed.command("run", "--only=analyze", "--fail-on=critical", "--data", data.root());

    assertThat(analyze.exitCode()).as(analyze.out() + analyze.err()).isEqualTo(3);
    assertThat(analyze.out())
        .contains("SUCCEEDED, HEALTHY", "  CRITICAL: ", "memory_usage", "Report: " + data.root())
        .doesNotContain("observation in", "observations in");
    assertThat(data.keys("raw-metrics")).as("nothing more was collected").hasSize(12);
    assertThat(data.keys("notifications")).hasSize(1);
    assertThat(data.text(data.keys("notifications").get(0)))
        .startsWith("Subject: CRITICAL: ")
        .contains("Source of the metrics: stored records.");
    assertThat(Executed.command("status", "--data", data.root()).exitCode()).isEqualTo(2);
  }

  @Test
  void analyzeNeedsNoFindings() {
    DataFolder data = new DataFolder(folder.resolve("data"));
    Executed.command("run", "--only=collect", "--source=synthetic", "--data", data.root())
        .succeeded();
    Executed.command("run", "--only=analyze", "--quiet", "--data", data.root()).succeeded();

    assertThat(data.text(data.keys("notifications").get(0)))
        .startsWith("Subject: InfraMetrics: stored records analyzed, no findings\n");
  }

  @Test
  void aFailedCollectionFailsWithoutANotification() {
    DataFolder data = new DataFolder(folder.resolve("data"));
    Executed run =
        Executed.command(
            "run",
            "--only=collect",
            "--source=synthetic",
            "--data",
            data.root(),
            "--fail=cpu_utilization",
            "--fail=memory_usage",
            "--fail=disk_usage",
            "--fail=network_traffic");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("FAILED, UNHEALTHY", "PipelineUnhealthy");
    assertThat(data.keys("notifications")).isEmpty();
  }

  @Test
  void optionsThatContradictAPartAreRefused() {
    for (String option :
        List.of(
            "--source=synthetic", "--collectors=jars", "--instance=web-1", "--fail=disk_usage")) {
      Executed.command("run", "--only=analyze", option, "--data", folder)
          .refused(
              "--only analyze collects nothing: leave out --source, --collectors, --instance and"
                  + " --fail");
    }
    Executed.command("run", "--only=collect", "--fail-on=warning", "--data", folder)
        .refused("--only collect finds nothing: leave out --fail-on and --mute");
    Executed.command("run", "--only=process").refused("--only");
    Executed.command("run", "--quiet", "--verbose").refused("exclude each other");
  }

  @Test
  void collectAtTheSameTimeIntoOneTableAndAnalyzeIt() throws Exception {
    try (StandInAccount account = new StandInAccount()) {
      Map<String, String> environment =
          new HashMap<>(account.environment(account.newBucket(), account.newTableName()));
      environment.put("INFRAMETRICS_TOPIC_ARN", StandInAccount.TOPIC);
      assertThat(on(account, environment, "web-0", "--create").exitCode()).isZero();

      ExecutorService machines = Executors.newFixedThreadPool(HOSTS.size());
      List<Future<StandInAccount.Executed>> runs = new ArrayList<>();
      for (String host : HOSTS) {
        runs.add(machines.submit(() -> on(account, environment, host)));
      }
      for (Future<StandInAccount.Executed> run : runs) {
        assertThat(run.get().exitCode()).as(run.get().out() + run.get().err()).isZero();
      }
      machines.shutdown();
      assertThat(account.others().published()).as("nobody is notified").isEmpty();

      StandInAccount.Executed analyze =
          StandInAccount.execute(
              environment, "run", "--store=aws", "--only=analyze", "--data", folder.resolve("hub"));

      assertThat(analyze.exitCode()).as(analyze.out() + analyze.err()).isZero();
      assertThat(analyze.out()).contains("Report: s3://");
      assertThat(account.others().published())
          .singleElement()
          .satisfies(
              message ->
                  assertThat(message.message()).contains("web-0", "web-1", "web-2", "web-3"));
    }
  }

  private StandInAccount.Executed on(
      StandInAccount account, Map<String, String> environment, String host, String... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of("run", "--store=aws", "--only=collect", "--instance", host, "--data"));
    arguments.add(folder.resolve(host));
    arguments.addAll(List.of(more));
    return StandInAccount.execute(
        environment, instance -> Machine.of(String.valueOf(instance)), arguments.toArray());
  }
}
