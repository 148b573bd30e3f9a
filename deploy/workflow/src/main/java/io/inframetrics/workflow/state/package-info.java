/**
 * The states: how each type is loaded from its fields, and what it does when it is entered. A state
 * acts on the execution through {@link io.inframetrics.workflow.state.Visit}, so it knows nothing
 * of clocks, threads and traces. Internal: for the other packages of this module only.
 */
@NullMarked
package io.inframetrics.workflow.state;

import org.jspecify.annotations.NullMarked;
