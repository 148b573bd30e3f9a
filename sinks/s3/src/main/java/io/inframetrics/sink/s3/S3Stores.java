package io.inframetrics.sink.s3;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSource;
import java.util.function.Consumer;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;

/**
 * The ports that one bucket serves: raw files, written and read, and the store of quarantine and
 * reports. Immutable and thread-safe; needs no closing.
 *
 * <p>Besides the exceptions of the ports, every method throws {@link IllegalStateException} when S3
 * rejects a request for good, such as for a missing permission or bucket; the message names the
 * operation, the object, the bucket and the remedy.
 */
public final class S3Stores {

  /** Default size of a part: 8 MiB, with 10,000 parts enough for objects of up to 78 GiB. */
  public static final int DEFAULT_PART_BYTES = 8 << 20;

  private final Bucket bucket;
  private final int partBytes;

  private S3Stores(Bucket bucket, int partBytes) {
    this.bucket = bucket;
    this.partBytes = partBytes;
  }

  /**
   * Returns the stores over {@code bucket}, which must exist.
   *
   * @param s3 such as {@link #client} builds; it must not retry, since {@code calls} does
   */
  public static S3Stores over(S3Client s3, String bucket, AwsCalls calls) {
    if (bucket.isBlank()) {
      throw new IllegalArgumentException(
          "the bucket name is empty: give the name of the bucket to store in");
    }
    return new S3Stores(new Bucket(s3, bucket, calls), DEFAULT_PART_BYTES);
  }

  /**
   * Returns the same stores with another part size. An object being written holds up to one part in
   * memory and may have 10,000 of them: 64 MiB allow 625 GiB, 512 MiB allow 4.88 TiB.
   *
   * @param bytes of a part, 5 MiB to 512 MiB
   */
  public S3Stores withPartBytes(int bytes) {
    if (bytes < S3Limits.MIN_PART_BYTES || bytes > S3Limits.MAX_PART_BYTES) {
      throw new IllegalArgumentException(
          "parts of %d bytes are not possible: use %d to %d"
              .formatted(bytes, S3Limits.MIN_PART_BYTES, S3Limits.MAX_PART_BYTES));
    }
    return new S3Stores(bucket, bytes);
  }

  /**
   * Builds a client for these stores. The bucket is part of the path if the endpoint is overridden,
   * as local stand-ins expect, and of the host name otherwise. The SDK adds no checksums: the
   * stores set them.
   */
  public static S3Client client(AwsClients clients) {
    Consumer<S3Configuration.Builder> wholeBodies = config -> config.chunkedEncodingEnabled(false);
    return clients.build(
        "s3",
        S3Client.builder()
            .serviceConfiguration(wholeBodies)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .forcePathStyle(clients.hasEndpoint("s3")));
  }

  public RawMetricSink rawMetricSink() {
    return new S3Objects(bucket, partBytes);
  }

  public RawMetricSource rawMetricSource() {
    return new S3Objects(bucket, partBytes);
  }

  /** Quarantine and reports. */
  public DocumentStore documentStore() {
    return new S3Objects(bucket, partBytes);
  }
}
