package io.inframetrics.sink.s3;

/** Limits of S3, each with its source. */
final class S3Limits {

  /**
   * Bytes of a part, except the last one of an upload.
   *
   * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html">Multipart
   *     upload limits</a>
   */
  static final int MIN_PART_BYTES = 5 << 20;

  /**
   * The largest part that is allowed here. S3 takes up to 5 GiB, but a part is held in memory, and
   * {@link #MAX_PARTS} of this size make 4.88 TiB, which every S3 takes as one object.
   */
  static final int MAX_PART_BYTES = 512 << 20;

  /** Parts of an upload; from the same source as {@link #MIN_PART_BYTES}. */
  static final int MAX_PARTS = 10_000;

  /**
   * Bytes of an object's metadata, names and values together.
   *
   * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html">Working
   *     with object metadata</a>
   */
  static final int MAX_METADATA_BYTES = 2_048;

  private S3Limits() {}

  static long maxObjectBytes(int partBytes) {
    return (long) partBytes * MAX_PARTS;
  }
}
