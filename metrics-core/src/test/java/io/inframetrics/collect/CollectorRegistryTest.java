package io.inframetrics.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.inframetrics.metric.MetricType;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectorRegistryTest {

  private static final MetricType QUEUE_DEPTH = new MetricType("queue_depth");

  private final ClassLoader classLoader = getClass().getClassLoader();

  @Test
  void namesACollectorOfAnAnonymousClass() {
    MetricCollector collector =
        new MetricCollector() {
          @Override
          public MetricType type() {
            return MetricType.CPU_UTILIZATION;
          }

          @Override
          public void collect(CollectionRequest request, MetricConsumer consumer) {}
        };

    assertThat(collector.name()).startsWith(getClass().getName());
  }

  @Test
  void groupsCollectorsByTypeInTheirOrder() {
    MetricCollector first = collector(QUEUE_DEPTH);
    MetricCollector cpu = collector(MetricType.CPU_UTILIZATION);
    MetricCollector second = collector(QUEUE_DEPTH);
    CollectorRegistry registry = CollectorRegistry.of(List.of(first, cpu, second));
    assertThat(registry.types()).containsExactly(MetricType.CPU_UTILIZATION, QUEUE_DEPTH);
    assertThat(registry.collectors(QUEUE_DEPTH)).containsExactly(first, second);
    assertThat(registry.collectors(MetricType.DISK_USAGE)).isEmpty();
  }

  @Test
  void knowsTheSourcesOfTheClassPath() {
    assertThat(CollectorRegistry.sources(classLoader))
        .containsExactly("host", "plugin", "prometheus", "scrape", "synthetic", "sysstat");
  }

  @Test
  void discoversTheChosenSource() {
    for (String source : List.of("host", "synthetic")) {
      CollectorRegistry registry = discover(List.of(source), Map.of());
      assertThat(registry.types()).containsExactlyInAnyOrderElementsOf(MetricType.builtIn());
      assertThat(registry.collectors(MetricType.CPU_UTILIZATION))
          .extracting(MetricCollector::name)
          .containsExactly(source);
    }
  }

  @Test
  void describesEverySourceWithTheSettingsThatItReads() {
    Map<String, CollectorRegistry.Source> described =
        CollectorRegistry.describe(
                source ->
                    new CollectorSettings(source, Map.of("instances", "many"), Clock.systemUTC()),
                classLoader)
            .stream()
            .collect(Collectors.toMap(CollectorRegistry.Source::name, Function.identity()));

    assertThat(described).containsOnlyKeys(CollectorRegistry.sources(classLoader));
    assertThat(described.get("host").problem()).contains("has no setting");
    CollectorRegistry.Source synthetic = described.get("synthetic");
    assertThat(synthetic.types()).isEmpty();
    assertThat(synthetic.problem()).contains("INSTANCES is 'many': use a whole number");
    assertThat(synthetic.settings())
        .contains(
            new CollectorSettings.Known(
                "INFRAMETRICS_COLLECTOR_SYNTHETIC_INSTANCES",
                "a whole number from 1 to 1000000",
                "10",
                true),
            new CollectorSettings.Known(
                "INFRAMETRICS_COLLECTOR_SYNTHETIC_REGION", "text", "eu-west-1", false))
        .hasSize(5);
  }

  @Test
  void severalSourcesMayServeOneType() {
    assertThat(discover(List.of("synthetic", "host"), Map.of()).collectors(MetricType.MEMORY_USAGE))
        .extracting(MetricCollector::name)
        .containsExactly("synthetic", "host");
  }

  @Test
  void handsEachSourceItsOwnSettings() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> discover(List.of("synthetic"), Map.of("readings", "5")))
        .withMessage(
            "source 'synthetic' has no setting INFRAMETRICS_COLLECTOR_SYNTHETIC_READINGS: remove or"
                + " correct it");
    assertThat(discover(List.of("host"), Map.of("readings", "5")).types()).hasSize(4);
  }

  @Test
  void reportsEveryMistakeOfEverySourceAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                discover(
                    List.of("clouds", "synthetic", "host"),
                    Map.of("instances", "many", "readings", "few")))
        .withMessageContainingAll(
            "no source is named 'clouds': use [host, plugin, prometheus, scrape, synthetic, sysstat]",
            "INFRAMETRICS_COLLECTOR_SYNTHETIC_INSTANCES is 'many': use a whole number from 1 to"
                + " 1000000",
            "source 'synthetic' has no setting INFRAMETRICS_COLLECTOR_SYNTHETIC_READINGS",
            "INFRAMETRICS_COLLECTOR_HOST_READINGS is 'few': use a whole number from 1 to 1000000",
            "source 'host' has no setting INFRAMETRICS_COLLECTOR_HOST_INSTANCES");
  }

  @Test
  void wantsASource() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> discover(List.of(), Map.of()))
        .withMessage(
            "no source is chosen: name one or more of [host, plugin, prometheus, scrape, synthetic, sysstat]");
  }

  @Test
  void refusesTwoSourcesOfOneName(@TempDir Path folder) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(MetricCollectorFactory.class.getName()), SecondHost.class.getName());
    try (URLClassLoader crowded =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, classLoader)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> CollectorRegistry.sources(crowded))
          .withMessageContainingAll(
              "two sources are named 'host'",
              SecondHost.class.getName(),
              "rename one or remove it from the class path");
    }
  }

  private CollectorRegistry discover(List<String> sources, Map<String, String> values) {
    return CollectorRegistry.discover(
        sources, source -> new CollectorSettings(source, values, Clock.systemUTC()), classLoader);
  }

  private static MetricCollector collector(MetricType type) {
    return new MetricCollector() {
      @Override
      public MetricType type() {
        return type;
      }

      @Override
      public void collect(CollectionRequest request, MetricConsumer consumer) {}
    };
  }

  /** A source that takes a name which is taken. */
  public static final class SecondHost implements MetricCollectorFactory {

    /** For {@link java.util.ServiceLoader}. */
    public SecondHost() {}

    @Override
    public String name() {
      return "host";
    }

    @Override
    public List<MetricCollector> create(CollectorSettings settings) {
      return List.of(collector(QUEUE_DEPTH));
    }
  }
}
