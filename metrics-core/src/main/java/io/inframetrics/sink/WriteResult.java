package io.inframetrics.sink;

import java.util.ArrayList;
import java.util.List;

/**
 * What became of a write, item by item. The four counts add up to the number of items given.
 *
 * @param written items that are now stored and were not before, or differed
 * @param duplicate items that were already stored unchanged, or repeated another of the same write
 * @param rejected items that the destination can never take, each with its reason
 * @param retryable items that the destination did not take this time, each with its reason
 */
public record WriteResult(
    long written, long duplicate, List<Failed> rejected, List<Failed> retryable) {

  public static final WriteResult NOTHING = new WriteResult(0, 0, List.of(), List.of());

  public WriteResult {
    if (written < 0 || duplicate < 0) {
      throw new IllegalArgumentException(
          "counts of a write cannot be negative: written %d, duplicate %d"
              .formatted(written, duplicate));
    }
    rejected = List.copyOf(rejected);
    retryable = List.copyOf(retryable);
  }

  public static WriteResult written(long count) {
    return new WriteResult(count, 0, List.of(), List.of());
  }

  public static WriteResult duplicate(long count) {
    return new WriteResult(0, count, List.of(), List.of());
  }

  /** Whether every item is stored, now or before. */
  public boolean isComplete() {
    return rejected.isEmpty() && retryable.isEmpty();
  }

  public WriteResult plus(WriteResult other) {
    return new WriteResult(
        written + other.written,
        duplicate + other.duplicate,
        join(rejected, other.rejected),
        join(retryable, other.retryable));
  }

  private static List<Failed> join(List<Failed> first, List<Failed> second) {
    if (second.isEmpty()) {
      return first;
    }
    List<Failed> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /**
   * An item that is not stored.
   *
   * @param id a metric id if the item is a metric
   * @param reason one sentence with the value that was wrong
   */
  public record Failed(String id, String reason) {}
}
