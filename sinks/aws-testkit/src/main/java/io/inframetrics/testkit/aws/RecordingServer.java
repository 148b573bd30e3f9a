package io.inframetrics.testkit.aws;

import io.inframetrics.testkit.aws.cloudwatch.MetricReading;
import io.inframetrics.testkit.aws.cloudwatch.MetricsError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Serves CloudWatch, SNS's Publish, STS's AssumeRole and the tagging API's GetResources on a
 * loopback port. Accepts requests of the real SDK, rejects those beyond the documented limits with
 * the service's error, and records the others. Signatures are not checked, but the key and the
 * region of a signature say whose metrics are read. Thread-safe.
 */
public final class RecordingServer implements AutoCloseable {

  private static final String CLOUD_WATCH = "/service/GraniteServiceVersion20100801/operation/";
  private static final String PUT_METRIC_DATA = "PutMetricData";

  /** Keys of an assumed role begin so; the account follows. */
  private static final String TEMPORARY_KEY = "ASIA";

  private static final Pattern CREDENTIAL =
      Pattern.compile(".*Credential=([^/]*)/[^/]*/([^/]*)/.*");

  private static final AtomicInteger REQUESTS = new AtomicInteger();

  private final LoopbackServer server;
  private final Clock clock;
  private final MetricReading reading = new MetricReading();
  private final TagsAndRoles tagsAndRoles = new TagsAndRoles();
  private final List<PutMetricData> putMetricData = new ArrayList<>();
  private final List<Published> published = new ArrayList<>();
  private final List<ServiceFault> refused = new ArrayList<>();
  private final Deque<ServiceFault> faults = new ArrayDeque<>();
  private int calls;
  private long wireBytes;

  private RecordingServer(Clock clock) {
    this.clock = clock;
    this.server = LoopbackServer.startHttp("recording-server", this::answer);
  }

  /** Starts a server on a free port; timestamps must be valid by {@code clock}. */
  public static RecordingServer start(Clock clock) {
    return new RecordingServer(clock);
  }

  public URI endpoint() {
    return server.uri();
  }

  /** Environment variables that send a client here: both endpoints, region, credentials. */
  public Map<String, String> environment() {
    return Map.of(
        "AWS_ENDPOINT_URL_CLOUDWATCH", endpoint().toString(),
        "AWS_ENDPOINT_URL_SNS", endpoint().toString(),
        "AWS_ENDPOINT_URL_STS", endpoint().toString(),
        "AWS_ENDPOINT_URL_RESOURCE_GROUPS_TAGGING_API", endpoint().toString(),
        "AWS_REGION", "eu-west-1",
        "AWS_ACCESS_KEY_ID", "test",
        "AWS_SECRET_ACCESS_KEY", "test");
  }

  /** What CloudWatch has, for ListMetrics and GetMetricData. */
  public MetricReading reading() {
    return reading;
  }

  /** Sets the tags of a resource, for the resource groups tagging API, in every account. */
  public void tag(String arn, Map<String, String> tags) {
    tagsAndRoles.tag(arn, tags);
  }

  /** Answers requests for a role with AccessDenied. */
  public void denyRole(String roleArn) {
    tagsAndRoles.deny(roleArn);
  }

  /** Answers the next {@code count} requests, of either service, with {@code fault}. */
  public synchronized void failNext(int count, ServiceFault fault) {
    for (int i = 0; i < count; i++) {
      faults.add(fault);
    }
  }

  public synchronized List<PutMetricData> putMetricData() {
    return List.copyOf(putMetricData);
  }

  public synchronized List<Published> published() {
    return List.copyOf(published);
  }

  /** The errors for requests beyond a limit, without those that {@link #failNext} planned. */
  public synchronized List<ServiceFault> refused() {
    return List.copyOf(refused);
  }

  /** The number of requests so far, whatever the response. */
  public synchronized int calls() {
    return calls;
  }

  /** Bytes of all bodies so far, as sent. */
  public synchronized long wireBytes() {
    return wireBytes;
  }

  @Override
  public void close() {
    server.close();
  }

  private HttpMessage answer(HttpMessage request) throws IOException {
    boolean cloudWatch = request.path().startsWith(CLOUD_WATCH);
    Map<String, String> headers = new LinkedHashMap<>();
    String target = request.header("X-Amz-Target");
    headers.put(
        "Content-Type",
        cloudWatch
            ? "application/cbor"
            : target == null ? "text/xml" : "application/x-amz-json-1.1");
    headers.put("x-amzn-RequestId", "request-" + REQUESTS.incrementAndGet());
    if (cloudWatch) {
      headers.put("smithy-protocol", "rpc-v2-cbor");
    }
    try {
      plannedFault(request.body().length);
      byte[] body;
      if (cloudWatch) {
        String operation = request.path().substring(CLOUD_WATCH.length());
        body =
            operation.equals(PUT_METRIC_DATA)
                ? takeMetrics(request)
                : readMetrics(operation, request);
      } else if (target != null) {
        body = tagsAndRoles.resources(request.body());
      } else if (TagsAndRoles.isOfRoles(request.body())) {
        body = tagsAndRoles.role(request.body(), account(request));
      } else if (SnsCodec.isAttributes(request.body())) {
        body = SnsCodec.ATTRIBUTES;
      } else {
        body = takeMessage(request.body());
      }
      return HttpMessage.answer(200, headers, body);
    } catch (RefusedException e) {
      ServiceFault fault = e.fault();
      if (cloudWatch) {
        headers.put("x-amzn-query-error", fault.code() + ";" + fault.side());
      }
      return HttpMessage.answer(
          fault.status(),
          headers,
          cloudWatch
              ? CloudWatchCodec.fault(fault)
              : target == null ? SnsCodec.fault(fault) : TagsAndRoles.fault(fault));
    }
  }

  private byte[] readMetrics(String operation, HttpMessage message) throws IOException {
    byte[] wire = message.body();
    byte[] body = "gzip".equals(message.header("Content-Encoding")) ? unzip(wire) : wire;
    try {
      return CloudWatchCodec.answer(
          reading.answer(
              operation, CloudWatchCodec.members(body), account(message), signed(message, 2)));
    } catch (MetricsError e) {
      ServiceFault fault = new ServiceFault(e.status(), e.code(), String.valueOf(e.getMessage()));
      throw new RefusedException(fault);
    }
  }

  private static String account(HttpMessage message) {
    String key = signed(message, 1);
    return key.startsWith(TEMPORARY_KEY)
        ? key.substring(TEMPORARY_KEY.length())
        : MetricReading.ACCOUNT;
  }

  /** A part of the credential that the request is signed with: 1 the key, 2 the region. */
  private static String signed(HttpMessage message, int part) {
    Matcher matcher = CREDENTIAL.matcher(String.valueOf(message.header("Authorization")));
    return matcher.matches() ? matcher.group(part) : "";
  }

  private synchronized void plannedFault(int bytes) {
    calls++;
    wireBytes += bytes;
    @Nullable ServiceFault planned = faults.poll();
    if (planned != null) {
      throw new RefusedException(planned);
    }
  }

  private byte[] takeMetrics(HttpMessage message) throws IOException {
    byte[] wire = message.body();
    boolean gzip = "gzip".equals(message.header("Content-Encoding"));
    byte[] body = gzip ? unzip(wire) : wire;
    checked(
        () -> {
          PutMetricData request = CloudWatchCodec.request(body, wire.length);
          CloudWatchLimits.check(request, clock.instant());
          putMetricData.add(request);
        });
    return CloudWatchCodec.EMPTY;
  }

  private byte[] takeMessage(byte[] wire) {
    checked(
        () -> {
          Published message = SnsCodec.request(SnsCodec.form(wire));
          SnsLimits.check(message);
          published.add(message);
        });
    return SnsCodec.published("message-" + calls());
  }

  private synchronized void checked(Runnable taking) {
    try {
      taking.run();
    } catch (RefusedException e) {
      refused.add(e.fault());
      throw e;
    }
  }

  private static byte[] unzip(byte[] wire) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(wire))) {
      return in.readAllBytes();
    }
  }
}
