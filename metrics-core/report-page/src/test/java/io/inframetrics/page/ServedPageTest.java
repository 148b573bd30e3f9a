package io.inframetrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.inframetrics.testkit.Deadlines;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** A page that is served, in Chromium: it follows the runs of its server. */
class ServedPageTest {

  private static final String NEWER =
      "return document.querySelector('.live').textContent.includes('There is a newer run.')";

  private static byte[] page(PageFixtures.Run run, boolean live) {
    PageRequest request = run.request();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ReportPage(run.stores().documentStore())
        .write(
            new PageRequest(
                request.runId(),
                request.observedAt(),
                request.reportKey(),
                request.details(),
                request.zone(),
                live),
            out,
            Deadlines.never());
    return out.toByteArray();
  }

  @Test
  void onlyAServedPageMayAskItsServer() {
    PageFixtures.Run run = PageFixtures.first();

    assertThat(new String(page(run, true), StandardCharsets.UTF_8))
        .contains("; connect-src &#39;self&#39;");
    assertThat(new String(page(run, false), StandardCharsets.UTF_8))
        .doesNotContain("connect-src", "fetch(");
  }

  private record Served(String tag, byte[] page) {
    void answer(HttpExchange exchange) throws IOException {
      try (exchange) {
        exchange.getResponseHeaders().set("ETag", "\"" + tag + "\"");
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(200, head ? -1 : page.length);
        if (!head) {
          exchange.getResponseBody().write(page);
        }
      }
    }
  }

  @Test
  @Tag("soak")
  void anUntouchedPageShowsTheNextRunAndAReaderIsAsked() throws IOException {
    Served first = new Served("first", page(PageFixtures.first(), true));
    Served next = new Served("next", page(PageFixtures.healthy(), true));
    AtomicReference<Served> newest = new AtomicReference<>(first);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> newest.get().answer(exchange));
    server.start();
    try (Browser browser = Browser.start()) {
      browser.open(URI.create("http://localhost:%d/".formatted(server.getAddress().getPort())));
      String shown = "return document.body.textContent.includes('%s')";
      String before = shown.formatted(PageFixtures.first().request().runId());
      String after = shown.formatted(PageFixtures.healthy().request().runId());
      browser.until(before);

      newest.set(next);
      browser.until(after);

      browser.press(Keys.ARROW_DOWN);
      newest.set(first);
      browser.until(NEWER);
      assertThat(browser.run(after)).as("nothing moves under a reader").isEqualTo(true);
      browser.find(".live button").click();
      browser.until(before);
      assertThat(browser.complaints()).noneMatch(line -> line.contains("Content Security Policy"));
    } finally {
      server.stop(0);
    }
  }
}
