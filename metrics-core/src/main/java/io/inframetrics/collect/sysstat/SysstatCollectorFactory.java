package io.inframetrics.collect.sysstat;

import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricCollectorFactory;
import io.inframetrics.collect.SettingsReader;
import io.inframetrics.collect.host.ThisMachine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The source {@code sysstat}: the past of this machine, from sysstat's day files. Its settings, all
 * optional ({@code INFRAMETRICS_COLLECTOR_SYSSTAT_*} in the environment):
 *
 * <ul>
 *   <li>{@code directory}: the folder of the day files; default {@code /var/log/sysstat}, or {@code
 *       /var/log/sa} where only that exists
 *   <li>{@code sadf}: the name or path of the program; default {@code sadf}
 *   <li>{@code timeout}: of one call of it, at most PT10M; default PT30S
 *   <li>{@code first_window}: how far back the first collection goes; default P13D, within the two
 *       weeks that CloudWatch accepts
 *   <li>{@code instance_id}: default the machine's name in the day files, as for the source {@code
 *       host}
 *   <li>{@code region}: default {@code local}
 * </ul>
 */
public final class SysstatCollectorFactory implements MetricCollectorFactory {

  static final String NAME = "sysstat";

  private static final List<String> FOLDERS = List.of("/var/log/sysstat", "/var/log/sa");

  private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(10);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<MetricCollector> create(CollectorSettings settings) {
    SettingsReader reader = new SettingsReader(settings);
    Path folder = Path.of(reader.text("directory", defaultFolder()));
    Duration timeout = reader.duration("timeout", Duration.ofSeconds(30));
    if (timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      reader.mistake(
          "INFRAMETRICS_COLLECTOR_SYSSTAT_TIMEOUT is '%s': use at most %s"
              .formatted(timeout, LONGEST_TIMEOUT));
    }
    Sadf sadf = new Sadf(reader.text("sadf", "sadf"), timeout);
    Duration firstWindow = reader.duration("first_window", Duration.ofDays(13));
    String instanceId = reader.text("instance_id", "");
    String region = reader.text("region", "local");
    reader.finish();
    ThisMachine machine = new ThisMachine(Path.of("/"));
    return Arrays.stream(Activity.values())
        .<MetricCollector>map(
            activity ->
                new SysstatCollector(
                    activity, sadf, folder, machine, instanceId, region, firstWindow))
        .toList();
  }

  private static String defaultFolder() {
    return FOLDERS.stream()
        .filter(folder -> Files.isDirectory(Path.of(folder)))
        .findFirst()
        .orElse(FOLDERS.get(0));
  }
}
