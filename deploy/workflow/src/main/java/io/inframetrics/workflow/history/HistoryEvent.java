package io.inframetrics.workflow.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One event of an execution's history.
 *
 * @param id counted from 1
 * @param previous the ID of the event before it in the same branch; 0 for the first
 * @param type as Step Functions names it, such as {@code TaskScheduled}
 * @param name the state, the task's Resource or the Map Run; null if the type has none
 * @param data the input, the parameters or the output; null if the type has none
 * @param error the error's name; null if nothing failed or a Fail state names none
 * @param cause the text for the error; null if there is none
 * @param number the index of an iteration, the length of a Map's array, or a task's timeout in
 *     seconds; -1 if there is none
 */
public record HistoryEvent(
    long id,
    long previous,
    Instant time,
    String type,
    @Nullable String name,
    @Nullable JsonNode data,
    @Nullable String error,
    @Nullable String cause,
    long number) {}
