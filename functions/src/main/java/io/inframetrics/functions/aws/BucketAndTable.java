package io.inframetrics.functions.aws;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.functions.FunctionSettings;
import io.inframetrics.sink.dynamodb.DynamoDbTable;
import io.inframetrics.sink.s3.S3Stores;
import io.inframetrics.time.Deadline;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
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
  private static final int MOVED = 301;

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

  /**
   * Whether there is a bucket that can be used from this region. Needs the permission {@code
   * s3:ListBucket}.
   */
  public boolean hasBucket(Deadline deadline) {
    try {
      calls.call(
          "s3:HeadBucket",
          deadline,
          limits -> s3.headBucket(head -> head.bucket(bucket).overrideConfiguration(limits)));
      return true;
    } catch (SdkException e) {
      return !isMissing(e) && canListBucket(e, deadline);
    }
  }

  /** Asks again: the answer to HEAD has no body that says why, the one to GET has. */
  private boolean canListBucket(SdkException head, Deadline deadline) {
    requireRegion(head);
    try {
      calls.call(
          "s3:ListObjectsV2",
          deadline,
          limits ->
              s3.listObjectsV2(
                  list -> list.bucket(bucket).maxKeys(1).overrideConfiguration(limits)));
      return true;
    } catch (SdkException e) {
      if (isMissing(e)) {
        return false;
      }
      requireRegion(e);
      throw AwsRefusals.of("s3:ListBucket", "arn:%s:s3:::%s".formatted(partition(), bucket), e);
    }
  }

  private static boolean isMissing(SdkException e) {
    return e instanceof S3Exception answer && answer.statusCode() == NOT_FOUND;
  }

  /** S3 names the bucket's region in whatever it answers to a request from another one. */
  private void requireRegion(SdkException e) {
    if (!(e instanceof S3Exception answer) || answer.awsErrorDetails() == null) {
      return;
    }
    String actual =
        Optional.ofNullable(answer.awsErrorDetails().sdkHttpResponse())
            .flatMap(response -> response.firstMatchingHeader("x-amz-bucket-region"))
            .orElse("");
    if (actual.isEmpty() && answer.statusCode() == MOVED) {
      throw new IllegalStateException(
          "bucket '%s' is not in region %s: set AWS_REGION to the bucket's region"
              .formatted(bucket, region),
          e);
    }
    if (!actual.isEmpty() && !actual.equals(region.id())) {
      throw new IllegalStateException(
          "bucket '%s' is in region %s, not in %s: set AWS_REGION to %s, or use a bucket in %s"
              .formatted(bucket, actual, region, actual, region),
          e);
    }
  }

  /**
   * Whether there is a table with the keys that records need. Needs the permission {@code
   * dynamodb:DescribeTable}.
   *
   * @throws IllegalStateException also if a table of that name has other keys
   */
  public boolean hasTable(Deadline deadline) {
    try {
      requireKeys(
          calls
              .call(
                  "dynamodb:DescribeTable",
                  deadline,
                  limits ->
                      dynamoDb.describeTable(
                          describe -> describe.tableName(table).overrideConfiguration(limits)))
              .table());
      return true;
    } catch (ResourceNotFoundException e) {
      return false;
    } catch (SdkException e) {
      throw AwsRefusals.of("dynamodb:DescribeTable", "table '" + table + "'", e);
    }
  }

  private void requireKeys(TableDescription description) {
    String keys = keys(description.keySchema(), description.attributeDefinitions());
    String needed = keys(DynamoDbTable.KEY_SCHEMA, DynamoDbTable.ATTRIBUTE_DEFINITIONS);
    if (!keys.equals(needed)) {
      throw new IllegalStateException(
          "table '%s' has the keys %s, but records need %s: name another table in INFRAMETRICS_TABLE"
              .formatted(table, keys, needed));
    }
  }

  /** Such as {@code pk (HASH, S), sk (RANGE, S)}. */
  private static String keys(List<KeySchemaElement> keys, List<AttributeDefinition> types) {
    return keys.stream()
        .map(
            key ->
                "%s (%s, %s)"
                    .formatted(
                        key.attributeName(),
                        key.keyTypeAsString(),
                        types.stream()
                            .filter(type -> type.attributeName().equals(key.attributeName()))
                            .map(AttributeDefinition::attributeTypeAsString)
                            .collect(Collectors.joining())))
        .collect(Collectors.joining(", "));
  }

  private String partition() {
    return PartitionMetadata.of(region).id();
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
      throw AwsRefusals.of("s3:CreateBucket", "arn:%s:s3:::%s".formatted(partition(), bucket), e);
    }
  }

  /** Creates the table as the template defines it, and waits for it. */
  public void createTable(Deadline deadline) {
    try {
      new DynamoDbTable(dynamoDb, calls).createIfMissing(table, deadline);
    } catch (SdkException e) {
      throw AwsRefusals.of("dynamodb:CreateTable", "table '" + table + "'", e);
    }
  }
}
