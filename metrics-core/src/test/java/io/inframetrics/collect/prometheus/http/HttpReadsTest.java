package io.inframetrics.collect.prometheus.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server whose every byte the test decides. */
class HttpReadsTest {

  private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final IdleConnections idle = new IdleConnections();
  private final AtomicInteger connections = new AtomicInteger();
  private final List<String> ends = new ArrayList<>();
  private ServerSocket server;
  private HttpReads reads;

  /** What a connection of that number does, counted from 1. */
  private interface Behaviour {

    void talk(int number, BufferedReader requests, Socket socket) throws Exception;
  }

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    reads = new HttpReads(idle);
  }

  @AfterEach
  void stop() throws IOException {
    reads.close();
    server.close();
  }

  @Test
  void aConnectionIsUsedAgain() throws Exception {
    serve(
        (number, requests, socket) -> {
          while (hasRequest(requests)) {
            send(socket, ANSWER);
          }
        });

    for (int request = 0; request < 3; request++) {
      read();
    }
    reads.close();
    reads = new HttpReads(idle); // Of a later run.
    read();

    assertThat(ends).containsExactly("ok", "ok", "ok", "ok");
    assertThat(connections).hasValue(1);
  }

  @Test
  void aServerThatClosesIsConnectedAgain() throws Exception {
    serve(
        (number, requests, socket) -> {
          hasRequest(requests);
          send(socket, ANSWER); // Closed although the answer does not say so.
        });

    for (int request = 0; request < 3; request++) {
      read();
    }

    assertThat(ends).containsExactly("ok", "ok", "ok");
    assertThat(connections).hasValue(3);
  }

  @Test
  void aConnectionThatClosesWhenTheRequestComesIsTriedOnceMore() throws Exception {
    serve(
        (number, requests, socket) -> {
          hasRequest(requests);
          send(socket, ANSWER);
          if (number == 1) {
            hasRequest(requests); // And goes without a word.
          }
        });

    read();
    read();

    assertThat(ends).containsExactly("ok", "ok");
    assertThat(connections).hasValue(2);
  }

  @Test
  void aNewConnectionThatClosesIsAFailure() throws Exception {
    serve((number, requests, socket) -> hasRequest(requests));

    read();

    assertThat(ends).hasSize(1);
    assertThat(ends.get(0)).isEqualTo("the connection was closed before an answer came");
    assertThat(connections).hasValue(1);
  }

  @Test
  void whatAServerSaysUnaskedIsNotTheNextAnswer() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    CountDownLatch said = new CountDownLatch(1);
    serve(
        (number, requests, socket) -> {
          hasRequest(requests);
          send(socket, ANSWER);
          if (number == 1) {
            answered.await();
            send(socket, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 4\r\n\r\nlate");
            said.countDown();
            hasRequest(requests); // Until the client closes.
          }
        });

    read();
    answered.countDown();
    said.await();
    read();

    assertThat(ends).containsExactly("ok", "ok");
    assertThat(connections).hasValue(2);
  }

  @Test
  void manyAreReadAtTheSameTimeAndAFailureEndsOne() throws Exception {
    String large = "x".repeat(1_000_000);
    serve(
        (number, requests, socket) -> {
          hasRequest(requests);
          send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + large);
        });

    for (int request = 0; request < 5; request++) {
      start();
    }
    runUntil(5);

    assertThat(ends).containsExactly(large, large, large, large, large);
  }

  @Test
  void aReadThatIsCancelledHasNoEnd() throws Exception {
    serve(
        (number, requests, socket) -> {
          while (hasRequest(requests)) {
            send(socket, ANSWER);
          }
        });

    start().cancel();
    HttpReads.Read second = start();
    read();
    second.cancel();

    assertThat(ends).isNotEmpty().containsOnly("ok");
    assertThat(ends.size()).isBetween(1, 2);
  }

  @Test
  void aFailureOfTheReaderEndsTheTransfer() throws Exception {
    serve(
        (number, requests, socket) -> {
          hasRequest(requests);
          send(socket, ANSWER);
        });
    reads.get(
        address(),
        REQUEST,
        new AnswerReader() {
          @Override
          public void head(Head head) throws IOException {
            throw new IOException("no");
          }

          @Override
          public void body(ByteBuffer part) {
            throw new AssertionError();
          }

          @Override
          public void end() {
            throw new AssertionError();
          }
        },
        failure -> ends.add(String.valueOf(failure.getMessage())));

    runUntil(1);

    assertThat(ends).containsExactly("no");
  }

  @Test
  void timersRunInTheirOrderAndAnInterruptEndsTheRun() throws Exception {
    reads.after(Duration.ofMinutes(-1), () -> ends.add("later"));
    reads.after(Duration.ofMinutes(-2), () -> ends.add("sooner"));
    reads.execute(() -> ends.add("now"));

    runUntil(3);

    assertThat(ends).containsExactly("now", "sooner", "later");
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> reads.run(Duration.ofMinutes(1)))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  private void serve(Behaviour behaviour) {
    daemon(
        () -> {
          while (true) {
            Socket socket = server.accept();
            int number = connections.incrementAndGet();
            daemon(
                () -> {
                  try (socket) {
                    behaviour.talk(
                        number,
                        new BufferedReader(
                            new InputStreamReader(
                                socket.getInputStream(), StandardCharsets.US_ASCII)),
                        socket);
                  }
                });
          }
        });
  }

  private interface Task {

    void run() throws Exception;
  }

  private static void daemon(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (Exception e) {
                // The test is over.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  /** Reads a request; false if the client has gone. */
  private static boolean hasRequest(BufferedReader requests) throws IOException {
    String line = requests.readLine();
    while (line != null && !line.isEmpty()) {
      line = requests.readLine();
    }
    return line != null;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  private HttpReads.Read start() {
    StringBuilder body = new StringBuilder();
    return reads.get(
        address(),
        REQUEST,
        new AnswerReader() {
          @Override
          public void head(Head head) {
            body.append(head.status() == 200 ? "" : head.status() + " ");
          }

          @Override
          public void body(ByteBuffer part) {
            body.append(StandardCharsets.US_ASCII.decode(part));
          }

          @Override
          public void end() {
            // The outcome says so.
          }
        },
        failure ->
            ends.add(failure == null ? body.toString() : String.valueOf(failure.getMessage())));
  }

  private void read() throws Exception {
    int before = ends.size();
    start();
    runUntil(before + 1);
  }

  private void runUntil(int count) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (ends.size() < count && System.nanoTime() < end) {
      reads.run(Duration.ofSeconds(1));
    }
    assertThat(ends).hasSizeGreaterThanOrEqualTo(count);
  }
}
