package io.inframetrics.cli;

/** Where a local run's metrics come from. */
enum Source {
  /** This machine. */
  host,
  /** An invented fleet. */
  synthetic
}
