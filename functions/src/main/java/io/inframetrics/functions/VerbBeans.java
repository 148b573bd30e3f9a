package io.inframetrics.functions;

import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.functions.InvocationWrapper.Invocation;
import io.inframetrics.functions.payload.AnalyzeAnswer;
import io.inframetrics.functions.payload.AnalyzeRequest;
import io.inframetrics.functions.payload.AnalyzeResponse;
import io.inframetrics.functions.payload.CollectRequest;
import io.inframetrics.functions.payload.CollectResponse;
import io.inframetrics.functions.payload.HealthCheckRequest;
import io.inframetrics.functions.payload.HealthCheckResponse;
import io.inframetrics.functions.payload.ProcessRequest;
import io.inframetrics.functions.payload.ProcessResponse;
import io.inframetrics.functions.payload.RawFileDeliveries;
import io.inframetrics.functions.payload.ReportResponse;
import io.inframetrics.naming.ObjectKeys;
import io.inframetrics.page.PageRequest;
import io.inframetrics.page.ReportPage;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics;
import io.inframetrics.pipeline.collect.CollectMetrics;
import io.inframetrics.pipeline.collect.CollectOneType;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.pipeline.collect.CollectionSchedule;
import io.inframetrics.pipeline.health.CheckPipelineHealth;
import io.inframetrics.pipeline.process.ProcessRawMetrics;
import io.inframetrics.pipeline.report.ComposeReport;
import io.inframetrics.sink.Stores;
import java.time.Clock;
import java.time.ZoneId;
import java.util.concurrent.ExecutorService;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.function.context.FunctionRegistration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;
import org.springframework.util.function.SingletonSupplier;

/**
 * Registers the four function beans over an installation's stores. A verb and its stores are
 * created at the first call: a function that only checks health never builds a publisher.
 */
public final class VerbBeans implements ApplicationContextInitializer<GenericApplicationContext> {

  /** Series whose history is read ahead during an analysis, to hide a remote store's latency. */
  private static final int READS_AHEAD = 16;

  private final Stores stores;
  private final CollectorRegistry collectors;
  private final ObjectKeys keys;
  private final CollectionSchedule schedule;
  private final AnalysisSettings analysisSettings;
  private final ExecutorService threads;
  private final VerbMetrics metrics;
  private final Clock clock;
  private boolean copiesAccepted;
  private @Nullable UnaryOperator<String> pageLink;

  /**
   * Beans that use these parts.
   *
   * @param threads runs collectors and reads history ahead; must start as many threads as it is
   *     asked for; the caller shuts it down
   * @param metrics receives what the verbs did
   */
  public VerbBeans(
      Stores stores,
      CollectorRegistry collectors,
      ObjectKeys keys,
      CollectionSchedule schedule,
      AnalysisSettings analysisSettings,
      ExecutorService threads,
      VerbMetrics metrics,
      Clock clock) {
    this.stores = stores;
    this.collectors = collectors;
    this.keys = keys;
    this.schedule = schedule;
    this.analysisSettings = analysisSettings;
    this.threads = threads;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Makes {@code process} also leave a copy of each raw file with only its accepted lines, if
   * {@code wanted}. Returns these beans.
   */
  public VerbBeans copyingAccepted(boolean wanted) {
    copiesAccepted = wanted;
    return this;
  }

  /**
   * Makes {@code analyze} also leave the report of a run as a page, which the notification links.
   * Returns these beans.
   *
   * @param link from a key to what people open
   */
  public VerbBeans linkingPages(UnaryOperator<String> link) {
    pageLink = link;
    return this;
  }

  @Override
  public void initialize(GenericApplicationContext context) {
    Supplier<CollectMetrics> collect = once(this::collectMetrics);
    Supplier<ProcessRawMetrics> process = once(this::processRawMetrics);
    Supplier<CheckPipelineHealth> health = once(() -> new CheckPipelineHealth(stores.runLedger()));
    Supplier<AnalyzeMetrics> analyze = once(this::analyzeMetrics);
    Supplier<ComposeReport> compose = once(this::composeReport);

    context.registerBean(PayloadConverter.class, PayloadConverter::new);
    register(
        context,
        "collect",
        CollectRequest.class,
        CollectResponse.class,
        (request, invocation) -> {
          CollectionResult result =
              collect.get().collect(request.toCore(invocation.requestId()), invocation.deadline());
          metrics.collected(result);
          return CollectResponse.of(result);
        });
    register(
        context,
        "process",
        ProcessRequest.class,
        ProcessResponse.class,
        (request, invocation) -> {
          RawFileDeliveries landed = RawFileDeliveries.of(request);
          ProcessRawMetrics.Result result =
              process.get().process(landed.deliveries(), invocation.deadline());
          metrics.processed(result);
          return ProcessResponse.of(result, landed.unreadable());
        });
    register(
        context,
        "healthCheck",
        HealthCheckRequest.class,
        HealthCheckResponse.class,
        (request, invocation) ->
            HealthCheckResponse.of(health.get().check(request.toCore(), invocation.deadline())));
    register(
        context,
        "analyze",
        AnalyzeRequest.class,
        AnalyzeAnswer.class,
        (request, invocation) -> {
          if (request.isReport()) {
            ComposeReport.Result report =
                compose.get().compose(request.toReport(), invocation.deadline());
            metrics.reported(report);
            return ReportResponse.of(report);
          }
          AnalyzeMetrics.Result result =
              analyze.get().analyze(request.toCore(), invocation.deadline());
          metrics.analyzed(result);
          return AnalyzeResponse.of(result);
        });
  }

  private CollectMetrics collectMetrics() {
    return new CollectMetrics(
        collectors,
        new CollectOneType(
                stores.rawMetricSink(),
                stores.rawMetricSource(),
                stores.metricRecordSink(),
                stores.metricPublisher(),
                stores.runLedger(),
                keys,
                schedule,
                threads)
            .lookingBehind(stores::documentStore),
        clock);
  }

  private ProcessRawMetrics processRawMetrics() {
    ProcessRawMetrics process =
        new ProcessRawMetrics(
            stores.rawMetricSource(),
            stores.metricRecordSink(),
            stores.documentStore(),
            stores.runLedger(),
            keys,
            clock);
    return copiesAccepted ? process.copyingAccepted() : process;
  }

  private AnalyzeMetrics analyzeMetrics() {
    return new AnalyzeMetrics(
            stores.metricHistory(),
            stores.runLedger(),
            stores.documentStore(),
            analysisSettings,
            clock)
        .readingAhead(threads, READS_AHEAD);
  }

  private ComposeReport composeReport() {
    ComposeReport compose = new ComposeReport(stores.documentStore(), analysisSettings, clock);
    if (pageLink == null) {
      return compose;
    }
    ReportPage page = new ReportPage(stores.documentStore());
    ZoneId zone = analysisSettings.judging().anomaly().zone();
    return compose.withPage(
        (runId, observedAt, reportKey, out, deadline) ->
            page.write(new PageRequest(runId, observedAt, reportKey, null, zone), out, deadline),
        pageLink);
  }

  private <I, O> void register(
      GenericApplicationContext context,
      String name,
      Class<I> request,
      Class<O> response,
      BiFunction<I, Invocation, O> verb) {
    ResolvableType type =
        ResolvableType.forClassWithGenerics(
            Function.class,
            ResolvableType.forClassWithGenerics(Message.class, request),
            ResolvableType.forClass(response));
    context.registerBean(
        name,
        FunctionRegistration.class,
        () ->
            new FunctionRegistration<>(new InvocationWrapper<>(name, verb, clock), name)
                .type(type.getType()));
  }

  private static <T> Supplier<T> once(Supplier<T> supplier) {
    return SingletonSupplier.of(supplier);
  }
}
