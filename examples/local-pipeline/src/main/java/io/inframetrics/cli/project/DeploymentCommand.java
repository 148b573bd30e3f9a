package io.inframetrics.cli.project;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the template and the state machines of a deployment that has further metric types. */
@Command(
    name = "deployment",
    description =
        "Writes the template and the state machines of a deployment that has metric types of your"
            + " own: a branch, threshold, capacity, alarm and dashboard widget for each.",
    mixinStandardHelpOptions = true)
public final class DeploymentCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--types",
      paramLabel = "F",
      required = true,
      split = ",",
      description = "the metric-type.json of each type, as new-collector writes it")
  private List<Path> types = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "where to write; files of an earlier call are replaced")
  private Path out = Path.of("");

  private final Path home;

  /** Extends the deployment below {@code home}. */
  public DeploymentCommand(Path home) {
    this.home = home;
  }

  @Override
  public Integer call() {
    PrintWriter printer = spec.commandLine().getOut();
    List<ExtraMetricType> extra = types.stream().map(ExtraMetricType::read).toList();
    new ExtendedDeployment(home, extra).write(out).forEach(printer::println);
    printer.flush();
    return 0;
  }
}
