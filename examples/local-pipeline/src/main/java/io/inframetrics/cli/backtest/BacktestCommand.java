package io.inframetrics.cli.backtest;

import io.inframetrics.cli.input.DurationConverter;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.detect.anomaly.AnomalyDetector;
import io.inframetrics.detect.anomaly.AnomalyScore;
import io.inframetrics.detect.anomaly.AnomalyStream;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "backtest",
    description = {
      "Feeds recorded series to the streaming anomaly detector, in the order of time, without"
          + " look-ahead.",
      "Rows are timestamp,value at any interval, with or without a header. A timestamp is"
          + " 2026-02-19 11:27:43 (UTC), ISO-8601 or epoch seconds or milliseconds. A value is a"
          + " number; a value that is empty or NaN is missing.",
      "Also reads what Grafana and the CloudWatch console download as CSV, and the JSON of"
          + " 'aws cloudwatch get-metric-data' and 'get-metric-statistics'."
    },
    mixinStandardHelpOptions = true)
public final class BacktestCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--csv",
      paramLabel = "FILE|DIR",
      required = true,
      description = "a series, or a folder of series: all *.csv files below it")
  private Path csv = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "FILE|DIR",
      required = true,
      description = {
        "where to write timestamp,value,anomaly_score,anomaly, one row for each input row, in the"
            + " order of the file; if --csv is a folder, a folder for the same tree"
      })
  private Path out = Path.of("");

  @Option(
      names = "--detector",
      paramLabel = "NAME",
      defaultValue = AnomalyDetector.NAME,
      description = "name of the detector; ${DEFAULT-VALUE} is the default and the only one")
  private String detector = AnomalyDetector.NAME;

  @Option(
      names = "--label-windows",
      paramLabel = "FILE",
      description = {
        "JSON {\"file.csv\": [[\"start\", \"end\"], ...]}: also prints how many windows were caught"
            + " and how many alarms were false"
      })
  private @Nullable Path labelWindows;

  @Option(
      names = "--findings",
      paramLabel = "FILE",
      description = {
        "also analyze each series at regular times, as a deployment does, and write what each run"
            + " reports: one JSON object a line"
      })
  private @Nullable Path findings;

  @Option(
      names = "--every",
      paramLabel = "TIME",
      defaultValue = "3h",
      converter = DurationConverter.class,
      description = "with --findings: time from run to run, ${DEFAULT-VALUE} by default")
  private Duration every = Duration.ofHours(3);

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = FindingsRuns.ANY_TYPE,
      description = {
        "with --findings: what the values are, such as disk_usage, so that its threshold and its"
            + " capacity count; by default neither does"
      })
  private String type = FindingsRuns.ANY_TYPE;

  @Option(
      names = "--time-zone",
      paramLabel = "ZONE",
      defaultValue = "UTC",
      description = {
        "with --findings: by whose clocks jobs run, such as Europe/Berlin; ${DEFAULT-VALUE} by"
            + " default"
      })
  private String timeZone = "UTC";

  @Override
  public Integer call() {
    if (!detector.equals(AnomalyDetector.NAME)) {
      throw new UsageException(
          "detector '%s' is not known: use '%s'".formatted(detector, AnomalyDetector.NAME));
    }
    if (findings == null) {
      for (String option : List.of("--every", "--type", "--time-zone")) {
        if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
          throw new UsageException(option + " has no effect here: add --findings FILE");
        }
      }
      return backtest(null);
    }
    if (every.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new UsageException("--every '%s' is not valid: use a second or more".formatted(every));
    }
    MetricType what = metricType();
    ZoneId zone = zone();
    if (Files.exists(findings)
        && (sameFile(csv, findings) || (Files.exists(out) && sameFile(out, findings)))) {
      throw new UsageException(
          "--findings '%s' is the series itself or --out: give another file".formatted(findings));
    }
    try (Writer lines = writer(findings)) {
      return backtest(new FindingsRuns(what, every, zone, lines));
    } catch (IOException | UncheckedIOException e) {
      throw new UsageException(
          "file '%s' cannot be written: %s".formatted(findings, e.getMessage()), e);
    }
  }

  private ZoneId zone() {
    try {
      return AnalysisSettings.timeZone(timeZone);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "--time-zone '%s' is not valid: use %s".formatted(timeZone, e.getMessage()), e);
    }
  }

  private static Writer writer(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    return Files.newBufferedWriter(file);
  }

  private MetricType metricType() {
    try {
      return new MetricType(type);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--type: " + e.getMessage(), e);
    }
  }

  private Integer backtest(@Nullable FindingsRuns runs) {
    PrintWriter printer = spec.commandLine().getOut();
    LabelWindows labels = labelWindows == null ? null : LabelWindows.read(labelWindows);
    if (Files.isDirectory(csv)) {
      for (Path relative : files()) {
        Path target = out.resolve(relative.toString());
        backtest(csv.resolve(relative), target, relative, labels, runs, printer);
      }
    } else {
      Path target = Files.isDirectory(out) ? out.resolve(csv.getFileName()) : out;
      backtest(csv, target, csv.getFileName(), labels, runs, printer);
    }
    if (labels != null) {
      printer.println(labels.total());
      if (labels.missing() != null) {
        printer.println(labels.missing());
      }
    }
    printer.flush();
    return 0;
  }

  /** The series below the folder, as paths relative to it. */
  private List<Path> files() {
    try {
      // The folder itself may be a link.
      Path folder = csv.toRealPath();
      try (Stream<Path> walk = Files.walk(folder)) {
        List<Path> files =
            walk.filter(BacktestCommand::isSeries)
                .map(folder::relativize)
                // Skips the results of an earlier run inside the folder of series.
                .filter(file -> !isBelow(csv.resolve(file), out) || isBelow(csv, out))
                .sorted()
                .toList();
        if (files.isEmpty()) {
          throw new UsageException(
              "folder '%s' has no *.csv files: give a folder that has some".formatted(csv));
        }
        return files;
      }
    } catch (IOException e) {
      throw new UsageException("folder '%s' cannot be read: %s".formatted(csv, e.getMessage()), e);
    }
  }

  private static boolean isSeries(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".csv") && Files.isRegularFile(file);
  }

  private void backtest(
      Path from,
      Path to,
      Path name,
      @Nullable LabelWindows labels,
      @Nullable FindingsRuns runs,
      PrintWriter printer) {
    if (Files.exists(to) && sameFile(from, to)) {
      throw new UsageException(
          "--out '%s' is the series itself: give another file or folder".formatted(to));
    }
    SeriesFile series = SeriesFile.read(from);
    PrintWriter errors = spec.commandLine().getErr();
    series.warnings().forEach(warning -> errors.println("warning: " + warning));
    errors.flush();
    AnomalyStream stream =
        new AnomalyDetector(AnomalyDetector.Settings.DEFAULTS).stream(MetricUnit.NONE);
    String[] lines = new String[series.rows().size()];
    boolean[] alarms = new boolean[series.rows().size()];
    int i = 0;
    for (SeriesFile.Row row : series.rows()) {
      AnomalyScore score = stream.next(row.epochSecond(), row.value());
      alarms[i++] = score.anomaly();
      lines[row.position()] =
          "%s,%s,%s,%s"
              .formatted(
                  row.timeText(),
                  row.valueText(),
                  String.format(Locale.ROOT, "%.6f", score.score()),
                  score.anomaly() ? '1' : '0');
    }
    try {
      Path folder = to.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(
          to,
          Stream.concat(Stream.of("timestamp,value,anomaly_score,anomaly"), Stream.of(lines))
              .collect(Collectors.joining("\n", "", "\n")));
    } catch (IOException e) {
      throw new UsageException("file '%s' cannot be written: %s".formatted(to, e.getMessage()), e);
    }
    if (labels != null) {
      printer.println(labels.judge(name, series, alarms));
    }
    if (runs != null) {
      printer.println(runs.run(name.toString().replace('\\', '/'), series.rows()));
      printer.flush();
    }
  }

  private static boolean isBelow(Path file, Path folder) {
    return file.toAbsolutePath().normalize().startsWith(folder.toAbsolutePath().normalize());
  }

  private static boolean sameFile(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      throw new UsageException("file '%s' cannot be read: %s".formatted(one, e.getMessage()), e);
    }
  }
}
