package io.inframetrics.collect;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads all settings of a source and reports every mistake at once. A factory reads each setting
 * that it knows, gets the default where one is wrong, and calls {@link #finish()} before it uses
 * any of them:
 *
 * <pre>{@code
 * SettingsReader reader = new SettingsReader(settings);
 * String url = reader.text("url", "http://localhost:8080");
 * long pageSize = reader.number("page_size", 100, 1, 1_000);
 * reader.finish();
 * }</pre>
 *
 * <p>Not thread-safe; used only at start-up.
 */
public final class SettingsReader {

  private final CollectorSettings settings;
  private final List<String> mistakes = new ArrayList<>();

  public SettingsReader(CollectorSettings settings) {
    this.settings = settings;
  }

  /** The setting, or {@code otherwise} if it is missing or blank. */
  public String text(String name, String otherwise) {
    return settings.text(name, otherwise);
  }

  /** As {@link CollectorSettings#number}, but remembers a mistake instead of throwing. */
  public long number(String name, long otherwise, long min, long max) {
    return orElse(() -> settings.number(name, otherwise, min, max), otherwise);
  }

  /** As {@link CollectorSettings#duration}, but remembers a mistake instead of throwing. */
  public Duration duration(String name, Duration otherwise) {
    return orElse(() -> settings.duration(name, otherwise), otherwise);
  }

  /**
   * A setting in the source's own format, or {@code otherwise} if it is missing.
   *
   * @param parser throws {@link IllegalArgumentException} with one sentence for an invalid text;
   *     the sentence is remembered with the setting's name
   */
  public <T> T parsed(String name, T otherwise, Function<String, T> parser) {
    return orElse(
        () -> {
          String text = settings.text(name, "");
          if (text.isEmpty()) {
            return otherwise;
          }
          try {
            return parser.apply(text);
          } catch (IllegalArgumentException e) {
            throw settings.refused(name, text, String.valueOf(e.getMessage()));
          }
        },
        otherwise);
  }

  /** Remembers any other mistake, such as two settings that contradict each other. */
  public void mistake(String sentence) {
    mistakes.add(sentence);
  }

  /**
   * Checks that there was no mistake.
   *
   * @throws IllegalArgumentException with every mistake, including settings that were given but
   *     never read
   */
  public void finish() {
    try {
      settings.requireAllRead();
    } catch (IllegalArgumentException e) {
      mistakes.add(String.valueOf(e.getMessage()));
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", mistakes));
    }
  }

  private <T> T orElse(Supplier<T> reading, T otherwise) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      mistakes.add(String.valueOf(e.getMessage()));
      return otherwise;
    }
  }
}
