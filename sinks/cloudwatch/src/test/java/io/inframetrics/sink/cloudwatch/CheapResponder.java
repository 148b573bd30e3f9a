package io.inframetrics.sink.cloudwatch;

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
 * Answers every request with success and looks at none, so that a benchmark measures the client.
 * Knows what its own threads cost.
 */
final class CheapResponder implements AutoCloseable {

  private static final byte[] ANSWER =
      ("HTTP/1.1 200 OK\r\nsmithy-protocol: rpc-v2-cbor\r\nContent-Type: application/cbor\r\n"
              + "Content-Length: 2\r\n\r\n\u00BF\u00FF")
          .getBytes(StandardCharsets.ISO_8859_1);

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
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        socket.setTcpNoDelay(true);
        start(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16)) {
      OutputStream out = socket.getOutputStream();
      while (true) {
        int length = contentLength(in);
        if (length < 0) {
          return;
        }
        in.skipNBytes(length);
        requests.incrementAndGet();
        bytes.addAndGet(length);
        out.write(ANSWER);
      }
    } catch (IOException e) {
      return; // the client has gone
    }
  }

  /** Reads a request's head; negative at the end of the connection. */
  private static int contentLength(InputStream in) throws IOException {
    int length = -1;
    StringBuilder line = new StringBuilder();
    while (true) {
      int c = in.read();
      if (c < 0) {
        return -1;
      }
      if (c != '\n') {
        line.append((char) c);
        continue;
      }
      String header = line.toString().trim();
      if (header.isEmpty()) {
        return length;
      }
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring("content-length:".length()).trim());
      }
      line.setLength(0);
    }
  }

  private void start(Runnable work) {
    Thread thread = new Thread(work, "responder");
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
