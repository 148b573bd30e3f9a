package io.inframetrics.collect.prometheus;

import java.util.regex.Pattern;

/**
 * A condition on one label, as in a PromQL selector. A label that a series does not have is empty,
 * and a regular expression must match the whole value.
 */
record LabelMatcher(String label, Kind kind, String text, Pattern pattern) {

  enum Kind {
    EQUAL("="),
    NOT_EQUAL("!="),
    MATCHES("=~"),
    DOES_NOT_MATCH("!~");

    private final String sign;

    Kind(String sign) {
      this.sign = sign;
    }

    String sign() {
      return sign;
    }
  }

  /**
   * A matcher.
   *
   * @throws java.util.regex.PatternSyntaxException if {@code text} is not a regular expression
   *     where one is needed
   */
  static LabelMatcher of(String label, Kind kind, String text) {
    boolean plain = kind == Kind.EQUAL || kind == Kind.NOT_EQUAL;
    return new LabelMatcher(
        label, kind, text, Pattern.compile(plain ? Pattern.quote(text) : text, Pattern.DOTALL));
  }

  boolean accepts(RawSeries series) {
    String value = series.label(label);
    return switch (kind) {
      case EQUAL -> value.equals(text);
      case NOT_EQUAL -> !value.equals(text);
      case MATCHES -> pattern.matcher(value).matches();
      case DOES_NOT_MATCH -> !pattern.matcher(value).matches();
    };
  }

  /** The matcher in PromQL. */
  String promql() {
    String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return label + kind.sign() + '"' + escaped + '"';
  }
}
