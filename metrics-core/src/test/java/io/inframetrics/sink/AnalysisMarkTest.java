package io.inframetrics.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnalysisMarkTest {

  private static final String ID = "cpu_utilization#i-1";
  private static final Instant NOON = Instant.parse("2026-02-19T12:00:00Z");

  @Test
  void storesItsKindInTheDetector() {
    assertThat(AnalysisMark.open(ID, "anomaly", NOON).storedDetector()).isEqualTo("anomaly");
    assertThat(AnalysisMark.over(ID, "anomaly", NOON).storedDetector()).isEqualTo("anomaly-over");
    assertThat(AnalysisMark.analyzedUntil(ID, NOON).storedDetector()).isEqualTo("looked-at");
  }

  @ParameterizedTest
  @ValueSource(strings = {"anomaly", "rate-over", "looked-at", "a=", "a-over=", "=", "-over", ""})
  void isTheSameAfterItWasStoredWhateverTheDetectorIsCalled(String detector) {
    List<AnalysisMark> marks =
        List.of(
            AnalysisMark.open(ID, detector, NOON),
            AnalysisMark.over(ID, detector, NOON),
            AnalysisMark.analyzedUntil(ID, NOON));

    assertThat(marks)
        .allSatisfy(
            mark ->
                assertThat(AnalysisMark.stored(mark.seriesId(), mark.storedDetector(), mark.at()))
                    .isEqualTo(mark));
    assertThat(marks).extracting(AnalysisMark::storedDetector).doesNotHaveDuplicates();
  }

  @Test
  void isSortedBySeriesThenByWhatIsStoredThenByTime() {
    List<AnalysisMark> sorted =
        List.of(
            AnalysisMark.open(ID, "anomaly", NOON),
            AnalysisMark.over(ID, "anomaly", NOON.minusSeconds(1)),
            AnalysisMark.over(ID, "anomaly", NOON),
            AnalysisMark.analyzedUntil(ID, NOON),
            AnalysisMark.open(ID, "stale", NOON),
            AnalysisMark.open("disk_usage#i-1", "anomaly", NOON));

    assertThat(Stream.of(5, 3, 1, 0, 4, 2).map(sorted::get).sorted(AnalysisMark.ORDER))
        .isEqualTo(sorted);
  }
}
