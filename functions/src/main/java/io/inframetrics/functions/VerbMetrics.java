package io.inframetrics.functions;

import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.pipeline.process.ProcessRawMetrics;
import io.inframetrics.pipeline.report.ComposeReport;

/** Receives what the verbs did, to measure the pipeline itself. Thread-safe; must not throw. */
public interface VerbMetrics {

  VerbMetrics NONE = new VerbMetrics() {};

  default void collected(CollectionResult result) {}

  default void processed(ProcessRawMetrics.Result result) {}

  default void analyzed(AnalyzeMetrics.Result result) {}

  default void reported(ComposeReport.Result result) {}
}
