package io.inframetrics.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrowserTest {

  private static final URI PAGE = URI.create("file:///data/a%20b/page.html");

  @ParameterizedTest
  @CsvSource({
    "mac os x,      NONE,            open",
    "windows 11,    NONE,            rundll32 url.dll;FileProtocolHandler",
    "linux,         DISPLAY,         xdg-open",
    "linux,         WAYLAND_DISPLAY, xdg-open",
    "linux,         BROWSER,         xdg-open",
  })
  void eachSystemHasAProgramThatOpensPages(String system, String variable, String expected) {
    assertThat(Browser.opener(system, Map.of(variable, ":0")))
        .contains(List.of(expected.replace(';', ',').split(" ")));
  }

  @Test
  void withoutADesktopTheAddressIsSaid() {
    assertThat(Browser.opener("linux", Map.of("DISPLAY", ""))).isEmpty();
    assertThat(Browser.opener("linux", Map.of())).isEmpty();
  }

  @Test
  void aProgramThatFailsOrIsNotThereIsSaidWithTheAddress() {
    assertThat(Browser.start(List.of("false"), PAGE))
        .contains("note: false exited with 1: open " + PAGE + " in a browser");
    assertThat(Browser.start(List.of("no-such-opener"), PAGE))
        .contains("note: no-such-opener cannot be started: open " + PAGE + " in a browser");
    assertThat(Browser.start(List.of("true"), PAGE)).isEmpty();
  }
}
