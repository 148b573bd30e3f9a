package io.inframetrics.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Point;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.MetricHistory;
import io.inframetrics.sink.MetricRecordSink;
import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSource;
import io.inframetrics.sink.StoredObject;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.testkit.contract.MetricRecordSinkContract;
import io.inframetrics.testkit.contract.RawMetricSinkContract;
import io.inframetrics.testkit.memory.InMemoryRawMetrics;
import io.inframetrics.testkit.memory.InMemoryRecords;
import io.inframetrics.time.Deadline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** The contracts of files and records fail what breaks them, at the clause that it breaks. */
class BrokenStorageTest {

  @Test
  void aSinkThatOverwritesFails() {
    assertThat(Broken.failedTests(OverwritingSink.class))
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
    assertThat(Broken.failedTests(EagerSink.class))
        .contains("showsNothingBeforeTheCommit", "leavesNothingOfAFileThatIsAbandoned");
  }

  @Test
  void aSourceThatListsWithoutOrderOrPrefixFails() {
    assertThat(Broken.failedTests(UnsortedSource.class)).contains("listsTheKeysOfAPrefixSorted");
  }

  @Test
  void recordsThatReplaceTheWindowFail() {
    assertThat(Broken.failedTests(WindowReplacingRecords.class))
        .contains(
            "keepsThePointsOfASeriesThatTwoBatchesOfOneFileShare",
            "losesNothingWhenTwoWriteAtOnce");
  }

  @Test
  void recordsThatCountEverythingAsWrittenFail() {
    assertThat(Broken.failedTests(RecordsThatCountAll.class))
        .contains("changesNothingWhenAFileIsWrittenAgain", "countsWhatABatchRepeatsAsDuplicate");
  }

  @Test
  void aHistoryThatAnswersTheOldestAndExcludesEndsFails() {
    assertThat(Broken.failedTests(OldestFirstHistory.class))
        .contains(
            "answersTheNewestPointsOldestFirst",
            "includesBothEndsOfARange",
            "listsTheSeriesOfATypeThatWereSeenSince");
  }

  static class OverwritingSink extends RawMetricSinkContract {
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();

    @Override
    protected RawMetricSink sink() {
      return (spec, deadline) ->
          new Broken.Buffer<>(
              content -> {
                files.put(spec.keys().get(0), content);
                return new RawMetricSink.Commit(spec.keys().get(0), true);
              });
    }

    @Override
    protected RawMetricSource source() {
      return new Broken.MapSource(files);
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
}
