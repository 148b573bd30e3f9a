package com.example.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.when;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mockito.Mock;
import org.mockito.junit.jupiter.MockitoExtension;

@ExtendWith(MockitoExtension.class)
class QueueCollectorTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-02-19T11:30:00Z"), ZoneOffset.UTC);
  private static final Instant NOW = CLOCK.instant();

  @Mock private QueueReadings readings;

  private List<Observation> collect() throws IOException {
    CollectionRequest request =
        new CollectionRequest(
            new CollectionRun("run-1", NOW),
            NOW.minus(Duration.ofHours(3)),
            Deadline.after(Duration.ofMinutes(1), CLOCK));
    List<Observation> observations = new ArrayList<>();
    new QueueCollector(readings, "orders", "local").collect(request, observations::add);
    return observations;
  }

  @Test
  void pushesEveryReadingOfTheWindow() throws IOException {
    when(readings.between(NOW.minus(Duration.ofHours(3)), NOW))
        .thenReturn(
            List.of(
                new QueueReadings.Reading(NOW.minusSeconds(300), 7),
                new QueueReadings.Reading(NOW, 9.5)));

    Series orders = Series.of(new MetricType("queue_depth"), "orders");
    assertThat(collect())
        .containsExactly(
            new Observation(orders, NOW.minusSeconds(300), 7, MetricUnit.COUNT, "local"),
            new Observation(orders, NOW, 9.5, MetricUnit.COUNT, "local"));
  }

  @Test
  void failsIfThereAreNoReadingsNow() throws IOException {
    when(readings.between(NOW.minus(Duration.ofHours(3)), NOW))
        .thenThrow(new IOException("the queue does not answer"));

    assertThatThrownBy(this::collect).hasMessage("the queue does not answer");
  }
}
