package io.inframetrics.collect.prometheus;

import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricCollectorFactory;
import io.inframetrics.collect.SettingsReader;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The source {@code scrape}: pages in Prometheus's text format or OpenMetrics, without a Prometheus
 * server. Its settings, all but the first optional ({@code INFRAMETRICS_COLLECTOR_SCRAPE_*} in the
 * environment):
 *
 * <ul>
 *   <li>{@code targets}: what to scrape, separated by commas: {@code web-1=http://10.0.0.5:9100,
 *       web-2:9100}. The name is the instance id, by default host and port; the path is {@code
 *       /metrics} if none is given
 *   <li>{@code metrics}: rules for types of your own, see the package's README; default none. A
 *       rule for a built-in type replaces the one that reads the node exporter
 *   <li>{@code node_exporter}: {@code true} or {@code false}, whether the four built-in types are
 *       read from a node exporter; default {@code true}
 *   <li>{@code between}: the time between the two pages of which the first run makes rates; default
 *       PT1S
 *   <li>{@code max_gap}: the longest time between two pages that still make a rate, so that runs
 *       that follow each other faster need one page each; default PT5M
 *   <li>{@code instance_label}: a label that has the instance id instead, as on the page of a
 *       gateway; default none
 *   <li>{@code region}: default {@code local}
 *   <li>{@code timeout}: of one page; default PT10S
 *   <li>{@code max_page}: bytes of one page, 1,000 to 1,000,000,000; default 64,000,000
 *   <li>{@code max_samples}: of one page that rules read, 1 to 1,000,000; default 50,000
 *   <li>{@code authorization}: the value of that HTTP header, such as {@code Bearer TOKEN}; default
 *       none
 * </ul>
 */
public final class ScrapeCollectorFactory implements MetricCollectorFactory {

  static final String NAME = "scrape";

  private final LongSupplier nanoTime;

  public ScrapeCollectorFactory() {
    this(System::nanoTime);
  }

  /** With the clock that says when pages arrive; timeouts are real time. */
  ScrapeCollectorFactory(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<MetricCollector> create(CollectorSettings settings) {
    SettingsReader reader = new SettingsReader(settings);
    List<Target> targets = Connection.readAddresses(reader, "targets", List.of(), Target::readAll);
    if (targets.isEmpty()) {
      reader.mistake(
          CollectorSettings.PREFIX
              + "SCRAPE_TARGETS names no page: use one such as web-1=http://web-1:9100/metrics");
    }
    Rules rules = Rules.read(reader);
    Duration between = reader.duration("between", Duration.ofSeconds(1));
    Duration maxGap = reader.duration("max_gap", Rules.DEFAULT_MAX_GAP);
    if (between.compareTo(maxGap) > 0) {
      reader.mistake("between %s is longer than max_gap %s".formatted(between, maxGap));
    }
    String instanceLabel = reader.text("instance_label", "");
    String region = reader.text("region", Rules.DEFAULT_REGION);
    PageDownload.Limits limits =
        new PageDownload.Limits(
            reader.number("max_page", 64_000_000, 1_000, 1_000_000_000),
            reader.number("max_samples", 50_000, 1, 1_000_000));
    Connection connection = Connection.read(reader);
    reader.finish();
    Clock clock = settings.clock();
    return rules.collectors(
        (type, ofType) ->
            new ScrapeCollector(
                type,
                ofType,
                targets,
                new Scraper(
                    new WantedNames(
                        ofType.stream().flatMap(rule -> rule.metrics().stream()).toList()),
                    ofType.stream().anyMatch(Rule::readsRates),
                    limits,
                    between,
                    maxGap,
                    connection,
                    nanoTime),
                connection,
                instanceLabel,
                region,
                maxGap,
                clock));
  }
}
