package io.inframetrics.source.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.pipeline.RetryableFailureException;
import io.inframetrics.source.cloudwatch.Account.Collected;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.aws.ServiceFault;
import io.inframetrics.testkit.aws.cloudwatch.StoredMetric;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values, units, calls, and what a service that misbehaves answers. */
@Timeout(60)
class DataReadingTest {

  /** Values of three hours, of which the last lies in a period that has not ended. */
  private static final int POINTS = 35;

  private final Account account = new Account();

  @AfterEach
  void stop() {
    account.close();
  }

  @Test
  void readsEveryWholePeriodOfTheWindow() throws Exception {
    account.ec2("i-1", at -> at % 100_000);

    List<Observation> cpu = account.collect(MetricType.CPU_UTILIZATION).observations;

    assertThat(cpu).hasSize(POINTS);
    assertThat(cpu.get(0).timestamp()).isEqualTo(Instant.parse("2026-02-19T08:30:00Z"));
    assertThat(cpu.get(POINTS - 1).timestamp()).isEqualTo(Instant.parse("2026-02-19T11:20:00Z"));
    assertThat(cpu)
        .allSatisfy(
            each -> {
              assertThat(each.value()).isEqualTo(each.timestamp().getEpochSecond() % 100_000);
              assertThat(each.unit()).isEqualTo(MetricUnit.PERCENT);
              assertThat(each.region()).isEqualTo("eu-west-1");
            });
  }

  @Test
  void trafficIsMegabitsASecondWithBasicAndDetailedMonitoring() throws Exception {
    account.ec2("i-1", at -> 1); // 37.5 MB in five minutes is one megabit a second.
    for (String name : List.of("NetworkIn", "NetworkOut")) {
      account.reading.store(
          StoredMetric.of("AWS/EC2", name, Map.of("InstanceId", "i-2"), at -> 3_750_000).every(60));
    }
    account.store("AWS/EC2", "CPUUtilization", Map.of("InstanceId", "i-2"), at -> 1);

    Collected fiveMinutes = account.collect(MetricType.NETWORK_TRAFFIC);
    Collected oneMinute = account.collect(MetricType.NETWORK_TRAFFIC, "period", "PT1M");

    for (Collected each : List.of(fiveMinutes, oneMinute)) {
      assertThat(each.values())
          .containsEntry("network_traffic#i-1", 1.0)
          .containsEntry("network_traffic#i-2", 1.0);
      assertThat(each.observations)
          .allSatisfy(
              observation -> {
                assertThat(observation.value()).isEqualTo(1.0);
                assertThat(observation.unit()).isEqualTo(MetricUnit.MEGABITS_PER_SECOND);
              });
    }
    Collected quarters = account.collect(MetricType.NETWORK_TRAFFIC, "period", "PT15M");
    assertThat(quarters.counts())
        .containsEntry("network_traffic#i-1", 11)
        .containsEntry("network_traffic#i-2", 11);
    assertThat(quarters.observations).extracting(Observation::value).containsOnly(1.0);
    assertThat(fiveMinutes.counts()).containsEntry("network_traffic#i-2", POINTS);
    assertThat(oneMinute.counts())
        .containsEntry("network_traffic#i-1", 36)
        .containsEntry("network_traffic#i-2", 179);
  }

  @Test
  void leavesTrafficOutOfWhichOneDirectionIsLate() throws Exception {
    account.ec2("i-1", at -> 1);
    long last = Instant.parse("2026-02-19T11:20:00Z").getEpochSecond();
    account.store(
        "AWS/EC2",
        "NetworkOut",
        Map.of("InstanceId", "i-1"),
        at -> at >= last ? Double.NaN : 7_500_000);

    assertThat(account.collect(MetricType.NETWORK_TRAFFIC).counts())
        .containsEntry("network_traffic#i-1", POINTS - 1);
  }

  @Test
  void makesTheFewestCalls() throws Exception {
    for (int i = 0; i < 1_001; i++) {
      account.ec2("i-%04d".formatted(i), at -> 1);
    }

    assertThat(account.collect(MetricType.CPU_UTILIZATION, "max_instances", "2000").counts())
        .hasSize(1_001);
    assertThat(account.reading.calls("ListMetrics")).isEqualTo(3);
    assertThat(account.reading.calls("GetMetricData")).isEqualTo(3); // 500 + 500 + 1 queries

    account.collect(MetricType.NETWORK_TRAFFIC, "max_instances", "500");
    assertThat(account.reading.calls("GetMetricData")).isEqualTo(3 + 2); // 2 x 500 queries
  }

  @Test
  void aLongWindowFitsIntoTheValuesOfACall() throws Exception {
    for (int i = 0; i < 500; i++) {
      account.ec2("i-%04d".formatted(i), at -> 1);
    }
    MetricCollector collector =
        account.collector(MetricType.CPU_UTILIZATION, "period", "PT1M", "max_instances", "500");
    Collected collected = new Collected();

    collector.collect(
        new io.inframetrics.collect.CollectionRequest(
            SampleMetrics.RUN,
            SampleMetrics.RUN.observedAt().minus(java.time.Duration.ofHours(12)),
            Account.request().deadline()),
        collected);

    // 500 x 720 values, 100,800 a call.
    assertThat(account.reading.calls("GetMetricData")).isEqualTo(4);
    assertThat(collected.observations).hasSize(500 * 144);
  }

  @Test
  void retriesThrottlesAndErrors() throws Exception {
    account.ec2("i-1", at -> 1);
    account.server.failNext(2, ServiceFault.THROTTLED);
    account.server.failNext(1, ServiceFault.BROKEN);

    assertThat(account.collect(MetricType.CPU_UTILIZATION).observations).hasSize(POINTS);
  }

  @Test
  void saysWhatWasDenied() {
    account.server.failNext(1, ServiceFault.DENIED);

    assertThatThrownBy(() -> account.collect(MetricType.CPU_UTILIZATION))
        .hasMessageStartingWith("cloudwatch:ListMetrics was rejected: AccessDenied (403)");
  }

  private void changeResults(UnaryOperator<List<Map<String, Object>>> change) {
    changeResults(change, Map.of());
  }

  /** With more fields in the first answer. */
  private void changeResults(
      UnaryOperator<List<Map<String, Object>>> change, Map<String, Object> ofFirst) {
    Map<String, Object> more = new LinkedHashMap<>(ofFirst);
    account.reading.answering(
        (call, answer) -> {
          if (call.operation().equals("ListMetrics")) {
            return answer;
          }
          List<Map<String, Object>> results = new ArrayList<>();
          for (Object each : (List<?>) answer.get("MetricDataResults")) {
            Map<String, Object> copy = new LinkedHashMap<>();
            ((Map<?, ?>) each).forEach((name, value) -> copy.put(String.valueOf(name), value));
            results.add(copy);
          }
          Map<String, Object> changed = new LinkedHashMap<>(answer);
          changed.put("MetricDataResults", change.apply(results));
          changed.putAll(more);
          more.clear();
          return changed;
        });
  }

  @Test
  void reportsWhatIsIncompleteByNameAndKeepsTheRest() throws Exception {
    account.ec2("i-1", at -> 1);
    account.ec2("i-2", at -> 1);
    account.ec2("i-3", at -> 1);
    changeResults(
        results -> {
          results.get(0).put("StatusCode", "InternalError");
          results.remove(2);
          return results;
        });
    Collected collected = new Collected();

    assertThatThrownBy(
            () ->
                account.collector(MetricType.CPU_UTILIZATION).collect(Account.request(), collected))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessage(
            "2 of 3 metrics in eu-west-1 are incomplete, first cpu_utilization#i-1 (InternalError), cpu_utilization#i-3 (no answer)");
    assertThat(collected.counts()).containsOnlyKeys("cpu_utilization#i-1", "cpu_utilization#i-2");
  }

  @Test
  void isNotMisledByLabelsUnknownIdsOtherTimesAndRepeatedValues() throws Exception {
    account.ec2("i-1", at -> 1);
    account.ec2("i-2", at -> 2);
    changeResults(
        results -> {
          for (Map<String, Object> result : results) {
            result.put("Label", "CPUUtilization");
            List<Object> times = new ArrayList<>((List<?>) result.get("Timestamps"));
            List<Object> values = new ArrayList<>((List<?>) result.get("Values"));
            Instant first = (Instant) times.get(0);
            times.add(first); // The value of a time that was there already.
            values.add(values.get(0));
            times.add(0, SampleMetrics.RUN.observedAt().plusSeconds(600));
            values.add(0, 98.0);
            times.add(first.minusSeconds(600));
            values.add(99.0);
            result.put("Timestamps", times);
            result.put("Values", values);
          }
          Map<String, Object> unknown = new LinkedHashMap<>(results.get(0));
          unknown.put("Id", "q77");
          Map<String, Object> strange = new LinkedHashMap<>(results.get(0));
          strange.put("Id", "x");
          results.add(unknown);
          results.add(strange);
          return results;
        });

    Collected collected = account.collect(MetricType.CPU_UTILIZATION);

    assertThat(collected.values())
        .containsExactly(
            Map.entry("cpu_utilization#i-1", 1.0), Map.entry("cpu_utilization#i-2", 2.0));
    assertThat(collected.counts().values()).containsOnly(POINTS);
  }

  @Test
  void pushesANumberThatIsNoneForThePipelineToRefuse() throws Exception {
    account.ec2("i-1", at -> 1);
    changeResults(
        results -> {
          List<Object> values = new ArrayList<>((List<?>) results.get(0).get("Values"));
          values.set(3, Double.NaN);
          results.get(0).put("Values", values);
          return results;
        });

    assertThat(account.collect(MetricType.CPU_UTILIZATION).observations)
        .hasSize(POINTS)
        .filteredOn(each -> Double.isNaN(each.value()))
        .hasSize(1);
  }

  @Test
  void readsOnAfterAnEmptyPageAndEndsWithOneThatNamesItself() throws Exception {
    account.ec2("i-1", at -> 1);
    int[] pages = new int[1];
    account.reading.answering(
        (call, answer) -> {
          if (call.operation().equals("GetMetricData") && pages[0]++ == 0) {
            return Map.of("MetricDataResults", List.of(), "NextToken", "0");
          }
          return answer;
        });
    assertThat(account.collect(MetricType.CPU_UTILIZATION).observations).hasSize(POINTS);

    account.reading.answering(
        (call, answer) ->
            call.operation().equals("GetMetricData")
                ? Map.of("MetricDataResults", List.of(), "NextToken", "0")
                : answer);
    assertThatThrownBy(() -> account.collect(MetricType.CPU_UTILIZATION))
        .hasMessage(
            "cloudwatch:GetMetricData answered the same page token twice, so the rest is missing");
  }

  @Test
  void joinsTheValuesOfAMetricThatComeOnTwoPages() throws Exception {
    account.ec2("i-1", at -> at % 100_000);
    changeResults(
        results -> {
          List<?> times = (List<?>) results.get(0).get("Timestamps");
          if (times.size() == POINTS) {
            results.get(0).put("Timestamps", times.subList(0, 10));
            results.get(0).put("Values", ((List<?>) results.get(0).get("Values")).subList(0, 10));
            results.get(0).put("StatusCode", "PartialData");
          }
          return results;
        },
        Map.of("NextToken", "10"));

    assertThat(account.collect(MetricType.CPU_UTILIZATION).observations)
        .hasSize(POINTS)
        .allSatisfy(
            each ->
                assertThat(each.value()).isEqualTo(each.timestamp().getEpochSecond() % 100_000));
    assertThat(account.reading.calls("GetMetricData")).isEqualTo(2);
  }

  @Test
  void findsEachMetricInAnyOrderOfTheAnswer() throws Exception {
    for (int i = 0; i < 30; i++) {
      int value = i;
      account.ec2("i-" + i, at -> value);
    }
    account.store("AWS/EC2", "NetworkIn", Map.of("InstanceId", "i-7"), at -> 67_500_000);
    changeResults(
        results -> {
          Collections.reverse(results);
          results.forEach(result -> result.put("Label", "i-1"));
          return results;
        });

    Collected cpu = account.collect(MetricType.CPU_UTILIZATION, "max_instances", "30");
    Collected traffic = account.collect(MetricType.NETWORK_TRAFFIC, "max_instances", "30");

    cpu.values().forEach((id, value) -> assertThat(id).endsWith("#i-" + Math.round(value)));
    assertThat(traffic.values()).hasSize(30).containsEntry("network_traffic#i-7", 2.0);
    assertThat(traffic.values().values()).filteredOn(value -> value == 1.0).hasSize(29);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, 1e300, -1e300, Double.POSITIVE_INFINITY, -1})
  void aTimeThatCannotBeIsLeftOut(double time) throws Exception {
    account.ec2("i-1", at -> 1);
    changeResults(
        results -> {
          List<Object> times = new ArrayList<>((List<?>) results.get(0).get("Timestamps"));
          times.set(5, time);
          times.set(6, SampleMetrics.RUN.observedAt().plusSeconds(86_400));
          results.get(0).put("Timestamps", times);
          return results;
        });

    assertThat(account.collect(MetricType.CPU_UTILIZATION).observations).hasSize(POINTS - 2);
  }

  @Test
  void valuesOfOneSecondAreOne() throws Exception {
    account.ec2("i-1", at -> 1);
    changeResults(
        results -> {
          List<Object> times = new ArrayList<>((List<?>) results.get(0).get("Timestamps"));
          times.set(6, ((Instant) times.get(5)).plusMillis(300));
          results.get(0).put("Timestamps", times);
          return results;
        });

    assertThat(account.collect(MetricType.CPU_UTILIZATION).observations).hasSize(POINTS - 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ListMetrics", "GetMetricData"})
  void endsWithPagesThatNameEachOther(String operation) {
    account.ec2("i-1", at -> 1);
    int[] pages = new int[1];
    account.reading.answering(
        (call, answer) -> {
          if (!call.operation().equals(operation)) {
            return answer;
          }
          Map<String, Object> endless = new LinkedHashMap<>(answer);
          endless.put("NextToken", "0".repeat(pages[0]++ % 3 + 1));
          return endless;
        });

    assertThatThrownBy(() -> account.collect(MetricType.CPU_UTILIZATION))
        .isInstanceOf(RetryableFailureException.class)
        .hasMessage(
            "cloudwatch:%s answered the same page token twice, so the rest is missing"
                .formatted(operation));
    assertThat(pages[0]).isEqualTo(4);
  }
}
