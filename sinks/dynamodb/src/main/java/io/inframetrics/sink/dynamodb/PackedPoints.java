package io.inframetrics.sink.dynamodb;

import io.inframetrics.metric.Point;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Points as bytes: a version, the count, and for each point the seconds since the previous one and
 * its value. Version 1: one byte {@code 1}; the count and the seconds in groups of seven bits, the
 * lowest first, the top bit set on all bytes but the last, the first second zigzag-encoded; values
 * as big-endian IEEE 754 doubles. A point every five minutes takes 10 bytes.
 *
 * <p>Version 2, for many points: one byte {@code 2}; the count; the first second, zigzag-encoded;
 * how often the same number of seconds follows, and this number, until all points have one; a byte
 * with the number of decimals of all values, and each value without its point as the zigzag-encoded
 * difference from the one before; or, where values have more than {@value #MAX_DECIMALS} decimals,
 * a byte {@code 255} and the values as doubles. A regular point takes 2 to 4 bytes, or 8.
 */
final class PackedPoints {

  private static final byte VERSION = 1;
  private static final byte DENSE = 2;
  private static final int MAX_DECIMALS = 6;
  private static final byte DOUBLES = (byte) 255;

  /** Whole numbers below this are exact doubles. */
  private static final double EXACT = 1L << 53;

  private static final int MAX_VARINT_BYTES = 10;

  private PackedPoints() {}

  /** Packs points, which must be in strictly ascending order of time. */
  static byte[] pack(List<Point> points) {
    ByteBuffer out =
        ByteBuffer.allocate(
            1 + MAX_VARINT_BYTES + points.size() * (MAX_VARINT_BYTES + Double.BYTES));
    out.put(VERSION);
    putVarint(out, points.size());
    long before = 0;
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      long second = point.epochSecond();
      if (i > 0 && second <= before) {
        throw new IllegalArgumentException(
            "point at %d follows one at %d: points must be in order of time, without repeats"
                .formatted(second, before));
      }
      putVarint(out, i == 0 ? zigzag(second) : second - before);
      out.putDouble(point.value());
      before = second;
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  /** Packs points, in the same order, into fewer bytes where they are regular. */
  static byte[] packDense(List<Point> points) {
    ByteBuffer out = ByteBuffer.allocate(32 + points.size() * 3 * MAX_VARINT_BYTES);
    out.put(DENSE);
    putVarint(out, points.size());
    long first = points.isEmpty() ? 0 : points.get(0).epochSecond();
    putVarint(out, zigzag(first));
    int i = 1;
    while (i < points.size()) {
      long step = points.get(i).epochSecond() - points.get(i - 1).epochSecond();
      if (step <= 0) {
        throw new IllegalArgumentException(
            "point at %d follows one at %d: points must be in order of time, without repeats"
                .formatted(points.get(i).epochSecond(), points.get(i - 1).epochSecond()));
      }
      int from = i;
      while (i < points.size()
          && points.get(i).epochSecond() - points.get(i - 1).epochSecond() == step) {
        i++;
      }
      putVarint(out, i - from);
      putVarint(out, step);
    }
    int decimals = decimals(points);
    if (decimals < 0) {
      out.put(DOUBLES);
      points.forEach(point -> out.putDouble(point.value()));
    } else {
      out.put((byte) decimals);
      long before = 0;
      for (Point point : points) {
        long number = Math.round(point.value() * Math.pow(10, decimals));
        putVarint(out, zigzag(number - before));
        before = number;
      }
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  /** The fewest decimals with which all values are exact; -1 if there are too many. */
  private static int decimals(List<Point> points) {
    for (int decimals = 0; decimals <= MAX_DECIMALS; decimals++) {
      double scale = Math.pow(10, decimals);
      if (points.stream().allMatch(point -> isExact(point.value(), scale))) {
        return decimals;
      }
    }
    return -1;
  }

  private static boolean isExact(double value, double scale) {
    double scaled = value * scale;
    return Math.abs(scaled) < EXACT
        && Double.doubleToLongBits(Math.round(scaled) / scale) == Double.doubleToLongBits(value);
  }

  private static List<Point> unpackDense(ByteBuffer in, byte[] bytes) {
    long count = varint(in);
    // A decimal of one byte is the shortest value.
    if (count < 0 || count > in.remaining()) {
      throw damaged(bytes);
    }
    long[] seconds = new long[(int) count];
    long second = unzigzag(varint(in));
    int known = Math.min(1, seconds.length);
    Arrays.fill(seconds, 0, known, second);
    while (known < seconds.length) {
      long run = varint(in);
      long step = varint(in);
      if (run < 1 || run > seconds.length - known) {
        throw damaged(bytes);
      }
      for (int i = 0; i < run; i++) {
        second += step;
        seconds[known++] = second;
      }
    }
    byte decimals = in.get();
    double scale = Math.pow(10, decimals);
    List<Point> points = new ArrayList<>(seconds.length);
    long number = 0;
    for (long at : seconds) {
      if (decimals != DOUBLES) {
        number += unzigzag(varint(in));
      }
      points.add(new Point(at, decimals == DOUBLES ? in.getDouble() : number / scale));
    }
    if (in.hasRemaining()) {
      throw damaged(bytes);
    }
    return points;
  }

  private static long zigzag(long number) {
    return (number << 1) ^ (number >> 63);
  }

  private static long unzigzag(long number) {
    return (number >>> 1) ^ -(number & 1);
  }

  /**
   * Returns the points that {@link #pack} or {@link #packDense} packed, oldest first.
   *
   * @throws IllegalArgumentException if the bytes are of another version, or damaged
   */
  static List<Point> unpack(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      byte version = in.get();
      if (version == DENSE) {
        return unpackDense(in, bytes);
      }
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "packed points have version %d, and this program supports versions %d and %d: use a newer release"
                .formatted(version, VERSION, DENSE));
      }
      long count = varint(in);
      if (count < 0 || count > in.remaining() / (1 + Double.BYTES)) {
        throw damaged(bytes);
      }
      List<Point> points = new ArrayList<>((int) count);
      long second = 0;
      for (int i = 0; i < count; i++) {
        long number = varint(in);
        second = i == 0 ? unzigzag(number) : second + number;
        points.add(new Point(second, in.getDouble()));
      }
      if (in.hasRemaining()) {
        throw damaged(bytes);
      }
      return points;
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException(damaged(bytes).getMessage(), e);
    }
  }

  private static IllegalArgumentException damaged(byte[] bytes) {
    return new IllegalArgumentException(
        "%d bytes are not valid packed points: they are cut or damaged".formatted(bytes.length));
  }

  private static void putVarint(ByteBuffer out, long value) {
    long left = value;
    while ((left & ~0x7fL) != 0) {
      out.put((byte) ((left & 0x7f) | 0x80));
      left >>>= 7;
    }
    out.put((byte) left);
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new BufferUnderflowException();
  }
}
