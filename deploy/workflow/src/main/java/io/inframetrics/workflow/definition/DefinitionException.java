package io.inframetrics.workflow.definition;

import java.util.List;
import java.util.stream.Collectors;

/** A definition that cannot run, with everything that is wrong with it. */
public final class DefinitionException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  DefinitionException(List<Problem> problems) {
    super(
        problems.stream()
            .map(problem -> System.lineSeparator() + "  " + problem)
            .collect(
                Collectors.joining(
                    "", "The definition has " + problems.size() + " problem(s):", "")));
    this.problems = List.copyOf(problems);
  }

  /** Every problem, in the order they were found; never empty. */
  public List<Problem> problems() {
    return problems;
  }
}
