package com.example.queue;

import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricCollectorFactory;
import io.inframetrics.collect.SettingsReader;
import java.nio.file.Path;
import java.util.List;

/**
 * The source {@code queue}. Its settings, {@code INFRAMETRICS_COLLECTOR_QUEUE_*} in the
 * environment:
 *
 * <ul>
 *   <li>{@code file}: the file with the readings; required
 *   <li>{@code instance_id}: what the values belong to; default {@code queue}
 *   <li>{@code region}: where it is; default {@code local}
 * </ul>
 */
public final class QueueCollectorFactory implements MetricCollectorFactory {

  /** For {@link java.util.ServiceLoader}. */
  public QueueCollectorFactory() {}

  @Override
  public String name() {
    return "queue";
  }

  @Override
  public List<MetricCollector> create(CollectorSettings settings) {
    SettingsReader reader = new SettingsReader(settings);
    String file = reader.text("file", "");
    String instance = reader.text("instance_id", "queue");
    String region = reader.text("region", "local");
    if (file.isEmpty()) {
      reader.mistake(
          "INFRAMETRICS_COLLECTOR_QUEUE_FILE is missing: name the file with the readings");
    }
    reader.finish();
    return List.of(
        new QueueCollector(new QueueReadingsFile(Path.of(file)), instance, region));
  }
}
