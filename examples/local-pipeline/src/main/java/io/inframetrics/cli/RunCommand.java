package io.inframetrics.cli;

import io.inframetrics.cli.input.DurationConverter;
import io.inframetrics.cli.input.ProductFiles;
import io.inframetrics.cli.monitor.Progress;
import io.inframetrics.cli.monitor.RunSummary;
import io.inframetrics.cli.monitor.Sparkline;
import io.inframetrics.cli.monitor.StopRequest;
import io.inframetrics.cli.page.PageServer;
import io.inframetrics.cli.page.RunPages;
import io.inframetrics.cli.publish.PublishOptions;
import io.inframetrics.pipeline.analysis.Mute;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

@Command(
    name = "run",
    description =
        "Runs the whole pipeline on this machine: collects metrics, processes them, checks the run and"
            + " analyzes.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--source",
      paramLabel = "NAME[,NAME]",
      split = ",",
      description =
          "what to measure: host, this machine; cloudwatch, the instances that CloudWatch knows;"
              + " synthetic, an invented fleet; or any other source that the command sources lists;"
              + " several may measure the same type. The default is INFRAMETRICS_SOURCE, or else"
              + " host")
  private List<String> sources = List.of();

  @Option(
      names = "--collectors",
      paramLabel = "DIR",
      description = "a folder with the jars of your own collectors, and of what they need")
  private @Nullable Path collectors;

  @Option(
      names = "--definition",
      paramLabel = "F",
      description =
          "another state machine, such as one with a branch for your own metric type; the default"
              + " is that of the deployment, deploy/statemachine/pipeline.asl.json")
  private @Nullable Path definition;

  @Option(
      names = "--instance",
      paramLabel = "NAME",
      description =
          "what to call this machine in every series; the default is"
              + " INFRAMETRICS_COLLECTOR_HOST_INSTANCE_ID, or else its host name")
  private @Nullable String instance;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description =
          "number of runs; the default is 1, or no limit with --every (stop it with Ctrl-C)")
  private @Nullable Integer runs;

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "time from the start of a run to the start of the next, such as 10s or 3h")
  private @Nullable Duration every;

  @Mixin private StoreOptions store = new StoreOptions();

  @Mixin private PublishOptions publish = new PublishOptions();

  @Option(
      names = "--fail",
      paramLabel = "METRIC_TYPE",
      description = "makes the collector of this metric type fail; can be repeated")
  private Set<String> fail = new LinkedHashSet<>();

  @Option(
      names = "--mute",
      paramLabel = "SERIES@FROM/UNTIL",
      description =
          "does not deliver findings of these series for some time, such as"
              + " disk_usage#build-*@2026-02-19T22:00Z/2026-02-20T06:00Z; can be repeated")
  private List<String> mute = new ArrayList<>();

  @Option(
      names = "--only",
      paramLabel = "collect|analyze",
      description = {
        "collect: collects and processes, without analysis and notification",
        "analyze: analyzes what the table has, and notifies; collects nothing"
      })
  private @Nullable Part only;

  @Option(
      names = "--fail-on",
      paramLabel = "warning|critical",
      description =
          "exits with 3 if the last run has an open finding of this severity, or a worse one")
  private @Nullable Severity failOn;

  @Option(
      names = "--open",
      description = "opens the page of the first run in this machine's browser")
  private boolean open;

  @Option(
      names = "--serve",
      paramLabel = "PORT",
      description =
          "serves the newest page at http://localhost:PORT/ to this machine only, and /health for"
              + " checks, until it is stopped with Ctrl-C; 0 takes any free port")
  private @Nullable Integer serve;

  @Mixin private Sparkline sparkline = new Sparkline();

  @Option(names = "--quiet", description = "prints only what is wrong")
  private boolean quiet;

  @Option(names = "--verbose", description = "prints each state as it starts and ends, too")
  private boolean verbose;

  /** One of two runs that share a table. */
  enum Part {
    collect,
    analyze
  }

  /** From the least to the worst, as reports spell them. */
  enum Severity {
    warning,
    critical
  }

  /** Answered if findings are as bad as {@code --fail-on} says. */
  private static final int FINDINGS = 3;

  private final CommandContext around;

  RunCommand(CommandContext around) {
    this.around = around;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (runs != null && runs < 1) {
      throw new ParameterException(
          spec.commandLine(), "--runs is %d: use 1 or more".formatted(runs));
    }
    if (quiet && verbose) {
      throw new ParameterException(
          spec.commandLine(), "--quiet and --verbose exclude each other: use one of them");
    }
    if (only == Part.analyze
        && (!sources.isEmpty() || collectors != null || instance != null || !fail.isEmpty())) {
      throw new ParameterException(
          spec.commandLine(),
          "--only analyze collects nothing: leave out --source, --collectors, --instance and"
              + " --fail");
    }
    if (only == Part.analyze && publish.isGiven()) {
      throw new ParameterException(
          spec.commandLine(),
          "--only analyze publishes nothing: leave out --publish and --otlp-endpoint");
    }
    if (only == Part.collect && (open || serve != null)) {
      throw new ParameterException(
          spec.commandLine(), "--only collect finds nothing to show: leave out --open and --serve");
    }
    if (serve != null && (serve < 0 || serve > 65_535)) {
      throw new ParameterException(
          spec.commandLine(), "--serve is %d: use a port from 0 to 65535".formatted(serve));
    }
    if (only == Part.collect && (failOn != null || !mute.isEmpty())) {
      throw new ParameterException(
          spec.commandLine(), "--only collect finds nothing: leave out --fail-on and --mute");
    }
    PrintWriter out = spec.commandLine().getOut();
    try (PageServer pages = serve == null ? null : serve(serve, out);
        StopRequest stop = StopRequest.watch(out, around.patience(), around.ownsProcess())) {
      int exitCode = monitor(out, stop, pages);
      while (pages != null && !stop.requested()) {
        around.await(Duration.ofDays(1), stop);
      }
      stop.exitCode(exitCode);
      return exitCode;
    }
  }

  private PageServer serve(int port, PrintWriter out) {
    PageServer pages =
        PageServer.start(
            port,
            store.data,
            every,
            CommandSettings.analysis(around),
            RunPages.zone(around.environment()),
            around.clock());
    if (!quiet) {
      out.println("Page: " + pages.address());
      out.flush();
    }
    return pages;
  }

  private int monitor(PrintWriter out, StopRequest stop, @Nullable PageServer pages)
      throws InterruptedException {
    LocalPipeline.Options options =
        new LocalPipeline.Options(
            store,
            only == Part.analyze ? null : sources,
            collectors,
            instance,
            fail,
            every,
            definition != null ? definition : around.home().resolve(ofTheDeployment()),
            publish,
            only == Part.collect,
            mutes());
    long count = runs != null ? runs : every == null ? 1 : Long.MAX_VALUE;
    Monitor monitor =
        new Monitor(
            options,
            around,
            out,
            spec.commandLine().getErr(),
            detail(),
            sparkline.shown(around.environment(), around.isTerminal()),
            run -> show(run, pages));
    try (monitor) {
      monitor.run(count, stop);
    }
    if (!monitor.allSucceeded()) {
      return ExitCode.SOFTWARE;
    }
    return isFailOnReached(monitor.lastOutput()) ? FINDINGS : 0;
  }

  private void show(Monitor.LastRun run, @Nullable PageServer pages) {
    if (pages != null) {
      pages.show(run.record(), run.page() == null ? null : run.served());
    }
    if (!open) {
      return;
    }
    open = false;
    PrintWriter err = spec.commandLine().getErr();
    if (run.page() == null) {
      err.println("note: the run has no page to open");
    } else {
      around
          .browser()
          .open(pages == null ? run.page().toUri() : pages.address())
          .ifPresent(err::println);
    }
    err.flush();
  }

  private List<Mute> mutes() {
    try {
      return Mute.list(String.join(";", mute));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "--mute is not valid: use " + e.getMessage(), e);
    }
  }

  private Path ofTheDeployment() {
    if (only == null) {
      return ProductFiles.DEFINITION;
    }
    return only == Part.collect ? ProductFiles.COLLECT : ProductFiles.ANALYZE;
  }

  private boolean isFailOnReached(@Nullable JsonNode output) {
    Severity least = failOn;
    if (least == null || output == null) {
      return false;
    }
    String worst = RunSummary.severity(output);
    return Arrays.stream(Severity.values())
        .anyMatch(each -> each.name().equals(worst) && each.compareTo(least) >= 0);
  }

  private Progress.Detail detail() {
    if (quiet) {
      return Progress.Detail.QUIET;
    }
    return verbose ? Progress.Detail.VERBOSE : Progress.Detail.NORMAL;
  }
}
