package io.inframetrics.workflow.data;

import java.util.Random;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** Intrinsic functions for numbers and identifiers. */
final class MathFunctions {

  private static final long VERSION_4 = 0x4000L;
  private static final long VERSION_BITS = 0xF000L;
  private static final long VARIANT_2 = 0x8000000000000000L;
  private static final long VARIANT_BITS = 0xC000000000000000L;

  private MathFunctions() {}

  /** Each number is rounded by itself, then they are added. */
  static JsonNode add(Arguments arguments) {
    long sum = (long) arguments.integer(0) + arguments.integer(1);
    if (sum != (int) sum) {
      throw new IllegalArgumentException(
          "the sum " + sum + " is not from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE);
    }
    return Json.NODES.numberNode((int) sum);
  }

  /** From the first number to just below the second; with a third, always the same one. */
  static JsonNode random(Arguments arguments) {
    int start = arguments.integer(0);
    int end = arguments.integer(1);
    if (start >= end) {
      throw arguments.invalid(1, "greater than the first one, " + start);
    }
    return Json.NODES.numberNode(
        arguments.count() == 3
            ? seeded(start, end, arguments.integer(2))
            : arguments.random().nextInt(start, end));
  }

  private static int seeded(int start, int end, int seed) {
    Random random = new Random(seed);
    int range = end - start;
    return range > 0 ? start + random.nextInt(range) : random.nextInt(start, end);
  }

  /** A version 4 UUID, drawn from the run's randomness so that a seeded run repeats it. */
  static JsonNode uuid(Arguments arguments) {
    long high = (arguments.random().nextLong() & ~VERSION_BITS) | VERSION_4;
    long low = (arguments.random().nextLong() & ~VARIANT_BITS) | VARIANT_2;
    return Json.NODES.stringNode(new UUID(high, low).toString());
  }
}
