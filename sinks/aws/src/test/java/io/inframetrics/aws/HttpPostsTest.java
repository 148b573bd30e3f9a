package io.inframetrics.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.aws.HttpPosts.Answer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens on the connection of a post. */
@Timeout(60)
class HttpPostsTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final byte[] BODY = "body".getBytes(StandardCharsets.US_ASCII);

  private final AtomicInteger requests = new AtomicInteger();
  private ServerSocket server;

  /** Answers a request, or throws to cut the connection. */
  private interface Reply {
    void write(int request, OutputStream out) throws Exception;
  }

  @BeforeEach
  void open() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private void serve(Reply reply) {
    Thread accepting =
        new Thread(
            () -> {
              while (!server.isClosed()) {
                try {
                  serve(server.accept(), reply);
                } catch (Exception e) {
                  continue; // The connection is cut, or the test is over.
                }
              }
            });
    accepting.setDaemon(true);
    accepting.start();
  }

  private void serve(Socket accepted, Reply reply) throws Exception {
    try (accepted;
        InputStream in = new BufferedInputStream(accepted.getInputStream())) {
      while (true) {
        String head = "";
        while (!head.endsWith("\r\n\r\nbody")) {
          int next = in.read();
          if (next < 0) {
            return;
          }
          head += (char) next;
        }
        reply.write(requests.incrementAndGet(), accepted.getOutputStream());
      }
    }
  }

  private Answer post(Duration limit) {
    URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/in");
    return HttpPosts.unsigned().post(uri, Map.of("Content-Type", "text/plain"), BODY, limit);
  }

  private static void answer(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  @Test
  void returnsWhatIsAnswered() {
    serve(
        (request, out) ->
            answer(out, "HTTP/1.1 418 No\r\nX-Why: tea\r\nContent-Length: 3\r\n\r\nwhy"));

    Answer answer = post(LONG);

    assertThat(answer.status()).isEqualTo(418);
    assertThat(answer.header("x-why")).contains("tea");
    assertThat(answer.header("x-none")).isEmpty();
    assertThat(answer.body()).asString().isEqualTo("why");
  }

  /** The JDK repeats a POST on a kept connection that breaks, unless it cannot. */
  @Test
  void sendsNothingASecondTimeOnABrokenConnection() {
    serve(
        (request, out) -> {
          if (request > 1) {
            throw new IOException("cut");
          }
          answer(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });

    assertThat(post(LONG).status()).isEqualTo(200);
    assertThatThrownBy(() -> post(LONG))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("127.0.0.1 gave no complete answer");
    assertThat(requests).hasValue(2);
  }

  @Test
  void endsAnAnswerThatComesTooSlowly() {
    serve(
        (request, out) -> {
          answer(out, "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n");
          for (int i = 0; i < 2_000; i++) {
            answer(out, "x");
            Thread.sleep(20);
          }
        });

    long start = System.nanoTime();
    assertThatThrownBy(() -> post(Duration.ofMillis(300)))
        .hasMessage("127.0.0.1 gave no complete answer within 300 ms");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  /** The time may be over before there is a connection. */
  @Test
  void endsWhatBeganTooLate() {
    serve((request, out) -> Thread.sleep(Long.MAX_VALUE));

    assertThatThrownBy(() -> post(Duration.ofNanos(1)))
        .hasMessage("127.0.0.1 gave no complete answer within 0 ms");
  }

  @Test
  void endsAnAnswerThatStops() {
    serve(
        (request, out) -> {
          answer(out, "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\nhalf");
          Thread.sleep(Long.MAX_VALUE);
        });

    assertThatThrownBy(() -> post(Duration.ofMillis(300)))
        .hasMessage("127.0.0.1 gave no complete answer within 300 ms");
  }

  @Test
  void asksForNoPassword() {
    serve(
        (request, out) ->
            answer(
                out,
                "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"));

    assertThat(post(LONG).status()).isEqualTo(401);
    assertThat(requests).hasValue(1);
  }
}
