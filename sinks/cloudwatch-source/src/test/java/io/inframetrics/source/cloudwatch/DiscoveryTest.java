package io.inframetrics.source.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.inframetrics.metric.MetricType;
import io.inframetrics.source.cloudwatch.Account.Collected;
import io.inframetrics.testkit.aws.cloudwatch.StoredMetric;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which instances are watched, and by which of the dimension sets that are there. */
@Timeout(60)
class DiscoveryTest {

  private final Account account = new Account();

  @AfterEach
  void stop() {
    account.close();
  }

  private static Map<String, String> with(Map<String, String> dimensions, String... more) {
    Map<String, String> all = new TreeMap<>(dimensions);
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  @Test
  void takesOneSetOfDimensionsForEachSeriesHoweverTheAgentWrites() throws Exception {
    Map<String, String> defaults =
        Map.of("InstanceId", "i-1", "ImageId", "ami-1", "InstanceType", "t3.micro");
    account.ec2("i-1", at -> 1);
    account.ec2("i-2", at -> 1);
    account.ec2("i-3", at -> 1);
    account.memory(defaults, 41);
    account.memory(with(defaults, "AutoScalingGroupName", "web"), 42);
    account.memory(Map.of("InstanceId", "i-1"), 40);
    account.memory(with(defaults, "InstanceId", "i-2"), 50);
    account.memory(with(defaults, "InstanceId", "i-2", "InstanceType", "t3.large"), 51);
    account.memory(Map.of("ImageId", "ami-1"), 99); // Of many instances together.
    account.memory(Map.of("host", "shop-1"), 60);

    Collected memory = account.collect(MetricType.MEMORY_USAGE);

    assertThat(memory.values())
        .containsEntry("memory_usage#i-1", 40.0)
        .containsKey("memory_usage#i-2")
        .containsEntry("memory_usage#shop-1", 60.0)
        .hasSize(3);
    assertThat(memory.notes)
        .containsExactly(
            "no agent: memory and disk unknown for 1 instance in eu-west-1 (i-3): install the CloudWatch agent");
  }

  @Test
  void readsEachFileSystemOnceAndTheMeanOnlyWhereNoneIsKnown() throws Exception {
    account.ec2("i-1", at -> 1);
    account.ec2("i-2", at -> 1);
    Map<String, String> root =
        Map.of("InstanceId", "i-1", "path", "/", "device", "xvda1", "fstype", "xfs");
    account.disk(root, 30);
    account.disk(with(root, "ImageId", "ami-1", "InstanceType", "t3.micro"), 31);
    account.disk(with(root, "path", "/data", "device", "xvdb"), 70);
    account.disk(with(root, "path", "/run", "device", "tmpfs", "fstype", "tmpfs"), 1);
    account.disk(Map.of("InstanceId", "i-1"), 50);
    account.disk(Map.of("InstanceId", "i-2"), 55);

    Collected disk = account.collect(MetricType.DISK_USAGE);

    assertThat(disk.values())
        .containsEntry("disk_usage#i-1#device=/", 30.0)
        .containsEntry("disk_usage#i-1#device=/data", 70.0)
        .containsEntry("disk_usage#i-2", 55.0)
        .hasSize(3);
    assertThat(disk.notes).isEmpty();
  }

  @Test
  void watchesTheSameInstancesForEveryTypeAndNamesThoseLeftOut() throws Exception {
    for (int i = 10; i < 60; i++) {
      account.ec2("i-" + i, at -> 1);
      account.memory(Map.of("InstanceId", "i-" + i), 40);
    }

    Collected cpu = account.collect(MetricType.CPU_UTILIZATION, "max_instances", "3");
    Collected memory = account.collect(MetricType.MEMORY_USAGE, "max_instances", "3");

    assertThat(cpu.counts())
        .containsOnlyKeys("cpu_utilization#i-10", "cpu_utilization#i-11", "cpu_utilization#i-12");
    assertThat(memory.counts())
        .containsOnlyKeys("memory_usage#i-10", "memory_usage#i-11", "memory_usage#i-12");
    assertThat(cpu.notes)
        .containsExactly(
            "3 of 50 instances in eu-west-1 are watched, not i-13, i-14, i-15, ...: raise MaxInstances (max_instances of the source cloudwatch)");
    assertThat(account.collect(MetricType.CPU_UTILIZATION).counts()).hasSize(25);
  }

  @Test
  void readsOnlyInstancesThatHaveTheTags() throws Exception {
    for (int i = 0; i < 250; i++) {
      String id = "i-%03d".formatted(i);
      account.ec2(id, at -> 1);
      account.server.tag(
          "arn:aws:ec2:eu-west-1:111111111111:instance/" + id,
          Map.of("Environment", i < 210 ? "production" : "test", "Team", "web"));
    }
    account.server.tag("arn:aws:s3:::i-240", Map.of("Environment", "production"));

    Collected tagged =
        account.collect(
            MetricType.CPU_UTILIZATION,
            "tags",
            "Environment=production,Team=web",
            "max_instances",
            "1000");
    Collected none = account.collect(MetricType.CPU_UTILIZATION, "tags", "Team=data");

    assertThat(tagged.counts()).hasSize(210);
    assertThat(none.counts()).isEmpty();
    assertThat(none.notes)
        .containsExactly(
            "no EC2 instance in eu-west-1 has the tags {Team=data}: correct the tags of the source cloudwatch");
  }

  @Test
  void saysWhatToSetIfThereIsNothing() throws Exception {
    Collected nothing = account.collect(MetricType.CPU_UTILIZATION);

    assertThat(nothing.observations).isEmpty();
    assertThat(nothing.notes)
        .containsExactly(
            "CloudWatch has no EC2 instance in eu-west-1: set the regions, roles or linked_accounts of the source cloudwatch, or use another Source");
  }

  @Test
  void asksForInstancesThatStoppedOnlyIfTheWindowIsLongerThanThreeHours() throws Exception {
    account.ec2("i-2", at -> 1);
    account.reading.store(
        StoredMetric.of("AWS/EC2", "CPUUtilization", Map.of("InstanceId", "i-1"), at -> 1)
            .inactive());
    assertThat(account.collect(MetricType.CPU_UTILIZATION).counts())
        .containsOnlyKeys("cpu_utilization#i-2");

    account.clock.advance(java.time.Duration.ofHours(2)); // Now the window lies further back.
    assertThat(account.collect(MetricType.CPU_UTILIZATION).counts())
        .containsOnlyKeys("cpu_utilization#i-1", "cpu_utilization#i-2");
    assertThat(account.collect(MetricType.CPU_UTILIZATION, "max_instances", "1").counts())
        .containsOnlyKeys("cpu_utilization#i-2");
  }

  @Test
  void readsAnyNamespaceByExactlyTheNamedDimensions() throws Exception {
    MetricType depth = new MetricType("queue_depth");
    account.store(
        "AWS/SQS", "ApproximateNumberOfMessagesVisible", Map.of("QueueName", "orders"), at -> 7);
    account.store(
        "AWS/ApplicationELB",
        "RequestCount",
        Map.of("LoadBalancer", "app/web/1", "AvailabilityZone", "eu-west-1a"),
        at -> 10);
    account.store(
        "AWS/ApplicationELB", "RequestCount", Map.of("LoadBalancer", "app/web/1"), at -> 20);
    account.store(
        "AWS/RDS", "FreeStorageSpace", Map.of("DBInstanceIdentifier", "shop"), at -> 4_000);
    account.store("AWS/RDS", "FreeStorageSpace", Map.of("EngineName", "postgres"), at -> 9_000);
    account.store("AWS/Lambda", "Duration", Map.of("FunctionName", "resize"), at -> 250);
    account.store(
        "AWS/Lambda", "Duration", Map.of("FunctionName", "resize", "Resource", "resize"), at -> 1);
    String metrics =
        "free_storage=AWS/RDS|FreeStorageSpace|Minimum|Bytes|DBInstanceIdentifier;"
            + "duration=AWS/Lambda|Duration|p99|Milliseconds|FunctionName;"
            + "queue_depth=AWS/SQS|ApproximateNumberOfMessagesVisible|Maximum|Count|QueueName;"
            + "requests=AWS/ApplicationELB|RequestCount|Sum|Count|LoadBalancer+AvailabilityZone";

    assertThat(account.collect(new MetricType("free_storage"), "metrics", metrics).values())
        .containsExactly(Map.entry("free_storage#shop", 4_000.0));
    assertThat(account.collect(new MetricType("duration"), "metrics", metrics).values())
        .containsExactly(Map.entry("duration#resize", 250.0));
    assertThat(account.collect(depth, "metrics", metrics).values())
        .containsExactly(Map.entry("queue_depth#orders", 7.0));
    assertThat(account.collect(new MetricType("requests"), "metrics", metrics).values())
        .containsExactly(Map.entry("requests#app/web/1#AvailabilityZone=eu-west-1a", 10.0));
  }

  @Test
  void shardsPartTheInstances() throws Exception {
    for (int i = 0; i < 40; i++) {
      account.ec2("i-" + i, at -> 1);
    }
    Map<String, Integer> all = new TreeMap<>();
    for (int shard = 1; shard <= 3; shard++) {
      Map<String, Integer> part =
          account.collect(MetricType.CPU_UTILIZATION, "shard", shard + "/3").counts();
      assertThat(part).isNotEmpty();
      assertThat(all.keySet()).doesNotContainAnyElementsOf(part.keySet());
      all.putAll(part);
    }
    assertThat(all).hasSize(40);
  }
}
