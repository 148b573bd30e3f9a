package {{package}};

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.collect.CollectorRegistry;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.metric.MetricType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class {{Name}}CollectorFactoryTest {

  private static CollectorRegistry discover(Map<String, String> settings) {
    return CollectorRegistry.discover(
        List.of("{{name}}"),
        source -> new CollectorSettings(source, settings, Clock.systemUTC()),
        {{Name}}CollectorFactoryTest.class.getClassLoader());
  }

  @Test
  void isFoundByItsName() {
    assertThat(discover(Map.of("file", "readings.txt")).types())
        .containsExactly(new MetricType("{{type}}"));
  }

  @Test
  void wantsAFileAndNoUnknownSetting() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> discover(Map.of("fil", "readings.txt")))
        .withMessageContainingAll(
            "INFRAMETRICS_COLLECTOR_{{NAME}}_FILE is missing",
            "no setting INFRAMETRICS_COLLECTOR_{{NAME}}_FIL",
            "did you mean INFRAMETRICS_COLLECTOR_{{NAME}}_FILE?");
  }

  @Test
  void aLineThatIsNotAReadingIsNamed(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("readings.txt"), "1771500463 7\nyesterday 8\n");

    assertThatThrownBy(
            () -> new {{Name}}ReadingsFile(file).between(Instant.EPOCH, Instant.MAX))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 2 of", "is 'yesterday 8': write epoch seconds");
  }
}
