package io.inframetrics.workflow.definition;

import java.util.List;
import java.util.stream.Collectors;

/** Reports everything that is wrong with a definition. */
public final class DefinitionException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  DefinitionException(List<Problem> problems) {
    super(
        problems.stream()
            .map(problem -> System.lineSeparator() + "  " + problem)
            .collect(
                Collectors.joining(
                    "",
                    "The definition has "
                        + problems.size()
                        + (problems.size() == 1 ? " problem:" : " problems:"),
                    "")));
    this.problems = List.copyOf(problems);
  }

  /** All problems in the order they were found; never empty. */
  public List<Problem> problems() {
    return problems;
  }
}
