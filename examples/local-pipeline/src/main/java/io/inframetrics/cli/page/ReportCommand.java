package io.inframetrics.cli.page;

import io.inframetrics.cli.input.CommandFailedException;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.cli.monitor.RunRecords;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.text.SimilarName;
import io.inframetrics.text.Texts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
    name = "report",
    description = {
      "Writes the page of the last run, or of the run that you name, and prints where it is.",
      "The page is one HTML file, which needs nothing from the network."
    },
    mixinStandardHelpOptions = true)
public final class ReportCommand implements Callable<Integer> {

  private static final String DEFAULT_DATA = "inframetrics-data";

  /** Runs that are named if the given one is not there. */
  private static final int NAMED_RUNS = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = DEFAULT_DATA,
      description = "data folder; the default is ${DEFAULT-VALUE}")
  private Path data = Path.of(DEFAULT_DATA);

  @Option(
      names = "--run",
      paramLabel = "ID",
      description =
          "the run to show, such as local-20260219T112743Z-7b3acc8b; the default is the last")
  private @Nullable String run;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "where to write the page; the default is beside the report in the data folder")
  private @Nullable Path out;

  @Option(names = "--open", description = "opens the page in this machine's browser, too")
  private boolean open;

  private final Map<String, String> environment;
  private final Browser browser;
  private final Clock clock;

  /** The command; {@code environment} says by which time zone pages write times. */
  public ReportCommand(Map<String, String> environment, Browser browser, Clock clock) {
    this.environment = environment;
    this.browser = browser;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    RunRecords records = new RunRecords(data);
    JsonNode record = record(records);
    RunPages pages =
        new RunPages(data, records.documents(), records::text, RunPages.zone(environment), clock);
    Path page;
    try {
      requireReport(records, record);
      if (out != null) {
        pages.write(record, out);
        page = out;
      } else {
        page = run == null ? pages.writeNewest(record).orElseThrow() : pages.write(record);
      }
    } catch (IOException
        | UncheckedIOException
        | RetryableFailureException
        | IllegalArgumentException e) {
      throw new CommandFailedException(
          "the page of run '%s' was not written: %s"
              .formatted(record.path("run_id").asString(""), Texts.describe(e)),
          e);
    }
    page = page.toAbsolutePath().normalize();
    PrintWriter printer = spec.commandLine().getOut();
    printer.println(page);
    printer.flush();
    if (open) {
      browser.open(page.toUri()).ifPresent(spec.commandLine().getErr()::println);
      spec.commandLine().getErr().flush();
    }
    return 0;
  }

  private JsonNode record(RunRecords records) {
    if (run == null) {
      return records
          .last()
          .orElseThrow(
              () ->
                  new UsageException(
                      "no run is recorded in '%s': name the data folder of a run with --data, or call run first"
                          .formatted(data)));
    }
    return records.of(run).orElseThrow(() -> unknown(records));
  }

  private UsageException unknown(RunRecords records) {
    List<String> newest = records.newest(NAMED_RUNS);
    if (newest.isEmpty()) {
      return new UsageException(
          "there is no run '%s' in '%s': no run is recorded there".formatted(run, data));
    }
    return new UsageException(
        "there is no run '%s' in '%s'%s: the newest there %s %s"
            .formatted(
                run,
                data,
                SimilarName.of(String.valueOf(run), newest)
                    .map(" (did you mean %s?)"::formatted)
                    .orElse(""),
                newest.size() == 1 ? "is" : "are",
                String.join(", ", newest)));
  }

  /** A run with {@code --store aws} has its reports elsewhere. */
  private void requireReport(RunRecords records, JsonNode record) {
    String runId = record.path("run_id").asString("");
    if (!RecordedRun.hasPage(record)) {
      throw new UsageException(
          "run '%s' has no report, because its state machine composes none".formatted(runId));
    }
    String key = record.path("output").path("report").path("report_key").asString("");
    if (!key.isEmpty() && records.text(key).isEmpty()) {
      throw new UsageException(
          "report '%s' of run '%s' is not in '%s': the reports of a run with --store aws are in its bucket"
              .formatted(key, runId, data));
    }
  }
}
