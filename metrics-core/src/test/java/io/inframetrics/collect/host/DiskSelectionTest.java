package io.inframetrics.collect.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.collect.host.DiskSelection.Candidate;
import io.inframetrics.collect.host.MachineProbe.DiskState;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiskSelectionTest {

  @Test
  void countsWhatIsNeitherFreeNorKept() {
    assertThat(
            DiskSelection.select(
                List.of(new Candidate("/dev/sda1", "/", "ext4", true, 100, 60, 55))))
        .containsExactly(new DiskState("/", 40, 55));
  }

  @Test
  void aVolumeCountsOnceUnderItsShortestMount() {
    assertThat(
            mounts(
                disk("/dev/sdb", "/var/lib/data"),
                disk("/dev/sda1", "/home"),
                disk("/dev/sda1", "/"),
                disk("/dev/sdb", "/data"),
                disk("/dev/sdb", "/dat2")))
        .containsExactly("/", "/dat2");
  }

  @Test
  void aContainerHasItsRootAndItsVolumes() {
    assertThat(
            mounts(
                of("overlay", "/", "overlay", true),
                of("/dev/sda1", "/etc/hosts", "ext4", false),
                of("/dev/sda2", "/data", "ext4", true),
                of("tmpfs", "/run/secrets", "tmpfs", true)))
        .containsExactly("/", "/data");
  }

  @Test
  void imagesLayersAndProgramsAreNotDisks() {
    assertThat(
            mounts(
                disk("/dev/sda1", "/"),
                of("/dev/loop0", "/snap/core/1", "squashfs", true),
                of("/dev/sr0", "/media/cd", "iso9660", true),
                of("overlay", "/var/lib/docker/overlay2/x/merged", "overlay", true),
                of("portal", "/run/user/1/doc", "fuse.portal", true),
                of("/dev/sdc1", "/media/usb", "fuseblk", true)))
        .containsExactly("/", "/media/usb");
  }

  @Test
  void emptyAndNonsensicalSizesAreLeftOut() {
    assertThat(
            DiskSelection.select(
                List.of(
                    new Candidate("a", "/a", "ext4", true, 0, 0, 0),
                    new Candidate("b", "/b", "ext4", true, 10, 20, 20),
                    new Candidate("c", "/c", "ext4", true, 10, 10, 0),
                    new Candidate("d", "/" + "d".repeat(255), "ext4", true, 10, 5, 5))))
        .isEmpty();
  }

  private static List<String> mounts(Candidate... candidates) {
    return DiskSelection.select(List.of(candidates)).stream().map(DiskState::mount).toList();
  }

  private static Candidate disk(String volume, String mount) {
    return of(volume, mount, "ext4", true);
  }

  private static Candidate of(String volume, String mount, String type, boolean directory) {
    return new Candidate(volume, mount, type, directory, 100, 60, 55);
  }
}
