package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The variables of the functions in a run on this machine. */
@Timeout(60)
class RunSettingsTest {

  @TempDir Path folder;

  private final Map<String, String> environment = new HashMap<>();
  private final VirtualContext around =
      new VirtualContext() {
        @Override
        public Map<String, String> environment() {
          return environment;
        }
      };
  private DataFolder data;

  @BeforeEach
  void nameTheFolder() {
    data = new DataFolder(folder.resolve("data"));
  }

  private Executed run(Object... more) {
    Object[] arguments = new Object[3 + more.length];
    System.arraycopy(new Object[] {"run", "--data", data.root()}, 0, arguments, 0, 3);
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Executed.command(around, arguments);
  }

  @Test
  void everySettingOfTheFunctionsWorksHere() {
    environment.put("INFRAMETRICS_SOURCE", "synthetic");
    environment.put("INFRAMETRICS_COLLECTOR_SYNTHETIC_INSTANCES", "2");
    environment.put("INFRAMETRICS_COLLECTOR_SYNTHETIC_REGION", "here");
    environment.put("INFRAMETRICS_KEY_LAYOUT", "hive");
    environment.put("INFRAMETRICS_PERIOD", "PT1H");
    environment.put("INFRAMETRICS_THRESHOLDS", "memory_usage=2,cpu_utilization=1");
    environment.put("INFRAMETRICS_SUSTAINED", "cpu_utilization=PT0S");
    environment.put("INFRAMETRICS_JAVA_OPTS", "-Xmx1g"); // The launcher's.

    Executed run = run().succeeded();

    assertThat(run.out())
        .contains("memory_usage i-00000: ", " is above the threshold of 2 %")
        .contains("cpu_utilization i-00000: ", " is above the threshold of 1 %");
    assertThat(data.keys("raw-metrics")).hasSize(4).allMatch(key -> key.contains("dt=2026-02-19"));
    assertThat(data.processed()).isEqualTo(data.keys("raw-metrics"));
    assertThat(data.rows("SELECT DISTINCT region FROM records"))
        .containsExactly(java.util.List.of("here"));
    assertThat(data.rows("SELECT count(*) FROM records WHERE metric_id LIKE 'cpu%'"))
        .as("an hour of two instances, every five minutes")
        .containsExactly(java.util.List.of("24"));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the stand-in for sadf is a shell script")
  void aSourceWithAMemoryShowsDaysInItsFirstRun() throws IOException {
    Path sadf = folder.resolve("sadf"); // Prints the same time whatever it is asked for.
    Files.writeString(
        sadf,
        """
        #!/bin/sh
        echo '{"sysstat": {"hosts": [{"nodename": "web-1", "file-date": "2026-02-10",
          "statistics": [{"timestamp":
            {"date": "2026-02-10", "time": "10:10:00", "utc": 1, "interval": 600},
          "cpu-load": [{"cpu": "all", "user": 40.00, "iowait": 0.00, "idle": 60.00}],
          "memory": {"memfree": 50, "avail": 70, "memused": 50, "memused-percent": 50.00,
            "buffers": 0, "cached": 0, "slab": 0},
          "network": {"net-dev": [{"iface": "ens77", "rxkB": 100.00, "txkB": 0.00}]},
          "filesystems": [{"mountpoint": "/", "%fsused": 50.00, "%ufsused": 50.00, "Ifree": 1}]
        }]}]}}'
        """);
    Files.setPosixFilePermissions(sadf, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createFile(Files.createDirectory(folder.resolve("sa")).resolve("sa10"));
    environment.put("INFRAMETRICS_COLLECTOR_SYSSTAT_SADF", sadf.toString());
    environment.put("INFRAMETRICS_COLLECTOR_SYSSTAT_DIRECTORY", folder.resolve("sa").toString());

    run("--source=sysstat").succeeded();

    assertThat(data.rows("SELECT DISTINCT metric_id FROM records ORDER BY metric_id"))
        .containsExactly(
            java.util.List.of("cpu_utilization#web-1#1770718200"),
            java.util.List.of("disk_usage#web-1#device=/#1770718200"),
            java.util.List.of("memory_usage#web-1#1770718200"),
            java.util.List.of("network_traffic#web-1#interface=ens77#1770718200"));
  }

  @Test
  void aSourceWithoutDataSaysWhyOnce() throws IOException {
    environment.put("INFRAMETRICS_COLLECTOR_SYSSTAT_SADF", "/bin/true");
    environment.put(
        "INFRAMETRICS_COLLECTOR_SYSSTAT_DIRECTORY",
        Files.createDirectory(folder.resolve("none")).toString());

    String out = run("--source=sysstat").succeeded().out();

    assertThat(out)
        .contains("SUCCEEDED, DEGRADED", "  disk_usage       0 observations\n")
        .containsOnlyOnce("  note: no day file in ");
  }

  @Test
  void failOnFindingsOfTheLastRun() {
    environment.put("INFRAMETRICS_SOURCE", "synthetic");
    environment.put("INFRAMETRICS_THRESHOLDS", "memory_usage=2");

    assertThat(run("--fail-on", "warning").exitCode()).isEqualTo(3);
    assertThat(run("--fail-on", "critical").exitCode()).isZero();
    environment.remove("INFRAMETRICS_THRESHOLDS");
    assertThat(run("--fail-on=critical", "--fail=cpu_utilization").exitCode()).isZero();
    run("--fail-on", "info").refused("--fail-on");
  }

  @Test
  void theOptionWinsOverTheVariable() {
    environment.put("INFRAMETRICS_SOURCE", "host");
    environment.put("INFRAMETRICS_COLLECTOR_HOST_INSTANCE_ID", "web-1");
    environment.put("INFRAMETRICS_COLLECTOR_HOST_REGION", "here");

    Executed run = run("--source", "synthetic");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err().lines())
        .containsExactly(
            "note: INFRAMETRICS_COLLECTOR_HOST_INSTANCE_ID has no effect: the source is synthetic,"
                + " not host",
            "note: INFRAMETRICS_COLLECTOR_HOST_REGION has no effect: the source is synthetic, not"
                + " host");
  }

  @Test
  void whatOnlyAwsHasIsSaidToHaveNoEffect() {
    environment.put("INFRAMETRICS_BUCKET", "metrics");
    environment.put("INFRAMETRICS_NAMESPACE", "Mine");

    Executed run = run("--source=synthetic");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err())
        .isEqualTo(
            "note: INFRAMETRICS_BUCKET, INFRAMETRICS_NAMESPACE have no effect without --store aws\n");
    Executed replay = Executed.command(around, "replay", "--all", "--data", data.root());
    assertThat(replay.err()).contains("note: INFRAMETRICS_BUCKET");
  }

  @Test
  void recordsAndFilesStayForAsLongAsTheVariablesSay() {
    environment.put("INFRAMETRICS_RETENTION", "P2D");
    environment.put("INFRAMETRICS_FILE_RETENTION", "P4D");
    run("--source=synthetic").succeeded();
    twoRunsThreeDaysLater();

    assertThat(data.rows("SELECT count(*) FROM observations"))
        .as("those of the second day")
        .isEqualTo(data.rows("SELECT count(*) FROM records WHERE run_id LIKE 'local-20260222%'"));
    assertThat(data.keys("raw-metrics")).hasSize(12);

    twoRunsThreeDaysLater();

    assertThat(data.keys("raw-metrics")).hasSize(16).isEqualTo(data.processed());
    assertThat(data.keys("raw-metrics/2026/02/19")).isEmpty();
    environment.put("INFRAMETRICS_FILE_RETENTION", "an hour");
    run("--source=synthetic").refused("INFRAMETRICS_FILE_RETENTION is 'an hour': use P1D or more");
  }

  /** The second run confirms the time by which things are deleted. */
  private void twoRunsThreeDaysLater() {
    around.clock.advance(Duration.ofDays(3));
    run("--source=synthetic").succeeded();
    around.clock.advance(Duration.ofMinutes(1));
    run("--source=synthetic").succeeded();
  }

  @Test
  void anUnknownNameIsRefusedWithTheNearestKnownOne() {
    environment.put("INFRAMETRICS_TRESHOLDS", "memory_usage=2");
    run("--source=synthetic")
        .refused("no setting INFRAMETRICS_TRESHOLDS", "did you mean INFRAMETRICS_THRESHOLDS?");
    environment.clear();
    environment.put("INFRAMETRICS_COLLECTOR_SYNTHETIC_INSTANCE", "2");
    run("--source=synthetic").refused("did you mean INFRAMETRICS_COLLECTOR_SYNTHETIC_INSTANCES?");
    environment.clear();
    environment.put("INFRAMETRICS_COLLECTOR_SYNTETIC_SEED", "2");
    run("--source=synthetic").refused("did you mean INFRAMETRICS_COLLECTOR_SYNTHETIC_...?");
    environment.clear();
    environment.put("INFRAMETRICS_COLLECTOR_HOST_SAMPLE_EVRY", "PT5S");
    run().refused("did you mean INFRAMETRICS_COLLECTOR_HOST_SAMPLE_EVERY?");
    assertThat(data.root()).doesNotExist();
  }

  @Test
  void aSourceThatIsNotThereIsRefusedWithThoseThatAre() {
    run("--source=cloud")
        .refused(
            "no source is named 'cloud': use [cloudwatch, host, plugin, prometheus, scrape,"
                + " synthetic, sysstat");
    environment.put("INFRAMETRICS_SOURCE", "cloud");
    run().refused("no source is named 'cloud'");
  }
}
