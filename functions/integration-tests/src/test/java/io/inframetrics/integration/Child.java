package io.inframetrics.integration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own that has ended.
 *
 * @param said both of its streams
 */
record Child(int exitCode, String said) {

  private static final long LONGEST_MINUTES = 5;

  /** Runs a class of this class path, with these variables and no others of AWS. */
  static Child run(
      Class<?> main, Map<String, String> environment, List<String> flags, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xshare:auto", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    // The lines of thousands of requests are of no interest here.
    command.add("-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider");
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile("child", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES);
      String said = Files.readString(out);
      if (!ended) {
        throw new IllegalStateException("the child did not end; it said: " + said);
      }
      return new Child(process.exitValue(), said);
    } finally {
      process.destroyForcibly();
      Files.delete(out);
    }
  }
}
