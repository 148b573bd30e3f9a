package io.inframetrics.sink.local;

import io.inframetrics.naming.QuarantineKeys;
import io.inframetrics.sink.local.TarGz.Entry;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a data folder from growing for ever. The newest records of runs, notifications and reports
 * stay files; older ones go to a compressed archive of their day. Of pages and their charts, which
 * can be made again, only the newest stay. What is older than the retention is deleted.
 */
final class Housekeeping {

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

  /** Folders with small files that each run adds to, and how many of them a run writes. */
  private static final Map<String, Integer> PACKED =
      Map.of("runs", 1, "notifications", 1, "reports", 3);

  /**
   * Files of a run that can be made again from what else it left, and which are large: a page has
   * all of its scripts. The newest of each kind are kept, so many of them.
   */
  private static final Map<Pattern, Integer> MADE_AGAIN =
      Map.of(
          inReports("report-.+\\.html"), 3,
          inReports("charts-forecast-.+\\.json"), 10,
          inReports("charts-(?!forecast-).+\\.json"), 10);

  /** The state machines that runs executed; a run that executes one makes it young again. */
  static final String DEFINITIONS = "definitions";

  /** Runs whose files are not packed; packed is when there are twice as many. */
  private static final int LOOSE_RUNS = 5;

  /** Files packed at once at most, so that no run waits long for the folder of an older version. */
  private static final int MAX_PACKED = 3_000;

  private static final Duration BETWEEN_EXPIRIES = Duration.ofHours(6);

  private final Path root;
  private final DurableFiles files;
  private final Database database;
  private final ObjectPaths rawPaths;
  private final LocalPoints points;
  private final Duration retention;
  private final Clock clock;
  private @Nullable Instant expired;

  Housekeeping(
      Path root,
      DurableFiles files,
      Database database,
      ObjectPaths rawPaths,
      LocalPoints points,
      Duration retention,
      Clock clock) {
    this.root = root;
    this.files = files;
    this.database = database;
    this.rawPaths = rawPaths;
    this.points = points;
    this.retention = retention;
    this.clock = clock;
  }

  /** Deletes what is too old, then packs. Call it by one thread at a time. */
  void tidy() throws IOException {
    Instant now = clock.instant();
    Instant last = expired;
    // A clock that was set back counts as well: it may stay so for long.
    if (last == null || Duration.between(last, now).abs().compareTo(BETWEEN_EXPIRIES) >= 0) {
      Instant confirmed =
          database.read("the time of the last runs", db -> LocalRecords.believed(db, now));
      if (confirmed.isBefore(now)) {
        LOG.info(
            "nothing is deleted as if it were {}: the run before was a day earlier or more, so the next one has to confirm it",
            now);
      }
      expire(confirmed.minus(retention));
      expired = now;
    }
    deletePages();
    for (Map.Entry<String, Integer> folder : PACKED.entrySet()) {
      pack(folder.getKey(), folder.getValue() * LOOSE_RUNS);
    }
    points.compress(LocalDate.ofInstant(now, ZoneOffset.UTC));
  }

  private void expire(Instant cutoff) throws IOException {
    expireRawFiles(cutoff);
    for (String top :
        List.of(
            QuarantineKeys.PREFIX,
            "reports",
            "runs",
            "notifications",
            LocalPoints.FOLDER,
            DEFINITIONS,
            TarGz.FOLDER)) {
      for (Found file : find(root.resolve(top))) {
        if (file.modified().isBefore(cutoff) && !isLatest(file.path())) {
          delete(file.path());
        }
      }
    }
  }

  /**
   * Deletes the raw files that were processed before {@code cutoff}, whoever wrote them, then what
   * the database knows of them. A file that was never processed stays, and so does its folder.
   */
  private void expireRawFiles(Instant cutoff) throws IOException {
    List<String> keys =
        database.read(
            "the marks of old raw files",
            db ->
                db.rows(
                    "SELECT object_key FROM processed WHERE processed_at < ?",
                    row -> row.getString(1),
                    cutoff.getEpochSecond()));
    for (String key : keys) {
      Path file = rawPaths.resolve(key);
      if (!rawPaths.isBehindLink(file)) {
        delete(file);
      }
    }
    database.write(
        "the removal of old marks",
        db -> {
          for (String key : keys) {
            db.update("DELETE FROM processed WHERE object_key = ?", key);
            db.update("DELETE FROM raw_files WHERE object_key = ?", key);
          }
          // Of files that a crash kept from their names.
          return db.update(
              "DELETE FROM raw_files WHERE window_start < ?"
                  + " AND object_key NOT IN (SELECT object_key FROM processed)",
              cutoff.minus(retention).toString());
        });
    if (!keys.isEmpty()) {
      LOG.info("deleted {} raw files that were processed before {}", keys.size(), cutoff);
    }
  }

  /** Deletes a file, and the folders that are empty without it, but none at the top. */
  private void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
    Path folder = file.getParent();
    try {
      while (folder != null && folder.getNameCount() > root.getNameCount() + 1) {
        Files.deleteIfExists(folder);
        folder = folder.getParent();
      }
    } catch (DirectoryNotEmptyException e) {
      return; // It has other files.
    }
  }

  private boolean mayBePacked(Path file) {
    return !isLatest(file)
        && !isMadeAgain(file)
        && !String.valueOf(file.getFileName()).endsWith(".unfinished")
        && TarGz.fits(name(file));
  }

  private static boolean isLatest(Path file) {
    return file.endsWith("latest.json") || file.endsWith("latest.html");
  }

  private static Pattern inReports(String name) {
    return Pattern.compile("reports/\\d{4}/\\d\\d/\\d\\d/" + name);
  }

  private boolean isMadeAgain(Path file) {
    String name = name(file);
    return MADE_AGAIN.keySet().stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }

  /** Deletes all but the newest of what can be made again. */
  private void deletePages() throws IOException {
    List<Found> reports = find(root.resolve("reports"));
    reports.sort(NEWEST_FIRST);
    for (Map.Entry<Pattern, Integer> kind : MADE_AGAIN.entrySet()) {
      List<Path> same =
          reports.stream()
              .map(Found::path)
              .filter(file -> kind.getKey().matcher(name(file)).matches())
              .skip(kind.getValue())
              .toList();
      for (Path file : same) {
        delete(file);
      }
    }
  }

  private void pack(String top, int loose) throws IOException {
    List<Found> found = find(root.resolve(top));
    found.removeIf(file -> !mayBePacked(file.path()));
    int most = found.size() - loose;
    if (most < loose) {
      return;
    }
    found.sort(NEWEST_FIRST.reversed());
    Map<LocalDate, List<Entry>> byDay = new TreeMap<>();
    for (Found file : found.subList(0, Math.min(most, MAX_PACKED))) {
      String name = name(file.path());
      LocalDate day =
          TarGz.day(name).orElseGet(() -> LocalDate.ofInstant(file.modified(), ZoneOffset.UTC));
      byDay.computeIfAbsent(day, d -> new ArrayList<>()).add(new Entry(name, file.path()));
    }
    for (Map.Entry<LocalDate, List<Entry>> day : byDay.entrySet()) {
      TarGz.ofDay(root, day.getKey()).add(day.getValue(), files);
      for (Entry entry : day.getValue()) {
        delete(entry.path());
      }
    }
  }

  private String name(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  /** The names of notifications that are packed, from one day to another. */
  Set<String> packedNotifications(LocalDate first, LocalDate last) throws IOException {
    Set<String> names = new TreeSet<>();
    for (LocalDate day = first; !day.isAfter(last); day = day.plusDays(1)) {
      for (String name : TarGz.ofDay(root, day).names()) {
        if (name.startsWith(LocalNotifier.FOLDER + "/")) {
          names.add(name.substring(LocalNotifier.FOLDER.length() + 1));
        }
      }
    }
    return names;
  }

  private record Found(Path path, Instant modified) {}

  private static final Comparator<Found> NEWEST_FIRST =
      Comparator.comparing(Found::modified).thenComparing(Found::path).reversed();

  /** Every regular file below a folder; links are not followed. */
  private static List<Found> find(Path folder) throws IOException {
    List<Found> found = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              found.add(new Found(file, attributes.lastModifiedTime().toInstant()));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            if (!(e instanceof NoSuchFileException)) {
              LOG.warn("'{}' is skipped: it cannot be read", file, e);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }
}
