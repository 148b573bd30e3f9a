package io.inframetrics.collect.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.Observation;
import io.inframetrics.collect.Requests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real plugins of the package monitoring-plugins. */
@Tag("soak")
class RealPluginsSoakTest {

  private static final Path PLUGINS = Path.of("/usr/lib/nagios/plugins");

  @TempDir private Path folder;

  @Test
  void readsTheRealPlugins() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(PLUGINS.resolve("check_disk")),
        "monitoring-plugins are not installed: the real plugins are not tried");
    Path checks = folder.resolve("checks.cfg");
    Files.writeString(
        checks,
        """
        command[disk]=%1$s/check_disk -w 1 -c 1 -p /
        command[load]=%1$s/check_load -r -w 1000,1000,1000 -c 1000,1000,1000
        command[procs]=%1$s/check_procs
        command[refused]=%1$s/check_tcp -H 127.0.0.1 -p 1
        metric[disk *]=disk_usage percent=used dimension=device
        """
            .formatted(PLUGINS));
    Map<String, Double> seen = new TreeMap<>();
    for (MetricCollector collector :
        new PluginCollectorFactory()
            .create(
                new CollectorSettings(
                    "plugin",
                    Map.of("checks", checks.toString(), "instance_id", "web-1"),
                    Clock.systemUTC()))) {
      for (Observation each :
          Requests.collect(
              collector, Requests.window(Instant.now().minusSeconds(60), Instant.now()))) {
        seen.put(each.series().id(), each.value());
      }
    }
    System.out.println("real plugins: " + seen);
    assertThat(seen)
        .containsEntry("check_state#web-1#check=disk", 0.0)
        .containsEntry("check_state#web-1#check=load", 0.0)
        .containsEntry("check_state#web-1#check=procs", 0.0)
        .containsEntry("check_state#web-1#check=refused", 2.0)
        .containsKeys(
            "check_value#web-1#check=load,label=load1",
            "check_value#web-1#check=load,label=scaled_load15",
            "check_value#web-1#check=procs,label=procs");
    assertThat(seen.get("disk_usage#web-1#device=/")).isBetween(0.1, 100.0);
  }
}
