package com.example.queue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/** Reads a file to which something else appends lines of epoch seconds, a space and a value. */
final class QueueReadingsFile implements QueueReadings {

  private final Path file;

  QueueReadingsFile(Path file) {
    this.file = Objects.requireNonNull(file, "file");
  }

  @Override
  public List<Reading> between(Instant since, Instant until) throws IOException {
    TreeMap<Instant, Reading> readings = new TreeMap<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        Reading reading = reading(line, number);
        if (reading.time().isAfter(since) && !reading.time().isAfter(until)) {
          readings.put(reading.time(), reading);
        }
      }
    }
    return List.copyOf(readings.values());
  }

  private Reading reading(String line, int number) throws IOException {
    String[] parts = line.strip().split("\\s+");
    try {
      if (parts.length == 2) {
        return new Reading(
            Instant.ofEpochSecond(Long.parseLong(parts[0])), Double.parseDouble(parts[1]));
      }
    } catch (NumberFormatException e) {
      throw new IOException(mistake(line, number), e);
    }
    throw new IOException(mistake(line, number));
  }

  private String mistake(String line, int number) {
    return "line %d of '%s' is '%s': write epoch seconds, a space and a number"
        .formatted(number, file, line);
  }
}
