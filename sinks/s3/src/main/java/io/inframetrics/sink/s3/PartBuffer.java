package io.inframetrics.sink.s3;

import io.inframetrics.naming.Sha256;
import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import software.amazon.awssdk.core.sync.RequestBody;

/** Holds the bytes of one part. Grows as needed and is reused for the next part. */
final class PartBuffer {

  private static final int FIRST_BYTES = 8_192;

  private final int capacity;
  private byte[] bytes = new byte[0];
  private int length;

  PartBuffer(int capacity) {
    this.capacity = capacity;
  }

  /** Appends as much as fits and returns how much that was. */
  int append(byte[] from, int offset, int count) {
    int fitting = Math.min(count, capacity - length);
    int needed = length + fitting;
    if (needed > bytes.length) {
      long grown = Math.max(FIRST_BYTES, Math.max(needed, 2L * bytes.length));
      bytes = Arrays.copyOf(bytes, (int) Math.min(capacity, grown));
    }
    System.arraycopy(from, offset, bytes, length, fitting);
    length = needed;
    return fitting;
  }

  boolean isFull() {
    return length == capacity;
  }

  int length() {
    return length;
  }

  /** Bytes of memory that are held, used or not. */
  int allocated() {
    return bytes.length;
  }

  /** Forgets the bytes and keeps the memory. */
  void clear() {
    length = 0;
  }

  /** Forgets the bytes and the memory. */
  void release() {
    clear();
    bytes = new byte[0];
  }

  byte[] sha256() {
    MessageDigest digest = Sha256.newDigest();
    digest.update(bytes, 0, length);
    return digest.digest();
  }

  /** A request body over the bytes, not copied: valid until the next change. */
  RequestBody body(String contentType) {
    byte[] content = bytes;
    int size = length;
    return RequestBody.fromContentProvider(
        () -> new ByteArrayInputStream(content, 0, size), size, contentType);
  }
}
