/**
 * The verbs over raw files: {@link io.inframetrics.pipeline.process.ProcessRawMetrics} turns a file
 * that has landed into records and a processed mark, {@link
 * io.inframetrics.pipeline.process.ReplayQuarantine} gives refused lines another chance.
 */
@NullMarked
package io.inframetrics.pipeline.process;

import org.jspecify.annotations.NullMarked;
