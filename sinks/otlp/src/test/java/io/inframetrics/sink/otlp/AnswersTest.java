package io.inframetrics.sink.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.sink.otlp.StandIn.Reply;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.time.Deadline;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each answer means for the points of its request. */
class AnswersTest {

  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";
  private static final List<Metric> FIVE = SampleMetrics.fleet(MetricType.CPU_UTILIZATION, 5, 1);

  static Stream<Arguments> successes() {
    return Stream.of(
        Arguments.of("protobuf, empty", StandIn.EMPTY),
        Arguments.of("nothing to say", StandIn.reply(200, "", "")),
        Arguments.of("JSON, empty", StandIn.reply(200, JSON, "{}")),
        Arguments.of("a charset", StandIn.reply(200, "Application/JSON; charset=utf-8", "{}")),
        Arguments.of("JSON, zero", StandIn.reply(200, JSON, "{\"partialSuccess\":{}}")),
        Arguments.of(
            "JSON, unknown fields",
            StandIn.reply(200, JSON, "{\"x\":[{\"partialSuccess\":{\"rejectedDataPoints\":2}}]}")),
        Arguments.of("a warning", partial(0, "deprecated")),
        Arguments.of(
            "JSON, a warning",
            StandIn.reply(
                200,
                JSON,
                "{\"partialSuccess\":{\"rejectedDataPoints\":null,\"errorMessage\":\"old\"}}")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("successes")
  void isASuccess(String name, Reply reply) {
    assertThat(publish(reply)).isEqualTo(WriteResult.written(5));
  }

  static Stream<Arguments> partialSuccesses() {
    return Stream.of(
        Arguments.of(partial(2, "too old")),
        Arguments.of(
            StandIn.reply(
                200,
                JSON,
                "{\"partialSuccess\":{\"rejectedDataPoints\":\"2\",\"errorMessage\":\"too old\"}}")),
        Arguments.of(
            StandIn.reply(
                200,
                JSON,
                "{\"partial_success\":{\"rejected_data_points\":2,\"error_message\":\"too old\"}}")));
  }

  @ParameterizedTest
  @MethodSource("partialSuccesses")
  void reportsTheRejectedPointsOfAPartialSuccess(Reply reply) {
    try (StandIn standIn = new StandIn(reply)) {
      WriteResult result = standIn.publish(standIn.settings(), FIVE);

      assertThat(result.written()).isEqualTo(3);
      assertThat(result.retryable()).isEmpty();
      assertThat(result.rejected())
          .containsExactly(
              new WriteResult.Failed(
                  "points",
                  "2 of 5 data points of a request were rejected by 127.0.0.1, which does not say which: too old"));
      assertThat(standIn.received).as("never sent again").hasSize(1);
    }
  }

  @Test
  void believesNoMoreRejectionsThanThereArePoints() {
    assertThat(publish(partial(7, "")).written()).isZero();
    assertThat(publish(partial(-7, "")).written()).isEqualTo(5);
  }

  static Stream<Arguments> failures() {
    String page = "<html>Log in</html>";
    return Stream.of(
        // What is final, and why.
        Arguments.of(StandIn.reply(400, PROTOBUF, status("bad point")), false, "400: bad point"),
        Arguments.of(
            StandIn.reply(400, JSON, "{\"message\":\"bad\\npoint\"}"), false, "400: bad point"),
        Arguments.of(StandIn.reply(400, JSON, "{\"code\":3}"), false, "400: {\"code\":3}"),
        Arguments.of(StandIn.reply(401, "", ""), false, "answered 401"),
        Arguments.of(
            new Reply(401, Map.of("WWW-Authenticate", "Basic realm=x"), new byte[0]),
            false,
            "answered 401"),
        Arguments.of(StandIn.reply(403, "text/xml", "<e>denied</e>"), false, "403: <e>denied</e>"),
        Arguments.of(StandIn.reply(404, "text/html", page), false, "404: " + page),
        Arguments.of(StandIn.reply(413, "", ""), false, "answered 413"),
        Arguments.of(StandIn.reply(500, "text/plain", "oh"), false, "500: oh"),
        // What may heal, and is not sent again.
        Arguments.of(StandIn.reply(502, "text/html", page), true, "502: " + page),
        Arguments.of(StandIn.reply(503, PROTOBUF, status("busy")), true, "503: busy"),
        Arguments.of(StandIn.reply(504, "", ""), true, "answered 504"),
        // What says 200, and is not the answer of an OTLP server.
        Arguments.of(StandIn.reply(200, "text/html", page), false, "not as an OTLP server does"),
        Arguments.of(StandIn.reply(200, "text/html", ""), false, "not as an OTLP server does"),
        Arguments.of(StandIn.reply(200, "", page), false, "not as an OTLP server does"),
        Arguments.of(StandIn.reply(200, PROTOBUF, page), false, "not as an OTLP server does"),
        Arguments.of(StandIn.reply(200, JSON, ""), false, "not as an OTLP server does"),
        Arguments.of(StandIn.reply(200, JSON, "[]"), false, "not as an OTLP server does"),
        Arguments.of(StandIn.reply(200, JSON, "{} x"), false, "not as an OTLP server does"),
        Arguments.of(
            StandIn.reply(200, JSON, "{\"partialSuccess\":{\"rejectedDataPoints\":\"two\"}}"),
            false,
            "not as an OTLP server does"),
        Arguments.of(StandIn.reply(202, PROTOBUF, ""), false, "answered 202, but not as"),
        Arguments.of(StandIn.reply(204, "", ""), false, "answered 204, but not as"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void isAFailureThatIsNotSentAgain(Reply reply, boolean mayHeal, String reason) {
    try (StandIn standIn = new StandIn(reply)) {
      WriteResult result = standIn.publish(standIn.settings(), FIVE);

      assertThat(result.written()).isZero();
      assertThat(mayHeal ? result.rejected() : result.retryable()).isEmpty();
      assertThat(mayHeal ? result.retryable() : result.rejected())
          .extracting(WriteResult.Failed::id)
          .containsExactlyElementsOf(FIVE.stream().map(Metric::id).toList());
      assertThat(mayHeal ? result.retryable() : result.rejected())
          .allSatisfy(failed -> assertThat(failed.reason()).contains(reason));
      assertThat(standIn.received).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"301", "302", "303", "307", "308"})
  void followsNoRedirect(int status) {
    try (StandIn target = new StandIn()) {
      String location = target.endpoint().toString();
      try (StandIn standIn =
          new StandIn(new Reply(status, Map.of("Location", location), new byte[0]))) {
        WriteResult result = standIn.publish(standIn.settings(), FIVE);

        assertThat(result.rejected())
            .hasSize(5)
            .allSatisfy(
                failed ->
                    assertThat(failed.reason())
                        .contains("a redirect to " + location + ", which is not followed"));
        assertThat(standIn.received).hasSize(1);
        assertThat(target.received).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // Retry-After, milliseconds waited
    "'',1000",
    "0,0",
    "7,7000",
    "' 7 ',7000",
    "'Thu, 19 Feb 2026 11:27:53 GMT',10000",
    "'Thu, 19 Feb 2026 11:27:33 GMT',0",
    "-7,1000",
    "soon,1000",
    "99999999999999999999,1000",
  })
  void sendsABusyServerItsPointsOnceMoreAfterTheTimeItAsksFor(String after, long millis) {
    Reply busy = busy(after);
    try (StandIn standIn = new StandIn(busy)) {
      assertThat(standIn.publish(standIn.settings(), FIVE)).isEqualTo(WriteResult.written(5));

      assertThat(standIn.waits).containsExactly(Duration.ofMillis(millis));
      assertThat(standIn.received).hasSize(2);
      assertThat(standIn.received.get(1).body()).isEqualTo(standIn.received.get(0).body());
    }
  }

  @Test
  void givesUpAfterTheSecondTime() {
    try (StandIn standIn = new StandIn(busy("1"), busy("1"), busy("1"))) {
      WriteResult result = standIn.publish(standIn.settings(), FIVE);

      assertThat(result.retryable()).hasSize(5);
      assertThat(result.written()).isZero();
      assertThat(standIn.received).hasSize(2);
    }
  }

  @Test
  void doesNotWaitBeyondTheDeadline() {
    for (String after : List.of("3600", "4000", "9000000000", "9223372036854775807")) {
      try (StandIn standIn = new StandIn(busy(after))) {
        WriteResult result = standIn.publish(standIn.settings(), FIVE);

        assertThat(result.retryable()).hasSize(5);
        assertThat(standIn.waits).isEmpty();
        assertThat(standIn.received).hasSize(1);
      }
    }
  }

  @Test
  void sendsTheRestAfterAFailedRequest() {
    List<Metric> metrics = SampleMetrics.fleet(MetricType.CPU_UTILIZATION, 2_500, 1);
    try (StandIn standIn =
        new StandIn(StandIn.EMPTY, StandIn.reply(503, "", ""), partial(100, "some"))) {
      WriteResult result = standIn.publish(standIn.settings(), metrics);

      assertThat(standIn.received).hasSize(3);
      assertThat(result.written()).isEqualTo(1_400);
      assertThat(result.retryable()).hasSize(21);
      assertThat(result.retryable().get(20).reason()).startsWith("980 more data points");
      assertThat(result.rejected()).hasSize(1);
    }
  }

  @Test
  void reportsWhatItCouldNotSendInTime() {
    ManualClock clock = ManualClock.at(SampleMetrics.RUN.observedAt());
    Deadline deadline = Deadline.after(Duration.ofMillis(10), clock);
    try (StandIn standIn = new StandIn()) {
      WriteResult result = standIn.publish(standIn.settings(), FIVE, deadline);

      assertThat(result.retryable())
          .hasSize(5)
          .allSatisfy(failed -> assertThat(failed.reason()).endsWith("passed before it was sent"));
      assertThat(standIn.received).isEmpty();
    }
  }

  @Test
  void waitsForASilentServerNoLongerThanTheDeadline() throws Exception {
    // Connects, since the system accepts, and says nothing.
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      OtlpMetricPublisher publisher =
          OtlpMetricPublisher.to(
              OtlpSettings.to(URI.create("http://127.0.0.1:" + silent.getLocalPort())),
              time -> {},
              StandIn.CLOCK);
      long start = System.nanoTime();
      WriteResult result =
          publisher.publish(
              batches -> batches.accept(FIVE), Deadlines.inRealTime(Duration.ofMillis(300)));

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
      assertThat(result.retryable())
          .hasSize(5)
          .allSatisfy(
              failed ->
                  assertThat(failed.reason())
                      .contains("gave no complete answer within ")
                      .endsWith("it is not sent again, since it may have arrived"));
    }
  }

  @Test
  void reportsAServerThatIsNotThere() {
    StandIn standIn = new StandIn();
    OtlpSettings settings = standIn.settings();
    standIn.close();

    WriteResult result = standIn.publish(settings, FIVE);

    assertThat(result.retryable()).hasSize(5);
    assertThat(result.retryable().get(0).reason()).contains("127.0.0.1 gave no complete answer");
  }

  private static WriteResult publish(Reply reply) {
    try (StandIn standIn = new StandIn(reply)) {
      return standIn.publish(standIn.settings(), FIVE);
    }
  }

  private static Reply busy(String retryAfter) {
    return new Reply(
        429, retryAfter.isEmpty() ? Map.of() : Map.of("Retry-After", retryAfter), new byte[0]);
  }

  private static Reply partial(long rejected, String message) {
    return StandIn.reply(
        200,
        PROTOBUF,
        ExportMetricsServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportMetricsPartialSuccess.newBuilder()
                    .setRejectedDataPoints(rejected)
                    .setErrorMessage(message))
            .build()
            .toByteArray());
  }

  /** {@code google.rpc.Status}: a code, and a message. */
  private static String status(String message) {
    return "\u0008\u0003\u0012" + (char) message.getBytes(StandardCharsets.UTF_8).length + message;
  }
}
