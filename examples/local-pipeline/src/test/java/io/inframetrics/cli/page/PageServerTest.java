package io.inframetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.testkit.ManualClock;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Requests as they are on the wire: browsers and their libraries would not send the odd ones. */
@Timeout(60)
class PageServerTest {

  private static final Instant ENDED = Instant.parse("2026-02-19T11:27:44Z");

  @TempDir Path data;

  private final ManualClock clock = ManualClock.at(ENDED);
  private PageServer server;

  @BeforeEach
  void start() {
    server =
        PageServer.start(
            0, data, Duration.ofSeconds(10), AnalysisSettings.DEFAULTS, ZoneOffset.UTC, clock);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private record Answer(int status, String head, String body) {
    JsonNode json() {
      return InputFile.JSON.readTree(body);
    }
  }

  private Answer send(String request) throws IOException {
    try (Socket socket = new Socket("localhost", server.address().getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int end = answer.indexOf("\r\n\r\n");
      return new Answer(
          Integer.parseInt(answer.substring(9, 12)),
          answer.substring(0, end).toLowerCase(java.util.Locale.ROOT),
          answer.substring(end + 4));
    }
  }

  private Answer request(String line, String... headers) throws IOException {
    return send(
        "%s HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\n%s\r\n"
            .formatted(
                line,
                server.address().getPort(),
                headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n"));
  }

  private static JsonNode run(String id, String status) {
    return InputFile.JSON.readTree(
        """
        {"run_id":"%s","status":"%s","health":"HEALTHY","started_at":"2026-02-19T11:27:43Z",\
        "ended_at":"%s","error":"InfraMetricsUnhealthy"}
        """
            .formatted(id, status, ENDED));
  }

  private static byte[] page(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void theNewestPageIsServedUntilThereIsANewerOne() throws IOException {
    Answer none = request("GET /");
    assertThat(none.status()).isEqualTo(503);
    assertThat(none.head()).contains("refresh: 2");

    server.show(run("run-1", "SUCCEEDED"), () -> page("one"));
    Answer first = request("GET /");
    assertThat(first.status()).isEqualTo(200);
    assertThat(first.body()).isEqualTo("one");
    assertThat(first.head())
        .contains(
            "etag: \"run-1\"",
            "content-type: text/html; charset=utf-8",
            "cache-control: no-cache",
            "x-frame-options: deny");
    assertThat(request("GET /", "If-None-Match: \"run-1\"").status()).isEqualTo(304);
    Answer head = request("HEAD /");
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();

    server.show(run("run-2", "SUCCEEDED"), () -> page("two"));
    assertThat(request("GET /", "If-None-Match: \"run-1\"").body()).isEqualTo("two");
    server.show(run("run-3", "ABORTED"), null);
    assertThat(request("GET /").body()).as("the last page there is").isEqualTo("two");
  }

  @Test
  void aPageThatCannotBeMadeIsSaid() throws IOException {
    server.show(
        run("run-1", "SUCCEEDED"),
        () -> {
          throw new IOException("no space left");
        });

    Answer answer = request("GET /");

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("run-1", "no space left").hasLineCount(1);
  }

  @Test
  void thePageOfAnEarlierRunIsMadeAgain() throws IOException {
    Files.createDirectories(data.resolve("runs/run-0"));
    Path record = data.resolve("runs/run-0/run.json");
    Files.writeString(record, run("run-0", "FAILED").toString());

    Answer page = request("GET /runs/run-0");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.head()).contains("content-type: text/html; charset=utf-8");
    assertThat(page.body()).startsWith("<!DOCTYPE html>").doesNotContain("connect-src");
    assertThat(request("HEAD /runs/run-0").status()).isEqualTo(200);

    Files.writeString(record, "{}");
    assertThat(request("GET /runs/run-0").status()).isEqualTo(404);
  }

  @Test
  void thePageOfARunWhoseReportIsElsewhereIsServedWhileItIsKept() throws IOException {
    Files.createDirectories(data.resolve("runs/run-0"));
    ObjectNode record = (ObjectNode) run("run-0", "SUCCEEDED");
    record
        .putObject("output")
        .putObject("report")
        .put("report_key", "reports/2026/02/19/report-run-0.json");
    Files.writeString(data.resolve("runs/run-0/run.json"), record.toString());
    assertThat(request("GET /runs/run-0").status()).isEqualTo(404);
    Path page = data.resolve("reports/2026/02/19/report-run-0.html");
    Files.createDirectories(page.getParent());
    Files.writeString(page, "zero");

    assertThat(request("GET /runs/run-0").body()).isEqualTo("zero");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/runs",
        "/runs/",
        "/runs/run-9",
        "/runs/..",
        "/runs/../secret",
        "/runs/..%2fsecret",
        "/runs/%2e%2e",
        "/../secret",
        "//secret",
        "/secret",
        "/reports/latest.html",
        "/favicon.ico",
        "/health/"
      })
  void thereIsNothingElse(String path) throws IOException {
    Files.writeString(data.resolve("secret"), "secret");
    Files.createDirectories(data.resolve("runs"));

    Answer answer = request("GET " + path);

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
  void nothingCanBeChanged(String method) throws IOException {
    Answer answer = request(method + " /", "Content-Length: 0");

    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.head()).contains("allow: get, head");
  }

  @Test
  void aNameThatOnlyLeadsToThisMachineIsRefused() throws IOException {
    server.show(run("run-1", "SUCCEEDED"), () -> page("one"));
    int port = server.address().getPort();
    for (String host :
        new String[] {
          "Host: evil.example:" + port + "\r\n",
          "Host: localhost\r\n",
          "Host: localhost:1\r\n",
          "Host: localhost.evil.example:" + port + "\r\n",
          "Host: \r\n",
          "Host: localhost:" + port + "\r\nHost: evil.example:" + port + "\r\n",
          ""
        }) {
      Answer answer = send("GET / HTTP/1.1\r\n" + host + "Connection: close\r\n\r\n");
      assertThat(answer.status()).as(host).isIn(400, 403);
      assertThat(answer.body()).as(host).doesNotContain("one");
    }
    for (String host : new String[] {"localhost", "127.0.0.1", "[::1]", "LOCALHOST"}) {
      Answer answer =
          send("GET / HTTP/1.1\r\nHost: %s:%d\r\nConnection: close\r\n\r\n".formatted(host, port));
      assertThat(answer.body()).as(host).isEqualTo("one");
    }
  }

  @Test
  void healthSaysWhetherRunsDoWell() throws IOException {
    Answer none = request("GET /health");
    assertThat(none.status()).isEqualTo(503);
    assertThat(none.json().path("problem").stringValue()).isEqualTo("no run has ended yet");

    server.show(run("run-1", "SUCCEEDED"), null);
    clock.advance(Duration.ofSeconds(20));
    Answer well = request("GET /health");
    assertThat(well.status()).isEqualTo(200);
    assertThat(well.head()).contains("content-type: application/json");
    assertThat(well.body())
        .isEqualTo(
            "{\"every_seconds\":10.0,\"run_id\":\"run-1\",\"status\":\"SUCCEEDED\","
                + "\"health\":\"HEALTHY\",\"ended_at\":\"2026-02-19T11:27:44Z\","
                + "\"age_seconds\":20.0}\n");

    clock.advance(Duration.ofMillis(1));
    Answer late = request("GET /health");
    assertThat(late.status()).isEqualTo(503);
    assertThat(late.json().path("problem").stringValue()).contains("2 periods ago");

    server.show(run("run-2", "FAILED"), null);
    Answer failed = request("GET /health");
    assertThat(failed.status()).isEqualTo(503);
    assertThat(failed.json().path("problem").stringValue())
        .isEqualTo("the last run FAILED: InfraMetricsUnhealthy");
  }

  @Test
  void aPortInUseIsOneSentence() {
    int port = server.address().getPort();

    assertThatThrownBy(
            () ->
                PageServer.start(
                    port, data, null, AnalysisSettings.DEFAULTS, ZoneOffset.UTC, clock))
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--serve " + port + ": the port cannot be used (")
        .hasMessageContaining("0 for any that is free");
  }
}
