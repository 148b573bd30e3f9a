package io.inframetrics.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.testkit.memory.InMemoryStores;
import io.inframetrics.time.Deadline;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ReportPageTest {

  @Test
  void textFromOutsideStaysText() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ReportPage(new InMemoryStores().documentStore())
        .write(
            new PageRequest("<b>run</b>", Instant.EPOCH, null, null, ZoneOffset.UTC),
            out,
            Deadline.after(Duration.ofMinutes(1), Clock.systemUTC()));

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("Run <b>&lt;b&gt;run&lt;/b&gt;</b>")
        .doesNotContain("<b>run</b>")
        .endsWith("</html>\n");
  }
}
