package io.inframetrics.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.Notifier;
import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.ReportStore;
import io.inframetrics.sink.RunLedger;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.time.Deadline;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Each contract fails an implementation that breaks it, and at the clause that it breaks. */
class BrokenImplementationsTest {

  @Test
  void aSinkThatOverwritesFails() {
    assertThat(failedTests(OverwritingSink.class))
        .contains(
            "keepsTheFirstWriteWhenARunIsRetried",
            "givesAnotherRunTheNextKey",
            "saysWhichKeysAreTakenWhenOtherRunsHoldThemAll",
            "createsOneFileWhenTheSameRunCommitsItFromManyThreads",
            "givesEveryRunItsOwnFileWhenManyCommitOneKeyAtOnce",
            "remembersTheRunAndTheWindow");
  }

  @Test
  void aSinkThatShowsStagedFilesFails() {
    assertThat(failedTests(EagerSink.class))
        .contains("showsNothingBeforeTheCommit", "leavesNothingOfAFileThatIsAbandoned");
  }

  @Test
  void aSourceThatListsWithoutOrderOrPrefixFails() {
    assertThat(failedTests(UnsortedSource.class)).contains("listsTheKeysOfAPrefixSorted");
  }

  @Test
  void recordsThatReplaceTheWindowFail() {
    assertThat(failedTests(WindowReplacingRecords.class))
        .contains(
            "keepsThePointsOfASeriesThatTwoBatchesOfOneFileShare",
            "losesNothingWhenTwoWriteAtOnce");
  }

  @Test
  void recordsThatCountEverythingAsWrittenFail() {
    assertThat(failedTests(RecordsThatCountAll.class))
        .contains("changesNothingWhenAFileIsWrittenAgain", "countsWhatABatchRepeatsAsDuplicate");
  }

  @Test
  void aHistoryThatAnswersTheOldestAndExcludesEndsFails() {
    assertThat(failedTests(OldestFirstHistory.class))
        .contains(
            "answersTheNewestPointsOldestFirst",
            "includesBothEndsOfARange",
            "listsTheSeriesOfATypeThatWereSeenSince");
  }

  @Test
  void aPublisherThatThrowsAndLosesCountFails() {
    assertThat(failedTests(ThrowingPublisher.class))
        .contains(
            "neverThrowsWhenNoTimeIsLeft",
            "neverThrowsWhenTheMetricsCannotBeRead",
            "accountsForEveryDataPointOfManyBatches");
  }

  @Test
  void aNotifierThatDropsAttributesAndRefusesLongMessagesFails() {
    assertThat(failedTests(ForgetfulNotifier.class))
        .contains(
            "deliversSubjectMessageAndAttributes",
            "neverFailsBecauseAMessageIsLong",
            "deliversDifferentNotificationsEach");
  }

  @Test
  void aLedgerThatGoesBackAndAddsFindingsFails() {
    assertThat(failedTests(RegressingLedger.class))
        .contains(
            "neverMovesTheMarkOfATypeBack",
            "replacesTheOpenFindingsOfOneAnalysisOnly",
            "replacesAMarkByALaterOne");
  }

  @Test
  void aReportStoreThatNeverReplacesAndCopiesFails() {
    assertThat(failedTests(CopyingReports.class))
        .contains(
            "replacesAnObjectAtTheCommitAndNotBefore", "movesAnObject", "replacesWhatAMoveFinds");
  }

  @Test
  void aCarelessCollectorFails() {
    assertThat(failedTests(CarelessCollector.class))
        .contains(
            "pushesOnlyObservationsOfItsTypeWithinTheWindow",
            "pushesEachObservationOnce",
            "answersTheSameWhenARunIsRetried",
            "letsTheConsumersCancellationThrough");
  }

  private static Set<String> failedTests(Class<?> contract) {
    Set<String> failed = Collections.synchronizedSet(new TreeSet<>());
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(contract)).build();
    // Bare, so that the build's own listeners do not take these failures for failures of the build.
    Launcher launcher =
        LauncherFactory.create(
            LauncherConfig.builder()
                .enableLauncherSessionListenerAutoRegistration(false)
                .enableTestExecutionListenerAutoRegistration(false)
                .enablePostDiscoveryFilterAutoRegistration(false)
                .build());
    launcher.execute(
        request,
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest() && result.getStatus() == TestExecutionResult.Status.FAILED) {
              failed.add(test.getDisplayName().replace("()", ""));
            }
          }
        });
    return failed;
  }

  static class OverwritingSink extends RawMetricSinkContract {
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();

    @Override
    protected RawMetricSink sink() {
      return (spec, deadline) ->
          new Buffer<>(
              content -> {
                files.put(spec.keys().get(0), content);
                return new RawMetricSink.Commit(spec.keys().get(0), true);
              });
    }

    @Override
    protected RawMetricSource source() {
      return new MapSource(files);
    }
  }

  static class EagerSink extends RawMetricSinkContract {
    private final InMemoryRawMetrics files = new InMemoryRawMetrics();

    @Override
    protected RawMetricSink sink() {
      return (spec, deadline) -> {
        files.drop(spec.keys().get(0), "", spec.run().runId(), spec.windowStart());
        return files.open(spec, deadline);
      };
    }

    @Override
    protected RawMetricSource source() {
      return files;
    }
  }

  static class UnsortedSource extends RawMetricSinkContract {
    private final InMemoryRawMetrics files = new InMemoryRawMetrics();

    @Override
    protected RawMetricSink sink() {
      return files;
    }

    @Override
    protected RawMetricSource source() {
      return new RawMetricSource() {
        @Override
        public Optional<StoredObject> open(String key, Deadline deadline) {
          return files.open(key, deadline);
        }

        @Override
        public List<String> list(String prefix, Deadline deadline) {
          List<String> keys = new ArrayList<>(files.keys());
          Collections.reverse(keys);
          return keys;
        }
      };
    }
  }

  static class WindowReplacingRecords extends MetricRecordSinkContract {
    private final Map<Series, List<Metric>> windows = new ConcurrentHashMap<>();

    @Override
    protected MetricRecordSink sink() {
      return (batch, deadline) -> {
        Map<Series, List<Metric>> own = new TreeMap<>();
        batch
            .metrics()
            .forEach(m -> own.computeIfAbsent(m.series(), s -> new ArrayList<>()).add(m));
        windows.putAll(own);
        return WriteResult.written(batch.metrics().size());
      };
    }

    @Override
    protected MetricHistory history() {
      InMemoryRecords records = new InMemoryRecords();
      windows.values().stream()
          .flatMap(metrics -> SampleMetrics.batches(metrics).stream())
          .forEach(batch -> records.write(batch, Deadlines.never()));
      return records;
    }
  }

  static class RecordsThatCountAll extends MetricRecordSinkContract {
    private final InMemoryRecords records = new InMemoryRecords();

    @Override
    protected MetricRecordSink sink() {
      return (batch, deadline) -> {
        records.write(batch, deadline);
        return WriteResult.written(batch.metrics().size());
      };
    }

    @Override
    protected MetricHistory history() {
      return records;
    }
  }

  static class OldestFirstHistory extends MetricRecordSinkContract {
    private final InMemoryRecords records = new InMemoryRecords();

    @Override
    protected MetricRecordSink sink() {
      return records;
    }

    @Override
    protected MetricHistory history() {
      return new MetricHistory() {
        @Override
        public List<KnownSeries> series(MetricType type, Instant since, Deadline deadline) {
          return records.series(type, since.plusSeconds(1), deadline);
        }

        @Override
        public List<Point> points(
            Series series, Instant from, Instant to, int limit, Deadline deadline) {
          List<Point> all =
              records.points(
                  series, from.plusSeconds(1), to.minusSeconds(1), Integer.MAX_VALUE, deadline);
          return all.subList(0, Math.min(limit, all.size()));
        }
      };
    }
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
    private final List<RunLedger.OpenFinding> findings = new ArrayList<>();

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
        public Optional<Instant> collectedUntil(MetricType type, Deadline deadline) {
          return Optional.ofNullable(until.get(type));
        }

        @Override
        public void advanceCollectedUntil(MetricType type, Instant to, Deadline deadline) {
          until.put(type, to);
        }

        @Override
        public List<OpenFinding> openFindings(String analysis, Deadline deadline) {
          return List.copyOf(findings);
        }

        @Override
        public void replaceOpenFindings(
            String analysis, List<OpenFinding> open, Deadline deadline) {
          findings.addAll(open);
        }
      };
    }
  }

  static class CopyingReports extends ReportStoreContract {
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();

    @Override
    protected ReportStore store() {
      MapSource source = new MapSource(files);
      return new ReportStore() {
        @Override
        public StagedObject<String> create(String key, Deadline deadline) {
          return new Buffer<>(
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

  @FunctionalInterface
  interface OnCommit<R> {
    R commit(byte[] content);
  }

  static final class Buffer<R> implements StagedObject<R> {
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private final OnCommit<R> onCommit;

    Buffer(OnCommit<R> onCommit) {
      this.onCommit = onCommit;
    }

    @Override
    public OutputStream body() {
      return content;
    }

    @Override
    public R commit() {
      return onCommit.commit(content.toByteArray());
    }

    @Override
    public void close() {}
  }

  record MapSource(Map<String, byte[]> files) implements RawMetricSource {
    @Override
    public Optional<StoredObject> open(String key, Deadline deadline) {
      return Optional.ofNullable(files.get(key))
          .map(content -> new StoredObject(key, null, null, new ByteArrayInputStream(content)));
    }

    @Override
    public List<String> list(String prefix, Deadline deadline) {
      return files.keySet().stream().filter(key -> key.startsWith(prefix)).sorted().toList();
    }
  }
}
