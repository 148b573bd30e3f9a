package io.inframetrics.cli;

import io.inframetrics.aws.AwsCallRefusedException;
import io.inframetrics.cli.backtest.BacktestCommand;
import io.inframetrics.cli.cost.CostCommand;
import io.inframetrics.cli.doctor.DoctorCommand;
import io.inframetrics.cli.input.CommandFailedException;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.cli.input.UsageMessage;
import io.inframetrics.cli.page.ReportCommand;
import io.inframetrics.cli.project.DeploymentCommand;
import io.inframetrics.cli.project.NewCollectorCommand;
import io.inframetrics.cli.source.SourcesCommand;
import io.inframetrics.cli.status.StatusCommand;
import io.inframetrics.text.Texts;
import io.inframetrics.workflow.definition.DefinitionException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.TypeConversionException;
import software.amazon.awssdk.core.exception.SdkException;

/** Entry point of {@code ./inframetrics}. */
@Command(
    name = "inframetrics",
    description =
        "Collects infrastructure metrics, detects anomalies and forecasts capacity, on this machine or"
            + " on AWS.",
    mixinStandardHelpOptions = true,
    version = "inframetrics 0.1.0")
public final class Main {

  private Main() {}

  /** Runs one command and exits with its code: 0 ok, 1 failed, 2 usage, 3 findings. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    CommandContext around =
        new CommandContext() {
          @Override
          public boolean ownsProcess() {
            return true;
          }
        };
    System.exit(commandLine(out, err, around).execute(args));
  }

  /** The command line, which reports every mistake in one sentence. */
  static CommandLine commandLine(PrintStream out, PrintStream err, CommandContext around) {
    CommandLine commandLine =
        new CommandLine(new Main())
            .addSubcommand(new RunCommand(around))
            .addSubcommand(new SimulateCommand())
            .addSubcommand(new ValidateCommand())
            .addSubcommand(new ReplayCommand(around))
            .addSubcommand(new CostCommand(around.home()))
            .addSubcommand(new BacktestCommand())
            .addSubcommand(
                new StatusCommand(around.clock(), around.environment(), around.isTerminal()))
            .addSubcommand(
                new ReportCommand(
                    around.environment(),
                    () -> CommandSettings.analysis(around),
                    around.browser(),
                    around.clock()))
            .addSubcommand(
                new DoctorCommand(
                    around.environment(),
                    () ->
                        CommandSettings.withoutSources(
                                around.environment(), StoreOptions.Kind.aws, around.clock())
                            .functions(),
                    around.clock(),
                    around.ownsProcess()))
            .addSubcommand(new SourcesCommand(around.environment(), around.clock()))
            .addSubcommand(new NewCollectorCommand(around.home()))
            .addSubcommand(new DeploymentCommand(around.home()));
    commandLine.setOut(new java.io.PrintWriter(out, true, StandardCharsets.UTF_8));
    commandLine.setErr(new java.io.PrintWriter(err, true, StandardCharsets.UTF_8));
    commandLine.registerConverter(int.class, Main::wholeNumber);
    commandLine.registerConverter(Integer.class, Main::wholeNumber);
    commandLine.setExecutionExceptionHandler(
        (exception, command, parsed) -> {
          String[] arguments = parsed.originalArgs().toArray(String[]::new);
          if (exception instanceof UsageException
              || exception instanceof DefinitionException
              || StatusCommand.isNagiosCheck(arguments)) {
            return refuse(
                command,
                command.getCommandSpec().qualifiedName() + ": " + exception.getMessage(),
                arguments);
          }
          if (isRefusal(exception)) {
            command
                .getErr()
                .println(
                    command.getCommandSpec().qualifiedName()
                        + ": "
                        + Texts.oneLine(String.valueOf(exception.getMessage())));
            return ExitCode.SOFTWARE;
          }
          throw exception;
        });
    commandLine.setParameterExceptionHandler(
        (exception, arguments) -> {
          CommandLine command = exception.getCommandLine();
          String name = command.getCommandSpec().qualifiedName();
          return refuse(
              command,
              "%s: %s; see %s --help".formatted(name, UsageMessage.of(exception), name),
              arguments);
        });
    return commandLine;
  }

  /** Whether AWS, or what stands in for it, says no: a stack trace says nothing more. */
  private static boolean isRefusal(Exception exception) {
    return exception instanceof CommandFailedException
        || exception instanceof AwsCallRefusedException
        || (exception instanceof IllegalStateException
            && exception.getCause() instanceof SdkException);
  }

  /** Nagios reads the standard output, and takes the usual exit code for an alarm. */
  private static int refuse(CommandLine command, String message, String... arguments) {
    if (StatusCommand.isNagiosCheck(arguments)) {
      command.getOut().println(StatusCommand.unknown(message));
      return StatusCommand.NAGIOS_USAGE;
    }
    command.getErr().println(message);
    return ExitCode.USAGE;
  }

  private static Integer wholeNumber(String text) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'%s' is not a whole number".formatted(text));
    }
  }
}
