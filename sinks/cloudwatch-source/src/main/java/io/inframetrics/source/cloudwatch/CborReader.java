package io.inframetrics.source.cloudwatch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads CBOR from an array, item by item: the kinds that an answer of AWS has. Numbers and lists
 * become nothing but primitive values, which is what makes it fast.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8949.html#section-3">RFC 8949, section 3</a>
 */
final class CborReader {

  private static final int UNSIGNED = 0;
  private static final int NEGATIVE = 1;
  private static final int BYTES = 2;
  private static final int TEXT = 3;
  private static final int ARRAY = 4;
  private static final int MAP = 5;
  private static final int TAG = 6;
  private static final int SIMPLE = 7;

  private static final int NULL = 0xf6;
  private static final int UNDEFINED = 0xf7;
  private static final int BREAK = 0xff;

  private static final int ONE_BYTE = 24;
  private static final int HALF = 25;
  private static final int FLOAT = 26;
  private static final int DOUBLE = 27;
  private static final int INDEFINITE = 31;

  /** Deeper nesting is an attack or a mistake. */
  private static final int MAX_DEPTH = 32;

  private final byte[] in;
  private int at;
  private long argument;

  CborReader(byte[] in) {
    this.in = in;
  }

  /** The fields of the map that begins here. */
  Fields fields() throws IOException {
    return new Fields(begin(MAP));
  }

  /** The fields of a map, one after the other; read the value of each before the next. */
  final class Fields {

    private long left;

    private Fields(long left) {
      this.left = left;
    }

    /** The name of the next field that is not null; null at the end of the map. */
    @Nullable String next() throws IOException {
      while (hasNext(left)) {
        left--;
        String name = text();
        if (!isNull()) {
          return name;
        }
      }
      return null;
    }
  }

  /** The number of items of the array that begins here, for {@link #hasNext}. */
  long array() throws IOException {
    return begin(ARRAY);
  }

  private long begin(int major) throws IOException {
    return head(major) == INDEFINITE ? -1 : argument;
  }

  /** Whether another item or entry follows, if {@code left} counts down from the number of them. */
  boolean hasNext(long left) throws IOException {
    if (left >= 0) {
      return left > 0;
    }
    if (peek() != BREAK) {
      return true;
    }
    at++;
    return false;
  }

  /** Whether the next item is null, which is read then. */
  boolean isNull() throws IOException {
    boolean nothing = peek() == NULL || peek() == UNDEFINED;
    at += nothing ? 1 : 0;
    return nothing;
  }

  String text() throws IOException {
    if (head(TEXT) != INDEFINITE) {
      return string();
    }
    StringBuilder text = new StringBuilder();
    while (hasNext(-1)) {
      head(TEXT);
      text.append(string());
    }
    return text.toString();
  }

  private String string() throws IOException {
    int length = length();
    String text = new String(in, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  /** A number of any kind, with or without a tag such as that of a time. */
  double number() throws IOException {
    int major = kind();
    int additional = head();
    if (major == UNSIGNED || major == NEGATIVE) {
      double magnitude = argument >= 0 ? argument : argument + 0x1p64;
      return major == UNSIGNED ? magnitude : -1 - magnitude;
    }
    if (major == SIMPLE) {
      return switch (additional) {
        case HALF -> half((int) argument);
        case FLOAT -> Float.intBitsToFloat((int) argument);
        case DOUBLE -> Double.longBitsToDouble(argument);
        default -> throw unexpected("a number");
      };
    }
    throw unexpected("a number");
  }

  private static double half(int bits) {
    int exponent = (bits >> 10) & 0x1f;
    int mantissa = bits & 0x3ff;
    double value =
        exponent == 0
            ? Math.scalb((double) mantissa, -24)
            : exponent == 0x1f
                ? mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                : Math.scalb((double) (mantissa + 0x400), exponent - 25);
    return (bits & 0x8000) == 0 ? value : -value;
  }

  /** Reads past an item of any kind. */
  void skip() throws IOException {
    skip(0);
  }

  private void skip(int depth) throws IOException {
    if (depth > MAX_DEPTH) {
      throw new IOException("the answer is nested too deeply");
    }
    int major = kind();
    int additional = head();
    long items = additional == INDEFINITE ? -1 : argument;
    switch (major) {
      case BYTES, TEXT -> {
        if (items >= 0) {
          at += length();
        } else {
          skipAll(-1, 1, depth);
        }
      }
      case ARRAY -> skipAll(items, 1, depth);
      case MAP -> skipAll(items, 2, depth);
      default -> {
        // Its value is in the head.
      }
    }
  }

  private void skipAll(long items, int parts, int depth) throws IOException {
    for (long left = items; hasNext(left); left--) {
      for (int part = 0; part < parts; part++) {
        skip(depth + 1);
      }
    }
  }

  private int head(int major) throws IOException {
    if (kind() != major) {
      throw unexpected("what was expected");
    }
    return head();
  }

  /** The kind of the next item, behind its tags. */
  private int kind() throws IOException {
    while (peek() >> 5 == TAG) {
      head();
    }
    return peek() >> 5;
  }

  /** Reads the first byte of an item and its argument; returns the lower five bits of the byte. */
  private int head() throws IOException {
    int additional = peek() & 0x1f;
    at++;
    int following = following(additional);
    if (in.length - at < following) {
      throw early();
    }
    long value = following == 0 ? additional : 0;
    for (int i = 0; i < following; i++) {
      value = (value << 8) | (in[at++] & 0xff);
    }
    argument = value;
    return additional;
  }

  private int following(int additional) throws IOException {
    if (additional < ONE_BYTE || additional == INDEFINITE) {
      return 0;
    }
    if (additional > DOUBLE) {
      throw unexpected("a known length");
    }
    return 1 << (additional - ONE_BYTE);
  }

  private int length() throws IOException {
    if (argument < 0 || argument > in.length - at) {
      throw early();
    }
    return (int) argument;
  }

  private int peek() throws IOException {
    if (at >= in.length) {
      throw early();
    }
    return in[at] & 0xff;
  }

  private IOException early() {
    return new IOException("the CBOR answer ends early, in %d bytes".formatted(in.length));
  }

  private IOException unexpected(String wanted) {
    return new IOException("the CBOR answer has not %s at byte %d".formatted(wanted, at));
  }
}
