package io.inframetrics.integration.deployed;

import io.inframetrics.integration.deployed.team.QueueCollectors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** The jar that a team adds: a collector and the file by which it is found. */
final class TeamJar {

  private TeamJar() {}

  static void write(Path jar) throws IOException {
    Files.createDirectories(jar.getParent());
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Class<?> type : List.of(QueueCollectors.class, QueueCollectors.Depth.class)) {
        String name = type.getName().replace('.', '/') + ".class";
        out.putNextEntry(new JarEntry(name));
        try (InputStream in = TeamJar.class.getResourceAsStream("/" + name)) {
          in.transferTo(out);
        }
      }
      out.putNextEntry(
          new JarEntry("META-INF/services/io.inframetrics.collect.MetricCollectorFactory"));
      out.write(QueueCollectors.class.getName().getBytes(StandardCharsets.UTF_8));
    }
  }
}
