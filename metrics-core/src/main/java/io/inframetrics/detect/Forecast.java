package io.inframetrics.detect;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a series reaches its capacity if it goes on as it does.
 *
 * @param capacity in the unit of the series
 * @param level where the series is now, the median of its last points; null if there are no points
 * @param growthPerDay units a day, less what recurring drops take away; null if there is not enough
 *     data; may be zero or less where the series is not growing
 * @param timeLeft from the newest point to the capacity, as likely too long as too short; null
 *     unless it is reached within the horizon
 * @param exhaustedAt when the capacity is reached; null likewise
 * @param earliest the capacity is reached before this with a chance of one in ten; null unless the
 *     series grows
 * @param latest the capacity is reached after this with a chance of one in ten, so between {@code
 *     earliest} and {@code latest} with a chance of 80 %; null also where it may never be reached
 * @param words all this in words, without the name of the series
 */
public record Forecast(
    Outcome outcome,
    double capacity,
    @Nullable Double level,
    @Nullable Double growthPerDay,
    @Nullable Duration timeLeft,
    @Nullable Instant exhaustedAt,
    @Nullable Instant earliest,
    @Nullable Instant latest,
    String words) {

  public enum Outcome {
    /** Too few points to tell. */
    NOT_ENOUGH_DATA,
    /** Flat, falling, or growing by no more than its noise. */
    NOT_GROWING,
    /** Growing, but more likely than not the capacity lies beyond the horizon. */
    BEYOND_HORIZON,
    /** The capacity is reached within the horizon. */
    EXHAUSTS,
    /** The capacity is reached now. */
    EXHAUSTED
  }
}
