package com.example.queue;

import io.inframetrics.collect.MetricCollector;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.contract.MetricCollectorContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What InfraMetrics expects of every collector. */
class QueueCollectorContractTest extends MetricCollectorContract {

  @TempDir private Path folder;

  @BeforeEach
  void writeReadings() throws IOException {
    long until = SampleMetrics.RUN.observedAt().getEpochSecond();
    StringBuilder lines = new StringBuilder();
    for (long time = until - 4 * 3600; time <= until + 600; time += 300) {
      lines.append(time).append(' ').append(time % 100).append('\n');
    }
    Files.writeString(folder.resolve("readings.txt"), lines);
  }

  @Override
  protected MetricCollector collector() {
    return new QueueCollector(
        new QueueReadingsFile(folder.resolve("readings.txt")), "orders", "local");
  }
}
