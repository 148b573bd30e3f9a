package io.inframetrics.cli.page;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.inframetrics.cli.input.InputFile;
import io.inframetrics.cli.input.UsageException;
import io.inframetrics.cli.monitor.RunRecords;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.analysis.AnalysisSettings;
import io.inframetrics.text.Texts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Serves the pages of a monitor to the browsers of this machine, and to nobody else: {@code /} is
 * the page of the newest run, which follows the runs; {@code /runs/ID} that of an earlier run;
 * {@code /health} says as JSON whether runs do well. Nothing can be changed by it.
 */
public final class PageServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PageServer.class);

  private static final int THREADS = 4;
  private static final int HTTP = 80;

  /** A browser that waits for the first run asks again after so many seconds. */
  private static final String ASK_AGAIN = "2";

  /** Periods after which a run should have ended. */
  private static final int LATE = 2;

  private static final Pattern RUN = Pattern.compile("/runs/([^/]+)");

  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String HTML = "text/html; charset=utf-8";
  private static final String JSON = "application/json";

  private final HttpServer server;
  private final ExecutorService threads;
  private final Path data;
  private final @Nullable Duration every;
  private final AnalysisSettings settings;
  private final ZoneId zone;
  private final Clock clock;

  private volatile @Nullable JsonNode last;
  private volatile @Nullable Newest newest;

  /** The page of a run, which is made when it is first asked for. */
  private static final class Newest {

    private final String runId;
    private final PageContent content;
    private byte @Nullable [] made;

    Newest(String runId, PageContent content) {
      this.runId = runId;
      this.content = content;
    }

    String tag() {
      return "\"" + runId + "\"";
    }

    synchronized byte[] bytes() throws IOException {
      byte[] bytes = made;
      if (bytes == null) {
        bytes = content.bytes();
        made = bytes;
      }
      return bytes;
    }
  }

  /** Makes a page. */
  @FunctionalInterface
  public interface PageContent {
    byte[] bytes() throws IOException;
  }

  private PageServer(
      HttpServer server,
      Path data,
      @Nullable Duration every,
      AnalysisSettings settings,
      ZoneId zone,
      Clock clock) {
    this.server = server;
    this.settings = settings;
    this.zone = zone;
    this.data = data;
    this.every = every;
    this.clock = clock;
    this.threads =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "page-server");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Serves from now on.
   *
   * @param port 0 for any that is free
   * @param data the folder of the runs
   * @param every the time from run to run; null for a single run
   * @param settings by which earlier runs are judged again
   * @param zone in which pages write times
   * @throws UsageException if the port cannot be used
   */
  public static PageServer start(
      int port,
      Path data,
      @Nullable Duration every,
      AnalysisSettings settings,
      ZoneId zone,
      Clock clock) {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UsageException(
          "--serve %d: the port cannot be used (%s): give another one, or 0 for any that is free"
              .formatted(port, e.getMessage()),
          e);
    }
    PageServer pages = new PageServer(server, data, every, settings, zone, clock);
    server.createContext("/", pages::answer);
    server.setExecutor(pages.threads);
    server.start();
    return pages;
  }

  /** Where the newest page is. */
  public URI address() {
    return URI.create("http://localhost:%d/".formatted(server.getAddress().getPort()));
  }

  /**
   * A run has ended.
   *
   * @param record of the run
   * @param page makes its page; null if it has none, so that the one before stays
   */
  public void show(JsonNode record, @Nullable PageContent page) {
    last = record;
    if (page != null) {
      newest = new Newest(record.path("run_id").asString(""), page);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Headers headers = exchange.getResponseHeaders();
      headers.set("X-Content-Type-Options", "nosniff");
      headers.set("X-Frame-Options", "DENY");
      headers.set("Cross-Origin-Resource-Policy", "same-origin");
      headers.set("Referrer-Policy", "no-referrer");
      headers.set("Cache-Control", "no-cache");
      String method = exchange.getRequestMethod();
      if (!isOfThisMachine(exchange)) {
        // A page of the Internet whose name now leads here.
        answer(exchange, 403, TEXT, "only for localhost\n");
      } else if (!method.equals("GET") && !method.equals("HEAD")) {
        headers.set("Allow", "GET, HEAD");
        answer(exchange, 405, TEXT, "only GET and HEAD\n");
      } else {
        answerPath(exchange, exchange.getRequestURI().getRawPath());
      }
    } catch (RuntimeException | Error e) {
      LOG.warn("request {} failed", exchange.getRequestURI(), e);
      throw e;
    }
  }

  private void answerPath(HttpExchange exchange, String path) throws IOException {
    Matcher run = RUN.matcher(path);
    if (path.equals("/")) {
      newest(exchange);
    } else if (path.equals("/health")) {
      health(exchange);
    } else if (run.matches()) {
      earlier(exchange, run.group(1));
    } else {
      answer(exchange, 404, TEXT, "there is /, /health and /runs/ID\n");
    }
  }

  /** By the name that the browser thinks it talks to; whoever sends another one was led astray. */
  private boolean isOfThisMachine(HttpExchange exchange) {
    List<String> hosts = exchange.getRequestHeaders().getOrDefault("Host", List.of());
    int port = server.getAddress().getPort();
    // Browsers leave out the port of HTTP itself.
    String suffix = port == HTTP ? "(:%d)?".formatted(port) : ":" + port;
    return hosts.size() == 1
        && hosts
            .get(0)
            .toLowerCase(Locale.ROOT)
            .matches("(localhost|127\\.0\\.0\\.1|\\[::1])" + suffix);
  }

  private void newest(HttpExchange exchange) throws IOException {
    Newest page = newest;
    if (page == null) {
      exchange.getResponseHeaders().set("Refresh", ASK_AGAIN);
      answer(exchange, 503, TEXT, "No run has ended yet. This page loads again by itself.\n");
      return;
    }
    exchange.getResponseHeaders().set("ETag", page.tag());
    if (page.tag().equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
      exchange.sendResponseHeaders(304, -1);
      return;
    }
    byte[] bytes;
    try {
      bytes = exchange.getRequestMethod().equals("HEAD") ? new byte[0] : page.bytes();
    } catch (IOException | RuntimeException e) {
      LOG.warn("the page of run {} was not made", page.runId, e);
      answer(
          exchange,
          503,
          TEXT,
          "The page of run %s was not made: %s\n".formatted(page.runId, Texts.describe(e)));
      return;
    }
    answer(exchange, 200, HTML, bytes);
  }

  /**
   * Made again, which takes what the run left; where that is elsewhere, its page while it is kept.
   */
  private void earlier(HttpExchange exchange, String runId) throws IOException {
    RunRecords records = new RunRecords(data);
    try {
      JsonNode record = records.of(runId).orElse(null);
      if (record != null && RecordedRun.hasPage(record)) {
        answer(exchange, 200, HTML, earlier(records, record));
        return;
      }
    } catch (NoSuchFileException | UsageException | RetryableFailureException e) {
      LOG.info("run {} has no page: {}", runId, e.toString());
    }
    answer(exchange, 404, TEXT, "there is no page of this run, or it is not kept any more\n");
  }

  private byte[] earlier(RunRecords records, JsonNode record) throws IOException {
    String key = record.path("output").path("report").path("report_key").asString("");
    return key.isEmpty() || records.text(key).isPresent()
        ? RunPages.again(data, record, settings, zone, clock).page(record, false)
        : Files.readAllBytes(RunPages.of(data, record));
  }

  private void health(HttpExchange exchange) throws IOException {
    ObjectNode health = InputFile.JSON.createObjectNode();
    String problem = health(health, clock.instant());
    if (problem != null) {
      health.put("problem", problem);
    }
    answer(exchange, problem == null ? 200 : 503, JSON, health + "\n");
  }

  /** Adds what is known of the last run; answers what is wrong, or null. */
  private @Nullable String health(ObjectNode health, Instant now) {
    JsonNode run = last;
    if (every != null) {
      health.put("every_seconds", every.toMillis() / 1_000.0);
    }
    if (run == null) {
      return "no run has ended yet";
    }
    for (String name : List.of("run_id", "status", "health", "ended_at")) {
      health.put(name, run.path(name).asString(""));
    }
    Duration age;
    try {
      age = Duration.between(Instant.parse(run.path("ended_at").asString("")), now);
    } catch (DateTimeException e) {
      return "the record of the last run was not written by a run";
    }
    health.put("age_seconds", Math.max(0, age.toMillis()) / 1_000.0);
    String status = run.path("status").asString("");
    if (!status.equals("SUCCEEDED")) {
      return "the last run %s: %s".formatted(status, run.path("error").asString(""));
    }
    return every != null && age.compareTo(every.multipliedBy(LATE)) > 0
        ? "the last run ended more than %d periods ago".formatted(LATE)
        : null;
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    answer(exchange, status, type, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void answer(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    boolean hasBody = !exchange.getRequestMethod().equals("HEAD") && body.length > 0;
    exchange.sendResponseHeaders(status, hasBody ? body.length : -1);
    if (hasBody) {
      exchange.getResponseBody().write(body);
    }
  }

  /** Ends at once; pages that are being sent are cut off. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
