package io.inframetrics.testkit.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What goes wrong, and what has passed. Proxies that share a plan share its count, so that "the
 * n-th request" may be one to any of them. Thread-safe.
 */
public final class FaultPlan {

  private static final long NEVER = Long.MAX_VALUE;

  private final Object lock = new Object();
  private final List<ProxiedRequest> requests = new ArrayList<>();
  private final boolean raw;
  private Function<? super ProxiedRequest, Fault> decision;
  private int lastNumber;
  private boolean keepsBodies;
  private long bytes;
  private long lastByte;
  private boolean down;

  private FaultPlan(Function<? super ProxiedRequest, Fault> decision, boolean raw, long lastByte) {
    this.decision = decision;
    this.raw = raw;
    this.lastByte = lastByte;
  }

  /** Everything passes. */
  public static FaultPlan passing() {
    return deciding(request -> Fault.PASS);
  }

  /**
   * Each request gets the fault that {@code decision} names when it has arrived whole. The decision
   * is called for one request after the other, in the order of their numbers.
   */
  public static FaultPlan deciding(Function<? super ProxiedRequest, Fault> decision) {
    return new FaultPlan(decision, false, NEVER);
  }

  /**
   * Bytes pass as they come, unread, and the {@code n}-th of them is the last: then every
   * connection is closed, and new ones are closed as soon as they are made, until {@link
   * #restore()}. Bytes of both directions of all connections of all proxies count. Requests are not
   * recorded.
   *
   * @param n 1 or more
   */
  public static FaultPlan endingAtByte(long n) {
    if (n < 1) {
      throw new IllegalArgumentException("the last byte is number %d: use 1 or more".formatted(n));
    }
    return new FaultPlan(request -> Fault.PASS, true, n);
  }

  /** Bytes pass as they come, unread, and are counted: how many a whole run takes. */
  public static FaultPlan countingBytes() {
    return new FaultPlan(request -> Fault.PASS, true, NEVER);
  }

  /** From now on another decision. */
  public void decide(Function<? super ProxiedRequest, Fault> newDecision) {
    synchronized (lock) {
      decision = newDecision;
    }
  }

  /** From now on bodies are kept in {@link #requests()}. */
  public FaultPlan keepingBodies() {
    synchronized (lock) {
      keepsBodies = true;
    }
    return this;
  }

  /** From now on every byte passes. */
  public void restore() {
    synchronized (lock) {
      lastByte = NEVER;
      down = false;
    }
  }

  /** The requests so far, by number; those that were cut or answered here too. */
  public List<ProxiedRequest> requests() {
    synchronized (lock) {
      return List.copyOf(requests);
    }
  }

  /** How many requests there were so far. */
  public int count() {
    synchronized (lock) {
      return lastNumber;
    }
  }

  /** How many bytes passed so far, in both directions; 0 where bytes are not counted. */
  public long bytes() {
    synchronized (lock) {
      return bytes;
    }
  }

  /** Whether bytes pass unread. */
  boolean isRaw() {
    return raw;
  }

  /** Whether no connection lives. */
  boolean isDown() {
    synchronized (lock) {
      return down;
    }
  }

  /** Counts a request, and decides. */
  Fault next(String service, HttpMessage message) {
    synchronized (lock) {
      lastNumber++;
      ProxiedRequest request = ProxiedRequest.of(lastNumber, service, message);
      requests.add(keepsBodies ? request : request.withoutBody());
      return decision.apply(request);
    }
  }

  /** How many of {@code wanted} bytes may still pass; all that may not pass end the plan. */
  int grant(int wanted) {
    synchronized (lock) {
      if (down) {
        return 0;
      }
      int granted = (int) Math.min(wanted, lastByte - bytes);
      bytes += granted;
      down = bytes == lastByte;
      return granted;
    }
  }
}
