package io.inframetrics.cli.source;

import io.inframetrics.cli.input.UsageException;
import io.inframetrics.collect.MetricCollectorFactory;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The collectors of this command and those in the jars of a folder. The jars have a class loader of
 * their own, which asks that of the command first: a jar of InfraMetrics in the folder is ignored.
 * While this is open, the threads that it starts have that loader as their context class loader.
 */
public final class CollectorJars implements AutoCloseable {

  private static final String SERVICE =
      "META-INF/services/" + MetricCollectorFactory.class.getName();

  private final @Nullable URLClassLoader jars;
  private final @Nullable ClassLoader before;

  private CollectorJars(@Nullable URLClassLoader jars) {
    this.jars = jars;
    this.before = Thread.currentThread().getContextClassLoader();
    if (jars != null) {
      Thread.currentThread().setContextClassLoader(jars);
    }
  }

  /**
   * Opens the jars of a folder.
   *
   * @param folder null for none
   * @throws UsageException that says in one sentence what is wrong with the folder or a jar
   */
  public static CollectorJars open(@Nullable Path folder) {
    if (folder == null) {
      return new CollectorJars(null);
    }
    List<Path> jars = jarsOf(folder);
    requireCollectors(folder, jars);
    List<URL> urls = new ArrayList<>();
    try {
      for (Path jar : jars) {
        urls.add(jar.toUri().toURL());
      }
    } catch (IOException e) {
      throw new UsageException("--collectors '%s' cannot be read: %s".formatted(folder, e), e);
    }
    return new CollectorJars(
        new URLClassLoader(
            "collectors", urls.toArray(URL[]::new), CollectorJars.class.getClassLoader()));
  }

  /** Finds the collectors of the command and of the jars. */
  public ClassLoader classLoader() {
    return jars == null ? CollectorJars.class.getClassLoader() : jars;
  }

  private static List<Path> jarsOf(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new UsageException(
          "--collectors '%s' is not a folder: name the folder that has the jars of your collectors"
              .formatted(folder));
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
      if (jars.isEmpty()) {
        throw new UsageException(
            "--collectors '%s' has no jar: build your collectors, or name another folder"
                .formatted(folder));
      }
      return jars;
    } catch (IOException e) {
      throw new UsageException("--collectors '%s' cannot be read: %s".formatted(folder, e), e);
    }
  }

  /** Of two versions of one jar, the class loader would silently take one. */
  private static void requireCollectors(Path folder, List<Path> jars) {
    Map<String, Path> jarByFactory = new TreeMap<>();
    for (Path jar : jars) {
      for (String factory : factories(jar)) {
        Path other = jarByFactory.put(factory, jar);
        if (other != null) {
          throw new UsageException(
              "both %s and %s in --collectors '%s' have the source %s: remove one of them"
                  .formatted(other.getFileName(), jar.getFileName(), folder, factory));
        }
      }
    }
    if (jarByFactory.isEmpty()) {
      throw new UsageException(
          "no jar in --collectors '%s' has a source: name your factory in its %s"
              .formatted(folder, SERVICE));
    }
  }

  private static List<String> factories(Path jar) {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry names = zip.getEntry(SERVICE);
      if (names == null) {
        return List.of();
      }
      return new String(zip.getInputStream(names).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.replaceFirst("#.*", "").strip())
          .filter(line -> !line.isEmpty())
          .distinct()
          .toList();
    } catch (IOException e) {
      throw new UsageException(
          "'%s' cannot be read as a jar: %s; build it again or remove it"
              .formatted(jar, e.getMessage()),
          e);
    }
  }

  @Override
  public void close() {
    if (jars == null) {
      return;
    }
    Thread.currentThread().setContextClassLoader(before);
    try {
      jars.close();
    } catch (IOException e) {
      throw new IllegalStateException("the jars of the collectors cannot be closed", e);
    }
  }
}
