package io.inframetrics.sink.local;

import io.inframetrics.metric.SeriesId;
import io.inframetrics.pipeline.RetryableFailureException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maps the key of an object to its path. Plain ASCII characters stay; any other character, and
 * those that some file system forbids, are percent-encoded, so that names do not depend on the
 * machine's locale. Keys come from outside: a key that could lead elsewhere is rejected.
 */
final class ObjectPaths {

  private static final Logger LOG = LoggerFactory.getLogger(ObjectPaths.class);

  /** S3's limit in bytes, so that what works here works there. */
  private static final int MAX_KEY_BYTES = 1_024;

  /** Bytes of a file name on every common file system. */
  private static final int MAX_NAME_BYTES = 255;

  private static final String ENCODED = "%\\:*?\"<>|";

  /** Entries that are remembered as logged; more than that is nobody's mistake. */
  private static final int MAX_SKIPPED = 10_000;

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final Path root;
  private final List<String> tops;

  /** What was skipped and logged, so that it is logged once and not at every scan. */
  private final Set<Path> skipped = ConcurrentHashMap.newKeySet();

  /** Every key must start with one of {@code tops}, which end in a slash. */
  ObjectPaths(Path root, String... tops) {
    this.root = root;
    this.tops = List.of(tops);
  }

  /**
   * @throws IllegalArgumentException if {@code key} cannot be of an object here
   */
  Path resolve(String key) {
    if (tops.stream().noneMatch(top -> key.startsWith(top) && key.length() > top.length())) {
      throw refused(key, "it must start with " + String.join(" or ", tops));
    }
    if (SeriesId.utf8Length(key) > MAX_KEY_BYTES) {
      throw refused(key, "it must have at most " + MAX_KEY_BYTES + " bytes");
    }
    Path path = root;
    for (String part : key.split("/", -1)) {
      if (part.isEmpty() || part.startsWith(".")) {
        throw refused(key, "no part of it may be empty or start with a dot");
      }
      String name = encode(key, part);
      if (name.length() > MAX_NAME_BYTES) {
        throw refused(key, "each part must have at most " + MAX_NAME_BYTES + " bytes");
      }
      path = path.resolve(name);
    }
    return path;
  }

  /** The sorted keys of complete objects with {@code prefix}; {@code what} is for messages. */
  List<String> list(String prefix, String what) {
    List<String> keys = new ArrayList<>();
    try {
      for (String top : tops) {
        if (prefix.startsWith(top) || top.startsWith(prefix)) {
          String longer = prefix.startsWith(top) ? prefix : top;
          String folderKey = longer.substring(0, longer.lastIndexOf('/'));
          collect(folderKey, folderOf(folderKey), prefix, keys);
        }
      }
    } catch (IOException e) {
      throw new RetryableFailureException(
          "the %s under '%s' could not be listed: %s".formatted(what, prefix, e), e);
    }
    keys.sort(null);
    return keys;
  }

  private Path folderOf(String folderKey) {
    // A top folder is not a valid key, so resolve a key inside it.
    return Objects.requireNonNull(resolve(folderKey + "/x").getParent());
  }

  private void collect(String folderKey, Path folder, String prefix, List<String> keys)
      throws IOException {
    Folder content = read(folderKey, folder);
    for (String key : content.files()) {
      if (key.startsWith(prefix)) {
        keys.add(key);
      }
    }
    for (String key : content.folders()) {
      String inner = key + "/";
      if (inner.startsWith(prefix) || prefix.startsWith(inner)) {
        Path path = resolve(key);
        try {
          collect(key, path, prefix, keys);
        } catch (IOException e) {
          skip(path, "it cannot be read (" + e + ")");
        }
      }
    }
  }

  /**
   * Whether a link is on the way to a path below the root, other than at the top. What is behind it
   * is not ours: it may be outside the data folder, or a folder above.
   */
  boolean isBehindLink(Path path) {
    for (Path part = path;
        part != null && part.getNameCount() > root.getNameCount() + 1;
        part = part.getParent()) {
      if (Files.isSymbolicLink(part)) {
        return true;
      }
    }
    return false;
  }

  /** Logs, once, why an entry is left alone. */
  void skip(Path entry, String why) {
    if (skipped.size() < MAX_SKIPPED && skipped.add(entry)) {
      LOG.warn("'{}' is skipped: {}", entry, why);
    }
  }

  /** The entries of a folder, without those that are no object of ours, which are logged once. */
  Folder read(String folderKey, Path folder) throws IOException {
    Folder content = new Folder(new ArrayList<>(), new ArrayList<>());
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (name.startsWith(".")) {
          continue;
        }
        Optional<String> part = decode(name);
        if (part.isEmpty()) {
          skip(entry, "rename it to ASCII characters so that it can be read");
          continue;
        }
        add(folderKey + "/" + part.get(), entry, content);
      }
    } catch (NoSuchFileException e) {
      return content;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    content.files().sort(null);
    content.folders().sort(null);
    return content;
  }

  private void add(String key, Path entry, Folder content) {
    BasicFileAttributes attributes;
    try {
      resolve(key);
      attributes =
          Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (IllegalArgumentException e) {
      skip(entry, String.valueOf(e.getMessage()));
      return;
    } catch (NoSuchFileException e) {
      return; // Deleted just now.
    } catch (IOException e) {
      skip(entry, "it cannot be read (" + e + ")");
      return;
    }
    if (attributes.isDirectory()) {
      content.folders().add(key);
    } else if (attributes.isRegularFile()) {
      content.files().add(key);
    } else {
      skip(
          entry,
          attributes.isSymbolicLink()
              ? "links are not followed; move the file itself here"
              : "it is not a regular file");
    }
  }

  private static String encode(String key, String part) {
    ByteBuffer bytes;
    try {
      bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(part));
    } catch (CharacterCodingException e) {
      throw refused(key, "it must be valid Unicode");
    }
    StringBuilder name = new StringBuilder(part.length());
    while (bytes.hasRemaining()) {
      int b = bytes.get() & 0xff;
      if (b < 0x20 || b == 0x7f) {
        throw refused(key.replaceAll("\\p{Cntrl}", "?"), "it must not contain control characters");
      }
      if (b > 0x7f || ENCODED.indexOf(b) >= 0) {
        name.append('%').append(HEX.toHexDigits((byte) b));
      } else {
        name.append((char) b);
      }
    }
    return name.toString();
  }

  /** The part of a key with this file name; empty if there is none. */
  private static Optional<String> decode(String name) {
    if (name.chars().allMatch(c -> c >= ' ' && c < 0x7f && ENCODED.indexOf(c) < 0)) {
      return Optional.of(name);
    }
    try {
      String part = URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
      return encode(part, part).equals(name) ? Optional.of(part) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static IllegalArgumentException refused(String key, String wanted) {
    return new IllegalArgumentException("object key '%s' is rejected: %s".formatted(key, wanted));
  }

  /** The content of one folder, as sorted keys without a slash at the end. */
  record Folder(List<String> files, List<String> folders) {}
}
