package io.inframetrics.aws;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Endpoints in place of AWS's own, by the variables that every AWS SDK knows.
 *
 * <p>Source: <a
 * href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html">service-specific
 * endpoints</a>.
 */
final class Endpoints {

  private final Map<String, String> environment;

  Endpoints(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * The endpoint of a service, such as {@code s3}.
   *
   * @throws IllegalArgumentException if it is no URL of a server
   */
  Optional<URI> of(String service) {
    if (value("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").equalsIgnoreCase("true")) {
      return Optional.empty();
    }
    String ofService = "AWS_ENDPOINT_URL_" + service.toUpperCase(Locale.ROOT).replace(' ', '_');
    String variable = value(ofService).isEmpty() ? "AWS_ENDPOINT_URL" : ofService;
    return value(variable).isEmpty()
        ? Optional.empty()
        : Optional.of(parse(variable, value(variable)));
  }

  private String value(String variable) {
    return environment.getOrDefault(variable, "").strip();
  }

  private static URI parse(String variable, String value) {
    try {
      URI uri = new URI(value);
      boolean http = "http".equalsIgnoreCase(uri.getScheme());
      if (uri.getHost() != null && (http || "https".equalsIgnoreCase(uri.getScheme()))) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Told below.
    }
    throw new IllegalArgumentException(
        "%s is \"%s\": use the URL of a server, such as http://localhost:4566"
            .formatted(variable, value));
  }
}
