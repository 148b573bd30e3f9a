package io.inframetrics.collect.sysstat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file that sysstat keeps of one local day.
 *
 * @param date the day that its name says; for {@code saDD} the latest day of a window with that
 *     number, which may be wrong: last month's file lies there until it is overwritten
 * @param modified when it was written last
 */
record DayFile(Path path, LocalDate date, Instant modified) {

  private static final Pattern NAME =
      Pattern.compile("sa(?<number>\\d{2}|\\d{8})(?<packed>\\.(?:xz|gz|bz2))?");

  /**
   * The files that may have records in a window, oldest first. That is one more at each end than
   * the dates say: files are cut at the local midnight of whoever wrote them, and the record of
   * midnight may stand in either of two files.
   */
  static List<DayFile> find(Path folder, Instant since, Instant until) throws IOException {
    LocalDate first = utcDate(since).minusDays(1);
    LocalDate last = utcDate(until).plusDays(1);
    List<DayFile> found = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path path : entries.filter(Files::isRegularFile).toList()) {
        Matcher name = NAME.matcher(path.getFileName().toString());
        if (name.matches()) {
          Optional<LocalDate> date = dateOf(name.group("number"), first, last);
          if (date.isPresent()) {
            found.add(new DayFile(path, date.get(), Files.getLastModifiedTime(path).toInstant()));
          }
        }
      }
    }
    // A day has two files if the setting HISTORY was changed on it: the older was written first.
    found.sort(
        Comparator.comparing(DayFile::date)
            .thenComparing(DayFile::modified)
            .thenComparing(DayFile::path));
    return found;
  }

  private static Optional<LocalDate> dateOf(String number, LocalDate first, LocalDate last) {
    return Stream.iterate(last, day -> !day.isBefore(first), day -> day.minusDays(1))
        .filter(
            day ->
                number.length() == 2
                    ? day.getDayOfMonth() == Integer.parseInt(number)
                    : day.toString().replace("-", "").equals(number))
        .findFirst();
  }

  /** The program that unpacks it to its standard output; empty if it is not packed. */
  Optional<String> unpacker() {
    String name = name();
    if (name.endsWith(".xz")) {
      return Optional.of("xz");
    }
    return name.endsWith(".gz")
        ? Optional.of("gzip")
        : name.endsWith(".bz2") ? Optional.of("bzip2") : Optional.empty();
  }

  /** Whether a file begun on that date can be this one; a change of time zone may shift it. */
  boolean isOf(LocalDate fileDate) {
    return Math.abs(ChronoUnit.DAYS.between(date, fileDate)) <= 1;
  }

  String name() {
    return path.getFileName().toString();
  }

  private static LocalDate utcDate(Instant instant) {
    return instant.atZone(ZoneOffset.UTC).toLocalDate();
  }
}
