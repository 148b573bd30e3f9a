package io.inframetrics.source.cloudwatch;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes CBOR into an array, item by item: the kinds that a request has.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8949.html#section-3">RFC 8949, section 3</a>
 */
final class CborWriter {

  private static final int UNSIGNED = 0;
  private static final int TEXT = 3;
  private static final int ARRAY = 4;
  private static final int MAP = 5;
  private static final int TRUE = 0xf5;
  private static final int DOUBLE = 0xfb;

  /** The tag of a number that is a time, in seconds since 1970. */
  private static final int TIME = 0xc1;

  private byte[] out = new byte[1 << 10];
  private int size;

  /** Begins a map; {@code entries} names and values follow. */
  CborWriter map(int entries) {
    return head(MAP, entries);
  }

  CborWriter array(int items) {
    return head(ARRAY, items);
  }

  CborWriter text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    head(TEXT, bytes.length);
    reserve(bytes.length);
    System.arraycopy(bytes, 0, out, size, bytes.length);
    size += bytes.length;
    return this;
  }

  /** A whole number that is not negative. */
  CborWriter number(int number) {
    return head(UNSIGNED, number);
  }

  CborWriter yes() {
    reserve(1);
    out[size++] = (byte) TRUE;
    return this;
  }

  CborWriter time(long epochSecond) {
    reserve(2 + Long.BYTES);
    out[size++] = (byte) TIME;
    out[size++] = (byte) DOUBLE;
    bytes(Double.doubleToRawLongBits((double) epochSecond), Long.BYTES);
    return this;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(out, size);
  }

  private CborWriter head(int major, int argument) {
    reserve(1 + Integer.BYTES);
    int kind = major << 5;
    if (argument < 24) {
      out[size++] = (byte) (kind | argument);
    } else if (argument < 1 << 8) {
      out[size++] = (byte) (kind | 24);
      bytes(argument, 1);
    } else if (argument < 1 << 16) {
      out[size++] = (byte) (kind | 25);
      bytes(argument, 2);
    } else {
      out[size++] = (byte) (kind | 26);
      bytes(argument, Integer.BYTES);
    }
    return this;
  }

  private void bytes(long value, int count) {
    for (int i = count - 1; i >= 0; i--) {
      out[size++] = (byte) (value >> (8 * i));
    }
  }

  private void reserve(int more) {
    if (out.length - size < more) {
      out = Arrays.copyOf(out, Math.max(2 * out.length, size + more));
    }
  }
}
