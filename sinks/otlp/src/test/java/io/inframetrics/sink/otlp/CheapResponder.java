package io.inframetrics.sink.otlp;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Answers requests of OTLP and of PutMetricData with success and looks at none, so that a benchmark
 * measures the client. Knows what its own threads cost.
 */
final class CheapResponder {

  private static final byte[] OTLP =
      bytes("Content-Type: application/x-protobuf\r\nContent-Length: 0\r\n\r\n");
  private static final byte[] PUT_METRIC_DATA =
      bytes(
          "smithy-protocol: rpc-v2-cbor\r\nContent-Type: application/cbor\r\nContent-Length: 2\r\n\r\n\u00BF\u00FF");

  private final ServerSocket listening;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  CheapResponder() {
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  private static byte[] bytes(String headersAndBody) {
    return ("HTTP/1.1 200 OK\r\n" + headersAndBody).getBytes(StandardCharsets.ISO_8859_1);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  long requests() {
    return requests.get();
  }

  /** Bytes of all bodies, as sent. */
  long bytes() {
    return bytes.get();
  }

  long cpuNanos() {
    return threads.stream()
        .filter(Thread::isAlive)
        .mapToLong(thread -> ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.getId()))
        .sum();
  }

  private void accept() {
    while (true) {
      try {
        Socket socket = listening.accept();
        socket.setTcpNoDelay(true);
        start(() -> serve(socket));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16)) {
      OutputStream out = socket.getOutputStream();
      while (true) {
        String head = head(in);
        if (head.isEmpty()) {
          return; // the client has gone
        }
        int at = head.indexOf("content-length:") + "content-length:".length();
        int length = Integer.parseInt(head.substring(at, head.indexOf('\n', at)).trim());
        in.skipNBytes(length);
        requests.incrementAndGet();
        bytes.addAndGet(length);
        out.write(head.startsWith("post /v1/metrics") ? OTLP : PUT_METRIC_DATA);
      }
    } catch (IOException e) {
      return; // the client has gone
    }
  }

  /** The lines of a request before its body, in lower case; empty at the end of the connection. */
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      head.append((char) c);
      if (c == '\n' && head.length() > 3 && head.charAt(head.length() - 3) == '\n') {
        return head.toString().toLowerCase(Locale.ROOT);
      }
    }
    return "";
  }

  private void start(Runnable work) {
    Thread thread = new Thread(work, "responder");
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }
}
