package io.inframetrics.functions;

import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.SettingsReader;
import io.inframetrics.detect.threshold.Threshold;
import io.inframetrics.metric.MetricType;
import io.inframetrics.naming.DatedObjectKeys;
import io.inframetrics.naming.HiveObjectKeys;
import io.inframetrics.naming.ObjectKeys;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.pipeline.analysis.Mute;
import io.inframetrics.pipeline.collect.CollectionSchedule;
import io.inframetrics.sink.cloudwatch.CloudWatchSettings;
import io.inframetrics.sink.cloudwatch.DimensionPolicy;
import io.inframetrics.text.SimilarName;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The functions' settings, read from {@code INFRAMETRICS_*} variables.
 *
 * @param bucket {@code INFRAMETRICS_BUCKET}: raw files, quarantine and reports
 * @param table {@code INFRAMETRICS_TABLE}: records and the ledger of runs
 * @param topicArn {@code INFRAMETRICS_TOPIC_ARN}: where notifications go if no state machine sends
 *     them; empty by default
 * @param namespace {@code INFRAMETRICS_NAMESPACE}: of the data points in CloudWatch; {@value
 *     #DEFAULT_NAMESPACE} by default
 * @param publish {@code INFRAMETRICS_PUBLISH}: {@code classic} (the default), {@code otlp} or
 *     {@code both}
 * @param dimensionPolicy {@code INFRAMETRICS_DIMENSION_POLICY}: {@code fleet} (the default), {@code
 *     instance} or {@code both}; of classic metrics only
 * @param seriesBudget {@code INFRAMETRICS_SERIES_BUDGET}: classic metrics of one type that one run
 *     may publish, 1 to 100,000; 100 by default
 * @param stack {@code INFRAMETRICS_STACK}: the only dimension of the functions' own metrics; {@code
 *     local} by default
 * @param retention {@code INFRAMETRICS_RETENTION}: how long records are kept, a day or more; 30
 *     days by default
 * @param keys {@code INFRAMETRICS_KEY_LAYOUT}: {@code dated} (the default) or {@code hive}
 * @param acceptedMetrics {@code INFRAMETRICS_ACCEPTED_METRICS}: whether {@code process} also leaves
 *     a copy of each raw file with only its accepted lines, for queries; {@code false} by default
 * @param schedule {@code INFRAMETRICS_PERIOD}, the time from run to run, 3 hours by default, and
 *     {@code INFRAMETRICS_MAX_WINDOW}, by default a day or the period, whichever is longer; and
 *     {@code INFRAMETRICS_LOOK_BEHIND}, how far windows start before the end of the last
 *     collection, by default what each source says, zero or more
 * @param analysis {@code INFRAMETRICS_HISTORY_POINTS}; {@code INFRAMETRICS_TIME_ZONE}, whose clocks
 *     jobs run by, UTC by default; {@code INFRAMETRICS_MUTE}, {@link Mute}s; and, in addition to
 *     the built-in ones, {@code INFRAMETRICS_THRESHOLDS} and {@code INFRAMETRICS_CAPACITIES}, lists
 *     of {@code type=number}, and {@code INFRAMETRICS_SUSTAINED}, a list of {@code type=duration}
 * @param sources {@code INFRAMETRICS_SOURCE}: the sources of metrics, separated by commas; only
 *     {@code collect} needs one
 * @param collectors settings by source: {@code INFRAMETRICS_COLLECTOR_<SOURCE>_*}
 */
public record FunctionSettings(
    String bucket,
    String table,
    Optional<String> topicArn,
    String namespace,
    PublishPath publish,
    DimensionPolicy dimensionPolicy,
    int seriesBudget,
    String stack,
    Duration retention,
    ObjectKeys keys,
    boolean acceptedMetrics,
    CollectionSchedule schedule,
    AnalysisSettings analysis,
    List<String> sources,
    Map<String, Map<String, String>> collectors) {

  static final String DEFAULT_NAMESPACE = "InfraMetrics";

  private static final String PREFIX = "INFRAMETRICS_";
  private static final Duration LONGEST_DEFAULT_WINDOW = Duration.ofDays(1);
  private static final List<String> PATHS = List.of("classic", "otlp", "both");
  private static final List<String> POLICIES = List.of("fleet", "instance", "both");

  /** What only stores on AWS have. */
  private static final Set<String> OF_AWS =
      Set.of(
          "bucket",
          "table",
          "topic_arn",
          "namespace",
          "publish",
          "dimension_policy",
          "series_budget",
          "stack",
          "accepted_metrics");

  private static final String COLLECTOR = CollectorSettings.PREFIX.substring(PREFIX.length());

  /** The limit of {@code DynamoDbSettings}. */
  private static final Duration LONGEST_RETENTION = Duration.ofDays(36_500);

  private static final int MAX_SERIES_BUDGET = 100_000;
  private static final int MAX_HISTORY_POINTS = 100_000;

  public FunctionSettings {
    sources = List.copyOf(sources);
    collectors = Map.copyOf(collectors);
  }

  /**
   * Reads the variables; ignores those that do not begin with {@code INFRAMETRICS_}.
   *
   * @throws IllegalArgumentException with every missing, wrong or unknown variable at once
   */
  public static FunctionSettings of(Map<String, String> environment, Clock clock) {
    return of(environment, true, clock);
  }

  /**
   * Reads the variables as {@link #of} does, for stores in a folder of this machine: they need no
   * bucket and no table.
   *
   * @throws IllegalArgumentException with every wrong or unknown variable at once
   */
  public static FunctionSettings ofFolder(Map<String, String> environment, Clock clock) {
    return of(environment, false, clock);
  }

  /** The variables that are set and have no effect on stores in a folder, sorted. */
  public static List<String> withoutEffectOnFolder(Map<String, String> environment) {
    return named(PREFIX, environment).entrySet().stream()
        .filter(variable -> OF_AWS.contains(variable.getKey()) && !variable.getValue().isBlank())
        .map(variable -> PREFIX + upper(variable.getKey()))
        .toList();
  }

  private static FunctionSettings of(Map<String, String> environment, boolean onAws, Clock clock) {
    Map<String, String> own = named(PREFIX, environment);
    own.keySet().removeIf(name -> name.startsWith(lower(COLLECTOR)));
    SettingsReader reader =
        new SettingsReader(new CollectorSettings("the installation", PREFIX, own, clock));
    List<String> sources = sources(reader.text("source", ""));
    Map<String, String> ofCollectors = named(CollectorSettings.PREFIX, environment);
    ofCollectors.forEach(
        (name, value) -> {
          if (source(name, sources).isEmpty()) {
            reader.mistake(
                "%s%s does not belong to a chosen source: INFRAMETRICS_SOURCE names %s%s"
                    .formatted(
                        CollectorSettings.PREFIX, upper(name), sources, meant(name, sources)));
          }
        });
    Duration period = reader.duration("period", CollectionSchedule.DEFAULTS.period());
    boolean copiesAccepted =
        oneOf(reader, "accepted_metrics", List.of("false", "true")).equals("true");
    FunctionSettings settings =
        new FunctionSettings(
            required(reader, onAws, "bucket", "the name of the S3 bucket"),
            required(reader, onAws, "table", "the name of the DynamoDB table"),
            Optional.of(reader.text("topic_arn", "")).filter(arn -> !arn.isEmpty()),
            namespace(reader),
            PublishPath.valueOf(oneOf(reader, "publish", PATHS).toUpperCase(Locale.ROOT)),
            DimensionPolicy.valueOf(
                oneOf(reader, "dimension_policy", POLICIES).toUpperCase(Locale.ROOT)),
            (int) reader.number("series_budget", 100, 1, MAX_SERIES_BUDGET),
            stack(reader),
            retention(reader),
            oneOf(reader, "key_layout", List.of("dated", "hive")).equals("hive")
                ? new HiveObjectKeys()
                : new DatedObjectKeys(),
            copiesAccepted && onAws,
            schedule(reader, period),
            analysis(reader, period),
            sources,
            bySource(sources, ofCollectors));
    reader.finish();
    return settings;
  }

  /**
   * The collectors of the chosen sources.
   *
   * @throws IllegalArgumentException with every mistake at once
   */
  public CollectorRegistry discover(ClassLoader classLoader, Clock clock) {
    return discover(sources, collectors, classLoader, clock);
  }

  /**
   * The collectors of the chosen sources, even if {@link #of} rejects the environment, so that the
   * mistakes of both can be reported together.
   *
   * @throws IllegalArgumentException with every mistake at once
   */
  public static CollectorRegistry discover(
      Map<String, String> environment, ClassLoader classLoader, Clock clock) {
    List<String> sources = sources(environment.getOrDefault(PREFIX + "SOURCE", ""));
    Map<String, Map<String, String>> collectors =
        bySource(sources, named(CollectorSettings.PREFIX, environment));
    return discover(sources, collectors, classLoader, clock);
  }

  private static CollectorRegistry discover(
      List<String> sources,
      Map<String, Map<String, String>> collectors,
      ClassLoader classLoader,
      Clock clock) {
    if (sources.isEmpty()) {
      throw new IllegalArgumentException(
          "%sSOURCE is missing: name one or more of %s, separated by commas"
              .formatted(PREFIX, CollectorRegistry.sources(classLoader)));
    }
    return CollectorRegistry.discover(
        sources,
        source -> new CollectorSettings(source, collectors.getOrDefault(source, Map.of()), clock),
        classLoader);
  }

  private static String required(SettingsReader reader, boolean onAws, String name, String what) {
    String text = reader.text(name, "");
    if (text.isEmpty() && onAws) {
      reader.mistake("%s%s is missing: give %s".formatted(PREFIX, upper(name), what));
    }
    return text;
  }

  /** One of {@code values}; the first is the default. */
  private static String oneOf(SettingsReader reader, String name, List<String> values) {
    return reader.parsed(
        name,
        values.get(0),
        text -> {
          if (!values.contains(text)) {
            throw new IllegalArgumentException("one of " + values);
          }
          return text;
        });
  }

  private static Duration retention(SettingsReader reader) {
    Duration retention = reader.duration("retention", Duration.ofDays(30));
    if (retention.compareTo(Duration.ofDays(1)) < 0 || retention.compareTo(LONGEST_RETENTION) > 0) {
      reader.mistake(
          "INFRAMETRICS_RETENTION is '%s': use P1D to P%dD"
              .formatted(retention, LONGEST_RETENTION.toDays()));
    }
    return retention;
  }

  private static String namespace(SettingsReader reader) {
    String namespace = reader.text("namespace", DEFAULT_NAMESPACE);
    try {
      return CloudWatchSettings.of(namespace).namespace();
    } catch (IllegalArgumentException e) {
      reader.mistake("INFRAMETRICS_NAMESPACE: " + e.getMessage());
      return DEFAULT_NAMESPACE;
    }
  }

  private static String stack(SettingsReader reader) {
    String stack = reader.text("stack", "local");
    try {
      CloudWatchSettings.of(DEFAULT_NAMESPACE).withDimensions(Map.of("Stack", stack));
    } catch (IllegalArgumentException e) {
      reader.mistake("INFRAMETRICS_STACK: " + e.getMessage());
    }
    return stack;
  }

  private static CollectionSchedule schedule(SettingsReader reader, Duration period) {
    Optional<Duration> lookBehind =
        reader.parsed("look_behind", Optional.empty(), text -> Optional.of(lookBehind(text)));
    Duration shortest = period.plus(lookBehind.orElse(Duration.ZERO));
    Duration window =
        reader.duration(
            "max_window",
            shortest.compareTo(LONGEST_DEFAULT_WINDOW) > 0 ? shortest : LONGEST_DEFAULT_WINDOW);
    try {
      return new CollectionSchedule(period, window, lookBehind.orElse(null));
    } catch (IllegalArgumentException e) {
      reader.mistake(
          "INFRAMETRICS_MAX_WINDOW and INFRAMETRICS_PERIOD do not fit together: " + e.getMessage());
      return CollectionSchedule.DEFAULTS;
    }
  }

  private static Duration lookBehind(String text) {
    try {
      Duration duration = Duration.parse(text);
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // Reported below, like a negative duration.
    }
    throw new IllegalArgumentException("an ISO-8601 duration such as PT30M, or PT0S");
  }

  private static AnalysisSettings analysis(SettingsReader reader, Duration period) {
    AnalysisSettings settings =
        AnalysisSettings.DEFAULTS
            .withHistoryPoints(
                (int)
                    reader.number(
                        "history_points",
                        AnalysisSettings.DEFAULTS.reading().historyPoints(),
                        2,
                        MAX_HISTORY_POINTS))
            .withWindow(period)
            .withTimeZone(reader.parsed("time_zone", ZoneOffset.UTC, AnalysisSettings::timeZone))
            .withMutes(reader.parsed("mute", List.of(), Mute::list));
    for (Map.Entry<MetricType, Double> limit : numbers(reader, "thresholds").entrySet()) {
      Threshold builtIn = settings.judging().thresholds().get(limit.getKey());
      Threshold threshold = Threshold.above(limit.getValue());
      if (builtIn != null && builtIn.critical() >= threshold.limit()) {
        threshold = threshold.criticalAbove(builtIn.critical());
      }
      if (builtIn != null) {
        threshold = threshold.sustainedFor(builtIn.sustained());
      }
      settings = settings.withThreshold(limit.getKey(), threshold);
    }
    for (Map.Entry<MetricType, Duration> time : durations(reader, "sustained").entrySet()) {
      Threshold threshold = settings.judging().thresholds().get(time.getKey());
      if (threshold == null) {
        reader.mistake(
            "INFRAMETRICS_SUSTAINED names '%s', which has no threshold: add it to INFRAMETRICS_THRESHOLDS"
                .formatted(time.getKey()));
      } else {
        settings = settings.withThreshold(time.getKey(), threshold.sustainedFor(time.getValue()));
      }
    }
    for (Map.Entry<MetricType, Double> capacity : numbers(reader, "capacities").entrySet()) {
      settings = settings.withCapacity(capacity.getKey(), capacity.getValue());
    }
    return settings;
  }

  private static Map<MetricType, Double> numbers(SettingsReader reader, String name) {
    return byType(
        reader,
        name,
        "queue_depth=1000,cpu_utilization=90",
        text -> {
          double number = Double.parseDouble(text);
          return number > 0 && Double.isFinite(number) ? number : null;
        });
  }

  private static Map<MetricType, Duration> durations(SettingsReader reader, String name) {
    return byType(
        reader,
        name,
        "queue_depth=PT5M,cpu_utilization=PT15M",
        text -> {
          Duration duration = Duration.parse(text);
          return duration.isNegative() ? null : duration;
        });
  }

  private static <T> Map<MetricType, T> byType(
      SettingsReader reader, String name, String example, Function<String, @Nullable T> parser) {
    return reader.parsed(
        name,
        Map.of(),
        text -> {
          Map<MetricType, T> values = new TreeMap<>();
          for (String pair : list(text)) {
            int equals = pair.indexOf('=');
            String type = equals < 0 ? "" : pair.substring(0, equals).trim();
            T value = MetricType.isValid(type) ? parsed(pair.substring(equals + 1), parser) : null;
            if (value == null) {
              throw new IllegalArgumentException(
                  "a list such as %s; '%s' is not a valid entry".formatted(example, pair));
            }
            values.put(new MetricType(type), value);
          }
          return values;
        });
  }

  private static <T> @Nullable T parsed(String text, Function<String, @Nullable T> parser) {
    try {
      return parser.apply(text.trim());
    } catch (NumberFormatException | DateTimeParseException e) {
      return null; // The caller reports it with the whole list.
    }
  }

  private static Map<String, Map<String, String>> bySource(
      Collection<String> sources, Map<String, String> values) {
    Map<String, Map<String, String>> bySource = new HashMap<>();
    values.forEach(
        (name, value) ->
            source(name, sources)
                .ifPresent(
                    source ->
                        bySource
                            .computeIfAbsent(source, s -> new TreeMap<>())
                            .put(name.substring(source.length() + 1), value)));
    return bySource;
  }

  /**
   * The one of {@code sources} that a variable is a setting of, by its name; the longest name wins.
   */
  public static Optional<String> sourceOf(String variable, Collection<String> sources) {
    return variable.startsWith(CollectorSettings.PREFIX)
        ? source(lower(variable.substring(CollectorSettings.PREFIX.length())), sources)
        : Optional.empty();
  }

  /**
   * The settings of {@code sources} in an environment, by source and name; without those of others.
   */
  public static Map<String, Map<String, String>> collectors(
      Map<String, String> environment, Collection<String> sources) {
    return bySource(sources, named(CollectorSettings.PREFIX, environment));
  }

  /** The source that was probably meant by a setting that belongs to none. */
  private static String meant(String name, List<String> sources) {
    return sources.stream()
        .filter(
            source ->
                SimilarName.of(
                        name.substring(0, Math.min(name.length(), source.length())),
                        List.of(source))
                    .isPresent())
        .findFirst()
        .map(
            source ->
                " (did you mean %s%s_...?)".formatted(CollectorSettings.PREFIX, upper(source)))
        .orElse("");
  }

  /** The source with the longest name that {@code name} begins with. */
  private static Optional<String> source(String name, Collection<String> sources) {
    return sources.stream()
        .filter(source -> name.startsWith(source + "_"))
        .max((a, b) -> Integer.compare(a.length(), b.length()));
  }

  private static List<String> list(String text) {
    return Arrays.stream(text.split(",")).map(String::trim).filter(s -> !s.isEmpty()).toList();
  }

  private static List<String> sources(String text) {
    return list(text).stream().distinct().toList();
  }

  /** Variables by the rest of their name after {@code prefix}, in lower case. */
  private static Map<String, String> named(String prefix, Map<String, String> environment) {
    Map<String, String> named = new TreeMap<>();
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            named.put(lower(name.substring(prefix.length())), value);
          }
        });
    return named;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static String upper(String name) {
    return name.toUpperCase(Locale.ROOT);
  }
}
