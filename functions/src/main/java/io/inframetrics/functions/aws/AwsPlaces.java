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
 * The bucket and the table of an installation that no template made: whether they are there, and
 * their creation. Thread-safe.
 *
 * <p>Every method throws {@link io.inframetrics.pipeline.RetryableFailureException} if AWS cannot
 * be reached now, and {@link IllegalStateException} for what it refuses, in one sentence each.
 */
public final class AwsPlaces {

  private static final int NOT_FOUND = 404;

  private final String bucket;
  private final String table;
  private final Region region;
  private final S3Client s3;
  private final DynamoDbClient dynamoDb;
  private final AwsCalls calls;

  /** The places that {@code settings} name. */
  public AwsPlaces(FunctionSettings settings, AwsClients clients) {
    this.bucket = settings.bucket();
    this.table = settings.table();
    this.region = clients.region();
    this.s3 = S3Stores.client(clients);
    this.dynamoDb = clients.build("dynamodb", DynamoDbClient.builder());
    this.calls = new AwsCalls(CallSettings.DEFAULTS, new Random(), AwsCalls.Sleeper.THREAD);
  }

  /** Whether the bucket is there; needs the permission {@code s3:ListBucket}. */
  public boolean hasBucket(Deadline deadline) {
    try {
      calls.call(
          "s3:HeadBucket",
          deadline,
          limits -> s3.headBucket(head -> head.bucket(bucket).overrideConfiguration(limits)));
      return true;
    } catch (S3Exception e) {
      if (e.statusCode() == NOT_FOUND) {
        return false;
      }
      throw AwsFailures.refusal("s3:HeadBucket", e);
    } catch (SdkException e) {
      throw AwsFailures.refusal("s3:HeadBucket", e);
    }
  }

  /** Whether the table is there; needs the permission {@code dynamodb:DescribeTable}. */
  public boolean hasTable(Deadline deadline) {
    try {
      calls.call(
          "dynamodb:DescribeTable",
          deadline,
          limits ->
              dynamoDb.describeTable(
                  describe -> describe.tableName(table).overrideConfiguration(limits)));
      return true;
    } catch (ResourceNotFoundException e) {
      return false;
    } catch (SdkException e) {
      throw AwsFailures.refusal("dynamodb:DescribeTable", e);
    }
  }

  /** Creates the bucket, private as S3 makes them, in the clients' region. */
  public void createBucket(Deadline deadline) {
    CreateBucketRequest.Builder request = CreateBucketRequest.builder().bucket(bucket);
    if (!region.equals(Region.US_EAST_1)) { // The one region that S3 wants unsaid.
      request.createBucketConfiguration(config -> config.locationConstraint(region.id()));
    }
    try {
      calls.call(
          "s3:CreateBucket",
          deadline,
          limits -> s3.createBucket(request.overrideConfiguration(limits).build()));
    } catch (BucketAlreadyOwnedByYouException e) {
      // An earlier try made it, whose answer was lost.
    } catch (SdkException e) {
      throw AwsFailures.refusal("s3:CreateBucket", e);
    }
  }

  /** Creates the table, with the definition that the template has, and waits for it. */
  public void createTable(Deadline deadline) {
    try {
      new DynamoDbTable(dynamoDb, calls).createIfMissing(table, deadline);
    } catch (SdkException e) {
      throw AwsFailures.refusal("dynamodb:CreateTable", e);
    }
  }
}
