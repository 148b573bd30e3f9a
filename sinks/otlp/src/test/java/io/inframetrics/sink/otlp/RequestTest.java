package io.inframetrics.sink.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.inframetrics.metric.Metric;
import io.inframetrics.metric.MetricType;
import io.inframetrics.metric.MetricUnit;
import io.inframetrics.metric.Series;
import io.inframetrics.sink.otlp.StandIn.Received;
import io.inframetrics.testkit.SampleMetrics;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in a request, as the official classes read it. */
class RequestTest {

  private static final long NANOS = 1_771_500_463_000_000_000L;

  private final StandIn standIn = new StandIn();

  @AfterEach
  void close() {
    standIn.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void hasExactlyTheseFields(boolean json) {
    standIn.publish(
        standIn.settings().withJson(json).withResource(Map.of("service.name", "blue")),
        SampleMetrics.oneOfEachType());

    ExportMetricsServiceRequest expected =
        ExportMetricsServiceRequest.newBuilder()
            .addResourceMetrics(
                ResourceMetrics.newBuilder()
                    .setResource(
                        Resource.newBuilder().addAttributes(attribute("service.name", "blue")))
                    .addScopeMetrics(
                        ScopeMetrics.newBuilder()
                            .addMetrics(gauge("system.cpu.utilization", "1", 0.3766))
                            .addMetrics(gauge("system.memory.utilization", "1", 0.615))
                            .addMetrics(
                                gauge(
                                    "system.filesystem.utilization",
                                    "1",
                                    0.8225,
                                    attribute("system.device", "/")))
                            .addMetrics(
                                gauge(
                                    "network_traffic",
                                    "Mbit/s",
                                    12.125,
                                    attribute("network.interface.name", "eth0")))))
            .build();
    assertThat(standIn.received).hasSize(1);
    assertThat(standIn.received.get(0).decoded()).isEqualTo(expected);
  }

  @Test
  void isPostedToTheEndpointAndSaysWhatItIs() {
    standIn.publish(
        standIn.settings().withHeaders(Map.of("Authorization", "Bearer key")),
        List.of(SampleMetrics.EXAMPLE));
    standIn.publish(
        standIn.settings().withJson(true).withGzip(true), List.of(SampleMetrics.EXAMPLE));

    Received plain = standIn.received.get(0);
    assertThat(plain.method()).isEqualTo("POST");
    assertThat(plain.path()).isEqualTo("/v1/metrics");
    assertThat(plain.headers())
        .containsEntry("content-type", "application/x-protobuf")
        .containsEntry("authorization", "Bearer key")
        .containsEntry("content-length", Integer.toString(plain.body().length))
        .doesNotContainKey("content-encoding");
    Received compressed = standIn.received.get(1);
    assertThat(compressed.headers())
        .containsEntry("content-type", "application/json")
        .containsEntry("content-encoding", "gzip");
    assertThat(StandIn.points(compressed.decoded())).isEqualTo(StandIn.points(plain.decoded()));
  }

  @Test
  void keepsOurNamesIfWanted() {
    standIn.publish(standIn.settings().withNaming(MetricNaming.OWN), SampleMetrics.oneOfEachType());

    assertThat(standIn.points())
        .extracting(StandIn.Point::name, StandIn.Point::unit, StandIn.Point::value)
        .containsExactly(
            tuple("cpu_utilization", "%", 37.66),
            tuple("memory_usage", "%", 61.5),
            tuple("disk_usage", "%", 82.25),
            tuple("network_traffic", "Mbit/s", 12.125));
    assertThat(standIn.points().get(2).attributes())
        .isEqualTo(Map.of("instance_id", "i-0abc", "region", "eu-west-1", "device", "/"));
  }

  @Test
  void namesOnlyPercentagesAsRatios() {
    Series cpu = Series.of(MetricType.CPU_UTILIZATION, "i-0abc");
    Series queue = Series.of(new MetricType("queue_fill"), "i-0abc");
    standIn.publish(
        standIn.settings(),
        List.of(
            metric(cpu, 3, MetricUnit.COUNT),
            metric(queue, 50, MetricUnit.PERCENT),
            SampleMetrics.EXAMPLE));

    assertThat(standIn.points())
        .extracting(StandIn.Point::name, StandIn.Point::unit, StandIn.Point::value)
        .containsExactly(
            tuple("cpu_utilization", "{count}", 3.0),
            tuple("queue_fill", "%", 50.0),
            tuple("system.cpu.utilization", "1", 0.3766));
  }

  @ParameterizedTest
  @EnumSource(MetricUnit.class)
  void hasAUnitForEachUnit(MetricUnit unit) {
    standIn.publish(
        standIn.settings(), List.of(metric(Series.of(new MetricType("any"), "i"), 1, unit)));

    String name = standIn.points().get(0).unit();
    // Each is built from CloudWatch's name: a prefix, what is counted, and "a second".
    assertThat(name.endsWith("/s")).isEqualTo(unit.wireName().endsWith("/Second"));
    assertThat(name.isEmpty()).isEqualTo(unit == MetricUnit.NONE);
    assertThat(Arrays.stream(MetricUnit.values()).map(UnitNames::of)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keepsEveryValueAndNameBitByBit(boolean json) {
    double[] values = {0, -0.0, Double.MIN_VALUE, -Double.MAX_VALUE, 1e300, 0.1, 1.0 / 3, 1L << 53};
    List<Metric> metrics = new ArrayList<>(SampleMetrics.awkward());
    Series series = Series.of(new MetricType("any"), "i-values");
    for (double value : values) {
      metrics.add(metric(series, value, MetricUnit.NONE));
    }

    standIn.publish(standIn.settings().withJson(json).withNaming(MetricNaming.OWN), metrics);

    List<StandIn.Point> points = standIn.points();
    assertThat(points).hasSameSizeAs(metrics);
    for (int i = 0; i < points.size(); i++) {
      Metric metric = metrics.get(i);
      Map<String, String> labels = new TreeMap<>(metric.series().dimensions());
      labels.put("instance_id", metric.series().instanceId());
      labels.put("region", metric.region());
      assertThat(points.get(i).attributes()).isEqualTo(labels);
      assertThat(Double.doubleToRawLongBits(points.get(i).value()))
          .isEqualTo(Double.doubleToRawLongBits(metric.value()));
      assertThat(points.get(i).nanos()).isEqualTo(NANOS);
    }
  }

  private static Metric metric(Series series, double value, MetricUnit unit) {
    return new Metric(
        series, Instant.ofEpochSecond(0, NANOS), value, unit, "eu-west-1", SampleMetrics.RUN);
  }

  private static io.opentelemetry.proto.metrics.v1.Metric gauge(
      String name, String unit, double value, KeyValue... more) {
    return io.opentelemetry.proto.metrics.v1.Metric.newBuilder()
        .setName(name)
        .setUnit(unit)
        .setGauge(
            Gauge.newBuilder()
                .addDataPoints(
                    NumberDataPoint.newBuilder()
                        .addAttributes(attribute("cloud.region", "eu-west-1"))
                        .addAttributes(attribute("host.id", "i-0abc"))
                        .addAllAttributes(Arrays.asList(more))
                        .setTimeUnixNano(NANOS)
                        .setAsDouble(value)))
        .build();
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }
}
