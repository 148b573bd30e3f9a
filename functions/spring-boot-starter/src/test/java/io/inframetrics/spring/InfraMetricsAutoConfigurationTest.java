package io.inframetrics.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.sink.Stores;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.memory.InMemoryStores;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.jvm.JvmMetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

class InfraMetricsAutoConfigurationTest {

  private static final MetricType QUEUE_DEPTH = new MetricType("queue_depth");
  private static final Instant NOW = Instant.parse("2026-02-19T11:27:43Z");

  @TempDir Path folder;

  private final ManualClock clock = ManualClock.at(NOW);

  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  InfraMetricsAutoConfiguration.class,
                  MeterAutoConfiguration.class,
                  CollectionHealthAutoConfiguration.class));

  /** With stores in memory, a fixed clock, and runs only when asked for. */
  private final ApplicationContextRunner onDemand =
      application
          .withBean(Stores.class, InMemoryStores::new)
          .withBean(Clock.class, () -> clock)
          .withPropertyValues("inframetrics.schedule.enabled=false");

  /** Beside Spring Boot's own metrics. */
  private final ApplicationContextRunner withMetrics =
      onDemand.withConfiguration(
          AutoConfigurations.of(
              MetricsAutoConfiguration.class,
              CompositeMeterRegistryAutoConfiguration.class,
              SimpleMetricsExportAutoConfiguration.class,
              JvmMetricsAutoConfiguration.class));

  private static MetricCollector queue(String instance, double depth) {
    return new Collector(
        consumer ->
            consumer.accept(
                new Observation(
                    Series.of(QUEUE_DEPTH, instance), NOW, depth, MetricUnit.COUNT, "local")));
  }

  private interface Body {

    void collect(MetricConsumer consumer) throws Exception;
  }

  private record Collector(Body body) implements MetricCollector {

    @Override
    public MetricType type() {
      return QUEUE_DEPTH;
    }

    @Override
    public void collect(CollectionRequest request, MetricConsumer consumer) throws Exception {
      body.collect(consumer);
    }
  }

  @Test
  void everyCollectorBeanIsCollectedIntoTheApplicationsStores() {
    onDemand
        .withBean("a", MetricCollector.class, () -> queue("a", 3))
        .withBean("b", MetricCollector.class, () -> queue("b", 4))
        .run(
            context -> {
              CollectionResult result = context.getBean(CollectionRuns.class).collect();

              assertThat(result.metricCount()).isEqualTo(2);
              assertThat(result.failures()).isEmpty();
              assertThat(values(context)).containsExactly("queue_depth#a 3.0", "queue_depth#b 4.0");
            });
  }

  private static List<String> values(ApplicationContext context) {
    Stores stores = context.getBean(Stores.class);
    return context.getBean(CollectorRegistry.class).types().stream()
        .flatMap(
            type ->
                stores
                    .metricHistory()
                    .series(type, NOW.minus(Duration.ofDays(1)), Deadlines.never())
                    .stream())
        .flatMap(
            known ->
                stores
                    .metricHistory()
                    .points(
                        known.series(),
                        NOW.minus(Duration.ofDays(1)),
                        NOW.plusSeconds(1),
                        10,
                        Deadlines.never())
                    .stream()
                    .map(point -> known.series().id() + " " + point.value()))
        .sorted()
        .toList();
  }

  @Test
  void anApplicationCollectsByItselfIntoAFolder() {
    Path data = folder.resolve("data");
    CountDownLatch collected = new CountDownLatch(2);
    application
        .withBean(
            MetricCollector.class,
            () ->
                new Collector(
                    consumer -> {
                      queue("a", 1).collect(null, consumer);
                      collected.countDown();
                    }))
        .withBean(Clock.class, () -> clock)
        .withPropertyValues(
            "inframetrics.data-folder=" + data,
            "inframetrics.schedule.initial-delay=0s",
            "inframetrics.schedule.period=10ms",
            "inframetrics.max-window=1d")
        .run(
            context -> {
              assertThat(collected.await(30, TimeUnit.SECONDS)).isTrue();
              assertThat(context.getBean(CollectionRuns.class).isRunning()).isTrue();
            });

    assertThat(data.resolve("raw-metrics/2026/02/19")).isDirectoryContaining("glob:**.json");
    assertThat(data.resolve("inframetrics.db")).exists();
  }

  @Test
  void aRunThatHangsEndsWithTheApplication() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    application
        .withBean(Stores.class, InMemoryStores::new)
        .withBean(
            MetricCollector.class,
            () ->
                new Collector(
                    consumer -> {
                      begun.countDown();
                      try {
                        Thread.sleep(Duration.ofMinutes(5).toMillis());
                      } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                      }
                    }))
        .withPropertyValues("inframetrics.schedule.initial-delay=0s")
        .run(context -> assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue());

    assertThat(interrupted.getCount()).isZero();
  }

  @Test
  void sourcesOfTheClassPathAreCollectedToo() {
    onDemand
        .withBean(MetricCollector.class, () -> queue("a", 3))
        .withPropertyValues(
            "inframetrics.sources=scrape",
            "inframetrics.collector.scrape.targets=127.0.0.1:1",
            "inframetrics.collector.scrape.max-gap=PT1M")
        .run(
            context ->
                assertThat(context.getBean(CollectorRegistry.class).types())
                    .contains(QUEUE_DEPTH, MetricType.CPU_UTILIZATION, MetricType.DISK_USAGE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "inframetrics.sources=scrape,inframetrics.collector.scrape.target=x | source 'scrape' has no setting INFRAMETRICS_COLLECTOR_SCRAPE_TARGET",
        "inframetrics.sources=nothing | no source is named 'nothing'",
        "inframetrics.collector.host.x=1 | inframetrics.collector has settings of [host], which inframetrics.sources does not name",
        "inframetrics.schedule.period=2d,inframetrics.max-window=1d | the maximum window PT24H is shorter than the period PT48H",
        "inframetrics.meters.time.unit=seconds | inframetrics.meters.time: the name of a meter is missing",
        "inframetrics.meters.1-time.meter=x | inframetrics.meters.1-time: metric type '1_time' is not a valid name",
      })
  void aWrongSettingEndsTheStartWithASentence(String settings, String sentence) {
    (settings.contains("meters") ? withMetrics : onDemand)
        .withPropertyValues(settings.split(","))
        .run(context -> assertThat(context.getStartupFailure()).hasStackTraceContaining(sentence));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "schedule.period | 0s | inframetrics.schedule.period is PT0S: use a positive duration",
        "schedule.initial-delay | -1s | inframetrics.schedule.initial-delay is PT-1S: use zero or more",
        "timeout | -1s | inframetrics.timeout is PT-1S: use a positive duration",
      })
  void aTimeThatIsNotPositiveIsRejected(String name, String value, String sentence) {
    Binder binder =
        new Binder(new MapConfigurationPropertySource(Map.of("inframetrics." + name, value)));

    assertThatThrownBy(() -> binder.bindOrCreate("inframetrics", InfraMetricsProperties.class))
        .hasStackTraceContaining(sentence);
  }

  @Test
  void nothingIsThereIfItIsSwitchedOff() {
    application
        .withPropertyValues("inframetrics.enabled=false", "inframetrics.meters.orders.meter=orders")
        .run(
            context -> {
              assertThat(context).doesNotHaveBean(CollectionRuns.class);
              assertThat(context).doesNotHaveBean(Stores.class);
              assertThat(context).doesNotHaveBean("inframetricsMeterRegistry");
              assertThat(context).doesNotHaveBean("inframetricsHealthIndicator");
            });
  }

  @Test
  void withoutCollectorsNothingRuns() {
    application
        .withBean(Stores.class, InMemoryStores::new)
        .run(
            context -> {
              assertThat(context.getBean(CollectionRuns.class).isRunning()).isFalse();
              assertThat(health(context).getStatus()).isEqualTo(Status.UNKNOWN);
              assertThat(health(context).getDetails())
                  .containsEntry("reason", "there is no collector");
            });
  }

  private static Health health(ApplicationContext context) {
    return context.getBean("inframetricsHealthIndicator", HealthIndicator.class).health();
  }

  @Test
  void healthShowsTheLastRun() {
    boolean[] fails = new boolean[1];
    onDemand
        .withBean("a", MetricCollector.class, () -> queue("a", 3))
        .withBean(
            "b",
            MetricCollector.class,
            () ->
                new Collector(
                    consumer -> {
                      if (fails[0]) {
                        throw new RetryableFailureException("the queue does not answer");
                      }
                    }))
        .run(
            context -> {
              assertThat(health(context).getStatus()).isEqualTo(Status.UNKNOWN);

              context.getBean(CollectionRuns.class).collect();
              assertThat(health(context).getStatus()).isEqualTo(Status.UP);
              assertThat(health(context).getDetails())
                  .containsEntry("observations", 1L)
                  .containsEntry("ended", NOW)
                  .doesNotContainKey("failures");

              fails[0] = true;
              context.getBean(CollectionRuns.class).collect();
              assertThat(health(context).getStatus()).isEqualTo(Status.UP);
              assertThat(health(context).getDetails().get("failures").toString())
                  .isEqualTo("[collector Collector: the queue does not answer]");
            });
  }

  @Test
  void healthIsDownIfNothingWasCollected() {
    onDemand
        .withBean(
            MetricCollector.class,
            () ->
                new Collector(
                    consumer -> {
                      throw new RetryableFailureException("the queue does not answer");
                    }))
        .run(
            context -> {
              assertThatThrownBy(context.getBean(CollectionRuns.class)::collect)
                  .isInstanceOf(RetryableFailureException.class);

              assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
              assertThat(health(context).getDetails().get("reason").toString())
                  .contains("the queue does not answer");
            });
  }

  @Test
  void healthIsDownIfNoRunEndsForThreePeriods() {
    application
        .withBean(Stores.class, InMemoryStores::new)
        .withBean(Clock.class, () -> clock)
        .withBean(MetricCollector.class, () -> queue("a", 3))
        .withPropertyValues("inframetrics.schedule.initial-delay=1h")
        .run(
            context -> {
              context.getBean(CollectionRuns.class).collect();
              clock.advance(Duration.ofMinutes(15));
              assertThat(health(context).getStatus()).isEqualTo(Status.UP);
              clock.advance(Duration.ofSeconds(1));
              assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
              assertThat(health(context).getDetails())
                  .containsEntry("reason", "no run has ended for PT15M1S");
            });
  }

  @Test
  void healthCanBeSwitchedOffAndIsNotNeeded() {
    onDemand
        .withPropertyValues("management.health.inframetrics.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean("inframetricsHealthIndicator"));
    onDemand
        .withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context).hasSingleBean(CollectionRuns.class);
            });
  }

  @Test
  void metersBecomeTypes() {
    MockClock meterClock = new MockClock();
    withMetrics
        .withBean("meterClock", io.micrometer.core.instrument.Clock.class, () -> meterClock)
        .withPropertyValues(
            "spring.application.name=shop",
            "inframetrics.meters.order-rate.meter=orders",
            "inframetrics.meters.order-rate.statistic=rate",
            "inframetrics.meters.order-rate.unit=count-per-second",
            "inframetrics.meters.order-rate.by=country",
            "inframetrics.meters.heap-used.meter=jvm.memory.used",
            "inframetrics.meters.heap-used.tags.area=heap",
            "inframetrics.meters.heap-used.unit=bytes")
        .run(
            context -> {
              MeterRegistry registry = context.getBean(MeterRegistry.class);
              registry.counter("orders", "country", "de").increment(30);
              meterClock.addSeconds(10);

              CollectionResult result = context.getBean(CollectionRuns.class).collect();

              assertThat(result.failures()).isEmpty();
              assertThat(values(context))
                  .hasSize(2)
                  .anySatisfy(value -> assertThat(value).startsWith("heap_used#shop "))
                  .contains("order_rate#shop#country=de 3.0");
            });
  }

  @Test
  void metersStandBesideTheRegistriesOfExporters() {
    withMetrics
        .withBean("exporter", MeterRegistry.class, SimpleMeterRegistry::new)
        .withPropertyValues("inframetrics.meters.orders.meter=orders")
        .run(
            context -> {
              context.getBean(MeterRegistry.class).counter("orders").increment();

              assertThat(context.getBeansOfType(MeterRegistry.class)).hasSize(3);
              assertThat(
                      context
                          .getBean("exporter", MeterRegistry.class)
                          .get("orders")
                          .counter()
                          .count())
                  .isEqualTo(1);
              assertThat(
                      context
                          .getBean("inframetricsMeterRegistry", MeterRegistry.class)
                          .get("orders")
                          .counter()
                          .count())
                  .isEqualTo(1);
            });
  }

  @Test
  void metersNeedMicrometer() {
    onDemand
        .withClassLoader(
            new FilteredClassLoader("io.micrometer", "org.springframework.boot.micrometer"))
        .withPropertyValues("inframetrics.meters.orders.meter=orders")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .hasStackTraceContaining(
                        "inframetrics.meters needs Spring Boot's metrics: add spring-boot-starter-actuator"));
  }

  @Test
  void editorsKnowEverySetting() throws IOException {
    try (InputStream in =
        InfraMetricsProperties.class.getResourceAsStream(
            "/META-INF/spring-configuration-metadata.json")) {
      assertThat(in).isNotNull();
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .contains(
              "\"inframetrics.schedule.period\"",
              "\"the time from run to run\"",
              "\"inframetrics.data-folder\"",
              "\"inframetrics.meters\"",
              "\"inframetrics.collector\"",
              "\"inframetrics-data\"");
    }
  }

  @Test
  void theAutoConfigurationIsFoundByItsName() throws IOException {
    Path imports =
        Path.of(
            "src/main/resources/META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports");
    assertThat(Files.readAllLines(imports))
        .containsExactly(
            InfraMetricsAutoConfiguration.class.getName(),
            MeterAutoConfiguration.class.getName(),
            CollectionHealthAutoConfiguration.class.getName());
  }
}
