package io.inframetrics.cli.page;

import io.inframetrics.cli.input.CommandFailedException;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.cli.series.RecordedSeries;
import io.inframetrics.cli.series.RecordedStores.Recording;
import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.collect.sysstat.SysstatCollectorFactory;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.text.Texts;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The series in files that somebody else wrote: CSV, the JSON of {@code aws cloudwatch}, or the day
 * files of sysstat.
 *
 * @param recordings by series
 * @param notes one sentence each about what a user should know
 */
record RecordedFolder(List<Recording> recordings, List<String> notes) {

  /** How sysstat names its files. */
  private static final Pattern DAY_FILE = Pattern.compile("sa\\d{2}(\\d{6})?(\\.(xz|gz|bz2))?");

  /** What sysstat keeps: a week to a month. */
  private static final Duration OF_SYSSTAT = Duration.ofDays(31);

  private static final Map<String, MetricType> AWS_NAMES =
      Map.of(
          "CPUUtilization", MetricType.CPU_UTILIZATION,
          "mem_used_percent", MetricType.MEMORY_USAGE,
          "disk_used_percent", MetricType.DISK_USAGE);

  private static final String ANY_TYPE = "value";

  /**
   * Reads a folder, or one file.
   *
   * @param type of all series in CSV and JSON; null if their names say it
   * @throws UsageException if there is none, or one cannot be read
   */
  static RecordedFolder read(Path from, @Nullable MetricType type, Clock clock) {
    List<String> notes = new ArrayList<>();
    Map<Series, Recording> recordings = new TreeMap<>();
    if (type == null && hasDayFiles(from)) {
      sysstat(from, clock, recordings, notes);
    } else {
      for (Path file : files(from)) {
        Path name = Files.isDirectory(from) ? from.relativize(file) : Path.of(name(file));
        RecordedSeries.readAll(file)
            .forEach((label, series) -> add(name, label, series, type, recordings, notes));
      }
    }
    if (recordings.isEmpty()) {
      throw new UsageException(
          "'%s' has no values%s"
              .formatted(from, notes.isEmpty() ? "" : ": " + String.join("; ", notes)));
    }
    return new RecordedFolder(List.copyOf(recordings.values()), List.copyOf(notes));
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static boolean hasDayFiles(Path folder) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> DAY_FILE.matcher(name(file)).matches());
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  private static List<Path> files(Path from) {
    if (!Files.isDirectory(from)) {
      return List.of(from);
    }
    try (Stream<Path> walk = Files.walk(from)) {
      List<Path> files =
          walk.filter(Files::isRegularFile)
              .filter(file -> name(file).toLowerCase(Locale.ROOT).matches(".+\\.(csv|json)"))
              .sorted()
              .toList();
      if (files.isEmpty()) {
        throw new UsageException(
            "folder '%s' has no *.csv and no *.json files, and no day files of sysstat"
                .formatted(from));
      }
      return files;
    } catch (IOException e) {
      throw unreadable(from, e);
    }
  }

  private static UsageException unreadable(Path folder, IOException e) {
    return new UsageException(
        "folder '%s' cannot be read: %s".formatted(folder, e.getMessage()), e);
  }

  private static void add(
      Path name,
      String label,
      RecordedSeries recorded,
      @Nullable MetricType type,
      Map<Series, Recording> recordings,
      List<String> notes) {
    notes.addAll(recorded.warnings());
    List<Point> points =
        recorded.rows().stream()
            .filter(row -> Double.isFinite(row.value()))
            .map(row -> new Point(row.time().getEpochSecond(), row.value()))
            .toList();
    if (points.isEmpty()) {
      notes.add("file '%s' has no values%s".formatted(name, label.isEmpty() ? "" : " of " + label));
      return;
    }
    Series series = series(name, label, type);
    if (recordings.put(series, new Recording(series, unit(series.type()), points)) != null) {
      throw new UsageException(
          "file '%s' is a second one of %s: rename one of them".formatted(name, series.id()));
    }
  }

  /** Named by the file and the label in it; either may also name the type. */
  static Series series(Path name, String label, @Nullable MetricType given) {
    MetricType type = given;
    List<String> instance = new ArrayList<>();
    List<String> words = new ArrayList<>();
    name.forEach(part -> words.add(part.toString().replaceFirst("(?i)\\.(csv|json)$", "")));
    boolean named = false;
    for (String word : label.strip().split("\\s+", -1)) {
      MetricType known = AWS_NAMES.get(word);
      if (known != null) {
        type = given == null ? known : given;
      } else if (!word.isEmpty()) {
        instance.add(word);
        named = true;
      }
    }
    if (!named) {
      // A file of one metric is called what the metric is of.
      instance.clear();
      for (String word : words) {
        Optional<MetricType> known =
            MetricType.builtIn().stream().filter(one -> one.name().equals(word)).findFirst();
        if (known.isPresent() && given == null) {
          type = type == null ? known.get() : type;
        } else {
          instance.add(word);
        }
      }
    }
    String id = String.join(named ? " " : "/", instance);
    return Series.of(
        type == null ? new MetricType(ANY_TYPE) : type,
        Texts.oneLine(id.isBlank() ? "recorded" : id, Series.MAX_NAME_LENGTH));
  }

  private static MetricUnit unit(MetricType type) {
    if (type.equals(MetricType.NETWORK_TRAFFIC)) {
      return MetricUnit.MEGABITS_PER_SECOND;
    }
    return MetricType.builtIn().contains(type) ? MetricUnit.PERCENT : MetricUnit.NONE;
  }

  /** Sysstat's own program reads its files. */
  private static void sysstat(
      Path folder, Clock clock, Map<Series, Recording> recordings, List<String> notes) {
    Instant until = clock.instant();
    CollectionRequest request =
        new CollectionRequest(
            new CollectionRun("report", until),
            until.minus(OF_SYSSTAT),
            Deadline.after(Duration.ofMinutes(10), clock));
    Map<Series, MetricUnit> units = new TreeMap<>();
    Map<Series, List<Point>> points = new LinkedHashMap<>();
    MetricConsumer consumer =
        new MetricConsumer() {
          @Override
          public void accept(Observation observation) {
            units.put(observation.series(), observation.unit());
            points
                .computeIfAbsent(observation.series(), series -> new ArrayList<>())
                .add(new Point(observation.timestamp().getEpochSecond(), observation.value()));
          }

          @Override
          public void note(String sentence) {
            if (!notes.contains(sentence)) {
              notes.add(sentence);
            }
          }
        };
    Map<String, String> settings = Map.of("directory", folder.toAbsolutePath().toString());
    for (MetricCollector collector :
        new SysstatCollectorFactory().create(new CollectorSettings("sysstat", settings, clock))) {
      try {
        collector.collect(request, consumer);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailedException("reading '%s' was interrupted".formatted(folder), e);
      } catch (Exception e) {
        throw new UsageException(
            "the day files of sysstat in '%s' cannot be read: %s"
                .formatted(folder, Texts.describe(e)),
            e);
      }
    }
    points.forEach(
        (series, all) ->
            recordings.put(
                series, new Recording(series, units.getOrDefault(series, MetricUnit.NONE), all)));
  }
}
