package io.inframetrics.collect.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A made-up root folder with the files that a Linux machine would have. */
record FileTree(Path root) {

  static final int ETHERNET = 1;

  FileTree file(String path, String content) {
    try {
      Path file = root.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content + "\n");
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  FileTree folder(String path) {
    try {
      Files.createDirectories(root.resolve(path));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where this process's group is, and where groups are mounted. */
  FileTree group(String path, String mountRoot, String mountPoint) {
    return file("proc/self/cgroup", "1:cpu:/old\n0::" + path)
        .file(
            "proc/self/mountinfo",
            "22 1 0:20 / /proc rw,relatime - proc proc rw\n"
                + "30 1 0:26 "
                + mountRoot
                + " "
                + mountPoint
                + " rw,nosuid shared:4 - cgroup2 cgroup2 rw");
  }

  /** A network interface. */
  FileTree netInterface(String name, int type, String state, long received, long sent) {
    String folder = "sys/class/net/" + name;
    return file(folder + "/type", Integer.toString(type))
        .file(folder + "/operstate", state)
        .file(folder + "/statistics/rx_bytes", Long.toUnsignedString(received))
        .file(folder + "/statistics/tx_bytes", Long.toUnsignedString(sent));
  }

  /** A network interface with a device behind it. */
  FileTree card(String name, String state, long received, long sent) {
    return netInterface(name, ETHERNET, state, received, sent)
        .folder("sys/class/net/" + name + "/device");
  }

  /** Puts {@code lower} under {@code upper}, as a bond, a bridge or a failover interface does. */
  FileTree master(String lower, String upper) {
    return link("sys/class/net/" + lower + "/master", "../" + upper).lower(lower, upper);
  }

  /** Lets {@code upper} run over {@code lower}, as a VLAN does. */
  FileTree lower(String lower, String upper) {
    return link("sys/class/net/" + upper + "/lower_" + lower, "../" + lower);
  }

  private FileTree link(String path, String target) {
    try {
      Files.createSymbolicLink(root.resolve(path), Path.of(target));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
