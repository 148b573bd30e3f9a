package io.inframetrics.aws;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Builds AWS clients that share one HTTP client, credentials and region. The SDK's retries are off,
 * since {@link AwsCalls} retries; no profile file is read. Close it once to close every client that
 * it built. Thread-safe.
 */
public final class AwsClients implements AutoCloseable {

  /**
   * Limit for making a connection. Within a region it takes milliseconds; a lost SYN is sent again
   * after a second, so two seconds survive one loss. The time limit of an attempt does not apply
   * while the connection is being made: this one does.
   */
  public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** Limit for silence of the service, which answers the slowest calls in a second or two. */
  public static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

  /** What {@link #close} closes, newest first. */
  private final Deque<SdkAutoCloseable> owned = new ConcurrentLinkedDeque<>();

  private final SdkHttpClient http;
  private final AwsCredentialsProvider credentials;
  private final Region region;
  private final Map<String, String> environment;

  private AwsClients(Builder builder) {
    this.region = builder.region == null ? region(builder.environment) : builder.region;
    this.environment = builder.environment;
    this.credentials =
        builder.credentials == null
            ? owned(new EnvironmentCredentials(builder.environment))
            : builder.credentials;
    this.http = builder.http == null ? owned(new EndingHttpClient(urlConnection())) : builder.http;
  }

  private <T> T owned(T made) {
    if (made instanceof SdkAutoCloseable closeable) {
      owned.push(closeable);
    }
    return made;
  }

  /**
   * Returns clients as the environment configures them; a function on Lambda needs no more.
   *
   * @param environment
   *     <ul>
   *       <li>{@code AWS_REGION} or {@code AWS_DEFAULT_REGION}
   *       <li>{@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY} and, for temporary ones,
   *           {@code AWS_SESSION_TOKEN}; or {@code AWS_CONTAINER_CREDENTIALS_FULL_URI} or {@code
   *           AWS_CONTAINER_CREDENTIALS_RELATIVE_URI} (SnapStart, ECS, EKS), which the SDK then
   *           reads, with its token, from the environment of the process itself
   *       <li>{@code AWS_ENDPOINT_URL_<SERVICE>}, which overrides {@code AWS_ENDPOINT_URL}; both
   *           are ignored if {@code AWS_IGNORE_CONFIGURED_ENDPOINT_URLS} is true
   *     </ul>
   *
   * @throws IllegalArgumentException if there is no region
   */
  public static AwsClients fromEnvironment(Map<String, String> environment) {
    return builder(environment).build();
  }

  /** Returns a builder whose settings override the environment. */
  public static Builder builder(Map<String, String> environment) {
    return new Builder(environment);
  }

  /**
   * Reads the certificates that the platform trusts, once in a process. Otherwise the first TLS
   * connection does so; a function that starts from a snapshot does so before it is taken.
   */
  public static void loadCertificates() {
    PlatformTrust.load();
  }

  public static final class Builder {

    private final Map<String, String> environment;
    private @Nullable Region region;
    private @Nullable AwsCredentialsProvider credentials;
    private @Nullable SdkHttpClient http;

    private Builder(Map<String, String> environment) {
      this.environment = Map.copyOf(environment);
    }

    /** Overrides the region of the environment. */
    public Builder region(Region itsRegion) {
      region = itsRegion;
      return this;
    }

    /**
     * Overrides the credentials of the environment, such as by the SDK's {@code
     * DefaultCredentialsProvider}, which knows profiles and single sign-on. The caller closes it.
     */
    public Builder credentials(AwsCredentialsProvider provider) {
      credentials = provider;
      return this;
    }

    /** Replaces the HTTP client over {@code HttpURLConnection}. The caller closes it. */
    public Builder httpClient(SdkHttpClient client) {
      http = client;
      return this;
    }

    /**
     * Builds the clients.
     *
     * @throws IllegalArgumentException if there is no region
     */
    public AwsClients build() {
      return new AwsClients(this);
    }
  }

  /**
   * Builds a client.
   *
   * @param service as in {@code AWS_ENDPOINT_URL_<SERVICE>}, such as {@code s3}
   * @throws IllegalArgumentException if the service's endpoint is not the URL of a server
   */
  public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(
      String service, B builder) {
    return build(service, builder, new ExecutionInterceptor[0]);
  }

  /**
   * Builds a client whose answers {@code readers} see as the service sent them.
   *
   * @hidden
   */
  public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(
      String service, B builder, ExecutionInterceptor... readers) {
    Optional<ConfiguredEndpoint> endpoint = configured(service);
    endpoint.map(ConfiguredEndpoint::uri).ifPresent(builder::endpointOverride);
    OwnAnswerCheck check = new OwnAnswerCheck(service, endpoint.isPresent());
    return owned(
        builder
            .region(region)
            .credentialsProvider(credentials)
            .httpClient(http)
            .overrideConfiguration(
                config -> {
                  endpoint.ifPresent(config::addExecutionInterceptor);
                  configure(config, check, readers);
                })
            .build());
  }

  /**
   * Makes signed calls to a service without the SDK's client of it.
   *
   * @param service as in {@code AWS_ENDPOINT_URL_<SERVICE>}
   * @param signingName the service's name in signatures and in its host name
   */
  public JsonCalls json(String service, String signingName) {
    Optional<URI> standIn = endpoint(service);
    URI endpoint =
        standIn.orElseGet(
            () ->
                URI.create(
                    "https://%s.%s.%s"
                        .formatted(signingName, region.id(), partition().dnsSuffix())));
    OwnAnswerCheck check = new OwnAnswerCheck(signingName, standIn.isPresent());
    return new JsonCalls(signingName, endpoint, region.id(), http, credentials, check);
  }

  /**
   * Sends signed requests of any content to a service, without the HTTP client of these clients.
   *
   * @param signingName the service's name in signatures
   * @hidden
   */
  public HttpPosts posts(String signingName) {
    return HttpPosts.signed(signingName, region.id(), credentials);
  }

  private static void configure(
      ClientOverrideConfiguration.Builder config,
      OwnAnswerCheck check,
      ExecutionInterceptor... readers) {
    for (ExecutionInterceptor reader : readers) { // The first is the last to see an answer.
      config.addExecutionInterceptor(reader);
    }
    config
        .retryStrategy(AwsRetryStrategy.doNotRetry())
        .addExecutionInterceptor(AttemptTrace.RECORDER)
        .addExecutionInterceptor(check)
        .addExecutionInterceptor(new TruncationCheck())
        .defaultProfileFile(ProfileFile.aggregator().build());
  }

  /**
   * Whether the environment names an endpoint for a service. S3 then needs path style, since the
   * bucket cannot be part of the host name.
   *
   * @param service such as {@code s3}
   */
  public boolean hasEndpoint(String service) {
    return endpoint(service).isPresent();
  }

  /**
   * The endpoint that the environment names for a service, if any.
   *
   * @throws IllegalArgumentException if it is not the URL of a server
   * @see <a
   *     href="https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html">service-specific
   *     endpoints</a>
   */
  public Optional<URI> endpoint(String service) {
    return configured(service).map(ConfiguredEndpoint::uri);
  }

  private Optional<ConfiguredEndpoint> configured(String service) {
    if (variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS").equalsIgnoreCase("true")) {
      return Optional.empty();
    }
    String ofService = "AWS_ENDPOINT_URL_" + service.toUpperCase(Locale.ROOT).replace(' ', '_');
    String name = variable(ofService).isEmpty() ? "AWS_ENDPOINT_URL" : ofService;
    return Optional.of(variable(name))
        .filter(url -> !url.isEmpty())
        .map(url -> new ConfiguredEndpoint(name, parse(name, url)));
  }

  private String variable(String name) {
    return environment.getOrDefault(name, "").strip();
  }

  private static URI parse(String variable, String value) {
    try {
      URI uri = new URI(value);
      boolean http = "http".equalsIgnoreCase(uri.getScheme());
      if (uri.getHost() != null && (http || "https".equalsIgnoreCase(uri.getScheme()))) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Reported below.
    }
    throw new IllegalArgumentException(
        "%s is \"%s\": use the URL of a server, such as http://localhost:4566"
            .formatted(variable, value));
  }

  public Region region() {
    return region;
  }

  /**
   * The partition of the region, such as {@code aws-cn}; by its name, if the SDK is older than the
   * region.
   *
   * @hidden
   */
  public PartitionMetadata partition() {
    return PartitionMetadata.of(region);
  }

  /**
   * The credentials that requests are signed with.
   *
   * @throws software.amazon.awssdk.core.exception.SdkException if there are none
   * @hidden
   */
  public AwsCredentials credentials() {
    return credentials.resolveCredentials();
  }

  @Override
  public void close() {
    for (SdkAutoCloseable next = owned.poll(); next != null; next = owned.poll()) {
      next.close();
    }
  }

  private static Region region(Map<String, String> environment) {
    String region = environment.getOrDefault("AWS_REGION", "");
    if (region.isBlank()) {
      region = environment.getOrDefault("AWS_DEFAULT_REGION", "");
    }
    if (region.isBlank()) {
      throw new IllegalArgumentException(
          "the environment names no AWS region: set AWS_REGION, for instance to eu-west-1");
    }
    return Region.of(region.strip());
  }

  private static SdkHttpClient urlConnection() {
    return UrlConnectionHttpClient.builder()
        .connectionTimeout(CONNECT_TIMEOUT)
        .socketTimeout(READ_TIMEOUT)
        .tlsTrustManagersProvider(() -> new TrustManager[] {new PlatformTrust()})
        .build();
  }
}
