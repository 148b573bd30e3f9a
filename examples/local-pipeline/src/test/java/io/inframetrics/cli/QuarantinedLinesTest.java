package io.inframetrics.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A raw file that somebody else wrote, with good lines and bad, and how the bad come back. */
@Timeout(60)
class QuarantinedLinesTest {

  private static final String NAME =
      "raw-metrics/2026/02/19/metrics-cpu_utilization-1771500000.json";
  private static final String QUARANTINED = "quarantine/" + NAME;
  private static final String REASONS = QUARANTINED + ".reasons.json";
  private static final String REPLAYED = "quarantine/replayed/" + NAME;

  private static final String MALFORMED = "{\"metric_id\": ";
  private static final String NOT_A_NUMBER = line("cpu_utilization", 1771499700, "\"NaN\"");
  private static final String FAR_PAST = line("cpu_utilization", 1500000000, "1");
  private static final String FAR_FUTURE = line("cpu_utilization", 1871500000, "1");
  private static final String WRONG_TYPE = line("memory_usage", 1771499700, "1");
  private static final String BAD =
      String.join("\n", MALFORMED, NOT_A_NUMBER, FAR_PAST, FAR_FUTURE, WRONG_TYPE) + "\n";

  @TempDir Path folder;

  private DataFolder data;

  @BeforeEach
  void dropAFileByHand() {
    data = new DataFolder(folder.resolve("data"));
    data.write(
        NAME,
        String.join(
            "\n",
            line("cpu_utilization", 1771500000, "37.66"),
            MALFORMED,
            NOT_A_NUMBER,
            line("cpu_utilization", 1771499400, "\"12.5\""),
            FAR_PAST,
            "",
            FAR_FUTURE,
            WRONG_TYPE));
  }

  private static String line(String type, long timestamp, String value) {
    return """
        {"metric_id":"%1$s#dropped#%2$d","metric_type":"%1$s","timestamp":%2$d,"value":%3$s,\
        "unit":"Percent","instance_id":"dropped","region":"eu-west-1","comment":"ignored"}"""
        .formatted(type, timestamp, value);
  }

  private void run() {
    Executed.command("run", "--source", "synthetic", "--data", data.root()).succeeded();
  }

  private Executed replay(String... keys) {
    Object[] arguments = new Object[3 + keys.length];
    System.arraycopy(new Object[] {"replay", "--data", data.root()}, 0, arguments, 0, 3);
    System.arraycopy(keys, 0, arguments, 3, keys.length);
    return Executed.command(arguments);
  }

  private List<List<String>> droppedRecords() {
    return data.rows(
        "SELECT timestamp, value FROM records WHERE instance_id = 'dropped' ORDER BY timestamp");
  }

  @Test
  void goodLinesBecomeRecordsAndBadOnesWaitWithTheirReasons() {
    run();

    assertThat(droppedRecords())
        .containsExactly(List.of("1771499400", "12.5"), List.of("1771500000", "37.66"));
    assertThat(data.keys("quarantine")).containsExactly(QUARANTINED, REASONS);
    assertThat(data.text(QUARANTINED)).as("verbatim").isEqualTo(BAD);
    assertThat(reasons(REASONS))
        .satisfiesExactly(
            reason -> assertThat(reason).startsWith("2 ").contains("JSON"),
            reason -> assertThat(reason).startsWith("3 ").contains("NaN"),
            reason -> assertThat(reason).startsWith("5 ").contains("1500000000", "30 days before"),
            reason -> assertThat(reason).startsWith("7 ").contains("1871500000", "2 hours after"),
            reason -> assertThat(reason).startsWith("8 ").contains("memory_usage"));
    assertThat(data.processed()).contains(NAME);
    assertThat(
            data.rows("SELECT accepted, refused FROM processed WHERE object_key = '" + NAME + "'"))
        .containsExactly(List.of("2", "5"));
  }

  @Test
  void aMendedLineComesBackAsARawFileOfItsOwn() {
    run();
    data.write(QUARANTINED, BAD.replace(NOT_A_NUMBER, NOT_A_NUMBER.replace("\"NaN\"", "55")));

    Executed replay = replay(QUARANTINED);

    assertThat(replay.exitCode()).as("four lines are still bad").isEqualTo(1);
    String rawKey =
        data.keys("raw-metrics").stream()
            .filter(key -> key.contains("-r"))
            .findFirst()
            .orElseThrow();
    assertThat(rawKey).matches(NAME.replace(".json", "-r[0-9a-f]{8}\\.json"));
    assertThat(replay.lines())
        .singleElement()
        .asString()
        .startsWith(QUARANTINED + ": 1 line replayed as " + rawKey + "; 4 still rejected")
        .contains("JSON");
    assertThat(droppedRecords()).contains(List.of("1771499700", "55.0")).hasSize(3);
    assertThat(data.processed()).contains(rawKey);
    assertThat(data.keys("quarantine"))
        .containsExactlyInAnyOrder(
            REPLAYED,
            REPLAYED + ".reasons.json",
            "quarantine/" + rawKey,
            "quarantine/" + rawKey + ".reasons.json");
    assertThat(data.text("quarantine/" + rawKey)).isEqualTo(BAD.replace(NOT_A_NUMBER + "\n", ""));
  }

  @Test
  void allMendedLinesComeBackByTheNameOfTheirRawFile() {
    run();
    data.write(QUARANTINED, line("cpu_utilization", 1771499700, "55") + "\n");

    Executed replay = replay(NAME).succeeded();

    assertThat(replay.out()).startsWith(QUARANTINED + ": 1 line replayed as ");
    assertThat(data.keys("quarantine")).containsExactly(REPLAYED, REPLAYED + ".reasons.json");
    assertThat(replay("--all").succeeded().lines()).containsExactly("nothing is in quarantine");
    replay(NAME).refused("there are no rejected lines under '" + QUARANTINED + "'");
  }

  @Test
  void nothingChangesWhileNoLineIsMended() {
    run();

    Executed replay = replay("--all");

    assertThat(replay.exitCode()).isEqualTo(1);
    assertThat(replay.out())
        .startsWith(
            QUARANTINED
                + ": every line was rejected again, so nothing was changed; the first reason: ");
    assertThat(data.keys("quarantine")).containsExactly(QUARANTINED, REASONS);
    assertThat(data.text(QUARANTINED)).isEqualTo(BAD);
  }

  @Test
  void anUnknownKeyIsRefused() {
    replay("quarantine/raw-metrics/2026/02/19/metrics-cpu_utilization-1.json")
        .refused("there are no rejected lines under", "cpu_utilization-1.json");
    replay("reports/x.json").refused("'reports/x.json' is not a key of rejected lines");
    replay().refused("KEY", "--all");
  }

  @Test
  void theSameBadFileAgainChangesNothing() {
    run();
    String reasons = data.text(REASONS);
    assertThat(data.rows("DELETE FROM processed RETURNING object_key")).hasSize(5);

    run();

    assertThat(data.text(REASONS)).isEqualTo(reasons);
    assertThat(data.text(QUARANTINED)).isEqualTo(BAD);
    assertThat(droppedRecords()).hasSize(2);
    assertThat(data.processed()).isEqualTo(data.keys("raw-metrics"));
  }

  private List<String> reasons(String key) {
    return StreamSupport.stream(data.json(key).spliterator(), false)
        .map(entry -> entry.path("line").asString("") + " " + entry.path("reason").stringValue())
        .toList();
  }
}
