package io.inframetrics.pipeline;

/** TBD. */
public final class AnalyzeMetrics {}
