package io.inframetrics.functions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The sample events of {@code deploy/events}, which the functions' tests send too. */
public final class SampleEvents {

  private static final Path EVENTS = Path.of("..", "deploy", "events");

  private SampleEvents() {}

  /** The names of all events that begin with {@code function}, sorted. */
  public static List<String> names(String function) throws IOException {
    try (Stream<Path> files = Files.list(EVENTS)) {
      return files
          .map(file -> file.getFileName().toString().replace(".json", ""))
          .filter(name -> name.startsWith(function + "-"))
          .sorted()
          .toList();
    }
  }

  /** What a function answers to an event of that name, from stores in memory. */
  public static String golden(String name) throws IOException {
    return Files.readString(Path.of("src", "test", "resources", "golden", name + ".json"));
  }

  /** An event by its name, such as {@code process-s3}. */
  public static String read(String name) throws IOException {
    return Files.readString(EVENTS.resolve(name + ".json"));
  }
}
