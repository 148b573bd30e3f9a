package io.inframetrics.functions;

/** How data points reach CloudWatch. */
public enum PublishPath {

  /** As metrics of PutMetricData, for the console, dashboards and alarms; billed by metric. */
  CLASSIC,

  /** Every series through CloudWatch's OpenTelemetry endpoint, for PromQL; billed by bytes. */
  OTLP,

  BOTH
}
