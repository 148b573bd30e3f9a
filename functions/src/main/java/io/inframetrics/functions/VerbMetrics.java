package io.inframetrics.functions;

import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.collect.CollectMetrics;
import io.inframetrics.pipeline.process.ProcessRawMetrics;

/** Is told what the verbs did, to measure the pipeline itself. Thread-safe; must not throw. */
public interface VerbMetrics {

  VerbMetrics NONE = new VerbMetrics() {};

  default void collected(CollectMetrics.Result result) {}

  default void processed(ProcessRawMetrics.Result result) {}

  default void analyzed(AnalyzeMetrics.Result result) {}
}
