package io.inframetrics.pipeline.analysis;

import static io.inframetrics.metric.MetricType.CPU_UTILIZATION;
import static io.inframetrics.metric.MetricType.DISK_USAGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.sink.AnalysisMark;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnalyzedUntilTest {

  private static final Instant NOON = Instant.parse("2026-02-19T12:00:00Z");
  private static final Duration WINDOW = Duration.ofHours(3);

  @Test
  void beginsAWindowAgoWhereNobodyLookedYet() {
    AnalyzedUntil looks = looks();

    assertThat(looks.newsSince("disk_usage#i-1")).isEqualTo(hour(9));
    assertThat(looks.newsSince()).isEqualTo(hour(9));
  }

  @Test
  void beginsAtTheLastLookIfThatIsEarlier() {
    AnalyzedUntil looks = looks(mark("disk_usage#i-1", 4), mark("cpu_utilization#i-1", 11));

    assertThat(looks.newsSince("disk_usage#i-1")).isEqualTo(hour(4));
    assertThat(looks.newsSince("cpu_utilization#i-1")).isEqualTo(hour(9));
    assertThat(looks.newsSince("memory_usage#i-1")).isEqualTo(hour(9));
    assertThat(looks.newsSince()).isEqualTo(hour(4));
  }

  @Test
  void takesTheMarkAtOrBeforeASeriesAndTheFirstOfItsTypeForOneBeforeAll() {
    AnalyzedUntil looks =
        looks(mark("disk_usage#i-3", 4), mark("disk_usage#i-5", 6), mark("cpu_utilization#x", 1));

    assertThat(looks.newsSince("disk_usage#i-0")).isEqualTo(hour(4));
    assertThat(looks.newsSince("disk_usage#i-4")).isEqualTo(hour(4));
    assertThat(looks.newsSince("disk_usage#i-5")).isEqualTo(hour(6));
    assertThat(looks.newsSince("disk_usage#i-9")).isEqualTo(hour(6));
  }

  @Test
  void needsOneMarkForATypeThatWasReadWhole() {
    AnalyzedUntil looks = looks(mark("disk_usage#i-1", 4), mark("disk_usage#i-2", 6));

    assertThat(
            looks.after(Set.of(DISK_USAGE), Set.of("disk_usage#i-2", "disk_usage#i-1"), Set.of()))
        .containsExactly(mark("disk_usage#i-1", 12));
  }

  @Test
  void keepsTheMarkOfWhatWasSkipped() {
    AnalyzedUntil looks = looks(mark("disk_usage#i-1", 4));

    assertThat(
            looks.after(
                Set.of(DISK_USAGE),
                Set.of("disk_usage#i-1", "disk_usage#i-4"),
                Set.of("disk_usage#i-2", "disk_usage#i-3")))
        .containsExactly(
            mark("disk_usage#i-1", 12), mark("disk_usage#i-2", 4), mark("disk_usage#i-4", 12));
  }

  @Test
  void keepsTheMarksOfATypeThatWasNotListedAndForgetsThoseOfOneThatIsGone() {
    AnalyzedUntil looks = looks(mark("disk_usage#i-1", 4), mark("cpu_utilization#i-1", 5));

    assertThat(looks.after(Set.of(CPU_UTILIZATION), Set.of(), Set.of()))
        .containsExactly(mark("disk_usage#i-1", 4));
  }

  @Test
  void passesOverFindings() {
    AnalyzedUntil looks = looks(AnalysisMark.open("disk_usage#i-1", "threshold", hour(2)));

    assertThat(looks.newsSince("disk_usage#i-1")).isEqualTo(hour(9));
    assertThat(looks.after(Set.of(), Set.of(), Set.of())).isEmpty();
  }

  private static AnalyzedUntil looks(AnalysisMark... remembered) {
    return new AnalyzedUntil(List.of(remembered), NOON, WINDOW);
  }

  private static AnalysisMark mark(String seriesId, int hour) {
    return AnalysisMark.analyzedUntil(seriesId, hour(hour));
  }

  private static Instant hour(int hour) {
    return Instant.parse("2026-02-19T00:00:00Z").plus(Duration.ofHours(hour));
  }
}
