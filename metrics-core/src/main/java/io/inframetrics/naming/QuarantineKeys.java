package io.inframetrics.naming;

/** Where refused lines of a raw file go, and where they go once they were accepted. */
public final class QuarantineKeys {

  /** What every quarantine key starts with. */
  public static final String PREFIX = "quarantine/";

  /** Where entries go that were replayed. */
  public static final String REPLAYED_PREFIX = PREFIX + "replayed/";

  private static final String REASONS_SUFFIX = ".reasons.json";

  private QuarantineKeys() {}

  /** The key of the refused lines of {@code rawKey}, verbatim. */
  public static String lines(String rawKey) {
    return PREFIX + rawKey;
  }

  /** The key of the reasons, one for each refused line of {@code rawKey}. */
  public static String reasons(String rawKey) {
    return PREFIX + rawKey + REASONS_SUFFIX;
  }

  /** Whether {@code key} is that of refused lines that wait to be replayed. */
  public static boolean isWaiting(String key) {
    return key.startsWith(PREFIX + ObjectKeys.PREFIX) && !key.endsWith(REASONS_SUFFIX);
  }

  /**
   * The raw file that the lines under {@code quarantineKey} were refused from.
   *
   * @throws IllegalArgumentException unless {@link #isWaiting}
   */
  public static String rawKey(String quarantineKey) {
    if (!isWaiting(quarantineKey)) {
      throw new IllegalArgumentException(
          "'%s' is not a key of refused lines: it should start with %s and not end with %s"
              .formatted(quarantineKey, PREFIX + ObjectKeys.PREFIX, REASONS_SUFFIX));
    }
    return quarantineKey.substring(PREFIX.length());
  }

  /** Where {@code quarantineKey}, of lines or reasons, goes after its replay. */
  public static String replayed(String quarantineKey) {
    return REPLAYED_PREFIX + quarantineKey.substring(PREFIX.length());
  }
}
