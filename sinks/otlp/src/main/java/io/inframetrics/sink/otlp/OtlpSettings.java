package io.inframetrics.sink.otlp;

import io.inframetrics.aws.AwsClients;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where metrics are sent, and as what.
 *
 * @param endpoint the whole address, such as {@code http://localhost:4318/v1/metrics}
 * @param headers sent with each request, such as an {@code Authorization}
 * @param json whether requests are JSON; otherwise protobuf, which costs less
 * @param gzip whether requests are compressed: less traffic for more CPU time
 * @param resource attributes of every data point, since CloudWatch bills them with each: at most
 *     {@value #MAX_RESOURCE_ATTRIBUTES}
 * @param timeout of one request
 */
public record OtlpSettings(
    URI endpoint,
    Map<String, String> headers,
    boolean json,
    boolean gzip,
    MetricNaming naming,
    SortedMap<String, String> resource,
    Duration timeout) {

  /** The service name that is sent if no other is set. */
  public static final String DEFAULT_SERVICE_NAME = "inframetrics";

  /** A data point needs 31 of its 150 labels: its instance, its region and 29 dimensions. */
  public static final int MAX_RESOURCE_ATTRIBUTES = Limits.MAX_LABELS - 31;

  /** What is left for the resource of the bytes of all labels; a point's own are a few thousand. */
  private static final int MAX_RESOURCE_BYTES = Limits.MAX_LABEL_BYTES - 8_000;

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);
  private static final String SERVICE_NAME = "service.name";
  private static final String PATH = "v1/metrics";

  /** Set by the sender or by the signature. */
  private static final Set<String> OWN_HEADERS =
      Set.of("content-length", "content-type", "content-encoding", "host", "transfer-encoding");

  public OtlpSettings {
    if (endpoint.getHost() == null
        || !("http".equalsIgnoreCase(endpoint.getScheme())
            || "https".equalsIgnoreCase(endpoint.getScheme()))) {
      throw new IllegalArgumentException(
          "OTLP endpoint '%s' is not valid: use a whole address, such as http://localhost:4318/v1/metrics"
              .formatted(endpoint));
    }
    headers = Collections.unmodifiableMap(new TreeMap<>(headers));
    headers.forEach(OtlpSettings::checkHeader);
    resource = Collections.unmodifiableSortedMap(new TreeMap<>(resource));
    checkResource(resource);
    if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      throw new IllegalArgumentException(
          "the timeout of an OTLP request is %s: use 1 ms to an hour".formatted(timeout));
    }
  }

  private static void checkHeader(String name, String value) {
    boolean valid =
        !name.isEmpty()
            && name.chars().allMatch(c -> c > ' ' && c <= '~' && c != ':')
            && value.chars().allMatch(c -> c >= ' ' && c <= '~');
    // The value may be a password.
    if (!valid) {
      throw new IllegalArgumentException(
          "OTLP header '%s' is not valid: use printable ASCII characters".formatted(name));
    }
    if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "OTLP header '%s' is set by the sink itself: leave it out".formatted(name));
    }
  }

  private static void checkResource(Map<String, String> resource) {
    if (resource.size() > MAX_RESOURCE_ATTRIBUTES) {
      throw new IllegalArgumentException(
          "there are %d resource attributes: use at most %d"
              .formatted(resource.size(), MAX_RESOURCE_ATTRIBUTES));
    }
    int bytes = 0;
    for (Map.Entry<String, String> attribute : resource.entrySet()) {
      String name = attribute.getKey();
      String value = attribute.getValue();
      if (name.isBlank()
          || name.length() > Limits.MAX_NAME_LENGTH
          || value.length() > Limits.MAX_VALUE_LENGTH) {
        throw new IllegalArgumentException(
            "resource attribute '%s' is not valid: use a name of 1 to %d characters and a value of at most %d"
                .formatted(name, Limits.MAX_NAME_LENGTH, Limits.MAX_VALUE_LENGTH));
      }
      bytes += Bytes.utf8(name).length + Bytes.utf8(value).length;
    }
    if (bytes > MAX_RESOURCE_BYTES) {
      throw new IllegalArgumentException(
          "the resource attributes have %,d bytes: use at most %,d"
              .formatted(bytes, MAX_RESOURCE_BYTES));
    }
  }

  /**
   * Returns the default settings for an endpoint: protobuf without compression, names by the
   * semantic conventions, and the resource's {@code service.name} {@value #DEFAULT_SERVICE_NAME}.
   *
   * @param endpoint the whole address
   */
  public static OtlpSettings to(URI endpoint) {
    return new OtlpSettings(
        endpoint,
        Map.of(),
        false,
        false,
        MetricNaming.SEMANTIC,
        new TreeMap<>(Map.of(SERVICE_NAME, DEFAULT_SERVICE_NAME)),
        DEFAULT_TIMEOUT);
  }

  /**
   * Returns the default settings for CloudWatch's endpoint in the region of {@code clients}, or for
   * {@code AWS_ENDPOINT_URL_CLOUDWATCH} or {@code AWS_ENDPOINT_URL}, if they are set.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-OTLPEndpoint.html">CloudWatch
   *     OTLP endpoints</a>
   */
  public static OtlpSettings toCloudWatch(AwsClients clients) {
    URI server =
        clients
            .endpoint("cloudwatch")
            .orElseGet(
                () ->
                    URI.create(
                        "https://monitoring.%s.%s"
                            .formatted(clients.region().id(), clients.partition().dnsSuffix())));
    return to(URI.create(withPath(server.toString())));
  }

  /**
   * Returns settings as OpenTelemetry's variables say: {@code OTEL_EXPORTER_OTLP_ENDPOINT}, {@code
   * _HEADERS}, {@code _PROTOCOL} ({@code http/protobuf} or {@code http/json}), {@code _COMPRESSION}
   * ({@code gzip} or {@code none}) and {@code _TIMEOUT} (milliseconds), each overridden by {@code
   * OTEL_EXPORTER_OTLP_METRICS_...}; {@code OTEL_RESOURCE_ATTRIBUTES} and {@code
   * OTEL_SERVICE_NAME}. The endpoint is {@code http://localhost:4318/v1/metrics} by default.
   *
   * @throws IllegalArgumentException with every wrong variable at once, and with those for
   *     certificates, which this sink cannot use: it trusts what the JVM trusts
   * @see <a href="https://opentelemetry.io/docs/specs/otel/protocol/exporter/">OpenTelemetry's
   *     variables</a>
   */
  public static OtlpSettings fromEnvironment(Map<String, String> environment) {
    return new OtlpVariables(environment).settings();
  }

  /** The address of a server, with the path of metrics. */
  static String withPath(String server) {
    return server + (server.endsWith("/") ? "" : "/") + PATH;
  }

  static URI endpoint(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "OTLP endpoint '%s' is not an address: use one such as http://localhost:4318/v1/metrics"
              .formatted(text),
          e);
    }
  }

  public OtlpSettings withEndpoint(URI other) {
    return new OtlpSettings(other, headers, json, gzip, naming, resource, timeout);
  }

  public OtlpSettings withHeaders(Map<String, String> others) {
    return new OtlpSettings(endpoint, others, json, gzip, naming, resource, timeout);
  }

  public OtlpSettings withJson(boolean asJson) {
    return new OtlpSettings(endpoint, headers, asJson, gzip, naming, resource, timeout);
  }

  public OtlpSettings withGzip(boolean compressed) {
    return new OtlpSettings(endpoint, headers, json, compressed, naming, resource, timeout);
  }

  public OtlpSettings withNaming(MetricNaming other) {
    return new OtlpSettings(endpoint, headers, json, gzip, other, resource, timeout);
  }

  /** Replaces all attributes of the resource, {@code service.name} too. */
  public OtlpSettings withResource(Map<String, String> attributes) {
    return new OtlpSettings(
        endpoint, headers, json, gzip, naming, new TreeMap<>(attributes), timeout);
  }

  public OtlpSettings withTimeout(Duration ofARequest) {
    return new OtlpSettings(endpoint, headers, json, gzip, naming, resource, ofARequest);
  }

  /** Without the headers' values, which may be passwords. */
  @Override
  public String toString() {
    return "OtlpSettings[endpoint=%s, headers=%s, json=%s, gzip=%s, naming=%s, resource=%s, timeout=%s]"
        .formatted(endpoint, headers.keySet(), json, gzip, naming, resource, timeout);
  }
}
