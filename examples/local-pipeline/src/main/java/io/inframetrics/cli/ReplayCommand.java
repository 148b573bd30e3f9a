package io.inframetrics.cli;

import io.inframetrics.cli.input.UsageException;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.process.ReplayQuarantine;
import java.io.PrintWriter;
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
      "Checks quarantined lines again, after they or the rules were mended.",
      "Good ones go to a raw file of their own and are processed; the entry moves to"
          + " quarantine/replayed/."
    },
    mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "KEY",
      arity = "0..*",
      description = "quarantine/raw-metrics/..., or the raw file's own key")
  private List<String> keys = List.of();

  @Option(names = "--all", description = "every entry that waits")
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
          spec.commandLine(), "Missing required parameter: 'KEY', or --all for every entry");
    }
    PrintWriter out = spec.commandLine().getOut();
    boolean left = false;
    try (LocalPipeline pipeline = LocalPipeline.open(LocalPipeline.Options.stores(store), around)) {
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
      return "%s: no line is good yet, nothing was changed; the first: %s"
          .formatted(result.quarantineKey(), result.firstReason());
    }
    String replayed =
        "%s: %d lines replayed as %s"
            .formatted(result.quarantineKey(), result.accepted(), result.rawKey());
    return result.refused() == 0
        ? replayed
        : "%s; %d still refused, the first: %s"
            .formatted(replayed, result.refused(), result.firstReason());
  }
}
