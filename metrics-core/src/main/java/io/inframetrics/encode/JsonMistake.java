package io.inframetrics.encode;

import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/** Says in one line what is wrong with JSON text. */
public final class JsonMistake {

  /** Where the parser was, which it tells as a source that it does not show. */
  private static final Pattern HIDDEN_SOURCE =
      Pattern.compile(" \\((?:start marker|for \\w+ starting) at \\[Source:[^\\]]*\\]\\)");

  private static final Pattern SPACE = Pattern.compile("\\s+");

  private JsonMistake() {}

  /** The parser's own words, on one line. */
  public static String describe(JacksonException e) {
    String words = HIDDEN_SOURCE.matcher(e.getOriginalMessage()).replaceAll("");
    return SPACE.matcher(words).replaceAll(" ").trim();
  }
}
