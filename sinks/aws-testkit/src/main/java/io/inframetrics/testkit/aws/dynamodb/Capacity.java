package io.inframetrics.testkit.aws.dynamodb;

import java.util.Map;

/**
 * The capacity that requests consume, as the service charges it, for requests that ask for it.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html">Read
 *     and write operations</a>
 */
final class Capacity {

  private static final String PARAMETER = "ReturnConsumedCapacity";

  private static final int READ_BYTES = 4096;
  private static final int WRITE_BYTES = 1024;

  private Capacity() {}

  static void requireSupported(Parameters request) {
    if (request.has(PARAMETER)) {
      request.oneOf(PARAMETER, "TOTAL", "NONE");
    }
  }

  static boolean isWanted(Parameters request) {
    return request.has(PARAMETER) && request.text(PARAMETER).equals("TOTAL");
  }

  /** Units of a read: of one item for keys, of a page for a query or scan. */
  static double ofRead(long bytes, boolean consistent) {
    return units(bytes, READ_BYTES) * (consistent ? 1 : 0.5);
  }

  /** Units of a write: the larger of the item before and after counts. */
  static double ofWrite(long bytes) {
    return units(bytes, WRITE_BYTES);
  }

  private static double units(long bytes, int each) {
    return Math.max(1, (bytes + each - 1) / each);
  }

  static Map<String, Object> json(Table table, double units) {
    return Map.of("TableName", table.name, "CapacityUnits", units);
  }
}
