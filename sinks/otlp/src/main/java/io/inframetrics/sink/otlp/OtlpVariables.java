package io.inframetrics.sink.otlp;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Reads OpenTelemetry's variables and collects every mistake. Used once. */
final class OtlpVariables {

  private static final String PREFIX = "OTEL_EXPORTER_OTLP_";
  private static final String METRICS = PREFIX + "METRICS_";
  private static final String DEFAULT_SERVER = "http://localhost:4318";
  private static final List<String> CERTIFICATES =
      List.of("CERTIFICATE", "CLIENT_KEY", "CLIENT_CERTIFICATE");

  private final Map<String, String> environment;
  private final List<String> mistakes = new ArrayList<>();

  OtlpVariables(Map<String, String> environment) {
    this.environment = environment;
  }

  OtlpSettings settings() {
    OtlpSettings settings = OtlpSettings.to(OtlpSettings.endpoint(endpointOf("")));
    String server = value(PREFIX + "ENDPOINT");
    String whole = value(METRICS + "ENDPOINT");
    settings =
        changed(
            settings,
            whole.isEmpty() ? PREFIX + "ENDPOINT" : METRICS + "ENDPOINT",
            s ->
                s.withEndpoint(
                    OtlpSettings.endpoint(whole.isEmpty() ? endpointOf(server) : whole)));
    String headers = name("HEADERS");
    settings =
        changed(settings, headers, s -> s.withHeaders(pairs(value(headers), "api-key=VALUE")));
    String protocol = name("PROTOCOL");
    settings =
        changed(
            settings,
            protocol,
            s -> s.withJson(isSecond(value(protocol), "http/protobuf", "http/json")));
    String compression = name("COMPRESSION");
    settings =
        changed(
            settings, compression, s -> s.withGzip(isSecond(value(compression), "none", "gzip")));
    String timeout = name("TIMEOUT");
    settings = changed(settings, timeout, s -> s.withTimeout(timeout(value(timeout), s.timeout())));
    settings =
        changed(
            settings,
            "OTEL_RESOURCE_ATTRIBUTES",
            s -> {
              Map<String, String> all = new TreeMap<>(s.resource());
              all.putAll(pairs(value("OTEL_RESOURCE_ATTRIBUTES"), "deployment.environment=blue"));
              return s.withResource(all);
            });
    String service = value("OTEL_SERVICE_NAME");
    if (!service.isEmpty()) {
      settings =
          changed(
              settings,
              "OTEL_SERVICE_NAME",
              s -> {
                Map<String, String> all = new TreeMap<>(s.resource());
                all.put("service.name", service);
                return s.withResource(all);
              });
    }
    for (String unusable : CERTIFICATES) {
      String variable = name(unusable);
      if (!value(variable).isEmpty()) {
        mistakes.add(
            "%s is set: this sink trusts the certificates that the JVM trusts, and has none of its own; import it into the JVM's trust store and leave the variable out"
                .formatted(variable));
      }
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", mistakes));
    }
    return settings;
  }

  private OtlpSettings changed(
      OtlpSettings settings, String variable, UnaryOperator<OtlpSettings> change) {
    try {
      return change.apply(settings);
    } catch (IllegalArgumentException e) {
      mistakes.add("%s: %s".formatted(variable, e.getMessage()));
      return settings;
    }
  }

  private String value(String variable) {
    return environment.getOrDefault(variable, "").strip();
  }

  /** The variable for metrics, if it is set, otherwise that for every signal. */
  private String name(String suffix) {
    return value(METRICS + suffix).isEmpty() ? PREFIX + suffix : METRICS + suffix;
  }

  private static String endpointOf(String server) {
    return OtlpSettings.withPath(server.isEmpty() ? DEFAULT_SERVER : server);
  }

  private static boolean isSecond(String value, String first, String second) {
    if (value.isEmpty() || value.equals(first)) {
      return false;
    }
    if (value.equals(second)) {
      return true;
    }
    throw new IllegalArgumentException(
        "'%s' is not supported: use %s or %s".formatted(value, first, second));
  }

  private static Duration timeout(String value, Duration standard) {
    try {
      return value.isEmpty() ? standard : Duration.ofMillis(Long.parseLong(value));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'%s' is not a number: use milliseconds, such as 10000".formatted(value), e);
    }
  }

  /** A list such as {@code name=value,name=value}, whose values are percent-encoded. */
  private static Map<String, String> pairs(String list, String example) {
    Map<String, String> pairs = new TreeMap<>();
    int number = 0;
    for (String pair : list.split(",", -1)) {
      if (pair.isBlank()) {
        continue;
      }
      number++;
      int equals = pair.indexOf('=');
      String name = equals < 0 ? "" : pair.substring(0, equals).strip();
      if (name.isEmpty()) {
        // What stands there may be a password.
        throw new IllegalArgumentException(
            "entry %d has no name: use a list such as %s".formatted(number, example));
      }
      pairs.put(name, decoded(pair.substring(equals + 1).strip()));
    }
    return pairs;
  }

  private static String decoded(String value) {
    // In forms a plus is a space; here it is a plus.
    return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
