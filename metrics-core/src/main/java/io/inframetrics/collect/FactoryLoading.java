package io.inframetrics.collect;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds factories, and says in one sentence why one of them cannot be loaded. */
final class FactoryLoading {

  private static final Pattern CLASS_FILE_VERSION =
      Pattern.compile("^(\\S+) .*?class file version (\\d+)");

  /** The version of Java 1.0's class files is 44, and each release adds one. */
  private static final int BEFORE_JAVA_1 = 44;

  private FactoryLoading() {}

  /**
   * Every factory that {@code classLoader} finds.
   *
   * @throws IllegalArgumentException that lists all those that cannot be loaded
   */
  static List<MetricCollectorFactory> all(ClassLoader classLoader) {
    List<MetricCollectorFactory> factories = new ArrayList<>();
    Set<String> mistakes = new LinkedHashSet<>();
    Iterator<MetricCollectorFactory> found =
        ServiceLoader.load(MetricCollectorFactory.class, classLoader).iterator();
    while (true) {
      try {
        if (!found.hasNext()) {
          break;
        }
        factories.add(found.next());
      } catch (ServiceConfigurationError | LinkageError e) {
        if (!mistakes.add(reason("a source", null, e))) {
          break; // The loader is stuck at one mistake.
        }
      }
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", mistakes));
    }
    return factories;
  }

  /** Why something cannot be used, with what to do about it; {@code factory} may be unknown. */
  static String reason(String what, @Nullable Class<?> factory, Error error) {
    String where = factory == null ? "" : " (%s)".formatted(jarOf(factory));
    Throwable cause =
        error instanceof ServiceConfigurationError && error.getCause() != null
            ? error.getCause()
            : error;
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof UnsupportedClassVersionError) {
      Matcher version = CLASS_FILE_VERSION.matcher(message);
      if (version.find()) {
        return "%s%s cannot be loaded: %s is compiled for Java %d and this is Java %d; use a newer Java, or compile it with --release %d"
            .formatted(
                what,
                where,
                version.group(1).replace('/', '.'),
                Integer.parseInt(version.group(2)) - BEFORE_JAVA_1,
                Runtime.version().feature(),
                Runtime.version().feature());
      }
    }
    if (cause instanceof NoClassDefFoundError || cause instanceof ClassNotFoundException) {
      return "%s%s cannot be loaded: it needs the class %s, which is in no jar; add the jar that has it"
          .formatted(what, where, message.replace('/', '.'));
    }
    return "%s%s cannot be loaded: %s"
        .formatted(what, where, cause == error ? message : error.getMessage() + ": " + cause);
  }

  /** The jar or folder of a class, without its path; what the class loader is called if unknown. */
  static String jarOf(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return "the class path";
    }
    try {
      Path place = Path.of(source.getLocation().toURI());
      return String.valueOf(place.getFileName());
    } catch (URISyntaxException | IllegalArgumentException e) {
      return source.getLocation().toString(); // A jar that is not a file.
    }
  }
}
