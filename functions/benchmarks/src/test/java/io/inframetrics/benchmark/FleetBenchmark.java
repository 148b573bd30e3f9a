package io.inframetrics.benchmark;

import static java.util.stream.Collectors.joining;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.benchmark.Variant.Kind;
import io.inframetrics.benchmark.Variant.Start;
import io.inframetrics.metric.MetricType;
import io.inframetrics.sink.dynamodb.DynamoDbTable;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.aws.EmbeddedDynamoDb;
import io.inframetrics.testkit.aws.EmbeddedS3;
import io.inframetrics.testkit.aws.Fault;
import io.inframetrics.testkit.aws.FaultPlan;
import io.inframetrics.testkit.aws.FaultProxy;
import io.inframetrics.testkit.aws.LambdaProcess;
import io.inframetrics.testkit.aws.ProxiedRequest;
import io.inframetrics.testkit.aws.RecordingServer;
import io.inframetrics.testkit.aws.cloudwatch.StoredMetric;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Collects the four built-in types of a large fleet from what CloudWatch has, each in a function of
 * its own: the deployed zip under the real Lambda runtime client, on one processor, restored from a
 * primed snapshot as a stack deploys it by default. The stand-ins of CloudWatch, S3 and DynamoDB
 * are in this process, on another processor, behind proxies that wait 20 ms before each answer.
 * Each function makes two runs, three hours apart.
 *
 * <p>Arguments, each {@code name=value}: {@code jdk} (a home), {@code instances}, {@code memory} of
 * the function in megabytes, {@code seconds} that it has, {@code start} ({@code zip}, {@code
 * snap_primed}), {@code types}.
 *
 * <p>"On Lambda" does not depend on what else the machine does: the time of the processor, at the
 * share of one that the memory gets, and 20 ms for each request that the function waits for alone.
 */
public final class FleetBenchmark {

  private static final Duration PERIOD = Duration.ofHours(3);
  private static final long LATENCY_MILLIS = 20;
  private static final double MEGABYTES_PER_PROCESSOR = 1_769;

  /** What Lambda leaves the heap of a function's memory. */
  private static final double HEAP_SHARE = 0.85;

  /** The calls that are made side by side: a batch of records is a hundred series, 25 a call. */
  private static final String IN_PARALLEL = "BatchWriteItem";

  private static final double SIDE_BY_SIDE = 4;

  private static final Pattern AFTER_COLLECTION = Pattern.compile("->(\\d+)M\\(");

  private FleetBenchmark() {}

  /** In place of AWS: an account with a fleet, and an installation. */
  private static final class Account implements AutoCloseable {

    private final EmbeddedS3 s3 = EmbeddedS3.start();
    private final EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.start();
    private final RecordingServer cloudWatch = RecordingServer.start(Clock.systemUTC());
    private final FaultPlan plan = FaultPlan.deciding(request -> Fault.rewrite(new Latency()));
    private final Map<String, FaultProxy> proxies = new TreeMap<>();
    private final int instances;

    Account(int instances) {
      this.instances = instances;
      proxies.put("S3", proxy("s3", s3.endpoint()));
      proxies.put("DYNAMODB", proxy("dynamodb", dynamoDb.endpoint()));
      proxies.put("CLOUDWATCH", proxy("cloudwatch", cloudWatch.endpoint()));
      for (int i = 0; i < instances; i++) {
        Map<String, String> id = Map.of("InstanceId", "i-%017x".formatted(i * 7_919L));
        store("AWS/EC2", "CPUUtilization", id, second -> second / 300 % 97 / 3.0);
        store("AWS/EC2", "NetworkIn", id, second -> second % 1_000_000 * 31);
        store("AWS/EC2", "NetworkOut", id, second -> second % 1_000_000 * 7);
        store("CWAgent", "mem_used_percent", id, second -> second / 300 % 89 / 2.0);
        Map<String, String> disk = new HashMap<>(id);
        disk.putAll(Map.of("path", "/", "device", "nvme0n1p1", "fstype", "xfs"));
        store("CWAgent", "disk_used_percent", disk, second -> second / 300 % 83 / 1.5);
      }
    }

    private void store(
        String namespace, String name, Map<String, String> dimensions, LongToDoubleFunction value) {
      cloudWatch.reading().store(StoredMetric.of(namespace, name, dimensions, value));
    }

    private FaultProxy proxy(String service, URI server) {
      return FaultProxy.start(
          service, new InetSocketAddress(server.getHost(), server.getPort()), plan);
    }

    /** What a function needs to know of a new installation in it. */
    Map<String, String> install() {
      Map<String, String> environment = new HashMap<>();
      environment.putAll(dynamoDb.environment());
      String table = dynamoDb.newTableName();
      try (AwsClients clients = AwsClients.fromEnvironment(environment)) {
        new DynamoDbTable(
                clients.build("dynamodb", DynamoDbClient.builder()),
                new AwsCalls(CallSettings.DEFAULTS, new Random(1), AwsCalls.Sleeper.THREAD))
            .createIfMissing(table, Deadlines.never());
      }
      proxies.forEach(
          (name, proxy) -> environment.put("AWS_ENDPOINT_URL_" + name, proxy.uri().toString()));
      environment.put("INFRAMETRICS_BUCKET", s3.newBucket());
      environment.put("INFRAMETRICS_TABLE", table);
      environment.put("INFRAMETRICS_STACK", "benchmark");
      environment.put("INFRAMETRICS_SOURCE", "cloudwatch");
      environment.put(
          "INFRAMETRICS_COLLECTOR_CLOUDWATCH_MAX_INSTANCES", Integer.toString(instances));
      return environment;
    }

    /** The requests after so many. */
    List<ProxiedRequest> requestsAfter(int count) {
      List<ProxiedRequest> all = plan.requests();
      return all.subList(count, all.size());
    }

    @Override
    public void close() {
      proxies.values().forEach(FaultProxy::close);
      s3.close();
      dynamoDb.close();
      cloudWatch.close();
    }
  }

  /** Passes everything on as it is, and answers late. */
  private static final class Latency implements Fault.BodyRewriter {

    @Override
    public byte[] request(byte[] body) {
      return body;
    }

    @Override
    public byte[] answer(byte[] request, byte[] answer) {
      try {
        Thread.sleep(LATENCY_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // The proxy is being closed.
      }
      return answer;
    }
  }

  /** Measures and prints a table in Markdown. */
  public static void main(String[] arguments) {
    int status = 0;
    try {
      run(arguments);
    } catch (Exception e) {
      e.printStackTrace();
      status = 1;
    }
    System.exit(status); // The stand-ins leave threads behind.
  }

  private static void run(String[] arguments) throws IOException, InterruptedException {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("jdk", System.getProperty("java.home"));
    options.put("instances", "10000");
    options.put("memory", "512");
    options.put("seconds", "60");
    options.put("start", "snap_primed");
    options.put("types", MetricType.builtIn().stream().map(MetricType::name).collect(joining(",")));
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      if (parts.length != 2 || options.replace(parts[0], parts[1]) == null) {
        throw new IllegalArgumentException(argument + ": use one of " + options);
      }
    }
    Variant variant =
        new Variant(Kind.OURS, Start.valueOf(options.get("start").toUpperCase(Locale.ROOT)));
    int memory = Integer.parseInt(options.get("memory"));
    Duration limit = Duration.ofSeconds(Long.parseLong(options.get("seconds")));
    Path folder = Files.createTempDirectory("fleet");
    Processes.keepTo("1");
    try (Servers servers = new Servers();
        Account account = new Account(Integer.parseInt(options.get("instances")))) {
      Deployments deployments =
          new Deployments(folder.resolve("deployments"), Path.of(options.get("jdk")), servers);
      System.out.printf(
          "%s instances, %d MB, JDK %d, %s%n%n",
          options.get("instances"), memory, deployments.jdk(), variant);
      System.out.println(
          "| type | run | observations | requests | seconds | CPU seconds | on Lambda | heap MB | resident MB |");
      System.out.println("|---|---|---|---|---|---|---|---|---|");
      for (String type : options.get("types").split(",", -1)) {
        ofAType(deployments, variant, account, new MetricType(type), memory, limit);
      }
    } finally {
      Processes.delete(folder);
    }
  }

  private static void ofAType(
      Deployments deployments,
      Variant variant,
      Account account,
      MetricType type,
      int memory,
      Duration limit)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("fleet", ".gc");
    LambdaProcess.Builder builder =
        deployments
            .process(variant, "collect", "0", account.install())
            .flags("-Xmx" + Math.round(memory * HEAP_SHARE) + "m", "-Xlog:gc:file=" + log);
    Instant last = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    try (LambdaProcess process = builder.start()) {
      if (variant.start().isSnapshot()) {
        process.restore();
      }
      for (int run = 1; run <= 2; run++) {
        int requests = account.plan.count();
        double cpu = Processes.cpuMillis(process.pid()) / 1_000;
        long start = System.nanoTime();
        String answer =
            Deployments.ok(
                process.invoke(
                    "{\"metric_type\":\"%s\",\"run_id\":\"run-%d\",\"observed_at\":\"%s\"}"
                        .formatted(type, run, last.minus(PERIOD.multipliedBy(2L - run))),
                    limit));
        double seconds = (System.nanoTime() - start) / 1e9;
        cpu = Processes.cpuMillis(process.pid()) / 1_000 - cpu;
        List<ProxiedRequest> made = account.requestsAfter(requests);
        System.out.printf(
            "| %s | %d | %s | %s | %.1f | %.1f | %.1f | %d | %.0f |%n",
            type,
            run,
            answer.replaceAll(".*?\"metric_count\":(\\d+).*", "$1"),
            byService(made),
            seconds,
            cpu,
            cpu / Math.min(1, memory / MEGABYTES_PER_PROCESSOR) + waited(made),
            mostAfterCollection(log),
            Processes.peakMegabytes(process.pid()));
      }
    } finally {
      Files.delete(log);
    }
  }

  private static Map<String, Integer> byService(List<ProxiedRequest> requests) {
    Map<String, Integer> counts = new TreeMap<>();
    requests.forEach(each -> counts.merge(each.service(), 1, Integer::sum));
    return counts;
  }

  /** The seconds in which the function waits for nothing but answers. */
  private static double waited(List<ProxiedRequest> requests) {
    double rounds =
        requests.stream()
            .mapToDouble(each -> each.target().endsWith(IN_PARALLEL) ? 1 / SIDE_BY_SIDE : 1)
            .sum();
    return rounds * LATENCY_MILLIS / 1_000;
  }

  /** The most that garbage collections have left of the heap, in megabytes. */
  private static long mostAfterCollection(Path log) throws IOException {
    long most = 0;
    for (Matcher each = AFTER_COLLECTION.matcher(Files.readString(log)); each.find(); ) {
      most = Math.max(most, Long.parseLong(each.group(1)));
    }
    return most;
  }
}
