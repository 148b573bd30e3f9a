package io.inframetrics.aws;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/**
 * The time of signatures that are made without the SDK's clients: this machine's, until AWS refuses
 * a request and shows that its own clock differs. AWS takes a signature for five minutes, S3 for
 * fifteen. Thread-safe.
 */
final class SigningClock {

  /** As the SDK's own clients have it: below, another clock is not the reason of a refusal. */
  private static final Duration LEAST_SKEW = Duration.ofMinutes(4);

  private volatile Duration ahead = Duration.ZERO;

  Clock clock() {
    return Clock.offset(Clock.systemUTC(), ahead);
  }

  /**
   * Whether a request was refused by a service whose clock differs; the next one is then signed by
   * that clock.
   *
   * @param date the answer's header Date
   */
  boolean corrects(Instant signedAt, int status, String date) {
    if (status != 400 && status != 401 && status != 403) {
      return false;
    }
    try {
      Instant theirs = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      if (Duration.between(signedAt, theirs).abs().compareTo(LEAST_SKEW) < 0) {
        return false;
      }
      ahead = Duration.between(Instant.now(), theirs);
      return true;
    } catch (DateTimeException e) {
      return false; // It does not tell its time.
    }
  }
}
