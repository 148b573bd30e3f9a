package io.inframetrics.pipeline.collect;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.pipeline.process.ProcessBenchmark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A raw file of 1 GB is processed in a heap of 32 MB. */
@Tag("soak")
class LargeFileTest {

  @Test
  void isProcessedInASmallHeap(@TempDir Path folder) throws Exception {
    Path out = folder.resolve("out");
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ProcessBenchmark.class.getName(),
                "1000")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      assertThat(child.waitFor(10, TimeUnit.MINUTES)).isTrue();
      assertThat(child.exitValue()).as(Files.readString(out)).isZero();
      assertThat(Files.readString(out)).contains("1000 MB: processed");
      System.out.println(Files.readString(out));
    } finally {
      child.destroyForcibly();
    }
  }
}
