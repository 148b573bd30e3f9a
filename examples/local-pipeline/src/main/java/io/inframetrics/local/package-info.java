/**
 * The command line {@code inframetrics}: the whole pipeline on one machine. {@link
 * io.inframetrics.local.LocalPipeline} wires the same function beans that Lambda runs, the real
 * state machine definition and embedded stores; the commands translate arguments and results.
 */
@NullMarked
package io.inframetrics.local;

import org.jspecify.annotations.NullMarked;
