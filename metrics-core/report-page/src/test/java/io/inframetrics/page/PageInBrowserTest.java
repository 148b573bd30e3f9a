package io.inframetrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.page.Browser.Look;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The pages of all kinds of runs, opened in Chromium from files, as people do. */
@Tag("soak")
class PageInBrowserTest {

  private static final long MOST_BYTES = 5_000_000;
  private static final long MOST_MILLIS = 1_000;
  private static final int OPENINGS = 5;

  private static final String CHART_SHOWN =
      "return document.querySelectorAll('#fleet-detail .chart canvas').length > 0";

  @TempDir static Path folder;

  private static Browser browser;
  private static final Map<Kind, PageFixtures.Run> RUNS = new EnumMap<>(Kind.class);

  enum Kind {
    HEALTHY,
    DEGRADED,
    FAILED,
    EMPTY,
    FIRST,
    HUGE;

    Path page() {
      return folder.resolve(name() + ".html");
    }

    PageFixtures.Run run() {
      return switch (this) {
        case HEALTHY -> PageFixtures.healthy();
        case DEGRADED -> PageFixtures.degraded();
        case FAILED -> PageFixtures.failed();
        case EMPTY -> PageFixtures.empty();
        case FIRST -> PageFixtures.first();
        case HUGE -> PageFixtures.huge();
      };
    }

    /**
     * On two screens there is all that has a color or a place; two pages have all that there is.
     */
    List<Look> looks() {
      return this == DEGRADED || this == FAILED
          ? List.of(Look.values())
          : List.of(Look.DESKTOP_LIGHT, Look.PHONE_DARK);
    }

    boolean hasSeries() {
      return this != FAILED && this != EMPTY;
    }
  }

  @BeforeAll
  static void open() throws IOException {
    browser = Browser.start();
    for (Kind kind : Kind.values()) {
      PageFixtures.Run run = kind.run();
      RUNS.put(kind, run);
      Files.writeString(kind.page(), run.page());
    }
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  /** Without a complaint of the console, a request, or a serious violation of accessibility. */
  @ParameterizedTest
  @EnumSource
  void opensWellOnEveryScreen(Kind kind) {
    browser.complaints();
    browser.requests();
    for (Look look : kind.looks()) {
      String screen = kind + " " + look;
      browser.look(look);
      browser.open(kind.page());
      if (kind.hasSeries()) {
        openFirstSeries();
        browser.run("document.querySelector('#fleet-table').open = true");
      }

      assertThat(browser.seriousViolations()).as(screen).isEmpty();
      assertThat(browser.complaints()).as(screen).isEmpty();
      assertThat(browser.requests()).as(screen).containsOnly(kind.page().toUri().toString());
      assertThat(browser.run("return document.documentElement.scrollWidth - innerWidth"))
          .as("wider than the screen: %s", screen)
          .isEqualTo(0L);
    }
  }

  @ParameterizedTest
  @EnumSource
  void saysWhatWasFound(Kind kind) {
    browser.look(Look.DESKTOP_LIGHT);
    browser.open(kind.page());
    String text = browser.text("return document.body.textContent");

    assertThat(text).contains(RUNS.get(kind).request().runId());
    List<String> reasons = reasons(RUNS.get(kind));
    assertThat(reasons.isEmpty()).isEqualTo(kind != Kind.DEGRADED && kind != Kind.HUGE);
    for (String reason : reasons) {
      assertThat(text).contains(reason);
    }
    if (kind == Kind.DEGRADED || kind == Kind.FAILED) {
      assertThat(text).contains(PageFixtures.MARKUP_CAUSE);
    }
  }

  /** Of the findings of this run, not of the run before. */
  private static List<String> reasons(PageFixtures.Run run) {
    String key = run.request().reportKey();
    String report = key == null ? "" : run.stores().documents().text(key);
    return Pattern.compile("\"reason\":\"([^\"]*)\"")
        .matcher(report.replaceFirst("(?s)\"before\":.*", ""))
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  @Test
  void textFromOutsideStaysText() {
    browser.look(Look.DESKTOP_LIGHT);
    browser.open(Kind.DEGRADED.page());
    browser.findAll("details").forEach(one -> browser.run("arguments[0].open = true", one));
    for (int row = 0; row < browser.findAll(".fleet-row").size(); row++) {
      browser.run("document.querySelectorAll('.fleet-row')[arguments[0]].click()", row);
    }

    assertThat(browser.text("return document.title")).isNotEqualTo("x");
    assertThat(browser.text("return document.body.textContent"))
        .contains(PageFixtures.MARKUP_INSTANCE, PageFixtures.MARKUP_DIMENSION);
    assertThat(
            browser.run(
                """
                return [...document.querySelectorAll('b, i, u, script')]
                    .filter(one => ['web-7', 'west', 'network'].includes(one.textContent)
                        || one.textContent.startsWith('document.title'))
                    .length
                """))
        .isEqualTo(0L);
  }

  @Test
  void aChartShowsTheValueUnderThePointerAndTheKeys() {
    browser.look(Look.DESKTOP_LIGHT);
    browser.open(Kind.DEGRADED.page());
    WebElement figure = browser.find("figure[data-series]");
    browser.run("arguments[0].scrollIntoView({block: 'center'})", figure);
    browser.until("return document.querySelectorAll('figure[data-series] .u-over').length > 0");

    browser.hover(browser.find("figure[data-series] .u-over"));

    browser.until("return !document.querySelector('.chart-read').textContent.startsWith('Newest')");
    assertThat(browser.text("return document.querySelector('.chart-read').textContent"))
        .matches("(?s).*2026-11-2\\d \\d\\d:\\d\\d.* %.*");

    browser.focus(browser.find("figure[data-series] .chart-box"));
    browser.press(Keys.ARROW_LEFT);
    browser.press(Keys.ARROW_LEFT);
    browser.until(
        "return document.querySelector('figure[data-series] [aria-live=polite]').textContent.includes('%')");

    browser.press("+");
    browser.until(
        "return document.querySelector('figure[data-series] [aria-live=polite]').textContent.startsWith('Shows 2026')");
    browser.press("0");
    browser.until(
        "return document.querySelector('figure[data-series] [aria-live=polite]').textContent === 'Shows all of it'");
  }

  @ParameterizedTest
  @EnumSource(names = {"DEGRADED", "HUGE", "FIRST"})
  void theFleetIsWalkedThroughWithKeys(Kind kind) {
    browser.look(Look.DESKTOP_LIGHT);
    browser.open(kind.page());
    browser.focus(browser.find("#fleet-list"));
    browser.press(Keys.ARROW_DOWN);
    browser.press(Keys.ARROW_DOWN);
    assertThat(currentRow()).isEqualTo("fleet-row-2");

    browser.press(Keys.ENTER);
    browser.until(CHART_SHOWN);
    String third = browser.text("return document.querySelector('#fleet-detail h3').textContent");
    assertThat(browser.text("return document.querySelector('.fleet-at').textContent"))
        .contains(third);
    browser.press(Keys.ARROW_UP);
    assertThat(currentRow()).isEqualTo("fleet-row-1");
    browser.until(CHART_SHOWN);

    browser.press(Keys.ESCAPE);
    browser.until("return document.querySelector('#fleet-detail').hidden");
    assertThat(browser.text("return document.activeElement.id")).isEqualTo("fleet-list");

    browser.press(Keys.END);
    browser.until(
        "return document.querySelector('.fleet-at').getAttribute('aria-posinset')"
            + " === document.querySelector('.fleet-at').getAttribute('aria-setsize')");
  }

  private static String currentRow() {
    browser.until(
        "return document.querySelector('.fleet-at').id"
            + " === document.querySelector('#fleet-list').getAttribute('aria-activedescendant')");
    return browser.text("return document.querySelector('.fleet-at').id");
  }

  @ParameterizedTest
  @EnumSource(names = {"DEGRADED", "HUGE"})
  void theFleetIsSearched(Kind kind) {
    browser.look(Look.DESKTOP_LIGHT);
    browser.open(kind.page());
    WebElement search = browser.find("#fleet-filter input[type=search]");
    String instance = kind == Kind.HUGE ? "i-0" : "web-3";
    search.sendKeys(instance + " disk");
    assertThat(status()).matches("\\d+ of [\\d,]+ series.*");
    assertThat(browser.findAll(".fleet-row"))
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row.getText()).contains("disk_usage"));

    search.sendKeys(" nothing-has-this-name");
    assertThat(status()).startsWith("0 of ");
    search.clear();
    search.sendKeys(kind == Kind.HUGE ? "us-east-1" : "<i>west</i>");
    assertThat(status()).doesNotStartWith("0 of");
    search.clear();
    browser.run(
        """
        const form = document.querySelector('#fleet-filter');
        form.elements.type.value = 'cpu_utilization';
        form.elements.findings.click();
        """);
    assertThat(browser.findAll(".fleet-row"))
        .isNotEmpty()
        .allSatisfy(
            row -> {
              assertThat(row.getText()).contains("cpu_utilization");
              assertThat(row.getText()).containsAnyOf("◆", "▲", "●");
            });
  }

  private static String status() {
    return browser.text("return document.querySelector('#fleet-status').textContent");
  }

  @ParameterizedTest
  @EnumSource(names = {"DEGRADED", "HUGE"})
  void theFleetShowsTheValueUnderThePointer(Kind kind) {
    browser.look(Look.DESKTOP_LIGHT);
    browser.open(kind.page());

    browser.hover(browser.find(".fleet-strip"));

    browser.until("return document.querySelector('#fleet-read').textContent !== ''");
    assertThat(browser.text("return document.querySelector('#fleet-read').textContent"))
        .matches(".*, 2026-11-2\\d \\d\\d:\\d\\d, (no points|[\\d.]+ %).*");
  }

  @Test
  void theTableHasEverySeriesAndIsSorted() {
    browser.look(Look.DESKTOP_LIGHT);
    browser.open(Kind.HUGE.page());
    browser.run("document.querySelector('#fleet-table').open = true");
    browser.until("return document.querySelectorAll('#fleet-table tbody tr').length === 100");
    assertThat(browser.text("return document.querySelector('.fleet-pages output').textContent"))
        .isEqualTo("1 to 100 of 4000");

    browser.run("document.querySelector('.fleet-pages button:last-child').click()");
    assertThat(browser.text("return document.querySelector('.fleet-pages output').textContent"))
        .isEqualTo("101 to 200 of 4000");

    browser.run(
        "[...document.querySelectorAll('#fleet-table th button')].find(one => one.textContent === 'Region').click()");
    assertThat(browser.text("return document.querySelector('#fleet-table tbody tr').textContent"))
        .contains("eu-west-1");
    browser.run(
        "[...document.querySelectorAll('#fleet-table th button')].find(one => one.textContent === 'Region').click()");
    assertThat(browser.text("return document.querySelector('#fleet-table tbody tr').textContent"))
        .contains("us-east-1");
    assertThat(
            browser.text(
                "return document.querySelector('#fleet-table th[aria-sort]').getAttribute('aria-sort')"))
        .isEqualTo("descending");
  }

  private static void openFirstSeries() {
    browser.run("document.querySelector('.fleet-row').click()");
    browser.until(CHART_SHOWN);
  }

  @Test
  void thePageOfAHugeFleetIsSmallAndFast() throws IOException {
    long bytes = Files.size(Kind.HUGE.page());
    System.out.printf("page of 1,000 instances x 4 types x 240 points: %,d bytes%n", bytes);
    assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES);

    browser.look(Look.DESKTOP_LIGHT);
    Opening median = medianOfFive();
    // Somebody else's work on the machine only ever makes it slower.
    for (int again = 0; again < 2 && !median.fast(); again++) {
      median = medianOfFive();
    }
    assertThat(median.fast() || (machineIsBusy() && median.busy < MOST_MILLIS))
        .as("%s", median)
        .isTrue();
    assertThat(
            browser.run(
                "return document.querySelector('h1').getBoundingClientRect().bottom < innerHeight"))
        .isEqualTo(true);
  }

  /**
   * Whether more runs here than this test, so that time on the clock says little about the page.
   */
  private static boolean machineIsBusy() {
    OperatingSystemMXBean machine = ManagementFactory.getOperatingSystemMXBean();
    return machine.getSystemLoadAverage() > 1;
  }

  /**
   * Milliseconds from opening until what was there to see.
   *
   * @param busy processor time of the page's main thread until then
   */
  private record Opening(double summary, double chart, double busy) {
    boolean fast() {
      return summary < MOST_MILLIS && chart < MOST_MILLIS;
    }
  }

  /** The click comes from within the page, as what a driver takes is not the page's. */
  private static Opening medianOfFive() {
    List<Double> summary = new ArrayList<>();
    List<Double> chart = new ArrayList<>();
    List<Double> busy = new ArrayList<>();
    Runnable takeBack =
        browser.beforeEveryPage(
            """
            const looking = setInterval(() => {
              const row = document.querySelector('.fleet-row');
              if (row) {
                clearInterval(looking);
                row.click();
                requestAnimationFrame(() => setTimeout(() => {
                  if (document.querySelector('#fleet-detail .chart canvas')) {
                    window.chartShown = performance.now();
                  }
                }));
              }
            }, 20);
            """);
    for (int i = 0; i < OPENINGS; i++) {
      browser.open(Kind.HUGE.page());
      browser.until("return window.chartShown > 0");
      busy.add(1_000 * browser.busySeconds());
      chart.add(millis("return window.chartShown"));
      summary.add(
          millis("return performance.getEntriesByName('first-contentful-paint')[0].startTime"));
    }
    takeBack.run();
    Opening median = new Opening(median(summary), median(chart), median(busy));
    System.out.printf(
        "ms from opening, median of %d: summary painted %.0f of %s, chart of a clicked series shown %.0f of %s, processor time of the main thread %.0f of %s%n",
        OPENINGS,
        median.summary,
        rounded(summary),
        median.chart,
        rounded(chart),
        median.busy,
        rounded(busy));
    return median;
  }

  private static double millis(String script) {
    return ((Number) browser.run(script)).doubleValue();
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }

  private static String rounded(List<Double> values) {
    return Arrays.toString(values.stream().mapToLong(Math::round).toArray());
  }
}
