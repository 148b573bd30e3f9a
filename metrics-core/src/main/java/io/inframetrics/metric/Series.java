package io.inframetrics.metric;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one line on a chart shows: a metric type of an instance, or of a part of it, given by
 * dimensions (a disk, an interface). Resources with the same instance id, for example in two
 * regions, must differ in a dimension.
 *
 * <p>A collector that reports a series many times should build it once: its id is made at
 * construction.
 */
public final class Series implements Comparable<Series> {

  /**
   * Dimensions of a series: CloudWatch allows 30, and the instance id is one of them.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html">MetricDatum</a>
   */
  public static final int MAX_DIMENSIONS = 29;

  /**
   * Characters of an instance id, a dimension's name and its value: CloudWatch's limit of a name.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html">Dimension</a>
   */
  public static final int MAX_NAME_LENGTH = 255;

  /**
   * UTF-8 bytes of an {@link #id()}: a DynamoDB partition key has at most 2,048, the difference
   * leaves room for a store's prefix.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html">DynamoDB
   *     constraints</a>
   */
  public static final int MAX_ID_BYTES = 1_920;

  private final MetricType type;
  private final String instanceId;
  private final SortedMap<String, String> dimensions;
  private final String id;
  private final boolean readable;

  private Series(MetricType type, String instanceId, SortedMap<String, String> dimensions) {
    this.type = type;
    this.instanceId = requireName("instance id", instanceId);
    this.dimensions = dimensions;
    if (dimensions.size() > MAX_DIMENSIONS) {
      throw new IllegalArgumentException(
          "a series of instance '%s' has %d dimensions: use at most %d"
              .formatted(instanceId, dimensions.size(), MAX_DIMENSIONS));
    }
    dimensions.forEach(
        (name, value) -> {
          requireName("dimension name", name);
          requireName("value of dimension '" + name + "'", value);
        });
    this.id = SeriesId.format(type, instanceId, dimensions);
    this.readable = isReadable(id);
    int bytes = SeriesId.utf8Length(id);
    if (bytes > MAX_ID_BYTES) {
      throw new IllegalArgumentException(
          "the series id of instance '%s' has %d bytes: shorten its dimensions to make it at most %d"
              .formatted(instanceId, bytes, MAX_ID_BYTES));
    }
  }

  public static Series of(MetricType type, String instanceId) {
    return new Series(type, instanceId, Collections.emptySortedMap());
  }

  /**
   * A series with dimensions.
   *
   * @param dimensions by name, in any order; copied
   * @throws IllegalArgumentException if a name is blank, too long or has control characters, or if
   *     there are too many dimensions
   */
  public static Series of(MetricType type, String instanceId, Map<String, String> dimensions) {
    return dimensions.isEmpty()
        ? of(type, instanceId)
        : new Series(
            type, instanceId, Collections.unmodifiableSortedMap(new TreeMap<>(dimensions)));
  }

  public MetricType type() {
    return type;
  }

  /** At most {@value #MAX_NAME_LENGTH} characters, not blank. */
  public String instanceId() {
    return instanceId;
  }

  /** Sorted by name; unmodifiable, may be empty. */
  public SortedMap<String, String> dimensions() {
    return dimensions;
  }

  /** The identity in every store, formatted by {@link SeriesId}. */
  public String id() {
    return id;
  }

  @Override
  public int compareTo(Series other) {
    return id.compareTo(other.id);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Series series && id.equals(series.id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return id;
  }

  private static String requireName(String what, String value) {
    if (value.isBlank() || value.length() > MAX_NAME_LENGTH || hasControl(value)) {
      throw new IllegalArgumentException(
          "%s '%s' is not valid: use 1 to %d characters, not all of them blank and none a control character"
              .formatted(what, value, MAX_NAME_LENGTH));
    }
    return value;
  }

  /**
   * Whether no name has a character that misleads readers. Series that were stored by earlier
   * versions may have some; new observations may not.
   */
  boolean isReadable() {
    return readable;
  }

  /**
   * Whether a text can name something in a new observation.
   *
   * @hidden
   */
  public static boolean isName(String text) {
    return !text.isBlank() && text.length() <= MAX_NAME_LENGTH && isReadable(text);
  }

  /**
   * The rule for every text from outside: no control characters, no line breaks of any kind, and
   * nothing that changes the direction of the text that follows.
   */
  static boolean isReadable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' '
          || (c >= 0x7f
              && (Character.isISOControl(c)
                  || c == '\u061c'
                  || (c >= '\u200e' && c <= '\u200f')
                  || (c >= '\u2028' && c <= '\u202e')
                  || (c >= '\u2066' && c <= '\u2069')))) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasControl(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }
}
