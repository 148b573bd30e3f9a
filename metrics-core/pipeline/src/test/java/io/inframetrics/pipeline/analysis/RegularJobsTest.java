package io.inframetrics.pipeline.analysis;


import io.inframetrics.detect.Finding;
import io.inframetrics.pipeline.analysis.IncidentsThroughAnalysisTest.Runs;
import io.inframetrics.pipeline.analysis.StudiedSeries.Job;
import io.inframetrics.pipeline.analysis.StudiedSeries.Run;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;

class RegularJobsTest {

  private static final int DAYS = 40;
  private static final int WATCHED_DAYS = 10;

  /** All that one run reports of the last days. */
  static List<Finding> findings(StudiedSeries series, ZoneId zone) {
    return new Runs(series, zone, 24 * WATCHED_DAYS).news(series.times[series.times.length - 1]);
  }

  static Run late(StudiedSeries series, Random random) {
    long from = series.times[series.times.length - 1] - (WATCHED_DAYS - 1) * StudiedSeries.DAY;
    List<Run> late =
        series.runs.stream()
            .filter(run -> run.start() > from && run.end() < from + 8 * StudiedSeries.DAY)
            .toList();
    return late.get(random.nextInt(late.size()));
  }

  public static void main(String[] args) {
    int bad = 0;
    for (int seed = Integer.parseInt(args[0]); seed < Integer.parseInt(args[1]); seed++) {
      for (int i = 2; i < args.length; i++) {
        int step = Integer.parseInt(args[i]);
        for (Job job : Job.values()) {
          for (String what : List.of("silent", "missing", "double", "higher", "spike")) {
            StudiedSeries series =
                StudiedSeries.simple(
                    new Random(seed), step, DAYS, job, ZoneOffset.UTC, StudiedSeries.MONDAY);
            if (job == Job.NONE && !what.equals("silent")) {
              continue;
            }
            Run run = job == Job.NONE ? null : late(series, new Random(seed + 1));
            switch (what) {
              case "missing" -> series.add(run, -1);
              case "double" -> series.add(new Run(run.end(), 2 * run.end() - run.start()), 1);
              case "higher" -> series.add(run, 1);
              case "spike" -> {
                int at = series.index(run.start() - Math.max(4 * 3_600, 9 * step) - 1_000);
                series.change(at, 3, value -> value + 20);
              }
              default -> {}
            }
            List<Finding> found = findings(series, ZoneOffset.UTC);
            boolean ok = what.equals("silent") ? found.isEmpty() : !found.isEmpty();
            if (!ok || args.length == 3) {
              System.out.println(
                  (ok ? "ok " : "BAD ") + seed + " " + step + " " + job + " " + what);
              found.forEach(
                  f ->
                      System.out.println(
                          "     "
                              + f.detector()
                              + " "
                              + f.start()
                              + " to "
                              + f.latest()
                              + " "
                              + f.ongoing()
                              + " "
                              + f.reason()));
            }
            bad += ok ? 0 : 1;
          }
        }
      }
    }
    System.out.println("bad " + bad);
  }
}
