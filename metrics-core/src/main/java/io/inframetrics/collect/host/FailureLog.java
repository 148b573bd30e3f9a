package io.inframetrics.collect.host;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;

/**
 * Logs each kind of failure once, so that a failure every ten seconds does not fill the log. A kind
 * is what failed and the class of the exception, so there are few. Safe for use by several threads.
 */
final class FailureLog {

  private final Logger log;
  private final Set<String> reported = ConcurrentHashMap.newKeySet();

  FailureLog(Logger log) {
    this.log = log;
  }

  /** Logs the failure if it is the first of its kind, and returns whether it was. */
  boolean report(String what, Throwable failure) {
    boolean first = reported.add(what + ' ' + failure.getClass().getName());
    if (first) {
      log.warn("{}; this kind of failure is not logged again", what, failure);
    }
    return first;
  }
}
