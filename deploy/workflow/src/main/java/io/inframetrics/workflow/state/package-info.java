/**
 * Loads each type of state from its fields and runs it. A state acts on the execution only through
 * {@link io.inframetrics.workflow.state.Visit}, independent of clocks, threads and traces.
 * Internal: for the other packages of this module only.
 */
@NullMarked
package io.inframetrics.workflow.state;

import org.jspecify.annotations.NullMarked;
