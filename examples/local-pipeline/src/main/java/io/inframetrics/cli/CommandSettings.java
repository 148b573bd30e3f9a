package io.inframetrics.cli;

import io.inframetrics.cli.input.UsageException;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.functions.FunctionSettings;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.sink.local.Retention;
import java.time.Clock;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a command: those of the functions, from the same variables, except where an
 * option of the command says otherwise.
 *
 * @param functions read and checked
 * @param retention how long things stay in the data folder
 * @param environment the variables, without those of the launcher and of sources that are not used
 * @param notes one sentence for each group of variables that are set and have no effect here
 */
record CommandSettings(
    FunctionSettings functions,
    Retention retention,
    Map<String, String> environment,
    List<String> notes) {

  /** How long files stay in the data folder; on AWS, the bucket says it. */
  private static final String FILE_RETENTION = "INFRAMETRICS_FILE_RETENTION";

  private static final String SOURCE = "INFRAMETRICS_SOURCE";
  private static final String DEFAULT_SOURCE = "host";

  /** Read by the launcher. */
  private static final String JAVA_OPTS = "INFRAMETRICS_JAVA_OPTS";

  /**
   * The settings of a command that collects.
   *
   * @param sources {@code --source}; if there is none, the variable {@value #SOURCE} or {@value
   *     #DEFAULT_SOURCE}
   * @param registered every source that there is
   * @throws UsageException with every mistake at once
   */
  static CommandSettings collecting(
      Map<String, String> environment,
      List<String> sources,
      SortedSet<String> registered,
      StoreOptions.Kind store,
      Clock clock) {
    Map<String, String> own = new HashMap<>(environment);
    List<String> chosen = sources.isEmpty() ? named(environment) : sources;
    own.put(SOURCE, String.join(",", chosen));
    SortedSet<String> known = new TreeSet<>(registered);
    known.addAll(chosen);
    List<String> notes = new ArrayList<>();
    for (String variable : new TreeMap<>(environment).keySet()) {
      Optional<String> source = FunctionSettings.sourceOf(variable, known);
      if (source.isPresent() && !chosen.contains(source.get())) {
        own.remove(variable);
        notes.add(
            "%s has no effect: the source is %s, not %s"
                .formatted(variable, String.join(", ", chosen), source.get()));
      }
    }
    return read(own, store, notes, clock);
  }

  /**
   * The settings of a command that collects nothing, so that no source matters.
   *
   * @throws UsageException with every mistake at once
   */
  static CommandSettings withoutSources(
      Map<String, String> environment, StoreOptions.Kind store, Clock clock) {
    Map<String, String> own = new HashMap<>(environment);
    own.keySet().removeIf(name -> name.equals(SOURCE) || name.startsWith(CollectorSettings.PREFIX));
    return read(own, store, new ArrayList<>(), clock);
  }

  /** How a command that collects nothing judges what the data folder has. */
  static AnalysisSettings analysis(CommandContext around) {
    return withoutSources(around.environment(), StoreOptions.Kind.local, around.clock())
        .functions()
        .analysis();
  }

  private static CommandSettings read(
      Map<String, String> own, StoreOptions.Kind store, List<String> notes, Clock clock) {
    own.remove(JAVA_OPTS);
    String files = own.remove(FILE_RETENTION);
    try {
      if (store == StoreOptions.Kind.aws) {
        FunctionSettings settings = FunctionSettings.of(own, clock);
        return new CommandSettings(settings, retention(settings, files), own, notes);
      }
      FunctionSettings settings = FunctionSettings.ofFolder(own, clock);
      List<String> unused = FunctionSettings.withoutEffectOnFolder(own);
      if (!unused.isEmpty()) {
        notes.add(
            "%s %s no effect without --store aws"
                .formatted(String.join(", ", unused), unused.size() == 1 ? "has" : "have"));
      }
      return new CommandSettings(settings, retention(settings, files), own, notes);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Retention retention(FunctionSettings settings, @Nullable String files) {
    if (files == null || files.isBlank()) {
      return new Retention(settings.retention(), Retention.DEFAULT.files());
    }
    try {
      return new Retention(settings.retention(), Duration.parse(files.strip()));
    } catch (DateTimeParseException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "%s is '%s': use P1D or more, such as P90D".formatted(FILE_RETENTION, files), e);
    }
  }

  private static List<String> named(Map<String, String> environment) {
    List<String> sources =
        Arrays.stream(environment.getOrDefault(SOURCE, "").split(","))
            .map(String::strip)
            .filter(source -> !source.isEmpty())
            .toList();
    return sources.isEmpty() ? List.of(DEFAULT_SOURCE) : sources;
  }

  /** The settings of one chosen source; {@code instance} replaces its {@code instance_id}. */
  CollectorSettings ofSource(String source, @Nullable String instance, Clock clock) {
    Map<String, String> values =
        new HashMap<>(functions.collectors().getOrDefault(source, Map.of()));
    if (instance != null) {
      values.put("instance_id", instance);
    }
    return new CollectorSettings(source, values, clock);
  }
}
