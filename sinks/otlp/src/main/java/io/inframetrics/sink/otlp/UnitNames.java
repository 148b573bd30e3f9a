package io.inframetrics.sink.otlp;

import io.inframetrics.metric.MetricUnit;

/**
 * The names that OpenTelemetry uses for units.
 *
 * @see <a href="https://ucum.org/ucum">The Unified Code for Units of Measure</a>
 */
final class UnitNames {

  /** The unit of a ratio. */
  static final String RATIO = "1";

  private UnitNames() {}

  static String of(MetricUnit unit) {
    return switch (unit) {
      case SECONDS -> "s";
      case MICROSECONDS -> "us";
      case MILLISECONDS -> "ms";
      case BYTES -> "By";
      case KILOBYTES -> "kBy";
      case MEGABYTES -> "MBy";
      case GIGABYTES -> "GBy";
      case TERABYTES -> "TBy";
      case BITS -> "bit";
      case KILOBITS -> "kbit";
      case MEGABITS -> "Mbit";
      case GIGABITS -> "Gbit";
      case TERABITS -> "Tbit";
      case PERCENT -> "%";
      case COUNT -> "{count}";
      case BYTES_PER_SECOND -> "By/s";
      case KILOBYTES_PER_SECOND -> "kBy/s";
      case MEGABYTES_PER_SECOND -> "MBy/s";
      case GIGABYTES_PER_SECOND -> "GBy/s";
      case TERABYTES_PER_SECOND -> "TBy/s";
      case BITS_PER_SECOND -> "bit/s";
      case KILOBITS_PER_SECOND -> "kbit/s";
      case MEGABITS_PER_SECOND -> "Mbit/s";
      case GIGABITS_PER_SECOND -> "Gbit/s";
      case TERABITS_PER_SECOND -> "Tbit/s";
      case COUNT_PER_SECOND -> "{count}/s";
      case NONE -> "";
    };
  }
}
