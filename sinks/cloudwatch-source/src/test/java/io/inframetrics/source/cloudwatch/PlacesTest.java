package io.inframetrics.source.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.collect.CollectionRequest;
import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.metric.MetricType;
import io.inframetrics.source.cloudwatch.Account.Collected;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.aws.cloudwatch.MetricReading;
import io.inframetrics.testkit.aws.cloudwatch.MetricsError;
import io.inframetrics.testkit.aws.cloudwatch.StoredMetric;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Several accounts and regions: each by name, each alone. */
@Timeout(60)
class PlacesTest {

  private static final String OTHER = "222222222222";
  private static final String ROLE = "arn:aws:iam::222222222222:role/InfraMetricsReader";
  private static final List<String> REGIONS = List.of("eu-west-1", "us-east-1", "ap-south-1");

  private final Account account = new Account();

  @AfterEach
  void stop() {
    account.close();
  }

  private void sameIdEverywhere() {
    for (String owner : List.of(MetricReading.ACCOUNT, OTHER)) {
      for (String region : REGIONS) {
        account.reading.store(
            StoredMetric.of("AWS/EC2", "CPUUtilization", Map.of("InstanceId", "i-1"), at -> 5)
                .in(owner, region));
      }
    }
  }

  @Test
  void readsTwoAccountsAndThreeRegionsAndEachFailsAlone() {
    sameIdEverywhere();
    account.reading.fail("us-east-1", new MetricsError(403, "AccessDenied", "not allowed"));
    List<MetricCollector> collectors =
        account.collectors(
            MetricType.CPU_UTILIZATION,
            "regions",
            String.join(",", REGIONS),
            "roles",
            "own," + ROLE);
    Map<String, String> outcome = new TreeMap<>();
    Collected collected = new Collected();
    for (MetricCollector collector : collectors) {
      try {
        collector.collect(Account.request(), collected);
        outcome.put(collector.name(), "ok");
      } catch (Exception e) {
        outcome.put(collector.name(), e.getMessage().substring(0, 50));
      }
    }

    String denied = "cloudwatch:ListMetrics was rejected: AccessDenied ";
    assertThat(outcome)
        .containsExactly(
            Map.entry("cloudwatch 222222222222 ap-south-1", "ok"),
            Map.entry("cloudwatch 222222222222 eu-west-1", "ok"),
            Map.entry("cloudwatch 222222222222 us-east-1", denied),
            Map.entry("cloudwatch own ap-south-1", "ok"),
            Map.entry("cloudwatch own eu-west-1", "ok"),
            Map.entry("cloudwatch own us-east-1", denied));
    assertThat(collected.counts())
        .containsOnlyKeys(
            "cpu_utilization#i-1#account=111111111111,region=ap-south-1",
            "cpu_utilization#i-1#account=111111111111,region=eu-west-1",
            "cpu_utilization#i-1#account=222222222222,region=ap-south-1",
            "cpu_utilization#i-1#account=222222222222,region=eu-west-1");
  }

  /** What half of the places do, and what is said of each. */
  private enum Trouble {
    DENIED("AccessDenied (403)"),
    THROTTLED("cloudwatch:ListMetrics"),
    SLOW("cloudwatch:"),
    LYING("1 of 1 metrics in");

    private final String said;

    Trouble(String said) {
      this.said = said;
    }
  }

  @ParameterizedTest
  @EnumSource(Trouble.class)
  void halfOfThePlacesAreInTroubleAndTheOthersAreRead(Trouble trouble) {
    sameIdEverywhere();
    Set<String> bad = Set.of("own us-east-1", "222222222222 eu-west-1", "222222222222 ap-south-1");
    account.reading.answering(
        (call, answer) -> {
          String owner = call.account().equals(OTHER) ? OTHER : SourceSettings.OWN;
          return bad.contains(owner + " " + call.region())
              ? troubled(trouble, call, answer)
              : answer;
        });
    Collected collected = new Collected();
    Map<String, String> failed = new TreeMap<>();
    for (MetricCollector collector :
        account.collectors(
            MetricType.CPU_UTILIZATION,
            "regions",
            String.join(",", REGIONS),
            "roles",
            "own," + ROLE)) {
      String place = collector.name().replace("cloudwatch ", "");
      boolean waits = trouble == Trouble.THROTTLED || trouble == Trouble.SLOW;
      Duration time = Duration.ofMillis(waits && bad.contains(place) ? 400 : 20_000);
      try {
        collector.collect(
            new CollectionRequest(
                SampleMetrics.RUN, SampleMetrics.WINDOW_START, Deadlines.inRealTime(time)),
            collected);
      } catch (Exception e) {
        failed.put(place, String.valueOf(e.getMessage()));
      }
    }

    assertThat(failed).containsOnlyKeys(bad);
    assertThat(failed.values()).allMatch(reason -> reason.contains(trouble.said));
    assertThat(collected.counts())
        .containsOnlyKeys(
            "cpu_utilization#i-1#account=111111111111,region=ap-south-1",
            "cpu_utilization#i-1#account=111111111111,region=eu-west-1",
            "cpu_utilization#i-1#account=222222222222,region=us-east-1");
  }

  private static Map<String, Object> troubled(
      Trouble trouble, MetricReading.Call call, Map<String, Object> answer) {
    switch (trouble) {
      case DENIED -> throw new MetricsError(403, "AccessDenied", "not allowed");
      case THROTTLED -> throw new MetricsError(400, "ThrottlingException", "Rate exceeded");
      case SLOW -> {
        try {
          Thread.sleep(1_000);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return answer;
      }
      default -> {
        if (call.operation().equals("ListMetrics")) {
          return answer;
        }
        Map<String, Object> other = new LinkedHashMap<>();
        other.put("Id", "q7");
        other.put("Label", "the same");
        other.put("Timestamps", List.of(Instant.EPOCH));
        other.put("Values", List.of(Double.NaN));
        other.put("StatusCode", "Complete");
        return Map.of("MetricDataResults", List.of(other, other));
      }
    }
  }

  @Test
  void saysWhichRoleMayNotBeAssumed() {
    sameIdEverywhere();
    account.server.denyRole(ROLE);

    MetricCollector collector = account.collector(MetricType.CPU_UTILIZATION, "roles", ROLE);

    assertThat(collector.name()).isEqualTo("cloudwatch");
    assertThatThrownBy(() -> Account.collect(collector))
        .hasMessageContaining("not authorized to perform sts:AssumeRole on " + ROLE);
  }

  @Test
  void aMonitoringAccountReadsThoseThatAreLinkedToIt() throws Exception {
    sameIdEverywhere();

    Collected collected = account.collect(MetricType.CPU_UTILIZATION, "linked_accounts", "true");

    assertThat(collected.counts())
        .containsOnlyKeys(
            "cpu_utilization#i-1#account=111111111111", "cpu_utilization#i-1#account=222222222222");
    assertThat(account.reading.calls("GetMetricData")).isEqualTo(1);
  }

  @Test
  void metricsWithoutTheirAccountsAreNotTakenForOnesOwn() {
    sameIdEverywhere();
    account.reading.answering(
        (call, answer) -> {
          Map<String, Object> fewer = new LinkedHashMap<>(answer);
          fewer.computeIfPresent("OwningAccounts", (name, owners) -> List.of(OTHER));
          return fewer;
        });

    assertThatThrownBy(() -> account.collect(MetricType.CPU_UTILIZATION, "linked_accounts", "true"))
        .hasMessage("cloudwatch:ListMetrics answered 1 owning accounts for 2 metrics");
  }

  @ParameterizedTest
  @CsvSource({"PT1M,true", "PT5M,true", "PT24H,true", "PT2M,false", "PT7M,false", "PT25H,false"})
  void bytesOfBasicMonitoringFillEveryPeriod(String period, boolean valid) {
    Map<String, String> settings = Map.of("period", period);
    CollectorSettings given = new CollectorSettings("cloudwatch", settings, account.clock);
    ThrowingCallable create =
        () -> new CloudWatchCollectorFactory(account.server.environment()).create(given);

    if (valid) {
      assertThatCode(create).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(create)
          .hasMessageContaining(
              "the period of the source cloudwatch is %s: use PT1M or a multiple of PT5M up to PT24H"
                  .formatted(Duration.parse(period)));
    }
  }

  @ParameterizedTest
  @CsvSource({"tags,Team=web", "roles,own"})
  void linkedAccountsGoWithNeitherTagsNorRoles(String setting, String value) {
    CollectorSettings given =
        new CollectorSettings(
            "cloudwatch", Map.of("linked_accounts", "true", setting, value), account.clock);

    assertThatThrownBy(
            () -> new CloudWatchCollectorFactory(account.server.environment()).create(given))
        .hasMessageContaining(
            "the source cloudwatch has both %s and linked_accounts".formatted(setting));
  }

  @Test
  void oneRegionNeedsNoDimension() throws Exception {
    sameIdEverywhere();

    Collected collected = account.collect(MetricType.CPU_UTILIZATION, "regions", "us-east-1");

    assertThat(collected.counts()).containsOnlyKeys("cpu_utilization#i-1");
    assertThat(collected.observations.get(0).region()).isEqualTo("us-east-1");
  }

  @Test
  void everyMistakeIsReportedAtOnce() {
    assertThatThrownBy(
            () ->
                new CloudWatchCollectorFactory(account.server.environment())
                    .create(
                        new CollectorSettings(
                            "cloudwatch",
                            Map.of(
                                "regions", "Ireland",
                                "roles", "admin",
                                "linked_accounts", "yes",
                                "max_instances", "0",
                                "tags", "production",
                                "period", "PT90S",
                                "shard", "4/3",
                                "metrics", "depth=AWS/SQS|X|Mean|Count|QueueName",
                                "instances", "5"),
                            account.clock)))
        .hasMessageContainingAll(
            "REGIONS is 'Ireland': use regions separated by commas",
            "ROLES is 'admin': use ARNs of roles",
            "LINKED_ACCOUNTS is 'yes': use true or false",
            "MAX_INSTANCES is '0': use a whole number from 1 to 100000",
            "TAGS is 'production': use tags such as",
            "the period of the source cloudwatch is PT1M30S",
            "SHARD is '4/3': use a part of a whole such as 1/4",
            "METRICS is 'depth=AWS/SQS|X|Mean|Count|QueueName': use a list",
            "has no setting INFRAMETRICS_COLLECTOR_CLOUDWATCH_INSTANCES");
  }
}
