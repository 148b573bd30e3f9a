package io.inframetrics.collect.host;

import static io.inframetrics.collect.Requests.collect;
import static io.inframetrics.collect.Requests.window;
import static io.inframetrics.metric.MetricType.CPU_UTILIZATION;
import static io.inframetrics.metric.MetricType.DISK_USAGE;
import static io.inframetrics.metric.MetricType.MEMORY_USAGE;
import static io.inframetrics.metric.MetricType.NETWORK_TRAFFIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.Observation;
import io.inframetrics.collect.host.MachineProbe.CpuCounters;
import io.inframetrics.collect.host.MachineProbe.DiskState;
import io.inframetrics.collect.host.MachineProbe.InterfaceCounters;
import io.inframetrics.collect.host.MachineProbe.MemoryState;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.pipeline.RetryableFailureException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HostSamplerTest {

  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  private final ScriptedMachine machine = new ScriptedMachine();
  private final Instant start = machine.now;
  private final HostSampler sampler = machine.sampler().build();

  @AfterEach
  void close() {
    sampler.close();
  }

  @Test
  void thereIsACollectorForEachBuiltInType() {
    assertThat(sampler.collectors())
        .extracting(MetricCollector::type)
        .containsExactlyElementsOf(MetricType.builtIn());
    assertThat(sampler.collectors()).extracting(MetricCollector::name).containsOnly("host");
    assertThat(sampler.instanceId()).isEqualTo("scripted");
  }

  @Test
  void ratesAreFromReadingToReading() throws Exception {
    sampler.sample();
    machine.pass(TEN_SECONDS).work(500, 2_000).transfer(10_000_000, 2_500_000);
    sampler.sample();
    machine.pass(TEN_SECONDS).work(2_000, 2_000);
    sampler.sample();

    assertThat(points(CPU_UTILIZATION))
        .containsExactly(
            tuple("cpu_utilization#scripted", start.plusSeconds(10), 25.0),
            tuple("cpu_utilization#scripted", start.plusSeconds(20), 100.0));
    // 12.5 MB in 10 seconds are 10 megabits a second.
    assertThat(points(NETWORK_TRAFFIC))
        .containsExactly(
            tuple("network_traffic#scripted#interface=eth0", start.plusSeconds(10), 10.0),
            tuple("network_traffic#scripted#interface=eth0", start.plusSeconds(20), 0.0));
    assertThat(machine.slept).isEmpty();
  }

  @Test
  void statesAreOfEachReading() throws Exception {
    machine.disks = List.of(new DiskState("/", 40, 60), new DiskState("/data", 1, 3));
    sampler.sample();
    machine.pass(TEN_SECONDS).memory = new MemoryState(60, 80);
    machine.disks = List.of(new DiskState("/", 50, 50), new DiskState("/data", 2, 2));
    sampler.sample();

    assertThat(points(MEMORY_USAGE))
        .containsExactly(
            tuple("memory_usage#scripted", start, 25.0),
            tuple("memory_usage#scripted", start.plusSeconds(10), 75.0));
    assertThat(points(DISK_USAGE))
        .containsExactly(
            tuple("disk_usage#scripted#device=/", start, 40.0),
            tuple("disk_usage#scripted#device=/", start.plusSeconds(10), 50.0),
            tuple("disk_usage#scripted#device=/data", start, 25.0),
            tuple("disk_usage#scripted#device=/data", start.plusSeconds(10), 50.0));
  }

  @Test
  void observationsHaveUnitAndRegion() throws Exception {
    HostSampler named = machine.sampler().instanceId("web-1").region("eu-west-1").build();
    named.sample();
    machine.pass(TEN_SECONDS);
    named.sample();
    for (MetricCollector collector : named.collectors()) {
      assertThat(collect(collector, lastMinute()))
          .isNotEmpty()
          .allSatisfy(
              o -> {
                assertThat(o.series().instanceId()).isEqualTo("web-1");
                assertThat(o.region()).isEqualTo("eu-west-1");
                assertThat(o.unit())
                    .isEqualTo(
                        o.series().type().equals(NETWORK_TRAFFIC)
                            ? MetricUnit.MEGABITS_PER_SECOND
                            : MetricUnit.PERCENT);
              });
    }
  }

  @Test
  void onlyTheWindowIsPushed() throws Exception {
    for (int i = 0; i < 5; i++) {
      sampler.sample();
      machine.pass(TEN_SECONDS);
    }
    assertThat(collect(collector(MEMORY_USAGE), window(start, start.plusSeconds(30))))
        .extracting(Observation::timestamp)
        .containsExactly(start.plusSeconds(10), start.plusSeconds(20), start.plusSeconds(30));
  }

  @Test
  void aSecondHasOneReading() {
    assertThat(sampler.sample()).isTrue();
    assertThat(sampler.sample()).isFalse();
    machine.pass(Duration.ofMillis(999));
    assertThat(sampler.sample()).isFalse();
    machine.pass(Duration.ofMillis(1));
    assertThat(sampler.sample()).isTrue();
    machine.pass(Duration.ofMillis(500));
    assertThat(sampler.sample()).isFalse();
  }

  @Test
  void twoReadingsAreNeverTooCloseForARate() {
    machine.pass(Duration.ofMillis(900));
    assertThat(sampler.sample()).isTrue();
    machine.pass(Duration.ofMillis(200));
    assertThat(sampler.sample()).as("the next second, but too soon").isFalse();
    machine.pass(Duration.ofMillis(750));
    assertThat(sampler.sample()).as("a timer may be a little early").isTrue();
  }

  @Test
  void aCounterThatFellGivesNoPoint() throws Exception {
    machine.transfer(5_000, 5_000);
    sampler.sample();
    machine.pass(TEN_SECONDS).interfaces = List.of(new InterfaceCounters("eth0", 6_000, 10));
    machine.cpu = new CpuCounters("machine", 10, 20_000);
    sampler.sample();
    machine.pass(TEN_SECONDS).transfer(1_250_000, 0).work(10, 100);
    sampler.sample();
    assertThat(points(NETWORK_TRAFFIC))
        .containsExactly(
            tuple("network_traffic#scripted#interface=eth0", start.plusSeconds(20), 1.0));
    assertThat(points(CPU_UTILIZATION))
        .containsExactly(tuple("cpu_utilization#scripted", start.plusSeconds(20), 10.0));
  }

  @Test
  void aNewInterfaceStartsWithItsSecondReading() throws Exception {
    sampler.sample();
    machine.pass(TEN_SECONDS).interfaces =
        List.of(new InterfaceCounters("eth0", 0, 0), new InterfaceCounters("eth1", 1L << 40, 0));
    sampler.sample();
    machine.pass(TEN_SECONDS);
    sampler.sample();
    assertThat(points(NETWORK_TRAFFIC))
        .extracting(each -> each.toList().get(0) + "@" + each.toList().get(1))
        .containsExactly(
            "network_traffic#scripted#interface=eth0@" + start.plusSeconds(10),
            "network_traffic#scripted#interface=eth0@" + start.plusSeconds(20),
            "network_traffic#scripted#interface=eth1@" + start.plusSeconds(20));
  }

  @Test
  void aLimitThatChangesGivesNoPointUntilTheNextReading() throws Exception {
    sampler.sample();
    machine.pass(TEN_SECONDS).cpu = new CpuCounters("/pod@0.5", 5, 50_000);
    sampler.sample();
    machine.pass(TEN_SECONDS).work(6, 5);
    sampler.sample();
    // Bursts may exceed a quota for a moment; a percentage stays one.
    assertThat(points(CPU_UTILIZATION))
        .containsExactly(tuple("cpu_utilization#scripted", start.plusSeconds(20), 100.0));
  }

  @Test
  void theClockOfTheWallDoesNotTouchRates() throws Exception {
    sampler.sample();
    machine.pass(TEN_SECONDS).transfer(12_500_000, 0).now = start.plusSeconds(3_600);
    sampler.sample();
    assertThat(points(NETWORK_TRAFFIC))
        .containsExactly(
            tuple("network_traffic#scripted#interface=eth0", start.plusSeconds(3_600), 10.0));
  }

  @Test
  void aClockThatIsSetBackDropsItsFuture() throws Exception {
    for (int i = 0; i < 3; i++) {
      sampler.sample();
      machine.pass(TEN_SECONDS);
    }
    machine.now = start.plusSeconds(5);
    sampler.sample();
    assertThat(
            collect(collector(MEMORY_USAGE), window(start.minusSeconds(1), start.plusSeconds(60))))
        .extracting(Observation::timestamp)
        .containsExactly(start, start.plusSeconds(5));
  }

  @Test
  void theOldestReadingsMakeRoom() throws Exception {
    HostSampler small = machine.sampler().readings(3).build();
    for (int i = 0; i < 10; i++) {
      small.sample();
      machine.pass(TEN_SECONDS);
    }
    assertThat(
            collect(
                small.collectors().get(1), window(start.minusSeconds(1), start.plusSeconds(100))))
        .extracting(Observation::timestamp)
        .containsExactly(start.plusSeconds(70), start.plusSeconds(80), start.plusSeconds(90));
  }

  @Test
  void withoutAReadingTheMachineIsReadNow() throws Exception {
    Instant until = machine.now;
    CollectionRequest request = window(until.minusSeconds(60), until);
    assertThat(collect(collector(CPU_UTILIZATION), request))
        .extracting(Observation::timestamp, Observation::value)
        .containsExactly(tuple(until, 25.0));
    assertThat(collect(collector(NETWORK_TRAFFIC), request))
        .extracting(Observation::timestamp, Observation::value)
        .containsExactly(tuple(until, 10.0));
    assertThat(machine.slept).hasSize(2).containsOnly(Duration.ofSeconds(1));
    assertThat(collect(collector(MEMORY_USAGE), request))
        .extracting(Observation::timestamp, Observation::value)
        .containsExactly(tuple(until, 25.0));
    assertThat(collect(collector(DISK_USAGE), request))
        .extracting(Observation::timestamp, Observation::value)
        .containsExactly(tuple(until, 40.0));
    assertThat(machine.slept).as("states need one reading").hasSize(2);
  }

  @Test
  void aDeadlineThatIsTooNearIsSaid() {
    CollectionRequest hurried = window(start.minusSeconds(60), start, Duration.ofMillis(1_000));
    assertThatExceptionOfType(RetryableFailureException.class)
        .isThrownBy(() -> collect(collector(CPU_UTILIZATION), hurried))
        .withMessage(
            "the processor times must be read twice, PT1S apart, but only PT1S is left until the"
                + " deadline");
    assertThat(machine.slept).isEmpty();
  }

  @Test
  void anInterruptionEndsTheWait() {
    Thread.currentThread().interrupt();
    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> collect(collector(CPU_UTILIZATION), lastMinute()));
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void onePartThatFailsLeavesTheOthersAlone() throws Exception {
    machine.diskFailure = new IllegalStateException("no disks today");
    machine.cpuFailure = new IOException("no times today");
    sampler.sample();
    machine.pass(TEN_SECONDS);
    assertThat(sampler.sample()).isTrue();
    assertThat(points(MEMORY_USAGE)).hasSize(2);
    assertThat(points(NETWORK_TRAFFIC)).hasSize(1);
    assertThatExceptionOfType(RetryableFailureException.class)
        .isThrownBy(() -> collect(collector(DISK_USAGE), lastMinute()))
        .withMessage(
            "the disks of this machine cannot be read: java.lang.IllegalStateException: no disks"
                + " today")
        .withCause(machine.diskFailure);
    assertThatExceptionOfType(RetryableFailureException.class)
        .isThrownBy(() -> collect(collector(CPU_UTILIZATION), lastMinute()))
        .withMessageContaining("no times today");
  }

  @Test
  void aRateBridgesAReadingThatFailed() throws Exception {
    sampler.sample();
    machine.cpuFailure = new IOException("busy");
    machine.pass(TEN_SECONDS).work(0, 100);
    sampler.sample();
    machine.cpuFailure = null;
    machine.pass(TEN_SECONDS).work(50, 100);
    sampler.sample();
    assertThat(points(CPU_UTILIZATION))
        .containsExactly(tuple("cpu_utilization#scripted", start.plusSeconds(20), 25.0));
  }

  @Test
  void startReadsAtOnceInADaemonThread() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    ScriptedMachine watched =
        new ScriptedMachine() {
          @Override
          public long nanoTime() {
            threads.add(Thread.currentThread());
            read.countDown();
            return nanos;
          }
        };
    try (HostSampler started = watched.sampler().build()) {
      started.start(Duration.ofHours(1));
      assertThat(read.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(threads.get(0).isDaemon()).isTrue();
      assertThat(threads.get(0).getName()).isEqualTo("inframetrics-host-sampler");
    }
  }

  @Test
  void startReadsAgainAndAgainWhateverHappens() throws Exception {
    Timers timers = new Timers();
    machine.timer = timers;
    try (timers;
        HostSampler started = machine.sampler().build()) {
      started.start(TEN_SECONDS);
      assertThat(timers.delay).isEqualTo(TEN_SECONDS);
      timers.task.run();
      machine.pass(TEN_SECONDS).diskFailure = new IllegalStateException("gone");
      timers.task.run();
      timers.task.run();
      machine.pass(TEN_SECONDS);
      timers.task.run();
      assertThat(collect(started.collectors().get(1), window(start.minusSeconds(1), machine.now)))
          .hasSize(3);
    }
    assertThat(timers.isShutdown()).isTrue();
  }

  @Test
  void startsOnceAndNotAfterClose() {
    Timers timers = new Timers();
    machine.timer = timers;
    HostSampler once = machine.sampler().build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> once.start(Duration.ofMillis(999)))
        .withMessage("a reading every PT0.999S is too often: use PT1S or more");
    once.start(HostSampler.MIN_INTERVAL);
    assertThatIllegalStateException()
        .isThrownBy(() -> once.start(TEN_SECONDS))
        .withMessage("the sampler has already been started");
    once.close();
    once.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> once.start(TEN_SECONDS))
        .withMessage("the sampler is closed: create a new one");
  }

  @Test
  void canStartWithItsFirstUse() throws Exception {
    Timers timers = new Timers();
    machine.timer = timers;
    try (timers;
        HostSampler lazy = machine.sampler().sampleFromFirstUse(TEN_SECONDS).build()) {
      assertThat(timers.delay).isNull();
      for (MetricCollector collector : lazy.collectors()) {
        collect(collector, lastMinute());
      }
      assertThat(timers.delay).isEqualTo(TEN_SECONDS);
      assertThat(timers.started).isEqualTo(1);
    }
  }

  @Test
  void collectorsOutliveTheSampler() throws Exception {
    sampler.sample();
    sampler.close();
    assertThat(points(MEMORY_USAGE)).hasSize(1);
  }

  @Test
  void severalThreadsMayUseIt() throws Exception {
    var pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        MetricCollector collector = sampler.collectors().get(1);
        all.add(
            pool.submit(
                () -> {
                  for (int n = 0; n < 200; n++) {
                    sampler.sample();
                    List<Observation> observations =
                        collect(collector, window(start.minusSeconds(1), start.plusSeconds(9_999)));
                    assertThat(observations)
                        .extracting(Observation::timestamp)
                        .isSorted()
                        .doesNotHaveDuplicates();
                    synchronized (machine) {
                      machine.pass(Duration.ofSeconds(1));
                    }
                  }
                  return null;
                }));
      }
      for (var each : all) {
        each.get(20, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatIllegalArgumentException().isThrownBy(() -> machine.sampler().region(" "));
    assertThatIllegalArgumentException().isThrownBy(() -> machine.sampler().readings(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> machine.sampler().instanceId("\u0007").build());
  }

  private MetricCollector collector(MetricType type) {
    return sampler.collectors().stream()
        .filter(each -> each.type().equals(type))
        .findAny()
        .orElseThrow();
  }

  private CollectionRequest lastMinute() {
    return window(machine.now.minusSeconds(60), machine.now);
  }

  private List<Tuple> points(MetricType type) throws Exception {
    return collect(collector(type), window(start.minusSeconds(1), machine.now)).stream()
        .map(o -> tuple(o.series().id(), o.timestamp(), o.value()))
        .toList();
  }

  /** Takes the task and leaves running it to the test. */
  private static final class Timers extends ScheduledThreadPoolExecutor implements AutoCloseable {

    private Runnable task;
    private Duration delay;
    private int started;

    Timers() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
        Runnable command, long initialDelay, long delay, TimeUnit unit) {
      this.task = command;
      this.delay = Duration.of(delay, unit.toChronoUnit());
      this.started++;
      return null;
    }

    @Override
    public void close() {
      shutdownNow();
    }
  }
}
