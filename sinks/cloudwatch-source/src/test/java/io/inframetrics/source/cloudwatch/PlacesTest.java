package io.inframetrics.source.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.metric.MetricType;
import io.inframetrics.source.cloudwatch.Account.Collected;
import io.inframetrics.testkit.aws.cloudwatch.MetricReading;
import io.inframetrics.testkit.aws.cloudwatch.MetricsError;
import io.inframetrics.testkit.aws.cloudwatch.StoredMetric;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
