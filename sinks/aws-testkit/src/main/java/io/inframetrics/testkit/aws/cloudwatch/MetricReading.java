package io.inframetrics.testkit.aws.cloudwatch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers ListMetrics and GetMetricData from {@link StoredMetric}s, in pages, and rejects what
 * exceeds the limits that the service's model and documentation name. Thread-safe.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html">GetMetricData</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html">ListMetrics</a>
 */
public final class MetricReading {

  /** The account of a caller that assumed no role. */
  public static final String ACCOUNT = "111111111111";

  private static final int QUERIES = 500;
  private static final int POINTS = 100_800;
  private static final int LISTED = 500;
  private static final int DIMENSIONS = 30;
  private static final int FILTERS = 10;
  private static final Pattern ID = Pattern.compile("[a-z][a-zA-Z0-9_]{0,254}");
  private static final Pattern STATISTIC =
      Pattern.compile("Average|Sum|SampleCount|Minimum|Maximum|p\\d{1,2}(\\.\\d{1,10})?");
  private static final Set<String> LIST_MEMBERS =
      Set.of(
          "Namespace",
          "MetricName",
          "Dimensions",
          "NextToken",
          "RecentlyActive",
          "IncludeLinkedAccounts",
          "OwningAccount");
  private static final Set<String> DATA_MEMBERS =
      Set.of("MetricDataQueries", "StartTime", "EndTime", "NextToken", "ScanBy", "MaxDatapoints");

  private final Map<String, StoredMetric> stored = new TreeMap<>();
  private final Map<String, MetricsError> failures = new TreeMap<>();
  private final List<Call> calls = new ArrayList<>();
  private BiFunction<Call, Map<String, Object>, Map<String, Object>> answers =
      (call, answer) -> answer;

  /** A request that was answered, by the name of its operation. */
  public record Call(String operation, String account, String region, Map<?, ?> request) {}

  public synchronized void store(StoredMetric metric) {
    stored.put(metric.key(), metric);
  }

  public synchronized void clear() {
    stored.clear();
  }

  /**
   * Answers requests of an account or region with an error from now on.
   *
   * @param where an account, a region, or the name of an operation
   */
  public synchronized void fail(String where, MetricsError error) {
    failures.put(where, error);
  }

  public synchronized void heal(String where) {
    failures.remove(where);
  }

  /** Changes each answer before it is sent, as a service that misbehaves would. */
  public synchronized void answering(
      BiFunction<Call, Map<String, Object>, Map<String, Object>> change) {
    answers = change;
  }

  /** Every accepted request so far. */
  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  public synchronized long calls(String operation) {
    return calls.stream().filter(call -> call.operation().equals(operation)).count();
  }

  /** The answer to a request of {@code account} in {@code region}. */
  public Map<String, Object> answer(
      String operation, Map<?, ?> request, String account, String region) {
    Call call = new Call(operation, account, region, request);
    BiFunction<Call, Map<String, Object>, Map<String, Object>> change;
    Map<String, Object> answer;
    synchronized (this) {
      for (String where : List.of(account, region, operation)) {
        MetricsError failure = failures.get(where);
        if (failure != null) {
          throw failure;
        }
      }
      answer = operation.equals("ListMetrics") ? list(call) : data(call);
      calls.add(call);
      change = answers;
    }
    return change.apply(call, answer);
  }

  private Map<String, Object> list(Call call) {
    Map<?, ?> request = call.request();
    MetricsError.unless(
        LIST_MEMBERS.containsAll(request.keySet()), "unknown member in %s", request.keySet());
    MetricsError.unless(
        list(request.get("Dimensions")).size() <= FILTERS, "more than %d filters", FILTERS);
    Object recent = request.get("RecentlyActive");
    MetricsError.unless(recent == null || recent.equals("PT3H"), "RecentlyActive is %s", recent);
    boolean linked = Boolean.TRUE.equals(request.get("IncludeLinkedAccounts"));
    List<StoredMetric> found =
        stored.values().stream()
            .filter(metric -> linked || metric.account().equals(call.account()))
            .filter(metric -> metric.region().equals(call.region()))
            .filter(metric -> fits(request.get("Namespace"), metric.namespace()))
            .filter(metric -> fits(request.get("MetricName"), metric.name()))
            .filter(metric -> fits(request.get("OwningAccount"), metric.account()))
            .filter(metric -> recent == null || metric.active())
            .toList();
    int from = token(request.get("NextToken"));
    int to = Math.min(from + LISTED, found.size());
    List<Object> metrics = new ArrayList<>();
    List<Object> owners = new ArrayList<>();
    for (StoredMetric metric : found.subList(from, to)) {
      List<Object> dimensions = new ArrayList<>();
      metric.dimensions().forEach((n, v) -> dimensions.add(Map.of("Name", n, "Value", v)));
      metrics.add(
          Map.of(
              "Namespace", metric.namespace(),
              "MetricName", metric.name(),
              "Dimensions", dimensions));
      owners.add(metric.account());
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("Metrics", metrics);
    if (linked) {
      answer.put("OwningAccounts", owners);
    }
    if (to < found.size()) {
      answer.put("NextToken", Integer.toString(to));
    }
    return answer;
  }

  private Map<String, Object> data(Call call) {
    Map<?, ?> request = call.request();
    MetricsError.unless(
        DATA_MEMBERS.containsAll(request.keySet()), "unknown member in %s", request.keySet());
    List<?> queries = list(request.get("MetricDataQueries"));
    MetricsError.unless(
        !queries.isEmpty() && queries.size() <= QUERIES,
        "MetricDataQueries has %d members, not 1 to %d",
        queries.size(),
        QUERIES);
    Instant start = time(request.get("StartTime"));
    Instant end = time(request.get("EndTime"));
    MetricsError.unless(start.isBefore(end), "StartTime %s is not before EndTime %s", start, end);
    int most = number(request.get("MaxDatapoints"), POINTS);
    MetricsError.unless(most >= 1 && most <= POINTS, "MaxDatapoints is %d", most);
    Object order = request.get("ScanBy");
    MetricsError.unless(
        order == null || order.equals("TimestampAscending") || order.equals("TimestampDescending"),
        "ScanBy is %s",
        order);
    return page(
        call, queries, start, end, most, "TimestampAscending".equals(order), new HashSet<>());
  }

  private Map<String, Object> page(
      Call call,
      List<?> queries,
      Instant start,
      Instant end,
      int most,
      boolean ascending,
      Set<String> ids) {
    int from = token(call.request().get("NextToken"));
    int to = from + most;
    int position = 0;
    List<Object> results = new ArrayList<>();
    for (Object each : queries) {
      Map<?, ?> query = (Map<?, ?>) each;
      String id = String.valueOf(query.get("Id"));
      MetricsError.unless(ID.matcher(id).matches() && ids.add(id), "the Id '%s' is not valid", id);
      List<Object> times = new ArrayList<>();
      List<Object> values = new ArrayList<>();
      points(call, query, start, end, times, values);
      if (!ascending) {
        Collections.reverse(times);
        Collections.reverse(values);
      }
      int first = Math.max(0, from - position);
      int last = Math.min(times.size(), to - position);
      position += times.size();
      if (times.isEmpty() ? from == 0 : first < last) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("Id", id);
        result.put("Label", id);
        result.put("Timestamps", times.subList(Math.max(0, first), Math.max(0, last)));
        result.put("Values", values.subList(Math.max(0, first), Math.max(0, last)));
        result.put("StatusCode", last < times.size() ? "PartialData" : "Complete");
        results.add(result);
      }
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("MetricDataResults", results);
    answer.put("Messages", List.of());
    if (to < position) {
      answer.put("NextToken", Integer.toString(to));
    }
    return answer;
  }

  private void points(
      Call call,
      Map<?, ?> query,
      Instant start,
      Instant end,
      List<Object> times,
      List<Object> values) {
    if (!(query.get("MetricStat") instanceof Map<?, ?> stat)
        || !(stat.get("Metric") instanceof Map<?, ?> metric)) {
      throw new MetricsError(400, "ValidationError", "a query has no MetricStat with a Metric");
    }
    int period = number(stat.get("Period"), 0);
    String statistic = String.valueOf(stat.get("Stat"));
    MetricsError.unless(period > 0 && period % 60 == 0, "the period is %d", period);
    MetricsError.unless(STATISTIC.matcher(statistic).matches(), "the Stat is '%s'", statistic);
    Map<String, String> dimensions = new TreeMap<>();
    for (Object each : list(metric.get("Dimensions"))) {
      Map<?, ?> dimension = (Map<?, ?>) each;
      dimensions.put(String.valueOf(dimension.get("Name")), String.valueOf(dimension.get("Value")));
    }
    MetricsError.unless(dimensions.size() <= DIMENSIONS, "%d dimensions", dimensions.size());
    Object account = query.get("AccountId");
    StoredMetric found =
        stored.get(
            StoredMetric.key(
                account == null ? call.account() : account.toString(),
                call.region(),
                String.valueOf(metric.get("Namespace")),
                String.valueOf(metric.get("MetricName")),
                dimensions));
    if (found == null) {
      return;
    }
    long first = Math.floorDiv(start.getEpochSecond(), period) * period;
    for (long at = first; at < end.getEpochSecond(); at += period) {
      double value = found.statistic(statistic, at, period);
      if (!Double.isNaN(value)) {
        times.add(Instant.ofEpochSecond(at));
        values.add(value);
      }
    }
  }

  private static boolean fits(@Nullable Object wanted, String value) {
    return wanted == null || wanted.equals(value);
  }

  private static List<?> list(@Nullable Object item) {
    return item == null ? List.of() : (List<?>) item;
  }

  private static int token(@Nullable Object token) {
    try {
      return token == null ? 0 : Integer.parseInt(token.toString());
    } catch (NumberFormatException e) {
      throw new MetricsError(
          400, "InvalidNextToken", "the token '%s' is not ours".formatted(token));
    }
  }

  private static int number(@Nullable Object number, int otherwise) {
    return number == null ? otherwise : ((Number) number).intValue();
  }

  private static Instant time(@Nullable Object time) {
    if (time == null) {
      throw new MetricsError(400, "ValidationError", "StartTime and EndTime are required");
    }
    return Instant.ofEpochMilli(Math.round(((Number) time).doubleValue() * 1_000));
  }
}
