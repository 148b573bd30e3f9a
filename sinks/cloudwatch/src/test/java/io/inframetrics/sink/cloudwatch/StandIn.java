package io.inframetrics.sink.cloudwatch;

import io.inframetrics.aws.AwsCalls;
import io.inframetrics.aws.AwsClients;
import io.inframetrics.aws.CallSettings;
import io.inframetrics.metric.Metric;
import io.inframetrics.sink.MetricPublisher;
import io.inframetrics.sink.MetricPublisher.Batches;
import io.inframetrics.sink.MetricRecordSink.Batch;
import io.inframetrics.sink.WriteResult;
import io.inframetrics.testkit.Deadlines;
import io.inframetrics.testkit.ManualClock;
import io.inframetrics.testkit.SampleMetrics;
import io.inframetrics.testkit.aws.PutMetricData;
import io.inframetrics.testkit.aws.PutMetricData.Datum;
import io.inframetrics.testkit.aws.RecordingServer;
import java.util.List;
import java.util.Random;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/** A publisher that speaks through the SDK to a server that records. */
final class StandIn implements AutoCloseable {

  static final CloudWatchSettings SETTINGS = CloudWatchSettings.of("Test");

  final ManualClock clock = ManualClock.at(SampleMetrics.RUN.observedAt());
  final RecordingServer server = RecordingServer.start(clock);
  final AwsCalls calls = new AwsCalls(CallSettings.DEFAULTS, new Random(1), clock::advance);
  private final AwsClients clients = AwsClients.fromEnvironment(server.environment());
  final CloudWatchClient client = clients.build("cloudwatch", CloudWatchClient.builder());

  MetricPublisher publisher(CloudWatchSettings settings) {
    return new CloudWatchMetricPublisher(client, settings, calls, clock);
  }

  WriteResult publish(CloudWatchSettings settings, List<Metric> metrics) {
    return publisher(settings).publish(batches(metrics), Deadlines.never());
  }

  WriteResult publish(CloudWatchSettings settings, Metric... metrics) {
    return publish(settings, List.of(metrics));
  }

  static Batches batches(List<Metric> metrics) {
    return consumer ->
        SampleMetrics.batches(metrics).stream().map(Batch::metrics).forEach(consumer);
  }

  /** What arrived, of all requests. */
  List<Datum> data() {
    return server.putMetricData().stream().map(PutMetricData::data).flatMap(List::stream).toList();
  }

  @Override
  public void close() {
    client.close();
    clients.close();
    server.close();
  }
}
