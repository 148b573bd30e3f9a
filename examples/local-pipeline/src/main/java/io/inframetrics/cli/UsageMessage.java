package io.inframetrics.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command's arguments, and which name was probably meant. */
final class UsageMessage {

  private UsageMessage() {}

  /** A message in one sentence, without a capital and a full stop. */
  static String of(ParameterException exception) {
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
    return similar(given, names)
        .map(name -> "'%s' (did you mean %s?)".formatted(given, name))
        .orElseGet(() -> "'%s'".formatted(given));
  }

  /** The most similar name, if at most every third letter differs. */
  private static Optional<String> similar(String given, Collection<String> names) {
    return names.stream()
        .filter(name -> 3 * edits(given, name) <= Math.max(given.length(), name.length()))
        .min(Comparator.comparingInt(name -> edits(given, name)));
  }

  /** The Levenshtein distance: letters to insert, remove or replace. */
  private static int edits(String from, String to) {
    int[] before = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      before[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] now = new int[to.length() + 1];
      now[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = before[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        now[j] = Math.min(replaced, 1 + Math.min(before[j], now[j - 1]));
      }
      before = now;
    }
    return before[to.length()];
  }
}
