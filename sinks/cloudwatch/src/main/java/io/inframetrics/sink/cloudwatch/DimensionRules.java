package io.inframetrics.sink.cloudwatch;

import org.jspecify.annotations.Nullable;

/**
 * Which names and values a dimension may have.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html">Dimension</a>
 */
final class DimensionRules {

  private DimensionRules() {}

  /** Why a dimension cannot be sent; null if it can. */
  static @Nullable String refusal(String name, String value) {
    if (!isText(name, Limits.MAX_NAME_LENGTH) || name.charAt(0) == ':') {
      return "dimension name '%s' is not valid in CloudWatch: use 1 to %d printable ASCII characters, not starting with ':' and not all blank"
          .formatted(name, Limits.MAX_NAME_LENGTH);
    }
    if (!isText(value, Limits.MAX_DIMENSION_VALUE_LENGTH)) {
      return "value '%s' of dimension '%s' is not valid in CloudWatch: use 1 to %d printable ASCII characters, not all blank"
          .formatted(value, name, Limits.MAX_DIMENSION_VALUE_LENGTH);
    }
    return null;
  }

  private static boolean isText(String text, int longest) {
    if (text.length() > longest) {
      return false;
    }
    boolean blank = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~') {
        return false;
      }
      blank &= c == ' ';
    }
    return !blank;
  }
}
