package io.inframetrics.workflow.jsonata;

import com.dashjoin.jsonata.Jsonata.EntryCallback;
import com.dashjoin.jsonata.Jsonata.ExitCallback;
import com.dashjoin.jsonata.Jsonata.Frame;
import com.dashjoin.jsonata.Parser.Symbol;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Stops one evaluation that takes too long, nests too deep or builds too long a text. The library's
 * own bounds miscount the depth of arrays and objects, and know no text.
 *
 * <p>The library asks between two steps; {@link Texts} bounds the steps that can take long. A
 * regular expression that is called as a function, and the memory of all values together, are not
 * bounded.
 */
final class Bounds implements EntryCallback, ExitCallback {

  static final String TOO_DEEP = "The expression calls itself too often.";

  private static final Duration MAX_TIME = Duration.ofSeconds(5);

  /** Nested steps, some three for a call; a thread's usual stack has room for a few times that. */
  private static final int MAX_DEPTH = 1_500;

  /** The clock is read once in so many steps. */
  private static final int STEPS = 256;

  private final long start = System.nanoTime();
  private int depth;
  private int steps;

  @Override
  public void callback(Symbol step, @Nullable Object input, Frame frame) {
    if (++depth > MAX_DEPTH) {
      throw new IllegalStateException(TOO_DEEP);
    }
    if (++steps % STEPS == 0) {
      checkTime(start);
    }
  }

  static void checkTime(long start) {
    if (System.nanoTime() - start > MAX_TIME.toNanos()) {
      throw new IllegalStateException(
          "The expression took longer than " + MAX_TIME.toSeconds() + " seconds.");
    }
  }

  @Override
  public void callback(Symbol step, @Nullable Object input, Frame frame, @Nullable Object result) {
    depth--;
    if (result instanceof String text) {
      Texts.checkLength(text.length());
    }
  }
}
