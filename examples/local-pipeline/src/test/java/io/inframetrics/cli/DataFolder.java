package io.inframetrics.cli;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.encode.JsonLinesReader;
import io.inframetrics.encode.Line;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;

/**
 * A data folder as people and other programs find it: files, and a database that is read by SQL.
 */
record DataFolder(Path root) {

  private static final CollectionRun NO_RUN = new CollectionRun("none", Instant.EPOCH);

  /** The files below a folder as keys, sorted; none if it is not there. */
  List<String> keys(String folder) {
    try (Stream<Path> files = Files.walk(root.resolve(folder))) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .map(file -> root.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of a file, also of a compressed one. */
  String text(String key) {
    try {
      if (key.endsWith(".gz")) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(root.resolve(key)))) {
          return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
      }
      return Files.readString(root.resolve(key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonNode json(String key) {
    return InputFile.JSON.readTree(text(key));
  }

  void write(String key, String text) {
    try {
      Files.createDirectories(root.resolve(key).getParent());
      Files.writeString(root.resolve(key), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The run record of the only run. */
  JsonNode onlyRun() {
    List<String> records = keys("runs");
    if (records.size() != 1) {
      throw new IllegalStateException("there are run records " + records);
    }
    return json(records.get(0));
  }

  /** The lines of a raw file, good and bad. */
  List<Line> rawLines(String key) {
    List<Line> lines = new ArrayList<>();
    try (JsonLinesReader reader =
        new JsonLinesReader(Files.newInputStream(root.resolve(key)), NO_RUN)) {
      for (Line line = reader.next(); line != null; line = reader.next()) {
        lines.add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return lines;
  }

  /** The observations of every raw file, by metric id. */
  Map<String, Double> observations() {
    Map<String, Double> values = new TreeMap<>();
    for (String key : keys("raw-metrics")) {
      for (Line line : rawLines(key)) {
        if (line instanceof Line.Good good) {
          Metric metric = good.metric();
          values.put(metric.id(), metric.value());
        }
      }
    }
    return values;
  }

  /** The records, by metric id. */
  Map<String, Double> records() {
    Map<String, Double> values = new TreeMap<>();
    for (List<String> row : rows("SELECT metric_id, value FROM records")) {
      if (values.put(row.get(0), Double.valueOf(row.get(1))) != null) {
        throw new IllegalStateException("there are two records " + row.get(0));
      }
    }
    return values;
  }

  /** The raw files that are marked as processed, sorted. */
  List<String> processed() {
    return rows("SELECT object_key FROM processed ORDER BY object_key").stream()
        .map(row -> row.get(0))
        .toList();
  }

  /** What a query of the database answers. */
  List<List<String>> rows(String query) {
    List<List<String>> rows = new ArrayList<>();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + root.resolve("inframetrics.db"));
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
          row.add(String.valueOf(result.getObject(column)));
        }
        rows.add(row);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
    return rows;
  }
}
