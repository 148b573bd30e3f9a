package io.inframetrics.cli;

enum Source {
  /** This machine. */
  host,
  /** An invented fleet. */
  synthetic
}
