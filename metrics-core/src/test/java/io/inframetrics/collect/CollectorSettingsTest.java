package io.inframetrics.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CollectorSettingsTest {

  @Test
  void textIsTrimmedAndBlankIsMissing() {
    CollectorSettings settings = of(Map.of("url", " http://x ", "user", "  "));
    assertThat(settings.text("url")).contains("http://x");
    assertThat(settings.text("url", "other")).isEqualTo("http://x");
    assertThat(settings.text("user")).isEmpty();
    assertThat(settings.text("user", "nobody")).isEqualTo("nobody");
    assertThat(settings.text("missing", "nobody")).isEqualTo("nobody");
  }

  @Test
  void numbersReachTheirBounds() {
    CollectorSettings settings = of(Map.of("low", "1", "high", "10"));
    assertThat(settings.number("low", 5, 1, 10)).isEqualTo(1);
    assertThat(settings.number("high", 5, 1, 10)).isEqualTo(10);
    assertThat(settings.number("missing", 5, 1, 10)).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "11", "1.5", "ten", "99999999999999999999"})
  void numbersOutOfBoundsAreRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(Map.of("page_size", text)).number("page_size", 5, 1, 10))
        .withMessage(
            "INFRAMETRICS_COLLECTOR_QUEUES_PAGE_SIZE is '%s': use a whole number from 1 to 10",
            text);
  }

  @Test
  void durationsAreIso() {
    CollectorSettings settings = of(Map.of("every", "PT5M"));
    assertThat(settings.duration("every", Duration.ZERO)).isEqualTo(Duration.ofMinutes(5));
    assertThat(settings.duration("missing", Duration.ofDays(1))).isEqualTo(Duration.ofDays(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"5m", "PT0S", "-PT1S", "300"})
  void otherDurationsAreRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(Map.of("every", text)).duration("every", Duration.ZERO))
        .withMessage(
            "INFRAMETRICS_COLLECTOR_QUEUES_EVERY is '%s': use a positive ISO-8601 duration such as"
                + " PT5M",
            text);
  }

  @Test
  void whatNobodyReadIsRefused() {
    CollectorSettings settings = of(Map.of("url", "x", "usr", "y", "pasword", "z"));
    assertThat(settings.text("url")).isPresent();
    assertThatIllegalArgumentException()
        .isThrownBy(settings::requireAllRead)
        .withMessage(
            "source 'queues' has no setting INFRAMETRICS_COLLECTOR_QUEUES_PASWORD,"
                + " INFRAMETRICS_COLLECTOR_QUEUES_USR: remove or correct it");
    assertThat(settings.text("usr")).isPresent();
    assertThat(settings.text("pasword")).isPresent();
    settings.requireAllRead();
  }

  @Test
  void valuesAreCopied() {
    Map<String, String> values = new HashMap<>(Map.of("url", "x"));
    CollectorSettings settings = of(values);
    values.put("url", "y");
    values.put("user", "z");
    assertThat(settings.text("url")).contains("x");
    settings.requireAllRead();
  }

  @Test
  void carriesTheClock() {
    Clock clock = Clock.systemUTC();
    assertThat(new CollectorSettings("queues", Map.of(), clock).clock()).isSameAs(clock);
  }

  @Test
  void aReaderRemembersEveryMistake() {
    SettingsReader reader =
        new SettingsReader(of(Map.of("n", "x", "every", "y", "kind", "z", "w", "q", "good", "1")));
    assertThat(reader.number("n", 7, 1, 9)).isEqualTo(7);
    assertThat(reader.duration("every", Duration.ZERO)).isEqualTo(Duration.ZERO);
    assertThat(reader.<String>parsed("kind", "a", SettingsReaderRefusal::refuse)).isEqualTo("a");
    assertThat(reader.<Integer>parsed("good", 0, Integer::valueOf)).isEqualTo(1);
    assertThat(reader.<Integer>parsed("missing", 5, Integer::valueOf)).isEqualTo(5);
    reader.mistake("a and b exclude each other");
    assertThatIllegalArgumentException()
        .isThrownBy(reader::finish)
        .withMessage(
            "INFRAMETRICS_COLLECTOR_QUEUES_N is 'x': use a whole number from 1 to 9;"
                + " INFRAMETRICS_COLLECTOR_QUEUES_EVERY is 'y': use a positive ISO-8601 duration such"
                + " as PT5M; INFRAMETRICS_COLLECTOR_QUEUES_KIND is 'z': use a or b; a and b exclude"
                + " each other; source 'queues' has no setting INFRAMETRICS_COLLECTOR_QUEUES_W:"
                + " remove or correct it");
  }

  @Test
  void aReaderIsContentWithGoodSettings() {
    SettingsReader reader = new SettingsReader(of(Map.of("url", "x")));
    assertThat(reader.text("url", "y")).isEqualTo("x");
    reader.finish();
  }

  private static CollectorSettings of(Map<String, String> values) {
    return new CollectorSettings("queues", values, Clock.systemUTC());
  }

  private static final class SettingsReaderRefusal {

    private static String refuse(String text) {
      throw new IllegalArgumentException("a or b");
    }
  }
}
