package io.inframetrics.pipeline.analysis;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/**
 * An invented series: a daily and a weekly season, noise, perhaps a job that runs again and again,
 * and incidents put into it. All is drawn from the random numbers given.
 */
final class StudiedSeries {

  static final long MONDAY = 1_700_438_400L;
  static final long DAY = 86_400;

  /** When a job runs, by the clocks of a zone. */
  enum Job {
    NONE(0),
    HOURLY(15),
    SIX_HOURLY(60),
    NIGHTLY(240),
    WEEKDAY_NIGHTLY(240),
    EVERY_SECOND_DAY(240),
    FOUR_OF_SEVEN(240),
    WEEKLY(240);

    /** The longest that it is drawn to take. */
    final int minutes;

    Job(int minutes) {
      this.minutes = minutes;
    }

    private boolean runsOn(long day) {
      return switch (this) {
        case NONE -> false;
        case HOURLY, SIX_HOURLY, NIGHTLY -> true;
        case WEEKDAY_NIGHTLY -> day % 7 < 5;
        case EVERY_SECOND_DAY -> day % 2 == 0;
        case FOUR_OF_SEVEN -> List.of(0L, 1L, 3L, 5L).contains(day % 7);
        case WEEKLY -> day % 7 == 5;
      };
    }

    private int everyHours() {
      return this == HOURLY ? 1 : this == SIX_HOURLY ? 6 : 24;
    }
  }

  /** A run of the job, in seconds since 1970. */
  record Run(long start, long end) {}

  final int step;
  final long[] times;
  final double[] values;
  final double sigma;
  final Job job;
  final double height;
  final List<Run> runs = new ArrayList<>();
  private final long length;

  StudiedSeries(Random random, int step, int days, Job job) {
    this(random, step, days, job, ZoneOffset.UTC, MONDAY);
  }

  /** Eight percent, and 75 while the job runs, as long as its kind may take up to an hour. */
  static StudiedSeries simple(Random random, int step, int days, Job job, ZoneId zone, long begin) {
    StudiedSeries series =
        new StudiedSeries(
            step,
            days,
            job,
            begin,
            1,
            67,
            Math.max(
                60L * Math.min(60, job.minutes), job.minutes > 60 && step > 3_600 ? 2L * step : 0));
    for (int i = 0; i < series.values.length; i++) {
      series.values[i] = 8 + random.nextGaussian();
    }
    series.runJobs(random, days, zone, begin);
    return series;
  }

  private StudiedSeries(
      int step, int days, Job job, long begin, double sigma, double height, long length) {
    this.step = step;
    this.job = job;
    this.sigma = sigma;
    this.height = height;
    this.length = length;
    times = new long[(int) (days * (DAY / step))];
    values = new double[times.length];
    for (int i = 0; i < times.length; i++) {
      times[i] = begin + (long) i * step;
    }
  }

  StudiedSeries(Random random, int step, int days, Job job, ZoneId zone, long begin) {
    this.step = step;
    this.job = job;
    int n = (int) (days * (DAY / step));
    times = new long[n];
    values = new double[n];
    sigma = 0.5 + random.nextDouble() * 2;
    double daily = sigma * (2 + 8 * random.nextDouble());
    double twice = daily * 0.4 * random.nextDouble();
    double weekend = 0.4 + 0.6 * random.nextDouble();
    double phase = random.nextDouble() * 2 * Math.PI;
    double memory = random.nextBoolean() ? 0.5 : 0;
    double level = Math.max(20 + 20 * random.nextDouble(), 1.5 * daily + 6 * sigma);
    double noise = 0;
    for (int i = 0; i < n; i++) {
      times[i] = begin + (long) i * step;
      double angle = 2 * Math.PI * (times[i] % DAY) / DAY;
      boolean workday = Math.floorMod((times[i] - MONDAY) / DAY, 7L) < 5;
      noise = memory * noise + Math.sqrt(1 - memory * memory) * random.nextGaussian();
      values[i] =
          level
              + (workday ? 1 : weekend)
                  * (daily * Math.sin(angle + phase) + twice * Math.sin(2 * angle))
              + sigma * noise;
    }
    height = Math.max(20, 12 * sigma) + 20 * random.nextDouble();
    length = 60L * Math.max(5, random.nextInt(1 + job.minutes));
    runJobs(random, days, zone, begin);
  }

  private void runJobs(Random random, int days, ZoneId zone, long begin) {
    int offset = job == Job.NONE ? 0 : random.nextInt(60 * job.everyHours());
    ZonedDateTime first =
        Instant.ofEpochSecond(begin).atZone(zone).toLocalDate().atStartOfDay(zone);
    for (long day = 0; day < days; day++) {
      for (int hour = 0; hour < 24 && job.runsOn(day); hour += job.everyHours()) {
        long start =
            first.plusDays(day).plusHours(hour).plusMinutes(offset).toEpochSecond()
                + random.nextInt(361)
                - 180;
        long takes = (long) (length * (0.9 + 0.2 * random.nextDouble()));
        runs.add(new Run(start, start + takes));
      }
    }
    for (Run run : runs) {
      add(run, 1);
    }
  }

  /** Adds a run, or takes it away; each value is the mean of the time up to the next point. */
  void add(Run run, double factor) {
    for (int i = index(run.start() - step); i < times.length && times[i] < run.end(); i++) {
      long within = Math.min(run.end(), times[i] + step) - Math.max(run.start(), times[i]);
      values[i] += factor * height * Math.max(0, within) / step;
    }
  }

  int index(long time) {
    return (int) Math.max(0, Math.min(times.length - 1L, (time - times[0] + step - 1) / step));
  }

  int points(double hours, int least) {
    return Math.max(least, (int) (hours * 3_600 / step));
  }

  void change(int from, int count, DoubleUnaryOperator change) {
    for (int i = from; i < Math.min(values.length, from + count); i++) {
      values[i] = change.applyAsDouble(values[i]);
    }
  }
}
