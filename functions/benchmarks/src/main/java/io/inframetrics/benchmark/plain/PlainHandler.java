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
import io.inframetrics.pipeline.collect.CollectOneType;
import io.inframetrics.pipeline.collect.CollectionResult;
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
 * A baseline that the functions are compared with: the same verbs, stores, clients, payloads and
 * logs, written by hand without Spring.
 */
public final class PlainHandler implements RequestStreamHandler {

  private final Clock clock = Clock.systemUTC();
  private final String function = System.getenv("SPRING_CLOUD_FUNCTION_DEFINITION");
  private final FunctionSettings settings = FunctionSettings.of(System.getenv(), clock);
  private final AwsStores stores =
      new AwsStores(settings, () -> AwsClients.fromEnvironment(System.getenv()), clock);
  private final EmbeddedMetrics metrics =
      new EmbeddedMetrics(settings.namespace(), settings.stack(), System.out, clock);
  private final BiFunction<byte[], Context, Object> verb;

  public PlainHandler() {
    this.verb = function.equals("collect") ? collect() : process();
  }

  private BiFunction<byte[], Context, Object> collect() {
    CollectMetrics collect = collectMetrics();
    return (json, context) -> {
      CollectRequest request = Payloads.read(json, CollectRequest.class);
      CollectionResult result =
          collect.collect(request.toCore(context.getAwsRequestId()), deadline(context));
      metrics.collected(result);
      return CollectResponse.of(result);
    };
  }

  private BiFunction<byte[], Context, Object> process() {
    ProcessRawMetrics process = processRawMetrics();
    return (json, context) -> {
      RawFileDeliveries landed = RawFileDeliveries.of(Payloads.read(json, ProcessRequest.class));
      ProcessRawMetrics.Result result = process.process(landed.deliveries(), deadline(context));
      metrics.processed(result);
      return ProcessResponse.of(result, landed.unreadable());
    };
  }

  private CollectMetrics collectMetrics() {
    return new CollectMetrics(
        settings.discover(PlainHandler.class.getClassLoader(), clock),
        new CollectOneType(
            stores.rawMetricSink(),
            stores.rawMetricSource(),
            stores.metricRecordSink(),
            stores.metricPublisher(),
            stores.runLedger(),
            settings.keys(),
            settings.schedule(),
            InvocationThreads.unlimited("collector")),
        clock);
  }

  private ProcessRawMetrics processRawMetrics() {
    return new ProcessRawMetrics(
        stores.rawMetricSource(),
        stores.metricRecordSink(),
        stores.documentStore(),
        stores.runLedger(),
        settings.keys(),
        clock);
  }

  @Override
  public void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    MDC.put("AWSRequestId", context.getAwsRequestId());
    try {
      answer.write(Payloads.JSON.writeValueAsBytes(verb.apply(event.readAllBytes(), context)));
    } finally {
      MDC.clear();
    }
  }

  private Deadline deadline(Context context) {
    return Deadline.after(Duration.ofMillis(context.getRemainingTimeInMillis()), clock);
  }
}
