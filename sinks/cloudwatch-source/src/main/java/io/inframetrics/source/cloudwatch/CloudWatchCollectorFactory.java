package io.inframetrics.source.cloudwatch;

import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricCollectorFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The source {@code cloudwatch}. Region, credentials and endpoints come from the variables that
 * {@link io.inframetrics.aws.AwsClients#fromEnvironment} reads. Its settings, all optional ({@code
 * INFRAMETRICS_COLLECTOR_CLOUDWATCH_*} in the environment):
 *
 * <ul>
 *   <li>{@code regions}: separated by commas; default the environment's. If there are several, each
 *       series has the dimension {@code region}
 *   <li>{@code linked_accounts}: {@code true} in a monitoring account, to read every account that
 *       is linked to it; each series then has the dimension {@code account}. Default {@code false}
 *   <li>{@code roles}: ARNs of roles to assume in other accounts, separated by commas, and {@code
 *       own} for the account itself; if there are several, each series has the dimension {@code
 *       account}. Default {@code own}
 *   <li>{@code max_instances}: the most instances read in each account and region, 1 to 100,000;
 *       default 25. Those left out are noted
 *   <li>{@code tags}: read only EC2 instances that have every tag, such as {@code
 *       Environment=production,Team=web}
 *   <li>{@code period}: between two values, PT1M or a multiple of PT5M up to PT24H; default PT5M
 *   <li>{@code agent_namespace}: where the CloudWatch agent writes; default {@code CWAgent}
 *   <li>{@code metrics}: further types, separated by semicolons: {@code
 *       type=Namespace|Metric|Statistic|Unit|Dimension+Dimension}, the first dimension being the
 *       instance
 *   <li>{@code shard}: one part of the instances, such as {@code 1/4}, where several stacks share
 *       them; default all
 * </ul>
 */
public final class CloudWatchCollectorFactory implements MetricCollectorFactory {

  static final String NAME = "cloudwatch";

  private final @Nullable Map<String, String> environment;

  /** Reads the environment of the process. */
  public CloudWatchCollectorFactory() {
    this.environment = null;
  }

  /** Reads another environment. */
  public CloudWatchCollectorFactory(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<MetricCollector> create(CollectorSettings collectorSettings) {
    SourceSettings settings = SourceSettings.of(collectorSettings);
    Map<String, String> variables = environment == null ? System.getenv() : environment;
    List<Place> places = places(settings, variables, collectorSettings);
    List<MetricCollector> collectors = new ArrayList<>();
    for (WatchedType type : settings.types()) {
      for (Place place : places) {
        collectors.add(
            new CloudWatchCollector(
                type, place, places.size() == 1, settings, collectorSettings.clock()));
      }
    }
    return collectors;
  }

  private static List<Place> places(
      SourceSettings settings, Map<String, String> variables, CollectorSettings collectorSettings) {
    List<String> regions = settings.regions().isEmpty() ? List.of("") : settings.regions();
    List<String> roles =
        settings.roles().isEmpty() ? List.of(SourceSettings.OWN) : settings.roles();
    List<Place> places = new ArrayList<>();
    for (String role : roles) {
      for (String region : regions) {
        places.add(
            new Place(
                variables,
                region.isEmpty() ? null : region,
                role.equals(SourceSettings.OWN) ? null : role,
                regions.size() > 1,
                roles.size() > 1,
                collectorSettings.clock()));
      }
    }
    return places;
  }
}
