package io.inframetrics.cli.earlier;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The classes of commit 7492208, beside those of this version: those of a built clone, whose folder
 * the property {@value #PROPERTY} names. Libraries are those of this version.
 */
final class EarlierVersion implements AutoCloseable {

  static final String PROPERTY = "inframetrics.earlier";

  private static final String OWN = "io.inframetrics.";

  /** It has static state by the names of classes, which both versions have. */
  private static final String SDK = "software.amazon.awssdk.";

  private static final String SDK_PATH = "awssdk";
  private static final String DRIVER = "io.inframetrics.cli.earlier.EarlierDriver";

  private final URLClassLoader loader;

  private EarlierVersion(URLClassLoader loader) {
    this.loader = loader;
  }

  /** Compiles the driver of the earlier version in {@code work}, and loads it. */
  static EarlierVersion load(Path work) {
    Path clone = Path.of(System.getProperty(PROPERTY));
    try {
      List<Path> folders = classFolders(clone);
      compile(folders, work);
      folders.add(work);
      libraries().filter(path -> path.contains(SDK_PATH)).map(Path::of).forEach(folders::add);
      URL[] urls = folders.stream().map(EarlierVersion::url).toArray(URL[]::new);
      return new EarlierVersion(new URLClassLoader(urls, new OnlyLibraries()));
    } catch (IOException e) {
      throw new UncheckedIOException("no classes of a built clone in " + clone, e);
    }
  }

  private static List<Path> classFolders(Path clone) throws IOException {
    try (Stream<Path> all = Files.walk(clone, 4)) {
      return all.filter(path -> path.endsWith("target/classes"))
          .collect(Collectors.toCollection(ArrayList::new));
    }
  }

  private static void compile(List<Path> folders, Path work) throws IOException {
    Path source = work.resolve("EarlierDriver.java");
    try (InputStream in = EarlierVersion.class.getResourceAsStream("EarlierDriver.java.txt")) {
      Files.write(source, in.readAllBytes());
    }
    Path shared = work.resolve(StoreDriver.class.getName().replace('.', '/') + ".class");
    Files.createDirectories(shared.getParent());
    try (InputStream in = StoreDriver.class.getResourceAsStream("StoreDriver.class")) {
      Files.write(shared, in.readAllBytes());
    }
    String path =
        Stream.concat(
                Stream.concat(folders.stream(), Stream.of(work)).map(Path::toString), libraries())
            .collect(Collectors.joining(File.pathSeparator));
    List<String> arguments =
        List.of("-proc:none", "-nowarn", "-d", work.toString(), "-cp", path, source.toString());
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, errors, errors, arguments.toArray(String[]::new));
    // So that the loader takes the interface from this version: it must be the same class.
    Files.delete(shared);
    if (failed != 0) {
      throw new IllegalStateException(errors.toString(StandardCharsets.UTF_8));
    }
  }

  private static Stream<String> libraries() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar") && !entry.contains("inframetrics-"));
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The libraries of this version and the interface of drivers, but none of its other classes. */
  private static final class OnlyLibraries extends ClassLoader {

    OnlyLibraries() {
      super(ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if ((name.startsWith(OWN) || name.startsWith(SDK))
          && !name.equals(StoreDriver.class.getName())) {
        throw new ClassNotFoundException(name);
      }
      return EarlierVersion.class.getClassLoader().loadClass(name);
    }

    @Override
    public @Nullable URL getResource(String name) {
      return name.startsWith(OWN.replace('.', '/')) || name.startsWith(SDK.replace('.', '/'))
          ? null
          : EarlierVersion.class.getClassLoader().getResource(name);
    }
  }

  StoreDriver inTable(Map<String, String> environment, String table, int series, Duration period) {
    return driver(
        new Class<?>[] {Map.class, String.class, Integer.class, Duration.class},
        environment,
        table,
        series,
        period);
  }

  StoreDriver inFolder(Path folder, int series, Duration period) {
    return driver(
        new Class<?>[] {Path.class, Integer.class, Duration.class}, folder, series, period);
  }

  private StoreDriver driver(Class<?>[] types, Object... arguments) {
    try {
      return (StoreDriver) loader.loadClass(DRIVER).getConstructor(types).newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      loader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
