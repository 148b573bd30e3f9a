package io.inframetrics.sink.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloudWatchSettingsTest {

  @Test
  void aNamespaceHas255Characters() {
    assertThat(CloudWatchSettings.of("n".repeat(255)).namespace()).hasSize(255);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CloudWatchSettings.of("n".repeat(256)))
        .withMessageContaining("use 1 to 255");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ":a", " a", "AWS/EC2", "a\nb", "größe", "a%b"})
  void refusesANamespaceThatCloudWatchRefuses(String namespace) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CloudWatchSettings.of(namespace))
        .withMessageStartingWith("namespace '" + namespace + "' is not valid");
  }

  @ParameterizedTest
  @ValueSource(strings = {"InfraMetrics", "a/b.c_d-e#f:g h", "AWSome"})
  void takesANamespaceThatCloudWatchTakes(String namespace) {
    assertThat(CloudWatchSettings.of(namespace).namespace()).isEqualTo(namespace);
  }

  @Test
  void publishesTheFleetUnlessToldOtherwise() {
    CloudWatchSettings settings = CloudWatchSettings.of("n");

    assertThat(settings.policy()).isEqualTo(DimensionPolicy.FLEET);
    assertThat(settings.seriesBudget()).isEqualTo(100);
    assertThat(settings.dimensions()).isEmpty();
  }

  @Test
  void aBudgetIsAtLeastOne() {
    assertThat(CloudWatchSettings.of("n").withSeriesBudget(1).seriesBudget()).isEqualTo(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CloudWatchSettings.of("n").withSeriesBudget(0))
        .withMessageContaining("use 1 or more");
  }

  @Test
  void fixedDimensionsLeaveRoomForInstanceAndRegion() {
    Map<String, String> fixed = new TreeMap<>();
    for (int i = 0; i < 28; i++) {
      fixed.put("d" + i, "v");
    }
    assertThat(CloudWatchSettings.of("n").withDimensions(fixed).dimensions()).hasSize(28);
    fixed.put("d28", "v");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CloudWatchSettings.of("n").withDimensions(fixed))
        .withMessage("there are 29 fixed dimensions: use at most 28");
  }

  @Test
  void fixedDimensionsAreCheckedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CloudWatchSettings.of("n").withDimensions(Map.of(":a", "v")))
        .withMessageContaining("dimension name ':a'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CloudWatchSettings.of("n").withDimensions(Map.of("Region", "v")))
        .withMessageContaining("is set by the sink itself");
  }

  @Test
  void policiesHaveNamesForConfiguration() {
    assertThat(DimensionPolicy.ofName("fleet")).isEqualTo(DimensionPolicy.FLEET);
    assertThat(DimensionPolicy.ofName("instance")).isEqualTo(DimensionPolicy.INSTANCE);
    assertThat(DimensionPolicy.ofName("both")).isEqualTo(DimensionPolicy.BOTH);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DimensionPolicy.ofName("Fleet"))
        .withMessage("dimension policy 'Fleet' is not known: use one of fleet, instance, both");
  }
}
