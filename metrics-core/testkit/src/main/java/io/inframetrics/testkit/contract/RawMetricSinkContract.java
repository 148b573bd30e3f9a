package io.inframetrics.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.metric.CollectionRun;
import io.inframetrics.metric.MetricType;
import io.inframetrics.naming.DatedObjectKeys;
import io.inframetrics.naming.Sha256;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSink.Commit;
import io.inframetrics.sink.RawMetricSink.Spec;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RawMetricSink} and the {@link RawMetricSource} over the same files must do.
 * Each test starts from an empty store: make it in a {@code @BeforeEach} or with the test class.
 */
@DisplayName("Raw metric sink and source")
public abstract class RawMetricSinkContract {

  private static final MetricType TYPE = MetricType.CPU_UTILIZATION;
  private static final List<String> KEYS =
      new DatedObjectKeys().candidates(TYPE, SampleMetrics.RUN);

  protected abstract RawMetricSink sink();

  /** The source that reads what {@link #sink} stores. */
  protected abstract RawMetricSource source();

  /** Bytes of the file that must be streamed: 16 MiB. Lower it if the store cannot take so much. */
  protected int largeFileBytes() {
    return 16 << 20;
  }

  @Test
  void keepsAFileAsItWasWritten() {
    Commit commit = store(SampleMetrics.RUN, KEYS, "first\nsecond\n");

    assertThat(commit).isEqualTo(new Commit(KEYS.get(0), true));
    assertThat(text(KEYS.get(0))).isEqualTo("first\nsecond\n");
  }

  @Test
  void remembersTheRunAndTheWindow() {
    store(SampleMetrics.RUN, KEYS, "x");

    try (StoredObject object = open(KEYS.get(0))) {
      assertThat(object.key()).isEqualTo(KEYS.get(0));
      assertThat(object.runId()).isEqualTo(SampleMetrics.RUN.runId());
      assertThat(object.windowStart()).isEqualTo(SampleMetrics.WINDOW_START);
    }
  }

  @Test
  void keepsTheFirstWriteWhenARunIsRetried() {
    store(SampleMetrics.RUN, KEYS, "first");

    Commit second = store(SampleMetrics.RUN, KEYS, "second, and longer");

    assertThat(second).isEqualTo(new Commit(KEYS.get(0), false));
    assertThat(text(KEYS.get(0))).isEqualTo("first");
    assertThat(list("")).containsExactly(KEYS.get(0));
  }

  @Test
  void givesAnotherRunTheNextKey() {
    List<String> rivalKeys = new DatedObjectKeys().candidates(TYPE, SampleMetrics.RIVAL_RUN);
    store(SampleMetrics.RUN, KEYS, "mine");

    Commit rival = store(SampleMetrics.RIVAL_RUN, rivalKeys, "theirs");
    Commit again = store(SampleMetrics.RIVAL_RUN, rivalKeys, "theirs again");

    assertThat(rival).isEqualTo(new Commit(rivalKeys.get(1), true));
    assertThat(again).isEqualTo(new Commit(rivalKeys.get(1), false));
    assertThat(text(KEYS.get(0))).isEqualTo("mine");
    assertThat(text(rivalKeys.get(1))).isEqualTo("theirs");
  }

  @Test
  void saysWhichKeysAreTakenWhenOtherRunsHoldThemAll() {
    store(SampleMetrics.RUN, List.of(KEYS.get(0)), "mine");

    assertThatThrownBy(() -> store(SampleMetrics.RIVAL_RUN, List.of(KEYS.get(0)), "theirs"))
        .as("another try cannot help, so the failure is not a retryable one")
        .isNotInstanceOf(RetryableFailureException.class)
        .isInstanceOf(RuntimeException.class)
        .hasMessageContaining(KEYS.get(0))
        .hasMessageContaining(SampleMetrics.RIVAL_RUN.runId());
    assertThat(text(KEYS.get(0))).isEqualTo("mine");
  }

  @Test
  void showsNothingBeforeTheCommit() throws IOException {
    try (StagedObject<Commit> staged = stage(SampleMetrics.RUN, KEYS)) {
      staged.body().write(new byte[100_000]);
      staged.body().flush();

      assertThat(source().open(KEYS.get(0), Deadlines.never())).isEmpty();
      assertThat(list("")).isEmpty();
    }
  }

  @Test
  void leavesNothingOfAFileThatIsAbandoned() throws IOException {
    try (StagedObject<Commit> staged = stage(SampleMetrics.RUN, KEYS)) {
      staged.body().write(new byte[100_000]);
    }

    assertThat(source().open(KEYS.get(0), Deadlines.never())).isEmpty();
    assertThat(list("")).isEmpty();
    assertThat(store(SampleMetrics.RUN, KEYS, "later").created())
        .as("the key is free again")
        .isTrue();
  }

  @Test
  void keepsWhatIsCommittedWhenClosedAgain() {
    StagedObject<Commit> staged = stage(SampleMetrics.RUN, KEYS);
    write(staged.body(), "kept");
    staged.commit();

    staged.close();
    staged.close();

    assertThat(text(KEYS.get(0))).isEqualTo("kept");
  }

  @Test
  void takesAnEmptyFile() {
    store(SampleMetrics.RUN, KEYS, "");

    assertThat(text(KEYS.get(0))).isEmpty();
    assertThat(store(SampleMetrics.RUN, KEYS, "not empty").created()).isFalse();
  }

  @Test
  void takesKeysWithSpacesPlusSignsAndUnicode() {
    List<String> keys =
        List.of(
            "raw-metrics/a b/with space.json",
            "raw-metrics/a+b/plus+plus.json",
            "raw-metrics/a%20b/percent%2Bsign.json",
            "raw-metrics/metric_type=cpu_utilization/dt=2026-02-19/equals.json",
            "raw-metrics/größe/東京-\uD83D\uDE80.json",
            "raw-metrics/punctuation/amp&semi;colon:quote'.json");
    for (String key : keys) {
      assertThat(store(SampleMetrics.RUN, List.of(key), "content of " + key))
          .isEqualTo(new Commit(key, true));
    }

    for (String key : keys) {
      assertThat(text(key)).isEqualTo("content of " + key);
      String folder = key.substring(0, key.lastIndexOf('/') + 1);
      assertThat(list(folder)).as("list of " + folder).containsExactly(key);
    }
  }

  @Test
  void streamsALargeFile() throws IOException {
    byte[] chunk = new byte[8_192 + 13];
    for (int i = 0; i < chunk.length; i++) {
      chunk[i] = (byte) (i * 31);
    }
    MessageDigest written = Sha256.newDigest();
    long size = 0;
    try (StagedObject<Commit> staged = stage(SampleMetrics.RUN, KEYS)) {
      OutputStream body = staged.body();
      while (size < largeFileBytes()) {
        body.write(chunk);
        written.update(chunk);
        size += chunk.length;
      }
      staged.commit();
    }

    MessageDigest read = Sha256.newDigest();
    long length;
    try (StoredObject object = open(KEYS.get(0));
        InputStream body = new DigestInputStream(object.body(), read)) {
      length = body.transferTo(OutputStream.nullOutputStream());
    }
    assertThat(length).isEqualTo(size);
    assertThat(Sha256.hex(read.digest())).isEqualTo(Sha256.hex(written.digest()));
  }

  @Test
  void listsTheKeysOfAPrefixSorted() {
    List<String> day =
        List.of(
            "raw-metrics/2026/02/19/metrics-b-9.json",
            "raw-metrics/2026/02/19/metrics-a-1.json",
            "raw-metrics/2026/02/19/metrics-a-1-0123abcd.json");
    List<String> others =
        List.of("raw-metrics/2026/02/18/metrics-a-1.json", "raw-metrics/2026/02/1/x.json");
    Stream.of(day, others)
        .flatMap(List::stream)
        .forEach(key -> store(SampleMetrics.RUN, List.of(key), key));

    assertThat(list("raw-metrics/2026/02/19/"))
        .containsExactlyElementsOf(day.stream().sorted().toList());
    assertThat(list("raw-metrics/2026/02/19/metrics-a"))
        .as("a prefix may end within a name")
        .containsExactlyElementsOf(day.subList(1, 3).stream().sorted().toList());
    assertThat(list("raw-metrics/2026/02/17/")).isEmpty();
  }

  @Test
  void answersEmptyForAFileThatIsNotThere() {
    assertThat(source().open("raw-metrics/2026/02/19/none.json", Deadlines.never())).isEmpty();
  }

  @Test
  void createsOneFileWhenTheSameRunCommitsItFromManyThreads() {
    List<Commit> commits =
        Together.run(
            IntStream.range(0, 8).boxed().toList(),
            i -> store(SampleMetrics.RUN, KEYS, "content " + i));

    assertThat(commits).extracting(Commit::key).containsOnly(KEYS.get(0));
    assertThat(commits).filteredOn(Commit::created).hasSize(1);
    assertThat(text(KEYS.get(0))).startsWith("content ");
  }

  @Test
  void givesEveryRunItsOwnFileWhenManyCommitOneKeyAtOnce() {
    List<CollectionRun> runs =
        IntStream.range(0, 6)
            .mapToObj(i -> new CollectionRun("rival-" + i, SampleMetrics.RUN.observedAt()))
            .toList();

    List<Commit> commits =
        Together.run(
            runs,
            run -> store(run, new DatedObjectKeys().candidates(TYPE, run), "of " + run.runId()));

    assertThat(commits).allMatch(Commit::created);
    assertThat(commits).extracting(Commit::key).doesNotHaveDuplicates();
    assertThat(commits).filteredOn(commit -> commit.key().equals(KEYS.get(0))).hasSize(1);
    for (int i = 0; i < runs.size(); i++) {
      assertThat(text(commits.get(i).key())).isEqualTo("of " + runs.get(i).runId());
    }
  }

  private Commit store(CollectionRun run, List<String> keys, String content) {
    try (StagedObject<Commit> staged = stage(run, keys)) {
      write(staged.body(), content);
      return staged.commit();
    }
  }

  private StagedObject<Commit> stage(CollectionRun run, List<String> keys) {
    return sink().open(new Spec(run, TYPE, SampleMetrics.WINDOW_START, keys), Deadlines.never());
  }

  private StoredObject open(String key) {
    return source()
        .open(key, Deadlines.never())
        .orElseThrow(() -> new AssertionError("there is no raw file '" + key + "'"));
  }

  private String text(String key) {
    try (StoredObject object = open(key)) {
      return text(object.body());
    }
  }

  private List<String> list(String prefix) {
    return source().list(prefix.isEmpty() ? "raw-metrics/" : prefix, Deadlines.never());
  }

  static String text(InputStream body) {
    try {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the object", e);
    }
  }

  public static void write(OutputStream body, String content) {
    try {
      body.write(content.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the object", e);
    }
  }
}
