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
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 * turns; the CPU time is that of the process less that of the server's threads.
 */
public final class PublisherBenchmark {

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
  private final AwsCalls calls = new AwsCalls(CallSettings.DEFAULT, new Random(1), time -> {});
  private final List<Metric> metrics = metrics();
  private final List<List<Metric>> batches =
      SampleMetrics.batches(metrics).stream().map(Batch::metrics).toList();

  private PublisherBenchmark() {}

  /** Runs it and prints a table. */
  public static void main(String[] arguments) {
    new PublisherBenchmark().run();
  }

  private void run() {
    Map<String, Contender> contenders = new LinkedHashMap<>();
    contenders.put("this sink, fleet", new Contender(METRICS, REPEATS, () -> publish(fleet())));
    contenders.put(
        "this sink, instance", new Contender(METRICS, REPEATS, () -> publish(instance())));
    contenders.put("bare SDK, 1,000 data a call", new Contender(METRICS, REPEATS, this::bareSdk));
    Micrometer micrometer = micrometer();
    contenders.put(
        "micrometer-registry-cloudwatch2", new Contender(METRICS, REPEATS, micrometer::push));
    contenders.put(
        "bare SDK, one datum a call", new Contender(SINGLE_CALLS, REPEATS, this::oneByOne));
    for (int round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
      boolean measured = round >= WARM_UP_ROUNDS;
      contenders.values().forEach(contender -> contender.run(responder, measured));
    }
    print(contenders);
    responder.close();
    System.exit(0); // Netty's threads would linger.
  }

  private static void print(Map<String, Contender> contenders) {
    double bare = contenders.get("bare SDK, 1,000 data a call").medianMicros();
    double micrometer = contenders.get("micrometer-registry-cloudwatch2").medianMicros();
    System.out.printf(
        "Java %s, %d processors, medians of %d rounds, each of %d observations%n%n",
        Runtime.version(), Runtime.getRuntime().availableProcessors(), ROUNDS, METRICS);
    System.out.println(
        "| what | calls | KB sent | CPU us an observation | to the bare SDK | to Micrometer |");
    System.out.println("|---|---|---|---|---|---|");
    contenders.forEach(
        (name, contender) -> {
          double micros = contender.medianMicros();
          System.out.printf(
              "| %s | %d | %.0f | %.2f | %.2f | %.2f |%n",
              name,
              contender.callsPer(METRICS),
              contender.bytesPer(METRICS) / 1_000.0,
              micros,
              micros / bare,
              micros / micrometer);
        });
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

    double medianMicros() {
      return micros.stream().sorted().skip(micros.size() / 2).findFirst().orElseThrow();
    }

    long callsPer(int metrics) {
      return calls * metrics / observations;
    }

    long bytesPer(int metrics) {
      return bytes * metrics / observations;
    }
  }
}
