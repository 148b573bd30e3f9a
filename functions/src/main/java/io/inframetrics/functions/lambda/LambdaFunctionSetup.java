package io.inframetrics.functions.lambda;

import io.inframetrics.aws.AwsClients;
import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.functions.FunctionSettings;
import io.inframetrics.functions.VerbBeans;
import io.inframetrics.functions.aws.AwsStores;
import io.inframetrics.functions.aws.InvocationThreads;
import io.inframetrics.functions.lambda.snapstart.Checkpoint;
import io.inframetrics.functions.lambda.snapstart.Priming;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

final class LambdaFunctionSetup {

  private static final String DEFINITION = "SPRING_CLOUD_FUNCTION_DEFINITION";
  private static final String INITIALIZATION_TYPE = "AWS_LAMBDA_INITIALIZATION_TYPE";
  private static final String SNAP_START = "snap-start";
  private static final List<String> FUNCTIONS =
      List.of("collect", "process", "healthCheck", "analyze");

  private final String function;
  private final FunctionSettings settings;
  private final CollectorRegistry collectors;
  private final Map<String, String> environment;
  private final PrintStream out;
  private final Clock clock;

  private LambdaFunctionSetup(
      String function,
      FunctionSettings settings,
      CollectorRegistry collectors,
      Map<String, String> environment,
      PrintStream out,
      Clock clock) {
    this.function = function;
    this.settings = settings;
    this.collectors = collectors;
    this.environment = environment;
    this.out = out;
    this.clock = clock;
  }

  static LambdaFunctionSetup ofThisProcess() {
    return of(
        System.getenv(), LambdaFunctionSetup.class.getClassLoader(), System.out, Clock.systemUTC());
  }

  /** Throws {@link IllegalArgumentException} with every mistake in {@code environment}. */
  static LambdaFunctionSetup of(
      Map<String, String> environment, ClassLoader loader, PrintStream out, Clock clock) {
    List<String> mistakes = new ArrayList<>();
    String function = environment.getOrDefault(DEFINITION, "");
    if (!FUNCTIONS.contains(function)) {
      mistakes.add("%s is '%s': use one of %s".formatted(DEFINITION, function, FUNCTIONS));
    }
    FunctionSettings settings = read(() -> FunctionSettings.of(environment, clock), mistakes);
    // Only collect needs collectors; a layer's settings are checked where they are used.
    CollectorRegistry collectors =
        function.equals("collect")
            ? read(() -> FunctionSettings.discover(environment, loader, clock), mistakes)
            : CollectorRegistry.of(List.of());
    if (settings == null || collectors == null || !mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", mistakes));
    }
    return new LambdaFunctionSetup(function, settings, collectors, environment, out, clock);
  }

  /** Null if {@code reading} rejects its input, which then adds to {@code mistakes}. */
  private static <T> @Nullable T read(Supplier<T> reading, List<String> mistakes) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      mistakes.add(String.valueOf(e.getMessage()));
      return null;
    }
  }

  String function() {
    return function;
  }

  /** Beans that use the stack's stores, which are built on first use. */
  VerbBeans beans() {
    AwsStores stores =
        new AwsStores(settings, () -> AwsClients.fromEnvironment(environment), clock);
    return new VerbBeans(
            stores,
            collectors,
            settings.keys(),
            settings.schedule(),
            settings.analysis(),
            InvocationThreads.unlimited("collector"),
            new EmbeddedMetrics(settings.namespace(), settings.stack(), out, clock),
            clock)
        .copyingAccepted(settings.acceptedMetrics())
        .linkingPages(stores::consoleLink);
  }

  /** With SnapStart, primes the function before the snapshot is taken. */
  void prepareCheckpoint() {
    if (SNAP_START.equals(environment.get(INITIALIZATION_TYPE))) {
      Checkpoint.register(new Priming(function, settings, environment, clock));
    }
  }
}
