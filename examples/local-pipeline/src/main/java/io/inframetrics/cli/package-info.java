/**
 * The command line {@code inframetrics}: the whole pipeline on one machine. {@link
 * io.inframetrics.cli.LocalPipeline} wires the same function beans that Lambda runs, the real state
 * machine definition and embedded stores; the commands translate arguments and results.
 */
@NullMarked
package io.inframetrics.cli;

import org.jspecify.annotations.NullMarked;
