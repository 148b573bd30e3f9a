package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.Severity;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.metric.SeriesId;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.State;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.TrackedFinding;
import io.inframetrics.pipeline.analysis.FindingsAcrossRuns.ClosedFinding;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.text.Texts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Groups series that went wrong at the same time, so that they are reported as one finding.
 *
 * <p>Findings are a group if the episodes of at least {@value #MIN_SERIES} series, and of a fifth
 * of all that were read, begin at once: within a quarter of an hour, or within the time from one
 * point to the next where that is longer, as not every series alarms at its first point. In a large
 * fleet {@value #CROWD} series are enough if they are most of those with a finding of their type:
 * one by one they would fill every notification. Groups across types come first, where each type
 * takes part with a fifth of its own series; then groups within each type.
 *
 * <p>A group that was reported before needs only the {@value #MIN_SERIES} series, so that it does
 * not fall apart while it recovers. An episode that reaches back to the oldest point began at an
 * unknown time, so it takes part only in what was reported before.
 *
 * <p>The series of the group's finding is {@code type#*}, of the type with the most series in it.
 */
final class CorrelatedFindings {

  /** The detector's name in findings. */
  static final String NAME = "correlated";

  /** How far apart episodes begin that belong together, where points are no farther apart. */
  static final Duration AT_ONCE = Duration.ofMinutes(15);

  static final int MIN_SERIES = 5;

  static final int CROWD = 20;

  private static final double MIN_SHARE = 0.2;
  private static final int EXAMPLES = 3;
  private static final int EXAMPLE_LENGTH = 30;

  private final Map<MetricType, Integer> seriesRead;
  private final Map<MetricType, Duration> intervals;
  private final List<AnalysisMark> before;
  private final int allRead;
  private final Map<MetricType, Set<Series>> seriesFound = new HashMap<>();

  /**
   * Groups what a run found.
   *
   * @param seriesRead how many series of each type were judged
   * @param intervals from point to point, of each type, where it is known
   * @param before the marks of groups that the run before left
   */
  CorrelatedFindings(
      Map<MetricType, Integer> seriesRead,
      Map<MetricType, Duration> intervals,
      List<AnalysisMark> before) {
    this.seriesRead = seriesRead;
    this.intervals = intervals;
    this.before = before;
    this.allRead = seriesRead.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static Series standIn(MetricType type) {
    return Series.of(type, "*");
  }

  /** {@code closed} without the members of its groups. */
  List<ClosedFinding> withoutMembers(List<ClosedFinding> closed) {
    List<AnalysisMark> groups =
        closed.stream().map(ClosedFinding::mark).filter(CorrelatedFindings::isGroup).toList();
    return closed.stream()
        .filter(
            one ->
                isGroup(one.mark())
                    || groups.stream().noneMatch(group -> isMember(group, one.mark())))
        .toList();
  }

  private static boolean isGroup(AnalysisMark mark) {
    return mark.detector().equals(NAME);
  }

  private boolean isMember(AnalysisMark group, AnalysisMark one) {
    return SeriesId.type(one.seriesId())
        .map(type -> isAtOnce(group.at(), one.at(), type))
        .orElse(false);
  }

  /**
   * Takes groups out of {@code findings}.
   *
   * @param findings in any order; what stays is in no group
   * @param oldest whether an episode reaches back to the oldest point of its series
   * @return groups in the order of their start, each as one new finding with its members
   */
  List<TrackedFinding> takeFrom(List<TrackedFinding> findings, Predicate<TrackedFinding> oldest) {
    seriesFound.putAll(seriesByType(findings));
    List<TrackedFinding> inOrder =
        findings.stream()
            .filter(one -> !oldest.test(one) || wasReported(one))
            .sorted(
                Comparator.comparing((TrackedFinding one) -> one.finding().start())
                    .thenComparing(TrackedFinding::series))
            .collect(Collectors.toCollection(ArrayList::new));
    List<TrackedFinding> groups = new ArrayList<>();
    takeAll(inOrder, groups, atOnce(), this::acrossTypes);
    byType(inOrder)
        .forEach(
            (type, ofType) ->
                takeAll(
                    ofType,
                    groups,
                    atOnce(type),
                    crowd -> isMany(crowd, type) ? crowd : List.of()));
    groups.sort(Comparator.comparing(group -> group.finding().start()));
    Set<TrackedFinding> taken = new HashSet<>();
    groups.forEach(group -> taken.addAll(group.members()));
    findings.removeIf(taken::contains);
    return groups;
  }

  /** Takes crowds, the largest first; {@code choice} picks a group from one, none if too small. */
  private void takeAll(
      List<TrackedFinding> rest,
      List<TrackedFinding> groups,
      Duration atOnce,
      UnaryOperator<List<TrackedFinding>> choice) {
    while (true) {
      List<TrackedFinding> chosen = choice.apply(largestCrowd(rest, atOnce));
      if (chosen.isEmpty()) {
        return;
      }
      groups.add(group(chosen));
      rest.removeAll(new HashSet<>(chosen));
    }
  }

  private Duration atOnce(MetricType type) {
    Duration interval = intervals.getOrDefault(type, AT_ONCE);
    return interval.compareTo(AT_ONCE) > 0 ? interval : AT_ONCE;
  }

  /** For several types, the shortest: those with frequent points know when it began. */
  private Duration atOnce() {
    return intervals.keySet().stream()
        .map(this::atOnce)
        .min(Comparator.naturalOrder())
        .orElse(AT_ONCE);
  }

  /** The most series that begin an episode within {@code atOnce}. */
  private static List<TrackedFinding> largestCrowd(List<TrackedFinding> inOrder, Duration atOnce) {
    Map<Series, Integer> inside = new HashMap<>();
    int most = 0;
    int mostFrom = 0;
    int mostTo = 0;
    int from = 0;
    for (int to = 0; to < inOrder.size(); to++) {
      Finding last = inOrder.get(to).finding();
      inside.merge(last.series(), 1, Integer::sum);
      while (inOrder.get(from).finding().start().plus(atOnce).isBefore(last.start())) {
        inside.computeIfPresent(
            inOrder.get(from).finding().series(), (series, n) -> n == 1 ? null : n - 1);
        from++;
      }
      if (inside.size() > most) {
        most = inside.size();
        mostFrom = from;
        mostTo = to;
      } else if (inside.size() == most && from == mostFrom) {
        mostTo = to;
      }
    }
    return most == 0 ? List.of() : List.copyOf(inOrder.subList(mostFrom, mostTo + 1));
  }

  private List<TrackedFinding> acrossTypes(List<TrackedFinding> crowd) {
    SortedMap<MetricType, List<TrackedFinding>> byType = byType(crowd);
    byType.entrySet().removeIf(many -> !isMany(many.getValue(), many.getKey()));
    List<TrackedFinding> all = byType.values().stream().flatMap(Collection::stream).toList();
    int series = seriesOf(all).size();
    return byType.size() > 1 && series >= MIN_SHARE * allRead ? all : List.of();
  }

  private boolean isMany(List<TrackedFinding> crowd, MetricType type) {
    int series = seriesOf(crowd).size();
    return series >= MIN_SERIES
        && (series >= MIN_SHARE * seriesRead.getOrDefault(type, 0)
            || (series >= CROWD && 2 * series > seriesFound.getOrDefault(type, Set.of()).size())
            || wasReported(crowd));
  }

  private boolean wasReported(List<TrackedFinding> crowd) {
    MetricType type = mainType(crowd);
    String standIn = standIn(type).id();
    Instant start = start(crowd);
    return before.stream()
        .anyMatch(mark -> mark.seriesId().equals(standIn) && isAtOnce(mark.at(), start, type));
  }

  private boolean wasReported(TrackedFinding one) {
    return before.stream()
        .anyMatch(mark -> isAtOnce(mark.at(), one.finding().start(), one.series().type()));
  }

  private boolean isAtOnce(Instant one, Instant other, MetricType type) {
    return Duration.between(one, other).abs().compareTo(atOnce(type)) <= 0;
  }

  private TrackedFinding group(List<TrackedFinding> members) {
    Instant start = start(members);
    Instant latest =
        members.stream().map(one -> one.finding().latest()).max(Instant::compareTo).orElse(start);
    Severity severity =
        members.stream()
            .map(one -> one.finding().severity())
            .max(Comparator.naturalOrder())
            .orElse(Severity.INFO);
    int series = seriesOf(members).size();
    boolean ongoing = members.stream().anyMatch(one -> one.finding().ongoing());
    return new TrackedFinding(
        State.NEW,
        new Finding(
            standIn(mainType(members)),
            MetricUnit.COUNT,
            NAME,
            severity,
            start,
            latest,
            ongoing,
            !ongoing && members.stream().anyMatch(one -> one.finding().becameUsual()),
            series,
            series,
            reason(members, series),
            null),
        members);
  }

  private String reason(List<TrackedFinding> members, int series) {
    Set<MetricType> types = new TreeSet<>();
    Map<String, Integer> detectors = new TreeMap<>();
    for (TrackedFinding one : members) {
      types.add(one.series().type());
      detectors.merge(one.finding().detector(), 1, Integer::sum);
    }
    int of = types.size() == 1 ? seriesRead.getOrDefault(types.iterator().next(), 0) : allRead;
    String examples =
        members.stream()
            .sorted(TrackedFinding.WORST_FIRST)
            .map(one -> Texts.oneLine(one.series().instanceId(), EXAMPLE_LENGTH))
            .distinct()
            .limit(EXAMPLES)
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%,d of %,d %sseries (%.0f %%) %s: %s; for example %s",
        series,
        of,
        types.size() == 1 ? types.iterator().next() + " " : "",
        100.0 * series / Math.max(1, of),
        types.size() == 1 ? "at the same time" : "of " + types.size() + " types at the same time",
        detectors.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", ")),
        examples);
  }

  private static Instant start(List<TrackedFinding> members) {
    return members.stream()
        .map(one -> one.finding().start())
        .min(Instant::compareTo)
        .orElse(Instant.EPOCH);
  }

  private static Set<Series> seriesOf(List<TrackedFinding> findings) {
    return findings.stream().map(TrackedFinding::series).collect(Collectors.toSet());
  }

  private static SortedMap<MetricType, List<TrackedFinding>> byType(List<TrackedFinding> findings) {
    return findings.stream()
        .collect(
            Collectors.groupingBy(
                one -> one.series().type(), TreeMap::new, Collectors.toCollection(ArrayList::new)));
  }

  private static Map<MetricType, Set<Series>> seriesByType(List<TrackedFinding> findings) {
    return seriesOf(findings).stream()
        .collect(Collectors.groupingBy(Series::type, Collectors.toSet()));
  }

  private static MetricType mainType(List<TrackedFinding> members) {
    return seriesByType(members).entrySet().stream()
        .max(
            Comparator.comparing(
                    (Map.Entry<MetricType, Set<Series>> entry) -> entry.getValue().size())
                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
        .orElseThrow()
        .getKey();
  }
}
