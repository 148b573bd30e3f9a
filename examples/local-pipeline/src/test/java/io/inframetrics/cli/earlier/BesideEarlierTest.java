package io.inframetrics.cli.earlier;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.testkit.aws.EmbeddedDynamoDb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same runs by this version and by the classes of commit 7492208, of which {@code
 * -Dinframetrics.earlier} names a built clone: what both consume, and that this one reads what that
 * one stored.
 */
@Tag("soak")
@EnabledIfSystemProperty(named = EarlierVersion.PROPERTY, matches = ".+")
@Timeout(3_600)
class BesideEarlierTest {

  private static final double MOST_WRITES = 1.1;
  private static final List<String> ANALYSES = List.of("anomalies", "forecast");

  @TempDir Path work;

  /**
   * The most that one run may write: a large fleet stores what it learned first in 16 runs. On
   * average, it is {@link #MOST_WRITES}.
   */
  private static final double MOST_WRITES_AT_ONCE = 1.2;

  /** Runs in which every series is packed, and what was learned of it is stored. */
  private static final int ROUND = 16;

  private static final int MOST_ANALYZED = 96;

  /** From so many series on, an analysis reads 240 points of each. */
  private static final int LARGE = 301;

  /** What was learned of a series of a large fleet is stored again when its 240 points are new. */
  private static final Duration STORED_EVERY = Duration.ofHours(20);

  /** What the analysis that reads most may read, of what is the limit on average. */
  private static final double MOST_READS_AT_ONCE = 1.1;

  /**
   * Units of runs, and of their analyses.
   *
   * @param write of a run of the time before, on average
   * @param readToWrite of a run of the time before, on average
   * @param analyses of the days that were analyzed, as everything that follows
   * @param written by a run and its analyses, on average
   * @param mostWritten by a run and its analyses
   */
  private record Units(
      double write, double readToWrite, List<Reads> analyses, double written, double mostWritten) {}

  private record Reads(double average, double most) {}

  /**
   * Days that have all the points that an analysis reads, and a young table. Then each run of a day
   * is analyzed, or the first {@value #MOST_ANALYZED}, from the very first analysis on, which
   * stores what it learned; of a large fleet, each run of the time in which that is stored once.
   */
  @ParameterizedTest
  @CsvSource({
    "10, 5, 16, 0.1",
    "320, 5, 2, 0.1",
    "10, 15, 16, 0.2",
    "10, 15, 3, 0.2",
    "320, 15, 2, 0.2",
    "10, 180, 30, 1",
    "1000, 180, 10, 1"
  })
  void consumesAPartOfIt(int series, int minutes, int days, double most) {
    compare(series, minutes, days, most);
  }

  /** These take half an hour each. */
  @ParameterizedTest
  @EnabledIfSystemProperty(named = "inframetrics.units", matches = "true")
  @CsvSource({"1000, 15, 2, 0.2", "1000, 5, 2, 0.1"})
  void consumesAPartOfItInLargeFleets(int series, int minutes, int days, double most) {
    compare(series, minutes, days, most);
  }

  private void compare(int series, int minutes, int days, double most) {
    Duration period = Duration.ofMinutes(minutes);
    try (EmbeddedDynamoDb server = EmbeddedDynamoDb.start();
        EarlierVersion earlier = EarlierVersion.load(work)) {
      Units before;
      String table = server.newTableName();
      try (StoreDriver driver = earlier.inTable(server.environment(), table, series, period)) {
        before = measure(driver, server, table, period, days, series > ROUND ? 2 : ROUND);
      }
      Units now;
      String other = server.newTableName();
      try (StoreDriver driver = new CurrentDriver(server.environment(), other, series, period)) {
        long all = (series < LARGE ? Duration.ofDays(1) : STORED_EVERY).dividedBy(period);
        int runs = Math.toIntExact(Math.max(ROUND, Math.min(MOST_ANALYZED, all)));
        now = measure(driver, server, other, period, days, runs);
      }
      String what =
          String.format(
              Locale.ROOT,
              "%d series every %d minutes, day %d: read units of %s; to write %.1f (%.1f); write"
                  + " units of records %.1f (%.1f, %.3fx), with analyses %.1f (%.1f, %.3fx), at"
                  + " most %.1f (%.3fx)",
              series,
              minutes,
              days,
              reads(now, before),
              now.readToWrite,
              before.readToWrite,
              now.write,
              before.write,
              now.write / before.write,
              now.written,
              before.written,
              now.written / before.written,
              now.mostWritten,
              now.mostWritten / before.written);
      System.out.println(what);
      for (int i = 0; i < ANALYSES.size(); i++) {
        double earlierReads = before.analyses.get(i).average;
        assertThat(now.analyses.get(i).average / earlierReads).as(what).isLessThanOrEqualTo(most);
        assertThat(now.analyses.get(i).most / earlierReads)
            .as(what)
            .isLessThanOrEqualTo(MOST_READS_AT_ONCE * most);
      }
      assertThat(now.write / before.write).as(what).isLessThanOrEqualTo(MOST_WRITES);
      assertThat(now.written / before.written).as(what).isLessThanOrEqualTo(MOST_WRITES);
      assertThat(now.mostWritten / before.written)
          .as(what)
          .isLessThanOrEqualTo(series > ROUND ? MOST_WRITES_AT_ONCE : MOST_WRITES);
    }
  }

  private static String reads(Units now, Units before) {
    List<String> reads = new ArrayList<>();
    for (int i = 0; i < ANALYSES.size(); i++) {
      Reads one = now.analyses.get(i);
      double earlier = before.analyses.get(i).average;
      reads.add(
          String.format(
              Locale.ROOT,
              "%s %.1f, at most %.1f (%.1f, %.3fx, at most %.3fx)",
              ANALYSES.get(i),
              one.average,
              one.most,
              earlier,
              one.average / earlier,
              one.most / earlier));
    }
    return String.join(", ", reads);
  }

  private static Units measure(
      StoreDriver driver,
      EmbeddedDynamoDb server,
      String table,
      Duration period,
      int days,
      int analyzed) {
    int number = 1;
    driver.run(number); // Lists the series, once.
    server.takeReadUnits(table);
    server.takeWriteUnits(table);
    int count = Math.toIntExact(Duration.ofDays(days).dividedBy(period));
    for (int i = 0; i < count; i++) {
      driver.run(++number);
    }
    double write = server.takeWriteUnits(table) / count;
    double readToWrite = server.takeReadUnits(table) / count;
    double[] sums = new double[ANALYSES.size()];
    double[] most = new double[ANALYSES.size()];
    double allWritten = 0;
    double mostWritten = 0;
    for (int i = 0; i < analyzed; i++) {
      driver.run(++number);
      server.takeReadUnits(table);
      for (int a = 0; a < sums.length; a++) {
        driver.analyze(number, ANALYSES.get(a));
        double read = server.takeReadUnits(table);
        sums[a] += read;
        // The very first learns from a longer read, and stores it; on average it counts, too.
        most[a] = i == 0 ? 0 : Math.max(most[a], read);
      }
      double written = server.takeWriteUnits(table);
      allWritten += written;
      mostWritten = i == 0 ? 0 : Math.max(mostWritten, written);
    }
    List<Reads> reads = new ArrayList<>();
    for (int a = 0; a < sums.length; a++) {
      reads.add(new Reads(sums[a] / analyzed, most[a]));
    }
    return new Units(write, readToWrite, reads, allWritten / analyzed, mostWritten);
  }

  @Test
  void readsATableThatItWrote() {
    Duration period = Duration.ofMinutes(5);
    int runs = 600;
    try (EmbeddedDynamoDb server = EmbeddedDynamoDb.start();
        EarlierVersion earlier = EarlierVersion.load(work)) {
      String table = server.newTableName();
      try (StoreDriver before = earlier.inTable(server.environment(), table, 3, period);
          StoreDriver now = new CurrentDriver(server.environment(), table, 3, period)) {
        checkGoesOn(before, now, runs);
      }
    }
  }

  @Test
  void readsAFolderThatItWrote(@TempDir Path data) {
    Duration period = Duration.ofMinutes(5);
    try (EarlierVersion earlier = EarlierVersion.load(work)) {
      Map<String, ?> written;
      try (StoreDriver before = earlier.inFolder(data, 3, period)) {
        for (int i = 1; i <= 600; i++) {
          before.run(i);
        }
        ANALYSES.forEach(analysis -> before.analyze(600, analysis));
        written = before.points(600, 4_032);
      }
      try (StoreDriver now = new CurrentDriver(data, 3, period)) {
        assertThat(now.collectedUntil())
            .isEqualTo(StoreDriver.START.plus(period.multipliedBy(600)));
        assertThat(now.points(600, 4_032)).isEqualTo(written);
        ANALYSES.forEach(analysis -> now.analyze(600, analysis));
        now.run(601);
        assertThat(now.points(601, 4_032).values()).allMatch(points -> points.size() == 601);
      }
    }
  }

  private static void checkGoesOn(StoreDriver before, StoreDriver now, int runs) {
    for (int i = 1; i <= runs; i++) {
      before.run(i);
    }
    ANALYSES.forEach(analysis -> before.analyze(runs, analysis));
    assertThat(now.collectedUntil()).isEqualTo(before.collectedUntil());
    for (int limit : List.of(1, 240, 4_032)) {
      assertThat(now.points(runs, limit)).isEqualTo(before.points(runs, limit));
    }
    ANALYSES.forEach(analysis -> now.analyze(runs, analysis));
    for (int i = runs + 1; i <= 2 * runs; i++) {
      now.run(i);
    }
    for (int limit : List.of(1, 240, 4_032)) {
      // The items of runs are as they were, so that the earlier version reads them too.
      assertThat(now.points(2 * runs, limit)).isEqualTo(before.points(2 * runs, limit));
    }
  }

  /** Rows and milliseconds of analyses of a data folder, by both. */
  @ParameterizedTest
  @CsvSource({"10, 5, 15", "10, 180, 30", "1000, 180, 10"})
  void readsNoMoreOfAFolder(int series, int minutes, int days, @TempDir Path data) {
    Duration period = Duration.ofMinutes(minutes);
    int runs = Math.toIntExact(Duration.ofDays(days).dividedBy(period));
    try (EarlierVersion earlier = EarlierVersion.load(work);
        StoreDriver before = earlier.inFolder(data.resolve("before"), series, period);
        StoreDriver now = new CurrentDriver(data.resolve("now"), series, period)) {
      for (int i = 1; i <= runs; i++) {
        before.run(i);
        now.run(i);
      }
      for (String analysis : ANALYSES) {
        Timed first = timed(before, runs, analysis);
        Timed second = timed(now, runs, analysis);
        System.out.printf(
            Locale.ROOT,
            "SQLite, %d series every %d minutes, day %d, %s: %d rows in %.0f ms (%d rows in %.0f"
                + " ms before)%n",
            series,
            minutes,
            days,
            analysis,
            second.rows,
            second.readMillis,
            first.rows,
            first.readMillis);
      }
    }
  }

  private record Timed(long rows, double readMillis) {}

  /** The fastest of some analyses: the others were disturbed. */
  private static Timed timed(StoreDriver driver, int number, String analysis) {
    long rows = 0;
    double fastest = Double.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      rows = driver.analyze(number, analysis);
      fastest = Math.min(fastest, driver.readMillis());
    }
    return new Timed(rows, fastest);
  }
}
