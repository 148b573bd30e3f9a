package io.inframetrics.cli.cost;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cost.Bill;
import io.inframetrics.cost.CostModel;
import io.inframetrics.cost.CostModel.Fleet;
import io.inframetrics.cost.Prices;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.otlp.OtlpPointSize;
import io.inframetrics.sink.otlp.OtlpSettings;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What data points cost by each way to CloudWatch.
 *
 * @param title what is compared
 * @param choices ways, and what a month of each costs
 * @param notes what must be known of the figures
 */
record PublishComparison(
    String title, String region, List<Choice> choices, List<String> notes, Prices prices) {

  private static final String METRIC_MONTH = "cloudwatch.metric_month";
  private static final String OTLP_GB = "cloudwatch.otlp_gb";
  private static final String BYTES = "otlp_bytes_a_point";
  private static final double GB = 1 << 30;

  /** The most that the template allows, so that every series is counted. */
  static final String LARGEST_BUDGET = "100000";

  /** Instances that are encoded to know how large points are. */
  private static final int ENCODED_INSTANCES = 100;

  private static final String UNKNOWN =
      "not known: how CloudWatch counts the bytes (here every point with all its labels, its"
          + " resource and its name, as protobuf), whether some are free, and what a point costs that"
          + " arrives twice; nothing of this was tried against AWS";

  /** One way. */
  record Choice(String name, String what, double usd) {}

  /** Compares the ways for a fleet of the deployment. */
  static PublishComparison ofFleet(
      CostModel model, Map<String, String> given, Fleet fleet, String region) {
    double bytes = bytesOfAPoint(region);
    CostModel measured = model.withAssumption(BYTES, bytes);
    List<Choice> choices = new ArrayList<>();
    Bill types = bill(measured, given, Map.of("DimensionPolicy", "fleet"), fleet, region);
    choices.add(
        new Choice("classic, fleet", metrics(types) + ", a metric for each type", usd(types)));
    Bill series =
        bill(
            measured,
            given,
            Map.of("DimensionPolicy", "instance", "SeriesBudget", LARGEST_BUDGET),
            fleet,
            region);
    choices.add(
        new Choice(
            "classic, instance", metrics(series) + ", a metric for each series", usd(series)));
    Bill otlp = bill(measured, given, Map.of("Publish", "otlp"), fleet, region);
    double gigabytes = otlp.line(OTLP_GB).quantity();
    choices.add(
        new Choice(
            "otlp",
            "%s points of every series, %.0f bytes each: %s; and %s"
                .formatted(
                    number(gigabytes * GB / bytes), bytes, gigabytes(gigabytes), metrics(otlp)),
            usd(otlp)));
    return new PublishComparison(
        "data points of %,d instances in %s, %,.0f runs a month%s"
            .formatted(
                fleet.instances(),
                region,
                types.runs(),
                fleet.stacks() == 1 ? "" : ", %,d stacks".formatted(fleet.stacks())),
        region,
        choices,
        notes(measured, bytes, region),
        model.prices());
  }

  private static Bill bill(
      CostModel model,
      Map<String, String> given,
      Map<String, String> changes,
      Fleet fleet,
      String region) {
    Map<String, String> parameters = new LinkedHashMap<>(given);
    parameters.put("Publish", "classic");
    parameters.putAll(changes);
    return model.bill(parameters, fleet, region, model.scenarios().get(0));
  }

  /** What publishing costs, with the metrics that the functions publish about themselves. */
  private static double usd(Bill bill) {
    return bill.lines().stream()
        .filter(line -> List.of(METRIC_MONTH, OTLP_GB, "cloudwatch.request").contains(line.item()))
        .mapToDouble(Bill.Line::usd)
        .sum();
  }

  private static String metrics(Bill bill) {
    return number(bill.line(METRIC_MONTH).quantity()) + " metric-months";
  }

  /** Encodes one point of each series of some instances, as the deployment sends them. */
  static double bytesOfAPoint(String region) {
    Instant now = Instant.EPOCH;
    CollectionRun run = new CollectionRun("cost", now);
    OtlpSettings settings =
        OtlpSettings.to(URI.create("https://localhost"))
            .withResource(
                Map.of("service.namespace", "InfraMetrics", "service.name", "inframetrics"));
    List<Series> series = new ArrayList<>();
    for (int i = 0; i < ENCODED_INSTANCES; i++) {
      String id = "i-%017x".formatted(i);
      series.add(Series.of(MetricType.CPU_UTILIZATION, id));
      series.add(Series.of(MetricType.MEMORY_USAGE, id));
      series.add(Series.of(MetricType.DISK_USAGE, id, Map.of("device", "/")));
      series.add(Series.of(MetricType.NETWORK_TRAFFIC, id, Map.of("interface", "eth0")));
      if (i % 2 == 0) {
        series.add(Series.of(MetricType.DISK_USAGE, id, Map.of("device", "/data")));
        series.add(Series.of(MetricType.NETWORK_TRAFFIC, id, Map.of("interface", "eth1")));
      }
    }
    return series.stream()
        .map(each -> new Metric(each, now, 0.5, unit(each), region, run))
        .mapToInt(metric -> OtlpPointSize.of(metric, settings))
        .average()
        .orElseThrow();
  }

  private static MetricUnit unit(Series series) {
    return series.type().equals(MetricType.NETWORK_TRAFFIC)
        ? MetricUnit.MEGABITS_PER_SECOND
        : MetricUnit.PERCENT;
  }

  /**
   * Compares what an account has with the same by OpenTelemetry.
   *
   * @param json the output of {@code aws cloudwatch list-metrics}
   * @throws IllegalArgumentException if it is not that
   */
  static PublishComparison ofInventory(CostModel model, String json, String region) {
    Map<String, Integer> byNamespace = new TreeMap<>();
    long bytes = 0;
    int free = 0;
    int custom = 0;
    for (JsonNode metric : metrics(json)) {
      String namespace = metric.path("Namespace").asString("");
      if (namespace.startsWith("AWS/")) {
        free++;
        continue;
      }
      custom++;
      byNamespace.merge(namespace, 1, Integer::sum);
      Map<String, String> labels = new LinkedHashMap<>();
      for (JsonNode dimension : metric.path("Dimensions")) {
        labels.put(dimension.path("Name").asString(""), dimension.path("Value").asString(""));
      }
      bytes +=
          OtlpPointSize.of(
              metric.path("MetricName").asString(""),
              "1",
              labels,
              Map.of("service.namespace", namespace));
    }
    Prices prices = model.prices();
    double average = custom == 0 ? 0 : (double) bytes / custom;
    double billed = Math.max(0, custom - free(model));
    List<Choice> choices = new ArrayList<>();
    choices.add(
        new Choice(
            "classic",
            "%,d custom metrics (%s), the first %,.0f free"
                .formatted(custom, namespaces(byNamespace), free(model)),
            prices.usd(METRIC_MONTH, region, billed)));
    double seconds = model.assumptions().of("hours_a_month") * 3_600;
    for (int every : List.of(60, 300, 10_800)) {
      double gigabytes = seconds / every * bytes / GB;
      choices.add(
          new Choice(
              "otlp, a point "
                  + (every == 60 ? "a minute" : every == 300 ? "in 5 minutes" : "in 3 hours"),
              "%.0f bytes each: %s".formatted(average, gigabytes(gigabytes)),
              prices.usd(OTLP_GB, region, gigabytes)));
    }
    List<String> notes = new ArrayList<>();
    notes.add(
        "%,d metrics of AWS's own namespaces cost nothing as they are and are not counted"
            .formatted(free));
    notes.add(
        "the list does not say how often a metric gets a point: a classic metric is taken to get one"
            + " in every hour");
    notes.addAll(notes(model, average, region));
    return new PublishComparison(
        "metrics of an account in " + region, region, choices, notes, prices);
  }

  private static double free(CostModel model) {
    return model.prices().free(METRIC_MONTH);
  }

  private static JsonNode metrics(String json) {
    JsonNode metrics;
    try {
      metrics = InputFile.JSON.readTree(json).path("Metrics");
    } catch (JacksonException e) {
      metrics = InputFile.JSON.missingNode();
    }
    if (!metrics.isArray()) {
      throw new IllegalArgumentException(
          "the inventory is not the output of 'aws cloudwatch list-metrics --output json': it has no"
              + " list \"Metrics\"");
    }
    return metrics;
  }

  private static String namespaces(Map<String, Integer> byNamespace) {
    List<String> most =
        byNamespace.entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
            .limit(3)
            .map(each -> "%s %,d".formatted(each.getKey(), each.getValue()))
            .toList();
    return most.isEmpty()
        ? "none"
        : String.join(", ", most) + (byNamespace.size() > most.size() ? " and others" : "");
  }

  private static List<String> notes(CostModel model, double bytes, String region) {
    List<String> notes = new ArrayList<>();
    if (bytes > 0) {
      double usd = model.prices().usd(OTLP_GB, region, bytes / GB);
      notes.add(
          "one classic metric costs as much in a month as %s points of %.0f bytes"
              .formatted(number(model.prices().usd(METRIC_MONTH, region, 1) / usd), bytes));
    }
    notes.add(model.prices().remark(OTLP_GB));
    notes.add(UNKNOWN);
    return notes;
  }

  void print(PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s; prices as of %s, without tax%n%n  %-26s %12s%n",
        title,
        prices.asOf(),
        "",
        "USD a month");
    for (Choice choice : choices) {
      out.printf(Locale.ROOT, "  %-26s %,12.2f  %s%n", choice.name(), choice.usd(), choice.what());
    }
    out.println();
    notes.forEach(note -> out.printf("note: %s%n", note));
  }

  ObjectNode json() {
    ObjectNode json = InputFile.JSON.createObjectNode();
    json.put("title", title);
    json.put("region", region);
    json.put("currency", "USD");
    json.put("prices_as_of", prices.asOf());
    json.put("source", prices.sources().get("CloudWatch"));
    ObjectNode ways = json.putObject("choices");
    choices.forEach(
        choice ->
            ways.putObject(choice.name()).put("usd", choice.usd()).put("what", choice.what()));
    notes.forEach(json.putArray("notes")::add);
    return json;
  }

  private static String gigabytes(double gigabytes) {
    return gigabytes < 0.01
        ? String.format(Locale.ROOT, "%.1f MB", gigabytes * 1_024)
        : String.format(Locale.ROOT, "%,.2f GB", gigabytes);
  }

  private static String number(double number) {
    return String.format(Locale.ROOT, number < 100 ? "%,.1f" : "%,.0f", number);
  }
}
