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
 */
final class PackedPoints {

  private static final byte VERSION = 1;
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
      putVarint(out, i == 0 ? (second << 1) ^ (second >> 63) : second - before);
      out.putDouble(point.value());
      before = second;
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  /**
   * Returns the points that {@link #pack} packed, oldest first.
   *
   * @throws IllegalArgumentException if the bytes are of another version, or damaged
   */
  static List<Point> unpack(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      byte version = in.get();
      if (version != VERSION) {
        throw new IllegalArgumentException(
            "packed points have version %d, and this program supports version %d: use a newer release"
                .formatted(version, VERSION));
      }
      long count = varint(in);
      if (count < 0 || count > in.remaining() / (1 + Double.BYTES)) {
        throw damaged(bytes);
      }
      List<Point> points = new ArrayList<>((int) count);
      long second = 0;
      for (int i = 0; i < count; i++) {
        long number = varint(in);
        second = i == 0 ? (number >>> 1) ^ -(number & 1) : second + number;
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
