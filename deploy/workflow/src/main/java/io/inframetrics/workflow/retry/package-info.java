/**
 * Handles failures: chooses the retrier or catcher, the delay of a retry and the output of a catch.
 * Internal: for the other packages of this module only.
 */
@NullMarked
package io.inframetrics.workflow.retry;

import org.jspecify.annotations.NullMarked;
