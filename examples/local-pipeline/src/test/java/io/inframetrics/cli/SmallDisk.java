package io.inframetrics.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/**
 * A folder whose disk can be full. Where this user may mount, it is a file system in memory that
 * can be made as small as what it holds; elsewhere, nobody may write to the folder for some time.
 */
final class SmallDisk {

  private static final String WHOLE_SIZE = "4g";

  private final Path folder;
  private final boolean mounted;

  /** The disk of a folder that another process has mounted, or not. */
  SmallDisk(Path folder, boolean mounted) {
    this.folder = folder;
    this.mounted = mounted;
  }

  static SmallDisk mount(Path folder) throws IOException {
    Files.createDirectories(folder);
    boolean mounted =
        run("mount", "-t", "tmpfs", "-o", "size=" + WHOLE_SIZE, "tmpfs", folder.toString());
    return new SmallDisk(folder, mounted);
  }

  boolean isMounted() {
    return mounted;
  }

  /** Leaves that many bytes. */
  void fill(long left) {
    if (mounted) {
      long used = Long.parseLong(output("df", "-B1", "--output=used", folder.toString()));
      boolean unused = resize(String.valueOf(used + left));
    } else {
      permit("r-xr-xr-x");
    }
  }

  void empty() {
    if (!(mounted ? resize(WHOLE_SIZE) : permit("rwxr-xr-x"))) {
      throw new IllegalStateException(folder + " cannot be made large again");
    }
  }

  void unmount() {
    if (mounted && !run("umount", "-l", folder.toString())) {
      throw new IllegalStateException(folder + " cannot be unmounted");
    }
  }

  private boolean resize(String size) {
    return run("mount", "-o", "remount,size=" + size, folder.toString());
  }

  private boolean permit(String permissions) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.filter(Files::isDirectory).toList()) {
        Files.setPosixFilePermissions(each, PosixFilePermissions.fromString(permissions));
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean run(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false; // There is no such command.
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String output(String... command) {
    try {
      Process process = new ProcessBuilder(command).start();
      String[] lines = new String(process.getInputStream().readAllBytes()).split("\n");
      return lines[lines.length - 1].strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
