package io.inframetrics.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.sink.Notifier;
import io.inframetrics.sink.Notifier.Notification;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.testkit.Deadlines;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link Notifier} must do. Each test starts from an empty mailbox. */
@DisplayName("Notifier")
public abstract class NotifierContract {

  protected abstract Notifier notifier();

  /** What has arrived where {@link #notifier} sends to, in any order. */
  protected abstract List<Notification> arrived();

  @Test
  void deliversSubjectMessageAndAttributes() {
    Notification notification =
        Notification.of(
            "InfraMetrics run run-1: DEGRADED",
            "2 of 4 types were collected.\n\nMissing: cpu_utilization (größer als \"90 %\").",
            Map.of("status", "DEGRADED", "run_id", "run-1"));

    deliver(notification);

    assertThat(arrived()).containsExactly(notification);
  }

  @Test
  void deliversTheLongestSubject() {
    Notification notification =
        Notification.of("~".repeat(Notification.MAX_SUBJECT_LENGTH), "message", Map.of());

    deliver(notification);

    assertThat(arrived()).containsExactly(notification);
  }

  @Test
  void deliversASummaryOfFourKilobytes() {
    Notification notification =
        Notification.of("summary", "line of a summary\n".repeat(227) + "end", Map.of("n", "1"));

    deliver(notification);

    assertThat(arrived()).containsExactly(notification);
  }

  @Test
  void neverFailsBecauseAMessageIsLong() {
    deliver(Notification.of("long", "0123456789".repeat(30_000), Map.of()));

    assertThat(arrived()).hasSize(1);
    assertThat(arrived().get(0).message()).startsWith("0123456789");
  }

  @Test
  void deliversDifferentNotificationsEach() {
    deliver(Notification.of("subject", "message", Map.of("run_id", "run-1")));
    deliver(Notification.of("subject", "message", Map.of("run_id", "run-2")));
    deliver(Notification.of("subject", "message 2", Map.of("run_id", "run-2")));

    assertThat(arrived()).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void mayBeAskedAgain() {
    Notification notification = Notification.of("again", "message", Map.of("run_id", "run-1"));

    deliver(notification);
    deliver(notification);

    assertThat(arrived()).isNotEmpty().containsOnly(notification);
  }

  private void deliver(Notification notification) {
    WriteResult result = notifier().send(notification, Deadlines.never());
    assertThat(result.isComplete()).as("result " + result).isTrue();
    assertThat(result.written() + result.duplicate()).as("one item in " + result).isEqualTo(1);
  }
}
