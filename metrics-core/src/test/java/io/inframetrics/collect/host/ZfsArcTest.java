package io.inframetrics.collect.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZfsArcTest {

  private static final String HEADER =
      "9 1 0x01 123 33456 8600000000 900000000000\nname                            type data\n";

  @TempDir Path root;

  @Test
  void withoutZfsThereIsNothing() throws IOException {
    assertThat(reclaimable()).isZero();
  }

  @Test
  void allButTheMinimumComesBack() throws IOException {
    arcstats("size 4 1000", "c_min 4 100");
    assertThat(reclaimable()).isEqualTo(900);
    arcstats("size 4 60", "c_min 4 100");
    assertThat(reclaimable()).isZero();
  }

  @Test
  void whatCannotBeEvictedStays() throws IOException {
    // 50 are in use, less than the minimum: the cache shrinks to its minimum.
    arcstats("size 4 1000", "c_min 4 100", evictable(900, 10, 30, 10));
    assertThat(reclaimable()).isEqualTo(900);
    // 400 are in use: only the clean 600 can go.
    arcstats("size 4 1000", "c_min 4 100", evictable(500, 10, 80, 10));
    assertThat(reclaimable()).isEqualTo(600);
  }

  @Test
  void inAContainerTheCacheIsAnothersMemory() throws IOException {
    arcstats("size 4 1000", "c_min 4 100");
    new FileTree(root)
        .file(
            "proc/self/mountinfo",
            "585 560 0:49 /proc/meminfo /proc/meminfo rw,nosuid - fuse.lxcfs lxcfs rw,user_id=0");
    assertThat(reclaimable()).isZero();
  }

  @Test
  void whatCannotBeUnderstoodIsSaid() {
    arcstats("size 4 many", "c_min 4 100");
    assertThatIOException()
        .isThrownBy(this::reclaimable)
        .withMessageEndingWith("arcstats says 'many': expected a whole number");
    arcstats("size 4 1000");
    assertThatIOException()
        .isThrownBy(this::reclaimable)
        .withMessageEndingWith("arcstats has no lines 'size' and 'c_min'");
  }

  private long reclaimable() throws IOException {
    return new ZfsArc(root.resolve("proc")).reclaimableBytes();
  }

  private void arcstats(String... lines) {
    new FileTree(root).file("proc/spl/kstat/zfs/arcstats", HEADER + String.join("\n", lines));
  }

  private static String evictable(long mruData, long mruMetadata, long mfuData, long mfuMetadata) {
    return "mru_evictable_data 4 %d\nmru_evictable_metadata 4 %d\nmfu_evictable_data 4 %d\nmfu_evictable_metadata 4 %d"
        .formatted(mruData, mruMetadata, mfuData, mfuMetadata);
  }
}
