package io.inframetrics.collect.host;

import io.inframetrics.collect.CollectorSettings;
import io.inframetrics.collect.MetricCollector;
import io.inframetrics.collect.MetricCollectorFactory;
import io.inframetrics.collect.SettingsReader;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The source {@code host}: this machine. Needs OSHI on the class path. Its settings, all optional
 * ({@code INFRAMETRICS_COLLECTOR_HOST_*} in the environment):
 *
 * <ul>
 *   <li>{@code instance_id}: default the host name, or a hash of the machine id if it has none
 *   <li>{@code region}: default {@value HostSampler#DEFAULT_REGION}
 *   <li>{@code sample_every}: time between readings, at least PT1S; without it, the machine is only
 *       read when a run asks. Sampling begins with the first run, in a daemon thread that lives as
 *       long as the process; use a {@link HostSampler} directly to end it earlier
 *   <li>{@code readings}: how many are kept, 1 to 1,000,000; default 4096
 * </ul>
 */
public final class HostCollectorFactory implements MetricCollectorFactory {

  static final String NAME = "host";

  private static final int MAX_READINGS = 1_000_000;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<MetricCollector> create(CollectorSettings settings) {
    return sampler(settings).collectors();
  }

  /**
   * The sampler that {@code settings} describe, which has not read anything yet. Close it.
   *
   * @throws IllegalArgumentException with every mistake at once
   * @hidden
   */
  public static HostSampler sampler(CollectorSettings settings) {
    SettingsReader reader = new SettingsReader(settings);
    HostSampler.Builder builder =
        HostSampler.builder(settings.clock())
            .region(reader.text("region", HostSampler.DEFAULT_REGION))
            .readings(
                (int) reader.number("readings", HostSampler.DEFAULT_READINGS, 1, MAX_READINGS));
    String instanceId = reader.text("instance_id", "");
    if (!instanceId.isEmpty()) {
      builder.instanceId(instanceId);
    }
    Duration every = reader.duration("sample_every", Duration.ZERO);
    try {
      if (!every.isZero()) {
        builder.sampleFromFirstUse(every);
      }
    } catch (IllegalArgumentException e) {
      reader.mistake(String.valueOf(e.getMessage()));
    }
    HostSampler sampler = null;
    try {
      sampler = builder.build();
    } catch (IllegalArgumentException | IllegalStateException e) {
      reader.mistake(String.valueOf(e.getMessage()));
    }
    reader.finish();
    return Objects.requireNonNull(sampler); // Without one there was a mistake.
  }
}
