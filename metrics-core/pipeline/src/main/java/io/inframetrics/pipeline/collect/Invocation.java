package io.inframetrics.pipeline.collect;

import io.inframetrics.time.Deadline;

/**
 * The call that a verb answers.
 *
 * @param requestId names the call; a run without an id of its own takes it
 * @param deadline when the caller stops waiting
 */
public record Invocation(String requestId, Deadline deadline) {}
