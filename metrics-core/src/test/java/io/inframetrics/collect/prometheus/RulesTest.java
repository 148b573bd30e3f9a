package io.inframetrics.collect.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.inframetrics.collect.MetricConsumer;
import io.inframetrics.collect.Observation;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What rules make of scraped samples, those for the node exporter and those of a setting. */
class RulesTest {

  private static final long MINUTE = 60_000;

  private final List<RawSeries> series = new ArrayList<>();
  private final List<Observation> pushed = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  @Test
  void cpuIsBusyUnlessIdleOrWaiting() {
    add("node_cpu_seconds_total", "cpu=0,mode=idle", 100, 130);
    add("node_cpu_seconds_total", "cpu=0,mode=iowait", 5, 11);
    add("node_cpu_seconds_total", "cpu=0,mode=user", 50, 70);
    add("node_cpu_seconds_total", "cpu=0,mode=steal", 1, 5);
    add("node_cpu_seconds_total", "cpu=1,mode=idle", 100, 160);
    // Guests' time is inside "user" already.
    add("node_cpu_guest_seconds_total", "cpu=0,mode=user", 0, 20);

    evaluate(MetricType.CPU_UTILIZATION);

    assertThat(pushed).hasSize(1);
    assertThat(pushed.get(0).value()).isCloseTo(100 * 24 / 120.0, within(1e-9));
    assertThat(pushed.get(0).series().id()).isEqualTo("cpu_utilization#web-1");
    assertThat(pushed.get(0).timestamp().toEpochMilli()).isEqualTo(MINUTE);
  }

  @Test
  void memoryIsWhatDroppingCachesWouldNotFree() {
    add("node_memory_MemTotal_bytes", "", 2e9, 2e9);
    add("node_memory_MemAvailable_bytes", "", 1.5e9, 0.5e9);
    add("node_memory_MemFree_bytes", "", 1, 1);

    evaluate(MetricType.MEMORY_USAGE);

    assertThat(pushed).extracting(Observation::value).containsExactly(25.0, 75.0);
  }

  @Test
  void diskIsAsInDfWhateverIsReserved() {
    String root = "device=/dev/vda,fstype=ext4,mountpoint=/";
    add("node_filesystem_size_bytes", root, 2.70553174016e11);
    add("node_filesystem_free_bytes", root, 2.41557344256e11);
    add("node_filesystem_avail_bytes", root, 7.9948464128e10);
    disk("device=tmpfs,fstype=tmpfs,mountpoint=/srv/full", 100, 0, 0);
    disk("device=/dev/loop0,fstype=squashfs,mountpoint=/snap/x", 100, 0, 0);

    evaluate(MetricType.DISK_USAGE);

    // 60 % of this file system is reserved: by total and free alone it would be 10.7 %.
    assertThat(pushed)
        .extracting(o -> o.series().id())
        .containsExactly("disk_usage#web-1#device=/");
    assertThat(pushed.get(0).value()).isCloseTo(26.62, within(0.01));
  }

  @Test
  void whatIsMountedTwiceIsReportedOnceByItsShortestName() {
    disk("device=/dev/vda,fstype=xfs,mountpoint=/etc/hosts", 100, 50, 50);
    disk("device=/dev/vda,fstype=xfs,mountpoint=/", 100, 50, 50);
    disk("device=/dev/vda,fstype=xfs,mountpoint=/var", 100, 50, 50);
    disk("device=/dev/vdb,fstype=xfs,mountpoint=/srv/data", 100, 20, 20);

    evaluate(MetricType.DISK_USAGE);

    assertThat(pushed)
        .extracting(o -> o.series().dimensions().get("device"))
        .containsExactlyInAnyOrder("/", "/srv/data");
  }

  @Test
  void networkIsBothDirectionsOfCardsInMegabits() {
    for (String device : List.of("eth0", "lo", "ifb0", "docker0", "veth12", "bond0", "eth0.7")) {
      add("node_network_receive_bytes_total", "device=" + device, 0, 60e6);
      add("node_network_transmit_bytes_total", "device=" + device, 0, 15e6);
    }

    evaluate(MetricType.NETWORK_TRAFFIC);

    assertThat(pushed).extracting(Observation::value).containsExactly(10.0);
    assertThat(pushed.get(0).series().id()).isEqualTo("network_traffic#web-1#interface=eth0");
    assertThat(pushed.get(0).unit()).isEqualTo(MetricUnit.MEGABITS_PER_SECOND);
  }

  @Test
  void anUnknownSpeedIsNotAValue() {
    add(NodeExporter.SPEED, "device=eth0", -125000);
    add(NodeExporter.SPEED, "device=eth1", 125e6);

    evaluate("speed Bytes/Second = node_network_speed_bytes by device");

    assertThat(pushed).extracting(Observation::value).containsExactly(125e6);
  }

  @Test
  void aResetCounterHasNoRateForThatStepOnly() {
    add("jobs_done_total", "queue=a", 60, 120, 6, 66);

    evaluate("jobs Count/Second = rate jobs_done_total by queue");

    assertThat(pushed).extracting(Observation::value).containsExactly(1.0, 1.0);
    assertThat(pushed)
        .extracting(o -> o.timestamp().toEpochMilli())
        .containsExactly(MINUTE, 3 * MINUTE);
  }

  @Test
  void aSumWithAResetPartHasNoValueForThatStep() {
    add("jobs_done_total", "queue=a", 60, 120, 180);
    add("jobs_done_total", "queue=b", 600, 0, 60);

    evaluate("jobs Count/Second = rate jobs_done_total by none");

    assertThat(pushed).extracting(Observation::value).containsExactly(2.0);
  }

  @Test
  void aGapLongerThanAllowedHasNoRate() {
    RawSeries gap = new RawSeries(new RawSeries.Key("jobs_done_total", Map.of()), 0);
    gap.add(0, 0);
    gap.add(5 * MINUTE, 300);
    gap.add(10 * MINUTE + 1, 600);
    gap.add(11 * MINUTE + 1, 660);
    series.add(gap);

    evaluate("jobs Count/Second = rate jobs_done_total");

    assertThat(pushed)
        .extracting(o -> o.timestamp().toEpochMilli())
        .containsExactly(5 * MINUTE, 11 * MINUTE + 1);
  }

  @Test
  void notANumberIsNoValueAndInfinityIsOne() {
    add("job_age_seconds", "", Double.NaN, 5, Double.POSITIVE_INFINITY);

    evaluate("age Seconds = job_age_seconds");

    assertThat(pushed)
        .extracting(Observation::value)
        .containsExactly(5.0, Double.POSITIVE_INFINITY);
  }

  @Test
  void everyLabelIsADimensionUnlessTheRuleSaysWhich() {
    add("depth", "queue=a,vhost=/,job=mq,instance=x", 5);
    add("depth", "queue=b,vhost=/,job=mq,instance=x", 6);

    evaluate(
        "depth Count = depth; total Count = depth by none; part Count = depth{queue=~\"a|c\"} by queue");

    assertThat(pushed)
        .extracting(o -> o.series().id() + " " + o.value())
        .containsExactly(
            "depth#web-1#queue=a,vhost=/ 5.0",
            "depth#web-1#queue=b,vhost=/ 6.0",
            "total#web-1 11.0",
            "part#web-1#queue=a 5.0");
  }

  @Test
  void aQuotientOfRatesIsAMean() {
    add("request_duration_seconds_sum", "path=/", 0, 30);
    add("request_duration_seconds_count", "path=/", 0, 60);
    add("request_duration_seconds_sum", "path=/idle", 5, 5);
    add("request_duration_seconds_count", "path=/idle", 5, 5);

    evaluate(
        "latency Milliseconds = rate request_duration_seconds_sum / rate"
            + " request_duration_seconds_count * 1e3 by path");

    assertThat(pushed)
        .extracting(o -> o.series().id() + " " + o.value())
        .containsExactly("latency#web-1#path=/ 500.0");
  }

  @Test
  void aSeriesOfTwoJobsIsReportedOnceAndNamed() {
    add("node_memory_MemTotal_bytes", "job=a", 4);
    add("node_memory_MemAvailable_bytes", "job=a", 3);
    add("node_memory_MemTotal_bytes", "job=b", 4);
    add("node_memory_MemAvailable_bytes", "job=b", 1);

    evaluate(MetricType.MEMORY_USAGE);

    assertThat(pushed).extracting(Observation::value).containsExactly(25.0);
    assertThat(notes)
        .containsExactly(
            "web-1 is scraped by the jobs 'a' and 'b', and the first one counts: choose one with the setting selector");
  }

  @Test
  void aLabelThatNoDimensionMayHaveIsNoted() {
    add("depth", "queue=" + "q".repeat(300), 5);
    add("depth", "queue=b", 6);

    evaluate("depth Count = depth");

    assertThat(pushed).hasSize(1);
    assertThat(notes)
        .hasSize(1)
        .first()
        .asString()
        .startsWith("left out a series of web-1: value of dimension 'queue'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "Depth Count = x | 'Depth' is not a valid type",
        "depth Counts = x | one of the units Seconds, Microseconds,",
        "depth Count x | before 'x' there must be = after the unit",
        "depth Count = | at the end there must be the name of a metric",
        "depth Count = x{a} | before '}' there must be one of =, !=, =~ and !~",
        "depth Count = x{a=b} | before 'b}' there must be a value in double quotes",
        "depth Count = x{a=~\"(\"} | there must be a regular expression",
        "depth Count = x{a=\"b\" | at the end there must be a comma or }",
        "depth Count = x * y | before 'y' there must be a number",
        "depth Count = x * 1e999 | before '1e999' there must be a finite number",
        "depth Count = x by | there must be the name of a label",
        "depth Count = x y | before 'y' there must be the end of the rule",
      })
  void aWrongRuleIsNamedWithItsForm(String text, String sentence) {
    assertThatThrownBy(() -> RuleReader.readAll(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void matchersAreThoseOfPromql() {
    List<LabelMatcher> matchers =
        RuleReader.readMatchers("job=\"node\", zone!=\"\", host=~\"web.*\",env!~\"te\\\\d|dev\"");

    assertThat(matchers.stream().map(LabelMatcher::promql))
        .containsExactly("job=\"node\"", "zone!=\"\"", "host=~\"web.*\"", "env!~\"te\\\\d|dev\"");
    assertThat(accept(matchers, "job=node,zone=a,host=web-1,env=prod")).isTrue();
    assertThat(accept(matchers, "job=node,zone=a,host=web-1")).isTrue();
    assertThat(accept(matchers, "job=node,zone=a,host=web-1,env=te5")).isFalse();
    assertThat(accept(matchers, "job=node,zone=a,host=a web")).isFalse();
    assertThat(accept(matchers, "job=node,host=web")).isFalse();
  }

  private static boolean accept(List<LabelMatcher> matchers, String labels) {
    RawSeries series = new RawSeries(new RawSeries.Key("x", labels(labels)), 0);
    return matchers.stream().allMatch(matcher -> matcher.accepts(series));
  }

  private void disk(String labels, double size, double free, double available) {
    add("node_filesystem_size_bytes", labels, size);
    add("node_filesystem_free_bytes", labels, free);
    add("node_filesystem_avail_bytes", labels, available);
  }

  /** A series with a value at each minute from 0 on. */
  private void add(String metric, String labels, double... values) {
    RawSeries added = new RawSeries(new RawSeries.Key(metric, labels(labels)), values.length);
    for (int i = 0; i < values.length; i++) {
      added.add(i * MINUTE, values[i]);
    }
    series.add(added);
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new LinkedHashMap<>();
    for (String label : text.split(",")) {
      if (!label.isEmpty()) {
        labels.put(label.substring(0, label.indexOf('=')), label.substring(label.indexOf('=') + 1));
      }
    }
    return labels;
  }

  private void evaluate(MetricType type) {
    evaluate(NodeExporter.rules().stream().filter(rule -> rule.type().equals(type)).toList());
  }

  private void evaluate(String rules) {
    evaluate(RuleReader.readAll(rules));
  }

  private void evaluate(List<Rule> rules) {
    RuleEvaluation evaluation =
        new RuleEvaluation(
            "local",
            5 * MINUTE,
            new MetricConsumer() {
              @Override
              public void accept(Observation observation) {
                pushed.add(observation);
              }

              @Override
              public void note(String sentence) {
                notes.add(sentence);
              }
            });
    for (Rule rule : rules) {
      evaluation.push(rule, series, any -> "web-1", Set.of("instance", "job"), -1, Long.MAX_VALUE);
    }
  }
}
