package io.inframetrics.collect.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that is run as a child process, always in the locale {@code C}: in others, numbers may
 * have a decimal comma. Its output goes to temporary files, so a program that leaves children
 * behind cannot keep the caller waiting for the end of a pipe. Immutable; safe to share.
 *
 * @param command the program and its arguments; no shell looks at them
 * @param timeout after which it is killed, with all processes that it started
 * @param maxBytes of output, after which it is killed as well
 * @hidden
 */
public record Program(List<String> command, Duration timeout, long maxBytes) {

  /** How long to wait before the size of the output is looked at again. */
  private static final long LOOK_EVERY_MILLIS = 20;

  /** Variables that change the output of the programs that collectors start. */
  private static final List<String> UNWANTED = List.of("LANG", "LANGUAGE", "S_TIME_FORMAT");

  public Program {
    command = List.copyOf(command);
  }

  /**
   * Runs the program and returns what it printed. Close the result.
   *
   * @throws IOException if it cannot be started; the message names it
   * @throws InterruptedException if interrupted; the program is killed
   */
  public ProgramResult run() throws IOException, InterruptedException {
    long start = System.nanoTime();
    Path out = Files.createTempFile("inframetrics-", ".out");
    Path errors = null;
    Process process = null;
    boolean done = false;
    try {
      errors = Files.createTempFile("inframetrics-", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(errors.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("LC_"));
      UNWANTED.forEach(builder.environment()::remove);
      builder.environment().put("LC_ALL", "C");
      process = builder.start();
      process.getOutputStream().close();
      ProgramResult.End end = await(process, out, errors, start);
      if (end != ProgramResult.End.EXITED) {
        kill(process);
      }
      ProgramResult result = new ProgramResult(end, process.waitFor(), out, errors);
      done = true;
      return result;
    } finally {
      if (!done) {
        if (process != null) {
          kill(process);
        }
        Files.deleteIfExists(out);
        if (errors != null) {
          Files.deleteIfExists(errors);
        }
      }
    }
  }

  private ProgramResult.End await(Process process, Path out, Path errors, long start)
      throws IOException, InterruptedException {
    while (true) {
      long left = timeout.toNanos() - (System.nanoTime() - start);
      if (left <= 0) {
        return ProgramResult.End.TIMED_OUT;
      }
      boolean exited =
          process.waitFor(
              Math.min(left, TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY_MILLIS)),
              TimeUnit.NANOSECONDS);
      if (Files.size(out) + Files.size(errors) > maxBytes) {
        return ProgramResult.End.TOO_MUCH_OUTPUT;
      }
      if (exited) {
        return ProgramResult.End.EXITED;
      }
    }
  }

  private static void kill(Process process) {
    // Its children first, as long as it is known whose they are.
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
