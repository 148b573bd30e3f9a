/**
 * The verb that analyzes: {@link io.inframetrics.pipeline.analysis.AnalyzeMetrics} reads the series
 * of a run, runs the detectors over them, keeps what is open in the ledger, and writes a report.
 */
@NullMarked
package io.inframetrics.pipeline.analysis;

import org.jspecify.annotations.NullMarked;
