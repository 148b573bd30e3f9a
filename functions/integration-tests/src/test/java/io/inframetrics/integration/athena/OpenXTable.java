package io.inframetrics.integration.athena;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The template's table, whose lines Trino's own deserializer reads: {@code OpenXRows}. */
final class OpenXTable {

  private static final Path PROGRAM = Path.of("src", "test", "trino", "OpenXRows.java");
  private static final Path JARS = Path.of("target", "trino");
  private static final int LEAST_JAVA = 25;

  private final Path java;
  private final SavedQueries table;

  OpenXTable(Path java, SavedQueries table) {
    this.java = java;
    this.table = table;
  }

  /** The launcher of a Java that can load Trino's classes: this one's, or an installed one's. */
  static Optional<Path> java() throws IOException {
    if (Runtime.version().feature() >= LEAST_JAVA) {
      return Optional.of(Path.of(System.getProperty("java.home"), "bin", "java"));
    }
    Path installed = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(installed)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> homes = Files.newDirectoryStream(installed)) {
      for (Path home : homes) {
        Path release = home.resolve("release");
        if (Files.exists(release)
            && Files.readString(release).contains("JAVA_VERSION=\"" + LEAST_JAVA)) {
          return Optional.of(home.resolve("bin").resolve("java"));
        }
      }
    }
    return Optional.empty();
  }

  /** What one line is to Trino: a row, or the error that ends a query. */
  record Read(@Nullable Map<String, Object> values, @Nullable String error) {}

  /** The rows of files, by the day in their keys; throws if one of their lines is not a row. */
  List<Row> rows(SortedMap<String, byte[]> linesByDay) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    linesByDay.values().forEach(all::writeBytes);
    Iterator<Read> reads = read(all.toByteArray()).iterator();
    List<Row> rows = new ArrayList<>();
    linesByDay.forEach(
        (day, lines) -> {
          for (byte b : lines) {
            if (b == '\n') {
              Read read = reads.next();
              if (read.values() == null) {
                throw new IllegalStateException("a line fails every query: " + read.error());
              }
              rows.add(new Row(read.values(), day));
            }
          }
        });
    if (reads.hasNext()) {
      throw new IllegalStateException("Trino reads more lines than there are");
    }
    return rows;
  }

  /** Starts a process, which compiles its source for a second or two. */
  List<Read> read(byte[] lines) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(List.of("-cp", JARS + "/*", "--source", "" + LEAST_JAVA, PROGRAM.toString()));
    table.columns().forEach((name, type) -> command.add(name + "=" + type));
    command.add("--");
    table.parameters().forEach((name, value) -> command.add(name + "=" + value));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      CompletableFuture<Void> written =
          CompletableFuture.runAsync(
              () -> {
                try (OutputStream in = process.getOutputStream()) {
                  in.write(lines);
                } catch (IOException e) {
                  throw new UncheckedIOException("Trino's reader has ended early", e);
                }
              });
      try (DataInputStream out =
          new DataInputStream(new BufferedInputStream(process.getInputStream()))) {
        List<Read> read = read(out);
        written.join();
        return read;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Trino's reader has failed", e);
    }
  }

  private List<Read> read(DataInputStream out) throws IOException {
    List<Read> read = new ArrayList<>();
    for (int kind = out.readByte(); kind != 0; kind = out.readByte()) {
      if (kind == 2) {
        read.add(new Read(null, text(out)));
        continue;
      }
      Map<String, Object> values = new TreeMap<>();
      for (Map.Entry<String, String> column : table.columns().entrySet()) {
        if (out.readBoolean()) {
          values.put(column.getKey(), value(column.getValue(), out));
        }
      }
      read.add(new Read(values, null));
    }
    return read;
  }

  private static Object value(String type, DataInputStream out) throws IOException {
    return switch (type) {
      case "bigint" -> out.readLong();
      case "double" -> out.readDouble();
      case "string" -> text(out);
      default -> map(out);
    };
  }

  private static Map<String, String> map(DataInputStream out) throws IOException {
    Map<String, String> map = new TreeMap<>();
    for (int entries = out.readInt(); entries > 0; entries--) {
      String name = out.readBoolean() ? text(out) : "null";
      map.put(name, out.readBoolean() ? text(out) : "null");
    }
    return map;
  }

  private static String text(DataInputStream out) throws IOException {
    return new String(out.readNBytes(out.readInt()), UTF_8);
  }
}
