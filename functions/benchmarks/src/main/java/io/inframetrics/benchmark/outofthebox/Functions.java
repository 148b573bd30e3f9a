package io.inframetrics.benchmark.outofthebox;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.naming.DatedObjectKeys;
import io.inframetrics.pipeline.collect.CollectMetrics;
import io.inframetrics.pipeline.collect.CollectOneType;
import io.inframetrics.pipeline.collect.CollectedObject;
import io.inframetrics.pipeline.collect.CollectionResult;
import io.inframetrics.pipeline.collect.CollectionSchedule;
import io.inframetrics.pipeline.process.ProcessRawMetrics;
import io.inframetrics.sink.cloudwatch.CloudWatchMetricPublisher;
import io.inframetrics.sink.dynamodb.DynamoDbStores;
import io.inframetrics.sink.s3.S3Stores;
import io.inframetrics.time.Deadline;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.Function;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration
class Functions {

  private static final Duration TIME = Duration.ofSeconds(50);

  record CollectRequest(
      @JsonProperty("metric_type") String metricType,
      @JsonProperty("run_id") String runId,
      @JsonProperty("observed_at") String observedAt) {}

  record CollectResponse(
      @JsonProperty("run_id") String runId,
      @JsonProperty("status") String status,
      @JsonProperty("metric_count") long metricCount,
      @JsonProperty("objects") List<String> objects) {}

  record ObjectCreated(@JsonProperty("detail") Detail detail) {
    record Detail(@JsonProperty("object") S3Object object) {}

    record S3Object(@JsonProperty("key") String key) {}
  }

  record ProcessResponse(
      @JsonProperty("files_processed") int filesProcessed,
      @JsonProperty("metrics_processed") long metricsProcessed) {}

  @Bean
  CollectorRegistry collectors(
      Clock clock, @Value("${INFRAMETRICS_COLLECTOR_SYNTHETIC_INSTANCES}") String instances) {
    return CollectorRegistry.discover(
        List.of("synthetic"),
        source -> new CollectorSettings(source, Map.of("instances", instances), clock),
        Functions.class.getClassLoader());
  }

  @Bean
  Function<CollectRequest, CollectResponse> collect(
      CollectorRegistry collectors,
      S3Stores s3,
      DynamoDbStores dynamoDb,
      CloudWatchMetricPublisher publisher,
      ExecutorService threads,
      Clock clock) {
    CollectMetrics verb =
        new CollectMetrics(
            collectors,
            new CollectOneType(
                s3.rawMetricSink(),
                s3.rawMetricSource(),
                dynamoDb.metricRecordSink(),
                publisher,
                dynamoDb.runLedger(),
                new DatedObjectKeys(),
                CollectionSchedule.DEFAULTS,
                threads),
            clock);
    return request -> {
      CollectionResult result =
          verb.collect(
              new CollectMetrics.Request(
                  request.metricType(), request.runId(), Instant.parse(request.observedAt()), null),
              Deadline.after(TIME, clock));
      return new CollectResponse(
          request.runId(),
          result.status().name(),
          result.metricCount(),
          result.objects().stream().map(CollectedObject::key).toList());
    };
  }

  @Bean
  Function<ObjectCreated, ProcessResponse> process(
      S3Stores s3, DynamoDbStores dynamoDb, Clock clock) {
    ProcessRawMetrics verb =
        new ProcessRawMetrics(
            s3.rawMetricSource(),
            dynamoDb.metricRecordSink(),
            s3.documentStore(),
            dynamoDb.runLedger(),
            new DatedObjectKeys(),
            clock);
    return event -> {
      ProcessRawMetrics.Result result =
          verb.process(
              List.of(new ProcessRawMetrics.Delivery(null, event.detail().object().key())),
              Deadline.after(TIME, clock));
      return new ProcessResponse(result.filesProcessed(), result.metricsProcessed());
    };
  }
}
