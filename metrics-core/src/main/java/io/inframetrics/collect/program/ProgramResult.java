package io.inframetrics.collect.program;

import io.inframetrics.text.Texts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How a program ended and what it printed, in temporary files until {@link #close()}.
 *
 * @param exitCode 128 and the signal's number if a signal ended it
 * @hidden
 */
public record ProgramResult(End end, int exitCode, Path output, Path errors)
    implements AutoCloseable {

  private static final int LONGEST_LINE = 300;
  private static final int SIGNAL = 128;
  private static final int LAST_SIGNAL = 64;

  /** Why a program ended. */
  public enum End {
    EXITED,
    TIMED_OUT,
    TOO_MUCH_OUTPUT
  }

  /** Whether a signal ended the program, ours included. */
  public boolean isKilled() {
    return end != End.EXITED || (exitCode > SIGNAL && exitCode <= SIGNAL + LAST_SIGNAL);
  }

  /** The first {@code max} bytes of the output; what is not UTF-8 in them is replaced. */
  public String text(int max) throws IOException {
    return head(output, max);
  }

  /** The first line of its error messages, or else how it ended. */
  public String complaint() throws IOException {
    String line =
        head(errors, LONGEST_LINE)
            .lines()
            .filter(each -> !each.isBlank())
            .findFirst()
            .map(Texts::oneLine)
            .orElse("");
    return switch (end) {
      case TIMED_OUT -> "it did not end in time";
      case TOO_MUCH_OUTPUT -> "it printed too much";
      case EXITED -> line.isEmpty() ? "it exited with " + exitCode : line;
    };
  }

  private static String head(Path file, int max) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(max), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(output);
    Files.deleteIfExists(errors);
  }
}
