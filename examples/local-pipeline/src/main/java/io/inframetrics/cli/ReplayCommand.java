package io.inframetrics.cli;

import io.inframetrics.cli.input.UsageException;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.process.ReplayQuarantine;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "replay",
    description = {
      "Processes quarantined lines again, after you corrected them or the rules.",
      "Good lines go to a new raw file, which is processed, and the entry moves to"
          + " quarantine/replayed/."
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "KEY",
      arity = "0..*",
      description = "key of an entry, quarantine/raw-metrics/..., or of its raw file")
  private List<String> keys = List.of();

  @Option(names = "--all", description = "replays every entry in quarantine")
  private boolean all;

  @Mixin private StoreOptions store = new StoreOptions();

  private final CommandContext around;

  ReplayCommand(CommandContext around) {
    this.around = around;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (keys.isEmpty() && !all) {
      throw new ParameterException(
          spec.commandLine(),
          "missing required parameter: give the KEY of an entry, or --all for every entry");
    }
    if (store.kind == StoreOptions.Kind.local && !Files.exists(store.data)) {
      throw new UsageException(
          "there is no data folder '%s': name the data folder of a run with --data"
              .formatted(store.data));
    }
    PrintWriter out = spec.commandLine().getOut();
    boolean left = false;
    try (LocalPipeline pipeline = LocalPipeline.open(LocalPipeline.Options.stores(store), around)) {
      pipeline.notes().forEach(note -> spec.commandLine().getErr().println("note: " + note));
      List<String> entries = all ? pipeline.quarantined() : keys;
      if (entries.isEmpty()) {
        out.println("nothing is in quarantine");
      }
      for (String key : entries) {
        ReplayQuarantine.Result result = pipeline.replay(key);
        left |= result.refused() > 0;
        out.println(told(result));
      }
      pipeline.processLanded().ifPresent(out::println);
    } catch (InvalidRequestException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    }
    return left ? ExitCode.SOFTWARE : 0;
  }

  private static String told(ReplayQuarantine.Result result) {
    if (result.rawKey() == null) {
      return "%s: every line was rejected again, so nothing was changed; the first reason: %s"
          .formatted(result.quarantineKey(), result.firstReason());
    }
    String replayed =
        "%s: %d %s replayed as %s"
            .formatted(
                result.quarantineKey(),
                result.accepted(),
                result.accepted() == 1 ? "line" : "lines",
                result.rawKey());
    return result.refused() == 0
        ? replayed
        : "%s; %d still rejected, the first reason: %s"
            .formatted(replayed, result.refused(), result.firstReason());
  }
}
