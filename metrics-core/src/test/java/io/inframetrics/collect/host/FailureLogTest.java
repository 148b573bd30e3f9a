package io.inframetrics.collect.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.slf4j.event.EventRecordingLogger;
import org.slf4j.event.SubstituteLoggingEvent;
import org.slf4j.helpers.SubstituteLogger;

class FailureLogTest {

  private final Queue<SubstituteLoggingEvent> events = new ArrayDeque<>();
  private final FailureLog log =
      new FailureLog(new EventRecordingLogger(new SubstituteLogger("test", events, false), events));

  @Test
  void logsEachKindOfFailureOnce() {
    assertThat(log.report("disks", new IOException("first"))).isTrue();
    assertThat(log.report("disks", new IOException("second"))).isFalse();
    assertThat(log.report("disks", new IllegalStateException("third"))).isTrue();
    assertThat(log.report("memory", new IOException("fourth"))).isTrue();
    assertThat(events)
        .extracting(SubstituteLoggingEvent::getThrowable)
        .extracting(Throwable::getMessage)
        .containsExactly("first", "third", "fourth");
    assertThat(events.element().getArgumentArray()).contains("disks");
  }
}
