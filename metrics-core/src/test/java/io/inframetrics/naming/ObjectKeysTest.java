package io.inframetrics.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.naming.ObjectKeys.RawFile;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectKeysTest {

  private static final CollectionRun RUN =
      new CollectionRun("run-1", Instant.parse("2026-02-19T11:27:43.999Z"));
  private static final String KEY =
      "raw-metrics/2026/02/19/metrics-cpu_utilization-1771500463.json";

  private final ObjectKeys dated = new DatedObjectKeys();
  private final ObjectKeys hive = new HiveObjectKeys();

  @Test
  void datesAFileByItsRunInUtc() {
    assertThat(dated.key(MetricType.CPU_UTILIZATION, RUN)).isEqualTo(KEY);
    assertThat(
            dated.key(
                MetricType.DISK_USAGE,
                new CollectionRun("r", Instant.parse("2026-12-31T23:59:59Z"))))
        .isEqualTo("raw-metrics/2026/12/31/metrics-disk_usage-1798761599.json");
  }

  @Test
  void marksTheFileOfAnotherRunWithTheHashOfItsId() {
    // printf run-1 | sha256sum
    assertThat(dated.candidates(MetricType.CPU_UTILIZATION, RUN))
        .containsExactly(
            KEY, "raw-metrics/2026/02/19/metrics-cpu_utilization-1771500463-4e65d3fb.json");
  }

  @Test
  void namesAReplayedFileAfterItsContent() {
    assertThat(dated.replayed(KEY, "0123456789abcdef"))
        .isEqualTo("raw-metrics/2026/02/19/metrics-cpu_utilization-1771500463-r01234567.json");
  }

  @Test
  void readsItsOwnKeysBack() {
    RawFile file = new RawFile(MetricType.CPU_UTILIZATION, RUN.observedAt());

    for (ObjectKeys keys : List.of(dated, hive)) {
      String key = keys.key(MetricType.CPU_UTILIZATION, RUN);
      assertThat(keys.parse(key)).contains(file);
      assertThat(keys.parse(keys.candidates(MetricType.CPU_UTILIZATION, RUN).get(1)))
          .contains(file);
      assertThat(keys.parse(keys.replayed(key, "0123456789abcdef"))).contains(file);
      assertThat(keys.parse(keys.replayed(keys.replayed(key, "0123456789"), "abcdef0123")))
          .contains(file);
      assertThat(keys.dayPrefixes(LocalDate.of(2026, 2, 19), List.of(MetricType.CPU_UTILIZATION)))
          .allMatch(key::startsWith);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "raw-metrics/x.json",
        "raw-metrics/2026/02/18/metrics-cpu_utilization-1771500463.json",
        "raw-metrics/2026/2/19/metrics-cpu_utilization-1771500463.json",
        "raw-metrics/2026/02/19/deeper/metrics-cpu_utilization-1771500463.json",
        "raw-metrics/2026/02/19/metrics-all-1771500463.json",
        "raw-metrics/2026/02/19/metrics-cpu_utilization-1771500463.json.gz",
        "raw-metrics/2026/02/19/metrics-cpu_utilization-1771500463-xyz.json",
        "quarantine/raw-metrics/2026/02/19/metrics-cpu_utilization-1771500463.json"
      })
  void knowsWhatIsNotItsOwn(String key) {
    assertThat(dated.parse(key)).isEmpty();
    assertThat(hive.parse(key)).isEmpty();
  }

  @Test
  void partitionsByTypeAndDayForHive() {
    assertThat(hive.key(MetricType.CPU_UTILIZATION, RUN))
        .isEqualTo(
            "raw-metrics/metric_type=cpu_utilization/dt=2026-02-19/metrics-cpu_utilization-1771500463.json");
    assertThat(hive.dayPrefixes(LocalDate.of(2026, 2, 19), MetricType.builtIn())).hasSize(4);
  }

  @Test
  void keepsRefusedLinesAndReasonsBesideOneAnother() {
    String lines = QuarantineKeys.lines(KEY);

    assertThat(lines).isEqualTo("quarantine/" + KEY);
    assertThat(QuarantineKeys.reasons(KEY)).isEqualTo("quarantine/" + KEY + ".reasons.json");
    assertThat(QuarantineKeys.isWaiting(lines)).isTrue();
    assertThat(QuarantineKeys.rawKey(lines)).isEqualTo(KEY);
    assertThat(QuarantineKeys.replayed(lines)).isEqualTo("quarantine/replayed/" + KEY);
    assertThat(QuarantineKeys.isWaiting(QuarantineKeys.reasons(KEY))).isFalse();
    assertThat(QuarantineKeys.isWaiting(QuarantineKeys.replayed(lines))).isFalse();
    assertThatThrownBy(() -> QuarantineKeys.rawKey(KEY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(KEY);
  }
}
