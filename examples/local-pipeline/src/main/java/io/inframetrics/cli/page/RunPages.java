package io.inframetrics.cli.page;

import io.inframetrics.cli.input.UsageException;
import io.inframetrics.cli.monitor.RunRecords;
import io.inframetrics.page.PageRequest;
import io.inframetrics.page.ReportPage;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.time.Deadline;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Writes the pages of a data folder's runs, each whole or not at all. */
public final class RunPages {

  private static final Path LATEST = Path.of("reports", "latest.html");
  private static final Duration WRITING = Duration.ofSeconds(30);
  private static final String TIME_ZONE = "INFRAMETRICS_TIME_ZONE";

  private final Path data;
  private final Function<String, Optional<String>> definitions;
  private final ReportPage pages;
  private final ZoneId zone;
  private final Clock clock;

  /**
   * Pages in the folder {@code data}.
   *
   * @param documents the reports
   * @param definitions answers the text of the definition with a key
   * @param zone in which pages write times
   */
  public RunPages(
      Path data,
      DocumentStore documents,
      Function<String, Optional<String>> definitions,
      ZoneId zone,
      Clock clock) {
    this.data = data;
    this.definitions = definitions;
    this.pages = new ReportPage(documents);
    this.zone = zone;
    this.clock = clock;
  }

  /**
   * Pages of an earlier run; charts that are not kept any more are made again.
   *
   * @param settings by which its series are judged again
   */
  static RunPages again(
      Path data, JsonNode run, AnalysisSettings settings, ZoneId zone, Clock clock) {
    RunRecords records = new RunRecords(data);
    return new RunPages(
        data,
        EarlierRun.documents(data, records, run, settings, clock),
        records::text,
        zone,
        clock);
  }

  /**
   * The zone of {@value #TIME_ZONE}, otherwise this machine's.
   *
   * @throws UsageException if there is no such zone
   */
  public static ZoneId zone(Map<String, String> environment) {
    String id = environment.getOrDefault(TIME_ZONE, "");
    if (id.isBlank()) {
      return ZoneId.systemDefault();
    }
    try {
      return AnalysisSettings.timeZone(id.strip());
    } catch (IllegalArgumentException e) {
      throw new UsageException("%s is '%s': use %s".formatted(TIME_ZONE, id, e.getMessage()), e);
    }
  }

  /** Where the page of a run is, if it is kept. */
  public static Path of(Path data, JsonNode run) {
    return data.resolve(RecordedRun.of(run, key -> Optional.empty()).pageKey());
  }

  /**
   * Writes the page of the newest run, beside its report; {@code reports/latest.html} is the same
   * page, for bookmarks. Empty if the run had nothing to report, such as one that only collects.
   *
   * @throws IOException if it cannot be written
   */
  public Optional<Path> writeNewest(JsonNode run) throws IOException {
    if (!RecordedRun.hasPage(run)) {
      return Optional.empty();
    }
    Path page = write(run);
    Path latest = data.resolve(LATEST);
    Path unfinished = unfinished(latest);
    Files.deleteIfExists(unfinished);
    try {
      Files.createLink(unfinished, page);
    } catch (UnsupportedOperationException | IOException e) {
      Files.copy(page, unfinished); // Not every file system has hard links.
    }
    Files.move(unfinished, latest, StandardCopyOption.ATOMIC_MOVE);
    return Optional.of(page);
  }

  /**
   * Writes the page of a run, beside its report.
   *
   * @throws IOException if it cannot be written
   */
  public Path write(JsonNode run) throws IOException {
    RecordedRun recorded = RecordedRun.of(run, definitions);
    Path file = data.resolve(recorded.pageKey());
    write(recorded, file);
    return file;
  }

  /**
   * Writes the page of a run to a file, in folders that are created if necessary.
   *
   * @throws IOException if it cannot be written
   */
  public void write(JsonNode run, Path file) throws IOException {
    write(RecordedRun.of(run, definitions), file);
  }

  /**
   * The page of a run.
   *
   * @param live whether it asks its server for the next run's, and shows it
   */
  public byte[] page(JsonNode run, boolean live) {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    pages.write(
        request(RecordedRun.of(run, definitions), live), page, Deadline.after(WRITING, clock));
    return page.toByteArray();
  }

  private PageRequest request(RecordedRun run, boolean live) {
    return new PageRequest(
        run.runId(), run.observedAt(), run.reportKey(), run.details(), zone, live);
  }

  private void write(RecordedRun run, Path file) throws IOException {
    write(request(run, false), pages, file, clock);
  }

  /** Writes a page to a file, in folders that are created if necessary. */
  static void write(PageRequest request, ReportPage pages, Path file, Clock clock)
      throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    Path unfinished = unfinished(file);
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(unfinished))) {
        pages.write(request, out, Deadline.after(WRITING, clock));
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** Housekeeping leaves files with such a name alone. */
  private static Path unfinished(Path file) {
    return file.resolveSibling(file.getFileName() + ".unfinished");
  }
}
