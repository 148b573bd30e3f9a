package io.inframetrics.benchmark.outofthebox;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Clients with the SDK's own choices. */
@Configuration
class Clients {

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
}
