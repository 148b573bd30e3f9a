package io.inframetrics.detect.regular;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * What is known of a series' jobs beyond the points that an analysis reads: some hundred bytes for
 * five weeks. Immutable.
 */
public final class JobHistory {

  /** Seconds that occurrences are kept: four weekly ones, and a week of which one is missing. */
  static final long KEPT = 36 * 86_400L;

  /** Seconds that occurrences are kept which happen several times a day. */
  private static final long FREQUENT_KEPT = 8 * 86_400L;

  /** Seconds between two occurrences from which they are not several a day. */
  private static final long FREQUENT = 20 * 3_600L;

  /** The most occurrences kept; a job every half hour has 384 in eight days. */
  private static final int MOST = 400;

  private static final byte VERSION = 1;
  private static final int CHECKSUM_BYTES = 4;
  private static final int MOST_BYTES_EACH = 28;

  /** Time of the oldest point ever seen, in seconds since 1970. */
  private final long since;

  /** Time of the newest point that the occurrences were taken from. */
  private final long until;

  private final List<Occurrence> occurrences;

  JobHistory(long since, long until, List<Occurrence> occurrences) {
    this.since = since;
    this.until = until;
    this.occurrences = List.copyOf(occurrences);
  }

  /** What is known of a series of which nothing was seen. */
  public static JobHistory none() {
    return new JobHistory(Long.MAX_VALUE, Long.MIN_VALUE, List.of());
  }

  /** Whether it reaches up to {@code first}, so that nothing between the two is unknown. */
  public boolean reaches(long first) {
    return until >= first;
  }

  long since() {
    return since;
  }

  /** Time of the newest point that is known, in seconds since 1970. */
  public long until() {
    return until;
  }

  /** Whether nothing is known. */
  public boolean isNone() {
    return until < since;
  }

  List<Occurrence> occurrences() {
    return occurrences;
  }

  /** The same without what is too old, or too frequent, to say what is normal at {@code now}. */
  JobHistory withoutOld(long now) {
    List<Occurrence> kept = new ArrayList<>();
    for (int i = 0; i < occurrences.size(); i++) {
      Occurrence one = occurrences.get(i);
      long age = now - one.start();
      if (age <= KEPT && (age <= FREQUENT_KEPT || !isFrequent(i))) {
        kept.add(one);
      }
    }
    return new JobHistory(since, until, kept.subList(Math.max(0, kept.size() - MOST), kept.size()));
  }

  private boolean isFrequent(int i) {
    Occurrence one = occurrences.get(i);
    for (int next = i + 1; next < occurrences.size(); next++) {
      Occurrence other = occurrences.get(next);
      if (other.start() - one.start() >= FREQUENT) {
        return false;
      }
      if (Likeness.alike(one, other, 1)) {
        return true;
      }
    }
    return false;
  }

  /** As bytes, to store. */
  public byte[] encoded() {
    ByteBuffer out = ByteBuffer.allocate(64 + MOST_BYTES_EACH * occurrences.size());
    out.put(VERSION);
    putNumber(out, since);
    putNumber(out, until);
    putNumber(out, occurrences.size());
    long last = 0;
    for (Occurrence one : occurrences) {
      putNumber(out, one.start() - last);
      putNumber(out, one.length());
      out.putFloat((float) one.level());
      out.putFloat((float) one.value());
      out.putFloat((float) one.area());
      last = one.start();
    }
    out.putInt(checksum(out.array(), out.position()));
    byte[] bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  /**
   * What was encoded.
   *
   * @throws IllegalArgumentException if the bytes are damaged or of another version
   */
  public static JobHistory decoded(byte[] bytes) {
    int end = bytes.length - CHECKSUM_BYTES;
    if (end < 1 || checksum(bytes, end) != ByteBuffer.wrap(bytes, end, CHECKSUM_BYTES).getInt()) {
      throw new IllegalArgumentException(
          "%d bytes of what was learned are damaged".formatted(bytes.length));
    }
    if (bytes[0] != VERSION) {
      throw new IllegalArgumentException(
          "what was learned has version %d, not %d".formatted(bytes[0], VERSION));
    }
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes, 1, end - 1);
      long since = number(in);
      long until = number(in);
      long count = number(in);
      List<Occurrence> occurrences = new ArrayList<>();
      long last = 0;
      for (long i = 0; i < count; i++) {
        long start = last + number(in);
        long length = number(in);
        occurrences.add(
            new Occurrence(start, start + length, in.getFloat(), in.getFloat(), in.getFloat()));
        last = start;
      }
      return new JobHistory(since, until, occurrences);
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("what was learned ends too early", e);
    }
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }

  /** Seven bits in each byte, the lowest first; the sign is the lowest bit of all. */
  private static void putNumber(ByteBuffer out, long number) {
    long rest = (number << 1) ^ (number >> 63);
    while ((rest & ~0x7FL) != 0) {
      out.put((byte) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  private static long number(ByteBuffer in) {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = in.get();
      number |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (number >>> 1) ^ -(number & 1);
      }
    }
    throw new BufferUnderflowException();
  }
}
