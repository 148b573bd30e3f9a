package io.inframetrics.naming;

/** Keys of rejected lines, before and after their replay. */
public final class QuarantineKeys {

  public static final String PREFIX = "quarantine/";

  public static final String REPLAYED_PREFIX = PREFIX + "replayed/";

  private static final String REASONS_SUFFIX = ".reasons.json";

  private QuarantineKeys() {}

  /** The key of the rejected lines of {@code rawKey}, verbatim. */
  public static String lines(String rawKey) {
    return PREFIX + rawKey;
  }

  /** The key of the reasons, one for each rejected line of {@code rawKey}. */
  public static String reasons(String rawKey) {
    return PREFIX + rawKey + REASONS_SUFFIX;
  }

  /** Whether {@code key} names rejected lines that wait to be replayed. */
  public static boolean isWaiting(String key) {
    return key.startsWith(PREFIX + ObjectKeys.PREFIX) && !key.endsWith(REASONS_SUFFIX);
  }

  /**
   * The raw file of the rejected lines under {@code quarantineKey}.
   *
   * @throws IllegalArgumentException unless {@link #isWaiting}
   */
  public static String rawKey(String quarantineKey) {
    if (!isWaiting(quarantineKey)) {
      throw new IllegalArgumentException(
          "'%s' is not a key of rejected lines: it must start with %s and must not end with %s"
              .formatted(quarantineKey, PREFIX + ObjectKeys.PREFIX, REASONS_SUFFIX));
    }
    return quarantineKey.substring(PREFIX.length());
  }

  /** The key of {@code quarantineKey}, of lines or reasons, after its replay. */
  public static String replayed(String quarantineKey) {
    return REPLAYED_PREFIX + quarantineKey.substring(PREFIX.length());
  }
}
