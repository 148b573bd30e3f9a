package io.inframetrics.page;

import static io.inframetrics.pipeline.report.JsonValues.objects;
import static io.inframetrics.pipeline.report.JsonValues.text;

import io.inframetrics.page.RunDetails.Visit;
import io.inframetrics.page.RunView.Flow;
import io.inframetrics.page.RunView.Step;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The state machine as paths to be read from top to bottom: the main one, then what choices and
 * errors lead to. Where a choice has several ways, the main path follows the one that the run took.
 */
final class StateMachineView {

  private static final JsonFactory JSON = new JsonFactory();

  /** Comparisons of a Choice in words; the longer names first, as others are a part of them. */
  private static final Map<String, String> COMPARISONS = comparisons();

  private final Map<String, List<Visit>> visits;

  private StateMachineView(List<Visit> visits) {
    this.visits = visits.stream().collect(Collectors.groupingBy(Visit::state));
  }

  /** Null if {@code definition} is not a state machine. */
  static @Nullable Flow of(String definition, List<Visit> visits) {
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), definition)) {
      return new StateMachineView(visits).flow(StoredAnalysis.object(json), "");
    } catch (JacksonException e) {
      return null; // The page shows the timeline alone.
    }
  }

  private @Nullable Flow flow(Map<String, @Nullable Object> machine, String title) {
    Map<String, Map<String, @Nullable Object>> states = new LinkedHashMap<>();
    for (Map<String, @Nullable Object> all : objects(machine.get("States"))) {
      all.forEach((name, state) -> objects(state).forEach(one -> states.put(name, one)));
    }
    Map<String, String> reasons = new LinkedHashMap<>(); // states beside the path, and why
    Set<String> drawn = new HashSet<>();
    List<Flow> flows = new ArrayList<>();
    Deque<String> starts = new ArrayDeque<>();
    starts.add(text(machine, "StartAt"));
    while (!starts.isEmpty()) {
      String start = starts.remove();
      if (drawn.contains(start) || !states.containsKey(start)) {
        continue;
      }
      String why = flows.isEmpty() ? title : reasons.getOrDefault(start, "");
      List<Step> steps = new ArrayList<>();
      @Nullable String name = start;
      String end = "";
      while (name != null) {
        Map<String, @Nullable Object> state = states.get(name);
        if (state == null) {
          break;
        }
        if (!drawn.add(name)) {
          end = "goes on with " + name;
          break;
        }
        Map<String, String> ways = ways(name, state);
        steps.add(step(name, state, ways));
        name = next(state, ways, drawn);
        for (Map.Entry<String, String> way : ways.entrySet()) {
          if (!way.getKey().equals(name)) {
            reasons.merge(way.getKey(), way.getValue(), (one, other) -> one + "; " + other);
            starts.add(way.getKey());
          }
        }
      }
      flows.add(new Flow(why, steps, end, List.of()));
    }
    if (flows.isEmpty()) {
      return null;
    }
    Flow main = flows.get(0);
    return new Flow(main.title(), main.steps(), main.end(), flows.subList(1, flows.size()));
  }

  /** Where a state may lead beside its {@code Next}, each with the reason in words. */
  private static Map<String, String> ways(String name, Map<String, @Nullable Object> state) {
    Map<String, String> ways = new LinkedHashMap<>();
    for (Map<String, @Nullable Object> rule : objects(state.get("Choices"))) {
      ways.merge(
          text(rule, "Next"),
          "%s: %s".formatted(name, condition(rule)),
          (one, other) -> one + "; " + other);
    }
    if (!text(state, "Default").isEmpty()) {
      ways.merge(text(state, "Default"), name + ": otherwise", (one, other) -> one + "; " + other);
    }
    for (Map<String, @Nullable Object> catcher : objects(state.get("Catch"))) {
      String errors = String.join(", ", texts(catcher.get("ErrorEquals")));
      ways.merge(
          text(catcher, "Next"),
          "%s fails".formatted(name) + (errors.equals("States.ALL") ? "" : " with " + errors),
          (one, other) -> one + "; " + other);
    }
    return ways;
  }

  private @Nullable String next(
      Map<String, @Nullable Object> state, Map<String, String> ways, Set<String> drawn) {
    if (!text(state, "Next").isEmpty()) {
      return text(state, "Next");
    }
    if (!text(state, "Type").equals("Choice")) {
      return null;
    }
    List<String> open = ways.keySet().stream().filter(one -> !drawn.contains(one)).toList();
    return open.stream()
        .filter(visits::containsKey)
        .findFirst()
        .orElse(open.isEmpty() ? null : open.get(0));
  }

  private Step step(String name, Map<String, @Nullable Object> state, Map<String, String> ways) {
    List<Flow> branches = new ArrayList<>();
    int number = 1;
    for (Map<String, @Nullable Object> branch : objects(state.get("Branches"))) {
      addBranch(branches, flow(branch, "Branch " + number++));
    }
    for (String each : List.of("ItemProcessor", "Iterator")) {
      for (Map<String, @Nullable Object> machine : objects(state.get(each))) {
        addBranch(branches, flow(machine, "For each item"));
      }
    }
    List<String> notes = new ArrayList<>();
    ways.forEach(
        (target, why) ->
            notes.add(why.replace(name + ": ", "").replace(name + " ", "") + " → " + target));
    List<Visit> own = visits.getOrDefault(name, List.of());
    String result = result(own);
    return new Step(
        name,
        text(state, "Type"),
        text(state, "Comment"),
        result,
        WORDS.getOrDefault(result, ""),
        happened(own),
        branches,
        notes);
  }

  private static void addBranch(List<Flow> branches, @Nullable Flow flow) {
    if (flow != null) {
      branches.add(flow);
    }
  }

  private static final Map<String, String> WORDS =
      Map.of(
          "ok", "succeeded", "caught", "error caught", "failed", "failed", "idle", "not entered");

  static String word(String result) {
    return Objects.requireNonNull(WORDS.get(result));
  }

  private static String result(List<Visit> visits) {
    return visits.isEmpty() ? "idle" : result(visits.get(visits.size() - 1));
  }

  static String result(Visit visit) {
    return switch (visit.outcome()) {
      case "SUCCEEDED" -> "ok";
      case "CAUGHT" -> "caught";
      default -> "failed";
    };
  }

  private static String happened(List<Visit> visits) {
    if (visits.isEmpty()) {
      return "";
    }
    List<String> words = new ArrayList<>();
    if (visits.size() > 1) {
      words.add("entered %d times".formatted(visits.size()));
    }
    words.add(
        Words.duration(visits.stream().map(Visit::duration).reduce(Duration.ZERO, Duration::plus)));
    int retries = visits.stream().mapToInt(Visit::retries).sum();
    if (retries > 0) {
      words.add(retries == 1 ? "1 retry" : retries + " retries");
    }
    visits.stream().map(Visit::error).filter(Objects::nonNull).distinct().forEach(words::add);
    return String.join(", ", words);
  }

  /** {@code $.health.status is PENDING}. */
  private static String condition(Map<String, @Nullable Object> rule) {
    for (String joined : List.of("And", "Or")) {
      List<Map<String, @Nullable Object>> parts = objects(rule.get(joined));
      if (!parts.isEmpty()) {
        return parts.stream()
            .map(StateMachineView::condition)
            .collect(Collectors.joining(" " + joined.toLowerCase(Locale.ROOT) + " "));
      }
    }
    for (Map<String, @Nullable Object> not : objects(rule.get("Not"))) {
      return "not " + condition(not);
    }
    String variable = text(rule, "Variable");
    for (Map.Entry<String, @Nullable Object> one : rule.entrySet()) {
      for (Map.Entry<String, String> comparison : COMPARISONS.entrySet()) {
        if (one.getKey().contains(comparison.getKey())) {
          return comparison.getValue().formatted(variable, String.valueOf(one.getValue()));
        }
      }
    }
    return rule.containsKey("Condition") ? String.valueOf(rule.get("Condition")) : variable;
  }

  private static Map<String, String> comparisons() {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("GreaterThanEquals", "%s is at least %s");
    words.put("LessThanEquals", "%s is at most %s");
    words.put("GreaterThan", "%s is more than %s");
    words.put("LessThan", "%s is less than %s");
    words.put("Equals", "%s is %s");
    words.put("Matches", "%s is like %s");
    words.put("IsPresent", "%s is present: %s");
    words.put("IsNull", "%s is null: %s");
    words.put("IsString", "%s is text: %s");
    words.put("IsNumeric", "%s is a number: %s");
    words.put("IsBoolean", "%s is true or false: %s");
    words.put("IsTimestamp", "%s is a time: %s");
    return words;
  }

  private static List<String> texts(@Nullable Object value) {
    return value instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
  }
}
