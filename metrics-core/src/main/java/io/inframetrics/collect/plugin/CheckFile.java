package io.inframetrics.collect.plugin;

import io.inframetrics.collect.plugin.Rule.Form;
import io.inframetrics.collect.plugin.Rule.Wildcard;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.text.Texts;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The checks and rules of a file, whose lines are {@code command[NAME]=COMMAND LINE}, as in the
 * configuration of NRPE, and {@code metric[CHECK LABEL]=...}; see the README of this package.
 *
 * @param rules the first that matches a figure counts
 */
record CheckFile(List<Check> checks, List<Rule> rules) {

  static final MetricType STATE = new MetricType("check_state");
  static final MetricType VALUE = new MetricType("check_value");

  static final int MAX_CHECKS = 1_000;

  private static final Pattern LINE =
      Pattern.compile("(?<kind>command|metric)\\[(?<name>[^\\]]+)\\]\\s*=\\s*(?<text>\\S.*)");

  /** A macro of NRPE for an argument that its client sends. */
  private static final Pattern ARGUMENT = Pattern.compile("\\$ARG\\d+\\$");

  private static final int MAX_NAME = 100;

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException that lists all mistakes, with the numbers of their lines
   */
  static CheckFile parse(String text) {
    List<Check> checks = new ArrayList<>();
    List<Rule> rules = new ArrayList<>();
    List<String> mistakes = new ArrayList<>();
    Set<String> names = new HashSet<>();
    int number = 0;
    for (String each : text.lines().toList()) {
      number++;
      String line = each.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
          throw new IllegalArgumentException(
              "use command[NAME]=COMMAND LINE or metric[CHECK LABEL]=TYPE");
        }
        String name = parts.group("name").strip();
        if (parts.group("kind").equals("metric")) {
          rules.add(rule(name, parts.group("text")));
        } else {
          checks.add(check(name, parts.group("text"), names));
        }
      } catch (IllegalArgumentException e) {
        mistakes.add("line %d '%s': %s".formatted(number, Texts.oneLine(line, 60), e.getMessage()));
      }
    }
    if (checks.isEmpty() && mistakes.isEmpty()) {
      mistakes.add("there is no line command[NAME]=COMMAND LINE");
    }
    if (checks.size() > MAX_CHECKS) {
      mistakes.add("there are %d checks: use at most %d".formatted(checks.size(), MAX_CHECKS));
    }
    for (Rule rule : rules) {
      if (checks.stream().noneMatch(check -> rule.check().matches(check.name()))) {
        mistakes.add(
            "metric[%s %s] is for a check that there is not"
                .formatted(rule.check().text(), rule.label().text()));
      }
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", mistakes));
    }
    if (rules.stream().noneMatch(Rule::matchesEverything)) {
      rules.add(Rule.forTheRest(VALUE));
    }
    return new CheckFile(List.copyOf(checks), List.copyOf(rules));
  }

  /** The types that may be observed, without duplicates. */
  List<MetricType> types() {
    List<MetricType> types = new ArrayList<>(List.of(STATE));
    for (Rule rule : rules) {
      MetricType type = rule.type();
      if (type != null && !types.contains(type)) {
        types.add(type);
      }
    }
    return types;
  }

  private static Check check(String name, String command, Set<String> names) {
    if (name.isEmpty() || name.length() > MAX_NAME || name.chars().anyMatch(c -> c <= ' ')) {
      throw new IllegalArgumentException(
          "a check's name has 1 to %d characters and no blanks".formatted(MAX_NAME));
    }
    if (!names.add(name)) {
      throw new IllegalArgumentException("there are two checks of this name");
    }
    if (ARGUMENT.matcher(command).find()) {
      throw new IllegalArgumentException("write the arguments in place of $ARG1$ and so on");
    }
    return new Check(name, command);
  }

  private static Rule rule(String target, String text) {
    String[] names = target.split("\\s+", 2);
    if (names.length != 2) {
      throw new IllegalArgumentException("use metric[CHECK LABEL]; * stands for any characters");
    }
    String[] words = text.strip().split("\\s+", -1);
    MetricType type = words[0].equals("none") ? null : type(words[0]);
    if (type == null && words.length > 1) {
      throw new IllegalArgumentException("nothing may follow none");
    }
    MetricUnit unit = null;
    Form form = Form.VALUE;
    double scale = 1;
    String dimension = "";
    for (int i = 1; i < words.length; i++) {
      String[] option = words[i].split("=", 2);
      String value = option.length == 2 ? option[1] : "";
      switch (option[0]) {
        case "unit" -> unit = unit(value);
        case "percent" -> form = form(value);
        case "scale" -> scale = scale(value);
        case "dimension" -> dimension = dimension(value);
        default ->
            throw new IllegalArgumentException(
                "'%s' is not an option: use unit=, percent=, scale= or dimension="
                    .formatted(words[i]));
      }
    }
    if (form != Form.VALUE && unit != null) {
      throw new IllegalArgumentException("percent= gives the unit Percent: leave out unit=");
    }
    return new Rule(
        Wildcard.of(names[0]), Wildcard.of(names[1]), type, unit, form, scale, dimension);
  }

  private static MetricType type(String name) {
    MetricType type = new MetricType(name);
    if (type.equals(STATE)) {
      throw new IllegalArgumentException("%s has the exit codes: use another type".formatted(name));
    }
    return type;
  }

  private static @Nullable MetricUnit unit(String name) {
    Optional<MetricUnit> unit = MetricUnit.ofWireName(name);
    if (unit.isEmpty()) {
      throw new IllegalArgumentException(
          "'%s' is not a unit: use one such as Percent, Count, Bytes or Megabits/Second"
              .formatted(name));
    }
    return unit.get();
  }

  private static Form form(String text) {
    return switch (text) {
      case "used" -> Form.PERCENT_OF_MAX;
      case "free" -> Form.PERCENT_LEFT_OF_MAX;
      default -> throw new IllegalArgumentException("use percent=used or percent=free");
    };
  }

  private static double scale(String text) {
    try {
      double scale = Double.parseDouble(text);
      if (Double.isFinite(scale) && scale != 0) {
        return scale;
      }
    } catch (NumberFormatException e) {
      // Refused below, like zero.
    }
    throw new IllegalArgumentException("scale=%s: use a number such as 0.001".formatted(text));
  }

  private static String dimension(String text) {
    if (!MetricType.isValid(text)) {
      throw new IllegalArgumentException(
          "dimension=%s: use a name of a-z, 0-9 and _".formatted(text));
    }
    return text;
  }
}
