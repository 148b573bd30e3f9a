package io.inframetrics.workflow.data;

import java.util.Random;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

final class MathFunctions {

  private static final long VERSION_4 = 0x4000L;
  private static final long VERSION_BITS = 0xF000L;
  private static final long VARIANT_2 = 0x8000000000000000L;
  private static final long VARIANT_BITS = 0xC000000000000000L;

  private MathFunctions() {}

  /** Rounds each number, then adds them. */
  static JsonNode add(Arguments arguments) {
    long sum = (long) arguments.integer(0) + arguments.integer(1);
    if (sum != (int) sum) {
      throw new IllegalArgumentException(
          "the sum "
              + sum
              + " is outside the range "
              + Integer.MIN_VALUE
              + " to "
              + Integer.MAX_VALUE);
    }
    return Json.NODES.numberNode((int) sum);
  }

  /** Returns a number from the first up to but excluding the second; a third one is the seed. */
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

  /** Returns a version 4 UUID from the run's random generator, so that a seeded run repeats it. */
  static JsonNode uuid(Arguments arguments) {
    long high = (arguments.random().nextLong() & ~VERSION_BITS) | VERSION_4;
    long low = (arguments.random().nextLong() & ~VARIANT_BITS) | VARIANT_2;
    return Json.NODES.stringNode(new UUID(high, low).toString());
  }
}
