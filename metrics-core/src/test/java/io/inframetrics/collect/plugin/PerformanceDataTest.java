package io.inframetrics.collect.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.collect.plugin.PerformanceData.Figure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PerformanceDataTest {

  private static String written(PerformanceData data) {
    StringBuilder text = new StringBuilder();
    for (Figure figure : data.figures()) {
      text.append(text.isEmpty() ? "" : " ")
          .append('<')
          .append(figure.label())
          .append("> ")
          .append(number(figure.value()))
          .append(figure.unit())
          .append(figure.max().isPresent() ? "/" + number(figure.max()) : "");
    }
    return text.toString();
  }

  private static String number(OptionalDouble value) {
    return value.isEmpty() ? "U" : String.valueOf(value.getAsDouble());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '!',
      value = {
        "check_disk -w 20% -c 10% -p /               ! </> 2.7248295936E10B/2.70552530944E11",
        "check_disk -w 20% -c 10% -p /mnt/my disk    ! </mnt/my disk> 0.0B/1.89792256E8",
        "check_load -w 5,4,3 -c 10,8,6               ! <load1> 5.24 <load5> 5.2 <load15> 4.34",
        "check_load -r -w 5,4,3 -c 10,8,6            ! <load1> 5.24 <scaled_load1> 2.62 <load5> 5.2 <scaled_load5> 2.6 <load15> 4.34 <scaled_load15> 2.17",
        "check_swap -w 20% -c 10%                    ! <swap> 0.0B/0.0",
        "check_procs                                 ! <procs> 98.0",
        "check_procs -m CPU -w 10 -c 90              ! <procs> 98.0 <procs_warn> 3.0 <procs_crit> 0.0",
        "check_users -w 5 -c 10                      ! <users> 0.0",
        "check_ping -H 127.0.0.1 -w 100,20% -c 500,60% -p 1 ! <rta> 0.041ms <pl> 0.0%",
        "check_ping -H 10.99.0.77 -w 100,20% -c 500,60% -p 1 -t 3 ! <rta> U <pl> 100.0%",
        "check_icmp -H 10.99.0.77 -n 2               ! <rta> 0.0ms <pl> 100.0% <rtmax> 0.0ms <rtmin> 0.0ms",
        "check_http -H nosuch.invalid                ! ''",
        "check_http -H 127.0.0.1 -p 18081 -w 1 -c 2  ! <time> 0.022646s/10.0 <size> 204.0B",
        "check_ntp_time -H 127.0.0.1 -t 3            ! ''",
        "check_snmp -H 127.0.0.1 -p 11162 -C public -P 2c -o .1.3.6.1.2.1.2.2.1.10.99 ! ''",
        "check_cpu                                   ! <cpu_user> 89.6% <cpu_system> 10.4% <cpu_idle> 0.0% <cpu_iowait> 0.0% <cpu_steal> 0.0%",
      })
  void readsWhatPluginsReallyPrint(String command, String figures) {
    Golden.Output output = Golden.outputs().get(command);
    assertThat(output).as(command).isNotNull();
    PerformanceData data = PerformanceData.of(output.text());
    assertThat(written(data)).isEqualTo(figures);
    assertThat(data.refused()).isEmpty();
  }

  @Test
  void aBarInAUsageTextIsNoFigure() {
    PerformanceData data =
        PerformanceData.of(
            Golden.outputs().get("check_ping -H nosuch.invalid -w 100,20% -c 500,60% -p 1").text());
    assertThat(data.figures()).isEmpty();
    assertThat(data.refused()).isEmpty();
  }

  @Test
  void countersAreMarked() {
    PerformanceData data =
        PerformanceData.of(
            Golden.outputs().entrySet().stream()
                .filter(each -> each.getKey().contains("1.3.6.1.2.1.31.1.1.1.6.1,"))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow()
                .text());
    assertThat(written(data))
        .isEqualTo("<iso.3.6.1.2.1.31.1.1.1.6.1> 1.481042773E9c <iso.3.6.1.2.1.25.1.6.0> 100.0");
  }

  @Test
  void aDecimalCommaIsRefused() {
    // It does not occur, because plugins run in the locale C.
    PerformanceData data =
        PerformanceData.of(
            Golden.outputs()
                .get("env LC_ALL=de_DE.UTF-8 check_http -H 127.0.0.1 -p 18081 -w 1 -c 2")
                .text());
    assertThat(written(data)).isEqualTo("<size> 204.0B");
    assertThat(data.refused())
        .containsExactly("time=0,007909s;1,000000;2,000000;0,000000;10,000000");
  }

  @Test
  void aBarInALaterLineBeginsMoreFiguresToTheEnd() {
    PerformanceData ofCommands =
        PerformanceData.of(Golden.outputs().get("check_load -w 50,40,30 -c 100,80,60 -n 2").text());
    assertThat(written(ofCommands)).isEqualTo("<load1> 4.57 <load5> 2.87 <load15> 3.58");
    assertThat(ofCommands.refused()).isEmpty();

    assertThat(
            written(
                PerformanceData.of(
                    """
                    DISK OK | /=10MB;4;5;0;6
                    a long
                    text | /boot=5MB;6;7;0;8
                    /home=9MB
                    /var=1MB | tail
                    """)))
        .isEqualTo("</> 10.0MB/6.0 </boot> 5.0MB/8.0 </home> 9.0MB </var> 1.0MB");
    assertThat(written(PerformanceData.of("PACKAGES OK\na\nb\n| updates=3")))
        .isEqualTo("<updates> 3.0");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '"',
      value = {
        // As plugins quote, not as their guidelines say.
        "'/mnt/it's'=0B;1;2;0;4   ! </mnt/it's> 0.0B/4.0",
        "'it''s'=1                ! <it's> 1.0",
        "'a=b'=1 c=2              ! <a=b> 1.0 <c> 2.0",
        "/mnt/semi;x=0B;1;2;0;4   ! </mnt/semi;x> 0.0B/4.0",
        "'open=1 b=2              ! <'open> 1.0 <b> 2.0",
        // A blank before the unit; check_entropy.
        "entropy=256 bytes;1 a=2  ! <entropy> 256.0 <a> 2.0",
        "a=U;1;2 b=1              ! <a> U <b> 1.0",
        "a=-5.5e-3ms b=+2 c=.5 d=5. ! <a> -0.0055ms <b> 2.0 <c> 0.5 <d> 5.0",
        "a=10:20 b=1              ! <b> 1.0",
        "a=nan b=inf c=1e999 d=--1 e=1-2 f=0x10 g= h ! \"\"",
        "=1 ==2 a==3              ! \"\"",
        "a=1;;;;                  ! <a> 1.0",
        "a=1;;;;5B b=1;;;;U       ! <a> 1.0 <b> 1.0",
        "a=1KiB b=2µs c=3B/s d=4°C ! <a> 1.0KiB <b> 2.0µs <c> 3.0B/s <d> 4.0°C",
      })
  void isTolerant(String text, String figures) {
    String unquoted = figures.equals("\"\"") ? "" : figures;
    assertThat(written(PerformanceData.of("OK | " + text))).isEqualTo(unquoted);
  }

  @Test
  void whatIsKeptIsBounded() {
    PerformanceData data = PerformanceData.of("OK |" + " a=1".repeat(5_000));
    assertThat(data.figures()).hasSize(PerformanceData.MAX_FIGURES);
    PerformanceData noise = PerformanceData.of("OK |" + (" x=" + "y".repeat(1_000)).repeat(900));
    assertThat(noise.figures()).isEmpty();
    assertThat(noise.refused()).hasSize(3).allMatch(each -> each.length() <= 80);
  }

  @Test
  void anyTextHasAnAnswerSoon() {
    long seed = Long.getLong("inframetrics.plugin.seed", new Random().nextLong());
    Random random = new Random(seed);
    String letters = "''==;;||  \n\t\0aU.%-+e0159cB,\u00b5\ud83d";
    for (int i = 0; i < 1_000; i++) {
      StringBuilder text = new StringBuilder("x|");
      for (int length = random.nextInt(80); length > 0; length--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      PerformanceData data = PerformanceData.of(text.toString());
      assertThat(data.figures())
          .as("-Dinframetrics.plugin.seed=%d, text %d", seed, i)
          .allSatisfy(
              figure -> {
                assertThat(figure.label()).isNotEmpty();
                assertThat(text.toString().replace("'", ""))
                    .contains(figure.label().replace("'", ""));
                assertThat(figure.value().orElse(0)).isFinite();
                assertThat(figure.max().orElse(0)).isFinite();
              });
    }
    for (String part : List.of("'", "' ", "'a ", "=", "a=", "|", "1;", "a=1;;;;", "\n", "a=U ")) {
      Assertions.assertTimeoutPreemptively(
          Duration.ofSeconds(10), () -> PerformanceData.of("x|" + part.repeat(300_000)), part);
    }
  }
}
