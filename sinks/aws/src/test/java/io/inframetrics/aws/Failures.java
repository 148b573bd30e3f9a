package io.inframetrics.aws;

import java.time.Duration;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Failures as the SDK's clients throw them. */
final class Failures {

  private Failures() {}

  static AwsServiceException dynamoDb(int status, String code) {
    return fill(DynamoDbException.builder(), "DynamoDb", status, code).build();
  }

  static AwsServiceException s3(int status, String code) {
    return fill(S3Exception.builder(), "S3", status, code).build();
  }

  static AwsServiceException ofService(String service, int status, String code) {
    return fill(AwsServiceException.builder(), service, status, code).build();
  }

  private static AwsServiceException.Builder fill(
      AwsServiceException.Builder builder, String service, int status, String code) {
    return builder
        .statusCode(status)
        .requestId("req-1")
        .clockSkew(Duration.ZERO)
        .awsErrorDetails(
            AwsErrorDetails.builder()
                .serviceName(service)
                .errorCode(code)
                .errorMessage("the service's words")
                .sdkHttpResponse(SdkHttpResponse.builder().statusCode(status).build())
                .build());
  }
}
