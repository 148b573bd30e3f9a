package io.inframetrics.sink.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtlpSettingsTest {

  @Test
  void hasTheSpecificationsDefaults() {
    OtlpSettings settings = OtlpSettings.fromEnvironment(Map.of());

    assertThat(settings).isEqualTo(OtlpSettings.to(URI.create("http://localhost:4318/v1/metrics")));
    assertThat(settings.json()).isFalse();
    assertThat(settings.gzip()).isFalse();
    assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.resource()).isEqualTo(Map.of("service.name", "inframetrics"));
  }

  @Test
  void readsEveryVariable() {
    OtlpSettings settings =
        OtlpSettings.fromEnvironment(
            Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT", "https://otel.example/in/",
                "OTEL_EXPORTER_OTLP_HEADERS", "api-key=a%20b+c%3D=, other = x",
                "OTEL_EXPORTER_OTLP_PROTOCOL", "http/json",
                "OTEL_EXPORTER_OTLP_COMPRESSION", "gzip",
                "OTEL_EXPORTER_OTLP_TIMEOUT", "2500",
                "OTEL_RESOURCE_ATTRIBUTES", "team=blue,service.name=hidden",
                "OTEL_SERVICE_NAME", "shop",
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "not read"));

    assertThat(settings.endpoint()).isEqualTo(URI.create("https://otel.example/in/v1/metrics"));
    assertThat(settings.headers()).isEqualTo(Map.of("api-key", "a b+c==", "other", "x"));
    assertThat(settings.json()).isTrue();
    assertThat(settings.gzip()).isTrue();
    assertThat(settings.timeout()).isEqualTo(Duration.ofMillis(2500));
    assertThat(settings.resource()).isEqualTo(Map.of("team", "blue", "service.name", "shop"));
    assertThat(settings.toString()).doesNotContain("a b+c");
  }

  @Test
  void prefersTheVariablesForMetrics() {
    OtlpSettings settings =
        OtlpSettings.fromEnvironment(
            Map.of(
                "OTEL_EXPORTER_OTLP_ENDPOINT", "http://all:4318",
                "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "http://metrics:4318/as/it/is",
                "OTEL_EXPORTER_OTLP_HEADERS", "a=1",
                "OTEL_EXPORTER_OTLP_METRICS_HEADERS", "b=2",
                "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc",
                "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/protobuf",
                "OTEL_EXPORTER_OTLP_COMPRESSION", "gzip",
                "OTEL_EXPORTER_OTLP_METRICS_COMPRESSION", "none",
                "OTEL_EXPORTER_OTLP_TIMEOUT", "1",
                "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT", "2"));

    assertThat(settings)
        .isEqualTo(
            OtlpSettings.to(URI.create("http://metrics:4318/as/it/is"))
                .withHeaders(Map.of("b", "2"))
                .withTimeout(Duration.ofMillis(2)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          OTEL_EXPORTER_OTLP_ENDPOINT            | localhost:4318 | OTEL_EXPORTER_OTLP_ENDPOINT: OTLP endpoint 'localhost:4318/v1/metrics' is not valid
          OTEL_EXPORTER_OTLP_METRICS_ENDPOINT    | a b            | OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: OTLP endpoint 'a b' is not an address
          OTEL_EXPORTER_OTLP_PROTOCOL            | grpc           | OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' is not supported: use http/protobuf or http/json
          OTEL_EXPORTER_OTLP_COMPRESSION         | zstd           | OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd' is not supported: use none or gzip
          OTEL_EXPORTER_OTLP_TIMEOUT             | 10s            | OTEL_EXPORTER_OTLP_TIMEOUT: '10s' is not a number
          OTEL_EXPORTER_OTLP_TIMEOUT             | 0              | OTEL_EXPORTER_OTLP_TIMEOUT: the timeout of an OTLP request is PT0S
          OTEL_EXPORTER_OTLP_METRICS_HEADERS     | SECRET         | OTEL_EXPORTER_OTLP_METRICS_HEADERS: entry 1 has no name
          OTEL_EXPORTER_OTLP_HEADERS             | a=%zz          | OTEL_EXPORTER_OTLP_HEADERS:
          OTEL_EXPORTER_OTLP_HEADERS             | a=%0a          | OTEL_EXPORTER_OTLP_HEADERS: OTLP header 'a' is not valid
          OTEL_EXPORTER_OTLP_HEADERS             | Content-Type=x | OTEL_EXPORTER_OTLP_HEADERS: OTLP header 'Content-Type' is set by the sink itself
          OTEL_EXPORTER_OTLP_CERTIFICATE         | /a.pem         | OTEL_EXPORTER_OTLP_CERTIFICATE is set: this sink trusts
          OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY  | /a.pem         | OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY is set: this sink trusts
          """)
  void refusesWhatItCannotDo(String name, String value, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OtlpSettings.fromEnvironment(Map.of(name, value)))
        .withMessageStartingWith(message)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("SECRET"));
  }

  @Test
  void reportsEveryMistakeAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                OtlpSettings.fromEnvironment(
                    Map.of(
                        "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc",
                        "OTEL_EXPORTER_OTLP_TIMEOUT", "x")))
        .withMessageContaining("OTEL_EXPORTER_OTLP_PROTOCOL")
        .withMessageContaining("OTEL_EXPORTER_OTLP_TIMEOUT");
  }
}
