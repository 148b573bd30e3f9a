package io.inframetrics.collect.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.CollectionRun;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.time.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against pages on loopback. */
class ScrapeCollectorTest {

  private static final Map<String, Page> PAGES = new ConcurrentHashMap<>();
  private static HttpServer server;

  private final List<Observation> pushed = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<String, String> settings = new HashMap<>();
  private final AtomicLong nanos = new AtomicLong();
  private final Instant until = Instant.ofEpochSecond(Instant.now().getEpochSecond());

  /** What a path answers; the body may differ each time. */
  private record Page(int status, String type, IntFunction<String> body, AtomicInteger asked) {}

  @BeforeAll
  static void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          Page page = PAGES.get(exchange.getRequestURI().toString());
          byte[] body =
              page.body().apply(page.asked().getAndIncrement()).getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", page.type());
          if (page.status() == 301) {
            exchange.getResponseHeaders().set("Location", new String(body, StandardCharsets.UTF_8));
          }
          boolean chunks = exchange.getRequestURI().getPath().equals("/chunks");
          exchange.sendResponseHeaders(
              page.status(), chunks ? 0 : body.length == 0 ? -1 : body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop(0);
  }

  @BeforeEach
  void fewSettings() {
    PAGES.clear();
    settings.put("between", "PT0.01S");
    settings.put("node_exporter", "false");
  }

  @Test
  void readsTheFourTypesFromANodeExporter() throws Exception {
    settings.remove("node_exporter");
    String page = Pages.text("node-exporter.txt");
    String later =
        page.replace("mode=\"user\"} 2857.11", "mode=\"user\"} 2858.11")
            .replace("mode=\"idle\"} 1430.33", "mode=\"idle\"} 1433.33")
            .replace(
                "receive_bytes_total{device=\"eth0\"} 3.95879353e+09",
                "receive_bytes_total{device=\"eth0\"} 3.95979353e+09");
    serve(
        "/metrics",
        "text/plain; version=0.0.4; charset=utf-8",
        time -> {
          nanos.addAndGet(Duration.ofSeconds(1).toNanos());
          return time % 2 == 0 ? page : later;
        });
    target("web-1=" + url("")); // The usual path.

    collect();

    assertThat(pushed)
        .extracting(o -> o.series().id())
        .containsExactly(
            "cpu_utilization#web-1",
            "memory_usage#web-1",
            "disk_usage#web-1#device=/",
            "network_traffic#web-1#interface=eth0");
    assertThat(pushed).allSatisfy(o -> assertThat(o.timestamp()).isEqualTo(until));
    assertThat(pushed.get(0).value()).isEqualTo(25, Offset.offset(1e-6));
    assertThat(pushed.get(1).value()).isEqualTo(4.584, Offset.offset(1e-3));
    assertThat(pushed.get(2).value()).isEqualTo(26.62, Offset.offset(1e-2));
    assertThat(pushed.get(3).value()).isEqualTo(8, Offset.offset(1e-6)); // 1e6 bytes a second
    assertThat(notes).isEmpty();
  }

  @Test
  void theNextRunOfTheProcessNeedsOnePage() throws Exception {
    settings.put("metrics", "done Count/Second = rate done_total");
    Page page =
        serve(
            "/a",
            "text/plain",
            time -> {
              nanos.addAndGet(Duration.ofSeconds(2).toNanos());
              return "done_total " + 10 * time + "\n";
            });
    target("a=" + url("/a"));
    MetricCollector collector = collectors().get(0);

    collect(collector, until);
    assertThat(page.asked()).hasValue(2);
    nanos.addAndGet(Duration.ofMillis(10).toNanos());
    collect(collector, until.plusSeconds(1));

    assertThat(page.asked()).hasValue(3);
    assertThat(pushed).extracting(Observation::value).containsExactly(5.0, 10 / 2.01);

    nanos.addAndGet(Duration.ofMinutes(5).toNanos() + 1); // The page is too old.
    collect(collector, until.plusSeconds(2));

    assertThat(page.asked()).hasValue(5);
    assertThat(pushed).extracting(Observation::value).endsWith(5.0);
  }

  @Test
  void aSlowTargetDelaysNoOther() throws Exception {
    settings.put("metrics", "depth Count = depth");
    settings.put("timeout", "PT1.5S");
    serve("/a", "text/plain", time -> "depth 5\n");
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        ServerSocket trickling = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      target("a=" + url("/a"));
      collect(); // Loads classes, which may take longer than the timeout.
      pushed.clear();
      Thread slow = new Thread(() -> trickle(trickling));
      slow.setDaemon(true);
      slow.start();
      target(
          "silent=127.0.0.1:%d,slow=127.0.0.1:%d,a=%s"
              .formatted(silent.getLocalPort(), trickling.getLocalPort(), url("/a")));
      long started = System.nanoTime();
      List<Duration> arrived = new ArrayList<>();

      assertThatThrownBy(
              () ->
                  collectors()
                      .get(0)
                      .collect(
                          request(until),
                          observation -> {
                            pushed.add(observation);
                            arrived.add(Duration.ofNanos(System.nanoTime() - started));
                          }))
          .isInstanceOf(RetryableFailureException.class)
          .hasMessageStartingWith("2 of 3 targets failed: ")
          .hasMessageContaining("/metrics did not answer completely within PT1.5S; http://");
      assertThat(pushed).hasSize(1);
      assertThat(arrived.get(0)).isLessThan(Duration.ofMillis(1_400));
      assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(6));
    }
  }

  /** Sends a header, and then a byte now and then. */
  private static void trickle(ServerSocket listening) {
    try (Socket socket = listening.accept()) {
      socket
          .getOutputStream()
          .write(
              "HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      while (true) {
        socket.getOutputStream().write('#');
        Thread.sleep(50);
      }
    } catch (IOException | InterruptedException e) {
      // The collector has given up, as it should.
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "200 | text/plain | depth 5\\ndepth{ 6 | line 2 'depth{ 6' has a wrong label name",
        "200 | text/html; charset=utf-8 | depth 5\\n | answers with 'text/html; charset=utf-8': name the address of a page",
        "200 | application/openmetrics-text; version=1.0.0; charset=utf-8 | depth 5\\n | without the line '# EOF': it was cut off",
        "404 | text/plain | no | answers with status 404: check the path",
        "401 | text/plain | no | answers with status 401",
      })
  void aPageThatIsWrongIsRejectedWithOneSentence(
      int status, String type, String body, String sentence) {
    settings.put("metrics", "depth Count = depth");
    PAGES.put("/a", new Page(status, type, time -> body.replace("\\n", "\n"), new AtomicInteger()));
    target(url("/a"));

    assertThatThrownBy(this::collect)
        .isInstanceOf(RetryableFailureException.class)
        .hasMessageStartingWith("1 of 1 targets failed: http://127.0.0.1:")
        .hasMessageContaining(sentence);
    assertThat(pushed).isEmpty();
  }

  @Test
  void aPageThatIsTooLargeIsRejected() throws Exception {
    settings.put("metrics", "depth Count = depth");
    settings.put("max_page", "1000");
    settings.put("max_samples", "10");
    serve("/large", "text/plain", time -> "# HELP x y\n".repeat(100));
    serve("/many", "text/plain", time -> "depth{a=\"b\"} 1\n".repeat(11));
    target(
        "%s,%s"
            .formatted(url("/large"), url("/many"))
            .replace("http://", "a=http://")
            .replaceFirst("a=", "b="));

    assertThatThrownBy(this::collect)
        .hasMessageContaining("/large has more than 1000 bytes: raise the setting max_page")
        .hasMessageContaining(
            "/many has more than 10 samples that rules read: raise the setting max_samples");
  }

  @Test
  void aTargetThatIsNotThereIsNamedAndTheOthersArePushed() throws Exception {
    settings.put("metrics", "depth Count = depth");
    serve("/a", "text/plain", time -> "depth 5\n");
    target("gone=127.0.0.1:1,a=" + url("/a"));

    assertThatThrownBy(this::collect)
        .hasMessage(
            "1 of 2 targets failed: http://127.0.0.1:1/metrics cannot be reached: check the address and that it runs");
    assertThat(pushed).hasSize(1);
  }

  @Test
  void aTargetThatHasMovedIsFollowed() throws Exception {
    settings.put("metrics", "depth Count = depth");
    Page moved = serve("/moved", "text/plain", time -> url("/a"));
    PAGES.put("/moved", new Page(301, "text/plain", moved.body(), moved.asked()));
    Page page = serve("/a", "text/plain", time -> "depth 5\n");
    target("a=" + url("/moved"));
    MetricCollector collector = collectors().get(0);

    collect(collector, until);
    collect(collector, until);

    assertThat(pushed).extracting(Observation::value).containsExactly(5.0, 5.0);
    assertThat(page.asked()).hasValue(2);
    assertThat(moved.asked()).as("the first time twice: once to learn of it").hasValue(3);
  }

  @Test
  void authorizationIsNotSentToWhereATargetRedirects() throws Exception {
    settings.put("metrics", "depth Count = depth");
    settings.put("authorization", "Bearer secret");
    Page moved = serve("/moved", "text/plain", time -> url("/a"));
    PAGES.put("/moved", new Page(301, "text/plain", moved.body(), moved.asked()));
    Page page = serve("/a", "text/plain", time -> "depth 5\n");
    target("a=" + url("/moved"));

    assertThatThrownBy(this::collect)
        .hasMessageContaining(
            "redirects with status 301: name the address that it redirects to, since the setting authorization is sent to no other");
    assertThat(page.asked()).hasValue(0);
  }

  @Test
  void aPageInChunksIsRead() throws Exception {
    settings.put("metrics", "depth Count = depth");
    serve("/chunks", "text/plain", time -> "depth 5\n" + "# filler\n".repeat(9_000));
    target("a=" + url("/chunks"));

    collect();

    assertThat(pushed).extracting(Observation::value).containsExactly(5.0);
  }

  @Test
  void aNameIsLookedUpAndAnUnknownOneIsNamed() {
    // Longer than a part of a name may be, so that no name server is asked.
    String unknown = "x".repeat(64) + ".invalid";
    settings.put("metrics", "depth Count = depth");
    serve("/a", "text/plain", time -> "depth 5\n");
    target("a=%s,gone=%s".formatted(url("/a").replace("127.0.0.1", "localhost"), unknown));

    assertThatThrownBy(this::collect)
        .hasMessage(
            "1 of 2 targets failed: http://%s/metrics cannot be reached: check the address and that it runs"
                .formatted(unknown));
    assertThat(pushed).extracting(Observation::value).containsExactly(5.0);
  }

  @Test
  void aSamplesOwnTimeCountsWithinTheWindow() throws Exception {
    settings.put("metrics", "depth Count = depth");
    long now = until.toEpochMilli();
    serve(
        "/a",
        "text/plain",
        time ->
            """
            depth{q="in"} 1 %d
            depth{q="old"} 2 %d
            depth{q="just now"} 3 %d
            depth{q="wrong"} 4 %d
            """
                .formatted(now - 5_000, now - 61_000, now + 2_000, now + 7_200_000));
    target("a=" + url("/a"));

    collect();

    assertThat(pushed)
        .extracting(
            o ->
                o.series().dimensions().get("q")
                    + Duration.between(until, o.timestamp()).toSeconds())
        .containsExactly("in-5", "just now0", "wrong7200");
  }

  @Test
  void aCachedCounterWithItsOwnTimeHasNoRateUntilItMoves() throws Exception {
    settings.put("metrics", "done Count/Second = rate done_total");
    long now = until.toEpochMilli();
    serve(
        "/a",
        "text/plain",
        time ->
            "done_total{q=\"cached\"} 5 %d\ndone_total{q=\"live\"} %d %d\n"
                .formatted(now - 9_000, 20 * time, now - 20_000 + 10_000 * time));
    target("a=" + url("/a"));

    collect();

    assertThat(pushed)
        .extracting(o -> o.series().id() + " " + o.value())
        .containsExactly("done#a#q=live 2.0");
  }

  @Test
  void aGatewaysPageHasTheInstanceInALabel() throws Exception {
    settings.put("metrics", "depth Count = depth");
    settings.put("instance_label", "instance");
    serve("/a?x=1", "text/plain", time -> "depth{instance=\"web-1\",job=\"x\"} 1\ndepth 2\n");
    target("gateway=" + url("/a?x=1"));

    collect();

    assertThat(pushed)
        .extracting(o -> o.series().id())
        .containsExactly("depth#web-1#job=x", "depth#gateway");
  }

  @Test
  void nothingToReadIsANote() throws Exception {
    settings.put("metrics", "depth Count = depth");
    serve("/a", "text/plain", time -> "other 1\n");
    target("a=" + url("/a"));

    collect();

    assertThat(notes).containsExactly("no page has depth: it needs depth");
  }

  @Test
  void anInterruptedCollectorEndsAtOnce() throws Exception {
    settings.put("metrics", "depth Count = depth");
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      target("127.0.0.1:" + silent.getLocalPort());
      Thread.currentThread().interrupt();

      assertThatThrownBy(this::collect).isInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | SCRAPE_TARGETS names no page",
        "http:// | SCRAPE_TARGETS is 'http://': use a URL such as",
        "ftp://x | SCRAPE_TARGETS is 'ftp://x': use a URL such as http://web-1:9100, with http or https",
        "a=x:1,a=y:1 | ('a' is there twice)",
        "http://me:secret@x | the setting targets has a user name in it: leave it out, and set authorization",
      })
  void aWrongTargetIsNamed(String targets, String sentence) {
    target(targets);

    assertThatThrownBy(this::collectors)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence)
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
  }

  @Test
  void targetsAreReadAsPeopleWriteThem() {
    assertThat(Target.readAll("web-1:9100, db=https://db/own?collect[]=cpu,[::1]:9100"))
        .extracting(target -> target.name() + " " + target.uri())
        .containsExactly(
            "web-1:9100 http://web-1:9100/metrics",
            "db https://db/own?collect%5B%5D=cpu",
            "[::1]:9100 http://[::1]:9100/metrics");
  }

  private Page serve(String path, String type, IntFunction<String> body) {
    Page page = new Page(200, type, body, new AtomicInteger());
    PAGES.put(path, page);
    return page;
  }

  private void target(String targets) {
    settings.put("targets", targets);
  }

  private static String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private List<MetricCollector> collectors() {
    return new ScrapeCollectorFactory(nanos::get)
        .create(new CollectorSettings("scrape", settings, Clock.systemUTC()));
  }

  private void collect() throws Exception {
    for (MetricCollector collector : collectors()) {
      collect(collector, until);
    }
  }

  private static CollectionRequest request(Instant until) {
    return new CollectionRequest(
        new CollectionRun("run", until),
        until.minusSeconds(60),
        Deadline.after(Duration.ofMinutes(1), Clock.systemUTC()));
  }

  private void collect(MetricCollector collector, Instant end) throws Exception {
    collector.collect(
        request(end),
        new MetricConsumer() {
          @Override
          public void accept(Observation observation) {
            pushed.add(observation);
          }

          @Override
          public void note(String sentence) {
            notes.add(sentence);
          }
        });
  }
}
