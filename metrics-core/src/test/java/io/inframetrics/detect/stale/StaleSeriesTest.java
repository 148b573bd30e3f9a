package io.inframetrics.detect.stale;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.Histories;
import io.inframetrics.detect.SeriesHistory;
import io.inframetrics.detect.Severity;
import io.inframetrics.detect.stale.StaleSeries.Rhythm;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StaleSeriesTest {

  @Test
  void tellsSinceWhenASeriesIsSilent() {
    Rhythm rhythm = rhythm(LongStream.rangeClosed(0, 36).map(i -> 300 * i));
    Instant last = Histories.START.plusSeconds(300 * 36);

    assertThat(StaleSeries.finding(rhythm, last.plus(Duration.ofHours(3))))
        .contains(
            new Finding(
                Histories.cpu().series(),
                MetricUnit.PERCENT,
                "stale",
                Severity.WARNING,
                last,
                last,
                true,
                50,
                11,
                "silent since 2026-02-01 03:00 UTC: usually reports every 5 minutes, 36"
                    + " points are missing",
                null));
  }

  @Test
  void waitsForThreeUsualGaps() {
    Rhythm rhythm = rhythm(LongStream.rangeClosed(0, 8).map(i -> 10_800 * i));
    Instant last = Histories.START.plusSeconds(8 * 10_800);

    assertThat(StaleSeries.finding(rhythm, last.plus(Duration.ofHours(9)))).isEmpty();
    assertThat(StaleSeries.finding(rhythm, last.plus(Duration.ofHours(9)).plusSeconds(1)))
        .map(Finding::reason)
        .contains(
            "silent since 2026-02-02 00:00 UTC: usually reports every 3 hours, 3 points are missing");
  }

  @Test
  void waitsAsLongAsTheSeriesWasSilentTwice() {
    // Every minute, but twice half an hour of nothing, and once a whole day.
    List<Long> times = new ArrayList<>();
    long at = 0;
    for (int i = 0; i < 200; i++) {
      at += i == 50 || i == 100 ? 1_800 : i == 150 ? 86_400 : 60;
      times.add(at);
    }
    Rhythm rhythm = rhythm(times.stream().mapToLong(Long::longValue));

    assertThat(rhythm.interval()).isEqualTo(60);
    assertThat(rhythm.longestSilence()).isEqualTo(1_800);
  }

  @Test
  void expectsNothingOfASeriesThatWasNeverRegular() {
    Random random = new Random(1);
    long[] times = new long[100];
    for (int i = 1; i < times.length; i++) {
      times[i] = times[i - 1] + 1 + (long) (-3_600 * Math.log(1 - random.nextDouble()));
    }

    assertThat(StaleSeries.rhythm(history(LongStream.of(times)))).isEmpty();
  }

  @Test
  void expectsNothingAfterFewPoints() {
    assertThat(StaleSeries.rhythm(history(LongStream.empty()))).isEmpty();
    assertThat(StaleSeries.rhythm(history(LongStream.range(0, 8)))).isEmpty();
    assertThat(StaleSeries.rhythm(history(LongStream.range(0, 9)))).isPresent();
  }

  private static Rhythm rhythm(LongStream seconds) {
    return StaleSeries.rhythm(history(seconds)).orElseThrow();
  }

  private static SeriesHistory history(LongStream seconds) {
    return new SeriesHistory(
        Histories.cpu().series(),
        MetricUnit.PERCENT,
        seconds
            .mapToObj(second -> new Point(Histories.START.getEpochSecond() + second, 50))
            .toList());
  }
}
