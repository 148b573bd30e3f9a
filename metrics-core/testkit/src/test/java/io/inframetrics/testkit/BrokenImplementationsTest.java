package io.inframetrics.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.AnalysisMark;
import io.inframetrics.sink.DocumentStore;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.Notifier;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.testkit.contract.DocumentStoreContract;
import io.inframetrics.testkit.contract.MetricCollectorContract;
import io.inframetrics.testkit.contract.MetricPublisherContract;
import io.inframetrics.testkit.contract.NotifierContract;
import io.inframetrics.testkit.contract.RunLedgerContract;
import io.inframetrics.time.Deadline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** The other contracts fail what breaks them, at the clause that it breaks. */
class BrokenImplementationsTest {

  @Test
  void aPublisherThatThrowsAndLosesCountFails() {
    assertThat(Broken.failedTests(ThrowingPublisher.class))
        .contains(
            "neverThrowsWhenNoTimeIsLeft",
            "neverThrowsWhenTheMetricsCannotBeRead",
            "accountsForEveryDataPointOfManyBatches");
  }

  @Test
  void aNotifierThatDropsAttributesAndRefusesLongMessagesFails() {
    assertThat(Broken.failedTests(ForgetfulNotifier.class))
        .contains(
            "deliversSubjectMessageAndAttributes",
            "neverFailsBecauseAMessageIsLong",
            "deliversDifferentNotificationsEach");
  }

  @Test
  void aLedgerThatGoesBackAndAddsFindingsFails() {
    assertThat(Broken.failedTests(RegressingLedger.class))
        .contains(
            "neverMovesTheMarkOfATypeBack",
            "replacesTheOpenFindingsOfOneAnalysisOnly",
            "replacesAMarkByALaterOne");
  }

  @Test
  void aDocumentStoreThatNeverReplacesAndCopiesFails() {
    assertThat(Broken.failedTests(CopyingReports.class))
        .contains(
            "replacesAnObjectAtTheCommitAndNotBefore", "movesAnObject", "replacesWhatAMoveFinds");
  }

  @Test
  void aCarelessCollectorFails() {
    assertThat(Broken.failedTests(CarelessCollector.class))
        .contains(
            "pushesOnlyObservationsOfItsTypeWithinTheWindow",
            "pushesEachObservationOnce",
            "answersTheSameWhenARunIsRetried",
            "letsTheConsumersCancellationThrough");
  }

  static class ThrowingPublisher extends MetricPublisherContract {
    @Override
    protected MetricPublisher publisher() {
      return (metrics, deadline) -> {
        if (deadline.hasPassed()) {
          throw new RetryableFailureException("too late");
        }
        int[] count = {0};
        metrics.forEach(batch -> count[0] += batch.size());
        return WriteResult.written(count[0] > 100 ? count[0] * 2L : count[0]);
      };
    }
  }

  static class ForgetfulNotifier extends NotifierContract {
    private final Map<String, Notifier.Notification> bySubject = new HashMap<>();

    @Override
    protected Notifier notifier() {
      return (notification, deadline) -> {
        if (notification.message().length() > 10_000) {
          return new WriteResult(
              0, 0, List.of(new WriteResult.Failed("notification", "too long")), List.of());
        }
        bySubject.put(
            notification.subject(),
            Notifier.Notification.of(notification.subject(), notification.message(), Map.of()));
        return WriteResult.written(1);
      };
    }

    @Override
    protected List<Notifier.Notification> arrived() {
      return List.copyOf(bySubject.values());
    }
  }

  static class RegressingLedger extends RunLedgerContract {
    private final Map<String, RunLedger.ProcessedMark> marks = new ConcurrentHashMap<>();
    private final Map<MetricType, Instant> until = new ConcurrentHashMap<>();
    private final List<AnalysisMark> findings = new ArrayList<>();
    private final Map<String, byte[]> learned = new ConcurrentHashMap<>();

    @Override
    protected RunLedger ledger() {
      return new RunLedger() {
        @Override
        public void markProcessed(ProcessedMark mark, Deadline deadline) {
          marks.putIfAbsent(mark.key(), mark);
        }

        @Override
        public Map<String, ProcessedMark> processed(Collection<String> keys, Deadline deadline) {
          Map<String, ProcessedMark> found = new HashMap<>(marks);
          found.keySet().retainAll(keys);
          return found;
        }

        @Override
        public Map<String, byte[]> learned(Collection<String> seriesIds, Deadline deadline) {
          return learned;
        }

        @Override
        public void learn(Map<String, byte[]> bySeriesId, Deadline deadline) {
          learned.putAll(bySeriesId);
        }

        @Override
        public Optional<Instant> collectedUntil(MetricType type, Deadline deadline) {
          return Optional.ofNullable(until.get(type));
        }

        @Override
        public void advanceCollectedUntil(MetricType type, Instant to, Deadline deadline) {
          until.put(type, to);
        }

        @Override
        public List<AnalysisMark> analysisMarks(String analysis, Deadline deadline) {
          return List.copyOf(findings);
        }

        @Override
        public void replaceAnalysisMarks(
            String analysis, List<AnalysisMark> open, Deadline deadline) {
          findings.addAll(open);
        }
      };
    }
  }

  static class CopyingReports extends DocumentStoreContract {
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();

    @Override
    protected DocumentStore store() {
      Broken.MapSource source = new Broken.MapSource(files);
      return new DocumentStore() {
        @Override
        public StagedObject<String> create(String key, Deadline deadline) {
          return new Broken.Buffer<>(
              content -> {
                files.putIfAbsent(key, content);
                return key;
              });
        }

        @Override
        public Optional<StoredObject> open(String key, Deadline deadline) {
          return source.open(key, deadline);
        }

        @Override
        public List<String> list(String prefix, Deadline deadline) {
          return source.list(prefix, deadline);
        }

        @Override
        public void move(String from, String to, Deadline deadline) {
          files.putIfAbsent(to, files.get(from));
        }
      };
    }
  }

  static class CarelessCollector extends MetricCollectorContract {
    private int calls;

    @Override
    protected MetricCollector collector() {
      return new MetricCollector() {
        @Override
        public MetricType type() {
          return MetricType.CPU_UTILIZATION;
        }

        @Override
        public void collect(CollectionRequest request, MetricConsumer consumer) {
          Series series = Series.of(MetricType.MEMORY_USAGE, "i-" + calls++);
          for (int i = 0; i < 2; i++) {
            try {
              consumer.accept(
                  new Observation(series, request.since(), 1, MetricUnit.PERCENT, "local"));
            } catch (RuntimeException e) {
              continue;
            }
          }
        }
      };
    }
  }
}
