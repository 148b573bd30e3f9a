package io.inframetrics.cli;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.monitor.Progress;
import io.inframetrics.cli.monitor.RunRecord;
import io.inframetrics.cli.monitor.RunRecords;
import io.inframetrics.cli.monitor.RunSummary;
import io.inframetrics.cli.monitor.RunTimes;
import io.inframetrics.cli.monitor.StopRequest;
import io.inframetrics.cli.page.PageServer;
import io.inframetrics.cli.page.RunPages;
import io.inframetrics.text.Texts;
import io.inframetrics.time.Deadline;
import io.inframetrics.workflow.execution.ExecutionResult;
import io.inframetrics.workflow.execution.ExecutionStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Runs the pipeline again and again. Whatever a run throws counts as a failed run, and the next one
 * starts at its time: a full disk, a deleted data folder or too few file descriptors end no
 * monitor.
 */
final class Monitor implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

  private static final DateTimeFormatter RUN_TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Characters of a reason that is printed; the log has the rest. */
  private static final int MAX_REASON = 500;

  private final LocalPipeline.Options options;
  private final CommandContext around;
  private final Clock clock;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Progress.Detail detail;
  private final boolean sparklines;
  private final Consumer<LastRun> shown;
  private final ZoneId zone;
  private volatile @Nullable LocalPipeline pipeline;
  private boolean prepared;
  private boolean allSucceeded = true;
  private @Nullable JsonNode lastOutput;

  /**
   * How a run ended, for those who show it.
   *
   * @param record as the data folder has it
   * @param page null if the run has none
   * @param served makes the page that is served
   */
  record LastRun(JsonNode record, @Nullable Path page, PageServer.PageContent served) {}

  /**
   * Opens the pipeline.
   *
   * @param sparklines whether to show how each series went
   * @param shown gets each run that has ended, and its page
   * @throws io.inframetrics.cli.input.UsageException if settings, folder or definition cannot be
   *     used
   */
  Monitor(
      LocalPipeline.Options options,
      CommandContext around,
      PrintWriter out,
      PrintWriter err,
      Progress.Detail detail,
      boolean sparklines,
      Consumer<LastRun> shown) {
    this.options = options;
    this.around = around;
    this.clock = around.clock();
    this.out = out;
    this.err = err;
    this.detail = detail;
    this.sparklines = sparklines;
    this.shown = shown;
    this.zone = RunPages.zone(around.environment());
    LocalPipeline opened = LocalPipeline.open(options, around);
    this.pipeline = opened;
    opened.notes().forEach(this::note);
  }

  /** Runs that often, or until the command is to end; then waits for what still is processed. */
  void run(long count, StopRequest stop) throws InterruptedException {
    stop.onRequest(this::finishSoon);
    try {
      RunTimes times = new RunTimes(options.every(), clock, around::nanoTime);
      for (long run = 0; run < count && !stop.requested(); run++) {
        times.clockJump().ifPresent(this::warn);
        runOnce(count > 1);
        if (run + 1 < count && options.every() != null) {
          around.await(times.untilNext(), stop);
        }
      }
      finish();
    } catch (InterruptedException e) {
      if (!stop.requested()) {
        throw e;
      }
      out.println("not everything is processed yet; the next run continues");
      out.flush();
      allSucceeded = false;
    }
  }

  /** Whether every run succeeded so far, and everything around the runs. */
  boolean allSucceeded() {
    return allSucceeded;
  }

  /** What the last run answered; null if it failed. */
  @Nullable JsonNode lastOutput() {
    return lastOutput;
  }

  private void finishSoon() {
    LocalPipeline current = pipeline;
    if (current != null) {
      current.finishSoon();
    }
  }

  private void runOnce(boolean more) throws InterruptedException {
    String runId =
        "local-%s-%s"
            .formatted(
                RUN_TIME.format(clock.instant()), UUID.randomUUID().toString().substring(0, 8));
    lastOutput = null;
    try {
      ExecutionResult result = runOnce(opened(more), runId);
      lastOutput = result.output();
      allSucceeded &= result.succeeded();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | Error e) { // A single odd file may cause an error, too.
      failed("run " + runId, e);
      JsonNode record =
          InputFile.JSON
              .createObjectNode()
              .put("run_id", runId)
              .put("status", "FAILED")
              .put("ended_at", clock.instant().toString())
              .put("error", Texts.oneLine(Texts.describe(e), MAX_REASON));
      shown.accept(new LastRun(record, null, () -> new byte[0]));
    }
  }

  /** The pipeline, opened again if its folder is gone or is another one now. */
  private LocalPipeline opened(boolean more) throws InterruptedException {
    LocalPipeline current = pipeline;
    if (current != null && !current.hasItsFolder()) {
      warn(
          "data folder '%s' was deleted or replaced by another program: it is opened again"
              .formatted(current.dataFolder()));
      pipeline = null;
      prepared = false;
      try {
        current.close();
      } catch (RuntimeException e) {
        LOG.warn("the data folder that is gone could not be closed", e);
      }
      current = null;
    }
    if (current == null) {
      current = LocalPipeline.open(options, around);
      pipeline = current;
    }
    if (!prepared) {
      current.prepare(more ? options.every() : null);
      prepared = true;
    }
    return current;
  }

  private ExecutionResult runOnce(LocalPipeline current, String runId) throws IOException {
    ExecutionResult result;
    try (Progress progress =
        new Progress(out, clock, ZoneId.systemDefault(), detail, around.isTerminal())) {
      progress.say(Progress.Detail.VERBOSE, "run " + runId + " started");
      result = current.run(runId, progress);
    }
    if (result.status() == ExecutionStatus.ABORTED) {
      // What follows must not be interrupted, too.
      boolean unused = Thread.interrupted();
    }
    Path page = null;
    try {
      JsonNode record = RunRecord.write(current.dataFolder(), runId, current.definition(), result);
      RunPages pages = pages(current);
      page = result.status() == ExecutionStatus.ABORTED ? null : page(pages, record);
      shown.accept(new LastRun(record, page, () -> pages.page(record, true)));
    } finally {
      RunSummary summary =
          new RunSummary(
              out,
              current.history(),
              current::place,
              page,
              sparklines,
              Deadline.after(Duration.ofSeconds(30), clock));
      if (detail == Progress.Detail.QUIET) {
        summary.printWhatIsWrong(runId, result);
      } else {
        summary.print(runId, result);
      }
    }
    current.tidy();
    return result;
  }

  private RunPages pages(LocalPipeline current) {
    Path data = current.dataFolder();
    return new RunPages(data, current.documents(), new RunRecords(data)::text, zone, clock);
  }

  /** The page of a run; null if it has none, or if it cannot be written, which fails no run. */
  private @Nullable Path page(RunPages pages, JsonNode record) {
    try {
      return pages.writeNewest(record).orElse(null);
    } catch (Exception | Error e) { // A single odd report may cause an error, too.
      LOG.warn("the page of the run was not written", e);
      note("the page of the run was not written: " + Texts.oneLine(Texts.describe(e), MAX_REASON));
      return null;
    }
  }

  private void finish() throws InterruptedException {
    LocalPipeline current = pipeline;
    if (current == null) {
      return; // The last run could not open it, and said so.
    }
    try {
      current.processLanded().ifPresent(out::println);
      if (detail != Progress.Detail.QUIET) {
        out.printf("%n%s%n", current.whereabouts());
      }
    } catch (RuntimeException e) {
      failed("the end of the last run", e);
    }
    out.flush();
  }

  private void failed(String what, Throwable e) {
    LOG.error("{} failed", what, e);
    allSucceeded = false;
    out.printf("%n%s FAILED: %s%n", what, Texts.oneLine(Texts.describe(e), MAX_REASON));
    out.flush();
  }

  private void warn(String text) {
    LOG.warn("{}", text);
    note(text);
  }

  private void note(String text) {
    err.println("note: " + text);
    err.flush();
  }

  /** Releases the folder. A failure of that counts, too, but ends nothing. */
  @Override
  public void close() {
    LocalPipeline current = pipeline;
    pipeline = null;
    if (current != null) {
      try {
        current.close();
      } catch (RuntimeException e) {
        failed("closing the data folder", e);
      }
    }
  }
}
