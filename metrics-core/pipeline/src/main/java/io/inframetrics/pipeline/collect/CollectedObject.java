package io.inframetrics.pipeline.collect;

import io.inframetrics.metric.MetricType;

/**
 * A raw file that a run wrote.
 *
 * @param metricType of everything in it
 * @param metricCount accepted observations in it
 */
public record CollectedObject(String key, MetricType metricType, long metricCount) {}
