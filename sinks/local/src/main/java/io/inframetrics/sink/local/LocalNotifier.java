package io.inframetrics.sink.local;

import io.inframetrics.naming.Sha256;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.Notifier;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes each notification to a file that reads like a letter. The file name ends with a hash of
 * the content, which identifies a notification that is sent again within the hour.
 */
final class LocalNotifier implements Notifier {

  /** How long the same notification counts as a retry of the first. */
  static final Duration RESEND_WINDOW = Duration.ofHours(1);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  static final String FOLDER = "notifications";

  private static final String EXTENSION = ".txt";
  private static final int HASH_DIGITS = 16;

  private final Path folder;
  private final DurableFiles files;
  private final Housekeeping housekeeping;
  private final Clock clock;
  private final ReentrantLock sending = new ReentrantLock();

  /** Names that may be packed by now; null before the first look. */
  private @Nullable Set<String> packed;

  LocalNotifier(Path root, DurableFiles files, Housekeeping housekeeping, Clock clock) {
    this.folder = root.resolve(FOLDER);
    this.files = files;
    this.housekeeping = housekeeping;
    this.clock = clock;
  }

  @Override
  public WriteResult send(Notification notification, Deadline deadline) {
    String letter = letter(notification);
    String hash = Sha256.hex(letter).substring(0, HASH_DIGITS);
    Instant now = clock.instant();
    sending.lock();
    try {
      if (isThere(hash, now)) {
        return WriteResult.duplicate(1);
      }
      String name = TIME.format(now) + "-" + hash + EXTENSION;
      try (StagedFile<Boolean> staged =
          new StagedFile<>(
              "notifications/" + name,
              files,
              content -> files.create(content.path(), folder.resolve(name)))) {
        staged.body().write(letter.getBytes(StandardCharsets.UTF_8));
        boolean written = staged.commit();
        packed(now).add(name);
        return written ? WriteResult.written(1) : WriteResult.duplicate(1);
      }
    } catch (IOException e) {
      throw new RetryableFailureException(
          "notification '%s' could not be stored: %s".formatted(notification.subject(), e), e);
    } finally {
      sending.unlock();
    }
  }

  private boolean isThere(String hash, Instant now) throws IOException {
    String earliest = TIME.format(now.minus(RESEND_WINDOW));
    try (DirectoryStream<Path> same = Files.newDirectoryStream(folder, "*-" + hash + EXTENSION)) {
      for (Path file : same) {
        if (String.valueOf(file.getFileName()).compareTo(earliest) >= 0) {
          return true;
        }
      }
    } catch (NoSuchFileException e) {
      return false;
    }
    Set<String> names = packed(now);
    names.removeIf(name -> name.compareTo(earliest) < 0);
    return names.stream().anyMatch(name -> name.endsWith("-" + hash + EXTENSION));
  }

  private Set<String> packed(Instant now) throws IOException {
    Set<String> names = packed;
    if (names == null) {
      names =
          housekeeping.packedNotifications(
              LocalDate.ofInstant(now.minus(RESEND_WINDOW), ZoneOffset.UTC),
              LocalDate.ofInstant(now, ZoneOffset.UTC));
      packed = names;
    }
    return names;
  }

  private static String letter(Notification notification) {
    StringBuilder letter = new StringBuilder();
    letter.append("Subject: ").append(notification.subject()).append('\n');
    for (Map.Entry<String, String> attribute : notification.attributes().entrySet()) {
      letter.append(oneLine(attribute.getKey())).append(": ");
      letter.append(oneLine(attribute.getValue())).append('\n');
    }
    return letter.append('\n').append(notification.message()).append('\n').toString();
  }

  private static String oneLine(String text) {
    return text.replace("\r", "\\r").replace("\n", "\\n");
  }
}
