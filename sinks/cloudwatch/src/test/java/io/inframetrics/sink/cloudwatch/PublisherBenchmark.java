package io.inframetrics.sink.cloudwatch;

import com.sun.management.OperatingSystemMXBean;
import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import io.micrometer.cloudwatch2.CloudWatchConfig;
import io.micrometer.cloudwatch2.CloudWatchMeterRegistry;
import io.micrometer.core.instrument.Gauge;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;

/**
 * Requests, bytes and CPU time for one observation of each of 10,000 instances: this sink, the bare
 * SDK with 1,000 data a call and with one, and Micrometer's registry. All in one process and in
 * turns; the CPU time is that of the process less that of the server's threads. What the compiler
 * makes of the same code differs from process to process by a tenth, so several are run one after
 * another and compared within each.
 */
public final class PublisherBenchmark {

  private static final int PROCESSES = 9;
  private static final String ONE_PROCESS = "one-process";

  private static final String FLEET = "this sink, fleet";
  private static final String INSTANCE = "this sink, instance";
  private static final String BARE = "bare SDK, 1,000 data a call";
  private static final String MICROMETER = "micrometer-registry-cloudwatch2";
  private static final String SINGLE = "bare SDK, one datum a call";

  private static final int METRICS = 10_000;

  /** Some systems count a process's CPU time in steps of 10 ms: a round must take many. */
  private static final int REPEATS = 10;

  private static final int SINGLE_CALLS = 50;
  private static final int WARM_UP_ROUNDS = 4;
  private static final int ROUNDS = 9;
  private static final String NAMESPACE = "Benchmark";

  private final CheapResponder responder = new CheapResponder();
  private final Map<String, String> environment =
      Map.of(
          "AWS_ENDPOINT_URL_CLOUDWATCH", responder.endpoint().toString(),
          "AWS_REGION", "eu-west-1",
          "AWS_ACCESS_KEY_ID", "test",
          "AWS_SECRET_ACCESS_KEY", "test");
  private final AwsClients clients = AwsClients.fromEnvironment(environment);
  private final CloudWatchClient client = clients.build("cloudwatch", CloudWatchClient.builder());
  private final AwsCalls calls = new AwsCalls(CallSettings.DEFAULTS, new Random(1), time -> {});
  private final List<Metric> metrics = metrics();
  private final List<List<Metric>> batches =
      SampleMetrics.batches(metrics).stream().map(Batch::metrics).toList();

  private PublisherBenchmark() {}

  /** Runs it and prints a table; the number of processes may be given. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length == 1 && arguments[0].equals(ONE_PROCESS)) {
      new PublisherBenchmark().run();
      return;
    }
    int processes = arguments.length == 0 ? PROCESSES : Integer.parseInt(arguments[0]);
    List<Map<String, Measure>> runs = new ArrayList<>();
    for (int i = 0; i < processes; i++) {
      runs.add(fork());
    }
    print(runs);
  }

  /** Runs it in a process of its own. */
  private static Map<String, Measure> fork() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                PublisherBenchmark.class.getName(),
                ONE_PROCESS)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Map<String, Measure> measures = new LinkedHashMap<>();
    try (BufferedReader lines = process.inputReader()) {
      lines
          .lines()
          .map(line -> line.split("\t", -1))
          .forEach(cells -> measures.put(cells[0], Measure.of(cells)));
    }
    if (process.waitFor() != 0) {
      throw new IllegalStateException("a process ended with exit code " + process.exitValue());
    }
    return measures;
  }

  private void run() {
    Map<String, Contender> contenders = new LinkedHashMap<>();
    contenders.put(FLEET, new Contender(METRICS, REPEATS, () -> publish(fleet())));
    contenders.put(INSTANCE, new Contender(METRICS, REPEATS, () -> publish(instance())));
    contenders.put(BARE, new Contender(METRICS, REPEATS, this::bareSdk));
    Micrometer micrometer = micrometer();
    contenders.put(MICROMETER, new Contender(METRICS, REPEATS, micrometer::push));
    contenders.put(SINGLE, new Contender(SINGLE_CALLS, REPEATS, this::oneByOne));
    for (int round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
      boolean measured = round >= WARM_UP_ROUNDS;
      contenders.values().forEach(contender -> contender.run(responder, measured));
    }
    contenders.forEach(
        (name, contender) -> System.out.printf("%s\t%s%n", name, contender.measure().cells()));
    responder.close();
    System.exit(0); // Netty's threads would linger.
  }

  private static void print(List<Map<String, Measure>> runs) {
    System.out.printf(
        "Java %s, %d processors, %d processes, in each the medians of %d rounds of %d"
            + " observations%n%n",
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        runs.size(),
        ROUNDS,
        METRICS * REPEATS);
    System.out.println(
        "| what | calls | KB sent | CPU us an observation | to the bare SDK | least to most | to"
            + " Micrometer |");
    System.out.println("|---|---|---|---|---|---|---|");
    runs.get(0)
        .forEach(
            (name, measure) -> {
              List<Double> toBare = ratios(runs, name, BARE);
              System.out.printf(
                  "| %s | %d | %.0f | %.2f | %.2f | %.2f to %.2f | %.2f |%n",
                  name,
                  measure.calls(),
                  measure.bytes() / 1_000.0,
                  median(runs.stream().map(run -> run.get(name).micros()).toList()),
                  median(toBare),
                  Collections.min(toBare),
                  Collections.max(toBare),
                  median(ratios(runs, name, MICROMETER)));
            });
  }

  /** In each process, what {@code name} took of what {@code peer} took. */
  private static List<Double> ratios(List<Map<String, Measure>> runs, String name, String peer) {
    return runs.stream().map(run -> run.get(name).micros() / run.get(peer).micros()).toList();
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  private static CloudWatchSettings fleet() {
    return CloudWatchSettings.of(NAMESPACE);
  }

  private static CloudWatchSettings instance() {
    return fleet().withPolicy(DimensionPolicy.INSTANCE).withSeriesBudget(METRICS);
  }

  private void publish(CloudWatchSettings settings) {
    WriteResult result =
        new CloudWatchMetricPublisher(client, settings, calls, Clock.systemUTC())
            .publish(batches::forEach, Deadlines.never());
    if (result.written() != METRICS) {
      throw new IllegalStateException("not all was published: " + result);
    }
  }

  private void bareSdk() {
    for (int from = 0; from < METRICS; from += 1_000) {
      List<MetricDatum> data = new ArrayList<>(1_000);
      for (Metric metric : metrics.subList(from, from + 1_000)) {
        data.add(datum(metric));
      }
      client.putMetricData(request -> request.namespace(NAMESPACE).metricData(data));
    }
  }

  private void oneByOne() {
    for (Metric metric : metrics.subList(0, SINGLE_CALLS)) {
      client.putMetricData(request -> request.namespace(NAMESPACE).metricData(datum(metric)));
    }
  }

  private static MetricDatum datum(Metric metric) {
    return MetricDatum.builder()
        .metricName(metric.series().type().name())
        .dimensions(
            Dimension.builder().name("InstanceId").value(metric.series().instanceId()).build(),
            Dimension.builder().name("Region").value(metric.region()).build())
        .timestamp(metric.timestamp())
        .unit(StandardUnit.PERCENT)
        .value(metric.value())
        .build();
  }

  private static List<Metric> metrics() {
    Random random = new Random(1);
    Instant now = Instant.now();
    CollectionRun run = new CollectionRun("benchmark", now);
    List<Metric> metrics = new ArrayList<>();
    for (int i = 0; i < METRICS; i++) {
      Series series = Series.of(MetricType.CPU_UTILIZATION, "i-%017x".formatted(random.nextLong()));
      double value = random.nextInt(10_000) / 100.0;
      metrics.add(new Metric(series, now, value, MetricUnit.PERCENT, "eu-west-1", run));
    }
    return metrics;
  }

  private Micrometer micrometer() {
    CloudWatchAsyncClient async =
        CloudWatchAsyncClient.builder()
            .region(Region.EU_WEST_1)
            .credentialsProvider(() -> AwsBasicCredentials.create("test", "test"))
            .endpointOverride(responder.endpoint())
            .build();
    CloudWatchConfig config =
        new CloudWatchConfig() {
          @Override
          public String get(String key) {
            return null;
          }

          @Override
          public String namespace() {
            return NAMESPACE;
          }

          @Override
          public Duration step() {
            return Duration.ofHours(1);
          }
        };
    Micrometer registry = new Micrometer(config, async);
    for (Metric metric : metrics) {
      Gauge.builder("cpu_utilization", metric, Metric::value)
          .tag("InstanceId", metric.series().instanceId())
          .tag("Region", metric.region())
          .baseUnit("percent")
          .register(registry);
    }
    return registry;
  }

  /** Micrometer's registry, pushed by hand instead of by a timer. */
  private static final class Micrometer extends CloudWatchMeterRegistry {

    Micrometer(CloudWatchConfig config, CloudWatchAsyncClient client) {
      super(config, io.micrometer.core.instrument.Clock.SYSTEM, client);
    }

    @Override
    public void start(ThreadFactory threadFactory) {
      // Only rounds of the benchmark publish.
    }

    void push() {
      publish();
    }
  }

  /** What is measured, and its measures. */
  private static final class Contender {

    private static final OperatingSystemMXBean PROCESS =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final int observations;
    private final Runnable work;
    private final List<Double> micros = new ArrayList<>();
    private long calls;
    private long bytes;

    Contender(int observations, int repeats, Runnable work) {
      this.observations = observations * repeats;
      this.work =
          () -> {
            for (int i = 0; i < repeats; i++) {
              work.run();
            }
          };
    }

    void run(CheapResponder responder, boolean measured) {
      if (measured) {
        System.gc(); // Nobody pays for another's garbage.
      }
      long callsBefore = responder.requests();
      long bytesBefore = responder.bytes();
      long before = PROCESS.getProcessCpuTime() - responder.cpuNanos();
      work.run();
      long nanos = PROCESS.getProcessCpuTime() - responder.cpuNanos() - before;
      calls = responder.requests() - callsBefore;
      bytes = responder.bytes() - bytesBefore;
      if (measured) {
        micros.add(nanos / 1_000.0 / observations);
      }
    }

    Measure measure() {
      return new Measure(
          calls * METRICS / observations, bytes * METRICS / observations, median(micros));
    }
  }

  /** What {@value #METRICS} observations take in one process. */
  private record Measure(long calls, long bytes, double micros) {

    static Measure of(String[] cells) {
      return new Measure(
          Long.parseLong(cells[1]), Long.parseLong(cells[2]), Double.parseDouble(cells[3]));
    }

    String cells() {
      return calls + "\t" + bytes + "\t" + micros;
    }
  }
}
