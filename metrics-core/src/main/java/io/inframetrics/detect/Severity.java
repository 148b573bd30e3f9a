package io.inframetrics.detect;

/** How soon somebody should look; the later the constant, the sooner. */
public enum Severity {
  /** Good to know. */
  INFO,
  /** Look today. */
  WARNING,
  /** Look now. */
  CRITICAL
}
