package io.inframetrics.collect.host;

import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.host.Meter.Sample;
import io.inframetrics.metric.MetricType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads this machine at intervals and keeps the readings, so a run has points of its whole window.
 *
 * <p>A reading is processor, memory, disks and network interfaces at one second of the clock.
 * Processor and network are rates since the reading before, so the first reading has none. The last
 * {@linkplain Builder#readings few thousand} are kept. A part that cannot be read is left out and
 * logged, once for each kind of failure. A reading takes some milliseconds, the first one some
 * tenths of a second.
 *
 * <p>A collector pushes the kept points of its window. If there are none, it reads the machine at
 * once, for rates twice, a second apart, and pushes the result with the time {@code
 * request.until()}: ask for windows that end about now.
 *
 * <p>Safe for use by several threads.
 */
public final class HostSampler implements AutoCloseable {

  /** Default number of readings: eleven hours of one every ten seconds. */
  public static final int DEFAULT_READINGS = 4_096;

  public static final Duration MIN_INTERVAL = Duration.ofSeconds(1);

  /** The region of a machine outside any cloud. */
  public static final String DEFAULT_REGION = "local";

  private static final Logger LOG = LoggerFactory.getLogger(HostSampler.class);

  /** A timer may fire a little early; a reading that comes earlier than this is skipped. */
  private static final Duration MIN_SPACING = MIN_INTERVAL.minusMillis(100);

  private final Clock clock;
  private final MachineProbe probe;
  private final String instanceId;
  private final List<MetricCollector> collectors;
  private final Readings readings;
  private final List<Gauge<?>> gauges;
  private final Object sampling = new Object();
  private final FailureLog failures = new FailureLog(LOG);

  // Guarded by "sampling".
  private @Nullable Last last;

  // Guarded by "this".
  private @Nullable ScheduledExecutorService timer;
  private boolean closed;

  private HostSampler(Builder builder, MachineProbe probe) {
    this.clock = builder.clock;
    this.probe = probe;
    this.instanceId = builder.instanceId.orElseGet(() -> hostName(probe));
    this.readings = new Readings(builder.readings);
    List<Meter<?>> meters = Meters.of(probe, instanceId);
    this.gauges = meters.stream().<Gauge<?>>map(meter -> new Gauge<>(meter)).toList();
    Runnable first = builder.sampleEvery.<Runnable>map(e -> () -> startOnce(e)).orElse(() -> {});
    this.collectors =
        meters.stream()
            .<MetricCollector>map(
                meter -> new HostCollector<>(meter, readings, first, probe, builder.region))
            .toList();
  }

  /** A builder with the host name and {@value #DEFAULT_REGION}; {@code clock} dates readings. */
  public static Builder builder(Clock clock) {
    return new Builder(clock);
  }

  /** The instance id of every series. */
  public String instanceId() {
    return instanceId;
  }

  /**
   * Takes a reading and keeps it, unless the last one was taken in nearly the same second: a second
   * has one point, and rates need some time. If the clock was set back, readings that are now in
   * the future are dropped.
   *
   * @return whether a reading was taken
   */
  public boolean sample() {
    synchronized (sampling) {
      long second = clock.instant().getEpochSecond();
      long nanos = probe.nanoTime();
      Last before = last;
      if (before != null
          && (second == before.epochSecond() || nanos - before.nanos() < MIN_SPACING.toNanos())) {
        return false;
      }
      last = new Last(second, nanos);
      Map<MetricType, List<Sample>> samples = new HashMap<>();
      for (Gauge<?> gauge : gauges) {
        try {
          samples.put(gauge.meter.type(), gauge.sample());
        } catch (IOException | RuntimeException | LinkageError e) {
          failures.report("the " + gauge.meter.what() + " of this machine cannot be read", e);
        }
      }
      int dropped = readings.add(new Readings.Reading(second, samples));
      if (dropped > 0) {
        LOG.info(
            "the clock was set back: dropped {} readings that would now be in the future", dropped);
      }
      return true;
    }
  }

  /**
   * Takes a reading at once and then at intervals, in a daemon thread, until {@link #close()}.
   *
   * @param every at least {@link #MIN_INTERVAL}
   * @throws IllegalStateException if it has been started already, or closed
   */
  public synchronized void start(Duration every) {
    if (closed || timer != null) {
      throw new IllegalStateException(
          closed
              ? "the sampler is closed: create a new one"
              : "the sampler has already been started");
    }
    requireInterval(every);
    timer = probe.timer();
    // Not at a fixed rate: after a machine slept, missed readings must not come in a burst.
    var unused =
        timer.scheduleWithFixedDelay(
            this::sampleOrReport, 0, every.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Ends the timer of {@link #start}. Readings stay; collectors go on working. */
  @Override
  public synchronized void close() {
    closed = true;
    if (timer != null) {
      timer.shutdownNow();
    }
  }

  /** The collectors of the four built-in types; always the same. */
  public List<MetricCollector> collectors() {
    return collectors;
  }

  private synchronized void startOnce(Duration every) {
    if (timer == null && !closed) {
      start(every);
    }
  }

  /** An exception would end the timer silently. */
  private void sampleOrReport() {
    try {
      sample();
    } catch (RuntimeException e) {
      failures.report("this machine cannot be sampled", e);
    }
  }

  private static String hostName(MachineProbe probe) {
    try {
      return probe.hostName();
    } catch (IOException e) {
      throw new IllegalStateException(
          "the name of this machine cannot be read: give it an instance id", e);
    }
  }

  private static void requireInterval(Duration every) {
    if (every.compareTo(MIN_INTERVAL) < 0) {
      throw new IllegalArgumentException(
          "a reading every %s is too often: use %s or more".formatted(every, MIN_INTERVAL));
    }
  }

  private record Last(long epochSecond, long nanos) {}

  /** A meter and its last reading. Guarded by "sampling". */
  private static final class Gauge<R> {

    private final Meter<R> meter;
    private @Nullable R before;

    Gauge(Meter<R> meter) {
      this.meter = meter;
    }

    List<Sample> sample() throws IOException {
      R now = meter.reader().read();
      R older = before;
      before = now;
      return older == null ? meter.of(now).orElse(List.of()) : meter.change().apply(older, now);
    }
  }

  /** Not thread-safe. */
  public static final class Builder {

    private final Clock clock;
    private Optional<String> instanceId = Optional.empty();
    private String region = DEFAULT_REGION;
    private int readings = DEFAULT_READINGS;
    private Optional<Duration> sampleEvery = Optional.empty();
    private Optional<MachineProbe> probe = Optional.empty();

    private Builder(Clock clock) {
      this.clock = clock;
    }

    /** Replaces the host name; valid as the instance id of a series. */
    public Builder instanceId(String instanceId) {
      this.instanceId = Optional.of(instanceId);
      return this;
    }

    /** Not blank. */
    public Builder region(String region) {
      if (region.isBlank()) {
        throw new IllegalArgumentException(
            "the region of this machine is blank: name one, or '%s'".formatted(DEFAULT_REGION));
      }
      this.region = region;
      return this;
    }

    /** How many readings are kept, at least 1. One takes about half a kilobyte. */
    public Builder readings(int readings) {
      if (readings < 1) {
        throw new IllegalArgumentException(
            "the number of readings to keep, %d, is not valid: use 1 or more".formatted(readings));
      }
      this.readings = readings;
      return this;
    }

    /** Calls {@link HostSampler#start} when a collector is first used. */
    Builder sampleFromFirstUse(Duration every) {
      requireInterval(every);
      this.sampleEvery = Optional.of(every);
      return this;
    }

    Builder probe(MachineProbe probe) {
      this.probe = Optional.of(probe);
      return this;
    }

    /**
     * A sampler that has not read anything yet.
     *
     * @throws IllegalStateException if OSHI is not on the class path, or does not work here
     */
    public HostSampler build() {
      return new HostSampler(this, probe.orElseGet(Builder::thisMachine));
    }

    private static MachineProbe thisMachine() {
      try {
        return OshiProbe.open(Path.of("/"), System::nanoTime);
      } catch (LinkageError e) {
        throw new IllegalStateException(
            "the host source needs OSHI 7.2 or newer: add com.github.oshi:oshi-core to the class"
                + " path (%s)".formatted(e),
            e);
      }
    }
  }
}
