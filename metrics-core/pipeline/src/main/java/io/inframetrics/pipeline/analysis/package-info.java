/**
 * The verb that analyzes: {@link io.inframetrics.pipeline.analysis.AnalyzeMetrics} reads the series
 * of a run, runs the detectors over them, remembers in the ledger what is open, and writes a
 * report.
 */
@NullMarked
package io.inframetrics.pipeline.analysis;

import org.jspecify.annotations.NullMarked;
