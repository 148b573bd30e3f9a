package io.inframetrics.cli.input;

import io.inframetrics.text.SimilarName;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command's arguments, and which name was probably meant. */
public final class UsageMessage {

  private UsageMessage() {}

  /** A message in one sentence, without a capital and a full stop. */
  public static String of(ParameterException exception) {
    CommandSpec command = exception.getCommandLine().getCommandSpec();
    if (exception instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched.getUnmatched(), command);
    }
    // picocli says "option" twice where a NAME=VALUE has no equals sign.
    String message = String.valueOf(exception.getMessage()).replace("option option '", "option '");
    return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }

  private static String unmatched(List<String> arguments, CommandSpec command) {
    List<String> options = arguments.stream().filter(argument -> argument.startsWith("-")).toList();
    if (!options.isEmpty()) {
      List<String> names =
          command.options().stream().map(OptionSpec::longestName).sorted().toList();
      return options.stream()
          .map(option -> named(option.split("=", 2)[0], names))
          .collect(
              Collectors.joining(
                  ", ", options.size() == 1 ? "unknown option " : "unknown options ", ""));
    }
    String first = arguments.get(0);
    return command.subcommands().isEmpty()
        ? "unexpected argument '%s'".formatted(first)
        : "unknown command " + named(first, command.subcommands().keySet());
  }

  private static String named(String given, Collection<String> names) {
    return SimilarName.of(given, names)
        .map(name -> "'%s' (did you mean %s?)".formatted(given, name))
        .orElseGet(() -> "'%s'".formatted(given));
  }
}
