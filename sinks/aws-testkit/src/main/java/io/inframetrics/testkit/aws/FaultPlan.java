package io.inframetrics.testkit.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Decides what goes wrong and counts what has passed. Proxies that share a plan share its count, so
 * that "the n-th request" may be one to any of them. Thread-safe.
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

  /** Returns a plan that lets everything pass. */
  public static FaultPlan passing() {
    return deciding(request -> Fault.PASS);
  }

  /**
   * Asks {@code decision} for the fault of each request that has arrived whole, one request after
   * the other, in the order of their numbers.
   */
  public static FaultPlan deciding(Function<? super ProxiedRequest, Fault> decision) {
    return new FaultPlan(decision, false, NEVER);
  }

  /**
   * Passes bytes on unread up to the {@code n}-th: then every connection is closed, and new ones
   * are closed as soon as they are made, until {@link #restore()}. Bytes of both directions of all
   * connections of all proxies count. Requests are not recorded.
   *
   * @param n 1 or more
   */
  public static FaultPlan endingAtByte(long n) {
    if (n < 1) {
      throw new IllegalArgumentException(
          "the number of the last byte is %d: use 1 or more".formatted(n));
    }
    return new FaultPlan(request -> Fault.PASS, true, n);
  }

  /** Passes bytes on unread and counts them: how many a whole run takes. */
  public static FaultPlan countingBytes() {
    return new FaultPlan(request -> Fault.PASS, true, NEVER);
  }

  public void decide(Function<? super ProxiedRequest, Fault> newDecision) {
    synchronized (lock) {
      decision = newDecision;
    }
  }

  /** Keeps bodies in {@link #requests()} from now on. */
  public FaultPlan keepingBodies() {
    synchronized (lock) {
      keepsBodies = true;
    }
    return this;
  }

  /** Lets every byte pass from now on. */
  public void restore() {
    synchronized (lock) {
      lastByte = NEVER;
      down = false;
    }
  }

  /** The requests so far, by number, including those that were cut or answered here. */
  public List<ProxiedRequest> requests() {
    synchronized (lock) {
      return List.copyOf(requests);
    }
  }

  public int count() {
    synchronized (lock) {
      return lastNumber;
    }
  }

  /** Bytes passed so far, in both directions; 0 if bytes are not counted. */
  public long bytes() {
    synchronized (lock) {
      return bytes;
    }
  }

  /** Whether bytes pass unread. */
  boolean isRaw() {
    return raw;
  }

  /** Whether all connections are closed, and new ones at once. */
  boolean isDown() {
    synchronized (lock) {
      return down;
    }
  }

  Fault next(String service, HttpMessage message) {
    synchronized (lock) {
      lastNumber++;
      ProxiedRequest request = ProxiedRequest.of(lastNumber, service, message);
      requests.add(keepsBodies ? request : request.withoutBody());
      return decision.apply(request);
    }
  }

  /** How many of {@code wanted} bytes may still pass; the plan ends with its last byte. */
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
