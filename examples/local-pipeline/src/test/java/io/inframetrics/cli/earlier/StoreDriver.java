package io.inframetrics.cli.earlier;

import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;

/**
 * Runs of a pipeline in a store, of this version or of an earlier one. It has only types of Java,
 * so that both are driven alike. Runs have numbers, from 1.
 */
public interface StoreDriver extends AutoCloseable {

  /** What the runs are of. */
  Instant START = Instant.parse("2026-01-05T00:00:00Z");

  /** Stores what a run observes. */
  void run(int number);

  /** Analyzes as a run does, and returns how many points it was given. */
  long analyze(int number, String analysis);

  /** How long the reads of the last analysis took. */
  double readMillis();

  /** The newest points of every series by its id, by their second, as of a run. */
  Map<String, SortedMap<Long, Double>> points(int number, int limit);

  /** Until when the type is collected. */
  Instant collectedUntil();

  @Override
  void close();
}
