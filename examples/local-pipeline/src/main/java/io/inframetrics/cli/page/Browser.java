package io.inframetrics.cli.page;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Opens pages for the person at this machine. */
public interface Browser {

  /** Opens a page; answers a sentence with what to do if it cannot be opened here. */
  Optional<String> open(URI page);

  /** The desktop's own program for it, called without a shell. */
  static Browser ofDesktop(Map<String, String> environment) {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    return page -> {
      Optional<List<String>> opener = opener(system, environment);
      return opener.isEmpty()
          ? Optional.of(byHand("there is no desktop here", page))
          : start(opener.get(), page);
    };
  }

  /** The program that opens pages, with its arguments; empty if there is no desktop. */
  static Optional<List<String>> opener(String system, Map<String, String> environment) {
    if (system.contains("mac")) {
      return Optional.of(List.of("open"));
    }
    if (system.contains("windows")) {
      return Optional.of(List.of("rundll32", "url.dll,FileProtocolHandler"));
    }
    return List.of("DISPLAY", "WAYLAND_DISPLAY", "BROWSER").stream()
            .anyMatch(name -> !environment.getOrDefault(name, "").isEmpty())
        ? Optional.of(List.of("xdg-open"))
        : Optional.empty();
  }

  /** Starts it; if it ends within two seconds, its exit code counts. */
  static Optional<String> start(List<String> opener, URI page) {
    List<String> command = new java.util.ArrayList<>(opener);
    command.add(page.toString());
    String program = opener.get(0);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (process.waitFor(2, TimeUnit.SECONDS) && process.exitValue() != 0) {
        return Optional.of(
            byHand("%s exited with %d".formatted(program, process.exitValue()), page));
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(byHand("%s cannot be started".formatted(program), page));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static String byHand(String why, URI page) {
    return "note: %s: open %s in a browser".formatted(why, page);
  }
}
