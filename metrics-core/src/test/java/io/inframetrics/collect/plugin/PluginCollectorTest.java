package io.inframetrics.collect.plugin;

import static io.inframetrics.collect.Requests.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.pipeline.RetryableFailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The collectors over checks that are lines of shell. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the checks are lines of shell")
class PluginCollectorTest {

  private static final CollectionRequest REQUEST =
      window("2026-11-26T09:00:00Z", "2026-11-26T12:00:00Z");

  @TempDir private Path temp;

  private final Map<String, String> settings = new HashMap<>(Map.of("instance_id", "web-1"));
  private final List<String> notes = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  private List<MetricCollector> collectors(String file) throws IOException {
    Path path = temp.resolve("checks.cfg");
    Files.writeString(path, file);
    settings.put("checks", path.toString());
    return new PluginCollectorFactory()
        .create(new CollectorSettings("plugin", settings, Clock.systemUTC()));
  }

  /** What all collectors push, without the time, which is that of the run. */
  private List<String> collect(String file, CollectionRequest request) throws Exception {
    List<String> seen = new ArrayList<>();
    MetricConsumer consumer =
        new MetricConsumer() {
          @Override
          public void accept(Observation each) {
            assertThat(each.timestamp()).isEqualTo(request.until());
            seen.add("%s %s %s".formatted(each.series(), each.value(), each.unit().wireName()));
          }

          @Override
          public void note(String sentence) {
            notes.add(sentence);
          }
        };
    for (MetricCollector collector : collectors(file)) {
      try {
        collector.collect(request, consumer);
      } catch (RetryableFailureException e) {
        failures.add(e.getMessage());
      }
    }
    return seen;
  }

  @Test
  void theExitCodeIsAMetricOfItsOwn() throws Exception {
    // As check_disk does with a reserve: CRITICAL, while its figure is below both thresholds.
    assertThat(
            collect(
                """
                command[disk]=echo "DISK CRITICAL | /x=146800640B;151833804;170813030;0;189792256"; exit 2
                command[ok]=echo OK; exit 0
                command[silent]=exit 0
                command[unknown]=echo "Invalid hostname"; exit 3
                metric[disk *]=disk_usage percent=used dimension=device
                """,
                REQUEST))
        .containsExactly(
            "check_state#web-1#check=disk 2.0 None",
            "check_state#web-1#check=ok 0.0 None",
            "check_state#web-1#check=silent 0.0 None",
            "check_state#web-1#check=unknown 3.0 None",
            "disk_usage#web-1#device=/x " + 100.0 * 146_800_640 / 189_792_256 + " Percent");
    assertThat(notes).isEmpty();
  }

  @Test
  void whatNagiosMakesOfOtherExitCodes() throws Exception {
    assertThat(
            collect(
                """
                command[four]=exit 4
                command[missing]=/nowhere/check_x
                command[killed]=kill -9 $$
                command[loud]=head -c 2000000 /dev/zero
                """,
                REQUEST))
        .containsExactly(
            "check_state#web-1#check=four 2.0 None",
            "check_state#web-1#check=missing 2.0 None",
            "check_state#web-1#check=killed 3.0 None",
            "check_state#web-1#check=loud 3.0 None");
    assertThat(notes)
        .containsExactly(
            "check 'four' exited with 4, which is not a state and counts as CRITICAL",
            "check 'missing' exited with 127, which is not a state and counts as CRITICAL: its program was not found",
            "check 'killed' was killed (exit code 137): its state is UNKNOWN",
            "check 'loud' printed more than 1048576 bytes, and was ended: its state is UNKNOWN");
  }

  @Test
  void aCheckThatHangsIsUnknownAndItsFiguresDoNotCount() throws Exception {
    settings.put("timeout", "PT0.3S");
    assertThat(collect("command[slow]=echo 'OK | a=1'; sleep 60", REQUEST))
        .containsExactly("check_state#web-1#check=slow 3.0 None");
    assertThat(notes)
        .containsExactly(
            "check 'slow' did not end within PT0.3S, and was ended: its state is UNKNOWN");
  }

  @Test
  void figuresWithoutARuleAreValuesByCheckAndLabel() throws Exception {
    assertThat(
            collect(
                "command[http]=echo \"HTTP OK |time=0.001237s;1;2;0;10 size=204B;;;0; rta=U;1;2 n=5c $LC_ALL=1\"",
                REQUEST))
        .containsExactly(
            "check_state#web-1#check=http 0.0 None",
            "check_value#web-1#check=http,label=time 0.001237 Seconds",
            "check_value#web-1#check=http,label=size 204.0 Bytes",
            "check_value#web-1#check=http,label=C 1.0 None");
  }

  @Test
  void aFigureThatCannotBeReadIsNamed() throws Exception {
    assertThat(collect("command[x]=echo 'OK | time=0,0079s;1 words only'", REQUEST)).hasSize(1);
    assertThat(notes)
        .containsExactly("check 'x' printed figures that cannot be read: time=0,0079s;1");
  }

  @Test
  void aFigureThatIsPrintedTwiceCountsOnce() throws Exception {
    assertThat(collect("command[x]=echo 'OK | a=1 a=2'", REQUEST))
        .contains("check_value#web-1#check=x,label=a 1.0 None")
        .hasSize(2);
    assertThat(notes).hasSize(1).first().asString().contains("is printed twice");
  }

  @Test
  void aCheckIsCalledOnceARun() throws Exception {
    Path calls = temp.resolve("calls");
    collect(
        """
        command[x]=echo x >> %s; echo 'OK | a=1 b=2'
        metric[x b]=b_type
        """
            .formatted(calls),
        REQUEST);
    assertThat(Files.readAllLines(calls)).hasSize(1);
  }

  @Test
  void withoutTimeTheRunIsPartialAndTheStateIsNotGuessed() throws Exception {
    assertThat(
            collect(
                """
                command[quick]=echo OK
                command[slow]=sleep 60
                metric[* *]=none
                """,
                window(
                    Instant.parse("2026-11-26T09:00:00Z"),
                    Instant.parse("2026-11-26T12:00:00Z"),
                    Duration.ofSeconds(2))))
        .containsExactly("check_state#web-1#check=quick 0.0 None");
    assertThat(failures).containsExactly("the time was over before these checks had ended: slow");
  }

  @Test
  void anInterruptStopsTheChecks() throws Exception {
    MetricCollector collector = collectors("command[slow]=sleep 60").get(0);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> collector.collect(REQUEST, observation -> {}))
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void refusesWrongSettingsTogether() {
    settings.put("timeout", "PT1H");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> collectors("command[x]"))
        .withMessageContainingAll(
            "INFRAMETRICS_COLLECTOR_PLUGIN_CHECKS is '",
            "use a correct file of checks (line 1 'command[x]': use command[NAME]=COMMAND LINE",
            "INFRAMETRICS_COLLECTOR_PLUGIN_TIMEOUT is 'PT1H': use at most PT10M");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new PluginCollectorFactory()
                    .create(new CollectorSettings("plugin", Map.of(), Clock.systemUTC())))
        .withMessageStartingWith("INFRAMETRICS_COLLECTOR_PLUGIN_CHECKS is missing: ");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new PluginCollectorFactory()
                    .create(
                        new CollectorSettings(
                            "plugin", Map.of("checks", "/nowhere/at-all"), Clock.systemUTC())))
        .withMessageContaining("use a file that can be read");
  }
}
