package io.inframetrics.sink.local;

import io.inframetrics.metric.Metric;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.WriteResult.Failed;
import io.inframetrics.time.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Appends points as JSON Lines to one file a day, by the UTC date of the observation. */
final class LocalPoints implements MetricPublisher {

  private static final Logger LOG = LoggerFactory.getLogger(LocalPoints.class);

  private static final JsonFactory JSON = JsonFactory.builder().rootValueSeparator("\n").build();

  private final Path folder;
  private final ReentrantLock appending = new ReentrantLock();

  LocalPoints(Path root) {
    this.folder = root.resolve("points");
  }

  @Override
  public WriteResult publish(Batches metrics, Deadline deadline) {
    AtomicLong written = new AtomicLong();
    List<Failed> later = new ArrayList<>();
    try {
      metrics.forEach(batch -> append(batch, written, later));
    } catch (RuntimeException e) {
      // A publisher never throws: the result reports what could not be read.
      LOG.warn("some metrics could not be read", e);
      later.add(new Failed("points", "some metrics could not be read: " + e));
    }
    return new WriteResult(written.get(), 0, List.of(), later);
  }

  private void append(List<Metric> batch, AtomicLong written, List<Failed> later) {
    SortedMap<LocalDate, List<Metric>> byDay = new TreeMap<>();
    for (Metric metric : batch) {
      LocalDate day = LocalDate.ofInstant(metric.timestamp(), ZoneOffset.UTC);
      byDay.computeIfAbsent(day, d -> new ArrayList<>()).add(metric);
    }
    for (Map.Entry<LocalDate, List<Metric>> day : byDay.entrySet()) {
      Path file = folder.resolve(day.getKey() + ".jsonl");
      try {
        append(file, encode(day.getValue()));
        written.addAndGet(day.getValue().size());
      } catch (IOException | JacksonException e) {
        LOG.warn("data points could not be appended to '{}'", file, e);
        for (Metric metric : day.getValue()) {
          later.add(
              new Failed(
                  metric.id(), "the data point could not be appended to '" + file + "': " + e));
        }
      }
    }
  }

  private void append(Path file, byte[] lines) throws IOException {
    appending.lock();
    try {
      Files.createDirectories(folder);
      try (FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              LinkOption.NOFOLLOW_LINKS)) {
        long end = endOfLastLine(channel);
        // A process that was killed while writing may have left half a line: overwrite it.
        channel.truncate(end);
        ByteBuffer buffer = ByteBuffer.wrap(lines);
        while (buffer.hasRemaining()) {
          end += channel.write(buffer, end);
        }
      }
    } finally {
      appending.unlock();
    }
  }

  private static long endOfLastLine(FileChannel channel) throws IOException {
    ByteBuffer one = ByteBuffer.allocate(1);
    for (long end = channel.size(); end > 0; end--) {
      one.clear();
      if (channel.read(one, end - 1) == 1 && one.get(0) == '\n') {
        return end;
      }
    }
    return 0;
  }

  private static byte[] encode(List<Metric> metrics) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream(metrics.size() * 200);
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), lines)) {
      metrics.forEach(metric -> encode(metric, out));
      out.writeRaw('\n');
    }
    return lines.toByteArray();
  }

  private static void encode(Metric metric, JsonGenerator out) {
    out.writeStartObject();
    out.writeStringProperty("metric_type", metric.series().type().name());
    out.writeNumberProperty("timestamp", metric.timestamp().getEpochSecond());
    out.writeNumberProperty("value", metric.value());
    out.writeStringProperty("unit", metric.unit().wireName());
    out.writeStringProperty("instance_id", metric.series().instanceId());
    out.writeStringProperty("region", metric.region());
    out.writeStringProperty("run_id", metric.run().runId());
    if (!metric.series().dimensions().isEmpty()) {
      out.writeObjectPropertyStart("dimensions");
      metric.series().dimensions().forEach(out::writeStringProperty);
      out.writeEndObject();
    }
    out.writeEndObject();
  }
}
