package io.inframetrics.sink.dynamodb;

import java.time.Duration;

/**
 * How long records are kept.
 *
 * @param retention how long an observation is kept after its instant, and a mark or a finding after
 *     it was written; 1 day or more. Default: 30 days
 */
public record DynamoDbSettings(Duration retention) {

  // Declared first: the default's constructor needs it.
  private static final Duration LONGEST = Duration.ofDays(36_500);

  public static final DynamoDbSettings DEFAULTS = new DynamoDbSettings(Duration.ofDays(30));

  public DynamoDbSettings {
    if (retention.compareTo(Duration.ofDays(1)) < 0 || retention.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "retention is %s: use 1 to 36,500 days".formatted(retention));
    }
  }
}
