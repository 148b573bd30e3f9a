package io.inframetrics.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesTest {

  private static final MetricType TYPE = MetricType.DISK_USAGE;

  @Test
  void sortsDimensionsByName() {
    Series series = Series.of(TYPE, "i-1", Map.of("b", "2", "a", "1", "c", "3"));

    assertThat(series.id()).isEqualTo("disk_usage#i-1#a=1,b=2,c=3");
    assertThat(series).isEqualTo(Series.of(TYPE, "i-1", Map.of("c", "3", "b", "2", "a", "1")));
  }

  @Test
  void hasAnIdWithoutDimensions() {
    assertThat(Series.of(TYPE, "i-1").id()).isEqualTo("disk_usage#i-1");
    assertThat(Series.of(TYPE, "i-1")).isEqualTo(Series.of(TYPE, "i-1", Map.of()));
  }

  @Test
  void neverSharesAnIdWithAnotherSeries() {
    List<Series> series =
        List.of(
            Series.of(TYPE, "a#b=c"),
            Series.of(TYPE, "a", Map.of("b", "c")),
            Series.of(TYPE, "a%23b=c"),
            Series.of(TYPE, "a", Map.of("b", "c,d=e")),
            Series.of(TYPE, "a", Map.of("b", "c", "d", "e")),
            Series.of(TYPE, "a", Map.of("b=c", "d")),
            Series.of(TYPE, "a", Map.of("b", "=c")),
            Series.of(TYPE, "a b+ü", Map.of("+", "%2B")));

    Set<String> ids = new HashSet<>();
    for (Series each : series) {
      assertThat(ids.add(each.id())).as(each.id()).isTrue();
      Series back = SeriesId.parse(each.id());
      assertThat(back).isEqualTo(each);
      assertThat(back.instanceId()).isEqualTo(each.instanceId());
      assertThat(back.dimensions()).isEqualTo(each.dimensions());
    }
  }

  @Test
  void doesNotSeeLaterChangesOfItsDimensions() {
    Map<String, String> dimensions = new HashMap<>(Map.of("device", "/"));
    Series series = Series.of(TYPE, "i-1", dimensions);

    dimensions.put("device", "/home");

    assertThat(series.dimensions()).containsExactly(Map.entry("device", "/"));
    assertThatThrownBy(() -> series.dimensions().put("x", "y"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\nb", "a\u0000"})
  void refusesNamesThatNoStoreCanHold(String name) {
    assertThatThrownBy(() -> Series.of(TYPE, name)).hasMessageContaining("instance id '" + name);
    assertThatThrownBy(() -> Series.of(TYPE, "i", Map.of(name, "v")))
        .hasMessageContaining("dimension name '" + name);
    assertThatThrownBy(() -> Series.of(TYPE, "i", Map.of("k", name)))
        .hasMessageContaining("value of dimension 'k' '" + name);
  }

  @Test
  void takesNamesOfTheLongestLengthAndRefusesOneMore() {
    Series.of(TYPE, "x".repeat(Series.MAX_NAME_LENGTH));

    assertThatThrownBy(() -> Series.of(TYPE, "x".repeat(Series.MAX_NAME_LENGTH + 1)))
        .hasMessageContaining("use 1 to 255 characters");
  }

  @Test
  void takesAsManyDimensionsAsTheLimitAndRefusesOneMore() {
    Series.of(TYPE, "i", dimensions(Series.MAX_DIMENSIONS));

    assertThatThrownBy(() -> Series.of(TYPE, "i", dimensions(Series.MAX_DIMENSIONS + 1)))
        .hasMessageContaining("has 30 dimensions: use at most 29");
  }

  @Test
  void takesAnIdOfTheLongestLengthAndRefusesOneByteMore() {
    // disk_usage#i#a=..., seven values of 255 less what the separators take
    Map<String, String> dimensions = new HashMap<>();
    for (char name = 'a'; name < 'a' + 7; name++) {
      dimensions.put(String.valueOf(name), "v".repeat(255));
    }
    int rest = Series.MAX_ID_BYTES - Series.of(TYPE, "i", dimensions).id().length();
    dimensions.put("h", "v".repeat(rest - ",h=".length()));

    assertThat(Series.of(TYPE, "i", dimensions).id()).hasSize(Series.MAX_ID_BYTES);
    assertThatThrownBy(() -> Series.of(TYPE, "ii", dimensions))
        .hasMessageContaining("has 1921 bytes");
    assertThatThrownBy(() -> Series.of(TYPE, "ü", dimensions))
        .hasMessageContaining("has 1921 bytes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "all", "CPU", "1a", "a-b", "_a"})
  void refusesMetricTypesOutsideTheAlphabet(String name) {
    assertThat(MetricType.isValid(name)).isFalse();
    assertThatThrownBy(() -> new MetricType(name)).hasMessageContaining("'" + name + "'");
  }

  @Test
  void takesAMetricTypeOfTheLongestLengthAndRefusesOneMore() {
    assertThat(new MetricType("a".repeat(64)).name()).hasSize(64);
    assertThat(MetricType.isValid("a".repeat(65))).isFalse();
  }

  @Test
  void cutsTimesToWholeSeconds() {
    Instant instant = Instant.parse("2026-02-19T11:27:43.987Z");
    CollectionRun run = new CollectionRun("r", instant);
    Metric metric =
        new Metric(Series.of(TYPE, "i-1"), instant, 1, MetricUnit.PERCENT, "local", run);

    assertThat(run.observedAt()).isEqualTo(Instant.parse("2026-02-19T11:27:43Z"));
    assertThat(metric.timestamp()).isEqualTo(run.observedAt());
    assertThat(metric.id()).isEqualTo("disk_usage#i-1#1771500463");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void isNeverBuiltOfAValueThatIsNoNumber(double value) {
    CollectionRun run = new CollectionRun("r", Instant.EPOCH);

    assertThatThrownBy(
            () ->
                new Metric(
                    Series.of(TYPE, "i-1"), Instant.EPOCH, value, MetricUnit.PERCENT, "local", run))
        .hasMessageContaining(String.valueOf(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a\nb", "rün"})
  void refusesRunIdsThatAreNotPrintable(String runId) {
    assertThatThrownBy(() -> new CollectionRun(runId, Instant.EPOCH))
        .hasMessageContaining("run id '" + runId);
  }

  @Test
  void knowsEveryUnitByItsWireName() {
    for (MetricUnit unit : MetricUnit.values()) {
      assertThat(MetricUnit.ofWireName(unit.wireName())).contains(unit);
    }
    assertThat(MetricUnit.ofWireName("percent")).isEmpty();
  }

  private static Map<String, String> dimensions(int count) {
    Map<String, String> dimensions = new HashMap<>();
    for (int i = 0; i < count; i++) {
      dimensions.put("d" + i, "v");
    }
    return dimensions;
  }
}
