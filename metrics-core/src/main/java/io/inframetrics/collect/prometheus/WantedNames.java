package io.inframetrics.collect.prometheus;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The metric names that rules read, looked up by their bytes so that no text is made of the names
 * that nobody wants. Immutable; safe to share.
 */
final class WantedNames {

  private final List<String> names;
  private final byte[] @Nullable [] bytes;
  private final int[] numbers;
  private final int mask;

  WantedNames(Collection<String> wanted) {
    names = new ArrayList<>(new LinkedHashSet<>(wanted));
    int size = Integer.highestOneBit(Math.max(4, 4 * names.size()));
    bytes = new byte[size][];
    numbers = new int[size];
    mask = size - 1;
    for (int number = 0; number < names.size(); number++) {
      int slot = slot(names.get(number).hashCode());
      while (bytes[slot] != null) {
        slot = (slot + 1) & mask;
      }
      bytes[slot] = names.get(number).getBytes(StandardCharsets.US_ASCII);
      numbers[slot] = number;
    }
  }

  /** The name's number in the order given, or -1 if nobody wants it. */
  int find(byte[] text, int start, int end, int hash) {
    for (int slot = slot(hash); ; slot = (slot + 1) & mask) {
      byte[] name = bytes[slot];
      if (name == null) {
        return -1;
      }
      if (Arrays.equals(name, 0, name.length, text, start, end)) {
        return numbers[slot];
      }
    }
  }

  String name(int number) {
    return names.get(number);
  }

  /** {@code hash} as {@link String#hashCode} defines it, with its high bits mixed in. */
  private int slot(int hash) {
    return (hash ^ (hash >>> 15)) & mask;
  }
}
