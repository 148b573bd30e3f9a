package io.inframetrics.naming;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * How raw files are named. {@link DatedObjectKeys#key} builds the default key, {@code
 * raw-metrics/yyyy/MM/dd/metrics-<metric_type>-<epoch seconds>.json}; {@link HiveObjectKeys} names
 * partitions for query engines; {@link #candidates} adds the suffix for a key that is taken. An
 * implementation is a pure function of its arguments: a retried run asks for the same keys. Every
 * key starts with {@value #PREFIX}, by which storage events are filtered.
 */
public interface ObjectKeys {

  String PREFIX = "raw-metrics/";

  /** The key of the file that {@code run} writes for {@code type}. */
  String key(MetricType type, CollectionRun run);

  /** The prefixes of all keys of the types on a UTC day; they match no key of another day. */
  List<String> dayPrefixes(LocalDate day, List<MetricType> types);

  /** Parses a key, with or without suffix; empty if this strategy does not write such keys. */
  Optional<RawFile> parse(String key);

  /** The keys that {@code run} tries in order: the second if another run holds the first. */
  default List<String> candidates(MetricType type, CollectionRun run) {
    String key = key(type, run);
    return List.of(key, withSuffix(key, "-" + Sha256.hex(run.runId()).substring(0, SUFFIX_DIGITS)));
  }

  /** The key of a file with lines that were rejected from {@code key} and are accepted now. */
  default String replayed(String key, String contentHash) {
    return withSuffix(key, "-r" + contentHash.substring(0, SUFFIX_DIGITS));
  }

  /** Hexadecimal digits of a hash in a suffix. */
  int SUFFIX_DIGITS = 8;

  private static String withSuffix(String key, String suffix) {
    return key.substring(0, key.length() - RawFile.EXTENSION.length()) + suffix + RawFile.EXTENSION;
  }

  /** A raw file's key in parts: the type of every line, and the time that its run observed. */
  record RawFile(MetricType type, Instant observedAt) {

    public static final String EXTENSION = ".json";
  }
}
