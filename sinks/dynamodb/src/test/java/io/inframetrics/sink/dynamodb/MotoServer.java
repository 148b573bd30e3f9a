package io.inframetrics.sink.dynamodb;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** One process of moto's server for the tests of this JVM, which ends with it. */
final class MotoServer {

  private static final String COMMAND = "moto_server";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private MotoServer() {}

  /** Skips the tests where the command is not installed. */
  static void assumeInstalled() {
    assumeTrue(
        command().isPresent(),
        "moto_server is not on the PATH: 'pip install moto[server]' installs it");
  }

  private static Optional<Path> command() {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, COMMAND))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Starts the server when it is first asked for, and holds its place. */
  private static final class Started {
    static final URI ENDPOINT = start();
  }

  static URI endpoint() {
    return Started.ENDPOINT;
  }

  private static URI start() {
    try {
      int port;
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      Process process =
          new ProcessBuilder(
                  command().orElseThrow().toString(),
                  "-H",
                  "127.0.0.1",
                  "-p",
                  Integer.toString(port))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process)));
      awaitPort(process, port);
      return URI.create("http://127.0.0.1:" + port);
    } catch (IOException e) {
      throw new UncheckedIOException("moto_server could not be started", e);
    }
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static void awaitPort(Process process, int port) throws IOException {
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException e) {
        if (!process.isAlive() || Instant.now().isAfter(end)) {
          throw new IOException("moto_server does not listen on port " + port, e);
        }
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for moto_server", e);
      }
    }
  }
}
