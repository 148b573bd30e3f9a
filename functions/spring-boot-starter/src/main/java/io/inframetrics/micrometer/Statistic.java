package io.inframetrics.micrometer;

/** What is read of a meter. Times are in seconds. */
public enum Statistic {
  /** What a gauge shows now, or how many tasks a long task timer has now. */
  VALUE,
  /** How often a second a counter, timer or distribution summary was counted since the last run. */
  RATE,
  /** The mean of what a timer or distribution summary recorded since the last run. */
  MEAN,
  /** The maximum of a timer or distribution summary, as far back as its registry remembers. */
  MAX
}
