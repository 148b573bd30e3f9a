package io.inframetrics.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Java sources of every module of the repository, examples and benchmarks included. */
final class SourceTree {

  private static final Path REPOSITORY = Path.of("..", "..").toAbsolutePath().normalize();

  /** Stands alone, on published artifacts; a test of the command line builds it. */
  private static final Path OWN_PROJECT = REPOSITORY.resolve("examples/custom-collector");

  private static final Pattern PACKAGE = Pattern.compile("^package ([\\w.]+);", Pattern.MULTILINE);
  private static final Pattern IMPORT =
      Pattern.compile(
          "^import (?:static )?(io\\.inframetrics[a-z0-9_.]*)\\.([A-Z]\\w*)", Pattern.MULTILINE);
  private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);
  private static final Pattern TYPE =
      Pattern.compile(
          "^(public )?(?:(?:final|abstract|sealed|non-sealed) )*(?:class|interface|record|enum|@interface) (\\w+)",
          Pattern.MULTILINE);

  private SourceTree() {}

  /**
   * A source file.
   *
   * @param module its folder, relative to the repository
   * @param type the name of the file without its ending
   */
  record Source(String module, boolean test, String packageName, String type, String text) {

    boolean isPackageInfo() {
      return type.equals("package-info");
    }

    /** The packages of this product that the code, not its comments, uses. */
    Set<String> uses() {
      String code = COMMENT.matcher(text).replaceAll("");
      Set<String> packages = new TreeSet<>();
      Matcher imports = IMPORT.matcher(code);
      while (imports.find()) {
        Pattern use = Pattern.compile("(?<!\\.)\\b" + imports.group(2) + "\\b");
        boolean isStatic = imports.group().startsWith("import static");
        if (isStatic || use.matcher(code.substring(endOfImports(code))).find()) {
          packages.add(imports.group(1));
        }
      }
      packages.remove(packageName);
      return packages;
    }

    /** Whether others may use the type and its Javadoc is published. */
    boolean isDocumented() {
      Matcher types = TYPE.matcher(text);
      if (test || isPackageInfo() || !types.find() || types.group(1) == null) {
        return false;
      }
      int javadoc = text.lastIndexOf("/**", types.start());
      return javadoc < 0 || !text.substring(javadoc, types.start()).contains("@hidden");
    }

    private static int endOfImports(String code) {
      int last = code.lastIndexOf("\nimport ");
      return last < 0 ? 0 : code.indexOf(';', last);
    }
  }

  /** Reads every source file of main and test code. */
  static List<Source> read() throws IOException {
    List<Source> sources = new ArrayList<>();
    Files.walkFileTree(
        REPOSITORY,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            String name = folder.getFileName().toString();
            return name.equals("target")
                    || folder.equals(OWN_PROJECT)
                    || name.startsWith(".") && !folder.equals(REPOSITORY)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String path = REPOSITORY.relativize(file).toString().replace('\\', '/');
            int main = path.indexOf("/src/main/java/");
            int test = path.indexOf("/src/test/java/");
            if (path.endsWith(".java") && (main > 0 || test > 0)) {
              sources.add(source(file, path.substring(0, Math.max(main, test)), test > 0));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return sources;
  }

  /** The modules that have a POM. */
  static Set<String> modules() throws IOException {
    try (Stream<Path> files = Files.walk(REPOSITORY, 3)) {
      Set<String> modules = new TreeSet<>();
      files
          .filter(file -> file.endsWith("pom.xml") && !file.toString().contains("target"))
          .filter(file -> !file.startsWith(OWN_PROJECT))
          .forEach(file -> modules.add(REPOSITORY.relativize(file.getParent()).toString()));
      modules.remove("");
      return modules;
    }
  }

  private static Source source(Path file, String module, boolean test) {
    try {
      String text = Files.readString(file);
      Matcher packages = PACKAGE.matcher(text);
      if (!packages.find()) {
        throw new IllegalStateException(file + " names no package");
      }
      String name = file.getFileName().toString();
      return new Source(
          module, test, packages.group(1), name.substring(0, name.length() - 5), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
