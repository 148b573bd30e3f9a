package io.inframetrics.collect.host;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

/** A machine whose state a test sets, and its time: a wall clock and a measure of what passes. */
class ScriptedMachine extends Clock implements MachineProbe {

  volatile Instant now = Instant.parse("2026-02-19T11:00:00Z");
  volatile long nanos = 1_000_000_000_000L;
  volatile CpuCounters cpu = new CpuCounters("machine", 1_000, 10_000);
  volatile MemoryState memory = new MemoryState(25, 100);
  volatile List<DiskState> disks = List.of(new DiskState("/", 40, 60));
  volatile List<InterfaceCounters> interfaces = List.of(new InterfaceCounters("eth0", 0, 0));
  volatile IOException cpuFailure;
  volatile RuntimeException diskFailure;
  volatile ScheduledExecutorService timer;
  final List<Duration> slept = new ArrayList<>();
  final AtomicInteger diskReadings = new AtomicInteger();

  /** Lets time pass. */
  ScriptedMachine pass(Duration time) {
    now = now.plus(time);
    nanos += time.toNanos();
    return this;
  }

  /** Lets processors work. */
  ScriptedMachine work(double busy, double capacity) {
    cpu = new CpuCounters(cpu.source(), cpu.busy() + busy, cpu.capacity() + capacity);
    return this;
  }

  /** Lets bytes pass the first interface. */
  ScriptedMachine transfer(long received, long sent) {
    InterfaceCounters first = interfaces.get(0);
    interfaces =
        List.of(
            new InterfaceCounters(
                first.name(), first.receivedBytes() + received, first.sentBytes() + sent));
    return this;
  }

  HostSampler.Builder sampler() {
    return HostSampler.builder(this).probe(this);
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public ScheduledExecutorService timer() {
    return timer == null ? MachineProbe.super.timer() : timer;
  }

  @Override
  public void sleep(Duration duration) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("told to stop");
    }
    slept.add(duration);
    pass(duration).work(50, 200).transfer(1_000_000, 250_000);
  }

  @Override
  public String hostName() {
    return "scripted";
  }

  @Override
  public CpuCounters cpu() throws IOException {
    if (cpuFailure != null) {
      throw cpuFailure;
    }
    return cpu;
  }

  @Override
  public MemoryState memory() {
    return memory;
  }

  @Override
  public List<DiskState> disks() {
    diskReadings.incrementAndGet();
    if (diskFailure != null) {
      throw diskFailure;
    }
    return disks;
  }

  @Override
  public List<InterfaceCounters> interfaces() {
    return interfaces;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("tests use UTC");
  }
}
