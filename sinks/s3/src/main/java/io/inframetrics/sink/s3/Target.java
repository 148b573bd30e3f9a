package io.inframetrics.sink.s3;

import java.util.Optional;

/**
 * Where an object is stored, and under which conditions. Call either {@link #put}, once; or {@link
 * #keyForParts}, once, and then {@link #complete} or {@link #dropped}.
 *
 * @param <R> the result of a commit
 */
interface Target<R> {

  /** For messages. */
  String name();

  /** Stores content that fits into one request. */
  R put(PartBuffer content);

  /** The key for an upload in parts; empty if no key is free and the content may be dropped. */
  Optional<String> keyForParts();

  Bucket.ObjectHead headForParts();

  R complete(PartUpload upload);

  /** The result of a commit whose content was dropped. */
  R dropped();
}
