package io.inframetrics.collect.host;

import io.inframetrics.collect.host.InterfaceSelection.Candidate;
import io.inframetrics.collect.host.MachineProbe.InterfaceCounters;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Network interfaces of Linux, from {@code /sys/class/net}. OSHI finds only interfaces with an
 * address, which the network cards under a bond or a bridge do not have.
 *
 * @see <a
 *     href="https://www.kernel.org/doc/Documentation/ABI/testing/sysfs-class-net">sysfs-class-net</a>
 */
final class SysfsInterfaces {

  private static final String ETHERNET = "1";
  private static final String LOOPBACK = "772";

  /** Prefix of the links from an interface to those below it. */
  private static final String LOWER = "lower_";

  private final Path folder;

  /** Reads below {@code root}, the root of the file system except in tests. */
  SysfsInterfaces(Path root) {
    this.folder = root.resolve("sys/class/net");
  }

  /** The interfaces that count, by name. */
  List<InterfaceCounters> read() throws IOException {
    List<Candidate> candidates = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.filter(Files::isDirectory).sorted().toList()) {
        try {
          candidates.add(candidate(entry));
        } catch (NoSuchFileException e) {
          // Removed since it was listed.
        }
      }
    }
    List<InterfaceCounters> counters = new ArrayList<>();
    for (Candidate selected : InterfaceSelection.select(candidates)) {
      Path statistics = folder.resolve(selected.name()).resolve("statistics");
      try {
        counters.add(
            new InterfaceCounters(
                selected.name(),
                number(statistics.resolve("rx_bytes")),
                number(statistics.resolve("tx_bytes"))));
      } catch (NoSuchFileException e) {
        // Removed since it was listed.
      }
    }
    return counters;
  }

  private static Candidate candidate(Path entry) throws IOException {
    String type = text(entry.resolve("type"));
    String state = text(entry.resolve("operstate"));
    return new Candidate(
        entry.getFileName().toString(),
        Files.exists(entry.resolve("device")),
        type.equals(ETHERNET),
        type.equals(LOOPBACK),
        !state.equals("down") && !state.equals("notpresent"),
        master(entry.resolve("master")),
        lowers(entry));
  }

  /** The interface that this one was put under, such as a bond or a bridge. */
  private static Optional<String> master(Path link) throws IOException {
    return Files.isSymbolicLink(link)
        ? Optional.of(Files.readSymbolicLink(link).getFileName().toString())
        : Optional.empty();
  }

  /** The interfaces that this one sends its bytes through. */
  private static Set<String> lowers(Path entry) throws IOException {
    Set<String> lowers = new TreeSet<>();
    try (DirectoryStream<Path> links = Files.newDirectoryStream(entry, LOWER + "*")) {
      for (Path link : links) {
        lowers.add(link.getFileName().toString().substring(LOWER.length()));
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return lowers;
  }

  private static long number(Path file) throws IOException {
    String text = text(file);
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new IOException("%s says '%s': expected a whole number".formatted(file, text), e);
    }
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8).trim();
  }
}
