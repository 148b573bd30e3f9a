package io.inframetrics.functions.payload;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that adds fields to every log line of its invocation. */
public interface LogFields {

  /** Values by field; null where the request has none. {@code requestId} is the invocation's. */
  Map<String, @Nullable String> logFields(String requestId);

  static Map<String, @Nullable String> ofRun(@Nullable String runId) {
    return runId == null ? Map.of() : Map.of("run_id", runId);
  }
}
