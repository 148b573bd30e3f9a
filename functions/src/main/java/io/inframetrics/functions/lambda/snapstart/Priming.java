package io.inframetrics.functions.lambda.snapstart;

import io.inframetrics.aws.AwsClients;
import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricCollectorFactory;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.encode.JsonLinesWriter;
import io.inframetrics.functions.FunctionSettings;
import io.inframetrics.functions.FunctionsContext;
import io.inframetrics.functions.VerbBeans;
import io.inframetrics.functions.VerbMetrics;
import io.inframetrics.functions.aws.AwsStores;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricHistory.KnownSeries;
import io.inframetrics.time.Deadline;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * Invokes a function once, from event to answer, with beans, clients and a collector of its own
 * (and the source {@code cloudwatch}, if it is chosen) and without AWS. The snapshot keeps the
 * classes that this loads and compiles; none of the objects is used again.
 */
public final class Priming {

  private static final Logger LOG = LoggerFactory.getLogger(Priming.class);

  private static final String CLOUDWATCH = "cloudwatch";
  private static final String RUN_ID = "priming";
  private static final Series SERIES = Series.of(MetricType.CPU_UTILIZATION, "priming");
  private static final int POINTS = 36;
  private static final Duration SPACING = Duration.ofMinutes(5);

  private final String function;
  private final FunctionSettings settings;
  private final Map<String, String> environment;
  private final Clock clock;
  private final CollectionRun run;

  public Priming(
      String function, FunctionSettings settings, Map<String, String> environment, Clock clock) {
    this.function = function;
    this.settings = settings;
    this.environment = environment;
    this.clock = clock;
    this.run = new CollectionRun(RUN_ID, clock.instant().truncatedTo(ChronoUnit.SECONDS));
  }

  /** Logs a failure, since it only makes the first real invocation slower. */
  void run() {
    try {
      invoke();
    } catch (RuntimeException | LinkageError e) { // A runtime may lack the JDK's HTTP server.
      LOG.warn("the priming of {} ended early: its first invocation will be slower", function, e);
    }
  }

  /** Invokes the function; returns its answers, or throws what a verb throws. */
  public List<String> invoke() {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (CannedAws aws = new CannedAws(rawFile());
        AwsClients clients =
            AwsClients.builder(environment)
                .credentials(
                    StaticCredentialsProvider.create(AwsBasicCredentials.create("none", "none")))
                .httpClient(aws)
                .build();
        AwsStores stores = new PrimingStores(settings, clients, clock);
        FunctionsContext functions =
            FunctionsContext.start(
                new VerbBeans(
                        stores,
                        CollectorRegistry.of(collectors(aws)),
                        settings.keys(),
                        settings.schedule(),
                        settings.analysis(),
                        threads,
                        VerbMetrics.NONE,
                        clock)
                    .copyingAccepted(settings.acceptedMetrics()))) {
      return events().stream().map(event -> functions.call(function, event)).toList();
    } finally {
      threads.shutdownNow();
    }
  }

  private List<MetricCollector> collectors(CannedAws aws) {
    List<MetricCollector> collectors = new ArrayList<>();
    collectors.add(new PointsCollector());
    if (settings.sources().contains(CLOUDWATCH)) { // It makes clients of its own.
      Map<String, String> canned = new HashMap<>(environment);
      canned.keySet().removeIf(name -> name.startsWith("AWS_") && !name.equals("AWS_REGION"));
      canned.put("AWS_ACCESS_KEY_ID", "none");
      canned.put("AWS_SECRET_ACCESS_KEY", "none");
      canned.put("AWS_ENDPOINT_URL", aws.url());
      factory(canned).create(new CollectorSettings(CLOUDWATCH, Map.of(), clock)).stream()
          .filter(collector -> collector.type().equals(SERIES.type()))
          .forEach(collectors::add);
    }
    return collectors;
  }

  /**
   * The source's factory, over another environment; by its name, since functions know no source.
   */
  private static MetricCollectorFactory factory(Map<String, String> environment) {
    for (MetricCollectorFactory found : ServiceLoader.load(MetricCollectorFactory.class)) {
      if (found.name().equals(CLOUDWATCH)) {
        try {
          return found.getClass().getConstructor(Map.class).newInstance(environment);
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException("the source cloudwatch cannot be primed", e);
        }
      }
    }
    throw new IllegalStateException("the source cloudwatch is not on the class path");
  }

  private List<String> events() {
    String key = settings.keys().candidates(MetricType.CPU_UTILIZATION, run).get(0);
    String collections =
        """
        [{"metric_type":"cpu_utilization","run_id":"%s","observed_at":"%s","status":"COLLECTED",\
        "metric_count":%d,"objects":[{"key":"%s","metric_type":"cpu_utilization","metric_count":%d}],\
        "sink_failures":[]}]\
        """
            .formatted(RUN_ID, run.observedAt(), POINTS, key, POINTS);
    return switch (function) {
      case "collect" ->
          List.of(
              "{\"metric_type\":\"cpu_utilization\",\"run_id\":\"%s\",\"observed_at\":\"%s\"}"
                  .formatted(RUN_ID, run.observedAt()));
      case "process" ->
          List.of(
              "{\"detail-type\":\"Object Created\",\"detail\":{\"object\":{\"key\":\"%s\"}}}"
                  .formatted(key));
      case "healthCheck" ->
          List.of("{\"run_id\":\"%s\",\"collections\":%s}".formatted(RUN_ID, collections));
      default ->
          List.of(
              "{\"analysis\":\"anomalies\",\"run_id\":\"%s\",\"collections\":%s}"
                  .formatted(RUN_ID, collections),
              "{\"analysis\":\"forecast\",\"run_id\":\"%s\",\"collections\":%s}"
                  .formatted(RUN_ID, collections));
    };
  }

  private List<Observation> points() {
    Instant first = run.observedAt().minus(SPACING.multipliedBy(POINTS - 1L));
    return IntStream.range(0, POINTS)
        .mapToObj(
            i ->
                new Observation(
                    SERIES,
                    first.plus(SPACING.multipliedBy(i)),
                    30 + i % 7,
                    MetricUnit.PERCENT,
                    "priming"))
        .toList();
  }

  private String rawFile() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonLinesWriter writer = new JsonLinesWriter(out)) {
      points().forEach(point -> writer.write(point, run));
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /** Stores whose history queries AWS as usual, then answers with points so that there are some. */
  private final class PrimingStores extends AwsStores {

    PrimingStores(FunctionSettings settings, AwsClients clients, Clock clock) {
      super(settings, () -> clients, clock);
    }

    @Override
    public MetricHistory metricHistory() {
      MetricHistory empty = super.metricHistory();
      return new MetricHistory() {
        @Override
        public List<KnownSeries> series(MetricType type, Instant since, Deadline deadline) {
          empty.series(type, since, deadline);
          return List.of(new KnownSeries(SERIES, MetricUnit.PERCENT, "priming"));
        }

        @Override
        public List<Point> points(
            Series asked, Instant from, Instant to, int limit, Deadline deadline) {
          empty.points(asked, from, to, limit, deadline);
          return Priming.this.points().stream()
              .map(point -> new Point(point.timestamp().getEpochSecond(), point.value()))
              .toList();
        }
      };
    }
  }

  private final class PointsCollector implements MetricCollector {

    @Override
    public MetricType type() {
      return MetricType.CPU_UTILIZATION;
    }

    @Override
    public void collect(CollectionRequest request, MetricConsumer consumer) {
      points().forEach(consumer::accept);
    }
  }
}
