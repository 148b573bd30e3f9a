package io.inframetrics.testkit.aws;

import org.jspecify.annotations.Nullable;

/** A request that the service refuses. */
final class RefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient ServiceFault fault;

  RefusedException(ServiceFault fault) {
    super(fault.message());
    this.fault = fault;
  }

  ServiceFault fault() {
    return fault;
  }

  /** Refuses with status 400 unless {@code holds}. */
  @SuppressWarnings("AnnotateFormatMethod") // its annotation would be one more dependency
  static void unless(boolean holds, String code, String message, @Nullable Object... values) {
    if (!holds) {
      throw new RefusedException(new ServiceFault(400, code, message.formatted(values)));
    }
  }
}
