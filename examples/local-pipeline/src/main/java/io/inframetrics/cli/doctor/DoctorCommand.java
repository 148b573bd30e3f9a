package io.inframetrics.cli.doctor;

import io.inframetrics.cli.input.UsageException;
import io.inframetrics.functions.FunctionSettings;
import io.inframetrics.functions.aws.UserClients;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Checks everything that {@code run --store aws} needs, without changing anything. */
@Command(
    name = "doctor",
    description = {
      "Checks what run --store aws needs: settings, region, credentials, identity, clock, bucket,"
          + " table and topic; says how to fix each thing that is wrong. It writes nothing and"
          + " publishes nothing, so it cannot try the permissions for that: it prints the command"
          + " that asks IAM about them.",
      "Exits with 0 if nothing is wrong, with 1 if something is."
    },
    mixinStandardHelpOptions = true)
public final class DoctorCommand implements Callable<Integer> {

  /** Each call to AWS is logged; here the results say it. */
  private static final Logger LOG = Logger.getLogger("io.inframetrics");

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Map<String, String> environment;
  private final Supplier<FunctionSettings> settings;
  private final Clock clock;
  private final boolean ownsProcess;

  /**
   * The command.
   *
   * @param environment with the credentials and the region
   * @param settings reads those of a run on AWS; throws {@link UsageException} if they are wrong
   * @param ownsProcess whether this process does nothing else, so that the log may be turned off
   */
  public DoctorCommand(
      Map<String, String> environment,
      Supplier<FunctionSettings> settings,
      Clock clock,
      boolean ownsProcess) {
    this.environment = environment;
    this.settings = settings;
    this.clock = clock;
    this.ownsProcess = ownsProcess;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (ownsProcess) {
      LOG.setLevel(Level.OFF);
    }
    List<CheckResult> results = check();
    results.forEach(result -> out.println(result.line()));
    long wrong =
        results.stream().filter(result -> result.state() == CheckResult.State.WRONG).count();
    out.println(
        wrong == 0
            ? "nothing is wrong"
            : wrong == 1 ? "1 thing is wrong" : wrong + " things are wrong");
    out.flush();
    return wrong == 0 ? 0 : ExitCode.SOFTWARE;
  }

  private List<CheckResult> check() {
    List<CheckResult> results = new ArrayList<>();
    FunctionSettings read = read(results);
    try (UserClients clients = UserClients.of(environment)) {
      results.add(CheckResult.ok("region", clients.clients().region() + ", from " + origin()));
      new AwsChecks(clients, clock, results).run(read);
    } catch (IllegalArgumentException e) {
      results.add(CheckResult.wrong("region", String.valueOf(e.getMessage())));
    }
    return results;
  }

  private @Nullable FunctionSettings read(List<CheckResult> results) {
    try {
      FunctionSettings read = settings.get();
      results.add(
          CheckResult.ok(
              "settings",
              "bucket %s, table %s, namespace %s"
                  .formatted(read.bucket(), read.table(), read.namespace())));
      return read;
    } catch (UsageException e) {
      results.add(CheckResult.wrong("settings", String.valueOf(e.getMessage())));
      return null;
    }
  }

  private String origin() {
    for (String variable : List.of("AWS_REGION", "AWS_DEFAULT_REGION")) {
      if (!environment.getOrDefault(variable, "").isBlank()) {
        return variable;
      }
    }
    return "the AWS profile";
  }
}
