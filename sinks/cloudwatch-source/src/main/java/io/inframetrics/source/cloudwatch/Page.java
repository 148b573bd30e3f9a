package io.inframetrics.source.cloudwatch;

import io.inframetrics.pipeline.RetryableFailureException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A page of an answer, and the token of the next one. Used by one thread. */
abstract class Page implements CborCall.Reader {

  private @Nullable String nextToken;

  /** Null or empty at the end. */
  @Nullable String nextToken() {
    return nextToken;
  }

  @Override
  public final void read(CborReader in) throws IOException {
    nextToken = null;
    begin();
    CborReader.Fields fields = in.fields();
    for (String name = fields.next(); name != null; name = fields.next()) {
      if (name.equals("NextToken")) {
        nextToken = in.text();
      } else {
        field(name, in);
      }
    }
  }

  /** Forgets what an attempt before has read. */
  abstract void begin();

  /** Reads the value of a field, or skips it. */
  abstract void field(String name, CborReader in) throws IOException;

  /** Follows the tokens of an answer's pages to the last one. */
  static final class Tokens {

    private final String operation;
    private final Set<String> seen = new HashSet<>();
    private @Nullable String current;

    Tokens(String operation) {
      this.operation = operation;
    }

    /** The token to ask for the page with; null for the first one. */
    @Nullable String current() {
      return current;
    }

    /**
     * Goes on to a page.
     *
     * @param next null or empty at the end
     * @return false at the end
     * @throws RetryableFailureException if there was such a page already: it would never end
     */
    boolean follow(@Nullable String next) {
      if (next == null || next.isEmpty()) {
        return false;
      }
      if (!seen.add(next)) {
        throw new RetryableFailureException(
            operation + " answered the same page token twice, so the rest is missing");
      }
      current = next;
      return true;
    }
  }
}
