package io.inframetrics.workflow.definition;

import java.util.ArrayList;
import java.util.List;

/** Collects everything that is wrong with one definition. Not thread-safe: used by one load. */
final class Problems {

  private final List<Problem> found = new ArrayList<>();

  void add(String pointer, String message) {
    found.add(new Problem(pointer, message));
  }

  List<Problem> found() {
    return List.copyOf(found);
  }
}
