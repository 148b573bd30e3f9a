package io.inframetrics.cli;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.cli.monitor.LogFile;
import io.inframetrics.cli.publish.OtlpStores;
import io.inframetrics.cli.publish.PublishOptions;
import io.inframetrics.cli.source.CollectorJars;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.detect.ReadableText;
import io.inframetrics.functions.FunctionsContext;
import io.inframetrics.functions.VerbBeans;
import io.inframetrics.functions.VerbMetrics;
import io.inframetrics.functions.aws.InvocationThreads;
import io.inframetrics.metric.MetricType;
import io.inframetrics.naming.ObjectKeys;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.pipeline.analysis.Mute;
import io.inframetrics.pipeline.collect.CollectionSchedule;
import io.inframetrics.pipeline.process.ReplayQuarantine;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.Notifier.Notification;
import io.inframetrics.sink.Stores;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.local.LocalStores;
import io.inframetrics.time.Deadline;
import io.inframetrics.workflow.LambdaTasks;
import io.inframetrics.workflow.StateMachine;
import io.inframetrics.workflow.execution.Execution;
import io.inframetrics.workflow.execution.ExecutionListener;
import io.inframetrics.workflow.execution.ExecutionResult;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The pipeline on one machine: the state machine of {@code deploy/statemachine} with the function
 * beans as its tasks, stores in the data folder or on AWS, and {@code process} called for each raw
 * file that lands.
 */
final class LocalPipeline implements AutoCloseable {

  private static final String FUNCTION_ARN = "arn:aws:lambda:local:000000000000:function:";

  /** What the template substitutes, for functions and a topic inside this process. */
  static Map<String, String> substitutions(String source) {
    return Map.of(
        "CollectFunctionArn",
        FUNCTION_ARN + "collect",
        "HealthCheckFunctionArn",
        FUNCTION_ARN + "healthCheck",
        "AnalyzeFunctionArn",
        FUNCTION_ARN + "analyze",
        "NotificationTopicArn",
        "arn:aws:sns:local:000000000000:inframetrics",
        "AlarmTopicArn",
        "arn:aws:sns:local:000000000000:inframetrics-alarms",
        "PublishResource",
        "arn:aws:states:::sns:publish",
        "MessageFormat",
        "text",
        "MetricSource",
        source);
  }

  private static final String MAX_WINDOW = "INFRAMETRICS_MAX_WINDOW";

  /** How long to wait for the processing of landed files before the process ends. */
  private static final Duration DRAIN = Duration.ofSeconds(60);

  private final CommandContext around;
  private final LogFile log;
  private final Clock clock;
  private final CollectorJars jars;
  private final SourceCollectors collectors;
  private final ExecutorService threads;
  private final LocalStores folder;
  private final Storage storage;
  private final @Nullable OtlpStores otlp;
  private final FunctionsContext functions;
  private final Storage.Deliveries deliveries;
  private final List<String> notes = new ArrayList<>();
  private final @Nullable Executable executable;
  private final ReplayQuarantine replay;

  /** Files with rejected lines that no run has named yet, and those that this run has named. */
  private final Set<PartlyProcessed> partlyProcessed = ConcurrentHashMap.newKeySet();

  private final Set<PartlyProcessed> named = ConcurrentHashMap.newKeySet();
  private volatile boolean finishing;
  private volatile @Nullable Execution execution;

  /**
   * What to open.
   *
   * @param sources of the metrics, empty for those that the settings choose; null if nothing will
   *     be collected
   * @param jars the folder with the jars of further sources; null for none
   * @param instance what to call this machine; null for its own name
   * @param fail types whose collectors fail
   * @param every the time from run to run; null for a single run
   * @param definition of the state machine; null if nothing will be run
   * @param publish where data points go
   * @param sharesTable whether other machines collect into the same table
   * @param mutes findings that are not delivered, beside those of the settings
   */
  record Options(
      StoreOptions store,
      @Nullable List<String> sources,
      @Nullable Path jars,
      @Nullable String instance,
      Set<String> fail,
      @Nullable Duration every,
      @Nullable Path definition,
      PublishOptions publish,
      boolean sharesTable,
      List<Mute> mutes) {

    /** Only the stores, for commands that run no state machine. */
    static Options stores(StoreOptions store) {
      return new Options(
          store, null, null, null, Set.of(), null, null, new PublishOptions(), false, List.of());
    }
  }

  /** A state machine, and the text that it was read from. */
  private record Executable(String text, StateMachine machine) {}

  private LocalPipeline(
      Options options,
      CommandSettings settings,
      CollectorJars jars,
      SourceCollectors collectors,
      CollectorRegistry registry,
      @Nullable Executable executable,
      LocalStores folder,
      Storage storage,
      LogFile log,
      CommandContext around) {
    this.around = around;
    this.log = log;
    this.clock = around.clock();
    this.notes.addAll(settings.notes());
    if (executable != null) {
      notes.addAll(notCollected(registry, settings.functions().sources(), executable.text()));
    }
    this.jars = jars;
    this.collectors = collectors;
    this.executable = executable;
    this.folder = folder;
    this.storage = storage;
    this.threads = InvocationThreads.unlimited("collector");
    this.otlp =
        options
            .publish()
            .over(storage.ports(), settings.environment(), isAws(options), clock)
            .orElse(null);
    Stores ports = otlp == null ? storage.ports() : otlp;
    ObjectKeys keys = settings.functions().keys();
    this.functions =
        FunctionsContext.start(
            new VerbBeans(
                    ports,
                    registry,
                    keys,
                    schedule(settings, options.every(), registry),
                    withMutes(settings.functions().analysis(), options.mutes()),
                    threads,
                    VerbMetrics.NONE,
                    clock)
                .copyingAccepted(settings.functions().acceptedMetrics()));
    this.replay =
        new ReplayQuarantine(
            ports.rawMetricSink(), ports.rawMetricSource(), ports.documentStore(), keys, clock);
    this.deliveries = storage.deliverTo(this::process);
  }

  /** Throws {@link UsageException} if settings, folder or definition cannot be used. */
  static LocalPipeline open(Options options, CommandContext around) {
    CollectorJars jars = CollectorJars.open(options.jars());
    SourceCollectors collectors = null;
    LocalStores folder = null;
    LogFile log = null;
    Storage storage = null;
    boolean opened = false;
    try {
      CommandSettings settings = settings(options, jars, around);
      Executable executable =
          options.definition() == null ? null : executable(options.definition(), settings);
      collectors =
          options.sources() == null
              ? SourceCollectors.none()
              : around.collectors(settings, jars.classLoader(), options.instance());
      CollectorRegistry registry = FailingCollectors.of(collectors.registry(), options.fail());
      // First the folder with its log: another process may hold it.
      folder = LocalStores.open(options.store().data, settings.retention(), around.clock());
      log = LogFile.open(folder.dataFolder());
      storage = storage(options, settings, folder, around);
      LocalPipeline pipeline =
          new LocalPipeline(
              options,
              settings,
              jars,
              collectors,
              registry,
              executable,
              folder,
              storage,
              log,
              around);
      opened = true;
      return pipeline;
    } catch (IllegalArgumentException | IllegalStateException | RetryableFailureException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    } finally {
      if (!opened) {
        if (collectors != null) {
          collectors.close();
        }
        if (storage != null) {
          storage.close();
        }
        if (folder != null) {
          folder.close();
        }
        if (log != null) {
          log.close();
        }
        jars.close();
      }
    }
  }

  private static CommandSettings settings(
      Options options, CollectorJars jars, CommandContext around) {
    StoreOptions.Kind store = options.store().kind;
    Map<String, String> variables =
        options.publish().variables(around.environment(), isAws(options));
    return options.sources() == null
        ? CommandSettings.withoutSources(variables, store, around.clock())
        : CommandSettings.collecting(
            variables,
            options.sources(),
            CollectorRegistry.sources(jars.classLoader()),
            store,
            around.clock());
  }

  private static Executable executable(Path definition, CommandSettings settings) {
    List<String> sources = settings.functions().sources();
    String source = sources.isEmpty() ? "stored records" : String.join(", ", sources);
    String text = InputFile.text(definition);
    return new Executable(
        text, StateMachine.parse(text, substitutions(source)).named("local-pipeline"));
  }

  private static Storage storage(
      Options options, CommandSettings settings, LocalStores folder, CommandContext around) {
    return isAws(options)
        ? AwsStorage.open(
            settings, options.store().create, options.sharesTable(), folder, around.clock())
        : new FolderStorage(folder, around.stores(folder), around);
  }

  private static boolean isAws(Options options) {
    return options.store().kind == StoreOptions.Kind.aws;
  }

  private static AnalysisSettings withMutes(AnalysisSettings settings, List<Mute> more) {
    List<Mute> mutes = new ArrayList<>(settings.reporting().mutes());
    mutes.addAll(more);
    return settings.withMutes(mutes);
  }

  /** Without a setting, the first window may be as long as a source with a memory wants it. */
  private static CollectionSchedule schedule(
      CommandSettings settings, @Nullable Duration every, CollectorRegistry registry) {
    CollectionSchedule defaults = settings.functions().schedule();
    Duration period = every == null ? defaults.period() : every;
    Duration lookBehind = defaults.lookBehind();
    Duration longest = defaults.maxWindow();
    Duration shortest = lookBehind == null ? period : period.plus(lookBehind);
    longest = shortest.compareTo(longest) > 0 ? shortest : longest;
    if (!settings.environment().containsKey(MAX_WINDOW)) {
      for (MetricType type : registry.types()) {
        for (MetricCollector collector : registry.collectors(type)) {
          Duration first = collector.firstWindow();
          longest = first.compareTo(longest) > 0 ? first : longest;
        }
      }
    }
    return new CollectionSchedule(period, longest, lookBehind);
  }

  /**
   * Types that the sources measure and the definition does not name, so that no state can ask for
   * them: the input of a local run has none.
   */
  private static List<String> notCollected(
      CollectorRegistry registry, List<String> sources, String definition) {
    List<String> types =
        registry.types().stream()
            .map(MetricType::name)
            .filter(type -> !Pattern.compile("\\b%s\\b".formatted(type)).matcher(definition).find())
            .toList();
    return types.isEmpty()
        ? List.of()
        : List.of(
            "no state collects %s, which %s: use --definition with a state machine that does, such as inframetrics deployment writes"
                .formatted(
                    String.join(", ", types),
                    sources.size() == 1
                        ? "the source %s measures".formatted(sources.get(0))
                        : "one of the sources %s measures".formatted(String.join(", ", sources))));
  }

  void prepare(@Nullable Duration every) throws InterruptedException {
    collectors.prepare(every);
  }

  /** Runs the state machine once; files that a killed process left are processed as well. */
  ExecutionResult run(String runId, ExecutionListener listener) {
    StateMachine machine = executable().machine();
    partlyProcessed.removeAll(named); // The last run named them.
    named.clear();
    deliveries.scan();
    LambdaTasks.Builder tasks = LambdaTasks.builder().publisher(this::publish);
    tasks
        .function(FUNCTION_ARN + "collect", payload -> told(call("collect", payload)))
        .function(
            FUNCTION_ARN + "healthCheck", payload -> call("healthCheck", withDroppedFiles(payload)))
        .function(FUNCTION_ARN + "analyze", payload -> call("analyze", payload));
    Execution current =
        machine
            .execution()
            .name(runId)
            .startTime(clock.instant())
            .clock(around.workflowClock())
            .tasks(around.tasks(tasks.build()))
            .listener(listener);
    execution = current;
    if (finishing) {
      current.endRetries();
    }
    return current.run();
  }

  private Executable executable() {
    if (executable == null) {
      throw new IllegalStateException("this pipeline was opened without a definition");
    }
    return executable;
  }

  /** The text of the definition that runs execute. */
  String definition() {
    return executable().text();
  }

  /** Lets a run in progress finish without further retries. May be called by any thread. */
  void finishSoon() {
    finishing = true;
    Execution current = execution;
    if (current != null) {
      current.endRetries();
    }
  }

  /** What is set or measured and has no effect, one sentence each. */
  List<String> notes() {
    return notes;
  }

  /** Reports the files that a function's answer names as landed. */
  private JsonNode told(JsonNode answer) {
    for (JsonNode object : answer.path("objects")) {
      deliveries.landed(object.path("key").asString(""));
    }
    return answer;
  }

  /** The data folder, absolute. */
  Path dataFolder() {
    return folder.dataFolder();
  }

  DocumentStore documents() {
    return storage.ports().documentStore();
  }

  MetricHistory history() {
    return storage.ports().metricHistory();
  }

  /** Where the report with this key is, for people. */
  String place(String key) {
    return storage.place(key);
  }

  String whereabouts() {
    return storage.whereabouts() + (otlp == null ? "" : "\n" + otlp.whereabouts());
  }

  List<String> quarantined() {
    return replay.waiting(deadline());
  }

  ReplayQuarantine.Result replay(String key) {
    ReplayQuarantine.Result result = replay.replay(key, deadline());
    if (result.rawKey() != null) {
      deliveries.landed(result.rawKey());
    }
    return result;
  }

  /** Waits until all landed raw files are processed; answers a message if some were not in time. */
  Optional<String> processLanded() throws InterruptedException {
    return deliveries.awaitIdle(deadline());
  }

  private Deadline deadline() {
    return Deadline.after(DRAIN, clock);
  }

  private JsonNode call(String function, JsonNode payload) {
    return InputFile.JSON.readTree(
        functions.call(function, InputFile.JSON.writeValueAsBytes(payload)));
  }

  /**
   * Adds the files that are not processed, or not all of them. Those of the run itself are among
   * them, too; the health check knows which.
   */
  private JsonNode withDroppedFiles(JsonNode payload) {
    named.addAll(partlyProcessed);
    Map<String, String> files = new TreeMap<>(deliveries.failed());
    named.forEach(file -> files.put(file.key(), file.reason()));
    if (files.isEmpty() || !(payload instanceof ObjectNode request)) {
      return payload;
    }
    ObjectNode more = request.deepCopy();
    ArrayNode dropped = more.putArray("dropped_files");
    files.forEach((key, reason) -> dropped.addObject().put("key", key).put("reason", reason));
    return more;
  }

  /** A file with lines that were rejected. */
  private record PartlyProcessed(String key, String reason) {}

  /** Calls {@code process} with the event that S3 would send. */
  private void process(String key) {
    String encoded = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
    JsonNode answer =
        InputFile.JSON.readTree(
            functions.call(
                "process",
                """
                {"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put",\
                "s3":{"object":{"key":"%s"}}}]}\
                """
                    .formatted(encoded)));
    long rejected = answer.path("metrics_failed").asLong(0);
    if (rejected > 0) {
      partlyProcessed.add(
          new PartlyProcessed(
              key,
              "%s rejected, see %s"
                  .formatted(
                      ReadableText.count(rejected, "line"),
                      answer.path("quarantined").path(0).asString("quarantine/"))));
    }
  }

  /** Does what {@code sns:publish} does, and answers a message id. */
  private String publish(JsonNode parameters) {
    Map<String, String> attributes = new LinkedHashMap<>();
    parameters
        .path("MessageAttributes")
        .properties()
        .forEach(
            attribute ->
                attributes.put(
                    attribute.getKey(), attribute.getValue().path("StringValue").asString("")));
    Notification notification =
        Notification.of(
            parameters.path("Subject").asString(""),
            parameters.path("Message").asString(""),
            attributes);
    WriteResult result = storage.notifier().send(notification, deadline());
    if (!result.isComplete()) {
      throw new RetryableFailureException("the notification was not stored: " + result);
    }
    return attributes.getOrDefault("run_id", "message");
  }

  /** Deletes and packs what is old in the data folder. */
  void tidy() {
    folder.tidy();
  }

  /** Whether the data folder is still the one that was opened. */
  boolean hasItsFolder() {
    return folder.isStillThere();
  }

  /** Closes everything, also if a part of it cannot be closed, and then throws what it threw. */
  @Override
  public void close() {
    RuntimeException failure = null;
    List<Runnable> parts =
        List.of(
            collectors::close,
            deliveries::close,
            functions::close,
            threads::shutdownNow,
            storage::close,
            folder::close,
            log::close,
            jars::close);
    for (Runnable part : parts) {
      try {
        part.run();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
