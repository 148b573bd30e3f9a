package io.inframetrics.cli.publish;

import io.inframetrics.cli.input.UsageException;
import io.inframetrics.sink.Stores;
import io.inframetrics.sink.otlp.OtlpSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where data points go. */
public final class PublishOptions {

  private static final String VARIABLE = "INFRAMETRICS_PUBLISH";

  @Option(
      names = "--publish",
      paramLabel = "classic|otlp",
      description = {
        "classic: data points as files in the data folder, or with --store aws as metrics of"
            + " CloudWatch's PutMetricData; the default, if "
            + VARIABLE
            + " does not say otherwise",
        "otlp: every series by OpenTelemetry's protocol, to --otlp-endpoint, or with --store aws to"
            + " CloudWatch"
      })
  private @Nullable Path path;

  @Option(
      names = "--otlp-endpoint",
      paramLabel = "URL",
      description =
          "with --publish otlp: the server, such as http://localhost:4318, or the whole address;"
              + " without it OTEL_EXPORTER_OTLP_ENDPOINT. Headers, protocol, compression, timeout"
              + " and resource are those of the other variables of OpenTelemetry")
  private @Nullable String endpoint;

  /** How data points travel. */
  enum Path {
    classic,
    otlp
  }

  /** Whether one of the options is given. */
  public boolean isGiven() {
    return path != null || endpoint != null;
  }

  /**
   * The variables of the command, with what the options say of them.
   *
   * @param aws whether everything is stored on AWS
   * @throws UsageException if the options contradict each other
   */
  public Map<String, String> variables(Map<String, String> environment, boolean aws) {
    if (endpoint != null && path != Path.otlp) {
      throw new UsageException("--otlp-endpoint is only for --publish otlp: add it");
    }
    if (!aws || path == null) {
      return environment;
    }
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(VARIABLE, path.name());
    return changed;
  }

  /**
   * Stores whose data points go to an endpoint of the user's; empty if they go where {@code stores}
   * sends them.
   *
   * @throws IllegalArgumentException with every wrong variable of OpenTelemetry at once
   */
  public Optional<OtlpStores> over(
      Stores stores, Map<String, String> environment, boolean aws, Clock clock) {
    if (path != Path.otlp || (aws && endpoint == null)) {
      return Optional.empty();
    }
    Map<String, String> changed = new HashMap<>(environment);
    if (endpoint != null) {
      changed.put("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", whole(endpoint));
    }
    return Optional.of(new OtlpStores(stores, OtlpSettings.fromEnvironment(changed), clock));
  }

  /** The address of metrics, of a server or as it is. */
  private static String whole(String text) {
    try {
      URI uri = new URI(text);
      if (uri.getHost() != null) {
        boolean server = uri.getPath().isEmpty() || uri.getPath().equals("/");
        return server ? text + (text.endsWith("/") ? "" : "/") + "v1/metrics" : text;
      }
    } catch (URISyntaxException e) {
      // Reported below.
    }
    throw new UsageException(
        "--otlp-endpoint is '%s': use an address such as http://localhost:4318".formatted(text));
  }
}
