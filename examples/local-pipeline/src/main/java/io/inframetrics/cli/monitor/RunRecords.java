package io.inframetrics.cli.monitor;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.sink.local.LocalStores;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The records of runs in a data folder. Reads files only, whoever has the folder open. */
public final class RunRecords {

  private static final String FILE = "run.json";
  private static final Duration READING = Duration.ofSeconds(30);

  /** What a folder below {@code runs/} can be called, and no path that leads elsewhere. */
  private static final Pattern RUN_ID = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._:=@+-]{0,127}");

  private final Path data;
  private final DocumentStore documents;

  /** Records of a folder that need not exist. */
  public RunRecords(Path data) {
    this.data = data;
    this.documents = LocalStores.readOnly(data);
  }

  /** The reports and definitions of the folder. */
  public DocumentStore documents() {
    return documents;
  }

  /**
   * The record of the run that started last; empty if there was none.
   *
   * @throws UsageException if it cannot be read
   */
  public Optional<JsonNode> last() {
    return folders(1).stream().findFirst().map(folder -> InputFile.json(folder.resolve(FILE)));
  }

  /** The ids of the newest runs whose records are not in an archive, the newest first. */
  public List<String> newest(int count) {
    return folders(count).stream().map(folder -> String.valueOf(folder.getFileName())).toList();
  }

  /**
   * The record of a run, also one in an archive; empty if there is none.
   *
   * @throws UsageException if it cannot be read
   */
  public Optional<JsonNode> of(String runId) {
    return RUN_ID.matcher(runId).matches()
        ? text("runs/%s/%s".formatted(runId, FILE))
            .map(text -> InputFile.json(data.resolve("runs").resolve(runId).resolve(FILE), text))
        : Optional.empty();
  }

  /** The text of a document; empty if there is none. */
  public Optional<String> text(String key) {
    Optional<StoredObject> object = documents.open(key, Deadline.after(READING, Clock.systemUTC()));
    if (object.isEmpty()) {
      return Optional.empty();
    }
    try (StoredObject stored = object.get()) {
      return Optional.of(new String(stored.body().readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UsageException(
          "file '%s' cannot be read: %s".formatted(data.resolve(key), e.getMessage()), e);
    }
  }

  private List<Path> folders(int count) {
    Path runs = data.resolve("runs");
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(runs)) {
      return folders
          .filter(folder -> Files.isRegularFile(folder.resolve(FILE)))
          .sorted(
              Comparator.comparing(RunRecords::startedAt)
                  .thenComparing(RunRecords::modified)
                  .reversed())
          .limit(count)
          .toList();
    } catch (IOException e) {
      throw new UsageException("folder '%s' cannot be read: %s".formatted(runs, e), e);
    }
  }

  /** The part of the run's name that sorts by time, so that not every record must be read. */
  private static String startedAt(Path folder) {
    String name = String.valueOf(folder.getFileName());
    int random = name.lastIndexOf('-');
    return random < 0 ? name : name.substring(0, random);
  }

  private static Instant modified(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      return Instant.EPOCH; // Somebody has just deleted it.
    }
  }
}
