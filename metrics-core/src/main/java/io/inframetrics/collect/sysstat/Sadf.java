package io.inframetrics.collect.sysstat;

import io.inframetrics.collect.program.Program;
import io.inframetrics.collect.program.ProgramResult;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs {@code sadf} on one day file at a time.
 *
 * <p>Always on whole files: {@code -s} drops the first sample, and it and {@code -e} are times of
 * day without a date.
 *
 * @param program the name or path of {@code sadf}
 * @param timeout of one call
 */
record Sadf(String program, Duration timeout) {

  /** A day of one-second samples of ten network interfaces prints about 220 MB. */
  private static final long MAX_BYTES = 512L << 20;

  /** What {@code sadf} says of a file whose recorder did not record the activity. */
  private static final String NOT_RECORDED = "Requested activities not available";

  /** Whether a file had what was asked for. */
  enum Answer {
    READ,
    NOT_RECORDED
  }

  /**
   * Hands the samples of one file to {@code handler}.
   *
   * @throws IOException with one sentence if this file cannot be read
   * @throws RetryableFailureException if the time was not enough
   * @throws InvalidRequestException if there is no {@code sadf}
   */
  Answer read(DayFile file, Activity activity, Deadline deadline, SadfJson.Handler handler)
      throws IOException, InterruptedException {
    Optional<String> unpacker = file.unpacker();
    if (unpacker.isEmpty()) {
      return print(file, file.path(), activity, deadline, handler);
    }
    try (ProgramResult unpacked = unpack(unpacker.get(), file, deadline)) {
      requireSuccess(unpacked, unpacker.get(), file, deadline);
      return print(file, unpacked.output(), activity, deadline, handler);
    }
  }

  private ProgramResult unpack(String unpacker, DayFile file, Deadline deadline)
      throws IOException, InterruptedException {
    return run(deadline, List.of(unpacker, "-dc", file.path().toString()));
  }

  private Answer print(
      DayFile file, Path plain, Activity activity, Deadline deadline, SadfJson.Handler handler)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program, "-j", plain.toString(), "--"));
    command.addAll(activity.arguments());
    try (ProgramResult printed = start(deadline, command)) {
      if (printed.exitCode() != 0 && printed.complaint().startsWith(NOT_RECORDED)) {
        return Answer.NOT_RECORDED;
      }
      requireSuccess(printed, program, file, deadline);
      try (InputStream in = Files.newInputStream(printed.output())) {
        SadfJson.read(in, activity.section(), handler);
      }
      return Answer.READ;
    }
  }

  private ProgramResult start(Deadline deadline, List<String> command) throws InterruptedException {
    try {
      return run(deadline, command);
    } catch (IOException e) {
      throw new InvalidRequestException(
          "%s cannot be started: install sysstat, or set INFRAMETRICS_COLLECTOR_SYSSTAT_SADF to its path (%s)"
              .formatted(program, e.getMessage()),
          e);
    }
  }

  private ProgramResult run(Deadline deadline, List<String> command)
      throws IOException, InterruptedException {
    Duration left = deadline.remaining();
    return new Program(command, left.compareTo(timeout) < 0 ? left : timeout, MAX_BYTES).run();
  }

  private void requireSuccess(ProgramResult result, String what, DayFile file, Deadline deadline)
      throws IOException {
    if (result.end() == ProgramResult.End.TIMED_OUT) {
      throw new RetryableFailureException(
          deadline.hasPassed()
              ? "the time was over before %s had read %s".formatted(what, file.name())
              : "%s did not read %s within %s, and was ended"
                  .formatted(what, file.name(), timeout));
    }
    if (result.end() != ProgramResult.End.EXITED || result.exitCode() != 0) {
      throw new IOException(result.complaint());
    }
  }
}
