package io.inframetrics.sink.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.metric.MetricType;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.RunLedger.ProcessedMark;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

class DynamoDbRunLedgerTest {

  private static final Instant NOW = SampleMetrics.RUN.observedAt();
  private static final String ANOMALIES = "anomalies";

  private final LocalTable table = new LocalTable();
  private final ManualClock clock = ManualClock.at(NOW);
  private final RunLedger ledger = table.stores(clock).runLedger();

  @AfterEach
  void close() {
    table.close();
  }

  @Test
  void forgetsMarksAfterTheirRetention() {
    ledger.markProcessed(new ProcessedMark("raw-metrics/a", 1, 0, NOW), Deadlines.never());

    clock.set(NOW.plus(Duration.ofDays(30)).minusSeconds(1));
    assertThat(ledger.processed(List.of("raw-metrics/a"), Deadlines.never())).hasSize(1);
    clock.advance(Duration.ofSeconds(1));
    assertThat(ledger.processed(List.of("raw-metrics/a"), Deadlines.never())).isEmpty();
  }

  @Test
  void neverForgetsHowFarATypeIsCollected() {
    ledger.advanceCollectedUntil(MetricType.CPU_UTILIZATION, NOW, Deadlines.never());

    clock.advance(Duration.ofDays(1_000));

    assertThat(ledger.collectedUntil(MetricType.CPU_UTILIZATION, Deadlines.never())).contains(NOW);
    assertThat(table.items()).noneMatch(item -> item.containsKey("ttl"));
  }

  @Test
  void marksAKeyOfTheLongestKind() {
    String key = "raw-metrics/" + "k".repeat(1_024 - 12);
    ledger.markProcessed(new ProcessedMark(key, 1, 0, NOW), Deadlines.never());

    assertThat(ledger.processed(List.of(key), Deadlines.never())).containsKey(key);
  }

  @Test
  void endsAtTheFarthestMarkWhateverTheOrderOfAHundredAdvances() throws Exception {
    List<Instant> instants =
        new ArrayList<>(IntStream.range(0, 100).mapToObj(NOW::plusSeconds).toList());
    Collections.shuffle(instants, new Random(3));
    together(
        100,
        i ->
            () -> {
              ledger.advanceCollectedUntil(
                  MetricType.CPU_UTILIZATION, instants.get(i), Deadlines.never());
              return null;
            });

    assertThat(ledger.collectedUntil(MetricType.CPU_UTILIZATION, Deadlines.never()))
        .contains(NOW.plusSeconds(99));
  }

  @Test
  void keepsFortyThousandOpenFindings() {
    List<AnalysisMark> many = findings(40_000, "a");

    ledger.replaceAnalysisMarks(ANOMALIES, many, Deadlines.never());
    assertThat(ledger.analysisMarks(ANOMALIES, Deadlines.never())).isEqualTo(many);

    // Names that do not compress: several pieces.
    List<AnalysisMark> random = randomFindings(40_000);
    ledger.replaceAnalysisMarks(ANOMALIES, random, Deadlines.never());
    assertThat(ledger.analysisMarks(ANOMALIES, Deadlines.never())).isEqualTo(random);
    int items = table.items().size();
    assertThat(items).isGreaterThan(3);

    List<AnalysisMark> others = random.subList(1, random.size());
    ledger.replaceAnalysisMarks(ANOMALIES, others, Deadlines.never());
    assertThat(ledger.analysisMarks(ANOMALIES, Deadlines.never())).isEqualTo(others);
    assertThat(table.items()).as("the old pieces are deleted").hasSize(items);

    // Few again: in the head.
    ledger.replaceAnalysisMarks(ANOMALIES, findings(3, "b"), Deadlines.never());
    assertThat(ledger.analysisMarks(ANOMALIES, Deadlines.never())).isEqualTo(findings(3, "b"));
    assertThat(table.items()).hasSize(1);

    ledger.replaceAnalysisMarks(ANOMALIES, List.of(), Deadlines.never());
    assertThat(table.items()).as("only the head is left").hasSize(1);
  }

  @Test
  void keepsTheOldFindingsWhenTheHeadOfTheNewCannotBeWritten() {
    keepsTheOldFindings(findings(3, "before"));
  }

  @Test
  void keepsOldFindingsInPiecesWhenTheHeadOfTheNewCannotBeWritten() {
    keepsTheOldFindings(randomFindings(20_000));
  }

  private void keepsTheOldFindings(List<AnalysisMark> before) {
    ledger.replaceAnalysisMarks(ANOMALIES, before, Deadlines.never());
    table.fail(
        request ->
            request instanceof PutItemRequest
                ? LocalTable.serviceFailure(500, "InternalServerError")
                : null);

    assertThatThrownBy(
            () -> ledger.replaceAnalysisMarks(ANOMALIES, findings(5, "after"), Deadlines.never()))
        .isInstanceOf(RetryableFailureException.class);
    assertThat(ledger.analysisMarks(ANOMALIES, Deadlines.never())).isEqualTo(before);

    table.fail(request -> null);
    ledger.replaceAnalysisMarks(ANOMALIES, findings(5, "after"), Deadlines.never());
    assertThat(ledger.analysisMarks(ANOMALIES, Deadlines.never())).isEqualTo(findings(5, "after"));
    assertThat(table.items()).hasSize(1);
  }

  @Test
  void showsOneReplacementWholeWhenManyReplaceAndReadAtOnce() throws Exception {
    ledger.replaceAnalysisMarks(ANOMALIES, findings(50, "w0"), Deadlines.never());
    List<List<AnalysisMark>> seen =
        together(
            40,
            i ->
                () -> {
                  if (i % 2 == 0) {
                    ledger.replaceAnalysisMarks(
                        ANOMALIES, findings(50 + i, "w" + i), Deadlines.never());
                  }
                  return ledger.analysisMarks(ANOMALIES, Deadlines.never());
                });

    assertThat(seen)
        .allSatisfy(
            read -> {
              int writer = read.size() - 50;
              assertThat(read).isEqualTo(findings(read.size(), "w" + writer));
            });
  }

  @Test
  void forgetsFindingsThatWereNotReplacedForLong() {
    ledger.replaceAnalysisMarks(ANOMALIES, findings(2, "a"), Deadlines.never());

    clock.advance(Duration.ofDays(30));

    assertThat(ledger.analysisMarks(ANOMALIES, Deadlines.never())).isEmpty();
    assertThat(table.items()).allMatch(item -> item.containsKey("ttl"));
  }

  @Test
  void replacesFindingsWithTwoCallsAndReadsThemWithOne() {
    ledger.replaceAnalysisMarks(ANOMALIES, findings(10, "a"), Deadlines.never());
    table.forgetRequests();

    ledger.replaceAnalysisMarks(ANOMALIES, findings(11, "a"), Deadlines.never());
    assertThat(table.calls()).isEqualTo(Map.of("BatchGetItem", 1L, "PutItem", 1L));

    table.forgetRequests();
    ledger.analysisMarks(ANOMALIES, Deadlines.never());
    assertThat(table.calls()).isEqualTo(Map.of("Query", 1L));
  }

  @Test
  void readsWhatWasLearnedAboutNeighboursWithOneCall() {
    SortedMap<String, byte[]> all = learnedAbout(1_000);
    ledger.learn(all, Deadlines.never());
    table.forgetRequests();

    SortedMap<String, byte[]> some = all.subMap("cpu_utilization#i-0300", "cpu_utilization#i-0400");
    assertThat(ledger.learned(some.keySet(), Deadlines.never()))
        .containsExactlyInAnyOrderEntriesOf(some);
    assertThat(table.calls()).isEqualTo(Map.of("Query", 1L));
  }

  /** As in a fleet that changes daily: most of what is stored is of others. */
  @Test
  void readsWhatWasLearnedAboutSeriesThatAreFarApart() {
    SortedMap<String, byte[]> all = learnedAbout(1_000);
    ledger.learn(all, Deadlines.never());
    table.forgetRequests();

    SortedMap<String, byte[]> some = new TreeMap<>(all);
    some.keySet().removeIf(id -> !id.endsWith("7"));
    assertThat(ledger.learned(some.keySet(), Deadlines.never()))
        .containsExactlyInAnyOrderEntriesOf(some);
    assertThat(table.calls()).isEqualTo(Map.of("Query", 1L, "BatchGetItem", 1L));
  }

  @Test
  void knowsWhatWasLearnedWhateverTheIdsAndTheirOrder() {
    SortedMap<String, byte[]> all = learnedAbout(5);
    for (String id : List.of("i-\ufb01", "i-\ud83d\ude00", "i", "-", "i-0001\u00df")) {
      all.put("cpu_utilization#" + id, id.getBytes(StandardCharsets.UTF_8));
      all.put("disk_usage#" + id + "#device=%2F", id.getBytes(StandardCharsets.UTF_8));
    }
    for (String part : List.of("x", "\u00df", "\u20ac", "\ud83d\ude00")) {
      String rest = part.repeat((1_900 - 20) / part.getBytes(StandardCharsets.UTF_8).length);
      all.put("disk_usage#" + rest + "a", new byte[] {1});
      all.put("disk_usage#i" + rest + "b", new byte[] {2});
    }
    ledger.learn(all, Deadlines.never());

    List<String> ids = new ArrayList<>(all.keySet());
    for (int i = 0; i < 3; i++) {
      assertThat(ledger.learned(ids, Deadlines.never())).containsExactlyInAnyOrderEntriesOf(all);
      Collections.shuffle(ids, new Random(i));
    }
  }

  private static SortedMap<String, byte[]> learnedAbout(int count) {
    SortedMap<String, byte[]> all = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      all.put("cpu_utilization#i-%04d".formatted(i), new byte[] {1, (byte) i});
    }
    return all;
  }

  /** Items as the first version wrote them: the kind of a mark is in the detector's text. */
  @Test
  void readsAndWritesMarksAsEarlierVersionsStoredThem() throws IOException {
    List<AnalysisMark> marks =
        List.of(
            AnalysisMark.analyzedUntil("cpu_utilization#i-1", NOW),
            AnalysisMark.over("cpu_utilization#i-1", "threshold", NOW.minusSeconds(9)),
            AnalysisMark.open("cpu_utilization#i-2", "threshold", NOW.minusNanos(5)));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(new GZIPOutputStream(packed))) {
      List<String> detectors = List.of("looked-at", "threshold-over", "threshold");
      out.writeInt(detectors.size());
      for (int i = 0; i < detectors.size(); i++) {
        out.writeUTF(marks.get(i).seriesId());
        out.writeUTF(detectors.get(i));
        Instant at = marks.get(i).at();
        out.writeLong(at.getEpochSecond());
        out.writeInt(at.getNano());
      }
    }
    String ttl = String.valueOf(NOW.plusSeconds(9).getEpochSecond());
    table
        .table()
        .put(
            Map.of(
                "series_id", AttributeValue.fromS("@findings#anomalies"),
                "window_start", AttributeValue.fromS("head"),
                "number", AttributeValue.fromN("7"),
                "generation", AttributeValue.fromS("7-0123456789abcdef"),
                "pieces", AttributeValue.fromN("1"),
                "count", AttributeValue.fromN("3"),
                "ttl", AttributeValue.fromN(ttl)),
            Deadlines.never());
    table
        .table()
        .put(
            Map.of(
                "series_id", AttributeValue.fromS("@findings#anomalies"),
                "window_start", AttributeValue.fromS("7-0123456789abcdef#0000"),
                "data", AttributeValue.fromB(SdkBytes.fromByteArray(packed.toByteArray())),
                "ttl", AttributeValue.fromN(ttl)),
            Deadlines.never());

    assertThat(ledger.analysisMarks(ANOMALIES, Deadlines.never())).isEqualTo(marks);

    ledger.replaceAnalysisMarks(ANOMALIES, marks, Deadlines.never());
    assertThat(table.items())
        .filteredOn(item -> item.containsKey("data"))
        .singleElement()
        .satisfies(
            item ->
                assertThat(unzipped(item.get("data").b().asByteArray()))
                    .isEqualTo(unzipped(packed.toByteArray())));
  }

  private static byte[] unzipped(byte[] packed) throws IOException {
    return new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes();
  }

  private static List<AnalysisMark> findings(int count, String prefix) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                AnalysisMark.open(
                    "cpu_utilization#" + prefix + i, "threshold", NOW.minusSeconds(i).plusNanos(i)))
        .toList();
  }

  private static List<AnalysisMark> randomFindings(int count) {
    Random random = new Random(9);
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                AnalysisMark.open(
                    "disk_usage#i-%016x%016x".formatted(random.nextLong(), random.nextLong()),
                    "deviation",
                    Instant.ofEpochSecond(random.nextInt())))
        .toList();
  }

  private static <T> List<T> together(int count, IntFunction<Callable<T>> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> done : threads.invokeAll(IntStream.range(0, count).mapToObj(work).toList())) {
        results.add(done.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
