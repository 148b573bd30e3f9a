package io.inframetrics.pipeline.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.detect.Finding;
import io.inframetrics.pipeline.analysis.IncidentsThroughAnalysisTest.Runs;
import io.inframetrics.pipeline.analysis.StudiedSeries.Job;
import io.inframetrics.pipeline.analysis.StudiedSeries.Run;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.memory.InMemoryRunLedger;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs that run again and again, in forty days of a series, as one run of the analysis sees it. */
class JobsThroughAnalysisTest {

  private static final int DAYS = 40;
  private static final int WATCHED_DAYS = 10;
  private static final int FIVE_MINUTES = 300;
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @EnumSource(Job.class)
  void saysNothingOfAJobThatRunsAsItDoes(Job job) {
    assertThat(findings(series(FIVE_MINUTES, job))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"60, HOURLY", "60, NIGHTLY", "60, WEEKLY", "10800, NIGHTLY", "10800, WEEKLY"})
  void saysNothingOfItAtOtherSpacings(int step, Job job) {
    assertThat(findings(series(step, job))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Job.class,
      names = {"NONE", "HOURLY"},
      mode = EnumSource.Mode.EXCLUDE)
  void reportsARunThatDoesNotCome(Job job) {
    StudiedSeries series = series(FIVE_MINUTES, job);
    Run missing = late(series);
    series.add(missing, -1);

    assertThat(findings(series))
        .filteredOn(finding -> finding.detector().equals("schedule"))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.start())
                  .isBetween(at(missing.start() - 900), at(missing.start() + 900));
              assertThat(finding.reason())
                  .matches(
                      "the job of \\w+ \\d\\d:\\d\\d UTC did not run; its last \\d+ runs reached"
                          + " 7\\d.* to 7\\d.* % for .* minutes");
            });
  }

  @ParameterizedTest
  @EnumSource(
      value = Job.class,
      names = {"NONE", "HOURLY"},
      mode = EnumSource.Mode.EXCLUDE)
  void reportsARunThatTakesTwiceAsLong(Job job) {
    StudiedSeries series = series(FIVE_MINUTES, job);
    Run run = late(series);
    series.add(new Run(run.end(), 2 * run.end() - run.start()), 1);

    assertThat(findings(series))
        .singleElement()
        .returns("schedule", Finding::detector)
        .satisfies(
            finding ->
                assertThat(finding.reason())
                    .matches(
                        "the job of \\w+ \\d\\d:\\d\\d UTC ran for .*; the \\d+ runs before took"
                            + " .* minutes"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Job.class,
      names = {"NONE", "HOURLY"},
      mode = EnumSource.Mode.EXCLUDE)
  void reportsARunAtTwiceItsLevel(Job job) {
    StudiedSeries series = series(FIVE_MINUTES, job);
    series.add(late(series), 1);

    assertThat(findings(series))
        .singleElement()
        .returns("schedule", Finding::detector)
        .satisfies(finding -> assertThat(finding.reason()).contains("reached 14"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Job.class,
      names = {"NONE", "HOURLY"},
      mode = EnumSource.Mode.EXCLUDE)
  void reportsASpikeBesideAJob(Job job) {
    StudiedSeries series = series(FIVE_MINUTES, job);
    int from = series.index(late(series).start() - 4 * 3_600 - 1_000);
    series.change(from, 3, value -> value + 20);

    assertThat(findings(series))
        .singleElement()
        .returns("anomaly", Finding::detector)
        .returns(at(series.times[from]), Finding::start);
  }

  @Test
  void reportsAWeeklyJobOnAnotherDay() {
    StudiedSeries series = series(FIVE_MINUTES, Job.WEEKLY);
    Run run = late(series);
    series.add(new Run(run.start() + 3 * StudiedSeries.DAY, run.end() + 3 * StudiedSeries.DAY), 1);

    assertThat(findings(series)).singleElement().returns("anomaly", Finding::detector);
  }

  /** Clocks went forward on 31 March 2024: the job runs an hour earlier in UTC. */
  @Test
  void followsTheClocksOfItsZone() {
    long begin = Instant.parse("2024-02-25T00:00:00Z").getEpochSecond();
    StudiedSeries series =
        StudiedSeries.simple(new Random(1), FIVE_MINUTES, DAYS, Job.NIGHTLY, BERLIN, begin);

    assertThat(findings(series, BERLIN, new InMemoryRunLedger())).isEmpty();
    assertThat(findings(series, ZoneOffset.UTC, new InMemoryRunLedger())).isNotEmpty();
  }

  @Test
  void findsTheSameFromWhatItRememberedAndAfterThatIsLostOrDamaged() {
    StudiedSeries series = series(FIVE_MINUTES, Job.WEEKLY);
    Run missing = late(series);
    series.add(missing, -1);
    InMemoryRunLedger ledger = new InMemoryRunLedger();

    List<Finding> first = findings(series, ZoneOffset.UTC, ledger);
    String id = first.get(0).series().id();
    byte[] learned = ledger.learned(List.of(id), Deadlines.never()).get(id);

    assertThat(first).hasSize(1);
    assertThat(learned).hasSizeLessThan(200);
    InMemoryRunLedger remembers = new InMemoryRunLedger();
    remembers.learn(Map.of(id, learned), Deadlines.never());
    Runs later =
        new Runs(series, ZoneOffset.UTC, 24 * WATCHED_DAYS, remembers, 14 * StudiedSeries.DAY);
    assertThat(later.news(newest(series))).isEqualTo(first);
    for (byte[] damaged : List.of(new byte[0], new byte[] {1, 2, 3, 4, 5, 6}, flipped(learned))) {
      InMemoryRunLedger other = new InMemoryRunLedger();
      other.learn(Map.of(id, damaged), Deadlines.never());
      assertThat(findings(series, ZoneOffset.UTC, other)).isEqualTo(first);
    }
  }

  private static byte[] flipped(byte[] bytes) {
    byte[] flipped = bytes.clone();
    flipped[flipped.length / 2] ^= 1;
    return flipped;
  }

  private static StudiedSeries series(int step, Job job) {
    return StudiedSeries.simple(
        new Random(1), step, DAYS, job, ZoneOffset.UTC, StudiedSeries.MONDAY);
  }

  private static List<Finding> findings(StudiedSeries series) {
    return findings(series, ZoneOffset.UTC, new InMemoryRunLedger());
  }

  /** All that one run reports of the last days. */
  private static List<Finding> findings(
      StudiedSeries series, ZoneId zone, InMemoryRunLedger ledger) {
    return new Runs(series, zone, 24 * WATCHED_DAYS, ledger, Long.MAX_VALUE).news(newest(series));
  }

  private static long newest(StudiedSeries series) {
    return series.times[series.times.length - 1];
  }

  private static Instant at(long epochSecond) {
    return Instant.ofEpochSecond(epochSecond);
  }

  /** The last run, with a day to come in which its absence shows. */
  private static Run late(StudiedSeries series) {
    long until = newest(series) - StudiedSeries.DAY;
    return series.runs.stream()
        .filter(run -> run.end() < until)
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }
}
