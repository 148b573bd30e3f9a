package io.inframetrics.cost;

import io.inframetrics.template.Stack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Counts what a month of runs uses. */
final class Quantities {

  private static final double GB = 1 << 30;
  private static final double MB = 1 << 20;
  private static final double TB = GB * 1024;
  private static final double WRITE_UNIT_BYTES = 1_024;
  private static final double READ_UNIT_BYTES = 4_096;
  private static final int DAYS_A_MONTH = 31;
  private static final int ANALYSES = 2;

  /** Composing the report of a run writes it twice, once for whoever wants the newest. */
  private static final int REPORT_WRITES = 2;

  /** It reads the reports of the analyses, that of the run before, and looks for its own. */
  private static final int REPORT_READS = ANALYSES + 2;

  record Quantity(String service, String item, String unit, double amount) {}

  private final Assumptions assumed;
  private final Stack stack;
  private final Scenario scenario;
  private final Duration period;
  private final double runs;
  private final double types;
  private final double series;
  private final double points;
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
    this.series = instances * assumed.of("series_an_instance");
    this.points = Math.max(1, period.toSeconds() / assumed.of("seconds_between_points"));
    stepFunctions();
    lambda();
    s3();
    dynamoDb(instances);
    cloudWatch(instances);
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

  private void s3() {
    double objects = types + ANALYSES;
    double writes = objects + REPORT_WRITES;
    add("S3", "s3.put", "writes", runs * writes);
    // Every raw file is read once; each analysis checks whether its report exists.
    add("S3", "s3.get", "reads", runs * (objects + REPORT_READS));
    double reports =
        ANALYSES * series * assumed.of("report_bytes_a_series") + assumed.of("run_report_bytes");
    double days = number("RawRetentionDays");
    add(
        "S3",
        "s3.gb_month",
        "GB-months",
        (rawBytesOfARun() + reports) * runs / DAYS_A_MONTH * days / GB);
    // The bucket sends an event for every stored or expired object; rules only filter them.
    // The newest report is replaced by the next one and does not expire.
    double expired = objects + REPORT_WRITES - 1;
    add("EventBridge", "eventbridge.s3_event", "object events", runs * (writes + expired));
    add("EventBridge", "scheduler.invocation", "starts", runs);
  }

  private void dynamoDb(int instances) {
    double itemBytes = assumed.of("item_bytes") + points * assumed.of("point_bytes");
    double shards = types * assumed.of("index_shards");
    double writes =
        series * Math.ceil(itemBytes / WRITE_UNIT_BYTES)
            + types * assumed.of("marks_written_a_type")
            + ANALYSES * assumed.of("finding_writes_an_analysis");
    double listings = DAYS_A_MONTH / 7.0 * Math.min(series, shards);
    add("DynamoDB", "dynamodb.write_unit", "write units", runs * writes + listings);
    // An eventually consistent read costs half a unit for each 4 KB of an item or a page.
    double itemReads = 0.5 * series * Math.ceil(itemBytes / READ_UNIT_BYTES);
    double days = Math.min(assumed.of("history_days"), number("RecordRetentionDays"));
    double historyItems =
        Math.min(
            assumed.of("history_items"),
            days * Duration.ofDays(1).toSeconds() / period.toSeconds());
    double read = series + instances * assumed.of("series_with_a_capacity");
    double history = 0.5 * read * Math.ceil(historyItems * itemBytes / READ_UNIT_BYTES);
    // collect and process read the index once, each analysis reads two weeks of it.
    double lists = 0.5 * shards * (2 + 2 * ANALYSES);
    double reads =
        types * assumed.of("marks_read_a_type") + itemReads + lists + history + 2 * ANALYSES;
    add("DynamoDB", "dynamodb.read_unit", "read units", runs * reads);
    double stored = series * itemBytes * runs / DAYS_A_MONTH * number("RecordRetentionDays") / GB;
    add("DynamoDB", "dynamodb.gb_month", "GB-months", stored);
    if (Boolean.parseBoolean(stack.parameter("PointInTimeRecovery"))) {
      add("DynamoDB", "dynamodb.pitr_gb_month", "GB-months of backups", stored);
    }
  }

  private void cloudWatch(int instances) {
    double metrics = assumed.of("self_metrics");
    String policy = stack.parameter("DimensionPolicy");
    if (!policy.equals("instance")) {
      metrics += types;
    }
    if (!policy.equals("fleet")) {
      metrics += publishedSeries(instances);
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
    add("CloudWatch", "cloudwatch.request", "PutMetricData requests", runs * types);
  }

  /** Counts only types within the series budget: no series of a type above it is published. */
  private double publishedSeries(int instances) {
    double budget = number("SeriesBudget");
    double several = (series - 2.0 * instances) / 2; // for disk, and for network
    return (instances <= budget ? 2.0 * instances : 0) + (several <= budget ? 2 * several : 0);
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
    double asked = rawBytesOfARun() * runs / DAYS_A_MONTH * assumed.of("athena_days");
    double scanned = Math.min(most, Math.max(assumed.of("athena_least_mb") * MB, asked));
    add("Athena", "athena.tb_scanned", "TB read", assumed.of("athena_queries") * scanned / TB);
  }
}
