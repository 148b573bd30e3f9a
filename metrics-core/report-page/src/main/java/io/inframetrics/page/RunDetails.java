package io.inframetrics.page;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What happened on the state machine in a run.
 *
 * @param definition the state machine in the Amazon States Language, as JSON
 * @param status how the execution ended, such as {@code SUCCEEDED}
 * @param error the error's name if it failed, else null
 * @param cause in words if it failed, else null
 * @param visits in the order of entering
 * @param objects keys of the objects that the run wrote
 * @param calls how often each service was called, such as {@code "DynamoDB Query"}; shown in this
 *     order
 * @param cost in words, such as {@code 0.0003 USD}; null where nothing is billed
 */
public record RunDetails(
    String definition,
    String status,
    @Nullable String error,
    @Nullable String cause,
    Instant start,
    Instant end,
    List<Visit> visits,
    List<String> objects,
    Map<String, Long> calls,
    @Nullable String cost) {

  public RunDetails {
    visits = List.copyOf(visits);
    objects = List.copyOf(objects);
    calls = Collections.unmodifiableMap(new LinkedHashMap<>(calls));
  }

  /**
   * One visit of a state.
   *
   * @param place the branches around it, such as {@code ParallelAnalytics[1]}; empty for a state of
   *     the execution itself
   * @param outcome such as {@code SUCCEEDED}, {@code CAUGHT} or {@code FAILED}
   * @param error name of the error that was caught or that it failed with; null if there was none,
   *     or it is not known
   */
  public record Visit(
      String state,
      String place,
      String type,
      String outcome,
      Instant entered,
      Duration duration,
      int retries,
      @Nullable String error) {

    /** A visit whose error, if there was one, is not known. */
    public Visit(
        String state,
        String place,
        String type,
        String outcome,
        Instant entered,
        Duration duration,
        int retries) {
      this(state, place, type, outcome, entered, duration, retries, null);
    }
  }
}
