package io.inframetrics.source.cloudwatch;

import io.inframetrics.source.cloudwatch.Metric.Dimension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** An answer of ListMetrics. Used by one thread. */
final class MetricsPage extends Page {

  private final List<Metric> metrics = new ArrayList<>();
  private final List<String> owningAccounts = new ArrayList<>();

  List<Metric> metrics() {
    return metrics;
  }

  /** The account of each metric, if linked accounts were asked for. */
  List<String> owningAccounts() {
    return owningAccounts;
  }

  @Override
  void begin() {
    metrics.clear();
    owningAccounts.clear();
  }

  @Override
  void field(String name, CborReader in) throws IOException {
    switch (name) {
      case "Metrics" -> {
        for (long items = in.array(); in.hasNext(items); items--) {
          metrics.add(metric(in));
        }
      }
      case "OwningAccounts" -> {
        for (long items = in.array(); in.hasNext(items); items--) {
          owningAccounts.add(in.text());
        }
      }
      default -> in.skip();
    }
  }

  private static Metric metric(CborReader in) throws IOException {
    String namespace = "";
    String metricName = "";
    List<Dimension> dimensions = List.of();
    CborReader.Fields fields = in.fields();
    for (String name = fields.next(); name != null; name = fields.next()) {
      switch (name) {
        case "Namespace" -> namespace = in.text();
        case "MetricName" -> metricName = in.text();
        case "Dimensions" -> dimensions = dimensions(in);
        default -> in.skip();
      }
    }
    return new Metric(namespace, metricName, dimensions);
  }

  private static List<Dimension> dimensions(CborReader in) throws IOException {
    List<Dimension> dimensions = new ArrayList<>(1);
    for (long items = in.array(); in.hasNext(items); items--) {
      String key = "";
      String value = "";
      CborReader.Fields fields = in.fields();
      for (String name = fields.next(); name != null; name = fields.next()) {
        switch (name) {
          case "Name" -> key = in.text();
          case "Value" -> value = in.text();
          default -> in.skip();
        }
      }
      dimensions.add(new Dimension(key, value));
    }
    return dimensions;
  }
}
