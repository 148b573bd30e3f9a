package io.inframetrics.page;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A finding as the page shows it.
 *
 * @param id of its element
 * @param severity {@code critical}, {@code warning} or {@code info}
 * @param name of the series in words
 * @param since when it began, and how long ago
 * @param found by which detector of which analysis
 * @param change {@code new}, {@code worse}, {@code better}, {@code still} or {@code over}
 * @param full when a capacity is reached; empty if that is not what was found
 * @param chartOf id of the series whose chart shows it: its own, or the worst of many
 * @param chartName that series in words, if it is not its own; else empty
 * @param anchor id that links to the series lead to; null if an earlier finding has it
 * @param members in words
 * @param moreMembers that are not named
 * @hidden
 */
public record FindingView(
    String id,
    String severity,
    String analysis,
    String detector,
    String seriesId,
    String name,
    String reason,
    String value,
    String since,
    String found,
    String change,
    boolean ongoing,
    boolean analyzed,
    @Nullable String mutedUntil,
    String full,
    String chartOf,
    String chartName,
    @Nullable String anchor,
    List<String> members,
    int moreMembers) {}
