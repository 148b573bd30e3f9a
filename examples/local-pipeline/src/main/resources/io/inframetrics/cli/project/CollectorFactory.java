package {{package}};

import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricCollectorFactory;
import io.inframetrics.collect.SettingsReader;
import java.nio.file.Path;
import java.util.List;

/**
 * The source {@code {{name}}}. Its settings, {@code INFRAMETRICS_COLLECTOR_{{NAME}}_*} in the
 * environment:
 *
 * <ul>
 *   <li>{@code file}: the file with the readings; required
 *   <li>{@code instance_id}: what the values belong to; default {@code {{name}}}
 *   <li>{@code region}: where it is; default {@code local}
 * </ul>
 */
public final class {{Name}}CollectorFactory implements MetricCollectorFactory {

  /** For {@link java.util.ServiceLoader}. */
  public {{Name}}CollectorFactory() {}

  @Override
  public String name() {
    return "{{name}}";
  }

  @Override
  public List<MetricCollector> create(CollectorSettings settings) {
    SettingsReader reader = new SettingsReader(settings);
    String file = reader.text("file", "");
    String instance = reader.text("instance_id", "{{name}}");
    String region = reader.text("region", "local");
    if (file.isEmpty()) {
      reader.mistake(
          "INFRAMETRICS_COLLECTOR_{{NAME}}_FILE is missing: name the file with the readings");
    }
    reader.finish();
    return List.of(
        new {{Name}}Collector(new {{Name}}ReadingsFile(Path.of(file)), instance, region));
  }
}
