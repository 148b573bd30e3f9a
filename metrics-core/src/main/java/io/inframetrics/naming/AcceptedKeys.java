package io.inframetrics.naming;

/** Keys of the gzipped copies that have only the accepted lines of a raw file, for queries. */
public final class AcceptedKeys {

  public static final String PREFIX = "accepted-metrics/";

  /** Query engines recognize the compression by it. */
  public static final String SUFFIX = ".gz";

  private AcceptedKeys() {}

  /**
   * The key of the copy of {@code rawKey}: the same folders and name, so that queries find a day's
   * copies as they find its raw files.
   *
   * @throws IllegalArgumentException if {@code rawKey} is not below {@value ObjectKeys#PREFIX}
   */
  public static String copyOf(String rawKey) {
    if (!rawKey.startsWith(ObjectKeys.PREFIX)) {
      throw new IllegalArgumentException(
          "'%s' is not a key of a raw file: it must start with %s"
              .formatted(rawKey, ObjectKeys.PREFIX));
    }
    return PREFIX + rawKey.substring(ObjectKeys.PREFIX.length()) + SUFFIX;
  }
}
