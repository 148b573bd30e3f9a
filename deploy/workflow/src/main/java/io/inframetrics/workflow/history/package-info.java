/**
 * The history of an execution as Step Functions keeps it: written from a run, and read from the
 * answer of {@code get-execution-history}.
 */
@NullMarked
package io.inframetrics.workflow.history;

import org.jspecify.annotations.NullMarked;
