package io.inframetrics.sink.otlp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A buffer that grows, with what protobuf writes. Used by one thread. */
final class Bytes {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int LOW_BITS = 0x7F;
  private static final int MORE = 0x80;
  private static final int BITS_OF_A_BYTE = 7;

  private byte[] buffer;
  private int size;

  Bytes(int capacity) {
    this.buffer = new byte[capacity];
  }

  int size() {
    return size;
  }

  /** What was written; not a copy if it fills the buffer, which must not be written to then. */
  byte[] toArray() {
    return size == buffer.length ? buffer : Arrays.copyOf(buffer, size);
  }

  /** Forgets what was written after the first {@code length} bytes. */
  void truncate(int length) {
    size = length;
  }

  void add(byte[] bytes) {
    add(bytes, bytes.length);
  }

  void add(Bytes other) {
    add(other.buffer, other.size);
  }

  private void add(byte[] bytes, int length) {
    room(length);
    System.arraycopy(bytes, 0, buffer, size, length);
    size += length;
  }

  void add(String text) {
    add(utf8(text));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** One byte, or a small varint such as a field's tag. */
  void addByte(int value) {
    room(1);
    buffer[size++] = (byte) value;
  }

  /** A varint of a number that is not negative. */
  void addVarint(int value) {
    room(Integer.BYTES + 1);
    int rest = value;
    while (rest > LOW_BITS) {
      buffer[size++] = (byte) (rest | MORE);
      rest >>>= BITS_OF_A_BYTE;
    }
    buffer[size++] = (byte) rest;
  }

  /** How many bytes {@link #addVarint} writes. */
  static int varintSize(int value) {
    int bytes = 1;
    for (int rest = value; rest > LOW_BITS; rest >>>= BITS_OF_A_BYTE) {
      bytes++;
    }
    return bytes;
  }

  /** Eight bytes, the lowest first. */
  void addFixed64(long value) {
    room(Long.BYTES);
    LONGS.set(buffer, size, value);
    size += Long.BYTES;
  }

  private void room(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(size + more, 2 * buffer.length));
    }
  }
}
