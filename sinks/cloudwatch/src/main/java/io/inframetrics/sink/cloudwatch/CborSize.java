package io.inframetrics.sink.cloudwatch;

import java.util.List;

/**
 * Encoded sizes in bytes. The SDK writes CBOR with maps of open length, lists of known length, and
 * numbers as short as they can be without loss.
 *
 * @see <a href="https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html">Smithy RPC v2
 *     CBOR</a>
 */
final class CborSize {

  /** Start and end of a map of open length. */
  static final int MAP = 2;

  private CborSize() {}

  static int text(String ascii) {
    return head(ascii.length()) + ascii.length();
  }

  /** The head of a list or text of that length, or a whole number of that size. */
  static int head(long length) {
    return length < 24
        ? 1
        : length <= 0xFF ? 2 : length <= 0xFFFF ? 3 : length <= 0xFFFFFFFFL ? 5 : 9;
  }

  /** Whole numbers are written as integers. */
  static int number(double value) {
    long whole = (long) value;
    return whole == value ? head(whole < 0 ? -1 - whole : whole) : floating(value);
  }

  static int numbers(List<Double> values) {
    return head(values.size()) + values.stream().mapToInt(CborSize::number).sum();
  }

  /** A tag and a floating-point number. */
  static int time(double epochSeconds) {
    return 1 + floating(epochSeconds);
  }

  private static int floating(double value) {
    return (float) value == value ? 1 + Float.BYTES : 1 + Double.BYTES;
  }
}
