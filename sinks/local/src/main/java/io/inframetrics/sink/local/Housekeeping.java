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
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a data folder from growing for ever. The newest records of runs, notifications and reports
 * stay files; older ones go to a compressed archive of their day. What is older than the retention
 * is deleted.
 */
final class Housekeeping {

  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);

  private static final String ARCHIVES = "archive";

  /** Folders with small files that each run adds to, and how many of them a run writes. */
  private static final Map<String, Integer> PACKED =
      Map.of("runs", 1, "notifications", 1, "reports", 3);

  /** Runs whose files are not packed; packed is when there are twice as many. */
  private static final int LOOSE_RUNS = 5;

  /** Files packed at once at most, so that no run waits long for the folder of an older version. */
  private static final int MAX_PACKED = 3_000;

  private static final Duration BETWEEN_EXPIRIES = Duration.ofHours(6);

  private static final Pattern DAY_IN_NAME =
      Pattern.compile(
          "(?:reports/|notifications/|runs/local-)(\\d{4})[/-]?(\\d\\d)[/-]?(\\d\\d)[/T].+");

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
            ARCHIVES)) {
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
        && !String.valueOf(file.getFileName()).endsWith(".unfinished")
        && TarGz.fits(name(file));
  }

  private static boolean isLatest(Path file) {
    return file.endsWith("latest.json");
  }

  private void pack(String top, int loose) throws IOException {
    List<Found> found = find(root.resolve(top));
    found.removeIf(file -> !mayBePacked(file.path()));
    int most = found.size() - loose;
    if (most < loose) {
      return;
    }
    found.sort(Comparator.comparing(Found::modified).thenComparing(Found::path));
    Map<LocalDate, List<Entry>> byDay = new TreeMap<>();
    for (Found file : found.subList(0, Math.min(most, MAX_PACKED))) {
      String name = name(file.path());
      LocalDate day =
          day(name).orElseGet(() -> LocalDate.ofInstant(file.modified(), ZoneOffset.UTC));
      byDay.computeIfAbsent(day, d -> new ArrayList<>()).add(new Entry(name, file.path()));
    }
    for (Map.Entry<LocalDate, List<Entry>> day : byDay.entrySet()) {
      archive(day.getKey()).add(day.getValue());
      for (Entry entry : day.getValue()) {
        delete(entry.path());
      }
    }
  }

  private TarGz archive(LocalDate day) {
    return new TarGz(root.resolve(ARCHIVES).resolve(day + ".tar.gz"), files);
  }

  private String name(Path file) {
    return root.relativize(file).toString().replace('\\', '/');
  }

  private static Optional<LocalDate> day(String name) {
    Matcher day = DAY_IN_NAME.matcher(name);
    if (!day.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          LocalDate.of(
              Integer.parseInt(day.group(1)),
              Integer.parseInt(day.group(2)),
              Integer.parseInt(day.group(3))));
    } catch (DateTimeException e) {
      return Optional.empty(); // Somebody's own name.
    }
  }

  /** What was in a report that is packed now; empty if there is none. */
  Optional<byte[]> packed(Path report) throws IOException {
    String name = name(report);
    Optional<LocalDate> day = day(name);
    return day.isPresent() ? archive(day.get()).read(name) : Optional.empty();
  }

  /** The names of notifications that are packed, from one day to another. */
  Set<String> packedNotifications(LocalDate first, LocalDate last) throws IOException {
    Set<String> names = new TreeSet<>();
    for (LocalDate day = first; !day.isAfter(last); day = day.plusDays(1)) {
      for (String name : archive(day).names()) {
        if (name.startsWith(LocalNotifier.FOLDER + "/")) {
          names.add(name.substring(LocalNotifier.FOLDER.length() + 1));
        }
      }
    }
    return names;
  }

  private record Found(Path path, Instant modified) {}

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
