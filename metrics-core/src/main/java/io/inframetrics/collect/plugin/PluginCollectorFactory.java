package io.inframetrics.collect.plugin;

import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricCollectorFactory;
import io.inframetrics.collect.SettingsReader;
import io.inframetrics.collect.host.ThisMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The source {@code plugin}: plugins of Nagios, Icinga and others. Its settings ({@code
 * INFRAMETRICS_COLLECTOR_PLUGIN_*} in the environment):
 *
 * <ul>
 *   <li>{@code checks}: the file of checks; required
 *   <li>{@code timeout}: of one check, at most PT10M; default PT15S, more than the ten seconds that
 *       plugins give themselves
 *   <li>{@code instance_id}: default the host name, as for the source {@code host}
 *   <li>{@code region}: default {@code local}
 * </ul>
 */
public final class PluginCollectorFactory implements MetricCollectorFactory {

  static final String NAME = "plugin";

  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);

  /** A file of a thousand checks has less. */
  private static final long LARGEST_FILE = 1 << 20;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<MetricCollector> create(CollectorSettings settings) {
    SettingsReader reader = new SettingsReader(settings);
    CheckFile file =
        reader.parsed("checks", new CheckFile(List.of(), List.of()), PluginCollectorFactory::read);
    if (settings.text("checks").isEmpty()) {
      reader.mistake(
          "INFRAMETRICS_COLLECTOR_PLUGIN_CHECKS is missing: set it to a file with lines such as command[load]=/usr/lib/nagios/plugins/check_load -w 5,4,3 -c 10,8,6");
    }
    Duration timeout = reader.duration("timeout", Duration.ofSeconds(15));
    if (timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      reader.mistake(
          "INFRAMETRICS_COLLECTOR_PLUGIN_TIMEOUT is '%s': use at most %s"
              .formatted(timeout, LONGEST_TIMEOUT));
    }
    String instanceId = reader.text("instance_id", "");
    String region = reader.text("region", "local");
    if (instanceId.isEmpty()) {
      try {
        instanceId = new ThisMachine(Path.of("/")).instanceId("");
      } catch (IOException e) {
        reader.mistake(
            "the name of this machine cannot be read: set INFRAMETRICS_COLLECTOR_PLUGIN_INSTANCE_ID ("
                + e
                + ")");
      }
    }
    reader.finish();
    CheckRuns runs = new CheckRuns(file.checks(), timeout);
    String instance = instanceId;
    return file.types().stream()
        .<MetricCollector>map(type -> new PluginCollector(type, file, runs, instance, region))
        .toList();
  }

  private static CheckFile read(String name) {
    try {
      Path path = Path.of(name);
      if (Files.size(path) > LARGEST_FILE) {
        throw new IllegalArgumentException("a file of checks, this one is too large");
      }
      return CheckFile.parse(Files.readString(path));
    } catch (IOException e) {
      throw new IllegalArgumentException("a file that can be read (" + e + ")", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("a correct file of checks (" + e.getMessage() + ")", e);
    }
  }
}
