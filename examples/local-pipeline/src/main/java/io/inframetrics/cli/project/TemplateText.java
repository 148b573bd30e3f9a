package io.inframetrics.cli.project;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.UsageException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The text of the template, into which lines are inserted, so that its comments stay. Fails if the
 * template has no longer the line to insert at.
 */
final class TemplateText {

  private static final Pattern SOURCE =
      Pattern.compile(
          "(?m)^  Source:\n    Type: String\n    Default: (\\S+)\n    AllowedPattern: .*\n    MaxLength: (\\d+)$");
  private static final Pattern CODE_URI = Pattern.compile("(?m)^(    CodeUri: )(\\S+)$");

  /** The widgets of a row of the dashboard stand side by side, each half as wide as it. */
  private static final int WIDTH = 12;

  private static final int HEIGHT = 6;

  private String text;

  TemplateText(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /** Points at the same zip from another folder. */
  void codeUri(Path from, Path to) {
    Matcher uri = CODE_URI.matcher(text);
    require(uri.find(), "CodeUri");
    Path zip = from.resolve(uri.group(2)).normalize();
    Path relative = to.toAbsolutePath().normalize().relativize(zip);
    text =
        text.substring(0, uri.start(2))
            + quoted(relative.toString().replace('\\', '/'))
            + text.substring(uri.end(2));
  }

  /** Makes the sources of the types a part of what is watched by default; returns all of these. */
  List<String> source(List<ExtraMetricType> types) {
    Matcher source = SOURCE.matcher(text);
    require(source.find(), "parameter Source with its default and its length");
    String sources =
        Stream.concat(
                Stream.of(source.group(1)), types.stream().map(ExtraMetricType::source).distinct())
            .collect(Collectors.joining(","));
    int longest = Integer.parseInt(source.group(2));
    if (sources.length() > longest) {
      throw new UsageException(
          "the sources '%s' are longer than %d characters, which the template's parameter Source may have: give them shorter names"
              .formatted(sources, longest));
    }
    text = text.substring(0, source.start(1)) + sources + text.substring(source.end(1));
    return List.of(sources.split(","));
  }

  /** Adds variables to the function that has the bean {@code function}. */
  void variables(String function, Map<String, String> variables) {
    if (variables.isEmpty()) {
      return;
    }
    StringBuilder lines = new StringBuilder();
    variables.forEach(
        (name, value) -> {
          if (text.contains("          %s: ".formatted(name))) {
            throw new UsageException(
                "the template sets %s already: change it there, or by its parameter"
                    .formatted(name));
          }
          lines.append("          %s: %s\n".formatted(name, quoted(value)));
        });
    insertAfter("          SPRING_CLOUD_FUNCTION_DEFINITION: %s\n".formatted(function), lines);
  }

  /** Adds an alarm of the type's threshold, if it has one. */
  void alarm(ExtraMetricType type) {
    BigDecimal threshold = type.threshold();
    if (threshold == null) {
      return;
    }
    insertBefore(
        "  Dashboard:\n",
        """
          %1$sAlarm:
            Type: AWS::CloudWatch::Alarm
            Properties:
              AlarmName: !Sub ${AWS::StackName}-%2$s
              AlarmDescription: The highest %3$s of the fleet was above %4$s (%5$s) in the last two periods of the schedule. With DimensionPolicy=instance there is no metric of the fleet.
              Namespace: !Ref MetricNamespace
              MetricName: %3$s
              Dimensions: [{Name: Stack, Value: !Ref AWS::StackName}]
              Statistic: Maximum
              # A run publishes each value at the minute of its observation, which is up to a period before the run.
              Period: !FindInMap [Schedule, !Ref ScheduleRate, HeartbeatSeconds]
              EvaluationPeriods: 2
              DatapointsToAlarm: 1
              Threshold: %4$s
              ComparisonOperator: GreaterThanThreshold
              # Between two runs, nothing is known to have changed.
              TreatMissingData: ignore
              AlarmActions: [!Ref Topic]

        """
            .formatted(
                type.title(),
                type.dashed(),
                type.type(),
                threshold.toPlainString(),
                type.unit().wireName()));
  }

  /** Adds a widget for each type below those of the dashboard. */
  void widgets(List<ExtraMetricType> types) {
    String end = "}}\n        ]}\n";
    int row = 0;
    Matcher y = Pattern.compile("\"y\": (\\d+)").matcher(text);
    while (y.find()) {
      row = Math.max(row, Integer.parseInt(y.group(1)) + HEIGHT);
    }
    StringBuilder widgets = new StringBuilder();
    for (int i = 0; i < types.size(); i++) {
      ExtraMetricType type = types.get(i);
      widgets.append(
          """
          ,
                    {"type": "metric", "x": %d, "y": %d, "width": %d, "height": %d, "properties": {"title": "%s (%s): maximum and average of the fleet", "region": "${AWS::Region}", "view": "timeSeries", "period": 300%7$s, "metrics": [
                      ["${MetricNamespace}", "%5$s", "Stack", "${AWS::StackName}", {"stat": "Maximum"}],
                      ["${MetricNamespace}", "%5$s", "Stack", "${AWS::StackName}", {"stat": "Average"}]]}}\
          """
              .formatted(
                  i % 2 * WIDTH,
                  row + i / 2 * HEIGHT,
                  WIDTH,
                  HEIGHT,
                  type.type(),
                  type.unit().wireName(),
                  limit(type)));
    }
    int at = text.indexOf(end);
    require(at > 0 && text.indexOf(end, at + 1) < 0, "the end of the dashboard");
    text = text.substring(0, at + 2) + widgets + text.substring(at + 2);
  }

  private static String limit(ExtraMetricType type) {
    BigDecimal threshold = type.threshold();
    return threshold == null
        ? ""
        : ", \"annotations\": {\"horizontal\": [{\"label\": \"threshold\", \"value\": %s}]}"
            .formatted(threshold.toPlainString());
  }

  private void insertAfter(String line, CharSequence lines) {
    int at = text.indexOf(line);
    require(at > 0 && text.indexOf(line, at + 1) < 0, line.strip());
    text = text.substring(0, at + line.length()) + lines + text.substring(at + line.length());
  }

  private void insertBefore(String line, CharSequence lines) {
    int at = text.indexOf("\n" + line);
    require(at > 0 && text.indexOf("\n" + line, at + 1) < 0, line.strip());
    text = text.substring(0, at + 1) + lines + text.substring(at + 1);
  }

  /** A JSON string is a YAML string. */
  private static String quoted(String value) {
    return InputFile.JSON.writeValueAsString(value);
  }

  private static void require(boolean there, String what) {
    if (!there) {
      throw new IllegalStateException(
          "the template has not exactly one '%s': TemplateText must follow it".formatted(what));
    }
  }
}
