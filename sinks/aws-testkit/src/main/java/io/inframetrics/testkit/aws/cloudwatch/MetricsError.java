package io.inframetrics.testkit.aws.cloudwatch;

import org.jspecify.annotations.Nullable;

/** The service's error for a request. */
public final class MetricsError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  public MetricsError(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be one more dependency
  static void unless(boolean holds, String message, @Nullable Object... values) {
    if (!holds) {
      throw new MetricsError(400, "ValidationError", message.formatted(values));
    }
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }
}
