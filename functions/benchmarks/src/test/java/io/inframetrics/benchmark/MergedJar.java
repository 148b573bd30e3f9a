package io.inframetrics.benchmark;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A task root as one jar: whoever looks for a resource on a class path opens every jar of it, and
 * some seventy take 40 ms. Of files that are there twice the first counts, as on a class path, but
 * lists of services and of Spring's factories are put together.
 */
final class MergedJar {

  private static final String SPRING_FACTORIES = "META-INF/spring.factories";

  private final Set<String> written = new HashSet<>();
  private final Map<String, ByteArrayOutputStream> lists = new LinkedHashMap<>();
  private final SortedMap<String, String> factories = new TreeMap<>();

  private MergedJar() {}

  /** Writes {@code root} with its {@code lib/*.jar} to {@code jar}. */
  static void write(Path root, Path jar) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MULTI_RELEASE, "true");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest)) {
      new MergedJar().write(root, out);
    }
  }

  private void write(Path root, JarOutputStream out) throws IOException {
    written.add(JarFile.MANIFEST_NAME);
    for (Path file : files(root)) {
      String name = root.relativize(file).toString();
      if (!name.startsWith("lib/")) {
        try (InputStream content = Files.newInputStream(file)) {
          add(name, content, out);
        }
      }
    }
    for (Path library : files(root.resolve("lib"))) {
      try (ZipFile jar = new ZipFile(library.toFile())) {
        for (ZipEntry entry : jar.stream().filter(each -> !each.isDirectory()).toList()) {
          try (InputStream content = jar.getInputStream(entry)) {
            add(entry.getName(), content, out);
          }
        }
      }
    }
    for (Map.Entry<String, ByteArrayOutputStream> list : lists.entrySet()) {
      out.putNextEntry(new ZipEntry(list.getKey()));
      list.getValue().writeTo(out);
    }
    out.putNextEntry(new ZipEntry(SPRING_FACTORIES));
    for (Map.Entry<String, String> factory : factories.entrySet()) {
      String line = factory.getKey() + "=" + factory.getValue() + "\n";
      out.write(line.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private void add(String name, InputStream content, JarOutputStream out) throws IOException {
    if (name.equals(SPRING_FACTORIES)) {
      Properties more = new Properties();
      more.load(content);
      more.stringPropertyNames()
          .forEach(key -> factories.merge(key, more.getProperty(key), (a, b) -> a + "," + b));
    } else if (isList(name)) {
      ByteArrayOutputStream list =
          lists.computeIfAbsent(name, ignored -> new ByteArrayOutputStream());
      content.transferTo(list);
      list.write('\n');
    } else if (written.add(name)) {
      out.putNextEntry(new ZipEntry(name));
      content.transferTo(out);
    }
  }

  private static boolean isList(String name) {
    return name.startsWith("META-INF/services/")
        || (name.startsWith("META-INF/spring/") && name.endsWith(".imports"));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
