package io.inframetrics.cli;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.workflow.Simulation;
import io.inframetrics.workflow.TestState;
import io.inframetrics.workflow.execution.ExecutionStatus;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "simulate",
    description = "Runs a state machine on a virtual clock, with task results that you give.",
    mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--definition",
      paramLabel = "FILE",
      description = "the state machine definition, a JSON file")
  private @Nullable Path definition;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "the input, a JSON file; the default is {}")
  private @Nullable Path input;

  @Option(
      names = "--tasks",
      paramLabel = "FILE",
      description = {
        "task results: a JSON file with an array of",
        "{\"state\"?, \"resource\"?, \"output\": any, \"seconds\"?: n} or",
        "{..., \"error\": \"Name\", \"cause\": \"text\"};",
        "each invocation uses the first unused result that matches"
      })
  private @Nullable Path tasks;

  @Option(
      names = "--substitutions",
      paramLabel = "FILE|NAME=VALUE",
      arity = "1..*",
      description =
          "values for $${NAME} in the definition: a file with a JSON object, or one or more NAME=VALUE")
  private List<String> substitutions = List.of();

  @Option(
      names = "--cases",
      paramLabel = "FILE",
      description = {
        "runs many cases: a JSON file with {\"cases\":"
            + " [{\"id\", \"definition\", \"input\", \"tasks\", \"expected\"}]};",
        "prints a JSON line for each case, with \"id\" and \"pass\""
      })
  private @Nullable Path cases;

  @Option(
      names = "--test-state",
      paramLabel = "FILE",
      description = {
        "runs one state alone: a JSON file with a request of Step Functions' TestState,",
        "{\"definition\", \"input\", \"mock\", \"inspectionLevel\", ...}; prints its answer"
      })
  private @Nullable Path testState;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      if (cases != null) {
        return Simulation.cases(InputFile.json(cases), result -> out.println(result))
            ? 0
            : ExitCode.SOFTWARE;
      }
      if (testState != null) {
        ObjectNode answer = TestState.run(InputFile.json(testState));
        out.println(answer);
        return answer.path("status").asString("").equals(ExecutionStatus.FAILED.name())
            ? ExitCode.SOFTWARE
            : 0;
      }
      if (definition == null) {
        throw new ParameterException(
            spec.commandLine(),
            "missing required option: give --definition FILE, --cases FILE or --test-state FILE");
      }
      ObjectNode result =
          Simulation.simulate(
              InputFile.text(definition),
              input == null ? InputFile.JSON.createObjectNode() : InputFile.json(input),
              tasks == null ? InputFile.JSON.createArrayNode() : InputFile.json(tasks),
              substitutions());
      out.println(result);
      return result.path("status").asString("").equals(ExecutionStatus.SUCCEEDED.name())
          ? 0
          : ExitCode.SOFTWARE;
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()), e);
    } finally {
      out.flush();
    }
  }

  private Map<String, String> substitutions() {
    Map<String, String> values = new LinkedHashMap<>();
    for (String each : substitutions) {
      int equals = each.indexOf('=');
      if (equals > 0 && !Files.exists(Path.of(each))) {
        values.put(each.substring(0, equals), each.substring(equals + 1));
        continue;
      }
      JsonNode file = InputFile.json(Path.of(each));
      if (!file.isObject()) {
        throw new UsageException(
            "substitutions file '%s' is not a JSON object: use {\"NAME\": \"value\", ...}"
                .formatted(each));
      }
      file.properties()
          .forEach(
              value ->
                  values.put(
                      value.getKey(),
                      value.getValue().isString()
                          ? value.getValue().stringValue()
                          : value.getValue().toString()));
    }
    return values;
  }
}
