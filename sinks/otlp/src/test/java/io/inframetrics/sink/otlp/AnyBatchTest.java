package io.inframetrics.sink.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.PublishOutcome;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.otlp.StandIn.Point;
import io.inframetrics.testkit.SampleMetrics;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever there is to publish: every request is within every limit, nothing that can be sent is
 * lost, and the order is kept.
 */
class AnyBatchTest {

  private static final Instant NOW = SampleMetrics.RUN.observedAt();

  @Test
  void isWithinTheLimitsAndWholeAndInOrder() {
    for (long seed = 1; seed <= 12; seed++) {
      check(seed);
    }
  }

  @Test
  @Tag("soak")
  void isWithinTheLimitsAndWholeAndInOrderForRandomSeeds() {
    long first = Long.getLong("inframetrics.soak.seed", new Random().nextLong());
    System.out.println("seed " + first + ": repeat with -Dinframetrics.soak.seed=" + first);
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    long rounds = 0;
    while (System.nanoTime() < end) {
      check(first + rounds++);
    }
    System.out.println(rounds + " batches");
  }

  /** Without a server: what would be sent is decoded. */
  private static void check(long seed) {
    Random random = new Random(seed);
    List<Metric> metrics = metrics(random);
    OtlpSettings settings =
        OtlpSettings.to(URI.create("http://localhost"))
            .withJson(random.nextInt(4) == 0)
            .withNaming(MetricNaming.values()[random.nextInt(2)])
            .withResource(resource(random));
    List<byte[]> requests = new ArrayList<>();
    PublishOutcome outcome = new PublishOutcome();
    OpenRequest open = new OpenRequest(settings);
    List<Metric> sent = new ArrayList<>();
    OtlpMetricPublisher.Sending sending =
        full -> {
          requests.add(full.body());
          sent.addAll(full.metrics());
          outcome.written(full.metrics().size());
        };
    OtlpMetricPublisher.add(metrics, NOW, open, sending, outcome);
    if (!open.isEmpty()) {
      sending.send(open.take());
    }
    WriteResult result = outcome.result();

    List<Point> points = new ArrayList<>();
    for (byte[] body : requests) {
      assertThat(body.length).as("seed %d", seed).isLessThanOrEqualTo(1_000_000);
      ExportMetricsServiceRequest request =
          settings.json() ? JsonRequests.decode(body) : StandIn.decode(body);
      checkLabels(seed, request);
      List<Point> here = StandIn.points(request);
      assertThat(here.size()).as("seed %d", seed).isBetween(1, 1_000);
      points.addAll(here);
    }
    List<Metric> expected = metrics.stream().filter(metric -> canBeSent(metric, settings)).toList();
    assertThat(sent).as("seed %d", seed).isEqualTo(expected);
    assertThat(points).as("seed %d", seed).hasSameSizeAs(expected);
    for (int i = 0; i < points.size(); i++) {
      assertThat(points.get(i)).as("seed %d", seed).isEqualTo(point(expected.get(i), settings));
    }
    assertThat(result.written()).isEqualTo(expected.size());
    assertThat(result.retryable()).isEmpty();
  }

  private static void checkLabels(long seed, ExportMetricsServiceRequest request) {
    var resource = request.getResourceMetrics(0).getResource().getAttributesList();
    for (Point point : StandIn.points(request)) {
      Map<String, String> labels = new TreeMap<>(point.attributes());
      resource.forEach(
          each -> labels.put("@resource." + each.getKey(), each.getValue().getStringValue()));
      int bytes =
          labels.entrySet().stream()
              .mapToInt(
                  each -> (each.getKey() + each.getValue()).getBytes(StandardCharsets.UTF_8).length)
              .sum();
      assertThat(labels).as("seed %d", seed).hasSizeLessThanOrEqualTo(150);
      assertThat(labels.values()).allMatch(value -> value.length() <= 1_024);
      assertThat(bytes).as("seed %d", seed).isLessThanOrEqualTo(40_000);
      Instant time = Instant.ofEpochSecond(0, point.nanos());
      assertThat(time).isBetween(NOW.minus(Duration.ofDays(14)), NOW.plus(Duration.ofMinutes(10)));
    }
  }

  private static boolean canBeSent(Metric metric, OtlpSettings settings) {
    return !metric.timestamp().isBefore(NOW.minus(Duration.ofDays(14)).plusSeconds(60))
        && !metric.timestamp().isAfter(NOW.plusSeconds(540))
        && metric.region().length() <= 1_024
        && labels(metric, settings) != null;
  }

  /** Null if two labels have one name. */
  private static Map<String, String> labels(Metric metric, OtlpSettings settings) {
    boolean semantic = settings.naming() == MetricNaming.SEMANTIC;
    Map<String, String> labels = new TreeMap<>();
    labels.put(semantic ? "host.id" : "instance_id", metric.series().instanceId());
    labels.put(semantic ? "cloud.region" : "region", metric.region());
    for (Map.Entry<String, String> dimension : metric.series().dimensions().entrySet()) {
      String name = dimension.getKey();
      if (semantic && name.equals("device") && metric.series().type().name().equals("disk_usage")) {
        name = "system.device";
      }
      if (semantic
          && name.equals("interface")
          && metric.series().type().name().equals("network_traffic")) {
        name = "network.interface.name";
      }
      if (labels.put(name, dimension.getValue()) != null) {
        return null;
      }
    }
    return labels;
  }

  private static Point point(Metric metric, OtlpSettings settings) {
    String name = metric.series().type().name();
    boolean ratio =
        settings.naming() == MetricNaming.SEMANTIC
            && metric.unit() == MetricUnit.PERCENT
            && !name.equals("network_traffic");
    if (ratio) {
      name =
          switch (name) {
            case "cpu_utilization" -> "system.cpu.utilization";
            case "memory_usage" -> "system.memory.utilization";
            case "disk_usage" -> "system.filesystem.utilization";
            default -> name;
          };
      ratio = name.startsWith("system.");
    }
    return new Point(
        name,
        ratio ? "1" : UnitNames.of(metric.unit()),
        labels(metric, settings),
        metric.timestamp().getEpochSecond() * 1_000_000_000L,
        ratio ? metric.value() / 100 : metric.value());
  }

  private static List<Metric> metrics(Random random) {
    int count = (int) Math.pow(10, random.nextDouble() * 3.6) - 1;
    List<Series> series = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(1 + count); i++) {
      series.add(series(random));
    }
    int oddTimes = random.nextInt(3);
    List<Metric> metrics = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      metrics.add(
          new Metric(
              series.get(random.nextInt(series.size())),
              random.nextInt(4) < oddTimes
                  ? NOW.plusSeconds(random.nextInt(3_600_000) - 2_400_000)
                  : NOW.minusSeconds(random.nextInt(600)),
              value(random),
              random.nextInt(5) == 0
                  ? MetricUnit.values()[random.nextInt(MetricUnit.values().length)]
                  : MetricUnit.PERCENT,
              random.nextInt(50) == 0 ? "r" + text(random, 1_100) : SampleMetrics.REGION,
              SampleMetrics.RUN));
    }
    return metrics;
  }

  private static double value(Random random) {
    if (random.nextBoolean()) {
      return random.nextInt(10_000) / 100.0;
    }
    double any = Double.longBitsToDouble(random.nextLong());
    return Double.isFinite(any) ? any : 0;
  }

  private static Series series(Random random) {
    MetricType type =
        random.nextInt(5) == 0
            ? new MetricType("m" + "x".repeat(random.nextInt(64)))
            : MetricType.builtIn().get(random.nextInt(4));
    while (true) {
      try {
        Map<String, String> dimensions = new TreeMap<>();
        int count = random.nextInt(8) == 0 ? random.nextInt(30) : random.nextInt(3);
        for (int i = 0; i < count; i++) {
          dimensions.put(name(random), text(random, 40));
        }
        return Series.of(type, text(random, 60), dimensions);
      } catch (IllegalArgumentException e) {
        continue; // The core does not let such a series be: the next one.
      }
    }
  }

  private static String name(Random random) {
    List<String> known =
        List.of("device", "system.device", "interface", "host.id", "instance_id", "region");
    return random.nextInt(4) == 0 ? known.get(random.nextInt(known.size())) : text(random, 12);
  }

  private static Map<String, String> resource(Random random) {
    Map<String, String> resource = new TreeMap<>();
    int count = random.nextInt(4) == 0 ? random.nextInt(120) : random.nextInt(3);
    for (int i = 0; i < count; i++) {
      resource.put("a" + i, text(random, 80));
    }
    return resource;
  }

  private static final Set<Integer> NOT_IN_NAMES =
      Set.of(
          (int) Character.SURROGATE,
          (int) Character.CONTROL,
          (int) Character.FORMAT,
          (int) Character.LINE_SEPARATOR,
          (int) Character.PARAGRAPH_SEPARATOR);

  /** Of characters that names may have; half of a pair cannot be written in UTF-8. */
  private static String text(Random random, int longest) {
    StringBuilder text = new StringBuilder("a");
    int length = random.nextInt(longest);
    boolean ascii = random.nextInt(4) > 0;
    while (text.length() < length) {
      int codePoint = ascii ? ' ' + random.nextInt(95) : random.nextInt(0x110000);
      if (!NOT_IN_NAMES.contains(Character.getType(codePoint))) {
        text.appendCodePoint(codePoint);
      }
    }
    return text.toString();
  }
}
