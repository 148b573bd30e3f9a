package io.inframetrics.cli.page;

import io.inframetrics.cli.input.CommandFailedException;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.cli.monitor.RunRecords;
import io.inframetrics.detect.ReadableText;
import io.inframetrics.metric.MetricType;
import io.inframetrics.page.ReportPage;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
    name = "report",
    description = {
      "Writes the page of the last run, of the run that you name, or of series from elsewhere, and"
          + " prints where it is.",
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
      names = "--csv",
      paramLabel = "FOLDER",
      description = {
        "shows series from elsewhere instead of a run: all *.csv below the folder and the JSON of 'aws"
            + " cloudwatch get-metric-data', as backtest reads them, or sysstat's day files, such"
            + " as /var/log/sysstat; the page is then written to report.html unless --out is given",
        "A file is a series. The type is that of a folder or file such as cpu_utilization/web-1.csv,"
            + " or CPUUtilization in the label of a metric."
      })
  private @Nullable Path csv;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      description =
          "with --csv: what all values are, such as disk_usage, whose threshold and capacity then"
              + " count")
  private @Nullable String type;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "where to write the page; the default is beside the report in the data folder")
  private @Nullable Path out;

  @Option(names = "--open", description = "opens the page in this machine's browser, too")
  private boolean open;

  private final Map<String, String> environment;
  private final Supplier<AnalysisSettings> settings;
  private final Browser browser;
  private final Clock clock;

  /**
   * The command.
   *
   * @param environment says by which time zone pages write times
   * @param settings by which series from elsewhere are judged
   */
  public ReportCommand(
      Map<String, String> environment,
      Supplier<AnalysisSettings> settings,
      Browser browser,
      Clock clock) {
    this.environment = environment;
    this.settings = settings;
    this.browser = browser;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    Path page = (csv == null ? ofRun() : ofSeries(csv)).toAbsolutePath().normalize();
    PrintWriter printer = spec.commandLine().getOut();
    printer.println(page);
    printer.flush();
    if (open) {
      browser.open(page.toUri()).ifPresent(this::say);
    }
    return 0;
  }

  private void say(String sentence) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(sentence);
    err.flush();
  }

  private Path ofSeries(Path folder) {
    for (String option : List.of("--run", "--data")) {
      if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
        throw new UsageException(option + " has no effect with --csv: leave it out");
      }
    }
    RecordedFolder recorded = RecordedFolder.read(folder, metricType(), clock);
    recorded.notes().forEach(note -> say("note: " + note));
    RecordedReport report = new RecordedReport(recorded.recordings(), settings.get(), clock);
    long old = report.observedAt().minus(settings.get().reading().seenWithin()).getEpochSecond();
    List<String> ended =
        recorded.recordings().stream()
            .filter(one -> one.newest() < old)
            .map(one -> one.series().id())
            .toList();
    if (!ended.isEmpty()) {
      say(
          "note: %s more than %s before the newest point, and %s left out: %s"
              .formatted(
                  ended.size() == 1 ? "a series ends" : ended.size() + " series end",
                  ReadableText.duration(settings.get().reading().seenWithin()),
                  ended.size() == 1 ? "is" : "are",
                  Texts.oneLine(String.join(", ", ended), 300)));
    }
    Path page = out == null ? Path.of("report.html") : out;
    try {
      RunPages.write(
          report.compose(RunPages.zone(environment)), new ReportPage(report.stores()), page, clock);
    } catch (IOException | UncheckedIOException e) {
      throw new CommandFailedException("the page was not written: " + Texts.describe(e), e);
    }
    return page;
  }

  private @Nullable MetricType metricType() {
    if (type == null) {
      return null;
    }
    try {
      return new MetricType(type);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--type: " + e.getMessage(), e);
    }
  }

  private Path ofRun() {
    if (type != null) {
      throw new UsageException("--type has no effect here: add --csv FOLDER");
    }
    RunRecords records = new RunRecords(data);
    JsonNode record = record(records);
    requireReport(records, record);
    Path page;
    try {
      RunPages pages =
          RunPages.again(data, record, settings.get(), RunPages.zone(environment), clock);
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
    return page;
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
