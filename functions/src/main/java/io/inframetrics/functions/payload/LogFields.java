package io.inframetrics.functions.payload;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that says what every log line of its invocation should have. */
public interface LogFields {

  /**
   * Values by field; those that the request leaves out are null.
   *
   * @param requestId of the invocation
   */
  Map<String, @Nullable String> logFields(String requestId);

  /** The id of the run, as a field. */
  static Map<String, @Nullable String> ofRun(@Nullable String runId) {
    return runId == null ? Map.of() : Map.of("run_id", runId);
  }
}
