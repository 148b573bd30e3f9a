package io.inframetrics.analyze;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a series reaches its capacity if it goes on as it does.
 *
 * @param outcome what can be said
 * @param capacity in the unit of the series
 * @param level where the series is now, the median of its last points; null if there are no points
 * @param growthPerDay units a day; null unless the series grows
 * @param timeLeft from the newest point to the capacity; null unless it is reached within the
 *     horizon
 * @param exhaustedAt when that is; null likewise
 * @param words all this in words, without the name of the series
 */
public record Forecast(
    Outcome outcome,
    double capacity,
    @Nullable Double level,
    @Nullable Double growthPerDay,
    @Nullable Duration timeLeft,
    @Nullable Instant exhaustedAt,
    String words) {

  /** What can be said. */
  public enum Outcome {
    /** Too few points to tell. */
    NOT_ENOUGH_DATA,
    /** Flat, falling, or growing by no more than its noise. */
    NOT_GROWING,
    /** Growing, but the capacity lies beyond the horizon. */
    BEYOND_HORIZON,
    /** The capacity is reached within the horizon. */
    EXHAUSTS,
    /** The capacity is reached now. */
    EXHAUSTED
  }
}
