package io.inframetrics.collect.sysstat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.inframetrics.collect.sysstat.Activity.Value;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code sadf -j} prints, and what values it gives. */
class SadfJsonTest {

  private static final class Read implements SadfJson.Handler {
    private String host = "";
    private final List<Sample> samples = new ArrayList<>();

    @Override
    public boolean accepts(String nodeName, LocalDate fileDate) {
      host = nodeName + ' ' + fileDate;
      return true;
    }

    @Override
    public void sample(Sample sample) {
      samples.add(sample);
    }

    private List<String> times() {
      return samples.stream().map(sample -> sample.time().toString()).toList();
    }

    private List<List<Value>> values(Activity activity) {
      return samples.stream().map(sample -> activity.values(sample, TreeSet::new)).toList();
    }
  }

  private static Read read(String json, Activity activity) throws IOException {
    Read read = new Read();
    SadfJson.read(
        new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), activity.section(), read);
    return read;
  }

  private static Read golden(String name, Activity activity) throws IOException {
    return read(Golden.text(name), activity);
  }

  @Test
  void timesAreUtcAndTheEndOfTheInterval() throws IOException {
    Read read = golden("sadf-u-r-d-n.json", Activity.CPU);
    assertThat(read.host).isEqualTo("host1 2026-11-26");
    assertThat(read.times()).containsExactly("2026-11-26T10:01:00Z", "2026-11-26T10:02:00Z");
    assertThat(read.samples).extracting(Sample::interval).containsOnly(60.0);
  }

  @Test
  void processorsThatWaitForDisksAreNotBusy() throws IOException {
    // system 75, iowait 25, idle 0; then idle 100.
    assertThat(golden("sadf-u-r-d-n.json", Activity.CPU).values(Activity.CPU))
        .containsExactly(List.of(new Value("", 75)), List.of(new Value("", 0)));
  }

  @Test
  void busyDoesNotDependOnTheNamesOfOtherTimes() throws IOException {
    // -u ALL calls them usr and sys: idle 8.16; idle 2.01, iowait 0.50. Only "all" counts.
    List<List<Value>> values = golden("sadf-uALL-F-mount.json", Activity.CPU).values(Activity.CPU);
    assertThat(values.get(0).get(0).value()).isCloseTo(91.84, within(1e-9));
    assertThat(values.get(1).get(0).value()).isCloseTo(97.49, within(1e-9));
  }

  @Test
  void aProcessorThatIsOffIsMissingAndDoesNotCount() throws IOException {
    Read read = golden("sadf-cpu-offline.json", Activity.CPU);
    assertThat(read.samples)
        .extracting(sample -> sample.rows().size())
        .containsExactly(3, 2, 2, 3, 3);
    assertThat(read.values(Activity.CPU))
        .allSatisfy(
            values -> {
              assertThat(values).hasSize(1);
              assertThat(values.get(0).value()).isCloseTo(33.33, within(1e-9));
            });
  }

  @Test
  void afterAMarkedRestartOneSampleIsMissing() throws IOException {
    assertThat(golden("sadf-reboot-marked.json", Activity.CPU).times())
        .containsExactly("2026-11-26T10:10:00Z", "2026-11-26T10:30:00Z");
  }

  @Test
  void theSampleOfAnUnmarkedRestartHasNoRates() throws IOException {
    Read read = golden("sadf-reboot-unmarked.json", Activity.CPU);
    assertThat(read.samples.get(1).interval()).isGreaterThan(1e17);
    assertThat(read.values(Activity.CPU)).extracting(List::size).containsExactly(1, 0, 1);
  }

  @Test
  void sharesOfTimeThatDoNotAddUpAreLeftOut() {
    Sample reset =
        new Sample(
            Instant.EPOCH,
            600,
            List.of(new Sample.Row("all", Map.of("user", 1.0, "idle", 0.0, "iowait", 0.0))));
    assertThat(Activity.CPU.values(reset, TreeSet::new)).isEmpty();
  }

  @Test
  void memoryIsWhatIsNotAvailable() throws IOException {
    // The total, 24,684,092 kB as free(1) said, is memfree + memused + buffers + cached + slab.
    List<List<Value>> values = golden("sadf-r-ALL.json", Activity.MEMORY).values(Activity.MEMORY);
    assertThat(values.get(0).get(0).value())
        .isCloseTo(100.0 * (24_684_092 - 22_781_272) / 24_684_092, within(1e-9));
  }

  @Test
  void memoryWithoutItsTotalIsLeftOut() throws IOException {
    // Without ALL there is no slab, and another sum would be wrong without a word.
    assertThat(golden("sadf-u-r-d-n.json", Activity.MEMORY).values(Activity.MEMORY))
        .containsOnly(List.of());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // Before 12.1.2, memused was all that is not free: total 1000, used 900, 90 %.
    "'\"memfree\": 100, \"avail\": 600, \"memused\": 900, \"memused-percent\": 90.00, \"buffers\": 10, \"cached\": 400, \"slab\": 50', 40",
    // Since then without caches and slab: total 1000, used 440.
    "'\"memfree\": 100, \"avail\": 600, \"memused\": 440, \"memused-percent\": 44.00, \"buffers\": 10, \"cached\": 400, \"slab\": 50', 40",
  })
  void memoryOfBothDefinitions(String fields, double expected) throws IOException {
    String json =
        Golden.text("sadf-one-record.json")
            .replaceFirst(
                "\"statistics\": \\[",
                "\"statistics\": [{\"timestamp\": {\"date\": \"2026-11-27\", \"time\": \"17:50:00\","
                    + " \"utc\": 1, \"interval\": 600}, \"memory\": {"
                    + fields
                    + "}}");
    assertThat(read(json, Activity.MEMORY).values(Activity.MEMORY))
        .containsExactly(List.of(new Value("", expected)));
  }

  @Test
  void diskIsWhatDfSaysAndNamesTheMountPoint() throws IOException {
    // df said 23 %, which it rounds up; %fsused is 9.17 and %ufsused 68.90.
    List<Value> values =
        golden("sadf-uALL-F-mount.json", Activity.DISK).values(Activity.DISK).get(0);
    assertThat(values).extracting(Value::name).containsExactly("/", "/mnt/my disk");
    assertThat(values.get(0).value()).isCloseTo(22.77, within(0.01));
    assertThat(values.get(1).value()).isCloseTo(0.01, within(0.01));
  }

  @Test
  void anImageIsNotADiskButAFullDiskIs() {
    Sample sample =
        new Sample(
            Instant.EPOCH,
            600,
            List.of(
                fileSystem("/snap/core", 100, 100, 0, 12_345), // squashfs
                fileSystem("/full", 100, 100, 1_000, 12_345),
                fileSystem("/full-btrfs", 100, 100, 0, 0), // It counts no inodes.
                fileSystem("/reserve-only", 0, 100, 5, 5)));
    assertThat(Activity.DISK.values(sample, TreeSet::new))
        .containsExactly(new Value("/full", 100), new Value("/full-btrfs", 100));
  }

  private static Sample.Row fileSystem(
      String mount, double used, double unavailable, double freeInodes, double usedInodes) {
    return new Sample.Row(
        mount,
        Map.of(
            "MBfsfree",
            0.0,
            "%fsused",
            used,
            "%ufsused",
            unavailable,
            "Ifree",
            freeInodes,
            "Iused",
            usedInodes));
  }

  @Test
  void aKilobyteOfTheNetworkHas1024Bytes() {
    // 144,200 bytes in 60 s are printed as 2.35.
    Sample sample =
        new Sample(
            Instant.EPOCH,
            60,
            List.of(
                new Sample.Row("eth0", Map.of("rxkB", 1_000.0, "txkB", 2_000.0)),
                new Sample.Row("docker0", Map.of("rxkB", 5.0, "txkB", 5.0))));
    assertThat(Activity.NETWORK.values(sample, names -> Set.of("eth0")))
        .containsExactly(new Value("eth0", 3_000 * 1_024 * 8 / 1e6));
    assertThat(
            Activity.NETWORK.values(
                new Sample(Instant.EPOCH, 0, sample.rows()), names -> Set.of("eth0")))
        .as("a sample of no time")
        .isEmpty();
  }

  @Test
  void interfacesStandInAnObjectOfTheirOwn() throws IOException {
    assertThat(golden("sadf-u-r-d-n.json", Activity.NETWORK).samples.get(0).rows())
        .extracting(Sample.Row::name)
        .containsExactly("lo", "veth0");
  }

  @Test
  void aFileWithoutSamplesIsEmpty() throws IOException {
    for (String name : List.of("sadf-one-record.json", "sadf-only-restart-mark.json")) {
      Read read = golden(name, Activity.CPU);
      assertThat(read.host).isEqualTo("host1 2026-11-27");
      assertThat(read.samples).isEmpty();
    }
  }

  @Test
  void aQuoteInAMountPointMakesInvalidJson() {
    assertThatThrownBy(() -> golden("sadf-quote-in-mount-point.json", Activity.DISK))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("sadf printed invalid JSON: ");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "'', sadf printed no host",
    "'{}', sadf printed no host",
    "'{\"hosts\": 1}', sadf printed something unexpected in 'hosts'",
    "'{\"hosts\": [{\"nodename\": \"a\"}]}', sadf printed no statistics",
    "'{\"hosts\": [{\"statistics\": []}]}', sadf printed samples without a nodename and a file-date",
    "'{\"hosts\": [{\"file-date\": \"26.11.\"}]}', sadf printed the date '26.11.'",
    "'{\"hosts\": [{\"nodename\": \"a\", \"file-date\": \"2026-11-26\", \"statistics\": [{}]}]}', sadf printed a sample without a timestamp",
    "'{\"hosts\": [{\"nodename\": \"a\", \"file-date\": \"2026-11-26\", \"statistics\": [{\"timestamp\": {\"date\": \"2026-11-26\", \"time\": \"10:00:00\", \"utc\": 0}}]}]}', sadf printed a time that is not in UTC: 2026-11-26 10:00:00",
    "'{\"hosts\": [{\"nodename\": \"a\", \"file-date\": \"2026-11-26\", \"statistics\": [{\"cpu-load\": 1}]}]}', sadf printed something unexpected in 'cpu-load'",
  })
  void saysWhatIsWrong(String json, String sentence) {
    assertThatThrownBy(() -> read(json, Activity.CPU)).hasMessage(sentence);
  }

  @Test
  void anyChangeOfATextGivesSamplesOrOneSentence() {
    long seed = Long.getLong("inframetrics.sadf.seed", new Random().nextLong());
    Random random = new Random(seed);
    List<String> texts =
        List.of(
            Golden.text("sadf-u-r-d-n.json"),
            Golden.text("sadf-reboot-unmarked.json"),
            Golden.text("sadf-uALL-F-mount.json"));
    String letters = "{}[]\",:0123456789.eE-+ \n\\\0u\u00e4";
    for (int i = 0; i < 200; i++) {
      StringBuilder text = new StringBuilder(texts.get(i % texts.size()));
      for (int change = random.nextInt(4); change >= 0; change--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(4)) {
          case 0 -> text.setLength(at + 1);
          case 1 -> text.insert(at, letters.charAt(random.nextInt(letters.length())));
          case 2 -> text.setCharAt(at, letters.charAt(random.nextInt(letters.length())));
          default -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
        }
        if (text.isEmpty()) {
          text.append(' ');
        }
      }
      for (Activity activity : Activity.values()) {
        try {
          Read read = read(text.toString(), activity);
          assertThat(read.values(activity))
              .allSatisfy(
                  values -> assertThat(values).allMatch(each -> Double.isFinite(each.value())));
        } catch (IOException e) {
          assertThat(e)
              .as("-Dinframetrics.sadf.seed=%d, text %d", seed, i)
              .hasMessageStartingWith("sadf printed ")
              .message()
              .hasSizeLessThan(400)
              .doesNotContain("\n");
        }
      }
    }
  }
}
