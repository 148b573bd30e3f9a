package io.inframetrics.workflow;

import com.sun.management.OperatingSystemMXBean;
import io.inframetrics.workflow.data.Json;
import io.inframetrics.workflow.definition.DefinitionException;
import io.inframetrics.workflow.testing.ScriptedTasks;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Prints how many executions a second of CPU time run over the definitions of a file of cases; see
 * {@code deploy/workflow/benchmarks}. Uses only what older versions have, too, so that they can be
 * compared.
 */
final class ExecutionSpeed {

  private record Prepared(StateMachine machine, JsonNode input, JsonNode tasks) {}

  private ExecutionSpeed() {}

  /**
   * Arguments: the file, the number of measurements, and the seconds of CPU time that each takes.
   */
  public static void main(String[] args) throws IOException {
    List<Prepared> all = new ArrayList<>();
    for (JsonNode one : Json.parse(Files.readString(Path.of(args[0]))).get("cases")) {
      try {
        StateMachine machine = StateMachine.parse(Json.text(one.get("definition")), Map.of());
        all.add(new Prepared(machine, one.get("input"), one.get("tasks")));
      } catch (DefinitionException e) {
        // A case of a refused definition.
        continue;
      }
    }
    // CPU time of the whole process, with the garbage collector: the machine may be busy.
    var process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long nanos = (long) (Double.parseDouble(args[2]) * 1e9);
    for (int i = 0; i < Integer.parseInt(args[1]); i++) {
      long start = process.getProcessCpuTime();
      long count = 0;
      while (process.getProcessCpuTime() - start < nanos) {
        for (Prepared each : all) {
          each.machine()
              .execution()
              .input(each.input())
              .tasks(ScriptedTasks.of(each.tasks()))
              .run();
          count++;
        }
      }
      System.out.printf("%.0f%n", count * 1e9 / (process.getProcessCpuTime() - start));
    }
  }
}
