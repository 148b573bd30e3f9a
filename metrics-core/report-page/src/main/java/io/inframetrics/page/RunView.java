package io.inframetrics.page;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the run went.
 *
 * @param facts start, end and the like, in words
 * @param known whether the page knows what happened on the state machine
 * @param flow the state machine; null if it is not known
 * @param bars a state each, in the order of time
 * @param moreBars that are left out
 * @param checks of the pipeline's health
 * @param objects keys
 * @param calls how often each service was called
 * @hidden
 */
public record RunView(
    Map<String, String> facts,
    boolean known,
    @Nullable Flow flow,
    List<Bar> bars,
    int moreBars,
    List<Check> checks,
    List<Analysis> analyses,
    List<String> objects,
    int moreObjects,
    Map<String, Long> calls,
    @Nullable String cost) {

  static final String HEALTH = "Health";
  static final String EXECUTION = "Execution";
  static final String TOOK = "Took";

  /** The facts that people want to know first. */
  public Map<String, String> briefly() {
    Map<String, String> brief = new LinkedHashMap<>(facts);
    brief.keySet().retainAll(List.of(HEALTH, EXECUTION, TOOK));
    return brief;
  }

  /**
   * States that follow each other.
   *
   * @param title of a branch, or what leads here; empty for the main path
   * @param end where it goes on; empty if it ends
   * @param beside paths that choices and errors lead to
   */
  public record Flow(String title, List<Step> steps, String end, List<Flow> beside) {}

  /**
   * A state.
   *
   * @param result {@code ok}, {@code caught}, {@code failed} or {@code idle}
   * @param word that says the result
   * @param happened what happened in words: time, retries, error
   * @param branches that it runs side by side
   * @param notes where it goes if something is so or fails
   */
  public record Step(
      String name,
      String type,
      String comment,
      String result,
      String word,
      String happened,
      List<Flow> branches,
      List<String> notes) {}

  /**
   * A state in the timeline.
   *
   * @param left of the bar and {@code width}, of {@value #SCALE}
   */
  public record Bar(
      String state,
      boolean inner,
      String result,
      String word,
      String left,
      String width,
      String started,
      String took) {

    public static final int SCALE = 1_000;
  }

  /** A check of the pipeline's health. */
  public record Check(String name, boolean ok, String detail) {}

  /** An analysis, and what it looked at. */
  public record Analysis(String name, boolean failed, String looked, String reportKey) {}
}
