package io.inframetrics.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.MetricType;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.RunLedger.ProcessedMark;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RunLedger} must do. Each test starts from an empty ledger. All instants are
 * whole seconds, since a ledger need not keep more.
 */
@DisplayName("Run ledger")
public abstract class RunLedgerContract {

  private static final Instant NOW = SampleMetrics.RUN.observedAt();
  private static final MetricType CPU = MetricType.CPU_UTILIZATION;

  protected RunLedgerContract() {}

  /** The ledger under test; a clock in it should show {@link SampleMetrics#RUN}'s instant. */
  protected abstract RunLedger ledger();

  @Test
  void remembersWhatWasProcessed() {
    ProcessedMark mark = new ProcessedMark(key(1), 1_000, 2, NOW);

    ledger().markProcessed(mark, Deadlines.never());

    assertThat(ledger().processed(List.of(key(1), key(2)), Deadlines.never()))
        .containsOnlyKeys(key(1))
        .containsValue(mark);
  }

  @Test
  void replacesAMarkByALaterOne() {
    ProcessedMark later = new ProcessedMark(key(1), 3, 0, NOW.plusSeconds(60));
    ledger().markProcessed(new ProcessedMark(key(1), 1, 2, NOW), Deadlines.never());

    ledger().markProcessed(later, Deadlines.never());

    assertThat(ledger().processed(List.of(key(1)), Deadlines.never())).containsValue(later);
  }

  @Test
  void keepsMarksOfAwkwardKeysApart() {
    List<String> keys =
        List.of("raw-metrics/a b", "raw-metrics/a+b", "raw-metrics/A b", "raw-metrics/größe-東京'");
    for (int i = 0; i < keys.size(); i++) {
      ledger().markProcessed(new ProcessedMark(keys.get(i), i, 0, NOW), Deadlines.never());
    }

    assertThat(ledger().processed(keys, Deadlines.never()))
        .hasSize(keys.size())
        .allSatisfy((key, mark) -> assertThat(mark.accepted()).isEqualTo(keys.indexOf(key)));
  }

  @Test
  void answersAHundredKeysAtOnceAndNone() {
    List<String> keys = IntStream.range(0, RunLedger.MAX_KEYS).mapToObj(i -> key(i)).toList();
    for (int i = 0; i < keys.size(); i += 2) {
      ledger().markProcessed(new ProcessedMark(keys.get(i), i, 0, NOW), Deadlines.never());
    }

    assertThat(ledger().processed(keys, Deadlines.never())).hasSize(RunLedger.MAX_KEYS / 2);
    assertThat(ledger().processed(List.of(), Deadlines.never())).isEmpty();
  }

  @Test
  void takesAKeyTwiceInOneQuestion() {
    ledger().markProcessed(new ProcessedMark(key(1), 1, 0, NOW), Deadlines.never());

    assertThat(ledger().processed(List.of(key(1), key(1)), Deadlines.never())).hasSize(1);
  }

  @Test
  void knowsNothingOfATypeThatWasNeverCollected() {
    assertThat(ledger().collectedUntil(CPU, Deadlines.never())).isEmpty();
  }

  @Test
  void advancesEachTypeOnItsOwn() {
    ledger().advanceCollectedUntil(CPU, NOW, Deadlines.never());
    ledger().advanceCollectedUntil(MetricType.DISK_USAGE, NOW.plusSeconds(1), Deadlines.never());

    assertThat(ledger().collectedUntil(CPU, Deadlines.never())).contains(NOW);
    assertThat(ledger().collectedUntil(MetricType.DISK_USAGE, Deadlines.never()))
        .contains(NOW.plusSeconds(1));
    assertThat(ledger().collectedUntil(MetricType.MEMORY_USAGE, Deadlines.never())).isEmpty();
  }

  @Test
  void neverMovesTheMarkOfATypeBack() {
    ledger().advanceCollectedUntil(CPU, NOW, Deadlines.never());

    ledger().advanceCollectedUntil(CPU, NOW.minus(Duration.ofHours(3)), Deadlines.never());
    assertThat(ledger().collectedUntil(CPU, Deadlines.never())).contains(NOW);

    ledger().advanceCollectedUntil(CPU, NOW.plusSeconds(5), Deadlines.never());
    assertThat(ledger().collectedUntil(CPU, Deadlines.never())).contains(NOW.plusSeconds(5));
  }

  @Test
  void endsAtTheFarthestMarkWhenManyAdvanceAtOnce() {
    List<Instant> instants =
        IntStream.of(3, 7, 1, 6, 2, 5, 4, 0).mapToObj(NOW::plusSeconds).toList();

    Together.run(
        instants,
        instant -> {
          ledger().advanceCollectedUntil(CPU, instant, Deadlines.never());
          return instant;
        });

    assertThat(ledger().collectedUntil(CPU, Deadlines.never())).contains(NOW.plusSeconds(7));
  }

  @Test
  void replacesTheOpenFindingsOfOneAnalysisOnly() {
    AnalysisMark first = AnalysisMark.open("cpu_utilization#i-1", "threshold", NOW);
    AnalysisMark second = AnalysisMark.open("cpu_utilization#i-1", "deviation", NOW);
    AnalysisMark third = AnalysisMark.open("disk_usage#größe#k=v", "forecast", NOW.minusSeconds(9));
    replace("anomalies", List.of(first, second));
    replace("forecast", List.of(third));

    assertThat(findings("anomalies")).containsExactlyInAnyOrder(first, second);

    replace("anomalies", List.of(second));
    assertThat(findings("anomalies")).containsExactly(second);
    assertThat(findings("forecast")).containsExactly(third);

    replace("anomalies", List.of());
    assertThat(findings("anomalies")).isEmpty();
    assertThat(findings("forecast")).containsExactly(third);
    assertThat(findings("never run")).isEmpty();
  }

  @Test
  void keepsThousandsOfOpenFindings() {
    List<AnalysisMark> many = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      many.add(AnalysisMark.open("cpu_utilization#i-" + i, "threshold", NOW.minusSeconds(i)));
    }

    replace("anomalies", many);

    assertThat(findings("anomalies")).containsExactlyInAnyOrderElementsOf(many);
  }

  @Test
  void keepsTheKindOfEveryMark() {
    List<AnalysisMark> marks =
        List.of(
            AnalysisMark.open("cpu_utilization#i-1", "threshold", NOW),
            AnalysisMark.over("cpu_utilization#i-1", "threshold", NOW.minusSeconds(9)),
            AnalysisMark.analyzedUntil("cpu_utilization#i-1", NOW),
            AnalysisMark.open("cpu_utilization#i-2", "rate-over", NOW));

    replace("anomalies", marks);

    assertThat(findings("anomalies")).containsExactlyInAnyOrderElementsOf(marks);
  }

  @Test
  void keepsWhatWasLearnedAboutEachSeries() {
    byte[] every = new byte[256];
    for (int i = 0; i < every.length; i++) {
      every[i] = (byte) i;
    }
    byte[] large = new byte[8_000];
    ledger()
        .learn(
            Map.of("cpu_utilization#i-1", every, "disk_usage#größe#k=v", large), Deadlines.never());

    assertThat(
            ledger()
                .learned(
                    List.of("cpu_utilization#i-1", "disk_usage#größe#k=v", "cpu_utilization#i-2"),
                    Deadlines.never()))
        .containsOnlyKeys("cpu_utilization#i-1", "disk_usage#größe#k=v")
        .containsEntry("cpu_utilization#i-1", every)
        .containsEntry("disk_usage#größe#k=v", large);
  }

  @Test
  void replacesWhatWasLearnedAboutTheSeriesItIsGivenOnly() {
    Map<String, byte[]> all = new HashMap<>();
    for (int i = 0; i < 250; i++) {
      all.put("cpu_utilization#i-" + i, new byte[] {1, (byte) i});
    }
    ledger().learn(all, Deadlines.never());

    ledger().learn(Map.of("cpu_utilization#i-7", new byte[] {9}), Deadlines.never());
    ledger().learn(Map.of(), Deadlines.never());

    List<String> asked =
        IntStream.range(0, RunLedger.MAX_KEYS).mapToObj(i -> "cpu_utilization#i-" + i).toList();
    all.keySet().retainAll(asked);
    all.put("cpu_utilization#i-7", new byte[] {9});
    assertThat(ledger().learned(asked, Deadlines.never())).containsExactlyInAnyOrderEntriesOf(all);
    assertThat(ledger().learned(List.of(), Deadlines.never())).isEmpty();
  }

  private void replace(String analysis, List<AnalysisMark> findings) {
    ledger().replaceAnalysisMarks(analysis, findings, Deadlines.never());
  }

  private List<AnalysisMark> findings(String analysis) {
    return ledger().analysisMarks(analysis, Deadlines.never());
  }

  private static String key(int i) {
    return "raw-metrics/2026/02/19/metrics-cpu_utilization-" + i + ".json";
  }
}
