package {{package}};

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Where the values of {{type}} come from. Replace {@link {{Name}}ReadingsFile} by your own. */
interface {{Name}}Readings {

  /** A value at a time. */
  record Reading(Instant time, double value) {}

  /**
   * The readings after {@code since} and up to {@code until}, at most one a second, oldest first.
   *
   * @throws IOException if they cannot be read now; the run tries again after 10, 20 and 40 seconds
   */
  List<Reading> between(Instant since, Instant until) throws IOException;
}
