package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.testkit.ManualClock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SourceCollectorsTest {

  private static final Map<String, String> VARIABLE =
      Map.of("INFRAMETRICS_COLLECTOR_HOST_INSTANCE_ID", " web-2 ");

  @Test
  void thisMachineIsCalledAsTheOptionOrElseTheVariableSays() {
    assertThat(instanceId("web 1", VARIABLE)).isEqualTo("web 1");
    assertThat(instanceId(null, VARIABLE)).isEqualTo("web-2");
    assertThat(instanceId(null, Map.of("INFRAMETRICS_COLLECTOR_HOST_INSTANCE_ID", " ")))
        .isEqualTo(instanceId(null, Map.of()))
        .isNotBlank();
  }

  private static String instanceId(@Nullable String instance, Map<String, String> environment) {
    ManualClock clock = ManualClock.at(VirtualContext.NOW);
    try (SourceCollectors collectors =
        SourceCollectors.of(
            CommandSettings.collecting(
                environment,
                List.of("host"),
                CollectorRegistry.sources(SourceCollectors.class.getClassLoader()),
                StoreOptions.Kind.local,
                clock),
            SourceCollectors.class.getClassLoader(),
            instance,
            clock)) {
      return Objects.requireNonNull(collectors.sampler()).instanceId();
    }
  }
}
