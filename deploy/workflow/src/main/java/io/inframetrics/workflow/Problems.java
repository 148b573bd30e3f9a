package io.inframetrics.workflow;

import java.util.ArrayList;
import java.util.List;

/** Collects everything that is wrong with one definition. Not thread-safe: used by one load. */
final class Problems {

  private final List<Problem> found = new ArrayList<>();

  void add(String pointer, String message) {
    found.add(new Problem(pointer, message));
  }

  /** The pointer of a child, its name escaped as RFC 6901 wants. */
  static String at(String pointer, String child) {
    return pointer + "/" + child.replace("~", "~0").replace("/", "~1");
  }

  List<Problem> found() {
    return List.copyOf(found);
  }
}
