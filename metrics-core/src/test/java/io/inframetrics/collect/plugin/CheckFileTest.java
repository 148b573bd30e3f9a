package io.inframetrics.collect.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.inframetrics.collect.plugin.PerformanceData.Figure;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckFileTest {

  @Test
  void readsCommandsAsNrpeWritesThem() {
    CheckFile file =
        CheckFile.parse(
            """
            # of the web servers
            command[load]=/usr/lib/nagios/plugins/check_load -w 5,4,3 -c 10,8,6

              command[http] = check_http -H web-1 | tail -n 1
            """);
    assertThat(file.checks())
        .containsExactly(
            new Check("load", "/usr/lib/nagios/plugins/check_load -w 5,4,3 -c 10,8,6"),
            new Check("http", "check_http -H web-1 | tail -n 1"));
    assertThat(file.types()).containsExactly(CheckFile.STATE, CheckFile.VALUE);
  }

  @Test
  void rulesSayWhichTypesThereAre() {
    assertThat(
            CheckFile.parse(
                    """
                    command[disk]=check_disk
                    metric[disk /run*]=none
                    metric[disk *]=disk_usage percent=used dimension=device
                    metric[* *]=none
                    """)
                .types())
        .containsExactly(CheckFile.STATE, MetricType.DISK_USAGE);
  }

  @Test
  void listsAllMistakes() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                CheckFile.parse(
                    """
                    load=check_load
                    command[a b]=check_load
                    command[a]=check_load
                    command[a]=check_disk
                    command[b]=check_users -w $ARG1$
                    metric[a]=disk_usage
                    metric[a x]=Disk
                    metric[a x]=check_state
                    metric[a x]=none unit=Count
                    metric[a x]=t unit=Bananas
                    metric[a x]=t percent=all
                    metric[a x]=t percent=used unit=Percent
                    metric[a x]=t scale=zero
                    metric[a x]=t dimension=Device
                    metric[a x]=t colour=red
                    metric[c x]=t
                    """))
        .withMessageContainingAll(
            "line 1 'load=check_load': use command[NAME]=COMMAND LINE",
            "line 2 'command[a b]=check_load': a check's name",
            "line 4 'command[a]=check_disk': there are two checks of this name",
            "line 5 'command[b]=check_users -w $ARG1$': write the arguments",
            "line 6 'metric[a]=disk_usage': use metric[CHECK LABEL]",
            "line 7 'metric[a x]=Disk': metric type 'Disk' is not a valid name",
            "line 8 'metric[a x]=check_state': check_state has the exit codes",
            "line 9 'metric[a x]=none unit=Count': nothing may follow none",
            "line 10 'metric[a x]=t unit=Bananas': 'Bananas' is not a unit",
            "line 11 'metric[a x]=t percent=all': use percent=used or percent=free",
            "line 12 'metric[a x]=t percent=used unit=Percent': percent= gives the unit",
            "line 13 'metric[a x]=t scale=zero': scale=zero: use a number",
            "line 14 'metric[a x]=t dimension=Device': dimension=Device",
            "line 15 'metric[a x]=t colour=red': 'colour=red' is not an option",
            "metric[c x] is for a check that there is not");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CheckFile.parse("# nothing"))
        .withMessage("there is no line command[NAME]=COMMAND LINE");
  }

  @ParameterizedTest(name = "{0}, {1}{2}")
  @CsvSource({
    // rule, value, unit, max, expected value, expected unit
    "t, 5, , , 5, NONE",
    "t, 5, %, , 5, PERCENT",
    "t, 5, s, , 5, SECONDS",
    "t, 5, ms, , 5, MILLISECONDS",
    "t, 5, us, , 5, MICROSECONDS",
    "t, 5000, ns, , 5, MICROSECONDS",
    "t, 5, B, , 5, BYTES",
    "t, 5, kB, , 5120, BYTES",
    "t, 5, KB, , 5120, BYTES",
    "t, 5, MiB, , 5242880, BYTES",
    "t, 1, TB, , 1099511627776, BYTES",
    "t, 21, C, , 21, NONE",
    "t, 7, c, , 7, NONE",
    "t unit=Count, 7, kB, , 7, COUNT",
    "t unit=Megabytes scale=0.001, 7000, KB, , 7, MEGABYTES",
    "t percent=used, 20, B, 80, 25, PERCENT",
    "t percent=free, 20, B, 80, 75, PERCENT",
    "t percent=used, 20, B, , , ",
    "t percent=used, 0, B, 0, , ",
  })
  void rulesMakeValues(
      String rule,
      double value,
      String unit,
      Double max,
      Double expected,
      MetricUnit expectedUnit) {
    Figure figure =
        new Figure(
            "x",
            OptionalDouble.of(value),
            unit == null ? "" : unit,
            max == null ? OptionalDouble.empty() : OptionalDouble.of(max));
    Rule parsed = CheckFile.parse("command[a]=x\nmetric[a x]=" + rule).rules().get(0);
    assertThat(parsed.matches("a", figure)).isTrue();
    if (expected == null) {
      assertThat(parsed.value(figure)).isEmpty();
    } else {
      assertThat(parsed.value(figure)).hasValue(expected);
      assertThat(parsed.unitOf(figure)).isEqualTo(expectedUnit);
    }
  }

  @Test
  void aCounterIsReportedOnlyIfARuleNamesIt() {
    Figure counter = new Figure("octets", OptionalDouble.of(5), "c", OptionalDouble.empty());
    assertThat(CheckFile.parse("command[a]=x").rules())
        .noneMatch(rule -> rule.matches("a", counter));
    assertThat(CheckFile.parse("command[a]=x\nmetric[a oct*]=t").rules())
        .anyMatch(rule -> rule.matches("a", counter));
  }
}
