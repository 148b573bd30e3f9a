package io.inframetrics.source.cloudwatch;

import io.inframetrics.source.cloudwatch.Metric.Dimension;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer of ListMetrics. Used by one thread. */
final class MetricsPage implements CborCall.Reader {

  private List<Metric> metrics = List.of();
  private List<String> owningAccounts = List.of();
  private @Nullable String nextToken;

  List<Metric> metrics() {
    return metrics;
  }

  /** The account of each metric, if linked accounts were asked for. */
  List<String> owningAccounts() {
    return owningAccounts;
  }

  @Nullable String nextToken() {
    return nextToken;
  }

  @Override
  public void read(CborReader in) throws IOException {
    List<Metric> read = new ArrayList<>();
    List<String> owners = new ArrayList<>();
    String token = null;
    for (long left = in.map(); in.hasNext(left); left--) {
      String name = in.text();
      if (in.isNull()) {
        continue;
      }
      switch (name) {
        case "Metrics" -> {
          for (long items = in.array(); in.hasNext(items); items--) {
            read.add(metric(in));
          }
        }
        case "OwningAccounts" -> {
          for (long items = in.array(); in.hasNext(items); items--) {
            owners.add(in.text());
          }
        }
        case "NextToken" -> token = in.text();
        default -> in.skip();
      }
    }
    metrics = read;
    owningAccounts = owners;
    nextToken = token;
  }

  private static Metric metric(CborReader in) throws IOException {
    String namespace = "";
    String metricName = "";
    List<Dimension> dimensions = List.of();
    for (long left = in.map(); in.hasNext(left); left--) {
      String name = in.text();
      if (in.isNull()) {
        continue;
      }
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
      for (long left = in.map(); in.hasNext(left); left--) {
        String name = in.text();
        if (in.isNull()) {
          continue;
        }
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
