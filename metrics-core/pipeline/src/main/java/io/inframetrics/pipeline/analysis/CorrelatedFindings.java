package io.inframetrics.pipeline.analysis;

import io.inframetrics.detect.Finding;
import io.inframetrics.detect.Severity;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.metric.SeriesId;
import io.inframetrics.pipeline.analysis.AnalysisMemory.ClosedFinding;
import io.inframetrics.pipeline.analysis.AnalyzeMetrics.TrackedFinding;
import io.inframetrics.sink.RunLedger.OpenFinding;
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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Many series that go wrong at once are one incident: at least {@value #MIN_SERIES}, and a fifth of
 * all that were read, begin an episode within a quarter of an hour, or from one point to the next
 * where those are farther apart: not every series alarms at the first. Of a large fleet, {@value
 * #CROWD} are enough where they are most of what is told of their type: by themselves they would
 * fill every notification. First across types, where each type that takes part does so with a fifth
 * of its own; then within each type. An incident that was told before needs only the {@value
 * #MIN_SERIES}, so that it does not fall to pieces while it heals. When an episode began that
 * reaches back to the oldest point is not known, so it takes part only in what was told before.
 *
 * <p>Its series is {@code type#*} of the type that most of its series are of.
 */
final class CorrelatedFindings {

  /** The detector's name in findings. */
  static final String NAME = "correlated";

  /** How far apart episodes begin that belong together, where points are no farther apart. */
  static final Duration AT_ONCE = Duration.ofMinutes(15);

  static final int MIN_SERIES = 5;

  static final int CROWD = 20;

  private static final double MIN_SHARE = 0.2;
  private static final String ANY_INSTANCE = "*";
  private static final int EXAMPLES = 3;
  private static final int EXAMPLE_LENGTH = 30;

  private final Map<MetricType, Integer> seriesRead;
  private final Map<MetricType, Duration> intervals;
  private final List<OpenFinding> toldBefore;
  private final int allRead;
  private final Map<MetricType, Set<Series>> seriesTold = new HashMap<>();

  /**
   * Groups what a run found.
   *
   * @param seriesRead how many series of each type were judged
   * @param intervals from point to point, of each type, where it is known
   * @param toldBefore incidents that the run before left open
   */
  CorrelatedFindings(
      Map<MetricType, Integer> seriesRead,
      Map<MetricType, Duration> intervals,
      List<OpenFinding> toldBefore) {
    this.seriesRead = seriesRead;
    this.intervals = intervals;
    this.toldBefore = toldBefore;
    this.allRead = seriesRead.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The series that stands for many of a type. */
  static Series standIn(MetricType type) {
    return Series.of(type, ANY_INSTANCE);
  }

  /** What is over, where many are over together only what stands for them. */
  List<ClosedFinding> withoutMembers(List<ClosedFinding> closed) {
    List<Instant> crowds =
        closed.stream()
            .filter(one -> one.finding().detector().equals(NAME))
            .map(one -> one.finding().start())
            .toList();
    return closed.stream()
        .filter(
            one ->
                one.finding().detector().equals(NAME)
                    || crowds.stream().noneMatch(at -> isMember(at, one.finding())))
        .toList();
  }

  private boolean isMember(Instant crowd, OpenFinding one) {
    return SeriesId.type(one.seriesId())
        .map(type -> isAtOnce(crowd, one.start(), type))
        .orElse(false);
  }

  /**
   * Takes out of {@code findings} what belongs together.
   *
   * @param findings that are told, in any order; what stays belongs to nothing
   * @param oldest whether an episode reaches back to the oldest point of its series
   * @return groups, in the order of their start
   */
  List<Group> takeFrom(List<TrackedFinding> findings, Predicate<TrackedFinding> oldest) {
    findings.forEach(
        one ->
            seriesTold
                .computeIfAbsent(one.finding().series().type(), type -> new HashSet<>())
                .add(one.finding().series()));
    List<TrackedFinding> inOrder =
        findings.stream()
            .filter(one -> !oldest.test(one) || wasTold(one))
            .sorted(
                Comparator.comparing((TrackedFinding one) -> one.finding().start())
                    .thenComparing(one -> one.finding().series()))
            .collect(Collectors.toCollection(ArrayList::new));
    List<Group> groups = new ArrayList<>();
    takeAll(inOrder, groups, atOnce(), this::acrossTypes);
    Set<MetricType> types = new TreeSet<>();
    inOrder.forEach(one -> types.add(one.finding().series().type()));
    for (MetricType type : types) {
      List<TrackedFinding> ofType =
          inOrder.stream().filter(one -> one.finding().series().type().equals(type)).toList();
      List<TrackedFinding> rest = new ArrayList<>(ofType);
      takeAll(rest, groups, atOnce(type), many -> isMany(many, type) ? many : List.of());
    }
    groups.sort(Comparator.comparing(group -> group.finding().start()));
    Set<TrackedFinding> taken = new HashSet<>();
    groups.forEach(group -> taken.addAll(group.members()));
    findings.removeIf(taken::contains);
    return groups;
  }

  /** Takes the largest crowds, one after another, until {@code choice} wants none of one. */
  private void takeAll(
      List<TrackedFinding> rest, List<Group> groups, Duration atOnce, Choice choice) {
    while (true) {
      List<TrackedFinding> chosen = choice.of(largestCrowd(rest, atOnce));
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

  /** Of several types: those with points often know when it began. */
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
    Map<MetricType, List<TrackedFinding>> byType =
        crowd.stream()
            .collect(
                Collectors.groupingBy(
                    one -> one.finding().series().type(), TreeMap::new, Collectors.toList()));
    byType.values().removeIf(many -> !isMany(many, many.get(0).finding().series().type()));
    List<TrackedFinding> all = byType.values().stream().flatMap(Collection::stream).toList();
    int series = seriesOf(all).size();
    return byType.size() > 1 && series >= MIN_SHARE * allRead ? all : List.of();
  }

  private boolean isMany(List<TrackedFinding> crowd, MetricType type) {
    int series = seriesOf(crowd).size();
    return series >= MIN_SERIES
        && (series >= MIN_SHARE * seriesRead.getOrDefault(type, 0)
            || (series >= CROWD && 2 * series > seriesTold.getOrDefault(type, Set.of()).size())
            || wasTold(crowd));
  }

  private boolean wasTold(List<TrackedFinding> crowd) {
    MetricType type = mainType(crowd);
    String standIn = standIn(type).id();
    Instant start = start(crowd);
    return toldBefore.stream()
        .anyMatch(told -> told.seriesId().equals(standIn) && isAtOnce(told.start(), start, type));
  }

  private boolean wasTold(TrackedFinding one) {
    MetricType type = one.finding().series().type();
    return toldBefore.stream()
        .anyMatch(told -> isAtOnce(told.start(), one.finding().start(), type));
  }

  private boolean isAtOnce(Instant one, Instant other, MetricType type) {
    return Duration.between(one, other).abs().compareTo(atOnce(type)) <= 0;
  }

  private Group group(List<TrackedFinding> members) {
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
    return new Group(
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
      types.add(one.finding().series().type());
      detectors.merge(one.finding().detector(), 1, Integer::sum);
    }
    int of = types.size() == 1 ? seriesRead.getOrDefault(types.iterator().next(), 0) : allRead;
    String examples =
        members.stream()
            .sorted(Incident.WORST_FIRST)
            .map(one -> Texts.oneLine(one.finding().series().instanceId(), EXAMPLE_LENGTH))
            .distinct()
            .limit(EXAMPLES)
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%,d of %,d %sseries (%.0f %%) %s: %s; such as %s",
        series,
        of,
        types.size() == 1 ? types.iterator().next() + " " : "",
        100.0 * series / Math.max(1, of),
        types.size() == 1 ? "at once" : "of " + types.size() + " types at once",
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
    return findings.stream().map(one -> one.finding().series()).collect(Collectors.toSet());
  }

  private static MetricType mainType(List<TrackedFinding> members) {
    Map<MetricType, Set<Series>> byType = new TreeMap<>();
    for (TrackedFinding one : members) {
      Series series = one.finding().series();
      byType.computeIfAbsent(series.type(), type -> new HashSet<>()).add(series);
    }
    return byType.entrySet().stream()
        .max(
            Comparator.comparing(
                    (Map.Entry<MetricType, Set<Series>> entry) -> entry.getValue().size())
                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
        .orElseThrow()
        .getKey();
  }

  /** Which of a crowd make an incident; none if it is no crowd. */
  private interface Choice {
    List<TrackedFinding> of(List<TrackedFinding> crowd);
  }

  /** What belongs together, not yet held against the run before. */
  record Group(Finding finding, List<TrackedFinding> members) {}
}
