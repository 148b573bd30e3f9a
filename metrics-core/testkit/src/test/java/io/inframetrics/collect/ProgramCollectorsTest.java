package io.inframetrics.collect;

import io.inframetrics.collect.plugin.PluginCollectorFactory;
import io.inframetrics.collect.sysstat.SysstatCollectorFactory;
import io.inframetrics.metric.MetricType;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.contract.MetricCollectorContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.LocalTime;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The collectors that start programs keep the contract of collectors. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the programs are shell scripts")
class ProgramCollectorsTest {

  @TempDir private Path folder;

  private MetricCollector ofType(
      MetricCollectorFactory factory, MetricType type, String... settings) {
    return factory
        .create(
            new CollectorSettings(
                factory.name(),
                Map.of(settings[0], settings[1], settings[2], settings[3]),
                Clock.systemUTC()))
        .stream()
        .filter(collector -> collector.type().equals(type))
        .findFirst()
        .orElseThrow();
  }

  /** A stand-in for {@code sadf}, which prints the day file, and a day of samples. */
  @Nested
  class Sysstat extends MetricCollectorContract {

    @BeforeEach
    void aDay() throws IOException {
      Path sadf = folder.resolve("sadf");
      Files.writeString(sadf, "#!/bin/sh\ncat \"$2\"\n");
      Files.setPosixFilePermissions(sadf, PosixFilePermissions.fromString("rwxr-xr-x"));
      String date = SampleMetrics.RUN.observedAt().toString().substring(0, 10);
      StringBuilder samples = new StringBuilder();
      for (int minute = 10; minute < 24 * 60; minute += 10) {
        samples
            .append(samples.isEmpty() ? "" : ",\n")
            .append(
                """
                {"timestamp": {"date": "%s", "time": "%s:00", "utc": 1, "interval": 600},
                 "filesystems": [
                  {"mountpoint": "/", "%%fsused": 9.17, "%%ufsused": 68.90, "Ifree": 5},
                  {"mountpoint": "/mnt/my disk", "%%fsused": 0.01, "%%ufsused": 7.70, "Ifree": 5}]}"""
                    .formatted(date, LocalTime.ofSecondOfDay(minute * 60L)));
      }
      Files.writeString(
          Files.createDirectory(folder.resolve("sa")).resolve("sa" + date.substring(8)),
          """
          {"sysstat": {"hosts": [{"nodename": "host1", "file-date": "%s", "statistics": [
          %s
          ], "restarts": []}]}}
          """
              .formatted(date, samples));
    }

    @Override
    protected MetricCollector collector() {
      return ofType(
          new SysstatCollectorFactory(),
          MetricType.DISK_USAGE,
          "directory",
          folder.resolve("sa").toString(),
          "sadf",
          folder.resolve("sadf").toString());
    }
  }

  /** Checks that are lines of shell. */
  @Nested
  class Plugin extends MetricCollectorContract {

    private MetricCollector collector;

    @BeforeEach
    void aFileOfChecks() throws IOException {
      Path checks = folder.resolve("checks.cfg");
      Files.writeString(
          checks,
          """
          command[load]=echo 'LOAD OK|load1=1.650;5.000;10.000;0; load5=2.200;4.000;8.000;0;'
          command[http]=echo 'HTTP OK|time=0.001237s;1.000000;2.000000;0.000000;10.000000'
          """);
      collector =
          ofType(
              new PluginCollectorFactory(),
              new MetricType("check_value"),
              "checks",
              checks.toString(),
              "instance_id",
              "web-1");
    }

    @Override
    protected MetricCollector collector() {
      return collector;
    }
  }
}
