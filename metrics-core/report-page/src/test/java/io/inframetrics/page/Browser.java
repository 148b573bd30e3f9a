package io.inframetrics.page;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.StreamSupport;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;

/** The Chromium of this machine, without a window, and what it complains about. */
final class Browser implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Kept here, as a logger that nobody holds forgets its level. */
  private static final Logger DRIVER_LOG = Logger.getLogger("org.openqa.selenium");

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** A browser, or the test is skipped and says why. */
  static Browser start() {
    Optional<Path> chromium = onPath("chromium");
    Optional<Path> chromedriver = onPath("chromedriver");
    String missing =
        "Chromium or its driver is not on the PATH: install Debian's packages chromium and chromium-driver";
    if (chromium.isEmpty() || chromedriver.isEmpty()) {
      System.out.println("pages are not opened in a browser: " + missing);
    }
    assumeTrue(chromium.isPresent() && chromedriver.isPresent(), missing);

    DRIVER_LOG.setLevel(Level.SEVERE);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.orElseThrow().toFile());
    options.addArguments(
        "--headless=new",
        // The pages are ours, and CI is root, as whom the sandbox does not start.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--hide-scrollbars",
        "--force-device-scale-factor=1");
    options.setCapability("goog:loggingPrefs", Map.of("browser", "ALL", "performance", "ALL"));
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(chromedriver.orElseThrow().toFile())
            .usingAnyFreePort()
            .build();
    ChromeDriver driver = new ChromeDriver(service, options);
    driver.manage().timeouts().scriptTimeout(PATIENCE);
    driver.executeCdpCommand("Performance.enable", Map.of("timeDomain", "threadTicks"));
    return new Browser(driver);
  }

  private static Optional<Path> onPath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Looks of a page. */
  enum Look {
    DESKTOP_LIGHT(1280, 900, "light"),
    DESKTOP_DARK(1280, 900, "dark"),
    PHONE_LIGHT(390, 844, "light"),
    PHONE_DARK(390, 844, "dark");

    private final int width;
    private final int height;
    private final String scheme;

    Look(int width, int height, String scheme) {
      this.width = width;
      this.height = height;
      this.scheme = scheme;
    }

    boolean phone() {
      return width < 600;
    }
  }

  void look(Look look) {
    look(look, look.height);
  }

  void look(Look look, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width", look.width, "height", height, "deviceScaleFactor", 1, "mobile", look.phone()));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", look.scheme))));
  }

  /** Opens a file, and waits until its fleet view is there. */
  void open(Path page) {
    open(page.toUri());
  }

  /** Likewise of a server. */
  void open(URI page) {
    driver.get(page.toString());
    until("return !document.querySelector('#fleet-status').textContent.includes('script')");
  }

  /** What the console said since the last call; a policy that is broken is said there. */
  List<String> complaints() {
    return StreamSupport.stream(driver.manage().logs().get("browser").spliterator(), false)
        .map(entry -> entry.getLevel() + " " + entry.getMessage())
        .toList();
  }

  /** What was requested since the last call, the page itself included. */
  List<String> requests() {
    Predicate<String> sent = message -> message.contains("\"Network.requestWillBeSent\"");
    return StreamSupport.stream(driver.manage().logs().get("performance").spliterator(), false)
        .map(entry -> entry.getMessage())
        .filter(sent)
        .map(message -> message.replaceAll("(?s).*\"request\":\\{.*?\"url\":\"([^\"]*)\".*", "$1"))
        .toList();
  }

  /** Runs a script; {@code return} gives its value. */
  Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  String text(String script) {
    return String.valueOf(run(script));
  }

  /** Waits until a script returns true. */
  void until(String script) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!Boolean.TRUE.equals(run(script))) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within %s: %s".formatted(PATIENCE, script));
      }
      Thread.onSpinWait();
    }
  }

  /**
   * Runs a script in every page from now on, before the page's own.
   *
   * @return takes it back
   */
  Runnable beforeEveryPage(String script) {
    Object id =
        driver
            .executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script))
            .get("identifier");
    return () ->
        driver.executeCdpCommand(
            "Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", id));
  }

  /** Seconds of processor time that the main thread of the page has taken since it was opened. */
  double busySeconds() {
    Object metrics = driver.executeCdpCommand("Performance.getMetrics", Map.of()).get("metrics");
    return ((List<?>) metrics)
        .stream()
            .map(metric -> (Map<?, ?>) metric)
            .filter(metric -> "TaskDuration".equals(metric.get("name")))
            .mapToDouble(metric -> ((Number) metric.get("value")).doubleValue())
            .sum();
  }

  /** Waits until two frames are painted and what was asked for in the first is done. */
  void settle() {
    driver.executeAsyncScript(
        """
        const done = arguments[arguments.length - 1];
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100)));
        """);
  }

  WebElement find(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  List<WebElement> findAll(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  void hover(WebElement element) {
    run("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element);
    new Actions(driver).moveToElement(element).perform();
  }

  void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  void focus(WebElement element) {
    run("arguments[0].focus()", element);
  }

  /**
   * Violations of accessibility that are serious or critical, one a line; empty if there are none.
   */
  String seriousViolations() {
    if (Boolean.TRUE.equals(run("return !window.axe"))) {
      run(axe());
    }
    return String.valueOf(
        driver.executeAsyncScript(
            """
            const done = arguments[arguments.length - 1];
            axe.run().then(result => done(result.violations
                .filter(one => one.impact === 'serious' || one.impact === 'critical')
                .map(one => one.impact + ' ' + one.id + ': ' + one.help + '\\n  '
                    + one.nodes.slice(0, 5).map(node => node.html.slice(0, 200) + ' '
                        + node.any.concat(node.all, node.none).map(check => check.message).join('; ')).join('\\n  '))
                .join('\\n')), error => done('axe failed: ' + error));
            """));
  }

  private static String axe() {
    try (InputStream in = Browser.class.getResourceAsStream("/axe.min.js")) {
      if (in == null) {
        throw new IllegalStateException("axe.min.js is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A picture of what is in sight, as PNG. */
  byte[] picture() {
    return Base64.getDecoder()
        .decode(
            String.valueOf(
                driver
                    .executeCdpCommand("Page.captureScreenshot", Map.of("format", "png"))
                    .get("data")));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
