package io.inframetrics.sink.local;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A compressed tar archive, which {@code tar xzf} reads. Files are added as a further gzip member,
 * so that what is there is copied and not compressed again. Of two entries with the same name, the
 * later one counts.
 */
final class TarGz {

  /** Where the archives are in a data folder. */
  static final String FOLDER = "archive";

  private static final int BLOCK = 512;
  private static final int BUFFER_BYTES = 65_536;

  // Where the fields of a header are, and how long those are that hold a text.
  private static final int MAX_NAME_BYTES = 100;
  private static final int MODE = 100;
  private static final int SIZE = 124;
  private static final int MODIFIED = 136;
  private static final int CHECKSUM = 148;
  private static final int TYPE = 156;
  private static final int MAGIC = 257;
  private static final int PREFIX = 345;
  private static final int MAX_PREFIX_BYTES = 155;

  private static final Pattern DAY_IN_NAME =
      Pattern.compile(
          "(?:reports/|notifications/|runs/local-)(\\d{4})[/-]?(\\d\\d)[/-]?(\\d\\d)[/T].+");

  private final Path file;

  private TarGz(Path file) {
    this.file = file;
  }

  /** The archive of a day in a data folder. */
  static TarGz ofDay(Path root, LocalDate day) {
    return new TarGz(root.resolve(FOLDER).resolve(day + ".tar.gz"));
  }

  /** The day that the name of a report, run or notification says; empty if it says none. */
  static Optional<LocalDate> day(String name) {
    Matcher day = DAY_IN_NAME.matcher(name);
    if (!day.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          LocalDate.of(
              Integer.parseInt(day.group(1)),
              Integer.parseInt(day.group(2)),
              Integer.parseInt(day.group(3))));
    } catch (DateTimeException e) {
      return Optional.empty(); // Somebody's own name.
    }
  }

  /** What was in a file of a data folder that is in an archive now; empty if there is none. */
  static Optional<byte[]> packed(Path root, Path packed) throws IOException {
    String name = root.relativize(packed).toString().replace('\\', '/');
    Optional<LocalDate> day = day(name);
    return day.isPresent() ? ofDay(root, day.get()).read(name) : Optional.empty();
  }

  /** A file and its name in the archive: with slashes, and one that {@link #fits}. */
  record Entry(String name, Path path) {}

  /** Whether a name of ASCII characters is short enough for a header. */
  static boolean fits(String name) {
    return name.chars().allMatch(c -> c > ' ' && c < 0x7f)
        && (name.length() <= MAX_NAME_BYTES || splitAt(name) > 0);
  }

  /** The slash after which the rest of a long name fits; 0 if there is none. */
  private static int splitAt(String name) {
    int slash = name.indexOf('/', name.length() - MAX_NAME_BYTES - 1);
    return slash > 0 && slash <= MAX_PREFIX_BYTES && slash < name.length() - 1 ? slash : 0;
  }

  /** Adds files; they are all in the archive, on disk, when this returns, or none is. */
  void add(List<Entry> entries, DurableFiles files) throws IOException {
    append(
        file,
        files,
        compressed -> {
          for (Entry entry : entries) {
            write(entry, compressed);
          }
        });
  }

  /** Adds a gzip member to a file, which is created if necessary; on disk when this returns. */
  static void append(Path file, DurableFiles files, Content content) throws IOException {
    Path staged = files.newStagingPath();
    try {
      try (FileChannel channel =
          FileChannel.open(staged, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        OutputStream out =
            new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
        if (Files.exists(file)) {
          Files.copy(file, out);
        }
        GZIPOutputStream compressed = new GZIPOutputStream(out);
        content.writeTo(compressed);
        compressed.finish();
        out.flush();
        channel.force(true);
      }
      files.replace(staged, file);
    } finally {
      Files.deleteIfExists(staged);
    }
  }

  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private static void write(Entry entry, OutputStream out) throws IOException {
    byte[] content = Files.readAllBytes(entry.path());
    byte[] header = new byte[BLOCK];
    String name = entry.name();
    if (name.length() > MAX_NAME_BYTES) {
      int slash = splitAt(name);
      put(header, PREFIX, name.substring(0, slash));
      name = name.substring(slash + 1);
    }
    put(header, 0, name);
    put(header, MODE, "0000644\0" + "0000000\0".repeat(2)); // The owner and its group, too.
    put(header, SIZE, "%011o\0", content.length);
    put(header, MODIFIED, "%011o\0", Files.getLastModifiedTime(entry.path()).toMillis() / 1_000);
    put(header, TYPE, "0");
    put(header, MAGIC, "ustar\00000");
    put(header, CHECKSUM, " ".repeat(8));
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, CHECKSUM, "%06o\0 ", sum);
    out.write(header);
    out.write(content);
    out.write(new byte[padding(content.length)]);
  }

  private static int padding(long size) {
    return (int) ((BLOCK - size % BLOCK) % BLOCK);
  }

  private static void put(byte[] header, int at, String format, long number) {
    put(header, at, String.format(Locale.ROOT, format, number));
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  /** The content of the last entry with this name; empty if there is none, or no archive. */
  Optional<byte[]> read(String name) throws IOException {
    byte[][] found = new byte[1][];
    scan(
        (entry, size, in) -> {
          if (entry.equals(name)) {
            found[0] = in.readNBytes(size);
            return size;
          }
          return 0;
        });
    return Optional.ofNullable(found[0]);
  }

  /** The names of all entries; none if there is no archive. */
  Set<String> names() throws IOException {
    Set<String> names = new TreeSet<>();
    scan(
        (entry, size, in) -> {
          names.add(entry);
          return 0;
        });
    return names;
  }

  private interface Visitor {
    /** Returns how many bytes of the content it has read. */
    int visit(String name, int size, InputStream in) throws IOException;
  }

  private void scan(Visitor visitor) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
      byte[] header = new byte[BLOCK];
      while (in.readNBytes(header, 0, BLOCK) == BLOCK) {
        String prefix = text(header, PREFIX, MAX_PREFIX_BYTES);
        String name = text(header, 0, MAX_NAME_BYTES);
        int size = Integer.parseInt(text(header, SIZE, 11), 8);
        int read = visitor.visit(prefix.isEmpty() ? name : prefix + "/" + name, size, in);
        in.skipNBytes(size - read + (long) padding(size));
      }
    } catch (EOFException | NumberFormatException e) {
      throw new IOException("'%s' is not an archive that was written here".formatted(file), e);
    }
  }

  private static String text(byte[] header, int at, int most) {
    int end = at;
    while (end < at + most && header[end] != 0) {
      end++;
    }
    return new String(Arrays.copyOfRange(header, at, end), StandardCharsets.US_ASCII);
  }
}
