package io.inframetrics.benchmark.plain;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.functions.FunctionSettings;
import io.inframetrics.functions.aws.AwsStores;
import io.inframetrics.functions.aws.InvocationThreads;
import io.inframetrics.functions.lambda.EmbeddedMetrics;
import io.inframetrics.functions.payload.CollectRequest;
import io.inframetrics.functions.payload.CollectResponse;
import io.inframetrics.functions.payload.Payloads;
import io.inframetrics.functions.payload.ProcessRequest;
import io.inframetrics.functions.payload.ProcessResponse;
import io.inframetrics.functions.payload.RawFileDeliveries;
import io.inframetrics.pipeline.collect.CollectMetrics;
import io.inframetrics.pipeline.collect.Invocation;
import io.inframetrics.pipeline.collect.TypeCollection;
import io.inframetrics.pipeline.process.ProcessRawMetrics;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.function.BiFunction;
import org.slf4j.MDC;

/**
 * What the functions are compared with: the same verbs, stores, clients, payloads and logs without
 * Spring, as one would write it by hand.
 */
public final class PlainHandler implements RequestStreamHandler {

  private final Clock clock = Clock.systemUTC();
  private final String function = System.getenv("SPRING_CLOUD_FUNCTION_DEFINITION");
  private final FunctionSettings settings = FunctionSettings.of(System.getenv(), clock);
  private final AwsStores stores =
      new AwsStores(settings, () -> AwsClients.fromEnvironment(System.getenv()), clock);
  private final EmbeddedMetrics metrics =
      new EmbeddedMetrics(settings.namespace(), settings.stack(), System.out, clock);
  private final BiFunction<byte[], Invocation, Object> verb;

  /** Called by Lambda. */
  public PlainHandler() {
    this.verb = function.equals("collect") ? collect() : process();
  }

  private BiFunction<byte[], Invocation, Object> collect() {
    CollectMetrics collect = collectMetrics();
    return (json, invocation) -> {
      CollectRequest request = Payloads.read(json, CollectRequest.class);
      CollectMetrics.Result result = collect.collect(request.toCore(), invocation);
      metrics.collected(result);
      return CollectResponse.of(result);
    };
  }

  private BiFunction<byte[], Invocation, Object> process() {
    ProcessRawMetrics process = processRawMetrics();
    return (json, invocation) -> {
      RawFileDeliveries landed = RawFileDeliveries.of(Payloads.read(json, ProcessRequest.class));
      ProcessRawMetrics.Result result = process.process(landed.deliveries(), invocation.deadline());
      metrics.processed(result);
      return ProcessResponse.of(result, landed.unreadable());
    };
  }

  private CollectMetrics collectMetrics() {
    return new CollectMetrics(
        settings.discover(PlainHandler.class.getClassLoader(), clock),
        new TypeCollection(
            stores.rawMetricSink(),
            stores.rawMetricSource(),
            stores.metricRecordSink(),
            stores.metricPublisher(),
            settings.keys(),
            settings.pipeline(),
            InvocationThreads.unlimited("collector")),
        stores.runLedger(),
        settings.pipeline(),
        clock);
  }

  private ProcessRawMetrics processRawMetrics() {
    return new ProcessRawMetrics(
        stores.rawMetricSource(),
        stores.metricRecordSink(),
        stores.reportStore(),
        stores.runLedger(),
        settings.keys(),
        clock);
  }

  @Override
  public void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    MDC.put("AWSRequestId", context.getAwsRequestId());
    try {
      Invocation invocation =
          new Invocation(
              context.getAwsRequestId(),
              Deadline.after(Duration.ofMillis(context.getRemainingTimeInMillis()), clock));
      answer.write(Payloads.JSON.writeValueAsBytes(verb.apply(event.readAllBytes(), invocation)));
    } finally {
      MDC.clear();
    }
  }
}
