package io.inframetrics.collect.host;

import static io.inframetrics.collect.Requests.collect;
import static io.inframetrics.collect.Requests.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.MetricType;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostCollectorFactoryTest {

  private static final Instant NOW = Instant.parse("2026-02-19T11:00:00Z");

  private final HostCollectorFactory factory = new HostCollectorFactory();

  @Test
  void makesCollectorsOfThisMachine() throws Exception {
    List<MetricCollector> collectors =
        factory.create(settings(Map.of("instance_id", "web-1", "region", "eu-west-1")));
    assertThat(collectors)
        .extracting(MetricCollector::type)
        .containsExactlyElementsOf(MetricType.builtIn());
    List<Observation> memory = collect(collectors.get(1), window(NOW.minusSeconds(60), NOW));
    assertThat(memory).hasSize(1);
    assertThat(memory.get(0).series().id()).isEqualTo("memory_usage#web-1");
    assertThat(memory.get(0).timestamp()).isEqualTo(NOW);
    assertThat(memory.get(0).region()).isEqualTo("eu-west-1");
    assertThat(memory.get(0).value()).isBetween(0.0, 100.0);
  }

  @Test
  void readsEverySetting() {
    CollectorSettings settings =
        settings(
            Map.of("instance_id", "a", "region", "b", "sample_every", "PT10S", "readings", "100"));
    assertThat(factory.create(settings)).hasSize(4);
  }

  @Test
  void reportsEveryMistakeAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                factory.create(
                    settings(
                        Map.of(
                            "instance_id", "x".repeat(256),
                            "sample_every", "PT0.1S",
                            "readings", "none",
                            "sampel_every", "PT1S"))))
        .withMessageContainingAll(
            "instance id 'xxx",
            "a reading every PT0.1S is too often: use PT1S or more",
            "INFRAMETRICS_COLLECTOR_HOST_READINGS is 'none': use a whole number from 1 to 1000000",
            "source 'host' has no setting INFRAMETRICS_COLLECTOR_HOST_SAMPEL_EVERY");
  }

  @Test
  void withoutOshiOneSentenceSaysWhatToAdd() throws Exception {
    List<URL> classPath = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.contains("oshi")) {
        classPath.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader bare =
        new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> settingsType = bare.loadClass(CollectorSettings.class.getName());
      Object bareFactory =
          bare.loadClass(HostCollectorFactory.class.getName()).getConstructor().newInstance();
      Object settings =
          settingsType
              .getConstructor(String.class, Map.class, Clock.class)
              .newInstance("host", Map.of(), Clock.systemUTC());
      Throwable thrown =
          catchThrowable(
              () ->
                  bareFactory
                      .getClass()
                      .getMethod("create", settingsType)
                      .invoke(bareFactory, settings));
      assertThat(thrown).isInstanceOf(InvocationTargetException.class);
      assertThat(thrown.getCause())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              "the host source needs OSHI 7.2 or newer: add com.github.oshi:oshi-core to the class"
                  + " path");
    }
  }

  private static CollectorSettings settings(Map<String, String> values) {
    return new CollectorSettings("host", values, Clock.fixed(NOW, ZoneOffset.UTC));
  }
}
