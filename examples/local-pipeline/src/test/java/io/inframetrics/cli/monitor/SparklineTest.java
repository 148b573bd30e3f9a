package io.inframetrics.cli.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class SparklineTest {

  /** Points every 300 s; a dash is none. */
  private static String line(String values) {
    List<Point> points = new ArrayList<>();
    String[] all = values.split(" ");
    for (int i = 0; i < all.length; i++) {
      if (!all[i].equals("-")) {
        points.add(new Point(1_771_500_000L + 300L * i, Double.parseDouble(all[i])));
      }
    }
    return Sparkline.of(points);
  }

  @ParameterizedTest
  @CsvSource({
    "1 2 3 4 5 6 7 8,    ▁▂▃▄▅▆▇█",
    "0 100,              ▁█",
    "-5 0 5,             ▁▅█",
    "7,                  ▁",
    "50 50 50,           ▁▁▁",
    "0 0,                ▁▁",
    "50 50.01 50,        ▁▁▁",
    "1 2 - - 5 6 7 8,    '▁▂  ▅▆▇█'",
    "1 - 1 2 - 8 8,      '▁ ▁▂ ██'",
  })
  void theLineRisesAndFallsAsTheSeriesDoes(String values, String expected) {
    assertThat(line(values)).isEqualTo(expected);
  }

  @Test
  void onlyTheNewestAreShown() {
    StringBuilder values = new StringBuilder("1000");
    for (int i = 0; i < 40; i++) {
      values.append(' ').append(i % 2 == 0 ? 0 : 1);
    }

    assertThat(line(values.toString())).hasSize(Sparkline.WIDTH).matches("(▁█)+");
    assertThat(Sparkline.of(List.of())).isEmpty();
  }

  @Test
  void pointsAreAFewSecondsEarlyOrLate() {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      points.add(new Point(1_771_500_000L + 10L * i + i % 3, i));
    }

    assertThat(Sparkline.of(points)).hasSize(12).doesNotContain(" ");
  }

  @Command(name = "any")
  private static final class Any {
    @Mixin private Sparkline sparkline = new Sparkline();
  }

  @ParameterizedTest
  @CsvSource({
    "auto,   true,  LANG,       en_US.UTF-8, true",
    "auto,   true,  LANG,       C.utf8,      true",
    "auto,   true,  LANG,       C,           false",
    "auto,   true,  LC_ALL,     POSIX,       false",
    "auto,   true,  WT_SESSION, x,           true",
    "auto,   true,  OTHER,      UTF-8,       false",
    "auto,   false, LANG,       en_US.UTF-8, false",
    "always, false, LANG,       C,           true",
    "never,  true,  LANG,       en_US.UTF-8, false",
  })
  void onlyATerminalThatCanShowsThem(
      String when, boolean terminal, String variable, String value, boolean expected) {
    Any command = new Any();
    new CommandLine(command).parseArgs("--sparklines", when);

    assertThat(command.sparkline.shown(Map.of(variable, value), terminal)).isEqualTo(expected);
  }
}
