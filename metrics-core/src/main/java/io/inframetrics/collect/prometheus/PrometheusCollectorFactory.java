package io.inframetrics.collect.prometheus;

import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricCollectorFactory;
import io.inframetrics.collect.SettingsReader;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * The source {@code prometheus}: what a Prometheus server has scraped. Its settings, all optional
 * ({@code INFRAMETRICS_COLLECTOR_PROMETHEUS_*} in the environment):
 *
 * <ul>
 *   <li>{@code url}: of the server, with any path before {@code /api/v1}; default {@code
 *       http://localhost:9090}
 *   <li>{@code selector}: conditions on every series, as in PromQL between braces, such as {@code
 *       job="node"}; default none
 *   <li>{@code metrics}: rules for types of your own, see the package's README; default none. A
 *       rule for a built-in type replaces the one that reads the node exporter
 *   <li>{@code node_exporter}: {@code true} or {@code false}, whether the four built-in types are
 *       read from a node exporter; default {@code true}
 *   <li>{@code instance_label}: the label with the instance id; default {@code instance}
 *   <li>{@code region}: default {@code local}
 *   <li>{@code max_gap}: the longest time between two samples of a counter that still make a rate;
 *       default PT5M
 *   <li>{@code look_behind}: how long a sample may take from its scrape until the server has it;
 *       default PT1M
 *   <li>{@code max_samples}: in one answer, 1,000 to 10,000,000; default 500,000. More are asked
 *       for in parts
 *   <li>{@code timeout}: of one request; default PT10S
 *   <li>{@code authorization}: the value of that HTTP header, such as {@code Bearer TOKEN}; default
 *       none
 * </ul>
 */
public final class PrometheusCollectorFactory implements MetricCollectorFactory {

  static final String NAME = "prometheus";

  private static final long DEFAULT_MAX_SAMPLES = 500_000;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<MetricCollector> create(CollectorSettings settings) {
    SettingsReader reader = new SettingsReader(settings);
    URI url =
        Connection.readAddresses(
            reader,
            "url",
            URI.create("http://localhost:9090"),
            text -> Connection.address(text.replaceAll("/+$", ""), ""));
    List<LabelMatcher> selector = reader.parsed("selector", List.of(), RuleReader::readMatchers);
    Rules rules = Rules.read(reader);
    String instanceLabel = reader.text("instance_label", "instance");
    String region = reader.text("region", Rules.DEFAULT_REGION);
    Duration maxGap = reader.duration("max_gap", Rules.DEFAULT_MAX_GAP);
    Duration lookBehind = reader.duration("look_behind", Duration.ofMinutes(1));
    long maxSamples = reader.number("max_samples", DEFAULT_MAX_SAMPLES, 1_000, 10_000_000);
    Connection connection = Connection.read(reader);
    reader.finish();
    PrometheusServer server = new PrometheusServer(url, selector, connection);
    return rules.collectors(
        (type, ofType) ->
            new PrometheusCollector(
                type, ofType, server, instanceLabel, region, maxGap, maxSamples, lookBehind));
  }
}
