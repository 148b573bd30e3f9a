package io.inframetrics.naming;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * How raw files are named: {@link DatedObjectKeys} is the default, {@link HiveObjectKeys} for query
 * engines. An implementation is a pure function of its arguments: a run that is tried again asks
 * for the same keys. Every key starts with {@value #PREFIX}, which is what storage events are
 * filtered by.
 */
public interface ObjectKeys {

  /** What every raw file's key starts with. */
  String PREFIX = "raw-metrics/";

  /** The key of the file that {@code run} writes for {@code type}. */
  String key(MetricType type, CollectionRun run);

  /**
   * What each key of that UTC day starts with, one prefix or several; together they match nothing
   * of another day.
   *
   * @param types the types whose files are wanted
   */
  List<String> dayPrefixes(LocalDate day, List<MetricType> types);

  /**
   * What a key says of its file, if it is one that this strategy writes, with or without suffix.
   */
  Optional<RawFile> parse(String key);

  /**
   * The keys that {@code run} may write for {@code type}, in the order in which they are tried: the
   * second is for when another run holds the first.
   */
  default List<String> candidates(MetricType type, CollectionRun run) {
    String key = key(type, run);
    return List.of(key, withSuffix(key, "-" + Sha256.hex(run.runId()).substring(0, SUFFIX_DIGITS)));
  }

  /** The key of the file with lines that were refused from {@code key} and are accepted now. */
  default String replayed(String key, String contentHash) {
    return withSuffix(key, "-r" + contentHash.substring(0, SUFFIX_DIGITS));
  }

  /** Hexadecimal digits of a hash in a suffix. */
  int SUFFIX_DIGITS = 8;

  private static String withSuffix(String key, String suffix) {
    return key.substring(0, key.length() - RawFile.EXTENSION.length()) + suffix + RawFile.EXTENSION;
  }

  /**
   * What a raw file's key says.
   *
   * @param type of every line in the file
   * @param observedAt of the run that wrote it
   */
  record RawFile(MetricType type, Instant observedAt) {

    /** How the name of a raw file ends. */
    public static final String EXTENSION = ".json";
  }
}
