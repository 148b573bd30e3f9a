package io.inframetrics.sink.s3;

import io.inframetrics.metric.CollectionRun;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where an object comes from, by its metadata. Anybody can put files into a bucket, so a missing or
 * invalid entry is null.
 *
 * @param runId the run that wrote it
 * @param windowStart the start of the window that the run collected, exclusive
 * @param contentSha256 of the content, in hexadecimal; null for a multipart upload, whose metadata
 *     precede the content
 */
record Origin(
    @Nullable String runId, @Nullable Instant windowStart, @Nullable String contentSha256) {

  static final String RUN_ID = "run-id";
  static final String WINDOW_START = "window-start";
  static final String CONTENT_SHA256 = "content-sha256";

  static Origin of(Map<String, String> metadata) {
    return new Origin(
        runId(metadata.get(RUN_ID)),
        instant(metadata.get(WINDOW_START)),
        metadata.get(CONTENT_SHA256));
  }

  Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    if (runId != null) {
      metadata.put(RUN_ID, encode(runId));
    }
    if (windowStart != null) {
      metadata.put(WINDOW_START, windowStart.toString());
    }
    if (contentSha256 != null) {
      metadata.put(CONTENT_SHA256, contentSha256);
    }
    return metadata;
  }

  Origin withContentSha256(String sha256) {
    return new Origin(runId, windowStart, sha256);
  }

  /** Whether the same run wrote both, for the same window. */
  boolean isSameCollection(Origin other) {
    return Objects.equals(runId, other.runId) && Objects.equals(windowStart, other.windowStart);
  }

  /** Percent-encodes spaces, which HTTP trims from the ends of a header, and percent signs. */
  private static String encode(String runId) {
    return runId.replace("%", "%25").replace(" ", "%20");
  }

  private static @Nullable String runId(@Nullable String stored) {
    try {
      return stored == null ? null : new CollectionRun(decode(stored), Instant.EPOCH).runId();
    } catch (IllegalArgumentException e) {
      return null; // Written by somebody else, with another meaning.
    }
  }

  private static String decode(String stored) {
    try {
      return URLDecoder.decode(stored.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return stored; // It was never encoded.
    }
  }

  private static @Nullable Instant instant(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      return null; // Treated as missing.
    }
  }
}
