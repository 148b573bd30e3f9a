package io.inframetrics.sink.otlp;

import com.sun.management.OperatingSystemMXBean;
import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.cloudwatch.CloudWatchMetricPublisher;
import io.inframetrics.sink.cloudwatch.CloudWatchSettings;
import io.inframetrics.sink.cloudwatch.DimensionPolicy;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableDoublePointData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableGaugeData;
import io.opentelemetry.sdk.metrics.internal.data.ImmutableMetricData;
import io.opentelemetry.sdk.resources.Resource;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
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
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/**
 * Requests, bytes and CPU time for one observation of each of 10,000 instances, to the socket: this
 * sink with and without signatures, OpenTelemetry's own exporter with the same points, names and
 * labels, 1,000 a request and uncompressed, and this product's path by PutMetricData. All in one
 * process and in turns; the CPU time is that of the process less that of the server's threads.
 */
public final class OtlpBenchmark {

  private static final int PROCESSES = 5;
  private static final String ONE_PROCESS = "one-process";

  private static final String UNSIGNED = "this sink";
  private static final String SIGNED = "this sink, signed for CloudWatch";
  private static final String EXPORTER = "opentelemetry-exporter-otlp, points ready";
  private static final String CONVERTED = "opentelemetry-exporter-otlp, points made of metrics";
  private static final String CLASSIC = "PutMetricData, instance";

  private static final int METRICS = 10_000;

  /** Some systems count a process's CPU time in steps of 10 ms: a round must take many. */
  private static final int REPEATS = 10;

  private static final int WARM_UP_ROUNDS = 5;
  private static final int ROUNDS = 9;

  private final CheapResponder responder = new CheapResponder();
  private final URI endpoint = URI.create(responder.endpoint() + "/v1/metrics");
  private final AwsClients clients =
      AwsClients.fromEnvironment(
          Map.of(
              "AWS_ENDPOINT_URL_CLOUDWATCH", responder.endpoint().toString(),
              "AWS_REGION", "eu-west-1",
              "AWS_ACCESS_KEY_ID", "test",
              "AWS_SECRET_ACCESS_KEY", "test"));
  private final List<Metric> metrics = metrics();
  private final List<List<Metric>> batches =
      SampleMetrics.batches(metrics).stream().map(Batch::metrics).toList();
  private final List<MetricData> ready = batches.stream().map(OtlpBenchmark::data).toList();
  private final OtlpHttpMetricExporter exporter =
      OtlpHttpMetricExporter.builder().setEndpoint(endpoint.toString()).build();

  private OtlpBenchmark() {}

  /** Runs it and prints a table; the number of processes may be given. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length == 1 && arguments[0].equals(ONE_PROCESS)) {
      new OtlpBenchmark().run();
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
                OtlpBenchmark.class.getName(),
                ONE_PROCESS)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Map<String, Measure> measures = new LinkedHashMap<>();
    try (BufferedReader lines = process.inputReader()) {
      lines
          .lines()
          .map(line -> line.split("\t", -1))
          .filter(cells -> cells.length == 4)
          .forEach(cells -> measures.put(cells[0], Measure.of(cells)));
    }
    if (process.waitFor() != 0) {
      throw new IllegalStateException("a process ended with exit code " + process.exitValue());
    }
    return measures;
  }

  private void run() {
    Map<String, Contender> contenders = new LinkedHashMap<>();
    OtlpMetricPublisher unsigned =
        OtlpMetricPublisher.to(OtlpSettings.to(endpoint), time -> {}, Clock.systemUTC());
    contenders.put(UNSIGNED, new Contender(() -> publish(unsigned)));
    OtlpMetricPublisher signed =
        OtlpMetricPublisher.toCloudWatch(
            clients, OtlpSettings.toCloudWatch(clients), time -> {}, Clock.systemUTC());
    contenders.put(SIGNED, new Contender(() -> publish(signed)));
    contenders.put(EXPORTER, new Contender(() -> ready.forEach(this::export)));
    contenders.put(CONVERTED, new Contender(() -> batches.forEach(batch -> export(data(batch)))));
    CloudWatchMetricPublisher classic =
        new CloudWatchMetricPublisher(
            clients.build("cloudwatch", CloudWatchClient.builder()),
            CloudWatchSettings.of("Benchmark")
                .withPolicy(DimensionPolicy.INSTANCE)
                .withSeriesBudget(METRICS),
            new AwsCalls(CallSettings.DEFAULTS, new Random(1), time -> {}),
            Clock.systemUTC());
    contenders.put(CLASSIC, new Contender(() -> publish(classic)));
    for (int round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
      boolean measured = round >= WARM_UP_ROUNDS;
      contenders.values().forEach(contender -> contender.run(responder, measured));
    }
    contenders.forEach(
        (name, contender) -> System.out.printf("%s\t%s%n", name, contender.measure().cells()));
    System.exit(0);
  }

  private static void print(List<Map<String, Measure>> runs) {
    System.out.println(
        "| what | requests | KB sent | CPU us a point | to the exporter | least to most | to"
            + " PutMetricData |");
    System.out.println("|---|---|---|---|---|---|---|");
    runs.get(0)
        .forEach(
            (name, measure) -> {
              List<Double> toExporter = ratios(runs, name, EXPORTER);
              System.out.printf(
                  "| %s | %d | %.0f | %.2f | %.2f | %.2f to %.2f | %.2f |%n",
                  name,
                  measure.calls(),
                  measure.bytes() / 1_000.0,
                  median(runs.stream().map(run -> run.get(name).micros()).toList()),
                  median(toExporter),
                  Collections.min(toExporter),
                  Collections.max(toExporter),
                  median(ratios(runs, name, CLASSIC)));
            });
  }

  /** In each process, what {@code name} took of what {@code peer} took. */
  private static List<Double> ratios(List<Map<String, Measure>> runs, String name, String peer) {
    return runs.stream().map(run -> run.get(name).micros() / run.get(peer).micros()).toList();
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
  }

  private void publish(MetricPublisher publisher) {
    WriteResult result = publisher.publish(batches::forEach, Deadlines.never());
    if (result.written() != METRICS) {
      throw new IllegalStateException("not all was published: " + result);
    }
  }

  private void export(MetricData data) {
    if (!exporter.export(List.of(data)).join(1, TimeUnit.MINUTES).isSuccess()) {
      throw new IllegalStateException("not all was exported");
    }
  }

  /** The same points, names and labels, as OpenTelemetry's SDK hands them to its exporter. */
  private static MetricData data(List<Metric> batch) {
    List<DoublePointData> points = new ArrayList<>(batch.size());
    for (Metric metric : batch) {
      points.add(
          ImmutableDoublePointData.create(
              0,
              TimeUnit.SECONDS.toNanos(metric.timestamp().getEpochSecond()),
              Attributes.builder()
                  .put("host.id", metric.series().instanceId())
                  .put("cloud.region", metric.region())
                  .build(),
              metric.value() / 100));
    }
    return ImmutableMetricData.createDoubleGauge(
        Resource.create(Attributes.builder().put("service.name", "inframetrics").build()),
        InstrumentationScopeInfo.empty(),
        "system.cpu.utilization",
        "",
        "1",
        ImmutableGaugeData.create(points));
  }

  private static List<Metric> metrics() {
    Random random = new Random(1);
    // Within the limits of time for as long as it runs.
    Instant now = Clock.systemUTC().instant().minus(Duration.ofHours(1));
    CollectionRun run = new CollectionRun("benchmark", now);
    List<Metric> metrics = new ArrayList<>();
    for (int i = 0; i < METRICS; i++) {
      Series series = Series.of(MetricType.CPU_UTILIZATION, "i-%017x".formatted(random.nextLong()));
      double value = random.nextInt(10_000) / 100.0;
      metrics.add(new Metric(series, now, value, MetricUnit.PERCENT, "eu-west-1", run));
    }
    return metrics;
  }

  /** What is measured, and its measures. */
  private static final class Contender {

    private static final OperatingSystemMXBean PROCESS =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Runnable work;
    private final List<Double> micros = new ArrayList<>();
    private long calls;
    private long bytes;

    Contender(Runnable work) {
      this.work = work;
    }

    void run(CheapResponder responder, boolean measured) {
      if (measured) {
        System.gc(); // Nobody pays for another's garbage.
      }
      long callsBefore = responder.requests();
      long bytesBefore = responder.bytes();
      long before = PROCESS.getProcessCpuTime() - responder.cpuNanos();
      for (int i = 0; i < REPEATS; i++) {
        work.run();
      }
      long nanos = PROCESS.getProcessCpuTime() - responder.cpuNanos() - before;
      calls = responder.requests() - callsBefore;
      bytes = responder.bytes() - bytesBefore;
      if (measured) {
        micros.add(nanos / 1_000.0 / (METRICS * REPEATS));
      }
    }

    Measure measure() {
      return new Measure(calls / REPEATS, bytes / REPEATS, median(micros));
    }
  }

  /** What {@value #METRICS} points take in one process. */
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
