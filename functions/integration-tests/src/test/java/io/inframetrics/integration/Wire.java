package io.inframetrics.integration;

import io.inframetrics.aws.AwsClients;
import io.inframetrics.testkit.aws.FaultPlan;
import io.inframetrics.testkit.aws.FaultProxy;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A proxy in front of each stand-in, and one plan of faults for all of them. */
final class Wire implements AutoCloseable {

  private final List<FaultProxy> proxies = new ArrayList<>();
  private final Map<String, String> environment = new HashMap<>(StandIns.environment());
  private final AwsClients clients;

  Wire(FaultPlan plan) {
    proxy("s3", StandIns.S3.endpoint(), plan);
    proxy("dynamodb", StandIns.DYNAMO_DB.endpoint(), plan);
    proxy("cloudwatch", StandIns.OTHERS.endpoint(), plan);
    this.clients = AwsClients.fromEnvironment(environment);
  }

  private void proxy(String service, URI server, FaultPlan plan) {
    FaultProxy proxy =
        FaultProxy.start(service, new InetSocketAddress(server.getHost(), server.getPort()), plan);
    proxies.add(proxy);
    environment.put(
        "AWS_ENDPOINT_URL_" + service.toUpperCase(java.util.Locale.ROOT), proxy.uri().toString());
  }

  /** Clients whose requests go through the proxies. */
  AwsClients clients() {
    return clients;
  }

  /** What leads a client through the proxies. */
  Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  @Override
  public void close() {
    clients.close();
    proxies.forEach(FaultProxy::close);
  }
}
