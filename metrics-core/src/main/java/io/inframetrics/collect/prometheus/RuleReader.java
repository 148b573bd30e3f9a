package io.inframetrics.collect.prometheus;

import io.inframetrics.collect.prometheus.LabelMatcher.Kind;
import io.inframetrics.collect.prometheus.Rule.Formula;
import io.inframetrics.collect.prometheus.Rule.Term;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * Reads rules from a setting: {@code TYPE UNIT = [rate] METRIC[{LABEL="VALUE",...}] [/ [rate]
 * METRIC[{...}]] [* NUMBER] [by LABEL,...|by none]}, several of them separated by semicolons.
 */
final class RuleReader {

  private static final String FORM =
      "TYPE UNIT = [rate] METRIC{LABEL=\"VALUE\"} [/ [rate] METRIC] [* NUMBER] [by LABEL,LABEL"
          + " or by none], such as queue_depth Count = rabbitmq_queue_messages{vhost=\"/\"} by"
          + " queue, separated by semicolons";

  private static final String MATCHERS_FORM =
      "conditions as in PromQL, such as job=\"node\",zone!~\"test.*\"";

  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final Pattern WORD = Pattern.compile("[^\\s={]+");
  private static final Pattern METRIC = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
  private static final Pattern SIGN = Pattern.compile("=~|!=|!~|=");
  private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?");

  private final String text;
  private final String form;
  private final Matcher matcher;
  private int at;

  private RuleReader(String text, String form) {
    this.text = text;
    this.form = form;
    this.matcher = BLANKS.matcher(text);
  }

  /**
   * The rules, in order; empty parts between semicolons are skipped.
   *
   * @throws IllegalArgumentException with the form, and what is wrong at which place; it ends a
   *     sentence that begins with "use"
   */
  static List<Rule> readAll(String text) {
    RuleReader reader = new RuleReader(text, FORM);
    List<Rule> rules = new ArrayList<>();
    reader.skipBlanks();
    while (reader.at < text.length()) {
      if (!reader.skip(";")) {
        rules.add(reader.rule());
        if (reader.at < text.length() && text.charAt(reader.at) != ';') {
          throw reader.wrong("the end of the rule");
        }
      }
    }
    return List.copyOf(rules);
  }

  /**
   * The conditions between braces, such as {@code job="node",zone!~"test.*"}.
   *
   * @throws IllegalArgumentException with the form, and what is wrong at which place
   */
  static List<LabelMatcher> readMatchers(String text) {
    RuleReader reader = new RuleReader(text, MATCHERS_FORM);
    reader.skipBlanks();
    List<LabelMatcher> matchers = reader.matchers();
    if (reader.at < text.length()) {
      throw reader.wrong("a comma or the end");
    }
    return matchers;
  }

  private Rule rule() {
    MetricType type = type(take(WORD, "the name of a type, such as queue_depth"));
    MetricUnit unit = unit(take(WORD, "a unit, such as Count"));
    expect("=", "= after the unit");
    List<Term> terms = new ArrayList<>();
    terms.add(term());
    if (skip("/")) {
      terms.add(term());
    }
    double factor = skip("*") ? number() : 1;
    Optional<Map<String, String>> groups = Optional.empty();
    if (skipWord("by")) {
      groups = Optional.of(skipWord("none") ? Map.of() : labels());
    }
    Formula formula =
        terms.size() == 1
            ? sums -> sums[0] * factor
            : sums -> sums[1] == 0 ? Double.NaN : sums[0] / sums[1] * factor;
    return new Rule(type, unit, List.copyOf(terms), groups, Optional.empty(), formula);
  }

  private Term term() {
    boolean rate = skipWord("rate");
    String metric = take(METRIC, "the name of a metric, such as http_requests_total");
    List<LabelMatcher> matchers = List.of();
    if (skip("{")) {
      matchers = matchers();
      expect("}", "a comma or }");
    }
    return new Term(metric, matchers, rate);
  }

  private List<LabelMatcher> matchers() {
    List<LabelMatcher> matchers = new ArrayList<>();
    while (at < text.length() && text.charAt(at) != '}') {
      String label = take(LABEL, "the name of a label");
      String sign = take(SIGN, "one of =, !=, =~ and !~");
      int start = at;
      String quoted = take(QUOTED, "a value in double quotes");
      String value = unescaped(quoted.substring(1, quoted.length() - 1));
      Kind kind =
          Arrays.stream(Kind.values())
              .filter(each -> each.sign().equals(sign))
              .findFirst()
              .orElseThrow();
      try {
        matchers.add(LabelMatcher.of(label, kind, value));
      } catch (PatternSyntaxException e) {
        at = start;
        throw wrong("a regular expression (" + e.getDescription() + ")");
      }
      if (!skip(",")) {
        break;
      }
    }
    return List.copyOf(matchers);
  }

  private static String unescaped(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
        c = text.charAt(i) == 'n' ? '\n' : text.charAt(i);
      }
      plain.append(c);
    }
    return plain.toString();
  }

  private Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    do {
      String label = take(LABEL, "the name of a label");
      labels.put(label, label);
    } while (skip(","));
    return labels;
  }

  private double number() {
    int start = at;
    String number = take(NUMBER, "a number");
    try {
      double value = Double.parseDouble(number);
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Reported below, like an infinite number.
    }
    at = start;
    throw wrong("a finite number");
  }

  private static MetricType type(String name) {
    if (!MetricType.isValid(name)) {
      throw new IllegalArgumentException(
          "%s: '%s' is not a valid type, which has 1 to 64 of a-z, 0-9 and _, a letter first"
              .formatted(FORM, name));
    }
    return new MetricType(name);
  }

  private static MetricUnit unit(String name) {
    return MetricUnit.ofWireName(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "one of the units %s: '%s' is not one"
                        .formatted(
                            Arrays.stream(MetricUnit.values())
                                .map(MetricUnit::wireName)
                                .collect(Collectors.joining(", ")),
                            name)));
  }

  private String take(Pattern pattern, String what) {
    matcher.usePattern(pattern).region(at, text.length());
    if (!matcher.lookingAt()) {
      throw wrong(what);
    }
    at = matcher.end();
    String taken = matcher.group();
    skipBlanks();
    return taken;
  }

  private void expect(String sign, String what) {
    if (!skip(sign)) {
      throw wrong(what);
    }
  }

  private boolean skip(String sign) {
    boolean there = text.startsWith(sign, at);
    if (there) {
      at += sign.length();
      skipBlanks();
    }
    return there;
  }

  /** Skips the word, unless it is only the beginning of one or is itself what is named. */
  private boolean skipWord(String word) {
    int end = at + word.length();
    boolean there =
        text.startsWith(word, at)
            && (end == text.length() || " \t\n;".indexOf(text.charAt(end)) >= 0);
    return there && skip(word);
  }

  private void skipBlanks() {
    matcher.usePattern(BLANKS).region(at, text.length());
    if (matcher.lookingAt()) {
      at = matcher.end();
    }
  }

  private IllegalArgumentException wrong(String wanted) {
    String rest = text.substring(at);
    return new IllegalArgumentException(
        "%s: %s there must be %s"
            .formatted(form, rest.isEmpty() ? "at the end" : "before '" + rest + "'", wanted));
  }
}
