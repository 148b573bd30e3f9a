package io.inframetrics.testkit.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The embedded server is honest where a create-only write depends on it. */
class EmbeddedS3Test {

  private static final int RIVALS = 8;
  private static final int MOST_LOST = 3;

  @Test
  void letsOneOfManyCreateAnObjectInMemory() throws Exception {
    try (EmbeddedS3 server = EmbeddedS3.start()) {
      oneOfManyCreates(server);
    }
  }

  @Test
  void letsOneOfManyCreateAnObjectOnDisk(@TempDir Path folder) throws Exception {
    try (EmbeddedS3 server = EmbeddedS3.startIn(folder)) {
      oneOfManyCreates(server);
    }
  }

  @Test
  void namesEveryBucketAnew() {
    try (EmbeddedS3 server = EmbeddedS3.start()) {
      assertThat(server.newBucket()).isNotEqualTo(server.newBucket());
      assertThat(server.environment()).containsEntry("AWS_ENDPOINT_URL_S3", "" + server.endpoint());
    }
  }

  private static void oneOfManyCreates(EmbeddedS3 server) throws Exception {
    try (S3Client s3 = client(server)) {
      String bucket = server.newBucket();
      for (int round = 0; round < 5; round++) {
        String key = "put-" + round;
        int created =
            created(
                RIVALS,
                () ->
                    s3.putObject(
                        request -> request.bucket(bucket).key(key).ifNoneMatch("*"),
                        RequestBody.fromString("text")));
        assertCreatedOnce(s3, bucket, key, created);
      }
      for (int round = 0; round < 5; round++) {
        String key = "parts-" + round;
        assertCreatedOnce(s3, bucket, key, created(RIVALS, () -> upload(s3, bucket, key)));
      }
    }
  }

  /**
   * Never two. None may say so if somebody asked again after an answer that was lost, and then met
   * the object that it had created.
   */
  private static void assertCreatedOnce(S3Client s3, String bucket, String key, int created) {
    assertThat(created).as(key).isLessThanOrEqualTo(1);
    assertThat(s3.headObject(request -> request.bucket(bucket).key(key)).contentLength())
        .isEqualTo("text".length());
  }

  private static Object upload(S3Client s3, String bucket, String key) {
    String id = s3.createMultipartUpload(request -> request.bucket(bucket).key(key)).uploadId();
    String etag =
        s3.uploadPart(
                request -> request.bucket(bucket).key(key).uploadId(id).partNumber(1),
                RequestBody.fromString("text"))
            .eTag();
    CompletedPart part = CompletedPart.builder().partNumber(1).eTag(etag).build();
    return s3.completeMultipartUpload(
        request ->
            request
                .bucket(bucket)
                .key(key)
                .uploadId(id)
                .ifNoneMatch("*")
                .multipartUpload(upload -> upload.parts(part)));
  }

  /**
   * How many of so many that do the same at once succeed; all others must fail by the condition.
   */
  private static int created(int rivals, Callable<?> write) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(rivals);
    try {
      List<Future<Boolean>> results = new ArrayList<>();
      for (int i = 0; i < rivals; i++) {
        results.add(threads.submit(() -> creates(write)));
      }
      int created = 0;
      for (Future<Boolean> result : results) {
        created += result.get() ? 1 : 0;
      }
      return created;
    } finally {
      threads.shutdownNow();
    }
  }

  private static boolean creates(Callable<?> write) throws Exception {
    for (int lost = 0; ; lost++) {
      try {
        write.call();
        return true;
      } catch (S3Exception e) {
        assertThat(e.statusCode()).isEqualTo(412);
        return false;
      } catch (UncheckedIOException e) {
        // The server ends a connection whose body it does not want; the SDK does not ask again.
        if (lost == MOST_LOST) {
          throw e;
        }
      }
    }
  }

  private static S3Client client(EmbeddedS3 server) {
    return S3Client.builder()
        .endpointOverride(server.endpoint())
        .forcePathStyle(true)
        .region(Region.EU_WEST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }
}
