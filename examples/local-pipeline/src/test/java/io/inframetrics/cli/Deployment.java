package io.inframetrics.cli;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.ProductFiles;
import io.inframetrics.template.Stack;
import io.inframetrics.template.Template;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the template of this repository gives its functions. */
final class Deployment {

  /** Function by bean. */
  static final Map<String, String> FUNCTIONS =
      Map.of(
          "collect", "Collect",
          "process", "Process",
          "healthCheck", "HealthCheck",
          "analyze", "Analyze");

  private Deployment() {}

  static Template template() {
    return Template.parse(InputFile.text(VirtualContext.REPOSITORY.resolve(ProductFiles.TEMPLATE)));
  }

  /** The variables that a function would have. */
  static Map<String, String> environment(Stack stack, String bean) {
    Map<String, String> environment = new LinkedHashMap<>();
    stack
        .resource(FUNCTIONS.get(bean) + "Function")
        .at("/Environment/Variables")
        .properties()
        .forEach(variable -> environment.put(variable.getKey(), variable.getValue().asString()));
    return environment;
  }
}
