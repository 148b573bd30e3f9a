package io.inframetrics.sink.local;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.WriteResult.Failed;
import io.inframetrics.time.Deadline;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.GZIPInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Appends points as JSON Lines to one file a day, by the UTC date of the observation. A point that
 * the day has already is not appended again: a second attempt, and a window that a clock which was
 * set back collects once more, change nothing.
 */
final class LocalPoints implements MetricPublisher {

  private static final Logger LOG = LoggerFactory.getLogger(LocalPoints.class);

  private static final JsonFactory JSON = JsonFactory.builder().rootValueSeparator("\n").build();

  static final String FOLDER = "points";

  private static final String EXTENSION = ".jsonl";

  /** A day's file that grows beyond this is compressed before the day is over. */
  private static final long MAX_BYTES = 256L << 10;

  /** Days whose newest points are remembered: that of a run, and those of late values. */
  private static final int DAYS = 4;

  private final Path folder;
  private final DurableFiles files;
  private final ReentrantLock appending = new ReentrantLock();

  /** The newest timestamp of each series in a day's files, for the days written last. */
  private final Map<LocalDate, Map<String, Long>> newest =
      new LinkedHashMap<>(DAYS, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<LocalDate, Map<String, Long>> eldest) {
          return size() > DAYS;
        }
      };

  LocalPoints(Path root, DurableFiles files) {
    this.folder = root.resolve(FOLDER);
    this.files = files;
  }

  @Override
  public boolean leavesOutDuplicates() {
    return true;
  }

  @Override
  public WriteResult publish(Batches metrics, Deadline deadline) {
    AtomicLong written = new AtomicLong();
    AtomicLong duplicates = new AtomicLong();
    List<Failed> later = new ArrayList<>();
    try {
      metrics.forEach(batch -> append(batch, written, duplicates, later));
    } catch (RuntimeException e) {
      // A publisher never throws: the result reports what could not be read.
      LOG.warn("some metrics could not be read", e);
      later.add(new Failed("points", "some metrics could not be read: " + e));
    }
    return new WriteResult(written.get(), duplicates.get(), List.of(), later);
  }

  private void append(
      List<Metric> batch, AtomicLong written, AtomicLong duplicates, List<Failed> later) {
    SortedMap<LocalDate, List<Metric>> byDay = new TreeMap<>();
    for (Metric metric : batch) {
      LocalDate day = LocalDate.ofInstant(metric.timestamp(), ZoneOffset.UTC);
      byDay.computeIfAbsent(day, d -> new ArrayList<>()).add(metric);
    }
    for (Map.Entry<LocalDate, List<Metric>> day : byDay.entrySet()) {
      Path file = file(day.getKey());
      try {
        int appended = append(day.getKey(), day.getValue());
        written.addAndGet(appended);
        duplicates.addAndGet(day.getValue().size() - appended);
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

  private Path file(LocalDate day) {
    return folder.resolve(day + EXTENSION);
  }

  private static Path compressed(Path file) {
    return file.resolveSibling(file.getFileName() + ".gz");
  }

  /** Returns how many of the metrics were new. */
  private int append(LocalDate day, List<Metric> metrics) throws IOException {
    appending.lock();
    try {
      Files.createDirectories(folder);
      Map<String, Long> known = newest(day);
      List<Metric> fresh = withoutStored(day, metrics, known);
      if (!fresh.isEmpty() || Files.exists(file(day))) {
        append(file(day), fresh.isEmpty() ? new byte[0] : encode(fresh));
      }
      for (Metric metric : fresh) {
        known.merge(metric.series().id(), metric.timestamp().getEpochSecond(), Math::max);
      }
      return fresh.size();
    } catch (IOException e) {
      newest.remove(day); // Some lines may have been written.
      throw e;
    } finally {
      appending.unlock();
    }
  }

  private Map<String, Long> newest(LocalDate day) throws IOException {
    Map<String, Long> known = newest.get(day);
    if (known == null) {
      Map<String, Long> read = new HashMap<>();
      forEachStored(day, (series, timestamp) -> read.merge(series, timestamp, Math::max));
      newest.put(day, read);
      known = read;
    }
    return known;
  }

  /** Looks into the files only for points that are not newer than all of their series. */
  private List<Metric> withoutStored(LocalDate day, List<Metric> metrics, Map<String, Long> known)
      throws IOException {
    Map<String, Metric> doubtful = new HashMap<>();
    List<Metric> fresh = new ArrayList<>();
    for (Metric metric : metrics) {
      Long last = known.get(metric.series().id());
      if (last != null && metric.timestamp().getEpochSecond() <= last) {
        doubtful.putIfAbsent(metric.id(), metric);
      } else {
        fresh.add(metric);
      }
    }
    if (!doubtful.isEmpty()) {
      forEachStored(day, (series, timestamp) -> doubtful.remove(series + '#' + timestamp));
      fresh.addAll(doubtful.values());
    }
    return fresh;
  }

  private void forEachStored(LocalDate day, PointVisitor visitor) throws IOException {
    Path file = file(day);
    Path compressed = compressed(file);
    if (Files.exists(compressed)) {
      try (InputStream in = new GZIPInputStream(Files.newInputStream(compressed))) {
        forEachPoint(in, visitor);
      }
    }
    if (Files.exists(file)) {
      try (InputStream in = Files.newInputStream(file)) {
        forEachPoint(in, visitor);
      }
    }
  }

  private static void forEachPoint(InputStream in, PointVisitor visitor) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
        visit(json, visitor);
      } catch (JacksonException | IllegalArgumentException e) {
        LOG.debug("a line that is no data point is passed over", e); // Half a line, or by hand.
      }
    }
  }

  private static void visit(JsonParser json, PointVisitor visitor) {
    String type = "";
    String instanceId = "";
    long timestamp = 0;
    Map<String, String> dimensions = new HashMap<>();
    json.nextToken();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      json.nextToken();
      switch (name) {
        case "metric_type" -> type = json.getString();
        case "instance_id" -> instanceId = json.getString();
        case "timestamp" -> timestamp = json.getLongValue();
        case "dimensions" -> {
          for (String key = json.nextName(); key != null; key = json.nextName()) {
            json.nextToken();
            dimensions.put(key, json.getString());
          }
        }
        default -> json.skipChildren();
      }
    }
    visitor.visit(Series.of(new MetricType(type), instanceId, dimensions).id(), timestamp);
  }

  @FunctionalInterface
  private interface PointVisitor {
    void visit(String series, long timestamp);
  }

  /** Compresses the files of days that are over, and of any day if it is large. */
  void compress(LocalDate today) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    appending.lock();
    try (DirectoryStream<Path> days = Files.newDirectoryStream(folder, "*" + EXTENSION)) {
      // Yesterday's values may still be late.
      Path oldest = file(today.minusDays(1));
      for (Path file : days) {
        if (file.compareTo(oldest) < 0 || Files.size(file) > MAX_BYTES) {
          compress(file);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    } finally {
      appending.unlock();
    }
  }

  private void compress(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
      channel.truncate(endOfLastLine(channel));
    }
    // A crash may have come between the two steps below.
    if (!endsWith(compressed(file), file)) {
      TarGz.append(compressed(file), files, out -> Files.copy(file, out));
    }
    Files.delete(file);
  }

  /** Whether the last lines of a compressed file are those of another file. */
  private static boolean endsWith(Path compressed, Path file) throws IOException {
    if (!Files.exists(compressed)) {
      return false;
    }
    byte[] expected = Files.readAllBytes(file);
    byte[] last = new byte[expected.length];
    long length = 0;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(compressed))) {
      byte[] buffer = new byte[65_536];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        int kept = Math.min(read, last.length);
        System.arraycopy(last, kept, last, 0, last.length - kept);
        System.arraycopy(buffer, read - kept, last, last.length - kept, kept);
        length += read;
      }
    }
    return length >= expected.length && Arrays.equals(expected, last);
  }

  private void append(Path file, byte[] lines) throws IOException {
    appending.lock();
    try {
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
