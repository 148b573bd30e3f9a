package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.cli.input.InputFile;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A command that has ended.
 *
 * @param exitCode with what
 * @param out what it printed
 * @param err what it complained of
 */
public record Executed(int exitCode, String out, String err) {

  public static Executed command(Object... arguments) {
    return command(new VirtualContext(), arguments);
  }

  public static Executed command(CommandContext around, Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exitCode =
        Main.commandLine(stream(out), stream(err), around)
            .execute(Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new));
    return new Executed(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  public List<String> lines() {
    return out.lines().toList();
  }

  public JsonNode json() {
    return InputFile.JSON.readTree(out);
  }

  /** Exit 0 and no complaint. */
  public Executed succeeded() {
    assertThat(err).isEmpty();
    assertThat(exitCode).as(out).isZero();
    return this;
  }

  /** Exit 2, and one sentence that has all of {@code parts}. */
  public void refused(String... parts) {
    assertThat(err.lines()).as(err).hasSize(1);
    assertThat(err).startsWith("inframetrics").doesNotContain("Exception");
    assertThat(List.of(parts)).as(err).allMatch(err::contains);
    assertThat(exitCode).isEqualTo(2);
  }
}
