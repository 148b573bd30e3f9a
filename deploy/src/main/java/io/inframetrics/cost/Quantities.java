package io.inframetrics.cost;

import io.inframetrics.template.Stack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts what a month of runs uses. */
final class Quantities {

  private static final double GB = 1 << 30;
  private static final double MB = 1 << 20;
  private static final double TB = GB * 1024;
  private static final int DAYS_A_MONTH = 31;
  private static final int ANALYSES = 2;

  /** The built-in types: {@link #seriesByType}. */
  static final int TYPES = 4;

  /**
   * What ListMetrics answers at once.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html">ListMetrics</a>
   */
  private static final int METRICS_A_PAGE = 500;

  record Quantity(String service, String item, String unit, double amount) {}

  private final Assumptions assumed;
  private final Stack stack;
  private final Scenario scenario;
  private final Duration period;
  private final double runs;
  private final double types;
  private final int instances;
  private final double series;
  private final double points;
  private final OtherRequests others;
  private final List<Quantity> all = new ArrayList<>();

  Quantities(
      Assumptions assumed,
      Stack stack,
      Scenario scenario,
      Duration period,
      double runs,
      int types,
      int instances) {
    this.assumed = assumed;
    this.stack = stack;
    this.scenario = scenario;
    this.period = period;
    this.runs = runs;
    this.types = types;
    this.instances = instances;
    this.series = instances * assumed.of("series_an_instance");
    this.points = Math.max(1, period.toSeconds() / assumed.of("seconds_between_points"));
    List<Double> byType = new ArrayList<>(seriesByType(instances, series).values());
    byType.addAll(Collections.nCopies(types - TYPES, 0.0));
    this.others = new OtherRequests(assumed, byType, points);
    stepFunctions();
    lambda();
    s3();
    dynamoDb();
    cloudWatch();
    messages();
    athena();
  }

  List<Quantity> all() {
    return List.copyOf(all);
  }

  private void add(String service, String item, String unit, double amount) {
    all.add(new Quantity(service, item, unit, amount));
  }

  private double number(String parameter) {
    return Double.parseDouble(stack.parameter(parameter));
  }

  private void stepFunctions() {
    add("Step Functions", "states.transition", "state transitions", runs * scenario.transitions());
  }

  private void lambda() {
    double collect = scenario.invocations(Scenarios.COLLECT);
    double health = scenario.invocations(Scenarios.HEALTH_CHECK);
    double analyze = scenario.invocations(Scenarios.ANALYZE);
    double seconds =
        collect * assumed.of("collect_seconds")
            + types * assumed.of("process_seconds")
            + health * assumed.of("health_check_seconds")
            // One call composes the report.
            + (analyze - 1) * assumed.of("analyze_seconds")
            + assumed.of("report_seconds")
            // Each series is collected and processed once, and read by both analyses.
            + (2 + ANALYSES) * series * assumed.of("seconds_a_series");
    double invocations = collect + types + health + analyze;
    double gigabytes = number("MemorySize") / 1_024;
    String architecture = stack.parameter("Architecture");
    add(
        "Lambda",
        "lambda.gb_second." + architecture,
        "GB-seconds on " + architecture,
        runs * seconds * gigabytes);
    add("Lambda", "lambda.request", "requests", runs * invocations);
    double logs = runs * invocations * assumed.of("log_bytes_an_invocation") / GB;
    add("CloudWatch", "cloudwatch.log_gb", "GB of logs", logs);
    add("X-Ray", "xray.trace", "traces", runs * (1 + types));
  }

  private double rawBytesOfARun() {
    return series * points * assumed.of("observation_bytes");
  }

  private double acceptedBytesOfARun() {
    return rawBytesOfARun() * assumed.of("accepted_share");
  }

  private void s3() {
    add("S3", "s3.put", "writes", runs * others.objectWrites());
    add("S3", "s3.get", "reads", runs * others.objectReads());
    double charts =
        Math.min(series * assumed.of("chart_bytes_a_series"), assumed.of("most_bytes_of_charts"));
    double reports =
        ANALYSES * series * assumed.of("report_bytes_a_series")
            + assumed.of("run_report_bytes")
            // The page holds the charts once more.
            + 2 * charts
            + assumed.of("page_bytes");
    double days = number("RawRetentionDays");
    add(
        "S3",
        "s3.gb_month",
        "GB-months",
        (rawBytesOfARun() + acceptedBytesOfARun() + reports) * runs / DAYS_A_MONTH * days / GB);
    // The bucket sends an event for every stored or expired object; rules only filter them.
    // The newest report is replaced by the next one and does not expire.
    double written = others.objects();
    double expired = written - 1;
    add("EventBridge", "eventbridge.s3_event", "object events", runs * (written + expired));
    add("EventBridge", "scheduler.invocation", "starts", runs);
  }

  private void dynamoDb() {
    double days = Math.min(assumed.of("history_days"), number("RecordRetentionDays"));
    DynamoDbUse use =
        new DynamoDbUse(
            assumed,
            period,
            types,
            series,
            instances * assumed.of("series_with_a_capacity"),
            days,
            null);
    add("DynamoDB", "dynamodb.write_unit", "write units", runs * use.writeUnits());
    add("DynamoDB", "dynamodb.read_unit", "read units", runs * use.readUnits());
    double stored =
        series * use.itemBytes() * runs / DAYS_A_MONTH * number("RecordRetentionDays") / GB;
    add("DynamoDB", "dynamodb.gb_month", "GB-months", stored);
    if (Boolean.parseBoolean(stack.parameter("PointInTimeRecovery"))) {
      add("DynamoDB", "dynamodb.pitr_gb_month", "GB-months of backups", stored);
    }
  }

  private void cloudWatch() {
    double metrics = assumed.of("self_metrics");
    String policy = stack.parameter("DimensionPolicy");
    boolean classic = !stack.parameter("Publish").equals("otlp");
    if (classic && !policy.equals("instance")) {
      metrics += types;
    }
    if (classic && !policy.equals("fleet")) {
      metrics += publishedSeries();
    }
    // A metric is billed for the hours in which data points are sent.
    double share = Math.min(1, runs / assumed.of("hours_a_month"));
    add("CloudWatch", "cloudwatch.metric_month", "metric-months", metrics * share);
    add("CloudWatch", "cloudwatch.alarm_month", "alarm metrics", alarmMetrics());
    add(
        "CloudWatch",
        "cloudwatch.dashboard",
        "dashboards",
        stack.ofType("AWS::CloudWatch::Dashboard").size());
    boolean read = List.of(stack.parameter("Source").split(",", -1)).contains("cloudwatch");
    double pages = Math.ceil((double) instances / METRICS_A_PAGE);
    double lists = read ? assumed.of("metric_lists_a_run") * pages : 0;
    add(
        "CloudWatch",
        "cloudwatch.request",
        "PutMetricData and ListMetrics requests",
        runs
            * ((classic
                    ? others.metricWrites(
                        !policy.equals("instance"),
                        policy.equals("fleet") ? 0 : number("SeriesBudget"))
                    : 0)
                + lists));
    if (!stack.parameter("Publish").equals("classic")) {
      add(
          "CloudWatch",
          "cloudwatch.otlp_gb",
          "GB by OpenTelemetry",
          runs * series * points * assumed.of("otlp_bytes_a_point") / GB);
    }
    double asked = read ? instances * assumed.of("metrics_read_an_instance") : 0;
    add("CloudWatch reading", "cloudwatch.metric_read", "metrics of GetMetricData", runs * asked);
  }

  /** Counts only types within the series budget: no series of a type above it is published. */
  private double publishedSeries() {
    double budget = number("SeriesBudget");
    return seriesByType(instances, series).values().stream()
        .filter(count -> count <= budget)
        .mapToDouble(n -> n)
        .sum();
  }

  /** Series of each built-in type. */
  static Map<String, Double> seriesByType(double instances, double series) {
    double several = (series - 2.0 * instances) / 2;
    Map<String, Double> byType = new LinkedHashMap<>();
    byType.put("processors", instances);
    byType.put("memory", instances);
    byType.put("disks", several);
    byType.put("networks", several);
    return byType;
  }

  /** The types of which no series is published though the policy publishes series, in words. */
  List<String> unpublishedTypes() {
    if (stack.parameter("DimensionPolicy").equals("fleet")
        || stack.parameter("Publish").equals("otlp")) {
      return List.of();
    }
    double budget = number("SeriesBudget");
    return seriesByType(instances, series).entrySet().stream()
        .filter(type -> type.getValue() > budget)
        .map(type -> "%s (%,.0f)".formatted(type.getKey(), type.getValue()))
        .toList();
  }

  private double alarmMetrics() {
    return stack.ofType("AWS::CloudWatch::Alarm").values().stream()
        .mapToDouble(
            alarm ->
                Math.max(
                    1,
                    alarm
                        .at("/Metrics")
                        .valueStream()
                        .filter(metric -> metric.has("MetricStat"))
                        .count()))
        .sum();
  }

  private void messages() {
    add("SNS", "sns.publish", "messages", runs);
    boolean mailed = !stack.ofType("AWS::SNS::Subscription").isEmpty();
    add("SNS", "sns.email", "e-mails", mailed ? runs : 0);
    add("SQS", "sqs.request", "requests", 0); // Dead letters only: nobody polls an empty queue.
  }

  private void athena() {
    double most =
        stack
            .resource("Analytics")
            .at("/WorkGroupConfiguration/BytesScannedCutoffPerQuery")
            .doubleValue();
    double asked = acceptedBytesOfARun() * runs / DAYS_A_MONTH * assumed.of("athena_days");
    double scanned = Math.min(most, Math.max(assumed.of("athena_least_mb") * MB, asked));
    add("Athena", "athena.tb_scanned", "TB read", assumed.of("athena_queries") * scanned / TB);
  }
}
