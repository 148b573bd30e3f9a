package io.inframetrics.functions;

import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.pipeline.process.ProcessRawMetrics;

/** Receives what the verbs did, to measure the pipeline itself. Thread-safe; must not throw. */
public interface VerbMetrics {

  /** Measures nothing. */
  VerbMetrics NONE = new VerbMetrics() {};

  /** Something was collected. */
  default void collected(CollectionResult result) {}

  /** Raw files were processed. */
  default void processed(ProcessRawMetrics.Result result) {}

  /** Series were analysed. */
  default void analyzed(AnalyzeMetrics.Result result) {}
}
