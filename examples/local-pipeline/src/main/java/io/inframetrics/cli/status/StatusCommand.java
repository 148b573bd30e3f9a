package io.inframetrics.cli.status;

import static io.inframetrics.cli.status.Status.text;

import io.inframetrics.cli.input.DurationConverter;
import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.cli.monitor.RunRecords;
import io.inframetrics.cli.monitor.Sparkline;
import io.inframetrics.detect.ReadableText;
import io.inframetrics.text.Texts;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "status",
    description = {
      "Says how the last run did, which findings are open, and what was not judged.",
      "Exits with 0 if all is well, 1 for a warning, 2 for something critical, 3 if nothing is"
          + " known."
    },
    mixinStandardHelpOptions = true)
public final class StatusCommand implements Callable<Integer> {

  /** Exit code of wrong arguments where Nagios reads it: 2 would be an alarm. */
  public static final int NAGIOS_USAGE = 3;

  /** Lines that Nagios shows below the first. */
  private static final int MAX_NAGIOS_LINES = 20;

  private static final int MAX_NAGIOS_LINE = 300;
  private static final String DEFAULT_DATA = "inframetrics-data";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = DEFAULT_DATA,
      description = "data folder; the default is ${DEFAULT-VALUE}")
  private Path data = Path.of(DEFAULT_DATA);

  @Option(
      names = "--format",
      paramLabel = "text|json|nagios",
      defaultValue = "text",
      description = "for people (the default), for programs, or for Nagios and its relatives")
  private Format format = Format.text;

  @Option(
      names = "--max-age",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description =
          "nothing is known if the last run ended longer ago, such as 10m; the default is any age")
  private @Nullable Duration maxAge;

  @Mixin private Sparkline sparkline = new Sparkline();

  private final Clock clock;
  private final Map<String, String> environment;
  private final boolean terminal;

  enum Format {
    text,
    json,
    nagios
  }

  /**
   * The command.
   *
   * @param clock tells how old the last run is
   * @param environment says what the terminal can show
   * @param terminal whether a person reads along
   */
  public StatusCommand(Clock clock, Map<String, String> environment, boolean terminal) {
    this.clock = clock;
    this.environment = environment;
    this.terminal = terminal;
  }

  /** Whether these arguments, right or wrong, are those of a check that Nagios runs. */
  public static boolean isNagiosCheck(String... arguments) {
    List<String> all = Arrays.asList(arguments);
    return all.contains("status")
        && (all.contains("--format=nagios")
            || (all.indexOf("nagios") > 0
                && all.get(all.indexOf("nagios") - 1).equals("--format")));
  }

  /** The line that Nagios shows for a check that cannot be carried out. */
  public static String unknown(String message) {
    return nagiosLine(Status.State.UNKNOWN, message);
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Status status = status();
    switch (format) {
      case text -> {
        printText(status, out);
        if (sparkline.shown(environment, terminal)) {
          printSeries(ChartedSeries.lines(new RunRecords(data), status.report()), out);
        }
      }
      case json ->
          out.println(
              InputFile.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json(status)));
      case nagios -> printNagios(status, out);
    }
    out.flush();
    return status.state().exitCode();
  }

  private Status status() {
    try {
      return Status.of(data, maxAge, clock.instant());
    } catch (DateTimeException e) {
      throw new UsageException(
          "the record of the last run in '%s' was not written by a run: %s"
              .formatted(data, e.getMessage()),
          e);
    }
  }

  private static void printText(Status status, PrintWriter out) {
    out.printf("%s: %s%n", status.state(), status.reason());
    Duration age = status.age();
    JsonNode run = status.run();
    if (age != null) {
      out.printf(
          "last run  %s %s, %s, ended %s ago%n",
          text(run, "run_id"),
          text(run, "status"),
          text(run, "health"),
          ReadableText.duration(age));
    }
    Path page = status.page();
    if (page != null) {
      out.printf("page      %s%n", page.toUri());
    }
    if (!status.report().isMissingNode()) {
      out.printf("open findings: %d%n", status.findings().size());
      status.findings().forEach(finding -> out.println("  " + line(finding)));
      int muted = status.report().path("muted").size();
      if (muted > 0) {
        out.printf("muted findings: %d%n", muted);
      }
    }
    if (!status.notJudged().isEmpty()) {
      out.println("not judged:");
      status.notJudged().forEach(sentence -> out.println("  " + sentence));
    }
  }

  private static void printSeries(List<String> lines, PrintWriter out) {
    if (!lines.isEmpty()) {
      out.println("series:");
      lines.forEach(line -> out.println("  " + line));
    }
  }

  private static String line(JsonNode finding) {
    return "%s %s: %s, since %s"
        .formatted(
            text(finding, "severity").toUpperCase(Locale.ROOT),
            text(finding, "series_id"),
            text(finding, "reason"),
            text(finding, "start"));
  }

  private static ObjectNode json(Status status) {
    ObjectNode json = InputFile.JSON.createObjectNode();
    json.put("state", status.state().name());
    json.put("exit_code", status.state().exitCode());
    json.put("reason", status.reason());
    Duration age = status.age();
    if (age != null) {
      ObjectNode run = json.putObject("last_run");
      for (String name : List.of("run_id", "status", "health", "started_at", "ended_at")) {
        run.put(name, text(status.run(), name));
      }
      run.put("age_seconds", age.toSeconds());
      Path page = status.page();
      if (page != null) {
        run.put("page", page.toString());
      }
    }
    JsonNode report = status.report();
    if (!report.isMissingNode()) {
      ObjectNode found = json.putObject("report");
      for (String name : List.of("run_id", "observed_at", "severity", "subject")) {
        if (report.has(name)) {
          found.set(name, report.path(name));
        }
      }
    }
    ArrayNode findings = json.putArray("findings");
    status.findings().forEach(findings::add);
    ArrayNode notJudged = json.putArray("not_judged");
    status.notJudged().forEach(notJudged::add);
    return json;
  }

  /**
   * One line with the state and figures, then the findings.
   *
   * @see <a href="https://nagios-plugins.org/doc/guidelines.html#PLUGOUTPUT">Plugin output</a>
   */
  private static void printNagios(Status status, PrintWriter out) {
    StringBuilder line = new StringBuilder(nagiosLine(status.state(), status.reason()));
    line.append(" |");
    for (String severity : List.of("critical", "warning", "info")) {
      long count =
          status.findings().stream()
              .filter(finding -> text(finding, "severity").equals(severity))
              .count();
      line.append(' ').append(severity).append('=').append(count);
    }
    Duration age = status.age();
    if (age != null) {
      line.append(" age=").append(age.toSeconds()).append('s');
    }
    out.println(line);
    status.findings().stream()
        .limit(MAX_NAGIOS_LINES)
        .forEach(finding -> out.println(plain(line(finding))));
    status.notJudged().forEach(sentence -> out.println(plain("not judged: " + sentence)));
  }

  private static String nagiosLine(Status.State state, String message) {
    return "INFRAMETRICS " + state + " - " + plain(message);
  }

  /** Nagios takes what follows a bar for figures. */
  private static String plain(String text) {
    return Texts.oneLine(text, MAX_NAGIOS_LINE).replace('|', '/');
  }
}
