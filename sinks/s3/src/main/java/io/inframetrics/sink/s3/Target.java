package io.inframetrics.sink.s3;

import java.util.Optional;

/**
 * Where an object is to be stored, and under which conditions. Either {@link #put} is called, once;
 * or {@link #keyForParts}, once, and then {@link #complete} or {@link #dropped}.
 *
 * @param <R> what a commit answers
 */
interface Target<R> {

  /** For messages. */
  String name();

  /** Stores content that fits into one request. */
  R put(PartBuffer content);

  /**
   * The key to upload parts for; empty if nothing can come of it and the content may be dropped.
   */
  Optional<String> keyForParts();

  Bucket.ObjectHead headForParts();

  /** Makes the object of its parts. */
  R complete(PartUpload upload);

  /** What the commit of content that was dropped answers. */
  R dropped();
}
