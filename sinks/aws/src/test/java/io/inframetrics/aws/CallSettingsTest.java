package io.inframetrics.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CallSettingsTest {

  private static final Duration MS = Duration.ofMillis(1);
  private static final Duration LEAST = Duration.ofMillis(50);
  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void takesTheLimits() {
    assertThat(new CallSettings(1, MS, MS, LEAST).maxAttempts()).isEqualTo(1);
    assertThat(new CallSettings(1, HOUR, HOUR, LEAST).maxDelay()).isEqualTo(HOUR);
  }

  @Test
  void refusesWhatIsPastThem() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CallSettings(0, MS, MS, LEAST))
        .withMessage("the number of attempts of a call is 0: use 1 or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CallSettings(1, Duration.ofNanos(999_999), MS, LEAST))
        .withMessageContaining("use 1 ms or more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CallSettings(1, Duration.ofMillis(2), MS, LEAST))
        .withMessageContaining("between the first delay, PT0.002S, and PT1H");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CallSettings(1, MS, HOUR.plusNanos(1), LEAST))
        .withMessageContaining("and PT1H");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CallSettings(1, MS, MS, LEAST.minusNanos(1)))
        .withMessageContaining("use PT0.05S or more");
  }
}
