package io.inframetrics.workflow.state;

import io.inframetrics.workflow.definition.Fields;
import org.jspecify.annotations.Nullable;

/**
 * Where a state leads.
 *
 * @param next null when it ends its branch
 */
record Transition(@Nullable String next) {

  static final Transition END = new Transition(null);

  /** Exactly one of Next and End: true. */
  static Transition load(Fields fields) {
    fields.oneOf(true, "Next", "End");
    Boolean end = fields.bool("End");
    if (Boolean.FALSE.equals(end)) {
      fields.problem("End", "End must be true; leave it out and give Next instead");
    }
    String next = fields.string("Next");
    return next == null ? END : new Transition(next);
  }
}
