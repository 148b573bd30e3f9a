/**
 * What becomes of a failure: which retrier or catcher is for it, how long a retry waits, what a
 * catch hands on. Internal: for the other packages of this module only.
 */
@NullMarked
package io.inframetrics.workflow.retry;

import org.jspecify.annotations.NullMarked;
