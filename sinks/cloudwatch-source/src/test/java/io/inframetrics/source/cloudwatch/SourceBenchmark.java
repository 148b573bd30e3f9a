package io.inframetrics.source.cloudwatch;

import com.sun.management.OperatingSystemMXBean;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.Metric;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.ScanBy;
import tools.jackson.dataformat.cbor.CBORGenerator;
import tools.jackson.dataformat.cbor.CBORMapper;

/**
 * Reads the four built-in types of 10 to 100,000 instances over three hours, each as a function of
 * its own would, from a server on loopback that waits 20 ms before each answer; and the CPU
 * utilization through the SDK's own paginators with the same calls. The arguments are the numbers
 * of instances. README.md has the command.
 *
 * <p>"CPU" is that of the whole process but for the server's threads, so it has the garbage
 * collector and the compiler in it. A function of 512 MB has 0.29 of a processor; "on Lambda" is
 * the CPU of a type divided by that. "heap" is what is left after a collection, server included.
 */
final class SourceBenchmark {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final long LATENCY_MILLIS = 20;
  private static final double LAMBDA_SHARE = 512 / 1_769.0;
  private static final int ROUNDS = 5;
  private static final ManualClock CLOCK = ManualClock.at(SampleMetrics.RUN.observedAt());

  private SourceBenchmark() {}

  /** CloudWatch with any number of instances: answers are computed, so it takes no memory. */
  private static final class Server implements AutoCloseable {

    private static final int PAGE = 500;

    private final CBORMapper cbor = new CBORMapper();
    private final HttpServer http;
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final int size;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong cpuNanos = new AtomicLong();

    Server(int size) throws IOException {
      this.size = size;
      this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      http.setExecutor(threads);
      http.createContext("/", this::answer);
      http.start();
    }

    Map<String, String> environment() {
      return Map.of(
          "AWS_REGION", "eu-west-1",
          "AWS_ACCESS_KEY_ID", "none",
          "AWS_SECRET_ACCESS_KEY", "none",
          "AWS_ENDPOINT_URL_CLOUDWATCH", "http://127.0.0.1:" + http.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
      try (exchange) {
        long cpu = THREADS.getCurrentThreadCpuTime();
        calls.incrementAndGet();
        Map<?, ?> request = cbor.readValue(exchange.getRequestBody().readAllBytes(), Map.class);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (CBORGenerator generator = (CBORGenerator) cbor.createGenerator(out)) {
          generator.writeStartObject();
          if (exchange.getRequestURI().getPath().endsWith("ListMetrics")) {
            list(request, generator);
          } else {
            data(request, generator);
          }
          generator.writeEndObject();
        }
        exchange.getResponseHeaders().set("Content-Type", "application/cbor");
        exchange.getResponseHeaders().set("smithy-protocol", "rpc-v2-cbor");
        Thread.sleep(LATENCY_MILLIS);
        exchange.sendResponseHeaders(200, out.size());
        out.writeTo(exchange.getResponseBody());
        cpuNanos.addAndGet(THREADS.getCurrentThreadCpuTime() - cpu);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void list(Map<?, ?> request, CBORGenerator out) {
      Object token = request.get("NextToken");
      int from = token == null ? 0 : Integer.parseInt(token.toString());
      int to = Math.min(size, from + PAGE);
      boolean disk = "disk_used_percent".equals(request.get("MetricName"));
      out.writeArrayPropertyStart("Metrics");
      for (int i = from; i < to; i++) {
        out.writeStartObject();
        out.writeStringProperty("Namespace", request.get("Namespace").toString());
        out.writeStringProperty("MetricName", request.get("MetricName").toString());
        out.writeArrayPropertyStart("Dimensions");
        dimension(out, "InstanceId", "i-%08d".formatted(i));
        if (disk) {
          dimension(out, "path", "/");
          dimension(out, "device", "nvme0n1p1");
          dimension(out, "fstype", "xfs");
        }
        out.writeEndArray();
        out.writeEndObject();
      }
      out.writeEndArray();
      if (to < size) {
        out.writeStringProperty("NextToken", Integer.toString(to));
      }
    }

    private static void dimension(CBORGenerator out, String name, String value) {
      out.writeStartObject();
      out.writeStringProperty("Name", name);
      out.writeStringProperty("Value", value);
      out.writeEndObject();
    }

    private static void data(Map<?, ?> request, CBORGenerator out) {
      long from = ((Number) request.get("StartTime")).longValue();
      long to = ((Number) request.get("EndTime")).longValue();
      out.writeArrayPropertyStart("MetricDataResults");
      for (Object query : (List<?>) request.get("MetricDataQueries")) {
        out.writeStartObject();
        out.writeStringProperty("Id", ((Map<?, ?>) query).get("Id").toString());
        out.writeStringProperty("Label", "a label");
        out.writeArrayPropertyStart("Timestamps");
        for (long at = from; at < to; at += 300) {
          out.writeTag(1);
          out.writeNumber((double) at);
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("Values");
        for (long at = from; at < to; at += 300) {
          out.writeNumber(at / 300 % 97 / 3.0);
        }
        out.writeEndArray();
        out.writeStringProperty("StatusCode", "Complete");
        out.writeEndObject();
      }
      out.writeEndArray();
    }

    @Override
    public void close() {
      http.stop(0);
      threads.shutdownNow();
    }
  }

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

  private record Measured(
      double seconds, double cpuSeconds, double processSeconds, long points, double sum) {}

  public static void main(String[] arguments) throws Exception {
    int[] sizes =
        arguments.length == 0
            ? new int[] {10, 100, 1_000, 10_000, 100_000}
            : Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
    System.out.println(
        "instances | type | calls | seconds | CPU s | on Lambda s | us a value | heap MB");
    for (int size : sizes) {
      try (Server server = new Server(size)) {
        for (MetricType type : MetricType.builtIn()) {
          ofAType(server, size, type);
        }
      }
    }
    System.out.println("instances | CPU us a value | SDK's paginators | ratio");
    for (int size : sizes) {
      try (Server server = new Server(size)) {
        besideTheSdk(server, size);
      }
    }
  }

  private static MetricCollector collector(Server server, int size, MetricType type) {
    return new CloudWatchCollectorFactory(server.environment())
            .create(
                new CollectorSettings(
                    "cloudwatch", Map.of("max_instances", Integer.toString(size)), CLOCK))
            .stream()
            .filter(each -> each.type().equals(type))
            .findFirst()
            .orElseThrow();
  }

  private static void ofAType(Server server, int size, MetricType type) throws Exception {
    MetricCollector collector = collector(server, size, type);
    int calls = server.calls.get();
    pools().forEach(MemoryPoolMXBean::resetPeakUsage);
    HeapWatch heap = new HeapWatch();
    heap.start();
    Measured measured = run(server, counting -> collector.collect(Account.request(), counting));
    heap.interrupt();
    heap.join();
    System.out.printf(
        "%d | %s | %d | %.1f | %.2f | %.1f | %.2f | %d%n",
        size,
        type,
        server.calls.get() - calls,
        measured.seconds(),
        measured.processSeconds(),
        measured.processSeconds() / LAMBDA_SHARE,
        measured.processSeconds() / measured.points() * 1e6,
        heap.most >> 20);
  }

  private static List<MemoryPoolMXBean> pools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
        .toList();
  }

  /** The most that was left after a collection of garbage. */
  private static final class HeapWatch extends Thread {

    private long most;

    @Override
    public void run() {
      try {
        while (true) {
          most =
              Math.max(
                  most,
                  pools().stream().mapToLong(pool -> pool.getCollectionUsage().getUsed()).sum());
          Thread.sleep(20);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // The measurement has ended.
      }
    }
  }

  private static void besideTheSdk(Server server, int size) throws Exception {
    MetricCollector collector = collector(server, size, MetricType.CPU_UTILIZATION);
    Reader ours = counting -> collector.collect(Account.request(), counting);
    try (AwsClients clients = AwsClients.fromEnvironment(server.environment());
        CloudWatchClient client = clients.build("cloudwatch", CloudWatchClient.builder())) {
      Reader theirs = counting -> paginate(client, counting);
      List<Measured> own = new ArrayList<>();
      List<Measured> sdk = new ArrayList<>();
      run(server, ours);
      run(server, theirs);
      for (int round = 0; round < (size > 10_000 ? 1 : ROUNDS); round++) {
        own.add(run(server, ours));
        sdk.add(run(server, theirs));
      }
      Measured first = own.get(0);
      if (first.points() != sdk.get(0).points() || first.sum() != sdk.get(0).sum()) {
        throw new AssertionError("both must read the same: " + first + ", " + sdk.get(0));
      }
      double mine = micros(own);
      double others = micros(sdk);
      System.out.printf("%d | %.2f | %.2f | %.2f%n", size, mine, others, mine / others);
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

  private static Measured run(Server server, Reader reader) throws Exception {
    Counting counting = new Counting();
    long cpu = THREADS.getCurrentThreadCpuTime();
    long process = PROCESS.getProcessCpuTime() - server.cpuNanos.get();
    long start = System.nanoTime();
    reader.read(counting);
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Measured(
        seconds,
        (THREADS.getCurrentThreadCpuTime() - cpu) / 1e9,
        (PROCESS.getProcessCpuTime() - server.cpuNanos.get() - process) / 1e9,
        counting.points,
        counting.sum);
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
