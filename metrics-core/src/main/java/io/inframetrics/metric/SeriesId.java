package io.inframetrics.metric;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The text identity of a series: {@code metric_type#instance_id} and, if it has dimensions, {@code
 * #name=value,name=value} sorted by name. The four separators {@code % # , =} are percent-encoded
 * inside every part, so that two series never share an id.
 */
public final class SeriesId {

  private SeriesId() {}

  public static String format(
      MetricType type, String instanceId, SortedMap<String, String> dimensions) {
    StringBuilder id = new StringBuilder(type.name().length() + instanceId.length() + 16);
    id.append(type.name()).append('#');
    encode(instanceId, id);
    char separator = '#';
    for (Map.Entry<String, String> dimension : dimensions.entrySet()) {
      id.append(separator);
      encode(dimension.getKey(), id);
      id.append('=');
      encode(dimension.getValue(), id);
      separator = ',';
    }
    return id.toString();
  }

  /**
   * The series with the id {@code id}.
   *
   * @throws IllegalArgumentException if {@code id} was not written by {@link #format}
   */
  public static Series parse(String id) {
    String[] parts = id.split("#", -1);
    if (parts.length < 2 || parts.length > 3) {
      throw new IllegalArgumentException(
          "series id '%s' is not of the form metric_type#instance_id[#name=value,...]"
              .formatted(id));
    }
    Map<String, String> dimensions = new TreeMap<>();
    if (parts.length == 3) {
      for (String dimension : parts[2].split(",", -1)) {
        int equals = dimension.indexOf('=');
        if (equals < 0) {
          throw new IllegalArgumentException(
              "dimension '%s' of series id '%s' is not of the form name=value"
                  .formatted(dimension, id));
        }
        dimensions.put(
            decode(dimension.substring(0, equals)), decode(dimension.substring(equals + 1)));
      }
    }
    return Series.of(new MetricType(parts[0]), decode(parts[1]), dimensions);
  }

  /** The type at the start of an id, if it is a valid one. */
  public static Optional<MetricType> type(String id) {
    String name = id.substring(0, Math.max(0, id.indexOf('#')));
    return MetricType.isValid(name) ? Optional.of(new MetricType(name)) : Optional.empty();
  }

  /** UTF-8 bytes of {@code text}, counted without encoding it. */
  public static int utf8Length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // A surrogate pair is four bytes for two characters.
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }

  private static void encode(String part, StringBuilder out) {
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      switch (c) {
        case '%' -> out.append("%25");
        case '#' -> out.append("%23");
        case ',' -> out.append("%2C");
        case '=' -> out.append("%3D");
        default -> out.append(c);
      }
    }
  }

  private static String decode(String part) {
    // URLDecoder alone would turn '+' into a space.
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
