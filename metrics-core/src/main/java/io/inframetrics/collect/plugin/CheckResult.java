package io.inframetrics.collect.plugin;

/**
 * What a check found.
 *
 * @param state 0 to 3, as Nagios counts
 * @param remark why the state is not simply the exit code; empty if it is
 */
record CheckResult(Check check, int state, String remark, PerformanceData data) {

  static final int CRITICAL = 2;
  static final int UNKNOWN = 3;

  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;

  /** A result without figures, of a check that was ended before it had finished. */
  static CheckResult unknown(Check check, String remark) {
    return new CheckResult(check, UNKNOWN, remark, PerformanceData.of(""));
  }

  /** The result of a check that has ended by itself. */
  static CheckResult of(Check check, int exitCode, String output) {
    PerformanceData data = PerformanceData.of(output);
    if (exitCode <= UNKNOWN) {
      return new CheckResult(check, exitCode, "", data);
    }
    String reason =
        switch (exitCode) {
          case NOT_EXECUTABLE -> ": its program cannot be executed";
          case NOT_FOUND -> ": its program was not found";
          default -> "";
        };
    return new CheckResult(
        check,
        CRITICAL,
        "check '%s' exited with %d, which is not a state and counts as CRITICAL%s"
            .formatted(check.name(), exitCode, reason),
        data);
  }
}
