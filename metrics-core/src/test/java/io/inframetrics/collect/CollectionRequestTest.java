package io.inframetrics.collect;

import static io.inframetrics.collect.Requests.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class CollectionRequestTest {

  private static final Instant SINCE = Instant.parse("2026-02-19T08:00:00Z");
  private static final Instant UNTIL = Instant.parse("2026-02-19T11:00:00Z");

  @Test
  void theWindowHasItsEndAndNotItsStart() {
    CollectionRequest request = window(SINCE, UNTIL);
    assertThat(request.until()).isEqualTo(UNTIL);
    assertThat(request.includes(SINCE)).isFalse();
    assertThat(request.includes(SINCE.plusNanos(1))).isTrue();
    assertThat(request.includes(UNTIL)).isTrue();
    assertThat(request.includes(UNTIL.plusNanos(1))).isFalse();
  }

  @Test
  void anEmptyWindowIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> window(UNTIL, UNTIL))
        .withMessage(
            "the window's start 2026-02-19T11:00:00Z is not before its end 2026-02-19T11:00:00Z");
  }

  @Test
  void theEndIsCutToSeconds() {
    assertThat(window(SINCE, UNTIL.plusMillis(999)).until()).isEqualTo(UNTIL);
  }
}
