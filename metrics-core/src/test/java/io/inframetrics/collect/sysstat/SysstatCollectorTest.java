package io.inframetrics.collect.sysstat;

import static io.inframetrics.collect.Requests.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The collectors over a stand-in for {@code sadf} that prints the day file, which is JSON here. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the stand-in for sadf is a shell script")
class SysstatCollectorTest {

  private static final CollectionRequest OF_NOVEMBER_26 =
      window("2026-11-26T09:00:00Z", "2026-11-26T12:00:00Z");

  @TempDir private Path temp;

  private final Map<String, String> settings = new HashMap<>();
  private final List<Observation> observations = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private Path folder;

  @BeforeEach
  void aStandInForSadf() throws IOException {
    folder = Files.createDirectory(temp.resolve("sa"));
    settings.put("directory", folder.toString());
    sadf("cat \"$2\"");
  }

  private void sadf(String script) throws IOException {
    Path path = temp.resolve("sadf");
    Files.writeString(path, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    settings.put("sadf", path.toString());
  }

  private void file(String name, String golden) throws IOException {
    Files.writeString(folder.resolve(name), Golden.text(golden));
  }

  private List<MetricCollector> collectors() {
    return new SysstatCollectorFactory()
        .create(new CollectorSettings("sysstat", settings, Clock.systemUTC()));
  }

  private void collect(MetricType type, CollectionRequest request) throws Exception {
    MetricCollector collector =
        collectors().stream().filter(each -> each.type().equals(type)).findFirst().orElseThrow();
    collector.collect(
        request,
        new MetricConsumer() {
          @Override
          public void accept(Observation observation) {
            observations.add(observation);
          }

          @Override
          public void note(String sentence) {
            notes.add(sentence);
          }
        });
  }

  private List<String> seen() {
    return observations.stream()
        .map(
            each ->
                "%s %s %.2f %s"
                    .formatted(
                        each.series(), each.timestamp(), each.value(), each.unit().wireName()))
        .toList();
  }

  @Test
  void hasTheFourTypesAndAMemory() {
    assertThat(collectors())
        .extracting(MetricCollector::type)
        .containsExactlyElementsOf(MetricType.builtIn());
    assertThat(collectors()).extracting(MetricCollector::name).containsOnly("sysstat");
    assertThat(collectors())
        .extracting(MetricCollector::firstWindow)
        .containsOnly(Duration.ofDays(13));
    assertThat(collectors())
        .extracting(MetricCollector::lookBehind)
        .containsOnly(Duration.ofMinutes(30));
  }

  @Test
  void refusesWrongSettingsTogether() {
    settings.putAll(Map.of("timeout", "PT1H", "first_window", "13 days", "folder", "/var/log/sa"));
    assertThatIllegalArgumentException()
        .isThrownBy(this::collectors)
        .withMessageContainingAll(
            "INFRAMETRICS_COLLECTOR_SYSSTAT_TIMEOUT is 'PT1H': use at most PT10M",
            "INFRAMETRICS_COLLECTOR_SYSSTAT_FIRST_WINDOW is '13 days'",
            "no setting INFRAMETRICS_COLLECTOR_SYSSTAT_FOLDER");
  }

  @Test
  void pushesWhatIsInTheWindow() throws Exception {
    file("sa26", "sadf-cpu-offline.json");
    collect(MetricType.CPU_UTILIZATION, window("2026-11-26T10:10:00Z", "2026-11-26T10:30:00Z"));
    assertThat(seen())
        .containsExactly(
            "cpu_utilization#host1 2026-11-26T10:20:00Z 33.33 Percent",
            "cpu_utilization#host1 2026-11-26T10:30:00Z 33.33 Percent");
    assertThat(observations).extracting(Observation::region).containsOnly("local");
    assertThat(notes).isEmpty();
  }

  @Test
  void asksForWholeFilesInTheLocaleC() throws Exception {
    sadf("echo \"$* $LC_ALL $LANG\" >> " + temp.resolve("calls") + "; cat \"$2\"");
    file("sa26", "sadf-r-ALL.json");
    for (MetricType type : MetricType.builtIn()) {
      collect(type, OF_NOVEMBER_26);
    }
    String file = folder.resolve("sa26").toString();
    assertThat(Files.readAllLines(temp.resolve("calls")))
        .extracting(String::stripTrailing)
        .containsExactly(
            "-j " + file + " -- -u C",
            "-j " + file + " -- -r ALL C",
            "-j " + file + " -- -F MOUNT C",
            "-j " + file + " -- -n DEV C");
  }

  @Test
  void readsBothNeighboursAndEachSecondOnce() throws Exception {
    // A running sadc writes the sample of midnight into the file of the day before.
    Files.writeString(folder.resolve("sa25"), sample("2026-11-25", "2026-11-26", "00:00:00"));
    Files.writeString(
        folder.resolve("sa26"),
        sample("2026-11-26", "2026-11-26", "00:00:00", "00:10:00", "00:05:00", "00:20:00"));
    collect(MetricType.CPU_UTILIZATION, window("2026-11-25T23:30:00Z", "2026-11-26T03:00:00Z"));
    assertThat(observations)
        .extracting(each -> each.timestamp().toString())
        .containsExactly("2026-11-26T00:00:00Z", "2026-11-26T00:10:00Z", "2026-11-26T00:20:00Z");
  }

  private static String sample(String fileDate, String date, String... times) {
    StringBuilder samples = new StringBuilder();
    for (String time : times) {
      samples
          .append(samples.isEmpty() ? "" : ",")
          .append(
              "{\"timestamp\": {\"date\": \"%s\", \"time\": \"%s\", \"utc\": 1, \"interval\": 600},"
                  .formatted(date, time))
          .append(
              "\"cpu-load\": [{\"cpu\": \"all\", \"user\": 10.00, \"iowait\": 0.00, \"idle\": 90.00}]}");
    }
    return "{\"sysstat\": {\"hosts\": [{\"nodename\": \"host1\", \"file-date\": \"%s\", \"statistics\": [%s]}]}}"
        .formatted(fileDate, samples);
  }

  @Test
  void lastMonthsFileIsNotRead() throws Exception {
    Files.writeString(folder.resolve("sa26"), sample("2026-10-26", "2026-11-26", "10:00:00"));
    collect(MetricType.CPU_UTILIZATION, OF_NOVEMBER_26);
    assertThat(observations).isEmpty();
    assertThat(notes).hasSize(1).first().asString().contains("is sysstat enabled");
  }

  @Test
  void unpacksFiles() throws Exception {
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("sa26.gz")))) {
      out.write(Golden.text("sadf-reboot-marked.json").getBytes());
    }
    collect(MetricType.CPU_UTILIZATION, OF_NOVEMBER_26);
    assertThat(observations).hasSize(2);
  }

  @Test
  void aFileThatCannotBeReadIsLeftOutWithANote() throws Exception {
    sadf(
        "if [ -s \"$2\" ]; then cat \"$2\"; else echo \"Invalid system activity file: $2\" >&2; exit 3; fi");
    Files.createFile(folder.resolve("sa25"));
    file("sa26", "sadf-reboot-marked.json");
    Files.writeString(folder.resolve("sa27.gz"), "not packed");
    collect(MetricType.CPU_UTILIZATION, OF_NOVEMBER_26);
    assertThat(observations).hasSize(2);
    assertThat(notes).hasSize(2);
    assertThat(notes.get(0))
        .startsWith("sa25 was left out or read in part: Invalid system activity file: ");
    assertThat(notes.get(1)).startsWith("sa27.gz was left out or read in part: gzip: ");
  }

  @Test
  void whatComesBeforeAMistakeCounts() throws Exception {
    file("sa26", "sadf-reboot-marked.json");
    String whole = Golden.text("sadf-reboot-marked.json");
    Files.writeString(folder.resolve("sa26"), whole.substring(0, whole.indexOf("10:30:00")));
    collect(MetricType.CPU_UTILIZATION, OF_NOVEMBER_26);
    assertThat(observations).hasSize(1);
    assertThat(notes).hasSize(1).first().asString().contains("sadf printed invalid JSON");
  }

  @Test
  void aWarningBesideTheSamplesIsNoFailure() throws Exception {
    // A file that is cut in the middle of a record.
    sadf("cat \"$2\"; echo 'End of system activity file unexpected' >&2");
    file("sa26", "sadf-reboot-marked.json");
    collect(MetricType.CPU_UTILIZATION, OF_NOVEMBER_26);
    assertThat(observations).hasSize(2);
    assertThat(notes).isEmpty();
  }

  @Test
  void saysHowToRecordFileSystems() throws Exception {
    sadf("echo \"Requested activities not available in file $2\" >&2; exit 1");
    file("sa26", "sadf-reboot-marked.json");
    collect(MetricType.DISK_USAGE, OF_NOVEMBER_26);
    assertThat(observations).isEmpty();
    assertThat(notes)
        .hasSize(1)
        .first()
        .asString()
        .startsWith("the day files in " + folder + " have no filesystems: ")
        .contains("SADC_OPTIONS=\"-S XDISK\"");
  }

  @Test
  void saysThatMemoryNeedsANewerSysstat() throws Exception {
    file("sa26", "sadf-u-r-d-n.json");
    collect(MetricType.MEMORY_USAGE, OF_NOVEMBER_26);
    assertThat(notes).hasSize(1).first().asString().contains("sysstat 12 or newer is needed");
  }

  @Test
  void disksArePushedSeriesBySeries() throws Exception {
    file("sa27", "sadf-uALL-F-mount.json");
    collect(MetricType.DISK_USAGE, window("2026-11-27T17:00:00Z", "2026-11-27T18:00:00Z"));
    assertThat(seen())
        .containsExactly(
            "disk_usage#host1#device=/ 2026-11-27T17:41:59Z 22.77 Percent",
            "disk_usage#host1#device=/ 2026-11-27T17:42:00Z 22.77 Percent",
            "disk_usage#host1#device=/mnt/my disk 2026-11-27T17:41:59Z 0.01 Percent",
            "disk_usage#host1#device=/mnt/my disk 2026-11-27T17:42:00Z 0.01 Percent");
  }

  @Test
  void interfacesOfAnotherMachineAreChosenByName() throws Exception {
    Files.writeString(
        folder.resolve("sa26"), Golden.text("sadf-u-r-d-n.json").replace("\"veth0\"", "\"ens77\""));
    settings.put("instance_id", "web-1");
    settings.put("region", "attic");
    collect(MetricType.NETWORK_TRAFFIC, OF_NOVEMBER_26);
    assertThat(observations)
        .hasSize(2)
        .allSatisfy(
            each -> {
              assertThat(each.series().instanceId()).isEqualTo("web-1");
              assertThat(each.series().dimensions())
                  .containsExactly(Map.entry("interface", "ens77"));
              assertThat(each.region()).isEqualTo("attic");
              assertThat(each.value()).isCloseTo(0, within(1e-9));
            });
  }

  @Test
  void saysWhatIsNotInstalled() {
    settings.put("sadf", temp.resolve("nowhere").toString());
    assertThatThrownBy(
            () -> {
              file("sa26", "sadf-reboot-marked.json");
              collect(MetricType.CPU_UTILIZATION, OF_NOVEMBER_26);
            })
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("cannot be started: install sysstat");
    settings.put("directory", temp.resolve("no-folder").toString());
    assertThatThrownBy(() -> collect(MetricType.CPU_UTILIZATION, OF_NOVEMBER_26))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("INFRAMETRICS_COLLECTOR_SYSSTAT_DIRECTORY");
  }

  @Test
  void aProgramThatHangsIsEnded() throws Exception {
    sadf("case $2 in *25) cat \"$2\";; *) sleep 60;; esac");
    settings.put("timeout", "PT1.5S");
    Files.writeString(folder.resolve("sa25"), sample("2026-11-25", "2026-11-26", "10:00:00"));
    file("sa26", "sadf-reboot-marked.json");
    assertThatThrownBy(() -> collect(MetricType.CPU_UTILIZATION, OF_NOVEMBER_26))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessageContaining("did not read sa26 within PT1.5S");
    assertThat(observations).as("what was read before").hasSize(1);
  }
}
