package io.inframetrics.collect.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A name of this machine that other machines do not share. Names are asked of the kernel first: a
 * lookup of the machine's own name needs DNS, and says {@code localhost} without it.
 *
 * @param root the root of the file system; {@code /} except in tests
 */
record HostName(Path root) {

  private static final String LOCALHOST = "localhost";

  /** What systems call a machine that nobody has named. */
  private static final List<String> NO_NAMES = List.of("", LOCALHOST, "(none)");

  private static final Pattern MACHINE_ID = Pattern.compile("[0-9a-f]{32}");

  /** Makes this hash another one than those that other programs make of the machine id. */
  private static final String PURPOSE = "io.inframetrics.collect.host instance id";

  private static final int HASH_BYTES = 6;

  /**
   * The kernel's name, else {@code reported}, else {@code machine-} and a hash of the machine id,
   * else {@code localhost}.
   */
  String orElse(Supplier<Optional<String>> reported) throws IOException {
    Optional<String> name =
        read("proc/sys/kernel/hostname")
            .flatMap(HostName::name)
            .or(() -> reported.get().flatMap(HostName::name));
    return name.isPresent() ? name.get() : machine().orElse(LOCALHOST);
  }

  /** The first label; empty if the name says nothing. */
  static Optional<String> name(String text) {
    String label = text.trim().split("\\.", 2)[0];
    return NO_NAMES.contains(label.toLowerCase(Locale.ROOT))
        ? Optional.empty()
        : Optional.of(label);
  }

  /** Not the machine id itself: its manual page, machine-id(5), says to keep it confidential. */
  private Optional<String> machine() throws IOException {
    for (String file : List.of("etc/machine-id", "var/lib/dbus/machine-id")) {
      Optional<String> id = read(file).filter(text -> MACHINE_ID.matcher(text).matches());
      if (id.isPresent()) {
        return Optional.of("machine-" + HexFormat.of().formatHex(hash(id.get()), 0, HASH_BYTES));
      }
    }
    return Optional.empty();
  }

  private static byte[] hash(String machineId) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(machineId.getBytes(StandardCharsets.US_ASCII), mac.getAlgorithm()));
      return mac.doFinal(PURPOSE.getBytes(StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  private Optional<String> read(String file) throws IOException {
    try {
      return Optional.of(Files.readString(root.resolve(file), StandardCharsets.UTF_8).trim());
    } catch (NoSuchFileException e) {
      // Not Linux, or a container without this file.
      return Optional.empty();
    }
  }
}
