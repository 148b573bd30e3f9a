package io.inframetrics.testkit.aws.dynamodb;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * The words that no expression may use as an attribute's name.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ReservedWords.html">Reserved
 *     words</a>
 */
final class ReservedWords {

  private static final Set<String> WORDS = read();

  private ReservedWords() {}

  static boolean contains(String word) {
    return WORDS.contains(word.toUpperCase(Locale.ROOT));
  }

  private static Set<String> read() {
    try (InputStream in = ReservedWords.class.getResourceAsStream("reserved-words.txt")) {
      byte[] text = Objects.requireNonNull(in).readAllBytes();
      return Set.of(new String(text, StandardCharsets.US_ASCII).strip().split("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException("the list of reserved words cannot be read", e);
    }
  }
}
