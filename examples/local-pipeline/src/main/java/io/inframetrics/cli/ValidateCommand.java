package io.inframetrics.cli;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.workflow.StateMachine;
import io.inframetrics.workflow.definition.Problem;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "validate",
    description = "Reports every problem of a state machine definition at once.",
    mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--definition",
      paramLabel = "FILE",
      required = true,
      description = "the state machine definition, a JSON file")
  private Path definition = Path.of("");

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<Problem> problems = StateMachine.validate(InputFile.text(definition));
    problems.forEach(problem -> out.println(problem));
    out.println(
        problems.isEmpty()
            ? definition + " has no problems"
            : definition
                + " has "
                + problems.size()
                + (problems.size() == 1 ? " problem" : " problems"));
    return problems.isEmpty() ? 0 : ExitCode.SOFTWARE;
  }
}
