package io.inframetrics.collect.plugin;

import io.inframetrics.collect.plugin.PerformanceData.Figure;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of figures of some checks.
 *
 * @param type null if these figures are left out
 * @param unit null for that of the figure
 * @param dimension the one dimension, whose value is the label; empty for the dimensions {@code
 *     check} and {@code label}
 */
record Rule(
    Wildcard check,
    Wildcard label,
    @Nullable MetricType type,
    @Nullable MetricUnit unit,
    Form form,
    double scale,
    String dimension) {

  /** How the value is computed. */
  enum Form {
    VALUE,
    PERCENT_OF_MAX,
    /** For figures that say how much is free. */
    PERCENT_LEFT_OF_MAX
  }

  /** Figures that no rule of the file names. */
  static Rule forTheRest(MetricType type) {
    return new Rule(Wildcard.ANY, Wildcard.ANY, type, null, Form.VALUE, 1, "");
  }

  boolean matchesEverything() {
    return check.text().equals("*") && label.text().equals("*");
  }

  boolean matches(String checkName, Figure figure) {
    return check.matches(checkName)
        && label.matches(figure.label())
        // A counter is reported only if a rule asks for it.
        && (!matchesEverything() || !figure.unit().equals(UnitOfMeasure.COUNTER));
  }

  /** Empty if the plugin did not find out, or if there is no maximum to compare with. */
  OptionalDouble value(Figure figure) {
    if (figure.value().isEmpty()) {
      return OptionalDouble.empty();
    }
    double value = figure.value().getAsDouble();
    if (form == Form.VALUE) {
      double factor = unit == null ? UnitOfMeasure.of(figure.unit()).factor() : 1;
      return OptionalDouble.of(value * factor * scale);
    }
    double max = figure.max().orElse(0);
    if (max <= 0) {
      return OptionalDouble.empty();
    }
    double percent = 100 * value / max;
    return OptionalDouble.of(scale * (form == Form.PERCENT_OF_MAX ? percent : 100 - percent));
  }

  MetricUnit unitOf(Figure figure) {
    if (unit != null) {
      return unit;
    }
    return form == Form.VALUE ? UnitOfMeasure.of(figure.unit()).unit() : MetricUnit.PERCENT;
  }

  Map<String, String> dimensions(String checkName, String labelText) {
    return dimension.isEmpty()
        ? Map.of("check", checkName, "label", labelText)
        : Map.of(dimension, labelText);
  }

  /** A name in which {@code *} stands for any characters. */
  record Wildcard(String text, Pattern pattern) {

    private static final Wildcard ANY = of("*");

    static Wildcard of(String text) {
      return new Wildcard(
          text,
          Pattern.compile(
              Stream.of(text.split("\\*+", -1))
                  .map(Pattern::quote)
                  .collect(Collectors.joining(".*")),
              Pattern.DOTALL));
    }

    boolean matches(String name) {
      return pattern.matcher(name).matches();
    }
  }
}
