package io.inframetrics.testkit.aws.dynamodb;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The capacity that requests consume, as the service charges it.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html">Read
 *     and write operations</a>
 */
final class Capacity {

  private static final int READ_BYTES = 4096;
  private static final int WRITE_BYTES = 1024;

  private Capacity() {}

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

  /** What the request wants to be told: NONE, TOTAL or INDEXES. */
  static String asked(Parameters request) {
    return request.oneOf("ReturnConsumedCapacity", "NONE", "TOTAL", "INDEXES");
  }

  /** The consumed capacity in the protocol's form; null if it was not asked for. */
  static @Nullable Map<String, Object> json(String asked, String table, double units) {
    if (asked.equals("NONE")) {
      return null;
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("TableName", table);
    json.put("CapacityUnits", units);
    if (asked.equals("INDEXES")) {
      json.put("Table", Map.of("CapacityUnits", units));
    }
    return json;
  }
}
