package io.inframetrics.testkit.aws;

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
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Serves CloudWatch's PutMetricData and SNS's Publish on a loopback port. Accepts requests of the
 * real SDK, rejects those beyond the documented limits with the service's error, and records the
 * others. Signatures are not checked. Thread-safe.
 */
public final class RecordingServer implements AutoCloseable {

  private static final String PUT_METRIC_DATA =
      "/service/GraniteServiceVersion20100801/operation/PutMetricData";

  private final LoopbackServer server;
  private final Clock clock;
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
        "AWS_REGION", "eu-west-1",
        "AWS_ACCESS_KEY_ID", "test",
        "AWS_SECRET_ACCESS_KEY", "test");
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
    boolean cloudWatch = request.path().equals(PUT_METRIC_DATA);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", cloudWatch ? "application/cbor" : "text/xml");
    if (cloudWatch) {
      headers.put("smithy-protocol", "rpc-v2-cbor");
    }
    try {
      plannedFault(request.body().length);
      byte[] body = cloudWatch ? takeMetrics(request) : takeMessage(request.body());
      return HttpMessage.answer(200, headers, body);
    } catch (RefusedException e) {
      ServiceFault fault = e.fault();
      if (cloudWatch) {
        headers.put("x-amzn-query-error", fault.code() + ";" + fault.side());
      }
      return HttpMessage.answer(
          fault.status(),
          headers,
          cloudWatch ? CloudWatchCodec.fault(fault) : SnsCodec.fault(fault));
    }
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
