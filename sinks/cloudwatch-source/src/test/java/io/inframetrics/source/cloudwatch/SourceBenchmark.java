package io.inframetrics.source.cloudwatch;

import io.inframetrics.aws.AwsClients;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.testkit.aws.cloudwatch.StoredMetric;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.Metric;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;

/**
 * Reads the CPU utilization of 10 to 100,000 instances over three hours, through this source and
 * through the SDK's own paginators with the same calls, from a server on loopback that waits 20 ms.
 * Prints calls, seconds, and the CPU time of the calling thread. The arguments are the numbers of
 * instances.
 */
final class SourceBenchmark {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final long LATENCY_MILLIS = 20;
  private static final int ROUNDS = 5;

  private SourceBenchmark() {}

  /** Counts observations, as cheaply as possible. */
  private static final class Counting implements MetricConsumer {
    private long points;
    private double sum;

    @Override
    public void accept(Observation observation) {
      points++;
      sum += observation.value();
    }
  }

  private interface Reader {
    void read(Counting counting) throws Exception;
  }

  private record Measured(double seconds, double cpuSeconds, long points, double sum) {}

  public static void main(String[] arguments) throws Exception {
    int[] sizes =
        arguments.length == 0
            ? new int[] {10, 100, 1_000, 10_000, 100_000}
            : Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
    System.out.println("instances | calls | seconds | CPU us a point | SDK's paginators | ratio");
    for (int size : sizes) {
      measure(size);
    }
  }

  private static void measure(int size) throws Exception {
    try (Account account = new Account()) {
      for (int i = 0; i < size; i++) {
        account.reading.store(
            StoredMetric.of(
                "AWS/EC2",
                "CPUUtilization",
                Map.of("InstanceId", "i-%08d".formatted(i)),
                at -> at / 300 % 97 / 3.0));
      }
      account.reading.answering(
          (call, answer) -> {
            try {
              Thread.sleep(LATENCY_MILLIS);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return answer;
          });
      MetricCollector collector =
          account.collector(
              MetricType.CPU_UTILIZATION, "max_instances", Integer.toString(Math.max(1, size)));
      Reader ours = counting -> collector.collect(Account.request(), counting);
      try (AwsClients clients = AwsClients.fromEnvironment(account.server.environment());
          CloudWatchClient client = clients.build("cloudwatch", CloudWatchClient.builder())) {
        Reader theirs = counting -> paginate(client, counting);
        int rounds = size > 10_000 ? 1 : ROUNDS;
        List<Measured> own = new ArrayList<>();
        List<Measured> sdk = new ArrayList<>();
        run(ours);
        run(theirs);
        int calls = account.reading.calls().size();
        own.add(run(ours));
        calls = account.reading.calls().size() - calls;
        sdk.add(run(theirs));
        for (int round = 1; round < rounds; round++) {
          own.add(run(ours));
          sdk.add(run(theirs));
        }
        Measured first = own.get(0);
        if (first.points() != sdk.get(0).points() || first.sum() != sdk.get(0).sum()) {
          throw new AssertionError("both must read the same: " + first + ", " + sdk.get(0));
        }
        double mine = micros(own);
        double others = micros(sdk);
        System.out.printf(
            "%d | %d | %.2f | %.2f | %.2f | %.2f%n",
            size,
            calls,
            own.stream().mapToDouble(Measured::seconds).sorted().toArray()[own.size() / 2],
            mine,
            others,
            mine / others);
      }
    }
  }

  private static double micros(List<Measured> measured) {
    double[] sorted =
        measured.stream()
            .mapToDouble(each -> each.cpuSeconds() / each.points() * 1e6)
            .sorted()
            .toArray();
    return sorted[sorted.length / 2];
  }

  private static Measured run(Reader reader) throws Exception {
    Counting counting = new Counting();
    long cpu = THREADS.getCurrentThreadCpuTime();
    long start = System.nanoTime();
    reader.read(counting);
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Measured(
        seconds, (THREADS.getCurrentThreadCpuTime() - cpu) / 1e9, counting.points, counting.sum);
  }

  /** What one would write with the SDK alone: list, ask for 500 metrics a call, push. */
  private static void paginate(CloudWatchClient client, Counting counting) {
    List<Metric> metrics = new ArrayList<>();
    client
        .listMetricsPaginator(
            list -> list.namespace("AWS/EC2").metricName("CPUUtilization").recentlyActive("PT3H"))
        .metrics()
        .forEach(metrics::add);
    for (int from = 0; from < metrics.size(); from += Limits.QUERIES) {
      List<Metric> part = metrics.subList(from, Math.min(from + Limits.QUERIES, metrics.size()));
      List<MetricDataQuery> queries = new ArrayList<>();
      List<Series> series = new ArrayList<>();
      for (Metric metric : part) {
        Dimension id = metric.dimensions().get(0);
        series.add(Series.of(MetricType.CPU_UTILIZATION, id.value()));
        queries.add(
            MetricDataQuery.builder()
                .id("q" + queries.size())
                .metricStat(stat -> stat.metric(metric).period(300).stat("Average"))
                .build());
      }
      GetMetricDataRequest request =
          GetMetricDataRequest.builder()
              .metricDataQueries(queries)
              .startTime(aligned(Account.request().since().getEpochSecond()))
              .endTime(aligned(Account.request().until().getEpochSecond()))
              .scanBy(ScanBy.TIMESTAMP_ASCENDING)
              .build();
      for (MetricDataResult result : client.getMetricDataPaginator(request).metricDataResults()) {
        Series its = series.get(Integer.parseInt(result.id().substring(1)));
        for (int i = 0; i < result.timestamps().size(); i++) {
          if (Account.request().includes(result.timestamps().get(i))) {
            counting.accept(
                new Observation(
                    its,
                    result.timestamps().get(i),
                    result.values().get(i),
                    MetricUnit.PERCENT,
                    "eu-west-1"));
          }
        }
      }
    }
  }

  private static Instant aligned(long second) {
    return Instant.ofEpochSecond(Math.floorDiv(second, 300L) * 300);
  }
}
