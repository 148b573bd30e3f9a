package io.inframetrics.pipeline.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.Severity;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.State;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.TrackedFinding;
import io.inframetrics.pipeline.analysis.FindingsAcrossRuns.ClosedFinding;
import io.inframetrics.sink.AnalysisMark;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FindingsAcrossRunsTest {

  private static final Series SERIES = Series.of(MetricType.CPU_UTILIZATION, "i-1");
  private static final String ID = SERIES.id();

  /** Minutes of one hour; the window starts at minute 30. */
  private static final Instant HOUR = Instant.parse("2026-02-19T12:00:00Z");

  @Test
  void tellsWhatIsNewAndRemembersIt() {
    FindingsAcrossRuns memory = memory();

    assertThat(track(memory, ongoing(10, 59)))
        .containsExactly(new TrackedFinding(State.NEW, ongoing(10, 59), List.of()));
    assertThat(after(memory)).containsExactly(open("threshold", 10));
  }

  @Test
  void tellsWhatIsStillGoingOnSinceItsFirstStart() {
    FindingsAcrossRuns memory = memory(open("threshold", 5));

    assertThat(track(memory, ongoing(10, 59)))
        .containsExactly(new TrackedFinding(State.STILL, ongoing(5, 59), List.of()));
    assertThat(after(memory)).containsExactly(open("threshold", 5));
  }

  @Test
  void tellsWhatEndedSinceAndRemembersItWhileItIsInTheWindow() {
    FindingsAcrossRuns memory = memory(open("threshold", 10));

    assertThat(track(memory, over(10, 30))).isEmpty();
    assertThat(after(memory)).containsExactly(closed(10));
    assertThat(memory.closed())
        .containsExactly(new ClosedFinding(open("threshold", 10), minute(30), false));
  }

  @Test
  void forgetsWhatEndedBeforeTheWindow() {
    FindingsAcrossRuns memory = memory(open("threshold", 10));

    assertThat(track(memory, over(10, 29))).isEmpty();
    assertThat(after(memory)).isEmpty();
    assertThat(memory.closed()).hasSize(1);
  }

  @Test
  void doesNotTellAgainWhatIsOver() {
    FindingsAcrossRuns memory = memory(closed(10));

    assertThat(track(memory, over(10, 40))).isEmpty();
    assertThat(after(memory)).containsExactly(closed(10));
    assertThat(memory.closed()).isEmpty();
  }

  @Test
  void doesNotTellWhatEndedLongAgo() {
    FindingsAcrossRuns memory = memory();

    assertThat(track(memory, over(10, 29))).isEmpty();
    assertThat(after(memory)).isEmpty();
  }

  @Test
  void tellsANewEpisodeBesideAnOldOne() {
    FindingsAcrossRuns memory = memory(open("threshold", 10));

    assertThat(track(memory, over(10, 40), ongoing(50, 59)))
        .containsExactly(new TrackedFinding(State.NEW, ongoing(50, 59), List.of()));
    assertThat(after(memory)).containsExactly(open("threshold", 50), closed(10));
  }

  @Test
  void doesNotTakeANewEpisodeForAnOldOneThatIsNoLongerSeen() {
    FindingsAcrossRuns memory = memory(closed(10));

    assertThat(track(memory, over(40, 45)))
        .containsExactly(new TrackedFinding(State.NEW, over(40, 45), List.of()));
    assertThat(after(memory)).containsExactly(closed(40));
    assertThat(memory.closed()).isEmpty();
  }

  @Test
  void doesNotTellAgainWhatIsOverWhenARunComesBeforeItsTime() {
    FindingsAcrossRuns memory = memory(closed(40));

    assertThat(track(memory, over(40, 45))).isEmpty();
    assertThat(after(memory)).containsExactly(closed(40));
  }

  @Test
  void joinsWhatWasToldAsTwoEpisodes() {
    FindingsAcrossRuns memory = memory(open("threshold", 10), open("threshold", 20));

    assertThat(track(memory, ongoing(10, 59)))
        .containsExactly(new TrackedFinding(State.STILL, ongoing(10, 59), List.of()));
    assertThat(after(memory)).containsExactly(open("threshold", 10));
    assertThat(memory.closed()).isEmpty();
  }

  @Test
  void tellsDetectorsApart() {
    FindingsAcrossRuns memory = memory(open("anomaly", 10));

    assertThat(track(memory, ongoing(10, 59)))
        .extracting(TrackedFinding::state)
        .containsExactly(State.NEW);
    memory.finish(Set.of(), Set.of());
    assertThat(memory.closed())
        .containsExactly(new ClosedFinding(open("anomaly", 10), null, false));
  }

  @Test
  void closesWhatASeriesThatIsGoneLeft() {
    FindingsAcrossRuns memory = memory(open("threshold", 10), closed(1));

    memory.finish(Set.of(MetricType.CPU_UTILIZATION), Set.of());

    assertThat(memory.after()).isEmpty();
    assertThat(memory.closed())
        .containsExactly(new ClosedFinding(open("threshold", 10), null, false));
  }

  @Test
  void keepsWhatWasNotLookedAt() {
    FindingsAcrossRuns unread = memory(open("threshold", 10));
    unread.finish(Set.of(MetricType.CPU_UTILIZATION), Set.of(ID));
    FindingsAcrossRuns unlisted = memory(open("threshold", 10));
    unlisted.finish(Set.of(MetricType.DISK_USAGE), Set.of());

    assertThat(unread.after()).containsExactly(open("threshold", 10));
    assertThat(unlisted.after()).containsExactly(open("threshold", 10));
    assertThat(unread.closed()).isEmpty();
    assertThat(unlisted.closed()).isEmpty();
  }

  @Test
  void keepsWhatItDoesNotUnderstand() {
    AnalysisMark strange = AnalysisMark.open("no series", "threshold", HOUR);
    FindingsAcrossRuns memory = memory(strange);

    memory.finish(Set.of(MetricType.CPU_UTILIZATION), Set.of());

    assertThat(memory.after()).containsExactly(strange);
  }

  @Test
  void recognisesWhatKeepsItsStartByIt() {
    AnalysisMark first = open("threshold", 40);
    FindingsAcrossRuns exact =
        new FindingsAcrossRuns(List.of(first), id -> minute(30), Duration.ZERO);
    assertThat(track(exact, ongoing(41, 59)))
        .extracting(TrackedFinding::state)
        .containsExactly(State.NEW);
    exact.finish(Set.of(), Set.of());
    assertThat(exact.closed()).containsExactly(new ClosedFinding(first, null, false));

    FindingsAcrossRuns near =
        new FindingsAcrossRuns(List.of(first), id -> minute(30), Duration.ofMinutes(1));
    assertThat(track(near, ongoing(41, 59)))
        .containsExactly(new TrackedFinding(State.STILL, ongoing(40, 59), List.of()));
  }

  @Test
  void tellsTwoThatGoOnAtOnceApartByTheirStarts() {
    FindingsAcrossRuns memory =
        new FindingsAcrossRuns(
            List.of(open("threshold", 10), open("threshold", 40)), id -> minute(30), Duration.ZERO);

    assertThat(track(memory, ongoing(10, 59), ongoing(40, 59)))
        .extracting(TrackedFinding::state)
        .containsExactly(State.STILL, State.STILL);
  }

  private static FindingsAcrossRuns memory(AnalysisMark... remembered) {
    return new FindingsAcrossRuns(List.of(remembered), id -> minute(30));
  }

  private static List<AnalysisMark> after(FindingsAcrossRuns memory) {
    memory.finish(Set.of(MetricType.CPU_UTILIZATION), Set.of());
    return memory.after();
  }

  private static List<TrackedFinding> track(FindingsAcrossRuns memory, Finding... episodes) {
    return memory.track(SERIES, Stream.of(episodes).map(TrackedFinding::new).toList());
  }

  private static AnalysisMark open(String detector, int minute) {
    return AnalysisMark.open(ID, detector, minute(minute));
  }

  private static AnalysisMark closed(int minute) {
    return AnalysisMark.over(ID, "threshold", minute(minute));
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
        "90 % is above the threshold of 80 %",
        null);
  }

  private static Instant minute(int minute) {
    return HOUR.plusSeconds(60L * minute);
  }
}
