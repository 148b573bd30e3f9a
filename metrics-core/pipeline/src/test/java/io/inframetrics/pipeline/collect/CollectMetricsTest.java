package io.inframetrics.pipeline.collect;

import static io.inframetrics.pipeline.testing.PipelineUnderTest.CPU_KEY;
import static io.inframetrics.pipeline.testing.PipelineUnderTest.NOW;
import static io.inframetrics.pipeline.testing.PipelineUnderTest.collector;
import static io.inframetrics.pipeline.testing.PipelineUnderTest.observation;
import static io.inframetrics.pipeline.testing.PipelineUnderTest.pushing;
import static io.inframetrics.pipeline.testing.PipelineUnderTest.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.Series;
import io.inframetrics.pipeline.InvalidRequestException;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.pipeline.collect.CollectMetrics.Request;
import io.inframetrics.pipeline.collect.CollectionResult.Failure;
import io.inframetrics.pipeline.collect.CollectionResult.Status;
import io.inframetrics.pipeline.process.ProcessRawMetrics;
import io.inframetrics.pipeline.testing.PipelineUnderTest;
import io.inframetrics.sink.RawMetricSink;
import io.inframetrics.sink.RawMetricSink.Commit;
import io.inframetrics.sink.StagedObject;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.memory.Faults;
import io.inframetrics.testkit.memory.Operation;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CollectMetricsTest {

  private static final MetricType CPU = MetricType.CPU_UTILIZATION;
  private static final Series SERIES = Series.of(CPU, "i-0abc");

  private final PipelineUnderTest pipeline = new PipelineUnderTest();

  @AfterEach
  void close() {
    pipeline.close();
  }

  @Test
  void writesFileRecordsAndDataPointsOfAType() {
    CollectionResult result =
        collect(pushing(CPU, List.of(SampleMetrics.EXAMPLE)), "cpu_utilization");

    assertThat(result)
        .isEqualTo(
            new CollectionResult(
                "cpu_utilization",
                SampleMetrics.RUN.runId(),
                NOW,
                NOW.minus(CollectionSchedule.DEFAULTS.period()),
                Status.COLLECTED,
                List.of(new CollectedObject(CPU_KEY, CPU, 1)),
                List.of(),
                null));
    assertThat(result.metricCount()).isEqualTo(1);
    assertThat(pipeline.stores.rawMetrics().text(CPU_KEY))
        .isEqualTo(SampleMetrics.EXAMPLE_LINE + "\n");
    assertThat(pipeline.stores.records().metrics()).containsExactly(SampleMetrics.EXAMPLE);
    assertThat(pipeline.stores.publisher().published()).containsExactly(SampleMetrics.EXAMPLE);
    assertThat(pipeline.stores.ledger().collectedUntil(CPU, pipeline.deadline())).contains(NOW);
  }

  @Test
  void writesAFileForEachTypeWhenAskedForAll() {
    CollectionResult result =
        pipeline
            .collect(
                SampleMetrics.oneOfEachType().stream()
                    .map(metric -> pushing(metric.series().type(), List.of(metric)))
                    .toArray(MetricCollector[]::new))
            .collect(new Request(null, "run-1", null, null), pipeline.deadline());

    assertThat(result.metricType()).isEqualTo("all");
    assertThat(result.metricCount()).isEqualTo(4);
    assertThat(pipeline.stores.rawMetrics().keys())
        .containsExactly(
            CPU_KEY,
            "raw-metrics/2026/02/19/metrics-disk_usage-1771500463.json",
            "raw-metrics/2026/02/19/metrics-memory_usage-1771500463.json",
            "raw-metrics/2026/02/19/metrics-network_traffic-1771500463.json");
    for (CollectedObject object : result.objects()) {
      assertThat(pipeline.stores.rawMetrics().text(object.key()).lines())
          .allMatch(line -> line.contains("\"metric_type\":\"" + object.metricType() + "\""));
    }
  }

  /** Its clock was set back, or a run that observed later was faster. */
  @Test
  void sendsNoDataPointsOfATimeThatALaterRunHasSent() {
    CollectMetrics collect = pipeline.collect(pushing(CPU, List.of(SampleMetrics.EXAMPLE)));
    Instant later = NOW.plusSeconds(60);
    pipeline.clock.set(later);
    collect.collect(new Request("all", "later", later, null), pipeline.deadline());

    CollectionResult result =
        collect.collect(new Request("all", "earlier", NOW, null), pipeline.deadline());

    assertThat(result.status()).isEqualTo(Status.COLLECTED);
    assertThat(pipeline.stores.rawMetrics().keys()).hasSize(2);
    assertThat(pipeline.stores.publisher().published()).hasSize(1);
    assertThat(pipeline.stores.ledger().collectedUntil(CPU, pipeline.deadline())).contains(later);

    // Asked for by name, a window is collected and sent.
    collect.collect(new Request("all", "by hand", NOW, NOW.minusSeconds(60)), pipeline.deadline());
    assertThat(pipeline.stores.publisher().published()).hasSize(2);
  }

  @Test
  void asksForTheWindowSinceTheLastCollection() {
    List<Instant> since = new ArrayList<>();
    CollectMetrics collect =
        pipeline.collect(collector(CPU, "c", (request, consumer) -> since.add(request.since())));

    collect.collect(new Request("all", "r1", NOW, null), pipeline.deadline());
    collect.collect(new Request("all", "r2", NOW.plusSeconds(60), null), pipeline.deadline());
    collect.collect(
        new Request("all", "r3", NOW.plusSeconds(90), NOW.plusSeconds(30)), pipeline.deadline());
    // Three days of nothing: no more than the maximum window is asked for.
    Instant later = NOW.plus(Duration.ofDays(3));
    pipeline.clock.set(later);
    collect.collect(new Request("all", "r4", later, null), pipeline.deadline());

    assertThat(since)
        .containsExactly(
            NOW.minus(Duration.ofHours(3)),
            NOW,
            NOW.plusSeconds(30),
            later.minus(Duration.ofDays(1)));
  }

  @Test
  void theFirstWindowOfASourceWithAMemoryIsLonger() {
    List<Instant> since = new ArrayList<>();
    CollectMetrics collect =
        pipeline.collect(
            new MetricCollector() {
              @Override
              public MetricType type() {
                return CPU;
              }

              @Override
              public Duration firstWindow() {
                return Duration.ofHours(20);
              }

              @Override
              public void collect(CollectionRequest request, MetricConsumer consumer) {
                since.add(request.since());
              }
            },
            collector(CPU, "of the same type", (request, consumer) -> since.add(request.since())),
            collector(
                MetricType.DISK_USAGE,
                "of another type",
                (request, consumer) -> since.add(request.since())));

    for (String type : List.of("cpu_utilization", "disk_usage")) {
      collect.collect(new Request(type, "r1", NOW, null), pipeline.deadline());
    }
    Instant later = NOW.plusSeconds(60);
    collect.collect(new Request("cpu_utilization", "r2", later, null), pipeline.deadline());

    Instant twentyHoursAgo = NOW.minus(Duration.ofHours(20));
    assertThat(since)
        .containsExactly(twentyHoursAgo, twentyHoursAgo, NOW.minus(Duration.ofHours(3)), NOW, NOW);
  }

  @Test
  void takesTheClockWhereTheRequestSaysNothing() {
    CollectionResult result =
        pipeline
            .collect(pushing(CPU, List.of(SampleMetrics.EXAMPLE)))
            .collect(new Request(null, "request-1", null, null), pipeline.deadline());

    assertThat(result.runId()).isEqualTo("request-1");
    assertThat(result.observedAt()).isEqualTo(NOW);
  }

  @Test
  void keepsTheFirstFileWhenARunIsTriedAgain() {
    collect(pushing(CPU, List.of(SampleMetrics.EXAMPLE)), "cpu_utilization");
    CollectionResult second =
        collect(
            pushing(CPU, List.of(SampleMetrics.metric(CPU, "i-other", NOW, 1))), "cpu_utilization");

    assertThat(second.metricCount()).isEqualTo(1);
    assertThat(pipeline.stores.rawMetrics().keys()).containsExactly(CPU_KEY);
    assertThat(pipeline.stores.records().metrics()).containsExactly(SampleMetrics.EXAMPLE);
  }

  @Test
  void goesOnFromTheFirstFileWhenASecondTryCollectsNothing() {
    pipeline.stores.records().retryLater(metric -> true, 1, "throttled");
    boolean[] down = new boolean[1];
    CollectMetrics collect =
        pipeline.collect(
            collector(
                CPU,
                "flaky",
                (request, consumer) -> {
                  if (down[0]) {
                    throw new IllegalStateException("the source went away");
                  }
                  consumer.accept(observation(SERIES, NOW, 37.66));
                }));
    assertThatThrownBy(() -> collect.collect(request("cpu_utilization"), pipeline.deadline()))
        .hasMessageContaining("throttled");
    down[0] = true;

    CollectionResult second = collect.collect(request("cpu_utilization"), pipeline.deadline());

    assertThat(second.metricCount()).isEqualTo(1);
    assertThat(pipeline.stores.records().metrics()).hasSize(1);
    assertThat(pipeline.stores.ledger().collectedUntil(CPU, pipeline.deadline())).isEmpty();
  }

  @Test
  void takesTheSuffixedKeyWhenAnotherRunHoldsTheFirst() {
    collect(pushing(CPU, List.of(SampleMetrics.EXAMPLE)), "cpu_utilization");
    CollectionResult rival =
        pipeline
            .collect(pushing(CPU, List.of(SampleMetrics.metric(CPU, "i-other", NOW, 1))))
            .collect(
                new Request("cpu_utilization", SampleMetrics.RIVAL_RUN.runId(), NOW, null),
                pipeline.deadline());

    // printf run-2 | sha256sum
    assertThat(rival.objects().get(0).key())
        .isEqualTo("raw-metrics/2026/02/19/metrics-cpu_utilization-1771500463-b9d17232.json");
    assertThat(pipeline.stores.records().metrics()).hasSize(2);
  }

  @Test
  void readsALargeCollectionBackInsteadOfKeepingIt() {
    List<Metric> fleet = SampleMetrics.fleet(CPU, 1_000, 12);

    CollectionResult result = collect(pushing(CPU, fleet), "cpu_utilization");

    assertThat(result.metricCount()).isEqualTo(12_000);
    assertThat(pipeline.stores.records().metrics()).hasSize(12_000);
    assertThat(pipeline.stores.publisher().published()).hasSize(12_000);
    assertThat(pipeline.stores.faults().calls(Operation.RAW_OPEN)).isEqualTo(2);
  }

  @Test
  void doesNotReadBackASmallOne() {
    collect(pushing(CPU, SampleMetrics.fleet(CPU, 100, 100)), "cpu_utilization");

    assertThat(pipeline.stores.faults().calls(Operation.RAW_OPEN)).isZero();
  }

  @Test
  void opensTheFirstFileOnceWhenARunIsTriedAgain() {
    collect(pushing(CPU, List.of(SampleMetrics.EXAMPLE)), "cpu_utilization");

    collect(pushing(CPU, List.of(SampleMetrics.EXAMPLE)), "cpu_utilization");
    assertThat(pipeline.stores.faults().calls(Operation.RAW_OPEN)).isEqualTo(1);
    assertThat(pipeline.stores.publisher().published())
        .containsExactly(SampleMetrics.EXAMPLE, SampleMetrics.EXAMPLE);

    MetricCollector broken =
        collector(
            CPU,
            "broken",
            (request, consumer) -> {
              throw new IllegalStateException("the source went away");
            });
    assertThat(collect(broken, "cpu_utilization").metricCount()).isEqualTo(1);
    assertThat(pipeline.stores.faults().calls(Operation.RAW_OPEN)).isEqualTo(2);
    assertThat(pipeline.stores.publisher().published()).hasSize(3);
  }

  @Test
  void opensALargeFirstFileForRecordsAndForDataPointsOnly() {
    List<Metric> fleet = SampleMetrics.fleet(CPU, 1_000, 12);
    collect(pushing(CPU, fleet), "cpu_utilization");

    CollectionResult again = collect(pushing(CPU, fleet), "cpu_utilization");

    assertThat(again.metricCount()).isEqualTo(12_000);
    assertThat(pipeline.stores.faults().calls(Operation.RAW_OPEN)).isEqualTo(4);
  }

  @Test
  void keepsWhatOneCollectorPushedWhenAnotherFails() {
    CollectionResult result =
        pipeline
            .collect(
                pushing(CPU, List.of(SampleMetrics.EXAMPLE)),
                collector(
                    CPU,
                    "broken",
                    (request, consumer) -> {
                      consumer.accept(observation(Series.of(CPU, "i-half"), NOW, 5));
                      throw new IllegalStateException("the source went away");
                    }))
            .collect(request("cpu_utilization"), pipeline.deadline());

    assertThat(result.status()).isEqualTo(Status.PARTIAL);
    assertThat(result.metricCount()).isEqualTo(2);
    assertThat(result.failures())
        .containsExactly(
            Failure.ofLabel("collector broken", "IllegalStateException: the source went away"));
    // The next run asks for the same window again.
    assertThat(pipeline.stores.ledger().collectedUntil(CPU, pipeline.deadline())).isEmpty();
  }

  @Test
  void failsWithTheReasonWhenNothingWasPushed() {
    assertThatThrownBy(
            () ->
                collect(
                    collector(
                        CPU,
                        "broken",
                        (request, consumer) -> {
                          throw new IllegalStateException("the source went away");
                        }),
                    "cpu_utilization"))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessage(
            "no observations of cpu_utilization were collected: collector broken: IllegalStateException: the"
                + " source went away");
    assertThat(pipeline.stores.rawMetrics().keys()).isEmpty();
  }

  @Test
  void isNotTriedAgainWhenTheCollectorSaysItCannotHelp() {
    assertThatThrownBy(
            () ->
                collect(
                    collector(
                        CPU,
                        "misconfigured",
                        (request, consumer) -> {
                          throw new InvalidRequestException("there is no queue 'x'");
                        }),
                    "cpu_utilization"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("there is no queue 'x'");
  }

  @Test
  void writesAnEmptyFileWhenThereIsNothingToReport() {
    CollectionResult result =
        collect(collector(CPU, "idle", (request, consumer) -> {}), "cpu_utilization");

    assertThat(result.status()).isEqualTo(Status.COLLECTED);
    assertThat(result.metricCount()).isZero();
    assertThat(pipeline.stores.rawMetrics().text(CPU_KEY)).isEmpty();
  }

  @Test
  void saysOnceThatSeveralSourcesGiveTheSameSeries() {
    CollectionResult result =
        pipeline
            .collect(
                measuring("host", "web-1", "web-2", "web-1"),
                measuring("sysstat", "web-2", "web-1", "web-2"),
                measuring("other", "web-3"))
            .collect(request("cpu_utilization"), pipeline.deadline());

    assertThat(result.status()).isEqualTo(Status.COLLECTED);
    assertThat(result.notes())
        .singleElement()
        .asString()
        .startsWith("several sources measure the same 2 series, such as 'cpu_utilization#web-")
        .contains("host", "sysstat")
        .endsWith(": their points are stored together");
    assertThat(result.metricCount()).as("nothing is left out").isEqualTo(7);
    assertThat(collect(measuring("host", "web-1", "web-1"), "cpu_utilization").notes()).isEmpty();
  }

  private static MetricCollector measuring(String name, String... instances) {
    return collector(
        CPU,
        name,
        (request, consumer) -> {
          for (int i = 0; i < instances.length; i++) {
            consumer.accept(observation(Series.of(CPU, instances[i]), NOW.minusSeconds(i), 1));
          }
        });
  }

  @Test
  void collectsTheOtherTypesWhenOneFails() {
    CollectionResult result =
        pipeline
            .collect(
                collector(
                    CPU,
                    "broken",
                    (request, consumer) -> {
                      throw new IllegalStateException("no");
                    }),
                pushing(
                    MetricType.MEMORY_USAGE,
                    List.of(SampleMetrics.metric(MetricType.MEMORY_USAGE, "i", NOW, 1))))
            .collect(request("all"), pipeline.deadline());

    assertThat(result.status()).isEqualTo(Status.PARTIAL);
    assertThat(result.objects())
        .extracting(CollectedObject::metricType)
        .containsExactly(MetricType.MEMORY_USAGE);
    assertThat(result.failures()).extracting(Failure::label).containsExactly("cpu_utilization");
  }

  @Test
  void abandonsACollectorThatIgnoresItsDeadline() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    CompletableFuture<Throwable> late = new CompletableFuture<>();
    CollectionResult result =
        pipeline
            .collect(
                pushing(CPU, List.of(SampleMetrics.EXAMPLE)),
                collector(
                    CPU,
                    "hanging",
                    (request, consumer) -> {
                      consumer.accept(observation(Series.of(CPU, "i-early"), NOW, 1));
                      try {
                        never.await();
                      } catch (InterruptedException e) {
                        interrupted.countDown();
                        late.complete(lateness(() -> consumer.accept(observation(SERIES, NOW, 2))));
                      }
                    }))
            .collect(request("cpu_utilization"), Deadlines.inRealTime(Duration.ofMillis(300)));

    assertThat(result.status()).isEqualTo(Status.PARTIAL);
    assertThat(result.metricCount()).isEqualTo(2);
    assertThat(result.failures().get(0).reason()).contains("did not finish by its deadline");
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(late).succeedsWithin(Duration.ofSeconds(10));
    assertThat(pipeline.stores.rawMetrics().text(CPU_KEY).lines()).hasSize(2);
  }

  @Test
  void keepsWhatACollectorPushedThatIsInterruptedWhileItPushes() {
    CollectionResult result =
        pipeline
            .collect(
                slowlyInto(pipeline.stores.rawMetrics()),
                collector(
                    CPU,
                    "endless",
                    (request, consumer) -> {
                      while (true) {
                        consumer.accept(observation(SERIES, NOW, 1));
                      }
                    }))
            .collect(request("cpu_utilization"), Deadlines.inRealTime(Duration.ofMillis(300)));

    assertThat(result.status()).isEqualTo(Status.PARTIAL);
    assertThat(result.metricCount()).isPositive();
    assertThat(result.failures().get(0).reason()).contains("did not finish by its deadline");
  }

  @Test
  void saysInOneSentenceWhyTheFileCouldNotBeWritten() {
    CollectMetrics collect =
        pipeline.collect(
            into(
                pipeline.stores.rawMetrics(),
                () -> {
                  throw new IOException("No space left on device");
                }),
            pushing(CPU, List.of(SampleMetrics.EXAMPLE)));

    assertThatThrownBy(() -> collect.collect(request("cpu_utilization"), pipeline.deadline()))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessage(
            "the raw file of cpu_utilization could not be written: IOException: No space left on"
                + " device");
  }

  /** As a file channel does, a write that is interrupted closes the file. */
  private static RawMetricSink slowlyInto(RawMetricSink sink) {
    return into(
        sink,
        () -> {
          LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
          if (Thread.currentThread().isInterrupted()) {
            throw new ClosedByInterruptException();
          }
        });
  }

  private static RawMetricSink into(RawMetricSink sink, BeforeWriting before) {
    return (spec, deadline) -> {
      StagedObject<Commit> staged = sink.open(spec, deadline);
      OutputStream body =
          new FilterOutputStream(staged.body()) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
              before.write();
              out.write(bytes, offset, length);
            }
          };
      return new StagedObject<>() {
        @Override
        public OutputStream body() {
          return body;
        }

        @Override
        public Commit commit() {
          return staged.commit();
        }

        @Override
        public void close() {
          staged.close();
        }
      };
    };
  }

  private interface BeforeWriting {
    void write() throws IOException;
  }

  @Test
  void keepsWhatOneCollectorPushedWhenTheClassesOfAnotherAreMissing() {
    CollectionResult result =
        pipeline
            .collect(
                pushing(CPU, List.of(SampleMetrics.EXAMPLE)),
                collector(
                    CPU,
                    "incomplete",
                    (request, consumer) -> {
                      throw new NoClassDefFoundError("oshi/SystemInfo");
                    }))
            .collect(request("cpu_utilization"), pipeline.deadline());

    assertThat(result.status()).isEqualTo(Status.PARTIAL);
    assertThat(result.metricCount()).isEqualTo(1);
    assertThat(result.failures().get(0).reason())
        .isEqualTo("NoClassDefFoundError: oshi/SystemInfo");
  }

  @Test
  void putsWhatACollectorSaysOnOneLineWithoutControlCharacters() {
    String text = "line one\nline two\u001b[31m red";
    CollectionResult result =
        pipeline
            .collect(
                pushing(CPU, List.of(SampleMetrics.EXAMPLE)),
                collector(
                    CPU,
                    "loud",
                    (request, consumer) -> {
                      consumer.note(text);
                      throw new RuntimeException(text);
                    }))
            .collect(request("cpu_utilization"), pipeline.deadline());

    assertThat(result.notes()).containsExactly("line one line two [31m red");
    assertThat(result.failures())
        .containsExactly(
            new Failure(
                CollectionResult.Source.COLLECTOR,
                "loud",
                "RuntimeException: line one line two [31m red"));
  }

  @Test
  void failsInOneLineWithoutControlCharacters() {
    String text = "line one\nline two\u001b[31m red";
    assertThatThrownBy(
            () ->
                collect(
                    collector(
                        CPU,
                        "loud",
                        (request, consumer) -> {
                          throw new InvalidRequestException(text);
                        }),
                    "cpu_utilization"))
        .hasMessageEndingWith("collector loud: line one line two [31m red");
  }

  @Test
  void keepsWhatOneCollectorPushedWhenAnotherPushesAnIncompleteObservation() {
    CollectionResult result =
        pipeline
            .collect(
                pushing(CPU, List.of(SampleMetrics.EXAMPLE)),
                collector(
                    CPU,
                    "forgetful",
                    (request, consumer) ->
                        consumer.accept(new Observation(SERIES, NOW, 1, nothing(), "local"))))
            .collect(request("cpu_utilization"), pipeline.deadline());

    assertThat(result.metricCount()).isEqualTo(1);
    assertThat(result.failures())
        .containsExactly(Failure.ofLabel("collector forgetful", "NullPointerException: unit"));
  }

  /** What a collector that is not checked for nulls may give. */
  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }

  private static Throwable lateness(Runnable push) {
    try {
      push.run();
      return new AssertionError("a late observation was taken");
    } catch (CancellationException e) {
      return e;
    }
  }

  @Test
  void storesTheFirstValueOfASeriesAndSecondThatACollectorPushesTwice() {
    MetricCollector twice =
        collector(
            CPU,
            "twice",
            (request, consumer) -> {
              for (int value = 1; value <= 2; value++) {
                for (String instance : List.of("web-1", "web-2")) {
                  consumer.accept(observation(Series.of(CPU, instance), NOW, value));
                  consumer.accept(observation(Series.of(CPU, instance), NOW.minusSeconds(1), 5));
                }
              }
              consumer.accept(observation(Series.of(CPU, "web-1"), NOW.plusMillis(900), 3));
            });

    CollectionResult result = collect(twice, "cpu_utilization");

    assertThat(result.status()).isEqualTo(Status.COLLECTED);
    assertThat(result.metricCount()).isEqualTo(4);
    assertThat(result.notes())
        .containsExactly(
            "collector twice pushed 5 observations of a series and second that it had pushed, such"
                + " as 'cpu_utilization#web-1' at 2026-02-19T11:27:43Z: the first one is stored");
    assertThat(pipeline.stores.rawMetrics().text(CPU_KEY).lines()).hasSize(4);
    assertThat(pipeline.stores.records().metrics())
        .extracting(Metric::value)
        .containsExactlyInAnyOrder(1.0, 1.0, 5.0, 5.0);
    assertThat(pipeline.stores.publisher().published()).hasSize(4);
    // What several sources measure is stored together, and said so.
    CollectionResult shared =
        pipeline
            .collect(measuring("host", "web-1"), measuring("sysstat", "web-1"))
            .collect(request("cpu_utilization"), pipeline.deadline());
    assertThat(shared.notes()).singleElement().asString().startsWith("several sources");
  }

  @Test
  void refusesABadObservationAloneAndKeepsItInTheRawFile() {
    CollectionResult result =
        collect(
            collector(
                CPU,
                "c",
                (request, consumer) -> {
                  consumer.accept(observation(SERIES, NOW, Double.NaN));
                  consumer.accept(observation(SERIES, NOW.plus(Duration.ofDays(2)), 1));
                  consumer.accept(observation(SERIES, NOW.minus(Duration.ofDays(31)), 1));
                  consumer.accept(observation(SERIES, NOW, 37.66));
                }),
            "cpu_utilization");

    assertThat(result.status()).isEqualTo(Status.PARTIAL);
    assertThat(result.metricCount()).isEqualTo(1);
    assertThat(result.failures().get(0).label()).isEqualTo("quarantine");
    assertThat(result.failures().get(0).reason())
        .isEqualTo(
            "3 observations rejected, first of series 'cpu_utilization#i-0abc': value NaN of series"
                + " 'cpu_utilization#i-0abc' is not a finite number");
    assertThat(pipeline.stores.rawMetrics().text(CPU_KEY).lines()).hasSize(4);

    ProcessRawMetrics.Result processed = pipeline.process(CPU_KEY);
    assertThat(processed.metricsProcessed()).isEqualTo(1);
    assertThat(processed.metricsFailed()).isEqualTo(3);
    assertThat(pipeline.stores.documents().text("quarantine/" + CPU_KEY).lines()).hasSize(3);
  }

  @Test
  void failsACollectorThatPushesAnotherType() {
    assertThatThrownBy(
            () ->
                collect(
                    collector(
                        CPU,
                        "confused",
                        (request, consumer) ->
                            consumer.accept(
                                observation(Series.of(MetricType.DISK_USAGE, "i"), NOW, 1))),
                    "cpu_utilization"))
        .hasMessageContaining(
            "pushed an observation of 'disk_usage': it may only push its own type");
  }

  @Test
  void asksToBeTriedAgainWhenRecordsAreLeft() {
    pipeline.stores.records().retryLater(metric -> true, 1, "throttled");
    CollectMetrics collect = pipeline.collect(pushing(CPU, List.of(SampleMetrics.EXAMPLE)));

    assertThatThrownBy(() -> collect.collect(request("cpu_utilization"), pipeline.deadline()))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessage(
            "1 record could not be stored, first cpu_utilization#i-0abc#1771500463: throttled");
    assertThat(pipeline.stores.rawMetrics().keys()).containsExactly(CPU_KEY);
    assertThat(pipeline.stores.publisher().published()).isEmpty();

    CollectionResult again = collect.collect(request("cpu_utilization"), pipeline.deadline());

    assertThat(again.status()).isEqualTo(Status.COLLECTED);
    assertThat(pipeline.stores.publisher().published()).hasSize(1);
  }

  @Test
  void isPartialWhenARecordIsRejectedForGood() {
    pipeline.stores.records().reject(metric -> true, "value has too many digits");

    CollectionResult result =
        collect(pushing(CPU, List.of(SampleMetrics.EXAMPLE)), "cpu_utilization");

    assertThat(result.status()).isEqualTo(Status.PARTIAL);
    assertThat(result.failures())
        .containsExactly(
            Failure.ofLabel(
                "records",
                "rejected cpu_utilization#i-0abc#1771500463: value has too many digits"));
  }

  @Test
  void isPartialWhenPublishingFailsAndDoesNotPublishAgain() {
    pipeline.stores.faults().failNext(1, Operation.PUBLISH);

    CollectionResult result =
        collect(pushing(CPU, List.of(SampleMetrics.EXAMPLE)), "cpu_utilization");

    assertThat(result.status()).isEqualTo(Status.PARTIAL);
    assertThat(result.failures()).extracting(Failure::label).containsExactly("data_points");
    assertThat(pipeline.stores.faults().calls(Operation.PUBLISH)).isEqualTo(1);
    assertThat(pipeline.stores.ledger().collectedUntil(CPU, pipeline.deadline())).contains(NOW);
  }

  @Test
  void losesNothingAndDoublesNothingWhereverItBreaks() {
    List<String> broken = new ArrayList<>();
    for (Operation operation :
        List.of(
            Operation.RAW_CREATE,
            Operation.RAW_COMMIT,
            Operation.RAW_OPEN,
            Operation.RECORDS_WRITE,
            Operation.LEDGER_COLLECTED_UNTIL,
            Operation.LEDGER_ADVANCE,
            Operation.LEDGER_MARK)) {
      for (Faults.When when : Faults.When.values()) {
        for (int call = 0; call < 3; call++) {
          if (breaksAndHeals(operation, when, call)) {
            broken.add(operation + " " + when + " " + call);
          }
        }
      }
    }
    // Fewer would mean that the plan no longer reaches the code.
    assertThat(broken).hasSizeGreaterThanOrEqualTo(12);
  }

  /** Runs collect and process until they succeed; answers whether the planned failure came. */
  private static boolean breaksAndHeals(Operation operation, Faults.When when, int passing) {
    List<Metric> fleet = SampleMetrics.fleet(CPU, 700, 3);
    try (PipelineUnderTest pipeline = new PipelineUnderTest()) {
      if (passing > 0) {
        pipeline.stores.faults().passNext(passing, operation);
      }
      pipeline.stores.faults().failNext(1, operation, when);
      CollectMetrics collect = pipeline.collect(pushing(CPU, fleet));
      int tries =
          untilDone(() -> collect.collect(request("cpu_utilization"), pipeline.deadline()))
              + untilDone(() -> pipeline.process(CPU_KEY));
      untilDone(() -> pipeline.process(CPU_KEY)); // Events come twice.

      String point = operation + " " + when + " " + passing;
      assertThat(pipeline.stores.rawMetrics().keys()).as(point).containsExactly(CPU_KEY);
      assertThat(pipeline.stores.rawMetrics().text(CPU_KEY).lines()).as(point).hasSize(2_100);
      assertThat(pipeline.stores.records().metrics())
          .as(point)
          .containsExactlyInAnyOrderElementsOf(fleet);
      assertThat(pipeline.stores.ledger().marks()).as(point).containsKey(CPU_KEY);
      assertThat(pipeline.stores.documents().keys()).as(point).isEmpty();
      assertThat(pipeline.stores.publisher().published()).as(point).hasSize(2_100);
      return tries > 2;
    }
  }

  private static int untilDone(Runnable step) {
    for (int tries = 1; tries < 5; tries++) {
      try {
        step.run();
        return tries;
      } catch (RetryableFailureException e) {
        assertThat(e).hasMessageContaining("planned failure");
      }
    }
    throw new AssertionError("did not heal");
  }

  @Test
  void refusesARequestThatCannotBeMet() {
    CollectMetrics collect =
        pipeline.collect(
            collector(CPU, "c", (request, consumer) -> {}),
            collector(MetricType.MEMORY_USAGE, "m", (request, consumer) -> {}));

    assertRefused(
        collect,
        new Request("cpu", "r", null, null),
        "metric type 'cpu' has no collector: use one of cpu_utilization, memory_usage or all");
    assertRefused(
        collect,
        new Request("all", "r", NOW.plus(Duration.ofHours(2)).plusSeconds(1), null),
        "observed_at 2026-02-19T13:27:44Z is more than 2 hours ahead of the clock,"
            + " 2026-02-19T11:27:43Z");
    assertRefused(
        collect,
        new Request("all", "r", Instant.parse("1969-12-31T23:59:59Z"), null),
        "observed_at 1969-12-31T23:59:59Z is before 1970");
    assertRefused(
        collect,
        new Request("all", "r", NOW, NOW),
        "since 2026-02-19T11:27:43Z is not before observed_at 2026-02-19T11:27:43Z");
    assertRefused(
        collect,
        new Request("all", "r\n", NOW, null),
        "run id 'r\n' is not valid: use 1 to 128 printable ASCII characters");
    assertRefused(
        pipeline.collect(), new Request(null, "r", NOW, null), "no collector is registered");
  }

  private void assertRefused(CollectMetrics collect, Request request, String message) {
    assertThatThrownBy(() -> collect.collect(request, pipeline.deadline()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(message);
  }

  private CollectionResult collect(MetricCollector collector, String type) {
    return pipeline.collect(collector).collect(request(type), pipeline.deadline());
  }
}
