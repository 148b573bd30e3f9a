package io.inframetrics.pipeline.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.Severity;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.analysis.AnalysisMemory.ClosedFinding;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.State;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.TrackedFinding;
import io.inframetrics.sink.RunLedger.OpenFinding;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnalysisMemoryTest {

  private static final Series SERIES = Series.of(MetricType.CPU_UTILIZATION, "i-1");
  private static final String ID = SERIES.id();

  /** Minutes of one hour; the window starts at minute 30. */
  private static final Instant HOUR = Instant.parse("2026-02-19T12:00:00Z");

  @Test
  void tellsWhatIsNewAndRemembersIt() {
    AnalysisMemory memory = memory();

    assertThat(memory.track(SERIES, List.of(ongoing(10, 59))))
        .containsExactly(new TrackedFinding(State.NEW, ongoing(10, 59)));
    assertThat(after(memory)).containsExactly(open("threshold", 10));
  }

  @Test
  void tellsWhatIsStillGoingOnSinceItsFirstStart() {
    AnalysisMemory memory = memory(open("threshold", 5));

    assertThat(memory.track(SERIES, List.of(ongoing(10, 59))))
        .containsExactly(new TrackedFinding(State.STILL, ongoing(5, 59)));
    assertThat(after(memory)).containsExactly(open("threshold", 5));
  }

  @Test
  void tellsWhatEndedSinceAndRemembersItWhileItIsInTheWindow() {
    AnalysisMemory memory = memory(open("threshold", 10));

    assertThat(memory.track(SERIES, List.of(over(10, 30)))).isEmpty();
    assertThat(after(memory)).containsExactly(open("threshold-over", 10));
    assertThat(memory.closed())
        .containsExactly(new ClosedFinding(open("threshold", 10), minute(30), false));
  }

  @Test
  void forgetsWhatEndedBeforeTheWindow() {
    AnalysisMemory memory = memory(open("threshold", 10));

    assertThat(memory.track(SERIES, List.of(over(10, 29)))).isEmpty();
    assertThat(after(memory)).isEmpty();
    assertThat(memory.closed()).hasSize(1);
  }

  @Test
  void doesNotTellAgainWhatIsOver() {
    AnalysisMemory memory = memory(open("threshold-over", 10));

    assertThat(memory.track(SERIES, List.of(over(10, 40)))).isEmpty();
    assertThat(after(memory)).containsExactly(open("threshold-over", 10));
    assertThat(memory.closed()).isEmpty();
  }

  @Test
  void doesNotTellWhatEndedLongAgo() {
    AnalysisMemory memory = memory();

    assertThat(memory.track(SERIES, List.of(over(10, 29)))).isEmpty();
    assertThat(after(memory)).isEmpty();
  }

  @Test
  void tellsANewEpisodeBesideAnOldOne() {
    AnalysisMemory memory = memory(open("threshold", 10));

    assertThat(memory.track(SERIES, List.of(over(10, 40), ongoing(50, 59))))
        .containsExactly(new TrackedFinding(State.NEW, ongoing(50, 59)));
    assertThat(after(memory)).containsExactly(open("threshold", 50), open("threshold-over", 10));
  }

  @Test
  void doesNotTakeANewEpisodeForAnOldOneThatIsNoLongerSeen() {
    AnalysisMemory memory = memory(open("threshold-over", 10));

    assertThat(memory.track(SERIES, List.of(over(40, 45))))
        .containsExactly(new TrackedFinding(State.NEW, over(40, 45)));
    assertThat(after(memory)).containsExactly(open("threshold-over", 40));
    assertThat(memory.closed()).isEmpty();
  }

  @Test
  void doesNotTellAgainWhatIsOverWhenARunComesBeforeItsTime() {
    AnalysisMemory memory = memory(open("threshold-over", 40));

    assertThat(memory.track(SERIES, List.of(over(40, 45)))).isEmpty();
    assertThat(after(memory)).containsExactly(open("threshold-over", 40));
  }

  @Test
  void joinsWhatWasToldAsTwoEpisodes() {
    AnalysisMemory memory = memory(open("threshold", 10), open("threshold", 20));

    assertThat(memory.track(SERIES, List.of(ongoing(10, 59))))
        .containsExactly(new TrackedFinding(State.STILL, ongoing(10, 59)));
    assertThat(after(memory)).containsExactly(open("threshold", 10));
    assertThat(memory.closed()).isEmpty();
  }

  @Test
  void tellsDetectorsApart() {
    AnalysisMemory memory = memory(open("anomaly", 10));

    assertThat(memory.track(SERIES, List.of(ongoing(10, 59))))
        .extracting(TrackedFinding::state)
        .containsExactly(State.NEW);
    memory.finish(Set.of(), Set.of());
    assertThat(memory.closed())
        .containsExactly(new ClosedFinding(open("anomaly", 10), null, false));
  }

  @Test
  void closesWhatASeriesThatIsGoneLeft() {
    AnalysisMemory memory = memory(open("threshold", 10), open("threshold-over", 1));

    memory.finish(Set.of(MetricType.CPU_UTILIZATION), Set.of());

    assertThat(memory.after()).isEmpty();
    assertThat(memory.closed())
        .containsExactly(new ClosedFinding(open("threshold", 10), null, false));
  }

  @Test
  void keepsWhatWasNotLookedAt() {
    AnalysisMemory unread = memory(open("threshold", 10));
    unread.finish(Set.of(MetricType.CPU_UTILIZATION), Set.of(ID));
    AnalysisMemory unlisted = memory(open("threshold", 10));
    unlisted.finish(Set.of(MetricType.DISK_USAGE), Set.of());

    assertThat(unread.after()).containsExactly(open("threshold", 10));
    assertThat(unlisted.after()).containsExactly(open("threshold", 10));
    assertThat(unread.closed()).isEmpty();
    assertThat(unlisted.closed()).isEmpty();
  }

  @Test
  void keepsWhatItDoesNotUnderstand() {
    OpenFinding strange = new OpenFinding("no series", "threshold", HOUR);
    AnalysisMemory memory = memory(strange);

    memory.finish(Set.of(MetricType.CPU_UTILIZATION), Set.of());

    assertThat(memory.after()).containsExactly(strange);
  }

  @Test
  void recognisesWhatKeepsItsStartByIt() {
    OpenFinding first = open("threshold", 40);
    AnalysisMemory exact = new AnalysisMemory(List.of(first), id -> minute(30), Duration.ZERO);
    assertThat(exact.track(SERIES, List.of(ongoing(41, 59))))
        .extracting(TrackedFinding::state)
        .containsExactly(State.NEW);
    exact.finish(Set.of(), Set.of());
    assertThat(exact.closed()).containsExactly(new ClosedFinding(first, null, false));

    AnalysisMemory near =
        new AnalysisMemory(List.of(first), id -> minute(30), Duration.ofMinutes(1));
    assertThat(near.track(SERIES, List.of(ongoing(41, 59))))
        .containsExactly(new TrackedFinding(State.STILL, ongoing(40, 59)));
  }

  @Test
  void tellsTwoThatGoOnAtOnceApartByTheirStarts() {
    AnalysisMemory memory =
        new AnalysisMemory(
            List.of(open("threshold", 10), open("threshold", 40)), id -> minute(30), Duration.ZERO);

    assertThat(memory.track(SERIES, List.of(ongoing(10, 59), ongoing(40, 59))))
        .extracting(TrackedFinding::state)
        .containsExactly(State.STILL, State.STILL);
  }

  private static AnalysisMemory memory(OpenFinding... remembered) {
    return new AnalysisMemory(List.of(remembered), id -> minute(30));
  }

  private static List<OpenFinding> after(AnalysisMemory memory) {
    memory.finish(Set.of(MetricType.CPU_UTILIZATION), Set.of());
    return memory.after();
  }

  private static OpenFinding open(String detector, int minute) {
    return new OpenFinding(ID, detector, minute(minute));
  }

  private static Finding ongoing(int start, int latest) {
    return finding(start, latest, true);
  }

  private static Finding over(int start, int latest) {
    return finding(start, latest, false);
  }

  private static Finding finding(int start, int latest, boolean ongoing) {
    return new Finding(
        SERIES,
        MetricUnit.PERCENT,
        "threshold",
        Severity.WARNING,
        minute(start),
        minute(latest),
        ongoing,
        90,
        0.1,
        "90 % is above the limit 80 %",
        null);
  }

  private static Instant minute(int minute) {
    return HOUR.plusSeconds(60L * minute);
  }
}
