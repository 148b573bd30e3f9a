package io.inframetrics.collect.host;

import java.time.Duration;

/** Waits, or pretends to in a test. */
@FunctionalInterface
interface Sleeper {

  void sleep(Duration duration) throws InterruptedException;
}
