package io.inframetrics.collect.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What plugins of monitoring-plugins 2.3.3 really printed. */
final class Golden {

  /** An output and its exit code. */
  record Output(String text, int exitCode) {}

  private Golden() {}

  /** The outputs by command line. */
  static Map<String, Output> outputs() {
    Map<String, Output> outputs = new LinkedHashMap<>();
    String command = "";
    StringBuilder text = new StringBuilder();
    for (String line : file().lines().toList()) {
      if (line.startsWith("$ ")) {
        command = line.substring(2);
        text.setLength(0);
      } else if (line.startsWith("rc=")) {
        outputs.put(command, new Output(text.toString(), Integer.parseInt(line.substring(3))));
      } else {
        text.append(line).append('\n');
      }
    }
    return outputs;
  }

  private static String file() {
    try (InputStream in = Golden.class.getResourceAsStream("/golden/plugin/nagios-plugins.txt")) {
      return new String(
          Objects.requireNonNull(in, "nagios-plugins.txt").readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
