package io.inframetrics.cli;

import io.inframetrics.cli.input.DurationConverter;
import io.inframetrics.cli.input.ProductFiles;
import io.inframetrics.pipeline.analysis.Mute;
import io.inframetrics.time.Deadline;
import io.inframetrics.workflow.execution.ExecutionResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "run",
    description =
        "Runs the whole pipeline on this machine: collects metrics, processes them, checks the run and"
            + " analyzes.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

  private static final DateTimeFormatter RUN_TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--source",
      paramLabel = "host|synthetic",
      defaultValue = "host",
      description = "what to measure: this machine (the default) or an invented fleet")
  private Source source = Source.host;

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

  private final CommandContext around;
  private final Clock clock;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile int exitCode;

  RunCommand(CommandContext around) {
    this.around = around;
    this.clock = around.clock();
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    if (runs != null && runs < 1) {
      throw new ParameterException(
          spec.commandLine(), "--runs is %d: use 1 or more".formatted(runs));
    }
    if (instance != null && source != Source.host) {
      throw new ParameterException(
          spec.commandLine(), "--instance names this machine: use it with --source host");
    }
    PrintWriter out = spec.commandLine().getOut();
    Thread onInterrupt = new Thread(() -> finishTheRunInHand(out), "finish-run");
    try {
      Runtime.getRuntime().addShutdownHook(onInterrupt);
      exitCode = monitor(out);
    } finally {
      finished.countDown();
      removeHook(onInterrupt);
    }
    return exitCode;
  }

  private int monitor(PrintWriter out) throws InterruptedException, IOException {
    LocalPipeline.Options options =
        new LocalPipeline.Options(
            store,
            source,
            instance,
            fail,
            every,
            around.home().resolve(ProductFiles.DEFINITION),
            mutes());
    long count = runs != null ? runs : every == null ? 1 : Long.MAX_VALUE;
    int code = 0;
    try (LocalPipeline pipeline = LocalPipeline.open(options, around)) {
      pipeline.prepare(count == 1 ? null : every);
      Instant next = clock.instant();
      for (long run = 0; run < count && stop.getCount() > 0; run++) {
        if (!runOnce(pipeline, out)) {
          code = ExitCode.SOFTWARE;
        }
        if (run + 1 < count && every != null) {
          next = next.plus(every);
          // A run that took longer than its period is followed by one at once, not by two.
          next = next.isBefore(clock.instant()) ? clock.instant() : next;
          boolean unused =
              stop.await(Duration.between(clock.instant(), next).toMillis(), TimeUnit.MILLISECONDS);
        }
      }
      pipeline.processLanded().ifPresent(out::println);
      out.printf("%n%s%n", pipeline.whereabouts());
      out.flush();
    }
    return code;
  }

  private List<Mute> mutes() {
    try {
      return Mute.list(String.join(";", mute));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "--mute is not valid: use " + e.getMessage(), e);
    }
  }

  /** Answers whether the run succeeded. */
  private boolean runOnce(LocalPipeline pipeline, PrintWriter out) throws IOException {
    String runId =
        "local-%s-%s"
            .formatted(
                RUN_TIME.format(clock.instant()), UUID.randomUUID().toString().substring(0, 8));
    ExecutionResult result;
    try (Progress progress =
        new Progress(out, clock, ZoneId.systemDefault(), Boolean.getBoolean("inframetrics.tty"))) {
      progress.say("run " + runId + " started");
      result = pipeline.run(runId, progress);
    }
    RunRecord.write(pipeline.dataFolder(), runId, result);
    new RunSummary(out, pipeline.history(), Deadline.after(Duration.ofSeconds(30), clock))
        .print(runId, result);
    return result.succeeded();
  }

  /** Runs in the shutdown hook: lets the run in hand finish, then ends the process. */
  private void finishTheRunInHand(PrintWriter out) {
    stop.countDown();
    out.println();
    out.println("finishing the current run ...");
    out.flush();
    try {
      finished.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(exitCode);
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already, in this hook.
    }
  }
}
