package io.inframetrics.functions.aws;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.AwsFailures;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.functions.FunctionSettings;
import io.inframetrics.sink.dynamodb.DynamoDbTable;
import io.inframetrics.sink.s3.S3Stores;
import io.inframetrics.time.Deadline;
import java.util.Random;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Finds and creates the bucket and the table of an installation without a template. Thread-safe.
 *
 * <p>Every method throws {@link io.inframetrics.pipeline.RetryableFailureException} if AWS cannot
 * be reached now, and {@link IllegalStateException} if AWS rejects the call, each with one
 * sentence.
 */
public final class BucketAndTable {

  private static final int NOT_FOUND = 404;

  private final String bucket;
  private final String table;
  private final Region region;
  private final S3Client s3;
  private final DynamoDbClient dynamoDb;
  private final AwsCalls calls;

  public BucketAndTable(FunctionSettings settings, AwsClients clients) {
    this.bucket = settings.bucket();
    this.table = settings.table();
    this.region = clients.region();
    this.s3 = S3Stores.client(clients);
    this.dynamoDb = clients.build("dynamodb", DynamoDbClient.builder());
    this.calls = new AwsCalls(CallSettings.DEFAULTS, new Random(), AwsCalls.Sleeper.THREAD);
  }

  /** Needs the permission {@code s3:ListBucket}. */
  public boolean hasBucket(Deadline deadline) {
    return has(
        "s3:HeadBucket",
        deadline,
        limits -> s3.headBucket(head -> head.bucket(bucket).overrideConfiguration(limits)));
  }

  /** Needs the permission {@code dynamodb:DescribeTable}. */
  public boolean hasTable(Deadline deadline) {
    return has(
        "dynamodb:DescribeTable",
        deadline,
        limits ->
            dynamoDb.describeTable(
                describe -> describe.tableName(table).overrideConfiguration(limits)));
  }

  private boolean has(String name, Deadline deadline, AwsCalls.Attempt<?> question) {
    try {
      calls.call(name, deadline, question);
      return true;
    } catch (ResourceNotFoundException e) {
      return false;
    } catch (SdkException e) {
      if (e instanceof S3Exception answer && answer.statusCode() == NOT_FOUND) {
        return false;
      }
      throw AwsFailures.refusal(name, e);
    }
  }

  /** Creates the bucket in the clients' region, private as S3 makes it by default. */
  public void createBucket(Deadline deadline) {
    CreateBucketRequest.Builder request = CreateBucketRequest.builder().bucket(bucket);
    if (!region.equals(Region.US_EAST_1)) { // S3 rejects this region as a constraint.
      request.createBucketConfiguration(config -> config.locationConstraint(region.id()));
    }
    try {
      calls.call(
          "s3:CreateBucket",
          deadline,
          limits -> s3.createBucket(request.overrideConfiguration(limits).build()));
    } catch (BucketAlreadyOwnedByYouException e) {
      // An earlier attempt created it, but its answer was lost.
    } catch (SdkException e) {
      throw AwsFailures.refusal("s3:CreateBucket", e);
    }
  }

  /** Creates the table as the template defines it, and waits for it. */
  public void createTable(Deadline deadline) {
    try {
      new DynamoDbTable(dynamoDb, calls).createIfMissing(table, deadline);
    } catch (SdkException e) {
      throw AwsFailures.refusal("dynamodb:CreateTable", e);
    }
  }
}
