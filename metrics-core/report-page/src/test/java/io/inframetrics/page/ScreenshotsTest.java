package io.inframetrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.page.Browser.Look;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes the pictures of the README, after the page has changed:
 *
 * <pre>
 * mvn test -pl metrics-core/report-page -am -Psoak -Dtest=ScreenshotsTest -Dsurefire.failIfNoSpecifiedTests=false -Dinframetrics.screenshots=images
 * </pre>
 */
@Tag("soak")
@EnabledIfSystemProperty(named = "inframetrics.screenshots", matches = ".+")
class ScreenshotsTest {

  /** Down to the end of the first chart. */
  private static final int REPORT_HEIGHT = 1_020;

  private static final int FLEET_HEIGHT = 760;

  /** Readers of the README load them. */
  private static final long MOST_BYTES = 150_000;

  private final Path images = Path.of(System.getProperty("inframetrics.screenshots", ""));

  @TempDir Path folder;

  @Test
  void picturesForTheReadme() throws IOException {
    Path report = write("report", PageFixtures.degradedWithUsualNames());
    Path huge = write("fleet", PageFixtures.huge());
    Files.createDirectories(images);
    try (Browser browser = Browser.start()) {
      browser.look(Look.DESKTOP_LIGHT, REPORT_HEIGHT);
      browser.open(report);
      browser.until("return document.querySelectorAll('figure .u-over').length > 0");
      save(browser, "report");

      browser.look(Look.DESKTOP_DARK, FLEET_HEIGHT);
      browser.open(huge);
      browser.run("document.documentElement.style.scrollBehavior = 'auto'");
      browser.run("document.querySelectorAll('.fleet-row')[2].click()");
      browser.until("return document.querySelectorAll('#fleet-detail canvas').length > 0");
      browser.run("document.querySelector('#fleet').scrollIntoView()");
      save(browser, "fleet");
    }
  }

  private Path write(String name, PageFixtures.Run run) throws IOException {
    return Files.writeString(folder.resolve(name + ".html"), run.page());
  }

  private void save(Browser browser, String name) throws IOException {
    // What is drawn in answer to the scrolling.
    browser.settle();
    BufferedImage seen = ImageIO.read(new ByteArrayInputStream(browser.picture()));
    BufferedImage opaque =
        new BufferedImage(seen.getWidth(), seen.getHeight(), BufferedImage.TYPE_INT_RGB);
    opaque.createGraphics().drawImage(seen, 0, 0, null);
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    // The browser hurries, and its files are half as large again.
    ImageWriteParam smallest = writer.getDefaultWriteParam();
    smallest.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    smallest.setCompressionQuality(0);
    Path image = images.resolve(name + ".png");
    Files.deleteIfExists(image);
    try (ImageOutputStream out = ImageIO.createImageOutputStream(image.toFile())) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(opaque, null, null), smallest);
    }
    writer.dispose();
    assertThat(Files.size(image)).isLessThan(MOST_BYTES);
  }
}
