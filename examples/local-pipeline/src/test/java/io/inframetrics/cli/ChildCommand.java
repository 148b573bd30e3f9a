package io.inframetrics.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command in a process of its own, which ends with the test. */
final class ChildCommand implements AutoCloseable {

  private final Process process;
  private final BufferedReader out;

  private ChildCommand(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts a command whose output is read here. */
  static ChildCommand start(Class<?> main, Object... arguments) throws IOException {
    return new ChildCommand(command(main, arguments).redirectErrorStream(true).start());
  }

  /** Starts a command whose output goes to the end of a file. */
  static ChildCommand startInto(Path log, Class<?> main, Object... arguments) throws IOException {
    return new ChildCommand(
        command(main, arguments)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start());
  }

  /** The same, in a shell that lets it have so many files open. */
  static ChildCommand startWithDescriptors(int most, Path log, Class<?> main, Object... arguments)
      throws IOException {
    ProcessBuilder builder = command(main, arguments);
    List<String> limited =
        new ArrayList<>(List.of("sh", "-c", "ulimit -n " + most + " && exec \"$@\"", "sh"));
    limited.addAll(builder.command());
    return new ChildCommand(
        builder
            .command(limited)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start());
  }

  private static ProcessBuilder command(Class<?> main, Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xshare:auto", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmn24m"));
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.add("-Dinframetrics.home=" + VirtualContext.REPOSITORY);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ProcessBuilder(command);
  }

  long pid() {
    return process.pid();
  }

  /** Reads until a line that has {@code text}, and answers everything that was read. */
  String readUntil(String text) throws IOException {
    StringBuilder read = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      read.append(line).append('\n');
      if (line.contains(text)) {
        return read.toString();
      }
    }
    throw new IllegalStateException("the process ended without '" + text + "':\n" + read);
  }

  String readAll() throws IOException {
    StringBuilder read = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      read.append(line).append('\n');
    }
    return read.toString();
  }

  /** Whether it ended by itself within that time. */
  boolean endsWithin(long milliseconds) throws InterruptedException {
    return process.waitFor(milliseconds, TimeUnit.MILLISECONDS);
  }

  int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  /** Sends SIGINT, as Ctrl-C does. */
  void interrupt() throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-INT", String.valueOf(pid())).start();
    if (kill.waitFor() != 0) {
      throw new IllegalStateException("process " + pid() + " could not be interrupted");
    }
  }

  /** Sends SIGTERM; what the process still says can be read. */
  void terminate() {
    boolean unused = process.toHandle().destroy();
  }

  /** Sends SIGKILL and waits until there is no such process any more. */
  int kill() throws InterruptedException {
    process.destroyForcibly();
    return process.waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
