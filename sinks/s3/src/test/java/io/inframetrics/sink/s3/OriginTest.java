package io.inframetrics.sink.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.CollectionRun;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {

  private static final Instant START = Instant.parse("2026-02-19T08:27:43Z");
  private static final String SHA256 = "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @ValueSource(strings = {"run-1", " a  b ", "100%", "%41", "a+b", "=?UTF-8?Q?x?=", "%%20 "})
  void comesBackFromMetadataThatHttpKeepsAsTheyAre(String runId) {
    Origin origin = new Origin(runId, START, SHA256);

    Map<String, String> metadata = origin.metadata();

    assertThat(metadata.values()).allMatch(value -> value.matches("[!-~]+"));
    assertThat(Origin.of(metadata)).isEqualTo(origin);
  }

  @Test
  void readsRunIdsThatWereNeverEncoded() {
    assertThat(Origin.of(Map.of("run-id", "100%")).runId()).isEqualTo("100%");
    assertThat(Origin.of(Map.of("run-id", "a b")).runId()).isEqualTo("a b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "größe", "%C3%B6", "a%0Ab"})
  void readsWhatCannotBeARunIdAsNone(String stored) {
    assertThat(Origin.of(Map.of("run-id", stored)).runId()).isNull();
  }

  @Test
  void knowsNothingOfAnObjectWithoutMetadata() {
    assertThat(Origin.of(Map.of())).isEqualTo(new Origin(null, null, null));
    assertThat(new Origin(null, null, null).metadata()).isEmpty();
  }

  @Test
  void isTheSameCollectionWhateverTheContent() {
    Origin origin = new Origin("run-1", START, SHA256);

    assertThat(origin.isSameCollection(origin.withContentSha256("other"))).isTrue();
    assertThat(origin.isSameCollection(new Origin("run-2", START, SHA256))).isFalse();
    assertThat(origin.isSameCollection(new Origin("run-1", START.plusSeconds(1), SHA256)))
        .isFalse();
  }

  @Test
  void fitsIntoAnObjectsMetadataWithTheLongestRunId() {
    Origin longest = new Origin("%".repeat(CollectionRun.MAX_RUN_ID_LENGTH), Instant.MAX, SHA256);

    int bytes = 0;
    for (Map.Entry<String, String> entry : longest.metadata().entrySet()) {
      bytes += (entry.getKey() + entry.getValue()).getBytes(StandardCharsets.UTF_8).length;
    }
    assertThat(bytes).isLessThanOrEqualTo(S3Limits.MAX_METADATA_BYTES);
  }
}
