package io.inframetrics.collect.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the programs are shell scripts")
class ProgramTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private Path temp;

  private static ProgramResult shell(String script, Duration timeout)
      throws IOException, InterruptedException {
    return new Program(List.of("/bin/sh", "-c", script), timeout, 10_000).run();
  }

  @Test
  void answersTheOutputAndTheExitCode() throws Exception {
    try (ProgramResult result = shell("echo out; echo wrong >&2; exit 2", LONG)) {
      assertThat(result.end()).isEqualTo(ProgramResult.End.EXITED);
      assertThat(result.exitCode()).isEqualTo(2);
      assertThat(result.isKilled()).isFalse();
      assertThat(result.text(100)).isEqualTo("out\n");
      assertThat(result.text(2)).isEqualTo("ou");
      assertThat(result.complaint()).isEqualTo("wrong");
    }
  }

  @Test
  void itsFilesAreGoneAfterwards() throws Exception {
    ProgramResult result = shell("echo out", LONG);
    result.close();
    assertThat(result.output()).doesNotExist();
    assertThat(result.errors()).doesNotExist();
  }

  @Test
  void runsInTheLocaleCWithoutInput() throws Exception {
    try (ProgramResult result = shell("cat; echo \"$LC_ALL/$LANG/$LC_NUMERIC\"", LONG)) {
      assertThat(result.text(100)).isEqualTo("C//\n");
    }
  }

  @Test
  void endsAfterItsTimeWithAllItsChildren() throws Exception {
    try (ProgramResult result = shell("sleep 60 & echo $!; wait", Duration.ofSeconds(1))) {
      assertThat(result.end()).isEqualTo(ProgramResult.End.TIMED_OUT);
      assertThat(result.isKilled()).isTrue();
      assertThat(result.complaint()).isEqualTo("it did not end in time");
      Optional<ProcessHandle> child = ProcessHandle.of(Long.parseLong(result.text(100).strip()));
      if (child.isPresent()) {
        child.get().onExit().get(10, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void isNotWaitedForByAChildThatKeepsItsOutput() throws Exception {
    try (ProgramResult result = shell("sleep 60 & echo done $!", LONG)) {
      String[] words = result.text(100).strip().split(" ");
      ProcessHandle.of(Long.parseLong(words[1])).ifPresent(ProcessHandle::destroyForcibly);
      assertThat(words[0]).isEqualTo("done");
    }
  }

  @Test
  void endsWhenItPrintsTooMuch() throws Exception {
    try (ProgramResult result = shell("while :; do echo 0123456789; done", LONG)) {
      assertThat(result.end()).isEqualTo(ProgramResult.End.TOO_MUCH_OUTPUT);
      assertThat(result.complaint()).isEqualTo("it printed too much");
    }
  }

  @Test
  void aSignalIsSeen() throws Exception {
    try (ProgramResult result = shell("kill -9 $$", LONG)) {
      assertThat(result.end()).isEqualTo(ProgramResult.End.EXITED);
      assertThat(result.isKilled()).isTrue();
      assertThat(result.exitCode()).isEqualTo(137);
    }
  }

  @Test
  void saysWhatCannotBeStarted() {
    Program program = new Program(List.of("/nowhere/at-all"), LONG, 10);
    assertThatThrownBy(program::run)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/nowhere/at-all");
  }

  @Test
  void anInterruptEndsIt() throws Exception {
    Path running = temp.resolve("running");
    Thread thread =
        new Thread(
            () -> {
              try (ProgramResult result = shell("touch " + running + "; sleep 60", LONG)) {
                Files.writeString(running, result.text(10));
              } catch (IOException | InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    thread.start();
    while (Files.notExists(running)) {
      Thread.onSpinWait();
    }
    thread.interrupt();
    thread.join(10_000);
    assertThat(thread.isAlive()).isFalse();
  }
}
