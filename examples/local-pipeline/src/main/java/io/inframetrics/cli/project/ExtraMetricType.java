package io.inframetrics.cli.project;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.text.Texts;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A metric type that a deployment has in addition to the built-in ones.
 *
 * @param source that measures it, as the collector's factory is called
 * @param threshold what is reported when exceeded, in {@code unit}; null for none
 * @param capacity what is forecast to be reached, in {@code unit}; null for none
 * @param settings variables of the collector, {@code INFRAMETRICS_COLLECTOR_*}
 */
record ExtraMetricType(
    String source,
    MetricType type,
    MetricUnit unit,
    @Nullable BigDecimal threshold,
    @Nullable BigDecimal capacity,
    Map<String, String> settings) {

  private static final Pattern SOURCE = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");

  private static final int MAX_DIGITS = 15;

  /** So that it fits into the template's parameter Source, beside cloudwatch. */
  private static final int MAX_SOURCE_LENGTH = 25;

  private static final Set<String> FIELDS =
      Set.of("source", "metric_type", "unit", "threshold", "capacity", "settings");

  private static final Pattern SETTING = Pattern.compile("INFRAMETRICS_COLLECTOR_[A-Z0-9_]{1,100}");

  ExtraMetricType {
    settings = Map.copyOf(settings);
  }

  /** Throws {@link UsageException} if {@code name} is not the name of a source. */
  static String source(String name) {
    if (name.length() > MAX_SOURCE_LENGTH || !SOURCE.matcher(name).matches()) {
      throw new UsageException(
          "source name '%s' is not valid: use 1 to %d lower-case letters, digits and single underscores, starting with a letter"
              .formatted(Texts.oneLine(name, 60), MAX_SOURCE_LENGTH));
    }
    return name;
  }

  /** Throws {@link UsageException} if {@code name} is not the name of a type of one's own. */
  static MetricType type(String name) {
    if (!MetricType.isValid(name)) {
      throw new UsageException(
          "metric type '%s' is not valid: use 1 to 64 characters of a-z, 0-9 and _, starting with a letter, and not 'all'"
              .formatted(Texts.oneLine(name, 80)));
    }
    MetricType type = new MetricType(name);
    if (MetricType.builtIn().contains(type)) {
      throw new UsageException(
          "metric type '%s' is built in: give your type another name".formatted(name));
    }
    return type;
  }

  /** Throws {@link UsageException} if {@code name} is not a unit that CloudWatch knows. */
  static MetricUnit unit(String name) {
    return MetricUnit.ofWireName(name)
        .orElseThrow(
            () ->
                new UsageException(
                    "unit '%s' is not one of CloudWatch's: use one of %s"
                        .formatted(
                            Texts.oneLine(name, 60),
                            Arrays.stream(MetricUnit.values())
                                .map(MetricUnit::wireName)
                                .collect(Collectors.joining(", ")))));
  }

  /** The number without needless digits; throws {@link UsageException} if it is out of range. */
  static @Nullable BigDecimal positive(String name, @Nullable BigDecimal value) {
    if (value == null) {
      return null;
    }
    BigDecimal plain = value.stripTrailingZeros();
    boolean readable =
        plain.precision() - plain.scale() <= MAX_DIGITS && plain.scale() <= MAX_DIGITS;
    if (value.signum() <= 0 || !readable) {
      throw new UsageException(
          "%s is %s: use a number above 0 with at most %d digits on either side of the point"
              .formatted(name, Texts.oneLine(value.toString(), 60), MAX_DIGITS));
    }
    return new BigDecimal(plain.toPlainString());
  }

  /** Reads a file such as {@code metric-type.json} of a collector's project. */
  static ExtraMetricType read(Path file) {
    JsonNode json = InputFile.json(file);
    if (!json.isObject()) {
      throw new UsageException("file '%s' is not a JSON object".formatted(file));
    }
    for (String name : json.propertyNames()) {
      if (!FIELDS.contains(name)) {
        throw new UsageException(
            "file '%s' has an unknown field '%s': use source, metric_type, unit, threshold, capacity and settings"
                .formatted(file, Texts.oneLine(name, 60)));
      }
    }
    Map<String, String> settings = new TreeMap<>();
    for (Map.Entry<String, JsonNode> setting : json.path("settings").properties()) {
      if (!SETTING.matcher(setting.getKey()).matches() || !setting.getValue().isString()) {
        throw new UsageException(
            "file '%s' has the setting '%s': use INFRAMETRICS_COLLECTOR_... with a text"
                .formatted(file, Texts.oneLine(setting.getKey(), 60)));
      }
      settings.put(setting.getKey(), setting.getValue().stringValue());
    }
    return new ExtraMetricType(
        source(json.path("source").asString("")),
        type(json.path("metric_type").asString("")),
        unit(json.path("unit").asString("")),
        number(file, json, "threshold"),
        number(file, json, "capacity"),
        settings);
  }

  private static @Nullable BigDecimal number(Path file, JsonNode json, String name) {
    JsonNode number = json.path(name);
    if (number.isMissingNode() || number.isNull()) {
      return null;
    }
    if (!number.isNumber()) {
      throw new UsageException(
          "file '%s': %s is %s: use a number, or null for none"
              .formatted(file, name, Texts.oneLine(number.toString(), 60)));
    }
    return positive("file '%s': %s".formatted(file, name), number.decimalValue());
  }

  /** The name in names of states and resources, such as {@code QueueDepth}. */
  String title() {
    return title(type.name());
  }

  static String title(String name) {
    return Arrays.stream(name.split("_"))
        .filter(part -> !part.isEmpty())
        .map(part -> part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1))
        .collect(Collectors.joining());
  }

  /** The name in names of alarms, such as {@code queue-depth}. */
  String dashed() {
    return type.name().replace('_', '-');
  }
}
