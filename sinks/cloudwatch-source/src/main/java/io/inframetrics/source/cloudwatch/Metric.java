package io.inframetrics.source.cloudwatch;

import java.util.List;

/** A metric of CloudWatch. */
record Metric(String namespace, String metricName, List<Dimension> dimensions) {

  record Dimension(String name, String value) {}
}
