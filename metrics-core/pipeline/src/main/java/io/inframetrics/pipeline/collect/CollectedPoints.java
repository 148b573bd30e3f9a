package io.inframetrics.pipeline.collect;

import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.time.Deadline;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What runs of one type collected lately: a hash of each series and second, and the value. A run
 * that looks behind drops what is here with the same value, so that it is stored and published
 * once. Takes about 30 bytes a point. Not thread-safe.
 *
 * <p>Stored as a document, replaced by each run. If it is lost, the next run collects the points
 * behind its window once more, and publishes them a second time.
 */
final class CollectedPoints {

  private static final Logger LOG = LoggerFactory.getLogger(CollectedPoints.class);

  private static final int VERSION = 1;
  private static final int INITIAL_CAPACITY = 1 << 10;
  private static final long NONE = Long.MIN_VALUE;
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  /** Open addressing: an entry whose key is 0 is free. */
  private long[] keys = new long[INITIAL_CAPACITY];

  private long[] seconds = new long[INITIAL_CAPACITY];
  private double[] values = new double[INITIAL_CAPACITY];
  private int size;

  private @Nullable Series lastSeries;
  private long lastHash;

  /** Where the points of a type are kept. */
  static String documentKey(MetricType type) {
    return "collected/" + type + ".points";
  }

  /** The points that earlier runs left; none if there are none or they cannot be understood. */
  static CollectedPoints read(DocumentStore documents, MetricType type, Deadline deadline) {
    StoredObject stored = documents.open(documentKey(type), deadline).orElse(null);
    if (stored == null) {
      return new CollectedPoints();
    }
    try (stored;
        DataInputStream in = new DataInputStream(new BufferedInputStream(stored.body()))) {
      CollectedPoints points = new CollectedPoints();
      if (in.readInt() == VERSION) {
        for (int left = in.readInt(); left > 0; left--) {
          points.put(in.readLong(), in.readLong(), in.readDouble());
        }
        return points;
      }
      LOG.warn("{} has another format: its points are collected again", stored.key());
    } catch (EOFException e) {
      LOG.warn("{} is cut off: its points are collected again", stored.key());
    } catch (IOException e) {
      throw new UncheckedIOException("could not read " + stored.key(), e);
    }
    return new CollectedPoints();
  }

  /** Whether the point was collected before, with this value. */
  boolean has(Series series, Instant timestamp, double value) {
    int at = find(hash(series, timestamp.getEpochSecond()));
    return keys[at] != 0 && Double.compare(values[at], value) == 0;
  }

  /** Whether the point was collected before, with any value. */
  boolean has(Series series, Instant timestamp) {
    return keys[find(hash(series, timestamp.getEpochSecond()))] != 0;
  }

  /** Adds a point, or corrects its value. */
  void add(Series series, Instant timestamp, double value) {
    long second = timestamp.getEpochSecond();
    put(hash(series, second), second, value);
  }

  int size() {
    return size;
  }

  /** The time of the newest point that is not after {@code until}. */
  Optional<Instant> newest(Instant until) {
    long newest = newestSecond(until.getEpochSecond());
    return newest == NONE ? Optional.empty() : Optional.of(Instant.ofEpochSecond(newest));
  }

  private long newestSecond(long until) {
    long newest = NONE;
    for (int i = 0; i < keys.length; i++) {
      if (keys[i] != 0 && seconds[i] <= until) {
        newest = Math.max(newest, seconds[i]);
      }
    }
    return newest;
  }

  /**
   * Stores the points after {@code start}, in place of those that were stored, and the newest one
   * up to {@code until} in any case: it tells how long nothing has come.
   */
  void write(
      DocumentStore documents, MetricType type, Instant start, Instant until, Deadline deadline) {
    long newest = newestSecond(until.getEpochSecond());
    long after =
        newest == NONE ? start.getEpochSecond() : Math.min(start.getEpochSecond(), newest - 1);
    int count = 0;
    for (int i = 0; i < keys.length; i++) {
      count += keys[i] != 0 && seconds[i] > after ? 1 : 0;
    }
    try (StagedObject<String> staged = documents.create(documentKey(type), deadline)) {
      DataOutputStream out = new DataOutputStream(new BufferedOutputStream(staged.body()));
      out.writeInt(VERSION);
      out.writeInt(count);
      for (int i = 0; i < keys.length; i++) {
        if (keys[i] != 0 && seconds[i] > after) {
          out.writeLong(keys[i]);
          out.writeLong(seconds[i]);
          out.writeDouble(values[i]);
        }
      }
      out.flush();
      staged.commit();
    } catch (IOException e) {
      throw new UncheckedIOException("could not write " + documentKey(type), e);
    }
  }

  private void put(long key, long second, double value) {
    int at = find(key);
    if (keys[at] == 0) {
      if (3 * (size + 1) > 2 * keys.length) {
        grow();
        at = find(key);
      }
      size++;
    }
    keys[at] = key;
    seconds[at] = second;
    values[at] = value;
  }

  private int find(long key) {
    int at = (int) key & (keys.length - 1);
    while (keys[at] != 0 && keys[at] != key) {
      at = (at + 1) & (keys.length - 1);
    }
    return at;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldSeconds = seconds;
    double[] oldValues = values;
    keys = new long[2 * oldKeys.length];
    seconds = new long[keys.length];
    values = new double[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int at = find(oldKeys[i]);
        keys[at] = oldKeys[i];
        seconds[at] = oldSeconds[i];
        values[at] = oldValues[i];
      }
    }
  }

  /**
   * A key of 64 bits, never 0, which marks a free place. If two points have the same key, the
   * second counts as collected when their values are equal. Among a million points that happens
   * about once in forty million runs.
   */
  private long hash(Series series, long second) {
    if (!series.equals(lastSeries)) {
      long hash = FNV_OFFSET;
      String id = series.id();
      for (int i = 0; i < id.length(); i++) {
        hash = (hash ^ id.charAt(i)) * FNV_PRIME;
      }
      lastHash = hash;
      lastSeries = series;
    }
    long mixed = lastHash ^ second * 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    mixed ^= mixed >>> 31;
    return mixed == 0 ? 1 : mixed;
  }
}
