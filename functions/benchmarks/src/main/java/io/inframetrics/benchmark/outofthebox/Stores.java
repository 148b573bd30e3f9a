package io.inframetrics.benchmark.outofthebox;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.sink.cloudwatch.CloudWatchMetricPublisher;
import io.inframetrics.sink.cloudwatch.CloudWatchSettings;
import io.inframetrics.sink.dynamodb.DynamoDbSettings;
import io.inframetrics.sink.dynamodb.DynamoDbStores;
import io.inframetrics.sink.s3.S3Stores;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

@Configuration
class Stores {

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  AwsCalls calls() {
    return new AwsCalls(CallSettings.DEFAULTS, new Random(), AwsCalls.Sleeper.THREAD);
  }

  @Bean(destroyMethod = "shutdownNow")
  ExecutorService threads() {
    return Executors.newCachedThreadPool(
        task -> {
          Thread thread = new Thread(task);
          thread.setDaemon(true);
          return thread;
        });
  }

  @Bean
  S3Client s3Client() {
    // A server on loopback has no host name for each bucket.
    return S3Client.builder().forcePathStyle(true).build();
  }

  @Bean
  DynamoDbClient dynamoDbClient() {
    return DynamoDbClient.create();
  }

  @Bean
  CloudWatchClient cloudWatchClient() {
    return CloudWatchClient.create();
  }

  @Bean
  S3Stores s3Stores(
      S3Client client, AwsCalls calls, @Value("${INFRAMETRICS_BUCKET}") String bucket) {
    return S3Stores.over(client, bucket, calls);
  }

  @Bean
  DynamoDbStores dynamoDbStores(
      DynamoDbClient client,
      AwsCalls calls,
      ExecutorService threads,
      Clock clock,
      @Value("${INFRAMETRICS_TABLE}") String table) {
    return new DynamoDbStores(
        client, table, calls, new DynamoDbSettings(Duration.ofDays(30)), threads, clock);
  }

  @Bean
  CloudWatchMetricPublisher publisher(CloudWatchClient client, AwsCalls calls, Clock clock) {
    return new CloudWatchMetricPublisher(
        client, CloudWatchSettings.of("InfraMetrics"), calls, clock);
  }
}
