package io.inframetrics.functions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The sample events of {@code deploy/events}, which the functions' tests send too. */
public final class SampleEvents {

  private SampleEvents() {}

  /** An event by its name, such as {@code process-s3}. */
  public static String read(String name) throws IOException {
    return Files.readString(Path.of("..", "deploy", "events", name + ".json"));
  }
}
